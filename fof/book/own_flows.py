"""The investor's own performance: the money of stakes as it is theirs, where stakes changed hands.

A stake that is sold leaves its history with the seller, who receives the price as a distribution; the buyer pays in the
price. Where no price stands in the same entry, or in a reorganisation, the history moves: every earlier flow, dated as it
was, in the part that went along, from the day of the transfer on. Within one group of stakes a price is no money from
outside and is left out. The fund's register (fof.book.flows, fof.book.stakes) knows no prices; both add up to the same cash.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np

from fof.book.flows import Flows, flows_by_fund, flows_by_stake
from fof.book.reading import Bools, as_of_day, is_among, once_per_prefix, once_per_view
from fof.book.transfers import Handover, Share, every_handover, reorganised, stake_prices
from fof.ledger import View
from fof.ledger.balances import pair_keys
from fof.ledger.journal_columns import Ints
from models.posting_kinds import TREATMENTS, PostingKind

Pair = tuple[int, int]
"""(fund, investor); investor -1: a fund with all its investors."""
_PRICE = int(PostingKind.SECONDARY_PURCHASE)
_INTO = frozenset(int(k) for k, t in TREATMENTS.items() if t.from_investor)


def own_flows(view: View, groups: Sequence[Collection[Pair]]) -> tuple[Flows, Ints]:
    """The dated flows of groups of stakes up to the as-of day, and the number of the group each belongs to.

    `place` counts the postings of all days. Their paid_in and distributed add up to the group's own; what one of a group
    paid another for a stake is left out. Of a whole fund (investor -1) they are the register's: prices pass it by.
    """
    whole = {fund: n for n, pairs in enumerate(groups) for fund, investor in pairs if investor < 0}
    stakes = {(f << 32) | i: n for n, pairs in enumerate(groups) for f, i in pairs if i >= 0}
    parts, numbers = [], []
    for table, index in ((whole, flows_by_fund(view)), (stakes, flows_by_stake(view))):
        own, which = index.picked(np.array(list(table), np.int64))
        parts.append(own)
        numbers.append(np.array(list(table.values()), np.int64)[which])
    changed = _changed(view)
    if len(changed):
        known = np.array(sorted(stakes), np.int64)
        keys = pair_keys(changed.fund, changed.investor)
        extra = changed.where(is_among(keys, known))
        number = np.array([stakes[k] for k in pair_keys(extra.fund, extra.investor).tolist()], np.int64)
        inside, of = _within(extra, number)
        parts += [extra, inside]
        numbers += [number, of]
    return Flows.joined(parts), np.concatenate(numbers)


def sums(flows: Flows, number: Ints, groups: int) -> tuple[list[int], list[int]]:
    """Paid in and distributed of each group, in fen."""
    paid, out = np.zeros(groups, np.int64), np.zeros(groups, np.int64)
    np.add.at(paid, number, flows.paid_in)
    np.add.at(out, number, flows.distributed)
    return paid.tolist(), out.tolist()


def sums_on(fen: Ints, flows: Flows, number: Ints, groups: int, ends: Ints) -> Ints:
    """A measure of every group at the end of every day, (groups, days): history that came with a stake counts from that day.

    fen  : of each flow, a column of flows        ends : day numbers, ascending
    """
    moved = np.zeros((groups, len(ends) + 1), np.int64)
    np.add.at(moved, (number, np.searchsorted(ends, flows.since)), fen)
    return np.cumsum(moved, axis=1)[:, :-1]


def goes_in(flows: Flows) -> Bools:
    """True where a flow is money an investor puts in (or has less of put in), False where it comes back."""
    table = np.zeros(max(TREATMENTS) + 1, bool)
    table[list(_INTO)] = True
    return np.asarray(np.where(flows.kind == _PRICE, flows.paid_in != 0, table[flows.kind]))


@once_per_view
def _changed(view: View) -> Flows:
    every = _every_change(view)
    return every.where(every.since <= as_of_day(view))


def _within(extra: Flows, number: Ints) -> tuple[Flows, Ints]:
    """What takes the prices paid within a group out of it again, from the day on which both sides are in it."""
    rows: list[tuple[int, ...]] = []
    of: list[int] = []
    priced = np.flatnonzero(extra.kind == _PRICE)
    priced = priced[np.argsort(extra.since[priced], kind="stable")]
    seen: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0, 0])
    columns = (
        extra.place,
        extra.fund,
        extra.investor,
        extra.day,
        extra.paid_in,
        extra.distributed,
        extra.since,
    )
    for group, *row in zip(number[priced].tolist(), *(c[priced].tolist() for c in columns), strict=True):
        place, fund, investor, day, paid, out, since = row
        state = seen[group, place]
        state[0] += paid
        state[1] += out
        more = min(state[0], state[1]) - state[2]
        if more:
            state[2] += more
            rows += [
                (place, fund, investor, day, _PRICE, more, -more, 0, since),
                (place, fund, investor, day, _PRICE, -more, 0, -more, since),
            ]
            of += [group, group]
    return _as_flows(rows), np.array(of, np.int64)


def _as_flows(rows: Sequence[tuple[int, ...]]) -> Flows:
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(Flows.__match_args__)
    kinds = (np.int64, np.int32, np.int32, np.int32, np.int16, np.int64, np.int64, np.int64, np.int32)
    return Flows(*(np.array(c, k) for c, k in zip(columns, kinds, strict=True)))


# -- what transfers change -----------------------------------------------------------------------------------------


@once_per_prefix
def _every_change(view: View) -> Flows:
    """Prices of stakes, and the history that moved with stakes: taken from one, given to the other."""
    paid: dict[int, list[tuple[int, ...]]] = defaultdict(list)
    for row in _prices(view):
        paid[row[0]].append(row)
    entry = view.postings.entry
    events: list[tuple[int, int, int, Handover | None]] = [
        (h.day, h.entry, h.place, h) for own in every_handover(view).values() for h in own
    ]
    after = len(entry)  # of one entry the stake goes before its price comes
    events += [(rows[0][3], int(entry[place]), after + place, None) for place, rows in paid.items()]
    histories = _Histories(view)
    for _day, _entry, place, handover in sorted(events, key=lambda e: e[:3]):
        if handover is None:
            histories.pay(paid[place - after])
        elif handover.price is None:
            histories.move(handover)
        else:
            histories.sell(handover)
    return histories.changes()


def _prices(view: View) -> list[tuple[int, ...]]:
    """Both sides of every price: the buyer's paid-in capital, the seller's distribution."""
    changes: list[tuple[int, ...]] = []
    for p in stake_prices(view):
        changes.append((p.place, p.fund, p.buyer, p.day, _PRICE, -p.fen, p.fen, 0, p.day))
        changes.append((p.place, p.fund, p.seller, p.day, _PRICE, p.fen, 0, p.fen, p.day))
    return changes


class _Histories:
    """What stakes gained and lost beside their booked flows, and which part of it goes along when they are given away.

    What was sold at a price stays with its seller for good, and its price with it: a later transfer without a price moves
    the history of what is held then. A reorganisation moves all of it.
    """

    def __init__(self, view: View) -> None:
        self._view = View(view.journal, None, view.prefix)
        self._reorganised = reorganised(view)
        self._gained: dict[Pair, list[Flows]] = defaultdict(list)
        self._sold: dict[Pair, list[Flows]] = defaultdict(list)
        """The flows of sold parts, and the prices received for them."""

    def changes(self) -> Flows:
        parts = [part for gained in self._gained.values() for part in gained]
        return Flows.joined(parts) if parts else _as_flows([])

    def pay(self, rows: Sequence[tuple[int, ...]]) -> None:
        for row in rows:
            flow = _as_flows([row])
            self._gained[row[1], row[2]].append(flow)
            if flow.distributed[0]:
                self._sold[row[1], row[2]].append(flow)

    def sell(self, handover: Handover) -> None:
        self._sold[handover.fund, handover.seller].append(_part(self._held(handover), handover))

    def move(self, handover: Handover) -> None:
        """Take the part of the seller's history that goes along, and give it to the buyer: dated as it was."""
        self._hand_on(handover, _part(self._held(handover), handover), self._gained)
        if handover.whole and handover.entry in self._reorganised:
            sold = Flows.joined(self._sold[handover.fund, handover.seller] or [_as_flows([])])
            self._hand_on(handover, sold, self._gained)
            self._hand_on(handover, sold, self._sold)

    def _hand_on(self, handover: Handover, moved: Flows, kind: dict[Pair, list[Flows]]) -> None:
        day = np.full(len(moved), handover.day, np.int32)
        came = replace(moved, investor=np.full(len(moved), handover.buyer, np.int32), since=day)
        kind[handover.fund, handover.seller].append(replace(_turned(moved), since=day))
        kind[handover.fund, handover.buyer].append(came)

    def _held(self, handover: Handover) -> Flows:
        """The history of what the seller holds before the transfer: its flows to then without those of what it sold."""
        seller = (handover.fund, handover.seller)
        key = np.array([(handover.fund << 32) | handover.seller], np.int64)
        booked, _ = flows_by_stake(self._view).picked(key)
        sold = [_turned(flows) for flows in self._sold[seller]]
        return _netted(Flows.joined([booked.where(booked.day <= handover.day), *self._gained[seller], *sold]))


