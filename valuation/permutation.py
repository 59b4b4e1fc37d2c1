"""Permutation tests: is a difference larger than chance would make it if the labels meant nothing?

All arrangements are counted where there are at most a million, else seeded random ones. Values are compared as the whole
numbers of their shortest decimal texts, so that ties are ties.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from valuation import streams
from valuation.arguments import array_of, check_shape, count, whole, within_float64
from valuation.exact import rate
from valuation.refusals import ValuationError

ALL_AT_MOST = 1_000_000
DRAWS = 99_999
_ROWS = 4_096
_SAFE = 2**62

Whole = NDArray[Any]
"""Whole numbers: int64, or Python's own where sums could leave 64 bits."""


class PermutationTest(NamedTuple):
    """Result of a permutation test.

    statistic   : mean(a) - mean(b)
    p_value     : two-sided, the smaller tail doubled, at most 1; arrangements as extreme as the one seen are counted
    p_one_sided : probability of a difference as high as the one seen or higher: for the claim that a lies above b
    """

    statistic: float
    p_value: float
    p_one_sided: float


def permutation_test(
    a: ArrayLike,
    b: ArrayLike,
    paired: bool = False,
    groups: ArrayLike | None = None,
    *,
    seed: int = 0,
    draws: int = DRAWS,
) -> PermutationTest:
    """Whether a and b differ in the mean.

    a, b   : (n,), (m,) numbers, neither empty; a float stands for its shortest decimal text; nan is refused
    paired : n = m, and a[i] belongs to b[i]: the two of a pair change places, or not
    groups : (n + m,) whole numbers, of a then of b: values change places within their group only (a vintage, a city); not
             with `paired`, where a pair is its own group
    seed   : of the random arrangements, in [0, 2**63); draws: how many, where there are more than a million

    Of all arrangements p is their share; of random ones (b + 1) / (draws + 1), b of them as extreme.
    Source: R. A. Fisher, The Design of Experiments (1935), section 21; for random arrangements B. Phipson, G. Smyth,
    Statistical Applications in Genetics and Molecular Biology 9 (2010), article 39.
    """
    if not isinstance(paired, bool | np.bool_):
        raise ValuationError("paired", "must be true or false", found=paired)
    key, times = streams.seed_word(seed), count("draws", draws, low=1, high=10**7)
    left, right, scale = _whole_numbers(_one_row("a", a), _one_row("b", b))
    first, second = (Fraction(int(sum(x.tolist())), len(x)) for x in (left, right))
    statistic = _as_float((first - second) / scale)
    if paired:
        if groups is not None:
            raise ValuationError("groups", "has no meaning for pairs: a pair is its own group")
        check_shape("b", right.shape, left.shape)
        difference = left - right
        seen = int(sum(difference.tolist()))
        if left.size <= math.log2(ALL_AT_MOST):
            return _of_all(statistic, _signed_sums(difference), seen)
        return _of_some(statistic, _signed_draws(difference, key, times), seen, times)
    values, labels = np.concatenate([left, right]), _labels(groups, left.size + right.size)
    seen = int(sum(left.tolist()))
    members = [np.flatnonzero(labels == g) for g in np.unique(labels)]
    chosen = [int((place < left.size).sum()) for place in members]
    if math.prod(math.comb(len(m), k) for m, k in zip(members, chosen, strict=True)) <= ALL_AT_MOST:
        sums = np.zeros(1, values.dtype)
        for place, k in zip(members, chosen, strict=True):
            sums = np.add.outer(sums, _sums_of_chosen(values[place], k)).reshape(-1)
        return _of_all(statistic, sums, seen)
    return _of_some(statistic, _chosen_draws(values, members, chosen, key, times), seen, times)


def _of_all(statistic: float, sums: Whole, seen: int) -> PermutationTest:
    above, below = int((sums >= seen).sum()) / sums.size, int((sums <= seen).sum()) / sums.size
    return PermutationTest(statistic, min(1.0, 2.0 * min(above, below)), above)


def _of_some(statistic: float, drawn: Iterator[Whole], seen: int, draws: int) -> PermutationTest:
    above = below = 0
    for sums in drawn:
        above += int((sums >= seen).sum())
        below += int((sums <= seen).sum())
    high, low = (above + 1) / (draws + 1), (below + 1) / (draws + 1)
    return PermutationTest(statistic, min(1.0, 2.0 * min(high, low)), high)


def _signed_sums(difference: Whole) -> Whole:
    """The sum under each of the 2**n choices of signs."""
    sums: Whole = difference.sum(keepdims=True)
    for d in difference:
        sums = np.concatenate([sums, sums - 2 * d])
    return sums


def _sums_of_chosen(values: Whole, k: int) -> Whole:
    """The sum of each choice of k of the values."""
    if 2 * k > values.size:
        others: Whole = values.sum() - _sums_of_chosen(values, values.size - k)
        return others
    of_size = [np.zeros(1, values.dtype)] + [np.zeros(0, values.dtype)] * k
    for value in values:
        for j in range(k, 0, -1):
            of_size[j] = np.concatenate([of_size[j], of_size[j - 1] + value])
    return of_size[k]


def _signed_draws(difference: Whole, seed: int, draws: int) -> Iterator[Whole]:
    for at in range(0, draws, _ROWS):
        bits = _words(seed, at, min(_ROWS, draws - at), difference.size)
        yield (difference * (1 - 2 * (bits >> np.uint64(63)).astype(np.int64))).sum(axis=1)


def _chosen_draws(
    values: Whole, members: list[NDArray[np.intp]], chosen: list[int], seed: int, draws: int
) -> Iterator[Whole]:
    """Sums of what falls to a: in each group those with the smallest random words."""
    for at in range(0, draws, _ROWS):
        bits = _words(seed, at, min(_ROWS, draws - at), values.size)
        sums = np.zeros(len(bits), values.dtype)
        for place, k in zip(members, chosen, strict=True):
            taken = np.argsort(bits[:, place], axis=1, kind="stable")[:, :k]
            sums = sums + values[place][taken].sum(axis=1)
        yield sums


def _words(seed: int, first: int, rows: int, columns: int) -> NDArray[np.uint64]:
    out = np.empty((rows, columns), np.uint64)
    streams.words(np.uint64(seed), np.uint64(streams.PERMUTATION), np.uint64(first), out)
    return out


def _one_row(argument: str, values: ArrayLike) -> list[Fraction]:
    array = array_of(argument, values)
    check_shape(argument, array.shape, (None,))
    if array.size == 0:
        raise ValuationError(argument, "is empty")
    listed = array.tolist() if array.dtype.kind in "iuf" else list(array)
    return [rate(f"{argument}[{i}]", value, low=None) for i, value in enumerate(listed)]


def _whole_numbers(a: list[Fraction], b: list[Fraction]) -> tuple[Whole, Whole, int]:
    """Both in whole units of 1 / scale."""
    scale = math.lcm(*(x.denominator for x in (*a, *b)))
    rows = [[int(x * scale) for x in row] for row in (a, b)]
    wide = 4 * sum(abs(x) for row in rows for x in row) >= _SAFE
    left, right = (np.array(row, object if wide else np.int64) for row in rows)
    return left, right, scale


def _labels(groups: ArrayLike | None, size: int) -> NDArray[np.int64]:
    return np.zeros(size, np.int64) if groups is None else whole("groups", groups, shape=(size,))


def _as_float(value: Fraction) -> float:
    try:
        return float(within_float64("a", np.asarray(float(value))))
    except OverflowError:
        raise ValuationError("a", "leads to an amount beyond float64") from None
