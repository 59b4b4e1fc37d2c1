"""Monte Carlo of a book of funds, 60 quarters: numpy quarter by quarter, the bare kernel, and the way of the product from
arrays to quantiles (with chunks, cash, multiples and identities). One unit is a live fund-quarter of one path, one thread.

Then the product's cost per unit over a hundred times the paths and funds, and with a rate of return for every path and fund.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from benchmarks import harness, workloads
from fof.rules.catalogue import default_settings
from fof.rules.facts_pools import PoolFacts
from fof.scenarios.company_terms import BOUNDS, SHARES
from fof.scenarios.path_verdicts import path_verdicts
from fof.scenarios.rules_over_time import PoolStart, RulesAsked, pool_limit_terms, year_steps
from valuation.company_outcomes import COMPANY_SERIES, LIVE, STAGES, CompanyPathArrays, outcome_table
from valuation.quantile_sketch import QuantileSketch
from valuation.scenario_kernels import FIRST_FUND, TILE, project_tile
from valuation.scenario_paths import CHUNK, STEP_SERIES, ScenarioArrays, simulate_chunk
from valuation.scenario_pools import PoolArrays, PoolLimit, pool_row_count, simulate_pools, step_defaults

QUARTERS = 60
AT_ONCE = 50
"""Paths of a numpy chunk: more leave the cache, fewer pay for calls."""


def main() -> None:
    projection(200, max(CHUNK, int(2_000 * harness.scale())))
    growth()
    pools()
    companies()
    rules()


def companies() -> None:
    """Companies of twenty funds beside the paths: the cost of a live company-quarter of one path over ten times the paths, and of
    ten times the companies."""
    base = max(CHUNK, int(1_000 * harness.scale()))
    cases: dict[str, Any] = {}
    for each, paths in ((5, base), (5, 10 * base), (50, base)):
        model = with_companies(each)
        live = (
            series_of(model, simulate_chunk(model, 7, 0, CHUNK).rows)[LIVE : LIVE + len(STAGES)].sum() / CHUNK
        )
        cases[f"{20 * each} companies today, {paths} paths"] = (
            lambda model=model, paths=paths: company_years(model, paths),
            int(live * paths),
        )
    harness.run("company_growth", cases, size={"quarters": QUARTERS}, unit="live company-quarter", n=1)


def with_companies(each: int) -> ScenarioArrays:
    """Twenty funds with so many companies today and two to come in each of sixteen quarters; nothing else."""
    model = arrays(20)
    entry: list[int] = []
    share: list[float] = []
    first = [0]
    for fund in range(20):
        begin, end = model.span[:, fund].tolist()
        to_come = [step for step in range(begin, min(end - 2, begin + 16)) for _ in range(each // 5)]
        entry += [-1] * each + to_come
        share += [float(model.stocks[0, fund]) / max(each, 1)] * each + [5.0 / max(each, 1)] * len(to_come)
        first.append(len(entry))
    count, funds = len(entry), np.arange(20)
    own = CompanyPathArrays(
        funds=funds,
        first=np.array(first),
        entry=np.array(entry, np.int64),
        share=np.array(share, np.float64),
        stage=np.arange(count) % 5,
        streams=np.arange(count),
        outcome=outcome_table(np.array(BOUNDS), np.array(SHARES), 1.44),
        link=0.4,
        exits=0.15,
        moves=np.array([0.3, 0.2, 0.1]),
        fees=np.zeros((20, QUARTERS)),
        staff=0.02,
        hurdle=np.full((20, QUARTERS), 1.08**0.25 - 1),
        terms=np.array([[0.2] * 20, [1.0] * 20, [0.1] * 20, [0.0] * 20]),
        opening=np.array([model.stocks[0], funds * 0.0, funds * 0.0, funds * 0.0]),
        delay=np.zeros((20, QUARTERS)),
        marks=np.ones((20, QUARTERS + 1)),
    )
    return replace(model, companies=own)


def series_of(model: ScenarioArrays, rows: Any) -> Any:
    """The rows of companies: (COMPANY_SERIES, quarters, paths)."""
    return rows[model.first_company_row :].reshape(len(COMPANY_SERIES), QUARTERS, -1)


def company_years(model: ScenarioArrays, paths: int) -> float:
    """All paths, chunk by chunk; carry on average."""
    carry = 0.0
    for first in range(0, paths, CHUNK):
        rows = simulate_chunk(model, 7, first, min(CHUNK, paths - first)).rows
        carry += float(series_of(model, rows)[COMPANY_SERIES.index("carry")].sum())
    return carry / paths


def rules() -> None:
    """Verdicts of four rules of a pool at the end of each year: the cost of a judged state over ten times the paths, and of ten
    times the pools."""
    base = max(CHUNK, int(2_000 * harness.scale()))
    cases = {
        f"{pools_of} pools, {paths} paths": judgement(pools_of, paths)
        for pools_of, paths in ((1, base), (1, 10 * base), (10, base))
    }
    harness.run("rule_growth", cases, size={"quarters": QUARTERS}, unit="judged state", n=1)


def judgement(pools_of: int, paths: int) -> tuple[Callable[[], Any], int]:
    """The verdicts of so many pools on so many paths, to be asked, and how many they are."""
    days = [
        dt.date(2026 + (n + 3) // 4, (3, 6, 9, 12)[(n + 3) % 4], (31, 30, 30, 31)[(n + 3) % 4])
        for n in range(QUARTERS)
    ]
    limit = pool_limit_terms("L", "excess", 0.03, None, None, False)
    start = PoolStart(
        PoolFacts("P", dt.date(2026, 9, 30), 5_000_000_000, 5_000_000_000, 5_000_000_000, 30_000_000_000),
        (limit,),
    )
    model = replace(arrays(20), pools=tuple(replace(pool(1_000), stream=n) for n in range(pools_of)))
    asked = RulesAsked((start,) * pools_of, None, None, np.zeros(QUARTERS, np.int64), default_settings())
    made = simulate_chunk(model, 7, 0, CHUNK)

    def work() -> list[int]:
        return [
            path_verdicts(asked, model, days, made.rows, made.states).size for _ in range(0, paths, CHUNK)
        ]

    return work, 4 * pools_of * len(year_steps(days)) * -(-paths // CHUNK) * CHUNK


def pools() -> None:
    """A pool beside the funds: the cost of a pool-quarter of one path over ten times the paths, and of ten times the loans. What
    grows with loans are the defaults that are counted, a few of a hundred."""
    base = max(CHUNK, int(2_000 * harness.scale()))
    cases: dict[str, Any] = {}
    for loans, paths in ((1_000, base), (1_000, 10 * base), (10_000, base)):
        model = pool(loans)
        cases[f"{loans} loans, {paths} paths"] = (
            lambda model=model, paths=paths: pool_years(model, paths),
            QUARTERS * paths,
        )
    harness.run("pool_growth", cases, size={"quarters": QUARTERS}, unit="pool-quarter", n=1)


def pool(loans: int) -> PoolArrays:
    """A pool of 50 million on 300 million outstanding, a quarter of it renewed each quarter, with a limit."""
    zero = np.zeros(QUARTERS)
    limit = PoolLimit("excess", "released", 0.03, np.inf, False, np.zeros(QUARTERS, np.int64), zero, zero)
    return PoolArrays(
        stream=7,
        loans=loans,
        default=step_defaults(0.03, np.full(QUARTERS, 0.25)),
        rho=0.12,
        link=0.4,
        pays=0.4,
        balance=5e7,
        outstanding=3e8,
        maturing=np.where(np.arange(QUARTERS) < 4, 7.5e7, 0.0),
        lending=np.full(QUARTERS, 7.5e7),
        inflow=zero,
        term=4,
        back=0.2,
        lag=4,
        floor=0.0,
        stopped=False,
        reopens=False,
        limits=(limit,),
    )


def pool_years(model: PoolArrays, paths: int) -> float:
    """All paths of a pool, chunk by chunk; what it paid on average."""
    rows = np.empty((pool_row_count(1, QUARTERS), CHUNK))
    paid = 0.0
    for first in range(0, paths, CHUNK):
        count = min(CHUNK, paths - first)
        simulate_pools([model], np.full(QUARTERS, 0.25), 7, first, count, rows)
        paid += float(rows[2 * QUARTERS : 3 * QUARTERS, :count].sum())
    return paid / paths


def arrays(funds: int, *, members: tuple[tuple[int, ...], ...] = (), rated: bool = False) -> ScenarioArrays:
    """The workload of `workloads.projection_params` as a scenario: the same law."""
    p = workloads.projection_params(funds, QUARTERS)
    live = p["live"]
    any_live = live.any(axis=1)
    begin = np.where(any_live, live.argmax(axis=1), QUARTERS)
    end = np.where(any_live, QUARTERS - live[:, ::-1].argmax(axis=1), QUARTERS)
    mean = np.exp(p["mu"] + 0.5 * (p["beta"] ** 2 + p["sig"] ** 2))
    zero = np.zeros(QUARTERS)
    return ScenarioArrays(
        rates=np.ascontiguousarray(np.stack([p["rc"], p["rd"], np.repeat(mean[:, None], QUARTERS, axis=1)])),
        span=np.stack([begin, end]).astype(np.int64),
        noise=np.stack([2 * p["beta"], 0 * p["beta"], 2 * p["sig"], p["sp"]]),
        lengths=np.full(QUARTERS, 0.25),
        streams=np.arange(funds),
        stocks=np.stack([p["nav0"], p["unfunded0"]]),
        unsigned=zero,
        opening=1e9,
        inflow=zero,
        reuse=1.0,
        paid_in=p["commitment"] - p["unfunded0"],
        distributed=np.zeros(funds),
        members=members,
        history=tuple((np.array([-1.0]), np.array([-1.0])) for _ in range(funds)) if rated else (),
    )


def projection(funds: int, paths: int) -> None:
    p, model = workloads.projection_params(funds, QUARTERS), arrays(funds)
    live = int(p["live"].sum())
    few = min(paths, 500)
    harness.run(
        "projection",
        {
            "numpy SFC64 float64, chunks of 50": (lambda: by_quarter(p, few), few * live),
            "kernel alone": lambda: bare(model, paths),
            "fof, arrays to quantiles": lambda: product(model, paths),
        },
        size={"funds": funds, "quarters": QUARTERS, "paths": paths, "live a path": live},
        unit="live fund-quarter",
        n=paths * live,
        vers=("numpy", "numba"),
        check=lambda _, result: result,
    )


def growth() -> None:
    """The cost of a unit stays what it is with more paths and more funds."""
    cases: dict[str, Any] = {}
    base = max(CHUNK, int(1_000 * harness.scale()))
    for funds, paths in ((200, base), (200, 10 * base), (20, 10 * base), (2_000, base)):
        model = arrays(funds)
        live = int(workloads.projection_params(funds, QUARTERS)["live"].sum())
        cases[f"{funds} funds, {paths} paths"] = (
            lambda model=model, paths=paths: product(model, paths),
            live * paths,
        )
    model = arrays(200, members=tuple((n,) for n in range(200)), rated=True)
    live = int(workloads.projection_params(200, QUARTERS)["live"].sum())
    cases[f"200 funds, {base} paths, each with its IRR"] = (lambda: product(model, base), live * base)
    harness.run("projection_growth", cases, size={"quarters": QUARTERS}, unit="live fund-quarter", n=1)


def bare(model: ScenarioArrays, paths: int) -> dict[str, float]:
    """Tiles of the kernel and nothing else."""
    funds = model.stocks.shape[1]
    totals, ends = np.zeros((4, QUARTERS, TILE)), np.zeros((3, funds, TILE))
    flows, worst = np.zeros((0, QUARTERS, TILE)), np.zeros(2)
    noise, lengths = model.noise.astype(np.float32), model.lengths.astype(np.float32)
    streams = (model.streams + FIRST_FUND).astype(np.uint64)
    calls = paid = 0.0
    for first in range(0, paths, TILE):
        totals[:] = 0.0
        project_tile(
            np.full(3, 7, np.uint64), np.uint64(first), streams, model.rates, model.span, noise, lengths, model.stocks,
            totals, ends, flows, worst,
        )  # fmt: off
        calls, paid = calls + totals[0].sum(), paid + totals[1].sum()
    rounded = -(-paths // TILE) * TILE
    return {"calls": calls / rounded, "paid": paid / rounded}


def product(model: ScenarioArrays, paths: int) -> dict[str, float]:
    """Chunks merged in order, then means and quantiles of every row."""
    sketch = QuantileSketch(model.row_count)
    for first in range(0, paths, CHUNK):
        sketch.add(simulate_chunk(model, 7, first, min(CHUNK, paths - first)).rows)
    quantiles = sketch.quantiles(np.array([0.05, 0.5, 0.95]))
    means = sketch.mean()[: len(STEP_SERIES) * QUARTERS].reshape(len(STEP_SERIES), QUARTERS)
    return {
        "calls": float(means[0].sum()),
        "paid": float(means[1].sum()),
        "nav at 20, 5 %": float(quantiles[2 * QUARTERS + 20, 0]),
    }


def by_quarter(p: dict[str, np.ndarray], paths: int) -> dict[str, float]:
    """All funds of a chunk of paths, quarter by quarter, as numpy is used."""
    g = np.random.Generator(np.random.SFC64(1))
    mu, sig, beta, sp, rc, rd0, live = (p[k] for k in ("mu", "sig", "beta", "sp", "rc", "rd", "live"))
    calls = paid = 0.0
    values = []
    for first in range(0, paths, AT_ONCE):
        count = min(AT_ONCE, paths - first)
        unfunded = np.broadcast_to(p["unfunded0"], (count, mu.size)).copy()
        nav = np.broadcast_to(p["nav0"], (count, mu.size)).copy()
        for t in range(rc.shape[1]):
            m = g.standard_normal((count, 1))
            z, w = g.standard_normal((count, mu.size)), g.standard_normal((count, mu.size))
            grown = nav * np.where(live[:, t], np.exp(mu + beta * m + sig * z), 1.0)
            call = np.minimum(unfunded, unfunded * rc[:, t] * np.exp(sp * w - sp * sp / 2))
            slow = np.minimum(1.0, rd0[:, t] * np.exp(-(sp * w) - sp * sp / 2))
            out = grown * np.where(rd0[:, t] >= 1, 1.0, slow)
            nav = grown - out + call
            unfunded = unfunded - call
            calls, paid = calls + call.sum(), paid + out.sum()
            if t == 20:
                values.append(nav.sum(axis=1))
    at_20 = float(np.quantile(np.concatenate(values), 0.05))
    return {"calls": calls / paths, "paid": paid / paths, "nav at 20, 5 %": at_20}


if __name__ == "__main__":
    main()
