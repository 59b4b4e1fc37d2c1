"""Days of the invented office. Working days are Monday to Friday; public holidays are left out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

LAST = dt.date(2026, 9, 30)
"""The last day the workbooks tell about."""

REORGANISED = dt.date(2023, 6, 30)
"""The old guidance fund is merged into the parent fund."""


def workday(day: dt.date) -> dt.date:
    """The day itself, or the Monday after a weekend."""
    return day + dt.timedelta(days=(0, 0, 0, 0, 0, 2, 1)[day.weekday()])


def after(day: dt.date, days: int) -> dt.date:
    """A working day some calendar days later (earlier if negative)."""
    return workday(day + dt.timedelta(days=days))


def years_after(day: dt.date, years: int) -> dt.date:
    return day.replace(year=day.year + years, day=min(day.day, 28))


def quarter_ends(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    """Every quarter end from first to last, both included."""
    for year in range(first.year, last.year + 1):
        for month, day in ((3, 31), (6, 30), (9, 30), (12, 31)):
            end = dt.date(year, month, day)
            if first <= end <= last:
                yield end


def quarter_name(day: dt.date) -> str:
    return f"{day.year}Q{(day.month + 2) // 3}"
