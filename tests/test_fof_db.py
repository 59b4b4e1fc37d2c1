"""Schema upgrades, the one writer, and errors that must not be mistaken for one another."""

from __future__ import annotations

import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from fof import db, engines
from fof import schema as schema_module
from fof.db import Database, alembic_config, announce
from fof.errors import Busy, NotReady, OutcomeUnknown
from models import metadata

ROOT = Path(__file__).resolve().parents[1]


def test_the_revision_in_the_program_is_the_newest_migration() -> None:
    scripts = ScriptDirectory.from_config(alembic_config())
    assert scripts.get_current_head() == db.REVISION
    assert tuple(reversed([s.revision for s in scripts.walk_revisions()])) == schema_module.REVISIONS


def test_the_book_remembers_every_revision(database: Database) -> None:
    with database.read() as connection:
        found = connection.exec_driver_sql(
            "SELECT number, first_entry FROM book_revision ORDER BY number"
        ).all()
    assert [tuple(row) for row in found] == [(number, 1) for number in schema_module.REVISIONS]


def test_the_schema_is_what_the_models_say(database: Database) -> None:
    with database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, metadata)
    assert [d for d in differences if not _is_for_references(d)] == []


def _is_for_references(difference: Any) -> bool:
    """An index of fof.migrations.references, which only SQLite has."""
    if difference[0] != "remove_index":
        return False
    index = difference[1]
    return [f"ix_{index.table.name}_{c.name}" for c in index.columns] == [index.name]


def schema(database: Database) -> list[Any]:
    query = (
        "SELECT name, sql FROM sqlite_master ORDER BY 1"
        if database.is_sqlite
        else "SELECT tgname, tgtype FROM pg_trigger ORDER BY 1, 2"
    )
    with database.read() as connection:
        return [tuple(r) for r in connection.exec_driver_sql(query)]


def test_init_twice_changes_nothing(database: Database, postgres_server: str) -> None:
    before = schema(database)
    url = str(database.url)
    if not database.is_sqlite:  # the owner's work
        url = sa.make_url(postgres_server).set(database=database.url.database).render_as_string(False)
    database.init(owner_url=url)
    assert schema(database) == before
    database.require_ready()


def test_two_programs_that_start_together_make_one_schema(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new' / 'book.sqlite'}"
    program = f"from fof.db import Database; Database({url!r}).init()"
    started = [subprocess.Popen([sys.executable, "-c", program], cwd=ROOT) for _ in range(2)]
    assert [process.wait(60) for process in started] == [0, 0]
    book = Database(url)
    threads = [threading.Thread(target=book.init) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    book.require_ready()
    book.close()


def test_a_new_book_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "book.sqlite"
    book = Database(f"sqlite:///{path}")
    book.init()
    book.close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_missing_or_foreign_or_newer_book_is_not_ready(tmp_path: Path, sqlite_book: Database) -> None:
    missing = Database(f"sqlite:///{tmp_path / 'none.sqlite'}")
    with pytest.raises(NotReady, match="fof init"):
        missing.require_ready()
    assert not (tmp_path / "none.sqlite").exists(), "asking makes no file"
    (tmp_path / "foreign.sqlite").touch()
    foreign = Database(f"sqlite:///{tmp_path / 'foreign.sqlite'}")
    with foreign.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE x (a)")
    with pytest.raises(NotReady):
        foreign.require_ready()
    with sqlite_book.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(NotReady, match="9999"):
        sqlite_book.require_ready()


def test_settings_of_a_connection_that_lose_nothing(sqlite_book: Database) -> None:
    wanted = {
        "journal_mode": "truncate",
        "synchronous": 3,
        "foreign_keys": 1,
        "recursive_triggers": 1,
        "trusted_schema": 0,
        "cache_spill": 0,
        "busy_timeout": engines.BUSY_SECONDS * 1000,
    }
    with sqlite_book.read() as connection:
        found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in wanted}
    assert found == wanted


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch, sqlite_url: str) -> Iterator[tuple[Database, Database]]:
    """Two processes' handles of one book (each with its own queue), which wait a tenth of a second."""
    monkeypatch.setattr(db, "BUSY_SECONDS", 0.1)
    monkeypatch.setattr(engines, "BUSY_SECONDS", 0.1)
    monkeypatch.setattr(engines, "_SQLITE_PRAGMAS", (*engines._SQLITE_PRAGMAS[:-1], "busy_timeout=100"))
    books = Database(sqlite_url), Database(sqlite_url)
    yield books
    for book in books:
        book.close()


