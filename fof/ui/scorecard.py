"""A scorecard on the evaluation page: the blocks, every indicator, and what is behind each; all funds at a glance."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import streamlit as st

from fof import evaluation as use_case
from fof import words
from fof.book.succession import lineage
from fof.evaluation.evaluation_document import indicator_row, score_row
from fof.evaluation.indicators import BLOCKS
from fof.evaluation.scorecard import IndicatorLine, Scorecard
from fof.ledger import View
from fof.ui import data, explained, panels, say, widgets
from fof.ui.labels import named
from fof.words import _
from models.text import Text, counted


def points(value: Decimal | None) -> str:
    """Points with two decimals."""
    return words.DASH if value is None else f"{value:.2f}"


def value_text(value: Decimal | None, unit: str) -> str:
    """A measured value or the end of a scale."""
    if value is None:
        return words.DASH
    if unit == "share":
        return words.percent(float(value))
    return words.multiple(float(value)) if unit == "multiple" else f"{value:f} {_('天', 'days')}"


def ends(line: IndicatorLine) -> str:
    """Where points begin and where they are full."""
    unit, scale = line.indicator.unit, line.scale
    return words.DASH if scale is None else f"{value_text(scale.zero, unit)} → {value_text(scale.full, unit)}"


def overview(view: View, codes: Sequence[str]) -> None:
    """Every fund's score so far, and what it waits for; reckoned when it is opened."""
    box = st.expander(
        _("各基金得分一览", "Scores of all funds"),
        icon=":material/list:",
        key="scores_box",
        on_change="rerun",
    )
    if not box.open:
        return
    with box:
        cards = [use_case.scorecard(view, code) for code in codes]
        widgets.table(
            _("绩效评价一览", "Performance evaluations"),
            [_score(card) for card in cards],
            [
                "name=fund",
                "final",
                "score",
                "so_far=so_far_of",
                "policy",
                "compliance",
                "results",
                "bonus",
                "missing=indicators_open",
                "missing_names",
            ],
            "scores_table",
        )


def _score(card: Scorecard) -> dict[str, Any]:
    refused = words.clauses(p.text() for p in card.weights.problems)
    blocks = dict.fromkeys(BLOCKS, words.DASH) | {
        b.name: f"{points(b.points)} / {b.weight}" for b in card.blocks
    }
    own = {
        "final": "✓" if card.final else words.DASH,
        "score": points(card.score),
        "so_far": f"{points(card.so_far)} / {points(card.weight_so_far)}",
        "bonus": points(card.bonus),
        "missing_names": refused or words.listed(x.indicator.text for x in card.missing),
    }
    return score_row(card) | blocks | own


def scorecard(view: View, card: Scorecard) -> None:
    """One fund's evaluation: the blocks, every indicator, and what the score waits for; a chosen one opens."""
    for problem in card.weights.problems:
        say.error(problem.text(), icon=":material/block:")
    if not card.final and not card.weights.problems:
        say.warning(
            _(
                "尚不能定稿：{0} 项指标待提供或待设评分标准",
                "Not final yet, without an input or a scale: {1}",
            ).format(len(card.missing), counted(len(card.missing), "indicator")),
            icon=":material/pending:",
        )
    _headline(card)
    line = lineage(view, view.party(card.fund).id)
    say.caption(data.perspective(view, "whole_fund", "net", [(fund, -1) for fund in line]))
    picked = widgets.table(
        f"{card.name} · {_('绩效评价', 'Performance evaluation')}",
        [_line(line) for line in card.lines],
        """
        title=indicator_title block state=indicator_state value=measured_value scale weight points note
        source=evidence
        """,
        "scorecard_table",
        pick=True,
        cite=widgets.Cited("indicator", lambda r: str(r["indicator"])),
        height=35 * (len(card.lines) + 1) + 3,
    )
    if picked:
        _opened(view, card, picked["record"])
    else:
        say.caption(
            _(
                "选中一行，看它的算法、明细和文件。",
                "Choose a row to see how it is reckoned, its rows and documents.",
            )
        )
    say.caption(words.labelled(_("权重依据", "Where the weights come from"), _weights(card)))
    if card.stated is not None:
        _outside(card)


