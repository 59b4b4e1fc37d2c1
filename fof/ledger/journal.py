"""Reading the journal: the shared in-memory journal of a database, and views of it at (known at, as of)."""

from __future__ import annotations

import datetime as dt
import threading
from collections import OrderedDict
from pathlib import Path
from typing import NamedTuple

import numpy as np
import sqlalchemy as sa

from fof.db import Database
from fof.errors import Unknown
from fof.ledger.balances import Balances
from fof.ledger.columns import (
    CACHE_AT_LEAST,
    NEVER,
    Columns,
    RowRecord,
    load_copy,
    read_rows,
    save_copy,
    to_date,
)
from fof.ledger.view import EntryRecord, View
from fof.settings import Settings

VIEWS_KEPT = 24


class BookedKey(NamedTuple):
    """What an idempotency key was used for."""

    entry: int
    request: bytes
    reversed_by: int | None


class Journal:
    """Everything committed, in columns; extended by `refresh`, looked at through `view`. Thread-safe."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.columns = Columns()
        self._lock = threading.RLock()
        self._rows: dict[str, tuple[int, list[RowRecord]]] = {}
        self._keys: tuple[int, dict[str, tuple[int, bytes]]] = (0, {})
        self._views: OrderedDict[tuple[int, int | None], View] = OrderedDict()
        self._balances: Balances | None = None

    @property
    def head(self) -> int:
        """Id of the last entry that has been read."""
        return self.columns.head

    def refresh(self, connection: sa.Connection | None = None) -> Journal:
        """Read what was committed since the last look. `connection`: the writer's own, inside its lock."""
        with self._lock:
            if connection is not None:
                self._extend(connection)
            else:
                with self.database.read() as reading:
                    self._extend(reading)
        return self

    def _extend(self, connection: sa.Connection) -> None:
        path = copy_path(self.database)
        if self.columns.head == 0 and path is not None:
            self.columns = load_copy(connection, path) or self.columns
        before = self.columns.head
        reversals = self.columns.extend(connection)
        if self.columns.head == before:
            return
        self._views.clear()
        if self._balances is not None:
            self._balances.extend(self.columns, reversals)
        if path is not None and len(self.columns.postings) - self.columns.cached_postings >= CACHE_AT_LEAST:
            save_copy(self.columns, path)

    def rows(self, table: str, connection: sa.Connection | None = None) -> list[RowRecord]:
        """All committed rows of a small table, in journal order, live or not."""
        with self._lock:
            done, rows = self._rows.get(table, (0, []))
            if done < self.head:
                if connection is not None:
                    rows = rows + read_rows(connection, table, done, self.columns.entry_day)
                else:
                    with self.database.read() as reading:
                        rows = rows + read_rows(reading, table, done, self.columns.entry_day)
                rows = [r for r in rows if r.entry <= self.head]
                self._rows[table] = (self.head, rows)
            return rows

    def view(self, as_of: dt.date | None = None, known_at: int | None = None) -> View:
        """The book as it was true on `as_of` (None: all days) and known at entry `known_at` (None: now).

        Unknown for a known-at that is not in the journal.
        """
        with self._lock:
            known = self.head if known_at is None else known_at
            if not 0 <= known <= self.head:
                raise Unknown("分录（已知时点）", known_at)
            key = (known, None if as_of is None else as_of.toordinal())
            if key not in self._views:
                self._views[key] = View(self, as_of, known)
                while len(self._views) > VIEWS_KEPT:
                    self._views.popitem(last=False)
            self._views.move_to_end(key)
            return self._views[key]

    def balances(self) -> Balances:
        """Running balances by fund and investor at the journal's head, ready for any day."""
        with self._lock:
            if self._balances is None:
                self._balances = Balances(self.columns)
            return self._balances

    def booked(self, key: str, connection: sa.Connection | None = None) -> BookedKey | None:
        """The entry that used an idempotency key, or None."""
        with self._lock:
            done, keys = self._keys
            if done < self.head:
                query = sa.text("SELECT id, key, request FROM entry WHERE id > :done AND id <= :head")
                if connection is None:
                    with self.database.read() as reading:
                        found = reading.execute(query, {"done": done, "head": self.head}).fetchall()
                else:
                    found = connection.execute(query, {"done": done, "head": self.head}).fetchall()
                keys.update((row.key, (row.id, bytes(row.request))) for row in found)
                self._keys = (self.head, keys)
            if key not in keys:
                return None
            entry, request = keys[key]
            by = int(self.columns.reversed_by[entry])
            return BookedKey(entry, request, None if by == NEVER else by)

    def entries(self, first: int, last: int) -> list[EntryRecord]:
        """The heads of the entries first … last, in order, straight from the database."""
        query = sa.text(
            "SELECT id, kind, effective_on, recorded_at, recorded_by, approved_by, key, source_digest, source_name, "
            "source_sheet, source_row, note, reverses, posting_count, leaf FROM entry WHERE id BETWEEN :first AND :last "
            "ORDER BY id"
        )
        with self.database.read() as connection:
            found = connection.execute(query, {"first": first, "last": min(last, self.head)}).fetchall()
        return [self._entry(row) for row in found]

    def _entry(self, row: sa.Row[tuple[object, ...]]) -> EntryRecord:
        values = row._mapping
        by = int(self.columns.reversed_by[values["id"]])
        return EntryRecord(
            **{
                name: values[name]
                for name in EntryRecord._fields
                if name in values and name not in ("effective_on", "leaf")
            },
            effective_on=to_date(self.columns.entry_day[values["id"]]),
            leaf=bytes(values["leaf"]),
            reversed_by=None if by == NEVER else by,
        )

    def live(self, known_at: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Mask over entry ids 0 … known_at: True where the entry is not reversed by an entry up to known_at."""
        return self.columns.reversed_by[: known_at + 1] > known_at


def copy_path(database: Database) -> Path | None:
    """Where the derived copy of a database's columns lies; None for a database in memory."""
    if database.is_sqlite:
        name = database.url.database
        return None if not name or name == ":memory:" else Path(name).with_name(Path(name).name + ".columns")
    folder = Settings().data_dir
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{database.url.host or 'local'}-{database.url.database}.columns"


_journals: dict[int, Journal] = {}
_journals_lock = threading.Lock()


def read(database: Database) -> Journal:
    """The journal of a database, up to date; one per open database, extended rather than read again."""
    with _journals_lock:
        journal = _journals.get(id(database))
        if journal is None or journal.database is not database:
            journal = _journals[id(database)] = Journal(database)
    return journal.refresh()
