"""What the rules of staff co-investment judge, gathered from the book for a day.

Facts of a stake, a project and a plan are those of the event's day; `plan_today` and what has happened since (exits,
transfers, leaving) are of the as-of day. What the institution answered "does not exist" stands in `denied`.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import fields
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

from fof.book.coinvestment import Coinvestment, Registered, StaffPayment, coinvestment_of
from fof.book.index import Book
from fof.book.owners import STATE_OWNED
from fof.ledger import Dated
from fof.rules.calendar_days import workdays_after
from fof.rules.facts_coinvest import (
    BallotFacts,
    DeclarationFacts,
    Denied,
    EntryTranche,
    IncidentFacts,
    InstitutionFacts,
    JointExit,
    KinFacts,
    NomineeFacts,
    ParticipationFacts,
    PaymentFacts,
    PlanFacts,
    ProjectFacts,
    Register,
    RosterFacts,
    SaleFacts,
    SpellFacts,
    StaffStakeFacts,
    TieFacts,
    VehicleFacts,
)
from models.coinvest import Answer, EvidenceItem, PaymentLeg, PayOut, PlanMode, RoleClass, TeamRole
from models.facts import SUBJECT_FACTS
from models.kinds import DealKind, EdgeBasis, PartyKind
from models.subjects import LinkRole as R
from models.subjects import SubjectKind as S

_NANO = 10**9
_IN = frozenset({PaymentLeg.PERSON_TO_VEHICLE, PaymentLeg.PERSON_TO_COMPANY})
_INTO_COMPANY = frozenset({PaymentLeg.PERSON_TO_COMPANY, PaymentLeg.VEHICLE_TO_COMPANY})
_INSIDERS = frozenset({RoleClass.EXECUTIVE})
_MUST_JOIN = frozenset({TeamRole.DEAL_LEAD, TeamRole.DEAL_TEAM, TeamRole.NAMED})


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


def _names(kind: S) -> tuple[str, ...]:
    return tuple(spec.name for spec in SUBJECT_FACTS.values() if spec.subjects == {kind})


_PLAN, _SPELL, _BALLOT = _names(S.PLAN), _names(S.EMPLOYMENT), _names(S.BALLOT)
_SPELL_FIELDS = {f.name for f in fields(SpellFacts)}
_DEAL = (
    "deal_share_class",
    "deal_side_terms",
    "coinvest_eligible",
    "signed_on",
    "round_total",
    "round_shares",
    "total_shares_after",
    "deal_consent_ref",
    "board_resolution_ref",
    "publicity_from",
    "publicity_until",
    "coinvest_filed_on",
    "appraisal_ref",
    "appraisal_on",
    "appraisal_filing_ref",
)


class StaffRegister:
    """The register of co-investment on a day; each fact is worked out once."""

    def __init__(self, book: Book, day: dt.date) -> None:
        self.book, self.day = book, day
        self.own: Coinvestment = coinvestment_of(book)
        self._projects: dict[int, ProjectFacts] = {}
        self._plans: dict[tuple[int, dt.date], PlanFacts] = {}

    # -- small readings ---------------------------------------------------------------------------------------------

    def code(self, party: int | None) -> str | None:
        """A party's code."""
        return None if party is None else self.book.code(party)

    def of_deal(self, deal: int, name: str, day: dt.date) -> Any:
        """A deal's attribute in force on a day."""
        line = self.book.facts.names_of_deal(deal).get(name)
        return None if line is None else line.last(day)

    @cached_property
    def _denied(self) -> dict[int, set[str]]:
        """Stake → the inputs that were answered as not existing by the as-of day."""
        denied: dict[int, set[str]] = defaultdict(set)
        for request in self.own.of(S.REQUEST):
            stake = request.linked(R.STAFF_STAKE)
            if stake is not None and request.on("answer", self.day) is Answer.DOES_NOT_EXIST:
                denied[stake].add(str(request.on("request_item", self.day)))
        return denied

    def denied(self, stakes: Iterable[int]) -> Denied:
        """What was answered as not existing for any of some stakes."""
        return frozenset(name for stake in stakes for name in self._denied.get(stake, ()))

    # -- plans, spells ------------------------------------------------------------------------------------------------

    def plan(self, number: int | None, day: dt.date) -> PlanFacts | None:
        """A plan as of a day; None where it had no version yet."""
        own = None if number is None else self.own.registered.get(S.PLAN.value, {}).get(number)
        if own is None or number is None or own.first_day > day:
            return None
        facts = self._plans.get((number, day))
        if facts is None:
            stakes = [s.number for s in self.own.by(S.STAFF_STAKE, R.PLAN).get(number, ())]
            facts = self._plans[number, day] = PlanFacts(
                own.code,
                self.code(own.linked(R.INSTITUTION)),
                own.first_day,
                denied=self.denied(stakes),
                **own.stated(_PLAN, day),
            )
        return facts

    def spells(self, person: int, institution: int | None) -> list[Registered]:
        """A person's spells at an institution, by first day."""
        own = self.own.by(S.EMPLOYMENT, R.PERSON).get(person, [])
        here = [e for e in own if institution is None or e.linked(R.EMPLOYER) == institution]
        return sorted(here, key=lambda e: (e.on("employed_from", self.day) or e.first_day, e.code))

    def spell_on(self, person: int, institution: int | None, day: dt.date) -> SpellFacts | None:
        """The spell that covers a day, as of that day."""
        for own in reversed(self.spells(person, institution)):
            start = own.on("employed_from", self.day) or own.first_day
            end = own.on("employed_until", self.day)
            if start <= day and (end is None or day <= end):
                return self.spell(own, day)
        return None

    def spell(self, own: Registered, day: dt.date) -> SpellFacts:
        """A spell with the attributes of a day."""
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

    def tranches(self, stake: Registered) -> list[EntryTranche]:
        """A stake's part of what went into the company, by day: its own payments, or its part of the vehicle's."""
        deal, vehicle = stake.linked(R.DEAL), stake.linked(R.VEHICLE)
        own = [p for p in self.own.of_stake.get(stake.number, ()) if p.day <= self.day]
        made = [self._entry(p, Fraction(1)) for p in own if p.leg is PaymentLeg.PERSON_TO_COMPANY]
        if deal is None or vehicle is None:
            return made
        part = self._part(stake, vehicle, deal)
        for paid in self.own.of_vehicle.get((vehicle, deal), ()):
            if paid.leg is PaymentLeg.VEHICLE_TO_COMPANY and paid.day <= self.day and part:
                made.append(self._entry(paid, part))
        return sorted(made, key=lambda t: (t.day, t.code))

    def _part(self, stake: Registered, vehicle: int, deal: int) -> Fraction:
        """The stake's part of what its vehicle was paid in for the deal."""
        stakes = [
            s for s in self.own.by(S.STAFF_STAKE, R.DEAL).get(deal, ()) if s.linked(R.VEHICLE) == vehicle
        ]
        paid = {s.number: self._paid_in(s) for s in stakes}
        whole = sum(paid.values())
        return Fraction(paid.get(stake.number, 0), whole) if whole else Fraction(0)

    def _paid_in(self, stake: Registered) -> int:
        own = self.own.of_stake.get(stake.number, ())
        return sum(p.fen for p in own if p.leg in _IN and p.day <= self.day)

    @staticmethod
    def _entry(paid: StaffPayment, part: Fraction) -> EntryTranche:
        own, day = paid.subject, paid.day
        fees, shares = own.on("payment_fees", day), own.on("payment_shares", day)
        return EntryTranche(
            own.code,
            day,
            paid.fen * part,
            None if fees is None else Fraction(fees) * part,
            None if shares is None else Fraction(shares) * part,
            own.on("payment_share_class", day),
        )

    # -- projects -----------------------------------------------------------------------------------------------------

    def project(self, deal: int) -> ProjectFacts:
        """The project of a deal that staff joined or were offered."""
        facts = self._projects.get(deal)
        if facts is None:
            facts = self._projects[deal] = self._project(deal)
        return facts

    def _project(self, number: int) -> ProjectFacts:
        own, book = self.own.deals[number], self.book
        firm = self.own.institution(own)
        closings = [d for d in self.own.round_of(number) if d.day <= self.day]
        day = min((d.day for d in closings), default=own.day)
        stakes = [s for s in self.own.by(S.STAFF_STAKE, R.DEAL).get(number, ()) if s.first_day <= self.day]
        plan = next((p for s in stakes if (p := s.linked(R.PLAN)) is not None), None)
        if plan is None:
            rosters = self.own.by(S.ELIGIBILITY, R.DEAL).get(number, ())
            plan = next((p for r in rosters if (p := r.linked(R.PLAN)) is not None), None)
        meetings = [m for m in self.own.by(S.MEETING, R.DEAL).get(number, ()) if m.first_day <= self.day]
        meeting = min(meetings, key=lambda m: (m.on("met_on", self.day) or m.first_day, m.code), default=None)
        stated = {n: v for n in _DEAL if (v := self.of_deal(number, n, self.day)) is not None}
        entries = [t for s in stakes for t in self.tranches(s)]
        shares = [t.shares for t in entries]
        people = [p for s in stakes if (p := s.linked(R.PERSON)) is not None]
        insiders, known = self._insiders(people, firm, day)
        earlier = (
            [d for d in self.own.bought.get((firm, own.row.company), ()) if d.day < day]
            if firm is not None
            else None
        )
        return ProjectFacts(
            deal=own.row.code,
            company=book.code(own.row.company),
            institution=self.code(firm),
            day=day,
            plan=self.plan(plan, day),
            plan_today=self.plan(plan, self.day),
            is_first_round=None if earlier is None else not earlier,
            tranches=tuple(self._of_deal(d) for d in closings),
            ticket=sum(self.own.fen_of_deal.get(d.row.id, 0) for d in closings),
            staff=int(sum(t.fen for t in entries)),
            staff_shares=None if None in shares else sum((s for s in shares if s is not None), Fraction(0)),
            met_on=None if meeting is None else meeting.on("met_on", self.day),
            minutes_ref=None if meeting is None else meeting.on("minutes_ref", self.day),
            ballots=tuple(self._ballots(meeting, set(people))),
            roster=tuple(self._roster(number, firm, day)),
            has_stakes=bool(stakes),
            insiders=insiders,
            insiders_known=known,
            institution_ownership=None if firm is None else book.facts.of(firm, "ownership", day),
            publicity_days=_published(stated.get("publicity_from"), stated.get("publicity_until")),
            denied=self.denied(s.number for s in stakes),
            **stated,
        )

    def _of_deal(self, deal: Dated) -> EntryTranche:
        number = deal.row.id
        fees, shares = (
            self.of_deal(number, "deal_fees", self.day),
            self.of_deal(number, "deal_shares", self.day),
        )
        return EntryTranche(
            deal.row.code,
            deal.day,
            Fraction(self.own.fen_of_deal.get(number, 0)),
            None if fees is None else Fraction(fees),
            None if shares is None else Fraction(shares),
            self.of_deal(number, "deal_share_class", self.day),
        )

    def _insiders(
        self, people: list[int], firm: int | None, day: dt.date
    ) -> tuple[tuple[str, ...], bool | None]:
        """Participants who are executives of the institution or their relatives, and whether all groups are known."""
        inside, known = set(), True
        for person in people:
            spell = self.spell_on(person, firm, day)
            if spell is None or spell.role_class is None:
                known = False
            elif spell.role_class in _INSIDERS:
                inside.add(self.book.code(person))
            for kin in self._kin_of(person, day):
                other = self.spell_on(kin[1], firm, day)
                if other is not None and other.role_class in _INSIDERS:
                    inside.add(self.book.code(person))
        return tuple(sorted(inside)), True if inside else known or None

    def _kin_of(self, person: int, day: dt.date) -> Iterator[tuple[Registered, int]]:
        """Kinships of a person up to a day, whichever side was recorded, with the relative."""
        for role, other in ((R.PERSON, R.RELATIVE), (R.RELATIVE, R.PERSON)):
            for own in self.own.by(S.KINSHIP, role).get(person, ()):
                relative = own.linked(other)
                if relative is not None and own.first_day <= day:
                    yield own, relative

    def _ballots(self, meeting: Registered | None, holders: set[int]) -> Iterator[BallotFacts]:
        for own in self.own.by(S.BALLOT, R.MEETING).get(meeting.number, ()) if meeting is not None else ():
            person = own.linked(R.PERSON)
            if person is not None and own.first_day <= self.day:
                yield BallotFacts(
                    own.code, self.book.code(person), person in holders, **own.stated(_BALLOT, self.day)
                )

    def _roster(self, deal: int, firm: int | None, day: dt.date) -> Iterator[RosterFacts]:
        stakes = {s.linked(R.PERSON): s for s in self.own.by(S.STAFF_STAKE, R.DEAL).get(deal, ())}
        for own in self.own.by(S.ELIGIBILITY, R.DEAL).get(deal, ()):
            person = own.linked(R.PERSON)
            if person is None or own.first_day > self.day:
                continue
            spell, stake = self.spell_on(person, firm, day), stakes.get(person)
            names = ("team_role", "choice", "chosen_on", "participation_waiver_ref")
            yield RosterFacts(
                own.code,
                self.book.code(person),
                joined=None if stake is None else self._paid_in(stake),
                role_class=None if spell is None else spell.role_class,
                annual_pay=None if spell is None else spell.annual_pay,
                **own.stated(names, self.day),
            )

    # -- stakes -------------------------------------------------------------------------------------------------------

    def stake(self, own: Registered) -> StaffStakeFacts:
        """One person's stake in one project."""
        book, deal, person = self.book, own.linked(R.DEAL), own.linked(R.PERSON)
        project = None if deal is None or deal not in self.own.deals else self.project(deal)
        firm = (
            None if deal is None or deal not in self.own.deals else self.own.institution(self.own.deals[deal])
        )
        company = None if deal is None or deal not in self.own.deals else self.own.deals[deal].row.company
        paid = [p for p in self.own.of_stake.get(own.number, ()) if p.day <= self.day]
        first = min((p.day for p in paid), default=None)
        day = project.day if project is not None else first
        at = day or self.day
        denied = self.denied([own.number])
        payments = [self.payment(p, firm, company, denied) for p in paid]
        tranches = self.tranches(own)
        shares = [t.shares for t in tranches]
        spells = [] if person is None else self.spells(person, firm)
        who = None if person is None else book.code(person)
        evidence = [
            e for e in self.own.by(S.EVIDENCE, R.STAFF_STAKE).get(own.number, ()) if e.first_day <= self.day
        ]
        transfers = tuple(p for p in payments if p.leg is PaymentLeg.TRANSFER)
        bought = None if None in shares else sum((s for s in shares if s is not None), Fraction(0))
        plan = own.linked(R.PLAN)
        return StaffStakeFacts(
            code=own.code,
            person=who or "",
            institution=self.code(firm),
            project=project,
            day=day,
            as_of=self.day,
            vehicle=self.code(own.linked(R.VEHICLE)),
            plan=self.plan(plan, at),
            plan_today=self.plan(plan, self.day),
            spell=None if person is None else self.spell_on(person, firm, at),
            spells_known=bool(spells),
            last_spell=self.spell(spells[-1], self.day) if spells else None,
            payments=tuple(payments),
            tranches=tuple(tranches),
            paid_in=self._paid_in(own),
            shares=bought,
            nominees=tuple(self._nominees(own)),
            declarations=tuple(self._declarations(person, deal)),
            roster=next((r for r in project.roster if r.person == who), None)
            if project is not None
            else None,
            ballots=tuple(b for b in project.ballots if b.person == who) if project is not None else (),
            kin=tuple(self._kin(person, own, company, at)) if person is not None else (),
            ties=tuple(self._tie_facts(firm, company)) if company is not None else (),
            ties_known=bool(firm is not None and self.own.by(S.BUSINESS_TIE, R.INSTITUTION).get(firm)),
            incidents=tuple(self._incidents(person)),
            is_state_representative=self._listed(company, "state_representatives", who, at),
            is_founder_of_investee=self._listed(company, "founders", who, at),
            employed_by_investee=person is not None and self._works_at(person, company, at),
            related_share_of_investee=tuple(self._related_share(firm, company, at)),
            exits=tuple(self._exits(own, firm, company)),
            transfers=transfers,
            held=_held(bought, payments),
            transferee_is_state=self._state_buyer(transfers),
            audited_net_assets_per_share=self._net_assets(company, transfers),
            evidence=frozenset(e.on("evidence_item", self.day) for e in evidence),
            evidence_denied=frozenset(i for i in EvidenceItem if i.value in denied),
            denied=denied,
            **own.stated(_names(S.STAFF_STAKE), self.day),
        )

    def _nominees(self, stake: Registered) -> Iterator[NomineeFacts]:
        for own in self.own.by(S.NOMINEE, R.STAFF_STAKE).get(stake.number, ()):
            if own.first_day <= self.day:
                ends = (self.code(own.linked(R.HOLDER)), self.code(own.linked(R.BENEFICIARY)))
                days = (own.on("nominee_from", self.day), own.on("nominee_until", self.day))
                yield NomineeFacts(own.code, *ends, *days)

    def _declarations(self, person: int | None, deal: int | None) -> Iterator[DeclarationFacts]:
        for own in self.own.by(S.DECLARATION, R.PERSON).get(person, ()) if person is not None else ():
            if own.linked(R.DEAL) == deal and own.first_day <= self.day:
                yield DeclarationFacts(own.code, **own.stated(_names(S.DECLARATION), self.day))

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
        return company is not None and self.spell_on(person, company, day) is not None

    def _listed(self, company: int | None, name: str, who: str | None, day: dt.date) -> bool | None:
        codes = None if company is None else self.book.facts.of(company, name, day)
        return None if codes is None or who is None else who in codes

    def _tie_facts(self, firm: int | None, company: int) -> Iterator[TieFacts]:
        for own in self.own.by(S.BUSINESS_TIE, R.COMPANY).get(company, ()):
            if own.linked(R.INSTITUTION) != firm or own.first_day > self.day:
                continue
            years = []
            revenue, profit = (
                dict(own.ever("related_revenue", self.day)),
                dict(own.ever("related_profit", self.day)),
            )
            for end in sorted({*revenue, *profit}):
                of = [self.book.facts.of(company, name, end) for name in ("revenue", "net_profit")]
                years.append((end.year, revenue.get(end), of[0], profit.get(end), of[1]))
            names = ("tie_from", "tie_until")
            days = [own.on(name, self.day) for name in names]
            yield TieFacts(own.code, own.on("tie", self.day), days[0], days[1], tuple(years))

    def _incidents(self, person: int | None) -> Iterator[IncidentFacts]:
        for own in self.own.by(S.INCIDENT, R.PERSON).get(person, ()) if person is not None else ():
            if own.first_day <= self.day:
                days = (own.on("leaked_on", self.day), own.on("incident_cleared_on", self.day))
                yield IncidentFacts(own.code, *days)

    def _related_share(
        self, firm: int | None, company: int | None, day: dt.date
    ) -> Iterator[tuple[dt.date, Fraction]]:
        """Declared share of the investee that the institution and the vehicles it manages hold, on each day it changes within
        two years of the stake."""
        if firm is None or company is None:
            return
        edges = [
            e for e in self.book.edges_of.get(company, ()) if e[3] == company and e[5] == EdgeBasis.EQUITY
        ]
        days = sorted({d for e in edges for d in (e[0], e[1]) if d is not None and d <= self.day} | {day})
        for at in days:
            own = [
                e
                for e in edges
                if e[0] <= at and (e[1] is None or at < e[1]) and self._of_firm(e[2], firm, at)
            ]
            if own:
                yield at, Fraction(sum(e[4] for e in own), _NANO)

    def _of_firm(self, owner: int, firm: int, day: dt.date) -> bool:
        return owner == firm or self.book.facts.of(owner, "manager", day) == self.book.code(firm)

    # -- exits --------------------------------------------------------------------------------------------------------

    def _exits(self, stake: Registered, firm: int | None, company: int | None) -> list[JointExit]:
        """The institution's exits since it came in and the stake's, by the exit the payment names, else by the day."""
        if company is None:
            return []
        day = min((p.day for p in self.own.of_stake.get(stake.number, ())), default=stake.first_day)
        theirs = (
            [d for d in self.own.sold.get((firm, company), ()) if day <= d.day <= self.day]
            if firm is not None
            else []
        )
        ours = [p for p in self._received(stake) if p.subject.on("pay_out", p.day) is PayOut.EXIT]
        bought = Fraction(0)
        for t in self.tranches(stake):
            bought += t.shares or 0
        pairs: list[JointExit] = []
        left = bought
        sales: list[tuple[StaffPayment, SaleFacts]] = []
        for paid in ours:
            part = self._part_of(stake, paid)
            shares = paid.subject.on("payment_shares", paid.day)
            fees = paid.subject.on("payment_fees", paid.day) or 0
            own = None if shares is None else Fraction(shares) * part
            price = None if not own else (paid.fen - fees) * part / own
            sales.append(
                (
                    paid,
                    SaleFacts(
                        paid.subject.code,
                        paid.day,
                        None if own is None or not left else own / left,
                        price,
                        paid.fen * part,
                    ),
                )
            )
            left -= own or 0
        for deal in theirs:
            sale = self._sale(deal, firm, company)
            match = next(
                (s for s in sales if s[0].subject.on("exit_deal", s[0].day) == deal.row.code),
                next(
                    (
                        s
                        for s in sales
                        if s[0].subject.on("exit_deal", s[0].day) is None and s[0].day == deal.day
                    ),
                    None,
                ),
            )
            if match is not None:
                sales.remove(match)
            pairs.append(JointExit(sale, None if match is None else match[1]))
        pairs += [JointExit(None, sale) for _, sale in sales]
        return pairs

    def _received(self, stake: Registered) -> list[StaffPayment]:
        """Payments from the company to the person, or to the vehicle for the deal."""
        deal, vehicle = stake.linked(R.DEAL), stake.linked(R.VEHICLE)
        own = [p for p in self.own.of_stake.get(stake.number, ()) if p.leg is PaymentLeg.COMPANY_TO_PERSON]
        if deal is not None and vehicle is not None:
            own += [
                p
                for p in self.own.of_vehicle.get((vehicle, deal), ())
                if p.leg is PaymentLeg.COMPANY_TO_VEHICLE
            ]
        return sorted((p for p in own if p.day <= self.day), key=lambda p: (p.day, p.entry))

    def _part_of(self, stake: Registered, paid: StaffPayment) -> Fraction:
        if paid.leg is not PaymentLeg.COMPANY_TO_VEHICLE:
            return Fraction(1)
        deal, vehicle = stake.linked(R.DEAL), stake.linked(R.VEHICLE)
        assert deal is not None
        assert vehicle is not None
        return self._part(stake, vehicle, deal)

    def _sale(self, deal: Dated, firm: int | None, company: int) -> SaleFacts:
        """What the institution's side sold: of all its shares in the company, by number, else as a whole where it left."""
        before = (
            [d for d in self.own.bought.get((firm, company), ()) if d.day <= deal.day]
            if firm is not None
            else []
        )
        sold_before = (
            [d for d in self.own.sold.get((firm, company), ()) if (d.day, d.entry) < (deal.day, deal.entry)]
            if firm is not None
            else []
        )
        bought = [self.of_deal(d.row.id, "deal_shares", self.day) for d in before]
        gone = [self.of_deal(d.row.id, "deal_shares", self.day) for d in sold_before]
        own = self.of_deal(deal.row.id, "deal_shares", self.day)
        fen = self.own.fen_of_deal.get(deal.row.id, 0)
        fees = self.of_deal(deal.row.id, "deal_fees", self.day) or 0
        share: Fraction | None = None
        if own is not None and None not in bought and None not in gone:
            left = sum(map(Fraction, bought), Fraction(0)) - sum(map(Fraction, gone), Fraction(0))
            share = Fraction(own) / left if left > 0 else None
        if share is None and deal.row.kind in (DealKind.EXIT, DealKind.WRITE_OFF):
            share = Fraction(1)
        price = None if not own else (fen - fees) / Fraction(own)
        return SaleFacts(deal.row.code, deal.day, share, price, Fraction(fen))

    def _state_buyer(self, transfers: tuple[PaymentFacts, ...]) -> bool | None:
        if not transfers:
            return None
        buyer = self.book.by_code[transfers[-1].payer]
        if self.book.parties[buyer].kind is PartyKind.PERSON:
            return False
        if self.book.parties[buyer].kind in (
            PartyKind.SOE_VC,
            PartyKind.STATE_INVESTOR,
            PartyKind.GOVERNMENT,
        ):
            return True
        control = self.book.facts.of(buyer, "ownership", transfers[-1].day)
        return None if control is None else control in STATE_OWNED

    def _net_assets(self, company: int | None, transfers: tuple[PaymentFacts, ...]) -> Decimal | None:
        if company is None or not transfers:
            return None
        value: Decimal | None = self.book.facts.of(company, "audited_net_assets_per_share", transfers[-1].day)
        return value

    # -- vehicles, institutions, people ---------------------------------------------------------------------------------

    def vehicle(self, number: int) -> VehicleFacts:
        """A staff vehicle."""
        book, facts = self.book, self.book.facts
        stakes = [s for s in self.own.by(S.STAFF_STAKE, R.VEHICLE).get(number, ()) if s.first_day <= self.day]
        firms = {
            self.own.institution(self.own.deals[d])
            for s in stakes
            if (d := s.linked(R.DEAL)) in self.own.deals and d is not None
        }
        firm = next((f for f in firms if f is not None), None)
        edges = [e for e in book.edges_of.get(number, ()) if e[3] == number and e[0] <= self.day]
        now = [e for e in edges if e[1] is None or self.day < e[1]]
        people = {e[2] for e in now} | {
            p for s in stakes if (p := s.linked(R.PERSON)) is not None and not edges
        }
        gp = facts.of(number, "gp", self.day)
        gp_id = None if gp is None else book.by_code.get(gp)
        first = min((p.day for s in stakes for p in self.own.of_stake.get(s.number, ())), default=None)
        outsiders = [
            p
            for p in people
            if p != gp_id
            and (
                book.parties[p].kind is not PartyKind.PERSON
                or self.spell_on(p, firm, first or self.day) is None
            )
        ]
        plans = {p for s in stakes if (p := s.linked(R.PLAN)) is not None}
        named = [self.plan(p, first or self.day) for p in sorted(plans)]
        paid = [
            p
            for (v, _), own in self.own.of_vehicle.items()
            if v == number
            for p in own
            if p.leg in _INTO_COMPANY and p.day <= self.day
        ]
        return VehicleFacts(
            book.code(number),
            self.code(firm),
            kind=book.parties[number].kind,
            legal_form=facts.of(number, "legal_form", self.day),
            gp=gp,
            gp_is_state_owned=self._state_owned(gp_id),
            vehicle_sponsor=facts.of(number, "vehicle_sponsor", self.day),
            vehicle_voting=facts.of(number, "vehicle_voting", self.day),
            vehicle_board_seats=facts.of(number, "vehicle_board_seats", self.day),
            partners=tuple(sorted(map(book.code, people))),
            partners_known=bool(edges),
            outsiders=tuple(sorted(map(book.code, outsiders))),
            plans=tuple(p for p in named if p is not None),
            first_day=first,
            fen=sum(p.fen for p in paid),
            denied=self.denied(s.number for s in stakes),
        )

    def _state_owned(self, party: int | None) -> bool | None:
        if party is None:
            return None
        kind = self.book.parties[party].kind
        if kind in (PartyKind.SOE_VC, PartyKind.STATE_INVESTOR, PartyKind.GOVERNMENT):
            return True
        if kind is PartyKind.PERSON:
            return False
        control = self.book.facts.of(party, "ownership", self.day)
        return None if control is None else control in STATE_OWNED

    def institution(self, number: int) -> InstitutionFacts:
        """A state venture firm."""
        book, of = self.book, self.book.facts.of
        edges = [
            e
            for e in book.edges_of.get(number, ())
            if e[3] == number and e[0] <= self.day and (e[1] is None or self.day < e[1])
        ]
        shares: dict[int, int] = defaultdict(int)
        for edge in edges:
            shares[edge[2]] += edge[4]
        state = [self._state_owned(owner) for owner in shares]
        largest = max(shares, key=lambda o: (shares[o], -o), default=None)
        untold = not shares or None in state
        parts = {
            own: sum(fen for fen, theirs in zip(shares.values(), state, strict=True) if theirs is own)
            for own in (True, False)
        }
        return InstitutionFacts(
            book.code(number),
            ownership=of(number, "ownership", self.day),
            firm_level_holding=of(number, "firm_level_holding", self.day),
            external_revenue_share=of(number, "external_revenue_share", self.day),
            external_profit_share=of(number, "external_profit_share", self.day),
            state_share=None if untold else Fraction(parts[True], _NANO),
            largest_is_state=None if largest is None else self._state_owned(largest),
            non_public_share=None if untold else Fraction(parts[False], _NANO),
            staff_holdings=tuple(
                (book.code(e[2]), e[0], Fraction(e[4], _NANO))
                for e in edges
                if book.parties[e[2]].kind is PartyKind.PERSON
            ),
            listed_on=of(number, "listed_on", self.day),
        )

    def participation(self, person: int, firm: int) -> ParticipationFacts:
        """A person's record over the projects of an institution that were open while he or she worked there."""
        rosters = []
        for own in self.own.by(S.ELIGIBILITY, R.PERSON).get(person, ()):
            deal = own.linked(R.DEAL)
            if deal is None or deal not in self.own.deals or own.first_day > self.day:
                continue
            project = self.project(deal)
            mine = next((r for r in project.roster if r.code == own.code), None)
            if project.institution == self.book.code(firm) and mine is not None and project.day <= self.day:
                rosters.append((project, mine))
        rosters.sort(key=lambda pair: (pair[0].day, pair[0].deal))
        plans = [p.plan for p, _ in rosters if p.plan is not None]
        return ParticipationFacts(
            self.book.code(person),
            self.book.code(firm),
            self.day,
            plans[-1].plan_mode if plans else None,
            tuple(mine for _, mine in rosters),
            tuple(p.day for p, _ in rosters),
            tuple(p.met_on for p, _ in rosters),
            tuple(_must_join(p.plan, mine) for p, mine in rosters),
            plans[-1].yearly_quota if plans else None,
        )


