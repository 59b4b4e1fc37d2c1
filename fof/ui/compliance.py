"""Parts of the compliance page: the queue, one finding opened, the grid, decisions."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from fof import audit, words
from fof.audit.findings_document import (
    compared_texts,
    finding_row,
    finding_texts,
    sentence,
    state_text,
)
from fof.book.currencies import DEFAULT_CURRENCY
from fof.ledger import View
from fof.rules.registry import RULES, Confidence, Finding, Verdict
from fof.ui import (
    booked,
    case_file,
    cited,
    foreign,
    frame,
    labels,
    panels,
    permitted,
    say,
    table_rows,
    widgets,
)
from fof.ui.labels import named
from fof.words import _
from models.kinds import DispositionAction
from models.text import counted

MARKS = tuple(Confidence)
LISTED = (Verdict.BREACH, Verdict.WARN, Verdict.UNKNOWN, Verdict.PASS)
_SIGNS = {Verdict.BREACH: "✕", Verdict.UNKNOWN: "?", Verdict.WARN: "!", Verdict.PASS: "✓"}


def one_day(value: Any) -> dt.date | None:
    """What a date input holds, None where it is blank."""
    return value if isinstance(value, dt.date) else None


def verdict_name(value: str) -> str:
    """A verdict in the language of this run."""
    return words.word(Verdict(value))


def says(finding: Any, chosen: frame.Choice) -> str:
    """The sentence of a finding or an outcome, amounts of yuan in the header's unit."""
    return sentence(finding.text, chosen.unit)


def headline(judged: audit.Audit, chosen: frame.Choice, *, of_funds: bool = True) -> None:
    """How many findings of each verdict, and the money at stake in breaches nobody has dealt with."""
    counts = judged.counts()
    at_stake = audit.at_stake(f for f in judged.breaches if f.needs_somebody)
    several = len(at_stake) > 1 or set(at_stake) - {chosen.currency}
    funds = {f.finding.fund for f in judged.breaches if f.finding.fund}
    widgets.headline(
        [
            (named("breach"), str(counts[Verdict.BREACH]), None),
            *(
                (
                    named("open_at_stake")
                    + (words.bracketed(words.unit_name(chosen.unit, code)) if several else ""),
                    words.amount(fen, chosen.unit),
                    _(
                        "同一笔钱违反几条规则时每条各计一次",
                        "Money that breaks several rules counts once for each",
                    ),
                )
                for code, fen in (at_stake or {chosen.currency or DEFAULT_CURRENCY: 0}).items()
            ),
            *([(named("funds_concerned"), str(len(funds)), None)] if of_funds else []),
            (named("warn"), str(counts[Verdict.WARN]), None),
            (
                named("unknown"),
                str(counts[Verdict.UNKNOWN]),
                _("缺少数据，不等于通过", "Data is missing; that is not a pass"),
            ),
            *([(named("pass"), str(counts[Verdict.PASS]), None)] if of_funds else []),
        ]
    )


def _measured(f: Finding, chosen: frame.Choice) -> str:
    return compared_texts(f, chosen.unit, chosen.currency)[0] or words.DASH


def _row(finding: audit.AuditFinding, chosen: frame.Choice) -> dict[str, Any]:
    f = finding.finding
    measured, threshold = compared_texts(f, chosen.unit, chosen.currency)
    texts = finding_texts(finding, chosen.unit) | {
        "rule": labels.rule_name(f.rule),
        "name": finding.name,
        "measured": measured or words.DASH,
        "threshold": threshold or words.DASH,
        "source": finding.source,
        "confidence": words.word(f.confidence),
    }
    return finding_row(finding) | {"texts": texts}


QUEUE = """
    rule verdict name=subject measured threshold money_at_stake state=disposition_state
    later_state since owner=responsible source confidence says
"""


