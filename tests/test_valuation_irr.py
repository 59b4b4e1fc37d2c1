"""The rate kernels against oracles that share nothing with them: Sturm chains in exact fractions, 50-digit
arithmetic, plain numpy."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import mpmath as mp
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from valuation import irr as kernels
from valuation import returns, roots

Floats = npt.NDArray[np.float64]


# ------------------------------------------------------------------ oracles


def remainder(a: list[Fraction], b: list[Fraction]) -> list[Fraction]:
    """Of polynomial division, highest power first, without leading zeros."""
    a = a[:]
    while len(a) >= len(b):
        factor = a[0] / b[0]
        a = [x - factor * y for x, y in zip(a, b + [Fraction(0)] * (len(a) - len(b)), strict=True)][1:]
    while a and a[0] == 0:
        a = a[1:]
    return a


def distinct_positive_roots(flows: list[int]) -> int:
    """How many different x > 0 solve sum flows[k] x**k = 0, by Sturm's theorem, exactly."""
    p = [Fraction(c) for c in reversed(flows)]
    while p and p[0] == 0:
        p = p[1:]
    while p and p[-1] == 0:
        p = p[:-1]
    if len(p) < 2:
        return 0
    chain = [p, [c * (len(p) - 1 - i) for i, c in enumerate(p[:-1])]]
    while True:
        rest = remainder(chain[-2], chain[-1])
        if not rest:
            break
        chain.append([-c for c in rest])
    at_zero = [q[-1] for q in chain]
    at_infinity = [q[0] for q in chain]

    def changes(values: list[Fraction]) -> int:
        signs = [v > 0 for v in values if v != 0]
        return sum(a != b for a, b in pairwise(signs))

    return changes(at_zero) - changes(at_infinity)


def present_value(rate: float, amounts: list[float], years: list[float]) -> tuple[mp.mpf, mp.mpf]:
    """The present value and the sum of its terms' sizes, at 50 digits."""
    with mp.workdps(50):
        terms = [mp.mpf(a) * (1 + mp.mpf(rate)) ** -mp.mpf(y) for a, y in zip(amounts, years, strict=True)]
        return mp.fsum(terms), mp.fsum(abs(x) for x in terms)


def plain_numpy_rate(amounts: Floats, years: Floats) -> float:
    """Bisection in ln(1 + r): the straightforward form, for series that surely have one rate in reach."""
    lo, hi = -6.0, 6.0
    sign = np.sign((amounts * np.exp(-lo * years)).sum())
    for _ in range(200):
        middle = 0.5 * (lo + hi)
        if np.sign((amounts * np.exp(-middle * years)).sum()) == sign:
            lo = middle
        else:
            hi = middle
    return float(np.expm1(0.5 * (lo + hi)))


# ------------------------------------------------------------------ exp


def test_exp_is_good_to_two_units_in_the_last_place() -> None:
    for x in np.concatenate([np.linspace(-700.0, 700.0, 1501), np.linspace(-1.0, 1.0, 501)]):
        exact = mp.exp(mp.mpf(float(x)))
        assert abs(roots.exp(float(x)) / exact - 1) < 2 * roots.EPS, x


# ------------------------------------------------------------------ every root, exactly counted


@given(st.lists(st.integers(-30, 30), min_size=2, max_size=9))
def test_as_many_rates_as_sturm_counts(flows: list[int]) -> None:
    found = returns.irr(flows)
    assert len(found.roots) == distinct_positive_roots(flows)
    assert list(found.roots) == sorted(set(found.roots))
    for rate in found.roots:
        value, size = present_value(rate, [float(f) for f in flows], [float(k) for k in range(len(flows))])
        assert abs(value) <= 1e-12 * size


@given(st.lists(st.integers(-30, 30), min_size=2, max_size=9))
def test_one_series_and_many_use_the_same_eyes(flows: list[int]) -> None:
    one = returns.irr(flows)
    rates, counts = returns.irr_many(flows, np.arange(len(flows)), [0, len(flows)])
    paths, path_counts = returns.irr_paths([flows])
    assert counts.tolist() == path_counts.tolist() == [len(one.roots)]
    np.testing.assert_array_equal(rates, [one.rate])
    np.testing.assert_array_equal(paths, [one.rate])


@pytest.mark.parametrize(
    ("rates", "touching"),
    [
        ([-0.3, 0.4], False),
        ([-0.25, 0.1, 0.6], False),
        ([-0.5, -0.1, 0.2, 1.5], False),
        ([0.1, 0.1], True),
        ([-0.2, -0.2], True),
        ([-0.4, 0.15, 0.15, 0.9], True),
        ([0.3, 0.3, 0.3], False),
        ([0.05, 0.0501], False),
    ],
)
def test_series_made_from_their_rates(rates: list[float], touching: bool) -> None:
    flows = np.array([-1.0e6])
    for rate in rates:
        flows = -np.convolve(flows, [-1.0, 1.0 + rate])
    found = returns.irr(flows)
    wanted = sorted(set(rates))
    assert len(found.roots) == len(wanted)
    spread = (
        1e-4 if rates.count(rates[0]) == 3 else 1e-6 if touching or min(np.diff(wanted)) < 1e-3 else 1e-12
    )
    np.testing.assert_allclose(found.roots, wanted, atol=spread)
    if touching and len(wanted) == 1:
        assert found.status == "one"
        assert "double" in found.reason


