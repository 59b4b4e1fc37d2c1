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

Where banks or guarantors have limits of their own, the loans are parted by them: defaults fall on loans by number, each part's in
one run of numbers; money that does not suffice is divided by what is due to each, a limit cuts the payments for its parts (the
others' stay), a stop stops them. A stop may count what the guarantor of its parts pays itself in place of what the pool pays.

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
from valuation.normal import normal_quantile
from valuation.pool_paths import HAZARD
from valuation.scenario_kernels import TILE, Singles, market_factor, stream_factor
from valuation.scenario_pool_tile import pool_tile

POOL_SERIES = (
    "pool_balance",
    "pool_outstanding",
    "pool_paid",
    "pool_uncompensated",
    "pool_topped_up",
    "pool_stopped",
)
"""Rows of each step of a pool; pool_stopped: part of the lending that is stopped, 1 where all enrolment is."""
LIMIT_STATES = ("used", "base", "stopped")
"""Rows of each step of a limit: what counts against it, what its rate is of, 1 where it stops enrolment."""
POOL_FIGURES = ("pool_exhausted_step", "pool_stop_step", "pool_cut_step")
"""Rows of the whole path: the first step in which money was missing, enrolment stopped (of a part, or all), a limit cut a payment; nan: never."""

FIRST_POOL = 2**30
"""Streams of pools lie from here up to those of funds."""
MOST_LOANS = 50_000
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
    parts    : of whose loans it is, places in `PoolArrays.parts`; empty: all
    advanced : what their guarantor paid itself counts, not what the pool paid
    stopped  : whether it stops enrolment today
    """

    kind: Limits
    denominator: Denominators
    rate: float
    amount: float
    net: bool
    start: Integers
    used: Floats
    of: Floats
    parts: tuple[int, ...] = ()
    advanced: bool = False
    stopped: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class PoolPart:
    """The part of a pool's loans that one bank (or the rest of them) lends and one guarantor (or the rest of them) guarantees.

    outstanding : yuan today          maturing : (steps,) of it          loans : how many of the pool's
    lending     : part of what is enrolled                               stopped : whether its enrolment is stopped today
    advances    : part of defaulted principal that its guarantor pays itself
    """

    outstanding: float
    maturing: Floats
    loans: int
    lending: float
    stopped: bool = False
    advances: float = 0.0


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
    parts       : of whom limits of their own are, and the rest, which make up the whole; empty: all are one
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
    parts: tuple[PoolPart, ...] = ()


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
    return len(LIMIT_STATES) * steps * sum(len(pool.limits) for pool in pools)


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

    states : (limit_state_count, count), for each limit of each pool LIMIT_STATES × steps, as they are at the end of each step;
             filled where it is given

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
            wide = limit_state_count((pool,), steps)
            own = stands[of_pool : of_pool + wide].reshape(len(pool.limits), len(LIMIT_STATES), steps, TILE)
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
    whole = PoolPart(pool.outstanding, pool.maturing, pool.loans, 1.0, pool.stopped)
    parts = pool.parts or (whole,)
    edges = np.zeros(len(parts) + 1, np.int64)
    if pool.loans:
        edges[1:] = np.cumsum([part.loans for part in parts])
    covers = np.array([[not x.parts or n in x.parts for n in range(len(parts))] for x in limits], np.bool_)
    sums_of = [_sums_of(n, x.parts, len(parts)) for n, x in enumerate(limits)]
    none = np.zeros((len(limits), steps))
    pool_tile(
        seed,
        stream,
        first,
        np.ascontiguousarray((threshold[:, None] - math.sqrt(pool.rho) * factor) / math.sqrt(1.0 - pool.rho)),
        HAZARD,
        edges,
        np.array([pool.pays, pool.balance, pool.back, pool.floor]),
        np.array([pool.term, pool.lag, pool.reopens], np.int64),
        np.ascontiguousarray(np.stack([pool.lending, pool.inflow, expected])),
        np.ascontiguousarray(np.stack([part.maturing for part in parts])),
        np.array(
            [[part.outstanding, part.lending, part.stopped, part.advances] for part in parts], np.float64
        ),
        np.array(
            [
                [LIMITS.index(x.kind), DENOMINATORS.index(x.denominator), x.net, x.advanced, x.stopped, own]
                for x, own in zip(limits, sums_of, strict=True)
            ],
            np.int64,
        ).reshape(len(limits), 6),
        covers.reshape(len(limits), len(parts)),
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


def _sums_of(limit: int, parts: tuple[int, ...], size: int) -> int:
    """Where the sums of a limit's parts stand: of one part its own, of all the whole's, else a row for this limit behind these."""
    if not parts or len(parts) == size:
        return size
    return parts[0] if len(parts) == 1 else size + 1 + limit
