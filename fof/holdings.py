"""Holdings: what a fund has in each company, at cost and at value, and what came back.

Cost released by a part exit follows the share sold where both shares are known; else proceeds count against cost first.
Value is the fund's latest mark of the company, plus money put in and less proceeds since (then labelled as rolled);
0 after a full exit or a write-off. Without a mark there is no value.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from fof.ledger import Dated, View, to_date
from fof.marks import latest, marks
from fof.portfolios import current
from fof.stakes import Reason, kept_per_view, kinds_with, ratio
from fof.value_grid import BELOW_ZERO, NO_MARK
from fof.values import Value
from models.kinds import DealKind
from models.posting_kinds import PostingKind

SOLD = Reason("sold", "已全部退出", "sold as a whole")
WRITTEN_OFF = Reason("written_off", "已核销", "written off")
_BACK = kinds_with(lambda k: k in (PostingKind.EXIT_PROCEEDS, PostingKind.DIVIDEND))


class Movement(NamedTuple):
    """Money between a fund and a company: day number, fen (> 0 into the company), deal id (-1: none), posting kind."""

    day: int
    fen: int
    deal: int
    kind: int
    place: int


@dataclass(frozen=True, slots=True)
class Holding:
    """A fund's holding of one company, in fen.

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


@kept_per_view
def company_money(view: View) -> dict[tuple[int, int], list[Movement]]:
    """(fund, company) -> its money, by day; the company is the deal's, else the other party of the posting."""
    p = view.postings
    rows = np.flatnonzero((p.kind == PostingKind.INVESTMENT) | _BACK[p.kind])
    company_of = {number: d.row.company for number, d in view.deal_by_id.items()}
    found: dict[tuple[int, int], list[Movement]] = defaultdict(list)
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


@kept_per_view
def _deals_by_pair(view: View) -> dict[tuple[int, int], list[Dated]]:
    found: dict[tuple[int, int], list[Dated]] = defaultdict(list)
    for deal in view.deals:
        found[deal.row.investor, deal.row.company].append(deal)
    return dict(found)


@kept_per_view
def _companies(view: View) -> dict[int, list[int]]:
    """Fund -> companies it has, or had, money or deals in, by code."""
    found: dict[int, set[int]] = defaultdict(set)
    for fund, company in (*company_money(view), *_deals_by_pair(view)):
        found[fund].add(company)
    return {fund: sorted(own, key=lambda c: view.parties[c].code) for fund, own in found.items()}


@kept_per_view
def _kept(view: View) -> dict[tuple[int, int], Holding]:
    return {}


def holdings(view: View, fund: int) -> list[Holding]:
    """Everything the fund holds or held, by company code."""
    return [holding(view, fund, company) for company in _companies(view).get(fund, ())]


@kept_per_view
def all_holdings(view: View) -> tuple[Holding, ...]:
    """Every holding of every fund, by fund and company code."""
    return tuple(h for fund in sorted(_companies(view)) for h in holdings(view, fund))


def holders_of(view: View, company: int) -> list[Holding]:
    """Every fund's holding of a company."""
    funds = [fund for fund, own in _companies(view).items() if company in set(own)]
    return [holding(view, fund, company) for fund in sorted(funds, key=lambda f: view.parties[f].code)]


def holding(view: View, fund: int, company: int) -> Holding:
    """One holding; all noughts where the fund never had the company."""
    kept = _kept(view)
    found = kept.get((fund, company))
    if found is None:
        moves = company_money(view).get((fund, company), [])
        deals = _deals_by_pair(view).get((fund, company), [])
        found = kept[fund, company] = _holding(view, fund, company, moves, deals)
    return found


def _holding(
    view: View, fund: int, company: int, moves: Sequence[Movement], deals: Sequence[Dated]
) -> Holding:
    invested = sum(m.fen for m in moves if m.fen > 0)
    proceeds = -sum(m.fen for m in moves if m.kind == PostingKind.EXIT_PROCEEDS)
    dividends = -sum(m.fen for m in moves if m.kind == PostingKind.DIVIDEND)
    kinds = {d.row.kind for d in deals}
    last_exit = max((d.day for d in deals if d.row.kind in (DealKind.EXIT, DealKind.WRITE_OFF)), default=None)
    later = last_exit is not None and any(m.fen > 0 and to_date(m.day) > last_exit for m in moves)
    gone = last_exit is not None and not later
    cost = 0 if gone else _cost_left(moves, {d.row.id: d for d in deals})
    value = _value(view, fund, company, moves, gone, DealKind.WRITE_OFF in kinds)
    total = None if value.fen is None else proceeds + dividends + value.fen
    stage, definition = _stage(view, company, deals)
    if gone:
        state = "written_off" if DealKind.WRITE_OFF in kinds and DealKind.EXIT not in kinds else "sold"
    else:
        state = "part_sold" if DealKind.PARTIAL_EXIT in kinds else "held"
    return Holding(
        fund, company, min((d.day for d in deals), default=None), invested, proceeds, dividends, cost,
        proceeds - (invested - cost), value, ratio(total, invested), 0.0 if gone else _share(deals), stage, definition,
        state, tuple(d.row.id for d in deals),
    )  # fmt: skip


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
    place = latest(view).get((company, _stated_for(view, fund, company)), -1)
    if gone:
        return Value(0, note=WRITTEN_OFF if written_off else SOLD)
    if place < 0:
        return Value(None, note=NO_MARK)
    found = marks(view)
    since = int(found.day[place])
    day = to_date(since)
    later = [m.fen for m in moves if m.day > since and m.kind != PostingKind.DIVIDEND]
    fen = int(found.fen[place]) + sum(later)
    where = ((int(found.entry[place]), int(found.line[place])),)
    age = None if view.as_of is None else (view.as_of - day).days
    below = bool(later) and fen < 0
    return Value(
        None if below else fen, day, age, bool(later), sum(later), BELOW_ZERO if below else None, where
    )


def _stated_for(view: View, fund: int, company: int) -> int:
    """Whose statement counts: the fund's own, or that of the successor it was merged into and which states it since."""
    after = current(view, fund)
    if after == fund or (after, company) in company_money(view) or (company, after) not in latest(view):
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
