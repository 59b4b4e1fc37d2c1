"""Everything the rules judge, gathered once for a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from fof.audit.book import VEHICLES, Book
from fof.audit.deals import transfers
from fof.audit.decisions import waivers
from fof.audit.funds import Office, Worth
from fof.audit.parties import company_facts
from fof.audit.reorganisations import reorganisations
from fof.ledger import View
from fof.performance import performance
from fof.portfolios import DEFAULT_CURRENCY, whole_book
from fof.rules.facts import OfficeFacts
from fof.stakes import kept_per_view


@kept_per_view
def worths(view: View) -> dict[int, Worth]:
    """Fund -> net asset value and rate of return of all its investors, as the performance tables give them."""
    table = performance(view, whole_book(view, DEFAULT_CURRENCY))
    found = {}
    for row in table.rows:
        for fund in row.funds:
            found[fund] = Worth(row.nav.fen, row.irr.value if row.irr.status == "one" else None)
    return found


def funds_of(book: Book, day: dt.date) -> list[int]:
    """Vehicles of the office's own currency that something is known of on a day, by code."""
    found = []
    for party in book.parties.values():
        if party.kind not in VEHICLES:
            continue
        currency = book.facts.of(party.id, "currency", day) or DEFAULT_CURRENCY
        known = any(line.count(day) for line in book.facts.names(party.id).values())
        moved = any(book.committed[party.id, i].at(day) for i in book.investors.get(party.id, ()))
        if currency == DEFAULT_CURRENCY and (known or moved):
            found.append(party.id)
    return sorted(found, key=book.code)


def office_facts(book: Book, day: dt.date, worth: Mapping[int, Worth]) -> OfficeFacts:
    """The office on a day; `worth`: what fof.performance says funds are worth that day."""
    office = Office(book, day)
    funds = funds_of(book, day)
    held = {company for fund in funds for company in book.companies.get(fund, ())}
    held = {
        c
        for c in held
        if any(d.day <= day for f in funds if (f, c) in book.costs for d in book.costs[f, c].deals)
    }
    sales = transfers(book, day, office.current)
    return OfficeFacts(
        as_of=day,
        funds=tuple(office.fund(fund, worth.get(fund, Worth())) for fund in funds),
        companies=tuple(company_facts(book, c, day) for c in sorted(held, key=book.code)),
        transfers=sales,
        reorganisations=reorganisations(book, day),
        field_lists=office.lists,
        waivers=waivers(book, day, sales),
    )
