"""Wrong scenario files: every field of every table out of range at once, what never happens within the horizon, what a file states."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any, Literal, get_args, get_origin

import openpyxl
import pytest
from pydantic import BaseModel

from fof import ledger
from fof.access import LOCAL
from fof.errors import Problem, Refused
from fof.scenarios.assumption_words import detail_in_words, scope_in_words, value_in_words
from fof.scenarios.assumptions import Assumption
from fof.scenarios.projection import inputs_of, project_scenario
from fof.scenarios.scenario_builder import FirstQuestions, scenario_text, simple_scenario
from fof.scenarios.scenario_results import compared_inputs, read_result, write_result
from fof.scenarios.scenario_spec import Scenario, read_scenario, scenario_of, stored_scenario
from fof.scenarios.scenario_workbook import scenario_workbook
from models.kinds import Strategy
from models.text import Text

DAY, NOW = dt.date(2026, 9, 30), dt.datetime(2026, 11, 30, 8, tzinfo=dt.UTC)
LAST = dt.date(2038, 9, 30)
SPEC = """
name = "基准"
paths = 64
horizon = 12
[[planned]]
code = "N-2027-01"
commitment = "300000000"
signed_on = 2027-03-31
strategy = "vc"
[[appropriation]]
year = 2027
amount = "200000000.50"
"""


@pytest.fixture(scope="module")
def view(demo):
    return ledger.read(demo).view(DAY)


# -- every field once out of range --------------------------------------------------------------------------------

BEYOND = {
    "low": {int: -(10**6), float: -1e6, bool: "yes", str: 7, dt.date: "tomorrow"},
    "high": {int: 2**63, float: 1e9, bool: 1, str: ["x"], dt.date: 7},
}


def wrong_value(annotation: Any, way: str) -> Any:
    """A value that a field does not allow: too low or too high, or of another kind where neither is possible."""
    inner = spec_parts_inner(annotation)
    if get_origin(inner) is Literal or (
        isinstance(inner, type) and issubclass(inner, str) and inner is not str
    ):
        return "?"
    if get_origin(inner) is tuple:
        return [wrong_value(get_args(inner)[0], way)] * 3
    return BEYOND[way].get(inner, "?")


def spec_parts_inner(annotation: Any) -> Any:
    from fof.scenarios.spec_problems import _strip

    return _strip(annotation)


def all_wrong(model: type[BaseModel], way: str, path: str = "") -> tuple[dict[str, Any], set[str]]:
    """A table with every field wrong, and the paths of them; a list of tables has one of each kind."""
    data: dict[str, Any] = {}
    places: set[str] = set()
    for name, field in model.model_fields.items():
        inner, place = spec_parts_inner(field.annotation), f"{path}.{name}" if path else name
        members = (
            [a for a in get_args(spec_parts_inner(get_args(inner)[0])) if isinstance(a, type)]
            if get_origin(inner) is tuple
            else []
        )
        each = spec_parts_inner(get_args(inner)[0]) if get_origin(inner) is tuple else None
        if name == "kind" and len(get_args(inner)) == 1:
            data[name] = get_args(inner)[0]  # it says which table it is
        elif isinstance(inner, type) and issubclass(inner, BaseModel):
            data[name], own = all_wrong(inner, way, place)
            places |= own
        elif each is not None and isinstance(each, type) and issubclass(each, BaseModel):
            table, own = all_wrong(each, way, f"{place}[1]")
            data[name] = [table]
            places |= own
        elif members and all(issubclass(m, BaseModel) for m in members):
            made = [all_wrong(m, way, f"{place}[{n}]") for n, m in enumerate(members, 1)]
            data[name] = [table for table, _ in made]
            places |= set().union(*(own for _, own in made))
        elif (
            get_origin(inner) is not None
            and get_origin(inner) is not tuple
            and get_origin(inner) is not Literal
        ):
            key, value = get_args(inner)
            of = "vc" if key is not str else "X-1"
            quoted = f'{place}."X-1"' if key is str else f"{place}.vc"
            if isinstance(value, type) and issubclass(value, BaseModel):
                table, own = all_wrong(value, way, quoted)
                data[name] = {of: table}
                places |= own
            else:
                data[name] = {of: wrong_value(value, way)}
                places.add(quoted)
        else:
            data[name] = wrong_value(field.annotation, way)
            places.add(place)
    return data, places


@pytest.mark.parametrize("way", ["low", "high"])
def test_every_field_out_of_range_is_listed_at_once_with_its_place_and_what_is_allowed(way) -> None:
    data, places = all_wrong(Scenario, way)
    assert len(places) > 110
    with pytest.raises(Refused) as refused:
        scenario_of(data)
    problems: dict[str, Problem] = {str(p.where.field): p for p in refused.value.problems}
    said = {
        place.partition("[")[0] + "".join(f"[{part}" for part in place.split("[")[1:]) for place in problems
    }
    # of a list of numbers each wrong one has its place
    assert {p for p in places if p not in said and f"{p}[1]" not in said} == set()
    assert len(problems) == len(refused.value.problems)
    for problem in problems.values():
        assert problem.expected.zh
        assert problem.expected.en not in ("a table", "")
        if "number" in problem.expected.en:
            assert any(c.isdigit() for c in problem.expected.en), problem
    bounds = {
        "horizon": "a whole number at least 1 and at most 40",
        "cash.reuse": "a number at least 0.0 and at most 1.0",
        "shock[3].share": "a number at least 0.0 and below 1.0",
        "pool[1].limit[1].rate": "a number at least 0.0 and at most 1.0",
        "plan.cover[1].since": "a whole number at least 0 and at most 20",
        "pacing_by_strategy.vc.bow": "a number at least 0.0 and at most 20.0",
        "noise.market": "a number at least 0.0 and at most 2.0",
    }
    assert {place: problems[place].expected.en for place in bounds} == bounds


# -- what never happens -------------------------------------------------------------------------------------------


def found(view, spec: str) -> dict[str, tuple[str, str]]:
    with pytest.raises(Refused) as refused:
        inputs_of(view, read_scenario(spec))
    return {str(p.where.field): (p.code, p.expected.en) for p in refused.value.problems}


def test_what_comes_after_the_horizon_is_refused_in_the_one_list(view) -> None:
    """The last day itself is within it; a day after it never comes."""
    late = """
    [[planned]]
    code = "N-LATE"
    commitment = "1"
    signed_on = 2038-10-01
    [[appropriation]]
    year = 2038
    amount = "1"
    [[income]]
    year = 2039
    quarter = 1
    amount = "1"
    [[shock]]
    kind = "mark_down"
    on = 2038-10-01
    share = 0.1
    [[shock]]
    kind = "exit_freeze"
    since = 2050-01-01
    [[shock]]
    kind = "partner_default"
    since = 2039-01-01
    share = 0.1
    """
    within = f"after the as-of day {DAY}, not after the end of the horizon {LAST}"
    places = (
        "planned[2].signed_on",
        "appropriation[2].year",
        "income[1].year",
        "shock[1].on",
        "shock[2].since",
        "shock[3].since",
    )
    assert found(view, SPEC + late) == dict.fromkeys(places, ("beyond_horizon", within))
    on_time = (
        late.replace("2038-10-01", str(LAST))
        .replace("2050-01-01", str(LAST))
        .replace("2039-01-01", str(LAST))
    )
    on_time = on_time.replace("year = 2038", "year = 2038\n    quarter = 3").replace(
        "year = 2039", "year = 2028"
    )
    assert len(inputs_of(view, read_scenario(SPEC + on_time))[0].codes) > 2


def test_shocks_to_what_there_is_none_of_are_refused(view) -> None:
    shocks = """
    [[shock]]
    kind = "appropriation_cut"
    year = 2028
    share = 0.5
    [[shock]]
    kind = "appropriation_cut"
    year = 2027
    share = 0.5
    [[shock]]
    kind = "mark_down"
    on = 2027-01-01
    share = 0.1
    """
    own = {fund.strategy for fund in inputs_of(view, read_scenario(SPEC))[0].opening.funds}
    nobody = next(strategy.value for strategy in Strategy if strategy not in own)
    shocks += f'strategy = "{nobody}"\n'
    problems = found(view, SPEC + shocks)
    assert set(problems) == {"shock[1].year", "shock[3].strategy"}
    assert problems["shock[1].year"] == ("out_of_range", "a year with an appropriation: 2027")
    assert problems["shock[3].strategy"][0] == "unknown_code"
    bare = SPEC.partition("[[appropriation]]")[0] + "[[shock]]\nkind = 'appropriation_cut'\nshare = 0.5\n"
    assert found(view, bare) == {"shock[1]": ("nothing_to_project", "the scenario has no appropriation")}


@pytest.mark.parametrize(
    ("plan", "place", "most"),
    [
        ("years = 13", "plan.years", 12),
        ("years = 5\nnav_share = 0.5\nshare_from = 13", "plan.share_from", 12),
        ("years = 3\n[[plan.cover]]\nstrategy = 'vc'\namount = '1'\nsince = 3", "plan.cover[1].since", 2),
    ],
)
def test_a_target_of_no_day_is_refused(view, plan, place, most) -> None:
    """From 30 September the end of the third year planned is two whole years and a quarter away."""
    assert found(view, SPEC + f"[plan]\n{plan}\n") == {
        place: ("out_of_range", f"a whole number of at most {most}")
    }
    inputs_of(view, read_scenario(SPEC + f"[plan]\n{plan[: plan.rindex('=')]}= {most}\n"))


def test_the_form_commits_within_its_horizon(view) -> None:
    from fof.book.portfolios import portfolio

    asked = FirstQuestions(horizon=3, programme=10**10, programme_years=5)
    made = simple_scenario(view, portfolio(view), "x", asked)
    assert [fund.signed_on.year for fund in made.planned] == [2027, 2028]
    inputs_of(view, made)


# -- what a file states -------------------------------------------------------------------------------------------

STATED = (
    SPEC.replace("horizon = 12", "horizon = 12\nextension = 2.0")
    + """
