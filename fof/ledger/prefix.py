"""A prefix of the journal: everything known at an entry that does not depend on the as-of day, indexed once.

Views of one known-at on many days share their prefix, so that moving the as-of day costs a search and not a reading.
"""

from __future__ import annotations

import datetime as dt
import threading
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property, partial
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import numpy as np

from fof.errors import BadEntry
from fof.ledger.journal_columns import Columns, Ints, Ints32, RowRecord
from fof.ledger.postings import to_date
from fof.ledger.registered_ids import IdentityRows, SubjectIds
from fof.ledger.row_columns import Coded, Field

if TYPE_CHECKING:
    from fof.ledger.journal import Journal
    from models import rows as tables
    from models.fact_specs import FactSpec
    from models.facts import FactValue
    from models.kinds import PartyKind
    from models.subjects import Bearer


Attributes = dict[str, list[RowRecord]]
"""Attribute → its rows by (day, entry, line)."""


UNREADABLE = object()
"""Stands for the value of an attribute that cannot be read; who asks for its row by Prefix.value is given the entry."""


class PartyRecord(NamedTuple):
    """A party's identity and the entry that registered it."""

    id: int
    code: str
    kind: PartyKind
    entry: int


class Dated(NamedTuple):
    """A row of the journal with its entry, line and day; what it has not of itself is asked of the row."""

    entry: int
    line: int
    day: dt.date
    row: Any

    def __getattr__(self, name: str) -> Any:
        return getattr(self.row, name)


_BY_DAY = itemgetter(2)
"""Sorts rows that stand by entry and line."""


def _dated(records: Sequence[RowRecord]) -> list[Dated]:
    """Rows with their days as dates, each made once; whoever reads a book has some ten thousand of them made."""
    if not records:
        return []
    entry, line, number, row = zip(*records, strict=True)
    dates = {day: to_date(day) for day in set(number)}
    columns = zip(entry, line, map(dates.__getitem__, number), row, strict=True)
    return list(map(partial(tuple.__new__, Dated), columns))


def party_records(rows: Iterable[RowRecord]) -> dict[int, PartyRecord]:
    """The parties that rows of the table `party` register, by id."""
    from models.kinds import PartyKind

    parties: dict[int, PartyRecord] = {}
    for record in rows:
        row: tables.Party = record.row  # type: ignore[assignment]
        parties[row.id] = PartyRecord(row.id, row.code, PartyKind(row.kind), record.entry)
    return parties


class PartiesRead:
    """All parties of a journal; what was read is added to and never made anew, for every booking asks."""

    def __init__(self) -> None:
        self._made: tuple[int, dict[int, PartyRecord]] = (0, {})

    def of(self, rows: list[RowRecord]) -> dict[int, PartyRecord]:
        """The parties of all rows of the journal, of which the first ones are those of the last call; safe in threads."""
        number, parties = self._made
        if number < len(rows):
            parties = parties | party_records(rows[number:])
            self._made = (len(rows), parties)
        return parties


