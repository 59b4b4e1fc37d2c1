"""What a limit of a pool leaves, within the compiled loop of `valuation.scenario_pools`: used, base and room in a step's window.

sums (7, steps + 1): so far paid, recovered, released, matured, enrolled, what guarantors paid and recovered; entry t + 1 is after
step t; kinds (limits, 4): kind, denominator, net, of the guarantor's payments; start (limits, steps): first step of each window; before (2, limits, steps): what the
book holds of windows that began before today, used and base
"""

from __future__ import annotations

from valuation.arguments import Floats, Integers
from valuation.compiled import njit

STOP = 0
"""The kind of a limit that stops enrolment."""
OUTSTANDING, ENROLLED, MATURED = 3, 4, 2
"""Denominators; 0: none, and what is released for the rest."""


@njit("f8(i8, i8, i8, f8[:, ::1], i8[:, ::1], i8[:, ::1], f8[:, :, ::1])", inline="always")
def limit_used(
    n: int, upto: int, t: int, sums: Floats, kinds: Integers, start: Integers, before: Floats
) -> float:
    """Yuan that count against limit n in the window of step t, with what was paid before step `upto`."""
    begin = start[n, t]
    by = 5 if kinds[n, 3] != 0 else 0
    used: float = before[0, n, t] + sums[by, upto] - sums[by, begin]
    if kinds[n, 2] != 0:
        used -= sums[by + 1, t + 1] - sums[by + 1, begin]
    return used


@njit("f8(i8, i8, f8[:, ::1], f8, i8[:, ::1], i8[:, ::1], f8[:, :, ::1])", inline="always")
def limit_base(
    n: int, t: int, sums: Floats, outstanding: float, kinds: Integers, start: Integers, before: Floats
) -> float:
    """Yuan that the rate of limit n is of in the window of step t; 0 where it is none."""
    of, begin = kinds[n, 1], start[n, t]
    if of == 0:
        return 0.0
    base: float = before[1, n, t]
    if of == OUTSTANDING:
        base = outstanding
    elif of == ENROLLED:
        base += sums[4, t + 1] - sums[4, begin]
    elif of == MATURED:
        base += sums[3, t + 1] - sums[3, begin]
    else:
        base += sums[2, t + 1] - sums[2, begin]
    return base


@njit("f8(i8, i8, f8[:, ::1], f8, i8[:, ::1], f8[:, ::1], i8[:, ::1], f8[:, :, ::1])")
def limit_room(
    n: int,
    upto: int,
    sums: Floats,
    outstanding: float,
    kinds: Integers,
    highest: Floats,
    start: Integers,
    before: Floats,
) -> float:
    """Yuan that limit n leaves, with what was paid before step `upto` and what else happened up to now; below 0: passed.

    A stop is asked after a step (upto = step + 1), a limit of payments within it (upto = step). 0 where nothing was paid and
    nothing is allowed would stop a pool before its first loan: a stop is reached only once something was paid.
    """
    asked_after = kinds[n, 0] == STOP
    t = upto - 1 if asked_after else upto
    used = limit_used(n, upto, t, sums, kinds, start, before)
    allowed = highest[n, 1]
    if kinds[n, 1] != 0:
        by_rate = highest[n, 0] * limit_base(n, t, sums, outstanding, kinds, start, before)
        allowed = by_rate if by_rate < allowed else allowed
    if asked_after and used <= 0.0:
        return 1.0
    left: float = allowed - used
    return left
