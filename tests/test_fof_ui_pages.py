"""Every page opens: over the demo office and over an empty book, in both languages, in a real browser."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from windows import Windows

from fof import ledger
from fof.access import LOCAL
from fof.db import Database
from fof.importers.layouts import LAYOUTS
from fof.importers.template import filled
from fof.ui.menu import places
from models.kinds import PartyKind

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted(p.stem for p in (ROOT / "fof" / "ui" / "pages").glob("*.py"))
DEFAULT = "overview"
"""Its address is the root."""

Serving = Callable[[str, Path], AbstractContextManager[str]]

pytestmark = pytest.mark.browser


FAULT = "[data-testid=stException], .st-key-fault"
"""What a page shows when it fails by itself."""


def open_page(tab: Page, address: str, page: str, query: str = "") -> None:
    tab.goto(f"{address}/{'' if page == DEFAULT else page}?{query}")
    settled(tab)


TURNED = """async (place) => {
  const begun = new Promise((done) => new MutationObserver((_changes, watching) => {
    if (document.querySelector("[data-testid=stApp]")?.dataset.testScriptState === "notRunning") return;
    watching.disconnect();
    done(true);
  }).observe(document.body, { subtree: true, attributes: true, attributeFilter: ["data-test-script-state"] }));
  history.pushState(null, "", place);
  window.dispatchEvent(new PopStateEvent("popstate"));
  return Promise.race([begun, new Promise((done) => setTimeout(() => done(false), 10000))]);
}"""


def turn_to(tab: Page, page: str, query: str = "") -> None:
    """A page by its address in the loaded application, in Chinese, as a step through the history comes to it."""
    place = f"/{'' if page == DEFAULT else page}?{query}"
    tries = range(3)  # the browser drops a step while it connects anew
    assert any(tab.evaluate(TURNED, place) for _ in tries), "the script has not begun"
    expect(tab.get_by_role("heading", level=1)).to_have_text(str(places()[page].title), timeout=90_000)
    settled(tab)


def settled(tab: Page) -> None:
    """The script has run to its end, and what is made beside the page has come."""
    _not_running(tab)
    waiting = tab.get_by_text(re.compile("完成后自动显示|appears by itself"))
    if waiting.count():
        expect(waiting).to_have_count(0, timeout=90_000)
        _not_running(tab)


def _not_running(tab: Page) -> None:
    tab.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]", timeout=90_000)
    tab.wait_for_selector("h1", timeout=30_000)


@pytest.fixture
def tab(windows: Windows) -> Iterator[Any]:
    """A tab that remembers requests which leave the application's own origin."""
    left: list[str] = []
    with windows.opened(request=lambda r: None if is_own(r.url) else left.append(r.url)) as page:
        yield page
    assert left == []


def is_own(url: str) -> bool:
    """Whether a request stays with the application."""
    return url.startswith(("http://127.0.0.1", "data:", "blob:"))


def walk_to(tab: Page, page: str) -> None:
    """Through the menu, as a reader goes: the application stays loaded, the header's choices stay what they are."""
    title = str(places()[page].title)
    tab.get_by_test_id("stSidebar").get_by_role("link", name=title, exact=True).click()
    expect(tab.get_by_role("heading", level=1)).to_have_text(title, timeout=90_000)
    settled(tab)


def test_every_page_opens_on_an_empty_book_and_says_what_to_do(tab: Page, empty_page: str) -> None:
    open_page(tab, empty_page, DEFAULT, "lang=zh")
    for page in PAGES:
        walk_to(tab, page)
        assert tab.locator(FAULT).count() == 0, page
        assert tab.get_by_role("heading", level=1).count() == 1, page


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_narrow_screen_scrolls_down_only(windows: Windows, demo_page: str, scheme: str) -> None:
    with windows.opened(390, 900, scheme) as tab:  # type: ignore[arg-type]
        open_page(tab, demo_page, DEFAULT, "portfolio=PF-2023&lang=en")
        names = tab.locator("[data-testid=stMetricLabel] .stMarkdownEllipsis")
        expect(names.nth(5)).to_be_visible(timeout=30_000)
        cut = "them => them.filter(x => x.scrollWidth > x.clientWidth + 4).map(x => x.innerText)"
        assert names.evaluate_all(cut) == []  # a name that stands above a figure is whole
        wide = tab.evaluate(
            "document.querySelector('[data-testid=stMain]').scrollWidth - document.querySelector('[data-testid=stMain]').clientWidth"
        )
    assert wide <= 2


