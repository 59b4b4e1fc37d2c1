"""A risk-compensation pool carried forward on the paths of a scenario: lending, defaults, what it pays, limits, recoveries.

In a step of h years, on a path whose market factor is m:

    z         = λ·m + √(1−λ²)·e                            e the pool's own factor in the step; low is bad
    p         = N((G(1 − (1−PD)^h) − √ρ·z) / √(1−ρ))         Vasicek (2002): each loan defaults with p, given the factor
    defaulted = outstanding · (defaults among so many equal loans) / loans
    due       = share · loss · defaulted                   the pool's part of what its agreement covers
    paid      = min(due, cash, what each limit leaves);      the rest is uncompensated, no debt of the pool
    released  = defaulted + what matures                   new lending of the step comes after, unless enrolment is stopped

A part of what is paid comes back some steps later. What is missing to the floor is paid in at the beginning of a step, beside
what is paid in anyhow. A limit holds what was paid (less recoveries where it is net) in its window against an amount, or a part
of what was enrolled, released or matured in the window or is outstanding; windows that began before today start with what the
book holds. Payment is due at once: claims take no time here.

Draws are addressed by (seed, stream, step, path) like those of `valuation.scenario_paths`; the number of defaults is walked off
with unit exponentials against the hazard −ln(1 − p), as in `valuation.pool_paths`. Yuan as float64.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from valuation.arguments import Floats, Integers, real, reals
from valuation.compiled import njit
from valuation.limit_room import STOP, limit_base, limit_room, limit_used
from valuation.normal import normal_quantile
from valuation.pool_paths import HAZARD, TABLE_HIGH, TABLE_LOW, hazard
from valuation.scenario_kernels import TILE, Singles, market_factor, stream_factor
from valuation.streams import BATCH, exponentials

POOL_SERIES = (
    "pool_balance",
    "pool_outstanding",
    "pool_paid",
    "pool_uncompensated",
    "pool_topped_up",
    "pool_stopped",
)
"""Rows of each step of a pool; pool_stopped: 1 where enrolment is stopped, else 0."""
POOL_FIGURES = ("pool_exhausted_step", "pool_stop_step", "pool_cut_step")
"""Rows of the whole path: the first step in which money was missing, enrolment stopped, a limit cut a payment; nan: never."""

FIRST_POOL = 2**30
"""Streams of pools lie from here up to those of funds."""
MOST_LOANS = 50_000
COUNTS = 2**20
"""Batches of the exponentials that count defaults lie from here on, apart from the draws of the factor."""

Limits = Literal["enrolment_stop", "excess", "payment_cap"]
Denominators = Literal["amount", "released", "matured", "outstanding", "enrolled"]
LIMITS: tuple[Limits, ...] = ("enrolment_stop", "excess", "payment_cap")
DENOMINATORS: tuple[Denominators, ...] = ("amount", "released", "matured", "outstanding", "enrolled")


@dataclass(frozen=True, slots=True, eq=False)
class PoolLimit:
    """A limit as the kernels take it.

    rate     : of its denominator; inf: none          amount : yuan; inf: none; the lower of the two counts
    net      : recoveries are taken off what was paid
    start    : (steps,) the first step in the window of each step
    used, of : (steps,) what the book holds of the window: paid (less recoveries where net), and the denominator
    """

    kind: Limits
    denominator: Denominators
    rate: float
    amount: float
    net: bool
    start: Integers
    used: Floats
    of: Floats


@dataclass(frozen=True, slots=True, eq=False)
class PoolArrays:
    """A pool as the kernels take it; nothing in it names anybody.

    stream      : a number in [0, 2³⁰)
    loans       : how many equal ones stand for it, at most MOST_LOANS; 0: without chance, each step its expected part defaults
    default     : (steps,) probability of a loan in each step, and its place under the normal law: see `step_defaults`
    rho         : correlation of the loans       link : of their factor with the market's
    pays        : share · loss: part of defaulted principal that the pool owes
    balance, outstanding : today                      maturing : (steps,) of what is outstanding today
    lending, inflow : (steps,) enrolled, paid in at the beginning anyhow             term : steps of a new loan, >= 1
    back, lag   : part of what it pays that comes back, so many steps later
    floor       : what is missing to it is paid in at the beginning of a step
    stopped     : whether enrolment is stopped today  reopens : whether it goes on where the limit is no longer reached
    """

    stream: int
    loans: int
    default: tuple[Floats, Floats]
    rho: float
    link: float
    pays: float
    balance: float
    outstanding: float
    maturing: Floats
    lending: Floats
    inflow: Floats
    term: int
    back: float
    lag: int
    floor: float
    stopped: bool
    reopens: bool
    limits: tuple[PoolLimit, ...] = ()


def step_defaults(yearly: float, lengths: Floats) -> tuple[Floats, Floats]:
    """1 − (1−PD)^h of each step, and G of it. Made once where a run begins, so that no machine's own power function comes in."""
    rate, steps = (
        real("yearly", yearly, low=0.0, high=1.0),
        reals("lengths", lengths, shape=(None,), above=0.0),
    )
    part = 1.0 - (1.0 - rate) ** steps
    return part, np.asarray(normal_quantile(part))


