"""Holdings: what a fund has in each company, at cost and at value, and what came back.

Cost released by a part exit follows the share sold where both shares are known; else proceeds count against cost first.
Value is the fund's latest mark of the company, plus money put in and less proceeds since (then labelled as rolled);
0 after a full exit or a write-off. Without a mark there is no value.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from fof.book.currencies import DEFAULT_CURRENCY, currency_of
from fof.book.marks import latest, marks
from fof.book.portfolios import current
from fof.book.stakes import Reason, as_of_day, kept_per_prefix, kept_per_view, kinds_with, ratio
from fof.book.value_grid import BELOW_ZERO, NO_MARK
from fof.book.values import Value
from fof.ledger import Dated, View, to_date
from models.kinds import DealKind
from models.posting_kinds import PostingKind

SOLD = Reason("sold", "已全部退出", "sold as a whole")
WRITTEN_OFF = Reason("written_off", "已核销", "written off")
_BACK = kinds_with(lambda k: k in (PostingKind.EXIT_PROCEEDS, PostingKind.DIVIDEND))


class Movement(NamedTuple):
    """Money between a fund and a company: day number, fen (> 0 into the company), deal id (-1: none), posting kind.

    place : position in the postings of a view of every day
    """

    day: int
    fen: int
    deal: int
    kind: int
    place: int


@dataclass(frozen=True, slots=True)
class Holding:
    """A fund's holding of one company, in fen of the fund's currency.

    invested, proceeds, dividends : money in, money of exits, dividends, since the first deal
    cost      : of what is still held            realised : proceeds less the cost released
    share     : of the company, None where a deal does not state it
    multiple  : (proceeds + dividends + value) / invested, nan where the value is not known
    stage, stage_definition : in force on the as-of day, else of the latest deal that states one
    state     : "held", "part_sold", "sold", "written_off"
    """

    fund: int
    company: int
    first_on: dt.date | None
    invested: int
    proceeds: int
    dividends: int
    cost: int
    realised: int
    value: Value
    multiple: float
    share: float | None
    stage: str | None
    stage_definition: str | None
    state: str
    deals: tuple[int, ...] = field(default=())
    currency: str = DEFAULT_CURRENCY


Pair = tuple[int, int]
"""Fund and company."""


@kept_per_prefix
def every_move(view: View) -> dict[Pair, list[Movement]]:
    """All money of every pair, by day; the company is the deal's, else the other party of the posting."""
    p = view.postings
    rows = np.flatnonzero((p.kind == PostingKind.INVESTMENT) | _BACK[p.kind])
    company_of = {number: d.row.company for number, d in view.deal_by_id.items()}
    found: dict[Pair, list[Movement]] = defaultdict(list)
    columns = (p.kind, p.from_party, p.to_party, p.fund, p.deal, p.fen, p.day)
    for place, kind, frm, to, fund, deal, fen, day in zip(
        rows.tolist(), *(c[rows].tolist() for c in columns), strict=True
    ):
        into = kind == PostingKind.INVESTMENT
        company = company_of.get(deal, to if into else frm)
        if not into and deal < 0 and (fund, company) not in found:
            continue  # interest-like income from a party that is no holding
        found[fund, company].append(Movement(day, fen if into else -fen, deal, kind, place))
    for moves in found.values():
        moves.sort(key=lambda m: (m.day, m.place))
    return dict(found)


def _admitted(moves: Sequence[Movement]) -> list[Movement]:
    """Without income that names no deal and was booked before anything else that had happened by then."""
    if not any(m.deal < 0 and m.kind != PostingKind.INVESTMENT for m in moves):
        return list(moves)
    first = min((m.place for m in moves if m.deal >= 0 or m.kind == PostingKind.INVESTMENT), default=-1)
    return [m for m in moves if 0 <= first <= m.place]


def money_of(view: View, fund: int, company: int) -> list[Movement]:
    """The money between a fund and a company up to the as-of day, by day."""
    moves = every_move(view).get((fund, company), [])
    return _admitted(moves[: bisect_right(moves, as_of_day(view), key=lambda m: m.day)])


@kept_per_prefix
def every_deal(view: View) -> dict[Pair, list[Dated]]:
    found: dict[Pair, list[Dated]] = defaultdict(list)
    for deal in view.deals:
        found[deal.row.investor, deal.row.company].append(deal)
    return dict(found)


def _deals_of(view: View, fund: int, company: int) -> list[Dated]:
    deals = every_deal(view).get((fund, company), [])
    return deals if view.as_of is None else deals[: bisect_right(deals, view.as_of, key=lambda d: d.day)]


@kept_per_prefix
def every_company(view: View) -> dict[int, list[int]]:
    """Fund -> companies it ever had money or deals in, by code."""
    found: dict[int, set[int]] = defaultdict(set)
    for fund, company in (*every_move(view), *every_deal(view)):
        found[fund].add(company)
    return {fund: sorted(own, key=lambda c: view.parties[c].code) for fund, own in found.items()}


def had(view: View, fund: int, company: int) -> bool:
    """Whether there was money or a deal by the as-of day."""
    return bool(_deals_of(view, fund, company) or money_of(view, fund, company))


@kept_per_view
def _kept(view: View) -> dict[tuple[int, int], Holding]:
    return {}


def holdings(view: View, fund: int) -> list[Holding]:
    """Everything the fund holds or held, by company code."""
    return [holding(view, fund, c) for c in every_company(view).get(fund, ()) if had(view, fund, c)]


@kept_per_view
def all_holdings(view: View) -> tuple[Holding, ...]:
    """Every holding of every fund, by fund and company code. fof.book.holding_columns tells the same without an object each."""
    return tuple(h for fund in sorted(every_company(view)) for h in holdings(view, fund))


