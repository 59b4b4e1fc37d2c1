"""A table as a workbook: what is on the screen, with its as-of, known-at and unit, for the office's own files.

Only strings and numbers are written; a text that looks like a formula stays a text, also when the cell is edited.
"""

from __future__ import annotations

import datetime as dt
import io
import math
from collections.abc import Sequence

_FORMATS = {
    "money": "#,##0.00####",
    "percent": "0.00%",
    "multiple": '0.00"x"',
    "price": "#,##0.0000",
    "int": "0",
    "entry": "0",
}
Cell = str | float | int | dt.date | None

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "|", "%")
"""A text that begins with one of these is marked as text: a spreadsheet would make a formula of it once it is typed again."""


def table_workbook(
    title: str,
    provenance: str,
    header: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    kinds: Sequence[str] = (),
) -> bytes:
    """One sheet: title, provenance, header, rows. nan and None are empty cells.

    kinds : of the columns, for the format of their numbers: "money", "percent", "multiple", "price", "int", "entry". In a column of
            another kind a whole number is a count or a place (12, not 12.00), any other is written as an amount is
    """
    import xlsxwriter

    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": title, "created": dt.datetime(2000, 1, 1)})  # noqa: DTZ001 - the same table, the same bytes
        sheet = book.add_worksheet(_sheet_name(title))
        bold, head = (
            book.add_format({"bold": True}),
            book.add_format({"bold": True, "bottom": 1, "text_wrap": True}),
        )
        quoted = book.add_format({"num_format": "@", "quote_prefix": True})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        formats = {kind: book.add_format({"num_format": text}) for kind, text in _FORMATS.items()}
        kinds = kinds or [""] * len(header)
        sheet.write_string(0, 0, title, bold)
        sheet.write_string(1, 0, provenance)
        for column, name in enumerate(header):
            sheet.write_string(3, column, name, head)
            sheet.set_column(column, column, max(10, min(40, 2 * len(name))))
        for line, row in enumerate(rows, 4):
            for column, value in enumerate(row):
                if value is None or (isinstance(value, float) and math.isnan(value)):
                    continue
                if isinstance(value, dt.date):
                    sheet.write_datetime(line, column, dt.datetime(value.year, value.month, value.day), day)  # noqa: DTZ001
                elif isinstance(value, int | float) and not isinstance(value, bool):
                    kind = "int" if isinstance(value, int) and kinds[column] not in formats else kinds[column]
                    sheet.write_number(line, column, value, formats.get(kind, formats["money"]))
                else:
                    text = str(value)
                    sheet.write_string(line, column, text, quoted if text.startswith(FORMULA_SIGNS) else None)
        sheet.freeze_panes(4, 1)
    return out.getvalue()


def _sheet_name(title: str) -> str:
    return "".join("_" if c in "[]:*?/\\" else c for c in title)[:31] or "Sheet1"
