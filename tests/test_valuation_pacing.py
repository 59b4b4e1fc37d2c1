"""The pacing model against its paper, against a plain loop, and in its invariants."""

from __future__ import annotations

import csv
import json
import math
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from valuation.pacing import PacingModel, project, roll, step_rates, takahashi_alexander
from valuation.refusals import ValuationError

YALE = PacingModel(rates=(0.25, 1 / 3, 0.5), life=12, bow=2.5, growth=0.13)

CASES = {
    "ta_yale_base_case": {"nav": "nav", "calls": "contribution", "distributions": "distribution"},
    "ta_exhibit1_leveraged_buyouts": {
        "nav": "nav",
        "calls": "cum_contribution",
        "distributions": "cum_distribution",
    },
    "ta_exhibit1_oil_gas": {"nav": "nav", "calls": "cum_contribution", "distributions": "cum_distribution"},
}


def read(path: Path) -> dict[str, np.ndarray]:
    with path.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    return {k: np.array([float(r[k]) if r[k] else np.nan for r in rows]) for k in rows[0]}


@pytest.mark.golden
@pytest.mark.parametrize("case", CASES)
def test_the_paper_is_reproduced(golden: Path, case: str) -> None:
    published = read(golden / "pacing" / f"{case}.csv")
    about = json.loads((golden / "pacing" / f"{case}.json").read_text(encoding="utf-8"))
    p = about["parameters"]
    years = published["year"].size - 1
    path = takahashi_alexander(
        1.0, p["rate_of_contribution_by_year"], p["life"], p["bow"], p["growth"], p["yield"], years=years
    )
    for attribute, column in CASES[case].items():
        ours = getattr(path, attribute)
        ours = np.cumsum(ours) if column.startswith("cum_") else ours
        recomputed, chart = published[f"{column}_recomputed"][1:], published[f"{column}_chart"][1:]
        np.testing.assert_allclose(ours, recomputed, atol=1e-8, rtol=0)
        assert np.nanmax(np.abs(ours - chart)) <= about["chart_tolerance"][column]
    rolled = np.append(0.0, path.nav[:-1]) * (1 + p["growth"]) + path.calls - path.distributions
    np.testing.assert_allclose(path.nav, rolled, atol=1e-15)


@pytest.mark.golden
def test_the_paper_says_year_15_calls_less_than_a_basis_point(golden: Path) -> None:
    path = takahashi_alexander(1.0, YALE.rates, 12, 2.5, 0.13, 0.0, years=15)
    assert path.calls[14] == pytest.approx(0.000061, abs=5e-7)


@pytest.mark.golden
def test_an_independent_implementation_agrees(golden: Path) -> None:
    published = read(golden / "pacing" / "ta_peer_base_3_5m.csv")
    path = takahashi_alexander(3_500_000, (0.25, 1 / 3, 0.5), 12, 2.5, 0.13, 0.0, last_call=8)
    assert path.calls.shape == (12,)
    for attribute, column in (("calls", "contribution"), ("distributions", "distribution"), ("nav", "nav")):
        np.testing.assert_allclose(getattr(path, attribute), published[column][1:], atol=0.02, rtol=0)
    assert path.nav[-1] == 0.0


@pytest.mark.golden
def test_exhibit_1_printed_rates_taken_literally_miss_the_chart(golden: Path) -> None:
    """The exhibit prints 25 % and 50 % only; its own chart needs the year-2 call equal to the year-1 call."""
    published = read(golden / "pacing" / "ta_exhibit1_leveraged_buyouts.csv")
    literal = takahashi_alexander(1.0, (0.25, 0.5), 12, 2.5, 0.13, 0.0, years=20)
    assert np.abs(np.cumsum(literal.calls) - published["cum_contribution_chart"][1:]).max() > 0.12


