"""What a fund paid for a company, got back, and still has at cost, over all days of a prefix of the journal.

The one reading of cost. A part exit releases cost by the share sold where the share of every deal is known, else proceeds
count against cost first. A full exit or a write-off releases what is left, whatever it brought; money that goes in after
it begins anew, at its own cost and its own share. Money of a day comes before the exit of that day.

Income that names no deal counts where the journal had an investment, or money that names a deal, of the same fund and
company before it, and from the day of the first of these on: interest from a party that is no holding is none.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np

from fof.book.reading import kinds_with, once_per_prefix
from fof.ledger import Dated, View, day_number
from models.kinds import DealKind
from models.posting_kinds import PostingKind

Pair = tuple[int, int]
"""Fund and company."""
GONE = (DealKind.EXIT, DealKind.WRITE_OFF)
SOLD = (DealKind.PARTIAL_EXIT, DealKind.EXIT)
_SIGN = {DealKind.INITIAL: 1, DealKind.FOLLOW_ON: 1, DealKind.PARTIAL_EXIT: -1, DealKind.EXIT: -1}
_WITH_COMPANIES = kinds_with(
    lambda k: k in (PostingKind.INVESTMENT, PostingKind.EXIT_PROCEEDS, PostingKind.DIVIDEND)
)


class DealMovement(NamedTuple):
    """Money between a fund and a company: day number, fen (> 0 into the company), deal id (-1: none), posting kind.

    place : position in the postings of a view of every day
    """

    day: int
    fen: int
    deal: int
    kind: int
    place: int


class CostPath:
    """One fund's money with one company. Days are day numbers; everything is asked as of the close of a day.

    moves : by day, of one day in the journal's order     deals : by day
    """

    def __init__(self, moves: Sequence[DealMovement], deals: Sequence[Dated]) -> None:
        self.moves = sorted(moves, key=lambda m: (m.day, m.place))
        self.deals = deals
        self._deal_days = [day_number(d.day) for d in deals]
        self._first = min((m.day for m in moves if m.deal >= 0 or m.fen > 0), default=None)

    def deals_upto(self, day: int) -> Sequence[Dated]:
        """The deals up to a day."""
        return self.deals[: bisect_right(self._deal_days, day)]

    def upto(self, day: int) -> list[DealMovement]:
        """The money up to a day; none before the first investment or deal that was paid."""
        if self._first is None or day < self._first:
            return []
        return self.moves[: bisect_right(self.moves, day, key=lambda m: m.day)]

    def held_before(self, day: int) -> bool:
        """Whether there was money or a deal by a day."""
        return bool(self.deals_upto(day) or self.upto(day))

    def _last_exit(self, day: int) -> int | None:
        ends = [on for on, d in zip(self._deal_days, self.deals, strict=True) if d.row.kind in GONE]
        return max((on for on in ends if on <= day), default=None)

    def closed_on(self, day: int) -> int | None:
        """The last full exit or write-off up to a day, unless money went in after it."""
        last = self._last_exit(day)
        if last is None or any(m.fen > 0 and m.day > last for m in self.upto(day)):
            return None
        return last

    def invested(self, day: int) -> int:
        """Everything ever paid."""
        return sum(m.fen for m in self.upto(day) if m.fen > 0)

    def proceeds(self, day: int) -> int:
        """Money of exits."""
        return -sum(m.fen for m in self.upto(day) if m.kind == PostingKind.EXIT_PROCEEDS)

    def dividends(self, day: int) -> int:
        """Dividends."""
        return -sum(m.fen for m in self.upto(day) if m.kind == PostingKind.DIVIDEND)

    def rolled(self, after: int, day: int) -> list[int]:
        """Money in, and proceeds as negative fen, after a mark's day; dividends do not change a value."""
        return [m.fen for m in self.upto(day) if m.day > after and m.kind != PostingKind.DIVIDEND]

    def cost(self, day: int) -> int:
        """Of what is still held."""
        return sum(change for on, change in self.changes if on <= day)

    def share(self, day: int) -> float | None:
        """Shares bought less shares sold since the last full exit or write-off; None where a deal leaves its share out."""
        if self.closed_on(day) is not None:
            return 0.0
        last = self._last_exit(day)
        deals = [d.row for d in self.deals_upto(day) if last is None or day_number(d.day) > last]
        if not deals or any(d.share_nano is None for d in deals):
            return None
        nano: int = sum(_SIGN.get(DealKind(d.kind), 0) * d.share_nano for d in deals)
        return max(0, nano) / 1e9

    @cached_property
    def changes(self) -> list[tuple[int, int]]:
        """(day, change) of the cost of what is still held, in order."""
        nano = {d.row.id: d.row.share_nano for d in self.deals}
        ends = [(on, d) for on, d in zip(self._deal_days, self.deals, strict=True) if d.row.kind in GONE]
        events: list[tuple[int, bool, DealMovement | None]] = [(m.day, False, m) for m in self.moves]
        events += [(on, True, None) for on, _ in ends]
        steps = []
        cost, share, known = 0, 0, True
        for day, _, move in sorted(events, key=lambda e: e[:2]):
            if move is not None and move.kind == PostingKind.DIVIDEND:
                continue
            if move is None:
                change, share, known = -cost, 0, True
            elif move.fen > 0:
                change, own = move.fen, nano.get(move.deal)
                known = known and own is not None
                share += own or 0
            elif known and (sold := nano.get(move.deal)) is not None and share > 0:
                change = -(cost * min(sold, share) // share)
                share -= min(sold, share)
            else:
                change = -min(cost, -move.fen)
            cost += change
            if change:
                steps.append((day, change))
        return steps


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
    deals: dict[Pair, list[Dated]] = defaultdict(list)
    for deal in view.deals:
        deals[deal.row.investor, deal.row.company].append(deal)
    return {pair: CostPath(moves.get(pair, ()), deals.get(pair, ())) for pair in moves.keys() | deals.keys()}


@once_per_prefix
def companies_of(view: View) -> dict[int, list[int]]:
    """Fund -> companies it ever had money or deals in, by code."""
    companies: dict[int, list[int]] = defaultdict(list)
    for fund, company in cost_paths(view):
        companies[fund].append(company)
    return {fund: sorted(own, key=lambda c: view.parties[c].code) for fund, own in companies.items()}
