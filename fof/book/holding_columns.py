"""Every holding of every fund at once, in columns: shares, cost and value on a day.

What the events of a holding make of it is worked out once for a prefix of the journal (fof.book.cost_paths); a day is then
a search for the last event before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from fof.book.cost_paths import companies_of, cost_paths
from fof.book.flows import sortable
from fof.book.holdings import stated_for
from fof.book.marks import mark_index, marks
from fof.book.reading import Bools, Floats, as_of_day, is_among, once_per_prefix, once_per_view
from fof.book.succession import successors
from fof.ledger import View, day_number
from fof.ledger.balances import pair_keys
from fof.ledger.journal_columns import Ints, Ints32
from models.frozen import frozen
from models.posting_kinds import PostingKind


@frozen
class HoldingColumns:
    """Every holding of every fund on the as-of day, by fund and company code; arrays of equal length.

    fund, company : int32 party ids       invested, cost : int64 fen, as in Holding; paid: what of invested was cash      share : nan where not known
    gone  : sold as a whole or written off           deals : whether there is a deal beside the money
    value : int64 fen, 0 where not `valued`
    """

    fund: Ints32
    company: Ints32
    invested: Ints
    paid: Ints
    cost: Ints
    share: Floats
    gone: Bools
    deals: Bools
    value: Ints
    valued: Bools


@frozen
class _Steps:
    """What every holding of a prefix becomes, event by event.

    fund, company : (pairs,)
    at   : (steps,) sortable (number of the pair, day of the event), ascending; the columns after it: its state from there
    moved_at, moved, moves : (moves[+1],) money that enters the value, in running sums and counts
    """

    fund: Ints32
    company: Ints32
    at: Ints
    invested: Ints
    paid: Ints
    cost: Ints
    share: Floats
    gone: Bools
    deals: Bools
    moved_at: Ints
    moved: Ints


@once_per_prefix
def _steps(view: View) -> _Steps:
    pairs: list[tuple[int, int]] = []
    steps: list[tuple[int, int, int, int, int, float, bool, bool]] = []
    moved: list[tuple[int, int, int]] = []
    for fund in sorted(companies_of(view)):
        for company in companies_of(view)[fund]:
            number = len(pairs)
            pairs.append((fund, company))
            path = cost_paths(view)[fund, company]
            for day in sorted({*(day_number(d.day) for d in path.deals), *(m.day for m in path.moves)}):
                if path.held_before(day):
                    held, closed = path.share(day), path.closed_on(day) is not None
                    own = (
                        path.invested(day),
                        path.paid(day),
                        path.cost(day),
                        float("nan") if held is None else held,
                        closed,
                    )
                    steps.append((number, day, *own, bool(path.deals_upto(day))))
            moved += [(number, m.day, m.fen) for m in path.moves if m.kind != PostingKind.DIVIDEND]
    at, on, invested, paid, cost, part, gone, deal = _columns(steps, 8)
    which, moved_on, fen = _columns(moved, 3)
    funds, companies = _columns(pairs, 2)
    return _Steps(
        np.array(funds, np.int32),
        np.array(companies, np.int32),
        sortable(np.array(at, np.int64), np.array(on, np.int64)),
        np.array(invested, np.int64),
        np.array(paid, np.int64),
        np.array(cost, np.int64),
        np.array(part, np.float64),
        np.array(gone, bool),
        np.array(deal, bool),
        sortable(np.array(which, np.int64), np.array(moved_on, np.int64)),
        np.concatenate([[0], np.cumsum(np.array(fen, np.int64))]),
    )


def _columns(rows: Sequence[tuple[Any, ...]], width: int) -> Sequence[Sequence[Any]]:
    return list(zip(*rows, strict=True)) if rows else [()] * width


@once_per_view
def holding_columns(view: View) -> HoldingColumns:
    """What `all_holdings` says of shares, costs and values, in columns: thousands of holdings in a millisecond or two."""
    steps, day = _steps(view), as_of_day(view)
    number = np.arange(len(steps.fund))
    place = np.searchsorted(steps.at, sortable(number, np.int64(day)), side="right") - 1
    there = np.flatnonzero(place >= np.searchsorted(steps.at, sortable(number, np.int64(-(2**31)))))
    place, number = place[there], number[there]
    fund, company, gone = steps.fund[there], steps.company[there], steps.gone[place]
    after = successors(view)
    stated = fund.copy()
    for row in np.flatnonzero(is_among(fund, list(after))).tolist() if after else ():
        stated[row] = stated_for(view, int(fund[row]), int(company[row]))
    mark = mark_index(view).latest(pair_keys(company, stated), day)
    known, columns = mark >= 0, marks(view)
    since = np.where(known, columns.day[mark] if len(columns) else 0, 0).astype(np.int64)
    upto = np.searchsorted(steps.moved_at, sortable(number, np.int64(day)), side="right")
    start = np.searchsorted(steps.moved_at, sortable(number, since), side="right")
    value = (
        np.where(known, columns.fen[mark] if len(columns) else 0, 0) + steps.moved[upto] - steps.moved[start]
    )
    valued = gone | (known & ((value >= 0) | (upto == start)))
    return HoldingColumns(
        fund,
        company,
        steps.invested[place],
        steps.paid[place],
        steps.cost[place],
        steps.share[place],
        gone,
        steps.deals[place],
        np.where(valued & ~gone, value, 0),
        valued,
    )
