"""Every loan of a prefix in columns: who lends, borrows and guarantees, under which agreement of which pool, since when. Loans become
objects (fof.book.pools.loans) for whoever looks at some of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from fof.book.identities import NEVER
from fof.book.rows_of_subjects import rows_of_subjects
from fof.ledger import View, day_number
from fof.ledger.postings import Ints
from fof.ledger.prefix import Prefix
from models.subjects import LinkRole as R
from models.subjects import SubjectKind as S


class LinksNamed:
    """What each subject names in a role; the last of a role holds."""

    def __init__(self, prefix: Prefix) -> None:
        rows = rows_of_subjects(prefix, "subject_link")
        roles, *ends = rows.fields[1:]
        named = ends[2].ints
        for end in (ends[1].ints, ends[0].ints):
            named = np.where(end >= 0, end, named)
        self._subject, self._named = rows.subject, named[rows.order]
        self._roles = roles.as_coded().picked(rows.order)

    def of(self, numbers: Ints, role: R) -> Ints:
        """What stands in a role of each; -1 where nothing does."""
        own = np.flatnonzero(self._roles.among([role.value]))
        at = np.searchsorted(self._subject[own], numbers, side="right") - 1
        if not len(own):
            return np.full(len(numbers), -1, np.int64)
        last = own[np.maximum(at, 0)]
        return np.where((at >= 0) & (self._subject[last] == numbers), self._named[last], -1)


class RegisteredLoans:
    """The loans that name an agreement, by id.

    numbers       : rising
    agreement ... : ids of what stands in a role of each, -1 where nothing does; `pool`: that of its agreement
    first_day     : day number from which on it is in the book
    """

    def __init__(self, prefix: Prefix) -> None:
        self.links = LinksNamed(prefix)
        every = np.sort(prefix.subjects.ids_of(S.LOAN))
        self.numbers = every[self.links.of(every, R.AGREEMENT) >= 0]
        self.agreement, self.borrower, self.lender, self.guarantor, self.insurer, self.renews = (
            self.links.of(self.numbers, role)
            for role in (R.AGREEMENT, R.BORROWER, R.LENDER, R.GUARANTOR, R.INSURER, R.LOAN)
        )
        self.pool = self.links.of(self.agreement, R.POOL)
        self.first_day = np.minimum(
            *(_first_days(prefix, table, self.numbers) for table in ("subject_link", "subject_fact"))
        )
        codes = prefix.subjects.of_kind(S.LOAN)
        self._by_code = np.array(
            sorted(range(len(self.numbers)), key=[codes[n] for n in self.numbers.tolist()].__getitem__),
            np.int64,
        )

    def by_code(
        self, pool: int | None = None, day: dt.date | None = None, guarantor: int | None = None
    ) -> Ints:
        """Ids by code: of one pool or guarantor or of all, registered by a day or ever."""
        at = self._by_code
        for own, wanted in ((self.pool, pool), (self.guarantor, guarantor)):
            if wanted is not None:
                at = at[own[at] == wanted]
        if day is not None:
            at = at[self.first_day[at] <= day_number(day)]
        return self.numbers[at]

    def renewals(self) -> Iterator[tuple[int, int]]:
        """(loan, loan that it renews) of those that renew one of these."""
        own = np.isin(self.renews, self.numbers)
        return zip(self.numbers[own].tolist(), self.renews[own].tolist(), strict=True)


def _first_days(prefix: Prefix, table: str, numbers: Ints) -> NDArray[np.int64]:
    """The first day on which each stands in a table; NEVER where it does not."""
    rows = rows_of_subjects(prefix, table)
    at = np.searchsorted(rows.subject, numbers)
    there = np.append(rows.subject, -1)[at] == numbers
    return np.where(there, np.append(rows.day, NEVER)[at], NEVER).astype(np.int64)


def registered_loans(view: View) -> RegisteredLoans:
    """The loans of a view's prefix, read once."""
    known: RegisteredLoans | None = view.prefix.answers.get(RegisteredLoans)
    if known is None:
        known = view.prefix.answers[RegisteredLoans] = RegisteredLoans(view.prefix)
    return known
