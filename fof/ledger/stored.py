"""Entries as the database holds them, read through the driver: nothing is taken from what the program keeps in memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Any

from fof.ledger.record import ENTRY_FIELDS, EntryHead, leaf_hash, record
from models.journal import ROW_TABLES

BLOCK = 10_000
"""Entries read at a time: bounds the memory, whatever the size of the book."""
Rows = dict[str, list[tuple[Any, ...]]]
EVERY_TABLE = frozenset(t.table.name for t in ROW_TABLES)


def stored_entries(
    cursor: Any, after: int = -(2**31), upto: int = 2**31 - 1, tables: Collection[str] = EVERY_TABLE
) -> Iterator[tuple[EntryHead, object, object, Rows, bool]]:
    """Entries after … upto in order: head, posting count and leaf as stored, its rows by table, whether lines are 1 to n.

    tables : a book of an older revision has not all of them
    """
    names = ", ".join(f'"{name}"' for name in (*ENTRY_FIELDS, "posting_count", "leaf"))
    width, day, request = len(ENTRY_FIELDS), ENTRY_FIELDS.index("effective_on"), ENTRY_FIELDS.index("request")
    while True:
        cursor.execute(
            f"SELECT {names} FROM entry WHERE id > {after} AND id <= {upto} ORDER BY id LIMIT {BLOCK}"  # noqa: S608
        )
        heads = cursor.fetchall()
        if not heads:
            return
        after = heads[-1][0]
        rows, misplaced = _rows(cursor, heads[0][0], after, tables)
        for stored in heads:
            values = list(stored[:width])
            values[day] = str(values[day])
            if not isinstance(values[request], bytes):
                values[request] = str(values[request])
            number = values[0]
            yield (
                EntryHead(*values),
                stored[width],
                stored[width + 1],
                rows.get(number, {}),
                number not in misplaced,
            )
        if after >= upto or len(heads) < BLOCK:
            return


def _rows(cursor: Any, first: int, last: int, tables: Collection[str]) -> tuple[dict[int, Rows], set[int]]:
    """The rows of entries first … last by entry and table, and the entries whose lines are not 1 to n."""
    rows: dict[int, Rows] = defaultdict(dict)
    misplaced: set[int] = set()
    for row_table in ROW_TABLES:
        table = row_table.table.name
        if table not in tables:
            continue
        names = ", ".join(f'"{column.name}"' for column in row_table.table.columns)
        cursor.execute(
            f"SELECT {names} FROM {table} WHERE entry BETWEEN {first} AND {last} ORDER BY entry, line"  # noqa: S608
        )
        current, own_rows = None, list[tuple[Any, ...]]()
        while block := cursor.fetchmany(50_000):
            for row in block:
                entry = row[0]
                if entry != current:
                    current, own_rows = entry, []
                    rows[entry][table] = own_rows
                own_rows.append(row[2:])
                if row[1] != len(own_rows):
                    misplaced.add(entry)
    return rows, misplaced


def own_leaf(head: EntryHead, rows: Rows) -> bytes:
    """The leaf that the stored values make; empty where a value is of another type than its column."""
    try:
        return leaf_hash(record(head, rows))
    except (TypeError, ValueError):
        return b""
