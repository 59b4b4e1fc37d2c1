"""Look-through: what an investor holds of everything below it, through every tier and along every path.

An ownership graph has nodes 0 … nodes-1 (whatever the caller numbers: funds, vehicles, companies) and edges
owner → owned with a share. The share is generic: commitments of the owner over all commitments, or paid-in
over all paid-in; `shares_of` divides amounts. An edge is valid on the days [valid_from, valid_to).

    integrated share of u in v = Σ over the paths u → … → v of the product of the shares along the path

which is the (u, v) entry of A + A² + A³ + …, A the matrix of shares. The graph has no cycles (a fund that holds
itself through others has no path sum here; the loop is named and refused), so the sum is finite and is taken
owner by owner in topological order: no matrix is inverted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from valuation import dates
from valuation.arguments import (
    Booleans,
    Floats,
    Integers,
    array_of,
    check_shape,
    count,
    instance,
    plain,
    reals,
    refuse_where,
    whole,
    within_float64,
)
from valuation.compiled import njit
from valuation.dates import DateLike
from valuation.refusals import ValuationError

SUM_TOLERANCE = 1e-9
"""Shares into one node may exceed 1 by this much: they were rounded on some document."""

MOST_NODES = 2**31

OPEN_ENDED = 2**62
"""The `valid_to` of an edge that has not ended."""


@dataclass(frozen=True, slots=True, eq=False)
class OwnershipGraph:
    """An acyclic ownership graph on one day, edges grouped by owner; made by `ownership`.

    nodes : how many
    order : (nodes,)    every owner before what it owns
    first : (nodes+1,)  edges of owner i are [first[i], first[i+1])
    owned : (edges,)    ascending within an owner; one edge for each pair, shares of equal pairs added
    share : (edges,)    in (0, 1]
    """

    nodes: int
    order: Integers
    first: Integers
    owned: Integers
    share: Floats

    @property
    def owner(self) -> Integers:
        """(edges,)"""
        return np.repeat(np.arange(self.nodes), np.diff(self.first))


@dataclass(frozen=True, slots=True)
class Path:
    """One way from an owner to an owned node.

    nodes  : from the owner to the owned
    shares : one less: the share of each step
    share  : their product
    """

    nodes: tuple[int, ...]
    shares: tuple[float, ...]
    share: float


def ownership(
    owner: ArrayLike,
    owned: ArrayLike,
    share: ArrayLike,
    nodes: int,
    *,
    valid_from: DateLike | None = None,
    valid_to: DateLike | None = None,
    day: DateLike | None = None,
    over_one: bool = False,
) -> OwnershipGraph:
    """The graph of the edges that are valid on `day`.

    owner, owned         : (edges,)  node numbers
    share                : (edges,)  in [0, 1]; edges with share 0 are left out, equal pairs are added up
    valid_from, valid_to : (edges,)  days: valid from the first on, no longer valid on the second
                           (OPEN_ENDED: still valid); given together with `day`, or not at all
    over_one             : allow shares into one node to add to more than 1 (claims of several classes);
                           less than 1 is always allowed: the rest belongs to others

    ValuationError: unknown nodes, shares outside [0, 1], more than 1 + 1e-9 of one node, a cycle (the loop is
    named); the index is that of the edge as given, of `nodes` for sums.
    """
    nodes = count("nodes", nodes, high=MOST_NODES)
    starts = whole("owner", owner, shape=(None,), low=0, high=nodes - 1)
    ends = whole("owned", owned, shape=starts.shape, low=0, high=nodes - 1)
    parts = reals("share", share, shape=starts.shape, low=0.0, high=1.0)
    refuse_where(starts == ends, "owned", "a node cannot own itself", ends)
    keep = (parts > 0) & _valid(starts.shape, valid_from, valid_to, day)
    first, targets, weights = _grouped(starts[keep], ends[keep], parts[keep], nodes)
    held = np.bincount(targets, weights, minlength=nodes)
    if not over_one:
        refuse_where(held > 1.0 + SUM_TOLERANCE, "share", "the shares in this node add to more than 1", held)
    order = _order(first, targets)
    if order.size < nodes:
        loop = _a_loop(first, targets, order)
        raise ValuationError("owned", "the edges form a loop: " + " -> ".join(map(str, loop)), found=loop)
    return OwnershipGraph(nodes, order, first, targets, weights)


def find_cycle(owner: ArrayLike, owned: ArrayLike, nodes: int) -> list[int] | None:
    """A loop of owners, first node repeated at the end, or None where there is none; arguments as `ownership`."""
    nodes = count("nodes", nodes, high=MOST_NODES)
    starts = whole("owner", owner, shape=(None,), low=0, high=nodes - 1)
    ends = whole("owned", owned, shape=starts.shape, low=0, high=nodes - 1)
    first, targets, _ = _grouped(starts, ends, np.ones(starts.size), nodes)
    order = _order(first, targets)
    return None if order.size == nodes else _a_loop(first, targets, order)


def shares_of(owned: ArrayLike, amount: ArrayLike, nodes: int) -> Floats:
    """Each edge's share of the amounts that flow into its owned node.

    owned : (edges,)  node numbers      amount : (edges,)  >= 0: commitments, or paid-in, or units
    -> (edges,)  amount over the sum of the amounts into the same node; nan where that sum is 0
    """
    nodes = count("nodes", nodes, high=MOST_NODES)
    ends = whole("owned", owned, shape=(None,), low=0, high=nodes - 1)
    amounts = reals("amount", amount, shape=ends.shape, low=0.0)
    total = within_float64(
        "amount", np.bincount(ends, amounts, minlength=nodes).astype(np.float64)[ends], amounts
    )
    share = np.full(ends.size, np.nan)
    np.divide(amounts, total, out=share, where=total > 0)
    return share


def direct_shares(graph: OwnershipGraph, owners: ArrayLike, targets: ArrayLike | None = None) -> Floats:
    """(owners, targets)  share held without any node between; targets None: all nodes, in order."""
    instance("graph", graph, OwnershipGraph)
    rows = whole("owners", owners, shape=(None,), low=0, high=graph.nodes - 1)
    matrix = np.zeros((rows.size, graph.nodes))
    for i, owner in enumerate(rows.tolist()):
        edges = slice(graph.first[owner], graph.first[owner + 1])
        matrix[i, graph.owned[edges]] = graph.share[edges]
    return _columns(matrix, targets, graph.nodes)


def integrated_shares(graph: OwnershipGraph, owners: ArrayLike, targets: ArrayLike | None = None) -> Floats:
    """(owners, targets)  share held directly and through others, the sum over all paths; see the module.

    owners  : node numbers
    targets : node numbers; None: all nodes, in order
    An owner's share in itself is 0: it is not its own holding. Cost: the edges below each owner.
    The sum over `paths` is the same number, to 1e-12.
    """
    instance("graph", graph, OwnershipGraph)
    rows = whole("owners", owners, shape=(None,), low=0, high=graph.nodes - 1)
    matrix = np.zeros((rows.size, graph.nodes))
    holders = graph.order[np.diff(graph.first)[graph.order] > 0]
    place = np.full(graph.nodes, holders.size)
    place[holders] = np.arange(holders.size)
    _integrate(plain(rows), holders, place, graph.first, graph.owned, graph.share, matrix)
    return _columns(matrix, targets, graph.nodes)


def path_counts(graph: OwnershipGraph, owner: int) -> list[int]:
    """(nodes,)  how many paths lead from `owner` to each node; exact, however many. 0 to itself."""
    owner = count("owner", owner, high=instance("graph", graph, OwnershipGraph).nodes - 1)
    counts = [0] * graph.nodes
    counts[owner] = 1
    first, owned = graph.first.tolist(), graph.owned.tolist()
    for node in graph.order.tolist():
        if counts[node]:
            for edge in range(first[node], first[node + 1]):
                counts[owned[edge]] += counts[node]
    counts[owner] = 0
    return counts


def path_count(graph: OwnershipGraph, owner: int, target: int) -> int:
    """How many paths lead from `owner` to `target`; exact, however many."""
    target = count("target", target, high=instance("graph", graph, OwnershipGraph).nodes - 1)
    return path_counts(graph, owner)[target]


def paths(graph: OwnershipGraph, owner: int, target: int, *, most: int = 10_000) -> list[Path]:
    """Every path from `owner` to `target`, the largest share first (then by nodes).

    most : refuse more paths than this with ValuationError; their number is known before they are listed
    -> []  where the owner holds nothing of the target; the shares add to `integrated_shares`.
    """
    number = path_count(graph, owner, target)
    if number > count("most", most):
        raise ValuationError("most", f"from {owner} to {target} the number of paths is {number}", found=most)
    walked = list(_walk(graph, owner, target)) if number else []
    return sorted(walked, key=lambda path: (-path.share, path.nodes))


def _walk(graph: OwnershipGraph, owner: int, target: int) -> Iterator[Path]:
    """Depth first, only through nodes from which the target can be reached."""
    leads = _leads_to(graph, target)
    first, owned, share = graph.first.tolist(), graph.owned.tolist(), graph.share.tolist()
    nodes, products = [owner], [1.0]
    shares: list[float] = []
    pending = [iter(range(first[owner], first[owner + 1]))]
    while pending:
        edge = next(pending[-1], None)
        if edge is None:
            pending.pop()
            nodes.pop()
            products.pop()
            if shares:
                shares.pop()
            continue
        node = owned[edge]
        if not leads[node]:
            continue
        if node == target:
            yield Path((*nodes, node), (*shares, share[edge]), products[-1] * share[edge])
            continue
        nodes.append(node)
        shares.append(share[edge])
        products.append(products[-1] * share[edge])
        pending.append(iter(range(first[node], first[node + 1])))


def _leads_to(graph: OwnershipGraph, target: int) -> list[bool]:
    """Which nodes have a path to the target, the target among them."""
    leads = [False] * graph.nodes
    leads[target] = True
    first, owned = graph.first.tolist(), graph.owned.tolist()
    for node in reversed(graph.order.tolist()):
        if not leads[node]:
            leads[node] = any(leads[owned[edge]] for edge in range(first[node], first[node + 1]))
    return leads


def _columns(matrix: Floats, targets: ArrayLike | None, nodes: int) -> Floats:
    if targets is None:
        return matrix
    columns = whole("targets", targets, shape=(None,), low=0, high=nodes - 1)
    return matrix[:, columns]


def _valid(
    shape: tuple[int, ...], valid_from: DateLike | None, valid_to: DateLike | None, day: DateLike | None
) -> Booleans:
    """Which edges count on the day."""
    if valid_from is None and valid_to is None and day is None:
        return np.ones(shape, np.bool_)
    if valid_from is None or valid_to is None or day is None:
        raise ValuationError("day", "valid_from, valid_to and day are given together or not at all")
    start, end = _since("valid_from", valid_from, shape), _since("valid_to", valid_to, shape)
    on = dates.day(day, "day")
    refuse_where(end <= start, "valid_to", "not after valid_from", end)
    valid: Booleans = (start <= on) & (on < end)
    return valid


def _since(argument: str, value: DateLike, shape: tuple[int, ...]) -> Integers:
    """Days of edges, as `valuation.dates.days` reads them; whole numbers may also be OPEN_ENDED."""
    given = array_of(argument, value)
    if given.dtype.kind in "iu" or given.size == 0:
        return whole(argument, given, shape=shape)
    numbers = dates.days(given, argument).astype(np.int64)
    check_shape(argument, numbers.shape, shape)
    return numbers


def _grouped(
    owner: Integers, owned: Integers, share: Floats, nodes: int
) -> tuple[Integers, Integers, Floats]:
    """Edges by owner, then owned, equal pairs added; -> first (nodes+1,), owned, share."""
    pair, place = np.unique(owner * nodes + owned, return_inverse=True)
    first = np.searchsorted(pair, np.arange(nodes + 1) * nodes).astype(np.int64)
    together: Floats = np.bincount(place, share, minlength=pair.size).astype(np.float64, copy=False)
    return first, plain(pair % nodes), together


def _order(first: Integers, owned: Integers) -> Integers:
    """Nodes with every owner before what it owns; those on or below a cycle are missing."""
    order = np.empty(first.size - 1, np.int64)
    incoming = np.bincount(owned, minlength=first.size - 1)
    return order[: _topological(first, owned, incoming, order)]


def _a_loop(first: Integers, owned: Integers, order: Integers) -> list[int]:
    """A cycle among the nodes missing from `order`, found by walking up: each has an owner that is missing too."""
    missing = np.ones(first.size - 1, np.bool_)
    missing[order] = False
    owner = np.repeat(np.arange(first.size - 1), np.diff(first))
    among = missing[owner] & missing[owned]
    above = dict(zip(owned[among][::-1].tolist(), owner[among][::-1].tolist(), strict=True))
    walked: dict[int, int] = {}
    node = int(np.flatnonzero(missing)[0])
    while node not in walked:
        walked[node] = len(walked)
        node = above[node]
    loop = list(walked)[walked[node] :]
    return [node, *reversed(loop)]


@njit("i8(i8[::1], i8[::1], i8[::1], i8[::1])")
def _topological(first: Integers, owned: Integers, incoming: Integers, order: Integers) -> int:
    """Fill order with the nodes, owners first (A. Kahn 1962); -> how many were reached.

    incoming (nodes,): edges into each node, used up
    """
    reached = 0
    for node in range(incoming.size):
        if incoming[node] == 0:
            order[reached] = node
            reached += 1
    done = 0
    while done < reached:
        node = order[done]
        done += 1
        for edge in range(first[node], first[node + 1]):
            incoming[owned[edge]] -= 1
            if incoming[owned[edge]] == 0:
                order[reached] = owned[edge]
                reached += 1
    return reached


@njit("void(i8[::1], i8[::1], i8[::1], i8[::1], i8[::1], f8[::1], f8[:, ::1])")
def _integrate(
    rows: Integers,
    holders: Integers,
    place: Integers,
    first: Integers,
    owned: Integers,
    share: Floats,
    matrix: Floats,
) -> None:
    """Add up the integrated shares of each of `rows` in its row of `matrix` (rows, nodes), zero on entry.

    holders : the nodes that own something, owners first      place (nodes,): position of a node among them
    """
    for r in range(rows.size):
        held = matrix[r]
        for edge in range(first[rows[r]], first[rows[r] + 1]):
            held[owned[edge]] += share[edge]
        for h in range(place[rows[r]] + 1, holders.size):
            weight = held[holders[h]]
            if weight != 0.0:
                for edge in range(first[holders[h]], first[holders[h] + 1]):
                    held[owned[edge]] += weight * share[edge]
