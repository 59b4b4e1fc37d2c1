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
from fof.ledger.journal import Journal, arrays_joined
from fof.ledger.journal_columns import Columns, RowRecord
from fof.ledger.postings import distinct
from fof.ledger.row_columns import SMALL_TABLES, RowColumns
from fof.ledger.standing import Standing, file_state, standing
from models import journal as t
from models.kinds import EntryKind
from models.posting_kinds import PostingKind as K
from models.rows import ROW_CLASSES

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
    copy = load_copy(cursor, path, now(database, cursor))
    return None if copy is None else copy.columns


def save_with_rows(database: Database, path: Path) -> dict[str, list[RowRecord]]:
    """Save the copy with the rows of all small tables, read from the database; the rows."""
    path.unlink(missing_ok=True)
    journal = Journal(database).refresh()
    rows = {table: journal.rows(table) for table in SMALL_TABLES}
    with database.cursor() as cursor:
        save_copy(journal.columns, path, now(database, cursor), in_columns(rows))
    return rows


def in_columns(rows: dict[str, list[RowRecord]]) -> dict[str, RowColumns]:
    """Rows as the copy holds them."""
    return {table: RowColumns.of(table, own) for table, own in rows.items()}


def stated(database: Database, key: str, *values: str) -> None:
    rows: list[t.Row] = [t.Fact(2, None, "name", v, None, "甲.pdf") for v in values]
    rows += [t.Fact(None, 1, "stage", "seed"), t.Edge(1, 2, 5 * 10**8, "equity", dt.date(2030, 2, 28))]
    plan = Plan([Draft(EntryKind.TERMS, DAY, key, key.encode(), rows=rows)])
    ledger.book(database, LOCAL, lambda _view, _ids: plan)


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


