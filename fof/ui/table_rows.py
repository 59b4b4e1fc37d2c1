"""Records of the use cases as table rows: names for ids, notes for what does not exist."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar, overload

from fof import words
from fof.book.currencies import currency_of
from fof.book.holdings import Holding
from fof.book.notices import Call
from fof.book.portfolios import Portfolio
from fof.figures.performance import Performance, english_label
from fof.figures.performance_document import performance_row
from fof.ledger import View
from fof.ui import data
from fof.ui.labels import word
from models.kinds import Stage
from models.text import Text

Row = dict[str, Any]
T = TypeVar("T")


class RowsOnDemand(Sequence[Row]):
    """Records that become table rows when they are looked at: of five thousand, the page that is sent.

    The currency of a row's amounts is the record's own `currency`.
    """

    def __init__(self, records: Sequence[T], make: Callable[[T], Row]) -> None:
        self.records: Sequence[Any] = records
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


def group_name(record: Performance) -> str:
    """The name of a group in the language of this run."""
    return str(Text(record.label, english_label(record.by, record.key, record.label)))


def returns(view: View, portfolio: Portfolio, record: Performance) -> Row:
    """One group of stakes as the document has it; the note says how its value and rate were come by."""
    notes = [data.value_note(record.nav, several=data.of_several(record))]
    if record.irr.note is None or record.irr.note != record.nav.note:
        notes.append(data.rate_note(record.irr) or "")
    return performance_row(view, portfolio, record) | {"note": words.clauses(n for n in notes if n)}


def holding(view: View, record: Holding) -> Row:
    """One company held by a fund."""
    return {
        "company": view.name(record.company),
        "currency": record.currency,
        "stage": words.word(Stage(record.stage)) if record.stage else words.DASH,
        "first_on": record.first_on,
        "share": record.share,
        "invested": record.invested,
        "cost": record.cost,
        "proceeds": record.proceeds + record.dividends,
        "value": record.value.fen,
        "multiple": record.multiple,
        "state": word("content", record.state),
        "note": data.value_note(record.value),
    }


def call(view: View, record: Call) -> Row:
    """One investor's part of a call notice."""
    return {
        "number": record.number or words.DASH,
        "fund": view.name(record.fund),
        "currency": currency_of(view, record.fund),
        "investor": view.name(record.investor),
        "notice_on": record.notice_on,
        "due_on": record.due_on,
        "due": record.due,
        "paid": record.paid,
        "paid_on": record.paid_on,
        "overdue": record.overdue,
        "days_late": record.days_late or None,
        "state": word("content", record.state),
        "entry": record.entry,
    }
