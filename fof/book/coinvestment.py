"""Staff co-investment in the book: registered subjects with their links and attributes, the money that staff pay and
receive, and the rounds of the institutions beside it; indexed once for a prefix, asked on any day."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from functools import cached_property
from typing import NamedTuple

import numpy as np

from fof.book.cost_paths import BOUGHT, SOLD, cost_paths
from fof.book.identities import Registered, registered_subjects
from fof.book.index import Book
from fof.ledger import Dated, to_date
from models.coinvest import PaymentLeg
from models.kinds import PartyKind
from models.posting_kinds import PostingKind
from models.subjects import LinkRole, SubjectKind

PAID = frozenset({int(PostingKind.COINVEST_PAY_IN), int(PostingKind.COINVEST_PAY_OUT)})
_INSTALMENT = re.compile(r"第[一二三四五六七八九十\d]+期$")
CLOSINGS = 365
"""Closings of one named round lie within a year: a round of the same name later is another round."""

_PAID_BY_DEAL = (PostingKind.INVESTMENT, PostingKind.CONTRIBUTION_IN_KIND, PostingKind.EXIT_PROCEEDS)


class StaffPayment(NamedTuple):
    """Money that staff or their vehicle paid or received: the payment's subject, its day, who paid whom, fen."""

    subject: Registered
    day: dt.date
    payer: int
    payee: int
    fen: int
    entry: int
    leg: PaymentLeg | None
    """Which way it went."""


