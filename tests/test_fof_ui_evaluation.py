"""The evaluation page in a real browser: a mark is refused, tried and booked; a row opens; the register says what is missing."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from windows import Windows

pytestmark = pytest.mark.browser

FUND = "SF-2020-01"
WAIT = 60_000
"""Milliseconds; the audit behind the page is worked out anew after a booking."""


def settled(tab: Page) -> None:
    tab.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]", timeout=90_000)
    tab.wait_for_selector("h1", timeout=90_000)


@pytest.fixture
def tab(windows: Windows) -> Iterator[Any]:
    with windows.opened(height=2000) as page:
        yield page


def pick(tab: Page, row: int) -> None:
    """Choose a row of the first table by the box at its left."""
    canvas = tab.locator("[data-testid=stDataFrame] canvas").first
    place = canvas.bounding_box()
    assert place is not None
    tab.mouse.click(place["x"] + 16, place["y"] + 35 * row + 52)


def test_a_mark_is_refused_then_tried_then_booked(
    tab: Page, demo_file: Path, tmp_path: Path, serving: Callable[[str, Path], AbstractContextManager[str]]
) -> None:
    shutil.copyfile(demo_file, tmp_path / "demo.sqlite")
    with serving(f"sqlite:///{tmp_path / 'demo.sqlite'}", tmp_path) as address:
        tab.goto(f"{address}/evaluation?portfolio=PF-2023&as_of=2026-09-30&evaluated={FUND}")
        settled(tab)
        tab.get_by_text("填报分值、设定权重与评分标准").click()
        mark = tab.get_by_label("分值", exact=True)
        mark.fill("1.3")
        mark.press("Enter")
        expect(tab.get_by_text("必须注明依据文件")).to_be_visible(timeout=WAIT)
        expect(tab.get_by_text("分值为 0 至 1 的数，实际为 '1.3'")).to_be_visible(timeout=WAIT)
        expect(tab.get_by_role("button", name="登记", exact=True)).to_be_disabled(timeout=WAIT)
        mark.fill("85%")
        mark.press("Enter")
        document = tab.get_by_label("依据文件").first
        document.fill("示例主管部门函〔2026〕12号")
        document.press("Enter")
        book = tab.get_by_role("button", name="登记", exact=True)
        expect(book).to_be_enabled(timeout=WAIT)
        book.click()
        expect(tab.get_by_text("已登记分录")).to_be_visible(timeout=WAIT)
        expect(tab.get_by_text("0.85（示例主管部门函〔2026〕12号，2026-09-30）")).to_be_visible(timeout=WAIT)
        # the page was away while the audit was done anew: what it shows is still what it reckons with
        expect(tab.get_by_role("combobox", name="基金")).to_have_value(re.compile(FUND), timeout=WAIT)
        expect(mark).to_have_value("85%", timeout=WAIT)


def test_an_indicator_opens_to_its_findings(tab: Page, demo_page: str) -> None:
    tab.goto(f"{demo_page}/evaluation?portfolio=PF-2023&as_of=2026-09-30&evaluated={FUND}")
    settled(tab)
    pick(tab, 13)
    expect(tab.get_by_text("1 − 未处置的违反 ÷ 可判断的结论")).to_be_visible(timeout=WAIT)
    expect(tab.get_by_role("heading", name="未处置的违反")).to_be_visible(timeout=WAIT)


def test_a_fund_of_the_register_opens_to_its_fields(tab: Page, demo_page: str) -> None:
    tab.goto(f"{demo_page}/evaluation?portfolio=PF-2023&as_of=2026-09-30")
    settled(tab)
    tab.get_by_role("tab", name="登记信息").click()
    expect(tab.get_by_text("选中一只基金")).to_be_visible(timeout=WAIT)
    settled(tab)
    pick(tab, 2)
    expect(tab.get_by_role("heading", name="· 2025")).to_be_visible(timeout=WAIT)
