"""Stakes that changed hands: who handed what part of which stake to whom, on which day and for what price.

A transfer is what the memorandum postings of one entry move between two investors of a fund. It is a sale where a price
stands in the same entry, and moves the history freely otherwise; in a reorganisation the history moves whatever stands
beside it. Transfers happen at the close of their day, after its cash; of one day in the order of the journal.
"""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

import numpy as np

from fof.book.reading import as_of_day, distinct, is_among, is_in, once_per_prefix, once_per_view
from fof.ledger import Postings, View
from fof.ledger.balances import TRANSFERS, movements
from fof.ledger.journal_columns import Ints
from models.frozen import frozen
from models.kinds import EntryKind
from models.posting_kinds import PostingKind

_MEASURES = ("committed", "paid_in", "distributed")
_KINDS = {name: TRANSFERS[name] for name in _MEASURES}
_MEMORANDA = [int(kind) for kinds in _KINDS.values() for kind in kinds]


class Share(NamedTuple):
    """What moved of what there was, in fen."""

    moved: int
    of: int


@frozen
class Handover:
    """A stake, or part of one, that went from one investor to another.

    place       : of its first posting in the postings of all days; the order of one day
    whole       : nothing of the commitment was left with the seller
    committed, paid_in, distributed : what moved, and what the seller had before
    price       : in fen, None where none stands in the same entry or the entry is a reorganisation
    buyer_paid_before : the buyer had paid money into the fund before the day
    """

    fund: int
    seller: int
    buyer: int
    day: int
    entry: int
    place: int
    whole: bool
    committed: Share
    paid_in: Share
    distributed: Share
    price: int | None
    buyer_paid_before: bool

    @property
    def part(self) -> Share:
        """The part of the stake's value that went along: by paid-in capital, by commitment where nothing was paid in."""
        if self.whole:
            return Share(1, 1)
        if self.paid_in.of > 0:
            return Share(min(self.paid_in.moved, self.paid_in.of), self.paid_in.of)
        return self.committed if self.committed.of > 0 else Share(0, 1)


@once_per_prefix
def every_handover(view: View) -> dict[int, list[Handover]]:
    """Transfers of all days by fund, in the order in which they happened."""
    p = view.postings
    rows = np.flatnonzero(is_among(p.kind, _MEMORANDA))
    if not len(rows):
        return {}
    events: dict[tuple[int, int, int, int, int], int] = {}
    moved: dict[tuple[int, int, int, int, int], dict[int, int]] = defaultdict(lambda: defaultdict(int))
    columns = (p.day, p.entry, p.fund, p.from_party, p.to_party, p.kind, p.fen)
    for place, day, entry, fund, seller, buyer, kind, fen in zip(
        rows.tolist(), *(c[rows].tolist() for c in columns), strict=True
    ):
        key = (day, entry, fund, seller, buyer)
        events.setdefault(key, place)
        moved[key][kind] += fen
    prices: dict[tuple[int, int, int, int], int] = defaultdict(int)
    for price in stake_prices(view):
        prices[price.entry, price.fund, price.seller, price.buyer] += price.fen
    before = _Before(p, {key[2] for key in events})
    by_fund: dict[int, list[Handover]] = defaultdict(list)
    for key in sorted(events, key=lambda k: (k[0], events[k])):
        day, entry, fund, seller, buyer = key
        shares = {}
        for name, moves in _KINDS.items():
            fen = sum(moved[key].get(kind, 0) for kind in moves)
            shares[name] = Share(fen, before.held(name, fund, seller, day))
            before.pass_on(name, fund, seller, buyer, fen)
        left = shares["committed"].of - shares["committed"].moved
        whole = shares["committed"].moved > 0 and left == 0
        paid = before.paid(fund, buyer, day)
        by_fund[fund].append(
            Handover(
                fund,
                seller,
                buyer,
                day,
                entry,
                events[key],
                whole,
                **shares,
                price=prices.get(key[1:]),
                buyer_paid_before=paid,
            )
        )
    return dict(by_fund)


