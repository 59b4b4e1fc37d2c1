"""What the rate kernels found, in words: the one place where a series becomes an `Irr`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from typing import Any, Literal, NoReturn

import numpy as np
from numpy.typing import ArrayLike, NDArray

from valuation import irr as kernels
from valuation.arguments import Floats, Integers, as_floats, check_shape, plain, reals, refuse_where, whole
from valuation.refusals import ValuationError
from valuation.root_proof import Proof, prove
from valuation.roots import EPS

UNPROVED = -1
"""In place of a number of rates, where it could not be proved."""

Status = Literal["one", "none", "several", "unproved"]

TIED = 1e-12
"""Two distances closer than this part of both are equal."""

SMALL = 8.0 * EPS
"""Net flows below this part of what was netted are no flow, as in `valuation.roots.prepare`."""


@dataclass(frozen=True, slots=True)
class Irr:
    """The answer to "what is the rate of return", after flows of one day were netted.

    rate    : the rate; nan unless status is "one", and where the only rate is beyond float64
    roots   : every rate in (-1, inf) at which the flows are worth nothing, ascending, each once, as far as
              float64 holds it: one beyond float64 is left out, and so is one that rounds to -1 beside others
              (alone it stands as the float64 next to -1); `reason` tells their size
    status  : "one", "none", "several": so many rates exist, by proof, however far out. "unproved": `roots` are
              what was found, and whether there are more or fewer stays open
    reason  : the same in words, with the cause
    reading : the rate an analyst would read: the only one, or of several the root nearest, in ln(1 + r), to
              ln(total value to paid-in) / (years from the money-weighted mean day of what was paid in to that
              of what came back, value included); None where that is not defined, where two are equally near,
              and where it is beyond float64. It has its own name: `rate` stays nan
    left_out: how many of the rates are not in `roots`
    period  : return over the whole span of the flows, (1 + reading) ** span - 1, where the span is shorter
              than one unit of the rate (a yearly rate then speaks of time that has not passed); else None
    """

    rate: float
    roots: tuple[float, ...]
    status: Status
    reason: str
    reading: float | None = None
    period: float | None = None
    left_out: int = 0


def solve(flows: Floats, times: NDArray[Any], unit: float) -> Irr:
    """`Irr` of flows known to be finite, at times of which `unit` make the unit of the rate.

    One series goes through the same kernels as many.
    """
    at, a = plain(times), plain(flows)
    room = np.empty(flows.size + 1)
    count, listed = kernels.solve_one(at, a, unit, room)
    if count == kernels.NOT_FINITE:
        refuse_not_finite("amounts", flows)
    proof: Proof | None = Proof(tuple(room[:listed].tolist()), (False,) * listed)
    if count == kernels.UNDECIDED:
        proof = prove(times, a)
    if proof is None:
        return _unproved(room[:listed] * unit)
    logs = tuple(s * unit for s in proof.logs)
    roots, aside = _representable(logs)
    if not logs:
        return Irr(math.nan, (), "none", _why_none(flows, times))
    net, when = netted(flows, times, unit)
    if len(logs) > 1:
        why = f"{len(logs)} rates give a present value of zero: {_listed(roots)}{aside}"
        read = _reading(logs, net, when)
        left = len(logs) - len(roots)
        return Irr(math.nan, roots, "several", why, _rate(read), _period(read, when), left)
    if math.isnan(_as_rate(logs[0])):
        why = "exactly one rate gives a present value of zero" + aside
        return Irr(math.nan, (), "one", why, None, _period(logs[0], when), 1)
    why = "exactly one rate gives a present value of zero"
    if proof.touches[0]:
        why = "exactly one rate, a double root: the present value touches zero there without changing sign"
    return Irr(roots[0], roots, "one", why + aside, roots[0], _period(logs[0], when))


def netted(flows: Floats, times: NDArray[Any], unit: float) -> tuple[Floats, Floats]:
    """Net flows in order of time, none of them zero, and their times in units of the rate from the first flow."""
    moments, which = np.unique(times, return_inverse=True)
    net: Floats = np.bincount(which, flows).astype(np.float64, copy=False)
    gross = np.bincount(which, np.abs(flows))
    some = np.abs(net) > SMALL * gross
    when = moments[some].astype(np.float64)
    return net[some], (when - when[:1]) / unit


def _as_rate(log: float) -> float:
    """exp(log) - 1; nan beyond float64, the float64 next to -1 for what rounds to -1."""
    return kernels.rate_of(log, 1.0)


def _rate(log: float | None) -> float | None:
    """The same for a rate that may not be there; None also beyond float64."""
    return None if log is None or math.isnan(_as_rate(log)) else _as_rate(log)


def _representable(logs: Sequence[float]) -> tuple[tuple[float, ...], str]:
    """The rates that float64 can show, each once, and what is to be said about the others."""
    rates = [_as_rate(log) for log in logs]
    low = [log for log, r in zip(logs, rates, strict=True) if r <= kernels.SMALLEST_RATE]
    high = [log for log, r in zip(logs, rates, strict=True) if math.isnan(r)]
    left_out = len(low) if len(logs) > 1 else 0
    distinct = tuple(dict.fromkeys(rates[left_out : len(logs) - len(high)]))
    aside = ""
    if low:
        sizes = ", ".join(_size(log) for log in low)
        aside += f"; {'it' if len(logs) == 1 else f'{len(low)} of them'} cannot be told from -100 %{' and left out' if left_out else ''} (1 + rate is about {sizes})"
    if high:
        sizes = ", ".join(_size(log) for log in high)
        aside += f"; {'it is' if len(logs) == 1 else f'{len(high)} of them'} beyond float64 and left out (1 + rate is about {sizes})"
    if left_out + len(distinct) + len(high) < len(logs):
        aside += "; rates that differ by less than float64 can show stand once"
    return distinct, aside


def _listed(roots: Sequence[float]) -> str:
    return ", ".join(map(_percent, roots)) or "none that can be shown"


def _percent(rate: float) -> str:
    """In percent with six decimals, or as many as it takes where six would show -100 %, which no rate is."""
    if rate >= 1e6:
        return f"{rate:.6e}"
    texts = (f"{rate:.{decimals}%}" for decimals in range(6, 15))
    return next((text for text in texts if float(text[:-1]) > -100.0), "next to -100%")


def _size(log: float) -> str:
    """A number given by its logarithm, however large: "1.000e+730"."""
    return f"{Decimal(log).exp(Context(prec=12)):.3e}"


def _unproved(logs: Floats) -> Irr:
    roots, aside = _representable(tuple(logs.tolist()))
    why = f"how many rates give a present value of zero could not be proved; found: {_listed(roots)}"
    return Irr(math.nan, roots, "unproved", why + aside)


def _reading(logs: Sequence[float], net: Floats, when: Floats) -> float | None:
    """The one of `logs` that an investor's multiple and holding time point to; see `Irr.reading`."""
    paid, back = np.maximum(-net, 0.0), np.maximum(net, 0.0)
    of_paid, of_back = float(paid.max()), float(back.max())
    if min(of_paid, of_back) / max(of_paid, of_back) > 0.0:  # else one is no float64 beside the other
        of_paid = of_back = max(of_paid, of_back)
    paid, back = paid / of_paid, back / of_back
    put_in, got = float(paid.sum()), float(back.sum())
    held = float(back @ when) / got - float(paid @ when) / put_in
    if abs(held) <= TIED * float(when[-1]):
        return None
    target = (math.log(got / put_in) + (math.log(of_back) - math.log(of_paid))) / held
    near = sorted(logs, key=lambda log: abs(log - target))
    first, second = abs(near[0] - target), abs(near[1] - target)
    return None if second - first <= TIED * (second + first) else near[0]


