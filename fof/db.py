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

from fof.errors import Busy, NotReady

WRITER_LOCK = 0x666F66  # "fof": the advisory lock of the one writer
BUSY_SECONDS = 30
_SQLITE_PRAGMAS = (
    "journal_mode=TRUNCATE",
    "synchronous=EXTRA",
    "foreign_keys=ON",
    "recursive_triggers=ON",  # else INSERT OR REPLACE passes a delete trigger
    "trusted_schema=OFF",
    f"busy_timeout={BUSY_SECONDS * 1000}",
)


class Database:
    """One book. Thread-safe; writers of one process queue here before they ask the engine for its lock."""

    def __init__(self, url: str) -> None:
        self.url = sa.make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _sqlite_engine(self.url) if self.is_sqlite else _postgres_engine(self.url)
        self._writer = threading.Lock()

    @property
    def name(self) -> str:
        """The address without its password."""
        return self.url.render_as_string(hide_password=True)

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A short read transaction: one consistent state of the book."""
        level = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}
        with self.engine.connect().execution_options(**level) as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """The one writing transaction: lock first, then read, check, append; commits at the end of the block.

        Busy if the lock is not had in time. An error of COMMIT itself leaves the outcome unknown: look the key up.
        """
        with self._writer:
            try:
                connection = self.engine.connect().execution_options(write=True)
                with connection, connection.begin():
                    if not self.is_sqlite:
                        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{BUSY_SECONDS}s'")
                        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITER_LOCK})")
                    yield connection
            except sa.exc.OperationalError as error:
                if _is_busy(error):
                    raise Busy(
                        "账本正被另一写入占用，请重试 / the book is busy, send the request again"
                    ) from error
                raise

    def init(self, owner_url: str | None = None) -> None:
        """Create or upgrade the schema (Alembic, from the first revision). `owner_url`: the owner's login on PostgreSQL."""
        from alembic import command

        if self.is_sqlite and self.url.database and self.url.database != ":memory:":
            path = Path(self.url.database)
            path.parent.mkdir(parents=True, exist_ok=True)
            if not path.exists():
                path.touch(mode=0o600)
        owner = Database(owner_url) if owner_url else self
        with owner.engine.connect().execution_options(write=True) as connection:
            config = _alembic_config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
        if owner is not self:
            owner.close()

    def require_ready(self) -> None:
        """NotReady unless the schema is at this program's revision."""
        from alembic.runtime.migration import MigrationContext
        from alembic.script import ScriptDirectory

        wanted = ScriptDirectory.from_config(_alembic_config()).get_current_head()
        try:
            with self.read() as connection:
                found = MigrationContext.configure(connection).get_current_revision()
        except sa.exc.OperationalError as error:
            raise NotReady(
                f"打不开账本 {self.name}，请先运行 fof init / cannot open the book, run fof init first"
            ) from error
        if found != wanted:
            raise NotReady(
                f"账本版本为 {found}，程序需要 {wanted}，请运行 fof init / the book is at {found}, run fof init"
            )

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()


def _is_busy(error: sa.exc.OperationalError) -> bool:
    text = str(error.orig)
    return "database is locked" in text or "lock timeout" in text


def _sqlite_engine(url: sa.URL) -> sa.Engine:
    engine = sa.create_engine(url, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False})

    @sa.event.listens_for(engine, "connect")
    def _connect(connection: sqlite3.Connection, _: Any) -> None:
        connection.isolation_level = None  # BEGIN comes from the hook below
        for pragma in _SQLITE_PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        write = connection.get_execution_options().get("write")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    return engine


def _postgres_engine(url: sa.URL) -> sa.Engine:
    if url.drivername in ("postgresql", "postgres"):
        url = url.set(drivername="postgresql+psycopg")
    return sa.create_engine(url, pool_pre_ping=True)


def _alembic_config() -> Any:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


_open: dict[str, Database] = {}
_open_lock = threading.Lock()


def open_database(url: str) -> Database:
    """The database of this address; one per address and process, so that its columns are read once."""
    with _open_lock:
        if url not in _open:
            _open[url] = Database(url)
        return _open[url]
