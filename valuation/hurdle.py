"""Accounts of a hurdle return: what has accrued on capital and has not been paid, in whole fen.

One account serves n holders (the partners, or all of them as one). The waterfall tells it, in order of days,
how much capital stood out, what was called and what was paid; it tells how much is due.

Simple   exact: the part of a fen that has accrued is kept as a numerator over a common denominator
Compound in units of 2**-64 fen, growth factors to 38 digits; within 2**-40 of a whole fen it is that fen
Flat     rate x capital called, less what was paid

Due amounts are rounded down. Where nothing is called or paid, looking at an account does not change it, so a
date more or less in the list of dates gives the same fen (unless the terms floor at each event).
"""

from __future__ import annotations

from decimal import Context, Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Protocol

import numpy as np

from valuation.compiled import njit
from valuation.exact import LIMIT, Ints, year_length
from valuation.refusals import ValuationError
from valuation.split import SHORT, TOTAL_LIMIT
from valuation.terms import Accrual, Hurdle

UNIT_BITS = 64
FACTOR_BITS = 128
NEARLY_WHOLE = 1 << (UNIT_BITS - 40)


class Account(Protocol):
    """What a waterfall asks of a hurdle.

    due   : (n,) fen due; below 0 where the holders already have more than the hurdle
    total : their sum
    """

    due: Ints
    total: int

    def accrue(self, day: int, capital: Ints, capital_sum: int) -> None:
        """Bring `due` to `day`; capital: (n,) fen outstanding since the last `settle`, and its sum."""

    def called(self, amounts: Ints) -> None:
        """Capital was called (or, below 0, given back uncalled)."""

    def paid(self, parts: Ints, amount: int) -> None:
        """The holders were paid `parts` of the return, `amount` together."""

    def settle(self) -> None:
        """Something was called, returned or paid today: what follows accrues from here."""


def open_account(hurdle: Hurdle, holders: int) -> Account:
    """A fresh account of `holders` holders."""
    if hurdle.accrual is Accrual.SIMPLE:
        return SimpleAccount(hurdle, holders)
    if hurdle.accrual is Accrual.COMPOUND:
        return CompoundAccount(hurdle, holders)
    return FlatAccount(hurdle, holders)


class SimpleAccount:
    """due += capital x rate x days / year, the remainder kept over the denominator of rate / year."""

    def __init__(self, hurdle: Hurdle, holders: int) -> None:
        per_day = Fraction(hurdle.rate) / year_length("day_count", hurdle.day_count)
        self._numerator, self._denominator = per_day.numerator, per_day.denominator
        self._keep = not hurdle.floor_each_event
        self._remainder = np.zeros(holders, np.int64)
        self._day: int | None = None
        self.due: Ints = np.zeros(holders, np.int64)
        self.total = 0

    def accrue(self, day: int, capital: Ints, capital_sum: int) -> None:
        passed = 0 if self._day is None else day - self._day
        self._day = day
        if not passed or not capital_sum or not self._numerator:
            return
        numerator = self._numerator * passed
        if capital.size >= SHORT and self._in_bounds(numerator, capital, capital_sum):
            self.total += _accrue(
                capital, numerator, self._denominator, self._keep, self.due, self._remainder
            )
            return
        for i, outstanding in enumerate(capital.tolist()):
            fen, rest = divmod(outstanding * numerator + int(self._remainder[i]), self._denominator)
            self._remainder[i] = rest if self._keep else 0
            self.due[i] = _bounded(int(self.due[i]) + fen)
            self.total += fen

    def _in_bounds(self, numerator: int, capital: Ints, capital_sum: int) -> bool:
        """Whether the kernel may work: first by the sum, which is known, then by the largest amount."""
        limit = min(LIMIT, TOTAL_LIMIT * self._denominator) - self._denominator
        return capital_sum * numerator < limit or int(capital.max()) * numerator < limit

    def called(self, amounts: Ints) -> None:
        pass

    def paid(self, parts: Ints, amount: int) -> None:
        self.due -= parts
        self.total -= amount

    def settle(self) -> None:
        pass


