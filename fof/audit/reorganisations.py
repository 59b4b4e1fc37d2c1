"""Mergers of vehicles: what the predecessors had just before, and what was handed over."""

from __future__ import annotations

import datetime as dt

from fof.book.currencies import DEFAULT_CURRENCY
from fof.book.index import Book
from fof.rules.facts import ReorganisationFacts
from models.posting_kinds import PostingKind

_HANDED = {
    "committed": PostingKind.COMMITMENT_TRANSFER,
    "paid_in": PostingKind.PAID_IN_TRANSFER,
    "distributed": PostingKind.DISTRIBUTED_TRANSFER,
}


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
    yesterday = on - dt.timedelta(days=1)
    total = 0
    for party in former:
        for fund in (f for f in _funds_of(book, party) if book.currency(f) == currency):
            if name == "committed":
                total += book.committed[fund, party].before(on) if (fund, party) in book.committed else 0
                continue
            line = (book.paid if name == "paid_in" else book.received).get((fund, party))
            total += sum(flow.fen for flow in line.upto(yesterday)) if line is not None else 0
            total += _moved(book, fund, party, _HANDED[name], yesterday)
    return total


def _moved(book: Book, fund: int, party: int, kind: PostingKind, until: dt.date) -> int:
    """History of a stake that came with it, less what went on with it."""
    return sum(
        (p.fen if p.to == party else -p.fen)
        for p in book.transfers
        if p.kind == kind and p.fund == fund and party in (p.frm, p.to) and p.day <= until
    )


def _handed(book: Book, former: list[int], party: int, name: str, on: dt.date, currency: str) -> int:
    kind = _HANDED[name]
    return sum(
        p.fen
        for p in book.transfers
        if p.kind == kind
        and p.day == on
        and p.frm in former
        and p.to == party
        and book.currency(p.fund) == currency
    )


def _cost_after(book: Book, former: list[int], party: int, on: dt.date) -> int | None:
    """Cost of companies that stands at the successor at the close of the day, where the predecessors keep none."""
    left = sum(book.invested(p).at(on) for p in former)
    return None if left else book.invested(party).at(on) - book.invested(party).before(on)
