"""Values of many stakes or funds on many days at once, in arrays.

The latest mark on or before the day counts (of two on one day the later entry). Money between the investor and the
fund after the mark is added to it: value = mark + paid in - distributed. A stake without a mark has no value, unless
nothing was ever paid in or the stake was handed over as a whole; where the whole fund is stated to be worth nothing, so is
every stake in it. No status makes a value.

A stake that changes hands takes its value at the close of the day along: all of it, or the part that its paid-in capital
is of the seller's. It counts with the new holder, and a part is taken off the former one's, until their own accounts are
stated: a statement of the day itself has been drawn up after the transfer, except that of a seller of whom nothing was
left. A fund absorbed by another hands the stakes of its investors over to their stakes in the successor in the same way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from fof.book.absorbed import Absorption, absorptions
from fof.book.flows import FlowIndex, flows_by_fund, flows_by_stake, sortable
from fof.book.marks import Marks, marks
from fof.book.stakes import Bools, Reason, stakes
from fof.book.value_steps import Step, absorbed_stakes, steps_of
from fof.ledger import View
from fof.ledger.balances import pair_keys
from fof.ledger.columns import Ints
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
_CODE = {note: n for n, note in enumerate(NOTES)}
UNKNOWN = np.array([note in (NO_MARK, BELOW_ZERO, MOVED_UNKNOWN) for note in NOTES])
_GONE = np.array([note in (HANDED_OVER, ABSORBED) for note in NOTES])
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


class _Stated(NamedTuple):
    """Statements of value and whose they are: places in the view's marks, subjects, own (0: of the whole fund)."""

    place: Ints
    subject: Ints
    own: Ints


def _rolled(found: Marks, keys: Ints, stated: _Stated, index: FlowIndex, days: Ints, upto: Ints) -> Grid:
    """The latest mark of each subject on each day and the money since; below zero where that is what it comes to.

    keys (s,): sorted subjects; index: the flows by subject; upto: up to which day marks count, for each of the days
    """
    wanted = np.flatnonzero(np.isin(stated.subject, keys))
    number = np.searchsorted(keys, stated.subject[wanted])
    place, own = stated.place[wanted], stated.own[wanted]
    order = np.lexsort((place, own, found.day[place], number))
    number, place = number[order], place[order]
    mark_at = sortable(number, found.day[place])
    subject = np.arange(len(keys))[:, None]
    before = np.searchsorted(mark_at, sortable(subject, upto[None, :]), side="right") - 1
    has = before >= np.searchsorted(mark_at, sortable(subject, np.int64(NO_DAY)))
    mark = np.where(has, place[before] if len(place) else -1, -1)
    since = np.where(has, found.day[mark] if len(found) else NO_DAY, NO_DAY).astype(np.int64)
    moved, touched = _moved(index, keys, since, days)
    value = np.where(has, found.fen[mark] if len(found) else 0, 0) + moved
    note = np.zeros(has.shape, np.int8)
    note[~has & touched] = _CODE[NO_MARK]
    note[~has & ~touched] = _CODE[NOTHING_PAID]
    note[has & touched & (value < 0)] = _CODE[BELOW_ZERO]
    return Grid(value, mark, since, moved, touched, note)


def _moved(index: FlowIndex, keys: Ints, since: Ints, days: Ints) -> tuple[Ints, Bools]:
    """Paid in less distributed after `since` up to each day, (subjects, days), and whether anything moved."""
    number = index.numbers(keys)[:, None]
    until = np.searchsorted(index.at, sortable(number, days[None, :]), side="right")
    start = np.searchsorted(index.at, sortable(number, since), side="right")
    known = number >= 0
    moved = np.where(known, index.running[until] - index.running[start], 0)
    return moved, known & (index.moves[until] > index.moves[start])


def _settled(grid: Grid) -> Grid:
    """0 where there is no value, and where it went to others."""
    grid.fen[UNKNOWN[grid.note] | _GONE[grid.note]] = 0
    return grid


def _picked(grid: Grid, rows: Ints, days: int | None = None) -> Grid:
    return Grid(*(getattr(grid, name)[rows, :days] for name in Grid.__slots__))


# -- what changes hands --------------------------------------------------------------------------------------------


