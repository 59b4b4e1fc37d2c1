"""What is in memory stands on the book as it lies there now: identity, number of entries, every leaf of the prefix."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from fof import bookfile, ledger
from fof.access import LOCAL
from fof.db import Database
from fof.errors import BookingRefused, NotReady, OutcomeUnknown, Replaced
from fof.ledger import Draft, Ids, Plan, View
from fof.ledger.derived import copy_path
from fof.ledger.standing import file_state, same_prefix
from fof.ledger.verify import verify
from models import journal as t
from models.kinds import EntryKind
from models.posting_kinds import PostingKind as K

DAY = dt.date(2024, 1, 1)
CITY, FUND = 1, 2


def office(_view: View, ids: Ids) -> Plan:
    """A commitment of 1,000,000.00."""
    rows: list[t.Row] = [t.Party(ids.party(), "CITY", "government"), t.Party(ids.party(), "F1", "sub_fund")]
    promise = [t.Posting(K.COMMITMENT, CITY, FUND, FUND, None, None, 100_000_000)]
    return Plan([Draft(EntryKind.COMMITMENT, DAY, "office", b"1", promise, rows)])


def call(key: str, yuan: int) -> ledger.Planner:
    due = [t.Posting(K.CALL_DUE, CITY, FUND, FUND, None, None, yuan * 100)]
    return lambda _v, _i: Plan([Draft(EntryKind.CAPITAL_CALL, DAY, key, key.encode(), due)])


def called(database: Database) -> int:
    """Whole yuan, as a page would show them."""
    postings = ledger.read(database).view().postings
    return int(postings.fen[postings.kind == K.CALL_DUE].sum()) // 100


@pytest.fixture
def book(sqlite_book: Database) -> Database:
    ledger.book(sqlite_book, LOCAL, office)
    ledger.book(sqlite_book, LOCAL, call("first", 1_002))
    return sqlite_book


def path_of(database: Database) -> Path:
    assert database.path is not None
    return database.path


def identity(database: Database) -> str:
    with database.read() as connection:
        return str(connection.exec_driver_sql("SELECT identity FROM book").scalar())


def test_an_older_backup_put_back_under_a_running_server(book: Database, tmp_path: Path) -> None:
    """1,002.00 called in the backup, 900,000.00 in the book: 800,000.00 more do not fit, and are not booked on 1,002.00."""
    path, backup = path_of(book), tmp_path / "backup"
    shutil.copy2(path, backup)
    ledger.book(book, LOCAL, call("second", 898_998))
    assert called(book) == 900_000
    later = tmp_path / "later"
    shutil.copy2(path, later)
    shutil.copy2(backup, path)
    assert called(book) == 1_002
    shutil.copy2(later, path)  # longer than what was read, and the same as far as that went
    with pytest.raises(BookingRefused) as refused:
        ledger.book(book, LOCAL, call("third", 800_000))
    assert {p.code for p in refused.value.problems} == {"call_over_unfunded"}
    assert called(book) == 900_000
    shutil.copy2(backup, path)
    with pytest.raises(Replaced):
        ledger.book(book, LOCAL, call("third", 1))
    assert ledger.book(book, LOCAL, call("third", 1)).entries == [3]
    assert called(book) == 1_003


def test_a_booking_does_not_go_into_a_file_that_is_gone(
    book: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Replaced between the lock and the COMMIT: the booking is taken back. After the COMMIT: the book that lies there is asked."""
    path = path_of(book)
    other = path.with_name("other")
    shutil.copy2(path, other)

    def swapped(view: View, ids: Ids) -> Plan:
        shutil.copy2(other, path.with_name("coming"))
        path.with_name("coming").replace(path)
        return call("lost", 5)(view, ids)

    with pytest.raises(Replaced):
        ledger.book(book, LOCAL, swapped)
    assert called(book) == 1_002
    real, done = Database._commit, []

    def late(database: Database, *arguments: Any) -> None:
        real(database, *arguments)
        if not done:
            shutil.copy2(other, path.with_name("coming"))
            path.with_name("coming").replace(path)
        done.append(1)

    monkeypatch.setattr(Database, "_commit", late)
    assert ledger.book(book, LOCAL, call("again", 5)).entries == [3]
    assert len(done) == 2, "the first COMMIT went into the file that is gone, and was done again"
    assert called(book) == 1_007
    with closing(sqlite3.connect(path)) as raw:
        assert raw.execute("SELECT key FROM entry ORDER BY id DESC LIMIT 1").fetchone() == ("again",)


def test_a_file_that_was_copied_over_while_its_lock_was_held_is_not_written_to(
    book: Database, tmp_path: Path
) -> None:
    path = path_of(book)
    shutil.copy2(path, tmp_path / "copy")

    def overwritten(view: View, ids: Ids) -> Plan:
        shutil.copyfile(tmp_path / "copy", path)
        return call("x", 5)(view, ids)

    with pytest.raises(Replaced):
        ledger.book(book, LOCAL, overwritten)
    assert path.read_bytes() == (tmp_path / "copy").read_bytes()


