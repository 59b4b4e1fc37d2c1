"""Who was left out of a call that reached the others: excused, in default, or nobody recorded why.

A call asks every investor by its commitment; who is in default owes its part all the same, whether a notice was made out
to it or not. One call may come in several notices (to fiscal investors a few weeks after the others): they ask the same
part of each commitment.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from fof.book.index import Book
from fof.ledger import day_number
from fof.rules.facts_parties import LeftOut
from models.kinds import NoticeKind

_EXCUSED, _DEFAULTING = "豁免", "违约"
"""How a notice's entry says who is left out (fof.operations.calls); the party's name and a colon follow."""
_WITHIN = dt.timedelta(days=62)
_ROUNDING = 100
"""Fen by which a part may be off its commitment's rate."""


class _Notice(NamedTuple):
    """A call notice: what each party was asked, and what everybody had promised that day.

    fen, whole : asked in all, of commitments of so much; whole is 0 where the parties were not asked the same part
    promised   : by the parties in all
    """

    asked_on: dt.date
    due_on: dt.date
    number: str
    parts: dict[int, int]
    held: dict[int, int]
    fen: int
    whole: int
    promised: int

    def asks_alike(self, other: _Notice) -> bool:
        """Whether another notice asks its parties the same part of their commitments; what is far off in all is not."""
        if other.whole <= 0:
            return False
        off = abs(other.fen * self.whole - self.fen * other.promised)
        if off > len(other.parts) * _ROUNDING * self.whole:
            return False
        return _even(self.fen, self.whole, other.parts, other.held)


def _even(fen: int, whole: int, parts: dict[int, int], held: dict[int, int]) -> bool:
    off = _ROUNDING * whole
    # a list: a generator takes twice as long, at every pair of notices
    return all([-off <= part * whole - fen * held.get(party, 0) <= off for party, part in parts.items()])  # noqa: C419


def left_out(book: Book, fund: int) -> dict[int, list[LeftOut]]:
    """Party -> calls of a fund that asked others and not it, although it had promised money that was not called yet; all
    days, kept with the book."""
    key = ("left out", fund)
    by_party: dict[int, list[LeftOut]] | None = book.remembered.get(key)
    if by_party is None:
        by_party = book.remembered[key] = defaultdict(list)
        notices = _notices(book, fund)
        for at, notice in enumerate(notices):
            if notice.whole and any(fen > 0 and p not in notice.parts for p, fen in notice.held.items()):
                for party, call in _of_notice(book, fund, notice, _same_call(notices, at)):
                    by_party[party].append(call)
    return by_party


def _notices(book: Book, fund: int) -> list[_Notice]:
    """The call notices of a fund, oldest first; what a later closing asks of newcomers is none."""
    closings = {n.row.number for n in book.notices_of.get(fund, ()) if n.row.kind == NoticeKind.DISTRIBUTION}
    succeeded = book.succession.succeeded
    asked: dict[tuple[dt.date, str], dict[int, int]] = defaultdict(lambda: defaultdict(int))
    due: dict[tuple[dt.date, str], dt.date] = {}
    for party in book.investors.get(fund, ()):
        line, heirs = book.dues.get((fund, party)), party in succeeded
        for due_on, fen, number, asked_on in () if line is None else line.values:
            if number in closings:
                continue
            key = (asked_on or due_on, number)
            merged = heirs and party in book.succession.on(key[0])
            asked[key][book.holder(party, key[0]) if merged else party] += fen
            if (last := due.get(key)) is None or last < due_on:
                due[key] = due_on
    notices: list[_Notice] = []
    changes = sorted({day for p in book.investors.get(fund, ()) for day in book.committed[fund, p].changed()})
    versions: dict[tuple[int, int], dict[int, int]] = {}
    for (day, number), parts in sorted(asked.items()):
        version = bisect_right(changes, day), bisect_right(book.succession.days, day_number(day))
        held = versions.get(version)
        if held is None:
            held = versions[version] = _held(book, fund, day)
        fen, promised = sum(parts.values()), sum([held.get(p, 0) for p in parts])
        whole = promised if promised > 0 and _even(fen, promised, parts, held) else 0
        notices.append(_Notice(day, due[day, number], number, parts, held, fen, whole, promised))
    return notices


def _held(book: Book, fund: int, day: dt.date) -> dict[int, int]:
    """Promised by whoever stands for the investors on a day."""
    held: dict[int, int] = defaultdict(int)
    merged = book.succession.on(day)
    for party in book.investors.get(fund, ()):
        steps = book.committed.get((fund, party))
        if steps is not None and (fen := steps.at(day)):
            held[book.holder(party, day) if party in merged else party] += fen
    return held


def _same_call(notices: list[_Notice], at: int) -> list[_Notice]:
    """A notice and those after it that ask the same part of other parties' commitments, near it; nothing where one before
    it does: of several notices of one call the first speaks."""
    own = notices[at]

    def near(places: Iterable[int]) -> Iterator[_Notice]:
        for other in map(notices.__getitem__, places):
            if abs(other.asked_on - own.asked_on) > _WITHIN:
                return
            if own.parts.keys().isdisjoint(other.parts) and own.asks_alike(other):
                yield other

    if any(True for _ in near(range(at - 1, -1, -1))):
        return []
    return [own, *near(range(at + 1, len(notices)))]


def _of_notice(book: Book, fund: int, notice: _Notice, same: list[_Notice]) -> list[tuple[int, LeftOut]]:
    if not same:
        return []
    asked = {party for n in same for party in n.parts}
    others = [p for p, fen in notice.held.items() if fen > 0 and p not in asked]
    if not others:
        return []
    day = notice.asked_on
    joined = min(_joined(book, fund, p, day) for p in asked)
    lacking = {
        p: left
        for p in others
        if _joined(book, fund, p, day) >= joined  # else newcomers catch up with it
        and (left := notice.held[p] - _paid(book, fund, p, day)) > 0
    }
    if not lacking:
        return []
    notes = book.noted(fund, [n.number for n in same])
    why = {p: _why(notes, str(book.facts.of(p, "name", day) or book.code(p))) for p in lacking}
    whole = sum(n.fen for n in same)
    owing = sum(notice.held[p] for p in asked) + sum(notice.held[p] for p in lacking if why[p] == "default")
    rows = []
    for party, left in lacking.items():
        shared = owing + (0 if why[party] == "default" else notice.held[party])
        part = min(whole * notice.held[party] // shared, left)
        if part:
            rows.append((party, LeftOut(notice.due_on, part, notice.number, day, why[party])))
    return rows


def _joined(book: Book, fund: int, party: int, day: dt.date) -> dt.date:
    """The last day by then on which somebody whom the party stands for promised the fund something."""
    own = [p for p in book.investors.get(fund, ()) if p == party or book.holder(p, day) == party]
    days = (book.reshaped[fund, p].dated(day) for p in own if (fund, p) in book.reshaped)
    return max((on for dated in days for on, other in dated if not other), default=dt.date.min)


def _paid(book: Book, fund: int, party: int, day: dt.date) -> int:
    own = [p for p in book.investors.get(fund, ()) if p == party or book.holder(p, day) == party]
    return sum(book.balances["paid_in"][fund, p].at(day) for p in own)


def _why(notes: str, name: str) -> str | None:
    if f"{_DEFAULTING} {name}：" in notes:
        return "default"
    return "excused" if f"{_EXCUSED} {name}：" in notes else None
