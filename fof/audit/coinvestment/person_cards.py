"""Cards of co-investment: a person's stakes beside the institution on the same deals; a deal with who could join and who did.

A card is cut by the institutions that the person who asks may see; what is not to be seen is not there.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import partial

from fof import users
from fof.access import Actor
from fof.audit.auditor import auditor_of, day_of
from fof.audit.coinvestment.gains import NO_SHARES, NO_VALUE, Prices, entry_price, sales_of
from fof.audit.coinvestment.register import staff_register
from fof.audit.coinvestment.share_prices import SharePrices
from fof.book.holdings import holding
from fof.book.reading import Reason
from fof.errors import Unknown
from fof.grouping import by_key
from fof.ledger import View
from fof.rules.facts_coinvest import ParticipationFacts, ProjectFacts, RosterFacts, StaffStakeFacts
from models.coinvest import PaymentLeg
from models.frozen import frozen
from models.kinds import PartyKind
from models.subjects import LinkRole as R
from models.subjects import SubjectKind as S
from models.text import Text

_RECEIVED = frozenset({PaymentLeg.COMPANY_TO_PERSON, PaymentLeg.VEHICLE_TO_PERSON, PaymentLeg.TRANSFER})
NO_HOLDING = Reason("no_holding_value", Text("机构所持没有估值", "the institution's holding has no value"))


@frozen
class StakeCard:
    """A stake beside the institution on the same deal.

    paid_on, their_paid_on : of the last payment into the company; None where nothing was paid
    price, their_price     : fen a share after fees; None where shares or fees are missing
    received               : fen the person received: paid out, and for what was handed on
    value                  : fen of the shares still held at the last price known; None for `reason`
    value_on               : the day of that price; None where nothing is held or no price is known
    multiple               : (received + value) / paid in; None where value is not known or nothing was paid
    their_multiple         : (received + value) / invested of the institution's whole holding of the company; None likewise
    """

    stake: StaffStakeFacts
    paid_on: dt.date | None
    their_paid_on: dt.date | None
    price: Fraction | None
    their_price: Fraction | None
    received: int
    value: Fraction | None
    value_on: dt.date | None
    reason: Reason | None
    multiple: Fraction | None
    their_multiple: Fraction | None


@frozen
class PersonCard:
    """A person: stakes by deal day, and the record over the eligible projects of each institution."""

    person: str
    stakes: tuple[StakeCard, ...]
    participation: tuple[ParticipationFacts, ...]


@frozen
class DealPlace:
    """A person on a deal: the place on the roster, the stake; one of the two may be None."""

    person: str
    roster: RosterFacts | None
    card: StakeCard | None


@frozen
class DealCard:
    """A deal that staff joined or were offered, and everybody who is on its roster or has a stake, by code."""

    project: ProjectFacts
    multiple: Fraction | None
    places: tuple[DealPlace, ...]


def person_card(view: View, person: str, actor: Actor | None = None) -> PersonCard:
    """The card of a person on the view's day; Unknown for nobody, and for somebody of institutions that are not to be seen."""
    cards = Cards(view, actor)
    record = view.by_code.get(person)
    if record is None or record.kind is not PartyKind.PERSON:
        raise Unknown(Text("人员", "person"), person)
    stakes, firms = cards.stakes_of(record.id), cards.firms_of(record.id)
    if cards.seen is not None and not any(cards.visible(firm) for firm in firms):
        raise Unknown(Text("人员", "person"), person)
    record_of = [cards.own.participation(record.id, view.by_code[f].id) for f in firms if cards.visible(f)]
    return PersonCard(person, tuple(stakes), tuple(p for p in record_of if p.projects))


def deal_card(view: View, deal: str, actor: Actor | None = None) -> DealCard:
    """The card of a deal on the view's day; Unknown where staff neither joined it nor were offered it, or it is not to be seen."""
    cards = Cards(view, actor)
    number = next((n for n in cards.own.joined_or_offered if cards.own.own.deals[n].row.code == deal), None)
    project = None if number is None else cards.own.project(number)
    if project is None or number is None or not cards.visible(project.institution):
        raise Unknown(Text("跟投项目", "project of co-investment"), deal)
    stakes = cards.own.own.by(S.STAFF_STAKE, R.DEAL).get(number, ())
    made = [cards.card(cards.own.stake(s)) for s in stakes if s.first_day <= cards.day]
    of_person = by_key(made, lambda card: card.stake.person)
    places = []
    for code in sorted({*of_person, *project.roster_by_person}):
        own = project.roster_by_person.get(code)
        places += [DealPlace(code, own, card) for card in of_person.get(code, [None])]
    return DealCard(project, cards.multiple_of(project), tuple(places))