def _netted(flows: Flows) -> Flows:
    """One flow a posting, by day and place."""
    if not len(flows):
        return flows
    flows = flows.where(np.lexsort((flows.place, flows.day)))
    first = np.flatnonzero(np.diff(flows.place, prepend=-1))
    sums = {name: np.add.reduceat(getattr(flows, name), first) for name in ("fen", "paid_in", "distributed")}
    return replace(flows.where(first), **sums)


def _turned(flows: Flows) -> Flows:
    return replace(flows, fen=-flows.fen, paid_in=-flows.paid_in, distributed=-flows.distributed)


def _part(own: Flows, handover: Handover) -> Flows:
    """The part of each flow that goes along; of paid-in capital and of distributions what the register moves."""
    capital = handover.paid_in if handover.paid_in.of > 0 else handover.part
    back = handover.distributed if handover.distributed.of > 0 else capital
    out = own.distributed != 0
    fen = np.zeros(len(own), np.int64)
    for chosen, share in (
        (~out & (own.paid_in != 0), capital),
        (out, back),
        (~out & (own.paid_in == 0), capital),
    ):
        fen[chosen] = _shared(own.fen[chosen], share)
    moved = np.flatnonzero(fen)
    own, fen = own.where(moved), fen[moved]
    return replace(
        own,
        fen=fen,
        paid_in=np.where(own.paid_in != 0, -fen, 0),
        distributed=np.where(own.distributed != 0, fen, 0),
    )


def _shared(amounts: Ints, share: Share) -> Ints:
    """The share of each amount; together the share of their sum, to the fen."""
    if share.moved >= share.of:
        return amounts
    done, total, parts = 0, 0, []
    for fen in amounts.tolist():
        total += fen
        now = total * share.moved // share.of
        parts.append(now - done)
        done = now
    return np.array(parts, np.int64)
