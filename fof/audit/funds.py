"""Vehicles and their stakes as the rules see them on a day."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any, NamedTuple

from fof.audit.behind import Behind
from fof.audit.book import Book
from fof.audit.deals import claims, deal_facts, field_lists, holding_facts
from fof.audit.fees import fee_periods
from fof.audit.parties import investor_facts, manager_facts, manager_then, plain_names
from fof.rules.facts import Evaluation, Filing, FilingKind, FundFacts, ParentFacts
from fof.rules.facts_deals import FieldList
from fof.rules.facts_parties import Due, Flow, InvestorFacts, StakeFacts
from models.kinds import GovernmentLevel, PartyKind
from models.posting_kinds import PostingKind

_APART = (
    "manager", "st_guidance_fund", "extensions", "extension_years", "budget_years", "reinvest_milestones",
    "direction_weights",
)  # fmt: skip
_PLAIN = plain_names(FundFacts, *_APART)
_SCORES = ("policy", "compliance", "results", "bonus")


class Worth(NamedTuple):
    """Net asset value in fen and the rate of return of all investors together, None where they do not exist."""

    nav: int | None = None
    irr: float | None = None


class Office:
    """One day's gathering: who stands for whom, who holds what, what stands behind it."""

    def __init__(self, book: Book, day: dt.date) -> None:
        self.book, self.day = book, day
        self.lists: tuple[FieldList, ...] = field_lists(book, day)
        self.holidays = _holidays(book, day)
        self._successors = _successors(book, day)
        self._investors: dict[int, InvestorFacts] = {}
        self.members = self._members()
        stakes = {
            fund: {i: fen for i, parts in own.items() if (fen := self._committed(fund, parts)) > 0}
            for fund, own in self.members.items()
        }
        self.behind = Behind(book, day, {fund: own for fund, own in stakes.items() if own}, self.investor)

    def investor(self, party: int) -> InvestorFacts:
        """An investor's facts, once a day."""
        found = self._investors.get(party)
        if found is None:
            found = self._investors[party] = investor_facts(self.book, party, self.day)
        return found

    def current(self, party: int) -> int:
        """The party itself or the last of its successors."""
        seen = {party}
        while (after := self._successors.get(party)) is not None and after not in seen:
            party = after
            seen.add(party)
        return party

    def _members(self) -> dict[int, dict[int, list[int]]]:
        """Fund -> investor of today -> parties whose stakes it stands for."""
        found: dict[int, dict[int, list[int]]] = {}
        for fund, investors in self.book.investors.items():
            own: dict[int, list[int]] = defaultdict(list)
            for party in investors:
                own[self.current(party)].append(party)
            found[fund] = dict(own)
        return found

    def _committed(self, fund: int, parties: list[int]) -> int:
        return sum(
            self.book.committed[fund, p].at(self.day) for p in parties if (fund, p) in self.book.committed
        )

    def stakes(self, fund: int) -> tuple[StakeFacts, ...]:
        """Every stake that ever moved up to the day, by the investor's code."""
        gp = self.book.facts.of(fund, "gp", self.day)
        found = [
            stake
            for investor, parties in sorted(
                self.members.get(fund, {}).items(), key=lambda m: self.book.code(m[0])
            )
            if (stake := self._stake(fund, investor, parties, gp)) is not None
        ]
        return tuple(found)

    def _stake(self, fund: int, investor: int, parties: list[int], gp: str | None) -> StakeFacts | None:
        book, day = self.book, self.day
        shaped = [
            on
            for p in parties
            if (fund, p) in book.reshaped
            for on, other in book.reshaped[fund, p].dated(day)
            if other not in parties
        ]
        dues, paid, received = self._money(fund, parties)
        if not shaped and not dues and not paid and not received:
            return None
        parts = self.behind.parts(investor)
        return StakeFacts(
            investor=self.investor(investor),
            committed=self._committed(fund, parties),
            first_committed_on=min(shaped, default=None),
            last_committed_on=max(shaped, default=None),
            is_gp=gp is not None and book.code(investor) == gp,
            dues=dues,
            paid=paid,
            received=received,
            government_part=None if parts is None else parts[0],
            state_part=None if parts is None else parts[1],
            paid_in_moved=self._moved(fund, parties, PostingKind.PAID_IN_TRANSFER),
            distributed_moved=self._moved(fund, parties, PostingKind.DISTRIBUTED_TRANSFER),
        )

    def _moved(self, fund: int, parties: list[int], kind: PostingKind) -> int:
        """History of a stake that came with it from others, less what went on to others, up to the day."""
        return sum(
            (p.fen if p.to in parties else 0) - (p.fen if p.frm in parties else 0)
            for p in self.book.transfers_of.get(fund, ())
            if p.kind == kind and p.day <= self.day
        )

    def _money(
        self, fund: int, parties: list[int]
    ) -> tuple[tuple[Due, ...], tuple[Flow, ...], tuple[Flow, ...]]:
        book, day = self.book, self.day
        dues = [d for p in parties if (fund, p) in book.dues for d in book.dues[fund, p].upto(day)]
        paid = [f for p in parties if (fund, p) in book.paid for f in book.paid[fund, p].upto(day)]
        received = [
            f for p in parties if (fund, p) in book.received for f in book.received[fund, p].upto(day)
        ]
        if len(parties) > 1:
            paid.sort(key=lambda f: f.day)
            received.sort(key=lambda f: f.day)
        return tuple(dues), tuple(paid), tuple(received)

    def parents(self, fund: int) -> tuple[ParentFacts, ...]:
        """Vehicles above a fund, by code."""
        above = [
            owner
            for owner, _ in self.behind.owners(fund)
            if self.book.parties[owner].kind in (PartyKind.GUIDANCE_FUND, PartyKind.PARENT_FUND)
        ]
        return tuple(
            ParentFacts(
                self.book.code(p), self.book.parties[p].kind, self.book.facts.of(p, "term_end", self.day)
            )
            for p in sorted(set(above), key=self.book.code)
        )

    def fund(self, fund: int, worth: Worth) -> FundFacts:
        """A vehicle on the day."""
        book, day, facts = self.book, self.day, self.book.facts
        plain: dict[str, Any] = {name: facts.of(fund, name, day) for name in _PLAIN}
        gp = facts.of(fund, "gp", day)
        partner = None if gp is None else book.by_code.get(gp)
        deals = book.deals_of[fund].upto(day) if fund in book.deals_of else []
        stakes = self.stakes(fund)
        holdings = [holding_facts(book, fund, c, day) for c in book.companies.get(fund, ())]
        return FundFacts(
            code=book.code(fund),
            as_of=day,
            kind=book.parties[fund].kind,
            **plain,
            st_guidance_fund=bool(facts.of(fund, "st_guidance_fund", day)),
            status_history=tuple(facts.dated(fund, "status", day)),
            fee_advances=tuple(facts.dated(fund, "fee_advance", day)),
            extensions=facts.of(fund, "extensions", day) or 0,
            extension_years=facts.of(fund, "extension_years", day) or 0,
            parents=self.parents(fund),
            layers=self.behind.layers(fund),
            held_funds=tuple(sorted(book.code(f) for f in self.behind.held.get(fund, ()))),
            filings=_filings(book, fund, day),
            holidays=self.holidays,
            manager=manager_facts(book, facts.of(fund, "manager", day), day),
            manager_selected=manager_then(book, fund, plain["selected_on"], day),
            gp_code=gp,
            gp_ownership=None if partner is None else facts.of(partner, "ownership", day),
            reinvest_milestones=_milestones(facts.of(fund, "reinvest_milestones", day)),
            budget_years=_numbers(facts.of(fund, "budget_years", day)),
            direction_weights=_weights(facts.of(fund, "direction_weights", day)),
            stakes=stakes,
            guidance_share=self._guidance_share(fund, stakes),
            **self._cash(fund),
            fees=fee_periods(book, fund, day),
            nav=worth.nav,
            nav_irr=worth.irr,
            deals=tuple(deal_facts(book, deal, day, self.lists) for deal in deals),
            holdings=tuple(h for h in holdings if h is not None),
            claims=claims(book, fund, deals, day),
            evaluations=_evaluations(book, fund, day),
        )

    def _guidance_share(self, fund: int, stakes: tuple[StakeFacts, ...]) -> Fraction | None:
        if self.book.parties[fund].kind is PartyKind.GUIDANCE_FUND or not any(s.committed for s in stakes):
            return None
        return self.behind.guidance(fund)

    def _cash(self, fund: int) -> dict[str, Any]:
        book, day = self.book, self.day
        lines = {
            "capital_in": book.capital_in, "other_in": book.other_in, "uses": book.uses, "other_out": book.other_out,
            "remitted": book.remitted, "carry": book.carry, "deployed": book.deployed,
        }  # fmt: skip
        return {name: tuple(line[fund].upto(day)) if fund in line else () for name, line in lines.items()}


