"""Plans as the sheets a file would hold, so that what is issued here is booked by the same code as what is imported.

A notice issued here and the same notice sent again as a workbook therefore have one key and one content.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal

from fof.characters import unseen, visible
from fof.errors import Problem
from fof.importers.cell_readers import read
from fof.importers.cells import Amount, ColumnContext, Unreadable, Value, signed
from fof.importers.columns import CellType, Layout
from fof.importers.tables import Table, TypedRow
from fof.importers.units import plain
from fof.intake.days import none_to_come
from fof.intake.planning import Planning
from fof.ledger import Ids, Plan, Planner, View
from models.kinds import FundStatus
from models.money import yuan_text
from models.text import Text

_NUMBER = frozenset({"number"})
_NUMBERS = {
    "payments": frozenset({"reference"}),
    "claims": frozenset[str](),
    "pool_payments": frozenset[str](),
}
"""Columns of codes that somebody types, by layout; elsewhere the number of the notice or agreement."""

Line = Mapping[str, Value | None]
"""One row: typed values by column name of the layout."""


def sheet(name: str, layout: Layout, lines: Sequence[Line]) -> Table:
    """The lines as a table of the layout; the digest is that of their content, so the same plan has the same source."""
    columns = list(dict.fromkeys(column for line in lines for column in line))
    at = {column: place for place, column in enumerate(columns)}
    rows = [
        TypedRow(layout.text.zh, number, at, tuple(line.get(column) for column in columns))
        for number, line in enumerate(lines, 1)
    ]
    digest = hashlib.sha256(
        repr([[str(line.get(c)) for c in columns] for line in lines]).encode()
    ).hexdigest()
    return Table(name, digest, layout.text.zh, layout, rows=rows)


def typed_code(text: str) -> str:
    """A number that somebody typed, with width and spacing made plain as those of a cell are; not where a break is no spacing."""
    bare = text.strip()
    return bare if unseen(bare, breaks=False) else plain(bare)


def _unreadable(table: Table) -> Iterator[Problem]:
    """What was typed and no cell of a file may hold: codes that are none, texts with what cannot be seen, amounts below zero.

    Numbers that name a notice of the book already (of payments) and codes of parties are taken as they stand there.
    """
    by_name = {column.name: column for column in table.layout.columns}
    looked = set[tuple[str, Value]]()  # a number stands in the row of each investor, and is wrong once
    for row in table.rows:
        for name, value in row.stated().items():
            if (name, value) in looked:
                continue
            looked.add((name, value))
            column = by_name[name]
            typed = column.cell is CellType.TEXT or name in _NUMBERS.get(table.layout.name, _NUMBER)
            wrote = ""
            try:
                if isinstance(value, str) and typed:
                    wrote = visible(value)[:80]
                    read(f"s{value}", column, ColumnContext())
                elif isinstance(value, Amount):
                    wrote = yuan_text(value.fen)
                    signed(Decimal(value.fen), column)
            except Unreadable as error:
                yield Problem(error.code, error.expected, wrote, table.where(row.number, name))


def amounts(parts: Mapping[str, int], currency: str) -> dict[str, Value | None]:
    """Fen by column as amounts of a currency; what is 0 stays blank."""
    return {name: Amount(fen, currency) for name, fen in parts.items() if fen}


def planner(
    tables: Sequence[Table],
    plan: Callable[[Planning], None],
    recheck: Callable[[View], Sequence[Problem]] | None = None,
) -> Planner:
    """What the ledger calls under its lock: the intake's plan of the sheets, after the rules of the plan once more; nothing of it
    is dated after today."""

    def make(view: View, ids: Ids) -> Plan:
        planning = Planning(view, ids, tables)
        plan(planning)
        made = planning.plan()
        made.problems[:0] = [problem for table in tables for problem in _unreadable(table)]
        if made.drafts and recheck is not None:  # what is booked already needs no second look
            made.problems += recheck(view)
        return made

    return none_to_come(make)


def running(view: View, fund: int) -> list[Problem]:
    """A problem where the fund is wound up or merged: it neither calls nor pays out any more."""
    status = view.fact(fund, "status")
    if status not in (FundStatus.CLOSED, FundStatus.MERGED):
        return []
    text = Text(f"{view.name(fund)} 须仍在存续", f"{view.name(fund)} must still be running")
    return [Problem("fund_over", text, FundStatus(status).value)]
