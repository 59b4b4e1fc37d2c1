"""Whether the database itself is sound: no orphans, every reference kept, guards in place, the engine's own checks.

SQLite checks itself (integrity_check also finds an index that lies). PostgreSQL has no such command without an
extension, so every unique index is read against its table, constraints must be valid and triggers switched on.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
import sqlalchemy as sa

from fof.db import Database
from fof.ledger.journal_columns import Columns
from fof.schema import REVISIONS
from models.base import metadata
from models.frozen import frozen
from models.journal import ROW_TABLES
from models.text import Text

JOURNAL_TABLES: tuple[str, ...] = ("entry", *(t.table.name for t in ROW_TABLES))
OWN_TABLES = ("book", "book_revision")
"""What migrations alone write."""
POSTGRES_GUARDS: frozenset[str] = frozenset(
    {
        f"{table}_{guard}"
        for table in (*JOURNAL_TABLES, *OWN_TABLES)
        for guard in ("append_only", "no_truncate")
    }
    | {f"{t.table.name}_closed" for t in ROW_TABLES}
    | {"entry_follows", "posting_lines", "posting_has_entry"}
    | {f"{table}_own" for table in OWN_TABLES}
    | {f"{table}_judged" for table in JOURNAL_TABLES}
    | {f"{t.table.name}_lines" for t in ROW_TABLES}
    | {"party_near", "deal_near", "subject_near", "entry_subjects"}
)
"""Triggers that keep the book append-only on PostgreSQL; a test holds the list to the migrations."""
_DURABLE = ("fsync", "synchronous_commit", "full_page_writes")


@frozen
class Check:
    """One thing that was checked, and what was found, in Chinese and English."""

    name: str
    ok: bool
    text: Text


def orphans(connection: sa.Connection) -> Check:
    """Rows without an entry: in no record, so no leaf could show them."""
    names = []
    for row_table in ROW_TABLES:
        name = row_table.table.name
        query = f"SELECT 1 FROM {name} WHERE entry NOT IN (SELECT id FROM entry) LIMIT 1"  # noqa: S608 - our own names
        if connection.exec_driver_sql(query).scalar():
            names.append(name)
    if not names:
        return Check("orphans", True, Text("没有不属于任何分录的行", "no row without an entry"))
    text = Text(f"有不属于任何分录的行：{'、'.join(names)}", f"rows without an entry: {', '.join(names)}")
    return Check("orphans", False, text)


_NAMED_BY_POSTINGS = {
    "party": ("from_party", "to_party", "fund"),
    "deal": ("deal",),
    "subject": ("loan",),
}
_SINCE_SUBJECTS = "SELECT first_entry FROM book_revision WHERE number = '0006'"


def references(connection: sa.Connection, columns: Columns | None) -> Iterator[Check]:
    """Every party, deal and entry that a row names exists; asked of the rows, not of the engine's constraints."""
    broken = []
    for name in JOURNAL_TABLES:
        children, query = _dangling(name)
        if query:
            answers = connection.exec_driver_sql(query).one()
            broken += [f"{name}.{child}" for child, lost in zip(children, answers, strict=True) if lost]
    if columns is not None:
        first = connection.exec_driver_sql(_SINCE_SUBJECTS).scalar() or 0
        for table, fields in _NAMED_BY_POSTINGS.items():
            postings = columns.postings
            if table == "subject":  # before, the number was anything
                postings = postings.where(postings.entry >= first)
            known = [r[0] for r in connection.exec_driver_sql(f"SELECT id FROM {table}")]  # noqa: S608
            for name in fields:
                if len(np.setdiff1d(np.unique(getattr(postings, name)), [-1, *known])):
                    broken.append(f"posting.{name}")
    if not broken:
        yield Check("references", True, Text("引用完整", "every reference is kept"))
        return
    listed = ", ".join(sorted(set(broken)))
    yield Check("references", False, Text(f"引用缺失：{listed}", f"references to nothing: {listed}"))


def _known(parent: sa.Column[object]) -> str:
    return f'(SELECT "{parent.name}" FROM {parent.table.name})'  # noqa: S608 - our own names


