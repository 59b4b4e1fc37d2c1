"""Claims: what was asked for, how far it came, what may be paid, what each party bore and got back."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, NamedTuple

from fof.book.identities import Registered
from fof.book.pools.loans import Loan
from fof.book.pools.sharing import covered, parts_of, shares_on
from fof.ledger import to_date
from models.pools import ClaimDecision, ClaimStep, LoanStep, PoolLeg, RecoveryPart
from models.subjects import LinkRole as R

NEXT: dict[ClaimStep | None, frozenset[ClaimStep]] = {
    None: frozenset({ClaimStep.SUBMITTED}),
    ClaimStep.SUBMITTED: frozenset(
        {ClaimStep.RETURNED, ClaimStep.REVIEWED, ClaimStep.DECIDED, ClaimStep.WITHDRAWN}
    ),
    ClaimStep.RETURNED: frozenset({ClaimStep.RESUBMITTED, ClaimStep.WITHDRAWN}),
    ClaimStep.RESUBMITTED: frozenset(
        {ClaimStep.RETURNED, ClaimStep.REVIEWED, ClaimStep.DECIDED, ClaimStep.WITHDRAWN}
    ),
    ClaimStep.REVIEWED: frozenset({ClaimStep.RETURNED, ClaimStep.DECIDED, ClaimStep.WITHDRAWN}),
    ClaimStep.DECIDED: frozenset(),
    ClaimStep.WITHDRAWN: frozenset({ClaimStep.SUBMITTED}),
}
"""What may follow a step; a claim that was withdrawn may be submitted again."""
_REPAYING = (LoanStep.REPAID, LoanStep.PREPAID, LoanStep.RENEWED)


class PoolPayment(NamedTuple):
    """A payment of or beside a pool as it was booked; ids of parties."""

    day: dt.date
    entry: int
    leg: PoolLeg
    payer: int
    payee: int
    fen: int
    pool: int | None
    claim: int | None
    loan: int | None
    part: RecoveryPart
    subject: Registered


@dataclass(slots=True)
class Claim:
    """A claim with its steps and its payments, by day and entry."""

    subject: Registered
    loan: Loan | None
    agreement: Registered | None
    claimant: int | None
    deal: int | None
    payments: list[PoolPayment] = field(default_factory=list)

    @property
    def code(self) -> str:
        return self.subject.code

    def on(self, name: str, day: dt.date) -> Any:
        """An attribute on a day."""
        return self.subject.on(name, day)

    def steps(self, day: dt.date = dt.date.max) -> list[tuple[dt.date, ClaimStep]]:
        """Its steps up to a day, in order."""
        return [
            (to_date(r.day), ClaimStep(r.row[7]))
            for r in sorted(self.subject.rows("claim_step"), key=lambda r: (r.day, r.entry, r.line))
            if to_date(r.day) <= day
        ]

    def wrong_step(self) -> tuple[dt.date, ClaimStep] | None:
        """The first step that cannot follow the one before it; a whole claim ends with the payment, so one decided stays so."""
        before: ClaimStep | None = None
        for day, step in self.steps():
            if step not in NEXT[before]:
                return day, step
            before = step
        return None

    def submitted_on(self, day: dt.date) -> dt.date | None:
        """The day it was (last) submitted."""
        days = [on for on, step in self.steps(day) if step is ClaimStep.SUBMITTED]
        return days[-1] if days else None

    def decision(self, day: dt.date) -> ClaimDecision | None:
        """What was decided, as known on a day; None where nothing was, or it was withdrawn."""
        steps = self.steps(day)
        if not steps or steps[-1][1] is not ClaimStep.DECIDED:
            return None
        decision: ClaimDecision | None = self.subject.on("claim_decision", day)
        return decision

    def state(self, day: dt.date) -> str | None:
        """How far it came: a step, or `paid` / `refused`; None before it was submitted."""
        steps = self.steps(day)
        if not steps:
            return None
        if self.decision(day) is ClaimDecision.REFUSED:
            return "refused"
        if any(p.leg is PoolLeg.COMPENSATION and p.day <= day for p in self.payments):
            return "paid"
        return steps[-1][1].value

    def live(self, day: dt.date) -> bool:
        """Whether it still asks for, or has, money: neither withdrawn nor refused."""
        return self.state(day) not in (None, "refused", ClaimStep.WITHDRAWN.value)

    def principal(self, day: dt.date) -> int:
        """Principal claimed, less what the borrower repaid between claim and payment (of what was paid: before it)."""
        asked = self.subject.on("claim_principal", day) or 0
        since, loan = self.submitted_on(day), self.loan
        if loan is None or since is None:
            return int(asked)
        paid = min((p.day for p in self.payments if p.leg is PoolLeg.COMPENSATION), default=day)
        last = min(paid, day)
        repaid = sum(s.fen for s in loan.steps if s.step in _REPAYING and since < s.day <= last)
        return max(int(asked) - repaid, 0)

    def terms_day(self, day: dt.date) -> dt.date:
        """The day whose version of the agreement governs it: that of its loan, of the loss of an investment that of the claim."""
        if self.loan is not None:
            return self.loan.terms_day(day)
        return self.submitted_on(day) or day

    def loss(self, day: dt.date) -> int | None:
        """The covered loss in fen, of an investment what was not recovered; None where the agreement or the claim does not say
        enough."""
        invested, recovered = (self.subject.on(name, day) for name in ("loss_invested", "loss_recovered"))
        if self.loan is None and invested is not None and recovered is not None:
            return max(int(invested) - int(recovered), 0)
        if self.agreement is None or self.subject.on("claim_principal", day) is None:
            return None
        on = self.terms_day(day)
        interest = self.subject.on("claim_interest", day) or 0
        deducted = self.subject.on("claim_deducted", day) or 0
        return covered(self.agreement, on, self.principal(day), interest, deducted)

    def parts(self, day: dt.date) -> dict[R, int]:
        """Each party's part of the covered loss; empty where it cannot be told."""
        loss = self.loss(day)
        if loss is None or self.agreement is None:
            return {}
        on = self.terms_day(day)
        return parts_of(loss, shares_on(self.agreement, on))

    def suffered(self, day: dt.date) -> int | None:
        """What of the covered loss falls on those whom public money compensates, before it does: what the guarantor paid the lender
        where it did, else the whole of it."""
        loss = self.loss(day)
        paid = self.paid_by_guarantor(day)
        return loss if loss is None or not paid else min(loss, paid)

    def public_left(self, day: dt.date) -> int | None:
        """What public money may still pay: the agreement's cap on it, of the loss suffered by whoever is compensated, less what was
        compensated otherwise; None where there is no cap."""
        if self.agreement is None:
            return None
        on = self.terms_day(day)
        cap, loss = self.agreement.on("public_money_cap", on), self.suffered(day)
        if cap is None or loss is None:
            return None
        other = self.subject.on("other_compensation", day) or 0
        return max(int(Fraction(cap) * loss) - int(other), 0)

    def paid(self, day: dt.date, payer: int | None = None) -> int:
        """What was paid for it up to a day, by one payer or by all."""
        return sum(
            p.fen
            for p in self.payments
            if p.leg in (PoolLeg.COMPENSATION, PoolLeg.GUARANTOR_PAID)
            and p.day <= day
            and payer in (None, p.payer)
        )

    def compensated(self, day: dt.date, payee: int | None = None) -> int:
        """What public money paid for it up to a day, to one payee or to all."""
        return sum(
            p.fen
            for p in self.payments
            if p.leg is PoolLeg.COMPENSATION and p.day <= day and payee in (None, p.payee)
        )

    def paid_by_guarantor(self, day: dt.date) -> int:
        """What the guarantor paid the lender for it up to a day."""
        return sum(p.fen for p in self.payments if p.leg is PoolLeg.GUARANTOR_PAID and p.day <= day)

    def recoveries(self, day: dt.date) -> list[PoolPayment]:
        """Principal recovered of the borrower up to a day, before it was shared."""
        return [
            p
            for p in self.payments
            if p.leg is PoolLeg.RECOVERY and p.part is RecoveryPart.PRINCIPAL and p.day <= day
        ]

    def recovered(self, day: dt.date) -> int:
        """The sum of its recoveries."""
        return sum(p.fen for p in self.recoveries(day))

    def borne(self, day: dt.date) -> dict[int, int]:
        """Party → what it bore of the covered loss by a day: what it paid out less what others paid it; the claimant the
        rest of the loss."""
        borne: dict[int, int] = {}
        for p in self.payments:
            if p.leg in (PoolLeg.COMPENSATION, PoolLeg.GUARANTOR_PAID) and p.day <= day:
                borne[p.payer] = borne.get(p.payer, 0) + p.fen
                borne[p.payee] = borne.get(p.payee, 0) - p.fen
        lender = self.claimant if self.loan is None else self.loan.lender
        loss = self.loss(day)
        if lender is not None and loss is not None:
            borne[lender] = borne.get(lender, 0) + loss
        return {party: fen for party, fen in borne.items() if fen > 0}

    def returned(self, day: dt.date) -> dict[int, int]:
        """Party → principal that came back to it by a day: recovered itself less what it handed on, and what was handed to it."""
        back: dict[int, int] = {}
        for p in self.payments:
            if p.day > day or p.part is not RecoveryPart.PRINCIPAL:
                continue
            if p.leg in (PoolLeg.RECOVERY, PoolLeg.RECOVERY_SHARED):
                back[p.payee] = back.get(p.payee, 0) + p.fen
            if p.leg is PoolLeg.RECOVERY_SHARED:
                back[p.payer] = back.get(p.payer, 0) - p.fen
        return {party: fen for party, fen in back.items() if fen}
