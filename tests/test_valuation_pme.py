"""Public market equivalents and the as-of sweep: published cases, identities, and the plain form as oracle."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import pyxirr
from hypothesis import given
from hypothesis import strategies as st

from valuation import pme, returns, sweep
from valuation.refusals import ValuationError

Floats = npt.NDArray[np.float64]


def loaded(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


# ------------------------------------------------------------------ published cases


@pytest.mark.golden
def test_golden_worked_examples(golden: Path) -> None:
    """INSEAD, Wikipedia and directalphamethod.info. Long-Nickels ends below zero in the last: no rate, not 6.05 %."""
    data = loaded(golden / "pme/pme_cases.json")
    assert len(data["cases"]) == 3
    for case in data["cases"]:
        calls, back = np.array(case["contributions"], float), np.array(case["distributions"], float)
        index, nav = np.array(case["index"], float), float(case["final_nav"])
        times = np.arange(calls.size)
        direct = pme.direct_alpha(calls, back, index, nav, times)
        nickels = pme.long_nickels(calls, back, index, nav, times)
        plus = pme.pme_plus(calls, back, index, nav, times)
        found = {
            "ks_pme": pme.ks_pme(calls, back, index, nav),
            "ln_pme_nav": nickels.nav,
            "ln_pme_irr": nickels.rate,
            "pme_plus_lambda": plus.scale,
            "pme_plus_irr": plus.rate,
            "direct_alpha_annual": direct.rate,
            "direct_alpha_log": direct.log,
            "tvpi": returns.tvpi(back - calls, nav),
        }
        meaningless = {"ln_pme_irr"} if nickels.nav < 0.0 else set()
        assert (case["id"] == "directalphamethod_info") == bool(meaningless)
        for name in meaningless:
            assert np.isnan(found[name])
        for name, value in case["recomputed"].items():
            if name not in meaningless:
                assert found[name] == pytest.approx(value, abs=2e-8), (case["id"], name)
        for name, value in case["published"].items():
            if name not in meaningless:
                tolerance = case["tolerance"].get(name, 1e-9)
                assert found[name] == pytest.approx(value, abs=tolerance), (case["id"], name)
        assert_identities(calls, back, index, nav, times)


def assert_identities(calls: Floats, back: Floats, index: Floats, nav: float, times: Any) -> None:
    """What each method is defined by: its own account ends where it says, its rate gives a value of zero."""
    growth = index[-1] / index
    nickels = pme.long_nickels(calls, back, index, nav, times)
    assert pme.ks_pme(calls, back, index, nickels.nav) == pytest.approx(1.0, abs=1e-12)
    plus = pme.pme_plus(calls, back, index, nav, times)
    assert pme.ks_pme(calls, plus.scale * back, index, nav) == pytest.approx(1.0, abs=1e-12)
    direct = pme.direct_alpha(calls, back, index, nav, times)
    assert direct.log == pytest.approx(np.log1p(direct.rate))
    ends = np.append(times, times[-1])
    grown = np.append((back - calls) * growth, nav)
    assert returns.npv(direct.rate, grown, ends) == pytest.approx(0.0, abs=1e-9 * np.abs(grown).sum())
    scaled = np.append(plus.scale * back - calls, nav)
    assert returns.npv(plus.rate, scaled, ends) == pytest.approx(0.0, abs=1e-9 * np.abs(scaled).sum())


@pytest.mark.golden
def test_golden_mpme(golden: Path) -> None:
    """From prices: the fund's value is units times price, the final holding the last flow."""
    for case in loaded(golden / "pme/pypme_cases.json")["cases"]:
        prices = np.array(case["asset_prices"], float)
        flows = np.zeros(prices.size)
        flows[: len(case["cashflows"])] = case["cashflows"]
        navs = np.cumsum(-flows / prices) * prices
        times = np.arange(prices.size, dtype=float)
        if case["dates"] is not None:
            times = np.array(case["dates"], "datetime64[D]").astype(int) / 365.0
        calls, back = np.maximum(-flows, 0.0), np.maximum(flows, 0.0)
        found = pme.mpme(calls, back, navs, case["index_prices"], times)
        assert found.rate == pytest.approx(case["published_mpme_irr"], abs=case["tolerance"])
        assert found.rate == pytest.approx(case["recomputed_mpme_irr"][0], abs=1e-12)
        own = found.distributions - calls
        own[-1] += found.nav[-1]
        np.testing.assert_allclose(own, case["recomputed_index_flows"], atol=1e-6)
        fund = returns.irr(np.append(back - calls, navs[-1]), np.append(times, times[-1]))
        assert fund.rate == pytest.approx(case["published_asset_irr"], abs=case["tolerance"])


