"""Balances that never fall below zero, on any day: what is promised, called and paid in, and cash that is kept here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from fof.errors import Problem
from fof.ledger.balances import TRANSFERS, movements, numbered, pair_keys
from fof.ledger.checks.change import PROBLEMS_AT_MOST, Change, problem
from fof.ledger.checks.currency import PartyCurrencies
from fof.ledger.checks.established import memo_kinds
from fof.ledger.checks.succession import NAME
from fof.ledger.journal_columns import Ints, Ints32, Postings, joined, to_date
from fof.ledger.postings import distinct
from models.facts import FACTS
from models.money import DEFAULT_CURRENCY, yuan_text
from models.posting_kinds import TREATMENTS, PostingKind
from models.text import NO_TEXT, Text

_PAIRS = {
    "committed": Text("认缴余额", "commitment"),
    "unfunded": Text("未实缴额度", "unfunded commitment"),
    "paid_in": Text("实缴余额", "paid-in capital"),
    "distributed": Text("已分配余额", "distributions"),
}


_PAID_INSIDE = [
    int(k) for k, t in TREATMENTS.items() if t.from_investor and t.paid_in == 1 and t.unfunded == -1
]
_LESS_UNFUNDED = [int(k) for k, t in TREATMENTS.items() if t.unfunded < 0]
_MORE_UNFUNDED = [int(k) for k, t in TREATMENTS.items() if t.unfunded > 0]
_TRANSFERS = [int(k) for k in TRANSFERS["unfunded"]]
_FROM_INVESTOR = [int(k) for k, t in TREATMENTS.items() if t.from_investor]


class _Flow(NamedTuple):
    """Signed amounts of accounts (a pair; or fund 0 and a party) by day; number: of the draft, -1 for the book's own."""

    fund: Ints32
    party: Ints32
    day: Ints32
    fen: Ints
    number: Ints32

    def where(self, chosen: npt.NDArray[Any]) -> _Flow:
        return _Flow(*(column[chosen] for column in self))


class _Low(NamedTuple):
    """An account that would be below zero at the end of a day, for the first time; draft: whose doing, -1 unknown."""

    fund: int
    party: int
    day: dt.date
    fen: int
    draft: int


def pairs_above_zero(change: Change) -> Iterator[Problem]:
    """Commitment, unfunded, paid-in and distributions of every (fund, investor) that the drafts lower."""
    loosened = change.restated("call_over_unfunded")
    for measure, words in _PAIRS.items():
        judged = loosened if measure == "unfunded" else {}
        for low in _low_pairs(change, measure, judged):
            if measure == "unfunded" and change.fact(low.fund, "call_over_unfunded") == "yes":
                continue
            draft = change.drafts[low.draft if low.draft >= 0 else judged[low.fund]]
            who = f"{change.name(low.party)} → {change.name(low.fund)}"
            former = _under_former(change, low) if measure in ("committed", "unfunded") else NO_TEXT
            yield problem(
                draft,
                f"{measure}_below_zero",
                Text(
                    f"{who}：{words.zh}在 {low.day} 将为负{former.zh}",
                    f"{who}: {words.en} would be below zero on {low.day}{former.en}",
                ),
                yuan_text(low.fen),
            )


def calls_within_unfunded(change: Change) -> Iterator[Problem]:
    """What is called and not paid yet stays within the unfunded commitment, for every pair where the drafts lessen the room.

    Payments since an investor's first notice pay notices (fof.book.notices), earlier ones do not: so on any day
    unfunded + paid since the first notice - called is not below zero. A transfer is not judged, on its day or later:
    what it leaves open above what the seller keeps was asked for rightly.
    """
    less = np.isin(change.added.kind, [*_LESS_UNFUNDED, PostingKind.CALL_DUE])
    more = np.isin(change.removed.kind, _MORE_UNFUNDED)
    loosened = change.restated("call_over_unfunded")
    funds = np.unique(
        np.concatenate(
            [change.added.fund[less], change.removed.fund[more], np.array(list(loosened), np.int32)]
        )
    )
    if not len(funds):
        return
    book = change.booked()
    book = book.where(np.flatnonzero(np.isin(book.fund, funds)))
    everything = joined([replace(book, entry=np.full(len(book), -1, np.int32)), change.added])
    rows = everything.where(np.flatnonzero(~_pays_a_notice(everything)))
    judged = np.concatenate(
        [
            _investors(rows.where(np.flatnonzero(np.isin(rows.kind, _LESS_UNFUNDED) & (rows.entry >= 0)))),
            _investors(rows.where(np.flatnonzero((rows.kind == PostingKind.CALL_DUE) & (rows.entry >= 0)))),
            _investors(change.removed.where(np.flatnonzero(more))),
        ]
    )
    dues = rows.where(np.flatnonzero(rows.kind == PostingKind.CALL_DUE))
    called = _Flow(dues.fund, dues.from_party, dues.day, -dues.fen, dues.entry)
    flow = _joined([_Flow(*movements(rows, "unfunded")), called])
    wanted = np.isin(pair_keys(flow.fund, flow.party), judged) | np.isin(flow.fund, list(loosened))
    chosen = flow.where(np.flatnonzero(wanted))
    lows = list(_below_zero(_joined([chosen, _left_open(chosen, rows)])))
    covered = {low[:2] for low in _low_pairs(change, "unfunded", loosened)} if lows else set()
    for low in lows:
        if low[:2] in covered or change.fact(low.fund, "call_over_unfunded") == "yes":
            continue
        first = min(change.targets.values(), default=0)
        draft = change.drafts[low.draft if low.draft >= 0 else loosened.get(low.fund, first)]
        who = f"{change.name(low.party)} → {change.name(low.fund)}"
        former = _under_former(change, low)
        yield problem(
            draft,
            "call_over_unfunded",
            Text(
                f"{who}：至 {low.day} 已通知未缴的金额不得超过未实缴额度（“实际”为超出的金额）{former.zh}",
                f"{who}: what is called and not paid on {low.day} must not exceed the unfunded commitment ('found': by how much)"
                f"{former.en}",
            ),
            yuan_text(-low.fen),
        )


