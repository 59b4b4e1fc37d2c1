"""Weights of the three blocks, yearly inputs and scales: read from settings, checked, and written with a document.

Weights are rule parameters (evaluation_weight_*; bands of GF-58: policy 40–50, compliance 20–25, results 30–40, in
points of 100). Inputs and scales are settings of this package:
  evaluation.<indicator>         a mark from 0 to 1 of full points, for one fund; holds twelve months
  evaluation.<indicator>.scale   "zero;full", for one fund or the office
  evaluation.bonus               points, for one fund; holds twelve months
A mark without a document, or older than twelve months, does not count.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from fof import ledger
from fof.access import Actor
from fof.audit.findings import auditor_of, day_of
from fof.db import Database
from fof.errors import Problem, Where
from fof.evaluation.indicators import BLOCKS, BY_NAME, Block, Scale
from fof.ledger import Booked, Dated, Draft, Ids, Plan, View, request_digest
from fof.rules.calendar_days import add_years
from fof.rules.parameters import Settings
from models import journal as tables
from models.kinds import EntryKind

PREFIX = "evaluation."
BONUS = "bonus"


@dataclass(frozen=True, slots=True)
class Weights:
    """Points of each block, the largest bonus, and where each comes from; problems: why they are refused."""

    points: Mapping[Block, Decimal]
    bonus_max: Decimal | None
    sources: Mapping[str, str]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Stated:
    """A setting that an evaluation rests on."""

    value: str
    day: dt.date
    entry: int
    document: str


def weights_of(view: View, fund: str) -> Weights:
    """The weights in force for a fund on the view's day: its own, else the office's, else the rulebook's default."""
    return _weights(auditor_of(view).settings, day_of(view), fund)


def _weights(settings: Settings, day: dt.date, fund: str | None) -> Weights:
    points: dict[Block, Decimal] = {}
    sources: dict[str, str] = {}
    for block in BLOCKS:
        dated = settings.on(f"evaluation_weight_{block}", day, fund)
        if dated is not None and isinstance(dated.value, int | Decimal):
            points[block] = Decimal(dated.value)
            sources[block] = dated.source
    bonus = settings.on("evaluation_bonus_max", day, fund)
    if bonus is not None:
        sources[BONUS] = bonus.source
    most = Decimal(bonus.value) if bonus is not None and isinstance(bonus.value, int | Decimal) else None
    return Weights(points, most, sources, tuple(weight_problems(points, settings, day, fund)))


def weight_problems(
    points: Mapping[Block, Decimal], settings: Settings, day: dt.date, fund: str | None
) -> list[Problem]:
    """Everything wrong with weights: one missing, outside its band, or a sum that is not 100."""
    problems = []
    for block, (zh, en) in BLOCKS.items():
        weight = points.get(block)
        low, high = (settings.on(f"evaluation_{block}_{end}", day, fund) for end in ("min", "max"))
        if weight is None or low is None or high is None:
            problems.append(
                _problem("weight_missing", f"{day} 有效的{zh}权重及区间", f"a weight and band of {en} in force on {day}",
                         None, block)
            )  # fmt: skip
        elif not _number(low.value) <= weight <= _number(high.value):
            problems.append(
                _problem("weight_outside_band", f"{zh}权重在 {low.value}—{high.value} 之间",
                         f"weight of {en} from {low.value} to {high.value}", str(weight), block)
            )  # fmt: skip
    total = sum(points.values(), Decimal(0))
    if len(points) == len(BLOCKS) and total != 100:
        problems.append(
            _problem("weights_not_100", "权重合计为 100", "weights that add to 100", str(total), "weights")
        )
    return problems


def _number(value: object) -> Decimal:
    return Decimal(str(value))


def _problem(code: str, zh: str, en: str, found: str | None, field: str) -> Problem:
    return Problem(code, zh, en, found, Where(field=field))


# -- reading ------------------------------------------------------------------------------------------------------


def _latest(view: View, name: str, party: int | None) -> Dated | None:
    """The setting of a party in force on the view's day, the latest one."""
    day = view.as_of
    for dated in reversed(view.settings):
        row = dated.row
        ended = row.until is not None and day is not None and day > row.until
        if row.name == PREFIX + name and row.party == party and not ended:
            return dated
    return None


def yearly(view: View, name: str, fund: int) -> tuple[Stated | None, bool]:
    """(the mark or bonus stated for a fund, whether it is too old to count): older than twelve months is asked again."""
    dated = _latest(view, name, fund)
    if dated is None:
        return None, False
    old = view.as_of is not None and add_years(dated.day, 1) <= view.as_of
    return Stated(dated.row.value, dated.day, dated.entry, dated.row.document), old


def scale_of(view: View, name: str, fund: int) -> tuple[Scale, str] | None:
    """The scale set for an indicator and its document: the fund's own, else the office's; None where none is set."""
    for party in (fund, None):
        dated = _latest(view, f"{name}.scale", party)
        if dated is not None:
            zero, full = dated.row.value.split(";")
            return Scale(Decimal(zero), Decimal(full)), dated.row.document
    return None


