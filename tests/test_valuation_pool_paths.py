"""The pool simulation: its law against plain draws and against integrals, and the same paths however they are cut."""

from __future__ import annotations

import itertools
import math
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from valuation.normal import normal_cdf, normal_quantile
from valuation.pool_paths import HAZARD, MOST_GRADES, hazard, simulate_pool
from valuation.refusals import ValuationError
from valuation.vasicek import conditional_default_rate

KS_1_PERCENT = 1.628


def book(loans: int, grades: int, seed: int) -> dict[str, np.ndarray]:
    g = np.random.default_rng(seed)
    pd = np.exp(np.linspace(np.log(0.003), np.log(0.2), grades))[g.integers(0, grades, loans)]
    payout = np.round(10 ** g.uniform(4, 6, loans), 2)
    group = g.integers(0, 5, loans)
    cap = np.bincount(group, payout, 5) * 0.08
    return {"pd": pd, "payout": payout, "group": group, "cap": cap}


def plain_draws(
    pd: np.ndarray, payout: np.ndarray, group: np.ndarray, cap: np.ndarray, rho: float, paths: int, seed: int
) -> np.ndarray:
    """Paid per path the plain way: the factor, a uniform number for every loan, a sum for every group."""
    g = np.random.default_rng(seed)
    z = g.standard_normal((paths, 1))
    rate = normal_cdf((normal_quantile(pd) - math.sqrt(rho) * z) / math.sqrt(1 - rho))
    lost = (g.random((paths, pd.size)) < rate) * payout
    by_group = np.zeros((paths, cap.size))
    for k in range(cap.size):
        by_group[:, k] = lost[:, group == k].sum(axis=1)
    return np.minimum(by_group, cap).sum(axis=1)


def ks_distance(a: np.ndarray, b: np.ndarray) -> float:
    """Two-sample Kolmogorov–Smirnov distance, scaled so that 1.628 is its 1 % point."""
    both = np.sort(np.concatenate([a, b]))
    gap = (
        np.searchsorted(np.sort(a), both, "right") / a.size
        - np.searchsorted(np.sort(b), both, "right") / b.size
    )
    return float(np.abs(gap).max() * math.sqrt(a.size * b.size / (a.size + b.size)))


@pytest.mark.parametrize("grades", [8, 600], ids=["by grade", "by thinned blocks"])
@pytest.mark.parametrize("stratified", [True, False])
def test_the_law_is_that_of_plain_draws(grades: int, stratified: bool) -> None:
    pool = book(800, grades, seed=3)
    assert (np.unique(pool["pd"]).size > MOST_GRADES) == (grades == 600)
    ours = simulate_pool(
        pool["pd"], pool["payout"], 0.12, 6000, 5, group=pool["group"], cap=pool["cap"], stratified=stratified
    )
    theirs = plain_draws(**pool, rho=0.12, paths=6000, seed=8)
    assert ks_distance(ours.paid, theirs) < KS_1_PERCENT
    assert (ours.paid <= ours.claimed * (1 + 1e-12)).all()
    assert (ours.paid < ours.claimed * (1 - 1e-9)).any()  # the caps do bind on some path


@pytest.mark.parametrize("stratified", [True, False])
def test_the_number_of_defaults_has_its_exact_law(stratified: bool) -> None:
    """Twelve equal loans: binomial given the factor, integrated over it; every count within 4 standard errors."""
    n, pd, rho, paths = 12, 0.15, 0.2, 40_000
    z, w = np.polynomial.hermite_e.hermegauss(100)
    rate = conditional_default_rate(pd, rho, z)
    exact = [
        math.comb(n, k) * (w * rate**k * (1 - rate) ** (n - k)).sum() / math.sqrt(2 * math.pi)
        for k in range(n + 1)
    ]
    out = simulate_pool(np.full(n, pd), np.ones(n), rho, paths, 17, stratified=stratified)
    seen = np.bincount(out.defaults, minlength=n + 1) / paths
    for k in range(n + 1):
        assert abs(seen[k] - exact[k]) < 4 * math.sqrt(exact[k] * (1 - exact[k]) / paths) + 1e-5
    np.testing.assert_array_equal(out.claimed, out.defaults)


def test_every_loan_defaults_as_often_as_it_should() -> None:
    """Payouts of powers of two tell which of 40 loans of 4 grades defaulted; each frequency within 4 errors."""
    pd = np.repeat([0.01, 0.05, 0.2, 0.6], 10)
    paths = 20_000
    out = simulate_pool(pd, 2.0 ** np.arange(40), 0.1, paths, 2)
    bits = (out.claimed.astype(np.int64)[:, None] >> np.arange(40)) & 1
    np.testing.assert_array_equal(bits.sum(axis=1), out.defaults)
    seen = bits.mean(axis=0)
    assert (np.abs(seen - pd) < 4 * np.sqrt(pd * (1 - pd) / paths) + 1e-9).all()
    joint = (
        bits[:, 20] & bits[:, 21]
    ).mean()  # two loans of one grade, and of two: dependent through the factor
    z, w = np.polynomial.hermite_e.hermegauss(100)
    rate = conditional_default_rate(0.2, 0.1, z)
    together = float((w * rate**2).sum() / math.sqrt(2 * math.pi))
    assert joint == pytest.approx(together, abs=4 * math.sqrt(together / paths))
    other = conditional_default_rate(0.6, 0.1, z)
    together = float((w * rate * other).sum() / math.sqrt(2 * math.pi))
    assert (bits[:, 20] & bits[:, 30]).mean() == pytest.approx(together, abs=4 * math.sqrt(together / paths))


