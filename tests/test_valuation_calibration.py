"""Fits: parameters that made a history are found again, real histories fit as well as they do, and no better."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from valuation.calibration import (
    Bounds,
    Transitions,
    backtest,
    calibrate,
    calibrate_transitions,
    observed_rates,
)
from valuation.least_squares import least_squares
from valuation.pacing import PacingModel, project, takahashi_alexander
from valuation.refusals import ValuationError

PAPER_RATES = (0.25, 1 / 3, 0.5)


def history(model: PacingModel, years: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    path = project(0.0, 1.0, 0.0, model, steps=years)
    return path.calls[0].cumsum(), path.distributions[0].cumsum(), path.nav[0]


@settings(max_examples=8)
@given(
    st.integers(8, 14),
    st.integers(10, 40).map(lambda n: n / 10),
    st.integers(0, 30).map(lambda n: n / 100),
    st.sampled_from((0.0, 0.15)),
    st.tuples(*[st.integers(10, 60).map(lambda n: n / 100)] * 3),
)
def test_the_parameters_behind_a_history_are_found(
    life: int, bow: float, growth: float, floor: float, rates: tuple[float, ...]
) -> None:
    made = PacingModel(rates, float(life), bow, growth, floor)
    fit = calibrate(1.0, *history(made, life), Bounds(life=(6, 16)))
    assert fit.converged
    assert fit.rmse["all"] < 1e-4
    assert fit.r2["all"] > 1 - 1e-6
    assert fit.counts == {"called": life, "distributed": life, "nav": life, "all": 3 * life}
    np.testing.assert_allclose(fit.model.rates, rates, atol=2e-3)
    assert fit.model.growth == pytest.approx(growth, abs=2e-3)


def test_money_and_its_unit_do_not_matter() -> None:
    called, distributed, nav = history(PacingModel((0.3, 0.4), 10.0, 2.0, 0.12), 10)
    bounds = Bounds(rates=((0, 1), (0, 1)), life=(10, 10))
    small = calibrate(1.0, called, distributed, nav, bounds)
    large = calibrate(2e9, 2e9 * called, 2e9 * distributed, 2e9 * nav, bounds)
    assert large.model.bow == pytest.approx(small.model.bow, rel=1e-6)
    assert large.rmse["all"] == pytest.approx(small.rmse["all"], abs=1e-9)


def test_parameters_on_a_bound_and_parameters_nobody_tells_are_named() -> None:
    made = PacingModel((0.25, 0.5), 12.0, 2.5, 0.2)
    called, distributed, nav = history(made, 12)
    tight = calibrate(1.0, called, distributed, nav, Bounds(life=(12, 12), growth=(-0.1, 0.1)))
    assert "growth" in tight.at_bound
    unseen = calibrate(1.0, called, np.full(12, math.nan), np.full(12, math.nan), Bounds(life=(12, 12)))
    assert set(unseen.untold) == {"bow", "growth", "yield_rate"}
    assert math.isnan(unseen.rmse["nav"])
    assert unseen.counts["nav"] == 0
    assert unseen.rmse["called"] < 1e-9
    short = calibrate(1.0, called, distributed, nav, Bounds(life=(6, 8)))
    assert "life" in short.at_bound


def test_young_and_old_funds_are_fitted_together() -> None:
    made = PacingModel((0.3, 0.35, 0.5), 10.0, 2.0, 0.15)
    series = [np.vstack([x, x]) for x in history(made, 10)]
    for x in series:
        x[1, 4:] = math.nan
    fit = calibrate([3.0, 3.0], *(3.0 * x for x in series), Bounds(life=(10, 10)))
    assert fit.rmse["all"] < 1e-6
    assert fit.counts["nav"] == 14


def test_a_backtest_of_a_fund_that_follows_the_model_has_no_error() -> None:
    made = PacingModel((0.25, 1 / 3, 0.5), 12.0, 2.5, 0.13)
    called, distributed, nav = history(made, 12)
    test = backtest(5.0, 5 * called, 5 * distributed, 5 * nav, 8, Bounds(life=(12, 12)))
    assert max(test.rmse.values()) < 1e-4
    np.testing.assert_allclose(test.nav[0], 5 * nav[8:], atol=5e-3)
    np.testing.assert_allclose(test.called[0], 5 * called[8:], atol=5e-3)


def test_a_backtest_leaves_out_funds_it_cannot_start_from() -> None:
    called, distributed, nav = history(PacingModel((0.3,), 10.0, 2.0, 0.1), 10)
    both = [np.vstack([x, x]) for x in (called, distributed, nav)]
    both[2][1, 5] = math.nan
    test = backtest(1.0, *both, 6, Bounds(rates=((0, 1),), life=(10, 10)))
    assert np.isnan(test.nav[1]).all()
    assert np.isfinite(test.nav[0]).all()


@pytest.mark.golden
def test_the_paper_s_charts_give_back_the_paper_s_parameters(golden: Path) -> None:
    """Fitting the published chart of the base case (read to about 1 % of commitment) finds 13 %, 2.5 and 12 years."""
    with (golden / "pacing" / "ta_yale_base_case.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))[1:12]
    called = np.cumsum([float(r["contribution_chart"]) for r in rows])
    distributed = np.cumsum([float(r["distribution_chart"]) for r in rows])
    nav = [float(r["nav_chart"]) for r in rows]
    fit = calibrate(1.0, called, distributed, nav)
    assert fit.model.life == 12.0
    assert fit.model.growth == pytest.approx(0.13, abs=0.005)
    assert fit.model.bow == pytest.approx(2.5, abs=0.1)
    np.testing.assert_allclose(fit.model.rates, (0.25, 1 / 3, 0.5), atol=0.02)
    assert fit.rmse["all"] < 0.01


@pytest.mark.golden
def test_yale_s_strong_vintages_need_growth_far_above_the_base_case(golden: Path) -> None:
    """Values and distributions of the 1990-1992 vintages, calls not published: the paper's call rates are held."""
    with (golden / "pacing" / "yale_vintages_1990_1992.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    nav = [float(r["nav_pct_commitment"]) for r in rows]
    distributed = [float(r["cum_distribution_pct_commitment"]) for r in rows]
    fit = calibrate(
        1.0, [math.nan] * len(rows), distributed, nav, Bounds(rates=tuple((x, x) for x in PAPER_RATES))
    )
    assert fit.model.rates == pytest.approx((0.25, 1 / 3, 0.5))
    assert 0.3 < fit.model.growth < 0.45
    assert fit.r2["distributed"] > 0.98
    assert fit.r2["nav"] > 0.85
    base = takahashi_alexander(1.0, PAPER_RATES, 12, 2.5, 0.13, 0.0, years=len(rows))
    base_miss = np.sqrt(np.mean((base.distributions.cumsum() - distributed) ** 2))
    assert fit.rmse["distributed"] < base_miss / 5


def anonymised(golden: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Called, distributed and value by fund year, from the first year with a call."""
    with (golden / "fund_data" / "anonymised_fund_series.csv").open(encoding="utf-8") as lines:
        rows = [r for r in csv.DictReader(lines) if r["cum_called"] and float(r["cum_called"]) > 0]
    funds = sorted({r["fund_id"] for r in rows})
    out = np.full((3, len(funds), 14), math.nan)
    for i, fund in enumerate(funds):
        own = [r for r in rows if r["fund_id"] == fund][:14]
        for k, column in enumerate(("cum_called", "cum_distributed", "nav")):
            out[k, i, : len(own)] = [float(r[column]) for r in own]
    return out[0], out[1], out[2]


@pytest.mark.golden
def test_four_real_funds_fit_and_back_test(golden: Path) -> None:
    """One model for four funds explains most of what they did; fitted on eight years it foresees the calls
    (nearly all made) well and the rest roughly, with the bias printed beside it."""
    series = anonymised(golden)
    fit = calibrate(1e7, *series, Bounds(life=(12, 16)))
    assert fit.converged
    assert fit.r2["called"] > 0.8
    assert fit.r2["distributed"] > 0.6
    assert fit.counts["all"] == 3 * int(np.isfinite(series[0]).sum())
    test = backtest(1e7, *series, 8, Bounds(life=(9, 13)))
    assert test.rmse["called"] < 0.05
    assert test.rmse["distributed"] < 0.4
    assert abs(test.bias["nav"]) < 0.2
    assert test.rmse["nav"] >= abs(test.bias["nav"])


def ny_common(golden: Path) -> np.ndarray:
    """(funds, 7): commitment, age, nav, unfunded, calls, distributions, nav a year later; 12 years old at most."""
    folder = golden / "fund_data"
    with (folder / "us_public_pension_pe.csv").open(encoding="utf-8") as lines:
        about = {r["fund_name"]: r for r in csv.DictReader(lines) if r["pension_fund_name"] == "NY Common"}
    rows = []
    with (folder / "ny_common_two_dates.csv").open(encoding="utf-8") as lines:
        for r in csv.DictReader(lines):
            x = {k: float(v) for k, v in r.items() if k != "fund_name"}
            gain = x["nav_2025"] - x["nav_2024"] - x["calls_in_year"] + x["distributions_in_year"]
            assert gain == pytest.approx(x["gain_in_year"], abs=1e-6)
            commitment = float(about[r["fund_name"]]["commitment_mm"])
            age = 2024.0 - float(about[r["fund_name"]]["vintage_year"])  # vintages begin in spring on average
            if age <= 12 and x["calls_in_year"] >= 0:
                unfunded = max(commitment - x["called_2024"], 0.0)
                rows.append(
                    (
                        commitment,
                        age,
                        x["nav_2024"],
                        unfunded,
                        x["calls_in_year"],
                        x["distributions_in_year"],
                        x["nav_2025"],
                    )
                )
    return np.array(rows)


@pytest.mark.golden
def test_ny_common_two_dates_back_test(golden: Path) -> None:
    """Fitted on every other fund, tested on the rest, both ways round; beside it, one rate for all funds.

    By fund the model by age is nearer to the calls than one call rate on unfunded, and about as near to the
    distributions as one rate on value; the total of the values is met to a few percent. The total of the calls
    falls short by a third: 51 of the 123 funds had called more than was committed (recallable money, which these
    listings do not tell) and called again.
    """
    funds = ny_common(golden)
    ours, one_rate = np.zeros((2, funds.shape[0], 3))
    for fold in (0, 1):
        held_out = np.arange(funds.shape[0]) % 2 == fold
        fitted = Transitions(*funds[~held_out].T)
        fit = calibrate_transitions(fitted, Bounds(life=(10, 25)))
        assert fit.converged
        assert fit.r2["nav"] > 0.8
        assert "rates[0]" in fit.untold  # no fund is in its first year
        _, age, nav, unfunded, *_ = funds[held_out].T
        path = project(nav, unfunded, age, fit.model, steps=1)
        ours[held_out] = np.hstack([path.calls, path.distributions, path.nav])
        call, paid, growth = observed_rates(fitted)
        grown = nav * (1 + growth)
        one_rate[held_out] = np.stack(
            [call * unfunded, paid * grown, grown * (1 - paid) + call * unfunded], axis=1
        )
    actual = funds[:, 4:]
    by_fund, by_fund_one_rate = (
        np.sqrt((((x - actual) / funds[:, :1]) ** 2).mean(axis=0)) for x in (ours, one_rate)
    )
    assert by_fund[0] < 0.9 * by_fund_one_rate[0]
    assert by_fund[1] < 1.1 * by_fund_one_rate[1]
    total = ours.sum(axis=0) / actual.sum(axis=0) - 1
    assert -0.45 < total[0] < -0.25
    assert abs(total[1]) < 0.25
    assert abs(total[2]) < 0.05
    assert np.corrcoef(ours[:, 2], actual[:, 2])[0, 1] > 0.98


def test_observed_rates_are_those_that_roll_the_value_forward() -> None:
    seen = Transitions([1, 1], [2, 3], [10, 20], [5, 0], [2, 0], [3, 4], [11.5, 18])
    call, distribution, growth = observed_rates(seen)
    assert call == 2 / 5
    assert growth == pytest.approx((11.5 - 10 - 2 + 3 + 18 - 20 + 4) / 30)
    assert 30 * (1 + growth) * (1 - distribution) + 2 == pytest.approx(29.5)
    assert all(math.isnan(x) for x in observed_rates(Transitions([1], [2], [0], [0], [0], [0], [0])))


@pytest.mark.parametrize(
    ("change", "argument"),
    [
        ({"commitment": 0.0}, "commitment"),
        ({"commitment": [1.0, 1.0]}, "commitment"),
        ({"called": [0.1, math.inf, 0.3]}, "called"),
        ({"nav": [0.1, 0.2]}, "nav"),
        (
            {"called": [math.nan] * 3, "distributed": [math.nan] * 3, "nav": [math.nan] * 3},
            "called, distributed, nav",
        ),
        ({"bounds": Bounds(growth=(0.2, 0.1))}, "bounds"),
        ({"bounds": Bounds(growth=(-1.5, 0.1))}, "growth"),
        ({"bounds": Bounds(rates=((0.0, 1.5),))}, "rates"),
    ],
)
def test_wrong_histories_are_named(change: dict[str, object], argument: str) -> None:
    good: dict[str, object] = {
        "commitment": 1.0,
        "called": [0.1, 0.2, 0.3],
        "distributed": [0.0, 0.0, 0.1],
        "nav": [0.1, 0.2, 0.3],
    }
    with pytest.raises(ValuationError) as refused:
        calibrate(**(good | change))  # type: ignore[arg-type]
    assert refused.value.argument == argument


def test_fit_years_must_leave_something_to_test() -> None:
    with pytest.raises(ValuationError, match="fit_years"):
        backtest(1.0, [0.1, 0.2], [0.0, 0.1], [0.1, 0.1], 2)


def test_least_squares_stays_in_the_box_and_finds_rosenbrock_s_valley() -> None:
    def rosenbrock(x: np.ndarray) -> np.ndarray:
        return np.stack([10 * (x[:, 1] - x[:, 0] ** 2), 1 - x[:, 0]], axis=1)

    low, high = np.array([-2.0, -2.0]), np.array([2.0, 2.0])
    free = least_squares(rosenbrock, np.array([[-1.2, 1.0]]), low, high)
    np.testing.assert_allclose(free.parameters, 1.0, atol=1e-6)
    assert free.converged
    boxed = least_squares(rosenbrock, np.array([[-1.2, 0.0]]), low, np.array([0.5, 2.0]))
    np.testing.assert_allclose(boxed.parameters, (0.5, 0.25), atol=1e-6)
    held = least_squares(rosenbrock, np.array([[0.3, 0.0]]), np.array([0.3, -2.0]), np.array([0.3, 2.0]))
    np.testing.assert_allclose(held.parameters, (0.3, 0.09), atol=1e-6)
