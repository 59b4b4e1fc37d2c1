"""Column mappings kept in the book: drawn up once, found by name, the latest version counts."""

from __future__ import annotations

import datetime as dt

from fof.access import Actor
from fof.db import Database
from fof.errors import Unknown
from fof.importers.mapping import Mapping, mapping_from_json
from fof.intake.keys import key
from fof.ledger import Booked, Draft, Ids, Plan, View, book, request_digest
from models.journal import ColumnMapping
from models.kinds import EntryKind
from models.text import Text


def save_mapping(database: Database, actor: Actor, mapping: Mapping, day: dt.date) -> Booked:
    """Keep a mapping under its name from a day on. The same mapping again writes nothing; NotAllowed without the role."""
    text = mapping.as_json()
    digest = request_digest(mapping.name, text)

    def plan(view: View, _ids: Ids) -> Plan:
        saved = saved_mappings(view).get(mapping.name)
        if saved == mapping:
            return Plan()
        row = ColumnMapping(mapping.name, text, mapping.source or mapping.name)
        revision = sum(r.row[0] == row.name for r in view.journal.written("column_mapping"))
        return Plan(
            [Draft(EntryKind.MAPPING, day, key("mapping", mapping.name, revision + 1), digest, rows=[row])]
        )

    return book(database, actor, plan, action="save_mapping")


def mapping_named(view: View, name: str) -> Mapping:
    """The mapping kept under a name; Unknown where there is none."""
    saved = saved_mappings(view)
    if name not in saved:
        raise Unknown(Text("列映射", "mapping"), name)
    return saved[name]


def saved_mappings(view: View) -> dict[str, Mapping]:
    """Mappings by name, as they stand in the view."""
    return {m.row.name: mapping_from_json(m.row.content) for m in view.column_mappings}
