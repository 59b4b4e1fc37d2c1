"""Everything the rules judge, gathered once for a day, and only what they ask for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

from fof.audit.decisions import waivers
from fof.audit.funds import fund_facts
from fof.audit.office import Office, Worth
from fof.audit.on_demand import begin, gathered
from fof.audit.parties import company_on
from fof.audit.reorganisations import reorganisations
from fof.audit.sales import transfers
from fof.book.currencies import DEFAULT_CURRENCY, currency_of, in_order
from fof.book.index import VEHICLES, Book
from fof.book.portfolios import whole_book
from fof.book.reading import once_per_view
from fof.figures.performance import performance
from fof.ledger import View, day_number
from fof.rules.facts import FundFacts, OfficeFacts
from fof.rules.facts_parties import CompanyFacts


@once_per_view
def worths(view: View) -> dict[int, Worth]:
    """Fund -> net asset value and rate of return of all its investors, as the performance tables give them."""
    by_fund = {}
    codes = in_order(currency_of(view, p.id) for p in view.of_kind(*VEHICLES))
    rows = [row for code in codes for row in performance(view, whole_book(view, code)).rows]
    for row in rows:
        for fund in row.funds:
            irr = row.irr.value if row.irr.status == "one" and row.irr.roots else None  # none: beyond float64
            by_fund[fund] = Worth(row.nav.fen, irr, row.paid_in, row.distributed)
    return by_fund


def funds_of(book: Book, day: dt.date) -> list[int]:
    """Vehicles that something is known of on a day, by code; those in another currency than the yuan where the book has
    commitments to them or deals of theirs: of the others there are disclosures only."""
    vehicles: list[tuple[int, dt.date]] | None = book.remembered.get("vehicles")
    if vehicles is None:
        own = sorted((p.id for p in book.parties.values() if p.kind in VEHICLES), key=book.code)
        vehicles = book.remembered["vehicles"] = [(fund, _known_from(book, fund)) for fund in own]
    return [
        fund
        for fund, known in vehicles
        if known <= day or any(book.committed[fund, i].at(day) for i in book.investors.get(fund, ()))
    ]


def _known_from(book: Book, fund: int) -> dt.date:
    """The day of a vehicle's first deal, or the first of which something is stated of one in yuan."""
    deals = book.deals_of.get(fund)
    days = [] if deals is None else deals.days[:1]
    if book.currency(fund) == DEFAULT_CURRENCY:
        days = [*days, *(line.days[0] for line in book.facts.names(fund).values() if line.days)]
    return min(days, default=dt.date.max)


def office_facts(book: Book, day: dt.date, worth: Callable[[dt.date], Mapping[int, Worth]]) -> OfficeFacts:
    """The office on a day; `worth`: what fof.figures.performance says funds are worth on a day."""
    facts: OfficeFacts = begin(_GATHERED, office=Office(book, day, worth), as_of=day)
    return facts


def _funds(office: Office) -> tuple[FundFacts, ...]:
    return tuple(fund_facts(office, fund) for fund in funds_of(office.book, office.day))


def _companies(office: Office) -> tuple[CompanyFacts, ...]:
    """Companies that a fund has a deal with, or received in kind, up to the day and has not left in whole, by code: nobody reports the figures
    of one that was sold or written off, and what became of it is no longer the office's to judge."""
    book, day, at = office.book, office.day, day_number(office.day)
    held = {
        company
        for fund in funds_of(book, day)
        for company in book.companies.get(fund, ())
        if (path := book.costs[fund, company]).closed_on(at) is None and path.held_from(at)
    }
    return tuple(company_on(book, c, day) for c in sorted(held, key=book.code))


_GATHERED = gathered(
    OfficeFacts,
    {
        "funds": lambda facts: _funds(facts.office),
        "companies": lambda facts: _companies(facts.office),
        "transfers": lambda facts: transfers(facts.office.book, facts.as_of),
        "reorganisations": lambda facts: reorganisations(facts.office.book, facts.as_of),
        "field_lists": lambda facts: facts.office.lists,
        "waivers": lambda facts: waivers(facts.office.book, facts.as_of, lambda: facts.transfers),
    },
)
