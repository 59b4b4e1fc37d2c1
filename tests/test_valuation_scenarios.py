"""Projection kernels: published cases, the law of the noise, the same bits for any cut, quantiles in bounded memory, fits."""

from __future__ import annotations

import csv
import hashlib
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from valuation.pacing import PacingModel, takahashi_alexander
from valuation.pool_paths import simulate_pool
from valuation.quantile_sketch import BINS, QuantileSketch
from valuation.refusals import ValuationError
from valuation.scenario_fit import FitPanel, fit_pacing
from valuation.scenario_kernels import TILE, exponential, market_factor, normal_pairs
from valuation.scenario_paths import (
    GROUP_FIGURES,
    PATH_FIGURES,
    STEP_SERIES,
    ScenarioArrays,
    driver_shares,
    expected_path,
    simulate_chunk,
    without_noise,
)
from valuation.scenario_rates import scenario_rates
from valuation.vasicek import vasicek_quantile

MODEL = PacingModel((0.25, 1 / 3, 0.5), 12.0, 2.5, 0.13)


def arrays(
    ages: tuple[float, ...] = (-0.6, 0.0, 3.3, 11.9),
    steps: int = 24,
    noise: tuple[float, float, float, float] = (0.15, 0.05, 0.2, 0.4),
) -> ScenarioArrays:
    lengths = np.full(steps, 0.25)
    rates, span = scenario_rates(ages, MODEL, lengths)
    funds = len(ages)
    started = np.array(ages) > 0
    return ScenarioArrays(
        rates=np.ascontiguousarray(np.stack([rates.call, rates.distribution, rates.growth])),
        span=span,
        noise=np.repeat(np.array(noise)[:, None], funds, axis=1),
        lengths=lengths,
        streams=np.arange(7, 7 + funds),
        stocks=np.stack([np.where(started, 8e7, 0.0), np.full(funds, 5e7)]),
        unsigned=np.zeros(steps),
        opening=1e7,
        inflow=np.full(steps, 1e6),
        reuse=0.8,
        paid_in=np.where(started, 6e7, 0.0),
        distributed=np.where(started, 1e7, 0.0),
        members=(tuple(range(funds)), (2,)),
        history=tuple(
            (np.array([-2.0]), np.array([-5e7])) if s else (np.empty(0), np.empty(0)) for s in started
        ),
    )


# -- random numbers -----------------------------------------------------------------------------------------------


def test_the_normals_are_those_they_have_always_been() -> None:
    """Philox words through our own transform: these bits hold on every machine and for every version of numpy."""
    out = np.empty((40, TILE), np.float32)
    market_factor(np.uint64(2026), np.uint64(0), out)
    assert hashlib.sha256(out.tobytes()).hexdigest()[:16] == "fe403ceb1ef5f452"
    x = np.linspace(-20, 20, TILE).astype(np.float32)
    exponential(x, np.empty(TILE, np.uint32))
    assert hashlib.sha256(x.tobytes()).hexdigest()[:16] == "a8da81b1caf09e08"


def test_the_normals_follow_the_normal_law() -> None:
    out = np.empty((200, TILE), np.float32)
    parts = []
    for tile in range(20):
        market_factor(np.uint64(1), np.uint64(tile * TILE), out)
        parts.append(out.copy().ravel())
    z = np.concatenate(parts).astype(np.float64)
    n = z.size
    assert abs(z.mean()) < 4 / n**0.5
    assert abs((z**2).mean() - 1) < 4 * (2 / n) ** 0.5
    assert abs((z**3).mean()) < 4 * (15 / n) ** 0.5
    assert abs((z**4).mean() - 3) < 4 * (96 / n) ** 0.5
    assert abs(np.mean(np.abs(z) > 1.959964) - 0.05) < 4 * (0.05 * 0.95 / n) ** 0.5
    assert abs(np.mean(z[:-1] * z[1:])) < 4 / n**0.5


