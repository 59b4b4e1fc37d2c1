"""Columns of a table: their words and units by the register, and their values as they are sent, shown and exported."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from math import nan
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import streamlit as st

from fof import words
from fof.explain import FIGURES, POOL_FIGURES
from fof.explain.coverage_figures import OF_COVERAGE
from fof.figures.register import figure, members
from fof.ui import foreign, frame
from models.frozen import frozen
from models.text import Text, yes_or_no

Kind = Literal["text", "money", "percent", "multiple", "number", "price", "int", "day", "entry", "document"]
"""entry: the number of an entry, a link to it. document: (text, entry), the place a row was read from, a link to that entry. number:
with as many decimals as the column needs; where it holds anything but numbers it is text."""


Width = Literal["small", "medium", "large"] | int
NAME_WIDTH = 226
"""Of a column of names, in pixels: fourteen Chinese characters."""
_KINDS: dict[str, Kind] = {
    **dict[str, Kind].fromkeys(("share", "rate"), "percent"),
    **dict[str, Kind].fromkeys(("count", "days"), "int"),
    "money": "money",
    "multiple": "multiple",
    "number": "number",
    "price": "price",
    "day": "day",
    "entry": "entry",
    "document": "document",
}
"""Unit of a figure -> how a table holds it; the others are text."""
_WIDTHS: dict[str, Width] = {
    "party": NAME_WIDTH,
    "name": NAME_WIDTH,
    "note": "large",
    "document": "large",
    "entry": "small",
}
CODE_LENGTH = 16
"""A party whose cells are at most so many letters wide (a Chinese one counts twice) needs no room for a name."""
FEW = 8
"""A table of at most so many columns has room for sentences."""


@frozen
class TableColumn:
    """A column of a table: its field, heading and how its values are shown; `figure` opens to an explanation, `words` is
    the closed list whose codes it holds, `decimals` those of its numbers where they are not those of its kind."""

    name: str
    label: str
    kind: Kind = "text"
    figure: str | None = None
    width: Width | None = None
    pinned: bool = False
    help: str | None = None
    words: str = ""
    decimals: int | None = None


Columns = str | Sequence[str | TableColumn]
"""Figures of the register by name, in a list or in one text separated by blanks; `field=figure` where a record has the
figure under another name. A TableColumn stands where no figure does: an amount of a plan, a day to compare with."""


OPENING = frozenset((*FIGURES, *OF_COVERAGE, *POOL_FIGURES))
"""Figures whose cells open."""


def columns_of(columns: Columns, *, opens: bool = False) -> list[TableColumn]:
    """Columns with the words, the unit and the formula of the register; the first one stays in sight."""
    named = columns.split() if isinstance(columns, str) else columns
    made = [_column(c, opens, len(named)) if isinstance(c, str) else c for c in named]
    return [replace(made[0], pinned=made[0].kind not in ("money", "percent", "multiple")), *made[1:]]


def exactly_headed(column: TableColumn, unit: str, currency: str | None) -> TableColumn:
    """A heading that says the unit of its amounts, where that is not the header's."""
    if column.kind != "money":
        return column
    name = words.unit_name(unit, currency)
    return replace(column, label=str(Text(f"{column.label}（{name}）", f"{column.label} ({name})")))


def _column(name: str, opens: bool, beside: int) -> TableColumn:
    name, _mark, meaning = name.partition("=")
    column = figure(meaning or name)
    width = _WIDTHS.get(column.unit)
    return TableColumn(
        name,
        str(column.text),
        _KINDS.get(column.unit, "text"),
        column.name if opens and column.name in OPENING else None,
        "medium" if width == "large" and beside > FEW else width,
        help=None if column.formula is None else foreign.lines(str(column.formula)),
        words=column.words,
    )


