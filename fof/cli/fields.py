"""What a command prints: one declaration of columns serves the table for people, the JSON document and its schema.

Money in JSON is a string of the currency's main unit with two decimals whatever unit the table shows; every row that
holds money says its `currency`. Rates and multiples are numbers, null where they do not exist, and then `<name>_reason`
says why.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["text", "int", "money", "multiple", "percent", "number", "day", "flag"]

_TYPES: dict[Kind, list[str]] = {
    "text": ["string", "null"],
    "int": ["integer", "null"],
    "money": ["string", "null"],
    "multiple": ["number", "null"],
    "percent": ["number", "null"],
    "number": ["number", "null"],
    "day": ["string", "null"],
    "flag": ["boolean", "null"],
}


@dataclass(frozen=True, slots=True)
class Field:
    """One column.

    shown  : a column of the table for people
    reason : a `<name>_reason` text stands beside it in JSON
    words  : code -> (Chinese, English) as the table says it; JSON keeps the code
    spare  : left out of a table that is wider than the terminal, the highest first; 0: never
    """

    name: str
    kind: Kind
    zh: str
    en: str
    shown: bool = True
    reason: bool = False
    help: str = ""
    words: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    spare: int = 0


@dataclass(frozen=True, slots=True)
class Spec:
    """A document: its name (also of its schema file), titles, columns of its rows, further values at the top.

    section : column by which the table for people is cut into sections
    """

    name: str
    zh: str
    en: str
    fields: tuple[Field, ...]
    head: tuple[Field, ...] = ()
    what: str = ""
    section: str = ""

    @property
    def columns(self) -> tuple[Field, ...]:
        """The columns of a row: before the first amount its currency."""
        first = next((n for n, f in enumerate(self.fields) if f.kind == "money"), None)
        if first is None:
            return self.fields
        return (*self.fields[:first], CURRENCY, *self.fields[first:])


CURRENCY = Field(
    "currency",
    "text",
    "币种",
    "Currency",
    help="ISO 4217 code of the row's amounts; null: the row is about several together, or about no money",
)
"""Stands in every row that has a column of money; in the table for people where rows have several."""


@dataclass(slots=True)
class Document:
    """Rows of typed values by column name; money in fen; reasons by column name under "reasons".

    currency : of the amounts at the top and of the rows that do not say their own under "currency"; None for several

    For the table alone, a row (and `head`) may hold under "shown" other texts for some of its columns, and under
    "under" a row that stands beneath it; notes are lines that stand beneath the table; headings say more of a section
    than its name, and keep a section that has no rows.
    """

    spec: Spec
    rows: Sequence[Mapping[str, Any]]
    as_of: dt.date | None
    known_at: int
    currency: str | None
    head: Mapping[str, Any] = field(default_factory=dict)
    notes: Sequence[str] = ()
    headings: Mapping[str, str] = field(default_factory=dict)

    def currency_of(self, row: Mapping[str, Any]) -> str | None:
        """What a row's amounts are in."""
        found: str | None = row.get("currency", self.currency)
        return found

    @property
    def unit(self) -> str | None:
        """The one currency of all rows; None where they have several."""
        if not any(f.kind == "money" for f in self.spec.fields):
            return self.currency
        found = {code for row in self.rows if (code := self.currency_of(row)) is not None}
        if not found:
            return self.currency
        return found.pop() if len(found) == 1 else None


def to_json(document: Document, language: str = "zh") -> dict[str, Any]:
    """The document as plain JSON values."""
    return {
        "as_of": None if document.as_of is None else document.as_of.isoformat(),
        "known_at": document.known_at,
        "unit": document.unit,
        **{f.name: plain(f.kind, document.head.get(f.name)) for f in document.spec.head},
        "rows": [
            _row(document.spec.columns, {**row, "currency": document.currency_of(row)}, language)
            for row in document.rows
        ],
    }


def _row(fields: Iterable[Field], row: Mapping[str, Any], language: str) -> dict[str, Any]:
    answer: dict[str, Any] = {}
    reasons = row.get("reasons") or {}
    for f in fields:
        value = plain(f.kind, row.get(f.name))
        answer[f.name] = value
        if f.reason:
            why = reasons.get(f.name) if value is None else None
            answer[f"{f.name}_reason"] = None if why is None else (why.zh if language == "zh" else why.en)
    return answer


def plain(kind: Kind, value: Any) -> Any:
    """A typed value as JSON holds it; nan and None are null."""
    from models.money import yuan_text

    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    if kind == "money":
        return yuan_text(int(value))
    if kind == "day":
        return value.isoformat()
    if kind in ("multiple", "percent", "number"):
        return float(value)
    if kind == "flag":
        return bool(value)
    return int(value) if kind == "int" else str(value)


def schema(spec: Spec) -> dict[str, Any]:
    """The JSON Schema (2020-12) of a document."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"fof {spec.name}",
        "description": spec.what or f"{spec.en} / {spec.zh}",
        "type": "object",
        "additionalProperties": False,
        "required": ["as_of", "known_at", "unit", *(f.name for f in spec.head), "rows"],
        "properties": {
            "as_of": {
                "type": ["string", "null"],
                "format": "date",
                "description": "as-of day; null: no day was asked",
            },
            "known_at": {
                "type": "integer",
                "minimum": 0,
                "description": "id of the last entry that was known",
            },
            "unit": {
                "type": ["string", "null"],
                "description": "currency whose main unit the money strings are in; null: rows have several, each says its own",
            },
            **{f.name: _property(f) for f in spec.head},
            "rows": {"type": "array", "items": _row_schema(spec.columns)},
        },
    }


def _row_schema(fields: Sequence[Field]) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    for f in fields:
        properties[f.name] = _property(f)
        if f.reason:
            properties[f"{f.name}_reason"] = {
                "type": ["string", "null"],
                "description": f"why there is no {f.name}",
            }
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(properties),
        "properties": properties,
    }


def _property(f: Field) -> dict[str, Any]:
    found: dict[str, Any] = {"type": _TYPES[f.kind], "description": f.help or f"{f.en} / {f.zh}"}
    if f.kind == "money":
        found["pattern"] = r"^-?[0-9]+\.[0-9]{2}$"
    if f.kind == "day":
        found["format"] = "date"
    return found
