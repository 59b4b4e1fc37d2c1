"""The store against the journal's commitments; the whole book, store included, verified, backed up and restored."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from fof import failures, ledger
from fof.db import Database
from fof.errors import FofError, Problem, Refused, Where
from fof.ledger import View
from fof.ledger import backup as book_backup
from fof.ledger import verify as book_verify
from fof.ledger.soundness import Check
from fof.personal.commitments import PersonalCommitment, commitments
from fof.personal.keyring import Keyring, keyring
from fof.personal.sealing import SealedRecord, opened_record
from fof.personal.store import PersonalStore, beside, book_identity, store_of, store_path
from models.text import Text

_NAME = "personal"
_LISTED = 5
Records = Mapping[str, SealedRecord]


def verify(database: Database) -> book_verify.Verification:
    """Everything fof.ledger.verify checks, and the store of personal data against the commitments."""
    verification = book_verify.verify(database)
    return replace(verification, checks=(*verification.checks, store_check(database)))


def store_check(database: Database, store: PersonalStore | None = None) -> Check:
    """The store of a book, or another one, against its commitments; never raises for what is damaged or missing."""
    try:
        return checked(ledger.read(database).view(), store or store_of(database), keyring())
    except FofError as error:
        return Check(_NAME, False, Text(error.text("zh"), error.text("en")))
    except Exception as error:  # a book too damaged to be read: the checks of the book itself say why
        name = type(error).__name__
        return Check(_NAME, False, Text(f"无法核对（{name}）", f"cannot be checked ({name})"))


def checked(view: View, store: PersonalStore, ring: Keyring | None) -> Check:
    """See store_check. Errors of fof.errors where the store or the key cannot be read."""
    named = {c.commitment: c for c in commitments(view)}
    due = [c for c in named.values() if c.erased_by is None]
    if not store.exists:
        if due:
            text = Text(
                f"没有个人信息库，账中有 {len(due)} 项承诺：请取回随备份的 .personal 文件",
                f"no store of personal data, and the book commits to {len(due)} values: bring the .personal file of a backup back",
            )
            return Check(_NAME, False, text)
        return Check(_NAME, True, Text("账中没有个人信息", "the book holds no personal data"))
    if not store.sound():
        return Check(_NAME, False, Text("个人信息库已损坏", "the store of personal data is damaged"))
    records = {record.commitment: record for record in store.records()}
    wrong = [
        *_missing(due, records),
        *_left_of_erased(named.values(), records),
        *_moved(named, records),
        *(() if ring is None else _unopened(named, records, ring, store.book)),
    ]
    if wrong:
        return Check(_NAME, False, Text("；".join(w.zh for w in wrong), "; ".join(w.en for w in wrong)))
    return Check(_NAME, True, _sound(named, records, ring))


def _missing(due: Iterable[PersonalCommitment], records: Records) -> Iterator[Text]:
    if lost := [c for c in due if c.commitment not in records]:
        text = Text(f"个人信息库缺少 {len(lost)} 项", f"the store lacks {len(lost)} values")
        yield Text(f"{text.zh}：{_people(lost)}", f"{text.en}: {_people(lost)}")


def _left_of_erased(named: Iterable[PersonalCommitment], records: Records) -> Iterator[Text]:
    if left := [c for c in named if c.erased_by is not None and c.commitment in records]:
        yield Text(
            f"已登记清除而仍在库中：{_people(left)}；请再运行一次 fof personal erase",
            f"erased by an entry, and still in the store: {_people(left)}; run fof personal erase once more",
        )


def _moved(named: Mapping[str, PersonalCommitment], records: Records) -> Iterator[Text]:
    moved = [
        c
        for commitment, record in records.items()
        if (c := named.get(commitment)) is not None
        and (c.person, c.field.value) != (record.person, record.field)
    ]
    if moved:
        yield Text(f"记录改挂到他人名下：{_people(moved)}", f"records under another person: {_people(moved)}")


def _unopened(
    named: Mapping[str, PersonalCommitment], records: Records, ring: Keyring, book: str
) -> Iterator[Text]:
    """What does not open as what was committed to; the first of them."""
    wrong = []
    for commitment in sorted(named.keys() & records.keys()):
        try:
            opened_record(ring, book, records[commitment])
        except Refused as refused:
            wrong.append(refused.problems[0].expected)
    yield from wrong[:_LISTED]
    if len(wrong) > _LISTED:
        more = len(wrong) - _LISTED
        yield Text(f"另有 {more} 项", f"{more} more")


def _sound(named: Mapping[str, PersonalCommitment], records: Records, ring: Keyring | None) -> Text:
    """What was found where nothing is wrong: how many, how many erased, what an interrupted import left, whether it was opened."""
    erased = sum(c.erased_by is not None for c in named.values())
    left = len(records.keys() - named.keys())
    zh = [f"个人信息库与账中 {len(named) - erased} 项承诺相符"]
    en = [f"the store fits the {len(named) - erased} commitments of the book"]
    if erased:
        zh.append(f"另有 {erased} 项已清除")
        en.append(f"{erased} more were erased")
    if left:
        zh.append(f"中断的导入留下 {left} 项，下次导入时清理")
        en.append(f"{left} left by an import that was interrupted go at the next import")
    if ring is not None and any(record.key != ring.current for record in records.values()):
        zh.append("部分仍用旧密钥加密，可运行 fof personal rotate")
        en.append("some are sealed under an older key: fof personal rotate")
    if ring is None:
        zh.append("未设置密钥，未逐项开启")
        en.append("without the key no value was opened")
    return Text("；".join(zh), "; ".join(en))


def _people(named: Iterable[PersonalCommitment]) -> str:
    people = sorted({c.person for c in named})
    return ", ".join(people[:_LISTED]) + (" …" if len(people) > _LISTED else "")


# -- backup and restore -------------------------------------------------------------------------------------------


def backup(database: Database, file: Path) -> book_backup.Stored:
    """The book to a new file, as fof.ledger.backup has it, and its store, still encrypted, beside it as FILE.personal.

    Nothing is added to the store or deleted from it meanwhile, so that the two fit each other. Refused where either is there.
    """
    database.require_ready()
    store = store_of(database)
    if not store.exists:
        stored = book_backup.backup(database, file)
        return _with_store(stored, PersonalStore(beside(file), stored.identity))
    if os.path.lexists(beside(file)):
        text = Text("文件已存在，备份不覆盖任何文件", "the file is there already; a backup overwrites none")
        raise Refused([Problem("file_there", text, None, Where(beside(file).name))], Text("备份", "backup"))
    with store.held_still() as raw:
        stored = book_backup.backup(database, file)
        _placed(beside(file), raw)
    return _with_store(stored, PersonalStore(beside(file), stored.identity))


def restore(
    database: Database, file: Path, *, over: int | None = None, owner_url: str | None = None
) -> book_backup.Stored:
    """Put a backup in the place of the book, as fof.ledger.restore has it, then the store that lies beside it in the place of
    the book's store. A backup without one leaves the store as it is. Refused, before anything is touched, where what lies beside
    the backup is no sound store of that book."""
    brought = beside(file)
    if brought.is_file():
        _of_backup(file, brought)
    stored = book_backup.restore(database, file, over=over, owner_url=owner_url)
    with book_backup.closing_of(Database(database.address)) as fresh:
        path = store_path(fresh)
        if brought.is_file():
            with closing(sqlite3.connect(brought)) as raw:
                _placed(path, raw, over=True)
        check = store_check(fresh, PersonalStore(path, book_identity(fresh)))
    verification = replace(stored.verification, checks=(*stored.verification.checks, check))
    return replace(stored, verification=verification)


def _with_store(stored: book_backup.Stored, store: PersonalStore) -> book_backup.Stored:
    with book_backup.closing_of(Database(f"sqlite:///{stored.file}")) as book:
        check = store_check(book, store)
    derived = stored.file.with_name(f"{stored.file.name}.columns")
    derived.unlink(missing_ok=True)
    verification = replace(stored.verification, checks=(*stored.verification.checks, check))
    return replace(stored, verification=verification)


def _of_backup(file: Path, brought: Path) -> None:
    """Refused unless the store beside a backup is sound and of the same book."""
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as raw:
            row = raw.execute("SELECT identity FROM book").fetchone()
    except sqlite3.Error:
        return  # no backup at all, or one of the first release: the restore itself says what it is
    if row is not None and not PersonalStore(brought, str(row[0])).sound():
        text = Text("个人信息库已损坏", "the store of personal data is damaged")
        raise Refused(
            [Problem("personal_store_damaged", text, None, Where(brought.name))], Text("备份", "backup")
        )


def _placed(path: Path, raw: sqlite3.Connection, *, over: bool = False) -> None:
    """A copy of a store in its place, whole or not at all, of mode 0600."""
    temporary: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")  # mode 0600
        os.close(handle)
        temporary = Path(name)
        with closing(sqlite3.connect(temporary)) as made:
            raw.backup(made)
            made.execute("PRAGMA journal_mode=TRUNCATE")
        with temporary.open("rb") as written:
            os.fsync(written.fileno())
        if over:
            temporary.replace(path)
        else:
            os.link(temporary, path)
    except OSError as error:
        raise failures.unwritten(path.name, Text("备份", "backup"), error) from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
