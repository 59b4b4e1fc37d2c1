"""Declared ownership shares: of several of one owner, thing and basis the latest counts, until its end or a newer one."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from fof.book.reading import once_per_prefix, once_per_view
from fof.ledger import Dated, View

Shares = dict[tuple[int, int, str], Dated]
"""(owner, owned, basis) -> the declaration in force; a share of 0 says that it ended."""


@once_per_view
def shares_declared(view: View) -> Shares:
    """Every share in force on the view's day."""
    return {(e.row.owner, e.row.owned, e.row.basis): e for e in view.edges}


@once_per_prefix
def _by_party(view: View) -> dict[int, list[Dated]]:
    own: dict[int, list[Dated]] = defaultdict(list)
    for edge in view.edges:
        for party in {edge.row.owner, edge.row.owned}:
            own[party].append(edge)
    return dict(own)


def declarations_of(view: View, party: int) -> list[Dated]:
    """Every declaration of what a party owns or is owned by, on whatever day of the view's prefix, by day."""
    return _by_party(view).get(party, [])


def shares_declared_of(view: View, party: int, day: dt.date) -> Shares:
    """The same of what a party owns or is owned by, on any day of the view's prefix."""
    return {
        (e.row.owner, e.row.owned, e.row.basis): e
        for e in declarations_of(view, party)
        if e.day <= day and (e.row.until is None or e.row.until > day)
    }