def _period(log: float | None, when: Floats) -> float | None:
    """The return over the span of the flows, where that is shorter than one unit."""
    span = float(when[-1])
    return None if log is None or not 0.0 < span < 1.0 else _rate(log * span)


def _why_none(flows: Floats, times: NDArray[Any]) -> str:
    if flows.size == 0:
        return "there are no flows"
    if not flows.any():
        return "every flow is zero, so every rate gives a present value of zero"
    if (flows >= 0.0).all() or (flows <= 0.0).all():
        return "all flows have the same sign"
    if (times == times[0]).all():
        return "all flows fall on one day"
    net, _when = netted(flows, times, 1.0)
    if not net.size:
        return "the flows of each day cancel, so every rate gives a present value of zero"
    if (net >= 0.0).all() or (net <= 0.0).all():
        return "the net flows of each day have the same sign"
    return f"the present value is {'above' if net[0] > 0.0 else 'below'} zero at every rate"


def solve_many(
    amounts: ArrayLike, times: NDArray[Any], offsets: ArrayLike, named: str, unit: float
) -> tuple[Floats, Integers]:
    """Rates and numbers of roots of ragged series, after the checks; `named` is how the caller names the times."""
    flows = plain(as_floats("amounts", amounts))  # the kernel looks for nan while it works
    check_shape("amounts", flows.shape, (None,))
    check_shape(named, times.shape, flows.shape)
    bounds = check_offsets(offsets, flows.size)
    rates, counts = np.empty(bounds.size - 1), np.empty(bounds.size - 1, np.int64)
    if kernels.solve_ragged(plain(times), flows, bounds, unit, rates, counts) >= 0:
        refuse_not_finite("amounts", flows)
    for i in np.flatnonzero(counts == kernels.UNDECIDED):
        part = slice(bounds[i], bounds[i + 1])
        rates[i], counts[i] = with_proof(flows[part], times[part], unit)
    return rates, counts


def with_proof(flows: Floats, times: NDArray[Any], unit: float) -> tuple[float, int]:
    """The only rate (else nan) and the number of rates of a series that the kernels left open; -1: unproved."""
    proof = prove(times, flows)
    if proof is None:
        return math.nan, UNPROVED
    count = len(proof.logs)
    return (_as_rate(proof.logs[0] * unit) if count == 1 else math.nan), count


def check_offsets(offsets: ArrayLike, size: int) -> Integers:
    """Offsets of ragged series: from 0 to `size`, never falling."""
    bounds = plain(whole("offsets", offsets, shape=(None,)))
    if bounds.size == 0 or bounds[0] != 0:
        raise ValuationError("offsets", "must start at 0", index=0, found=bounds[:1].tolist())
    refuse_where(np.diff(bounds, prepend=0) < 0, "offsets", "must never fall", bounds)
    if bounds[-1] != size:
        raise ValuationError("offsets", f"must end at {size}", index=bounds.size - 1, found=int(bounds[-1]))
    return bounds


def refuse_not_finite(argument: str, amounts: Floats) -> NoReturn:
    """Say which amount a kernel could not add up."""
    reals(argument, amounts)
    raise ValuationError(argument, "too large to add up in float64", found=float(np.abs(amounts).max()))
