"""Parties that a mapping registers because a foreign file names them: institutions and funds of a disclosure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from fof.errors import Problem
from fof.importers.cells import Value
from fof.importers.columns import CellType
from fof.importers.mapping import Creation
from fof.importers.tables import Table, TypedRow
from fof.intake import keys
from fof.intake.planning import Planning
from fof.ledger import request_digest
from models.facts import FACTS
from models.journal import Fact
from models.kinds import EntryKind, PartyKind
from models.text import Text

_WARNINGS_AT_MOST = 20
"""Differing statements told one by one; the rest are counted."""


def plan_created(planning: Planning, table: Table) -> None:
    """Register every unknown party the table names in a column whose mapping allows it, with what the file says of it."""
    for column, creation in table.creates.items():
        kind = PartyKind.read(creation.kind)
        if kind is None:
            where = table.where(None, column)
            planning.problems.append(
                Problem("bad_mapping", Text("列映射中的主体类别有误", "a party kind"), creation.kind, where)
            )
            continue
        for code, rows in _named(table, column, creation).items():
            if code not in planning.parties:
                _create(planning, table, column, creation, code, rows, kind)


def _named(table: Table, column: str, creation: Creation) -> dict[str, list[TypedRow]]:
    by_code: dict[str, list[TypedRow]] = {}
    for row in table.rows:
        if (text := row.text(column)) is not None:
            by_code.setdefault(creation.code_prefix + text, []).append(row)
    return by_code


def _create(
    planning: Planning,
    table: Table,
    column: str,
    creation: Creation,
    code: str,
    rows: list[TypedRow],
    kind: PartyKind,
) -> None:
    first = min(rows, key=lambda row: (_day(table, row), row.number))
    day = _day(table, first)
    party = planning.new_party(table, first, code, kind, day)
    stated: dict[str, Value] = {"name": str(first.text(column))}
    for name in (*creation.facts, *creation.constants):
        values = dict.fromkeys(v for row in rows if (v := row[f"{column}.{name}"]) is not None)
        if values:
            stated[name] = next(iter(values))
        for other in list(values)[1:]:
            _tell(planning, table, first, code, name, stated[name], other)
    if (currency := stated.get("currency")) is not None:
        planning.currencies.setdefault(party, []).append((day, str(currency)))
    facts = [Fact(party, None, n, FACTS[n].write(v), None, None) for n, v in stated.items()]  # type: ignore[arg-type]
    digest = request_digest(*(part for f in facts for part in (f.name, f.value)))
    key = keys.key("terms", code, day, digest.hex()[:16])
    planning.add(table, first, EntryKind.TERMS, day, key, digest, rows=facts)


def _tell(
    planning: Planning, table: Table, row: TypedRow, code: str, name: str, chosen: Value, other: Value
) -> None:
    warned = sum(w.code == "stated_differently" for w in planning.warnings)
    if warned < _WARNINGS_AT_MOST:
        planning.warn(
            table,
            row,
            None,
            "stated_differently",
            Text(
                f"{code} 的“{FACTS[name].text.zh}”各行不一，取 {chosen}",
                f"{FACTS[name].text.en} of {code} differs between rows; {chosen} is kept",
            ),
            other,
        )


def _day(table: Table, row: TypedRow) -> dt.date:
    days: Iterator[dt.date] = (
        row[c.name] for c in table.layout.columns if c.cell is CellType.DATE and row[c.name] is not None
    )
    return next(days)
