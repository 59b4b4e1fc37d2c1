"""The planner: the programme that holds a target, what binds, how likely it is missed; refused where there is none."""

from __future__ import annotations

import datetime as dt
import json
from fractions import Fraction
from pathlib import Path

import pytest

from fof.cli import main
from fof.errors import Refused
from fof.scenarios.programme_document import plan_document
from fof.scenarios.programme_plan import programme_plan
from fof.scenarios.projection import inputs_of
from fof.scenarios.scenario_builder import scenario_text
from fof.scenarios.scenario_spec import read_scenario
from valuation.scenario_paths import expected_path

DAY = dt.date(2024, 12, 31)
SPEC = """
name = "计划"
paths = 512
horizon = 10
basis = "publication"
[noise]
market = 0.2
[cash]
opening = "1000000000"
floor = "{floor}"
[plan]
years = 4
strategies = ["vc", "angel"]
{plan}
"""


@pytest.fixture
def view(clerk):
    """A portfolio that has nothing yet."""
    clerk.party("PF", "parent_fund", portfolio="yes")
    return clerk.view(str(DAY))


def text(plan: str, floor: str = "100000000") -> str:
    return SPEC.format(plan=plan, floor=floor)


def test_as_much_as_the_floor_allows(view) -> None:
    plan = programme_plan(view, read_scenario(text("least = { angel = 0.25 }")))
    total = sum(own.commitment for own in plan.commitments)
    angel = sum(own.commitment for own in plan.commitments if own.strategy == "angel")
    assert total > 100_000_000_000
    assert angel >= 0.249 * total
    # the optimum cannot be larger: a tenth more of all would break the floor on the expected path
    inputs, _ = inputs_of(view, plan.scenario)
    path = expected_path(inputs.arrays)
    cash = 1e9 + (path.distributions - path.calls).sum(axis=0).cumsum()
    assert cash.min() == pytest.approx(1e8, abs=1e5)
    floors = [t for t in plan.targets if t.target == "floor" and t.binds]
    assert floors
    assert all(t.price > 0 for t in floors)
    assert {t.target for t in plan.targets} == {"floor", "least"}
    # half the paths call the money before enough came back
    assert max(t.missed for t in plan.targets if t.target == "floor") > 0.2
    assert all(0 <= t.missed <= 1 for t in plan.targets if t.target == "floor")


def test_the_share_that_is_asked_for(view) -> None:
    plan = programme_plan(
        view, read_scenario(text('nav_share = 0.3\nshare_from = 4\nmost_a_year = "400000000"'))
    )
    shares = [t for t in plan.targets if t.target == "nav_share"]
    assert [t.day.year for t in shares] == list(range(2028, 2035))
    assert plan.deviation < 0.12
    assert min(abs(t.expected - 0.3) for t in shares) < 0.02
    assert all(0 <= t.missed <= 1 for t in shares)
    yearly = [t for t in plan.targets if t.target == "most_a_year"]
    assert all(t.expected <= 400_000_000 for t in yearly)
    larger = programme_plan(
        view, read_scenario(text('nav_share = 0.5\nshare_from = 4\nmost_a_year = "400000000"'))
    )
    assert sum(c.commitment for c in larger.commitments) > sum(c.commitment for c in plan.commitments)


def test_no_programme(view) -> None:
    def refused(spec: str) -> str:
        with pytest.raises(Refused) as error:
            programme_plan(view, read_scenario(spec))
        [problem] = error.value.problems
        assert problem.text("zh") != problem.text("en")
        return problem.text("en")

    assert refused(text("", "1100000000")).startswith("cash.floor: without any new commitment")
    assert refused(
        'name = "x"\n[[planned]]\ncode = "N"\ncommitment = "1"\nsigned_on = 2025-12-31\n'
    ).startswith("plan: write [plan]")
    assert refused('name = "x"\nbasis = "publication"\n[plan]\nyears = 2\n').startswith("cash.opening")


PLANNED = """
[[planned]]
code = "N"
commitment = "3000000000"
signed_on = 2025-03-31
strategy = "vc"
"""