class Carried(NamedTuple):
    """What a step took along: fen None where not known; the seller's statement, its day, the money since it."""

    fen: int | None
    mark: int
    since: int
    moved: int
    touched: bool


def _key(pair: tuple[int, int]) -> int:
    return (pair[0] << 32) | pair[1]


def _accounts(
    view: View, pairs: Sequence[tuple[int, int]], days: Ints, before: tuple[int, int] | None = None
) -> tuple[Grid, dict[Step, Carried]]:
    """Values of stakes on days, and what each step in their funds took along."""
    keys = np.array([_key(p) for p in pairs], np.int64)
    steps = steps_of(view, {fund for fund, _ in pairs}, before)
    ends = sorted({s.day for s in steps})
    every = np.unique(
        np.concatenate([keys, np.array([_key(p) for s in steps for p in (s.seller, s.buyer)], np.int64)])
    )
    on = np.concatenate([days, np.array(ends * 2, np.int64)])
    upto = np.concatenate([days, np.array(ends, np.int64) - 1, np.array(ends, np.int64)])
    grid = _rolled(marks(view), every, _stated(view, every, steps), flows_by_stake(view), on, upto)
    row = {key: n for n, key in enumerate(every.tolist())}
    carried = {}
    for step in steps:
        column = len(days) + ends.index(step.day) + (len(ends) if step.whole else 0)
        carried[step] = _hand_over(grid, row[_key(step.seller)], row[_key(step.buyer)], step, on, column)
    return _picked(_settled(grid), np.searchsorted(every, keys), len(days)), carried


def _stated(view: View, keys: Ints, steps: Sequence[Step]) -> _Stated:
    """Whose account each statement is of.

    A fund stated to be worth nothing states that of every account. What says that nothing is left on the day on which a
    stake went as a whole says nothing of what it was worth. An investor of an absorbed fund who has no stake in the
    successor is told of the old one by the successor's statements.
    """
    found = marks(view)
    subject = pair_keys(found.holding, found.holder)
    staying = absorbed_stakes(view)[1]
    for pair, former in staying.items():
        subject[subject == _key(pair)] = _key(former)
    place = np.arange(len(found))
    own = np.ones(len(found), np.int64)
    nothing = np.flatnonzero((found.holding == found.holder) & (found.fen == 0))
    nothing = nothing[np.isin(found.holding[nothing], keys >> 32)]
    if len(nothing):
        of = [np.flatnonzero((keys >> 32) == fund) for fund in found.holding[nothing].tolist()]
        place = np.concatenate([place, np.repeat(nothing, [len(x) for x in of])])
        subject = np.concatenate([subject, keys[np.concatenate(of)]])
        own = np.concatenate([own, np.zeros(len(place) - len(own), np.int64)])
    for step in steps:
        if step.whole:
            left = (subject == _key(step.seller)) & (found.day[place] == step.day) & (found.fen[place] == 0)
            subject[left] = -1
    return _Stated(place, subject, own)


def _hand_over(grid: Grid, seller: int, buyer: int, step: Step, days: Ints, column: int) -> Carried:
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
    if note != _CODE[NOTHING_PAID]:
        _give(grid, buyer, step, waiting, carried, came)
    else:  # a promise only: who had handed its stake over begins anew
        again = waiting & _GONE[grid.note[buyer]]
        grid.note[buyer][again] = np.where(grid.fen[buyer][again] != 0, _CODE[NO_MARK], _CODE[NOTHING_PAID])
    return carried


def _take(grid: Grid, row: int, step: Step, when: Bools, carried: Carried, came: Ints) -> None:
    """What is left with the seller."""
    if step.whole:
        grid.note[row][when] = _CODE[ABSORBED if step.place < 0 else HANDED_OVER]
        grid.fen[row][when] -= came[when]
        grid.moved[row][when], grid.touched[row][when] = grid.fen[row][when], step.returns
        grid.mark[row][when], grid.since[row][when] = -1, NO_DAY
        return
    rest = when & ~UNKNOWN[grid.note[row]] & (grid.note[row] != _CODE[NOTHING_PAID])
    if carried.fen is None:
        grid.note[row][rest] = _CODE[MOVED_UNKNOWN]
        return
    if not carried.fen:
        return
    grid.fen[row][rest] -= carried.fen
    grid.moved[row][rest] -= carried.fen
    grid.touched[row][rest] = True
    grid.note[row][rest] = np.where(grid.fen[row][rest] < 0, _CODE[BELOW_ZERO], _CODE[PARTLY_MOVED])


