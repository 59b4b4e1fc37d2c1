"""The store of personal data: an SQLite file beside the book, of mode 0600, whatever engine the book is on.

Records are added before the journal names them and deleted after the journal says so: what is left behind by a process that died
between the two is a record that no entry names, or one of an erased person; both are seen by fof.personal.standing and removed at the
next occasion. Deleted content is overwritten (secure_delete).
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from fof.db import Database
from fof.environment import Settings
from fof.errors import Busy, Problem, Refused
from fof.personal.sealing import SealedRecord
from models.text import Text

_WAIT = 20
_FORMAT = "1"
_TABLES = """
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE record (commitment TEXT PRIMARY KEY, person TEXT NOT NULL, field TEXT NOT NULL, key TEXT NOT NULL,
    nonce BLOB NOT NULL, sealed BLOB NOT NULL, blind BLOB) STRICT;
CREATE INDEX record_person ON record (person);
CREATE INDEX record_blind ON record (field, blind);
"""
_COLUMNS = "commitment, person, field, key, nonce, sealed, blind"


def book_identity(database: Database) -> str:
    """The identity of the book that a store belongs to."""
    with database.cursor() as cursor:
        cursor.execute("SELECT identity FROM book")
        return str(cursor.fetchone()[0])


def store_path(database: Database) -> Path:
    """Where the store of a book lies: as FOF_PERSONAL_STORE says; else beside a SQLite book; of a book on PostgreSQL in the
    data folder, under the book's identity."""
    settings = Settings()
    if settings.personal_store:
        return Path(settings.personal_store)
    if database.path is not None:
        return beside(database.path)
    return settings.data_dir / f"{book_identity(database)}.personal"


def beside(file: Path) -> Path:
    """The store that lies beside a book or a backup."""
    return file.with_name(f"{file.name}.personal")


