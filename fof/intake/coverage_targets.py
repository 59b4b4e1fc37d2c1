"""Booking plan of coverage targets: attributes of the office, each resting on a document."""

from __future__ import annotations

import datetime as dt

from fof.importers.cells import Amount
from fof.importers.tables import Table, TypedRow
from fof.intake.office_attributes import state_of_office
from fof.intake.planning import Planning
from models.facts_coverage import target_name
from models.money import DEFAULT_CURRENCY
from models.text import Text


def plan_targets(planning: Planning, tables: list[Table]) -> None:
    """One entry for each target that the book does not state for the day."""
    seen: dict[tuple[str, dt.date], TypedRow] = {}
    for table in tables:
        for row in table.rows:
            since, target, name = row.day("since"), row["target"], target_name(row["stage"], row["city"])
            if since is None or not isinstance(target, Amount):
                continue
            if (first := seen.setdefault((name, since), row)) is not row:
                text = Text(
                    f"阶段、市（地）与生效日与第 {first.number} 行相同",
                    f"stage, city and day as in row {first.number}",
                )
                planning.problem(table, row, "since", "duplicate_row", text, since)
            elif target.currency != DEFAULT_CURRENCY:
                text = Text("须为人民币", "CNY required")
                planning.problem(table, row, "target", "currency", text, target.currency)
            elif target.fen <= 0:
                text = Text("目标须大于零", "an amount above zero")
                planning.problem(table, row, "target", "not_positive", text, target.fen)
            else:
                state_of_office(planning, table, row, "target", since, name, str(target.fen))
