"""Quantiles of many rows over any number of paths, in bounded memory, the same for any number of workers.

Up to a number of paths every value is held and quantiles are those of the sorted values (linear between neighbours, as
numpy's default). Beyond it the values held so far set the edges of BINS bins of equal mass in each row, and these and what follows
are counted, half as many at a time, between two edges or on one (so that a mass in one point, such as 0, stays there): a
quantile then lies in the right bin, so its rank error is at most the mass of that bin, which is reported and stays below
0.1 % unless the later paths follow another law than the first. Blocks are added in a fixed order by whoever merges them; nan
is a value that does not exist and is counted apart: a row that exists on few paths is held until it has half as many values.

Where the values of all rows do not fit into memory, some rows are held at a time: `add` takes every path once, and `turn` says
whether the same first blocks are wanted again (`repeat`), for the next rows. Answers are those of a sketch that holds all rows at once, to the bit.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from valuation.arguments import Floats, Integers, as_floats, check_shape, count, reals
from valuation.refusals import ValuationError

AT_ONCE = 32
"""Rows whose values are put in order at once."""
BINS = 4096
"""Bins of a row beyond the held values: mass 0.024 % each."""
TABLE_BYTES = 16 * BINS
"""Edges and bins of a row, at most."""


MOST_ROWS = 2**24
"""Rows of a sketch; more would not fit a machine."""


class QuantileSketch:
    """Rows of values, added block by block; fewer than 2³¹ of each.

    rows : how many rows      held : values of a row that are held before counting begins, at least 16 · BINS for rank
           errors below 0.1 %      most_bytes : of values held and of bins, None: as many as it takes
    """

    def __init__(self, rows: int, held: int = 16 * BINS, *, most_bytes: int | None = None) -> None:
        self.rows, self.held = count("rows", rows, high=MOST_ROWS), count("held", held, low=1)
        self._most = None if most_bytes is None else count("most_bytes", most_bytes, low=1)
        self.count = 0
        self.known: Integers = np.zeros(rows, np.int64)
        self.negative: Integers = np.zeros(rows, np.int64)
        self._sums: Floats = np.zeros(rows)
        self._blocks: list[Floats] = []
        self._piece: Floats = np.empty((0, 0))
        self._one_piece = self._most is not None and 8 * rows * held > self._most
        self._waiting = self._since_settled = 0
        self._most_waiting = self.held
        self._counting = False
        self._edges: dict[int, Floats] = {}
        self._bins: dict[int, NDArray[np.int32]] = {}
        self._levels: Floats = np.empty(0)
        self._answers: dict[int, Floats] = {}
        self._few: dict[int, Floats] = {}
        self._here = slice(0, self._rows_at_once(0))
        self._low: Floats = np.full(rows, np.inf)
        self._high: Floats = np.full(rows, -np.inf)

    def add(self, block: Floats) -> None:
        """A block (rows, paths) of paths that were not added yet; nan where a value does not exist.

        ValuationError while `turn` is due: more than `held` paths were added and some rows have not been held.
        """
        block = as_floats("block", block)
        check_shape("block", block.shape, (self.rows, None))
        if not block.shape[1]:
            return
        partly = self._here != slice(0, self.rows)
        if partly and (self._counting or self.count > self.held):
            raise ValuationError("block", "the first paths are wanted again before others, see turn")
        self.count = count("block", self.count + block.shape[1], high=2**31 - 1)
        for first in range(0, self.rows, 4 * AT_ONCE):
            self._sum_up(slice(first, first + 4 * AT_ONCE), block[first : first + 4 * AT_ONCE])
        self._hold(block)
        if partly:
            return
        due = self._since_settled > (self.held // 2 if self._counting else self.held)
        if due or (self._counting and self._waiting > self._most_waiting):
            self._count_waiting(settle=due)

    def repeat(self, block: Floats) -> None:
        """A block that was added before, for the rows that were not held then."""
        self._hold(as_floats("block", block))

    def turn(self, levels: Floats) -> bool:
        """Called when more than `held` paths, or all there are, were added or came again: True where other rows want the same
        blocks again. levels : of the quantiles that will be asked for; where all values of a row are held, no others can be."""
        if self._here == slice(0, self.rows):
            return False
        self._levels = reals("levels", levels, shape=(None,), low=0.0, high=1.0)
        if self.count > self.held:
            self._count_waiting(settle=True)
        else:
            self._answers |= {row: _between(ordered, self._levels) for row, ordered in self._ordered()}
            self._clear()
        first = self._here.stop
        whole = first == self.rows
        self._here = slice(0, self.rows) if whole else slice(first, first + self._rows_at_once(first))
        return not whole

    def mean(self) -> Floats:
        """(rows,) of the values that exist; nan where none does."""
        with np.errstate(invalid="ignore"):
            return np.where(self.known > 0, self._sums / np.maximum(self.known, 1), np.nan)

    def quantiles(self, levels: Floats) -> Floats:
        """(rows, levels) of the values that exist; nan where none does."""
        levels = reals("levels", levels, shape=(None,), low=0.0, high=1.0)
        answer = np.full((self.rows, levels.size), np.nan)
        if self._counting:
            self._count_waiting(settle=True)
        if self._answers:
            known = [int(np.flatnonzero(self._levels == level)[0]) for level in levels]
            for row, own in self._answers.items():
                answer[row] = own[known]
            return answer
        for row, ordered in self._few.items() if self._counting else self._ordered():
            answer[row] = _between(ordered, levels)
        for row, edges in self._edges.items():
            ends = np.concatenate([[self._low[row]], np.repeat(edges, 2), [self._high[row]]])
            mass = np.concatenate([[0], np.cumsum(self._bins[row], dtype=np.int64)]) / self.known[row]
            answer[row] = np.interp(levels, mass, ends)
        return answer

    def rank_error(self) -> float:
        """The largest mass between two edges in any row, the most by which the rank of a quantile may be off; 0 while all
        values are held."""
        if self._counting:
            self._count_waiting(settle=True)
        between = (float(bins[::2].max()) / float(self.known[row]) for row, bins in self._bins.items())
        return max(between, default=0.0)

    @staticmethod
    def turns_at_most(rows: int, held: int, room: int) -> int:
        """How often the first blocks are wanted for so many rows where values and bins have so many bytes."""
        turns = 0
        while rows > 0:
            at_once = max(AT_ONCE, room // (8 * held))
            rows, room, turns = rows - at_once, room - TABLE_BYTES * at_once, turns + 1
        return turns

    @property
    def turns_left(self) -> int:
        """How often the same blocks will be wanted again after those that are held now, at most."""
        if self._most is None:
            return 0
        here = self._here.stop - self._here.start
        return self.turns_at_most(
            self.rows - self._here.stop, self.held, self._most - self._tables - TABLE_BYTES * here
        )

    @property
    def _tables(self) -> int:
        """Bytes of the edges and bins there are, and of rows that exist on few paths."""
        return sum(a.nbytes for kind in (self._edges, self._bins, self._few) for a in kind.values())

    def _rows_at_once(self, first: int) -> int:
        """How many rows from this one on may be held at once."""
        left = self.rows - first
        if self._most is None:
            return left
        return min(left, max(AT_ONCE, (self._most - self._tables) // (8 * self.held)))

    def _sum_up(self, rows: slice, block: Floats) -> None:
        """What a mean and a share ask for, of some rows."""
        exists = ~np.isnan(block)
        self.known[rows] += exists.sum(axis=1)
        self.negative[rows] += (block < 0).sum(axis=1)
        # one after another, so that the bits of a mean do not hang on how wide a machine adds
        self._sums[rows] += np.add.accumulate(np.where(exists, block, 0.0), axis=1)[:, -1]
        self._low[rows] = np.minimum(self._low[rows], np.where(exists, block, np.inf).min(axis=1))
        self._high[rows] = np.maximum(self._high[rows], np.where(exists, block, -np.inf).max(axis=1))

    def _hold(self, block: Floats) -> None:
        own, width = block[self._here], block.shape[1]
        self._waiting += width
        self._since_settled += width
        if self._one_piece:
            self._put(own)
        else:
            self._blocks.append(own)

    def _put(self, own: Floats) -> None:
        """Where memory is short values stand in one piece of it, which goes back whole: blocks by themselves would leave it in holes."""
        before = self._waiting - own.shape[1]
        if self._piece.shape[1] < self._waiting:
            counting = self._counting and own.shape[0] == self.rows
            room = min(self._most_waiting, self.held // 2) if counting else self.held
            piece = np.empty((own.shape[0], max(self._waiting, room + own.shape[1])))
            if before:
                piece[:, :before] = self._piece[:, :before]
            self._piece = piece
        self._piece[:, before : self._waiting] = own
        self._blocks = [self._piece[:, : self._waiting]]

    def _clear(self) -> None:
        self._blocks, self._waiting, self._piece = [], 0, np.empty((0, 0))

    def _count_waiting(self, *, settle: bool) -> None:
        """Count the values that are held. settle: a row's edges are set by the first of them, once they are enough for that; when
        that is asked must not hang on memory, while counts are the same however they are cut. In order a
        row costs a search of its edges; value by value its edges and bins would come through the cache for every block."""
        self._counting = True
        for row, ordered in self._ordered():
            if row not in self._edges:
                own = np.sort(np.append(self._few.pop(row), ordered)) if row in self._few else ordered
                if own.size <= self.held // 2 or not settle:
                    self._few[row] = own.copy()
                    continue
                self._set_edges(row, own)
            else:
                _tally(self._edges[row], ordered, self._bins[row])
        self._clear()
        if settle:
            for row in [row for row, own in self._few.items() if own.size > self.held // 2]:
                self._set_edges(row, self._few.pop(row))
            self._since_settled = 0
        if self._most is not None:
            self._most_waiting = (self._most - self._tables) // (8 * self.rows)

    def _set_edges(self, row: int, own: Floats) -> None:
        edges = np.unique(_between(own, np.arange(1, BINS) / BINS))
        self._edges[row], self._bins[row] = edges, np.zeros(2 * edges.size + 1, np.int32)
        _tally(edges, own, self._bins[row])

    def _ordered(self) -> Iterator[tuple[int, Floats]]:
        """The values held of each row that has any, ascending; some rows at a time, so that what is held is never held twice."""
        rows = self._here.stop - self._here.start
        for first in range(0, rows if self._blocks else 0, AT_ONCE):
            some = slice(first, first + AT_ONCE)
            values = np.concatenate([block[some] for block in self._blocks], axis=1)
            values.sort(axis=1)
            for row, own in enumerate(values, self._here.start + first):
                known = int(np.searchsorted(own, np.nan))  # nan last
                if known:
                    yield row, own[:known]


def _tally(edges: Floats, ordered: Floats, bins: NDArray[np.int32]) -> None:
    """Add how many of ascending values lie below, on, between and above the edges."""
    below = np.searchsorted(ordered, edges, side="left")
    through = below.copy()
    met = ordered[np.minimum(below, ordered.size - 1)] == edges
    through[met] = np.searchsorted(ordered, edges[met], side="right")
    bins[1::2] += through - below
    bins[0::2] += np.append(below, ordered.size) - np.concatenate([[0], through])


def _between(ordered: Floats, levels: Floats) -> Floats:
    """Quantiles of ascending values, linear between neighbours."""
    place = levels * (ordered.size - 1)
    below = np.floor(place).astype(np.int64)
    above = np.minimum(below + 1, ordered.size - 1)
    low, high = ordered[below], ordered[above]
    with np.errstate(invalid="ignore"):
        part = np.where(high == low, 0.0, (high - low) * (place - below))
    return np.asarray(low + part)
