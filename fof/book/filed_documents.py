"""Documents: of a subject, every live row that speaks of it; of any row, what it cites and the file its entry was read from.

Figures that are opened (fof.explain) and case files (fof.audit.casefile) ask here for the documents of their rows and subjects.

A subject of any kind is asked for by its one address (models.subjects.Subject). No table holds a document by its subject:
what a row is about, and which columns cite a document, is read from the row's own fields.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from fof.book.entries import SMALL_TABLES, document_of
from fof.book.reading import once_per_question
from fof.ledger import View, to_date
from models.frozen import frozen
from models.kinds import EntryKind
from models.rows import PARTY_FIELDS, ROW_CLASSES, SUBJECT_FIELDS, Fact, SubjectFact
from models.subjects import REGISTERED, Bearer, Subject, SubjectKind, bearer_of

_CITING = ("document", "reference", "source")
"""Columns of rows that name the document a row rests on."""
_NAMES_A_DOCUMENT = ("_ref", "_doc", "evidence_number")
"""How attributes end whose value is itself the name or number of a document: approvals, minutes, reports."""

_COMPONENTS: dict[str, tuple[tuple[str, str], ...]] = {
    SubjectKind.STAKE: (("fund", "holder"), ("holding", "holder"), ("fund", "investor")),
    SubjectKind.NOTICE: (("fund", "number"),),
    SubjectKind.EDGE: (("owner", "owned"),),
}
"""Columns by which rows without an address of their own name the components of a stake, a notice, an ownership edge."""


@frozen
class Mention:
    """A live row that speaks of a subject.

    table, entry, line, day : the row        cites : the documents that the row itself names
    source, digest          : file, sheet and row the entry was read from in one line, and the SHA-256 of the file
    """

    table: str
    entry: int
    line: int
    day: dt.date
    cites: tuple[str, ...]
    source: str | None
    digest: str | None


@frozen
class FiledDocument:
    """A file and the entries that were read from it. digest: SHA-256 of the file, None where none was kept."""

    name: str
    digest: str | None
    entries: tuple[int, ...]
    kinds: tuple[EntryKind, ...]
    first_on: dt.date
    last_on: dt.date


RowKey = tuple[str, int, int | None]
"""Table, entry and line of a row; line None: of the entry alone."""


@frozen
class RowDocument:
    """What one row rests on.

    cites : the documents that the row itself names     source, digest : as of a Mention
    """

    cites: tuple[str, ...]
    source: str | None
    digest: str | None


def row_documents(view: View, keys: Iterable[RowKey]) -> dict[RowKey, RowDocument]:
    """What rows rest on; rows of entries that are not known at the view are left out."""
    wanted = set(keys)
    heads = view.heads({entry for _, entry, _ in wanted})
    return {
        key: RowDocument(_cited_at(view, *key), document_of(heads[key[1]]), heads[key[1]].source_digest)
        for key in wanted
        if key[1] in heads
    }


def _cited_at(view: View, table: str, entry: int, line: int | None) -> tuple[str, ...]:
    if line is None or table not in SMALL_TABLES:
        return ()
    records = view.journal.rows(table)
    place = bisect_left(records, (entry, line), key=lambda r: (r.entry, r.line))
    there = place < len(records) and (records[place].entry, records[place].line) == (entry, line)
    return _cited(records[place].row) if there else ()


def filed_documents(view: View, subject: Subject) -> tuple[FiledDocument, ...]:
    """The files whose entries speak of a subject, the latest first. Unknown for an address that the book has not."""
    return files_of(view, {entry for _, entry, _, _, _ in _speaking(view, view.bearer(subject))})


def files_of(view: View, entries: Iterable[int]) -> tuple[FiledDocument, ...]:
    """The files that entries were read from, the latest first; an entry from no file has none."""
    known = view.heads(set(entries))
    groups: dict[tuple[str, str | None], list[int]] = defaultdict(list)
    for number, head in known.items():
        if head.source_name is not None:
            groups[head.source_name, head.source_digest].append(number)
    rows = []
    for (name, digest), entries in groups.items():
        days = [known[e].effective_on for e in entries]
        kinds = tuple(sorted({EntryKind(known[e].kind) for e in entries}))
        rows.append(FiledDocument(name, digest, tuple(sorted(entries)), kinds, min(days), max(days)))
    return tuple(sorted(rows, key=lambda d: (d.last_on, d.name), reverse=True))


def mentions(view: View, subject: Subject) -> tuple[Mention, ...]:
    """Every row on or before the as-of day that speaks of a subject, by day, entry, table and line.

    Live rows only; an attribute that was stated anew since and a link that has ended are among them: they were true once.
    """
    rows = _speaking(view, view.bearer(subject))
    of_entry = row_documents(view, {("", row[1], None) for row in rows})
    read_from = {entry: (one.source, one.digest) for (_, entry, _), one in of_entry.items()}
    return tuple(
        Mention(table, entry, line, day, cites, *read_from[entry]) for table, entry, line, day, cites in rows
    )


_Row = tuple[str, int, int, dt.date, tuple[str, ...]]


@once_per_question
def _speaking(view: View, bearer: Bearer) -> tuple[_Row, ...]:
    """(table, entry, line, day, what it cites) of the rows about a subject."""
    about = _speaks_of(bearer)
    rows: list[_Row] = [
        (table, r.entry, r.line, r.day, _cited(r.row))
        for table in SMALL_TABLES
        for r in view.dated(table)
        if about(table, r.row)
    ]
    rows += _postings(view, bearer)
    return tuple(sorted(rows, key=lambda r: (r[3], r[1], r[0], r[2])))


def _speaks_of(bearer: Bearer) -> Callable[[str, Any], bool]:
    """Whether a row of a small table names the subject, alone or among others."""
    kind, parts = str(bearer[0]), bearer[1:]
    if kind == SubjectKind.OFFICE:
        return _of_the_office
    if kind in (SubjectKind.STAKE, SubjectKind.NOTICE, SubjectKind.EDGE):
        return lambda table, row: _named_by_components(row, kind, parts)
    own, number = _OWN_TABLE.get(kind, "subject"), parts[0]
    columns = {table: _columns(table, kind) for table in SMALL_TABLES}

    def about(table: str, row: Any) -> bool:
        if table == own and row.id == number:
            return True
        return any(getattr(row, column) == number for column in columns[table])

    return about


_OWN_TABLE = {SubjectKind.PARTY.value: "party", SubjectKind.DEAL.value: "deal"}


def _columns(table: str, kind: str) -> tuple[str, ...]:
    """The columns of a table that hold the id of a party, a deal or a registered subject."""
    wanted = {SubjectKind.PARTY.value: PARTY_FIELDS, SubjectKind.DEAL.value: ("deal",)}.get(
        kind, SUBJECT_FIELDS
    )
    fields: tuple[str, ...] = ROW_CLASSES[table]._fields  # type: ignore[attr-defined]
    return tuple(name for name in wanted if name in fields)


def _of_the_office(table: str, row: Any) -> bool:
    """An address of the office itself; a setting or quarter close of no party."""
    if table in ("setting", "quarter_close"):
        return row.party is None
    return getattr(row, "kind", None) == SubjectKind.OFFICE


def _named_by_components(row: Any, kind: str, parts: tuple[str | int, ...]) -> bool:
    if getattr(row, "kind", None) == kind:
        return bearer_of(row)[1:] == parts
    return any(
        tuple(getattr(row, column, None) for column in columns) == parts for columns in _COMPONENTS[kind]
    )


def _cited(row: Any) -> tuple[str, ...]:
    """The documents that a row names in a column, or as the value of an attribute that says one."""
    named = [getattr(row, column, None) for column in _CITING]
    if isinstance(row, (Fact, SubjectFact)) and row.name.endswith(_NAMES_A_DOCUMENT):
        named.append(row.value)
    return tuple(dict.fromkeys(text for text in named if text))


def _postings(view: View, bearer: Bearer) -> list[_Row]:
    """The postings about a subject: a party that pays, is paid or is the fund; a deal's; a loan's or payment's; a stake's."""
    kind, p = str(bearer[0]), view.postings
    if kind == SubjectKind.PARTY:
        chosen = (p.from_party == bearer[1]) | (p.to_party == bearer[1]) | (p.fund == bearer[1])
    elif kind == SubjectKind.DEAL:
        chosen = p.deal == bearer[1]
    elif kind == SubjectKind.STAKE:
        chosen = (p.fund == bearer[1]) & ((p.from_party == bearer[2]) | (p.to_party == bearer[2]))
    elif kind in REGISTERED:
        chosen = p.loan == bearer[1]
    else:  # a notice, an ownership edge and the office move no money
        return []
    own = p.where(np.flatnonzero(chosen))
    columns = (own.entry.tolist(), own.line.tolist(), own.day.tolist())
    return [("posting", entry, line, to_date(day), ()) for entry, line, day in zip(*columns, strict=True)]