def by_hand(
    nav: float,
    unfunded: float,
    age: float,
    model: PacingModel,
    steps: int,
    per_year: int,
    first: float | None,
) -> list[tuple[float, float, float, float]]:
    """One fund, one loop, the formulas of the module as they read, time in exact fractions: the kernels' oracle."""
    rates = list(np.atleast_1d(model.rates))
    life, bow, growth, floor = model.life, model.bow, model.growth, model.yield_rate
    last = math.ceil(life - 1e-9) - 1 if model.last_call is None else model.last_call
    rows = []
    begin, full = age, Fraction(1, per_year)
    for s in range(steps):
        stub = full if first is None else first
        end = age + stub + s * full
        call = paid = 0.0
        here = max(begin, min(Fraction(0), end))
        while here < end:
            year = math.floor(here)
            stop = min(end, year + 1)
            rc = rates[min(year, len(rates) - 1)] if year < last else 0.0
            rd = 1.0 if year + 1 >= life else min(1.0, max(floor, ((year + 1) / life) ** bow))
            part, gone = float(stop - here), float(here - year)
            call += (1 - call) * min(1.0, rc * part / (1 - rc * gone))
            paid += (1 - paid) * min(1.0, rd * part / (1 - rd * gone))
            here = stop
        grown = nav * (1 + growth) ** float(stub if s == 0 else full)
        called, out = unfunded * call, grown * paid
        nav, unfunded = grown - out + called, unfunded - called
        rows.append((called, out, nav, unfunded))
        begin = end
    return rows


shares = st.integers(0, 100).map(lambda n: n / 100)
models = st.builds(
    PacingModel,
    rates=st.lists(shares, min_size=1, max_size=4),
    life=st.integers(1, 20).map(float) | st.integers(5, 80).map(lambda q: q / 4),
    bow=st.integers(0, 40).map(lambda n: n / 8),
    growth=st.integers(-30, 60).map(lambda n: n / 100),
    yield_rate=shares,
    last_call=st.none() | st.integers(0, 15).map(float),
)
ages = st.integers(-24, 240).map(lambda months: Fraction(months, 12))
stubs = st.none() | st.integers(1, 30).map(lambda days: Fraction(days, 365))
money = st.integers(0, 10**13).map(lambda fen: fen / 100)


@given(
    st.lists(st.tuples(money, money, ages), min_size=1, max_size=20),
    models,
    st.sampled_from((1, 2, 4, 12)),
    stubs,
)
def test_projection_is_the_plain_loop(
    funds: list[tuple[float, float, Fraction]], model: PacingModel, per_year: int, first: Fraction | None
) -> None:
    nav, unfunded, age = (np.array([float(v) for v in x]) for x in zip(*funds, strict=True))
    stub = None if first is None else float(first)
    nav = np.where(age < 0, 0.0, nav)
    path = project(nav, unfunded, age, model, steps=9, per_year=per_year, first=stub)
    for i in range(nav.size):
        rows = by_hand(nav[i], unfunded[i], funds[i][2], model, 9, per_year, first)
        expected = np.array(rows).T
        scale = 1e-12 * max(1.0, nav[i], unfunded[i]) * 1.6**9
        for ours, theirs in zip(
            (path.calls, path.distributions, path.nav, path.unfunded), expected, strict=True
        ):
            np.testing.assert_allclose(ours[i], theirs, rtol=1e-9, atol=scale)
    by_rates = roll(nav, unfunded, step_rates(age, model, steps=9, per_year=per_year, first=stub))
    np.testing.assert_array_equal(by_rates.nav, path.nav)
    np.testing.assert_array_equal(by_rates.calls, path.calls)


@given(money, money, ages, models, st.sampled_from((1, 2, 4, 12)), stubs)
def test_never_calls_more_than_unfunded_and_strands_nothing(
    nav: float, unfunded: float, age: Fraction, model: PacingModel, per_year: int, first: Fraction | None
) -> None:
    stub = None if first is None else float(first)
    nav = 0.0 if age < 0 else nav
    model = PacingModel(model.rates, model.life, model.bow, model.growth, model.yield_rate)
    path = project(nav, unfunded, float(age), model, per_year=per_year, first=stub)
    assert path.calls.sum() <= unfunded * (1 + 1e-12)
    assert (path.calls >= 0).all()
    assert (path.distributions >= 0).all()
    assert (path.nav >= 0).all()
    assert path.nav[0, -1] == 0.0
    opening = np.append(nav, path.nav[0, :-1])
    length = np.diff(path.times, prepend=0.0)
    gains = opening * ((1 + model.growth) ** length - 1)
    in_and_out = nav + gains.sum() + path.calls.sum() - path.distributions.sum()
    assert in_and_out == pytest.approx(0.0, abs=1e-9 * max(1.0, nav, unfunded, path.distributions.sum()))