@cache
def _dangling(table: str) -> tuple[list[str], str]:
    """The columns of a table that refer to something, and the query that asks in one pass whether each refers to nothing."""
    keys = {key.parent.name: key.column for key in metadata.tables[table].foreign_keys}
    asked = [
        f'max(CASE WHEN "{child}" IS NOT NULL AND "{child}" NOT IN {_known(parent)} THEN 1 END)'
        for child, parent in keys.items()
    ]
    return list(keys), f"SELECT {', '.join(asked)} FROM {table}" if keys else ""  # noqa: S608 - our own names


@cache
def _violated(table: str) -> tuple[list[str], str]:
    """The conditions of a table, and the query that asks in one pass for the first entry that breaks each."""
    number = "id" if table == "entry" else "entry"
    named = {
        str(c.name): c.sqltext
        for c in metadata.tables[table].constraints
        if isinstance(c, sa.CheckConstraint)
    }
    asked = [f"min(CASE WHEN ({text}) IS FALSE THEN {number} END)" for text in named.values()]
    return list(named), f"SELECT {', '.join(asked)} FROM {table}" if named else ""  # noqa: S608 - our own


def constraints(connection: sa.Connection) -> Check:
    """Closed lists, signs and shares: every row meets the constraints of its table, asked again row by row."""
    broken = []
    for name in JOURNAL_TABLES:
        conditions, query = _violated(name)
        if query:
            answers = connection.exec_driver_sql(query).one()
            broken += [(int(e), c) for c, e in zip(conditions, answers, strict=True) if e is not None]
    if not broken:
        return Check(
            "constraints",
            True,
            Text("各行均在封闭列表与取值范围内", "every row keeps the closed lists and ranges"),
        )
    first = sorted(broken)[:10]
    text = Text(
        "；".join(f"分录 {entry}：{name}" for entry, name in first),
        "; ".join(f"entry {entry}: {name}" for entry, name in first),
    )
    return Check("constraints", False, text)


def own(connection: sa.Connection) -> Check:
    """What the book says about itself: one identity, every revision once and in order, none from an entry to come."""
    books = connection.exec_driver_sql("SELECT id, identity FROM book").all()
    eras = connection.exec_driver_sql("SELECT number, first_entry FROM book_revision ORDER BY number").all()
    head = connection.exec_driver_sql("SELECT coalesce(max(id), 0) FROM entry").scalar() or 0
    firsts = [int(first) for _, first in eras]
    whole = (
        [(i, re.fullmatch("[0-9a-f]{32}", str(identity)) is not None) for i, identity in books] == [(1, True)]
        and tuple(number for number, _ in eras) == REVISIONS
        and firsts == sorted(firsts)
        and firsts[0] == 1
        and firsts[-1] <= int(head) + 1
    )
    if whole:
        return Check(
            "book", True, Text("账本标识与版本沿革完整", "the book's identity and its revisions are whole")
        )
    return Check(
        "book", False, Text("账本标识或版本沿革有误", "the book's identity or its revisions are not whole")
    )


def guards(connection: sa.Connection) -> Iterator[Check]:
    """The triggers and constraints that keep the journal append-only are there and switched on."""
    wrong = (
        _sqlite_schema(connection) if connection.dialect.name == "sqlite" else _postgres_guards(connection)
    )
    if not wrong:
        yield Check("guards", True, Text("防改触发器与约束齐全", "the guards against changes are in place"))
        return
    listed = ", ".join(sorted(wrong)[:10])
    yield Check(
        "guards", False, Text(f"防改触发器或约束缺失、被改：{listed}", f"guards missing or changed: {listed}")
    )


_SCHEMA = "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'"


@lru_cache(maxsize=1)
def _wanted_schema() -> dict[str, str]:
    """What the migrations make, made in a file of its own."""
    with tempfile.TemporaryDirectory() as folder:
        fresh = Database(f"sqlite:///{Path(folder) / 'fresh.sqlite'}")
        fresh.init()
        with fresh.read() as connection:
            made = {name: sql for name, sql in connection.exec_driver_sql(_SCHEMA).fetchall()}  # noqa: C416 - rows
        fresh.close()
    return made


