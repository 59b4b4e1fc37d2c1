"""The screens over a book in two currencies: every page names the currency of its money and adds no two."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from windows import Windows

from fof.db import Database
from models.kinds import EntryKind
from models.posting_kinds import PostingKind as K
from tests.conftest import Clerk
from tests.test_fof_ui_pages import FAULT, PAGES, open_page, settled, walk_to

Serving = Callable[[str, Path], AbstractContextManager[str]]
pytestmark = pytest.mark.browser
DAY = "as_of=2020-12-31"


def made(clerk: Clerk) -> None:
    """MF, in yuan, holds S (yuan) and D (dollars); MU holds U (dollars) and what it disclosed of X; both reach company Q."""
    clerk.party("GOV", "government", government_level="province", province="黑龙江省")
    clerk.party("MF", "parent_fund", portfolio="yes", name="示例母基金", cash_kept="yes")
    clerk.party("MU", "parent_fund", portfolio="yes", name="示例美元母基金", currency="USD")
    clerk.party("GL", "manager", name="示例管理公司")
    for code, more in (("S", {}), ("D", {"currency": "USD"}), ("U", {"currency": "USD"})):
        clerk.party(
            code,
            "sub_fund",
            name=f"示例{code}基金",
            strategy="vc",
            vintage="2019",
            status="investing",
            manager="GL",
            established_on="2019-01-05",
            **more,
        )
    clerk.party("Q", "company", name="示例企业")
    clerk.pay(K.COMMITMENT, "GOV", "MF", 9_000_000, "2019-01-01", fund="MF")
    clerk.pay(K.COMMITMENT, "GOV", "MU", 9_000_000, "2019-01-01", fund="MU")
    clerk.pay(K.CALL_INVESTMENT, "GOV", "MF", 8_000_000, "2019-01-02", fund="MF")
    for fund, holder in (("S", "MF"), ("D", "MF"), ("U", "MU")):
        clerk.pay(K.COMMITMENT, holder, fund, 2_000_000, "2019-02-01", fund=fund)
        clerk.pay_many(
            "2019-03-01",
            [(K.CALL_DUE, holder, fund, 900_000)],
            fund=fund,
            entry=EntryKind.CAPITAL_CALL,
            notice=("capital_call", f"{fund}-1", "2019-04-01"),
        )
        clerk.pay(K.CALL_INVESTMENT, holder, fund, 500_000, "2019-03-20", fund=fund)
        clerk.pay(K.DISTRIBUTION_GAIN, fund, holder, 40_000, "2020-05-01", fund=fund)
        clerk.deal(fund, "Q", "initial", 400_000, "2019-06-01", share=0.1)
        clerk.mark(fund, "Q", 600_000, "2020-12-31")
        clerk.mark(holder, fund, 700_000, "2020-12-31")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, serving: Serving) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("currencies")
    book = Database(f"sqlite:///{folder / 'book.sqlite'}")
    book.init()
    made(Clerk(book))
    book.close()
    with serving(f"sqlite:///{folder / 'book.sqlite'}", folder) as found:
        yield found


@pytest.fixture
def tab(windows: Windows) -> Iterator[Page]:
    with windows.opened() as page:
        yield page


def read(tab: Page, address: str, page: str, query: str) -> str:
    open_page(tab, address, page, query)
    return words(tab)


def words(tab: Page) -> str:
    assert tab.locator(FAULT).count() == 0
    tab.wait_for_function("!document.body.innerText.includes('正在按全部规则检查')", timeout=60_000)
    settled(tab)
    return str(tab.locator("[data-testid=stMain]").inner_text())


@pytest.fixture(scope="module", params=["MU", "MF"])
def office(windows: Windows, address: str, request: pytest.FixtureRequest) -> Iterator[tuple[str, Page]]:
    """A tab that goes through the pages of one portfolio."""
    with windows.opened() as page:
        open_page(page, address, "overview", f"portfolio={request.param}&{DAY}&lang=zh")
        yield request.param, page


@pytest.mark.parametrize("page", PAGES)
def test_no_page_speaks_of_another_currency_or_adds_two(office: tuple[str, Page], page: str) -> None:
    """MU is a portfolio in dollars; MF is in yuan and dollars: 200, 50 and 40 in each, and nothing that adds them."""
    portfolio, tab = office
    walk_to(tab, page)
    text = words(tab)
    if portfolio == "MU":
        assert "单位 万美元" in text or page == "intake"
        yuan = re.findall(r".{0,12}(?<!美)(?<!单)元(?!数|\b素)", text)
        assert not [t for t in yuan if "万元" in t or t.endswith(" 元") or "亿元" in t], yuan
        assert "示例S基金" not in text
    else:
        assert "单位 万原币" in text or page == "intake"
        for added in ("400.00", "100.00", "80.00"):
            assert f" {added}" not in text
        assert "示例U基金" not in text


@pytest.mark.parametrize(
    ("page", "shown"),
    [("overview", ("CNY", "USD")), ("commitments", ("CNY", "USD")), ("lookthrough", ("万元", "万美元"))],
)
def test_subtotals_stand_side_by_side(tab: Any, address: str, page: str, shown: tuple[str, str]) -> None:
    text = read(
        tab, address, page, f"portfolio=MF&{DAY}&lang=en" if "CNY" in shown else f"portfolio=MF&{DAY}&lang=zh"
    )
    for code in shown:  # tables come in after the page has settled
        expect(tab.locator("[data-testid=stMain]")).to_contain_text(code, timeout=30_000)
    if page != "lookthrough":
        assert "10k US dollars" in text
        assert "10k yuan" in text


@pytest.fixture(scope="module")
def operations(windows: Windows, address: str) -> Iterator[Any]:
    """The operations page of MU, opened once; each test chooses its part."""
    with windows.opened() as page:
        open_page(page, address, "operations", f"portfolio=MU&{DAY}&lang=zh")
        yield page


@pytest.mark.parametrize(
    "label", ["期限", "催缴", "出资", "后续交割", "通知书", "分配", "管理费", "季度结账", "重组"]
)
def test_operations_lists_the_portfolios_own_funds(operations: Any, label: str) -> None:
    tab = operations
    tab.get_by_role("tab", name=label, exact=True).click()
    settled(tab)
    assert tab.locator(FAULT).count() == 0
    for box in tab.locator("[data-testid=stSelectbox] input, [data-testid=stMultiSelect] input").all():
        if not box.is_visible():
            continue
        box.click()
        listed = tab.locator("[role=listbox]").all_inner_texts()
        tab.keyboard.press("Escape")
        assert not [t for t in listed if "示例S基金" in t or "示例D基金" in t], listed
