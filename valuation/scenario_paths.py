"""Funds carried forward on many paths: pacing with a common factor, a factor of each fund and noise of its own.

A step of length h takes fund i from (nav, unfunded) by

    growth = (1+G)^h · exp(β√h·m + φh·f + σ√h·z − ½(β²h + φ²h² + σ²h))        m the step's market, f the fund's, z its own
    call   = unfunded · min(1, rate · exp(s·w − ½s²))
    paid   = nav·growth · min(1, rate · exp(−s·w − ½s²))                       slow calls go with slow exits
    nav    = nav·growth − paid + call

with independent standard normals m, f, z, w addressed by (seed, stream, step, path): see `valuation.streams`. Each step's
growth has mean (1+G)^h; f stays with a fund for life, so the mean over many steps is above the compounded one. A rate of 1
is paid in full. Without noise the path is that of `valuation.pacing.roll`.

The money of the holder: cash = opening + inflow so far + reuse · distributions − calls. Yuan as float64, rates per year.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from valuation.arguments import Floats, Integers, instance, refuse_where
from valuation.company_outcomes import CompanyPathArrays
from valuation.company_paths import simulate_companies
from valuation.pacing import Projection, StepRates, roll
from valuation.refusals import ValuationError
from valuation.returns import irr_many
from valuation.scenario_door import scenario_arrays, whole_number
from valuation.scenario_kernels import FIRST_FUND, TILE, project_tile
from valuation.scenario_pools import PoolArrays, limit_state_count, pool_row_count, simulate_pools

CHUNK = 512
"""Paths of a chunk: always the same, so that a result does not depend on who computed which."""

MOST_PATHS = 2**24
"""Paths of one call; more come in chunks."""

Driver = Literal["market", "growth", "pacing"]
DRIVERS: tuple[Driver, ...] = ("market", "growth", "pacing")
"""What moves a scenario: the common factor, the growth of each fund beside it, the pacing of calls and distributions."""

STEP_SERIES = ("calls", "distributions", "nav", "unfunded", "net_cash", "cash")
"""Rows of each step, in order."""
PATH_FIGURES = ("gap", "gap_step", "first_gap_step", "need")
"""Rows of the whole path: the most that cash lacks to its floor and the step it does in, the first step in which it lacks
anything (nan: never), and the money that would have to come from outside for cash never to lie below the floor."""
GROUP_FIGURES = ("dpi", "tvpi", "irr", "called", "distributed", "closing_nav")
"""Rows of each group of funds, since inception (the last three: of the projection alone)."""


@dataclass(frozen=True, slots=True, eq=False)
class ScenarioArrays:
    """A scenario as the kernels take it; nothing in it names anybody.

    rates    : (3, funds, steps) call, distribution, growth factor            span : (2, funds) live steps
    noise    : (4, funds) per year: market β, own factor φ, own noise σ; pacing s, per step
    lengths  : (steps,) years                                                   streams : (funds,) numbers in [0, 2³¹)
    stocks   : (2, funds) nav, unfunded today
    unsigned : (steps,) commitments of planned funds that are not yet signed at the end of the step
    opening  : cash today; nan: not known, and then nothing about cash exists   inflow : (steps,) from outside, less costs
    reuse    : part of distributions that may be used anew, in [0, 1]        floor : cash that should always be there
    paid_in, distributed : (funds,) before today
    members  : groups of funds whose multiples and rates of return are wanted
    history  : for each fund (times, amounts): years before today, <= 0, and net flows; empty: no rates of return
    pools    : risk-compensation pools whose factor hangs together with the funds' common one
    companies: of the funds whose growth and distributions come from companies; None: of none
    """

    rates: Floats
    span: Integers
    noise: Floats
    lengths: Floats
    streams: Integers
    stocks: Floats
    unsigned: Floats
    opening: float
    inflow: Floats
    reuse: float
    paid_in: Floats
    distributed: Floats
    members: tuple[tuple[int, ...], ...] = ()
    history: tuple[tuple[Floats, Floats], ...] = ()
    pools: tuple[PoolArrays, ...] = ()
    floor: float = 0.0
    companies: CompanyPathArrays | None = None

    @property
    def steps(self) -> int:
        return int(self.lengths.size)

    @property
    def row_count(self) -> int:
        """Rows of a chunk: step series, path figures, figures of each group, pools, companies."""
        return self.first_company_row + (
            0 if self.companies is None else self.companies.row_count * self.steps
        )

    @property
    def first_company_row(self) -> int:
        """Where the rows of companies begin."""
        return self.first_pool_row + pool_row_count(len(self.pools), self.steps)

    @property
    def first_pool_row(self) -> int:
        """Where the rows of pools begin."""
        return len(STEP_SERIES) * self.steps + len(PATH_FIGURES) + len(GROUP_FIGURES) * len(self.members)


@dataclass(frozen=True, slots=True, eq=False)
class ChunkRows:
    """What a chunk says: rows (rows, paths) in the order of STEP_SERIES × steps, PATH_FIGURES, GROUP_FIGURES × groups, and for
    each pool POOL_SERIES × steps, POOL_FIGURES, and COMPANY_SERIES × steps, PART_SERIES × steps of each part; the largest relative gaps of the nav roll, of unfunded =
    opening − called, of the holder's cash, of the pools' money, of the money of funds with companies, of their number. states: of the limits of the pools, (limit_state_count, paths)."""

    rows: Floats
    gaps: tuple[float, ...]
    states: Floats = field(default_factory=lambda: np.empty((0, 0)))


def simulate_chunk(
    arrays: ScenarioArrays, seed: int, first: int, count: int, *, fast: Driver | None = None, other: int = 0
) -> ChunkRows:
    """The paths first … first + count − 1. Any cut into chunks gives the same columns.

    fast, other : only this driver keeps the draws of `seed`, the others take those of the seed `other`
    ValuationError: arrays that do not fit each other, amounts beyond float64, a number of a path or a seed outside [0, 2⁶³).
    """
    scenario_arrays(instance("arrays", arrays, ScenarioArrays))
    if arrays.companies is not None:
        instance("companies", arrays.companies, CompanyPathArrays)
    seed, other = whole_number("seed", seed), whole_number("other", other)
    first, count = whole_number("first", first), whole_number("count", count, low=1, high=MOST_PATHS)
    if fast is not None and (not isinstance(fast, str) or fast not in DRIVERS):
        raise ValuationError("fast", f"must be one of {', '.join(DRIVERS)}", found=fast)
    funds, steps = arrays.stocks.shape[1], arrays.steps
    paths = -(-count // TILE) * TILE
    totals = np.zeros((paths // TILE, 4, steps, TILE))
    ends = np.zeros((paths // TILE, 3, funds, TILE))
    rated = bool(arrays.history) and bool(arrays.members)
    flows = np.zeros((paths // TILE, funds if rated else 0, steps, TILE))
    worst = np.zeros(2)
    noise = np.ascontiguousarray(arrays.noise, np.float32)
    lengths = np.ascontiguousarray(arrays.lengths, np.float32)
    streams = (arrays.streams + FIRST_FUND).astype(np.uint64)
    span, stocks, companies = arrays.span, arrays.stocks, arrays.companies
    lost_companies = np.zeros(2)
    series_of = np.zeros((paths // TILE, 0 if companies is None else companies.row_count, steps, TILE))
    if companies is not None:  # those funds are not projected by themselves
        span, stocks = span.copy(), stocks.copy()
        span[:, companies.funds], stocks[:, companies.funds] = steps, 0.0
    seeds = np.array([seed if fast in (None, driver) else other for driver in DRIVERS], np.uint64)
    for tile in range(paths // TILE):
        at = np.uint64(first + tile * TILE)
        project_tile(
            seeds,
            at,
            streams,
            arrays.rates,
            span,
            noise,
            lengths,
            stocks,
            totals[tile],
            ends[tile],
            flows[tile],
            worst,
        )
        if companies is not None:
            simulate_companies(
                companies,
                arrays.rates,
                arrays.span,
                noise,
                streams,
                arrays.stocks,
                arrays.lengths,
                seeds,
                at,
                totals[tile],
                ends[tile],
                flows[tile],
                series_of[tile],
                lost_companies,
            )
    of_companies = np.moveaxis(series_of, 0, 2).reshape(-1, paths)[:, :count]
    series = np.moveaxis(totals, 0, 2).reshape(4, steps, paths)[:, :, :count]
    of_funds = np.moveaxis(ends, 0, 2).reshape(3, funds, paths)[:, :, :count]
    rows = np.empty((arrays.row_count, count))
    with np.errstate(over="ignore", invalid="ignore"):
        gap = _portfolio_rows(arrays, series, rows)
    pooled = arrays.first_pool_row
    _group_rows(arrays, of_funds, flows, rows[len(STEP_SERIES) * steps + len(PATH_FIGURES) : pooled])
    states = np.empty((limit_state_count(arrays.pools, steps), count))
    own = rows[pooled : arrays.first_company_row]
    lost = simulate_pools(arrays.pools, arrays.lengths, int(seeds[0]), first, count, own, states)
    rows[arrays.first_company_row :] = of_companies
    refuse_where(np.isinf(rows), "arrays", "leads to an amount beyond float64", rows)
    gaps = (float(worst[0]), float(worst[1]), gap, lost, *lost_companies.tolist())
    return ChunkRows(rows, gaps, states)


def driver_shares(arrays: ScenarioArrays, seed: int, paths: int) -> Floats:
    """First-order Sobol shares of each driver in the variance of each row, (rows, drivers), at least 0; nan where a row does
    not vary. What is missing to 1 is what drivers do together, and the error of the estimate (about 1/√paths).

    A share is the correlation of a row with itself where only this driver keeps its draws (pick and freeze): I. Sobol,
    "Global sensitivity indices for nonlinear mathematical models and their Monte Carlo estimates", Mathematics and Computers
    in Simulation 55, 2001; the symmetric form of A. Janon et al., ESAIM: Probability and Statistics 18, 2014.
    """
    paths, seed = whole_number("paths", paths, low=1, high=MOST_PATHS), whole_number("seed", seed)
    own = simulate_chunk(arrays, seed, 0, paths).rows
    shares = np.full((own.shape[0], len(DRIVERS)), np.nan)
    for n, driver in enumerate(DRIVERS):
        anew = simulate_chunk(arrays, seed, 0, paths, fast=driver, other=(seed + 1 + n) % 2**63).rows
        both = ~np.isnan(own) & ~np.isnan(anew)
        count = np.maximum(both.sum(axis=1), 1)
        a, b = np.where(both, own, 0.0), np.where(both, anew, 0.0)
        mean = (a.sum(axis=1) + b.sum(axis=1)) / (2 * count)
        spread = (a * a + b * b).sum(axis=1) / (2 * count) - mean**2
        with np.errstate(divide="ignore", invalid="ignore"):
            share = ((a * b).sum(axis=1) / count - mean**2) / spread
        varies = spread > 1e-18 * np.maximum(mean**2, 1e-300)
        shares[:, n] = np.where(varies, np.clip(share, 0.0, 1.0), np.nan)
    return shares


def expected_path(arrays: ScenarioArrays) -> Projection:
    """The path without noise, fund by fund, by the pacing model's own recursion; dead and unborn funds hold nothing."""
    scenario_arrays(instance("arrays", arrays, ScenarioArrays))
    call, paid, growth = (np.array(x) for x in arrays.rates)
    step = np.arange(arrays.steps)
    begin, end = arrays.span[:, :, None]
    live = (step >= begin) & (step < end)
    call[~live], paid[~live], growth[~live] = 0.0, 0.0, 1.0
    rates = StepRates(call, paid, growth, np.cumsum(arrays.lengths))
    return roll(arrays.stocks[0].copy(), arrays.stocks[1].copy(), rates)