def pool_row_count(pools: int, steps: int) -> int:
    """Rows of so many pools."""
    return pools * (len(POOL_SERIES) * steps + len(POOL_FIGURES))


def limit_state_count(pools: Sequence[PoolArrays], steps: int) -> int:
    """Rows of the states of all limits."""
    return 2 * steps * sum(len(pool.limits) for pool in pools)


def simulate_pools(
    pools: Sequence[PoolArrays],
    lengths: Floats,
    seed: int,
    first: int,
    count: int,
    rows: Floats,
    states: Floats | None = None,
) -> float:
    """Fill rows (pool_row_count, count): for each pool POOL_SERIES × steps, then POOL_FIGURES; paths first … first + count − 1.

    states : (limit_state_count, count), for each limit of each pool what counts against it at the end of each step, then what
             its rate is of; filled where it is given

    -> the largest relative gap between what a pool holds and what came and went; 1 where it ever held less than nothing.
    """
    steps = lengths.size
    size = pool_row_count(1, steps)
    worst = np.zeros(1)
    block = np.empty((size, TILE))
    stands = np.empty((limit_state_count(pools, steps), TILE))
    for start in range(0, count, TILE):
        width = min(TILE, count - start)
        at = np.uint64(first + start)
        market = np.empty((steps, TILE), np.float32)
        market_factor(np.uint64(seed), at, market)
        of_pool = 0
        for number, pool in enumerate(pools):
            wide = 2 * steps * len(pool.limits)
            own = stands[of_pool : of_pool + wide].reshape(len(pool.limits), 2, steps, TILE)
            of_pool += wide
            _one_pool(pool, lengths, np.uint64(seed), at, market, block, own, worst)
            rows[number * size : (number + 1) * size, start : start + width] = block[:, :width]
        if states is not None:
            states[:, start : start + width] = stands[:, :width]
    return float(worst[0])


def _one_pool(
    pool: PoolArrays,
    lengths: Floats,
    seed: Any,
    first: Any,
    market: Singles,
    block: Floats,
    stands: Floats,
    worst: Floats,
) -> None:
    steps = lengths.size
    stream = np.uint64(FIRST_POOL + pool.stream)
    own = np.empty((steps, TILE), np.float32)
    stream_factor(seed, stream, first, own)
    factor = pool.link * market.astype(np.float64) + math.sqrt(1.0 - pool.link**2) * own.astype(np.float64)
    expected, threshold = pool.default
    limits = pool.limits
    none = np.zeros((len(limits), steps))
    pool_tile(
        seed,
        stream,
        first,
        np.ascontiguousarray((threshold[:, None] - math.sqrt(pool.rho) * factor) / math.sqrt(1.0 - pool.rho)),
        HAZARD,
        pool.loans,
        np.array([pool.pays, pool.balance, pool.outstanding, pool.back, pool.floor]),
        np.array([pool.term, pool.lag, pool.stopped, pool.reopens], np.int64),
        np.ascontiguousarray(np.stack([pool.maturing, pool.lending, pool.inflow, expected])),
        np.array(
            [[LIMITS.index(x.kind), DENOMINATORS.index(x.denominator), x.net] for x in limits], np.int64
        ).reshape(len(limits), 3),
        np.array([[x.rate, x.amount] for x in limits]).reshape(len(limits), 2),
        np.array([x.start for x in limits], np.int64).reshape(len(limits), steps),
        np.ascontiguousarray(
            np.stack([[x.used for x in limits], [x.of for x in limits]]) if limits else np.stack([none, none])
        ),
        block[: len(POOL_SERIES) * steps].reshape(len(POOL_SERIES), steps, TILE),
        block[len(POOL_SERIES) * steps :],
        stands,
        worst,
    )


