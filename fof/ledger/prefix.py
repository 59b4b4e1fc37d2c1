"""A prefix of the journal: everything known at an entry that does not depend on the as-of day, indexed once.

Views of one known-at on many days share their prefix, so that moving the as-of day costs a search and not a reading.
"""

from __future__ import annotations

import datetime as dt
import threading
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from fof.errors import BadEntry
from fof.ledger.columns import Columns, RowRecord
from fof.ledger.postings import to_date

if TYPE_CHECKING:
    from fof.ledger.journal import Journal
    from models import rows as tables
    from models.facts import FactValue
    from models.kinds import PartyKind

Subject = tuple[str, int]
"""("party", id) or ("deal", id)."""


class PartyRecord(NamedTuple):
    """A party's identity and the entry that registered it."""

    id: int
    code: str
    kind: PartyKind
    entry: int


@dataclass(frozen=True, slots=True)
class Dated:
    """A row of the journal with its entry, line and day."""

    entry: int
    line: int
    day: dt.date
    row: Any

    def __getattr__(self, name: str) -> Any:
        return getattr(object.__getattribute__(self, "row"), name)


class Prefix:
    """The live rows of a journal up to an entry; lazy, and safe in threads (an index may be made twice, never half)."""

    def __init__(self, journal: Journal, columns: Columns, known_at: int) -> None:
        self._journal = journal
        self.known_at = known_at
        self.columns = columns
        self.live = columns.live(known_at)
        self._dated: dict[str, tuple[list[int], list[Dated]]] = {}
        self._values: dict[tuple[int, int], FactValue] = {}
        self._lock = threading.Lock()
        self.answers: dict[Any, Any] = {}
        """What was made of the prefix and holds as long as it lives (fof.book.stakes)."""

    @cached_property
    def digest(self) -> bytes:
        """Stands for everything known at this entry: what is kept beyond a view is kept under this and not under a number."""
        return self.columns.digest(self.known_at)

    def _visible(self, table: str) -> list[RowRecord]:
        live, known = self.live, self.known_at
        return [r for r in self._journal.rows(table) if r.entry <= known and live[r.entry]]

    @cached_property
    def parties(self) -> dict[int, PartyRecord]:
        """Every registered party by id; an identity is known from its entry on and is never withdrawn."""
        from models.kinds import PartyKind

        found: dict[int, PartyRecord] = {}
        for record in self._journal.rows("party"):
            if record.entry <= self.known_at:
                row: tables.Party = record.row  # type: ignore[assignment]
                found[row.id] = PartyRecord(row.id, row.code, PartyKind(row.kind), record.entry)
        return found

    @cached_property
    def by_code(self) -> dict[str, PartyRecord]:
        """Parties by code."""
        return {party.code: party for party in self.parties.values()}

    def dated(self, table: str, day: int | None) -> list[Dated]:
        """The live rows of a table dated on or before the day, ordered by (day, entry, line)."""
        with self._lock:
            if table not in self._dated:
                found = sorted(self._visible(table), key=lambda r: (r.day, r.entry, r.line))
                self._dated[table] = (
                    [r.day for r in found],
                    [Dated(r.entry, r.line, to_date(r.day), r.row) for r in found],
                )
            days, rows = self._dated[table]
        return list(rows) if day is None else rows[: bisect_right(days, day)]

    @cached_property
    def facts(self) -> dict[Subject, dict[str, list[RowRecord]]]:
        """Every attribute of every subject, whatever the day: rows by (day, entry, line)."""
        found: dict[Subject, dict[str, list[RowRecord]]] = defaultdict(lambda: defaultdict(list))
        for record in self._visible("fact"):
            row: tables.Fact = record.row  # type: ignore[assignment]
            subject = ("party", row.party) if row.party is not None else ("deal", row.deal or 0)
            found[subject][row.name].append(record)
        for by_name in found.values():
            for records in by_name.values():
                records.sort(key=lambda r: (r.day, r.entry, r.line))
        return {subject: dict(by_name) for subject, by_name in found.items()}

    def value(self, record: RowRecord) -> FactValue:
        """The typed value of a fact's row, parsed once."""
        key = (record.entry, record.line)
        if key not in self._values:
            from models.facts import FACTS

            try:
                self._values[key] = FACTS[record.row[2]].parse(record.row[3])
            except (KeyError, ValueError) as error:  # past the ledger's own checks
                raise BadEntry(record.entry, "fact", record.line) from error
        return self._values[key]
