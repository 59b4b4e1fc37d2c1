"""What stands beside the surface of lifecycle coverage a second time, from the raw rows and the definitions in docs/api.md:
margins, mandates, concentration, targets, changes between two days, and the wait for new money after a move up a stage."""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any, NamedTuple

from second.lifecycle import (
    DRAWN,
    FIGURES,
    INVESTED,
    ORDER,
    STAFF_IN,
    SUBSIDY,
    VOUCHER,
    Firm,
    Money,
    Surface,
    _possible,
    firms,
    months_after,
    public_part,
    successor,
)
from second.rows import Book
from second.stakes import stakes

PAID = {INVESTED, STAFF_IN, DRAWN, SUBSIDY, VOUCHER}
AT_WORK = {"raising", "investing", "harvesting", "extended"}
RANGE = ("revenue", "staff", "total_assets")
"""Years of which one of these is stated of anybody are looked at."""
Z = 1.959963984540054
"""Standard normal quantile of 0.975, from tables."""


# -- margins --------------------------------------------------------------------------------------------------------------


class Cell(NamedTuple):
    """companies known, supported, held; money by currency: deployed, at risk, and the government's part of each or None."""

    companies: int
    supported: int
    held: int
    money: dict[str, tuple[int, int, float | None, float | None]]


def industry(book: Book, code: str) -> str:
    """Division of GB/T 4754: letter and two digits."""
    return (book.latest(code, "industry") or "")[:3]


