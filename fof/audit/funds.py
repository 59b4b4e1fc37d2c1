"""Vehicles and their stakes as the rules see them on a day; each field is gathered when a rule first asks for it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple

from fof.audit import stated
from fof.audit.behind import Behind
from fof.audit.deals import claims, deal_facts, field_lists, holding_facts
from fof.audit.fees import fee_periods
from fof.audit.left_out import left_out
from fof.audit.on_demand import begin, gathered
from fof.audit.parties import investor_facts, investor_then, manager_facts, manager_then, plain_names
from fof.book.index import Book
from fof.ledger import Dated
from fof.rules.calendar_days import add_months
from fof.rules.currencies import SeveralCurrencies
from fof.rules.facts import FundFacts, OwnerFacts, ParentFacts
from fof.rules.facts_deals import DealFacts, FieldList, HoldingFacts
from fof.rules.facts_parties import Due, Flow, InvestorFacts, LeftOut, StakeFacts
from models.kinds import Ownership, PartyKind
from models.posting_kinds import PostingKind

_APART = (
    "currency",
    "manager",
    "st_guidance_fund",
    "extensions",
    "extension_years",
    "budget_years",
    "reinvest_milestones",
    "direction_weights",
    "direction_evidence",
)
_PLAIN = plain_names(FundFacts, *_APART)


class Worth(NamedTuple):
    """What the performance tables say of a fund with all its investors and all it succeeds; fen, None where not known."""

    nav: int | None = None
    irr: float | None = None
    paid_in: int | None = None
    distributed: int | None = None


class Office:
    """One day's gathering: who stands for whom, who holds what, what stands behind it; each asked for at most once.

    worth : what fof.figures.performance says funds are worth on a day
    """

    def __init__(self, book: Book, day: dt.date, worth: Callable[[dt.date], Mapping[int, Worth]]) -> None:
        self.book, self.day = book, day
        self._worth = worth
        self._investors: dict[int, InvestorFacts] = {}
        self._members: dict[int, dict[int, list[int]]] = {}
        self._funds: dict[int, FundFacts] = {}

    def on(self, day: dt.date) -> Office:
        """The gathering of another day; an event's day is the same for all as-of days, so it is kept with the book."""
        if day == self.day:
            return self
        key = ("office", day)
        found: Office | None = self.book.remembered.get(key)
        if found is None:
            found = self.book.remembered[key] = Office(self.book, day, self._worth)
        return found

    @cached_property
    def worth(self) -> Mapping[int, Worth]:
        """Fund -> what it is worth; a fund that is missing has no figures."""
        return self._worth(self.day)

    @cached_property
    def lists(self) -> tuple[FieldList, ...]:
        """The versions of the province's priority fields."""
        return field_lists(self.book, self.day)

    @cached_property
    def holidays(self) -> frozenset[dt.date] | None:
        """All public holidays ever entered, None where none were."""
        return stated.holidays(self.book, self.day)

    @cached_property
    def behind(self) -> Behind:
        """Who stands behind each party, over the commitments of the day."""
        return Behind(self.book, self.day, self.book.investors, self._holdings, self.investor)

    def _holdings(self, fund: int) -> dict[int, int]:
        """Investor -> what it has promised a vehicle, where that is more than nothing."""
        own = self.members(fund).items()
        return {i: fen for i, parties in own if (fen := self._committed(fund, parties)) > 0}

    def investor(self, party: int) -> InvestorFacts:
        """An investor's facts, once a day."""
        found = self._investors.get(party)
        if found is None:
            found = self._investors[party] = investor_facts(self.book, party, self.day)
        return found

    def current(self, party: int) -> int:
        """The party itself or the last of its successors."""
        return stated.holder(self.book, party, self.day)

    def members(self, fund: int) -> dict[int, list[int]]:
        """Investor of the day -> parties whose stakes in a fund it stands for."""
        found = self._members.get(fund)
        if found is None:
            own: dict[int, list[int]] = defaultdict(list)
            for party in self.book.investors.get(fund, ()):
                own[self.current(party)].append(party)
            found = self._members[fund] = dict(own)
        return found

    def _committed(self, fund: int, parties: list[int], day: dt.date | None = None) -> int:
        on, committed = day or self.day, self.book.committed
        return sum(committed[fund, p].at(on) for p in parties if (fund, p) in committed)

    def stakes(self, fund: int) -> tuple[StakeFacts, ...]:
        """Every stake that ever moved up to the day, by the investor's code."""
        by_code = sorted(self.members(fund).items(), key=lambda m: self.book.code(m[0]))
        found = (self._stake(fund, investor, parties) for investor, parties in by_code)
        return tuple(stake for stake in found if stake is not None)

    def made(self, fund: int) -> tuple[StakeFacts, ...] | None:
        """The stakes by the party that made the promise, None where every investor stands for itself.

        first_committed_on : None where the party went on with a stake that it had taken over by then
        last_committed_on  : None where whoever took the stake over promised again
        """
        members = self.members(fund)
        if all(parties == [investor] for investor, parties in members.items()):
            return None
        found = []
        for investor, parties in members.items():
            for party in parties:
                own = self._stake(fund, party, [party], holder=investor)
                if own is None:
                    continue
                first, last = own.first_committed_on, own.last_committed_on
                if first is not None and self.on(first).began(fund, party) < first:
                    first = None
                if last is not None and any(
                    day > last and self.on(day).current(party) == other
                    for other in parties
                    if other != party
                    for day in self.shaped(fund, other)
                ):
                    last = None
                found.append(
                    replace(own, first_committed_on=first, last_committed_on=last, shared=len(parties) > 1)
                )
        return tuple(sorted(found, key=lambda s: s.investor.code))

    def began(self, fund: int, party: int) -> dt.date:
        """The first day on which a party, or whom it had succeeded by the day, promised a fund something."""
        parties = self.members(fund).get(self.current(party), [party])
        return min((day for p in parties for day in self.shaped(fund, p)), default=dt.date.max)

    def shaped(self, fund: int, party: int) -> list[dt.date]:
        """Days up to the day on which a party's stake in a fund took another shape: it promised, bought or sold. What goes
        to a successor, or comes from a predecessor, is the same stake; later mergers change nothing about it."""
        line, book = self.book.reshaped.get((fund, party)), self.book
        return [
            on
            for on, other in (() if line is None else line.dated(self.day))
            if not other or stated.holder(book, other, on) != stated.holder(book, party, on)
        ]

    def _stake(
        self, fund: int, investor: int, parties: list[int], holder: int | None = None
    ) -> StakeFacts | None:
        """The stake of some parties in a fund under an investor's name; holder: who stands for it today, where that is
        another."""
        book, day = self.book, self.day
        shaped = [on for p in parties for on in self.shaped(fund, p)]
        dues, paid, received = self._money(fund, parties)
        if not shaped and not dues and not paid and not received:
            return None
        gp = book.facts.of(fund, "gp", day)
        behind = investor if holder is None else holder
        parts, joined = self.behind.parts(behind), min(shaped, default=None)
        anywhere = self.behind.parts(behind, anywhere=True)
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

    def left_out(self, fund: int) -> dict[str, tuple[LeftOut, ...]]:
        """Code of an investor of the day -> calls that asked others and not it, or whom it stands for."""
        found: dict[str, list[LeftOut]] = defaultdict(list)
        for party, calls in left_out(self.book, fund).items():
            found[self.book.code(self.current(party))] += [c for c in calls if c.asked_on <= self.day]
        return {code: tuple(sorted(calls)) for code, calls in found.items() if calls}

    def owners(self, fund: int) -> tuple[OwnerFacts, ...]:
        """Who owns a vehicle by declaration alone, by code."""
        found = []
        for owner, share in self.behind.declared(fund):
            parts = self.behind.parts(owner) or (None, None)
            found.append(OwnerFacts(self.book.code(owner), share, self.book.parties[owner].kind, *parts))
        return tuple(sorted(found))

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
        found = self._funds.get(fund)
        if found is None:
            book = self.book
            plain = book.facts.among(fund, _PLAIN, self.day)
            found = self._funds[fund] = begin(
                _GATHERED,
                office=self,
                number=fund,
                history=_History(self, fund),
                code=book.code(fund),
                as_of=self.day,
                kind=book.parties[fund].kind,
                currency=book.currency(fund),
                **plain,
            )
        return found

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

    def guidance_between(self, fund: int) -> tuple[Fraction, Fraction] | None:
        """The least and the most that share can be; None without commitments."""
        if not any(self._holdings(fund)):
            return None
        return self.behind.guidance_between(fund)


