"""Agreements, borrowers and loans as the rules judge them: terms and certificates of the day of enrolment."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from functools import cached_property
from operator import itemgetter
from typing import Any

from fof.audit.groups import groups
from fof.audit.on_demand import begin, gathered
from fof.audit.stated import own_attributes
from fof.book.identities import Registered
from fof.book.index import Book
from fof.book.legal_entities import LegalEntities
from fof.book.pools import Pools, counted_pools
from fof.book.pools.claims import Claim
from fof.book.pools.loans import Loan
from fof.book.pools.stop_loss import InsuredPayments
from fof.book.settings import rule_numbers
from fof.rules.calendar_days import months_between
from fof.rules.facts_pools import AgreementFacts, BorrowerFacts, LoanFacts
from fof.rules.registry import RULES
from models.pools import PoolLeg
from models.subjects import LinkRole as R
from models.subjects import SubjectKind as S

_AGREEMENT = own_attributes(S.AGREEMENT, AgreementFacts)
_LOAN = own_attributes(S.LOAN, LoanFacts)
_BORROWER = frozenset(f.name for f in fields(BorrowerFacts)) - {"code"}
_CERTIFICATES = frozenset(name for name in _BORROWER if name.endswith("_until"))
_OF_DAY = _BORROWER - _CERTIFICATES
_RATES = ("lpr_1y", "lpr_5y", "benchmark_rate")
_COMPENSATED = ("covered_loss", "suffered", "public_paid", "handed_back", "retained")


class LoanReadings:
    """The loans of a book on a day; each fact is worked out once."""

    def __init__(self, book: Book, day: dt.date) -> None:
        self.book, self.day = book, day
        self.own: Pools = counted_pools(book.view)
        self._terms: dict[tuple[int, int], AgreementFacts] = {}
        self._facts: dict[int, LoanFacts] = {}
        self._published: dict[str, list[tuple[dt.date, Any]]] = {}

    def code(self, party: int | None) -> str | None:
        """A party's code."""
        return None if party is None else self.book.code(party)

    def of(self, party: int | None, name: str, day: dt.date) -> Any:
        """An attribute of a party on a day."""
        return None if party is None else self.book.facts.of(party, name, day)

    def numbers(self, rule: str) -> Mapping[str, Any]:
        """A rule's numbers on the day as the book sets them: what holds where an agreement states none."""
        return rule_numbers(self.book.view).settings.of_rule(RULES[rule], self.day).values

    # -- agreements -------------------------------------------------------------------------------------------------

    def terms(self, agreement: Registered | None, day: dt.date) -> AgreementFacts | None:
        """An agreement as of a day, without its loans; one object for all days between which nothing of it is stated."""
        if agreement is None or agreement.first_day > self.day:
            return None
        day = max(day, agreement.first_day)
        key = agreement.number, agreement.version(day)
        facts = self._terms.get(key)
        if facts is None:
            stated = agreement.stated(_AGREEMENT, day)
            facts = self._terms[key] = AgreementFacts(
                agreement.code,
                self.day,
                self.code(agreement.linked(R.POOL)),
                first_day=agreement.first_day,
                **stated,
            )
        return facts

    def agreement(self, agreement: Registered) -> AgreementFacts:
        """An agreement of the as-of day; its loans, and what its insurer paid and received, when a rule asks for them."""
        facts = self.terms(agreement, self.day)
        assert facts is not None
        known = {name: value for name, value in vars(facts).items() if name not in _OF_AGREEMENT}
        whole: AgreementFacts = begin(_AGREEMENT_GATHERED, readings=self, own=agreement, **known)
        return whole

    def loans_under(self, agreement: Registered) -> tuple[LoanFacts, ...]:
        """The loans under an agreement, by code."""
        return tuple(self.loan(x) for x in self.enrolled if x.agreement is agreement)

    @cached_property
    def agreements(self) -> list[Registered]:
        """Agreements made by the day, by code."""
        own = (a for a in self.own.of(S.AGREEMENT).values() if a.first_day <= self.day)
        return sorted(own, key=lambda a: a.code)

    # -- loans --------------------------------------------------------------------------------------------------------

    @property
    def enrolled(self) -> Iterator[Loan]:
        """Loans registered by the day, by code; of a large pool they are read anew for each who asks."""
        return self.own.every_loan(day=self.day)

    @cached_property
    def entities(self) -> LegalEntities:
        """The legal entities of the day: a firm is one borrower under whatever code it borrows."""
        return LegalEntities(self.book, self.day)

    def _family(self, borrower: int | None) -> int | None:
        """Who stands for a firm's group, in whatever way the book says so; itself where it is in none."""
        return None if borrower is None else groups(self.book, self.day).root(borrower)

    @cached_property
    def group_outstanding(self) -> dict[tuple[object, int | None], int]:
        """(programme, group) → guaranteed principal on the day."""
        sums: dict[tuple[object, int | None], int] = defaultdict(int)
        for loan in self.enrolled:
            if fen := loan.outstanding(self.day):
                sums[self._programme(loan), self._family(loan.borrower)] += fen
        return sums

    @cached_property
    def firm_years(self) -> dict[tuple[object, int | None, int], int]:
        """(programme, firm, year) → contracts enrolled."""
        sums: dict[tuple[object, int | None, int], int] = defaultdict(int)
        for loan in self.own.every_loan(day=self.day, happened=False):
            on = loan.enrolled_on(self.day)
            if on is not None and on <= self.day:
                key = self._programme(loan), self.entities.of(loan.borrower), on.year
                sums[key] += loan.on("contract_amount", self.day) or 0
        return sums

    def _programme(self, loan: Loan) -> object:
        terms = self.terms(loan.agreement, loan.terms_day(self.day))
        return None if terms is None else terms.programme

    @cached_property
    def claims_on(self) -> dict[int, list[Claim]]:
        """First loan of a chain → live claims on the chain."""
        by_loan: dict[int, list[Claim]] = defaultdict(list)
        for claim in self.own.claims.values():
            if claim.loan is not None and claim.live(self.day):
                by_loan[self.own.chains[claim.loan.subject.number]].append(claim)
        return by_loan

    def rate(self, name: str, day: dt.date) -> Any:
        """A published rate in force on a day: the last that any government stated; None before the first."""
        line = self._published.get(name)
        if line is None:
            dated = [
                one
                for party in self.book.facts.holders(name)
                for one in self.book.facts.dated(party, name, self.day)
            ]
            line = self._published[name] = sorted(dated, key=itemgetter(0))
        at = bisect_right(line, day, key=itemgetter(0))
        return line[at - 1][1] if at else None

    def borrower(self, party: int | None, day: dt.date) -> BorrowerFacts | None:
        """A firm on a day; certificates that were recorded later but ran on the day count as known."""
        if party is None:
            return None
        among = self.book.facts.among
        known = among(party, _OF_DAY, day) | among(party, _CERTIFICATES, self.day)
        return BorrowerFacts(self.book.code(party), **known)

    def loan(self, loan: Loan) -> LoanFacts:
        """A loan as the rules judge it; one object where the loan is held."""
        number = loan.subject.number
        if number not in self.own.loans:
            return self._loan(loan)
        facts = self._facts.get(number)
        if facts is None:
            facts = self._facts[number] = self._loan(loan)
        return facts

    def _loan(self, loan: Loan) -> LoanFacts:
        """What a rule asks of it is gathered when it asks: most rules speak about loans of a few programmes."""
        on = loan.enrolled_on(self.day)
        facts: LoanFacts = begin(
            _GATHERED,
            readings=self,
            own=loan,
            then=on or loan.subject.first_day,
            code=loan.code,
            as_of=self.day,
            day=on,
            has_claim=self.own.chains[loan.subject.number] in self.claims_on,
        )
        return facts

    def claims_of_chain(self, loan: Loan) -> list[Claim]:
        """Live claims on a loan and those of its chain of renewals."""
        return self.claims_on.get(self.own.chains[loan.subject.number], [])

    def group_total(self, loan: Loan) -> int:
        """What is guaranteed of a loan's borrower and its group under the programme."""
        return self.group_outstanding.get((self._programme(loan), self._family(loan.borrower)), 0)

    def firm_year(self, loan: Loan, day: dt.date) -> int:
        """What was enrolled of a loan's borrower in a day's year under the programme."""
        key = self._programme(loan), self.entities.of(loan.borrower), day.year
        return self.firm_years.get(key, 0)

    def compensated(self, claims: list[Claim]) -> dict[str, Any]:
        """What all pools paid for a chain's loss, what came back to them and what lenders retained. The loss is that of the claim
        with the largest: claims of several pools are for one loss."""
        losses = [claim.loss(self.day) for claim in claims]
        borne = [claim.suffered(self.day) for claim in claims]
        back = retained = 0
        for claim in claims:
            returned = claim.returned(self.day)
            payers = {p.payer for p in claim.payments if p.leg is PoolLeg.COMPENSATION}
            back += sum(fen for party, fen in returned.items() if party in payers)
            retained += sum(fen for party, fen in returned.items() if party not in payers)
        return {
            "covered_loss": None if not claims or None in losses else max(x for x in losses if x is not None),
            "suffered": None if not claims or None in borne else max(x for x in borne if x is not None),
            "public_paid": sum(claim.compensated(self.day) for claim in claims),
            "handed_back": back,
            "retained": min(retained, sum(claim.recovered(self.day) for claim in claims)),
        }


