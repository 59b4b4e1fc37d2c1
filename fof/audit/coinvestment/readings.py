"""Small readings of the register on a day: plans, spells, payments and a stake's part of what its vehicle paid."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import fields
from decimal import Decimal
from fractions import Fraction
from functools import cache, cached_property
from typing import Any

from fof.book.coinvestment import Coinvestment, StaffPayment, coinvestment_of
from fof.book.declared import shares_declared_of
from fof.book.identities import Registered
from fof.book.index import Book
from fof.rules.facts_coinvest import (
    Denied,
    EntryTranche,
    PaymentFacts,
    PlanFacts,
    ProjectFacts,
    SpellFacts,
)
from models.coinvest import PaymentLeg, RequestAnswer
from models.facts import SUBJECT_FACTS
from models.request_items import OF_THE_DEAL, request_item
from models.subjects import LinkRole as R
from models.subjects import SubjectKind as S

_WHOLE = Fraction(1)
_NOTHING: Denied = frozenset()
_IN = frozenset({PaymentLeg.PERSON_TO_VEHICLE, PaymentLeg.PERSON_TO_COMPANY})


_PAYMENT = (
    "payment_shares",
    "payment_fees",
    "payment_share_class",
    "money_source",
    "money_proof",
    "account_holder",
    "money_lender",
    "exit_deal",
)


@cache
def attributes_of(kind: S) -> tuple[str, ...]:
    """The attributes that subjects of this kind alone have."""
    return tuple(spec.name for spec in SUBJECT_FACTS.values() if spec.subjects == {kind})


_PLAN = attributes_of(S.PLAN)
_SPELL = attributes_of(S.EMPLOYMENT)
_SPELL_FIELDS = {f.name for f in fields(SpellFacts)}


class StaffReadings:
    """The register of co-investment on a day; each fact is worked out once."""

    def __init__(self, book: Book, day: dt.date) -> None:
        self.book, self.day = book, day
        self.own: Coinvestment = coinvestment_of(book)
        self._projects: dict[int, ProjectFacts] = {}
        self._plans: dict[tuple[int, int], PlanFacts] = {}
        self._plans_on: dict[tuple[int | None, dt.date], PlanFacts | None] = {}
        self._denied_of_plan: dict[int, Denied] = {}
        self._spells: dict[tuple[int, int | None], list[tuple[dt.date, dt.date | None, Registered]]] = {}
        self._spell_facts: dict[tuple[int, int, bool], SpellFacts] = {}
        self._paid: dict[int, int] = {}
        self._wholes: dict[tuple[int, int], int] = {}
        self._tranches: dict[int, tuple[EntryTranche, ...]] = {}
        self._parts: dict[tuple[int, int, int], tuple[EntryTranche, ...]] = {}
        self._bought: dict[int, Fraction | None] = {}
        self._terms: dict[int, EntryTranche] = {}
        self._spells_on: dict[tuple[int, int | None, dt.date], SpellFacts | None] = {}
        self._versions: dict[tuple[int, dt.date], int] = {}

    # -- small readings ---------------------------------------------------------------------------------------------

    def version(self, own: Registered, day: dt.date) -> int:
        """The number of a subject's version on a day."""
        key = own.number, day
        known = self._versions.get(key)
        if known is None:
            known = self._versions[key] = own.version(day)
        return known

    def code(self, party: int | None) -> str | None:
        """A party's code."""
        return None if party is None else self.book.code(party)

    def of_deal(self, deal: int, name: str, day: dt.date) -> Any:
        """A deal's attribute in force on a day."""
        line = self.book.facts.names_of_deal(deal).get(name)
        return None if line is None else line.last(day)

    def owners_of(self, party: int, day: dt.date) -> dict[int, int]:
        """Owner → declared share of a party on a day, in billionths."""
        owners: dict[int, int] = defaultdict(int)
        for declared in shares_declared_of(self.book.view, party, day).values():
            if declared.row.owned == party and declared.row.share_nano:
                owners[declared.row.owner] += declared.row.share_nano
        return dict(owners)

    @cached_property
    def _denied(self) -> dict[int, set[str]]:
        """Stake → the inputs that were answered as not existing by the as-of day."""
        return self._answered[0]

    @cached_property
    def _answered(self) -> tuple[dict[int, set[str]], dict[int, set[str]]]:
        """The same by stake, and by institution where no stake stands for what was asked."""
        of_stakes: dict[int, set[str]] = defaultdict(set)
        of_firms: dict[int, set[str]] = defaultdict(set)
        for request in self.own.of(S.REQUEST):
            if request.on("answer", self.day) is not RequestAnswer.DOES_NOT_EXIST:
                continue
            item = request_item(str(request.on("request_item", self.day)))
            stake, firm = request.linked(R.STAFF_STAKE), request.linked(R.INSTITUTION)
            if stake is not None:
                of_stakes[stake].add(item)
            elif firm is not None:
                of_firms[firm].add(item)
        return of_stakes, of_firms

    def denied(self, stakes: Iterable[int]) -> Denied:
        """What was answered as not existing for any of some stakes."""
        return frozenset(name for stake in stakes for name in self._denied.get(stake, ()))

    def denied_of_stake(self, stake: int, of_deal: Denied) -> Denied:
        """What was answered as not existing for one stake, or for others of its deal where all share it."""
        own, shared = self._denied.get(stake, set()), of_deal & OF_THE_DEAL
        return frozenset(own | shared) if own or shared else _NOTHING

    def denied_of_firm(self, firm: int) -> Denied:
        """What an institution answered does not exist of itself."""
        return frozenset(self._answered[1].get(firm, ()))

    # -- plans, spells ------------------------------------------------------------------------------------------------

    def plan(self, number: int | None, day: dt.date) -> PlanFacts | None:
        """A plan as of a day; None where it had no version yet."""
        asked = number, day
        if asked not in self._plans_on:
            self._plans_on[asked] = self._plan_on(number, day)
        return self._plans_on[asked]

    def _plan_on(self, number: int | None, day: dt.date) -> PlanFacts | None:
        own = None if number is None else self.own.registered.get(S.PLAN.value, {}).get(number)
        if own is None or number is None or own.first_day > day:
            return None
        key = number, self.version(own, day)  # one object for all days between which nothing of it is stated
        facts = self._plans.get(key)
        if facts is None:
            denied = self._denied_of_plan.get(number)
            if denied is None:
                stakes = [s.number for s in self.own.by(S.STAFF_STAKE, R.PLAN).get(number, ())]
                denied = self._denied_of_plan[number] = self.denied(stakes)
            facts = self._plans[key] = PlanFacts(
                own.code,
                self.code(own.linked(R.INSTITUTION)),
                own.first_day,
                denied=denied,
                **own.stated(_PLAN, day),
            )
        return facts

    def spells(self, person: int, institution: int | None) -> list[Registered]:
        """A person's spells at an institution, by first day."""
        return [own for *_, own in self._spells_of(person, institution)]

    def _spells_of(
        self, person: int, institution: int | None
    ) -> list[tuple[dt.date, dt.date | None, Registered]]:
        """These spells with their first and last day."""
        known = self._spells.get((person, institution))
        if known is None:
            known = self._spells[person, institution] = [
                (e.on("employed_from", self.day) or e.first_day, e.on("employed_until", self.day), e)
                for e in self.own.by(S.EMPLOYMENT, R.PERSON).get(person, ())
                if institution is None or e.linked(R.EMPLOYER) == institution
            ]
            known.sort(key=lambda spell: (spell[0], spell[2].code))
        return known

    def spell_on(self, person: int, institution: int | None, day: dt.date) -> SpellFacts | None:
        """The spell that covers a day, as of that day."""
        key = person, institution, day
        if key not in self._spells_on:
            self._spells_on[key] = self._spell_on(person, institution, day)
        return self._spells_on[key]

    def _spell_on(self, person: int, institution: int | None, day: dt.date) -> SpellFacts | None:
        for start, end, own in reversed(self._spells_of(person, institution)):
            if start <= day and (end is None or day <= end):
                return self.spell(own, day)
        return None

    def spell(self, own: Registered, day: dt.date) -> SpellFacts:
        """A spell with the attributes of a day."""
        version = self.version(own, day) if own.once is None else own.version(day)
        key = own.number, version, day >= self.day
        known = self._spell_facts.get(key)
        if known is None:
            known = self._spell_facts[key] = self._spell(own, day)
        return known

    def _spell(self, own: Registered, day: dt.date) -> SpellFacts:
        stated = {n: v for n, v in own.stated(_SPELL, day).items() if n in _SPELL_FIELDS}
        for name in ("employed_from", "employed_until", "leaver_kind"):  # known since, true of the spell
            value = own.on(name, self.day)
            if value is not None and (name != "leaver_kind" or day >= self.day):
                stated[name] = value
        employer = self.code(own.linked(R.EMPLOYER)) or ""
        return SpellFacts(own.code, employer, roles=tuple(own.ever("role_class", self.day)), **stated)

    # -- payments -----------------------------------------------------------------------------------------------------

    def payment(
        self, paid: StaffPayment, institution: int | None, company: int | None, denied: Denied
    ) -> PaymentFacts:
        """A payment as it was booked."""
        own, day = paid.subject, paid.day
        lender = own.on("money_lender", day)
        lender_id = None if lender is None else self.book.by_code.get(lender)
        related = None
        if lender_id is not None:
            related = lender_id in {institution, company} or bool(self._ties(institution, lender_id, day))
        return PaymentFacts(
            own.code,
            day,
            paid.leg,
            paid.fen,
            self.book.code(paid.payer),
            self.book.code(paid.payee),
            lender_is_related=related,
            denied=denied,
            **own.stated(_PAYMENT, day),
        )

    def _ties(self, institution: int | None, company: int, day: dt.date) -> list[Registered]:
        """Business ties of an institution with a company that stand on a day."""
        return [
            tie
            for tie in self.own.by(S.BUSINESS_TIE, R.COMPANY).get(company, ())
            if tie.linked(R.INSTITUTION) == institution
            and tie.first_day <= day
            and ((end := tie.on("tie_until", self.day)) is None or day <= end)
        ]

    def tranches(self, stake: Registered) -> tuple[EntryTranche, ...]:
        """A stake's part of what went into the company, by day: its own payments, or its part of the vehicle's. Of those who paid
        a vehicle the same for a deal it is one object."""
        made = self._tranches.get(stake.number)
        if made is None:
            made = self._tranches[stake.number] = self._tranches_of(stake)
        return made

    def _tranches_of(self, stake: Registered) -> tuple[EntryTranche, ...]:
        deal, vehicle = stake.links.get(R.DEAL), stake.links.get(R.VEHICLE)
        own = [
            self._entry(p, _WHOLE)
            for p in self.own.of_stake.get(stake.number, ())
            if p.leg is PaymentLeg.PERSON_TO_COMPANY and p.day <= self.day
        ]
        if deal is None or vehicle is None:
            return tuple(own)
        key = vehicle, deal, self._paid_in(stake)
        parts = self._parts.get(key)
        if parts is None:
            made = self._entries(vehicle, deal, self._part(stake, vehicle, deal))
            parts = self._parts[key] = tuple(sorted(made, key=lambda t: (t.day, t.code)))
        return tuple(sorted([*own, *parts], key=lambda t: (t.day, t.code))) if own else parts

    def _entries(self, vehicle: int, deal: int, part: Fraction) -> list[EntryTranche]:
        """A part of what a vehicle paid into the company."""
        return [
            self._entry(paid, part)
            for paid in self.own.of_vehicle.get((vehicle, deal), ())
            if paid.leg is PaymentLeg.VEHICLE_TO_COMPANY and paid.day <= self.day and part
        ]

    def tranches_together(self, deal: int, stakes: Iterable[Registered]) -> list[EntryTranche]:
        """What went into the company for stakes of a deal, what each vehicle paid for them in one: of twenty parts of a payment the sum is
        that of the payment."""
        own: list[EntryTranche] = []
        paid_to: dict[int, int] = defaultdict(int)
        for stake in stakes:
            for paid in self.own.of_stake.get(stake.number, ()):
                if paid.leg is PaymentLeg.PERSON_TO_COMPANY and paid.day <= self.day:
                    own.append(self._entry(paid, _WHOLE))
            if (vehicle := stake.links.get(R.VEHICLE)) is not None:
                paid_to[vehicle] += self._paid_in(stake)
        for vehicle, fen in paid_to.items():
            whole = self._whole(vehicle, deal)
            own += self._entries(vehicle, deal, Fraction(fen, whole) if whole else Fraction(0))
        return own

    def bought(self, tranches: tuple[EntryTranche, ...]) -> Fraction | None:
        """The shares that tranches bought, one object for the same tranches; None where those of one are not stated."""
        key = id(tranches)
        if key not in self._bought:
            shares = [t.shares for t in tranches]
            self._bought[key] = None if None in shares else exact_sum(s for s in shares if s is not None)
        return self._bought[key]

    def _part(self, stake: Registered, vehicle: int, deal: int) -> Fraction:
        """The stake's part of what its vehicle was paid in for the deal."""
        whole = self._whole(vehicle, deal)
        ours = stake.linked(R.DEAL) == deal and stake.linked(R.VEHICLE) == vehicle
        return Fraction(self._paid_in(stake), whole) if whole and ours else Fraction(0)

    def _whole(self, vehicle: int, deal: int) -> int:
        """Fen that all stakes of a deal paid to a vehicle."""
        whole = self._wholes.get((vehicle, deal))
        if whole is None:
            stakes = self.own.by(S.STAFF_STAKE, R.DEAL).get(deal, ())
            whole = sum([self._paid_in(s) for s in stakes if s.links.get(R.VEHICLE) == vehicle])
            self._wholes[vehicle, deal] = whole
        return whole

    def _paid_in(self, stake: Registered) -> int:
        paid = self._paid.get(stake.number)
        if paid is None:
            own = self.own.of_stake.get(stake.number, ())
            paid = sum([p.fen for p in own if p.leg in _IN and p.day <= self.day])
            self._paid[stake.number] = paid
        return paid

    def _entry(self, paid: StaffPayment, part: Fraction) -> EntryTranche:
        whole = self._terms.get(paid.subject.number)
        if whole is None:  # all stakes of a vehicle have a part in the same payment
            own, day = paid.subject, paid.day
            fees, shares = own.on("payment_fees", day), own.on("payment_shares", day)
            whole = self._terms[own.number] = tranche_of(
                own.code, day, paid.fen, fees, shares, own.on("payment_share_class", day)
            )
        if part == 1:
            return whole
        return EntryTranche(
            whole.code,
            whole.day,
            whole.fen * part,
            whole.fees * part if whole.fees else whole.fees,
            None if whole.shares is None else whole.shares * part,
            whole.share_class,
            whole.price,
            whole.unit,
        )


def exact_sum(parts: Iterable[Fraction | int]) -> Fraction:
    """The sum of fractions: of equal denominators as whole numbers, for fractions are slow to add."""
    numerators: dict[int, int] = defaultdict(int)
    for part in parts:
        numerators[part.denominator] += part.numerator
    return sum((Fraction(n, d) for d, n in numerators.items()), Fraction(0))


def tranche_of(
    code: str, day: dt.date, fen: int, fees: int | None, shares: Decimal | None, share_class: str | None
) -> EntryTranche:
    """A payment as a tranche, with what a share cost."""
    bought = None if shares is None else Fraction(shares)
    return EntryTranche(
        code,
        day,
        Fraction(fen),
        None if fees is None else Fraction(fees),
        bought,
        share_class,
        None if not bought or fees is None else (fen - fees) / bought,
        None if not bought else fen / bought,
    )
