"""From a file to tables: which sheet is which layout."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from fof.errors import Problem, Where
from fof.importers import headers
from fof.importers.columns import Layout
from fof.importers.layouts import LAYOUTS, layout_titled
from fof.importers.mapping import Mapping
from fof.importers.row_reader import read_table
from fof.importers.sheets import File, Sheet
from fof.importers.tables import Table
from fof.importers.template import EXPLANATION, LEFT_OUT
from models.text import Text

_PASSED_BY = {*(title.casefold() for title in EXPLANATION), "填表说明", LEFT_OUT}
_LISTED = 8
"""Sheets of a file without rows that its one problem names."""


@dataclass(slots=True)
class FileReading:
    """A file as tables, what is wrong with its sheets as such, and sheets that were left out on purpose."""

    tables: list[Table] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    passed_by: list[str] = field(default_factory=list)


def read_tables(
    file: File,
    layout: Layout | None = None,
    mapping: Mapping | None = None,
    sheets: Collection[str] | None = None,
) -> FileReading:
    """Every sheet as its layout: the one asked for, else the one its title names, else the one its headers fit.

    sheets : titles to read; None reads every sheet but the explanation. A sheet that fits no layout is a problem.
    """
    reading = FileReading()
    for sheet in file.sheets:
        rows = sheet.rows if isinstance(sheet.rows, list) else None
        if (
            (sheets is not None and sheet.name not in sheets)
            or rows == []
            or (sheets is None and sheet.name.strip().casefold() in _PASSED_BY)
        ):
            reading.passed_by.append(sheet.name)
        elif sheet.hidden:
            reading.problems.append(
                Problem(
                    "hidden_sheet",
                    Text("隐藏的工作表含有数据：请取消隐藏或删除", "a visible sheet; unhide or delete it"),
                    sheet.name,
                    Where(file.name, sheet.name),
                )
            )
        elif mapping is None:
            _one(reading, file, sheet, layout, None)
        elif (own := mapping.of_sheet(sheet.name)) is not None:
            _one(reading, file, sheet, LAYOUTS[own.layout], own)
        elif mapping.ignores(sheet.name):
            reading.passed_by.append(sheet.name)
        else:
            text = Text(
                f"列映射“{mapping.name}”未提及此工作表；请在 sheets 中写明，或列入 ignore_sheets",
                f"the mapping {mapping.name!r} neither reads nor ignores this sheet; add it to sheets or to ignore_sheets",
            )
            reading.problems.append(Problem("unmapped_sheet", text, sheet.name, Where(file.name, sheet.name)))
    if mapping is not None:
        _sheets_there(reading, file, mapping)
    for name in set(sheets or ()) - {s.name for s in file.sheets}:
        reading.problems.append(
            Problem(
                "no_such_sheet", Text("文件中没有此工作表", "a sheet of this file"), name, Where(file.name)
            )
        )
    reading.problems += _rows_missing(file, reading)
    return reading


def _rows_missing(file: File, reading: FileReading) -> list[Problem]:
    """Of a file that holds no row to book: its sheets end with their headers, or their mapping leaves all rows out. Else
    nobody would learn that what was meant to be sent is not in it; beside rows of other sheets an empty one is fine.
    """
    read = reading.tables
    if reading.problems or any(t.rows or t.failed or t.problems for t in read):
        return []
    if not read:
        return [Problem("empty_file", Text("文件中没有数据", "a file with rows"), None, Where(file.name))]
    if skipped := sum(t.skipped for t in read):
        expected = Text(
            f"没有一行可登记，应至少有一行：{skipped} 行均被列映射略过",
            f"at least one row; there is none, the mapping leaves out all {skipped}",
        )
    else:
        expected = Text("表头以下没有数据，应至少有一行", "at least one row below the headers; there is none")
    if len(read) == 1:
        return [Problem("empty_file", expected, None, read[0].where())]
    listed = [t.sheet for t in read[:_LISTED]]
    more = "" if len(read) <= _LISTED else f" … ({len(read)})"
    return [Problem("empty_file", expected, "、".join(listed) + more, Where(file.name))]


def _sheets_there(reading: FileReading, file: File, mapping: Mapping) -> None:
    """Every sheet that a mapping reads must be in the file."""
    titles = {s.name.strip().casefold() for s in file.sheets}
    for part in mapping.sheets:
        if not file.is_csv and part.sheet.strip().casefold() not in titles:
            text = Text(
                f"列映射“{mapping.name}”所读的工作表不存在",
                f"a sheet that the mapping {mapping.name!r} reads",
            )
            reading.problems.append(Problem("no_such_sheet", text, part.sheet, Where(file.name)))


def _one(
    reading: FileReading, file: File, sheet: Sheet, layout: Layout | None, mapping: Mapping | None
) -> None:
    chosen = layout or (None if file.is_csv else layout_titled(sheet.name))
    if chosen is None:
        rows = sheet.rows = list(sheet.rows)
        fitting = headers.recognise(rows) if rows else []
        if len(fitting) == 1:
            chosen = fitting[0]
        elif not rows and sheet.problems:  # the file has said what is wrong with it
            reading.problems.extend(sheet.problems)
            return
        elif rows:
            reading.problems.extend(sheet.problems)
            listed = "、".join(x.text.zh for x in fitting or LAYOUTS.values())
            keys = ", ".join(x.name for x in fitting)
            several = len(fitting) > 1
            reading.problems.append(
                Problem(
                    "layout_unclear" if several else "unknown_layout",
                    Text(
                        f"表头适合多个版式（{listed}），请指明（--layout {keys} 之一，或以版式名为工作表名）"
                        if several
                        else f"无法识别版式；工作表名或表头应为：{listed}，或使用列映射",
                        f"several layouts fit ({keys}): name one with --layout, or as the title of the sheet"
                        if several
                        else "a sheet titled or headed as one of our layouts, or a mapping",
                    ),
                    sheet.name or file.name,
                    Where(file.name, sheet.name or None),
                )
            )
            return
        else:
            reading.passed_by.append(sheet.name)
            return
    reading.tables.append(read_table(file, sheet, chosen, mapping))