[cash]
reuse = 1.0
floor = "0"
source = "章程第三条"
[companies]
link = 0.0
source = "示例研究"
[[pool]]
code = "NEW"
opening = "50000000"
outstanding = "300000000"
loans = 400
lending = "400000000"
term = 1
default_rate = 0.03
share = 0.4
recovery = 0.0
source = "示例协议"
[[pool.limit]]
kind = "payment_cap"
amount = "8000000"
rate = 0.03
denominator = "matured"
period = "cumulative"
net = true
"""
)


def test_what_a_file_states_is_typed_though_it_is_the_default(view) -> None:
    """By itself, from a result, from the text that the page gives: with its source. What it does not state stays a default."""
    scenario = read_scenario(STATED)
    silent = read_scenario(STATED.replace("reuse = 1.0\n", "").replace('floor = "0"\n', ""))
    assert silent.digest() == scenario.digest()
    for own in (scenario, stored_scenario(scenario.canonical()), read_scenario(scenario_text(scenario))):
        assert own == scenario
        lines = {(a.scope, a.name): (a.source, a.detail) for a in inputs_of(view, own)[0].assumptions}
        assert lines["", "reuse"] == lines["", "floor"] == ("typed", "章程第三条")
        assert lines["", "yearly_costs"] == ("default", "")
        assert lines["", "company_link"] == ("typed", "示例研究")
        assert lines["", "company_staff"] == ("default", "")
        assert lines["NEW", "pool_recovery"] == ("typed", "示例协议")
        assert lines["NEW", "pool_recovery_years"] == ("default", "")
        assert lines["SF-2012-02", "life"] == ("typed", "extension")
    lines = {
        (a.scope, a.name): a.source
        for a in inputs_of(view, stored_scenario(silent.canonical()))[0].assumptions
    }
    assert lines["", "reuse"] == lines["", "floor"] == "default"


def test_what_is_stated_of_a_default_is_no_difference_of_inputs(view) -> None:
    both = [
        project_scenario(view, read_scenario(spec), LOCAL, NOW)
        for spec in (SPEC, SPEC + "[cash]\nreuse = 1.0\n")
    ]
    assert compared_inputs(both) == []
    assert both[0].head.digest == both[1].head.digest
    assert both[0].head.spec != both[1].head.spec


def test_a_file_of_before_states_no_default() -> None:
    """Its canonical text has every value; the digest is what it was."""
    scenario = read_scenario(SPEC)
    assert '"stated"' not in read_scenario('name = "x"').canonical()
    assert scenario.canonical() == stored_scenario(scenario.canonical()).canonical()
    before = scenario.canonical()
    assert stored_scenario(before).cash.model_fields_set == set()


# -- words --------------------------------------------------------------------------------------------------------


def test_assumptions_speak_the_language_of_the_run() -> None:
    limit = Assumption("P-1", "pool_limit_payment_cap", "0.03 matured 8000000.00 cumulative net", "typed")
    assert value_in_words(limit) == Text("到期额的 0.03，8000000.00，成立以来，扣除追偿", limit.value)
    stop = Assumption("P-1", "pool_limit_enrolment_stop", "8000000.00 rolling", "book")
    assert value_in_words(stop) == Text("8000000.00，滚动12个月", stop.value)
    stage = Assumption("", "company_entry_stage", "startup", "typed")
    assert value_in_words(stage) == Text("初创期", "startup")
    assert scope_in_words(Assumption("industrial", "bow", "3", "fit")) == Text("产业", "industrial")
    assert scope_in_words(limit) == "P-1"
    assert detail_in_words(Assumption("X", "life", "9", "book", "term_end")) == Text(
        "约定的存续期", "the stated term"
    )
    assert value_in_words(Assumption("", "reuse", "1", "typed")) == "1"


def test_the_workbook_of_a_result_keeps_its_headers_in_sight(view) -> None:
    result = project_scenario(view, read_scenario(STATED), LOCAL, NOW)
    book = openpyxl.load_workbook(io.BytesIO(scenario_workbook(read_result(write_result(result), "x"))))
    panes = {sheet.title: sheet.freeze_panes for sheet in book}
    assert panes == {"输入": "B6", "预测": "B6", "摘要": "B3", "检查": "B6"}
    for name in ("输入", "预测", "检查"):
        header = [cell.value for cell in book[name][5] if cell.value]
        assert len(header) > 3
        assert all(cell.font.bold for cell in book[name][5] if cell.value)
    written = [str(cell.value) for row in book["输入"].iter_rows() for cell in row if cell.value is not None]
    assert "到期额的 0.03，8000000.00，成立以来，扣除追偿" in written
    assert "产业" in written
