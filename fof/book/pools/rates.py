"""Compensation rates and the three limits of a pool: enrolment stop, excess no longer borne, payment cap (RC-08, RC-22).

A rate always has a named denominator and says whether recoveries are taken off; its numerator counts by the day of payment.
A stop lasts until an entry resumes it, whatever the rate does meanwhile.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from fractions import Fraction
from itertools import accumulate, chain
from operator import sub
from typing import NamedTuple

from fof.book.identities import Registered
from fof.rules.calendar_days import add_years
from models.frozen import frozen
from models.pools import Denominator, Grossness, LimitKind, LimitPeriod

FIRST = dt.date(1900, 1, 1)


class Window(NamedTuple):
    """The days a rate counts: after the first, up to and with the last."""

    after: dt.date
    until: dt.date


def window(period: LimitPeriod, day: dt.date) -> Window:
    """The period of a limit that a day lies in."""
    if period is LimitPeriod.CUMULATIVE:
        return Window(FIRST, day)
    if period is LimitPeriod.YEAR:
        return Window(dt.date(day.year - 1, 12, 31), day)
    return Window(add_years(day, -1), day)


class DatedSums:
    """Dated amounts that are added up over windows."""

    def __init__(self, dated: Iterable[tuple[dt.date, int]]) -> None:
        by_day: dict[dt.date, int] = {}
        for day, fen in dated:
            by_day[day] = by_day.get(day, 0) + fen
        self.days = sorted(by_day)
        self._running = list(accumulate(map(by_day.__getitem__, self.days)))

    def until(self, day: dt.date) -> int:
        """The sum up to and with a day."""
        at = bisect_right(self.days, day)
        return self._running[at - 1] if at else 0

    def dated(self) -> Iterator[tuple[dt.date, int]]:
        """Each day with what was added on it."""
        return zip(self.days, map(sub, self._running, [0, *self._running]), strict=False)

    def over(self, span: Window) -> int:
        """The sum over a window."""
        return self.until(span.until) - self.until(span.after)


@frozen
class Tally:
    """What rates of a pool, or of one bank or guarantor in it, are made of."""

    paid: DatedSums
    recovered: DatedSums
    enrolled: DatedSums
    released: DatedSums
    matured: DatedSums
    outstanding: DatedSums  # changes of it

    @classmethod
    def joined(cls, parts: Sequence[Tally]) -> Tally:
        """One tally of several that sum different rows."""
        names = [own.name for own in fields(cls)]
        return cls(*(DatedSums(chain.from_iterable(getattr(p, n).dated() for p in parts)) for n in names))

    def denominator(self, of: Denominator, span: Window) -> int:
        """The amount that a rate is of, in fen."""
        match of:
            case Denominator.RELEASED:
                return self.released.over(span)
            case Denominator.MATURED:
                return self.matured.over(span)
            case Denominator.OUTSTANDING:
                return self.outstanding.until(span.until)
            case Denominator.ENROLLED:
                return self.enrolled.over(span)

    def rate(self, of: Denominator, gross: Grossness, period: LimitPeriod, day: dt.date) -> CompensationRate:
        """A compensation rate on a day."""
        span = window(period, day)
        paid = self.paid.over(span)
        if gross is Grossness.NET:
            paid -= self.recovered.over(span)
        return CompensationRate(of, gross, period, span, paid, self.denominator(of, span))


@frozen
class CompensationRate:
    """A compensation rate: what it is, and its two amounts in fen; no value where there is nothing to divide by."""

    of: Denominator
    gross: Grossness
    period: LimitPeriod
    span: Window
    numerator: int
    denominator: int

    @property
    def value(self) -> Fraction | None:
        return Fraction(self.numerator, self.denominator) if self.denominator > 0 else None


@frozen
class LimitState:
    """A limit on a day.

    rate      : of a limit that is a rate; None of an amount
    used      : fen that count against it         allowed : fen at which it is reached; None where that cannot be told
    warned    : at or above its warning share     reached : at or above the limit
    stopped_on: of an enrolment stop, since when; None where it is open
    """

    limit: Registered
    kind: LimitKind
    rate: CompensationRate | None
    highest: Fraction | None
    used: int
    allowed: int | None
    warned: bool | None
    reached: bool | None
    stopped_on: dt.date | None
    resumed_on: dt.date | None

    @property
    def left(self) -> int | None:
        """Fen until it is reached; None where that cannot be told."""
        return None if self.allowed is None else max(self.allowed - self.used, 0)

    @property
    def points_left(self) -> Fraction | None:
        """Distance of a rate to its limit, as a share; below zero where it is passed."""
        if self.rate is None or self.highest is None or self.rate.value is None:
            return None
        return self.highest - self.rate.value


WARNING = Fraction(4, 5)
"""The share of a limit at which it warns where the limit states none (RC-08)."""


def limit_state(limit: Registered, tally: Tally, day: dt.date) -> LimitState | None:
    """A limit as it stands on a day; None before it was agreed."""
    kind: LimitKind | None = limit.on("limit_kind", day)
    if kind is None or limit.first_day > day:
        return None
    used, allowed, rate, highest = _measure(limit, tally, day)
    warning = limit.on("warning_share", day)
    level = None if allowed is None else (WARNING if warning is None else Fraction(warning)) * allowed
    stopped = resumed = None
    if kind is LimitKind.ENROLMENT_STOP:
        stopped, resumed = _stopped(limit, tally, day)
    return LimitState(
        limit,
        kind,
        rate,
        highest,
        used,
        allowed,
        None if level is None or not allowed else used >= level,
        None if allowed is None or (not allowed and not used) else used >= allowed,
        stopped,
        resumed,
    )


def _measure(
    limit: Registered, tally: Tally, day: dt.date
) -> tuple[int, int | None, CompensationRate | None, Fraction | None]:
    """(what counts against it, what is allowed, the rate, its limit)."""
    period = limit.on("limit_period", day) or LimitPeriod.YEAR
    gross = limit.on("limit_grossness", day) or Grossness.GROSS
    amount, highest = limit.on("limit_amount", day), limit.on("limit_rate", day)
    of: Denominator | None = limit.on("limit_denominator", day)
    rate = None
    if highest is not None and of is not None:
        rate = tally.rate(of, gross, period, day)
        by_rate = int(Fraction(highest) * rate.denominator) if rate.denominator > 0 else 0
        allowed = by_rate if amount is None else min(by_rate, int(amount))
        return rate.numerator, allowed, rate, Fraction(highest)
    span = window(period, day)
    used = tally.paid.over(span) - (tally.recovered.over(span) if gross is Grossness.NET else 0)
    return used, None if amount is None else int(amount), None, None


def _stopped(limit: Registered, tally: Tally, day: dt.date) -> tuple[dt.date | None, dt.date | None]:
    """(since when enrolment is stopped, when it was resumed last): reached on a day of payment, or of a change of what is
    outstanding, and open reopened from the day of an entry that resumes it."""
    resumed = [(on, value) for on, value in limit.ever("resumed_on", day)]
    days = set(tally.paid.days)
    if limit.on("limit_denominator", day) is Denominator.OUTSTANDING:
        days |= set(tally.outstanding.days)
    since: dt.date | None = None
    reopened: dt.date | None = None
    for one in sorted(d for d in days if limit.first_day <= d <= day):
        if since is not None:
            opened = [value for _, value in resumed if since <= value <= one]
            if opened:
                since, reopened = None, opened[-1]
        if since is None:
            used, allowed, _, _ = _measure(limit, tally, one)
            if allowed is not None and used and used >= allowed and (reopened is None or one > reopened):
                since = one
    if since is not None:
        opened = [value for _, value in resumed if since <= value <= day]
        if opened:
            since, reopened = None, opened[-1]
    return since, reopened
