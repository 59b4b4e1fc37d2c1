"""Management fees, day by day, exact to the fen.

fee of a day = rate x balance / days in the year, with the rate and the balance in force on that day. Rates
step down by period (investment, exit, extension), and the balance may be commitments, paid-in capital, cost
still invested or net asset value. GF-41: new government funds take fees on paid-in or invested money
(国办发〔2025〕1号); GF-42: the rate falls after the investment period and stops in extensions; GF-43: part is held
for the yearly grade; GF-44: fees come out of income, principal at most advances them (粤财预〔2025〕55号).

Money is int64 fen, days are dates, ISO texts or whole days since 1970-01-01. Fees of successive periods are rounded down
together: their sum is the rounded fee of the whole span, so a year billed by quarters costs the year's fee.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import ceil, floor

import numpy as np
import numpy.typing as npt

from valuation import dates
from valuation.arguments import count, instance, instances, mapping, text
from valuation.dates import DateLike
from valuation.exact import Ints, Rate, days, fen, frozen, member, rate, same_length, whole, year_length
from valuation.exact import day as day_of
from valuation.refusals import ValuationError

FULL_PERIOD = "full period"
"""Day count under which each billing period costs the rate once, whatever its length; see FeeTerms.bills_a_year."""
ACTUAL = "ACT/ACT"
"""Day count under which a day of a leap year is 1/366 of a year, any other 1/365 (ISDA 2006 4.16(b))."""


class FeeMeasure(StrEnum):
    """What the rate is applied to. INVESTED is the cost of investments not yet realised or written off."""

    COMMITMENT = "commitment"
    PAID_IN = "paid_in"
    INVESTED = "invested"
    NAV = "nav"


class Period(StrEnum):
    """The part of a fund's life."""

    INVESTMENT = "investment"
    EXIT = "exit"
    EXTENSION = "extension"


@dataclass(frozen=True, slots=True)
class FeeStep:
    """From `from_day` on (included) the fee is `rate` a year of `basis`."""

    from_day: DateLike
    period: Period
    basis: FeeMeasure
    rate: Rate

    def __post_init__(self) -> None:
        object.__setattr__(self, "from_day", day_of("from_day", self.from_day))
        object.__setattr__(self, "period", member(Period, "period", self.period))
        object.__setattr__(self, "basis", member(FeeMeasure, "basis", self.basis))
        object.__setattr__(self, "rate", rate("rate", self.rate, high=1))

    @property
    def first_day(self) -> int:
        """`from_day` as a day number."""
        return day_of("from_day", self.from_day)


@dataclass(frozen=True, slots=True)
class FeeTerms:
    """The fee clause of an agreement.

    steps     : in the order of days
    ends      : the first day without a fee
    day_count : ACT/365F, ACT/365.25, ACT/360, ACT/ACT, or FULL_PERIOD
    bills_a_year : billing periods in a year, each of which costs the rate over this number under FULL_PERIOD; no
                meaning under the other day counts
    """

    steps: tuple[FeeStep, ...]
    ends: DateLike
    day_count: str = "ACT/365F"
    bills_a_year: int = 1

    def __post_init__(self) -> None:
        object.__setattr__(self, "steps", instances("steps", self.steps, FeeStep))
        object.__setattr__(self, "ends", day_of("ends", self.ends))
        if not self.steps:
            raise ValuationError("steps", "no step")
        for i, (step, before) in enumerate(zip(self.steps[1:], self.steps, strict=False), start=1):
            if step.first_day <= before.first_day:
                raise ValuationError("steps", "not later than the step before", index=i, found=step.from_day)
        if self.last_day <= self.steps[-1].first_day:
            raise ValuationError("ends", "not after the last step", found=self.ends)
        if text("day_count", self.day_count) not in (FULL_PERIOD, ACTUAL):
            year_length("day_count", self.day_count)
        count("bills_a_year", self.bills_a_year, low=1, high=366)

    @property
    def last_day(self) -> int:
        """`ends` as a day number."""
        return day_of("ends", self.ends)


