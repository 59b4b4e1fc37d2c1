"""How many rates a series has, where numbers of 53 bits cannot tell: more digits, then exact algebra.

`valuation.roots` leaves open what lies within its rounding: two rates close to each other, or one at which the
present value touches zero. Where the times are whole multiples of one step, the series is a polynomial with
rational coefficients, and the greatest common divisor with its derivative splits it into factors without double
roots (Musser 1971). Then the bounds of `valuation.roots` are taken again, with 40 decimal digits and more.

Amounts of up to 15 digits are the decimals they print as (0.1 is 1/10). Others are results of arithmetic and
may be off by half a unit in their last place: what hinges on that, or withstands all digits, stays unproved.
Slow (milliseconds to seconds a series) and rarely needed.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Context, Decimal, localcontext
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from valuation.arguments import Floats
from valuation.roots import EPS, reach

DIGITS = (40, 80, 160)
"""Tried one after another."""

MOST_LOOKS = 2000
"""A search that has not ended after so many evaluations is given up."""

MOST_DEGREE = 120
"""Polynomials of a higher degree are not taken apart."""

SPLITS = (Decimal("0.4871"), Decimal("0.5417"), Decimal("0.4129"), Decimal("0.5903"))
"""Where an interval is cut: not in the middle, where rates like 0 % like to lie."""

EXACT_DIGITS = 15
INPUT_BLUR = Decimal(EPS)
"""How far ln gains - ln costs may be off where each amount is off by half a unit in its last place."""

NET_BLUR = Fraction(8.0 * EPS)

MOST_SPAN = 10**300

Polynomial = list[int]  # coefficients, constant first, the last one not zero
Term = tuple[Fraction, Fraction]  # time, amount


@dataclass(frozen=True, slots=True)
class Proof:
    """Every root s = ln(1 + rate), once each.

    logs    : ascending
    touches : of each, whether the present value touches zero there without changing sign
    """

    logs: tuple[float, ...]
    touches: tuple[bool, ...]


def prove(times: NDArray[Any], amounts: Floats) -> Proof | None:
    """Every root of a series of flows, or None where their number cannot be proved.

    times, amounts : (n,) in any order, repeats allowed, finite, with net flows of both signs
    """
    texts = [repr(x) for x in amounts.tolist()]
    exact = all(len(Decimal(x).normalize().as_tuple().digits) <= EXACT_DIGITS for x in texts)
    blur = Decimal(0) if exact else INPUT_BLUR
    terms = _net(times.tolist(), [Fraction(x) for x in texts])
    if terms[-1][0] > MOST_SPAN:
        return None
    factors = _simple_factors(terms) if exact else [(terms, 1)]
    roots: list[tuple[float, bool]] = []
    for factor, power in factors:
        own = next((x for d in DIGITS if (x := _separate(factor, d, blur)) is not None), None)
        if own is None:
            return None
        roots += [(s, power % 2 == 0) for s in own]
    roots.sort()
    return Proof(tuple(s for s, _ in roots), tuple(touches for _, touches in roots))


def _net(times: Sequence[float], amounts: Sequence[Fraction]) -> list[Term]:
    """Net flows in order of time from 0 on; what is lost in the rounding of float64 sums is no flow, as elsewhere."""
    sums: dict[float, tuple[Fraction, Fraction]] = {}
    for t, a in zip(times, amounts, strict=True):
        net, gross = sums.get(t, (Fraction(0), Fraction(0)))
        sums[t] = net + a, gross + abs(a)
    some = {t: net for t, (net, gross) in sums.items() if abs(net) > NET_BLUR * gross}
    first = Fraction(min(some))
    return [(Fraction(t) - first, some[t]) for t in sorted(some)]


# -- digits -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Look:
    """At s: g = ln gains - ln costs, and the mean times of gains and of costs, weighted by present value."""

    s: Decimal
    g: Decimal
    u: Decimal
    d: Decimal


def _separate(terms: Sequence[Term], digits: int, blur: Decimal) -> list[float] | None:
    """The roots of sum a exp(-s t), ascending, each proved simple with so many digits; None where that fails.

    blur : how far ln gains - ln costs may be off for reasons of the input
    """
    if all(a > 0 for _, a in terms) or all(a < 0 for _, a in terms):
        return []
    largest = max(abs(a) for _, a in terms)
    t = np.array([float(x) for x, _ in terms])
    sizes = np.array([float(a / largest) for _, a in terms])
    ends = reach(t, sizes) if sizes.all() else _reach(terms)
    if ends[0] == ends[1]:
        return []
    if math.isinf(ends[0]) or math.isinf(ends[1]):
        return None
    guard = math.ceil(math.log10(2.0 + max(-ends[0], ends[1]) * float(t[-1]))) + len(str(len(terms))) + 6
    with localcontext(Context(prec=digits + guard, Emax=10**17, Emin=-(10**17))):
        return _Search(terms, max(blur, Decimal(10) ** -digits)).roots(Decimal(ends[0]), Decimal(ends[1]))


def _reach(terms: Sequence[Term]) -> tuple[float, float]:
    """`valuation.roots.reach` for amounts that do not fit beside each other in float64."""
    t, a = [_decimal(x) for x, _ in terms], [_decimal(x) for _, x in terms]
    ahead = list(zip(t, a, strict=True))
    back = [(t[-1] - x, y) for x, y in reversed(ahead)]
    return -_end(back), _end(ahead)


def _end(flows: Sequence[tuple[Decimal, Decimal]]) -> float:
    """Beyond which s the running balance of discounted flows, by growing time from 0 on, keeps its sign."""
    width, s = 1 / flows[-1][0], Decimal(0)
    with localcontext(Context(prec=DIGITS[0], Emax=10**17, Emin=-(10**17))):
        for _ in range(MOST_LOOKS):
            balances = itertools.accumulate(a * (-s * t).exp() for t, a in flows)
            if len({balance > 0 for balance in balances}) == 1:
                return float(s)
            s = max(width, 2 * s)
    return math.inf


class _Search:
    """One search for the roots of a series, inside a decimal context of enough digits."""

    def __init__(self, terms: Sequence[Term], small: Decimal) -> None:
        self.gains = [(_decimal(t), _decimal(a)) for t, a in terms if a > 0]
        self.costs = [(_decimal(t), _decimal(-a)) for t, a in terms if a < 0]
        self.span = max(self.gains[-1][0], self.costs[-1][0])
        self.small = small
        self.narrow = self.small / self.span

    def look(self, s: Decimal) -> _Look:
        origin = Decimal(0) if s >= 0 else self.span
        sums = []
        for side in (self.gains, self.costs):
            worth = [(t, a * (-s * (t - origin)).exp()) for t, a in side]
            total = sum((x for _, x in worth), Decimal(0))
            sums.append((total, sum((t * x for t, x in worth), Decimal(0)) / total))
        (gains, u), (costs, d) = sums
        return _Look(s, (gains / costs).ln(), u, d)

    def roots(self, left: Decimal, right: Decimal) -> list[float] | None:
        """The roots between left and right, outside of which there are none."""
        room = 8 * self.small * self.span
        todo, crossings, looks = [(self.look(left), self.look(right))], [], 0
        while todo:
            looks += 1
            lo, hi = todo.pop()
            least, most = hi.d - lo.u - room, lo.d - hi.u + room
            if least > 0 or most < 0:
                if (lo.g > 0) != (hi.g > 0):
                    crossings.append(self.crossing(lo, hi))
                continue
            width = hi.s - lo.s
            highest = lo.g + most * (hi.g - lo.g - least * width) / (most - least)
            lowest = lo.g + least * (lo.g - hi.g + most * width) / (most - least)
            if lowest > 4 * self.small or highest < -4 * self.small:
                continue
            cut = None if width <= self.narrow or looks > MOST_LOOKS else self.cut(lo, hi)
            if cut is None:
                return None
            todo += [(cut, hi), (lo, cut)]
        return crossings

    def cut(self, lo: _Look, hi: _Look) -> _Look | None:
        """A point between the two at which g is not zero within rounding."""
        for part in SPLITS:
            point = self.look(lo.s + part * (hi.s - lo.s))
            if abs(point.g) > 4 * self.small:
                return point
        return None

    def crossing(self, lo: _Look, hi: _Look) -> float:
        """The root between lo and hi, between which g is monotone."""
        below, above = lo, hi
        at = self.look((lo.s + hi.s) / 2)
        for _ in range(4000):
            if abs(at.g) <= self.small:
                break
            if (at.g > 0) == (below.g > 0):
                below = at
            else:
                above = at
            better = at.s - at.g / (at.d - at.u) if at.d != at.u else below.s
            if not below.s < better < above.s:
                better = (below.s + above.s) / 2
            close = abs(better - at.s) <= abs(at.s) * Decimal("1e-25")
            at = self.look(better)
            if close:
                break
        return float(at.s)


def _decimal(x: Fraction) -> Decimal:
    return Decimal(x.numerator) / Decimal(x.denominator)


# -- algebra ------------------------------------------------------------------------------------------------------


def _simple_factors(terms: list[Term]) -> list[tuple[list[Term], int]]:
    """Series whose roots are simple and together those of `terms`, with their powers in it, where it has a step."""
    polynomial, step = _as_polynomial(terms)
    if polynomial is None:
        return [(terms, 1)]
    parts = _without_doubles(polynomial)
    return [([(k * step, Fraction(c)) for k, c in enumerate(p) if c], power) for p, power in parts]


def _as_polynomial(terms: Sequence[Term]) -> tuple[Polynomial | None, Fraction]:
    """The series as a polynomial in x = exp(-s step) with whole coefficients, and the step; None: too high a degree."""
    scale = math.lcm(*(t.denominator for t, _ in terms))
    common = math.gcd(*(int(t * scale) for t, _ in terms))
    step = Fraction(common, scale)
    degree = int(terms[-1][0] / step)
    if degree > MOST_DEGREE:
        return None, step
    whole = math.lcm(*(a.denominator for _, a in terms))
    p = [0] * (degree + 1)
    for t, a in terms:
        p[int(t / step)] = int(a * whole)
    return _primitive(p), step


def _without_doubles(p: Polynomial) -> list[tuple[Polynomial, int]]:
    """Factors of p that have no double root and no root in common, each with its power in p."""
    slope = [k * c for k, c in enumerate(p)][1:]
    rest = _common(p, slope)
    whole, power, factors = _quotient(p, rest), 1, []
    while len(whole) > 1:
        shared = _common(whole, rest)
        own = _quotient(whole, shared)
        if len(own) > 1:
            factors.append((own, power))
        whole, rest, power = shared, _quotient(rest, shared), power + 1
    return factors


def _primitive(p: Polynomial) -> Polynomial:
    """p without leading zeros and without a common factor of its coefficients."""
    while p and p[-1] == 0:
        p = p[:-1]
    common = math.gcd(*p) if p else 1
    return [c // common for c in p]


def _divide(p: Polynomial, q: Polynomial) -> tuple[Polynomial, Polynomial]:
    """Quotient and remainder of p by q, each up to a constant factor."""
    rest, quotient = p[:], [0] * max(len(p) - len(q) + 1, 1)
    lead = q[-1]
    for k in range(len(p) - len(q), -1, -1):
        top = rest[k + len(q) - 1]
        quotient = [c * lead for c in quotient]
        rest = [c * lead for c in rest]
        quotient[k] += top
        for i, c in enumerate(q):
            rest[k + i] -= top * c
    return _primitive(quotient), _primitive(rest)


def _common(p: Polynomial, q: Polynomial) -> Polynomial:
    """The greatest common divisor, up to a constant factor."""
    while q:
        p, q = (q, _divide(p, q)[1]) if len(p) >= len(q) else (q, p)
    return p


def _quotient(p: Polynomial, q: Polynomial) -> Polynomial:
    return _divide(p, q)[0]