@pytest.mark.golden
def test_golden_real_fund_against_msci_world(golden: Path) -> None:
    """Yearly changes of the cumulative columns, every one as printed, at year-end index levels; recomputed values."""
    data = loaded(golden / "fund_data/anonymised_fund_series_pme.json")
    with (golden / "fund_data/anonymised_fund_series.csv").open(encoding="utf-8", newline="") as source:
        table = list(csv.DictReader(source))
    for fund, expected in data["recomputed"].items():
        rows = [r for r in table if r["fund_id"] == fund and r["nav"]]
        rows = [r for r in rows if expected["first"] <= r["date"] <= expected["last"]]
        called = np.diff([float(r["cum_called"]) for r in rows], prepend=0.0)
        paid = np.diff([float(r["cum_distributed"]) for r in rows], prepend=0.0)
        index = [float(r["msci_world_level"]) for r in rows]
        # a change that goes back (a restatement) counts on the other side: the flows are the same
        net = paid - called
        calls, back = np.maximum(-net, 0.0), np.maximum(net, 0.0)
        times = np.arange(net.size)
        direct = pme.direct_alpha(calls, back, index, expected["final_nav"], times)
        assert direct.rate == pytest.approx(expected["direct_alpha_annual"], abs=data["tolerance"])
        rate = returns.irr(np.append(net, expected["final_nav"]), np.append(times, times[-1]))
        assert rate.rate == pytest.approx(expected["irr_annual_periods"], abs=data["tolerance"])
        growth = index[-1] / np.array(index)
        ratio = (paid * growth).sum() / (
            called * growth
        ).sum()  # negative changes inside, as the source took them
        assert ratio == pytest.approx(expected["ks_pme"], abs=data["tolerance"])


# ------------------------------------------------------------------ laws


yuan = st.integers(0, 10**9).map(float)
level = st.floats(1.0, 1e4)


def fund_of(n: int) -> st.SearchStrategy[Any]:
    """Calls, distributions, index and gaps between n dates, and a closing value."""
    return st.tuples(
        st.lists(yuan, min_size=n, max_size=n),
        st.lists(yuan, min_size=n, max_size=n),
        st.lists(level, min_size=n, max_size=n),
        st.lists(st.floats(0.05, 2.0), min_size=n, max_size=n),
        yuan,
    )


fund = st.integers(2, 10).flatmap(fund_of)


def unpack(drawn: Any) -> tuple[Floats, Floats, Floats, Floats, float]:
    calls, back, index, gaps, nav = drawn
    calls, back = np.array(calls), np.array(back)
    calls[0] += 1.0
    return calls, back, np.array(index), np.cumsum(gaps), nav


@given(fund)
def test_with_a_constant_index_the_ratio_is_the_tvpi(drawn: Any) -> None:
    calls, back, _index, times, nav = unpack(drawn)
    flat = np.full(calls.size, 750.0)
    ratio = pme.ks_pme(calls, back, flat, nav)
    assert ratio == pytest.approx((back.sum() + nav) / calls.sum(), rel=1e-12)
    own = returns.irr(np.append(back - calls, nav), np.append(times, times[-1]))
    alpha = pme.direct_alpha(calls, back, flat, nav, times)
    assert alpha.rate == pytest.approx(own.rate, nan_ok=True, rel=1e-9, abs=1e-12)


