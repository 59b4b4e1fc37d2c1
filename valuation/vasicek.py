"""The one-factor model of defaults (Vasicek): one common factor, loans independent given it.

Loan i defaults when √ρ·z + √(1−ρ)·e_i < G(pd_i), with z and e_i standard normal and G the inverse normal law, so
given the factor it defaults with probability N((G(pd) − √ρ·z) / √(1−ρ)). In a pool of very many small loans the
loss is then a function of z alone, and its quantiles are known.

Source: O. Vasicek, "Loan Portfolio Value", Risk, December 2002; the same formula stands in the Basel II text (BCBS,
June 2006, paragraph 272). Rates are per horizon (one year), rho is the correlation of the latent variables.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from valuation.arguments import Floats, real, reals
from valuation.normal import normal_cdf, normal_quantile
from valuation.refusals import ValuationError


def vasicek_quantile(pd: ArrayLike, rho: ArrayLike, level: ArrayLike) -> Any:
    """The default rate of a large pool that is not exceeded with probability `level`.

    pd    : in [0, 1]     rho : in [0, 1)     level : in (0, 1)      scalars or arrays that spread to one shape
    -> float, or an array of that shape: N((G(pd) + √rho·G(level)) / √(1 − rho))

    A default probability of 0 or 1 stays what it is. Times LGD it is the loss quantile ("worst case default
    rate"); less pd, the unexpected loss.
    """
    return conditional_default_rate(pd, rho, -normal_quantile(_level(level)))


def conditional_default_rate(pd: ArrayLike, rho: ArrayLike, factor: ArrayLike) -> Any:
    """Default probability given the factor: N((G(pd) − √rho·factor) / √(1 − rho)); a low factor is a bad year.

    Arguments spread to one shape -> float, or an array of that shape.
    """
    p = reals("pd", pd, low=0.0, high=1.0)
    r = reals("rho", rho, low=0.0, below=1.0)
    z = reals("factor", factor)
    try:
        threshold, r, z = np.broadcast_arrays(normal_quantile(p), r, z)
    except ValueError:
        shapes = (p.shape, r.shape, z.shape)
        raise ValuationError("pd, rho, level", "do not spread to one shape", found=shapes) from None
    rate = normal_cdf((threshold - np.sqrt(r) * z) / np.sqrt(1.0 - r))
    return float(rate) if rate.ndim == 0 else rate


@dataclass(frozen=True, slots=True, eq=False)
class LossContributions:
    """What each loan adds to the loss of a large pool, in the unit of the exposures.

    expected   : (loans,)  exposure · lgd · pd
    unexpected : (loans,)  exposure · lgd · (quantile of pd at the level − pd)
    Their sums are the pool's expected loss, and its loss at the level less that.
    """

    expected: Floats
    unexpected: Floats


def loss_contributions(
    exposure: ArrayLike, pd: ArrayLike, lgd: ArrayLike, rho: ArrayLike, level: float
) -> LossContributions:
    """Expected and unexpected loss of each loan as a part of a large pool driven by one factor.

    exposure : (loans,) >= 0     pd, lgd : (loans,) or a scalar, in [0, 1]     rho : (loans,) or a scalar, in [0, 1)

    With one factor, losses at a quantile add up over loans, so the contributions are exact in the limit of many
    small loans; what single large loans add on top is in `creditrisk_plus` and in the simulation.
    """
    money = reals("exposure", exposure, shape=(None,), low=0.0)
    severity = reals("lgd", lgd, low=0.0, high=1.0)
    rates, linked = reals("pd", pd, low=0.0, high=1.0), reals("rho", rho, low=0.0, below=1.0)
    for name, value in (("pd", rates.shape), ("lgd", severity.shape), ("rho", linked.shape)):
        if value not in ((), money.shape):
            raise ValuationError(name, f"must be one number or one per loan ({money.size})", found=value)
    rate = np.broadcast_to(rates, money.shape)
    stressed = np.broadcast_to(vasicek_quantile(rate, linked, real("level", level)), money.shape)
    loss = money * severity
    return LossContributions(loss * rate, loss * (stressed - rate))


def _level(level: ArrayLike) -> Floats:
    return reals("level", level, above=0.0, below=1.0)
