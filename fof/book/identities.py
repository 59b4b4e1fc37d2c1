"""Subjects that the journal registers (plans, stakes, loans, claims …): what each is linked to, and its attributes on any day.

Nearly all were stated once, by one row of a sheet: such a subject is a mapping of its attributes and the day from which on they
hold. They are made from columns; the journal's rows themselves are made for those who ask for them.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from operator import itemgetter
from typing import Any

import numpy as np

from fof.ledger import day_number, to_date
from fof.ledger.journal_columns import Ints32, RowRecord
from fof.ledger.prefix import UNREADABLE, Prefix
from models.subjects import LinkRole

_day = itemgetter(0)
_NOTHING: Mapping[str, Any] = {}
Line = list[tuple[int, Any]]
"""The values of an attribute with the day numbers from which on they hold, in order."""


class _Damaged(dict[str, Line]):
    """Attributes of which one cannot be read: whoever asks for it is told where it stands."""

    def __init__(self, lines: Mapping[str, Line], own: Registered) -> None:
        super().__init__(lines)
        self._own = own
        self._bad = {name for name, line in lines.items() if any(value is UNREADABLE for _, value in line)}

    def get(self, name: str, default: Any = None) -> Any:
        if name in self._bad:
            self._own.read(name)
        return super().get(name, default)


class Registered:
    """A registered subject: its code, what it is linked to, and its attributes on any day."""

    __slots__ = ("_at_once", "_lines", "_prefix", "_since", "code", "first_day", "kind", "links", "number")

    def __init__(
        self,
        number: int,
        kind: str,
        code: str,
        links: Mapping[str, int],
        first_day: dt.date,
        prefix: Prefix,
    ) -> None:
        self.number, self.kind, self.code, self.links = number, kind, code, links
        self.first_day, self._prefix = first_day, prefix
        self._at_once: Mapping[str, Any] | None = _NOTHING
        self._since = first_day
        self._lines: Mapping[str, Line] = _NOTHING

    def stating(self, at_once: Mapping[str, Any], since: dt.date) -> None:
        """Attributes that were all stated once, from one day on."""
        self._at_once, self._since = at_once, since

    def stating_over_time(self, lines: Mapping[str, Line]) -> None:
        """Attributes of several days, or stated anew."""
        self._at_once, self._lines = None, lines

    def on(self, name: str, day: dt.date) -> Any:
        """An attribute in force on a day, None before it was stated."""
        own = self._at_once
        if own is not None:
            return own.get(name) if day >= self._since else None
        line = self._lines.get(name)
        at = 0 if line is None else bisect_right(line, day_number(day), key=_day)
        return line[at - 1][1] if line is not None and at else None

    def ever(self, name: str, day: dt.date) -> list[tuple[dt.date, Any]]:
        """Every value of an attribute up to a day."""
        if self._at_once is not None:
            known = name in self._at_once and day >= self._since
            return [(self._since, self._at_once[name])] if known else []
        number = day_number(day)
        return [(to_date(on), value) for on, value in self._lines.get(name, ()) if on <= number]

    def rows(self, name: str) -> list[RowRecord]:
        """Every row that states an attribute, by day."""
        return self._prefix.stated_of_subjects(name).get(self.number, [])

    def read(self, name: str) -> None:
        """BadEntry where a row of an attribute cannot be read."""
        for record in self.rows(name):
            self._prefix.value(record)

    def version(self, day: dt.date) -> int:
        """How many of its attributes' values were stated by a day: the number of its version."""
        own = self._at_once
        if own is not None:
            return len(own) if day >= self._since else 0
        number = day_number(day)
        return sum([on <= number for line in self._lines.values() for on, _ in line])

    def stated(self, names: Iterable[str], day: dt.date) -> dict[str, Any]:
        """The attributes of these names that are in force on a day, by name."""
        own = self._at_once
        if own is not None:
            return {name: own[name] for name in names if name in own} if day >= self._since else {}
        own, on = self._lines, self.on
        return {name: value for name in names if name in own and (value := on(name, day)) is not None}

    def linked(self, role: LinkRole) -> int | None:
        """The id of what stands in a role."""
        return self.links.get(role)


