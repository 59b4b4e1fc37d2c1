"""Recovered principal, back to those who bore the loss: by what each has borne, or whoever the agreement serves first (RC-24).

Interest and penalties stand apart: they are not shared by these parts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import NamedTuple

from fof.book.pools.claims import Claim
from models.pools import RecoveryOrder
from valuation.pools import share_recovery


class HandOver(NamedTuple):
    """What one party that holds recovered principal owes another, in fen; `received_on` the last receipt by the day."""

    payer: int
    payee: int
    fen: int
    received_on: dt.date


def fair_parts(
    claim: Claim, pool: int | None, order: RecoveryOrder | None, fen: int, borne: Mapping[int, int]
) -> dict[int, int]:
    """Party → its part of recovered principal, in fen: that of whom the agreement serves first up to what it bore, the rest by what
    each of the others bore. Nobody gets more than it bore: what exceeds the loss is nobody's part.

    fen : recovered in all, >= 0      borne : what each party bore
    """
    loan = claim.loan
    first = {
        RecoveryOrder.LENDER_FIRST: claim.claimant if loan is None else loan.lender,
        RecoveryOrder.POOL_FIRST: pool,
        RecoveryOrder.GUARANTOR_FIRST: None if loan is None else loan.guarantor,
    }.get(order or RecoveryOrder.BORNE)
    parties = sorted(borne)
    served = 0 if first is None else min(fen, borne.get(first, 0))
    rest, _ = share_recovery(fen - served, [0 if p == first else borne[p] for p in parties])
    return {p: served if p == first else part for p, part in zip(parties, rest.tolist(), strict=True)}


def order_of(claim: Claim, day: dt.date) -> RecoveryOrder | None:
    """The order that the governing version of its agreement names; None: by what each has borne."""
    if claim.agreement is None:
        return None
    order: RecoveryOrder | None = claim.agreement.on("recovery_order", claim.terms_day(day))
    return order


def hand_overs(claim: Claim, pool: int | None, day: dt.date) -> list[HandOver]:
    """What those who hold more recovered principal than their part still owe the others at the close of a day, by party."""
    received = [p.day for p in claim.recoveries(day)]
    back, borne = claim.returned(day), claim.borne(day)
    if not received or not borne:
        return []
    fair = fair_parts(claim, pool, order_of(claim, day), max(sum(back.values()), 0), borne)
    above = {p: fen - fair.get(p, 0) for p, fen in sorted(back.items()) if fen > fair.get(p, 0)}
    made: list[HandOver] = []
    for payee, part in fair.items():
        short = part - back.get(payee, 0)
        for payer in above:
            fen = min(short, above[payer])
            if fen > 0:
                made.append(HandOver(payer, payee, fen, max(received)))
                above[payer] -= fen
                short -= fen
    return made
