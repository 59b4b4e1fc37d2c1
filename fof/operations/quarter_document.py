"""A quarter as documents: what it lacks, its values rolled forward, what was booked into it after its close."""

from __future__ import annotations

import datetime as dt
from typing import Any

from fof.book.currencies import currency_of
from fof.book.portfolios import Portfolio
from fof.changes import AfterClose, parts_rows
from fof.figures.answers import Answer
from fof.figures.operations_documents import AFTER, QUARTER, QUARTER_ROLL
from fof.figures.register import members
from fof.ledger import View
from fof.operations.closes import Missing, checklist
from fof.operations.operations_document import operations_answer
from fof.operations.roll_forward import QuarterRoll, roll_forward

Row = dict[str, Any]


def quarter_document(view: View, portfolio: Portfolio, end: dt.date) -> Answer:
    """What a quarter lacks."""
    rows = (missing_row(view, missing) for missing in checklist(view, portfolio, end))
    return operations_answer(view, QUARTER, rows, currency=portfolio.currency)


def missing_row(view: View, missing: Missing) -> Row:
    """One thing that a quarter lacks."""
    return {
        "what": missing.code,
        "texts": {"what": members("quarter_items")[missing.code]},
        "fund": view.parties[missing.fund].code,
        "name": view.name(missing.fund),
        "investor": None if missing.investor is None else view.name(missing.investor),
        "amount": missing.fen,
        "note": missing.text,
        "currency": currency_of(view, missing.fund),
    }


def quarter_roll_document(view: View, portfolio: Portfolio, end: dt.date) -> Answer:
    """Values at both ends of a quarter and what moved between."""
    rows = (roll_row(view, roll) for roll in roll_forward(view, portfolio, end))
    return operations_answer(view, QUARTER_ROLL, rows, currency=portfolio.currency)


def roll_row(view: View, roll: QuarterRoll) -> Row:
    """The value of one fund, rolled forward."""
    note = roll.note
    why = {} if note is None or roll.result is not None else dict.fromkeys(("result", "closing"), note)
    return {
        **QUARTER_ROLL.fields(roll),
        "fund": view.parties[roll.fund].code,
        "name": view.name(roll.fund),
        "currency": currency_of(view, roll.fund),
        "opening": roll.opening.fen,
        "closing": roll.closing.fen,
        "stated_on": roll.closing.marked_on,
        "rolled": None if roll.closing.fen is None else not roll.stated,
        "note": None if note is None or why else note.text,
        "reasons": why,
    }


def after_document(view: View, portfolio: Portfolio, since: AfterClose) -> Answer:
    """What stands after the last close of a quarter, and what each entry moved."""
    moved, close = since.changes, since.close
    listed = {"after": since.entries, "reversed": moved.reversed, "superseded": moved.superseded}
    rows = parts_rows(moved, listed)
    head = {"portfolio": portfolio.code, "closed_at": close.known_at, "close_entry": close.entry}
    return operations_answer(view, AFTER, rows, head, portfolio.currency)
