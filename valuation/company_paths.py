"""Companies of funds carried forward on the paths of a scenario: outcome, exit, stage, carried interest, concession, staff beside.

A fund with companies calls as in `valuation.scenario_paths`; of a call the management fee is taken, the rest goes in equal parts
into the companies that are planned to enter in the step (or waits for the next that enter). A company that enters at time s with
cost c has

    T = E/λ                              years to its exit, E a unit exponential, λ the yearly intensity
    z = ρ·Σm/√n + √(1−ρ²)·e              m the market's factor in the n steps that T spans within the horizon, e its own
    M = Q(Φ(z))                          Q the quantile function of multiples, with a Pareto tail
    value at s + t = c·(1 + (M − 1)·min(1, t/T))      what it comes to is revealed evenly; at T it is sold for c·M

and what is left at the end of its fund is sold for its value. A company held today stands in place of c with its value: exits
have no memory, so what is left to come has the law of a new one. A stage ends after E/μ years, one exponential each.

Proceeds pass the fund's waterfall as a whole: capital, preferred return compounded step by step, catch-up, carried interest; values
stand less the carry they would bear if sold. Of what the portfolio gets above capital and preferred return it may concede a part.
Staff put in the same part of each cost, at the same price, and leave with it. Yuan as float64.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from valuation.arguments import Floats, Integers
from valuation.company_outcomes import (
    AT_RISK,
    FIRST_COMPANY,
    LIVE,
    REACH,
    STAGES,
    UNKNOWN,
    CompanyPathArrays,
)
from valuation.compiled import njit
from valuation.scenario_kernels import TILE, Singles, exponential, market_factor, normal_pairs, tile_words

PART = AT_RISK + len(STAGES)
"""Where the rows by part begin."""


def simulate_companies(
    arrays: CompanyPathArrays,
    rates: Floats,
    span: Integers,
    noise: Singles,
    streams: Any,
    stocks: Floats,
    lengths: Floats,
    seeds: Any,
    first: Any,
    totals: Floats,
    ends: Floats,
    flows: Floats,
    series: Floats,
    worst: Floats,
) -> None:
    """A tile of paths of every fund that has companies; shapes as `valuation.scenario_kernels.project_tile`.

    series : (row_count, steps, TILE), added to      worst : (2,) largest relative gap between a fund's value and what came,
             was gained and went; largest difference of companies entered, left and live; raised where larger
    """
    steps = lengths.size
    market = np.empty((steps, TILE), np.float32)
    market_factor(seeds[0], first, market)
    running = np.zeros((steps + 1, TILE))
    np.cumsum(market, axis=0, dtype=np.float64, out=running[1:])
    times = np.concatenate([[0.0], np.cumsum(lengths)])
    for n, fund in enumerate(arrays.funds.tolist()):
        own = slice(int(arrays.first[n]), int(arrays.first[n + 1]))
        company_tile(
            seeds,
            first,
            streams[fund],
            rates[0, fund],
            span[:, fund],
            noise[3, fund],
            stocks[:, fund],
            arrays.entry[own],
            arrays.share[own],
            arrays.stage[own],
            arrays.streams[own],
            np.ascontiguousarray(arrays.parts[:, own]),
            arrays.outcome,
            np.array([arrays.link, arrays.exits, arrays.staff]),
            arrays.moves,
            arrays.fees[n],
            arrays.hurdle[n],
            np.ascontiguousarray(arrays.terms[:, n]),
            np.ascontiguousarray(arrays.opening[:, n]),
            np.ascontiguousarray(arrays.delay[n]),
            np.ascontiguousarray(arrays.marks[n]),
            times,
            running,
            totals,
            ends[:, fund],
            flows[fund] if flows.shape[0] else np.empty((0, TILE)),
            series,
            worst,
        )


@njit("UniTuple(f8, 2)(f8, f8, f8, f8, f8, f8, f8)")
def _to_manager(
    cash: float, capital: float, preferred: float, above: float, carried: float, carry: float, share: float
) -> tuple[float, float]:
    """(manager's, partners' above capital and preferred return) of a distribution in this state of the account.

    above: what partners and manager got above capital so far; carried: the manager's part of it; share: of the catch-up, 0 none
    """
    left = cash - (capital if cash > capital else cash)
    preferred = preferred if left > preferred else left
    left -= preferred
    above += preferred
    got = 0.0
    if share > carry and left > 0.0:
        need = (carry * above - carried) / (share - carry)
        need = need if need > 0.0 else 0.0
        need = need if need < left else left
        got = share * need
        left -= need
    else:
        need = 0.0
    manager = got + carry * left
    return manager, need + left - manager


@njit(
    "void(u8[::1], u8, u8, f8[::1], i8[:], f4, f8[:], i8[::1], f8[::1], i8[::1], i8[::1], i8[:, ::1], f8[::1], f8[::1], f8[::1],"
    " f8[::1], f8[::1], f8[::1], f8[::1], f8[::1], f8[::1], f8[::1], f8[:, ::1], f8[:, :, ::1], f8[:, :], f8[:, :], f8[:, :, ::1], f8[::1])"
)
def company_tile(
    seeds: Any,
    first: Any,
    stream: Any,
    call_rates: Floats,
    span: Integers,
    pacing: Any,
    stocks: Floats,
    entry: Integers,
    share: Floats,
    stage: Integers,
    streams: Integers,
    parts: Integers,
    outcome: Floats,
    law: Floats,
    moves: Floats,
    fees: Floats,
    hurdle: Floats,
    terms: Floats,
    opening: Floats,
    delay: Floats,
    marks: Floats,
    times: Floats,
    market: Floats,
    totals: Floats,
    ends: Floats,
    flows: Floats,
    series: Floats,
    worst: Floats,
) -> None:
    """One fund through a tile: see `simulate_companies`; market (steps + 1, TILE): the factor's running sum."""
    steps = times.size - 1
    begin, end = span[0], span[1]
    words, bits = np.empty((4, TILE), np.uint32), np.empty(TILE, np.uint32)
    one, two = np.empty((2, TILE), np.float32), np.empty((2, TILE), np.float32)
    quick = np.empty(TILE, np.float32)
    calls, put_in = np.zeros((steps, TILE)), np.zeros((steps, TILE))
    gross, value = np.zeros((steps, TILE)), np.zeros((steps, TILE))
    left, waiting = np.empty(TILE), np.zeros(TILE)
    left[:] = stocks[1]
    taken = np.zeros(TILE)
    enters = np.zeros(steps, np.bool_)
    for j in range(entry.size):
        if entry[j] >= 0:
            enters[entry[j]] = True
    # calls, fees, what enters
    fresh = -1
    for t in range(begin, end):
        if t // 2 != fresh:
            fresh = t // 2
            tile_words(seeds[2], stream, np.uint64(fresh), first, words)
            normal_pairs(words[0], words[1], one[0], two[0], bits)
            normal_pairs(words[2], words[3], one[1], two[1], bits)
        w = two[t & 1]
        half = np.float32(-0.5) * pacing * pacing
        for k in range(TILE):
            quick[k] = half + pacing * w[k]
        exponential(quick, bits)
        for k in range(TILE):
            rate = call_rates[t] * np.float64(quick[k])
            rate = 1.0 if rate > 1.0 else rate
            call = left[k] * rate
            left[k] -= call
            calls[t, k] = call
            fee = fees[t] if fees[t] < call else call
            taken[k] += fee
            series[1, t, k] += fee
            waiting[k] += call - fee
            if enters[t]:
                put_in[t, k] = waiting[k]
                waiting[k] = 0.0
            value[t, k] += waiting[k]
    closes = end < steps
    if closes and end > begin:
        for k in range(TILE):
            gross[end - 1, k] += waiting[k]
            value[end - 1, k] -= waiting[k]
    # companies
    rho, intensity, staff = law[0], law[1], law[2]
    rest = np.sqrt(1.0 - rho * rho)
    scale = (outcome.size - 1) / (2.0 * REACH)
    cost, multiple, life = np.empty(TILE), np.empty(TILE), np.empty(TILE)
    draws = np.empty((6, TILE))
    until = np.empty((3, TILE))
    gained, entered, gone = np.zeros(TILE), 0.0, np.zeros(TILE)
    live_at_end = np.zeros(TILE)
    for j in range(entry.size):
        e = entry[j]
        own = np.uint64(FIRST_COMPANY + streams[j])
        for block in range(3):
            tile_words(seeds[1], own, np.uint64(block), first, words)
            for pair in range(2):
                normal_pairs(words[2 * pair], words[2 * pair + 1], one[0], two[0], bits)
                for k in range(TILE):
                    if block == 0 and pair == 0:
                        draws[0, k] = np.float64(one[0, k])
                    else:  # half the squared radius of a pair is a unit exponential
                        a, b = np.float64(one[0, k]), np.float64(two[0, k])
                        draws[2 * block + pair, k] = 0.5 * (a * a + b * b)
        start = times[e + 1]
        last = end if closes else steps
        for k in range(TILE):
            life[k] = draws[1, k] / intensity
            x = e + 1
            while x < last and times[x + 1] < start + life[k]:
                x += 1
            n = x - e if x < last else last - 1 - e
            n = n if n > 0 else 0
            drift = (market[e + 1 + n, k] - market[e + 1, k]) / np.sqrt(float(n)) if n > 0 else 0.0
            weight = rest if n > 0 else 1.0
            place = (rho * drift + weight * draws[0, k] + REACH) * scale
            place = 0.0 if place < 0.0 else place
            place = outcome.size - 1.0 if place > outcome.size - 1.0 else place
            low = int(place)
            low = low if low < outcome.size - 1 else outcome.size - 2
            multiple[k] = outcome[low] + (outcome[low + 1] - outcome[low]) * (place - low)
            cost[k] = share[j] if e < 0 else share[j] * put_in[e, k]
            at = start
            for m in range(3):
                if m >= stage[j]:  # a stage that nothing is known of moving out of lasts
                    at = at + draws[2 + m, k] / moves[m] if moves[m] > 0.0 else np.inf
                until[m, k] = at
        entered += 1.0
        if e >= 0:
            for k in range(TILE):
                value[e, k] += cost[k]
                series[4, e, k] += staff * cost[k]
                level = stage[j]
                series[LIVE + level, e, k] += 1.0
                series[AT_RISK + level, e, k] += cost[k]
                for q in range(parts.shape[0]):
                    if parts[q, j] >= 0:
                        series[PART + 2 * parts[q, j], e, k] += 1.0
                        series[PART + 2 * parts[q, j] + 1, e, k] += cost[k]
                if e == steps - 1:
                    live_at_end[k] += 1.0
        for k in range(TILE):
            final = 0.0
            for t in range(e + 1, last):
                age = times[t + 1] - start
                part = age / life[k] if age < life[k] else 1.0
                worth = cost[k] * (1.0 + (multiple[k] - 1.0) * part) * (marks[t + 1] / marks[e + 1])
                ripe = age >= life[k] and draws[5, k] >= delay[t]
                if ripe or (closes and t == last - 1):
                    gross[t, k] += worth
                    series[5, t, k] += staff * worth
                    gained[k] += worth - cost[k]
                    gone[k] += 1.0
                    final = -1.0
                    break
                value[t, k] += worth
                now = times[t + 1]
                level = stage[j]
                for m in range(3):
                    level = m + 1 if level < UNKNOWN and now >= until[m, k] else level
                series[LIVE + level, t, k] += 1.0
                series[AT_RISK + level, t, k] += cost[k]
                for q in range(parts.shape[0]):
                    if parts[q, j] >= 0:
                        series[PART + 2 * parts[q, j], t, k] += 1.0
                        series[PART + 2 * parts[q, j] + 1, t, k] += cost[k]
                final = worth
                if t == steps - 1:
                    live_at_end[k] += 1.0
            if final > 0.0:
                gained[k] += final - cost[k]
    # waterfall, concession, totals
    carry, share_of, conceding = terms[0], terms[1], terms[2]
    with_flows = flows.shape[0] > 0
    opened = stocks[0]
    for k in range(TILE):
        capital, preferred, above, carried = opening[0], opening[1], opening[2], opening[3]
        partners, conceded = above - carried, 0.0
        called, paid, sold = 0.0, 0.0, 0.0
        for t in range(steps):
            accrued = hurdle[t] * (capital + preferred)
            preferred += accrued
            cash = gross[t, k]
            manager, profit = _to_manager(cash, capital, preferred, above, carried, carry, share_of)
            back = cash if cash < capital else capital
            due = cash - back if cash - back < preferred else preferred
            capital -= back
            preferred -= due
            above += cash - back
            carried += manager
            partners += profit
            net = cash - manager
            given = conceding * (partners if partners > 0.0 else 0.0) - conceded
            given = 0.0 if given < 0.0 else given
            given = net if given > net else given
            conceded += given
            net -= given
            capital += calls[t, k]
            called += calls[t, k]
            paid += net
            sold += cash
            borne, _ = _to_manager(value[t, k], capital, preferred, above, carried, carry, share_of)
            worth = value[t, k] - borne
            totals[0, t, k] += calls[t, k]
            totals[1, t, k] += net
            totals[2, t, k] += worth
            series[0, t, k] += cash
            series[2, t, k] += manager
            series[3, t, k] += given
            if with_flows:
                flows[t, k] = net - calls[t, k]
            if t == steps - 1:
                ends[2, k] = worth
        ends[0, k], ends[1, k] = called, paid
        gap = abs(value[steps - 1, k] - (opened + called - taken[k] + gained[k] - sold)) / (
            1.0 + opened + called + sold + abs(gained[k])
        )
        worst[0] = gap if gap > worst[0] else worst[0]
        gap = abs(entered - gone[k] - live_at_end[k])
        worst[1] = gap if gap > worst[1] else worst[1]
    # unfunded stands as it was called
    for k in range(TILE):
        open_ = stocks[1]
        for t in range(steps):
            if t >= end:
                break
            open_ -= calls[t, k]
            totals[3, t, k] += open_
