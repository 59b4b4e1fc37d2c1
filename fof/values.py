"""Values: what a stake or a fund is worth on the day of a view, by the latest statement and the money since.

The latest mark on or before the as-of day counts (of two on one day the later entry). Money between the investor and
the fund after the mark is added to it, and the value is then labelled as rolled: value = mark + paid in - distributed.
A stake without a mark has no value (None with the reason, never 0), unless nothing was ever paid in, the stake was
handed over as a whole, or the fund is wound up. A stake taken over as a whole brings the former holder's mark along.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary

import numpy as np

from fof.ledger import Journal, View, day_number, to_date
from fof.ledger.columns import Ints, Ints32, RowRecord
from fof.stakes import Bools, Flows, Reason, as_of_day, flows, kept_per_view, pair_keys, stakes
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


@dataclass(frozen=True, slots=True)
class Value:
    """What something is worth.

    fen       : whole fen, None where it is not known (`note` says why)
    marked_on : day of the statement (of several, the oldest); age_days counts from it to the as-of day
    rolled    : money moved after the statement and is in `fen`; rolled_fen is how much
    note      : why there is no value, or how it was come by; None for a plain statement
    marks     : (entry, line) of the statements behind it
    missing   : names of what has no value, where `fen` is None because a part is missing
    known     : the part that is known, in fen
    """

    fen: int | None
    marked_on: dt.date | None = None
    age_days: int | None = None
    rolled: bool = False
    rolled_fen: int = 0
    note: Reason | None = None
    marks: tuple[tuple[int, int], ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def yuan(self) -> float:
        """For the kernels; nan where there is no value."""
        return float("nan") if self.fen is None else self.fen / 100.0


def add_values(values: Sequence[Value], names: Sequence[str]) -> Value:
    """The sum; None with the names of the missing parts where one has no value. As old as its oldest statement."""
    dated = [v for v in values if v.marked_on is not None]
    oldest = min(dated, key=lambda v: v.marked_on or dt.date.max, default=None)
    missing = tuple(name for v, name in zip(values, names, strict=True) if v.fen is None)
    note = None
    if missing:
        shown = "、".join(missing[:3]) + (" 等" if len(missing) > 3 else "")
        note = Reason(
            "parts_missing",
            f"{len(missing)}/{len(values)} 项没有净值：{shown}",
            f"{len(missing)} of {len(values)} have no value: {', '.join(missing[:3])}{' …' if len(missing) > 3 else ''}",
        )
    return Value(
        None if missing else sum(v.fen or 0 for v in values),
        None if oldest is None else oldest.marked_on,
        None if oldest is None else oldest.age_days,
        any(v.rolled for v in values),
        sum(v.rolled_fen for v in values),
        note,
        tuple(mark for v in values for mark in v.marks),
        missing,
    )


# -- marks in columns ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Marks:
    """Statements of value in columns, by (day, entry, line): int32, fen int64."""

    entry: Ints32
    line: Ints32
    day: Ints32
    holder: Ints32
    holding: Ints32
    fen: Ints

    def __len__(self) -> int:
        return len(self.entry)

    def where(self, chosen: Bools | Ints) -> Marks:
        """The marks picked by a mask or by positions."""
        return Marks(*(getattr(self, name)[chosen] for name in self.__slots__))


_columns: WeakKeyDictionary[Journal, Marks] = WeakKeyDictionary()


def _mark_columns(journal: Journal) -> Marks:
    """All marks ever booked, in journal order; read once and extended."""
    rows = journal.rows("mark")
    known = _columns.get(journal)
    have = 0 if known is None else len(known)
    if known is not None and have >= len(rows):
        return known
    fresh = _as_columns(rows[have:])
    if known is not None:
        fresh = Marks(*(np.concatenate([getattr(known, n), getattr(fresh, n)]) for n in Marks.__slots__))
    _columns[journal] = fresh
    return fresh


def _as_columns(rows: Iterable[RowRecord]) -> Marks:
    table = [(r.entry, r.line, r.day, r.row[0], r.row[1], r.row[2]) for r in rows]
    columns = list(zip(*table, strict=True)) if table else [()] * 6
    *small, fen = columns
    entry, line, day, holder, holding = (np.array(c, np.int32) for c in small)
    return Marks(entry, line, day, holder, holding, np.array(fen, np.int64))


@kept_per_view
def marks(view: View) -> Marks:
    """The statements known and true in the view, by (day, entry, line)."""
    everything = _mark_columns(view.journal)
    end = int(np.searchsorted(everything.entry, view.known_at, side="right"))
    live = view.journal.live(view.known_at)
    chosen = np.flatnonzero(live[everything.entry[:end]] & (everything.day[:end] <= as_of_day(view)))
    own = everything.where(chosen)
    return own.where(np.lexsort((own.line, own.entry, own.day)))


@kept_per_view
def latest(view: View) -> dict[tuple[int, int], int]:
    """(holding, holder) -> position in `marks` of the latest statement."""
    found = marks(view)
    return {
        pair: place
        for place, pair in enumerate(zip(found.holding.tolist(), found.holder.tolist(), strict=True))
    }


# -- stakes -------------------------------------------------------------------------------------------------------


def stake_values(view: View, pairs: Sequence[tuple[int, int]]) -> list[Value]:
    """The value of each (fund, investor) stake."""
    if not pairs:
        return []
    found, place = marks(view), latest(view)
    at = [place.get(pair, -1) for pair in pairs]
    since = np.array([int(found.day[i]) if i >= 0 else -(2**31) for i in at], np.int64)
    moved, touched = _moved_since(flows(view), pairs, since)
    handed = _handovers(view)
    answer = []
    for n, (fund, investor) in enumerate(pairs):
        if handed.get(fund) and any(investor in (h[1], h[2]) and h[0] >= since[n] for h in handed[fund]):
            answer.append(_after_handover(view, fund, investor))
        else:
            answer.append(_rolled(view, fund, at[n], int(moved[n]), bool(touched[n])))
    return answer


def _moved_since(all_flows: Flows, pairs: Sequence[tuple[int, int]], since: Ints) -> tuple[Ints, Bools]:
    """Paid in less distributed after the day `since` of each pair, and whether anything moved."""
    keys = np.array([(f << 32) | i for f, i in pairs], np.int64)
    order = np.argsort(keys, kind="stable")
    own = all_flows.of({i for _, i in pairs}, {f for f, _ in pairs})
    flow_keys = pair_keys(own.fund, own.investor)
    place = np.minimum(np.searchsorted(keys, flow_keys, sorter=order), len(keys) - 1)
    place = order[place]
    chosen = (
        (keys[place] == flow_keys) & (own.day > since[place]) & ((own.paid_in != 0) | (own.distributed != 0))
    )
    moved, touched = np.zeros(len(keys), np.int64), np.zeros(len(keys), bool)
    np.add.at(moved, place[chosen], (own.paid_in - own.distributed)[chosen])
    touched[place[chosen]] = True
    return moved, touched


def _rolled(view: View, fund: int, mark: int, moved: int, touched: bool) -> Value:
    """The value from a mark (a position, -1 for none) and the money since."""
    found = marks(view)
    closed = _closed_since(view, fund)
    if mark < 0:
        if not touched:
            return Value(0, note=NOTHING_PAID)
        return Value(0, note=WOUND_UP) if closed is not None else Value(None, note=NO_MARK)
    day = to_date(int(found.day[mark]))
    where = ((int(found.entry[mark]), int(found.line[mark])),)
    age = None if view.as_of is None else (view.as_of - day).days
    value = int(found.fen[mark]) + moved
    if closed is not None and closed >= day:
        return Value(0, day, age, note=WOUND_UP, marks=where)
    if touched and value < 0:
        return Value(None, day, age, True, moved, BELOW_ZERO, where)
    return Value(value, day, age, touched, moved, None, where)


def _closed_since(view: View, fund: int) -> dt.date | None:
    status = view.facts_of(fund).get("status")
    return status.since if status is not None and status.value == FundStatus.CLOSED else None


@kept_per_view
def _handovers(view: View) -> dict[int, list[tuple[int, int, int]]]:
    """Commitment transfers by fund: (day, seller, buyer), by day."""
    p = view.postings
    rows = np.flatnonzero(p.kind == PostingKind.COMMITMENT_TRANSFER)
    found: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    for i in rows[np.argsort(p.day[rows], kind="stable")].tolist():
        found[int(p.fund[i])].append((int(p.day[i]), int(p.from_party[i]), int(p.to_party[i])))
    return found


def _committed(view: View, fund: int, investor: int) -> int:
    own = stakes(view).of({investor}, {fund})
    return int(own.committed.sum())


def _after_handover(view: View, fund: int, investor: int) -> Value:
    """A stake of which something was handed over or taken over on or after its own mark."""
    place = latest(view).get((fund, investor), -1)
    since = int(marks(view).day[place]) if place >= 0 else -(2**31)
    later = [h for h in _handovers(view)[fund] if investor in (h[1], h[2]) and h[0] >= since]
    if any(h[1] == investor for h in later):
        gone = _committed(view, fund, investor) == 0
        return Value(0, note=HANDED_OVER) if gone else Value(None, note=PARTLY_MOVED)
    sellers = [h[1] for h in later if h[0] > since]
    if any(_committed(view, fund, seller) for seller in sellers):
        return Value(None, note=PARTLY_MOVED)
    own_moved, touched = _moved_since(flows(view), [(fund, investor)], np.array([since]))
    if place < 0 and touched[0] and _paid_before(view, fund, investor, later[0][0]):
        return Value(None, note=NO_MARK)
    parts = [_former_value(view, fund, seller) for seller in sellers]
    if place >= 0:
        parts.append(_rolled(view, fund, place, 0, False))
    if not sellers:
        return _rolled(view, fund, place, int(own_moved[0]), bool(touched[0]))
    total = add_values(parts, [view.name(p) for p in [*sellers, investor][: len(parts)]])
    if total.fen is None:
        return Value(None, note=NO_MARK)
    return Value(
        total.fen + int(own_moved[0]), total.marked_on, total.age_days, total.rolled or bool(touched[0]),
        total.rolled_fen + int(own_moved[0]), TAKEN_OVER, total.marks,
    )  # fmt: skip


def _paid_before(view: View, fund: int, investor: int, day: int) -> bool:
    own = flows(view).of({investor}, {fund})
    return bool(((own.day < day) & (own.paid_in != 0)).any())


def _former_value(view: View, fund: int, seller: int) -> Value:
    """What a stake that was handed over as a whole was worth when it went: the seller's own mark and flows since."""
    place = latest(view).get((fund, seller), -1)
    since = int(marks(view).day[place]) if place >= 0 else -(2**31)
    before = [h for h in _handovers(view)[fund] if h[2] == seller and h[0] > since]
    if before:
        parts = [_former_value(view, fund, h[1]) for h in before]
        base = add_values(parts, [view.name(h[1]) for h in before])
        moved, touched = _moved_since(flows(view), [(fund, seller)], np.array([since]))
        if base.fen is None:
            return base
        return Value(
            base.fen + int(moved[0]), base.marked_on, base.age_days, base.rolled or bool(touched[0]),
            base.rolled_fen + int(moved[0]), TAKEN_OVER, base.marks,
        )  # fmt: skip
    moved, touched = _moved_since(flows(view), [(fund, seller)], np.array([since]))
    return _rolled(view, fund, place, int(moved[0]), bool(touched[0]))


