"""A large invented office on the real schema: 200 sub-funds x 5,000 companies x 1,000,000 postings, by the ledger's own booking.

One province, a guidance fund and a parent fund (both portfolios), 49 further investors, a manager for every five funds.
Every fund takes quarterly calls by notice for six years (a few are paid late or not at all), invests in companies of its
own and in some that other funds hold too, pays fees, distributes every quarter from its third year, and states its value,
the parent fund's capital account and, once a year, each holding. Cash is kept and never below zero. All seeded.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from fof import ledger
from fof.access import LOCAL
from fof.db import Database
from fof.ledger import Draft
from models.kinds import City, EntryKind
from models.posting_kinds import PostingKind as K
from models.rows import Deal, Edge, Fact, Mark, Notice, Party, Posting, Row

FIRST = dt.date(2009, 6, 1)
LAST_QUARTER = (2026, 2)
INVESTORS, CALL_QUARTERS, DISTRIBUTES_FROM, SHARED = 52, 24, 7, 12
PROVINCE, GUIDANCE, PARENT = 1, 2, 3
CITIES = [c.value for c in City]
POSTINGS_AT_ONCE = 60_000
"""Postings booked in one transaction."""


def quarter_end(year: int, quarter: int) -> dt.date:
    return dt.date(year, 3 * quarter, (31, 30, 30, 31)[quarter - 1])


class Office:
    """Hands out the drafts of the office in the order of their days."""

    def __init__(self, funds: int, companies: int, seed: int = 7001) -> None:
        self.dice = np.random.Generator(np.random.PCG64(seed))
        self.managers = range(INVESTORS + 1, INVESTORS + 1 + max(1, funds // 5))
        self.funds = range(self.managers.stop, self.managers.stop + funds)
        self.companies = range(self.funds.stop, self.funds.stop + companies)
        self.cash = dict.fromkeys(self.funds, 0)
        self.paid = dict.fromkeys(self.funds, 0)
        self.value: dict[tuple[int, int], int] = {}
        self.deals = self.keys = 0
        self.size = {f: int(self.dice.integers(2, 20)) * 10**10 for f in self.funds}  # 2 to 20 yi
        self.start = {f: (2010 + n % 5, 1 + n % 4) for n, f in enumerate(self.funds)}
        self.weights = {f: self._shares() for f in self.funds}
        per_fund = companies // funds
        self.reach = {
            f: [
                *self.companies[n * per_fund : (n + 1) * per_fund],
                *(
                    self.companies[int(i)]
                    for i in self.dice.choice(companies, min(SHARED, companies), replace=False)
                ),
            ]
            for n, f in enumerate(self.funds)
        }

    def _shares(self) -> Any:
        """The parent fund has a fifth or a quarter, the others what falls to them, in thousandths."""
        parts = self.dice.integers(5, 25, INVESTORS - 2)
        parts[0] = int(parts[1:].sum() * self.dice.uniform(0.25, 0.33))
        return parts

    def split(self, fund: int, total: int) -> list[tuple[int, int]]:
        """(investor, fen) of a total, by share; the parent fund takes the rest. Parts of 0 are left out."""
        weights = self.weights[fund]
        parts = (weights * (total // int(weights.sum()))).tolist()
        parts[0] += total - sum(parts)
        return [(PARENT + n, part) for n, part in enumerate(parts) if part > 0]

    def draft(
        self,
        kind: EntryKind,
        day: dt.date,
        postings: list[Posting] | None = None,
        rows: list[Row] | None = None,
    ) -> Draft:
        self.keys += 1
        return Draft(kind, day, f"large:{self.keys}", b"", postings or [], rows or [])

    # -- who there is -----------------------------------------------------------------------------------------------

    def parties(self) -> Iterator[Draft]:
        dice = self.dice
        rows: list[Row] = [
            Party(PROVINCE, "PROV", "government"),
            Party(GUIDANCE, "GF", "guidance_fund"),
            Party(PARENT, "PF", "parent_fund"),
        ]
        rows += [
            Fact(PROVINCE, None, "government_level", "province"),
            Fact(PROVINCE, None, "name", "示例省财政"),
        ]
        for party, name in ((GUIDANCE, "示例引导基金"), (PARENT, "示例母基金")):
            rows += [
                Fact(party, None, n, v)
                for n, v in (
                    ("name", name),
                    ("portfolio", "yes"),
                    ("status", "investing"),
                    ("established_on", FIRST.isoformat()),
                )
            ]
        for n, party in enumerate(range(PARENT + 1, INVESTORS + 1)):
            kind = "government" if n < 13 else "soe_vc" if n < 25 else "social_investor"
            rows += [Party(party, f"LP{n:02d}", kind), Fact(party, None, "name", f"示例出资人{n}")]
            if kind == "government":
                rows += [
                    Fact(party, None, "government_level", "prefecture"),
                    Fact(party, None, "city", CITIES[n]),
                ]
        rows += [
            row
            for m in self.managers
            for row in (Party(m, f"M{m}", "manager"), Fact(m, None, "name", f"示例管理人{m}"))
        ]
        yield self.draft(EntryKind.PARTIES, FIRST, rows=rows)
        rows = []
        for n, f in enumerate(self.funds):
            year, quarter = self.start[f]
            begun = quarter_end(year, quarter)
            strategy, stages = (
                ("angel", "seed,startup"),
                ("vc", "startup,growth"),
                ("growth", "growth,mature"),
            )[n % 3]
            facts = {
                "name": f"示例子基金{n:03d}",
                "fund_class": "venture" if n % 3 < 2 else "industrial",
                "strategy": strategy,
                "fund_kind": "market" if n % 4 else "special",
                "vintage": str(year),
                "legal_form": "limited_partnership",
                "status": "investing",
                "municipality": CITIES[n % 13],
                "manager": f"M{self.managers[n // 5]}",
                "mandate_stages": stages,
                "target_size": str(self.size[f]),
                "established_on": begun.isoformat(),
                "investment_period_end": begun.replace(year=year + 6, day=28).isoformat(),
                "term_end": begun.replace(year=year + 17, day=28).isoformat(),
                "cash_kept": "yes",
                "fee_rate_investment": "0.02",
                "fee_basis_investment": "commitment",
                "hurdle_rate": "0.08",
            }
            rows += [Party(f, f"F{n:03d}", "sub_fund"), *(Fact(f, None, k, v) for k, v in facts.items())]
        yield self.draft(EntryKind.PARTIES, FIRST, rows=rows)
        rows = []
        for n, c in enumerate(self.companies):
            facts = {
                "name": f"示例企业{n:04d}",
                "city": CITIES[n % 13],
                "industry": f"C{13 + n % 31}",
                "founded_on": f"{2000 + n % 12}-05-01",
                "stage": ("seed", "startup", "growth", "mature")[n % 4],
                "staff": str(10 + n % 400),
                "revenue": str(10**8 * (1 + n % 300)),
            }
            rows += [Party(c, f"C{n:04d}", "company"), *(Fact(c, None, k, v) for k, v in facts.items())]
        yield self.draft(EntryKind.PARTIES, FIRST, rows=rows)
        owners = dice.choice(self.companies, len(self.companies) // 5)
        edges: dict[int, Row] = {}  # one owner each, of a smaller number: no loops
        for owner in owners.tolist():
            owned = int(dice.integers(owner, self.companies.stop))
            if owned != owner:
                edges[owned] = Edge(owner, owned, int(dice.integers(5, 40)) * 10**7, "equity")
        yield self.draft(EntryKind.OWNERSHIP, FIRST, rows=list(edges.values()))

    def promises(self) -> Iterator[Draft]:
        whole = sum(self.size.values())
        for investor, fund in ((PROVINCE, GUIDANCE), (GUIDANCE, PARENT)):
            post = [Posting(int(K.COMMITMENT), investor, fund, fund, None, None, whole)]
            yield self.draft(EntryKind.COMMITMENT, FIRST, post)
            post = [Posting(int(K.CALL_INVESTMENT), investor, fund, fund, None, None, whole)]
            yield self.draft(EntryKind.CALL_PAYMENT, FIRST, post)

    # -- what a quarter brings --------------------------------------------------------------------------------------

    def quarter(self, year: int, quarter: int) -> Iterator[Draft]:
        day = quarter_end(year, quarter)
        for fund in self.funds:
            begun_year, begun_quarter = self.start[fund]
            age = 4 * (year - begun_year) + quarter - begun_quarter
            if age < 0:
                continue
            if age == 0:
                post = [
                    Posting(int(K.COMMITMENT), i, fund, fund, None, None, fen)
                    for i, fen in self.split(fund, self.size[fund])
                ]
                yield self.draft(EntryKind.COMMITMENT, day, post)
            if age < CALL_QUARTERS:
                yield from self.call(fund, age, day)
            yield from self.invest(fund, age, day)
            if age >= DISTRIBUTES_FROM:
                yield from self.distribute(fund, age, day)
            yield from self.state(fund, quarter, day)

    def call(self, fund: int, age: int, day: dt.date) -> Iterator[Draft]:
        parts = self.split(fund, self.size[fund] // 25)
        due = [Posting(int(K.CALL_DUE), i, fund, fund, None, None, fen) for i, fen in parts]
        notice: Row = Notice(fund, "capital_call", f"N{fund}-{age}", day + dt.timedelta(14))
        yield self.draft(EntryKind.CAPITAL_CALL, day, due, [notice])
        late = (
            set()
            if self.dice.random() > 0.1
            else {int(i) for i in self.dice.integers(PARENT + 1, INVESTORS + 1, 2)}
        )
        for behind, paying in (
            (10, [p for p in parts if p[0] not in late]),
            (60, [p for p in parts if p[0] in late]),
        ):
            if paying and not (
                behind == 60 and age == CALL_QUARTERS - 1
            ):  # of the last call something stays open
                post = [Posting(int(K.CALL_INVESTMENT), i, fund, fund, None, None, fen) for i, fen in paying]
                total = sum(fen for _, fen in paying)
                self.cash[fund] += total
                self.paid[fund] += total
                yield self.draft(EntryKind.CALL_PAYMENT, day + dt.timedelta(behind), post)

    def invest(self, fund: int, age: int, day: dt.date) -> Iterator[Draft]:
        manager = self.managers[(fund - self.funds.start) // 5]
        fee = min(self.size[fund] // 400, self.cash[fund] // 4)
        later = day + dt.timedelta(80)
        if fee > 0:
            self.cash[fund] -= fee
            yield self.draft(
                EntryKind.FUND_CASH,
                later,
                [Posting(int(K.MANAGEMENT_FEE), fund, manager, fund, None, None, fee)],
            )
        for company in self.reach[fund][2 * age : 2 * age + 2]:
            fen = min(self.size[fund] // 60, self.cash[fund] // 3)
            if fen > 0:
                self.cash[fund] -= fen
                self.value[fund, company] = fen
                share = int(self.dice.integers(2, 15)) * 10**7
                yield self.deal(
                    fund, company, "initial", K.INVESTMENT, fen, later, share_nano=share, stage="startup"
                )
        held = [c for (f, c) in self.value if f == fund] if age > 12 and age % 2 else []
        if held:
            company = int(self.dice.choice(held))
            fen = int(self.value.pop((fund, company)) * self.dice.uniform(0.2, 4.0))
            self.cash[fund] += fen
            yield self.deal(fund, company, "exit", K.EXIT_PROCEEDS, fen, later, exit_route="transfer")

    def deal(self, fund: int, company: int, kind: str, paid: K, fen: int, day: dt.date, **more: Any) -> Draft:
        self.deals += 1
        row: Row = Deal(self.deals, f"D{self.deals}", fund, company, kind, instrument="equity", **more)
        payer, payee = (company, fund) if kind == "exit" else (fund, company)
        return self.draft(
            EntryKind.EXIT if kind == "exit" else EntryKind.DEAL,
            day,
            [Posting(int(paid), payer, payee, fund, self.deals, None, fen)],
            [row],
        )

    def distribute(self, fund: int, age: int, day: dt.date) -> Iterator[Draft]:
        total = self.cash[fund] // 3
        if total < 10**6:
            return
        self.cash[fund] -= total
        kind = K.DISTRIBUTION_RETURN_OF_CAPITAL if age % 4 else K.DISTRIBUTION_GAIN
        later = day + dt.timedelta(85)
        yield self.draft(
            EntryKind.DISTRIBUTION,
            later,
            [Posting(int(kind), fund, i, fund, None, None, fen) for i, fen in self.split(fund, total)],
        )

    def state(self, fund: int, quarter: int, day: dt.date) -> Iterator[Draft]:
        """The values of the quarter before, on its last day: they are told a month later, dated as they stand."""
        held = {c: v for (f, c), v in self.value.items() if f == fund}
        growth = 1.0 + float(self.dice.normal(0.02, 0.05))
        for company in held:
            self.value[fund, company] = max(1, int(held[company] * growth))
        total = sum(self.value[fund, c] for c in held) + self.cash[fund]
        rows: list[Row] = [Mark(fund, fund, total, "reported_nav", "manager", f"报告 {day}")]
        if total:
            weights = self.weights[fund]
            rows.append(
                Mark(
                    PARENT,
                    fund,
                    total * int(weights[0]) // int(weights.sum()),
                    "reported_nav",
                    "manager",
                    f"报告 {day}",
                )
            )
        if quarter == 4:
            rows += [
                Mark(fund, c, self.value[fund, c], "recent_round", "manager", f"报告 {day}") for c in held
            ]
        yield self.draft(EntryKind.VALUATION, day + dt.timedelta(89), rows=rows)

    def drafts(self) -> Iterator[Draft]:
        """Everything, in blocks of quarters, each in the order of its days."""
        yield from self.parties()
        yield from self.promises()
        year, quarter = 2010, 1
        while (year, quarter) <= LAST_QUARTER:
            yield from sorted(self.quarter(year, quarter), key=lambda d: d.effective_on)
            year, quarter = (year, quarter + 1) if quarter < 4 else (year + 1, 1)


def build(path: Path, scale: float = 1.0) -> dict[str, int]:
    """Book the office into a fresh SQLite book; -> how much there is of everything."""
    office = Office(max(2, round(200 * scale)), max(50, round(5000 * scale)))
    book = Database(f"sqlite:///{path}")
    book.init()
    waiting: list[Draft] = []
    size = {"funds": len(office.funds), "companies": len(office.companies), "postings": 0, "entries": 0}

    def flush() -> None:
        drafts = list(waiting)
        ledger.book(book, LOCAL, lambda _view, _ids: ledger.Plan(list(drafts)))
        size["postings"] += sum(len(d.postings) for d in drafts)
        size["entries"] += len(drafts)
        waiting.clear()

    count = 0
    for draft in office.drafts():
        waiting.append(draft)
        count += len(draft.postings)
        if count >= POSTINGS_AT_ONCE:
            flush()
            count = 0
    flush()
    book.close()
    return size
