"""Backup and restore, so that nobody copies a book by hand.

A backup is one SQLite file, whatever the engine: a whole book that any program can open and `fof verify` can verify. It is made
in one read transaction, so bookings go on meanwhile, and it is verified before it is given its name. Restoring puts it in the
place of the book: of no book, of an empty one or of a shorter state of the same one without asking; of anything that holds
entries which the backup does not hold only where the caller names the last of them.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from fof import failures
from fof.db import Database
from fof.errors import FofError, NotReady, Problem, Refused, Unavailable, Where
from fof.ledger.journal_columns import stored_leaf
from fof.ledger.soundness import JOURNAL_TABLES, OWN_TABLES
from fof.ledger.verify import Verification, verify
from models.frozen import frozen
from models.text import Text, joined

TABLES = (*OWN_TABLES, *JOURNAL_TABLES)
_BLOCK = 10_000
_BESIDE = ("-journal", "-wal", "-shm")
"""What SQLite may leave beside a file; laid beside another file it would be taken for that one's."""


@frozen
class Stored:
    """A backup: its identity, what it holds, and what verifying it found."""

    file: Path
    identity: str
    verification: Verification


def backup(database: Database, file: Path) -> Stored:
    """Write the book, as it is at one moment, to a new file; a damaged book as well, and then the verification says so.

    Refused where the file is there already; errors of fof.errors where the book cannot be had or the file not be written.
    """
    database.require_ready()
    if os.path.lexists(file):  # where the folder may not be looked into, making the file says so
        raise _refused(
            file,
            "file_there",
            Text("文件已存在，备份不覆盖任何文件", "the file is there already; a backup overwrites none"),
        )
    with _beside(file) as temporary:
        with _written_beside(file):
            _copied_out(database, temporary)
        verification = _verified(temporary)
        os.link(temporary, file)  # never over another one
    return Stored(file, _identity(file), verification)


def restore(
    database: Database, file: Path, *, over: int | None = None, owner_url: str | None = None
) -> Stored:
    """Put the backup in the place of the book; returns what is there afterwards, verified.

    over      : the last entry of the book that is given up, where it holds entries that the backup does not; 0 where it
                cannot be read at all
    owner_url : PostgreSQL: login of the owner of the tables
    Refused where the file is no sound backup, or the book would lose entries and `over` does not name the last one.
    """
    with _upgraded(file, database.path) as (copy, source):
        verification = _verified(copy)
        if not verification.ok:
            why = joined((c.text for c in verification.problems), Text("；", "; "))
            raise _refused(
                file,
                "backup_damaged",
                Text(f"备份已损坏：{why.zh}", f"the backup is damaged: {why.en}"),
            )
        if database.path is not None:
            _into_file(database, copy, source, file, over)
        else:
            database.init(owner_url)
            owner = Database(owner_url) if owner_url else database
            try:
                _into_server(owner, copy, source, file, over)
            finally:
                if owner is not database:
                    owner.close()
    with closing_of(Database(database.address)) as fresh:
        return Stored(file, source.identity, verify(fresh))


# -- out ------------------------------------------------------------------------------------------------------------


@contextmanager
def _written_beside(file: Path) -> Iterator[None]:
    """A copy that cannot be written is said of the copy's file; the book was only read."""
    try:
        yield
    except (sqlite3.Error, Unavailable) as error:
        cause = error if isinstance(error, sqlite3.Error) else _engine_error(error)
        refused = cause and failures.unwritten_copy(file.name, Text("备份", "backup"), cause)
        if refused is None:
            raise
        raise refused from error


def _engine_error(error: FofError) -> sqlite3.Error | None:
    cause = getattr(error.__cause__, "orig", None) or error.__cause__
    return cause if isinstance(cause, sqlite3.Error) else None


def _copied_out(database: Database, to: Path) -> None:
    if database.path is not None:
        with database.cursor() as cursor, closing(sqlite3.connect(to)) as made:
            cursor.execute("SELECT 1 FROM alembic_version")  # the lock of a reader
            cursor.connection.backup(made)
            made.execute("PRAGMA journal_mode=TRUNCATE")
        return
    with closing_of(Database(f"sqlite:///{to}")) as made_book:
        made_book.init()
        with (
            database.read() as connection,
            closing(sqlite3.connect(to, isolation_level=None)) as raw,
            _unguarded(raw),
        ):
            for table in TABLES:
                raw.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names
                _insert(raw, table, connection.connection.cursor())


