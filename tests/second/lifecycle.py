"""Lifecycle coverage a second time: stages, and the money that reached companies, from the raw rows and rulebook ST-01."""

from __future__ import annotations

import calendar
import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from second.holdings import edges, holdings
from second.returns import government
from second.rows import Book, Row

WAN = 1_000_000
"""Fen in ten thousand yuan."""
ORDER = ("seed", "startup", "growth", "mature")
FIGURES = (
    "staff",
    "rd_staff",
    "degree_staff",
    "technical_graduates",
    "revenue",
    "costs",
    "rd_expense",
    "net_profit",
    "total_assets",
    "net_assets",
)
FUNDS = {
    "angel": "angel_fund",
    "seed": "angel_fund",
    "vc": "vc_fund",
    "conversion": "vc_fund",
    "growth": "vc_fund",
    "industrial": "industrial_fund",
    "merger": "industrial_fund",
    "direct": "direct",
}
STAFF_IN, STAFF_OUT, DRAWN, REPAID, SUBSIDY, VOUCHER, INVESTED = 80, 81, 91, 92, 98, 99, 60
SHARES = {
    "share_pool": "pool",
    "share_lender": "lender",
    "share_guarantor": "guarantor",
    "share_insurer": "insurer",
    "share_reguarantor": "reguarantor",
    "share_national_fund": "national_fund",
    "share_local_government": "local_government",
    "share_investor_arm": "investor_arm",
}
Told = bool | None
"""A test that may be unknown."""


@dataclass
class Money:
    """Money of one company by one instrument and payer, in fen; government: part, None where it is not known."""

    company: str
    instrument: str
    payer: str
    currency: str
    deployed: int = 0
    at_risk: int = 0
    government: float | None = None


@dataclass
class Firm:
    """What is stated of a company, name -> (day, value) by day; labels with their definition."""

    code: str
    stated: dict[str, list[tuple[dt.date, str]]] = field(default_factory=lambda: defaultdict(list))
    labels: list[tuple[dt.date, str]] = field(default_factory=list)

    def on(self, name: str, day: dt.date) -> str | None:
        seen = [value for since, value in self.stated[name] if since <= day]
        return seen[-1] if seen else None

    def day(self, name: str, day: dt.date) -> dt.date | None:
        value = self.on(name, day)
        return None if value is None else dt.date.fromisoformat(value)

    def figure(self, name: str, year: int, day: dt.date) -> int | None:
        """The last value stated within a year, up to a day."""
        seen = [v for since, v in self.stated[name] if since.year == year and since <= day]
        return int(seen[-1]) if seen else None


