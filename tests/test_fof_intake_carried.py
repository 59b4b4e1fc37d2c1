"""Nothing live is left out: every row of a book is in the book that took its export, and the second export is the first."""

from __future__ import annotations

import datetime as dt
import gzip
from pathlib import Path
from typing import Any

import pytest
from live_rows import live_rows, missing

from fof import intake, ledger
from fof.access import LOCAL
from fof.db import Database
from fof.importers.layouts import LAYOUTS
from fof.importers.template import filled
from fof.intake.export import export_sheets
from fof.ledger import View
from models.kinds import EntryKind
from models.posting_kinds import PostingKind as K
from models.rows import Deal, Decision, Mark, Notice, NoticeLine, Posting, Row, Setting, SubjectFact

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
    """The book that took the export of another holds what that holds, and exports the same bytes: they are made of the rows of
    the sheets alone, which are compared value by value."""
    sheets, left_out = export_sheets(view)
    assert left_out == {}
    data = filled([(LAYOUTS[name], rows) for name, rows in sheets.items()], left_out)
    intake.book(empty, LOCAL, data, "导出.xlsx")
    after = ledger.read(empty).view()
    assert missing(view, after) == {}
    again, left_out = export_sheets(after)
    assert left_out == {}
    assert list(again) == list(sheets)
    for name, rows in sheets.items():
        assert list(map(written, again[name])) == list(map(written, rows)), name
    return after


def written(row: dict[str, Any]) -> str:
    """What of a row reaches the sheet, to the letter: 1.0 is written otherwise than 1."""
    return repr(sorted((name, value) for name, value in row.items() if value is not None))


def test_the_same_rows_are_the_same_bytes(clerk: Any) -> None:
    clerk.party("A", name="示例")
    view = clerk.view("2024-01-01")
    sheets, left_out = export_sheets(view)
    data = filled([(LAYOUTS[name], rows) for name, rows in sheets.items()], left_out)
    assert data == intake.export_workbook(view) == intake.export_workbook(view)


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


ODD = [
    "a value held by no fund",
    "one entry of several deals",
    "a deal of a company",
    "an exit into shares",
    "the same attribute twice a day",
    "two notices of one number",
    "a notice without a due day",
    "a notice without money",
    "a decision about a notice",
    "a basis of an evaluation",
    "several commitments in one entry",
    "the same value stated twice",
    "a setting in an entry of money",
]


