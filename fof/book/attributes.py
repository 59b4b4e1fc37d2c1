"""Dated attributes of a prefix, asked on any day: what a view answers for its own day, without a view of each."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

from fof.book.timelines import Dates
from fof.ledger.journal_columns import RowRecord
from fof.ledger.prefix import Prefix

_NOTHING: Mapping[str, AttributeTimeline] = {}


class AttributeTimeline:
    """One attribute of one subject over time; a text is parsed when first asked for."""

    __slots__ = ("_dated", "_parse", "_parsed", "_rows", "days")

    def __init__(
        self,
        rows: Sequence[RowRecord],
        dates: Dates,
        parse: Callable[[RowRecord], Any],
        parsed: Mapping[str, Any],
    ) -> None:
        """`parsed`: what texts of the attribute were parsed to already, by whomever; `parse` adds to it."""
        self.days = [dates[row[2]] for row in rows]
        self._parse, self._parsed, self._rows = parse, parsed, rows
        self._dated: Sequence[tuple[dt.date, Any]] = ()

    def last(self, day: dt.date) -> Any:
        """The value in force on a day, None before the first."""
        at = bisect_right(self.days, day)
        if not at:
            return None
        record = self._rows[at - 1]
        parsed = self._parsed.get(record[3][3])
        return self._parse(record) if parsed is None else parsed

    def basis(self, day: dt.date) -> str | None:
        """The definition recorded with the value in force on a day."""
        at = bisect_right(self.days, day)
        return self._rows[at - 1].row[4] if at else None

    def count(self, day: dt.date) -> int:
        """How many values were stated up to a day."""
        return bisect_right(self.days, day)

    def dated(self, day: dt.date) -> list[tuple[dt.date, Any]]:
        """All values up to a day, with their days."""
        end, dated = bisect_right(self.days, day), self._dated
        if len(dated) < end:  # made anew, not added to: two threads may ask at once
            known, parse = self._parsed.get, self._parse
            dated = self._dated = [
                (on, parse(record) if (parsed := known(record[3][3])) is None else parsed)
                for on, record in zip(self.days[:end], self._rows, strict=False)
            ]
        return list(dated[:end])


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
        self._rows, self._dates, self._prefix = prefix.facts, dates, prefix
        self._of_party: dict[int, Mapping[str, AttributeTimeline]] = {}
        self._of_deal: dict[int, Mapping[str, AttributeTimeline]] = {}
        self._chosen: dict[tuple[int, frozenset[str], bool], AttributeSet] = {}

    def _index(self, subject: tuple[str, int]) -> Mapping[str, AttributeTimeline]:
        by_name = self._rows.get(subject)
        if by_name is None:
            return _NOTHING
        dates, parse, parsed = self._dates, self._prefix.value, self._prefix.values_of
        return {name: AttributeTimeline(rows, dates, parse, parsed(name)) for name, rows in by_name.items()}

    def names(self, party: int) -> Mapping[str, AttributeTimeline]:
        """Attributes ever stated of a party."""
        names = self._of_party.get(party)
        if names is None:
            names = self._of_party[party] = self._index(("party", party))
        return names

    def names_of_deal(self, deal: int) -> Mapping[str, AttributeTimeline]:
        """Attributes ever stated of a deal."""
        names = self._of_deal.get(deal)
        if names is None:
            names = self._of_deal[deal] = self._index(("deal", deal))
        return names

    def of(self, party: int, name: str, day: dt.date) -> Any:
        """A party's attribute in force on a day, None where none is known."""
        stated = self.names(party).get(name)
        return None if stated is None else stated.last(day)

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
        numbers: dict[str, list[int]] = defaultdict(list)
        for what, number in sorted(self._rows):
            if what == "party":
                for name in self._rows[what, number]:
                    numbers[name].append(number)
        return numbers
