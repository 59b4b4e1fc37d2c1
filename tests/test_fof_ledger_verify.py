"""Verifying a book: a good one passes on both engines, and every kind of tampering is found and named."""

from __future__ import annotations

import hashlib
import sqlite3
from pathlib import Path

import pytest

from fof import ledger
from fof.access import LOCAL
from fof.db import Database
from fof.ledger.record import EntryHead, leaf_hash, merkle_root, record
from fof.ledger.verify import Verification, verify
from models.journal import Fact, Party
from models.kinds import EntryKind


def office(_view: ledger.View, ids: ledger.Ids) -> ledger.Plan:
    """Two parties, a commitment, three payments."""
    import datetime as dt

    from models.journal import Posting
    from models.posting_kinds import PostingKind as K

    city, fund = ids.party(), ids.party()
    day = dt.date(2020, 1, 1)
    drafts = [
        ledger.Draft(
            EntryKind.PARTIES,
            day,
            "parties",
            b"1",
            rows=[
                Party(city, "CITY", "government"),
                Party(fund, "F1", "sub_fund"),
                Fact(fund, None, "name", "示例基金"),
            ],
        ),
        ledger.Draft(
            EntryKind.COMMITMENT,
            day,
            "promise",
            b"2",
            [Posting(K.COMMITMENT, city, fund, fund, None, None, 1000)],
        ),
    ]
    for n in range(3):
        rows = [Posting(K.CALL_INVESTMENT, city, fund, fund, None, None, 100 + n)]
        drafts.append(ledger.Draft(EntryKind.CALL_PAYMENT, day + dt.timedelta(n), f"pay{n}", b"3", rows))
    return ledger.Plan(drafts)


def checks(found: Verification) -> dict[str, bool]:
    return {c.name: c.ok for c in found.checks}


def test_a_good_book_passes(database: Database) -> None:
    ledger.book(database, LOCAL, office)
    ledger.reverse(database, LOCAL, 4, "有误")
    found = verify(database)
    assert found.ok, [c.text.en for c in found.checks if not c.ok]
    assert (found.entries, found.postings, found.first_bad) == (6, 4, None)
    assert found.root == merkle_root(e.leaf for e in ledger.read(database).entries(1, 99))


def test_an_empty_book_passes(database: Database) -> None:
    found = verify(database)
    assert found.ok
    assert found.root == hashlib.sha256(b"").digest()


@pytest.mark.parametrize(
    ("statement", "named", "broken"),
    [
        ("UPDATE posting SET fen = fen + 1 WHERE entry = 4", 4, "leaves"),
        ("UPDATE entry SET effective_on = '2020-01-09' WHERE id = 3", 3, "leaves"),
        ("UPDATE entry SET recorded_by = 'nobody' WHERE id = 5", 5, "leaves"),
        ("UPDATE fact SET value = '别的基金' WHERE entry = 1", 1, "leaves"),
        ("UPDATE entry SET leaf = zeroblob(32) WHERE id = 2", 2, "leaves"),
        ("DELETE FROM posting WHERE entry = 5", 5, "postings"),
        ("DELETE FROM entry WHERE id = 3", 3, "entry_ids"),
        ("INSERT INTO posting VALUES (4, 2, 10, 1, 2, 2, NULL, NULL, 7)", 4, "leaves"),
        ("INSERT INTO posting VALUES (99, 1, 10, 1, 2, 2, NULL, NULL, 7)", None, "orphans"),
        ("UPDATE entry SET reverses = 5 WHERE id = 4", 4, "reversals"),
    ],
)
def test_tampering_is_found_and_the_entry_named(
    sqlite_url: str, tmp_path: Path, statement: str, named: int | None, broken: str
) -> None:
    book = Database(sqlite_url)
    ledger.book(book, LOCAL, office)
    assert verify(book).ok
    book.close()
    raw = sqlite3.connect(str(tmp_path / "book.sqlite"), isolation_level=None)
    for (trigger,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        raw.execute(f"DROP TRIGGER {trigger}")
    raw.execute("PRAGMA ignore_check_constraints = ON")
    raw.execute(statement)
    raw.close()
    again = Database(sqlite_url)
    found = verify(again)
    assert not found.ok
    assert not checks(found)[broken]
    assert found.first_bad == named
    again.close()


def test_a_damaged_derived_copy_never_reaches_a_figure(
    register_book: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fof.ledger.journal.COPY_AT_LEAST", 1)
    path = Path(str(register_book.url.database) + ".columns")
    ledger.read(register_book)
    assert path.exists()
    data = bytearray(path.read_bytes())
    data[-40] ^= 1
    path.write_bytes(bytes(data))
    other = Database(str(register_book.url))
    assert verify(other).ok
    assert (
        ledger.read(other).view().postings.fen.sum() == ledger.read(register_book).view().postings.fen.sum()
    )
    other.close()


def test_golden_records_and_leaves() -> None:
    """The canonical form is a promise: these bytes never change."""
    head = EntryHead(
        1,
        "commitment",
        "2024-02-29",
        "2024-03-01T00:00:00.000000+00:00",
        "甲",
        None,
        "k",
        b"\x01\x02",
        None,
        "认缴.xlsx",
        "认缴",
        7,
        None,
        None,
    )
    rows = {
        "posting": [(1, 10, 11, 11, None, None, 123456789)],
        "fact": [(11, None, "name", "示例", None, None)],
    }
    made = record(head, rows)
    assert made.startswith(b"fof1E\x00\x00\x00\x011E\x00\x00\x00\x0acommitmentE\x00\x00\x00\x0a2024-02-29")
    assert b"P\x00\x00\x00\x181,10,11,11,-,-,123456789" in made
    assert leaf_hash(made).hex() == GOLDEN_LEAF


GOLDEN_LEAF = "76f3c0b9710f8e4cfa00c21788126fce4e7f1161b18fd1c32fef23e95955228b"


def test_a_digit_cannot_move_from_one_field_to_the_next() -> None:
    base = (1, "deal", "2024-01-01", "t", "a", None, "k", b"", None, None, None, None, None, None)
    one = EntryHead(*base)._replace(recorded_by="ab", approved_by="c")
    two = EntryHead(*base)._replace(recorded_by="a", approved_by="bc")
    assert record(one, {}) != record(two, {})


def test_merkle_roots_of_known_trees() -> None:
    """RFC 6962 test inputs: the leaf data and roots published with the certificate-transparency reference code."""
    data = [
        b"",
        b"\x00",
        b"\x10",
        b"\x20\x21",
        b"\x30\x31",
        b"\x40\x41\x42\x43",
        b"\x50\x51\x52\x53\x54\x55\x56\x57",
        bytes(range(0x60, 0x70)),
    ]
    roots = {
        1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    }
    for size, root in roots.items():
        assert merkle_root(leaf_hash(d) for d in data[:size]).hex() == root
