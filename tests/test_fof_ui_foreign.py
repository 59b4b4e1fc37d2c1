"""Names are text: what comes from outside is shown as it is written, on every page, and asks the browser for nothing."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import Page
from windows import Windows

from fof.table_workbook import table_workbook
from fof.ui import foreign
from models.posting_kinds import PostingKind as K
from tests.test_fof_ui_pages import PAGES, is_own, turn_to, walk_to

NAMES = (
    "![x](http://watch.invalid/i.png)",
    "[press](http://watch.invalid/l)",
    "http://watch.invalid/bare www.watch.invalid a@watch.invalid",
    "<img src=http://watch.invalid/t.png onerror=alert(1)>",
    "<script>fetch('http://watch.invalid/s')</script>",
    "<http://watch.invalid/auto>",
    ":red[danger] :material/delete: :smile: :red-background[x] :badge[x]",
    "$\\frac{1}{2}$ $$x^2$$ `code` ~~gone~~",
    "# heading",
    "> quoted **bold** _thin_",
    "- one\\n- two",
    "1. first",
    '=HYPERLINK("http://watch.invalid/f","x")',
    "+cmd|' /C calc'!A0",
    "@SUM(1)",
    "a -> b <- c >= d --",
    "&lt;b&gt; &#x3C;i&#x3E;",
    "<svg/onload=fetch('//watch.invalid/v')>",
    "[ref]: http://watch.invalid/r",
    "\\\\ back \\\\[slash\\\\]",
)
"""Markup, links, formulas, directives, things that look like something else."""
MARKED = ("em", "strong", "del", "code", "blockquote", "a", "img", "script", "svg", "iframe")


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_lost_and_nothing_is_a_link(name: str) -> None:
    """The joiner is nothing to see; without it and the escapes the text is the text."""
    told = foreign.escaped(name)
    bare = told.replace("\u2060", "")
    out, at = "", 0
    while at < len(bare):  # a backslash before a punctuation mark stands for the mark
        if (
            bare[at] == "\\"
            and at + 1 < len(bare)
            and not bare[at + 1].isalnum()
            and not bare[at + 1].isspace()
        ):
            at += 1
        out += bare[at]
        at += 1
    assert out == name.strip()


def test_what_cannot_be_seen_is_shown_by_its_code_point() -> None:
    assert foreign.plain("a\u202eb\u200bc\u2066d\ufeff") == "a\\u202eb\\u200bc\\u2066d\\ufeff"
    assert foreign.plain("a\u3164\u115f\u2800b") == "a\\u3164\\u115f\\u2800b"
    assert foreign.plain("a\u0000\u0007\ue0001") == "a\\u0000\\u0007\\ue0001"
    assert foreign.plain("two\nlines\u2028three") == "two lines three"
    assert foreign.file_name("../../etc/x: =y\u202e") == "etc_x___y_u202e"
    assert foreign.file_name("=@") == "table"


def test_an_export_holds_texts_and_formats_of_its_columns() -> None:
    content = table_workbook(
        "=1+1",
        "",
        list(NAMES),
        [[*NAMES], [0.0126, 1.5, 3, *NAMES[3:]]],
        ["percent", "multiple", "int"] + ["text"] * 17,
    )
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    assert {c.data_type for row in sheet.iter_rows() for c in row if isinstance(c.value, str)} == {"s"}
    assert [sheet.cell(6, n).number_format for n in (1, 2, 3)] == ["0.00%", '0.00"x"', "0"]
    assert not any(c.hyperlink for row in sheet.iter_rows() for c in row)


# -- in a browser -----------------------------------------------------------------------------------------------------

pytestmark: list[Any] = []


@pytest.fixture
def office(clerk: Any) -> Any:
    """A portfolio, funds, investors and companies that are called so; calls, deals, a statement, documents, a breach."""
    clerk.party(
        "PF", "parent_fund", portfolio="yes", name=NAMES[0], established_on="2020-01-01", status="investing"
    )
    clerk.party("GOV", "government", name=NAMES[1], government_level="province")
    for number, name in enumerate(NAMES):
        fund, company, investor = f"F{number}", f"C{number}", f"S{number}"
        clerk.party(
            fund,
            "sub_fund",
            name=name,
            status="investing",
            established_on="2021-01-01",
            strategy="vc",
            manager=f"M{number}",
            term_end="2024-10-01",
            fund_class="venture",
        )
        clerk.party(company, "company", name=name)
        clerk.party(investor, "social_investor", name=name)
        clerk.party(f"M{number}", "manager", name=name)
        clerk.pay(K.COMMITMENT, "PF", fund, 100, "2021-01-01", fund=fund)
        clerk.pay(K.COMMITMENT, investor, fund, 100, "2021-01-01", fund=fund)
        clerk.pay_many(
            "2021-02-01",
            [(K.CALL_DUE, "PF", fund, 50)],
            fund=fund,
            notice=("capital_call", name[:60], "2021-03-01"),
        )
        clerk.pay(K.CALL_INVESTMENT, "PF", fund, 40, "2021-02-20", fund=fund)
        clerk.deal(fund, company, "initial", 20, "2021-06-01", share=0.1)
        clerk.mark("PF", fund, 44 + number, "2024-06-30")
        clerk.fact(fund, "2022-01-01", "mandate_doc", name, name)
    clerk.pay(K.COMMITMENT, "GOV", "PF", 1000, "2020-06-01", fund="PF")
    return clerk


@pytest.fixture
def watched(windows: Windows) -> Iterator[tuple[Page, list[str]]]:
    """A tab that remembers every request that leaves the application's own origin, and every dialog."""
    left: list[str] = []
    with windows.opened(
        height=2400,
        request=lambda r: None if is_own(r.url) else left.append(r.url),
        dialog=lambda d: (left.append(d.message), d.dismiss()),
    ) as page:
        yield page, left


