"""Running balances by (fund, investor), ready for any day: prefix sums over day-ordered postings.

A balance on a day is the total before its block plus the rows of the block up to the day. Entries that arrive later,
a back-dated one or a reversal, wait in a small overlay that is added to every answer, and are folded in when it grows.
Everything here is a snapshot: new entries make new balances, which share the blocks of the old ones.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from fof.ledger.journal_columns import Columns, Ints, Ints32, Postings
from fof.ledger.postings import joined
from models.frozen import frozen
from models.posting_kinds import TREATMENTS, PostingKind

BLOCK = 4096
TOTALS_AT_MOST = 4_000_000
"""Block totals kept for one measure (8 bytes each): the more pairs, the longer the blocks."""
OVERLAY_AT_MOST = 32_768
MEASURES = ("committed", "due", "paid_in", "distributed", "unfunded")
"""Columns of models.posting_kinds.Treatment that are running balances."""
_TABLE_AT_MOST = 4_000_000


@lru_cache
def coefficients(measure: str) -> npt.NDArray[np.int64]:
    """Effect (+1, 0, -1) of each posting kind number on a measure."""
    table = np.zeros(max(TREATMENTS) + 1, np.int64)
    for kind, treatment in TREATMENTS.items():
        table[kind] = getattr(treatment, measure, 0)
    table.setflags(write=False)
    return table


@lru_cache
def _signs(measure: str) -> npt.NDArray[np.int8]:
    """The coefficients in one byte each: a million of them are looked up at once."""
    return coefficients(measure).astype(np.int8)


def _sides() -> npt.NDArray[np.int8]:
    side = np.zeros(max(TREATMENTS) + 1, np.int8)
    for kind, treatment in TREATMENTS.items():
        if treatment.from_investor is not None:
            side[kind] = 1 if treatment.from_investor else 2
    return side


_SIDE = _sides()


def investor_side(postings: Postings) -> Ints32:
    """The investor of each posting between investor and fund; -1 for the others."""
    which = _SIDE[postings.kind]
    return np.where(which == 1, postings.from_party, np.where(which == 2, postings.to_party, -1)).astype(
        np.int32
    )


TRANSFERS: dict[str, dict[PostingKind, int]] = {
    "committed": {PostingKind.COMMITMENT_TRANSFER: 1},
    "paid_in": {PostingKind.PAID_IN_TRANSFER: 1, PostingKind.PAID_IN_TRANSFER_OUTSIDE: 1},
    "distributed": {PostingKind.DISTRIBUTED_TRANSFER: 1},
    "unfunded": {
        PostingKind.COMMITMENT_TRANSFER: 1,
        PostingKind.PAID_IN_TRANSFER: -1,
        PostingKind.RECALLABLE_TRANSFER: 1,
    },
    "recallable": {PostingKind.RECALLABLE_TRANSFER: 1},
    "due_moved": {PostingKind.PAID_IN_TRANSFER: 1, PostingKind.PAID_IN_TRANSFER_OUTSIDE: 1},
}
"""What passes from seller to buyer. A commitment transfer carries unfunded with it; paid-in that goes along lowers the
buyer's unfunded and raises the seller's, so that unfunded = committed - paid-in + recallable holds for both; what was paid
in outside the commitment leaves unfunded alone."""


class Movement(NamedTuple):
    """Signed effects on (fund, investor) pairs: fund, investor int32; day int32; fen int64; entry int32."""

    fund: Ints32
    investor: Ints32
    day: Ints32
    fen: Ints
    entry: Ints32


def movements(postings: Postings, measure: str) -> Movement:
    """What the postings do to a measure, pair by pair; a transfer takes from the seller and adds to the buyer."""
    sign = _signs(measure)[postings.kind]
    own = np.flatnonzero(sign)
    side = _SIDE[postings.kind[own]]
    payer, payee = postings.from_party[own], postings.to_party[own]
    investor = np.where(side == 1, payer, payee)
    investor[side == 0] = -1
    parts = [
        (postings.fund[own], investor, postings.day[own], postings.fen[own] * sign[own], postings.entry[own])
    ]
    for kind, effect in TRANSFERS.get(measure, {}).items():
        passed = np.flatnonzero(postings.kind == kind)
        if len(passed):
            rows = postings.where(passed)
            for party, direction in ((rows.from_party, -effect), (rows.to_party, effect)):
                parts.append((rows.fund, party, rows.day, rows.fen * direction, rows.entry))
    if len(parts) == 1:
        return Movement(*parts[0])
    return Movement(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def pair_keys(fund: Ints32, investor: Ints32) -> Ints:
    """One int64 for each (fund, investor); sorts by fund, then investor."""
    return (fund.astype(np.int64) << 32) | investor.astype(np.int64)


def numbered(fund: Ints32, investor: Ints32) -> tuple[Ints, npt.NDArray[np.int32]]:
    """The different pairs as sorted keys, and the place of each row's pair among them."""
    width = int(investor.max(initial=0)) + 1
    size = (int(fund.max(initial=0)) + 1) * width
    if len(fund) and min(fund.min(), investor.min()) >= 0 and size <= _TABLE_AT_MOST:
        small = fund * np.int32(width) + investor  # parties are few: a table instead of a sort
        there = np.zeros(size, bool)
        there[small] = True
        places = np.flatnonzero(there)
        number = np.zeros(size, np.int32)
        number[places] = np.arange(len(places), dtype=np.int32)
        keys = pair_keys((places // width).astype(np.int32), (places % width).astype(np.int32))
        return keys, number[small]
    keys, place = np.unique(pair_keys(fund, investor), return_inverse=True)
    return keys, place.astype(np.int32)


@frozen
class _Running:
    """Prefix sums of one measure over rows in day order, and the overlay of what came later."""

    keys: Ints
    pairs: tuple[Ints32, Ints32]  # fund and investor of each key
    place: npt.NDArray[np.int32]
    day: Ints32
    fen: Ints
    block: int
    totals: Ints  # (blocks + 1, pairs): before each block
    late_place: Ints
    late_day: Ints32
    late_fen: Ints

    @classmethod
    def of(cls, moved: Movement, block: int = BLOCK) -> _Running:
        keys, place = numbered(moved.fund, moved.investor)
        day, fen = moved.day, moved.fen
        if len(day) and bool((day[1:] < day[:-1]).any()):
            order = np.argsort(day, kind="stable")
            place, day, fen = place[order], day[order], fen[order]
        rows = len(day)
        block = max(block, -(-rows * max(len(keys), 1) // TOTALS_AT_MOST))
        blocks = rows // block
        totals = np.zeros((blocks + 1, len(keys)), np.int64)
        for i in range(blocks):
            part = slice(i * block, (i + 1) * block)
            totals[i + 1] = totals[i]
            np.add.at(totals[i + 1], place[part], fen[part])
        nothing = np.empty(0, np.int64)
        return cls(
            keys, _pairs(keys), place, day, fen, block, totals, nothing, nothing.astype(np.int32), nothing
        )

    def with_late(self, moved: Movement) -> _Running:
        """With more rows in the overlay; new pairs stand behind the old ones, so that places stay valid."""
        if not len(moved.fen):
            return self
        own = pair_keys(moved.fund, moved.investor)
        fresh = np.setdiff1d(own, self.keys)
        keys = np.concatenate([self.keys, fresh])
        order = np.argsort(keys, kind="stable")
        place = order[np.searchsorted(keys, own, sorter=order)]
        return replace(
            self,
            keys=keys,
            pairs=_pairs(keys) if len(fresh) else self.pairs,
            late_place=np.concatenate([self.late_place, place]),
            late_day=np.concatenate([self.late_day, moved.day]),
            late_fen=np.concatenate([self.late_fen, moved.fen]),
        )

    def at(self, day: int) -> Ints:
        """Balance of each pair at the end of a day."""
        end = int(
            np.searchsorted(self.day, np.int32(day), side="right")
        )  # of another type it would copy all days
        block = end // self.block
        before = self.totals[block]
        result = np.empty(len(self.keys), np.int64)
        result[: len(before)] = before
        result[len(before) :] = 0  # pairs that came later
        tail = slice(block * self.block, end)
        np.add.at(result, self.place[tail], self.fen[tail])
        if len(self.late_fen):
            chosen = self.late_day <= day
            np.add.at(result, self.late_place[chosen], self.late_fen[chosen])
        return result

    def on(self, days: Ints) -> Ints:
        """Balance of each pair at the end of each day: (days, pairs), in one pass over the blocks that are cut."""
        ends = np.searchsorted(self.day, days.astype(np.int32), side="right")
        blocks = ends // self.block
        result = np.zeros((len(days), len(self.keys)), np.int64)
        result[:, : self.totals.shape[1]] = self.totals[blocks]
        first = blocks * self.block
        count = ends - first
        number = np.repeat(np.arange(len(days)), count)
        row = np.arange(int(count.sum())) - np.repeat(np.cumsum(count) - count - first, count)
        flat = result.reshape(-1)
        np.add.at(flat, number * len(self.keys) + self.place[row], self.fen[row])
        if len(self.late_fen):
            number, late = np.nonzero(self.late_day <= days[:, None])
            np.add.at(flat, number * len(self.keys) + self.late_place[late], self.late_fen[late])
        return result


class Balances:
    """Balances of every (fund, investor) pair at one head of the journal; `at` answers for any day. Thread-safe."""

    def __init__(self, columns: Columns) -> None:
        self.head = columns.head
        self._columns = columns
        self._asked: set[str] = set()
        self._running: dict[tuple[str, bool], _Running] = {}
        self._making = threading.Lock()

    def extended(self, columns: Columns, reversals: Sequence[tuple[int, int]]) -> Balances:
        """With the entries that `columns` holds beyond this head; `reversals` among them: (reversing, reversed)."""
        later = Balances(columns)
        postings = columns.postings
        start = int(np.searchsorted(postings.entry, np.int32(self.head), side="right"))
        new = postings.where(slice(start, None))
        gone = joined([postings.of_entry(target) for _, target in reversals])
        with self._making:
            totals, later._asked = dict(self._running), set(self._asked)
        for (measure, whole), running in totals.items():
            back = movements(gone, measure)
            moves = (movements(new, measure), back._replace(fen=-back.fen))
            for moved in moves:
                running = running.with_late(_whole(moved) if whole else moved)
            if len(running.late_fen) <= OVERLAY_AT_MOST:
                later._running[measure, whole] = running
        return later

    def at(self, measure: str, day: int) -> tuple[Ints32, Ints32, Ints]:
        """(fund, investor, fen) of every pair that ever moved, as of the end of `day` (days since 1970-01-01).

        The first question about a measure is answered by one scan; from the second on the prefix sums answer.
        """
        with self._making:
            first, known = measure not in self._asked, (measure, False) in self._running
            self._asked.add(measure)
        if first and not known:
            return self._scan(measure, day)
        running = self._prefix_sums(measure, whole=False)
        return *running.pairs, running.at(day)

    def of_funds(self, measure: str, days: Sequence[int]) -> tuple[Ints32, Ints]:
        """(fund, fen): the balance of each fund with all its investors on each day; fen of shape (days, funds)."""
        running = self._prefix_sums(measure, whole=True)
        return running.pairs[0], running.on(np.asarray(days, np.int64))

    def _moved(self, measure: str) -> Movement:
        postings = self._columns.postings
        if int(self._columns.reversed_by.min()) > self.head:
            return movements(postings, measure)
        live = self._columns.live(self.head)[postings.entry]
        return movements(postings.where(np.flatnonzero(live)), measure)

    def _scan(self, measure: str, day: int) -> tuple[Ints32, Ints32, Ints]:
        moved = self._moved(measure)
        keys, place = numbered(moved.fund, moved.investor)
        fen = np.zeros(len(keys), np.int64)
        np.add.at(fen, place, np.where(moved.day <= day, moved.fen, 0))
        return *_pairs(keys), fen

    def _prefix_sums(self, measure: str, *, whole: bool) -> _Running:
        with self._making:
            running = self._running.get((measure, whole))
            if running is None:
                moved = self._moved(measure)
                running = _Running.of(_whole(moved), BLOCK // 8) if whole else _Running.of(moved)
                self._running[measure, whole] = running
            return running


def _whole(moved: Movement) -> Movement:
    """Funds with all their investors: investor 0 for everybody."""
    return moved._replace(investor=np.zeros(len(moved.fund), np.int32))


def _pairs(keys: Ints) -> tuple[Ints32, Ints32]:
    """Fund and investor of each key; handed out again and again, so nobody may change them."""
    fund, investor = (keys >> 32).astype(np.int32), (keys & 0xFFFFFFFF).astype(np.int32)
    fund.setflags(write=False)
    investor.setflags(write=False)
    return fund, investor
