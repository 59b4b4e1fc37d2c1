"""The journal page, drawn without a browser: it lists by recording, whatever day the page shows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from screens import drawn, screens_over
from streamlit.testing.v1 import AppTest

from fof import ledger
from fof.book.known import reports
from fof.ui import cited


@pytest.fixture
def office(clerk: Any, tmp_path: Path) -> Iterator[Any]:
    """A book of eight entries on days from 2010 to 2030, under the address the screens read."""
    clerk.party("PF", "parent_fund", portfolio="yes", name="示例母基金")
    clerk.party("F1", "sub_fund", name="示例一号")
    for day in ("2020-06-30", "2030-12-31", "2012-01-01", "2030-06-30", "2026-01-01", "2025-01-01"):
        clerk.fact("F1", day, "province", f"示例省 {day}")
    with screens_over(str(clerk.database.url), tmp_path):
        yield clerk


def numbers(table: Any) -> list[int]:
    """The entry numbers of a table; what a cell shows is the end of the address it links to."""
    return [int(address.rpartition("#")[2]) for address in table["entry"]]


@pytest.mark.parametrize("day", ["2011-12-31", "2020-06-30", "2026-09-30", "2035-01-01"])
def test_every_entry_is_listed_by_its_number_whatever_the_day(office: Any, day: str) -> None:
    head = ledger.read(office.database).head
    shown = drawn(as_of=day).dataframe[0].value
    assert numbers(shown) == list(range(head, 0, -1))
    later = {row["entry"] for _n, row in shown.iterrows() if "截至日之后" in row["state"]}
    assert later == {row["entry"] for _n, row in shown.iterrows() if row["effective_on"] > day}


def test_entries_that_were_not_known_yet_are_not_listed(office: Any) -> None:
    assert numbers(drawn(as_of="2011-12-31", known_at="4").dataframe[0].value) == [4, 3, 2, 1]


def test_a_book_that_was_empty_then_asks_for_no_import(office: Any) -> None:
    """What was recorded later is no file that is missing: the header's state of knowledge is what is to be changed."""
    before = drawn("commitments", as_of="2026-09-30", known_at="2010-01-01")
    assert [str(box.value) for box in before.info] == [
        "到所选的“已知至”为止，账中还没有这些内容，之后才登记。把“已知至”改为“最新”即可看到。"
    ]
    [now] = [str(box.value) for box in drawn("commitments", as_of="2026-09-30").info]
    assert "先导入" in now


def test_a_choice_is_told_the_browser_again_after_an_arrival_and_while_the_page_waits(office: Any) -> None:
    """The run after the first of an address may come before the browser has drawn that one: told nothing it would draw, and then
    send, the widget's own default. Later runs leave the browser what it holds."""
    app = drawn(as_of="2020-06-30")
    told = [bool(app.date_input(key="as_of").proto.set_value)]
    for waits in (False, False, True):
        if waits:
            app.session_state[cited.WAITED] = True
        app.run()
        told.append(bool(app.date_input(key="as_of").proto.set_value))
        assert str(app.date_input(key="as_of").value) == "2020-06-30"
    assert told[1:] == [True, False, True]


# -- a report is named ------------------------------------------------------------------------------------------------------


def named(app: AppTest, name: str, why: str) -> AppTest:
    """The form by which the header's state of knowledge is given a report's name, filled in and sent."""
    app.query_params["tab"] = "changes"
    app.run()
    app.text_input(key="report_name").set_value(name)
    app.text_input(key="report_why").set_value(why)
    [button] = [b for b in app.button if b.label == "命名"]
    button.click().run()
    assert not app.exception
    return app


def test_a_report_is_named_by_its_form_and_found_again_by_its_name(office: Any) -> None:
    app = named(drawn(as_of="2026-09-30", known_at="4"), "年报 2026", "报省财政厅")
    assert any("已命名" in str(said.value) for said in (*app.success, *app.info, *app.toast)), (
        "what was booked is said"
    )
    view = ledger.read(office.database).view()
    [report] = reports(view)
    assert (report.name, report.known_at, report.entry) == ("年报 2026", 4, 9)
    office.fact("F1", "2020-07-01", "province", "后来才知道")
    assert numbers(drawn(as_of="2026-09-30", known_at="年报 2026").dataframe[0].value) == [4, 3, 2, 1]


@pytest.mark.parametrize(
    ("name", "why", "says"),
    [
        ("2026-06-30", "报省财政厅", "不得是数字、日期或季度"),
        ("半年报", " ", "须写明是什么报告"),
        ("", "报省财政厅", "不超过 60 个字"),
    ],
)
def test_a_name_that_cannot_be_one_is_refused_on_the_form(
    office: Any, name: str, why: str, says: str
) -> None:
    app = named(drawn(as_of="2026-09-30"), name, why)
    assert any(says in str(error.value) for error in app.error)
    assert ledger.read(office.database).head == 8
