"""Variants of the cases from outside (../shared/cases/books) that stand beside those with a stated answer, on both engines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fof import intake
from fof.access import LOCAL
from fof.cli import main
from fof.db import Database
from fof.errors import ImportRefused

pytestmark = pytest.mark.golden
CASES = Path(__file__).resolve().parents[2] / "shared" / "cases"
BOOKS = CASES / "books"
VALUES = BOOKS / "08-nav-and-flows"


@pytest.fixture
def office(database: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    """MF paid 40m into S1 on 2020-01-15; no value is stated yet."""
    monkeypatch.setenv("FOF_DATABASE_URL", database.url.render_as_string(hide_password=False))
    for path in (BOOKS / "base.xlsx", VALUES / "base_flows.xlsx"):
        intake.book(database, LOCAL, path)
    return database


def s1(capsys: Any, day: str = "2020-12-31") -> dict[str, Any]:
    capsys.readouterr()
    assert main(["performance", "--as-of", day, "--by", "fund", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["rows"]
    return next(r for r in rows if (r["by"], r["key"]) == ("fund", "S1"))


def test_values_of_another_day_account_or_of_the_whole_fund(office: Database, capsys: Any) -> None:
    """A value of the whole fund is no value of an account; an older one counts until a newer is stated, and what is paid on
    the day of a value lies in it."""
    intake.book(office, LOCAL, VALUES / "v_whole_fund_only.csv")
    row = s1(capsys)
    assert (row["nav"], row["tvpi"], row["irr"]) == (None, None, None)
    intake.book(office, LOCAL, VALUES / "v_old_investor.csv")
    row = s1(capsys)
    assert (row["nav"], row["nav_on"], row["tvpi"]) == ("41000000.00", "2020-09-30", 1.025)
    intake.book(office, LOCAL, VALUES / "v1.csv")
    row = s1(capsys)
    assert (row["nav"], row["nav_on"], row["tvpi"]) == ("44000000.00", "2020-12-31", 1.1)
    intake.book(office, LOCAL, VALUES / "call_on_nav_day.xlsx")
    row = s1(capsys)
    assert (row["paid_in"], row["nav"], row["tvpi"]) == ("50000000.00", "44000000.00", 0.88)


def refused(book: Database, file: Path) -> set[str]:
    with pytest.raises(ImportRefused) as caught:
        intake.book(book, LOCAL, file)
    return {p.code for p in caught.value.problems}


def test_what_no_seller_has_and_no_currency_allows_is_refused(office: Database, capsys: Any) -> None:
    """Each file leaves the book as it was, so that one book serves all of them."""
    transfers = BOOKS / "11-transfers"
    assert refused(office, transfers / "overpaid.xlsx") == {"paid_in_below_zero"}
    assert refused(office, transfers / "oversell.xlsx") == {"committed_below_zero", "unfunded_below_zero"}
    assert refused(office, transfers / "self.xlsx") == {"same_party"}
    assert refused(office, BOOKS / "14-fx" / "usd.xlsx") == {"currency"}, "yuan for a fund in dollars"
    renamed = BOOKS / "15-rename-merge" / "rename.csv"
    assert refused(office, renamed) == {"layout_unclear"}, "parties and funds have these headers"
    intake.book(office, LOCAL, renamed, layout="funds")
    assert s1(capsys)["label"] == "示例子基金一"
    assert s1(capsys, "2021-12-31")["label"] == "示例新名称基金"


def test_a_table_that_the_wrong_mapping_was_made_for_is_no_table_of_ours(office: Database) -> None:
    """Without its mapping, which is refused (tests/test_cases_imports.py), the headers tell no layout."""
    assert refused(office, CASES / "imports" / "10_any.csv") == {"unknown_layout"}


def test_every_case_is_read_by_a_test() -> None:
    """By its name in a test that reads the folder; names in one string or in parts."""
    tests = [path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py")]
    read = "\n".join(text for text in tests if '"cases"' in text)
    files = [path for path in CASES.rglob("*") if path.is_file() and path.name != "README.md"]
    assert len(files) >= 60
    assert [str(path) for path in files if path.name not in read] == []