@given(fund)
def test_a_fund_that_is_the_index_has_no_alpha(drawn: Any) -> None:
    """What is called grows with the index and is paid back at the end: ratio 1, alpha 0, scale 1."""
    calls, _back, index, times, _nav = unpack(drawn)
    calls[1:] = 0.0
    nav = float((calls * index[-1] / index).sum())
    nothing = np.zeros(calls.size)
    assert pme.ks_pme(calls, nothing, index, nav) == pytest.approx(1.0, rel=1e-12)
    assert pme.direct_alpha(calls, nothing, index, nav, times).rate == pytest.approx(0.0, abs=1e-11)
    nickels = pme.long_nickels(calls, nothing, index, nav, times)
    assert nickels.nav == pytest.approx(nav, rel=1e-12)
    copy = pme.mpme(calls, nothing, calls * 0.0 + 1.0, index, times)
    assert copy.nav[-1] == pytest.approx(nav, rel=1e-12)
    assert copy.rate == pytest.approx(nickels.rate, rel=1e-9, abs=1e-12, nan_ok=True)


@given(fund)
def test_the_accounts_close(drawn: Any) -> None:
    calls, back, index, times, nav = unpack(drawn)
    growth = index[-1] / index
    nickels = pme.long_nickels(calls, back, index, nav, times)
    assert nickels.nav == pytest.approx(((calls - back) * growth).sum(), rel=1e-9, abs=1e-3)
    assert np.isnan(nickels.rate) or nickels.nav >= 0.0
    copy = pme.mpme(calls, back, np.full(calls.size, 100.0), index, times)
    assert (copy.nav >= 0.0).all()
    kept = ((calls - copy.distributions) * growth).sum()
    assert copy.nav[-1] == pytest.approx(kept, rel=1e-9, abs=1e-6 * (calls * growth).sum())
    plus = pme.pme_plus(calls, back, index, nav, times)
    if plus.scale == plus.scale:
        ended = ((calls - plus.scale * back) * growth).sum()
        gross = ((calls + abs(plus.scale) * back) * growth).sum() + nav
        assert ended == pytest.approx(nav, abs=1e-12 * gross)
        assert np.isnan(plus.rate) or plus.scale >= 0.0


@given(fund, st.floats(0.001, 1000.0))
def test_neither_the_unit_of_money_nor_that_of_the_index_matters(drawn: Any, factor: float) -> None:
    calls, back, index, _times, nav = unpack(drawn)
    once = pme.ks_pme(calls, back, index, nav)
    assert pme.ks_pme(calls * factor, back * factor, index, nav * factor) == pytest.approx(once, rel=1e-11)
    assert pme.ks_pme(calls, back, index * factor, nav) == pytest.approx(once, rel=1e-11)


@given(fund)
def test_ks_pme_agrees_with_the_oracle(drawn: Any) -> None:
    calls, back, index, _times, nav = unpack(drawn)
    assert pme.ks_pme(calls, back, index, nav) == pytest.approx(
        pyxirr.pe.ks_pme_2(calls, back, index, nav), rel=1e-9
    )


@given(st.lists(fund_of(4), min_size=2, max_size=4))
def test_many_funds_at_once_are_each_fund_alone(drawn: list[Any]) -> None:
    parts = [unpack(d) for d in drawn]
    calls, back = np.array([p[0] for p in parts]), np.array([p[1] for p in parts])
    index, times, navs = parts[0][2], parts[0][3], np.array([p[4] for p in parts])
    together = pme.long_nickels(calls, back, index, navs, times)
    alone = [pme.long_nickels(c, b, index, n, times) for c, b, n in zip(calls, back, navs, strict=True)]
    np.testing.assert_array_equal(together.nav, [x.nav for x in alone])
    np.testing.assert_array_equal(together.rate, [x.rate for x in alone])
    np.testing.assert_array_equal(
        pme.ks_pme(calls, back, index, navs),
        [pme.ks_pme(c, b, index, n) for c, b, n in zip(calls, back, navs, strict=True)],
    )
    values = np.ones_like(calls)
    np.testing.assert_array_equal(
        pme.mpme(calls, back, values, index, times).nav,
        [pme.mpme(c, b, values[0], index, times).nav for c, b in zip(calls, back, strict=True)],
    )


