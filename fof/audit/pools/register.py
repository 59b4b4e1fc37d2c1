"""The register of pools as its rules judge it, and its subjects."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from fof.audit.pools.standing import PoolReadings
from fof.book.index import Book
from fof.rules.facts import Matter
from fof.rules.facts_pools import PoolsRegister
from fof.rules.registry import Scope
from models.subjects import Subject, SubjectKind


def register(book: Book, day: dt.date, pool: str | None = None) -> PoolsRegister:
    """Everything about pools on a day; of one pool where it is named, guarantors left out then."""
    own = PoolReadings(book, day)
    number = None if pool is None else book.by_code.get(pool, -1)

    def chosen(of: int | None) -> bool:
        return number is None or of == number

    agreements = [a for a in own.agreements if chosen(own.own.pool_of(a))]
    return PoolsRegister(
        tuple(own.agreement(a) for a in agreements),
        tuple(own.pool(p) for p in own.own.pools if chosen(p)),
        tuple(own.loan(x) for x in own.enrolled if chosen(own.own.pool_of(x.agreement))),
        tuple(own.claim(c) for c in own.submitted if chosen(own.own.pool_of(c.agreement))),
        tuple(own.guarantor(g) for g in own.guarantors()) if number is None else (),
    )


def pool_matters(made: PoolsRegister) -> Iterator[Matter]:
    """Every agreement, pool, loan, claim and guarantor, with the pool as the party they are grouped by."""
    for agreement in made.agreements:
        address = Subject(SubjectKind.AGREEMENT, agreement.code)
        yield Matter(Scope.AGREEMENT, (agreement,), address, None, agreement.pool)
    for pool in made.pools:
        yield Matter(Scope.POOL, (pool,), Subject(SubjectKind.PARTY, pool.code), None, pool.code)
    for loan in made.loans:
        of = None if loan.agreement is None else loan.agreement.pool
        yield Matter(Scope.LOAN, (loan,), Subject(SubjectKind.LOAN, loan.code), None, of)
    for claim in made.claims:
        of = None if claim.agreement is None else claim.agreement.pool
        yield Matter(Scope.CLAIM, (claim,), Subject(SubjectKind.CLAIM, claim.code), None, of)
    for guarantor in made.guarantors:
        address = Subject(SubjectKind.PARTY, guarantor.code)
        yield Matter(Scope.GUARANTOR, (guarantor,), address, None, guarantor.code)
