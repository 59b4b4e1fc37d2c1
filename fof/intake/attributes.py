"""Booking plans of attributes: stated from a day on, once; what holds already is not stated again."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

from fof.grouping import by_key
from fof.importers.cell_readers import read
from fof.importers.cells import Amount, ColumnContext, Unreadable, Value
from fof.importers.columns import CellType, Column, attribute_spec, fact
from fof.importers.tables import Table, TypedRow
from fof.importers.units import plain
from fof.intake import keys
from fof.intake.planning import Assumed, Planning
from fof.ledger import FactInForce, View, request_digest, to_date
from models.facts import FACTS, FactSpec, FactType
from models.journal import Fact
from models.kinds import EntryKind
from models.text import Text, yes_or_no


class AttributeOf(NamedTuple):
    """Whose attribute: a party or a deal, with its code."""

    code: str
    party: int | None = None
    deal: int | None = None


class StatedAttribute(NamedTuple):
    """An attribute as the journal keeps it, and the column of the file that states it."""

    column: str
    name: str
    text: str
    basis: str | None


def state_row(
    planning: Planning, table: Table, row: TypedRow, party: int, day: dt.date, *, exact: bool = False
) -> None:
    """The attributes of a register row. exact: see state."""
    code = row.text(table.layout.subject or "code") or row.text("company") or ""
    stated = list(_of_row(planning, table, row, party))
    state(planning, table, row, AttributeOf(code, party), day, stated, exact=exact)


def state_deal(planning: Planning, table: Table, row: TypedRow, deal: int, day: dt.date) -> None:
    """The attributes of a deal that a row of its own layout states."""
    code = str(row.text(table.layout.subject))
    stated = [
        StatedAttribute(column.name, column.fact, stored(column, value), None)
        for column in table.layout.facts
        if column.fact is not None and (value := row[column.name]) is not None
    ]
    state(planning, table, row, AttributeOf(code, None, deal), day, stated)


def state(
    planning: Planning,
    table: Table,
    row: TypedRow,
    subject: AttributeOf,
    day: dt.date,
    stated: Iterable[StatedAttribute],
    *,
    exact: bool = False,
) -> None:
    """An entry with the attributes that do not hold already on the day.

    exact : a figure of that day: holding the same value since an earlier day does not count as stated
    """
    facts: list[Fact] = []
    held: int | None = None
    document = row.text("document")
    for column, name, text, basis in stated:
        other, first = planning.stated.setdefault((subject, name, day), (text, row))
        if other != text:
            planning.problem(
                table,
                row,
                column,
                "contradiction",
                Text(
                    f"与“{first.sheet}”第 {first.number} 行对同一天的陈述不一致（{other}）",
                    f"row {first.number} of {first.sheet} states {other} for the same day",
                ),
                text,
            )
            continue
        if first is not row:
            continue
        known = _known(planning, subject, name, day)
        fits = known is not None and known.value == FACTS[name].parse(text) and known.basis == basis
        if known is not None and fits and (known.since == day or not exact):
            held = max(held or 0, known.entry)
            if known.since < day:
                fact = Fact(subject.party, subject.deal, name, text, basis, document)
                planning.assumed.append(Assumed(subject, fact, day, known.since, table, row))
        elif known is not None and known.since == day:
            before = FACTS[name].write(known.value)
            planning.problem(
                table,
                row,
                column,
                "booked_otherwise",
                Text(
                    f"分录 {known.entry} 对同一天已登记为 {before}，须先冲销，或写另一生效日",
                    f"entry {known.entry} states {before} for that day; reverse it first, or give another day",
                ),
                text,
            )
        else:
            facts.append(Fact(subject.party, subject.deal, name, text, basis, document))
    if held is not None and not facts:
        planning.held(keys.key("terms", subject.code, day), held, table, row)
    if facts:
        digest = request_digest(*(part for f in facts for part in (f.name, f.value, f.basis or "")))
        key = keys.key(
            "terms" if subject.deal is None else "deal_terms", subject.code, day, digest.hex()[:16]
        )
        planning.add(table, row, EntryKind.TERMS, day, key, digest, rows=facts)


def settle(planning: Planning) -> None:
    """State what was left out because it held already, where the file itself states another value in between."""
    days: dict[tuple[object, str], list[tuple[dt.date, str]]] = {}
    for (subject, name, day), (text, _) in planning.stated.items():
        days.setdefault((subject, name), []).append((day, text))
    restated: dict[tuple[AttributeOf, dt.date], list[Assumed]] = {}
    for left in planning.assumed:
        between = [t for t in days[left.subject, left.fact.name] if left.since < t[0] < left.day]
        if between and max(between)[1] != left.fact.value:
            restated.setdefault((left.subject, left.day), []).append(left)
    for (subject, day), lines in restated.items():
        facts = [left.fact for left in lines]
        digest = request_digest(*(part for f in facts for part in (f.name, f.value, f.basis or "")))
        kind = "terms" if subject.deal is None else "deal_terms"
        key = keys.key(kind, subject.code, day, digest.hex()[:16])
        planning.add(lines[0].table, lines[0].row, EntryKind.TERMS, day, key, digest, rows=facts)


def _known(planning: Planning, subject: AttributeOf, name: str, day: dt.date) -> FactInForce | None:
    """What the book holds of the attribute on the day."""
    if subject.party is not None:
        return (
            planning.view.fact_on(subject.party, name, day)
            if subject.party in planning.view.parties
            else None
        )
    earlier = [f for f in deal_history(planning.view, subject.deal or 0) if f.name == name and f.since <= day]
    return earlier[-1] if earlier else None


def deal_history(view: View, deal: int) -> list[FactInForce]:
    """Every attribute a deal has had up to the as-of day: by attribute, oldest first."""
    history = []
    for name, records in view.prefix.facts.get(("deal", deal), {}).items():
        for record in records:
            since = to_date(record.day)
            if view.as_of is None or since <= view.as_of:
                value = view.prefix.value(record)
                history.append(FactInForce(name, value, since, record.entry, record.row[4], record.row[5]))
    return history


def _of_row(planning: Planning, table: Table, row: TypedRow, party: int) -> Iterator[StatedAttribute]:
    """Every attribute the row states, in the layout's order."""
    definition = row.text("stage_definition")
    for column in table.layout.facts:
        value = row[column.name]
        if value is None:
            continue
        assert column.fact is not None
        if isinstance(value, Amount):
            planning.in_currency(table, row, column.name, party)
        if not _codes_known(planning, table, row, column.name, FACTS[column.fact], value):
            continue
        if column.fact == "stage" and definition is None:
            text = Text("填写阶段时须填写认定口径", "a stage needs the definition that gave it")
            planning.problem(table, row, "stage_definition", "required", text)
            continue
        basis = definition if column.fact == "stage" else None
        yield StatedAttribute(column.name, column.fact, stored(column, value), basis)


