"""Rows of a small table in columns: what the derived copy holds of it, and rows made of it when they are asked for.

Of tens of thousands of rows a process that prints one figure asks a few hundred. Each field holds the different values
that occur, once, and for each row the place of its value; so the rows of one attribute are found without making the others.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from functools import cached_property, partial
from itertools import repeat
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from fof.ledger.journal_columns import Ints32, RowRecord
from models.rows import ROW_CLASSES

SMALL_TABLES = tuple(table for table in ROW_CLASSES if table != "posting")
_WIDTHS = {1: np.uint8, 2: np.uint16, 4: np.uint32}


class RowLayout(NamedTuple):
    """How the bytes of a table are laid out: rows, fields in order, bytes of a place in each, bytes of the values."""

    rows: int
    fields: list[str]
    widths: list[int]
    text: int

    @property
    def size(self) -> int:
        """Bytes in all: entries and lines as int32, the places of each field, the values as JSON."""
        return self.rows * (8 + sum(self.widths)) + self.text

    def fits(self, table: str) -> bool:
        """Whether these are the fields that the table's rows have."""
        return (
            self.fields == list(ROW_CLASSES[table]._fields)  # type: ignore[attr-defined]
            and len(self.widths) == len(self.fields)
            and set(self.widths) <= set(_WIDTHS)
        )


class RowColumns:
    """The rows of one table, from bytes of that layout; ValueError and the like where they do not hold it."""

    def __init__(self, table: str, layout: RowLayout, data: bytes) -> None:
        self._make: Any = ROW_CLASSES[table]
        self.fields, self._data = layout.fields, data
        at = 0
        columns = []
        for kind in (np.int32, np.int32, *(_WIDTHS[width] for width in layout.widths)):
            columns.append(np.frombuffer(data, kind, layout.rows, at))
            at += columns[-1].nbytes
        self._entry, self._line, *self._places = columns
        self._text = slice(at, at + layout.text)

    @cached_property
    def _values(self) -> list[list[Any]]:
        """The different values of each field."""
        values: list[list[Any]] = json.loads(self._data[self._text])
        for place, name in enumerate(self._make._fields):
            if "dt.date" in str(self._make.__annotations__[name]):
                values[place] = [None if v is None else dt.date.fromisoformat(v) for v in values[place]]
        return values

    def where(self, field: str, value: object) -> npt.NDArray[np.intp]:
        """Which rows have that value in a field."""
        place = self._make._fields.index(field)
        if value not in self._values[place]:
            return np.empty(0, np.intp)
        return np.flatnonzero(self._places[place] == self._values[place].index(value))

    @cached_property
    def _by_subject(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.intp]]:
        """The subject of each row in order, and which row that is."""
        _, (subjects,) = self.fields_of(["subject"])
        of = np.array([-1 if number is None else number for number in subjects], np.int64)
        order = np.argsort(of, kind="stable")
        return of[order], order

    def of_subject(self, number: int) -> npt.NDArray[np.intp]:
        """Which rows name a registered subject as theirs; of the tables that have such a field."""
        of, order = self._by_subject
        return order[int(np.searchsorted(of, number)) : int(np.searchsorted(of, number, side="right"))]

    def fields_of(self, names: Sequence[str]) -> tuple[Ints32, list[list[Any]]]:
        """The entry of each row, and of some fields the value of each."""
        places = [self._make._fields.index(name) for name in names]
        return self._entry, [
            list(map(self._values[place].__getitem__, self._places[place].tolist())) for place in places
        ]

    def records(self, entry_day: Ints32, which: npt.NDArray[np.intp] | None = None) -> list[RowRecord]:
        """The rows by entry and line, or those picked; `entry_day`: day number of each entry."""
        chosen: Any = slice(None) if which is None else which
        entry = self._entry[chosen]
        fields = [
            map(values.__getitem__, places[chosen].tolist())
            for values, places in zip(self._values, self._places, strict=True)
        ]
        made = map(tuple.__new__, repeat(self._make), zip(*fields, strict=True))
        columns = (entry.tolist(), self._line[chosen].tolist(), entry_day[entry].tolist(), made)
        return list(map(partial(tuple.__new__, RowRecord), zip(*columns, strict=True)))


def in_columns(table: str, records: Sequence[RowRecord]) -> tuple[RowLayout, list[bytes]]:
    """Rows as bytes, one block after another; TypeError for a value that no column of a small table holds."""
    fields = list(ROW_CLASSES[table]._fields)  # type: ignore[attr-defined]
    blocks = [np.array([r[at] for r in records], np.int32).tobytes() for at in (0, 1)]
    values, widths = [], []
    for at in range(len(fields)):
        different, places = _numbered(r.row[at] for r in records)
        width = next(w for w in _WIDTHS if len(different) <= 256**w)
        blocks.append(np.array(places, _WIDTHS[width]).tobytes())
        values.append(different)
        widths.append(width)
    blocks.append(json.dumps(values, ensure_ascii=False, default=_day).encode())
    return RowLayout(len(records), fields, widths, len(blocks[-1])), blocks


def _numbered(column: Iterable[Any]) -> tuple[list[Any], list[int]]:
    """The different values, and the place of each row's value among them."""
    place: dict[Any, int] = {}
    places = [place.setdefault(value, len(place)) for value in column]
    return list(place), places


def _day(value: object) -> str:
    if not isinstance(value, dt.date):
        raise TypeError(value)
    return value.isoformat()
