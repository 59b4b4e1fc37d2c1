"""Public market equivalents: what the same money would have done in an index.

Every function takes one fund as (dates,) arrays, or many on the same dates as (funds, dates); the index is
(dates,) or, where each fund has its own, (funds, dates). Calls and distributions are both >= 0, on the dates
of the index; the value `nav` stands at the last date. Times are in any unit (years for yearly rates, see
`valuation.dates.year_fractions`), in order, at any distance from each other. For one fund results are floats,
for many arrays (funds,). A figure that does not exist is nan, as each docstring says.

A figure beyond float64 is refused (ValuationError). For many funds on their own dates, at many as-of dates, see `multiples_as_of` and `xirr_as_of`
(valuation.sweep).

Sources: S. Kaplan, A. Schoar (2005), Journal of Finance 60(4); A. Long, C. Nickels (1996), "A Private
Investment Benchmark"; C. Rouvinez (2003), "Private Equity Benchmarking with PME+"; Cambridge Associates
(2013), mPME; O. Gredil, B. Griffiths, R. Stucke (2014), "Benchmarking Private Equity: The Direct Alpha
Method".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from valuation.arguments import Floats, check_shape, reals, refuse_where
from valuation.rates import solve_many
from valuation.refusals import ValuationError
from valuation.sweep import Multiples, multiples_as_of, xirr_as_of

QUIET = np.errstate(all="ignore")
"""What leaves float64 is refused by its value, not warned of."""

__all__ = [
    "DirectAlpha",
    "LongNickels",
    "Mpme",
    "Multiples",
    "PmePlus",
    "direct_alpha",
    "ks_pme",
    "long_nickels",
    "mpme",
    "multiples_as_of",
    "pme_plus",
    "xirr_as_of",
]


@dataclass(frozen=True, slots=True, eq=False)
class LongNickels:
    """nav : what the index account is worth at the end, having taken the calls and paid the distributions
    rate   : rate of the fund's flows with that value at the end; nan where it is negative (the account went
             short, and a rate would mean nothing) or where there is not exactly one rate
    """

    nav: Any
    rate: Any


@dataclass(frozen=True, slots=True, eq=False)
class PmePlus:
    """scale : factor (lambda) on the distributions that lets the index account end at the fund's value; nan where
            nothing was distributed
    rate     : rate of the calls, the scaled distributions and the value; nan where the scale is nan or
               negative, or where there is not exactly one rate
    """

    scale: Any
    rate: Any


@dataclass(frozen=True, slots=True, eq=False)
class Mpme:
    """nav        : value of the index account at each date, (dates,) or (funds, dates)
    distributions : what it paid at each date, same shape
    rate          : rate of calls, these distributions and the last value; nan where there is not exactly one
    """

    nav: Floats
    distributions: Floats
    rate: Any


@dataclass(frozen=True, slots=True, eq=False)
class DirectAlpha:
    """rate : yearly excess return over the index, compounded (arithmetic); nan where there is not exactly one
    log     : ln(1 + rate), the continuous one
    """

    rate: Any
    log: Any


@dataclass(frozen=True, slots=True, eq=False)
class _Funds:
    """Checked arguments: (funds, dates) flows and growth of the index up to the last date; (funds,) values."""

    calls: Floats
    distributions: Floats
    growth: Floats
    nav: Floats
    single: bool

    def answer(self, values: Floats) -> Any:
        refuse_where(np.isinf(values), "calls", "lead to a figure beyond float64", values)
        return float(values[0]) if self.single else values

    def table(self, values: Floats) -> Floats:
        refuse_where(~np.isfinite(values), "calls", "lead to an amount beyond float64", values)
        return values[0] if self.single else values


@QUIET
def ks_pme(calls: ArrayLike, distributions: ArrayLike, index: ArrayLike, nav: ArrayLike) -> Any:
    """Kaplan-Schoar ratio: indexed distributions and value over indexed calls; nan where nothing was called.

    Above 1 the fund did better than the index. With a constant index it is the TVPI.
    """
    f = _checked(calls, distributions, index, nav)
    paid = (f.calls * f.growth).sum(axis=1)
    received = (f.distributions * f.growth).sum(axis=1) + f.nav
    return f.answer(np.divide(received, paid, out=np.full(paid.shape, np.nan), where=paid > 0.0))


@QUIET
def long_nickels(
    calls: ArrayLike, distributions: ArrayLike, index: ArrayLike, nav: ArrayLike, times: ArrayLike
) -> LongNickels:
    """Index comparison method (LN-PME, ICM): put the fund's flows into the index and compare rates."""
    f = _checked(calls, distributions, index, nav)
    at = _times(times, f)
    worth = ((f.calls - f.distributions) * f.growth).sum(axis=1)
    rate = _rates(f.distributions - f.calls, worth, at)
    return LongNickels(f.answer(worth), f.answer(np.where(worth < 0.0, np.nan, rate)))


