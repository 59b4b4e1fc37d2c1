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

from fof.book.flows import sortable
from fof.book.portfolios import current, successors
from fof.book.stakes import as_of_day, is_in, kept_per_prefix, kept_per_view, kinds_with
from fof.ledger import View, to_date
from fof.ledger.balances import pair_keys
from fof.ledger.columns import Ints, Ints32
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
    """Dues and payments of all days by (pair, day, entry), investors mapped to their successors.

    keys  : (k,) sorted pair keys of those that were ever asked       first : (k,) day of the first due
    at, entry, running : of the dues: sortable (number of the pair, day), entry, sum of fen before each (one more at the end)
    paid_* : the same of the payments of these pairs
    """

    keys: Ints
    first: Ints
    at: Ints
    entry: Ints
    running: Ints
    paid_at: Ints
    paid_entry: Ints
    paid_running: Ints

    def between(self, day: int) -> tuple[Ints, Ints, Ints, Ints]:
        """Where each pair's dues begin and end up to a day; the same of its payments since its first due."""
        number = np.arange(len(self.keys))
        until = sortable(number, np.int64(day))
        return (
            np.searchsorted(self.at, sortable(number, self.first)),
            np.searchsorted(self.at, until, side="right"),
            np.searchsorted(self.paid_at, sortable(number, self.first)),
            np.searchsorted(self.paid_at, until, side="right"),
        )


def _dues(view: View) -> _Dues:
    """Every due and payment of the prefix; one for each state of who succeeds whom."""
    kept, after = _kept(view), tuple(sorted(successors(view).items()))
    found = kept.get(after)
    if found is None:
        found = kept[after] = _every_due(View(view.journal, None, view.prefix), _successor_table(view))
    return found


@kept_per_prefix
def _kept(_view: View) -> dict[tuple[tuple[int, int], ...], _Dues]:
    return {}


def _successor_table(view: View) -> Ints32:
    table = np.arange(max(view.parties, default=0) + 1, dtype=np.int32)
    for party in successors(view):
        table[party] = current(view, party)
    return table


def _every_due(view: View, table: Ints32) -> _Dues:
    postings = view.postings
    asked = postings.where(np.flatnonzero(_DUE[postings.kind]))
    every = pair_keys(asked.fund, table[asked.from_party])
    keys, number = np.unique(every, return_inverse=True)
    order = np.lexsort((asked.entry, asked.day, number))
    at, entry, fen = sortable(number, asked.day)[order], asked.entry[order].astype(np.int64), asked.fen[order]
    if len(at):
        starts = np.flatnonzero(np.r_[True, (at[1:] != at[:-1]) | (entry[1:] != entry[:-1])])
        at, entry, fen = at[starts], entry[starts], np.add.reduceat(fen, starts)
    first = np.full(len(keys), 2**31, np.int64)
    np.minimum.at(first, number, asked.day.astype(np.int64))
    paid = postings.where(np.flatnonzero(_PAID[postings.kind]))
    own = pair_keys(paid.fund, table[paid.from_party])
    place = np.minimum(np.searchsorted(keys, own), max(len(keys) - 1, 0))
    mine = np.flatnonzero(keys[place] == own) if len(keys) else np.empty(0, np.int64)
    mine = mine[np.lexsort((paid.fen[mine], paid.entry[mine], paid.day[mine], place[mine]))]
    return _Dues(
        keys,
        first,
        at,
        entry,
        _running(fen),
        sortable(place[mine], paid.day[mine]),
        paid.entry[mine].astype(np.int64),
        _running(paid.fen[mine]),
    )


def _running(fen: Ints) -> Ints:
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(fen)])


@kept_per_prefix
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
    keys = _dues(view).keys
    wanted = is_in((keys >> 32).astype(np.int32), funds)
    wanted &= is_in((keys & 0xFFFFFFFF).astype(np.int32), investors)
    return _allocated(view, np.flatnonzero(wanted))


