"""The store of personal data: one file of sealed values (fof.personal.store_file)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from fof.db import Database
from fof.environment import Settings
from fof.errors import Refused
from fof.personal.sealing import SealedRecord
from fof.personal.store_file import StoreFile
from models.text import Text

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


def beside(file: Path, kind: type[StoreFile] | None = None) -> Path:
    """The store that lies beside a book or a backup: of personal data where no other kind is named."""
    return file.with_name(f"{file.name}{(kind or PersonalStore).suffix}")


class PersonalStore(StoreFile):
    """The records of one book. Every call is one transaction of its own; errors as of StoreFile."""

    what = Text("个人信息库", "store of personal data")
    code = "personal_store"
    suffix = ".personal"
    tables = (
        "CREATE TABLE record (commitment TEXT PRIMARY KEY, person TEXT NOT NULL, field TEXT NOT NULL, key TEXT NOT NULL,"
        " nonce BLOB NOT NULL, sealed BLOB NOT NULL, blind BLOB) STRICT",
        "CREATE INDEX record_person ON record (person)",
        "CREATE INDEX record_blind ON record (field, blind)",
    )

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


def store_of(database: Database) -> PersonalStore:
    """The store of a book, whether its file is there or not."""
    return PersonalStore(store_path(database), book_identity(database))


def missing_store() -> Refused:
    """What is said where the store, or a record of it that the journal names, is not there."""
    return PersonalStore(Path(), "").missing()
