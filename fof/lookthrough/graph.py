"""Who owns what on a day: the edges behind every look-through, and where each comes from.

Into a fund: commitments (or paid-in capital) of its investors over those of all; where shares of others are declared
on the same basis, the book's investors share what is left. Into a company: the shares of the deals, bought less sold;
a declared equity share that is newer than the last deal replaces them. A deal that leaves its share out makes the
stake unknown: it is listed, and not counted as nought.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np

from fof.holdings import Holding, all_holdings
from fof.ledger import Dated, View
from fof.stakes import kept_per_view, stakes
from models.kinds import EdgeBasis

if TYPE_CHECKING:
    from valuation.lookthrough import Ownership

Base = Literal["commitment", "paid_in"]
BASES: tuple[Base, ...] = ("commitment", "paid_in")


@dataclass(frozen=True, slots=True)
class Edge:
    """owner holds `share` of owned. source: "stake" (commitments or paid-in), "deal" or "declared"."""

    owner: int
    owned: int
    share: float
    source: Literal["stake", "deal", "declared"]


@dataclass(frozen=True)
class Graph:
    """The edges of a day over one base.

    unknown : (owner, owned) stakes whose share nobody stated
    """

    base: Base
    parties: tuple[int, ...]
    node: dict[int, int]
    edges: tuple[Edge, ...]
    unknown: tuple[tuple[int, int], ...]

    @cached_property
    def ownership(self) -> Ownership:
        """The kernel's graph, nodes as in `node`; built when a path or an integrated share is first asked for."""
        from valuation.lookthrough import ownership

        return ownership(
            np.array([self.node[e.owner] for e in self.edges], np.int64),
            np.array([self.node[e.owned] for e in self.edges], np.int64),
            np.array([e.share for e in self.edges], np.float64),
            len(self.parties),
            over_one=True,  # shares bought in different rounds are not diluted until somebody states it
        )

    def owners_of(self, party: int) -> list[Edge]:
        """The edges into a party, the largest share first."""
        return sorted((e for e in self.edges if e.owned == party), key=lambda e: (-e.share, e.owner))


def graph(view: View, base: Base = "commitment") -> Graph:
    """The ownership graph of the view's as-of day."""
    kept = _kept(view)
    if base not in kept:
        kept[base] = _graph(view, base)
    return kept[base]


@kept_per_view
def _kept(_view: View) -> dict[str, Graph]:
    return {}


def _graph(view: View, base: Base) -> Graph:
    declared = _declared(view)
    deals, unknown = _deal_edges(view, declared)
    edges = [*_stake_edges(view, base, declared), *deals, *_declared_edges(view, base, declared, deals)]
    parties = tuple(sorted({e.owner for e in edges} | {e.owned for e in edges}))
    node = {party: n for n, party in enumerate(parties)}
    return Graph(base, parties, node, tuple(edges), tuple(unknown))


def _declared(view: View) -> dict[tuple[int, int, str], Dated]:
    """(owner, owned, basis) -> the latest declared edge."""
    return {(e.row.owner, e.row.owned, e.row.basis): e for e in view.edges}


def _stake_edges(view: View, base: Base, declared: dict[tuple[int, int, str], Dated]) -> list[Edge]:
    every = stakes(view)
    amount = every.committed if base == "commitment" else every.paid_in
    chosen = amount > 0
    fund, investor, fen = every.fund[chosen], every.investor[chosen], amount[chosen]
    total: dict[int, int] = defaultdict(int)
    for f, part in zip(fund.tolist(), fen.tolist(), strict=True):
        total[f] += part
    booked = set(zip(investor.tolist(), fund.tolist(), strict=True))
    others: dict[int, float] = defaultdict(float)
    for (owner, owned, basis), edge in declared.items():
        if basis == base and (owner, owned) not in booked:
            others[owned] += edge.row.share_nano / 1e9
    return [
        Edge(i, f, part / total[f] * max(0.0, 1.0 - others[f]), "stake")
        for f, i, part in zip(fund.tolist(), investor.tolist(), fen.tolist(), strict=True)
        if others[f] < 1.0
    ]


def _deal_edges(
    view: View, declared: dict[tuple[int, int, str], Dated]
) -> tuple[list[Edge], list[tuple[int, int]]]:
    edges, unknown = [], []
    last: dict[tuple[int, int], Dated] = {}
    for deal in view.deals:
        last[deal.row.investor, deal.row.company] = deal
    for held in all_holdings(view):
        pair = (held.fund, held.company)
        newer = declared.get((*pair, EdgeBasis.EQUITY))
        if _gone(held) or (newer is not None and pair in last and newer.day >= last[pair].day):
            continue
        if held.share is None:
            if newer is None:
                unknown.append(pair)
            continue
        if held.share > 0:
            edges.append(Edge(*pair, min(held.share, 1.0), "deal"))
    return edges, unknown


def _gone(held: Holding) -> bool:
    return held.state in ("sold", "written_off")


def _declared_edges(
    view: View, base: Base, declared: dict[tuple[int, int, str], Dated], deals: list[Edge]
) -> list[Edge]:
    known = {(e.owner, e.owned) for e in deals}
    every = stakes(view)
    booked = set(zip(every.investor.tolist(), every.fund.tolist(), strict=True))
    sold = {(h.fund, h.company) for h in all_holdings(view) if _gone(h)}
    edges = []
    for (owner, owned, basis), edge in declared.items():
        pair = (owner, owned)
        if (
            basis not in (base, EdgeBasis.EQUITY)
            or pair in known
            or pair in booked
            or edge.row.share_nano == 0
        ):
            continue
        if pair in sold and basis == EdgeBasis.EQUITY:
            continue
        edges.append(Edge(owner, owned, edge.row.share_nano / 1e9, "declared"))
    return edges
