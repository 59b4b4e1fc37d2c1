"""Taking an entry back: besides what the ledger asks, what the book of pools would become without it.

A claim that was paid rests on the loan, its steps, the agreement and the pool's money: an entry that it rests on is not taken back
before the payment is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import accumulate

from fof import ledger
from fof.access import Actor
from fof.book.laid import laid
from fof.book.pools import Pools, pools_of
from fof.db import Database
from fof.errors import Problem
from fof.intake.pool_checks import FOR_CLAIMS, PoolChecks
from fof.ledger import Booked, Draft, View
from models.kinds import EntryKind
from models.money import yuan_text
from models.rows import ROW_CLASSES, SubjectFact, SubjectLink
from models.subjects import SubjectKind as S
from models.text import Text

_NAMING = [table for table, made in ROW_CLASSES.items() if made in (SubjectFact, SubjectLink)]


def reverse(database: Database, actor: Actor, entry: int, why: str) -> Booked:
    """Take an entry back as fof.ledger.reverse does; refused too where claims, loans or pools would be what they cannot be."""
    return ledger.reverse(database, actor, entry, why, pools_without)


def pools_without(view: View, draft: Draft) -> Sequence[Problem]:
    """What would be wrong with loans, claims and pools without the entry that a draft takes back, and is not wrong now."""
    entry = draft.reverses
    if entry is None or view.entry(entry).kind != EntryKind.POOL:
        return []
    before, after = pools_of(view), pools_of(laid(view, [draft]))
    return list(_Without(view, before, after, draft, entry).problems())


class _Without:
    """The book with an entry, and without it."""

    def __init__(self, view: View, before: Pools, after: Pools, draft: Draft, entry: int) -> None:
        self.before, self.after, self.draft = before, after, draft
        self.subjects = {
            record.row.subject  # type: ignore[attr-defined]
            for table in _NAMING
            for record in view.journal.rows(table)
            if record.entry == entry
        }
        self.known_at = view.known_at

    def problems(self) -> Iterator[Problem]:
        loans = {
            number
            for number, loan in self.before.loans.items()
            if number in self.subjects or any(s.subject.number in self.subjects for s in loan.steps)
        }
        pools = set()
        for payment in self.before.payments:
            if payment.subject.number in self.subjects:
                pools |= {payment.payer, payment.payee} & self.before.payments_of.keys()
                loans |= {self.before.loan_of(payment)} - {None}  # type: ignore[arg-type]
        yield from self._agreements()
        was = PoolChecks(self.before, self.before, (), self.known_at)
        now = PoolChecks(self.after, self.after, (), self.known_at)
        for number in loans & self.after.loans.keys():
            yield from now.of_loan(self.after.loans[number], self.draft)
        for number, claim in self.before.claims.items():
            at = None if claim.loan is None else claim.loan.subject.number
            if (at not in loans and number not in self.subjects) or number not in self.after.claims:
                continue
            known = {p.code for p in was.of_claim(claim, self.draft, whole=True)}
            made = now.of_claim(self.after.claims[number], self.draft, whole=True)
            yield from (self._rests(p, claim.code) for p in made if p.code not in known)
        for pool in sorted(pools):
            yield from self._cash(pool)

    def _rests(self, problem: Problem, claim: str) -> Problem:
        text = Text(
            f"申请 {claim} 依据本分录：{problem.expected.zh}；须先冲销其后的分录",
            f"claim {claim} rests on this entry: {problem.expected.en}; reverse what came after it first",
        )
        return Problem(problem.code, text, claim)

    def _agreements(self) -> Iterator[Problem]:
        """Terms under which claims were paid."""
        for number in self.subjects & self.before.of(S.AGREEMENT).keys():
            for claim in self.before.claims.values():
                paid = any(p.leg in FOR_CLAIMS for p in claim.payments)
                if paid and claim.agreement is not None and claim.agreement.number == number:
                    text = Text(
                        "已按本协议赔付；须先冲销赔付",
                        "claims were paid under it: reverse the payments first",
                    )
                    yield Problem("over_paid_claims", text, claim.code)
                    break

    def _cash(self, pool: int) -> Iterator[Problem]:
        """A pool that would have held less than nothing at the close of a day."""
        days: dict[dt.date, int] = {}
        for payment in self.after.payments_of.get(pool, ()):
            days[payment.day] = days.get(payment.day, 0) + (
                payment.fen if payment.payee == pool else -payment.fen
            )
        low = min(accumulate(days.values()), default=0)
        if low < 0:
            text = Text(
                f"没有本分录，资金池余额将低至 {yuan_text(low)} 元（RC-22）",
                f"without it the pool would have held {yuan_text(low)} yuan (RC-22)",
            )
            yield Problem("pool_below_zero", text, yuan_text(low))
