"""CreditRisk+ against the published examples, Panjer's recursion, and the moments it must have."""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from valuation.creditrisk import (
    LossDistribution,
    creditrisk_plus,
    pooled_relative_variance,
    risk_contributions,
)
from valuation.refusals import ValuationError

UNITS = {"1a": 202_389, "1b": 77_277}


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def obligors(golden: Path, example: str) -> tuple[np.ndarray, ...]:
    rows = table(golden / "credit_pool" / f"creditrisk_plus_{example}_obligors.csv")
    names = (
        "exposure_net_of_recovery",
        "mean_default_rate",
        "std_default_rate",
        "weight_general",
        "risk_contribution",
    )
    return tuple(np.array([float(r[name]) for r in rows]) for name in names)


@pytest.mark.golden
@pytest.mark.parametrize("example", UNITS)
def test_credit_suisse_s_examples(golden: Path, example: str) -> None:
    exposure, pd, sd, weight, contribution = obligors(golden, example)
    unit = UNITS[example]
    assert unit == math.ceil(exposure.max() / 100)
    losses = creditrisk_plus(exposure, pd, sd, weight[:, None], unit)
    assert losses.mean == pytest.approx(exposure @ pd, rel=1e-9)
    for row in table(golden / "credit_pool" / f"creditrisk_plus_{example}_percentiles.csv"):
        ours = {"mean": losses.mean, "std": losses.standard_deviation}.get(row["percentile"])
        if ours is None:
            ours = losses.quantile(float(row["percentile"]) / 100)
        assert ours == pytest.approx(float(row["recomputed_loss"]), rel=1e-6)
        if row["published_loss"]:
            assert ours == pytest.approx(float(row["published_loss"]), rel=1e-6)
    parts = risk_contributions(exposure, pd, sd, weight[:, None], unit)
    np.testing.assert_allclose(parts, contribution, atol=1.0)
    assert parts.sum() == pytest.approx(losses.quantile(0.99), rel=1e-12)


@pytest.mark.golden
def test_credit_suisse_s_whole_distribution(golden: Path) -> None:
    exposure, pd, sd, weight, _ = obligors(golden, "1a")
    rows = table(golden / "credit_pool" / "creditrisk_plus_1a_distribution.csv")
    published = np.array([float(r["probability_published_6_decimals"]) for r in rows])
    losses = creditrisk_plus(exposure, pd, sd, weight, UNITS["1a"])
    np.testing.assert_allclose(losses.probabilities[: published.size], published, atol=6e-7)
    np.testing.assert_allclose(losses.losses[: published.size], [float(r["loss"]) for r in rows])


@pytest.mark.golden
def test_example_1b_moves_as_the_paper_says(golden: Path) -> None:
    """Obligors 24 and 25 removed: exposure −27.3 %, mean −21.5 %, 99 % loss −27.8 %."""
    before, after = (
        creditrisk_plus(*obligors(golden, example)[:4], UNITS[example]) for example in ("1a", "1b")
    )
    assert after.mean / before.mean - 1 == pytest.approx(-0.215, abs=5e-4)
    assert after.quantile(0.99) / before.quantile(0.99) - 1 == pytest.approx(-0.278, abs=5e-4)


@pytest.mark.golden
def test_two_correlated_sectors(golden: Path) -> None:
    case = json.loads((golden / "credit_pool" / "creditrisk_plus_correlated_sectors.json").read_text("utf-8"))
    given_, published, tolerance = case["inputs"], case["published"], case["tolerance"]
    sectors = [given_["sector1"], given_["sector2"]]
    relative = given_["relative_default_variance"]
    rho = given_["sector_correlation"]
    exposure = np.concatenate([np.full(s["obligors"], s["exposure"]) for s in sectors])
    pd = np.concatenate([np.full(s["obligors"], s["pd"]) for s in sectors])
    expected = [s["obligors"] * s["exposure"] * s["pd"] for s in sectors]
    assert expected == pytest.approx(published["sector_expected_loss"])
    pooled = pooled_relative_variance(expected, relative, [[1, rho], [rho, 1]])
    assert pooled == pytest.approx(case["recomputed"]["relative_default_variance"], abs=1e-9)
    both = creditrisk_plus(exposure, pd, pd * math.sqrt(pooled), np.ones(pd.size), 1.0)
    assert both.mean == pytest.approx(published["expected_loss"])
    assert both.standard_deviation == pytest.approx(
        published["unexpected_loss"], abs=tolerance["unexpected_loss"]
    )
    assert both.quantile(0.99) == pytest.approx(
        published["loss_quantile_99"], abs=tolerance["loss_quantile_99"]
    )
    for k, sector in enumerate(sectors):
        n = sector["obligors"]
        one = creditrisk_plus(
            np.full(n, sector["exposure"]),
            np.full(n, sector["pd"]),
            np.full(n, sector["pd"] * math.sqrt(relative[k])),
            np.ones(n),
            1.0,
        )
        assert one.standard_deviation == pytest.approx(
            published["sector_unexpected_loss"][k], abs=tolerance["unexpected_loss"]
        )
        alone = relative[k] * expected[k] ** 2 + n * sector["exposure"] ** 2 * sector["pd"]
        assert one.variance == pytest.approx(alone, rel=1e-9)


