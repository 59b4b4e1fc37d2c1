"""Writing the journal: one transaction, one writer, everything or nothing.

Lock first, then read, check, append: the order of ids is the order of commits, without gaps. Rows go in before their
entry, because an entry closes its rows: the database refuses a row for an entry that exists.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import sqlalchemy as sa

from fof import failures
from fof.access import ENTRY_ACTIONS, Actor, folded, may, reversal_action
from fof.db import Database
from fof.engines import BUSY_SECONDS
from fof.errors import BookingRefused, Busy, OutcomeUnknown, Problem, Replaced, Unavailable, Unknown
from fof.ledger import checks
from fof.ledger.doubts import SAME_CLOCK as CLOCK_LAG_AT_MOST
from fof.ledger.doubts import time_of
from fof.ledger.draft import Already, Booked, Draft, Ids, Plan, Planner
from fof.ledger.journal import Journal, forget, journal_of, read
from fof.ledger.record import EntryHead, leaf_hash, record, request_digest
from fof.ledger.transfer import insert_postings, insert_rows
from fof.ledger.users import Users
from fof.ledger.view import EntryRecord, View
from fof.words import OFFICE
from models.journal import ROW_TABLES
from models.journal import entry as entry_table
from models.kinds import EntryKind
from models.text import Text

ROWS_AT_ONCE = 50_000
"""Rows of entries that wait to be written together: a file of a million would hold each twice."""
_TABLE_OF = {t.row: t.table.name for t in ROW_TABLES}


def book(
    database: Database,
    actor: Actor,
    planner: Planner,
    *,
    action: str | Collection[str] = "book",
    prepared_by: str | None = None,
) -> Booked:
    """Plan under the lock, check, append. `prepared_by`: another person whose work the actor approves (four eyes).

    action : what the use case does (fof.access.PERMISSIONS), several for a file of several sheets. Beside it the kind of each
             entry says what it takes; both are asked again under the lock, of the users that the book then has.
    BookingRefused lists every problem, and then nothing was written; NotAllowed where the roles do not suffice; Busy
    where the lock was not had in time (nothing was written); OutcomeUnknown where the connection broke during COMMIT
    and the book cannot be asked: send the same request again. Replaced where the book is no longer the one that this
    process had read: nothing was written, because what was asked was decided on figures of the other.
    """
    actions = [action] if isinstance(action, str) else [*action]
    if prepared_by is not None:
        actions.append("approve")
    people = _People(actor, tuple(actions), prepared_by)
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            return _book_once(database, planner, people)
        except Busy:
            if time.monotonic() >= deadline:
                raise


class _People(NamedTuple):
    """Who asks for a booking, what they do by it, and who prepared it."""

    actor: Actor
    actions: tuple[str, ...]
    prepared_by: str | None

    @property
    def recorded(self) -> tuple[str, str | None]:
        """recorded_by, approved_by."""
        name = self.actor.name
        return (name, None) if self.prepared_by is None else (self.prepared_by, name)

    def admit(self, users: Users, drafts: Sequence[Draft], kind_of: Callable[[int], str]) -> None:
        """NotAllowed or BookingRefused unless the book lets them do it as it stands under the lock."""
        needed = [
            ENTRY_ACTIONS[d.kind] if d.reverses is None else reversal_action(kind_of(d.reverses))
            for d in drafts
        ]
        day = _clock().astimezone(OFFICE).date()
        users.require(self.actor, dict.fromkeys((*self.actions, *needed)), day)
        if self.prepared_by is None:
            return
        if folded(self.prepared_by) == folded(self.actor.name):
            raise BookingRefused([_one_person(self.actor.name)], Text("入账", "booking"))
        if users:
            maker = users.coded(self.prepared_by, day)
            if maker is None or not may(maker.roles, "prepare"):
                raise users.refusal(Actor(self.prepared_by, frozenset()), "prepare", day)


def _one_person(name: str) -> Problem:
    return Problem(
        "four_eyes", Text("经办与复核不得为同一人", "maker and approver must be two persons"), name
    )


def _book_once(database: Database, planner: Planner, people: _People) -> Booked:
    journal, plan, drafts = journal_of(database), Plan(), list[Draft]()
    try:
        with database.write() as connection:
            journal.refresh(connection)
            journal.load(connection)
            journal.doubts.look(
                connection.connection.cursor(), journal.head, _clock(), tables_after=journal.tables_after
            )
            users = Users.in_book(journal.view())
            people.admit(users, (), str)
            plan, drafts, change = _checked(journal, planner)
            if change is not None:
                plan.problems.extend(checks.second_person(change, people.recorded))
            if plan.problems or change is None:
                raise BookingRefused(plan.problems, Text("入账", "booking"))
            people.admit(users, drafts, lambda entry: journal.entries(entry, entry)[0].kind)
            entries = _append(connection, change, *people.recorded)
        journal.doubts.upto = max([journal.doubts.upto, *entries])
    except Replaced:
        forget(database, journal)
        raise
    except OutcomeUnknown as error:
        return _look_up(database, plan, drafts, error)
    except (sa.exc.IntegrityError, database.driver.IntegrityError) as error:
        text = str(getattr(error, "orig", None) or error).strip()
        problem = Problem(
            "refused_by_database", Text("数据库拒绝该记录", "the database refuses the record"), text
        )
        raise BookingRefused([problem], Text("入账", "booking")) from error
    return Booked(entries, plan.already)


def _look_up(database: Database, plan: Plan, drafts: Sequence[Draft], error: OutcomeUnknown) -> Booked:
    """After an error at COMMIT: answer from what is there. A booking is there as a whole or not at all."""
    try:
        journal = read(database)
        booked = [journal.booked(draft.key) for draft in drafts]
    except Exception:
        raise error from error.__cause__
    entries = [
        known.entry
        for known, draft in zip(booked, drafts, strict=True)
        if known is not None and known.request == draft.request
    ]
    if len(entries) == len(drafts):
        return Booked(entries, plan.already)
    cause = (
        failures.explained_failure(error.__cause__)
        if error.__cause__ is not None and database.is_sqlite
        else None
    )
    if isinstance(cause, Unavailable):
        raise cause.nothing_written() from error
    raise Busy(Text("未能写入，请重试", "nothing was written, send the request again")) from error


def check(database: Database, planner: Planner) -> tuple[Plan, list[Draft]]:
    """The same plan and checks against the book as it stands now; writes nothing. Returns the plan and what it would book."""
    plan, drafts, _ = _checked(read(database), planner)
    return plan, drafts


def reverse(
    database: Database,
    actor: Actor,
    entry: int,
    why: str,
    recheck: Callable[[View, Draft], Sequence[Problem]] | None = None,
) -> Booked:
    """Take an entry back: from now on none of its rows is live. The entry and its reversal both stay visible.

    Shares that an investor paid in go with the payment: the deals that have their value from it are reversed along with it,
    and other payments for the same deal, since nobody stated what part of its share each was for. The reversal of the entry
    itself comes first.

    recheck : what else the book without it would break, asked under the lock

    Unknown for no such entry; BookingRefused where it is reversed already, is itself a reversal, or the book without
    it would break an invariant.
    """
    if not why.strip():
        problem = Problem("reason_missing", Text("冲销必须写明原因", "a reversal needs a reason"))
        raise BookingRefused([problem], Text("冲销", "reversal"))
    journal = read(database)
    if not 0 < entry <= journal.head:
        raise Unknown(Text("分录", "entry"), entry)
    head = journal.entries(entry, entry)[0]
    draft = _reversal(head, why.strip())

    def plan(view: View, _ids: Ids) -> Plan:
        along = [view.journal.entries(n, n)[0] for n in checks.deals_along(view, draft)]
        drafts = [draft, *(_reversal(deal, why.strip()) for deal in along)]
        return Plan(drafts, [] if recheck is None else list(recheck(view, draft)))

    return book(database, actor, plan, action=reversal_action(head.kind))


def taken_along(view: View, entry: int) -> list[int]:
    """Entries that `reverse` takes back together with this one, in their order. Unknown for no such entry."""
    return checks.deals_along(view, _reversal(view.entry(entry), ""))


def _reversal(head: EntryRecord, why: str) -> Draft:
    key, digest = f"reversal:{head.id}", request_digest("reversal", head.id)
    return Draft(EntryKind.REVERSAL, head.effective_on, key, digest, note=why, reverses=head.id)


def _checked(journal: Journal, planner: Planner) -> tuple[Plan, list[Draft], checks.Change | None]:
    view = journal.view()
    plan = planner(view, Ids(view))
    drafts = _fresh(journal, plan)
    if plan.problems and not plan.certain:
        return plan, drafts, None
    change, problems = checks.problems(view, drafts)
    if plan.problems:
        plan.problems.extend(problem for problem in problems if problem.code in plan.certain)
        return plan, drafts, None
    plan.problems.extend(problems)
    return plan, drafts, change


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
            text = Text("同一笔在本次请求中出现两次", "the same thing twice in one request")
            plan.problems.append(Problem("repeated", text, draft.key, draft.source.where()))
        else:
            entry = "本次请求" if booked is None else f"分录 {booked.entry}"
            text = Text(
                f"{entry} 已用此编号登记了不同内容，须先冲销",
                "this reference is booked with other content; reverse that entry first",
            )
            plan.problems.append(Problem("key_conflict", text, draft.key, draft.source.where()))
    return fresh


def _clock() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _now(connection: sa.Connection) -> str:
    """UTC now, never before the last entry's; refuses to write with a clock that is clearly behind.

    A last entry that was recorded at no time, or in an old book (whose database did not look at times) in the future, is
    passed over: `doubts` names it.
    """
    now = _clock()
    last = connection.exec_driver_sql(
        "SELECT recorded_at, id < (SELECT first_entry FROM book_revision WHERE number = '0003') "
        "FROM entry ORDER BY id DESC LIMIT 1"
    ).one_or_none()
    then = None if last is None else time_of(last[0])
    if last is not None and then is not None:
        if then - now > CLOCK_LAG_AT_MOST:
            if last[1]:
                return now.isoformat(timespec="microseconds")
            text = Text("本机时钟早于上一分录，请校准时钟", "the clock is behind the last entry")
            raise BookingRefused([Problem("clock_behind", text, now.isoformat())], Text("入账", "booking"))
        now = max(now, then)
    return now.astimezone(dt.UTC).isoformat(timespec="microseconds")


def _write(connection: sa.Connection, written: dict[str, list[tuple[Any, ...]]]) -> None:
    """Write the rows that wait, and let them go."""
    for row_table in ROW_TABLES:
        insert_rows(connection, row_table.table, written[row_table.table.name])
        written[row_table.table.name].clear()


def _append(
    connection: sa.Connection, change: checks.Change, recorded_by: str, approved_by: str | None
) -> list[int]:
    """Write the drafts of a checked change as the next entries; returns their ids."""
    drafts = change.drafts
    if not drafts:
        return []
    recorded_at = _now(connection)
    first = change.view.known_at + 1
    heads: list[tuple[Any, ...]] = []
    written: dict[str, list[tuple[Any, ...]]] = {t.table.name: [] for t in ROW_TABLES}
    waiting = 0
    for number, draft in enumerate(drafts, first):
        rows: dict[str, list[tuple[Any, ...]]] = {}
        for row in draft.rows:
            rows.setdefault(_TABLE_OF[type(row)], []).append(row)
        for table, own_rows in rows.items():
            written[table].extend((number, line, *row) for line, row in enumerate(own_rows, 1))
        rows["posting"] = draft.postings  # type: ignore[assignment]
        head = EntryHead(
            number,
            draft.kind.value,
            draft.effective_on.isoformat(),
            recorded_at,
            recorded_by,
            approved_by,
            draft.key,
            draft.request,
            *draft.source,
            draft.note,
            draft.reverses,
        )
        heads.append((*head, len(draft.postings), leaf_hash(record(head, rows))))
        waiting += len(draft.rows)
        if waiting >= ROWS_AT_ONCE:
            _write(connection, written)
            waiting = 0
    insert_postings(connection, replace(change.added, entry=change.added.entry + np.int32(first)))
    _write(connection, written)
    insert_rows(connection, entry_table, heads)
    return list(range(first, first + len(drafts)))