def test_a_gap_that_is_there_anyhow_is_met_by_appropriations(view) -> None:
    spec = text("nav_share = 0.3\nshare_from = 6\nmost_a_year = '400000000'\nmeet_gap = true") + PLANNED
    scenario = read_scenario(spec)
    plan = programme_plan(view, scenario)
    assert plan.gap is not None
    met = [t for t in plan.targets if t.target == "appropriated"]
    assert sum(t.expected for t in met) == pytest.approx(plan.gap.lacking, abs=1e4)
    assert met[0].day == plan.gap.first
    assert max(t.day for t in met) == plan.gap.lowest
    written = read_scenario(scenario_text(plan.scenario))
    inputs, _ = inputs_of(view, written)
    path, arrays = expected_path(inputs.arrays), inputs.arrays
    money = (path.distributions - path.calls).sum(axis=0) + arrays.inflow
    assert (arrays.opening + money.cumsum()).min() >= 1e8 - 1
    note = plan_document(view, plan, "PF", "CNY").notes[0]
    assert "万元" in note.zh or "亿元" in note.zh
    assert "million yuan" in note.en
    with pytest.raises(Refused) as error:
        programme_plan(view, read_scenario(spec.replace("meet_gap = true", "")))
    said = error.value.text("en")
    assert str(plan.gap.first) in said
    assert str(plan.gap.lowest) in said
    assert "meet_gap" in said
    assert "written" not in said
    cut = spec + '[[shock]]\nkind = "appropriation_cut"\nshare = 0.5\n'
    with pytest.raises(Refused) as error:
        programme_plan(view, read_scenario(cut))
    assert error.value.text("en").endswith("what meets a gap is not cut")


def test_money_that_a_strategy_can_still_invest(view) -> None:
    cover = '\n[[plan.cover]]\nstrategy = "angel"\namount = "{}"\nsince = 2\n'
    alone = text("nav_share = 0.3\nshare_from = 4\nmost_a_year = '400000000'")
    plan = programme_plan(view, read_scenario(alone + cover.format("150000000")))
    covers = [t for t in plan.targets if t.target == "cover"]
    assert [t.day.year for t in covers] == [2026, 2027, 2028]
    assert all(t.expected >= 150_000_000 for t in covers)  # rounded down, they still cover
    assert all(0 <= t.missed <= 1 for t in covers)
    # what is counted on the paths is what the program counts: without noise the target is held
    calm = programme_plan(
        view, read_scenario((alone + cover.format("150000000")).replace("market = 0.2", "pacing = 0"))
    )
    by_day = {t.day: t for t in calm.targets if t.target == "cover"}
    assert all(t.missed == float(t.expected < t.wanted - 0.01) for t in by_day.values())
    assert not any(t.missed for t in by_day.values())


def refused(view, spec: str) -> list[str]:
    with pytest.raises(Refused) as error:
        programme_plan(view, read_scenario(spec))
    problems = error.value.problems
    assert all(problem.text("zh") != problem.text("en") for problem in problems)
    return [problem.text("en") for problem in problems]


COVER = '\n[[plan.cover]]\nstrategy = "{}"\namount = "{}"\nsince = 2\n'


def test_every_smallest_set_of_targets_that_cannot_be_held_together_is_named(view) -> None:
    """Each is given up in turn by what is said of it, and what is left is held."""
    limit = "most_a_year = '400000000'"
    [floor, limited] = refused(view, text(limit) + COVER.format("angel", 5_000_000_000))
    assert floor.startswith(
        "cash.floor, plan.cover[1]: cannot be held together: a floor of cash of 100.00 million yuan, "
    )
    assert "the floor that a programme holds is" not in floor  # nothing above 0 is held
    assert "from outside" in floor
    with pytest.raises(Refused) as error:
        programme_plan(view, read_scenario(text(limit) + COVER.format("angel", 5_000_000_000)))
    said = error.value.text("zh")
    assert "最低现金降到 0 也守不住，须另筹 " in said
    assert "进入" not in said
    assert "）（" not in said
    assert limited.startswith(
        "plan.most_a_year, plan.cover[1]: cannot be held together: 400.00 million yuan a year at most, "
    )
    most = yuan(limited, "most_a_year must be ")
    rich = text(f"most_a_year = '{most + 10_000}'", "0").replace('opening = "1000', 'opening = "900000')
    assert programme_plan(view, read_scenario(rich + COVER.format("angel", 5_000_000_000))).missed == ()
    poor = rich.replace(str(most + 10_000), str(most - 20_000))
    assert len(refused(view, poor + COVER.format("angel", 5_000_000_000))) == 1
    # a coverage and a floor that a smaller floor would allow
    [both] = refused(view, text("", "900000000") + COVER.format("angel", 150_000_000))
    holds, covers = yuan(both, "holds is "), yuan(both, "can still invest ")
    assert (
        programme_plan(
            view, read_scenario(text("", str(holds - 20_000)) + COVER.format("angel", 150_000_000))
        ).missed
        == ()
    )
    assert refused(view, text("", str(holds + 20_000)) + COVER.format("angel", 150_000_000))
    assert (
        programme_plan(
            view, read_scenario(text("", "900000000") + COVER.format("angel", covers - 40_000))
        ).missed
        == ()
    )
    assert refused(view, text("", "900000000") + COVER.format("angel", covers + 20_000))


