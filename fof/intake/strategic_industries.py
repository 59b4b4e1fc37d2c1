"""Booking plan of the table of strategic emerging industries: one statement for each group and version (SEI-01)."""

from __future__ import annotations

import datetime as dt

from fof.importers.tables import Table, TypedRow
from fof.intake.office_attributes import state_of_office
from fof.intake.planning import Planning
from models.facts_industries import PARTLY, strategic_name
from models.rule_kinds import SeiGroup
from models.text import Text


def plan_strategic_industries(planning: Planning, tables: list[Table]) -> None:
    """A row names every code of its group from a day on; a code once, as a whole or partly."""
    seen: dict[tuple[SeiGroup, dt.date], TypedRow] = {}
    for table in tables:
        for row in table.rows:
            group, since = row["sei_group"], row.day("since")
            whole, partly = (tuple(row[name] or ()) for name in ("industries", "partly"))
            if since is None or group is None:
                continue
            if (first := seen.setdefault((group, since), row)) is not row:
                text = Text(
                    f"产业与生效日与第 {first.number} 行相同", f"group and day as in row {first.number}"
                )
                planning.problem(table, row, "since", "duplicate_row", text, since)
            elif both := sorted({*whole} & {*partly}):
                text = Text(
                    "同一代码不能既整类又部分归入", "a code belongs to the group as a whole or partly"
                )
                planning.problem(table, row, "partly", "whole_and_partly", text, both[0])
            elif not whole and not partly:
                text = Text("须写明该产业的行业代码（SEI-01）", "the codes of the group are needed (SEI-01)")
                planning.problem(table, row, "industries", "required", text)
            else:
                codes = ",".join([*sorted(whole), *(f"{code}{PARTLY}" for code in sorted(partly))])
                state_of_office(planning, table, row, "industries", since, strategic_name(group), codes)