def test_nothing_called_has_no_ratio() -> None:
    assert np.isnan(pme.ks_pme([0.0, 0.0], [1.0, 2.0], [100.0, 110.0], 5.0))
    assert np.isnan(pme.pme_plus([1.0, 0.0], [0.0, 0.0], [100.0, 110.0], 5.0, [0, 1]).scale)
    assert np.isnan(pme.direct_alpha([0.0, 0.0], [1.0, 2.0], [100.0, 110.0], 5.0, [0, 1]).rate)


# ------------------------------------------------------------------ every fund at every date


def book(seed: int, funds: int = 12, dates: int = 15) -> dict[str, Any]:
    """Ragged flows in fen with repeated days, an early zero, quarterly values and a gappy index."""
    g = np.random.default_rng(seed)
    sizes = g.integers(0, 14, funds)
    days = [np.sort(g.integers(100, 1400, k)).astype(np.int32) for k in sizes]
    fen = [
        np.where(g.random(k) < np.clip(1.3 - d / 900, 0.1, 1), -1, 1) * g.integers(0, 10**9, k)
        for k, d in zip(sizes, days, strict=True)
    ]
    index_days = np.sort(g.choice(np.arange(50, 1500), 300, replace=False)).astype(np.int32)
    index_days[0] = 50
    as_of = np.sort(g.integers(100, 1500, dates)).astype(np.int32)
    return {
        "amounts": np.concatenate(fen).astype(np.int64),
        "days": np.concatenate(days),
        "offsets": np.cumsum(np.r_[0, sizes]),
        "navs": g.integers(0, 10**9, (funds, dates)) * (g.random((funds, dates)) < 0.9),
        "as_of": as_of,
        "index": g.uniform(80.0, 120.0, index_days.size),
        "index_days": index_days,
    }


def plainly(b: dict[str, Any], fund: int, date: int) -> tuple[Any, ...]:
    """The same figures for one fund at one date, the straightforward way."""
    lo, hi = b["offsets"][fund], b["offsets"][fund + 1]
    day = b["as_of"][date]
    known = b["days"][lo:hi] <= day
    days, amounts = b["days"][lo:hi][known], b["amounts"][lo:hi][known]
    nav = b["navs"][fund, date]

    def at(x: Any) -> Any:
        return b["index"][np.searchsorted(b["index_days"], x, side="right") - 1]

    calls, back = np.maximum(-amounts, 0), np.maximum(amounts, 0)
    paid, received = int(calls.sum()), int(back.sum())
    ks = float("nan")
    if paid > 0:
        ks = ((back / at(days)).sum() + nav / at(day)) / (calls / at(days)).sum()
    rate = returns.since_inception_irr(amounts, days, float(nav), int(day)) if known.any() else None
    return paid, received, nav, ks, rate


@pytest.mark.parametrize("seed", range(6))
def test_the_sweep_is_every_fund_and_date_alone(seed: int) -> None:
    b = book(seed)
    found = pme.multiples_as_of(**b)
    flows = {k: v for k, v in b.items() if not k.startswith("index")}
    rates, counts = pme.xirr_as_of(**flows)
    assert found.paid_in.dtype == found.distributed.dtype == np.int64
    for f in range(b["offsets"].size - 1):
        for j in range(b["as_of"].size):
            paid, received, nav, ks, rate = plainly(b, f, j)
            assert (found.paid_in[f, j], found.distributed[f, j]) == (paid, received)
            assert found.ks_pme[f, j] == pytest.approx(ks, rel=1e-12, nan_ok=True)
            wanted = [received / paid, nav / paid, (received + nav) / paid] if paid else [np.nan] * 3
            three = [found.dpi[f, j], found.rvpi[f, j], found.tvpi[f, j]]
            np.testing.assert_array_equal(three, wanted)
            roots = 0 if rate is None else len(rate.roots)
            assert counts[f, j] == roots
            one = float("nan") if rate is None else rate.rate
            assert rates[f, j] == pytest.approx(one, rel=1e-10, abs=1e-12, nan_ok=True)
    np.testing.assert_allclose(found.tvpi, found.dpi + found.rvpi, rtol=1e-14)


