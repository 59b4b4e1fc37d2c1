"""What a holder has of everything below it, and every path that leads to a company."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from fof.book.currencies import Numbers, currency_of, in_order, number_of, numbers, of_number
from fof.book.holding_columns import holding_columns
from fof.book.ownership import Base, Graph, graph
from fof.book.reading import Bools, Floats, once_per_prefix, once_per_question
from fof.ledger import View
from fof.ledger.journal_columns import Ints, Ints32
from models.frozen import frozen


@frozen
class ExposurePath:
    """One way from an owner down to a company or fund: the parties passed, the share of each step, their product."""

    parties: tuple[int, ...]
    shares: tuple[float, ...]
    share: float


@frozen
class Reach:
    """What one owner holds of a company: the share through every path, and the paths, the largest first."""

    owner: int
    share: float
    direct: float
    paths: tuple[ExposurePath, ...]


@frozen
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


@frozen
class ExposureColumns:
    """Everything below an owner in columns of equal length, by party code: a page of five thousand lists some hundreds.

    share : nan where a deal states none          ways : how many paths lead there
    currency : of each, as its own        amounts : cost and value in each currency, the yuan first; funds have none
    """

    party: Ints32
    share: Floats
    direct: Floats
    ways: tuple[int, ...]
    currency: Numbers
    amounts: tuple[ExposureAmounts, ...]

    def __len__(self) -> int:
        return len(self.party)

    def rows(self, places: Sequence[int]) -> list[Exposure]:
        """Some of them as they are listed and explained."""
        chosen = np.array(places, np.int64)
        amounts = [own.at(chosen) for own in self.amounts]
        columns = zip(
            *(column[chosen].tolist() for column in (self.party, self.share, self.direct, self.currency)),
            (self.ways[place] for place in places),
            zip(*amounts, strict=True) if amounts else [()] * len(chosen),
            strict=True,
        )
        return [
            _row(party, None if share != share else share, direct, ways, of_number(number), parts)
            for party, share, direct, number, ways, parts in columns
        ]


def _row(
    party: int,
    share: float | None,
    direct: float,
    ways: int,
    currency: str,
    amounts: Sequence[tuple[str, int, int | None] | None],
) -> Exposure:
    parts = tuple(part for part in amounts if part is not None)
    if len(parts) > 1:
        return Exposure(party, share, direct, ways, by_currency=parts)
    if not parts:
        return Exposure(party, share, direct, ways, currency=currency)
    [(code, cost, value)] = parts
    return Exposure(party, share, direct, ways, cost, value, code)


@frozen
class ExposureAmounts:
    """What is held in one currency, over the same rows: fen; `held` where there is any, `valued` where its value is known."""

    currency: str
    held: Bools
    cost: Ints
    value: Ints
    valued: Bools

    @property
    def total_cost(self) -> int:
        """Cost of everything that is held."""
        return int(self.cost[self.held].sum())

    def at(self, places: Ints) -> list[tuple[str, int, int | None] | None]:
        """(currency, cost, value) of some rows, None where nothing is held in it."""
        columns = (c[places].tolist() for c in (self.held, self.cost, self.value, self.valued))
        return [
            (self.currency, cost, value if valued else None) if held else None
            for held, cost, value, valued in zip(*columns, strict=True)
        ]


@once_per_question
def exposures(view: View, owner: int, base: Base = "commitment") -> list[Exposure]:
    """Everything below an owner: funds by their share, companies by equity share and by money, by party code.

    A company reached by several paths is one row. A company whose equity share is unknown on some path has share None
    but still its money, which needs the shares in the funds only.
    """
    columns = exposure_columns(view, owner, base)
    return columns.rows(range(len(columns)))


@once_per_question
def exposure_columns(view: View, owner: int, base: Base = "commitment") -> ExposureColumns:
    """The same in columns."""
    from valuation.lookthrough import direct_shares, integrated_shares, path_counts

    owned, node = graph(view, base), graph(view, base).node(owner)
    size = max(view.parties, default=0) + 2
    share, direct = np.zeros(size), np.zeros(size)
    ways: dict[int, int] = {}
    if node is not None:
        whole = integrated_shares(owned.ownership, [node])[0]
        below = np.flatnonzero(whole > 0)
        reached = owned.parties[below]
        share[reached] = whole[below]
        direct[reached] = direct_shares(owned.ownership, [node])[0][below]
        counts = path_counts(owned.ownership, node)
        ways = dict(zip(reached.tolist(), (counts[n] for n in below.tolist()), strict=True))
    in_fund = share > 0
    in_fund[owner] = True
    unknown: dict[int, int] = defaultdict(int)  # company -> ways that end in a deal that states no share
    for fund, company in owned.unknown:
        if in_fund[fund]:
            unknown[company] += ways.get(fund, 1)
    amounts = _money(view, np.where(np.arange(size) == owner, 1.0, share), in_fund)
    silent = np.zeros(size, bool)
    silent[list(unknown)] = True
    listed = np.logical_or.reduce([own.held for own in amounts] or [np.zeros(size, bool)])
    if (without := silent & ~listed).any():
        amounts = _with_nothing(amounts, currency_of(view, owner), without)
    listed |= silent
    listed[list(ways)] = True
    there = np.flatnonzero(listed)
    party: Ints32 = there[np.argsort(_places_by_code(view)[there])].astype(np.int32)
    return ExposureColumns(
        party,
        np.where(silent[party], np.nan, share[party]),
        direct[party],
        tuple(ways.get(p, 0) + unknown.get(p, 0) for p in party.tolist()),
        numbers(view, party),
        tuple(
            ExposureAmounts(
                own.currency, own.held[party], own.cost[party], own.value[party], own.valued[party]
            )
            for own in amounts
        ),
    )


@once_per_prefix
def _places_by_code(view: View) -> Ints:
    """The place of each party, by its id, among all of them by code."""
    places = np.zeros(max(view.parties, default=0) + 2, np.int64)
    places[[p.id for p in sorted(view.parties.values(), key=lambda p: p.code)]] = np.arange(len(view.parties))
    return places


def _money(view: View, share: Floats, reached: Bools) -> list[ExposureAmounts]:
    """By currency and party id, the owner's part in the holdings of the funds it has a share of."""
    held, size = holding_columns(view), len(share)
    rows = np.flatnonzero(reached[held.fund] & ((held.invested != 0) | held.deals))
    currency = numbers(view, held.fund[rows])
    amounts = []
    for code in in_order(of_number(n) for n in np.unique(currency).tolist()):
        mine = rows[currency == number_of(code)]
        company, part = held.company[mine], share[held.fund[mine]]
        cost: Floats = np.bincount(company, part * held.cost[mine], size).astype(np.float64, copy=False)
        value: Floats = np.bincount(company, part * held.value[mine], size).astype(np.float64, copy=False)
        some = np.bincount(company, minlength=size) > 0
        valued = np.bincount(company, ~held.valued[mine], size) == 0
        amounts.append(ExposureAmounts(code, some, _whole(cost), _whole(value), some & valued))
    return amounts


def _whole(fen: Floats) -> Ints:
    return np.rint(fen).astype(np.int64)


def _with_nothing(amounts: Sequence[ExposureAmounts], code: str, where: Bools) -> list[ExposureAmounts]:
    """With 0 for companies of which nothing is booked but a deal: in the owner's currency."""
    nothing = np.zeros(len(where), np.int64)
    empty = ExposureAmounts(code, np.zeros(len(where), bool), nothing, nothing, np.zeros(len(where), bool))
    known = {own.currency: own for own in amounts}
    own = known.get(code, empty)
    known[code] = ExposureAmounts(code, own.held | where, own.cost, own.value, own.valued | where)
    return [known[c] for c in in_order(known)]
