"""What a holder has of everything below it, and every path that leads to a company."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from fof.book.currencies import currency_of, in_order, number_of, numbers, of_number
from fof.book.holding_columns import holding_columns
from fof.book.ownership import Base, Graph, graph
from fof.book.reading import once_per_question
from fof.ledger import View


@dataclass(frozen=True, slots=True)
class ExposurePath:
    """One way from an owner down to a company or fund: the parties passed, the share of each step, their product."""

    parties: tuple[int, ...]
    shares: tuple[float, ...]
    share: float


@dataclass(frozen=True, slots=True)
class Reach:
    """What one owner holds of a company: the share through every path, and the paths, the largest first."""

    owner: int
    share: float
    direct: float
    paths: tuple[ExposurePath, ...]


@dataclass(frozen=True, slots=True)
class Exposure:
    """What an owner holds of one company or fund below it.

    share  : of commitments (or paid-in) of a fund, of the equity of a company; None where a deal states no share
    direct : the part held without anything between
    paths  : how many ways lead there; what was sold as a whole has none
    cost   : the owner's part of what the funds on the way still have in the company, at cost, in fen (rounded);
             None for funds
    value  : the same at value; None where a value is missing, and for funds
    currency : of cost and value, of funds that of their money; None where funds of several hold the company: then cost and
             value are unknown, `by_currency` has the part of each (code, cost, value)
    """

    party: int
    share: float | None
    direct: float
    paths: int
    cost: int | None = None
    value: int | None = None
    currency: str | None = None
    by_currency: tuple[tuple[str, int, int | None], ...] = ()

    @property
    def amounts(self) -> tuple[tuple[str, int, int | None], ...]:
        """(currency, cost, value) of each currency; empty for funds."""
        if self.by_currency or self.currency is None or self.cost is None:
            return self.by_currency
        return ((self.currency, self.cost, self.value),)


def paths(view: View, owner: int, target: int, base: Base = "commitment") -> list[ExposurePath]:
    """Every path from the owner to the target; empty where it holds nothing of it."""
    owned = graph(view, base)
    start, end = owned.node(owner), owned.node(target)
    if start is None or end is None or owner == target:
        return []
    from valuation.lookthrough import paths as walk

    return [
        ExposurePath(tuple(owned.parties[list(p.nodes)].tolist()), p.shares, p.share)
        for p in walk(owned.ownership, start, end)
    ]


def reach(view: View, target: int, base: Base = "commitment", *, ultimate: bool = True) -> list[Reach]:
    """Who holds a company or fund, directly or through others, the largest share first.

    ultimate : only owners that nobody above them in the book owns
    """
    from valuation.lookthrough import direct_shares, integrated_shares

    owned = graph(view, base)
    end = owned.node(target)
    above = _above(owned, target)
    wanted = sorted(p for p in above if not (ultimate and p in owned.owners))
    if end is None or not wanted:
        return []
    rows = np.searchsorted(owned.parties, wanted)
    node = [end]
    whole = integrated_shares(owned.ownership, rows, node)[:, 0]
    direct = direct_shares(owned.ownership, rows, node)[:, 0]
    answer = [
        Reach(p, float(share), float(own), tuple(paths(view, p, target, base)))
        for p, share, own in zip(wanted, whole, direct, strict=True)
    ]
    return sorted(answer, key=lambda r: (-r.share, r.owner))


def _above(owned: Graph, target: int) -> set[int]:
    seen: set[int] = set()
    queue = [target]
    while queue:
        for edge in owned.owners_of(queue.pop()):
            if edge.owner not in seen:
                seen.add(edge.owner)
                queue.append(edge.owner)
    return seen


@once_per_question
def exposures(view: View, owner: int, base: Base = "commitment") -> list[Exposure]:
    """Everything below an owner: funds by their share, companies by equity share and by money, by party code.

    A company reached by several paths is one row. A company whose equity share is unknown on some path has share None
    but still its money, which needs the shares in the funds only.
    """
    from valuation.lookthrough import direct_shares, integrated_shares, path_counts

    owned = graph(view, base)
    in_fund: dict[int, float] = {owner: 1.0}
    rows: dict[int, Exposure] = {}
    node = owned.node(owner)
    if node is not None:
        whole = integrated_shares(owned.ownership, [node])[0]
        direct = direct_shares(owned.ownership, [node])[0]
        ways = path_counts(owned.ownership, node)
        for n in np.flatnonzero(whole > 0).tolist():
            party, share = int(owned.parties[n]), float(whole[n])
            in_fund[party] = share
            rows[party] = Exposure(party, share, float(direct[n]), ways[n], currency=currency_of(view, party))
    unknown: dict[int, int] = defaultdict(int)  # company -> ways that end in a deal that states no share
    for fund, company in owned.unknown:
        if fund in in_fund:
            unknown[company] += rows[fund].paths if fund in rows else 1
    money = _money(view, in_fund)
    for company in money.keys() | unknown.keys():
        known = rows.get(company) or Exposure(company, 0.0, 0.0, 0)
        parts = money.get(company, [(currency_of(view, owner), 0, 0)])
        alone = parts[0] if len(parts) == 1 else (None, None, None)
        rows[company] = Exposure(
            company,
            None if company in unknown else known.share,
            known.direct,
            known.paths + unknown.get(company, 0),
            alone[1],
            alone[2],
            alone[0],
            tuple(parts) if len(parts) > 1 else (),
        )
    return sorted(rows.values(), key=lambda e: view.parties[e.party].code)


Parts = list[tuple[str, int, int | None]]
"""(currency, cost, value) of each currency, the yuan first."""


def _money(view: View, in_fund: dict[int, float]) -> dict[int, Parts]:
    """Company -> its parts by currency, of the owner's part in the holdings of the funds it has a share of."""
    held = holding_columns(view)
    size = int(max(held.fund.max(initial=0), held.company.max(initial=0), *in_fund)) + 1
    share, reached = np.zeros(size), np.zeros(size, bool)
    share[list(in_fund)], reached[list(in_fund)] = list(in_fund.values()), True
    rows = np.flatnonzero(reached[held.fund] & ((held.invested != 0) | held.deals))
    currency = numbers(view, held.fund[rows])
    amounts: dict[int, Parts] = {}
    for code in in_order(of_number(n) for n in np.unique(currency).tolist()):
        mine = rows[currency == number_of(code)]
        company, part = held.company[mine], share[held.fund[mine]]
        cost = np.bincount(company, part * held.cost[mine], size)
        value = np.bincount(company, part * held.value[mine], size)
        valued = np.bincount(company, ~held.valued[mine], size) == 0
        for c in np.unique(company).tolist():
            own = (code, round(float(cost[c])), round(float(value[c])) if valued[c] else None)
            amounts.setdefault(c, []).append(own)
    return amounts
