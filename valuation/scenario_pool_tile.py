"""The compiled loop of `valuation.scenario_pools`: one pool through the paths of a tile; the model and the public arrays are there."""

from __future__ import annotations

from typing import Any

import numpy as np

from valuation.arguments import Floats, Integers
from valuation.compiled import njit
from valuation.limit_room import STOP, limit_base, limit_room, limit_used
from valuation.pool_paths import TABLE_HIGH, TABLE_LOW, hazard
from valuation.streams import BATCH, exponentials

COUNTS = 2**20
"""Batches of the exponentials that count defaults lie from here on, apart from the draws of the factor."""


@njit("void(f8[::1], b1[::1], f8, f8)")
def _cut(paid: Floats, covers: Any, wanted: float, left: float) -> None:
    """What some parts are paid, cut in proportion from `wanted` in all to `left`; the last one takes what the others do not."""
    rest, last = left, 0
    for b in range(covers.size):
        if covers[b]:
            last = b
    for b in range(last):
        if covers[b]:
            paid[b] = paid[b] * (left / wanted)
            paid[b] = paid[b] if paid[b] < rest else rest
            rest -= paid[b]
    paid[last] = rest


@njit("void(i8, i8[:, ::1], b1[:, ::1], f8[:, :, ::1], f8[::1])")
def _add_up(upto: int, kinds: Integers, covers: Any, sums: Floats, outstanding: Floats) -> None:
    """What was summed up to a step of each limit whose parts are several and not all, in a row of its own."""
    for n in range(kinds.shape[0]):
        own = kinds[n, 5]
        if own > covers.shape[1]:
            sums[own, :, upto] = 0.0
            outstanding[own] = 0.0
            for b in range(covers.shape[1]):
                if covers[n, b]:
                    outstanding[own] += outstanding[b]
                    for q in range(sums.shape[1]):
                        sums[own, q, upto] += sums[b, q, upto]


