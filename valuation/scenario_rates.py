"""Step rates of a scenario: the pacing model's yearly rates turned into quarters by constant intensity.

    call rate over a part h of a fund year       1 − (1 − RC)^h
    distribution rate of a step of length h      1 − (1 − RD)^h,   RD = min(1, max(Y, (a/L)^B)) at the age a of its end
    growth of a step                             (1 + G)^h

Four quarters call what the year calls (`valuation.pacing` spreads a year evenly instead, which calls the same by the year's
end). Distributions are asked at the age in years reached by each step, not at whole years, and calls earn from the end of
their quarter on: of the Yale base case a run by quarters pays 3.9 % more in all than the paper's yearly one. With steps of
whole years everything is as published.

Source: D. Takahashi, S. Alexander, "Illiquid Alternative Asset Fund Modeling", Yale Investments Office, January 2001.
Ages, lives and lengths are years, rates are per year.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from valuation.arguments import Floats, Integers, check_shape, instance, reals, refuse_where
from valuation.pacing import PacingModel, StepRates
from valuation.pacing_kernels import LONGEST_LIFE, SNAP
from valuation.refusals import ValuationError


def scenario_rates(age: ArrayLike, model: PacingModel, lengths: ArrayLike) -> tuple[StepRates, Integers]:
    """Rates of each fund in each step, and the steps in which it lives.

    age     : (funds,) years since the first call; negative: the fund begins in −age years
    model   : of one fund or of many; last_call None: calls end with the last full year before the life ends
    lengths : (steps,) > 0 and at most 1, of each step in years

    -> StepRates with arrays (funds, steps); span (2, funds): the first step that ends after the fund began, and the step
    after the one in which it is wound up (the number of steps where it outlives them).
    ValuationError: nan, rates outside [0, 1], lives that are not above 0.
    """
    ages = reals("age", age, shape=(None,), low=-LONGEST_LIFE, high=LONGEST_LIFE)
    steps = reals("lengths", lengths, shape=(None,), above=0.0, high=1.0)
    if not steps.size:
        raise ValuationError("lengths", "must have one step at least", found=steps.shape)
    funds = ages.size
    instance("model", model, PacingModel)
    table = reals("rates", model.rates, low=0.0, high=1.0)
    if table.ndim not in (1, 2) or table.shape[-1] == 0:
        raise ValuationError("rates", "shape must be (years,) or (funds, years)", found=table.shape)
    table = np.broadcast_to(table, (funds, table.shape[-1]))
    life = _each("life", reals("life", model.life, above=0.0, high=LONGEST_LIFE), funds)
    bow = _each("bow", reals("bow", model.bow, low=0.0), funds)
    growth = _each("growth", reals("growth", model.growth, above=-1.0), funds)
    floor = _each("yield_rate", reals("yield_rate", model.yield_rate, low=0.0, high=1.0), funds)
    if model.last_call is None:
        last = np.ceil(life - SNAP) - 1.0
    else:
        last = _each("last_call", reals("last_call", model.last_call, low=0.0), funds)
    times = np.cumsum(steps)
    end = _snapped(ages[:, None] + times)
    begin = np.maximum(_snapped(ages[:, None] + times - steps), 0.0)
    lived = np.clip(end - begin, 0.0, None)
    over = end >= life[:, None]
    call = 1.0 - _left(begin, end, table, last)
    if model.last_call is None:  # what the last step called would never be paid back
        call = np.where(over, 0.0, call)
    reached = np.clip(end / life[:, None], 0.0, 1.0)
    yearly = np.minimum(1.0, np.maximum(floor[:, None], reached ** bow[:, None]))
    yearly = np.where(over, 1.0, yearly)
    paid = np.where(lived > 0, 1.0 - (1.0 - yearly) ** lived, 0.0)
    paid = np.where(over & (lived > 0), 1.0, paid)
    factor = (1.0 + growth[:, None]) ** lived
    live = end > 0
    first = np.where(live.any(axis=1), live.argmax(axis=1), times.size)
    finished = end >= np.maximum(life, last)[:, None]
    stop = np.where(finished.any(axis=1), finished.argmax(axis=1) + 1, times.size)
    span = np.stack([first, np.maximum(first, stop)]).astype(np.int64)
    return StepRates(call, paid, factor, times), span


def _left(begin: Floats, end: Floats, table: Floats, last: Floats) -> Floats:
    """The part of unfunded that a step leaves uncalled, (funds, steps): a step touches at most two fund years."""
    funds = np.arange(table.shape[0])[:, None]
    year = np.floor(begin)
    left = np.ones_like(begin)
    for k in (0, 1):
        own = year + k
        part = np.clip(np.minimum(end, own + 1.0) - np.maximum(begin, own), 0.0, 1.0)
        rate = table[funds, np.minimum(own, table.shape[1] - 1).astype(np.int64)]
        rate = np.where(own < last[:, None], rate, 0.0)
        left = left * np.where(part > 0, (1.0 - rate) ** part, 1.0)
    return left


def _each(name: str, values: Floats, funds: int) -> Floats:
    if values.ndim:
        check_shape(name, values.shape, (funds,))
    refuse_where(np.isnan(values), name, "not a number", values)
    return np.broadcast_to(values, (funds,))


def _snapped(age: Floats) -> Floats:
    """Ages within SNAP of an anniversary stand on it."""
    nearest = np.round(age)
    return np.where(np.abs(age - nearest) < SNAP, nearest, age)
