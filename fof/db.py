"""The database: connections, the single writer, schema upgrades. SQLite by default, PostgreSQL by its address.

SQLite: BEGIN IMMEDIATE takes the writer lock before anything is read.
PostgreSQL: READ COMMITTED with one advisory lock as the first statement of every writing transaction.
How a connection of either is set up: fof.engines.
"""

from __future__ import annotations

import re
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fof import failures, schema
from fof.bookfile import FileState, opened, state_of
from fof.engines import BUSY_SECONDS, postgres_engine, set_up, sqlite_engine
from fof.errors import FofError, NotReady, OutcomeUnknown, Problem, Refused, Replaced, Unavailable
from fof.schema import REVISION, alembic_config
from models.text import Text

if (
    TYPE_CHECKING
):  # imported where it is used: a process that only reads figures starts in half the time without it
    import sqlalchemy as sa

__all__ = [
    "REVISION",
    "WRITER_LOCK",
    "Database",
    "alembic_config",
    "announce",
    "open_database",
]

WRITER_LOCK = 0x666F66  # "fof": the advisory lock of the one writer
IDLE_AT_MOST = 4
_ANNOUNCED = 2**40
"""Above every entry id: marks a row id as the announcement of a booking (migration 0001, trigger posting_closed)."""


class Database:
    """One book. Thread-safe; writers of one process queue here before they ask the engine for its lock."""

    def __init__(self, url: str) -> None:
        self.address = url
        self.is_sqlite = url.startswith("sqlite")
        self.memo: dict[type, object] = {}
        """What layers above keep for as long as this database is open: the ledger its journal."""
        self._writer = threading.Lock()
        self._idle: list[tuple[sqlite3.Connection, FileState]] = []

    @cached_property
    def url(self) -> sa.URL:
        """The address, taken apart."""
        import sqlalchemy as sa

        return sa.make_url(self.address)

    @cached_property
    def engine(self) -> sa.Engine:
        """SQLAlchemy's engine."""
        return sqlite_engine(self.url, self.path) if self.is_sqlite else postgres_engine(self.url)

    @cached_property
    def path(self) -> Path | None:
        """The file of a SQLite book; None for one in memory and on PostgreSQL."""
        if not self.is_sqlite:
            return None
        plain = re.fullmatch(r"sqlite:///([^?%:]+)", self.address)
        name = plain[1] if plain else self.url.database
        return None if not name or name == ":memory:" else Path(name)

    @property
    def name(self) -> str:
        """The address without its password."""
        return self.url.render_as_string(hide_password=True)

    @property
    def driver(self) -> Any:
        """The DB-API module: bulk rows go past SQLAlchemy, so their errors are the driver's own."""
        return sqlite3 if self.is_sqlite else self.engine.dialect.dbapi

    def file_state(self) -> FileState | None:
        """The state of a SQLite book's file now; None in memory and on PostgreSQL. NotReady where the file is gone."""
        return None if self.path is None else state_of(self.path)

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A short read transaction: one consistent state of the book. Busy if a writer's COMMIT keeps it out too long,
        Unavailable or NotReady where the database cannot be had."""
        level = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}
        with (
            _failures_explained(),
            self.engine.connect().execution_options(**level) as connection,
            connection.begin(),
        ):
            yield connection

    @contextmanager
    def cursor(self) -> Iterator[Any]:
        """A short read transaction like `read`, through the driver alone; what the ledger reads its columns by."""
        if self.path is None:
            with self.read() as connection:
                yield connection.connection.cursor()
            return
        state = state_of(self.path)
        whole = False
        with _failures_explained():
            raw = self._idle_connection(state) or self._opened(self.path)
            try:
                raw.execute("BEGIN")
                yield raw.cursor()
                raw.execute("ROLLBACK")
                whole = True
            finally:
                if whole and len(self._idle) < IDLE_AT_MOST:
                    self._idle.append((raw, state))
                else:
                    raw.close()

    def _opened(self, path: Path) -> sqlite3.Connection:
        raw = opened(path, BUSY_SECONDS)
        try:
            set_up(raw)
        except BaseException:
            raw.close()
            raise
        return raw

    def _idle_connection(self, state: FileState) -> sqlite3.Connection | None:
        """A connection that has seen the file as it is now. Any other may hold a file that is gone, or pages of it."""
        while self._idle:
            try:
                raw, seen = self._idle.pop()
            except IndexError:  # another thread took the last one
                return None
            if seen == state:
                return raw
            raw.close()
        return None

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """The one writing transaction: lock first, then read, check, append; commits at the end of the block.

        Busy if the lock is not had in time: nothing was written. OutcomeUnknown if COMMIT itself fails: it may have
        been carried out before the answer was lost, so the idempotency key must be looked up. Replaced if somebody put
        another file in the book's place meanwhile: nothing was written.
        """
        if not self._writer.acquire(timeout=BUSY_SECONDS):
            raise failures.busy()
        try:
            with (
                _failures_explained(writing=True),
                self.engine.connect().execution_options(write=True) as connection,
            ):
                before = self.file_state()
                transaction = self._begin(connection)
                try:
                    locked = self._same_file(before)
                    yield connection
                    self._no_orphans(connection)
                    self._untouched(locked)
                except BaseException:
                    _take_back(connection, transaction)
                    raise
                self._commit(connection, transaction)
                self._still_in_place(locked)
        finally:
            self._writer.release()

    def _begin(self, connection: sa.Connection) -> sa.RootTransaction:
        """Begin with the writer's lock in hand."""
        transaction = connection.begin()
        if not self.is_sqlite:
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{BUSY_SECONDS}s'")
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITER_LOCK})")
        return transaction

    def _same_file(self, before: FileState | None) -> FileState | None:
        """The file that was opened is the one that lies there now: what is written does not go into a file that is gone."""
        state = self.file_state()
        if state is not None and before is not None and not state.same_file(before):
            raise Replaced()
        return state

    def _untouched(self, locked: FileState | None) -> None:
        """Nobody wrote to the file while its lock was held: a copy over it asks for no lock."""
        state = self.file_state()
        if state is not None and locked is not None and not state.same_content(locked):
            raise Replaced()

    def _still_in_place(self, locked: FileState | None) -> None:
        """The file that was committed to still lies in its place; where it does not, the book has to be asked."""
        try:
            state = self.file_state()
        except NotReady as error:
            raise OutcomeUnknown() from error
        if state is not None and locked is not None and not state.same_file(locked):
            raise OutcomeUnknown()

    def _no_orphans(self, connection: sa.Connection) -> None:
        """SQLite: postings whose entry never came; on PostgreSQL a deferred trigger asks the same."""
        if not self.is_sqlite:
            return
        query = "SELECT max(entry) > (SELECT coalesce(max(id), 0) FROM entry) FROM posting"
        if connection.exec_driver_sql(query).scalar():
            raise self.driver.IntegrityError("posting: no entry")

    def _commit(self, connection: sa.Connection, transaction: sa.RootTransaction) -> None:
        import sqlalchemy as sa

        try:
            transaction.commit()
        except sa.exc.IntegrityError:  # a deferred reference: the engine has refused, nothing is in doubt
            _take_back(connection, transaction)
            raise
        except sa.exc.DBAPIError as error:
            _take_back(connection, transaction)
            if not self.is_sqlite and not failures.lost(
                error
            ):  # the server has answered: it took everything back
                raise
            raise OutcomeUnknown() from error

    def init(self, owner_url: str | None = None) -> str | None:
        """Create or upgrade the schema (Alembic, from the first revision); the revision before, None for a new book.

        owner_url : the owner's login on PostgreSQL
        """
        owner = Database(owner_url) if owner_url else self
        try:
            with _failures_explained():
                self._make_file()
                with owner.engine.connect().execution_options(write=True) as connection:
                    if (
                        not owner.is_sqlite
                    ):  # two programs that start together must not both create the tables
                        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITER_LOCK})")
                        return schema.upgrade(connection)
                    with _foreign_keys_off(connection):
                        return schema.upgrade(connection)
        finally:
            if owner is not self:
                owner.close()

    def _make_file(self) -> None:
        if self.path is None:
            return
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.path.touch(mode=0o600, exist_ok=True)
        except OSError as error:
            raise failures.of_book_file(error) from error

    def require_ready(self) -> None:
        """NotReady unless the schema is at this program's revision; asking makes no file."""
        self.file_state()
        with self.cursor() as cursor:
            if not self.is_sqlite:  # to a login that may not look into the schema its tables are not there
                cursor.execute("SELECT has_schema_privilege('public', 'USAGE')")
                if not cursor.fetchone()[0]:
                    raise failures.no_right()
            cursor.execute("SELECT version_num FROM alembic_version")
            revision = cursor.fetchone()
        if revision is None:
            raise failures.no_revision()
        schema.require(revision[0])

    def close(self) -> None:
        """Give the connections back."""
        while self._idle:
            self._idle.pop()[0].close()
        if "engine" in self.__dict__:
            self.engine.dispose()


