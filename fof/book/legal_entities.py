"""Which codes of the book name one legal entity on a day: a party, who has succeeded it, and whoever has the same credit code."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from fof.book.index import Book


def given_twice(book: Book) -> list[int]:
    """Parties that were ever given a credit code that another was given, too."""
    twins: list[int] | None = book.remembered.get("twins")
    if twins is None:
        given: dict[str, set[int]] = defaultdict(set)
        for party in book.facts.holders("uscc"):
            for _, code in book.facts.dated(party, "uscc", dt.date.max):
                given[code].add(party)
        twins = book.remembered["twins"] = sorted({p for own in given.values() if len(own) > 1 for p in own})
    return twins


class LegalEntities:
    """The legal entities of a day; each is named by one of its parties."""

    def __init__(self, book: Book, day: dt.date) -> None:
        self._book, self._day = book, day
        self._first: dict[int, int] = {}
        by_code: dict[str, int] = {}
        for party in given_twice(book):
            code = book.facts.of(party, "uscc", day)
            if code is not None:
                holder = book.holder(party, day)
                self._first[holder] = by_code.setdefault(code, self._first.get(holder, holder))

    def of(self, party: int | None) -> int | None:
        """The party that stands for the legal entity of another; None for none."""
        if party is None:
            return None
        holder = self._book.holder(party, self._day)
        return self._first.get(holder, holder)
