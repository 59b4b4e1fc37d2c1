"""Ownership does not run in a circle, and the shares of one thing never exceed the whole."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from fof.errors import Problem
from fof.ledger.checks.change import Change, problem, records_of
from fof.ledger.draft import Draft
from fof.ledger.journal_columns import Postings, day_number, to_date
from models import journal as tables
from models.kinds import DealKind
from models.money import WHOLE
from models.posting_kinds import PostingKind
from models.text import Text

_OPEN = 2**31 - 1
_BOUGHT = frozenset({DealKind.INITIAL.value, DealKind.FOLLOW_ON.value})
_GONE = frozenset({DealKind.EXIT.value, DealKind.WRITE_OFF.value})


class _Stake(NamedTuple):
    """Somebody holds a part of somebody from a day until (not on) another; draft: whose doing, None for the book's own."""

    owner: int
    owned: int
    since: int
    until: int
    draft: Draft | None


def ownership(change: Change) -> Iterator[Problem]:
    """Edges, commitments and investments that the drafts bring, or whose end they take back, against all of the book."""
    edges = [(row, draft) for draft in change.drafts for row in draft.rows if isinstance(row, tables.Edge)]
    fresh = [
        *_promised(change, change.added, booked=False),
        *_declared(change, edges),
        *_invested(change, booked=False),
    ]
    gone: list[tuple[Any, Draft]] = [
        (r.row, change.drafts[change.targets[r.entry]])
        for table in ("edge", "deal")
        for r in records_of(change.view, table, list(change.targets))
    ]
    if not fresh and not gone:
        return
    booked = [*_promised(change, change.booked(), booked=True), *_invested(change, booked=True)]
    booked += _declared(change, [(e.row, e.day) for e in change.view.edges if e.entry not in change.targets])
    reopened = {
        (row.owner, row.owned) if isinstance(row, tables.Edge) else (row.investor, row.company): draft
        for row, draft in gone
        if isinstance(row, tables.Edge) or row.kind in _GONE
    }
    fresh += [s._replace(draft=reopened[s[:2]]) for s in booked if s[:2] in reopened]
    yield from _circles(change, fresh, [*booked, *fresh])
    yield from _shares_within_one(change, edges, [(r, d) for r, d in gone if isinstance(r, tables.Edge)])


def _circles(change: Change, fresh: list[_Stake], every: list[_Stake]) -> Iterator[Problem]:
    """Circles that hold on some day; each pair of the drafts is told once."""
    owns: dict[int, set[int]] = defaultdict(set)
    for stake in every:
        owns[stake.owner].add(stake.owned)
    seen: set[tuple[int, int]] = set()  # and what never comes back to itself on any day
    for stake in fresh:
        pair = (stake.owner, stake.owned)
        if pair in seen:
            continue
        if _path(owns, stake.owned, stake.owner) is None:
            seen.add(pair)
            continue
        circle = _circle_on_a_day(stake, every)
        if circle is not None and stake.draft is not None:
            seen.add(pair)
            day, loop = circle
            way = " → ".join(change.name(p) for p in [stake.owner, *loop])
            text = Text(
                f"权属不得成环（{to_date(day)}）", f"ownership must not run in a circle ({to_date(day)})"
            )
            yield problem(stake.draft, "ownership_cycle", text, way)


def _circle_on_a_day(stake: _Stake, every: list[_Stake]) -> tuple[int, list[int]] | None:
    """The first day on which a way leads back from what is owned to its owner, and that way."""
    days = {max(stake.since, s.since) for s in every if s.since < stake.until and s.until > stake.since}
    for day in sorted(days):
        owns: dict[int, set[int]] = defaultdict(set)
        for s in every:
            if s.since <= day < s.until:
                owns[s.owner].add(s.owned)
        if (loop := _path(owns, stake.owned, stake.owner)) is not None:
            return day, loop
    return None


def _promised(change: Change, postings: Postings, *, booked: bool) -> list[_Stake]:
    """Commitments, from the first promise on; what was sold since still counts."""
    return [
        _Stake(investor, fund, day, _OPEN, None if booked else change.drafts[entry])
        for investor, fund, day, entry in _promises(postings)
    ]


def _declared(change: Change, edges: Sequence[tuple[tables.Edge, Draft | dt.date]]) -> list[_Stake]:
    """Declared shares above nothing, until they end or the same owner is said to hold nothing any more."""
    declared = [(r, day_number(o.effective_on if isinstance(o, Draft) else o)) for r, o in edges]
    declared += [(e.row, day_number(e.day)) for e in change.view.edges if e.entry not in change.targets]
    declared += [
        (row, day_number(d.effective_on))
        for d in change.drafts
        for row in d.rows
        if isinstance(row, tables.Edge)
    ]
    ends: dict[tuple[int, int, str], list[int]] = defaultdict(list)
    for row, day in declared:
        if row.share_nano == 0:
            ends[row.owner, row.owned, row.basis].append(day)
    stakes = []
    for row, origin in edges:
        draft = origin if isinstance(origin, Draft) else None
        since = day_number(draft.effective_on if draft is not None else origin)  # type: ignore[arg-type]
        until = day_number(row.until) if row.until else _OPEN
        until = min([until, *(day for day in ends[row.owner, row.owned, row.basis] if day >= since)])
        if row.share_nano > 0:
            stakes.append(_Stake(row.owner, row.owned, since, until, draft))
    return stakes


