"""Commitment pacing: when a fund will call, pay back and be worth what (Takahashi–Alexander).

    call         C(t) = RC(t) · unfunded(t-1)
    distribution D(t) = RD(t) · NAV(t-1) · (1+G),   RD(t) = min(1, max(Y, (t/L)^B)),   RD = 1 from t = L on
    value        NAV(t) = NAV(t-1) · (1+G) + C(t) − D(t)

in fund years t = 1, 2, … with flows at the end of each. Source: D. Takahashi, S. Alexander, "Illiquid
Alternative Asset Fund Modeling", Yale Investments Office, January 2001.

The paper's rates belong to whole fund years. For a stub, a quarter, or a step that crosses an anniversary we
spread each year's rate R evenly over it: of what stood at the start of the year, the part (u2 − u1)·R is called
(or paid) between the points u1 and u2 of the year, so of what is left at u1

    rate(u1, u2) = R·(u2 − u1) / (1 − R·u1).

Steps of any length therefore call exactly what the year calls, and leave the same value at the end of a year
without calls; they pay out earlier, so what has left earns no more growth.

Money is float64 yuan, amounts are >= 0 in both directions, rates are per year, times and ages are years.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from valuation.arguments import Floats, as_floats, count, instance, plain, real, reals, refuse_where
from valuation.pacing_kernels import LONGEST_LIFE, SNAP, fill_rates, project_forward, roll_forward
from valuation.refusals import ValuationError

STEPS_PER_YEAR = (1, 2, 4, 12)
MOST_STEPS = 100_000
LARGEST_LOG = 700.0


@dataclass(frozen=True, slots=True, eq=False)
class PacingModel:
    """The parameters of one fund (scalars) or of many ((funds,) arrays; scalars beside them hold for all).

    rates      : (n,) or (funds, n), each in [0, 1]: call rate on unfunded by fund year; the last one repeats
    life       : years, > 0; the fund year that holds it, and every later one, pays out all that is there
    bow        : >= 0; the larger, the later the distributions
    growth     : per year, > -1
    yield_rate : least distribution rate, in [0, 1]
    last_call  : last fund year with a call (inf: calls never stop). None: the last full year before the life
                 ends, so that nothing called is left behind
    """

    rates: ArrayLike
    life: ArrayLike
    bow: ArrayLike
    growth: ArrayLike
    yield_rate: ArrayLike = 0.0
    last_call: ArrayLike | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Pacing:
    """A commitment from its first call on, by fund year from year 1.

    calls, distributions : (years,), or (funds, years) where an argument had a fund axis; in the year
    nav                  : the same shape; at the end of the year
    """

    calls: Floats
    distributions: Floats
    nav: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Projection:
    """Funds from where they stand today, by step.

    calls, distributions : (funds, steps)  in the step
    nav                  : (funds, steps)  at the end of the step
    committed            : (funds,)        unfunded today
    times                : (steps,)        end of each step, in years from today
    """

    calls: Floats
    distributions: Floats
    nav: Floats
    committed: Floats
    times: Floats

    @property
    def unfunded(self) -> Floats:
        """(funds, steps)  at the end of the step, >= 0."""
        left: Floats = np.maximum(self.committed[:, None] - np.cumsum(self.calls, axis=1), 0.0)
        return left


@dataclass(frozen=True, slots=True, eq=False)
class StepRates:
    """What the model takes of each stock in each step.

    call         : (funds, steps)  of unfunded
    distribution : (funds, steps)  of the value after the step's growth
    growth       : (funds, steps)  factor on the value
    times        : (steps,)        end of each step, in years from today
    """

    call: Floats
    distribution: Floats
    growth: Floats
    times: Floats


def takahashi_alexander(
    commitment: ArrayLike,
    rates: ArrayLike,
    life: ArrayLike,
    bow: ArrayLike,
    growth: ArrayLike,
    yield_rate: ArrayLike,
    *,
    last_call: ArrayLike | None = None,
    years: int | None = None,
) -> Pacing:
    """The published model, from the first call of a new commitment, in whole years.

    commitment : >= 0, in yuan or 1 for a share of the commitment
    last_call  : last fund year with a call. None: calls never stop, as published, and what is called in or
                 after the last year of life is paid out in the year after
    years      : how many to return. None: the life, rounded up
    The other arguments as in `PacingModel`. Any argument may be an array over funds.

    -> Pacing: (years,) arrays when every argument is one fund's, else (funds, years)
    ValuationError: nan, inf, a negative commitment, a rate outside [0, 1], growth at or below -1.
    Source: the paper named above; its charts and an independent implementation are the test cases.
    """
    committed = np.asarray(reals("commitment", commitment, low=0.0))
    last = np.inf if last_call is None else last_call
    model = PacingModel(rates, life, bow, growth, yield_rate, last)
    _PacingInputs.of(
        np.zeros(()), model, 1, 1, None, commitment=committed
    )  # refuses in the caller's own names
    length = (
        math.ceil(reals("life", life, above=0.0).max(initial=0.0))
        if years is None
        else count("years", years, low=None, high=MOST_STEPS)
    )
    path = project(0.0, committed, 0.0, model, steps=length)
    one_fund = np.ndim(rates) == 1 and not any(
        np.ndim(x) for x in (commitment, life, bow, growth, yield_rate, last)
    )
    pick = 0 if one_fund else slice(None)
    return Pacing(path.calls[pick], path.distributions[pick], path.nav[pick])


def project(
    nav: ArrayLike,
    unfunded: ArrayLike,
    age: ArrayLike,
    model: PacingModel,
    *,
    steps: int | None = None,
    per_year: int = 1,
    first: float | None = None,
) -> Projection:
    """Funds carried forward from their actual value, unfunded and age.

    nav, unfunded : (funds,) or a scalar, yuan, >= 0, as they stand today
    age           : (funds,) or a scalar, years since the fund began; negative: it begins in -age years, and
                    holds nothing until then
    steps         : how many; None: until every fund is wound up
    per_year      : 1, 2, 4 or 12 steps a year
    first         : length of the first step in years, at most a full step: the stub up to the next reporting
                    date. None: a full step

    -> Projection. Calls never exceed unfunded, distributions never exceed the value, and with the model's
    default last_call the value is 0 from the end of the life on. What is never called stays in `unfunded`.
    Identity: nav at the end = nav at the start + gains + calls − distributions.
    ValuationError: nan, inf, negative money, arguments that do not agree on the number of funds.
    """
    stock = reals("nav", nav, low=0.0)
    left = reals("unfunded", unfunded, low=0.0)
    ages = _ages(age)
    funds = _PacingInputs.of(ages, model, steps, per_year, first, nav=stock, unfunded=left)
    count = funds.count
    stocks = _rows(count, stock, left, funds.growth**funds.stub, funds.growth**funds.full)
    refuse_where((stocks[0] > 0) & (ages < 0), "nav", "a fund that has not begun holds nothing", stocks[0])
    paths = np.empty((3, count, funds.times.size))
    project_forward(stocks, funds.numbers, funds.table, funds.times, per_year, paths)
    return Projection(paths[0], paths[1], paths[2], stocks[1], funds.times)


def roll(nav: Floats, unfunded: Floats, rates: StepRates) -> Projection:
    """Apply given step rates to opening stocks; for scenarios that bend the model's rates.

    nav, unfunded : (funds,)  yuan, >= 0
    rates         : (funds, steps), or (1, steps) for all; call and distribution in [0, 1], growth >= 0.
                    Checked by whoever made them, not here
    """
    shape = (nav.size, rates.times.size)
    call, distribution = plain(rates.call, shape), plain(rates.distribution, shape)
    paths = np.empty((3, *shape))  # one block: fresh pages cost more than the arithmetic
    growth = plain(rates.growth, shape)
    roll_forward(plain(nav), plain(unfunded), call, distribution, growth, paths, 0, nav.size)
    return Projection(paths[0], paths[1], paths[2], unfunded, rates.times)


def step_rates(
    age: ArrayLike,
    model: PacingModel,
    *,
    steps: int | None = None,
    per_year: int = 1,
    first: float | None = None,
) -> StepRates:
    """Call rate, distribution rate and growth factor of each fund in each step; arguments as in `project`.

    roll(nav, unfunded, step_rates(age, model)) is project(nav, unfunded, age, model).
    """
    funds = _PacingInputs.of(_ages(age), model, steps, per_year, first)
    call, distribution, factor = np.empty((3, funds.count, funds.times.size))
    fill_rates(funds.numbers, funds.table, funds.times, per_year, call, distribution)
    factor[:] = np.atleast_1d(funds.growth**funds.full)[:, None]
    factor[:, 0] = funds.growth**funds.stub
    return StepRates(call, distribution, factor, funds.times)


@dataclass(frozen=True, slots=True, eq=False)
class _PacingInputs:
    """Checked arguments, spread over the funds, as the kernels take them."""

    numbers: Floats  # (5, funds): age, life, bow, floor, last call
    table: Floats  # (funds, n)
    growth: Floats  # (funds,) or (): yearly factor
    times: Floats
    full: float
    stub: float

    @property
    def count(self) -> int:
        return int(self.numbers.shape[1])

    @staticmethod
    def of(
        age: Floats,
        model: PacingModel,
        steps: int | None,
        per_year: int,
        first: float | None,
        **stocks: Floats,
    ) -> _PacingInputs:
        instance("model", model, PacingModel)
        table = reals("rates", model.rates, low=0.0, high=1.0)
        if table.ndim not in (1, 2) or table.shape[-1] == 0:
            raise ValuationError("rates", "shape must be (n,) or (funds, n), n at least 1", found=table.shape)
        life = reals("life", model.life, above=0.0, high=LONGEST_LIFE)
        bow = reals("bow", model.bow, low=0.0)
        growth = reals("growth", model.growth, above=-1.0)
        floor = reals("yield_rate", model.yield_rate, low=0.0, high=1.0)
        last = _last_call(model.last_call, life)
        funds = _fund_count(
            age=age,
            life=life,
            bow=bow,
            growth=growth,
            yield_rate=floor,
            last_call=last,
            rates=table[:, 0] if table.ndim == 2 else table[0],
            **stocks,
        )
        numbers = _rows(funds, age, life, bow, floor, last)
        full, stub = _lengths(per_year, first)
        wanted = (
            _steps_to_end(age, life, full, stub)
            if steps is None
            else count("steps", steps, low=1, high=MOST_STEPS)
        )
        times = stub + np.arange(wanted) / per_year
        return _PacingInputs(
            numbers,
            plain(table, (funds, table.shape[-1])),
            _bounded(1.0 + growth, times, stocks),
            times,
            full,
            stub,
        )


def _bounded(growth: Floats, times: Floats, stocks: Mapping[str, Floats]) -> Floats:
    """The yearly factors, refused where the stocks would grow beyond float64 by the last step."""
    largest = sum(float(stock.max(initial=0.0)) for stock in stocks.values())
    fastest = float(np.log(np.maximum(growth, 1.0)).max(initial=0.0))
    if not math.isfinite(largest) or fastest * float(times[-1]) + math.log(max(largest, 1.0)) > LARGEST_LOG:
        raise ValuationError("growth", "leads to amounts beyond float64", found=float(growth.max()) - 1.0)
    return growth


def _ages(age: ArrayLike) -> Floats:
    return reals("age", age, low=-LONGEST_LIFE, high=LONGEST_LIFE)


def _rows(count: int, *values: Floats) -> Floats:
    """(values, count): each value, spread over the funds, in a row of its own."""
    rows = np.empty((len(values), count))
    for row, value in zip(rows, values, strict=True):
        row[:] = value
    return rows


def _last_call(last_call: ArrayLike | None, life: Floats) -> Floats:
    """Last fund year with a call: as given, or the last one that ends before the year holding the life's end."""
    if last_call is None:
        return np.asarray(np.ceil(life - SNAP) - 1.0)
    last = as_floats("last_call", last_call)
    refuse_where(np.isnan(last), "last_call", "not a number", last)
    refuse_where(last < 0, "last_call", "must be at least 0", last)
    return last


