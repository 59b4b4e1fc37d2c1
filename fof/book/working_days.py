"""The working days of a book: published notices, and those that the office entered with their document for years not published yet."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from fof.book.index import Book
from fof.calendar import HolidayNotice, WorkingCalendar, published
from models.kinds import GovernmentLevel


def calendar_of(book: Book, day: dt.date) -> WorkingCalendar:
    """The calendar as it was known in the book on a day. A year counts as entered where a public holiday of it is stated."""
    off, worked = _stated(book, "public_holidays", day), _stated(book, "makeup_workdays", day)
    by_year: dict[int, list[set[dt.date]]] = defaultdict(lambda: [set(), set()])
    for one in off:
        by_year[one.year][0].add(one)
    for one in worked:
        by_year[one.year][1].add(one)
    notices = [
        HolidayNotice(
            year,
            frozenset(d for d in holidays if d.weekday() < 5),
            frozenset(d for d in made_up if d.weekday() > 4),
            "public_holidays",
        )
        for year, (holidays, made_up) in sorted(by_year.items())
        if holidays
    ]
    return published().with_notices(notices)


def _stated(book: Book, name: str, day: dt.date) -> Iterable[dt.date]:
    """Days in lists of governments of the province (or of no stated level), that can be read."""
    for party in book.facts.holders(name):
        if book.facts.of(party, "government_level", day) not in (None, GovernmentLevel.PROVINCE):
            continue
        for _, listed in book.facts.dated(party, name, day):
            for text in listed:
                try:
                    yield dt.date.fromisoformat(text.strip())
                except ValueError:
                    continue
