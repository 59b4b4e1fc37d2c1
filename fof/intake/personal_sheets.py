"""Booking plan of personal data: values into the encrypted store, commitments into the journal, nothing anywhere else.

The store is written first, under the journal's own lock, then the journal. A process that dies between the two leaves records that
no entry names: nobody's data, removed at the next import. Of a file with such a sheet the journal keeps no plain digest (a list of a
few people could be guessed and tried) but one under the key, and no name of a file or sheet that holds one of the values.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from fof.db import Database
from fof.errors import Refused
from fof.identity_numbers import is_identity_number
from fof.importers.layouts.people import PERSONAL_DATA
from fof.importers.tables import Table, TypedRow
from fof.intake.planning import Planning
from fof.ledger import Draft, Ids, Plan, Planner, Source, View, request_digest
from fof.personal.commitments import PersonalCommitment, commitments, current
from fof.personal.keyring import Keyring, keyring, no_key
from fof.personal.sealing import (
    INDEXED,
    SealedRecord,
    blind_index,
    keyed_digest,
    normalised,
    opened_record,
    sealed_record,
)
from fof.personal.store import PersonalStore, missing_store, store_of
from models.facts import COMMITMENT_OF
from models.kinds import EntryKind, PartyKind, PersonalField
from models.rows import SubjectFact
from models.subjects import SubjectKind, address_of
from models.text import Text

_BANK = re.compile(r"[0-9A-Z]{6,34}")
_TOKENS = re.compile(r"[0-9A-Za-z]{6,}|[0-9](?:[ \-·.]?[0-9]){5,}")
_SEPARATORS = re.compile(r"[ \-·.]")
_LEAST_CHARACTERS = 3
"""Characters of a name or of what is said of relatives from which on it is looked for inside other texts: two may be part of a word."""
BASIS = "HMAC-SHA256"
"""How a commitment is made, as the journal names it."""


class _Stated(NamedTuple):
    """A value of a row, in the form in which it is kept."""

    table: Table
    row: TypedRow
    person: str
    field: PersonalField
    day: dt.date
    value: str


def _numbers_in(text: str) -> set[str]:
    """What could be a number of somebody's in a text, without the blanks and hyphens of groups."""
    return {_SEPARATORS.sub("", token).upper() for token in _TOKENS.findall(text)}


def _say_elsewhere(planning: Planning, table: Table, row: TypedRow, column: str) -> None:
    text = Text(
        "个人信息只写在“个人信息”表；此处写编号或代称",
        "personal data stand in their own sheet alone; put a code or an alias here",
    )
    planning.problem(table, row, column, "personal_elsewhere", text)


class _Values:
    """The values of a file's personal sheets, to be found in other texts."""

    def __init__(self, values: set[str]) -> None:
        self._all = values
        words = {v for v in values if len(v) >= _LEAST_CHARACTERS and not v.isascii()}
        self._words, self._lengths = words, sorted({len(word) for word in words})

    def stand_in(self, text: str) -> bool:
        """Whether a text is one of the values, or holds a number, in groups too, or a name or what is said of relatives."""
        text = unicodedata.normalize("NFKC", text)
        if text in self._all:
            return True
        if not self._all.isdisjoint(_numbers_in(text)):
            return True
        return any(
            text[start : start + length] in self._words
            for length in self._lengths
            for start in range(len(text) - length + 1)
        )