# -- writing ------------------------------------------------------------------------------------------------------


def set_weights(
    database: Database,
    actor: Actor,
    fund: str | None,
    points: Mapping[Block, Decimal],
    day: dt.date,
    document: str,
) -> Booked:
    """Set the three weights together, for a fund or the office (None), from a day on.

    BookingRefused lists every weight that is missing or outside its band, a sum other than 100, no document, an
    unknown fund. NotAllowed without the role.
    """

    def problems(view: View) -> list[Problem]:
        return weight_problems(points, auditor_of(view).settings, day, fund)

    named = {f"evaluation_weight_{block}": str(weight) for block, weight in points.items()}
    return _book(database, actor, fund, named, day, document, problems)


def set_input(
    database: Database, actor: Actor, fund: str, indicator: str, value: str, day: dt.date, document: str
) -> Booked:
    """State what an asked-for indicator is given: a mark from 0 to 1 of full points; or the bonus, in points.

    BookingRefused: an indicator that the book computes, or that does not exist; a mark outside 0 to 1, a bonus
    outside its limit, no document, an unknown fund.
    """

    def problems(view: View) -> list[Problem]:
        most: Decimal | None = Decimal(1)
        if indicator == BONUS:
            most = _weights(auditor_of(view).settings, day, fund).bonus_max
        elif indicator not in BY_NAME or BY_NAME[indicator].measure is not None:
            return [
                _problem(
                    "not_asked_for",
                    "须人工填报的指标名",
                    "an indicator that is asked for",
                    indicator,
                    "indicator",
                )
            ]
        number = _read(value)
        if most is None or number is None or not 0 <= number <= most:
            return [_problem("bad_mark", f"0 至 {most} 的数", f"a number from 0 to {most}", value, "value")]
        return []

    return _book(database, actor, fund, {PREFIX + indicator: value.strip()}, day, document, problems)


def set_scale(
    database: Database,
    actor: Actor,
    fund: str | None,
    indicator: str,
    zero: str,
    full: str,
    day: dt.date,
    document: str,
) -> Booked:
    """Set where an indicator's points begin and where they are full, for a fund or the office.

    BookingRefused: an indicator that does not exist or is asked for, ends that are not numbers, no document.
    """

    def problems(_view: View) -> list[Problem]:
        found = []
        if indicator not in BY_NAME or BY_NAME[indicator].measure is None:
            found.append(
                _problem("not_computed", "由账簿计算的指标名", "a computed indicator", indicator, "indicator")
            )
        for field, text in (("zero", zero), ("full", full)):
            if _read(text) is None:
                found.append(_problem("bad_number", "一个数", "a number", text, field))
        return found

    return _book(
        database,
        actor,
        fund,
        {f"{PREFIX}{indicator}.scale": f"{zero.strip()};{full.strip()}"},
        day,
        document,
        problems,
    )


def _read(text: str) -> Decimal | None:
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _book(
    database: Database, actor: Actor, fund: str | None, named: Mapping[str, str], day: dt.date, document: str,
    problems: Callable[[View], list[Problem]],
) -> Booked:  # fmt: skip
    """One entry with all the settings, or BookingRefused with everything wrong."""
    digest = request_digest("evaluation", fund, *sorted(named.items()), day, document)

    def plan(view: View, _ids: Ids) -> Plan:
        found = []
        party = None if fund is None else view.by_code.get(fund)
        if fund is not None and party is None:
            found.append(
                _problem("unknown_fund", "账中的基金编号", "code of a fund in the book", fund, "fund")
            )
        if not document.strip():
            found.append(
                _problem("document_missing", "必须注明依据文件", "a document it rests on", None, "document")
            )
        found += problems(view)
        if found:
            return Plan([], found)
        number = None if party is None else party.id
        rows: list[tables.Row] = [
            tables.Setting(number, n, v, None, document.strip()) for n, v in named.items()
        ]
        key = _free_key(view, f"evaluation/{digest.hex()[:32]}", rows, day)
        return Plan([Draft(EntryKind.SETTING, day, key, digest, rows=rows)])

    return ledger.book(database, actor, plan, action="set_parameter")


def _free_key(view: View, base: str, rows: Sequence[tables.Row], day: dt.date) -> str:
    """The key of this request; a new one where it was booked before and has since been reversed or set otherwise for the
    same day, so that going back to an earlier value is not taken for a repeated request."""
    asked = {row[:2] for row in rows}
    key, number = base, 0
    while (booked := view.booked(key)) is not None:
        later = any(s.entry > booked.entry and s.day == day and s.row[:2] in asked for s in view.settings)
        if booked.reversed_by is None and not later:
            return key
        number += 1
        key = f"{base}/{number}"
    return key
