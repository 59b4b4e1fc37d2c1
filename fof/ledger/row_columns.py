"""Rows of a small table in columns: what the derived copy holds of it, and rows made of it when they are asked for.

Of tens of thousands of rows a process that prints one figure asks a few hundred. A field of whole numbers is an array; any other
holds the different values that occur, once, and for each row the place of its value. So the rows of one attribute are found without
making the others, and a book of hundreds of thousands of loans is asked without an object for each of its rows.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, partial
from itertools import repeat
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from fof.ledger.journal_columns import Ints, Ints32, RowRecord
from models.rows import ROW_CLASSES

SMALL_TABLES = tuple(table for table in ROW_CLASSES if table != "posting")
_PLACES: dict[int, np.dtype[Any]] = {
    1: np.dtype(np.uint8),
    2: np.dtype(np.uint16),
    4: np.dtype(np.uint32),
}
_WHOLE: tuple[np.dtype[Any], ...] = tuple(np.dtype(kind) for kind in (np.int8, np.int16, np.int32, np.int64))
_KINDS: dict[str, np.dtype[Any]] = {str(kind): kind for kind in (*_PLACES.values(), *_WHOLE)}
Places = npt.NDArray[np.intp]
Column = npt.NDArray[Any]


class WholeNumbers(NamedTuple):
    """A field of whole numbers; the lowest number of the array's type stands for none."""

    column: Column

    @property
    def ints(self) -> Ints:
        """The numbers; -1 where a row has none."""
        own = self.column
        return np.where(own == np.iinfo(own.dtype).min, -1, own).astype(np.int64)

    def listed(self, chosen: Any = slice(None)) -> list[Any]:
        """The numbers of all rows, or of those picked."""
        own = self.column[chosen]
        none = np.iinfo(own.dtype).min
        listed: list[Any] = own.tolist()
        return listed if not (own == none).any() else [None if n == none else n for n in listed]

    def as_coded(self) -> Coded:
        """With a place for each row."""
        different, places = _numbered(self.listed())
        return Coded(np.array(places, np.int64), different)

    def picked(self, chosen: Any) -> WholeNumbers:
        """The same of some rows."""
        return WholeNumbers(self.column[chosen])


class Coded:
    """A field of any values: the place of each row's among them. In what was read of a table each value stands once."""

    def __init__(self, column: Column, values: list[Any] | bytes, *, days: bool = False) -> None:
        """values: themselves, or as they are stored, which is read when somebody asks; days: whether they are days."""
        self.column, self._stored, self._days = column, values, days

    @cached_property
    def values(self) -> list[Any]:
        """The values."""
        if isinstance(self._stored, list):
            return self._stored
        values: list[Any] = json.loads(self._stored)
        return [None if v is None else dt.date.fromisoformat(v) for v in values] if self._days else values

    @property
    def stored(self) -> bytes:
        """The values as they are written."""
        if isinstance(self._stored, bytes):
            return self._stored
        return json.dumps(self._stored, ensure_ascii=False, default=_day).encode()

    @property
    def ints(self) -> Ints:
        """The same of a field of numbers."""
        return np.array([-1 if v is None else v for v in self.values], np.int64)[self.column]

    def listed(self, chosen: Any = slice(None)) -> list[Any]:
        """The values of all rows, or of those picked."""
        return list(map(self.values.__getitem__, self.column[chosen].tolist()))

    def as_coded(self) -> Coded:
        """Itself."""
        return self

    def picked(self, chosen: Any) -> Coded:
        """The same of some rows."""
        made = Coded(self.column[chosen], self._stored, days=self._days)
        if "values" in self.__dict__:
            made.__dict__["values"] = self.values
        return made

    def among(self, wanted: Iterable[Any]) -> npt.NDArray[np.bool_]:
        """Which rows have one of these values."""
        asked = set(wanted)
        of_value = np.fromiter((v in asked for v in self.values), np.bool_, len(self.values))
        return of_value[self.column]


Field = WholeNumbers | Coded


