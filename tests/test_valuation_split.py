"""Whole fen shared out by weight."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from valuation import split as module
from valuation.refusals import ValuationError
from valuation.split import Sharer, share_ints, split, split_many

totals = st.integers(0, 10**16)
weights = st.lists(st.integers(0, 10**13), min_size=1, max_size=40).filter(any)


@pytest.mark.parametrize(
    ("total", "shares", "parts"),
    [
        (100, [1, 1, 1], [34, 33, 33]),  # equal remainders: the first weight wins
        (10, [5, 3, 2], [5, 3, 2]),
        (1, [1, 2], [0, 1]),
        (0, [3, 4], [0, 0]),
        (7, [0, 5, 0], [0, 7, 0]),
        (5, [1], [5]),
        (-100, [1, 1, 1], [-34, -33, -33]),  # a reversal takes back what was given
        (0, [0, 0], [0, 0]),
        (0, [], []),
    ],
)
def test_parts_of_small_totals(total, shares, parts):
    result = split(total, shares)
    assert result.tolist() == parts
    assert result.dtype == np.int64


@given(totals, weights)
def test_parts_add_up_and_stay_within_a_fen(total, shares):
    parts = split(total, shares).tolist()
    whole = sum(shares)
    assert sum(parts) == total
    for part, weight in zip(parts, shares, strict=True):
        assert abs(Fraction(part) - Fraction(total * weight, whole)) < 1
        assert part == 0 or weight > 0
    assert split(-total, shares).tolist() == [-p for p in parts]


@given(totals, weights)
def test_a_larger_weight_never_gets_less(total, shares):
    got = sorted(zip(shares, split(total, shares).tolist(), strict=True))
    for (low, less), (high, more) in pairwise(got):
        assert less <= more or low == high


@given(totals, weights, st.randoms(use_true_random=False))
def test_order_matters_only_among_equal_remainders(total, shares, random):
    order = list(range(len(shares)))
    random.shuffle(order)
    straight = split(total, shares)
    shuffled = split(total, [shares[i] for i in order])
    remainders = [total * w % sum(shares) for w in shares]
    for place, i in enumerate(order):
        if remainders.count(remainders[i]) == 1:
            assert shuffled[place] == straight[i]


def test_one_fen_more_in_the_total_may_take_a_fen_from_a_part():
    """The Alabama paradox: what the largest remainder cannot promise, so that nobody writes a test that it does."""
    shares = [15, 15, 9, 5, 5, 2]
    assert split(25, shares).tolist() == [7, 7, 4, 3, 3, 1]
    assert split(26, shares).tolist() == [8, 8, 5, 2, 2, 1]


@given(totals, weights)
def test_one_fen_more_in_the_total_never_takes_more_than_a_fen(total, shares):
    before, after = split(total, shares), split(total + 1, shares)
    assert int((after - before).min()) >= -1


@pytest.mark.parametrize("seed", range(6))
def test_the_kernel_gives_the_python_answer(seed):
    g = np.random.Generator(np.random.PCG64(seed))
    size = int(g.integers(300, 3000))
    shares = np.round(10 ** g.uniform(0, 13, size)).astype(np.int64) * (g.random(size) < 0.9)
    whole = int(shares.sum())
    for total in (1, 7, size - 1, whole // 3, whole - 1, whole, 2**50 - 1, int(g.integers(1, 2**50))):
        parts = Sharer(size).share(total, shares, whole)
        assert parts.tolist() == share_ints(total, shares.tolist())
        assert split(total, shares).tolist() == parts.tolist()


@pytest.mark.parametrize(
    "shares",
    [
        np.full(1000, 7, np.int64),  # every remainder equal
        np.repeat(np.array([3, 5], np.int64), 500),  # two values of remainder
        np.full(300, 2**53, np.int64),  # weights that a double does not hold exactly, W near 2**62
        np.arange(1, 2000, dtype=np.int64),
    ],
)
@pytest.mark.parametrize("total", [1, 999, 123_456_789, 2**50 - 1])
def test_the_kernel_keeps_the_order_among_ties(shares, total):
    sharer = Sharer(shares.size)
    assert sharer.share(total, shares, int(shares.sum())).tolist() == share_ints(total, shares.tolist())


def test_results_of_one_sharer_do_not_overwrite_each_other():
    shares = np.arange(1, 300_001, dtype=np.int64)
    sharer = Sharer(shares.size)
    whole = int(shares.sum())
    results = [sharer.share(total, shares, whole) for total in range(1_000_000, 1_000_010)]
    assert [int(parts.sum()) for parts in results] == list(range(1_000_000, 1_000_010))


def test_the_kernel_follows_its_plain_form():
    """The compiled division and the interpreted one, where the float estimate is off by one."""
    g = np.random.Generator(np.random.PCG64(11))
    for _ in range(200):
        weight_sum = int(g.integers(1, 2**62))
        weight = int(g.integers(0, weight_sum + 1))
        total = int(g.integers(0, 2**50))
        ours = module._divide(total, weight, weight_sum, total / weight_sum)
        assert tuple(map(int, ours)) == divmod(total * weight, weight_sum)


def test_beyond_the_kernel_python_ints_answer():
    shares = np.full(400, 2**54, np.int64)  # W beyond 2**62
    assert split(401, shares).tolist() == [2] + [1] * 399
    large = split(2**60 + 1, np.arange(1, 401))  # quotients beyond 2**50
    assert int(large.sum()) == 2**60 + 1
    assert large.tolist() == share_ints(2**60 + 1, list(range(1, 401)))
    far = [2**40 + 7, *range(1, 401)]  # a double would be off by hundreds of fen
    assert split(2**61 + 12_345, far).tolist() == share_ints(2**61 + 12_345, far)
    assert split(10, [10**30, 10**30 + 1]).tolist() == [5, 5]
    assert split(3, np.array([1, 2], np.uint64)).tolist() == [1, 2]


@given(st.lists(st.tuples(st.integers(-(10**15), 10**15), weights), min_size=1, max_size=8))
def test_many_splits_are_single_splits(rows):
    flat = [w for _, shares in rows for w in shares]
    bounds = np.cumsum([0] + [len(shares) for _, shares in rows])
    together = split_many([total for total, _ in rows], flat, bounds)
    alone = np.concatenate([split(total, shares) for total, shares in rows])
    assert together.tolist() == alone.tolist()


def test_many_splits_in_the_kernel_are_single_splits():
    g = np.random.Generator(np.random.PCG64(5))
    sizes = g.integers(0, 12, 400)
    sizes[7] = 300  # a long row among short ones
    bounds = np.concatenate([[0], np.cumsum(sizes)])
    shares = np.round(10 ** g.uniform(0, 12, int(bounds[-1]))).astype(np.int64)
    shares[bounds[9] : bounds[10]] = 2**60  # a row whose weights pass 2**62 together
    amounts = g.integers(-(10**14), 10**14, 400)
    amounts[sizes == 0] = 0
    amounts[11] = 2**55
    together = split_many(amounts, shares, bounds)
    for i in range(400):
        row = slice(int(bounds[i]), int(bounds[i + 1]))
        assert together[row].tolist() == split(int(amounts[i]), shares[row]).tolist()


@pytest.mark.parametrize(
    ("total", "shares", "argument", "index"),
    [
        (5, [0, 0], "weights", None),
        (5, [], "weights", None),
        (5, [1, -1], "weights", 1),
        (5, [0.5, 0.5], "weights", None),
        (5, [True, False], "weights", None),
        (5, [[1, 2]], "weights", None),
        (5, [1, -(10**30)], "weights", 1),
        (5, [1, "2"], "weights", None),
        (5, [10**30, None], "weights", 1),
        (5.0, [1], "total", None),
        (True, [1], "total", None),
        (2**62, [1], "total", None),
        (float("nan"), [1], "total", None),
        (5, [float("nan")], "weights", None),
    ],
)
def test_wrong_input_is_refused(total, shares, argument, index):
    with pytest.raises(ValuationError) as refused:
        split(total, shares)
    assert refused.value.argument == argument
    assert refused.value.index == index


@pytest.mark.parametrize(
    ("amounts", "shares", "offsets", "argument", "index"),
    [
        ([1, 2], [1, 0], [0, 1, 2], "totals", 1),
        ([1, 2], [1, 1], [0, 2], "offsets", None),
        ([1], [1, 1], [1, 2], "offsets", 0),
        ([1, 1], [1, 1], [0, 3, 2], "offsets", 2),
        ([1], [1, 1], [0, 1], "offsets", 1),
        ([1], [1, 1], [0.0, 2.0], "offsets", None),
        ([1.0], [1], [0, 1], "totals", None),
        ([[1]], [1], [0, 1], "totals", None),
        ([1], [2**70], [0, 1], "weights", None),
        ([1], [1, -1], [0, 2], "weights", 1),
    ],
)
def test_wrong_sets_are_refused(amounts, shares, offsets, argument, index):
    with pytest.raises(ValuationError) as refused:
        split_many(amounts, shares, offsets)
    assert refused.value.argument == argument
    assert refused.value.index == index


def test_a_long_set_names_the_total_that_has_nowhere_to_go():
    shares = np.ones(600, np.int64)
    shares[300:303] = 0
    with pytest.raises(ValuationError) as refused:
        split_many(np.full(200, 5), shares, np.arange(0, 601, 3))
    assert refused.value.argument == "totals"
    assert refused.value.index == 100


def test_importing_and_small_work_do_not_wake_numba():
    code = (
        "import sys, valuation.waterfall, valuation.carry, valuation.concession, valuation.buy_out, valuation.fees;"
        "import valuation.equalisation, valuation.attribution, valuation.split as s;"
        "s.split(10, [1, 2]); sys.exit('numba' in sys.modules)"
    )
    root = Path(__file__).resolve().parents[1]
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0