def panjer(bands: np.ndarray, rate: np.ndarray, relative_variance: float, points: int) -> np.ndarray:
    """One gamma sector by Panjer's recursion for the negative binomial, as the paper's A10 has it: the oracle."""
    mu = rate.sum()
    severity = np.bincount(bands, rate, minlength=points)[:points] / mu
    shape, p = 1 / relative_variance, relative_variance * mu / (1 + relative_variance * mu)
    g = np.zeros(points)
    g[0] = (1 - p) ** shape
    for n in range(1, points):
        j = np.arange(1, n + 1)
        g[n] = p * ((1 + (shape - 1) * j / n) * severity[j] * g[n - j]).sum()
    return g


books = st.lists(
    st.tuples(st.integers(1, 12), st.integers(1, 300).map(lambda n: n / 1000)), min_size=1, max_size=12
)


@settings(max_examples=40)
@given(books, st.integers(5, 30).map(lambda n: n / 10))
def test_one_sector_is_panjer_s_recursion(book: list[tuple[int, float]], deviation: float) -> None:
    bands, pd = np.array([b for b, _ in book]), np.array([p for _, p in book])
    losses = creditrisk_plus(bands.astype(float), pd, deviation * pd, np.ones(pd.size), 1.0)
    oracle = panjer(bands, pd, deviation**2, min(losses.probabilities.size, 400))
    np.testing.assert_allclose(losses.probabilities[: oracle.size], oracle, rtol=1e-9, atol=1e-15)


@settings(max_examples=40)
@given(
    books,
    st.integers(0, 20).map(lambda n: n / 10),
    st.integers(1, 4),
    st.integers(0, 2**32 - 1),
)
def test_mean_and_variance_are_those_of_the_model(
    book: list[tuple[int, float]], deviation: float, sectors: int, seed: int
) -> None:
    """Σ p B and Σ p B² + Σ_k v_k EL_k², for obligors spread over several sectors and the specific one."""
    bands, pd = np.array([float(b) for b, _ in book]), np.array([p for _, p in book])
    weights = np.random.default_rng(seed).dirichlet(np.ones(sectors + 1), pd.size)
    losses = creditrisk_plus(bands, pd, deviation * pd, weights[:, :-1], 1.0, specific=weights[:, -1])
    assert (losses.probabilities >= 0).all()
    assert losses.probabilities.sum() == pytest.approx(1.0, abs=2e-12)
    assert losses.mean == pytest.approx(pd @ bands, rel=1e-8)
    common = (deviation * ((pd * bands) @ weights[:, :-1])) ** 2
    assert losses.variance == pytest.approx(pd @ bands**2 + common.sum(), rel=1e-6)
    cumulative = losses.cumulative
    for level in (0.5, 0.9, 0.999):
        at = losses.quantile(level)
        assert np.interp(at, losses.losses, cumulative) >= level - 1e-12
        assert losses.unexpected_loss(level) == pytest.approx(at - losses.mean)


def test_banding_keeps_the_expected_loss_whatever_the_unit() -> None:
    exposure, pd = np.array([0.3, 1.7, 2.0, 0.0, 55.5]), np.array([0.1, 0.05, 0.2, 0.5, 0.01])
    for unit in (0.1, 0.7, 1.0, 60.0):
        losses = creditrisk_plus(exposure, pd, pd, np.ones(5), unit)
        assert losses.mean == pytest.approx(exposure @ pd, rel=1e-9)
        parts = risk_contributions(exposure, pd, pd, np.ones(5), unit, level=0.95)
        assert parts.sum() == pytest.approx(losses.quantile(0.95), rel=1e-9)
        assert parts[3] == 0.0