def _fund_count(**arguments: Floats) -> int:
    """The number of funds that scalars and (funds,) arrays agree on; 1 when all are scalars."""
    count, first = 1, ""
    for name, array in arguments.items():
        if array.ndim > 1:
            raise ValuationError(name, "must be one number or one per fund", found=array.shape)
        if array.ndim == 1 and array.size != 1:
            if first and array.size != count:
                raise ValuationError(name, f"must have as many funds as {first} ({count})", found=array.size)
            count, first = array.size, name
    return count


def _lengths(per_year: int, first: float | None) -> tuple[float, float]:
    """Length of a full step and of the first one, in years."""
    if count("per_year", per_year) not in STEPS_PER_YEAR:
        raise ValuationError("per_year", f"must be one of {STEPS_PER_YEAR}", found=per_year)
    full = 1.0 / per_year
    if first is None:
        return full, full
    return full, real("first", first, above=0.0, high=full)


def _steps_to_end(age: Floats, life: Floats, full: float, stub: float) -> int:
    """Steps until the last fund has passed the fund year that holds the end of its life."""
    end = np.maximum(np.ceil(life - SNAP), np.floor(age + SNAP) + 1.0) - age
    return 1 + max(0, math.ceil((float(end.max(initial=0.0)) - stub) / full - SNAP))