def test_a_view_can_be_cited_by_its_address(tab: Page, demo_page: str) -> None:
    open_page(tab, demo_page, DEFAULT, "portfolio=PF-2023&as_of=2019-12-31&known_at=9000&unit=亿元")
    text = tab.locator("[data-testid=stMain]").inner_text()
    assert "截至 2019-12-31" in text
    assert "已知至分录 9000" in text
    assert "单位 亿元" in text
    assert tab.locator(FAULT).count() == 0
    tab.get_by_role("link", name="认缴与缴款").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("认缴与缴款")
    settled(tab)
    assert "截至 2019-12-31" in tab.locator("[data-testid=stMain]").inner_text()


def test_a_figure_opens_to_its_rows(tab: Page, demo_page: str) -> None:
    open_page(tab, demo_page, DEFAULT, "portfolio=PF-2023")
    tab.get_by_text("数字从何而来").click()
    expect(tab.get_by_text("认缴 = 各笔认缴与增加 − 减少 ± 转让")).to_be_visible(timeout=30_000)


def test_real_positions_are_one_click_away_from_the_first_page(tab: Page, demo_page: str) -> None:
    open_page(tab, demo_page, DEFAULT, "lang=zh")
    tab.get_by_role("link", name="Oregon").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("披露持仓")
    settled(tab)
    expect(tab.get_by_text("例外：披露与计算不一致")).to_be_visible(timeout=30_000)
    assert "portfolio=Oregon" in tab.url
    tab.get_by_role("link", name="总览").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("总览")
    settled(tab)
    assert "portfolio=Oregon" in tab.url


def parties_file() -> bytes:
    rows = [
        {
            "code": "CITY-1",
            "kind": PartyKind.GOVERNMENT,
            "name": "示例市财政局",
            "since": dt.date(2024, 1, 1),
        },
        {
            "code": "MGR-1",
            "kind": PartyKind.MANAGER,
            "name": "示例管理有限公司",
            "since": dt.date(2024, 1, 1),
        },
    ]
    return filled([(LAYOUTS["parties"], rows)])


def test_a_file_is_previewed_booked_and_not_booked_twice(
    windows: Windows, sqlite_url: str, tmp_path: Path, serving: Serving
) -> None:
    with serving(sqlite_url, tmp_path) as address, windows.opened(height=1600) as tab:
        upload = {"name": "主体.xlsx", "mimeType": "application/octet-stream", "buffer": parties_file()}
        for turn in range(2):
            open_page(tab, address, "intake")
            tab.get_by_test_id("stFileUploader").locator("input[type=file]").set_input_files(upload)  # type: ignore[arg-type]
            if turn == 0:
                tab.get_by_role("button", name="入账").click()
                expect(tab.get_by_text("已登记分录")).to_be_visible(timeout=30_000)
            else:
                expect(tab.get_by_text("文件里的内容账中都已有，没有可新增的。")).to_be_visible(
                    timeout=30_000
                )
    book = Database(sqlite_url)
    assert {p.code for p in ledger.read(book).view().parties.values()} == {"CITY-1", "MGR-1"}
    book.close()


def test_a_file_with_problems_lists_them_and_books_nothing(
    windows: Windows, sqlite_url: str, tmp_path: Path, serving: Serving
) -> None:
    bad = (
        io.StringIO("编号,主体类别,名称,生效日\nA-1,政府,示例,2024-13-01\n,政府,示例,2024-01-01\n")
        .getvalue()
        .encode()
    )
    with serving(sqlite_url, tmp_path) as address, windows.opened(height=1600) as tab:
        open_page(tab, address, "intake")
        upload = {"name": "主体.csv", "mimeType": "text/csv", "buffer": bad}
        tab.get_by_test_id("stFileUploader").locator("input[type=file]").set_input_files(upload)  # type: ignore[arg-type]
        expect(tab.get_by_text("处问题，未写入任何内容")).to_be_visible(timeout=30_000)
        assert tab.get_by_role("button", name="入账").count() == 0
    book = Database(sqlite_url)
    assert ledger.read(book).head == 0
    book.close()


def test_an_entry_is_reversed_with_a_reason(
    windows: Windows, sqlite_url: str, tmp_path: Path, serving: Serving
) -> None:
    from fof import intake

    book = Database(sqlite_url)
    intake.book(book, LOCAL, parties_file(), "主体.xlsx")
    terms = next(e for e in ledger.read(book).entries(1, 99) if e.kind == "terms")
    with serving(sqlite_url, tmp_path) as address, windows.opened(height=2000) as tab:
        open_page(tab, address, "journal", f"entry={terms.id}&as_of=2026-01-01")
        tab.get_by_role("button", name="冲销这条分录").click()
        tab.get_by_label("原因").fill("名称登记有误")
        tab.get_by_role("button", name="冲销", exact=True).click()
        expect(tab.get_by_text("已登记冲销分录")).to_be_visible(timeout=30_000)
    assert ledger.read(book).view().entry(terms.id).reversed_by is not None
    book.close()


