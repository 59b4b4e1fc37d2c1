"""Answers to requests that come back in the auditor's workbook: each to a request that is open, by whom, when and with what.

An answer holds from the day it was given. A row without an answer says nothing new. A row that registers a request with its item
and its answer at once is the history of an earlier audit.
"""

from __future__ import annotations

import datetime as dt

from fof.importers.tables import Table, TypedRow
from fof.intake.planning import Planning
from fof.ledger import to_date
from models.coinvest import RequestAnswer
from models.facts import SUBJECT_FACTS
from models.request_items import request_item
from models.subjects import LinkRole, SubjectKind
from models.text import Text

_KIND = SubjectKind.REQUEST.value


def day_of(planning: Planning, table: Table, row: TypedRow, since: dt.date) -> dt.date | None:
    """The day from which a row's answer holds, `since` where it holds none; None (and problems) where it cannot be taken."""
    answer = row["answer"]
    if answer is None:
        return since
    code = str(row.text("code"))
    number = planning.view.subject_ids.get((_KIND, code))
    if number is None:
        if row.text("request_item") is not None:
            return since
        text = Text("账中没有此项需求，不能答复", "the book has no such request to answer")
        planning.problem(table, row, "code", "request_not_open", text, code)
        return None
    before = planning.wrong_cells
    stated = planning.view.prefix.subject_facts.get((_KIND, number), {}).get("answer", [])
    if stated:
        last = stated[-1]
        if str(last.row[7]) == str(answer) and _same(planning, number, row):
            return row.day("answered_on") or since
        text = Text(
            f"该需求已于分录 {last.entry} 答复，不再受理", f"entry {last.entry} answered it; it is not open"
        )
        planning.problem(table, row, "answer", "request_not_open", text, code)
        return None
    for name in ("answered_by", "answered_on"):
        if row[name] is None:
            text = Text("答复须写明答复人与答复日", "an answer says by whom and when")
            planning.problem(table, row, name, "required", text)
    asked, answered = _asked_on(planning, number), row.day("answered_on")
    if answered is not None and asked is not None and answered < asked:
        text = Text(f"该需求 {asked} 才提出，答复不能早于此日", f"asked on {asked}; it was not open before")
        planning.problem(table, row, "answered_on", "request_not_open", text, answered)
    if answer is RequestAnswer.PROVIDED and row.text("document") is None and not _handed_in(planning, code):
        text = Text(
            "“已提供”须写明文件，或在“证据材料”表登记该需求的文件",
            "provided: name the document, or register it in the sheet of evidence with this request",
        )
        planning.problem(table, row, "document", "required", text)
    return None if planning.wrong_cells != before else row.day("answered_on")


def _asked_on(planning: Planning, number: int) -> dt.date | None:
    """The day on which a request was made."""
    stated = planning.view.prefix.subject_facts.get((_KIND, number), {}).get("request_item", [])
    return min((to_date(r.day) for r in stated), default=None)


def _same(planning: Planning, number: int, row: TypedRow) -> bool:
    """Whether a row gives the answer that the book has already."""
    facts = planning.view.prefix.subject_facts.get((_KIND, number), {})
    for name in ("answered_by", "answered_on"):
        booked = facts.get(name, [])
        value = row[name]
        if value is not None and (not booked or SUBJECT_FACTS[name].parse(str(booked[-1].row[7])) != value):
            return False
    return True


def _handed_in(planning: Planning, code: str) -> bool:
    """Whether a document in the file or the book names the request."""
    request = planning.subjects.get((_KIND, code))
    for table in planning.tables:
        if table.layout.registers is SubjectKind.EVIDENCE and any(
            r.text("request") == code for r in table.rows
        ):
            return True
    _, (roles, others) = planning.view.prefix.columns_of("subject_link", "role", "other")
    return request is not None and (LinkRole.REQUEST.value, request) in zip(roles, others, strict=True)


def stands(planning: Planning, bearer: tuple[str, int], name: str, text: str) -> bool:
    """Whether the book states an attribute of a request like that already, on whatever day."""
    stated = planning.view.prefix.subject_facts.get(bearer, {}).get(name, [])
    value = str(stated[-1].row[7]) if stated else None
    return value is not None and (request_item(value) if name == "request_item" else value) == text
