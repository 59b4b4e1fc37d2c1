"""How many rates there are, against exact Sturm chains and against a search that knows no bounds, at 60 digits."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import pairwise

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from valuation import irr as kernels
from valuation import returns
from valuation.pme import xirr_as_of
from valuation.rates import UNPROVED
from valuation.root_proof import prove

Flow = tuple[int, int]  # day, amount


# ------------------------------------------------------------------ oracles


def sturm(coefficients: list[Fraction]) -> int:
    """How many different x > 0 solve sum c[k] x**k = 0, exactly."""
    p = [Fraction(c) for c in reversed(coefficients)]
    while p and p[0] == 0:
        p = p[1:]
    while p and p[-1] == 0:
        p = p[:-1]
    if len(p) < 2:
        return 0
    chain = [p, [c * (len(p) - 1 - i) for i, c in enumerate(p[:-1])]]
    while len(chain[-1]) > 0:
        a, b = chain[-2][:], chain[-1]
        while len(a) >= len(b):
            factor = a[0] / b[0]
            a = [x - factor * y for x, y in zip(a, b + [Fraction(0)] * (len(a) - len(b)), strict=True)][1:]
        while a and a[0] == 0:
            a = a[1:]
        if not a:
            break
        size = abs(a[0])
        chain.append([-c / size for c in a])

    def changes(values: list[Fraction]) -> int:
        return sum(x != y for x, y in pairwise([v > 0 for v in values if v != 0]))

    return changes([q[-1] for q in chain]) - changes([q[0] for q in chain])


def net(flows: list[Flow]) -> list[Flow]:
    days = sorted({d for d, _ in flows})
    sums = [(d, sum(a for e, a in flows if e == d)) for d in days]
    return [(d, a) for d, a in sums if a != 0]


def dense(flows: list[Flow]) -> list[Fraction]:
    own = net(flows)
    if not own:
        return []
    line = [Fraction(0)] * (own[-1][0] - own[0][0] + 1)
    for d, a in own:
        line[d - own[0][0]] = Fraction(a)
    return line


def every_root(terms: list[tuple[mp.mpf, mp.mpf]]) -> list[mp.mpf]:
    """All s with sum a exp(-s t) = 0, by Rolle: between two roots of the derivative of exp(s t0) f there is at most one.

    One term fewer at each step, down to a single one, which has no root. Nothing is bounded by slopes or balances.
    """
    if len(terms) < 2:
        return []
    first = terms[0][0]
    shifted = [(t - first, a) for t, a in terms]
    turns = every_root([(t, -a * t) for t, a in shifted[1:]])

    def value(s: mp.mpf) -> mp.mpf:
        return mp.fsum(a * mp.exp(-s * t) for t, a in shifted)

    edge = mp.mpf(1)  # the last flow alone decides far on the left, the first far on the right
    while any(
        mp.fsum(abs(a) * mp.exp(-s * (t - at)) for t, a in shifted if t != at) >= own
        for s, (at, own) in (
            (edge, (shifted[0][0], abs(shifted[0][1]))),
            (-edge, (shifted[-1][0], abs(shifted[-1][1]))),
        )
    ):
        edge *= 2
    stops = [-edge, *[s for s in turns if -edge < s < edge], edge]
    roots = []
    for lo, hi in pairwise(stops):
        if mp.sign(value(lo)) * mp.sign(value(hi)) < 0:
            left, right, sign = lo, hi, mp.sign(value(lo))
            for _ in range(90):
                middle = (left + right) / 2
                left, right = (middle, right) if mp.sign(value(middle)) == sign else (left, middle)
            roots.append((left + right) / 2)
    return roots


def check(flows: list[Flow], wanted: int) -> None:
    """One series, one of many, and one at an as-of day: all three count `wanted`."""
    days, amounts = [d for d, _ in flows], [float(a) for _, a in flows]
    found = returns.xirr(amounts, days)
    status = {0: "none", 1: "one"}.get(wanted, "several")
    assert found.status == status, (flows, wanted, found)
    rates, counts = returns.xirr_many(amounts, days, [0, len(days)])
    assert counts[0] == wanted, flows
    np.testing.assert_array_equal(rates, [found.rate])
    if days == sorted(days) and len(flows) > 1:
        _rates, carried = xirr_as_of(amounts[:-1], days[:-1], [0, len(days) - 1], [amounts[-1:]], days[-1:])
        assert carried[0, 0] == wanted, flows


# ------------------------------------------------------------------ the count is proved


def test_daily_series_count_as_sturm_does() -> None:
    """Spans of days: rates of a year far beyond float64 and far below what differs from -100 %."""
    chance = random.Random(1)
    for _ in range(1000):
        size = chance.choice((1, 10, 10**6, 10**12))
        flows = [
            (chance.randint(0, 10), chance.choice((-1, 1)) * chance.randint(1, size))
            for _ in range(chance.randint(2, 9))
        ]
        check(sorted(flows), sturm(dense(flows)))


def test_yearly_series_count_as_sturm_does() -> None:
    chance = random.Random(2)
    for _ in range(1500):
        flows = [chance.choice((0, 1, 1)) * chance.randint(-50, 50) for _ in range(chance.randint(2, 13))]
        wanted = sturm([Fraction(f) for f in flows])
        found = returns.irr(flows)
        assert found.status == {0: "none", 1: "one"}.get(wanted, "several"), flows
        assert len(found.roots) == wanted, flows


@pytest.mark.parametrize("power", [0, 3, 6, 9, 12])
def test_two_rates_close_together_or_none_just_missed(power: int) -> None:
    """-a + 2 b x - c x**2 with b**2 - a c of one: two rates, one or none, told apart by the last yuan."""
    chance = random.Random(power)
    for _ in range(60):
        root = chance.randint(10, 20) * 10 ** (power // 2) + chance.randint(0, 9)
        for miss in (-1, 0, 1):
            flows = [-(root * root), 2 * root * (root + 1), -((root + 1) ** 2) - miss]
            if max(map(abs, flows)) >= 10**15:
                continue
            wanted = sturm([Fraction(f) for f in flows])
            assert wanted == {-1: 2, 0: 1, 1: 0}[miss]
            for step in (1, 365, 1461):
                found = returns.xirr([float(f) for f in flows], [0, step, 2 * step])
                assert found.status == {0: "none", 1: "one", 2: "several"}[wanted], (flows, found)
                assert ("double root" in found.reason) == (wanted == 1)


def test_dated_series_against_the_search_by_rolle() -> None:
    chance = random.Random(3)
    with mp.workdps(60):
        for n in [3, 4, 5, 6] * 25:
            days = sorted(chance.sample(range(chance.choice((30, 700, 6000))), n))
            flows = [
                (d, chance.choice((-1, 1)) * chance.randint(1, 10 ** chance.randint(1, 9))) for d in days
            ]
            roots = every_root([(mp.mpf(d - days[0]), mp.mpf(a)) for d, a in flows])
            check(flows, len(roots))
            found = returns.xirr([float(a) for _, a in flows], days)
            exact = [mp.expm1(s * 365) for s in roots]
            shown = [float(r) for r in exact if -1.0 < float(r) < np.inf]
            shown = shown or [kernels.SMALLEST_RATE] * (found.status == "one" and exact[0] < 0)
            np.testing.assert_allclose(
                np.log1p(found.roots), np.log1p(sorted(set(shown))), rtol=1e-10, atol=1e-11
            )


def test_published_periods_read_as_days() -> None:
    """The same series day by day: every rate is raised to the 365th power, and their number does not change."""
    for flows in ([-100, 100, 0, -7], [-5, 10.5, 1, -8, 1], [-50, -100, 600, 300, -100], [-12, 0, 0, 40]):
        wanted = returns.irr(flows)
        daily = returns.xirr(flows, np.arange(len(flows)))
        assert daily.status == wanted.status
        assert f"{len(wanted.roots)} rates" in daily.reason or wanted.status == "one"


# ------------------------------------------------------------------ the cases of the practice


def test_one_change_of_sign_is_one_rate_wherever_it_lies() -> None:
    found = returns.xirr([-100, 105, 0.01], [0, 1, 2200])
    assert found.status == "one"
    assert found.rate == pytest.approx(54_211_840.6, abs=0.05)
    assert found.roots == (found.rate,)
    assert found.reason == "exactly one rate gives a present value of zero"


def test_a_second_rate_near_a_total_loss_is_found() -> None:
    """-100, 120 after nine years, a cent's thousandth taken back a year later: about 1 + r = 1e-5 / 120 as well."""
    found = returns.irr([-100.0] + [0.0] * 8 + [120.0, -1e-5])
    assert found.status == "several"
    assert found.roots == pytest.approx([1e-5 / 120.0 - 1.0, 1.2 ** (1 / 9) - 1.0], abs=1e-8)
    assert found.roots[0] > -1.0
    assert found.reading == found.roots[1]


