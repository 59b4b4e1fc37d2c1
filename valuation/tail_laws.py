"""Tails of counting laws in fifty decimal digits: what a plan or a limit of audit sampling turns on.

A size is the first whole number at which a probability is at most a risk, so a probability that is wrong in its last
digit gives another size. Probabilities are summed from positive terms and are right to more than 40 digits;
one that cannot be told from the risk is compared as an exact fraction.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import AbstractContextManager
from decimal import Context, Decimal, DivisionByZero, InvalidOperation, localcontext
from fractions import Fraction
from functools import lru_cache

DIGITS = 60
_NEGLIGIBLE = Decimal(10) ** -55
_STEP = Decimal(10) ** -20
_TIED = Decimal(10) ** -40
_EXACT_AT_MOST = 2_000
"""Beyond so many items no probability can equal a risk of sensible length; below, it is looked at exactly."""
_CONTEXT = Context(prec=DIGITS, Emin=-(10**15), Emax=10**15, traps=[InvalidOperation, DivisionByZero])
_STIRLING_FROM = 40
_BERNOULLI = (
    (1, 6),
    (-1, 30),
    (1, 42),
    (-1, 30),
    (5, 66),
    (-691, 2730),
    (7, 6),
    (-3617, 510),
    (43867, 798),
    (-174611, 330),
    (854513, 138),
    (-236364091, 2730),
    (8553103, 6),
    (-23749461029, 870),
    (8615841276005, 14322),
    (-7709321041217, 510),
    (2577687858367, 6),
    (-26315271553053477373, 1919190),
    (2929993913841559, 6),
    (-261082718496449122051, 13530),
)
"""Numerator and denominator of the Bernoulli numbers of index 2, 4, … 40 (Abramowitz and Stegun, table 23.2)."""
_HALF_LOG_TWO_PI = Decimal("0.918938533204672741780329736405617639861397473637783412817151540")


def binomial(size: int, most: int, rate: Fraction, risk: Fraction) -> bool:
    """Whether P(X <= most) <= risk, for X of a binomial law of `size` items at `rate`."""

    def exact() -> Fraction:
        q = 1 - rate
        return sum((math.comb(size, i) * rate**i * q ** (size - i) for i in range(most + 1)), Fraction())

    with localcontext(_CONTEXT):
        return _at_most(binomial_below(size, most, decimal(rate)), risk, exact, size)


def binomial_below(size: int, most: int, rate: Decimal) -> Decimal:
    """P(X <= most) of a binomial law; 0 < rate < 1. To be called with `decimals()` in force."""
    if most >= size:
        return Decimal(1)
    odds = rate / (1 - rate)
    last = _log_choose(size, most) + most * rate.ln() + (size - most) * (1 - rate).ln()
    return _summed_down(last.exp(), most, 0, lambda i: Decimal(i) / (size - i + 1) / odds)


def hypergeometric(population: int, bad: int, size: int, most: int, risk: Fraction) -> bool:
    """Whether P(X <= most) <= risk, for X bad ones among `size` drawn without replacement from a population with `bad`."""

    def exact() -> Fraction:
        ways = sum(math.comb(bad, i) * math.comb(population - bad, size - i) for i in range(least, most + 1))
        return Fraction(ways, math.comb(population, size))

    least = max(0, size - (population - bad))
    if most < least:
        return True
    if most >= min(size, bad):
        return risk >= 1
    with localcontext(_CONTEXT):
        last = (
            _log_choose(bad, most)
            + _log_choose(population - bad, size - most)
            - _log_choose(population, size)
        )
        below = _summed_down(
            last.exp(),
            most,
            least,
            lambda i: Decimal(i * (population - bad - size + i)) / ((bad - i + 1) * (size - i + 1)),
        )
        return _at_most(below, risk, exact, population)


def poisson_below(most: int, mean: Decimal) -> Decimal:
    """P(X <= most) of a Poisson law; mean > 0. With `decimals()` in force."""
    last = most * mean.ln() - mean - _log_factorial(most)
    return _summed_down(last.exp(), most, 0, lambda i: i / mean)


def gamma_above(shape: Decimal, at: Decimal) -> Decimal:
    """P(G > at), G of a gamma law of scale 1; of a whole shape k + 1 it is `poisson_below(k, at)`.

    To be called with `decimals()` in force. Source: the series of the lower incomplete gamma function, Abramowitz and
    Stegun (1964), 6.5.29.
    """
    if at <= 0:
        return Decimal(1)
    term = (shape * at.ln() - at - log_gamma(shape + 1)).exp()
    total, denominator = term, shape
    while denominator < at or term > total * _NEGLIGIBLE:
        denominator += 1
        term *= at / denominator
        total += term
    return max(1 - total, Decimal(0))


def log_gamma(x: Decimal) -> Decimal:
    """ln Γ(x) for x >= 1, by Stirling's series from 40 on and the recurrence below. With `decimals()` in force."""
    product = Decimal(1)
    while x < _STIRLING_FROM:
        product *= x
        x += 1
    total = (x - Decimal("0.5")) * x.ln() - x + _HALF_LOG_TWO_PI
    power = x
    for i, (above, below) in enumerate(_BERNOULLI, 1):
        total += Decimal(above) / (below * 2 * i * (2 * i - 1) * power)
        power *= x * x
    return total - product.ln()


