"""Pools carried forward: the published laws, a path by hand, limits at their boundary, draws that do not move."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from test_valuation_scenarios import arrays as funds

from valuation.scenario_kernels import market_factor
from valuation.scenario_paths import CHUNK, simulate_chunk, without_noise
from valuation.scenario_pools import (
    POOL_FIGURES,
    POOL_SERIES,
    PoolArrays,
    PoolLimit,
    PoolPart,
    pool_row_count,
    simulate_pools,
    step_defaults,
)
from valuation.vasicek import vasicek_quantile


def pool(steps: int = 1, rate: float = 0.05, length: float = 1.0, **own: object) -> PoolArrays:
    none = np.zeros(steps)
    terms: dict[str, object] = {
        "stream": 7, "loans": 100, "default": step_defaults(rate, np.full(steps, length)), "rho": 0.1, "link": 0.0,
        "pays": 1.0, "balance": 1e9, "outstanding": 100.0, "maturing": none, "lending": none, "inflow": none, "term": 4,
        "back": 0.0, "lag": 1, "floor": 0.0, "stopped": False, "reopens": False,
    }  # fmt: off
    return PoolArrays(**(terms | own))  # type: ignore[arg-type]


def limit(kind: str, steps: int, **own: object) -> PoolLimit:
    terms: dict[str, object] = {
        "kind": kind, "denominator": "amount", "rate": np.inf, "amount": np.inf, "net": False,
        "start": np.zeros(steps, np.int64), "used": np.zeros(steps), "of": np.zeros(steps),
    }  # fmt: off
    return PoolLimit(**(terms | own))  # type: ignore[arg-type]


def run(
    one: PoolArrays, paths: int, seed: int = 3, length: float = 1.0
) -> tuple[dict[str, np.ndarray], float]:
    steps = one.maturing.size
    rows = np.empty((pool_row_count(1, steps), paths))
    gap = simulate_pools([one], np.full(steps, length), seed, 0, paths, rows)
    cut = len(POOL_SERIES) * steps
    series = dict(zip(POOL_SERIES, rows[:cut].reshape(len(POOL_SERIES), steps, paths), strict=True))
    return series | dict(zip(POOL_FIGURES, rows[cut:], strict=True)), gap


@pytest.mark.golden
def test_defaults_have_the_published_law_of_a_finite_portfolio(golden: Path) -> None:
    for case in json.loads((golden / "scenarios" / "one_factor_finite_portfolio.json").read_text("utf-8")):
        paths = 60_000
        one = pool(rate=case["pd"], loans=case["obligors"], rho=case["asset_correlation"])
        defaults = run(one, paths)[0]["pool_paid"][0]
        none = case["prob_no_default"]
        assert np.mean(defaults == 0) == pytest.approx(none, abs=4 * (none / paths) ** 0.5)
        assert defaults.mean() == pytest.approx(case["mean"], abs=0.08)
        assert defaults.std() == pytest.approx(case["sd"], rel=0.03)
        for level, name in ((0.95, "quantile_95"), (0.99, "quantile_99")):
            assert abs(np.quantile(defaults, level, method="inverted_cdf") - case[name]) <= 1


def test_many_loans_have_vasiceks_quantiles() -> None:
    lost = run(pool(rate=0.03, loans=10_000, rho=0.15, outstanding=1.0), 20_000)[0]["pool_paid"][0]
    for level in (0.1, 0.5, 0.9, 0.99):
        assert np.mean(lost <= vasicek_quantile(0.03, 0.15, level)) == pytest.approx(level, abs=0.012)


def test_defaults_hang_together_with_the_venture_market() -> None:
    for link in (0.8, -0.8, 0.0):
        lost = run(pool(loans=2000, rho=0.2, link=link), 64)[0]["pool_paid"][0]
        market = np.empty((1, 64), np.float32)
        market_factor(np.uint64(3), np.uint64(0), market)
        found = np.corrcoef(lost, market[0])[0, 1]
        assert abs(found) < 0.3 if link == 0 else found * link < -0.3


def test_a_path_by_hand() -> None:
    """Without chance: 10 % of what is outstanding defaults in each of four years, half of it is due, half of what was paid
    comes back a year later; 400 mature 100 a year, 200 are lent a year for two years."""
    terms = {
        "loans": 0, "pays": 0.5, "balance": 100.0, "outstanding": 400.0, "back": 0.5, "lag": 1, "term": 2,
        "maturing": np.full(4, 100.0), "lending": np.full(4, 200.0), "inflow": np.array([1.0, 0, 0, 0]), "floor": 75.0,
    }  # fmt: off
    got, gap = run(pool(4, 0.1, **terms), 1)
    assert gap < 1e-15
    # outstanding: 400 → 360 − 90 + 200 = 470 → 423 − 81 + 200 = 542 → 487.8 − 72.9 − 162 + 200 → …
    third = 487.8 - 72.9 - 162.0 + 200.0
    assert got["pool_outstanding"][:3, 0] == pytest.approx([470.0, 542.0, third])
    assert got["pool_paid"][:3, 0] == pytest.approx([20.0, 23.5, 27.1])
    # 100 + 1 − 20 = 81; 81 + 10 − 23.5 = 67.5; filled up to 75, + 11.75 − 27.1
    assert got["pool_balance"][:3, 0] == pytest.approx([81.0, 67.5, 75.0 + 11.75 - 27.1])
    assert got["pool_topped_up"][:3, 0] == pytest.approx([1.0, 0.0, 7.5])
    assert np.isnan([got[name][0] for name in POOL_FIGURES]).all()


@pytest.mark.parametrize(
    ("own", "paid", "cut"),
    [
        ({"amount": 5.0}, [5.0, 0.0], 1.0),  # due 5 and 4.5 in one window: the first is just inside
        ({"amount": 5.0, "start": np.array([0, 1])}, [5.0, 4.5], None),  # a window each
        ({"amount": 4.0, "start": np.array([0, 1])}, [4.0, 4.0], 0.0),
        ({"amount": 9.0, "used": np.array([5.0, 5.0])}, [4.0, 0.0], 0.0),  # the book's own part of the window
        ({"denominator": "outstanding", "rate": 0.05}, [4.5, 0.0], 0.0),  # of 90 after the defaults
        ({"denominator": "outstanding", "rate": 0.05, "amount": 1.0}, [1.0, 0.0], 0.0),
        ({"denominator": "released", "rate": 0.5}, [5.0, 4.5], None),
        ({"denominator": "released", "rate": 0.4, "of": np.array([2.5, 2.5])}, [5.0, 3.6], 1.0),
        ({"denominator": "enrolled", "rate": 0.5}, [0.0, 0.0], 0.0),  # nothing enrolled, nothing allowed
        ({"denominator": "matured", "rate": 1.0, "of": np.array([7.0, 7.0])}, [5.0, 2.0], 1.0),
    ],
)
def test_a_limit_at_its_boundary(own: dict[str, object], paid: list[float], cut: float | None) -> None:
    one = pool(2, 0.1, loans=0, pays=0.5, limits=(limit("payment_cap", 2, **own),))
    got, gap = run(one, 1)
    assert gap < 1e-15
    assert got["pool_paid"][:, 0] == pytest.approx(paid)
    assert got["pool_paid"][:, 0] + got["pool_uncompensated"][:, 0] == pytest.approx([5.0, 4.5])
    assert got["pool_cut_step"][0] == pytest.approx(np.nan if cut is None else cut, nan_ok=True)


def banks(
    *outstanding: float, steps: int = 2, loans: tuple[int, ...] = (), **own: object
) -> tuple[PoolPart, ...]:
    """Banks by what is outstanding with each; lending and loans by the same parts."""
    none, whole = np.zeros(steps), sum(outstanding)
    counts = loans or (0,) * len(outstanding)
    return tuple(
        PoolPart(o, none, n, o / whole, **own)
        for o, n in zip(outstanding, counts, strict=True)  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    ("amount", "paid", "cut"),
    [
        (3.01, 5.0, None),
        (3.0, 5.0, None),
        (2.99, 4.99, 0.0),
        (0.0, 2.0, 0.0),
    ],  # due: 3 of the first bank, 2 of the second
)
def test_a_limit_of_one_bank_cuts_that_banks_payments(amount: float, paid: float, cut: float | None) -> None:
    own = limit("payment_cap", 2, amount=amount, start=np.arange(2), parts=(0,))
    got, gap = run(pool(2, 0.1, loans=0, pays=0.5, limits=(own,), parts=banks(60.0, 40.0)), 1)
    assert gap < 1e-15
    assert got["pool_paid"][0, 0] == pytest.approx(paid)
    assert got["pool_uncompensated"][0, 0] == pytest.approx(5.0 - paid)
    assert got["pool_cut_step"][0] == pytest.approx(np.nan if cut is None else cut, nan_ok=True)


def test_a_stop_of_one_bank_stops_that_banks_lending() -> None:
    """Reached in the first step: what 60 % lend comes no more, what 40 % lend does. One stopped today begins so."""
    stop = limit("enrolment_stop", 3, amount=1.0, parts=(0,))
    terms = {"loans": 0, "pays": 0.5, "lending": np.full(3, 10.0), "limits": (stop,)}
    got, _ = run(pool(3, 0.1, **terms, parts=banks(60.0, 40.0, steps=3)), 1)
    assert got["pool_stopped"][:, 0] == pytest.approx([0.6] * 3)
    assert got["pool_outstanding"][:2, 0] == pytest.approx([90.0 + 10.0, 90.0 + 4.0])
    assert got["pool_stop_step"][0] == 0
    stopped = (replace(banks(60.0, 40.0, steps=3)[0], stopped=True), banks(60.0, 40.0, steps=3)[1])
    got, _ = run(pool(3, 0.1, **terms, parts=stopped), 1)
    assert got["pool_outstanding"][0, 0] == pytest.approx(90.0 + 4.0)


@pytest.mark.parametrize(("amount", "paid", "cut"), [(4.0, 6.0, None), (3.99, 5.99, 0.0), (0.0, 2.0, 0.0)])
def test_a_limit_of_some_parts_cuts_these(amount: float, paid: float, cut: float | None) -> None:
    """Due: 3, 2 and 1 of three parts; the limit is of the first and the last."""
    own = limit("payment_cap", 2, amount=amount, start=np.arange(2), parts=(0, 2))
    parts = banks(60.0, 40.0, 20.0)
    got, gap = run(pool(2, 0.1, loans=0, pays=0.5, outstanding=120.0, limits=(own,), parts=parts), 1)
    assert gap < 1e-15
    assert got["pool_paid"][0, 0] == pytest.approx(paid)
    assert got["pool_cut_step"][0] == pytest.approx(np.nan if cut is None else cut, nan_ok=True)


@pytest.mark.parametrize(
    ("amount", "net", "first"),
    [
        (1.99, False, 0),  # it pays 2, 1.6 and 1.28
        (2.01, False, 1),
        (3.59, False, 1),
        (3.61, False, 2),
        (4.89, False, None),
        (2.59, True, 1),  # less the half that comes back a year later
        (2.61, True, 2),
    ],
)
def test_a_stop_by_what_a_guarantor_pays(amount: float, net: bool, first: int | None) -> None:
    """Without chance 20 % default a year; the guarantor of half of the loans pays a fifth of it itself, whatever the pool pays."""
    stop = limit("enrolment_stop", 3, amount=amount, parts=(0,), advanced=True, net=net)
    parts = (
        PoolPart(50.0, np.zeros(3), 0, 0.5, advances=0.2),
        PoolPart(50.0, np.zeros(3), 0, 0.5),
    )
    terms = {"loans": 0, "balance": 0.0, "back": 0.5, "lag": 1, "lending": np.zeros(3)}
    rows, states = np.empty((pool_row_count(1, 3), 1)), np.empty((9, 1))
    one = pool(3, 0.2, **terms, limits=(stop,), parts=parts)
    simulate_pools([one], np.ones(3), 3, 0, 1, rows, states)
    used = np.cumsum([2.0, 1.6, 1.28]) - net * np.array([0.0, 1.0, 1.8])
    assert states[:3, 0] == pytest.approx(used)
    reached = [first is not None and n >= first for n in range(3)]
    assert states[6:, 0].tolist() == [float(x) for x in reached]
    assert rows[5 * 3 : 6 * 3, 0] == pytest.approx([0.5 * x for x in reached])
    assert rows[:3, 0].tolist() == [0.0] * 3


def test_money_that_does_not_suffice_is_divided_by_what_is_due() -> None:
    """4 for 3 and 2: each gets four fifths, so that a cap of 2.4 of the first bank's is just not reached."""
    for amount, cut in ((2.4, None), (2.39, 0.0)):
        own = limit("payment_cap", 1, amount=amount, parts=(0,))
        got, gap = run(
            pool(1, 0.1, loans=0, pays=0.5, balance=4.0, limits=(own,), parts=banks(60.0, 40.0, steps=1)), 1
        )
        assert gap < 1e-15
        assert got["pool_exhausted_step"][0] == 0
        assert got["pool_cut_step"][0] == pytest.approx(np.nan if cut is None else cut, nan_ok=True)
        assert got["pool_paid"][0, 0] == pytest.approx(min(amount, 2.4) + 1.6)