def test_what_cannot_be_told_from_a_total_loss_is_told() -> None:
    found = returns.xirr([-75, 7], [1, 2])
    assert found.status == "one"
    assert found.rate == kernels.SMALLEST_RATE
    assert "cannot be told from -100 % (1 + rate is about 1.157e-376)" in found.reason


# ------------------------------------------------------------------ one day, one flow

dated = st.lists(
    st.tuples(st.integers(0, 3), st.integers(-80, 80))
    | st.tuples(st.integers(0, 4000), st.integers(-80, 80)),
    min_size=1,
    max_size=8,
)


@given(dated)
@settings(max_examples=300)
def test_flows_of_one_day_are_netted_first(flows: list[Flow]) -> None:
    netted = net(flows) or [(0, 0)]
    one = returns.xirr([a for _, a in flows], [d for d, _ in flows])
    same = returns.xirr([a for _, a in netted], [d for d, _ in netted])
    assert (one.status, one.roots, one.reading, one.period) == (
        same.status,
        same.roots,
        same.reading,
        same.period,
    )
    rates, counts = returns.xirr_many(
        [a for _, a in [*flows, *netted]],
        [d for d, _ in [*flows, *netted]],
        [0, len(flows), len(flows) + len(netted)],
    )
    assert counts[0] == counts[1]
    np.testing.assert_array_equal(rates[:1], rates[1:])


