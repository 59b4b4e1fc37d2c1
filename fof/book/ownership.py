"""Who owns what on a day: the edges behind every look-through, and where each comes from.

Into a fund: commitments (or paid-in capital) of its investors over those of all; where shares of others are declared
on the same basis, the book's investors share what is left. Into a company: the shares of the deals, bought less sold;
a declared equity share that is newer than the last deal replaces them, shares that came in kind come on top of an older
one. A deal that leaves its share out makes the
stake unknown: it is listed, and not counted as nought.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from fof.book.declared import Shares, shares_declared
from fof.book.holding_columns import holding_columns
from fof.book.reading import Floats, is_among, once_per_view
from fof.book.stakes import stakes
from fof.ledger import View, to_date
from fof.ledger.balances import pair_keys
from fof.ledger.journal_columns import Ints32
from models.frozen import frozen
from models.kinds import EdgeBasis
from models.money import WHOLE
from models.posting_kinds import PostingKind

if TYPE_CHECKING:
    from valuation.lookthrough import OwnershipGraph

Base = Literal["commitment", "paid_in"]
BASES: tuple[Base, ...] = ("commitment", "paid_in")


@frozen
class OwnershipEdge:
    """owner holds `share` of owned. source: "stake" (commitments or paid-in), "deal" or "declared"."""

    owner: int
    owned: int
    share: float
    source: Literal["stake", "deal", "declared"]


SOURCES: tuple[Literal["stake", "deal", "declared"], ...] = ("stake", "deal", "declared")


class EdgeColumns(NamedTuple):
    """Edges in columns: int32 party ids, float64 shares, place in SOURCES."""

    owner: Ints32
    owned: Ints32
    share: Floats
    source: npt.NDArray[np.int8]

    @classmethod
    def of(cls, owner: Ints32, owned: Ints32, share: Floats, source: int) -> EdgeColumns:
        """Edges of one source."""
        return cls(
            owner.astype(np.int32), owned.astype(np.int32), share, np.full(len(owner), source, np.int8)
        )

    @classmethod
    def joined(cls, parts: Sequence[EdgeColumns]) -> EdgeColumns:
        """Several one after another."""
        return cls(
            np.concatenate([p.owner for p in parts]),
            np.concatenate([p.owned for p in parts]),
            np.concatenate([p.share for p in parts]),
            np.concatenate([p.source for p in parts]),
        )


@dataclass(frozen=True)
class Graph:
    """The edges of a day over one base.

    parties : (nodes,) ids, ascending; a party's node is its place      unknown : (owner, owned) stakes whose share nobody stated
    """

    base: Base
    columns: EdgeColumns
    unknown: tuple[tuple[int, int], ...]

    @cached_property
    def parties(self) -> Ints32:
        """Everybody who owns or is owned."""
        return np.unique(np.concatenate([self.columns.owner, self.columns.owned]))

    def node(self, party: int) -> int | None:
        """The node of a party, None where it is not in the graph."""
        place = int(np.searchsorted(self.parties, party))
        return place if place < len(self.parties) and self.parties[place] == party else None

    @cached_property
    def ownership(self) -> OwnershipGraph:
        """The kernel's graph, nodes as in `node`; built when a path or an integrated share is first asked for."""
        from valuation.lookthrough import ownership

        own = self.columns
        return ownership(
            np.searchsorted(self.parties, own.owner),
            np.searchsorted(self.parties, own.owned),
            own.share,
            len(self.parties),
            over_one=True,  # shares bought in different rounds are not diluted until somebody states it
        )

    @cached_property
    def owners(self) -> dict[int, list[OwnershipEdge]]:
        """Party -> the edges into it, the largest share first."""
        edges: dict[int, list[OwnershipEdge]] = {}
        own = self.columns
        order = np.lexsort((own.owner, -own.share, own.owned))
        for owner, owned, share, source in zip(*(c[order].tolist() for c in own), strict=True):
            edges.setdefault(owned, []).append(OwnershipEdge(owner, owned, share, SOURCES[source]))
        return edges

    def owners_of(self, party: int) -> list[OwnershipEdge]:
        """The edges into a party, the largest share first."""
        return self.owners.get(party, [])


def graph(view: View, base: Base = "commitment") -> Graph:
    """The ownership graph of the view's as-of day."""
    by_base = _graphs(view)
    if base not in by_base:
        by_base[base] = _graph(view, base)
    return by_base[base]


@once_per_view
def _graphs(_view: View) -> dict[str, Graph]:
    return {}


