"""Look-through shares against path enumeration in exact fractions; loops, days and sums refused by name."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from valuation.lookthrough import (
    OPEN_ENDED,
    direct_shares,
    find_cycle,
    integrated_shares,
    ownership,
    path_count,
    paths,
    shares_of,
)
from valuation.refusals import ValuationError

Edge = tuple[int, int, int]

# 0 guidance fund, 1 parent fund, 2 sub-fund A, 3 sub-fund B, 4 company X, 5 company Y: the three topologies of the
# province side by side; X is reached from the guidance fund by three paths, one of them direct.
OWNER = [0, 0, 0, 1, 1, 2, 2, 3]
OWNED = [1, 3, 4, 2, 3, 4, 5, 4]
SHARE = [0.5, 0.1, 0.05, 0.4, 0.2, 0.3, 0.25, 0.2]


@st.composite
def acyclic(draw: st.DrawFn) -> tuple[int, list[Edge]]:
    """Nodes in a drawn order, edges only forward, shares in thousandths whose sum into a node is at most 1."""
    nodes = draw(st.integers(2, 9))
    order = draw(st.permutations(range(nodes)))
    room = [1000] * nodes
    edges = []
    for above in range(nodes):
        for below in range(above + 1, nodes):
            most = room[below]
            share = draw(st.integers(0, most))
            if draw(st.booleans()) and share:
                room[below] -= share
                edges.append((order[above], order[below], share))
    return nodes, draw(st.permutations(edges))


def enumerate_paths(edges: list[Edge], owner: int, target: int) -> list[tuple[tuple[int, ...], Fraction]]:
    """Every path and its product, by plain recursion: the oracle."""
    found = []
    for start, end, share in edges:
        if start == owner:
            part = Fraction(share, 1000)
            if end == target:
                found.append(((owner, end), part))
            found += [((owner, *nodes), part * rest) for nodes, rest in enumerate_paths(edges, end, target)]
    return found


@given(acyclic())
def test_integrated_shares_are_the_sum_over_paths(case: tuple[int, list[Edge]]) -> None:
    nodes, edges = case
    columns = [[e[i] for e in edges] for i in range(3)]
    graph = ownership(columns[0], columns[1], [x / 1000 for x in columns[2]], nodes)
    matrix = integrated_shares(graph, range_of(nodes))
    for u in range(nodes):
        for v in range(nodes):
            expected = enumerate_paths(edges, u, v)
            listed = paths(graph, u, v)
            assert sorted(p.nodes for p in listed) == sorted(nodes for nodes, _ in expected)
            assert path_count(graph, u, v) == len(expected)
            total = sum((share for _, share in expected), Fraction(0))
            assert matrix[u, v] == pytest.approx(float(total), rel=0, abs=1e-14)
            assert sum(p.share for p in listed) == pytest.approx(matrix[u, v], rel=0, abs=1e-12)
            for path in listed:
                assert path.share == pytest.approx(np.prod(path.shares), rel=1e-12)


@given(acyclic())
def test_what_ultimate_owners_hold_of_a_node_adds_to_what_is_held(case: tuple[int, list[Edge]]) -> None:
    """Where every intermediate node is held in full, the roots' integrated shares of a node add to its direct ones."""
    nodes, edges = case
    owner, owned, amount = ([e[i] for e in edges] for i in range(3))
    share = shares_of(owned, amount, nodes)
    graph = ownership(owner, owned, share, nodes)
    roots = [u for u in range(nodes) if u not in owned]
    held = integrated_shares(graph, np.array(roots, dtype=np.int64)).sum(axis=0)
    for v in range(nodes):
        assert held[v] == pytest.approx(1.0 if v in owned else 0.0, abs=1e-12)


def range_of(nodes: int) -> np.ndarray:
    return np.arange(nodes)


def test_one_company_reached_by_several_paths_is_one_company() -> None:
    graph = ownership(OWNER, OWNED, SHARE, 6)
    listed = paths(graph, 0, 4)
    assert [(p.nodes, round(p.share, 12)) for p in listed] == [
        ((0, 1, 2, 4), 0.06),
        ((0, 4), 0.05),
        ((0, 1, 3, 4), 0.02),
        ((0, 3, 4), 0.02),
    ]
    np.testing.assert_allclose(
        integrated_shares(graph, [0, 1], [4, 5]), [[0.15, 0.05], [0.16, 0.1]], rtol=1e-12
    )
    assert direct_shares(graph, [0, 1], [4, 5]).tolist() == [[0.05, 0.0], [0.0, 0.0]]
    assert paths(graph, 4, 0) == []
    assert integrated_shares(graph, [0], [0]).tolist() == [[0.0]]


def test_the_graph_of_a_day() -> None:
    start, end = [0, 0, 100, 0, 0, 0, 0, 0], [200, 50, OPEN_ENDED, *[OPEN_ENDED] * 5]
    shares = {}
    for day in (0, 49, 50, 99, 100, 199, 200):
        graph = ownership(OWNER, OWNED, SHARE, 6, valid_from=start, valid_to=end, day=day)
        shares[day] = round(float(integrated_shares(graph, [0], [4])[0, 0]), 12)
    assert shares == {0: 0.10, 49: 0.10, 50: 0.08, 99: 0.08, 100: 0.13, 199: 0.13, 200: 0.05}


