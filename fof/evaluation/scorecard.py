"""The yearly performance evaluation of a fund (rulebook GF-58): final only when every input is there.

Points of an indicator: its share of the block's weight times how far its scale is reached. An indicator that does not
apply (nothing was invested yet …) leaves its share to the others of its block; one without input is asked for, and
holds the score open. Points are carried to 28 digits; the score is
rounded half up to two decimals.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from fof.evaluation.indicators import (
    BLOCKS,
    COMPUTED,
    INDICATORS,
    MISSING,
    NOT_APPLICABLE,
    Block,
    Indicator,
    Measure,
    Scale,
    attained,
)
from fof.evaluation.judged import facts_of
from fof.evaluation.weights import BONUS, EvaluationSetting, Trial, Weights, scale_of, weights_of, yearly
from fof.ledger import View
from fof.rules.facts import Evaluation
from models.frozen import frozen
from models.text import Text

STATED, NO_SCALE = "stated", "no_scale"
_OWN = Text(
    "比例指标按定义计分（本单位自定，可另设）", "by its definition (the office's own design; settable)"
)


@frozen
class IndicatorLine:
    """One indicator of one fund.

    state  : computed, stated, missing, no_scale (measured, but no scale is set) or not_applicable
    value  : share, multiple or days; None where missing      weight : points that it can bring, None where it
    does not apply      points : None unless computed or stated
    scale_set : what set the scale, None where the indicator's own holds      stated : the mark on record, counted or
    too old, None where there is none
    """

    indicator: Indicator
    state: str
    value: Decimal | None
    scale: Scale | None
    weight: Decimal | None
    points: Decimal | None
    text: Text
    scale_set: EvaluationSetting | None
    stated: EvaluationSetting | None

    @property
    def source(self) -> str | None:
        """Document of the mark that counts; None for what is computed."""
        return self.stated.document if self.state == STATED and self.stated is not None else None

    @property
    def scale_source(self) -> Text | None:
        """Where the scale comes from, in Chinese and English: its document, or its own definition; None without one."""
        if self.scale_set is not None:
            return Text(self.scale_set.document, self.scale_set.document)
        return None if self.scale is None else _OWN

    @property
    def attained(self) -> Decimal | None:
        """Share of its full points; None unless computed or stated on a scale."""
        if self.state not in (COMPUTED, STATED) or self.value is None or self.scale is None:
            return None
        return attained(self.value, self.scale)

    @property
    def open(self) -> bool:
        """Whether the score waits for it."""
        return self.state in (MISSING, NO_SCALE)


@frozen
class BlockScore:
    """One block: its weight; points so far; complete: every indicator that applies has its points."""

    name: Block
    text: Text
    weight: Decimal
    points: Decimal
    complete: bool


@frozen
class Scorecard:
    """The evaluation of a fund on the view's day.

    weights : with the reasons why they are refused; then there are no points at all
    bonus   : points stated for the year, None where none was claimed
    final   : weights hold and no line is open
    so_far  : points that are certain, of `weight_so_far` that have been judged
    stated  : the scores recorded for the last evaluation that was made outside, None where there is none
    """

    as_of: dt.date | None
    known_at: int
    fund: str
    name: str
    weights: Weights
    lines: tuple[IndicatorLine, ...]
    blocks: tuple[BlockScore, ...]
    bonus: Decimal | None
    bonus_source: EvaluationSetting | None
    final: bool
    so_far: Decimal
    weight_so_far: Decimal
    stated: Evaluation | None

    @property
    def with_bonus(self) -> Decimal:
        """`so_far` and the bonus."""
        return self.so_far + (self.bonus or 0)

    @property
    def score(self) -> Decimal | None:
        """To two places; None until final."""
        return self.with_bonus.quantize(Decimal("0.01"), ROUND_HALF_UP) if self.final else None

    @property
    def missing(self) -> tuple[IndicatorLine, ...]:
        """What the score waits for."""
        return tuple(line for line in self.lines if line.open)


def scorecard(view: View, fund: str, trial: Trial | None = None) -> Scorecard:
    """The scorecard of a fund by code, on the view's day; Unknown where there is no such fund then.

    trial : settings counted as if they were booked and in force (a request that has no problems)
    """
    facts = facts_of(view, fund)
    number = view.party(fund).id
    weights = weights_of(view, fund, trial)
    measured = [_measured(view, fund, number, indicator, trial) for indicator in INDICATORS]
    lines = _weighed(measured, weights)
    blocks = tuple(_block(name, weights, lines) for name in BLOCKS) if not weights.problems else ()
    claimed, old = yearly(view, BONUS, number, trial)
    bonus = None if claimed is None or old else Decimal(claimed.value)
    so_far = sum((line.points or Decimal(0) for line in lines), Decimal(0))
    final = bool(blocks) and all(b.complete for b in blocks)
    if bonus is not None and (weights.bonus_max is None or not 0 <= bonus <= weights.bonus_max):
        final = False
    judged = sum((line.weight or Decimal(0) for line in lines if line.points is not None), Decimal(0))
    return Scorecard(
        view.as_of,
        view.known_at,
        fund,
        view.name(number),
        weights,
        lines,
        blocks,
        bonus,
        None if bonus is None else claimed,
        final,
        so_far,
        judged,
        facts.evaluations[-1] if facts.evaluations else None,
    )


def _measured(view: View, fund: str, number: int, indicator: Indicator, trial: Trial | None) -> IndicatorLine:
    """An indicator with its value and scale; weights come later."""
    mark = None
    if indicator.measure is None:
        mark, old = yearly(view, indicator.name, number, trial)
        if mark is None:
            measure = Measure(
                MISSING,
                None,
                Text("须填报分值（0—1）及依据文件", "a mark from 0 to 1 with its document is asked for"),
            )
        elif old:
            measure = Measure(
                MISSING,
                None,
                Text(
                    f"{mark.day} 的分值已满一年，须重新填报",
                    f"the mark of {mark.day} is a year old: asked again",
                ),
            )
        else:
            measure = Measure(STATED, Decimal(mark.value), Text(mark.document, mark.document))
    else:
        measure = indicator.measure(view, fund)
    own = scale_of(view, indicator.name, number, trial)
    scale = own[0] if own else indicator.scale
    state, text = measure.state, measure.text
    if state == COMPUTED and scale is None:
        state = NO_SCALE
        text = Text(
            f"须设评分标准（起点与满分值）；{text.zh}", f"its scale (zero and full) is asked for; {text.en}"
        )
    scale_set = own[1] if own else None
    return IndicatorLine(indicator, state, measure.value, scale, None, None, text, scale_set, mark)


def _weighed(lines: Sequence[IndicatorLine], weights: Weights) -> tuple[IndicatorLine, ...]:
    """Each block's weight shared by parts over the indicators that apply; no points under refused weights."""
    if weights.problems:
        return tuple(lines)
    parts = dict.fromkeys(BLOCKS, 0)
    for line in lines:
        if line.state != NOT_APPLICABLE:
            parts[line.indicator.block] += line.indicator.parts
    return tuple(_with_points(line, weights, parts[line.indicator.block]) for line in lines)


def _with_points(line: IndicatorLine, weights: Weights, parts: int) -> IndicatorLine:
    if line.state == NOT_APPLICABLE:
        return line
    weight = weights.points[line.indicator.block] * line.indicator.parts / parts
    return replace(line, weight=weight, points=None if line.attained is None else weight * line.attained)


def _block(name: Block, weights: Weights, lines: Sequence[IndicatorLine]) -> BlockScore:
    own = [line for line in lines if line.indicator.block == name and line.state != NOT_APPLICABLE]
    text = BLOCKS[name]
    points = sum((line.points or Decimal(0) for line in own), Decimal(0))
    return BlockScore(
        name, text, weights.points[name], points, bool(own) and not any(line.open for line in own)
    )
