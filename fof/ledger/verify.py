"""Verifying a book: every record and leaf recomputed from the rows as the database gives them back, and what follows from them.

Nothing here trusts what the program keeps in memory: rows are read again in order, a block of entries at a time, and balances
are summed by the database itself. The Merkle root over the leaves stands for the whole journal: two books with the same root
hold the same entries. What only a root kept outside can show (a tail cut off, everything rewritten) needs that root.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import sqlalchemy as sa

from fof.db import Database
from fof.errors import NotReady
from fof.ledger.balances import investor_side
from fof.ledger.columns import Columns
from fof.ledger.derived import copy_path, load_copy
from fof.ledger.postings import Postings
from fof.ledger.record import ENTRY_FIELDS, EntryHead, leaf_hash, merkle_root, record
from models.journal import ROW_TABLES
from models.posting_kinds import TREATMENTS

BLOCK = 20_000
"""Entries read at a time: bounds the memory, whatever the size of the book."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was checked, and what was found, in Chinese and English."""

    name: str
    ok: bool
    zh: str
    en: str

    def text(self, language: str = "zh") -> str:
        """The finding in a language."""
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True, slots=True)
class Verification:
    """The result. root : of the leaves as recomputed; first_bad : first entry that does not fit, None where all do."""

    entries: int
    postings: int
    root: bytes
    first_bad: int | None
    checks: tuple[Check, ...]

    @property
    def ok(self) -> bool:
        """True where every check passed."""
        return all(c.ok for c in self.checks)


@dataclass(slots=True)
class _Walk:
    """What one pass over all entries gathers."""

    leaves: list[bytes] = field(default_factory=list)
    postings: int = 0
    first_bad: int | None = None
    wrong_leaf: int | None = None
    gap: int | None = None
    wrong_count: int | None = None
    wrong_reversal: int | None = None
    reversed: set[int] = field(default_factory=set)
    reversals: set[int] = field(default_factory=set)

    def blame(self, entry: int) -> None:
        self.first_bad = entry if self.first_bad is None else min(self.first_bad, entry)


def verify(database: Database) -> Verification:
    """Recompute leaves, root, structure and balances, compare the derived copy, run the engine's own check.

    One read transaction: bookings of others do not disturb it. Never raises for a damaged book; the checks say what is wrong.
    """
    with database.read() as connection:
        walk = _walk(connection)
        checks = [
            _said("entry_ids", walk.gap, "分录编号连续", "entry ids follow one another"),
            _said("leaves", walk.wrong_leaf, "各分录与其叶哈希一致", "every entry fits its leaf hash"),
            _said(
                "postings",
                walk.wrong_count,
                "各分录的金额行数相符",
                "every entry closes exactly its postings",
            ),
            _said(
                "reversals",
                walk.wrong_reversal,
                "冲销各指向一条更早的有效分录",
                "every reversal names one earlier live entry",
            ),
            _orphans(connection),
            _balances(connection, walk),
            _derived(database, connection),
            *_engine(connection),
        ]
    return Verification(
        len(walk.leaves), walk.postings, merkle_root(walk.leaves), walk.first_bad, tuple(checks)
    )


def _said(name: str, bad: int | None, zh: str, en: str) -> Check:
    if bad is None:
        return Check(name, True, zh, en)
    return Check(name, False, f"自分录 {bad} 起不符：{zh}", f"not so from entry {bad}: {en}")


# -- entries ------------------------------------------------------------------------------------------------------


def _walk(connection: sa.Connection) -> _Walk:
    walk = _Walk()
    expected = 1
    for head, count, leaf, rows in _entries(connection):
        number = head.id
        if number != expected and walk.gap is None:
            walk.gap = expected
            walk.blame(expected)
        expected = number + 1
        own = leaf_hash(record(head, rows))
        walk.leaves.append(own)
        postings = len(rows.get("posting", ()))
        walk.postings += postings
        if own != leaf:
            walk.wrong_leaf = number if walk.wrong_leaf is None else walk.wrong_leaf
            walk.blame(number)
        if postings != count:
            walk.wrong_count = number if walk.wrong_count is None else walk.wrong_count
            walk.blame(number)
        _reversal(walk, head)
    return walk


def _reversal(walk: _Walk, head: EntryHead) -> None:
    target = head.reverses
    if target is None:
        return
    if not 0 < target < head.id or target in walk.reversed or target in walk.reversals:
        walk.wrong_reversal = head.id if walk.wrong_reversal is None else walk.wrong_reversal
        walk.blame(head.id)
    walk.reversed.add(target)
    walk.reversals.add(head.id)


def _entries(
    connection: sa.Connection,
) -> Iterator[tuple[EntryHead, int, bytes, dict[str, list[tuple[Any, ...]]]]]:
    """Every entry in order with its rows by table, as the database gives them back."""
    names = ", ".join(ENTRY_FIELDS)
    statement = f"SELECT {names}, posting_count, leaf FROM entry WHERE id > :after ORDER BY id LIMIT {BLOCK}"  # noqa: S608
    select = sa.text(statement)
    after = 0
    while heads := connection.execute(select, {"after": after}).fetchall():
        first, last = heads[0].id, heads[-1].id
        rows: dict[int, dict[str, list[tuple[Any, ...]]]] = defaultdict(dict)
        for row_table in ROW_TABLES:
            table = row_table.table
            query = (
                sa.select(table)
                .where(table.c.entry.between(first, last))
                .order_by(table.c.entry, table.c.line)
            )
            for row in connection.execute(query):
                rows[row[0]].setdefault(table.name, []).append(tuple(row[2:]))
        for head in heads:
            values = list(head[: len(ENTRY_FIELDS)])
            values[2] = str(values[2])
            values[7] = bytes(values[7])
            yield EntryHead(*values), head.posting_count, bytes(head.leaf), rows.get(head.id, {})
        after = last