def test_the_transform_at_the_ends_of_its_words() -> None:
    words = np.zeros(TILE, np.uint32)
    words[1], words[2] = 2**32 - 1, 2**31
    one, two = np.empty(TILE, np.float32), np.empty(TILE, np.float32)
    normal_pairs(words, words, one, two, np.empty(TILE, np.uint32))
    assert np.isfinite(one).all()
    assert abs(one[0]) == pytest.approx((2 * 33 * np.log(2)) ** 0.5, rel=1e-6)  # the smallest u is 2**-33


def test_the_exponential_is_exact_at_nothing_and_close_elsewhere() -> None:
    x = np.linspace(-30, 30, TILE).astype(np.float32)
    wanted = np.exp(x.astype(np.float64))
    exponential(x, np.empty(TILE, np.uint32))
    assert np.abs(x / wanted - 1).max() < 2.5e-7
    nothing = np.zeros(TILE, np.float32)
    exponential(nothing, np.empty(TILE, np.uint32))
    assert (nothing == 1.0).all()


# -- rates --------------------------------------------------------------------------------------------------------


@pytest.mark.golden
@pytest.mark.parametrize(
    "case", ["ta_yale_base_case", "ta_exhibit1_leveraged_buyouts", "ta_exhibit1_oil_gas"]
)
def test_published_cases_by_whole_years(golden: Path, case: str) -> None:
    """The path of this projection, run by years, is the published one."""
    stated = json.loads((golden / "pacing" / f"{case}.json").read_text())["parameters"]
    rows = list(csv.DictReader((golden / "pacing" / f"{case}.csv").open()))[1:13]
    rates = tuple(stated["rate_of_contribution_by_year"])
    model = PacingModel(
        rates, stated["life"], stated["bow"], stated["growth"], stated["yield"], last_call=100.0
    )
    step, span = scenario_rates([0.0], model, np.ones(12))
    base = arrays((0.0,), 12)
    yearly = replace(
        base,
        rates=np.ascontiguousarray(np.stack([step.call, step.distribution, step.growth])),
        span=span,
        lengths=np.ones(12),
        stocks=np.array([[0.0], [1.0]]),
        unsigned=np.zeros(12),
        inflow=np.zeros(12),
        members=(),
        history=(),
    )
    nav = expected_path(yearly).nav[0]
    assert np.abs(nav - [float(r["nav_recomputed"]) for r in rows]).max() < 1e-8
    kernel = simulate_chunk(without_noise(yearly), 1, 0, 1).rows[2 * 12 : 3 * 12, 0]
    assert np.abs(kernel - nav).max() < 1e-12


def test_a_quarter_takes_the_fourth_root_of_the_year() -> None:
    rates, span = scenario_rates([0.0, 2.0], MODEL, np.full(4, 0.25))
    assert rates.call[0] == pytest.approx(np.full(4, 1 - 0.75**0.25))
    assert rates.call[1] == pytest.approx(np.full(4, 1 - 0.5**0.25))
    assert rates.growth[0] == pytest.approx(np.full(4, 1.13**0.25))
    assert rates.distribution[1, 0] == pytest.approx(1 - (1 - (2.25 / 12) ** 2.5) ** 0.25)
    assert span.tolist() == [[0, 0], [4, 4]]
    assert 1 - np.prod(1 - rates.call[0]) == pytest.approx(0.25)  # four quarters call what the year calls


def test_a_step_over_an_anniversary_and_before_the_beginning() -> None:
    rates, span = scenario_rates([0.9, -0.1, -1.0], MODEL, np.full(2, 0.25))
    assert 1 - rates.call[0, 0] == pytest.approx(0.75**0.1 * (2 / 3) ** 0.15)
    assert 1 - rates.call[1, 0] == pytest.approx(0.75**0.15)
    assert rates.growth[1, 0] == pytest.approx(1.13**0.15)
    assert (rates.call[2] == 0).all()
    assert span[:, 2].tolist() == [2, 2]


def test_the_last_step_pays_everything_and_calls_nothing() -> None:
    model = replace(MODEL, life=8.0274)
    rates, span = scenario_rates([7.78], model, np.full(3, 0.25))
    assert (rates.call[0, 0], rates.distribution[0, 0]) == (0.0, 1.0)
    assert span[:, 0].tolist() == [0, 1]


