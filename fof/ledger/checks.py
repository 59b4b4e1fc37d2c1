"""What must hold in the book after a booking, whatever screen or file it came from. Pure checks on a view and drafts.

Money: unfunded commitment never below zero (unless the fund's terms allow calls above it), nothing returned that was
not paid in, cash of a vehicle kept in this book never below zero, on any day. Identity: codes once, every reference known.
Ownership: shares of one thing never above one, no cycles. Currency: one per portfolio. Dates: no cash before inception.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from fof.errors import Problem
from fof.ledger.balances import Movement, movements
from fof.ledger.columns import (
    POSTING_COLUMNS,
    Ints,
    Ints32,
    Postings,
    day_number,
    joined,
    no_postings,
    to_date,
)
from fof.ledger.draft import Draft
from fof.ledger.view import View
from models import journal as tables
from models.facts import FACTS
from models.money import yuan_text
from models.posting_kinds import TREATMENTS

DEFAULT_CURRENCY = "CNY"


@dataclass(slots=True)
class _Change:
    """The book as the drafts would leave it: what they add and what their reversals take away.

    added.entry holds the draft's number, so that a problem can be put at its source.
    """

    view: View
    drafts: Sequence[Draft]
    added: Postings
    removed: Postings
    parties: dict[int, tuple[str, str]]
    facts: dict[tuple[int, str], list[tuple[int, str]]]

    def fact(self, party: int, name: str) -> str | None:
        """The latest value of an attribute, drafts included, as stored text."""
        found = [*self.facts.get((party, name), [])]
        known = self.view.history(party, name)
        if known:
            found.append((day_number(known[-1].since), FACTS[name].write(known[-1].value)))
        return max(found, key=lambda pair: pair[0])[1] if found else None

    def name(self, party: int) -> str:
        """For messages: name or code."""
        if party in self.parties:
            return self.fact(party, "name") or self.parties[party][0]
        return self.view.name(party) if party in self.view.parties else str(party)


def problems(view: View, drafts: Sequence[Draft], connection: sa.Connection) -> list[Problem]:
    """Everything that would be wrong with the book after these drafts; empty where they may be written."""
    if not drafts:
        return []
    change, found = _change(view, drafts, connection)
    found += _references(change)
    if found:
        return found  # the money checks need every reference to be good
    found += _inception(change)
    found += _currency(change)
    found += _pairs_above_zero(change)
    found += _cash_above_zero(change)
    found += _ownership(change, connection)
    return found


def _change(view: View, drafts: Sequence[Draft], connection: sa.Connection) -> tuple[_Change, list[Problem]]:
    parties: dict[int, tuple[str, str]] = {}
    facts: dict[tuple[int, str], list[tuple[int, str]]] = defaultdict(list)
    found: list[Problem] = []
    for draft in drafts:
        for row in draft.rows:
            if isinstance(row, tables.Party):
                if row.code in view.by_code or any(row.code == code for code, _ in parties.values()):
                    found.append(
                        _problem(draft, "duplicate_code", "代码已被使用", "the code is taken", row.code)
                    )
                parties[row.id] = (row.code, row.kind)
            elif isinstance(row, tables.Fact) and row.party is not None:
                facts[row.party, row.name].append((day_number(draft.effective_on), row.value))
    removed, more = _removed(view, drafts)
    return _Change(view, drafts, _added(drafts), removed, parties, facts), found + more


def _added(drafts: Sequence[Draft]) -> Postings:
    rows = [(number, *posting) for number, draft in enumerate(drafts) for posting in draft.postings]
    if not rows:
        return no_postings()
    numbers, *columns = zip(*rows, strict=True)
    entry = np.array(numbers, np.int32)
    values: list[npt.NDArray[Any]] = [entry, np.zeros(len(rows), np.int32)]
    for (name, kind), column in zip(POSTING_COLUMNS[2:], columns, strict=True):
        missing = name in ("fund", "deal", "loan")
        values.append(np.array([-1 if v is None else v for v in column] if missing else column, kind))
    days = np.array([day_number(d.effective_on) for d in drafts], np.int32)
    return Postings.of([*values, days[entry]])


def _removed(view: View, drafts: Sequence[Draft]) -> tuple[Postings, list[Problem]]:
    found: list[Problem] = []
    blocks: list[Postings] = []
    columns = view.journal.columns
    for number, draft in enumerate(drafts):
        if draft.reverses is None:
            continue
        target = draft.reverses
        if not 0 < target <= columns.head:
            found.append(_problem(draft, "unknown_entry", "没有此分录", "no such entry", str(target)))
        elif columns.reversed_by[target] <= columns.head:
            by = int(columns.reversed_by[target])
            found.append(
                _problem(
                    draft,
                    "reversed_already",
                    f"该分录已被分录 {by} 冲销",
                    f"entry {by} reverses it already",
                    str(target),
                )
            )
        elif view.entry(target).reverses is not None:
            found.append(
                _problem(
                    draft,
                    "reversal_of_reversal",
                    "冲销分录不能再冲销，请重新入账",
                    "book anew instead of reversing a reversal",
                    str(target),
                )
            )
        else:
            rows = columns.postings.where(np.flatnonzero(columns.postings.entry == target))
            blocks.append(replace(rows, entry=np.full(len(rows), number, np.int32)))
    removed = joined(blocks) if blocks else no_postings()
    return removed, found


def _problem(draft: Draft, code: str, zh: str, en: str, found: str | None = None) -> Problem:
    return Problem(code, zh, en, found, draft.source.where())


# -- references ---------------------------------------------------------------------------------------------------


def _references(change: _Change) -> Iterator[Problem]:
    view = change.view
    known = set(view.parties) | set(change.parties)
    deals = set(view.deal_by_id) | {r.id for d in change.drafts for r in d.rows if isinstance(r, tables.Deal)}
    added = change.added
    for name, allowed in (("from_party", known), ("to_party", known), ("fund", known), ("deal", deals)):
        column = getattr(added, name)
        for value in np.setdiff1d(column, np.fromiter(allowed, np.int64, len(allowed))):
            if value != -1:
                draft = change.drafts[int(added.entry[np.flatnonzero(column == value)[0]])]
                yield _problem(
                    draft,
                    "unknown_reference",
                    f"{name}：未知主体或交易",
                    f"{name}: not in the book",
                    str(value),
                )
    if len(added) and int(added.fen.min()) <= 0:
        draft = change.drafts[int(added.entry[int(added.fen.argmin())])]
        yield _problem(
            draft,
            "fen_not_positive",
            "金额必须大于零",
            "an amount must be above zero",
            str(int(added.fen.min())),
        )
    codes = {d.row.code for d in view.deals}
    for draft in change.drafts:
        for row in draft.rows:
            for name in ("party", "holder", "holding", "owner", "owned", "fund", "investor", "company"):
                value = getattr(row, name, None)
                if value is not None and value not in known:
                    yield _problem(
                        draft,
                        "unknown_reference",
                        f"{name}：未知主体",
                        f"{name}: not in the book",
                        str(value),
                    )
            if isinstance(row, tables.Deal):
                if row.code in codes:
                    yield _problem(
                        draft, "duplicate_code", "交易代码已被使用", "the deal code is taken", row.code
                    )
                codes.add(row.code)
            elif isinstance(row, tables.Fact):
                yield from _fact_readable(draft, row)


def _fact_readable(draft: Draft, row: tables.Fact) -> Iterator[Problem]:
    spec = FACTS.get(row.name)
    if spec is None:
        yield _problem(draft, "unknown_fact", "没有这一属性", "no such attribute", row.name)
        return
    try:
        spec.parse(row.value)
    except ValueError:
        yield _problem(
            draft,
            "fact_unreadable",
            f"{spec.zh}：应为 {spec.kind}",
            f"{spec.en}: {spec.kind} expected",
            row.value,
        )


# -- dates and currency -------------------------------------------------------------------------------------------


def _inception(change: _Change) -> Iterator[Problem]:
    added = change.added
    cash = ~_memo_kinds()[added.kind] & (added.fund >= 0)
    for fund in np.unique(added.fund[cash]):
        text = change.fact(int(fund), "established_on")
        if text is None:
            continue
        start = dt.date.fromisoformat(text)
        early = np.flatnonzero(cash & (added.fund == fund) & (added.day < day_number(start)))
        for number in np.unique(added.entry[early]):
            draft = change.drafts[int(number)]
            yield _problem(
                draft, "before_inception", f"{change.name(int(fund))} 成立于 {start}，不得早于成立日",
                f"{change.name(int(fund))} was established on {start}; no cash before that", draft.effective_on.isoformat(),
            )  # fmt: skip


def _currency(change: _Change) -> Iterator[Problem]:
    cache: dict[int, str | None] = {}

    def currency(party: int) -> str | None:
        if party not in cache:
            cache[party] = change.fact(party, "currency")
        return cache[party]

    added = change.added
    pairs = (
        np.unique(np.stack([added.fund, added.from_party, added.to_party]), axis=1)
        if len(added)
        else np.empty((3, 0))
    )
    for fund, a, b in pairs.T:
        of_fund = (currency(int(fund)) or DEFAULT_CURRENCY) if fund >= 0 else None
        stated = {c for c in (of_fund, currency(int(a)), currency(int(b))) if c is not None}
        if len(stated) > 1:
            place = np.flatnonzero((added.fund == fund) & (added.from_party == a) & (added.to_party == b))[0]
            yield _problem(
                change.drafts[int(added.entry[place])], "currency", f"须为 {of_fund or DEFAULT_CURRENCY}，币种不能混用",
                f"{of_fund or DEFAULT_CURRENCY} required; currencies are never mixed", " / ".join(sorted(stated)),
            )  # fmt: skip
    for draft in change.drafts:
        for row in draft.rows:
            if isinstance(row, tables.Position | tables.Mark):
                holding = row.fund if isinstance(row, tables.Position) else row.holding
                holder, held = currency(row.holder), currency(holding)
                if holder is not None and held is not None and holder != held:
                    yield _problem(draft, "currency", f"须为 {holder}", f"{holder} required", held)


# -- money --------------------------------------------------------------------------------------------------------


def _memo_kinds() -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    memo = np.zeros(max(TREATMENTS) + 1, bool)
    for kind, treatment in TREATMENTS.items():
        memo[kind] = treatment.memo
    return memo


def _pairs_above_zero(change: _Change) -> Iterator[Problem]:
    touched = np.unique(np.concatenate([change.added.fund, change.removed.fund]))
    touched = touched[touched >= 0]
    if not len(touched):
        return
    book = change.view.journal.view().postings
    book = book.where(np.flatnonzero(np.isin(book.fund, touched)))
    words = {
        "committed": ("认缴余额", "commitment"),
        "unfunded": ("未实缴额度", "unfunded commitment"),
        "paid_in": ("实缴余额", "paid-in capital"),
    }
    for measure, (zh, en) in words.items():
        for fund, investor, day, fen, draft in _below_zero(change, book, measure):
            if measure == "unfunded" and change.fact(fund, "call_over_unfunded") == "yes":
                continue
            who = f"{change.name(investor)} → {change.name(fund)}"
            yield _problem(
                draft,
                f"{measure}_below_zero",
                f"{who}：{zh}在 {day} 将为负",
                f"{who}: {en} would be below zero on {day}",
                yuan_text(fen),
            )


def _below_zero(
    change: _Change, book: Postings, measure: str
) -> Iterator[tuple[int, int, dt.date, int, Draft]]:
    """Pairs touched by the drafts whose end-of-day balance would fall below zero: the first day each."""
    new, gone = movements(change.added, measure), movements(change.removed, measure)
    if not len(new.fen) and not len(gone.fen):
        return
    touched = np.unique(np.concatenate([_keys(new), _keys(gone)]))
    parts: list[tuple[Ints, Ints32, Ints, Ints32]] = [
        (_keys(new), new.day, new.fen, new.entry),
        (_keys(gone), gone.day, -gone.fen, gone.entry),
    ]
    old = movements(book, measure)
    chosen = np.isin(_keys(old), touched)
    parts.append(
        (_keys(old)[chosen], old.day[chosen], old.fen[chosen], np.full(int(chosen.sum()), -1, np.int32))
    )
    keys, days, fen, number = (np.concatenate(column) for column in zip(*parts, strict=True))
    for key, day, value in _first_below_zero(keys, days, fen):
        own = np.flatnonzero((keys == key) & (number >= 0))
        before = own[days[own] <= day]
        place = before[np.argmax(days[before])] if len(before) else own[0]
        yield key >> 32, key & 0xFFFFFFFF, to_date(day), value, change.drafts[int(number[place])]


def _keys(moved: Movement) -> Ints:
    return (moved.fund.astype(np.int64) << 32) | moved.investor.astype(np.int64)


def _first_below_zero(keys: Ints, days: Ints32, fen: Ints) -> Iterable[tuple[int, int, int]]:
    """(key, day, balance) of the first end of day below zero of each key; input in any order."""
    order = np.lexsort((days, keys))
    keys, days, fen = keys[order], days[order], fen[order]
    if not len(keys):
        return []
    running = np.cumsum(fen)
    starts = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]])
    base = np.repeat(running[starts] - fen[starts], np.diff(np.r_[starts, len(keys)]))
    last_of_day = np.r_[(keys[1:] != keys[:-1]) | (days[1:] != days[:-1]), True]
    below = np.flatnonzero(last_of_day & (running - base < 0))
    _, first = np.unique(keys[below], return_index=True)
    return [(int(keys[i]), int(days[i]), int((running - base)[i])) for i in below[first]]


def _cash_above_zero(change: _Change) -> Iterator[Problem]:
    added, removed = change.added, change.removed
    parties = np.unique(
        np.concatenate([added.from_party, added.to_party, removed.from_party, removed.to_party])
    )
    kept = np.array([p for p in parties if change.fact(int(p), "cash_kept") == "yes"], np.int32)
    if not len(kept):
        return
    memo = _memo_kinds()
    book = change.view.journal.view().postings
    parts = []
    for rows, sign in ((book, 1), (added, 1), (removed, -1)):
        cash = ~memo[rows.kind]
        for column, direction in ((rows.to_party, 1), (rows.from_party, -1)):
            chosen = np.flatnonzero(cash & np.isin(column, kept))
            number = np.full(len(chosen), -1, np.int32) if rows is book else rows.entry[chosen]
            parts.append(
                (
                    column[chosen].astype(np.int64),
                    rows.day[chosen],
                    rows.fen[chosen] * sign * direction,
                    number,
                )
            )
    keys, days, fen, number = (np.concatenate(column) for column in zip(*parts, strict=True))
    for key, day, value in _first_below_zero(keys, days, fen):
        own = np.flatnonzero((keys == key) & (number >= 0))
        before = own[days[own] <= day]
        place = before[np.argmax(days[before])] if len(before) else own[0]
        yield _problem(
            change.drafts[int(number[place])], "cash_below_zero", f"{change.name(key)} 的现金在 {to_date(day)} 将为负",
            f"cash of {change.name(key)} would be below zero on {to_date(day)}", yuan_text(value),
        )  # fmt: skip


# -- ownership ----------------------------------------------------------------------------------------------------


def _ownership(change: _Change, connection: sa.Connection) -> Iterator[Problem]:
    edges = [(row, draft) for draft in change.drafts for row in draft.rows if isinstance(row, tables.Edge)]
    memberships = {
        (int(a), int(f)): int(n)
        for a, f, n in zip(change.added.from_party, change.added.fund, change.added.entry, strict=True)
        if f >= 0 and a != f
    }
    if not edges and not memberships:
        return
    change.view.journal.rows("edge", connection)
    owns: dict[int, set[int]] = defaultdict(set)
    postings = change.view.postings
    commits = postings.where(np.flatnonzero(postings.kind == 1))
    for investor, fund in set(zip(commits.from_party.tolist(), commits.fund.tolist(), strict=True)):
        owns[investor].add(fund)
    for known in change.view.edges:
        owns[known.row.owner].add(known.row.owned)
    fresh: dict[tuple[int, int], Draft] = {}
    promised = change.added.kind == 1
    for investor, fund, number in zip(
        change.added.from_party[promised].tolist(),
        change.added.fund[promised].tolist(),
        change.added.entry[promised].tolist(),
        strict=True,
    ):
        fresh.setdefault((investor, fund), change.drafts[number])
    for row, draft in edges:
        fresh.setdefault((row.owner, row.owned), draft)
    for owner, owned in fresh:
        owns[owner].add(owned)
    for (owner, owned), draft in fresh.items():
        loop = _path(owns, owned, owner)
        if loop:
            shown = " → ".join(change.name(p) for p in [owner, *loop])
            yield _problem(
                draft, "ownership_cycle", "权属不得成环", "ownership must not run in a circle", shown
            )
    yield from _shares_within_one(change, edges)


def _path(owns: dict[int, set[int]], start: int, goal: int) -> list[int] | None:
    """A way from start to goal along ownership, both included, or None."""
    came: dict[int, int] = {start: start}
    queue = [start]
    while queue:
        here = queue.pop()
        if here == goal:
            way = [goal]
            while way[-1] != start:
                way.append(came[way[-1]])
            return way[::-1]
        for there in owns.get(here, ()):
            if there not in came:
                came[there] = here
                queue.append(there)
    return None


def _shares_within_one(change: _Change, edges: list[tuple[tables.Edge, Draft]]) -> Iterator[Problem]:
    spans: dict[tuple[int, str], list[tuple[int, int, int, int, Draft | None]]] = defaultdict(list)
    for known in change.view.journal.view().edges:
        end = day_number(known.row.until) if known.row.until else 2**31 - 1
        spans[known.row.owned, known.row.basis].append(
            (day_number(known.day), end, known.row.owner, known.row.share_nano, None)
        )
    for row, draft in edges:
        end = day_number(row.until) if row.until else 2**31 - 1
        spans[row.owned, row.basis].append(
            (day_number(draft.effective_on), end, row.owner, row.share_nano, draft)
        )
    for (owned, _), found in spans.items():
        if not any(draft for *_, draft in found):
            continue
        for start, _end, _owner, _share, source in found:
            latest: dict[int, tuple[int, int]] = {}
            for since, until, owner, share, _d in found:
                if since <= start < until and since >= latest.get(owner, (-(2**31), 0))[0]:
                    latest[owner] = (since, share)
            total = sum(share for _, share in latest.values())
            if total > 1_000_000_000 and source is not None:
                yield _problem(
                    source, "shares_above_one", f"{change.name(owned)} 的份额合计在 {to_date(start)} 超过 100%",
                    f"shares of {change.name(owned)} add up to more than 100 % on {to_date(start)}", f"{total / 1e7:.7g}%",
                )  # fmt: skip
