"""Loans and bonds under agreements: what happened to each, what is outstanding on a day, in which state it is."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any, NamedTuple

from fof.book.identities import Registered
from models.pools import LoanStep, RecoveryPart

SIGN = {LoanStep.DRAWN: 1, LoanStep.REPAID: -1, LoanStep.PREPAID: -1, LoanStep.RENEWED: -1}
"""Steps by which money moved, and what they do to the balance."""
_TROUBLE = (LoanStep.OVERDUE, LoanStep.DEFAULTED)


class LoanStepRecord(NamedTuple):
    """One thing that happened to a loan; `fen` is the money that moved, or the amount concerned."""

    day: dt.date
    entry: int
    step: LoanStep
    fen: int
    subject: Registered

    @property
    def due(self) -> dt.date | None:
        """The day agreed, or the new due day."""
        due: dt.date | None = self.subject.on("step_due", self.day)
        return due


@dataclass(slots=True)
class Loan:
    """A loan with everything that happened to it, by day and entry.

    settled_on : the day of the first payment of a claim on it, from which on it is no longer guaranteed
    recovered  : (day, fen, part) of money that came from the borrower after that
    """

    subject: Registered
    agreement: Registered | None
    borrower: int | None
    lender: int | None
    guarantor: int | None
    insurer: int | None
    renews: int | None
    steps: list[LoanStepRecord] = field(default_factory=list)
    recovered: list[tuple[dt.date, int, RecoveryPart]] = field(default_factory=list)
    settled_on: dt.date | None = None
    _balance: tuple[list[dt.date], list[int]] | None = None

    @property
    def code(self) -> str:
        return self.subject.code

    def on(self, name: str, day: dt.date) -> Any:
        """An attribute on a day."""
        return self.subject.on(name, day)

    def enrolled_on(self, day: dt.date) -> dt.date | None:
        """The day it was enrolled, as stated by a day."""
        enrolled: dt.date | None = self.subject.on("enrolled_on", day)
        return enrolled

    def terms_day(self, day: dt.date) -> dt.date:
        """The day whose version of the agreement governs it: that of its enrolment, else its first."""
        return self.enrolled_on(day) or self.subject.first_day

    def movements(self) -> list[tuple[dt.date, int]]:
        """(day, change of the balance) of everything that moves it, draws of a day first."""
        moved = [(s.day, SIGN[s.step] * s.fen) for s in self.steps if s.step in SIGN]
        moved += [(s.day, -s.fen) for s in self.steps if s.step is LoanStep.WRITTEN_OFF]
        moved += [(day, -fen) for day, fen, part in self.recovered if part is RecoveryPart.PRINCIPAL]
        return sorted(moved, key=lambda one: (one[0], -one[1]))

    def _running(self) -> tuple[list[dt.date], list[int]]:
        if self._balance is None:
            moved = self.movements()
            self._balance = [day for day, _ in moved], list(accumulate(fen for _, fen in moved))
        return self._balance

    def balance(self, day: dt.date) -> int:
        """Principal that the borrower owes at the close of a day."""
        days, running = self._running()
        at = bisect_right(days, day)
        return running[at - 1] if at else 0

    def lowest(self) -> int:
        """The lowest the balance ever is; below zero where more was repaid than was outstanding."""
        return min(self._running()[1], default=0)

    def outstanding(self, day: dt.date) -> int:
        """Principal that is guaranteed at the close of a day: nothing from the first payment of a claim on."""
        return 0 if self.settled_on is not None and self.settled_on <= day else self.balance(day)

    def drawn(self, day: dt.date) -> int:
        """Principal drawn up to a day."""
        return sum(s.fen for s in self.steps if s.step is LoanStep.DRAWN and s.day <= day)

    def due(self, day: dt.date) -> dt.date | None:
        """The day on which the rest falls due, extensions by a day counted."""
        extended = [s.due for s in self.steps if s.step is LoanStep.EXTENDED and s.day <= day and s.due]
        due: dt.date | None = extended[-1] if extended else self.subject.on("loan_due", day)
        return due

    def trouble_since(self, day: dt.date) -> dt.date | None:
        """The first day of being overdue or in default that a day sees; None where it is in order, or was restored."""
        since: dt.date | None = None
        for step in self.steps:
            if step.day > day:
                break
            if step.step in _TROUBLE:
                since = since or step.day
            elif step.step is LoanStep.RESTORED:
                since = None
        return None if since is not None and not self.balance(day) else since

    def ever_in_trouble(self, day: dt.date) -> dt.date | None:
        """The first day on which it was ever overdue or in default, up to a day."""
        return next((s.day for s in self.steps if s.step in _TROUBLE and s.day <= day), None)

    def overdue_days(self, day: dt.date) -> int:
        """Days since it became overdue; 0 where it is not."""
        since = self.trouble_since(day)
        return 0 if since is None else (day - since).days

    def scheduled(self) -> list[tuple[dt.date, int]]:
        """(day, fen) of principal as it was to fall due: the instalments agreed, the rest at the last due day."""
        known = dt.date.max
        agreed = [(s.due, s.fen) for s in self.steps if s.step is LoanStep.SCHEDULED and s.due is not None]
        rest = self.drawn(known) - sum(fen for _, fen in agreed)
        due = self.due(known)
        if rest > 0 and due is not None:
            agreed.append((due, rest))
        return agreed

    def state(self, day: dt.date) -> LoanStep | None:
        """The last step that says how the loan stands; None where nothing happened yet."""
        seen = [s.step for s in self.steps if s.day <= day and s.step is not LoanStep.SCHEDULED]
        if seen and seen[-1] not in _TROUBLE and self.trouble_since(day) is not None:
            return [s for s in seen if s in _TROUBLE][-1]
        return seen[-1] if seen else None
