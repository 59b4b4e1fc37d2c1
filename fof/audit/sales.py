"""Sales of public stakes and of direct holdings as the rules see them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from fof.audit.parties import word
from fof.book.cost_paths import SOLD
from fof.book.index import Book
from fof.book.money_lines import MoneyRow
from fof.ledger import Dated, day_number
from fof.rules.facts_deals import (
    TransferFacts,
)
from fof.rules.facts_parties import PUBLIC_VEHICLES, Flow
from models import kinds
from models.kinds import PartyKind
from models.posting_kinds import PostingKind
from models.subjects import Subject, SubjectKind


def transfers(book: Book, day: dt.date) -> tuple[TransferFacts, ...]:
    """Sales of stakes of governments and their vehicles up to a day, with what was known on the day of the sale. A stake
    that went to the seller's successor is no sale; that the two were merged later makes none of it undone."""
    rows = [
        _sale(book, sale)
        for sale in book.sales
        if sale.day <= day
        and book.parties[sale.to].kind in PUBLIC_VEHICLES
        and book.holder(sale.to, sale.day) != book.holder(sale.frm, sale.day)
    ]
    rows += [
        _without_price(book, moved)
        for moved in book.transfers
        if moved.kind == PostingKind.COMMITMENT_TRANSFER
        and moved.day <= day
        and (moved.entry, moved.frm) not in book.priced
        and book.parties[moved.frm].kind in PUBLIC_VEHICLES
        and book.holder(moved.frm, moved.day) != book.holder(moved.to, moved.day)
    ]
    for fund, deals in book.deals_of.items():
        if book.parties[fund].kind is PartyKind.GUIDANCE_FUND:
            rows += [_direct_sale(book, d, day) for d in deals.upto(day) if d.row.kind in SOLD]
    return tuple(sorted(rows, key=lambda t: (t.day or day, str(t.subject))))


def _sale(book: Book, sale: MoneyRow) -> TransferFacts:
    assert sale.fund is not None
    gone = (sale.entry, sale.to, PostingKind.PAID_IN_TRANSFER)
    paid = _paid_by(book, sale.fund, sale.to, sale.day)
    return TransferFacts(
        subject=_sold(book, sale),
        fund=book.code(sale.fund),
        seller=book.code(sale.to),
        day=sale.day,
        price=sale.fen,
        cost=book.moved.get(gone),
        entered_on=min((f.day for f in paid if f.fen > 0), default=None),
        currency=book.currency(sale.fund),
        **_basis_of_price(book, sale.deal, sale.day),
    )


def _without_price(book: Book, moved: MoneyRow) -> TransferFacts:
    """A stake that a public vehicle gave away to somebody who is not its successor: a sale whose price nobody recorded."""
    assert moved.fund is not None
    paid = _paid_by(book, moved.fund, moved.frm, moved.day)
    return TransferFacts(
        subject=Subject(SubjectKind.STAKE, book.code(moved.fund), book.code(moved.frm), moved.day),
        fund=book.code(moved.fund),
        seller=book.code(moved.frm),
        day=moved.day,
        cost=book.moved.get((moved.entry, moved.frm, PostingKind.PAID_IN_TRANSFER)),
        entered_on=min((f.day for f in paid if f.fen > 0), default=None),
        **_basis_of_price(book, moved.deal, moved.day),
    )


def _paid_by(book: Book, fund: int, party: int, day: dt.date) -> list[Flow]:
    """What a party, and whom it had succeeded, paid into a fund up to a day."""
    now = book.holder(party, day)
    own = [p for p in book.investors.get(fund, ()) if book.holder(p, day) == now]
    return [f for p in own if (fund, p) in book.paid for f in book.paid[fund, p].upto(day)]


def _sold(book: Book, sale: MoneyRow) -> Subject:
    """The deal, else the stake on the day of the sale."""
    if sale.deal is not None and sale.deal in book.deals:
        return Subject(SubjectKind.DEAL, str(book.deals[sale.deal].row.code))
    return Subject(SubjectKind.STAKE, book.code(sale.fund or 0), book.code(sale.to), sale.day)


def _direct_sale(book: Book, deal: Dated, day: dt.date) -> TransferFacts:
    """What was paid for it up to `day` is its price, whenever it came in."""
    path = book.costs[deal.row.investor, deal.row.company]
    amounts = [p.fen for p in book.of_deal[deal.row.id].upto(day)] if deal.row.id in book.of_deal else []
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
