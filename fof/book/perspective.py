"""Whose a figure is, who is in it for a predecessor, and whether it is net or gross. Every table and document says it.

Net is after the fees and the carried interest that the funds took, as their statements of value and distributions have
them; what the holder of the stakes spends itself is not in it. Gross is before them: companies, and what was paid for
and came back from them. Direct investments are gross; together with stakes in funds the two are mixed, and said to be.
"""

from __future__ import annotations

from collections.abc import Iterable

from fof.book.portfolios import Portfolio, by_code
from fof.book.succession import successors
from fof.ledger import View
from models.perspective import Basis, Whose


def whose(portfolio: Portfolio, by: str, *, whole: bool = False) -> Whose:
    """Whose the figures of a row are.

    by    : what the row is grouped by            whole : all investors of the funds are looked at
    """
    if by == "direct":
        return "direct"
    if by == "combined":
        return "combined"
    if portfolio.holders is not None and not whole:
        return "own"
    return "investor" if by in ("investor", "stake") else "whole_fund"


def basis(by: str) -> Basis:
    """Net or gross, by what the row is grouped by."""
    if by == "direct":
        return "gross"
    return "mixed" if by == "combined" else "net"


def predecessors(view: View, pairs: Iterable[tuple[int, int]]) -> tuple[str, ...]:
    """Codes of the funds and investors in some (fund, investor) stakes that others stand for today; investor -1: none."""
    followed = successors(view)
    former = {party for pair in pairs for party in pair if party in followed} if followed else ()
    return tuple(view.parties[p].code for p in by_code(view, former))
