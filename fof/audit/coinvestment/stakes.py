"""One person's stake in one project."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from dataclasses import MISSING, fields
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple

from fof.audit.coinvestment.evidence_tests import StakeTerms, evidence_standing
from fof.audit.coinvestment.exits import ExitReadings
from fof.audit.coinvestment.readings import attributes_of
from fof.audit.on_demand import begin, gathered
from fof.book.declared import declarations_of
from fof.book.identities import Registered
from fof.book.index import Book
from fof.rules.facts_coinvest import (
    DeclarationFacts,
    Denied,
    IncidentFacts,
    KinFacts,
    NomineeFacts,
    PaymentFacts,
    ProjectFacts,
    SpellFacts,
    StaffStakeFacts,
    TieFacts,
)
from models.coinvest import EvidenceItem, PaymentLeg
from models.money import WHOLE
from models.subjects import LinkRole as R
from models.subjects import SubjectKind as S

_NOTHING_DENIED: Denied = frozenset()
_PERSON, _DEAL, _VEHICLE, _PLAN = R.PERSON, R.DEAL, R.VEHICLE, R.PLAN
_STAKE, _DECLARATION = attributes_of(S.STAFF_STAKE), attributes_of(S.DECLARATION)


_DEFAULTS: dict[str, Any] = {f.name: f.default for f in fields(StaffStakeFacts) if f.default is not MISSING}
_Stake = gathered(
    StaffStakeFacts,
    {  # what the sentence about a payment takes is made without the rest
        "person": lambda facts: facts.readings.code(facts.registered.links.get(_PERSON)) or "",
        "payments": lambda facts: facts.readings.payments_of(facts.registered),
        "plan": lambda facts: facts.readings.plan(facts.registered.links.get(_PLAN), facts.day),
        "plan_today": lambda facts: facts.readings.plan(facts.registered.links.get(_PLAN), facts.as_of),
    },
    (
        [f.name for f in fields(StaffStakeFacts)],
        lambda facts: _DEFAULTS | facts.readings.facts_of_stake(facts.registered),
    ),
)


class _Common(NamedTuple):
    """What all stakes of a deal have in common: its project with its day, the institution and its code, the company, and whether
    the institution recorded any business tie. All empty for stakes without a deal."""

    project: ProjectFacts | None = None
    day: dt.date | None = None
    firm: int | None = None
    institution: str | None = None
    company: int | None = None
    ties_known: bool = False


class StakeReadings(ExitReadings):
    """Stakes, each worked out once; what all stakes of a project have in common, too."""

    def __init__(self, book: Book, day: dt.date) -> None:
        super().__init__(book, day)
        self._stakes: dict[int, StaffStakeFacts] = {}
        self._lists: dict[tuple[int, str, dt.date], Collection[str] | None] = {}
        self._related: dict[tuple[int | None, int | None, dt.date], tuple[tuple[dt.date, Fraction], ...]] = {}
        self._traded: dict[tuple[int | None, int], tuple[TieFacts, ...]] = {}
        self._commons: dict[int | None, _Common] = {}
        self._last_spells: dict[tuple[int, int | None], tuple[SpellFacts | None, bool]] = {}

    # -- stakes -------------------------------------------------------------------------------------------------------

    def stake(self, own: Registered) -> StaffStakeFacts:
        """One person's stake in one project."""
        facts = self._stakes.get(own.number)
        if facts is None:
            facts = self._stakes[own.number] = begin(_Stake, **_DEFAULTS | self.facts_of_stake(own))
        return facts

    def stake_later(self, own: Registered) -> StaffStakeFacts:
        """The same, of which nothing is made but what lists ask for; the rest when somebody looks at it."""
        facts = self._stakes.get(own.number)
        if facts is None:
            common = self._common(own.links.get(_DEAL))
            facts = self._stakes[own.number] = begin(
                _Stake,
                readings=self,
                registered=own,
                code=own.code,
                institution=common.institution,
                day=common.day,
                as_of=self.day,
                paid_in=self._paid_in(own),
            )
        return facts

    def payments_of(self, own: Registered) -> tuple[PaymentFacts, ...]:
        """The person's payments up to the day."""
        common = self._common(own.links.get(_DEAL))
        denied = self.denied([own.number]) if self._denied else _NOTHING_DENIED
        paid = [p for p in self.own.of_stake.get(own.number, ()) if p.day <= self.day]
        return tuple([self.payment(p, common.firm, common.company, denied) for p in paid])

    def facts_of_stake(self, own: Registered) -> dict[str, object]:
        """Field → value; a field that is not among them has the default that the facts declare for it."""
        person, deal = own.links.get(_PERSON), own.links.get(_DEAL)
        common = self._common(deal)
        project, firm, company = common.project, common.firm, common.company
        payments = self.payments_of(own)
        day = common.day or min((p.day for p in payments), default=None)
        at = day or self.day
        denied = _NOTHING_DENIED
        if self._denied:
            denied = self.denied_of_stake(own.number, _NOTHING_DENIED if project is None else project.denied)
        tranches = self.tranches(own)
        who = None if person is None else self.book.code(person)
        last_spell, spells_known = (None, False) if person is None else self._last_spell(person, firm)
        terms = StakeTerms(project, payments, last_spell, self._paid_in(own))
        evidence = [e for e in self._evidence.get(own.number, ()) if e.first_day <= self.day]
        there, untold = evidence_standing(self.own, own, evidence, terms, self.day)
        plan = own.links.get(_PLAN)
        known: dict[str, object] = {
            "code": own.code,
            "person": who or "",
            "institution": common.institution,
            "project": project,
            "day": day,
            "as_of": self.day,
            "vehicle": self.code(own.links.get(_VEHICLE)),
            "plan": self.plan(plan, at),
            "plan_today": self.plan(plan, self.day),
            "spell": None if person is None else self.spell_on(person, firm, at),
            "spells_known": spells_known,
            "last_spell": last_spell,
            "payments": payments,
            "tranches": tranches,
            "paid_in": terms.paid_in,
            "shares": self.bought(tranches),
            "ties_known": common.ties_known,
            "held": Fraction(1),
            "evidence": there,
            "evidence_untold": untold,
            "denied": denied,
            **own.stated(_STAKE, self.day),
        }
        if denied:
            answered = self.denied([own.number])
            known["evidence_denied"] = frozenset(i for i in EvidenceItem if i.value in answered)
        if own.number in self._nominated:
            known["nominees"] = tuple(self._nominees(own))
        if (transfers := tuple([p for p in payments if p.leg is PaymentLeg.TRANSFER])) != ():
            known["transfers"] = transfers
            known["held"] = _held(self.bought(tranches), payments)
            known["transferee_is_state"] = self._state_buyer(transfers)
            known["audited_net_assets_per_share"] = self._net_assets(company, transfers)
        if project is not None:
            known["roster"] = project.roster_by_person.get(who or "")
            if project.ballots:
                known["ballots"] = tuple([b for b in project.ballots if b.person == who])
        if company is not None:
            known["ties"] = self._tie_facts(firm, company)
            known["related_share_of_investee"] = self._related_share(firm, company, at)
            known["is_state_representative"] = self._listed(company, "state_representatives", who, at)
            known["is_founder_of_investee"] = self._listed(company, "founders", who, at)
            known["exits"] = tuple(self._exits(own, firm, company))
        if person is not None:
            known["declarations"] = tuple(self._declarations(person, deal))
            known["employed_by_investee"] = self._works_at(person, company, at)
            if person in self._with_kin:
                known["kin"] = tuple(self._kin(person, own, company, at))
            if person in self._leaks:
                known["incidents"] = tuple(self._incidents(person))
        return known

    def _common(self, deal: int | None) -> _Common:
        """What all stakes of a deal have in common."""
        known = self._commons.get(deal)
        if known is None:
            known = self._commons[deal] = self._common_of(deal)
        return known

    def _common_of(self, deal: int | None) -> _Common:
        dated = None if deal is None else self.own.deals.get(deal)
        if deal is None or dated is None:
            return _Common()
        project, firm = self.project(deal), self.own.institution(dated)
        traded = firm is not None and self.own.by(S.BUSINESS_TIE, R.INSTITUTION).get(firm)
        return _Common(project, project.day, firm, self.code(firm), dated.row.company, bool(traded))

    def _last_spell(self, person: int, firm: int | None) -> tuple[SpellFacts | None, bool]:
        """The last of a person's spells at an institution as of the day, and whether there is any."""
        known = self._last_spells.get((person, firm))
        if known is None:
            spells = self._spells_of(person, firm)
            last = self.spell(spells[-1][-1], self.day) if spells else None
            known = self._last_spells[person, firm] = last, bool(spells)
        return known

    @cached_property
    def _evidence(self) -> dict[int, list[Registered]]:
        return self.own.by(S.EVIDENCE, R.STAFF_STAKE)

    @cached_property
    def _nominated(self) -> dict[int, list[Registered]]:
        return self.own.by(S.NOMINEE, R.STAFF_STAKE)

    @cached_property
    def _leaks(self) -> dict[int, list[Registered]]:
        return self.own.by(S.INCIDENT, R.PERSON)

    def _nominees(self, stake: Registered) -> Iterator[NomineeFacts]:
        for own in self._nominated.get(stake.number, ()):
            if own.first_day <= self.day:
                ends = (self.code(own.linked(R.HOLDER)), self.code(own.linked(R.BENEFICIARY)))
                days = (own.on("nominee_from", self.day), own.on("nominee_until", self.day))
                yield NomineeFacts(own.code, *ends, *days)

    def _declarations(self, person: int, deal: int | None) -> Iterator[DeclarationFacts]:
        for own in self.own.declared.get((person, deal), ()):
            if own.first_day <= self.day:
                yield DeclarationFacts(own.code, **own.stated(_DECLARATION, self.day))

    def _kin(self, person: int, stake: Registered, company: int | None, day: dt.date) -> Iterator[KinFacts]:
        for own, relative in self._kin_of(person, day):
            plan = stake.linked(R.PLAN)
            others = self.own.by(S.STAFF_STAKE, R.PERSON).get(relative, ())
            yield KinFacts(
                own.code,
                self.book.code(relative),
                own.on("kinship", day),
                any(s.linked(R.PLAN) == plan and s.first_day <= self.day for s in others),
                self._works_at(relative, company, day),
                bool(self._listed(company, "founders", self.book.code(relative), day)),
            )

    def _works_at(self, person: int, company: int | None, day: dt.date) -> bool:
        if company is None or company not in self.own.employers.get(person, ()):
            return False
        return self.spell_on(person, company, day) is not None

    def _listed(self, company: int | None, name: str, who: str | None, day: dt.date) -> bool | None:
        if company is None or who is None:
            return None
        key = company, name, day
        if key not in self._lists:
            self._lists[key] = self.book.facts.of(company, name, day)
        codes = self._lists[key]
        return None if codes is None else who in codes

    def _tie_facts(self, firm: int | None, company: int) -> tuple[TieFacts, ...]:
        ties = self._traded.get((firm, company))
        if ties is None:
            ties = self._traded[firm, company] = tuple(self._ties_of(firm, company))
        return ties

    def _ties_of(self, firm: int | None, company: int) -> Iterator[TieFacts]:
        for own in self.own.by(S.BUSINESS_TIE, R.COMPANY).get(company, ()):
            if own.linked(R.INSTITUTION) != firm or own.first_day > self.day:
                continue
            years = []
            revenue, profit = (
                dict(own.ever("related_revenue", self.day)),
                dict(own.ever("related_profit", self.day)),
            )
            for end in sorted({*revenue, *profit}):
                of = [self._of_year(company, name, end) for name in ("revenue", "net_profit")]
                years.append((end.year, revenue.get(end), of[0], profit.get(end), of[1]))
            names = ("tie_from", "tie_until")
            days = [own.on(name, self.day) for name in names]
            yield TieFacts(own.code, own.on("tie", self.day), days[0], days[1], tuple(years))

    def _of_year(self, company: int, name: str, end: dt.date) -> int | None:
        """A company's figure of the year of a day; another year's is no answer."""
        line = self.book.facts.names(company).get(name)
        stated = [] if line is None else line.dated(end)
        figures: list[int] = [value for day, value in stated if day.year == end.year]
        return figures[-1] if figures else None

    def _incidents(self, person: int) -> Iterator[IncidentFacts]:
        for own in self._leaks.get(person, ()):
            if own.first_day <= self.day:
                days = (own.on("leaked_on", self.day), own.on("incident_cleared_on", self.day))
                yield IncidentFacts(own.code, *days)

    def _related_share(
        self, firm: int | None, company: int | None, day: dt.date
    ) -> tuple[tuple[dt.date, Fraction], ...]:
        """Declared share of the investee that the institution and the vehicles it manages hold, on each day it changes within
        two years of the stake."""
        key = firm, company, day
        shares = self._related.get(key)
        if shares is None:
            shares = self._related[key] = tuple(self._shares_over_time(firm, company, day))
        return shares

    def _shares_over_time(
        self, firm: int | None, company: int | None, day: dt.date
    ) -> Iterator[tuple[dt.date, Fraction]]:
        if firm is None or company is None:
            return
        declared = [e for e in declarations_of(self.book.view, company) if e.row.owned == company]
        changes = {d for e in declared for d in (e.day, e.row.until) if d is not None and d <= self.day}
        for at in sorted(changes | {day}):
            owners = self.owners_of(company, at)
            if own := [nano for owner, nano in owners.items() if self._of_firm(owner, firm, at)]:
                yield at, Fraction(sum(own), WHOLE)

    def _of_firm(self, owner: int, firm: int, day: dt.date) -> bool:
        return owner == firm or self.book.facts.of(owner, "manager", day) == self.book.code(firm)


def _held(bought: Fraction | None, payments: Iterable[PaymentFacts]) -> Fraction | None:
    """The part of the shares bought that was not transferred to others; the whole where nothing was."""
    given = [p.payment_shares for p in payments if p.leg is PaymentLeg.TRANSFER]
    if not given:
        return Fraction(1)
    if not bought or None in given:
        return None
    return 1 - sum((Fraction(g) for g in given if g is not None), Fraction(0)) / bought