def test_whole_amounts_add_up_as_whole_numbers() -> None:
    big = 2**53 + 1  # the first whole number a float64 does not hold
    found = pme.multiples_as_of([-big, 1, 2], [0, 1, 2], [0, 3], [[0]], [5])
    assert found.paid_in[0, 0] == big
    assert found.distributed[0, 0] == 3
    assert pme.multiples_as_of([-1.5, 1.0], [0, 1], [0, 2], [[0.5]], [5]).paid_in[0, 0] == 1.5
    assert np.isnan(found.ks_pme).all()


def test_nothing_before_the_first_flow() -> None:
    found = pme.multiples_as_of([-10, 5], [100, 200], [0, 2], [[0, 8, 4]], [50, 100, 300])
    rates, counts = pme.xirr_as_of([-10, 5], [100, 200], [0, 2], [[0, 8, 4]], [50, 100, 300])
    assert np.isnan(found.tvpi[0, 0])
    assert found.tvpi[0, 1:].tolist() == [0.8, 0.9]
    assert counts.tolist() == [[0, 0, 1]]
    assert np.isnan(rates[0, :2]).all()
    assert rates[0, 2] == pytest.approx(returns.xirr([-10, 5, 4], [100, 200, 300]).rate)


@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(-20, 20)), min_size=1, max_size=8),
    st.lists(st.tuples(st.integers(0, 50), st.integers(0, 20)), min_size=1, max_size=6),
)
def test_a_warm_start_never_changes_the_answer(
    flows: list[tuple[int, int]], marks: list[tuple[int, int]]
) -> None:
    """Small awkward books: same days, cancelled days, several rates, zero values."""
    flows, marks = sorted(flows), sorted(marks)
    days, amounts = [d * 90 for d, _ in flows], [float(a) for _, a in flows]
    ends, values = [d * 90 for d, _ in marks], [[float(v) for _, v in marks]]
    rates, counts = pme.xirr_as_of(amounts, days, [0, len(flows)], values, ends)
    for j, (end, value) in enumerate(zip(ends, values[0], strict=True)):
        if not any(d <= end for d in days):
            assert counts[0, j] == 0
            continue
        alone = returns.since_inception_irr(amounts, days, value, end)
        assert counts[0, j] == len(alone.roots)
        tolerance = 1e-6 if "double" in alone.reason else 1e-10
        assert rates[0, j] == pytest.approx(alone.rate, rel=tolerance, abs=tolerance, nan_ok=True)


def test_rates_do_not_depend_on_the_unit_of_money() -> None:
    b = book(3)
    flows = {k: v for k, v in b.items() if not k.startswith("index")}
    rates, counts = pme.xirr_as_of(**flows)
    yuan_rates, yuan_counts = pme.xirr_as_of(
        **{**flows, "amounts": b["amounts"] / 1e10, "navs": b["navs"] / 1e10}
    )
    np.testing.assert_array_equal(counts, yuan_counts)
    np.testing.assert_allclose(yuan_rates, rates, rtol=1e-9, atol=1e-11)


def test_a_year_length_is_chosen_by_name() -> None:
    arguments: Any = ([-100.0, 40.0], [0, 200], [0, 2], [[80.0]], [400])
    for name in ("ACT/365F", "ACT/360", "ACT/365.25"):
        rate = returns.xirr([-100.0, 40.0, 80.0], [0, 200, 400], name).rate
        assert pme.xirr_as_of(*arguments, day_count=name)[0][0, 0] == pytest.approx(rate, abs=1e-13)


# ------------------------------------------------------------------ wrong input


