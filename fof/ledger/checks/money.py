"""Balances that never fall below zero, on any day: what is promised, called and paid in, and cash that is kept here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import numpy as np

from fof.errors import Problem
from fof.ledger.balances import Movement, movements, pair_keys
from fof.ledger.checks.change import SHOWN_AT_MOST, Change, problem
from fof.ledger.checks.dates import memo_kinds
from fof.ledger.columns import Ints, Ints32, to_date
from fof.ledger.draft import Draft
from models.money import yuan_text

_PAIRS = {
    "committed": ("认缴余额", "commitment"),
    "unfunded": ("未实缴额度", "unfunded commitment"),
    "paid_in": ("实缴余额", "paid-in capital"),
    "distributed": ("已分配余额", "distributions"),
}


class _Flow:
    """Signed amounts by account key and day; number: of the draft behind it, -1 for what is in the book."""

    def __init__(self, keys: Ints, day: Ints32, fen: Ints, number: Ints32) -> None:
        self.keys, self.day, self.fen, self.number = keys, day, fen, number

    @classmethod
    def joined(cls, parts: list[_Flow]) -> _Flow:
        names = ("keys", "day", "fen", "number")
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))

    def of(self, keys: Ints) -> _Flow:
        chosen = np.isin(self.keys, keys)
        return _Flow(self.keys[chosen], self.day[chosen], self.fen[chosen], self.number[chosen])

    def below_zero(self) -> Iterator[tuple[int, int, int, int]]:
        """(key, day, balance, draft number) of the first end of day below zero of each key."""
        if not len(self.keys):
            return
        found, place = np.unique(self.keys, return_inverse=True)
        first_day = int(self.day.min())
        # one sort key: account, then day
        order = np.argsort(
            (place.astype(np.int64) << 32) | (self.day.astype(np.int64) - first_day), kind="stable"
        )
        place, day, fen = place[order], self.day[order], self.fen[order]
        changes = place[1:] != place[:-1]
        running = np.cumsum(fen)
        starts = np.flatnonzero(np.r_[True, changes])
        base = np.repeat(running[starts] - fen[starts], np.diff(np.r_[starts, len(place)]))
        last_of_day = np.r_[changes | (day[1:] != day[:-1]), True]
        below = np.flatnonzero(last_of_day & (running - base < 0))
        _, first = np.unique(place[below], return_index=True)
        for i in below[first][:SHOWN_AT_MOST].tolist():
            key = int(found[place[i]])
            yield key, int(day[i]), int(running[i] - base[i]), self._culprit(key, int(day[i]))

    def _culprit(self, key: int, day: int) -> int:
        """The draft to put the problem at: the latest of its drafts up to that day, else its first."""
        own = np.flatnonzero((self.keys == key) & (self.number >= 0))
        before = own[self.day[own] <= day]
        if len(before):
            return int(self.number[before[np.argmax(self.day[before])]])
        return int(self.number[own[0]]) if len(own) else -1


def pairs_above_zero(change: Change) -> Iterator[Problem]:
    """Commitment, unfunded, paid-in and distributions of every (fund, investor) that the drafts lower."""
    loosened = change.restated("call_over_unfunded")
    for measure, (zh, en) in _PAIRS.items():
        judged = {} if measure != "unfunded" else loosened
        for fund, investor, day, fen, draft in _pairs_below_zero(change, measure, judged):
            if measure == "unfunded" and change.fact(fund, "call_over_unfunded") == "yes":
                continue
            who = f"{change.name(investor)} → {change.name(fund)}"
            yield problem(
                draft, f"{measure}_below_zero", f"{who}：{zh}在 {day} 将为负",
                f"{who}: {en} would be below zero on {day}", yuan_text(fen),
            )  # fmt: skip


def _flow(moved: Movement, sign: int, *, booked: bool = False) -> _Flow:
    number = np.full(len(moved.fen), -1, np.int32) if booked else moved.entry
    return _Flow(pair_keys(moved.fund, moved.investor), moved.day, sign * moved.fen, number)


def _pairs_below_zero(
    change: Change, measure: str, judged: dict[int, int]
) -> Iterator[tuple[int, int, dt.date, int, Draft]]:
    own = _Flow.joined(
        [_flow(movements(change.added, measure), 1), _flow(movements(change.removed, measure), -1)]
    )
    lowered = np.unique(own.keys[own.fen < 0])
    if not len(lowered) and not judged:
        return
    postings = change.view.postings
    loose = np.array(list(judged), np.int64)
    funds = np.union1d(lowered >> 32, loose)
    book = _flow(movements(postings.where(np.isin(postings.fund, funds)), measure), 1, booked=True)
    if judged:
        lowered = np.union1d(lowered, book.keys[np.isin(book.keys >> 32, loose)])
    for key, day, value, number in _Flow.joined([own.of(lowered), book.of(lowered)]).below_zero():
        draft = change.drafts[number if number >= 0 else judged[key >> 32]]
        yield key >> 32, key & 0xFFFFFFFF, to_date(day), value, draft


def cash_above_zero(change: Change) -> Iterator[Problem]:
    """Cash of every vehicle whose cash is kept in this book."""
    added, removed = change.added, change.removed
    judged = change.restated("cash_kept")
    named = (added.from_party, added.to_party, removed.from_party, removed.to_party)
    parties = np.unique(np.concatenate([*named, np.array(list(judged), np.int32)]))
    kept = np.array([p for p in parties.tolist() if change.fact(int(p), "cash_kept") == "yes"], np.int32)
    if not len(kept):
        return
    memo = memo_kinds()
    parts = []
    for rows, sign, booked in ((added, 1, False), (removed, -1, False), (change.view.postings, 1, True)):
        cash = ~memo[rows.kind]
        for column, direction in ((rows.to_party, sign), (rows.from_party, -sign)):
            chosen = np.flatnonzero(cash & np.isin(column, kept))
            number = np.full(len(chosen), -1, np.int32) if booked else rows.entry[chosen]
            keys = column[chosen].astype(np.int64)
            parts.append(_Flow(keys, rows.day[chosen], rows.fen[chosen] * direction, number))
    for key, day, value, draft in _Flow.joined(parts).below_zero():
        who = change.name(key)
        yield problem(
            change.drafts[draft if draft >= 0 else judged[key]], "cash_below_zero",
            f"{who} 的现金在 {to_date(day)} 将为负", f"cash of {who} would be below zero on {to_date(day)}",
            yuan_text(value),
        )  # fmt: skip
