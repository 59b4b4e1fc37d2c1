"""Tampering with a book past the library, past its triggers: found, and the first entry that does not fit is named.

Every case puts the guards back after its work, so that it is found by what it did and not by what it left open.
"""

from __future__ import annotations

import datetime as dt
import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from forging import a_row_of_every_kind, unguarded

from fof import ledger
from fof.access import LOCAL
from fof.db import Database
from fof.ledger import Draft, Ids, Plan, View
from fof.ledger.record import ENTRY_FIELDS, EntryHead, leaf_hash, record
from fof.ledger.soundness import JOURNAL_TABLES
from fof.ledger.verify import Verification, verify
from models import journal as t
from models.kinds import EntryKind
from models.posting_kinds import PostingKind as K

DAY = dt.date(2020, 1, 1)


def office(_view: View, ids: Ids) -> Plan:
    city, fund, company = ids.party(), ids.party(), ids.party()
    deal = ids.deal()
    rows = a_row_of_every_kind(city, fund, company, deal)
    source = ledger.Source("digest", "认缴.xlsx", "表", 3)
    promise = [t.Posting(K.COMMITMENT, city, fund, fund, None, None, 1000)]
    drafts = [
        Draft(EntryKind.PARTIES, DAY, "office", b"1", rows=rows, source=source, note="备注"),
        Draft(EntryKind.COMMITMENT, DAY, "promise", b"2", promise),
    ]
    for n in range(6):
        call = [t.Posting(K.CALL_INVESTMENT, city, fund, fund, deal, 7, 10 + n + k) for k in range(2)]
        closed: list[t.Row] = [t.QuarterClose(city, "CITY", 1, "ab" * 32, 0, "由")] if n == 0 else []
        drafts.append(Draft(EntryKind.CALL_PAYMENT, DAY + dt.timedelta(n), f"call{n}", b"3", call, closed))
    return Plan(drafts)


@pytest.fixture
def good(sqlite_book: Database) -> Path:
    """A book of ten entries: 9 reverses 5."""
    ledger.book(sqlite_book, LOCAL, office)
    ledger.reverse(sqlite_book, LOCAL, 5, "有误")
    ledger.book(sqlite_book, LOCAL, lambda _v, _i: Plan([Draft(EntryKind.SETTING, DAY, "last", b"4")]))
    assert verify(sqlite_book).ok
    sqlite_book.close()
    path = sqlite_book.path
    assert path is not None
    return path


def after(good: Path, *statements: str | Callable[[sqlite3.Connection], None]) -> Verification:
    """Verify a copy of the book in which the statements were carried out with every guard switched off."""
    path = good.with_name("tampered.sqlite")
    shutil.copy(good, path)
    with unguarded(path) as raw:
        for statement in statements:
            raw.execute(statement) if isinstance(statement, str) else statement(raw)
    book = Database(f"sqlite:///{path}")
    found = verify(book)
    book.close()
    return found


def test_the_control_is_untouched(good: Path) -> None:
    assert after(good, "SELECT 1").ok


def cells(good: Path) -> Iterator[tuple[str, str, str, int, str]]:
    """Every cell of the book that holds something: table, column, which row, its entry, another value."""
    with closing(sqlite3.connect(good)) as raw:
        for table in JOURNAL_TABLES:
            cursor = raw.execute(f"SELECT * FROM {table}")
            names = [column[0] for column in cursor.description]
            for row in cursor:
                own = dict(zip(names, row, strict=True))
                entry = own["id"] if table == "entry" else own["entry"]
                where = f"id = {entry}" if table == "entry" else f"entry = {entry} AND line = {own['line']}"
                for name, value in own.items():
                    if value is None or (table == "entry" and name == "id"):
                        continue
                    if isinstance(value, int):
                        other = str(value + 50)
                    else:
                        other = "x'00'" if isinstance(value, bytes) else f"'{value}x'"
                    if name == "entry":
                        other = "10"  # moved to another entry
                    yield table, name, where, entry, other


def test_every_changed_cell_is_found_and_its_entry_named(good: Path) -> None:
    """Class "one field by SQL": no column is left out of the record without being checked otherwise."""
    seen: set[tuple[str, str]] = set()
    for table, name, where, entry, other in cells(good):
        if (table, name) in seen and entry not in (1, 4):
            continue
        seen.add((table, name))
        found = after(good, f"UPDATE OR IGNORE {table} SET {name} = {other} WHERE {where}")
        assert not found.ok, (table, name, where)
        assert found.first_bad == entry, (table, name, where, found.first_bad, found.wrong)
    assert {table for table, _ in seen} == set(JOURNAL_TABLES)
    assert len(seen) > 115


