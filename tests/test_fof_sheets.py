"""Tables as workbooks: texts stay texts, whatever they begin with."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest

from fof.importers.cells import Amount
from fof.importers.layouts import LAYOUTS
from fof.importers.template import filled
from fof.table_workbook import table_workbook

HOSTILE = [
    '=HYPERLINK("http://x","y")',
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "=cmd|' /C calc'!A0",
    "![x](http://y)",
    "http://x",
    "%0A=1",
]


def _texts(data: bytes) -> list[tuple[str, str, bool]]:
    """Value, type and whether the cell is marked as text, of every cell."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    return [
        (str(c.value), c.data_type, bool(c.quotePrefix))
        for sheet in book
        for row in sheet.iter_rows()
        for c in row
        if c.value is not None
    ]


def _no_formula_nor_link(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        for name in parts.namelist():
            text = parts.read(name).decode("utf-8", "replace")
            assert "<f>" not in text
            assert "<hyperlink " not in text.casefold()


@pytest.mark.parametrize("text", HOSTILE)
def test_a_table_holds_no_formula_and_no_link(text):
    data = table_workbook(text, text, [text], [[text], [1.5]])
    _no_formula_nor_link(data)
    found = _texts(data)
    assert {kind for value, kind, _ in found if value == text} == {"s"}
    if text[0] in "=+-@\t%":
        assert any(marked for value, _, marked in found if value == text)


@pytest.mark.parametrize("text", HOSTILE)
def test_an_export_holds_no_formula_and_no_link(text):
    rows = [{"fund": text, "counterparty": text, "document": text, "amount": Amount(5, "CNY")}]
    data = filled([(LAYOUTS["fund_cash"], rows)], {"附表": [[text]]})
    _no_formula_nor_link(data)
    assert all(kind == "s" for value, kind, _ in _texts(data) if value == text)
