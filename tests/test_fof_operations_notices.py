"""Notices say what the book says, before and after, on both papers."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from contextvars import copy_context
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import typst

from fof.access import LOCAL
from fof.errors import Unknown
from fof.importers.layouts.capital_calls import CALL_COMPONENTS
from fof.importers.layouts.distributions import DISTRIBUTION_COMPONENTS
from fof.operations.calls import issue_call, plan_call
from fof.operations.notices import money_text, notices
from fof.operations.papers import notices_pdf, notices_workbook
from fof.operations.payments import mark_paid
from models.kinds import EntryKind, NoticeKind
from models.posting_kinds import TREATMENTS, PostingKind
from models.text import LANGUAGES, Text, use

CALL = NoticeKind.CAPITAL_CALL


@pytest.fixture
def fund(clerk: Any) -> Any:
    """Two calls and a recallable distribution between them."""
    clerk.party("MG-1", "manager", name="示例管理有限公司")
    clerk.party("SF-1", "sub_fund", name="示例一号基金", established_on="2020-01-01", manager="MG-1")
    for code, yuan in (("LP-A", 1000), ("LP=B", 500)):
        clerk.party(code, name=f"{code} 示例投资人")
        clerk.pay(PostingKind.COMMITMENT, code, "SF-1", yuan, "2020-01-01", entry=EntryKind.COMMITMENT)
    view = clerk.view("2020-06-01")
    own = view.by_code["SF-1"].id
    day = dt.date(2020, 6, 1)
    issue_call(clerk.database, LOCAL, plan_call(view, own, {"investment": 30_000}, day, day), "2020-01")
    for code in ("LP-A", "LP=B"):
        mark_paid(clerk.database, LOCAL, own, view.by_code[code].id, "2020-01", day)
    clerk.pay_many(
        "2021-01-01",
        [
            (PostingKind.DISTRIBUTION_GAIN, "SF-1", "LP-A", 10),
            (PostingKind.DISTRIBUTION_RECALLABLE, "SF-1", "LP-A", 5),
        ],
        entry=EntryKind.DISTRIBUTION,
        notice=("distribution", "FP-1", None),
    )
    later = dt.date(2021, 6, 1)
    plan = plan_call(
        clerk.view("2021-06-01"), own, {"investment": 15_000, "fee_outside": 300}, later, dt.date(2021, 6, 20)
    )
    issue_call(clerk.database, LOCAL, plan, "2021-01")
    return clerk


def balances(found: Any) -> dict[str, tuple[int, int]]:
    return {name.zh: (before, after) for name, before, after in found.balances}


def test_a_call_notice_has_the_account_before_and_after(fund: Any) -> None:
    view = fund.view("2025-01-01")
    first, second = notices(view, view.by_code["SF-1"].id, CALL, "2021-01")
    assert (first.investor_code, second.investor_code) == ("LP-A", "LP=B")
    assert first.manager == "示例管理有限公司"
    assert [(name.zh, fen) for name, fen in first.components] == [
        ("投资款", 10_000),
        ("管理费（认缴外）", 200),
    ]
    assert (first.total, first.share) == (10_200, "66.6667%")
    assert balances(first) == {
        "认缴出资额": (100_000, 100_000),
        "累计通知出资": (20_000, 30_200),
        "累计实缴出资": (20_000, 30_200),
        "未实缴额度": (80_500, 70_500),  # 1,000 committed, 200 paid, 5 may be called again
        "此前通知尚未缴清": (0, 0),
        "累计分配": (1_500, 1_500),
        "其中可再召回": (500, 500),
    }


def test_paying_later_does_not_change_a_notice(fund: Any) -> None:
    before = fund.view("2025-01-01")
    own, who = before.by_code["SF-1"].id, before.by_code["LP-A"].id
    told = notices(before, own, CALL, "2021-01")
    mark_paid(fund.database, LOCAL, own, who, "2021-01", dt.date(2021, 6, 1))  # on the notice day itself
    assert notices(fund.view("2025-01-01"), own, CALL, "2021-01") == told


def test_a_distribution_notice_has_the_account_before_and_after(fund: Any) -> None:
    view = fund.view("2025-01-01")
    (only,) = notices(view, view.by_code["SF-1"].id, NoticeKind.DISTRIBUTION, "FP-1")
    assert only.total == 1_500
    assert balances(only)["累计分配"] == (0, 1_500)
    assert balances(only)["未实缴额度"] == (80_000, 80_500)
    assert balances(only)["其中可再召回"] == (0, 500)


def test_no_such_notice(fund: Any) -> None:
    view = fund.view("2025-01-01")
    with pytest.raises(Unknown):
        notices(view, view.by_code["SF-1"].id, CALL, "1999-01")


def test_the_workbook_holds_the_same_numbers_and_no_formula(fund: Any) -> None:
    view = fund.view("2025-01-01")
    found = notices(view, view.by_code["SF-1"].id, CALL, "2021-01")
    made = notices_workbook(found)
    assert made == notices_workbook(found)
    book = openpyxl.load_workbook(io.BytesIO(made))
    assert book.sheetnames == ["1 LP-A", "2 LP=B"]
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not any(cell.data_type == "f" for cell in cells)
    values = [cell.value for cell in cells if cell.parent.title == "1 LP-A"]
    assert {102.0, 305.0 - 3, 805.0, 705.0} & set(values) == {102.0, 302.0, 805.0, 705.0}


def test_in_an_english_run_each_label_has_its_english_beside_it(fund: Any) -> None:
    view = fund.view("2025-01-01")
    found = notices(view, view.by_code["SF-1"].id, CALL, "2021-01")
    chinese, english = (copy_context().run(_cells, found, language) for language in LANGUAGES)
    assert len(chinese) < len(english)  # a sentence more beneath each
    assert {"未实缴额度", "投资款", "合计"} <= chinese
    assert {"未实缴额度 Unfunded", "合计 Total", "出资缴款通知书 Capital call notice"} <= english
    assert not any(text.isascii() and " " in text for text in chinese)
    assert {text.partition(" ")[0] for text in chinese} <= {text.partition(" ")[0] for text in english}


def _cells(found: Any, language: str) -> set[str]:
    """The texts of the first notice's sheet, made in a language."""
    use(language)
    book = openpyxl.load_workbook(io.BytesIO(notices_workbook(found)))
    return {cell.value for row in book["1 LP-A"].iter_rows() for cell in row if isinstance(cell.value, str)}


