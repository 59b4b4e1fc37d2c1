"""Backup and restore: consistent while in use, verified, across engines; nothing is lost unless its last entry was named."""

from __future__ import annotations

import datetime as dt
import shutil
import sqlite3
import stat
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from fof import ledger
from fof.access import LOCAL
from fof.cli import main
from fof.db import Database
from fof.errors import Refused
from fof.ledger import Draft, Ids, Plan, View
from fof.ledger.backup import TABLES, Stored, backup, restore
from fof.ledger.verify import verify
from models import journal as t
from models.kinds import EntryKind
from models.posting_kinds import PostingKind as K

DAY = dt.date(2024, 1, 1)
CITY, FUND = 1, 2


def office(_view: View, ids: Ids) -> Plan:
    """Every table has a row, and every kind of value a column: days, octets, text, numbers, none."""
    ids.party(), ids.party()
    deal = ids.deal()
    rows: list[t.Row] = [
        t.Party(CITY, "CITY", "government"),
        t.Party(FUND, "F1", "sub_fund"),
        t.Fact(FUND, None, "name", "示例基金"),
        t.Deal(deal, "D1", CITY, FUND, "initial"),
        t.Mark(CITY, FUND, 5, "cost"),
        t.Edge(CITY, FUND, 5, "equity", DAY),
        t.Notice(FUND, "capital_call", "1", DAY),
        t.Position(CITY, FUND, 1, 2, 3, 4),
        t.Setting(FUND, "a", "1", None, "文"),
        t.Disposition("GF-1", FUND, None, "accept", "W"),
    ]
    promise = [t.Posting(K.COMMITMENT, CITY, FUND, FUND, None, None, 10**9)]
    return Plan([Draft(EntryKind.COMMITMENT, DAY, "office", b"1", promise, rows, note="备注")])


def call(key: str) -> ledger.Planner:
    due = [t.Posting(K.CALL_DUE, CITY, FUND, FUND, None, None, 5)]
    return lambda _v, _i: Plan([Draft(EntryKind.CAPITAL_CALL, DAY, key, key.encode(), due)])


def booked(database: Database, *keys: str) -> None:
    for key in keys:
        ledger.book(database, LOCAL, call(key))


