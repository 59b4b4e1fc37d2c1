"""From headers to bindings: where the values of each column come from, for our own headers and for mapped ones."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from fof.errors import Problem, Where
from fof.importers import headers
from fof.importers.cells import ColumnContext
from fof.importers.columns import CellType, Column, fact
from fof.importers.mapping import Mapping, Variant
from fof.importers.sheets import RawRow, Sheet
from fof.importers.tables import Table
from fof.importers.units import AmountUnit, plain, stated_units, unit_of
from models.frozen import frozen
from models.text import Text


@frozen
class Binding:
    """Where the values of one column come from: a place in the row, or a constant cell."""

    column: Column
    index: int | None
    constant: str | None
    reading: ColumnContext
    header: str


@dataclass(slots=True)
class Bound:
    """A header row understood: its number, the readings of each row below it, places with a header, rows to skip.

    skips : (place, texts in plain small letters) of the mapping
    """

    number: int
    readings: list[list[Binding]]
    headed: frozenset[int]
    skips: list[tuple[int, frozenset[str]]] = field(default_factory=list)


def own_headers(table: Table, sheet: Sheet, first: list[RawRow]) -> Bound:
    """Bind the columns whose headers are ours; what is wrong with them goes to the table's problems."""
    header_row = headers.header_row(table.layout, first)
    for field_name, problem in headers.header_problems(table.layout, header_row):
        where = Where(table.file, table.sheet or None, header_row.number, field_name)
        table.problems.append(replace(problem, where=where))
    bindings = []
    for header in header_row.known:
        table.headers[header.column.name] = header.text
        if header.unit is not None:
            table.units[header.column.name] = header.unit.text
        reading = ColumnContext(header.unit, header.fraction, sheet.epoch_1904)
        bindings.append(Binding(header.column, header.index, None, reading, header.text))
    return Bound(header_row.number, [bindings], frozenset(h.index for h in header_row.known))


def mapped_headers(table: Table, sheet: Sheet, first: list[RawRow], mapping: Mapping) -> Bound:
    """Bind the columns a mapping names; what it misses or leaves out goes to the table's problems."""
    named = (
        {h for v in mapping.readings for h in v.columns.values()} | set(mapping.ignore) | set(mapping.skip)
    )
    named |= {h for c in mapping.create.values() for h in c.facts.values()}
    wanted = {headers.folded(h): h for h in named}
    number = 0
    places: dict[str, int] = {}
    cells: list[str | None] = []
    for place, row in first:
        columns = {headers.folded(c[1:]): i for i, c in enumerate(row) if c is not None}
        hits = {h: i for h, i in columns.items() if h in wanted}
        if len(hits) > len(places) or not number:
            number, places, cells = place, hits, row
    where = Where(table.file, table.sheet or None, number)
    texts = [headers.folded(c[1:]) for c in cells if c is not None]
    for folded in sorted({text for text in texts if text in wanted and texts.count(text) > 1}):
        table.problems.append(
            Problem("duplicate_header", Text("表头重复", "each header once"), wanted[folded], where)
        )
    for folded, header in sorted(wanted.items()):
        if folded not in places:
            table.problems.append(
                Problem(
                    "missing_header",
                    Text(
                        f"列映射“{mapping.name}”所需的列不存在",
                        f"a column the mapping {mapping.name!r} reads",
                    ),
                    header,
                    where,
                )
            )
    for cell in cells:
        if cell is not None and headers.folded(cell[1:]) not in wanted:
            table.problems.append(
                Problem(
                    "unknown_header",
                    Text(
                        f"列映射“{mapping.name}”未提及此列；请映射或列入忽略",
                        f"the mapping {mapping.name!r} neither reads nor ignores this column",
                    ),
                    cell[1:],
                    where,
                )
            )
    table.creates = dict(mapping.create)
    headed = frozenset(i for i, cell in enumerate(cells) if cell is not None)
    if table.problems:
        return Bound(number, [], headed)
    bindings = [_bind(table, sheet, mapping, variant, places) for variant in mapping.readings]
    for bound in bindings:
        names = {b.column.name for b in bound}
        for column in table.layout.columns:
            if column.required and column.name not in names:
                table.problems.append(
                    Problem(
                        "missing_header",
                        Text(
                            f"列映射未给出必填列“{column.text.zh}”",
                            f"the mapping gives no {column.text.en!r}",
                        ),
                        where=where,
                    )
                )
    skips = [
        (places[headers.folded(header)], frozenset(plain(t).casefold() for t in texts))
        for header, texts in mapping.skip.items()
    ]
    return Bound(number, bindings, headed, skips)


def _bind(
    table: Table, sheet: Sheet, mapping: Mapping, variant: Variant, places: dict[str, int]
) -> list[Binding]:
    bound: list[Binding] = []

    def add(column: Column, header: str | None, constant: str | None, key: str) -> None:
        unit, fraction = headers.stated_unit(header or "")
        if key in mapping.units:
            unit = unit_of(mapping.units[key])
        if key in mapping.shares:
            fraction = mapping.shares[key] == "fraction"
        if header is not None:
            _agree(table, column, header, unit, fraction)
        reading = ColumnContext(unit, fraction, sheet.epoch_1904)
        index = None if header is None else places[headers.folded(header)]
        bound.append(
            Binding(column, index, None if constant is None else f"s{constant}", reading, header or key)
        )
        known = table.headers.get(column.name)
        if header is None or known is None:
            table.headers.setdefault(column.name, header or column.text.zh)
        elif header not in known.split(" / "):
            table.headers[column.name] = f"{known} / {header}"
        if unit is not None and column.cell is CellType.AMOUNT:
            table.units[column.name] = unit.text

    for name, header in variant.columns.items():
        add(table.layout.column(name), header, None, name)
    for name, constant in variant.constants.items():
        add(table.layout.column(name), None, constant, name)
    for name, creation in mapping.create.items():
        for attribute, header in creation.facts.items():
            add(_party_fact(name, attribute), header, None, f"{name}.{attribute}")
        for attribute, constant in creation.constants.items():
            add(_party_fact(name, attribute), None, constant, f"{name}.{attribute}")
    return bound


def _agree(table: Table, column: Column, header: str, unit: AmountUnit | None, fraction: bool | None) -> None:
    """Refuse a header that states another unit than the mapping does: which of the two holds is not ours to say."""
    other: str | None = None
    if column.cell is CellType.AMOUNT and unit is not None:
        other = next((s.text for s in stated_units(header) if s.contradicts(unit)), None)
        stated = Text(unit.text, unit.en)
    elif column.cell is CellType.SHARE:
        own = headers.stated_unit(header)[1]
        if own is not None and own != fraction:
            other = header
        stated = Text(*["fraction" if fraction else "percent"] * 2)
    if other is not None:
        text = Text(
            f"列映射写明的单位为“{stated.zh}”，表头写的是“{other}”，请统一",
            f"one unit: the mapping says {stated.en!r}, the header {other!r}",
        )
        table.problems.append(Problem("unit_conflict", text, header, Where(table.file, table.sheet or None)))


def _party_fact(column: str, attribute: str) -> Column:
    """A column for an attribute of a party that a mapping registers: named after the column that names the party."""
    cell = CellType.CURRENCY if attribute == "currency" else None
    own = fact(attribute, cell=cell)
    return Column(f"{column}.{attribute}", own.cell, own.text, words=own.words, fact=attribute)
