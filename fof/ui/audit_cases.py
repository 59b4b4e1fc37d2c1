"""Audit cases on screen: the list with what is overdue, the steps of one, the form of its next step."""

from __future__ import annotations

import datetime as dt
from typing import Any

import streamlit as st

from fof import words
from fof.audit.casefile.audit_cases import AuditCase, audit_cases
from fof.audit.casefile.case_steps import begin_case, take_step, would_step
from fof.audit.casefile.cases_document import cases_document, overdue_sentence, step_rows
from fof.book.funds import fact_text
from fof.errors import FofError
from fof.ledger import Booked, View
from fof.rules.registry import Verdict
from fof.ui import booked, cited, frame, panels, permitted, say, table_rows, widgets
from fof.ui.labels import named
from fof.ui.typed_amounts import TypedAmounts
from fof.words import _, today
from models.audit_work import NEXT_STEPS, RETEST_LEADS_TO, REVIEW_LEADS_TO, STATED_BY, CaseStep
from models.facts import SUBJECT_FACTS, FactType
from models.subjects import Subject

_COLUMNS = "case=audit_case rule subject institution step=case_step step_on due=case_due loss=case_loss"
_STEPS = "day what=ground content=ground_value amount entry document"
_MORE = {CaseStep.ISSUED: ("due_care",)}
"""Attributes that a step may state beside those that it must."""


def cases(view: View) -> list[AuditCase]:
    """The cases that the acting person may see, as the newest state of the book has them."""
    return audit_cases(view.journal.view(), frame.actor())


def listing(view: View) -> AuditCase | None:
    """The list, overdue ones first; the chosen case."""
    every, day = cases(view), today()
    if not every:
        return None
    for case in every:
        if case.overdue(day):
            say.warning(overdue_sentence(case, day), icon=":material/schedule:")
    document = cases_document(view, every, day)
    picked = widgets.table(
        _("审计事项", "Audit cases"),
        table_rows.listed(document),
        _COLUMNS,
        "cases_table",
        pick=True,
        cite=widgets.Cited("case", lambda r: str(r["case"])),
    )
    return None if not picked else picked["record"]


def procedure(view: View, rule: str, subject: Subject, verdict: Verdict | None) -> None:
    """The procedure of a finding: the steps of its cases, the form of the next one or of a new case."""
    own = [c for c in cases(view) if (c.rule, c.subject) == (rule, subject)]
    for case in own:
        widgets.section(words.labelled(case.code, case.step.text))
        if case.overdue(today()):
            say.warning(overdue_sentence(case, today()), icon=":material/schedule:")
        panels.record_table(_("程序", "Procedure"), step_rows(case), _STEPS, f"steps_{case.code}", "")
    standing = next((c for c in own if not c.over), None)
    if standing is not None:
        _next(standing)
    elif verdict not in (None, Verdict.PASS, Verdict.NOT_APPLICABLE):
        _new(rule, subject)


def _new(rule: str, subject: Subject) -> None:
    with st.popover(_("立项", "Begin a case"), icon=":material/gavel:"), st.form("begin_case", border=False):
        statement = st.text_area(str(SUBJECT_FACTS["case_statement"].text), key="begin_statement")
        document = st.text_input(named("evidence"), key="begin_document")
        if permitted.button(st.form_submit_button, _("登记", "Record"), "review"):
            _book(
                lambda: begin_case(
                    frame.database(), frame.actor(), rule, subject, today(), statement or "", document or ""
                )
            )


def _allowed(case: AuditCase) -> tuple[CaseStep, ...]:
    """The steps that may follow."""
    if case.step is CaseStep.REVIEWED:
        return (REVIEW_LEADS_TO[case.stated("case_review")],)
    if case.step is CaseStep.RETESTED:
        return RETEST_LEADS_TO[case.stated("case_retest")]
    return NEXT_STEPS[case.step]


def _next(case: AuditCase) -> None:
    with st.container(border=True, key="next_step"):
        steps = [step.value for step in _allowed(case)]
        step = CaseStep(
            st.segmented_control(
                _("下一步", "Next step"),
                steps,
                default=steps[0],
                format_func=lambda code: str(CaseStep(code).text),
                key=cited.in_new_words(f"step_of_{case.code}_{case.step}"),
            )
            or steps[0]
        )
        stated: dict[str, Any] = {}
        amounts = TypedAmounts()
        with st.container(horizontal=True, vertical_alignment="bottom"):
            for name in (*STATED_BY[step], *_MORE.get(step, ())):
                stated[name] = _field(name, f"{case.code}_{step}_{name}", amounts)
            day = st.date_input(
                named("step_on"), value=today(), key=f"{case.code}_{step}_day", width=160, format="YYYY-MM-DD"
            )
            document = st.text_input(named("evidence"), key=f"{case.code}_{step}_document", width=240)
        on = day if isinstance(day, dt.date) else today()
        with st.container(horizontal=True):
            looked = st.button(_("预览", "Preview"), key="step_preview")
            if permitted.button(
                st.button, _("登记", "Record"), "review", key="step_record", disabled=bool(amounts.unread)
            ):
                _book(
                    lambda: take_step(frame.database(), frame.actor(), case.code, step, on, stated, document)
                )
        if looked and not amounts.unread:
            _preview(case, step, on, stated, document)


def _field(name: str, key: str, amounts: TypedAmounts) -> Any:
    """The input of an attribute, by its type; None where it is blank."""
    spec = SUBJECT_FACTS[name]
    label = str(spec.text)
    match spec.kind:
        case FactType.WORD:
            assert spec.words is not None
            listed = list(spec.words)
            return st.selectbox(
                label, listed, key=cited.in_new_words(key), format_func=lambda w: str(w.text), width=220
            )
        case FactType.DATE:
            value = st.date_input(label, value=None, key=key, width=160, format="YYYY-MM-DD")
            return value if isinstance(value, dt.date) else None
        case FactType.FEN:
            return amounts.box(words.beside(label, words.unit_name("元")), key, 160)
        case FactType.BOOL:
            return st.selectbox(
                label,
                [None, True, False],
                key=cited.in_new_words(key),
                format_func=lambda b: words.DASH if b is None else fact_text(name, b, words.language()),
                width=120,
            )
    return st.text_input(label, key=key, width=320) or None


def _preview(case: AuditCase, step: CaseStep, day: dt.date, stated: dict[str, Any], document: str) -> None:
    """What would be recorded, or everything that is wrong with it."""
    try:
        problems = would_step(frame.database(), frame.actor(), case.code, step, day, stated, document)
    except FofError as error:
        say.error(error)
        return
    for problem in problems:
        say.error(problem)
    if problems:
        return
    parts = [
        words.labelled(SUBJECT_FACTS[name].text, fact_text(name, value, words.language()))
        for name, value in stated.items()
        if value not in (None, "")
    ]
    say.info(
        _("将登记一条分录：{}", "One entry will be recorded: {}").format(
            words.clauses([f"{case.code} {step.text!s} {day}", *parts, *([document] if document else [])])
        )
    )


def _book(act: Any) -> None:
    try:
        done: Booked = act()
    except FofError as error:
        say.error(error)
        return
    booked.remember(done)
    st.rerun()


def follow(case: AuditCase) -> None:
    """The way from a case to the file of its finding."""
    about = case.subject
    frame.link(
        "case",
        _("打开案卷", "Open the case file"),
        rule=case.rule,
        kind=about.kind.value,
        code=about.code or None,
        second=about.second or None,
        on=about.day,
        case=case.code,
    )
