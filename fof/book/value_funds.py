"""Values of whole funds on days: as stated, or as their capital accounts add up, with what they absorbed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from fof.book.absorbed import Absorption, absorptions
from fof.book.flows import flows_by_fund
from fof.book.marks import marks
from fof.book.reading import Bools
from fof.book.stakes import stakes
from fof.book.value_accounts import account_grid
from fof.book.value_grid import (
    ABSORBED,
    BELOW_ZERO,
    CODE,
    MOVED_UNKNOWN,
    NO_DAY,
    NO_MARK,
    NOTHING_PAID,
    SUM_OF_ACCOUNTS,
    TAKEN_OVER,
    UNKNOWN,
    Grid,
    Stated,
    money_since,
    picked,
    rolled,
    settled,
)
from fof.ledger import View
from fof.ledger.journal_columns import Ints


def fund_grid(view: View, funds: Sequence[int], days: Sequence[int]) -> Grid:
    """Values of whole funds on days: the total as stated, or the sum of the capital accounts.

    The total counts unless every capital account was stated later than it. A sum has no mark of its own (mark -1,
    since: the oldest statement in it). What a fund absorbed counts with it until its own value is stated anew.
    """
    return settled(_funds(view, funds, np.array(days, np.int64), np.array(days, np.int64), None))


def _funds(view: View, funds: Sequence[int], on: Ints, upto: Ints, before: tuple[int, int] | None) -> Grid:
    """The values of funds, with what they absorbed before another absorption (day, entry; None: all)."""
    keys = np.array(sorted(set(funds)), np.int64)
    columns = marks(view)
    own = np.where(columns.holding == columns.holder, columns.holding, -1).astype(np.int64)
    taken = [a for a in absorptions(view) if before is None or a[:2] < before]
    for one in taken:
        own[(own == one.former) & (columns.day == one.day) & (columns.fen == 0)] = -1  # says what is left
    stated = Stated(np.arange(len(columns)), own, np.ones(len(columns), np.int64))
    total = rolled(columns, keys, stated, flows_by_fund(view), on, upto)
    stated_on = total.since.copy()
    accounts = [(row, *own) for row, fund in enumerate(keys.tolist()) for own in _accounts(view, fund, taken)]
    grid = account_grid(view, [pair for _, pair, _ in accounts], on, before)[0]
    rows: dict[int, list[int]] = defaultdict(list)
    for n, (row, _, since) in enumerate(accounts):
        rows[row].append(n)
        if since > NO_DAY:
            _not_yet(grid, n, on < since)
    for row, own_rows in rows.items():
        _prefer_accounts(total, row, picked(grid, np.array(own_rows, np.int64)))
    for one in taken:
        _absorb(view, total, keys.tolist(), one, on, stated_on)
    return picked(total, np.searchsorted(keys, np.array(funds, np.int64)))


def fund_accounts(view: View, fund: int) -> list[tuple[int, int]]:
    """The (fund, investor) accounts that a fund's value is the sum of: its own, and those of funds that it absorbed whose
    investors have no stake in it."""
    return [pair for pair, _ in _accounts(view, fund, absorptions(view))]


def _accounts(view: View, fund: int, taken: Sequence[Absorption]) -> list[tuple[tuple[int, int], int]]:
    """These accounts, and the day from which on each is the fund's."""
    own = [((fund, who), NO_DAY) for who in stakes(view).of(None, {fund}).investor.tolist()]
    there = {who for (_, who), _ in own}
    for one in taken:
        if one.successor == fund:
            below = _accounts(view, one.former, [a for a in taken if a != one])
            own += [(pair, max(day, one.day)) for pair, day in below if pair[1] not in there]
    return own


def _not_yet(grid: Grid, row: int, when: Bools) -> None:
    """Before a fund was absorbed its accounts are none of its successor's: 0 for certain."""
    grid.fen[row][when], grid.moved[row][when], grid.touched[row][when] = 0, 0, False
    grid.note[row][when], grid.mark[row][when], grid.since[row][when] = CODE[ABSORBED], -1, NO_DAY


def _prefer_accounts(total: Grid, row: int, part: Grid) -> None:
    """Put the sum of the capital accounts in a fund's row on the days on which it tells more."""
    stated = part.since > NO_DAY
    oldest = np.where(stated, part.since, 2**31).min(axis=0)
    complete: Bools = np.all(part.known, axis=0) & np.any(stated, axis=0)
    no_total = total.note[row] == CODE[NO_MARK]
    better = complete & (no_total | (oldest > total.since[row]))
    total.fen[row][better] = part.fen.sum(axis=0)[better]
    total.since[row][better] = oldest[better]
    total.moved[row][better] = part.moved.sum(axis=0)[better]
    total.touched[row][better] = np.asarray(np.any(part.touched, axis=0))[better]
    total.mark[row][better] = -1
    total.note[row][better] = CODE[SUM_OF_ACCOUNTS]


def _absorb(
    view: View,
    total: Grid,
    keys: list[int],
    one: Absorption,
    on: Ints,
    stated_on: Ints,
) -> None:
    """A fund that was absorbed is worth nothing of its own from then on; its successor is worth that more until stated."""
    after = on >= one.day
    if one.former in keys:
        row = keys.index(one.former)
        gone = after & (stated_on[row] <= one.day)
        total.fen[row][gone], total.moved[row][gone], total.touched[row][gone] = 0, 0, False
        total.note[row][gone], total.mark[row][gone], total.since[row][gone] = CODE[ABSORBED], -1, NO_DAY
    if one.successor in keys:
        row = keys.index(one.successor)
        waiting = after & (total.since[row] < one.day) & (total.note[row] != CODE[SUM_OF_ACCOUNTS])
        day, last = np.array([one.day], np.int64), fund_before(view, one)
        note = int(last.note[0, 0])
        if UNKNOWN[note]:
            total.note[row][waiting & ~UNKNOWN[total.note[row]]] = CODE[MOVED_UNKNOWN]
        elif note != CODE[NOTHING_PAID]:
            later, _ = money_since(flows_by_fund(view), np.array([one.former], np.int64), day[None, :], on)
            came = int(last.fen[0, 0]) + later[0]
            good = waiting & (total.note[row] != CODE[NO_MARK])
            total.since[row][good & (total.since[row] == NO_DAY)] = last.since[0, 0]
            total.fen[row][good] += came[good]
            total.moved[row][good] += came[good]
            total.touched[row][good] = True
            total.note[row][good] = np.where(total.fen[row][good] < 0, CODE[BELOW_ZERO], CODE[TAKEN_OVER])


def fund_before(view: View, one: Absorption) -> Grid:
    """The value of a fund on the day on which it was absorbed, as its successor took it over."""
    day = np.array([one.day], np.int64)
    return _funds(view, [one.former], day, day, one[:2])