def months_after(day: dt.date, months: int) -> dt.date:
    number = day.year * 12 + day.month - 1 + months
    year, month = divmod(number, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def firms(book: Book) -> dict[str, Firm]:
    """Every company with what is stated of it up to the book's day."""
    found = {code: Firm(code) for code, kind in book.kind.items() if kind == "company"}
    for row in book.fact:
        firm = None if row["party"] is None else found.get(book.code[row["party"]])
        if firm is None:
            continue
        firm.stated[row["name"]].append((row["day"], row["value"]))
        if row["name"] == "stage" and row["basis"] == "fof-2017":
            firm.labels.append((row["day"], row["value"]))
    return found


# -- ST-01 ------------------------------------------------------------------------------------------------------------


def _all(*tests: Told) -> Told:
    return False if False in tests else None if None in tests else True


def _any(*tests: Told) -> Told:
    return True if True in tests else None if None in tests else False


def _most(value: int | None, cap: int) -> Told:
    return None if value is None else value <= cap


def _share(part: int | None, whole: int | None, floor: Fraction) -> Told:
    """Nothing is nothing of whatever the whole is, also of one that nobody stated."""
    if part == 0 and whole is None:
        return floor <= 0
    if part is None or whole is None or whole < 0 or (whole == 0 and part != 0):
        return None
    return floor <= 0 if whole == 0 else Fraction(part, whole) >= floor


def stage(firm: Firm, day: dt.date) -> str:
    """The stage by the house table on a day; "" where it cannot be told. Figures count 18 months from their year-end."""
    year = _figures_year(firm, day)
    own = dict.fromkeys(FIGURES) if year is None else {n: firm.figure(n, year, day) for n in FIGURES}
    last = dt.date(9999, 12, 31)
    before = {} if year is None else {n: firm.figure(n, year - 1, last) for n in ("revenue", "net_profit")}
    possible = _possible(firm, day, own, before)
    if len(possible) == 1:
        return possible.pop()
    label = firm.labels[-1] if firm.labels else None
    if label is not None and label[0] >= months_after(day, -18) and label[1] in possible:
        return label[1]
    return ""


def _figures_year(firm: Firm, day: dt.date) -> int | None:
    """The last year that is over and still counts, else the day's own."""
    years = [y for y in range(day.year - 1, day.year - 5, -1) if day <= months_after(dt.date(y, 12, 31), 18)]
    for year in (*years, day.year):
        if any(firm.figure(name, year, day) is not None for name in FIGURES):
            return year
    return None


def _possible(
    firm: Firm, day: dt.date, own: dict[str, int | None], before: dict[str, int | None]
) -> set[str]:
    founded, listed = firm.day("founded_on", day), firm.day("listed_on", day)
    on_market = listed is not None and listed <= day
    if on_market or firm.on("pre_ipo", day) == "yes":
        return {"mature"}

    def young(months: int) -> Told:
        return None if founded is None else day <= months_after(founded, months)

    flags = {
        n: {None: None, "yes": True, "no": False}[firm.on(n, day)] for n in ("resident", "audited_accounts")
    }
    revenue, late = own["revenue"], day >= dt.date(2019, 1, 1)
    tax = _all(
        flags["resident"],
        flags["audited_accounts"],
        _most(own["staff"], 300 if late else 200),
        _share(own["degree_staff"], own["staff"], Fraction(3, 10)),
        _most(own["total_assets"], (5000 if late else 3000) * WAN),
        _most(revenue, (5000 if late else 3000) * WAN),
        young(60),
        _share(own["rd_expense"], own["costs"], Fraction(1, 5)),
    )
    guidance = _all(
        young(60),
        _most(own["staff"], 300),
        _share(own["technical_graduates"], own["staff"], Fraction(3, 10)),
        _share(own["rd_staff"], own["staff"], Fraction(1, 10)),
        _most(revenue, 3000 * WAN),
        _most(own["net_assets"], 2000 * WAN),
        _share(own["rd_expense"], revenue, Fraction(1, 20)),
    )
    then = before.get("revenue")
    grew: Told = None
    if then is not None and then <= 0:
        grew = False
    elif then is not None and revenue is not None:
        grew = revenue * 5 >= then * 6
    profits = [own["net_profit"], before.get("net_profit")]
    steps: list[tuple[Told, str]] = [
        (_any(young(24), None if revenue is None else revenue == 0), "seed"),
        (_any(tax, guidance), "startup"),
        (None if revenue is None else revenue > 20_000 * WAN, "mature"),
        (grew, "growth"),
        (_all(*(None if p is None else p > 0 for p in profits)), "mature"),
        (True, "growth"),
    ]
    found: set[str] = set()
    for told, name in steps:
        if told is not False:
            found.add(name)
        if told:
            break
    return found


# -- money ------------------------------------------------------------------------------------------------------------


def successor(book: Book) -> dict[str, str]:
    """Former party -> who stands in its place on the book's day."""
    after = {
        former: book.code[row["party"]]
        for row in book.fact
        if row["name"] == "successor_of" and row["party"] is not None
        for former in row["value"].split(",")
    }

    def last(code: str) -> str:
        return last(after[code]) if code in after else code

    return {code: last(code) for code in after}


def public_part(book: Book, party: str) -> float | None:
    """The government's part of a party's money, state companies not counted; None of a sub-fund without investors."""
    parts: dict[str, float | None] = book.answers.setdefault("public_part", {})
    if party not in parts:
        nobody = book.kind[party] == "sub_fund" and not edges(book).get(party)
        parts[party] = None if nobody else government(book, party)[1]
    return parts[party]


def _equity_kind(book: Book, investor: str) -> str:
    if book.kind[investor] != "sub_fund":
        return "direct"
    by_class = {"venture": "vc_fund", "industrial": "industrial_fund"}
    strategy = FUNDS.get(book.latest(investor, "strategy") or "")
    return strategy or by_class.get(book.latest(investor, "fund_class") or "", "other_fund")


def money(book: Book) -> list[Money]:
    """Everything that reached companies up to the book's day."""
    heirs = successor(book)
    rows: dict[tuple[str, str, str, str], Money] = {}

    def at(company: str, instrument: str, payer: str, currency: str) -> Money:
        own = heirs.get(company, company)
        return rows.setdefault((own, instrument, payer, currency), Money(own, instrument, payer, currency))

    paid: dict[tuple[str, str], int] = defaultdict(int)
    for p in book.posting:
        payer, payee = book.code[p["from_party"]], book.code[p["to_party"]]
        if p["kind"] == INVESTED and book.kind[payee] == "company":
            paid[payer, payee] += p["fen"]
        elif p["kind"] == STAFF_IN and book.kind[payee] == "company":
            own = at(payee, "staff", payer, "CNY")
            own.deployed, own.at_risk = own.deployed + p["fen"], own.at_risk + p["fen"]
        elif p["kind"] == STAFF_OUT and book.kind[payer] == "company":
            at(payer, "staff", payee, "CNY").at_risk -= p["fen"]
        elif p["kind"] in (SUBSIDY, VOUCHER) and book.kind[payee] == "company":
            at(payee, "subsidy" if p["kind"] == SUBSIDY else "voucher", payer, "CNY").deployed += p["fen"]
    kinds = {investor: _equity_kind(book, investor) for investor, _ in holdings(book)}
    for (investor, company), held in holdings(book).items():
        own = at(company, kinds[investor], investor, book.currency(investor))
        own.deployed, own.at_risk = own.deployed + paid[investor, company], own.at_risk + held.cost
    for own in rows.values():
        own.government = public_part(book, own.payer)
        own.at_risk = max(own.at_risk, 0)
    return [*rows.values(), *_lent(book, heirs)]


def _lent(book: Book, heirs: dict[str, str]) -> Iterator[Money]:
    """Loans under agreements: drawn, owed unless a claim on it was paid, and what governments bear of it."""
    facts: dict[int, list[Row]] = defaultdict(list)
    for row in book.subject_fact:
        if row["kind"] in ("agreement", "loan", "loan_event", "pool_payment"):
            facts[row["subject"]].append(row)
    links: dict[int, dict[str, Any]] = defaultdict(dict)
    for row in book.subject_link:
        party = None if row["party"] is None else book.code[row["party"]]
        links[row["subject"]][row["role"]] = party if party is not None else row["other"]

    def on(subject: int, name: str, day: dt.date) -> str | None:
        seen = [r["value"] for r in facts[subject] if r["name"] == name and r["day"] <= day]
        return seen[-1] if seen else None

    loans = {n for n, own in links.items() if {"borrower", "lender", "agreement"} <= own.keys()}
    drawn: dict[int, int] = defaultdict(int)
    owed: dict[int, int] = defaultdict(int)
    settled: set[int] = set()
    for p in book.posting:
        if p["loan"] is None:
            continue
        loan = links[p["loan"]].get("loan") or links.get(links[p["loan"]].get("claim"), {}).get("loan")
        if p["kind"] == DRAWN:
            drawn[loan], owed[loan] = drawn[loan] + p["fen"], owed[loan] + p["fen"]
        elif p["kind"] == REPAID:
            owed[loan] -= p["fen"]
        elif on(p["loan"], "pool_leg", p["day"]) in ("compensation", "guarantor_paid"):
            settled.add(loan)
    for event, own in links.items():
        for row in facts[event]:
            if row["name"] == "loan_step" and row["value"] == "written_off":
                owed[own["loan"]] -= int(on(event, "step_amount", row["day"]) or 0)
    for loan in loans:
        if not drawn[loan]:
            continue
        own = links[loan]
        enrolled = on(loan, "enrolled_on", book.day)
        day = dt.date.fromisoformat(enrolled) if enrolled else min(r["day"] for r in facts[loan])
        kind = "bond_guarantee" if on(loan, "loan_kind", book.day) == "bond" else "pool_loan"
        if kind == "pool_loan" and on(loan, "collateral", book.day) == "ip":
            kind = "ip_loan"
        agreement = own["agreement"]
        terms = {name: on(agreement, name, day) for name in (*SHARES, "coverage", "covers_principal")}
        part = _borne(book, links[agreement] | own, terms, links)
        company = heirs.get(own["borrower"], own["borrower"])
        at_risk = 0 if loan in settled else max(owed[loan], 0)
        yield Money(company, kind, own["lender"], "CNY", drawn[loan], at_risk, part)


def _borne(book: Book, parties: dict[str, Any], terms: dict[str, str | None], links: Any) -> float | None:
    shares = {role: Fraction(terms[name] or 0) for name, role in SHARES.items()}
    if terms["covers_principal"] is None or abs(sum(shares.values()) - 1) > Fraction(1, 10**9):
        return None
    cover = Fraction(terms["coverage"] or 1) if terms["covers_principal"] == "yes" else Fraction(0)
    borne = 0.0
    for role, share in shares.items():
        party = parties.get(role)
        if share and party is None and role != "local_government":
            return None
        if share:
            borne += float(share) * (1.0 if party is None else _part_of(book, party))
    return float(cover) * borne + float(1 - cover) * _part_of(book, parties["lender"])


def _part_of(book: Book, party: str) -> float:
    """A pool's money is its contributors': asked only of pools whose contributors are all public, or all not."""
    if book.kind[party] != "pool":
        return public_part(book, party) or 0.0
    key = f"pool {party}"
    if key in book.answers:
        return float(book.answers[key])
    funded = {
        book.code[p["from_party"]]
        for p in book.posting
        if book.code[p["to_party"]] == party and p["kind"] == 90
    }
    [part] = {public_part(book, giver) for giver in funded}
    book.answers[key] = part or 0.0
    return part or 0.0


# -- the surface --------------------------------------------------------------------------------------------------------


@dataclass
class Surface:
    """Known companies with stage and city, and their money."""

    stage: dict[str, str]
    city: dict[str, str]
    money: list[Money]


def surface(book: Book) -> Surface:
    """The coverage of the book's day."""
    gone, day = successor(book), book.day
    found = firms(book)
    known = {}
    for code, firm in found.items():
        founded, closed = firm.day("founded_on", day), firm.day("closed_on", day)
        if (
            code in gone
            or (founded and founded > day)
            or (closed and closed <= day)
            or not _there(book, code)
        ):
            continue
        known[code] = firm
    return Surface(
        {code: stage(firm, day) for code, firm in known.items()},
        {code: firm.on("city", day) or "" for code, firm in known.items()},
        money(book),
    )


def _there(book: Book, code: str) -> bool:
    return book.since[code] <= book.day
