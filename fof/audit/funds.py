"""Vehicles and their stakes as the rules see them on a day; each field is gathered when a rule first asks for it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple

from fof.audit import stated
from fof.audit.behind import Behind
from fof.audit.book import Book
from fof.audit.deals import claims, deal_facts, field_lists, holding_facts
from fof.audit.fees import fee_periods
from fof.audit.on_demand import begin, gathered
from fof.audit.parties import investor_facts, investor_then, manager_facts, manager_then, plain_names
from fof.audit.rows import DealRow
from fof.rules.calendar_days import add_months
from fof.rules.facts import FundFacts, ParentFacts
from fof.rules.facts_deals import DealFacts, FieldList, HoldingFacts
from fof.rules.facts_parties import Due, Flow, InvestorFacts, StakeFacts
from models.kinds import PartyKind
from models.posting_kinds import PostingKind

_APART = (
    "manager", "st_guidance_fund", "extensions", "extension_years", "budget_years", "reinvest_milestones",
    "direction_weights", "direction_evidence",
)  # fmt: skip
_PLAIN = plain_names(FundFacts, *_APART)


class Worth(NamedTuple):
    """What the performance tables say of a fund with all its investors and all it succeeds; fen, None where not known."""

    nav: int | None = None
    irr: float | None = None
    paid_in: int | None = None
    distributed: int | None = None


class Office:
    """One day's gathering: who stands for whom, who holds what, what stands behind it.

    worth : what fof.performance says funds are worth that day; asked at most once
    """

    def __init__(self, book: Book, day: dt.date, worth: Callable[[], Mapping[int, Worth]]) -> None:
        self.book, self.day = book, day
        self._worth = worth
        self._investors: dict[int, InvestorFacts] = {}

    @cached_property
    def worth(self) -> Mapping[int, Worth]:
        """Fund -> what it is worth; a fund that is missing has no figures."""
        return self._worth()

    @cached_property
    def lists(self) -> tuple[FieldList, ...]:
        """The versions of the province's priority fields."""
        return field_lists(self.book, self.day)

    @cached_property
    def holidays(self) -> frozenset[dt.date] | None:
        """All public holidays ever entered, None where none were."""
        return stated.holidays(self.book, self.day)

    @cached_property
    def _successors(self) -> dict[int, int]:
        return stated.successors(self.book, self.day)

    @cached_property
    def behind(self) -> Behind:
        """Who stands behind each party, over the commitments of the day."""
        stakes = {
            fund: {i: fen for i, parts in own.items() if (fen := self._committed(fund, parts)) > 0}
            for fund, own in self.members.items()
        }
        own = {fund: own for fund, own in stakes.items() if own}
        return Behind(self.book, self.day, own, self.investor)

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

    @cached_property
    def members(self) -> dict[int, dict[int, list[int]]]:
        """Fund -> investor of today -> parties whose stakes it stands for."""
        found: dict[int, dict[int, list[int]]] = {}
        for fund, investors in self.book.investors.items():
            own: dict[int, list[int]] = defaultdict(list)
            for party in investors:
                own[self.current(party)].append(party)
            found[fund] = dict(own)
        return found

    def _committed(self, fund: int, parties: list[int], day: dt.date | None = None) -> int:
        on, committed = day or self.day, self.book.committed
        return sum(committed[fund, p].at(on) for p in parties if (fund, p) in committed)

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
        parts, joined = self.behind.parts(investor), min(shaped, default=None)
        anywhere = self.behind.parts(investor, anywhere=True)
        return StakeFacts(
            investor=self.investor(investor),
            investor_then=None if joined is None else investor_then(book, investor, joined, day),
            committed=self._committed(fund, parties),
            first_committed=None if joined is None else self._committed(fund, parties, joined),
            first_committed_on=joined,
            last_committed_on=max(shaped, default=None),
            is_gp=gp is not None and book.code(investor) == gp,
            dues=dues,
            paid=paid,
            received=received,
            government_part=None if parts is None else parts[0],
            state_part=None if parts is None else parts[1],
            government_anywhere=None if anywhere is None else anywhere[0],
            state_anywhere=None if anywhere is None else anywhere[1],
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

    def this_year(self, fund: int, name: str) -> list[Any]:
        """What was stated of a yearly duty in the last twelve months: an older statement was for another year."""
        dated = self.book.facts.dated(fund, name, self.day)
        return [value for on, value in dated if on > add_months(self.day, -12)]

    def fund(self, fund: int) -> FundFacts:
        """A vehicle on the day."""
        book = self.book
        plain = book.facts.among(fund, _PLAIN, self.day)
        facts: FundFacts = begin(
            _GATHERED,
            office=self,
            number=fund,
            code=book.code(fund),
            as_of=self.day,
            kind=book.parties[fund].kind,
            **plain,
        )
        return facts

    def cut_on(self, fund: int) -> dt.date | None:
        """The last day on which reductions changed the shares of a fund's commitments, by more than a fen of rounding."""
        days = sorted((day for day in self.book.cuts.get(fund, ()) if day <= self.day), reverse=True)
        committed = [steps for (f, _), steps in self.book.committed.items() if f == fund] if days else []
        for day in days:
            pairs = [(steps.before(day), steps.at(day)) for steps in committed]
            before, after = sum(was for was, _ in pairs), sum(now for _, now in pairs)
            if after and any(abs(now * before - was * after) > before for was, now in pairs):
                return day
        return None

    def guidance_share(self, fund: int, stakes: tuple[StakeFacts, ...]) -> Fraction | None:
        """The guidance funds' share of a fund's commitments; None for one of them, or without commitments."""
        if self.book.parties[fund].kind is PartyKind.GUIDANCE_FUND or not any(s.committed for s in stakes):
            return None
        return self.behind.guidance(fund)


Gather = Callable[[Office, int], Any]


def _fact(name: str, read: Callable[[Any], Any] = lambda value: value) -> Gather:
    """An attribute of the fund as `read` makes it."""
    return lambda office, fund: read(office.book.facts.of(fund, name, office.day))


def _dated(name: str) -> Gather:
    """Every value of an attribute up to the day."""
    return lambda office, fund: tuple(office.book.facts.dated(fund, name, office.day))


def _cash(name: str) -> Gather:
    """One of the book's lines of the vehicle's money up to the day."""

    def flows(office: Office, fund: int) -> tuple[Flow, ...]:
        line = getattr(office.book, name).get(fund)
        return () if line is None else tuple(line.upto(office.day))

    return flows


def _gp_ownership(office: Office, fund: int) -> Any:
    gp = office.book.by_code.get(office.book.facts.of(fund, "gp", office.day) or "")
    return None if gp is None else office.book.facts.of(gp, "ownership", office.day)


def _held_funds(office: Office, fund: int) -> tuple[str, ...]:
    return tuple(sorted(office.book.code(f) for f in office.behind.held.get(fund, ())))


def _deals(office: Office, fund: int) -> tuple[DealFacts, ...]:
    return tuple(deal_facts(office.book, d, office.day, office.lists) for d in _deal_rows(office, fund))


def _deal_rows(office: Office, fund: int) -> list[DealRow]:
    line = office.book.deals_of.get(fund)
    return [] if line is None else line.upto(office.day)


def _holdings(office: Office, fund: int, day: dt.date) -> tuple[HoldingFacts, ...]:
    held = (holding_facts(office.book, fund, c, day) for c in office.book.companies.get(fund, ()))
    return tuple(h for h in held if h is not None)


def _tested(office: Office, fund: int) -> tuple[HoldingFacts, ...] | None:
    """Holdings on the recorded day of the loss test; None where none is recorded or it has not passed."""
    on = office.book.facts.of(fund, "tolerance_test_on", office.day)
    return None if on is None or on >= office.day else _holdings(office, fund, on)


_FIELDS: dict[str, Gather] = {
    "st_guidance_fund": _fact("st_guidance_fund", bool),
    "status_history": _dated("status"),
    "extensions": _fact("extensions", lambda value: value or 0),
    "extension_years": _fact("extension_years", lambda value: value or 0),
    "parents": lambda office, fund: office.parents(fund),
    "layers": lambda office, fund: office.behind.layers(fund),
    "held_funds": _held_funds,
    "filings": lambda office, fund: stated.filings(office.book, fund, office.day),
    "holidays": lambda office, _: office.holidays,
    "manager": lambda office, fund: manager_facts(
        office.book, office.book.facts.of(fund, "manager", office.day), office.day
    ),
    "manager_selected": lambda office, fund: manager_then(
        office.book, fund, office.book.facts.of(fund, "selected_on", office.day), office.day
    ),
    "gp_code": _fact("gp"),
    "gp_ownership": _gp_ownership,
    "reinvest_milestones": _fact("reinvest_milestones", lambda codes: stated.milestones(codes)),
    "budget_years": _fact("budget_years", lambda codes: stated.numbers(codes)),
    "direction_weights": lambda office, fund: stated.weights(
        office.book.facts.of(fund, "direction_weights", office.day)
        if office.this_year(fund, "direction_weights")
        else None
    ),
    "direction_evidence": lambda office, fund: stated.topics(office.this_year(fund, "direction_evidence")),
    "first_term_end": lambda office, fund: next(
        (end for _, end in office.book.facts.dated(fund, "term_end", office.day)), None
    ),
    "fee_advances": _dated("fee_advance"),
    "stakes": lambda office, fund: office.stakes(fund),
    "cut_on": lambda office, fund: office.cut_on(fund),
    **{
        name: _cash(name)
        for name in (
            "capital_in",
            "cost_calls",
            "other_in",
            "uses",
            "other_out",
            "remitted",
            "carry",
            "deployed",
        )
    },
    "fees": lambda office, fund: fee_periods(office.book, fund, office.day),
    "nav": lambda office, fund: office.worth.get(fund, Worth()).nav,
    "nav_irr": lambda office, fund: office.worth.get(fund, Worth()).irr,
    "nav_paid_in": lambda office, fund: office.worth.get(fund, Worth()).paid_in,
    "nav_distributed": lambda office, fund: office.worth.get(fund, Worth()).distributed,
    "deals": _deals,
    "holdings": lambda office, fund: _holdings(office, fund, office.day),
    "tested_holdings": _tested,
    "claims": lambda office, fund: claims(office.book, fund, _deal_rows(office, fund), office.day),
    "evaluations": lambda office, fund: stated.evaluations(office.book, fund, office.day),
}
_GATHERED = gathered(
    FundFacts,
    {name: lambda facts, how=how: how(facts.office, facts.number) for name, how in _FIELDS.items()}
    | {"guidance_share": lambda facts: facts.office.guidance_share(facts.number, facts.stakes)},
)