def yuan(sentence: str, before: str) -> int:
    """The amount that stands in a sentence behind some words."""
    return round(float(sentence.split(before)[1].split(" million")[0].replace(",", "")) * 1e6)


def test_an_impossible_floor_does_not_hide_an_impossible_coverage(view) -> None:
    spec = text("most_a_year = '100000000'\nleast = { vc = 0.9 }", "1100000000")
    floor, covered, alone = refused(
        view, spec + COVER.format("angel", 50_000_000) + COVER.format("growth", 1)
    )
    assert floor.startswith("cash.floor: without any new commitment cash is below its floor from ")
    assert covered.startswith(
        "plan.cover[2]: no programme holds it; growth can still invest 0.00 million yuan at most"
    )
    assert alone.startswith(
        "plan.most_a_year, plan.least.vc, plan.cover[1]: cannot be held together: 100.00 million yuan a year at most, "
        "at least 90.00% of the programme for vc, 50.00 million yuan that angel can still invest. With the others held, most_a_year must be "
    )
    assert "vc lacks " in alone
    # the same with a floor that is held: the other two stay
    assert refused(
        view, spec.replace("1100000000", "0") + COVER.format("angel", 50_000_000) + COVER.format("growth", 1)
    ) == [covered, alone]


@pytest.mark.parametrize(
    "parts",
    [
        "most_a_year = '400000000'\nleast = { angel = 0.333 }",
        "most_a_year = '123456789'\nleast = { angel = 0.3, vc = 0.7 }",
        "nav_share = 0.3\nshare_from = 4\nleast = { angel = 0.0007 }",
        "most_a_year = '400000000'\nleast = { angel = 0.41, vc = 0.17 }" + COVER.format("angel", 150_000_000),
    ],
)
def test_the_programme_in_whole_units_holds_every_target(view, parts: str) -> None:
    plan = programme_plan(view, read_scenario(text(parts)))
    assert plan.missed == ()
    assert all(own.commitment % 1_000_000 == 0 for own in plan.commitments)
    total = sum(own.commitment for own in plan.commitments)
    for target in plan.targets:
        if target.target == "least":
            part = sum(own.commitment for own in plan.commitments if own.strategy == target.scope)
            assert part >= Fraction(str(target.wanted)) * total
        elif target.target == "most_a_year":
            assert target.expected <= target.wanted
        elif target.target in ("floor", "cover"):
            assert target.expected >= target.wanted - 0.01


def test_what_no_whole_units_hold_is_said(view) -> None:
    # a unit a year is the most of 15,000 yuan, and the coverage asks for more than two units can still call
    spec = text("most_a_year = '15000'\nleast = { angel = 0.01, vc = 0.99 }") + COVER.format("vc", 26_000)
    plan = programme_plan(view, read_scenario(spec))
    assert plan.missed
    note = plan_document(view, plan, "PF", "CNY").notes[0]
    assert note.en.startswith(
        f"No commitments in whole units of 10,000 hold {plan.missed[0].place}: it is missed by "
    )


def test_parts_of_a_programme_that_cannot_be(view) -> None:
    spec = text("least = { seed = 0.3, angel = 0.8, vc = 0.1 }").replace(
        '["vc", "angel"]', '["vc", "angel", "vc"]'
    )
    assert refused(view, spec) == [
        "plan.least.seed: one of plan.strategies: vc, angel, vc, found 'seed'",
        "plan.strategies: each strategy once, found 'vc, angel, vc'",
        "plan.least: parts that add up to 1 at most, found '1.2'",
    ]
    both = (
        text("meet_gap = true").replace('opening = "1000000000"', "")
        + '[[shock]]\nkind = "appropriation_cut"\nshare = 0.5\n'
    )
    assert [line.split(":")[0] for line in refused(view, both)] == ["plan.meet_gap", "cash.opening"]


def test_command(sqlite_book, clerk, tmp_path: Path, monkeypatch, capsys) -> None:
    clerk.party("PF", "parent_fund", portfolio="yes")
    monkeypatch.setenv("FOF_DATABASE_URL", str(sqlite_book.url))
    spec, out = tmp_path / "a.toml", tmp_path / "b.toml"
    spec.write_text(text("least = { angel = 0.25 }"), encoding="utf-8")
    assert main(["project", "plan", str(spec), "--as-of", str(DAY), "-o", str(out), "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert made["rows"]
    assert made["targets"]
    written = read_scenario(out.read_text("utf-8"))
    assert written.plan is None
    assert len(written.planned) == len(made["rows"])
    assert main(["project", "plan", str(spec), "--as-of", str(DAY)]) == 0
