"""What a fund paid for a company, got back, and still has at cost, over time; the reading is that of fof.book.holdings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from fof.audit.rows import DealRow, PostingRow
from models.kinds import DealKind
from models.posting_kinds import PostingKind

_GONE = (DealKind.EXIT, DealKind.WRITE_OFF)


@dataclass
class CostPath:
    """One fund's money with one company.

    money   : (day, fen, is dividend) with fen > 0 into the company; by day
    changes : (day, change) of the cost of what is still held
    deals   : all deals of the pair, by day
    """

    money: list[tuple[dt.date, int, bool]] = field(default_factory=list)
    changes: list[tuple[dt.date, int]] = field(default_factory=list)
    deals: list[DealRow] = field(default_factory=list)

    def closed_on(self, day: dt.date) -> dt.date | None:
        """The last full exit or write-off up to a day, unless money went in after it."""
        last = max((d.day for d in self.deals if d.row.kind in _GONE and d.day <= day), default=None)
        if last is None or any(last < on <= day and fen > 0 for on, fen, _ in self.money):
            return None
        return last

    def invested(self, day: dt.date) -> int:
        """Everything ever paid."""
        return sum(fen for on, fen, _ in self.money if fen > 0 and on <= day)

    def back(self, day: dt.date) -> int:
        """Proceeds and dividends."""
        return -sum(fen for on, fen, _ in self.money if fen < 0 and on <= day)

    def left(self, day: dt.date) -> int:
        """Cost of what is still held."""
        return sum(change for on, change in self.changes if on <= day)

    def rolled(self, after: dt.date, day: dt.date) -> int:
        """Money in less proceeds after a mark's day; dividends do not change a value."""
        return sum(fen for on, fen, dividend in self.money if after < on <= day and not dividend)


def cost_path(postings: Sequence[PostingRow], deals: Sequence[DealRow]) -> CostPath:
    """A part exit releases cost by the share sold where every share is known, else proceeds count against cost first;
    a full exit or a write-off releases what is left."""
    path = CostPath(deals=sorted(deals, key=lambda d: (d.day, d.entry)))
    nano = {d.row.id: d.row.share_nano for d in deals}
    events: list[tuple[dt.date, int, int, PostingRow | None]] = []
    for order, p in enumerate(sorted(postings, key=lambda p: p.day)):
        events.append((p.day, 0, order, p))
    events += [(d.day, 1, 0, None) for d in path.deals if d.row.kind in _GONE]
    cost, share, known = 0, 0, True
    for day, _, _, posting in sorted(events, key=lambda e: e[:3]):
        if posting is None:
            if cost:
                path.changes.append((day, -cost))
            cost, share = 0, 0
            continue
        of_deal = None if posting.deal is None else nano.get(posting.deal)
        if posting.kind == PostingKind.INVESTMENT:
            path.money.append((day, posting.fen, False))
            path.changes.append((day, posting.fen))
            cost += posting.fen
            known = known and of_deal is not None
            share += of_deal or 0
            continue
        path.money.append((day, -posting.fen, posting.kind == PostingKind.DIVIDEND))
        if posting.kind == PostingKind.DIVIDEND:
            continue
        if known and of_deal is not None and share > 0:
            released = cost * min(of_deal, share) // share
            share -= min(of_deal, share)
        else:
            released = min(cost, posting.fen)
        cost -= released
        if released:
            path.changes.append((day, -released))
    return path