def test_what_was_decided_today_is_seen_on_the_page_of_the_quarter_end(
    windows: Windows, demo_copy: Database, tmp_path: Path, serving: Serving
) -> None:
    """The page as of the quarter end says what was booked, keeps the state of its day and shows the later decision beside it."""
    head = ledger.read(demo_copy).head
    with serving(str(demo_copy.url), tmp_path) as address, windows.opened(height=2000) as tab:
        open_page(tab, address, "compliance", "portfolio=PF-2023&as_of=2026-09-30&lang=zh")
        table = tab.get_by_test_id("stDataFrame").first
        table.wait_for(timeout=60_000)
        box = table.bounding_box()
        assert box is not None
        tab.mouse.click(box["x"] + 15, box["y"] + 50)
        tab.get_by_role("button", name="登记处置").click()
        tab.get_by_label("处置依据", exact=True).fill("整改通知〔2026〕9号")
        tab.get_by_role("combobox", name="处置").click()
        tab.get_by_role("option", name="驳回").click()
        tab.get_by_label("原因").fill("经核实不成立")
        tab.get_by_role("button", name="登记", exact=True).click()
        said = tab.locator(".st-key-booked_last")
        expect(said).to_contain_text(f"已登记分录 {head + 1}", timeout=60_000)
        expect(said).to_contain_text("生效日")
        expect(tab.get_by_text("其后处置：")).to_contain_text("已驳回 · 整改通知〔2026〕9号", timeout=60_000)
        said.get_by_role("link", name=f"分录 {head + 1}").click()
        expect(tab.get_by_role("heading", level=1)).to_have_text("日记账")
        settled(tab)
        expect(tab.get_by_role("heading", name=f"分录 {head + 1}")).to_be_visible(timeout=30_000)
        assert "截至 2026-09-30" in tab.locator("[data-testid=stMain]").inner_text()
    [decided] = ledger.read(demo_copy).view().decisions
    assert (decided.entry, decided.row.action) == (head + 1, "dismiss")


# -- addresses ------------------------------------------------------------------------------------------------------


def test_one_step_back_is_the_page_before(tab: Page, demo_page: str) -> None:
    """Three pages, a fund chosen on the second: each step back is one page or one choice, and the fund is the one that was left."""
    open_page(tab, demo_page, DEFAULT, "portfolio=PF-2023&as_of=2026-09-30&unit=万元&lang=zh")
    for name in ("子基金", "日记账"):
        if name == "日记账":
            choose_fund(tab, "SF-2020-01")
            tab.wait_for_url("**/fund?*fund=SF-2020-01*")
            settled(tab)
        tab.get_by_role("link", name=name).click()
        expect(tab.get_by_role("heading", level=1)).to_have_text(name)
        settled(tab)
    tab.go_back()
    expect(tab.get_by_role("heading", level=1)).to_have_text("子基金")
    settled(tab)
    expect(tab.get_by_role("combobox", name="基金")).to_have_value(re.compile("SF-2020-01"))
    assert "fund=SF-2020-01" in tab.url
    tab.go_back()
    settled(tab)
    expect(tab.get_by_role("combobox", name="基金")).not_to_have_value(re.compile("SF-2020-01"))
    expect(tab.get_by_role("heading", level=1)).to_have_text("子基金")
    tab.go_back()
    expect(tab.get_by_role("heading", level=1)).to_have_text("总览")


def held_back(tab: Page) -> Callable[[bool], None]:
    """What the server sends can be kept from the browser, and comes when it is let go: a slow line."""
    waiting: list[tuple[Any, str | bytes]] = []
    holds = [False]

    def joined(line: Any) -> None:
        server = line.connect_to_server()
        line.on_message(server.send)
        server.on_message(lambda sent: waiting.append((line, sent)) if holds[0] else line.send(sent))

    def hold(now: bool) -> None:
        holds[0] = now
        while waiting and not now:
            line, sent = waiting.pop(0)
            line.send(sent)

    tab.route_web_socket(re.compile("_stcore/stream"), joined)
    return hold


