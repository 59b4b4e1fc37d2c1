"""The derived copy: the journal in columns in a file beside the database, so that a cold process need not read row by row.

It can be deleted at any time. It carries checksums, the identity of its book and every leaf; it is taken only where the
database holds the same leaves, which is looked up unless nobody wrote to the book since the copy was made. Where anything
does not fit, the columns are read from the database. What the copy says is checked against the rows by `verify`.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import numpy as np
import numpy.typing as npt

from fof.db import Database
from fof.ledger.journal_columns import LEAF, POSTING_COLUMNS, Columns, Postings
from fof.ledger.row_columns import SMALL_TABLES, RowColumns, RowLayout
from fof.ledger.standing import Standing, same_prefix

COPY_AT_LEAST = 20_000
"""Postings and entries beyond the copy before the copy is written anew."""
_MAGIC = b"fofcols7"
_TYPES = [
    np.dtype(t) for t in (np.uint8, np.int32, np.int32, *(kind for _, kind in POSTING_COLUMNS), np.int32)
]


class DerivedCopy(NamedTuple):
    """What a copy holds of the entries 1 … columns.head: entries and postings, and the rows of small tables."""

    columns: Columns
    rows: Mapping[str, RowColumns]


def copy_path(database: Database) -> Path | None:
    """Where the derived copy of a database lies; None for a database in memory."""
    if database.is_sqlite:
        book = database.path
        return None if book is None else book.with_name(f"{book.name}.columns")
    from fof.environment import Settings  # late: not needed by a cold start on SQLite

    url = database.url
    return Settings().data_dir / f"{url.host or 'local'}-{url.port or 5432}-{url.database}.columns"


def save_copy(
    columns: Columns, path: Path, standing: Standing, rows: Mapping[str, RowColumns] | None = None
) -> None:
    """Write the columns; a half-written copy is never seen under the final name. Readable by its owner alone.

    rows     : all rows of small tables up to the columns' head; a table that is not among them is read from the database
    standing : what the columns stand on; where it says in which state the book was, a cold start relies on that
    """
    import tempfile  # late: a cold start reads a copy and writes none

    leaves = np.frombuffer(columns.leaves, np.uint8)
    arrays = [leaves, columns.entry_day, columns.reversed_by, *columns.postings]
    tables = {table: own.blocks() for table, own in (rows or {}).items()}
    header = {
        "head": columns.head,
        "identity": standing.identity,
        "state": standing.stored_state(),
        "lengths": [len(a) for a in arrays],
        "checksums": _checksums(arrays),
        "tables": {t: [layout, _checksum(blocks)] for t, (layout, blocks) in tables.items()},
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}.", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as out:
            data = json.dumps(header).encode()
            out.write(_MAGIC + len(data).to_bytes(4, "big") + zlib.crc32(data).to_bytes(4, "big") + data)
            for array in arrays:
                out.write(np.ascontiguousarray(array).data)
            for _, blocks in tables.values():
                out.writelines(blocks)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def load_copy(cursor: Any, path: Path, standing: Standing) -> DerivedCopy | None:
    """The copy, or None where there is none that fits this database.

    standing : the database as the cursor's transaction sees it
    """
    try:
        with path.open("rb") as source:
            copy_read = _read(source)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if copy_read is None:
        return None
    copy, identity, state = copy_read
    if identity != standing.identity:
        return None
    unchanged = state is not None and state == standing.stored_state()
    return copy if unchanged or same_prefix(cursor, copy.columns) else None


def _read(source: BinaryIO) -> tuple[DerivedCopy, str, list[Any] | None] | None:
    """What it holds, identity and state of the book as the file says; None where the file is no whole copy."""
    if source.read(len(_MAGIC)) != _MAGIC:
        return None
    size, checksum = (int.from_bytes(source.read(4), "big") for _ in range(2))
    data = source.read(size)
    if zlib.crc32(data) != checksum:
        return None
    header = json.loads(data)
    head, lengths = int(header["head"]), [int(n) for n in header["lengths"]]
    expected = [head * LEAF, head + 1, head + 1]
    if lengths[:3] != expected or len(lengths) != len(_TYPES) or len(set(lengths[3:])) != 1:
        return None
    arrays = [np.fromfile(source, kind, count) for kind, count in zip(_TYPES, lengths, strict=True)]
    if [len(a) for a in arrays] != lengths or _checksums(arrays) != header["checksums"]:
        return None
    columns = Columns(head, arrays[0].tobytes(), arrays[1], arrays[2], Postings.of(arrays[3:]))
    rows = _read_rows(source, header["tables"])
    return None if rows is None else (DerivedCopy(columns, rows), str(header["identity"]), header["state"])


def _read_rows(source: BinaryIO, tables: Mapping[str, Any]) -> dict[str, RowColumns] | None:
    """The rows of the small tables, None where the file does not hold all of them as it says."""
    rows = {}
    for table, (described, checksum) in tables.items():
        layout = RowLayout(*described)
        if table not in SMALL_TABLES or not layout.fits(table):
            return None
        data = source.read(layout.size)
        if len(data) != layout.size or zlib.crc32(data) != checksum:
            return None
        rows[table] = RowColumns.stored(table, layout, data)
    return rows


def _checksum(blocks: Sequence[bytes]) -> int:
    value = 0
    for block in blocks:
        value = zlib.crc32(block, value)
    return value


def _checksums(arrays: Sequence[npt.NDArray[Any]]) -> list[int]:
    """CRC-32 of each column: against a damaged disk, at four gigabytes a second. Against forgery nothing here helps."""
    return [zlib.crc32(np.ascontiguousarray(array).data.cast("B")) for array in arrays]
