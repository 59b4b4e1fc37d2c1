"""What management fee is owed for a period, and for which period a payment was: asked by the rules on fees and by their facts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_EVEN, Decimal

from fof.rules.facts import FeePeriod
from fof.rules.facts_parties import Flow


def fee_of(period: FeePeriod, rate: Decimal | None = None) -> int | None:
    """base x rate x the part of a year, in whole fen, half to even; None where base or rate is missing and the other is
    not nought."""
    rate = period.rate if rate is None else rate
    if period.base_fen == 0 or rate == 0:
        return 0
    if period.base_fen is None or rate is None:
        return None
    up, down = (period.days, 365) if period.part is None else period.part.as_integer_ratio()
    return int((period.base_fen * rate * up / down).to_integral_value(rounding=ROUND_HALF_EVEN))


def settle_fees(
    periods: Sequence[FeePeriod], owed: Callable[[int, dt.date], int | None], payments: Sequence[Flow]
) -> list[list[Flow]]:
    """What is paid for each period: payments settle the fee owed for the periods already over, oldest first; what is left
    belongs to the period of payment. So a fee paid in arrears, late or in parts counts for the time it was owed for."""
    settled: list[list[Flow]] = [[] for _ in periods]
    booked = [0] * len(periods)
    for payment in payments:
        rest = payment.fen
        at = max((i for i, p in enumerate(periods) if p.start <= payment.day), default=0)
        for i in range(at):
            if rest <= 0:
                break
            fee = owed(i, payment.day)
            room = 0 if fee is None else max(fee - booked[i], 0)
            taken = min(room, rest)
            if taken:
                booked[i] += taken
                settled[i].append(Flow(payment.day, taken))
                rest -= taken
        if rest:
            booked[at] += rest
            settled[at].append(Flow(payment.day, rest))
    return settled
