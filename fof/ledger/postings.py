"""Postings in columns: numpy arrays of equal length in journal order, and days as numbers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import fields
from typing import Any

import numpy as np
import numpy.typing as npt

from models.frozen import frozen

Ints = npt.NDArray[np.int64]
Ints32 = npt.NDArray[np.int32]
EPOCH = dt.date(1970, 1, 1)
_EPOCH = EPOCH.toordinal()


def day_number(day: dt.date) -> int:
    """Days since 1970-01-01."""
    return day.toordinal() - _EPOCH


def to_date(day: int) -> dt.date:
    """The date of a day number."""
    return dt.date.fromordinal(_EPOCH + int(day))


POSTING_COLUMNS: tuple[tuple[str, Any], ...] = (
    ("entry", np.int32),
    ("line", np.int32),
    ("kind", np.int16),
    ("from_party", np.int32),
    ("to_party", np.int32),
    ("fund", np.int32),
    ("deal", np.int32),
    ("loan", np.int32),
    ("fen", np.int64),
)
_TABLE_AT_MOST = 4_000_000
OPTIONAL = ("fund", "deal", "loan")
"""Posting columns that may be missing: NULL in the database, -1 in memory."""


@frozen
class Postings:
    """Columns of equal length, in journal order; -1 stands for a missing fund, deal or loan.

    entry, line, from_party, to_party, fund, deal, loan : int32
    kind : int16 (models.posting_kinds)     fen : int64, whole fen > 0     day : int32, days since 1970-01-01
    """

    entry: Ints32
    line: Ints32
    kind: npt.NDArray[np.int16]
    from_party: Ints32
    to_party: Ints32
    fund: Ints32
    deal: Ints32
    loan: Ints32
    fen: Ints
    day: Ints32

    def __len__(self) -> int:
        return len(self.entry)

    def __iter__(self) -> Iterator[npt.NDArray[Any]]:
        """The columns, in the order of the fields."""
        return (getattr(self, f.name) for f in fields(self))

    @classmethod
    def of(cls, columns: Iterable[npt.NDArray[Any]]) -> Postings:
        """From columns in the order of the fields."""
        return cls(*columns)

    def where(self, chosen: npt.NDArray[Any] | slice) -> Postings:
        """The postings picked by a mask, by positions or by a slice."""
        return Postings.of(column[chosen] for column in self)

    def of_entry(self, entry: int) -> Postings:
        """The postings of one entry; a slice, because postings stand in the order of their entries."""
        first, end = np.searchsorted(self.entry, np.array([entry, entry + 1], np.int32))
        return self.where(slice(int(first), int(end)))


def distinct(column: npt.NDArray[Any]) -> tuple[Ints, npt.NDArray[Any]]:
    """The different values, sorted, and the place of each row's value among them: np.unique without its sort.

    For ids (a few thousand parties, -1 for none); wide ranges fall back to np.unique.
    """
    if not len(column):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    lowest = int(column.min())
    width = int(column.max()) - lowest + 1
    if width > _TABLE_AT_MOST:
        unique, place = np.unique(column, return_inverse=True)
        return unique.astype(np.int64), place
    small = column - lowest
    there = np.zeros(width, bool)
    there[small] = True
    values = np.flatnonzero(there)
    number = np.zeros(width, np.int32)
    number[values] = np.arange(len(values), dtype=np.int32)
    return values + lowest, number[small]


def no_postings() -> Postings:
    """Columns of length nought."""
    return Postings.of(np.empty(0, kind) for _, kind in (*POSTING_COLUMNS, ("day", np.int32)))


def joined(blocks: Iterable[Postings]) -> Postings:
    """Blocks of postings one after another; of no block at all, no postings."""
    return Postings.of(np.concatenate(parts) for parts in zip(no_postings(), *blocks, strict=True))
