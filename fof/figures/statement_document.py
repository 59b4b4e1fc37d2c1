"""A capital account or NAV bridge as a document."""

from __future__ import annotations

import datetime as dt
from typing import Any

from fof.book.currencies import currency_of
from fof.book.parties import fund_party, named, near, party
from fof.book.stakes import stakes
from fof.errors import Unknown
from fof.figures.answers import Answer
from fof.figures.documents import STATEMENT
from fof.figures.statement_items import Statement
from fof.figures.statements import bridge, capital_account
from fof.ledger import View
from models.text import Text

Row = dict[str, Any]


def account(view: View, fund: str, investor: str | None = None, start: dt.date | None = None) -> Statement:
    """An investor's capital account, or the fund's bridge; from the end of last year where no start is given.

    Unknown for a party that is no investor of the fund: an account of noughts would say something.
    """
    assert view.as_of is not None
    begin = start or dt.date(view.as_of.year - 1, 12, 31)
    number = fund_party(view, fund)
    if investor is None:
        return bridge(view, number, begin)
    payer, own = party(view, investor), stakes(view).of(None, {number}).investor.tolist()
    if payer not in own:
        raise Unknown(
            Text(f"{view.name(number)}的出资人", f"investor of {view.name(number)}"),
            named(view, payer),
            near(view, investor, own) or [named(view, i) for i in own[:10]],
        )
    return capital_account(view, number, payer, begin)


def statement_document(view: View, statement: Statement) -> Answer:
    """The lines of a capital account or of a fund's NAV bridge, then what stands beside it for every sale.

    Every row has its `record`, an Item or a Sale.
    """
    number, payer = statement.fund, statement.investor
    rows: list[Row] = [
        {
            "name": i.name,
            "label": i.text,
            "kind": i.kind,
            "amount": i.fen,
            "postings": len(i.places) or None,
            "record": i,
        }
        for i in statement.items
    ]
    rows += [
        {
            "name": name,
            "label": text,
            "kind": "sale",
            "amount": fen,
            "postings": len(sale.places),
            "reasons": {} if fen is not None or statement.note is None else {"amount": statement.note},
            "record": sale,
        }
        for sale in statement.sales
        for name, text, fen in sale.lines
    ]
    head = {
        "fund": view.parties[number].code,
        "investor": None if payer is None else view.parties[payer].code,
        "whose": "whole_fund" if payer is None else "investor",
        "basis": "net",
        "texts": {"fund": named(view, number)} | ({} if payer is None else {"investor": named(view, payer)}),
        "start": statement.start,
        "opening_on": statement.opening.marked_on,
        "closing_on": statement.closing.marked_on,
        "residual": statement.residual,
        "itemised": statement.itemised,
        "reason": None if statement.note is None else statement.note.text,
    }
    return Answer(STATEMENT, rows, view.as_of, view.known_at, currency_of(view, number), head)
