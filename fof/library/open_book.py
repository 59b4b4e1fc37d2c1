"""A book that is open for reading."""

from __future__ import annotations

import datetime as dt
from types import TracebackType
from typing import TYPE_CHECKING, cast

from fof.errors import Closed, Problem, Refused, Where
from fof.ledger.journal import Journal
from models.text import Language, Text

if TYPE_CHECKING:
    from fof.db import Database
    from fof.library.figure_view import FigureView


def open_book(url: str | None = None, language: Language | None = None) -> OpenBook:
    """See fof.open."""
    from fof.db import Database, checked_address
    from fof.environment import Settings

    database = Database(checked_address(url or Settings().url))
    try:
        database.require_ready()
        return OpenBook(database, language or cast(Language, Settings().lang))
    except BaseException:
        database.close()
        raise


class OpenBook:
    """One book, read by one connection pool of its own; safe in threads. Close it, or use it in a `with` block.

    language : of labels, notes and reasons in what is asked of it
    """

    def __init__(self, database: Database, language: Language) -> None:
        self.language: Language = language
        self._database: Database | None = database
        self._journal = Journal(database).refresh()

    def at(
        self,
        as_of: dt.date | str | None = None,
        known_at: int | dt.date | str | None = None,
        portfolio: str | None = None,
    ) -> FigureView:
        """The book as it was true on a day and known at an entry.

        as_of     : a date or its ISO text; the office's today where it is left out
        known_at  : an entry's number, a day (Beijing, to its end), a closed quarter ("2026-Q2") or a named report; now where left out
        portfolio : code of the portfolio whose figures are meant; the book's first where it is left out

        Refused for what is no day, a day of knowledge that is still to come, and a known-at that is none of these;
        Unknown for an entry, a close or a portfolio that the book does not have; Closed, Replaced.
        """
        from fof.book.known import known_at as entry_of
        from fof.library.figure_view import FigureView
        from fof.words import today

        journal = self.journal()
        day = today() if as_of is None else _day(as_of)
        named = known_at.isoformat() if isinstance(known_at, dt.date) else known_at
        known = journal.head if named is None else entry_of(journal, str(named) or "—", today(), portfolio)
        return FigureView(self._asked, journal.view(day, known), portfolio)

    def _asked(self) -> Language:
        """The language of its answers; Closed, Replaced."""
        self.journal()
        return self.language

    def journal(self) -> Journal:
        """The journal up to its newest entry. Closed, Replaced where another book lies in its place by now."""
        if self._database is None:
            raise Closed()
        from fof import users
        from fof.words import today

        journal = self._journal.refresh()
        users.reader(journal.view(), today())
        return journal

    def close(self) -> None:
        """Give back connections and what was read; a second time does nothing. Views of it answer Closed from then on."""
        database, self._database = self._database, None
        if database is not None:
            self._journal = Journal(database)
            database.close()

    def __enter__(self) -> OpenBook:
        self.journal()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _day(given: dt.date | str) -> dt.date:
    """The day meant. An instant is none: which day it is depends on a clock."""
    if isinstance(given, dt.date) and not isinstance(given, dt.datetime):
        return given
    try:
        if not isinstance(given, str):
            raise ValueError(given)
        return dt.date.fromisoformat(given)
    except ValueError:
        text = Text("日期，如 2026-09-30", "a day like 2026-09-30")
        where = Where(field=Text("截至日", "as_of"))
        raise Refused([Problem("not_a_day", text, str(given), where)]) from None
