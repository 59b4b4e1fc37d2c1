"""What is stated of companies, in arrays: each attribute over time and yearly figures, indexed once for a prefix, asked on any day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import cached_property
from typing import Any

import numpy as np

from fof.book.reading import Bools, once_per_prefix
from fof.book.succession import current, succession, successors
from fof.ledger import View, day_number
from fof.ledger.journal_columns import Ints, Ints32
from models.frozen import frozen
from models.kinds import PartyKind

MISSING = int(np.iinfo(np.int64).min)
"""Stands where nothing is stated."""
_SHIFT = 33


@frozen
class StatedColumn:
    """One attribute of all companies over time.

    key    : (rows,) place of the company and day, sorted          value : as int64: fen, count, day number, 1 or 0; of
             words and texts the place in `texts`
    single : no company states it twice, so that a day is one comparison
    """

    size: int
    key: Ints
    place: Ints
    day: Ints
    value: Ints
    texts: tuple[str, ...]
    single: bool

    def on(self, day: int) -> Ints:
        """The value in force on a day by company, MISSING where none is."""
        return self._at(day, self.value)

    def since(self, day: int) -> Ints:
        """The day of the statement in force on a day by company, MISSING where none is."""
        return self._at(day, self.day)

    def _at(self, day: int, column: Ints) -> Ints:
        answer = np.full(self.size, MISSING, np.int64)
        if self.single:
            there = self.day <= day
            answer[self.place[there]] = column[there]
            return answer
        if not len(self.key):
            return answer
        first = np.arange(self.size, dtype=np.int64) << _SHIFT
        row = np.searchsorted(self.key, first + (day + 2**31), side="right") - 1
        there = (row >= 0) & (self.place[row] == np.arange(self.size))
        answer[there] = column[row[there]]
        return answer

    def within(self, first: int, last: int) -> Ints:
        """The last value stated on one of some days, MISSING where none is."""
        answer = np.full(self.size, MISSING, np.int64)
        rows = np.flatnonzero((self.day >= first) & (self.day <= last))
        answer[self.place[rows]] = self.value[rows]  # of two the later stays
        return answer

    def by_year(self, first: int, last: int) -> Ints:
        """(years, companies) the last value stated with a day of that year, MISSING where none is."""
        answer = np.full((last - first + 1, self.size), MISSING, np.int64)
        year = self.day.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
        there = (year >= first) & (year <= last)
        answer[year[there] - first, self.place[there]] = self.value[
            there
        ]  # of two in one year the later stays
        return answer


@frozen
class Takeovers:
    """Companies that went into another, by place.

    heir : place of the company that took over, -1 where none did (in no circle: the door refuses one)
    day  : day number from which, MISSING where none did
    """

    heir: Ints
    day: Ints

    def fresh(self, place: Ints, day: Ints) -> Ints:
        """The place of the company that stood in each place's stead on each day."""
        while (gone := (self.heir[place] >= 0) & (self.day[place] <= day)).any():
            place = np.where(gone, self.heir[place], place)
        return place

    def handed_on(self, place: Ints, day: Ints) -> tuple[Ints, Ints]:
        """What happened to a place on a day, and to whoever took it over once more with the day on which it did: places, days."""
        places, days = [place], [day]
        while (gone := self.heir[place] >= 0).any():
            place, day = self.heir[place[gone]], np.maximum(day[gone], self.day[place[gone]])
            places.append(place)
            days.append(day)
        return np.concatenate(places), np.concatenate(days)


