"""What a compensation rate of a pool is made of, row by row: payments, recoveries, and of each loan what was enrolled, released,
fell due, and is outstanding. The sums of rates (fof.book.pools.rates) and their explanations are made of the same rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from fof.book.pools.claims import PoolPayment
from fof.book.pools.loans import Loan
from fof.book.pools.rates import DatedSums, Tally
from models.pools import Denominator, PoolLeg, RecoveryPart


class TalliedPayment(NamedTuple):
    """A payment that counts in a numerator, in fen."""

    day: dt.date
    fen: int
    payment: PoolPayment


class TalliedLoan(NamedTuple):
    """What a loan adds to a denominator on a day, in fen; of what is outstanding a change."""

    day: dt.date
    fen: int
    loan: Loan


@dataclass(slots=True)
class TalliedRows:
    """Rows of a rate: of its numerator, and of its denominator by name."""

    paid: list[TalliedPayment] = field(default_factory=list)
    recovered: list[TalliedPayment] = field(default_factory=list)
    of: dict[Denominator, list[TalliedLoan]] = field(default_factory=lambda: {of: [] for of in Denominator})

    def tally(self) -> Tally:
        """Their sums over any days."""
        rows: Sequence[Iterable[TalliedPayment | TalliedLoan]] = (
            self.paid,
            self.recovered,
            self.of[Denominator.ENROLLED],
            self.of[Denominator.RELEASED],
            self.of[Denominator.MATURED],
            self.of[Denominator.OUTSTANDING],
        )
        return Tally(*(DatedSums((row.day, row.fen) for row in own) for own in rows))


def tallied(payments: Iterable[PoolPayment], loans: Iterable[Loan], payer: int, leg: PoolLeg) -> TalliedRows:
    """The rows of the loans and payments given: what `payer` paid in a leg, and what of it came back to it."""
    made = TalliedRows()
    for p in payments:
        if p.leg is leg and p.payer == payer:
            made.paid.append(TalliedPayment(p.day, p.fen, p))
        elif (
            p.part is RecoveryPart.PRINCIPAL
            and p.payee == payer
            and p.leg in (PoolLeg.RECOVERY_SHARED, PoolLeg.RECOVERY)
        ):
            made.recovered.append(TalliedPayment(p.day, p.fen, p))
    enrolled, released, matured, changes = (
        made.of[of]
        for of in (
            Denominator.ENROLLED,
            Denominator.RELEASED,
            Denominator.MATURED,
            Denominator.OUTSTANDING,
        )
    )
    for loan in loans:
        since = loan.enrolled_on(dt.date.max)
        if since is not None:
            enrolled.append(TalliedLoan(since, int(loan.on("contract_amount", dt.date.max) or 0), loan))
        moved = [m for m in loan.movements() if loan.settled_on is None or m[0] < loan.settled_on]
        if loan.settled_on is not None and (rest := sum(fen for _, fen in moved)):
            moved.append((loan.settled_on, -rest))
        changes += [TalliedLoan(day, fen, loan) for day, fen in moved]
        released += [TalliedLoan(day, -fen, loan) for day, fen in moved if fen < 0]
        matured += [TalliedLoan(day, fen, loan) for day, fen in loan.scheduled()]
    return made
