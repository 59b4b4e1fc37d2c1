"""The import page in a real browser: a foreign table is mapped once, kept and used again."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from fof import ledger
from fof.db import Database
from fof.importers.sheets import RawRow
from fof.intake import saved_mappings
from fof.ui.mapping_form import header_of

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from windows import Windows

FOREIGN = (
    "Sample pension private equity,,,,,,\n"
    "Fund Name,Vintage,Committed (USD millions),Contributed (USD millions),Distributed (USD millions),"
    "Remaining Value (USD millions),Net IRR (%)\n"
    "Sample Fund I,2011,100.0,95.5,120.25,10.0,12.3\n"
    "Sample Fund II,2015,50,20,0,22.5,8.1\n"
)


def test_the_header_is_the_first_wide_row() -> None:
    rows: list[RawRow] = [
        (1, ["sTitle"]),
        (3, ["sFund", None, "sCalled", "sValue"]),
        (4, ["sA", None, "n1", "n2"]),
    ]
    assert header_of(rows) == (["Fund", "Called", "Value"], ["A", "1", "2"])
    assert header_of([]) == ([], [])


def _upload(tab: Page, name: str, text: str) -> None:
    field = tab.get_by_test_id("stFileUploader").locator("input[type=file]")
    field.set_input_files({"name": name, "mimeType": "text/csv", "buffer": text.encode()})


def _pick(tab: Page, label: str, text: str) -> None:
    tab.get_by_test_id("stSelectbox").filter(has_text=label).locator("input").fill(text)
    tab.keyboard.press("Enter")


def _fill(tab: Page, label: str, text: str) -> None:
    field = tab.get_by_role("textbox", name=label, exact=True)
    field.fill(text)
    field.press("Tab")


@pytest.mark.browser
def test_a_foreign_table_is_mapped_once_kept_and_used_again(
    windows: Windows,
    sqlite_url: str,
    tmp_path: Path,
    serving: Callable[[str, Path], AbstractContextManager[str]],
) -> None:
    with serving(sqlite_url, tmp_path) as address, windows.opened(height=2000) as tab:
        tab.goto(f"{address}/intake")
        _upload(tab, "foreign.csv", FOREIGN)
        _pick(tab, "读作", "持仓披露")
        expect(tab.get_by_role("textbox", name="披露日", exact=True)).to_be_visible(timeout=60_000)
        tab.get_by_role("button", name="保存映射").click()
        expect(tab.get_by_text("必填列还没有对应，也没有固定值：机构编号、披露日")).to_be_visible(
            timeout=60_000
        )
        _fill(tab, "机构编号", "SAMPLE-PENSION")
        _pick(tab, "机构编号：账中没有的", "登记为 机构投资人")
        _fill(tab, "披露日", "2025-09-30")
        _pick(tab, "基金编号：账中没有的", "登记为 子基金")
        for place in range(2):
            field = tab.get_by_role("textbox", name="币种", exact=True).nth(place)
            field.fill("USD")
            field.press("Tab")
        _fill(tab, "映射名称", "示例外国机构")
        tab.get_by_role("button", name="保存映射").click()
        expect(tab.get_by_text("映射已保存并选用：示例外国机构")).to_be_visible(timeout=60_000)
        tab.get_by_role("button", name="入账").click()
        expect(tab.get_by_text("已登记分录")).to_be_visible(timeout=60_000)
        _upload(tab, "later.csv", FOREIGN.replace("Fund II,", "Fund III,"))
        expect(tab.get_by_text("为这张表对应列名")).to_be_visible(timeout=60_000)  # not chosen unasked
        _pick(tab, "列映射", "示例外国机构")
        expect(tab.get_by_role("button", name="入账 3 条分录")).to_be_visible(timeout=60_000)
    book = Database(sqlite_url)
    view = ledger.read(book).view()
    assert list(saved_mappings(view)) == ["示例外国机构"]
    stated = {(view.parties[p.row.fund].code, p.row.called, p.row.stated_irr) for p in view.positions}
    assert stated == {
        ("Sample Fund I", 9_550_000_000, "0.123"),
        ("Sample Fund II", 2_000_000_000, "0.081"),
    }
    assert {view.fact(view.party(c).id, "currency") for c in ("SAMPLE-PENSION", "Sample Fund I")} == {"USD"}
    book.close()
