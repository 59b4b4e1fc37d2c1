"""Booking plan of coverage targets: attributes of the office, each resting on a document."""

from __future__ import annotations

import datetime as dt

from fof.importers.cells import Amount
from fof.importers.tables import Table, TypedRow
from fof.intake import keys
from fof.intake.planning import Planning
from fof.ledger import to_date
from models.facts_coverage import target_name
from models.kinds import EntryKind
from models.money import DEFAULT_CURRENCY
from models.rows import SubjectFact
from models.subjects import address_of
from models.text import Text

_OFFICE = ("office",)


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
                _target(planning, table, row, name, since, target.fen)


def _target(planning: Planning, table: Table, row: TypedRow, name: str, since: dt.date, fen: int) -> None:
    stated = planning.view.prefix.subject_facts.get(_OFFICE, {}).get(name, [])
    of_day = [r for r in stated if to_date(r.day) == since]
    key = keys.key("coverage_target", name, since)
    if of_day and of_day[-1].row[7] == str(fen):
        planning.held(key, of_day[-1].entry, table, row)
        return
    if of_day:
        text = Text(
            f"分录 {of_day[-1].entry} 对同一天已另有目标，须先冲销，或写另一生效日",
            f"entry {of_day[-1].entry} states another target for that day; reverse it first, or give another day",
        )
        planning.problem(table, row, "target", "booked_otherwise", text)
        return
    fact = SubjectFact(*address_of(_OFFICE), name, str(fen), document=row.text("document"))
    planning.add(
        table, row, EntryKind.SETTING, since, key, keys.content(row.stated()), rows=[fact], column="target"
    )
