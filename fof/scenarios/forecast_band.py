"""What a J-curve may become after today: quantiles of the cumulative net cash flow, and of it with the value, from the book on.

Funds are projected by the pacing and volatility of a scenario, by default those that the book's own funds say (fitted_terms), from
where each stands today; what they bring is added to the net cash flow up to today. Shocks and the programme of the scenario
stay: a planned fund belongs to the portfolio's curve, not to that of a fund.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import replace

import numpy as np

from fof.book.portfolios import Portfolio
from fof.book.reading import Floats
from fof.ledger import View
from fof.scenarios.projection import inputs_of, inputs_of_funds
from fof.scenarios.scenario_inputs import ScenarioInputs
from fof.scenarios.scenario_spec import Scenario
from models.frozen import frozen
from valuation.scenario_paths import STEP_SERIES, simulate_chunk

BAND_LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
BAND_PATHS = 512
"""A chunk: the error of a quantile of rank 5 % is 1 % of rank."""
YEARS = 12


@frozen
class ForecastBand:
    """Quantiles by step, fen: of money received less paid since today, cumulative; with_value: the value at the step added.

    net, with_value : (steps, BAND_LEVELS)      nav : (steps,) median
    """

    days: tuple[dt.date, ...]
    net: Floats
    with_value: Floats
    nav: Floats


def book_scenario(portfolio: Portfolio) -> Scenario:
    """What the book's own funds say, without shocks and without a programme."""
    return Scenario(name="book", portfolio=portfolio.code, horizon=YEARS, paths=BAND_PATHS)


def forecast_band(
    view: View, portfolio: Portfolio, funds: Collection[str] | None = None, scenario: Scenario | None = None
) -> ForecastBand | None:
    """Of some funds by code (None: of the whole portfolio, planned ones included); up to the last step in which one of them
    lives. None where none of them is projected: nothing is left in them, or its value is not known. Refused as a scenario is."""
    chosen = book_scenario(portfolio) if scenario is None else scenario
    plain = chosen.model_copy(
        update={"by_fund": False, "rates_of_return": False, "pool": (), "companies": None, "rules": False}
    )
    inputs = inputs_of(view, plain)[0] if funds is None else inputs_of_funds(view, plain, funds)
    return None if inputs is None else _band(inputs, min(plain.paths, BAND_PATHS))


def _band(inputs: ScenarioInputs, paths: int) -> ForecastBand:
    arrays = replace(inputs.arrays, members=(), history=())
    steps = arrays.steps
    block = simulate_chunk(arrays, inputs.scenario.seed, 0, paths).rows
    series = block[: len(STEP_SERIES) * steps].reshape(len(STEP_SERIES), steps, paths)
    net = np.cumsum(series[STEP_SERIES.index("net_cash")], axis=0)
    nav = series[STEP_SERIES.index("nav")]
    live = max(1, int(arrays.span[1].max()))

    def quantiles(values: Floats) -> Floats:
        return np.round(100 * np.quantile(values[:live], BAND_LEVELS, axis=1).T)

    return ForecastBand(
        inputs.days[:live],
        quantiles(net),
        quantiles(net + nav),
        np.round(100 * np.median(nav[:live], axis=1)),
    )