def _graph(view: View, base: Base) -> Graph:
    stated = shares_declared(view)
    deals, unknown = _deal_edges(view, stated)
    parts = (_stake_edges(view, base, stated), deals, _declared_edges(view, base, stated, deals))
    return Graph(base, EdgeColumns.joined(parts), tuple(unknown))


def _stake_edges(view: View, base: Base, stated: Shares) -> EdgeColumns:
    every = stakes(view)
    amount = every.committed if base == "commitment" else every.paid_in
    chosen = amount > 0
    fund, investor, fen = every.fund[chosen], every.investor[chosen], amount[chosen]
    size = int(fund.max(initial=0)) + 1
    total, left = np.zeros(size, np.int64), np.ones(size, np.float64)
    np.add.at(total, fund, fen)
    declared = [(owner, owned, e) for (owner, owned, basis), e in stated.items() if basis == base]
    booked = set(zip(investor.tolist(), fund.tolist(), strict=True)) if declared else set()
    others: dict[int, float] = defaultdict(float)
    for owner, owned, edge in declared:
        if (owner, owned) not in booked:
            others[owned] += edge.row.share_nano / WHOLE
    for owned, others_have in others.items():
        if owned < size:
            left[owned] = max(0.0, 1.0 - others_have)
    owning = left[fund] > 0.0
    share = fen / total[fund] * left[fund]
    return EdgeColumns.of(investor[owning], fund[owning], share[owning], 0)


def _deal_edges(view: View, every: Shares) -> tuple[EdgeColumns, list[tuple[int, int]]]:
    """Shares of the deals, where no newer declaration stands beside them; and the pairs whose share nobody stated."""
    held = holding_columns(view)
    counts = ~held.gone
    stated = {(o, c): e for (o, c, basis), e in every.items() if basis == EdgeBasis.EQUITY}
    keys = np.array([(owner << 32) | owned for owner, owned in stated], np.int64)
    also = is_among(pair_keys(held.fund, held.company), keys) & counts
    last, share = _last_deals(view) if also.any() else {}, held.share.copy()
    for row in np.flatnonzero(also).tolist():
        pair = (int(held.fund[row]), int(held.company[row]))
        newer = pair in last and stated[pair].day >= last[pair]
        if newer or np.isnan(held.share[row]):
            counts[row] = False
        elif not held.deals[row]:
            share[row] += stated[pair].row.share_nano / WHOLE  # what came in kind comes on top of it
    silent = np.flatnonzero(counts & np.isnan(held.share))
    chosen = counts & (share > 0)
    edges = EdgeColumns.of(held.fund[chosen], held.company[chosen], np.minimum(share[chosen], 1.0), 1)
    return edges, list(zip(held.fund[silent].tolist(), held.company[silent].tolist(), strict=True))


def _last_deals(view: View) -> dict[tuple[int, int], dt.date]:
    """(investor, company) -> day of the latest deal, or on which shares came in kind."""
    days = {(d.row.investor, d.row.company): d.day for d in view.deals}
    p = view.postings
    rows = np.flatnonzero(p.kind == PostingKind.DISTRIBUTION_IN_KIND)
    for owner, deal, day in zip(*(c[rows].tolist() for c in (p.to_party, p.deal, p.day)), strict=True):
        pair = (owner, view.deal_by_id[deal].row.company)
        days[pair] = max(to_date(day), days.get(pair, to_date(day)))
    return days


def _declared_edges(view: View, base: Base, stated: Shares, deals: EdgeColumns) -> EdgeColumns:
    every, held = stakes(view), holding_columns(view)
    wanted = [
        e.row for (*_, basis), e in stated.items() if basis in (base, EdgeBasis.EQUITY) and e.row.share_nano
    ]
    owner = np.array([row.owner for row in wanted], np.int32)
    owned = np.array([row.owned for row in wanted], np.int32)
    equity = np.array([row.basis == EdgeBasis.EQUITY for row in wanted], bool)
    keys = pair_keys(owner, owned)
    known = is_among(keys, pair_keys(deals.owner, deals.owned)) | is_among(
        keys, pair_keys(every.investor, every.fund)
    )
    sold = is_among(keys, pair_keys(held.fund[held.gone], held.company[held.gone])) & equity
    share = np.array([row.share_nano / WHOLE for row in wanted], np.float64)
    chosen = ~(known | sold)
    return EdgeColumns.of(owner[chosen], owned[chosen], share[chosen], 2)
