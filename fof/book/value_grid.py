"""Values of many stakes or funds on many days at once, in arrays.

The latest mark on or before the day counts (of two on one day the later entry). Money between the investor and the
fund after the mark is added to it: value = mark + paid in - distributed. A stake without a mark has no value, unless
nothing was ever paid in or the stake was handed over as a whole; where the whole fund is stated to be worth nothing, so is
every stake in it. No status makes a value.

What changes hands is in fof.book.value_accounts, whole funds in fof.book.value_funds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from fof.book.flows import FlowIndex, sortable
from fof.book.marks import Marks
from fof.book.reading import Bools, Reason, is_among
from fof.ledger.journal_columns import Ints
from models.text import Text

NO_MARK = Reason("no_mark", Text("尚无净值报告", "no statement of value yet"))
NOTHING_PAID = Reason("nothing_paid", Text("尚未出资", "nothing paid in yet"))
HANDED_OVER = Reason("handed_over", Text("份额已全部转出", "the stake was handed over as a whole"))
PARTLY_MOVED = Reason(
    "partly_moved",
    Text(
        "估值日后有部分份额转让，净值按比例结转",
        "part of the stake changed hands after the statement; its part of the value went along",
    ),
)
ABSORBED = Reason(
    "absorbed",
    Text("基金已并入承继方，净值列于承继方", "absorbed by its successor, which holds the value now"),
)
BELOW_ZERO = Reason(
    "below_zero",
    Text(
        "最近净值之后的分配已超过净值，须有新的净值报告",
        "distributions since the statement exceed it; a new one is needed",
    ),
)
TAKEN_OVER = Reason(
    "taken_over", Text("承继原持有人的净值", "carried over from the former holder's statement")
)
SUM_OF_ACCOUNTS = Reason(
    "sum_of_accounts", Text("各出资人资本账户之和", "sum of the investors' capital accounts")
)
MOVED_UNKNOWN = Reason(
    "moved_unknown",
    Text(
        "转让的份额没有净值，须有新的净值报告", "what changed hands had no value; a new statement is needed"
    ),
)

NOTES = (
    None,
    NO_MARK,
    NOTHING_PAID,
    HANDED_OVER,
    PARTLY_MOVED,
    ABSORBED,
    BELOW_ZERO,
    TAKEN_OVER,
    SUM_OF_ACCOUNTS,
    MOVED_UNKNOWN,
)
CODE = {note: n for n, note in enumerate(NOTES)}
UNKNOWN = np.array([note in (NO_MARK, BELOW_ZERO, MOVED_UNKNOWN) for note in NOTES])
GONE = np.array([note in (HANDED_OVER, ABSORBED) for note in NOTES])
NO_DAY = -(2**31)


@dataclass(slots=True)
class Grid:
    """Values of subjects (stakes or funds) on days; arrays of shape (subjects, days).

    fen     : int64, 0 where not known        known : bool          note : place in NOTES
    mark    : place in the view's marks, -1 for none                since : its day, NO_DAY for none
    moved   : fen moved since the mark        touched : whether anything moved
    """

    fen: Ints
    mark: Ints
    since: Ints
    moved: Ints
    touched: Bools
    note: npt.NDArray[np.int8]

    @property
    def known(self) -> Bools:
        """Where there is a value."""
        return np.asarray(~UNKNOWN[self.note])


class Stated(NamedTuple):
    """Statements of value and whose they are: places in the view's marks, subjects, own (0: of the whole fund)."""

    place: Ints
    subject: Ints
    own: Ints


def rolled(columns: Marks, keys: Ints, stated: Stated, index: FlowIndex, days: Ints, upto: Ints) -> Grid:
    """The latest mark of each subject on each day and the money since; below zero where that is what it comes to.

    keys (s,): sorted subjects; index: the flows by subject; upto: up to which day marks count, for each of the days
    """
    wanted = np.flatnonzero(is_among(stated.subject, keys))
    number = np.searchsorted(keys, stated.subject[wanted])
    place, own = stated.place[wanted], stated.own[wanted]
    order = np.lexsort((place, own, columns.day[place], number))
    number, place = number[order], place[order]
    mark_at = sortable(number, columns.day[place])
    subject = np.arange(len(keys))[:, None]
    before = np.searchsorted(mark_at, sortable(subject, upto[None, :]), side="right") - 1
    has = before >= np.searchsorted(mark_at, sortable(subject, np.int64(NO_DAY)))
    mark = np.where(has, place[before] if len(place) else -1, -1)
    since = np.where(has, columns.day[mark] if len(columns) else NO_DAY, NO_DAY).astype(np.int64)
    moved, touched = money_since(index, keys, since, days)
    value = np.where(has, columns.fen[mark] if len(columns) else 0, 0) + moved
    note = np.zeros(has.shape, np.int8)
    note[~has & touched] = CODE[NO_MARK]
    note[~has & ~touched] = CODE[NOTHING_PAID]
    note[has & touched & (value < 0)] = CODE[BELOW_ZERO]
    return Grid(value, mark, since, moved, touched, note)


def money_since(index: FlowIndex, keys: Ints, since: Ints, days: Ints) -> tuple[Ints, Bools]:
    """Paid in less distributed after `since` up to each day, (subjects, days), and whether anything moved."""
    number = index.numbers(keys)[:, None]
    until = np.searchsorted(index.at, sortable(number, days[None, :]), side="right")
    start = np.searchsorted(index.at, sortable(number, since), side="right")
    known = number >= 0
    moved = np.where(known, index.running[until] - index.running[start], 0)
    return moved, known & (index.moves[until] > index.moves[start])


def settled(grid: Grid) -> Grid:
    """0 where there is no value, and where it went to others."""
    grid.fen[UNKNOWN[grid.note] | GONE[grid.note]] = 0
    return grid


def picked(grid: Grid, rows: Ints, days: int | None = None) -> Grid:
    return Grid(*(getattr(grid, name)[rows, :days] for name in Grid.__slots__))