@dataclass(frozen=True, slots=True, eq=False)
class Balance:
    """An amount that stands for some days: fen[i] from days[i] (included) until days[i+1]; 0 before."""

    days: Ints
    fen: Ints

    def __post_init__(self) -> None:
        object.__setattr__(self, "days", days("days", self.days, repeats=False))
        object.__setattr__(self, "fen", fen("fen", self.fen))
        same_length("fen", self.fen.size, self.days.size, "days")

    @classmethod
    def of_flows(cls, flow_days: DateLike, flows: npt.ArrayLike) -> Balance:
        """The running sum of signed flows (days in order, repeats allowed), which may never fall below 0."""
        moved_on, moved = days("flow_days", flow_days), fen("flows", flows, low=None)
        same_length("flows", moved.size, moved_on.size, "flow_days")
        standing = np.cumsum(moved)
        last_of_day = np.flatnonzero(np.append(np.diff(moved_on), 1)[: moved.size])
        at_close = standing[last_of_day]
        if (at_close < 0).any():
            index = int(last_of_day[np.flatnonzero(at_close < 0)[0]])
            raise ValuationError(
                "flows", "the balance falls below 0", index=index, found=int(standing[index])
            )
        return cls(moved_on[last_of_day], at_close)

    def on(self, day: DateLike) -> int:
        """Fen standing on `day`."""
        place = int(np.searchsorted(self.days, day_of("day", day), side="right")) - 1
        return int(self.fen[place]) if place >= 0 else 0


@dataclass(frozen=True, slots=True)
class FeeLine:
    """A stretch of days [from_day, to_day) within one billing period over which nothing changes.

    fee : rate x balance x the part of a year, exact
    """

    billed: int
    from_day: int
    to_day: int
    period: Period
    basis: FeeMeasure
    rate: Fraction
    balance: int
    fee: Fraction


@dataclass(frozen=True, slots=True, eq=False)
class Fees:
    """fees : (k,) fen of each billing period, adding up to the sum of the lines rounded down."""

    fees: Ints
    lines: tuple[FeeLine, ...]


def management_fees(terms: FeeTerms, balances: Mapping[FeeMeasure, Balance], bounds: DateLike) -> Fees:
    """The fee of each billing period.

    balances : one for each basis the terms name
    bounds   : (k+1,) days, rising; period i is [bounds[i], bounds[i+1])
    -> Fees with (k,) fen

    Nothing is due before the first step and from `ends` on. Source: GF-41, GF-42; full periods as in
    published yearly tables.
    """
    instance("terms", terms, FeeTerms)
    mapping("balances", balances)
    edges = days("bounds", bounds, repeats=False)
    if edges.size < 2:
        raise ValuationError("bounds", "needs two days or more")
    for step in terms.steps:
        if step.basis not in balances:
            raise ValuationError("balances", "has none for the basis of a step", found=str(step.basis))
    lines = tuple(line for i in range(edges.size - 1) for line in _lines(terms, balances, edges, i))
    exact = [Fraction(0)] * (edges.size - 1)
    for line in lines:
        exact[line.billed] += line.fee
    fees, before, total = [], 0, Fraction(0)
    for part in exact:
        total += part
        fees.append(floor(total) - before)
        before = floor(total)
    return Fees(frozen(np.array(fees, dtype=np.int64)), lines)


@dataclass(frozen=True, slots=True)
class GradedFee:
    """A fee of which part waits for the grade (fen): fee == base + held; payable == base + what is released.

    released, forfeited : None while the grade is not known
    """

    fee: int
    base: int
    held: int
    released: int | None
    forfeited: int | None

    @property
    def payable(self) -> int:
        """What may be paid now."""
        return self.base + (self.released or 0)


