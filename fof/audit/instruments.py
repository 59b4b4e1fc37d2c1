"""The small instruments as their rules judge them: applications, results, deductions and the last closed year's statistics,
gathered from the book on a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import cached_property
from typing import Any

import numpy as np

from fof.audit.deals import unlisted_two_years
from fof.audit.groups import groups
from fof.audit.parties import company_facts, year_figures
from fof.audit.stated import own_attributes
from fof.book.company_columns import company_columns
from fof.book.company_money import company_payments
from fof.book.grants import (
    DecidedGrants,
    Deduction,
    Grant,
    deductions_of,
    grants_of,
    named_investment,
    of_kind,
)
from fof.book.identities import Registered
from fof.book.index import Book
from fof.book.legal_entities import LegalEntities
from fof.ledger import Dated, day_number
from fof.rules.facts import Matter
from fof.rules.facts_instruments import (
    DeductionFacts,
    GrantFacts,
    ResultFacts,
    StatisticsFacts,
    YearDeducted,
)
from fof.rules.new_economy import known_class
from fof.rules.registry import Scope
from models.instruments import GrantStep, SubsidyKind, VoucherPeriod
from models.kinds import DealKind, ExitRoute
from models.subjects import LinkRole as R
from models.subjects import Subject
from models.subjects import SubjectKind as S

_VOUCHER = own_attributes(S.VOUCHER, GrantFacts)
_SUBSIDY = own_attributes(S.SUBSIDY, GrantFacts)
_RESULT = own_attributes(S.RESULT, ResultFacts)
_DEDUCTION = own_attributes(S.DEDUCTION, DeductionFacts)
_TERMS: dict[SubsidyKind | None, tuple[str | None, str | None]] = {
    SubsidyKind.INCUBATION: ("incubation_cap", "incubation_own_share"),
    SubsidyKind.RESEARCH: ("research_cap", "research_own_share"),
}
"""Kind of a post-subsidy → the issuer's attributes that limit it."""


