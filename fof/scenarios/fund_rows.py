"""The funds of a projection as rows of its arrays: those of the book where they stand, planned ones from the day they are signed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np

from fof.book.reading import Floats
from fof.scenarios.opening_position import DAYS, OpeningPosition, flow_times
from fof.scenarios.scenario_spec import Scenario
from models.frozen import frozen


@frozen
class FundRow:
    """A fund as the arrays need it: yuan, years."""

    code: str
    label: str
    strategy: str | None
    manager: str | None
    vintage: str | None
    age: float
    nav: float
    unfunded: float
    paid_in: float
    distributed: float
    term: float | None
    history: tuple[Floats, Floats]


_NO_FLOWS = (np.empty(0), np.empty(0))


def fund_rows(
    scenario: Scenario, opening: OpeningPosition, days: Sequence[dt.date], lengths: Floats
) -> list[FundRow]:
    """The funds of the book and then the planned ones, by the day of the opening position; days, lengths: ends of the steps and years."""
    rows = []
    for fund in opening.funds:
        term = None
        if fund.term_end is not None:
            term = (fund.term_end - (fund.first_on or opening.as_of)).days / DAYS
        rows.append(
            FundRow(
                fund.code,
                fund.name,
                None if fund.strategy is None else fund.strategy.value,
                fund.manager,
                None if fund.vintage is None else str(fund.vintage),
                fund.age(opening.as_of),
                fund.nav / 100,
                fund.unfunded / 100,
                fund.paid_in / 100,
                fund.distributed / 100,
                term,
                flow_times(fund, opening.as_of),
            )
        )
    for planned in scenario.planned:
        rows.append(
            FundRow(
                planned.code,
                planned.code,
                None if planned.strategy is None else planned.strategy.value,
                planned.manager,
                str(planned.signed_on.year),
                -_until(planned.signed_on, opening.as_of, days, lengths),
                0.0,
                planned.commitment / 100,
                0.0,
                0.0,
                None,
                _NO_FLOWS,
            )
        )
    return rows


def _until(day: dt.date, as_of: dt.date, days: Sequence[dt.date], lengths: Floats) -> float:
    """Years from today to a day as the steps count them, so that a fund signed at the end of a step begins with the next."""
    passed, before = 0.0, as_of
    for end, length in zip(days, lengths.tolist(), strict=True):
        if day <= end:
            return float(passed + length * (day - before).days / (end - before).days)
        passed, before = passed + length, end
    return passed + (day - before).days / DAYS
