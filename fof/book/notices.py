"""Call notices and their payment: what is due, paid, late and short, notice by notice. The one answer to what is open.

An investor's part of a notice is all its entry asks of it, in- and outside the commitment; who was excused or is in
default and was asked nothing has no part. Payments are set against the parts as fof.rules.settlement says: a payment names
a notice by a notice row of its entry, which asks for nothing itself. What was reversed is not there. A predecessor's
notices and payments count as its successor's. A stake that changes hands leaves its open calls with who was asked.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

import numpy as np

from fof.book.flows import sortable
from fof.book.reading import Bools, as_of_day, is_among, is_in, kinds_with, once_per_prefix, once_per_view
from fof.book.succession import current, successors
from fof.ledger import View, day_number, to_date
from fof.ledger.balances import pair_keys
from fof.ledger.journal_columns import Ints, Ints32
from fof.rules.settlement import Settled, settle
from models.frozen import frozen
from models.kinds import NoticeKind
from models.posting_kinds import TREATMENTS, PostingKind

_DUE = kinds_with(lambda k: k in (PostingKind.CALL_DUE, PostingKind.CALL_DUE_OUTSIDE))
_PAID = kinds_with(lambda k: TREATMENTS[k].from_investor is True and TREATMENTS[k].paid_in == 1)
_GIVEN_BACK = kinds_with(lambda k: TREATMENTS[k].from_investor is False and TREATMENTS[k].paid_in == -1)


@frozen
class Call:
    """One investor's part of one call notice, in fen.

    entry             : the entry of the notice          due_on : last day to pay, None where not stated
    due, paid         : asked for, and paid up to the as-of day        inside : the part of `due` inside the commitment
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
    inside: int
    paid: int
    paid_on: dt.date | None
    overdue: int
    days_late: int

    @property
    def open(self) -> int:
        """Still to be paid."""
        return self.due - self.paid

    @property
    def open_inside(self) -> int:
        """What is open of the commitment; of a notice that was paid in part all that is open, up to what was asked there."""
        return min(self.open, self.inside)

    @property
    def state(self) -> str:
        """paid, late (paid after the due day), overdue or open."""
        if self.open == 0:
            return "late" if self.days_late else "paid"
        return "overdue" if self.overdue else "open"


@frozen
class _Dues:
    """Dues and payments of all days by (pair, day, entry), investors mapped to their successors.

    keys  : (k,) sorted pair keys of those that were ever asked       first : (k,) day of the first due
    at, entry, running : of the dues: sortable (number of the pair, day), entry, sum of fen before each (one more at the end)
    inside : of the dues: fen asked for inside the commitment
    paid_* : the same of the payments of these pairs, what was given back below zero
    settled : of each due the latest of its pair, itself included, before whose day all was paid, -1 for none (see `_settled`)
    since   : of each due the first payment of its day or later
    """

    keys: Ints
    first: Ints
    at: Ints
    entry: Ints
    running: Ints
    inside: Ints
    paid_at: Ints
    paid_entry: Ints
    paid_running: Ints
    settled: Ints
    since: Ints

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
    by_successors, after = _dues_known(view), tuple(sorted(successors(view).items()))
    dues = by_successors.get(after)
    if dues is None:
        dues = by_successors[after] = _every_due(
            View(view.journal, None, view.prefix), _successor_table(view)
        )
    return dues


@once_per_prefix
def _dues_known(_view: View) -> dict[tuple[tuple[int, int], ...], _Dues]:
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
    inside = np.where(asked.kind[order] == PostingKind.CALL_DUE, fen, 0)
    if len(at):
        starts = np.flatnonzero(np.r_[True, (at[1:] != at[:-1]) | (entry[1:] != entry[:-1])])
        at, entry = at[starts], entry[starts]
        fen, inside = np.add.reduceat(fen, starts), np.add.reduceat(inside, starts)
    first = np.full(len(keys), 2**31, np.int64)
    np.minimum.at(first, number, asked.day.astype(np.int64))
    paid = postings.where(np.flatnonzero(_PAID[postings.kind] | _GIVEN_BACK[postings.kind]))
    back = _GIVEN_BACK[paid.kind]
    moved = np.where(back, -paid.fen, paid.fen)
    own = pair_keys(paid.fund, table[np.where(back, paid.to_party, paid.from_party)])
    place = np.minimum(np.searchsorted(keys, own), max(len(keys) - 1, 0))
    mine = np.flatnonzero(keys[place] == own) if len(keys) else np.empty(0, np.int64)
    mine = mine[np.lexsort((moved[mine], paid.entry[mine], paid.day[mine], place[mine]))]
    paid_entry = paid.entry[mine].astype(np.int64)
    naming = [entry for entry, (notice, _) in _rows_by_entry(view).items() if notice]
    amounts = (at, _running(fen), sortable(place[mine], paid.day[mine]), _running(moved[mine]))
    return _Dues(
        keys,
        first,
        at,
        entry,
        amounts[1],
        inside,
        amounts[2],
        paid_entry,
        amounts[3],
        *_settled(*amounts, is_among(paid_entry, np.array(naming, np.int64))),
    )