def registered_subjects(prefix: Prefix) -> dict[str, dict[int, Registered]]:
    """Kind → id → subject, of every day; made once for a prefix. One whose entry was reversed has neither links nor attributes
    and is not among them."""
    known: dict[str, dict[int, Registered]] | None = prefix.answers.get(Registered)
    if known is None:
        known = prefix.answers[Registered] = _made(prefix)
    return known


def _made(prefix: Prefix) -> dict[str, dict[int, Registered]]:
    dates = _Dates()
    links = _links(prefix)
    facts, damaged = _facts(prefix)
    by_kind: dict[str, dict[int, Registered]] = defaultdict(dict)
    nowhere: tuple[int | None, Mapping[str, int]] = (None, {})
    for number, kind, code in prefix.subjects.values():
        first, named = links.get(number, nowhere)
        stated = facts.get(number)
        if first is None and stated is None:
            continue
        if stated is None:
            since = first or 0
        else:
            since = stated[0][0] if first is None else min(stated[0][0], first)
        own = by_kind[kind][number] = Registered(number, kind, code, named, dates[since], prefix)
        if stated is not None:
            _state(own, *stated, dates, damaged)
    return by_kind


def _state(
    own: Registered, days: list[int], names: list[str], values: list[Any], dates: _Dates, damaged: bool
) -> None:
    at_once = dict(zip(names, values, strict=True))
    if days[0] == days[-1] and len(at_once) == len(names) and not damaged:
        own.stating(at_once, dates[days[0]])
        return
    lines: dict[str, Line] = defaultdict(list)
    for day, name, value in zip(days, names, values, strict=True):
        lines[name].append((day, value))
    own.stating_over_time(_Damaged(lines, own) if damaged else dict(lines))


class _Dates(dict[int, dt.date]):
    """Day number → the one object of that day."""

    def __missing__(self, number: int) -> dt.date:
        self[number] = to_date(number)
        return self[number]


def _links(prefix: Prefix) -> dict[int, tuple[int, dict[str, int]]]:
    """Subject → the first day, what stands in each role last."""
    days, (subjects, roles, parties, deals, others) = prefix.columns_of(
        "subject_link", "subject", "role", "party", "deal", "other"
    )
    named = [
        party if party is not None else deal if deal is not None else other
        for party, deal, other in zip(parties, deals, others, strict=True)
    ]
    return {
        number: (own[0], dict(zip(role, what, strict=True)))
        for number, own, role, what in _grouped(subjects, days, roles, named)
    }


def _facts(prefix: Prefix) -> tuple[dict[int, tuple[list[int], list[str], list[Any]]], bool]:
    """Subject → its rows by (day, entry, line) as days, attributes and values; whether a value cannot be read."""
    days, (subjects, names, texts) = prefix.columns_of("subject_fact", "subject", "name", "value")
    values, damaged = prefix.parsed(names, texts)
    return {number: (own, n, v) for number, own, n, v in _grouped(subjects, days, names, values)}, damaged


def _grouped(
    subjects: list[int | None], days: Ints32, one: list[Any], two: list[Any]
) -> Iterator[tuple[int, list[int], list[Any], list[Any]]]:
    """Rows in the order of the journal by the subject they name, of each by day, with two of their columns; those of subjects that
    are not registered are left out."""
    of = np.array([-1 if number is None else number for number in subjects], np.int64)
    order = np.lexsort((days, of))
    order = order[int(np.count_nonzero(of < 0)) :]
    of, on, places = of[order], days[order].tolist(), order.tolist()
    first, second = [one[at] for at in places], [two[at] for at in places]
    starts = np.flatnonzero(np.diff(of, prepend=-1))
    ends = np.append(starts, len(on))[1:]
    for number, start, end in zip(of[starts].tolist(), starts.tolist(), ends.tolist(), strict=True):
        yield number, on[start:end], first[start:end], second[start:end]
