"""The database: connections, the single writer, schema upgrades. SQLite by default, PostgreSQL by its address.

SQLite: journal_mode=TRUNCATE and synchronous=EXTRA lose no acknowledged entry in a power cut and are safe from the
WAL-reset fault of libraries before 3.51.3. BEGIN IMMEDIATE takes the writer lock before anything is read.
PostgreSQL: READ COMMITTED with one advisory lock as the first statement of every writing transaction.
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

from fof.errors import Busy, NotReady, OutcomeUnknown

if (
    TYPE_CHECKING
):  # imported where it is used: a process that only reads figures starts in half the time without it
    import sqlalchemy as sa

REVISION = "0001"
"""The newest schema revision in fof/migrations; a test holds it equal to Alembic's head."""
WRITER_LOCK = 0x666F66  # "fof": the advisory lock of the one writer
BUSY_SECONDS = 30
IDLE_AT_MOST = 4
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
        self.address = url
        self.is_sqlite = url.startswith("sqlite")
        self.kept: dict[type, object] = {}
        """What layers above keep for as long as this database is open: the ledger its journal."""
        self._writer = threading.Lock()
        self._idle: list[sqlite3.Connection] = []

    @cached_property
    def url(self) -> sa.URL:
        """The address, taken apart."""
        import sqlalchemy as sa

        return sa.make_url(self.address)

    @cached_property
    def engine(self) -> sa.Engine:
        """SQLAlchemy's engine."""
        return _sqlite_engine(self.url) if self.is_sqlite else _postgres_engine(self.url)

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

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A short read transaction: one consistent state of the book. Busy if a writer's COMMIT keeps it out too long."""
        import sqlalchemy as sa

        level = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}
        try:
            with self.engine.connect().execution_options(**level) as connection, connection.begin():
                yield connection
        except (sa.exc.OperationalError, self.driver.OperationalError) as error:
            if _is_busy(error):
                raise _busy() from error
            raise

    @contextmanager
    def cursor(self) -> Iterator[Any]:
        """A short read transaction like `read`, through the driver alone; what the ledger reads its columns by."""
        if self.path is None:
            with self.read() as connection:
                yield connection.connection.cursor()
            return
        try:
            raw = self._idle.pop()
        except IndexError:
            raw = sqlite3.connect(self.path, timeout=BUSY_SECONDS, check_same_thread=False)
            _set_up(raw)
        whole = False
        try:
            raw.execute("BEGIN")
            yield raw.cursor()
            raw.execute("ROLLBACK")
            whole = True
        except sqlite3.OperationalError as error:
            if _is_busy(error):
                raise _busy() from error
            raise
        finally:
            if whole and len(self._idle) < IDLE_AT_MOST:
                self._idle.append(raw)
            else:
                raw.close()

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
        import sqlalchemy as sa

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
        import sqlalchemy as sa

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
        import sqlalchemy as sa
        from alembic import command

        if self.path is not None:
            try:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                self.path.touch(mode=0o600, exist_ok=True)
            except OSError as error:
                raise NotReady(
                    f"无法在此处建立账本 {self.path}：{error.strerror} / the book cannot be made here"
                ) from error
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
        except sa.exc.DatabaseError as error:
            if _is_no_database(error.orig):
                raise NotReady(self._no_database()) from error
            raise
        finally:
            if owner is not self:
                owner.close()

    def _no_database(self) -> str:
        return (
            f"{self.name} 不是账本，或已损坏：请用备份恢复，或把它移开后运行 fof init / "
            "is no book, or a damaged one: restore a backup, or move it away and run fof init"
        )

    def require_ready(self) -> None:
        """NotReady unless the schema is at this program's revision."""
        found = None
        try:
            if self.path is None or self.path.exists():  # asking must not make the file
                with self.cursor() as cursor:
                    cursor.execute("SELECT version_num FROM alembic_version")
                    found = (cursor.fetchone() or [None])[0]
        except self._errors() as error:
            if _is_no_database(error):
                raise NotReady(self._no_database()) from error
            raise NotReady(
                f"打不开账本 {self.name}，请先运行 fof init / cannot open the book, run fof init first"
            ) from error
        if found is None:
            raise NotReady(
                f"还没有账本 {self.name}，请先运行 fof init / there is no book yet, run fof init first"
            )
        if found != REVISION:
            raise NotReady(
                f"账本版本为 {found}，程序需要 {REVISION}，请运行 fof init / "
                f"the book is at {found}, this program needs {REVISION}: run fof init"
            )

    def _errors(self) -> tuple[type[Exception], ...]:
        """By which the engine says that there is no such book."""
        if self.is_sqlite:
            return (sqlite3.Error,)
        import sqlalchemy as sa

        return (sa.exc.SQLAlchemyError, self.driver.Error)

    def close(self) -> None:
        """Give the connections back."""
        while self._idle:
            self._idle.pop().close()
        if "engine" in self.__dict__:
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
    import sqlalchemy as sa

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


def _is_no_database(error: BaseException | None) -> bool:
    """Whether SQLite refuses the file itself; a missing table or a busy file is something else."""
    return type(error) is sqlite3.DatabaseError


def _set_up(connection: sqlite3.Connection) -> None:
    connection.isolation_level = None  # BEGIN is said aloud
    for pragma in _SQLITE_PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _sqlite_engine(url: sa.URL) -> sa.Engine:
    import sqlalchemy as sa

    engine = sa.create_engine(url, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False})

    @sa.event.listens_for(engine, "connect")
    def _connect(connection: sqlite3.Connection, _: Any) -> None:
        _set_up(connection)
        connection.execute("CREATE TEMP TABLE announced (id INTEGER PRIMARY KEY)")

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        write = connection.get_execution_options().get("write")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    return engine


def _postgres_engine(url: sa.URL) -> sa.Engine:
    import sqlalchemy as sa

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
    """The database of this address; one per address and process, so that its columns are read once.

    NotReady for an address of neither SQLite nor PostgreSQL; the address is not repeated, it may hold a password.
    """
    if not url.startswith(("sqlite:", "postgresql:", "postgresql+psycopg:")):
        raise NotReady(
            "FOF_DATABASE_URL 应为 sqlite:///文件 或 postgresql://… / "
            "FOF_DATABASE_URL is sqlite:///FILE or postgresql://…"
        )
    with _open_lock:
        if url not in _open:
            _open[url] = Database(url)
        return _open[url]
