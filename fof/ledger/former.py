"""What books of before revision 0006 keep in settings and dispositions, read as the rows that it is written in today.

A setting held rule numbers, and under names of their own: what call notices ask (JSON), column mappings, quarter closes, and
marks and scales of evaluations. A disposition of a stake was two rows. Such entries keep their form, their record and their
leaf for ever; whoever reads a prefix sees today's rows only. This module is the one place that knows the old forms.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from fof.errors import BadEntry
from fof.ledger.journal_columns import RowRecord
from models.rows import (
    ColumnMapping,
    Decision,
    Disposition,
    NoticeLine,
    QuarterClose,
    Row,
    Setting,
    SubjectFact,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

Rows = Callable[[str], "Sequence[RowRecord]"]
"""The rows of a table as they are stored."""
Wanted = Callable[[RowRecord], bool]


Codes = Callable[[], Mapping[str, int]]
"""Ids of the parties by code, read where they are needed."""


SOURCES = {
    "notice_line": ("setting", "party"),
    "column_mapping": ("setting",),
    "quarter_close": ("setting",),
    "subject_fact": ("setting",),
    "decision": ("disposition",),
}
"""Where older entries keep the rows of a table, and what it takes to read them."""


class _Form(NamedTuple):
    """Settings of names with a prefix, and the table whose rows they are today."""

    prefix: str
    table: str
    lifted: Callable[[Setting, str, Codes], Iterator[Row]]


def read(table: str, stored: Rows, wanted: Wanted = lambda _: True) -> Sequence[RowRecord]:
    """The rows of a table with what older entries keep elsewhere, by entry; BadEntry where an old text cannot be read.

    wanted : of the rows that older entries keep elsewhere those that are read at all; what was reversed need not be readable
    """
    if table == "disposition":
        return ()
    own = stored(table)
    if table == "setting":
        return [r for r in own if _form(r) is None]
    if table == "decision":
        return _merged(own, _decisions([r for r in stored("disposition") if wanted(r)]))
    if table not in {form.table for form in _FORMS}:
        return own
    codes = cache(lambda: {party.row[1]: party.row[0] for party in stored("party")})
    settings = ((old, _form(old)) for old in stored("setting") if wanted(old))
    return _merged(
        own, [r for old, form in settings if form and form.table == table for r in _lifted(old, form, codes)]
    )


def today(row: Setting, stored: Rows) -> list[Row]:
    """A setting of an old book as the rows it is written in today; itself where it is a rule's number. BadEntry as `read`."""
    record = RowRecord(0, 0, 0, row)
    form = _form(record)
    codes = cache(lambda: {party.row[1]: party.row[0] for party in stored("party")})
    return [row] if form is None else [r.row for r in _lifted(record, form, codes)]  # type: ignore[misc]


def _merged(own: Sequence[RowRecord], lifted: list[RowRecord]) -> Sequence[RowRecord]:
    """Both by entry; an entry holds one form or the other."""
    return sorted([*lifted, *own], key=lambda r: r.entry) if lifted else own


def _form(record: RowRecord) -> _Form | None:
    name = str(record.row[1])
    if not name.startswith(_PREFIXES):
        return None
    return next(form for form in _FORMS if name.startswith(form.prefix))


def _lifted(record: RowRecord, form: _Form, codes: Codes) -> Iterator[RowRecord]:
    row: Setting = record.row  # type: ignore[assignment]
    try:
        for made in form.lifted(row, row.name.removeprefix(form.prefix), codes):
            yield record._replace(row=made)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadEntry(record.entry, "setting", record.line) from error


def _notice_lines(row: Setting, number: str, codes: Codes) -> Iterator[NoticeLine]:
    """{investor's code: {component: fen}} of the fund's notice."""
    if row.party is None:
        raise ValueError("a notice of no fund")
    for code, parts in json.loads(row.value).items():
        for component, fen in parts.items():
            yield NoticeLine(row.party, number, codes()[code], component, int(fen))


def _mapping(row: Setting, name: str, _codes: Codes) -> Iterator[ColumnMapping]:
    yield ColumnMapping(name, row.value, row.document)


def _close(row: Setting, _name: str, _codes: Codes) -> Iterator[QuarterClose]:
    """Last entry, its leaf, items missing; the document is the portfolio's code and the quarter's end. The reason is in the
    entry's note (`reason_in`)."""
    known, leaf, missing = row.value.split()
    yield QuarterClose(row.party, row.document.rpartition(" ")[0], int(known), leaf, int(missing))


def reason_in(note: str | None) -> str:
    """Why a quarter was closed although items were missing, as the note of an old close says it."""
    return (note or "").partition("项：")[2]


def _evaluated(row: Setting, _name: str, _codes: Codes) -> Iterator[SubjectFact]:
    kind = "office" if row.party is None else "party"
    yield SubjectFact(
        kind, row.party, None, None, None, None, row.name, row.value, row.until, None, row.document
    )


_FORMS = (
    _Form("call_components:", "notice_line", _notice_lines),
    _Form("mapping:", "column_mapping", _mapping),
    _Form("period_close", "quarter_close", _close),
    _Form("evaluation.", "subject_fact", _evaluated),
)
_PREFIXES = tuple(form.prefix for form in _FORMS)


def _decisions(rows: Sequence[RowRecord]) -> list[RowRecord]:
    by_entry: dict[int, list[RowRecord]] = {}
    for record in rows:
        by_entry.setdefault(record.entry, []).append(record)
    return [of[0]._replace(row=decision([r.row for r in of])) for of in by_entry.values()]  # type: ignore[misc]


def decision(rows: Sequence[Disposition]) -> Decision:
    """An entry's dispositions as one decision: of a deal, of a fund and an investor, of a party, or of the office."""
    first = rows[0]
    parties = [row.party for row in rows if row.party is not None]
    kind = "deal" if first.deal is not None else ("office", "party", "stake")[min(len(parties), 2)]
    party, counterparty = (None, None) if kind == "deal" else (*parties, None, None)[:2]
    return Decision(first.rule, kind, party, counterparty, first.deal, None, None, *first[3:])
