"""Attributes of the office that have a sheet of their own: one entry for each statement that the book does not hold."""

from __future__ import annotations

import datetime as dt

from fof.importers.tables import Table, TypedRow
from fof.intake import keys
from fof.intake.planning import Planning
from fof.ledger import to_date
from models.facts_coverage import TARGET
from models.facts_industries import STRATEGIC
from models.kinds import EntryKind
from models.rows import SubjectFact
from models.subjects import address_of
from models.text import Text

OWN_SHEETS = (TARGET, STRATEGIC)
"""Beginnings of the names of these attributes: no settings, in no book."""
_OFFICE = ("office",)


def state_of_office(
    planning: Planning, table: Table, row: TypedRow, column: str, since: dt.date, name: str, text: str
) -> None:
    """An attribute from a day on, as stored text; held where the book says the same, a problem where it says something else."""
    stated = planning.view.prefix.subject_facts.get(_OFFICE, {}).get(name, [])
    of_day = [r for r in stated if to_date(r.day) == since]
    key = keys.key(name.partition(".")[0], name, since)
    if of_day and of_day[-1].row[7] == text:
        planning.held(key, of_day[-1].entry, table, row)
        return
    if of_day:
        wrong = Text(
            f"分录 {of_day[-1].entry} 对同一天已另有登记，须先冲销，或写另一生效日",
            f"entry {of_day[-1].entry} states another for that day; reverse it first, or give another day",
        )
        planning.problem(table, row, column, "booked_otherwise", wrong)
        return
    fact = SubjectFact(*address_of(_OFFICE), name, text, document=row.text("document"))
    planning.add(
        table, row, EntryKind.SETTING, since, key, keys.content(row.stated()), rows=[fact], column=column
    )