def _settled(at: Ints, running: Ints, paid_at: Ints, paid_running: Ints, naming: Bools) -> tuple[Ints, Ints]:
    """`settled` and `since` of _Dues: dues before whose day every notice was paid to the fen. What was paid before then counts
    for none of them or of those after it.

    Only where until then no payment named a notice, nothing was given back, and never more was paid than had been asked.
    """
    number, of_paid = at >> 33, paid_at >> 33
    begun = np.searchsorted(number, number)
    from_first = np.searchsorted(paid_at, at[begun])
    own = np.searchsorted(number, of_paid)  # the first due of each payment's pair
    counts = paid_at >= at[own]
    over = paid_running[1:] - paid_running[np.searchsorted(paid_at, at[own])] > (
        running[np.searchsorted(at, paid_at, side="right")] - running[own]
    )
    unclear = _running((counts & (naming | over | (np.diff(paid_running) <= 0))).astype(np.int64))
    since = np.searchsorted(paid_at, at)
    of_day = np.searchsorted(at, at)
    whole = paid_running[since] - paid_running[from_first] == running[of_day] - running[begun]
    whole &= (of_day == np.arange(len(at))) & (unclear[since] == unclear[from_first])
    latest = np.maximum.accumulate(np.where(whole, np.arange(len(at)), -1))
    return np.where(latest >= begun, latest, -1), since


def _running(fen: Ints) -> Ints:
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(fen)])


@once_per_prefix
def _rows_by_entry(view: View) -> dict[int, tuple[str, dt.date | None]]:
    """Entry -> (number, due day) of its capital-call notice row."""
    entries, columns = view.prefix.arrays_of("notice", "kind", "number", "due_on")
    rows = zip(entries.tolist(), *(column.listed() for column in columns), strict=True)
    return {
        entry: (number, due_on) for entry, kind, number, due_on in rows if kind == NoticeKind.CAPITAL_CALL
    }


def calls(
    view: View, funds: Collection[int] | None = None, investors: Collection[int] | None = None
) -> list[Call]:
    """Every investor's part of every call notice of the funds, by fund, investor and notice day."""
    keys = _dues(view).keys
    wanted = is_in((keys >> 32).astype(np.int32), funds)
    wanted &= is_in((keys & 0xFFFFFFFF).astype(np.int32), investors)
    return _allocated(view, np.flatnonzero(wanted))


@once_per_view
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


@once_per_view
def overdue(view: View) -> dict[tuple[int, int], int]:
    """(fund, investor) -> fen open after the due day; pairs with nothing overdue are left out."""
    totals: dict[tuple[int, int], int] = {}
    for call in unpaid(view):
        if call.overdue:
            pair = (call.fund, call.investor)
            totals[pair] = totals.get(pair, 0) + call.overdue
    return totals


def _allocated(view: View, numbers: Ints, *, only_open: bool = False) -> list[Call]:
    """The calls of some pairs, payments set against them, by notice day and entry."""
    every, rows = _dues(view), _rows_by_entry(view)
    start, end, paid_start, paid_end = (column[numbers] for column in every.between(as_of_day(view)))
    if only_open:  # what was settled is not gone through once more
        latest = every.settled[end - 1]
        start, paid_start = (
            np.where(latest >= 0, latest, start),
            np.where(latest >= 0, every.since[latest], paid_start),
        )
    places = zip(*(column.tolist() for column in (start, end, paid_start, paid_end)), strict=True)
    listed = []
    for key, (start, end, paid_start, paid_end) in zip(every.keys[numbers].tolist(), places, strict=True):
        entries = every.entry[start:end].tolist()
        days = _days(every.at[start:end])
        asked = np.diff(every.running[start : end + 1]).tolist()
        parts: dict[int, Settled[int]] = {}
        inside = every.inside[start:end].tolist()
        for entry, day, fen in zip(entries, days, asked, strict=True):
            number, due_on = rows.get(entry, ("", None))
            parts[entry] = Settled(number, day, None if due_on is None else day_number(due_on), fen)
        paid = zip(
            _days(every.paid_at[paid_start:paid_end]),
            np.diff(every.paid_running[paid_start : max(paid_end, paid_start) + 1]).tolist(),
            every.paid_entry[paid_start:paid_end].tolist(),
            strict=True,
        )
        if paid_start < paid_end:
            settle(parts.values(), [(d, fen, rows.get(e, ("", None))[0]) for d, fen, e in paid])
        listed += [
            _call(view, key, entry, own, part)
            for (entry, part), own in zip(parts.items(), inside, strict=True)
            if part.open or not only_open
        ]
    return listed


def _days(at: Ints) -> list[int]:
    """The days in sortable numbers."""
    return ((at & (2**33 - 1)) - 2**31).tolist()  # type: ignore[no-any-return]


def _call(view: View, key: int, entry: int, inside: int, part: Settled[int]) -> Call:
    assert part.asked_on is not None
    late, over, today = 0, 0, as_of_day(view)
    if part.due_on is not None:
        if part.full_on is not None:
            late = max(0, part.full_on - part.due_on)
        elif today > part.due_on:
            over, late = part.open, today - part.due_on if view.as_of else 0
    return Call(
        key >> 32,
        key & 0xFFFFFFFF,
        part.notice,
        entry,
        to_date(part.asked_on),
        None if part.due_on is None else to_date(part.due_on),
        part.fen,
        inside,
        part.paid,
        None if part.full_on is None else to_date(part.full_on),
        over,
        late,
    )
