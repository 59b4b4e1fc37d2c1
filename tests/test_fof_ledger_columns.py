"""Rows in and out in bulk, snapshots that stay what they were, and the derived copy that is never trusted."""

from __future__ import annotations

import datetime as dt
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fof import ledger
from fof.access import LOCAL
from fof.db import Database
from fof.ledger import Draft, Ids, Plan, View, derived, transfer
from fof.ledger.derived import copy_path, load_copy, save_copy
from fof.ledger.journal_columns import Columns
from fof.ledger.postings import distinct
from fof.ledger.standing import Standing, file_state, standing
from models import journal as t
from models.kinds import EntryKind
from models.posting_kinds import PostingKind as K

DAY = dt.date(2020, 1, 1)


def office(_view: View, ids: Ids) -> Plan:
    city, fund, company, deal = ids.party(), ids.party(), ids.party(), ids.deal()
    rows: list[t.Row] = [
        t.Party(city, "CITY", "government"),
        t.Party(fund, "F1", "sub_fund"),
        t.Party(company, "C1", "company"),
        t.Deal(deal, "D1", fund, company, "initial"),
        t.Identity(77, "loan", "L77"),
        t.Identity(78, "loan", "L78"),
    ]
    promise = [t.Posting(K.COMMITMENT, city, fund, fund, None, None, 10**9)]
    return Plan(
        [
            Draft(EntryKind.PARTIES, DAY, "office", b"1", rows=rows),
            Draft(EntryKind.COMMITMENT, DAY, "promise", b"2", promise),
        ]
    )


MIXED = [
    t.Posting(K.CALL_INVESTMENT, 1, 2, 2, None, None, 5),
    t.Posting(K.INVESTMENT, 2, 3, 2, 1, None, 4),
    t.Posting(K.TREASURY_REMITTANCE, 1, 3, None, None, None, 3),
    t.Posting(K.LOAN_DISBURSED, 3, 1, None, None, 77, 2),
    t.Posting(K.INVESTMENT, 2, 3, 2, 1, 78, 1),
]
"""Every pattern of missing fund, deal and loan that occurs."""


def call(key: str, rows: Sequence[t.Posting], day: dt.date = DAY) -> ledger.Planner:
    return lambda _view, _ids: Plan([Draft(EntryKind.FUND_CASH, day, key, b"3", list(rows))])