@kept_per_view
def unpaid(view: View) -> list[Call]:
    """Every call that is not paid in full.

    Only pairs that paid less than all their notices ask for are looked at one by one: where the total suffices,
    nothing is open.
    """
    dues = _dues(view)
    start, end, paid_start, paid_end = dues.between(as_of_day(view))
    asked = dues.running[end] - dues.running[start]
    paid = dues.paid_running[np.maximum(paid_end, paid_start)] - dues.paid_running[paid_start]
    return _allocated(view, np.flatnonzero(asked > paid), only_open=True)


def asked(view: View) -> set[int]:
    """Funds of which the book holds a call notice up to the as-of day."""
    every = _dues(view)
    start, end, _, _ = every.between(as_of_day(view))
    return set((every.keys[end > start] >> 32).tolist())


@kept_per_view
def overdue(view: View) -> dict[tuple[int, int], int]:
    """(fund, investor) -> fen open after the due day; pairs with nothing overdue are left out."""
    found: dict[tuple[int, int], int] = {}
    for call in unpaid(view):
        if call.overdue:
            pair = (call.fund, call.investor)
            found[pair] = found.get(pair, 0) + call.overdue
    return found


def _allocated(view: View, numbers: Ints, *, only_open: bool = False) -> list[Call]:
    """The calls of some pairs, payments set against them."""
    every = _dues(view)
    places = zip(*(column[numbers].tolist() for column in every.between(as_of_day(view))), strict=True)
    found = []
    for key, (start, end, paid_start, paid_end) in zip(every.keys[numbers].tolist(), places, strict=True):
        if end <= start:
            continue
        asked = list(
            zip(
                every.entry[start:end].tolist(), np.diff(every.running[start : end + 1]).tolist(), strict=True
            )
        )
        payments: list[tuple[int, int, int]] = []
        if paid_end > paid_start:
            days = (every.paid_at[paid_start:paid_end] & (2**33 - 1)) - 2**31
            fen = np.diff(every.paid_running[paid_start : paid_end + 1])
            payments = list(
                zip(days.tolist(), every.paid_entry[paid_start:paid_end].tolist(), fen.tolist(), strict=True)
            )
        dues = _of_pair(view, asked, payments)
        found += [_call(view, key, d) for d in dues if not only_open or d.paid < d.due]
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


def _of_pair(view: View, asked: list[tuple[int, int]], payments: list[tuple[int, int, int]]) -> list[_Open]:
    """The dues of one pair after its payments, by day and entry."""
    rows, entry_day = _rows_by_entry(view), view.columns.entry_day
    dues = []
    for entry, fen in asked:
        _, number, due_on = rows.get(entry, (0, "", None))
        dues.append(_Open(entry, int(entry_day[entry]), number, due_on, fen))
    dues.sort(key=lambda d: (d.due_on or to_date(d.day), d.day, d.entry))
    first = min(d.day for d in dues)
    by_number: dict[str, list[_Open]] = {}
    for due in dues:
        by_number.setdefault(due.number, []).append(due)
    rest = []
    for day, entry, fen in payments:
        if day < first:
            continue
        named = rows.get(entry)
        left = fen
        if named is not None:
            for due in by_number.get(named[1], ()):
                left = due.take(left, day)
        if left:
            rest.append((day, left))
    still = 0  # dues before this one are paid in full
    for day, left in rest:
        while left and still < len(dues):
            left = dues[still].take(left, day)
            still += left > 0
    return sorted(dues, key=lambda d: (d.day, d.entry))


def _call(view: View, key: int, due: _Open) -> Call:
    as_of = view.as_of or dt.date.max
    late, over = 0, 0
    paid_on = None if due.paid_on is None else to_date(due.paid_on)
    if due.due_on is not None:
        until = paid_on or as_of
        late = max(0, (until - due.due_on).days) if view.as_of or paid_on else 0
        over = due.due - due.paid if paid_on is None and as_of > due.due_on else 0
    return Call(
        key >> 32,
        key & 0xFFFFFFFF,
        due.number,
        due.entry,
        to_date(due.day),
        due.due_on,
        due.due,
        due.paid,
        paid_on,
        over,
        late if paid_on is not None or over else 0,
    )
