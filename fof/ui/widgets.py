"""Bits that two pages or more use: tables whose figures open, headline figures, notes, empty states."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import streamlit as st

from fof import words
from fof.sheets import table_workbook
from fof.ui import booked, frame
from fof.words import _

ROWS_SENT = 500
"""Rows of a table sent to the browser at once; longer tables are paged here."""

HEADLINE_WIDTH = 230
"""Of a headline figure, in pixels: four fill the page on a screen 1440 wide."""

Kind = Literal["text", "money", "percent", "multiple", "int", "day"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its field, heading and how its values are shown; `figure` opens to an explanation."""

    name: str
    label: str
    kind: Kind = "text"
    figure: str | None = None
    width: Literal["small", "medium", "large"] | None = None
    pinned: bool = False


def _value(value: Any, kind: Kind, unit: str) -> Any:
    if kind == "money":
        return words.in_unit(value, unit)
    if kind in ("percent", "multiple"):
        return float("nan") if value is None else float(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    return value


def _array(values: list[Any], kind: Kind) -> Any:
    """A column as it is sent; a missing number is null. What is of several types is sent as text."""
    if kind in ("money", "percent", "multiple"):
        return pa.array(np.array(values, np.float64), from_pandas=True)
    try:
        return pa.array(values)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        return pa.array([None if v is None else str(v) for v in values])


def _config(column: Column) -> Any:
    width = column.width
    if column.kind == "money":
        return st.column_config.NumberColumn(column.label, format="accounting", width=width)
    if column.kind == "percent":
        return st.column_config.NumberColumn(column.label, format="percent", width=width)
    if column.kind == "multiple":
        return st.column_config.NumberColumn(column.label, format="%.2fx", width=width)
    if column.kind == "int":
        return st.column_config.NumberColumn(column.label, format="%d", width=width)
    return st.column_config.TextColumn(column.label, width=width, pinned=column.pinned)


def table(
    title: str,
    rows: Sequence[Any],
    columns: Sequence[Column],
    key: str,
    *,
    explain: Callable[[Any, str], None] | None = None,
    pick: bool = False,
    height: int | Literal["content"] = "content",
    unit: str | None = None,
    at_once: int = ROWS_SENT,
) -> Any | None:
    """A table of records (attributes or mapping keys by column name) with an export at its foot.

    A record may say the currency of its amounts under `currency`; it is in the header's otherwise. Where the records of a
    table are in several, a column says each one's.
    explain : called with the record and figure of the cell that was clicked
    pick    : True returns the record of the chosen row
    at_once : rows sent at once; fewer where sentences stand in them
    unit    : of the money columns where it is not the header's: what is about to be booked is shown to the fen
    """
    measure = unit or frame.choice().unit
    currency = currency_of(rows, columns)
    if currency is None and any(c.kind == "money" for c in columns):
        columns = _with_currency(columns)
    shown = _page(rows, key, at_once)
    data = pa.table(
        {c.name: _array([_value(_get(r, c.name), c.kind, measure) for r in shown], c.kind) for c in columns}
    )
    tall: Any = (
        {} if height == "content" and len(shown) <= 12 else {"height": 458 if height == "content" else height}
    )
    event: Any = st.dataframe(
        data,
        hide_index=True,
        width="stretch",
        column_config={c.name: _config(c) for c in columns},
        key=key,
        on_select="rerun" if explain or pick else "ignore",
        selection_mode="single-cell" if explain else "single-row",
        alt=title,
        placeholder=words.DASH,
        **tall,
    )
    _foot(title, rows, columns, key, explain is not None, measure, currency)
    if explain:
        figures = {c.name: c.figure for c in columns}
        for place, name in event.selection.cells[:1]:
            if figures.get(name):
                explain(shown[place], str(figures[name]))
    if pick and event.selection.rows:
        return shown[event.selection.rows[0]]
    return None


def _get(record: Any, name: str) -> Any:
    if name == CURRENCY:
        return _stated(record) or words.DASH
    return record[name] if isinstance(record, dict) else getattr(record, name)


CURRENCY = "currency"


def _stated(record: Any) -> str | None:
    """The currency a record states, the header's where it has none to state."""
    chosen = frame.choice().currency
    found = record.get(CURRENCY, chosen) if isinstance(record, dict) else getattr(record, CURRENCY, chosen)
    return None if found is None else str(found)


def currency_of(rows: Sequence[Any], columns: Sequence[Column]) -> str | None:
    """The one currency of a table's amounts; None for several, or where the table has none and the header neither."""
    if not rows or not any(c.kind == "money" for c in columns):
        return frame.choice().currency
    found = {_stated(record) for record in getattr(rows, "records", rows)}
    return found.pop() if len(found) == 1 else None


def _with_currency(columns: Sequence[Column]) -> Sequence[Column]:
    """A column with each row's currency before the first amount."""
    place = next(n for n, c in enumerate(columns) if c.kind == "money")
    return [*columns[:place], Column(CURRENCY, _("币种"), width="small"), *columns[place:]]


def _page(rows: Sequence[Any], key: str, at_once: int) -> Sequence[Any]:
    if len(rows) <= at_once:
        return rows
    pages = -(-len(rows) // at_once)
    number = st.number_input(f"{_('页')} / {pages}", 1, pages, 1, key=f"{key}_page", width=140)
    return rows[(int(number) - 1) * at_once : int(number) * at_once]


def _foot(
    title: str,
    rows: Sequence[Any],
    columns: Sequence[Column],
    key: str,
    opens: bool,
    unit: str,
    currency: str | None,
) -> None:
    chosen = frame.choice()

    def workbook() -> bytes:
        header = [
            f"{c.label}（{words.unit_name(unit, currency)}）" if c.kind == "money" else c.label
            for c in columns
        ]
        cells = [[_value(_get(r, c.name), c.kind, unit) for c in columns] for r in rows]
        return table_workbook(title, provenance, header, cells)

    provenance = frame.provenance(replace(chosen, unit=unit, currency=currency))
    with st.container(horizontal=True, vertical_alignment="center"):
        note = f"{len(rows)} {_('行')} · {provenance}"
        st.caption(note + (f" · {_('点击数字可查看来源')}" if opens else ""), width="stretch")
        st.download_button(
            _("导出 xlsx"),
            workbook,
            file_name=f"{title}-{chosen.as_of}.xlsx",
            key=f"{key}_export",
            on_click="ignore",
            type="tertiary",
        )


def each_currency(record: Any) -> Sequence[Any]:
    """A record that is a total, or its subtotals where its money is in several currencies; the reason is said then.

    The record has `each`: itself and then its subtotals.
    """
    parts: Sequence[Any] = record.each[1:]
    if not parts:
        return [record]
    names = "、".join(words.currency_name(p.currency) for p in parts)
    st.caption(f"{names}：{_('币种不同，不相加，分列小计')}")
    return parts


def subtotal(record: Any) -> None:
    """Which currency the figures that follow are in, where the header's portfolio has several."""
    chosen = frame.choice()
    if chosen.currency is None and record.currency is not None:
        unit = words.unit_name(chosen.unit, record.currency)
        st.markdown(f"**{words.currency_name(record.currency)}** · {_('单位')} {unit}")


def headline(figures: Sequence[tuple[str, str, str | None]]) -> None:
    """Headline figures in a row: (label, value, note)."""
    with st.container(horizontal=True, gap="small"):
        for label, value, note in figures:
            st.metric(label, value, help=note, border=True, width=HEADLINE_WIDTH)


def empty(text: str, page: str | None = None, label: str | None = None) -> None:
    """An empty state that says what to do next."""
    st.info(text, icon=":material/inbox:")
    if page and label:
        st.page_link(page, label=label)


def section(title: str, help_text: str | None = None) -> None:
    """A heading inside a page."""
    st.subheader(title, help=help_text, anchor=False)


def heading(title: str) -> None:
    """The page's title with its provenance, and what was booked from it just now."""
    st.title(title, anchor=False)
    st.caption(frame.provenance(frame.choice()))
    booked.say()
