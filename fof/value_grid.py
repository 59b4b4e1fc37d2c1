"""Values of many stakes or funds on many days at once, in arrays.

The latest mark on or before the day counts (of two on one day the later entry). Money between the investor and the
fund after the mark is added to it: value = mark + paid in - distributed. A stake without a mark has no value, unless
nothing was ever paid in, the stake was handed over as a whole, or the fund is wound up. A stake taken over as a whole
brings the former holder's mark along until the new holder's own account is stated; of a stake handed over in part
neither side has a value until then.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fof.flows import FlowIndex, flows_by_fund, flows_by_stake, flows_with, sortable
from fof.ledger import View, day_number
from fof.ledger.balances import movements
from fof.ledger.columns import Ints
from fof.marks import marks
from fof.stakes import Bools, Reason, as_of_day, is_in, kept_per_prefix, kept_per_view, pair_keys, stakes
from models.kinds import FundStatus
from models.posting_kinds import PostingKind

NO_MARK = Reason("no_mark", "尚无净值报告", "no statement of value yet")
NOTHING_PAID = Reason("nothing_paid", "尚未出资", "nothing paid in yet")
HANDED_OVER = Reason("handed_over", "份额已全部转出", "the stake was handed over as a whole")
PARTLY_MOVED = Reason(
    "partly_moved",
    "估值日后有部分份额转让，须有新的净值报告",
    "part of the stake changed hands after the statement; a new one is needed",
)
WOUND_UP = Reason("wound_up", "基金已清算", "the fund is wound up")
BELOW_ZERO = Reason(
    "below_zero",
    "最近净值之后的分配已超过净值，须有新的净值报告",
    "distributions since the statement exceed it; a new one is needed",
)
TAKEN_OVER = Reason("taken_over", "承继原持有人的净值", "carried over from the former holder's statement")
SUM_OF_ACCOUNTS = Reason("sum_of_accounts", "各出资人资本账户之和", "sum of the investors' capital accounts")

NOTES = (
    None,
    NO_MARK,
    NOTHING_PAID,
    HANDED_OVER,
    PARTLY_MOVED,
    WOUND_UP,
    BELOW_ZERO,
    TAKEN_OVER,
    SUM_OF_ACCOUNTS,
)
_CODE = {note: n for n, note in enumerate(NOTES)}
UNKNOWN = np.array([note in (NO_MARK, PARTLY_MOVED, BELOW_ZERO) for note in NOTES])
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


def _rolled(view: View, keys: Ints, mark_keys: Ints, index: FlowIndex, days: Ints) -> Grid:
    """The latest mark of each subject on each day and the money since.

    keys (s,): sorted subjects; mark_keys: the subject of each of the view's marks, or -1; index: the flows by subject
    """
    found = marks(view)
    own = np.flatnonzero(np.isin(mark_keys, keys))
    own = own[np.argsort(np.searchsorted(keys, mark_keys[own]), kind="stable")]  # by subject; by day within
    mark_at = sortable(np.searchsorted(keys, mark_keys[own]), found.day[own])
    subject = np.arange(len(keys))[:, None]
    before = np.searchsorted(mark_at, sortable(subject, days[None, :]), side="right") - 1
    has = before >= np.searchsorted(mark_at, sortable(subject, np.int64(NO_DAY)))
    mark = np.where(has, own[before] if len(own) else -1, -1)
    since = np.where(has, found.day[mark] if len(found) else NO_DAY, NO_DAY).astype(np.int64)
    moved, touched = _moved(index, keys, since, days)
    stated = np.where(has, found.fen[mark] if len(found) else 0, 0)
    note = np.zeros(has.shape, np.int8)
    note[~has & touched] = _CODE[NO_MARK]
    note[~has & ~touched] = _CODE[NOTHING_PAID]
    note[has & touched & (stated + moved < 0)] = _CODE[BELOW_ZERO]
    fen = np.where(UNKNOWN[note], 0, np.where(has, stated + moved, 0))
    return Grid(fen, mark, since, moved, touched, note)


def _moved(index: FlowIndex, keys: Ints, since: Ints, days: Ints) -> tuple[Ints, Bools]:
    """Paid in less distributed after `since` up to each day, (subjects, days), and whether anything moved."""
    number = index.numbers(keys)[:, None]
    until = np.searchsorted(index.at, sortable(number, days[None, :]), side="right")
    start = np.searchsorted(index.at, sortable(number, since), side="right")
    known = number >= 0
    moved = np.where(known, index.running[until] - index.running[start], 0)
    return moved, known & (index.moves[until] > index.moves[start])


def stake_grid(view: View, pairs: Sequence[tuple[int, int]], days: Sequence[int]) -> Grid:
    """Values of (fund, investor) stakes on days (day numbers, not after the view's as-of day)."""
    keys = np.array([(fund << 32) | investor for fund, investor in pairs], np.int64)
    on = np.array(days, np.int64)
    handed = handovers(view)
    special = {fund for fund, _ in pairs} & handed.keys()
    extra = {(h.fund, h.seller) for fund in special for h in handed[fund]}
    extra |= {(h.fund, h.buyer) for fund in special for h in handed[fund]}
    every = np.unique(np.concatenate([keys, [(f << 32) | i for f, i in extra]]).astype(np.int64))
    found = marks(view)
    grid = _rolled(view, every, pair_keys(found.holding, found.holder), flows_by_stake(view), on)
    row = {key: n for n, key in enumerate(every.tolist())}
    for fund in special:
        for handover in handed[fund]:
            _hand_over(
                grid, row[(fund << 32) | handover.seller], row[(fund << 32) | handover.buyer], handover, on
            )
    _wind_up(view, grid, [key >> 32 for key in every.tolist()], on)
    return _picked(grid, np.searchsorted(every, keys))


def _picked(grid: Grid, rows: Ints) -> Grid:
    return Grid(*(getattr(grid, name)[rows] for name in Grid.__slots__))


@dataclass(frozen=True, slots=True)
class Handover:
    """A commitment that went from one investor to another.

    whole : nothing was left with the seller          buyer_paid_before : the buyer had money in the fund already
    """

    fund: int
    seller: int
    buyer: int
    day: int
    whole: bool
    buyer_paid_before: bool


@kept_per_prefix
def _ever_handed_over(view: View) -> int:
    """The first day on which a commitment changed hands."""
    p = view.postings
    return int(p.day[p.kind == PostingKind.COMMITMENT_TRANSFER].min(initial=2**31 - 1))


@kept_per_view
def handovers(view: View) -> dict[int, list[Handover]]:
    """Commitment transfers by fund, by day."""
    if _ever_handed_over(view) > as_of_day(view):
        return {}
    p = view.postings
    rows = np.flatnonzero(p.kind == PostingKind.COMMITMENT_TRANSFER)
    found: dict[int, list[Handover]] = defaultdict(list)
    touched = set(p.fund[rows].tolist())
    moved = movements(p.where(np.flatnonzero(is_in(p.fund, touched))), "committed")
    money = flows_with(view, touched)
    for i in rows[np.argsort(p.day[rows], kind="stable")].tolist():
        fund, seller, buyer, day = int(p.fund[i]), int(p.from_party[i]), int(p.to_party[i]), int(p.day[i])
        own = (moved.fund == fund) & (moved.investor == seller) & (moved.day <= day)
        paid = (money.fund == fund) & (money.investor == buyer) & (money.day < day) & (money.paid_in != 0)
        found[fund].append(
            Handover(fund, seller, buyer, day, int(moved.fen[own].sum()) == 0, bool(paid.any()))
        )
    return dict(found)


def _hand_over(grid: Grid, seller: int, buyer: int, h: Handover, days: Ints) -> None:
    """Change the rows of seller and buyer from the day of a handover until their accounts are stated anew."""
    after = days >= h.day
    stale = after & (grid.since[seller] <= h.day)
    waiting = after & (grid.since[buyer] < h.day)
    if not h.whole:
        for row, when in ((seller, stale), (buyer, waiting)):
            grid.note[row][when], grid.fen[row][when] = _CODE[PARTLY_MOVED], 0
        return
    newcomer = (grid.since[buyer] == NO_DAY) & (not h.buyer_paid_before)
    known = waiting & ~UNKNOWN[grid.note[seller]] & (newcomer | ~UNKNOWN[grid.note[buyer]])
    own = np.where(grid.note[buyer] == _CODE[NO_MARK], grid.moved[buyer], grid.fen[buyer])
    grid.fen[buyer] = np.where(known, own + grid.fen[seller], grid.fen[buyer])
    grid.moved[buyer][known] += grid.moved[seller][known]
    grid.touched[buyer][known] |= grid.touched[seller][known]
    first = known & (grid.mark[buyer] < 0)
    grid.mark[buyer][first], grid.since[buyer][first] = grid.mark[seller][first], grid.since[seller][first]
    grid.note[buyer][known] = _CODE[TAKEN_OVER]
    lost = waiting & ~known
    grid.note[buyer][lost], grid.fen[buyer][lost] = _CODE[NO_MARK], 0
    grid.note[seller][stale], grid.fen[seller][stale] = _CODE[HANDED_OVER], 0
    grid.moved[seller][stale], grid.touched[seller][stale], grid.mark[seller][stale] = 0, False, -1


def _wind_up(view: View, grid: Grid, funds: Sequence[int], days: Ints) -> None:
    """Nothing is left of a fund from the day its status is closed, unless a later statement says otherwise."""
    closed = _closings(view)
    for row, fund in enumerate(funds):
        for since, until in closed.get(fund, ()):
            when = (days >= since) & (days < until) & (grid.since[row] <= since)
            when &= grid.note[row] != _CODE[NOTHING_PAID]
            grid.fen[row][when], grid.moved[row][when], grid.touched[row][when] = 0, 0, False
            grid.note[row][when] = _CODE[WOUND_UP]


@kept_per_view
def _closings(view: View) -> dict[int, list[tuple[int, int]]]:
    """Fund -> (first day, day after the last) of the times its status was closed."""
    found: dict[int, list[tuple[int, int]]] = {}
    for fund in np.unique(stakes(view).fund).tolist():
        history = view.history(fund, "status")
        ends = [*(day_number(f.since) for f in history[1:]), 2**31 - 1][: len(history)]
        spans = [
            (day_number(f.since), end)
            for f, end in zip(history, ends, strict=True)
            if f.value == FundStatus.CLOSED
        ]
        if spans:
            found[fund] = spans
    return found


def fund_grid(view: View, funds: Sequence[int], days: Sequence[int]) -> Grid:
    """Values of whole funds on days: the total as stated, or the sum of the capital accounts.

    The total counts unless every capital account was stated later than it. A sum has no mark of its own (mark -1,
    since: the oldest statement in it).
    """
    on = np.array(days, np.int64)
    keys = np.array(sorted(set(funds)), np.int64)
    found = marks(view)
    own = np.where(found.holding == found.holder, found.holding, -1).astype(np.int64)
    total = _rolled(view, keys, own, flows_by_fund(view), on)
    _wind_up(view, total, keys.tolist(), on)
    held = stakes(view).of(None, set(funds))
    pairs = list(zip(held.fund.tolist(), held.investor.tolist(), strict=True))
    accounts = stake_grid(view, pairs, days)
    for row, fund in enumerate(keys.tolist()):
        part = _picked(accounts, np.flatnonzero(held.fund == fund))
        if len(part.fen):
            _prefer_accounts(total, row, part)
    return _picked(total, np.searchsorted(keys, np.array(funds, np.int64)))


def _prefer_accounts(total: Grid, row: int, part: Grid) -> None:
    """Put the sum of the capital accounts in a fund's row on the days on which it tells more."""
    stated = part.since > NO_DAY
    oldest = np.where(stated, part.since, 2**31).min(axis=0)
    complete: Bools = np.all(part.known, axis=0) & np.any(stated, axis=0)
    no_total = total.note[row] == _CODE[NO_MARK]
    better = complete & (no_total | (oldest > total.since[row])) & (total.note[row] != _CODE[WOUND_UP])
    total.fen[row][better] = part.fen.sum(axis=0)[better]
    total.since[row][better] = oldest[better]
    total.moved[row][better] = part.moved.sum(axis=0)[better]
    total.touched[row][better] = np.asarray(np.any(part.touched, axis=0))[better]
    total.mark[row][better] = -1
    total.note[row][better] = _CODE[SUM_OF_ACCOUNTS]
