"""Bits that two pages or more use: tables whose figures open, headline figures, notes, empty states."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Literal

import pyarrow as pa
import streamlit as st

from fof import words
from fof.table_workbook import table_workbook
from fof.ui import booked, cited, foreign, frame, menu, say
from fof.ui.addresses import page
from fof.ui.labels import named
from fof.ui.page_bytes import COLUMN_BYTES, of_cells, of_words, rows_at_once, took
from fof.ui.table_columns import (
    Columns,
    TableColumn,
    cell_value,
    cells_of,
    column_config,
    columns_of,
    currency_of,
    exactly_headed,
    fitted,
    stated_currency,
    values_of,
    with_currency,
)
from fof.words import _
from models.frozen import frozen
from models.text import Text, counted

ROWS_SENT = 500
"""Rows of a table sent to the browser at once at most; longer tables are paged here, and those of many bytes before."""

FIRST_ROWS = 100
"""Rows by which it is judged how many there is room for: to make the cells of more costs more than to send those that fit."""

HEADLINE_WIDTH = 230
"""Of a headline figure, in pixels: four fill the page on a screen 1440 wide."""


@frozen
class Cited:
    """How a chosen row or cell of a table stands in the address: under a name, by a code that the row gives.

    elsewhere : the page opens what was chosen by itself, whether or not it is among the rows
    find      : the record of a code, None where there is none; for rows too many to be looked through
    """

    name: str
    code: Callable[[Any], str]
    elsewhere: bool = False
    find: Callable[[str], Any] | None = None


def table(
    title: str,
    rows: Sequence[Any],
    figures: Columns,
    key: str,
    *,
    explain: Callable[[Any, str, str], None] | None = None,
    pick: bool = False,
    cite: Cited | None = None,
    height: int | Literal["content"] = "content",
    whole: bool = False,
    unit: str | None = None,
    at_once: int = ROWS_SENT,
) -> Any | None:
    """A table of records (attributes or mapping keys by column name) with an export at its foot.

    figures : its columns
    A record may say the currency of its amounts under `currency`; it is in the header's otherwise. Where the records of a
    table are in several, a column says each one's.
    explain : called with the record and figure of the cell that was clicked, and `key`
    pick    : True returns the record of the chosen row
    cite    : how the chosen row, or the cell that was opened, stands in the address; needed for both
    whole   : every row is in sight: the last line is what the others come to
    at_once : rows sent at once; fewer where sentences stand in them
    unit    : of the money columns where it is not the header's: what is about to be booked is shown to the fen
    """
    columns: Sequence[TableColumn] = columns_of(figures, opens=explain is not None)
    measure = unit or frame.choice().unit
    currency = currency_of(rows, columns)
    if currency is None and any(c.kind == "money" for c in columns):
        columns = with_currency(columns)
    headed = columns if unit is None else [exactly_headed(c, unit, currency) for c in columns]
    page_rows, data = _page(rows, headed, measure, key, len(rows) if whole else at_once)
    headed = [fitted(c, data[c.name]) for c in headed]
    chosen = None if cite is None else _chosen(cite, rows, page_rows, columns, key, cells=explain is not None)
    st.dataframe(
        data,
        hide_index=True,
        width="stretch",
        column_config={c.name: column_config(c, measure) for c in headed},
        key=key,
        on_select="ignore" if chosen is None else chosen.changed,
        selection_mode="single-cell" if explain else "single-row",
        alt=title,
        placeholder=words.DASH,
        **_height(height, len(page_rows), whole=whole),
    )
    _foot(title, rows, columns, key, explain is not None, measure, currency)
    if chosen is None or chosen.record is None:
        return None
    if explain and chosen.figure:
        explain(chosen.record, chosen.figure, key)
    return chosen.record if pick else None


def _height(asked: int | Literal["content"], rows: int, *, whole: bool) -> dict[str, Any]:
    """As tall as its rows up to twelve, or where every row is to be in sight; longer ones scroll."""
    if asked != "content":
        return {"height": asked}
    return {"height": "content" if whole or rows <= 12 else 458}


@frozen
class _Chosen:
    """The record that is chosen now, the figure of it that is open, and what a click changes."""

    record: Any
    figure: str | None
    changed: Callable[[], None]


def _chosen(
    cite: Cited,
    rows: Sequence[Any],
    page_rows: Sequence[Any],
    columns: Sequence[TableColumn],
    key: str,
    *,
    cells: bool,
) -> _Chosen:
    """What the address, or the last click, chose: looked for among the rows by its code, wherever it stands now."""
    code = cited.chosen_code(cite.name)
    codes = [cite.code(row) for row in page_rows]
    figures = {c.figure: c.name for c in columns if c.figure}
    wanted, _mark, figure = (code or "").rpartition(FIGURE_MARK) if cells else (code or "", "", "")
    place = codes.index(wanted) if code is not None and wanted in codes else None
    record = None if place is None else page_rows[place]
    if record is None and code is not None and len(page_rows) < len(rows):
        among = (row for row in rows if cite.code(row) == wanted)
        record = next(among, None) if cite.find is None else cite.find(wanted)
    if code is not None and not cite.elsewhere and (record is None or (cells and figure not in figures)):
        cited.not_there(cite.name, code)
        record = None
    _select(key, place if record is not None else None, figures.get(figure) if cells else None, cells=cells)

    def changed() -> None:
        selection = st.session_state[key].selection
        by_column = {c.name: c.figure for c in columns}
        if cells:
            hit = [(codes[p], by_column.get(name)) for p, name in selection.cells[:1] if p < len(codes)]
            hit_codes = [f"{at}{FIGURE_MARK}{opens}" for at, opens in hit if opens]
        else:
            hit_codes = [codes[p] for p in selection.rows[:1] if p < len(codes)]
        cited.keep(cite.name, hit_codes[0] if hit_codes else None)

    return _Chosen(record, figure if cells else None, changed)


FIGURE_MARK = "~"
"""Stands in an address between the code of a row and the figure that is open."""


def _select(key: str, place: int | None, column: str | None, *, cells: bool) -> None:
    """Mark the chosen row or cell in the table, which may stand elsewhere than where it was clicked."""
    held = st.session_state.get(key)
    if cells:
        now = [tuple(c) for c in held["selection"]["cells"]] if held else []
        wanted: list[Any] = [] if place is None or column is None else [(place, column)]
        name = "cells"
    else:
        now = list(held["selection"]["rows"]) if held else []
        wanted, name = [] if place is None else [place], "rows"
    if now != wanted:
        st.session_state[key] = {"selection": {"rows": [], "columns": [], "cells": [], name: wanted}}


def _page(
    rows: Sequence[Any], columns: Sequence[TableColumn], unit: str, key: str, at_once: int
) -> tuple[Sequence[Any], pa.Table]:
    """The rows that go to the browser now, and their cells: all, or one of the pages in which there is room for them."""
    beside = sum(COLUMN_BYTES + of_words(c.label, c.help) for c in columns)
    most = min(at_once, len(rows))
    fitting = min(most, FIRST_ROWS)
    while True:
        page_rows = rows[:fitting]
        data = _cells(page_rows, columns, unit)
        room = rows_at_once(beside + of_cells(data), len(page_rows), most)
        if room == fitting:
            break
        fitting = most = room  # more once, then fewer only
    if len(rows) > fitting:
        pages = -(-len(rows) // fitting)
        number = int(
            st.number_input(f"{_('页', 'Page')} / {pages}", 1, pages, 1, key=f"{key}_page", width=140)
        )
        if number > 1:
            page_rows = rows[(number - 1) * fitting : number * fitting]
            data = _cells(page_rows, columns, unit)
    took(beside + of_cells(data))
    return page_rows, data


def _cells(rows: Sequence[Any], columns: Sequence[TableColumn], unit: str) -> pa.Table:
    return pa.table({c.name: cells_of(values_of(rows, c), c.kind, unit) for c in columns})


def _foot(
    title: str,
    rows: Sequence[Any],
    columns: Sequence[TableColumn],
    key: str,
    opens: bool,
    unit: str,
    currency: str | None,
) -> None:
    chosen = frame.choice()

    def workbook() -> bytes:
        header = [
            words.beside(c.label, words.unit_name(unit, currency)) if c.kind == "money" else c.label
            for c in columns
        ]
        every = list(rows)
        cells = [[cell_value(v, c.kind, unit) for v in values_of(every, c)] for c in columns]
        return table_workbook(
            title, provenance, header, list(zip(*cells, strict=True)), [c.kind for c in columns]
        )

    provenance = frame.provenance(replace(chosen, unit=unit, currency=currency))
    with st.container(horizontal=True, vertical_alignment="center"):
        note = f"{Text(f'{len(rows)} 行', counted(len(rows), 'row'))} · {provenance}"
        say.caption(
            note
            + (f" · {_('点击数字可查看来源', 'click a figure to see what it is made of')}" if opens else ""),
            width="stretch",
        )
        st.download_button(
            _("导出 xlsx", "Export xlsx"),
            workbook,
            file_name=f"{foreign.file_name(title)}-{chosen.as_of}.xlsx",
            key=f"{key}_export",
            on_click="ignore",
            type="tertiary",
        )


def each_currency(record: Any) -> Sequence[Any]:
    """A record that is a total, or its subtotals where its money is in several currencies; the reason is said then.

    record : has `each`, itself and then its subtotals; or is these as rows of a document
    """
    every: Sequence[Any] = record if isinstance(record, list) else record.each
    parts = every[1:]
    if not parts:
        return every
    names = words.listed(words.currency_name(stated_currency(p, None)) for p in parts)
    say.caption(
        words.labelled(
            names,
            _("币种不同，不相加，分列小计", "different currencies are not added; each has its own subtotal"),
        )
    )
    return parts


def subtotal(record: Any) -> None:
    """Which currency the figures that follow are in, where the header's portfolio has several."""
    chosen, currency = frame.choice(), stated_currency(record, None)
    if chosen.currency is None and currency is not None:
        unit = words.unit_name(chosen.unit, currency)
        say.strong(words.currency_name(currency), f"· {named('unit')} {unit}")