class PersonalStore:
    """The records of one book. Every call is one transaction of its own.

    Refused for a file that is no store, or another book's; or not there; Busy where another process keeps it.
    """

    def __init__(self, path: Path, book: str) -> None:
        self.path, self.book = path, book

    @property
    def exists(self) -> bool:
        """Whether the file is there."""
        return self.path.is_file()

    def make(self) -> None:
        """An empty store, where none is there."""
        if self.exists:
            return
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        except FileExistsError:  # another process was first
            return
        except OSError as error:
            text = Text("个人信息库无法建立", "the store of personal data cannot be made")
            raise _refused("personal_store_unwritable", text) from error
        with self._connected() as raw:
            raw.execute("BEGIN IMMEDIATE")
            for statement in _TABLES.split(";\n"):
                raw.execute(statement)
            raw.executemany("INSERT INTO about VALUES (?, ?)", [("format", _FORMAT), ("book", self.book)])
            raw.execute("COMMIT")

    def put(self, records: Sequence[SealedRecord]) -> None:
        """Add records; on the disk when this returns."""
        with self._writing() as raw:
            marks = ", ".join("?" * len(SealedRecord._fields))
            raw.executemany(f"INSERT INTO record ({_COLUMNS}) VALUES ({marks})", records)  # noqa: S608

    def remove(self, commitments: Collection[str]) -> int:
        """Delete records for good; how many were there."""
        with self._writing() as raw:
            return sum(
                raw.execute("DELETE FROM record WHERE commitment = ?", (one,)).rowcount for one in commitments
            )

    def replace(self, records: Iterable[SealedRecord]) -> None:
        """Put records in the place of those of the same commitments, all or none of them."""
        with self._writing() as raw:
            raw.executemany(
                "UPDATE record SET key = ?, nonce = ?, sealed = ?, blind = ? WHERE commitment = ?",
                [(r.key, r.nonce, r.sealed, r.blind, r.commitment) for r in records],
            )

    def records(self, person: str | None = None) -> list[SealedRecord]:
        """Every record, of one person where one is named, by person and field."""
        with self._reading() as raw:
            where, given = ("", ()) if person is None else ("WHERE person = ?", (person,))
            query = f"SELECT {_COLUMNS} FROM record {where} ORDER BY person, field, commitment"  # noqa: S608
            return [SealedRecord(*row) for row in raw.execute(query, given)]

    def like(self, field: str, blind: bytes) -> list[str]:
        """Codes of the people whose number of a field has this blind index."""
        with self._reading() as raw:
            query = "SELECT DISTINCT person FROM record WHERE field = ? AND blind = ? ORDER BY person"
            return [person for (person,) in raw.execute(query, (field, blind))]

    def equals(self) -> list[tuple[str, bytes, tuple[str, ...]]]:
        """(field, blind index, commitments) wherever several people have one number; nothing is decrypted."""
        query = (
            "SELECT field, blind, commitment FROM record WHERE (field, blind) IN (SELECT field, blind FROM record "
            "WHERE blind IS NOT NULL GROUP BY field, blind HAVING count(DISTINCT person) > 1) ORDER BY field, blind, person"
        )
        groups: dict[tuple[str, bytes], list[str]] = {}
        with self._reading() as raw:
            for field, blind, commitment in raw.execute(query):
                groups.setdefault((field, blind), []).append(commitment)
        return [(field, blind, tuple(named)) for (field, blind), named in groups.items()]

    @contextmanager
    def held_still(self) -> Iterator[sqlite3.Connection]:
        """Nothing is added or deleted while this lasts."""
        with self._reading() as raw:
            yield raw

    def sound(self) -> bool:
        """Whether the engine finds nothing wrong with the file."""
        with self._reading() as raw:
            return raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]

    # -- transactions ---------------------------------------------------------------------------------------------

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self._connected() as raw:
            raw.execute("BEGIN")
            self._own(raw)
            yield raw
            raw.execute("ROLLBACK")

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._connected() as raw:
            raw.execute("BEGIN IMMEDIATE")
            self._own(raw)
            yield raw
            raw.execute("COMMIT")

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        if not self.exists:
            raise missing_store()
        try:
            with closing(sqlite3.connect(self.path, timeout=_WAIT, isolation_level=None)) as raw:
                for pragma in ("journal_mode=TRUNCATE", "synchronous=EXTRA", "secure_delete=ON"):
                    raw.execute(f"PRAGMA {pragma}")
                yield raw
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) and "busy" not in str(error):
                raise self._no_store() from error
            text = Text("个人信息库正被占用，请重试", "the store of personal data is in use, try again")
            raise Busy(text) from error
        except sqlite3.DatabaseError as error:
            raise self._no_store() from error

    def _no_store(self) -> Refused:
        text = Text(
            f"{self.path.name} 不是个人信息库，或已损坏",
            f"{self.path.name} is no store of personal data, or is damaged",
        )
        return _refused("personal_store_damaged", text)

    def _own(self, raw: sqlite3.Connection) -> None:
        about = dict(raw.execute("SELECT name, value FROM about"))
        if about.get("format") != _FORMAT:
            text = Text(
                "个人信息库由另一版本的程序建立", "the store was made by another version of the program"
            )
            raise _refused("personal_store_version", text)
        if about.get("book") != self.book:
            text = Text(f"{self.path.name} 属于另一本账", f"{self.path.name} belongs to another book")
            raise _refused("personal_store_of_another_book", text)


def store_of(database: Database) -> PersonalStore:
    """The store of a book, whether its file is there or not."""
    return PersonalStore(store_path(database), book_identity(database))


def missing_store() -> Refused:
    """What is said where the store, or a record of it that the journal names, is not there."""
    text = Text(
        "个人信息库不在或不全：请取回随备份的 .personal 文件；新账本可运行 fof personal init",
        "the store of personal data is missing or lacks records: bring the .personal file of a backup back; for a new book run fof personal init",
    )
    return _refused("personal_store_missing", text)


def _refused(code: str, text: Text) -> Refused:
    return Refused([Problem(code, text)], Text("个人信息", "personal data"))
