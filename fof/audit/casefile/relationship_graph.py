"""Who is tied to whom: people, their relatives and nominees, vehicles, companies and the institution, each tie with the record that
states it, and the findings whose rules read that record: the paths that triggered them.

Around a person, a vehicle or a company stand the people it leads to (the person; who has stakes in it), their relatives and nominees two
steps on, what these hold, work at and founded, and the trade of those companies with the institution. A finding marks a tie where the
tie's record is among what the rule read (fof.audit.casefile.grounds).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from fof import users
from fof.access import Actor
from fof.audit.auditor import coinvestment, day_of
from fof.audit.casefile.grounds import grounds
from fof.audit.casefile.judged_alone import judged_alone, rule_of
from fof.audit.findings import NEEDS_SOMEBODY, AuditFinding
from fof.audit.unmasking import institutions_of
from fof.book.coinvestment import Coinvestment, coinvestment_of
from fof.book.declared import shares_declared_of
from fof.book.identities import Registered
from fof.book.index import book_of
from fof.errors import Unknown
from fof.ledger import View
from models.kinds import PartyKind
from models.subjects import LinkRole as R
from models.subjects import Subject
from models.subjects import SubjectKind as S
from models.text import Text

_STEPS = 2
HOLDS = Text("持有跟投份额", "holds a stake")
THROUGH = Text("经平台持有", "holds through")
INVESTED = Text("平台投资", "invested in")
WORKS_AT = Text("任职于", "works at")
FOUNDED = Text("创办", "founded")
PARTNER = Text("合伙人", "partner of")
HOLDS_FOR = Text("代持", "holds for")


class Relation(NamedTuple):
    """A tie between two parties by code.

    record : what states it     rules : of findings whose rules read the record     since : from which it is recorded to hold
    """

    source: str
    target: str
    text: Text
    record: Subject
    since: dt.date | None
    rules: tuple[str, ...] = ()


class Relations(NamedTuple):
    """Ties around a party, and the findings about the stakes and people among them. kinds: party → its kind."""

    centre: str
    ties: tuple[Relation, ...]
    findings: tuple[AuditFinding, ...]
    kinds: dict[str, PartyKind]


def relations(view: View, centre: str, actor: Actor | None = None) -> Relations:
    """The ties around a person, a vehicle or a company on the view's day, of institutions that are to be seen.

    Unknown for a code that is none of these, or has nothing to do with an institution that the person who asks may see.
    """
    own = _Ties(view, actor)
    record = view.by_code.get(centre)
    people = set() if record is None else own.people_at(record.id)
    if record is None or not people:
        raise Unknown(Text("人员、持股平台或企业", "person, vehicle or company"), centre)
    people = own.with_relatives(people)
    ties = sorted(set(own.ties(people)), key=lambda t: (t.source, t.target, t.record))
    stakes = {t.record for t in ties if t.record.kind is S.STAFF_STAKE}
    about = stakes | {Subject(S.PARTY, view.parties[p].code) for p in people}
    concerned = _findings(view, own, about, actor)
    read: dict[Subject, set[str]] = {}
    for finding in concerned:
        judged = judged_alone(view, rule_of(finding.rule), finding.subject, actor=actor)
        for ground in grounds(view, judged.reads, finding.subject):
            read.setdefault(ground.subject, set()).add(finding.rule)
    marked = tuple(t._replace(rules=tuple(sorted(read.get(t.record, ())))) for t in ties)
    codes = {code for t in marked for code in (t.source, t.target)} | {centre}
    return Relations(centre, marked, tuple(concerned), {c: view.by_code[c].kind for c in sorted(codes)})


def _findings(view: View, own: _Ties, about: set[Subject], actor: Actor | None) -> list[AuditFinding]:
    """What the rules find about some stakes and people, of the institutions concerned."""
    concerned: list[AuditFinding] = []
    for firm in sorted(own.firms):
        judged = coinvestment(view, firm, None, actor)
        concerned += [f for f in judged.of(*NEEDS_SOMEBODY) if f.subject._replace(day=None) in about]
    return concerned


class _Ties:
    """The ties of a register on a day."""

    def __init__(self, view: View, actor: Actor | None) -> None:
        self.view, self.day = view, day_of(view)
        self.book = book_of(view)
        self.own: Coinvestment = coinvestment_of(self.book)
        self.seen = users.seen_institutions(view, actor)
        self.firms: set[str] = set()

    def _code(self, party: int) -> str:
        return self.view.parties[party].code

    def _begun(self, kind: S, role: R, party: int) -> list[Registered]:
        return [own for own in self.own.by(kind, role).get(party, ()) if own.first_day <= self.day]

    def _firm_of(self, stake: Registered) -> int | None:
        deal = self.own.deals.get(stake.linked(R.DEAL) or -1)
        return None if deal is None else self.own.institution(deal)

    def _stakes(self, stakes: list[Registered]) -> list[Registered]:
        """Those of institutions that are to be seen."""
        seen = []
        for stake in stakes:
            firm = self._firm_of(stake)
            if self.seen is None or (firm is not None and self._code(firm) in self.seen):
                seen.append(stake)
        return seen

    def people_at(self, centre: int) -> set[int]:
        """The person itself; whoever has a stake through a vehicle or in a company."""
        if self.view.parties[centre].kind is PartyKind.PERSON:
            firms = institutions_of(self.view).get(self._code(centre), frozenset())
            stakes = self._stakes(self._begun(S.STAFF_STAKE, R.PERSON, centre))
            return {centre} if self.seen is None or firms & self.seen or stakes else set()
        through = self._begun(S.STAFF_STAKE, R.VEHICLE, centre)
        deals = [n for n, deal in self.own.deals.items() if deal.row.company == centre]
        in_company = [s for n in deals for s in self._begun(S.STAFF_STAKE, R.DEAL, n)]
        own = self._stakes([*through, *in_company])
        return {p for s in own if (p := s.linked(R.PERSON)) is not None}

    def with_relatives(self, people: set[int]) -> set[int]:
        """These people with relatives and nominees, some steps on."""
        every, last = set(people), set(people)
        for _step in range(_STEPS):
            new = set()
            for person in last:
                for kind, one, other in (
                    (S.KINSHIP, R.PERSON, R.RELATIVE),
                    (S.KINSHIP, R.RELATIVE, R.PERSON),
                    (S.NOMINEE, R.HOLDER, R.BENEFICIARY),
                    (S.NOMINEE, R.BENEFICIARY, R.HOLDER),
                ):
                    new |= {
                        n for own in self._begun(kind, one, person) if (n := own.linked(other)) is not None
                    }
            last = new - every
            every |= new
        return every

    def ties(self, people: set[int]) -> Iterator[Relation]:
        """Every tie of these people, and the trade of the companies that they lead to."""
        companies: set[int] = set()
        for person in sorted(people):
            code = self._code(person)
            for stake in self._stakes(self._begun(S.STAFF_STAKE, R.PERSON, person)):
                deal, firm = self.own.deals.get(stake.linked(R.DEAL) or -1), self._firm_of(stake)
                if deal is None:
                    continue
                company, record = self._code(deal.row.company), Subject(S.STAFF_STAKE, stake.code)
                companies.add(deal.row.company)
                if firm is not None:
                    self.firms.add(self._code(firm))
                if (vehicle := stake.linked(R.VEHICLE)) is None:
                    yield Relation(code, company, HOLDS, record, deal.day)
                else:
                    yield Relation(code, self._code(vehicle), THROUGH, record, deal.day)
                    yield Relation(self._code(vehicle), company, INVESTED, record, deal.day)
                    yield from self._partner(person, vehicle)
            for spell in self._begun(S.EMPLOYMENT, R.PERSON, person):
                if (employer := spell.linked(R.EMPLOYER)) is not None:
                    since = spell.on("employed_from", self.day) or spell.first_day
                    yield Relation(
                        code, self._code(employer), WORKS_AT, Subject(S.EMPLOYMENT, spell.code), since
                    )
            for own in self._begun(S.KINSHIP, R.PERSON, person):
                if (relative := own.linked(R.RELATIVE)) is not None:
                    kind = own.on("kinship", self.day)
                    text = Text("亲属", "relative") if kind is None else kind.text
                    yield Relation(
                        code, self._code(relative), text, Subject(S.KINSHIP, own.code), own.first_day
                    )
            for own in self._begun(S.NOMINEE, R.HOLDER, person):
                if (other := own.linked(R.BENEFICIARY)) is not None:
                    since = own.on("nominee_from", self.day) or own.first_day
                    yield Relation(code, self._code(other), HOLDS_FOR, Subject(S.NOMINEE, own.code), since)
        codes = {self._code(p) for p in people}
        for number in sorted(companies):
            company = self._code(number)
            for founder in self.book.facts.of(number, "founders", self.day) or ():
                if founder in codes:
                    yield Relation(founder, company, FOUNDED, Subject(S.PARTY, company), None)
            for tie in self._begun(S.BUSINESS_TIE, R.COMPANY, number):
                other = tie.linked(R.INSTITUTION)
                if other is not None and self._code(other) in self.firms:
                    kind = tie.on("tie", self.day)
                    text = Text("业务往来", "trades with") if kind is None else kind.text
                    since = tie.on("tie_from", self.day) or tie.first_day
                    yield Relation(company, self._code(other), text, Subject(S.BUSINESS_TIE, tie.code), since)

    def _partner(self, person: int, vehicle: int) -> Iterator[Relation]:
        """A declared share of the vehicle."""
        for declared in shares_declared_of(self.view, vehicle, self.day).values():
            if declared.row.owner == person and declared.row.owned == vehicle and declared.row.share_nano:
                code = self._code(vehicle)
                yield Relation(self._code(person), code, PARTNER, Subject(S.PARTY, code), declared.day)
