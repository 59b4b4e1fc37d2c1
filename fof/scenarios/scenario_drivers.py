"""What moves a scenario: the part of the variance of its main results that each driver explains by itself."""

from __future__ import annotations

import datetime as dt

from fof.figures.answers import Answer
from fof.figures.projection_documents import DRIVERS
from fof.ledger import View
from fof.scenarios.projection import inputs_of
from fof.scenarios.scenario_inputs import ScenarioInputs
from fof.scenarios.scenario_spec import Scenario
from models.frozen import frozen
from valuation.scenario_paths import GROUP_FIGURES, PATH_FIGURES, STEP_SERIES, driver_shares

PATHS = 4096
"""Of the estimate: its error is about 1/√paths, 0.016."""


@frozen
class DriverShares:
    """First-order Sobol shares of one result; nan where it does not vary. together: what is left, by interaction and the
    error of the estimate."""

    measure: str
    day: dt.date | None
    market: float
    growth: float
    pacing: float

    @property
    def together(self) -> float:
        """1 less the three shares."""
        return 1.0 - self.market - self.growth - self.pacing


def scenario_drivers(inputs: ScenarioInputs) -> tuple[DriverShares, ...]:
    """Of the appropriation needed, of the portfolio's multiples and flows over the horizon, and of value and cash after a third of it."""
    arrays, steps = inputs.arrays, inputs.arrays.steps
    shares = driver_shares(arrays, inputs.scenario.seed, PATHS).tolist()
    third = steps // 3
    first = len(STEP_SERIES) * steps
    rows: list[tuple[str, dt.date | None, int]] = [("need", None, first + PATH_FIGURES.index("need"))]
    rows += [
        (name, inputs.days[third], STEP_SERIES.index(name) * steps + third)
        for name in ("nav", "unfunded", "cash")
    ]
    groups = first + len(PATH_FIGURES)
    rows += [
        (name, None, groups + GROUP_FIGURES.index(name)) for name in ("called", "distributed", "tvpi", "irr")
    ]
    return tuple(DriverShares(name, day, *shares[row]) for name, day, row in rows)


def drivers_document(view: View, scenario: Scenario) -> Answer:
    """The table of drivers of a scenario from the book on the view's day."""
    inputs, _ = inputs_of(view, scenario)
    rows = [
        {
            "measure_name": own.measure,
            "step_end": own.day,
            "share_market": own.market,
            "share_growth": own.growth,
            "share_pacing": own.pacing,
            "share_together": own.together,
        }
        for own in scenario_drivers(inputs)
    ]
    opening = inputs.opening
    return Answer(DRIVERS, rows, opening.as_of, opening.known_at, opening.currency)
