"""Whose requests speak of an input of a finding: a plan, project, vehicle or person is asked for by one of its stakes."""

from __future__ import annotations

from fof.book.coinvestment import Coinvestment
from fof.ledger import View
from models.facts import SUBJECT_FACTS
from models.request_items import OF_THE_DEAL
from models.subjects import LinkRole, Subject, SubjectKind

_ROLES = {
    SubjectKind.DEAL: (LinkRole.DEAL,),
    SubjectKind.PLAN: (LinkRole.PLAN,),
    SubjectKind.PARTY: (LinkRole.VEHICLE, LinkRole.PERSON),
}


def asked_of(
    view: View, own: Coinvestment, about: Subject, name: str
) -> tuple[frozenset[int], frozenset[int]]:
    """Stakes, and institutions where no stake stands for it, whose requests ask for an input of a finding about a subject.

    Of a stake: its own; for what is its deal's or plan's, those of all stakes of the deal or plan. Of a person's line on a roster: those
    of the person's stake in the project, of all the person's stakes where there is none.
    """
    if about.kind is SubjectKind.ELIGIBILITY:
        return _of_roster_line(view, own, about), frozenset()
    if about.kind not in _ROLES and about.kind is not SubjectKind.STAFF_STAKE:
        return frozenset(), frozenset()
    number = int(view.bearer(about._replace(day=None))[1])
    if about.kind is not SubjectKind.STAFF_STAKE:
        stakes = {
            s.number
            for role in _ROLES[about.kind]
            for s in own.by(SubjectKind.STAFF_STAKE, role).get(number, ())
        }
        return frozenset(stakes), frozenset({number} if about.kind is SubjectKind.PARTY else ())
    stake = own.registered[SubjectKind.STAFF_STAKE.value].get(number)
    spec = SUBJECT_FACTS.get(name)
    of_plan = spec is not None and spec.subjects == {SubjectKind.PLAN}
    if stake is None or not (of_plan or name in OF_THE_DEAL):
        return frozenset({number}), frozenset()
    role = LinkRole.PLAN if of_plan else LinkRole.DEAL
    shared = stake.linked(role)
    others = () if shared is None else own.by(SubjectKind.STAFF_STAKE, role).get(shared, ())
    return frozenset({number, *(s.number for s in others)}), frozenset()


def _of_roster_line(view: View, own: Coinvestment, about: Subject) -> frozenset[int]:
    line = own.registered[SubjectKind.ELIGIBILITY.value][int(view.bearer(about)[1])]
    person, deal = line.linked(LinkRole.PERSON), line.linked(LinkRole.DEAL)
    stakes = () if person is None else own.by(SubjectKind.STAFF_STAKE, LinkRole.PERSON).get(person, ())
    in_it = frozenset(s.number for s in stakes if s.linked(LinkRole.DEAL) == deal)
    return in_it or frozenset(s.number for s in stakes)
