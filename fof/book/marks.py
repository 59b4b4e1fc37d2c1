"""Statements of value in columns, read once per journal and extended."""

from __future__ import annotations

from collections.abc import Sequence
from weakref import WeakKeyDictionary

import numpy as np

from fof.book.flows import sortable
from fof.book.reading import Bools, as_of_day, once_per_prefix, once_per_view
from fof.ledger import Journal, View
from fof.ledger.balances import pair_keys
from fof.ledger.journal_columns import Ints, Ints32, RowRecord
from models.frozen import frozen


@frozen
class Marks:
    """Statements of value by (day, entry, line): int32 ids and day numbers, int64 fen."""

    entry: Ints32
    line: Ints32
    day: Ints32
    holder: Ints32
    holding: Ints32
    fen: Ints

    def __len__(self) -> int:
        return len(self.entry)

    def where(self, chosen: Bools | Ints | slice) -> Marks:
        """The marks picked by a mask, by positions or by a slice."""
        return Marks(*(getattr(self, name)[chosen] for name in self.__match_args__))


_columns: WeakKeyDictionary[Journal, Marks] = WeakKeyDictionary()


def _all(journal: Journal) -> Marks:
    """All marks ever booked, in journal order."""
    rows = journal.rows("mark")
    known = _columns.get(journal)
    if known is not None and len(known) >= len(rows):
        return known
    fresh = _as_columns(rows[0 if known is None else len(known) :])
    if known is not None:
        fresh = Marks(*(np.concatenate([getattr(known, n), getattr(fresh, n)]) for n in Marks.__match_args__))
    _columns[journal] = fresh
    return fresh


def _as_columns(rows: Sequence[RowRecord]) -> Marks:
    entry, line, day, stated = zip(*rows, strict=True) if rows else ((),) * 4
    holder, holding, fen = list(zip(*stated, strict=True))[:3] if stated else ((),) * 3
    ids = [np.array(column, np.int32) for column in (entry, line, day, holder, holding)]
    return Marks(*ids, np.array(fen, np.int64))  # type: ignore[arg-type, call-arg]


@once_per_prefix
def _every_day(view: View) -> Marks:
    """The live statements of the prefix by (day, entry, line)."""
    everything = _all(view.journal)
    end = int(np.searchsorted(everything.entry, np.int32(view.known_at), side="right"))
    own = everything.where(np.flatnonzero(view.columns.live(view.known_at)[everything.entry[:end]]))
    return own.where(np.lexsort((own.line, own.entry, own.day)))


@once_per_view
def marks(view: View) -> Marks:
    """The statements known and true in the view, by (day, entry, line)."""
    every = _every_day(view)
    return every.where(slice(0, int(np.searchsorted(every.day, np.int32(as_of_day(view)), side="right"))))


@frozen
class MarkIndex:
    """The statements of a prefix by (holding, holder) and day.

    keys : (k,) sorted pair keys (holding, holder)     first : (k+1,) the statements of keys[i] are place[first[i]:first[i+1]]
    place : positions in `marks` of any view that reaches them
    at    : (marks,) sortable (number of the key, day), ascending
    """

    keys: Ints
    first: Ints
    place: Ints
    at: Ints

    def latest(self, wanted: Ints, day: int) -> Ints:
        """Position of the latest statement of each wanted pair up to a day, -1 where there is none."""
        if not len(self.keys):
            return np.full(len(wanted), -1, np.int64)
        number = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
        end = np.searchsorted(self.at, sortable(number, np.int64(day)), side="right")
        marked = (self.keys[number] == wanted) & (end > self.first[number])
        return np.where(marked, self.place[np.maximum(end, 1) - 1], -1)


@once_per_prefix
def mark_index(view: View) -> MarkIndex:
    """Every statement of the prefix by pair and day."""
    every = _every_day(view)
    keys = pair_keys(every.holding, every.holder)
    place = np.argsort(keys, kind="stable")  # by day within a pair, as they stand
    ordered = keys[place]
    starts = (
        np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]]) if len(ordered) else np.empty(0, np.int64)
    )
    first = np.r_[starts, len(ordered)].astype(np.int64)
    number = np.repeat(np.arange(len(starts)), np.diff(first))
    return MarkIndex(ordered[starts], first, place, sortable(number, every.day[place]))


def marked_days(view: View, holding: int, holder: int) -> list[int]:
    """Days on which the holder's statements say what it has of the holding, in a view of every day."""
    index, key = mark_index(view), (holding << 32) | holder
    first, end = np.searchsorted(index.keys, [key, key + 1])
    return marks(view).day[index.place[index.first[first] : index.first[end]]].tolist()  # type: ignore[no-any-return]


def latest(view: View, holding: int, holder: int) -> int:
    """Position in `marks` of the latest statement of what the holder has of the holding, -1 where there is none."""
    key = np.array([(holding << 32) | holder], np.int64)
    return int(mark_index(view).latest(key, as_of_day(view))[0])
