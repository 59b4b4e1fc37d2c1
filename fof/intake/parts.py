"""Entries whose rows say which entry they belong to: what each row brings, put together by group and booked as one entry."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import suppress
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import NamedTuple

from fof.importers.tables import Table, TypedRow
from fof.intake import keys
from fof.intake.planning import Planning
from fof.ledger import Draft, View, request_digest
from models.journal import (
    ColumnMapping,
    Deal,
    Decision,
    Fact,
    Notice,
    NoticeLine,
    Posting,
    Setting,
    SubjectFact,
)
from models.journal import Row as JournalRow
from models.kinds import DealKind, EntryKind
from models.rows import Identity
from models.text import Text

_KIND_OF = {
    Decision: EntryKind.DISPOSITION,
    ColumnMapping: EntryKind.MAPPING,
    Setting: EntryKind.SETTING,
    SubjectFact: EntryKind.TERMS,
}

_NO_EXITS = (DealKind.INITIAL, DealKind.FOLLOW_ON, DealKind.CONVERSION)


def _kind_of(row: JournalRow) -> Iterator[EntryKind]:
    """Kind of the entry that brings a row, where no row of the file says it."""
    if isinstance(row, Deal):
        yield EntryKind.DEAL if row.kind in _NO_EXITS else EntryKind.EXIT
    yield from (kind for made, kind in _KIND_OF.items() if isinstance(row, made))


class RowPart(NamedTuple):
    """What a row of a file brings to its entry. Nothing where another row of the group brings it (a piece of a long value)."""

    table: Table
    row: TypedRow
    postings: tuple[Posting, ...] = ()
    rows: tuple[JournalRow, ...] = ()


class Parts:
    """The parts of each group; a group with a row that is wrong is not booked."""

    def __init__(self) -> None:
        self.by_group: dict[str, list[RowPart]] = {}
        self._wrong: set[str] = set()

    def put(
        self,
        group: str,
        table: Table,
        row: TypedRow,
        rows: tuple[JournalRow, ...] | None,
        postings: tuple[Posting, ...] = (),
    ) -> None:
        """What a row brings; None where it is wrong, which has been said."""
        if rows is None:
            self._wrong.add(group)
        self.by_group.setdefault(group, []).append(RowPart(table, row, postings, rows or ()))

    def groups(self) -> Iterator[tuple[str, list[RowPart]]]:
        """The groups that can be booked, in the order in which every sheet has them, as far as the sheets agree."""
        sheets: dict[int, dict[str, int]] = {}
        for group, parts in self.by_group.items():
            for part in parts:
                first = sheets.setdefault(id(part.table), {})
                first[group] = min(part.row.number, first.get(group, part.row.number))
        names = list(self.by_group)
        order: TopologicalSorter[str] = TopologicalSorter(dict.fromkeys(names, ()))
        for first in sheets.values():
            for before, after in pairwise(sorted(first, key=first.__getitem__)):
                order.add(after, before)
        with suppress(CycleError):
            names = list(order.static_order())
        return ((name, self.by_group[name]) for name in names if name not in self._wrong)


def plan_parts(planning: Planning, parts: Parts) -> None:
    """One entry for each group, with its postings in their order and the rows that come with them."""
    for group, lines in parts.groups():
        day = _one_day(planning, lines)
        if day is None:
            continue
        postings = [p for line in lines for p in line.postings]
        rows = _once_each(row for line in lines for row in line.rows)
        stated = next((line.row["entry"] for line in lines if line.row["entry"] is not None), None)
        kind = stated or next(k for row in rows for k in _kind_of(row))
        note = next(
            (line.row.text("document") for line in lines if line.row["entry"] and line.postings), None
        )
        digest = request_digest("parts", str(day), str(kind), *map(str, (*postings, *rows)))
        _add(planning, lines[0], Draft(kind, day, group, digest, postings, rows, note=note))


def _once_each(rows: Iterable[JournalRow]) -> list[JournalRow]:
    """The rows; a notice that several of its payments name comes once."""
    once: list[JournalRow] = []
    for row in rows:
        if not (isinstance(row, Notice) and row in once):
            once.append(row)
    return once


def _one_day(planning: Planning, lines: list[RowPart]) -> dt.date | None:
    """The day of a group; None (and a problem) where its rows have several."""
    first = lines[0].row.day("day")
    for table, row, *_ in lines:
        if row.day("day") != first:
            text = Text(f"同组各行的日期须相同（{first}）", f"one day in all rows of a group, {first}")
            planning.problem(table, row, "day", "differs_within_group", text, row.day("day"))
            return None
    return first


def _add(planning: Planning, first: RowPart, draft: Draft) -> None:
    """Put an entry into the plan under its group as the key, unless the book holds just this under it."""
    held = keys.live(planning.view, draft.key)
    if held is not None and _holds(planning.view, held.entry, draft):
        planning.held(draft.key, held.entry, first.table, first.row)
        return
    planning.add(
        first.table,
        first.row,
        draft.kind,
        draft.effective_on,
        draft.key,
        draft.request,
        postings=draft.postings,
        rows=draft.rows,
        note=draft.note,
        column="group",
    )


def _holds(view: View, entry: int, draft: Draft) -> bool:
    """Whether an entry is what a draft states: the same postings in their order and the same rows, but for what other sheets
    may bring of it (attributes, what a notice asks) and identities, which come as none once they are registered."""
    p = view.postings.of_entry(entry)
    columns = (p.kind, p.from_party, p.to_party, p.fund, p.deal, p.loan, p.fen)
    money = [
        Posting(k, a, b, _or_none(fund), _or_none(deal), _or_none(loan), fen)
        for k, a, b, fund, deal, loan, fen in zip(*(c.tolist() for c in columns), strict=True)
    ]
    by_group = (
        view.settings,
        view.column_mappings,
        view.notices,
        view.notice_lines,
        view.decisions,
        view.subject_facts,
        view.deals,
        *map(view.links_ever, view.subjects),
    )
    rows = {d.row for part in by_group for d in part if d.entry == entry}
    rows |= {r.row for r in view.prefix.records("fact") if r.entry == entry}
    stated = {row for row in draft.rows if not isinstance(row, Identity)}
    return (
        money == draft.postings
        and stated <= rows
        and all(isinstance(r, Fact | NoticeLine) for r in rows - stated)
    )


def _or_none(number: int) -> int | None:
    return None if number < 0 else number
