"""Fee periods of a fund: its life cut by calendar year and phase, each with base, rate and what was paid for it.

Payments settle the fee agreed for the years already over, oldest first; what is left belongs to the year of payment.
So a fee paid in arrears, late or in parts counts for the time it was owed for, and a payment beyond what was ever
owed shows where it was made. The terms are those of fof.book.fee_terms, as the fee run has them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from fof.book.fee_base import fee_base
from fof.book.fee_terms import billed, fee_start, fee_stretches, manager_free
from fof.book.index import Book
from fof.rules.facts import FeePeriod, FeePhase
from fof.rules.facts_parties import Flow
from fof.rules.fee_periods import fee_of, settle_fees
from models.kinds import FeeBasis, FeeDayCount


def fee_periods(book: Book, fund: int, day: dt.date) -> tuple[FeePeriod, ...]:
    """Every fee period up to a day, oldest first; empty for a fund that never paid a fee."""
    payments = book.fees[fund].upto(day) if fund in book.fees else []
    start = fee_start(book.facts, fund, day) or _first_paid(book, fund, day)
    if not payments or start is None:
        return ()
    start = min(start, payments[0].day)
    free = manager_free(book.on(day), fund, "fee")
    counted = book.facts.of(fund, "fee_day_count", day) or FeeDayCount.ACT_365
    periods = [
        FeePeriod(
            first,
            last,
            stretch.phase,
            stretch.basis,
            0
            if stretch.phase is FeePhase.AFTER_TERM
            else _base(book, fund, stretch.basis, first, last, free),
            stretch.rate,
            part=part,
        )
        for stretch in fee_stretches(book.facts, fund, start, day)
        for first, last, part in billed(counted, stretch.first, stretch.last)
    ]
    return tuple(_booked(periods, payments))


def _first_paid(book: Book, fund: int, day: dt.date) -> dt.date | None:
    days = book.paid_total[fund].changed()
    return days[0] if days and days[0] <= day else None


def _base(
    book: Book, fund: int, basis: FeeBasis | None, first: dt.date, last: dt.date, free: frozenset[int]
) -> int | None:
    """Mean of the base over some days; None for a net-asset base, which no posting gives day by day."""
    if basis is None or basis is FeeBasis.NAV:
        return None
    return fee_base(book, fund, basis, free).average(first, last)


def _booked(periods: Sequence[FeePeriod], payments: Sequence[Flow]) -> list[FeePeriod]:
    owed = [fee_of(period) for period in periods]
    settled = settle_fees(periods, lambda at, _: owed[at], payments)
    return [
        replace(period, booked=sum(flow.fen for flow in own))
        for period, own in zip(periods, settled, strict=True)
    ]
