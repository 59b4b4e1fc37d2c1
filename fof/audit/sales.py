"""Sales of public stakes and of direct holdings as the rules see them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from fof.audit.parties import word
from fof.book.cost_paths import SOLD
from fof.book.index import Book
from fof.book.transfers import Handover, StakePrice, every_handover, stake_prices
from fof.ledger import Dated, day_number
from fof.rules.facts_deals import (
    TransferFacts,
)
from fof.rules.facts_parties import PUBLIC_VEHICLES, Flow
from models import kinds
from models.subjects import Subject, SubjectKind


def transfers(book: Book, day: dt.date) -> tuple[TransferFacts, ...]:
    """Sales of stakes of governments and their vehicles up to a day, with what was known on the day of the sale. A stake
    that went to the seller's successor is no sale; that the two were merged later makes none of it undone."""
    moved = {
        (h.entry, h.fund, h.seller, h.buyer): h for own in every_handover(book.view).values() for h in own
    }
    rows = [
        _sale(book, price, moved.get((price.entry, price.fund, price.seller, price.buyer)))
        for price in stake_prices(book.view)
        if _sold_by(book, price, day)
    ]
    rows += [
        _given_away(book, h)
        for h in moved.values()
        if h.price is None and h.committed.moved and _sold_by(book, h, day)
    ]
    for fund, deals in book.deals_of.items():
        if book.parties[fund].kind in PUBLIC_VEHICLES:
            rows += [_direct_sale(book, d, day) for d in deals.upto(day) if d.row.kind in SOLD]
    return tuple(sorted(rows, key=lambda t: (t.day or day, str(t.subject))))


def _sold_by(book: Book, sale: StakePrice | Handover, day: dt.date) -> bool:
    """Whether it is a public vehicle that sold, up to a day, to somebody who was not its successor."""
    on = book.dates[sale.day]
    return (
        on <= day
        and book.parties[sale.seller].kind in PUBLIC_VEHICLES
        and book.holder(sale.seller, on) != book.holder(sale.buyer, on)
    )


def _sale(book: Book, price: StakePrice, moved: Handover | None) -> TransferFacts:
    named = None if price.deal is None else book.deals.get(price.deal)
    return TransferFacts(
        subject=_stake(book, price) if named is None else Subject(SubjectKind.DEAL, str(named.row.code)),
        price=price.fen,
        currency=book.currency(price.fund),
        **_stake_sold(book, price, moved),
        **_basis_of_price(book, price.deal, book.dates[price.day]),
    )


def _given_away(book: Book, moved: Handover) -> TransferFacts:
    """A stake that a public vehicle gave away to somebody who is not its successor: a sale whose price nobody recorded."""
    return TransferFacts(subject=_stake(book, moved), **_stake_sold(book, moved, moved))


def _stake(book: Book, sale: StakePrice | Handover) -> Subject:
    """The stake on the day of the sale."""
    return Subject(SubjectKind.STAKE, book.code(sale.fund), book.code(sale.seller), book.dates[sale.day])


def _stake_sold(book: Book, sale: StakePrice | Handover, moved: Handover | None) -> dict[str, Any]:
    """Fund, seller and day; what the seller had paid for what it sold, since when."""
    day = book.dates[sale.day]
    paid = _paid_by(book, sale.fund, sale.seller, day)
    return {
        "fund": book.code(sale.fund),
        "seller": book.code(sale.seller),
        "day": day,
        "cost": (moved.paid_in.moved or None) if moved is not None else None,
        "entered_on": min((f.day for f in paid if f.fen > 0), default=None),
    }


def _paid_by(book: Book, fund: int, party: int, day: dt.date) -> list[Flow]:
    """What a party, and whom it had succeeded, paid into a fund up to a day."""
    now = book.holder(party, day)
    own = [p for p in book.investors.get(fund, ()) if book.holder(p, day) == now]
    return [f for p in own if (fund, p) in book.paid for f in book.paid[fund, p].upto(day)]


def _direct_sale(book: Book, deal: Dated, day: dt.date) -> TransferFacts:
    """What was paid for it up to `day` is its price, whenever it came in."""
    path = book.costs[deal.row.investor, deal.row.company]
    amounts = [abs(m.fen) for m in book.of_deal(deal, day)]
    released = -sum(change for on, change in path.changes if on == day_number(deal.day) and change < 0)
    first = min((m.day for m in path.moves if m.fen > 0), default=None)
    fund = book.code(deal.row.investor)
    return TransferFacts(
        subject=Subject(SubjectKind.DEAL, deal.row.code),
        fund=fund,
        seller=fund,
        day=deal.day,
        price=sum(amounts) if amounts else None,
        cost=released or None,
        entered_on=None if first is None else book.dates[first],
        currency=book.currency(deal.row.investor),
        route=word(kinds.ExitRoute, deal.row.exit_route),
        **_basis_of_price(book, deal.row.id, deal.day),
    )


def _basis_of_price(book: Book, deal: int | None, day: dt.date) -> dict[str, Any]:
    names = ("price_basis", "appraisal_ref", "appraisal_on")
    return {name: None if deal is None else book.facts.of_deal(deal, name, day) for name in names}