DRAWS_LATE = """() => {
  const post = MessagePort.prototype.postMessage;
  MessagePort.prototype.postMessage = function (...said) {
    if (window.drawsLate) setTimeout(() => post.apply(this, said), 1500);
    else post.apply(this, said);
  };
}"""
"""A browser that reads what it is sent and draws it later: what is drawn is begun by a message of the page to itself."""


def choose_fund(tab: Page, code: str) -> None:
    box = tab.get_by_role("combobox", name="基金")
    box.click()
    box.fill(code)
    tab.get_by_role("option", name=code).click()


def walk_to_journal(tab: Page) -> None:
    tab.get_by_test_id("stSidebar").get_by_role("link", name="日记账").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("日记账")
    settled(tab)


def test_a_link_is_one_step_where_the_browser_draws_late(tab: Page, demo_page: str) -> None:
    tab.add_init_script(f"({DRAWS_LATE})()")
    open_page(tab, demo_page, "fund", "portfolio=PF-2023&as_of=2026-09-30&unit=万元&lang=zh")
    choose_fund(tab, "SF-2020-01")
    tab.wait_for_url("**/fund?*fund=SF-2020-01*")
    settled(tab)
    steps = tab.evaluate("history.length")
    tab.evaluate("window.drawsLate = true")
    walk_to_journal(tab)
    assert tab.evaluate("history.length") == steps + 1
    tab.evaluate("window.drawsLate = false")
    tab.go_back()
    expect(tab.get_by_role("heading", level=1)).to_have_text("子基金")
    settled(tab)
    expect(tab.get_by_role("combobox", name="基金")).to_have_value(re.compile("SF-2020-01"))


def test_a_click_stands_where_the_address_of_the_page_before_came_late(tab: Page, demo_page: str) -> None:
    """A fund is chosen and a link clicked before the fund's address has come: it then comes behind the new page's path."""
    hold = held_back(tab)
    open_page(tab, demo_page, "fund", "portfolio=PF-2023&as_of=2026-09-30&unit=万元&lang=zh")
    hold(True)
    choose_fund(tab, "SF-2020-01")
    tab.wait_for_timeout(1_500)
    tab.get_by_test_id("stSidebar").get_by_role("link", name="日记账").click()
    hold(False)
    expect(tab.get_by_role("heading", level=1)).to_have_text("日记账")
    settled(tab)
    changes = tab.get_by_role("tab", name="两个时点之间的变化")
    changes.click()
    tab.wait_for_url("**/journal?*tab=changes*")
    settled(tab)
    expect(changes).to_have_attribute("aria-selected", "true")
    assert "fund=" not in tab.url


@pytest.mark.parametrize("start", ["", "portfolio=PF-2023&lang=zh"])
def test_a_page_is_one_step_whatever_its_address_leaves_out(tab: Page, demo_page: str, start: str) -> None:
    """What an address does not say is written into it; the order in which a link says it makes no step of its own."""
    open_page(tab, demo_page, DEFAULT, start)
    tab.wait_for_url("**unit=*")
    steps = tab.evaluate("history.length")
    for number, name in enumerate(("认缴与缴款", "子基金", "穿透"), 1):
        tab.get_by_role("link", name=name, exact=True).click()
        expect(tab.get_by_role("heading", level=1)).to_have_text(name)
        settled(tab)
        assert tab.evaluate("history.length") == steps + number, name
    tab.wait_for_timeout(1_000)  # a step that comes late is one too many here: none is ever taken away
    assert tab.evaluate("history.length") == steps + number
    for name in ("子基金", "认缴与缴款", "总览"):
        tab.go_back()
        expect(tab.get_by_role("heading", level=1)).to_have_text(name)
        settled(tab)


def test_the_first_page_has_a_name(tab: Page, demo_page: str) -> None:
    tab.goto(f"{demo_page}/overview?portfolio=PF-2023&lang=zh")
    settled(tab)
    expect(tab.get_by_role("heading", level=1)).to_have_text("总览")
    assert tab.locator(FAULT).count() == 0


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("portfolio=NIX", "portfolio=NIX"),
        ("as_of=2026-02-30", "不是日历上的日期"),
        ("as_of=1066-10-14", "须在"),
        ("known_at=99999999", "99999999"),
        ("known_at=2999-01-01", "不晚于今天"),
        ("unit=斤", "没有这个单位"),
        ("as_of=2024-06-30&as_of=2023-06-30", "as_of=2024-06-30, 2023-06-30 无法照办：写了不止一个值"),
        ("lang=la", "没有这个语言"),
        ("open=fund:NIX~nav", "本页没有它"),
        ("by=colour", "没有这个分组"),
    ],
)
def test_what_an_address_names_and_is_not_there_is_said(
    tab: Page, demo_page: str, query: str, said: str
) -> None:
    open_page(tab, demo_page, DEFAULT, f"{query}&lang=zh" if "lang" not in query else query)
    expect(tab.locator(".st-key-address_wrong")).to_contain_text(said, timeout=60_000)
    assert tab.locator(FAULT).count() == 0


