"""Values of capital accounts on days, and what goes along with a stake that changes hands.

A stake that changes hands takes its value at the close of the day along: all of it, or the part that its paid-in capital
is of the seller's. It counts with the new holder, and a part is taken off the former one's, until their own accounts are
stated: a statement of the day itself has been drawn up after the transfer, except that of a seller of whom nothing was
left. A fund absorbed by another hands the stakes of its investors over to their stakes in the successor in the same way.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from fof.book.flows import flows_by_stake
from fof.book.marks import marks
from fof.book.reading import Bools, distinct, is_among
from fof.book.value_grid import (
    ABSORBED,
    BELOW_ZERO,
    CODE,
    GONE,
    HANDED_OVER,
    MOVED_UNKNOWN,
    NO_DAY,
    NO_MARK,
    NOTHING_PAID,
    PARTLY_MOVED,
    TAKEN_OVER,
    UNKNOWN,
    Grid,
    Stated,
    picked,
    rolled,
    settled,
)
from fof.book.value_steps import ValueStep, absorbed_stakes, steps_of
from fof.ledger import View
from fof.ledger.balances import pair_keys
from fof.ledger.journal_columns import Ints


class Carried(NamedTuple):
    """What a step took along: fen None where not known; the seller's statement, its day, the money since it."""

    fen: int | None
    mark: int
    since: int
    moved: int
    touched: bool


def _key(pair: tuple[int, int]) -> int:
    return (pair[0] << 32) | pair[1]


def account_grid(
    view: View, pairs: Sequence[tuple[int, int]], days: Ints, before: tuple[int, int] | None = None
) -> tuple[Grid, dict[ValueStep, Carried]]:
    """Values of stakes on days, and what each step in their funds took along."""
    keys = np.array([_key(p) for p in pairs], np.int64)
    steps = steps_of(view, {fund for fund, _ in pairs}, before)
    ends = sorted({s.day for s in steps})
    every = distinct(
        np.concatenate([keys, np.array([_key(p) for s in steps for p in (s.seller, s.buyer)], np.int64)])
    )
    on = np.concatenate([days, np.array(ends * 2, np.int64)])
    upto = np.concatenate([days, np.array(ends, np.int64) - 1, np.array(ends, np.int64)])
    grid = rolled(marks(view), every, _stated(view, every, steps), flows_by_stake(view), on, upto)
    row = {key: n for n, key in enumerate(every.tolist())}
    carried = {}
    for step in steps:
        column = len(days) + ends.index(step.day) + (len(ends) if step.whole else 0)
        carried[step] = _hand_over(grid, row[_key(step.seller)], row[_key(step.buyer)], step, on, column)
    return picked(settled(grid), np.searchsorted(every, keys), len(days)), carried


def _stated(view: View, keys: Ints, steps: Sequence[ValueStep]) -> Stated:
    """Whose account each statement is of.

    A fund stated to be worth nothing states that of every account. What says that nothing is left on the day on which a
    stake went as a whole says nothing of what it was worth. An investor of an absorbed fund who has no stake in the
    successor is told of the old one by the successor's statements.
    """
    columns = marks(view)
    subject = pair_keys(columns.holding, columns.holder)
    staying = absorbed_stakes(view)[1]
    for pair, former in staying.items():
        subject[subject == _key(pair)] = _key(former)
    place = np.arange(len(columns))
    own = np.ones(len(columns), np.int64)
    nothing = np.flatnonzero((columns.holding == columns.holder) & (columns.fen == 0))
    nothing = nothing[is_among(columns.holding[nothing], keys >> 32)]
    if len(nothing):
        of = [np.flatnonzero((keys >> 32) == fund) for fund in columns.holding[nothing].tolist()]
        place = np.concatenate([place, np.repeat(nothing, [len(x) for x in of])])
        subject = np.concatenate([subject, keys[np.concatenate(of)]])
        own = np.concatenate([own, np.zeros(len(place) - len(own), np.int64)])
    for step in steps:
        if step.whole:
            left = (
                (subject == _key(step.seller)) & (columns.day[place] == step.day) & (columns.fen[place] == 0)
            )
            subject[left] = -1
    return Stated(place, subject, own)


