"""The journal page, drawn without a browser: it lists by recording, whatever day the page shows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from fof import ledger

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def office(clerk: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Any]:
    """A book of eight entries on days from 2010 to 2030, under the address the screens read."""
    clerk.party("PF", "parent_fund", portfolio="yes", name="示例母基金")
    clerk.party("F1", "sub_fund", name="示例一号")
    for day in ("2020-06-30", "2030-12-31", "2012-01-01", "2030-06-30", "2026-01-01", "2025-01-01"):
        clerk.fact("F1", day, "province", f"示例省 {day}")
    monkeypatch.setenv("FOF_DATABASE_URL", str(clerk.database.url))
    monkeypatch.setenv("FOF_DATA_DIR", str(tmp_path))
    st.cache_resource.clear()
    _settings_forgotten()
    yield clerk
    st.cache_resource.clear()
    _settings_forgotten()


def _settings_forgotten() -> None:
    from fof.ui import frame

    frame.settings.cache_clear()


def drawn(page: str = "journal", **query: str) -> AppTest:
    app = AppTest.from_file(ROOT / "app.py", default_timeout=120)
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    app.switch_page(f"fof/ui/pages/{page}.py").run()
    assert not app.exception
    return app


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
