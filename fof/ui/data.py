"""Reads for the pages. Everything here is a function of (journal head, choice): pages keep no state of their own."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

import numpy as np

from fof.ledger import Journal, to_date
from models.kinds import PartyKind


class Portfolio(NamedTuple):
    """A portfolio the header can show: the party whose stakes are looked at, and its currency."""

    id: int
    code: str
    name: str
    currency: str


def portfolios(book: Journal) -> list[Portfolio]:
    """Parties marked as portfolios, the office's own (CNY) first."""
    view = book.view()
    found = [
        Portfolio(p.id, p.code, view.name(p.id), str(view.fact(p.id, "currency") or "CNY"))
        for p in view.parties.values()
        if view.fact(p.id, "portfolio")
    ]
    order = {PartyKind.PARENT_FUND: 0, PartyKind.GUIDANCE_FUND: 1}
    return sorted(found, key=lambda p: (p.currency != "CNY", order.get(view.parties[p.id].kind, 2), p.code))


def default_day(book: Journal, today: dt.date) -> dt.date:
    """The last day on which values were stated, where the book has any; else today."""
    marks = [r.day for r in book.rows("mark")]
    if not marks:
        return today
    return min(to_date(int(np.max(marks))), today)