@settings(max_examples=25)
@given(st.lists(st.integers(0, 200), max_size=6), st.sampled_from((7, 700)), st.booleans())
def test_any_cut_of_the_paths_gives_the_same_paths(cuts: list[int], grades: int, stratified: bool) -> None:
    pool = book(700, grades, seed=1)

    def run(part: tuple[int, int] | None) -> np.ndarray:
        out = simulate_pool(
            pool["pd"],
            pool["payout"],
            0.2,
            200,
            9,
            group=pool["group"],
            cap=pool["cap"],
            part=part,
            stratified=stratified,
        )
        return np.stack([out.factor, out.defaults, out.claimed, out.paid])

    bounds = [0, *sorted(cuts), 200]
    parts = [run((a, b)) for a, b in itertools.pairwise(bounds)]
    np.testing.assert_array_equal(np.hstack(parts), run(None))


def test_two_threads_give_the_same_paths() -> None:
    pool = book(500, 7, seed=1)

    def run(start: int) -> np.ndarray:
        part = (start, start + 100)
        return simulate_pool(pool["pd"], pool["payout"], 0.2, 800, 4, part=part).paid

    with ThreadPoolExecutor(2) as threads:
        together = np.concatenate(list(threads.map(run, range(0, 800, 100))))
    np.testing.assert_array_equal(together, simulate_pool(pool["pd"], pool["payout"], 0.2, 800, 4).paid)


def test_slicing_the_factor_keeps_the_mean_and_quietens_it() -> None:
    """Thirty seeds each way: the same mean within its error, and less than a tenth of the variance."""
    pool = book(2000, 8, seed=6)
    expected = float(pool["pd"] @ pool["payout"])
    means = {
        stratified: np.array(
            [
                simulate_pool(pool["pd"], pool["payout"], 0.12, 500, s, stratified=stratified).claimed.mean()
                for s in range(30)
            ]
        )
        for stratified in (True, False)
    }
    for sample in means.values():
        assert sample.mean() == pytest.approx(expected, abs=4 * sample.std(ddof=1) / math.sqrt(30))
    assert means[True].var(ddof=1) < means[False].var(ddof=1) / 10


def test_hazards_of_the_table_are_those_of_the_normal_law() -> None:
    for x in np.linspace(-12, 40, 4001):
        p = 0.5 * math.erfc(-x * math.sqrt(0.5))
        tail = 0.5 * math.erfc(x * math.sqrt(0.5))
        ours = hazard(float(x), HAZARD)
        if p < 1e-19:
            assert ours <= 1.2e-19
        elif tail == 0.0:
            assert ours == 1e9
        else:
            exact = -math.log1p(-p) if x < 0 else -math.log(tail)
            tolerance = 1e-11 if p > 1e-9 else 1e-8
            assert ours == pytest.approx(exact, rel=tolerance)


def test_sure_and_impossible_defaults() -> None:
    out = simulate_pool([0.0, 1.0, 1.0, 0.0], [1.0, 2.0, 4.0, 8.0], 0.3, 50, 1)
    assert (out.claimed == 6.0).all()
    assert (out.defaults == 2).all()
    many = np.concatenate([[0.0, 1.0], np.linspace(0.001, 0.9, 400)])  # more than grades: thinned blocks
    payout = np.zeros(402)
    payout[:2] = 1.0, 2.0
    assert (simulate_pool(many, payout, 0.3, 50, 1).claimed == 2.0).all()


def test_without_correlation_losses_are_independent() -> None:
    out = simulate_pool(np.full(400, 0.1), np.ones(400), 0.0, 20_000, 3)
    assert out.defaults.mean() == pytest.approx(40, abs=4 * 6 / math.sqrt(20_000))
    assert out.defaults.var() == pytest.approx(36, rel=0.05)


def test_no_loans_no_paths() -> None:
    out = simulate_pool([], [], 0.1, 5, 1)
    assert out.paid.tolist() == [0.0] * 5
    assert simulate_pool([0.1], [1.0], 0.1, 0, 1).paid.size == 0


@pytest.mark.parametrize(
    ("change", "argument", "index"),
    [
        ({"pd": [0.1, 1.1]}, "pd", 1),
        ({"pd": [0.1, math.nan]}, "pd", 1),
        ({"payout": [1.0]}, "payout", None),
        ({"payout": [1.0, -1.0]}, "payout", 1),
        ({"rho": 1.0}, "rho", None),
        ({"seed": -1}, "seed", None),
        ({"paths": -1}, "paths", None),
        ({"paths": 1.5}, "paths", None),
        ({"part": (3, 11)}, "part", None),
        ({"group": [0, 1]}, "cap", None),
        ({"group": [0, 2], "cap": [1.0, 1.0]}, "group", 1),
        ({"group": [0, 1], "cap": [1.0, -1.0]}, "cap", 1),
        ({"group": [0, 1], "cap": [1.0, math.nan]}, "cap", 1),
        ({"group": [0, 1], "cap": [-math.inf, 1.0]}, "cap", 0),
    ],
)
def test_wrong_input_is_named(change: dict[str, object], argument: str, index: int | None) -> None:
    good: dict[str, object] = {"pd": [0.1, 0.2], "payout": [1.0, 2.0], "rho": 0.1, "paths": 10, "seed": 1}
    with pytest.raises(ValuationError) as refused:
        simulate_pool(**(good | change))  # type: ignore[arg-type]
    assert (refused.value.argument, refused.value.index) == (argument, index)
