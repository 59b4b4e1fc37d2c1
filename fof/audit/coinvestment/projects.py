"""Projects that staff joined or were offered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import cached_property

from fof.audit.coinvestment.readings import StaffReadings, attributes_of, exact_sum, tranche_of
from fof.book.identities import Registered
from fof.book.index import Book
from fof.book.working_days import calendar_of
from fof.calendar import NoticeMissing, WorkingCalendar
from fof.ledger import Dated
from fof.rules.facts_coinvest import (
    BallotFacts,
    EntryTranche,
    ProjectFacts,
    RosterFacts,
)
from models.coinvest import RoleClass
from models.subjects import LinkRole as R
from models.subjects import SubjectKind as S

_INSIDERS = frozenset({RoleClass.EXECUTIVE})


_BALLOT = attributes_of(S.BALLOT)
_ROSTER = ("team_role", "choice", "chosen_on", "participation_waiver_ref")
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


class ProjectReadings(StaffReadings):
    """Projects, each worked out once."""

    def __init__(self, book: Book, day: dt.date) -> None:
        super().__init__(book, day)
        self._lines: dict[int, dict[str, RosterFacts]] = {}
        self.entries: dict[str, list[EntryTranche]] = {}
        """Code of a deal → what staff paid into the company, by payment."""

    @cached_property
    def calendar(self) -> WorkingCalendar:
        """Working days as known on the day."""
        return calendar_of(self.book, self.day)

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
        entries = self.entries[own.row.code] = self.tranches_together(number, stakes)
        bought = [t.shares for t in entries]
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
            staff=int(exact_sum(t.fen for t in entries)),
            staff_shares=None if None in bought else exact_sum(s for s in bought if s is not None),
            met_on=None if meeting is None else meeting.on("met_on", self.day),
            minutes_ref=None if meeting is None else meeting.on("minutes_ref", self.day),
            ballots=tuple(self._ballots(meeting, set(people))),
            roster=tuple(self._roster(number, firm, day)),
            has_stakes=bool(stakes),
            insiders=insiders,
            insiders_known=known,
            institution_ownership=None if firm is None else book.facts.of(firm, "ownership", day),
            publicity_days=_published(
                self.calendar, stated.get("publicity_from"), stated.get("publicity_until")
            ),
            denied=self.denied(s.number for s in stakes),
            **stated,
        )

    def _of_deal(self, deal: Dated) -> EntryTranche:
        number = deal.row.id
        fees, shares = (
            self.of_deal(number, "deal_fees", self.day),
            self.of_deal(number, "deal_shares", self.day),
        )
        share_class = self.of_deal(number, "deal_share_class", self.day)
        return tranche_of(
            str(deal.row.code), deal.day, self.own.fen_of_deal.get(number, 0), fees, shares, share_class
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
            for kin in self._kin_of(person, day) if person in self._with_kin else ():
                other = self.spell_on(kin[1], firm, day)
                if other is not None and other.role_class in _INSIDERS:
                    inside.add(self.book.code(person))
        return tuple(sorted(inside)), True if inside else known or None

    @cached_property
    def _with_kin(self) -> set[int]:
        """People of whom a kinship is recorded, on either side."""
        return {p for role in (R.PERSON, R.RELATIVE) for p in self.own.by(S.KINSHIP, role)}

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

    def roster_line(self, own: Registered, deal: int) -> RosterFacts | None:
        """A line of a project's roster."""
        project = self.project(deal)
        lines = self._lines.get(deal)
        if lines is None:
            lines = self._lines[deal] = {line.code: line for line in project.roster}
        return lines.get(own.code)

    def _roster(self, deal: int, firm: int | None, day: dt.date) -> Iterator[RosterFacts]:
        stakes = {s.links.get(R.PERSON): s for s in self.own.by(S.STAFF_STAKE, R.DEAL).get(deal, ())}
        for own in self.own.by(S.ELIGIBILITY, R.DEAL).get(deal, ()):
            person = own.links.get(R.PERSON)
            if person is None or own.first_day > self.day:
                continue
            spell, stake = self.spell_on(person, firm, day), stakes.get(person)
            role, choice, chosen, waiver = own.values(_ROSTER, self.day)
            yield RosterFacts(
                own.code,
                self.book.code(person),
                role,
                choice,
                chosen,
                waiver,
                None if stake is None else self._paid_in(stake),
                None if spell is None else spell.role_class,
                None if spell is None else spell.annual_pay,
            )


def _published(calendar: WorkingCalendar, first: dt.date | None, last: dt.date | None) -> int | None:
    """Working days of a publication, both ends included; None where a notice of public holidays is missing."""
    if first is None or last is None:
        return None
    try:
        return calendar.working_days(first - dt.timedelta(days=1), last)
    except NoticeMissing:
        return None
