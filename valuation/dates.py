"""Days, and the years between them under each day count.

A day is an int32 day number since 1970-01-01. `days` is the one door: it also takes numpy datetime64, dates
and ISO texts. A rate found from dates is meaningless without its day count; ours is ACT/365F unless said.

    ACT/365F    days / 365 (Excel XIRR, GIPS practice)
    ACT/365.25  days / 365.25
    ACT/360     days / 360
    ACT/ACT     ISDA 2006 4.16(b): days in leap years / 366 + days in other years / 365
    30/360      ISDA 2006 4.16(f), bond basis: day 31 becomes 30; the second only after a first of 30 or 31
    30U/360     SIA (US): as 30/360, and the last day of February counts as 30
    30E/360     ISDA 2006 4.16(g): day 31 becomes 30 on both sides
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from valuation.arguments import Floats, array_of, refuse_where
from valuation.refusals import ValuationError

Days = NDArray[np.int32]
DateLike = ArrayLike | Sequence[dt.date] | Sequence[str] | dt.date | str

YEAR_LENGTHS: Final = {"ACT/365F": 365.0, "ACT/365.25": 365.25, "ACT/360": 360.0}
"""Day counts under which a year is a fixed number of days, so that days themselves can be discounted."""

DAY_COUNTS: Final = (*YEAR_LENGTHS, "ACT/ACT", "30/360", "30U/360", "30E/360")

FIRST, LAST = -719162, 2932896
"""0001-01-01 and 9999-12-31."""

EPOCH = dt.date(1970, 1, 1).toordinal()


def days(value: DateLike, argument: str = "days") -> Days:
    """Day numbers since 1970-01-01 of whole numbers, datetime64, dates or ISO texts, in the shape given.

    Any order, repeats allowed. Refused: whole numbers and dates in one series, fractions of a day, times of day, not-a-time,
    years outside 1 to 9999.
    """
    raw = array_of(argument, value)
    if raw.dtype == np.int32:
        numbers = raw
    elif raw.dtype.kind in "iu":
        if raw.dtype.kind == "u":
            refuse_where(raw > LAST, argument, "outside the years 1 to 9999", raw)
        numbers = raw.astype(np.int64)
    elif raw.size == 0:
        return np.empty(raw.shape, np.int32)
    else:
        numbers = _as_day_numbers(raw, argument)
    if numbers.size and (int(numbers.min()) < FIRST or int(numbers.max()) > LAST):
        refuse_where((numbers < FIRST) | (numbers > LAST), argument, "outside the years 1 to 9999", numbers)
    return numbers.astype(np.int32, copy=False)


def day(value: DateLike, argument: str = "day") -> int:
    """`days` for one day."""
    number = days(value, argument)
    if number.ndim != 0:
        raise ValuationError(argument, "must be one day", found=number.shape)
    return int(number)


def _as_day_numbers(raw: NDArray[np.generic], argument: str) -> NDArray[np.int64]:
    if raw.dtype.kind == "M":
        refuse_where(np.isnat(raw), argument, "not a day", np.full(raw.shape, "NaT"))
        whole = raw.astype("datetime64[D]")
        refuse_where(np.asarray(whole != raw), argument, "carries a time of day", raw.astype(str))
        return whole.astype(np.int64)
    if raw.dtype.kind not in "OU":
        raise ValuationError(
            argument, "must be days: dates, ISO texts, datetime64 or whole numbers", found=str(raw.dtype)
        )
    numbers = np.empty(raw.shape, np.int64)
    counted: bool | None = None
    for place in np.ndindex(raw.shape):
        number, item = _day_number(raw[place]), raw[place]
        index = place[0] if len(place) == 1 else place or None
        if number is None or not FIRST <= number <= LAST:
            plain = (
                str(item) if isinstance(item, str) else item
            )  # a text of the array library prints its own name
            raise ValuationError(argument, "not a day", index=index, found=plain)
        is_count = isinstance(item, int | np.integer)
        if (
            counted is not None and counted != is_count
        ):  # days since when? a series begins where its caller says
            raise ValuationError(
                argument, "whole numbers and dates must not be mixed", index=index, found=str(item)
            )
        counted = is_count
        numbers[place] = number
    return numbers


def _day_number(item: object) -> int | None:
    """The day number of one date, ISO text or whole number; None for anything else."""
    try:
        if isinstance(item, str):
            item = dt.date.fromisoformat(item)
        if isinstance(item, dt.datetime):
            item = item.date() if item.time() == dt.time.min else None
        if isinstance(item, dt.date):
            return item.toordinal() - EPOCH
        if isinstance(item, int | np.integer) and not isinstance(item, bool):
            return int(item)
        if isinstance(item, np.datetime64) and item == item.astype("datetime64[D]"):
            return int(item.astype("datetime64[D]").astype(np.int64))
    except (ValueError, TypeError):
        return None
    return None


def year_of(number: int) -> tuple[int, int]:
    """First day of the calendar year that holds day `number`, and of the year after it."""
    year = np.datetime64(number, "D").astype("datetime64[Y]")
    first, after = year.astype("datetime64[D]"), (year + 1).astype("datetime64[D]")
    return int(first.astype(np.int64)), int(after.astype(np.int64))


def quarter_start(number: int) -> int:
    """First day of the calendar quarter that ends on day `number`."""
    tomorrow = np.datetime64(number + 1, "D")
    month = tomorrow.astype("datetime64[M]")
    if tomorrow != month or int(month.astype(np.int64)) % 3 != 0:
        raise ValuationError("quarter_end", "not the last day of a quarter", found=str(tomorrow - 1))
    return int((month - 3).astype("datetime64[D]").astype(np.int64))


def canonical(day_count: str) -> str:
    """The day count as written in DAY_COUNTS, in any case of letters."""
    name = day_count.upper() if isinstance(day_count, str) else day_count
    if not isinstance(name, str) or name not in DAY_COUNTS:
        raise ValuationError("day_count", f"must be one of {', '.join(DAY_COUNTS)}", found=day_count)
    return name


def year_fractions(start: DateLike, end: DateLike, day_count: str = "ACT/365F") -> Floats:
    """Years from `start` to `end`, spread to one shape by numpy's rules; negative where end comes first.

    Under 30/360 and its variants the earlier of the two days is the first one of the rule.
    """
    name = canonical(day_count)
    first, last = np.broadcast_arrays(days(start, "start"), days(end, "end"))
    if name in YEAR_LENGTHS:
        return np.asarray((last.astype(np.int64) - first) / YEAR_LENGTHS[name], np.float64)
    if name == "ACT/ACT":
        return np.asarray(_calendar_years(last) - _calendar_years(first), np.float64)
    sign = np.where(last < first, -1.0, 1.0)
    return sign * _thirty_360(np.minimum(first, last), np.maximum(first, last), name)


def _parts(numbers: NDArray[np.integer]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Year, month (1 to 12) and day of the month of day numbers."""
    stamps = numbers.astype("datetime64[D]")
    months = stamps.astype("datetime64[M]")
    index = months.astype(np.int64)
    return index // 12 + 1970, index % 12 + 1, (stamps - months).astype(np.int64) + 1