def _weights(card: Scorecard) -> str:
    """The weights with their sources; blocks of one source together."""
    by_source: dict[Text, list[str]] = {}
    for name, value in card.weights.points.items():
        by_source.setdefault(card.weights.sources[name], []).append(f"{BLOCKS[name]!s} {value}")
    return (
        words.clauses(words.beside(words.listed(titles), source) for source, titles in by_source.items())
        or words.DASH
    )


def _outside(card: Scorecard) -> None:
    """The evaluation that was made outside and recorded, beside ours."""
    done = card.stated
    assert done is not None
    parts = [
        (str(BLOCKS["policy"]), done.policy),
        (str(BLOCKS["compliance"]), done.compliance),
        (str(BLOCKS["results"]), done.results),
        (named("bonus"), done.bonus),
    ]
    grade = words.DASH if done.grade is None else words.word(done.grade)
    points_text = words.listed(f"{name} {points(value)}" for name, value in parts)
    say.caption(
        _("账中记录的外部评价 {}：等级 {}，{}", "Evaluation made outside, on record {}: grade {}, {}").format(
            done.day, grade, points_text
        )
    )


def _headline(card: Scorecard) -> None:
    so_far = f"{points(card.so_far)} / {points(card.weight_so_far)}"
    first = (
        (named("score"), points(card.score), None)
        if card.final
        else (
            named("so_far_of"),
            so_far,
            _(
                "尚不能定稿；只计已有依据的指标",
                "Not final; only indicators that have their inputs are counted",
            ),
        )
    )
    bonus_from = None if card.bonus_source is None else card.bonus_source.document
    widgets.headline(
        [
            first,
            *(
                (
                    str(b.text),
                    f"{points(b.points)} / {b.weight}",
                    None
                    if b.complete
                    else _("该板块还有待补指标", "Indicators of this block are still open"),
                )
                for b in card.blocks
            ),
            (named("bonus"), points(card.bonus), bonus_from),
        ]
    )


def _line(line: IndicatorLine) -> dict[str, Any]:
    row = indicator_row(line)
    return row | {
        "value": value_text(line.value, line.indicator.unit),
        "scale": ends(line),
        "weight": points(line.weight),
        "points": points(line.points),
        "source": line.source or line.scale_source,
    }


def _opened(view: View, card: Scorecard, line: IndicatorLine) -> None:
    """How the points came about, then the rows and documents behind the value."""
    indicator = line.indicator
    with st.container(border=True, key="indicator_opened"):
        say.strong(str(indicator.text))
        st.text(_reckoning(line))
        st.text(str(line.text))
        if line.stated is not None and line.stated.entry is not None:
            panels.entry_link(line.stated.entry)
        if line.scale_set is not None and line.scale_set.entry is not None:
            say.caption(
                _("评分标准依据：{}（{}）", "Document of the scale: {} ({})").format(
                    line.scale_set.document, line.scale_set.day
                )
            )
            panels.entry_link(line.scale_set.entry)
        breakdown = use_case.opened(view, card.fund, indicator.name)
        if breakdown is None or line.value is None:
            return
        if breakdown.listings:
            st.text(str(breakdown.formula))
        for listing in breakdown.listings:
            items = [
                {
                    "code": i.code,
                    "what": str(i.text),
                    "day": i.day or words.DASH,
                    "fen": i.fen,
                }
                for i in listing.items
            ]
            columns = "code=key what=note day fen=amount"
            title = words.beside(listing.text, len(items))
            panels.record_table(title, items, columns, f"opened_{listing.text.en}", _("没有。", "None."))
    for place, figure in enumerate(breakdown.figures):
        explained.show(view, figure, f"scorecard_{place}")


def _reckoning(line: IndicatorLine) -> str:
    """Value, scale, weight and points in one line."""
    value, weight = value_text(line.value, line.indicator.unit), points(line.weight)
    if line.points is None or line.attained is None:
        return f"{named('measured_value')} {value}　{named('scale')} {ends(line)}　{named('weight')} {weight}　{named('points')} {words.DASH}"
    share = words.percent(float(line.attained))
    return f"{named('measured_value')} {value}　{named('scale')} {ends(line)}　{_('达到', 'reaches')} {share} × {named('weight')} {weight} = {named('points')} {points(line.points)}"
