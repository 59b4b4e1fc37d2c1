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

Where banks have limits of their own, each has its loans: defaults fall on loans by number, each bank's in one run of numbers; money
that does not suffice is divided by what is due to each, a limit cuts its bank's payments (the others' stay), a stop stops its bank.

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
"""Rows of each step of a pool; pool_stopped: part of the lending that is stopped, 1 where all enrolment is."""
POOL_FIGURES = ("pool_exhausted_step", "pool_stop_step", "pool_cut_step")
"""Rows of the whole path: the first step in which money was missing, enrolment stopped (of a bank, or all), a limit cut a payment; nan: never."""

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
    bank     : whose loans it is of, a place in `PoolArrays.banks`; −1: all
    """

    kind: Limits
    denominator: Denominators
    rate: float
    amount: float
    net: bool
    start: Integers
    used: Floats
    of: Floats
    bank: int = -1


@dataclass(frozen=True, slots=True, eq=False)
class BankPart:
    """The part of a pool that one bank (or the rest of them) lends.

    outstanding : yuan today          maturing : (steps,) of it          loans : how many of the pool's
    lending     : part of what is enrolled                               stopped : whether its enrolment is stopped today
    """

    outstanding: float
    maturing: Floats
    loans: int
    lending: float
    stopped: bool = False


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
    banks       : those with a limit of their own, and the rest, which make up the whole; empty: all are one
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
    banks: tuple[BankPart, ...] = ()


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
    whole = BankPart(pool.outstanding, pool.maturing, pool.loans, 1.0, pool.stopped)
    banks = pool.banks or (whole,)
    edges = np.zeros(len(banks) + 1, np.int64)
    if pool.loans:
        edges[1:] = np.cumsum([bank.loans for bank in banks])
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
        np.ascontiguousarray(np.stack([bank.maturing for bank in banks])),
        np.array([[bank.outstanding, bank.lending, bank.stopped] for bank in banks], np.float64),
        np.array(
            [[LIMITS.index(x.kind), DENOMINATORS.index(x.denominator), x.net, x.bank] for x in limits],
            np.int64,
        ).reshape(len(limits), 4),
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


@njit("UniTuple(i8, 2)(i8, i8)", inline="always")
def _whose(bank: int, size: int) -> tuple[int, int]:
    """The banks that a limit is of: first, and one past the last."""
    if bank < 0:
        return 0, size
    return bank, bank + 1


@njit("void(f8[::1], i8, i8, f8, f8)")
def _cut(paid: Floats, low: int, high: int, wanted: float, left: float) -> None:
    """What some banks are paid, cut in proportion from `wanted` in all to `left`; the last one takes what the others do not."""
    rest = left
    for b in range(low, high - 1):
        paid[b] = paid[b] * (left / wanted)
        paid[b] = paid[b] if paid[b] < rest else rest
        rest -= paid[b]
    paid[high - 1] = rest


@njit(
    "void(u8, u8, u8, f8[:, ::1], f8[:, ::1], i8[::1], f8[::1], i8[::1], f8[:, ::1], f8[:, ::1], f8[:, ::1], i8[:, ::1], f8[:, ::1],"
    " i8[:, ::1], f8[:, :, ::1], f8[:, :, ::1], f8[:, ::1], f8[:, :, :, ::1], f8[::1])"
)
def pool_tile(
    seed: Any,
    stream: Any,
    first: Any,
    place: Floats,
    table: Floats,
    edges: Integers,
    terms: Floats,
    counts: Integers,
    planned: Floats,
    maturing: Floats,
    banks: Floats,
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
    edges (banks + 1,): numbers of the loans at which each bank's begin; all 0: no loan by itself, the expected part defaults
    terms: part paid, balance, part that comes back, floor    counts: term, lag, reopens
    planned (3, steps): lending, inflow, expected part that defaults
    maturing (banks, steps); banks (banks, 3): outstanding, part of the lending, stopped
    kinds (limits, 4): kind, denominator, net, bank; highest (limits, 2): rate, amount; start (limits, steps); before (2, limits, steps)
    series (POOL_SERIES, steps, TILE); figures (POOL_FIGURES, TILE)
    stands (limits, 2, steps, TILE): used and base of each limit after the step; worst (1,) raised where larger
    """
    steps, width = place.shape
    size, loans = banks.shape[0], edges[edges.size - 1]
    pays, back, floor = terms[0], terms[2], terms[3]
    term, lag, reopens = counts[0], counts[1], counts[2]
    bits, scratch = np.empty(BATCH, np.uint64), np.empty(BATCH, np.uint64)
    gaps = np.empty(BATCH)
    # sums so far of each bank, and of all: paid, recovered, released, matured, enrolled; entry t + 1 is after step t
    sums = np.zeros((size + 1, 5, steps + 1))
    cohort, lending, payments = np.empty((size, steps)), np.empty((size, steps)), np.empty((size, steps))
    outstanding: Any = np.empty(size + 1)
    alive, gone = np.empty(size), np.empty(size, np.bool_)
    stopped, over = np.empty(size, np.bool_), np.empty(size, np.bool_)
    hits, due, paid = np.empty(size, np.int64), np.empty(size), np.empty(size)
    for k in range(width):
        path = first + np.uint64(k)
        balance = terms[1]
        came, went = 0.0, 0.0
        figures[0, k], figures[1, k], figures[2, k] = np.nan, np.nan, np.nan
        outstanding[size] = 0.0
        for b in range(size):
            outstanding[b], alive[b], gone[b], stopped[b] = banks[b, 0], 1.0, False, banks[b, 2] != 0.0
            outstanding[size] += banks[b, 0]
            if stopped[b]:
                figures[1, k] = 0.0
        for t in range(steps):
            raised = planned[1, t]
            if balance + raised < floor:
                raised = floor - balance
            returned = 0.0
            for b in range(size):
                own = back * payments[b, t - lag] if t >= lag else 0.0
                sums[b, 1, t + 1] = sums[b, 1, t] + own
                returned += own
            sums[size, 1, t + 1] = sums[size, 1, t] + returned
            balance += raised + returned
            came += raised + returned
            # defaults
            x = place[t, k]
            hits[:] = 0
            if x >= TABLE_HIGH:
                for b in range(size):
                    hits[b] = edges[b + 1] - edges[b]
            elif x > TABLE_LOW and outstanding[size] > 0.0 and loans > 0:
                h = hazard(x, table)
                batch, used, at, b = 0, BATCH, 0, 0
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
                    while at > edges[b + 1]:
                        b += 1
                    hits[b] += 1
            released, matures, falls, owed = 0.0, 0.0, 0.0, 0.0
            for b in range(size):
                of = edges[b + 1] - edges[b]
                part = float(hits[b]) / float(of) if of > 0 else (0.0 if loans > 0 else planned[2, t])
                defaulted = outstanding[b] * part
                alive[b] *= 1.0 - part
                outstanding[b] -= defaulted
                # what matures: of today's, and of what was lent a term ago
                matured = maturing[b, t] * alive[b] if not gone[b] else 0.0
                if t >= term:
                    matured += cohort[b, t - term] * alive[b]
                matured = matured if matured < outstanding[b] else outstanding[b]
                outstanding[b] -= matured
                planned_end = maturing[b, t] + (lending[b, t - term] if t >= term else 0.0)
                sums[b, 2, t + 1] = sums[b, 2, t] + matured + defaulted
                sums[b, 3, t + 1] = sums[b, 3, t] + planned_end
                sums[b, 4, t + 1] = sums[b, 4, t]
                due[b] = pays * defaulted
                released += defaulted
                matures += matured
                falls += planned_end
                owed += due[b]
            sums[size, 2, t + 1] = sums[size, 2, t] + matures + released
            sums[size, 3, t + 1] = sums[size, 3, t] + falls
            sums[size, 4, t + 1] = sums[size, 4, t]
            outstanding[size] = 0.0
            for b in range(size):
                outstanding[size] += outstanding[b]
            # payment
            paid[:] = due
            if owed > balance:
                _cut(paid, 0, size, owed, balance)
                if figures[0, k] != figures[0, k]:
                    figures[0, k] = t
            for n in range(kinds.shape[0]):
                if kinds[n, 0] != STOP:
                    low, high = _whose(kinds[n, 3], size)
                    of_limit = size if kinds[n, 3] < 0 else kinds[n, 3]
                    room = limit_room(
                        n, t, sums[of_limit], outstanding[of_limit], kinds, highest, start, before
                    )
                    room = room if room > 0.0 else 0.0
                    wanted = 0.0
                    for b in range(low, high):
                        wanted += paid[b]
                    if room < wanted:
                        _cut(paid, low, high, wanted, room)
                        if figures[2, k] != figures[2, k]:
                            figures[2, k] = t
            given = 0.0
            for b in range(size):
                payments[b, t] = paid[b]
                sums[b, 0, t + 1] = sums[b, 0, t] + paid[b]
                given += paid[b]
            sums[size, 0, t + 1] = sums[size, 0, t] + given
            given = given if given < balance else balance
            balance -= given
            went += given
            # new lending
            for b in range(size):
                lent = 0.0 if stopped[b] else planned[0, t] * banks[b, 1]
                if alive[b] <= 0.0:  # nothing of before is left: what is lent now begins anew
                    alive[b], gone[b] = 1.0, True
                    cohort[b, :t] = 0.0
                cohort[b, t], lending[b, t] = lent / alive[b], lent
                outstanding[b] += lent
                outstanding[size] += lent
                sums[b, 4, t + 1] += lent
                sums[size, 4, t + 1] += lent
            over[:] = False
            for n in range(kinds.shape[0]):
                if kinds[n, 0] == STOP:
                    low, high = _whose(kinds[n, 3], size)
                    of_limit = size if kinds[n, 3] < 0 else kinds[n, 3]
                    room = limit_room(
                        n, t + 1, sums[of_limit], outstanding[of_limit], kinds, highest, start, before
                    )
                    if room <= 0.0:
                        over[low:high] = True
            closed = 0.0
            for b in range(size):
                if over[b] and not stopped[b]:
                    stopped[b] = True
                    if figures[1, k] != figures[1, k]:
                        figures[1, k] = t
                elif stopped[b] and reopens != 0 and not over[b]:
                    stopped[b] = False
                closed += banks[b, 1] if stopped[b] else 0.0
            for n in range(kinds.shape[0]):
                of_limit = size if kinds[n, 3] < 0 else kinds[n, 3]
                stands[n, 0, t, k] = limit_used(n, t + 1, t, sums[of_limit], kinds, start, before)
                stands[n, 1, t, k] = limit_base(
                    n, t, sums[of_limit], outstanding[of_limit], kinds, start, before
                )
            series[0, t, k], series[1, t, k], series[2, t, k] = balance, outstanding[size], given
            series[3, t, k], series[4, t, k] = owed - given if given < owed else 0.0, raised
            series[5, t, k] = closed
        gap = abs(balance - (terms[1] + came - went)) / (1.0 + terms[1] + came + went)
        worst[0] = gap if gap > worst[0] else worst[0]
        for t in range(steps):
            if series[0, t, k] < 0.0 or series[1, t, k] < -1e-6 or series[3, t, k] < 0.0:
                worst[0] = 1.0