class PersonalDesk:
    """The personal sheets of one file: planned as often as the ledger asks, sealed anew each time."""

    def __init__(self, database: Database, tables: list[Table]) -> None:
        sheets = [t for t in tables if t.layout is PERSONAL_DATA]
        self.tables = [t for t in sheets if t.rows or t.failed]  # an empty one of a template asks for nothing
        self.database = database
        self._others = [t for t in tables if t.layout is not PERSONAL_DATA]
        self._sealed: list[SealedRecord] = []
        self._put: list[str] = []
        for table in sheets:  # what is wrong with a cell is said without the cell
            table.problems = [replace(p, found=None) for p in table.problems]
            table.warnings = [replace(p, found=None) for p in table.warnings]
        if self.tables:
            self._disguise(tables)

    def _disguise(self, tables: list[Table]) -> None:
        """Digests and names of the file as the journal may keep them. Without a key nothing will be booked."""
        try:
            ring = keyring()
        except Refused:  # said by the plan
            ring = None
        values = self._values()
        for table in tables:
            table.digest = "" if ring is None else keyed_digest(ring, table.digest)
            if any(value in table.file for value in values):
                table.file = PERSONAL_DATA.text.zh
            if any(value in table.sheet for value in values):
                table.sheet = table.layout.text.zh

    def _values(self) -> set[str]:
        """Every value of the sheets, as written and in the form in which it is kept."""
        rows = [(table, row) for table in self.tables for row in table.rows]
        written = {
            v for _, row in rows for field in PersonalField if (v := row.text(field.value)) is not None
        }
        return written | {stated.value for table, row in rows for stated in _stated(table, row)}

    def _elsewhere(self, planning: Planning) -> None:
        """A problem for each cell of another sheet that is one of the values or holds one."""
        values = _Values(self._values())
        for table in self._others:
            for row in table.rows:
                for column, cell in row.stated().items():
                    if isinstance(cell, str) and values.stand_in(cell):
                        _say_elsewhere(planning, table, row, column)

    def _in_store(self, planning: Planning) -> None:
        """A problem for each cell that holds a bank number of the store, of whatever file; its blind index says so, nothing is opened."""
        try:
            ring, store = keyring(), store_of(self.database)
        except Refused:  # said where the key is needed
            return
        if ring is None or not store.exists:
            return
        known = {r.blind for r in store.records() if r.field == PersonalField.BANK_NUMBER.value}
        for table in self._others if known else ():
            for row in table.rows:
                for column, cell in row.stated().items():
                    if isinstance(cell, str) and any(
                        blind_index(ring, PersonalField.BANK_NUMBER, number) in known
                        for number in _numbers_in(unicodedata.normalize("NFKC", cell))
                    ):
                        _say_elsewhere(planning, table, row, column)

    def plan(self, planning: Planning) -> None:
        """The commitments of the sheets as drafts; a problem for each value that cannot be taken, and then none is."""
        self._sealed = []
        if not self.tables:
            self._in_store(planning)
            return
        try:
            ring, store = keyring(), store_of(self.database)
            if ring is None:
                raise no_key()
            stored = _Stored(planning.view, store, ring)
        except Refused as refused:
            planning.wrong.add(PERSONAL_DATA.name)
            planning.problems += [replace(p, where=self.tables[0].where()) for p in refused.problems]
            return
        self._elsewhere(planning)
        checked = _Checked(planning, stored)
        fresh = [s for table in self.tables for row in table.rows for s in checked.row(table, row)]
        for stated in fresh:
            record = sealed_record(ring, store.book, stated.person, stated.field, stated.value)
            self._sealed.append(record)
            planning.drafts.append(_draft(planning, stated, record.commitment))

    def storing(self, planner: Planner) -> Planner:
        """The planner, which also writes to the store what its plan commits to. It is asked under the writer's lock alone, so
        that whatever no entry names is left over from an import that was interrupted."""

        def plan(view: View, ids: Ids) -> Plan:
            made = planner(view, ids)
            if self._sealed and not made.problems:
                store, named = store_of(self.database), {c.commitment for c in commitments(view)}
                store.make()
                store.remove([r.commitment for r in store.records() if r.commitment not in named])
                store.put(self._sealed)
                self._put = [record.commitment for record in self._sealed]
            return made

        return plan

    def take_back(self) -> None:
        """Nothing was booked: what was written to the store for it goes."""
        if self._put:
            store_of(self.database).remove(self._put)
            self._put = []


class _Stored:
    """What book and store hold already, opened where it is compared."""

    def __init__(self, view: View, store: PersonalStore, ring: Keyring) -> None:
        self.store, self.ring = store, ring
        if not store.exists and any(c.erased_by is None for c in commitments(view)):
            raise missing_store()
        self._records = {r.commitment: r for r in store.records()} if store.exists else {}
        self._current = current(view)

    def value(self, person: str, field: PersonalField) -> tuple[PersonalCommitment, str] | None:
        """The value that counts for a person; None where there is none. Refused where the store cannot give it."""
        known = self._current.get((person, field))
        if known is None:
            return None
        record = self._records.get(known.commitment)
        if record is None:
            raise missing_store()
        return known, opened_record(self.ring, self.store.book, record)[1]

    def others(self, stated: _Stated) -> bool:
        """Whether another person of the book has the same number; nothing is decrypted for that."""
        if stated.field not in INDEXED or not self.store.exists:
            return False
        blind = blind_index(self.ring, stated.field, stated.value)
        alive = {c.person for (_, field), c in self._current.items() if field is stated.field}
        return any(p != stated.person and p in alive for p in self.store.like(stated.field.value, blind))


