"""Writing layouts: empty workbooks to fill in, with drop-downs and an explanation sheet, and filled ones.

What is written here reads back through fof.importers.row_reader without a change.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import xlsxwriter

from fof.importers.cells import Amount
from fof.importers.columns import UNIT, CellType, Column, Layout
from fof.importers.units import PLAIN_UNITS, UNITS, AmountUnit
from fof.table_workbook import FORMULA_SIGNS
from models.kinds import Word
from models.text import Text, yes_or_no

EXPLANATION = Text("说明", "Explanation")
"""Title of the sheet that explains the columns; the importer passes it by."""

LEFT_OUT = "未导出"
"""Title of the sheet of an export that says what no layout carries; the importer passes it by."""

_FIRST, _LAST = 1, 5_000
"""Rows of an empty template that carry drop-downs."""

_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": "yyyy-mm-dd",
}
_FORMATS = {
    CellType.AMOUNT: "#,##0.00######",
    CellType.DATE: "yyyy-mm-dd",
    CellType.SHARE: "0.00#######%",
    CellType.INT: "0",
    CellType.YEAR: "0",
}
_TYPES = {
    CellType.CODE: Text("编号（文本）", "code (text)"),
    CellType.TEXT: Text("文字", "text"),
    CellType.DATE: Text("日期，如 2024-03-15", "date, as 2024-03-15"),
    CellType.YEAR: Text("四位年份", "year"),
    CellType.INT: Text("整数", "whole number"),
    CellType.BOOL: Text("是 / 否", "yes / no"),
    CellType.AMOUNT: Text("金额，精确到分", "amount, exact to the fen"),
    CellType.SHARE: Text("百分比", "percentage"),
    CellType.NUMBER: Text("数字", "number"),
    CellType.WORD: Text("选项", "one of a list"),
    CellType.WORDS: Text("选项，可多个，用顿号分隔", "some of a list, separated by commas"),
    CellType.CODES: Text("编号，可多个，用顿号分隔", "codes, separated by commas"),
    CellType.DAYS: Text("日期，可多个，用顿号分隔", "dates, separated by commas"),
    CellType.CURRENCY: Text("币种代码", "currency code"),
    CellType.USCC: Text("18 位信用代码", "18 characters"),
    CellType.INDUSTRY: Text("国标行业代码", "GB/T 4754 code"),
    CellType.INDUSTRIES: Text("国标行业代码，可多个，用顿号分隔", "GB/T 4754 codes, separated by commas"),
    CellType.UNIT: Text("单位", "unit"),
}


def header(column: Column, unit: AmountUnit | None, language: str = "zh") -> str:
    """The header a template gives a column: with its unit, so that nothing is left to be guessed."""
    name = column.text.of(language)
    brackets = Text("（{}）", " ({})").of(language)
    if column.cell is CellType.AMOUNT and unit is not None:
        return name + brackets.format(unit.text)
    if column.cell is CellType.SHARE:
        return name + brackets.format("%")
    return name


def template(layouts: Sequence[Layout], *, unit: str = "元", language: str = "zh") -> bytes:
    """An empty workbook: a sheet for each layout, and one that explains every column.

    unit : of the amount columns, stated in their headers; KeyError for a unit we do not know
    """
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, _OPTIONS) as book:
        _properties(book)
        for layout in layouts:
            columns = [c for c in layout.columns if c.cell is not CellType.UNIT]
            sheet = _sheet(book, layout, columns, UNITS[unit], language)
            for place, column in enumerate(columns):
                _validate(sheet, place, column, language)
        _explain(book, layouts, UNITS[unit], language)
    return out.getvalue()


def filled(
    sheets: Iterable[tuple[Layout, Sequence[Mapping[str, Any]]]],
    extra: Mapping[str, Sequence[Sequence[str]]] = MappingProxyType({}),
    blank: frozenset[str] = frozenset(),
) -> bytes:
    """A workbook of rows: for each layout typed values by column name. Columns that no row fills are left out.

    blank : columns that stay although no row fills them: somebody else will
    Amounts stand in the whole unit of their currency, which the unit column states row by row.
    extra : further sheets of plain text, title → rows
    """
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, _OPTIONS) as book:
        _properties(book)
        quoted = book.add_format({"num_format": "@", "quote_prefix": True})
        for layout, rows in sheets:
            used = {name for row in rows for name, value in row.items() if value is not None}
            if any(layout.column(name).cell is CellType.AMOUNT for name in used):
                used.add(UNIT.name)
            columns = [c for c in layout.columns if c.required or c.name in used | blank]
            sheet = _sheet(book, layout, columns, None, "zh")
            for line, row in enumerate(rows, start=1):
                for place, column in enumerate(columns):
                    value = row.get(column.name)
                    if column.cell is CellType.UNIT and value is None:
                        value = next((v for v in row.values() if isinstance(v, Amount)), None)
                        value = value and PLAIN_UNITS[value.currency]
                    if value is not None:
                        _write(sheet, line, place, column, value, quoted)
        for title, lines in extra.items():
            sheet = book.add_worksheet(title)
            for line, texts in enumerate(lines):
                for place, text in enumerate(texts):
                    sheet.write_string(line, place, text)
    return out.getvalue()


def _properties(book: Any) -> None:
    book.set_properties({"created": dt.datetime(2000, 1, 1)})  # noqa: DTZ001 - the same rows, the same bytes


def _sheet(
    book: Any, layout: Layout, columns: Sequence[Column], unit: AmountUnit | None, language: str
) -> Any:
    sheet = book.add_worksheet(layout.text.of(language))
    for place, column in enumerate(columns):
        head = book.add_format(
            {
                "bold": True,
                "bottom": 1,
                "text_wrap": True,
                "bg_color": "#FCE4D6" if column.required else "#EDEDED",
            }
        )
        sheet.write_string(0, place, header(column, unit, language), head)
        body = book.add_format({"num_format": _FORMATS.get(column.cell, "@")})
        sheet.set_column(place, place, 18, body)
    sheet.freeze_panes(1, 0)
    return sheet


_LIST_AT_MOST = 255
"""Characters of a drop-down list in a workbook."""


def _validate(sheet: Any, place: int, column: Column, language: str) -> None:
    words: list[str] = []
    if column.cell is CellType.WORD:
        words = [Text(w.zh, w.value).of(language) for w in column.allowed]
    elif column.cell is CellType.BOOL:
        words = [yes_or_no(value).of(language) for value in (True, False)]
    if (
        len(",".join(words)) > _LIST_AT_MOST
    ):  # Excel takes no longer one; the sheet of explanations has every word
        return
    if words:
        sheet.data_validation(_FIRST, place, _LAST, place, {"validate": "list", "source": words})
    elif column.cell is CellType.DATE:
        sheet.data_validation(
            _FIRST,
            place,
            _LAST,
            place,
            {
                "validate": "date",
                "criteria": "between",
                "minimum": dt.date(1900, 3, 1),
                "maximum": dt.date(2199, 12, 31),
                "error_type": "warning",
            },
        )


_EXPLAINED = (
    (Text("表", "sheet"), 12),
    (Text("列", "column"), 22),
    (Text("英文名", "Chinese name"), 22),
    (Text("键（列映射用）", "key (for mappings)"), 20),
    (Text("必填", "required"), 8),
    (Text("类型", "type"), 22),
    (Text("单位", "unit"), 8),
    (Text("含义", "meaning"), 60),
    (Text("可填内容", "allowed"), 40),
    (Text("示例", "example"), 20),
)
"""The columns of the sheet that explains the others, and their widths."""


def _explain(book: Any, layouts: Sequence[Layout], unit: AmountUnit, language: str) -> None:
    sheet = book.add_worksheet(EXPLANATION.of(language))
    bold = book.add_format({"bold": True, "text_wrap": True, "bottom": 1})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    for place, (head, width) in enumerate(_EXPLAINED):
        sheet.write_string(0, place, head.of(language), bold)
        sheet.set_column(place, place, width)
    line = 1
    for layout in layouts:
        title = layout.text.of(language)
        sheet.write_string(line, 0, title, bold)
        sheet.write_string(line, 3, layout.name, bold)
        sheet.write_string(line, 7, layout.meaning.of(language), bold)
        line += 1
        for column in layout.columns:
            if column.cell is CellType.UNIT:
                continue
            for place, text in enumerate(_explained(title, column, unit, language)):
                sheet.write_string(line, place, text, wrapped)
            line += 1
    sheet.freeze_panes(1, 2)


def _explained(title: str, column: Column, unit: AmountUnit, language: str) -> tuple[str, ...]:
    amount = column.cell is CellType.AMOUNT
    words = [Text(w.zh, w.value).of(language) for w in column.allowed] if column.words else []
    text = column.text
    return (
        title,
        text.of(language),
        Text(text.en, text.zh).of(language),
        column.name,
        yes_or_no(True).of(language) if column.required else "",
        _TYPES[column.cell].of(language),
        unit.text if amount else "%" if column.cell is CellType.SHARE else "",
        column.meaning.of(language),
        Text("、", ", ").of(language).join(words),
        column.example,
    )


def _write(sheet: Any, line: int, place: int, column: Column, value: Any, quoted: Any) -> None:
    if isinstance(value, Amount):
        sheet.write_number(line, place, value.fen / 100)
    elif isinstance(value, AmountUnit):
        sheet.write_string(line, place, value.text)
    elif isinstance(value, dt.date):
        sheet.write_datetime(line, place, dt.datetime(value.year, value.month, value.day))  # noqa: DTZ001
    elif isinstance(value, bool):
        sheet.write_string(line, place, yes_or_no(value).zh)
    elif isinstance(value, Word):
        sheet.write_string(line, place, value.zh)
    elif isinstance(value, tuple):
        sheet.write_string(line, place, "、".join(v.zh if isinstance(v, Word) else v for v in value))
    elif isinstance(value, Decimal):
        if column.cell is CellType.SHARE:
            sheet.write_number(line, place, float(value))
        else:
            sheet.write_string(line, place, format(value, "f"))
    elif isinstance(value, int):
        sheet.write_number(line, place, value)
    else:
        sheet.write_string(line, place, value, quoted if value.startswith(FORMULA_SIGNS) else None)
