"""Forms of the evaluation page: block weights, marks and bonus, scales. What would change is shown before it is booked."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import streamlit as st

from fof import evaluation as use_case
from fof import words
from fof.errors import FofError, Where
from fof.evaluation.indicators import BLOCKS, BY_NAME, INDICATORS
from fof.evaluation.requests import Request, book, mark_request, scale_request, weights_request
from fof.evaluation.scorecard import IndicatorLine, Scorecard
from fof.evaluation.weights import BONUS
from fof.ledger import View
from fof.ui import booked, cited, foreign, frame, permitted, say, scorecard, widgets
from fof.ui import operations_inputs as inputs
from fof.ui.labels import named, word
from fof.words import _

_REFUSED = "evaluation_refused"
_OFFICE = "office"


def forms(view: View, card: Scorecard) -> None:
    """The three forms for the fund whose scorecard is shown, for those who may set parameters."""
    if refused := st.session_state.pop(_REFUSED, ""):
        say.error(refused, icon=":material/warning:")
    box = cited.box(
        "forms", _("填报分值、设定权重与评分标准", "State marks, set weights and scales"), ":material/edit:"
    )
    if not box.open:
        return
    with box:
        if reason := permitted.lacking("set_parameter"):
            say.info(reason, icon=":material/lock:")
            return
        chosen = frame.choice()
        if chosen.known_at < chosen.head:
            say.info(
                _(
                    "现按较早的分录查看；登记后把“已知至分录”改为最新才能看到结果。",
                    "You are looking at an earlier entry; choose the newest to see what you book.",
                )
            )
        mark, scale, weights = cited.tabs(
            "form",
            {
                "mark": _("填报分值", "Mark or bonus"),
                "scale": _("评分标准", "Scale"),
                "weights": _("板块权重", "Weights"),
            },
        ).values()
        for tab, form in ((mark, _mark), (scale, _scale), (weights, _weights)):
            if tab.open:
                with tab:
                    form(view, card)


def _title(name: str) -> str:
    if name == BONUS:
        return named("bonus")
    return str(BY_NAME[name].text)


def _text(label: str, key: str, value: str = "", placeholder: str = "", width: int = 150) -> str:
    return st.text_input(label, value=value, key=key, placeholder=placeholder, width=width) or ""


def _grounds(key: str) -> tuple[dt.date, str]:
    """From which day, and on what document."""
    day = st.date_input(
        _("起始日", "From"), value=frame.choice().as_of, key=f"{key}_day", format="YYYY-MM-DD", width=150
    )
    document = _text(
        named("evidence"),
        f"{key}_document",
        placeholder=_("文号及名称", "Number and title"),
        width=330,
    )
    return day if isinstance(day, dt.date) else frame.choice().as_of, document


def _scope(card: Scorecard, key: str) -> str | None:
    """This fund, or every fund without a setting of its own (None)."""
    picked = st.segmented_control(
        _("适用", "Applies to"),
        [card.fund, _OFFICE],
        default=_OFFICE,
        key=cited.in_new_words(key),
        required=True,
        format_func=lambda c: _("全部基金", "All funds") if c == _OFFICE else foreign.escaped(card.fund),
    )
    return None if picked == _OFFICE else str(picked)


def _mark(view: View, card: Scorecard) -> None:
    """A mark of the department, or the bonus: for this fund, counted for twelve months."""
    most = card.weights.bonus_max
    say.caption(
        _(
            "分值为满分的比例，0—1 或百分数；加分以分计。自起始日起十二个月内有效，过期须重新填报。",
            "A mark is a share of full points, 0 to 1 or per cent; the bonus is in points. Both count for twelve months from their day and are then asked for again.",
        )
    )
    names = [i.name for i in INDICATORS if i.measure is None] + [BONUS]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = str(
            st.selectbox(
                named("indicator_title"),
                names,
                format_func=_title,
                key=cited.in_new_words("mark_indicator"),
                width=230,
            )
        )
        hint = f"0—{most}" if name == BONUS else "0.85 / 85%"
        value = _text(_("分值", "Mark"), f"mark_value_{card.fund}_{name}", placeholder=hint)
        day, document = _grounds(f"mark_{card.fund}_{name}")
    line = next((x for x in card.lines if x.indicator.name == name), None)
    now = card.bonus_source if line is None else line.stated
    if now is not None:
        say.caption(
            _("现有填报：{}（{}，{}）", "On record: {} ({}, {})").format(now.value, now.document, now.day)
        )
    if not value and not document:
        say.caption(
            _(
                "填写分值和依据文件后，先看到对得分的影响，再登记。",
                "Give a mark and its document: what it changes is shown before it is booked.",
            )
        )
        return
    _try(view, card, mark_request(card.fund, name, value, day, document), "mark_book")


def _scale(view: View, card: Scorecard) -> None:
    """Where an indicator's points begin and where they are full."""
    say.caption(
        _(
            "实测值在零分值与满分值之间按直线计分；满分值小于零分值表示越小越好；两者相等表示不超过即得满分。",
            "Between the value without points and the value with full points, points rise in a straight line; where full lies below, less is better; where both are equal, full points up to that value.",
        )
    )
    names = [i.name for i in INDICATORS if i.measure is not None]
    waiting = [x.indicator.name for x in card.lines if x.state == "no_scale"]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = str(
            st.selectbox(
                named("indicator_title"),
                names,
                index=names.index(waiting[0]) if waiting else 0,
                format_func=_title,
                key=cited.in_new_words("scale_indicator"),
                width=230,
            )
        )
        fund = _scope(card, "scale_scope")
        line = next(x for x in card.lines if x.indicator.name == name)
        hints = {"share": ("0%", "100%"), "multiple": ("1.0", "2.0")}.get(line.indicator.unit, ("0", "180"))
        key = f"scale_{fund or _OFFICE}_{name}"
        zero = _text(named("zero"), f"{key}_zero", placeholder=hints[0])
        full = _text(named("full"), f"{key}_full", placeholder=hints[1])
        day, document = _grounds(key)
    measured, ends = scorecard.value_text(line.value, line.indicator.unit), scorecard.ends(line)
    source = "" if line.scale_source is None else _("（{!s}）", " ({!s})").format(line.scale_source)
    say.caption(
        _("{}：实测 {}，现行标准 {}{}", "{}: Measured {}, scale in force {}{}").format(
            card.name, measured, ends, source
        )
    )
    if not zero and not full and not document:
        say.caption(
            _(
                "填写两端和依据文件后，先看到对得分的影响，再登记。",
                "Give both ends and the document: what they change is shown before they are booked.",
            )
        )
        return
    _try(view, card, scale_request(fund, name, zero, full, day, document), "scale_book")