def headline(figures: Sequence[tuple[str, str, str | None]]) -> None:
    """Headline figures in a row: (label, value, note)."""
    with st.container(horizontal=True, gap="small"):
        for label, value, note in figures:
            st.metric(
                foreign.escaped(label),
                foreign.escaped(value),
                help=None if note is None else foreign.lines(note),
                border=True,
                width=HEADLINE_WIDTH,
            )


def empty(text: str, page: str | None = None, label: str | None = None) -> None:
    """An empty state that says what to do next."""
    say.info(text, icon=":material/inbox:")
    if page and label:
        st.page_link(page, label=label)


def to_import(text: str) -> None:
    """An empty state that ends where files come in; of an earlier state of knowledge it is none of a missing file."""
    chosen = frame.choice()
    if chosen.known_at < chosen.head:
        empty(
            _(
                "到所选的“已知至”为止，账中还没有这些内容，之后才登记。把“已知至”改为“最新”即可看到。",
                "Nothing of this was in the book by the state of knowledge chosen; it was recorded later. Choose latest under Known at to see it.",
            )
        )
        return
    empty(text, page("intake"), _("去导入", "Go to import"))


def section(title: str, help_text: str | None = None) -> None:
    """A heading inside a page."""
    st.subheader(foreign.escaped(title), help=help_text, anchor=False)


def heading() -> None:
    """The page's title, as the menu has it, with its provenance, and what was booked from it just now."""
    st.title(str(menu.places()[frame.page_now()].title), anchor=False)
    say.caption(frame.provenance(frame.choice()))
    booked.tell()
