"""Mergers of vehicles: what the predecessors had just before, and what was handed over."""

from __future__ import annotations

import datetime as dt

from fof.book.currencies import DEFAULT_CURRENCY
from fof.book.index import Book
from fof.book.transfers import every_handover
from fof.ledger import day_number
from fof.rules.facts import ReorganisationFacts

_HANDED = ("committed", "paid_in", "distributed")


def reorganisations(book: Book, day: dt.date) -> tuple[ReorganisationFacts, ...]:
    """Every statement of succession between vehicles up to a day, with totals before and after.

    before : the predecessors' stakes at the close of the day before, what they sold or bought earlier included
    after  : what the successor was handed on the day; cost is that of companies held directly, which no row hands
             over, so it is among the totals only where the predecessors had any (then unknown)
    """
    rows = []
    for party in book.succession.holders:
        for on, codes in book.facts.dated(party, "successor_of", day):
            former = [book.by_code[code] for code in codes if code in book.by_code]
            if not former or not any(book.companies.get(p) or _funds_of(book, p) for p in former):
                continue
            named = (book.code(party), tuple(codes), on)
            rows += [ReorganisationFacts(*named, *own) for own in _totals(book, former, party, on)]
    return tuple(rows)


def _totals(
    book: Book, former: list[int], party: int, on: dt.date
) -> list[tuple[dict[str, int | None], dict[str, int | None], str]]:
    """Totals before and after, each currency by itself."""
    held = {book.currency(fund) for p in former for fund in _funds_of(book, p)}
    invested = {book.currency(p) for p in former if book.invested(p).before(on)}
    totals = []
    for code in sorted(held | invested, key=lambda c: (c != DEFAULT_CURRENCY, c)):
        before: dict[str, int | None] = {name: _before(book, former, name, on, code) for name in _HANDED}
        after: dict[str, int | None] = {
            name: _handed(book, former, party, name, on, code) for name in _HANDED
        }
        own = [p for p in former if book.currency(p) == code]
        cost = sum(book.invested(p).before(on) for p in own)
        if cost:
            before["cost"], after["cost"] = cost, _cost_after(book, own, party, on)
        totals.append((before, after, code))
    return totals


def _funds_of(book: Book, holder: int) -> list[int]:
    return [fund for fund, investors in book.investors.items() if holder in investors]


def _before(book: Book, former: list[int], name: str, on: dt.date, currency: str) -> int:
    return sum(
        steps.before(on)
        for (fund, party), steps in book.balances[name].items()
        if party in former and book.currency(fund) == currency
    )


def _handed(book: Book, former: list[int], party: int, name: str, on: dt.date, currency: str) -> int:
    return sum(
        getattr(h, name).moved
        for fund, own in every_handover(book.view).items()
        for h in own
        if h.day == day_number(on)
        and h.seller in former
        and h.buyer == party
        and book.currency(fund) == currency
    )


def _cost_after(book: Book, former: list[int], party: int, on: dt.date) -> int | None:
    """Cost of companies that stands at the successor at the close of the day, where the predecessors keep none."""
    left = sum(book.invested(p).at(on) for p in former)
    return None if left else book.invested(party).at(on) - book.invested(party).before(on)
