"""The journal in memory: numpy columns of the entries and postings, read once and extended when entries arrive.

Columns hold every committed row of the journal in order, live or not; `Journal.view` picks what was known and true.
They are never changed: new entries make new columns, so whoever holds the old ones holds a snapshot.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import field
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from fof.errors import NotReady
from fof.ledger.postings import (
    EPOCH,
    OPTIONAL,
    POSTING_COLUMNS,
    Ints,
    Ints32,
    Postings,
    day_number,
    joined,
    no_postings,
    to_date,
)
from fof.ledger.transfer import posting_blocks
from models.frozen import frozen
from models.rows import ROW_CLASSES
from models.text import Text

__all__ = [
    "EPOCH",
    "NEVER",
    "OPTIONAL",
    "POSTING_COLUMNS",
    "Columns",
    "Ints",
    "Ints32",
    "Postings",
    "RowRecord",
    "day_number",
    "joined",
    "newest_entries",
    "no_postings",
    "read_postings",
    "read_rows",
    "to_date",
]

NEVER = np.int32(2**31 - 1)
"""reversed_by of an entry that is not reversed."""


LEAF = 32
"""Bytes of a leaf hash."""


def stored_leaf(stored: Any) -> bytes:
    """A leaf as it is kept in memory: itself, or where it is no leaf at all (another length) its hash."""
    leaf = bytes(stored)
    return leaf if len(leaf) == LEAF else hashlib.sha256(leaf).digest()


def _empty(value: int) -> Ints32:
    return np.full(1, value, np.int32)


@frozen
class Columns:
    """Everything committed up to `head`. Entry arrays are indexed by entry id (place 0 is unused).

    leaves : the leaf hashes of entries 1 … head, 32 bytes each, one after another (`kept_leaf`)
    """

    head: int = 0
    leaves: bytes = b""
    entry_day: Ints32 = field(default_factory=lambda: _empty(0))
    reversed_by: Ints32 = field(default_factory=lambda: _empty(int(NEVER)))
    postings: Postings = field(default_factory=no_postings)

    def live(self, known_at: int) -> npt.NDArray[np.bool_]:
        """Mask over entry ids 0 … known_at: True where the entry is not reversed by an entry up to known_at."""
        return self.reversed_by[: known_at + 1] > known_at

    def digest(self, known_at: int) -> bytes:
        """Stands for the entries 1 … known_at: SHA-256 over their leaves. Two prefixes with one digest are the same."""
        return hashlib.sha256(self.leaves[: known_at * LEAF]).digest()

    def extended(self, cursor: Any) -> tuple[Columns, list[tuple[int, int]]]:
        """With what was committed since, and the reversals among it as (reversing entry, reversed entry).

        The cursor must see one state of the book throughout. NotReady where entry ids have gaps.
        """
        cursor.execute(
            f"SELECT id, effective_on, reverses, leaf FROM entry WHERE id > {self.head} ORDER BY id"  # noqa: S608
        )
        rows = cursor.fetchall()
        if not rows:
            return self, []
        head = rows[-1][0]
        if rows[0][0] != self.head + 1 or head != self.head + len(rows):
            raise NotReady(
                Text("账本分录号有缺口，请运行 fof verify", "entry ids of the book have gaps, run fof verify")
            )
        days = np.array([str(row[1]) for row in rows], dtype="datetime64[D]").astype(np.int32)
        entry_day = np.concatenate([self.entry_day, days])
        reversed_by = np.concatenate([self.reversed_by, np.full(len(rows), NEVER, np.int32)])
        reversals = [(number, target) for number, _, target, _ in rows if target is not None]
        for by, target in reversals:
            reversed_by[target] = by
        new = read_postings(cursor, self.head, head, entry_day)
        postings = joined([self.postings, new]) if len(new) else self.postings
        leaves = self.leaves + b"".join([stored_leaf(row[3]) for row in rows])
        return Columns(head, leaves, entry_day, reversed_by, postings), reversals


def read_postings(cursor: Any, after: int, head: int, entry_day: Ints32) -> Postings:
    """The postings of entries after + 1 … head, in order; their days are taken from `entry_day`."""
    blocks = []
    for block in posting_blocks(cursor, after, head):
        arrays = [block[:, i].astype(kind) for i, (_, kind) in enumerate(POSTING_COLUMNS)]
        blocks.append(Postings.of([*arrays, entry_day[arrays[0]]]))
    return joined(blocks)


class RowRecord(NamedTuple):
    """One row of a small table: its entry, line, day, and the row itself."""

    entry: int
    line: int
    day: int
    row: tuple[Any, ...]


_BLOCK = 50_000
"""Rows that are read at a time."""


def read_rows(cursor: Any, table: str, after: int, head: int, entry_day: Ints32) -> list[RowRecord]:
    """The rows of a small table that entries after + 1 … head brought, as row classes of models.rows. Equal values are one object:
    of a million rows most say what others say."""
    make, names, days = _SHAPES[table]
    cursor.execute(
        f"SELECT {names} FROM {table} WHERE entry > {int(after)} AND entry <= {int(head)} ORDER BY entry, line"  # noqa: S608
    )
    records: list[RowRecord] = []
    same: dict[Any, Any] = {}
    while rows := cursor.fetchmany(_BLOCK):
        entry, line, *columns = zip(
            *rows, strict=True
        )  # by column: it is done to tens of thousands of rows at once
        fields: list[Sequence[Any]] = list(columns)
        for place, column in enumerate(columns):
            if place in days:  # SQLite keeps days as text
                fields[place] = [_day(same, v) if isinstance(v, str) else v for v in column]
            elif any(type(value) is str for value in column):
                fields[place] = [same.setdefault(v, v) if type(v) is str else v for v in column]
        day = entry_day[np.array(entry)].tolist()
        numbers = [map(same.setdefault, own, own) for own in (entry, line, day)]
        made = map(partial(tuple.__new__, make), zip(*fields, strict=True))
        records += map(partial(tuple.__new__, RowRecord), zip(*numbers, made, strict=True))
    return records


def _day(same: dict[Any, Any], text: str) -> dt.date:
    """The one object of a day."""
    day = same.get((text,))
    if day is None:
        day = same[text,] = dt.date.fromisoformat(text)
    return day


def newest_entries(cursor: Any) -> dict[str, int]:
    """Small table → the last entry that brought a row of it; one statement, a look into each table's key."""
    each = (f"SELECT '{table}', max(entry) FROM {table}" for table in ROW_CLASSES if table != "posting")  # noqa: S608
    cursor.execute(" UNION ALL ".join(each))
    return {table: int(newest) for table, newest in cursor.fetchall() if newest is not None}


def _shape(made: Any) -> tuple[Any, str, frozenset[int]]:
    """Class of a row, its columns as SQL, the places of its days."""
    names = ("entry", "line", *made._fields)
    days = frozenset(i for i, n in enumerate(made._fields) if "dt.date" in str(made.__annotations__[n]))
    return made, ", ".join(f'"{n}"' for n in names), days


_SHAPES = {table: _shape(made) for table, made in ROW_CLASSES.items()}