@njit(
    "void(u8, u8, u8, f8[:, ::1], f8[:, ::1], i8, f8[::1], i8[::1], f8[:, ::1], i8[:, ::1], f8[:, ::1], i8[:, ::1],"
    " f8[:, :, ::1], f8[:, :, ::1], f8[:, ::1], f8[:, :, :, ::1], f8[::1])"
)
def pool_tile(
    seed: Any,
    stream: Any,
    first: Any,
    place: Floats,
    table: Floats,
    loans: int,
    terms: Floats,
    counts: Integers,
    planned: Floats,
    kinds: Integers,
    highest: Floats,
    start: Integers,
    before: Floats,
    series: Floats,
    figures: Floats,
    stands: Floats,
    worst: Floats,
) -> None:
    """One pool through the paths of a tile, path by path.

    place (steps, TILE): the argument of N that gives a loan's default probability
    terms: part paid, balance, outstanding, part that comes back, floor    counts: term, lag, stopped, reopens
    planned (4, steps): maturing, lending, inflow, expected part that defaults
    kinds (limits, 3): kind, denominator, net; highest (limits, 2): rate, amount; start (limits, steps); before (2, limits, steps)
    series (POOL_SERIES, steps, TILE); figures (POOL_FIGURES, TILE)
    stands (limits, 2, steps, TILE): used and base of each limit after the step; worst (1,) raised where larger
    """
    steps, width = place.shape
    pays, back, floor = terms[0], terms[3], terms[4]
    term, lag, reopens = counts[0], counts[1], counts[3]
    bits, scratch = np.empty(BATCH, np.uint64), np.empty(BATCH, np.uint64)
    gaps = np.empty(BATCH)
    # sums so far: paid, recovered, released, matured, enrolled; entry t + 1 is after step t
    sums = np.zeros((5, steps + 1))
    cohort, lending, payments = np.empty(steps), np.empty(steps), np.empty(steps)
    for k in range(width):
        path = first + np.uint64(k)
        balance, outstanding = terms[1], terms[2]
        came, went = 0.0, 0.0
        alive, gone, stopped = 1.0, False, counts[2] != 0
        figures[0, k], figures[1, k], figures[2, k] = np.nan, np.nan, np.nan
        if stopped:
            figures[1, k] = 0.0
        for t in range(steps):
            raised = planned[2, t]
            if balance + raised < floor:
                raised = floor - balance
            returned = back * payments[t - lag] if t >= lag else 0.0
            balance += raised + returned
            came += raised + returned
            # defaults
            x = place[t, k]
            hit = 0
            if x >= TABLE_HIGH:
                hit = loans
            elif x > TABLE_LOW and outstanding > 0.0 and loans > 0:
                h = hazard(x, table)
                batch, used, at = 0, BATCH, 0
                while True:
                    if used == BATCH:
                        exponentials(
                            seed, stream, path, np.uint64(COUNTS + t * 1024 + batch), bits, scratch, gaps
                        )
                        batch += 1
                        used = 0
                    gap = gaps[used]
                    used += 1
                    if gap >= (loans - at) * h:
                        break
                    at = min(at + int(gap / h), loans - 1) + 1
                    hit += 1
            part = float(hit) / float(loans) if loans > 0 else planned[3, t]
            defaulted = outstanding * part
            alive *= 1.0 - part
            outstanding -= defaulted
            # what matures: of today's, and of what was lent a term ago
            matured = planned[0, t] * alive if not gone else 0.0
            if t >= term:
                matured += cohort[t - term] * alive
            matured = matured if matured < outstanding else outstanding
            outstanding -= matured
            sums[1, t + 1] = sums[1, t] + returned
            sums[2, t + 1] = sums[2, t] + matured + defaulted
            sums[3, t + 1] = sums[3, t] + planned[0, t] + (lending[t - term] if t >= term else 0.0)
            sums[4, t + 1] = sums[4, t]
            # payment
            due = pays * defaulted
            paid = due if due < balance else balance
            if paid < due and figures[0, k] != figures[0, k]:
                figures[0, k] = t
            for n in range(kinds.shape[0]):
                if kinds[n, 0] != STOP:
                    room = limit_room(n, t, sums, outstanding, kinds, highest, start, before)
                    room = room if room > 0.0 else 0.0
                    if room < paid:
                        paid = room
                        if figures[2, k] != figures[2, k]:
                            figures[2, k] = t
            payments[t] = paid
            sums[0, t + 1] = sums[0, t] + paid
            balance -= paid
            went += paid
            # new lending
            lent = 0.0 if stopped else planned[1, t]
            if alive <= 0.0:  # nothing of before is left: what is lent now begins anew
                alive, cohort[:t], gone = 1.0, 0.0, True
            cohort[t], lending[t] = lent / alive, lent
            outstanding += lent
            sums[4, t + 1] += lent
            over = False
            for n in range(kinds.shape[0]):
                if kinds[n, 0] == STOP:
                    over = (
                        over or limit_room(n, t + 1, sums, outstanding, kinds, highest, start, before) <= 0.0
                    )
            if over and not stopped:
                stopped = True
                if figures[1, k] != figures[1, k]:
                    figures[1, k] = t
            elif stopped and reopens != 0 and not over:
                stopped = False
            for n in range(kinds.shape[0]):
                stands[n, 0, t, k] = limit_used(n, t + 1, t, sums, kinds, start, before)
                stands[n, 1, t, k] = limit_base(n, t, sums, outstanding, kinds, start, before)
            series[0, t, k], series[1, t, k], series[2, t, k] = balance, outstanding, paid
            series[3, t, k], series[4, t, k] = due - paid, raised
            series[5, t, k] = 1.0 if stopped else 0.0
        gap = abs(balance - (terms[1] + came - went)) / (1.0 + terms[1] + came + went)
        worst[0] = gap if gap > worst[0] else worst[0]
        for t in range(steps):
            if series[0, t, k] < 0.0 or series[1, t, k] < -1e-6 or series[3, t, k] < 0.0:
                worst[0] = 1.0
