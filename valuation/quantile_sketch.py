"""Quantiles of many rows over any number of paths, in bounded memory, the same for any number of workers.

Up to a number of paths every value is held and quantiles are those of the sorted values (linear between neighbours, as
numpy's default). Beyond it the values held so far set the edges of BINS bins of equal mass in each row, and these and what follows
are counted, half as many at a time, between two edges or on one (so that a mass in one point, such as 0, stays there): a
quantile then lies in the right bin, so its rank error is at most the mass of that bin, which is reported and stays below
0.1 % unless the later paths follow another law than the first. Blocks are added in a fixed order by whoever merges them; nan
is a value that does not exist and is counted apart: a row that exists on few paths is held until it has half as many values.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from valuation.arguments import Floats, Integers, as_floats, check_shape, count, reals

AT_ONCE = 32
"""Rows whose values are put in order at once."""
BINS = 4096
"""Bins of a row beyond the held values: mass 0.024 % each."""


MOST_ROWS = 2**24
"""Rows of a sketch; more would not fit a machine."""


class QuantileSketch:
    """Rows of values, added block by block.

    rows : how many rows      held : values of a row that are held before counting begins, at least 16 · BINS for rank
           errors below 0.1 %
    """

    def __init__(self, rows: int, held: int = 16 * BINS) -> None:
        self.rows, self.held = count("rows", rows, high=MOST_ROWS), count("held", held, low=1)
        self.count = 0
        self.known: Integers = np.zeros(rows, np.int64)
        self.negative: Integers = np.zeros(rows, np.int64)
        self._sums: Floats = np.zeros(rows)
        self._blocks: list[Floats] = []
        self._waiting = 0
        self._counting = False
        self._edges: dict[int, Floats] = {}
        self._bins: dict[int, Integers] = {}
        self._few: dict[int, Floats] = {}
        self._low: Floats = np.full(rows, np.inf)
        self._high: Floats = np.full(rows, -np.inf)

    def add(self, block: Floats) -> None:
        """A block (rows, paths); nan where a value does not exist."""
        block = as_floats("block", block)
        check_shape("block", block.shape, (self.rows, None))
        if not block.shape[1]:
            return
        exists = ~np.isnan(block)
        self.count += block.shape[1]
        self.known += exists.sum(axis=1)
        self.negative += (block < 0).sum(axis=1)
        # one after another, so that the bits of a mean do not hang on how wide a machine adds
        self._sums += np.add.accumulate(np.where(exists, block, 0.0), axis=1)[:, -1]
        self._low = np.minimum(self._low, np.where(exists, block, np.inf).min(axis=1))
        self._high = np.maximum(self._high, np.where(exists, block, -np.inf).max(axis=1))
        self._blocks.append(block)
        self._waiting += block.shape[1]
        if self._waiting > (self.held // 2 if self._counting else self.held):
            self._count_waiting()

    def mean(self) -> Floats:
        """(rows,) of the values that exist; nan where none does."""
        with np.errstate(invalid="ignore"):
            return np.where(self.known > 0, self._sums / np.maximum(self.known, 1), np.nan)

    def quantiles(self, levels: Floats) -> Floats:
        """(rows, levels) of the values that exist; nan where none does."""
        levels = reals("levels", levels, shape=(None,), low=0.0, high=1.0)
        answer = np.full((self.rows, levels.size), np.nan)
        if self._counting:
            self._count_waiting()
        for row, ordered in self._few.items() if self._counting else self._ordered():
            answer[row] = _between(ordered, levels)
        for row, edges in self._edges.items():
            ends = np.concatenate([[self._low[row]], np.repeat(edges, 2), [self._high[row]]])
            mass = np.concatenate([[0], np.cumsum(self._bins[row])]) / self.known[row]
            answer[row] = np.interp(levels, mass, ends)
        return answer

    def rank_error(self) -> float:
        """The largest mass between two edges in any row, the most by which the rank of a quantile may be off; 0 while all
        values are held."""
        if self._counting:
            self._count_waiting()
        between = (float(bins[::2].max()) / float(self.known[row]) for row, bins in self._bins.items())
        return max(between, default=0.0)

    def _count_waiting(self) -> None:
        """Count the values that are held; a row's edges are set by the first of them, once they are enough for that. In order a
        row costs a search of its edges; value by value its edges and bins would come through the cache for every block."""
        self._counting = True
        for row, ordered in self._ordered():
            if row not in self._edges:
                own = np.sort(np.append(self._few.pop(row), ordered)) if row in self._few else ordered
                if own.size <= self.held // 2:
                    self._few[row] = own.copy()
                    continue
                ordered, levels = own, np.arange(1, BINS) / BINS
                self._edges[row] = np.unique(_between(own, levels))
                self._bins[row] = np.zeros(2 * self._edges[row].size + 1, np.int64)
            _tally(self._edges[row], ordered, self._bins[row])
        self._blocks, self._waiting = [], 0

    def _ordered(self) -> Iterator[tuple[int, Floats]]:
        """The values held of each row that has any, ascending; some rows at a time, so that what is held is never held twice."""
        for first in range(0, self.rows if self._blocks else 0, AT_ONCE):
            rows = slice(first, first + AT_ONCE)
            values = np.sort(np.concatenate([block[rows] for block in self._blocks], axis=1), axis=1)
            for row, own in enumerate(values, first):
                known = int(np.searchsorted(own, np.nan))  # nan last
                if known:
                    yield row, own[:known]


def _tally(edges: Floats, ordered: Floats, bins: Integers) -> None:
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
