"""What every table of an instrument asks: the view's day, codes and names of parties, its rows as a document."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from fof.book.index import Book, book_of
from fof.figures.answers import Answer, Document
from fof.ledger import View, to_date
from models.text import Text

Row = dict[str, Any]


class DeskFigures(NamedTuple):
    """A row of a table of pools or of the small instruments for programs: which table, and its figures by name."""

    table: str
    figures: Mapping[str, Any]


class Desk:
    """A view on its day: the as-of day, else that of the last posting."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.book: Book = book_of(view)
        days = view.on(None).postings.day
        self.day: dt.date = view.as_of or (to_date(int(days.max())) if len(days) else dt.date.min)

    def code(self, party: int | None) -> str | None:
        """A party's code."""
        return None if party is None else self.book.code(party)

    def name(self, party: int | None) -> str | None:
        """A party's name in force, its code where it has none."""
        return None if party is None else str(self.view.name(party))

    def answer(self, document: Document, rows: Iterable[Row], *notes: Text) -> Answer:
        """The document with its rows, each with a record for programs."""
        own = [
            row
            | {
                "record": DeskFigures(
                    document.name, MappingProxyType({k: row[k] for k in document.rows if k in row})
                )
            }
            for row in rows
        ]
        return Answer(document, own, self.view.as_of, self.view.known_at, "CNY", notes=notes)
