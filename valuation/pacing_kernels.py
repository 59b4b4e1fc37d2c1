"""The compiled loops of `valuation.pacing`; the formulas and the shapes of the public arrays are there.

Arguments are checked and laid out by `valuation.pacing`; nothing is checked here.
"""

from __future__ import annotations

import math

import numpy as np

from valuation.arguments import Floats
from valuation.compiled import njit

LONGEST_LIFE = 200.0

LOG_YEAR = np.log(np.arange(1.0, LONGEST_LIFE + 1.0))
"""Logarithm of 1, 2, 3, …, so that a yearly rate (t/L)^B costs one exponential."""

FUNDS_AT_ONCE = 16

SNAP = 1e-9
"""Years: an age this close to an anniversary stands on it, so that 3.4 + 0.1 + 0.5 is four years old."""


@njit("f8(f8)")
def snapped(age: float) -> float:
    """The age, moved onto the anniversary it is within SNAP of."""
    nearest = math.floor(age + 0.5)
    return float(nearest) if abs(age - nearest) < SNAP else age


@njit("i8(f8[:, ::1], f8[:, ::1], i8, f8[::1], i8, f8[:, ::1], f8[:, ::1], f8[:, ::1], i8)")
def fund_rates(
    funds: Floats,
    table: Floats,
    i: int,
    times: Floats,
    per_year: int,
    yearly: Floats,
    call: Floats,
    distribution: Floats,
    row: int,
) -> int:
    """Step rates of fund i into `row`; -> how many were filled: after that many, call is 0, distribution 1.

    funds (5, funds): age, life, bow, floor, last call      table (funds, n)      times (steps,)
    yearly : scratch (2, fund years the steps can touch + 1), the call and distribution rates by fund year
    call, distribution : (rows, steps)
    """
    age, life, bow, floor, last = funds[0, i], funds[1, i], funds[2, i], funds[3, i], funds[4, i]
    steps, first_year = times.size, math.floor(snapped(age))
    known, log_life, over = yearly.shape[1], math.log(life), max(life, last)
    for k in range(yearly.shape[1]):
        year = first_year + k
        yearly[0, k] = table[i, min(year, table.shape[1] - 1)] if 0 <= year < last else 0.0
        if year < 0:
            yearly[1, k] = 0.0
        elif year + 1 >= life:
            yearly[1, k] = 1.0
        else:
            yearly[1, k] = min(1.0, max(math.exp(bow * (LOG_YEAR[year] - log_life)), floor))
        if year >= over:
            known = min(known, k + 1)
    filled: int = min(steps, known * per_year + 2)
    for phase in range(min(per_year + 1, steps)):  # 0: the stub; then the steps that fall alike in each year
        begin = snapped(age + times[phase - 1]) if phase > 0 else snapped(age)
        end = snapped(age + times[phase])
        year = math.floor(begin)
        k, gone, beyond = year - first_year, begin - year, max(0.0, end - (year + 1.0))
        left = 1.0 - gone
        part = left if end >= year + 1.0 else end - begin
        for s in range(phase, filled if phase > 0 else 1, per_year):
            called = yearly[0, k] * part / (1.0 - yearly[0, k] * gone)
            paid = yearly[1, k] * part / (1.0 - yearly[1, k] * gone)
            call[row, s] = called + (1.0 - called) * yearly[0, k + 1] * beyond
            distribution[row, s] = paid + (1.0 - paid) * yearly[1, k + 1] * beyond
            k += 1
    return filled


@njit("void(f8[:, ::1], f8[:, ::1], f8[::1], i8, f8[:, ::1], f8[:, ::1])")
def fill_rates(
    funds: Floats, table: Floats, times: Floats, per_year: int, call: Floats, distribution: Floats
) -> None:
    """Every fund's step rates; arguments as in `fund_rates`, rates (funds, steps)."""
    yearly = np.empty((2, int(times[-1]) + 3))
    for i in range(funds.shape[1]):
        filled = fund_rates(funds, table, i, times, per_year, yearly, call, distribution, i)
        for s in range(filled, times.size):
            call[i, s], distribution[i, s] = 0.0, 1.0


@njit("void(f8[::1], f8[::1], f8[:, ::1], f8[:, ::1], f8[:, ::1], f8[:, :, ::1], i8, i8)")
def roll_forward(
    nav: Floats,
    unfunded: Floats,
    call: Floats,
    distribution: Floats,
    growth: Floats,
    paths: Floats,
    start: int,
    count: int,
) -> None:
    """The pacing recursion for `count` funds from `start` on, by the first rows of the rates.

    nav, unfunded (funds,); call, distribution, growth (rows, steps); paths (3, funds, steps) is filled.
    Two funds go side by side, because each step of one waits for the step before it; an odd last one goes twice.
    """
    for row in range(0, count, 2):
        other = min(row + 1, count - 1)
        i, j = start + row, start + other
        stock, uncalled = nav[i], unfunded[i]
        stock2, uncalled2 = nav[j], unfunded[j]
        for s in range(call.shape[1]):
            called, grown = uncalled * call[row, s], stock * growth[row, s]
            paid = grown * distribution[row, s]
            stock, uncalled = grown - paid + called, uncalled - called
            paths[0, i, s], paths[1, i, s], paths[2, i, s] = called, paid, stock
            called, grown = uncalled2 * call[other, s], stock2 * growth[other, s]
            paid = grown * distribution[other, s]
            stock2, uncalled2 = grown - paid + called, uncalled2 - called
            paths[0, j, s], paths[1, j, s], paths[2, j, s] = called, paid, stock2


@njit("void(f8[:, ::1], f8[:, ::1], f8[:, ::1], f8[::1], i8, f8[:, :, ::1])")
def project_forward(
    stocks: Floats, funds: Floats, table: Floats, times: Floats, per_year: int, paths: Floats
) -> None:
    """`fill_rates` and `roll_forward` a few funds at a time, so that the rates never leave the cache.

    stocks (4, funds): nav, unfunded, growth factor of the first step, of a full step
    """
    steps, yearly = times.size, np.empty((2, int(times[-1]) + 3))
    call, distribution, growth = (
        np.empty((FUNDS_AT_ONCE, steps)),
        np.empty((FUNDS_AT_ONCE, steps)),
        np.empty((FUNDS_AT_ONCE, steps)),
    )
    for start in range(0, funds.shape[1], FUNDS_AT_ONCE):
        count = min(FUNDS_AT_ONCE, funds.shape[1] - start)
        for row in range(count):
            filled = fund_rates(funds, table, start + row, times, per_year, yearly, call, distribution, row)
            for s in range(filled, steps):
                call[row, s], distribution[row, s] = 0.0, 1.0
            for s in range(steps):
                growth[row, s] = stocks[3, start + row]
            growth[row, 0] = stocks[2, start + row]
        roll_forward(stocks[0], stocks[1], call, distribution, growth, paths, start, count)
