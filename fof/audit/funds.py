"""Vehicles and their stakes as the rules see them on a day; each field is gathered when a rule first asks for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from fof.audit import stated
from fof.audit.deals import deal_facts
from fof.audit.fees import fee_periods
from fof.audit.office import Office, Worth
from fof.audit.on_demand import begin, gathered
from fof.audit.parties import manager_facts, manager_then, plain_names
from fof.audit.positions import claims, holding_facts
from fof.audit.stakes import asked_others, declared_stakes, made, stakes
from fof.book.index import Book
from fof.book.timelines import Steps
from fof.ledger import Dated, day_number
from fof.rules.calendar_days import add_months
from fof.rules.currencies import SeveralCurrencies
from fof.rules.facts import FundFacts, OwnerFacts, ParentFacts
from fof.rules.facts_deals import DealFacts, HoldingFacts
from fof.rules.facts_parties import Flow, StakeFacts
from models.kinds import FUND_KINDS, Instrument, Ownership, PartyKind

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


def fund_facts(office: Office, fund: int) -> FundFacts:
    """A vehicle on the day, gathered once."""
    facts = office.funds.get(fund)
    if facts is None:
        book = office.book
        facts = office.funds[fund] = begin(
            _GATHERED,
            office=office,
            number=fund,
            history=_OtherDays(office, fund),
            code=book.code(fund),
            as_of=office.day,
            kind=book.parties[fund].kind,
            currency=book.currency(fund),
        )
    return facts


class _OtherDays:
    """What was known of a vehicle on other days (fof.rules.facts.History)."""

    def __init__(self, office: Office, number: int) -> None:
        self._office, self._number = office, number

    def fund(self, day: dt.date) -> FundFacts:
        """The vehicle on another day."""
        return fund_facts(self._office.on(day), self._number)

    def stake(self, investor: str, day: dt.date) -> StakeFacts | None:
        """The stake of a party, in the hands of whoever stood for it on that day."""
        then = self._office.on(day)
        code = self._office.book.code(self._office.book.holder(self._office.book.by_code[investor], day))
        return fund_facts(then, self._number).stake_by_investor.get(code)


Gather = Callable[[Office, int], Any]
_NOT_STATED = dict.fromkeys(_PLAIN)


def _plain(facts: Any) -> dict[str, Any]:
    """The attributes that are read as they are; None where nothing is stated."""
    stated = facts.office.book.facts.among(facts.number, _PLAIN, facts.as_of)
    return {**_NOT_STATED, **stated, **facts.__dict__}


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
    stated_ways = {book.facts.of(gp, "ownership", day), _BY_KIND.get(book.parties[gp].kind)}
    listed_on = book.facts.of(gp, "listed_on", day)
    if listed_on is not None and listed_on <= day:
        stated_ways.add(Ownership.LISTED)
    parts = office.owners.public(gp, anywhere=True) if office.owners.of(gp) else None
    if _wholly(office, gp):
        stated_ways.add(Ownership.SOE_WHOLLY_OWNED)
    elif parts is not None and sum(parts) > Fraction(1, 2):
        stated_ways.add(Ownership.SOE_CONTROLLED_MIXED)
    return next((o for o in _STRICTEST if o in stated_ways), book.facts.of(gp, "ownership", day))


def _wholly(office: Office, party: int) -> bool:
    """Whether governments and companies that are wholly theirs declare all of a party."""
    owners = office.owners.of(party)
    if sum((share for _, share in owners), Fraction(0)) < 1:
        return False
    return all(_states(office, owner) or _wholly(office, owner) for owner, _ in owners)


def _states(office: Office, party: int) -> bool:
    ownership = office.book.facts.of(party, "ownership", office.day)
    return office.book.parties[party].kind is PartyKind.GOVERNMENT or ownership in (
        Ownership.GOVERNMENT,
        Ownership.SOE_WHOLLY_OWNED,
    )


_BY_KIND = {
    PartyKind.GOVERNMENT: Ownership.GOVERNMENT,
    PartyKind.STATE_INVESTOR: Ownership.SOE,
    PartyKind.SOE_VC: Ownership.SOE,
}


def _owners(office: Office, fund: int) -> tuple[OwnerFacts, ...]:
    """Who owns a vehicle by declaration alone, by code."""
    owners, facts = [], office.book.facts
    for owner, share in office.owners.declared(fund):
        home, anywhere = (office.owners.public(owner, anywhere=far) for far in (False, True))
        owners.append(
            OwnerFacts(
                office.book.code(owner),
                share,
                office.book.parties[owner].kind,
                government_part=None if home is None else home[0],
                state_part=None if home is None else home[1],
                government_anywhere=None if anywhere is None else anywhere[0],
                government_level=facts.of(owner, "government_level", office.day),
                st_guidance_fund=bool(facts.of(owner, "st_guidance_fund", office.day)),
            )
        )
    return tuple(sorted(owners, key=lambda own: own.code))


def _parents(office: Office, fund: int) -> tuple[ParentFacts, ...]:
    """Vehicles above a fund, by code."""
    above = [
        owner
        for owner, _ in office.owners.of(fund)
        if office.book.parties[owner].kind in (PartyKind.GUIDANCE_FUND, PartyKind.PARENT_FUND)
    ]
    return tuple(
        ParentFacts(
            office.book.code(p), office.book.parties[p].kind, office.book.facts.of(p, "term_end", office.day)
        )
        for p in sorted(set(above), key=office.book.code)
    )


def _cut_on(book: Book, fund: int, until: dt.date) -> dt.date | None:
    """The last day on which reductions changed the shares of a fund's commitments, by more than a fen of rounding."""
    days = sorted((day for day in book.cuts.get(fund, ()) if day <= until), reverse=True)
    pairs_of = [(fund, who) for who in book.investors.get(fund, ())] if days else []
    committed = [book.committed[pair] for pair in pairs_of if pair in book.committed]
    for day in days:
        pairs = [(steps.before(day), steps.at(day)) for steps in committed]
        before, after = sum(was for was, _ in pairs), sum(now for _, now in pairs)
        if after and any(abs(now * before - was * after) > before for was, now in pairs):
            return day
    return None


