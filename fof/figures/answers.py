"""What a document is, and one filled in: the figures of its rows in order, and the rows.

Money in JSON is a string of the currency's main unit with two decimals whatever unit a table shows; every row that
holds money says its `currency`. Rates and multiples are numbers, null where they do not exist, and then `<name>_reason`
says why.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import attrgetter
from typing import Any

from fof.figures.register import Figure, figure
from models.frozen import frozen
from models.money import yuan_text
from models.text import Text


@frozen
class Slot:
    """The place of a figure in a document: its name there, and how it is listed.

    listed : a column of the table for people too, not of JSON alone
    reason : a `<name>_reason` text stands beside it in JSON
    spare  : left out of a table that is wider than the terminal, the highest first; 0: never
    """

    name: str
    figure: Figure
    listed: bool
    reason: bool
    spare: int


@dataclass(frozen=True)
class Document:
    """A document: its name (also of its schema file), title, figures of its rows and of its head, in order.

    meaning   : name in this document -> figure of the register, where the two differ; "head.name" of one at the top alone
    json_only : figures of a row that the table for people leaves to JSON
    reasons   : figures of a row beside which JSON says why they are missing
    spare     : what a table that is wider than the terminal leaves out, the first first
    section   : figure by which the table for people is cut into sections
    """

    name: str
    text: Text
    what: str
    rows: tuple[str, ...]
    head: tuple[str, ...] = ()
    json_only: frozenset[str] = frozenset()
    reasons: frozenset[str] = frozenset()
    spare: tuple[str, ...] = ()
    meaning: Mapping[str, str] = field(default_factory=dict)
    section: str = ""

    def figure(self, name: str) -> Figure:
        """The figure that a name stands for in this document."""
        return figure(self.meaning.get(name, name))

    @property
    def figures(self) -> tuple[Figure, ...]:
        """The figures of its rows, in order."""
        return tuple(map(self.figure, self.rows))

    @cached_property
    def slots(self) -> tuple[Slot, ...]:
        """The figures of a row with their places."""
        return tuple(map(self.slot, self.rows))

    @cached_property
    def head_slots(self) -> tuple[Slot, ...]:
        """The figures at the top with their places."""
        meanings = (self.meaning.get(f"head.{name}") for name in self.head)
        return tuple(
            Slot(name, self.figure(name) if meaning is None else figure(meaning), True, False, 0)
            for name, meaning in zip(self.head, meanings, strict=True)
        )

    def slot(self, name: str) -> Slot:
        """The place of one figure of a row."""
        spare = len(self.spare) - self.spare.index(name) if name in self.spare else 0
        return Slot(name, self.figure(name), name not in self.json_only, name in self.reasons, spare)

    def fields(self, record: Any) -> dict[str, Any]:
        """What a record has under the names of a row's figures, and its currency."""
        own = self._names_of.get(type(record))
        if own is None:
            names = tuple(name for name in (*self.rows, "currency") if hasattr(record, name))
            own = (names, attrgetter(*names)) if len(names) > 1 else ((), None)
            if hasattr(type(record), "__slots__"):  # each of its kind has the same
                self._names_of[type(record)] = own
        names, values = own
        if values is None:
            return {name: getattr(record, name) for name in (*self.rows, "currency") if hasattr(record, name)}
        return dict(zip(names, values(record), strict=True))

    @cached_property
    def _names_of(self) -> dict[type, tuple[tuple[str, ...], attrgetter[tuple[Any, ...]] | None]]:
        """Of the kinds of records seen, which of the names they have."""
        return {}

    @cached_property
    def columns(self) -> tuple[Slot, ...]:
        """What a row holds: before the first amount its currency."""
        first = next((n for n, s in enumerate(self.slots) if s.figure.unit == "money"), None)
        if first is None:
            return self.slots
        return (*self.slots[:first], self.slot("currency"), *self.slots[first:])


@dataclass(slots=True)
class Answer:
    """A document filled in: rows of typed values by name; money in fen; reasons by name under "reasons".

    currency : of the amounts at the top and of the rows that do not say their own under "currency"; None for several

    For the table alone, a row (and `head`) may hold under "texts" other texts for some of its columns, and under
    "under" a row that stands beneath it; above are (name, text) lines over the table, notes lines beneath it; headings
    say more of a section than its name, and keep a section that has no rows.
    """

    document: Document
    rows: Sequence[Mapping[str, Any]]
    as_of: dt.date | None
    known_at: int
    currency: str | None
    head: Mapping[str, Any] = field(default_factory=dict)
    notes: Sequence[str | Text] = ()
    headings: Mapping[str, str] = field(default_factory=dict)
    above: Sequence[tuple[str, str]] = ()

    def currency_of(self, row: Mapping[str, Any]) -> str | None:
        """What a row's amounts are in."""
        stated: str | None = row.get("currency", self.currency)
        return stated

    @property
    def unit(self) -> str | None:
        """The one currency of all rows; None where they have several."""
        if all(s.figure.unit != "money" for s in self.document.slots):
            return self.currency
        stated = {code for row in self.rows if (code := self.currency_of(row)) is not None}
        if not stated:
            return self.currency
        return stated.pop() if len(stated) == 1 else None

    def json(self, language: str = "zh") -> dict[str, Any]:
        """The document as plain JSON values; only texts and reasons are in the language."""
        return {
            "as_of": None if self.as_of is None else self.as_of.isoformat(),
            "known_at": self.known_at,
            "unit": self.unit,
            **{s.name: plain(s.figure, self.head.get(s.name), language) for s in self.document.head_slots},
            "rows": [self._row({**row, "currency": self.currency_of(row)}, language) for row in self.rows],
        }

    def _row(self, row: Mapping[str, Any], language: str) -> dict[str, Any]:
        answer: dict[str, Any] = {}
        reasons = row.get("reasons") or {}
        for slot in self.document.columns:
            value = plain(slot.figure, row.get(slot.name), language)
            answer[slot.name] = value
            if slot.reason:
                why = reasons.get(slot.name) if value is None else None
                answer[f"{slot.name}_reason"] = None if why is None else in_language(why, language)
        return answer


def in_language(text: Any, language: str) -> str:
    """A text or a reason in a language; what is in one language only as it is."""
    words = getattr(text, "text", text)
    return words.of(language) if isinstance(words, Text) else str(words)


def plain(of: Figure, value: Any, language: str = "zh") -> Any:
    """A typed value as JSON holds it; nan and None are null."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    match of.kind:
        case "money":
            return yuan_text(int(value))
        case "day":
            return value.isoformat()
        case "multiple" | "percent" | "number":
            return float(value)
        case "flag":
            return bool(value)
        case "int":
            return int(value)
    return in_language(value, language)


def names(text: str) -> tuple[str, ...]:
    """The names in a text, separated by blanks."""
    return tuple(text.split())


def declared(
    name: str,
    text: Text,
    what: str,
    *,
    rows: str,
    head: str = "",
    json_only: str = "",
    reasons: str = "",
    spare: str = "",
    meaning: str = "",
    section: str = "",
) -> Document:
    """A document of lists of names, separated by blanks; `meaning` of name=figure."""
    return Document(
        name,
        text,
        what,
        names(rows),
        names(head),
        frozenset(json_only.split()),
        frozenset(reasons.split()),
        names(spare),
        {own: figure for own, _, figure in (pair.partition("=") for pair in meaning.split())},
        section,
    )
