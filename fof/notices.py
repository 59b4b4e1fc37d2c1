"""Call notices and their payment: what is due, paid, late and short, notice by notice.

A payment counts for the notice it names (a notice row of its entry, without dues of its own); what names none, or is
more than the named notice asked, pays the oldest open notice first. Payments from before an investor's first notice
pay none. A predecessor's notices and payments count as its successor's.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from fof.ledger import View, to_date
from fof.ledger.columns import Ints
from fof.portfolios import current
from fof.stakes import is_in, kept_per_view, kinds_with, pair_keys
from models.kinds import NoticeKind
from models.posting_kinds import TREATMENTS, PostingKind

_DUE = kinds_with(lambda k: k in (PostingKind.CALL_DUE, PostingKind.CALL_DUE_OUTSIDE))
_PAID = kinds_with(lambda k: TREATMENTS[k].from_investor is True and TREATMENTS[k].paid_in == 1)


@dataclass(frozen=True, slots=True)
class Call:
    """One investor's part of one call notice, in fen.

    entry             : the entry of the notice          due_on : last day to pay, None where not stated
    due, paid         : asked for, and paid up to the as-of day
    paid_on           : the day it was paid in full, None while it is not
    overdue           : what is still open after the due day
    days_late         : of a payment in full, or of what is open, counted from the due day; 0 where in time
    """

    fund: int
    investor: int
    number: str
    entry: int
    notice_on: dt.date
    due_on: dt.date | None
    due: int
    paid: int
    paid_on: dt.date | None
    overdue: int
    days_late: int

    @property
    def open(self) -> int:
        """Still to be paid."""
        return self.due - self.paid

    @property
    def state(self) -> str:
        """paid, late (paid after the due day), overdue or open."""
        if self.open == 0:
            return "late" if self.days_late else "paid"
        return "overdue" if self.overdue else "open"


@dataclass(frozen=True, slots=True)
class _Dues:
    """Dues by (fund, investor, entry) and payments, investors mapped to their successors; keys are pair keys."""

    key: Ints
    entry: Ints
    fen: Ints
    paid_key: Ints
    paid_day: Ints
    paid_fen: Ints
    paid_entry: Ints


@kept_per_view
def _dues(view: View) -> _Dues:
    postings = view.postings
    table = np.arange(max(view.parties, default=0) + 1, dtype=np.int32)
    for party in view.parties:
        table[party] = current(view, party)
    asked = postings.where(np.flatnonzero(_DUE[postings.kind]))
    keys = pair_keys(asked.fund, table[asked.from_party])
    order = np.lexsort((asked.entry, keys))
    keys, entries, fen = keys[order], asked.entry[order].astype(np.int64), asked.fen[order]
    if len(keys):
        starts = np.flatnonzero(np.r_[True, (keys[1:] != keys[:-1]) | (entries[1:] != entries[:-1])])
        keys, entries, fen = keys[starts], entries[starts], np.add.reduceat(fen, starts)
    paid = postings.where(np.flatnonzero(_PAID[postings.kind]))
    paid_keys = pair_keys(paid.fund, table[paid.from_party])
    return _Dues(
        keys, entries, fen, paid_keys, paid.day.astype(np.int64), paid.fen, paid.entry.astype(np.int64)
    )


@kept_per_view
def _rows_by_entry(view: View) -> dict[int, tuple[int, str, dt.date | None]]:
    """Entry -> (fund, number, due day) of its capital-call notice row."""
    return {
        n.entry: (n.row.fund, n.row.number, n.row.due_on)
        for n in view.notices
        if n.row.kind == NoticeKind.CAPITAL_CALL
    }


def calls(
    view: View, funds: Collection[int] | None = None, investors: Collection[int] | None = None
) -> list[Call]:
    """Every investor's part of every call notice of the funds, by fund, investor and notice day."""
    dues = _dues(view)
    wanted = is_in((dues.key >> 32).astype(np.int32), funds)
    wanted &= is_in((dues.key & 0xFFFFFFFF).astype(np.int32), investors)
    return _allocated(view, np.unique(dues.key[wanted]))


