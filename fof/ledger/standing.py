"""What columns in memory stand on: this book, and every entry of the prefix as the database holds it now.

A backup may be put back under a running server, another book in its place, a longer one or none. So before anything is read
from the database, and before anything in memory is taken for what the database holds, it is asked whether it is still the same:

cheap      where nothing has been written since the last look. SQLite: the file looks as it did (fof.bookfile), nothing is
           read. PostgreSQL: one row, with the server's start, its timeline, the database, the table's file, and the newest entry
in full    after any change: the book's identity, and every leaf of the prefix against the leaves in memory

A leaf is the hash of all an entry says, so a prefix whose leaves are the same is the same prefix.
"""

from __future__ import annotations

import hashlib
import sqlite3
from typing import TYPE_CHECKING, Any

from fof import bookfile, failures, schema
from fof.bookfile import FileState
from fof.db import Database
from models.frozen import frozen

if TYPE_CHECKING:
    from fof.ledger.journal_columns import Columns

_BLOCK = 10_000
_POSTGRES = (
    "SELECT (SELECT version_num FROM alembic_version), (SELECT identity FROM book), pg_postmaster_start_time()::text, "
    "CASE WHEN pg_is_in_recovery() THEN '' ELSE left(pg_walfile_name(pg_current_wal_lsn()), 8) END, "
    "(SELECT oid::bigint FROM pg_database WHERE datname = current_database()), "
    "pg_relation_filenode('entry')::bigint, newest.id, encode(newest.leaf, 'hex'), newest.xmin::text "
    "FROM (SELECT 1) always LEFT JOIN (SELECT id, leaf, xmin FROM entry ORDER BY id DESC LIMIT 1) newest ON true"
)
"""The server by the moment it was started: an older state of its files, or another server, has another. The system's own
identifier would say less, and asking for it opens a file of the server at every read."""
_POSTGRES_LEAVES = (
    "SELECT count(*), sha256(string_agg(CASE WHEN octet_length(leaf) = 32 THEN leaf ELSE sha256(leaf) END, ''::bytea "
    "ORDER BY id)) FROM entry"
)


@frozen
class Standing:
    """The book as one transaction sees it.

    identity : of the book
    state    : two equal states hold the same entries; None where a later change might not show
    """

    identity: str
    state: tuple[Any, ...] | None

    def stored_state(self) -> list[Any] | None:
        """The state in the form in which a file keeps it."""
        return None if self.state is None else list(self.state)


def unchanged(database: Database, standing: Standing | None) -> bool:
    """Whether the file says, without being opened, that nothing has been written. NotReady where it is gone."""
    if database.path is None:
        return False
    state = bookfile.state_of(database.path)
    return standing is not None and standing.state == state


def file_state(database: Database) -> FileState | None:
    """The state of the file, to be taken before it is read; None on PostgreSQL, and where a later write might not show."""
    if database.path is None:
        return None
    state = bookfile.state_of(database.path)
    return state if state.settled(bookfile.now()) else None


def standing(cursor: Any, before: FileState | None) -> Standing:
    """The standing that the cursor's transaction sees; `before`: state of the file before the transaction began.

    NotReady where the book is not of this program's revision.
    """
    if isinstance(cursor, sqlite3.Cursor):
        cursor.execute(
            "SELECT (SELECT max(version_num) FROM alembic_version), (SELECT max(identity) FROM book)"
        )
        revision, identity = cursor.fetchone()
        _require(revision)
        return Standing(str(identity), before)
    cursor.execute(_POSTGRES)
    revision, identity, *state = cursor.fetchone()
    _require(revision)
    return Standing(str(identity), tuple(state))


def _require(revision: str | None) -> None:
    if revision is None:
        raise failures.no_revision()
    schema.require(revision)


def same_prefix(cursor: Any, columns: Columns) -> bool:
    """Whether the database holds exactly the leaves of the columns as its entries 1 … head; reads all of them."""
    if columns.head == 0:
        return True
    if isinstance(cursor, sqlite3.Cursor):
        return _same_leaves(cursor, columns)
    cursor.execute(f"{_POSTGRES_LEAVES} WHERE id BETWEEN 1 AND {columns.head}")
    count, digest = cursor.fetchone()
    return count == columns.head and bytes(digest) == columns.digest(columns.head)


def _same_leaves(cursor: sqlite3.Cursor, columns: Columns) -> bool:
    from fof.ledger.journal_columns import stored_leaf

    digest = hashlib.sha256()
    count = 0
    cursor.execute(f"SELECT leaf FROM entry WHERE id BETWEEN 1 AND {columns.head} ORDER BY id")  # noqa: S608 - a number
    while rows := cursor.fetchmany(_BLOCK):
        count += len(rows)
        digest.update(b"".join([stored_leaf(leaf) for (leaf,) in rows]))
    return count == columns.head and digest.digest() == columns.digest(columns.head)