def first(holds: Callable[[int], bool], low: int, high: int) -> int | None:
    """The least whole number in [low, high] from which on `holds`; None where it does not hold at `high`."""
    if low > high:
        return None
    step, at = 1, low
    while not holds(at):  # the answer is mostly near: go up in doubling steps
        if at == high:
            return None
        low, at, step = at + 1, min(high, at + step), 2 * step
    high = at
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle + 1, high)
    return low


def crossing(above: Callable[[Decimal], Decimal], risk: Decimal, low: Decimal, high: Decimal) -> float:
    """The float64 next above the point between low and high where a falling function comes down to the risk.

    The secant of the logarithm, inside a bracket; neither end is asked.
    """
    goal = risk.ln()
    x, at = low + (high - low) / 8, low + (high - low) / 4
    before = above(x).ln() - goal
    low, high = (x, high) if before > 0 else (low, x)
    while abs(at - x) > at * _STEP:
        value = above(at).ln() - goal
        low, high = (at, high) if value > 0 else (low, at)
        further = at if value == before else at - value * (at - x) / (value - before)
        if not low < further < high:
            further = (low + high) / 2
        x, before, at = at, value, further
        if high - low <= at * _STEP:
            break
    return rounded_up(at * (1 + _STEP))


def rounded_up(value: Decimal | Fraction) -> float:
    """The least float64 that is not below the value."""
    near = float(value)
    return near if Fraction(near) >= Fraction(value) else math.nextafter(near, math.inf)


def decimals() -> AbstractContextManager[Context]:
    """The precision in which these laws are computed."""
    return localcontext(_CONTEXT)


def decimal(value: Fraction) -> Decimal:
    """A fraction in the precision in force."""
    return Decimal(value.numerator) / Decimal(value.denominator)


def _at_most(value: Decimal, risk: Fraction, exact: Callable[[], Fraction], items: int) -> bool:
    bound = decimal(risk)
    if abs(value - bound) <= bound * _TIED and items <= _EXACT_AT_MOST:
        return exact() <= risk
    return value <= bound


def _summed_down(term: Decimal, last: int, least: int, ratio: Callable[[int], Decimal]) -> Decimal:
    """The sum of terms least … last, from the last down: term i - 1 is term i times ratio(i), and ratios fall with i."""
    total = term
    for i in range(last, least, -1):
        factor = ratio(i)
        term *= factor
        total += term
        if factor < 1 and term < total * _NEGLIGIBLE * (1 - factor):
            break
    return total


@lru_cache(maxsize=10_000)
def _log_factorial(n: int) -> Decimal:
    with localcontext(_CONTEXT):
        return log_gamma(Decimal(n + 1))


def _log_choose(n: int, k: int) -> Decimal:
    return _log_factorial(n) - _log_factorial(k) - _log_factorial(n - k)
