"""The stores against what the journal says of them; the whole book, stores included, verified, backed up and restored."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path

from fof import failures, ledger
from fof.db import Database
from fof.errors import FofError, Problem, Refused, Where
from fof.ledger import View
from fof.ledger import backup as book_backup
from fof.ledger import verify as book_verify
from fof.ledger.soundness import Check
from fof.personal.commitments import PersonalCommitment, StoredFile, commitments, stored_files
from fof.personal.evidence_store import EvidenceStore, evidence_store_of, opened_file
from fof.personal.keyring import Keyring, keyring
from fof.personal.sealing import SealedRecord, opened_record
from fof.personal.store import PersonalStore, beside, store_of
from fof.personal.store_file import StoreFile
from models.text import Text, counted

_NAME, _FILES = "personal", "evidence"
_LISTED = 5
_KINDS: tuple[type[StoreFile], ...] = (PersonalStore, EvidenceStore)
Records = Mapping[str, SealedRecord]


def verify(database: Database) -> book_verify.Verification:
    """Everything fof.ledger.verify checks, and the store of personal data against the commitments."""
    verification = book_verify.verify(database)
    return replace(verification, checks=(*verification.checks, *_checks(database)))


def _checks(
    database: Database, store: PersonalStore | None = None, files: EvidenceStore | None = None
) -> tuple[Check, Check]:
    return store_check(database, store), evidence_check(database, files)


def store_check(database: Database, store: PersonalStore | None = None) -> Check:
    """The store of a book, or another one, against its commitments; never raises for what is damaged or missing."""
    return _never_raising(
        _NAME, lambda: checked(ledger.read(database).view(), store or store_of(database), keyring())
    )


def evidence_check(database: Database, store: EvidenceStore | None = None) -> Check:
    """The store of evidence files of a book, or another one, against the digests in the journal; never raises for what is
    damaged or missing."""
    return _never_raising(
        _FILES,
        lambda: checked_files(ledger.read(database).view(), store or evidence_store_of(database), keyring()),
    )


def _never_raising(name: str, check: Callable[[], Check]) -> Check:
    try:
        return check()
    except FofError as error:
        return Check(name, False, Text(error.text("zh"), error.text("en")))
    except Exception as error:  # a book too damaged to be read: the checks of the book itself say why
        kind = type(error).__name__
        return Check(name, False, Text(f"无法核对（{kind}）", f"cannot be checked ({kind})"))


def checked(view: View, store: PersonalStore, ring: Keyring | None) -> Check:
    """See store_check. Errors of fof.errors where the store or the key cannot be read."""
    named = {c.commitment: c for c in commitments(view)}
    due = [c for c in named.values() if c.erased_by is None]
    if not store.exists:
        if due:
            text = Text(
                f"没有个人信息库，账中有 {len(due)} 项承诺：请取回随备份的 .personal 文件",
                f"no store of personal data, and the book commits to {counted(len(due), 'value')}: bring the .personal file of a backup back",
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
        text = Text(f"个人信息库缺少 {len(lost)} 项", f"the store lacks {counted(len(lost), 'value')}")
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
    en = [f"the store fits the book: {counted(len(named) - erased, 'commitment')}"]
    if erased:
        zh.append(f"另有 {erased} 项已清除")
        en.append(f"erased beside them: {erased}")
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


def checked_files(view: View, store: EvidenceStore, ring: Keyring | None) -> Check:
    """See evidence_check. Errors of fof.errors where the store or the key cannot be read."""
    named = stored_files(view)
    due = {f.digest: f for f in named if f.standing}
    if not store.exists:
        if due:
            text = Text(
                f"没有证据文件库，账中登记了 {len(due)} 份文件：请取回随备份的 .evidence 文件",
                f"no store of evidence files, and the book names {counted(len(due), 'file')}: bring the .evidence file of a backup back",
            )
            return Check(_FILES, False, text)
        return Check(_FILES, True, Text("账中没有存入的证据文件", "no file of evidence was stored"))
    if not store.sound():
        return Check(_FILES, False, Text("证据文件库已损坏", "the store of evidence files is damaged"))
    held = store.keys()
    wrong = [
        *(
            Text(f"证据文件库缺少 {_documents(lost)}", f"the store lacks the files of {_documents(lost)}")
            for lost in [[f for digest, f in due.items() if digest not in held]]
            if lost
        ),
        *_left_files(named, due, held),
        *(() if ring is None else _unopened_files(due, store, ring)),
    ]
    if wrong:
        return Check(_FILES, False, Text("；".join(w.zh for w in wrong), "; ".join(w.en for w in wrong)))
    zh, en = (
        [f"证据文件库与账中 {len(due)} 份文件相符"],
        [f"the store fits the book: {counted(len(due), 'file')}"],
    )
    if ring is None:
        zh.append("未设置密钥，未逐份开启")
        en.append("without the key no file was opened")
    elif any(key != ring.current for key in held.values()):
        zh.append("部分仍用旧密钥加密，可运行 fof personal rotate")
        en.append("some are sealed under an older key: fof personal rotate")
    return Check(_FILES, True, Text("；".join(zh), "; ".join(en)))


def _left_files(
    named: Sequence[StoredFile], due: Mapping[str, StoredFile], held: Mapping[str, str]
) -> Iterator[Text]:
    """What an entry says was erased, and is still there."""
    left = [f for f in named if f.erased_by is not None and f.digest in held and f.digest not in due]
    if left:
        yield Text(
            f"已登记清除而仍在库中：{_documents(left)}；请再运行一次 fof audit file erase",
            f"erased by an entry, and still in the store: {_documents(left)}; run fof audit file erase once more",
        )


def _unopened_files(due: Mapping[str, StoredFile], store: EvidenceStore, ring: Keyring) -> Iterator[Text]:
    """Files that do not open as what the journal names, one by one so that none but one is in memory."""
    wrong = []
    for digest in due:
        file = store.file(digest)
        if file is None:
            continue
        try:
            opened_file(ring, store.book, file)
        except Refused as refused:
            wrong.append(refused.problems[0].expected)
    yield from wrong[:_LISTED]
    if len(wrong) > _LISTED:
        more = len(wrong) - _LISTED
        yield Text(f"另有 {more} 份", f"{more} more")


def _documents(files: Iterable[StoredFile]) -> str:
    codes = sorted({f.document for f in files})
    return ", ".join(codes[:_LISTED]) + (" …" if len(codes) > _LISTED else "")


def _people(named: Iterable[PersonalCommitment]) -> str:
    people = sorted({c.person for c in named})
    return ", ".join(people[:_LISTED]) + (" …" if len(people) > _LISTED else "")


# -- backup and restore -------------------------------------------------------------------------------------------


def backup(database: Database, file: Path) -> book_backup.Stored:
    """The book to a new file, as fof.ledger.backup has it, and its stores, still encrypted, beside it as FILE.personal and
    FILE.evidence.

    Nothing is added to the stores or deleted from them meanwhile, so that they fit the book. Refused where one is there.
    """
    database.require_ready()
    stores = [store for store in (store_of(database), evidence_store_of(database)) if store.exists]
    for store in stores:
        if os.path.lexists(beside(file, type(store))):
            text = Text(
                "文件已存在，备份不覆盖任何文件", "the file is there already; a backup overwrites none"
            )
            where = Where(beside(file, type(store)).name)
            raise Refused([Problem("file_there", text, None, where)], Text("备份", "backup"))
    with ExitStack() as still:
        held = [(type(store), still.enter_context(store.held_still())) for store in stores]
        stored = book_backup.backup(database, file)
        for kind, raw in held:
            _placed(beside(file, kind), raw)
    return _with_stores(stored)


def restore(
    database: Database, file: Path, *, over: int | None = None, owner_url: str | None = None
) -> book_backup.Stored:
    """Put a backup in the place of the book, as fof.ledger.restore has it, then the stores that lie beside it in the places of
    the book's stores. A backup without one leaves that store as it is. Refused, before anything is touched, where what lies
    beside the backup is no sound store of that book."""
    brought = [kind for kind in _KINDS if beside(file, kind).is_file()]
    for kind in brought:
        _of_backup(file, kind)
    stored = book_backup.restore(database, file, over=over, owner_url=owner_url)
    with book_backup.closing_of(Database(database.address)) as fresh:
        places: dict[type[StoreFile], StoreFile] = {
            PersonalStore: store_of(fresh),
            EvidenceStore: evidence_store_of(fresh),
        }
        for kind in brought:
            with closing(sqlite3.connect(beside(file, kind))) as raw:
                _placed(places[kind].path, raw, over=True)
        checks = _checks(fresh)
    verification = replace(stored.verification, checks=(*stored.verification.checks, *checks))
    return replace(stored, verification=verification)


def _with_stores(stored: book_backup.Stored) -> book_backup.Stored:
    stores = (
        PersonalStore(beside(stored.file), stored.identity),
        EvidenceStore(beside(stored.file, EvidenceStore), stored.identity),
    )
    with book_backup.closing_of(Database(f"sqlite:///{stored.file}")) as book:
        checks = _checks(book, *stores)
    derived = stored.file.with_name(f"{stored.file.name}.columns")
    derived.unlink(missing_ok=True)
    verification = replace(stored.verification, checks=(*stored.verification.checks, *checks))
    return replace(stored, verification=verification)


def _of_backup(file: Path, kind: type[StoreFile]) -> None:
    """Refused unless the store beside a backup is sound and of the same book."""
    brought = beside(file, kind)
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as raw:
            row = raw.execute("SELECT identity FROM book").fetchone()
    except sqlite3.Error:
        return  # no backup at all, or one of the first release: the restore itself says what it is
    if row is not None and not kind(brought, str(row[0])).sound():
        text = Text(f"{kind.what.zh}已损坏", f"the {kind.what.en} is damaged")
        raise Refused(
            [Problem(f"{kind.code}_damaged", text, None, Where(brought.name))], Text("备份", "backup")
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