def without_noise(arrays: ScenarioArrays) -> ScenarioArrays:
    """The same scenario with every volatility 0: each path is the expected one, of each pool the expected part defaults in each
    step, and funds with companies go by the pacing model alone."""
    pools = tuple(replace(pool, loans=0) for pool in instance("arrays", arrays, ScenarioArrays).pools)
    return replace(arrays, noise=np.zeros_like(arrays.noise), pools=pools, companies=None)


def _portfolio_rows(arrays: ScenarioArrays, series: Floats, rows: Floats) -> float:
    """Fill the step series and path figures; -> the relative gap between cash and what all parties paid and received."""
    steps = arrays.steps
    calls, paid, nav, unfunded = series
    step = np.arange(steps)[:, None]
    block = rows[: len(STEP_SERIES) * steps].reshape(len(STEP_SERIES), steps, -1)
    block[0], block[1], block[2] = calls, paid, nav
    block[3] = np.maximum(unfunded - arrays.unsigned[:, None], 0.0)
    block[4] = paid - calls
    figures = rows[len(STEP_SERIES) * steps : len(STEP_SERIES) * steps + len(PATH_FIGURES)]
    if np.isnan(arrays.opening):
        block[5], figures[:] = np.nan, np.nan
        return 0.0
    net = arrays.reuse * paid - calls
    cash = block[5]
    cash[:] = arrays.opening + _running(net + arrays.inflow[:, None])
    lowest, floor = cash.min(axis=0), arrays.floor
    figures[0] = np.maximum(0.0, floor - lowest)
    figures[1] = np.where(lowest < floor, cash.argmin(axis=0), np.nan)
    figures[2] = np.where(lowest < floor, np.where(cash < floor, step, steps).min(axis=0), np.nan)
    figures[3] = np.maximum(0.0, floor - (arrays.opening + _running(net)).min(axis=0))
    returned = (1.0 - arrays.reuse) * _running(paid.copy())[-1]
    closing = arrays.opening + float(arrays.inflow.sum()) + _running(paid - calls)[-1] - returned
    size = abs(arrays.opening) + np.abs(arrays.inflow).sum() + (paid + calls).sum(axis=0) + 1.0
    return float(np.max(np.abs(closing - cash[-1]) / size, initial=0.0))


