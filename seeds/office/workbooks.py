"""Rows to workbooks whose bytes depend on nothing but the rows."""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from typing import Any

import xlsxwriter

from fof.importers.columns import CellType
from fof.importers.layouts import LAYOUTS
from office.sheets import Row

_MADE_ON = dt.datetime(2026, 10, 31, 12, 0, 0)  # noqa: DTZ001 - a workbook property has no zone


def workbook(sheets: dict[str, list[Row]]) -> bytes:
    """An xlsx file with one sheet for each layout that has rows; amounts in yuan, dates as dates."""
    out = BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties({"title": "示例办公室", "comments": "全部为虚构数据", "created": _MADE_ON})
    head = book.add_format({"bold": True, "bg_color": "#DDE7F0"})
    day, money = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "#,##0.00"})
    for layout in LAYOUTS.values():
        rows = sheets.get(layout.name)
        if not rows:
            continue
        used = [c for c in layout.columns if any(row.get(c.name) is not None for row in rows)]
        known = {c.name for c in layout.columns}
        assert all(set(row) <= known for row in rows), next(
            set(row) - known for row in rows if set(row) - known
        )
        sheet = book.add_worksheet(layout.text.zh)
        sheet.freeze_panes(1, 0)
        for j, column in enumerate(used):
            amount = column.cell is CellType.AMOUNT
            sheet.write_string(0, j, f"{column.text.zh}（元）" if amount else column.text.zh, head)
            sheet.set_column(j, j, 16)
            for i, row in enumerate(rows, start=1):
                _cell(sheet, i, j, row.get(column.name), amount, day, money)
    book.close()
    return out.getvalue()


def _cell(sheet: Any, i: int, j: int, value: Any, amount: bool, day: Any, money: Any) -> None:
    if value is None:
        return
    if isinstance(value, dt.date):
        sheet.write_datetime(i, j, dt.datetime(value.year, value.month, value.day), day)  # noqa: DTZ001
    elif amount:
        sheet.write_number(i, j, value / 100, money)
    elif isinstance(value, int):
        sheet.write_number(i, j, value)
    else:
        sheet.write_string(i, j, value)