class CompanyColumns:
    """Every company of a prefix by code, each a place of all columns.

    party : (n,) ids          place_of : by party id, -1 for what is no company
    """

    def __init__(self, view: View) -> None:
        """`view`: of every day of the prefix."""
        self._view = view
        companies = view.of_kind(PartyKind.COMPANY)
        self.codes = tuple(p.code for p in companies)
        self.party: Ints32 = np.array([p.id for p in companies], np.int32)
        self.place_of = np.full(max(view.parties, default=0) + 2, -1, np.int64)
        self.place_of[self.party] = np.arange(len(companies))
        self._columns: dict[tuple[str, str | None], StatedColumn] = {}
        self._years: dict[str, Ints] = {}
        heads = view.heads({p.entry for p in companies})
        self.known_from: Ints = np.array(
            [day_number(heads[p.entry].effective_on) if p.entry in heads else 0 for p in companies], np.int64
        )

    def __len__(self) -> int:
        return len(self.party)

    def stated(self, name: str, basis: str | None = None) -> StatedColumn:
        """An attribute over time; `basis`: of a label only what was stated under that definition."""
        known = self._columns.get((name, basis))
        if known is None:
            known = self._columns[name, basis] = self._read(name, basis)
        return known

    def _read(self, name: str, basis: str | None) -> StatedColumn:
        view = self._view
        texts: dict[str, int] = {}
        places: list[int] = []
        days: list[int] = []
        values: list[int] = []
        number = _number(texts)
        stated, parsed = view.prefix.stated(name), view.prefix.value
        for place, party in enumerate(self.party.tolist()):
            for record in stated.get(("party", party), ()):
                if basis is None or record.row[4] == basis:
                    places.append(place)
                    days.append(record.day)
                    values.append(number(parsed(record)))
        at, day = np.array(places, np.int64), np.array(days, np.int64)
        return StatedColumn(
            len(self),
            (at << _SHIFT) + (day + 2**31),
            at,
            day,
            np.array(values, np.int64),
            tuple(texts),
            len(np.unique(at)) == len(at),
        )

    @cached_property
    def years(self) -> tuple[int, int]:
        """The first and the last year of which revenue, staff or assets are stated; an empty range where none are."""
        days = np.concatenate([self.stated(n).day for n in ("revenue", "staff", "total_assets")])
        if not len(days):
            return (1971, 1970)
        ends = np.array([days.min(), days.max()]).astype("datetime64[D]").astype("datetime64[Y]")
        first, last = (ends.astype(np.int64) + 1970).tolist()
        return int(first), int(last)

    def yearly(self, name: str) -> Ints:
        """(years of `years`, companies) a yearly figure, whatever the day."""
        known = self._years.get(name)
        if known is None:
            known = self._years[name] = self.stated(name).by_year(*self.years)
        return known

    def in_year(self, name: str, year: int, day: dt.date) -> Ints:
        """A yearly figure of one year as it was stated up to a day."""
        first, last = self.years
        if not first <= year <= last:
            return np.full(len(self), MISSING, np.int64)
        if year < day.year or (day.month, day.day) == (12, 31):
            return np.asarray(self.yearly(name)[year - first])
        return self.stated(name).within(day_number(dt.date(year, 1, 1)), day_number(day))

    def standing(self, view: View) -> Ints:
        """The place of the company that stands in each one's place on the view's day: itself, or who succeeded it."""
        places = np.arange(len(self), dtype=np.int64)
        for former in successors(view):
            if (place := int(self.place_of[former])) >= 0:
                heir = int(self.place_of[current(view, former)])
                places[place] = place if heir < 0 else heir
        return places

    def takeovers(self, view: View) -> Takeovers:
        """Which company took over each directly up to the view's day, and from which day on."""
        heir, since = np.full(len(self), -1, np.int64), np.full(len(self), MISSING, np.int64)
        for former, party in successors(view).items():
            place, after = int(self.place_of[former]), int(self.place_of[party])
            day = succession(view).since(former, party)
            if place >= 0 and after >= 0 and day is not None:
                heir[place], since[place] = after, day_number(day)
        return Takeovers(heir, since)

    def known(self, day: dt.date) -> Bools:
        """Which companies there are on a day: in the book, founded, and not struck off."""
        number = day_number(day)
        founded, closed = self.stated("founded_on").on(number), self.stated("closed_on").on(number)
        there = (self.known_from <= number) & ((founded == MISSING) | (founded <= number))
        return np.asarray(there & ((closed == MISSING) | (closed > number)))


def _number(texts: dict[str, int]) -> Callable[[Any], int]:
    def number(value: Any) -> int:
        if isinstance(value, int):  # flags among them
            return int(value)
        if isinstance(value, dt.date):
            return day_number(value)
        return texts.setdefault(str(value), len(texts))

    return number


@once_per_prefix
def company_columns(view: View) -> CompanyColumns:
    """The columns of a view's prefix."""
    return CompanyColumns(view)
