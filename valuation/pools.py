"""Risk-compensation pools: who bears a loss, what the pool pays, what it may have to pay.

Allocation is exact in whole fen: shares are read exactly as the agreement writes them, parts are cut by largest
remainder (`valuation.split`), and what the parties bear adds up to the loss. The rules in brackets are those of the
rulebook, chapter 3. Loss distributions are in `valuation.vasicek` (one factor, large pools), `valuation.pool_paths`
(simulation with caps) and `valuation.creditrisk` (closed form); their functions can be had from here.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike

from valuation import exact
from valuation.arguments import whole
from valuation.creditrisk import (
    LossDistribution,
    creditrisk_plus,
    pooled_relative_variance,
    risk_contributions,
)
from valuation.exact import Ints, Rate
from valuation.pool_paths import PoolPaths, simulate_pool
from valuation.refusals import ValuationError
from valuation.split import split, split_many
from valuation.vasicek import (
    LossContributions,
    conditional_default_rate,
    loss_contributions,
    vasicek_quantile,
)

__all__ = [
    "LossContributions",
    "LossDistribution",
    "Payouts",
    "PoolPaths",
    "compensation",
    "conditional_default_rate",
    "creditrisk_plus",
    "loss_contributions",
    "pay_claims",
    "pay_claims_pro_rata",
    "pooled_relative_variance",
    "risk_contributions",
    "share_losses",
    "share_recovery",
    "simulate_pool",
    "stop_loss",
    "vasicek_quantile",
]

SHARES_TOLERANCE = Fraction(1, 10**9)


@dataclass(frozen=True, slots=True, eq=False)
class Payouts:
    """What became of claims on limited money, in fen.

    paid          : (claims,)
    uncompensated : (claims,)  the rest of each claim; no debt of the pool [RC-22]
    left          : in the pool afterwards
    """

    paid: Ints
    uncompensated: Ints
    left: int


def share_losses(losses: ArrayLike, shares: Sequence[Rate]) -> Ints:
    """Each loss borne by the parties of an agreement [RC-01, RC-09, RC-10, RC-14].

    losses : (n,) fen, >= 0
    shares : one for each party, >= 0, adding to 1 (within 1e-9, for shares written with rounded decimals); text,
             Decimal or Fraction keep them as written ("0.4", "1/3")
    -> (n, parties)  fen; every row adds to its loss, and each part is within one fen of its exact share.
    Of equal remainders the first party named takes the fen.

    ValuationError: shares that do not add to 1, negative shares or losses, floats for fen.
    """
    amounts = exact.fen("losses", losses)
    if isinstance(shares, str | bytes) or not isinstance(shares, Sequence):
        raise ValuationError("shares", "must be a sequence of shares", found=shares)
    parts = [exact.rate(f"shares[{i}]", share, high=2) for i, share in enumerate(shares)]
    total = sum(parts, Fraction(0))
    if abs(total - 1) > SHARES_TOLERANCE:
        raise ValuationError("shares", "must add to 1", found=float(total))
    weights = _whole_weights(parts)
    if max(weights) < 2**53 // len(weights):
        bounds = np.arange(amounts.size + 1) * len(weights)
        flat = split_many(amounts, np.tile(np.array(weights, np.int64), amounts.size), bounds)
        return flat.reshape(amounts.size, len(weights))
    rows = [split(amount, weights) for amount in amounts.tolist()]
    return np.array(rows, dtype=np.int64).reshape(amounts.size, len(weights))


def share_recovery(recovered: int, borne: ArrayLike) -> tuple[Ints, int]:
    """Money recovered after costs, back to those who bore the loss, in proportion to what they bore [RC-24].

    recovered : fen, >= 0        borne : (parties,) fen, >= 0
    -> (parts (parties,), surplus): nobody gets back more than was borne; what exceeds the loss is the surplus,
    for the debtor or as the agreement says. parts.sum() + surplus == recovered.
    """
    amount = exact.whole("recovered", recovered)
    weights = exact.fen("borne", borne)
    back = min(amount, int(weights.sum()))
    return split(back, weights), amount - back


def compensation(losses: ArrayLike, rate: Rate, cap: int | None = None) -> Ints:
    """What a rule owes for each loss: rate · loss, down to the whole fen, at most `cap` each [RC-11, RC-19].

    losses : (n,) fen, >= 0      rate : in [0, 1], exact      cap : fen, >= 0; None: none
    Rate first, then the cap for one project; limits on all projects together are `pay_claims`.
    """
    part = exact.rate("rate", rate, high=1)
    most = None if cap is None else exact.whole("cap", cap)
    owed = [loss * part.numerator // part.denominator for loss in exact.fen("losses", losses).tolist()]
    return np.array(owed if most is None else [min(x, most) for x in owed], dtype=np.int64)


def pay_claims(
    claims: ArrayLike, available: int, *, group: ArrayLike | None = None, quota: ArrayLike | None = None
) -> Payouts:
    """Claims paid in the order given, while the pool and each group's quota last [RC-08, RC-22].

    claims       : (n,) fen, >= 0, in the order of payment
    available    : fen, >= 0, the pool's balance or the year's limit
    group, quota : (n,) the bank or guarantor of each claim, numbered from 0; (groups,) fen, >= 0, the most that
                   is paid for each. Given together or not at all

    Each payment is min(claim, what is left of the pool, what is left of the quota).
    """
    owed = exact.fen("claims", claims)
    pool = exact.whole("available", available)
    if (group is None) != (quota is None):
        raise ValuationError("quota", "group and quota are given together or not at all")
    allowed = owed
    if group is not None and quota is not None:
        limits = exact.fen("quota", quota)
        groups = whole("group", group, shape=owed.shape, low=0, high=limits.size - 1)
        allowed = _within_quota(owed, groups, limits)
    before = np.cumsum(allowed) - allowed  # the pool binds once, and is empty from there on
    paid: Ints = np.clip(pool - before, 0, allowed)
    return Payouts(paid, owed - paid, pool - int(paid.sum()))


def pay_claims_pro_rata(claims: ArrayLike, available: int) -> Payouts:
    """Claims paid alike: in full where the money suffices, else in proportion, exact to the fen.

    claims : (n,) fen, >= 0      available : fen, >= 0
    For agreements that cut a year's claims together instead of first come, first served.
    """
    owed = exact.fen("claims", claims)
    pool = exact.whole("available", available)
    paid = split(min(pool, int(owed.sum())), owed)
    return Payouts(paid, owed - paid, pool - int(paid.sum()))


def stop_loss(insurer_loss: int, premium: int, multiple: Rate, pool: int) -> tuple[int, int]:
    """An insurer's loss beyond a multiple of its premiums passes to the government's pool [RC-15].

    insurer_loss, premium, pool : fen, >= 0      multiple : >= 0, such as 1.2 to 1.5
    -> (borne by the insurer, paid by the pool), together the loss: the pool pays what exceeds multiple · premium
    (the threshold rounded up to the fen) as far as it reaches, and the insurer bears the rest.
    """
    loss = exact.whole("insurer_loss", insurer_loss)
    threshold = math.ceil(exact.rate("multiple", multiple) * exact.whole("premium", premium))
    paid = min(max(loss - threshold, 0), exact.whole("pool", pool))
    return loss - paid, paid


def _whole_weights(shares: Sequence[Fraction]) -> list[int]:
    """The shares over their common denominator."""
    common = math.lcm(*(share.denominator for share in shares))
    return [int(share * common) for share in shares]


def _within_quota(claims: Ints, group: Ints, quota: Ints) -> Ints:
    """What each claim may get while its group's quota lasts, in order."""
    order = np.argsort(group, kind="stable")
    ranked = claims[order]
    before = np.cumsum(ranked) - ranked
    first = np.searchsorted(group[order], np.arange(quota.size))
    begun = np.append(before, 0)[np.minimum(first, before.size)]  # spent by the groups before
    allowed = np.empty_like(claims)
    of = group[order]
    allowed[order] = np.clip(quota[of] - (before - begun[of]), 0, ranked)
    return allowed
