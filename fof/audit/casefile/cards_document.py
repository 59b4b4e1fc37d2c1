"""Cards, participation and ties of co-investment as documents."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from fof.access import Actor
from fof.audit.auditor import day_of
from fof.audit.casefile.relationship_graph import relations
from fof.audit.coinvestment.participation_gaps import ParticipationLine, participation_lines
from fof.audit.coinvestment.person_cards import DealPlace, StakeCard, deal_card, person_card
from fof.audit.counterfactual_document import fen
from fof.figures.answers import Answer
from fof.figures.audit_documents import DEAL_CARD, PARTICIPATION, PERSON_CARD, RELATIONS
from fof.ledger import View
from fof.rules.wording import decimal_of
from models.kinds import PartyKind
from models.money import DEFAULT_CURRENCY
from models.text import Text

Row = dict[str, Any]


def person_document(view: View, person: str, actor: Actor | None = None) -> Answer:
    """A person's stakes by deal. Errors as of person_card."""
    card = person_card(view, person, actor)
    eligible = sum(len(p.projects) for p in card.participation)
    head = {
        "person": person,
        "open": eligible,
        "joined": sum(1 for p in card.participation for who in p.projects if who.joined),
        "staff_paid": sum(c.stake.paid_in for c in card.stakes),
    }
    rows = [_stake(c) for c in card.stakes]
    return Answer(PERSON_CARD, rows, day_of(view), view.known_at, DEFAULT_CURRENCY, head)


def deal_document(view: View, deal: str, actor: Actor | None = None) -> Answer:
    """Who could join a deal and who did. Errors as of deal_card."""
    card = deal_card(view, deal, actor)
    project = card.project
    head = {
        "deal": project.deal,
        "company": project.company,
        "institution": project.institution,
        "day": project.day,
        "institution_paid": project.ticket,
        "staff_paid": project.staff,
        "open": len(project.roster_by_person),
        "joined": sum(1 for p in card.places if p.card is not None and p.card.stake.paid_in),
        "multiple": _number(card.multiple),
    }
    rows = [_place(p) for p in card.places]
    return Answer(DEAL_CARD, rows, day_of(view), view.known_at, DEFAULT_CURRENCY, head)


def participation_document(
    view: View, institution: str | None = None, person: str | None = None, actor: Actor | None = None
) -> Answer:
    """Participation and the comparison of joined and skipped companies. Errors as of participation_lines."""
    rows = [_line(x) for x in participation_lines(view, institution, person, actor)]
    return Answer(PARTICIPATION, rows, day_of(view), view.known_at, DEFAULT_CURRENCY)


def relations_document(view: View, centre: str, actor: Actor | None = None) -> Answer:
    """The ties around a party, each with its record and the findings that rest on it. Errors as of relations."""
    around = relations(view, centre, actor)
    rows = [
        {
            "source": t.source,
            "relation": t.text,
            "target": t.target,
            "kind": t.record.kind.value,
            "code": t.record.code,
            "texts": {"kind": t.record.kind.text},
            "since": t.since,
            "rules": ", ".join(t.rules) or None,
            "record": t,
        }
        for t in around.ties
    ]
    head = {
        "centre": centre,
        "kinds": around.kinds,
        "labels": {code: _words_for(view, code, kind) for code, kind in around.kinds.items()},
    }
    return Answer(RELATIONS, rows, day_of(view), view.known_at, None, head)


def _words_for(view: View, code: str, kind: PartyKind) -> Text | str:
    """What stands beside a code in a picture: the name; of a person, whose name is not in the journal, what it is."""
    return kind.text if kind is PartyKind.PERSON else view.name(view.by_code[code].id)


def _stake(card: StakeCard) -> Row:
    stake = card.stake
    project = stake.project
    return {
        "staff_stake": stake.code,
        "deal": None if project is None else project.deal,
        "company": None if project is None else project.company,
        "institution": stake.institution,
        "vehicle": stake.vehicle,
        "paid": stake.paid_in,
        "paid_on": card.paid_on,
        "institution_paid_on": card.their_paid_on,
        "days_after": days_after(card),
        "price": _yuan(card.price),
        "institution_price": _yuan(card.their_price),
        "received": card.received,
        "value": fen(card.value),
        "value_on": card.value_on,
        "gain": None if card.value is None else fen(card.received + card.value - stake.paid_in),
        "multiple": _number(card.multiple),
        "institution_multiple": _number(card.their_multiple),
        "reasons": {} if card.reason is None else dict.fromkeys(("value", "gain"), card.reason),
        "record": card,
    }


def _place(place: DealPlace) -> Row:
    roster, card = place.roster, place.card
    paid = None if card is None else card.stake.paid_in
    if paid:
        state = "joined"
    elif roster is not None and roster.participation_waiver_ref:
        state = "excused"
    else:
        state = "did_not" if card is None else "unpaid"
    return {
        "person": place.person,
        "team_role": None if roster is None or roster.team_role is None else roster.team_role.text,
        "state": state,
        "chosen_on": None if roster is None else roster.chosen_on,
        "waiver": None if roster is None else roster.participation_waiver_ref,
        "staff_stake": None if card is None else card.stake.code,
        "vehicle": None if card is None else card.stake.vehicle,
        "paid": paid,
        "paid_on": None if card is None else card.paid_on,
        "days_after": None if card is None else days_after(card),
        "price": None if card is None else _yuan(card.price),
        "institution_price": None if card is None else _yuan(card.their_price),
        "record": place,
    }


def days_after(card: StakeCard) -> int | None:
    """Days from the institution's last payment to the stake's; below zero before it; None where one is missing."""
    if card.paid_on is None or card.their_paid_on is None:
        return None
    return (card.paid_on - card.their_paid_on).days


def _line(line: ParticipationLine) -> Row:
    gap = line.gap
    test = {"p_value": gap.p_value, "p_one_sided": gap.p_one_sided}
    return {
        "institution": line.institution,
        "person": line.person,
        "open": line.eligible,
        "bound": line.bound,
        "bound_joined": line.bound_joined,
        "excused": line.excused,
        "bound_unknown": line.bound_unknown,
        "rate": None if line.rate is None else decimal_of(line.rate),
        "joined": line.joined,
        "companies_joined": gap.joined,
        "companies_skipped": gap.skipped,
        "companies_unvalued": gap.unvalued,
        "multiple_joined": _number(gap.mean_joined),
        "multiple_skipped": _number(gap.mean_skipped),
        "multiple_gap": _number(gap.difference),
        **test,
        "test": None if gap.exact is None else EXACT if gap.exact else DRAWN,
        "reasons": {} if gap.reason is None else dict.fromkeys(test, gap.reason),
        "record": line,
    }


EXACT = Text("全部排列", "all arrangements")
DRAWN = Text("随机排列（固定种子）", "random arrangements of a fixed seed")


def _number(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def _yuan(price: Fraction | None) -> Any:
    return None if price is None else decimal_of(price / 100)
