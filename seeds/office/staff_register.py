"""Staff co-investment of the demo office in the making: rows by layout, and what an auditor must say of them.

Cells are Python values (days, fen, members of closed lists); `cells` turns them into what a workbook holds. The key is
written beside the rows: every plant says what follows from it, and every near miss that nothing does.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from fof.importers.columns import CellType
from fof.importers.layouts import LAYOUTS
from models.kinds import Word
from office.days import LAST

StaffRow = dict[str, Any]
FIRST_YEAR = 2018
"""Of the first workbook that speaks of co-investment."""


class Planned(NamedTuple):
    """One line of the key.

    limb    : the words of the condition that the finding must name; of a near miss the condition that it nearly broke
    verdict : breach, unknown, warn; of a near miss pass, or silent where the rule must not speak
    """

    rule: str
    limb: str
    subject: str
    verdict: str
    why: str


@dataclass
class StaffRegister:
    """Rows in the order of their making, each with the earliest file that may bring it."""

    rows: list[tuple[str, StaffRow, int]] = field(default_factory=list)
    planned: list[Planned] = field(default_factory=list)
    left: dict[str, Decimal] = field(default_factory=dict)  # shares that an institution held before an exit

    def add(self, layout: str, year: int = FIRST_YEAR, **cells: Any) -> StaffRow:
        """A row; cells that are None are left blank. year: of the first file that can bring it (its deal's)."""
        row = {name: value for name, value in cells.items() if value is not None}
        self.rows.append((layout, row, year))
        return row

    def remove(self, gone: StaffRow) -> None:
        """Takes a row out again."""
        self.rows = [entry for entry in self.rows if entry[1] is not gone]

    def find(self, layout: str, **cells: Any) -> StaffRow:
        """The first row of a layout with these cells."""
        return next(r for r in self.all(layout, **cells))

    def all(self, layout: str, **cells: Any) -> list[StaffRow]:
        """Every row of a layout with these cells."""
        return [
            row
            for name, row, _ in self.rows
            if name == layout and all(row.get(k) == v for k, v in cells.items())
        ]

    def breach(self, rule: str, limb: str, subject: str, why: str) -> None:
        """A condition that is broken."""
        self.planned.append(Planned(rule, limb, subject, "breach", why))

    def unknown(self, rule: str, limb: str, subject: str, why: str) -> None:
        """A condition that cannot be decided."""
        self.planned.append(Planned(rule, limb, subject, "unknown", why))

    def warn(self, rule: str, limb: str, subject: str, why: str) -> None:
        """What is to be pointed out and breaks nothing."""
        self.planned.append(Planned(rule, limb, subject, "warn", why))

    def near(self, rule: str, limb: str, subject: str, why: str, verdict: str = "pass") -> None:
        """What nearly breaks a condition and must not be said to."""
        self.planned.append(Planned(rule, limb, subject, verdict, why))

    def sheets(self) -> list[tuple[int, str, StaffRow]]:
        """(year of the file, layout, cells), days to come left to the files of their year."""
        made = []
        for layout, row, year in self.rows:
            since = row.get("since")
            own = max(year, FIRST_YEAR if since is None else since.year)
            made.append((min(own, LAST.year), layout, written(layout, row)))
        return made

    def workbook(self) -> dict[str, list[StaffRow]]:
        """Layout name → rows as one workbook of their own holds them."""
        sheets: dict[str, list[StaffRow]] = defaultdict(list)
        for layout, row, _ in self.rows:
            sheets[layout].append(written(layout, row))
        return sheets

    def key(self) -> bytes:
        """A file beside the generator: seeds/planned_coinvestment.csv, and those of pools and of the small instruments."""
        text = io.StringIO(newline="")
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(Planned._fields)
        writer.writerows(sorted(self.planned))
        return text.getvalue().encode()


def written(layout: str, row: StaffRow) -> StaffRow:
    kinds = {column.name: column.cell for column in LAYOUTS[layout].columns}
    return {name: _cell_of(kinds[name], value) for name, value in row.items()}


def _cell_of(kind: CellType, value: Any) -> Any:
    if isinstance(value, bool):
        return "是" if value else "否"
    if kind is CellType.SHARE:
        return f"{(Decimal(value) * 100).normalize():f}%"
    if isinstance(value, tuple):
        return "、".join(_cell_of(kind, own) for own in value)
    if isinstance(value, Word):
        return value.zh
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value


def day_after(day: dt.date, days: int) -> dt.date:
    """A calendar day some days later, earlier if negative; no working day is asked for."""
    return day + dt.timedelta(days=days)
