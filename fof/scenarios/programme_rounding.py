"""Commitments of a programme in whole units of 10,000 yuan, so that every condition still holds.

Rounded down they may miss one: the part of a strategy by a unit of the others, a coverage or the floor by what the units would have
called or paid back. Then the nearest whole units that hold all of them are sought, within NEAR units of each amount. Where there are
none (parts that add up to 1 need not be had in whole units), the amounts rounded down stand with what they miss.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from fof.book.reading import Bools, Floats
from fof.scenarios.linear_program import LinearProgram, Optimum
from fof.scenarios.programme_parts import RoundedMiss
from fof.scenarios.programme_rows import CENT, ROUND, UNIT, ProgrammeRow

SMALLEST = 1e-3
"""Part of the largest commitment below which one is left out where it may be: it is what the solver left."""
NEAR = 100
"""Units by which a commitment may be moved."""
_A_MILLION = int(UNIT * 100) // ROUND


def rounded(amounts: Floats, rows: Sequence[ProgrammeRow]) -> tuple[list[int], tuple[RoundedMiss, ...]]:
    """Fen of each commitment, and what they miss of which condition; amounts: millions of yuan, that hold the rows."""
    hard = [row for row in rows if not row.soft]
    small = amounts < SMALLEST * amounts.max(initial=0.0)
    down = np.floor(amounts * _A_MILLION + 1e-6)
    for left_out in (small, np.zeros_like(small)):
        units = np.where(left_out, 0.0, down)
        if not _missed(units, hard):
            return _fen(units), ()
        nearest = _nearest(amounts, left_out, hard)
        if nearest is not None and not _missed(nearest, hard):
            return _fen(nearest), ()
    return _fen(down), _missed(down, hard)


def _fen(units: Floats) -> list[int]:
    return [int(n) * ROUND for n in units.tolist()]


def _missed(units: Floats, rows: Sequence[ProgrammeRow]) -> tuple[RoundedMiss, ...]:
    """Of each condition that whole units miss, where they miss it most."""
    most: dict[str, RoundedMiss] = {}
    for row in rows:
        short, place = row.short(units / _A_MILLION), row.condition.place
        if short > CENT and (place not in most or short > most[place].yuan):
            most[place] = RoundedMiss(place, row.condition.day, short)
    return tuple(most.values())


def _nearest(amounts: Floats, left_out: Bools, rows: Sequence[ProgrammeRow]) -> Floats | None:
    """Whole units that hold the rows, as near to the amounts as can be in all; None where the search came to none."""
    count, exact = amounts.size, amounts * _A_MILLION
    low = np.maximum(np.floor(exact) - NEAR, 0.0)
    high = np.floor(exact) + NEAR + 1
    low, high = np.where(left_out, 0.0, low), np.where(left_out, 0.0, high)
    program = LinearProgram(
        2 * count, dict(enumerate(high.tolist())), dict(enumerate(low.tolist())), whole=count
    )
    for row in rows:
        program.add(row.values, row.low * _A_MILLION, row.high * _A_MILLION)
    for n, value in enumerate(exact.tolist()):  # the second half of the columns: by how much each is off
        one = np.zeros(count)
        one[n] = 1.0
        program.add(one, -np.inf, value, [(count + n, -1.0)])
        program.add(one, value, np.inf, [(count + n, 1.0)])
    best = program.optimum(np.concatenate([np.zeros(count), np.ones(count)]))
    return np.round(best.amounts[:count]) if isinstance(best, Optimum) else None
