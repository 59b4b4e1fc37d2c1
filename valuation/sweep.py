"""Every fund at every as-of date in one pass.

The flows of a fund up to a date are the flows up to the date before and a few more, so paid-in, distributed
and the index-discounted sums behind the Kaplan-Schoar ratio are carried along, and each rate of return starts
from the one before. The cost follows flows + dates, not flows x dates.

Funds are ragged: fund i is [offsets[i]:offsets[i+1]], its days in order (repeats allowed), paid in negative.
A value on an as-of date is what the fund is worth after the flows of that day. Whole amounts (fen) are added
up as whole numbers; only ratios are float64.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from numpy.typing import ArrayLike

from valuation import dates
from valuation.arguments import Floats, Integers, array_of, check_shape, plain, reals, refuse_where
from valuation.arguments import whole as whole_numbers
from valuation.compiled import njit
from valuation.dates import DateLike, Days
from valuation.irr import (
    LANES,
    NOT_FINITE,
    ROOM,
    UNDECIDED,
    by_isolation,
    only_root,
    padded,
    plain_moments,
    rate_of,
    step,
)
from valuation.rates import check_offsets, with_proof
from valuation.refusals import ValuationError
from valuation.roots import EPS

Numbers = npt.NDArray[Any]  # int64 or float64

MOST = 9.0e18
"""Sums of whole amounts stay below 2**63."""


@dataclass(frozen=True, slots=True, eq=False)
class Multiples:
    """Of each fund (rows) at each as-of date (columns), since inception.

    paid_in, distributed : money in the unit given, whole where the amounts were whole
    dpi, rvpi, tvpi      : nan where nothing was paid in; tvpi = dpi + rvpi
    ks_pme               : Kaplan-Schoar ratio; nan where nothing was paid in, or without an index
    """

    paid_in: Numbers
    distributed: Numbers
    dpi: Floats
    rvpi: Floats
    tvpi: Floats
    ks_pme: Floats


def multiples_as_of(
    amounts: ArrayLike,
    days: DateLike,
    offsets: ArrayLike,
    navs: ArrayLike,
    as_of: DateLike,
    index: ArrayLike | None = None,
    index_days: DateLike | None = None,
) -> Multiples:
    """Multiples and the Kaplan-Schoar ratio of all funds at all dates.

    amounts, days     : (m,) the flows of all funds, one fund after another; offsets : (funds+1,)
    navs              : (funds, dates); as_of : (dates,) in order
    index, index_days : (levels,) a total-return index and its days, in order; a day without a level has the
                        last one before it. No flow and no date may come before the first level.
    """
    whole = all(array_of(n, x).dtype.kind in "iu" for n, x in (("amounts", amounts), ("navs", navs)))
    flows = _numbers("amounts", amounts, whole)
    when, bounds, ends, values = _book(flows, days, offsets, navs, as_of, whole)
    per_level, first = np.full(1, np.nan), 0
    if index is not None:
        per_level, first = _per_level(index, index_days, when, ends)
    table = np.empty((6, *values.shape))  # one block: fresh pages cost more than the sums
    sums = (table[0].view(flows.dtype), table[1].view(flows.dtype), table[2], table[3], table[4], table[5])
    if not carry_sums(flows, when, bounds, values, ends, per_level, first, *sums):
        raise ValuationError("amounts", "lead to figures beyond float64")
    return Multiples(*sums)


def xirr_as_of(
    amounts: ArrayLike,
    days: DateLike,
    offsets: ArrayLike,
    navs: ArrayLike,
    as_of: DateLike,
    day_count: str = "ACT/365F",
) -> tuple[Floats, Integers]:
    """The since-inception rate of each fund at each date, the value counting as the last flow.

    Arguments as for `multiples_as_of`; the day count is one with a year of fixed length.
    -> rates (funds, dates), nan unless exactly one exists, within float64; number of roots (funds, dates), -1
    where it cannot be proved
    """
    name = dates.canonical(day_count)
    if name not in dates.YEAR_LENGTHS:
        known = ", ".join(dates.YEAR_LENGTHS)
        raise ValuationError("day_count", f"must be one of {known}", found=day_count)
    flows = _numbers("amounts", amounts, False)
    when, bounds, ends, values = _book(flows, days, offsets, navs, as_of, False)
    rates, counts = np.empty(values.shape), np.empty(values.shape, np.int64)
    unit = dates.YEAR_LENGTHS[name]
    if not carry_rates(flows, when, bounds, values, ends, unit, rates, counts):
        raise ValuationError("amounts", "too large to add up in float64", found=float(np.abs(flows).max()))
    for fund, j in np.argwhere(counts == UNDECIDED).tolist():
        lo, hi = int(bounds[fund]), int(bounds[fund + 1])
        hi = lo + int(np.searchsorted(when[lo:hi], ends[j], "right"))
        own, at = np.append(flows[lo:hi], values[fund, j]), np.append(when[lo:hi], ends[j])
        rates[fund, j], counts[fund, j] = with_proof(own, at, unit)
    return rates, counts


def _numbers(argument: str, value: ArrayLike, whole: bool) -> Numbers:
    if not whole:
        return plain(reals(argument, value))
    array = plain(whole_numbers(argument, value))
    largest = max(int(array.max(initial=0)), -int(array.min(initial=0)))
    if largest * array.size >= MOST and float(np.abs(array, dtype=np.float64).sum()) >= MOST:
        raise ValuationError(argument, "too large to add up in 64 bits")
    return array


def _book(
    flows: Numbers, days: DateLike, offsets: ArrayLike, navs: ArrayLike, as_of: DateLike, whole: bool
) -> tuple[Days, Integers, Days, Numbers]:
    """The other arguments, checked against the flows: days, offsets, as-of days, values."""
    check_shape("amounts", flows.shape, (None,))
    when, ends = plain(dates.days(days)), plain(dates.days(as_of, "as_of"))
    check_shape("days", when.shape, flows.shape)
    check_shape("as_of", ends.shape, (None,))
    refuse_where(np.diff(ends, prepend=ends[:1]) < 0, "as_of", "earlier than the date before it", ends)
    bounds = check_offsets(offsets, flows.size)
    _refuse_disorder(when, bounds)
    values = _numbers("navs", navs, whole)
    check_shape("navs", values.shape, (bounds.size - 1, ends.size))
    return when, bounds, ends, values


def _per_level(index: ArrayLike, index_days: DateLike | None, when: Days, ends: Days) -> tuple[Floats, int]:
    """1 / level on each day from the first level to the last day asked for, and that first day."""
    levels = reals("index", index, shape=(None,), above=0.0)
    if index_days is None:
        raise ValuationError("index_days", "must be given with an index")
    known = dates.days(index_days, "index_days")
    check_shape("index_days", known.shape, levels.shape)
    if known.size == 0:
        raise ValuationError("index", "must hold a level")
    refuse_where(
        np.diff(known, prepend=known[0] - 1) <= 0, "index_days", "not later than the day before", known
    )
    first = int(known[0])
    for name, used in (("days", when), ("as_of", ends)):
        if used.size and int(used.min()) < first:
            refuse_where(used < first, name, "before the first level of the index", used)
    upto = max(int(ends.max(initial=first)), int(when.max(initial=first)), int(known[-1])) + 1
    return np.repeat(1.0 / levels, np.diff(known, append=np.int32(upto))), first


def _refuse_disorder(when: Days, bounds: Integers) -> None:
    """Raise for the first day that comes before its predecessor in the same fund."""
    early = when[1:] < when[:-1]
    early[bounds[(bounds > 0) & (bounds < when.size)] - 1] = False
    if early.any():
        refuse_where(np.concatenate(([False], early)), "days", "earlier than the day before it", when)


@njit("i4[::1](i4[::1])")
def date_of_each_day(as_of: Days) -> Days:
    """Of each day from the first date to the last, the first date that is not before it.

    as_of : one date or more, in order; `valuation.dates` keeps them within 10,000 years
    """
    dates_of = np.empty(as_of[as_of.size - 1] - as_of[0] + 1, np.int32)
    j = 0
    for i in range(dates_of.size):
        while as_of[j] < as_of[0] + i:
            j += 1
        dates_of[i] = j
    return dates_of


@njit(
    "b1(i8[::1], i4[::1], i8[::1], i8[:, ::1], i4[::1], f8[::1], i8, i8[:, ::1], i8[:, ::1],"
    " f8[:, ::1], f8[:, ::1], f8[:, ::1], f8[:, ::1])",
    "b1(f8[::1], i4[::1], i8[::1], f8[:, ::1], i4[::1], f8[::1], i8, f8[:, ::1], f8[:, ::1],"
    " f8[:, ::1], f8[:, ::1], f8[:, ::1], f8[:, ::1])",
)
def carry_sums(
    amounts: Numbers,
    days: Days,
    offsets: Integers,
    navs: Numbers,
    as_of: Days,
    per_level: Floats,
    first: int,
    paid: Numbers,
    received: Numbers,
    dpi: Floats,
    rvpi: Floats,
    tvpi: Floats,
    ks_pme: Floats,
) -> bool:
    """`multiples_as_of` after the checks; per_level holds a single nan where there is no index.

    -> whether every figure is within float64
    """
    indexed = not math.isnan(per_level[0])
    dates_asked, room = as_of.size, 1
    for fund in range(offsets.size - 1):
        room = max(room, offsets[fund + 1] - offsets[fund] + 1)
    # sums after so many flows of a fund, and how many flows fall between one date and the next: written where
    # a flow is read and read where a date is written, without asking at each of them which of the two comes next
    zero = paid.dtype.type(0)
    calls, back = np.empty(room, paid.dtype), np.empty(room, paid.dtype)
    indexed_calls, indexed_back = np.empty(room), np.empty(room)
    calls[0], back[0], indexed_calls[0], indexed_back[0] = zero, zero, 0.0, 0.0
    flows_at, now = np.empty(dates_asked + 1, np.int64), np.empty(dates_asked)
    own_calls, own_back = np.empty(dates_asked), np.empty(dates_asked)
    for j in range(dates_asked):
        now[j] = per_level[as_of[j] - first] if indexed else math.nan
    if dates_asked == 0:
        return True
    column, first_day, last_day = date_of_each_day(as_of), as_of[0], as_of[dates_asked - 1]
    unsound = 0
    for fund in range(offsets.size - 1):
        flows_at[:] = 0
        out, come, indexed_out, indexed_come = zero, zero, 0.0, 0.0
        for k, i in enumerate(range(offsets[fund], offsets[fund + 1]), 1):
            x, day = amounts[i], days[i]
            level = per_level[day - first] if indexed else math.nan
            cost, gain = min(x, zero), max(x, zero)
            out, come = out - cost, come + gain
            indexed_out, indexed_come = indexed_out - cost * level, indexed_come + gain * level
            calls[k], back[k], indexed_calls[k], indexed_back[k] = out, come, indexed_out, indexed_come
            j = dates_asked  # the first date that is not before the flow, or none
            if day <= last_day:
                j = column[max(day - first_day, 0)]
            flows_at[j] += 1
        k = 0
        for j in range(dates_asked):
            k += flows_at[j]
            paid[fund, j], received[fund, j] = calls[k], back[k]
            own_calls[j], own_back[j] = indexed_calls[k], indexed_back[k]
        for j in range(dates_asked):
            called, nav = float(paid[fund, j]), navs[fund, j]
            some = called > 0.0
            total = (received[fund, j] + nav) / called
            ratio = (own_back[j] + nav * now[j]) / own_calls[j]
            dpi[fund, j] = received[fund, j] / called if some else math.nan
            rvpi[fund, j] = nav / called if some else math.nan
            tvpi[fund, j] = total if some else math.nan
            ks_pme[fund, j] = ratio if some else math.nan
            within = abs(total) < math.inf and called < math.inf and (not indexed or abs(ratio) < math.inf)
            unsound += some and not within
    return unsound == 0


@njit("UniTuple(i8, 2)(f8[::1], f8[::1], i8, i8, f8, f8)", forceinline=True)
def add_flow(t: Floats, a: Floats, n: int, gains: int, time: float, x: float) -> tuple[int, int]:
    """Append a flow to the n netted ones, or net it with the last where that is of the same time.

    -> number of flows (none of them zero), and how many are positive
    """
    if x == 0.0:
        return n, gains
    if n > 0 and t[n - 1] == time:
        old = a[n - 1]
        net, gross = old + x, abs(old) + abs(x)
        gains -= old > 0.0
        if abs(net) <= 8.0 * EPS * gross and gross < math.inf:
            return n - 1, gains
        a[n - 1] = net
        return n, gains + (net > 0.0)
    t[n], a[n] = time, x
    return n + 1, gains + (x > 0.0)


@njit("Tuple((b1, f8))(f8[::1], f8[::1], i8, f8, f8, f8[::1])", forceinline=True)
def near_root(t: Floats, a: Floats, n: int, s: float, unit: float, terms: Floats) -> tuple[bool, float]:
    """`only_root` of n netted flows; a cold start where s is nan. Moves the last flow behind filling zeros."""
    size = padded(n)
    last_time, last = t[n - 1], a[n - 1]
    for i in range(n - 1, n + LANES):
        t[i], a[i] = last_time, 0.0
    a[size - 1] = last
    if math.isnan(s):
        m, _steps_up = plain_moments(t, a, size)
        s, _error = step(m, last_time)
    return only_root(t, a, size, s, unit, terms)


@njit("b1(f8[::1], i4[::1], i8[::1], f8[:, ::1], i4[::1], f8, f8[:, ::1], i8[:, ::1])")
def carry_rates(
    amounts: Floats,
    days: Days,
    offsets: Integers,
    navs: Floats,
    as_of: Days,
    unit: float,
    rates: Floats,
    counts: Integers,
) -> bool:
    """`xirr_as_of` after the checks; -> whether all sums were finite."""
    longest = 1
    for fund in range(offsets.size - 1):
        longest = max(longest, offsets[fund + 1] - offsets[fund] + 1)
    room = longest + ROOM
    t, a, terms, roots = np.empty(room), np.empty(room), np.empty(room), np.empty(room)
    own_t, own_a = np.empty(room), np.empty(room)
    for fund in range(offsets.size - 1):
        k, end = offsets[fund], offsets[fund + 1]
        n, gains, start, s = 0, 0, 0, math.nan
        for j in range(as_of.size):
            while k < end and days[k] <= as_of[j]:
                start = days[k] if n == 0 else start
                n, gains = add_flow(t, a, n, gains, float(days[k] - start), amounts[k])
                k += 1
            counts[fund, j], rates[fund, j] = 0, math.nan
            if n == 0:
                continue
            last_time, last_amount = t[n - 1], a[n - 1]
            total, up = add_flow(t, a, n, gains, float(as_of[j] - start), navs[fund, j])
            if 0 < up < total:
                sure, s = near_root(t, a, total, s, unit, terms)
                if sure:
                    counts[fund, j], rates[fund, j] = 1, rate_of(s, unit)
                else:
                    size = padded(total)
                    count, _listed = by_isolation(t[:size], a[:size], unit, own_t, own_a, roots)
                    if count == NOT_FINITE:
                        return False
                    counts[fund, j], s = count, math.nan
                    rates[fund, j] = rate_of(roots[0], unit) if count == 1 else math.nan
            t[n - 1], a[n - 1] = last_time, last_amount
    return True