def fund_values(view: View, funds: Sequence[int]) -> list[Value]:
    """The net asset value of each fund as a whole: its own total as stated, or the sum of its capital accounts.

    The total counts unless every capital account was stated later than it.
    """
    if not funds:
        return []
    found, place = marks(view), latest(view)
    totals = [place.get((fund, fund), -1) for fund in funds]
    since = np.array([int(found.day[i]) if i >= 0 else -(2**31) for i in totals], np.int64)
    moved, touched = _moved_since_by_fund(flows(view), funds, since)
    accounts = _accounts(view, funds)
    answer = []
    for n, fund in enumerate(funds):
        summed = accounts[fund]
        known = summed.fen is not None and summed.marked_on is not None
        if totals[n] >= 0 and not (known and day_number(summed.marked_on or dt.date.min) > since[n]):
            answer.append(_rolled(view, fund, totals[n], int(moved[n]), bool(touched[n])))
        elif summed.fen is not None and summed.marks:
            answer.append(replace(summed, note=SUM_OF_ACCOUNTS))
        elif touched[n] and not summed.marks:
            answer.append(_rolled(view, fund, -1, 0, True))
        else:
            answer.append(summed)
    return answer


def _accounts(view: View, funds: Sequence[int]) -> dict[int, Value]:
    """The sum of the capital accounts of each fund."""
    own = stakes(view).of(None, set(funds))
    pairs = list(zip(own.fund.tolist(), own.investor.tolist(), strict=True))
    by_fund: dict[int, list[tuple[int, Value]]] = {fund: [] for fund in funds}
    for (fund, investor), value in zip(pairs, stake_values(view, pairs), strict=True):
        by_fund[fund].append((investor, value))
    return {
        fund: add_values([v for _, v in found], [view.name(i) if v.fen is None else "" for i, v in found])
        for fund, found in by_fund.items()
    }


def _moved_since_by_fund(all_flows: Flows, funds: Sequence[int], since: Ints) -> tuple[Ints, Bools]:
    """As `_moved_since`, for whole funds."""
    number = np.full(max(int(all_flows.fund.max(initial=0)), *funds, 0) + 1, -1, np.int64)
    number[list(funds)] = np.arange(len(funds))
    place = number[all_flows.fund]
    chosen = (place >= 0) & ((all_flows.paid_in != 0) | (all_flows.distributed != 0))
    chosen[chosen] = all_flows.day[chosen] > since[place[chosen]]
    moved, touched = np.zeros(len(funds), np.int64), np.zeros(len(funds), bool)
    np.add.at(moved, place[chosen], (all_flows.paid_in - all_flows.distributed)[chosen])
    touched[place[chosen]] = True
    return moved, touched
