"""Disclosed positions, and their roll-forward, as documents."""

from __future__ import annotations

import datetime as dt
from typing import Any

from fof.book.currencies import DEFAULT_CURRENCY, currency_of
from fof.figures.answers import Answer
from fof.figures.documents import POSITIONS, ROLL
from fof.figures.positions import (
    DisclosedPosition,
    DisclosureRoll,
    agreement,
    disclosure_days,
    positions,
    roll_forward,
)
from fof.figures.positions import exceptions as disagreeing
from fof.figures.register import figure
from fof.ledger import View
from models.text import Text

Row = dict[str, Any]


def positions_document(
    view: View,
    number: int | None = None,
    *,
    every_day: bool = False,
    exceptions: bool = False,
) -> Answer:
    """Disclosed positions, the stated multiple beside ours; of one institution or of all."""
    rows_known = positions(view, number, every_day=every_day)
    groups, wrong = agreement(view, rows_known), disagreeing(rows_known)
    head = {
        "positions": len(rows_known),
        "compared": sum(g.compared for g in groups),
        "agreeing": sum(g.agreeing for g in groups),
        "exceptions": len(wrong),
        "whose": "investor",
        "basis": "net",
    }
    rows = [position_row(view, p) for p in (wrong if exceptions else rows_known)]
    currency = DEFAULT_CURRENCY if number is None else currency_of(view, number)
    return Answer(POSITIONS, rows, view.as_of, view.known_at, currency, head)


def position_row(view: View, p: DisclosedPosition) -> Row:
    """One position as a row of the document."""
    row: Row = {
        name: getattr(p, name)
        for name in (
            "day",
            "called",
            "distributed",
            "remaining",
            "dpi",
            "rvpi",
            "tvpi",
            "tolerance",
            "difference",
            "agrees",
            "stated_multiple",
            "stated_irr",
            "basis",
            "document",
            "entry",
            "currency",
        )
    }
    for name in ("tolerance", "difference", "stated_multiple"):
        row[name] = None if row[name] is None else float(row[name])
    row |= {
        "holder": view.parties[p.holder].code,
        "fund": view.parties[p.fund].code,
        "label": view.name(p.fund),
        "committed": p.commitment,
        "record": p,
    }
    row["note"] = None if p.note is None else p.note.text
    missing = p.note if p.tvpi != p.tvpi else None
    row["reasons"] = {} if missing is None else dict.fromkeys(("dpi", "rvpi", "tvpi"), missing)
    return row


def roll_document(view: View, holder: int, start: dt.date, end: dt.date | None = None) -> Answer:
    """Positions rolled forward between two disclosures of an institution, the latest where no end is given."""
    days = disclosure_days(view, holder)
    last = end if end is not None else (days[-1] if days else view.as_of or start)
    rolled = roll_forward(view, holder, start, last)
    rows = [roll_row(view, r) for r in (*rolled.rows, *rolled.total.each)]
    head = {
        "holder": view.parties[holder].code,
        "start": rolled.start,
        "end": rolled.end,
        "restatements": len(rolled.restatements),
        "whose": "investor",
        "basis": "net",
    }
    return Answer(ROLL, rows, view.as_of, view.known_at, currency_of(view, holder), head)


def roll_row(view: View, r: DisclosureRoll) -> Row:
    """One fund rolled forward, or the total of a currency, as a row of the document."""
    row: Row = {
        n: getattr(r, n) for n in ("opening", "calls", "distributions", "gain", "closing", "currency")
    }
    row |= {
        "restated": ",".join(r.restated) or None,
        "note": None if r.note is None else r.note.text,
        "record": r,
    }
    row |= (
        {"fund": view.parties[r.fund].code, "label": view.name(r.fund)}
        if r.fund >= 0
        else {"fund": None, "label": Text("合计", "Total")}
    )
    names = [figure(name).text for name in r.restated]
    row["texts"] = {"restated": Text("、".join(n.zh for n in names), ", ".join(n.en for n in names))}
    return row
