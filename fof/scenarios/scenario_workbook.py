"""A result as a workbook of four sheets: inputs, forecast, summary, checks."""

from __future__ import annotations

import datetime as dt
import io
import math
from collections.abc import Sequence
from typing import Any

from fof.figures.answers import Answer
from fof.scenarios.scenario_document import (
    assumptions_document,
    checks_document,
    companies_document,
    forecast_document,
    groups_document,
    needs_document,
    plain_cell,
    pool_series_document,
    pools_document,
)
from fof.scenarios.scenario_results import ScenarioResult
from fof.scenarios.yearly_documents import leverage_document, parts_document, rules_document
from fof.table_workbook import FORMULA_SIGNS
from models.text import Text, counted

INPUTS, FORECAST_SHEET = Text("输入", "Inputs"), Text("预测", "Forecast")
SUMMARY, CHECKS_SHEET = Text("摘要", "Summary"), Text("检查", "Checks")
_FORMATS = {"money": "#,##0.00", "percent": "0.00%", "multiple": '0.00"x"', "int": "0"}


def scenario_workbook(result: ScenarioResult) -> bytes:
    """The workbook, amounts in yuan; neither formulas nor links are written. The same result, the same bytes."""
    import xlsxwriter

    forecast = forecast_document(result)
    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": result.head.name, "created": dt.datetime(2000, 1, 1)})  # noqa: DTZ001 - the same result, the same bytes
        formats = _Formats(book)
        sheet = _sheet(book, INPUTS, result, formats)
        line = _table(sheet, 3, assumptions_document(result), formats)
        line = _pairs(sheet, line + 1, forecast, formats)
        for text in result.head.spec.split(', "'):
            sheet.write_string(line + 1, 0, text if text.startswith("{") else f'"{text}')
            line += 1
        _table(_sheet(book, FORECAST_SHEET, result, formats), 3, forecast, formats)
        summary = _sheet(book, SUMMARY, result, formats)
        line = _table(summary, 3, groups_document(result), formats)
        line = _table(summary, line + 1, needs_document(result), formats)
        line = _table(summary, line + 1, leverage_document(result), formats)
        if result.scenario.pool:
            line = _table(summary, line + 1, pools_document(result), formats)
            line = _table(summary, line + 1, pool_series_document(result), formats)
        if result.scenario.companies:
            line = _table(summary, line + 1, companies_document(result), formats)
            line = _table(summary, line + 1, parts_document(result, yearly=True), formats)
        if result.rules:
            _table(summary, line + 1, rules_document(result), formats)
        checks = _sheet(book, CHECKS_SHEET, result, formats)
        line = _table(checks, 3, checks_document(result), formats)
        for note in forecast.notes:
            checks.write_string(line + 1, 0, str(note))
            line += 1
    return out.getvalue()


class _Formats:
    def __init__(self, book: Any) -> None:
        self.bold = book.add_format({"bold": True})
        self.head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        self.quoted = book.add_format({"num_format": "@", "quote_prefix": True})
        self.day = book.add_format({"num_format": "yyyy-mm-dd"})
        self.kinds = {kind: book.add_format({"num_format": text}) for kind, text in _FORMATS.items()}


def _sheet(book: Any, name: Text, result: ScenarioResult, formats: _Formats) -> Any:
    sheet = book.add_worksheet(str(name))
    sheet.write_string(0, 0, f"{result.head.name} {result.head.digest}", formats.bold)
    head = result.head
    source = Text(
        f"截至 {head.as_of}，已知至分录 {head.known_at}，种子 {head.seed}，路径 {head.paths}，程序 {head.code}；金额为元",
        f"as of {head.as_of}, known at entry {head.known_at}, seed {head.seed}, {counted(head.paths, 'path')}, kernels {head.code}; amounts in yuan",
    )
    sheet.write_string(1, 0, str(source))
    sheet.set_column(0, 12, 18)
    sheet.freeze_panes(
        *((2, 1) if name == SUMMARY else (5, 1))
    )  # tables of other columns follow in the summary
    return sheet


def _pairs(sheet: Any, line: int, answer: Answer, formats: _Formats) -> int:
    """The head of a document, name and value; -> the next free line."""
    for slot in answer.document.head_slots:
        value = answer.head.get(slot.name)
        sheet.write_string(line, 0, str(slot.figure.text), formats.bold)
        amount = value / 100 if slot.figure.kind == "money" and value is not None else value
        _cell(sheet, line, 1, amount, formats, formats.kinds.get(slot.figure.kind))
        line += 1
    return line


def _table(sheet: Any, line: int, answer: Answer, formats: _Formats) -> int:
    """Title, header and rows of a document; -> the next free line."""
    sheet.write_string(line, 0, str(answer.document.text), formats.bold)
    figures: Sequence[str] = answer.document.rows
    for column, name in enumerate(figures):
        sheet.write_string(line + 1, column, str(answer.document.figure(name).text), formats.head)
    for number, row in enumerate(answer.rows, line + 2):
        for column, name in enumerate(figures):
            kind = answer.document.figure(name).kind
            _cell(
                sheet,
                number,
                column,
                plain_cell(answer, name, dict(row)),
                formats,
                formats.kinds.get(kind),
            )
    return line + 2 + len(answer.rows)


def _cell(sheet: Any, line: int, column: int, value: Any, formats: _Formats, number: Any) -> None:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return
    if isinstance(value, dt.date):
        sheet.write_datetime(line, column, dt.datetime(value.year, value.month, value.day), formats.day)  # noqa: DTZ001
    elif isinstance(value, int | float) and not isinstance(value, bool):
        sheet.write_number(line, column, value, number)
    else:
        text = str(value)
        sheet.write_string(line, column, text, formats.quoted if text.startswith(FORMULA_SIGNS) else None)
