"""The rows of a book as the database holds them, through the driver alone: nothing here knows the product's code."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

TABLES = (
    "entry",
    "party",
    "posting",
    "mark",
    "fact",
    "edge",
    "deal",
    "notice",
    "setting",
    "subject_fact",
    "subject_link",
)
Row = dict[str, Any]
T = TypeVar("T")


@dataclass
class Book:
    """The live rows known at an entry, up to a day; every row carries its entry's `day` and `entry_kind`.

    Rows are in the order of their day, then of their entry and line.
    """

    day: dt.date
    posting: list[Row] = field(default_factory=list)
    mark: list[Row] = field(default_factory=list)
    fact: list[Row] = field(default_factory=list)
    edge: list[Row] = field(default_factory=list)
    deal: list[Row] = field(default_factory=list)
    notice: list[Row] = field(default_factory=list)
    setting: list[Row] = field(default_factory=list)
    subject_fact: list[Row] = field(default_factory=list)
    subject_link: list[Row] = field(default_factory=list)
    since: dict[str, dt.date] = field(default_factory=dict)
    """Party -> the day of the entry that named it."""
    code: dict[int, str] = field(default_factory=dict)
    kind: dict[str, str] = field(default_factory=dict)
    later_fact: list[Row] = field(default_factory=list)
    """Attributes of every day, later ones too: whom a portfolio succeeds is asked of them."""
    answers: dict[str, Any] = field(default_factory=dict)
    """What was worked out of it once."""

    def latest(self, party: str, name: str) -> str | None:
        """The attribute in force: the latest row that starts on or before the day."""
        if "latest" not in self.answers:
            self.answers["latest"] = {
                (self.code[row["party"]], row["name"]): row["value"]
                for row in self.fact
                if row["party"] is not None
            }
        found: str | None = self.answers["latest"].get((party, name))
        return found

    def currency(self, party: str) -> str:
        return self.latest(party, "currency") or "CNY"


class Rows:
    """Everything a database holds."""

    def __init__(self, url: str) -> None:
        self.tables = {name: _table(url, name) for name in TABLES}
        self.books: dict[tuple[dt.date, int], Book] = {}
        self.head = max((e["id"] for e in self.tables["entry"]), default=0)

    def book(self, day: dt.date, known_at: int | None = None) -> Book:
        """What was known at an entry of what is true on a day."""
        last = self.head if known_at is None else known_at
        if (day, last) not in self.books:
            self.books[day, last] = self._book(day, last)
        return self.books[day, last]

    def _book(self, day: dt.date, last: int) -> Book:
        taken_back = {
            e["reverses"] for e in self.tables["entry"] if e["id"] <= last and e["reverses"] is not None
        }
        live = {e["id"]: e for e in self.tables["entry"] if e["id"] <= last and e["id"] not in taken_back}
        found = Book(day)
        for row in self.tables["party"]:
            if row["entry"] <= last:  # an identity is never withdrawn
                found.code[row["id"]] = row["code"]
                found.kind[row["code"]] = row["kind"]
                entry = live.get(row["entry"])
                found.since[row["code"]] = _day(entry["effective_on"]) if entry else dt.date.min
        for name in TABLES[2:]:
            rows = [
                {**r, "day": _day(live[r["entry"]]["effective_on"]), "entry_kind": live[r["entry"]]["kind"]}
                for r in self.tables[name]
                if r["entry"] in live
            ]
            rows.sort(key=lambda r: (r["day"], r["entry"], r["line"]))
            setattr(found, name, [r for r in rows if r["day"] <= day])
            if name == "fact":
                found.later_fact = rows
        return found


def _day(value: Any) -> dt.date:
    return value if isinstance(value, dt.date) else dt.date.fromisoformat(value)


def _table(url: str, name: str) -> list[Row]:
    if url.startswith("sqlite:///"):
        connection: Any = sqlite3.connect(f"file:{url.removeprefix('sqlite:///')}?mode=ro", uri=True)
    else:
        import psycopg

        connection = psycopg.connect(url.replace("+psycopg", ""))
    try:
        cursor = connection.cursor()
        cursor.execute(f'SELECT * FROM "{name}"')
        columns = [c[0] for c in cursor.description]
        return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
    finally:
        connection.close()


def by_entry(rows: list[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["entry"]].append(row)
    return found


def once(make: Callable[[Book], T]) -> Callable[[Book], T]:
    """Work something out of a book once."""

    def look_up(book: Book) -> T:
        if make.__name__ not in book.answers:
            book.answers[make.__name__] = make(book)
        found: T = book.answers[make.__name__]
        return found

    return look_up
