"""Commitments as a document: a row a fund, investor or stake, then the total."""

from __future__ import annotations

from typing import Any

from fof.book.portfolios import Portfolio
from fof.figures.answers import Answer
from fof.figures.commitments import Commitment, commitments
from fof.figures.documents import COMMITMENTS
from fof.figures.leverage_document import leverage_rows
from fof.figures.portfolio_rows import portfolio_head, whose_row
from fof.ledger import View

Row = dict[str, Any]


def commitments_document(view: View, chosen: Portfolio, by: str = "fund") -> Answer:
    """Commitments by fund, investor or stake, then the total and its subtotals; shares and leverage of funds.

    Every row has its `record`, a Commitment.
    """
    figures = commitments(view, chosen, by)
    whole = figures.side == "fund"

    def row_of(name: str, own: Commitment) -> Row:
        row = COMMITMENTS.fields(own) | {"by": name, "reasons": dict(own.reasons), "record": own}
        return row | whose_row(view, chosen, name, own.pairs, whole=whole)

    rows = [row_of(by, own) for r in figures.rows for own in r.each]
    total, *subtotals = (row_of("portfolio", own) for own in figures.total.each)
    _add_shares(view, chosen, rows if by == "fund" else [], [total, *subtotals])
    head = {"side": figures.side, **portfolio_head(chosen)}
    every = [*rows, total, *subtotals]
    return Answer(COMMITMENTS, every, view.as_of, view.known_at, chosen.currency, head)


def _add_shares(view: View, portfolio: Portfolio, rows: list[Row], totals: list[Row]) -> None:
    """Government shares and leverage on the rows of funds, and leverage on the total and the subtotals of its currencies."""
    shares = leverage_rows(view, portfolio)
    of_fund = {own["key"]: own for own in shares if own["by"] == "fund"}
    of_total = {own["currency"]: own for own in shares if own["by"] == "portfolio"}
    for row, own in [
        *((r, of_fund.get(r["key"])) for r in rows),
        *((r, of_total.get(r["currency"])) for r in totals),
    ]:
        if own is not None:
            row["reasons"] |= {name: why for name, why in own["reasons"].items() if name in _TAKEN}
            row |= {name: own[name] for name in _TAKEN if name in own}


_TAKEN = tuple(n for n in COMMITMENTS.rows if n.startswith(("gov_", "leverage_", "soe_")))
"""What the rows of commitments have of those of leverage."""
