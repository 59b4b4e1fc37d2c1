"""Booking plans of what others state: values of holdings, and disclosed cumulative positions.

A figure for the same holder, holding and day is recognised by its value. Another value is a restatement and must say
so; then it is booked as a later statement, and the earlier one stays visible as then known.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from fof.importers.tables import Table, TypedRow
from fof.intake import keys
from fof.intake.planning import Planning
from fof.ledger import Dated, request_digest
from models.journal import Mark, Position
from models.kinds import EntryKind
from models.money import yuan_text
from models.text import Text

Place = tuple[int, int, dt.date]
"""Holder, holding, day."""


@dataclass(slots=True)
class _Statements:
    """What is stated already for each place, by the book and by this plan: (content, entry or 0, row of the file)."""

    known: dict[Place, list[tuple[Any, int, int | None]]] = field(default_factory=dict)

    def book(self, place: Place, content: Any, entry: int) -> None:
        self.known.setdefault(place, []).append((content, entry, None))

    def fits(
        self, planning: Planning, table: Table, row: TypedRow, place: Place, content: Any, amount_text: str
    ) -> bool:
        """Whether the row states something new that may be booked; says so where it does not."""
        before = self.known.setdefault(place, [])
        if entry := self._held(planning, table, row, place, content, amount_text):
            planning.held(keys.key(table.layout.name, *place), entry, table, row)
            return False
        if before and before[-1][0] == content and not row["restated"]:
            number = before[-1][2]
            text = Text(f"与本文件第 {number} 行重复", f"the same as row {number} of this file")
            planning.problem(table, row, "day", "repeated", text, amount_text)
            return False
        if before and not row["restated"]:
            _, entry, number = before[-1]
            who = (
                Text(f"分录 {entry}", f"entry {entry}")
                if entry
                else Text(f"本文件第 {number} 行", f"row {number}")
            )
            planning.problem(
                table,
                row,
                "restated",
                "stated_otherwise",
                Text(
                    f"{who[0]} 对同一天已报另一数字；若为更正请在“更正”列填“是”",
                    f"{who[1]} states another figure for that day; put yes in 'restated' if this corrects it",
                ),
                amount_text,
            )
            return False
        if row["restated"] and not before:
            planning.warn(
                table,
                row,
                "restated",
                "nothing_to_restate",
                Text("此前没有这一天的数字，按首次报告登记", "nothing was stated for that day before"),
            )
        before.append((content, 0, row.number))
        return True

    def _held(
        self, planning: Planning, table: Table, row: TypedRow, place: Place, content: Any, amount_text: str
    ) -> int | None:
        """The entry that states this already; None where the row is new.

        A figure that goes back to an earlier one is a restatement too: what a restating row may repeat is the latest
        statement, an earlier restatement, or what this very file brought.
        """
        booked = [(stated, entry) for stated, entry, _ in self.known[place] if entry]
        if not booked:
            return None
        if _contains(booked[-1][0], content):
            return booked[-1][1]
        for number, (stated, entry) in enumerate(booked[:-1]):
            if not _contains(stated, content):
                continue
            if not row["restated"]:
                return entry
            if number or planning.view.entry(entry).source_digest == table.digest:
                text = Text(
                    f"与分录 {entry} 相同，其后已由分录 {booked[-1][1]} 更正；不再登记。若要改回，请先冲销分录 {booked[-1][1]}",
                    f"as entry {entry}, which entry {booked[-1][1]} restates; not booked again. To go back, reverse entry {booked[-1][1]}",
                )
                planning.warn(table, row, "restated", "superseded", text, amount_text)
                return entry
        return None

    def generation(self, place: Place) -> int:
        """How many statements for the place this plan brings before the latest: they are booked one after another."""
        return sum(not entry for _, entry, _ in self.known[place]) - 1


def _key(planning: Planning, generation: int, *parts: object) -> str:
    """The key of a statement that is new: told from the same figures stated before, in this file or in the book."""
    while True:
        key = keys.key(*map(str, parts), *([generation] if generation else []))
        if planning.live(key) is None:
            return key
        generation += 1


def _contains(stated: tuple[Any, ...], content: tuple[Any, ...]) -> bool:
    """Whether a statement holds every figure of another; a figure that is not given states nothing."""
    return all(new is None or new == old for old, new in zip(stated, content, strict=True))


def plan_valuations(planning: Planning, tables: list[Table]) -> None:
    """One entry for the new figures of a fund, day and receipt; restatements in an entry of their own, after it."""
    statements = _Statements()
    for mark in planning.view.marks:
        row = mark.row
        statements.book((row.holder, row.holding, mark.day), (row.fen, row.method), mark.entry)
    groups: dict[tuple[str, dt.date, int, str, str], list[tuple[Table, TypedRow, Mark]]] = {}
    for table, row in _restated_last(tables):
        stated = _mark(planning, table, row)
        day = row.day("day")
        if stated is None or day is None:
            continue
        place = (stated.holder, stated.holding, day)
        if statements.fits(planning, table, row, place, (stated.fen, stated.method), yuan_text(stated.fen)):
            origin = (row.text("source") or "", str(row.day("received_on") or ""))
            group = (
                str(row.text("fund") or row.text("investor")),
                day,
                statements.generation(place),
                *origin,
            )
            groups.setdefault(group, []).append((table, row, stated))
    for (code, day, generation, *_), lines in sorted(groups.items(), key=lambda g: (g[0][2], g[0][1], g[0])):
        lines.sort(key=lambda line: (line[1].text("investor") or "", line[1].text("company") or ""))
        digest = request_digest(
            *(
                part
                for _, row, mark in lines
                for part in (row.text("investor") or "", row.text("company") or "", mark.fen, mark.method)
            )
        )
        table, row, _ = min(lines, key=lambda line: line[1].number)
        received = row.day("received_on")
        planning.add(
            table,
            row,
            EntryKind.VALUATION,
            day,
            _key(planning, generation, "valuation", code, day, digest.hex()[:16]),
            digest,
            rows=[mark for _, _, mark in lines],
            note=None if received is None else f"收到日 {received}",
            column="day",
        )


def _mark(planning: Planning, table: Table, row: TypedRow) -> Mark | None:
    fund, fen = planning.fund(table, row), row.fen("amount")
    investor, company = planning.party(table, row, "investor"), planning.party(table, row, "company")
    given = [name for name in ("fund", "investor", "company") if row.text(name) is not None]
    if fen is None or any(
        p is None for n, p in (("fund", fund), ("investor", investor), ("company", company)) if n in given
    ):
        return None
    if given not in _HOLDINGS:
        text = Text(
            "填基金，另可填出资人或企业之一；不经基金持有的填出资人与企业，不填基金",
            "a fund, with an investor or a company or neither; without a fund an investor and a company",
        )
        planning.problem(
            table,
            row,
            given[-1] if given else "fund",
            "one_holding",
            text,
            row.text(given[-1]) if given else None,
        )
        return None
    if fund is None:
        assert investor is not None
        assert company is not None
        holder, holding = investor, company
    else:
        holder, holding = (investor, fund) if investor else (fund, company or fund)
    planning.in_currency(table, row, "amount", holder if fund is None else fund)
    return Mark(holder, holding, fen, row["method"].value, row.text("stated_by"), row.text("document"))


_HOLDINGS = (["fund"], ["fund", "investor"], ["fund", "company"], ["investor", "company"])
"""What a row names: a whole fund, an account in it, what it holds, what an investor holds by no fund."""


def plan_positions(planning: Planning, tables: list[Table]) -> None:
    """One entry for each row."""
    statements = _Statements()
    for known in planning.view.positions:
        statements.book((known.row.holder, known.row.fund, known.day), _figures(known), known.entry)
    for table, row in _restated_last(tables):
        _position(planning, statements, table, row)


def _restated_last(tables: list[Table]) -> list[tuple[Table, TypedRow]]:
    """All rows, those that restate something after those that state it."""
    return sorted(
        ((table, row) for table in tables for row in table.rows), key=lambda pair: bool(pair[1]["restated"])
    )


def _position(planning: Planning, statements: _Statements, table: Table, row: TypedRow) -> None:
    holder, fund, day = planning.party(table, row, "holder"), planning.fund(table, row), row.day("day")
    if holder is None or fund is None or day is None:
        return
    own = (
        fund if planning.currency(fund) is not None else holder
    )  # what is disclosed of a fund is in the fund's currency
    for name in ("commitment", "called", "distributed", "remaining"):
        planning.in_currency(table, row, name, own)
    multiple, basis = row.share("stated_multiple"), row["multiple_basis"]
    if multiple is not None and basis is None:
        planning.problem(
            table,
            row,
            "multiple_basis",
            "required",
            Text("填写倍数时须填写倍数口径", "a multiple needs its basis"),
        )
        return
    irr = row.share("stated_irr")
    position = Position(
        holder,
        fund,
        row.fen("commitment"),
        row.fen("called"),
        row.fen("distributed"),
        row.fen("remaining"),
        None if irr is None else format(irr, "f"),
        None if multiple is None else format(multiple, "f"),
        None if basis is None else basis.value,
        row.text("document"),
    )
    figures = position[2:9]
    if not statements.fits(planning, table, row, (holder, fund, day), figures, f"{row.text('fund')} {day}"):
        return
    generation = statements.generation((holder, fund, day))
    digest = request_digest(*(str(f) for f in figures))
    planning.add(
        table,
        row,
        EntryKind.POSITION_STATEMENT,
        day,
        _key(planning, generation, "position", row.text("holder"), row.text("fund"), day, digest.hex()[:16]),
        digest,
        rows=[position],
        column="day",
    )


def _figures(known: Dated) -> tuple[object, ...]:
    return tuple(known.row[2:9])