def _sqlite_schema(connection: sa.Connection) -> set[str]:
    """Names of what differs from the schema that the migrations make."""
    stored = {name: sql for name, sql in connection.exec_driver_sql(_SCHEMA).fetchall()}  # noqa: C416 - rows
    wanted = _wanted_schema()
    triggers = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars()
    return {n for n, sql in wanted.items() if stored.get(n) != sql} | (set(triggers) - set(wanted))


def _postgres_guards(connection: sa.Connection) -> set[str]:
    """Names of triggers that are missing or off, and of constraints that were never validated."""
    on = connection.exec_driver_sql(
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')"
    ).scalars()
    unproven = connection.exec_driver_sql(
        "SELECT conname FROM pg_constraint WHERE NOT convalidated "
        "AND connamespace = (SELECT oid FROM pg_namespace WHERE nspname = 'public')"
    ).scalars()
    return set(POSTGRES_GUARDS - set(on)) | set(unproven)


def engine(connection: sa.Connection) -> Iterator[Check]:
    """What the engine can say about itself."""
    if connection.dialect.name == "sqlite":
        yield from _sqlite_engine(connection)
    else:
        yield from _postgres_engine(connection)


def _sqlite_engine(connection: sa.Connection) -> Iterator[Check]:
    faults = [str(r[0]) for r in connection.exec_driver_sql("PRAGMA integrity_check(5)")]
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(5)
    faults = ([] if faults == ["ok"] else faults) + [f"{r[0]} → {r[2]}" for r in broken]
    if not faults:
        yield Check(
            "engine", True, Text("SQLite 完整性检查通过", "integrity_check and foreign_key_check passed")
        )
        return
    listed = "; ".join(faults)
    yield Check("engine", False, Text(f"SQLite 完整性检查：{listed}", f"integrity check: {listed}"))


def _postgres_engine(connection: sa.Connection) -> Iterator[Check]:
    wrong = [name for name, columns in _unique_indexes() if not _index_fits(connection, name, columns)]
    text = Text("唯一索引与各行一致", "unique indexes fit the rows")
    if wrong:
        text = Text(
            f"索引与各行不符：{', '.join(wrong)}", f"an index differs from its rows: {', '.join(wrong)}"
        )
    yield Check("engine", not wrong, text)
    settings = {
        name: str(connection.exec_driver_sql(f"SHOW {name}").scalar())
        for name in (*_DURABLE, "data_checksums")
    }
    off = [name for name in _DURABLE if settings[name] == "off"]
    listed = ", ".join(f"{k}={v}" for k, v in settings.items())
    yield Check(
        "durability", not off, Text(f"PostgreSQL 持久性设置：{listed}", f"durability settings: {listed}")
    )


def _unique_indexes() -> Iterator[tuple[str, tuple[str, ...]]]:
    for name in JOURNAL_TABLES:
        for constraint in metadata.tables[name].constraints:
            if isinstance(constraint, sa.PrimaryKeyConstraint | sa.UniqueConstraint):
                yield name, tuple(c.name for c in constraint.columns)


def _index_fits(connection: sa.Connection, table: str, columns: tuple[str, ...]) -> bool:
    """The same rows whether they are read one after another or through the index."""
    names = ", ".join(f'"{c}"' for c in columns)
    given = " AND ".join(f'"{c}" IS NOT NULL' for c in columns)
    query = (
        f"SELECT count(*), coalesce(sum(hashtextextended(concat_ws('|', {names}), 0)::numeric), 0) "  # noqa: S608
        f"FROM (SELECT {names} FROM {table} WHERE {given} ORDER BY {names}) rows_in_order"
    )
    answers = []
    for by_index in ("off", "on"):
        other = "off" if by_index == "on" else "on"
        for switch, value in (
            ("enable_seqscan", other),
            ("enable_sort", other),
            ("enable_bitmapscan", "off"),
            ("enable_indexscan", by_index),
            ("enable_indexonlyscan", by_index),
        ):
            connection.exec_driver_sql(f"SET LOCAL {switch} = {value}")
        answers.append(tuple(connection.exec_driver_sql(query).one()))
    for switch in ("seqscan", "sort", "bitmapscan", "indexscan", "indexonlyscan"):
        connection.exec_driver_sql(f"SET LOCAL enable_{switch} = on")
    return answers[0] == answers[1]
