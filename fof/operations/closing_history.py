"""What was called before a closing and by whom it is carried now, earlier closings included.

A closing shares out every earlier call again, so after it the notices no longer say who carries which call. The book
holds what moved; which call it belongs to follows from the commitments of that closing's day, as when it was planned.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from fof.book.notices import Call, calls
from fof.book.reading import Bools
from fof.book.stakes import by_investor, stakes
from fof.ledger import View
from fof.ledger.journal_columns import Ints
from models.frozen import frozen
from models.kinds import NoticeKind
from models.posting_kinds import PostingKind
from valuation.split import split

_RETURNED = (PostingKind.EXCESS_CALL_RETURNED, PostingKind.EQUALISATION_RECEIVED)


@frozen
class Called:
    """Calls of a fund before a day, in fen.

    days, matrix : due day of each call and (calls, investors) what each investor carries of it, inside the commitment
    left_out     : (calls, investors) True for who was excused from the call, or in default: a closing leaves that so
    explained    : investor → paid-in capital that the notices and the earlier closings explain, outside included
    outside      : asked outside the commitment in all            open : parts of notices that are not paid up
    """

    days: tuple[dt.date, ...]
    matrix: Ints
    left_out: Bools
    explained: Mapping[int, int]
    outside: int
    open: tuple[Call, ...]


def called_before(view: View, fund: int, investors: Sequence[int]) -> Called:
    """The calls the view knows, shared out as they stand at its as-of day; investors in the order of their codes."""
    all_calls = calls(view, {fund})
    closings = _closings(view, fund)
    regular = sorted(
        {(c.due_on or c.notice_on, c.entry, c.notice_on) for c in all_calls if c.number not in closings},
        key=lambda call: call[:2],
    )
    place = {entry: i for i, (_, entry, _) in enumerate(regular)}
    column = {who: i for i, who in enumerate(investors)}
    matrix = np.zeros((len(regular), len(investors)), np.int64)
    explained: dict[int, int] = defaultdict(int)
    outside = 0
    for call in all_calls:
        beyond = call.due - call.inside
        outside += beyond
        if call.entry in place and call.investor in column:
            matrix[place[call.entry], column[call.investor]] += call.due - beyond
            explained[call.investor] += beyond
        elif call.entry in place:
            explained[call.investor] += call.due
    left_out = np.zeros(matrix.shape, bool)
    for row, out, (_, _, notice_on) in zip(matrix, left_out, regular, strict=True):
        weights = _committed(view, fund, notice_on, investors)
        if row.any() and weights.any():  # a part too small for a fen is no excuse
            out[:] = (row == 0) & (split(int(row.sum()), weights) > 0)
    for closing_on in sorted(closings.values()):
        weights = _committed(view, fund, closing_on, investors)
        for row, out, (_, _, notice_on) in zip(matrix, left_out, regular, strict=True):
            if notice_on < closing_on and (shared := np.where(out, 0, weights)).any():
                row[:] = split(int(row.sum()), shared)
    for who, i in column.items():
        explained[who] += int(matrix[:, i].sum())
    days = tuple(day for day, _, _ in regular)
    return Called(days, matrix, left_out, dict(explained), outside, tuple(c for c in all_calls if c.open))


def _closings(view: View, fund: int) -> dict[str, dt.date]:
    """Number → day of the earlier closings: a call notice and a return of excess capital under one number."""
    noticed = {
        n.row.number: n.day
        for n in view.notices
        if n.row.fund == fund and n.row.kind == NoticeKind.CAPITAL_CALL and n.row.due_on is not None
    }
    days = {}
    for n in view.notices:
        if n.row.fund == fund and n.row.kind == NoticeKind.DISTRIBUTION and n.row.number in noticed:
            kinds = view.postings.of_entry(n.entry).kind
            if len(kinds) and np.isin(kinds, _RETURNED).all():
                days[n.row.number] = noticed[n.row.number]
    return days


def _committed(view: View, fund: int, day: dt.date, investors: Sequence[int]) -> Ints:
    own = stakes(view.on(day)).of(None, {fund})
    return np.maximum(by_investor(own, "committed", investors), 0)