@given(money, money, st.integers(0, 12), models, st.sampled_from((2, 4, 12)))
def test_smaller_steps_reconcile_with_years(
    nav: float, unfunded: float, age: int, model: PacingModel, per_year: int
) -> None:
    """Same calls each year; without calls the same value at each year's end; money paid out early stops growing."""
    years = 6
    yearly = project(nav, unfunded, age, model, steps=years)
    fine = project(nav, unfunded, age, model, steps=years * per_year, per_year=per_year)
    tolerance = 1e-9 * max(1.0, nav, unfunded) * 1.6**years
    np.testing.assert_allclose(
        fine.calls.reshape(years, per_year).sum(axis=1), yearly.calls[0], rtol=1e-9, atol=tolerance
    )
    quiet = PacingModel(
        0.0 * np.atleast_1d(model.rates), model.life, model.bow, model.growth, model.yield_rate
    )
    yearly = project(nav, unfunded, age, quiet, steps=years)
    fine = project(nav, unfunded, age, quiet, steps=years * per_year, per_year=per_year)
    np.testing.assert_allclose(
        fine.nav[0, per_year - 1 :: per_year], yearly.nav[0], rtol=1e-9, atol=tolerance
    )
    growth = 1 + model.growth
    paid = fine.distributions.reshape(years, per_year)
    early = paid * (growth ** (1 - np.arange(1, per_year + 1) / per_year) - 1)
    np.testing.assert_allclose((paid + early).sum(axis=1), yearly.distributions[0], rtol=1e-9, atol=tolerance)


def test_a_stub_joins_on_without_a_seam() -> None:
    """Stopping on a day inside a step and going on from there changes no call, and no value of a fund that grows
    evenly and calls nothing."""
    model = PacingModel((0.25, 1 / 3, 0.5), 12, 2.5, 0.13)
    whole = project(0.0, 80.0, 3.25, model, steps=1, per_year=4)
    stub = project(0.0, 80.0, 3.25, model, steps=1, per_year=4, first=0.1)
    rest = project(0.0, stub.unfunded[0, 0], 3.35, model, steps=1, per_year=4, first=0.15)
    assert stub.calls[0, 0] + rest.calls[0, 0] == pytest.approx(whole.calls[0, 0], rel=1e-12)
    whole = project(50.0, 0.0, 3.25, model, steps=1, per_year=4)
    stub = project(50.0, 0.0, 3.25, model, steps=1, per_year=4, first=0.1)
    rest = project(stub.nav[0, 0], 0.0, 3.35, model, steps=1, per_year=4, first=0.15)
    assert rest.nav[0, 0] == pytest.approx(whole.nav[0, 0], rel=1e-12)


def test_from_scratch_is_the_projection_of_a_new_fund() -> None:
    new = project(0.0, 1.0, 0.0, PacingModel(YALE.rates, 12, 2.5, 0.13, last_call=np.inf), steps=15)
    path = takahashi_alexander(1.0, YALE.rates, 12, 2.5, 0.13, 0.0, years=15)
    np.testing.assert_array_equal(path.nav, new.nav[0])


def test_many_funds_at_once_are_each_alone() -> None:
    rates = np.array([[0.25, 0.33], [0.1, 0.9], [0.0, 0.5]])
    bow = np.array([2.5, 1.0, 0.5])
    together = takahashi_alexander([1.0, 2.0, 3.0], rates, 10, bow, 0.1, 0.02, years=12)
    assert together.nav.shape == (3, 12)
    for i in range(3):
        alone = takahashi_alexander(float(i + 1), rates[i], 10, bow[i], 0.1, 0.02, years=12)
        np.testing.assert_array_equal(together.nav[i], alone.nav)
        np.testing.assert_array_equal(together.calls[i], alone.calls)


