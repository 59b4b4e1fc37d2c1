"""The journal in memory: numpy columns of the entries and postings, read once and extended when entries arrive.

Columns hold every committed row of the journal in order, live or not; `Journal.view` picks what was known and true.
A derived copy beside the database spares a cold process the row-by-row read; it carries a checksum and the leaf of
its last entry, and is rebuilt whenever either does not fit.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from models.journal import ROW_TABLES

Ints = npt.NDArray[np.int64]
Ints32 = npt.NDArray[np.int32]
EPOCH = dt.date(1970, 1, 1)
NEVER = np.int32(2**31 - 1)
"""reversed_by of an entry that is not reversed."""
CACHE_AT_LEAST = 20_000
"""Postings beyond the cached copy before the copy is written anew."""
_MAGIC = b"fofcols2"


def day_number(day: dt.date) -> int:
    """Days since 1970-01-01."""
    return (day - EPOCH).days


def to_date(day: int) -> dt.date:
    """The date of a day number."""
    return EPOCH + dt.timedelta(days=int(day))


POSTING_COLUMNS: tuple[tuple[str, Any], ...] = (
    ("entry", np.int32), ("line", np.int32), ("kind", np.int16), ("from_party", np.int32), ("to_party", np.int32),
    ("fund", np.int32), ("deal", np.int32), ("loan", np.int32), ("fen", np.int64),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Postings:
    """Columns of equal length, in journal order; -1 stands for a missing fund, deal or loan.

    entry, line, from_party, to_party, fund, deal, loan : int32
    kind : int16 (models.posting_kinds)     fen : int64, whole fen > 0     day : int32, days since 1970-01-01
    """

    entry: Ints32
    line: Ints32
    kind: npt.NDArray[np.int16]
    from_party: Ints32
    to_party: Ints32
    fund: Ints32
    deal: Ints32
    loan: Ints32
    fen: Ints
    day: Ints32

    def __len__(self) -> int:
        return len(self.entry)

    def __iter__(self) -> Iterator[npt.NDArray[Any]]:
        """The columns, in the order of the fields."""
        return (getattr(self, f.name) for f in fields(self))

    @classmethod
    def of(cls, columns: Iterable[npt.NDArray[Any]]) -> Postings:
        """From columns in the order of the fields."""
        return cls(*columns)

    def where(self, chosen: npt.NDArray[Any] | slice) -> Postings:
        """The postings picked by a mask, by positions or by a slice."""
        return Postings.of(column[chosen] for column in self)


def no_postings() -> Postings:
    """Columns of length nought."""
    return Postings.of(np.empty(0, kind) for _, kind in (*POSTING_COLUMNS, ("day", np.int32)))


def joined(blocks: Iterable[Postings]) -> Postings:
    """Blocks of postings one after another."""
    return Postings.of(np.concatenate(parts) for parts in zip(*blocks, strict=True))


@dataclass
class Columns:
    """Everything committed up to `head`. Entry arrays are indexed by entry id (place 0 is unused)."""

    head: int = 0
    leaf: bytes = b""
    entry_day: Ints32 = field(default_factory=lambda: np.zeros(1, np.int32))
    reversed_by: Ints32 = field(default_factory=lambda: np.full(1, NEVER, np.int32))
    postings: Postings = field(default_factory=no_postings)
    version: int = 0
    cached_postings: int = 0

    def extend(self, connection: sa.Connection) -> list[tuple[int, int]]:
        """Read what was committed since; returns the reversals among it as (reversing entry, reversed entry)."""
        rows = connection.execute(
            sa.text("SELECT id, effective_on, reverses, leaf FROM entry WHERE id > :head ORDER BY id"),
            {"head": self.head},
        ).fetchall()
        if not rows:
            return []
        assert rows[0].id == self.head + 1, "entry ids have no gaps"
        assert rows[-1].id == self.head + len(rows), "entry ids have no gaps"
        days = np.array([str(row.effective_on) for row in rows], dtype="datetime64[D]").astype(np.int32)
        self.entry_day = np.concatenate([self.entry_day, days])
        reversed_by = np.concatenate([self.reversed_by, np.full(len(rows), NEVER, np.int32)])
        reversals = [(row.id, row.reverses) for row in rows if row.reverses is not None]
        for by, target in reversals:
            reversed_by[target] = by
        self.reversed_by = reversed_by
        self._extend_postings(connection)
        self.head, self.leaf = rows[-1].id, bytes(rows[-1].leaf)
        self.version += 1
        return reversals

    def _extend_postings(self, connection: sa.Connection) -> None:
        names = ", ".join(name for name, _ in POSTING_COLUMNS)
        result = connection.execute(
            sa.text(f"SELECT {names} FROM posting WHERE entry > :head ORDER BY entry, line"),  # noqa: S608
            {"head": self.head},
        )
        blocks: list[Postings] = []
        while chunk := result.fetchmany(100_000):
            table = list(zip(*chunk, strict=True))
            arrays = [
                np.array(
                    [-1 if v is None else v for v in column] if name in ("fund", "deal", "loan") else column,
                    kind,
                )
                for column, (name, kind) in zip(table, POSTING_COLUMNS, strict=True)
            ]
            blocks.append(Postings.of([*arrays, self.entry_day[arrays[0]]]))
        if blocks:
            self.postings = Postings(
                *(np.concatenate(parts) for parts in zip(self.postings, *blocks, strict=True))
            )


class RowRecord(NamedTuple):
    """One row of a small table: its entry, line, day, and the row itself."""

    entry: int
    line: int
    day: int
    row: tuple[Any, ...]


def read_rows(connection: sa.Connection, table: str, after: int, entry_day: Ints32) -> list[RowRecord]:
    """The rows of a small table that entries after `after` brought, as row classes of models.journal."""
    row_table = next(t for t in ROW_TABLES if t.table.name == table)
    query = sa.select(row_table.table).where(row_table.table.c.entry > after).order_by("entry", "line")
    make = row_table.row._make  # type: ignore[attr-defined]
    return [RowRecord(r[0], r[1], int(entry_day[r[0]]), make(r[2:])) for r in connection.execute(query)]


# -- the derived copy ---------------------------------------------------------------------------------------------


def save_copy(columns: Columns, path: Path) -> None:
    """Write the columns beside the database; a half-written copy is never seen under the final name."""
    arrays = [columns.entry_day, columns.reversed_by, *columns.postings]
    digest = hashlib.blake2b(digest_size=16)
    for array in arrays:
        digest.update(np.ascontiguousarray(array).data.cast("B"))
    header = json.dumps(
        {
            "head": columns.head,
            "leaf": columns.leaf.hex(),
            "arrays": [[str(a.dtype), len(a)] for a in arrays],
            "digest": digest.hexdigest(),
        }
    ).encode()
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    with temporary.open("wb") as out:
        out.write(_MAGIC + len(header).to_bytes(4, "big") + header)
        for array in arrays:
            np.ascontiguousarray(array).tofile(out)
    temporary.replace(path)
    columns.cached_postings = len(columns.postings)


def load_copy(connection: sa.Connection, path: Path) -> Columns | None:
    """The columns of the derived copy, or None where there is none that fits this database."""
    try:
        with path.open("rb") as source:
            if source.read(len(_MAGIC)) != _MAGIC:
                return None
            header = json.loads(source.read(int.from_bytes(source.read(4), "big")))
            arrays = [np.fromfile(source, np.dtype(kind), count) for kind, count in header["arrays"]]
    except (OSError, ValueError, KeyError):
        return None
    digest = hashlib.blake2b(digest_size=16)
    for array, (_, count) in zip(arrays, header["arrays"], strict=True):
        if len(array) != count:
            return None
        digest.update(array.data.cast("B"))
    leaf = connection.execute(
        sa.text("SELECT leaf FROM entry WHERE id = :id"), {"id": header["head"]}
    ).scalar()
    if digest.hexdigest() != header["digest"] or leaf is None or bytes(leaf).hex() != header["leaf"]:
        return None
    columns = Columns(header["head"], bytes(leaf), arrays[0], arrays[1], Postings.of(arrays[2:]), 1)
    columns.cached_postings = len(columns.postings)
    return columns
