"""Booking plans of layouts that register a subject (a plan, a stake, a declaration …): its code, links and attributes.

A row states what holds from its day on. What the book states for that day already is not stated again; what a subject is
linked to stays the same for ever, for a stake of another person is another stake.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping

from fof.importers.cells import Amount
from fof.importers.columns import Column, Layout, attribute_spec
from fof.importers.tables import Table, TypedRow
from fof.intake import answers, keys
from fof.intake.attributes import stored
from fof.intake.planning import Planning
from fof.ledger import to_date
from fof.ledger.journal_columns import RowRecord
from models.facts import FactType
from models.kinds import EntryKind, PartyKind
from models.money import DEFAULT_CURRENCY
from models.request_items import request_item
from models.rows import Identity, SubjectFact, SubjectLink
from models.rows import Row as JournalRow
from models.subjects import LinkRole, SubjectKind, address_of, end_of
from models.text import Text

ENTRIES = {
    SubjectKind.AUDIT_CASE: EntryKind.AUDIT_CASE,
    SubjectKind.REQUEST: EntryKind.AUDIT_REQUEST,
    SubjectKind.SAMPLE: EntryKind.AUDIT_SAMPLE,
    SubjectKind.SCENARIO: EntryKind.SCENARIO,
    **dict.fromkeys(
        (
            SubjectKind.AGREEMENT,
            SubjectKind.POOL_LIMIT,
            SubjectKind.POOL_SHARE,
            SubjectKind.LOAN,
            SubjectKind.CLAIM,
        ),
        EntryKind.POOL,
    ),
    SubjectKind.VOUCHER: EntryKind.VOUCHER,
    **dict.fromkeys(
        (
            SubjectKind.SUBSIDY,
            SubjectKind.RESULT,
            SubjectKind.DEDUCTION,
            SubjectKind.SERVICE,
            SubjectKind.RESIDENCY,
        ),
        EntryKind.INSTRUMENT,
    ),
}
"""What kind of entry a row is that registers such a subject; of the others: co-investment."""

_SHA256 = re.compile(r"(sha256:)?[0-9a-f]{64}", re.IGNORECASE)
"""A digest of evidence as it can be held against a file: no file would ever fit another text."""


class Registering:
    """The registered subjects of a file under the making."""

    def __init__(self, planning: Planning) -> None:
        self.planning = planning
        self._fresh: set[tuple[str, str]] = set()
        self._new: set[int] = set()
        self._seen: dict[tuple[str, str, dt.date], TypedRow] = {}
        self._linked: dict[tuple[int, str], tuple[int, TypedRow]] = {}

    def register(self, tables: list[Table]) -> None:
        """Ids for the codes that the book has not, of every row first: rows may name one another."""
        for table in tables:
            for row in table.rows:
                named = (_kind(table.layout).value, str(row.text("code")))
                if named not in self.planning.subjects:
                    self.planning.subjects[named] = number = self.planning.ids.subject()
                    self._new.add(number)
                    self._fresh.add(named)

    def plan(self, tables: list[Table]) -> None:
        """One entry for each row that says something new."""
        for table in tables:
            for row in table.rows:
                self.plan_row(table, row)

    def plan_row(self, table: Table, row: TypedRow) -> None:
        """An entry for a row that says something new."""
        code, since = str(row.text("code")), row.day("since")
        assert since is not None
        if table.layout.registers is SubjectKind.REQUEST:
            since = answers.day_of(self.planning, table, row, since)
            if since is None:
                return
        made = self.rows(table, row, since)
        if made is None:
            return
        if made:
            request = keys.content(row.stated())
            key = keys.key(table.layout.name, code, since, request.hex()[:16])
            kind = ENTRIES.get(_kind(table.layout), EntryKind.COINVESTMENT)
            if _kind(table.layout) is SubjectKind.EVIDENCE and row.text("request") is not None:
                kind = EntryKind.AUDIT_REQUEST  # handed in as an answer
            self.planning.add(table, row, kind, since, key, request, rows=made, column="code")
        else:
            bearer = self.bearer(table, row)
            stated = self.planning.view.prefix.of_subject("subject_fact", bearer[1])
            entries = [r.entry for r in stated if to_date(r.day) == since]
            entries += [link.entry for link in self.planning.view.links_ever(bearer[1])]
            if not entries:
                text = Text("本行没有任何内容", "the row states nothing")
                self.planning.problem(table, row, "since", "states_nothing", text, since)
                return
            self.planning.held(keys.key(table.layout.name, code, since), max(entries), table, row)

    def bearer(self, table: Table, row: TypedRow) -> tuple[str, int]:
        """The subject of a row as the journal names it."""
        kind = _kind(table.layout).value
        return kind, self.planning.subjects[kind, str(row.text("code"))]

    def rows(self, table: Table, row: TypedRow, since: dt.date) -> list[JournalRow] | None:
        """What a row brings: identity, links, attributes; None (and problems) where any of it is wrong."""
        kind, number = self.bearer(table, row)
        code = str(row.text("code"))
        if (first := self._seen.setdefault((kind, code, since), row)) is not row:
            text = Text(
                f"编号与生效日与“{first.sheet}”第 {first.number} 行相同",
                f"same code and day as row {first.number} of {first.sheet}",
            )
            self.planning.problem(table, row, "code", "duplicate_row", text, code)
            return None
        before = self.planning.wrong_cells
        made: list[JournalRow] = [
            *self._links(table, row, number),
            *self._attributes(table, row, (kind, number), since),
        ]
        if self.planning.wrong_cells != before:
            return None
        if (kind, code) in self._fresh:
            self._fresh.discard((kind, code))
            made.insert(0, Identity(number, kind, code))
        return made

    def _links(self, table: Table, row: TypedRow, number: int) -> Iterator[SubjectLink]:
        """The links that neither the book nor an earlier row states; a problem for each that names nothing, or another."""
        known = (
            {}
            if number in self._new
            else {link.row.role: link for link in self.planning.view.links_ever(number)}
        )
        for column in table.layout.links:
            code, role = row.text(column.name), column.role
            assert role is not None
            if code is None:
                continue
            end, named = end_of(role), self._named(table, row, column, role, code)
            if named is None:
                continue
            stated, first = self._linked.setdefault((number, role), (named, row))
            held = known.get(role.value)
            if stated != named or (held is not None and getattr(held.row, end) != named):
                by = (
                    Text(f"本文件第 {first.number} 行", f"row {first.number} of this file")
                    if stated != named or held is None
                    else Text(f"分录 {held.entry} ", f"entry {held.entry}")
                )
                text = Text(
                    f"{by.zh}已登记为另一{role.zh}；须先冲销，或另用编号",
                    f"{by.en} names another {role.en.lower()}; reverse it first, or use another code",
                )
                self.planning.problem(table, row, column.name, "linked_otherwise", text, code)
            elif held is None and first is row:
                named_by: dict[str, int] = {end: named}
                yield SubjectLink(number, role.value, **named_by, document=row.text("document"))  # type: ignore[arg-type]

    def _held(self, number: int) -> list[RowRecord]:
        """The attributes that the book states of a subject."""
        return [] if number in self._new else self.planning.view.prefix.of_subject("subject_fact", number)

    def _named(self, table: Table, row: TypedRow, column: Column, role: LinkRole, code: str) -> int | None:
        """The id of what a cell names in a role; None (and a problem) where the book and the file have none."""
        planning, end = self.planning, end_of(role)
        if end == "party":
            return planning.party(table, row, column.name)
        number = planning.deals.get(code) if end == "deal" else planning.subjects.get((role.value, code))
        if number is None:
            text = Text(f"账中及本文件中没有此{role.zh}", f"no {role.en.lower()} of this code")
            planning.problem(table, row, column.name, "unknown_subject", text, code)
        return number

    def _attributes(
        self, table: Table, row: TypedRow, bearer: tuple[str, int], since: dt.date
    ) -> Iterator[SubjectFact]:
        """The attributes that the book does not state for the day; a problem for each that contradicts it."""
        planning = self.planning
        held = self._held(bearer[1])
        for column in table.layout.facts:
            value = row[column.name]
            if value is None:
                continue
            assert column.fact is not None
            if isinstance(value, Amount) and value.currency != DEFAULT_CURRENCY:
                text = Text("须为人民币", "CNY required")
                planning.problem(table, row, column.name, "currency", text, value.currency)
                continue
            spec, text_of = attribute_spec(column.fact), stored(column, value)
            if column.fact == "request_item":
                text_of = request_item(text_of)
            if column.fact == "evidence_digest" and _SHA256.fullmatch(text_of.strip()) is None:
                text = Text("SHA-256 摘要值，64 位十六进制", "a SHA-256 digest of 64 hexadecimal digits")
                planning.problem(table, row, column.name, "wrong_digest", text, text_of)
                continue
            if spec.kind is FactType.PARTY and not planning.known(table, row, column.name, text_of):
                continue
            if bearer[0] == SubjectKind.REQUEST and answers.stands(planning, bearer, column.fact, text_of):
                continue
            of_day = [
                (r.entry, str(r.row[7])) for r in held if r.row[6] == column.fact and to_date(r.day) == since
            ]
            if not of_day:
                yield SubjectFact(*address_of(bearer), column.fact, text_of, document=row.text("document"))
            elif spec.parse(of_day[-1][1]) != spec.parse(text_of):
                entry, before = of_day[-1]
                text = Text(
                    f"分录 {entry} 对同一天已登记为 {before}，须先冲销，或写另一生效日",
                    f"entry {entry} states {before} for that day; reverse it first, or give another day",
                )
                planning.problem(table, row, column.name, "booked_otherwise", text, text_of)


def kinds_fit(planning: Planning, table: Table, wanted: Mapping[LinkRole, PartyKind]) -> None:
    """A problem for each party that is named in a role and is of another kind than stands there."""
    for row in table.rows:
        for column in table.layout.links:
            code, kind = row.text(column.name), None if column.role is None else wanted.get(column.role)
            known = None if code is None else planning.parties.get(code)
            if kind is not None and known is not None and known[1] is not kind:
                text = Text(f"应为{kind.zh}的编号", f"the code of a {kind.en.lower()} expected")
                planning.problem(table, row, column.name, "other_kind", text, code)


def _kind(layout: Layout) -> SubjectKind:
    assert layout.registers is not None, layout.name
    return layout.registers
