"""Cards, participation and ties on screen."""

from __future__ import annotations

import streamlit as st

from fof import words
from fof.figures.answers import Answer
from fof.ui import data, frame, panels, say, table_rows, widgets
from fof.ui.labels import named
from fof.words import _
from models.kinds import PartyKind
from models.subjects import SubjectKind
from models.text import Text

_STAKES = """
    deal staff_stake paid=stake_paid paid_on=stake_paid_on days_after price=stake_price institution_price
    received=stake_received value=stake_value value_on=stake_value_on gain=stake_gain multiple=stake_multiple
    institution_multiple vehicle
"""
_PLACES = """
    person team_role state=place_state chosen_on staff_stake paid=stake_paid paid_on=stake_paid_on days_after
    price=stake_price institution_price waiver=place_waiver vehicle
"""
_RATES = """
    person institution open=card_open bound bound_joined rate=bound_rate companies_joined companies_skipped
    multiple_joined multiple_skipped multiple_gap p_value p_one_sided excused joined=places_joined
    companies_unvalued test=gap_test note
"""
_TIES = """
    source=tie_source relation target=tie_target kind=tie_record_kind code=tie_record since=tie_since rules=tie_rules
"""
_SHAPES = {PartyKind.PERSON: "ellipse", PartyKind.COMPANY: "box"}
_DRAWN_AT_MOST = 120
_FONTS = 'node [fontsize=10 margin="0.3,0.08"]; edge [fontsize=9];'
"""Room at the sides: widths are reckoned for Latin letters, of which a Chinese one is nearly two."""


def person(document: Answer, chosen: frame.Choice) -> None:
    """A person's stakes."""
    head = document.head
    widgets.headline(
        [
            *data.headline_of(head, "open=card_open joined=card_joined", chosen.unit),
            (
                words.beside(named("staff_paid"), words.unit_name(chosen.unit)),
                words.amount(head["staff_paid"], chosen.unit),
                None,
            ),
        ]
    )
    panels.record_table(
        str(document.document.text),
        table_rows.listed(document),
        _STAKES,
        "card_stakes",
        _("该日没有跟投份额。", "No stake on this day."),
    )


def deal(document: Answer, chosen: frame.Choice) -> None:
    """Who could join a deal and who did."""
    head = document.head
    widgets.headline(
        [
            *data.headline_of(head, "open=card_open joined=card_joined", chosen.unit),
            (
                words.beside(named("institution_paid"), words.unit_name(chosen.unit)),
                words.amount(head["institution_paid"], chosen.unit),
                None,
            ),
            (
                words.beside(named("staff_paid"), words.unit_name(chosen.unit)),
                words.amount(head["staff_paid"], chosen.unit),
                None,
            ),
            *data.headline_of(head, "multiple=institution_multiple", chosen.unit),
        ]
    )
    panels.record_table(
        str(document.document.text),
        table_rows.listed(document),
        _PLACES,
        "card_places",
        _("没有名单与份额。", "No roster and no stake."),
    )


def participation(document: Answer) -> None:
    """Participation and the gap, institution by institution, person by person."""
    panels.record_table(
        str(document.document.text),
        table_rows.listed(document),
        _RATES,
        "participation",
        _("没有跟投名单。", "No roster."),
    )
    say.caption(
        _(
            "企业倍数为机构及其管理基金在该企业的（已收回＋估值）÷已投资；同一投资年度内置换。一侧少于五家不给 p 值；p 值只是线索，不是结论。",
            "A company's multiple is (received + value) / invested of the institution and the vehicles it manages; permuted within the "
            "year of investment. No p with fewer than five a side; a p is a hint, never a finding.",
        )
    )


def gap(document: Answer) -> None:
    """The same of one person."""
    if document.rows:
        participation(document)


def relations(document: Answer) -> None:
    """The ties as a picture, where there are not too many, and as a table."""
    rows = [{**row, "kind": str(SubjectKind(row["kind"]).text)} for row in table_rows.listed(document)]
    if len(rows) <= _DRAWN_AT_MOST:
        st.graphviz_chart(dot(document), width="stretch")
        say.caption(
            _(
                "红色为触发结论的路径：其规则读取了这条记录。",
                "Red are the paths that triggered a finding: its rule read the record.",
            )
        )
    else:
        say.caption(_("关系较多，只列表。", "Too many ties for a picture; they are listed."))
    panels.record_table(str(document.document.text), rows, _TIES, "relations", _("没有关系记录。", "No tie."))


def dot(document: Answer) -> str:
    """The ties in the language of graphviz; what a finding rests on is red."""
    centre, lines = document.head["centre"], [f"digraph {{ rankdir=LR; {_FONTS}"]
    kinds: dict[str, PartyKind] = document.head["kinds"]
    labels: dict[str, Text | str] = document.head["labels"]
    for code, kind in kinds.items():
        shape = _SHAPES.get(kind, "hexagon")
        style = ' style="bold"' if code == centre else ""
        beside = _quoted(code) if labels[code] == code else _two_lines(str(labels[code]), code)
        lines.append(f"{_quoted(code)} [shape={shape} label={beside}{style}];")
    for row in document.rows:
        rules = row["rules"]
        label = str(row["relation"]) if rules is None else f"{row['relation']} {rules}"
        colour = "" if rules is None else ' color="#c62828" fontcolor="#c62828" penwidth=2'
        lines.append(
            f"{_quoted(row['source'])} -> {_quoted(row['target'])} [label={_quoted(label)}{colour}];"
        )
    return "\n".join([*lines, "}"])


def _two_lines(name: str, code: str) -> str:
    """A name, and its code beneath it."""
    return f"{_quoted(name)[:-1]}\\n{_quoted(code)[1:]}"


def _quoted(text: str) -> str:
    """A text between quotation marks; a code is what somebody typed."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    return f'"{escaped}"'