def odd(clerk: Any, what: str) -> None:
    """An entry that no form or file of ours makes and the ledger takes."""
    for code, kind in (
        ("A", "social_investor"),
        ("B", "social_investor"),
        ("F", "sub_fund"),
        ("C", "company"),
        ("D", "company"),
    ):
        facts = {"established_on": "2010-01-01"} if kind == "sub_fund" else {}
        clerk.party(code, kind, name=f"示例{code}", **facts)
    a, b, f, c, d = (clerk.view("2024-01-01").party(code).id for code in "ABFCD")
    first = clerk.view("2024-01-01").journal.head

    def entry(kind: EntryKind, postings: list[Posting], *rows: Row, day: str = "2020-01-01") -> None:
        clerk.book(kind, day, lambda _view, _ids: (postings, list(rows)))

    def paid(kind: K, frm: int, to: int, fen: int, deal: int | None = None, fund: int | None = f) -> Posting:
        return Posting(kind, frm, to, fund, deal, None, fen)

    deals = Deal(1, "D1", f, c, "initial"), Deal(2, "D2", f, d, "initial")
    money = [paid(K.INVESTMENT, f, c, 7, 1), paid(K.INVESTMENT, f, d, 8, 2)]
    promise = [paid(K.COMMITMENT, a, f, 100), paid(K.COMMITMENT, b, f, 50)]
    due = [paid(K.CALL_DUE, a, f, 10), paid(K.CALL_DUE, b, f, 5)]
    call = Notice(f, "capital_call", "1", dt.date(2020, 3, 1))
    if what == "a value held by no fund":
        entry(EntryKind.VALUATION, [], Mark(a, c, 100, "net_assets"), Mark(a, a, 5, "net_assets"))
    elif what == "one entry of several deals":
        entry(EntryKind.DEAL, money, *deals)
    elif what == "a deal of a company":
        entry(EntryKind.DEAL, [paid(K.INVESTMENT, c, d, 7, 1, None)], Deal(1, "D1", c, d, "initial"))
    elif what == "an exit into shares":
        entry(EntryKind.DEAL, [money[0]], deals[0])
        gone = Deal(3, "D3", f, c, "exit"), Deal(4, "D4", f, d, "initial")
        swapped = [paid(K.EXIT_PROCEEDS, d, f, 9, 3), paid(K.INVESTMENT, f, d, 9, 4)]
        entry(EntryKind.EXIT, swapped, *gone, Mark(f, d, 9, "net_assets"), day="2021-01-01")
    elif what == "the same attribute twice a day":
        for name in ("一", "二", "一"):
            clerk.fact("A", "2020-01-01", "name", f"示例{name}", "文")
    elif what in ("two notices of one number", "a notice without a due day"):
        entry(EntryKind.COMMITMENT, promise[:1])
        entry(EntryKind.COMMITMENT, promise[1:])
        own = call if what == "two notices of one number" else call._replace(due_on=None)
        for posting in due:
            entry(
                EntryKind.CAPITAL_CALL,
                [posting],
                own,
                NoticeLine(f, "1", posting.from_party, "investment", posting.fen),
            )
        entry(
            EntryKind.CALL_PAYMENT,
            [paid(K.CALL_INVESTMENT, a, f, 10)],
            call._replace(due_on=None),
            day="2020-02-01",
        )
    elif what == "a notice without money":
        entry(
            EntryKind.CAPITAL_CALL,
            [],
            call,
            call._replace(number="2"),
            NoticeLine(f, "1", a, "investment", 3),
        )
    elif what == "a decision about a notice":
        entry(EntryKind.COMMITMENT, promise[:1])
        entry(EntryKind.CAPITAL_CALL, due[:1], call, NoticeLine(f, "1", a, "investment", 10))
        until = dt.date(2021, 1, 1)
        for address in (
            ("notice", f, None, None, None, "1"),
            ("stake", f, a, None, None, None),
            ("office", *[None] * 5),
        ):
            entry(EntryKind.DISPOSITION, [], Decision("AF-06", *address, "rectify", "文", until))
    elif what == "a basis of an evaluation":
        name = "evaluation.internal_control"
        for basis in (None, "口径"):
            entry(
                EntryKind.TERMS,
                [],
                SubjectFact("party", f, None, None, None, None, name, "1", None, basis, "文"),
            )
    elif what == "several commitments in one entry":
        entry(EntryKind.COMMITMENT, promise)
    elif what == "the same value stated twice":
        for _ in range(2):
            entry(EntryKind.VALUATION, [], Mark(f, f, 100, "reported_nav"))
    elif what == "a setting in an entry of money":
        setting = Setting(f, "tranche_release_ratio", "0.5", None, "文")
        name = "evaluation.tvpi.scale"
        entry(
            EntryKind.REORGANISATION,
            promise,
            setting,
            SubjectFact("office", *[None] * 5, name, "1;2", None, None, "文"),
        )
    assert clerk.view("2024-01-01").journal.head > first


@pytest.mark.parametrize("what", ODD)
def test_an_entry_of_any_shape_comes_back(what: str, clerk: Any, empty: Database) -> None:
    odd(clerk, what)
    view = ledger.read(clerk.database).view()
    data = intake.export_workbook(view)
    comes_back(view, empty)
    again = intake.book(empty, LOCAL, data, "导出.xlsx")
    assert again.entries == [], "the same file a second time books nothing"


def test_the_comparison_sees_one_row_more(clerk: Any) -> None:
    clerk.party("A")
    before = ledger.read(clerk.database).view()
    clerk.fact("A", "2020-01-01", "name", "示例甲")
    assert list(missing(before, ledger.read(clerk.database).view())) == ["fact"]
