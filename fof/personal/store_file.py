"""A SQLite file beside the book that holds what is sealed: of mode 0600, one book's, whatever engine the book is on.

Records are added before the journal names them and deleted after the journal says so: what a process leaves that died between the two
is a record that no entry names, or one that an entry says was erased; both are seen by fof.personal.standing. Deleted content is
overwritten (secure_delete).
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import ClassVar

from fof.errors import Busy, Problem, Refused
from models.text import Text

_WAIT = 20
_FORMAT = "1"
_ABOUT = "CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT"


class StoreFile:
    """The file of one book's store of one kind. Every call is one transaction of its own.

    Refused for a file that is no such store, or another book's; or not there; Busy where another process keeps it.
    what, code, suffix, tables : of the kind: its words, how its refusals are named, how its file ends, statements that make it
    """

    what: ClassVar[Text]
    code: ClassVar[str]
    suffix: ClassVar[str]
    tables: ClassVar[tuple[str, ...]]

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
            text = Text(f"{self.what.zh}无法建立", f"the {self.what.en} cannot be made")
            raise self._refused("unwritable", text) from error
        with self._connected() as raw:
            raw.execute("BEGIN IMMEDIATE")
            for statement in (_ABOUT, *self.tables):
                raw.execute(statement)
            raw.executemany("INSERT INTO about VALUES (?, ?)", [("format", _FORMAT), ("book", self.book)])
            raw.execute("COMMIT")

    @contextmanager
    def held_still(self) -> Iterator[sqlite3.Connection]:
        """Nothing is added or deleted while this lasts."""
        with self._reading() as raw:
            yield raw

    def sound(self) -> bool:
        """Whether the engine finds nothing wrong with the file."""
        with self._reading() as raw:
            return raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]

    def missing(self) -> Refused:
        """What is said where the store, or a record of it that the journal names, is not there."""
        text = Text(
            f"{self.what.zh}不在或不全：请取回随备份的 {self.suffix} 文件；新账本可运行 fof personal init",
            f"the {self.what.en} is missing or lacks records: bring the {self.suffix} file of a backup back; for a new book run fof personal init",
        )
        return self._refused("missing", text)

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
            raise self.missing()
        try:
            with closing(sqlite3.connect(self.path, timeout=_WAIT, isolation_level=None)) as raw:
                for pragma in ("journal_mode=TRUNCATE", "synchronous=EXTRA", "secure_delete=ON"):
                    raw.execute(f"PRAGMA {pragma}")
                yield raw
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) and "busy" not in str(error):
                raise self._no_store() from error
            text = Text(f"{self.what.zh}正被占用，请重试", f"the {self.what.en} is in use, try again")
            raise Busy(text) from error
        except sqlite3.DatabaseError as error:
            raise self._no_store() from error

    def _no_store(self) -> Refused:
        text = Text(
            f"{self.path.name} 不是{self.what.zh}，或已损坏",
            f"{self.path.name} is no {self.what.en}, or is damaged",
        )
        return self._refused("damaged", text)

    def _own(self, raw: sqlite3.Connection) -> None:
        about = dict(raw.execute("SELECT name, value FROM about"))
        if about.get("format") != _FORMAT:
            text = Text(
                f"{self.what.zh}由另一版本的程序建立",
                f"the {self.what.en} was made by another version of the program",
            )
            raise self._refused("version", text)
        if about.get("book") != self.book:
            text = Text(f"{self.path.name} 属于另一本账", f"{self.path.name} belongs to another book")
            raise self._refused("of_another_book", text)

    def _refused(self, code: str, text: Text) -> Refused:
        return Refused([Problem(f"{self.code}_{code}", text)], self.what)