def test_postings_come_back_as_they_went_in(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks of two rows: the seams between blocks lose nothing."""
    monkeypatch.setattr(transfer, "ROWS_A_BLOCK", 2)
    monkeypatch.setattr(transfer, "ROWS_A_STATEMENT", 2)
    ledger.book(database, LOCAL, office)
    ledger.book(database, LOCAL, call("mixed", MIXED))
    ledger.book(database, LOCAL, call("one", MIXED[:1]))
    found = ledger.read(database).columns.postings
    assert found.entry.tolist() == [2, 3, 3, 3, 3, 3, 4]
    assert found.line.tolist() == [1, 1, 2, 3, 4, 5, 1]
    back = [
        t.Posting(
            *(
                None if v < 0 and name in ("fund", "deal", "loan") else v
                for name, v in zip(t.Posting._fields, row, strict=True)
            )
        )
        for row in zip(*(getattr(found, name).tolist() for name in t.Posting._fields), strict=True)
    ]
    assert back == [t.Posting(K.COMMITMENT, 1, 2, 2, None, None, 10**9), *MIXED, MIXED[0]]


def test_the_database_holds_null_where_nothing_was_given(database: Database) -> None:
    ledger.book(database, LOCAL, office)
    ledger.book(database, LOCAL, call("mixed", MIXED))
    with database.read() as connection:
        rows = connection.exec_driver_sql(
            "SELECT line, fund, deal, loan FROM posting WHERE entry = 3 ORDER BY line"
        )
        assert [tuple(r) for r in rows] == [
            (1, 2, None, None),
            (2, 2, 1, None),
            (3, None, None, None),
            (4, None, None, 77),
            (5, 2, 1, 78),
        ]


def test_columns_once_read_are_a_snapshot(database: Database) -> None:
    ledger.book(database, LOCAL, office)
    [paid] = ledger.book(database, LOCAL, call("a", MIXED[:1])).entries
    journal = ledger.read(database)
    columns, view = journal.columns, journal.view()
    ledger.reverse(database, LOCAL, paid, "有误")
    ledger.book(database, LOCAL, call("b", MIXED[:2]))
    assert ledger.read(database).head == paid + 2
    assert (columns.head, len(columns.postings)) == (paid, 2)
    assert columns.live(paid).all()
    assert view.postings.entry.tolist() == [2, paid], "first asked for after the book had moved on"
    assert journal.view().postings.entry.tolist() == [2, paid + 2, paid + 2]


def grown(database: Database) -> tuple[Columns, Path]:
    ledger.book(database, LOCAL, office)
    [paid] = ledger.book(database, LOCAL, call("mixed", MIXED)).entries
    ledger.reverse(database, LOCAL, paid, "有误")
    path = copy_path(database)
    assert path is not None
    return ledger.read(database).columns, path


def same(a: Columns, b: Columns) -> bool:
    arrays = [
        (a.entry_day, b.entry_day),
        (a.reversed_by, b.reversed_by),
        *zip(a.postings, b.postings, strict=True),
    ]
    return a.head == b.head and a.leaves == b.leaves and all(np.array_equal(x, y) for x, y in arrays)


def now(database: Database, cursor: Any) -> Standing:
    """What the cursor's transaction stands on."""
    return standing(cursor, file_state(database))


def save(database: Database, columns: Columns, path: Path) -> None:
    """Save the copy as a process does that has just read the book."""
    with database.cursor() as cursor:
        save_copy(columns, path, now(database, cursor))


def load(database: Database, cursor: Any, path: Path) -> Columns | None:
    return load_copy(cursor, path, now(database, cursor))


@pytest.fixture(autouse=True)
def _own_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOF_DATA_DIR", str(tmp_path / "data"))


def test_the_derived_copy_gives_equal_columns(database: Database) -> None:
    columns, path = grown(database)
    save(database, columns, path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with database.cursor() as cursor:
        found = load(database, cursor, path)
        assert found is not None
        assert same(found, columns)
        assert same(Columns().extended(cursor)[0], columns)
    assert not list(path.parent.glob("*.tmp"))


def test_a_flipped_bit_anywhere_makes_the_copy_void_or_equal(sqlite_book: Database) -> None:
    columns, path = grown(sqlite_book)
    save(sqlite_book, columns, path)
    good = path.read_bytes()
    with sqlite_book.cursor() as cursor:
        for place in range(len(good)):
            bad = bytearray(good)
            bad[place] ^= 1 << place % 8
            path.write_bytes(bad)
            found = load(sqlite_book, cursor, path)
            assert found is None or same(found, columns), place
        for end in range(0, len(good), 7):
            path.write_bytes(good[:end])
            assert load(sqlite_book, cursor, path) is None


def test_a_copy_of_another_book_or_of_a_longer_one_is_void(sqlite_book: Database, tmp_path: Path) -> None:
    columns, path = grown(sqlite_book)
    other = Database(f"sqlite:///{tmp_path / 'other.sqlite'}")
    other.init()
    ledger.book(other, LOCAL, office)
    save(sqlite_book, columns, path)
    with other.cursor() as cursor:
        assert load(other, cursor, path) is None
    other.close()


def test_a_cold_process_starts_from_the_copy_and_reads_only_what_is_new(
    sqlite_book: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    columns, path = grown(sqlite_book)
    balances = ledger.read(sqlite_book).balances().at("paid_in", 2**30)
    save(sqlite_book, columns, path)
    ledger.book(sqlite_book, LOCAL, call("later", MIXED[:1]))
    cold = Database(str(sqlite_book.url))
    seen: list[tuple[int, int]] = []
    real = transfer.posting_blocks

    def watched(cursor: object, after: int, head: int) -> object:
        seen.append((after, head))
        return real(cursor, after, head)

    monkeypatch.setattr("fof.ledger.journal_columns.posting_blocks", watched)
    journal = ledger.read(cold)
    assert seen == [(columns.head, columns.head + 1)]
    assert same(journal.columns, ledger.read(sqlite_book).columns)
    now = journal.balances().at("paid_in", 2**30)
    assert (int(balances[2].sum()), int(now[2].sum())) == (0, 5)
    cold.close()


def test_a_copy_is_written_when_enough_has_come(
    sqlite_book: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fof.ledger.journal.COPY_AT_LEAST", 5)
    _, path = grown(sqlite_book)
    assert path.exists()
    before = path.read_bytes()
    ledger.book(sqlite_book, LOCAL, call("little", MIXED[:2]))
    ledger.read(sqlite_book)
    assert path.read_bytes() == before
    ledger.book(sqlite_book, LOCAL, call("more", MIXED[:3]))
    ledger.read(sqlite_book)
    assert path.read_bytes() != before


def test_a_copy_that_lies_is_found_by_verify(sqlite_book: Database) -> None:
    """Whoever can write the copy can make its checksum fit: only the rows tell."""
    from dataclasses import replace

    from fof.ledger.verify import verify

    columns, path = grown(sqlite_book)
    fen = columns.postings.fen.copy()
    fen[0] += 1
    save(sqlite_book, replace(columns, postings=replace(columns.postings, fen=fen)), path)
    found = verify(sqlite_book)
    assert [c.name for c in found.problems] == ["derived_copy"]
    path.unlink()
    assert verify(sqlite_book).ok


def test_memory_has_no_copy_and_settings_say_where_others_are(tmp_path: Path) -> None:
    assert copy_path(Database("sqlite://")) is None
    found = copy_path(Database("postgresql://u:p@h:5433/d"))
    assert found == tmp_path / "data" / "h-5433-d.columns"
    assert derived.COPY_AT_LEAST > 0


@given(st.lists(st.integers(-1, 40), max_size=30), st.sampled_from([1, 1000, 10**8]))
def test_distinct_values_are_those_of_a_sort(values: list[int], scale: int) -> None:
    """Through a table where the range is small, through a sort where it is not."""
    column = np.array([v * scale for v in values], np.int64)
    found, place = distinct(column)
    wanted, inverse = np.unique(column, return_inverse=True)
    assert found.tolist() == wanted.tolist()
    assert place.tolist() == inverse.tolist()
