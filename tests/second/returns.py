"""Performance and commitments of a portfolio, from its stakes."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache

from second.holdings import edges
from second.rates import roots
from second.rows import Book
from second.stakes import DUE, DUE_OUTSIDE, INSIDE, OUTSIDE, Stake, Stakes, current, holders, stakes

VEHICLES = {"guidance_fund", "parent_fund", "national_fund"}
FUNDS = VEHICLES | {"sub_fund"}
STATE_KINDS = {"state_investor", "soe_vc"}
STATE_OWNED = {"soe_wholly_owned", "soe", "soe_controlled_mixed"}


@dataclass
class Returns:
    """Figures of a group, in fen; None where a part is not known."""

    committed: int = 0
    called: int | None = 0
    paid_in: int = 0
    distributed: int = 0
    unfunded: int = 0
    recallable: int = 0
    nav: int | None = 0
    dpi: float | None = None
    rvpi: float | None = None
    tvpi: float | None = None
    irr: list[float] | None = field(default_factory=list)
    known: Returns | None = None


def returns(parts: list[Stake], day: dt.date) -> Returns:
    """Figures of some stakes together, from the investors' side; a price between two of them counts for neither."""
    pairs = {(s.fund, s.investor) for s in parts}
    items = [i for s in parts for i in (*s.own, *s.sold) if i.other is None or (s.fund, i.other) not in pairs]
    found = Returns(
        committed=sum(s.committed for s in parts),
        called=_called(parts),
        paid_in=round(sum(i.paid for i in items)),
        distributed=round(sum(i.distributed for i in items)),
        unfunded=sum(s.unfunded for s in parts),
        recallable=sum(s.recallable for s in parts),
        nav=_sum([s.nav for s in parts]),
    )
    if found.paid_in > 0:
        found.dpi = found.distributed / found.paid_in
        if found.nav is not None:
            found.rvpi = found.nav / found.paid_in
            found.tvpi = (found.distributed + found.nav) / found.paid_in
    found.irr = None
    if found.nav is not None:
        found.irr = roots([*((i.day, float(i.amount)) for i in items), (day, float(found.nav))])
    valued = [s for s in parts if s.nav is not None]
    if valued and len(valued) < len(parts):
        part = returns(valued, day)
        found.known = part if part.paid_in else None  # of stakes without money nothing is worth a line
    return found


def _called(parts: list[Stake]) -> int | None:
    if any(not s.due and s.cash and s.paid_in for s in parts):
        return None
    return sum(s.due - s.refunded for s in parts)


def _sum(values: list[int | None]) -> int | None:
    return None if any(v is None for v in values) else sum(v for v in values if v is not None)


def portfolio_stakes(book: Book, portfolio: str, all_investors: bool = False) -> Stakes:
    """The stakes of a portfolio in other funds, or of everybody in the funds it is or was in."""
    own = holders(book, portfolio)
    every = stakes(book)
    funds = {f for f, i in every if i in own and f not in own}
    return {
        k: s for k, s in every.items() if (k[0] in funds if all_investors else k[1] in own) and k[0] in funds
    }


def performance(book: Book, portfolio: str) -> dict[str, list[Stake]]:
    """Fund (as it is called now) -> the portfolio's stakes in it; "" holds all."""
    groups: dict[str, list[Stake]] = defaultdict(list)
    for (fund, _), stake in portfolio_stakes(book, portfolio).items():
        groups[current(book, fund)].append(stake)
        groups[""].append(stake)
    return groups


def overdue(book: Book) -> dict[tuple[str, str], int]:
    """(fund, investor) -> what notices asked for by a day before the book's, and was not paid; net of refunds elsewhere."""
    notices = {n["entry"]: n for n in book.notice if n["kind"] == "capital_call"}
    due: dict[tuple[str, str], dt.date] = {}
    open_: dict[tuple[str, str, str], int] = defaultdict(int)
    for p in book.posting:
        notice = notices.get(p["entry"])
        if notice is None or p["fund"] is None:
            continue
        fund = book.code[p["fund"]]
        investor = book.code[p["from_party"]]
        key = (fund, notice["number"], current(book, investor))
        if p["kind"] in (DUE, DUE_OUTSIDE):
            open_[key] += p["fen"]
            day = notice["due_on"]
            due[key[:2]] = day if isinstance(day, dt.date) else dt.date.fromisoformat(day)
        elif p["kind"] in INSIDE | OUTSIDE:
            open_[key] -= p["fen"]
    found: dict[tuple[str, str], int] = defaultdict(int)
    for (fund, number, investor), fen in open_.items():
        if fen > 0 and due[fund, number] < book.day:
            found[fund, investor] += fen
    return found


def government(book: Book, fund: str) -> tuple[float, float, float]:
    """Government money in a fund by commitments: as registered, looked through, and with state companies counted.

    Whoever is neither a government nor a state company counts as its own owners do; a guidance, parent or national fund
    without owners in the book is government money.
    """
    found = edges(book)
    registered = VEHICLES | {"government"}

    @cache
    def behind(code: str, soe: bool) -> float:
        kind = book.kind[code]
        if kind == "government":
            return 1.0
        if kind in STATE_KINDS or (
            kind not in FUNDS and (book.latest(code, "ownership") or "") in STATE_OWNED
        ):
            return 1.0 if soe else 0.0
        owners = found.get(code, {})
        if not owners:
            return 1.0 if kind in VEHICLES else 0.0
        return sum(share * behind(owner, soe) for owner, share in owners.items())

    own = found[fund]
    direct = sum(share for owner, share in own.items() if book.kind[owner] in registered)
    return direct, behind(fund, False), behind(fund, True)