def _insured_loss(insured: InsuredPayments) -> int:
    return insured.paid - insured.refunded


def _term(facts: Any) -> int | None:
    return None if facts.loan_due is None or facts.day is None else months_between(facts.day, facts.loan_due)


def _rate(name: str) -> Callable[[Any], Any]:
    return lambda facts: facts.readings.rate(name, facts.then)


def _of_claims(name: str) -> Callable[[Any], Any]:
    def gather(facts: Any) -> Any:
        made = facts.readings.compensated(facts.readings.claims_of_chain(facts.own))
        facts.__dict__.update(made)
        return made[name]

    return gather


_OF_AGREEMENT: dict[str, Callable[[Any], Any]] = {
    "loans": lambda f: f.readings.loans_under(f.own),
    "insured_loss": lambda f: _insured_loss(f.readings.own.insured(f.own, f.as_of)),
    "insured_cut": lambda f: f.readings.own.insurer_cut(f.own, f.as_of),
    "premiums": lambda f: f.readings.own.insured(f.own, f.as_of).premiums,
}
_AGREEMENT_GATHERED = gathered(AgreementFacts, _OF_AGREEMENT)
_GATHERED = gathered(
    LoanFacts,
    {
        "agreement": lambda f: f.readings.terms(f.own.agreement, f.then),
        "borrower": lambda f: f.readings.borrower(f.own.borrower, f.then),
        "lender": lambda f: f.readings.code(f.own.lender),
        "guarantor": lambda f: f.readings.code(f.own.guarantor),
        "term_months": _term,
        "guarantor_capital": lambda f: f.readings.of(f.own.guarantor, "registered_capital", f.then),
        "outstanding": lambda f: f.own.outstanding(f.as_of),
        "group_outstanding": lambda f: f.readings.group_total(f.own),
        "firm_in_year": lambda f: f.readings.firm_year(f.own, f.then),
        **{name: _rate(name) for name in _RATES},
        **{name: _of_claims(name) for name in _COMPENSATED},
    },
    (_LOAN, lambda f: dict.fromkeys(_LOAN) | f.own.subject.stated(_LOAN, f.as_of)),
)
