"""What the rows of a portfolio's documents have in common, and their head."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fof.book.perspective import basis, predecessors, whose
from fof.book.portfolios import Portfolio
from fof.ledger import View

Row = dict[str, Any]


def whose_row(
    view: View, portfolio: Portfolio, by: str, pairs: Iterable[tuple[int, int]], *, whole: bool = False
) -> Row:
    """Whose the figures of a row are, and net or gross."""
    return {
        "whose": whose(portfolio, by, whole=whole),
        "basis": basis(by),
        "with_predecessors": ";".join(predecessors(view, pairs)) or None,
    }


def portfolio_head(chosen: Portfolio) -> Row:
    """The portfolio at the top of a document: its code in JSON, its name beside it in the table."""
    name = "" if chosen.name == chosen.code else f" {chosen.name}"
    return {"portfolio": chosen.code, "texts": {"portfolio": f"{chosen.code}{name}"}}