class _Checked:
    """The values of the sheets, each checked by itself, against the rows before it and against book and store."""

    def __init__(self, planning: Planning, stored: _Stored) -> None:
        self.planning, self.stored = planning, stored
        self._seen: dict[tuple[str, PersonalField, dt.date | None], _Stated] = {}
        self._numbers: dict[tuple[PersonalField, str], _Stated] = {}

    def row(self, table: Table, row: TypedRow) -> Iterator[_Stated]:
        """What a row says that book and store do not."""
        number, code = self.planning.party(table, row, "person"), row.text("person")
        if number is not None and self.planning.kind(number) is not PartyKind.PERSON:
            text = Text("应为个人的编号", "the code of a person expected")
            self.planning.problem(table, row, "person", "other_kind", text, code)
            return
        for stated in _stated(table, row):
            if self._readable(stated) and number is not None and self._new(stated):
                yield stated

    def _readable(self, stated: _Stated) -> bool:
        if stated.field is PersonalField.IDENTITY_NUMBER and not is_identity_number(stated.value):
            right = len(stated.value) == 18
            text = Text(
                "校验码不符或出生日期有误（GB 11643），请核对"
                if right
                else "应为 18 位公民身份号码，单元格设为文本",
                "the check character or the day of birth is wrong (GB 11643)"
                if right
                else "an identity number of 18 characters expected, in a cell of text",
            )
            return self._wrong(stated, "wrong_identity_number", text)
        if stated.field is PersonalField.BANK_NUMBER and _BANK.fullmatch(stated.value) is None:
            text = Text(
                "应为 6 至 34 位字母或数字，单元格设为文本",
                "6 to 34 letters or digits expected, in a cell of text",
            )
            return self._wrong(stated, "wrong_bank_number", text)
        return True

    def _new(self, stated: _Stated) -> bool:
        """Whether a value is to be stored; a problem where the person has another, a warning where another person has it."""
        of_person = (
            stated.field is PersonalField.IDENTITY_NUMBER
        )  # it is one for life; the others have their days
        key = (stated.person, stated.field, None if of_person else stated.day)
        first = self._seen.setdefault(key, stated)
        if first is not stated:
            if first.value == stated.value:
                return False
            by = Text(
                f"“{first.row.sheet}”第 {first.row.number} 行",
                f"row {first.row.number} of {first.row.sheet!r}",
            )
            return self._contradicts(stated, by)
        if (held := self.stored.value(stated.person, stated.field)) is not None:
            known, value = held
            if value == stated.value:
                row_key = f"personal/{stated.person}/{stated.field.value}"
                self.planning.held(row_key, known.entry, stated.table, stated.row)
                return False
            if of_person or known.day >= stated.day:
                return self._contradicts(stated, Text(f"分录 {known.entry} ", f"entry {known.entry}"))
        self._shared(stated)
        self._named_in_book(stated)
        return True

    def _named_in_book(self, stated: _Stated) -> None:
        """The book may hold a person's real name from before there was a store: nothing takes it out of the journal again."""
        if stated.field is PersonalField.NAME:
            party = self.planning.parties[stated.person][0]
            history = self.planning.view.history(party, "name") if party in self.planning.view.parties else []
            if any(fact.value == stated.value for fact in history):
                text = Text(
                    "账中“主体”已写有此人真实姓名：账本不可改写，今后请写编号或代称",
                    "the book's own register holds this person's real name: it cannot be taken out; put a code or an alias there from now on",
                )
                self.planning.warn(stated.table, stated.row, stated.field.value, "name_in_book", text)

    def _contradicts(self, stated: _Stated, by: Text) -> bool:
        if stated.field is PersonalField.IDENTITY_NUMBER:
            text = Text(
                f"{by.zh}登记的公民身份号码与此不同：同一人只有一个；原登记有误的先冲销",
                f"{by.en} has another identity number for this person, who has one; reverse the entry that is wrong first",
            )
            return self._wrong(stated, "another_identity_number", text)
        text = Text(
            f"{by.zh}对同日或以后已有不同登记：先冲销，或写较晚的生效日",
            f"{by.en} states another value for that day or a later one; reverse it first, or give a later day",
        )
        return self._wrong(stated, "booked_otherwise", text)

    def _shared(self, stated: _Stated) -> None:
        """Several people with one number are no mistake of the file: a person may stand under two codes in two institutions."""
        if stated.field not in INDEXED:
            return
        first = self._numbers.setdefault((stated.field, stated.value), stated)
        if first.person != stated.person:
            by = Text(f"第 {first.row.number} 行的人员", f"the person of row {first.row.number}")
        elif self.stored.others(stated):
            by = Text("账中另一人员", "another person of the book")
        else:
            return
        text = Text(
            f"与{by.zh}相同，请核对（fof personal duplicates 列出）",
            f"the same as of {by.en}, look at it (fof personal duplicates lists them)",
        )
        self.planning.warn(stated.table, stated.row, stated.field.value, "same_number", text)

    def _wrong(self, stated: _Stated, code: str, text: Text) -> bool:
        self.planning.problem(stated.table, stated.row, stated.field.value, code, text)
        return False


def _stated(table: Table, row: TypedRow) -> Iterator[_Stated]:
    """The values of a row; none where its person or day could not be read."""
    person, day = row.text("person"), row.day("since")
    if person is None or day is None:
        return
    for field in PersonalField:
        if (value := row.text(field.value)) is not None:
            yield _Stated(table, row, person, field, day, normalised(field, value))


def _draft(planning: Planning, stated: _Stated, commitment: str) -> Draft:
    party = planning.parties[stated.person][0]
    address = address_of((SubjectKind.PARTY.value, party))
    row = SubjectFact(*address, f"{COMMITMENT_OF}{stated.field.value}", commitment, None, BASIS)
    source = Source(
        stated.table.digest or None, stated.table.file, stated.table.sheet or None, stated.row.number
    )
    key = f"personal/{commitment[:32]}"
    return Draft(
        EntryKind.PERSONAL, stated.day, key, request_digest("personal", commitment), rows=[row], source=source
    )
