"""Companies on the paths of a scenario: the law of outcomes and exits, money, the waterfall against the exact one."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from valuation.company_outcomes import COMPANY_SERIES, GRID, CompanyPathArrays, outcome_table
from valuation.scenario_paths import ScenarioArrays, simulate_chunk
from valuation.waterfall import Hurdle, Partners, standard_terms, whole_fund

BOUNDS = np.array([0, 1, 5, 10, 20, 50.0])
SHARES = np.array([0.648, 0.253, 0.059, 0.025, 0.011, 0.004])
STEPS = 12
AT = {name: n for n, name in enumerate(COMPANY_SERIES)}


def scenario(companies: CompanyPathArrays, funds: int = 1) -> ScenarioArrays:
    """Funds of ten years with 100 of value and 400 unfunded each, yearly steps; the first live to the horizon."""
    rates = np.stack(
        [np.full((funds, STEPS), 0.3), np.full((funds, STEPS), 0.1), np.full((funds, STEPS), 1.05)]
    )
    zero = np.zeros(STEPS)
    return ScenarioArrays(
        rates=rates,
        span=np.array([[0] * funds, [STEPS] * funds]),
        noise=np.tile(np.array([[0.2], [0.0], [0.3], [0.4]]), (1, funds)),
        lengths=np.ones(STEPS),
        streams=np.arange(funds),
        stocks=np.array([[100.0] * funds, [400.0] * funds]),
        unsigned=zero,
        opening=1000.0,
        inflow=zero,
        reuse=1.0,
        paid_in=np.full(funds, 100.0),
        distributed=np.zeros(funds),
        members=tuple((n,) for n in range(funds)),
        companies=companies,
    )


def companies(held: int = 4, to_come: int = 3, **more: object) -> CompanyPathArrays:
    """One fund's: some held today, some to come in each of the first six steps."""
    entry = np.array([-1] * held + [step for step in range(6) for _ in range(to_come)])
    count = entry.size
    made = CompanyPathArrays(
        funds=np.array([0]),
        first=np.array([0, count]),
        entry=entry,
        share=np.where(entry < 0, 100.0 / held, 1.0 / to_come),
        stage=np.arange(count) % 5,
        streams=np.arange(count) * 11,
        outcome=outcome_table(BOUNDS, SHARES, 1.44),
        link=0.5,
        exits=0.25,
        moves=np.array([0.5, 0.3, 0.2]),
        fees=np.full((1, STEPS), 4.0),
        staff=0.02,
        hurdle=np.full((1, STEPS), 0.08),
        terms=np.array([[0.2], [1.0], [0.0], [0.0]]),
        opening=np.array([[100.0], [0.0], [0.0], [0.0]]),
        delay=np.zeros((1, STEPS)),
        marks=np.ones((1, STEPS + 1)),
    )
    return replace(made, **more)  # type: ignore[arg-type]


def series(model: ScenarioArrays, rows: np.ndarray) -> np.ndarray:
    return rows[model.first_company_row :].reshape(len(COMPANY_SERIES), STEPS, -1)


def test_the_table_is_the_published_law() -> None:
    table = outcome_table(BOUNDS, SHARES, 1.5)
    assert table.shape == (GRID,)
    assert (np.diff(table) >= 0).all()
    drawn = np.interp(np.random.default_rng(1).standard_normal(200_000), np.linspace(-6, 6, GRID), table)
    found = np.array(
        [
            ((drawn >= low) & (drawn < high)).mean()
            for low, high in zip(BOUNDS, [*BOUNDS[1:], np.inf], strict=True)
        ]
    )
    assert np.abs(found - SHARES).max() < 0.004
    beyond = drawn[drawn > 50]
    assert (beyond > 100).mean() == pytest.approx(2**-1.5, abs=0.06)


