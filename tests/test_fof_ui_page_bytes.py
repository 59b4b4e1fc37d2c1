"""How much a page sends at once, over the demo office."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pyarrow as pa
import pytest

from benchmarks.pages import Session
from fof.ui import page_bytes
from fof.ui.coverage_charts import STEPS_DRAWN, waiting_curve
from fof.ui.table_columns import cells_of

LONGEST = {
    "coverage": "across=industry",
    "pools": "lang=zh",
    "compliance": "tab=grid",
}
"""The pages of the most tables, charts and cells: they sent 190, 278 and 173 KB at a click."""


@pytest.mark.browser  # by a client of our own, beside the tests that have the same server
@pytest.mark.parametrize("page", LONGEST)
def test_an_answer_to_a_click_holds_at_most_so_many_bytes(demo_page: str, page: str) -> None:
    async def sizes() -> tuple[int, int]:
        session = await Session(urlsplit(demo_page).port or 0, page).open()
        await session.rerun(LONGEST[page])
        await session.answered(LONGEST[page])
        _seconds, size, faults = await session.rerun(f"{LONGEST[page]}&unit=元")
        await session.close()
        return size, faults

    with ThreadPoolExecutor(1) as own:  # the browser of other tests has its own loop in this thread
        size, faults = own.submit(asyncio.run, sizes()).result()
    assert not faults
    assert 30_000 < size <= page_bytes.ANSWER_BYTES


def test_a_table_takes_half_of_what_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_bytes, "left", lambda: 40_000)
    assert page_bytes.rows_at_once(20_000, 400) == 400
    assert page_bytes.rows_at_once(20_001, 400) == 390
    assert page_bytes.rows_at_once(2_000_000, 400) == page_bytes.FEWEST_ROWS
    assert page_bytes.rows_at_once(2_000_000, 5) == 5
    assert page_bytes.rows_at_once(10_000, 100, 1_000) == 200  # judged by a hundred
    assert page_bytes.rows_at_once(10_000, 100, 150) == 150
    assert page_bytes.rows_at_once(20_000, 100, 1_000) == 100
    assert page_bytes.rows_at_once(25_000, 100, 1_000) == 80
    monkeypatch.setattr(page_bytes, "left", lambda: -1)
    assert page_bytes.rows_at_once(page_bytes.LEAST_BYTES, 100) == 100


def test_texts_that_come_again_are_sent_once() -> None:
    again = cells_of(["通过", None] * 200, "text", "元")
    assert pa.types.is_dictionary(again.type)
    assert again.to_pylist() == ["通过", None] * 200
    once = [f"一家企业 {n}" for n in range(200)]
    assert cells_of(once, "text", "元") == pa.array(once)
    many = [f"{n} 号文件所附的说明" for n in range(33_000)]
    assert cells_of(many, "text", "元").to_pylist() == many


@pytest.mark.parametrize("largest", [2**31 - 1, 2**31])
def test_whole_numbers_are_sent_as_they_are(largest: int) -> None:
    assert cells_of([0, None, -largest], "int", "元").to_pylist() == [0, None, -largest]


def test_of_steps_that_cannot_be_told_apart_the_last_is_drawn() -> None:
    days = [float(n) for n in range(1, 4001)]
    left = [1 - n / 4000 for n in range(1, 4001)]
    drawn = waiting_curve(days, left, left, left)["series"][0]["data"]
    assert drawn[0] == [0, 100.0]
    assert drawn[-1] == [round(4000 / 30.4375, 2), 0.0]
    assert len(drawn) <= STEPS_DRAWN + 2
    assert waiting_curve([], [], [], [])["series"][0]["data"] == [[0, 100.0]]
