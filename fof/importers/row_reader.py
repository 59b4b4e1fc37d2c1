"""Reading the rows of a sheet: each cell by its binding, each problem with its place, nothing dropped unsaid."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, islice

from fof.errors import Problem
from fof.importers import headers
from fof.importers.bindings import Binding, Bound, mapped_headers, own_headers
from fof.importers.captions import Captions
from fof.importers.cell_readers import read
from fof.importers.cells import ColumnContext, Unreadable, Value, quoted, to_places
from fof.importers.columns import CellType, Layout
from fof.importers.formats import RESPELT
from fof.importers.hints import Hints
from fof.importers.mapping import Mapping
from fof.importers.sheet_scan import letters
from fof.importers.sheets import File, RawRow, Sheet
from fof.importers.tables import Table, TypedRow
from fof.importers.totals import TotalRows
from fof.importers.units import AmountUnit, plain, same_unit
from models.text import Text

MOST_PROBLEMS = 5_000
"""Reading stops here: whoever has five thousand problems has one."""
_KNOWN, _SHORT = 2_000, 64
"""Of how many texts of a column, and up to which length, it is remembered what they are."""

_FLAWS = {
    "formula_cell": Text("不得为公式，请粘贴为数值", "a value, not a formula"),
    "error_cell": Text("单元格为错误值", "a value, not an error"),
    "struck_out": Text(
        "带删除线：请去掉删除线，或删除此行",
        "no struck-out text: remove the line through it, or the row",
    ),
    "raised_text": Text(
        "含上标或下标（如脚注号）：所见与所读不同，请删去或改为普通文字",
        "no raised or lowered characters such as the number of a footnote: what is shown is not what is read",
    ),
    "scaled_format": Text(
        "单元格的数字格式缩小了显示（按千或以文字小数点），所见与所存不同；请改为普通格式",
        "a plain number format: this one shows the number scaled down, not as it is stored",
    ),
    "hidden_value": Text(
        "单元格的数字格式不显示数值；请改为普通格式或清空",
        "a plain number format: this one shows nothing; or clear the cell",
    ),
    "shown_otherwise": Text(
        "单元格的格式显示的与所存的不同（正负号、文字或历法）；请改为普通格式",
        "a plain format: this one shows another thing than is stored (sign, words or calendar)",
    ),
    "partial_date": Text(
        "日期格式未显示完整的年月日，所见不是一天；请写明年月日",
        "a date format that shows year, month and day: this one shows less than a day",
    ),
}


def read_table(file: File, sheet: Sheet, layout: Layout, mapping: Mapping | None = None) -> Table:
    """Read a sheet as a layout, with a mapping where its headers are foreign. Nothing is raised: see `problems`."""
    table = Table(file.name, file.digest, sheet.name, layout)
    rows = iter(sheet.rows)
    first = list(islice(rows, headers.LOOKED_AT))
    if not first:
        table.problems.append(
            Problem("empty_sheet", Text("表内没有数据", "a sheet with rows"), where=table.where())
        )
        table.problems.extend(sheet.problems)
        return table
    bound = (
        own_headers(table, sheet, first) if mapping is None else mapped_headers(table, sheet, first, mapping)
    )
    captions = Captions(table, bound)
    captions.beside(sheet.name, file.name)
    captions.printed(sheet.printed)
    for place, cells in first:
        if place < bound.number:
            text = " ".join(c[1:] for c in cells if c is not None)
            captions.above(place, [c[1:] for c in cells if c is not None])
            table.warnings.append(
                Problem(
                    "caption",
                    Text("表头之上的文字未读入", "text above the header was not read"),
                    text[:80],
                    table.where(place),
                )
            )
    if not table.problems:
        body = (row for row in chain(first, rows) if row[0] > bound.number)
        _Body(table, sheet, bound, mapping, captions).walk(body)
    table.problems.extend(sheet.problems)
    return table


class _Body:
    """Walks the rows below the header."""

    def __init__(
        self, table: Table, sheet: Sheet, bound: Bound, mapping: Mapping | None, captions: Captions
    ) -> None:
        self.table, self.sheet, self.mapping, self.bound = table, sheet, mapping, bound
        self.captions, self.totals, self.hints = captions, TotalRows(), Hints(table, sheet)
        self.places = [{b.column.name: i for i, b in enumerate(reading)} for reading in bound.readings]
        self.read = {b.index for reading in bound.readings for b in reading if b.index is not None}
        self.named = {b.index: b.column.name for reading in bound.readings for b in reading}
        codes = {
            b.index
            for reading in bound.readings
            for b in reading
            if b.column.cell in (CellType.CODE, CellType.CODES)
        }  # of a code that became a date there is more to say than that its format is short
        self.cell_flaws = [
            ("shown_otherwise" if code == RESPELT else code, row, column)
            for code, row, column in sheet.flaws
            if code not in ("partial_date", RESPELT) or (code == RESPELT) == (column - 1 in codes)
        ]
        self.flaws = {(row, column - 1) for _, row, column in self.cell_flaws}
        self.known: dict[int, dict[str, Value]] = {}

    def walk(self, rows: Iterable[RawRow]) -> None:
        """Read every row below the header into the table, or say why not."""
        self._shape()
        hidden = set(self.sheet.hidden_rows)
        for number, cells in rows:
            if len(self.table.problems) >= MOST_PROBLEMS:
                self._problem(
                    "too_many_problems",
                    Text("问题过多，未继续读取", "too many problems; reading stopped here"),
                    None,
                    number,
                )
                return
            if number in hidden:
                self._problem(
                    "hidden_row",
                    Text("隐藏行：请取消隐藏或删除", "a visible row; unhide or delete it"),
                    None,
                    number,
                )
            elif any(_in(cells[i] if i < len(cells) else None, texts) for i, texts in self.bound.skips):
                self.table.skipped += 1
            elif self.totals.alone(cells):
                self._problem(
                    "total_row",
                    Text("合计行不是数据，请删除", "rows of data only; delete the total"),
                    self.totals.word(cells),
                    number,
                )
            else:
                self._row(number, cells)
        self._add_up()
        self.hints.tell(self.bound)

    def _add_up(self) -> None:
        """Rows that say they are totals and are: their money stands in the rows above or below them already."""
        for row, text in self.totals.doubled(self.table):
            self.table.rows.remove(row)
            self.table.failed.append(row)
            sentence = Text(
                "合计行不是数据，请删除（金额等于其上各行之和）",
                "rows of data only; this is the sum of other rows",
            )
            self._problem("total_row", sentence, text, row.number)
        names, totals = self.table.layout.amounts, self.table.totals
        for row in self.table.rows:
            for name, amount in row.amounts(names):
                key = (name, amount.currency)
                totals[key] = totals.get(key, 0) + amount.fen

    def _struck(self) -> dict[int, int]:
        """Row → the first of its columns that is read and struck out."""
        columns: dict[int, int] = {}
        for code, row, column in self.cell_flaws:
            if code == "struck_out" and column - 1 in self.read:
                columns[row] = min(column, columns.get(row, column))
        return columns

    def _shape(self) -> None:
        """Hidden columns, merges that touch the header or the data, and cells that hold no plain value.

        The cells are told by the scan and not by the values: a reader may drop a row that holds nothing but a formula.
        """
        struck = self._struck()
        for code, row, column in self.cell_flaws:
            if code == "struck_out" and struck.get(row) != column:
                continue  # told once for a row
            if row >= self.bound.number and column - 1 in self.read:
                text = _FLAWS[code]
                self._problem(code, text, f"{letters(column)}{row}", row, self.named[column - 1])
        for first, last in self.sheet.hidden_columns:
            for column in sorted(i + 1 for i in self.read if first <= i + 1 <= last):
                self._problem(
                    "hidden_column",
                    Text("隐藏列：请取消隐藏或删除", "a visible column; unhide or delete it"),
                    letters(column),
                )
        for top, left, bottom, right in self.sheet.spills:
            if bottom >= self.bound.number and any(left <= i + 1 <= right for i in self.read):
                text = _FLAWS["formula_cell"]
                self._problem("formula_cell", text, f"{letters(left)}{top}:{letters(right)}{bottom}", top)
        for top, left, bottom, right in self.sheet.merges:
            if bottom >= self.bound.number and any(left <= i + 1 <= right for i in self.read):
                self._problem(
                    "merged_cells",
                    Text("合并单元格：请取消合并并逐行填写", "cells that are not merged; fill in each row"),
                    f"{letters(left)}{top}:{letters(right)}{bottom}",
                    top,
                )

    def _row(self, number: int, cells: list[str | None]) -> None:
        outside = [i for i, cell in enumerate(cells) if cell is not None and i not in self.bound.headed]
        if outside:
            self._problem(
                "cell_without_header",
                Text("此单元格所在列没有表头", "a header above every cell"),
                quoted(cells[outside[0]] or ""),
                number,
                letters(outside[0] + 1),
            )
            return
        for reading, at in zip(self.bound.readings, self.places, strict=True):
            before = len(self.table.problems)
            values = tuple(self._values(number, cells, reading))
            row = TypedRow(self.table.sheet, number, at, values)
            whole = len(self.table.problems) == before and not self._flawed(row, at)
            if whole and self._complete(row):
                self.table.rows.append(row)
                self.totals.look(row, cells)
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
                    self._problem(
                        "required", Text("必填，不得留空", "required"), None, number, binding.column.name
                    )
                yield None
                continue
            reading = binding.reading
            if binding.column.cell is CellType.AMOUNT and row_unit is not None:
                if reading.unit is not None and not same_unit(reading.unit, row_unit):
                    self._two_units(
                        number, binding, reading.unit, row_unit, self._unit_cell(number, cells, bound)
                    )
                    yield None
                    continue
                reading = ColumnContext(row_unit, None, reading.epoch_1904)
            try:
                value = self._value(cell, binding, reading)
                self.hints.look(number, binding, cell, value)
                yield value
            except Unreadable as wrong:
                if binding.column.cell is not CellType.UNIT:  # reported once, by _unit
                    text = self._also(binding, wrong)
                    self._problem(wrong.code, text, quoted(cell), number, binding.column.name)
                yield None

    def _value(self, cell: str, binding: Binding, reading: ColumnContext) -> Value:
        """A cell as it is typed; Unreadable where it is not. Days, codes and words come back row after row and are read once."""
        if reading is not binding.reading or len(cell) > _SHORT:
            return read(cell, binding.column, reading)
        known = self.known.setdefault(id(binding), {})
        value = known.get(cell)
        if value is None:
            value = read(cell, binding.column, reading)
            if len(known) < _KNOWN:
                known[cell] = value
        return value

    def _also(self, binding: Binding, wrong: Unreadable) -> Text:
        """What is expected; where a mapping might say what a word means, with the key to say it under."""
        if self.mapping is None or wrong.code not in ("not_listed", "fraction_of_a_fen"):
            return wrong.expected
        if wrong.code == "fraction_of_a_fen":
            name = binding.column.name
            return Text(
                f"{wrong.expected.zh}；若多出的小数是来源系统的误差，可在列映射的 [places] 下写明 {name} 的小数位",
                f"{wrong.expected.en}; if the rest is noise of the source, [places] of the mapping may state the decimals of {name}",
            )
        key = f'words."{binding.column.name}"'
        mapping = self.mapping.name
        return Text(
            f'{wrong.expected.zh}；或在列映射“{mapping}”的 [{key}] 下写明此词（空串为不陈述，"*" 为其余各词）',
            f"{wrong.expected.en}; or say under [{key}] of the mapping {mapping!r} what the word means "
            "('' states nothing, '*' is for all others)",
        )

    def _two_units(
        self, number: int, binding: Binding, stated: AmountUnit, row_unit: AmountUnit, found: str | None
    ) -> None:
        text = Text(
            f"“{binding.header}”写明的单位为“{stated.text}”，本行的“金额单位”为“{row_unit.text}”，请统一",
            f"one unit: {binding.header!r} says {stated.en!r}, the unit column of the row {row_unit.en!r}",
        )
        self._problem("unit_conflict", text, found, number, binding.column.name)

    def _unit_cell(self, number: int, cells: list[str | None], bound: list[Binding]) -> str | None:
        """What the row's unit column holds."""
        unit_cells = (self._cell(number, cells, b) for b in bound if b.column.cell is CellType.UNIT)
        return next((quoted(cell) for cell in unit_cells if cell is not None), None)

    def _unit(self, number: int, cells: list[str | None], bound: list[Binding]) -> AmountUnit | None:
        for binding in bound:
            if binding.column.cell is CellType.UNIT:
                cell = self._cell(number, cells, binding)
                if cell is None:
                    return None
                try:
                    unit = read(cell, binding.column, binding.reading)
                except Unreadable as wrong:
                    self._problem(wrong.code, wrong.expected, quoted(cell), number, binding.column.name)
                    return None
                assert isinstance(unit, AmountUnit)
                self.captions.row(number, unit)
                return unit
        return None

    def _cell(self, number: int, cells: list[str | None], binding: Binding) -> str | None:
        if binding.index is None:
            return binding.constant
        if (number, binding.index) in self.flaws:
            return None
        cell = cells[binding.index] if binding.index < len(cells) else None
        if cell is None or self.mapping is None:
            return cell
        return self._translated(number, binding, cell, self.mapping)

    def _translated(self, number: int, binding: Binding, cell: str, mapping: Mapping) -> str | None:
        """The cell as the mapping would have it: its word for a text, its decimals for a number."""
        column = binding.column
        text = mapping.translated(column.name, cell[1:])
        if text is None:
            return None
        if text == cell[1:] and (other := mapping.other(column)) is not None:
            assert column.words is not None
            if column.words.read(plain(text)) not in column.allowed:
                self.hints.other(number, column.name, text, other)
                return f"s{other}" if other else None
        places = mapping.places.get(column.name)
        if places is not None and (near := to_places(cell[0] + text, places)) is not None:
            self.hints.to_places(number, column.name, text, near[1:], places)
            return near
        return cell[0] + text

    def _complete(self, row: TypedRow) -> bool:
        """Whether each group of columns of which one must be filled in has one."""
        complete = True
        for group in self.table.layout.one_of:
            if all(row[name] is None for name in group):
                names = "、".join(self.table.layout.column(n).text.zh for n in group[:6])
                self._problem(
                    "one_of",
                    Text(
                        f"至少填写一项：{names}{' 等' if len(group) > 6 else ''}",
                        f"at least one of: {', '.join(group)}",
                    ),
                    None,
                    row.number,
                )
                complete = False
        return complete

    def _flawed(self, row: TypedRow, group: Iterable[str]) -> bool:
        """Whether a cell of the group is there and refused already."""
        wanted = set(group)
        return any(name in wanted and (row.number, index) in self.flaws for index, name in self.named.items())

    def _problem(
        self,
        code: str,
        text: Text,
        found: str | None,
        row: int | None = None,
        column: str | None = None,
    ) -> None:
        self.table.problems.append(Problem(code, text, found, self.table.where(row, column)))


def _in(cell: str | None, texts: frozenset[str]) -> bool:
    """Whether a cell holds one of the texts; a blank cell holds the empty one."""
    return ("" if cell is None else plain(cell[1:]).casefold()) in texts
