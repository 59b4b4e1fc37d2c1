"""CreditRisk+: the loss distribution of a pool of loans in closed form, without simulation.

Source: Credit Suisse First Boston, "CreditRisk+: A Credit Risk Management Framework" (1997), sections A and B.
Obligor i defaults in Poisson fashion with a rate pd_i that its sectors scale up and down: sector k is a gamma
variable with mean 1, and i belongs to it with weight w_ik. With exposures in whole units ν_i, losses have the
generating function

    G(z) = exp(P_0(z) − P_0(1)) · Π_k (1 + v_k·(μ_k − P_k(z)))^(−1/v_k),   P_k(z) = Σ_i w_ik·pd_i·z^(ν_i)

with μ_k = P_k(1), σ_k = Σ_i w_ik·sd_i, v_k = (σ_k/μ_k)²; k = 0 is the specific sector, which does not vary.

Conventions of the paper's example: ν_i = exposure / unit rounded up, and pd_i (and sd_i) scaled down by
exposure / (ν_i·unit), so that expected losses are kept.

Numerics: ln G as a power series, sector by sector, then its exponential; every term of both recursions is
positive, so nothing cancels (M. Gordy, "Saddlepoint Approximation of CreditRisk+", J. Banking & Finance 26, 2002,
and H. Haaf, O. Reiss, J. Schoenmakers, "Numerically Stable Computation of CreditRisk+", 2004, on why Panjer's own
recursion can lose its digits). The result does not overflow or vanish for large pools: it is scaled as it goes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from valuation.arguments import Floats, Integers, check_shape, real, reals, refuse_where, within_float64
from valuation.refusals import ValuationError

TAIL = 1e-12
"""The distribution is returned until this much probability, or less, lies beyond it."""

MOST_POINTS = 100_000
MOST_UNIT = 1e150  # its square still fits
MOST_SD = 1000.0
WEIGHT_TOLERANCE = 1e-9

SUM_TOLERANCE = 1e-6
"""Probabilities typed from a table with six decimals may add to this much more than 1."""

_RESCALE = 1e200


@dataclass(frozen=True, slots=True, eq=False)
class LossDistribution:
    """Losses 0, unit, 2·unit, … and their probabilities.

    unit          : > 0, in the money of the exposures
    probabilities : (points,) >= 0; they add to 1 but for the tail that was cut off (at most 1e-12)
    """

    unit: float
    probabilities: Floats

    def __post_init__(self) -> None:
        reals("unit", self.unit, shape=(), above=0.0)
        chances = reals("probabilities", self.probabilities, shape=(None,), low=0.0, high=1.0 + SUM_TOLERANCE)
        if chances.size == 0 or float(chances.sum()) > 1.0 + SUM_TOLERANCE:
            raise ValuationError(
                "probabilities", "must add to 1 or, cut off, to less", found=float(chances.sum())
            )
        object.__setattr__(self, "probabilities", chances)

    @property
    def losses(self) -> Floats:
        """(points,)"""
        return np.arange(float(self.probabilities.size)) * self.unit

    @property
    def cumulative(self) -> Floats:
        """(points,)  P(loss <= losses)"""
        return np.cumsum(self.probabilities)

    @property
    def mean(self) -> float:
        """Expected loss."""
        return float(self.losses @ self.probabilities)

    @property
    def variance(self) -> float:
        return float((self.losses - self.mean) ** 2 @ self.probabilities)

    @property
    def standard_deviation(self) -> float:
        """What the CreditRisk+ literature calls unexpected loss."""
        return math.sqrt(self.variance)

    def quantile(self, level: float) -> float:
        """The loss not exceeded with probability `level` in (0, 1), linear between the points.

        The convention of the published example: P(loss <= n·unit) belongs to n·unit, and losses in between are
        read off the straight line. 0 where the probability of no loss at all is `level` or more. nan beyond
        what the distribution holds (level above 1 − 1e-12).
        """
        p = real("level", level, above=0.0, below=1.0)
        cumulative = self.cumulative
        if p > cumulative[-1]:
            return float("nan")
        return float(np.interp(p, cumulative, self.losses))

    def unexpected_loss(self, level: float) -> float:
        """quantile(level) − mean: what is lost beyond expectation, as in Basel II and in pool agreements."""
        return self.quantile(level) - self.mean


def creditrisk_plus(
    exposures: ArrayLike,
    pd: ArrayLike,
    sd: ArrayLike,
    sector_weights: ArrayLike,
    unit: float,
    *,
    specific: ArrayLike | None = None,
) -> LossDistribution:
    """Loss distribution of obligors whose default rates move with gamma sectors; formulas in the module.

    exposures      : (obligors,) >= 0, loss in default (net of recovery), in money
    pd, sd         : (obligors,) in [0, 1] and [0, 1000], mean and standard deviation of the default rate over the horizon
    sector_weights : (obligors, sectors), or (obligors,) for one sector; >= 0
    unit           : > 0, the grid of losses in money; the paper takes the largest exposure over 100
    specific       : (obligors,) weight in the specific sector (no common variation), 0 where not given
                     weights and specific of an obligor add to 1

    -> LossDistribution up to the loss exceeded with probability 1e-12. Its mean is Σ exposures·pd, its variance
    the sum of the variance contributions (see `risk_contributions`).
    ValuationError: shapes that differ, nan, inf, negative input, weights that do not add to 1, a unit so small
    that more than 100,000 points would be needed.
    """
    book = _book(exposures, pd, sd, sector_weights, unit, specific)
    return LossDistribution(real("unit", unit), _distribution(book))


def risk_contributions(
    exposures: ArrayLike,
    pd: ArrayLike,
    sd: ArrayLike,
    sector_weights: ArrayLike,
    unit: float,
    *,
    level: float = 0.99,
    specific: ArrayLike | None = None,
) -> Floats:
    """(obligors,)  what each obligor adds to the pool's loss at `level`; they add up to that loss.

    EL_i + κ·pd_i·B_i·(B_i + Σ_k w_ik·v_k·EL_k): expected loss plus a part of the variance, κ such that the sum is
    the quantile. B is the banded exposure, EL_k the expected loss in sector k. As in the published example, pd is
    here the rate as given, not the one scaled down for the banding. Arguments as in `creditrisk_plus`.
    """
    book = _book(exposures, pd, sd, sector_weights, unit, specific)
    unit = real("unit", unit)
    distribution = LossDistribution(unit, _distribution(book))
    expected, spread = np.zeros((2, book.used.size))
    expected[book.used] = book.rate * book.bands * unit
    spread[book.used] = _variances(book, unit) / book.banded
    total = float(spread.sum())
    if total == 0.0:
        return expected
    stretch = (distribution.quantile(level) - float(expected.sum())) / total
    contributions: Floats = expected + stretch * spread
    return contributions


def pooled_relative_variance(
    expected_loss: ArrayLike, relative_variance: ArrayLike, correlation: ArrayLike
) -> float:
    """The relative variance of one sector that stands for several correlated ones.

    expected_loss, relative_variance : (sectors,) >= 0      correlation : (sectors, sectors), ones on the diagonal
    -> Σ_kl ρ_kl·√(v_k·v_l)·EL_k·EL_l / (Σ EL)²; with sd = pd·√(this) for every obligor, the one-sector model has
    the mean and variance of the pool. nan where nothing is expected to be lost.

    Source: P. Bürgisser, A. Kurth, A. Wagner, M. Wolf, "Integrating Correlations", Risk, July 1999.
    """
    losses = reals("expected_loss", expected_loss, shape=(None,), low=0.0)
    variances = reals("relative_variance", relative_variance, shape=losses.shape, low=0.0)
    square = (losses.size, losses.size)
    matrix = reals("correlation", correlation, shape=square, low=-1.0, high=1.0)
    refuse_where(np.abs(matrix - matrix.T) > WEIGHT_TOLERANCE, "correlation", "not symmetric", matrix)
    diagonal = np.diagonal(matrix)
    refuse_where(np.abs(diagonal - 1.0) > WEIGHT_TOLERANCE, "correlation", "diagonal must be 1", diagonal)
    largest = float(losses.max(initial=0.0))
    if largest == 0.0:
        return float("nan")
    part = losses / largest
    with np.errstate(over="ignore", invalid="ignore"):
        deviation = np.sqrt(variances) * part
        pooled = deviation @ matrix @ deviation / part.sum() ** 2
    return float(within_float64("relative_variance", np.asarray(pooled)))


@dataclass(frozen=True, slots=True, eq=False)
class _Book:
    """Obligors that can lose something, banded."""

    used: NDArray[np.bool_]  # (all obligors,)
    bands: Integers  # (obligors,) whole units, >= 1
    banded: Floats  # (obligors,) exposure over banded exposure
    rate: Floats  # (obligors,) pd · kept, which keeps the expected loss
    weights: Floats  # (obligors, sectors that vary)
    specific: Floats  # (obligors,) weight without common variation
    means: Floats  # (sectors,) expected defaults
    deviations: Floats  # (sectors,) > 0


def _book(
    exposures: ArrayLike,
    pd: ArrayLike,
    sd: ArrayLike,
    sector_weights: ArrayLike,
    unit: float,
    specific: ArrayLike | None,
) -> _Book:
    money = reals("exposures", exposures, shape=(None,), low=0.0)
    rates = reals("pd", pd, shape=money.shape, low=0.0, high=1.0)
    spreads = reals("sd", sd, shape=money.shape, low=0.0, high=MOST_SD)
    step = real("unit", unit, above=0.0, high=MOST_UNIT)
    weights = reals("sector_weights", sector_weights, low=0.0)
    weights = weights[:, None] if weights.ndim == 1 else weights
    check_shape("sector_weights", weights.shape, (money.size, None))
    alone = (
        np.zeros(money.size) if specific is None else reals("specific", specific, shape=money.shape, low=0.0)
    )
    total = weights.sum(axis=1) + alone
    refuse_where(
        np.abs(total - 1.0) > WEIGHT_TOLERANCE, "sector_weights", "the weights do not add to 1", total
    )
    largest = float(money.max(initial=0.0)) / step
    if largest > MOST_POINTS:
        raise ValuationError("unit", f"too small: the largest exposure in units is {largest:.0f}", found=unit)
    used = money > 0
    bands = np.maximum(np.ceil(money[used] / step - 1e-9), 1.0).astype(np.int64)
    banded = money[used] / (bands * step)
    rate, spread = rates[used] * banded, spreads[used] * banded
    means, deviations = rate @ weights[used], spread @ weights[used]
    varies = (deviations > 0) & (means > 0)
    alone = alone[used] + weights[used][:, ~varies].sum(axis=1)
    return _Book(
        used, bands, banded, rate, weights[used][:, varies], alone, means[varies], deviations[varies]
    )


def _variances(book: _Book, unit: float) -> Floats:
    """(obligors that can lose,)  parts of the variance of the loss; they add up to it."""
    losses = book.bands * unit
    by_sector = (book.rate * losses) @ book.weights
    common = book.weights @ ((book.deviations / book.means) ** 2 * by_sector)
    parts: Floats = book.rate * losses * (losses + common)
    return parts


def _distribution(book: _Book) -> Floats:
    """Probabilities of 0, 1, 2, … units, up to the tail; see the module."""
    mean = float(book.rate @ book.bands)
    deviation = math.sqrt(float(_variances(book, 1.0).sum()))
    longest = int(book.bands.max(initial=0))
    slowest = float(
        ((book.deviations / book.means) ** 2 * ((book.rate * book.bands) @ book.weights)).max(initial=0)
    )
    points = (
        int(mean + 6.0 * deviation + max(4.0 * deviation, 28.0 * slowest)) + 2 * longest + 2
    )  # exp(-28) < TAIL
    while True:
        points = min(points, MOST_POINTS)
        probabilities = _exponential(_log_at_zero(book), _log_series(book, points))
        if float(probabilities[-max(longest, points // 50) - 1 :].sum()) <= TAIL / 100 or longest == 0:
            cumulative = np.cumsum(probabilities)
            last = int(np.searchsorted(cumulative, cumulative[-1] * (1.0 - TAIL)))
            whole: Floats = probabilities[: last + 1] / cumulative[-1]
            return whole
        if points == MOST_POINTS:
            raise ValuationError("unit", f"too small: the distribution has more than {points} points")
        points *= 2


def _log_at_zero(book: _Book) -> float:
    """ln G(0), the logarithm of the probability of no loss."""
    v = (book.deviations / book.means) ** 2
    return float(-np.sum(np.log1p(v * book.means) / v) - book.rate @ book.specific)


def _log_series(book: _Book, points: int) -> Floats:
    """n·(coefficient of z^n in ln G) for n = 0 … points-1.

    For a sector, ln of (1 − a(z))^(−1/v) with a(z) = v/(1 + vμ)·P(z): n times the coefficients of −ln(1 − a)
    are M_n = n·a_n + Σ_j a_j·M_(n−j), all terms positive.
    """
    n = np.arange(points)
    longest = int(book.bands.max(initial=0))
    single = np.bincount(book.bands, book.rate * book.specific, minlength=points)[:points]
    series = np.asarray(n * single, dtype=np.float64)
    v = (book.deviations / book.means) ** 2
    factor = v / (1.0 + v * book.means)
    for k in range(book.means.size):
        a = factor[k] * np.bincount(book.bands, book.rate * book.weights[:, k], minlength=longest + 1)
        backwards = np.ascontiguousarray(a[:0:-1])  # a_longest … a_1
        m = np.zeros(longest + points)  # m[longest + n] is M_n: the zeros before it stand for M_n of n < 0
        m[longest : 2 * longest + 1] = n[: longest + 1] * a
        for i in range(points):
            m[longest + i] += backwards @ m[i : i + longest]
        series += m[longest:] / v[k]
    return series


def _exponential(log_zero: float, series: Floats) -> Floats:
    """Coefficients of exp(log_zero + Σ series_n/n·z^n): n·G_n = Σ_j series_j·G_(n−j), all terms positive."""
    points = series.size
    g = np.zeros(points)
    backwards = np.ascontiguousarray(series[::-1])  # series_j stands at points-1-j
    g[0], log_scale = 1.0, log_zero
    for n in range(1, points):
        g[n] = (backwards[points - 1 - n : points - 1] @ g[:n]) / n
        if g[n] > _RESCALE:
            g[: n + 1] /= _RESCALE
            g[: n + 1][g[: n + 1] < 1.0 / _RESCALE] = 0.0  # nothing beside 1, and slow to multiply
            log_scale += math.log(_RESCALE)
    return g * math.exp(log_scale)
