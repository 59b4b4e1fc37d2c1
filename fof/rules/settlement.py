"""What was asked for by notice, with what was paid set against it: the one reading of what is open on a notice.

A payment counts for the notice it names. What names none, or is more than that notice asked, pays the oldest open notice
first; what is left waits for the next. Payments from before the first notice pay none. Money given back takes away what was
paid beyond the notices, the newest first, so that it settles no later notice; it never reopens a notice that had been paid.
Of one day, what came in goes before what went back. fof.book.notices asks it of the journal, rule AF-06 of facts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from fof.grouping import by_key

D = TypeVar("D", int, dt.date)
"""Days: numbers in the columns of the journal, dates in the facts of rules."""


@dataclass(slots=True)
class Settled(Generic[D]):
    """One amount asked for, in fen.

    asked_on : the day of the notice, None where not known      due_on : the last day to pay, None where not stated;
               one of the two is known
    paid     : set against it; in_time: the part that came by the due day
    last_on  : day of the latest payment set against it
    """

    notice: str
    asked_on: D | None
    due_on: D | None
    fen: int
    paid: int = 0
    in_time: int = 0
    last_on: D | None = None

    @property
    def open(self) -> int:
        """Still to be paid."""
        return self.fen - self.paid

    @property
    def full_on(self) -> D | None:
        """The day it was paid in full, None while it is not."""
        return None if self.open else self.last_on

    def take(self, day: D, fen: int) -> int:
        """Accept up to what is open; returns what is left of the payment."""
        used = min(fen, self.fen - self.paid)
        if used:
            self.paid += used
            self.in_time += used if self.due_on is None or day <= self.due_on else 0
            self.last_on = day if self.last_on is None or self.last_on < day else self.last_on
        return fen - used


def settle(asked: Iterable[Settled[D]], paid: Iterable[tuple[D, int, str]]) -> list[Settled[D]]:
    """Set the payments against what was asked of one party by one fund; the oldest due day first, then the notice day,
    then the notice's number. `asked` comes unpaid and is filled.

    paid : (day, fen, number of the notice it names or ""); fen below zero where they were given back
    """
    dues = sorted(asked, key=_by_day)
    by_number = by_key(dues, lambda due: due.notice)
    first = min((due.asked_on for due in dues if due.asked_on is not None), default=None)
    rest: list[tuple[D, int]] = []
    for day, fen, notice in sorted(paid):
        if first is not None and day < first:
            continue
        left = fen
        if fen > 0 and notice:
            for due in by_number.get(notice, ()):
                left = due.take(day, left)
        if left:
            rest.append((day, left))
    if not rest:
        return dues
    for day, fen in _beyond(dues, rest):
        left = fen
        for due in dues:
            if not left:
                break
            left = due.take(day, left)
    return dues


def _beyond(dues: list[Settled[D]], rest: list[tuple[D, int]]) -> list[tuple[D, int]]:
    """(day, fen) of the payments that are left once all notices of their own day are paid, less what was given back."""
    surplus: list[tuple[D, int]] = []
    waiting = [(_first(due.asked_on, due.due_on), due) for due in dues]
    oldest = 0  # what stands before it is paid
    for day, fen in sorted(rest, key=lambda p: (p[0], p[1] < 0)):
        left = fen
        if left > 0:
            while oldest < len(waiting) and not waiting[oldest][1].open:
                oldest += 1
            for place in range(oldest, len(waiting)):
                asked_on, due = waiting[place]
                if asked_on <= day:
                    left = due.take(day, left)
                    if not left:
                        break
            surplus += [(day, left)] if left else []
        while left < 0 and surplus:
            on, over = surplus.pop()
            left += over
            surplus += [(on, left)] if left > 0 else []
    return surplus


def _by_day(due: Settled[D]) -> tuple[D, D, str]:
    asked_on, due_on = due.asked_on, due.due_on
    if asked_on is None or due_on is None:
        return _first(due_on, asked_on), _first(asked_on, due_on), due.notice
    return due_on, asked_on, due.notice


def _first(day: D | None, other: D | None) -> D:
    known = other if day is None else day
    assert known is not None, "of what was asked for the day of the notice or the last day to pay is known"
    return known
