"""Templates: empty workbooks that read back, filled ones that read back unchanged, nothing that runs."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fof.importers import headers
from fof.importers.cells import Amount
from fof.importers.columns import CellType, Column
from fof.importers.layouts import LAYOUTS, layout_titled
from fof.importers.reader import read_file
from fof.importers.row_reader import read_table
from fof.importers.template import EXPLANATION, filled, template

ALL = list(LAYOUTS.values())


@pytest.mark.parametrize(("language", "unit"), [("zh", "元"), ("zh", "万元"), ("en", "usd million")])
def test_headers_of_a_template_import_back(language, unit):
    file = read_file(template(ALL, unit=unit, language=language), "t.xlsx")
    assert [s.name for s in file.sheets] == [x.text.of(language) for x in ALL] + [EXPLANATION.of(language)]
    for sheet, layout in zip(file.sheets, ALL, strict=False):
        assert layout_titled(sheet.name) is layout
        found = headers.header_row(layout, list(sheet.rows))
        assert headers.header_problems(layout, found) == []
        assert [h.column for h in found.known] == [c for c in layout.columns if c.cell is not CellType.UNIT]


def test_the_explanation_names_every_column_with_its_meaning():
    book = openpyxl.load_workbook(io.BytesIO(template(ALL)))
    rows = list(book["说明"].iter_rows(values_only=True))
    for layout in ALL:
        explained = {row[1] for row in rows if row[0] == layout.text.zh}
        assert explained >= {c.text.zh for c in layout.columns if c.cell is not CellType.UNIT}


def test_closed_lists_have_drop_downs():
    book = openpyxl.load_workbook(io.BytesIO(template([LAYOUTS["deals"]])))
    lists = {v.formula1 for v in book["投资与退出"].data_validations.dataValidation if v.type == "list"}
    assert '"首次投资,后续投资,转股,部分退出,退出,核销"' in lists


def test_the_same_template_has_the_same_bytes():
    assert template(ALL) == template(ALL)


def example(column: Column, place: int) -> object:
    """Some value of each type."""
    match column.cell:
        case CellType.AMOUNT:
            return Amount(123_456_789_012 + place, "CNY")
        case CellType.SHARE:
            return Decimal("0.123456789")
        case CellType.NUMBER:
            return Decimal("1.50")
        case CellType.DATE:
            return dt.date(2024, 2, 29)
        case CellType.YEAR:
            return 2024
        case CellType.INT:
            return 86
        case CellType.BOOL:
            return place % 2 == 0
        case CellType.WORD:
            return column.allowed[place % len(column.allowed)]
        case CellType.WORDS:
            return column.allowed[:2]
        case CellType.CODES:
            return ("A-1", "B-2")
        case CellType.DAYS:
            return ("2024-02-09", "2024-02-18")
        case CellType.CURRENCY:
            return "CNY"
        case CellType.USCC:
            return "91330100799655058B"
        case CellType.INDUSTRY:
            return "C3976"
        case CellType.INDUSTRIES:
            return ("C39", "I65")
        case CellType.CODE:
            return f"0{place}"
    return f'=HYPERLINK("x") 文字 {place}'


@pytest.mark.parametrize("layout", ALL, ids=lambda x: x.name)
def test_what_is_filled_in_reads_back_unchanged(layout):
    row = {c.name: example(c, n) for n, c in enumerate(layout.columns) if c.cell is not CellType.UNIT}
    data = filled([(layout, [row])])
    file = read_file(data, "f.xlsx")
    table = read_table(file, file.sheets[0], layout)
    assert table.problems == []
    stated = table.rows[0].stated()
    stated.pop("unit", None)
    assert stated == row
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        assert not any(
            "<f>" in parts.read(n).decode() for n in parts.namelist() if n.startswith("xl/worksheets")
        )


@settings(max_examples=20)
@given(st.lists(st.integers(-(10**15) + 1, 10**15 - 1), min_size=1, max_size=200))
def test_every_amount_of_a_workbook_is_exact(amounts):
    rows = [{"fund": "F", "day": dt.date(2024, 1, 1), "amount": Amount(fen, "USD")} for fen in amounts]
    layout = LAYOUTS["valuations"]
    for row in rows:
        row["method"] = layout.column("method").allowed[0]
    file = read_file(filled([(layout, rows)]), "f.xlsx")
    table = read_table(file, file.sheets[0], layout)
    assert table.problems == []
    assert [r["amount"] for r in table.rows] == [r["amount"] for r in rows]