def listed(preset: Sequence[str]) -> tuple[list[str], bool]:
    """Which verdicts are to be listed, and whether only what nobody has dealt with."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        verdicts = st.multiselect(
            named("verdict"),
            [v.value for v in LISTED],
            key=cited.several("verdicts", [v.value for v in LISTED], list(preset)),
            format_func=verdict_name,
            width=320,
        )
        only_open = st.toggle(_("只看待处理", "Open ones only"), key=cited.flag("only_open"))
    return verdicts or ["breach"], bool(only_open)


def queue(
    view: View,
    judged: audit.Audit,
    verdicts: Sequence[str],
    only_open: bool,
    chosen: frame.Choice,
    *,
    look_back: bool = True,
) -> None:
    """The exception list by money at stake; a chosen row opens with its items, readings and the decision form.

    look_back : offer to find the day on which each breach began, where the rule does not tell it
    """
    if not judged.findings:
        widgets.empty(
            _(
                "账中没有这些规则所判断的对象，没有作任何判断。",
                "The book has nothing that these rules judge: no judgement was made.",
            )
        )
        return
    listed = judged.of(*(Verdict(v) for v in verdicts))
    if only_open:
        listed = tuple(f for f in listed if f.needs_somebody)
    if not listed:
        say.success(_("没有符合条件的结论。", "No findings of this kind."), icon=":material/check_circle:")
        return
    counts = audit.counts(listed)
    say.caption(
        _("所列 {0} 条：", "Listed: {1}: ").format(len(listed), counted(len(listed), "finding"))
        + _("、", ", ").join(f"{words.word(v)} {counts[v]}" for v in Verdict if counts[v])
        + (words.bracketed(_("只列待处理的", "open ones only")) if only_open else "")
    )
    if look_back and st.toggle(
        _("查明起始日", "Find the day it began"),
        key=cited.flag("since_wanted"),
        help=_(
            "逐季回查违反从哪一天开始；需要几秒",
            "Looks back for the day on which the breach began; takes some seconds",
        ),
    ):
        with st.spinner(_("正在逐季回查", "Looking back quarter by quarter")):
            dated = audit.with_since(view, judged)
        began = {(f.rule, f.subject): f for f in dated.findings}
        listed = tuple(began[f.rule, f.subject] for f in listed)
    picked = widgets.table(
        _("例外清单", "Exceptions"),
        table_rows.RowsOnDemand(
            audit.by_money(listed), lambda f: _row(f, chosen), sorted(audit.currencies(listed))
        ),
        QUEUE,
        "queue_table",
        pick=True,
        height=440,
        at_once=200,
        cite=widgets.Cited("finding", lambda r: f"{r['rule']}:{r['subject']}"),
    )
    if picked:
        _opened(picked["record"], chosen)
    else:
        say.caption(
            _("选中一行可查看明细并登记处置。", "Choose a row to see its details and record a decision.")
        )


def _opened(finding: audit.AuditFinding, chosen: frame.Choice) -> None:
    f = finding.finding
    rule = RULES[f.rule]
    widgets.section(f"{labels.rule_name(f.rule)} · {finding.name}")
    (say.error if f.verdict is Verdict.BREACH else say.info)(says(f, chosen))
    confidence = words.labelled(named("confidence"), words.word(f.confidence))
    judged = words.labelled(named("rules_as_of"), f.rule_day) + (
        _(" · 事项日：{}", " · Event on: {}").format(f.event_day) if f.event_day else ""
    )
    say.caption(" · ".join([finding.source or words.DASH, words.word(rule.level), confidence, judged]))
    for note in f.notes:
        say.caption(note)
    if f.beside is not None:
        other = chosen.as_of if f.rule_day == f.event_day else f.event_day
        say.caption(
            _("按另一日的规定 {}：{} · {}", "By the rules of the other day {}: {} · {}").format(
                other, words.word(f.beside.verdict), says(f.beside, chosen)
            )
        )
    if f.readings:
        rows = [
            {
                "reading": says(r, chosen),
                "measured": _measured(f._replace(measured=r.measured), chosen),
                "verdict": words.word(r.verdict),
                "used": "✓" if r.used else "",
            }
            for r in f.readings
        ]
        columns = "reading measured verdict used"
        panels.record_table(_("不同口径", "Other readings"), rows, columns, "readings_table", "")
    if f.items:
        items = [
            {
                "code": i.code,
                "what": says(i, chosen),
                "day": i.day or words.DASH,
                "fen": i.fen,
                "currency": f.currency,
            }
            for i in f.items
        ]
        columns = "code=key what=note day fen=amount"
        panels.record_table(_("明细", "Details"), items, columns, "items_table", "")
    if f.parameters:
        numbers = [
            {"name": labels.number_name(n), "value": str(v), "source": str(s)}
            for n, (v, s) in f.parameters.items()
        ]
        columns = "name=parameter value=setting_value source"
        panels.record_table(
            _("参数与依据", "Numbers and where they come from"), numbers, columns, "numbers_table", ""
        )
    case_file.link(finding)
    _decision(finding)


def _decision(finding: audit.AuditFinding) -> None:
    """What was decided, on the page's day and after it; the form of another one, whose ground is compulsory."""
    for label, state in (
        (_("最近处置", "Last decision"), finding.state),
        (named("later_state"), finding.later),
    ):
        decision = None if state is None else state.decision
        if state is not None and decision is not None:
            reason = decision.reason or words.DASH
            st.text(
                _("{}：{} · {} · {} · {}", "{}: {} · {} · {} · {}").format(
                    label, decision.day, state_text(state), decision.reference, reason
                )
            )
            panels.entry_link(decision.entry)
    if finding.later is not None:
        say.caption(
            _(
                "状态为截至日的状态；其后的处置并列，不改变它。",
                "The state is that of the as-of day; what was decided later stands beside it and does not change it.",
            )
        )
    if finding.verdict in (Verdict.PASS, Verdict.NOT_APPLICABLE):
        return
    with (
        st.popover(_("登记处置", "Record a decision"), icon=":material/edit:"),
        st.form("disposition", border=False),
    ):
        action = st.selectbox(
            _("处置", "Disposition"),
            list(DispositionAction),
            format_func=_action_name,
            key=cited.in_new_words("dispose_action"),
        )
        reference = st.text_input(named("reference"), key="dispose_reference")
        until = st.date_input(
            named("until"),
            value=None,
            key="dispose_until",
            format="YYYY-MM-DD",
            help=_("驳回不填", "Leave blank for a dismissal"),
        )
        reason = st.text_area(named("reason"), key="dispose_reason")
        if permitted.button(st.form_submit_button, _("登记", "Record"), "dispose"):
            booked.book(
                lambda: audit.dispose(
                    frame.database(),
                    frame.actor(),
                    finding.rule,
                    finding.subject,
                    str(action),
                    reference or "",
                    one_day(until),
                    reason,
                )
            )


