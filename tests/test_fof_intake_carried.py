"""Nothing live is left out: every row of a book is in the book that took its export, and the second export is the first."""

from __future__ import annotations

import gzip
import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from live_rows import live_rows, missing

from fof import intake, ledger
from fof.access import LOCAL
from fof.db import Database
from fof.importers.template import LEFT_OUT
from fof.ledger import View

KEPT = Path(__file__).parent / "kept"
BOOKS = {
    "0001": KEPT / "0001" / "book.sqlite.gz",
    **{name: KEPT / "0005" / f"{name}.sqlite.gz" for name in ("office-31", "office-34", "pensions")},
}


@pytest.fixture
def empty(tmp_path: Path) -> Any:
    book = Database(f"sqlite:///{tmp_path / 'empty.sqlite'}")
    book.init()
    yield book
    book.close()


def comes_back(view: View, empty: Database) -> View:
    """The book that took the export of another holds what that holds, and exports the same bytes."""
    data = intake.export_workbook(view)
    assert LEFT_OUT not in openpyxl.load_workbook(io.BytesIO(data), read_only=True).sheetnames
    intake.book(empty, LOCAL, data, "导出.xlsx")
    after = ledger.read(empty).view()
    assert missing(view, after) == {}
    assert intake.export_workbook(after) == data
    return after


@pytest.mark.parametrize("name", BOOKS)
def test_a_stored_book_comes_back_row_by_row(name: str, tmp_path: Path, empty: Database) -> None:
    path = tmp_path / "book.sqlite"
    path.write_bytes(gzip.decompress(BOOKS[name].read_bytes()))
    book = Database(f"sqlite:///{path}")
    book.init()
    comes_back(ledger.read(book).view(), empty)
    book.close()


def test_the_demo_office_comes_back_row_by_row(demo: Database, empty: Database) -> None:
    view = ledger.read(demo).view()
    assert sum(sum(rows.values()) for rows in live_rows(view).values()) > 30_000
    comes_back(view, empty)


def test_the_comparison_sees_one_row_more(clerk: Any) -> None:
    clerk.party("A")
    before = ledger.read(clerk.database).view()
    clerk.fact("A", "2020-01-01", "name", "示例甲")
    assert list(missing(before, ledger.read(clerk.database).view())) == ["fact"]