def test_the_order_within_a_day_does_not_matter() -> None:
    assert returns.xirr([-75, -67, 74], [1, 2, 2]) == returns.xirr([-75, 7], [1, 2])


# ------------------------------------------------------------------ what stays open

TWICE = ([-1.0, 2.0, -1.0, -1.0, 2.0, -1.0], [0, 1, 2, 5000, 5001, 5002])
"""-(x - 1)**2 (1 + x**5000): a double root at 0 %, of too high a degree for the algebra."""


def test_what_is_not_proved_is_not_claimed() -> None:
    found = returns.xirr(*TWICE)
    assert prove(np.array(TWICE[1]), np.array(TWICE[0])) is None
    assert found.status == "unproved"
    assert np.isnan(found.rate)
    assert found.reading is None
    assert "could not be proved" in found.reason
    assert found.roots == pytest.approx([0.0], abs=1e-3)
    rates, counts = returns.xirr_many(*TWICE, [0, 6])
    assert counts[0] == UNPROVED == -1
    assert np.isnan(rates[0])


def test_amounts_that_carry_rounding_prove_no_double_root() -> None:
    """0.1, 0.23 and 0.13225 are decimals, and a double root at 15 %; thirds of them are what float64 made of it."""
    exact = returns.irr([-0.1, 0.23, -0.13225])
    assert exact.status == "one"
    assert exact.rate == pytest.approx(0.15, abs=1e-15)
    rounded = returns.irr(np.array([-0.1, 0.23, -0.13225]) / 3.0)
    assert rounded.status == "unproved"
    assert rounded.roots == pytest.approx([0.15], abs=1e-6)


@pytest.mark.parametrize(("power", "touches"), [(2, True), (3, False), (4, True)])
def test_a_root_of_higher_power_is_one_rate(power: int, touches: bool) -> None:
    flows = [Fraction(-1)]
    for _ in range(power):
        flows = [
            a * 10 - b * 12 for a, b in zip([*flows, Fraction(0)], [Fraction(0), *flows], strict=True)
        ]  # 20 %
    found = returns.irr([float(f) for f in flows])
    assert found.status == "one"
    assert found.rate == pytest.approx(0.2, abs=1e-15)
    assert ("double root" in found.reason) == touches


