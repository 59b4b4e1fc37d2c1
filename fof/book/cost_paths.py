"""What a fund paid for a company, got back, and still has at cost, over all days of a prefix of the journal.

The one reading of cost. A part exit releases cost by the share sold where the share of every deal is known, else proceeds
count against cost first. A full exit or a write-off releases what is left, whatever it brought; money that goes in after
it begins anew, at its own cost and its own share. Money of a day comes before the exit of that day.

Three things happen without cash. A conversion turns what was bought as convertible by then into the share that it states, at
the cost it had; it comes before the money of its day. What a fund distributes in kind leaves it as sold at the stated value,
and is with each investor from then on at that value, as its part of the share that the fund handed over. What an investor pays in
with shares is bought at the stated value by the deal that it names, and sold at it by the investor's own exit of the day, if it
held them.

Income that names no deal counts where the journal had an investment, or money that names a deal, of the same fund and
company before it, and from the day of the first of these on: interest from a party that is no holding is none.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate
from operator import attrgetter
from typing import Any, NamedTuple

import numpy as np

from fof.book.reading import kinds_with, once_per_prefix
from fof.ledger import Dated, View, day_number
from models.kinds import DealKind, ExitRoute, Instrument
from models.money import WHOLE
from models.posting_kinds import PostingKind

Pair = tuple[int, int]
"""Fund and company."""
GONE = (DealKind.EXIT, DealKind.WRITE_OFF)
SOLD = (DealKind.PARTIAL_EXIT, DealKind.EXIT)
BOUGHT = (DealKind.INITIAL, DealKind.FOLLOW_ON)
_SIGN = {**dict.fromkeys((*BOUGHT, DealKind.CONVERSION), 1), **dict.fromkeys(SOLD, -1)}
_IN_KIND, _CONTRIBUTED = PostingKind.DISTRIBUTION_IN_KIND, PostingKind.CONTRIBUTION_IN_KIND
_WITH_COMPANIES = kinds_with(
    lambda k: k in (PostingKind.INVESTMENT, PostingKind.EXIT_PROCEEDS, PostingKind.DIVIDEND)
)


class DealMovement(NamedTuple):
    """Money between a fund and a company: day number, fen (> 0 into the company), deal id (-1: none), posting kind.

    place : position in the postings of a view of every day
    share : of the company, in 1e-9, that was received or contributed in kind; None where the fund's own deal does not state it
    A deal of what a fund distributed in kind is that of the fund, on both sides.
    """

    day: int
    fen: int
    deal: int
    kind: int
    place: int
    share: int | None = None

    @property
    def is_proceeds(self) -> bool:
        """What an exit brought, in cash or in kind."""
        return self.kind == PostingKind.EXIT_PROCEEDS or (
            self.kind in (_IN_KIND, _CONTRIBUTED) and self.fen < 0
        )

    @property
    def is_purchase(self) -> bool:
        """What was paid by a deal, in cash or by what an investor contributed."""
        return self.kind == PostingKind.INVESTMENT or (self.kind == _CONTRIBUTED and self.fen > 0)

    @property
    def is_paid(self) -> bool:
        """What was paid to the company in cash."""
        return self.kind == PostingKind.INVESTMENT

    @property
    def is_received(self) -> bool:
        """What came in kind from a fund."""
        return self.kind == _IN_KIND and self.fen > 0


class CostPath:
    """One fund's money with one company. Days are day numbers; everything is asked as of the close of a day.

    moves : by day, of one day in the journal's order     deals : by day
    """

    def __init__(self, moves: Sequence[DealMovement], deals: Sequence[Dated]) -> None:
        self.moves = sorted(moves, key=attrgetter("day", "place"))
        self._move_days = [m.day for m in self.moves]
        self.deals = deals
        self._deal_days = [day_number(d.day) for d in deals]
        self._first = min((m.day for m in moves if m.deal >= 0 or m.fen > 0), default=None)
        self._ends = [on for on, d in zip(self._deal_days, deals, strict=True) if d.row.kind in GONE]
        self._paid_in = [m.day for m in self.moves if m.fen > 0]
        self._received = [m for m in self.moves if m.is_received]
        self._converts = any(d.row.kind == DealKind.CONVERSION for d in deals)

    def deals_upto(self, day: int) -> Sequence[Dated]:
        """The deals up to a day."""
        return self.deals[: bisect_right(self._deal_days, day)]

    def upto(self, day: int) -> list[DealMovement]:
        """The money up to a day; none before the first investment or deal that was paid."""
        return self.moves[: self._count(day)]

    def _count(self, day: int) -> int:
        """How many of the moves are `upto` a day."""
        return 0 if self._first is None or day < self._first else bisect_right(self._move_days, day)

    def held_before(self, day: int) -> bool:
        """Whether there was money or a deal by a day."""
        return bool(self.deals_upto(day) or self.upto(day))

    def _last_exit(self, day: int) -> int | None:
        at = bisect_right(self._ends, day)
        return self._ends[at - 1] if at else None

    def closed_on(self, day: int) -> int | None:
        """The last full exit or write-off up to a day, unless money went in after it."""
        last = self._last_exit(day)
        if last is None or bisect_right(self._paid_in, day) > bisect_right(self._paid_in, last):
            return None
        return last

    def held_from(self, day: int) -> bool:
        """Whether there was a deal by a day, or something was received in kind."""
        if self._deal_days and self._deal_days[0] <= day:
            return True
        return bool(self._received) and self._received[0].day <= day

    def invested(self, day: int) -> int:
        """Everything ever paid, and what came in kind at its stated value."""
        return self._running[self._count(day)][0]

    def paid(self, day: int) -> int:
        """What was paid in cash: money that reached the company."""
        return self._running[self._count(day)][1]

    @cached_property
    def _running(self) -> list[tuple[int, int]]:
        """What was invested, and paid, by none, one, two … of the moves."""
        invested = accumulate((max(m.fen, 0) for m in self.moves), initial=0)
        paid = accumulate((m.fen if m.is_paid else 0 for m in self.moves), initial=0)
        return list(zip(invested, paid, strict=True))

    def proceeds(self, day: int) -> int:
        """What exits brought."""
        return -sum(m.fen for m in self.upto(day) if m.is_proceeds)

    def dividends(self, day: int) -> int:
        """Dividends."""
        return -sum(m.fen for m in self.upto(day) if m.kind == PostingKind.DIVIDEND)

    def received(self, day: int) -> int:
        """Everything that came back: proceeds and dividends."""
        return self.proceeds(day) + self.dividends(day)

    def rolled(self, after: int, day: int) -> list[int]:
        """Money in, and proceeds as negative fen, after a mark's day; dividends do not change a value."""
        return [m.fen for m in self.upto(day) if m.day > after and m.kind != PostingKind.DIVIDEND]

    def cost(self, day: int) -> int:
        """Of what is still held."""
        days, balances = self._balances
        at = bisect_right(days, day)
        return balances[at - 1] if at else 0

    @cached_property
    def _balances(self) -> tuple[list[int], list[int]]:
        """Days of the changes, and the cost after each."""
        return [day for day, _ in self.changes], list(accumulate(change for _, change in self.changes))

    def share(self, day: int) -> float | None:
        """Shares bought less shares sold since the last full exit or write-off; None where a deal leaves its share out."""
        if self.closed_on(day) is not None:
            return 0.0
        last = self._last_exit(day)
        begun = 0 if last is None else bisect_right(self._deal_days, last)
        deals = self.deals[begun : bisect_right(self._deal_days, day)]
        counted = _converted(deals) if self._converts else deals
        parts = [(_SIGN.get(d.row.kind, 0), d.row.share_nano) for d in counted]
        parts += [(1, m.share) for m in self._received if m.day <= day and (last is None or m.day > last)]
        if not parts or any(nano is None for _, nano in parts):
            return None
        return max(0, sum(sign * (nano or 0) for sign, nano in parts)) / WHOLE

    @cached_property
    def changes(self) -> list[tuple[int, int]]:
        """(day, change) of the cost of what is still held, in order."""
        rows = {d.row.id: d.row for d in self.deals}
        events: list[tuple[int, int, DealMovement | Dated]] = [(m.day, 1, m) for m in self.moves]
        for on, deal in zip(self._deal_days, self.deals, strict=True):
            if deal.row.kind == DealKind.CONVERSION or deal.row.kind in GONE:
                events.append((on, 2 if deal.row.kind in GONE else 0, deal))
        steps, state = [], _Held()
        for day, _, event in sorted(events, key=lambda e: e[:2]):
            if isinstance(event, DealMovement):
                change = state.move(event, rows.get(event.deal))
            else:
                change = state.convert(event.row) if event.row.kind == DealKind.CONVERSION else state.end()
            if change:
                steps.append((day, change))
        return steps