def _codes_known(
    planning: Planning, table: Table, row: TypedRow, column: str, spec: FactSpec, value: Value
) -> bool:
    """Whether the parties an attribute names are known; a problem for each that is not."""
    named: list[str] = []
    if spec.kind is FactType.PARTY and isinstance(value, str):
        named = [value]
    elif spec.name == "successor_of" and isinstance(value, tuple):
        named = [str(code) for code in value]
    unknown = [code for code in named if not planning.known(table, row, column, code)]
    return not unknown


def stored(column: Column, value: Value) -> str:
    """The text the journal keeps for an attribute."""
    assert column.fact is not None
    if isinstance(value, Amount):
        return str(value.fen)
    return attribute_spec(column.fact).write(value)  # type: ignore[arg-type]


# -- the sheet that takes any attribute ---------------------------------------------------------------------------


def plan_attributes(planning: Planning, tables: list[Table]) -> None:
    """One attribute a row; what a subject's rows state for one day goes into one entry."""
    groups: dict[tuple[AttributeOf, dt.date], list[tuple[Table, TypedRow, StatedAttribute]]] = {}
    for table in tables:
        for row in table.rows:
            spec = _attribute(planning, table, row)
            subject = None if spec is None else _subject(planning, table, row, spec)
            if spec is None or subject is None:
                continue
            stated = _typed(planning, table, row, spec, subject)
            day = row.day("since")
            if stated is not None and day is not None:
                groups.setdefault((subject, day), []).append((table, row, stated))
    for (subject, day), lines in groups.items():
        by_document = by_key(lines, lambda line: (line[1].text("document"), line[1].text("source")))
        for same in by_document.values():
            _state_lines(planning, subject, day, same)


