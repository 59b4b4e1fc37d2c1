"""Positions in companies, and what is claimed as local reinvestment, as the rules see them."""

from __future__ import annotations

import datetime as dt

from fof.audit.parties import word
from fof.book.cost_paths import SOLD
from fof.book.holdings import value_of_holding
from fof.book.index import Book, DaysOfChange
from fof.book.marks import marked_days
from fof.ledger import Dated, day_number
from fof.rules.facts_deals import (
    HoldingFacts,
    ReinvestClaim,
)
from fof.rules.facts_parties import in_home_province
from models import kinds
from models.kinds import DealKind
from models.rule_kinds import ReinvestKind

_OF_COMPANY = frozenset({"money_place", "registered_place", "staff", "tax_paid"})


def holding_facts(book: Book, fund: int, company: int, day: dt.date) -> HoldingFacts | None:
    """A position on a day, open or closed; None before its first day."""
    path = book.costs[fund, company]

    def rests_on() -> DaysOfChange:
        yield (book.dates[m.day] for m in path.moves)
        yield (d.day for d in path.deals)
        for holder in book.succession.line(fund):  # a fund's successor may state its values
            yield (book.dates[day] for day in marked_days(book.view, company, holder))
            if holder != fund:
                yield (book.dates[day] for day in book.succession.days)
        by_name = book.facts.names(company)
        for name in by_name.keys() & _OF_COMPANY:
            yield by_name[name].days
        for deal in path.deals:
            stated = book.facts.names_of_deal(deal.row.id)
            for name in stated.keys() & {"reinvest_kind", "due_diligence_doc"}:
                yield stated[name].days

    key = ("holding", fund, company, book.version("holding", (fund, company), day, rests_on))
    if key not in book.remembered:
        book.remembered[key] = _holding_facts(book, fund, company, day)
    return book.remembered[key]  # type: ignore[no-any-return]


def _holding_facts(book: Book, fund: int, company: int, day: dt.date) -> HoldingFacts | None:
    path, facts, at = book.costs[fund, company], book.facts, day_number(day)
    deals = path.deals_upto(at)
    cost = path.invested(at)
    if not deals and not cost:
        return None
    closed = path.closed_on(at)
    left = (*SOLD, DealKind.WRITE_OFF)  # what is written off leaves by a route too
    exits = [d for d in deals if d.row.kind in left]
    first = deals[0] if deals else None
    place = facts.of(company, "money_place", day) or facts.of(company, "registered_place", day)
    kinds_of = [facts.of_deal(d.row.id, "reinvest_kind", day) for d in deals]
    entry = first.day if first is not None else None
    return HoldingFacts(
        company=book.code(company),
        cost=cost,
        value=value_of_holding(book.on(day), fund, company).fen,
        proceeds=path.received(at),
        exited_cost=cost - path.cost(at),
        first_on=entry,
        closed_on=None if closed is None else book.dates[closed],
        route=word(kinds.ExitRoute, exits[-1].row.exit_route) if exits else None,
        stage=word(kinds.Stage, first.row.stage) if first is not None else None,
        local=_local(place),
        relocated=(ReinvestKind.RELOCATED in kinds_of) if any(kinds_of) else None,
        staff_at_entry=None if entry is None else facts.of(company, "staff", entry),
        staff_now=facts.of(company, "staff", day),
        tax_paid=facts.of(company, "tax_paid", day),
        due_diligence=any(facts.of_deal(d.row.id, "due_diligence_doc", day) for d in deals),
    )


_PLACES = tuple(name for city in kinds.City for name in (city.zh, city.value, *city.aliases))


def _local(place: str | None) -> bool | None:
    """A place is local where it names the province or one of its cities."""
    if place is None:
        return None
    text = place.strip()
    return bool(in_home_province(text)) or text.startswith("黑龙江") or any(name in text for name in _PLACES)


def claims(book: Book, deals: list[Dated], day: dt.date) -> tuple[ReinvestClaim, ...]:
    """Deals claimed as local reinvestment for an investor."""
    rows, facts = [], book.facts
    for deal in deals:
        investor = facts.of_deal(deal.row.id, "reinvest_lp", day)
        if investor is not None:
            own = {
                short: facts.of_deal(deal.row.id, f"reinvest_{short}", day)
                for short in ("kind", "amount", "factor", "evidence")
            }
            rows.append(ReinvestClaim(deal.row.code, investor, book.code(deal.row.company), deal.day, **own))
    return tuple(rows)
