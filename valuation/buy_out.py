"""Buy-out of a guidance fund's stake at a price known beforehand: a concession of upside (让利) by sale.

Other holders may buy the stake early at cost, later at cost and loan interest (GF-47, 财企〔2007〕128号 Art. 15):
the fund forgoes the rise, never principal. The opposite right, by which the fund must buy others out,
promises them their money, and is refused (财预〔2015〕210号 Art. 13, GF-30).

Money is int64 fen, days are dates, ISO texts or whole days since
1970-01-01. Interest is rounded up: the odd fen stays with the
public side. A figure that is not known is None, never 0.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import ceil

import numpy as np
import numpy.typing as npt

from valuation.arguments import count, instance, instances
from valuation.dates import DateLike
from valuation.exact import Ints, Rate, days, fen, member, rate, same_length, whole, year_length
from valuation.exact import day as day_of
from valuation.refusals import ValuationError
from valuation.terms import PROMISE

EPOCH = dt.date(1970, 1, 1)
MOST_YEARS = 1000


class Right(StrEnum):
    """CALL: others may buy the fund's stake. PUT: the fund must buy theirs, a promise, and refused."""

    CALL = "call"
    PUT = "put"


class Price(StrEnum):
    """COST, COST_PLUS_INTEREST (simple), MARKET."""

    COST = "cost"
    COST_PLUS_INTEREST = "cost_plus_interest"
    MARKET = "market"


@dataclass(frozen=True, slots=True)
class BuyOutStep:
    """The price while the stake is at most `until_years` old (the anniversary included); None: from then on.

    rate           : a year, at most 1, simple, for COST_PLUS_INTEREST: commonly the one-year loan rate on the day of
                     sale
    interest_after : interest runs only from this anniversary of the start; 0: from each payment
    """

    until_years: int | None
    price: Price
    rate: Rate = 0
    interest_after: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "price", member(Price, "price", self.price))
        object.__setattr__(self, "rate", rate("rate", self.rate, high=1))
        if self.until_years is not None:
            count("until_years", self.until_years, low=1, high=MOST_YEARS)
        count("interest_after", self.interest_after, high=MOST_YEARS)
        if self.price is not Price.COST_PLUS_INTEREST and (self.rate or self.interest_after):
            raise ValuationError("rate", "interest belongs to cost_plus_interest only", found=str(self.rate))


@dataclass(frozen=True, slots=True)
class BuyOut:
    """A right of other holders to buy the fund's stake at a price known beforehand.

    steps : by age, the last one without end
    right : see Right
    """

    steps: tuple[BuyOutStep, ...]
    day_count: str = "ACT/365F"
    right: Right = Right.CALL

    def __post_init__(self) -> None:
        object.__setattr__(self, "steps", instances("steps", self.steps, BuyOutStep))
        if member(Right, "right", self.right) is Right.PUT:
            raise ValuationError("right", f"the fund must buy: {PROMISE}", found=str(self.right))
        year_length("day_count", self.day_count)
        if not self.steps or self.steps[-1].until_years is not None:
            raise ValuationError("steps", "the last step must have no end")
        ends = [step.until_years for step in self.steps[:-1]]
        for i, end in enumerate(ends):
            if end is None or (i and end <= (ends[i - 1] or 0)):
                raise ValuationError("steps", "must end later than the step before", index=i, found=end)


@dataclass(frozen=True, slots=True)
class BuyOutPrice:
    """The price on a day (fen): cost of capital not yet returned + interest, or the market value.

    step     : position of the step in force
    market   : as given, None where not known
    conceded : market - price, not below 0; None where the market value is not known
    """

    day: int
    step: int
    cost: int
    interest: int
    price: int
    market: int | None
    conceded: int | None


def common_buy_out(loan_rate: Rate) -> BuyOut:
    """Cost within 3 years, cost and loan interest up to 5, the market value after.

    Source: the first two steps 财企〔2007〕128号 Art. 15; the third is many provinces' practice, recalled (GF-47).
    """
    return BuyOut(
        (
            BuyOutStep(3, Price.COST),
            BuyOutStep(5, Price.COST_PLUS_INTEREST, loan_rate),
            BuyOutStep(None, Price.MARKET),
        )
    )


def buy_out_price(
    terms: BuyOut,
    started: DateLike,
    flow_days: DateLike,
    flows: npt.ArrayLike,
    day: DateLike,
    market: int | None = None,
) -> BuyOutPrice:
    """The price at which others may buy the fund's stake on `day`.

    started   : the day from which the age of the stake counts
    flow_days : (k,) in order, none after `day`; flows: (k,) fen paid in (> 0) or of capital returned (< 0)
    market    : fen, the appraised value of the stake; needed where the step sells at market
    -> BuyOutPrice

    interest = sum of capital out x rate x days / year, rounded up. Years end on the corresponding date, or
    the last day of its month (民法典 Art. 202). A sale below this price loses state assets (GF-47).
    """
    instance("terms", terms, BuyOut)
    moved_on, moved = days("flow_days", flow_days), fen("flows", flows, low=None)
    same_length("flows", moved.size, moved_on.size, "flow_days")
    day, started = day_of("day", day), day_of("started", started)
    value = None if market is None else whole("market", market)
    if day < started:
        raise ValuationError("day", "is before the start", found=day)
    late = np.flatnonzero(moved_on > day)
    if late.size:
        raise ValuationError("flow_days", "is after the day of sale", index=int(late[0]))
    out = np.cumsum(moved)
    below = np.flatnonzero(out < 0)
    if below.size:
        raise ValuationError("flows", "returns more than is outstanding", index=int(below[0]))
    index = next(
        i
        for i, s in enumerate(terms.steps)
        if s.until_years is None or day <= years_on(started, s.until_years)
    )
    step = terms.steps[index]
    cost = int(out[-1]) if out.size else 0
    interest = 0
    if step.price is Price.MARKET:
        if value is None:
            raise ValuationError("market", "is needed: the stake is past the steps at cost")
        return BuyOutPrice(day, index, cost, 0, value, value, 0)
    if step.price is Price.COST_PLUS_INTEREST:
        begins = years_on(started, step.interest_after) if step.interest_after else None
        interest = _interest(step, terms.day_count, moved_on, out, day, begins)
    price = cost + interest
    return BuyOutPrice(
        day, index, cost, interest, price, value, None if value is None else max(0, value - price)
    )


def years_on(day: DateLike, years: int) -> int:
    """The corresponding day `years` later; the last day of the month where there is none (29 February)."""
    start = EPOCH + dt.timedelta(days=day_of("day", day))
    years = count("years", years, high=MOST_YEARS)
    if start.year + years > dt.MAXYEAR:
        raise ValuationError("years", "lead beyond the year 9999", found=years)
    try:
        later = start.replace(year=start.year + years)
    except ValueError:
        later = start.replace(year=start.year + years, day=28)
    return (later - EPOCH).days


def _interest(
    step: BuyOutStep, day_count: str, moved_on: Ints, out: Ints, day: int, begins: int | None
) -> int:
    """Simple interest on the balance after each flow until the next one, rounded up."""
    edges = [*moved_on.tolist(), day]
    fen_days = 0
    for i, balance in enumerate(out.tolist()):
        since = edges[i] if begins is None else max(edges[i], begins)
        fen_days += balance * max(0, edges[i + 1] - since)
    return ceil(Fraction(step.rate) * fen_days / year_length("day_count", day_count))
