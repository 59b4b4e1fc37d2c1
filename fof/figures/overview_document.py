"""What needs attention as a document."""

from __future__ import annotations

from typing import Any

from fof.book.currencies import currency_of
from fof.book.notices import Call
from fof.book.parties import named
from fof.figures.answers import Answer
from fof.figures.documents import OVERVIEW
from fof.figures.fund_document import notice_row
from fof.figures.overview import CLOSED_WITH_VALUE, Overview
from fof.ledger import View
from models.facts import FACTS
from models.text import Text, counted

Row = dict[str, Any]


def overview_document(view: View, overview: Overview) -> Answer:
    """What needs attention: calls due and overdue, old values, closed funds with a value, terms about to end."""
    chosen = overview.portfolio
    rows = [
        _call(view, "overdue", c, c.overdue, c.days_late)
        | {"whose": "own" if overview.own(c) else "others"}
        | {"texts": {"days": _days(c.days_late, Text("逾期 {} 天", "{} late"))}}
        for c in overview.overdue
    ]
    for c in overview.due:
        left = None if c.due_on is None else (c.due_on - overview.as_of).days
        whose = "own" if overview.own(c) else "others"
        rows.append(_call(view, "due", c, c.open, left) | {"whose": whose, "texts": {"days": _left(left)}})
    for stale in overview.stale:
        rows.append(
            {
                "what": "stale",
                **_fund(view, stale.fund),
                "day": stale.value.marked_on,
                "days": stale.age_days,
                "amount": stale.value.fen,
                "note": None if stale.value.note is None else stale.value.note.text,
                "currency": stale.value.currency,
                "texts": {"days": _days(stale.age_days, Text("已 {} 天", "{} old"))},
                "reasons": {} if stale.value.note is None else {"amount": stale.value.note},
                "record": stale,
            }
        )
    for rest in overview.closed:
        rows.append(
            {
                "what": "closed",
                **_fund(view, rest.fund),
                "day": rest.value.marked_on,
                "days": rest.age_days,
                "amount": rest.value.fen,
                "note": CLOSED_WITH_VALUE.text,
                "currency": rest.value.currency,
                "texts": {"days": _days(rest.age_days, Text("已 {} 天", "{} old"))},
                "reasons": {} if rest.value.note is None else {"amount": rest.value.note},
                "record": rest,
            }
        )
    for ending in overview.ending:
        term = FACTS[ending.name]
        rows.append(
            {
                "what": "ending",
                **_fund(view, ending.fund),
                "number": term.text,
                "day": ending.day,
                "days": ending.days_left,
                "texts": {"days": _left(ending.days_left)},
                "record": ending,
            }
        )
    head = {
        "portfolio": chosen.code,
        "noticed": overview.noticed,
        "unnoticed": len(overview.unnoticed),
        "undated": len(overview.undated),
        "texts": {"portfolio": named(view, chosen.party)} if chosen.party else {},
    }
    return Answer(OVERVIEW, rows, view.as_of, view.known_at, chosen.currency, head)


def _days(days: int | None, text: Text) -> Text | str:
    """A number of days with what it counts; a dash for none."""
    return "—" if days is None else Text(text.zh.format(days), text.en.format(counted(days, "day")))


def _left(days: int | None) -> Text | str:
    """Days to a day that is still to come, or since one that has gone by."""
    if days is not None and days < 0:
        return _days(-days, Text("已过 {} 天", "{} past"))
    return _days(days, Text("还有 {} 天", "{} left"))


def _fund(view: View, number: int) -> Row:
    code = view.parties[number].code
    return {"fund": code, "label": view.name(number), "currency": currency_of(view, number)}


def _call(view: View, what: str, call: Call, fen: int, days: int | None) -> Row:
    return {
        **notice_row(view, call),
        "what": what,
        **_fund(view, call.fund),
        "investor": view.name(call.investor),
        "number": call.number or None,
        "day": call.due_on,
        "days": days,
        "amount": fen,
    }
