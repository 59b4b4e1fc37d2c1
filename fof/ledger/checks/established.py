"""No cash and no value before a fund was established."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from fof.errors import Problem
from fof.ledger.checks.change import PROBLEMS_AT_MOST, Change, problem
from fof.ledger.journal_columns import day_number, joined
from fof.ledger.postings import distinct
from models import journal as tables
from models.posting_kinds import TREATMENTS, PostingKind
from models.text import Text


def memo_kinds() -> npt.NDArray[np.bool_]:
    """Table over posting kinds: True for promises, restatements and what is handed over in kind, where no cash moves."""
    memo = np.zeros(max(TREATMENTS) + 1, bool)
    for kind, treatment in TREATMENTS.items():
        memo[kind] = treatment.memo
    return memo


def inception(change: Change) -> Iterator[Problem]:
    """Cash and stated values of a fund before its first day; also those in the book, where the drafts move that day."""
    yield from _cash(change)
    yield from _values(change)


def _values(change: Change) -> Iterator[Problem]:
    """Marks and positions of a fund dated before it was."""
    moved = change.restated("established_on")
    stated = [
        (draft.effective_on, row, draft)
        for draft in change.drafts
        for row in draft.rows
        if isinstance(row, tables.Mark | tables.Position)
    ]
    if moved:
        for known in (*change.view.marks, *change.view.positions):
            hit = next((moved[f] for f in _funds_of(known.row) if f in moved), None)
            if hit is not None and known.entry not in change.targets:
                stated.append((known.day, known.row, change.drafts[hit]))
    count = 0
    for day, row, draft in stated:
        for fund in _funds_of(row):
            start = change.day_of(fund, "established_on")
            if start is None or day >= start:
                continue
            name = change.name(fund)
            text = Text(
                f"{name} 成立于 {start}，此前不应有净值或估值",
                f"{name} was established on {start}; it has no value before that",
            )
            yield problem(draft, "before_inception", text, day.isoformat())
            count += 1
            if count == PROBLEMS_AT_MOST:
                return
            break


def _funds_of(row: tables.Mark | tables.Position) -> tuple[int, ...]:
    """The parties of a statement whose first day counts: not the institution that holds a position."""
    return (row.fund,) if isinstance(row, tables.Position) else (row.holding, row.holder)


def _cash(change: Change) -> Iterator[Problem]:
    rows = change.added
    moved = change.restated("established_on")
    if moved:
        old = change.booked()
        old = old.where(np.isin(old.fund, list(moved)))
        numbers = np.array([moved[f] for f in old.fund.tolist()], np.int32)
        rows = joined([rows, replace(old, entry=numbers)])
    paid = ~memo_kinds()[rows.kind] | (rows.kind == PostingKind.CONTRIBUTION_IN_KIND)
    cash = np.flatnonzero(paid & (rows.fund >= 0))
    if not len(cash):
        return
    funds, place = distinct(rows.fund[cash])
    starts = np.full(len(funds), -(2**31), np.int32)
    for i, fund in enumerate(funds.tolist()):
        if (start := change.day_of(fund, "established_on")) is not None:
            starts[i] = day_number(start)
    early = cash[rows.day[cash] < starts[place]]
    pairs = np.unique(np.stack([rows.entry[early], rows.fund[early]], axis=1), axis=0)
    for number, fund in pairs[:PROBLEMS_AT_MOST].tolist():
        draft, name = change.drafts[number], change.name(fund)
        first = change.day_of(fund, "established_on")
        text = Text(
            f"{name} 成立于 {first}，不得早于成立日",
            f"{name} was established on {first}; no cash before that",
        )
        yield problem(draft, "before_inception", text, draft.effective_on.isoformat())
