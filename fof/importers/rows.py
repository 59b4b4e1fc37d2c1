"""Reading the rows of a sheet: each cell by its binding, each problem with its place, nothing dropped unsaid."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, islice

from fof.errors import Problem
from fof.importers import headers
from fof.importers.bindings import Binding, Bound, mapped_headers, own_headers
from fof.importers.cells import Reading, Unreadable, Value, read, shown
from fof.importers.columns import CellType, Layout
from fof.importers.mapping import Mapping
from fof.importers.sheet_scan import letters
from fof.importers.sheets import File, RawRow, Sheet
from fof.importers.tables import Row, Table
from fof.importers.units import Unit, plain

MOST_PROBLEMS = 5_000
"""Reading stops here: whoever has five thousand problems has one."""

_TOTALS = {
    "合计",
    "总计",
    "小计",
    "总额",
    "共计",
    "本页合计",
    "累计",
    "total",
    "totals",
    "grand total",
    "subtotal",
    "sum",
}
_FLAWS = {
    "formula_cell": ("不得为公式，请粘贴为数值", "a value, not a formula"),
    "error_cell": ("单元格为错误值", "a value, not an error"),
    "scaled_format": (
        "单元格的数字格式缩小了显示（按千或以文字小数点），所见与所存不同；请改为普通格式",
        "a plain number format: this one shows the number scaled down, not as it is stored",
    ),
    "hidden_value": (
        "单元格的数字格式不显示数值；请改为普通格式或清空",
        "a plain number format: this one shows nothing; or clear the cell",
    ),
}


def read_table(file: File, sheet: Sheet, layout: Layout, mapping: Mapping | None = None) -> Table:
    """Read a sheet as a layout, with a mapping where its headers are foreign. Nothing is raised: see `problems`."""
    table = Table(file.name, file.digest, sheet.name, layout)
    rows = iter(sheet.rows)
    first = list(islice(rows, headers.LOOKED_AT))
    if not first:
        table.problems.append(
            Problem("empty_sheet", "表内没有数据", "a sheet with rows", where=table.where())
        )
        table.problems.extend(sheet.problems)
        return table
    bound = (
        own_headers(table, sheet, first) if mapping is None else mapped_headers(table, sheet, first, mapping)
    )
    for place, cells in first:
        if place < bound.number:
            text = " ".join(c[1:] for c in cells if c is not None)
            _caption_unit(table, bound, place, text)
            table.warnings.append(
                Problem(
                    "caption",
                    "表头之上的文字未读入",
                    "text above the header was not read",
                    text[:80],
                    table.where(place),
                )
            )
    if not table.problems:
        body = (row for row in chain(first, rows) if row[0] > bound.number)
        _Body(table, sheet, bound, mapping).walk(body)
    table.problems.extend(sheet.problems)
    return table


def _caption_unit(table: Table, bound: Bound, place: int, text: str) -> None:
    """A line above the header that states another unit than the headers do: which of the two holds is not ours to say."""
    unit = headers.unit_in_caption(text)
    stated = {
        b.reading.unit for reading in bound.readings for b in reading if b.column.cell is CellType.AMOUNT
    }
    for other in sorted(u.text for u in stated - {None, unit} if u is not None and unit is not None):
        zh = f"表头写明的单位为“{other}”，与此处不一，请统一"
        en = f"the same unit as the headers, which say {other!r}"
        table.problems.append(Problem("unit_conflict", zh, en, text[:80], table.where(place)))


class _Body:
    """Walks the rows below the header."""

    def __init__(self, table: Table, sheet: Sheet, bound: Bound, mapping: Mapping | None) -> None:
        self.table, self.sheet, self.mapping, self.bound = table, sheet, mapping, bound
        self.places = [{b.column.name: i for i, b in enumerate(reading)} for reading in bound.readings]
        self.read = {b.index for reading in bound.readings for b in reading if b.index is not None}
        self.flaws = {(row, column - 1) for _, row, column in sheet.flaws}
        self.named = {b.index: b.column.name for reading in bound.readings for b in reading}

    def walk(self, rows: Iterable[RawRow]) -> None:
        """Read every row below the header into the table, or say why not."""
        self._shape()
        hidden = set(self.sheet.hidden_rows)
        for number, cells in rows:
            if len(self.table.problems) >= MOST_PROBLEMS:
                self._problem(
                    "too_many_problems",
                    "问题过多，未继续读取",
                    "too many problems; reading stopped here",
                    None,
                    number,
                )
                return
            if number in hidden:
                self._problem(
                    "hidden_row",
                    "隐藏行：请取消隐藏或删除",
                    "a visible row; unhide or delete it",
                    None,
                    number,
                )
            elif any(i < len(cells) and _in(cells[i], texts) for i, texts in self.bound.skips):
                self.table.skipped += 1
            elif self._is_total(cells):
                self._problem(
                    "total_row",
                    "合计行不是数据，请删除",
                    "rows of data only; delete the total",
                    _first(cells),
                    number,
                )
            else:
                self._row(number, cells)

    def _shape(self) -> None:
        """Hidden columns, merges that touch the header or the data, and cells that hold no plain value.

        The cells are told by the scan and not by the values: a reader may drop a row that holds nothing but a formula.
        """
        for code, row, column in self.sheet.flaws:
            if row >= self.bound.number and column - 1 in self.read:
                zh, en = _FLAWS[code]
                self._problem(code, zh, en, f"{letters(column)}{row}", row, self.named[column - 1])
        for first, last in self.sheet.hidden_columns:
            for column in sorted(i + 1 for i in self.read if first <= i + 1 <= last):
                self._problem(
                    "hidden_column",
                    "隐藏列：请取消隐藏或删除",
                    "a visible column; unhide or delete it",
                    letters(column),
                )
        for top, left, bottom, right in self.sheet.spills:
            if bottom >= self.bound.number and any(left <= i + 1 <= right for i in self.read):
                zh, en = _FLAWS["formula_cell"]
                self._problem("formula_cell", zh, en, f"{letters(left)}{top}:{letters(right)}{bottom}", top)
        for top, left, bottom, right in self.sheet.merges:
            if bottom >= self.bound.number and any(left <= i + 1 <= right for i in self.read):
                self._problem(
                    "merged_cells",
                    "合并单元格：请取消合并并逐行填写",
                    "cells that are not merged; fill in each row",
                    f"{letters(left)}{top}:{letters(right)}{bottom}",
                    top,
                )

    @staticmethod
    def _is_total(cells: list[str | None]) -> bool:
        text = _first(cells)
        return (
            text is not None
            and len(text) <= 24
            and plain(text).replace("：", "").rstrip(": ").casefold().replace("合 计", "合计") in _TOTALS
        )

    def _row(self, number: int, cells: list[str | None]) -> None:
        outside = [i for i, cell in enumerate(cells) if cell is not None and i not in self.bound.headed]
        if outside:
            self._problem(
                "cell_without_header",
                "此单元格所在列没有表头",
                "a header above every cell",
                shown(cells[outside[0]] or ""),
                number,
                letters(outside[0] + 1),
            )
            return
        for reading, at in zip(self.bound.readings, self.places, strict=True):
            before = len(self.table.problems)
            values = tuple(self._values(number, cells, reading))
            row = Row(self.table.sheet, number, at, values)
            if len(self.table.problems) == before and self._complete(row):
                self.table.rows.append(row)
                self._add_up(row, reading)
            else:
                self.table.failed.append(row)

    def _values(self, number: int, cells: list[str | None], bound: list[Binding]) -> Iterator[Value | None]:
        row_unit = self._unit(number, cells, bound)
        for binding in bound:
            cell = self._cell(number, cells, binding)
            if cell is None:
                if binding.column.required and (
                    binding.index is None or (number, binding.index) not in self.flaws
                ):
                    self._problem("required", "必填，不得留空", "required", None, number, binding.column.name)
                yield None
                continue
            reading = binding.reading
            if binding.column.cell is CellType.AMOUNT and reading.unit is None and row_unit is not None:
                reading = Reading(row_unit, None, reading.epoch_1904)
            try:
                yield read(cell, binding.column, reading)
            except Unreadable as wrong:
                if binding.column.cell is not CellType.UNIT:  # reported once, by _unit
                    self._problem(wrong.code, wrong.zh, wrong.en, shown(cell), number, binding.column.name)
                yield None

    def _unit(self, number: int, cells: list[str | None], bound: list[Binding]) -> Unit | None:
        for binding in bound:
            if binding.column.cell is CellType.UNIT:
                cell = self._cell(number, cells, binding)
                if cell is None:
                    return None
                try:
                    found = read(cell, binding.column, binding.reading)
                except Unreadable as wrong:
                    self._problem(wrong.code, wrong.zh, wrong.en, shown(cell), number, binding.column.name)
                    return None
                assert isinstance(found, Unit)
                return found
        return None

    def _cell(self, number: int, cells: list[str | None], binding: Binding) -> str | None:
        if binding.index is None:
            return binding.constant
        if (number, binding.index) in self.flaws:
            return None
        cell = cells[binding.index] if binding.index < len(cells) else None
        if cell is None or self.mapping is None:
            return cell
        text = self.mapping.translated(binding.column.name, cell[1:])
        return None if text is None else cell[0] + text

    def _complete(self, row: Row) -> bool:
        """Whether each group of columns of which one must be filled in has one."""
        complete = True
        for group in self.table.layout.one_of:
            if all(row[name] is None for name in group):
                names = "、".join(self.table.layout.column(n).zh for n in group[:6])
                self._problem(
                    "one_of",
                    f"至少填写一项：{names}{' 等' if len(group) > 6 else ''}",
                    f"at least one of: {', '.join(group)}",
                    None,
                    row.number,
                )
                complete = False
        return complete

    def _add_up(self, row: Row, bound: list[Binding]) -> None:
        for binding in bound:
            if binding.column.cell is CellType.AMOUNT and (value := row[binding.column.name]) is not None:
                key = (binding.column.name, value.currency)
                self.table.totals[key] = self.table.totals.get(key, 0) + value.fen

    def _problem(
        self,
        code: str,
        zh: str,
        en: str,
        found: str | None,
        row: int | None = None,
        column: str | None = None,
    ) -> None:
        self.table.problems.append(Problem(code, zh, en, found, self.table.where(row, column)))


def _first(cells: list[str | None]) -> str | None:
    return next((c[1:] for c in cells if c is not None), None)


def _in(cell: str | None, texts: frozenset[str]) -> bool:
    return cell is not None and plain(cell[1:]).casefold() in texts
