"""Files that are read beside the book, through the door of those that are booked: encodings, dates, numbers, hidden rows."""

from __future__ import annotations

from pathlib import Path

from fof.errors import ImportRefused, Problem, Where
from fof.importers.columns import Layout
from fof.importers.headers import header_row
from fof.importers.reader import read_file
from fof.importers.row_reader import read_table
from fof.importers.sheets import RawRow
from fof.importers.tables import Table
from models.text import Text


def read_side(path: Path, layout: Layout) -> Table:
    """The one table of a csv or workbook, read as a layout; what is wrong with its rows stands in its problems.

    ImportRefused where the file is refused as a whole.
    A table without headers is read column by column in the layout's order.
    """
    file = read_file(path)
    sheets = [sheet for sheet in file.sheets if not isinstance(sheet.rows, list) or sheet.rows]
    if len(sheets) != 1 or sheets[0].hidden:
        text = Text("应为一张可见且有数据的工作表", "one visible sheet with rows")
        raise ImportRefused([Problem("one_sheet", text, str(len(sheets)), Where(file.name))], file.name)
    sheet = sheets[0]
    rows = list(sheet.rows)
    sheet.rows = (
        rows if not rows or _headed(layout, rows) else [(0, [f"s{c.name}" for c in layout.columns]), *rows]
    )
    table = read_table(file, sheet, layout)
    if not table.problems and not table.rows:
        table.problems.append(
            Problem("empty_sheet", Text("表内没有数据", "a sheet with rows"), where=table.where())
        )
    return table


def _headed(layout: Layout, rows: list[RawRow]) -> bool:
    """Whether one of the first rows holds a header of the layout, or the first holds no figure that a header could miss."""
    if header_row(layout, rows).known:
        return True
    return all(cell is None or not any(c.isdigit() for c in cell[1:]) for cell in rows[0][1])
