"""Commitments as a document: a row a fund, investor or stake, then the total."""

from __future__ import annotations

from typing import Any

from fof.book.government import government_shares
from fof.book.portfolios import Portfolio
from fof.book.reading import Reason
from fof.figures.answers import Answer
from fof.figures.commitments import Commitment, Side, commitments
from fof.figures.documents import COMMITMENTS
from fof.figures.leverage import leverage
from fof.figures.portfolio_rows import portfolio_head, whose_row
from fof.ledger import View
from models.text import Text

Row = dict[str, Any]


def commitments_document(view: View, chosen: Portfolio, by: str = "fund", side: Side | None = None) -> Answer:
    """Commitments by fund, investor or stake, then the total and its subtotals; shares and leverage of funds.

    Every row has its `record`, a Commitment. side: as in fof.figures.commitments
    """
    figures = commitments(view, chosen, by, side)
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
    multiples = leverage(view, portfolio)
    by_code = {r.key: r for r in multiples.rows}
    shares = {view.parties[s.fund].code: s for s in government_shares(view, portfolio.funds)}
    of_total = {lever.currency: lever for lever in multiples.total.each}
    together = [(row, of_total.get(row["currency"])) for row in totals]
    for row, lever in [*((r, by_code.get(r["key"])) for r in rows), *together]:
        if lever is not None:
            row |= {
                "leverage_a": lever.a,
                "leverage_b": lever.b,
                "leverage_c": lever.c,
                "soe_counts_as_government": lever.soe_counts,
            }
            row["reasons"] |= {f"leverage_{name}": reason for name, reason in lever.reasons.items()}
        share = shares.get(row["key"])
        if any(row is total for total in totals):
            row["reasons"] |= dict.fromkeys(("gov_direct", "gov_looked_through", "gov_with_soe"), _per_fund())
        elif share is not None:
            row |= {
                "gov_direct": share.direct,
                "gov_looked_through": share.looked_through,
                "gov_with_soe": share.with_soe,
            }
            row |= {
                f"gov_{level}": share.by_level.get(level)
                for level in ("national", "province", "prefecture", "county")
            }
            if share.note is not None:
                row["reasons"] |= dict.fromkeys(
                    ("gov_direct", "gov_looked_through", "gov_with_soe"), share.note
                )


def _per_fund() -> Reason:
    return Reason(
        "per_fund", Text("政府出资比例按单只基金计算", "government shares are of one fund at a time")
    )