@contextmanager
def _unguarded(raw: sqlite3.Connection) -> Iterator[None]:
    """One transaction without the triggers: old rows are not judged by new conditions."""
    raw.execute("BEGIN IMMEDIATE")
    guards = raw.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in guards:
        raw.execute(f"DROP TRIGGER {name}")
    yield
    for _, sql in guards:
        raw.execute(sql)
    raw.execute("COMMIT")


def _insert(raw: sqlite3.Connection, table: str, cursor: Any) -> None:
    names = _columns(table)
    cursor.execute(f"SELECT {_listed(names)} FROM {table} ORDER BY 1, 2")  # noqa: S608 - our own names
    marks = ", ".join("?" * len(names))
    while rows := cursor.fetchmany(_BLOCK):
        values = [[v.isoformat() if hasattr(v, "isoformat") else v for v in row] for row in rows]
        raw.executemany(f"INSERT INTO {table} ({_listed(names)}) VALUES ({marks})", values)  # noqa: S608


def _columns(table: str) -> list[str]:
    from models import metadata

    return [c.name for c in metadata.tables[table].columns]


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


# -- what is there ----------------------------------------------------------------------------------------------------


@frozen
class _State:
    """Identity and leaves of a book."""

    identity: str
    leaves: tuple[bytes, ...]

    def within(self, other: _State) -> bool:
        """Whether nothing is lost where the other takes its place."""
        if not self.leaves:
            return True
        return self.identity in ("", other.identity) and other.leaves[: len(self.leaves)] == self.leaves


def _state(cursor: Any, *, named: bool = True) -> _State:
    """named: whether the book has an identity; one of the first release has none yet, and its leaves have to do."""
    identity = ""
    if named:
        cursor.execute("SELECT identity FROM book")
        identity = str(cursor.fetchone()[0])
    cursor.execute("SELECT leaf FROM entry ORDER BY id")
    return _State(identity, tuple(stored_leaf(leaf) for (leaf,) in cursor.fetchall()))


def _agreed(there: _State | None, source: _State, file: Path, over: int | None) -> None:
    """Refused unless nothing is lost, or what is lost was named."""
    if there is not None and there.within(source):
        return
    head = 0 if there is None else len(there.leaves)
    if over == head:
        return
    if there is None:
        text = Text("原处的账本无法读取", "the book in its place cannot be read")
    elif there.identity not in ("", source.identity):
        text = Text(
            f"原处是另一本账（分录至 {head}）", f"another book is in its place (entries up to {head})"
        )
    elif source.within(there):
        text = Text(
            f"原处的账本较新（分录至 {head}，备份至 {len(source.leaves)}）",
            f"the book is longer (entries up to {head}, the backup up to {len(source.leaves)})",
        )
    else:
        first = next(
            n
            for n, pair in enumerate(zip(there.leaves, source.leaves, strict=False), 1)
            if pair[0] != pair[1]
        )
        text = Text(
            f"原处的账本自分录 {first} 起与备份不同（分录至 {head}）",
            f"the book differs from the backup from entry {first} on (entries up to {head})",
        )
    raise _refused(
        file,
        "entries_lost",
        Text(
            f"{text.zh}；放弃它须写明其最后一条分录：--over {head}",
            f"{text.en}; to give it up name its last entry: --over {head}",
        ),
        None if over is None else str(over),
    )


# -- in -------------------------------------------------------------------------------------------------------------


def _into_file(database: Database, copy: Path, source: _State, file: Path, over: int | None) -> None:
    path = database.path
    assert path is not None
    if not path.exists() or path.stat().st_size == 0:
        _placed(copy, path)
        return
    try:
        with database.write() as connection:  # nobody books meanwhile; who waits finds another file
            cursor: Any = connection.connection.cursor()
            cursor.execute("SELECT count(*) FROM sqlite_master WHERE name = 'book'")
            _agreed(_state(cursor, named=bool(cursor.fetchone()[0])), source, file, over)
            _placed(copy, path)
            raise _Done
    except _Done:
        return
    except NotReady:
        _agreed(None, source, file, over)
        _placed(copy, path)


class _Done(Exception):
    """The file was replaced: what was begun on the old one is taken back."""


