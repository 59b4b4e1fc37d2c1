"""What a reader needs of every page: its language said to the browser, no word of the framework in another, letters that can be read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Literal

import pytest
from playwright.sync_api import Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout
from windows import Windows

from fof.ui.browser import framework_words
from tests.test_fof_ui_pages import DEFAULT, FAULT, PAGES, open_page, settled, turn_to

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def loaded(windows: Windows, demo_page: str) -> Iterator[Page]:
    """The application, loaded once."""
    with windows.opened(height=2400) as page:
        open_page(page, demo_page, DEFAULT, "portfolio=PF-2023&lang=zh")
        yield page


@pytest.fixture(scope="module", params=PAGES)
def chinese(loaded: Page, request: pytest.FixtureRequest) -> Page:
    """Each page of the demo office in Chinese, come to by its address once for all tests that look at it."""
    in_colours(loaded, "light")
    turn_to(loaded, request.param, "portfolio=PF-2023&lang=zh")
    return loaded


@pytest.fixture
def light(windows: Windows) -> Iterator[Page]:
    with windows.opened() as page:
        yield page


def in_colours(page: Page, scheme: Literal["light", "dark"]) -> None:
    page.emulate_media(color_scheme=scheme)
    page.wait_for_function(
        f"getComputedStyle(document.querySelector('[data-testid=stApp]')).colorScheme === '{scheme}'"
    )
    settled(page)


PALE = """() => {
  const rgba = (text) => (text.match(/[\\d.]+/g) ?? []).map(Number);
  const over = (top, bottom) => [0, 1, 2].map((i) => top[i] * (top[3] ?? 1) + bottom[i] * (1 - (top[3] ?? 1)));
  const luminance = (c) => { const [r, g, b] = c.map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const behind = (element) => {
    const layers = [];
    const own = element.getBoundingClientRect(), x = own.x + own.width / 2, y = own.y + own.height / 2;
    for (let e = element; e; e = e.parentElement) {  // the value of a slider is written beside its thumb
      const box = e.getBoundingClientRect();
      const under = x >= box.left && x <= box.right && y >= box.top && y <= box.bottom;
      if (under || e === document.body) layers.push(rgba(getComputedStyle(e).backgroundColor));
    }
    return layers.reverse().filter((l) => l.length && l[3] !== 0).reduce((below, l) => over(l, below), [255, 255, 255]);
  };
  const opacity = (element) => { let o = 1; for (let e = element; e; e = e.parentElement) o *= Number(getComputedStyle(e).opacity); return o; };
  const pale = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.data.trim(), element = walker.currentNode.parentElement;
    if (!text || element.closest("script, style, noscript, canvas, [data-testid=stIconMaterial], [disabled], [aria-disabled=true]")) continue;
    const box = element.getBoundingClientRect(), style = getComputedStyle(element);
    if (box.width < 2 || box.height < 2 || style.visibility === "hidden" || opacity(element) === 0) continue;
    const color = rgba(style.color), below = behind(element);
    color[3] = (color[3] ?? 1) * opacity(element);
    const [a, b] = [luminance(over(color, below)), luminance(below)].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) pale.push(`${ratio.toFixed(2)} ${text.slice(0, 40)} (${element.closest("[data-testid]")?.dataset.testid})`);
  }
  return pale;
}"""


def test_every_page_opens_on_the_demo_office(chinese: Page) -> None:
    is_whole(chinese, "截至")


def is_whole(page: Page, as_of: str) -> None:
    assert page.locator(FAULT).count() == 0
    assert page.get_by_role("heading", level=1).inner_text().strip()
    text = page.locator("[data-testid=stMain]").inner_text()
    assert as_of in text
    for word in ("Traceback", "nan", "None"):
        assert word not in text


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_of_a_page_can_be_read(chinese: Page, scheme: Literal["light", "dark"]) -> None:
    """Contrast from computed colours, every layer behind the text counted, at least 4.5 (WCAG 2.2, 1.4.3)."""
    in_colours(chinese, scheme)
    with suppress(PlaywrightTimeout):  # the page is drawn anew for its other colours, part after part
        chinese.wait_for_function(f"({PALE})().length === 0", polling=100, timeout=10_000)
    assert chinese.evaluate(PALE) == []


def test_the_measure_sees_a_pale_text(light: Page, demo_page: str) -> None:
    open_page(light, demo_page, "journal", "portfolio=PF-2023&lang=zh")
    light.evaluate("document.querySelector('h1').style.color = 'rgba(0, 0, 0, 0.4)'")
    assert [line.split()[1] for line in light.evaluate(PALE)] == ["日记账"]


LATIN = """() => {
  const words = [], latin = (t) => t && /[A-Za-z]{3}/.test(t) && !/[\\u4e00-\\u9fff]/.test(t);
  for (const e of document.querySelectorAll("body *")) {
    if (e.closest("script, style, noscript, canvas, [data-testid=stIconMaterial], [data-testid=stMarkdownContainer], code") && !e.closest("[data-testid=stFileUploader]")) continue;
    if (e.closest("[data-testid=stIconMaterial], [data-testid$=DynamicIcon], [data-testid=stExpanderIcon], [data-testid=stFileChipName]")) continue;
    for (const n of e.childNodes) if (n.nodeType === Node.TEXT_NODE && latin(n.data)) words.push(n.data.trim());
    for (const a of ["aria-label", "title", "placeholder", "alt"]) if (/[a-z]{3}/.test(e.getAttribute(a) ?? "")) words.push(e.getAttribute(a));
  }
  return words;
}"""
NO_WORDS = {
    "• XLSX, CSV",
    "• TOML",
    "English",
    "yyyy",
    "DPI",
    "TVPI",
    "IRR",
    "RVPI",
    "工作簿或 csv（20 MB 以内）",
}
"""What stands in Latin letters on a Chinese page: kinds of files, the other language's name, abbreviations."""


