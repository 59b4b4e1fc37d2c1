"""Loans of which nothing was claimed, paid, recovered, agreed by instalments, extended or written off: nearly all of a large pool. What
they add to rates is read in arrays; `fof.book.pools.loans` is what it means, and a test holds the two together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fof.book.identities import NEVER
from fof.book.pools.loans import SIGN
from fof.book.pools.rates import DatedSums, Tally
from fof.book.pools.registered_loans import LinksNamed, registered_loans
from fof.book.rows_of_subjects import rows_of_subjects
from fof.ledger import View, day_number, to_date
from fof.ledger.postings import Ints
from fof.ledger.prefix import UNREADABLE, Prefix
from models.pools import LoanStep
from models.subjects import LinkRole as R
from models.subjects import SubjectKind as S

_BY_MONEY = {step.value: sign for step, sign in SIGN.items()}
_ASKED_OF_THE_LOAN = frozenset(s.value for s in (LoanStep.SCHEDULED, LoanStep.EXTENDED, LoanStep.WRITTEN_OFF))
"""Steps by which a loan's terms or losses are its own: who has one is read as a loan."""


class _LastStated(NamedTuple):
    """Of some subjects, in the order given: the last text of an attribute as a place among values, -1 where there is none."""

    place: Ints
    values: list[str]
    day: Ints


class PlainLoans:
    """The plain loans of a prefix, by id.

    apart : ids of loans that claims and payments are about, which are not among them
    """

    def __init__(self, view: View, apart: Collection[int]) -> None:
        prefix, every = view.prefix, registered_loans(view)
        numbers = every.numbers
        loan, day, fen, more = _movements(view, every.links)
        dues, dues_read = _days(prefix, numbers, "loan_due")
        enrolled, enrolled_read = _days(prefix, numbers, "enrolled_on")
        contract, contract_read = _amounts(prefix, numbers, "contract_amount")
        plain = dues_read & enrolled_read & contract_read
        plain &= ~np.isin(numbers, more) & ~np.isin(numbers, np.fromiter(apart, np.int64, len(apart)))
        self.others: list[int] = numbers[~plain].tolist()
        """Loans that are read one by one."""
        self.numbers = numbers[plain]
        self._due, self._enrolled, self._contract = dues[plain], enrolled[plain], contract[plain]
        of_plain = np.isin(loan, self.numbers)
        self._loan = np.searchsorted(self.numbers, loan[of_plain])
        self._day, self._fen = day[of_plain], fen[of_plain]
        self._drawn = np.zeros(len(self.numbers), np.int64)
        np.add.at(self._drawn, self._loan, np.maximum(self._fen, 0))
        self._pool, self._lender, self._guarantor, self._first = (
            column[plain] for column in (every.pool, every.lender, every.guarantor, every.first_day)
        )

    def _of(self, pool: int, lender: int | None, guarantor: int | None) -> NDArray[np.bool_]:
        chosen: NDArray[np.bool_] = self._pool == pool
        for own, wanted in ((self._lender, lender), (self._guarantor, guarantor)):
            if wanted is not None:
                chosen &= own == wanted
        return chosen

    def tally(self, pool: int, lender: int | None = None, guarantor: int | None = None) -> Tally:
        """What they add to the rates of a pool, of all or of those of one bank or guarantor."""
        chosen = self._of(pool, lender, guarantor)
        moved = chosen[self._loan]
        day, fen = self._day[moved], self._fen[moved]
        stated = chosen & (self._enrolled != NEVER)
        falls_due = chosen & (self._due != NEVER) & (self._drawn > 0)
        less = fen < 0
        return Tally(
            DatedSums(()),
            DatedSums(()),
            _sums(self._enrolled[stated], self._contract[stated]),
            _sums(day[less], -fen[less]),
            _sums(self._due[falls_due], self._drawn[falls_due]),
            _sums(day, fen),
        )

    def standing(self, pool: int, day: dt.date) -> tuple[int, int]:
        """How many of a pool's loans of a day are not repaid at its close, and what is owed of them in fen."""
        number = day_number(day)
        moved = self._day <= number
        left = np.zeros(len(self.numbers), np.int64)
        np.add.at(left, self._loan[moved], self._fen[moved])
        left = left[(self._first <= number) & self._of(pool, None, None)]
        return int(np.count_nonzero(left)), int(left.sum())


