"""Records of the use cases as table rows: names for ids, notes for what does not exist."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar, overload

from fof import words
from fof.book.portfolios import Portfolio
from fof.figures.answers import Answer, Document
from fof.figures.lookthrough import ExposurePath
from fof.figures.performance import Performance
from fof.figures.performance_document import performance_row
from fof.ledger import View
from fof.ui import data

Row = dict[str, Any]
T = TypeVar("T")


class RowsOnDemand(Sequence[Row]):
    """Records that become table rows when they are looked at: of five thousand, the page that is sent.

    The currency of a row's amounts is the record's own `currency`; `currencies` are those of all, where that is known.
    """

    def __init__(
        self, records: Sequence[T], make: Callable[[T], Row], currencies: Sequence[str] | None = None
    ) -> None:
        self.records: Sequence[Any] = records
        self.currencies = currencies
        self._make: Callable[[Any], Row] = make

    def __len__(self) -> int:
        return len(self.records)

    @overload
    def __getitem__(self, place: int) -> Row: ...

    @overload
    def __getitem__(self, place: slice) -> list[Row]: ...

    def __getitem__(self, place: int | slice) -> Row | list[Row]:
        if isinstance(place, slice):
            return [self._make(r) for r in self.records[place]]
        return self._make(self.records[place])


def returns(view: View, portfolio: Portfolio, record: Performance) -> Row:
    """One group of stakes as the document has it; the note says how its value and rate were come by."""
    notes = [data.value_note(record.nav, several=data.of_several(record))]
    if record.irr.note is None or record.irr.note != record.nav.note:
        notes.append(data.rate_note(record.irr) or "")
    return performance_row(view, portfolio, record) | {"note": words.clauses(n for n in notes if n)}


def path_words(view: View, path: ExposurePath) -> dict[str, str]:
    """A path of ownership by names, its steps as percentages."""
    return {
        "path": " → ".join(view.name(p) for p in path.parties),
        "steps": " × ".join(words.percent(s) for s in path.shares),
    }


def listed(answer: Answer) -> list[Row]:
    """The rows of a document as a table lists them: each with every figure of it and its currency."""
    return [_listed_row(answer, row) for row in answer.rows]


def on_demand(answer: Answer) -> RowsOnDemand:
    """The same of a long document: the rows that are looked at."""
    stated = {str(code) for row in answer.rows if (code := answer.currency_of(row)) is not None}
    return RowsOnDemand(answer.rows, partial(_listed_row, answer), sorted(stated))


def _listed_row(answer: Answer, row: Mapping[str, Any]) -> Row:
    return row_of(answer.document, {**row, "currency": answer.currency_of(row)})


def row_of(document: Document, row: Mapping[str, Any], *notes: object) -> Row:
    """A row of a document as a table lists it; the note says what the row and others say, and why figures are missing."""
    reasons = (reason.text for reason in (row.get("reasons") or {}).values())
    texts = dict.fromkeys(str(note) for note in (row.get("note"), *notes, *reasons) if note)
    return {**dict.fromkeys(document.rows), **row, "note": words.clauses(texts)}