def _action_name(action: str) -> str:
    word = DispositionAction(action)
    return str(word.text)


def _apart(view: View, codes: Sequence[str]) -> list[str]:
    """The names of some parties; those of one name are told apart by their codes."""
    names = [foreign.plain(view.name(view.by_code[code].id)) for code in codes]
    often = Counter(names)
    return [
        name if often[name] == 1 else words.beside(name, code)
        for name, code in zip(names, codes, strict=True)
    ]


GRID_FUNDS = 24
"""Funds of the grid that are sent at once."""


def grid(view: View, judged: audit.Audit) -> None:
    """Rule by fund: the worst verdict in each cell. A breach is the only red, and the only colour: each colour of a cell and
    each column takes as much to send as fifty signs."""
    cells = audit.matrix(judged)
    if not cells:
        say.info(_("没有可显示的结论。", "Nothing to show."))
        return
    rules = [r for r in sorted(RULES) if any(r in row for row in cells.values())]
    names, pages, first = _apart(view, list(cells)), -(-len(cells) // GRID_FUNDS), 0
    if pages > 1:
        number = st.number_input(f"{_('页', 'Page')} / {pages}", 1, pages, 1, key="grid_page", width=140)
        first = (int(number) - 1) * GRID_FUNDS
    part = slice(first, first + GRID_FUNDS)
    columns = list(cells.values())[part]
    signs = pd.DataFrame(
        [[_SIGNS[column[rule]] if rule in column else "" for column in columns] for rule in rules],
        index=[labels.rule_name(rule) for rule in rules],
        columns=names[part],
        dtype=pd.CategoricalDtype(["", *_SIGNS.values()]),  # a sign is a byte, and a column has few
    )
    styled = signs.style.map(lambda sign: "color: #c62828; font-weight: 700" if sign == "✕" else "")
    st.dataframe(styled, width="stretch", height=640, key="grid_table", placeholder=" ")
    legend = "　".join(f"{sign} {words.word(verdict)}" for verdict, sign in _SIGNS.items())
    say.caption(
        f"{legend}　{_('空白：不适用或尚未施行', 'Blank: does not apply, or not in force yet')} · {frame.provenance(frame.choice())}"
    )