class InstrumentReadings:
    """The small instruments of a book on a day."""

    def __init__(self, book: Book, day: dt.date) -> None:
        self.book, self.day = book, day
        self.view = book.on(day)

    def of(self, party: int | None, name: str, day: dt.date) -> Any:
        """An attribute of a party on a day."""
        return None if party is None else self.book.facts.of(party, name, day)

    def code(self, party: int | None) -> str | None:
        """A party's code."""
        return None if party is None else self.book.code(party)

    def known(self, kind: S) -> list[Registered]:
        """The subjects of a kind registered by the day, by code."""
        return [own for own in of_kind(self.book.view, kind).values() if own.first_day <= self.day]

    # -- applications -------------------------------------------------------------------------------------------------

    @cached_property
    def grants(self) -> list[Grant]:
        """Applications made by the day, vouchers first."""
        return [g for g in grants_of(self.book.view).values() if g.subject.first_day <= self.day]

    @cached_property
    def _decided(self) -> DecidedGrants:
        return DecidedGrants(self.grants, self.day, LegalEntities(self.book, self.day))

    def voucher(self, grant: Grant) -> GrantFacts:
        """An application for a voucher."""
        own, day = grant.subject, self.day
        stated = own.stated(_VOUCHER, day)
        signed, decided = own.on("service_contract_on", day), grant.step_on(GrantStep.DECIDED, day)
        provider, then = own.linked(R.PROVIDER), signed or day
        return GrantFacts(
            grant.code,
            day,
            self.code(grant.claimant),
            decided_on=decided,
            paid=grant.paid(day),
            contract_on=signed,
            provider=self.code(provider),
            affiliated=grant.claimant is not None
            and provider is not None
            and groups(self.book, then).affiliated(grant.claimant, provider),
            st_sme_then=self._st_sme(grant.claimant, then),
            granted_in_year=self._decided.in_period(grant, VoucherPeriod.CALENDAR_YEAR),
            granted_in_contract=self._decided.in_period(grant, VoucherPeriod.CONTRACT),
            granted_ever=self._decided.in_period(grant, VoucherPeriod.ONCE),
            **stated,
        )

    def _st_sme(self, company: int | None, day: dt.date) -> bool | None:
        """Whether a firm was a registered S&T-SME on a day: by its registration's last day, else as it was stated for that day."""
        until = self.of(company, "st_sme_until", self.day)
        if until is not None:
            return bool(day <= until)
        stated: bool | None = self.of(company, "st_sme", day)
        return stated

    def subsidy(self, grant: Grant) -> GrantFacts:
        """An application for a post-subsidy or a reward."""
        own, day = grant.subject, self.day
        stated = own.stated(_SUBSIDY, day)
        decided = grant.step_on(GrantStep.DECIDED, day)
        deal, on, invested = named_investment(self.book, own, day)
        cap, share = _TERMS.get(stated.get("subsidy_kind"), (None, None))
        issuer, then = own.linked(R.ISSUER), decided or day
        return GrantFacts(
            grant.code,
            day,
            self.code(grant.claimant),
            decided_on=decided,
            paid=grant.paid(day),
            st_sme_then=None if deal is None or on is None else self._st_sme(deal.row.company, on),
            cap=None if cap is None else self.of(issuer, cap, then),
            own_share_min=None if share is None else self.of(issuer, share, then),
            invested=invested,
            invested_on=on,
            sold_on=self._gave_up(deal, DealKind.EXIT, DealKind.WRITE_OFF, liquidated=True),
            part_sold_on=self._gave_up(deal, DealKind.PARTIAL_EXIT, liquidated=True),
            rewarded_before=sum(
                f
                for _, other, f in self._decided.before(grant)
                if other.on("subsidy_kind", day) is SubsidyKind.REWARD
            ),
            **stated,
        )

    # -- results, deductions ------------------------------------------------------------------------------------------

    def result(self, own: Registered) -> ResultFacts:
        """A publicly funded result."""
        ends = {role: self.code(own.linked(role)) for role in (R.COMPANY, R.FUNDER, R.LICENSEE)}
        return ResultFacts(
            own.code,
            self.day,
            ends[R.COMPANY],
            ends[R.FUNDER],
            ends[R.LICENSEE],
            **own.stated(_RESULT, self.day),
        )

    @cached_property
    def deductions(self) -> list[Deduction]:
        """Deductions registered by the day, by code."""
        return [d for d in deductions_of(self.book.view).values() if d.subject.first_day <= self.day]

    def deduction(self, deduction: Deduction) -> DeductionFacts:
        """An investment that is deducted, with its company as of the day of the investment."""
        own, as_of = deduction.subject, self.day
        stated = own.stated(_DEDUCTION, as_of)
        deal, on, invested = named_investment(self.book, own, as_of)
        company = own.linked(R.COMPANY)
        then = unlisted = None
        if company is not None and on is not None:
            known = min(as_of, dt.date(on.year + 1, 12, 31))  # SM-04 asks for no later year
            then = company_facts(self.book, company, on, year_figures(self.book, company, known))
            unlisted = unlisted_two_years(self.of(company, "listed_on", as_of), on, as_of)
        return DeductionFacts(
            own.code,
            as_of,
            on,
            self.code(own.linked(R.HOLDER)),
            then,
            invested=invested,
            unlisted_two_years=unlisted,
            left_on=self._gave_up(deal, DealKind.EXIT),
            part_left_on=self._gave_up(deal, DealKind.PARTIAL_EXIT),
            years=tuple(YearDeducted(*year) for year in deduction.years(as_of)),
            **stated,
        )

    def _gave_up(self, deal: Dated | None, *kinds: DealKind, liquidated: bool = False) -> dt.date | None:
        """The day of the first deal of these kinds by which a deal's investor gave up what it had in the company, from that deal
        on. liquidated: whether a liquidation counts, which sells nothing."""
        if deal is None:
            return None
        path = self.book.costs[deal.row.investor, deal.row.company]
        given = [
            other.day
            for other in path.deals_upto(day_number(self.day))
            if other.row.kind in kinds
            and other.day >= deal.day
            and (liquidated or other.row.exit_route != ExitRoute.LIQUIDATION)
        ]
        return min(given, default=None)

    # -- statistics ---------------------------------------------------------------------------------------------------

    @property
    def closed_year(self) -> int:
        """The last year that is over on the day."""
        return self.day.year if (self.day.month, self.day.day) == (12, 31) else self.day.year - 1

    def statistics(self) -> StatisticsFacts:
        """The last closed year."""
        year = self.closed_year
        first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
        paid, companies = company_payments(self.view), company_columns(self.view)
        in_year = self.book.facts.in_year
        within = (paid.day >= day_number(first)) & (paid.day <= day_number(last))
        supported = [int(companies.party[place]) for place in np.unique(paid.place[within]).tolist()]
        stated = {
            name: {p for p in supported if in_year(p, name, year, self.day) is not None}
            for name in ("new_economy_class", "staff", "patents_granted")
        }
        foreign = [
            p
            for p in stated["new_economy_class"]
            if not known_class(in_year(p, "new_economy_class", year, self.day))
        ]

        def without(name: str) -> tuple[str, ...]:
            return tuple(sorted(self.book.code(p) for p in supported if p not in stated[name]))

        return StatisticsFacts(
            str(year),
            self.day,
            len(supported),
            tuple(sorted(self.book.code(p) for p in supported if self.of(p, "city", last) is None)),
            without("new_economy_class"),
            tuple(sorted(map(self.book.code, foreign))),
            without("staff"),
            without("patents_granted"),
        )


def instrument_matters(book: Book, day: dt.date) -> Iterator[Matter]:
    """Every application, result and deduction, and the last closed year where a company was ever classed or an application
    made, each with the party that it is grouped by."""
    own = InstrumentReadings(book, day)
    for grant in own.grants:
        kind = S(grant.subject.kind)
        facts = own.voucher(grant) if kind is S.VOUCHER else own.subsidy(grant)
        scope = Scope.VOUCHER if kind is S.VOUCHER else Scope.SUBSIDY
        yield Matter(scope, (facts,), Subject(kind, grant.code), None, facts.claimant)
    for subject in own.known(S.RESULT):
        result = own.result(subject)
        yield Matter(Scope.RESULT, (result,), Subject(S.RESULT, result.code), None, result.company)
    for deduction in own.deductions:
        made = own.deduction(deduction)
        yield Matter(Scope.DEDUCTION, (made,), Subject(S.DEDUCTION, made.code), None, made.holder)
    if own.grants or any(book.facts.holders("new_economy_class")):
        year = own.statistics()
        yield Matter(Scope.STATISTICS, (year,), Subject(S.OFFICE, year.code))
