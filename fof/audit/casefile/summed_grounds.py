"""What the sums that rules of staff co-investment read are made of: payments with their shares, instalments of a round."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fof.book.coinvestment import Coinvestment
from fof.book.identities import Registered
from fof.rules import facts_coinvest as ci
from models.subjects import LinkRole, Subject, SubjectKind

_OF_STAKE = frozenset({"shares", "held", "tranches"})
_OF_PROJECT = frozenset({"staff", "staff_shares"})


def payments_of(own: Coinvestment, stake: Registered) -> list[Registered]:
    """The payments of a stake, and those of its vehicle into the company."""
    paid = [one.subject for one in own.of_stake.get(stake.number, ())]
    vehicle, deal = stake.linked(LinkRole.VEHICLE), stake.linked(LinkRole.DEAL)
    if vehicle is not None and deal is not None:
        paid += [one.subject for one in own.of_vehicle.get((vehicle, deal), ())]
    return paid


def _institutions_side(facts: ci.StaffStakeFacts) -> Iterator[Subject]:
    """What the institution bought and sold, beside which exits of a stake are held."""
    codes = [] if facts.project is None else [bought.code for bought in facts.project.tranches]
    codes += [pair.institution.code for pair in facts.exits if pair.institution is not None]
    yield from (Subject(SubjectKind.DEAL, code) for code in codes)


def _of_place(own: Coinvestment, place: Registered) -> Iterator[Registered]:
    """The stakes of who stands on a roster, in its deal."""
    deal, person = place.linked(LinkRole.DEAL), place.linked(LinkRole.PERSON)
    if deal is not None:
        stakes = own.by(SubjectKind.STAFF_STAKE, LinkRole.DEAL).get(deal, ())
        yield from (stake for stake in stakes if stake.linked(LinkRole.PERSON) == person)


def summed(own: Coinvestment, about: Subject, number: int, facts: Any, name: str) -> Iterator[Subject]:
    """The subjects whose money and shares a field of a stake, a project or a place on a roster adds up.

    number : of the stake, deal or place that the facts are of
    """
    if isinstance(facts, ci.StaffStakeFacts) and name in _OF_STAKE:
        stakes = [own.registered[SubjectKind.STAFF_STAKE.value][number]]
    elif isinstance(facts, ci.ProjectFacts) and name in _OF_PROJECT:
        stakes = own.by(SubjectKind.STAFF_STAKE, LinkRole.DEAL).get(number, [])
    elif isinstance(facts, ci.StaffStakeFacts) and name == "exits":
        yield from _institutions_side(facts)
        stakes = [own.registered[SubjectKind.STAFF_STAKE.value][number]]
    elif isinstance(facts, ci.RosterFacts) and name == "joined":
        stakes = list(_of_place(own, own.registered[SubjectKind.ELIGIBILITY.value][number]))
    elif isinstance(facts, ci.ProjectFacts) and name == "ticket":
        yield from (s for t in facts.tranches if (s := Subject(SubjectKind.DEAL, t.code)) != about)
        return
    else:
        return
    for stake in stakes:
        yield from (Subject(SubjectKind.COINVEST_PAYMENT, paid.code) for paid in payments_of(own, stake))
