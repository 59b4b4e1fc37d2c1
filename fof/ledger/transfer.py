"""Rows in and out of the two engines in bulk: many rows a statement on SQLite, COPY on PostgreSQL.

SQLAlchemy hands over its connection; the rows themselves go through the driver, because a million of them would
otherwise spend most of their time in being wrapped.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import numpy as np

from fof.db import announce
from fof.ledger.postings import OPTIONAL, POSTING_COLUMNS, Ints, Postings

if TYPE_CHECKING:
    import sqlalchemy as sa

ROWS_A_STATEMENT = 100
ROWS_A_BLOCK = 50_000
_COPY_HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_COPY_END = b"\xff\xff"
_WIDTHS = {np.int16: ">i2", np.int32: ">i4", np.int64: ">i8"}
_NAMES = [name for name, _ in POSTING_COLUMNS]


def is_sqlite(connection: sa.Connection) -> bool:
    """True on SQLite, False on PostgreSQL."""
    return connection.dialect.name == "sqlite"


# -- in -----------------------------------------------------------------------------------------------------------


def insert_postings(connection: sa.Connection, postings: Postings) -> None:
    """Write postings as they are, a missing fund, deal or loan as NULL; their day belongs to the entry."""
    if not len(postings):
        return
    if not is_sqlite(connection):
        _copy_postings(connection, postings)
        return
    names, columns = [], []
    for name in _NAMES:
        values = getattr(postings, name)
        missing = values < 0 if name in OPTIONAL else np.zeros(0, bool)
        if len(missing) and missing.all():
            continue  # a column that is not named costs nothing
        names.append(name)
        listed = values.tolist()
        columns.append([None if v < 0 else v for v in listed] if missing.any() else listed)
    announce(connection)
    _insert(connection, "posting", names, chain.from_iterable(zip(*columns, strict=True)), len(postings))


def insert_rows(connection: sa.Connection, table: sa.Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """Write rows of any table; a column that is NULL in all of them is left out of the statement."""
    if not rows:
        return
    every = [c.name for c in table.columns]
    used = [i for i in range(len(every)) if any(row[i] is not None for row in rows)]
    names = [every[i] for i in used]
    picked = map(itemgetter(*used), rows)
    if not is_sqlite(connection):
        cursor: Any = connection.connection.cursor()
        with cursor.copy(f"COPY {table.name} ({_listed(names)}) FROM STDIN") as copy:
            for row in picked:
                copy.write_row(row)
        return
    values: Iterator[Any] = chain.from_iterable(picked)
    if any(table.columns[name].type.python_type is dt.date for name in names):
        values = (v.isoformat() if isinstance(v, dt.date) else v for v in values)
    _insert(connection, table.name, names, values, len(rows))


def _insert(
    connection: sa.Connection, table: str, names: list[str], values: Iterator[Any], rows: int
) -> None:
    """Many rows a statement: half the time of one statement a row."""
    cursor: Any = connection.connection.cursor()
    one = f"({', '.join('?' * len(names))})"
    insert = f"INSERT INTO {table} ({_listed(names)}) VALUES "  # noqa: S608 - our own names
    many = insert + ", ".join([one] * ROWS_A_STATEMENT)
    for start in range(0, rows, ROWS_A_STATEMENT):
        count = min(ROWS_A_STATEMENT, rows - start)
        statement = many if count == ROWS_A_STATEMENT else insert + ", ".join([one] * count)
        cursor.execute(statement, list(islice(values, count * len(names))))


def _listed(names: list[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _copy_postings(connection: sa.Connection, postings: Postings) -> None:
    """Binary COPY out of one numpy block for each pattern of missing columns: no Python object a row."""
    missing = np.stack([getattr(postings, name) < 0 for name in OPTIONAL])
    pattern = np.array([1, 2, 4]) @ missing
    cursor: Any = connection.connection.cursor()
    with cursor.copy(f"COPY posting ({_listed(_NAMES)}) FROM STDIN (FORMAT BINARY)") as copy:
        copy.write(_COPY_HEADER)
        for number in np.unique(pattern).tolist():
            absent = {name for bit, name in enumerate(OPTIONAL) if number & 1 << bit}
            copy.write(_copy_block(postings.where(np.flatnonzero(pattern == number)), absent))
        copy.write(_COPY_END)


def _copy_block(postings: Postings, absent: set[str]) -> bytes:
    layout = _copy_layout(absent)
    block = np.zeros(len(postings), layout)
    block["fields"] = len(POSTING_COLUMNS)
    for name, kind in POSTING_COLUMNS:
        block[f"{name}_length"] = -1 if name in absent else np.dtype(kind).itemsize
        if name not in absent:
            block[name] = getattr(postings, name)
    return block.tobytes()


def _copy_layout(absent: set[str]) -> np.dtype[Any]:
    """A row of binary COPY: the number of fields, then each field's length (-1: NULL) and its bytes."""
    parts = [("fields", ">i2")]
    for name, kind in POSTING_COLUMNS:
        parts.append((f"{name}_length", ">i4"))
        if name not in absent:
            parts.append((name, _WIDTHS[kind]))
    return np.dtype(parts)


# -- out ----------------------------------------------------------------------------------------------------------


def posting_blocks(cursor: Any, after: int, head: int) -> Iterator[Ints]:
    """Postings of entries after + 1 … head in order, as int64 blocks (rows, POSTING_COLUMNS); -1 where missing."""
    columns = ", ".join(f"coalesce({n}, -1)" if n in OPTIONAL else n for n in _NAMES)
    query = f"SELECT {columns} FROM posting WHERE entry > {int(after)} AND entry <= {int(head)} ORDER BY entry, line"  # noqa: S608
    if not isinstance(cursor, sqlite3.Cursor):
        yield from _copied_out(cursor, query)
        return
    cursor.execute(query)
    width = len(_NAMES)
    while rows := cursor.fetchmany(ROWS_A_BLOCK):
        flat = np.fromiter(chain.from_iterable(rows), np.int64, len(rows) * width)
        yield flat.reshape(-1, width)


def _copied_out(cursor: Any, query: str) -> Iterator[Ints]:
    layout = _copy_layout(set())
    pieces: list[bytes] = []
    size, enough = 0, ROWS_A_BLOCK * layout.itemsize
    with cursor.copy(f"COPY ({query}) TO STDOUT (FORMAT BINARY)") as copy:
        for piece in copy:
            pieces.append(bytes(piece))
            size += len(piece)
            if size >= enough + len(_COPY_HEADER):
                block, rest = _block(b"".join(pieces), layout)
                yield block
                pieces, size = [_COPY_HEADER, rest], len(_COPY_HEADER) + len(rest)
    block, _ = _block(b"".join(pieces), layout)
    if len(block):
        yield block


def _block(data: bytes, layout: np.dtype[Any]) -> tuple[Ints, bytes]:
    """The whole rows behind a header, and the bytes of a row that has not come in full yet (or the end mark)."""
    rows = (len(data) - len(_COPY_HEADER)) // layout.itemsize
    records = np.frombuffer(data, layout, rows, len(_COPY_HEADER))
    block = np.stack([records[name].astype(np.int64) for name in _NAMES], axis=1)
    return block, data[len(_COPY_HEADER) + rows * layout.itemsize :]