def _give(grid: Grid, row: int, step: Step, when: Bools, carried: Carried, came: Ints) -> None:
    """What the buyer has of it: beside a statement of its own, or as a newcomer with the seller's."""
    if carried.fen is None:
        grid.note[row][when] = _CODE[MOVED_UNKNOWN]
        return
    new = when & (_GONE[grid.note[row]] | ((grid.since[row] == NO_DAY) & (not step.buyer_paid_before)))
    good = when & (new | (grid.note[row] != _CODE[NO_MARK])) & (grid.note[row] != _CODE[MOVED_UNKNOWN])
    whole = new & good & step.whole
    grid.fen[row][good] += came[good]
    grid.moved[row][good] += np.where(whole, carried.moved + came - carried.fen, came)[good]
    grid.touched[row][good] |= np.where(whole, carried.touched | (came != carried.fen), came != 0)[good]
    grid.mark[row][whole] = carried.mark
    grid.since[row][new & good] = carried.since
    note = _CODE[TAKEN_OVER if step.whole else PARTLY_MOVED]
    grid.note[row][good] = np.where(grid.fen[row][good] < 0, _CODE[BELOW_ZERO], note)


def stake_grid(view: View, pairs: Sequence[tuple[int, int]], days: Sequence[int]) -> Grid:
    """Values of (fund, investor) stakes on days (day numbers, not after the view's as-of day)."""
    return _accounts(view, pairs, np.array(days, np.int64))[0]


def carried_along(view: View, fund: int) -> dict[Step, Carried]:
    """What each step of a fund, or of one it absorbed, took along; in the order in which it happened."""
    return _accounts(view, [(fund, fund)], np.empty(0, np.int64))[1]


def statement_behind(view: View, pair: tuple[int, int], upto: int) -> tuple[int, int]:
    """Place in the view's marks, and day, of a stake's own latest statement up to a day; -1 and NO_DAY without one."""
    key, day = np.array([_key(pair)], np.int64), np.array([upto], np.int64)
    stated = _stated(view, key, steps_of(view, {pair[0]}))
    grid = _rolled(marks(view), key, stated, flows_by_stake(view), day, day)
    return int(grid.mark[0, 0]), int(grid.since[0, 0])


# -- whole funds ---------------------------------------------------------------------------------------------------


def fund_grid(view: View, funds: Sequence[int], days: Sequence[int]) -> Grid:
    """Values of whole funds on days: the total as stated, or the sum of the capital accounts.

    The total counts unless every capital account was stated later than it. A sum has no mark of its own (mark -1,
    since: the oldest statement in it). What a fund absorbed counts with it until its own value is stated anew.
    """
    return _settled(_funds(view, funds, np.array(days, np.int64), np.array(days, np.int64), None))


def _funds(view: View, funds: Sequence[int], on: Ints, upto: Ints, before: tuple[int, int] | None) -> Grid:
    """The values of funds, with what they absorbed before another absorption (day, entry; None: all)."""
    keys = np.array(sorted(set(funds)), np.int64)
    found = marks(view)
    own = np.where(found.holding == found.holder, found.holding, -1).astype(np.int64)
    taken = [a for a in absorptions(view) if before is None or a[:2] < before]
    for one in taken:
        own[(own == one.former) & (found.day == one.day) & (found.fen == 0)] = -1  # says what is left
    stated = _Stated(np.arange(len(found)), own, np.ones(len(found), np.int64))
    total = _rolled(found, keys, stated, flows_by_fund(view), on, upto)
    stated_on = total.since.copy()
    held = stakes(view).of(None, set(keys.tolist()))
    pairs = list(zip(held.fund.tolist(), held.investor.tolist(), strict=True))
    accounts = _accounts(view, pairs, on, before)[0]
    parts = {fund: _picked(accounts, np.flatnonzero(held.fund == fund)) for fund in keys.tolist()}
    for row, fund in enumerate(keys.tolist()):
        if len(parts[fund].fen):
            _prefer_accounts(total, row, parts[fund])
    for one in taken:
        _absorb(view, total, keys.tolist(), one, on, parts, stated_on)
    return _picked(total, np.searchsorted(keys, np.array(funds, np.int64)))


