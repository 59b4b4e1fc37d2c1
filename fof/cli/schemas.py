"""Writes docs/schemas from the declarations of the documents: `python -m fof.cli.schemas docs/schemas`.

Titles and descriptions are in English; `x-zh` holds both in Chinese, `x-words` the codes of a closed list with their words.
"""

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
from fof.figures.register import Kind, members
from models.text import Text

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
        "description": document.what or document.text.en,
        "x-zh": {"title": document.text.zh},
        "type": "object",
        "additionalProperties": False,
        "required": ["as_of", "known_at", "unit", *(f.name for f in document.head_slots), "rows"],
        "properties": {
            "as_of": {
                "type": ["string", "null"],
                "format": "date",
                **described(Text("截至日；null：不涉及日期", "as-of day; null: no day was asked")),
            },
            "known_at": {
                "type": "integer",
                "minimum": 0,
                **described(Text("已知的最后一条分录", "id of the last entry that was known")),
            },
            "unit": {
                "type": ["string", "null"],
                **described(
                    Text(
                        "金额所用的货币；null：各行币种不一，由各行写明",
                        "currency whose main unit the money strings are in; null: rows have several, each says its own",
                    )
                ),
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
                **described(Text(f"{f.name} 缺失的原因", f"why there is no {f.name}")),
            }
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(properties),
        "properties": properties,
    }


def _property(slot: Slot) -> dict[str, Any]:
    figure = slot.figure
    answer = {"type": [_TYPES[figure.kind], "null"], **described(figure.formula, figure.text)}
    if figure.words:
        answer["x-words"] = {code: word._asdict() for code, word in members(figure.words).items()}
    if figure.kind == "money":
        answer["pattern"] = r"^-?[0-9]+\.[0-9]{2}$"
    if figure.kind == "day":
        answer["format"] = "date"
    return answer


def described(description: Text | None, title: Text | None = None) -> dict[str, Any]:
    """The words of a field in English, and in Chinese under `x-zh`."""
    named = {"title": title, "description": description}
    both = {name: text for name, text in named.items() if text is not None}
    return {n: text.en for n, text in both.items()} | {"x-zh": {n: text.zh for n, text in both.items()}}


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
            **described(
                Text(
                    "无人按期处置的违反、提示和无法判断",
                    "breaches, warnings and unknowns that nobody has dealt with in time",
                )
            ),
        },
        "currency": {
            "type": ["string", "null"],
            **described(
                Text(
                    "money_at_stake 的币种；null：有多种", "of money_at_stake; null: the money is in several"
                )
            ),
        },
        "money_at_stake": {
            "type": ["string", "null"],
            "pattern": r"^[0-9]+\.[0-9]{2}$",
            **described(
                Text(
                    "待处理的违反所涉金额；同一笔钱违反几条规则时每条各计一次；有多种币种时为 null",
                    "of open breaches; the same money counts once for every rule it breaks; null over several currencies",
                )
            ),
        },
        "by_currency": {
            "type": "object",
            **described(Text("各币种的 money_at_stake", "money_at_stake of each currency")),
            "additionalProperties": {"type": "string", "pattern": r"^[0-9]+\.[0-9]{2}$"},
        },
    },
}
_IDS = {"type": "array", "items": {"type": "string", "pattern": "^[A-Z]+-[0-9]{2}$"}, "uniqueItems": True}


def documents() -> dict[str, Document]:
    """Every document by its name, wherever in fof.figures it is declared."""
    modules = [import_module(f"fof.figures.{m.name}") for m in iter_modules(fof.figures.__path__)]
    return {x.name: x for module in modules for x in vars(module).values() if isinstance(x, Document)}


def schemas() -> dict[str, dict[str, Any]]:
    """Name -> JSON Schema of every document."""
    by_name = {name: schema(document) for name, document in documents().items()}
    rules, audit = by_name["rules"], by_name["audit"]
    rules["properties"] |= {
        "coded": {**_IDS, **described(Text("已编码的规则", "rules that are code"))},
        "not_checkable": {
            **_IDS,
            **described(
                Text("数据无法判断的规则，原因见 reasons", "rules that data cannot decide; reasons says why")
            ),
        },
        "later": {**_IDS, **described(Text("以后再做的系列", "rules of families that follow in later work"))},
        "reasons": {
            "type": "object",
            **described(Text("规则 → 无法核查的原因", "rule -> why it is not checkable")),
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
        **described(Text("按规则系列的条数", "counts by family of rules")),
    }
    audit["required"].append("families")
    by_name["coinvest_audit"]["properties"]["institutions"] = {
        **by_name["coinvest_institutions"]["properties"]["rows"],
        **described(
            Text(
                "各机构合计与分年指标（未指定机构时）", "institutions in all and by year, where none is named"
            )
        ),
    }
    by_name["register"]["properties"] |= {
        "currency": {
            "type": ["string", "null"],
            **described(
                Text("各基金金额的币种；null：有多种", "of the funds' amounts; null: they are in several")
            ),
        },
        "funds": {
            "type": "array",
            "items": {"type": "object"},
            **described(
                Text(
                    "登记信息本身：各基金的每个字段、值、来源和状态",
                    "the export itself: every field of every fund with value, source and state",
                )
            ),
        },
    }
    for name in (
        "groups",
        "needs",
        "pools",
        "pool_series",
        "companies",
        "coverage",
        "leverage",
        "rules",
        "checks",
        "assumptions",
        "drivers",
    ):
        rows = by_name[f"projection_{name}"]["properties"]["rows"]
        title = documents()[f"projection_{name}"].text
        by_name["projection"]["properties"][name] = {**rows, **described(title)}
        by_name["projection"]["required"].append(name)
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
