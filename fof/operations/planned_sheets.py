"""Plans as the sheets a file would hold, so that what is issued here is booked by the same code as what is imported.

A notice issued here and the same notice sent again as a workbook therefore have one key and one content.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence

from fof.errors import Problem
from fof.importers.cells import Amount, Value
from fof.importers.columns import Layout
from fof.importers.tables import Table, TypedRow
from fof.intake.days import none_to_come
from fof.intake.planning import Planning
from fof.ledger import Ids, Plan, Planner, View
from models.kinds import FundStatus
from models.text import Text

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