@njit(
    "void(u8, u8, u8, f8[:, ::1], f8[:, ::1], i8[::1], f8[::1], i8[::1], f8[:, ::1], f8[:, ::1], f8[:, ::1], i8[:, ::1],"
    " b1[:, ::1], f8[:, ::1],"
    " i8[:, ::1], f8[:, :, ::1], f8[:, :, ::1], f8[:, ::1], f8[:, :, :, ::1], f8[::1])"
)
def pool_tile(
    seed: Any,
    stream: Any,
    first: Any,
    place: Floats,
    table: Floats,
    edges: Integers,
    terms: Floats,
    counts: Integers,
    planned: Floats,
    maturing: Floats,
    whose: Floats,
    kinds: Integers,
    covers: Any,
    highest: Floats,
    start: Integers,
    before: Floats,
    series: Floats,
    figures: Floats,
    stands: Floats,
    worst: Floats,
) -> None:
    """One pool through the paths of a tile, path by path.

    place (steps, TILE): the argument of N that gives a loan's default probability
    edges (parts + 1,): numbers of the loans at which each part's begin; all 0: no loan by itself, the expected part defaults
    terms: part paid, balance, part that comes back, floor    counts: term, lag, reopens
    planned (3, steps): lending, inflow, expected part that defaults
    maturing (parts, steps); whose (parts, 4): outstanding, part of the lending, stopped, part that its guarantor pays
    kinds (limits, 6): kind, denominator, net, of the guarantor's payments, stopped, row of its sums; covers (limits, parts)
    highest (limits, 2): rate, amount; start (limits, steps); before (2, limits, steps)
    series (POOL_SERIES, steps, TILE); figures (POOL_FIGURES, TILE)
    stands (limits, LIMIT_STATES, steps, TILE): of each limit after the step; worst (1,) raised where larger
    """
    steps, width = place.shape
    size, loans = whose.shape[0], edges[edges.size - 1]
    pays, back, floor = terms[0], terms[2], terms[3]
    term, lag, reopens = counts[0], counts[1], counts[2]
    bits, scratch = np.empty(BATCH, np.uint64), np.empty(BATCH, np.uint64)
    gaps = np.empty(BATCH)
    # sums so far of each part, of all, and of limits of several: paid, recovered, released, matured, enrolled, what guarantors paid
    # and recovered; entry t + 1 is after step t
    sums = np.zeros((size + 1 + kinds.shape[0], 7, steps + 1))
    cohort, lending, payments = np.empty((size, steps)), np.empty((size, steps)), np.empty((size, steps))
    advanced: Any = np.empty((size, steps))
    outstanding: Any = np.empty(size + 1 + kinds.shape[0])
    alive, gone = np.empty(size), np.empty(size, np.bool_)
    stopped, over = np.empty(size, np.bool_), np.empty(size, np.bool_)
    halted = np.empty(kinds.shape[0], np.bool_)
    every = np.ones(size, np.bool_)
    hits, due, paid = np.empty(size, np.int64), np.empty(size), np.empty(size)
    for k in range(width):
        path = first + np.uint64(k)
        balance = terms[1]
        came, went = 0.0, 0.0
        figures[0, k], figures[1, k], figures[2, k] = np.nan, np.nan, np.nan
        outstanding[size] = 0.0
        for b in range(size):
            outstanding[b], alive[b], gone[b], stopped[b] = whose[b, 0], 1.0, False, whose[b, 2] != 0.0
            outstanding[size] += whose[b, 0]
            if stopped[b]:
                figures[1, k] = 0.0
        for n in range(kinds.shape[0]):
            halted[n] = kinds[n, 4] != 0
        for t in range(steps):
            raised = planned[1, t]
            if balance + raised < floor:
                raised = floor - balance
            returned = 0.0
            for b in range(size):
                own = back * payments[b, t - lag] if t >= lag else 0.0
                sums[b, 1, t + 1] = sums[b, 1, t] + own
                returned += own
                sums[b, 6, t + 1] = sums[b, 6, t] + (back * advanced[b, t - lag] if t >= lag else 0.0)
            sums[size, 1, t + 1] = sums[size, 1, t] + returned
            balance += raised + returned
            came += raised + returned
            # defaults
            x = place[t, k]
            hits[:] = 0
            if x >= TABLE_HIGH:
                for b in range(size):
                    hits[b] = edges[b + 1] - edges[b]
            elif x > TABLE_LOW and outstanding[size] > 0.0 and loans > 0:
                h = hazard(x, table)
                batch, used, at, b = 0, BATCH, 0, 0
                while True:
                    if used == BATCH:
                        exponentials(
                            seed, stream, path, np.uint64(COUNTS + t * 1024 + batch), bits, scratch, gaps
                        )
                        batch += 1
                        used = 0
                    gap = gaps[used]
                    used += 1
                    if gap >= (loans - at) * h:
                        break
                    at = min(at + int(gap / h), loans - 1) + 1
                    while at > edges[b + 1]:
                        b += 1
                    hits[b] += 1
            released, matures, falls, owed = 0.0, 0.0, 0.0, 0.0
            for b in range(size):
                of = edges[b + 1] - edges[b]
                part = float(hits[b]) / float(of) if of > 0 else (0.0 if loans > 0 else planned[2, t])
                defaulted = outstanding[b] * part
                alive[b] *= 1.0 - part
                outstanding[b] -= defaulted
                # what matures: of today's, and of what was lent a term ago
                matured = maturing[b, t] * alive[b] if not gone[b] else 0.0
                if t >= term:
                    matured += cohort[b, t - term] * alive[b]
                matured = matured if matured < outstanding[b] else outstanding[b]
                outstanding[b] -= matured
                planned_end = maturing[b, t] + (lending[b, t - term] if t >= term else 0.0)
                sums[b, 2, t + 1] = sums[b, 2, t] + matured + defaulted
                sums[b, 3, t + 1] = sums[b, 3, t] + planned_end
                sums[b, 4, t + 1] = sums[b, 4, t]
                due[b] = pays * defaulted
                advanced[b, t] = whose[b, 3] * defaulted
                sums[b, 5, t + 1] = sums[b, 5, t] + advanced[b, t]
                released += defaulted
                matures += matured
                falls += planned_end
                owed += due[b]
            sums[size, 2, t + 1] = sums[size, 2, t] + matures + released
            sums[size, 3, t + 1] = sums[size, 3, t] + falls
            sums[size, 4, t + 1] = sums[size, 4, t]
            outstanding[size] = 0.0
            sums[size, 5:, t + 1] = 0.0
            for b in range(size):
                outstanding[size] += outstanding[b]
                sums[size, 5, t + 1] += sums[b, 5, t + 1]
                sums[size, 6, t + 1] += sums[b, 6, t + 1]
            _add_up(t + 1, kinds, covers, sums, outstanding)
            # payment
            paid[:] = due
            if owed > balance:
                _cut(paid, every, owed, balance)
                if figures[0, k] != figures[0, k]:
                    figures[0, k] = t
            for n in range(kinds.shape[0]):
                if kinds[n, 0] != STOP:
                    own_sums = kinds[n, 5]
                    room = limit_room(
                        n, t, sums[own_sums], outstanding[own_sums], kinds, highest, start, before
                    )
                    room = room if room > 0.0 else 0.0
                    wanted = 0.0
                    for b in range(size):
                        if covers[n, b]:
                            wanted += paid[b]
                    if room < wanted:
                        _cut(paid, covers[n], wanted, room)
                        if figures[2, k] != figures[2, k]:
                            figures[2, k] = t
            given = 0.0
            for b in range(size):
                payments[b, t] = paid[b]
                sums[b, 0, t + 1] = sums[b, 0, t] + paid[b]
                given += paid[b]
            sums[size, 0, t + 1] = sums[size, 0, t] + given
            given = given if given < balance else balance
            balance -= given
            went += given
            # new lending
            for b in range(size):
                lent = 0.0 if stopped[b] else planned[0, t] * whose[b, 1]
                if alive[b] <= 0.0:  # nothing of before is left: what is lent now begins anew
                    alive[b], gone[b] = 1.0, True
                    cohort[b, :t] = 0.0
                cohort[b, t], lending[b, t] = lent / alive[b], lent
                outstanding[b] += lent
                outstanding[size] += lent
                sums[b, 4, t + 1] += lent
                sums[size, 4, t + 1] += lent
            _add_up(t + 1, kinds, covers, sums, outstanding)
            over[:] = False
            for n in range(kinds.shape[0]):
                if kinds[n, 0] == STOP:
                    own_sums = kinds[n, 5]
                    room = limit_room(
                        n, t + 1, sums[own_sums], outstanding[own_sums], kinds, highest, start, before
                    )
                    reached = room <= 0.0
                    halted[n] = reached or (halted[n] and reopens == 0)
                    for b in range(size):
                        over[b] = over[b] or (reached and covers[n, b])
            closed = 0.0
            for b in range(size):
                if over[b] and not stopped[b]:
                    stopped[b] = True
                    if figures[1, k] != figures[1, k]:
                        figures[1, k] = t
                elif stopped[b] and reopens != 0 and not over[b]:
                    stopped[b] = False
                closed += whose[b, 1] if stopped[b] else 0.0
            for n in range(kinds.shape[0]):
                own_sums = kinds[n, 5]
                stands[n, 0, t, k] = limit_used(n, t + 1, t, sums[own_sums], kinds, start, before)
                stands[n, 1, t, k] = limit_base(
                    n, t, sums[own_sums], outstanding[own_sums], kinds, start, before
                )
                stands[n, 2, t, k] = 1.0 if halted[n] else 0.0
            series[0, t, k], series[1, t, k], series[2, t, k] = balance, outstanding[size], given
            series[3, t, k], series[4, t, k] = owed - given if given < owed else 0.0, raised
            series[5, t, k] = closed
        gap = abs(balance - (terms[1] + came - went)) / (1.0 + terms[1] + came + went)
        worst[0] = gap if gap > worst[0] else worst[0]
        for t in range(steps):
            if series[0, t, k] < 0.0 or series[1, t, k] < -1e-6 or series[3, t, k] < 0.0:
                worst[0] = 1.0
