"""Running balances by (fund, investor), ready for any day: prefix sums over day-ordered postings.

A balance on a day is the block total before it plus the few thousand rows of its block. Entries that arrive later, a
back-dated one or a reversal, wait in a small overlay that is added to every answer, and are folded in when it grows.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from fof.ledger.columns import Columns, Ints, Ints32, Postings
from models.posting_kinds import TREATMENTS

BLOCK = 4096
BLOCKS_AT_MOST = 256
OVERLAY_AT_MOST = 32_768
MEASURES = ("committed", "due", "paid_in", "distributed", "unfunded")
"""Columns of models.posting_kinds.Treatment that are running balances."""


def coefficients(measure: str) -> npt.NDArray[np.int64]:
    """Effect (+1, 0, -1) of each posting kind number on a measure."""
    table = np.zeros(max(TREATMENTS) + 1, np.int64)
    for kind, treatment in TREATMENTS.items():
        table[kind] = getattr(treatment, measure)
    return table


def investor_side(postings: Postings) -> Ints32:
    """The investor of each posting between investor and fund; -1 for the others."""
    side = np.zeros(max(TREATMENTS) + 1, np.int8)
    for kind, treatment in TREATMENTS.items():
        if treatment.from_investor is not None:
            side[kind] = 1 if treatment.from_investor else 2
    which = side[postings.kind]
    return np.where(which == 1, postings.from_party, np.where(which == 2, postings.to_party, -1)).astype(
        np.int32
    )


class Movement(NamedTuple):
    """Signed effects on (fund, investor) pairs: fund, investor int32; day int32; fen int64; entry int32."""

    fund: Ints32
    investor: Ints32
    day: Ints32
    fen: Ints
    entry: Ints32


def movements(postings: Postings, measure: str) -> Movement:
    """What the postings do to a measure, pair by pair; a transfer takes from the seller and adds to the buyer.

    A commitment transfer carries unfunded with it; paid-in that goes along lowers the buyer's unfunded and raises
    the seller's, so that unfunded = committed - paid-in + recallable holds for both.
    """
    sign = coefficients(measure)[postings.kind]
    plain = np.flatnonzero(sign)
    parts = [
        (
            postings.fund[plain],
            investor_side(postings)[plain],
            postings.day[plain],
            postings.fen[plain] * sign[plain],
            postings.entry[plain],
        )
    ]
    moves = {
        "committed": [(3, 1)],
        "paid_in": [(4, 1)],
        "distributed": [(5, 1)],
        "unfunded": [(3, 1), (4, -1), (8, 1)],
    }
    for kind, effect in moves.get(measure, []):
        chosen = np.flatnonzero(postings.kind == kind)
        if len(chosen):
            fund, day, fen, entry = (
                postings.fund[chosen], postings.day[chosen], postings.fen[chosen] * effect, postings.entry[chosen],
            )  # fmt: skip
            parts.append((fund, postings.from_party[chosen], day, -fen, entry))
            parts.append((fund, postings.to_party[chosen], day, fen, entry))
    return Movement(*(np.concatenate(column) for column in zip(*parts, strict=True)))


class _Running:
    """Prefix sums of one measure."""

    def __init__(self, moved: Movement) -> None:
        order = np.argsort(moved.day, kind="stable")
        keys = (moved.fund.astype(np.int64) << 32) | moved.investor.astype(np.int64)
        self.keys, place = np.unique(keys, return_inverse=True)
        self.place = place[order].astype(np.int32)
        self.day = moved.day[order]
        self.fen = moved.fen[order]
        rows = len(order)
        self.block = max(BLOCK, -(-rows // BLOCKS_AT_MOST) if rows else BLOCK)
        blocks = rows // self.block
        self.totals = np.zeros((blocks + 1, len(self.keys)), np.int64)
        for i in range(blocks):
            part = slice(i * self.block, (i + 1) * self.block)
            self.totals[i + 1] = self.totals[i]
            np.add.at(self.totals[i + 1], self.place[part], self.fen[part])
        self.late_day = np.empty(0, np.int32)
        self.late_place = np.empty(0, np.int64)
        self.late_fen = np.empty(0, np.int64)

    def add(self, moved: Movement, sign: int) -> bool:
        """Put late movements into the overlay; False when it has grown too large."""
        if not len(moved.fen):
            return True
        keys = (moved.fund.astype(np.int64) << 32) | moved.investor.astype(np.int64)
        fresh = np.setdiff1d(keys, self.keys)
        if len(fresh):  # new pairs stand behind the old ones: places stay valid
            self.keys = np.concatenate([self.keys, fresh])
            self.totals = np.pad(self.totals, ((0, 0), (0, len(fresh))))
        order = np.argsort(self.keys, kind="stable")
        self.late_place = np.concatenate(
            [self.late_place, order[np.searchsorted(self.keys, keys, sorter=order)]]
        )
        self.late_day = np.concatenate([self.late_day, moved.day])
        self.late_fen = np.concatenate([self.late_fen, sign * moved.fen])
        return len(self.late_fen) <= OVERLAY_AT_MOST

    def at(self, day: int) -> Ints:
        end = int(np.searchsorted(self.day, day, side="right"))
        block = end // self.block
        result = self.totals[block].copy()
        tail = slice(block * self.block, end)
        np.add.at(result, self.place[tail], self.fen[tail])
        if len(self.late_fen):
            chosen = self.late_day <= day
            np.add.at(result, self.late_place[chosen], self.late_fen[chosen])
        return np.asarray(result)


class Balances:
    """Balances of every (fund, investor) pair at the journal's head; `at` answers for any day."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._running: dict[str, _Running] = {}
        self._head = columns.head

    def extend(self, columns: Columns, reversals: list[tuple[int, int]]) -> None:
        """Take in new entries; called by the journal after it has read them."""
        postings = columns.postings
        start = int(np.searchsorted(postings.entry, self._head, side="right"))
        new = postings.where(slice(start, None))
        gone = [postings.where(_rows_of(postings, target)) for _, target in reversals]
        for measure, running in list(self._running.items()):
            kept = running.add(movements(new, measure), 1)
            for rows in gone:
                kept = running.add(movements(rows, measure), -1) and kept
            if not kept:
                del self._running[measure]
        self._columns, self._head = columns, columns.head

    def at(self, measure: str, day: int) -> tuple[Ints32, Ints32, Ints]:
        """(fund, investor, fen) of every pair that ever moved, as of the end of `day` (days since 1970-01-01)."""
        running = self._running.get(measure)
        if running is None:
            postings = self._columns.postings
            live = self._columns.reversed_by[postings.entry] > self._columns.head
            running = _Running(
                movements(postings if live.all() else postings.where(np.flatnonzero(live)), measure)
            )
            self._running[measure] = running
        keys = running.keys
        return (keys >> 32).astype(np.int32), (keys & 0xFFFFFFFF).astype(np.int32), running.at(day)


def _rows_of(postings: Postings, entry: int) -> slice:
    first = int(np.searchsorted(postings.entry, entry, side="left"))
    return slice(first, int(np.searchsorted(postings.entry, entry, side="right")))