def _under_former(change: Change, low: _Low) -> Text:
    """Where the fund absorbed others: what an investor has left to pay there is counted with the successor, and stands in the
    register of the former until it is moved.
    """
    if low.fund not in change.view.parties:
        return NO_TEXT
    stated = [r.row[3] for r in change.view.fact_records(low.fund, NAME) if r.entry not in change.targets]
    codes = {code for value in stated for code in FACTS[NAME].parse(value)}  # type: ignore[union-attr]
    former = sorted(change.view.name(p.id) for c in codes if (p := change.view.by_code.get(c)) is not None)
    if not former:
        return NO_TEXT
    return Text(
        f"；在 {'、'.join(former)} 名下尚未通知的认缴，先在认缴表中以“减少认缴”“增加认缴”移入",
        f"; what is left to call of {', '.join(former)} is moved first, as a decrease there and an increase here",
    )


def _pays_a_notice(postings: Postings) -> npt.NDArray[np.bool_]:
    """Payments inside the commitment on or after the investor's first call notice of the fund."""
    due = postings.kind == PostingKind.CALL_DUE
    paid = np.isin(postings.kind, _PAID_INSIDE)
    if not due.any():
        return np.zeros(len(postings), bool)
    key = pair_keys(postings.fund, postings.from_party)
    asked, place = np.unique(key[due], return_inverse=True)
    first = np.full(len(asked), 2**31 - 1, np.int64)
    np.minimum.at(first, place, postings.day[due].astype(np.int64))
    at = np.minimum(np.searchsorted(asked, key), len(asked) - 1)
    return np.asarray(paid & (asked[at] == key) & (postings.day >= first[at]))


def _left_open(flow: _Flow, rows: Postings) -> _Flow:
    """For each transfer what it takes from its seller's room below what is called already, so far as it takes it itself."""
    moved = rows.where(np.flatnonzero(np.isin(rows.kind, _TRANSFERS)))
    taken = _Flow(*movements(moved, "unfunded"))
    keys, own = pair_keys(flow.fund, flow.party), pair_keys(taken.fund, taken.party)
    parts = []
    for key in np.unique(own[taken.fen < 0]).tolist():
        mine = flow.where(np.flatnonzero(keys == key))
        sold = taken.where(np.flatnonzero(own == key))
        left = 0
        for day in np.unique(sold.day).tolist():
            level = int(mine.fen[mine.day <= day].sum()) + left
            fen = min(-level, -int(sold.fen[sold.day == day].sum()))
            if fen > 0:
                left += fen
                parts.append((key >> 32, key & 0xFFFFFFFF, day, fen, -1))
    given = np.array(parts, np.int64).reshape(-1, 5)
    fund, party, days, number = (given[:, column].astype(np.int32) for column in (0, 1, 2, 4))
    return _Flow(fund, party, days, given[:, 3], number)


def _investors(postings: Postings) -> Ints:
    """The (fund, investor) key of each posting."""
    investor = np.where(np.isin(postings.kind, _FROM_INVESTOR), postings.from_party, postings.to_party)
    return pair_keys(postings.fund, investor)


