"""Subjects that the journal registers (plans, stakes, loans, claims …): what each is linked to, and its attributes on any day.

Nearly all were stated once, by one row of a sheet: such a subject is a mapping of its attributes and the day from which on they
hold. They are made from columns; the journal's rows themselves are made for those who ask for them.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np

from fof.book.rows_of_subjects import RowsOfSubjects, rows_of_subjects
from fof.ledger import day_number, to_date
from fof.ledger.journal_columns import RowRecord
from fof.ledger.postings import Ints
from fof.ledger.prefix import UNREADABLE, Prefix
from models.subjects import LinkRole

_day = itemgetter(0)
_NOTHING: Mapping[str, Any] = {}
NEVER = 2**31 - 1
"""Stands for the day of what has none."""
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


def next_code(subjects: Iterable[tuple[str, str]], kind: str, letters: str, further: int = 1) -> str:
    """The code of the next subject of a kind that the program numbers itself ("SJ-0012"), or of a `further` one.

    subjects : (kind, code) of all that is registered
    """
    return f"{letters}-{sum(own == kind for own, _ in subjects) + further:04d}"


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
        at_once: Mapping[str, Any] | None,
        since: dt.date,
    ) -> None:
        """at_once: attributes that were all stated once, from the day `since` on; None: see stating_over_time."""
        self.number, self.kind, self.code, self.links = number, kind, code, links
        self.first_day, self._prefix = first_day, prefix
        self._at_once, self._since = at_once, since
        self._lines: Mapping[str, Line] = _NOTHING

    @property
    def once(self) -> Mapping[str, Any] | None:
        """Its attributes where all were stated once, from one day on; one object for all subjects that state the same. None where
        they were stated over time."""
        return self._at_once

    @property
    def likeness(self) -> tuple[int, dt.date] | None:
        """The same for subjects of one prefix that state the same from the same day on; None where it is stated over time."""
        own = self._at_once
        return None if own is None else (id(own), self._since)

    def stating_over_time(self, lines: Mapping[str, Line]) -> None:
        """Attributes of several days, or stated anew on one."""
        self._lines = lines

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

    def values(self, names: Iterable[str], day: dt.date) -> list[Any]:
        """The attributes of these names in force on a day, None for each that is not stated."""
        own = self._at_once
        if own is None:
            return [self.on(name, day) for name in names]
        return list(map(own.get, names)) if day >= self._since else [None for _ in names]

    def linked(self, role: LinkRole) -> int | None:
        """The id of what stands in a role."""
        return self.links.get(role)


RegisteredByKind = dict[str, dict[int, Registered]]
"""Kind → id → subject."""


def registered_subjects(prefix: Prefix) -> RegisteredByKind:
    """Kind → id → subject, of every day; made once for a prefix. One whose entry was reversed has neither links nor attributes
    and is not among them."""
    known: RegisteredByKind | None = prefix.answers.get(Registered)
    if known is None:
        known = prefix.answers[Registered] = _made(prefix, prefix.subjects.ids)
    return known


def some_registered(prefix: Prefix, wanted: Collection[int], kinds: Collection[str] = ()) -> RegisteredByKind:
    """The same of some subjects alone: those of the ids wanted, and every one of some kinds."""
    known: RegisteredByKind | None = prefix.answers.get(Registered)
    if known is not None:
        return {
            kind: own if kind in kinds else {n: own[n] for n in own.keys() & wanted}
            for kind, own in known.items()
        }
    subjects, named = prefix.subjects, np.fromiter(wanted, np.int64, len(wanted))
    return _made(prefix, np.union1d(named, subjects.ids_of(*kinds)) if kinds else np.sort(named))


def _made(prefix: Prefix, numbers: Ints) -> RegisteredByKind:
    dates = _Dates()
    identity = prefix.subjects.__getitem__
    links, facts = _links(prefix, numbers), _facts(prefix, numbers)
    since = facts.rows.first_days()
    known = zip(
        numbers.tolist(),
        links.spans(),
        facts.rows.spans(),
        dates.of(np.minimum(links.first_days(), since)),
        dates.of(since),
        facts.at_once,
        strict=True,
    )
    roles, named = links.columns
    by_kind: RegisteredByKind = defaultdict(dict)
    for number, (link, last), (fact, end), first_day, from_day, at_once in known:
        if link < last:
            own_links: Mapping[str, int] = dict(zip(roles[link:last], named[link:last], strict=True))
        elif fact < end:
            own_links = _NOTHING
        else:
            continue
        _, kind, code = identity(number)
        own = by_kind[kind][number] = Registered(
            number, kind, code, own_links, first_day, prefix, at_once, from_day if fact < end else first_day
        )
        if at_once is None:
            lines: dict[str, Line] = defaultdict(list)
            for at in range(fact, end):
                name, value = facts.stated[facts.rows.columns[0][at]]
                lines[name].append((facts.rows.days[at], value))
            own.stating_over_time(_Damaged(lines, own) if facts.damaged else dict(lines))
    return by_kind


class _Dates(dict[int, dt.date]):
    """Day number → the one object of that day."""

    def of(self, days: Ints) -> list[dt.date]:
        """The dates of a column; of what has no day the last of all."""
        different, places = np.unique(days, return_inverse=True)
        dates = [dt.date.max if day == NEVER else self[day] for day in different.tolist()]
        return list(map(dates.__getitem__, places.tolist()))

    def __missing__(self, number: int) -> dt.date:
        self[number] = to_date(number)
        return self[number]


class _BySubject(NamedTuple):
    """Rows by the subject they name, of each by (day, entry, line): day numbers and columns, and where those of each of the
    subjects asked for begin and end."""

    days: list[int]
    columns: list[list[Any]]
    begin: Ints
    end: Ints

    @classmethod
    def of(cls, numbers: Ints, of: Ints, days: Ints, columns: list[list[Any]]) -> _BySubject:
        """Rows that stand by subject; `of`: of each which."""
        return cls(
            days.tolist(), columns, np.searchsorted(of, numbers), np.searchsorted(of, numbers, "right")
        )

    def spans(self) -> Iterable[tuple[int, int]]:
        """Where those of each subject begin and end."""
        return zip(self.begin.tolist(), self.end.tolist(), strict=True)

    def first_days(self) -> Ints:
        """The first day of each subject; NEVER where it has no row."""
        days = np.array([*self.days, NEVER], np.int64)
        return np.where(self.begin < self.end, days[self.begin], NEVER)


class _Facts(NamedTuple):
    """What is stated: rows with the number of each attribute and value, and these; of each subject that was stated at once one mapping
    for all that state the same, None of the others; whether a value cannot be read."""

    rows: _BySubject
    stated: list[tuple[str, Any]]
    at_once: list[Mapping[str, Any] | None]
    damaged: bool


def _links(prefix: Prefix, numbers: Ints) -> _BySubject:
    """What stands in each role; the last of a role holds."""
    rows = rows_of_subjects(prefix, "subject_link")
    chosen, of, days = _grouped(rows, numbers)
    roles, *ends = (field.picked(chosen) for field in rows.fields[1:])
    named = ends[2].ints
    for end in (ends[1].ints, ends[0].ints):
        named = np.where(end >= 0, end, named)
    return _BySubject.of(numbers, of, days, [roles.listed(), named.tolist()])


def _facts(prefix: Prefix, numbers: Ints) -> _Facts:
    """Attributes and values."""
    table = rows_of_subjects(prefix, "subject_fact")
    chosen, of, days = _grouped(table, numbers)
    name, text = table.coded(1, chosen), table.coded(2, chosen)
    width = len(text.values) + 1
    pairs, places = np.unique(name.column.astype(np.int64) * width + text.column, return_inverse=True)
    pair_names = list(map(name.values.__getitem__, (pairs // width).tolist()))
    values, damaged = prefix.parsed(pair_names, list(map(text.values.__getitem__, (pairs % width).tolist())))
    stated = list(zip(pair_names, values, strict=True))
    rows = _BySubject.of(numbers, of, days, [places.tolist()])
    return _Facts(rows, stated, _at_once(rows, stated, damaged), damaged)


def _at_once(
    rows: _BySubject, stated: list[tuple[str, Any]], damaged: bool
) -> list[Mapping[str, Any] | None]:
    """Of each subject its attributes where all were stated on one day, each once: one mapping for all of which the same was stated,
    for of hundreds of thousands (repayments, stakes of a plan) a few thousand differ. None of the others."""
    count, days = rows.end - rows.begin, np.array([*rows.days, NEVER], np.int64)
    alone = (count == 0) | (days[rows.begin] == days[np.maximum(rows.end - 1, 0)])
    codes, group = np.array(rows.columns[0], np.int64), np.zeros(len(count), np.int64)
    for at in range(int(count.max(initial=0))):  # those that agree in what they state first, then in the next
        own = np.flatnonzero(alone & (count > at))
        _, group[own] = np.unique(
            group[own] * (len(stated) + 1) + codes[rows.begin[own] + at], return_inverse=True
        )
    most = int(count.max(initial=0)) + 1
    of_each = np.where(alone, group * most + count, -1)
    _, firsts, which = np.unique(of_each, return_index=True, return_inverse=True)
    mappings: list[Mapping[str, Any] | None] = []
    for first in firsts.tolist():
        own_codes = rows.columns[0][int(rows.begin[first]) : int(rows.end[first])] if alone[first] else []
        made = {stated[code][0]: stated[code][1] for code in own_codes}
        fine = bool(alone[first]) and len(made) == len(own_codes) and not (damaged and made)
        mappings.append(made if fine else None)
    return list(map(mappings.__getitem__, which.tolist()))


def _grouped(rows: RowsOfSubjects, numbers: Ints) -> tuple[Ints, Ints, Ints]:
    """The rows of the subjects asked for, by subject and day, those of a day in the order of the journal; and the subject and day of
    each."""
    places, of = rows.of(np.sort(numbers))
    return rows.order[places].astype(np.int64), of, rows.day[places].astype(np.int64)
