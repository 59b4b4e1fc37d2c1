"""The one-factor formula against Basel's and Hull's tables, and its own identities."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from valuation.refusals import ValuationError
from valuation.vasicek import conditional_default_rate, loss_contributions, vasicek_quantile

rates = st.integers(1, 9999).map(lambda n: n / 10_000)
correlations = st.integers(0, 95).map(lambda n: n / 100)
levels = st.integers(1, 9999).map(lambda n: n / 10_000)


def rows(path: Path) -> list[dict[str, float]]:
    with path.open(encoding="utf-8") as lines:
        return [{k: float(v) for k, v in r.items()} for r in csv.DictReader(lines)]


def corporate_capital(pd: float, lgd: float, maturity: float = 2.5) -> float:
    """Basel II, June 2006, paragraph 272: capital for a corporate exposure."""
    weight = (1 - math.exp(-50 * pd)) / (1 - math.exp(-50))
    rho = 0.12 * weight + 0.24 * (1 - weight)
    b = (0.11852 - 0.05478 * math.log(pd)) ** 2
    unexpected = lgd * (vasicek_quantile(pd, rho, 0.999) - pd)
    return unexpected * (1 + (maturity - 2.5) * b) / (1 - 1.5 * b)


@pytest.mark.golden
def test_basel_risk_weights(golden: Path) -> None:
    table = rows(golden / "credit_pool" / "basel2_corporate_and_mortgage.csv")
    assert len(table) > 10
    for row in table:
        pd = row["pd_pct"] / 100
        ours = {
            "corporate_lgd45": corporate_capital(pd, 0.45),
            "mortgage_lgd45": 0.45 * (vasicek_quantile(pd, 0.15, 0.999) - pd),
            "mortgage_lgd25": 0.25 * (vasicek_quantile(pd, 0.15, 0.999) - pd),
        }
        for column, capital in ours.items():
            assert 1250 * capital == pytest.approx(row[column], abs=0.01)
            assert 1250 * capital == pytest.approx(row[f"{column}_recomputed"], abs=1e-4)


@pytest.mark.golden
def test_hull_s_worst_case_default_rates(golden: Path) -> None:
    table = rows(golden / "credit_pool" / "hull_worst_case_default_rate.csv")
    pd, rho, printed, recomputed = (np.array([r[k] for r in table]) for k in table[0])
    ours = 100 * vasicek_quantile(pd / 100, rho, 0.999)
    np.testing.assert_allclose(ours, printed, atol=0.06)
    np.testing.assert_allclose(ours, recomputed, atol=1e-4)


@given(rates, correlations, levels)
def test_the_formula_to_full_precision(pd: float, rho: float, level: float) -> None:
    with mpmath.workdps(30):

        def inverse(p: float) -> mpmath.mpf:
            return mpmath.sqrt(2) * mpmath.erfinv(2 * mpmath.mpf(p) - 1)

        r = mpmath.mpf(rho)
        truth = mpmath.ncdf((inverse(pd) + mpmath.sqrt(r) * inverse(level)) / mpmath.sqrt(1 - r))
        assert vasicek_quantile(pd, rho, level) == pytest.approx(float(truth), rel=1e-12)


@given(rates, correlations, levels)
def test_quantile_and_level_are_inverse_to_each_other(pd: float, rho: float, level: float) -> None:
    """The factor at the quantile is the one whose bad side has probability 1 − level; more level, more loss."""
    rate = vasicek_quantile(pd, rho, level)
    assert 0.0 <= rate <= 1.0
    assert vasicek_quantile(pd, rho, min(level + 1e-3, 0.99999)) >= rate
    assert vasicek_quantile(pd, 0.0, level) == pytest.approx(pd, rel=1e-12)


@given(rates, correlations)
def test_the_mean_over_the_factor_is_the_default_probability(pd: float, rho: float) -> None:
    """Gauss–Hermite over 180 points: the average of the conditional rate is pd."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(180)
    mean = (weights / math.sqrt(2 * math.pi)) @ conditional_default_rate(pd, rho, nodes)
    assert mean == pytest.approx(pd, abs=2e-4)


def test_shapes_and_ends() -> None:
    out = vasicek_quantile([[0.0], [0.02], [1.0]], [0.1, 0.2], 0.99)
    assert out.shape == (3, 2)
    assert out[0].tolist() == [0.0, 0.0]
    assert out[2].tolist() == [1.0, 1.0]
    assert isinstance(vasicek_quantile(0.02, 0.1, 0.99), float)


def test_contributions_add_to_the_pool_s_figures() -> None:
    exposure, pd, lgd = np.array([1e6, 5e6, 2e6]), np.array([0.01, 0.03, 0.0]), np.array([0.45, 0.3, 0.5])
    parts = loss_contributions(exposure, pd, lgd, 0.12, 0.99)
    assert parts.expected.sum() == pytest.approx((exposure * pd * lgd).sum())
    stressed = exposure * lgd * vasicek_quantile(pd, 0.12, 0.99)
    assert (parts.expected + parts.unexpected).sum() == pytest.approx(stressed.sum())
    assert parts.unexpected[2] == 0.0


@pytest.mark.parametrize(
    ("arguments", "argument"),
    [
        ((-0.1, 0.1, 0.9), "pd"),
        ((1.1, 0.1, 0.9), "pd"),
        ((0.1, 1.0, 0.9), "rho"),
        ((0.1, -0.1, 0.9), "rho"),
        ((0.1, 0.1, 0.0), "level"),
        ((0.1, 0.1, 1.0), "level"),
        ((0.1, 0.1, math.nan), "level"),
        (([0.1, 0.2], [0.1, 0.1, 0.1], 0.9), "pd, rho, level"),
    ],
)
def test_wrong_input_is_named(arguments: tuple[object, ...], argument: str) -> None:
    with pytest.raises(ValuationError) as refused:
        vasicek_quantile(*arguments)  # type: ignore[arg-type]
    assert refused.value.argument == argument


def test_wrong_loans_are_named() -> None:
    with pytest.raises(ValuationError, match=r"exposure\[1\]"):
        loss_contributions([1.0, -1.0], 0.1, 0.4, 0.1, 0.99)
    with pytest.raises(ValuationError, match="lgd"):
        loss_contributions([1.0, 1.0], 0.1, [0.4, 0.4, 0.4], 0.1, 0.99)
