"""Extra entries laid on a prefix: the book as it would be if something had happened that nobody booked.

Nothing is written. The view that comes back is read like any other, by the same indexes and figures: a dry run, or the
opening position of a scenario, is no other book.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property

import numpy as np

from fof.ledger import Draft, EntryRecord, Journal, View, day_number, former
from fof.ledger.journal import BookedKey
from fof.ledger.journal_columns import LEAF, NEVER, Columns, Ints32, RowRecord
from fof.ledger.postings import POSTING_COLUMNS, Postings, joined
from fof.ledger.row_columns import Field, with_values
from models.rows import ROW_CLASSES


class _Laid(Journal):
    """A prefix of another journal and some entries after it that are in no database."""

    def __init__(self, view: View, drafts: Sequence[Draft]) -> None:
        super().__init__(view.journal.database)
        self._under = view
        self.columns = _columns(view, drafts)
        tables = {made: table for table, made in ROW_CLASSES.items()}
        self._extra: dict[str, list[RowRecord]] = defaultdict(list)
        for number, draft in enumerate(drafts, view.known_at + 1):
            lines: Counter[str] = Counter()  # each table of an entry is numbered by itself
            for row in draft.rows:
                table = tables[type(row)]
                lines[table] += 1
                self._extra[table].append(
                    RowRecord(number, lines[table], day_number(draft.effective_on), row)
                )

    def rows(self, table: str) -> list[RowRecord]:
        """The rows of the prefix, then those laid on it."""
        under = self._under.journal.rows(table)
        return [*(r for r in under if r.entry <= self._under.known_at), *self._extra[table]]

    def rows_of_attribute(self, table: str, name: str) -> list[RowRecord]:
        """Those of them that state one attribute."""
        under = self._under.journal.rows_of_attribute(table, name)
        extra = (r for r in self._extra[table] if r.row.name == name)  # type: ignore[attr-defined]
        return [*(r for r in under if r.entry <= self._under.known_at), *extra]

    def rows_of_subject(self, table: str, number: int) -> list[RowRecord]:
        """Those of one subject."""
        under = self._under.journal.rows_of_subject(table, number)
        extra = self._extra_by_subject.get((table, number), [])
        return [*(r for r in under if r.entry <= self._under.known_at), *extra]

    @cached_property
    def _extra_by_subject(self) -> dict[tuple[str, int], list[RowRecord]]:
        by_subject: dict[tuple[str, int], list[RowRecord]] = defaultdict(list)
        for table in ("subject_fact", "subject_link"):
            for record in self._extra[table]:
                by_subject[table, record.row.subject].append(record)  # type: ignore[attr-defined]
        return dict(by_subject)

    def arrays_of(self, table: str, fields: Sequence[str]) -> tuple[Ints32, list[Field]]:
        """Some fields of the rows of the prefix, then of those laid on it."""
        entry, columns = self._under.journal.arrays_of(table, fields)
        known = slice(0, int(np.searchsorted(entry, self._under.known_at, side="right")))
        extra = self._extra[table]
        places = [ROW_CLASSES[table]._fields.index(name) for name in fields]  # type: ignore[attr-defined]
        return np.concatenate([entry[known], np.array([r.entry for r in extra], np.int32)]), [
            with_values(column.picked(known), [r.row[place] for r in extra], once=False)
            for place, column in zip(places, columns, strict=True)
        ]

    def _heads(self, which: Iterable[str], known_at: int) -> list[EntryRecord]:
        """The heads of entries that were booked; what is laid on them has none."""
        known = self._under.known_at
        return [h for h in self._under.journal._heads(which, min(known, known_at)) if h.id <= known]

    def written(self, table: str, wanted: former.Wanted = lambda _: True) -> Sequence[RowRecord]:
        """The same in today's form."""
        return former.read(table, self.rows, wanted)

    def booked(self, key: str) -> BookedKey | None:
        """As in the journal underneath."""
        return self._under.journal.booked(key)


def laid(view: View, drafts: Sequence[Draft]) -> View:
    """The view's day in the book of its prefix and of the drafts, each an entry of its own in the order given.

    The drafts are taken as they are: whether the door would let them pass is not asked (fof.ledger.check does).
    """
    return _Laid(view, drafts).view(view.as_of)


def let_go(view: View) -> None:
    """Give up what was read of a laid view that nobody will ask again: views, prefix and what was made of it hold one another,
    and would stay in memory until the collector comes by."""
    view.prefix.answers.clear()
    view.journal.forget_views()


def _columns(view: View, drafts: Sequence[Draft]) -> Columns:
    known, under = view.known_at, view.columns
    days = np.array([day_number(d.effective_on) for d in drafts], np.int32)
    reversed_by = under.reversed_by[: known + 1]
    end = int(np.searchsorted(under.postings.entry, np.int32(known), side="right"))
    taken_back = np.concatenate(
        [np.where(reversed_by > known, NEVER, reversed_by), np.full(len(drafts), NEVER)]
    )
    for number, draft in enumerate(drafts, known + 1):
        if draft.reverses is not None:
            taken_back[draft.reverses] = number
    leaves = (hashlib.sha256(repr((d.effective_on, d.postings, d.rows)).encode()).digest() for d in drafts)
    return Columns(
        known + len(drafts),
        under.leaves[: known * LEAF] + b"".join(leaves),
        np.concatenate([under.entry_day[: known + 1], days]),
        taken_back,
        joined([under.postings.where(slice(0, end)), drafted(known, drafts)]),
    )


def drafted(known: int, drafts: Sequence[Draft]) -> Postings:
    """The postings of drafts as entries after the one known last; what is not named is -1."""
    table = [
        (number, line, *(-1 if value is None else value for value in posting), day_number(draft.effective_on))
        for number, draft in enumerate(drafts, known + 1)
        for line, posting in enumerate(draft.postings, 1)
    ]
    kinds = [kind for _, kind in (*POSTING_COLUMNS, ("day", np.int32))]
    columns = zip(*table, strict=True) if table else [()] * len(kinds)
    return Postings.of(np.array(column, kind) for column, kind in zip(columns, kinds, strict=True))
