"""Carry of a fund by day: what was paid, and what came back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from fof.book.index import book_of
from fof.book.reading import as_of_day
from fof.ledger import View, day_number


def carry_paid(view: View, fund: int) -> tuple[dict[int, int], dict[int, int]]:
    """(paid, returned) up to the as-of day: day number -> fen."""
    paid: dict[int, int] = defaultdict(int)
    returned: dict[int, int] = defaultdict(int)
    line = book_of(view).carry.get(fund)
    for flow in () if line is None else line.values:
        if (day := day_number(flow.day)) <= as_of_day(view):
            (paid if flow.fen > 0 else returned)[day] += abs(flow.fen)
    return dict(paid), dict(returned)


def less_returned(paid: Mapping[int, int], returned: Mapping[int, int]) -> dict[int, int]:
    """Payments by day, less what came back of them by day: as if it had not been paid, the last payment first."""
    left = dict(paid)
    for day in sorted(returned):
        fen = returned[day]
        for paid_on in sorted((d for d in left if d <= day), reverse=True):
            taken = min(fen, left[paid_on])
            left[paid_on] -= taken
            fen -= taken
    return left
