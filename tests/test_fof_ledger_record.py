"""The canonical record of an entry is a promise to every later reader: these bytes, leaves and roots never change."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fof.ledger.record import EntryHead, leaf_hash, merkle_root, postings_text, record, request_digest
from models import journal as t

HEAD = EntryHead(
    7,
    "valuation",
    "2024-06-30",
    "2024-07-02T01:02:03.000004+00:00",
    "甲",
    "乙",
    "v-7",
    bytes(range(4)),
    "ab12",
    "估值.xlsx",
    "表1",
    9,
    "备注",
    None,
)
ROWS = {
    "party": [t.Party(1, "F1", "sub_fund")],
    "deal": [t.Deal(2, "D1", 1, 3, "initial", "A", None, 50_000_000)],
    "posting": [t.Posting(10, 3, 1, 1, None, None, 5), t.Posting(60, 1, 4, 1, 2, None, 123456789012)],
    "mark": [t.Mark(3, 1, 0, "reported_nav", "管理人")],
    "fact": [t.Fact(1, None, "name", "示例")],
    "edge": [t.Edge(3, 1, 500_000_000, "equity", dt.date(2025, 1, 1))],
    "notice": [t.Notice(1, "capital_call", "N1", dt.date(2024, 7, 1))],
    "position": [t.Position(3, 1, 10, 9, 8, None, "0.1")],
    "setting": [t.Setting(None, "a", "1", None, "文号")],
    "disposition": [t.Disposition("GF-1", 1, None, "accept", "W1")],
}
"""Of every table of the first release."""
LATER: dict[str, list[Any]] = {
    "subject": [t.Identity(7, "loan", "L7")],
    "subject_fact": [t.SubjectFact("loan", None, None, None, 7, None, "name", "示例", dt.date(2025, 1, 1))],
    "subject_link": [t.SubjectLink(7, "borrower", 3)],
    "decision": [t.Decision("GF-1", "stake", 1, 3, None, None, None, "accept", "W1")],
    "notice_line": [t.NoticeLine(1, "N1", 3, "investment", 123456789012)],
    "column_mapping": [t.ColumnMapping("m", "{}", "s")],
    "quarter_close": [t.QuarterClose(None, "ALL-CNY", 3, "ab" * 32, 0)],
}
"""Of the tables that came beside them."""
PLAIN = EntryHead(
    1, "parties", "2020-01-01", "t", "u", None, "k", b"\x00\xff", None, None, None, None, None, None
)


def test_a_small_record_byte_by_byte() -> None:
    missing = b"E\xff\xff\xff\xff"
    wanted = (
        b"fof1"
        b"E\x00\x00\x00\x011"
        b"E\x00\x00\x00\x07parties"
        b"E\x00\x00\x00\x0a2020-01-01"
        b"E\x00\x00\x00\x01t"
        b"E\x00\x00\x00\x01u" + missing + b"E\x00\x00\x00\x01k"
        b"E\x00\x00\x00\x02\x00\xff" + missing * 6 + b"P\x00\x00\x00\x0d1,2,3,3,-,-,4"
    )
    made = record(PLAIN, {"posting": [t.Posting(1, 2, 3, 3, None, None, 4)]})
    assert made == wanted
    assert leaf_hash(made).hex() == "02d9152d84b61341b835e9c93da9bdf73d0d3ec3540f04b9bc4e8e272529e7f4"


def test_a_record_with_rows_of_every_table() -> None:
    made = record(HEAD, ROWS)
    assert len(made) == 710
    assert leaf_hash(made).hex() == "9c52c8747f4d5f83ad73c2a2d8ce31332dae66a762b34ec6c8acf10f2e982100"
    assert b"P\x00\x00\x00\x2810,3,1,1,-,-,5;60,1,4,1,2,-,123456789012" in made
    assert (
        request_digest("a", 1, None).hex()
        == "19a166c2e7e8f78f3560eb4e7942bc96866df2f0bb33911c3ea37a395b8951d6"
    )


def test_a_record_with_rows_of_every_later_table() -> None:
    assert {*ROWS, *LATER} == {table.table.name for table in t.ROW_TABLES}
    made = record(HEAD, {**LATER, **ROWS})
    assert made.startswith(record(HEAD, ROWS)), "behind the older tables, whose rows stay where they were"
    assert len(made) == 1148
    assert leaf_hash(made).hex() == "15cc36ff87f50f66a8adaab30a0763a4bced06fdc742ddc314e38e7c8bc86117"


def test_rows_stand_in_the_order_of_the_tables_whatever_the_order_they_are_given_in() -> None:
    assert record(HEAD, dict(reversed(ROWS.items()))) == record(HEAD, ROWS)
    assert record(HEAD, {**ROWS, "posting": []}) == record(
        HEAD, {k: v for k, v in ROWS.items() if k != "posting"}
    )


def test_a_day_hashes_alike_as_date_and_as_text() -> None:
    """SQLite gives text back, PostgreSQL dates."""
    edge = t.Edge(3, 1, 5, "equity", dt.date(2025, 1, 1))
    as_text = edge._replace(until="2025-01-01")  # type: ignore[arg-type]
    assert record(HEAD, {"edge": [edge]}) == record(HEAD, {"edge": [as_text]})


@pytest.mark.parametrize("place", range(len(EntryHead._fields)))
def test_every_field_of_an_entry_is_hashed(place: int) -> None:
    name = EntryHead._fields[place]
    other: object = b"other" if name == "request" else 4711 if isinstance(HEAD[place], int) else "other"
    assert record(HEAD._replace(**{name: other}), ROWS) != record(HEAD, ROWS)


@pytest.mark.parametrize("table", sorted({**ROWS, **LATER}))
def test_every_field_of_every_row_is_hashed(table: str) -> None:
    [row, *rest] = {**ROWS, **LATER}[table]
    for place, value in enumerate(row):
        changed = list(row)
        changed[place] = 77 if value is None or isinstance(value, int) else "77"
        assert record(HEAD, {table: [tuple(changed), *rest]}) != record(HEAD, {table: [row, *rest]}), (
            row._fields[place]
        )  # type: ignore[attr-defined]


def test_a_digit_cannot_move_from_one_field_to_the_next() -> None:
    assert record(HEAD._replace(recorded_by="ab", approved_by="c"), {}) != record(
        HEAD._replace(recorded_by="a", approved_by="bc"), {}
    )
    assert record(HEAD._replace(note=""), {}) != record(HEAD._replace(note=None), {})
    assert postings_text([(1, 12, 3, None, None, None, 4)]) != postings_text(
        [(11, 2, 3, None, None, None, 4)]
    )


RFC6962 = (b"", b"\x00", b"\x10", b" !", b"01", b"@ABC", b"PQRSTUVW", b"`abcdefghijklmno")
ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)


@pytest.mark.parametrize("size", range(9))
def test_roots_of_the_published_tree(size: int) -> None:
    """Leaf data and roots of the certificate-transparency reference tests (RFC 6962)."""
    assert merkle_root(map(leaf_hash, RFC6962[:size])).hex() == ROOTS[size]


def naive(leaves: list[bytes]) -> bytes:
    """RFC 6962 section 2.1, word by word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while 2 * split < len(leaves):
        split *= 2
    return hashlib.sha256(b"\x01" + naive(leaves[:split]) + naive(leaves[split:])).digest()


@given(st.integers(0, 300))
def test_the_streamed_root_is_the_recursive_one(size: int) -> None:
    leaves = [hashlib.sha256(str(n).encode()).digest() for n in range(size)]
    assert merkle_root(iter(leaves)) == naive(leaves)