def _hand_over(grid: Grid, seller: int, buyer: int, step: ValueStep, days: Ints, column: int) -> Carried:
    """Change the rows of seller and buyer from the day of a step until their accounts are stated anew.

    column : the close of the day, with the statements that count
    """
    last = Carried(
        int(grid.fen[seller, column]),
        int(grid.mark[seller, column]),
        int(grid.since[seller, column]),
        int(grid.moved[seller, column]),
        bool(grid.touched[seller, column]),
    )
    note = int(grid.note[seller, column])
    known = not UNKNOWN[note]
    part = last.fen if step.whole else (last.fen or 0) * step.part.moved // step.part.of
    carried = last._replace(fen=part if known else None)
    if step.part.moved == 0:
        return carried
    after = days >= step.day
    stale = after & ((grid.since[seller] <= step.day) if step.whole else (grid.since[seller] < step.day))
    waiting = after & (grid.since[buyer] < step.day)
    came = np.full(len(days), part)
    if step.whole and not step.returns:  # what the seller still paid or got belongs to the stake
        came = np.where(stale, grid.fen[seller], came)
    _take(grid, seller, step, stale, carried, came)
    if note != CODE[NOTHING_PAID]:
        _give(grid, buyer, step, waiting, carried, came)
    else:  # a promise only: who had handed its stake over begins anew
        returning = waiting & GONE[grid.note[buyer]]
        grid.note[buyer][returning] = np.where(
            grid.fen[buyer][returning] != 0, CODE[NO_MARK], CODE[NOTHING_PAID]
        )
    return carried


def _take(grid: Grid, row: int, step: ValueStep, when: Bools, carried: Carried, came: Ints) -> None:
    """What is left with the seller."""
    if step.whole:
        grid.note[row][when] = CODE[ABSORBED if step.place < 0 else HANDED_OVER]
        grid.fen[row][when] -= came[when]
        grid.moved[row][when], grid.touched[row][when] = grid.fen[row][when], step.returns
        grid.mark[row][when], grid.since[row][when] = -1, NO_DAY
        return
    rest = when & ~UNKNOWN[grid.note[row]] & (grid.note[row] != CODE[NOTHING_PAID])
    if carried.fen is None:
        grid.note[row][rest] = CODE[MOVED_UNKNOWN]
        return
    if not carried.fen:
        return
    grid.fen[row][rest] -= carried.fen
    grid.moved[row][rest] -= carried.fen
    grid.touched[row][rest] = True
    grid.note[row][rest] = np.where(grid.fen[row][rest] < 0, CODE[BELOW_ZERO], CODE[PARTLY_MOVED])


def _give(grid: Grid, row: int, step: ValueStep, when: Bools, carried: Carried, came: Ints) -> None:
    """What the buyer has of it: beside a statement of its own, or as a newcomer with the seller's."""
    if carried.fen is None:
        grid.note[row][when] = CODE[MOVED_UNKNOWN]
        return
    new = when & (GONE[grid.note[row]] | ((grid.since[row] == NO_DAY) & (not step.buyer_paid_before)))
    good = when & (new | (grid.note[row] != CODE[NO_MARK])) & (grid.note[row] != CODE[MOVED_UNKNOWN])
    whole = new & good & step.whole
    grid.fen[row][good] += came[good]
    grid.moved[row][good] += np.where(whole, carried.moved + came - carried.fen, came)[good]
    grid.touched[row][good] |= np.where(whole, carried.touched | (came != carried.fen), came != 0)[good]
    grid.mark[row][whole] = carried.mark
    grid.since[row][new & good] = carried.since
    note = CODE[TAKEN_OVER if step.whole else PARTLY_MOVED]
    grid.note[row][good] = np.where(grid.fen[row][good] < 0, CODE[BELOW_ZERO], note)


def stake_grid(view: View, pairs: Sequence[tuple[int, int]], days: Sequence[int]) -> Grid:
    """Values of (fund, investor) stakes on days (day numbers, not after the view's as-of day)."""
    return account_grid(view, pairs, np.array(days, np.int64))[0]


def carried_along(view: View, fund: int) -> dict[ValueStep, Carried]:
    """What each step of a fund, or of one it absorbed, took along; in the order in which it happened."""
    return account_grid(view, [(fund, fund)], np.empty(0, np.int64))[1]


def last_statement(view: View, pair: tuple[int, int], upto: int) -> tuple[int, int]:
    """Place in the view's marks, and day, of a stake's own latest statement up to a day; -1 and NO_DAY without one."""
    key, day = np.array([_key(pair)], np.int64), np.array([upto], np.int64)
    stated = _stated(view, key, steps_of(view, {pair[0]}))
    grid = rolled(marks(view), key, stated, flows_by_stake(view), day, day)
    return int(grid.mark[0, 0]), int(grid.since[0, 0])