class _History:
    """What was known of a vehicle on other days (fof.rules.facts.History)."""

    def __init__(self, office: Office, number: int) -> None:
        self._office, self._number = office, number

    def fund(self, day: dt.date) -> FundFacts:
        """The vehicle on another day."""
        return self._office.on(day).fund(self._number)

    def stake(self, investor: str, day: dt.date) -> StakeFacts | None:
        """The stake of a party, in the hands of whoever stood for it on that day."""
        then = self._office.on(day)
        code = self._office.book.code(then.current(self._office.book.by_code[investor]))
        return next((s for s in then.fund(self._number).stakes if s.investor.code == code), None)


Gather = Callable[[Office, int], Any]


def _fact(name: str, read: Callable[[Any], Any] = lambda value: value) -> Gather:
    """An attribute of the fund as `read` makes it."""
    return lambda office, fund: read(office.book.facts.of(fund, name, office.day))


def _dated(name: str) -> Gather:
    """Every value of an attribute up to the day."""
    return lambda office, fund: tuple(office.book.facts.dated(fund, name, office.day))


def _cash(name: str) -> Gather:
    """One of the book's lines of the vehicle's money up to the day. SeveralCurrencies where a part is in another than its own."""

    def flows(office: Office, fund: int) -> tuple[Flow, ...]:
        foreign = {code for day, code in office.book.foreign.get((name, fund), ()) if day <= office.day}
        if foreign:
            raise SeveralCurrencies({office.book.currency(fund), *foreign})
        line = getattr(office.book, name).get(fund)
        return () if line is None else tuple(line.upto(office.day))

    return flows