@pytest.mark.parametrize(
    ("age", "lengths"), [([np.nan], [0.25]), ([1.0], [0.0]), ([1.0], [1.5]), ([[1.0]], [0.25])]
)
def test_rates_refuse(age: object, lengths: object) -> None:
    with pytest.raises(ValuationError):
        scenario_rates(age, MODEL, lengths)  # type: ignore[arg-type]


# -- paths --------------------------------------------------------------------------------------------------------


def test_without_noise_every_path_is_the_expected_one() -> None:
    """Within a fen a quarter, for a stub, a fund to come, one at its end; and of the yearly model within what is stated."""
    quiet = without_noise(arrays(steps=60))
    chunk, path = simulate_chunk(quiet, 5, 1000, 3), expected_path(quiet)
    series = chunk.rows[: 3 * 60].reshape(3, 60, 3)
    for ours, theirs in zip(series, (path.calls, path.distributions, path.nav), strict=True):
        assert np.abs(ours - theirs.sum(axis=0)[:, None]).max() < 0.01
    yearly = takahashi_alexander(5e7, MODEL.rates, 12, 2.5, 0.13, 0.0, years=12, last_call=11.0)
    calls = path.calls[1][:48].reshape(12, 4).sum(axis=1)
    assert calls[:11] == pytest.approx(yearly.calls[:11], rel=1e-9)
    assert path.distributions[1].sum() == pytest.approx(
        yearly.distributions.sum(), rel=0.05
    )  # calls earn within the year


def test_any_cut_into_chunks_gives_the_same_bits() -> None:
    model = arrays()
    whole = simulate_chunk(model, 3, 0, 200).rows
    parts = [simulate_chunk(model, 3, a, b - a).rows for a, b in ((0, 64), (64, 128), (128, 200))]
    assert np.concatenate(parts, axis=1).tobytes() == whole.tobytes()
    odd = simulate_chunk(model, 3, 37, 11).rows
    assert odd.tobytes() == np.ascontiguousarray(whole[:, 37:48]).tobytes()
    assert simulate_chunk(model, 4, 0, 64).rows.tobytes() != parts[0].tobytes()


def test_another_fund_beside_it_moves_nobodys_draws() -> None:
    both, alone = arrays(), arrays((3.3,))
    alone = replace(alone, streams=both.streams[2:3], members=((0,),))
    rows = slice(len(STEP_SERIES) * 24 + len(PATH_FIGURES), None)
    in_both = simulate_chunk(both, 3, 0, 64).rows[rows].reshape(2, len(GROUP_FIGURES), 64)[1]
    by_itself = simulate_chunk(alone, 3, 0, 64).rows[rows].reshape(1, len(GROUP_FIGURES), 64)[0]
    assert in_both.tobytes() == by_itself.tobytes()


def test_growth_keeps_its_mean_under_every_noise() -> None:
    """One step, nothing called or paid: the mean value is the expected one, its spread the root of the sum of squares."""
    base = arrays((3.3,), 1)
    only_growth = replace(
        base,
        rates=np.array([[[0.0]], [[0.0]], [[1.1]]]),
        stocks=np.array([[1e6], [0.0]]),
        members=(),
        history=(),
    )
    nav = np.concatenate([simulate_chunk(only_growth, 9, a, 4096).rows[2] for a in range(0, 65536, 4096)])
    b, p, s = 0.15 * 0.5, 0.05 * 0.25, 0.2 * 0.5
    spread = (b * b + p * p + s * s) ** 0.5
    growth = np.log(nav / 1.1e6)
    assert abs(nav.mean() / 1.1e6 - 1) < 4 * spread / nav.size**0.5
    assert growth.std() == pytest.approx(spread, rel=0.015)


