"""Leverage and government shares as documents: a row a fund, then the total and the subtotals of its currencies."""

from __future__ import annotations

from typing import Any

from fof.book.government import LEVELS, GovernmentShare, government_shares
from fof.book.portfolios import Portfolio
from fof.book.reading import Reason
from fof.figures.answers import Answer
from fof.figures.documents import LEVERAGE
from fof.figures.leverage import Leverage, leverage
from fof.figures.portfolio_rows import portfolio_head
from fof.ledger import View
from models.text import Text

Row = dict[str, Any]
PER_FUND = Reason(
    "per_fund", Text("政府出资比例按单只基金计算", "government shares are of one fund at a time")
)
_READINGS = ("gov_direct", "gov_looked_through", "gov_with_soe")


def leverage_document(view: View, portfolio: Portfolio) -> Answer:
    """Leverage by variant with the amounts it divides, and government shares by reading and level, fund by fund."""
    head = portfolio_head(portfolio)
    rows = leverage_rows(view, portfolio)
    return Answer(LEVERAGE, rows, view.as_of, view.known_at, portfolio.currency, head)


def leverage_rows(view: View, portfolio: Portfolio) -> list[Row]:
    """Every fund of a portfolio, then the portfolio (by=portfolio) and its subtotals; `record` is the Leverage."""
    multiples = leverage(view, portfolio)
    shares = {view.parties[s.fund].code: s for s in government_shares(view, portfolio.funds)}
    rows = [_with_shares(_row("fund", own), shares[own.key]) for own in multiples.rows]
    totals = [_row("portfolio", own) for own in multiples.total.each]
    for row in totals:
        row["reasons"] |= dict.fromkeys(_READINGS, PER_FUND)
    return [*rows, *totals]


def _row(by: str, own: Leverage) -> Row:
    return {
        "by": by,
        "key": own.key,
        "label": own.label,
        "currency": own.currency,
        "own_committed": own.guidance,
        "all_committed": own.total,
        "non_government": own.non_government,
        "to_companies": own.to_companies,
        "leverage_a": own.a,
        "leverage_b": own.b,
        "leverage_c": own.c,
        "soe_counts_as_government": own.soe_counts,
        "reasons": {_REGISTERED.get(name, f"leverage_{name}"): why for name, why in own.reasons.items()},
        "record": own,
    }


_REGISTERED = {
    "guidance": "own_committed",
    "total": "all_committed",
    "non_government": "non_government",
    "to_companies": "to_companies",
}
"""Amounts of a Leverage -> their names in the register; the others are the variants."""


def _with_shares(row: Row, share: GovernmentShare) -> Row:
    why = {} if share.note is None else dict.fromkeys(_READINGS, share.note)
    return row | {
        "gov_direct": share.direct,
        "gov_looked_through": share.looked_through,
        "gov_with_soe": share.with_soe,
        **{f"gov_{level}": share.by_level.get(level) for level in LEVELS},
        "reasons": row["reasons"] | why,
    }
