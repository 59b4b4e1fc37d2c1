"""A capital account or NAV bridge as a document."""

from __future__ import annotations

from typing import Any

from fof.book.currencies import currency_of
from fof.book.parties import named
from fof.figures.answers import Answer
from fof.figures.documents import STATEMENT
from fof.figures.statement_items import Statement
from fof.ledger import View

Row = dict[str, Any]


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