OK: dict[str, Any] = {
    "amounts": [-10, 5, -3],
    "days": [100, 200, 50],
    "offsets": [0, 2, 3],
    "navs": [[8, 4], [1, 2]],
    "as_of": [150, 300],
    "index": [100.0, 110.0],
    "index_days": [40, 250],
}


@pytest.mark.parametrize(
    ("wrong", "argument", "index"),
    [
        ({"amounts": [-10.0, np.nan, -3.0]}, "amounts", 1),
        ({"days": [200, 100, 50]}, "days", 1),
        ({"days": [100, 200]}, "days", None),
        ({"offsets": [0, 3, 2]}, "offsets", 2),
        ({"offsets": [0, 2]}, "offsets", 1),
        ({"navs": [[8, 4]]}, "navs", None),
        ({"navs": [[8.0, np.inf], [1.0, 2.0]]}, "navs", (0, 1)),
        ({"as_of": [300, 150]}, "as_of", 1),
        ({"as_of": [30, 150]}, "as_of", 0),
        ({"index": [100.0, 0.0]}, "index", 1),
        ({"index": [100.0]}, "index_days", None),
        ({"index_days": [250, 250]}, "index_days", 1),
        ({"index_days": [60, 250]}, "days", 2),
        ({"index_days": None}, "index_days", None),
        ({"index": [], "index_days": []}, "index", None),
        ({"amounts": [-(2**62), -(2**62), -(2**62)]}, "amounts", None),
    ],
)
def test_a_bad_book_is_named(
    wrong: dict[str, Any], argument: str, index: int | tuple[int, int] | None
) -> None:
    assert pme.multiples_as_of(**OK).tvpi.shape == (2, 2)
    with pytest.raises(ValuationError) as caught:
        pme.multiples_as_of(**{**OK, **wrong})
    assert caught.value.argument == argument
    assert caught.value.index == index


def test_rates_refuse_what_they_cannot_do() -> None:
    flows = {k: v for k, v in OK.items() if not k.startswith("index")}
    with pytest.raises(ValuationError, match="day_count"):
        sweep.xirr_as_of(**flows, day_count="30/360")
    with pytest.raises(ValuationError, match="amounts"):
        sweep.xirr_as_of([-1e308, -1e308, 5.0], [100, 100, 300], [0, 3], [[1.0]], [400])


@pytest.mark.parametrize(
    ("wrong", "argument", "index"),
    [
        ({"calls": [-1.0, 0.0]}, "calls", 0),
        ({"calls": [[[1.0]]]}, "calls", None),
        ({"distributions": [0.0, -2.0]}, "distributions", 1),
        ({"distributions": [0.0]}, "distributions", None),
        ({"index": [100.0, -5.0]}, "index", 1),
        ({"index": [100.0, 110.0, 120.0]}, "index", None),
        ({"nav": np.nan}, "nav", None),
        ({"nav": [1.0, 2.0]}, "nav", None),
        ({"times": [1.0, 0.0]}, "times", 1),
        ({"times": [0.0, np.inf]}, "times", 1),
        ({"times": [0.0]}, "times", None),
    ],
)
def test_bad_input_is_named(wrong: dict[str, Any], argument: str, index: int | None) -> None:
    good: dict[str, Any] = {
        "calls": [10.0, 0.0],
        "distributions": [0.0, 5.0],
        "index": [100.0, 110.0],
        "nav": 8.0,
        "times": [0.0, 1.0],
    }
    assert pme.direct_alpha(**good).rate > 0.0
    with pytest.raises(ValuationError) as caught:
        pme.direct_alpha(**{**good, **wrong})
    assert caught.value.argument == argument
    assert caught.value.index == index


def test_mpme_needs_a_value_at_every_date() -> None:
    with pytest.raises(ValuationError, match="navs"):
        pme.mpme([1.0, 0.0], [0.0, 1.0], [1.0], [100.0, 110.0], [0, 1])
    with pytest.raises(ValuationError) as caught:
        pme.mpme([1.0, 0.0], [0.0, 1.0], [1.0, -1.0], [100.0, 110.0], [0, 1])
    assert (caught.value.argument, caught.value.index) == ("navs", 1)
