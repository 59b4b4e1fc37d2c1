"""Companies of a scenario's funds: from the book, refused where a number is missing, in every document."""

from __future__ import annotations

import datetime as dt

import pytest

from fof import ledger
from fof.access import LOCAL
from fof.errors import Refused
from fof.scenarios.projection import inputs_of, project_scenario
from fof.scenarios.scenario_builder import scenario_text
from fof.scenarios.scenario_document import companies_document, forecast_document
from fof.scenarios.scenario_files import read_beside
from fof.scenarios.scenario_results import read_result, write_result
from fof.scenarios.scenario_spec import read_scenario, stored_scenario
from fof.scenarios.yearly_documents import parts_document

DAY, NOW = dt.date(2026, 9, 30), dt.datetime(2026, 11, 30, 8, tzinfo=dt.UTC)
SPEC = """
name = "企业"
paths = 128
horizon = 12
rates_of_return = false
[[planned]]
code = "N-2027-01"
commitment = "300000000"
signed_on = 2027-03-31
strategy = "vc"
city = "230100"
[companies]
ticket = "12000000.50"
link = 0.4
staff = 0.02
"""


@pytest.fixture(scope="module")
def view(demo):
    return ledger.read(demo).view(DAY)


def test_companies_of_the_demo_office(view) -> None:
    scenario = read_scenario(SPEC)
    assert stored_scenario(scenario.canonical()) == scenario
    assert read_scenario(scenario_text(scenario)) == scenario
    result = project_scenario(view, scenario, LOCAL, NOW)
    assert {c.name for c in result.checks} >= {"company_money_conserved", "companies_entered_left_or_live"}
    assert all(check.holds for check in result.checks)
    lines = {(a.scope, a.name): a for a in result.assumptions}
    assert lines["", "company_exit_rate"].source == "fit"
    assert lines["", "company_exit_rate"].error > 0
    assert lines["", "company_outcomes"].source == "publication"
    assert lines["", "company_ticket"].value == "12000000.50"
    # a term that nobody states is listed with the funds, never taken for one that is
    assert lines["", "company_carry"].source == "none"
    assert "N-2027-01" in lines["", "company_carry"].detail
    assert any("carry" in note.en for note in forecast_document(result).notes)
    rows = companies_document(result, yearly=True).rows
    assert rows
    carry = [r["mean"] for r in rows if r["company_series"] == "carry"]
    assert sum(carry) > 0
    # each company is in one city and one industry: both add up to the stages, in number and in cost
    parts = parts_document(result, yearly=True)
    for row in parts.rows:
        assert (row["coverage_city"] is None) is (row["part_by"] == "industry")
    for day in {r["step_end"] for r in parts.rows}:
        own = [r for r in rows if r["step_end"] == day]
        live = sum(r["companies_mean"] for r in own if r["company_series"].startswith("live"))
        cost = sum(r["mean"] for r in own if r["company_series"].startswith("at_risk"))
        for by in ("city", "industry"):
            alike = [r for r in parts.rows if r["step_end"] == day and r["part_by"] == by]
            assert sum(r["companies_mean"] for r in alike) == pytest.approx(live, abs=1e-6)
            assert sum(r["mean"] for r in alike) == pytest.approx(cost, abs=len(rows))
    # companies to come of the planned fund are in its city, those of others in none that is known
    inputs, _ = inputs_of(view, scenario)
    arrays, fund = inputs.arrays.companies, inputs.codes.index("N-2027-01")
    assert arrays is not None
    mine = arrays.first[list(arrays.funds).index(fund) :][:2]
    for n, company in enumerate(zip(arrays.entry, *arrays.parts, strict=True)):
        entry, city, industry = map(int, company)
        if entry >= 0:
            assert inputs.parts[industry] == ("industry", "")
            assert inputs.parts[city] == ("city", "230100" if mine[0] <= n < mine[1] else "")
    assert "not moved" in parts.notes[0].en
    back = read_result(write_result(result), "a.parquet")
    assert companies_document(back, yearly=True).rows == rows
    calm, _ = inputs_of(view, read_scenario(SPEC.partition("[companies]")[0]))
    assert calm.arrays.companies is None


def test_everything_wrong_is_listed_at_once(view) -> None:
    wrong = SPEC + "bounds = [0, 5, 1]\nshares = [0.5, 0.6]\n"
    with pytest.raises(Refused) as refused:
        inputs_of(view, read_scenario(wrong))
    assert {str(p.where.field) for p in refused.value.problems} == {"companies.bounds", "companies.shares"}
    with pytest.raises(Refused) as refused:
        inputs_of(view, read_scenario(SPEC + 'funds = ["SF-2024-01", "SF-2024-0X"]\n'))
    [problem] = refused.value.problems
    assert (str(problem.where.field), "SF-2024-01" in problem.text("en")) == ("companies.funds[2]", True)
    with pytest.raises(Refused) as refused:
        read_scenario(SPEC + "exit_rate = 0\ntail = 1\nmove_rates = [0.1]\n")
    assert {str(p.where.field) for p in refused.value.problems} == {
        "companies.exit_rate",
        "companies.tail",
        "companies.move_rates",
    }


@pytest.mark.parametrize(
    ("law", "places"),
    [
        ("bounds = [0, 1, 1]\nshares = [0.5, 0.3, 0.2]\n", {"bounds"}),
        ("bounds = [0, 1, 5]\nshares = [0.5, 0.5, 0.0]\n", {"shares"}),
        ("bounds = [0, 1]\nshares = [0.4, 0.4, 0.2]\n", {"shares"}),
        ("bounds = [0, 1, 2, 3]\n", {"shares"}),
    ],
)
def test_brackets_that_are_no_law_stand_in_one_list_with_everything_else(
    view, law: str, places: set[str]
) -> None:
    """Beside a number out of its range and a fund that there is not; what is no law has no quantiles to be asked for."""
    text = SPEC.replace("link = 0.4", "link = 2.0") + law + 'funds = ["NONE"]\n'
    with pytest.raises(Refused) as refused:
        read_beside(text, "a.toml", lambda: view)
    found = {str(p.where.field).removeprefix("companies.") for p in refused.value.problems}
    assert found == places | {"link", "funds[1]"}


def test_a_law_of_multiples_next_to_nothing_has_its_tail(view) -> None:
    law = "bounds = [0, 1e-10, 1e-9]\nshares = [0.5, 0.4, 0.1]\n"
    inputs, _ = inputs_of(view, read_scenario(SPEC + law))
    [tail] = [float(a.value) for a in inputs.assumptions if a.name == "company_tail"]
    assert tail == 1.05  # log 5 / log 10 is less