def _guidance_share(office: Office, fund: int, own: tuple[StakeFacts, ...]) -> Fraction | None:
    """The guidance funds' share of a fund's commitments; None for one of them, without commitments, or where a parent or
    sub-fund stands above it of which nobody recorded who is behind it."""
    if office.book.parties[fund].kind is PartyKind.GUIDANCE_FUND or not any(s.committed for s in own):
        return None
    low, high = office.owners.guidance(fund)
    return low if low == high else None


def _guidance_between(office: Office, fund: int) -> tuple[Fraction, Fraction] | None:
    """The least and the most that share can be; None without commitments."""
    return office.owners.guidance(fund) if office.owners.commitments(fund) else None


def _held_funds(office: Office, fund: int) -> tuple[str, ...]:
    """Funds it has promised money or owns by declaration, and those it bought into by a deal and still holds."""
    book, at = office.book, day_number(office.day)
    bought = {
        company
        for company in book.companies.get(fund, ())
        if book.costs[fund, company].cost(at) > 0 and _is_a_fund(office, fund, company)
    }
    return tuple(sorted(book.code(f) for f in bought.union(office.owners.vehicles.get(fund, ()))))


def _paid_into_funds(office: Office, fund: int) -> int | None:
    """What it paid into the funds it has promised money; None where one of them is in another currency."""
    book, paid = office.book, office.book.balances["paid_in"]
    held = {
        below: steps.at(office.day)
        for below in office.owners.vehicles.get(fund, ())
        if (steps := paid.get((below, fund))) is not None
    }
    if any(fen and book.currency(below) != book.currency(fund) for below, fen in held.items()):
        return None
    return sum(held.values())


def _is_a_fund(office: Office, fund: int, company: int) -> bool:
    """By what it is, or by the paper that was bought."""
    return office.book.parties[company].kind in FUND_KINDS or any(
        deal.row.company == company and deal.row.instrument == Instrument.FUND_STAKE
        for deal in _deal_rows(office, fund)
    )


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
    "parents": _parents,
    "layers": lambda office, fund: office.owners.layers(fund),
    "held_funds": _held_funds,
    "paid_into_funds": _paid_into_funds,
    "filings": lambda office, fund: stated.filings(office.book, fund, office.day),
    "calendar": lambda office, _: office.calendar,
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
    "stakes": stakes,
    "made": made,
    "declared_stakes": declared_stakes,
    "guidance_between": _guidance_between,
    "left_out": asked_others,
    "owners": _owners,
    "facility": lambda office, fund: office.book.facility.get(fund, Steps()).at(office.day),
    "cut_on": lambda office, fund: _cut_on(office.book, fund, office.day),
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
    "claims": lambda office, fund: claims(office.book, _deal_rows(office, fund), office.day),
    "evaluations": lambda office, fund: stated.evaluations(office.book, fund, office.day),
}
_GATHERED = gathered(
    FundFacts,
    {name: lambda facts, how=how: how(facts.office, facts.number) for name, how in _FIELDS.items()}
    | {"guidance_share": lambda facts: _guidance_share(facts.office, facts.number, facts.stakes)},
    (_PLAIN - _FIELDS.keys(), _plain),
)