def _must_join(plan: PlanFacts | None, mine: RosterFacts) -> bool | None:
    """Whether a person had to join a project: on its team or named, under a plan that makes it a duty."""
    if mine.team_role is not None and mine.team_role not in _MUST_JOIN:
        return False
    if plan is None or plan.plan_mode is None or mine.team_role is None:
        return None
    return plan.plan_mode is PlanMode.MANDATORY


def _published(first: dt.date | None, last: dt.date | None) -> int | None:
    """Working days of a publication, both ends included."""
    if first is None or last is None:
        return None
    return workdays_after(first - dt.timedelta(days=1), last)


def _held(bought: Fraction | None, payments: Iterable[PaymentFacts]) -> Fraction | None:
    """The part of the shares bought that was not transferred to others."""
    if not bought:
        return None
    given = [p.payment_shares for p in payments if p.leg is PaymentLeg.TRANSFER]
    if None in given:
        return None
    return 1 - sum((Fraction(g) for g in given if g is not None), Fraction(0)) / bought


def register(book: Book, day: dt.date, institution: str | None = None) -> Register:
    """Everything about co-investment on a day; of one institution where it is named."""
    own = StaffRegister(book, day)
    stakes = [s for s in own.own.of(S.STAFF_STAKE) if s.first_day <= day]
    deals = {d for s in stakes if (d := s.linked(R.DEAL)) is not None and d in own.own.deals}
    deals |= {
        d
        for e in own.own.of(S.ELIGIBILITY)
        if (d := e.linked(R.DEAL)) is not None and d in own.own.deals and e.first_day <= day
    }
    projects = [own.project(d) for d in sorted(deals, key=lambda d: str(own.own.deals[d].row.code))]
    vehicles = {v for s in stakes if (v := s.linked(R.VEHICLE)) is not None}
    firms = {f for d in deals if (f := own.own.institution(own.own.deals[d])) is not None}
    firms |= {
        f for p in own.own.of(S.PLAN) if (f := p.linked(R.INSTITUTION)) is not None and p.first_day <= day
    }
    pairs = {
        (p, f)
        for e in own.own.of(S.ELIGIBILITY)
        if (p := e.linked(R.PERSON)) is not None
        and (d := e.linked(R.DEAL)) in own.own.deals
        and d is not None
        and e.first_day <= day
        and (f := own.own.institution(own.own.deals[d])) is not None
    }

    def chosen(firm: str | None) -> bool:
        return institution is None or firm == institution

    plans = [own.plan(p.number, day) for p in own.own.of(S.PLAN)]
    of_stakes = [own.stake(s) for s in stakes]
    of_vehicles = [own.vehicle(v) for v in sorted(vehicles, key=book.code)]
    return Register(
        plans=tuple(p for p in plans if p is not None and chosen(p.institution)),
        projects=tuple(p for p in projects if chosen(p.institution)),
        stakes=tuple(s for s in of_stakes if chosen(s.institution)),
        vehicles=tuple(v for v in of_vehicles if chosen(v.institution)),
        institutions=tuple(own.institution(f) for f in sorted(firms, key=book.code) if chosen(book.code(f))),
        participation=tuple(
            own.participation(p, f)
            for p, f in sorted(pairs, key=lambda pair: (book.code(pair[1]), book.code(pair[0])))
            if chosen(book.code(f))
        ),
    )