def test_rows_of_the_copy_and_of_what_came_since_are_those_of_the_database(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a whole, and attribute by attribute, without a question to the database for what the copy holds."""
    _, path = grown(database)
    stated(database, "first", "一号", "一号 A")
    before = save_with_rows(database, path)
    stated(database, "second", "二号")
    cold = Journal(database).refresh()
    read: list[tuple[str, int]] = []
    from fof.ledger import journal as module

    def watched(cursor: Any, table: str, after: int, head: int, days: Any) -> list[RowRecord]:
        read.append((table, after))
        return read_rows(cursor, table, after, head, days)

    read_rows = module.read_rows
    monkeypatch.setattr(module, "read_rows", watched)
    by_name = {name: cold.rows_of_attribute("fact", name) for name in ("name", "stage", "city")}
    assert [r.row.value for r in by_name["name"]] == ["一号", "一号 A", "二号"]  # type: ignore[attr-defined]
    assert (len(by_name["stage"]), by_name["city"]) == (2, [])
    found = {table: cold.rows(table) for table in SMALL_TABLES}
    assert sorted(read) == [("edge", cold.head - 1), ("fact", cold.head - 1)]
    path.unlink()
    fresh = Journal(database).refresh()
    assert found == {table: fresh.rows(table) for table in SMALL_TABLES}
    assert [type(r.row) for r in found["edge"]] == [t.Edge] * 2
    assert found["party"] == before["party"]
    assert {n: fresh.rows_of_attribute("fact", n) for n in by_name} == by_name
    assert {n: cold.rows_of_attribute("fact", n) for n in by_name} == by_name, "made of the whole table now"


def test_a_flipped_bit_in_rows_makes_the_copy_void_or_equal(sqlite_book: Database) -> None:
    _, path = grown(sqlite_book)
    stated(sqlite_book, "first", "一号")
    rows = save_with_rows(sqlite_book, path)
    days = ledger.read(sqlite_book).columns.entry_day
    good = path.read_bytes()
    with sqlite_book.cursor() as cursor:
        for place in range(len(good)):
            bad = bytearray(good)
            bad[place] ^= 1 << place % 8
            path.write_bytes(bad)
            copy = load_copy(cursor, path, now(sqlite_book, cursor))
            if copy is not None:
                assert {t: own.records(days) for t, own in copy.rows.items()} == rows, place
        for end in range(0, len(good), 7):
            path.write_bytes(good[:end])
            assert load(sqlite_book, cursor, path) is None


def test_rows_that_lie_are_found_by_verify(sqlite_book: Database) -> None:
    from fof.ledger.verify import verify

    columns, path = grown(sqlite_book)
    stated(sqlite_book, "first", "一号")
    columns = ledger.read(sqlite_book).columns
    rows = save_with_rows(sqlite_book, path)
    assert verify(sqlite_book).ok
    first, *others = rows["fact"]
    rows["fact"] = [first._replace(row=first.row._replace(value="他号")), *others]  # type: ignore[attr-defined]
    with sqlite_book.cursor() as cursor:
        save_copy(columns, path, now(sqlite_book, cursor), in_columns(rows))
    assert [c.name for c in verify(sqlite_book).problems] == ["derived_copy"]


def test_a_table_that_cannot_be_read_is_not_in_the_copy(
    sqlite_book: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A day written past the program that is none: whoever asks for the table is told, nobody else."""
    _, path = grown(sqlite_book)
    stated(sqlite_book, "first", "一号")
    monkeypatch.setattr("fof.ledger.journal.COPY_AT_LEAST", 1)
    with sqlite_book.engine.connect() as connection:
        connection.exec_driver_sql("DROP TRIGGER edge_no_update")
        connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
        connection.exec_driver_sql("UPDATE edge SET until = '2030-02-30'")
        connection.commit()
    cold = Journal(sqlite_book).refresh()
    with sqlite_book.cursor() as cursor:
        copy = load_copy(cursor, path, now(sqlite_book, cursor))
    assert copy is not None
    assert set(SMALL_TABLES) - set(copy.rows) == {"edge"}
    assert [r.row.value for r in cold.rows("fact")] == ["一号", "seed"]  # type: ignore[attr-defined]
    with pytest.raises(ValueError, match="day"):
        cold.rows("edge")


_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
_ROWS = {
    "fact": st.builds(
        t.Fact, st.none() | st.integers(1, 2**40), st.none(), st.sampled_from("abc"), _TEXT, st.none() | _TEXT
    ),
    "edge": st.builds(
        t.Edge,
        st.integers(1, 9),
        st.integers(1, 9),
        st.integers(0, 10**18),
        _TEXT,
        st.none() | st.dates(),
        st.none(),
    ),
}


@given(st.data(), st.sampled_from(sorted(_ROWS)), st.sampled_from([0, 3, 40, 300]), st.integers(0, 300))
def test_rows_in_columns_are_the_rows(data: st.DataObject, table: str, size: int, cut: int) -> None:
    """Also where a field has more values than a byte numbers, and in whatever pieces they came."""
    drawn = data.draw(st.lists(_ROWS[table], max_size=min(size, 40)))
    rows = [
        row if size < 300 else row._replace(**{row._fields[3]: f"{n} 值"})
        for n, row in enumerate(drawn * (size // 40 or 1))
    ]
    days = np.arange(100, 100 + len(rows) + 1, dtype=np.int32)
    records = [RowRecord(n, n % 3 + 1, 100 + n, row) for n, row in enumerate(rows, 1)]
    layout, blocks = RowColumns.of(table, records[:cut]).extended(records[cut:]).blocks()
    stored = b"".join(blocks)
    assert len(stored) == layout.size
    own = RowColumns.stored(table, layout, stored)
    assert own.records(days) == records
    name = layout.fields[2]
    for value in {row[2] for row in rows} | {"never", 2**70, None}:
        picked = own.records(days, own.where(name, value))
        assert picked == [r for r in records if r.row[2] == value]
    entry, fields = arrays_joined(RowColumns.of(table, records[:cut]), layout.fields, records[cut:])
    assert entry.tolist() == [r.entry for r in records]
    for place, field in enumerate(fields):
        values = [row[place] for row in rows]
        assert field.listed() == field.as_coded().listed() == values
        if set(map(type, values)) <= {int, type(None)}:
            assert field.ints.tolist() == [-1 if v is None else v for v in values]


@pytest.mark.parametrize("at_most", [1, 3, 1000])
def test_a_large_book_is_read_in_pieces(
    sqlite_book: Database, monkeypatch: pytest.MonkeyPatch, at_most: int
) -> None:
    """Rows that are put in columns as they come, keys as digests: the same answers as row by row."""
    grown(sqlite_book)
    for number in range(4):
        stated(sqlite_book, f"key {number}", "一号", f"值 {number}")
    whole = Journal(sqlite_book).refresh()
    wanted = {table: whole.rows(table) for table in SMALL_TABLES}
    monkeypatch.setattr("fof.ledger.journal.ENTRIES_AT_ONCE", 2)
    monkeypatch.setattr("fof.ledger.journal.ROWS_AT_MOST", at_most)
    monkeypatch.setattr("fof.ledger.booked_keys.AS_THEY_ARE", at_most)
    pieces = Journal(sqlite_book).refresh()
    for table in SMALL_TABLES:
        fields = list(ROW_CLASSES[table]._fields)  # type: ignore[attr-defined]
        assert pieces.columns_of(table, fields)[1] == [
            [r.row[n] for r in wanted[table]] for n in range(len(fields))
        ]
    for name in ("name", "stage"):
        assert pieces.rows_of_attribute("fact", name) == whole.rows_of_attribute("fact", name)
    assert {table: pieces.rows(table) for table in SMALL_TABLES} == wanted
    keys = [e.key for e in whole.entries(1, whole.head)]
    assert [pieces.booked(key) for key in keys] == [whole.booked(key) for key in keys]
    assert pieces.booked("never") is None


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
