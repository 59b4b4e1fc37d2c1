"""Files of evidence: sealed beside the book, held to the digest of their document, opened with an entry, backed up, verified."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from audited import OWN, person, registered
from second.institutions import AS_OF
from test_second_institutions import planted

from fof import ledger
from fof.access import LOCAL
from fof.audit import unmasking
from fof.audit.casefile.evidence_files import FILE_BYTES, erase_file, open_file, store_file
from fof.audit.casefile.evidence_items import evidence_of
from fof.db import Database
from fof.errors import NotAllowed, Refused, Unknown
from fof.personal import standing
from fof.personal.evidence_store import EvidenceStore, evidence_store_of
from fof.personal.store import beside

DOCUMENTS = [row["code"] for row in OWN.rows["evidence"] if row["staff_stake"] == "S0-P2"]
PAPER = b"%PDF-1.7 an identity card \x00" * 40


@pytest.fixture(autouse=True)
def key_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "keys" / "personal.key"
    monkeypatch.setenv("FOF_PERSONAL_KEY_FILE", str(file))
    monkeypatch.setenv("FOF_DATA_DIR", str(tmp_path / "data"))
    return file


@pytest.fixture
def book(register_book: Database) -> Database:
    unmasking.set_up(register_book, LOCAL)
    return register_book


def check(database: Database) -> Any:
    [own] = [c for c in standing.verify(database).checks if c.name == "evidence"]
    return own


def refused(act: Any) -> str:
    with pytest.raises(Refused) as wrong:
        act()
    return wrong.value.problems[0].code


def test_a_file_comes_back_as_it_was_and_the_journal_says_who_opened_it(database: Database) -> None:
    registered(database)
    unmasking.set_up(database, LOCAL)
    code = DOCUMENTS[0]
    stored = store_file(database, LOCAL, code, PAPER, "扫描件.PDF")
    assert len(stored.entries) == 1
    assert store_file(database, LOCAL, code, PAPER, "again.pdf").entries == []
    assert PAPER[:20] not in evidence_store_of(database).path.read_bytes()
    opened = open_file(database, LOCAL, code, "核对缴款")
    assert (opened.content, opened.name) == (PAPER, f"{code}.pdf")  # the ending last stored
    view = ledger.read(database).view()
    head = view.heads([opened.entry])[opened.entry]
    assert (head.kind, head.note) == ("unmasking", "核对缴款")
    held = {
        d.code: d.stored for item in evidence_of(view.journal.view(AS_OF), "S0-P2") for d in item.documents
    }
    assert held[code]
    assert sum(held.values()) == 1
    assert check(database).ok


def test_another_file_than_the_recorded_one_is_refused(sqlite_book: Database) -> None:
    own = planted(3)
    document = next(row for row in own.rows["evidence"] if row["code"] == DOCUMENTS[1])
    document["evidence_digest"] = hashlib.sha256(PAPER).hexdigest().upper()
    registered(sqlite_book, own)
    unmasking.set_up(sqlite_book, LOCAL)
    head = ledger.read(sqlite_book).head
    assert (
        refused(lambda: store_file(sqlite_book, LOCAL, DOCUMENTS[1], PAPER + b".", "a.pdf")) == "other_file"
    )
    assert refused(lambda: store_file(sqlite_book, LOCAL, DOCUMENTS[1], b"", "a.pdf")) == "file_size"
    large = bytes(FILE_BYTES + 1)
    assert refused(lambda: store_file(sqlite_book, LOCAL, DOCUMENTS[1], large, "a.pdf")) == "file_size"
    assert (ledger.read(sqlite_book).head, evidence_store_of(sqlite_book).keys()) == (head, {})
    store_file(sqlite_book, LOCAL, DOCUMENTS[1], PAPER, "a.pdf")
    with pytest.raises(Unknown):
        store_file(sqlite_book, LOCAL, "no such document", PAPER, "a.pdf")


def test_without_the_key_nothing_is_stored_or_opened_and_that_is_said(
    book: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    store_file(book, LOCAL, DOCUMENTS[0], PAPER, "a.pdf")
    monkeypatch.setenv("FOF_PERSONAL_KEY_FILE", "")
    assert refused(lambda: store_file(book, LOCAL, DOCUMENTS[1], PAPER, "a.pdf")) == "no_personal_key"
    assert refused(lambda: open_file(book, LOCAL, DOCUMENTS[0], "查")) == "no_personal_key"
    own = check(book)
    assert own.ok
    assert "未设置密钥" in own.text.zh


def test_a_file_that_is_gone_changed_or_of_another_document_is_named(book: Database) -> None:
    store_file(book, LOCAL, DOCUMENTS[0], PAPER, "a.pdf")
    store_file(book, LOCAL, DOCUMENTS[1], PAPER * 2, "b.pdf")
    path = evidence_store_of(book).path
    with closing(sqlite3.connect(path)) as raw:
        first, second = raw.execute("SELECT digest, sealed FROM file ORDER BY length(sealed)").fetchall()
        raw.execute("UPDATE file SET sealed = ? WHERE digest = ?", (second[1], first[0]))
        raw.commit()
    assert not check(book).ok
    assert first[0][:12] in check(book).text.en
    assert refused(lambda: open_file(book, LOCAL, DOCUMENTS[0], "查")) == "evidence_damaged"
    evidence_store_of(book).remove([first[0]])
    assert DOCUMENTS[0] in check(book).text.en
    assert refused(lambda: open_file(book, LOCAL, DOCUMENTS[0], "查")) == "evidence_store_missing"
    path.unlink()
    assert "2" in check(book).text.en
    assert not check(book).ok
    assert refused(lambda: store_file(book, LOCAL, DOCUMENTS[0], PAPER, "a.pdf")) == "evidence_store_missing"
    unmasking.set_up(book, LOCAL)
    assert not path.exists()  # a new store would hide that one is gone


def test_backup_restore_and_rotation_take_the_files_along(book: Database, tmp_path: Path) -> None:
    store_file(book, LOCAL, DOCUMENTS[0], PAPER, "a.pdf")
    stored = standing.backup(book, tmp_path / "copy")
    assert stored.verification.ok
    assert beside(stored.file, EvidenceStore).is_file()
    ring, number = unmasking.rotate(book, LOCAL, drop=True)
    assert (number, len(ring.keys), set(evidence_store_of(book).keys().values())) == (1, 1, {ring.current})
    assert open_file(book, LOCAL, DOCUMENTS[0], "查").content == PAPER
    erase_file(book, LOCAL, DOCUMENTS[0], "期满")
    assert evidence_store_of(book).keys() == {}
    assert check(book).ok
    with pytest.raises(Unknown):
        open_file(book, LOCAL, DOCUMENTS[0], "查")
    beside(stored.file, EvidenceStore).write_bytes(b"no store")
    with pytest.raises(Refused):
        standing.restore(book, stored.file, over=ledger.read(book).head)


def test_who_may_do_what(furnished_book: Database) -> None:
    book, office, auditor, admin = furnished_book, person("office"), person("one"), person("admin")
    unmasking.set_up(book, admin)
    store_file(book, office, DOCUMENTS[0], PAPER, "a.pdf")
    refusals: list[Callable[[], object]] = [
        lambda: store_file(book, auditor, DOCUMENTS[1], PAPER, "a.pdf"),
        lambda: open_file(book, office, DOCUMENTS[0], "查"),
        lambda: erase_file(book, auditor, DOCUMENTS[0], "查"),
    ]
    for act in refusals:
        with pytest.raises(NotAllowed):
            act()
    assert open_file(book, auditor, DOCUMENTS[0], "查").content == PAPER
    with pytest.raises(Unknown):
        open_file(book, person("none"), DOCUMENTS[0], "查")
    with pytest.raises(Unknown):
        evidence_of(ledger.read(book).view(AS_OF), "S0-P2", person("none"))


def test_the_commands(
    book: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from fof.cli import main

    monkeypatch.setenv("FOF_DATABASE_URL", book.address)
    paper, out = tmp_path / "paper.pdf", tmp_path / "out.pdf"
    paper.write_bytes(PAPER)
    assert main(["audit", "file", "store", DOCUMENTS[0], str(paper)]) == 0
    assert main(["audit", "evidence", "S0-P2", "--as-of", "2026-09-30"]) == 0
    assert "已存入" in capsys.readouterr().out
    assert main(["audit", "file", "open", DOCUMENTS[0], "-o", str(out)]) == 2  # no reason
    assert not out.exists()
    assert main(["audit", "file", "open", DOCUMENTS[0], "-o", str(out), "--reason", "核对"]) == 0
    assert out.read_bytes() == PAPER
    assert main(["audit", "file", "erase", DOCUMENTS[0], "--reason", "期满"]) == 0
    assert main(["verify"]) == 0
