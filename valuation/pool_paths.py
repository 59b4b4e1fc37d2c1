"""A guarantee pool, path by path: who defaults, what the pool pays, what the caps hold back.

Model: `valuation.vasicek`, one horizon. The law of the defaults is exact for the actual loans, sizes and
caps (no granularity assumption), and the work is proportional to defaults, not to loans:

Given the factor, the loans of one grade default independently with one probability p. Walking along them, the
next defaulter is found by spending a unit exponential E on the loans' hazards h = −ln(1 − p): loan j defaults
when E falls inside its own hazard, which has probability 1 − exp(−h) = p; what is left of E at the end of a grade
goes on into the next (the law has no memory). Where the default probabilities are too many for grades, loans are
put into blocks of like probability, walked with the largest p of the block, and a candidate defaults with
probability p_i / p. Hazards are read from a table of sixth order (relative error below 1e-11 for p above 1e-9).

Stratified paths take the factor of path k from the k-th of `paths` equal slices of its law, worst first: the same
expectations, and a mean with a fraction of the variance. Draws are addressed by (seed, path): any cut of the paths
among calls, threads or machines gives the same numbers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from valuation.arguments import Floats, Integers, as_floats, count, plain, real, reals, whole, within_float64
from valuation.compiled import njit
from valuation.normal import normal_quantile
from valuation.refusals import ValuationError
from valuation.streams import BATCH, FACTOR, GAPS, THINNING, exponentials, seed_word, uniform, uniforms

MOST_GRADES = 256
"""Up to this many different default probabilities each is a grade of its own."""

BLOCK_RATIO = 1.25
"""Beyond that, the largest default probability of a block over the smallest."""

TABLE_LOW, TABLE_HIGH, CELLS = -9.0, 8.0, 64  # the table's range, and cells per unit of it
CERTAIN = 1e9  # the hazard of a loan that defaults for sure


MOST_PATHS = 2**40


@dataclass(frozen=True, slots=True, eq=False)
class PoolPaths:
    """The paths of a simulation, in the unit of the payouts.

    factor   : (paths,)  the common factor; low is bad
    defaults : (paths,)  number of loans
    claimed  : (paths,)  sum of the payouts of the defaulted loans
    paid     : (paths,)  of that, what the caps let through
    """

    factor: Floats
    defaults: Integers
    claimed: Floats
    paid: Floats


def simulate_pool(
    pd: ArrayLike,
    payout: ArrayLike,
    rho: float,
    paths: int,
    seed: int,
    *,
    group: ArrayLike | None = None,
    cap: ArrayLike | None = None,
    part: tuple[int, int] | None = None,
    stratified: bool = True,
) -> PoolPaths:
    """Simulate one horizon of a pool of loans.

    pd         : (loans,)  in [0, 1]
    payout     : (loans,)  >= 0, what the pool pays when the loan defaults (exposure · LGD · the pool's share)
    rho        : in [0, 1), the same for all loans
    paths      : how many there are in all; seed: a whole number in [0, 2**63)
    group, cap : (loans,) whose cap counts (a bank, a guarantor), numbered from 0; (groups,) >= 0 the most that
                 is paid for each group over the horizon, inf: no cap. Given together or not at all
    part       : (start, stop), to compute only these of the paths; None: all
    stratified : the factor from equal slices of its law (see the module), else drawn freely. Paths are then in
                 the order of the factor: pair them with other draws only through their path number

    -> PoolPaths of `part`. Mean paid = expected payout; its quantiles are read from sorted `paid`.
    ValuationError: nan, inf, probabilities outside [0, 1], negative payouts or caps, unknown groups.
    """
    rates = reals("pd", pd, shape=(None,), low=0.0, high=1.0)
    money = reals("payout", payout, shape=rates.shape, low=0.0)
    with np.errstate(over="ignore"):
        within_float64("payout", money.sum())
    correlation = real("rho", rho, low=0.0, below=1.0)
    caps, groups = _caps(rates.size, group, cap)
    paths = count("paths", paths, high=MOST_PATHS)
    start, stop = (0, paths) if part is None else whole("part", part, shape=(2,), low=0).tolist()
    if not 0 <= start <= stop <= paths:
        raise ValuationError("part", f"must be a slice of the paths, of which there are {paths}", found=part)
    order, first, threshold = _blocks(rates)
    factor = _factors(seed_word(seed), start, stop, paths, stratified)
    claimed, paid = np.empty((2, stop - start))
    defaults = np.empty(stop - start, np.int64)
    _simulate(
        np.uint64(seed_word(seed)),
        np.uint64(start),
        factor,
        math.sqrt(correlation),
        1.0 / math.sqrt(1.0 - correlation),
        threshold[first[1:] - 1],
        first,
        threshold,
        plain(money[order]),
        plain(groups[order]),
        caps,
        HAZARD,
        defaults,
        claimed,
        paid,
    )
    return PoolPaths(factor, defaults, claimed, paid)


def _caps(loans: int, group: ArrayLike | None, cap: ArrayLike | None) -> tuple[Floats, Integers]:
    """Caps (groups,) and the group of each loan; one group without a cap where none are given."""
    if group is None and cap is None:
        return np.array([np.inf]), np.zeros(loans, np.int64)
    if group is None or cap is None:
        raise ValuationError("cap", "group and cap are given together or not at all")
    limits = as_floats("cap", cap).copy()
    finite = np.where(np.isposinf(limits), 0.0, limits)
    reals("cap", finite, shape=(None,), low=0.0)
    return limits, whole("group", group, shape=(loans,), low=0, high=limits.size - 1)


def _blocks(pd: Floats) -> tuple[Integers, Integers, Floats]:
    """Loans in order of pd (loans,); where each block starts (blocks+1,); G(pd) in that order (loans,)."""
    order = np.argsort(pd, kind="stable")
    ranked = pd[order]
    starts = np.flatnonzero(np.diff(ranked, prepend=-1.0) > 0)
    threshold = np.repeat(normal_quantile(ranked[starts]), np.diff(starts, append=pd.size))
    if starts.size > MOST_GRADES:
        with np.errstate(divide="ignore"):
            level = np.floor(np.log(np.maximum(ranked, 1e-300)) / math.log(BLOCK_RATIO))
        starts = np.flatnonzero(np.diff(level, prepend=-np.inf) > 0)
    return order, np.append(starts, pd.size).astype(np.int64), threshold


def _factors(seed: int, start: int, stop: int, paths: int, stratified: bool) -> Floats:
    """The factor of each path of the part."""
    u = np.empty(stop - start)
    uniforms(np.uint64(seed), np.uint64(FACTOR), np.uint64(start), u)
    if stratified:
        u = np.minimum((np.arange(start, stop) + u) / max(paths, 1), 1.0 - 2.0**-53)
    return plain(normal_quantile(u))


def _hazard_table() -> Floats:
    """(cells, 6): −ln(1 − N(x)) in each cell as a polynomial that meets value, slope and curvature at both ends."""
    x = TABLE_LOW + np.arange((TABLE_HIGH - TABLE_LOW) * CELLS + 1) / CELLS
    tail = np.array([0.5 * math.erfc(v * math.sqrt(0.5)) for v in x.tolist()])
    below = np.array([0.5 * math.erfc(-v * math.sqrt(0.5)) for v in x.tolist()])
    value = np.where(x < 0, -np.log1p(-below), -np.log(tail))
    ratio = np.exp(-0.5 * x * x) / math.sqrt(2.0 * math.pi) / tail
    slope, bend = ratio / CELLS, ratio * (ratio - x) / CELLS**2
    rise = value[1:] - value[:-1] - slope[:-1] - bend[:-1] / 2
    turn = slope[1:] - slope[:-1] - bend[:-1]
    curl = bend[1:] - bend[:-1]
    powers = (
        value[:-1],
        slope[:-1],
        bend[:-1] / 2,
        10 * rise - 4 * turn + curl / 2,
        -15 * rise + 7 * turn - curl,
        6 * rise - 3 * turn + curl / 2,
    )
    return np.ascontiguousarray(np.stack(powers, axis=1))


HAZARD = _hazard_table()


@njit("f8(f8, f8[:, ::1])", inline="always")
def hazard(x: float, table: Floats) -> float:
    """−ln(1 − N(x)) from the table; 0 below it, the C library's value above it."""
    if x < TABLE_LOW:
        value = 0.0
    elif x >= TABLE_HIGH:
        tail = 0.5 * math.erfc(x * 0.7071067811865476)
        value = -math.log(tail) if tail > 0.0 else CERTAIN
    else:
        place = (x - TABLE_LOW) * CELLS
        cell = int(place)
        t = place - cell
        value = table[cell, 4] + t * table[cell, 5]
        value = table[cell, 2] + t * (table[cell, 3] + t * value)
        value = table[cell, 0] + t * (table[cell, 1] + t * value)
    return value


@njit(
    "void(u8, u8, f8[::1], f8, f8, f8[::1], i8[::1], f8[::1], f8[::1], i8[::1], f8[::1], f8[:, ::1], i8[::1],"
    " f8[::1], f8[::1])"
)
def _simulate(
    seed: Any,
    start: Any,
    factor: Floats,
    common: float,
    own: float,
    top: Floats,
    first: Integers,
    threshold: Floats,
    payout: Floats,
    group: Integers,
    cap: Floats,
    table: Floats,
    defaults: Integers,
    claimed: Floats,
    paid: Floats,
) -> None:
    """Every path: gaps between defaulters block by block, payouts by group, caps.

    common, own : √rho and 1/√(1 − rho)
    top, first  : (blocks,) thresholds G(largest pd), (blocks+1,) first loan of each block
    threshold, payout, group : (loans,) in the order of the blocks
    """
    bits, scratch = np.empty(BATCH, np.uint64), np.empty(BATCH, np.uint64)
    gaps, by_group = np.empty(BATCH), np.empty(cap.size)
    hazards = np.empty((2, top.size))
    gaps_for, thinning = np.uint64(GAPS), np.uint64(THINNING)
    for k in range(factor.size):
        path = start + np.uint64(k)
        shift = common * factor[k]
        by_group[:] = 0.0
        exponentials(seed, gaps_for, path, np.uint64(0), bits, scratch, gaps)
        drawn, used, defaulted_loans, candidates = 1, 1, 0, 0
        gap = gaps[0]
        for block in range(top.size):  # apart from the walk, so that the processor can work ahead
            h = hazard((top[block] - shift) * own, table)
            hazards[0, block], hazards[1, block] = h, 1.0 / h
        for block in range(top.size):
            h, per_hazard = hazards[0, block], hazards[1, block]
            loan, end = first[block], first[block + 1]
            one_grade = threshold[loan] == threshold[end - 1]
            while gap < (end - loan) * h:
                loan = min(loan + int(gap * per_hazard), end - 1)
                defaulted = True
                if not one_grade:
                    ratio = math.expm1(-hazard((threshold[loan] - shift) * own, table)) / math.expm1(-h)
                    defaulted = uniform(seed, thinning, path, np.uint64(candidates)) < ratio
                    candidates += 1
                if defaulted:
                    by_group[group[loan]] += payout[loan]
                    defaulted_loans += 1
                loan += 1
                if used == BATCH:
                    exponentials(seed, gaps_for, path, np.uint64(drawn), bits, scratch, gaps)
                    drawn += 1
                    used = 0
                gap = gaps[used]
                used += 1
            gap -= (end - loan) * h
        defaults[k] = defaulted_loans
        total, allowed = 0.0, 0.0
        for g in range(cap.size):
            total += by_group[g]
            allowed += min(by_group[g], cap[g])
        claimed[k], paid[k] = total, allowed
