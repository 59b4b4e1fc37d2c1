"""An insurer's stop loss: what it paid beyond a multiple of its premiums passes to the pool, claim by claim in the order in which it
paid (RC-15)."""

from __future__ import annotations

import datetime as dt
import math
from fractions import Fraction
from typing import NamedTuple

from fof.book.identities import Registered
from fof.book.pools.claims import PoolPayment
from fof.book.pools.pool_book import PoolBook
from models.pools import PoolLeg


class InsuredPayments(NamedTuple):
    """Fen up to a day, of all insurers of an agreement.

    paid     : to lenders for losses
    premiums : received; None where none is recorded: then nobody can say where the stop loss lies
    beyond   : claim → what was paid for it beyond the stop loss; empty without one
    refunded : what pools paid the insurers back
    """

    paid: int
    premiums: int | None
    beyond: dict[int, int]
    refunded: int


def insured_payments(pools: PoolBook, agreement: Registered, day: dt.date) -> InsuredPayments:
    """What the insurers of an agreement paid and received; the stop loss by the multiple in force on the day."""
    insurers = pools.insurers_of(agreement)
    made = [p for p in pools.payments if p.day <= day and _agreement_of(pools, p) is agreement]
    losses = [p for p in made if p.leg is PoolLeg.GUARANTOR_PAID and p.payer in insurers]
    received = [p.fen for p in made if p.leg is PoolLeg.PREMIUM and p.payee in insurers]
    refunded = sum(p.fen for p in made if p.leg is PoolLeg.COMPENSATION and p.payee in insurers)
    premiums = sum(received) if received else None
    multiple = agreement.on("stop_loss", day)
    beyond: dict[int, int] = {}
    if multiple is not None and premiums is not None:
        by_loan = {c.loan.subject.number: n for n, c in pools.claims.items() if c.loan is not None}
        line, ran = math.ceil(Fraction(multiple) * premiums), 0
        for p in losses:
            part = max(ran + p.fen - line, 0) - max(ran - line, 0)
            ran += p.fen
            claim = p.claim or by_loan.get(pools.loan_of(p) or -1)
            if part and claim is not None:
                beyond[claim] = beyond.get(claim, 0) + part
    return InsuredPayments(sum(p.fen for p in losses), premiums, beyond, refunded)


def _agreement_of(pools: PoolBook, payment: PoolPayment) -> Registered | None:
    loan = pools.loans.get(pools.loan_of(payment) or -1)
    return None if loan is None else loan.agreement