class Cards:
    """What both cards and the comparison of joined and skipped deals ask, worked out once."""

    def __init__(self, view: View, actor: Actor | None) -> None:
        self.view, self.day = view, day_of(view)
        self.book = auditor_of(view).book
        self.own = staff_register(self.book, self.day)
        self.prices = SharePrices(self.book, self.day)
        self.seen = users.seen_institutions(view, actor)
        self._on = view.on(self.day)
        self._multiples: dict[tuple[int, int], Fraction | None] = {}

    def visible(self, institution: str | None) -> bool:
        """Whether an institution is to be seen."""
        return self.seen is None or institution in self.seen

    def firms_of(self, person: int) -> list[str]:
        """Codes of the institutions that a person works or worked at, was offered deals by, or holds stakes beside."""
        own, day = self.own.own, self.day
        firms = {
            e.linked(R.EMPLOYER) for e in own.by(S.EMPLOYMENT, R.PERSON).get(person, ()) if e.first_day <= day
        }
        for kind in (S.ELIGIBILITY, S.STAFF_STAKE):
            for line in own.by(kind, R.PERSON).get(person, ()):
                deal = line.linked(R.DEAL)
                if deal in own.deals and deal is not None and line.first_day <= day:
                    firms.add(own.institution(own.deals[deal]))
        return sorted(self.book.code(firm) for firm in firms if firm is not None)

    def stakes_of(self, person: int) -> list[StakeCard]:
        """A person's stakes of institutions that are to be seen, by day of the deal."""
        stakes = self.own.own.by(S.STAFF_STAKE, R.PERSON).get(person, ())
        facts = [self.own.stake(s) for s in stakes if s.first_day <= self.day]
        made = [self.card(f) for f in facts if self.visible(f.institution)]
        return sorted(made, key=lambda c: (c.stake.day or dt.date.max, c.stake.code))

    def card(self, stake: StaffStakeFacts) -> StakeCard:
        """A stake beside the institution."""
        theirs = () if stake.project is None else stake.project.tranches
        received = sum(
            p.fen
            for p in stake.payments
            if p.leg in _RECEIVED and (p.leg is not PaymentLeg.TRANSFER or p.payee == stake.person)
        )
        value, value_on, reason = self._value(stake)
        multiple = None
        if value is not None and stake.paid_in:
            multiple = (received + value) / stake.paid_in
        return StakeCard(
            stake,
            max((t.day for t in stake.tranches), default=None),
            max((t.day for t in theirs), default=None),
            entry_price(stake.tranches)[0] if stake.tranches else None,
            entry_price(theirs)[0] if theirs else None,
            received,
            value,
            value_on,
            reason,
            multiple,
            None if stake.project is None else self.multiple_of(stake.project),
        )

    def _value(self, stake: StaffStakeFacts) -> tuple[Fraction | None, dt.date | None, Reason | None]:
        if not stake.tranches:
            return Fraction(0), None, None
        sold = [sale.shares for sale in sales_of(stake)]
        if stake.shares is None or None in sold or stake.project is None:
            return None, None, NO_SHARES
        left = stake.shares - sum((s for s in sold if s is not None), Fraction(0))
        if left <= 0:
            return Fraction(0), None, None
        company = self.book.by_code[stake.project.company]
        known: Prices = partial(self.prices.known, company)
        now = known(self.day, stake.stake_share_class)
        return (None, None, NO_VALUE) if now is None else (left * now.price, now.day, None)

    def multiple_of(self, project: ProjectFacts) -> Fraction | None:
        """See `multiple`."""
        if project.institution is None:
            return None
        return self.multiple(self.book.by_code[project.institution], self.book.by_code[project.company])

    def multiple(self, institution: int, company: int) -> Fraction | None:
        """(received + value) / invested of all that an institution and the vehicles it manages have in a company, to four places;
        None where a value is missing, nothing was invested, or currencies differ."""
        key = institution, company
        if key not in self._multiples:
            investors = {d.row.investor for d in self.own.own.bought.get(key, ()) if d.day <= self.day}
            own = [holding(self._on, investor, company) for investor in sorted(investors)]
            invested = sum(h.invested for h in own)
            made = None
            if invested and len({h.currency for h in own}) == 1 and all(h.value.fen is not None for h in own):
                back = sum(h.received + (h.value.fen or 0) for h in own)
                made = round(Fraction(back, invested), 4)
            self._multiples[key] = made
        return self._multiples[key]


def visible_projects(cards: Cards, institution: str | None) -> Iterable[ProjectFacts]:
    """Projects of the institutions that are to be seen, or of one of them, by code."""
    return (
        p
        for p in cards.own.all_projects
        if cards.visible(p.institution) and institution in (None, p.institution)
    )


def people_seen(view: View, actor: Actor | None = None) -> list[str]:
    """Codes of the people with a stake or a place on a roster of an institution that is to be seen, by code."""
    cards = Cards(view, actor)
    key = people_seen, None if cards.seen is None else frozenset(cards.seen)
    known: list[str] | None = view.answers.get(key)
    if known is None:  # the page of people asks at every rerun
        known = view.answers[key] = sorted(_people(cards))
    return list(known)


def _people(cards: Cards) -> Iterator[str]:
    own = cards.own.own
    named = {
        (line.links.get(R.PERSON), line.links.get(R.DEAL))
        for kind in (S.STAFF_STAKE, S.ELIGIBILITY)
        for line in own.of(kind)
        if line.first_day <= cards.day
    }
    people: dict[int, set[int | None]] = defaultdict(set)
    for person, deal in named:
        if person is not None:
            dated = None if deal is None else own.deals.get(deal)
            people[person].add(None if dated is None else own.institution(dated))
    for person, firms in people.items():
        if any(cards.visible(cards.own.code(firm)) for firm in firms):
            yield cards.book.code(person)


def deals_seen(view: View, actor: Actor | None = None) -> list[str]:
    """Codes of the deals that staff joined or were offered, of institutions that are to be seen, by code."""
    cards = Cards(view, actor)
    own = cards.own.own
    return sorted(
        str(own.deals[n].row.code)
        for n in cards.own.joined_or_offered
        if cards.visible(cards.own.code(own.institution(own.deals[n])))
    )
