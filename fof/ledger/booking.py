"""Writing the journal: one transaction, one writer, everything or nothing.

Lock first, then read, check, append: the order of ids is the order of commits, without gaps. Rows go in before their
entry, because an entry closes its rows: the database refuses a row for an entry that exists.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import chain
from typing import Any

import sqlalchemy as sa

from fof.access import Actor
from fof.db import Database
from fof.errors import BookingRefused, Problem, Unknown
from fof.ledger import checks
from fof.ledger.draft import Already, Booked, Draft, Ids, Plan, Planner
from fof.ledger.journal import Journal, read
from fof.ledger.record import EntryHead, leaf_hash, record, request_digest
from models.journal import ROW_TABLES
from models.journal import entry as entry_table
from models.kinds import EntryKind

_TABLE_OF = {t.row: t.table.name for t in ROW_TABLES}
CLOCK_BEHIND_AT_MOST = dt.timedelta(minutes=5)


def book(
    database: Database,
    actor: Actor,
    planner: Planner,
    *,
    action: str = "book",
    prepared_by: str | None = None,
) -> Booked:
    """Plan under the lock, check, append. `prepared_by`: another person whose work the actor approves (four eyes).

    BookingRefused lists every problem, and then nothing was written; NotAllowed where the roles do not suffice.
    """
    actor.require(action)
    if prepared_by is not None:
        actor.require("approve")
    with database.write() as connection:
        journal = _current(database, connection)
        plan, drafts = _checked(journal, planner, connection)
        if plan.problems:
            raise BookingRefused(plan.problems, "入账")
        recorded_by, approved_by = (actor.name, None) if prepared_by is None else (prepared_by, actor.name)
        entries = _append(connection, journal, drafts, recorded_by, approved_by)
    return Booked(entries, plan.already)


def check(database: Database, planner: Planner) -> tuple[Plan, list[Draft]]:
    """The same plan and checks against the book as it stands now; writes nothing. Returns the plan and what it would book."""
    journal = read(database)
    with database.read() as connection:
        return _checked(journal, planner, connection)


def reverse(database: Database, actor: Actor, entry: int, why: str) -> Booked:
    """Take an entry back: from now on none of its rows is live. The entry and its reversal both stay visible.

    Unknown for no such entry; BookingRefused where it is reversed already, is itself a reversal, or the book without
    it would break an invariant.
    """
    if not why.strip():
        problem = Problem("reason_missing", "冲销必须写明原因", "a reversal needs a reason")
        raise BookingRefused([problem], "冲销")
    journal = read(database)
    if not 0 < entry <= journal.head:
        raise Unknown("分录", entry)
    day = journal.entries(entry, entry)[0].effective_on
    draft = Draft(
        EntryKind.REVERSAL,
        day,
        f"reversal:{entry}",
        request_digest("reversal", entry),
        note=why.strip(),
        reverses=entry,
    )
    return book(database, actor, lambda _view, _ids: Plan([draft]), action="reverse")


def _current(database: Database, connection: sa.Connection) -> Journal:
    from fof.ledger import journal as journals

    with journals._journals_lock:
        journal = journals._journals.get(id(database))
        if journal is None or journal.database is not database:
            journal = journals._journals[id(database)] = Journal(database)
    return journal.refresh(connection)


def _checked(journal: Journal, planner: Planner, connection: sa.Connection) -> tuple[Plan, list[Draft]]:
    for table in ("party", "deal", "fact"):
        journal.rows(table, connection)
    journal.booked("", connection)
    view = journal.view()
    plan = planner(view, Ids(view))
    drafts = _fresh(journal, plan)
    if not plan.problems:
        plan.problems.extend(checks.problems(view, drafts, connection))
    return plan, drafts


def _fresh(journal: Journal, plan: Plan) -> list[Draft]:
    """The drafts that are not in the journal yet; the others go to `already`, conflicting ones to `problems`."""
    fresh: list[Draft] = []
    seen: dict[str, bytes] = {}
    for draft in plan.drafts:
        booked = journal.booked(draft.key)
        if booked is None and draft.key not in seen:
            seen[draft.key] = draft.request
            fresh.append(draft)
        elif booked is not None and booked.request == draft.request:
            plan.already.append(Already(draft.key, booked.entry, booked.reversed_by))
        elif booked is None and seen[draft.key] == draft.request:
            plan.problems.append(
                Problem(
                    "repeated",
                    "同一笔在本次请求中出现两次",
                    "the same thing twice in one request",
                    draft.key,
                    draft.source.where(),
                )
            )
        else:
            entry = "本次请求" if booked is None else f"分录 {booked.entry}"
            plan.problems.append(
                Problem(
                    "key_conflict",
                    f"{entry} 已用此编号登记了不同内容，须先冲销",
                    "this reference is booked with other content; reverse that entry first",
                    draft.key,
                    draft.source.where(),
                )
            )
    return fresh


def _now(connection: sa.Connection) -> str:
    """UTC now, never before the last entry's; refuses to write with a clock that is clearly behind."""
    now = dt.datetime.now(dt.UTC)
    last = connection.execute(sa.text("SELECT recorded_at FROM entry ORDER BY id DESC LIMIT 1")).scalar()
    if last is not None:
        then = dt.datetime.fromisoformat(last)
        if then - now > CLOCK_BEHIND_AT_MOST:
            problem = Problem(
                "clock_behind",
                "本机时钟早于上一分录，请校准时钟",
                "the clock is behind the last entry",
                now.isoformat(),
            )
            raise BookingRefused([problem], "入账")
        now = max(now, then)
    return now.isoformat(timespec="microseconds")


