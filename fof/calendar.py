"""Working days in China, by the State Council's yearly notices on public holidays.

A notice moves days both ways: weekdays are off, and some Saturdays and Sundays are worked in their place. The notices
are those of the library `chinesecalendar`; one that it does not hold yet is added as `HolidayNotice`, from the document. What
lies past the last notice is not guessed: a count of it is refused with the year whose notice is missing, a deadline in it
is only said to be no earlier than a day (`Deadline`), and `working_day_range` gives what the count must lie between.

A notice of one year may move the last days of the year before (31 December 2007 was off by the notice for 2008), so the
days from 25 December on are certain only with the next year's notice; they are counted by what is known.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import cache

from fof.errors import FofError
from models.frozen import frozen
from models.text import Text

_ONE = dt.timedelta(days=1)
_MOST_WEEKDAYS_OFF = 32
"""Weekdays that a notice has taken off within a year were 23 at most (2004 to 2026, in 2013); nine more are left for one unseen."""


class NoticeMissing(FofError):
    """Working days of a year whose notice is not in the calendar cannot be counted."""

    code = "holiday_notice_missing"

    def __init__(self, year: int) -> None:
        self.year = year
        super().__init__(
            Text(
                f"没有 {year} 年的放假通知，工作日无法计算",
                f"the notice on public holidays of {year} is missing: working days cannot be counted",
            )
        )


@frozen
class HolidayNotice:
    """A year's notice: the weekdays that are off and the Saturdays and Sundays that are worked.

    document : what it was taken from
    """

    year: int
    off: frozenset[dt.date]
    worked: frozenset[dt.date]
    document: str

    def __post_init__(self) -> None:
        if wrong := sorted(d for d in self.off if d.weekday() > 4):
            raise ValueError(f"{wrong[0]} is a weekend day: it is off without a notice")
        if wrong := sorted(d for d in self.worked if d.weekday() < 5):
            raise ValueError(f"{wrong[0]} is a weekday: it is worked without a notice")


@frozen
class Deadline:
    """The day on which a number of working days is reached.

    day : the day, or where `missing` is a year the first day it can be
    missing : the year whose notice is missing, None where the day is certain
    """

    day: dt.date
    missing: int | None = None

    @property
    def text(self) -> Text:
        """The day, or that it is not before a day and whose notice is missing."""
        if self.missing is None:
            return Text(self.day.isoformat(), self.day.isoformat())
        return Text(
            f"不早于 {self.day}（缺 {self.missing} 年放假通知）",
            f"not before {self.day}, notice of {self.missing} missing",
        )

    def __str__(self) -> str:
        return str(self.text)


class WorkingCalendar:
    """Working days by a set of notices.

    Raises
    ------
    ValueError : two notices of one year
    """

    def __init__(self, notices: Iterable[HolidayNotice]) -> None:
        by_year: dict[int, HolidayNotice] = {}
        for notice in notices:
            if notice.year in by_year:
                raise ValueError(f"two notices of {notice.year}")
            by_year[notice.year] = notice
        self.notices = dict(sorted(by_year.items()))
        self._off = sorted({d.toordinal() for n in by_year.values() for d in n.off})
        self._worked = sorted({d.toordinal() for n in by_year.values() for d in n.worked})

    def with_notices(self, more: Iterable[HolidayNotice]) -> WorkingCalendar:
        """This calendar with notices added, itself where none is new; a published year is not replaced."""
        added = [n for n in more if n.year not in self.notices]
        return WorkingCalendar([*self.notices.values(), *added]) if added else self

    def working_days(self, first: dt.date, last: dt.date) -> int:
        """Working days after `first` up to and with `last`; 0 where last is not after first.

        Raises
        ------
        NoticeMissing : a day of the span lies in a year without a notice
        """
        if last <= first:
            return 0
        if (missing := self._missing(first + _ONE, last)) is not None:
            raise NoticeMissing(missing)
        return self._counted(first, last)

    def working_day_range(self, first: dt.date, last: dt.date) -> tuple[int, int]:
        """The least and the most working days after `first` up to and with `last`; equal where every notice is there.

        In a year without a notice every day may be worked, and all but `_MOST_WEEKDAYS_OFF` weekdays must be.
        """
        least = most = 0
        start = first
        while start < last:
            end = min(last, dt.date((start + _ONE).year, 12, 31))
            if end.year in self.notices:
                days = self._counted(start, end)
                least, most = least + days, most + days
            else:
                least += max(0, _weekdays(start, end) - _MOST_WEEKDAYS_OFF)
                most += (end - start).days
            start = end
        return least, most

    def deadline(self, first: dt.date, number: int) -> Deadline:
        """The day on which `number` working days after `first` are reached.

        Past the last notice the day is a bound: as if every day from there on were worked.

        Raises
        ------
        ValueError : number is negative
        """
        if number < 0:
            raise ValueError("a number of working days is not negative")
        day, left = first, number
        while left:
            day += _ONE
            if day.year not in self.notices:
                return Deadline(day + dt.timedelta(days=left - 1), day.year)
            left -= self.is_working_day(day)
        return Deadline(day)

    def is_working_day(self, day: dt.date) -> bool:
        """Whether the day is worked. Raises NoticeMissing for a year without a notice."""
        notice = self.notices.get(day.year)
        if notice is None:
            raise NoticeMissing(day.year)
        return self._counted(day - _ONE, day) == 1

    def _missing(self, first: dt.date, last: dt.date) -> int | None:
        return next((y for y in range(first.year, last.year + 1) if y not in self.notices), None)

    def _counted(self, first: dt.date, last: dt.date) -> int:
        return _weekdays(first, last) - _within(self._off, first, last) + _within(self._worked, first, last)


def _weekdays(first: dt.date, last: dt.date) -> int:
    """Days from Monday to Friday in (first, last]."""
    return _weekdays_to(last) - _weekdays_to(first)


def _weekdays_to(day: dt.date) -> int:
    weeks, rest = divmod(day.toordinal(), 7)  # day 1 is a Monday
    return 5 * weeks + min(rest, 5)


def _within(days: Sequence[int], first: dt.date, last: dt.date) -> int:
    return bisect_right(days, last.toordinal()) - bisect_right(days, first.toordinal())


@cache
def published() -> WorkingCalendar:
    """The calendar of the notices that the library holds, from 2004 on."""
    from chinese_calendar import constants

    off = [d for d in constants.holidays if d.weekday() < 5]
    worked = list(constants.workdays)
    return WorkingCalendar(
        HolidayNotice(
            year,
            frozenset(d for d in off if d.year == year),
            frozenset(d for d in worked if d.year == year),
            f"chinesecalendar, {year}",
        )
        for year in sorted({d.year for d in off})
    )


def working_days(first: dt.date, last: dt.date) -> int:
    """Working days after `first` up to and with `last`, by published notices.

    Raises
    ------
    NoticeMissing : a day of the span lies in a year without a published notice
    """
    return published().working_days(first, last)