def test_a_chinese_page_has_no_english_of_the_framework(chinese: Page) -> None:
    expect(chinese.locator("html")).to_have_attribute("lang", "zh-CN")
    assert set(chinese.evaluate(LATIN)) - NO_WORDS == set()


def test_the_page_is_there_in_english(chinese: Page) -> None:
    """The last look at a page: it stays English."""
    chinese.get_by_text("English", exact=True).click()
    expect(chinese.locator("html")).to_have_attribute("lang", "en", timeout=60_000)
    settled(chinese)
    is_whole(chinese, "As of")


def test_the_page_says_its_language_and_the_upload_speaks_it(light: Page, demo_page: str) -> None:
    """Both ways on one page: the framework's words come and go with the language, what it writes later too."""
    open_page(light, demo_page, "intake", "lang=zh")
    upload = light.get_by_test_id("stFileUploader")
    expect(upload).to_contain_text("选择文件")
    expect(upload).to_contain_text("每个文件不超过 20MB")
    light.get_by_test_id("stFileUploader").locator("input[type=file]").set_input_files(
        {"name": "Upload.txt", "mimeType": "text/plain", "buffer": b"x"}
    )
    expect(upload).to_contain_text("不接受这种文件")
    expect(upload).to_contain_text("Upload.txt")
    light.get_by_text("English", exact=True).click()
    expect(light.locator("html")).to_have_attribute("lang", "en")
    open_page(light, demo_page, "intake", "lang=en")
    expect(light.locator("html")).to_have_attribute("lang", "en")
    expect(upload).to_contain_text("20MB per file")


def test_a_word_comes_back_in_the_other_language(light: Page, demo_page: str) -> None:
    open_page(light, demo_page, "compliance", "portfolio=PF-2023&lang=zh")
    expect(light.get_by_role("button", name="全部清除")).to_be_visible(timeout=60_000)
    light.get_by_text("English", exact=True).click()
    expect(light.get_by_role("button", name="Clear all")).to_be_visible(timeout=60_000)
    settled(light)
    chosen = light.get_by_test_id("stMultiSelect")
    expect(chosen).to_contain_text("Breach")
    expect(chosen).not_to_contain_text("违反")
    light.get_by_text("中文", exact=True).click()
    expect(light.get_by_role("button", name="全部清除")).to_be_visible(timeout=60_000)
    expect(chosen).to_contain_text("违反")


def test_a_choice_outlives_languages_changed_faster_than_the_page(light: Page, demo_page: str) -> None:
    """The browser names an option by its label; a click that meets the labels of the other language loses nothing."""
    open_page(light, demo_page, "compliance", "portfolio=PF-2023&lang=zh&verdicts=unknown,warn")
    chosen = light.get_by_test_id("stMultiSelect")
    for pause in (0, 0, 150, 0, 400, 0):
        for language in ("English", "中文"):
            light.get_by_text(language, exact=True).click()
            light.wait_for_timeout(pause)
    settled(light)
    expect(chosen).to_contain_text("提示", timeout=60_000)
    expect(chosen).to_contain_text("无法判断")
    assert "verdicts=unknown%2Cwarn" in light.url


def test_choices_of_the_office_keep_their_names(light: Page, demo_page: str) -> None:
    """A word of the framework that is a choice of the office is the office's; only what the framework adds is its own."""
    open_page(light, demo_page, "compliance", "portfolio=PF-2023&lang=zh")
    light.get_by_test_id("stMultiSelect").click()
    expect(light.get_by_text("全选", exact=True)).to_be_visible()
    light.evaluate("document.querySelector('[role=option]').append('Format')")
    expect(light.locator("[role=option]").first).to_contain_text("Format")


def test_every_word_of_the_framework_has_its_chinese() -> None:
    rows = framework_words()
    assert len({row["en"] for row in rows}) == len(rows) > 50
    for row in rows:
        assert row["zh"]
        assert row["en"].count("{}") == row["zh"].count("{}") <= 1
        assert row["place"] in ("", "list")


@pytest.mark.parametrize(
    "query", ["lang=zh&portfolio=PF-2023", "lang=en&portfolio=PF-2023", "lang=zh&portfolio=Oregon"]
)
def test_the_header_is_one_line(light: Page, demo_page: str, query: str) -> None:
    open_page(light, demo_page, "journal", query)
    box = light.locator(".st-key-header").bounding_box()
    assert box is not None
    assert box["height"] < 90


def test_an_entry_that_is_opened_stands_in_sight(light: Page, demo_page: str) -> None:
    light.set_viewport_size({"width": 1440, "height": 900})
    open_page(light, demo_page, "journal", "portfolio=PF-2023&lang=zh&entry=9000")
    box = light.get_by_role("heading", name="分录 9000").bounding_box()
    assert box is not None
    assert box["y"] < 870