def _manager_closed(office: Office, fund: int) -> Any:
    """The manager on the day of the close, with what is known of it today."""
    facts, on = office.book.facts, office.book.facts.of(fund, "final_close_on", office.day)
    if on is None or on > office.day:
        return None
    return manager_facts(office.book, facts.of(fund, "manager", on), office.day)


def _first_term_end(office: Office, fund: int) -> dt.date | None:
    """The term as first stated; a book that begins with an extended fund states both at once."""
    facts = office.book.facts
    on, end = next(iter(facts.dated(fund, "term_end", office.day)), (None, None))
    if on is None or end is None:
        return None
    return add_months(end, -12 * (facts.of(fund, "extension_years", on) or 0))


_STRICTEST = (
    Ownership.GOVERNMENT,
    Ownership.SOE_WHOLLY_OWNED,
    Ownership.SOE,
    Ownership.LISTED,
    Ownership.PUBLIC_BODY,
    Ownership.SOE_CONTROLLED_MIXED,
)


def _gp_ownership(office: Office, fund: int) -> Any:
    """What the general partner is by its attribute, its kind, its listing or who owns it; of several answers the strictest."""
    book, day = office.book, office.day
    gp = book.by_code.get(book.facts.of(fund, "gp", day) or "")
    if gp is None:
        return None
    said = {book.facts.of(gp, "ownership", day), _BY_KIND.get(book.parties[gp].kind)}
    listed_on = book.facts.of(gp, "listed_on", day)
    if listed_on is not None and listed_on <= day:
        said.add(Ownership.LISTED)
    parts = office.behind.parts(gp, anywhere=True) if office.behind.owners(gp) else None
    if _wholly(office, gp):
        said.add(Ownership.SOE_WHOLLY_OWNED)
    elif parts is not None and sum(parts) > Fraction(1, 2):
        said.add(Ownership.SOE_CONTROLLED_MIXED)
    return next((o for o in _STRICTEST if o in said), book.facts.of(gp, "ownership", day))


def _wholly(office: Office, party: int) -> bool:
    """Whether governments and companies that are wholly theirs declare all of a party."""
    owners = office.behind.owners(party)
    if sum((share for _, share in owners), Fraction(0)) < 1:
        return False
    return all(_states(office, owner) or _wholly(office, owner) for owner, _ in owners)


def _states(office: Office, party: int) -> bool:
    said = office.book.facts.of(party, "ownership", office.day)
    return office.book.parties[party].kind is PartyKind.GOVERNMENT or said in (
        Ownership.GOVERNMENT,
        Ownership.SOE_WHOLLY_OWNED,
    )


_BY_KIND = {
    PartyKind.GOVERNMENT: Ownership.GOVERNMENT,
    PartyKind.STATE_INVESTOR: Ownership.SOE,
    PartyKind.SOE_VC: Ownership.SOE,
}


def _held_funds(office: Office, fund: int) -> tuple[str, ...]:
    return tuple(sorted(office.book.code(f) for f in office.behind.held.get(fund, ())))


def _deals(office: Office, fund: int) -> tuple[DealFacts, ...]:
    return tuple(deal_facts(office.book, d, office.day, office.lists) for d in _deal_rows(office, fund))


def _deal_rows(office: Office, fund: int) -> list[Dated]:
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
    "extension_history": _dated("extensions"),
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
    "manager_closed": lambda office, fund: _manager_closed(office, fund),
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
    "first_term_end": lambda office, fund: _first_term_end(office, fund),
    "fee_advances": _dated("fee_advance"),
    "stakes": lambda office, fund: office.stakes(fund),
    "made": lambda office, fund: office.made(fund),
    "guidance_between": lambda office, fund: office.guidance_between(fund),
    "left_out": lambda office, fund: office.left_out(fund),
    "owners": lambda office, fund: office.owners(fund),
    "facility": lambda office, fund: office.book.facility[fund].at(office.day),
    "cut_on": lambda office, fund: office.cut_on(fund),
    **{
        name: _cash(name)
        for name in (
            "capital_in",
            "cost_calls",
            "other_in",
            "uses",
            "other_out",
            "appropriated",
            "remitted",
            "carry",
            "deployed",
        )
    },
    "fees": lambda office, fund: fee_periods(office.book, fund, office.day),
    "fee_payments": _cash("fees"),
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