def test_what_is_open_stands_in_the_address_in_either_language(tab: Page, demo_page: str) -> None:
    """A tab, a figure, a finding: opened by an address that names them by code."""
    for language, tab_name in (("zh", "条款"), ("en", "Terms")):
        open_page(tab, demo_page, "fund", f"portfolio=PF-2023&fund=SF-2020-01&tab=terms&lang={language}")
        expect(tab.get_by_role("tab", name=tab_name, exact=True)).to_have_attribute("aria-selected", "true")
    open_page(tab, demo_page, DEFAULT, "portfolio=PF-2023&lang=zh&open=fund:SF-2020-01~nav")
    expect(tab.locator("[class*=st-key-explanation_]")).to_contain_text("净值 =", timeout=60_000)
    open_page(
        tab,
        demo_page,
        "compliance",
        "portfolio=PF-2023&as_of=2026-09-30&lang=zh&finding=AF-06:SF-2020-01/SO-07",
    )
    expect(tab.get_by_role("heading", name="AF-06")).to_be_visible(timeout=60_000)


def test_a_state_of_knowledge_is_a_day_on_the_page_too(tab: Page, demo_page: str) -> None:
    open_page(tab, demo_page, "journal", "portfolio=PF-2023&known_at=2020-01-01&lang=zh")
    expect(tab.locator("[data-testid=stMain]")).to_contain_text("已知至分录 0（2020-01-01）", timeout=60_000)
    expect(tab.get_by_text("没有符合条件的分录。")).to_be_visible()


def switched_off(tab: Page, name: str) -> None:
    """A press that meets a part of the page just being drawn anew is lost: the switch is pressed until it is off."""
    switch = tab.get_by_role("switch", name=name)
    for _ in range(5):
        if not switch.is_checked():
            break
        switch.press("Space")
        tab.wait_for_timeout(1000)
    expect(switch).not_to_be_checked()


def test_a_run_is_cancelled_and_gone_on_with(tab: Page, demo_page: str) -> None:
    """Of twenty years on 20,000 paths with a shock: twice some seconds, of which the first half of one is waited for."""
    tab.goto(
        f"{demo_page}/scenarios?portfolio=PF-2023&as_of=2026-09-30&lang=zh&scenario_paths=20000&horizon=20&down=7"
    )
    tab.get_by_role("button", name="取消").click(timeout=60_000)
    again = tab.get_by_role("button", name="继续推演")
    expect(again).to_be_visible(timeout=60_000)
    expect(tab.get_by_test_id("stAlert")).to_contain_text("推演已取消")
    again.click()
    expect(tab.get_by_text("TVPI 中位")).to_be_visible(timeout=120_000)
    settled(tab)
    assert tab.locator(FAULT).count() == 0


def test_the_planner_and_the_other_tabs_of_scenarios(tab: Page, demo_page: str) -> None:
    """What cash lacks is met by default and said; without that the page says from when to when, how much, and what would hold."""
    open_page(tab, demo_page, "scenarios", "portfolio=PF-2023&as_of=2026-09-30&lang=zh&tab=plan")
    expect(tab.get_by_text(re.compile(r"最多少 [0-9,.]+ [万亿]元；计划假定按季拨款补足"))).to_be_visible(
        timeout=60_000
    )
    settled(tab)
    switched_off(tab, "现金缺口按季拨款补足")
    warning = tab.get_by_test_id("stAlert").filter(has_text="守不住")
    expect(warning).to_contain_text(
        re.compile(r"2026-12-31 至 20\d\d-\d\d-\d\d 的现金低于最低现金"), timeout=60_000
    )
    expect(warning).not_to_contain_text("未写入")
    for name in ("规则逐年", "企业", "资金池", "业绩分布", "假设与检查"):
        tab.get_by_role("tab", name=name).click()
        settled(tab)
        assert tab.locator(FAULT).count() == 0, name
    tab.get_by_role("tab", name="规则逐年").click()
    expect(tab.get_by_text(re.compile("条推演中未判断"))).to_have_count(1)
