"""Which items an audit sample takes: the same ones for everybody who has the population in its order and the seed.

The population is what the caller numbers: 0 … n - 1 in a stated order (of codes, of entries). Random words come from
`valuation.streams` by (seed, item), so a draw does not depend on machines, versions or other draws.
"""

from __future__ import annotations

from bisect import bisect_left
from fractions import Fraction
from itertools import accumulate

import numpy as np
from numpy.typing import ArrayLike, NDArray

from valuation import streams
from valuation.arguments import Floats, Integers, count, reals, refuse_where, whole
from valuation.exact import Rate, rate
from valuation.refusals import ValuationError

LARGEST = 100_000
_WORDS = 2**64


def monetary_unit_selection(values: ArrayLike, size: int, seed: int) -> Integers:
    """A systematic sample of monetary units: one unit in each of `size` equal intervals, at the same place of each.

    values : (n,) whole amounts (fen) in the order of the population, none below 0, some above
    size   : units to draw, at most 100,000; seed in [0, 2**63) gives the place in the interval, uniform to 2**-64 of it
    -> (size,) the item of each unit, ascending; an item larger than an interval stands as often as it was hit, and the
       chance of an item is its share of the value

    Source: D. Leslie, A. Teitlebaum, R. Anderson, Dollar-Unit Sampling (1979), ch. 6.
    """
    word = int(_words(seed, 1)[0])
    return _systematic(values, size, Fraction(word + 1, _WORDS))


def interval_selection(values: ArrayLike, size: int, first_unit: Rate) -> Integers:
    """The same from a stated place.

    first_unit : in (0, total / size], exact: the first monetary unit looked at; with values all 1 a place among items
    """
    sizes = _amounts(values)
    interval = Fraction(sum(sizes.tolist()), count("size", size, low=1, high=LARGEST))
    first = rate("first_unit", first_unit)
    if not 0 < first <= interval:
        raise ValuationError("first_unit", "must be above 0 and at most total / size", found=first_unit)
    return _systematic(values, size, first / interval)


def _systematic(values: ArrayLike, size: int, share: Fraction) -> Integers:
    """The items at (j + share) intervals, j = 0 …; share in (0, 1]."""
    sizes = _amounts(values)
    wanted = count("size", size, low=1, high=LARGEST)
    upto = list(accumulate(sizes.tolist()))
    below, above = share.denominator * wanted, upto[-1]
    scaled = [x * below for x in upto]
    points = ((j * share.denominator + share.numerator) * above for j in range(wanted))
    return np.array([bisect_left(scaled, point) for point in points], np.int64)


def _amounts(values: ArrayLike) -> Integers:
    sizes = whole("values", values, shape=(None,), low=0)
    if sum(sizes.tolist()) == 0:
        raise ValuationError("values", "are worth nothing: there is no unit to draw")
    return sizes


def attribute_selection(strata: ArrayLike, sizes: ArrayLike, seed: int) -> Integers:
    """A random sample of items without repetition, so many of each stratum.

    strata : (n,) the stratum of each item of the population, 0 … k - 1 (zeros for one stratum)
    sizes  : (k,) how many to draw of each, at most as many as it has
    seed   : in [0, 2**63)
    -> the items drawn, ascending: in each stratum those with the smallest random words. Items added at the end of the
       population leave the words of the others as they were.
    """
    wanted = whole("sizes", sizes, shape=(None,), low=0)
    labels = whole("strata", strata, shape=(None,), low=0, high=wanted.size - 1)
    words = _words(seed, labels.size)
    have = np.bincount(labels, minlength=wanted.size)
    refuse_where(wanted > have, "sizes", "more than the stratum has", wanted)
    order = np.lexsort((np.arange(labels.size), words, labels))
    before = np.concatenate([[0], np.cumsum(have)])
    rank = np.arange(labels.size) - before[labels[order]]
    return np.sort(order[rank < wanted[labels[order]]]).astype(np.int64)


def allocation(
    size: int, weights: ArrayLike, least: ArrayLike | None = None, most: ArrayLike | None = None
) -> Integers:
    """A sample shared out among strata in proportion to their weights, within bounds.

    weights : (k,) above 0: numbers of items for a proportional sample; items × standard deviation for the one with the
              smallest variance (Neyman)
    least   : (k,) whole numbers, 0 if left out; most: (k,), `size` if left out
    -> (k,) whole numbers with sum `size`: clip(s · weight, least, most), fractions given to the largest remainders
       (of equal ones, to the first)

    ValuationError where the bounds leave no such sum.
    Source: J. Wesołowski, R. Wieczorkowski, W. Wójciak, Survey Methodology 48 (2022) 487-503; J. Neyman (1934).
    """
    total = count("size", size, high=LARGEST)
    sizes = reals("weights", weights, shape=(None,), above=0.0)
    low = whole("least", np.zeros(sizes.size, int) if least is None else least, shape=sizes.shape, low=0)
    high = whole("most", np.full(sizes.size, total) if most is None else most, shape=sizes.shape, low=0)
    refuse_where(high < low, "most", "is below least", high)
    if not sum(low.tolist()) <= total <= sum(high.tolist()):
        raise ValuationError("size", "cannot be shared out within least and most", found=total)
    shares = shared_out(total, sizes / sizes.max(), low, high)
    whole_shares = np.floor(shares + 1e-9).astype(np.int64)
    remainder = np.where(whole_shares < high, shares - whole_shares, -1.0)
    more = np.argsort(-np.round(remainder, 9), kind="stable")[: total - int(whole_shares.sum())]
    whole_shares[more] += 1
    return whole_shares


def shared_out(total: int, weights: Floats, low: Integers, high: Integers) -> Floats:
    """clip(s · weights, low, high) with the s at which the sum is `total`: the sum is linear between its corners."""
    corners = np.unique(np.concatenate([low / weights, high / weights]))
    sums = np.array([np.clip(s * weights, low, high).sum() for s in corners])
    scale = float(np.interp(total, sums, corners))
    return np.clip(scale * weights, low, high)


def _words(seed: int, items: int) -> NDArray[np.uint64]:
    out = np.empty((items, 1), np.uint64)
    streams.words(np.uint64(streams.seed_word(seed)), np.uint64(streams.SELECTION), np.uint64(0), out)
    return out[:, 0]
