"""Internal rates of return in bulk: compiled kernels that prove a rate to be the only one before they give it.

The equation is sum a exp(-s t) = 0 with s = ln(1 + rate). A series goes through

1. `lay_out` and `plain_moments`: one pass over the flows as they come: order of time, moments at s = 0.
2. `only_root`: Newton's method on g = ln(gains) - ln(costs) with the two next derivatives (one to two passes
   over the flows, until a proven bound says the rate is good to 1e-12), then the running balance there. Where
   the balance never changes sign before the last flow, the rate is the only root: discounted at s, f(s') is a
   sum of these balances with positive weights for s' > s, and the same from the other end for s' < s.
   (Teichroew, Robichek and Montalbano 1965 call such a series a pure investment.) Nearly every fund passes,
   at the cost of one addition a flow.
3. Whatever does not pass: `valuation.roots` sorts, nets days, scales, and isolates all roots by proof,
   wherever they are. The very few series in which rounding leaves the number of roots open are marked
   UNDECIDED; `valuation.root_proof` takes these up with more digits.

Time comes in any unit (days as int32, or float64); `unit` says how many units the rate is quoted for, 365 for
a yearly rate on days. Nothing here raises: bad input is reported by position, and `valuation.returns` words
it.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from valuation.compiled import njit
from valuation.roots import EPS, Floats, exp, isolate, prepare

Ints = npt.NDArray[np.int64]
Times = npt.NDArray[Any]  # int32 days or float64
Moments = tuple[float, float, float, float, float, float, float, float]

# sums may be taken in any order; nan and inf keep their meaning
SIMD = {"contract", "reassoc", "nsz", "arcp"}

LARGEST_LOG = 709.7  # ln(1 + rate) of more is not a float64
SMALLEST_RATE = -1.0 + 1.1102230246251565e-16  # the float64 next to -1
PRECISION = 1e-12  # of a rate, relative to 1 + rate, before rounding
UNDECIDED, NOT_FINITE = -2, -1  # in place of a number of roots

# flows taken at once by a processor with 512-bit registers, and a whole number of turns of narrower ones
LANES = 8
ROOM = 2 * LANES


@njit("i8(i8)", forceinline=True)
def padded(n: int) -> int:
    """n rounded up to a multiple of LANES: a loop of that length has no slow tail."""
    return (n + LANES - 1) // LANES * LANES


@njit(
    "i8(i4[::1], f8[::1], i8, i8, i8, f8[::1], f8[::1])",
    "i8(f8[::1], f8[::1], i8, i8, i8, f8[::1], f8[::1])",
    forceinline=True,
)
def lay_out(times: Times, amounts: Floats, first: int, lo: int, hi: int, t: Floats, a: Floats) -> int:
    """Flows lo to hi, at the times from `first` on, into t (counted from 0) and a; -> number, filled up.

    It is filled up to a multiple of LANES. The filling are flows of zero just before the last flow, at its
    time: no sum or balance notices them.
    t, a : room for ROOM more
    """
    n = hi - lo
    size = padded(n)
    copied = size if lo + size <= amounts.size and first + size <= times.size else n
    own_times, own, start = times[first:], amounts[lo:], times[first]
    for i in range(copied):
        t[i] = float(own_times[i] - start)
        a[i] = own[i]
    last_time, last = t[n - 1], a[n - 1]
    for i in range(n - 1, n + LANES):
        t[i], a[i] = last_time, 0.0
    a[size - 1] = last
    return size


@njit("Tuple((UniTuple(f8, 8), i8))(f8[::1], f8[::1], i8)", fastmath=SIMD, forceinline=True)
def plain_moments(t: Floats, a: Floats, size: int) -> tuple[Moments, int]:
    """Sums of a t**k for k = 0..3, alternating with those of |a| t**k; how often time goes up."""
    s0, b0, s1, b1, s2, b2, s3, b3 = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    steps_up = 0
    for i in range(size):
        ti = t[i]
        x = a[i]
        y = abs(x)
        x1, y1 = x * ti, y * ti
        x2, y2 = x1 * ti, y1 * ti
        s0 += x
        b0 += y
        s1 += x1
        b1 += y1
        s2 += x2
        b2 += y2
        s3 += x2 * ti
        b3 += y2 * ti
        steps_up += t[i + 1] > ti
    return (s0, b0, s1, b1, s2, b2, s3, b3), steps_up


@njit("UniTuple(f8, 8)(f8[::1], f8[::1], i8, f8, f8[::1])", fastmath=SIMD, forceinline=True)
def moments(t: Floats, a: Floats, size: int, s: float, terms: Floats) -> Moments:
    """The moments of the flows discounted at s, which are left in terms."""
    s0, b0, s1, b1, s2, b2, s3, b3 = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for i in range(size):
        ti = t[i]
        x = a[i] * exp(-s * ti)
        terms[i] = x
        y = abs(x)
        x1, y1 = x * ti, y * ti
        x2, y2 = x1 * ti, y1 * ti
        s0 += x
        b0 += y
        s1 += x1
        b1 += y1
        s2 += x2
        b2 += y2
        s3 += x2 * ti
        b3 += y2 * ti
    return s0, b0, s1, b1, s2, b2, s3, b3


@njit("UniTuple(f8, 2)(UniTuple(f8, 8), f8)", fastmath={"contract"}, forceinline=True)
def step(m: Moments, span: float) -> tuple[float, float]:
    """The way from here to the root of g, and a bound on how far that misses it.

    With g', g'', g''' the differences of mean, variance and third cumulant of the times of costs and gains,
    and y = -g/g', the root lies at y - c2 y**2 + (2 c2**2 - c3) y**3 - ... . The fourth cumulant of anything
    within `span` is at most span**4 / 8, so the cubic that takes the place of g is wrong by (step span)**4 /
    96 at most.
    """
    s0, b0, s1, b1, s2, b2, s3, b3 = m
    per_gain, per_cost = 1.0 / (b0 + s0), 1.0 / (b0 - s0)
    u1, d1 = (b1 + s1) * per_gain, (b1 - s1) * per_cost
    u2, d2 = (b2 + s2) * per_gain, (b2 - s2) * per_cost
    u3, d3 = (b3 + s3) * per_gain, (b3 - s3) * per_cost
    per_slope = 1.0 / (d1 - u1)
    c2 = 0.5 * ((u2 - u1 * u1) - (d2 - d1 * d1)) * per_slope
    gains3 = u3 + u1 * (2.0 * u1 * u1 - 3.0 * u2)
    costs3 = d3 + d1 * (2.0 * d1 * d1 - 3.0 * d2)
    c3 = (costs3 - gains3) * per_slope * (1.0 / 6.0)
    y = -math.log((b0 + s0) * per_cost) * per_slope
    y2, y3 = -c2 * y * y, (2.0 * c2 * c2 - c3) * y * y * y
    way = y + y2 + y3 if abs(y2) < 0.5 * abs(y) and abs(y3) < 0.5 * abs(y) else y
    left_of_cubic = way - y + way * way * (c2 + way * c3)
    turn = way * span
    return way, abs(left_of_cubic) + turn * turn * turn * turn * abs(per_slope) * (1.0 / 96.0)


@njit("b1(f8[::1], i8, f8, f8, f8)", forceinline=True)
def proves_one_root(terms: Floats, n: int, value: float, gross: float, slack: float) -> bool:
    """Whether the running balances of n discounted flows prove that the series has exactly one root.

    n            : a multiple of LANES
    value, gross : sum of the terms, and of their sizes; slack : relative rounding error of a sum
    Let the balance from the first flow forward keep one sign over the first half, and the sum of the later
    flows, backward from the last, keep the other sign over the second half. Then the signs of all forward
    balances are known (value less the later sums), and so are those of all backward ones, up to one change
    where they pass the level of `value`: one root in all, by Descartes' rule from both ends.
    """
    sign = math.copysign(1.0, terms[0])
    quarter = n // 4  # four sums at a time: one sum alone would wait for each addition
    p1, p2, p3, p4 = 0.0, 0.0, 0.0, 0.0
    low1, low2, low3, low4 = math.inf, math.inf, math.inf, math.inf
    for i in range(quarter):
        p1 += sign * terms[i]
        p2 += sign * terms[quarter + i]
        p3 -= sign * terms[n - 1 - i]
        p4 -= sign * terms[n - 1 - quarter - i]
        low1 = p1 if p1 < low1 else low1
        low2 = p2 if p2 < low2 else low2
        low3 = p3 if p3 < low3 else low3
        low4 = p4 if p4 < low4 else low4
    ahead, rest = min(low1, p1 + low2), min(low3, p3 + low4)
    level, blur = abs(value), slack * gross
    if min(ahead, rest) > level + blur:
        return True
    if not min(ahead, rest) > blur:
        return False
    if sign * value >= 0.0:
        return p1 + low2 > level + blur and passes_once(terms, 0, 1, quarter, sign, level, blur)
    return p3 + low4 > level + blur and passes_once(terms, n - 1, -1, quarter, -sign, level, blur)


@njit("b1(f8[::1], i8, i8, i8, f8, f8, f8)", forceinline=True)
def passes_once(
    terms: Floats, first: int, step: int, count: int, sign: float, level: float, blur: float
) -> bool:
    """Whether the running sum of count terms (times sign), once it passes level (+- blur), stays above."""
    total, passed = 0.0, False
    for k in range(count):
        total += sign * terms[first + step * k]
        if passed and not total > level + blur:
            return False
        passed = passed or total > level - blur
    return True


@njit("Tuple((b1, f8))(f8[::1], f8[::1], i8, f8, f8, f8[::1])", forceinline=True)
def only_root(t: Floats, a: Floats, n: int, s: float, unit: float, terms: Floats) -> tuple[bool, float]:
    """The root near s together with the proof that there is no other; (False, nan) where the proof fails.

    t, a  : n flows as `lay_out` leaves them, t increasing, first and last flow not zero
    terms : room for the discounted flows
    """
    span = t[n - 1]
    near = PRECISION / max(span, unit)
    for _ in range(12):
        if not abs(s) * span < 300.0:
            break
        m = moments(t, a, n, s, terms)
        way, error = step(m, span)
        if not abs(way) < 1e300:
            break
        if error <= near:
            slack = EPS * (n + 8.0 + abs(s) * span)
            if proves_one_root(terms, n, m[0], m[1], slack):
                return True, s + way
            if abs(m[0]) <= 8.0 * slack * m[1]:
                break
        s += way
    return False, math.nan


@njit("f8(f8, f8)", forceinline=True)
def rate_of(s: float, unit: float) -> float:
    """exp(s unit) - 1, never rounded down to -1; nan where it is beyond float64."""
    return max(math.expm1(s * unit), SMALLEST_RATE) if s * unit < LARGEST_LOG else math.nan


@njit(
    "Tuple((i8, f8))(i4[::1], f8[::1], i8, i8, i8, f8, f8[::1], f8[::1], f8[::1])",
    "Tuple((i8, f8))(f8[::1], f8[::1], i8, i8, i8, f8, f8[::1], f8[::1], f8[::1])",
    forceinline=True,
)
def short_cut(
    times: Times,
    amounts: Floats,
    first: int,
    lo: int,
    hi: int,
    unit: float,
    t: Floats,
    a: Floats,
    terms: Floats,
) -> tuple[int, float]:
    """The root of flows lo to hi, at the times from `first` on, where it is soon proved the only one.

    t, a, terms : room for ROOM more than the flows
    -> (1, root s), (0, nan) where there is surely none, (UNDECIDED, nan)
    """
    while lo < hi and amounts[lo] == 0.0:
        lo += 1
        first += 1
    while lo < hi and amounts[hi - 1] == 0.0:
        hi -= 1
    if lo == hi:
        return 0, math.nan
    size = lay_out(times, amounts, first, lo, hi, t, a)
    m, steps_up = plain_moments(t, a, size)
    if steps_up < hi - lo - 1 or not (1e-250 < m[1] < 1e250 and m[7] < 1e300):
        return UNDECIDED, math.nan
    if abs(m[0]) == m[1]:  # one sign, as far as the sums tell: look again, flow by flow
        gains, costs = 0, 0
        for i in range(size):
            gains += a[i] > 0.0
            costs += a[i] < 0.0
        return 0 if gains == 0 or costs == 0 else UNDECIDED, math.nan
    start, _error = step(m, t[size - 1])
    sure, s = only_root(t, a, size, start, unit, terms)
    return (1, s) if sure else (UNDECIDED, math.nan)


@njit("Tuple((i8, i8))(f8[::1], f8[::1], f8, f8[::1], f8[::1], f8[::1])")
def by_isolation(
    times: Floats, amounts: Floats, unit: float, t: Floats, a: Floats, roots: Floats
) -> tuple[int, int]:
    """All roots s of one series, ascending.

    t, a, roots : room for the flows
    -> (number of roots or UNDECIDED or NOT_FINITE, number of entries of `roots`); where it is UNDECIDED these
    are the places at which roots may be
    """
    n = prepare(times, amounts, t, a)
    if n < 0:
        return NOT_FINITE, 0
    gains, costs = 0, 0
    for i in range(n):
        gains += a[i] > 0.0
        costs += a[i] < 0.0
    if gains + costs < n:  # beside the largest flow another one is no float64
        return UNDECIDED, 0
    if gains == 0 or costs == 0:
        return 0, 0
    t, a = t[:n].copy(), a[:n].copy()
    room = n + ROOM  # once netted and in order most series pass after all, and get the very same digits
    count, s = short_cut(t, a, 0, 0, n, unit, np.empty(room), np.empty(room), np.empty(room))
    if count == 1:
        roots[0] = s
        return 1, 1
    count, sure = isolate(t, a, roots)
    return (count if sure else UNDECIDED), count


@njit(
    "Tuple((i8, i8))(i4[::1], f8[::1], f8, f8[::1])",
    "Tuple((i8, i8))(f8[::1], f8[::1], f8, f8[::1])",
)
def solve_one(times: Times, amounts: Floats, unit: float, roots: Floats) -> tuple[int, int]:
    """All roots s of one series; roots and the answer as in `by_isolation`."""
    n = amounts.size
    size = n + ROOM
    t, a, terms = np.empty(size), np.empty(size), np.empty(size)
    count, s = short_cut(times, amounts, 0, 0, n, unit, t, a, terms)
    if count == UNDECIDED:
        return by_isolation(times.astype(np.float64), amounts, unit, t, a, roots)
    if count == 1:
        roots[0] = s
    return count, count


@njit(
    "i8(i4[::1], f8[::1], i8[::1], f8, f8[::1], i8[::1])",
    "i8(f8[::1], f8[::1], i8[::1], f8, f8[::1], i8[::1])",
)
def solve_ragged(
    times: Times, amounts: Floats, offsets: Ints, unit: float, rates: Floats, counts: Ints
) -> int:
    """Series i is [offsets[i]:offsets[i+1]]; its rate (nan unless it is the only one) and number of rates.

    counts : UNDECIDED where the number is not proved
    -> -1, or the first series with a time or an amount that is not finite
    """
    longest = 0
    for i in range(counts.size):
        longest = max(longest, offsets[i + 1] - offsets[i])
    size = longest + ROOM
    t, a, terms, roots = np.empty(size), np.empty(size), np.empty(size), np.empty(size)
    for i in range(counts.size):
        lo, hi = offsets[i], offsets[i + 1]
        count, s = short_cut(times, amounts, lo, lo, hi, unit, t, a, terms)
        if count == UNDECIDED:
            own = times[lo:hi].astype(np.float64)
            count, _listed = by_isolation(own, amounts[lo:hi], unit, t, a, roots)
            if count == NOT_FINITE:
                return i
            s = roots[0]
        counts[i], rates[i] = count, rate_of(s, unit) if count == 1 else math.nan
    return -1


@njit("i8(f8[::1], i8, f8[::1], i8[::1])")
def solve_paths(flows: Floats, periods: int, rates: Floats, counts: Ints) -> int:
    """`solve_ragged` for series of `periods` flows each, one unit of time apart."""
    size = periods + ROOM
    times = np.arange(size).astype(np.int32)
    t, a, terms, roots = np.empty(size), np.empty(size), np.empty(size), np.empty(size)
    for i in range(counts.size):
        lo, hi = i * periods, (i + 1) * periods
        count, s = short_cut(times, flows, 0, lo, hi, 1.0, t, a, terms)
        if count == UNDECIDED:
            own = times[:periods].astype(np.float64)
            count, _listed = by_isolation(own, flows[lo:hi], 1.0, t, a, roots)
            if count == NOT_FINITE:
                return i
            s = roots[0]
        counts[i], rates[i] = count, rate_of(s, 1.0) if count == 1 else math.nan
    return -1