class RowLayout(NamedTuple):
    """How the bytes of a table are laid out: rows, fields in order; of each its type and the bytes of its values."""

    rows: int
    fields: list[str]
    kinds: list[str]
    texts: list[int]

    @property
    def size(self) -> int:
        """Bytes in all: entries and lines as int32, the column of each field, the values as JSON."""
        return self.rows * (8 + sum(_KINDS[kind].itemsize for kind in self.kinds)) + sum(self.texts)

    def fits(self, table: str) -> bool:
        """Whether these are the fields that the table's rows have."""
        return (
            self.fields == list(ROW_CLASSES[table]._fields)  # type: ignore[attr-defined]
            and len(self.kinds) == len(self.texts) == len(self.fields)
            and set(self.kinds) <= set(_KINDS)
        )


class RowColumns:
    """The rows of one table by entry and line."""

    def __init__(self, table: str, entry: Ints32, line: Ints32, fields: Sequence[Field]) -> None:
        self.table, self.entry, self._line, self._columns = table, entry, line, fields
        self._make: Any = ROW_CLASSES[table]

    @classmethod
    def stored(cls, table: str, layout: RowLayout, data: bytes) -> RowColumns:
        """From bytes of that layout; ValueError and the like where they do not hold it."""
        at, columns = 0, []
        for kind in (np.dtype(np.int32), np.dtype(np.int32), *(_KINDS[name] for name in layout.kinds)):
            columns.append(np.frombuffer(data, kind, layout.rows, at))
            at += columns[-1].nbytes
        fields: list[Field] = []
        days = _days_of(table)
        for place, (column, text) in enumerate(zip(columns[2:], layout.texts, strict=True)):
            if column.dtype in _WHOLE:
                fields.append(WholeNumbers(column))
            else:
                fields.append(Coded(column, data[at : at + text], days=place in days))
            at += text
        return cls(table, columns[0], columns[1], fields)

    @classmethod
    def of(cls, table: str, records: Sequence[RowRecord]) -> RowColumns:
        """In columns what was read row by row."""
        nothing = [WholeNumbers(np.empty(0, np.int8)) for _ in ROW_CLASSES[table]._fields]  # type: ignore[attr-defined]
        empty = np.empty(0, np.int32)
        return cls(table, empty, empty, nothing).extended(records)

    def __len__(self) -> int:
        return len(self.entry)

    def extended(self, records: Sequence[RowRecord]) -> RowColumns:
        """With further rows, which come after."""
        if not records:
            return self
        entry, line = (np.array([r[at] for r in records], np.int32) for at in (0, 1))
        fields = [
            with_values(field, [r.row[place] for r in records]) for place, field in enumerate(self._columns)
        ]
        return RowColumns(
            self.table, np.concatenate([self.entry, entry]), np.concatenate([self._line, line]), fields
        )

    def blocks(self) -> tuple[RowLayout, list[bytes]]:
        """As bytes, one block after another; TypeError for a value that no column of a small table holds."""
        texts = [field.stored if isinstance(field, Coded) else b"" for field in self._columns]
        kinds = [str(field.column.dtype) for field in self._columns]
        arrays = [self.entry, self._line, *(field.column for field in self._columns)]
        layout = RowLayout(len(self.entry), list(self._make._fields), kinds, [len(text) for text in texts])
        return layout, [*(array.tobytes() for array in arrays), *texts]

    def field(self, name: str) -> Field:
        """A field of every row."""
        place: int = self._make._fields.index(name)
        return self._columns[place]

    def where(self, name: str, value: object) -> Places:
        """Which rows have that value in a field."""
        field = self.field(name)
        if isinstance(field, WholeNumbers):
            bounds = np.iinfo(field.column.dtype)
            wanted = bounds.min if value is None else value
            if not isinstance(wanted, int) or not (value is None or bounds.min < wanted <= bounds.max):
                return np.empty(0, np.intp)
            return np.flatnonzero(field.column == wanted)
        if value not in field.values:
            return np.empty(0, np.intp)
        return np.flatnonzero(field.column == field.values.index(value))

    @cached_property
    def _by_subject(self) -> tuple[Ints, Ints32]:
        """The subject of each row in order, and which row that is."""
        of = self.field("subject").ints
        order = np.argsort(of, kind="stable").astype(np.int32)
        return of[order], order

    def of_subject(self, number: int) -> Places:
        """Which rows name a registered subject as theirs; of the tables that have such a field."""
        of, order = self._by_subject
        first, last = np.searchsorted(of, (number, number + 1)).tolist()
        return order[first:last].astype(np.intp)

    def records(self, entry_day: Ints32, which: Places | None = None) -> list[RowRecord]:
        """The rows by entry and line, or those picked; `entry_day`: day number of each entry."""
        return list(self.walked(entry_day, slice(None) if which is None else which))

    def walked(self, entry_day: Ints32, chosen: Any) -> Iterator[RowRecord]:
        """The rows picked, one after another."""
        entry = self.entry[chosen]
        fields = [field.listed(chosen) for field in self._columns]
        made = map(tuple.__new__, repeat(self._make), zip(*fields, strict=True))
        columns = (entry.tolist(), self._line[chosen].tolist(), entry_day[entry].tolist(), made)
        return map(partial(tuple.__new__, RowRecord), zip(*columns, strict=True))


