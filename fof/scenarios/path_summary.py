"""What all paths of a run say of each row, in bounded memory: counts, means, quantiles at the levels that results have.

A row's quantiles ask for the values of its first paths at once. Where those of all rows do not fit, the first paths are made
again for some rows after others; where not even the bins of all rows fit, all paths are. A path's numbers hang on its address
alone, so that the answer is the same to the bit however rows are held.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

import numpy as np

from fof.scenarios.scenario_chunks import MadeChunk, Span
from models.frozen import frozen
from valuation.arguments import Floats, Integers
from valuation.quantile_sketch import BINS, TABLE_BYTES, QuantileSketch

LEVELS = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
CONFIDENCES = (0.5, 0.8, 0.9, 0.95, 0.99)
"""Of the money that is needed."""
HELD = 16 * BINS
"""Paths whose values are held before they are counted."""
MOST_BYTES = 3 * 2**27
"""What values and bins of the rows may take: with a program, its journal and the chunks being made less than 1 GiB."""

ALL_LEVELS = tuple(sorted({*LEVELS, *CONFIDENCES}))


@frozen
class PathSummary:
    """Of each row: paths on which it exists and is negative, mean of what exists (nan: of nothing); of all, the largest rank error.

    known, negative, means : (rows,)        at_levels : (rows, ALL_LEVELS)
    """

    count: int
    known: Integers
    negative: Integers
    means: Floats
    at_levels: Floats
    rank_error: float

    def quantiles(self, levels: Sequence[float]) -> Floats:
        """(rows, levels), each one of ALL_LEVELS."""
        return self.at_levels[:, [ALL_LEVELS.index(level) for level in levels]]


@frozen
class ChunkTurn:
    """Spans to be made for the summary, and how many paths are still to be made after them, at most; first: nobody has seen them."""

    spans: Sequence[Span]
    left: int
    first: bool


def path_summary(
    rows: int,
    spans: Sequence[Span],
    made: Callable[[ChunkTurn], Iterable[MadeChunk]],
    most_bytes: int | None = None,
) -> PathSummary:
    """The summary of all spans; most_bytes: of values and bins, None: MOST_BYTES.

    made : makes the chunks of a turn, in their order; asked for the same spans again while rows wait for their turn
    """
    most_bytes = MOST_BYTES if most_bytes is None else most_bytes
    held = min(_paths(spans), HELD)
    first, others = _cut(spans, held)
    parts = -(-rows // max(1, 3 * most_bytes // (4 * TABLE_BYTES))) if others else 1
    ends = [rows * n // parts for n in range(parts + 1)]
    whole = [
        _paths(first) * QuantileSketch.turns_at_most(end - begin, held, most_bytes) + _paths(others)
        for begin, end in pairwise(ends)
    ]
    summed: list[PathSummary] = []
    for n, (begin, end) in enumerate(pairwise(ends)):
        sketch = QuantileSketch(end - begin, held, most_bytes=most_bytes)
        after = sum(whole[n + 1 :])

        def left(sketch: QuantileSketch = sketch, after: int = after) -> int:
            return _paths(first) * sketch.turns_left + _paths(others) + after

        for chunk in made(ChunkTurn(first, left(), n == 0)):
            sketch.add(chunk.rows.rows[begin:end])
        while sketch.turn(np.array(ALL_LEVELS)):
            for chunk in made(ChunkTurn(first, left(), False)):
                sketch.repeat(chunk.rows.rows[begin:end])
        for chunk in made(ChunkTurn(others, after, n == 0)):
            sketch.add(chunk.rows.rows[begin:end])
        summed.append(_summed(sketch))
    return _joined(summed)


def _cut(spans: Sequence[Span], held: int) -> tuple[Sequence[Span], Sequence[Span]]:
    """The first spans, up to the one with which there are more paths than are held, and the others."""
    number = 0
    while number < len(spans) and _paths(spans[:number]) <= held:
        number += 1
    return spans[:number], spans[number:]


def _paths(spans: Sequence[Span]) -> int:
    return sum(count for _, count in spans)


def _summed(sketch: QuantileSketch) -> PathSummary:
    at_levels = sketch.quantiles(np.array(ALL_LEVELS))
    return PathSummary(
        sketch.count, sketch.known, sketch.negative, sketch.mean(), at_levels, sketch.rank_error()
    )


def _joined(parts: Sequence[PathSummary]) -> PathSummary:
    if len(parts) == 1:
        return parts[0]
    return PathSummary(
        parts[0].count,
        np.concatenate([part.known for part in parts]),
        np.concatenate([part.negative for part in parts]),
        np.concatenate([part.means for part in parts]),
        np.concatenate([part.at_levels for part in parts]),
        max(part.rank_error for part in parts),
    )
