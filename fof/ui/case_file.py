"""One finding's case file on screen: head, working, what it rests on, history; and its paper."""

from __future__ import annotations

from typing import Any

import streamlit as st

from fof import words
from fof.audit.casefile.audit_cases import audit_cases
from fof.audit.casefile.case_document import case_document
from fof.audit.casefile.case_file import CaseFile, besides, case_file, working
from fof.audit.casefile.case_paper import case_pdf
from fof.audit.findings import AuditFinding
from fof.audit.findings_document import state_text
from fof.figures.answers import Answer
from fof.figures.register import members
from fof.ledger import View
from fof.rules.registry import RULES, Verdict
from fof.ui import evidence_files, foreign, frame, panels, say, table_rows, widgets
from fof.ui.labels import named
from fof.words import _
from models.subjects import Subject, SubjectKind

GROUNDS = "subject what=ground content=ground_value amount day state=ground_state read_from=document"
_OTHERS = "day what=ground content=ground_value amount read_from=document"


def link(finding: AuditFinding) -> None:
    """The way from a finding to its file."""
    about = finding.subject
    frame.link(
        "case",
        _("打开案卷", "Open the case file"),
        rule=finding.rule,
        kind=about.kind.value,
        code=about.code or None,
        second=about.second or None,
        on=about.day,
    )


def opened(view: View, rule: str, subject: Subject, chosen: frame.Choice) -> CaseFile:
    """The file of a finding. Unknown for no such rule or subject."""
    case = case_file(view, rule, subject, actor=frame.actor())
    cases = audit_cases(view.on(None), frame.actor())
    document = case_document(view, case, chosen.unit)
    paper = case_document(view, case, chosen.unit, cases)
    _head(case, chosen)
    with st.container(horizontal=True):
        st.download_button(
            _("案卷 PDF", "Case file as PDF"),
            lambda: case_pdf(paper),
            file_name=f"{foreign.file_name(f'{case.rule.id}-{subject}')}-{chosen.as_of}.pdf",
            icon=":material/print:",
            on_click="ignore",
        )
        frame.link("journal", _("日记账", "Journal"), q=subject.code or None)
    parts(document)
    if subject.kind is SubjectKind.STAFF_STAKE:
        evidence_files.evidence_panel(view, subject.code)
    return case


def _head(case: CaseFile, chosen: frame.Choice) -> None:
    f = case.finding
    widgets.section(f"{case.rule.id} {RULES[case.rule.id].text!s} · {case.subject if f is None else f.name}")
    if f is None:
        say.info(_("该日此规则对此对象没有结论。", "On this day the rule says nothing of it."))
        return
    (say.error if f.verdict is Verdict.BREACH else say.info)(working(f, chosen.unit, case.terms))
    facts = [
        (named("source"), f.source or words.DASH),
        (named("confidence"), words.word(f.finding.confidence)),
        (named("level"), words.word(case.rule.level)),
        (named("responsible"), f.owner or words.DASH),
        (named("disposition_state"), state_text(f.state)),
        (named("since"), words.day(f.since)),
        (named("event_on"), words.day(f.finding.event_day)),
    ]
    say.caption(" · ".join(words.labelled(name, value) for name, value in facts if value != words.DASH))
    for note in f.finding.notes:
        say.caption(note)
    if (other := besides(f, chosen.unit)) is not None:
        say.caption(words.labelled(named("other_verdict"), other))


def parts(document: Answer) -> None:
    """The parts of a file as tables, each entry a link to the journal."""
    rows = table_rows.listed(document)
    for code, heading in members("case_parts").items():
        own = [_row(document, row) for row in rows if row["part"] == code]
        if not own:
            continue
        columns = GROUNDS if code == "ground" else _OTHERS
        panels.record_table(str(heading), own, columns, f"case_{code}", "")


def _row(document: Answer, row: dict[str, Any]) -> dict[str, Any]:
    """A row as a table lists it: what it was read from leads to its entry."""
    where = row["source"] or f"{named('entry')} {row['entry']}"
    source = None if row["entry"] is None else (where, row["entry"])
    return {**row, "read_from": source, "currency": row.get("currency") or document.currency}