def with_values(field: Field, values: Sequence[Any], *, once: bool = True) -> Field:
    """A field with the values of further rows; `once`: each value stands once among the values, which takes a look at all."""
    if not values:
        return field
    if isinstance(field, WholeNumbers) and (further := _whole(values)) is not None:
        return WholeNumbers(_joined(field.column, further))
    before = field.as_coded()
    if not once:
        different, places = _numbered(values)
        column = np.array(places, np.int64) + len(before.values)
        every = [*before.values, *different]
    else:
        place = {value: at for at, value in enumerate(before.values)}
        column = np.array([place.setdefault(value, len(place)) for value in values], np.int64)
        every = list(place)
    kind = next(kind for width, kind in _PLACES.items() if len(every) <= 256**width)
    return Coded(np.concatenate([before.column.astype(kind), column.astype(kind)]), every)


def _whole(values: Sequence[Any]) -> Column | None:
    """Whole numbers in the narrowest type that holds them beside its lowest; None where one is something else."""
    kinds = set(map(type, values))
    if not kinds <= {int, type(None)}:
        return None
    numbers = [n for n in values if n is not None] if type(None) in kinds else values
    low, high = min(numbers, default=0), max(numbers, default=0)
    for kind in _WHOLE:
        bounds = np.iinfo(kind)
        if bounds.min < low and high <= bounds.max:
            return np.array([bounds.min if n is None else n for n in values], kind)
    return None


def _joined(first: Column, second: Column) -> Column:
    """Two arrays of numbers in the wider type of both; what stands for none goes along."""
    kind = max(first.dtype, second.dtype, key=lambda own: own.itemsize)
    return np.concatenate([_wider(first, kind), _wider(second, kind)])


def _wider(column: Column, kind: np.dtype[Any]) -> Column:
    if column.dtype == kind:
        return column
    none = column == np.iinfo(column.dtype).min
    return np.where(none, np.iinfo(kind).min, column.astype(kind))


def _numbered(column: Iterable[Any]) -> tuple[list[Any], list[int]]:
    """The different values, and the place of each row's value among them."""
    place: dict[Any, int] = {}
    places = [place.setdefault(value, len(place)) for value in column]
    return list(place), places


def _days_of(table: str) -> frozenset[int]:
    """The places of a table's fields that are days."""
    made: Any = ROW_CLASSES[table]
    return frozenset(n for n, name in enumerate(made._fields) if "dt.date" in str(made.__annotations__[name]))


def _day(value: object) -> str:
    if not isinstance(value, dt.date):
        raise TypeError(value)
    return value.isoformat()