class _Held:
    """Cost and share of what is held between two events; loans: of what was bought as convertible and not converted."""

    def __init__(self) -> None:
        self.cost, self._handed = 0, set[int]()
        self._bare()

    def _bare(self) -> None:
        self.share, self.loans, self.known, self.loans_known = 0, 0, True, True

    def end(self) -> int:
        """A full exit or a write-off."""
        change, self.cost = -self.cost, 0
        self._bare()
        return change

    def convert(self, deal: Any) -> int:
        """What was convertible becomes a share; its cost stays."""
        self.share += (deal.share_nano or 0) - self.loans
        self.known = self.known and deal.share_nano is not None
        self.loans, self.loans_known = 0, True
        return 0

    def move(self, move: DealMovement, deal: Any) -> int:
        """Money in, or cost released by what came back; `deal`: the holder's own that it names."""
        if move.kind == PostingKind.DIVIDEND:
            return 0
        partial = move.is_received or (move.kind == _CONTRIBUTED and move.fen > 0)
        own = move.share if partial else None if deal is None else deal.share_nano
        if move.fen > 0:
            change = move.fen
            self.share += own or 0
            if deal is not None and deal.instrument == Instrument.CONVERTIBLE:
                self.loans += own or 0
                self.loans_known = self.loans_known and own is not None
            else:
                self.known = self.known and own is not None
        elif move.deal in self._handed:
            change = 0  # one deal in kind, handed to several investors
        elif self.known and self.loans_known and own is not None and self.share > 0:
            change = -(self.cost * min(own, self.share) // self.share)
            self.share -= min(own, self.share)
            if move.kind in (_IN_KIND, _CONTRIBUTED):
                self._handed.add(move.deal)
        else:
            change = -min(self.cost, -move.fen)
        self.cost += change
        return change


def _converted(deals: Sequence[Dated]) -> list[Dated]:
    """The deals that say what share is held: without what was convertible and has been converted."""
    last = max((n for n, d in enumerate(deals) if d.row.kind == DealKind.CONVERSION), default=-1)
    return [
        d
        for n, d in enumerate(deals)
        if n > last or d.row.kind not in BOUGHT or d.row.instrument != Instrument.CONVERTIBLE
    ]


@once_per_prefix
def cost_paths(view: View) -> dict[Pair, CostPath]:
    """Every pair that ever had money or a deal; the company is the deal's, else the other party of the posting."""
    p = view.postings
    rows = np.flatnonzero(_WITH_COMPANIES[p.kind] & (p.fund >= 0))
    company_of = {number: d.row.company for number, d in view.deal_by_id.items()}
    moves: dict[Pair, list[DealMovement]] = defaultdict(list)
    columns = (p.kind, p.from_party, p.to_party, p.fund, p.deal, p.fen, p.day)
    for place, kind, frm, to, fund, deal, fen, day in zip(
        rows.tolist(), *(c[rows].tolist() for c in columns), strict=True
    ):
        into = kind == PostingKind.INVESTMENT
        pair = fund, company_of.get(deal, to if into else frm)
        if into or deal in company_of or pair in moves:
            moves[pair].append(DealMovement(day, fen if into else -fen, deal, kind, place))
    for pair, move in (*_in_kind(view), *_contributed(view)):
        moves[pair].append(move)
    deals: dict[Pair, list[Dated]] = defaultdict(list)
    for deal in view.deals:
        deals[deal.row.investor, deal.row.company].append(deal)
    return {pair: CostPath(moves.get(pair, ()), deals.get(pair, ())) for pair in moves.keys() | deals.keys()}


def _in_kind(view: View) -> list[tuple[Pair, DealMovement]]:
    """What funds handed to their investors: out of the fund's holding, into the investor's."""
    p, rows = view.postings, np.flatnonzero(view.postings.kind == _IN_KIND)
    columns = (p.day, p.fund, p.to_party, p.deal, p.fen)
    every = zip(rows.tolist(), *(c[rows].tolist() for c in columns), strict=True)
    handed = [
        row for row in every if row[4] in view.deal_by_id
    ]  # of what, a row written past the checks does not say
    whole: dict[int, int] = defaultdict(int)
    for *_, deal, fen in handed:
        whole[deal] += fen
    moves = []
    for place, day, fund, investor, number, fen in handed:
        deal = view.deal_by_id[number].row
        share = None if deal.share_nano is None else deal.share_nano * fen // whole[number]
        moves.append(((fund, deal.company), DealMovement(day, -fen, number, int(_IN_KIND), place)))
        moves.append(((investor, deal.company), DealMovement(day, fen, number, int(_IN_KIND), place, share)))
    return moves


def _contributed(view: View) -> list[tuple[Pair, DealMovement]]:
    """What investors paid in with shares: into the fund's holding, out of the investor's by its exit of that day."""
    p = view.postings
    rows = np.flatnonzero((p.kind == _CONTRIBUTED) & (p.deal >= 0))
    if not len(rows):
        return []
    given = {
        (d.row.investor, d.row.company, day_number(d.day)): d.row.id
        for d in view.deals
        if d.row.kind in SOLD and d.row.exit_route == ExitRoute.CONTRIBUTED
    }
    whole: dict[int, int] = defaultdict(int)
    for deal, fen in zip(p.deal[rows].tolist(), p.fen[rows].tolist(), strict=True):
        whole[deal] += fen
    moves, before = [], dict[int, int]()
    columns = (p.day, p.fund, p.from_party, p.deal, p.fen)
    for place, day, fund, investor, number, fen in zip(
        rows.tolist(), *(c[rows].tolist() for c in columns), strict=True
    ):
        deal = view.deal_by_id[number].row
        start = before.get(number, 0)
        before[number] = start + fen
        nano, total = deal.share_nano, whole[number]
        share = None if nano is None else nano * (start + fen) // total - nano * start // total
        moves.append(((fund, deal.company), DealMovement(day, fen, number, int(_CONTRIBUTED), place, share)))
        out = given.get((investor, deal.company, day))
        if out is not None:
            moves.append(((investor, deal.company), DealMovement(day, -fen, out, int(_CONTRIBUTED), place)))
    return moves


@once_per_prefix
def companies_of(view: View) -> dict[int, list[int]]:
    """Fund -> companies it ever had money or deals in, by code."""
    companies: dict[int, list[int]] = defaultdict(list)
    for fund, company in cost_paths(view):
        companies[fund].append(company)
    return {fund: sorted(own, key=lambda c: view.parties[c].code) for fund, own in companies.items()}
