"""Vehicles, institutions, and the record of a person over all projects."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from fractions import Fraction
from functools import cached_property

from fof.audit.coinvestment.alike_stakes import AlikeReadings
from fof.audit.coinvestment.years import years_of
from fof.book.declared import declarations_of
from fof.book.owners import STATE_OWNED
from fof.rules.facts_coinvest import (
    CoinvestmentFacts,
    Denied,
    InstitutionFacts,
    ParticipationFacts,
    PlanFacts,
    ProjectFacts,
    RosterFacts,
    StaffStakeFacts,
    VehicleFacts,
)
from models.coinvest import PaymentLeg, PlanMode, RoleClass, TeamRole
from models.kinds import PartyKind
from models.money import WHOLE
from models.request_items import OF_THE_DEAL
from models.subjects import LinkRole as R
from models.subjects import SubjectKind as S

_INTO_COMPANY = frozenset({PaymentLeg.PERSON_TO_COMPANY, PaymentLeg.VEHICLE_TO_COMPANY})
_MUST_JOIN = frozenset({TeamRole.DEAL_LEAD, TeamRole.DEAL_TEAM, TeamRole.NAMED})


class StaffRegister(AlikeReadings):
    """The register of co-investment on a day."""

    @cached_property
    def joined_or_offered(self) -> set[int]:
        """Deals that staff joined, or were offered on a roster, up to the day."""
        named = {
            own.links.get(R.DEAL)
            for kind in (S.STAFF_STAKE, S.ELIGIBILITY)
            for own in self.own.of(kind)
            if own.first_day <= self.day
        }
        return {deal for deal in named if deal is not None and deal in self.own.deals}

    @cached_property
    def all_projects(self) -> list[ProjectFacts]:
        """Their projects, by code."""
        return [
            self.project(d)
            for d in sorted(self.joined_or_offered, key=lambda d: str(self.own.deals[d].row.code))
        ]

    @cached_property
    def all_stakes(self) -> list[StaffStakeFacts]:
        """Every stake up to the day, by code."""
        return self.every_stake()

    @cached_property
    def everything(self) -> CoinvestmentFacts:
        """All of it, of every institution."""
        own, book, day = self.own, self.book, self.day
        vehicles = {
            v for s in own.of(S.STAFF_STAKE) if s.first_day <= day and (v := s.linked(R.VEHICLE)) is not None
        }
        plans = [p for p in own.of(S.PLAN) if p.first_day <= day]
        firms = {f for d in self.joined_or_offered if (f := own.institution(own.deals[d])) is not None}
        firms |= {f for p in plans if (f := p.linked(R.INSTITUTION)) is not None}
        offered = {
            (e.links.get(R.PERSON), e.links.get(R.DEAL)) for e in own.of(S.ELIGIBILITY) if e.first_day <= day
        }
        firm_of = {d: own.institution(own.deals[d]) for _, d in offered if d is not None and d in own.deals}
        pairs = {
            (p, f)
            for p, d in offered
            if p is not None and d is not None and (f := firm_of.get(d)) is not None
        }
        of_plans = (self.plan(p.number, day) for p in plans)
        return CoinvestmentFacts(
            plans=tuple(p for p in of_plans if p is not None),
            projects=tuple(self.all_projects),
            stakes=tuple(self.all_stakes),
            vehicles=tuple(self.vehicle(v) for v in sorted(vehicles, key=book.code)),
            institutions=tuple(self.institution(f) for f in sorted(firms, key=book.code)),
            participation=tuple(
                self.participation(p, f)
                for p, f in sorted(pairs, key=lambda pair: (book.code(pair[1]), book.code(pair[0])))
            ),
        )

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
        owners = self.owners_of(number, self.day)
        came = self._came_in(number)
        recorded = bool(came)
        holders = {p for s in stakes if (p := s.linked(R.PERSON)) is not None}
        people = set(owners) if recorded else holders
        gp = facts.of(number, "gp", self.day)
        gp_id = None if gp is None else book.by_code.get(gp)
        first = min((p.day for s in stakes for p in self.own.of_stake.get(s.number, ())), default=None)
        outsiders = [
            p
            for p in people
            if p != gp_id
            and (
                book.parties[p].kind is not PartyKind.PERSON
                or self.spell_on(p, firm, max(filter(None, (first, came.get(p))), default=self.day)) is None
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
            partners_known=recorded,
            outsiders=tuple(sorted(map(book.code, outsiders))),
            plans=tuple(p for p in named if p is not None),
            first_day=first,
            fen=sum(p.fen for p in paid),
            denied=self.denied(s.number for s in stakes),
        )

    def _came_in(self, vehicle: int) -> dict[int, dt.date]:
        """Partner of a vehicle → the first day on which a share was declared, up to the as-of day."""
        came: dict[int, dt.date] = {}
        for declared in declarations_of(self.book.view, vehicle):
            if declared.row.owned == vehicle and declared.day <= self.day:
                owner = declared.row.owner
                came[owner] = min(declared.day, came.get(owner, declared.day))
        return came

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
        shares = self.owners_of(number, self.day)
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
            state_share=None if untold else Fraction(parts[True], WHOLE),
            largest_is_state=None if largest is None else self._state_owned(largest),
            non_public_share=None if untold else Fraction(parts[False], WHOLE),
            denied=self.denied_of_firm(number),
            years=years_of(
                (p for p in self.all_projects if p.institution == book.code(number)),
                (s for s in self.all_stakes if s.institution == book.code(number)),
                self.entries,
            ),
        )

    def participation(self, person: int, firm: int) -> ParticipationFacts:
        """A person's record over the projects of an institution that were open while he or she worked there."""
        rosters = []
        for own in self.own.by(S.ELIGIBILITY, R.PERSON).get(person, ()):
            deal = own.linked(R.DEAL)
            if deal is None or deal not in self.own.deals or own.first_day > self.day:
                continue
            project, mine = self.project(deal), self.roster_line(own, deal)
            if project.institution == self.book.code(firm) and mine is not None and project.day <= self.day:
                rosters.append((project, mine))
        rosters.sort(key=lambda pair: (pair[0].day, pair[0].deal))
        return ParticipationFacts(
            self.book.code(person),
            self.book.code(firm),
            self.day,
            tuple(mine for _, mine in rosters),
            tuple(p.plan for p, _ in rosters),
            tuple(p.day for p, _ in rosters),
            tuple(p.met_on for p, _ in rosters),
            tuple(_must_join(p.plan, mine) for p, mine in rosters),
            tuple(
                (e.day, e.row.until, Fraction(e.row.share_nano, WHOLE))
                for e in declarations_of(self.book.view, firm)
                if e.row.owner == person and e.row.owned == firm and e.day <= self.day
            ),
            self.book.facts.of(firm, "listed_on", self.day),
            self._leads(person, firm),
            *self._denied_of_person(person, firm, [p for p, _ in rosters]),
        )

    def _denied_of_person(
        self, person: int, firm: int, projects: list[ProjectFacts]
    ) -> tuple[tuple[Denied, ...], Denied]:
        """What was answered not to exist: of each project for the person's stake in it and of the plan that bound him or her, of a
        project without a stake for any of the person's stakes at the institution; and for any of them."""
        if not self._denied:
            return (), frozenset()
        stakes: dict[str, list[int]] = defaultdict(list)
        for own in self.own.by(S.STAFF_STAKE, R.PERSON).get(person, ()):
            deal = own.linked(R.DEAL)
            if (
                deal is not None
                and deal in self.own.deals
                and self.own.institution(self.own.deals[deal]) == firm
            ):
                stakes[str(self.own.deals[deal].row.code)].append(own.number)
        whole = self.denied(number for own in stakes.values() for number in own)
        of_each = []
        for project in projects:
            own_answers = self.denied(stakes[project.deal]) if project.deal in stakes else whole
            of_plan = frozenset() if project.plan is None else project.plan.denied & {"plan_mode"}
            of_each.append(own_answers | of_plan | (project.denied & OF_THE_DEAL))
        return tuple(of_each), whole

    def _leads(self, person: int, firm: int) -> bool | None:
        spell = self.spell_on(person, firm, self.day)
        return None if spell is None or spell.role_class is None else spell.role_class is RoleClass.EXECUTIVE


def _must_join(plan: PlanFacts | None, mine: RosterFacts) -> bool | None:
    """Whether a person had to join a project: on its team or named, under a plan that makes it a duty."""
    if mine.team_role is not None and mine.team_role not in _MUST_JOIN:
        return False
    if plan is not None and plan.plan_mode is PlanMode.VOLUNTARY:
        return False
    if plan is None or plan.plan_mode is None or mine.team_role is None:
        return None
    return plan.plan_mode is PlanMode.MANDATORY