def _state_lines(
    planning: Planning,
    subject: AttributeOf,
    day: dt.date,
    lines: list[tuple[Table, TypedRow, StatedAttribute]],
) -> None:
    """One entry for rows of one subject, day, document and source; a repeated attribute is told at its own row."""
    seen: dict[str, TypedRow] = {}
    for table, row, stated in lines:
        if (first := seen.setdefault(stated.name, row)) is not row:
            text = Text(
                f"该属性已在第 {first.number} 行填写", f"the attribute stands in row {first.number} already"
            )
            planning.problem(table, row, "attribute", "repeated", text, row.text("attribute"))
    table, row, _ = lines[0]
    state(planning, table, row, subject, day, [stated for *_, stated in lines], exact=True)


def attribute_named(text: str) -> FactSpec | None:
    """The attribute of an identifier, Chinese or English name, or None."""
    return _NAMED.get(plain(text).casefold())


_NAMED = {
    plain(name).casefold(): spec
    for spec in FACTS.values()
    for name in (spec.text.en, spec.text.zh, spec.name)
}


def _attribute(planning: Planning, table: Table, row: TypedRow) -> FactSpec | None:
    text = str(row.text("attribute"))
    spec = attribute_named(text)
    if spec is None:
        near = difflib.get_close_matches(plain(text).casefold(), _NAMED, 1, 0.5)
        hint = (
            Text(f"，是否为“{_NAMED[near[0]].text.zh}”", f", perhaps {_NAMED[near[0]].text.en!r}")
            if near
            else ("", "")
        )
        planning.problem(
            table,
            row,
            "attribute",
            "unknown_fact",
            Text(f"没有这一属性{hint[0]}", f"no such attribute{hint[1]}"),
            text,
        )
    return spec


def _subject(planning: Planning, table: Table, row: TypedRow, spec: FactSpec) -> AttributeOf | None:
    code = str(row.text("subject"))
    if spec.of == "party":
        party = planning.party(table, row, "subject")
        return None if party is None else AttributeOf(code, party)
    deal = planning.deal(table, row, "subject")
    return None if deal is None else AttributeOf(code, None, deal)


def _typed(
    planning: Planning, table: Table, row: TypedRow, spec: FactSpec, subject: AttributeOf
) -> StatedAttribute | None:
    column = any_value(spec)
    try:
        value = read(f"s{row.text('value')}", column, ColumnContext(row["unit"]))
    except Unreadable as wrong:
        planning.problem(table, row, "value", wrong.code, wrong.expected, row.text("value"))
        return None
    if isinstance(value, Amount) and subject.party is not None:
        wanted = planning.currency(subject.party) or "CNY"
        if value.currency != wanted:
            text = Text(f"须为 {wanted}，币种不能混用", f"{wanted} required; currencies are never mixed")
            planning.problem(table, row, "unit", "currency", text, value.currency)
            return None
    if not _codes_known(planning, table, row, "value", spec, value):
        return None
    return StatedAttribute("value", spec.name, stored(column, value), row.text("basis"))


def stated_day(row: TypedRow, spec: FactSpec) -> dt.date | None:
    """The day that a row states for an attribute that is one; None where it is none, which is told of elsewhere."""
    try:
        value = read(f"s{row.text('value')}", any_value(spec), ColumnContext(row["unit"]))
    except Unreadable:
        return None
    return value if isinstance(value, dt.date) else None


def any_value(spec: FactSpec) -> Column:
    """A column for the values of one attribute; shares may be above one, as multiples and scores are."""
    cell = {"currency": CellType.CURRENCY, "uscc": CellType.USCC, "industry": CellType.INDUSTRY}.get(
        spec.name
    )
    return fact(spec.name, cell=cell, signed=True)


def written(spec: FactSpec, value: object) -> str:
    """The text of an attribute as the sheet takes it; amounts in the whole unit of their currency."""
    if isinstance(value, bool):
        return yes_or_no(value).zh
    if spec.kind is FactType.FEN:
        return format(Decimal(str(value)).scaleb(-2), "f")
    if isinstance(value, Decimal):
        return f"{value * 100:f}%" if spec.kind is FactType.SHARE else format(value, "f")
    if isinstance(value, tuple):
        return "、".join(str(getattr(part, "zh", part)) for part in value)
    return str(getattr(value, "zh", value))
