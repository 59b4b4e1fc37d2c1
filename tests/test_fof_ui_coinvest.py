"""The page of staff co-investment over a random institution: what was planted is counted, listed, opened and decided on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from second.institutions import Institution
from test_second_institutions import planted
from windows import Windows

from fof import intake
from fof.access import LOCAL
from fof.db import Database
from fof.importers.layouts import LAYOUTS
from fof.importers.template import filled
from tests.test_fof_ui_pages import open_page

Serving = Callable[[str, Path], AbstractContextManager[str]]
pytestmark = pytest.mark.browser
OWN: Institution = planted(3)


@pytest.fixture(scope="module")
def address(serving: Serving, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("coinvest")
    url = f"sqlite:///{folder / 'book.sqlite'}"
    book = Database(url)
    book.init()
    intake.book(
        book, LOCAL, filled([(LAYOUTS[n], rows) for n, rows in OWN.rows.items() if rows]), "机构.xlsx"
    )
    book.close()
    with serving(url, folder) as where:
        yield where


def test_what_was_planted_is_counted_opened_and_decided_on(windows: Windows, address: str) -> None:
    with windows.opened(height=1400) as tab:
        counted_and_decided(tab, address)


def counted_and_decided(tab: Page, address: str) -> None:
    counts = Counter(OWN.expected.values())
    rule, subject = next(
        key for key, verdict in OWN.expected.items() if verdict == "breach" and key[0] == "CI-12"
    )
    open_page(tab, address, "coinvest", f"as_of=2026-09-30&lang=zh&institution=CT&finding={rule}:{subject}")
    expect(tab.get_by_text(f"所列 {len(OWN.expected)} 条：违反 {counts['breach']}")).to_be_visible()
    expect(tab.get_by_role("heading", name=f"CI-12 与机构同时出资 · {subject}")).to_be_visible()
    tab.get_by_role("button", name="登记处置").click()
    tab.get_by_label("处置依据", exact=True).fill("黑国资审〔2026〕1号")
    tab.get_by_role("combobox", name="处置").click()
    tab.get_by_role("option", name="驳回").click()
    tab.get_by_label("原因").fill("经核实不成立")
    tab.get_by_role("button", name="登记", exact=True).click()
    expect(tab.get_by_text("其后处置：")).to_contain_text("已驳回 · 黑国资审〔2026〕1号", timeout=60_000)