def graded_fee(fee: int, held: Rate, factors: Mapping[str, Rate], grade: str | None) -> GradedFee:
    """Hold part of a fee for the evaluation: payable = base + held x factor[grade].

    fee     : fen; held: its share that waits (rounded up)
    factors : grade -> share of the held part that is released (rounded down)
    grade   : None while not known: nothing is released and nothing forfeited yet

    Source: GF-43; one published programme pays 80 % and holds 20 %, another cuts the fee for the grades
    "medium" and "poor" (闽财规〔2025〕14号).
    """
    amount = whole("fee", fee)
    retained = ceil(rate("held", held, high=1) * amount)
    shares = {name: rate("factors", factor, high=1) for name, factor in mapping("factors", factors).items()}
    if grade is None:
        return GradedFee(amount, amount - retained, retained, None, None)
    if text("grade", grade) not in shares:
        raise ValuationError("grade", f"must be one of {', '.join(map(str, shares))}", found=grade)
    released = floor(shares[grade] * retained)
    return GradedFee(amount, amount - retained, retained, released, retained - released)


@dataclass(frozen=True, slots=True, eq=False)
class FeeAdvances:
    """How fees were met, period by period (fen): fees + repaid == from_income + advanced, whatever the split.

    advanced : principal used in the period; repaid: principal made whole in it
    balance  : (k,) principal advanced and not yet made whole; must be 0 before any carry (GF-44)
    """

    advanced: Ints
    repaid: Ints
    balance: Ints
    income_left: Ints


def fee_advances(fees: npt.ArrayLike, income: npt.ArrayLike) -> FeeAdvances:
    """Fees out of income; principal advances what income does not cover and is made whole by later income.

    fees, income : (k,) fen of successive periods
    balance[k] = max(0, balance[k-1] + fees[k] - income[k]). Source: GF-44 (粤财预〔2025〕55号).
    """
    owed, earned = fen("fees", fees), fen("income", income)
    same_length("income", earned.size, owed.size, "fees")
    rows = []
    balance = 0
    for due, got in zip(owed.tolist(), earned.tolist(), strict=True):
        repaid = min(balance, max(0, got - due))
        advanced = max(0, due - got)
        balance += advanced - repaid
        rows.append((advanced, repaid, balance, max(0, got - due - repaid)))
    table = np.array(rows, dtype=np.int64).reshape(-1, 4)
    return FeeAdvances(*(frozen(column.copy()) for column in table.T))


def _lines(
    terms: FeeTerms, balances: Mapping[FeeMeasure, Balance], edges: Ints, billed: int
) -> Iterator[FeeLine]:
    """The stretches of one billing period over which step and balance do not change."""
    low, high = int(edges[billed]), int(edges[billed + 1])
    for i, step in enumerate(terms.steps):
        start = max(low, step.first_day)
        end = min(high, terms.steps[i + 1].first_day if i + 1 < len(terms.steps) else terms.last_day)
        if start >= end:
            continue
        balance = balances[step.basis]
        inside = balance.days[(balance.days > start) & (balance.days < end)].tolist()
        for since, until in zip([start, *inside], [*inside, end], strict=True):
            standing = balance.on(since)
            part = Fraction(step.rate)
            fee = part * standing * _years(terms, since, until, high - low)
            yield FeeLine(billed, since, until, step.period, step.basis, part, standing, fee)


def _years(terms: FeeTerms, since: int, until: int, period: int) -> Fraction:
    """The part of a year from one day to another within a billing period of `period` days, exact."""
    if terms.day_count == FULL_PERIOD:
        return Fraction(until - since, period * terms.bills_a_year)
    if terms.day_count != ACTUAL:
        return (until - since) / year_length("day_count", terms.day_count)
    total, day = Fraction(0), since
    while day < until:
        start, end = dates.year_of(day)
        stop = min(end, until)
        total += Fraction(stop - day, end - start)
        day = stop
    return total