def test_the_common_factor_is_common() -> None:
    two = arrays((3.3, 3.3), 4, noise=(0.2, 0.0, 0.0, 0.0))
    two = replace(two, members=((0,), (1,)))
    rows = simulate_chunk(two, 1, 0, 64).rows[len(STEP_SERIES) * 4 + len(PATH_FIGURES) :]
    first, second = rows.reshape(2, len(GROUP_FIGURES), 64)
    assert first.tobytes() == second.tobytes()


def test_cash_and_its_gap() -> None:
    model = arrays()
    chunk = simulate_chunk(model, 3, 0, 128)
    rows, steps = chunk.rows, model.steps
    calls, paid, nav, unfunded, net, cash = rows[: 6 * steps].reshape(6, steps, -1)
    wanted = 1e7 + np.cumsum(0.8 * paid - calls + 1e6, axis=0)
    assert np.abs(cash - wanted).max() < 1e-3
    gap, at, first, need = rows[6 * steps : 6 * steps + 4]
    assert gap == pytest.approx(np.maximum(0, -cash.min(axis=0)))
    poor = gap > 0
    assert poor.any()
    assert (cash[at[poor].astype(int), np.flatnonzero(poor)] == cash.min(axis=0)[poor]).all()
    assert np.isnan(at[~poor]).all()
    assert (first[poor] <= at[poor]).all()
    assert need == pytest.approx(np.maximum(0, -(1e7 + np.cumsum(0.8 * paid - calls, axis=0)).min(axis=0)))
    assert (unfunded >= 0).all()
    assert (nav >= 0).all()
    assert net == pytest.approx(paid - calls)
    assert max(chunk.gaps) < 1e-12
    unknown = simulate_chunk(replace(model, opening=np.nan), 3, 0, 64).rows
    assert np.isnan(unknown[5 * steps : 6 * steps + 4]).all()
    assert np.isfinite(unknown[: 5 * steps]).all()


def test_a_gap_is_counted_from_the_floor() -> None:
    model = arrays(steps=24)
    steps = model.steps
    block = simulate_chunk(model, 3, 0, 64).rows
    lowest = block[5 * steps : 6 * steps].min(axis=0)
    for floor in (float(np.sort(lowest)[10]), 0.0, -1e12):
        raised = simulate_chunk(replace(model, floor=floor), 3, 0, 64).rows
        assert np.array_equal(raised[: 6 * steps], block[: 6 * steps])
        gap, where, first, need = raised[6 * steps : 6 * steps + 4]
        assert gap == pytest.approx(np.maximum(0.0, floor - lowest))
        missing = lowest < floor  # on the floor itself nothing is missing
        assert (np.isnan(where) == ~missing).all()
        assert (np.isnan(first) == ~missing).all()
        assert (first[missing] <= where[missing]).all()
        assert (need >= 0).all()
    assert missing.sum() == 0
    assert (
        simulate_chunk(replace(model, floor=5e6), 3, 0, 64).rows[6 * steps + 3] >= block[6 * steps + 3]
    ).all()


def test_multiples_and_rates_of_return_of_a_path() -> None:
    from valuation.returns import irr

    model = without_noise(arrays(steps=60))
    path = expected_path(model)
    block = simulate_chunk(model, 1, 0, 1).rows[len(STEP_SERIES) * 60 + len(PATH_FIGURES) :, 0]
    dpi, tvpi, rate, called, distributed, closing = block.reshape(2, len(GROUP_FIGURES))[1]
    assert called == pytest.approx(path.calls[2].sum())
    assert dpi == pytest.approx((1e7 + path.distributions[2].sum()) / (6e7 + path.calls[2].sum()))
    assert tvpi == pytest.approx(dpi)
    assert (closing, distributed) == (pytest.approx(0, abs=1e-6), pytest.approx(path.distributions[2].sum()))
    times = np.concatenate([[0.0], 2.0 + path.times])
    flows = np.concatenate([[-5e7], path.distributions[2] - path.calls[2]])
    assert rate == pytest.approx(irr(flows, times).rate, abs=1e-9)


