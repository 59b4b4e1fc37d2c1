"""Days and months, as periods in rules are counted; working days are those of fof.calendar."""

from __future__ import annotations

import datetime as dt

_QUARTER_ENDS = ((3, 31), (6, 30), (9, 30), (12, 31))
_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day of the month `months` later, or the month's last day where it has no such day.

    >>> add_months(dt.date(2024, 8, 31), 6)
    datetime.date(2025, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    leap = month == 1 and (year % 4 == 0 and (year % 100 != 0 or year % 400 == 0))
    return dt.date(year, month + 1, min(day.day, 29 if leap else _DAYS[month]))


def add_years(day: dt.date, years: int) -> dt.date:
    """The same day `years` later; 29 February becomes 28 February where it must."""
    return add_months(day, 12 * years)


def months_between(start: dt.date, end: dt.date) -> int:
    """Whole months from `start` on that have begun by `end`: a day more than n months is the month n + 1."""
    months = (end.year - start.year) * 12 + end.month - start.month
    return months + (end > add_months(start, months))


def quarter_ends(first: dt.date, last: dt.date) -> list[dt.date]:
    """Every quarter end from first to last, both included where they are quarter ends."""
    ends = [dt.date(year, *end) for year in range(first.year, last.year + 1) for end in _QUARTER_ENDS]
    return [end for end in ends if first <= end <= last]


def quarter_end_before(day: dt.date) -> dt.date:
    """The last quarter-end on or before `day`."""
    return quarter_ends(add_months(day, -3), day)[-1]