def test_loans_of_banks_are_the_pools_own() -> None:
    """Split by their parts, the same loans default: what is outstanding after a step does not hang on whose they are."""
    whole = run(pool(2, 0.1), 300)[0]
    parts = run(pool(2, 0.1, parts=banks(60.0, 40.0, loans=(60, 40))), 300)[0]
    assert parts["pool_outstanding"][0] == pytest.approx(whole["pool_outstanding"][0])
    assert parts["pool_paid"].mean() == pytest.approx(whole["pool_paid"].mean(), rel=0.03)


def test_money_that_runs_out_is_no_debt() -> None:
    got, gap = run(pool(3, 0.1, loans=0, balance=12.0), 1)
    assert got["pool_paid"][:, 0] == pytest.approx([10.0, 2.0, 0.0])
    assert got["pool_uncompensated"][:, 0] == pytest.approx([0.0, 7.0, 8.1])
    assert (got["pool_exhausted_step"][0], gap) == (1.0, 0.0)


def test_a_stop_ends_lending_until_it_is_lifted() -> None:
    stop = limit("enrolment_stop", 4, amount=25.0, start=np.array([0, 1, 2, 3]))
    terms = {"loans": 0, "lending": np.full(4, 50.0), "limits": (stop,), "term": 9}
    # a quarter of 100 is just what is allowed in a window, a quarter of 90 is not
    got, _ = run(pool(4, 0.25, **terms), 1)
    assert got["pool_stopped"][:, 0].tolist() == [1.0, 1.0, 1.0, 1.0]
    assert got["pool_outstanding"][:, 0] == pytest.approx([125.0, 93.75, 70.3125, 52.734375])
    assert got["pool_stop_step"][0] == 0.0
    lifted, _ = run(pool(4, 0.25, reopens=True, **(terms | {"outstanding": 90.0})), 1)
    assert lifted["pool_stopped"][:, 0].tolist() == [0.0, 1.0, 1.0, 1.0]
    below, _ = run(pool(4, 0.25, reopens=True, **(terms | {"stopped": True, "outstanding": 90.0})), 1)
    assert below["pool_stopped"][:, 0].tolist() == [0.0, 0.0, 1.0, 1.0]
    never, _ = run(pool(4, 0.0, **(terms | {"limits": (limit("enrolment_stop", 4, amount=0.0),)})), 1)
    assert never["pool_stopped"][:, 0].tolist() == [0.0] * 4  # nothing was paid: nothing is reached