@given(
    st.lists(st.tuples(st.integers(0, 3000), st.integers(-(10**9), 10**9)), min_size=2, max_size=12),
)
def test_every_rate_found_is_a_rate_and_parity_is_right(flows: list[tuple[int, int]]) -> None:
    days, fen = [d for d, _ in flows], [f for _, f in flows]
    found = returns.xirr(fen, days)
    years = [(d - min(days)) / 365.0 for d in days]
    for rate in found.roots:
        if -0.999999 < rate < 1e6:  # nearer to the ends a float64 rate itself is too coarse to give zero
            value, size = present_value(rate, [float(f) for f in fen], years)
            assert abs(value) <= 1e-9 * size
    net = {d: sum(f for e, f in flows if e == d) for d in days}
    ends = [net[d] for d in sorted(net) if net[d] != 0]
    if "double" not in found.reason and "left out" not in found.reason and len(ends) > 1:
        assert len(found.roots) % 2 == (ends[0] > 0) ^ (ends[-1] > 0)


# ------------------------------------------------------------------ the short cut


def fund(seed: int, n: int) -> tuple[Floats, npt.NDArray[np.int32]]:
    g = np.random.default_rng(seed)
    days = np.sort(g.choice(4000, n, replace=False)).astype(np.int32)
    amounts = np.round(g.uniform(1e4, 1e6, n), 2)
    amounts[: max(1, n // 2)] *= -1.0
    return amounts, days


@pytest.mark.parametrize("n", range(2, 41))
def test_any_number_of_flows_against_plain_numpy(n: int) -> None:
    """Filling up to whole registers must not show at any length."""
    amounts, days = fund(n, n)
    found = returns.xirr(amounts, days)
    assert found.status == "one"
    assert found.rate == pytest.approx(
        plain_numpy_rate(amounts, (days - days[0]) / 365.0), rel=1e-12, abs=1e-13
    )


def test_neighbours_in_one_array_do_not_touch_each_other() -> None:
    parts = [fund(seed, 2 + seed % 23) for seed in range(60)]
    amounts = np.concatenate([a for a, _ in parts])
    days = np.concatenate([d for _, d in parts])
    offsets = np.cumsum([0] + [a.size for a, _ in parts])
    rates, counts = returns.xirr_many(amounts, days, offsets)
    assert counts.tolist() == [1] * len(parts)
    np.testing.assert_array_equal(rates, [returns.xirr(a, d).rate for a, d in parts])


@given(st.lists(st.integers(-40, 40), min_size=3, max_size=10), st.integers(0, 3), st.integers(0, 3))
def test_the_proof_never_overlooks_a_second_rate(flows: list[int], before: int, after: int) -> None:
    """Where the short cut says "one", Sturm must say one: also behind leading and trailing zeros."""
    series = np.array([0] * before + flows + [0] * after, np.float64)
    room = series.size + kernels.ROOM
    t, a, terms = np.empty(room), np.empty(room), np.empty(room)
    times = np.arange(series.size, dtype=np.float64)
    count, rate = kernels.short_cut(times, series, 0, 0, series.size, 1.0, t, a, terms)
    assume(count != kernels.UNDECIDED)
    assert count == distinct_positive_roots(flows)
    assert np.isnan(rate) == (count == 0)


def test_a_balance_that_turns_is_left_to_the_proof() -> None:
    """-100, +260, -165 has two rates (10 % and 50 %): the balance changes sign at both."""
    t, a, terms = np.zeros(16), np.zeros(16), np.zeros(16)
    size = kernels.lay_out(np.arange(3.0), np.array([-100.0, 260.0, -165.0]), 0, 0, 3, t, a)
    for rate in (0.1, 0.5):
        sure, s = kernels.only_root(t, a, size, float(np.log1p(rate)), 1.0, terms)
        assert not sure
        assert np.isnan(s)
    found = returns.irr([-100, 260, -165])
    assert found.status == "several"
    np.testing.assert_allclose(found.roots, [0.1, 0.5], atol=1e-13)


# ------------------------------------------------------------------ the ends of the scale


@pytest.mark.parametrize("exponent", [-300, -12, -6, 0, 6, 12, 300])
def test_the_unit_of_money_does_not_matter(exponent: int) -> None:
    amounts, days = fund(7, 30)
    scaled = returns.xirr(amounts * 10.0**exponent, days)
    assert scaled.rate == pytest.approx(returns.xirr(amounts, days).rate, rel=1e-12)


def test_a_loss_that_cannot_be_told_from_everything() -> None:
    found = returns.xirr([-1e6, 1.0], ["2024-01-01", "2024-02-01"])
    assert found.status == "one"
    assert found.rate == kernels.SMALLEST_RATE > -1.0
    assert "-100 %" in found.reason


def test_a_gain_beyond_float64_is_said_not_shown() -> None:
    found = returns.xirr([-1.0, 100.0], [0, 1])  # 100 a day is 1e730 a year
    assert (found.status, found.roots, found.reading) == ("one", (), None)
    assert np.isnan(found.rate)
    assert "1 + rate is about 1.000e+730" in found.reason
    assert found.period == pytest.approx(99.0, rel=1e-12)  # over the one day itself
    assert returns.xirr([-1.0, 6.0], [0, 1]).rate == pytest.approx(6.0**365 - 1.0, rel=1e-11)


def test_roots_of_two_flows_alone_count() -> None:
    """Ten years of a fund, then a clawback and a refund of half of it the day after: two more rates near -100 %."""
    found = returns.xirr([-1e6, 3e6, -1e5, 5e4], [0, 3650, 3660, 3661])
    assert found.status == "several"
    assert np.isnan(found.rate)
    (rate,) = found.roots
    value, size = present_value(rate, [-1e6, 3e6, -1e5, 5e4], [d / 365 for d in (0, 3650, 3660, 3661)])
    assert abs(value) <= 1e-12 * size
    assert found.reading == rate == pytest.approx(0.114, abs=1e-3)
    assert "3 rates" in found.reason
    assert "2 of them cannot be told from -100 % and left out" in found.reason


def test_flows_a_hundred_million_times_apart() -> None:
    found = returns.irr([-0.01, 1e9, -1e9])
    assert found.status == "several"
    assert len(found.roots) == 2
    for rate in found.roots:
        value, size = present_value(rate, [-0.01, 1e9, -1e9], [0.0, 1.0, 2.0])
        assert abs(value) <= 1e-12 * size


# ------------------------------------------------------------------ laws


fen = st.integers(-(10**12), 10**12)
dated = st.lists(st.tuples(st.integers(0, 5000), fen), min_size=2, max_size=15)
calls_first = st.lists(st.tuples(st.integers(0, 1500), st.integers(1, 10**12)), min_size=1, max_size=8)
back_later = st.lists(st.tuples(st.integers(2000, 5000), st.integers(1, 10**12)), min_size=1, max_size=8)


def rates_of(flows: list[tuple[int, int]]) -> tuple[str, tuple[float, ...]]:
    found = returns.xirr([f for _, f in flows], [d for d, _ in flows])
    return found.status, found.roots


@given(dated, st.integers(-12, 12))
def test_rates_do_not_depend_on_the_unit(flows: list[tuple[int, int]], exponent: int) -> None:
    amounts = [f * 2.0**exponent for _, f in flows]  # a power of two scales without rounding
    scaled = returns.xirr(amounts, [d for d, _ in flows])
    assert (scaled.status, scaled.roots) == rates_of(flows)


@given(dated, st.integers(-5000, 5000))
def test_rates_do_not_depend_on_the_calendar(flows: list[tuple[int, int]], shift: int) -> None:
    assert rates_of([(d + shift, f) for d, f in flows]) == rates_of(flows)


@given(dated)
def test_the_other_side_of_the_deal_has_the_same_rates(flows: list[tuple[int, int]]) -> None:
    status, found = rates_of(flows)
    other, also = rates_of([(d, -f) for d, f in flows])
    assert other == status
    np.testing.assert_allclose(np.log1p(also), np.log1p(found), rtol=1e-12, atol=1e-13)


@given(calls_first, dated)
def test_order_of_booking_does_not_matter(calls: list[tuple[int, int]], more: list[tuple[int, int]]) -> None:
    """Whole fen add up exactly in any order; only the way to the root differs."""
    flows = [(d, -f) for d, f in calls] + more
    status, found = rates_of(sorted(flows))
    for order in (flows, flows[::-1]):
        again, also = rates_of(order)
        assert again == status
        np.testing.assert_allclose(np.log1p(also), np.log1p(found), rtol=1e-12, atol=1e-13)


@given(calls_first, back_later)
def test_pay_in_first_and_take_out_later_has_one_rate_and_a_falling_value(
    calls: list[tuple[int, int]], back: list[tuple[int, int]]
) -> None:
    flows = [(d, -f) for d, f in calls] + back
    status, (rate,) = rates_of(flows)
    assert status == "one"
    assume(-0.9999 < rate < 1e6)
    amounts, days = [f for _, f in flows], [d for d, _ in flows]
    around = np.expm1(np.log1p(rate) + np.linspace(-0.5, 0.5, 41))
    values = returns.xnpv(around, amounts, days)
    assert (values[:20] > 0.0).all()
    assert (values[21:] < 0.0).all()
    assert abs(values[20]) <= 1e-9 * np.abs(amounts).max() * np.exp(abs(np.log1p(rate)) * 15.0)