class Prefix:
    """The live rows of a journal up to an entry; lazy, and safe in threads (an index may be made twice, never half)."""

    def __init__(self, journal: Journal, columns: Columns, known_at: int) -> None:
        self._journal = journal
        self.known_at = known_at
        self.columns = columns
        self.live = columns.live(known_at)
        self._dated: dict[str, tuple[list[int], list[Dated]]] = {}
        self._stated: dict[str, dict[tuple[str, int], list[RowRecord]]] = {}
        self._of_subjects: dict[str, dict[int, list[RowRecord]]] = {}
        self._values: dict[str, dict[str, FactValue]] = defaultdict(dict)
        self._lock = threading.Lock()
        self.answers: dict[Any, Any] = {}
        """What was made of the prefix and holds as long as it lives (fof.book.stakes)."""

    @cached_property
    def digest(self) -> bytes:
        """Stands for everything known at this entry: what is kept beyond a view is kept under this and not under a number."""
        return self.columns.digest(self.known_at)

    def records(self, table: str) -> list[RowRecord]:
        """The live rows of a table by entry and line, whatever the day; `dated` has them by day."""
        live, known = self._live_bytes, self.known_at
        rows = self._journal.written(table, lambda r: r.entry <= known and bool(live[r.entry]))
        rows = rows[: bisect_right(rows, known, key=itemgetter(0))]
        return [r for r in rows if live[r[0]]]

    @cached_property
    def _live_bytes(self) -> bytes:
        """The mask of live entries, one byte each: a row at a time is looked up in it."""
        return self.live.tobytes()

    @cached_property
    def parties(self) -> dict[int, PartyRecord]:
        """Every registered party by id; an identity is known from its entry on and is never withdrawn."""
        rows = self._journal.rows("party")
        if rows and rows[-1].entry <= self.known_at:
            return self._journal.parties_read.of(rows)
        return party_records(record for record in rows if record.entry <= self.known_at)

    @cached_property
    def by_code(self) -> dict[str, PartyRecord]:
        """Parties by code."""
        return {party.code: party for party in self.parties.values()}

    @cached_property
    def subjects(self) -> IdentityRows:
        """Every registered subject by id; like a party's, an identity is never withdrawn."""
        return IdentityRows(*self._identities)

    @cached_property
    def subject_ids(self) -> SubjectIds:
        """(kind, code) → id of the registered subjects."""
        return SubjectIds(*self._identities)

    @cached_property
    def _identities(self) -> tuple[Ints, Coded, Coded]:
        """Ids, kinds and codes of the registered subjects in the order of the journal."""
        entry, (ids, *coded) = self._journal.arrays_of("subject", ("id", "kind", "code"))
        known = slice(0, int(np.searchsorted(entry, self.known_at, side="right")))
        kinds, codes = (field.as_coded().picked(known) for field in coded)
        return ids.ints[known], kinds, codes

    def of_subject(self, table: str, number: int) -> list[RowRecord]:
        """The live rows of `subject_fact` or `subject_link` of one registered subject by (day, entry, line): who asks for a few
        of hundreds of thousands need not have them all made."""
        live, known = self._live_bytes, self.known_at
        rows = self._journal.rows_of_subject(table, number)
        own = [r for r in rows if r.entry <= known and live[r.entry]]
        return sorted(own, key=_BY_DAY) if len(own) > 1 else own

    def dated(self, table: str, day: int | None) -> list[Dated]:
        """The live rows of a table dated on or before the day, ordered by (day, entry, line)."""
        with self._lock:
            if table not in self._dated:
                records = sorted(self.records(table), key=_BY_DAY)
                self._dated[table] = [r[2] for r in records], _dated(records)
            days, rows = self._dated[table]
        return list(rows) if day is None else rows[: bisect_right(days, day)]

    @cached_property
    def facts(self) -> dict[tuple[str, int], Attributes]:
        """Every attribute that the table `fact` holds, by ("party", id) or ("deal", id), whatever the day."""
        of_party: dict[int, Attributes] = {}
        of_deal: dict[int, Attributes] = {}
        for record in self.records("fact"):  # tens of thousands: no call and no address made for each
            party, deal, name = record[3][:3]
            by_number, number = (of_deal, deal or 0) if party is None else (of_party, party)
            by_name = by_number.get(number)
            if by_name is None:
                by_name = by_number[number] = {}
            stated = by_name.get(name)
            if stated is None:
                by_name[name] = [record]
            else:
                stated.append(record)
        every = {("party", number): own for number, own in of_party.items()}
        every |= {("deal", number): own for number, own in of_deal.items()}
        for by_name in every.values():
            _in_order(by_name)
        return every

    def stated(self, name: str) -> dict[tuple[str, int], list[RowRecord]]:
        """Of one attribute of the table `fact` what `facts` has of all, without reading the others."""
        stated = self._stated.get(name)
        if stated is None:
            live, known = self._live_bytes, self.known_at
            records = [
                r for r in self._journal.rows_of_attribute("fact", name) if r.entry <= known and live[r.entry]
            ]
            by_name = _indexed((_bearer(r), r) for r in records)
            stated = self._stated[name] = {bearer: own[name] for bearer, own in by_name.items()}
        return stated

    def columns_of(self, table: str, *fields: str) -> tuple[Ints32, list[list[Any]]]:
        """Day numbers and some fields of the live rows of a table as it is stored, by entry and line; its rows need not be made."""
        entry, columns = self.arrays_of(table, *fields)
        return self.columns.entry_day[entry], [column.listed() for column in columns]

    def arrays_of(self, table: str, *fields: str) -> tuple[Ints32, list[Field]]:
        """The same in arrays, with the entry of each row in the place of its day."""
        entry, columns = self._journal.arrays_of(table, fields)
        chosen = self.live[np.minimum(entry, self.known_at)] & (entry <= self.known_at)
        if not chosen.all():
            columns = [column.picked(chosen) for column in columns]
        return entry[chosen], columns

    def stating(self, name: str) -> list[RowRecord]:
        """The live rows of the table `subject_fact` that state an attribute, by entry and line; its other rows are not made."""
        live, known = self._live_bytes, self.known_at
        rows = self._journal.rows_of_attribute("subject_fact", name)
        return [r for r in rows if r.entry <= known and live[r.entry]]

    def stated_of_subjects(self, name: str) -> dict[int, list[RowRecord]]:
        """Of one attribute of registered subjects its rows by (day, entry, line), by the subject's id."""
        stated = self._of_subjects.get(name)
        if stated is None:
            live, known = self._live_bytes, self.known_at
            by_subject: dict[int, list[RowRecord]] = defaultdict(list)
            for r in self._journal.rows_of_attribute("subject_fact", name):
                if r.entry <= known and live[r.entry] and (subject := r.row.subject) is not None:  # type: ignore[attr-defined]
                    by_subject[subject].append(r)
            for rows in by_subject.values():
                rows.sort(key=itemgetter(2))  # by day; they stand by entry and line
            stated = self._of_subjects[name] = dict(by_subject)
        return stated

    @cached_property
    def subject_facts(self) -> dict[Bearer, Attributes]:
        """The same of the table `subject_fact`, for subjects of any kind."""
        from models.subjects import bearer_of

        return _indexed((bearer_of(r.row), r) for r in self.records("subject_fact"))

    def value(self, record: RowRecord) -> FactValue:
        """The typed value of a fact's row, parsed once."""
        row: tables.Fact | tables.SubjectFact = record.row  # type: ignore[assignment]
        known = self._values[row.name]
        value = known.get(row.value)
        if value is None:
            facts, subject_facts = self._specs
            try:
                value = known[row.value] = (facts.get(row.name) or subject_facts[row.name]).parse(row.value)
            except (KeyError, ValueError) as error:  # past the ledger's own checks
                raise BadEntry(record.entry, "fact", record.line) from error
        return value

    def parsed(self, names: list[str], texts: list[str]) -> tuple[list[Any], bool]:
        """The typed values of attributes and their stored texts, each parsed once, and whether one cannot be read: UNREADABLE
        stands in its place."""
        facts, subject_facts = self._specs
        parses = {
            name: spec.parse for name in set(names) if (spec := facts.get(name) or subject_facts.get(name))
        }

        damaged = False

        def read(name: str, text: str) -> Any:
            nonlocal damaged
            try:
                value = self._values[name][text] = parses[name](text)
            except (KeyError, ValueError):
                damaged = True
                return UNREADABLE
            return value

        known = self._values
        pairs = zip(names, texts, strict=True)
        values = [
            read(name, text) if (value := known[name].get(text)) is None else value for name, text in pairs
        ]
        return values, damaged

    def of_facts_alone(self, name: str) -> bool:
        """Whether an attribute is declared for the table `fact` and not for the other one, which need not be read for it."""
        facts, subject_facts = self._specs
        return name in facts and name not in subject_facts

    @cached_property
    def _specs(self) -> tuple[dict[str, FactSpec], dict[str, FactSpec]]:
        """The declared attributes of the two tables of facts; looked up late, for the ledger starts without them."""
        from models.facts import FACTS, SUBJECT_FACTS

        return FACTS, SUBJECT_FACTS


_B = TypeVar("_B", bound=tuple[str | int, ...])


def _bearer(record: RowRecord) -> tuple[str, int]:
    """Whose attribute a row of the table `fact` states."""
    party, deal = record.row[:2]
    return ("party", party) if party is not None else ("deal", deal or 0)


def _in_order(attributes: Attributes) -> None:
    """Sorts the rows of each attribute by day."""
    for stated in attributes.values():
        if len(stated) > 1:
            stated.sort(key=_BY_DAY)


def _indexed(records: Iterable[tuple[_B, RowRecord]]) -> dict[_B, Attributes]:
    """Rows by whose attribute they state and by its name, each by (day, entry, line)."""
    by_bearer: dict[_B, Attributes] = defaultdict(lambda: defaultdict(list))
    for bearer, record in records:
        row: tables.Fact | tables.SubjectFact = record.row  # type: ignore[assignment]
        by_bearer[bearer][row.name].append(record)
    for by_name in by_bearer.values():
        _in_order(by_name)
    return {bearer: dict(by_name) for bearer, by_name in by_bearer.items()}