def test_a_book_that_is_deleted_gives_no_figure(book: Database) -> None:
    assert called(book) == 1_002
    view = ledger.read(book).view()
    path_of(book).unlink()
    for ask in (lambda: called(book), lambda: view.marks, lambda: view.entry(1)):
        with pytest.raises(NotReady):
            ask()
    with pytest.raises(NotReady):
        ledger.book(book, LOCAL, call("x", 5))
    assert not path_of(book).exists(), "asking makes no file"


def test_deleted_between_commit_and_answer_is_unknown(
    book: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Database._commit

    def late(database: Database, *arguments: Any) -> None:
        real(database, *arguments)
        path_of(book).unlink()

    monkeypatch.setattr(Database, "_commit", late)
    with pytest.raises(OutcomeUnknown):
        ledger.book(book, LOCAL, call("x", 5))


def twin(database: Database, to: Path) -> None:
    """A copy in which entry 2 says another amount and has another leaf; the last entry and the identity are the same."""
    shutil.copy2(path_of(database), to)
    with closing(sqlite3.connect(to)) as raw:
        for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            raw.execute(f"DROP TRIGGER {name}")
        raw.execute("UPDATE posting SET fen = 700 WHERE entry = 2")
        raw.execute("UPDATE entry SET leaf = randomblob(32) WHERE id = 2")
        raw.commit()


def test_a_twin_with_the_same_last_leaf_is_another_book(
    book: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a server that had read the other, and by a cold start with the other's derived copy."""
    monkeypatch.setattr("fof.ledger.journal.COPY_AT_LEAST", 1)
    ledger.book(book, LOCAL, call("last", 3))
    twin(book, tmp_path / "twin")
    assert called(book) == 1_005
    copy = copy_path(book)
    assert copy is not None
    derived = copy.read_bytes()
    shutil.copy2(tmp_path / "twin", path_of(book))
    assert called(book) == 10
    for state in ("as it was", "made again"):
        if state == "as it was":
            copy.write_bytes(derived)
        cold = Database(book.address)
        assert called(cold) == 10, state
        cold.close()


def test_a_copy_of_another_identity_is_void(
    book: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two books may hold the same entries; they are two."""
    monkeypatch.setattr("fof.ledger.journal.COPY_AT_LEAST", 1)
    called(book)
    shutil.copy2(path_of(book), tmp_path / "other")
    with closing(sqlite3.connect(tmp_path / "other")) as raw:
        raw.execute("DROP TRIGGER book_no_update")
        raw.execute("UPDATE book SET identity = 'x' || substr(identity, 2)")
        raw.commit()
    held = ledger.read(book)
    shutil.copy2(tmp_path / "other", path_of(book))
    with pytest.raises(Replaced):
        held.refresh()
    assert ledger.read(book) is not held


def test_every_book_has_an_identity_of_its_own_and_copies_share_it(book: Database, tmp_path: Path) -> None:
    one = identity(book)
    assert len(one) == 32
    other = Database(f"sqlite:///{tmp_path / 'other.sqlite'}")
    other.init()
    assert identity(other) != one
    other.close()
    shutil.copy(path_of(book), tmp_path / "copy.sqlite")
    copied = Database(f"sqlite:///{tmp_path / 'copy.sqlite'}")
    assert identity(copied) == one
    copied.init()
    assert identity(copied) == one
    copied.close()


def test_what_was_read_is_read_again_only_after_a_change(
    book: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def watched(cursor: Any, columns: Any) -> bool:
        asked.append(columns.head)
        return same_prefix(cursor, columns)

    monkeypatch.setattr("fof.ledger.journal.same_prefix", watched)
    called(book)
    time.sleep(bookfile.SETTLED_AFTER)
    called(book)
    asked.clear()
    for _ in range(3):
        called(book)
    assert asked == []
    other = Database(book.address)
    ledger.book(other, LOCAL, call("other", 4))
    other.close()
    assert called(book) == 1_006
    assert asked[0] == 2, "the prefix that was known, before what is new is added to it"


def test_a_file_written_a_moment_ago_is_not_relied_on(book: Database) -> None:
    """Its time may stand still for the next write."""
    path = path_of(book)
    os.utime(path)
    assert file_state(book) is None
    time.sleep(bookfile.SETTLED_AFTER)
    assert file_state(book) == bookfile.state_of(path)
    whole = bookfile.state_of(path)._replace(written=5_000_000_000, noted=5_000_000_000)
    assert not whole.settled(5_100_000_000), "times in whole seconds"
    assert whole.settled(8_000_000_000)


def test_a_prefix_that_is_shorter_or_longer_or_other(database: Database) -> None:
    ledger.book(database, LOCAL, office)
    ledger.book(database, LOCAL, call("a", 1))
    columns = ledger.read(database).columns
    from dataclasses import replace

    with database.cursor() as cursor:
        assert same_prefix(cursor, columns)
        assert same_prefix(cursor, replace(columns, head=1, leaves=columns.leaves[:32]))
        assert not same_prefix(cursor, replace(columns, head=3, leaves=columns.leaves + bytes(32)))
        assert not same_prefix(cursor, replace(columns, leaves=bytes(32) + columns.leaves[32:]))
    assert verify(database).passed("derived_copy")
