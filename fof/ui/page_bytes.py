"""How much a page sends at once: its tables and charts share what one answer to the browser may hold.

A table takes at most half of what those before it left, so that a page of many long tables stays as quick as one of a single
one; longer tables have pages of their own, and their spreadsheet has every row. How many rows that is follows from the
first page's, so that turning a page moves no row.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import streamlit as st

ANSWER_BYTES = 100_000
"""An answer to a click is to hold no more: a budget of the work, measured by `benchmarks.pages`."""
AROUND_BYTES = 38_000
"""Header, menu and words of every page, 18 to 24 KB of them, and the headings, captions and forms of the longest."""
LEAST_BYTES, FEWEST_ROWS = 8_000, 20
"""What a table may always take, and how many rows it always has."""
COLUMN_BYTES = 130
"""What the settings of a column take beside its words."""
_LEFT = "page_bytes_left"


def begin() -> None:
    """A run begins: nothing is sent yet."""
    st.session_state[_LEFT] = ANSWER_BYTES - AROUND_BYTES


def left() -> int:
    """What the tables and charts that are still to come may take together; below 0 where more was sent."""
    return int(st.session_state.get(_LEFT, ANSWER_BYTES - AROUND_BYTES))


def took(size: int) -> None:
    """Something of a size was drawn."""
    st.session_state[_LEFT] = left() - size


def took_chart(spec: Mapping[str, Any]) -> None:
    """A chart was drawn."""
    took(len(json.dumps(spec, ensure_ascii=False, default=str)))


def of_cells(cells: pa.Table) -> int:
    """What cells take as the framework sends them."""
    counted = pa.MockOutputStream()
    with pa.ipc.new_stream(counted, cells.schema) as stream:
        stream.write_table(cells)
    return int(counted.size())


def of_words(*texts: str | None) -> int:
    """What words take as the framework sends those of columns: six bytes for a letter that is not Latin."""
    return sum(len(json.dumps(text)) for text in texts if text)


def rows_at_once(size: int, rows: int, most: int | None = None) -> int:
    """How many of a table's rows go at once, judged by the first of them; asked again of as many as it says, for rows differ and
    fewer share less.

    size : bytes of the first `rows`      most : rows that may go where there is room; None: these
    """
    allowed = max(left() // 2, LEAST_BYTES)
    room = rows * allowed // max(size, 1) // 10 * 10
    if size <= allowed:
        return rows if most is None else min(max(rows, room), most)
    return rows if rows <= FEWEST_ROWS else min(rows, max(FEWEST_ROWS, room))
