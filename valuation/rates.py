"""What the rate kernels found, in words: the one place where a series becomes an `Irr`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, NoReturn

import numpy as np
from numpy.typing import ArrayLike, NDArray

from valuation import irr as kernels
from valuation.arguments import Floats, Integers, check_shape, plain, reals, refuse_where, whole
from valuation.errors import ValuationError
from valuation.roots import EPS

Status = Literal["one", "none", "several"]


@dataclass(frozen=True, slots=True)
class Irr:
    """The answer to "what is the rate of return".

    rate   : the rate, nan unless status is "one"
    roots  : every rate in (-1, inf) at which the flows are worth nothing, ascending, each once
    status : "one", "none" or "several"
    reason : the same in words, with the cause

    Where several roots are possible they are looked for with ln(1 + rate) within 12 either way, or within 60
    over the life of a series shorter than five units: from -99.9994 % to 16 million % a year and more. Roots
    further out (of two flows alone, a day apart) are left out, and the reason says so wherever there may be
    any.
    """

    rate: float
    roots: tuple[float, ...]
    status: Status
    reason: str


def solve(flows: Floats, times: NDArray[Any], unit: float) -> Irr:
    """`Irr` of flows known to be finite, at times of which `unit` make the unit of the rate.

    One series goes through the same kernels as many.
    """
    n = flows.size
    at, a = plain(times), plain(flows)
    found, touching = np.empty(n), np.empty(n, np.bool_)
    count, more = kernels.solve_one(at, a, unit, found, touching)
    if count == kernels.NOT_FINITE:
        refuse_not_finite("amounts", flows)
    rates, double = tuple(found[:count].tolist()), bool(touching[:count].any())
    aside = _range(times, unit) if more else ""
    if count == 1:
        return Irr(rates[0], rates, "one", _why_one(rates[0], double) + aside)
    if count > 1:
        shown = ", ".join(f"{rate:.6%}" for rate in rates)
        why = f"{count} rates give a present value of zero: {shown}"
        return Irr(float("nan"), rates, "several", why + aside)
    return Irr(float("nan"), (), "none", _why_none(flows, times, more) + aside)


def _range(times: NDArray[Any], unit: float) -> str:
    """What the search left out, where it left out anything."""
    most = min(kernels.LARGEST_LOG, kernels.farthest(float(times.max() - times.min()), unit))
    least, greatest = np.expm1(-most), np.expm1(most)
    if least <= kernels.SMALLEST_RATE:
        return f"; rates that round to -100 % or lie above {greatest:.1e} are left out"
    return f"; rates below {least:.5%} or above {greatest:.5g} are left out"


def _why_one(rate: float, double: bool) -> str:
    if double:
        return "one rate, a double root: the present value touches zero there without changing sign"
    if rate <= kernels.SMALLEST_RATE:
        return "one rate gives a present value of zero; it cannot be told from -100 %"
    return "exactly one rate gives a present value of zero"


def _why_none(flows: Floats, times: NDArray[Any], more: bool) -> str:
    if flows.size == 0:
        return "there are no flows"
    if not flows.any():
        return "every flow is zero, so every rate gives a present value of zero"
    if (flows >= 0.0).all() or (flows <= 0.0).all():
        return "all flows have the same sign"
    if (times == times[0]).all():
        return "all flows fall on one day"
    moments = np.unique(times, return_inverse=True)[1]
    net, gross = np.bincount(moments, flows), np.bincount(moments, np.abs(flows))
    net = np.where(np.abs(net) <= 8.0 * EPS * gross, 0.0, net)
    if not net.any():
        return "the flows of each day cancel, so every rate gives a present value of zero"
    if (net >= 0.0).all() or (net <= 0.0).all():
        return "the net flows of each day have the same sign"
    side = "above" if float(net.sum()) > 0.0 else "below"
    return f"the present value is {side} zero at every rate{' looked at' if more else ''}"


def solve_many(
    amounts: ArrayLike, times: NDArray[Any], offsets: ArrayLike, named: str, unit: float
) -> tuple[Floats, Integers]:
    """Rates and numbers of roots of ragged series, after the checks; `named` is how the caller names the times."""
    flows = plain(floats("amounts", amounts))
    check_shape("amounts", flows.shape, (None,))
    check_shape(named, times.shape, flows.shape)
    bounds = check_offsets(offsets, flows.size)
    rates, counts = np.empty(bounds.size - 1), np.empty(bounds.size - 1, np.int64)
    if kernels.solve_ragged(plain(times), flows, bounds, unit, rates, counts) >= 0:
        refuse_not_finite("amounts", flows)
    return rates, counts


def check_offsets(offsets: ArrayLike, size: int) -> Integers:
    """Offsets of ragged series: from 0 to `size`, never falling."""
    bounds = plain(whole("offsets", offsets, shape=(None,)))
    if bounds.size == 0 or bounds[0] != 0:
        raise ValuationError("offsets", "must start at 0", index=0, found=bounds[:1].tolist())
    refuse_where(np.diff(bounds, prepend=0) < 0, "offsets", "must never fall", bounds)
    if bounds[-1] != size:
        raise ValuationError("offsets", f"must end at {size}", index=bounds.size - 1, found=int(bounds[-1]))
    return bounds


def floats(argument: str, value: ArrayLike) -> Floats:
    """float64 without looking for nan: the kernel does while it works."""
    try:
        return np.asarray(value, np.float64)
    except (TypeError, ValueError):
        return reals(argument, value)


def refuse_not_finite(argument: str, amounts: Floats) -> NoReturn:
    """Say which amount a kernel could not add up."""
    reals(argument, amounts)
    raise ValuationError(argument, "too large to add up in float64", found=float(np.abs(amounts).max()))
