"""Whole fen shared out by weight: the parts always add up to the whole.

Largest remainder (Hamilton): part i is first floor(total * w[i] / W), W the sum of the weights; the fen left
over go one each to the largest remainders total * w[i] mod W. Equal remainders: the first weight wins.

What this rule keeps, and what no rule of its kind can keep:
* each part is within one fen of its exact share, and is exact where the exact share is whole;
* the order of the weights matters only among equal remainders (sort by a lasting identity first and it does
  not matter at all);
* one fen more in the total may cost a party one fen of its part, never more (the Alabama paradox).

Two ways give the same numbers to the fen: Python ints, and an int64 kernel for long arrays. The kernel works
where total < 2**50 (11,000 billion yuan) and W < 2**62, which is checked; beyond that Python ints do it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from valuation.arguments import array_of
from valuation.compiled import njit
from valuation.exact import LIMIT, Ints, fen, whole
from valuation.refusals import ValuationError

Bools: TypeAlias = npt.NDArray[np.bool_]

TOTAL_LIMIT = 2**50
"""Totals below this keep the float estimate of a quotient within one of the truth (4 roundings of 2**-53)."""
SHORT = 256
"""Fewer weights than this are shared in Python ints: faster than waking numba, and the same to the fen."""
BUCKETS = 2048
BLOCK = 2**20
"""Results are cut from blocks of this many fen (8 MB): large enough for huge pages, small enough to spare."""
NOWHERE = "no weight is positive, so the total has nowhere to go"


def split(total: int, weights: npt.ArrayLike) -> Ints:
    """Parts of `total` in proportion to `weights`, by largest remainder.

    total   : fen, of either sign, below 2**62 in size; split(-total) is -split(total)
    weights : (n,) whole numbers >= 0 of any size, at least one above 0 (unless the total is 0)
    -> (n,)   fen, int64, adding up to `total`; 0 where the weight is 0

    Formula above; cost O(n). ValuationError for floats, negative weights, no positive weight.
    """
    amount = whole("total", total, low=None)
    array, exact = _weights(weights)
    if exact is None and float(array.sum(dtype=np.float64)) > LIMIT * 0.999:
        exact = array.tolist()
    if exact is not None:
        _refuse_no_weight(amount, any(exact))
        parts = np.array(share_ints(abs(amount), exact), dtype=np.int64)
    else:
        weight_sum = int(array.sum())
        _refuse_no_weight(amount, weight_sum > 0)
        parts = Sharer(array.size).share(abs(amount), array, weight_sum)
    return parts if amount >= 0 else -parts


def split_many(totals: npt.ArrayLike, weights: npt.ArrayLike, offsets: npt.ArrayLike) -> Ints:
    """Many independent splits at once: total i by the weights [offsets[i]:offsets[i+1]].

    totals  : (k,) fen, of either sign, below 2**62 in size
    weights : (m,) whole numbers >= 0 of 64 bits
    offsets : (k+1,) from 0 to m, never falling
    -> (m,)   fen, int64; the parts of total i stand where its weights stand

    Each split is `split`. ValuationError names the first total that has no positive weight.
    """
    amounts = fen("totals", totals, low=None)
    array, exact = _weights(weights)
    if exact is not None:
        raise ValuationError("weights", "must be whole numbers of 64 bits")
    bounds = _offsets(offsets, amounts.size, array.size)
    parts = np.zeros(array.size, np.int64)
    left_out = np.zeros(amounts.size, np.bool_)
    if array.size >= SHORT:
        _share_rows(np.abs(amounts), array, bounds, parts, left_out)
    else:
        left_out[:] = True
    for i in np.flatnonzero(left_out).tolist():
        row = array[bounds[i] : bounds[i + 1]].tolist()
        total = abs(int(amounts[i]))
        if total and not any(row):
            raise ValuationError("totals", NOWHERE, index=i, found=int(amounts[i]))
        parts[bounds[i] : bounds[i + 1]] = share_ints(total, row)
    sign = np.repeat(np.where(amounts < 0, -1, 1), np.diff(bounds))
    signed: Ints = parts * sign
    return signed


def share_ints(total: int, weights: Sequence[int]) -> list[int]:
    """The rule in Python ints, for any size: total >= 0, weights >= 0, one above 0 unless total is 0."""
    weight_sum = sum(weights)
    if not total or not weight_sum:
        return [0] * len(weights)
    pairs = [divmod(total * w, weight_sum) for w in weights]
    parts = [quotient for quotient, _ in pairs]
    left = total - sum(parts)
    if left:
        order = sorted(range(len(parts)), key=lambda i: (-pairs[i][1], i))
        for i in order[:left]:
            parts[i] += 1
    return parts


class Sharer:
    """Splits, one after another, among the same n parties, of arguments the caller has already checked.

    Keeps its working memory and cuts its results from large blocks: touching fresh pages for every result
    would cost more than the sharing. Not for use by two threads at once.
    """

    def __init__(self, parties: int) -> None:
        self._parties = parties
        self._remainders = np.empty(parties if parties >= SHORT else 0, np.int64)
        self._counts = np.empty(min(BUCKETS, max(64, parties // 4)), np.int64)
        self._block = np.empty((0, parties), np.int64)
        self._used = 0

    def share(self, total: int, weights: Ints, weight_sum: int) -> Ints:
        """Parts of total >= 0 by weights (n,) int64 >= 0; their sum is above 0 unless total is 0."""
        if total == weight_sum:
            return weights.copy()  # everybody gets exactly the weight: paying all that is due
        if self._parties < SHORT or total >= TOTAL_LIMIT or weight_sum >= LIMIT:
            return np.array(share_ints(total, weights.tolist()), dtype=np.int64)
        parts = self._row()
        _share(total, weights, weight_sum, parts, self._remainders, self._counts)
        return parts

    def _row(self) -> Ints:
        if self._used == self._block.shape[0]:
            self._block = np.empty((max(1, BLOCK // self._parties), self._parties), np.int64)
            self._used = 0
        self._used += 1
        row: Ints = self._block[self._used - 1]
        return row


@njit("UniTuple(i8, 2)(i8, i8, i8, f8)")
def _divide(total: int, weight: int, weight_sum: int, ratio: float) -> tuple[int, int]:
    """divmod(total * weight, weight_sum), given ratio = total / weight_sum.

    Conditions: 0 <= total < 2**50 and 0 <= weight <= weight_sum < 2**62. The float quotient is within one of
    the true one, so the remainder, taken modulo 2**64, is known exactly once it is in [0, weight_sum).
    """
    quotient = int(weight * ratio)
    product = np.uint64(total) * np.uint64(weight)
    remainder = int(np.int64(product - np.uint64(quotient) * np.uint64(weight_sum)))
    if remainder < 0:
        return quotient - 1, remainder + weight_sum
    if remainder >= weight_sum:
        return quotient + 1, remainder - weight_sum
    return quotient, remainder


@njit("void(i8, i8[::1], i8, i8[::1], i8[::1], i8[::1])")
def _share(total: int, weights: Ints, weight_sum: int, parts: Ints, remainders: Ints, counts: Ints) -> None:
    """One split of many weights: quotients, then one fen each to the largest remainders.

    Remainders are counted in buckets (a never-falling function of the remainder), which tells the bucket
    that holds the last fen to give; only that bucket has to be sorted. remainders and counts are scratch.
    """
    buckets = counts.size
    counts[:] = 0
    ratio = total / weight_sum
    scale = buckets / weight_sum
    left = total
    for i in range(weights.size):
        parts[i], remainders[i] = _divide(total, weights[i], weight_sum, ratio)
        left -= parts[i]
        counts[min(int(remainders[i] * scale), buckets - 1)] += 1
    if left == 0:
        return
    cut = buckets - 1
    while counts[cut] < left:
        left -= counts[cut]
        cut -= 1
    tied = np.empty(counts[cut] + 1, np.int64)
    ties = 0
    for i in range(weights.size):  # no branches: which way they go could not be foreseen
        bucket = min(int(remainders[i] * scale), buckets - 1)
        parts[i] += int(bucket > cut)
        tied[ties] = i
        ties += int(bucket == cut)
    tied = tied[:ties]
    last = np.sort(remainders[tied])[ties - left]
    for i in tied:
        if remainders[i] > last:
            parts[i] += 1
            left -= 1
    for i in tied:
        if left > 0 and remainders[i] == last:
            parts[i] += 1
            left -= 1


@njit("void(i8[::1], i8[::1], i8[::1], i8[::1], b1[::1])")
def _share_rows(totals: Ints, weights: Ints, offsets: Ints, parts: Ints, left_out: Bools) -> None:
    """Every split of a ragged set; those outside the conditions of `_divide` are marked in left_out.

    A fen left over goes to the largest remainder not yet served, found by looking: rows are short. Long
    rows are left out too where the looking would cost more than a sort.
    """
    for row in range(totals.size):
        low, high = offsets[row], offsets[row + 1]
        total = totals[row]
        weight_sum = 0
        for i in range(low, high):
            if weight_sum < LIMIT:
                weight_sum += min(weights[i], LIMIT)
        if total >= TOTAL_LIMIT or weight_sum >= LIMIT or weight_sum == 0 or high - low > SHORT:
            left_out[row] = total != 0
            continue
        ratio = total / weight_sum
        remainders = np.empty(high - low, np.int64)
        left = total
        for i in range(low, high):
            parts[i], remainders[i - low] = _divide(total, weights[i], weight_sum, ratio)
            left -= parts[i]
        for _ in range(left):
            best = np.argmax(remainders)
            parts[low + best] += 1
            remainders[best] = -1


def _refuse_no_weight(total: int, any_weight: bool) -> None:
    if total and not any_weight:
        raise ValuationError("weights", NOWHERE, found=total)


def _weights(weights: npt.ArrayLike) -> tuple[Ints, list[int] | None]:
    """The weights as int64; and as a list of Python ints where 64 bits do not hold them, else None."""
    array = array_of("weights", weights)
    if array.ndim != 1:
        raise ValuationError("weights", f"must have 1 dimension, has {array.ndim}")
    if array.dtype.kind in "uO" or array.size == 0:
        exact = [_weight(i, w) for i, w in enumerate(array.tolist())]
        if any(w >= LIMIT for w in exact):
            return np.empty(0, np.int64), exact
        return np.array(exact, dtype=np.int64), None
    if array.dtype.kind != "i":
        raise ValuationError("weights", f"must be whole numbers, are {array.dtype}")
    if int(array.min()) < 0:
        index = int(np.flatnonzero(array < 0)[0])
        raise ValuationError("weights", "must be at least 0", index=index, found=int(array[index]))
    return np.ascontiguousarray(array, dtype=np.int64), None


def _weight(index: int, value: object) -> int:
    """One weight of a list that numpy does not hold as signed 64 bits."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        raise ValuationError("weights", "must be a whole number", index=index, found=value)
    value = int(value)
    if value < 0:
        raise ValuationError("weights", "must be at least 0", index=index, found=value)
    return value


def _offsets(offsets: npt.ArrayLike, totals: int, weights: int) -> Ints:
    """`offsets` as int64, refused unless they cut `weights` entries into `totals` rows."""
    bounds = fen("offsets", offsets)
    if bounds.size != totals + 1:
        raise ValuationError("offsets", f"must be of length {totals + 1}, is {bounds.size}")
    if bounds[0] != 0:
        raise ValuationError("offsets", "must start at 0", index=0, found=int(bounds[0]))
    step = np.flatnonzero(np.diff(bounds) < 0)
    if step.size:
        index = int(step[0]) + 1
        raise ValuationError("offsets", "must never fall", index=index, found=int(bounds[index]))
    if bounds[-1] != weights:
        raise ValuationError("offsets", f"must end at {weights}", index=totals, found=int(bounds[-1]))
    return bounds