def _low_pairs(change: Change, measure: str, judged: dict[int, int]) -> Iterator[_Low]:
    added, removed = movements(change.added, measure), movements(change.removed, measure)
    own = _joined([_Flow(*added), _Flow(*removed._replace(fen=-removed.fen))])
    lowered = own.where(np.flatnonzero(own.fen < 0))
    if not len(lowered.fen) and not judged:
        return
    funds = np.concatenate([lowered.fund, np.array(list(judged), np.int32)])
    postings = change.view.postings
    moved = movements(postings.where(np.isin(postings.fund, funds)), measure)
    book = _Flow(*moved._replace(entry=np.full(len(moved.fen), -1, np.int32)))
    everything = _joined([own, book])
    keys, place = numbered(everything.fund, everything.party)
    at_risk = np.isin(keys >> 32, list(judged))
    at_risk[place[: len(own.fen)][own.fen < 0]] = True
    if not at_risk.all():
        everything = everything.where(np.flatnonzero(at_risk[place]))
    yield from _below_zero(everything)


def cash_above_zero(change: Change) -> Iterator[Problem]:
    """Cash of every vehicle whose cash is kept in this book, in its own currency: what it exchanged for another is in no row."""
    added, removed = change.added, change.removed
    judged = change.restated("cash_kept")
    named = (added.from_party, added.to_party, removed.from_party, removed.to_party)
    parties = np.unique(np.concatenate([*(distinct(c)[0] for c in named), np.array(list(judged), np.int32)]))
    with_cash = np.array([p for p in parties.tolist() if change.fact(p, "cash_kept") == "yes"], np.int32)
    if not len(with_cash):
        return
    memo = memo_kinds()
    parts = []
    stated = PartyCurrencies(change)
    for rows, sign, booked in ((added, 1, False), (removed, -1, False), (change.view.postings, 1, True)):
        cash = ~memo[rows.kind]
        for column, direction in ((rows.to_party, sign), (rows.from_party, -sign)):
            chosen = np.flatnonzero(cash & np.isin(column, with_cash))
            own = stated.numbers(column[chosen], DEFAULT_CURRENCY)
            chosen = chosen[stated.of_postings(rows.where(chosen)) == own]
            number = np.full(len(chosen), -1, np.int32) if booked else rows.entry[chosen]
            nothing = np.zeros(len(chosen), np.int32)
            parts.append(
                _Flow(nothing, column[chosen], rows.day[chosen], rows.fen[chosen] * direction, number)
            )
    for low in _below_zero(_joined(parts)):
        if low.draft < 0 and low.party not in judged:
            continue  # it was so before: the drafts do not touch it
        draft = change.drafts[low.draft if low.draft >= 0 else judged[low.party]]
        who = change.name(low.party)
        yield problem(
            draft,
            "cash_below_zero",
            Text(f"{who} 的现金在 {low.day} 将为负", f"cash of {who} would be below zero on {low.day}"),
            yuan_text(low.fen),
        )


def _joined(parts: list[_Flow]) -> _Flow:
    return _Flow(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def _below_zero(flow: _Flow) -> Iterator[_Low]:
    """The first end of day below zero of each account."""
    if not len(flow.fen):
        return
    keys, place = numbered(flow.fund, flow.party)
    order = _by_account_and_day(place, flow.day)
    account, day, fen = place[order], flow.day[order], flow.fen[order]
    changes = account[1:] != account[:-1]
    running = np.cumsum(fen)
    starts = np.flatnonzero(np.r_[True, changes])
    base = np.repeat(running[starts] - fen[starts], np.diff(np.r_[starts, len(account)]))
    last_of_day = np.r_[changes | (day[1:] != day[:-1]), True]
    below = np.flatnonzero(last_of_day & (running - base < 0))
    _, first = np.unique(account[below], return_index=True)
    for i in below[first][:PROBLEMS_AT_MOST].tolist():
        draft = _culprit(flow, np.flatnonzero((place == account[i]) & (flow.number >= 0)), int(day[i]))
        key = int(keys[account[i]])
        yield _Low(key >> 32, key & 0xFFFFFFFF, to_date(day[i]), int(running[i] - base[i]), draft)


def _culprit(flow: _Flow, own: npt.NDArray[np.intp], day: int) -> int:
    """Whose doing: of the drafts that lower the account the last one up to that day; -1 where there is none."""
    for chosen in (own[(flow.fen[own] < 0) & (flow.day[own] <= day)], own[flow.fen[own] < 0], own):
        if len(chosen):
            latest = chosen[flow.day[chosen] == flow.day[chosen].max()]
            return int(flow.number[latest[-1]])
    return -1


def _by_account_and_day(account: Ints32, day: Ints32) -> npt.NDArray[np.intp]:
    """Order by account, then day; numpy sorts 16-bit numbers by radix, ten times as fast as wider ones."""
    by_day = np.argsort(_narrow(day - day.min()), kind="stable")
    return by_day[np.argsort(_narrow(account[by_day]), kind="stable")]


def _narrow(values: Ints32) -> npt.NDArray[Any]:
    return values.astype(np.uint16) if int(values.max()) < 2**16 else values
