"""A sheet read as a layout: typed rows, totals, and every problem with its place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from fof.errors import Problem, Where
from fof.importers.cells import Amount, Value
from fof.importers.columns import Layout
from fof.importers.mapping import Creation
from models.text import Text


class TypedRow:
    """One row: typed values by column name; what is blank or not a column of the file is None."""

    __slots__ = ("_at", "_values", "number", "sheet")

    def __init__(self, sheet: str, number: int, at: dict[str, int], values: tuple[Value | None, ...]) -> None:
        self.sheet, self.number, self._at, self._values = sheet, number, at, values

    def __getitem__(self, name: str) -> Any:
        place = self._at.get(name)
        return None if place is None else self._values[place]

    def fen(self, name: str) -> int | None:
        """Whole fen of an amount column."""
        value = self[name]
        assert value is None or isinstance(value, Amount), name
        return None if value is None else value.fen

    def text(self, name: str) -> str | None:
        """A code or text."""
        value = self[name]
        assert value is None or isinstance(value, str), name
        return None if value is None else str(value)

    def day(self, name: str) -> dt.date | None:
        """A date."""
        value = self[name]
        assert value is None or isinstance(value, dt.date), name
        return value

    def share(self, name: str) -> Decimal | None:
        """A share as a fraction, or a plain number."""
        value = self[name]
        assert value is None or isinstance(value, Decimal), name
        return value

    def amounts(self, names: Iterable[str]) -> list[tuple[str, Amount]]:
        """The amounts the row states, of the amount columns named."""
        return [(name, value) for name in names if (value := self[name]) is not None]

    def stated(self) -> dict[str, Value]:
        """Everything the row states, by column name."""
        return {name: v for name, place in self._at.items() if (v := self._values[place]) is not None}


@dataclass(slots=True)
class Table:
    """A sheet read as a layout.

    headers   column name → header as it stands in the file
    totals    (column name, currency) → sum in fen over all rows
    failed    rows with a problem of their own, as far as they could be read
    skipped   rows the mapping leaves out
    creates   column name → parties that may be registered when unknown (from the mapping)
    """

    file: str
    digest: str
    sheet: str
    layout: Layout
    headers: dict[str, str] = field(default_factory=dict)
    rows: list[TypedRow] = field(default_factory=list)
    failed: list[TypedRow] = field(default_factory=list)
    totals: dict[tuple[str, str], int] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    skipped: int = 0
    creates: dict[str, Creation] = field(default_factory=dict)
    warnings: list[Problem] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def placed(self, problem: Problem) -> Problem:
        """A problem of this sheet that names a column of the layout, with the field under the name the file gives it."""
        at = problem.where
        if not isinstance(at.field, str) or (at.file, at.sheet) != (self.file, self.sheet or None):
            return problem
        return replace(problem, where=self.where(at.row, at.field))

    def where(self, row: int | None = None, column: str | None = None) -> Where:
        """The place of a problem; the field under the name the file gives it."""
        field_name: str | Text | None = None if column is None else self.headers.get(column)
        if column is not None and field_name is None:
            field_name = next((c.text for c in self.layout.columns if c.name == column), column)
        return Where(self.file, self.sheet or None, row, field_name)
