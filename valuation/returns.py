"""Rates of return and multiples.

Sign convention throughout: money is seen from the investor, so what is paid in is negative and what comes
back is positive. Money is float64 in any one unit (yuan); fen given as whole numbers are taken as they are.
Rates are fractions: 0.08 is 8 %.

A rate of return is a root of sum a (1 + r)**-t = 0 on (-1, inf). A series may have one root, none or several;
`Irr` says which and why, and its `rate` is a number only where there is exactly one. No root is ever chosen
among several. Amounts may be in any unit: nothing here has an absolute tolerance.

Bad input (wrong shapes, nan or inf, a rate of -1 or less) raises ValuationError with the argument and the
first offending index; so does an answer that float64 cannot hold (a present value at -99.99 % after a century). Dates may come in any order and may repeat: flows of one day are netted.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from valuation import dates
from valuation import irr as kernels
from valuation.arguments import (
    Floats,
    Integers,
    array_of,
    as_floats,
    check_shape,
    plain,
    real,
    reals,
    refuse_where,
    within_float64,
)
from valuation.dates import DateLike, Days
from valuation.rates import Irr, Status, refuse_not_finite, solve, solve_many, with_proof
from valuation.refusals import ValuationError

__all__ = [
    "Irr",
    "Status",
    "dpi",
    "horizon_irr",
    "irr",
    "irr_many",
    "irr_paths",
    "mirr",
    "modified_dietz",
    "npv",
    "paid_in",
    "pic",
    "pooled_irr",
    "quarter_irr",
    "rvpi",
    "since_inception_irr",
    "tvpi",
    "xirr",
    "xirr_many",
    "xnfv",
    "xnpv",
]


def irr(amounts: ArrayLike, times: ArrayLike | None = None) -> Irr:
    """Every rate of return per unit of time.

    amounts : (n,) flows, paid in negative
    times   : (n,) when, in any unit and order, repeats allowed; None: one unit apart, the first at 0
    """
    flows = reals("amounts", amounts, shape=(None,))
    at = np.arange(flows.size, dtype=np.float64) if times is None else reals("times", times, shape=(None,))
    check_shape("times", at.shape, flows.shape)
    return solve(flows, at, 1.0)


def xirr(amounts: ArrayLike, days: DateLike, day_count: str = "ACT/365F") -> Irr:
    """Every yearly rate of return of dated flows.

    amounts : (n,) flows, paid in negative
    days    : (n,) their days, as `valuation.dates.days` takes them; any order, repeats allowed
    Source of the convention: Excel XIRR, (1 + r)**(days / 365) under ACT/365F.
    """
    flows, when = _dated(amounts, days)
    times, unit = dates.discount_times(when, day_count)
    return solve(flows, times, unit)


def irr_many(amounts: ArrayLike, times: ArrayLike, offsets: ArrayLike) -> tuple[Floats, Integers]:
    """The rate of each of many series; series i is [offsets[i]:offsets[i+1]].

    amounts, times : (m,) the series one after another, each as `irr` takes it
    offsets        : (n+1,) from 0 to m, never falling
    -> rates (n,), nan unless the series has exactly one root, within float64; number of roots (n,), -1 where it
    cannot be proved
    """
    at = array_of("times", times)
    if at.dtype != np.int32:
        at = reals("times", at, shape=(None,))
    return solve_many(amounts, at, offsets, "times", 1.0)


def xirr_many(
    amounts: ArrayLike, days: DateLike, offsets: ArrayLike, day_count: str = "ACT/365F"
) -> tuple[Floats, Integers]:
    """The yearly rate of each of many series of dated flows, as `irr_many`, on the days `xirr` takes."""
    times, unit = dates.discount_times(dates.days(days), day_count)
    return solve_many(amounts, times, offsets, "days", unit)


def irr_paths(flows: ArrayLike) -> tuple[Floats, Integers]:
    """The rate per period of many paths on one grid of periods.

    flows : (paths, periods), the first period at time 0
    -> rates (paths,), nan unless the path has exactly one root, within float64; number of roots (paths,), -1
    where it cannot be proved
    """
    amounts = plain(as_floats("flows", flows))
    check_shape("flows", amounts.shape, (None, None))
    paths, periods = amounts.shape
    rates, counts = np.empty(paths), np.empty(paths, np.int64)
    if kernels.solve_paths(amounts.reshape(-1), periods, rates, counts) >= 0:
        refuse_not_finite("flows", amounts)
    for i in np.flatnonzero(counts == kernels.UNDECIDED):
        rates[i], counts[i] = with_proof(amounts[i], np.arange(periods), 1.0)
    return rates, counts


def npv(rate: ArrayLike, amounts: ArrayLike, times: ArrayLike | None = None) -> Any:
    """Present value sum a (1 + rate)**-t at each rate.

    rate    : any shape, > -1
    amounts : (n,); times : (n,) in the unit of the rate, None: one unit apart, the first at 0 (undiscounted)
    -> a float for one rate, else an array of the shape of `rate`. (Excel's NPV discounts the first flow too.)
    """
    flows = reals("amounts", amounts, shape=(None,))
    at = np.arange(flows.size, dtype=np.float64) if times is None else reals("times", times, shape=(None,))
    check_shape("times", at.shape, flows.shape)
    return _present_value(reals("rate", rate, above=-1.0), flows, at)


def xnpv(rate: ArrayLike, amounts: ArrayLike, days: DateLike, day_count: str = "ACT/365F") -> Any:
    """Present value of dated flows on the earliest of their days, at each yearly rate; otherwise as `npv`."""
    flows, when = _dated(amounts, days)
    at = dates.year_fractions(when.min(), when, day_count) if when.size else np.empty(0)
    return _present_value(reals("rate", rate, above=-1.0), flows, at)


def xnfv(rate: ArrayLike, amounts: ArrayLike, days: DateLike, day_count: str = "ACT/365F") -> Any:
    """Future value of dated flows on the latest of their days, at each yearly rate; otherwise as `npv`."""
    flows, when = _dated(amounts, days)
    at = dates.year_fractions(when.max(), when, day_count) if when.size else np.empty(0)
    return _present_value(reals("rate", rate, above=-1.0), flows, at)


def mirr(amounts: ArrayLike, finance_rate: float, reinvest_rate: float) -> float:
    """Modified internal rate of return of flows one period apart.

    (FV of the inflows at reinvest_rate / -PV of the outflows at finance_rate) ** (1 / (n-1)) - 1.
    nan where there is no inflow or no outflow. Source: Excel MIRR.
    """
    flows = reals("amounts", amounts, shape=(None,))
    borrow = real("finance_rate", finance_rate, above=-1.0)
    lend = real("reinvest_rate", reinvest_rate, above=-1.0)
    if flows.size < 2:
        return float("nan")
    periods = np.arange(flows.size, dtype=np.float64)
    with np.errstate(all="ignore"):
        paid_in = -np.sum(np.minimum(flows, 0.0) * np.exp(-periods * np.log1p(borrow)))
        received = np.sum(np.maximum(flows, 0.0) * np.exp((flows.size - 1 - periods) * np.log1p(lend)))
        within_float64("amounts", np.array([paid_in, received]))
        if paid_in == 0.0 or received == 0.0:
            return float("nan")
        grown = np.exp((np.log(received) - np.log(paid_in)) / (flows.size - 1)) - 1.0
    return float(within_float64("amounts", grown))


def paid_in(flows: ArrayLike) -> Any:
    """What was paid in: minus the negative flows.

    flows : (dates,) or (funds, dates) -> a float, or (funds,). Money in the unit given.
    """
    return _paid_and_received(flows)[0]


def dpi(flows: ArrayLike) -> Any:
    """Distributed to paid-in of each fund; nan where nothing was paid in.

    flows : (dates,) or (funds, dates), paid in negative -> a float, or (funds,)
    A recallable distribution counts as distributed (ILPA); see `valuation.treatment` for classified flows.
    """
    paid, received = _paid_and_received(flows)
    return _ratio(received, paid)


def rvpi(flows: ArrayLike, nav: ArrayLike) -> Any:
    """Residual value to paid-in of each fund; nan where nothing was paid in.

    flows : (dates,) or (funds, dates); nav : one value, or (funds,); what the holding is worth, any sign
    """
    paid, _received = _paid_and_received(flows)
    return _ratio(_value("nav", nav, paid), paid)


def tvpi(flows: ArrayLike, nav: ArrayLike) -> Any:
    """Total value to paid-in of each fund: dpi + rvpi; arguments and nan as for `rvpi`."""
    paid, received = _paid_and_received(flows)
    with np.errstate(over="ignore"):
        total = received + _value("nav", nav, paid)
    return _ratio(within_float64("nav", total), paid)


def pic(flows: ArrayLike, commitment: ArrayLike) -> Any:
    """Paid-in to commitment of each fund; nan where the commitment is 0.

    flows : (dates,) or (funds, dates); commitment : one value, or (funds,), >= 0
    """
    paid, _received = _paid_and_received(flows)
    committed = _value("commitment", commitment, paid)
    refuse_where(np.asarray(committed < 0.0), "commitment", "must be at least 0", np.asarray(committed))
    return _ratio(paid, committed)


def since_inception_irr(
    amounts: ArrayLike, days: DateLike, nav: float, as_of: DateLike, day_count: str = "ACT/365F"
) -> Irr:
    """The yearly rate of all flows up to and on `as_of`, with the value `nav` as the last one.

    amounts, days : (n,) as `xirr` takes them; flows after `as_of` are left out
    nav           : what is held is worth on `as_of`, before any later flow
    """
    flows, when = _dated(amounts, days)
    end = dates.day(as_of, "as_of")
    known = when <= end
    worth = real("nav", nav)
    times, unit = dates.discount_times(np.append(when[known], np.int32(end)), day_count)
    return solve(np.append(flows[known], worth), times, unit)


def pooled_irr(
    amounts: ArrayLike, days: DateLike, navs: ArrayLike, as_of: DateLike, day_count: str = "ACT/365F"
) -> Irr:
    """The since-inception rate of several funds taken as one investment.

    amounts, days : (n,) the flows of all the funds together, in any order; navs : (funds,) values on `as_of`
    """
    with np.errstate(over="ignore"):
        worth = within_float64("navs", reals("navs", navs, shape=(None,)).sum())
    return since_inception_irr(amounts, days, float(worth), as_of, day_count)


def horizon_irr(
    amounts: ArrayLike,
    days: DateLike,
    opening_nav: float,
    start: DateLike,
    closing_nav: float,
    end: DateLike,
    day_count: str = "ACT/365F",
) -> Irr:
    """The yearly rate over the days after `start` up to and on `end` (1, 3, 5, 10 years).

    The opening value counts as paid in on `start`, the closing value as received on `end`; flows on or before
    `start` and after `end` are left out, since the opening value already holds the former.
    """
    flows, when = _window(amounts, days, opening_nav, start, closing_nav, end)
    times, unit = dates.discount_times(when, day_count)
    return solve(flows, times, unit)


def quarter_irr(
    amounts: ArrayLike, days: DateLike, opening_nav: float, closing_nav: float, quarter_end: DateLike
) -> Irr:
    """The rate over one calendar quarter, not annualised; otherwise as `horizon_irr`."""
    end = dates.day(quarter_end, "quarter_end")
    start = dates.quarter_start(end) - 1
    flows, when = _window(amounts, days, opening_nav, start, closing_nav, end)
    return solve(flows, when, float(end - start))


def modified_dietz(
    amounts: ArrayLike,
    days: DateLike,
    opening_nav: float,
    start: DateLike,
    closing_nav: float,
    end: DateLike,
) -> float:
    """Return over the days after `start` up to and on `end`, not annualised, by the modified Dietz method.

    gain / average capital, with gain = closing - opening + received - paid in, and average capital = opening
    + each amount paid in (less received) times the part of the period it was at work. Arguments as for
    `horizon_irr`; nan where the average capital is not positive. Source: GIPS handbook.
    """
    flows, when = _window(amounts, days, opening_nav, start, closing_nav, end)
    first, last = when[0], when[-1]
    at_work = (last - when) / float(last - first)
    with np.errstate(all="ignore"):
        gain, capital = flows.sum(), -(flows[:-1] * at_work[:-1]).sum()
        within_float64("amounts", np.array([gain, capital]))
        return float(within_float64("amounts", gain / capital)) if capital > 0.0 else float("nan")


def _window(
    amounts: ArrayLike,
    days: DateLike,
    opening_nav: float,
    start: DateLike,
    closing_nav: float,
    end: DateLike,
) -> tuple[Floats, Days]:
    """The opening value paid in, the flows between, the closing value received, with their days."""
    flows, when = _dated(amounts, days)
    first, last = dates.day(start, "start"), dates.day(end, "end")
    if last <= first:
        raise ValuationError("end", "must be after start", found=str(np.datetime64(last, "D")))
    opened, closed = real("opening_nav", opening_nav), real("closing_nav", closing_nav)
    inside = (when > first) & (when <= last)
    ends = np.array([first, last], np.int32)
    return (
        np.concatenate([[-opened], flows[inside], [closed]]),
        np.concatenate([ends[:1], when[inside], ends[1:]]),
    )


def _present_value(rate: Floats, flows: Floats, at: Floats) -> Any:
    """Discounted as exp(-t ln(1 + rate)), which keeps small rates exact."""
    with np.errstate(all="ignore"):
        values = np.exp(-np.multiply.outer(np.log1p(rate), at)) @ flows
    values = within_float64("rate", np.asarray(values), rate)
    return float(values) if rate.ndim == 0 else values


def _dated(amounts: ArrayLike, when: DateLike) -> tuple[Floats, Days]:
    flows = reals("amounts", amounts, shape=(None,))
    numbers = dates.days(when)
    check_shape("days", numbers.shape, flows.shape)
    return flows, numbers


def _paid_and_received(flows: ArrayLike) -> tuple[Floats, Floats]:
    """Sums over dates of what was paid in (>= 0) and received (>= 0)."""
    table = reals("flows", flows)
    if table.ndim not in (1, 2):
        raise ValuationError("flows", "shape must be (dates,) or (funds, dates)", found=table.shape)
    with np.errstate(over="ignore"):
        paid, received = -np.minimum(table, 0.0).sum(axis=-1), np.maximum(table, 0.0).sum(axis=-1)
    return within_float64("flows", paid), within_float64("flows", received)


def _value(argument: str, value: ArrayLike, paid: Floats) -> Floats:
    """One value a fund, in the shape of `paid`."""
    worth = reals(argument, value)
    if worth.ndim > 0:
        check_shape(argument, worth.shape, np.shape(paid))
    return worth


def _ratio(top: Floats, bottom: Floats) -> Any:
    """top / bottom, nan where bottom is 0; a float for one fund."""
    top, bottom = np.broadcast_arrays(top, bottom)
    some = bottom != 0.0
    with np.errstate(over="ignore"):
        out = np.divide(top, bottom, out=np.full(np.shape(bottom), np.nan), where=some)
    refuse_where(np.isinf(out), "flows", "lead to a multiple beyond float64", out)
    return float(out) if out.ndim == 0 else out
