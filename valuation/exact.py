"""What enters a computation in whole fen: rates read exactly, amounts and days checked.

Shared by the kernels whose results are booked (split, waterfall, carry, concession, fees). Nothing here
rounds: a rate is a Fraction, an amount an int64 number of fen, a day a number of days since 1970-01-01.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from math import isfinite
from typing import TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt

from valuation import arguments, dates
from valuation.arguments import array_of, check_shape, count, refuse_where
from valuation.dates import DateLike
from valuation.refusals import ValuationError

Word = TypeVar("Word", bound=StrEnum)

Ints: TypeAlias = npt.NDArray[np.int64]
Rate: TypeAlias = Fraction | Decimal | int | float | str
"""A rate or share as a document states it. A float stands for its shortest decimal text: 0.08 is 8/100."""

LIMIT = 2**62
"""Amounts and totals stay below this number of fen (4.6e16 yuan), so that no int64 sum can overflow."""

LONGEST = 400
"""Rates and shares have at most so many digits before and behind the point."""

FAR = 10_000_000
"""Day numbers beyond this are not days."""

YEARS: dict[str, Fraction] = {
    "ACT/365F": Fraction(365),
    "ACT/365.25": Fraction(1461, 4),
    "ACT/360": Fraction(360),
}
"""Days in a year by day-count convention: the conventions under which interest is linear in days."""


def rate(argument: str, value: Rate, *, low: int | None = 0, high: int | None = None) -> Fraction:
    """`value` as an exact fraction, between `low` and `high` (both included; None: no limit).

    Text may be a decimal ("0.08") or a quotient ("1/3"); numpy's float64 and whole numbers count as float and int.
    nan, infinities, booleans and numbers of absurd length are refused.
    """
    if isinstance(value, float):
        value = float(value)  # also of numpy.float64, whose text is another
    elif isinstance(value, np.integer) and not isinstance(value, np.timedelta64):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, Fraction | Decimal | int | float | str):
        raise ValuationError(argument, "must be a number or its text", found=value)
    if isinstance(value, float) and not isfinite(value):
        raise ValuationError(argument, "not finite", found=value)
    exact = _fraction(argument, value)
    if low is not None and exact < low:
        raise ValuationError(argument, f"must be at least {low}", found=value)
    if high is not None and exact > high:
        raise ValuationError(argument, f"must be at most {high}", found=value)
    return exact


def _fraction(argument: str, value: Fraction | Decimal | int | float | str) -> Fraction:
    """A finite number as a fraction; what would fill the memory is refused."""
    if isinstance(value, str) and (not value.isascii() or "_" in value):
        raise ValuationError(argument, "not a number in plain digits", found=value)
    try:
        if isinstance(value, str) and "/" in value:
            return Fraction(value)
        if isinstance(value, float | str | Decimal):
            number = Decimal(repr(value) if isinstance(value, float) else value)
            if not number.is_finite() or number.adjusted() > LONGEST or number.as_tuple().exponent < -LONGEST:  # type: ignore[operator]  # finite: an int
                raise ValuationError(argument, "not a number of sensible length", found=value)
            return Fraction(number)
        return Fraction(value)
    except (ValueError, ArithmeticError):
        raise ValuationError(argument, "not a number", found=value) from None


def whole(argument: str, value: object, *, low: int | None = 0) -> int:
    """`value` as a Python int of fen, at least `low`, below LIMIT in size."""
    number = count(argument, value, low=low)
    if abs(number) >= LIMIT:
        raise ValuationError(argument, "must be below 2**62", found=number)
    return number


def fen(argument: str, values: object, *, ndim: int = 1, low: int | None = 0) -> Ints:
    """`values` as a contiguous int64 array of whole fen with `ndim` dimensions, none below `low`.

    The sum of the sizes must stay below LIMIT. Floats are refused even where they are whole: fen are counted.
    """
    array = arguments.whole(argument, values, shape=(None,) * ndim, low=low)
    if array.size:
        refuse_where((array >= LIMIT) | (array <= -LIMIT), argument, "must be below 2**62", array)
        if float(np.abs(array, dtype=np.float64).sum()) >= LIMIT * 0.999:
            raise ValuationError(argument, "the amounts together must stay below 2**62")
    return np.ascontiguousarray(array)


def days(argument: str, values: DateLike, *, ordered: bool = True, repeats: bool = True) -> Ints:
    """`values` as int64 day numbers, in order unless `ordered` is False.

    Whole numbers are days since 1970-01-01; anything else is read as `valuation.dates.days` reads it (dates, ISO
    texts, datetime64). The same day may stand twice unless `repeats` is False.
    """
    array = _day_numbers(argument, values)
    check_shape(argument, array.shape, (None,))
    step = np.diff(array, prepend=array[:1] - 1) if ordered else np.ones(0, np.int64)
    if repeats:
        refuse_where(step < 0, argument, "earlier than the day before it", array)
    else:
        refuse_where(step <= 0, argument, "not later than the day before it", array)
    return np.ascontiguousarray(array)


def day(argument: str, value: DateLike) -> int:
    """One day as its number since 1970-01-01: a date, an ISO text or a whole number."""
    if isinstance(value, int) and not isinstance(value, bool):
        return count(argument, value, low=-FAR, high=FAR)
    number = _day_numbers(argument, value)
    check_shape(argument, number.shape, ())
    return int(number)


def _day_numbers(argument: str, values: DateLike) -> Ints:
    given = array_of(argument, values)
    if given.dtype.kind in "iu" or given.size == 0:
        return arguments.whole(argument, given, low=-FAR, high=FAR)
    return dates.days(given, argument).astype(np.int64)


def year_length(argument: str, convention: str) -> Fraction:
    """Days in a year under `convention` (a key of YEARS)."""
    if not isinstance(convention, str) or convention not in YEARS:
        raise ValuationError(argument, f"must be one of {', '.join(YEARS)}", found=convention)
    return YEARS[convention]


def member(kind: type[Word], argument: str, value: object) -> Word:
    """`value` as a member of a closed list; its text will do."""
    try:
        return kind(str(value))
    except ValueError:
        raise ValuationError(argument, f"must be one of {', '.join(kind)}", found=value) from None


def same_length(argument: str, length: int, expected: int, of: str) -> None:
    """Refuse `argument` unless it has as many entries as `of`."""
    if length != expected:
        raise ValuationError(argument, f"must be of length {expected} like {of}, is {length}")


def together(argument: str, *arrays: Ints) -> None:
    """Refuse amounts whose sizes add up to LIMIT or more, so that no sum of them can overflow."""
    if sum(float(np.abs(array, dtype=np.float64).sum()) for array in arrays) >= LIMIT * 0.999:
        raise ValuationError(argument, "the amounts together must stay below 2**62")


def frozen(array: Ints) -> Ints:
    """The same array, closed to writing: what a result hands out."""
    array.setflags(write=False)
    return array