def _running(values: Floats) -> Floats:
    """Running sums over steps, (steps, paths), in place: step by step for all paths at once, which costs a third of numpy's own."""
    for before, own in pairwise(values):
        own += before
    return values


def _group_rows(arrays: ScenarioArrays, of_funds: Floats, flows: Floats, rows: Floats) -> None:
    """Multiples and rates of return of each group; funds are added one by one in order. flows: (tiles, funds, steps, TILE)."""
    if not arrays.members:
        return
    blocks = rows.reshape(len(arrays.members), len(GROUP_FIGURES), -1)
    for block, members in zip(blocks, arrays.members, strict=True):
        own = np.zeros((3, of_funds.shape[2]))
        for fund in members:
            own += of_funds[:, fund]
        called, paid, nav = own
        before_in = float(sum(arrays.paid_in[list(members)].tolist()))
        before_out = float(sum(arrays.distributed[list(members)].tolist()))
        with np.errstate(divide="ignore", invalid="ignore"):
            put_in = np.where(before_in + called > 0, before_in + called, np.nan)
            block[0] = (before_out + paid) / put_in
            block[1] = (before_out + paid + nav) / put_in
        block[3:] = own
        block[2] = _rates(arrays, members, flows, nav) if arrays.history else np.nan


def _rates(
    arrays: ScenarioArrays, members: tuple[int, ...], flows: Floats, nav: Floats
) -> NDArray[np.float64]:
    """The yearly rate of return of a group on each path: its flows to date, the projected ones, and its closing value."""
    begin = min(int(arrays.span[0, f]) for f in members)
    end = max(int(arrays.span[1, f]) for f in members)
    times = np.concatenate([arrays.history[f][0] for f in members])
    amounts = np.concatenate([arrays.history[f][1] for f in members])
    ahead = np.cumsum(arrays.lengths)[begin:end]
    net = np.zeros((ahead.size, nav.size))
    paths = nav.size
    for fund in members:  # only the flows of members are put in the order of paths
        net += np.moveaxis(flows[:, fund, begin:end], 0, 1).reshape(ahead.size, -1)[:, :paths]
    closing = float(arrays.lengths.sum())
    lasting = end == arrays.steps
    at = np.concatenate([times, ahead, [closing] if lasting else []])
    if not at.size:
        return np.full(paths, np.nan)
    table = np.empty((paths, at.size))
    table[:, : times.size] = amounts
    table[:, times.size : times.size + ahead.size] = net.T
    if lasting:
        table[:, -1] = nav
    offsets = np.arange(paths + 1, dtype=np.int64) * at.size
    shifted = at - at.min()
    rates, _ = irr_many(table.reshape(-1), np.tile(shifted, paths), offsets)
    return rates