def _placed(copy: Path, path: Path) -> None:
    with copy.open("rb") as written:
        os.fsync(written.fileno())
    copy.chmod(0o600)
    for name in _BESIDE:
        path.with_name(f"{path.name}{name}").unlink(missing_ok=True)
    copy.replace(path)
    with suppress(OSError):  # not every system opens a folder
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _into_server(owner: Database, copy: Path, source: _State, file: Path, over: int | None) -> None:
    """All rows anew in one transaction, by the owner of the tables; readers see the old book until it is done."""
    with owner.write() as connection:
        cursor: Any = connection.connection.cursor()
        there = _state(cursor)
        _agreed(there, source, file, over)
        if there == source:
            return
        for table in TABLES:
            connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for table in reversed(TABLES):
            connection.exec_driver_sql(f"DELETE FROM {table}")  # noqa: S608 - our own names
        with closing(sqlite3.connect(copy)) as raw:
            for table in TABLES:
                names = _columns(table)
                rows = raw.execute(f"SELECT {_listed(names)} FROM {table} ORDER BY 1, 2")  # noqa: S608
                with cursor.copy(f"COPY {table} ({_listed(names)}) FROM STDIN") as into:
                    for row in rows:
                        into.write_row(row)
        connection.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
        for table in TABLES:
            connection.exec_driver_sql(f"ALTER TABLE {table} ENABLE TRIGGER USER")


# -- files ----------------------------------------------------------------------------------------------------------


@contextmanager
def _beside(file: Path) -> Iterator[Path]:
    """A new file in the same folder, removed in the end."""
    try:
        handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.", suffix=".tmp")
    except OSError as error:
        raise _unwritable(file, error) from error
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
    except OSError as error:
        raise _unwritable(file, error) from error
    finally:
        for beside in ("", *_BESIDE, ".columns"):
            temporary.with_name(f"{temporary.name}{beside}").unlink(missing_ok=True)


def _made_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise failures.of_book_file(error) from error


@contextmanager
def _upgraded(file: Path, beside: Path | None) -> Iterator[tuple[Path, _State]]:
    """A copy of the backup at this program's revision, and its state; in the folder of the book, so that it can be moved there."""
    if not file.is_file():
        raise _refused(file, "no_file", Text("没有这个文件", "there is no such file"))
    if beside is not None:
        _made_folder(beside.parent)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "book.sqlite" if beside is None else beside
        with _beside(place) as copy:
            try:
                _copied_in(file, copy)
                with closing_of(Database(f"sqlite:///{copy}")) as book:
                    if not _has_entries(copy):
                        raise failures.no_book()
                    book.init()
                with closing(sqlite3.connect(copy)) as raw:
                    state = _state(raw.cursor())
            except (sqlite3.Error, FofError) as error:
                cause = error if isinstance(error, FofError) else failures.explained_failure(error)
                why = (
                    Text(str(error), str(error))
                    if cause is None
                    else Text(cause.text("zh"), cause.text("en"))
                )
                raise _refused(
                    file,
                    "no_backup",
                    Text(f"不是可用的备份：{why.zh}", f"no backup that can be used: {why.en}"),
                ) from error
            yield copy, state


def _copied_in(file: Path, copy: Path) -> None:
    with (
        closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as raw,
        closing(sqlite3.connect(copy)) as made,
    ):
        raw.backup(made)
        made.execute("PRAGMA journal_mode=TRUNCATE")


def _has_entries(file: Path) -> bool:
    with closing(sqlite3.connect(file)) as raw:
        return bool(raw.execute("SELECT 1 FROM sqlite_master WHERE name = 'entry'").fetchone())


def _verified(file: Path) -> Verification:
    with closing_of(Database(f"sqlite:///{file}")) as book:
        return verify(book)


def _identity(file: Path) -> str:
    with closing(sqlite3.connect(file)) as raw:
        return str(raw.execute("SELECT identity FROM book").fetchone()[0])


@contextmanager
def closing_of(database: Database) -> Iterator[Database]:
    """The database, closed in the end."""
    try:
        yield database
    finally:
        database.close()


def _unwritable(file: Path, error: OSError) -> FofError:
    return failures.unwritten(file.name, Text("备份", "backup"), error)


def _refused(file: Path, code: str, text: Text, found: str | None = None) -> Refused:
    return Refused([Problem(code, text, found, Where(file.name))], Text("备份", "backup"))