def cell_value(value: Any, kind: Kind, unit: str) -> Any:
    """A value as it is shown and exported."""
    if kind == "money":
        return words.in_unit(value, unit)
    if kind in ("percent", "multiple"):
        return float("nan") if value is None else float(value)
    if kind in ("number", "price") and isinstance(value, Decimal | Fraction):
        return float(value)
    if kind == "document":
        return value[0] if isinstance(value, tuple) else value
    if isinstance(value, bool):
        return str(yes_or_no(value))
    if isinstance(value, Text):
        return str(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    return value


def cells_of(values: list[Any], kind: Kind, unit: str) -> Any:
    """A column as it is sent; a missing number is null. What is of several types is sent as text, a text that comes again once."""
    if kind in ("entry", "document"):
        address_of = frame.entry_addresses()
        return _each_once(pa.array([_linked(v, kind, address_of) for v in values], pa.string()))
    cells = [cell_value(v, kind, unit) for v in values]
    if kind in ("number", "price") and all(type(v) in _NUMBERS for v in cells):
        numbers = np.array([nan if v is None else v for v in cells], np.float64)
        return pa.array(_as_printed(numbers, _decimals(kind, unit, numbers)), from_pandas=True)
    if kind in ("money", "percent", "multiple"):
        per_cent = 100.0 if kind == "percent" else 1.0  # the format of a cell writes what it is given
        numbers = np.array(cells, np.float64) * per_cent
        return pa.array(_as_printed(numbers, _decimals(kind, unit)), from_pandas=True)
    try:
        made = pa.array(cells)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        made = pa.array([None if v is None else str(v) for v in cells])
    if pa.types.is_int64(made.type) and kind == "int":
        return _narrow(made)
    return _each_once(made) if pa.types.is_string(made.type) else made


def _narrow(numbers: pa.Array) -> pa.Array:
    """Whole numbers in half the room, where they fit."""
    try:
        return numbers.cast(pa.int32())
    except pa.ArrowInvalid:
        return numbers


DICTIONARY_BYTES = 400
"""What a list of the texts of a column takes beside them in the message."""


def _each_once(texts: pa.Array) -> pa.Array:
    """Texts by their places in the list of those that differ, where that is shorter: statuses, sources, names of funds."""
    listed = texts.dictionary_encode()
    places = pa.int8() if len(listed.dictionary) < 128 else pa.int16()
    if len(listed.dictionary) >= 2**15:
        return texts
    short = pa.DictionaryArray.from_arrays(listed.indices.cast(places), listed.dictionary)
    return short if short.nbytes + DICTIONARY_BYTES < texts.nbytes else texts


def _as_printed(numbers: Any, decimals: int) -> Any:
    """Numbers of which the browser prints what commands and spreadsheets print: never -0.00, and of a half in the last
    decimal the greater (1.005, which no float is, has to lie above it)."""
    with np.errstate(invalid="ignore", over="ignore"):
        steps = np.abs(numbers) * 10.0**decimals
        half = np.abs(steps - np.floor(steps) - 0.5) <= 4 * np.spacing(steps)
        greater = np.where(half, numbers * (1 + 2.0**-50), numbers)
        return np.where(steps < 0.5 * (1 - 2.0**-50), 0.0, greater)


def _linked(value: Any, kind: Kind, address_of: Callable[[int, str], str]) -> str | None:
    """The address of an entry; what is read in the cell is its end. A document without its entry leads nowhere."""
    if value is None:
        return None
    if kind == "entry":
        text, entry = str(value), value
    else:
        text, entry = value if isinstance(value, tuple) else (str(value), None)
    return f"#{foreign.plain(text)}" if entry is None else address_of(entry, foreign.plain(text))


_NUMBERS = frozenset({int, float, type(None)})
MOST_DECIMALS, TINY = 4, 0.00005
"""As on the command line: at most four decimals, and what would round to nought keeps its digits."""


def _decimals(kind: Kind, unit: str, numbers: Any = ()) -> int:
    """Decimals of a kind; of plain numbers as many as the one that needs most of them."""
    if kind == "money":
        return words.UNITS[unit][1]
    if kind == "price":
        return words.PRICE_DECIMALS
    if kind != "number":
        return 2
    there = np.abs(np.asarray(numbers, np.float64))
    there = there[np.isfinite(there) & (there > 0)]
    tiny = there[there < TINY]
    if len(tiny):
        return int(1 - np.floor(np.log10(tiny.min())))
    return next((n for n in range(MOST_DECIMALS) if (there == np.round(there, n)).all()), MOST_DECIMALS)


def column_config(column: TableColumn, unit: str) -> Any:
    common: dict[str, Any] = {"width": column.width, "pinned": column.pinned, "help": column.help}
    if column.kind in _FORMATS:
        decimals = _decimals(column.kind, unit) if column.decimals is None else column.decimals
        number = _FORMATS[column.kind].format(decimals)
        return st.column_config.NumberColumn(column.label, format=number, **common)
    if column.kind in ("entry", "document"):
        return st.column_config.LinkColumn(column.label, display_text=frame.ENTRY_LABEL, **common)
    return st.column_config.TextColumn(column.label, **common)


def fitted(column: TableColumn, cells: pa.ChunkedArray) -> TableColumn:
    """A column as its cells need it: of parties by their codes as wide as those are, numbers with their decimals, and what holds
    anything else as text."""
    if column.kind in ("number", "price"):
        if not (pa.types.is_floating(cells.type) or pa.types.is_null(cells.type)):
            return replace(column, kind="text")
        return replace(column, decimals=_decimals(column.kind, "", cells.to_numpy()))
    if column.width != NAME_WIDTH or any(_breadth(text) > CODE_LENGTH for text in cells.to_pylist()):
        return column
    return replace(column, width=None)


def _breadth(text: str | None) -> int:
    if text is None or text.isascii():
        return len(text or "")
    return sum(1 + (letter >= "\u2e80") for letter in text)


_FORMATS: dict[Kind, str] = {
    "money": "%,.{}f",
    "percent": "%.{}f%%",
    "multiple": "%.{}fx",
    "number": "%,.{}f",
    "price": "%,.{}f",
    "int": "%d",
}


def values_of(records: Sequence[Any], column: TableColumn) -> list[Any]:
    """What records have in a column; codes of a closed list in words."""
    if column.name == CURRENCY:
        header = frame.choice().currency
        return [stated_currency(record, header) or words.DASH for record in records]
    values = [_field_of(record, column.name) for record in records]
    if not column.words:
        return values
    named = members(column.words)
    return [named.get(value, value) if isinstance(value, str) else value for value in values]


def _field_of(record: Any, name: str) -> Any:
    if not isinstance(record, dict):
        return getattr(record, name)
    texts = record.get("texts")
    if texts and name in texts and isinstance(record.get(name), str | Text | None):
        return texts[name]
    return record[name]


CURRENCY = "currency"


def stated_currency(record: Any, header: str | None) -> str | None:
    """The currency a record states, the header's where it has none to state."""
    code = record.get(CURRENCY, header) if isinstance(record, dict) else getattr(record, CURRENCY, header)
    return None if code is None else str(code)


def currency_of(rows: Sequence[Any], columns: Sequence[TableColumn]) -> str | None:
    """The one currency of a table's amounts; None for several, or where the table has none and the header neither."""
    header = frame.choice().currency
    if not rows or not any(c.kind == "money" for c in columns):
        return header
    known = getattr(rows, "currencies", None)
    codes = set(known or (stated_currency(record, header) for record in getattr(rows, "records", rows)))
    return codes.pop() if len(codes) == 1 else None


def with_currency(columns: Sequence[TableColumn]) -> Sequence[TableColumn]:
    """A column with each row's currency before the first amount."""
    place = next(n for n, c in enumerate(columns) if c.kind == "money")
    return [*columns[:place], _column(CURRENCY, False, 0), *columns[place:]]