def _calendar_years(numbers: NDArray[np.integer]) -> Floats:
    """Years since 1970 with each calendar year one long, so that differences are ACT/ACT."""
    years = numbers.astype("datetime64[D]").astype("datetime64[Y]")
    start, stop = years.astype("datetime64[D]"), (years + 1).astype("datetime64[D]")
    length = (stop - start).astype(np.int64)
    passed = numbers.astype(np.int64) - start.astype(np.int64)
    return np.asarray(years.astype(np.int64) + passed / length, np.float64)


def _thirty_360(first: NDArray[np.integer], last: NDArray[np.integer], name: str) -> Floats:
    y1, m1, d1 = _parts(first)
    y2, m2, d2 = _parts(last)
    if name == "30E/360":
        d1, d2 = np.minimum(d1, 30), np.minimum(d2, 30)
    else:
        if name == "30U/360":
            ends1, ends2 = _ends_february(first, m1), _ends_february(last, m2)
            d2 = np.where(ends1 & ends2, 30, d2)
            d1 = np.where(ends1, 30, d1)
        d1 = np.minimum(d1, 30)
        d2 = np.where((d2 == 31) & (d1 == 30), 30, d2)
    return np.asarray(((y2 - y1) * 360 + (m2 - m1) * 30 + (d2 - d1)) / 360.0, np.float64)


def _ends_february(numbers: NDArray[np.integer], month: NDArray[np.int64]) -> NDArray[np.bool_]:
    tomorrow = _parts(numbers.astype(np.int64) + 1)[2]
    return np.asarray((month == 2) & (tomorrow == 1))


def discount_times(numbers: Days, day_count: str = "ACT/365F") -> tuple[Days | Floats, float]:
    """Times to discount at, and how many of their units make a year: what the rate kernels take.

    numbers : (n,) day numbers in any order
    -> the days themselves and the length of a year where it is fixed, else years from the earliest
    day and 1.0
    """
    name = canonical(day_count)
    if name in YEAR_LENGTHS:
        return numbers, YEAR_LENGTHS[name]
    if numbers.size == 0:
        return np.empty(0), 1.0
    return year_fractions(numbers.min(), numbers, name), 1.0
