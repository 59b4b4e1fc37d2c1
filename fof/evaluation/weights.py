"""Weights of the three blocks, yearly inputs and scales: read from the book, and tried before they are booked.

Weights are numbers of a rule (evaluation_weight_*; bands of GF-58: policy 40–50, compliance 20–25, results 30–40, in
points of 100), and so settings. Inputs and scales are attributes of their fund or the office (models.facts.SUBJECT_FACTS):
  evaluation.<indicator>         a mark from 0 to 1 of full points, for one fund; holds twelve months
  evaluation.<indicator>.scale   "zero;full", for one fund or the office
  evaluation.bonus               points, for one fund; holds twelve months
A mark without a document, or older than twelve months, does not count.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from fof.audit.auditor import auditor_of, day_of
from fof.audit.field_problems import field_problem
from fof.errors import Problem
from fof.evaluation.indicators import BLOCKS, Block, Scale
from fof.ledger import View
from fof.rules.calendar_days import add_years
from fof.rules.numbers_in_force import NumbersInForce
from models.facts import SUBJECT_FACTS
from models.frozen import frozen
from models.text import Text

PREFIX, WEIGHT = "evaluation.", "evaluation_weight_"
BONUS = "bonus"


@frozen
class Trial:
    """Settings as they would stand if they were booked: name -> value, for a fund or the office (None)."""

    fund: str | None
    named: Mapping[str, str]
    day: dt.date
    document: str


@frozen
class Weights:
    """Points of each block, the largest bonus, and where each comes from; problems: why they are refused."""

    points: Mapping[Block, Decimal]
    bonus_max: Decimal | None
    sources: Mapping[str, Text]
    problems: tuple[Problem, ...]


@frozen
class EvaluationSetting:
    """What was stated and an evaluation rests on; entry: None while it is only tried."""

    value: str
    day: dt.date
    entry: int | None
    document: str


# -- weights ------------------------------------------------------------------------------------------------------


def weights_of(view: View, fund: str, trial: Trial | None = None) -> Weights:
    """The weights in force for a fund on the view's day: its own, else the office's, else the rulebook's default.

    trial : counted as if it were in force that day; one for the office does not reach a fund with weights of its own
    """
    settings, day = auditor_of(view).settings, day_of(view)
    standing = weights_on(settings, day, fund)
    if trial is None:
        return standing
    points, sources = dict(standing.points), dict(standing.sources)
    for block in BLOCKS:
        name = WEIGHT + block
        if name in trial.named and (trial.fund == fund or not _own_weight(view, name, view.party(fund).id)):
            points[block], sources[block] = Decimal(trial.named[name]), Text(trial.document, trial.document)
    return Weights(
        points, standing.bonus_max, sources, tuple(weight_problems(points, settings, trial.day, trial.fund))
    )


def weights_on(settings: NumbersInForce, day: dt.date, fund: str | None) -> Weights:
    """The weights in force on a day by the settings given."""
    points: dict[Block, Decimal] = {}
    sources: dict[str, Text] = {}
    for block in BLOCKS:
        dated = settings.on(WEIGHT + block, day, fund)
        if dated is not None and isinstance(dated.value, int | Decimal):
            points[block] = Decimal(dated.value)
            sources[block] = dated.source
    bonus = settings.on("evaluation_bonus_max", day, fund)
    if bonus is not None:
        sources[BONUS] = bonus.source
    most = Decimal(bonus.value) if bonus is not None and isinstance(bonus.value, int | Decimal) else None
    return Weights(points, most, sources, tuple(weight_problems(points, settings, day, fund)))


def band(
    settings: NumbersInForce, block: Block, day: dt.date, fund: str | None
) -> tuple[Decimal, Decimal] | None:
    """Least and most points of a block on a day; None where no band is in force."""
    low, high = (settings.on(f"evaluation_{block}_{end}", day, fund) for end in ("min", "max"))
    return None if low is None or high is None else (Decimal(str(low.value)), Decimal(str(high.value)))


def bands(view: View, fund: str) -> dict[Block, tuple[Decimal, Decimal]]:
    """Least and most points of each block for a fund on the view's day; a block without a band is left out."""
    settings, day = auditor_of(view).settings, day_of(view)
    return {block: ends for block in BLOCKS if (ends := band(settings, block, day, fund)) is not None}


def weight_problems(
    points: Mapping[Block, Decimal], settings: NumbersInForce, day: dt.date, fund: str | None
) -> list[Problem]:
    """Everything wrong with weights: one missing, outside its band, or a sum that is not 100."""
    problems = []
    for block, name in BLOCKS.items():
        weight, ends = points.get(block), band(settings, block, day, fund)
        if weight is None or ends is None:
            problems.append(
                field_problem(
                    "weight_missing",
                    Text(
                        f"{day} 有效的{name.zh}权重及区间",
                        f"a weight and band of {name.en} in force on {day}",
                    ),
                    None,
                    block,
                )
            )
        elif not ends[0] <= weight <= ends[1]:
            problems.append(
                field_problem(
                    "weight_outside_band",
                    Text(
                        f"{name.zh}权重在 {ends[0]}—{ends[1]} 之间",
                        f"weight of {name.en} from {ends[0]} to {ends[1]}",
                    ),
                    str(weight),
                    block,
                )
            )
    total = sum(points.values(), Decimal(0))
    if len(points) == len(BLOCKS) and total != 100:
        problems.append(
            field_problem(
                "weights_not_100", Text("权重合计为 100", "weights that add to 100"), str(total), "weights"
            )
        )
    return problems


# -- marks, bonus and scales --------------------------------------------------------------------------------------


def _latest(view: View, name: str, party: int | None, trial: Trial | None = None) -> EvaluationSetting | None:
    """What is stated for a fund, or the office (None), and in force on the view's day; what is tried comes first."""
    if trial is not None and name in trial.named:
        whose = None if trial.fund is None else view.party(trial.fund).id
        if whose == party:
            return EvaluationSetting(trial.named[name], trial.day, None, trial.document)
    fact = view.stated(("office",) if party is None else ("party", party), name)
    if fact is None:
        return None
    return EvaluationSetting(
        SUBJECT_FACTS[name].write(fact.value), fact.since, fact.entry, fact.document or ""
    )


def _own_weight(view: View, name: str, fund: int) -> bool:
    """Whether a fund has a weight of its own in force on the view's day."""
    return any(
        (s.row.party, s.row.name) == (fund, name)
        and (s.row.until is None or view.as_of is None or view.as_of <= s.row.until)
        for s in view.settings
    )


def yearly(
    view: View, name: str, fund: int, trial: Trial | None = None
) -> tuple[EvaluationSetting | None, bool]:
    """(the mark or bonus stated for a fund, whether it is too old to count): older than twelve months is asked again."""
    mark = _latest(view, PREFIX + name, fund, trial)
    if mark is None:
        return None, False
    return mark, view.as_of is not None and add_years(mark.day, 1) <= view.as_of


def scale_of(
    view: View, name: str, fund: int, trial: Trial | None = None
) -> tuple[Scale, EvaluationSetting] | None:
    """The scale set for an indicator and what sets it: the fund's own, else the office's; None where none is set."""
    for party in (fund, None):
        stated = _latest(view, f"{PREFIX}{name}.scale", party, trial)
        if stated is not None:
            zero, full = stated.value.split(";")
            return Scale(Decimal(zero), Decimal(full)), stated
    return None
