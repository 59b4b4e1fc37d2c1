"""The register of pools as its rules judge it, and its subjects."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

from fof.audit.pools.standing import PoolReadings
from fof.book.index import Book
from fof.book.pools.reading import in_pieces
from fof.rules.facts import Matter
from fof.rules.facts_pools import LoanFacts, PoolsRegister
from fof.rules.registry import Scope
from models.subjects import Subject, SubjectKind


def register(book: Book, day: dt.date, pool: str | None = None) -> PoolsRegister:
    """Everything about pools on a day; of one pool where it is named, guarantors left out then."""
    own = PoolReadings(book, day)
    number = _number(book, pool)
    return replace(_beside_loans(own, number), loans=tuple(map(own.loan, own.own.every_loan(number, day))))


def register_in_pieces(
    book: Book, day: dt.date, pool: str | None = None
) -> tuple[PoolsRegister, Iterator[list[Matter]]]:
    """The same for a large pool: everything but its loans, and these some thousand at a time, each read when its turn comes."""
    own = PoolReadings(book, day)
    number = _number(book, pool)
    pieces = in_pieces(own.own.loan_numbers(number, day))
    return _beside_loans(own, number), (
        [_loan_matter(own.loan(x)) for x in own.own.some_loans(piece)] for piece in pieces
    )


def one_loan(book: Book, day: dt.date, code: str) -> tuple[Matter, ...]:
    """A loan by itself; none where it is not registered by the day."""
    own = PoolReadings(book, day)
    number = book.view.subject_ids.get((SubjectKind.LOAN.value, code))
    loans = [] if number is None else own.own.some_loans([number])
    return tuple(_loan_matter(own.loan(x)) for x in loans if x.subject.first_day <= day)


def _number(book: Book, pool: str | None) -> int | None:
    return None if pool is None else book.by_code.get(pool, -1)


def _beside_loans(own: PoolReadings, number: int | None) -> PoolsRegister:
    def chosen(of: int | None) -> bool:
        return number is None or of == number

    return PoolsRegister(
        tuple(own.agreement(a) for a in own.agreements if chosen(own.own.pool_of(a))),
        tuple(own.pool(p) for p in own.own.pools if chosen(p)),
        (),
        tuple(own.claim(c) for c in own.submitted if chosen(own.own.pool_of(c.agreement))),
        tuple(own.guarantor(g) for g in own.guarantors()) if number is None else (),
    )


def _loan_matter(loan: LoanFacts) -> Matter:
    of = None if loan.agreement is None else loan.agreement.pool
    return Matter(Scope.LOAN, (loan,), Subject(SubjectKind.LOAN, loan.code), None, of)


def pool_matters(made: PoolsRegister) -> Iterator[Matter]:
    """Every agreement, pool, loan, claim and guarantor, with the pool as the party they are grouped by."""
    for agreement in made.agreements:
        address = Subject(SubjectKind.AGREEMENT, agreement.code)
        yield Matter(Scope.AGREEMENT, (agreement,), address, None, agreement.pool)
    for pool in made.pools:
        yield Matter(Scope.POOL, (pool,), Subject(SubjectKind.PARTY, pool.code), None, pool.code)
    for loan in made.loans:
        yield _loan_matter(loan)
    for claim in made.claims:
        of = None if claim.agreement is None else claim.agreement.pool
        yield Matter(Scope.CLAIM, (claim,), Subject(SubjectKind.CLAIM, claim.code), None, of)
    for guarantor in made.guarantors:
        address = Subject(SubjectKind.PARTY, guarantor.code)
        yield Matter(Scope.GUARANTOR, (guarantor,), address, None, guarantor.code)