def test_money_and_companies_add_up_and_no_cut_into_chunks_matters() -> None:
    model = scenario(companies())
    whole = simulate_chunk(model, 5, 0, 192)
    assert max(whole.gaps) < 1e-12
    parts = [simulate_chunk(model, 5, first, 64).rows for first in range(0, 192, 64)]
    assert np.array_equal(np.concatenate(parts, axis=1), whole.rows, equal_nan=True)
    own = series(model, whole.rows)
    # staff put in and get back the same part of what their companies cost and bring
    called = whole.rows[:STEPS]
    assert own[AT["staff_in"]].sum(axis=0) == pytest.approx(
        0.02 * np.where(np.arange(STEPS)[:, None] < 6, called - own[AT["fees"]], 0).sum(axis=0)
    )
    assert own[AT["staff_out"]].sum(axis=0) == pytest.approx(0.02 * own[AT["gross_proceeds"]].sum(axis=0))
    # net distributions are gross ones less carry and what is conceded
    assert whole.rows[STEPS : 2 * STEPS] == pytest.approx(
        own[AT["gross_proceeds"]] - own[AT["carry"]] - own[AT["conceded"]]
    )
    live = own[AT["live_seed"] : AT["live_unknown"] + 1]
    assert live[:, 0].sum(axis=0).max() <= 7
    assert (live.sum(axis=0)[-1] >= 0).all()


def test_exits_are_exponential_and_a_second_fund_moves_no_draw() -> None:
    model = scenario(companies(held=20, to_come=1))
    own = series(model, simulate_chunk(model, 9, 0, 512).rows)
    unknown = own[AT["live_seed"] : AT["live_unknown"] + 1].sum(axis=0)
    left_after_one = 21 - unknown[0].mean()  # one of them entered in the step
    assert left_after_one == pytest.approx(20 * (1 - np.exp(-0.25)), abs=4 * np.sqrt(20 * 0.2 / 512))
    two = scenario(companies(held=20, to_come=1), funds=2)
    rows = simulate_chunk(two, 9, 0, 128).rows
    assert np.array_equal(series(two, rows), own[:, :, :128])


def test_the_waterfall_is_the_exact_one() -> None:
    """Path by path against valuation.waterfall; calls stand a day after the step's distribution there."""
    model = scenario(companies())
    rows = simulate_chunk(model, 5, 0, 64).rows
    own = series(model, rows)
    terms = standard_terms(carry="0.2", hurdle=Hurdle("0.08"), catch_up=1)
    start = dt.date(2030, 1, 1)
    for path in range(16):
        gross = np.rint(1e6 * own[AT["gross_proceeds"], :, path]).astype(np.int64)
        calls = np.rint(1e6 * np.append(100.0, rows[:STEPS, path])).astype(np.int64)
        days = [start + dt.timedelta(days=365 * n) for n in range(STEPS + 1)]
        exact = whole_fund(
            terms,
            Partners(("LP",)),
            [d + dt.timedelta(days=1) for d in days],
            calls[:, None],
            days[1:],
            gross,
        )
        ours = 1e6 * own[AT["carry"], :, path].sum()
        assert ours == pytest.approx(exact.to_manager, rel=2e-3, abs=1e5)


def test_concession_is_of_what_came_above_capital_and_preferred_return() -> None:
    calm = scenario(companies())
    giving = scenario(companies(terms=np.array([[0.2], [1.0], [0.5], [0.0]])))
    a, b = (series(m, simulate_chunk(m, 5, 0, 64).rows) for m in (calm, giving))
    assert np.array_equal(a[AT["carry"]], b[AT["carry"]])
    assert a[AT["conceded"]].sum() == 0 < b[AT["conceded"]].sum()
    nothing = b[AT["carry"]].sum(axis=0) == 0
    assert nothing.any()
    assert b[AT["conceded"]].sum(axis=0)[nothing] == pytest.approx(0)


def test_a_freeze_holds_exits_back_and_a_mark_lowers_them() -> None:
    calm = scenario(companies())
    delay = np.zeros((1, STEPS))
    delay[0, 2:4] = np.inf
    marks = np.ones((1, STEPS + 1))
    marks[0, 3:] = 0.5
    frozen, marked = scenario(companies(delay=delay)), scenario(companies(marks=marks))
    a, b, c = (
        series(m, simulate_chunk(m, 5, 0, 64).rows)[AT["gross_proceeds"]] for m in (calm, frozen, marked)
    )
    assert (b[2:4] == 0).all()
    assert a[2:4].sum() > 0
    assert np.array_equal(a[:2], b[:2])
    assert np.array_equal(a[:2], c[:2])
    assert c[2] == pytest.approx(0.5 * a[2])
    assert max(simulate_chunk(frozen, 5, 0, 64).gaps) < 1e-12
    ending = replace(calm, span=np.array([[0], [8]]))
    chunk = simulate_chunk(ending, 5, 0, 64)
    assert max(chunk.gaps) < 1e-12
    assert (series(ending, chunk.rows)[AT["live_seed"] : AT["live_unknown"] + 1, 7:] == 0).all()