def test_drivers_share_the_variance() -> None:
    """Of one step of growth, in logs nearly a sum: each share is that of its square; unfunded hangs on pacing alone."""
    model = replace(arrays((3.3,), 8, noise=(0.3, 0.0, 0.4, 0.5)), members=(), history=())
    shares = driver_shares(model, 5, 8192)
    nav, left = shares[2 * 8], shares[3 * 8 + 4]
    assert nav[0] / nav[1] == pytest.approx((0.3 / 0.4) ** 2, rel=0.15)
    assert left == pytest.approx([0.0, 0.0, 1.0], abs=0.05)
    assert (shares[2 * 8 :][:32].sum(axis=1) < 1.1).all()
    quiet = driver_shares(without_noise(model), 5, 64)
    assert np.isnan(quiet[:8]).all()


def test_a_driver_held_fast_keeps_its_draws() -> None:
    """With only the common factor moving, holding it fast changes nothing and holding another changes all."""
    model = replace(arrays((3.3,), 8, noise=(0.3, 0.0, 0.0, 0.0)), members=(), history=())
    own = simulate_chunk(model, 5, 0, 64).rows
    assert simulate_chunk(model, 5, 0, 64, fast="market", other=9).rows.tobytes() == own.tobytes()
    assert (simulate_chunk(model, 5, 0, 64, fast="pacing", other=9).rows[2 * 8] != own[2 * 8]).all()


@pytest.mark.golden
def test_one_factor_finite_portfolios(golden: Path) -> None:
    """The published law of defaults in a portfolio of 100, and with many loans Vasicek's quantile."""
    for case in json.loads((golden / "scenarios" / "one_factor_finite_portfolio.json").read_text()):
        n, paths = case["obligors"], 60_000
        drawn = simulate_pool(np.full(n, case["pd"]), np.ones(n), case["asset_correlation"], paths, 7)
        defaults = drawn.defaults
        none = case["prob_no_default"]
        assert np.mean(defaults == 0) == pytest.approx(none, abs=4 * (none / paths) ** 0.5)
        assert defaults.mean() == pytest.approx(case["mean"], abs=0.05)
        assert defaults.std() == pytest.approx(case["sd"], rel=0.02)
        for level, name in ((0.95, "quantile_95"), (0.99, "quantile_99"), (0.999, "quantile_99_9")):
            assert abs(np.quantile(defaults, level, method="inverted_cdf") - case[name]) <= (level > 0.995)
    many = simulate_pool(np.full(20_000, 0.05), np.ones(20_000), 0.2, 4_000, 7)
    assert np.quantile(many.claimed, 0.99) / 20_000 == pytest.approx(
        vasicek_quantile(0.05, 0.2, 0.99), rel=0.02
    )


# -- quantiles in bounded memory ----------------------------------------------------------------------------------


def test_quantiles_are_exact_while_values_are_held() -> None:
    values = np.random.default_rng(1).normal(size=(3, 5000))
    values[2, ::7] = np.nan
    sketch = QuantileSketch(3)
    for part in np.array_split(values, 7, axis=1):
        sketch.add(part)
    levels = np.array([0.01, 0.5, 0.9])
    assert sketch.quantiles(levels) == pytest.approx(np.nanquantile(values, levels, axis=1).T)
    assert sketch.mean() == pytest.approx(np.nanmean(values, axis=1))
    assert sketch.known.tolist() == np.isfinite(values).sum(axis=1).tolist()
    assert sketch.negative.tolist() == (values < 0).sum(axis=1).tolist()
    assert sketch.rank_error() == 0.0


def test_beyond_it_the_rank_is_off_by_a_thousandth_at_most() -> None:
    g = np.random.default_rng(2)
    values = np.stack(
        [
            np.exp(2 * g.standard_normal(300_000)),
            np.round(g.standard_normal(300_000)),
            np.full(300_000, np.nan),
        ]
    )
    sketch = QuantileSketch(3)
    for part in np.array_split(values, 30, axis=1):
        sketch.add(part)
    assert 0 < sketch.rank_error() <= 0.001
    levels = np.array([0.001, 0.05, 0.5, 0.95, 0.999])
    quantiles = sketch.quantiles(levels)
    ranks = np.searchsorted(np.sort(values[0]), quantiles[0]) / 300_000
    assert np.abs(ranks - levels).max() <= 0.001
    assert quantiles[1, 2] == pytest.approx(0.0, abs=1e-9)
    assert np.isnan(quantiles[2]).all()
    assert BINS == 4096


