"""Verifying a book: every record and leaf recomputed from the rows as the database gives them back, and what follows from them.

Nothing here trusts what the program keeps in memory: rows are read again in order, a block of entries at a time, and balances
are summed by the database itself. The Merkle root over the leaves stands for the whole journal: two books with the same root
hold the same entries. What only a root kept outside can show (a tail cut off, everything rewritten) needs that root.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import sqlalchemy as sa

from fof.db import Database
from fof.errors import Damaged, NotReady
from fof.ledger.balances import MEASURES, TRANSFERS, Balances
from fof.ledger.derived import DerivedCopy, copy_path, load_copy
from fof.ledger.door import BookedEntry, Refusal, booked_entry, refusals
from fof.ledger.doubts import SAME_CLOCK, time_of
from fof.ledger.journal import Journal
from fof.ledger.journal_columns import NEVER, Columns, Ints32, read_rows
from fof.ledger.record import EntryHead, merkle_root, request_digest
from fof.ledger.row_columns import RowColumns
from fof.ledger.soundness import Check, constraints, engine, guards, orphans, own, references
from fof.ledger.standing import file_state, standing
from fof.ledger.stored import BLOCK, Rows, own_leaf, stored_entries
from models.frozen import frozen
from models.kinds import EntryKind
from models.posting_kinds import TREATMENTS
from models.text import Text

_LAST_DAY = 2**31 - 1


@frozen
class Verification:
    """The result.

    entries, postings : how many there are
    head      : id of the last entry, 0 for an empty book
    root      : Merkle root of the leaves as recomputed
    first_bad : the first entry that does not fit, None where all do
    wrong     : what is wrong with it, in Chinese and English
    checks    : everything that was checked, passed or not
    refusals  : what today's door would refuse, by entry; `damage` where it would have been refused when it was booked
    """

    entries: int
    postings: int
    head: int
    root: bytes
    first_bad: int | None
    wrong: Text | None
    checks: tuple[Check, ...]
    refusals: tuple[Refusal, ...] = ()

    @property
    def ok(self) -> bool:
        """True where every check passed."""
        return all(c.ok for c in self.checks)

    @property
    def problems(self) -> tuple[Check, ...]:
        """The checks that did not pass."""
        return tuple(c for c in self.checks if not c.ok)

    def passed(self, name: str) -> bool:
        """Whether the check of that name passed."""
        return all(c.ok for c in self.checks if c.name == name)


def verify(database: Database) -> Verification:
    """Recompute leaves, root, structure and balances, compare the derived copy, run the engine's own check.

    One read transaction: bookings of others do not disturb it. Never raises for a damaged book; the checks say what is wrong.
    Errors of fof.errors where the book cannot be had at all.
    """
    try:
        database.require_ready()
        return _verify(database)
    except (sa.exc.DatabaseError, database.driver.DatabaseError, UnicodeDecodeError, Damaged) as error:
        cause = error.__cause__ if isinstance(error, Damaged) else error
        text = str(getattr(cause, "orig", None) or cause)
        unreadable = Check(
            "engine", False, Text(f"数据库无法读取：{text}", f"the database cannot be read: {text}")
        )
        return Verification(0, 0, 0, merkle_root([]), None, None, (unreadable,))


def _verify(database: Database) -> Verification:
    with database.read() as connection:
        walk, entries = _Walk(), list[BookedEntry]()
        for head, count, leaf, rows, lines_fit in stored_entries(connection.connection.cursor()):
            walk.take(head, count, leaf, rows, lines_fit)
            if (made := booked_entry(head, rows)) is not None:
                entries.append(made)
            else:
                walk.bad.setdefault("values", head.id)
        checks = walk.checks()
        checks.append(orphans(connection))
        try:
            columns, _ = Columns().extended(connection.connection.cursor())
        except (NotReady, ValueError, TypeError, IndexError, OverflowError):
            columns = None  # the checks above have said why
        checks.append(_balances(connection, columns))
        refused = _refusals(database, connection, entries, columns)
        checks += _limits(refused)
        checks.append(_copies(database, connection, columns))
        checks += references(connection, columns)
        checks.append(constraints(connection))
        checks.append(own(connection))
        checks += guards(connection)
        checks += engine(connection)
    return Verification(
        len(walk.leaves),
        walk.postings,
        walk.last,
        merkle_root(walk.leaves),
        *walk.first(),
        tuple(checks),
        tuple(refused or ()),
    )


# -- entries ------------------------------------------------------------------------------------------------------

_SENTENCES = {
    "entry_ids": Text("分录编号连续", "entry ids follow one another"),
    "leaves": Text("各分录与其叶哈希一致", "every entry fits its leaf hash"),
    "postings": Text("各分录的金额行数相符", "every entry closes exactly its postings"),
    "lines": Text("各分录的行号自 1 起连续", "lines of an entry are 1 to n"),
    "reversals": Text("冲销各指向一条更早的有效分录", "every reversal names one earlier live entry"),
    "times": Text("登记时间依次不早", "entries were recorded one after another"),
    "identities": Text("冲销的编号由其所冲销的分录得出", "keys of reversals follow from what they reverse"),
    "values": Text("各行的值均可识别", "every value of a row can be read"),
}
_FAILS = {
    "entry_ids": Text("分录编号不连续", "entry ids do not follow one another"),
    "leaves": Text("分录与其叶哈希不一致", "the entry does not fit its leaf hash"),
    "postings": Text("分录的金额行数不符", "the entry does not close exactly its postings"),
    "lines": Text("分录的行号不是自 1 起连续", "the lines of the entry are not 1 to n"),
    "reversals": Text("冲销没有指向一条更早的有效分录", "the reversal does not name one earlier live entry"),
    "times": Text(
        "登记时间早于上一分录，或无法识别",
        "the entry was recorded before the one before it, or at no time",
    ),
    "identities": Text(
        "冲销的编号与其所冲销的分录不符",
        "the key of the reversal does not follow from what it reverses",
    ),
    "values": Text("分录中有无法识别的值", "the entry holds a value that cannot be read"),
}
"""The same checks where they fail."""


@dataclass(slots=True)
class _Walk:
    """What one pass over all entries gathers; bad: the first entry that fails each check."""

    leaves: list[bytes] = field(default_factory=list)
    postings: int = 0
    last: int = 0
    time: str = ""
    latest: dt.datetime = field(default_factory=lambda: dt.datetime.now(dt.UTC) + SAME_CLOCK)
    bad: dict[str, int] = field(default_factory=dict)
    reversed: set[int] = field(default_factory=set)
    reversals: set[int] = field(default_factory=set)

    def take(self, head: EntryHead, count: object, leaf: object, rows: Rows, lines_fit: bool) -> None:
        if head.id != self.last + 1:
            self.bad.setdefault("entry_ids", self.last + 1)
        self.last = head.id
        own = own_leaf(head, rows)
        self.leaves.append(own)
        postings = len(rows.get("posting", ()))
        self.postings += postings
        if own != leaf:
            self.bad.setdefault("leaves", head.id)
        if postings != count:
            self.bad.setdefault("postings", head.id)
        if not lines_fit:
            self.bad.setdefault("lines", head.id)
        moment = time_of(head.recorded_at)
        if moment is None or head.recorded_at < self.time or moment > self.latest:
            self.bad.setdefault("times", head.id)
        else:
            self.time = head.recorded_at
        target = head.reverses
        if (target is not None) != (head.kind == EntryKind.REVERSAL):
            self.bad.setdefault("reversals", head.id)
        if target is not None:
            if (head.key, head.request) != (f"reversal:{target}", request_digest("reversal", target)):
                self.bad.setdefault("identities", head.id)
            if not 0 < target < head.id or target in self.reversed or target in self.reversals:
                self.bad.setdefault("reversals", head.id)
            self.reversed.add(target)
            self.reversals.add(head.id)

    def checks(self) -> list[Check]:
        made = []
        for name, text in _SENTENCES.items():
            bad = self.bad.get(name)
            if bad is not None:
                fails = _FAILS[name]
                text = Text(f"自分录 {bad} 起：{fails.zh}", f"from entry {bad}: {fails.en}")
            made.append(Check(name, bad is None, text))
        return made

    def first(self) -> tuple[int | None, Text | None]:
        if not self.bad:
            return None, None
        name = min(self.bad, key=lambda n: (self.bad[n], list(_SENTENCES).index(n)))
        return self.bad[name], _FAILS[name]


# -- limits -------------------------------------------------------------------------------------------------------


def _refusals(
    database: Database, connection: sa.Connection, entries: list[BookedEntry], columns: Columns | None
) -> list[Refusal] | None:
    """None where the entries are too damaged to be judged."""
    if columns is None:
        return None
    eras = connection.exec_driver_sql("SELECT number, first_entry FROM book_revision")
    return sorted(refusals(database, entries, columns, {number: first for number, first in eras}))  # noqa: C416 - rows


_SUCCESSION = frozenset({"two_successors", "succession_cycle"})


def _limits(refused: list[Refusal] | None) -> list[Check]:
    """Limits and invariants that were in force when an entry was booked; succession by itself."""
    sentences = {
        "limits": Text(
            "入账时有效的限额与约束均守住", "limits and invariants in force at each booking are kept"
        ),
        "succession": Text("各主体至多一个承继方", "every party has one successor at most"),
    }
    if refused is None:
        damaged = Text("分录有误，无法检查", "entries are damaged; this cannot be judged")
        return [Check(name, False, damaged) for name in sentences]
    made = []
    for name, text in sentences.items():
        broken = [r for r in refused if r.damage and (r.code in _SUCCESSION) == (name == "succession")]
        if broken:
            text = Text(
                "；".join(f"分录 {r.entry}：{r.text.zh}" for r in broken[:10]),
                "; ".join(f"entry {r.entry}: {r.text.en}" for r in broken[:10]),
            )
        made.append(Check(name, not broken, text))
    return made


# -- balances -----------------------------------------------------------------------------------------------------


def _balances(connection: sa.Connection, columns: Columns | None) -> Check:
    """Every measure of every (fund, investor): summed by the database, against the running balances of the screens."""
    if columns is None:
        return Check(
            "balances", False, Text("分录有误，无法汇总", "entries are damaged; nothing can be summed")
        )
    summed = _by_database(connection)
    wrong = []
    for measure in MEASURES:
        own = Balances(columns)
        scan, sums = (
            own.at(measure, _LAST_DAY) for _ in range(2)
        )  # the first by a scan, the second by prefix sums
        for fund, investor, fen in (scan, sums):
            pairs = zip(fund.tolist(), investor.tolist(), fen.tolist(), strict=True)
            if {(f, i): v for f, i, v in pairs if v} != summed[measure]:
                wrong.append(measure)
    if not wrong:
        text = Text(
            "数据库汇总与账面余额逐户相等", "the database's sums and the balances agree account by account"
        )
        return Check("balances", True, text)
    listed = ", ".join(dict.fromkeys(wrong))
    return Check(
        "balances",
        False,
        Text(f"数据库汇总与账面余额不等：{listed}", f"sums and balances disagree: {listed}"),
    )


def _by_database(connection: sa.Connection) -> dict[str, dict[tuple[int, int], int]]:
    """measure -> (fund, investor) -> fen: one GROUP BY, and plain integers from there."""
    query = (
        "SELECT kind, coalesce(fund, -1), from_party, to_party, sum(fen) FROM posting "
        "WHERE entry NOT IN (SELECT reverses FROM entry WHERE reverses IS NOT NULL) "
        "AND entry <= (SELECT coalesce(max(id), 0) FROM entry) GROUP BY 1, 2, 3, 4"
    )
    totals: dict[str, dict[tuple[int, int], int]] = {m: defaultdict(int) for m in MEASURES}
    transfers = {m: {int(k): e for k, e in TRANSFERS.get(m, {}).items()} for m in MEASURES}
    for kind, fund, payer, payee, total in connection.exec_driver_sql(query):
        treatment = _TREATMENT.get(kind)
        fen = int(total)
        for measure in MEASURES:
            sign = getattr(treatment, measure, 0)
            if sign:
                investor = -1
                if treatment is not None and treatment.from_investor is not None:
                    investor = payer if treatment.from_investor else payee
                totals[measure][fund, investor] += sign * fen
            effect = transfers[measure].get(kind, 0)
            if effect:
                totals[measure][fund, payer] -= effect * fen
                totals[measure][fund, payee] += effect * fen
    return {m: {pair: fen for pair, fen in pairs.items() if fen} for m, pairs in totals.items()}


_TREATMENT = {int(kind): treatment for kind, treatment in TREATMENTS.items()}


# -- copies -------------------------------------------------------------------------------------------------------


def _copies(database: Database, connection: sa.Connection, columns: Columns | None) -> Check:
    """The derived copy on disk and the columns this process works with, against the rows."""
    path = copy_path(database)
    cursor: Any = connection.connection.cursor()
    copy = None if path is None else load_copy(cursor, path, standing(cursor, file_state(database)))
    journal = database.memo.get(Journal)
    in_memory = journal.columns if isinstance(journal, Journal) else None
    fit = {
        Text("派生副本", "the derived copy"): copy is None or _fits(copy, columns, cursor),
        Text("内存列", "the columns in memory"): in_memory is None or _same(in_memory, columns),
    }
    for text, fits in fit.items():
        if fits:
            continue
        return Check(
            "derived_copy",
            False,
            Text(
                f"{text.zh}与各行不符，请删除副本并重启",
                f"{text.en} differ from the rows; delete the copy, restart",
            ),
        )
    return Check(
        "derived_copy",
        True,
        Text("派生副本与内存列同各行一致，或无副本", "copy and memory fit the rows, or there is no copy"),
    )


def _fits(copy: DerivedCopy, fresh: Columns | None, cursor: Any) -> bool:
    """Whether the copy that a cold start would take says what the rows say."""
    if fresh is None or not _same(copy.columns, fresh):
        return False
    days = fresh.entry_day
    try:
        return all(_rows_fit(own, cursor, copy.columns.head, days) for own in copy.rows.values())
    except (ValueError, TypeError, IndexError):  # a row that cannot be read is none that the copy could hold
        return False


def _rows_fit(own: RowColumns, cursor: Any, head: int, days: Ints32) -> bool:
    """Whether the copy of a table says what its rows say, some thousand entries at a time."""
    for after in range(0, head, BLOCK):
        upto = min(after + BLOCK, head)
        chosen = slice(*np.searchsorted(own.entry, (after, upto), side="right").tolist())
        if list(own.walked(days, chosen)) != read_rows(cursor, own.table, after, upto, days):
            return False
    return not len(own) or bool(own.entry[0] > 0 and own.entry[-1] <= head)


def _same(copy: Columns, fresh: Columns | None) -> bool:
    """Whether a copy's columns hold what the rows say up to the copy's head."""
    if fresh is None or copy.head > fresh.head or copy.digest(copy.head) != fresh.digest(copy.head):
        return False
    end = int(np.searchsorted(fresh.postings.entry, np.int32(copy.head), side="right"))
    reversed_by = fresh.reversed_by[: copy.head + 1]
    return (
        len(copy.postings) == end
        and all(np.array_equal(a, b[:end]) for a, b in zip(copy.postings, fresh.postings, strict=True))
        and np.array_equal(copy.entry_day[1:], fresh.entry_day[1 : copy.head + 1])
        and np.array_equal(copy.reversed_by, np.where(reversed_by <= copy.head, reversed_by, NEVER))
    )
