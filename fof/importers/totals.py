"""Rows that are no data but the sum of others: told by what they say, and by what they add up to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import accumulate

from fof.importers.columns import CellType, Layout
from fof.importers.tables import Table, TypedRow
from fof.importers.units import simple

_WORDS = frozenset(
    {
        "合计",
        "总计",
        "小计",
        "总额",
        "共计",
        "本页合计",
        "本页小计",
        "累计",
        "合计数",
        "小计数",
        "总计数",
        "总和",
        "汇总",
        "计",
        "total",
        "totals",
        "grand total",
        "subtotal",
        "sub-total",
        "sub total",
        "sum",
    }
)
_SAYS = re.compile(
    r"合\s*计|总\s*计|小\s*计|共\s*计|累\s*计|总额|总和|汇总|\b(?:grand |sub[- ]?)?totals?\b|\bsum\b"
)
_MAYBE = re.compile(r"[合总總小共累汇計计\uff21-\uff5a]|total|sum", re.IGNORECASE)
"""What a text must hold to be worth a second look: most hold none of it."""
_LONGEST = 24


class TotalRows:
    """Looks at each row for the words of a total."""

    def __init__(self) -> None:
        self._saying: dict[int, str] = {}

    def word(self, cells: list[str | None]) -> str | None:
        """The text by which the first cell of a row says that it is a total, None where it does not."""
        first = next((c[1:] for c in cells if c is not None), None)
        return first if first is not None and _is_word(first) else None

    def alone(self, cells: list[str | None]) -> bool:
        """Whether the row begins with the word of a total, and so is none of data whatever it adds up to."""
        return self.word(cells) is not None

    def look(self, row: TypedRow, cells: list[str | None]) -> None:
        """Remember a row of data that says in any cell that it is a total."""
        for cell in cells:
            if cell is None or cell[0] != "s" or _MAYBE.search(cell, 1) is None:
                continue
            if _is_word(cell[1:]) or _SAYS.search(simple(cell[1:])):
                self._saying[id(row)] = cell[1:]
                return

    def doubled(self, table: Table) -> list[tuple[TypedRow, str]]:
        """The rows that say it and are the sum of rows above or below them, or of those of one code; with what they say."""
        if not self._saying:
            return []
        rows = [r for r in table.rows if id(r) not in self._saying]
        return [
            (row, text)
            for row in table.rows
            if (text := self._saying.get(id(row))) is not None
            and (_is_word(text) or _sums(table.layout, row, rows))
        ]


def _is_word(text: str) -> bool:
    bare = simple(text).replace(":", "").strip(" ()[]【】*")
    return len(text) <= _LONGEST and (bare in _WORDS or bare.replace(" ", "") in _WORDS)


def _sums(layout: Layout, row: TypedRow, rows: list[TypedRow]) -> bool:
    """Whether an amount of the row is the sum of the rows just above it, just below it, or of those with one of its codes."""
    for name, stated in row.amounts(layout.amounts):
        if stated.fen == 0:
            continue
        for group in _groups(layout, row, rows):
            if stated.fen in accumulate(r.fen(name) or 0 for r in group):
                return True
    return False


def _groups(layout: Layout, row: TypedRow, rows: list[TypedRow]) -> Iterator[list[TypedRow]]:
    """Rows in the order in which they are added up."""
    yield [r for r in reversed(rows) if r.number < row.number]
    yield [r for r in rows if r.number > row.number]
    for column in layout.columns:
        if column.cell is CellType.CODE and (code := row[column.name]) is not None:
            yield [r for r in rows if r[column.name] == code]
