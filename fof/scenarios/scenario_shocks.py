"""Overlays on a scenario: each bends the rates, values or inflows of some steps, and all of them together compose by product."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from fof.book.reading import Bools, Floats
from fof.scenarios.scenario_spec import (
    AppropriationCut,
    BudgetAppropriation,
    CreditShock,
    ExitFreeze,
    ManagerHaircut,
    MarkDown,
    PartnerDefault,
    Scenario,
)
from models.frozen import frozen
from valuation.scenario_paths import ScenarioArrays


@frozen
class ScenarioSteps:
    """The calendar of a projection, and what of a fund decides which shocks it feels."""

    as_of: dt.date
    days: tuple[dt.date, ...]
    lengths: Floats
    strategies: tuple[str | None, ...]
    managers: tuple[str | None, ...]

    def of_day(self, day: dt.date) -> int:
        """The step that holds a day; their number where it lies beyond the horizon."""
        return next((n for n, end in enumerate(self.days) if day <= end), len(self.days))


def shocked(arrays: ScenarioArrays, scenario: Scenario, steps: ScenarioSteps) -> ScenarioArrays:
    """The scenario with its appropriations, costs and shocks; the order of the shocks does not matter."""
    rates, span = arrays.rates.copy(), arrays.span.copy()
    call, paid, growth = rates
    for shock in scenario.shock:
        if isinstance(shock, ExitFreeze) and shock.share > 0:
            who = _of(steps.strategies, None if shock.strategy is None else shock.strategy.value)
            span[1, who] = np.maximum(span[1, who], min(_freeze(shock, steps)[1] + 1, len(steps.days)))
        elif isinstance(shock, PartnerDefault):
            at = steps.of_day(shock.since)
            call[:, at:] = np.minimum(1.0, call[:, at:] / (1.0 - shock.share))
    let_through, marks = bends(scenario, steps)
    paid *= let_through
    growth *= marks
    return replace(arrays, rates=np.ascontiguousarray(rates), span=span, inflow=_inflow(scenario, steps))


def bends(scenario: Scenario, steps: ScenarioSteps) -> tuple[Floats, Floats]:
    """(funds, steps) the part of exits that shocks let through, and the factor by which they mark values."""
    shape = len(steps.strategies), len(steps.days)
    let_through, marks = np.ones(shape), np.ones(shape)
    for shock in scenario.shock:
        if isinstance(shock, ExitFreeze):
            first, last = _freeze(shock, steps)
            who = _of(steps.strategies, None if shock.strategy is None else shock.strategy.value)
            let_through[who, first:last] *= 1.0 - shock.share
        elif isinstance(shock, MarkDown):
            at = steps.of_day(shock.on)
            who = _of(steps.strategies, None if shock.strategy is None else shock.strategy.value)
            marks[who, at : at + 1] *= 1.0 - shock.share
        elif isinstance(shock, ManagerHaircut):
            marks[_of(steps.managers, shock.manager), :1] *= 1.0 - shock.share
    return let_through, marks


def credit_intensities(
    scenario: Scenario, as_of: dt.date, days: Sequence[dt.date], lengths: Floats
) -> Floats:
    """(pools, steps) the factor by which shocks multiply the intensity at which a loan defaults."""
    steps = ScenarioSteps(as_of, tuple(days), lengths, (), ())
    codes = [pool.code for pool in scenario.pool]
    factors = np.ones((len(codes), len(days)))
    for shock in scenario.shock:
        if isinstance(shock, CreditShock):
            first = steps.of_day(shock.since)
            last = min(first + _quarters(shock.quarters, steps), len(days))
            factor = shock.default_factor * math.exp((shock.sensitivity or 0.0) * shock.interest_rise)
            factors[_of(codes, shock.pool), first:last] *= factor
    return factors


def without_force(scenario: Scenario) -> Scenario:
    """The same shocks without any force."""
    nothing = {"share": 0.0, "delay_quarters": 0, "default_factor": 1.0, "interest_rise": 0.0}
    shocks = [
        shock.model_copy(update={n: v for n, v in nothing.items() if n in type(shock).model_fields})
        for shock in scenario.shock
    ]
    return scenario.model_copy(update={"shock": tuple(shocks)})


def _freeze(shock: ExitFreeze, steps: ScenarioSteps) -> tuple[int, int]:
    """The first step of a freeze, and the one after its last."""
    first = steps.of_day(shock.since)
    return first, min(first + _quarters(shock.quarters, steps), len(steps.days))


def _inflow(scenario: Scenario, steps: ScenarioSteps) -> Floats:
    """Appropriations after cuts and delays and other income that is counted on, less the portfolio's own costs, by step; yuan."""
    counted = np.zeros(steps.lengths.size)
    for own in scenario.income:
        at = steps.of_day(_quarter_end(4 * own.year + own.quarter - 1))
        if at < len(steps.days):
            counted[at] += own.amount / 100
    return appropriations(scenario, steps) + counted - scenario.cash.yearly_costs / 100 * steps.lengths


def appropriations(scenario: Scenario, steps: ScenarioSteps) -> Floats:
    """What is appropriated in each step after cuts and delays; yuan."""
    inflow = np.zeros(steps.lengths.size)
    for paid in scenario.appropriation:
        amount, day = _after_cuts(paid, scenario)
        at = steps.of_day(day)
        if at < len(steps.days):
            inflow[at] += amount
    return inflow


def _after_cuts(paid: BudgetAppropriation, scenario: Scenario) -> tuple[float, dt.date]:
    amount, quarter = paid.amount / 100, 4 * paid.year + paid.quarter - 1
    for shock in scenario.shock:
        if isinstance(shock, AppropriationCut) and shock.year in (None, paid.year):
            amount *= 1.0 - shock.share
            quarter += shock.delay_quarters
    return amount, _quarter_end(quarter)


def _quarter_end(quarter: int) -> dt.date:
    """The last day of a quarter, of quarters counted from the year 0."""
    year, number = divmod(quarter, 4)
    return dt.date(year, 3 * number + 3, 31 if number in (0, 3) else 30)


def _quarters(quarters: int, steps: ScenarioSteps) -> int:
    """So many quarters in steps, rounded up."""
    per_step = 1 if steps.lengths[-1] < 1 else 4
    return -(-quarters // per_step)


def _of(values: Sequence[str | None], wanted: str | None) -> Bools:
    return np.array([wanted is None or value == wanted for value in values], bool)