def _stated(prefix: Prefix, numbers: Ints, name: str) -> _LastStated:
    rows = rows_of_subjects(prefix, "subject_fact")
    places = np.flatnonzero(rows.fields[1].as_coded().among([name])[rows.order])
    text = rows.coded(2, rows.order[places])
    own, day, place = rows.subject[places], rows.day[places].astype(np.int64), text.column.astype(np.int64)
    if not len(own):
        nothing = np.full(len(numbers), -1, np.int64)
        return _LastStated(nothing, [], nothing)
    at = np.maximum(np.searchsorted(own, numbers, side="right") - 1, 0)
    known = own[at] == numbers
    different, where = np.unique(place, return_inverse=True)
    values = [text.values[n] for n in different.tolist()]
    return _LastStated(np.where(known, where[at], -1), values, np.where(known, day[at], NEVER))


def _days(prefix: Prefix, numbers: Ints, name: str) -> tuple[Ints, NDArray[np.bool_]]:
    """The day that each states last; NEVER where none; and whether it can be read."""
    stated = _stated(prefix, numbers, name)
    values, _ = prefix.parsed([name] * len(stated.values), stated.values)
    days = [day_number(v) if isinstance(v, dt.date) else -NEVER for v in values]
    own = np.array([*days, NEVER], np.int64)[stated.place]
    return own, own != -NEVER


def _amounts(prefix: Prefix, numbers: Ints, name: str) -> tuple[Ints, NDArray[np.bool_]]:
    """The fen that each states last, 0 where none; and whether it can be read."""
    stated = _stated(prefix, numbers, name)
    values, _ = prefix.parsed([name] * len(stated.values), stated.values)
    fen = np.array([*(0 if v is UNREADABLE else int(v) for v in values), 0], np.int64)
    read = np.array([*(v is not UNREADABLE for v in values), True], np.bool_)
    return fen[stated.place], read[stated.place]


def _movements(view: View, links: LinksNamed) -> tuple[Ints, Ints, Ints, Ints]:
    """Loan, day and change of the balance of each step by which money moved; and the loans of which a step says more than that."""
    events = np.sort(view.prefix.subjects.ids_of(S.LOAN_EVENT))
    loan = links.of(events, R.LOAN)
    stated = _stated(view.prefix, events, "loan_step")
    sign = np.array([*(_BY_MONEY.get(text, 0) for text in stated.values), 0], np.int64)[stated.place]
    more = np.array([*(text in _ASKED_OF_THE_LOAN for text in stated.values), False], np.bool_)[stated.place]
    p = view.on(None).postings
    own = np.flatnonzero(np.isin(p.loan, events))
    order = own[np.argsort(p.loan[own], kind="stable")]
    at = np.searchsorted(p.loan[order], events, side="right") - 1
    of_event = np.append(p.loan[order], -1)[at] == events
    fen = np.where(of_event, np.append(p.fen[order], 0)[at], 0)
    alone = (loan >= 0) & (sign != 0)
    moved = alone & of_event
    return (
        loan[moved],
        stated.day[moved],
        sign[moved] * fen[moved],
        np.unique(loan[more | (alone & ~of_event)]),
    )


def _sums(day: Ints, fen: Ints) -> DatedSums:
    """Amounts added by day."""
    days, place = np.unique(day, return_inverse=True)
    sums = np.zeros(len(days), np.int64)
    np.add.at(sums, place, fen)
    return DatedSums(zip(map(to_date, days.tolist()), sums.tolist(), strict=True))
