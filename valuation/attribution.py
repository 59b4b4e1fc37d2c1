"""Where a result came from: NAV bridge, holdings' contributions to TVPI and IRR, losses, concentration.

Contributions add up to the figure they explain, and what they leave over is reported, not spread. Amounts of
the bridge, the multiple, losses and concentration are int64 fen; ratios and rates are float64. A ratio on
nothing (no paid-in capital, no cost) is nan.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import nan
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from valuation.arguments import Floats, mapping
from valuation.exact import Ints, fen, frozen, same_length, together, whole
from valuation.irr_contribution import IrrContribution, irr_contribution
from valuation.refusals import ValuationError

__all__ = [
    "NavBridge",
    "nav_bridge",
    "TvpiContribution",
    "tvpi_contribution",
    "IrrContribution",
    "irr_contribution",
    "LossMeasures",
    "losses",
    "Concentration",
    "concentration",
]


@dataclass(frozen=True, slots=True, eq=False)
class NavBridge:
    """Opening to closing value of n funds or accounts (fen, each (n,)).

    opening + calls - distributions + sum of gains + residual == closing, always; the residual is what the
    reported figures do not explain.
    """

    opening: Ints
    calls: Ints
    distributions: Ints
    gains: Mapping[str, Ints]
    residual: Ints
    closing: Ints

    def bars(self) -> list[tuple[str, Ints]]:
        """The signed steps of a chart, from opening to closing."""
        steps = [("opening", self.opening), ("calls", self.calls), ("distributions", -self.distributions)]
        return [*steps, *self.gains.items(), ("residual", self.residual), ("closing", self.closing)]


def nav_bridge(
    opening: npt.ArrayLike,
    calls: npt.ArrayLike,
    distributions: npt.ArrayLike,
    gains: Mapping[str, npt.ArrayLike],
    closing: npt.ArrayLike,
) -> NavBridge:
    """How value moved between two reports.

    opening, closing : (n,) fen as reported; may be below 0
    calls            : (n,) fen paid in between them, distributions: (n,) fen paid out; below 0 where a report
                       takes an earlier one back
    gains            : name -> (n,) signed fen (net operating income, realised, unrealised ...)
    -> NavBridge

    Source: the capital account of the ILPA Reporting Template v2.0 (2025), rows 12 to 18, 91 to 95.
    """
    start = fen("opening", opening, low=None)
    mapping("gains", gains)
    parts = {"calls": calls, "distributions": distributions, "closing": closing, **gains}
    if len(parts) != 3 + len(gains):
        raise ValuationError("gains", "may not be called calls, distributions or closing")
    read = {name: fen(name, values, low=None) for name, values in parts.items()}
    for name, values in read.items():
        same_length(name, values.size, start.size, "opening")
    called, paid, end = read.pop("calls"), read.pop("distributions"), read.pop("closing")
    together("closing", start, called, paid, end, *read.values())
    explained = start + called - paid + sum(read.values(), np.zeros_like(start))
    return NavBridge(start, called, paid, MappingProxyType(read), frozen(end - explained), end)


@dataclass(frozen=True, slots=True, eq=False)
class TvpiContribution:
    """tvpi == 1 + sum of holdings + residual; nan where nothing was paid in.

    residual : fees, carry, cash, and whatever else the holdings do not explain
    """

    tvpi: float
    holdings: Floats
    residual: float


def tvpi_contribution(
    invested: npt.ArrayLike,
    proceeds: npt.ArrayLike,
    value: npt.ArrayLike,
    *,
    paid_in: int,
    distributed: int,
    nav: int,
) -> TvpiContribution:
    """What each holding added to the fund's multiple.

    invested, proceeds, value  : (h,) fen, since inception, of each holding
    paid_in, distributed, nav  : fen of the fund
    -> holdings (h,): (proceeds + value - invested) / paid_in; Source: TVPI as in PI-04, taken apart linearly
    """
    gain = _gain(invested, proceeds, value)
    capital = whole("paid_in", paid_in)
    result = whole("distributed", distributed) + whole("nav", nav, low=None)
    if not capital:
        return TvpiContribution(nan, np.full(gain.size, nan), nan)
    left = result - capital - int(gain.sum())
    return TvpiContribution(result / capital, gain / capital, left / capital)


@dataclass(frozen=True, slots=True)
class LossMeasures:
    """Losses on what was invested (fen and shares of cost; nan without cost).

    net         : max(0, cost - proceeds - value) of all together, which loss tolerance looks at (GF-56,
                  PI-07)
    gross       : the same, holding by holding, added up: gains elsewhere do not hide a loss
    at_loss     : cost of the holdings below cost, and how many they are
    """

    invested: int
    net: int
    gross: int
    at_loss: int
    holdings: int
    holdings_at_loss: int

    @property
    def net_ratio(self) -> float:
        """net / invested."""
        return self.net / self.invested if self.invested else nan

    @property
    def gross_ratio(self) -> float:
        """gross / invested."""
        return self.gross / self.invested if self.invested else nan

    @property
    def at_loss_ratio(self) -> float:
        """at_loss / invested: the share of cost that stands below cost."""
        return self.at_loss / self.invested if self.invested else nan


def losses(invested: npt.ArrayLike, proceeds: npt.ArrayLike, value: npt.ArrayLike) -> LossMeasures:
    """How much of what was invested is lost, realised or not.

    invested, proceeds, value : (h,) fen of each holding, since inception
    A measure only: tolerance (容亏率) decides about people and never moves money (GF-56).
    """
    gain = _gain(invested, proceeds, value)
    cost = fen("invested", invested)
    below = gain < 0
    return LossMeasures(
        int(cost.sum()),
        max(0, -int(gain.sum())),
        -int(gain[below].sum()),
        int(cost[below].sum()),
        gain.size,
        int(below.sum()),
    )


@dataclass(frozen=True, slots=True, eq=False)
class Concentration:
    """shares : (n,) falling; nan without any amount."""

    shares: Floats

    @property
    def hhi(self) -> float:
        """Herfindahl-Hirschman index: the sum of squared shares, 1/n (all alike) to 1 (one holds all)."""
        return float(np.square(self.shares).sum()) if self.shares.size else nan

    @property
    def effective(self) -> float:
        """How many equal ones would be as concentrated: 1 / hhi."""
        return 1.0 / self.hhi

    def top(self, n: int) -> float:
        """The share of the n largest (of all, where there are fewer)."""
        wanted = whole("n", n, low=1)
        return float(self.shares[:wanted].sum()) if self.shares.size else nan


def concentration(amounts: npt.ArrayLike) -> Concentration:
    """How unevenly an amount is spread.

    amounts : (n,) fen, by company, city, industry ...
    """
    sizes = np.sort(fen("amounts", amounts))[::-1]
    total = int(sizes.sum())
    return Concentration(sizes / total if total else np.full(sizes.size, nan))


def _gain(invested: npt.ArrayLike, proceeds: npt.ArrayLike, value: npt.ArrayLike) -> Ints:
    cost, got, left = fen("invested", invested), fen("proceeds", proceeds), fen("value", value)
    same_length("proceeds", got.size, cost.size, "invested")
    same_length("value", left.size, cost.size, "invested")
    together("value", cost, got, left)
    return got + left - cost