def test_every_loan_may_default_and_the_pool_begins_anew() -> None:
    got, gap = run(pool(3, 1.0, loans=5, lending=np.full(3, 60.0), term=1, maturing=np.full(3, 30.0)), 64)
    assert (got["pool_outstanding"] == 60.0).all()
    assert (got["pool_paid"] == np.array([100.0, 60.0, 60.0])[:, None]).all()
    assert gap < 1e-15


def test_draws_move_neither_with_the_cut_nor_with_what_stands_beside() -> None:
    steps = 24
    capped = limit("excess", steps, denominator="released", rate=0.03)
    one = pool(
        steps, 0.03, 0.25, loans=300, outstanding=3e8, balance=2e6, lending=np.full(steps, 1e8),
        maturing=np.full(steps, 1e7), back=0.2, link=0.4, pays=0.4, floor=1e6, limits=(capped,),
    )  # fmt: off
    other = replace(one, stream=8)
    base = funds()
    model = replace(base, pools=(one, other))
    whole = simulate_chunk(model, 5, 0, CHUNK)
    assert max(whole.gaps) < 1e-9
    assert np.array_equal(
        whole.rows[: base.row_count], simulate_chunk(base, 5, 0, CHUNK).rows, equal_nan=True
    )
    parts = [simulate_chunk(model, 5, first, 128).rows for first in range(0, CHUNK, 128)]
    assert np.array_equal(whole.rows, np.concatenate(parts, axis=1), equal_nan=True)
    alone = simulate_chunk(replace(base, pools=(other,)), 5, 0, CHUNK).rows
    size = pool_row_count(1, steps)
    assert np.array_equal(whole.rows[-size:], alone[-size:], equal_nan=True)
    assert not np.array_equal(whole.rows[-2 * size : -size], alone[-size:], equal_nan=True)
    quiet = simulate_chunk(without_noise(model), 5, 0, 64).rows[base.row_count :]
    assert np.array_equal(quiet, np.repeat(quiet[:, :1], 64, axis=1), equal_nan=True)
