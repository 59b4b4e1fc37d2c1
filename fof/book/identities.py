"""Subjects that the journal registers (plans, stakes, loans, claims …): what each is linked to, and its attributes on any day.

Nearly all were stated once, by one row of a sheet: such a subject is a mapping of its attributes and the day from which on they
hold. They are made from columns; the journal's rows themselves are made for those who ask for them.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np

from fof.ledger import day_number, to_date
from fof.ledger.journal_columns import Ints32, RowRecord
from fof.ledger.postings import Ints
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
    ) -> None:
        self.number, self.kind, self.code, self.links = number, kind, code, links
        self.first_day, self._prefix = first_day, prefix
        self._at_once: Mapping[str, Any] | None = _NOTHING
        self._since = first_day
        self._lines: Mapping[str, Line] = _NOTHING

    def stating(self, at_once: Mapping[str, Any], since: dt.date) -> None:
        """Attributes that were all stated once, from one day on."""
        self._at_once, self._since = at_once, since

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


RegisteredByKind = dict[str, dict[int, Registered]]
"""Kind → id → subject."""


def registered_subjects(prefix: Prefix) -> RegisteredByKind:
    """Kind → id → subject, of every day; made once for a prefix. One whose entry was reversed has neither links nor attributes
    and is not among them."""
    known: RegisteredByKind | None = prefix.answers.get(Registered)
    if known is None:
        known = prefix.answers[Registered] = _made(prefix, prefix.identities())
    return known


def some_registered(prefix: Prefix, wanted: Collection[int], kinds: Collection[str]) -> RegisteredByKind:
    """The same of some subjects alone: those of the ids wanted, and every one of some kinds."""
    known: RegisteredByKind | None = prefix.answers.get(Registered)
    if known is not None:
        return {
            kind: own if kind in kinds else {n: own[n] for n in own.keys() & wanted}
            for kind, own in known.items()
        }
    return _made(prefix, [one for one in prefix.identities() if one[0] in wanted or one[1] in kinds])


def _made(prefix: Prefix, identities: Sequence[tuple[int, str, str]]) -> RegisteredByKind:
    dates = _Dates()
    numbers = np.array([one[0] for one in identities], np.int64)
    links, (facts, damaged) = _links(prefix, numbers), _facts(prefix, numbers)
    by_kind: RegisteredByKind = defaultdict(dict)
    shared: dict[tuple[object, ...], Mapping[str, Any]] = {}
    for (number, kind, code), link, fact in zip(identities, links.spans, facts.spans, strict=True):
        first, stated = slice(*link), slice(*fact)
        days = links.days[first][:1] + facts.days[stated][:1]
        if not days:
            continue
        named = dict(zip(links.one[first], links.two[first], strict=True)) if link[0] < link[1] else _NOTHING
        own = by_kind[kind][number] = Registered(number, kind, code, named, dates[min(days)], prefix)
        if fact[0] < fact[1]:
            _state(own, facts.days[stated], facts.one[stated], facts.two[stated], dates, shared, damaged)
    return by_kind


def _state(
    own: Registered,
    days: list[int],
    names: list[str],
    values: list[Any],
    dates: _Dates,
    shared: dict[tuple[object, ...], Mapping[str, Any]],
    damaged: bool,
) -> None:
    """Gives a subject its attributes; those that state the same (hundreds of thousands of repayments, the stakes of a plan) share a
    mapping."""
    if days[0] == days[-1] and not damaged:
        # one text of an attribute is one object; 0.5 and 0.50 stay two
        key = (*names, *map(id, values))
        at_once = shared.get(key)
        if at_once is None:
            at_once = shared[key] = dict(zip(names, values, strict=True))
        if len(at_once) == len(names):
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


class _BySubject(NamedTuple):
    """Rows by the subject they name, of each by (day, entry, line): day numbers and two columns, and where those of each of the
    subjects asked for begin and end."""

    days: list[int]
    one: list[Any]
    two: list[Any]
    spans: list[tuple[int, int]]


def _links(prefix: Prefix, numbers: Ints) -> _BySubject:
    """What stands in each role; the last of a role holds."""
    days, (subjects, roles, parties, deals, others) = prefix.columns_of(
        "subject_link", "subject", "role", "party", "deal", "other"
    )
    named = [
        party if party is not None else deal if deal is not None else other
        for party, deal, other in zip(parties, deals, others, strict=True)
    ]
    return _grouped(numbers, subjects, days, roles, named)


def _facts(prefix: Prefix, numbers: Ints) -> tuple[_BySubject, bool]:
    """Attributes and values; whether a value cannot be read."""
    days, (subjects, names, texts) = prefix.columns_of("subject_fact", "subject", "name", "value")
    own = _grouped(numbers, subjects, days, names, texts)
    values, damaged = prefix.parsed(own.one, own.two)
    return own._replace(two=values), damaged


def _grouped(
    numbers: Ints, subjects: list[int | None], days: Ints32, one: list[Any], two: list[Any]
) -> _BySubject:
    """Rows in the order of the journal, those of the subjects asked for by subject and day."""
    of = np.array([-1 if number is None else number for number in subjects], np.int64)
    chosen = np.flatnonzero(np.isin(of, numbers))
    order = chosen[np.lexsort((days[chosen], of[chosen]))]
    of, places = of[order], order.tolist()
    spans = zip(
        np.searchsorted(of, numbers).tolist(), np.searchsorted(of, numbers, "right").tolist(), strict=True
    )
    return _BySubject(
        days[order].tolist(), [one[at] for at in places], [two[at] for at in places], list(spans)
    )
