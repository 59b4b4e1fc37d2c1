"""Every rate at which a series of flows is worth nothing, by proof: the slow and complete way.

With s = ln(1 + rate) the present value of flows a at times t is f(s) = sum a exp(-s t). Split by sign,
f = P - N, and look at g = ln P - ln N instead: same roots, free of scale, nearly straight. With u(s) and d(s)
the mean times of the positive and of the negative flows, weighted by present value,

    g'(s) = d(s) - u(s),   and both u and d fall as s grows (their slopes are minus a variance).

So on an interval [lo, hi] the slope of g lies between d(hi) - u(lo) and d(lo) - u(hi): two evaluations prove
that g is monotone there (one root at most), or bound it away from zero (none), or the interval is halved.
The two tails are closed by the running balance: discounted at s, if the running sum of the flows never
changes sign, there is no root above s (Budan and Fourier's rule for the Laplace transform; Norstrom 1972 is
the case s = 0); the same from the other end closes everything below s. Far enough out the first or the last
flow outweighs all others, so both tails close somewhere: no range limits the search. Every comparison leaves
room for rounding. Where that room decides (two roots closer than 1e-8 or so, a double root), `isolate` says
so, and `valuation.root_proof` goes on with more digits.

Money enters in any unit, time in any unit; s is per unit of time. Nothing here raises: `valuation.irr` calls
it.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from valuation.compiled import njit

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

EPS = 2.220446049250313e-16
LOG2_E = 1.4426950408889634
LN2_HIGH = 6.93147180369123816490e-01
LN2_LOW = 1.90821492927058770002e-10
FARTHEST = 1e290  # in units of 1 / span: times closer than that do not fit beside each other in float64
SHIFT = 6755399441055744.0  # 1.5 * 2**52: adding it rounds to a whole number, kept in the low bits


@njit("f8(f8)", fastmath={"contract"})
def exp(x: float) -> float:
    """e**x for -708 <= x <= 709 within 1.5 units in the last place, in a form the compiler turns into SIMD.

    x = k ln 2 + r with |r| <= ln(2)/2; e**r by a near-minimax polynomial of degree 11 (error 1.6e-17),
    2**k by adding k to the exponent bits.
    """
    z = x * LOG2_E + SHIFT
    k = z - SHIFT
    r = (x - k * LN2_HIGH) - k * LN2_LOW
    r2 = r * r
    low = (1.0 + r) + r2 * (0.5 + r * 0.16666666666666669)
    middle = (0.04166666666662399 + r * 0.008333333333330051) + r2 * (
        0.0013888888917281794 + r * 0.00019841269863105968
    )
    high = (2.480152119021773e-05 + r * 2.7557268378684192e-06) + r2 * (
        2.7620138719733994e-07 + r * 2.5100424157005067e-08
    )
    r4 = r2 * r2
    p = low + r4 * (middle + r4 * high)
    bits = (np.float64(z).view(np.int64) << 52) + np.float64(p).view(np.int64)
    return np.int64(bits).view(np.float64)


@njit("i8(f8[::1], f8[::1], f8[::1], f8[::1])")
def prepare(times: Floats, amounts: Floats, t: Floats, a: Floats) -> int:
    """Put the flows in order of time into t and a, one net flow per moment, none of them zero.

    t starts at 0; a is scaled by a power of two to a largest size in [0.5, 1), which changes no root.
    Flows of one moment that cancel to within rounding count as no flow.
    -> number of flows kept (0 when nothing is left), -1 when a time or an amount is not finite
    """
    n = times.size
    order = np.argsort(times, kind="mergesort")
    count, largest, i = 0, 0.0, 0
    while i < n:
        moment = times[order[i]]
        net, gross = 0.0, 0.0
        while i < n and times[order[i]] == moment:
            net += amounts[order[i]]
            gross += abs(amounts[order[i]])
            i += 1
        if not (math.isfinite(moment) and math.isfinite(gross)):
            return -1
        if abs(net) > 8.0 * EPS * gross:
            t[count], a[count] = moment, net
            count += 1
            largest = max(largest, abs(net))
    if count > 0:
        exponent = math.frexp(largest)[1]
        start = t[0]
        for k in range(count):
            t[k] -= start
            a[k] = math.ldexp(a[k], -exponent)
    return count


@njit("UniTuple(f8, 2)(f8[::1], f8[::1], f8, f8)", fastmath={"contract", "reassoc", "nsz", "arcp"})
def log_value(t: Floats, a: Floats, s: float, origin: float) -> tuple[float, float]:
    """ln of sum a exp(-s (t - origin)) for positive a in order of time, and the mean of t weighted by the terms.

    Exponents are taken from the flow that weighs most in time, so nothing overflows and the sum is never 0.
    """
    anchor = t[0] if s >= 0.0 else t[t.size - 1]
    total, moment = 0.0, 0.0
    for i in range(t.size):
        x = -s * (t[i] - anchor)
        term = a[i] * exp(max(x, -708.0))
        term = term if x > -708.0 else 0.0
        total += term
        moment += term * t[i]
    return math.log(total) - s * (anchor - origin), moment / total


@njit("b1(f8[::1], f8[::1], f8, b1)")
def tail_is_empty(t: Floats, a: Floats, s: float, above: bool) -> bool:
    """Whether the running balance proves that no root lies above s >= 0 (or below s <= 0), nor at s."""
    n = t.size
    slack = 8.0 + min(abs(s) * t[n - 1], 750.0)
    balance, gross, sign = 0.0, 0.0, 0.0
    for k in range(n):
        i = k if above else n - 1 - k
        x = -abs(s) * (t[i] if above else t[n - 1] - t[i])
        term = a[i] * math.exp(x)
        balance += term
        gross += abs(term)
        if k == 0:
            sign = math.copysign(1.0, balance)
        if sign * balance <= EPS * (slack + k) * gross:
            return False
    return True


@njit("UniTuple(f8, 2)(f8[::1], f8[::1])")
def reach(t: Floats, a: Floats) -> tuple[float, float]:
    """An interval (left, right) outside of which no root lies; an end is infinite where none was found."""
    width = 1.0 / t[t.size - 1]
    left, right = 0.0, 0.0
    while right < FARTHEST * width and not tail_is_empty(t, a, right, True):
        right = max(width, 2.0 * right)
    while left > -FARTHEST * width and not tail_is_empty(t, a, left, False):
        left = -max(width, -2.0 * left)
    return (
        left if left > -FARTHEST * width else -math.inf,
        right if right < FARTHEST * width else math.inf,
    )


@njit("UniTuple(f8, 3)(f8[::1], f8[::1], f8[::1], f8[::1], f8)")
def look(tp: Floats, ap: Floats, tn: Floats, an: Floats, s: float) -> tuple[float, float, float]:
    """(g, u, d) at s: log ratio of gains to costs, mean time of gains, mean time of costs."""
    origin = 0.0 if s >= 0.0 else max(tp[tp.size - 1], tn[tn.size - 1])
    gains, u = log_value(tp, ap, s, origin)
    costs, d = log_value(tn, an, s, origin)
    return gains - costs, u, d


@njit("f8(f8[::1], f8[::1], f8[::1], f8[::1], f8, f8, f8)")
def crossing(tp: Floats, ap: Floats, tn: Floats, an: Floats, lo: float, hi: float, g_lo: float) -> float:
    """The root of g between lo and hi, where g changes sign: Newton, or halving where it leaves the bracket."""
    s = 0.5 * (lo + hi)
    for _ in range(2000):
        g, u, d = look(tp, ap, tn, an, s)
        if abs(g) <= EPS:
            return s
        if (g > 0.0) == (g_lo > 0.0):
            lo = s
        else:
            hi = s
        better = s - g / (d - u)
        if not lo < better < hi:
            better = 0.5 * (lo + hi)
        if abs(better - s) <= EPS * abs(s):
            return better
        s = better
    return s


@njit("f8(i8, f8, f8, f8)")
def noise(n: int, span: float, s: float, g: float) -> float:
    """How far g may be off by rounding at s, where it is about g."""
    return EPS * (32.0 + 0.5 * n + 4.0 * min(abs(s) * span, 1500.0) + 4.0 * abs(g))


@njit("b1(f8, f8, f8, f8)")
def one_way(least: float, most: float, span: float, small: float) -> bool:
    """Whether a slope of g between least and most keeps its sign, with room for rounding."""
    room = 8.0 * small * span
    return least > room or most < -room


@njit("Tuple((f8, b1))(f8[::1], f8[::1], f8[::1], f8[::1], f8, f8, f8)")
def settle(
    tp: Floats, ap: Floats, tn: Floats, an: Floats, first: float, last: float, span: float
) -> tuple[float, bool]:
    """One root out of a stretch [first, last] on which g is zero as far as rounding tells.

    -> (root, proven): the crossing where g is monotone about the stretch and changes sign over it; else a
    place near which g may have no root, one or more
    """
    n = tp.size + tn.size
    width = max(1e-12 / span, EPS * (abs(first) + abs(last)))
    lo, hi = first - width, last + width
    g_lo, u_lo, d_lo = look(tp, ap, tn, an, lo)
    g_hi, u_hi, d_hi = look(tp, ap, tn, an, hi)
    small = 4.0 * noise(n, span, max(abs(lo), abs(hi)), 0.0)
    for _ in range(60):
        if abs(g_lo) > small and abs(g_hi) > small:
            break
        width *= 2.0
        if abs(g_lo) <= small:
            lo = first - width
            g_lo, u_lo, d_lo = look(tp, ap, tn, an, lo)
        if abs(g_hi) <= small:
            hi = last + width
            g_hi, u_hi, d_hi = look(tp, ap, tn, an, hi)
        small = 4.0 * noise(n, span, max(abs(lo), abs(hi)), 0.0)
    crosses = (g_lo > 0.0) != (g_hi > 0.0) and min(abs(g_lo), abs(g_hi)) > small
    if crosses and one_way(d_hi - u_lo, d_lo - u_hi, span, small):
        return crossing(tp, ap, tn, an, lo, hi, g_lo), True
    return 0.5 * (first + last), False


@njit("UniTuple(f8, 2)(f8, f8, f8, f8, f8)")
def bounds(g_lo: float, g_hi: float, width: float, least: float, most: float) -> tuple[float, float]:
    """Bounds of g on an interval, from its values at the ends and the bounds least < 0 < most of its slope."""
    x = (g_hi - g_lo - least * width) / (most - least)
    highest = g_lo + most * x
    x = (g_lo - g_hi + most * width) / (most - least)
    return g_lo + least * x, highest


@njit(
    "Tuple((i8, b1))(f8[::1], f8[::1], f8[::1], f8[::1], f8, f8, f8, f8[::1], f8[::1], b1[::1])",
)
def stretches(
    tp: Floats,
    ap: Floats,
    tn: Floats,
    an: Floats,
    span: float,
    left: float,
    right: float,
    first: Floats,
    last: Floats,
    proven: Bools,
) -> tuple[int, bool]:
    """The stretches of [left, right] that hold the roots, in order, written to first and last.

    proven : the stretch is one point, the only root of an interval on which g is monotone and changes sign
    -> how many; whether the whole of [left, right] was seen
    """
    n = tp.size + tn.size
    todo = np.empty((4096, 8))
    todo[0, 0] = left
    todo[0, 1], todo[0, 2], todo[0, 3] = look(tp, ap, tn, an, left)
    todo[0, 4] = right
    todo[0, 5], todo[0, 6], todo[0, 7] = look(tp, ap, tn, an, right)
    depth, count = 1, 0
    while depth > 0:
        if count == first.size:
            return count, False
        depth -= 1
        lo, g_lo, u_lo, d_lo = todo[depth, 0], todo[depth, 1], todo[depth, 2], todo[depth, 3]
        hi, g_hi, u_hi, d_hi = todo[depth, 4], todo[depth, 5], todo[depth, 6], todo[depth, 7]
        far = max(abs(lo), abs(hi))
        small_lo, small_hi = noise(n, span, far, g_lo), noise(n, span, far, g_hi)
        least, most = d_hi - u_lo, d_lo - u_hi
        middle = 0.5 * (lo + hi)
        at, sure = math.nan, False
        worst = max(small_lo, small_hi)
        if one_way(least, most, span, worst):
            if abs(g_lo) <= small_lo:
                at = lo
            elif abs(g_hi) <= small_hi:
                at = hi
            elif (g_lo > 0.0) != (g_hi > 0.0):
                at, sure = crossing(tp, ap, tn, an, lo, hi, g_lo), True
        else:
            room = 8.0 * worst * span
            least, most = least - room, most + room
            lowest, highest = bounds(g_lo, g_hi, hi - lo, least, most)
            small = small_lo + small_hi + 8.0 * EPS * (most - least) * (hi - lo)
            if lowest <= small and highest >= -small:
                flat = lowest >= -small and highest <= small
                if flat or middle <= lo or middle >= hi or depth + 2 > todo.shape[0]:
                    at = middle
                else:
                    g, u, d = look(tp, ap, tn, an, middle)
                    todo[depth, 0], todo[depth, 4] = middle, hi
                    todo[depth, 1], todo[depth, 2], todo[depth, 3] = g, u, d
                    todo[depth, 5], todo[depth, 6], todo[depth, 7] = g_hi, u_hi, d_hi
                    todo[depth + 1, 0], todo[depth + 1, 4] = lo, middle
                    todo[depth + 1, 1], todo[depth + 1, 2], todo[depth + 1, 3] = g_lo, u_lo, d_lo
                    todo[depth + 1, 5], todo[depth + 1, 6], todo[depth + 1, 7] = g, u, d
                    depth += 2
        if not math.isnan(at):
            joined = False
            if count > 0:
                between, _u, _d = look(tp, ap, tn, an, 0.5 * (last[count - 1] + at))
                joined = abs(between) <= 16.0 * (small_lo + small_hi)
            if joined:
                last[count - 1], proven[count - 1] = at, False
            else:
                first[count], last[count], proven[count] = at, at, sure
                count += 1
    return count, True


@njit("Tuple((i8, b1))(f8[::1], f8[::1], f8[::1])")
def isolate(t: Floats, a: Floats, roots: Floats) -> tuple[int, bool]:
    """All roots s of sum a exp(-s t), ascending.

    t, a  : as `prepare` leaves them, with flows of both signs
    roots : room for one root a flow
    -> (number of roots, whether that is proved); without the proof the roots are places where one or more may be
    """
    n = t.size
    tp, ap, tn, an = np.empty(n), np.empty(n), np.empty(n), np.empty(n)
    gains, costs = 0, 0
    for i in range(n):
        if a[i] > 0.0:
            tp[gains], ap[gains] = t[i], a[i]
            gains += 1
        else:
            tn[costs], an[costs] = t[i], -a[i]
            costs += 1
    tp, ap, tn, an = tp[:gains], ap[:gains], tn[:costs], an[:costs]
    left, right = reach(t, a)
    if left == right:
        return 0, True
    if math.isinf(left) or math.isinf(right):
        return 0, False
    span = t[n - 1]
    most = 4 * n + 64
    first, last, proven = np.empty(most), np.empty(most), np.empty(most, np.bool_)
    counted, sure = stretches(tp, ap, tn, an, span, left, right, first, last, proven)
    count = 0
    for k in range(counted):
        root = first[k]
        if not proven[k]:
            root, settled = settle(tp, ap, tn, an, first[k], last[k], span)
            sure = sure and settled
        if (count > 0 and root <= roots[count - 1]) or count == n:
            sure = False
        else:
            roots[count] = root
            count += 1
    return count, sure
