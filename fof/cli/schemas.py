"""Writes docs/schemas from the declarations of the documents: `python -m fof.cli.schemas docs/schemas`."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import fof.figures
from fof.figures.answers import Document, Slot
from fof.figures.register import Figure, Kind, members

_TYPES: Mapping[Kind, str] = {
    "text": "string",
    "int": "integer",
    "money": "string",
    "multiple": "number",
    "percent": "number",
    "number": "number",
    "day": "string",
    "flag": "boolean",
}


def schema(document: Document) -> dict[str, Any]:
    """The JSON Schema (2020-12) of a document."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"fof {document.name}",
        "description": document.what or f"{document.text.en} / {document.text.zh}",
        "type": "object",
        "additionalProperties": False,
        "required": ["as_of", "known_at", "unit", *(f.name for f in document.head_slots), "rows"],
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
            **{f.name: _property(f) for f in document.head_slots},
            "rows": {"type": "array", "items": _row_schema(document.columns)},
        },
    }


def _row_schema(slots: Sequence[Slot]) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    for f in slots:
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


def _property(slot: Slot) -> dict[str, Any]:
    figure = slot.figure
    answer: dict[str, Any] = {"type": [_TYPES[figure.kind], "null"], "description": _description(figure)}
    if figure.kind == "money":
        answer["pattern"] = r"^-?[0-9]+\.[0-9]{2}$"
    if figure.kind == "day":
        answer["format"] = "date"
    return answer


def _description(figure: Figure) -> str:
    """Its words, its formula, and the codes it takes."""
    text = f"{figure.text.en} / {figure.text.zh}"
    if figure.formula is not None:
        text += f": {figure.formula.en}"
    return f"{text} ({', '.join(members(figure.words))})" if figure.words else text


_COUNT = {"type": "integer", "minimum": 0}
_FAMILY = {
    "type": "object",
    "additionalProperties": False,
    "required": [
        "family",
        "breach",
        "unknown",
        "warn",
        "pass",
        "not_applicable",
        "open",
        "currency",
        "money_at_stake",
        "by_currency",
    ],
    "properties": {
        "family": {"type": "string", "pattern": "^[A-Z]+$"},
        **dict.fromkeys(("breach", "unknown", "warn", "pass", "not_applicable"), _COUNT),
        "open": {
            **_COUNT,
            "description": "breaches, warnings and unknowns that nobody has dealt with in time",
        },
        "currency": {
            "type": ["string", "null"],
            "description": "of money_at_stake; null: the money is in several",
        },
        "money_at_stake": {
            "type": ["string", "null"],
            "pattern": r"^[0-9]+\.[0-9]{2}$",
            "description": "of open breaches; the same money counts once for every rule it breaks; null over several currencies",
        },
        "by_currency": {
            "type": "object",
            "description": "money_at_stake of each currency",
            "additionalProperties": {"type": "string", "pattern": r"^[0-9]+\.[0-9]{2}$"},
        },
    },
}
_IDS = {"type": "array", "items": {"type": "string", "pattern": "^[A-Z]+-[0-9]{2}$"}, "uniqueItems": True}


def schemas() -> dict[str, dict[str, Any]]:
    """Name -> JSON Schema of every document."""
    modules = [import_module(f"fof.figures.{m.name}") for m in iter_modules(fof.figures.__path__)]
    every = [x for module in modules for x in vars(module).values() if isinstance(x, Document)]
    by_name = {document.name: schema(document) for document in every}
    rules, audit = by_name["rules"], by_name["audit"]
    rules["properties"] |= {
        "coded": {**_IDS, "description": "rules that are code"},
        "not_checkable": {**_IDS, "description": "rules that data cannot decide; reasons says why"},
        "later": {**_IDS, "description": "rules of families that follow in later work"},
        "reasons": {
            "type": "object",
            "description": "rule -> why it is not checkable",
            "additionalProperties": {
                "type": "object",
                "required": ["zh", "en"],
                "additionalProperties": False,
                "properties": {"zh": {"type": "string"}, "en": {"type": "string"}},
            },
        },
    }
    audit["properties"]["families"] = {
        "type": "array",
        "items": _FAMILY,
        "description": "counts by family of rules",
    }
    audit["required"].append("families")
    return by_name


def texts() -> dict[str, str]:
    """File name -> its text."""
    return {
        f"{name}.json": json.dumps(s, ensure_ascii=False, indent=2) + "\n" for name, s in schemas().items()
    }


def main() -> None:
    """Write every schema into the folder given."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts().items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
