"""Reading the journal: the shared in-memory journal of a database, and views of it at (known at, as of)."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from fof.bookfile import SETTLED_AFTER
from fof.db import Database
from fof.errors import FofError, Replaced, Unknown
from fof.failures import why_unwritten
from fof.ledger import former
from fof.ledger.balances import Balances
from fof.ledger.booked_keys import BookedKeys
from fof.ledger.derived import COPY_AT_LEAST, copy_path, load_copy, save_copy
from fof.ledger.doubts import Doubts, warn
from fof.ledger.journal_columns import (
    NEVER,
    Columns,
    Ints32,
    RowRecord,
    newest_entries,
    read_rows,
    to_date,
)
from fof.ledger.prefix import PartiesRead, Prefix
from fof.ledger.row_columns import SMALL_TABLES, Field, RowColumns, with_values
from fof.ledger.standing import Standing, file_state, same_prefix, standing, unchanged
from fof.ledger.view import EntryRecord, View
from models.rows import ROW_CLASSES
from models.text import Text

if TYPE_CHECKING:
    import sqlalchemy as sa

ASKED_BY_BOOKINGS = (
    "party",
    "deal",
    "fact",
    "subject",
    "subject_fact",
    "setting",
    "edge",
    "notice",
    "quarter_close",
)
"""Small tables that planning and the door ask, whatever is booked."""
PREFIXES_AT_MOST = 6
VIEWS_AT_MOST = 24
AT_ONCE = 50_000
"""Entries whose heads one statement asks for; of a list of numbers SQLite takes up to a megabyte."""
ENTRIES_AT_ONCE = 50_000
"""Entries whose rows are read at a time."""
ROWS_AT_MOST = 50_000
"""Rows of a table that are held one by one before they are put in columns; each takes fifty times the memory."""
POSTINGS_AT_MOST = 8_000_000
"""A view that was asked for its postings holds a copy of them: of a large book fewer views are kept."""


class BookedKey(NamedTuple):
    """What an idempotency key was used for."""

    entry: int
    request: bytes
    reversed_by: int | None


class Journal:
    """Everything committed, in columns; extended by `refresh`, looked at through `view`. Thread-safe.

    `columns` is one snapshot after another: whoever needs several of its arrays takes the object once. Whatever is read
    later stands on the same book and the same prefix, or is not read: Replaced, and the journal is of no more use.
    """

    def __init__(self, database: Database) -> None:
        self.database = database
        self.columns = Columns()
        self._lock = threading.RLock()
        self._rows: dict[str, tuple[int, list[RowRecord]]] = {}
        """Small table → the last entry whose rows were read, and the rows; without those that are still in columns."""
        self._in_columns: dict[str, RowColumns] = {}
        """Small tables that the derived copy holds and nobody asked for as a whole: their rows up to the copy's head."""
        self._asked: set[str] = set()
        self._by_attribute: dict[str, tuple[list[RowRecord], dict[str, list[RowRecord]]]] = {}
        self._by_subject: dict[str, tuple[list[RowRecord], dict[int | None, list[RowRecord]]]] = {}
        self._newest: dict[str, int] = {}
        """Small table → the last entry that brought a row of it, as of the head: what holds nothing new is not read."""
        self._rows_made: set[str] = set()
        """Tables of which somebody asked for every row: these are not put in columns any more."""
        self._keys = BookedKeys()
        self.parties_read = PartiesRead()
        self._prefixes: dict[int, Prefix] = {}
        self._views: OrderedDict[tuple[int, int | None], View] = OrderedDict()
        self._balances: Balances | None = None
        self._copied = 0  # postings and entries in the derived copy
        self._standing: Standing | None = None
        """What the columns were last found to stand on; None before the first reading."""
        self.doubts = Doubts()
        self._read_at: Standing | None = None
        """The same when they were last extended: others may have booked since."""

    @classmethod
    def of(cls, database: Database, columns: Columns, rows: dict[str, list[RowRecord]]) -> Journal:
        """A journal of columns and rows that were read elsewhere, all of them; it reads nothing more of them."""
        made = cls(database)
        made.columns = columns
        made._rows = {table: (columns.head, records) for table, records in rows.items()}
        made._asked = set(rows)
        return made

    @property
    def head(self) -> int:
        """Id of the last entry that has been read."""
        return self.columns.head

    def refresh(self, connection: sa.Connection | None = None) -> Journal:
        """Read what was committed since the last look. `connection`: the writer's own, inside its lock.

        Replaced where the database does not hold what was read of it before.
        """
        with self._lock:
            if connection is None and unchanged(self.database, self._read_at):
                return self
            with self._cursor(connection) as cursor:
                self._extend(cursor)
            self._read_at = self._standing
            if connection is None:  # else a writer is waiting: the copy can be made later
                self._save()
        return self

    def _save(self) -> None:
        """Make the derived copy anew where much has come since."""
        path = copy_path(self.database)
        if path is None or _size(self.columns) - self._copied < COPY_AT_LEAST:
            return
        rows = self._all_rows()
        assert self._standing is not None
        if (
            self._standing.state is None
        ):  # a copy that says in which state the book was is taken without comparing
            time.sleep(SETTLED_AFTER)
            with self._cursor():
                pass
        self._copied = _size(self.columns)
        try:
            save_copy(self.columns, path, self._standing, rows)
        except OSError as error:  # it spares time and nothing else: figures are the same without it
            why = why_unwritten(error)
            sentence = Text(
                f"派生副本无法写入（不影响数字，只是打开较慢）：{why.zh}",
                f"the derived copy cannot be written (figures are the same, opening takes longer): {why.en}",
            )
            warn(sentence)

    def _all_rows(self) -> dict[str, RowColumns]:
        """Every small table that can be read; whoever asks for another is told what is wrong with it."""
        rows = {}
        with suppress(
            FofError, ValueError, TypeError, IndexError
        ):  # all in one read; else what is wrong with one
            self._load(SMALL_TABLES)
        for table in SMALL_TABLES:
            try:
                self._load((table,))
                columns, (head, later) = self._in_columns.get(table), self._rows[table]
                rows[table] = RowColumns.of(table, later) if columns is None else columns.extended(later)
                if columns is not None:
                    self._in_columns[table], self._rows[table] = rows[table], (head, [])
            except Replaced:
                raise
            except (FofError, ValueError, TypeError, IndexError):
                continue
        return rows

    @contextmanager
    def _cursor(self, connection: sa.Connection | None = None) -> Iterator[Any]:
        """A cursor on a book that still is what was read of it: the writer's own inside its lock, else of a read transaction."""
        before = file_state(self.database)
        if connection is not None:
            cursor = connection.connection.cursor()
            self._stand(standing(cursor, before), cursor)
            yield cursor
            return
        with self.database.cursor() as cursor:
            self._stand(standing(cursor, before), cursor)
            yield cursor

    def _stand(self, current: Standing, cursor: Any) -> None:
        """Compare what lies there with what was read: identity and state, and after any change every leaf."""
        known = self._standing
        changed = known is not None and (current.state is None or current.state != known.state)
        if known is not None and current.identity != known.identity:
            raise Replaced()
        if changed and not same_prefix(cursor, self.columns):
            raise Replaced()
        self._standing = current

    def _extend(self, cursor: Any) -> None:
        old, copy = self.columns, None
        if old.head == 0:
            path = copy_path(self.database)
            assert self._standing is not None
            copy = None if path is None else load_copy(cursor, path, self._standing)
            old = old if copy is None else copy.columns
            self._copied = _size(old)
        new, reversals = old.extended(cursor)
        if new is self.columns:
            return
        newest = newest_entries(cursor)
        # everything is read: a reading that failed before here leaves all as it was, and the next one begins anew
        if copy is not None:
            self._in_columns = dict(copy.rows)
            self._rows = {table: (old.head, []) for table in copy.rows}
        if self._balances is not None:  # a copy says nothing about the reversals that are in it: begin anew
            self._balances = self._balances.extended(new, reversals) if old is self.columns else None
        self.columns, self._newest = new, newest
        self._views.clear()
        self._prefixes.clear()

    def rows(self, table: str) -> list[RowRecord]:
        """All committed rows of a small table up to the head, in journal order, live or not."""
        with self._lock:
            self._load((table,))
            self._rows_made.add(table)
            columns = self._in_columns.pop(table, None)
            if columns is not None:
                done, later = self._rows[table]
                self._rows[table] = (done, columns.records(self.columns.entry_day) + later)
            return self._rows[table][1]

    def rows_of_attribute(self, table: str, name: str) -> list[RowRecord]:
        """The rows of `fact` or `subject_fact` that state one attribute, as `rows` has them; the others need not be made."""
        with self._lock:
            self._load((table,))
            columns, later = self._in_columns.get(table), self._rows[table][1]
            if columns is not None:
                own = columns.records(self.columns.entry_day, columns.where("name", name))
                return own + [r for r in later if r.row.name == name]  # type: ignore[attr-defined]
            if table not in self._by_attribute or self._by_attribute[table][0] is not later:
                by_name: dict[str, list[RowRecord]] = defaultdict(list)
                for record in later:
                    by_name[record.row.name].append(record)  # type: ignore[attr-defined]
                self._by_attribute[table] = (later, dict(by_name))
            return self._by_attribute[table][1].get(name, [])

    def rows_of_subject(self, table: str, number: int) -> list[RowRecord]:
        """The rows of `subject_fact` or `subject_link` of one subject, as `rows` has them; the others need not be made."""
        with self._lock:
            self._load((table,))
            columns, later = self._in_columns.get(table), self._rows[table][1]
            if table not in self._by_subject or self._by_subject[table][0] is not later:
                by_number: dict[int | None, list[RowRecord]] = defaultdict(list)
                for record in later:
                    by_number[record.row.subject].append(record)  # type: ignore[attr-defined]
                self._by_subject[table] = (later, dict(by_number))
            own = self._by_subject[table][1].get(number, [])
            if columns is not None and len(which := columns.of_subject(number)):
                return columns.records(self.columns.entry_day, which) + own
            return own

    def columns_of(self, table: str, fields: Sequence[str]) -> tuple[Ints32, list[list[Any]]]:
        """The entries of all committed rows of a small table and some fields, in journal order, live or not; no rows are made."""
        entry, columns = self.arrays_of(table, fields)
        return entry, [column.listed() for column in columns]

    def arrays_of(self, table: str, fields: Sequence[str]) -> tuple[Ints32, list[Field]]:
        """The same in arrays; a value may stand among a field's values twice."""
        with self._lock:
            self._load((table,))
            columns, later = self._in_columns.get(table), self._rows[table][1]
        return arrays_joined(columns or RowColumns.of(table, ()), fields, later)

    def written(self, table: str, wanted: former.Wanted = lambda _: True) -> Sequence[RowRecord]:
        """The same as they would be written today, whatever form an old entry keeps them in (fof.ledger.former)."""
        with self._lock:
            self._load((table, *former.SOURCES.get(table, ())))
            return former.read(table, self.rows, wanted)

    def load(self, connection: sa.Connection) -> None:
        """Read what every booking asks, through the writer's own connection, right after `refresh` looked at the book."""
        with self._lock:
            self._load(ASKED_BY_BOOKINGS, connection.connection.cursor())
            self._read_keys(connection.connection.cursor())

    def _load(self, tables: Sequence[str], cursor: Any = None) -> None:
        """Bring small tables up to the head, in one read; `cursor`: of a transaction in which the book was looked at."""
        head, stale = self.head, []
        for table in tables:
            done, rows = self._rows.get(table, (0, []))
            if self._newest.get(table, 0) > done:
                stale.append((table, done, rows))
        first = not self._asked.issuperset(tables)
        if not stale and first and cursor is None and not unchanged(self.database, self._standing):
            with self._cursor():  # what holds no rows is an answer, too: of this book, as it lies there now
                pass
        if stale:
            with nullcontext(cursor) if cursor is not None else self._cursor() as reading:
                for table, done, rows in stale:
                    for after in range(done, head, ENTRIES_AT_ONCE):
                        upto = min(after + ENTRIES_AT_ONCE, head)
                        new = read_rows(reading, table, after, upto, self.columns.entry_day)
                        rows = self._taken_up(table, rows + new if new else rows)
                        self._rows[table] = (upto, rows)  # what is in columns by then is not read again
        for table in tables:
            done, rows = self._rows.get(table, (0, []))
            self._rows[table] = (max(done, head), rows)
        self._asked.update(tables)

    def _taken_up(self, table: str, rows: list[RowRecord]) -> list[RowRecord]:
        """The rows of a table that stay rows: many are put in columns, where nobody asked for all of them."""
        if len(rows) < ROWS_AT_MOST or table in self._rows_made:
            return rows
        before = self._in_columns.get(table) or RowColumns.of(table, ())
        self._in_columns[table] = before.extended(rows)
        return []

    def tables_after(self, entry: int) -> set[str]:
        """Tables of which an entry after that one brought rows, and that of the postings."""
        return {"posting", *(table for table, newest in self._newest.items() if newest > entry)}

    def view(self, as_of: dt.date | None = None, known_at: int | None = None) -> View:
        """The book as it was true on `as_of` (None: all days) and known at entry `known_at` (None: now).

        Unknown for a known-at that is not in the journal.
        """
        with self._lock:
            known = self.head if known_at is None else known_at
            if not 0 <= known <= self.head:
                raise Unknown(Text("分录（已知时点）", "entry"), known_at)
            key = (known, None if as_of is None else as_of.toordinal())
            if key not in self._views:
                self._views[key] = View(self, as_of, self._prefix(known))
                at_most = min(VIEWS_AT_MOST, max(4, POSTINGS_AT_MOST // max(1, len(self.columns.postings))))
                while len(self._views) > at_most:
                    self._views.popitem(last=False)
            self._views.move_to_end(key)
            return self._views[key]

    def forget_views(self) -> None:
        """Hold no view any longer, nor what was made of its prefix."""
        with self._lock:
            self._views.clear()
            self._prefixes.clear()

    def _prefix(self, known: int) -> Prefix:
        prefix = self._prefixes.pop(known, None) or Prefix(self, self.columns, known)
        self._prefixes[known] = prefix  # the newest last: what has not been asked for longest goes first
        while len(self._prefixes) > PREFIXES_AT_MOST:
            self._prefixes.pop(next(iter(self._prefixes)))
        return prefix

    def balances(self) -> Balances:
        """Running balances by fund and investor at the journal's head, ready for any day; a snapshot like a view."""
        with self._lock:
            if self._balances is None:
                self._balances = Balances(self.columns)
            return self._balances

    def booked(self, key: str) -> BookedKey | None:
        """The entry that used an idempotency key, or None."""
        with self._lock:
            keys = self._read_keys()
            entry = keys.entry(key)
            if entry is None:
                return None
            by = int(self.columns.reversed_by[entry])
            return BookedKey(entry, keys.request(entry), None if by == NEVER else by)

    def _read_keys(self, cursor: Any = None) -> BookedKeys:
        if self._keys.done < self.head:
            with nullcontext(cursor) if cursor is not None else self._cursor() as reading:
                self._keys.read(reading, self.head)
        return self._keys

    def entries(self, first: int, last: int) -> list[EntryRecord]:
        """The heads of the entries first … last, in order, straight from the database."""
        return self._heads([f"BETWEEN {int(first)} AND {min(int(last), self.head)}"], self.head)

    def heads(self, ids: Iterable[int], known_at: int) -> dict[int, EntryRecord]:
        """The heads of some entries up to `known_at` by id, in few statements; reversals after it are not known."""
        wanted = sorted({int(n) for n in ids if n <= known_at})
        parts = [wanted[n : n + AT_ONCE] for n in range(0, len(wanted), AT_ONCE)]
        listed = [f"IN ({', '.join(map(str, part))})" for part in parts]
        return {head.id: head for head in (self._heads(listed, known_at) if listed else ())}

    def _heads(self, which: Iterable[str], known_at: int) -> list[EntryRecord]:
        columns = self.columns
        names = [name for name in EntryRecord._fields if name != "reversed_by"]
        rows: list[tuple[Any, ...]] = []
        with self._lock, self._cursor() as cursor:
            for condition in which:
                cursor.execute(f"SELECT {', '.join(names)} FROM entry WHERE id {condition} ORDER BY id")  # noqa: S608
                rows += cursor.fetchall()
        return [_entry(dict(zip(names, row, strict=True)), columns, known_at) for row in rows]

    def live(self, known_at: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Mask over entry ids 0 … known_at: True where the entry is not reversed by an entry up to known_at."""
        return self.columns.live(known_at)


def _entry(values: dict[str, Any], columns: Columns, known_at: int) -> EntryRecord:
    by = int(columns.reversed_by[values["id"]])
    values["effective_on"] = to_date(columns.entry_day[values["id"]])
    values["leaf"] = bytes(values["leaf"])
    return EntryRecord(**values, reversed_by=by if by <= known_at and by != NEVER else None)


def _size(columns: Columns) -> int:
    """How much the columns hold: postings and entries."""
    return len(columns.postings) + columns.head


def arrays_joined(
    columns: RowColumns, fields: Sequence[str], later: Sequence[RowRecord]
) -> tuple[Ints32, list[Field]]:
    """The entry of each row and some fields of it, of rows in columns and of some after them."""
    entry = np.concatenate([columns.entry, np.array([record.entry for record in later], np.int32)])
    places = [ROW_CLASSES[columns.table]._fields.index(name) for name in fields]  # type: ignore[attr-defined]
    joined = [
        with_values(columns.field(name), [record.row[place] for record in later], once=False)
        for name, place in zip(fields, places, strict=True)
    ]
    return entry, joined


_making = threading.Lock()


def journal_of(database: Database) -> Journal:
    """The one journal of an open database, as far as it has been read; it lives as long as the database object."""
    with _making:
        journal = database.memo.get(Journal)
        if not isinstance(journal, Journal):
            journal = database.memo[Journal] = Journal(database)
        return journal


def read(database: Database, connection: sa.Connection | None = None) -> Journal:
    """The journal of a database, up to date; one per open database, extended rather than read again.

    Where the book was replaced by another state of it, or by another book, that one is read anew.
    """
    journal = journal_of(database)
    try:
        return journal.refresh(connection)
    except Replaced:
        forget(database, journal)
        return journal_of(database).refresh(connection)


def forget(database: Database, journal: Journal) -> None:
    """Drop what was read of a book that is no longer there; whoever reads next reads what is there now."""
    with _making:
        if database.memo.get(Journal) is journal:
            del database.memo[Journal]
            anew = Text(
                "账本已被换成另一份，重新读取", "the book was replaced by another copy; it is read anew"
            )
            warn(anew)
