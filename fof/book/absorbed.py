"""Funds absorbed by another: what the successor's accounts hold from the day on which it is stated as such."""

from __future__ import annotations

from typing import NamedTuple

from fof.book.reading import as_of_day, once_per_view
from fof.book.succession import successors
from fof.ledger import View, day_number


class Absorption(NamedTuple):
    """A fund that went up in another, from a day on (day number); entry: that stated it."""

    day: int
    entry: int
    former: int
    successor: int


@once_per_view
def absorptions(view: View) -> tuple[Absorption, ...]:
    """Every absorption up to the as-of day, by day and entry; parties with two stated successors are in none."""
    rows = []
    for former, successor in successors(view).items():
        code = view.parties[former].code
        stated = next((f for f in view.history(successor, "successor_of") if code in f.value), None)  # type: ignore[operator]
        if stated is not None and day_number(stated.since) <= as_of_day(view):
            rows.append(Absorption(day_number(stated.since), stated.entry, former, successor))
    return tuple(sorted(rows))
