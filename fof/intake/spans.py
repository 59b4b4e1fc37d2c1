"""Spans of time that rows state, by their own sheet or by the sheet of subjects: none ends before it begins, and the spells of one
person at one employer do not overlap.

A spell is what file and book say of it together, the later statement first: a row that closes a spell makes room for the next one, and
a row that moves an end may take it.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from fof.importers.tables import Table, TypedRow
from fof.intake.planning import Planning
from models.facts import FACTS, SUBJECT_FACTS
from models.subjects import LinkRole, SubjectKind
from models.text import Text

_FROM, _UNTIL = "_from", "_until"
_KNOWN = FACTS.keys() | SUBJECT_FACTS.keys()
_FIRST_OF = {
    name: first
    for name in sorted(_KNOWN)
    if name.endswith(_UNTIL) and (first := name.removesuffix(_UNTIL) + _FROM) in _KNOWN
} | {"incident_cleared_on": "leaked_on"}
"""Attribute that is the last day of a span → that of its first day."""
_NAMES = _FIRST_OF.keys() | set(_FIRST_OF.values())
_START, _END = "employed_from", "employed_until"
_EMPLOYMENT = SubjectKind.EMPLOYMENT.value


class _DayStated(NamedTuple):
    """A day that a cell states of a subject from a day on; without a table: that the book states."""

    since: dt.date
    value: dt.date
    table: Table | None = None
    row: TypedRow | None = None
    column: str = ""

    def problem(self, planning: Planning, code: str, text: Text) -> bool:
        """Say what is wrong with the cell; False where the book states it."""
        if self.table is None or self.row is None:
            return False
        planning.problem(self.table, self.row, self.column, code, text, self.value)
        return True


class _Spell(NamedTuple):
    """One employment as file and book state it."""

    code: str
    start: _DayStated
    end: _DayStated | None

    @property
    def last(self) -> dt.date:
        return dt.date.max if self.end is None else self.end.value

    @property
    def cells(self) -> tuple[_DayStated, ...]:
        return (self.start,) if self.end is None else (self.start, self.end)


def check_spans(planning: Planning) -> None:
    """A problem at each cell that ends a span before its first day, or makes two spells overlap."""
    stated: dict[tuple[str, str], dict[str, list[_DayStated]]] = defaultdict(lambda: defaultdict(list))
    for table in planning.tables:
        for kind, code, name, own in _statements(table):
            stated[kind, code][name].append(own)
    backward = set()
    for subject, names in stated.items():
        for name, first in _FIRST_OF.items():
            starts = {own.since: own for own in names.get(first, ())}
            for end in names.get(name, ()):
                start = starts.get(end.since)
                if start is not None and _ends_before(planning, start, end):
                    backward.add(subject)
    spells = {code: names for (kind, code), names in stated.items() if kind == _EMPLOYMENT}
    if spells:
        _check_spells(planning, spells, {code for kind, code in backward if kind == _EMPLOYMENT})


def _statements(table: Table) -> Iterator[tuple[str, str, str, _DayStated]]:
    """Kind and code of a subject, attribute and cell, of every day of a span that the rows of a sheet state."""
    layout = table.layout
    columns = [(c.name, c.fact) for c in layout.facts if c.fact in _NAMES]
    code_column = "code" if layout.registers is not None else layout.subject
    if columns and code_column:
        kind = (layout.registers or layout.of).value
        for row in table.rows:
            code, since = row.text(code_column), row.day("since")
            for column, name in columns:
                value = row.day(column)
                if code is not None and since is not None and value is not None:
                    yield kind, code, str(name), _DayStated(since, value, table, row, column)
    elif layout.name == "subjects":
        for row in table.rows:
            stated, since, code = row.text("attribute"), row.day("day"), row.text("code")
            if stated in _NAMES and stated is not None and since is not None and code is not None:
                try:
                    value = dt.date.fromisoformat(row.text("value") or "")
                except ValueError:  # said where the row is planned
                    continue
                yield row["kind"].value, code, stated, _DayStated(since, value, table, row, "value")


def _ends_before(planning: Planning, start: _DayStated, end: _DayStated) -> bool:
    """Whether a span ends before its first day; then it is said at the cell of the file, the end before the start."""
    if end.value >= start.value:
        return False
    not_before = Text(f"不早于起始日 {start.value}", f"not before the first day, {start.value}")
    not_after = Text(f"不晚于截止日 {end.value}", f"not after the last day, {end.value}")
    listed = end.problem(planning, "ends_before_start", not_before)
    return listed or start.problem(planning, "ends_before_start", not_after)


def _check_spells(
    planning: Planning, stated: dict[str, dict[str, list[_DayStated]]], backward: set[str]
) -> None:
    """The spells of everybody of whom the file states a day of one."""
    who = _who(planning)
    concerned = {who[code] for code in stated if code in who}
    spells: dict[tuple[str, str], list[_Spell]] = defaultdict(list)
    for code, pair in who.items():
        if pair in concerned:
            known = _booked(planning, code)
            for name, cells in stated.get(code, {}).items():
                known[name] = (max([*known.get(name, ()), *cells], key=lambda own: own.since),)
            start, end = known.get(_START), known.get(_END)
            if not start or (end and code not in backward and _ends_before(planning, start[0], end[0])):
                continue
            if code not in backward:
                spells[pair].append(_Spell(code, start[0], end[0] if end else None))
    for many in spells.values():
        many.sort(key=lambda spell: (spell.start.value, spell.last, spell.code))
        longest = many[0]
        for spell in many[1:]:
            if spell.start.value <= longest.last:
                _say_overlap(planning, spell, longest)
            if spell.last > longest.last:
                longest = spell


def _say_overlap(planning: Planning, later: _Spell, before: _Spell) -> None:
    """Said once, at a cell of the file; nothing where the book alone makes the two overlap."""
    for spell, other in ((later, before), (before, later)):
        for cell in spell.cells:
            text = Text(f"任职期间与 {other.code} 重叠", f"the spell overlaps with {other.code}")
            if cell.problem(planning, "overlapping_spells", text):
                return


def _booked(planning: Planning, code: str) -> dict[str, tuple[_DayStated, ...]]:
    """First and last day of a spell as the book has them."""
    number = planning.view.subject_ids.get((_EMPLOYMENT, code))
    if number is None:
        return {}
    known = ((name, planning.view.statements((_EMPLOYMENT, number), name)) for name in (_START, _END))
    return {name: (_DayStated(facts[-1].since, facts[-1].value),) for name, facts in known if facts}  # type: ignore[arg-type]


def _who(planning: Planning) -> dict[str, tuple[str, str]]:
    """Employment → codes of the person and the employer, by the book and by the file."""
    ends: dict[str, dict[str, str]] = defaultdict(dict)
    view = planning.view
    for (kind, code), number in view.subject_ids.items():
        if kind == _EMPLOYMENT:
            for link in view.links_ever(number):
                if link.row.party:
                    ends[code][link.row.role] = view.parties[link.row.party].code
    for table in planning.tables:
        for row in table.rows if table.layout.name == "subjects" else ():
            if row["kind"] is SubjectKind.EMPLOYMENT and row["role"] is not None:
                ends[str(row.text("code"))][row["role"].value] = str(row.text("value"))
        for row in table.rows if table.layout.registers is SubjectKind.EMPLOYMENT else ():
            for role in (LinkRole.PERSON, LinkRole.EMPLOYER):
                if (party := row.text(role.value)) is not None:
                    ends[str(row.text("code"))].setdefault(role.value, party)
    person, employer = LinkRole.PERSON.value, LinkRole.EMPLOYER.value
    return {code: (e[person], e[employer]) for code, e in ends.items() if {person, employer} <= e.keys()}
