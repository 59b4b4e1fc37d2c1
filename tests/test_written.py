"""What the program wrote into the book in Chinese reads in the language that is asked; what somebody typed stays as typed."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import pytest

from fof.book.entries import Query, document_of, search
from fof.book.written import document_text, note_text
from fof.figures.journal_document import journal_document
from models import text

TYPED = "出资协议 2024-1；第三期"


@pytest.fixture
def english() -> Iterator[None]:
    before = text.language()
    text.use("en")
    yield
    text.use(before)


@pytest.mark.parametrize(
    ("stored", "said"),
    [
        ("出资计划 F1 2024-1 · 出资通知 · #1", "Call plan F1 2024-1 · Capital calls · #1"),
        ("分配计划 F1 P-1 · 分配通知 · #2", "Distribution plan F1 P-1 · Distributions · #2"),
        ("缴款 F1 2024-1 · 缴款到账 · #1", "Payment F1 2024-1 · Payments · #1"),
        ("后续交割 F1 C2 · 认缴 · #1", "Later closing F1 C2 · "),
        ("补偿 C-1 · 资金池收付 · #1", "Compensation C-1 · "),
        ("缴款 F1 1 · 缴款到账 · #1（导出）", "Payment F1 1 · Payments · #1 (exported)"),
        ("账内登记（导出）", "entered in the book (exported)"),
        ("缴款.xlsx · 缴款到账 · #3", "缴款.xlsx · 缴款到账 · #3"),
        ("缴款明细 F1 · 缴款到账", "缴款明细 F1 · 缴款到账"),
        ("出资协议", "出资协议"),
        (None, None),
    ],
)
def test_sources(english: None, stored: str | None, said: str | None) -> None:
    shown = document_text(stored)
    assert shown == said or (said is not None and said.endswith(" · ") and str(shown).startswith(said))


@pytest.mark.parametrize(
    ("note", "source", "said"),
    [
        ("补记：银行回单迟到", None, "booked late: 银行回单迟到"),
        (f"{TYPED}；补记：漏记", None, f"{TYPED}; booked late: 漏记"),
        (TYPED, "缴款 F1 1", TYPED),
        (
            "豁免 LP-1：协议第8条；违约 LP-2：拒付",
            "出资计划 F1 2",
            "excused LP-1：协议第8条; in default LP-2：拒付",
        ),
        ("豁免 LP-1：协议第8条", "通知.xlsx", "豁免 LP-1：协议第8条"),
        ("后续交割 C2", "后续交割 F1 C2", "Later closing C2"),
        ("后续交割 C2", "通知.xlsx", "后续交割 C2"),
        (None, None, None),
    ],
)
def test_notes(english: None, note: str | None, source: str | None, said: str | None) -> None:
    assert note_text(note, source) == said


def test_in_chinese_everything_is_as_it_was_written() -> None:
    for stored in ("出资计划 F1 2024-1 · 出资通知 · #1", "缴款 F1 1 · 缴款到账 · #1", "申请 C-1 审核"):
        assert document_text(stored) == stored
    for note in ("补记：银行回单迟到", f"{TYPED}；补记：漏记", "豁免 LP-1：协议第8条；违约 LP-2：拒付"):
        assert note_text(note, "出资计划 F1 2") == note


def test_the_journal_prints_it_and_programs_are_given_the_book(demo: Any, english: None) -> None:
    """No entry of the demo office shows Chinese that the program wrote; its JSON is the book's own text."""
    from fof import ledger

    view = ledger.read(demo).view(dt.date(2026, 9, 30))
    answer = journal_document(view, search(view, Query()))
    for row in answer.rows:
        head = row["record"]
        assert row["note"] == head.note
        assert row["document"] == document_of(head)
        assert "补记：" not in (row["texts"]["note"] or "")
    assert json.loads(json.dumps(answer.json()["rows"][0]["note"])) == answer.rows[0]["note"]
