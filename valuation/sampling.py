"""Audit sampling: how many to look at, and what the findings say at most about all of them.

Two families. *Attributes*: an item is right or wrong, the question is the rate of wrong ones; allowed deviations are whole
numbers, the expected ones rounded up. *Monetary units*: every yuan is an item that is tainted by a share of itself, the
question is the misstated share of the value; expected errors keep their fractions.

Rates, shares, risks and amounts are stated as decimals: a Decimal, a whole number, a Fraction, or the text of one ("0.05",
"1/3"). A binary float is refused: 0.035 × 400 is more than 14 in floats, and the size 423 instead of 400. Sizes are
computed in decimals throughout (`valuation.tail_laws`); limits are float64, never below the exact one.

risk : the accepted probability that the conclusion is wrong, 1 - confidence; above 0, below 1
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Literal, NamedTuple, TypeAlias, get_args

import numpy as np

from valuation import tail_laws as laws
from valuation.arguments import count, text
from valuation.exact import rate as exact_rate
from valuation.leading_digits import DigitTest, first_digit_test
from valuation.permutation import PermutationTest, permutation_test
from valuation.refusals import ValuationError
from valuation.selection import (
    allocation,
    attribute_selection,
    interval_selection,
    monetary_unit_selection,
)

__all__ = [
    "Plan",
    "SamplePlan",
    "attribute_sample_size",
    "attribute_upper_limit",
    "monetary_unit_sample_size",
    "Method",
    "monetary_unit_upper_bound",
    "PermutationTest",
    "permutation_test",
    "DigitTest",
    "first_digit_test",
    "allocation",
    "attribute_selection",
    "interval_selection",
    "monetary_unit_selection",
]

Stated: TypeAlias = Decimal | Fraction | int | str
"""A number as a document states it."""

LARGEST = 100_000
"""No sample is larger: where more would be needed, what is expected lies too near to what is tolerable."""
LARGEST_POPULATION = 10**15

Method: TypeAlias = Literal["stringer", "stringer-poisson", "stringer-lta", "exact"]
"""How taints become a bound; see `monetary_unit_upper_bound`."""


class SamplePlan(NamedTuple):
    """A sample of attributes: its size, and how many deviations may be found in it."""

    size: int
    deviations: int


Plan = SamplePlan
"""What docs/api.md calls it."""


def attribute_sample_size(
    tolerable: Stated, expected: Stated, risk: Stated, population: int | None = None
) -> SamplePlan:
    """The smallest sample that tells a tolerable rate of deviations from a higher one.

    tolerable  : rate of deviations that is just too high to be accepted by more than the risk; above 0, at most 1
    expected   : rate of deviations to be allowed for, below `tolerable`; in the sample it is rounded up to a whole number
    population : number of items; None: so many that what was drawn counts for nothing (binomial law), else the
                 hypergeometric law with the least whole number of deviations that is at least `tolerable`
    -> SamplePlan: the least n with P(X <= ceil(n · expected)) <= risk at the tolerable rate

    ValuationError also where more than 100,000 items would be needed, and where so small a population cannot hold both rates.
    Source: AICPA, Audit Guide Audit Sampling (2017), appendix A; for populations, Touw and Hoogduin, Statistiek voor
    audit en controlling (2011), ch. 2.
    """
    bound, share, accepted = _rates(tolerable, expected, risk)
    if population is None:
        return _least_plan(lambda n, k: laws.binomial(n, k, bound, accepted), share, LARGEST)
    items = count("population", population, low=1, high=LARGEST_POPULATION)
    bad = math.ceil(items * bound)
    if math.ceil(items * share) >= bad:
        raise ValuationError("expected", f"is not below tolerable in a population of {items}", found=expected)

    def holds(size: int, most: int) -> bool:
        return laws.hypergeometric(items, bad, size, most, accepted)

    return _least_plan(holds, share, min(items, LARGEST))


def _least_plan(holds: Callable[[int, int], bool], expected: Fraction, largest: int) -> SamplePlan:
    """The least size at which the deviations to be expected are few enough; `holds(size, deviations)`.

    Sizes with the same ceil(n · expected) = k are one range, and in it the first that holds is the first of all that holds
    for k. Ranges that end long before it are passed over: their share of deviations falls towards `expected` as k rises.
    """
    if expected == 0:
        size = laws.first(lambda n: holds(n, 0), 1, largest)
        return SamplePlan(_within(size), 0)
    last = math.ceil(largest * expected)
    start = laws.first(lambda k: holds(min(math.ceil(k / expected), largest), k), 1, last)
    for k in range(_within(start), last + 1):
        low, high = math.floor((k - 1) / expected) + 1, min(math.floor(k / expected), largest)
        size = laws.first(lambda n, k=k: holds(n, k), low, high)  # type: ignore[misc]
        if size is not None:
            return SamplePlan(size, k)
    return SamplePlan(_within(None), 0)


def _within(size: int | None) -> int:
    if size is None:
        raise ValuationError(
            "expected", f"is too near to tolerable: more than {LARGEST} items would be needed"
        )
    return size


def attribute_upper_limit(size: int, deviations: int, risk: Stated, population: int | None = None) -> float:
    """The rate of deviations that is exceeded with no more than the risk, given what a sample showed.

    size, deviations : items looked at, and how many of them deviate
    population       : number of items, None for a large one
    -> the Clopper–Pearson limit (one-sided); of a population, the largest number of deviations that the sample does not
       reject, divided by the items. 1 where every item deviates.

    Source: C. Clopper, E. Pearson, Biometrika 26 (1934) 404-413; AICPA, Audit Sampling (2017), table A-3 (which rounds up).
    """
    n = count("size", size, low=1, high=LARGEST)
    k = count("deviations", deviations, high=n)
    accepted = _risk(risk)
    if population is None:
        return _clopper_pearson(n, k, accepted)
    items = count("population", population, low=n, high=LARGEST_POPULATION)
    rejected = laws.first(lambda bad: laws.hypergeometric(items, bad, n, k, accepted), k, items - n + k + 1)
    most = items - n + k if rejected is None else min(rejected - 1, items - n + k)
    return laws.rounded_up(Fraction(most, items))


@lru_cache(maxsize=10_000)
def _clopper_pearson(n: int, k: int, risk: Fraction) -> float:
    if k == n:
        return 1.0
    with laws.decimals():
        low, high = Decimal(k) / n, Decimal(1)
        return min(1.0, laws.crossing(lambda p: laws.binomial_below(n, k, p), laws.decimal(risk), low, high))


@lru_cache(maxsize=10_000)
def _poisson_limit(n: int, k: int, risk: Fraction) -> float:
    """Upper limit of a Poisson mean on k events, for each of n items; above 1 where few items are nearly all in error: the factor of
    practice as it is, of which only the whole bound is held to the population."""
    with laws.decimals():
        accepted, high = laws.decimal(risk), Decimal(k + 2)
        while laws.poisson_below(k, high) > accepted:
            high *= 2
        factor = laws.crossing(lambda x: laws.poisson_below(k, x), accepted, Decimal(0), 2 * high)
    return laws.rounded_up(Fraction(factor) / n)


def monetary_unit_sample_size(tolerable: Stated, expected: Stated, risk: Stated) -> int:
    """How many monetary units to draw.

    tolerable, expected : misstatement as a share of the population's value; expected is below tolerable and its sum of
                          taints in the sample, size · expected, is not rounded
    -> the least n at which the (1 - risk) quantile of the gamma law of shape 1 + n · expected is at most n · tolerable

    Source: AICPA, Audit Sampling (2017), appendix C, table C-1.
    """
    bound, share, accepted = _rates(tolerable, expected, risk)

    def holds(n: int) -> bool:
        with laws.decimals():
            return laws.gamma_above(1 + n * laws.decimal(share), n * laws.decimal(bound)) <= laws.decimal(
                accepted
            )

    return _within(laws.first(holds, 1, LARGEST))


def monetary_unit_upper_bound(
    book: Stated, tainted: Iterable[Stated], size: int, risk: Stated, method: Method = "stringer"
) -> float:
    """The misstatement of a population that is exceeded with no more than the risk.

    book    : value of the population, at least 0, in any unit; 1 gives the bound as a share
    tainted : one taint for each unit of the sample that is misstated: (book value - audited value) / book value of its
              item. An overstatement is above 0 and counts at most whole; an understatement is below 0.
    size    : monetary units drawn
    method  : stringer          binomial limits p_0 + sum of (p_j - p_(j-1)) · t_j, taints from the largest down
              stringer-poisson  the same with Poisson limits (the factors of practice, a little higher)
              stringer-lta      stringer less the sum of understatements / size (Leslie, Teitlebaum, Anderson), at least 0
              exact             Clopper–Pearson, each overstated unit a whole error
              but for stringer-lta, understatements are left out
    -> the bound in the unit of `book`, float64, never below the exact one; at most `book`

    Source: K. Stringer, Proceedings of the Business and Economic Statistics Section, ASA (1963) 405-411; D. Leslie,
    A. Teitlebaum, R. Anderson, Dollar-Unit Sampling (1979).
    """
    value = _stated("book", book, low=0)
    n = count("size", size, low=1, high=LARGEST)
    accepted = _risk(risk)
    if text("method", method) not in get_args(Method):
        raise ValuationError("method", f"must be one of {', '.join(get_args(Method))}", found=method)
    taints = _taints(tainted, n)
    over = sorted((min(t, Fraction(1)) for t in taints if t > 0), reverse=True)
    if method == "exact":
        share = Fraction(_clopper_pearson(n, len(over), accepted))
    else:
        limit = _poisson_limit if method == "stringer-poisson" else _clopper_pearson
        limits = [Fraction(limit(n, j, accepted)) for j in range(len(over) + 1)]
        steps = zip(limits[1:], limits, over, strict=False)
        share = limits[0] + sum(((p - before) * t for p, before, t in steps), Fraction())
    if method == "stringer-lta":
        share = max(share + sum((t for t in taints if t < 0), Fraction()) / n, Fraction())
    try:
        return laws.rounded_up(value * min(share, Fraction(1)))
    except OverflowError:
        raise ValuationError("book", "leads to an amount beyond float64", found=book) from None


def _taints(tainted: Iterable[Stated], size: int) -> list[Fraction]:
    if isinstance(tainted, str | bytes) or not isinstance(tainted, Iterable):
        raise ValuationError("tainted", "must be a list of shares", found=tainted)
    try:
        listed = list(tainted)
    except TypeError:  # an array without dimensions
        raise ValuationError("tainted", "must be a list of shares", found=tainted) from None
    if len(listed) > size:
        raise ValuationError("tainted", f"must be at most {size}, the size of the sample", found=len(listed))
    return [_stated(f"tainted[{i}]", taint, low=None) for i, taint in enumerate(listed)]


def _rates(tolerable: Stated, expected: Stated, risk: Stated) -> tuple[Fraction, Fraction, Fraction]:
    bound = _stated("tolerable", tolerable, high=1)
    if bound == 0:
        raise ValuationError("tolerable", "must be above 0", found=tolerable)
    share = _stated("expected", expected)
    if share >= bound:
        raise ValuationError("expected", "must be below tolerable", found=expected)
    return bound, share, _risk(risk)


def _risk(risk: Stated) -> Fraction:
    accepted = _stated("risk", risk, high=1)
    if not Fraction(1, 10**12) <= accepted < 1:
        raise ValuationError("risk", "must be at least 1e-12 and below 1", found=risk)
    return accepted


def _stated(argument: str, value: Stated, *, low: int | None = 0, high: int | None = None) -> Fraction:
    if isinstance(value, float | np.floating):
        raise ValuationError(
            argument, "state it as a decimal or its text, not as a binary float", found=float(value)
        )
    return exact_rate(argument, value, low=low, high=high)
