"""What of a vehicle's tranches has lain unused for too long, on every path: the way of fof.rules.idle.tranches, all paths at once.

Tranches are used first in, first out, so one number says how far the money has gone: what was spent of all that came, never more than
came. Only one tranche is used in part; it was last put to work when the last call took something of it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import numpy as np

from fof.ledger import day_number
from fof.ledger.journal_columns import Ints
from fof.rules.facts import FundFacts
from fof.rules.idle import tranches

NEVER = -1
"""No day, and no amount: nothing was put to work."""


def idle_money_by_step(
    vehicle: FundFacts,
    days: Sequence[dt.date],
    paid_in: Ints,
    calls: Ints,
    costs: Ints,
    most_days: Mapping[int, int],
) -> dict[int, Ints]:
    """Fen left of tranches that have been idle for more than so many days, by step: (paths,).

    vehicle   : today      days : ends of the steps      paid_in, costs : (steps,) fen      calls : (steps, paths) fen, put to work
    most_days : for each step that is asked
    """
    past = tranches(vehicle)
    came = [t.day for t in past]
    whole = np.cumsum([t.fen for t in past]).tolist()
    spent_before = sum(t.fen - t.left for t in past)
    worked = [t for t in past if t.left and t.fen > t.left and t.last_used is not None]
    paths = calls.shape[1]
    spent = np.full(paths, spent_before, np.int64)
    # the day of the last use that was put to work, and how far the money had gone after it
    last = np.full(
        paths, day_number(worked[0].last_used) if worked and worked[0].last_used else NEVER, np.int64
    )
    reached = np.full(paths, spent_before if worked else NEVER, np.int64)
    answer: dict[int, Ints] = {}
    for t, day in enumerate(days):
        if paid_in[t] > 0:
            came.append(day)
            whole.append((whole[-1] if whole else 0) + int(paid_in[t]))
        most, today = whole[-1] if whole else 0, day_number(day)
        first = calls[t] <= costs[t]  # uses of one day in the order of their amounts, as the audit takes them
        for amount, puts_to_work in (
            (np.minimum(calls[t], costs[t]), first),
            (np.maximum(calls[t], costs[t]), ~first),
        ):
            after = np.minimum(spent + amount, most)
            moved = puts_to_work & (after > spent)
            last, reached = np.where(moved, today, last), np.where(moved, after, reached)
            spent = after
        if t in most_days:
            answer[t] = _idle(came, whole, spent, last, reached, day, most_days[t])
    return answer


def _idle(
    came: Sequence[dt.date],
    whole: Sequence[int],
    spent: Ints,
    last: Ints,
    reached: Ints,
    day: dt.date,
    most_days: int,
) -> Ints:
    """What is left of tranches that came, or were last used, more than so many days ago."""
    old = sum((day - own).days > most_days for own in came)
    edges = np.array([0, *whole], np.int64)
    idle = np.maximum(edges[old] - spent, 0)
    current = np.minimum(np.searchsorted(edges[1:], spent, side="right"), len(came))
    used = (current < old) & (reached > edges[current]) & (day_number(day) - last <= most_days)
    left = edges[np.minimum(current + 1, len(came))] - spent
    return np.asarray(np.where(used, idle - left, idle), np.int64)
