"""Leverage of a scenario by year: the book's figure today, the programme added by hand, unknown where nobody says."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np
import pytest

from fof import ledger
from fof.book.portfolios import portfolio
from fof.book.stakes import stakes
from fof.errors import Refused
from fof.figures.leverage import leverage
from fof.scenarios.leverage_over_time import LEVERAGE_MEASURES, LeverageYear, leverage_ahead
from fof.scenarios.projection import inputs_of
from fof.scenarios.scenario_spec import read_scenario, stored_scenario

DAY, ENDS = dt.date(2026, 9, 30), (dt.date(2026, 12, 31), dt.date(2027, 12, 31), dt.date(2028, 12, 31))
SPEC = """
name = "放大"
[[planned]]
code = "N-1"
commitment = "100000000"
size = "400000000"
government_share = 0.25
signed_on = 2027-12-31
[[planned]]
code = "N-2"
commitment = "100000000"
strategy = "vc"
signed_on = 2028-01-01
"""


@pytest.fixture(scope="module")
def view(demo):
    return ledger.read(demo).view(DAY)


def named(year: LeverageYear) -> dict[str, float]:
    return dict(zip(LEVERAGE_MEASURES, year.values, strict=True))


def test_the_books_figure_and_the_programme_by_hand(view) -> None:
    chosen, scenario = portfolio(view, None), read_scenario(SPEC)
    assert stored_scenario(scenario.canonical()) == scenario
    today = leverage(view, chosen)
    own, fund = today.total, next(row for row in today.rows if row.guidance)
    codes = (fund.key, "N-1", "N-2")
    calls = np.array([[1e6, 0.0, 0.0], [0.0, 0.0, 4e6], [0.0] * 3])
    made = leverage_ahead(view, chosen, scenario, codes, calls, ENDS)
    first, second, third = map(named, made.years)
    assert first["leverage_a"] == own.a
    assert first["leverage_b"] == own.b
    # N-1 is signed on the last day of 2027: it counts on that day, N-2 a day later does not
    mine, every = own.guidance + 10_000_000_000, own.total + 40_000_000_000
    assert second["leverage_a"] == pytest.approx(every / mine, rel=1e-12)
    assert second["leverage_b"] == pytest.approx((own.non_government + 30_000_000_000) / mine, rel=1e-12)
    alike = [
        r for r in today.rows if r.guidance and view.fact(view.party(r.key).id, "strategy").value == "vc"
    ]
    size = 10_000_000_000 * sum(r.total for r in alike) / sum(r.guidance for r in alike)
    assert third["all_committed"] * 100 == pytest.approx(every + size, rel=1e-12)
    # what reached companies: the calls of all investors, at what reached companies of each yuan called so far
    part = own.to_companies / stakes(view).of(None, set(chosen.funds)).total("paid_in")
    gone = 1e6 * fund.total / fund.guidance
    assert first["to_companies"] == pytest.approx(own.to_companies / 100 + part * gone, rel=1e-12)
    assert third["to_companies"] == pytest.approx(own.to_companies / 100 + part * (gone + 16e6), rel=1e-12)
    sources = {(a.scope, a.name): a.source for a in made.assumptions}
    assert sources["N-1", "planned_size"] == sources["N-1", "planned_government"] == "typed"
    assert sources["N-2", "planned_size"] == sources["", "reached_of_called"] == "book"


def test_what_nobody_says_is_unknown(clerk) -> None:
    """A portfolio without any fund: the size of a planned one cannot be told, nor what reaches companies."""
    clerk.party("PF", "parent_fund", portfolio="yes")
    view = clerk.view(str(DAY))
    chosen, scenario = portfolio(view, None), read_scenario(SPEC)
    made = leverage_ahead(
        view, chosen, scenario, ("N-1", "N-2"), np.array([[0.0, 1e6, 0.0], [0.0] * 3]), ENDS
    )
    first, second, third = map(named, made.years)
    assert math.isnan(first["leverage_a"])
    assert (second["leverage_a"], second["leverage_b"]) == (4.0, 3.0)
    assert math.isnan(third["leverage_a"])
    assert math.isnan(third["leverage_c"])
    assert {a.source for a in made.assumptions if a.scope == "N-2"} == {"none"}


def test_a_commitment_of_nothing_gathers_nothing(view) -> None:
    scenario = read_scenario(SPEC.replace('commitment = "100000000"', 'commitment = "0"'))
    made = leverage_ahead(view, portfolio(view, None), scenario, ("N-1", "N-2"), np.zeros((2, 3)), ENDS)
    assert named(made.years[0])["leverage_a"] == leverage(view, portfolio(view, None)).total.a


def test_a_fund_is_no_smaller_than_what_is_committed_to_it(view) -> None:
    for size, fits in (("100000000", True), ("99999999.99", False)):
        scenario = read_scenario(SPEC.replace("400000000", size))
        if fits:
            inputs_of(view, scenario)
            continue
        with pytest.raises(Refused) as error:
            inputs_of(view, scenario)
        assert [str(p.where.field) for p in error.value.problems] == ["planned[1].size"]


def test_a_file_that_states_no_size_has_the_digest_it_always_had() -> None:
    scenario = read_scenario(SPEC.replace('size = "400000000"\n', ""))
    assert '"size"' not in scenario.canonical()
    assert '"size": 40000000000' in read_scenario(SPEC).canonical()
