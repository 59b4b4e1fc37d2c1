"""How connections to either engine are set up.

SQLite: journal_mode=TRUNCATE and synchronous=EXTRA lose no acknowledged entry in a power cut and are safe from the
WAL-reset fault of libraries before 3.51.3.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fof.bookfile import opened

if TYPE_CHECKING:  # a process that only reads figures starts in half the time without it
    import sqlalchemy as sa

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
_SERVER_WAITS = {
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
}
"""A PostgreSQL that does not answer is given up after seconds, not after the hours of the system's own settings."""


def set_up(connection: sqlite3.Connection) -> None:
    """What holds for every connection to a file."""
    connection.isolation_level = None  # BEGIN is said aloud
    for pragma in _SQLITE_PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def sqlite_engine(url: sa.URL, path: Path | None) -> sa.Engine:
    """Of a file each transaction opens a connection of its own: one that is kept could hold a file that is gone."""
    import sqlalchemy as sa

    if path is None:
        engine = sa.create_engine(url, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False})
    else:
        engine = sa.create_engine(url, creator=lambda: opened(path, BUSY_SECONDS), poolclass=sa.NullPool)

    @sa.event.listens_for(engine, "connect")
    def _connect(connection: sqlite3.Connection, _: Any) -> None:
        set_up(connection)
        connection.execute("CREATE TEMP TABLE announced (id INTEGER PRIMARY KEY)")

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        write = connection.get_execution_options().get("write")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    return engine


def postgres_engine(url: sa.URL) -> sa.Engine:
    """A server that does not answer is given up after seconds."""
    import sqlalchemy as sa

    if url.drivername in ("postgresql", "postgres"):
        url = url.set(drivername="postgresql+psycopg")
    asked = {name: value for name, value in _SERVER_WAITS.items() if name not in url.query}
    engine = sa.create_engine(url, pool_pre_ping=True, connect_args=asked)

    @sa.event.listens_for(engine, "connect")
    def _connect(connection: Any, _: Any) -> None:
        with connection.cursor() as cursor:  # a reader waits no longer for a table than a writer for its turn
            cursor.execute(f"SET lock_timeout = '{BUSY_SECONDS}s'")
        connection.commit()

    return engine