def test_every_missing_value_that_appears_is_found(good: Path) -> None:
    for statement, entry in (
        ("UPDATE posting SET loan = 8 WHERE entry = 2", 2),
        ("UPDATE posting SET fund = NULL WHERE entry = 4 AND line = 2", 4),
        ("UPDATE entry SET approved_by = 'x' WHERE id = 6", 6),
        ("UPDATE entry SET note = '' WHERE id = 6", 6),
        ("UPDATE fact SET basis = NULL", 1),
        ("UPDATE subject_fact SET until = '2031-01-01' WHERE line = 2", 1),
        ("UPDATE subject_link SET until = NULL WHERE line = 1", 1),
        ("UPDATE quarter_close SET party = NULL", 3),
        ("UPDATE posting SET loan = -1 WHERE entry = 2", 2),
    ):
        found = after(good, statement)
        assert (found.ok, found.first_bad) == (False, entry), statement


@pytest.mark.parametrize("entry", range(1, 11))
def test_a_deleted_entry_is_missed(good: Path, entry: int) -> None:
    """From the middle: named. From the end: only a root that was kept outside tells."""
    whole = after(good, "SELECT 1").root
    rows = [f"DELETE FROM {name} WHERE entry = {entry}" for name in JOURNAL_TABLES[1:]]
    found = after(good, *rows, f"DELETE FROM entry WHERE id = {entry}")
    assert found.root != whole
    if entry < 10:
        assert (found.ok, found.first_bad) == (False, entry)
    else:
        assert (found.ok, found.entries) == (True, 9)


def test_a_cut_tail_and_a_rewrite_change_the_root(good: Path) -> None:
    whole = after(good, "SELECT 1").root
    roots = {whole}
    for last in range(1, 10):
        cut = [f"DELETE FROM {name} WHERE entry > {last}" for name in JOURNAL_TABLES[1:]]
        found = after(good, *cut, f"DELETE FROM entry WHERE id > {last}")
        assert (found.ok, found.head) == (True, last), [c.text.en for c in found.problems]
        roots.add(found.root)
    rewritten = after(good, "UPDATE posting SET fen = fen + 1 WHERE entry = 4", lambda raw: rehash(raw, 4))
    assert rewritten.ok, "whoever rewrites the leaf too leaves a book that fits itself"
    roots.add(rewritten.root)
    assert len(roots) == 11


def rehash(raw: sqlite3.Connection, entry: int) -> None:
    """What a forger with the program does: make the leaf fit again."""
    head = raw.execute(f"SELECT {', '.join(ENTRY_FIELDS)} FROM entry WHERE id = {entry}").fetchone()
    postings = raw.execute(
        f"SELECT kind, from_party, to_party, fund, deal, loan, fen FROM posting WHERE entry = {entry} ORDER BY line"
    ).fetchall()
    leaf = leaf_hash(record(EntryHead(*head), {"posting": postings}))
    raw.execute("UPDATE entry SET leaf = ? WHERE id = ?", (leaf, entry))


