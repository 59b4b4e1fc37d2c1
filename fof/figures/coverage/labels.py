"""Every company of the book with its lifecycle stage, city and industry on a day. Rulebook ST-01.

The stage is what the table gives from the last yearly figures that still count; where these leave it open, the label that
the book states under the same definition within the same months, if the table allows it. Anything else is "stage unknown":
in sight, and in no denominator.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import numpy as np

from fof.book.company_columns import CompanyColumns
from fof.figures.coverage.stage_arrays import (
    MISSING,
    STAGES,
    UNKNOWN_STAGE,
    YEARLY,
    Bools,
    CompanyArrays,
    Ints,
    codes_of,
    stages_possible,
)
from fof.ledger import day_number
from fof.rules.calendar_days import add_months
from fof.rules.numbers_in_force import NumbersInForce
from fof.rules.stage_definitions import StageDefinition
from fof.rules.stage_table import stage_limits
from models.frozen import frozen
from models.kinds import City

CITIES = tuple(City)
UNKNOWN_CITY = len(CITIES)
"""The code of a company outside the province, or of no recorded city."""


@frozen
class LabelledCompanies:
    """The companies of company_columns on a day, a place each.

    known      : there on the day (in the book, founded, not struck off, nobody's predecessor)
    stage      : place in STAGES, UNKNOWN_STAGE where it cannot be told         stated : it is a label of the book
    year       : of the figures it rests on, MISSING where none count
    city       : place in CITIES, UNKNOWN_CITY                   industry : place in `industries`, the last is unknown
    industries : divisions of GB/T 4754 (a letter and two digits), in order, "" last
    standing   : place of who stands in each one's stead: its own, or of who took it over
    """

    day: dt.date
    definition: StageDefinition
    known: Bools
    stage: Ints
    stated: Bools
    year: Ints
    city: Ints
    industry: Ints
    industries: tuple[str, ...]
    standing: Ints


def labelled(
    companies: CompanyColumns,
    standing: Ints,
    settings: NumbersInForce,
    day: dt.date,
    definition: StageDefinition,
) -> LabelledCompanies:
    """Every company on a day; `standing` as CompanyColumns.standing, `settings` the numbers of the rules."""
    year, figures, before = _figures(companies, day, definition)
    bits = stages_possible(_arrays(companies, day, figures, before), stage_limits(settings, day), definition)
    since = day_number(add_months(day, -definition.figures_months))
    stage, stated = _with_labels(companies, bits, definition, day_number(day), since)
    city, industry, industries = _places(companies, day_number(day))
    known = companies.known(day) & (standing == np.arange(len(companies)))
    return LabelledCompanies(
        day, definition, known, stage, stated, year, city, industry, industries, standing
    )


def stages_by_year(companies: CompanyColumns, settings: NumbersInForce, definition: StageDefinition) -> Ints:
    """(companies, years of `companies.years`) the stage at each year-end by the figures of that year alone.

    Asked on the day after: the year is over then. A year without figures is unknown, unless age or a listing tells; so is one
    that was over before the company was founded.
    """
    first, last = companies.years
    columns = []
    for year in range(first, last + 1):
        day = dt.date(year + 1, 1, 1)
        figures = {name: companies.yearly(name)[year - first] for name in YEARLY}
        before = _years_before(companies, year)
        bits = stages_possible(
            _arrays(companies, day, figures, before), stage_limits(settings, day), definition
        )
        number = day_number(dt.date(year, 12, 31))
        stage = _with_labels(companies, bits, definition, number, day_number(dt.date(year, 1, 1)))[0]
        founded = companies.stated("founded_on").on(number + 1)
        columns.append(np.where((founded != MISSING) & (founded > number), UNKNOWN_STAGE, stage))
    return np.stack(columns, axis=1) if columns else np.empty((len(companies), 0), np.int64)


_Before = tuple[Ints, Ints]


def _years_before(companies: CompanyColumns, year: int) -> _Before:
    """Revenue and profit of the year before one."""
    first, last = companies.years
    if not first <= year - 1 <= last:
        nothing = np.full(len(companies), MISSING, np.int64)
        return nothing, nothing
    revenue, profit = companies.yearly("revenue"), companies.yearly("net_profit")
    return revenue[year - 1 - first], profit[year - 1 - first]


def _figures(
    companies: CompanyColumns, day: dt.date, definition: StageDefinition
) -> tuple[Ints, Mapping[str, Ints], _Before]:
    """Of the last year that is over and still counts, else of the day's own year: its number, figures, those before it."""
    years = [*range(day.year - 1, definition.oldest_year(day) - 1, -1), day.year]
    chosen = np.full(len(companies), MISSING, np.int64)
    figures = {name: np.full(len(companies), MISSING, np.int64) for name in YEARLY}
    revenue, profit = (np.full(len(companies), MISSING, np.int64) for _ in range(2))
    open_ = np.ones(len(companies), bool)
    for year in years:
        own = {name: companies.in_year(name, year, day) for name in YEARLY}
        there = open_ & np.logical_or.reduce([column != MISSING for column in own.values()])
        if not there.any():
            continue
        chosen[there] = year
        for name, column in own.items():
            figures[name][there] = column[there]
        before = _years_before(companies, year)
        revenue[there], profit[there] = before[0][there], before[1][there]
        open_ &= ~there
    return chosen, figures, (revenue, profit)


def _arrays(
    companies: CompanyColumns, day: dt.date, figures: Mapping[str, Ints], before: _Before
) -> CompanyArrays:
    number = day_number(day)
    founded, listed, resident, audited, pre_ipo = (
        companies.stated(name).on(number)
        for name in ("founded_on", "listed_on", "resident", "audited_accounts", "pre_ipo")
    )
    return CompanyArrays(day, founded, listed, resident, audited, pre_ipo, figures, *before)


def _with_labels(
    companies: CompanyColumns, bits: Ints, definition: StageDefinition, day: int, since: int
) -> tuple[Ints, Bools]:
    """Stages by the table, and by labels stated on or after a day where it leaves several."""
    code = codes_of(bits)
    column = companies.stated("stage", definition.id)
    if not len(column.key):
        return code, np.zeros(len(code), bool)
    place = np.array([STAGES.index(t) for t in column.texts], np.int64)
    label, stated_on = column.on(day), column.since(day)
    there = (code == UNKNOWN_STAGE) & (label != MISSING) & (stated_on >= since)
    own = place[np.where(there, label, 0)]
    there &= (bits >> own & 1) == 1
    return np.where(there, own, code), there


def _places(companies: CompanyColumns, day: int) -> tuple[Ints, Ints, tuple[str, ...]]:
    """City and industry of each company, and the industries there are."""
    cities, column = companies.stated("city"), companies.stated("industry")
    codes = np.array([*(CITIES.index(t) for t in cities.texts), UNKNOWN_CITY], np.int64)
    city = cities.on(day)
    divisions = tuple(sorted({text[:3] for text in column.texts}))
    industries = np.array([*(divisions.index(t[:3]) for t in column.texts), len(divisions)], np.int64)
    industry = column.on(day)
    return (
        codes[np.where(city == MISSING, len(codes) - 1, city)],
        industries[np.where(industry == MISSING, len(industries) - 1, industry)],
        (*divisions, ""),
    )