def announce(connection: sa.Connection) -> None:
    """SQLite: let this transaction write postings, of entries after the last one only; its own entries end it."""
    connection.exec_driver_sql(
        f"INSERT OR REPLACE INTO temp.announced SELECT {_ANNOUNCED} + coalesce(max(id), 0) FROM main.entry"  # noqa: S608
    )


def _take_back(connection: sa.Connection, transaction: sa.RootTransaction) -> None:
    """Roll back; a connection on which even that fails is thrown away."""
    import sqlalchemy as sa

    try:
        transaction.rollback()
    except sa.exc.SQLAlchemyError:
        connection.invalidate()


@contextmanager
def _foreign_keys_off(connection: sa.Connection) -> Iterator[None]:
    """SQLite: a table that others refer to can be made again; whether every reference holds is asked in the end (migrations/env)."""
    raw: Any = connection.connection.driver_connection
    raw.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        raw.execute("PRAGMA foreign_keys=ON")


@contextmanager
def _failures_explained(*, writing: bool = False) -> Iterator[None]:
    """Failures of the engine as what a person can do about them; `writing`: what was begun has been taken back."""
    try:
        yield
    except (FofError, OSError):  # told already, or the caller's own files
        raise
    except Exception as error:
        failure = failures.explained_failure(error)
        if failure is None:
            raise
        raise (
            failure.nothing_written() if writing and isinstance(failure, Unavailable) else failure
        ) from error


_open: dict[str, Database] = {}
_open_lock = threading.Lock()


def open_database(url: str) -> Database:
    """The database of this address; one per address and process, so that its columns are read once. See checked_address."""
    with _open_lock:
        if url not in _open:
            _open[url] = Database(checked_address(url))
        return _open[url]


def checked_address(url: str) -> str:
    """The address. Refused for one of neither SQLite nor PostgreSQL; it is not repeated, it may hold a password."""
    if not url.startswith(("sqlite:", "postgresql:", "postgresql+psycopg:")):
        text = Text("sqlite:///文件 或 postgresql://…", "sqlite:///FILE or postgresql://…")
        raise Refused([Problem("wrong_address", text)], "FOF_DATABASE_URL")
    return url
