"""What a sample says is wrong in all: estimates, each under the name of its estimator.

Estimators of one sample differ by more than their digits (a plain weighted rate of 3.6 % and a Bayesian one of 6.0 % come
from the same twenty branches), so an estimate carries its name and stands nowhere without it.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Literal, NamedTuple, TypeAlias, get_args

import numpy as np
from numpy.typing import ArrayLike

from valuation.arguments import Floats, count, real, reals, refuse_where, text, whole, within_float64
from valuation.exact import Rate, rate
from valuation.refusals import ValuationError

LARGEST = 10**15
RateEstimator: TypeAlias = Literal["weighted", "uniform-prior"]


class Estimate(NamedTuple):
    """An estimate with its two-sided limits.

    estimator : how it was made: "difference", "regression"
    """

    estimate: float
    lower: float
    upper: float
    estimator: str


def difference_estimate(book: ArrayLike, audited: ArrayLike, items: int, risk: Rate = "0.05") -> Estimate:
    """Misstatement of a population by the mean difference of a simple random sample.

    book, audited : (n,) values of the items drawn, n >= 2, any unit; items: number of items of the population, >= n
    risk          : two-sided, in (0, 1)
    -> items · mean(book - audited) and Student limits with n - 1 degrees of freedom, without a correction for the
       population's size

    Source: AICPA, Audit Guide Audit Sampling (2017), ch. 7 (classical variables sampling).
    """
    first, second, number, share = _sample(book, audited, items, risk)
    difference = first - second
    centre = number * float(difference.mean())
    return _limits(centre, number, difference - difference.mean(), share, "difference")


def regression_estimate(
    book: ArrayLike, audited: ArrayLike, items: int, total: float, risk: Rate = "0.05"
) -> Estimate:
    """The same by the line of audited on book values, which uses the known total.

    total : book value of the whole population
    -> total - (items · mean(audited) + slope · (total - items · mean(book))); the variance of the residuals divides by n - 1

    Source: as `difference_estimate`. ValuationError where all book values of the sample are equal.
    """
    first, second, number, share = _sample(book, audited, items, risk)
    known = real("total", total)
    x, y = first - first.mean(), second - second.mean()
    with np.errstate(over="ignore", invalid="ignore"):
        spread = float(x @ x)
        if spread == 0.0:
            raise ValuationError("book", "all values are equal: there is no line through them")
        slope = float(x @ y) / spread
        projected = number * float(second.mean()) + slope * (known - number * float(first.mean()))
        residuals = np.asarray(y - slope * x)
    return _limits(known - projected, number, residuals, share, "regression")


def stratified_rate(
    weights: ArrayLike, sizes: ArrayLike, errors: ArrayLike, estimator: RateEstimator = "weighted"
) -> float:
    """The rate of errors of a population from samples of its strata.

    weights   : (k,) above 0: items of each stratum, or its book value for samples of monetary units
    sizes     : (k,) whole numbers drawn of each, above 0; errors: (k,) their errors or sums of taints, 0 … size
    estimator : weighted       sum of weight · errors / size, over the sum of weights: unbiased
                uniform-prior  the posterior mean with a uniform prior in each stratum, (errors + 1) / (size + 2): strata with
                               few items drawn are pulled towards one half, so it lies higher

    Source: K. Derks, J. de Swart, R. Wetzels, Maandblad voor Accountancy en Bedrijfseconomie 96 (2022) 37-46.
    """
    shares = reals("weights", weights, shape=(None,), above=0.0)
    drawn = whole("sizes", sizes, shape=shares.shape, low=1)
    wrong = reals("errors", errors, shape=shares.shape, low=0.0)
    refuse_where(wrong > drawn, "errors", "more than were drawn", wrong)
    if text("estimator", estimator) not in get_args(RateEstimator):
        raise ValuationError(
            "estimator", f"must be one of {', '.join(get_args(RateEstimator))}", found=estimator
        )
    if shares.size == 0:
        return math.nan
    rates = wrong / drawn if estimator == "weighted" else (wrong + 1.0) / (drawn + 2.0)
    shares = shares / shares.max()
    return float(shares @ rates / shares.sum())


def student_quantile(freedom: int, tail: Fraction) -> float:
    """The t that Student's law with so many degrees of freedom exceeds in size with probability `tail`, two-sided.

    Source: the finite sums of Abramowitz and Stegun (1964), 26.7.3 and 26.7.4.
    """
    wanted = 1.0 - float(tail)
    low, high = 0.0, 1.0
    while _within(freedom, high) < wanted and high < 1e12:
        high *= 2.0
    for _ in range(200):
        middle = 0.5 * (low + high)
        if middle in (low, high):
            break
        low, high = (middle, high) if _within(freedom, middle) < wanted else (low, middle)
    return high


def _within(freedom: int, t: float) -> float:
    """P(|T| <= t)."""
    angle = math.atan(t / math.sqrt(freedom))
    sine, cosine = math.sin(angle), math.cos(angle)
    if freedom % 2 == 0:
        return sine * _series(freedom // 2, cosine, 1)
    inner = 0.0 if freedom == 1 else sine * cosine * _series((freedom - 1) // 2, cosine, 2)
    return 2.0 / math.pi * (angle + inner)


def _series(terms: int, cosine: float, first: int) -> float:
    """1 + c² · first/(first + 1) + c⁴ · first (first + 2)/((first + 1)(first + 3)) + …"""
    term = total = 1.0
    for i in range(terms - 1):
        term *= cosine * cosine * (first + 2 * i) / (first + 2 * i + 1)
        total += term
    return total


def _sample(
    book: ArrayLike, audited: ArrayLike, items: int, risk: Rate
) -> tuple[Floats, Floats, int, Fraction]:
    first = reals("book", book, shape=(None,))
    second = reals("audited", audited, shape=first.shape)
    if not 2 <= first.size <= 10**6:
        raise ValuationError("book", "must be two to a million items", found=first.size)
    number = count("items", items, low=first.size, high=LARGEST)
    share = rate("risk", risk, high=1)
    if not Fraction(1, 10**9) <= share < 1:
        raise ValuationError("risk", "must be at least 1e-9 and below 1", found=risk)
    most = max(float(np.abs(first).max()), float(np.abs(second).max()))
    if most > 1e100:
        raise ValuationError("book", "too large to square in float64", found=most)
    return first, second, number, share


def _limits(centre: float, items: int, residuals: Floats, risk: Fraction, estimator: str) -> Estimate:
    n = residuals.size
    error = items * math.sqrt(math.fsum(residuals**2) / (n - 1) / n)
    width = student_quantile(n - 1, risk) * error
    low, middle, high = within_float64("audited", np.array([centre - width, centre, centre + width])).tolist()
    return Estimate(middle, low, high, estimator)
