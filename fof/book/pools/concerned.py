"""Which loans of a book some entries are about: of hundreds of thousands an import reads those alone."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

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
        _, (subjects, roles, others) = prefix.columns_of("subject_link", "subject", "role", "other")
        pairs = [
            (subject, other)
            for subject, role, other in zip(subjects, roles, others, strict=True)
            if role == LinkRole.LOAN and subject is not None and other is not None
        ]
        rows: Ints = np.array(pairs, np.int64).reshape(-1, 2)
        rows = rows[np.argsort(rows[:, 0], kind="stable")]
        self._naming, self._loan = rows[:, 0].copy(), rows[:, 1].copy()

    def loans(self) -> list[int]:
        """Every loan, by id."""
        return sorted(self._subjects.of_kind(SubjectKind.LOAN))

    def _named(self, subject: int) -> int | None:
        """The loan that a subject names; where it was stated anew the last."""
        at = int(np.searchsorted(self._naming, subject, side="right")) - 1
        return int(self._loan[at]) if at >= 0 and self._naming[at] == subject else None

    def _of(self, kind: SubjectKind) -> NDArray[np.bool_]:
        """Which rows are of subjects of a kind."""
        own = self._subjects.of_kind(kind)
        return np.isin(self._naming, np.fromiter(own, np.int64, len(own)))

    def concerned(self, subjects: Collection[int]) -> set[int]:
        """The loans that these subjects are or name, those that a claim or a payment names, and what each of them renews."""
        loans = self._subjects.of_kind(SubjectKind.LOAN)
        waiting = [n if n in loans else self._named(n) for n in subjects]
        for kind in _MONEY:
            waiting += np.unique(self._loan[self._of(kind)]).tolist()
        wanted = set[int]()
        while waiting:
            loan = waiting.pop()
            if loan is not None and loan not in wanted:
                wanted.add(loan)
                waiting.append(self._named(loan))
        return wanted

    def with_events(self, loans: Collection[int]) -> set[int]:
        """The loans and everything that happened to them."""
        wanted = np.fromiter(loans, np.int64, len(loans))
        happened = np.isin(self._loan, wanted) & self._of(SubjectKind.LOAN_EVENT)
        return set(loans) | set(self._naming[happened].tolist())