def _orphans(connection: sa.Connection) -> Check:
    """Rows without an entry: in no record, so no leaf could show them."""
    found = []
    for row_table in ROW_TABLES:
        name = row_table.table.name
        query = f"SELECT count(*) FROM {name} WHERE entry NOT IN (SELECT id FROM entry)"  # noqa: S608 - our own table names
        if connection.execute(sa.text(query)).scalar():
            found.append(name)
    if not found:
        return Check("orphans", True, "没有不属于任何分录的行", "no row without an entry")
    return Check(
        "orphans",
        False,
        f"有不属于任何分录的行：{'、'.join(found)}",
        f"rows without an entry: {', '.join(found)}",
    )


# -- balances -----------------------------------------------------------------------------------------------------


def _balances(connection: sa.Connection, walk: _Walk) -> Check:
    """Paid-in and distributed of every (fund, investor), summed by the database and by the columns' path."""
    try:
        columns, _ = Columns().extended(connection)
    except NotReady:
        return Check(
            "balances", False, "分录号有缺口，无法汇总", "entry ids have gaps; nothing can be summed"
        )
    live = columns.reversed_by[columns.postings.entry] > columns.head
    postings = columns.postings.where(np.flatnonzero(live))
    wrong = [m for m in ("paid_in", "distributed") if _by_database(connection, m) != _by_columns(postings, m)]
    if not wrong and len(columns.postings) == walk.postings:
        return Check(
            "balances",
            True,
            "数据库汇总与列式汇总逐户相等",
            "the database and the columns agree account by account",
        )
    return Check("balances", False, "数据库汇总与列式汇总不等", "the database and the columns disagree")


def _by_database(connection: sa.Connection, measure: str) -> dict[tuple[int, int], int]:
    found: dict[tuple[int, int], int] = defaultdict(int)
    for kind, treatment in TREATMENTS.items():
        sign = getattr(treatment, measure)
        if not sign:
            continue
        side = "from_party" if treatment.from_investor else "to_party"
        query = sa.text(
            f"SELECT fund, {side}, CAST(sum(fen) AS BIGINT) FROM posting p WHERE kind = :kind AND NOT EXISTS "  # noqa: S608
            f"(SELECT 1 FROM entry r WHERE r.reverses = p.entry) GROUP BY fund, {side}"
        )
        for fund, investor, fen in connection.execute(query, {"kind": int(kind)}):
            found[-1 if fund is None else fund, investor] += sign * int(fen)
    return {pair: fen for pair, fen in found.items() if fen}


def _by_columns(postings: Postings, measure: str) -> dict[tuple[int, int], int]:
    sign = np.zeros(max(TREATMENTS) + 1, np.int64)
    for kind, treatment in TREATMENTS.items():
        sign[kind] = getattr(treatment, measure)
    effect = sign[postings.kind]
    chosen = np.flatnonzero(effect)
    keys = (postings.fund[chosen].astype(np.int64) << 32) | investor_side(postings)[chosen].astype(np.int64)
    pairs, place = np.unique(keys, return_inverse=True)
    sums = np.zeros(len(pairs), np.int64)
    np.add.at(sums, place, effect[chosen] * postings.fen[chosen])
    return {(int(k) >> 32, int(k) & 0xFFFFFFFF): int(v) for k, v in zip(pairs, sums, strict=True) if v}


# -- the derived copy and the engine ------------------------------------------------------------------------------


def _derived(database: Database, connection: sa.Connection) -> Check:
    path = copy_path(database)
    kept = None if path is None or not path.exists() else load_copy(connection, path)
    if kept is None:
        return Check(
            "derived_copy",
            True,
            "没有派生副本，或已作废将重建",
            "no derived copy, or one that will be made anew",
        )
    try:
        fresh, _ = Columns().extended(connection)
    except NotReady:
        return Check(
            "derived_copy", False, "分录号有缺口，无法比较", "entry ids have gaps; nothing to compare with"
        )
    end = len(kept.postings)
    same = all(
        np.array_equal(a, b[:end]) for a, b in zip(kept.postings, fresh.postings, strict=True)
    ) and np.array_equal(kept.entry_day, fresh.entry_day[: len(kept.entry_day)])
    zh, en = (
        ("派生副本与各行一致", "the derived copy fits the rows")
        if same
        else ("派生副本与各行不符，请删除", "the derived copy differs from the rows; delete it")
    )
    return Check("derived_copy", same, zh, en)


def _engine(connection: sa.Connection) -> Iterator[Check]:
    if connection.dialect.name == "sqlite":
        found = [r[0] for r in connection.exec_driver_sql("PRAGMA integrity_check(5)")]
        ok = found == ["ok"]
        yield Check(
            "engine",
            ok,
            "SQLite 完整性检查通过" if ok else f"SQLite 完整性检查：{found}",
            "integrity_check ok" if ok else f"integrity_check: {found}",
        )
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        yield Check(
            "references",
            not broken,
            "引用完整" if not broken else f"引用缺失 {len(broken)} 处",
            "no broken reference" if not broken else f"{len(broken)} broken references",
        )
        return
    settings = {
        name: connection.execute(sa.text(f"SHOW {name}")).scalar()
        for name in ("fsync", "synchronous_commit", "full_page_writes", "data_checksums")
    }
    off = [name for name, value in settings.items() if value == "off" and name != "data_checksums"]
    shown = "，".join(f"{k}={v}" for k, v in settings.items())
    yield Check("engine", not off, f"PostgreSQL 持久性设置：{shown}", f"durability settings: {shown}")
