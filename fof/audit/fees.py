"""Fee periods of a fund: its life cut by calendar year and phase, each with base, rate and what was paid for it.

Payments settle the fee agreed for the years already over, oldest first; what is left belongs to the year of payment.
So a fee paid in arrears, late or in parts counts for the time it was owed for, and a payment beyond what was ever
owed shows where it was made.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from fof.book.index import Book
from fof.rules.facts import FeePeriod, FeePhase
from fof.rules.facts_parties import Flow
from fof.rules.fees import fee_of, settle_fees
from models.kinds import FeeBasis, FundStatus

_ONE_DAY = dt.timedelta(days=1)
_TERMS = {
    FeePhase.INVESTMENT: ("fee_basis_investment", "fee_rate_investment"),
    FeePhase.EXIT: ("fee_basis_exit", "fee_rate_exit"),
    FeePhase.EXTENSION: ("fee_basis_exit", "fee_rate_extension"),
}


def fee_periods(book: Book, fund: int, day: dt.date) -> tuple[FeePeriod, ...]:
    """Every fee period up to a day, oldest first; empty for a fund that never paid a fee."""
    payments = book.fees[fund].upto(day) if fund in book.fees else []
    start = _first_day(book, fund, day)
    if not payments or start is None:
        return ()
    start = min(start, payments[0].day)
    periods = [
        _priced(book, fund, FeePeriod(first, last, phase))
        for phase, opened, ended in _phases(book, fund, start, day)
        for first, last in _years(opened, ended)
    ]
    return tuple(_booked(periods, payments))


def _first_day(book: Book, fund: int, day: dt.date) -> dt.date | None:
    for name in ("first_close_on", "established_on"):
        found = book.facts.of(fund, name, day)
        if found is not None:
            return found  # type: ignore[no-any-return]
    return min(
        (f.day for (of, _), line in book.paid.items() if of == fund for f in line.upto(day)), default=None
    )


def _phases(book: Book, fund: int, start: dt.date, day: dt.date) -> list[tuple[FeePhase, dt.date, dt.date]]:
    """(phase, first day, last day) up to the day; a phase that has not begun is left out."""
    facts = book.facts
    ends = facts.dated(fund, "term_end", day)
    term = ends[0][1] if ends else None
    extended = facts.of(fund, "term_end", day) if ends else None
    investing = facts.of(fund, "investment_period_end", day) or term
    over = next(
        (on for on, s in facts.dated(fund, "status", day) if s in (FundStatus.CLOSED, FundStatus.MERGED)),
        None,
    )
    last = day if over is None else min(over, day)
    edges = [(FeePhase.INVESTMENT, investing), (FeePhase.EXIT, term), (FeePhase.EXTENSION, extended)]
    found, opened = [], start
    for phase, end in edges:
        until = last if end is None else min(end, last)
        if until >= opened:
            found.append((phase, opened, until))
            opened = until + _ONE_DAY
    if opened <= last:
        found.append((FeePhase.AFTER_TERM, opened, last))
    return found


def _years(first: dt.date, last: dt.date) -> list[tuple[dt.date, dt.date]]:
    return [
        (max(first, dt.date(year, 1, 1)), min(last, dt.date(year, 12, 31)))
        for year in range(first.year, last.year + 1)
    ]


def _priced(book: Book, fund: int, period: FeePeriod) -> FeePeriod:
    """With base and rate as agreed on the period's last day, or as first agreed where that came later."""
    if period.phase is FeePhase.AFTER_TERM:
        return replace(period, base_fen=0, rate=Decimal(0))
    basis_name, rate_name = _TERMS[period.phase]
    basis, rate = (_agreed(book, fund, name, period.end) for name in (basis_name, rate_name))
    return replace(
        period,
        basis=basis if isinstance(basis, FeeBasis) else None,
        base_fen=_base(book, fund, basis, period),
        rate=rate if isinstance(rate, Decimal) else None,
    )


def _agreed(book: Book, fund: int, name: str, day: dt.date) -> object:
    found = book.facts.of(fund, name, day)
    if found is None:
        later = book.facts.dated(fund, name, dt.date.max)
        found = later[0][1] if later else None
    return found


def _base(book: Book, fund: int, basis: object, period: FeePeriod) -> int | None:
    """Mean of the base over the period's days; None for a net-asset base, which no posting gives day by day."""
    if basis is FeeBasis.COMMITMENT:
        steps = [s for (of, _), s in book.committed.items() if of == fund]
        return sum(s.average(period.start, period.end) for s in steps)
    if basis is FeeBasis.PAID_IN:
        return book.paid_total[fund].average(period.start, period.end)
    if basis is FeeBasis.INVESTED:
        return book.invested(fund).average(period.start, period.end)
    return None


def _booked(periods: Sequence[FeePeriod], payments: Sequence[Flow]) -> list[FeePeriod]:
    owed = [fee_of(period) for period in periods]
    settled = settle_fees(periods, lambda at, _: owed[at], payments)
    return [
        replace(period, booked=sum(flow.fen for flow in own))
        for period, own in zip(periods, settled, strict=True)
    ]
