"""The stage table asked of many companies at once: what fof.rules.stage_table says of each, in arrays. Rulebook ST-01.

Money is whole fen, days are day numbers, all int64; MISSING stands where nothing is recorded. A test is a pair of masks
(certainly true, certainly false); what is in neither cannot be told (fof.rules.truth).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from fof.rules.calendar_days import add_months
from fof.rules.stage_definitions import StageDefinition
from fof.rules.stage_table import StageLimits
from models.kinds import Stage

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

MISSING = int(np.iinfo(np.int64).min)
STAGES = tuple(Stage)
"""Stage codes of the arrays are places in here."""
UNKNOWN_STAGE = len(STAGES)
"""The code of a company whose stage cannot be told."""
YEARLY = (
    "staff",
    "rd_staff",
    "degree_staff",
    "technical_graduates",
    "revenue",
    "costs",
    "rd_expense",
    "net_profit",
    "total_assets",
    "net_assets",
)
"""Yearly figures that the table asks for."""


class CompanyArrays(NamedTuple):
    """Companies on a day, one place each.

    founded, listed           : day numbers             resident, audited, pre_ipo : 1 yes, 0 no
    last                      : figures of the last year by name; MISSING of one that has none that still count
    revenue_before, profit_before : of the year before that
    """

    day: dt.date
    founded: Ints
    listed: Ints
    resident: Ints
    audited: Ints
    pre_ipo: Ints
    last: Mapping[str, Ints]
    revenue_before: Ints
    profit_before: Ints


class Answers(NamedTuple):
    """A test of many: certainly true, certainly false."""

    yes: Bools
    no: Bools


def every(tests: Sequence[Answers]) -> Answers:
    """False if one is, true if all are."""
    return Answers(np.logical_and.reduce([t.yes for t in tests]), np.logical_or.reduce([t.no for t in tests]))


def either(tests: Sequence[Answers]) -> Answers:
    """True if one is, false if all are."""
    return Answers(np.logical_or.reduce([t.yes for t in tests]), np.logical_and.reduce([t.no for t in tests]))


def opposite(test: Answers) -> Answers:
    """The other way round."""
    return Answers(test.no, test.yes)


def _known(test: Bools, known: Bools) -> Answers:
    return Answers(test & known, ~test & known)


def _at_most(value: Ints, cap: int) -> Answers:
    return _known(value <= cap, value != MISSING)


def _flag(value: Ints) -> Answers:
    return Answers(value == 1, value == 0)


def _at_least_share(part: Ints, whole: Ints, floor: Decimal) -> Answers:
    """part / whole >= floor; nothing is nothing of whatever the whole is, unless that is below zero."""
    over, under = floor.as_integer_ratio()
    has_part, has_whole = part != MISSING, whole != MISSING
    part, whole = np.where(has_part, part, 0), np.where(has_whole, whole, 0)
    divided = has_part & (whole > 0)
    nothing = has_part & (part == 0) & (whole == 0)
    reached = np.where(nothing, floor <= 0, part * under >= whole * over)
    return _known(reached.astype(bool), divided | nothing)


def _young(founded: Ints, day: dt.date, months: int) -> Answers:
    """At most so many months old: not founded before the first day of which a company is that young."""
    first = add_months(day, -months)
    while add_months(first - _A_DAY, months) >= day:  # ends of months: several days have one anniversary
        first -= _A_DAY
    while add_months(first, months) < day:
        first += _A_DAY
    return _known(founded >= (first - _EPOCH).days, founded != MISSING)


_A_DAY = dt.timedelta(days=1)
_EPOCH = dt.date(1970, 1, 1)


def stages_possible(companies: CompanyArrays, limits: StageLimits, definition: StageDefinition) -> Ints:
    """The stages that a table may give each company, as bits (1 << code): one bit where the stage can be told."""
    day, last = companies.day, companies.last
    number = (day - _EPOCH).days
    listed = (companies.listed != MISSING) & (companies.listed <= number)
    is_mature = Answers(listed | (companies.pre_ipo == 1), ~(listed | (companies.pre_ipo == 1)))
    revenue = last["revenue"]
    seed = either(
        [_young(companies.founded, day, limits.seed_months), _known(revenue == 0, revenue != MISSING)]
    )
    start_up = either([_START_UP[name](companies, limits, listed) for name in definition.start_up])
    before, profit = companies.revenue_before, last["net_profit"]
    steps = (
        (is_mature, Stage.MATURE),
        (seed, Stage.SEED),
        (start_up, Stage.STARTUP),
        (opposite(_at_most(revenue, limits.mature_revenue_above)), Stage.MATURE),
        (_grew(revenue, before, limits.growth_rate_min), Stage.GROWTH),
        (
            every([opposite(_at_most(profit, 0)), opposite(_at_most(companies.profit_before, 0))]),
            Stage.MATURE,
        ),
    )
    open_, bits = np.ones(len(revenue), bool), np.zeros(len(revenue), np.int64)
    for answer, stage in steps:
        bits[open_ & ~answer.no] |= 1 << STAGES.index(stage)
        open_ &= ~answer.yes
    bits[open_] |= 1 << STAGES.index(Stage.GROWTH)
    return bits


def codes_of(bits: Ints) -> Ints:
    """The stage of each company as a place in STAGES, UNKNOWN_STAGE where several are possible."""
    code = np.full(len(bits), UNKNOWN_STAGE, np.int64)
    for place in range(len(STAGES)):
        code[bits == 1 << place] = place
    return code


def _grew(revenue: Ints, before: Ints, rate: Decimal) -> Answers:
    over, under = rate.as_integer_ratio()
    known, of_before = revenue != MISSING, before != MISSING
    now, then = np.where(known, revenue, 0), np.where(of_before, before, 0)
    positive = _known(then > 0, of_before)
    return every([positive, _known(now * under >= then * (under + over), known & of_before)])


def _sm_04(c: CompanyArrays, limits: StageLimits, listed: Bools) -> Answers:
    own, last = limits.start_up, c.last
    return every(
        [
            _flag(c.resident),
            _flag(c.audited),
            _at_most(last["staff"], own.staff),
            _at_least_share(last["degree_staff"], last["staff"], own.degree_share),
            _at_most(last["total_assets"], own.assets),
            _at_most(last["revenue"], own.revenue),
            _young(c.founded, c.day, own.months),
            _at_least_share(last["rd_expense"], last["costs"], own.rd_share),
        ]
    )


def _sm_05(c: CompanyArrays, limits: StageLimits, listed: Bools) -> Answers:
    own, last = limits.early_2007, c.last
    return every(
        [
            Answers(~listed, listed),
            _young(c.founded, c.day, own.months),
            _at_most(last["staff"], own.staff),
            _at_least_share(last["technical_graduates"], last["staff"], own.graduate_share),
            _at_least_share(last["rd_staff"], last["staff"], own.rd_staff_share),
            _at_most(last["revenue"], own.revenue),
            _at_most(last["net_assets"], own.net_assets),
            _at_least_share(last["rd_expense"], last["revenue"], own.rd_share),
        ]
    )


def _sm_06(c: CompanyArrays, limits: StageLimits, listed: Bools) -> Answers:
    return _young(c.founded, c.day + dt.timedelta(days=1), limits.csrc_months_below)


_START_UP = {"SM-04": _sm_04, "SM-05": _sm_05, "SM-06": _sm_06}
