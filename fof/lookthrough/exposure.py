"""What a holder has of everything below it, and every path that leads to a company."""

from __future__ import annotations

from dataclasses import dataclass

from fof.holdings import all_holdings
from fof.ledger import View
from fof.lookthrough.graph import Base, Graph, graph


@dataclass(frozen=True, slots=True)
class Path:
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
    paths: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Exposure:
    """What an owner holds of one company or fund below it.

    share  : of commitments (or paid-in) of a fund, of the equity of a company; None where a deal states no share
    direct : the part held without anything between
    paths  : how many ways lead there
    cost   : the owner's part of what the funds on the way still have in the company, at cost, in fen (rounded);
             None for funds
    value  : the same at value; None where a value is missing, and for funds
    """

    party: int
    share: float | None
    direct: float
    paths: int
    cost: int | None = None
    value: int | None = None


def paths(view: View, owner: int, target: int, base: Base = "commitment") -> list[Path]:
    """Every path from the owner to the target; empty where it holds nothing of it."""
    found = graph(view, base)
    if owner not in found.node or target not in found.node or owner == target:
        return []
    from valuation.lookthrough import paths as walk

    return [
        Path(tuple(found.parties[n] for n in p.nodes), p.shares, p.share)
        for p in walk(found.ownership, found.node[owner], found.node[target])
    ]


def reach(view: View, target: int, base: Base = "commitment", *, ultimate: bool = True) -> list[Reach]:
    """Who holds a company or fund, directly or through others, the largest share first.

    ultimate : only owners that nobody above them in the book owns
    """
    from valuation.lookthrough import direct_shares, integrated_shares

    found = graph(view, base)
    if target not in found.node:
        return []
    above = _above(found, target)
    owned = {e.owned for e in found.edges}
    wanted = sorted(p for p in above if not (ultimate and p in owned))
    if not wanted:
        return []
    rows = [found.node[p] for p in wanted]
    node = [found.node[target]]
    whole = integrated_shares(found.ownership, rows, node)[:, 0]
    direct = direct_shares(found.ownership, rows, node)[:, 0]
    answer = [
        Reach(p, float(share), float(own), tuple(paths(view, p, target, base)))
        for p, share, own in zip(wanted, whole, direct, strict=True)
    ]
    return sorted(answer, key=lambda r: (-r.share, r.owner))


def _above(found: Graph, target: int) -> set[int]:
    owners: dict[int, list[int]] = {}
    for edge in found.edges:
        owners.setdefault(edge.owned, []).append(edge.owner)
    seen: set[int] = set()
    queue = [target]
    while queue:
        for owner in owners.get(queue.pop(), ()):
            if owner not in seen:
                seen.add(owner)
                queue.append(owner)
    return seen


def exposures(view: View, owner: int, base: Base = "commitment") -> list[Exposure]:
    """Everything below an owner: funds by their share, companies by equity share and by money, by party code.

    A company reached by several paths is one row. A company whose equity share is unknown on some path has share None
    but still its money, which needs the shares in the funds only.
    """
    from valuation.lookthrough import direct_shares, integrated_shares, path_count

    found = graph(view, base)
    in_fund: dict[int, float] = {owner: 1.0}
    rows: dict[int, Exposure] = {}
    if owner in found.node:
        node = found.node[owner]
        whole = integrated_shares(found.ownership, [node])[0]
        direct = direct_shares(found.ownership, [node])[0]
        for n, party in enumerate(found.parties):
            if whole[n] > 0:
                in_fund[party] = float(whole[n])
                ways = path_count(found.ownership, node, n)
                rows[party] = Exposure(party, float(whole[n]), float(direct[n]), ways)
    unknown = {company for fund, company in found.unknown if fund in in_fund}
    money = _money(view, in_fund)
    for company in money.keys() | unknown:
        known = rows.get(company) or Exposure(company, 0.0, 0.0, 0)
        cost, value, ways = money.get(company, (0, 0, 0))
        share = None if company in unknown else known.share
        rows[company] = Exposure(company, share, known.direct, max(known.paths, ways), cost, value)
    return sorted(rows.values(), key=lambda e: view.parties[e.party].code)


def _money(view: View, in_fund: dict[int, float]) -> dict[int, tuple[int, int | None, int]]:
    """Company -> (cost, value, holdings) of the owner's part in the holdings of the funds it has a share of."""
    cost: dict[int, float] = {}
    value: dict[int, float | None] = {}
    count: dict[int, int] = {}
    for held in all_holdings(view):
        share = in_fund.get(held.fund)
        if share is None or (held.invested == 0 and not held.deals):
            continue
        company = held.company
        gone = held.cost == 0 and held.value.fen == 0
        count[company] = count.get(company, 0) + (0 if gone else 1)
        cost[company] = cost.get(company, 0.0) + share * held.cost
        before = value.get(company, 0.0)
        value[company] = None if before is None or held.value.fen is None else before + share * held.value.fen
    rounded = {c: None if v is None else round(v) for c, v in value.items()}
    return {c: (round(cost[c]), rounded[c], count[c]) for c in count}
