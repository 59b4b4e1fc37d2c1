"""Dated attributes of a prefix, asked on any day: what a view answers for its own day, without a view of each."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from fof.book.timelines import Dates
from fof.ledger.prefix import UNREADABLE, Prefix

_NOTHING: Mapping[str, AttributeTimeline] = {}


class AttributeTimeline:
    """One attribute of one subject over time; a text is parsed when the attribute is first asked for."""

    __slots__ = ("_column", "_first", "days")

    def __init__(self, column: _AttributeColumn, first: int, days: Sequence[dt.date]) -> None:
        """The rows of a column from place `first` on, one for each day."""
        self._column, self._first, self.days = column, first, days

    def last(self, day: dt.date) -> Any:
        """The value in force on a day, None before the first."""
        at = bisect_right(self.days, day)
        if not at:
            return None
        place = self._first + at - 1
        value = self._column.values[place]
        return self._column.read(place) if value is UNREADABLE else value

    def basis(self, day: dt.date) -> str | None:
        """The definition recorded with the value in force on a day."""
        at = bisect_right(self.days, day)
        return self._column.bases[self._first + at - 1] if at else None

    def count(self, day: dt.date) -> int:
        """How many values were stated up to a day."""
        return bisect_right(self.days, day)

    def dated(self, day: dt.date) -> list[tuple[dt.date, Any]]:
        """All values up to a day, with their days."""
        end = bisect_right(self.days, day)
        values = self._column.values[self._first : self._first + end]
        if self._column.unreadable and UNREADABLE in values:
            self._column.read(self._first + values.index(UNREADABLE))
        return list(zip(self.days[:end], values, strict=True))


class _AttributeColumn:
    """All rows of one attribute, by whose it is, day, entry and line; no row of the journal is made of them.

    bearer     : the id of the party, -1 less the id of the deal
    unreadable : whether a text cannot be read, once `values` was asked for
    """

    def __init__(
        self, prefix: Prefix, name: str, bearer: list[int], texts: list[str], bases: list[str | None]
    ) -> None:
        self.name, self.bearer, self.bases = name, bearer, bases
        self._prefix, self._texts = prefix, texts
        self.unreadable = False

    @cached_property
    def values(self) -> list[Any]:
        """The typed values; UNREADABLE where a text cannot be read."""
        values, self.unreadable = self._prefix.parsed([self.name] * len(self._texts), self._texts)
        return values

    def read(self, place: int) -> Any:
        """The value of one row by its row in the journal: BadEntry where it cannot be read."""
        bearer = self.bearer[place]
        address = ("deal", -1 - bearer) if bearer < 0 else ("party", bearer)
        return self._prefix.value(self._prefix.facts[address][self.name][place - self.bearer.index(bearer)])


class _FactColumns:
    """The rows of the table `fact` by attribute, and whose attributes they are."""

    def __init__(self, prefix: Prefix, dates: Dates) -> None:
        fields = ("party", "deal", "name", "value", "basis")
        day, (parties, deals, names, texts, bases) = prefix.columns_of("fact", *fields)
        numbers = {name: number for number, name in enumerate(dict.fromkeys(names))}
        name = np.array([*map(numbers.__getitem__, names)], np.int32)
        bearer = np.array(
            [
                -1 - (deal or 0) if party is None else party
                for party, deal in zip(parties, deals, strict=True)
            ],
            np.int64,
        )
        order = np.lexsort((day, bearer, name))  # of two of one day the later entry stays the later
        name, bearer, places = name[order], bearer[order], order.tolist()
        new = np.ones(len(name), bool)
        new[1:] = (name[1:] != name[:-1]) | (bearer[1:] != bearer[:-1])
        starts = np.flatnonzero(new)
        self._days = [*map(dates.__getitem__, day[order].tolist())]
        self._bounds: list[int] = [*starts.tolist(), len(name)]
        self._attribute: list[int] = name[starts].tolist()
        self._first = np.searchsorted(name, np.arange(len(numbers) + 1)).tolist()
        whose, texts, bases = bearer.tolist(), *([*map(own.__getitem__, places)] for own in (texts, bases))
        self._columns = [
            _AttributeColumn(prefix, own, whose[a:b], texts[a:b], bases[a:b])
            for own, a, b in zip(numbers, self._first, self._first[1:], strict=False)
        ]
        of_bearer = np.argsort(bearer[starts], kind="stable")
        ends = np.flatnonzero(np.diff(bearer[starts][of_bearer], append=-(2**62))) + 1
        parts = zip([0, *ends.tolist()], ends.tolist(), strict=False)
        self._lines: dict[int, list[int]] = {
            int(bearer[starts[own[0]]]): own for own in (of_bearer[a:b].tolist() for a, b in parts)
        }

    def of(self, bearer: int) -> Mapping[str, AttributeTimeline]:
        """The attributes of a party by its id, of a deal by -1 less its id."""
        lines = self._lines.get(bearer)
        if lines is None:
            return _NOTHING
        bounds, days, first = self._bounds, self._days, self._first
        made = {}
        for line in lines:
            number, at = self._attribute[line], bounds[line]
            column = self._columns[number]
            made[column.name] = AttributeTimeline(column, at - first[number], days[at : bounds[line + 1]])
        return made

    def holders(self) -> dict[str, list[int]]:
        """Attribute → the parties of which it was ever stated, by id."""
        return {own.name: [b for b in dict.fromkeys(own.bearer) if b >= 0] for own in self._columns}


class AttributeSet:
    """Some attributes of one subject together: what is in force of them is made once for the days between two changes."""

    __slots__ = ("_changes", "_lines", "_versions")

    def __init__(self, lines: Mapping[str, AttributeTimeline]) -> None:
        self._lines = lines
        self._changes = sorted({day for line in lines.values() for day in line.days})
        self._versions: dict[int, dict[str, Any]] = {}

    def on(self, day: dt.date) -> dict[str, Any]:
        """Name -> value in force on a day, without those that have none yet; the caller's own."""
        version = bisect_right(self._changes, day)
        values = self._versions.get(version)
        if values is None:
            values = {
                name: value for name, line in self._lines.items() if (value := line.last(day)) is not None
            }
            self._versions[version] = values
        return values.copy()


