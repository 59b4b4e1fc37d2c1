"""Statements of value in columns, read once per journal and extended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np

from fof.ledger import Journal, View
from fof.ledger.columns import Ints, Ints32, RowRecord
from fof.stakes import Bools, as_of_day, kept_per_view


@dataclass(frozen=True, slots=True)
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

    def where(self, chosen: Bools | Ints) -> Marks:
        """The marks picked by a mask or by positions."""
        return Marks(*(getattr(self, name)[chosen] for name in self.__slots__))


_columns: WeakKeyDictionary[Journal, Marks] = WeakKeyDictionary()


def _all(journal: Journal) -> Marks:
    """All marks ever booked, in journal order."""
    rows = journal.rows("mark")
    known = _columns.get(journal)
    if known is not None and len(known) >= len(rows):
        return known
    fresh = _as_columns(rows[0 if known is None else len(known) :])
    if known is not None:
        fresh = Marks(*(np.concatenate([getattr(known, n), getattr(fresh, n)]) for n in Marks.__slots__))
    _columns[journal] = fresh
    return fresh


def _as_columns(rows: Iterable[RowRecord]) -> Marks:
    table = [(r.entry, r.line, r.day, r.row[0], r.row[1], r.row[2]) for r in rows]
    *small, fen = list(zip(*table, strict=True)) if table else [()] * 6
    entry, line, day, holder, holding = (np.array(c, np.int32) for c in small)
    return Marks(entry, line, day, holder, holding, np.array(fen, np.int64))


@kept_per_view
def marks(view: View) -> Marks:
    """The statements known and true in the view, by (day, entry, line)."""
    everything = _all(view.journal)
    end = int(np.searchsorted(everything.entry, view.known_at, side="right"))
    live = view.columns.live(view.known_at)
    chosen = np.flatnonzero(live[everything.entry[:end]] & (everything.day[:end] <= as_of_day(view)))
    own = everything.where(chosen)
    return own.where(np.lexsort((own.line, own.entry, own.day)))


@kept_per_view
def latest(view: View) -> dict[tuple[int, int], int]:
    """(holding, holder) -> position in `marks` of the latest statement."""
    found = marks(view)
    return {
        pair: place
        for place, pair in enumerate(zip(found.holding.tolist(), found.holder.tolist(), strict=True))
    }
