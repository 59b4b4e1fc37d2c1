"""The operations page in a real browser: a call with an excused investor, a short payment, a later closing, a close."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout
from windows import Windows

from fof import ledger
from fof.book.stakes import stakes
from fof.operations.closes import closes
from models.kinds import EntryKind
from models.posting_kinds import PostingKind

Serving = Callable[[str, Path], AbstractContextManager[str]]

pytestmark = pytest.mark.browser


@pytest.fixture
def office(clerk: Any) -> Any:
    """A parent fund and a social investor in one sub-fund; a third party that may join."""
    clerk.party("PF", "parent_fund", name="示例母基金", portfolio="yes", established_on="2023-01-01")
    clerk.party("SF-1", "sub_fund", name="示例一号基金", established_on="2023-06-01", status="investing")
    for code in ("LP-A", "LP-B"):
        clerk.party(code, name=f"示例出资人{code[-1]}")
    for code, yuan in (("PF", 600), ("LP-A", 400)):
        clerk.pay(
            PostingKind.COMMITMENT, code, "SF-1", yuan, "2023-06-01", fund="SF-1", entry=EntryKind.COMMITMENT
        )
    return clerk


def settled(tab: Page) -> None:
    """What was asked for has begun, or was nothing to run for; and it is over."""
    with suppress(PlaywrightTimeout):
        tab.wait_for_selector("[data-testid=stApp]:not([data-test-script-state=notRunning])", timeout=200)
    tab.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]", timeout=90_000)


def open_tab(tab: Page, name: str) -> None:
    tab.get_by_role("tab", name=name, exact=True).click()
    settled(tab)


def typed(tab: Page, label: str, text: str) -> None:
    tab.get_by_label(label, exact=True).fill(text)
    tab.keyboard.press("Enter")
    settled(tab)


def chosen(tab: Page, label: str, option: str) -> None:
    tab.get_by_test_id("stMultiSelect").filter(has_text=label).locator("input").click()
    tab.get_by_role("option", name=option).click()
    tab.keyboard.press("Escape")
    settled(tab)


def booked(tab: Page, button: str) -> None:
    tab.get_by_role("button", name=button, exact=True).click()
    expect(tab.get_by_text("已登记分录")).to_be_visible(timeout=30_000)
    settled(tab)


def test_a_years_work(
    windows: Windows, office: Any, sqlite_url: str, tmp_path: Path, serving: Serving
) -> None:
    with serving(sqlite_url, tmp_path) as address, windows.opened(height=1600) as tab:
        tab.goto(f"{address}/operations?portfolio=PF&as_of=2024-03-01&lang=zh")
        settled(tab)
        open_tab(tab, "出资")
        typed(tab, "投资款（元）", "100.01")
        typed(tab, "通知编号", "2024-01")
        chosen(tab, "豁免出资人", "示例母基金")
        expect(tab.get_by_text("须写明原因")).to_be_visible()
        expect(tab.get_by_role("button", name="发出通知并入账")).to_be_disabled()
        typed(tab, "豁免原因", "豁免函 1 号")
        booked(tab, "发出通知并入账")
        open_tab(tab, "催缴")
        tab.get_by_test_id("stDataFrame").first.click(position={"x": 17, "y": 53})
        settled(tab)
        typed(tab, "实缴金额（元）", "40.01")
        booked(tab, "登记到账")
        expect(tab.get_by_text("选择一行登记到账。")).to_be_visible()
        tab.get_by_test_id("stDataFrame").first.click(position={"x": 17, "y": 53})
        settled(tab)
        tab.get_by_role("button", name="登记到账", exact=True).click()  # the rest, on the same day
        expect(tab.get_by_text("同日另一笔须填写银行流水号")).to_be_visible(timeout=30_000)
        typed(tab, "银行流水号", "R-2")
        booked(tab, "登记到账")
        expect(tab.get_by_text("所有通知都已缴清。")).to_be_visible()

        tab.goto(f"{address}/operations?portfolio=PF&as_of=2024-06-30&lang=zh")
        settled(tab)
        open_tab(tab, "后续交割")
        chosen(tab, "新增认缴的出资人", "示例出资人B")
        typed(tab, "示例出资人B 新增认缴（元）", "1000")
        typed(tab, "交割编号", "HJ-01")
        booked(tab, "交割入账")
        open_tab(tab, "季度结账")
        typed(tab, "有缺失仍结账的理由（2）", "报表另补")
        booked(tab, "结账")
    view = ledger.read(office.database).view(dt.date(2024, 6, 30))
    own = stakes(view).of(None, {view.by_code["SF-1"].id})
    paid = {view.parties[int(i)].code: int(p) for i, p in zip(own.investor, own.paid_in, strict=True)}
    # 100.01 was asked of LP-A alone, the parent fund was excused; LP-B took on 1,000 beside its 400
    assert paid == {"PF": 0, "LP-A": 2_857, "LP-B": 7_144}
    (close,) = closes(view)
    assert (close.quarter_end, close.known_at, close.open_items) == (
        dt.date(2024, 6, 30),
        view.known_at - 1,
        2,
    )
