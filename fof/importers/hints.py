"""What is read as it stands but may be meant otherwise: told once for a column, with how many cells and an example."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from fof.errors import Problem
from fof.importers.bindings import Binding, Bound
from fof.importers.cells import Value, quoted
from fof.importers.columns import CellType
from fof.importers.sheets import Sheet
from fof.importers.tables import Table
from fof.importers.units import plain
from models.text import Text, counted, joined


@dataclass(slots=True)
class _Seen:
    """Cells of a column: how many, the first row, the first as it stands and as it was read."""

    count: int
    row: int
    found: str
    read: str


class Hints:
    """Counts what is worth a look, column by column."""

    def __init__(self, table: Table, sheet: Sheet) -> None:
        self._table, self._sheet = table, sheet
        self._serial: dict[str, _Seen] = {}
        self._small: dict[str, _Seen] = {}
        self._large: set[str] = set()
        self._places: dict[str, _Seen] = {}
        self._moved: dict[str, Decimal] = {}
        self._others: dict[str, dict[str, _Seen]] = {}

    def look(self, number: int, binding: Binding, cell: str, value: Value) -> None:
        """A cell and what it was read as."""
        kind, name = binding.column.cell, binding.column.name
        if kind is CellType.DATE and cell[0] == "n" and len(cell) == 6:
            self._count(self._serial, name, number, cell, str(value))
        elif (
            kind is CellType.SHARE
            and binding.reading.fraction is False
            and cell[0] in "ns"
            and "%" not in cell
        ):
            assert isinstance(value, Decimal)
            if 0 < abs(value) < Decimal("0.01"):
                self._count(self._small, name, number, cell, f"{(value * 100).normalize():f}%")
            elif value:
                self._large.add(name)

    def to_places(self, number: int, name: str, text: str, near: str, places: int) -> None:
        """A number that the mapping has rounded."""
        self._count(self._places, name, number, f"s{text}", f"{near} ({places})")
        moved = abs(Decimal(plain(text).replace(",", "").strip("()-+ ")) - abs(Decimal(near)))
        self._moved[name] = max(moved, self._moved.get(name, Decimal(0)))

    def other(self, number: int, name: str, text: str, word: str) -> None:
        """A word that the mapping reads as its word for all others."""
        self._count(self._others.setdefault(name, {}), text, number, f"s{text}", word)

    def _count(self, seen: dict[str, _Seen], name: str, number: int, cell: str, read: str) -> None:
        if (before := seen.get(name)) is None:
            seen[name] = _Seen(1, number, quoted(cell), read)
        else:
            before.count += 1

    def tell(self, bound: Bound) -> None:
        """Everything that was seen, as warnings of the table."""
        for name, one in self._serial.items():
            self._warn(
                "bare_serial",
                name,
                one,
                Text(
                    f"{one.count} 个单元格显示为数字而非日期，按日期序号读取，如 {one.found} 读作 {one.read}；请核对",
                    f"{counted(one.count, 'cell')} with a number and no date, read as serial days: {one.found} as {one.read}",
                ),
            )
        for name, one in self._small.items():
            if name not in self._large:
                self._warn(
                    "shares_below_one",
                    name,
                    one,
                    Text(
                        f"本列表头为（%），而 {one.count} 个比例都小于 1，如 {one.found} 读作 {one.read}；若为小数请改表头",
                        f"the header says (%), and every share ({one.count}) is below 1: {one.found} is read as {one.read}; "
                        "if they are fractions, change the header",
                    ),
                )
        for name, one in self._places.items():
            self._warn(
                "rounded_by_mapping",
                name,
                one,
                Text(
                    f"按列映射取小数位：{one.count} 个数有变，如 {one.found} 取为 {one.read}，最大变动 {self._moved[name]:f}",
                    f"{counted(one.count, 'number')} rounded as the mapping says, {one.found} to {one.read}; at most by {self._moved[name]:f}",
                ),
            )
        for name, texts in self._others.items():
            listed = joined(
                Text(f"{text}×{one.count}", f"{text}×{one.count}") for text, one in list(texts.items())[:20]
            )
            first = next(iter(texts.values()))
            self._warn(
                "other_by_mapping",
                name,
                first,
                Text(
                    f"{len(texts)} 种未列出的词按列映射的“*”读作 {first.read or '不陈述'}：{listed.zh}",
                    f"{counted(len(texts), 'word')} not listed and read as {first.read or 'nothing'} by the mapping's '*': {listed.en}",
                ),
            )
        self._rounded(bound)

    def _rounded(self, bound: Bound) -> None:
        named = {b.index: b.column for reading in bound.readings for b in reading if b.index is not None}
        seen: dict[str, _Seen] = {}
        for row, place, near in self._sheet.rounded:
            column = named.get(place - 1)
            if column is None or row <= bound.number:
                continue
            if column.name in seen:
                seen[column.name].count += 1
            else:
                seen[column.name] = _Seen(1, row, near, "")
        for name, one in seen.items():
            self._warn(
                "shown_rounded",
                name,
                one,
                Text(
                    f"{one.count} 个单元格按格式显示为四舍五入后的数（如 {one.found}），登记的是所存的全部小数",
                    f"{counted(one.count, 'cell')} with a rounded number ({one.found} for one); what is stored is booked, with all its decimals",
                ),
            )

    def _warn(self, code: str, name: str, one: _Seen, text: Text) -> None:
        self._table.warnings.append(Problem(code, text, one.found, self._table.where(one.row, name)))