class FlatAccount:
    """due = rate x called - paid."""

    def __init__(self, hurdle: Hurdle, holders: int) -> None:
        self._rate = Fraction(hurdle.rate)
        self._called = np.zeros(holders, np.int64)
        self._paid = np.zeros(holders, np.int64)
        self.due: Ints = np.zeros(holders, np.int64)
        self.total = 0

    def accrue(self, day: int, capital: Ints, capital_sum: int) -> None:
        pass

    def called(self, amounts: Ints) -> None:
        self._called += amounts
        top, bottom = self._rate.numerator, self._rate.denominator
        owed = [_bounded(c * top // bottom) for c in self._called.tolist()]
        self.due = np.array(owed, dtype=np.int64) - self._paid
        self.total = int(self.due.sum())

    def paid(self, parts: Ints, amount: int) -> None:
        self._paid += parts
        self.due = self.due - parts
        self.total -= amount

    def settle(self) -> None:
        pass


class CompoundAccount:
    """capital + due grow by (1 + rate) ** (days / year) from the last day on which anything moved.

    Python ints: a factor is not a ratio of small numbers, and 64 bits do not hold a balance and its fraction.
    """

    def __init__(self, hurdle: Hurdle, holders: int) -> None:
        self._hurdle = hurdle
        self._fixed = [0] * holders
        self._anchor: int | None = None
        self._now = [0] * holders
        self._day = 0
        self.due: Ints = np.zeros(holders, np.int64)
        self.total = 0

    def accrue(self, day: int, capital: Ints, capital_sum: int) -> None:
        self._day = day
        if self._anchor is None or day == self._anchor:
            return
        grown = factor(Fraction(self._hurdle.rate), day - self._anchor, self._hurdle.day_count)
        standing = [c << UNIT_BITS for c in capital.tolist()]
        self._now = [
            ((base + unpaid) * grown >> FACTOR_BITS) - base
            for base, unpaid in zip(standing, self._fixed, strict=True)
        ]
        whole = [_bounded((x + NEARLY_WHOLE) >> UNIT_BITS) for x in self._now]
        self.due = np.array(whole, dtype=np.int64)
        self.total = sum(whole)
        if self._hurdle.floor_each_event:
            self._now = [x << UNIT_BITS for x in whole]
            self.settle()

    def called(self, amounts: Ints) -> None:
        pass

    def paid(self, parts: Ints, amount: int) -> None:
        self._now = [x - (p << UNIT_BITS) for x, p in zip(self._now, parts.tolist(), strict=True)]
        self.due = self.due - parts
        self.total -= amount

    def settle(self) -> None:
        self._fixed = self._now
        self._anchor = self._day


@lru_cache(maxsize=4096)
def factor(a_year: Fraction, days: int, day_count: str) -> int:
    """(1 + a_year) ** (days / year) in units of 2**-128, by 80-digit decimals: the same on every machine."""
    if a_year == 0 or days == 0:
        return 1 << FACTOR_BITS
    context = Context(prec=80)
    one_plus = context.divide(Decimal(a_year.denominator + a_year.numerator), Decimal(a_year.denominator))
    years = Fraction(days) / year_length("day_count", day_count)
    exponent = context.divide(Decimal(years.numerator), Decimal(years.denominator))
    grown = context.exp(context.multiply(context.ln(one_plus), exponent))
    scaled = context.multiply(grown, Decimal(1 << FACTOR_BITS))
    if scaled.adjusted() > 70:
        raise ValuationError("rate", f"grows beyond reason, days: {days}", found=str(a_year))
    return int(scaled.to_integral_value())


@njit("i8(i8[::1], i8, i8, b1, i8[::1], i8[::1])")
def _accrue(capital: Ints, numerator: int, denominator: int, keep: bool, due: Ints, remainder: Ints) -> int:
    """due += floor((capital * numerator + remainder) / denominator), holder by holder; -> the sum added.

    Every product stays below 2**62 and every quotient below 2**50 (the caller has looked), so the float
    quotient is within one of the true one. The new remainders are kept, or dropped.
    """
    per_unit = 1.0 / denominator
    added = 0
    for i in range(capital.size):
        product = capital[i] * numerator + remainder[i]
        fen = int(product * per_unit)
        rest = product - fen * denominator
        if rest < 0:
            fen -= 1
            rest += denominator
        elif rest >= denominator:
            fen += 1
            rest -= denominator
        due[i] += fen
        remainder[i] = rest if keep else 0
        added += fen
    return added


def _bounded(fen: int) -> int:
    if abs(fen) >= LIMIT:
        raise ValuationError("rate", "the accrued return passes 2**62 fen", found=fen)
    return fen
