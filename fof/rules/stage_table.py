"""The stage table: by which steps a company of one day has its lifecycle stage. Rulebook ST-01.

fof.figures.coverage.stage_arrays asks the same of many companies at once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from fof.rules.calendar_days import add_months
from fof.rules.facts_parties import CompanyFacts, YearFigures
from fof.rules.numbers_in_force import NumbersInForce
from fof.rules.stage_definitions import HOUSE_DEFINITION, StageDefinition, stage_definition
from fof.rules.start_ups import (
    Early2007Limits,
    StartUpLimits,
    at_least_share,
    early_2007_tests,
    start_up_tests,
    young,
)
from fof.rules.truth import above, all_of, any_of, not_
from models.kinds import Stage
from models.text import NO_TEXT, Text


class StageLimits(NamedTuple):
    """The numbers of the stage table."""

    seed_months: int
    mature_revenue_above: int
    growth_rate_min: Decimal
    start_up: StartUpLimits
    early_2007: Early2007Limits
    csrc_months_below: int = 60


def stage_limits(settings: NumbersInForce, day: dt.date) -> StageLimits:
    """The numbers of the table on a day; before the first of a number's values the first: a table is asked of years that lie
    before it, too."""

    def number(name: str) -> Any:
        dated = settings.on(name, day)
        return (settings.parameters[name].values[0] if dated is None else dated).value

    return StageLimits(
        number("seed_months_max"),
        number("mature_revenue_above"),
        number("growth_rate_min"),
        StartUpLimits(
            number("startup_staff_max"),
            number("startup_degree_share_min"),
            number("startup_assets_max"),
            number("startup_revenue_max"),
            number("startup_months_max"),
            number("startup_rd_share_min"),
        ),
        Early2007Limits(
            number("early2007_months_max"),
            number("early2007_staff_max"),
            number("early2007_graduate_share_min"),
            number("early2007_rd_staff_share_min"),
            number("early2007_revenue_max"),
            number("early2007_net_assets_max"),
            number("early2007_rd_share_min"),
        ),
        number("csrc_months_below"),
    )


def possible_stages(
    company: CompanyFacts, limits: StageLimits, definition: StageDefinition | None = None
) -> tuple[list[Stage], tuple[Text, ...]]:
    """(stages that a table, by default the house's, may give on the company's as-of day, what is missing to tell which).

    In this order: listed or preparing to list -> mature; at most 24 months old or without revenue -> seed; passes a
    start-up definition of the table (SM-04 with the R&D of its last year, SM-05, SM-06) -> start-up; revenue above 200m ->
    mature; revenue grew by 20 % -> growth; profitable two years running -> mature; what is left is older or bigger than a
    start-up -> growth. A step that cannot be told leaves its stage possible, and goes on; so does one that needs figures
    where the last are too old. A share of which the part is nothing is nothing, whatever the whole is and also where nobody
    stated it. Source: rulebook ST-01 (own design on seen inputs).
    """
    stages: list[Stage] = []
    lacking: tuple[Text, ...] = ()
    for answer, stage, inputs in _steps(company, limits, definition or stage_definition(HOUSE_DEFINITION)):
        if answer is False:
            continue
        stages.append(stage)
        if answer:
            break
        lacking = lacking or (inputs,)
    return list(dict.fromkeys(stages)), lacking if len(set(stages)) > 1 else ()


def _steps(
    company: CompanyFacts, limits: StageLimits, definition: StageDefinition
) -> Iterator[tuple[bool | None, Stage, Text]]:
    """The table's steps: whether each applies, its stage, and what is missing where that cannot be told."""
    day = company.as_of
    is_listed = (
        company.listed_on is not None and company.listed_on <= day
    )  # so no test below asks about a listing
    yield is_listed or bool(company.pre_ipo), Stage.MATURE, NO_TEXT
    last = company.last_year
    if last is None or not definition.holds(last.year, day):
        last = YearFigures(day.year - 1)
    before = company.year(last.year - 1) or YearFigures(last.year - 1)
    old = None if company.founded_on is None else day > add_months(company.founded_on, limits.seed_months)
    seed = any_of(not_(old), None if last.revenue is None else last.revenue == 0)
    yield seed, Stage.SEED, Text("成立日期或营业收入", "founding day or revenue")
    tests: dict[str, bool | None] = {
        "SM-04": all_of(
            *(t[0] for t in start_up_tests(company, day, limits.start_up, last)),
            at_least_share(last.rd_expense, last.costs, limits.start_up.rd_share),
        ),
        "SM-05": all_of(*(t[0] for t in early_2007_tests(company, day, limits.early_2007, last))),
        "SM-06": young(company.founded_on, day + dt.timedelta(days=1), limits.csrc_months_below),
    }
    start_up = any_of(*(tests[name] for name in definition.start_up))
    yield start_up, Stage.STARTUP, Text("初创企业判定所需数据", "figures of the start-up definitions")
    yield above(last.revenue, limits.mature_revenue_above), Stage.MATURE, Text("营业收入", "revenue")
    grew = None
    if before.revenue is not None:
        floor = before.revenue * (1 + limits.growth_rate_min)
        grew = all_of(before.revenue > 0, None if last.revenue is None else last.revenue >= floor)
    yield grew, Stage.GROWTH, Text("上年营业收入", "revenue of the year before")
    profitable = all_of(above(last.net_profit, 0), above(before.net_profit, 0))
    yield profitable, Stage.MATURE, Text("两年净利润", "net profit of two years")
    yield True, Stage.GROWTH, NO_TEXT
