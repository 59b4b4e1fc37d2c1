"""No cash before a fund was established."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from fof.errors import Problem
from fof.ledger.checks.change import SHOWN_AT_MOST, Change, problem
from fof.ledger.columns import day_number, joined
from fof.ledger.postings import distinct
from models.posting_kinds import TREATMENTS


def memo_kinds() -> npt.NDArray[np.bool_]:
    """Table over posting kinds: True for promises and restatements, where no cash moves."""
    memo = np.zeros(max(TREATMENTS) + 1, bool)
    for kind, treatment in TREATMENTS.items():
        memo[kind] = treatment.memo
    return memo


def inception(change: Change) -> Iterator[Problem]:
    """Cash postings of a fund before its first day; also those in the book, where the drafts move that day."""
    rows = change.added
    moved = change.restated("established_on")
    if moved:
        old = change.booked()
        old = old.where(np.isin(old.fund, list(moved)))
        numbers = np.array([moved[f] for f in old.fund.tolist()], np.int32)
        rows = joined([rows, replace(old, entry=numbers)])
    cash = np.flatnonzero(~memo_kinds()[rows.kind] & (rows.fund >= 0))
    if not len(cash):
        return
    funds, place = distinct(rows.fund[cash])
    starts = np.full(len(funds), -(2**31), np.int32)
    for i, fund in enumerate(funds.tolist()):
        if text := change.fact(fund, "established_on"):
            starts[i] = day_number(dt.date.fromisoformat(text))
    early = cash[rows.day[cash] < starts[place]]
    pairs = np.unique(np.stack([rows.entry[early], rows.fund[early]], axis=1), axis=0)
    for number, fund in pairs[:SHOWN_AT_MOST].tolist():
        draft, name = change.drafts[number], change.name(fund)
        start = change.fact(fund, "established_on")
        zh = f"{name} 成立于 {start}，不得早于成立日"
        en = f"{name} was established on {start}; no cash before that"
        yield problem(draft, "before_inception", zh, en, draft.effective_on.isoformat())
