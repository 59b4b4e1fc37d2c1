"""The use case: a specification, run from the book as it was on a day and known at an entry."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from pathlib import Path

from fof.access import Actor
from fof.book.portfolios import portfolio
from fof.ledger import View
from fof.scenarios.fitted_terms import FittedTerms, fitted_terms
from fof.scenarios.leverage_over_time import leverage_ahead
from fof.scenarios.opening_position import OpeningPosition, opening_position
from fof.scenarios.scenario_cluster import ClusterAddress
from fof.scenarios.scenario_inputs import ScenarioInputs, scenario_inputs
from fof.scenarios.scenario_results import ScenarioResult, scenario_result
from fof.scenarios.scenario_runs import Progress, run_scenario
from fof.scenarios.scenario_spec import Scenario
from valuation.scenario_paths import expected_path


def inputs_of(view: View, scenario: Scenario) -> tuple[ScenarioInputs, FittedTerms | None]:
    """The arrays of a scenario from the book, and the fit behind them (None with basis publication)."""
    chosen = portfolio(view, scenario.portfolio)
    fitted = fitted_terms(view, chosen) if scenario.basis == "book" else None
    return scenario_inputs(scenario, opening_position(view, chosen), fitted, view), fitted


def inputs_of_funds(view: View, scenario: Scenario, codes: Collection[str]) -> ScenarioInputs | None:
    """The same of some funds, by code, of the book or planned, without reading the others: each by what all funds say, with its
    own draws, whoever stands beside it. None where none of them is projected.

    What the scenario says of other funds and their managers is left out and not held against the book, as `inputs_of` does.
    """
    chosen = portfolio(view, scenario.portfolio)
    opening = opening_position(view, chosen, codes)
    own = _of_funds(scenario, opening, codes)
    if not opening.funds and not own.planned:
        return None
    fitted = fitted_terms(view, chosen) if scenario.basis == "book" else None
    return scenario_inputs(own, opening, fitted, view)


def _of_funds(scenario: Scenario, opening: OpeningPosition, codes: Collection[str]) -> Scenario:
    """A scenario without what it says of other funds than those of the opening position, and than some by code."""
    planned = tuple(fund for fund in scenario.planned if fund.code in codes)
    managers = {None, *(fund.manager for fund in opening.funds), *(fund.manager for fund in planned)}
    left = {fund.code for fund in opening.funds} | {fund.code for fund in planned}
    return scenario.model_copy(
        update={
            "planned": planned,
            "pacing_by_fund": {c: terms for c, terms in scenario.pacing_by_fund.items() if c in left},
            "shock": tuple(s for s in scenario.shock if getattr(s, "manager", None) in managers),
        }
    )


def project_scenario(
    view: View,
    scenario: Scenario,
    actor: Actor,
    made_at: dt.datetime,
    *,
    workers: int | None = None,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
    folder: Path | None = None,
    forget: bool = False,
    cluster: ClusterAddress | None = None,
) -> ScenarioResult:
    """Run a scenario; see fof.scenarios.scenario_runs.run_scenario. NotAllowed for who may not run scenarios."""
    actor.require("run_scenario")
    inputs, fitted = inputs_of(view, scenario)
    run = run_scenario(
        inputs,
        workers=workers,
        progress=progress,
        cancelled=cancelled,
        folder=folder,
        forget=forget,
        cluster=cluster,
    )
    smoothing = float("nan") if fitted is None else fitted.smoothing
    calls = expected_path(inputs.arrays).calls
    ahead = leverage_ahead(view, inputs.opening.portfolio, scenario, inputs.codes, calls, inputs.days)
    return scenario_result(run, actor.name, made_at, smoothing, ahead)