def _append(
    connection: sa.Connection,
    journal: Journal,
    drafts: Sequence[Draft],
    recorded_by: str,
    approved_by: str | None,
) -> list[int]:
    """Write drafts as the next entries; returns their ids."""
    if not drafts:
        return []
    recorded_at = _now(connection)
    first = journal.head + 1
    heads: list[tuple[Any, ...]] = []
    posting_rows: list[tuple[Any, ...]] = []
    other_rows: dict[str, list[tuple[Any, ...]]] = {}
    for number, draft in enumerate(drafts, first):
        rows: dict[str, list[tuple[Any, ...]]] = {"posting": draft.postings} if draft.postings else {}  # type: ignore[dict-item]
        for row in draft.rows:
            rows.setdefault(_TABLE_OF[type(row)], []).append(row)
        head = EntryHead(
            number, draft.kind.value, draft.effective_on.isoformat(), recorded_at, recorded_by, approved_by, draft.key,
            draft.request, *draft.source, draft.note, draft.reverses,
        )  # fmt: skip
        heads.append((*head, len(draft.postings), leaf_hash(record(head, rows))))
        posting_rows.extend([(number, line, *posting) for line, posting in enumerate(draft.postings, 1)])
        for table, found in rows.items():
            if table != "posting":
                other_rows.setdefault(table, []).extend(
                    (number, line, *row) for line, row in enumerate(found, 1)
                )
    insert = _insert_sqlite if connection.dialect.name == "sqlite" else _insert_postgres
    for row_table in ROW_TABLES:
        found_rows = posting_rows if row_table.tag == b"P" else other_rows.get(row_table.table.name, [])
        insert(connection, row_table.table, found_rows)
    insert(connection, entry_table, heads)
    return list(range(first, first + len(drafts)))


def _insert_sqlite(connection: sa.Connection, table: sa.Table, rows: list[tuple[Any, ...]]) -> None:
    """Many rows a statement: a third of the time of one statement a row."""
    if not rows:
        return
    cursor: Any = connection.connection.cursor()
    width = len(table.columns)
    at_once = max(1, min(300, 30_000 // width))
    one = f"({', '.join('?' * width)})"
    insert = f"INSERT INTO {table.name} VALUES "  # noqa: S608 - our own table names
    many = insert + ", ".join([one] * at_once)
    plain = any(isinstance(c.type, sa.Date) for c in table.columns)
    if plain:
        rows = [tuple(v.isoformat() if isinstance(v, dt.date) else v for v in row) for row in rows]
    for start in range(0, len(rows), at_once):
        part = rows[start : start + at_once]
        statement = many if len(part) == at_once else insert + ", ".join([one] * len(part))
        cursor.execute(statement, list(chain.from_iterable(part)))


def _insert_postgres(connection: sa.Connection, table: sa.Table, rows: list[tuple[Any, ...]]) -> None:
    """COPY: the only quick way in."""
    if not rows:
        return
    cursor: Any = connection.connection.cursor()
    names = ", ".join(f'"{c.name}"' for c in table.columns)
    if table.name == "posting":
        lines = "".join(["\t".join(["\\N" if v is None else str(v) for v in row]) + "\n" for row in rows])
        with cursor.copy(f"COPY posting ({names}) FROM STDIN") as copy:
            copy.write(lines)
        return
    with cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