def _weights(view: View, card: Scorecard) -> None:
    """The three weights together."""
    say.caption(
        _(
            "三块权重须同时设定，合计 100，各在办法规定的区间内。",
            "The three weights are set together: they add to 100, each inside its band.",
        )
    )
    bands = use_case.bands(view, card.fund)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        fund = _scope(card, "weights_scope")
        key = f"weights_{fund or _OFFICE}"
        texts: dict[str, str] = {}
        for block, pair in BLOCKS.items():
            band = bands.get(block)
            label = str(pair) + ("" if band is None else _("（{}—{}）", " ({}—{})").format(band[0], band[1]))
            now = card.weights.points.get(block)
            texts[block] = _text(label, f"{key}_{block}", value="" if now is None else f"{now}")
        day, document = _grounds(key)
    same = all(texts[block] == f"{points}" for block, points in card.weights.points.items())
    if same and not document:
        say.caption(
            _(
                "改动权重并填写依据文件后，先看到对得分的影响，再登记。",
                "Change the weights and give the document: what they change is shown before they are booked.",
            )
        )
        return
    _try(view, card, weights_request(fund, texts, day, document), "weights_book")


# -- what would change --------------------------------------------------------------------------------------------


def _try(view: View, card: Scorecard, request: Request, key: str) -> None:
    """Everything wrong with a request; or what it changes, and the button that books it."""
    problems = request.problems(frame.journal().view())
    for problem in problems:
        say.warning(replace(problem, where=Where()).text(words.language()), icon=":material/block:")
    if problems:
        st.button(_("登记", "Record"), key=key, type="primary", disabled=True)
        return
    after = use_case.scorecard(view, card.fund, request.trial)
    _effect(card, after)
    if request.trial.fund is None:
        say.caption(
            _(
                "适用于全部基金，另有设定的除外；上表以这只基金为例。",
                "Holds for every fund without a setting of its own; the table shows this fund.",
            )
        )
    if request.trial.day > frame.choice().as_of:
        say.caption(
            f"{_('以上按已经生效计算；实际自', 'Reckoned as if in force; it counts from')} {request.trial.day} {_('起计入', 'on')}"
        )
    parties = list(view.parties) if request.trial.fund is None else [view.party(request.trial.fund).id]
    why = inputs.late_reason(view, request.trial.day, parties, f"{key}_why")
    st.button(
        _("登记", "Record"),
        key=key,
        type="primary",
        on_click=_record,
        args=(request, why),
        disabled=why == "",
    )


def _record(request: Request, why: str | None) -> None:
    """Book before the page is drawn again, so that everything on it knows."""
    try:
        booked.remember(book(frame.database(), frame.actor(), request, why))
    except FofError as error:
        st.session_state[_REFUSED] = str(error)


def _effect(before: Scorecard, after: Scorecard) -> None:
    """Lines and totals before and after; what stays is left out."""
    rows: list[dict[str, Any]] = [_change(named("score"), _total(before), _total(after))]
    for old, new in zip(before.lines, after.lines, strict=True):
        if (old.weight, old.points, old.state) != (new.weight, new.points, new.state):
            rows.append(_change(str(new.indicator.text), _line(old), _line(new)))
    if len(rows) == 1 and _total(before) == _total(after):
        say.info(
            _("对这只基金的得分没有影响。", "The score of this fund stays as it is."), icon=":material/info:"
        )
        return
    widgets.table(
        f"{after.name} · {_('登记后的变化', 'What would change')}",
        rows,
        "what=indicator_title before=points_before after=points_after",
        "evaluation_effect",
    )


def _change(what: str, before: str, after: str) -> dict[str, Any]:
    return {"what": what, "before": before, "after": after}


def _line(line: IndicatorLine) -> str:
    points = scorecard.points(line.points)
    waits = f" · {word('indicator_state', line.state)}" if line.open else ""
    return f"{points} / {scorecard.points(line.weight)}{waits}"


def _total(card: Scorecard) -> str:
    if card.score is not None:
        return words.beside(scorecard.points(card.score), _("可定稿", "final"))
    return f"{scorecard.points(card.with_bonus)} / {scorecard.points(card.weight_so_far)} · {_('待补', 'open')} {len(card.missing)}"
