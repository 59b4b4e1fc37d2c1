"""What each holding contributed to the fund's internal rate of return: additive, signed like its gain."""

from __future__ import annotations

from dataclasses import dataclass
from math import expm1, isfinite, isnan, log1p, nan

import numpy as np
import numpy.typing as npt

from valuation.arguments import Floats, as_floats, check_shape, count, real, reals
from valuation.exact import Ints, days, fen, same_length, year_length
from valuation.refusals import ValuationError

NODES = 96
"""Points of the Gauss-Legendre rule along the path of the gains."""
MOST_HOLDINGS = 1_000_000
ROOT = 1e-6
"""A rate is taken for a root when the present value at it is below this part of the sizes discounted."""


@dataclass(frozen=True, slots=True, eq=False)
class IrrContribution:
    """rate == sum of holdings + rest + residual.

    rest     : what the fund's own flows add to the holdings' (fees, carry, idle cash); 0 without fund flows
    residual : the error of the numerical integral
    reason   : why the figures are nan; empty where they exist
    """

    rate: float
    holdings: Floats
    rest: float
    residual: float
    reason: str = ""


def irr_contribution(
    amounts: npt.ArrayLike,
    flow_days: npt.ArrayLike,
    holding: npt.ArrayLike,
    holdings: int,
    rate: float,
    *,
    fund_amounts: npt.ArrayLike | None = None,
    fund_days: npt.ArrayLike | None = None,
    day_count: str = "ACT/365F",
) -> IrrContribution:
    """What each holding added to the fund's internal rate of return.

    amounts, flow_days, holding : (m,) flows in yuan or fen (< 0 into the holding, > 0 out of it, the closing
                                  value as a flow on its day), in any order; holding from 0 to holdings - 1
    rate                        : the rate to explain, a root of the fund's flows; nan gives nan
    fund_amounts, fund_days     : the fund's own net flows (< 0 paid in); without them the holdings' together
    -> holdings (h,)

    Let all gains grow together from 0 to what they were: at x each holding gets back its cost, spread like
    its receipts, and x times its gain. The fund's rate then moves from 0 to `rate`, and each holding is
    credited with its part of that movement:

        contribution[h] = integral over x of (1 + r) PV(gain flows of h) / sum of t a(x) (1 + r)^-t

    (the Aumann-Shapley value, Aumann and Shapley 1974). So a holding that lost money never contributes above
    0, one that gained never below, and equal holdings contribute equally. A holding that returned nothing
    gets its cost back on the last day at x = 0. nan with a reason where the rate does not follow the path.
    """
    flows = reals("amounts", amounts, shape=(None,))
    on = days("flow_days", flow_days, ordered=False)
    owner = fen("holding", holding)
    many = count("holdings", holdings, low=1, high=MOST_HOLDINGS)
    same_length("flow_days", on.size, flows.size, "amounts")
    same_length("holding", owner.size, flows.size, "amounts")
    if owner.size and int(owner.max()) >= many:
        index = int(np.argmax(owner >= many))
        raise ValuationError("holding", f"must be below {many}", index=index, found=int(owner[index]))
    known = as_floats("rate", rate)
    check_shape("rate", known.shape, ())
    if isnan(known):
        return _no_irr(many, "the fund has no single rate")
    rate = real("rate", known, above=-1.0)
    if fund_amounts is not None:
        flows, on, owner = _with_rest(flows, on, owner, many, fund_amounts, fund_days)
    if not flows.any():
        raise ValuationError("amounts", "no flow")
    years = (on - on.min()) / float(year_length("day_count", day_count))
    goal = log1p(rate)
    with np.errstate(over="ignore", invalid="ignore"):
        weights = np.exp(-goal * years)
        off, size = abs(float(flows @ weights)), float(np.abs(flows) @ weights)
    if not (isfinite(size) and off <= ROOT * size):
        raise ValuationError("rate", "is not a rate of these flows", found=rate)
    parts, reached = _along(_path(flows / float(np.abs(flows).max()), years, owner, many + 1))
    if isnan(reached):
        return _no_irr(many, "the rate cannot be followed from no gain to this one", rate)
    if abs(reached - goal) > ROOT:
        return _no_irr(many, "the gains lead to another rate of these flows", rate)
    return IrrContribution(rate, parts[:many], float(parts[many]), rate - float(parts.sum()))