def margin(book: Book, own: Surface, dimensions: tuple[str, ...]) -> dict[tuple[str, ...], Cell]:
    """The cells of some of stage, city, industry and instrument that have a company in them."""
    place = {
        code: {"stage": stage, "city": own.city[code], "industry": industry(book, code)}
        for code, stage in own.stage.items()
    }
    with_kind = "instrument" in dimensions
    plain = [d for d in dimensions if d != "instrument"]

    def key(code: str, kind: str) -> tuple[str, ...]:
        return (*(place[code][d] for d in plain), *([kind] if with_kind else ()))

    known: dict[tuple[str, ...], set[str]] = defaultdict(set)
    sets: dict[tuple[str, ...], tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
    rows: dict[tuple[str, ...], dict[str, list[Money]]] = defaultdict(lambda: defaultdict(list))
    for code in place:
        known[key(code, "")[: len(plain)]].add(code)
    for row in own.money:
        if row.company not in place:
            continue
        at = key(row.company, row.instrument)
        rows[at][row.currency].append(row)
        if row.deployed:
            sets[at][0].add(row.company)
        if row.at_risk:
            sets[at][1].add(row.company)
    keys = {k for k, (supported, _) in sets.items() if supported} if with_kind else set(known)
    return {
        k: Cell(
            len(known[k[: len(plain)]]),
            len(sets[k][0]),
            len(sets[k][1]),
            {currency: _sums(parts) for currency, parts in rows[k].items()},
        )
        for k in keys
    }


def _sums(rows: list[Money]) -> tuple[int, int, float | None, float | None]:
    def government(name: str) -> float | None:
        moved = [(row.government, getattr(row, name)) for row in rows if getattr(row, name)]
        return None if any(p is None for p, _ in moved) else sum(p * fen for p, fen in moved if p)

    amounts = sum(row.deployed for row in rows), sum(row.at_risk for row in rows)
    return *amounts, government("deployed"), government("at_risk")


# -- mandates, concentration, targets ------------------------------------------------------------------------------------


class Mandate(NamedTuple):
    funds: set[str]
    able: set[str]
    unclear: int
    unfunded: dict[str, tuple[int, int | None]]


def mandates(book: Book) -> dict[str | None, Mandate]:
    """Stage -> sub-funds at work and what can still be called of those that may invest; "" without a mandate, None: all."""
    unfunded: dict[str, int] = defaultdict(int)
    for (fund, _), stake in stakes(book).items():
        unfunded[fund] += stake.unfunded
    funds = {}
    for fund, left in unfunded.items():
        status = book.latest(fund, "status")
        if book.kind[fund] != "sub_fund" or (status is not None and status not in AT_WORK):
            continue
        end = book.latest(fund, "investment_period_end")
        able = None
        if status is not None:
            able = status in ("raising", "investing") and (end is None or book.day.isoformat() <= end)
            able = able and left > 0
        stages = book.latest(fund, "mandate_stages")
        funds[fund] = (None if stages is None else set(stages.split(",")), able, left)
    found: dict[str | None, Mandate] = {
        stage: _mandate(book, {f: own for f, own in funds.items() if own[0] is not None and stage in own[0]})
        for stage in ORDER
    }
    without = {f: own for f, own in funds.items() if own[0] is None}
    if without:
        found[""] = _mandate(book, without)
    return {**found, None: _mandate(book, funds)}


def _mandate(book: Book, funds: dict[str, Any]) -> Mandate:
    able = {f for f, own in funds.items() if own[1]}
    money: dict[str, list[tuple[int, int | None]]] = defaultdict(list)
    for fund in able:
        left, part = funds[fund][2], public_part(book, fund)
        money[book.currency(fund)].append((left, None if part is None else round(part * left)))
    totals: dict[str, tuple[int, int | None]] = {}
    for currency, rows in money.items():
        parts = [part for _, part in rows]
        known = None if None in parts else sum(p for p in parts if p is not None)
        totals[currency] = sum(left for left, _ in rows), known
    return Mandate(set(funds), able, sum(own[1] is None for own in funds.values()), totals)


def concentration(book: Book, own: Surface) -> dict[tuple[str, str], tuple[float, float, int]]:
    """(city, industry or company; currency) -> index of 0 to 10,000, the largest part, how many parts; of money at risk."""
    fen: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in own.money:
        if row.company in own.stage and row.at_risk:
            for by, part in (
                ("city", own.city[row.company]),
                ("industry", industry(book, row.company)),
                ("company", row.company),
            ):
                fen[by, row.currency][part] += row.at_risk
    found = {}
    for key, parts in fen.items():
        shares = [100 * part / sum(parts.values()) for part in parts.values()]
        found[key] = sum(s * s for s in shares), max(shares) / 100, len(parts)
    return found


def gaps(book: Book, own: Surface) -> list[tuple[int, str, str, int, int]]:
    """Money missing, stage, city, target, at work in yuan; the most missing first. Targets: attributes of the office."""
    targets: dict[str, int] = {}
    for row in book.subject_fact:
        if row["kind"] == "office" and row["name"].startswith("coverage_target."):
            targets[row["name"]] = int(row["value"])
    rows = []
    for name, target in targets.items():
        _, stage, city = (*name.split("."), "")[:3]
        stage = "" if stage == "all" else stage
        work = sum(
            row.at_risk
            for row in own.money
            if row.company in own.stage
            and row.currency == "CNY"
            and stage in ("", own.stage[row.company])
            and city in ("", own.city[row.company])
        )
        rows.append((max(0, target - work), stage, city, target, work))
    return sorted(rows, key=lambda r: (-r[0], r[1], r[2]))


# -- what changed ----------------------------------------------------------------------------------------------------------


def changes(before: tuple[Book, Surface], after: tuple[Book, Surface]) -> dict[str, set[str]]:
    """Company -> why it stands elsewhere than before."""
    (old_book, old), (new_book, new) = before, after
    heirs = successor(new_book)
    had = {heirs.get(m.company, m.company) for m in old.money if m.deployed}
    has = {m.company for m in new.money if m.deployed}
    work = {m.company for m in old.money if m.at_risk}
    works = {m.company for m in new.money if m.at_risk}
    found: dict[str, set[str]] = defaultdict(set)
    for code in {*old.stage, *new.stage}:
        there, here = code in old.stage, code in new.stage
        if here and not there:
            found[code].add("entered")
        if there and not here:
            found[code].add("left")
        if there and here:
            for reason, a, b in (
                ("stage", old.stage[code], new.stage[code]),
                ("city", old.city[code], new.city[code]),
                ("industry", industry(old_book, code), industry(new_book, code)),
            ):
                if a != b:
                    found[code].add(reason)
        if here and code in has and code not in had:
            found[code].add("first_support")
        if there and code in work and heirs.get(code, code) not in works:
            found[code].add("exited")
    return dict(found)


# -- moves up and the wait -------------------------------------------------------------------------------------------------


class Move(NamedTuple):
    company: str
    before: str
    after: str
    on: dt.date
    wait: int
    paid: bool
    earlier: bool


def year_stage(firm: Firm, year: int) -> str:
    """The stage at a year-end by the figures of that year alone, asked on the day after; "" where it cannot be told."""
    end, last = dt.date(year, 12, 31), dt.date(9999, 12, 31)
    founded = firm.day("founded_on", end + dt.timedelta(1))
    if founded is not None and founded > end:
        return ""
    own = {n: firm.figure(n, year, last) for n in FIGURES}
    before = {n: firm.figure(n, year - 1, last) for n in ("revenue", "net_profit")}
    possible = _possible(firm, end + dt.timedelta(1), own, before)
    if len(possible) == 1:
        return possible.pop()
    labels = [own for own in firm.labels if own[0] <= end]
    if labels and labels[-1][0].year == year and labels[-1][1] in possible:
        return labels[-1][1]
    return ""


def moves(book: Book, later: Book) -> list[Move]:
    """Every move up seen by the book's day; `later`: the same book on the last of all days, whose figures of a year count."""
    every, heirs, gone = firms(later), successor(book), _taken_over(book)
    days = [day for firm in every.values() for n in RANGE for day, _ in firm.stated[n]]
    if not days:
        return []
    last = book.day.year if (book.day.month, book.day.day) == (12, 31) else book.day.year - 1
    years = range(min(days).year, min(max(days).year, last) + 1)
    paid = _paid(book, gone)
    found = []
    for code, firm in every.items():
        known = [(dt.date(y, 12, 31), s) for y in years if (s := year_stage(firm, y))]
        changed = [(old, new) for old, new in pairwise(known) if old[1] != new[1]]
        ends = [book.day, *([gone[code]] if code in heirs else [])]
        if (closed := firm.day("closed_on", book.day)) is not None:
            ends.append(closed)
        for n, (old, new) in enumerate(changed):
            end = min([*ends, *([changed[n + 1][1][0]] if n + 1 < len(changed) else [])])
            if ORDER.index(new[1]) < ORDER.index(old[1]) or end < new[0]:
                continue
            own = [day for payee, day, direct in paid if payee == code and direct and new[0] < day <= end]
            earlier = any(payee == code and day <= new[0] for payee, day, _ in paid)
            wait = (min(own, default=end) - new[0]).days
            found.append(Move(code, old[1], new[1], new[0], wait, bool(own), earlier))
    return found


def _taken_over(book: Book) -> dict[str, dt.date]:
    days: dict[str, dt.date] = {}
    for row in book.fact:
        if row["name"] == "successor_of" and row["party"] is not None:
            for former in row["value"].split(","):
                days.setdefault(former, row["day"])
    return days


def _paid(book: Book, gone: dict[str, dt.date]) -> list[tuple[str, dt.date, bool]]:
    """(company, day, paid to it itself): money goes to who stands there on the day, and with it to whoever takes that over."""
    after = {
        former: book.code[row["party"]]
        for row in book.fact
        if row["name"] == "successor_of" and row["party"] is not None
        for former in row["value"].split(",")
    }
    rows = []
    for p in book.posting:
        payee, day = book.code[p["to_party"]], p["day"]
        if p["kind"] not in PAID or book.kind[payee] != "company":
            continue
        direct = True
        while True:
            if payee in after and gone[payee] <= day and direct:
                payee = after[payee]
                continue
            rows.append((payee, day, direct))
            if payee not in after:
                break
            day, payee, direct = max(day, gone[payee]), after[payee], False
    return rows


def by_outcome(own: Iterable[Move], day: dt.date) -> dict[str, int]:
    """Moves, those whose 24 months are over, and of these with new money within, older money only, none."""
    count = dict.fromkeys(("moves", "whole", "supported", "earlier", "without"), 0)
    for move in own:
        count["moves"] += 1
        window = months_after(move.on, 24)
        if window > day:
            continue
        count["whole"] += 1
        in_time = move.paid and move.on + dt.timedelta(move.wait) <= window
        count["supported" if in_time else "earlier" if move.earlier else "without"] += 1
    return count


def product_limit(own: Iterable[Move]) -> Iterator[tuple[int, float, float, float]]:
    """(days, share still waiting, its 95 % band by log(-log) and Greenwood) at each distinct wait; events before ends."""
    waits = [(move.wait, move.paid) for move in own]
    share, greenwood = 1.0, 0.0
    for at in sorted({wait for wait, _ in waits}):
        risk = sum(wait >= at for wait, _ in waits)
        events = sum(wait == at and paid for wait, paid in waits)
        share *= 1 - events / risk
        if share <= 0:
            yield at, 0.0, math.nan, math.nan
            continue
        greenwood += events / (risk * (risk - events))
        if share == 1:
            yield at, 1.0, 1.0, 1.0
            continue
        spread = Z * math.sqrt(greenwood) / abs(math.log(share))
        yield at, share, share ** math.exp(spread), share ** math.exp(-spread)
