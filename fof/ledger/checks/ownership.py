"""Ownership does not run in a circle, and the shares of one thing never exceed the whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from fof.errors import Problem
from fof.ledger.checks.change import Change, problem
from fof.ledger.columns import Postings, day_number, to_date
from fof.ledger.draft import Draft
from models import journal as tables
from models.posting_kinds import PostingKind

WHOLE = 1_000_000_000
"""A share of one, in units of 1e-9."""
_OPEN = 2**31 - 1


def ownership(change: Change) -> Iterator[Problem]:
    """Edges and commitments that the drafts bring, against all of the book."""
    edges = [(row, draft) for draft in change.drafts for row in draft.rows if isinstance(row, tables.Edge)]
    fresh: dict[tuple[int, int], Draft] = {}
    for investor, fund, number in _promises(change.added):
        fresh.setdefault((investor, fund), change.drafts[number])
    for row, draft in edges:
        fresh.setdefault((row.owner, row.owned), draft)
    if not fresh:
        return
    owns: dict[int, set[int]] = defaultdict(set)
    for investor, fund, _ in _promises(change.booked()):
        owns[investor].add(fund)
    for known in change.view.edges:
        if known.entry not in change.targets:
            owns[known.row.owner].add(known.row.owned)
    for owner, owned in fresh:
        owns[owner].add(owned)
    for (owner, owned), draft in fresh.items():
        loop = _path(owns, owned, owner)
        if loop:
            shown = " → ".join(change.name(p) for p in [owner, *loop])
            zh, en = "权属不得成环", "ownership must not run in a circle"
            yield problem(draft, "ownership_cycle", zh, en, shown)
    yield from _shares_within_one(change, edges)


def _promises(postings: Postings) -> list[tuple[int, int, int]]:
    """(investor, fund, entry) of who has promised or taken over a share: the first entry of each pair."""
    found: list[tuple[int, int, int]] = []
    for kind, investor in (
        (PostingKind.COMMITMENT, postings.from_party),
        (PostingKind.COMMITMENT_TRANSFER, postings.to_party),
    ):
        chosen = np.flatnonzero(postings.kind == kind)
        if len(chosen):
            pairs = np.stack([investor[chosen], postings.fund[chosen]])
            _, first = np.unique(pairs, axis=1, return_index=True)
            rows = chosen[np.sort(first)]
            found += zip(
                investor[rows].tolist(),
                postings.fund[rows].tolist(),
                postings.entry[rows].tolist(),
                strict=True,
            )
    return found


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


def _shares_within_one(change: Change, edges: list[tuple[tables.Edge, Draft]]) -> Iterator[Problem]:
    spans: dict[tuple[int, str], list[tuple[int, int, int, int, Draft | None]]] = defaultdict(list)
    touched = {(row.owned, row.basis) for row, _ in edges}
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
    for (owned, _), found in spans.items():
        culprit = next(draft for *_, draft in reversed(found) if draft is not None)
        for start in sorted({start for start, *_ in found}):
            total = _total_on(found, start)
            if total > WHOLE:
                source = next((d for s, *_, d in found if s == start and d is not None), culprit)
                name = change.name(owned)
                yield problem(
                    source, "shares_above_one", f"{name} 的份额合计在 {to_date(start)} 超过 100%",
                    f"shares of {name} add up to more than 100 % on {to_date(start)}", f"{total / 1e7:.7g}%",
                )  # fmt: skip
                break


def _total_on(spans: list[tuple[int, int, int, int, Draft | None]], day: int) -> int:
    """Shares in force on a day: of each owner the one stated last."""
    latest: dict[int, tuple[int, int]] = {}
    for since, until, owner, share, _ in spans:
        if since <= day < until and since >= latest.get(owner, (-(2**31), 0))[0]:
            latest[owner] = (since, share)
    return sum(share for _, share in latest.values())
