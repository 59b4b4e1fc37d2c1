"""Prints a document: one JSON document on stdout, or a table for people. Everything else goes to stderr."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from fof.cli.fields import Document, Field, Kind, to_json

if TYPE_CHECKING:
    from rich.console import Console

    from fof.cli.asked import Asked

WIDE = 200
"""Columns of a table that is not printed to a terminal."""


def printed(document: Document, asked: Asked) -> None:
    """Print the document as it was asked for."""
    from fof import words

    words.use(asked.language)
    if asked.json:
        json.dump(to_json(document, asked.language), sys.stdout, ensure_ascii=False, indent=1)
        sys.stdout.write("\n")
    else:
        _table(document, asked)


def told(text: str) -> None:
    """A message for the person at the terminal."""
    sys.stderr.write(text + "\n")


def _console() -> Console:
    from rich.console import Console

    return Console(width=None if sys.stdout.isatty() else WIDE, highlight=False, soft_wrap=False)


def _table(document: Document, asked: Asked) -> None:
    from rich.table import Table

    from fof import words

    chinese = asked.language == "zh"
    spec = document.spec
    console = _console()
    day = "—" if document.as_of is None else document.as_of.isoformat()
    asof, known = ("截至", "已知至分录") if chinese else ("as of", "known at entry")
    unit = words.unit_name(str(asked.unit), document.currency)
    console.print(
        f"{spec.zh if chinese else spec.en}　{asof} {day}　{known} {document.known_at}　{unit}", style="bold"
    )
    for f in spec.head:
        value = document.head.get(f.name)
        if value is not None:
            console.print(f"{f.zh if chinese else f.en}：{_text(f.kind, value, asked)}", markup=False)
    shown = [f for f in spec.fields if f.shown and _filled(document, f)]
    table = Table(box=None, pad_edge=False, header_style="bold")
    for f in shown:
        table.add_column(
            f.zh if chinese else f.en, justify="left" if f.kind in ("text", "day", "flag") else "right"
        )
    for row in document.rows:
        table.add_row(*(_text(f.kind, row.get(f.name), asked) for f in shown))
    console.print(table, markup=False)
    if not document.rows:
        console.print("（没有记录）" if chinese else "(nothing)")
    for line in _reasons(document, asked):
        console.print(line, style="dim", markup=False)


def _filled(document: Document, f: Field) -> bool:
    """Whether any row says anything in the column; figures are always shown."""
    return f.reason or any(row.get(f.name) is not None for row in document.rows)


def _reasons(document: Document, asked: Asked) -> list[str]:
    """Why figures are missing, each reason once with how often."""
    counted: dict[str, int] = {}
    for row in document.rows:
        for reason in set((row.get("reasons") or {}).values()):
            text = reason.zh if asked.language == "zh" else reason.en
            counted[text] = counted.get(text, 0) + 1
    return [f"— {text}（{n}）" for text, n in counted.items()]


def _text(kind: Kind, value: Any, asked: Asked) -> str:
    from fof import words

    match kind:
        case "money":
            return words.amount(value, str(asked.unit))
        case "percent":
            return words.percent(value, 2)
        case "multiple":
            return words.multiple(value)
        case "day":
            return words.day(value)
        case "number":
            return words.DASH if value is None or value != value else f"{value:.6g}"
        case "flag":
            return (
                words.DASH
                if value is None
                else ("是" if value else "否")
                if asked.language == "zh"
                else str(value).lower()
            )
        case _:
            return words.DASH if value is None else str(value)
