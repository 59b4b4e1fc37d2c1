"""The request list as a document."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from fof.audit.casefile.request_list import RequestLine, RequestList
from fof.figures.answers import Answer
from fof.figures.audit_documents import REQUEST_LIST
from fof.ledger import View

Row = dict[str, Any]


def requests_document(view: View, lines: Sequence[RequestLine], day: dt.date) -> Answer:
    """The lines, those without an answer in time first. day: today, for what is overdue."""
    own = RequestList.on(lines, day)
    head = {"unasked": own.unasked, "open": own.open}
    rows = [request_row(line, day) for line in own.lines]
    return Answer(REQUEST_LIST, rows, view.as_of, view.known_at, "CNY", head)


def request_row(line: RequestLine, day: dt.date) -> Row:
    """A line as the document holds it."""
    return {
        "institution": line.institution,
        "stake": line.stake,
        "item": line.text,
        "rules": " ".join(line.rules) or None,
        "request": line.request,
        "asked_on": line.asked_on,
        "due": line.due,
        "overdue": line.overdue(day),
        "answer": None if line.answer is None else line.answer.value,
        "answered_by": line.answered_by,
        "answered_on": line.answered_on,
        "record": line,
    }