def test_the_pdf_is_one_page_each_and_the_same_bytes_again(fund: Any) -> None:
    view = fund.view("2025-01-01")
    found = notices(view, view.by_code["SF-1"].id, CALL, "2021-01")
    made = notices_pdf(found)
    assert made.startswith(b"%PDF-")
    assert made == notices_pdf(found)
    assert b"NotoSansCJK" in made  # the packaged font, not whatever the machine has


@pytest.mark.parametrize(
    ("fen", "text"), [(0, "0.00"), (5, "0.05"), (123456789, "1,234,567.89"), (-100, "-1.00"), (None, "—")]
)
def test_amounts_on_paper(fen: int | None, text: str) -> None:
    assert money_text(fen) == text


def test_pages_are_counted_notice_by_notice(fund: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    view = fund.view("2025-01-01")
    first, second = notices(view, view.by_code["SF-1"].id, CALL, "2021-01")
    long = replace(first, components=tuple((Text(f"分项 {i}", f"part {i}"), i) for i in range(1, 40)))

    def compiled(source: str, **options: Any) -> bytes:
        return str(typst.query(source, "<notice-end>", field="value", **options)).encode()

    monkeypatch.setattr(typst, "compile", compiled)
    # what the foot of each page names as the total: where its own notice ends
    assert json.loads(notices_pdf([second, long, second])) == [1, 2, 1]


@pytest.mark.golden
def test_every_call_and_distribution_type_of_ilpa_has_a_column(golden: Path) -> None:
    with (golden / "ilpa" / "performance_transaction_treatment.csv").open(encoding="utf-8") as file:
        types = {row["transaction_type"] for row in csv.DictReader(file)}
    wanted = {t for t in types if t.startswith(("Capital Call: ", "Deemed GP", "Distribution: "))}
    wanted -= {"Distribution: Clawback"} | {
        t for t in wanted if "Carry" in t
    }  # the manager's, on the cash sheet
    kinds = [paid for paid, _ in CALL_COMPONENTS.values()] + list(DISTRIBUTION_COMPONENTS.values())
    assert wanted - {TREATMENTS[kind].ilpa for kind in kinds} == set()