def _invested(change: Change, *, booked: bool) -> list[_Stake]:
    """Investments of funds in companies and funds, from the first to the exit or write-off; what investors received in kind."""
    booked_deals = [
        (r.row, day_number(r.day), None) for r in change.view.deals if r.entry not in change.targets
    ]
    fresh = [
        (row, day_number(d.effective_on), d)
        for d in change.drafts
        for row in d.rows
        if isinstance(row, tables.Deal)
    ]
    if not booked and not fresh:
        return []
    gone: dict[tuple[int, int], list[int]] = defaultdict(list)
    for row, day, _ in (*booked_deals, *fresh):
        if row.kind in _GONE:
            gone[row.investor, row.company].append(day)
    stakes = []
    for row, day, draft in booked_deals if booked else fresh:
        if row.kind in _BOUGHT:
            until = min([_OPEN, *(d for d in gone[row.investor, row.company] if d >= day)])
            stakes.append(_Stake(row.investor, row.company, day, until, draft))
    company = {row.id: row.company for row, *_ in (*booked_deals, *fresh)}
    rows = change.booked() if booked else change.added
    rows = rows.where(np.flatnonzero(rows.kind == PostingKind.DISTRIBUTION_IN_KIND))
    columns = (rows.to_party, rows.deal, rows.day, rows.entry)
    for owner, deal, day, entry in zip(*(c.tolist() for c in columns), strict=True):
        if deal in company:
            draft = None if booked else change.drafts[entry]
            stakes.append(_Stake(owner, company[deal], day, _OPEN, draft))
    return stakes


def _promises(postings: Postings) -> list[tuple[int, int, int, int]]:
    """(investor, fund, day, entry) of who has promised or taken over a share: the first day of each pair."""
    promises: list[tuple[int, int, int, int]] = []
    for kind, investor in (
        (PostingKind.COMMITMENT, postings.from_party),
        (PostingKind.COMMITMENT_TRANSFER, postings.to_party),
    ):
        chosen = np.flatnonzero(postings.kind == kind)
        if len(chosen):
            chosen = chosen[np.argsort(postings.day[chosen], kind="stable")]
            pairs = np.stack([investor[chosen], postings.fund[chosen]])
            _, first = np.unique(pairs, axis=1, return_index=True)
            rows = np.sort(chosen[first])
            promises += zip(
                investor[rows].tolist(),
                postings.fund[rows].tolist(),
                postings.day[rows].tolist(),
                postings.entry[rows].tolist(),
                strict=True,
            )
    return promises


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


def _shares_within_one(
    change: Change, edges: list[tuple[tables.Edge, Draft]], gone: list[tuple[tables.Edge, Draft]]
) -> Iterator[Problem]:
    """What was stated adds up to no more than the whole. gone: statements that are taken back, so that earlier ones count anew."""
    spans: dict[tuple[int, str], list[tuple[int, int, int, int, Draft | None]]] = defaultdict(list)
    touched = {(row.owned, row.basis): draft for row, draft in (*edges, *gone)}
    for known in change.view.edges:
        if (known.row.owned, known.row.basis) in touched and known.entry not in change.targets:
            end = day_number(known.row.until) if known.row.until else _OPEN
            spans[known.row.owned, known.row.basis].append(
                (day_number(known.day), end, known.row.owner, known.row.share_nano, None)
            )
    for row, draft in edges:
        end = day_number(row.until) if row.until else _OPEN
        spans[row.owned, row.basis].append(
            (day_number(draft.effective_on), end, row.owner, row.share_nano, draft)
        )
    for (owned, basis), own_spans in spans.items():
        restated = (draft for *_, draft in reversed(own_spans) if draft is not None)
        culprit = next(restated, touched[owned, basis])
        # what ends may give way to an earlier statement of more, so ends are looked at too
        for start in sorted({day for span in own_spans for day in span[:2] if day != _OPEN}):
            total = _total_on(own_spans, start)
            if total > WHOLE:
                source = next((d for s, *_, d in own_spans if s == start and d is not None), culprit)
                name = change.name(owned)
                yield problem(
                    source,
                    "shares_above_one",
                    Text(
                        f"{name} 的份额合计在 {to_date(start)} 超过 100%",
                        f"shares of {name} add up to more than 100 % on {to_date(start)}",
                    ),
                    f"{total / 1e7:.7g}%",
                )
                break


def _total_on(spans: list[tuple[int, int, int, int, Draft | None]], day: int) -> int:
    """Shares in force on a day: of each owner the one stated last."""
    latest: dict[int, tuple[int, int]] = {}
    for since, until, owner, share, _ in spans:
        if since <= day < until and since >= latest.get(owner, (-(2**31), 0))[0]:
            latest[owner] = (since, share)
    return sum(share for _, share in latest.values())