def test_without_variation_losses_are_compound_poisson() -> None:
    losses = creditrisk_plus(np.ones(50), np.full(50, 0.04), np.zeros(50), np.ones(50), 1.0)
    poisson = [math.exp(-2.0) * 2.0**n / math.factorial(n) for n in range(12)]
    np.testing.assert_allclose(losses.probabilities[:12], poisson, rtol=1e-12)


def test_a_pool_so_large_that_no_loss_is_impossible_to_write_down() -> None:
    """P(no loss) = e^-2000 is no float64; the distribution around the mean of 2000 units is all there."""
    losses = creditrisk_plus(np.ones(40_000), np.full(40_000, 0.05), np.zeros(40_000), np.ones(40_000), 1.0)
    assert losses.probabilities[0] == 0.0
    assert losses.mean == pytest.approx(2000.0, rel=1e-10)
    assert losses.variance == pytest.approx(2000.0, rel=1e-8)


def test_an_empty_pool_loses_nothing() -> None:
    losses = creditrisk_plus([0.0], [0.5], [0.1], [1.0], 1.0)
    assert losses.probabilities.tolist() == [1.0]
    assert losses.quantile(0.99) == 0.0
    assert risk_contributions([0.0], [0.5], [0.1], [1.0], 1.0).tolist() == [0.0]


def test_quantiles_are_linear_between_points_and_nan_beyond_the_tail() -> None:
    losses = LossDistribution(10.0, np.array([0.5, 0.25, 0.25 - 1e-12]))
    assert losses.quantile(0.3) == 0.0
    assert losses.quantile(0.5) == 0.0
    assert losses.quantile(0.625) == pytest.approx(5.0)
    assert losses.quantile(0.75) == 10.0
    assert math.isnan(losses.quantile(1 - 1e-13))
    for level in (0.0, 1.0, -1.0, math.nan):
        with pytest.raises(ValuationError, match="level"):
            losses.quantile(level)


def test_a_distribution_typed_from_a_table() -> None:
    losses = LossDistribution(2.0, [0.5, 0.3, 0.2])  # type: ignore[arg-type]
    assert losses.mean == pytest.approx(1.4)
    assert losses.variance == pytest.approx(0.3 * 4 + 0.2 * 16 - 1.4**2)
    with pytest.raises(ValuationError, match=r"probabilities\[1\]"):
        LossDistribution(1.0, np.array([0.5, -0.1]))
    with pytest.raises(ValuationError, match="probabilities"):
        LossDistribution(1.0, np.array([0.5, 0.6]))
    with pytest.raises(ValuationError, match="unit"):
        LossDistribution(0.0, np.array([1.0]))


@pytest.mark.parametrize(
    ("change", "argument", "index"),
    [
        ({"exposures": [1.0, -1.0]}, "exposures", 1),
        ({"exposures": [1.0, math.nan]}, "exposures", 1),
        ({"pd": [0.1]}, "pd", None),
        ({"pd": [0.1, -0.1]}, "pd", 1),
        ({"pd": [1.5, 0.1]}, "pd", 0),
        ({"sd": [math.inf, 0.1]}, "sd", 0),
        ({"sector_weights": [[0.5, 0.5], [0.5, 0.4]]}, "sector_weights", 1),
        ({"sector_weights": [[1.5, -0.5], [0.5, 0.5]]}, "sector_weights", (0, 1)),
        ({"sector_weights": [[1.0]]}, "sector_weights", None),
        ({"specific": [0.2, 0.0]}, "sector_weights", 0),
        ({"unit": 0.0}, "unit", None),
        ({"unit": 1e-9}, "unit", None),
    ],
)
def test_wrong_input_is_named(change: dict[str, object], argument: str, index: object) -> None:
    good: dict[str, object] = {
        "exposures": [1.0, 2.0],
        "pd": [0.1, 0.2],
        "sd": [0.05, 0.1],
        "sector_weights": [1.0, 1.0],
        "unit": 1.0,
    }
    with pytest.raises(ValuationError) as refused:
        creditrisk_plus(**(good | change))  # type: ignore[arg-type]
    assert (refused.value.argument, refused.value.index) == (argument, index)


def test_correlations_must_be_correlations() -> None:
    with pytest.raises(ValuationError, match="symmetric"):
        pooled_relative_variance([1, 1], [1, 1], [[1, 0.5], [0.4, 1]])
    with pytest.raises(ValuationError, match="diagonal"):
        pooled_relative_variance([1, 1], [1, 1], [[1, 0.5], [0.5, 0.9]])
    assert math.isnan(pooled_relative_variance([0, 0], [1, 1], [[1, 0], [0, 1]]))