def test_equal_edges_are_added_and_empty_ones_left_out() -> None:
    graph = ownership([0, 0, 1], [1, 1, 0], [0.25, 0.5, 0.0], 2)
    assert graph.owned.tolist() == [1]
    assert graph.owner.tolist() == [0]
    assert integrated_shares(graph, [0], [1])[0, 0] == 0.75


def test_an_edge_that_has_ended_closes_no_loop() -> None:
    edges = {"owner": [0, 1], "owned": [1, 0], "share": [0.5, 0.5], "nodes": 2}
    days = {"valid_from": [0, 10], "valid_to": [10, 20]}
    assert ownership(**edges, **days, day=5).owned.tolist() == [1]
    with pytest.raises(ValuationError, match="0 -> 1 -> 0"):
        ownership(**edges)


@given(acyclic(), st.data())
def test_a_loop_is_found_and_is_a_loop(case: tuple[int, list[Edge]], data: st.DataObject) -> None:
    nodes, edges = case
    assert find_cycle([e[0] for e in edges], [e[1] for e in edges], nodes) is None
    graph = ownership([e[0] for e in edges], [e[1] for e in edges], [e[2] / 1000 for e in edges], nodes)
    reach = integrated_shares(graph, range_of(nodes)) > 0
    pairs = [(u, v) for u in range(nodes) for v in range(nodes) if reach[u, v]]
    if not pairs:
        return
    u, v = data.draw(st.sampled_from(pairs))
    closed = [(e[0], e[1]) for e in edges] + [(v, u)]
    loop = find_cycle([e[0] for e in closed], [e[1] for e in closed], nodes)
    assert loop is not None
    assert loop[0] == loop[-1]
    assert len(set(loop)) == len(loop) - 1
    assert all(step in closed for step in itertools.pairwise(loop))


def test_shares_of_commitments_or_paid_in() -> None:
    share = shares_of([2, 2, 3, 4], [30, 10, 7, 0], 5)
    np.testing.assert_array_equal(share, [0.75, 0.25, 1.0, np.nan])


def test_more_paths_than_wanted_are_counted_not_listed() -> None:
    tiers = 40  # two parallel vehicles in each tier: 2^40 paths
    owner, owned = [], []
    for tier in range(tiers):
        hub, left, right, below = 3 * tier, 3 * tier + 1, 3 * tier + 2, 3 * tier + 3
        owner += [hub, hub, left, right]
        owned += [left, right, below, below]
    graph = ownership(owner, owned, [0.5] * len(owner), 3 * tiers + 1)
    assert path_count(graph, 0, 3 * tiers) == 2**tiers
    assert integrated_shares(graph, [0], [3 * tiers])[0, 0] == pytest.approx(0.5**tiers)
    with pytest.raises(ValuationError, match=str(2**tiers)):
        paths(graph, 0, 3 * tiers)


def test_a_sum_above_one_needs_a_word() -> None:
    with pytest.raises(ValuationError) as refused:
        ownership([0, 1], [2, 2], [0.6, 0.5], 3)
    assert refused.value.argument == "share"
    assert refused.value.index == 2
    assert refused.value.found == pytest.approx(1.1)
    graph = ownership([0, 1], [2, 2], [0.6, 0.5], 3, over_one=True)
    assert integrated_shares(graph, [1], [2])[0, 0] == 0.5
    ownership([0, 0, 0], [1, 1, 1], [0.1, 0.2, 0.7], 2)  # adds to 1 but for rounding


@pytest.mark.parametrize(
    ("change", "argument", "index"),
    [
        ({"owner": [0, 3]}, "owner", 1),
        ({"owned": [1, -1]}, "owned", 1),
        ({"owned": [1, 0]}, "owned", None),
        ({"owner": [0, 2]}, "owned", 1),
        ({"owner": [0.0, 1.0]}, "owner", None),
        ({"share": [0.5, 1.2]}, "share", 1),
        ({"share": [np.nan, 0.5]}, "share", 0),
        ({"share": [-0.1, 0.5]}, "share", 0),
        ({"share": [0.5]}, "share", None),
        ({"day": 3}, "day", None),
        ({"valid_from": [0, 5], "valid_to": [9, 5], "day": 3}, "valid_to", 1),
    ],
)
def test_wrong_edges_are_named(change: dict[str, object], argument: str, index: int | None) -> None:
    good: dict[str, object] = {"owner": [0, 1], "owned": [1, 2], "share": [0.5, 0.5], "nodes": 3}
    with pytest.raises(ValuationError) as refused:
        ownership(**(good | change))  # type: ignore[arg-type]
    assert (refused.value.argument, refused.value.index) == (argument, index)


def test_unknown_nodes_are_refused_everywhere() -> None:
    graph = ownership(OWNER, OWNED, SHARE, 6)
    for call in (
        lambda: integrated_shares(graph, [6]),
        lambda: integrated_shares(graph, [0], [6]),
        lambda: direct_shares(graph, [-1]),
        lambda: paths(graph, 0, 6),
        lambda: path_count(graph, 6, 0),
        lambda: shares_of([7], [1.0], 6),
    ):
        with pytest.raises(ValuationError):
            call()


def test_a_graph_without_edges() -> None:
    graph = ownership([], [], [], 3)
    assert integrated_shares(graph, [0, 1]).tolist() == [[0, 0, 0], [0, 0, 0]]
    assert find_cycle([], [], 0) is None
