"""Fitting the pacing model to what funds did, and testing the fit on what it has not seen.

Two kinds of evidence, one solver:

* `calibrate`: whole histories from the first call on (called, distributed, value by fund year), against the
  model's path from a new commitment;
* `calibrate_transitions`: what happened to funds between two reporting dates a year apart, at any ages,
  against the model's next year from their actual value, unfunded and age. Two yearly statements suffice.

Both choose the parameters with the least sum of squared residuals, in shares of the commitment, inside bounds:
every whole life in turn, and for each a grid of starts followed by damped Gauss–Newton steps cut back to the
box (`valuation.least_squares`). Everything is deterministic: the same history gives the same parameters.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from valuation.arguments import (
    Booleans,
    Floats,
    check_shape,
    count,
    instance,
    reals,
    reals_or_unknown,
    refuse_where,
    whole,
    within_float64,
)
from valuation.least_squares import Residuals, least_squares
from valuation.pacing import PacingModel, project, step_rates
from valuation.pacing_kernels import LONGEST_LIFE
from valuation.refusals import ValuationError

SERIES = ("called", "distributed", "nav")

GROWTH_STARTS = (-0.05, 0.1, 0.25)
BOW_STARTS = (0.8, 2.0, 4.0)
YIELD_STARTS = (0.0, 0.07, 0.15)
RATE_START = 0.3
POLISHED = 8
"""Starts, the best of the grid, that are followed to their minimum for each life."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Where the solver may look; a parameter whose two bounds are equal is held there.

    rates : one pair for each call rate to fit; the last rate repeats
    life  : whole years, both included
    """

    rates: tuple[tuple[float, float], ...] = ((0.0, 1.0), (0.0, 1.0), (0.0, 1.0))
    life: tuple[int, int] = (6, 20)
    bow: tuple[float, float] = (0.1, 8.0)
    growth: tuple[float, float] = (-0.3, 0.6)
    yield_rate: tuple[float, float] = (0.0, 0.4)


MOST_SHARE = 1e6

DEFAULT_BOUNDS = Bounds()

Predict = Callable[[PacingModel], Floats]
"""Models of m candidates -> (m, 3, columns): called, distributed, nav in shares of the commitment."""


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """The parameters found and how well they fit.

    model     : the fitted parameters
    rmse      : root of the mean squared residual, in shares of the commitment
    r2        : 1 − squared residuals / squares around the series' own mean; nan where the series does not vary
    counts    : observations
                each by series ("called", "distributed", "nav") and for "all"; nan where nothing was observed
    at_bound  : free parameters that ended on a bound: the data want to go further, or nothing holds them back;
                widen the bound or hold the parameter
    untold    : free parameters the data say nothing about (the first call rate where no fund was in its first
                year): where they ended is only where they started
    converged : the solver stopped because no step improves, not because it ran out of iterations
    """

    model: PacingModel
    rmse: dict[str, float]
    r2: dict[str, float]
    counts: dict[str, int]
    at_bound: tuple[str, ...]
    untold: tuple[str, ...]
    converged: bool


@dataclass(frozen=True, slots=True, eq=False)
class Backtest:
    """A fit on the first years, and its error in the years after.

    fit                      : on the first years
    called, distributed, nav : (funds, years after)  predicted from the actual state at the end of the first
                               years; cumulative as in the history; nan where that state is not known
    rmse, bias               : by series, in shares of the commitment: root of the mean square, and mean, of
                               predicted − actual over the years after; nan where nothing was observed
    """

    fit: Fit
    called: Floats
    distributed: Floats
    nav: Floats
    rmse: dict[str, float]
    bias: dict[str, float]


@dataclass(frozen=True, slots=True, eq=False)
class Transitions:
    """What happened to funds in one year; a row is one fund's year, and a fund may have several.

    commitment                    : (rows,)  > 0
    age, nav, unfunded            : (rows,)  at the start of the year; nav and unfunded >= 0
    calls, distributions, nav_end : (rows,)  in the year, and at its end; nan: not known
    """

    commitment: ArrayLike
    age: ArrayLike
    nav: ArrayLike
    unfunded: ArrayLike
    calls: ArrayLike
    distributions: ArrayLike
    nav_end: ArrayLike


def calibrate(
    commitment: ArrayLike,
    called: ArrayLike,
    distributed: ArrayLike,
    nav: ArrayLike,
    bounds: Bounds = DEFAULT_BOUNDS,
) -> Fit:
    """One model for the whole histories of one or many funds, each weighing the same per unit of commitment.

    commitment          : (funds,) or a scalar, > 0
    called, distributed : (funds, years) or (years,), cumulative at the end of fund year 1, 2, …
    nav                 : the same shape, at the end of the year
                          nan: not observed (a young fund has no later years; a series may be wholly unknown)

    -> Fit. ValuationError: infinities, shapes that differ, nothing observed, bounds the model cannot take.
    """
    instance("bounds", bounds, Bounds)
    seen = _history(commitment, called, distributed, nav)
    years = seen.shape[2]

    def paths(models: PacingModel) -> Floats:
        path = project(0.0, 1.0, 0.0, models, steps=years)
        return np.stack([path.calls.cumsum(axis=1), path.distributions.cumsum(axis=1), path.nav], axis=1)

    return _fit(paths, seen, bounds)


def calibrate_transitions(observed: Transitions, bounds: Bounds = DEFAULT_BOUNDS) -> Fit:
    """One model for what many funds did in a year, each row weighing the same per unit of commitment.

    The residuals are predicted − actual calls, distributions and closing value of the year; in the reports of
    the fit the series "called" and "distributed" are those of the year. Funds older than the life are predicted
    to pay out everything, so leave out those that live on in extensions.

    -> Fit. ValuationError as in `calibrate`.
    """
    instance("bounds", bounds, Bounds)
    size, age, nav, unfunded, seen = _transitions(observed)
    rows = size.size

    def next_year(models: PacingModel) -> Floats:
        count = np.shape(models.life)[0]
        numbers = (models.rates, models.life, models.bow, models.growth, models.yield_rate)
        each = PacingModel(*(np.repeat(np.asarray(x), rows, axis=0) for x in numbers))
        stock, left, ages = (np.tile(x, count) for x in (nav / size, unfunded / size, age))
        path = project(stock, left, ages, each, steps=1)
        flat = (path.calls, path.distributions, path.nav)
        return np.stack([x[:, 0].reshape(count, rows) for x in flat], axis=1)

    return _fit(next_year, seen[None], bounds)


def backtest(
    commitment: ArrayLike,
    called: ArrayLike,
    distributed: ArrayLike,
    nav: ArrayLike,
    fit_years: int,
    bounds: Bounds = DEFAULT_BOUNDS,
) -> Backtest:
    """Fit on the first `fit_years` fund years, project each fund from where it then stood, compare with the rest.

    The other arguments as in `calibrate`; 1 <= fit_years < years. A fund called beyond its commitment counts as
    fully called.
    """
    instance("bounds", bounds, Bounds)
    seen = _history(commitment, called, distributed, nav)
    funds, _, years = seen.shape
    fit_years = count("fit_years", fit_years, low=1, high=years - 1)
    size = np.broadcast_to(reals("commitment", commitment), (funds,))[:, None]
    first = size[:, None] * seen[:, :, :fit_years]
    fit = calibrate(size[:, 0], first[:, 0], first[:, 1], first[:, 2], bounds)
    start = seen[:, :, fit_years - 1]
    known = np.isfinite(start).all(axis=1)
    predicted = np.full((funds, 3, years - fit_years), np.nan)
    if known.any():
        state = start[known]
        left, worth = np.maximum(1.0 - state[:, 0], 0.0), np.maximum(state[:, 2], 0.0)
        path = project(worth, left, float(fit_years), fit.model, steps=years - fit_years)
        predicted[known, 0] = state[:, :1] + path.calls.cumsum(axis=1)
        predicted[known, 1] = state[:, 1:2] + path.distributions.cumsum(axis=1)
        predicted[known, 2] = path.nav
    error = predicted - seen[:, :, fit_years:]
    rmse = {name: _mean(error[:, k] ** 2) ** 0.5 for k, name in enumerate(SERIES)}
    bias = {name: _mean(error[:, k]) for k, name in enumerate(SERIES)}
    money = predicted * size[:, None]
    return Backtest(fit, money[:, 0], money[:, 1], money[:, 2], rmse, bias)


def observed_rates(observed: Transitions) -> tuple[float, float, float]:
    """Call rate on unfunded, distribution rate on grown value, and growth of all rows taken together.

    call rate = Σ calls / Σ unfunded;  gain = Σ (nav_end − nav − calls + distributions);
    distribution rate = Σ distributions / (Σ nav + gain);  growth = gain / Σ nav
    over the rows where everything is known. nan where a denominator is not above 0.
    """
    size, _, nav, unfunded, seen = _transitions(observed)
    known = np.isfinite(seen).all(axis=0)
    calls, distributions, end = (size[known] * seen[:, known]).sum(axis=1)
    opening, open_commitments = float(nav[known].sum()), float(unfunded[known].sum())
    gain = end - opening - calls + distributions

    def ratio(part: float, whole: float) -> float:
        return float(part / whole) if whole > 0 else float("nan")

    return ratio(calls, open_commitments), ratio(distributions, opening + gain), ratio(gain, opening)


def _fit(predict: Predict, seen: Floats, bounds: Bounds) -> Fit:
    """The best model for `seen` (funds, 3, columns), where predict(m models) is (m, 3, columns)."""
    known = np.isfinite(seen)
    count = known.sum(axis=0)
    if not count.any():
        raise ValuationError("called, distributed, nav", "nothing is observed")
    mean = np.where(known, seen, 0.0).sum(axis=0) / np.maximum(count, 1)
    weight = np.sqrt(count)
    low, high, lives = _box(bounds)

    def residuals_at(life: int) -> Residuals:
        def residuals(parameters: Floats) -> Floats:
            off: Floats = (predict(_models(parameters, life)) - mean) * weight
            return off.reshape(parameters.shape[0], -1)

        return residuals

    starts = _starts(low, high)
    solutions = [least_squares(residuals_at(life), starts, low, high, follow=POLISHED) for life in lives]
    best = min(range(len(lives)), key=lambda k: solutions[k].squares)
    solution = solutions[best]
    error = predict(_models(solution.parameters[None], lives[best])) - seen
    near = 1e-6 * (high - low)
    on_bound = (solution.parameters <= low + near) | (solution.parameters >= high - near)
    ends = _named(on_bound & (high > low))
    untold = _named((solution.sensitivity == 0) & (high > low))
    if lives[best] in (lives[0], lives[-1]) and len(lives) > 1:
        ends = (*ends, "life")
    *rates, bow, growth, floor = solution.parameters.tolist()
    model = PacingModel(tuple(rates), float(lives[best]), bow, growth, floor)
    return Fit(model, *_quality(error, seen), ends, untold, solution.converged)


def _models(parameters: Floats, life: int) -> PacingModel:
    """The model of parameters (n,), or of (m, n) candidates: rates…, bow, growth, yield_rate."""
    lives = np.full(parameters.shape[:-1], float(life))
    bow, growth, floor = parameters[..., -3], parameters[..., -2], parameters[..., -1]
    return PacingModel(parameters[..., :-3], lives, bow, growth, floor)


def _names(parameters: int) -> tuple[str, ...]:
    return (*(f"rates[{i}]" for i in range(parameters - 3)), "bow", "growth", "yield_rate")


def _box(bounds: Bounds) -> tuple[Floats, Floats, range]:
    """Lower and upper bounds (parameters,) and the lives to try, checked against what the model can take."""
    rates = reals("rates", bounds.rates, shape=(None, 2))
    others = [reals(n, getattr(bounds, n), shape=(2,)) for n in ("bow", "growth", "yield_rate")]
    whole("life", bounds.life, shape=(2,), low=1, high=int(LONGEST_LIFE))
    pairs = np.vstack([rates, *others])
    low, high = pairs[:, 0].copy(), pairs[:, 1].copy()
    for name, pair in zip((*_names(low.size), "life"), (*pairs.tolist(), bounds.life), strict=True):
        if not pair[0] <= pair[1]:
            raise ValuationError("bounds", f"{name}: the lower bound is above the upper", found=tuple(pair))
    for corner in (low, high):
        for life in bounds.life:
            step_rates(0.0, _models(corner, life), steps=1)
    return low, high, range(bounds.life[0], bounds.life[1] + 1)


def _starts(low: Floats, high: Floats) -> Floats:
    """(m, parameters): a grid over bow, growth and yield; the call rates need none, calls depend on nothing else."""
    grid = np.array(list(itertools.product(BOW_STARTS, GROWTH_STARTS, YIELD_STARTS)))
    starts = np.full((grid.shape[0], low.size), RATE_START)
    starts[:, -3:] = grid
    inside: Floats = np.clip(starts, low, high)
    return inside


def _named(which: Booleans) -> tuple[str, ...]:
    return tuple(name for name, hit in zip(_names(which.size), which.tolist(), strict=True) if hit)


def _history(commitment: ArrayLike, called: ArrayLike, distributed: ArrayLike, nav: ArrayLike) -> Floats:
    """(funds, 3, years): the three series in shares of the commitment."""
    series = [
        np.atleast_2d(reals_or_unknown(n, x)) for n, x in zip(SERIES, (called, distributed, nav), strict=True)
    ]
    shape = series[0].shape
    for name, values in zip(SERIES, series, strict=True):
        check_shape(name, values.shape, shape)
    size = reals("commitment", commitment, above=0.0)
    if size.ndim:
        check_shape("commitment", size.shape, shape[:1])
    if len(shape) != 2:
        raise ValuationError("called", "shape must be (years,) or (funds, years)", found=shape)
    return _in_shares(np.stack(series, axis=1), np.broadcast_to(size, shape[:1])[:, None, None])


def _transitions(observed: Transitions) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """Commitment, age, nav and unfunded at the start (rows,), and what was seen (3, rows) per unit of commitment."""
    instance("observed", observed, Transitions)
    size = reals("commitment", observed.commitment, shape=(None,), above=0.0)
    age = reals("age", observed.age, shape=size.shape, low=0.0)
    nav = reals("nav", observed.nav, shape=size.shape, low=0.0)
    unfunded = reals("unfunded", observed.unfunded, shape=size.shape, low=0.0)
    flows = {"calls": observed.calls, "distributions": observed.distributions, "nav_end": observed.nav_end}
    seen = np.stack([reals_or_unknown(name, x, shape=size.shape) for name, x in flows.items()])
    with np.errstate(over="ignore"):
        within_float64("nav", np.append(nav, unfunded).sum())
    return size, age, nav, unfunded, _in_shares(seen, size)


def _in_shares(amounts: Floats, size: Floats) -> Floats:
    """Amounts in shares of the commitment, which are never a million times as large."""
    with np.errstate(over="ignore"):
        shares: Floats = amounts / size
    refuse_where(np.abs(shares) > MOST_SHARE, "commitment", "is a millionth of the amounts, or less", shares)
    return shares


def _mean(values: Floats) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if known.size else float("nan")


def _quality(error: Floats, seen: Floats) -> tuple[dict[str, float], dict[str, float], dict[str, int]]:
    """rmse, r2 and counts of residuals (funds, 3, columns), by series and for all; see `Fit`."""
    known = np.isfinite(seen)
    counts = known.sum(axis=(0, 2))
    squares = np.where(known, error, 0.0) ** 2
    left = squares.sum(axis=(0, 2))
    means = np.array([_mean(seen[:, k]) for k in range(len(SERIES))])
    around = np.where(known, seen - means[:, None], 0.0)
    total = (around**2).sum(axis=(0, 2))
    names = (*SERIES, "all")
    left, total, counts = (np.append(x, x.sum()) for x in (left, total, counts))
    with np.errstate(divide="ignore", invalid="ignore"):
        rmse = np.sqrt(left / counts)
        r2 = np.where(total > 0, 1.0 - left / total, np.nan)
    return (
        dict(zip(names, rmse.tolist(), strict=True)),
        dict(zip(names, r2.tolist(), strict=True)),
        dict(zip(names, counts.tolist(), strict=True)),
    )