def _prefer_accounts(total: Grid, row: int, part: Grid) -> None:
    """Put the sum of the capital accounts in a fund's row on the days on which it tells more."""
    stated = part.since > NO_DAY
    oldest = np.where(stated, part.since, 2**31).min(axis=0)
    complete: Bools = np.all(part.known, axis=0) & np.any(stated, axis=0)
    no_total = total.note[row] == _CODE[NO_MARK]
    better = complete & (no_total | (oldest > total.since[row]))
    total.fen[row][better] = part.fen.sum(axis=0)[better]
    total.since[row][better] = oldest[better]
    total.moved[row][better] = part.moved.sum(axis=0)[better]
    total.touched[row][better] = np.asarray(np.any(part.touched, axis=0))[better]
    total.mark[row][better] = -1
    total.note[row][better] = _CODE[SUM_OF_ACCOUNTS]


def _absorb(
    view: View,
    total: Grid,
    keys: list[int],
    one: Absorption,
    on: Ints,
    parts: dict[int, Grid],
    stated_on: Ints,
) -> None:
    """A fund that was absorbed is worth nothing of its own from then on; its successor is worth that more until stated."""
    after = on >= one.day
    if one.former in keys:
        row = keys.index(one.former)
        gone = after & (stated_on[row] <= one.day)
        total.fen[row][gone], total.moved[row][gone], total.touched[row][gone] = 0, 0, False
        total.note[row][gone], total.mark[row][gone], total.since[row][gone] = _CODE[ABSORBED], -1, NO_DAY
        part = _left(view, one, parts[one.former]) if len(parts[one.former].fen) else None
        if part is not None:
            _keep(view, total, row, one, on, gone, part)
    if one.successor in keys:
        row = keys.index(one.successor)
        waiting = after & (total.since[row] < one.day) & (total.note[row] != _CODE[SUM_OF_ACCOUNTS])
        day, last = np.array([one.day], np.int64), fund_before(view, one)
        note = int(last.note[0, 0])
        if UNKNOWN[note]:
            total.note[row][waiting & ~UNKNOWN[total.note[row]]] = _CODE[MOVED_UNKNOWN]
        elif note != _CODE[NOTHING_PAID]:
            later, _ = _moved(flows_by_fund(view), np.array([one.former], np.int64), day[None, :], on)
            came = int(last.fen[0, 0]) + later[0]
            good = waiting & (total.note[row] != _CODE[NO_MARK])
            total.since[row][good & (total.since[row] == NO_DAY)] = last.since[0, 0]
            total.fen[row][good] += came[good]
            total.moved[row][good] += came[good]
            total.touched[row][good] = True
            total.note[row][good] = np.where(total.fen[row][good] < 0, _CODE[BELOW_ZERO], _CODE[TAKEN_OVER])


def fund_before(view: View, one: Absorption) -> Grid:
    """The value of a fund on the day on which it was absorbed, as its successor took it over."""
    day = np.array([one.day], np.int64)
    return _funds(view, [one.former], day, day, one[:2])


def _left(view: View, one: Absorption, part: Grid) -> Grid | None:
    """The accounts of an absorbed fund that have no stake in the successor; None where there are none."""
    staying = {former for former in absorbed_stakes(view)[1].values() if former[0] == one.former}
    investors = stakes(view).of(None, {one.former}).investor.tolist()
    rows = [n for n, investor in enumerate(investors) if (one.former, investor) in staying]
    return _picked(part, np.array(rows, np.int64)) if rows else None


def _keep(view: View, total: Grid, row: int, one: Absorption, on: Ints, when: Bools, part: Grid) -> None:
    """Where the successor's value is the sum of its accounts, the accounts that have no stake in it stand apart."""
    by_accounts = _funds(view, [one.successor], on, on, None).note[0] == _CODE[SUM_OF_ACCOUNTS]
    own = when & by_accounts
    complete = np.all(part.known, axis=0)
    total.fen[row][own] = part.fen.sum(axis=0)[own]
    total.note[row][own] = np.where(complete, _CODE[SUM_OF_ACCOUNTS], _CODE[NO_MARK])[own]
