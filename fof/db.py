"""The database: connections, the single writer, schema upgrades. SQLite by default, PostgreSQL by its address.

SQLite: journal_mode=TRUNCATE and synchronous=EXTRA lose no acknowledged entry in a power cut and are safe from the
WAL-reset fault of libraries before 3.51.3. BEGIN IMMEDIATE takes the writer lock before anything is read.
PostgreSQL: READ COMMITTED with one advisory lock as the first statement of every writing transaction.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from fof.errors import Busy, NotReady, OutcomeUnknown

REVISION = "0001"
"""The newest schema revision in fof/migrations; a test holds it equal to Alembic's head."""
WRITER_LOCK = 0x666F66  # "fof": the advisory lock of the one writer
BUSY_SECONDS = 30
_SQLITE_PRAGMAS = (
    "journal_mode=TRUNCATE",
    "synchronous=EXTRA",
    "foreign_keys=ON",
    "recursive_triggers=ON",  # else INSERT OR REPLACE passes a delete trigger
    "trusted_schema=OFF",
    "temp_store=MEMORY",
    "cache_spill=OFF",  # a large booking keeps readers out during its COMMIT only, not while it is being written
    f"busy_timeout={BUSY_SECONDS * 1000}",
)
_ANNOUNCED = 2**40
"""Above every entry id: marks a row id as the announcement of a booking (migration 0001, trigger posting_closed)."""
_BUSY_STATES = {"55P03", "40P01", "40001", "53200"}
"""PostgreSQL: lock not available, deadlock, serialisation, out of memory. The transaction is gone; it may be sent again."""


class Database:
    """One book. Thread-safe; writers of one process queue here before they ask the engine for its lock."""

    def __init__(self, url: str) -> None:
        self.url = sa.make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _sqlite_engine(self.url) if self.is_sqlite else _postgres_engine(self.url)
        self.kept: dict[type, object] = {}
        """What layers above keep for as long as this database is open: the ledger its journal."""
        self._writer = threading.Lock()

    @property
    def name(self) -> str:
        """The address without its password."""
        return self.url.render_as_string(hide_password=True)

    @property
    def driver(self) -> Any:
        """The DB-API module: bulk rows go past SQLAlchemy, so their errors are the driver's own."""
        return self.engine.dialect.dbapi

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A short read transaction: one consistent state of the book. Busy if a writer's COMMIT keeps it out too long."""
        level = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}
        try:
            with self.engine.connect().execution_options(**level) as connection, connection.begin():
                yield connection
        except (sa.exc.OperationalError, self.driver.OperationalError) as error:
            if _is_busy(error):
                raise _busy() from error
            raise

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """The one writing transaction: lock first, then read, check, append; commits at the end of the block.

        Busy if the lock is not had in time: nothing was written. OutcomeUnknown if COMMIT itself fails: it may have
        been carried out before the answer was lost, so the idempotency key must be looked up.
        """
        if not self._writer.acquire(timeout=BUSY_SECONDS):
            raise _busy()
        try:
            with self.engine.connect().execution_options(write=True) as connection:
                transaction = self._begin(connection)
                try:
                    yield connection
                    self._no_orphans(connection)
                except BaseException as error:
                    _take_back(connection, transaction)
                    if _is_busy(error):
                        raise _busy() from error
                    raise
                self._commit(connection, transaction)
        finally:
            self._writer.release()

    def _begin(self, connection: sa.Connection) -> sa.RootTransaction:
        """Begin with the writer's lock in hand."""
        try:
            transaction = connection.begin()
            if not self.is_sqlite:
                connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{BUSY_SECONDS}s'")
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITER_LOCK})")
        except sa.exc.OperationalError as error:
            if _is_busy(error):
                raise _busy() from error
            raise
        return transaction

    def _no_orphans(self, connection: sa.Connection) -> None:
        """SQLite: postings whose entry never came; on PostgreSQL a deferred trigger asks the same."""
        if not self.is_sqlite:
            return
        query = "SELECT max(entry) > (SELECT coalesce(max(id), 0) FROM entry) FROM posting"
        if connection.exec_driver_sql(query).scalar():
            raise self.driver.IntegrityError("posting: no entry")

    def _commit(self, connection: sa.Connection, transaction: sa.RootTransaction) -> None:
        try:
            transaction.commit()
        except sa.exc.IntegrityError:  # a deferred reference: the engine has refused, nothing is in doubt
            _take_back(connection, transaction)
            raise
        except sa.exc.DBAPIError as error:
            _take_back(connection, transaction)
            raise OutcomeUnknown() from error

    def init(self, owner_url: str | None = None) -> None:
        """Create or upgrade the schema (Alembic, from the first revision). `owner_url`: the owner's login on PostgreSQL."""
        from alembic import command

        if self.is_sqlite and self.url.database and self.url.database != ":memory:":
            path = Path(self.url.database)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600, exist_ok=True)
        owner = Database(owner_url) if owner_url else self
        try:
            with owner.engine.connect().execution_options(write=True) as connection:
                if (
                    not owner.is_sqlite
                ):  # two programs that are started together must not both create the tables
                    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITER_LOCK})")
                config = alembic_config()
                config.attributes["connection"] = connection
                with _upgrading:  # Alembic keeps its state in a module
                    command.upgrade(config, "head")
        finally:
            if owner is not self:
                owner.close()

    def require_ready(self) -> None:
        """NotReady unless the schema is at this program's revision."""
        name = self.url.database
        missing = self.is_sqlite and name and name != ":memory:" and not Path(name).exists()
        try:
            found = None if missing else self._revision()
        except (sa.exc.OperationalError, sa.exc.ProgrammingError) as error:
            raise NotReady(
                f"打不开账本 {self.name}，请先运行 fof init / cannot open the book, run fof init first"
            ) from error
        if found != REVISION:
            raise NotReady(
                f"账本版本为 {found}，程序需要 {REVISION}，请运行 fof init / "
                f"the book is at {found}, this program needs {REVISION}: run fof init"
            )

    def _revision(self) -> str | None:
        with self.read() as connection:
            found: str | None = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
        return found

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()