def _successors(book: Book, day: dt.date) -> dict[int, int]:
    """Party -> the party that succeeded it up to the day, where there is exactly one."""
    found: dict[int, list[int]] = defaultdict(list)
    for party in book.facts.holders("successor_of"):
        for code in book.facts.of(party, "successor_of", day) or ():
            former = book.by_code.get(code)
            if former is not None and former != party:
                found[former].append(party)
    return {former: after[0] for former, after in found.items() if len(after) == 1}


def _holidays(book: Book, day: dt.date) -> frozenset[dt.date] | None:
    """All public holidays ever entered up to the day, None where none were."""
    codes = {
        code
        for party in book.facts.holders("public_holidays")
        if book.facts.of(party, "government_level", day) in (None, GovernmentLevel.PROVINCE)
        for _, listed in book.facts.dated(party, "public_holidays", day)
        for code in listed
    }
    days = [found for code in codes if (found := _date(code)) is not None]
    return frozenset(days) if days else None


def _date(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError:
        return None


def _filings(book: Book, fund: int, day: dt.date) -> tuple[Filing, ...]:
    found = [
        Filing(kind, period, on)
        for kind in FilingKind
        for on, period in book.facts.dated(fund, kind.value, day)
    ]
    return tuple(sorted(found, key=lambda f: (f.filed_on, f.kind, f.period_end)))


def _evaluations(book: Book, fund: int, day: dt.date) -> tuple[Evaluation, ...]:
    by_day: dict[dt.date, dict[str, Any]] = defaultdict(dict)
    for name in ("grade", *_SCORES):
        for on, value in book.facts.dated(fund, f"evaluation_{name}", day):
            by_day[on][name] = value
    return tuple(Evaluation(on, **values) for on, values in sorted(by_day.items()))


def _milestones(codes: tuple[str, ...] | None) -> tuple[tuple[dt.date, Decimal], ...] | None:
    """Codes "date:share"; one that cannot be read makes the schedule unreadable, which is missing."""
    found = []
    for code in codes or ():
        day, _, share = code.partition(":")
        on, part = _date(day), _decimal(share)
        if on is None or part is None:
            return None
        found.append((on, part))
    return tuple(sorted(found))


def _numbers(codes: tuple[str, ...] | None) -> tuple[int, ...] | None:
    return None if codes is None else tuple(int(code) for code in codes if code.strip().isdigit())


def _weights(codes: tuple[str, ...] | None) -> tuple[Decimal, ...] | None:
    if codes is None:
        return None
    read = [_decimal(code) for code in codes]
    return None if None in read else tuple(w for w in read if w is not None)


def _decimal(text: str) -> Decimal | None:
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        return None
    return value if value.is_finite() else None