@kept_per_view
def unpaid(view: View) -> list[Call]:
    """Every call that is not paid in full, and the others of the same pairs.

    Only pairs that paid less than all their notices ask for are looked at one by one: where the total suffices,
    nothing is open.
    """
    dues = _dues(view)
    if not len(dues.key):
        return []
    keys, place = np.unique(dues.key, return_inverse=True)
    open_fen = np.zeros(len(keys), np.int64)
    np.add.at(open_fen, place, dues.fen)
    first = np.full(len(keys), 2**31, np.int64)
    np.minimum.at(first, place, view.columns.entry_day[dues.entry].astype(np.int64))
    at = np.minimum(np.searchsorted(keys, dues.paid_key), len(keys) - 1)
    counts = (keys[at] == dues.paid_key) & (dues.paid_day >= first[at])
    np.subtract.at(open_fen, at[counts], dues.paid_fen[counts])
    return _allocated(view, keys[open_fen > 0])


@kept_per_view
def overdue(view: View) -> dict[tuple[int, int], int]:
    """(fund, investor) -> fen open after the due day; pairs with nothing overdue are left out."""
    found: dict[tuple[int, int], int] = {}
    for call in unpaid(view):
        if call.overdue:
            pair = (call.fund, call.investor)
            found[pair] = found.get(pair, 0) + call.overdue
    return found


def _allocated(view: View, keys: Ints) -> list[Call]:
    """The calls of some pairs, payments set against them."""
    dues = _dues(view)
    order = np.argsort(dues.paid_key, kind="stable")
    paid_keys = dues.paid_key[order]
    found = []
    for key in keys.tolist():
        asked = slice(*np.searchsorted(dues.key, [key, key + 1]).tolist())
        paid = order[slice(*np.searchsorted(paid_keys, [key, key + 1]).tolist())]
        payments = sorted(
            zip(
                dues.paid_day[paid].tolist(),
                dues.paid_entry[paid].tolist(),
                dues.paid_fen[paid].tolist(),
                strict=True,
            )
        )
        asked_for = list(zip(dues.entry[asked].tolist(), dues.fen[asked].tolist(), strict=True))
        found += _of_pair(view, key, asked_for, payments)
    return found


@dataclass(slots=True)
class _Open:
    """A due while payments are set against it."""

    entry: int
    day: int
    number: str
    due_on: dt.date | None
    due: int
    paid: int = 0
    paid_on: int | None = None

    def take(self, fen: int, day: int) -> int:
        """Accept up to what is open; returns the rest."""
        used = min(fen, self.due - self.paid)
        self.paid += used
        if used and self.paid == self.due:
            self.paid_on = day
        return fen - used


def _of_pair(
    view: View, key: int, asked: list[tuple[int, int]], payments: list[tuple[int, int, int]]
) -> list[Call]:
    rows, entry_day = _rows_by_entry(view), view.columns.entry_day
    dues = []
    for entry, fen in asked:
        _, number, due_on = rows.get(entry, (0, "", None))
        dues.append(_Open(entry, int(entry_day[entry]), number, due_on, fen))
    dues.sort(key=lambda d: (d.due_on or to_date(d.day), d.day, d.entry))
    first = min(d.day for d in dues)
    rest = []
    for day, entry, fen in payments:
        if day < first:
            continue
        named = rows.get(entry)
        left = fen
        if named is not None:
            for due in (d for d in dues if d.number == named[1]):
                left = due.take(left, day)
        if left:
            rest.append((day, left))
    for day, fen in rest:
        left = fen
        for due in dues:
            left = due.take(left, day)
    return [_call(view, key, due) for due in sorted(dues, key=lambda d: (d.day, d.entry))]


def _call(view: View, key: int, due: _Open) -> Call:
    as_of = view.as_of or dt.date.max
    late, over = 0, 0
    paid_on = None if due.paid_on is None else to_date(due.paid_on)
    if due.due_on is not None:
        until = paid_on or as_of
        late = max(0, (until - due.due_on).days) if view.as_of or paid_on else 0
        over = due.due - due.paid if paid_on is None and as_of > due.due_on else 0
    return Call(
        key >> 32, key & 0xFFFFFFFF, due.number, due.entry, to_date(due.day), due.due_on, due.due, due.paid, paid_on,
        over, late if paid_on is not None or over else 0,
    )  # fmt: skip