def announce(connection: sa.Connection) -> None:
    """SQLite: let this transaction write postings, of entries after the last one only; its own entries end it."""
    connection.exec_driver_sql("DELETE FROM temp.announced")
    connection.exec_driver_sql(
        f"INSERT INTO temp.announced SELECT {_ANNOUNCED} + coalesce(max(id), 0) FROM main.entry"  # noqa: S608
    )


def _busy() -> Busy:
    return Busy("账本正被另一写入占用，请重试 / the book is busy, send the request again")


def _take_back(connection: sa.Connection, transaction: sa.RootTransaction) -> None:
    """Roll back; a connection on which even that fails is thrown away."""
    try:
        transaction.rollback()
    except sa.exc.SQLAlchemyError:
        connection.invalidate()


def _is_busy(error: BaseException) -> bool:
    cause = getattr(error, "orig", None) or error
    code = getattr(cause, "sqlite_errorcode", None)
    if isinstance(code, int):
        return code & 0xFF == sqlite3.SQLITE_BUSY
    return getattr(cause, "sqlstate", None) in _BUSY_STATES


def _sqlite_engine(url: sa.URL) -> sa.Engine:
    engine = sa.create_engine(url, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False})

    @sa.event.listens_for(engine, "connect")
    def _connect(connection: sqlite3.Connection, _: Any) -> None:
        connection.isolation_level = None  # BEGIN comes from the hook below
        for pragma in _SQLITE_PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("CREATE TEMP TABLE announced (id INTEGER PRIMARY KEY)")

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        write = connection.get_execution_options().get("write")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    return engine


def _postgres_engine(url: sa.URL) -> sa.Engine:
    if url.drivername in ("postgresql", "postgres"):
        url = url.set(drivername="postgresql+psycopg")
    return sa.create_engine(url, pool_pre_ping=True)


def alembic_config() -> Any:
    """Alembic's configuration: the migrations beside this module."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


_upgrading = threading.Lock()
_open: dict[str, Database] = {}
_open_lock = threading.Lock()


def open_database(url: str) -> Database:
    """The database of this address; one per address and process, so that its columns are read once."""
    with _open_lock:
        if url not in _open:
            _open[url] = Database(url)
        return _open[url]
