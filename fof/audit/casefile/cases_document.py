"""Audit cases as a document, and the steps of one as rows of its file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from fof import words
from fof.audit.casefile.audit_cases import AuditCase, StepTaken
from fof.book.funds import fact_text
from fof.figures.answers import Answer
from fof.figures.audit_documents import AUDIT_CASES
from fof.ledger import View
from models.facts import SUBJECT_FACTS
from models.text import Text, counted, yes_or_no

Row = dict[str, Any]


def cases_document(view: View, cases: Sequence[AuditCase], day: dt.date) -> Answer:
    """The cases, overdue ones first, then those under way, those that are over last. day: today, for what is overdue."""
    ordered = sorted(cases, key=lambda c: (not c.overdue(day), c.over, c.due or dt.date.max, c.code))
    rows = [case_row(case, day) for case in ordered]
    head = {"cases": len(rows), "overdue": sum(row["overdue"] for row in rows)}
    return Answer(AUDIT_CASES, rows, view.as_of, view.known_at, "CNY", head)


def case_row(case: AuditCase, day: dt.date) -> Row:
    """A case as the document holds it."""
    last = case.steps[-1]
    return {
        "case": case.code,
        "rule": case.rule,
        "subject": str(case.subject),
        "institution": case.institution,
        "step": last.step.value,
        "step_on": last.day,
        "due": case.due,
        "overdue": case.overdue(day),
        "loss": case.stated("case_loss"),
        "responsible_post": case.stated("responsible_post"),
        "tolerance": case.stated("case_tolerance"),
        "who": last.who,
        "entry": last.entry,
        "texts": {"overdue": str(yes_or_no(True)) if case.overdue(day) else ""},
        "record": case,
    }


def step_rows(case: AuditCase) -> list[Row]:
    """The steps of a case as rows of its file."""
    return [
        {
            "part": "step",
            "subject": case.code,
            "what": taken.step.text,
            "content": step_text(taken),
            "amount": taken.stated.get("case_loss"),
            "day": taken.day,
            "entry": taken.entry,
            "document": taken.document,
        }
        for taken in case.steps
    ]


def step_text(taken: StepTaken) -> Text:
    """Who took a step, and what it states."""

    def in_words(language: str) -> str:
        colon = Text("：", ": ").of(language)
        parts = [
            f"{SUBJECT_FACTS[name].text.of(language)}{colon}{fact_text(name, value, language)}"
            for name, value in taken.stated.items()
        ]
        return Text("；", "; ").of(language).join([taken.who, *parts])

    return Text(in_words("zh"), in_words("en"))


def overdue_sentence(case: AuditCase, day: dt.date) -> str:
    """That a case's day has passed, and by how many days."""
    days = (day - (case.due or day)).days
    late = Text(f"逾期 {days} 天（期限 {case.due}）", f"{counted(days, 'day')} overdue (due {case.due})")
    return words.labelled(f"{case.code} {case.step.text}", late)
