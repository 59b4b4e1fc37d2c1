"""Which stakes are alike: found in the rows as they were recorded, before any facts are made of them.

Of fifty thousand stakes some five thousand differ in more than who holds them. What two stakes have the same, their facts say the
same of, but for codes, the person, the line on the roster and the vote: no rule about stakes looks at these beyond whether an account
is the person's own. Stakes that have anything out of the ordinary (an answer that something does not exist, a nominee, a relative, a
leak, a transfer, money that came back) are looked at one by one. Facts of the others are made when somebody asks for them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Hashable, Mapping
from typing import Any

from fof.audit.coinvestment.evidence_tests import StakeTerms, evidence_standing
from fof.audit.coinvestment.stakes import StakeReadings
from fof.book.coinvestment import StaffPayment
from fof.book.identities import Registered
from fof.book.index import Book
from fof.rules.facts_coinvest import StaffStakeFacts
from fof.rules.likeness import Likeness
from models.coinvest import PaymentLeg
from models.subjects import LinkRole as R
from models.subjects import SubjectKind as S

_PERSON, _DEAL, _VEHICLE, _PLAN = R.PERSON, R.DEAL, R.VEHICLE, R.PLAN
_LISTS = ("state_representatives", "founders")
_HOLDER = "account_holder"
_NOTHING: Mapping[str, Any] = {}


_Money = tuple[tuple[dt.date, ...], tuple[int, ...], tuple[Hashable, ...]]
"""Of each payment its day, its fen, and how it was paid."""


class _Numbered(dict[Hashable, int]):
    """A number for each different thing: to compare numbers is quicker."""

    def __missing__(self, thing: Hashable) -> int:
        number = self[thing] = len(self)
        return number


class AlikeReadings(StakeReadings):
    """Stakes of a day by what they have in common."""

    def __init__(self, book: Book, day: dt.date) -> None:
        super().__init__(book, day)
        self._likenesses, self._holdings, self._ways, self._papers_of = (_Numbered() for _ in range(4))
        self._profiles, self._monies = _Numbered(), _Numbered()
        self._profile_of: dict[tuple[int, int], int | None] = {}
        self._money_of: dict[int, tuple[int, Any] | None] = {}
        self._lists_of: dict[int, tuple[Collection[str] | None, ...]] = {}
        self._standings: dict[Hashable, int] = {}

    def every_stake(self) -> list[StaffStakeFacts]:
        """Every stake up to the day, by code; of those that have something in common with others facts are made when somebody asks."""
        made = list[StaffStakeFacts]()
        for own in self.own.of(S.STAFF_STAKE):
            if own.first_day > self.day:
                continue
            likeness = self.likeness(own)
            if likeness is None:
                made.append(self.stake(own))
            else:
                facts = self.stake_later(own)
                facts.__dict__["likeness"] = likeness
                made.append(facts)
        return made

    def likeness(self, own: Registered) -> Likeness | None:
        """What a stake has in common with others; None for one that has to be looked at by itself."""
        links, number, stated = own.links, own.number, own.likeness
        person, deal, vehicle = links.get(_PERSON), links.get(_DEAL), links.get(_VEHICLE)
        if person is None or deal is None or stated is None:
            return None
        if number in self._denied or number in self._nominated:
            return None
        common = self._common(deal)
        if common.firm is None or common.company is None:
            return None
        profile = self._profile(person, common.firm, common.company)
        money = self._money(own, person, vehicle)
        declared = self._recorded(self.own.declared.get((person, deal), ()), 2)
        evidence = self._recorded(self._evidence.get(number, ()), 1)
        if profile is None or money is None or declared is None or evidence is None:
            return None
        days, amounts, ways = money
        first = None if not days else days[0] if len(days) == 1 else min(days)
        company = common.firm, common.company
        began = None
        if company in self.own.sold or self._receives(own):
            began = first or own.first_day  # exits are those from then on
        listed = self._on_lists(person, deal, common.company)
        plan = links.get(_PLAN)
        holding = self._holdings[
            deal, vehicle, plan, stated, profile, declared, listed, first is not None, began
        ]
        paying, papers = self._ways[ways], self._standing(own, evidence, deal, profile, common.firm, first)
        rows = self._likenesses[(holding, paying, papers, *days, *amounts)]
        return Likeness(holding, paying, papers, rows)

    def _standing(
        self,
        own: Registered,
        evidence: tuple[tuple[int, dt.date], ...],
        deal: int,
        profile: int,
        firm: int,
        first: dt.date | None,
    ) -> int:
        """A number for the items that documents of a stake stand for, and those of which it cannot be told."""
        if not evidence:
            return self._papers_of[()]
        documents = [d for d in self._evidence.get(own.number, ()) if d.first_day <= self.day]
        stated = [d.once or _NOTHING for d in documents]
        key: Hashable = tuple([document for document, _ in evidence])
        if any("evidence_on" in of_one for of_one in stated):  # held against days of its stake
            key = key, deal, profile, first
        if any("evidence_amount" in of_one for of_one in stated):
            key = key, self._paid_in(own)
        known = self._standings.get(key)
        if known is None:
            common, person = self._common(deal), own.links[_PERSON]
            terms = StakeTerms(
                common.project,
                self.own.of_stake.get(own.number, ()),
                self._last_spell(person, firm)[0],
                self._paid_in(own),
            )
            standing = evidence_standing(self.own, own, documents, terms, self.day)
            known = self._standings[key] = self._papers_of[standing]
        return known

    def _profile(self, person: int, firm: int, company: int) -> int | None:
        """Who a person is to an institution: the spells there with all that is stated of them. None where there is more to it."""
        key = person, firm
        if key not in self._profile_of:
            self._profile_of[key] = self._profile_at(person, firm)
        return None if company == firm else self._profile_of[key]

    def _profile_at(self, person: int, firm: int) -> int | None:
        if person in self._with_kin or person in self._leaks:
            return None
        if any(employer != firm for employer in self.own.employers.get(person, ())):
            return None
        spells = [(start, end, own.likeness) for start, end, own in self._spells_of(person, firm)]
        return None if any(like is None for *_, like in spells) else self._profiles[tuple(spells)]

    def _money(self, stake: Registered, person: int, vehicle: int | None) -> _Money | None:
        """What the person paid to the vehicle, and how; None where anything else was paid, or may be yet."""
        days, amounts, ways = list[dt.date](), list[int](), list[Hashable]()
        for one in self.own.of_stake.get(stake.number, ()):
            terms = self._terms_of(one)
            if terms is None or one.leg is not PaymentLeg.PERSON_TO_VEHICLE or one.day > self.day:
                return None
            rest, holder = terms
            own_account = None if holder is None else holder == self.book.code(person)
            days.append(one.day)
            amounts.append(one.fen)
            ways.append((rest, own_account, one.payer == person, one.payee == vehicle))
        return tuple(days), tuple(amounts), tuple(ways)

    def _terms_of(self, paid: StaffPayment) -> tuple[int, Any] | None:
        """What is stated of a payment but the holder of the account, and that one; None where it is lent money."""
        stated, likeness = paid.subject.once, paid.subject.likeness
        if stated is None or likeness is None or likeness[1] != paid.day:
            return None
        key = likeness[0]
        if key not in self._money_of:
            rest = tuple([(name, id(value)) for name, value in stated.items() if name != _HOLDER])
            lent = "money_lender" in stated
            self._money_of[key] = None if lent else (self._monies[rest], stated.get(_HOLDER))
        return self._money_of[key]

    def _recorded(
        self, documents: Collection[Registered], links: int
    ) -> tuple[tuple[int, dt.date], ...] | None:
        """What is stated of each of some documents up to the day; None where one names more than its stake or changed over time."""
        each = list[tuple[int, dt.date]]()
        for own in documents:
            if own.first_day > self.day:
                continue
            likeness = own.likeness
            if likeness is None or len(own.links) > links:
                return None
            each.append(likeness)
        return tuple(each)

    def _on_lists(self, person: int, deal: int, company: int) -> Hashable:
        """Whether the person represents the state in the company, or founded it; None where no such list is recorded."""
        lists = self._lists_of.get(deal)
        if lists is None:
            day = self._common(deal).day
            of = self.book.facts.of
            lists = () if day is None else tuple(of(company, n, day) for n in _LISTS)
            if not any(codes is not None for codes in lists):
                lists = ()
            self._lists_of[deal] = lists
        if not lists:
            return None
        who = self.book.code(person)
        return tuple([None if codes is None else who in codes for codes in lists])
