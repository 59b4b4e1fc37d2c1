"""Which loans of a book some entries are about: of hundreds of thousands an import reads those alone."""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from fof.book.rows_of_subjects import places_of
from fof.ledger.postings import Ints
from fof.ledger.prefix import Prefix
from models.subjects import LinkRole, SubjectKind

_MONEY = (SubjectKind.CLAIM, SubjectKind.POOL_PAYMENT)


class LoanNames:
    """Which subjects of a prefix name which loans, in arrays.

    A row for each subject that names a loan (an event, a claim, a payment, a renewal): what it is, and the loan; by subject.
    """

    def __init__(self, prefix: Prefix) -> None:
        self._subjects = prefix.subjects
        _, (subjects, roles, others) = prefix.arrays_of("subject_link", "subject", "role", "other")
        of_loans = roles.as_coded().among([LinkRole.LOAN.value])
        naming, loan = (column.ints[of_loans] for column in (subjects, others))
        order = np.argsort(naming, kind="stable")
        self._naming: Ints = naming[order]
        self._loan: Ints = loan[order]

    def _named(self, subject: int) -> int | None:
        """The loan that a subject names; where it was stated anew the last."""
        at = int(np.searchsorted(self._naming, subject, side="right")) - 1
        return int(self._loan[at]) if at >= 0 and self._naming[at] == subject else None

    def _of(self, kind: SubjectKind) -> NDArray[np.bool_]:
        """Which rows are of subjects of a kind."""
        return np.isin(self._naming, self._subjects.ids_of(kind))

    def concerned(self, subjects: Collection[int]) -> set[int]:
        """The loans that these subjects are or name, those that a claim or a payment names, and what each of them renews."""
        about = np.fromiter(subjects, np.int64, len(subjects))
        loans = np.isin(about, self._subjects.ids_of(SubjectKind.LOAN))
        waiting: list[int | None] = [*about[loans].tolist(), *map(self._named, about[~loans].tolist())]
        for kind in _MONEY:
            waiting += np.unique(self._loan[self._of(kind)]).tolist()
        wanted = set[int]()
        while waiting:
            loan = waiting.pop()
            if loan is not None and loan >= 0 and loan not in wanted:
                wanted.add(loan)
                waiting.append(self._named(loan))
        return wanted

    def with_events(self, loans: Collection[int]) -> set[int]:
        """The loans and everything that happened to them."""
        return set(loans) | set(self.events_of(loans).tolist())

    def events_of(self, loans: Collection[int]) -> Ints:
        """The events of some loans."""
        loan, event = self._events
        wanted = np.unique(np.fromiter(loans, np.int64, len(loans)))
        return event[places_of(loan, wanted)[0]]

    @cached_property
    def _events(self) -> tuple[Ints, Ints]:
        """Each event by the loan that it names: the loan, and the event."""
        own = self._of(SubjectKind.LOAN_EVENT)
        loan, event = self._loan[own], self._naming[own]
        order = np.argsort(loan, kind="stable")
        return loan[order], event[order]


def loan_names(prefix: Prefix) -> LoanNames:
    """Which subjects of a prefix name which loans; put in order once."""
    known: LoanNames | None = prefix.answers.get(LoanNames)
    if known is None:
        known = prefix.answers[LoanNames] = LoanNames(prefix)
    return known