VIEWS = (
    ("overview", "explain=1&duties=1"),
    ("overview", "open=fund:F0~nav"),
    ("overview", "by=manager"),
    ("commitments", "government=1&flows=1"),
    ("commitments", "by=investor&side=fund"),
    *(("fund", f"fund=F{n}&tab=terms") for n in (0, 4, 6, 7, 8, 12)),
    ("fund", "fund=F3&tab=documents"),
    ("fund", "fund=F3&tab=account"),
    ("fund", "fund=F2&tab=bridge"),
    ("fund", "fund=F1&tab=holdings"),
    ("fund", "fund=F0&tab=calls"),
    ("lookthrough", "company=C3"),
    ("operations", "tab=chase"),
    ("operations", "tab=call&call_fund=F4"),
    ("operations", "tab=fees"),
    ("operations", "tab=quarter"),
    ("operations", "tab=papers"),
    ("compliance", "verdicts=breach,warn,unknown"),
    ("compliance", "tab=grid"),
    ("evaluation", "tab=losses&deals=1"),
    ("evaluation", "tab=register"),
    ("journal", "entry=20"),
    ("journal", "tab=changes&earlier=0"),
    ("journal", "q=![x](http://watch.invalid/q)"),
    ("journal", "entry=![x](http://watch.invalid/e)"),
    ("overview", "portfolio=![x](http://watch.invalid/p)&unit=<img src=x>"),
)


@pytest.mark.browser
def test_hostile_names_are_text_on_every_page(
    office: Any,
    watched: tuple[Page, list[str]],
    tmp_path: Path,
    serving: Callable[[str, Path], AbstractContextManager[str]],
) -> None:
    """Twenty names of every fund, company, investor, manager, notice and document, in one book: no request leaves, no mark works."""
    tab, left = watched
    with serving(str(office.database.url), tmp_path) as address:
        tab.goto(f"{address}/?portfolio=PF&as_of=2024-09-30&lang=zh")
        for page in PAGES:
            walk_to(tab, page)
            is_text(tab, left, page)
        for page, query in VIEWS:
            own = "" if "portfolio" in query else "portfolio=PF&"
            turn_to(tab, page, f"{own}as_of=2024-09-30&lang=zh&{query}")
            is_text(tab, left, page, query)
        tab.wait_for_timeout(1_000)
        is_text(tab, left, "at last")


def is_text(tab: Page, left: list[str], *place: str) -> None:
    tab.wait_for_timeout(50)
    assert left == [], place  # what is asked later is seen at the next place
    assert tab.locator("[data-testid=stException], .st-key-fault").count() == 0, place
    assert marks(tab) == [], place


def marks(tab: Page) -> list[str]:
    """Elements of the main part that only a mark in a name could have made."""
    found: list[str] = tab.evaluate(
        """() => [...document.querySelectorAll('[data-testid=stMain] [data-testid=stMarkdownContainer], [data-testid=stMain] [data-testid=stMetric]')]
        .flatMap(box => [...box.querySelectorAll('em,del,code,blockquote,a,img,script,iframe,.katex,h4,h5,h6,ol,ul,table,[data-testid=stIconMaterial],[style*=color]')]
          .filter(e => !e.closest('[data-testid=stPageLink]') && !e.closest('button') && !(e.dataset.testid === 'stIconMaterial' && e.closest('summary,[data-testid=stAlert]')))
          .map(e => e.outerHTML.slice(0, 160)))"""
    )
    return found