class Coinvestment:
    """See the module. Ids of parties, deals and subjects throughout."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self._firms: dict[int, int | None] = {}

    @cached_property
    def registered(self) -> dict[str, dict[int, Registered]]:
        """Kind → id → subject."""
        return registered_subjects(self.book.view.prefix)

    def of(self, kind: SubjectKind) -> list[Registered]:
        """Every subject of a kind, by code."""
        key = ("coinvestment", kind)
        known: list[Registered] | None = self.book.remembered.get(key)
        if known is None:
            every = self.registered.get(kind.value, {}).values()
            known = self.book.remembered[key] = sorted(every, key=lambda own: own.code)
        return known

    def by(self, kind: SubjectKind, role: LinkRole) -> dict[int, list[Registered]]:
        """What stands in a role → the subjects of a kind that name it, by code."""
        key = ("coinvestment", kind, role)
        known: dict[int, list[Registered]] | None = self.book.remembered.get(key)
        if known is None:
            known = defaultdict(list)
            for own in self.of(kind):
                if (named := own.links.get(role)) is not None:
                    known[named].append(own)
            self.book.remembered[key] = known
        return known

    @cached_property
    def payments(self) -> list[StaffPayment]:
        """Every payment, by day and entry."""
        own = self.registered.get(SubjectKind.COINVEST_PAYMENT.value, {})
        p = self.book.view.postings
        columns = (p.loan, p.day, p.from_party, p.to_party, p.fen, p.entry)
        staff = np.flatnonzero(np.isin(p.kind, list(PAID)))
        made = []
        for loan, day, payer, payee, fen, entry in zip(*(c[staff].tolist() for c in columns), strict=True):
            if (subject := own.get(loan)) is not None:
                on = to_date(day)
                leg = subject.on("payment_leg", on)
                made.append(StaffPayment(subject, on, payer, payee, fen, entry, leg))
        return sorted(made, key=lambda one: (one.day, one.entry))

    @cached_property
    def of_stake(self) -> dict[int, list[StaffPayment]]:
        """Stake → its payments."""
        by_stake: dict[int, list[StaffPayment]] = defaultdict(list)
        for payment in self.payments:
            if (stake := payment.subject.linked(LinkRole.STAFF_STAKE)) is not None:
                by_stake[stake].append(payment)
        return by_stake

    @cached_property
    def declared(self) -> dict[tuple[int, int | None], list[Registered]]:
        """(person, deal) → what the person declared about it, by code."""
        by_pair: dict[tuple[int, int | None], list[Registered]] = defaultdict(list)
        for own in self.of(SubjectKind.DECLARATION):
            if (person := own.linked(LinkRole.PERSON)) is not None:
                by_pair[person, own.linked(LinkRole.DEAL)].append(own)
        return by_pair

    @cached_property
    def employers(self) -> dict[int, set[int | None]]:
        """Person → whom an employment of his or hers names."""
        by_person: dict[int, set[int | None]] = defaultdict(set)
        for own in self.of(SubjectKind.EMPLOYMENT):
            if (person := own.linked(LinkRole.PERSON)) is not None:
                by_person[person].add(own.linked(LinkRole.EMPLOYER))
        return by_person

    @cached_property
    def of_vehicle(self) -> dict[tuple[int, int], list[StaffPayment]]:
        """(vehicle, deal) → payments between the vehicle and the company."""
        by_vehicle: dict[tuple[int, int], list[StaffPayment]] = defaultdict(list)
        for payment in self.payments:
            deal = payment.subject.linked(LinkRole.DEAL)
            vehicle = payment.subject.linked(LinkRole.VEHICLE)
            if deal is not None and vehicle is not None:
                by_vehicle[vehicle, deal].append(payment)
        return by_vehicle

    # -- the institutions' side -------------------------------------------------------------------------------------

    @cached_property
    def deals(self) -> dict[int, Dated]:
        """Deal id → the live deal."""
        return {deal.row.id: deal for deal in self.book.view.deals}

    @cached_property
    def fen_of_deal(self) -> dict[int, int]:
        """Deal id → what was paid for an investment or received for an exit."""
        fen: dict[int, int] = defaultdict(int)
        p = self.book.view.postings
        chosen = np.flatnonzero(np.isin(p.kind, [int(kind) for kind in _PAID_BY_DEAL]) & (p.deal >= 0))
        for deal, amount in zip(p.deal[chosen].tolist(), p.fen[chosen].tolist(), strict=True):
            fen[deal] += amount
        for path in cost_paths(self.book.view).values():
            for move in path.moves:
                if move.kind == PostingKind.CONTRIBUTION_IN_KIND and move.is_proceeds:
                    fen[move.deal] += -move.fen
        return fen

    def institution(self, deal: Dated) -> int | None:
        """The state venture firm whose project a deal is: the investor itself, or who manages it on the day."""
        number = deal.row.id
        if number not in self._firms:
            self._firms[number] = self._institution(deal)
        return self._firms[number]

    def _institution(self, deal: Dated) -> int | None:
        investor = deal.row.investor
        if self.book.parties[investor].kind is PartyKind.SOE_VC:
            return int(investor)
        line = self.book.facts.names(investor).get("manager")
        code = None if line is None else line.last(deal.day)
        manager = None if code is None else self.book.by_code.get(code)
        return manager if manager is not None and self._state_firm(manager) else None

    def _state_firm(self, party: int) -> bool:
        return self.book.parties[party].kind in (PartyKind.SOE_VC, PartyKind.MANAGER)

    @cached_property
    def bought(self) -> dict[tuple[int, int], list[Dated]]:
        """(institution, company) → deals by which it or a vehicle it manages put money in, by day; loans that convert too."""
        by_pair: dict[tuple[int, int], list[Dated]] = defaultdict(list)
        for deal in sorted(self.deals.values(), key=lambda d: (d.day, d.entry)):
            firm = self.institution(deal) if deal.row.kind in BOUGHT else None
            if firm is not None:
                by_pair[firm, deal.row.company].append(deal)
        return by_pair

    @cached_property
    def sold(self) -> dict[tuple[int, int], list[Dated]]:
        """(institution, company) → deals by which it or a vehicle it manages left, in part or as a whole, by day."""
        by_pair: dict[tuple[int, int], list[Dated]] = defaultdict(list)
        for deal in sorted(self.deals.values(), key=lambda d: (d.day, d.entry)):
            firm = self.institution(deal) if deal.row.kind in SOLD else None
            if firm is not None:
                by_pair[firm, deal.row.company].append(deal)
        return by_pair

    def round_of(self, deal: int) -> list[Dated]:
        """The institution's payments into the round that a deal belongs to, by day, later instalments of it included; the
        deal alone where its round has no name."""
        own = self.deals[deal]
        firm = self.institution(own)
        same = self.bought.get((firm, own.row.company), []) if firm is not None else []
        if own.row.round is None or own not in same:
            return [own]
        name = whole_round(own.row.round)
        return [
            d
            for d in same
            if d.row.round is not None
            and whole_round(d.row.round) == name
            and abs((d.day - own.day).days) <= CLOSINGS
        ]


def whole_round(name: str) -> str:
    """A round's name without the number of the instalment: "A轮第二期" is paid into the round "A轮"."""
    return _INSTALMENT.sub("", name)


def coinvestment_of(book: Book) -> Coinvestment:
    """The co-investment of a book, indexed once."""
    known: Coinvestment | None = book.remembered.get(Coinvestment)
    if known is None:
        known = book.remembered[Coinvestment] = Coinvestment(book)
    return known