@pytest.fixture
def book(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    monkeypatch.setenv("FOF_DATA_DIR", str(tmp_path / "data"))
    ledger.book(database, LOCAL, office)
    booked(database, "a", "b")
    return database


@pytest.fixture
def owner_url(book: Database, request: pytest.FixtureRequest) -> str | None:
    """The owner's login on PostgreSQL."""
    if book.is_sqlite:
        return None
    base = sa.make_url(request.getfixturevalue("postgres_server"))
    return base.set(database=book.url.database).render_as_string(hide_password=False)


def content(database: Database) -> dict[str, list[Any]]:
    with database.read() as connection:
        return {
            table: [
                tuple(
                    str(v) if isinstance(v, dt.date) else bytes(v) if isinstance(v, memoryview) else v
                    for v in row
                )
                for row in connection.exec_driver_sql(f"SELECT * FROM {table} ORDER BY 1, 2")
            ]
            for table in TABLES
        }


def sound(found: Stored) -> bool:
    """How a test server writes to its disk says nothing about a book."""
    return [c.name for c in found.verification.problems if c.name != "durability"] == []


def opened(file: Path) -> Database:
    return Database(f"sqlite:///{file}")


def test_a_backup_is_the_book_and_has_its_identity(book: Database, tmp_path: Path) -> None:
    done = backup(book, tmp_path / "b.sqlite")
    assert sound(done)
    assert done.verification.entries == 3
    assert done.verification.root == verify(book).root
    copy = opened(tmp_path / "b.sqlite")
    assert content(copy) == content(book)
    copy.close()
    assert stat.S_IMODE((tmp_path / "b.sqlite").stat().st_mode) == 0o600
    assert sorted(p.name for p in tmp_path.iterdir() if ".tmp" in p.name) == []
    with pytest.raises(Refused) as refused:
        backup(book, tmp_path / "b.sqlite")
    assert [p.code for p in refused.value.problems] == ["file_there"]


def test_a_backup_while_others_book_is_one_moment(book: Database, tmp_path: Path) -> None:
    other, stop = Database(book.url.render_as_string(hide_password=False)), threading.Event()

    def writing() -> None:
        n = 0
        while not stop.is_set():
            n += 1
            booked(other, f"w{n}")

    thread = threading.Thread(target=writing)
    thread.start()
    try:
        found = [backup(book, tmp_path / f"{n}.sqlite") for n in range(3)]
    finally:
        stop.set()
        thread.join()
    other.close()
    assert all(sound(f) for f in found)
    entries = [f.verification.entries for f in found]
    assert entries == sorted(entries)
    assert entries[-1] <= ledger.read(book).head


def test_restored_onto_nothing_an_empty_book_and_a_shorter_one(
    book: Database, owner_url: str | None, tmp_path: Path
) -> None:
    short = backup(book, tmp_path / "short.sqlite")
    booked(book, "c")
    long = backup(book, tmp_path / "long.sqlite")
    whole = content(book)
    assert sound(restore(book, short.file, over=4, owner_url=owner_url))
    assert ledger.read(book).head == 3
    assert sound(restore(book, long.file, owner_url=owner_url)), "a shorter state of the same book"
    assert content(book) == whole
    assert sound(restore(book, long.file, owner_url=owner_url)), "nothing to do"
    fresh = opened(tmp_path / "deep" / "new.sqlite")
    assert sound(restore(fresh, long.file))
    assert content(fresh) == whole
    fresh.close()
    empty = opened(tmp_path / "empty.sqlite")
    empty.init()
    assert sound(restore(empty, long.file))
    assert content(empty) == whole
    empty.close()


@pytest.mark.parametrize("what", ["longer", "diverged", "foreign"])
def test_nothing_is_lost_unless_its_last_entry_is_named(
    book: Database, owner_url: str | None, tmp_path: Path, what: str
) -> None:
    kept = backup(book, tmp_path / "kept.sqlite")
    if what == "foreign":
        other = opened(tmp_path / "other.sqlite")
        other.init()
        ledger.book(other, LOCAL, office)
        kept = backup(other, tmp_path / "foreign.sqlite")
        other.close()
    elif what == "diverged":
        copy = opened(tmp_path / "kept.sqlite")
        booked(copy, "there", "and there")
        copy.close()
        booked(book, "here")
    else:
        booked(book, "c")
    head, before = ledger.read(book).head, content(book)
    for over in (None, head - 1, head + 1):
        with pytest.raises(Refused) as refused:
            restore(book, kept.file, over=over, owner_url=owner_url)
        assert [p.code for p in refused.value.problems] == ["entries_lost"]
        assert f"--over {head}" in str(refused.value)
        assert content(book) == before
    assert sound(restore(book, kept.file, over=head, owner_url=owner_url))
    copy = opened(kept.file)
    assert content(book) == content(copy)
    copy.close()
    ledger.read(book)
    booked(book, "after it")


def test_a_server_that_runs_sees_the_restored_book(
    book: Database, owner_url: str | None, tmp_path: Path
) -> None:
    kept = backup(book, tmp_path / "kept.sqlite")
    booked(book, "c", "d")
    running = Database(book.url.render_as_string(hide_password=False))
    assert ledger.read(running).head == 5
    restore(book, kept.file, over=5, owner_url=owner_url)
    assert ledger.read(running).head == 3
    running.close()


def test_what_is_no_backup_or_a_damaged_one_changes_nothing(
    book: Database, owner_url: str | None, tmp_path: Path
) -> None:
    good = backup(book, tmp_path / "good.sqlite").file
    forged = tmp_path / "forged.sqlite"
    shutil.copy(good, forged)
    with closing(sqlite3.connect(forged)) as raw:
        raw.execute("DROP TRIGGER posting_no_update")
        raw.execute("UPDATE posting SET fen = fen + 1")
        raw.commit()
    (tmp_path / "text").write_text("no book at all" * 400)
    (tmp_path / "nothing").touch()
    newer = tmp_path / "newer.sqlite"
    shutil.copy(good, newer)
    with closing(sqlite3.connect(newer)) as raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
        raw.commit()
    before = content(book)
    for name, code in (
        ("forged.sqlite", "backup_damaged"),
        ("text", "no_backup"),
        ("nothing", "no_backup"),
        ("newer.sqlite", "no_backup"),
        ("absent", "no_file"),
    ):
        with pytest.raises(Refused) as refused:
            restore(book, tmp_path / name, over=3, owner_url=owner_url)
        assert [p.code for p in refused.value.problems] == [code], name
        assert content(book) == before


def test_a_damaged_file_is_given_up_by_nought(sqlite_book: Database, tmp_path: Path) -> None:
    ledger.book(sqlite_book, LOCAL, office)
    kept = backup(sqlite_book, tmp_path / "kept.sqlite")
    assert sqlite_book.path is not None
    sqlite_book.path.write_bytes(b"no book at all" * 400)
    with pytest.raises(Refused):
        restore(sqlite_book, kept.file)
    assert sound(restore(sqlite_book, kept.file, over=0))
    assert ledger.read(sqlite_book).head == 1


def test_between_the_engines_and_back(book: Database, owner_url: str | None, tmp_path: Path) -> None:
    """From either engine through SQLite and back to it: the same rows, the same root."""
    out = backup(book, tmp_path / "out.sqlite")
    middle = opened(tmp_path / "middle.sqlite")
    restore(middle, out.file)
    booked(middle, "in between")
    back = backup(middle, tmp_path / "back.sqlite")
    whole = content(middle)
    middle.close()
    assert restore(book, back.file, owner_url=owner_url).verification.root == back.verification.root
    assert content(book) == whole
    booked(book, "and on")
    assert verify(book).passed("leaves")


def test_by_the_command(
    sqlite_book: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    ledger.book(sqlite_book, LOCAL, office)
    monkeypatch.setenv("FOF_DATABASE_URL", sqlite_book.address)
    file = str(tmp_path / "b.sqlite")
    assert main(["backup", file, "--json"]) == 0
    assert main(["backup", file]) == 2
    booked(sqlite_book, "more")
    assert main(["restore", file]) == 2
    assert "--over 2" in capsys.readouterr().err
    assert main(["restore", file, "--over", "2"]) == 0
    assert ledger.read(sqlite_book).head == 1