def holders_of(view: View, company: int) -> list[Holding]:
    """Every fund's holding of a company."""
    funds = [f for f, own in every_company(view).items() if company in set(own) and had(view, f, company)]
    return [holding(view, fund, company) for fund in sorted(funds, key=lambda f: view.parties[f].code)]


def holding(view: View, fund: int, company: int) -> Holding:
    """One holding; all noughts where the fund never had the company."""
    kept = _kept(view)
    found = kept.get((fund, company))
    if found is None:
        moves, deals = money_of(view, fund, company), _deals_of(view, fund, company)
        found = kept[fund, company] = _holding(view, fund, company, moves, deals)
    return found


class State(NamedTuple):
    """What deals and money up to a day make of a holding, without its value; fen."""

    invested: int
    proceeds: int
    dividends: int
    cost: int
    share: float | None
    gone: bool
    written_off: bool


def state_of(moves: Sequence[Movement], deals: Sequence[Dated]) -> State:
    kinds = {d.row.kind for d in deals}
    last_exit = max((d.day for d in deals if d.row.kind in (DealKind.EXIT, DealKind.WRITE_OFF)), default=None)
    later = last_exit is not None and any(m.fen > 0 and to_date(m.day) > last_exit for m in moves)
    gone = last_exit is not None and not later
    return State(
        sum(m.fen for m in moves if m.fen > 0),
        -sum(m.fen for m in moves if m.kind == PostingKind.EXIT_PROCEEDS),
        -sum(m.fen for m in moves if m.kind == PostingKind.DIVIDEND),
        0 if gone else _cost_left(moves, {d.row.id: d for d in deals}),
        0.0 if gone else _share(deals),
        gone,
        DealKind.WRITE_OFF in kinds,
    )


def _holding(
    view: View, fund: int, company: int, moves: Sequence[Movement], deals: Sequence[Dated]
) -> Holding:
    own = state_of(moves, deals)
    kinds = {d.row.kind for d in deals}
    value = _value(view, fund, company, moves, own.gone, own.written_off)
    total = None if value.fen is None else own.proceeds + own.dividends + value.fen
    stage, definition = _stage(view, company, deals)
    if own.gone:
        state = "written_off" if own.written_off and DealKind.EXIT not in kinds else "sold"
    else:
        state = "part_sold" if DealKind.PARTIAL_EXIT in kinds else "held"
    return Holding(
        fund,
        company,
        min((d.day for d in deals), default=None),
        own.invested,
        own.proceeds,
        own.dividends,
        own.cost,
        own.proceeds - (own.invested - own.cost),
        value,
        ratio(total, own.invested),
        own.share,
        stage,
        definition,
        state,
        tuple(d.row.id for d in deals),
        currency_of(view, fund),
    )


def _share(deals: Sequence[Dated]) -> float | None:
    """Shares bought less shares sold; None where a deal leaves its share out."""
    if not deals or any(d.row.share_nano is None for d in deals if d.row.kind != DealKind.WRITE_OFF):
        return None
    sign = {DealKind.INITIAL: 1, DealKind.FOLLOW_ON: 1, DealKind.PARTIAL_EXIT: -1, DealKind.EXIT: -1}
    nano = sum(sign.get(DealKind(d.row.kind), 0) * (d.row.share_nano or 0) for d in deals)
    return max(0, nano) / 1e9


def _cost_left(moves: Sequence[Movement], deals: dict[int, Dated]) -> int:
    """Money put in, less the cost of what was sold; see the module."""
    cost, share = 0, 0
    known = True
    for m in moves:
        deal = deals.get(m.deal)
        nano = None if deal is None else deal.row.share_nano
        if m.fen > 0:
            cost += m.fen
            known = known and nano is not None
            share += nano or 0
        elif m.kind == PostingKind.EXIT_PROCEEDS:
            if known and nano is not None and share > 0:
                released = cost * min(nano, share) // share
                share -= min(nano, share)
            else:
                released = min(cost, -m.fen)
            cost -= released
    return cost


def _value(
    view: View, fund: int, company: int, moves: Sequence[Movement], gone: bool, written_off: bool
) -> Value:
    currency = currency_of(view, fund)
    if gone:
        return Value(0, note=WRITTEN_OFF if written_off else SOLD, currency=currency)
    place = latest(view, company, stated_for(view, fund, company))
    if place < 0:
        return Value(None, note=NO_MARK, currency=currency)
    found = marks(view)
    since = int(found.day[place])
    day = to_date(since)
    later = [m.fen for m in moves if m.day > since and m.kind != PostingKind.DIVIDEND]
    fen = int(found.fen[place]) + sum(later)
    where = ((int(found.entry[place]), int(found.line[place])),)
    age = None if view.as_of is None else (view.as_of - day).days
    below = bool(later) and fen < 0
    return Value(
        None if below else fen,
        day,
        age,
        bool(later),
        sum(later),
        BELOW_ZERO if below else None,
        where,
        currency=currency,
    )


def stated_for(view: View, fund: int, company: int) -> int:
    """Whose statement counts: the fund's own, or that of the successor it was merged into and which states it since."""
    after = current(view, fund)
    if after == fund or money_of(view, after, company) or latest(view, company, after) < 0:
        return fund
    return after


def _stage(view: View, company: int, deals: Sequence[Dated]) -> tuple[str | None, str | None]:
    stated = view.in_force(company, "stage")
    if stated is not None:
        return str(stated.value), stated.basis
    for deal in reversed(deals):
        if deal.row.stage is not None:
            return deal.row.stage, deal.row.stage_definition
    return None, None