def test_a_row_that_exists_on_few_paths_is_held_until_its_values_are_enough() -> None:
    """On one path of a hundred; on none of the first; on four of five. Whatever the cut into blocks, the same bits."""
    g = np.random.default_rng(5)
    values = g.standard_normal((3, 100_000))
    values[0, g.random(100_000) > 0.01] = np.nan
    values[1, :70_000] = np.nan
    values[2, g.random(100_000) > 0.8] = np.nan
    levels = np.array([0.01, 0.25, 0.5, 0.99])
    answers = []
    for blocks in (20, 196):
        sketch = QuantileSketch(3)
        for part in np.array_split(values, blocks, axis=1):
            sketch.add(part)
        assert 0 < sketch.rank_error() <= 0.001
        answers.append(sketch.quantiles(levels))
        assert answers[-1][:2] == pytest.approx(np.nanquantile(values[:2], levels, axis=1).T, rel=1e-15)
        ranks = np.searchsorted(np.sort(values[2]), answers[-1][2]) / sketch.known[2]
        assert np.abs(ranks - levels).max() <= 0.001
    assert (answers[0][:2] == answers[1][:2]).all()


@pytest.mark.parametrize("paths", [700, 3_000])
def test_rows_held_in_turns_say_the_same_to_the_bit(paths) -> None:
    """Of 1,000 values held: fewer and more; rows of whole numbers, of none at first, of few, of none at all."""
    g = np.random.default_rng(6)
    values = g.standard_normal((100, paths))
    values[3] = np.round(values[3])
    values[4, : paths // 2] = np.nan
    values[5, g.random(paths) > 0.02] = np.nan
    values[99] = np.nan
    levels = np.array([0.05, 0.5, 0.95])
    blocks = [values[:, n : n + 70] for n in range(0, paths, 70)]
    first = 1 + 1_000 // 70
    answers = []
    for most in (None, 1):  # one byte: as few rows as are ever taken
        sketch, turns = QuantileSketch(100, 1_000, most_bytes=most), 0
        for block in blocks[:first]:
            sketch.add(block)
        while sketch.turn(levels):
            turns += 1
            for block in blocks[:first]:
                sketch.repeat(block)
        for block in blocks[first:]:
            sketch.add(block)
        answers.append(
            (
                sketch.quantiles(levels).tobytes(),
                sketch.rank_error(),
                sketch.mean().tobytes(),
                sketch.known.tolist(),
            )
        )
        assert turns == (0 if most is None else 3)
    assert answers[0] == answers[1]


def test_paths_beyond_the_first_are_not_taken_before_every_row_had_its_turn() -> None:
    sketch = QuantileSketch(100, 8, most_bytes=1)
    sketch.add(np.ones((100, 9)))
    with pytest.raises(ValuationError, match="again"):
        sketch.add(np.ones((100, 1)))


def test_no_values_no_quantiles() -> None:
    sketch = QuantileSketch(2)
    assert np.isnan(sketch.quantiles(np.array([0.5]))).all()
    assert np.isnan(sketch.mean()).all()


# -- fits ---------------------------------------------------------------------------------------------------------

TRUE = {
    "rates": (0.25, 0.35, 0.5),
    "growth": 0.10,
    "bow": 2.0,
    "market": 0.15,
    "fund": 0.04,
    "own": 0.2,
    "pacing": 0.4,
}


def simulated_book(seed: int, smoothing: float = 0.0, funds: int = 25, quarters: int = 48) -> FitPanel:
    """A book of the model itself, written out plainly; smoothing: of what is stated, an error-free value apart."""
    g = np.random.default_rng(seed)
    start, life, h = g.integers(0, quarters - 12, funds), 10.0, 0.25
    market, own_factor = g.standard_normal(quarters), g.standard_normal(funds)
    names = ("age", "opening", "closing", "unfunded", "calls", "paid")
    out = {name: np.full((funds, quarters), np.nan) for name in names}
    nav, unfunded, before = np.zeros(funds), np.ones(funds), np.zeros(funds)
    b, p, s = TRUE["market"] * h**0.5, TRUE["fund"] * h, TRUE["own"] * h**0.5
    for t in range(quarters):
        age = (t - start + 1) * h
        live = (age > 0) & (age <= life)
        year = np.clip(np.floor(age - 1e-9), 0, 2).astype(int)
        call_rate = np.where(age - h < life - 1, 1 - (1 - np.array(TRUE["rates"])[year]) ** h, 0.0)
        rate = np.where(age >= life, 1.0, 1 - (1 - np.clip(age / life, 0, 1) ** TRUE["bow"]) ** h)
        z, w = g.standard_normal((2, funds))
        x = b * market[t] + p * own_factor + s * z - 0.5 * (b * b + p * p + s * s)
        x, before = (1 - smoothing) * x + smoothing * before, (1 - smoothing) * x + smoothing * before
        grown = nav * (1 + TRUE["growth"]) ** h * np.exp(x)
        slow = TRUE["pacing"] ** 2 / 2
        call = unfunded * np.minimum(1, call_rate * np.exp(TRUE["pacing"] * w - slow))
        paid = grown * np.where(rate >= 1, 1.0, np.minimum(1, rate * np.exp(-TRUE["pacing"] * w - slow)))
        closing = grown - paid + call
        of_quarter = {
            "age": age,
            "opening": nav,
            "closing": closing,
            "unfunded": unfunded,
            "calls": call,
            "paid": paid,
        }
        for name, values in of_quarter.items():
            out[name][live, t] = values[live]
        nav, unfunded = np.where(live, closing, nav), np.where(live, unfunded - call, unfunded)
    return FitPanel(life=np.full(funds, life), commitment=np.ones(funds), **out)


def test_the_fits_intervals_cover_what_they_should() -> None:
    """On 100 books with known parameters the 80 % intervals hold 70 to 90 of the true values, parameter by parameter."""
    fits = [fit_pacing(simulated_book(seed)) for seed in range(100)]
    for name, true in TRUE.items():
        for n, value in enumerate(true if isinstance(true, tuple) else (true,)):
            estimates = [f.rates[n] if name == "rates" else getattr(f, name) for f in fits]
            low, high = np.array([e.interval() for e in estimates]).T
            assert 70 <= np.sum((low <= value) & (value <= high)) <= 90, (name, n)


def test_smoothed_values_are_made_rough_anew() -> None:
    fits = [fit_pacing(simulated_book(seed, smoothing=0.6)) for seed in range(15)]
    assert 0.3 < np.mean([f.smoothing for f in fits]) < 0.7
    total = np.mean([(f.market.value**2 + f.own.value**2) ** 0.5 for f in fits])
    assert total == pytest.approx((0.15**2 + 0.2**2) ** 0.5, rel=0.15)


def test_too_little_says_nothing_and_the_prior_stands() -> None:
    panel = simulated_book(1)
    none = FitPanel(
        *(
            getattr(panel, name)[:1]
            for name in ("age", "life", "commitment", "opening", "closing", "unfunded", "calls", "paid")
        )
    )
    blank = replace(none, opening=np.full_like(none.opening, np.nan), paid=np.full_like(none.paid, np.nan))
    fit = fit_pacing(blank)
    assert np.isnan([fit.growth.value, fit.bow.value, fit.market.value]).all()
    assert fit.growth.shrunk(0.13, 40.0) == 0.13
    full = fit_pacing(panel)
    drawn = full.growth.shrunk(0.13, 40.0)
    own = full.growth.fund_years / (full.growth.fund_years + 40.0)
    assert drawn == pytest.approx(own * full.growth.value + (1 - own) * 0.13)
    with pytest.raises(ValuationError):
        fit_pacing(replace(panel, calls=panel.calls[:, 1:]))