@once_per_view
def handovers(view: View) -> dict[int, list[Handover]]:
    """Transfers up to the as-of day by fund, in the order in which they happened."""
    day = as_of_day(view)
    upto = {fund: [h for h in own if h.day <= day] for fund, own in every_handover(view).items()}
    return {fund: own for fund, own in upto.items() if own}


@once_per_prefix
def reorganised(view: View) -> frozenset[int]:
    """Entries in which stakes change hands that are reorganisations: what they name a price is none."""
    kinds = [int(PostingKind.SECONDARY_PURCHASE), *_MEMORANDA]
    entries = distinct(view.postings.entry[is_among(view.postings.kind, kinds)]).tolist()
    if not entries:
        return frozenset()
    return frozenset(n for n, head in view.heads(entries).items() if head.kind == EntryKind.REORGANISATION)


class StakePrice(NamedTuple):
    """What a buyer paid a seller for a stake, or part of one; place: of its posting among those of all days."""

    place: int
    day: int
    entry: int
    fund: int
    buyer: int
    seller: int
    deal: int | None
    fen: int


@once_per_prefix
def stake_prices(view: View) -> tuple[StakePrice, ...]:
    """Prices of all days in the order of the journal; what a reorganisation names a price is none."""
    p, merged = view.postings, reorganised(view)
    rows = np.flatnonzero((p.kind == PostingKind.SECONDARY_PURCHASE) & (p.fund >= 0))
    columns = (p.day, p.entry, p.fund, p.from_party, p.to_party, p.deal, p.fen)
    return tuple(
        StakePrice(place, day, entry, fund, buyer, seller, None if deal < 0 else deal, fen)
        for place, day, entry, fund, buyer, seller, deal, fen in zip(
            rows.tolist(), *(c[rows].tolist() for c in columns), strict=True
        )
        if entry not in merged
    )


class _Before:
    """What investors had in some funds at the close of a day, transfers counted one after another."""

    def __init__(self, postings: Postings, funds: set[int]) -> None:
        own = postings.where(np.flatnonzero(is_in(postings.fund, funds)))
        cash = own.where(np.flatnonzero(~is_among(own.kind, _MEMORANDA)))
        self._moves: dict[tuple[str, int, int], tuple[Ints, Ints]] = {}
        for name in _MEASURES:
            moved = movements(cash, name)
            order = np.lexsort((moved.day, moved.investor, moved.fund))
            keys = (moved.fund[order].astype(np.int64) << 32) | moved.investor[order]
            cuts = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1], True]) if len(keys) else np.zeros(1, int)
            for first, end in zip(cuts[:-1].tolist(), cuts[1:].tolist(), strict=True):
                key = int(keys[first])
                days = moved.day[order[first:end]].astype(np.int64)
                sums = np.cumsum(moved.fen[order[first:end]])
                self._moves[name, key >> 32, key & 0xFFFFFFFF] = (days, sums)
        self._passed: dict[tuple[str, int, int], int] = defaultdict(int)

    def held(self, name: str, fund: int, investor: int, day: int) -> int:
        days, sums = self._moves.get((name, fund, investor), (None, None))
        own = 0
        if days is not None and sums is not None:
            end = int(np.searchsorted(days, day, side="right"))
            own = int(sums[end - 1]) if end else 0
        return own + self._passed[name, fund, investor]

    def pass_on(self, name: str, fund: int, seller: int, buyer: int, fen: int) -> None:
        self._passed[name, fund, seller] -= fen
        self._passed[name, fund, buyer] += fen

    def paid(self, fund: int, investor: int, day: int) -> bool:
        days, _ = self._moves.get(("paid_in", fund, investor), (None, None))
        return days is not None and bool(len(days)) and int(days[0]) < day