@pytest.mark.parametrize(
    ("what", "statements", "entry", "check"),
    [
        (
            "two entries swapped",
            (
                "UPDATE entry SET id = 99 WHERE id = 4",
                "UPDATE entry SET id = 4 WHERE id = 6",
                "UPDATE entry SET id = 6 WHERE id = 99",
            ),
            4,
            "leaves",
        ),
        (
            "two postings swapped",
            (
                "UPDATE posting SET line = 9 WHERE entry = 4 AND line = 1",
                "UPDATE posting SET line = 1 WHERE entry = 4 AND line = 2",
                "UPDATE posting SET line = 2 WHERE entry = 4 AND line = 9",
            ),
            4,
            "leaves",
        ),
        ("lines with a gap", ("UPDATE posting SET line = 3 WHERE entry = 4 AND line = 2",), 4, "lines"),
        (
            "a posting more",
            (
                "INSERT INTO posting VALUES (4, 3, 10, 1, 2, 2, 1, 7, 5)",
                "UPDATE entry SET posting_count = 3 WHERE id = 4",
            ),
            4,
            "leaves",
        ),
        ("a fact more", ("INSERT INTO fact VALUES (7, 1, 2, NULL, 'name', '假', NULL, NULL)",), 7, "leaves"),
        ("a second reversal", ("UPDATE entry SET reverses = 8 WHERE id = 10",), 10, "leaves"),
        (
            "a row without an entry",
            ("INSERT INTO fact VALUES (99, 1, 2, NULL, 'name', '假', NULL, NULL)",),
            None,
            "orphans",
        ),
        ("an unknown party", ("UPDATE posting SET to_party = 55 WHERE entry = 4",), 4, "references"),
        ("a guard less", ("CREATE TABLE x (a)",), None, ""),
    ],
    ids=lambda x: x.replace(" ", "_") if isinstance(x, str) else "",
)
def test_other_ways(
    good: Path, what: str, statements: tuple[str, ...], entry: int | None, check: str
) -> None:
    found = after(good, *statements)
    assert found.first_bad == entry, (what, found.wrong)
    assert found.ok == (check == "")
    assert not check or not found.passed(check)


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TRIGGER entry_no_update",
        "DROP TRIGGER posting_closed",
        "CREATE TRIGGER extra AFTER INSERT ON entry BEGIN SELECT 1; END",
        "DROP INDEX ix_deal_code",
    ],
)
def test_guards_that_are_missing_or_added_are_named(good: Path, statement: str) -> None:
    with closing(sqlite3.connect(good)) as raw:
        raw.execute(statement)
    book = Database(f"sqlite:///{good}")
    found = verify(book)
    assert [c.name for c in found.problems] == ["guards"]
    assert statement.split()[2] in found.problems[0].text.en
    book.close()


def test_flipped_bits_of_the_file(good: Path) -> None:
    """Found, or without effect: the same rows by every way of reading them."""
    data = good.read_bytes()
    whole = after(good, "SELECT 1").root
    chance = random.Random(8)
    effects = 0
    for _ in range(150):
        place, bit = chance.randrange(100, len(data)), chance.randrange(8)
        path = good.with_name("flipped.sqlite")
        flipped = bytearray(data)
        flipped[place] ^= 1 << bit
        path.write_bytes(flipped)
        book = Database(f"sqlite:///{path}")
        found = verify(book)
        book.close()
        effects += not found.ok
        if found.ok:
            assert found.root == whole, (place, bit)
    assert effects > 0


def test_a_file_that_is_no_database_is_reported(good: Path) -> None:
    good.write_bytes(b"SQLite format 3\x00" + bytes(range(256)) * 40)
    book = Database(f"sqlite:///{good}")
    found = verify(book)
    assert [c.name for c in found.problems] == ["engine"]
    book.close()


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("statement", "entry", "check"),
    [
        ("UPDATE posting SET fen = fen + 1 WHERE entry = 4", 4, "leaves"),
        ("UPDATE fact SET value = '别的基金'", 1, "leaves"),
        ("DELETE FROM posting WHERE entry = 6", 6, "postings"),
        ("UPDATE entry SET effective_on = '2021-01-01' WHERE id = 7", 7, "leaves"),
        ("DELETE FROM entry WHERE id = 5", 5, "entry_ids"),
        ("INSERT INTO mark VALUES (99, 1, 1, 2, 5, 'cost', NULL, NULL)", None, "orphans"),
        ("ALTER TABLE posting DISABLE TRIGGER posting_append_only", None, "guards"),
        ("ALTER TABLE entry DISABLE TRIGGER ALL", None, "guards"),
        ("DROP TRIGGER entry_follows ON entry", None, "guards"),
    ],
)
def test_a_database_owner_on_postgresql_is_found_out(
    postgres_url: str, postgres_server: str, statement: str, entry: int | None, check: str
) -> None:
    """The superuser passes every barrier; the leaves and the list of guards remain."""
    book = Database(postgres_url)
    ledger.book(book, LOCAL, office)
    assert verify(book).ok, [c.text.en for c in verify(book).problems]
    base = sa.make_url(postgres_server).set(drivername="postgresql+psycopg", database=book.url.database)
    owner = sa.create_engine(base, poolclass=sa.NullPool)
    with owner.begin() as connection:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        connection.exec_driver_sql(statement)
    found = verify(book)
    assert not found.passed(check)
    assert found.first_bad == entry
    book.close()