class Attributes:
    """Dated attributes of parties and deals; a subject is indexed when first asked for."""

    def __init__(self, prefix: Prefix, dates: Dates) -> None:
        self._columns = _FactColumns(prefix, dates)
        self._of_party: dict[int, Mapping[str, AttributeTimeline]] = {}
        self._of_deal: dict[int, Mapping[str, AttributeTimeline]] = {}
        self._chosen: dict[tuple[int, frozenset[str], bool], AttributeSet] = {}

    def names(self, party: int) -> Mapping[str, AttributeTimeline]:
        """Attributes ever stated of a party."""
        names = self._of_party.get(party)
        if names is None:
            names = self._of_party[party] = self._columns.of(party)
        return names

    def names_of_deal(self, deal: int) -> Mapping[str, AttributeTimeline]:
        """Attributes ever stated of a deal."""
        names = self._of_deal.get(deal)
        if names is None:
            names = self._of_deal[deal] = self._columns.of(-1 - deal)
        return names

    def of(self, party: int, name: str, day: dt.date) -> Any:
        """A party's attribute in force on a day, None where none is known."""
        stated = self.names(party).get(name)
        return None if stated is None else stated.last(day)

    def in_year(self, party: int, name: str, year: int, until: dt.date) -> Any:
        """The last that was stated of a party for days of a year up to `until`; None where nothing was."""
        last = min(dt.date(year, 12, 31), until)
        own = [value for on, value in self.dated(party, name, last) if on.year == year]
        return own[-1] if own else None

    def of_deal(self, deal: int, name: str, day: dt.date) -> Any:
        """A deal's attribute in force on a day, None where none is known."""
        stated = self.names_of_deal(deal).get(name)
        return None if stated is None else stated.last(day)

    def among(self, party: int, names: frozenset[str], day: dt.date) -> dict[str, Any]:
        """Those of a party's attributes with these names that are in force on a day."""
        return self._among(party, names, day, of_deal=False)

    def among_deal(self, deal: int, names: frozenset[str], day: dt.date) -> dict[str, Any]:
        """Those of a deal's attributes with these names that are in force on a day."""
        return self._among(deal, names, day, of_deal=True)

    def _among(self, number: int, names: frozenset[str], day: dt.date, *, of_deal: bool) -> dict[str, Any]:
        key = (number, names, of_deal)
        chosen = self._chosen.get(key)
        if chosen is None:
            stated = self.names_of_deal(number) if of_deal else self.names(number)
            chosen = self._chosen[key] = AttributeSet({name: stated[name] for name in stated.keys() & names})
        return chosen.on(day)

    def basis(self, party: int, name: str, day: dt.date) -> str | None:
        """The definition recorded with an attribute."""
        stated = self.names(party).get(name)
        return None if stated is None else stated.basis(day)

    def dated(self, party: int, name: str, day: dt.date) -> list[tuple[dt.date, Any]]:
        """Every value stated up to a day, with its day."""
        stated = self.names(party).get(name)
        return [] if stated is None else stated.dated(day)

    def holders(self, name: str) -> list[int]:
        """Parties of which an attribute was ever stated."""
        return self._holders.get(name, [])

    @cached_property
    def _holders(self) -> dict[str, list[int]]:
        return self._columns.holders()