@dataclass(frozen=True, slots=True, eq=False)
class _Path:
    """At x the flows are base + x gain, at `years`, of `owner`: no gain at 0, the real flows at 1."""

    base: Floats
    gain: Floats
    years: Floats
    owner: Ints
    owners: int


def _path(flows: Floats, years: Floats, owner: Ints, owners: int) -> _Path:
    """Receipts of each owner scaled to its cost, and what they are above that; see irr_contribution."""
    cost = np.bincount(owner, np.maximum(-flows, 0.0), owners)
    receipts = np.bincount(owner, np.maximum(flows, 0.0), owners)
    nothing = receipts == 0
    scale = np.divide(cost, receipts, out=np.zeros(owners), where=~nothing)[owner]
    base = np.where(flows > 0, flows * scale, flows)
    at_end = np.where(nothing, cost, 0.0)  # nothing came back: at x = 0 the cost does, on the last day
    return _Path(
        np.concatenate([base, at_end]),
        np.concatenate([flows - base, -at_end]),
        np.concatenate([years, np.full(owners, years.max())]),
        np.concatenate([owner, np.arange(owners)]),
        owners,
    )


def _along(path: _Path) -> tuple[Floats, float]:
    """Each owner's part of the movement of the rate, and the log rate at its end; nan where it is lost."""
    parts = np.zeros(path.owners)
    nodes, shares = np.polynomial.legendre.leggauss(NODES)
    log_rate = 0.0
    for x, share in zip((nodes + 1) / 2, shares / 2, strict=True):
        log_rate, turn = _root(path.base + x * path.gain, path.years, log_rate)
        if isnan(log_rate):
            return parts, nan
        values = np.bincount(path.owner, path.gain * np.exp(-log_rate * path.years), path.owners)
        parts += share * (1.0 + expm1(log_rate)) * values / turn
    return parts, _root(path.base + path.gain, path.years, log_rate)[0]


def _root(flows: Floats, years: Floats, start: float) -> tuple[float, float]:
    """Newton for sum a exp(-s t) = 0 from a near start; -> s, and sum t a exp(-s t), which stays above 0."""
    log_rate = start
    for _ in range(60):
        values = flows * np.exp(-log_rate * years)
        turn = float(values @ years)
        if not turn > 0:
            break
        step = float(values.sum()) / turn
        log_rate += step
        if abs(step) < 1e-13 * (1.0 + abs(log_rate)):
            return log_rate, turn
    return nan, nan


def _no_irr(holdings: int, reason: str, rate: float = nan) -> IrrContribution:
    return IrrContribution(rate, np.full(holdings, nan), nan, nan, reason)


def _with_rest(
    flows: Floats,
    on: Ints,
    owner: Ints,
    rest: int,
    fund_amounts: npt.ArrayLike,
    fund_days: npt.ArrayLike | None,
) -> tuple[Floats, Ints, Ints]:
    """The holdings' flows and, as owner `rest`, what the fund's flows have beyond them, net by day."""
    own = reals("fund_amounts", fund_amounts, shape=(None,))
    if fund_days is None:
        raise ValuationError("fund_days", "is needed with fund_amounts")
    when = days("fund_days", fund_days, ordered=False)
    same_length("fund_days", when.size, own.size, "fund_amounts")
    every, place = np.unique(np.concatenate([when, on]), return_inverse=True)
    net = np.bincount(place, np.concatenate([own, -flows]), every.size)
    return (
        np.concatenate([flows, net]),
        np.concatenate([on, every]),
        np.concatenate([owner, np.full(every.size, rest)]),
    )
