"""Entries of the journal by id, by search, and one with all its rows. Looks at what was known, whatever the as-of day."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections.abc import Iterable
from typing import Any

import numpy as np

from fof.book.currencies import of_number, of_postings
from fof.errors import Unknown
from fof.ledger import EntryRecord, View, day_number
from models.frozen import frozen
from models.kinds import EntryKind
from models.rows import PARTY_FIELDS, ROW_CLASSES
from models.text import Text

SMALL_TABLES = tuple(table for table in ROW_CLASSES if table != "posting")
"""Tables of the rows that stand beside the postings."""


CARRIED = "（导出）"
"""Stands behind the name of a source that came as text, in an export: the file it names is not the one that was read."""


def document_of(head: EntryRecord) -> str | None:
    """The document an entry rests on, in one line: name, sheet, row; what an export told of it where that was imported."""
    if head.source_name is not None and head.source_name.endswith(CARRIED):
        return head.source_name
    parts = [head.source_name, head.source_sheet, None if head.source_row is None else f"#{head.source_row}"]
    return " · ".join(p for p in parts if p) or None


# -- search -------------------------------------------------------------------------------------------------------


@frozen
class Query:
    """What to look for; every part that is given must fit.

    first_day, last_day : of the day an entry is true for          text : in its note, key, source, person
    party               : id of a party any of its rows names       fen  : amount of any of its postings
    live                : only entries that are not reversed and are no reversals
    hidden              : entries that are never listed: those that who asks does not see
    """

    kind: EntryKind | None = None
    first_day: dt.date | None = None
    last_day: dt.date | None = None
    text: str | None = None
    party: int | None = None
    fen: int | None = None
    live: bool = False
    hidden: frozenset[int] = frozenset()


@frozen
class SearchResult:
    """One page of a search, newest entry first; `count` is how many fit in all."""

    entries: tuple[EntryRecord, ...]
    count: int


def search(view: View, query: Query, *, limit: int = 100, offset: int = 0) -> SearchResult:
    """Entries known in the view that fit, newest first."""
    ids = _worded(view, query) if query.kind is not None or query.text else _dated(view, query)
    chosen = _named(view, query)
    if chosen is not None:
        ids = ids[np.isin(ids, chosen)]
    if query.hidden and len(ids):
        ids = ids[~np.isin(ids, np.fromiter(query.hidden, np.int64))]
    if query.live and len(ids):
        by = view.columns.reversed_by
        ids = ids[view.columns.live(view.known_at)[ids] & ~np.isin(ids, by[by <= view.known_at])]
    page = ids[offset : offset + limit].tolist()
    known = view.heads(page)
    return SearchResult(tuple(known[i] for i in page), len(ids))


def _dated(view: View, query: Query) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Entries of the wanted days, newest first; the columns in memory know every entry's day."""
    day = view.columns.entry_day[1 : view.known_at + 1]
    inside = np.ones(len(day), bool)
    if query.first_day is not None:
        inside &= day >= day_number(query.first_day)
    if query.last_day is not None:
        inside &= day <= day_number(query.last_day)
    return np.flatnonzero(inside)[::-1].astype(np.int64) + 1


def _worded(view: View, query: Query) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """The same by kind and text, which only the database knows."""
    import sqlalchemy as sa

    from models.journal import entry

    e = entry.c
    where = [e.id <= view.known_at]
    if query.kind is not None:
        where.append(e.kind == query.kind.value)
    if query.first_day is not None:
        where.append(e.effective_on >= query.first_day)
    if query.last_day is not None:
        where.append(e.effective_on <= query.last_day)
    if query.text:
        wanted = f"%{_escaped(query.text.strip().lower())}%"
        columns = (e.note, e.key, e.source_name, e.source_sheet, e.recorded_by, e.approved_by)
        where.append(sa.or_(*(sa.func.lower(c).like(wanted, escape="\\") for c in columns)))
    with view.journal.database.read() as connection:
        statement = sa.select(e.id).where(*where).order_by(e.id.desc())
        return np.array(connection.execute(statement).scalars().all(), np.int64)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _named(view: View, query: Query) -> np.ndarray[tuple[int], np.dtype[np.int64]] | None:
    """Entries that name the party and hold the amount; None where neither is asked."""
    matching: np.ndarray[tuple[int], np.dtype[np.int64]] | None = None
    p = view.columns.postings
    if query.party is not None:
        hit = (p.from_party == query.party) | (p.to_party == query.party) | (p.fund == query.party)
        entries = [*np.unique(p.entry[hit]).tolist(), *_rows_naming(view, query.party)]
        matching = np.unique(np.array(entries, np.int64))
    if query.fen is not None:
        entries_of = np.unique(p.entry[p.fen == query.fen]).astype(np.int64)
        matching = entries_of if matching is None else np.intersect1d(matching, entries_of)
    return matching


def _rows_naming(view: View, party: int) -> Iterable[int]:
    for table in SMALL_TABLES:
        fields = [f for f in PARTY_FIELDS if f in ROW_CLASSES[table]._fields]  # type: ignore[attr-defined]
        if table == "party":
            fields = ["id"]
        for record in view.journal.rows(table):
            if any(getattr(record.row, f) == party for f in fields):
                yield record.entry


# -- one entry ----------------------------------------------------------------------------------------------------


@frozen
class PostingRow:
    """A posting of an entry; ids, None where there is none; fen > 0, of the currency."""

    line: int
    kind: int
    from_party: int
    to_party: int
    fund: int | None
    deal: int | None
    loan: int | None
    fen: int
    currency: str


@frozen
class Detail:
    """An entry with everything it brought. rows: (table, line, row) of the small tables, in the order of the record."""

    head: EntryRecord
    postings: tuple[PostingRow, ...]
    rows: tuple[tuple[str, int, Any], ...]


def detail(view: View, entry: int, hidden: frozenset[int] = frozenset()) -> Detail:
    """One entry with all its rows; Unknown outside what was known, and for one of those that who asks does not see."""
    if entry in hidden:
        raise Unknown(Text("分录", "entry"), str(entry))
    head = view.entry(entry)
    p = view.columns.postings
    part = slice(*np.searchsorted(p.entry, [entry, entry + 1]).tolist())
    columns = (p.line, p.kind, p.from_party, p.to_party, p.fund, p.deal, p.loan, p.fen)
    postings = tuple(
        PostingRow(
            line, kind, frm, to, _or_none(fund), _or_none(deal), _or_none(loan), fen, of_number(currency)
        )
        for line, kind, frm, to, fund, deal, loan, fen, currency in zip(
            *(c[part].tolist() for c in columns), of_postings(view, p.where(part)).tolist(), strict=True
        )
    )
    rows = []
    for table in SMALL_TABLES:
        records = view.journal.rows(table)
        for record in records[bisect_left(records, entry, key=lambda r: r.entry) :]:
            if record.entry != entry:
                break
            rows.append((table, record.line, record.row))
    return Detail(head, postings, tuple(rows))


def _or_none(number: int) -> int | None:
    return None if number < 0 else number
