"""Forecast against actual: a projection from earlier days of the book, held against what the following year brought.

An origin is a day and what was known on it: where the book was in use by then, the entries recorded up to the end of that day; where
it was entered later, all that are known now and dated up to it (each case says which). Parameters, opening position and terms are
those of the origin, nothing after it enters. What is compared are the funds of the origin alone. Beside each forecast stands the
naive one: last year's calls and distributions anew, and the value as it stands.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np

from fof.book.known import known_on
from fof.book.portfolios import portfolio
from fof.errors import Problem, Refused, Unknown
from fof.figures.performance.history import history
from fof.ledger import Journal, View
from fof.rules.calendar_days import add_years, quarter_end_before
from fof.scenarios.projection import inputs_of
from fof.scenarios.scenario_spec import Scenario
from fof.words import today
from models.frozen import frozen
from models.text import Text
from valuation.arguments import Floats
from valuation.scenario_paths import STEP_SERIES, simulate_chunk
from valuation.scores import CoverageTest, coverage_test, crps_ensemble, pit

MEASURES = ("calls", "distributions", "nav")
LEVEL = 0.8
"""Of the central interval whose coverage is counted."""
MOST_PATHS = 4096
FEWEST_FOR_A_TEST = 10
"""Origins without which no p-value is given."""


@frozen
class ForecastCase:
    """One measure of one origin; yuan. pit, crps: see valuation.scores (fair form); naive: |naive − observed|.

    known_at : the entry up to which the forecast knew the book
    """

    origin: dt.date
    known_at: int
    measure: str
    observed: float
    low: float
    median: float
    high: float
    pit: float
    crps: float
    naive: float

    @property
    def inside(self) -> bool:
        """Whether the interval held what came."""
        return self.low <= self.observed <= self.high


@frozen
class ForecastRecord:
    """All origins. left_out: origins at which something to compare is not known, with why."""

    portfolio: str
    known_at: int
    last: dt.date
    cases: tuple[ForecastCase, ...]
    left_out: tuple[tuple[dt.date, Text], ...]

    def coverage(self, measure: str) -> CoverageTest | None:
        """Of one measure's intervals; None without a case."""
        hits = [case.inside for case in self.cases if case.measure == measure]
        return coverage_test(hits, LEVEL) if hits else None


NOT_VALUED = Text("一年后有净值不明", "a value a year later is not known")
NOTHING = Text("当时没有可推演的基金", "no fund to project then")


def known_then(journal: Journal, origin: dt.date, known_at: int) -> int:
    """What was known on the day of the origin; known_at where the book was not in use yet, or knew no more than is asked."""
    own = known_on(journal, min(origin, today()), today())
    return min(own, known_at) if own else known_at


def backtest(
    journal: Journal, known_at: int, last: dt.date, scenario: Scenario, years: int
) -> ForecastRecord:
    """Origins a year apart, the last a year before the end of the last quarter up to `last`, `years` of them at most.

    Planned funds, appropriations, other income and shocks of the scenario are left aside: they speak of days to come.
    Refused where no origin has anything to compare.
    """
    scenario = scenario.model_copy(
        update={
            "planned": (),
            "appropriation": (),
            "income": (),
            "shock": (),
            "horizon": 1,
            "step": "quarter",
            "by_fund": False,
            "rates_of_return": False,
            "paths": min(scenario.paths, MOST_PATHS),
        }
    )
    end = quarter_end_before(last)
    later = journal.view(last, known_at)
    cases: list[ForecastCase] = []
    left_out = []
    for back in range(years, 0, -1):
        origin = add_years(end, -back)
        own = _origin(journal.view(origin, known_then(journal, origin, known_at)), later, scenario, origin)
        if isinstance(own, Text):
            left_out.append((origin, own))
        else:
            cases += own
    if not cases:
        nothing = Text("没有可比较的起点", "no origin has anything to compare")
        raise Refused([Problem("nothing_to_compare", nothing)], Text("回测", "the backtest"))
    code = portfolio(later, scenario.portfolio).code
    return ForecastRecord(code, known_at, end, tuple(cases), tuple(left_out))


def _origin(view: View, later: View, scenario: Scenario, origin: dt.date) -> list[ForecastCase] | Text:
    try:
        inputs, _ = inputs_of(view, scenario)
    except (Refused, Unknown):
        return NOTHING
    actual = _actual(later, scenario, inputs.codes, origin)
    if actual is None:
        return NOT_VALUED
    rows = simulate_chunk(inputs.arrays, scenario.seed, 0, scenario.paths).rows
    steps = inputs.arrays.steps
    series = rows[: len(STEP_SERIES) * steps].reshape(len(STEP_SERIES), steps, -1)
    forecast = (series[0].sum(axis=0), series[1].sum(axis=0), series[2, -1])
    return [
        _case(origin, view.known_at, measure, members, *observed)
        for measure, members, observed in zip(MEASURES, forecast, actual, strict=True)
    ]


def _case(
    origin: dt.date, known_at: int, measure: str, members: Floats, observed: float, naive: float
) -> ForecastCase:
    low, median, high = np.quantile(members, (0.5 - LEVEL / 2, 0.5, 0.5 + LEVEL / 2)).tolist()
    score = crps_ensemble(members, observed) if members.size > 1 else abs(float(members[0]) - observed)
    return ForecastCase(
        origin,
        known_at,
        measure,
        observed,
        low,
        median,
        high,
        float(pit(members, observed)),
        float(score),
        abs(naive - observed),
    )


def _actual(
    later: View, scenario: Scenario, codes: Sequence[str], origin: dt.date
) -> list[tuple[float, float]] | None:
    """(observed, naive) of each measure over the year after the origin, of the origin's funds; None where a value is not known."""
    days = [add_years(origin, -1), origin, add_years(origin, 1)]
    past = history(later, portfolio(later, scenario.portfolio), days, "fund")
    rows = [n for n, (key, _label) in enumerate(past.groups) if key in set(codes)]
    paid_in = past.paid_in[rows] / 100
    distributed, nav, known = past.distributed[rows] / 100, past.nav[rows] / 100, past.nav_known[rows]
    if not (known | (paid_in == 0))[:, 1:].all():
        return None
    nav = np.where(known, nav, 0.0)
    calls, paid = np.diff(paid_in, axis=1).sum(axis=0), np.diff(distributed, axis=1).sum(axis=0)
    value = nav.sum(axis=0)
    return [
        (float(calls[1]), float(calls[0])),
        (float(paid[1]), float(paid[0])),
        (float(value[2]), float(value[1])),
    ]
