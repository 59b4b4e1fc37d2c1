"""What was asked for by notice, with what was paid set against it: the one reading of what is open on a notice.

A payment counts for the notice it names. What names none, or is more than that notice asked, pays the oldest open notice
first; what is left waits for the next. Payments from before the first notice pay none. Money given back takes away what was
paid beyond the notices, the newest first, so that it settles no later notice; it never reopens a notice that had been paid.
Of one day, what came in goes before what went back. fof.book.notices asks it of the journal, rule AF-06 of facts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple


class SettledPayment(NamedTuple):
    """Fen paid on a day (a day number), below zero where they were given back; the number of the notice it names."""

    day: int
    fen: int
    notice: str = ""


@dataclass(slots=True)
class Settled:
    """One amount asked for, in fen; days are day numbers.

    asked_on : the day of the notice, None where not known      due_on : the last day to pay, None where not stated
    paid     : set against it; in_time: the part that came by the due day
    last_on  : day of the latest payment set against it
    """

    notice: str
    asked_on: int | None
    due_on: int | None
    fen: int
    paid: int = 0
    in_time: int = 0
    last_on: int | None = None

    @property
    def open(self) -> int:
        """Still to be paid."""
        return self.fen - self.paid

    @property
    def full_on(self) -> int | None:
        """The day it was paid in full, None while it is not."""
        return None if self.open else self.last_on

    def take(self, day: int, fen: int) -> int:
        """Accept up to what is open; returns what is left of the payment."""
        used = min(fen, self.open)
        if used:
            self.paid += used
            self.in_time += used if self.due_on is None or day <= self.due_on else 0
            self.last_on = day if self.last_on is None else max(self.last_on, day)
        return fen - used


def settle(asked: Iterable[Settled], paid: Iterable[SettledPayment]) -> list[Settled]:
    """Set the payments against what was asked of one party by one fund; the oldest due day first, then the notice day,
    then the notice's number. `asked` comes unpaid and is filled."""
    dues = sorted(asked, key=lambda d: (_first(d.due_on, d.asked_on), _first(d.asked_on, d.due_on), d.notice))
    by_number: dict[str, list[Settled]] = {}
    for due in dues:
        by_number.setdefault(due.notice, []).append(due)
    first = min((due.asked_on for due in dues if due.asked_on is not None), default=None)
    rest: list[SettledPayment] = []
    for day, fen, notice in sorted(paid):
        if first is not None and day < first:
            continue
        left = fen
        if fen > 0 and notice:
            for due in by_number.get(notice, ()):
                left = due.take(day, left)
        if left:
            rest.append(SettledPayment(day, left))
    for day, fen in _beyond(dues, rest):
        left = fen
        for due in dues:
            if not left:
                break
            left = due.take(day, left)
    return dues


def _beyond(dues: list[Settled], rest: list[SettledPayment]) -> list[tuple[int, int]]:
    """(day, fen) of the payments that are left once all notices of their own day are paid, less what was given back."""
    surplus: list[tuple[int, int]] = []
    waiting = [(_first(due.asked_on, due.due_on), due) for due in dues]
    oldest = 0  # what stands before it is paid
    for day, fen, _ in sorted(rest, key=lambda p: (p.day, p.fen < 0)):
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


def _first(day: int | None, other: int | None) -> int:
    return day if day is not None else other if other is not None else 0