def test_a_writer_that_waits_too_long_is_busy(hurried: tuple[Database, Database]) -> None:
    one, other = hurried
    with one.write(), pytest.raises(Busy), other.write():
        raise AssertionError("two writers at once")
    with one.write(), pytest.raises(Busy):  # the queue inside one process
        one.write().__enter__()
    with other.write():
        pass


@pytest.mark.postgres
def test_a_writer_on_postgresql_waits_for_the_lock_and_gives_up(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "BUSY_SECONDS", 1)
    monkeypatch.setattr(engines, "BUSY_SECONDS", 1)
    one, other = Database(postgres_url), Database(postgres_url)
    with one.write(), pytest.raises(Busy), other.write():
        raise AssertionError("two writers at once")
    with other.write():
        pass
    one.close()
    other.close()


def test_a_reader_sees_one_state_while_another_commits(database: Database) -> None:
    """Two SELECTs of one read transaction, a booking in between."""
    other = Database(database.url.render_as_string(hide_password=False))
    count = "SELECT count(*) FROM party"

    def commit() -> None:
        with other.write() as connection:
            connection.exec_driver_sql("INSERT INTO party VALUES (1, 1, 1, 'A', 'bank')")
            binary = "BLOB" if other.is_sqlite else "bytea"
            connection.exec_driver_sql(
                "INSERT INTO entry (id, kind, effective_on, recorded_at, recorded_by, key, request, posting_count, leaf) "
                "VALUES (1, 'parties', '2020-01-01', '2020-01-01T00:00:00.000000+00:00', 'a', 'k', "
                f"CAST('x' AS {binary}), 0, CAST('{'x' * 32}' AS {binary}))"
            )

    writer = threading.Thread(target=commit)
    with database.read() as connection:
        assert connection.exec_driver_sql(count).scalar() == 0
        writer.start()
        writer.join(0.5)  # on SQLite its COMMIT waits for this reader
        assert connection.exec_driver_sql(count).scalar() == 0
    writer.join()
    with database.read() as connection:
        assert connection.exec_driver_sql(count).scalar() == 1
    other.close()


def test_an_error_at_commit_is_an_unknown_outcome(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_dialect: Any, _connection: Any) -> None:
        raise database.driver.OperationalError("disk I/O error")

    monkeypatch.setattr(type(database.engine.dialect), "do_commit", broken)
    with pytest.raises(OutcomeUnknown), database.write():
        pass
    monkeypatch.undo()
    with database.write():  # the connection that was left in doubt is not used again as it was
        pass


def test_a_refusal_at_commit_is_a_refusal(database: Database) -> None:
    """A deferred reference fails at COMMIT: nothing is in doubt then."""
    with pytest.raises(sa.exc.IntegrityError), database.write() as connection:
        connection.exec_driver_sql("INSERT INTO party VALUES (1, 1, 1, 'A', 'bank')")  # its entry never comes


def written(database: Database, statement: str) -> None:
    with database.write() as connection:
        if database.is_sqlite:
            announce(connection)
        connection.exec_driver_sql(statement)


def test_postings_without_their_entry_are_not_committed(database: Database) -> None:
    with pytest.raises((sa.exc.IntegrityError, database.driver.IntegrityError), match="no entry"):
        written(database, "INSERT INTO posting VALUES (1, 1, 10, 1, 2, 2, NULL, NULL, 5)")
    with database.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM posting").scalar() == 0


def test_an_error_in_the_block_takes_everything_back(database: Database) -> None:
    def fail() -> None:
        with database.write() as connection:
            connection.exec_driver_sql("INSERT INTO party VALUES (1, 1, 1, 'A', 'bank')")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with database.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM party").scalar() == 0


def test_one_database_object_an_address(sqlite_url: str) -> None:
    assert db.open_database(sqlite_url) is db.open_database(sqlite_url)


def test_the_password_is_not_shown() -> None:
    assert "secret" not in Database("postgresql://u:secret@h/d").name