# ------------------------------------------------------------------ reading and period


def test_the_reading_is_what_multiple_and_time_point_to() -> None:
    found = returns.irr([-100, 260, -165])  # 10 % and 50 %
    held = 1.0 - 2.0 * 165.0 / 265.0
    target = np.log(260.0 / 265.0) / held
    nearest = min(found.roots, key=lambda r: abs(np.log1p(r) - target))
    assert found.reading == nearest == pytest.approx(0.1)
    assert np.isnan(found.rate)


@given(st.lists(st.integers(-60, 60), min_size=3, max_size=9))
@settings(max_examples=200)
def test_the_reading_by_its_definition(flows: list[int]) -> None:
    found = returns.irr(flows)
    if found.status != "several":
        assert found.reading == (found.rate if found.status == "one" else None)
        return
    paid = [(k, -a) for k, a in enumerate(flows) if a < 0]
    back = [(k, a) for k, a in enumerate(flows) if a > 0]
    put_in, got = sum(a for _, a in paid), sum(a for _, a in back)
    held = Fraction(sum(k * a for k, a in back), got) - Fraction(sum(k * a for k, a in paid), put_in)
    if held == 0:
        assert found.reading is None
        return
    target = float(mp.log(mp.mpf(got) / put_in) / (mp.mpf(held.numerator) / held.denominator))
    gaps = sorted(abs(np.log1p(r) - target) for r in found.roots)
    if gaps[1] - gaps[0] > 1e-9:
        assert found.reading is not None
        assert abs(np.log1p(found.reading) - target) == gaps[0]


def test_no_reading_where_it_is_not_defined_or_tied() -> None:
    undefined = returns.irr([-5, 12, -5])  # paid in and returned on average at the same time
    assert (undefined.status, undefined.reading) == ("several", None)
    readings = {}
    lo, hi = 320.0, 320.16  # somewhere between them the reading moves from one of three roots to another
    while True:
        middle = 0.5 * (lo + hi)
        for second in (lo, middle, hi):
            found = returns.irr([-100.0, second, -339.0, 118.8])
            assert len(found.roots) == 3
            readings[second] = None if found.reading is None else found.roots.index(found.reading)
        assert readings[lo] != readings[hi]
        if readings[middle] is None:
            break
        assert lo < middle < hi
        lo, hi = (middle, hi) if readings[middle] == readings[lo] else (lo, middle)
    assert hi - lo < 1e-9


def test_under_a_year_the_return_of_the_period_stands_beside() -> None:
    found = returns.xirr([-100, 103], ["2024-01-01", "2024-02-01"])
    assert found.rate == pytest.approx(1.03 ** (365 / 31) - 1.0)
    assert found.period == pytest.approx(0.03, abs=1e-14)
    assert returns.xirr([-100, 103], ["2024-01-01", "2025-01-31"]).period is None
    assert returns.xirr([-100, -5], ["2024-01-01", "2024-02-01"]).period is None


@pytest.mark.parametrize(
    ("amounts", "signs", "size"),
    [
        ([1e-300, -1e300], 1, "1.000e+600"),
        ([-1e-300, 1e300], 1, "1.000e+600"),
        ([-1e300, 1e-300], 1, "1.000e-600"),
        ([1e300, -1e-300], 1, "1.000e-600"),
        ([-1e-300, 1e300, -1e-300], 2, "1.000e+600"),
    ],
)
def test_a_flow_that_is_nothing_beside_another_in_float64_still_counts(
    amounts: list[float], signs: int, size: str
) -> None:
    """By Descartes there are as many rates as signs change here; all are beyond float64 or next to -100 %."""
    found = returns.irr(amounts)
    assert found.status == ("one" if signs == 1 else "several")
    assert size in found.reason
    _rates, counts = returns.irr_many(amounts, np.arange(float(len(amounts))), [0, len(amounts)])
    assert counts.tolist() == [signs]