@QUIET
def pme_plus(
    calls: ArrayLike, distributions: ArrayLike, index: ArrayLike, nav: ArrayLike, times: ArrayLike
) -> PmePlus:
    """PME+: scale the distributions so that the index account ends at the fund's value, and compare rates."""
    f = _checked(calls, distributions, index, nav)
    at = _times(times, f)
    received = (f.distributions * f.growth).sum(axis=1)
    needed = (f.calls * f.growth).sum(axis=1) - f.nav
    scale = np.divide(needed, received, out=np.full(needed.shape, np.nan), where=received > 0.0)
    some = scale >= 0.0
    scaled = f.distributions * np.where(some, scale, 0.0)[:, None] - f.calls
    return PmePlus(f.answer(scale), f.answer(np.where(some, _rates(scaled, f.nav, at), np.nan)))


@QUIET
def mpme(
    calls: ArrayLike, distributions: ArrayLike, navs: ArrayLike, index: ArrayLike, times: ArrayLike
) -> Mpme:
    """Modified PME: the index account pays out the part of itself that the fund paid out of itself.

    navs : value of the fund at every date, after its flows; shape of the calls
    At a date with distribution d and value n after it the part is d / (d + n); it is taken after the account
    has grown with the index and received the call. 0 where d is 0.
    """
    f = _checked(calls, distributions, index, None)
    at = _times(times, f)
    values = _rows("navs", navs, f.calls.shape, f.single, low=0.0)
    gross = f.distributions + values
    part = np.divide(f.distributions, gross, out=np.zeros(gross.shape), where=f.distributions > 0.0)
    account, nav, paid = np.zeros(gross.shape[0]), np.empty(gross.shape), np.empty(gross.shape)
    for j in range(gross.shape[1]):
        grown = f.growth[:, j - 1] / f.growth[:, j] if j > 0 else 1.0
        account = account * grown + f.calls[:, j]
        paid[:, j] = account * part[:, j]
        account = account - paid[:, j]
        nav[:, j] = account
    rate = _rates(paid - f.calls, account, at)
    return Mpme(f.table(nav), f.table(paid), f.answer(rate))


@QUIET
def direct_alpha(
    calls: ArrayLike, distributions: ArrayLike, index: ArrayLike, nav: ArrayLike, times: ArrayLike
) -> DirectAlpha:
    """Direct alpha: the rate of the flows once each has grown with the index to the last date."""
    f = _checked(calls, distributions, index, nav)
    rate = _rates((f.distributions - f.calls) * f.growth, f.nav, _times(times, f))
    return DirectAlpha(f.answer(rate), f.answer(np.log1p(rate)))


def _checked(calls: ArrayLike, distributions: ArrayLike, index: ArrayLike, nav: ArrayLike | None) -> _Funds:
    paid = reals("calls", calls, low=0.0)
    if paid.ndim not in (1, 2) or paid.shape[-1] == 0:
        raise ValuationError("calls", "shape must be (dates,) or (funds, dates)", found=paid.shape)
    single = paid.ndim == 1
    table = np.atleast_2d(paid)
    received = _rows("distributions", distributions, table.shape, single, low=0.0)
    levels = reals("index", index, above=0.0)
    if levels.ndim != 1 or single:
        check_shape("index", levels.shape, paid.shape)
    else:
        check_shape("index", levels.shape, paid.shape[1:])
    levels = np.broadcast_to(np.atleast_2d(levels), table.shape)
    worth = np.zeros(table.shape[0])
    if nav is not None:
        value = reals("nav", nav)
        if value.ndim > 0:
            check_shape("nav", value.shape, paid.shape[:-1])
        worth = np.broadcast_to(value, worth.shape)
    growth = levels[:, -1:] / levels
    gross = ((table + received) * growth).sum(axis=1) + np.abs(worth)
    refuse_where(~np.isfinite(gross), "calls", "and the rest are too large to add up in float64", gross)
    return _Funds(table, received, growth, worth, single)


def _rows(argument: str, value: ArrayLike, shape: tuple[int, ...], single: bool, low: float) -> Floats:
    """A table of the shape of the calls, as (funds, dates)."""
    table = reals(argument, value, low=low)
    check_shape(argument, table.shape, shape[1:] if single else shape)
    return np.atleast_2d(table)


def _times(times: ArrayLike, f: _Funds) -> Floats:
    at = reals("times", times, shape=(f.calls.shape[1],))
    refuse_where(np.diff(at, prepend=at[:1]) < 0.0, "times", "earlier than the time before it", at)
    return at


def _rates(flows: Floats, last: Floats, at: Floats) -> Floats:
    """The only rate of each row of flows with one more at the last time, else nan."""
    funds, count = flows.shape
    table = np.concatenate([flows, last[:, None]], axis=1)
    times = np.tile(np.append(at, at[-1]), funds)
    rates, _counts = solve_many(table.reshape(-1), times, np.arange(funds + 1) * (count + 1), "times", 1.0)
    return rates
