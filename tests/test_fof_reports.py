"""A report that was given a name is printed again as it was, by that name, on every face; in another book after all of it."""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path
from typing import Any

import pytest

from fof import intake, ledger
from fof.access import LOCAL, Actor
from fof.book.known import known_at, names
from fof.cli import main
from fof.db import Database
from fof.errors import BookingRefused, NotAllowed, Refused
from fof.intake.days import today
from fof.ledger.verify import verify
from fof.operations.reports import name_report
from models.kinds import EntryKind, Role
from models.posting_kinds import PostingKind as K


@pytest.fixture
def office(clerk_on_both: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    clerk = clerk_on_both
    clerk.party("PF", "parent_fund", name="示例母基金", portfolio="yes", established_on="2015-01-01")
    clerk.party("F", "sub_fund", name="示例F", established_on="2016-01-01")
    clerk.pay(K.COMMITMENT, "PF", "F", 100, "2018-01-01", entry=EntryKind.COMMITMENT)
    monkeypatch.setenv("FOF_DATABASE_URL", clerk.database.url.render_as_string(hide_password=False))
    monkeypatch.setenv("FOF_DATA_DIR", str(tmp_path))
    return clerk


def told(*words: str, code: int = 0) -> str:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        assert main(list(words)) == code, err.getvalue()
    return out.getvalue() if code == 0 else err.getvalue()


def test_a_named_report_is_printed_again_to_the_byte(office: Any) -> None:
    question = ("commitments", "--as-of", "2020-12-31", "--json")
    before = told(*question)
    head = ledger.read(office.database).head
    told("journal", "name", "年报 2020", "--why", "报示例省财政厅")
    office.pay(K.COMMITMENT, "PF", "F", 50, "2019-01-01", entry=EntryKind.COMMITMENT)
    assert told(*question) != before
    assert told(*question, "--known-at", "年报 2020") == before
    changed = json.loads(told("journal", "changes", "--from", "年报 2020", "--as-of", "2020-12-31", "--json"))
    assert changed["earlier"] == head
    again = json.loads(told("journal", "name", "年报 2020", "--why", "x", "--known-at", str(head), "--json"))
    assert [row["state"] for row in again["rows"]] == ["already"]
    assert [n.name for n in names(ledger.read(office.database), "PF")] == ["年报 2020"]
    assert verify(office.database).ok


def test_a_name_keeps_its_meaning_until_it_is_taken_back(office: Any) -> None:
    book = office.database
    [first] = name_report(book, LOCAL, "R1", 2, "一").entries
    with pytest.raises(BookingRefused) as refused:
        name_report(book, LOCAL, "r1", 3, "二")
    assert [p.code for p in refused.value.problems] == ["name_taken"]
    assert known_at(ledger.read(book), "r1", today()) == 2
    ledger.reverse(book, LOCAL, first, "误命名")
    with pytest.raises(Refused):
        known_at(ledger.read(book), "R1", today())
    name_report(book, LOCAL, "R1", 3, "二")
    assert known_at(ledger.read(book), "R1", today()) == 3


@pytest.mark.parametrize(
    ("name", "known", "why", "code"),
    [
        ("2026-Q2", 1, "x", "bad_name"),
        ("PF:2026-Q2", 1, "x", "bad_name"),
        ("2026-06-30", 1, "x", "bad_name"),
        ("12", 1, "x", "bad_name"),
        ("", 1, "x", "bad_name"),
        ("报告（一）", 1, "x", "bad_name"),
        ("长" * 61, 1, "x", "bad_name"),
        ("报告", 1, " ", "reason_missing"),
        ("报告", 99, "x", "unknown_entry"),
        ("报告", 0, "x", "unknown_entry"),
    ],
)
def test_a_name_that_means_something_else_is_refused(
    office: Any, name: str, known: int, why: str, code: str
) -> None:
    head = ledger.read(office.database).head
    with pytest.raises(BookingRefused) as refused:
        name_report(office.database, LOCAL, name, known, why)
    assert [p.code for p in refused.value.problems] == [code]
    assert all(p.expected.zh != p.expected.en for p in refused.value.problems)
    with pytest.raises(NotAllowed):
        name_report(office.database, Actor("甲", frozenset({Role.VIEWER})), "报告", 1, "x")
    assert ledger.read(office.database).head == head


def test_a_report_comes_last_in_another_book(office: Any, tmp_path: Path) -> None:
    name_report(office.database, LOCAL, "R1", 2, "一")
    name_report(office.database, LOCAL, "R2", 3, "二")
    sent = intake.export_workbook(ledger.read(office.database).view())
    other = Database(f"sqlite:///{tmp_path / 'other.sqlite'}")
    other.init()
    done = intake.book(other, LOCAL, sent, "导出.xlsx")
    book = ledger.read(other)
    assert [(n.name, n.known_at) for n in names(book)] == [(n, done.entries[-3]) for n in ("R2", "R1")]
    assert intake.export_workbook(book.view()) == sent
    assert intake.book(other, LOCAL, sent, "导出.xlsx").entries == []
    wrong = "report name,day,why\n2026-Q2,2024-01-01,x\n"
    found = intake.preview(other, wrong.encode(), "r.csv", layout="reports")
    assert [p.code for p in found.problems] == ["bad_name"]
    other.close()