def test_a_future_commitment_waits_for_its_start() -> None:
    path = project(0.0, 100.0, -0.5, YALE, steps=4, per_year=4)
    np.testing.assert_allclose(path.calls[0], [0, 0, 6.25, 6.25])


def test_a_fund_past_its_life_pays_out_within_its_year() -> None:
    path = project(40.0, 10.0, 13.5, YALE, per_year=4)
    assert path.nav[0].tolist()[-1] == 0.0
    assert path.times[-1] == 0.5
    assert path.calls.sum() == 0.0
    assert path.unfunded[0, -1] == 10.0


def test_a_scale_changes_nothing_but_the_scale() -> None:
    small = project(3.0, 5.0, 2.2, YALE, per_year=4)
    large = project(3e11, 5e11, 2.2, YALE, per_year=4)
    np.testing.assert_allclose(large.nav, small.nav * 1e11, rtol=1e-12)


@pytest.mark.parametrize(
    ("change", "argument", "index"),
    [
        ({"commitment": -1.0}, "commitment", None),
        ({"commitment": [1.0, np.nan]}, "commitment", 1),
        ({"commitment": np.inf}, "commitment", None),
        ({"rates": []}, "rates", None),
        ({"rates": [0.2, 1.2]}, "rates", 1),
        ({"rates": [[0.2], [-0.1]]}, "rates", (1, 0)),
        ({"life": 0}, "life", None),
        ({"bow": -1}, "bow", None),
        ({"growth": [0.1, -1.0]}, "growth", 1),
        ({"yield_rate": 1.5}, "yield_rate", None),
        ({"last_call": math.nan}, "last_call", None),
        ({"last_call": -2}, "last_call", None),
        ({"years": 0}, "steps", None),
        ({"commitment": [1.0, 2.0], "bow": [1.0, 2.0, 3.0]}, "commitment", None),
        ({"commitment": "a lot"}, "commitment", None),
    ],
)
def test_wrong_input_is_named(change: dict[str, object], argument: str, index: object) -> None:
    good: dict[str, object] = {
        "commitment": 1.0,
        "rates": [0.25, 0.5],
        "life": 10,
        "bow": 2.0,
        "growth": 0.1,
        "yield_rate": 0.0,
    }
    with pytest.raises(ValuationError) as refused:
        takahashi_alexander(**(good | change))  # type: ignore[arg-type]
    assert refused.value.argument == argument
    assert refused.value.index == index


@pytest.mark.parametrize(
    ("arguments", "options", "argument"),
    [
        ((-1.0, 0.0, 1.0), {}, "nav"),
        ((1.0, -1.0, 1.0), {}, "unfunded"),
        ((1.0, 1.0, -0.1), {}, "nav"),
        ((1.0, 1.0, 1e6), {}, "age"),
        ((1.0, 1.0, 1.0), {"per_year": 3}, "per_year"),
        ((1.0, 1.0, 1.0), {"per_year": 4, "first": 0.3}, "first"),
        ((1.0, 1.0, 1.0), {"first": 0.0}, "first"),
        (([1.0, 2.0], [1.0, 2.0, 3.0], 1.0), {}, "unfunded"),
        (([[1.0]], 1.0, 1.0), {}, "nav"),
    ],
)
def test_wrong_positions_are_named(
    arguments: tuple[object, ...], options: dict[str, object], argument: str
) -> None:
    with pytest.raises(ValuationError) as refused:
        project(*arguments, YALE, **options)  # type: ignore[arg-type]
    assert refused.value.argument == argument


def test_read_only_and_strided_input_is_taken() -> None:
    nav = np.array([1.0, 9.0, 2.0, 9.0])[::2]
    frozen = np.array([3.0, 4.0])
    frozen.setflags(write=False)
    path = project(nav, frozen, 1.0, YALE, steps=3)
    again = project(nav.copy(), frozen.copy(), 1.0, YALE, steps=3)
    np.testing.assert_array_equal(path.nav, again.nav)


def test_no_funds_give_no_rows() -> None:
    assert project(np.empty(0), np.empty(0), np.empty(0), YALE, steps=3).nav.shape == (0, 3)
