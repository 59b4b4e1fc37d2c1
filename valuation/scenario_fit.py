"""Pacing and volatility fitted to what funds did quarter by quarter, with standard errors.

Each parameter solves one moment equation over the quarters of all funds, so nothing is searched and every standard error is
that of a sum of residuals:

    call rate of fund year y      q = Σ calls / Σ unfunded over the quarters of that year of life;  RC = 1 − (1 − q)^(1/h)
    growth                        g = Σ gain / Σ opening nav;  G = (1 + g)^(1/h) − 1;  gain = closing − opening − calls + paid
    bow                           Σ paid = Σ (closing + paid − calls) · (1 − (1 − (a/L)^B)^h) over a < L − 1

with h = ¼ year. Residuals of one fund hang together (clusters of funds); those of growth in one quarter too (clusters of funds
and of quarters, both taken out of each other: A. Cameron, J. Gelbach, D. Miller, "Robust Inference with Multiway
Clustering", Journal of Business & Economic Statistics 29, 2011).

Stated values are smoothed. Residual log growth x is de-smoothed by its pooled first autocorrelation ρ where that is above chance,
(x_t − ρ·x_{t−1}) / (1 − ρ): D. Geltner, "Estimating Market Values from Appraised Values without Assuming an Efficient
Market", Journal of Real Estate Research 8, 1993. The common volatility is the mean product of two funds in one quarter, the
fund's own factor the mean product of one fund in two quarters (far enough apart that smoothing does not reach), the rest is
noise of its own.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from valuation.arguments import Booleans, Floats, check_shape, count, instance, reals_or_unknown
from valuation.refusals import ValuationError

QUARTER = 0.25
APART = 3
"""Quarters between two of one fund whose product says what stays with it."""
MOST_YEARS = 100
"""Call rates that may be asked for: no fund lives longer."""
SMALLEST = 0.02
"""Part of the commitment below which a value is too small for its growth to say anything."""


@dataclass(frozen=True, slots=True, eq=False)
class FitPanel:
    """What funds did, (funds, quarters) with the quarters of the calendar in columns; nan where not known or not alive.

    age        : years since the first call, at the end of the quarter        life : (funds,) years
    commitment : (funds,) > 0
    opening, closing, unfunded : value at both ends, unfunded at the beginning      calls, paid : in the quarter
    """

    age: Floats
    life: Floats
    commitment: Floats
    opening: Floats
    closing: Floats
    unfunded: Floats
    calls: Floats
    paid: Floats


@dataclass(frozen=True, slots=True)
class FittedEstimate:
    """A fitted parameter: value and standard error (nan: the data do not say), and the fund-years behind it.

    variance : of a volatility its square with the square's error: its interval is made there, where errors are even
    """

    value: float
    error: float
    fund_years: float
    variance: tuple[float, float] | None = None

    def interval(self, z: float = 1.2815515655446004) -> tuple[float, float]:
        """value ± z·error, 80 % as it stands; of a volatility the root of variance ± z·error, 0 where that is below 0."""
        if self.variance is None:
            return self.value - z * self.error, self.value + z * self.error
        middle, error = self.variance
        return math.sqrt(max(0.0, middle - z * error)), math.sqrt(max(0.0, middle + z * error))

    def shrunk(self, prior: float, weight_years: float) -> float:
        """The value drawn towards a prior that counts as so many fund-years; the prior itself where there is no value."""
        if not math.isfinite(self.value):
            return prior
        own = self.fund_years / (self.fund_years + weight_years)
        return own * self.value + (1.0 - own) * prior


@dataclass(frozen=True, slots=True)
class PacingFit:
    """Every parameter with its standard error; rates by fund year, the last for all later ones.

    smoothing : the first autocorrelation of residual growth, 0 where there is none to take out
    """

    rates: tuple[FittedEstimate, ...]
    growth: FittedEstimate
    bow: FittedEstimate
    market: FittedEstimate
    fund: FittedEstimate
    own: FittedEstimate
    pacing: FittedEstimate
    smoothing: float


def fit_pacing(panel: FitPanel, years: int = 3) -> PacingFit:
    """All parameters of the quarters of many funds; years: how many call rates.

    ValuationError: shapes that differ, infinities. What the data do not say is nan, with the fund-years it would have rested on.
    """
    years = count("years", years, low=1, high=MOST_YEARS)
    fields = instance("panel", panel, FitPanel).__slots__
    panel = FitPanel(**{name: reals_or_unknown(name, getattr(panel, name)) for name in fields})
    shape = panel.age.shape
    if len(shape) != 2:
        raise ValuationError("age", "shape must be (funds, quarters)", found=shape)
    for name in ("opening", "closing", "unfunded", "calls", "paid"):
        check_shape(name, getattr(panel, name).shape, shape)
    for name in ("life", "commitment"):
        check_shape(name, getattr(panel, name).shape, shape[:1])
    middle = panel.age - QUARTER / 2
    asked = np.isfinite(panel.calls) & np.isfinite(panel.unfunded) & (panel.unfunded > 0)
    rates = []
    for year in range(years):
        last = year == years - 1
        inside = asked & (middle >= year) & ((middle < year + 1) | last) & (middle < panel.life[:, None] - 1)
        rates.append(_call_rate(panel, inside))
    valued = np.isfinite(panel.opening) & np.isfinite(panel.closing) & np.isfinite(panel.paid)
    grown = valued & (panel.opening > SMALLEST * panel.commitment[:, None])
    growth = _growth(panel, grown)
    noise = _noise(panel, grown)
    return PacingFit(
        tuple(rates), growth, _bow(panel, valued), *noise[:3], _pacing_noise(panel, rates), noise[3]
    )


def _call_rate(panel: FitPanel, inside: Booleans) -> FittedEstimate:
    calls, left = np.where(inside, panel.calls, 0.0), np.where(inside, panel.unfunded, 0.0)
    size = panel.commitment[:, None]
    calls, left = calls / size, left / size
    base, fund_years = float(left.sum()), float(inside.sum()) * QUARTER
    if base <= 0:
        return FittedEstimate(math.nan, math.nan, fund_years)
    quarterly = min(1.0, max(0.0, float(calls.sum()) / base))
    error = math.sqrt(_clustered((calls - quarterly * left).sum(axis=1))) / base
    slope = (1.0 - quarterly) ** (1 / QUARTER - 1) / QUARTER
    return FittedEstimate(1.0 - (1.0 - quarterly) ** (1 / QUARTER), error * slope, fund_years)


def _growth(panel: FitPanel, grown: Booleans) -> FittedEstimate:
    size = panel.commitment[:, None]
    opening = np.where(grown, panel.opening, 0.0) / size
    gain = np.where(grown, panel.closing - panel.opening - panel.calls + panel.paid, 0.0) / size
    base, fund_years = float(opening.sum()), float(grown.sum()) * QUARTER
    if base <= 0:
        return FittedEstimate(math.nan, math.nan, fund_years)
    rate = float(gain.sum()) / base
    if rate <= -1:
        return FittedEstimate(math.nan, math.nan, fund_years)
    residual = gain - rate * opening
    both = _clustered(residual.sum(axis=1)) + _clustered(residual.sum(axis=0)) - float((residual**2).sum())
    error = math.sqrt(max(both, float((residual**2).sum()))) / base
    slope = (1.0 + rate) ** (1 / QUARTER - 1) / QUARTER
    return FittedEstimate((1.0 + rate) ** (1 / QUARTER) - 1.0, error * slope, fund_years)


def _bow(panel: FitPanel, valued: Booleans) -> FittedEstimate:
    reached = panel.age / panel.life[:, None]
    inside = valued & (panel.age < panel.life[:, None] - 1) & (panel.opening > 0)
    size = panel.commitment[:, None]
    base = np.where(inside, panel.closing + panel.paid - panel.calls, 0.0) / size
    paid = np.where(inside, panel.paid, 0.0) / size
    ratio, of_inside = np.clip(reached[inside], 1e-9, 1.0), base[inside]
    fund_years = float(inside.sum()) * QUARTER

    def predicted(bow: float) -> Floats:
        answer = np.zeros(inside.shape)  # powers are dear: none of cells that count for nothing
        answer[inside] = of_inside * (1.0 - (1.0 - ratio**bow) ** QUARTER)
        return answer

    wanted, low, high = float(paid.sum()), 0.05, 20.0
    if wanted <= 0 or not predicted(high).sum() < wanted < predicted(low).sum():
        return FittedEstimate(math.nan, math.nan, fund_years)
    for _ in range(60):
        bow = 0.5 * (low + high)
        low, high = (bow, high) if predicted(bow).sum() > wanted else (low, bow)
    slope = float((predicted(bow + 1e-4) - predicted(bow - 1e-4)).sum()) / 2e-4
    error = math.sqrt(_clustered((paid - predicted(bow)).sum(axis=1))) / abs(slope)
    return FittedEstimate(bow, error, fund_years)


def _noise(panel: FitPanel, grown: Booleans) -> tuple[FittedEstimate, FittedEstimate, FittedEstimate, float]:
    """Common, persistent and own volatility a year, and the smoothing taken out."""
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = (panel.closing + panel.paid - panel.calls) / panel.opening
        grows = grown & (factor > 0)
        x = np.where(grows, np.log(np.where(grows, factor, 1.0)), np.nan)
    fund_years = float(grows.sum()) * QUARTER
    missing = FittedEstimate(math.nan, math.nan, fund_years)
    if grows.sum() < 2 * APART or (grows.sum(axis=1) > 1).sum() < 2:
        return missing, missing, missing, math.nan
    x = x - np.nanmean(x)
    smoothing = _autocorrelation(x)
    if smoothing > 0:
        before = np.concatenate([np.full((x.shape[0], 1), np.nan), x[:, :-1]], axis=1)
        x = (x - smoothing * before) / (1.0 - smoothing)
    in_quarter, in_fund, apart = _product_of_pairs(x), _product_apart(x), _squares_apart(x)

    def yearly(variance: float, error: float, scale: float) -> FittedEstimate:
        sigma = math.sqrt(max(0.0, variance) * scale)
        wide = scale * error / (2 * sigma) if sigma > 0 else math.nan
        return FittedEstimate(sigma, wide, fund_years, (variance * scale, error * scale))

    return (
        yearly(in_quarter.value, in_quarter.error, 1 / QUARTER),
        yearly(in_fund.value, in_fund.error, 1 / QUARTER**2),
        yearly(apart.value - max(0.0, in_fund.value), apart.error, 1 / QUARTER),
        max(0.0, smoothing),
    )


def _autocorrelation(x: Floats) -> float:
    """Pooled first autocorrelation within funds; 0 where it is not above chance (two standard errors)."""
    now, before = x[:, 1:], x[:, :-1]
    both = np.isfinite(now) & np.isfinite(before)
    squares = float((before[both] ** 2).sum())
    value = min(0.9, float((now[both] * before[both]).sum()) / squares) if squares > 0 else 0.0
    return value if value > 2.0 / math.sqrt(max(1.0, float(both.sum()))) else 0.0


def _product_of_pairs(x: Floats) -> FittedEstimate:
    """Mean product of two funds in one quarter, and its error over quarters."""
    exists = np.isfinite(x)
    count = exists.sum(axis=0).astype(np.float64)
    sums = np.where(exists, x, 0.0).sum(axis=0)
    products = sums**2 - (np.where(exists, x, 0.0) ** 2).sum(axis=0)
    return _pooled(products, count * (count - 1.0))


def _product_apart(x: Floats) -> FittedEstimate:
    """Mean product of one fund in two quarters at least APART away from each other, less the common part of the quarters,
    and its error over funds."""
    exists = np.isfinite(x)
    with np.errstate(invalid="ignore"):
        common = np.where(exists, x, 0.0).sum(axis=0) / np.maximum(exists.sum(axis=0), 1)
    own = np.where(exists, x - common, 0.0)
    products, pairs = np.zeros(x.shape[0]), np.zeros(x.shape[0])
    for lag in range(APART, x.shape[1]):
        products += (own[:, lag:] * own[:, :-lag]).sum(axis=1)
        pairs += (exists[:, lag:] & exists[:, :-lag]).sum(axis=1)
    return _pooled(products, pairs)


def _squares_apart(x: Floats) -> FittedEstimate:
    """Mean square of what a fund does beside the others of its quarter, and its error over funds."""
    exists = np.isfinite(x)
    count = exists.sum(axis=0).astype(np.float64)
    several = exists & (count > 1)
    common = np.where(exists, x, 0.0).sum(axis=0) / np.maximum(count, 1)
    scale = np.where(count > 1, count / np.maximum(count - 1, 1), 0.0)
    squares = np.where(several, (np.where(exists, x, 0.0) - common) ** 2 * scale, 0.0)
    return _pooled(squares.sum(axis=1), several.sum(axis=1).astype(np.float64))


def _pooled(products: Floats, pairs: Floats) -> FittedEstimate:
    """Σ products / Σ pairs with the error of a ratio over independent groups."""
    base = float(pairs.sum())
    if base <= 0:
        return FittedEstimate(0.0, math.nan, 0.0)
    value = float(products.sum()) / base
    return FittedEstimate(value, math.sqrt(_clustered(products - value * pairs)) / base, 0.0)


def _pacing_noise(panel: FitPanel, rates: list[FittedEstimate]) -> FittedEstimate:
    """s with Var(call / expected call) = exp(s²) − 1, over the quarters in which a call was to be expected."""
    middle = panel.age - QUARTER / 2
    year = np.clip(np.floor(middle), 0, len(rates) - 1)
    known = np.isfinite(panel.calls) & np.isfinite(panel.unfunded) & (middle < panel.life[:, None] - 1)
    inside = known & (panel.unfunded > SMALLEST * panel.commitment[:, None])
    yearly = np.array([r.value for r in rates])[np.where(inside, year, 0).astype(np.int64)]
    expected = panel.unfunded * (1.0 - (1.0 - yearly) ** QUARTER)
    inside &= np.isfinite(expected) & (expected > 0)
    fund_years = float(inside.sum()) * QUARTER
    if inside.sum() < 2 * APART:
        return FittedEstimate(math.nan, math.nan, fund_years)
    weight = np.where(inside, expected / panel.commitment[:, None], 0.0)
    off = np.where(inside, panel.calls / panel.commitment[:, None], 0.0) - weight
    spread = float((off**2).sum() / (weight**2).sum())
    error = math.sqrt(_clustered((off**2 - spread * weight**2).sum(axis=1))) / float((weight**2).sum())
    sigma = math.sqrt(math.log1p(spread))
    return FittedEstimate(sigma, error / (2 * max(sigma, 1e-9) * (1.0 + spread)), fund_years)


def _clustered(sums: Floats) -> float:
    """Variance of a total of independent groups that each add `sums`: groups without anything do not count."""
    own = sums[sums != 0]
    return float((own**2).sum()) * own.size / (own.size - 1) if own.size > 1 else math.nan
