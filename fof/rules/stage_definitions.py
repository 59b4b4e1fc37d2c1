"""The tables by which a company has its lifecycle stage, by id. Rulebook ST-01; the data are stage_definitions.toml."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from fof.rules.calendar_days import add_months
from models.text import Text

HOUSE_DEFINITION = "fof-2017"
"""Id of the table that rule ST-01 holds labels against."""


class StageDefinition(NamedTuple):
    """One version of the table.

    start_up       : rules whose definition makes a start-up (any of them): SM-04, SM-05, SM-06
    figures_months : months after the year-end for which yearly figures say something about the company
    """

    id: str
    text: Text
    start_up: tuple[str, ...]
    figures_months: int
    source: str

    def holds(self, year: int, day: dt.date) -> bool:
        """Whether the figures of a year still count on a day."""
        return day <= add_months(dt.date(year, 12, 31), self.figures_months)

    def oldest_year(self, day: dt.date) -> int:
        """The first year whose figures still count on a day."""
        return next(year for year in range(day.year - 10, day.year + 2) if self.holds(year, day))


@cache
def stage_definitions() -> Mapping[str, StageDefinition]:
    """Every table, by id."""
    with (files("fof.rules") / "stage_definitions.toml").open("rb") as source:
        tables = tomllib.load(source)
    return {
        id_: StageDefinition(
            id_, Text(own["zh"], own["en"]), tuple(own["start_up"]), own["figures_months"], own["source"]
        )
        for id_, own in tables.items()
    }


def stage_definition(id_: str) -> StageDefinition:
    """The table of an id. KeyError for one that there is none of."""
    return stage_definitions()[id_]
