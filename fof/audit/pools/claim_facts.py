"""Claims as the rules judge them: clocks by working days, what each party bore and got back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable
from functools import cached_property

from fof.audit.pools.loan_facts import LoanReadings
from fof.book.pools.claims import Claim
from fof.book.pools.clocks import clock
from fof.book.pools.recoveries import fair_parts, order_of
from fof.book.working_days import calendar_of
from fof.calendar import WorkingCalendar
from fof.grouping import by_key
from fof.rules.facts_pools import ClaimFacts, GuarantorOfClaim, RecoveryFacts
from models.pools import ClaimDecision, ClaimStep, PoolLeg

_PROJECT = ("loss_invested", "loss_recovered")


class ClaimReadings(LoanReadings):
    """The claims of a book on a day."""

    @cached_property
    def _claims(self) -> dict[int, ClaimFacts]:
        return {}

    @cached_property
    def calendar(self) -> WorkingCalendar:
        """Working days as known on the day."""
        return calendar_of(self.book, self.day)

    @cached_property
    def submitted(self) -> list[Claim]:
        """Claims made by the day, by code."""
        own = (c for c in self.own.claims.values() if c.state(self.day) is not None)
        return sorted(own, key=lambda c: c.code)

    def claim(self, claim: Claim) -> ClaimFacts:
        """A claim as the rules judge it, gathered once."""
        facts = self._claims.get(claim.subject.number)
        if facts is None:
            facts = self._claims[claim.subject.number] = self._claim(claim)
        return facts

    def _claim(self, claim: Claim) -> ClaimFacts:
        day, steps = self.day, tuple(claim.steps(self.day))
        to_review = (ClaimStep.REVIEWED, ClaimStep.DECIDED)
        review = clock(claim, ClaimStep.SUBMITTED, to_review, day, self.calendar)
        after = ClaimStep.REVIEWED if any(s is ClaimStep.REVIEWED for _, s in steps) else ClaimStep.SUBMITTED
        decision = clock(claim, after, (ClaimStep.DECIDED,), day, self.calendar)
        then = claim.terms_day(day)
        granted = claim.decision(day) in (ClaimDecision.WHOLLY, ClaimDecision.PARTLY)
        return ClaimFacts(
            claim.code,
            day,
            self.terms(claim.agreement, then),
            None if claim.loan is None else self.loan(claim.loan),
            self.code(claim.claimant),
            claim.submitted_on(day),
            steps,
            review.used,
            decision.used,
            review.stopped,
            decision.stopped,
            claim.on("overdue_since", day),
            claim.decision(day),
            claim.on("refusal_reason", day),
            claim.on("decided_amount", day),
            None if claim.on("claim_principal", day) is None else claim.principal(day),
            claim.loss(day),
            self.own.part(claim, day),
            claim.compensated(day),
            claim.paid_by_guarantor(day),
            claim.recovered(day),
            self._recovered_when_paid(claim),
            claim.on("other_compensation", day),
            self.own.offer(claim, day).uncompensated if granted else 0,
            self._guarantor(claim),
            self._recoveries(claim),
            self._in_year(claim),
            claim.on("loss_invested", day),
            claim.on("loss_recovered", day),
            claim.on("stage_invested", day),
            *self._all_projects(claim),
            tuple(
                other.code
                for other in (() if claim.deal is None else self._by_deal.get(claim.deal, ()))
                if other is not claim and other.live(day)
            ),
        )

    @cached_property
    def _by_deal(self) -> dict[int | None, list[Claim]]:
        """Claims made by the day by the deal whose loss they are for."""
        return by_key(self.submitted, lambda claim: claim.deal)

    def _recovered_when_paid(self, claim: Claim) -> int:
        paid = [p.day for p in claim.payments if p.leg is PoolLeg.COMPENSATION and p.day <= self.day]
        return claim.recovered(max(paid, default=self.day))

    def _guarantor(self, claim: Claim) -> GuarantorOfClaim | None:
        guarantor = None if claim.loan is None else claim.loan.guarantor
        on = claim.submitted_on(self.day)
        if guarantor is None or on is None:
            return None
        return GuarantorOfClaim(*(self.of(guarantor, name, on) for name in GuarantorOfClaim._fields))

    def _recoveries(self, claim: Claim) -> tuple[RecoveryFacts, ...]:
        """What each party that bore a part got back; its fair part is told where everything recovered was to be handed on."""
        back = claim.returned(self.day)
        borne = claim.borne(self.day)
        if not back or not borne:
            return ()
        received = [p.day for p in claim.recoveries(self.day)]
        terms = self.terms(claim.agreement, self.day)
        days = self.numbers("RC-24")["recovery_remit_days"]
        if terms is not None and terms.remit_days is not None:
            days = terms.remit_days
        settled = days is not None and all((self.day - on).days > days for on in received)
        whole = max(sum(back.values()), 0)
        fair = fair_parts(claim, self.own.pool_of(claim.agreement), order_of(claim, self.day), whole, borne)
        return tuple(
            RecoveryFacts(
                self.book.code(party),
                borne[party],
                max(back.get(party, 0), 0),
                part if settled else None,
                self._slowest(claim, party, received, short=back.get(party, 0) < part),
            )
            for party, part in fair.items()
        )

    def _slowest(self, claim: Claim, party: int, received: list[dt.date], *, short: bool) -> int | None:
        """The longest from receipt to hand-over to a party; of what is still owed, up to the day."""
        lender = claim.claimant if claim.loan is None else claim.loan.lender
        if party == lender:
            return 0
        days = []
        for p in claim.payments:
            if p.leg is PoolLeg.RECOVERY_SHARED and p.payee == party and p.day <= self.day:
                stated = p.subject.on("recovery_received_on", self.day)
                on = stated or max((r for r in received if r <= p.day), default=None)
                if on is None:
                    return None
                days.append((p.day - on).days)
        if short and received:
            days.append((self.day - max(received)).days)
        return max(days, default=None)

    def _all_projects(self, claim: Claim) -> tuple[int | None, int | None]:
        """What its claimant invested in, and recovered of, all projects that it states under the agreement, in fen."""
        return self._projects.get(_claimant_of(claim), (0, 0))

    @cached_property
    def _projects(self) -> dict[Hashable, tuple[int | None, int | None]]:
        """The same by agreement and claimant: of each deal what was stated last, withdrawn claims left out."""
        sums: dict[Hashable, tuple[int | None, int | None]] = {}
        live = (c for c in self.submitted if c.state(self.day) != ClaimStep.WITHDRAWN.value)
        for who, claims in by_key(live, _claimant_of).items():
            last = {claim.deal: claim for claim in claims}
            stated = [[own.on(name, self.day) for own in last.values()] for name in _PROJECT]
            invested, recovered = (None if None in own else sum(own) for own in stated)
            sums[who] = invested, recovered
        return sums

    def _in_year(self, claim: Claim) -> int:
        """What the claimant was paid under the agreement in the years in which it was for this claim, the most of them."""
        years = {p.day.year for p in claim.payments if p.leg is PoolLeg.COMPENSATION and p.day <= self.day}
        return max((self.own.paid_in_year(claim, year, self.day) for year in years), default=0)


def _claimant_of(claim: Claim) -> Hashable:
    """Under which agreement who claims."""
    return None if claim.agreement is None else claim.agreement.number, claim.claimant
