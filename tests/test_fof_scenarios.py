"""Scenarios from the demo office: specification, opening position, assumptions with sources, runs, files, commands."""

from __future__ import annotations

import datetime as dt
import io
import json
import math
import os
import time
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jsonschema
import numpy as np
import openpyxl
import pytest

from fof import ledger
from fof.access import LOCAL, Actor
from fof.book.portfolios import portfolio
from fof.cli import main
from fof.environment import Settings
from fof.errors import NotAllowed, Refused
from fof.figures.performance.returns import by_groups, portfolio_total
from fof.ledger import booking
from fof.scenarios import path_summary, scenario_chunks, scenario_drivers, scenario_runs
from fof.scenarios.backtest import backtest, known_then
from fof.scenarios.fitted_terms import (
    FEWEST_FUNDS,
    PRIOR_YEARS,
    PUBLISHED_RATES,
    RATE_YEARS,
    fit_panel,
    fitted_terms,
)
from fof.scenarios.forecast_band import forecast_band
from fof.scenarios.opening_position import flow_times, opening_position
from fof.scenarios.projection import inputs_of, project_scenario
from fof.scenarios.scenario_builder import FirstQuestions, scenario_text, simple_scenario
from fof.scenarios.scenario_chunks import Cancelled, MadeChunk, code_version, spans_of
from fof.scenarios.scenario_document import backtest_document, forecast_document
from fof.scenarios.scenario_files import scenario_file
from fof.scenarios.scenario_inputs import ScenarioInputs, scenario_inputs, step_ends
from fof.scenarios.scenario_results import compared, compared_inputs, read_result, write_result
from fof.scenarios.scenario_runs import run_scenario
from fof.scenarios.scenario_spec import read_scenario, stored_scenario
from fof.scenarios.scenario_workbook import scenario_workbook
from fof.ui import charts, fan_charts, j_curves, scenario_differences, widgets
from models.kinds import EntryKind
from models.posting_kinds import PostingKind
from valuation.returns import irr
from valuation.scenario_fit import FitPanel, fit_pacing
from valuation.scenario_paths import ChunkRows, simulate_chunk, without_noise

ROOT = Path(__file__).resolve().parents[1]
DAY = dt.date(2026, 9, 30)
NOW = dt.datetime(2026, 11, 30, 8, tzinfo=dt.UTC)
SPEC = """
name = "基准"
paths = 600
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


@pytest.fixture(scope="module")
def result(view):
    return project_scenario(view, read_scenario(SPEC), LOCAL, NOW)


def problems(text: str, view=None) -> dict[str, str]:
    """Path in the file -> problem, of a text that is refused by itself or against the book."""
    with pytest.raises(Refused) as refused:
        inputs_of(view, read_scenario(text, "a.toml"))
    for problem in refused.value.problems:
        assert problem.text("zh") != problem.text("en")
    return {str(p.where.field): p.text("en") for p in refused.value.problems}


# -- the specification --------------------------------------------------------------------------------------------


def test_every_error_at_once_with_its_path_and_what_is_allowed() -> None:
    found = problems(
        """
        name = ""
        horizn = 3
        horizon = 99
        step = "month"
        [pacing]
        rates = [0.2, 1.4]
        [pacing_by_strategy.angle]
        life = 3
        [pacing_by_fund."SF-1"]
        bow = "q"
        [[planned]]
        commitment = -5
        signed_on = "2027"
        [cash]
        opening = 3.5
        reuse = 2
        [[shock]]
        kind = "exit_freze"
        [[shock]]
        kind = "mark_down"
        on = 2027-01-01
        share = 1.5
        """
    )
    assert found["horizn"] == "horizn: there is no such name; near: horizon"
    assert found["horizon"] == "horizon: a number at least 1 and at most 40, found '99'".replace(
        "a number", "a whole number"
    )
    assert "one of quarter, year" in found["step"]
    assert found["pacing.rates[2]"].endswith("at least 0.0 and at most 1.0, found '1.4'")
    assert "angel, seed, vc" in found["pacing_by_strategy.angle"]
    assert 'pacing_by_fund."SF-1".bow' in found
    assert "must be given" in found["planned[1].code"]
    assert "yuan" in found["planned[1].commitment"]
    assert "a day like" in found["planned[1].signed_on"]
    assert "yuan" in found["cash.opening"]
    assert "exit_freeze, mark_down" in found["shock[1]"]
    assert "found '1.5'" in found["shock[2].share"]
    assert {"name", "cash.reuse"} <= set(found)


@pytest.mark.parametrize(
    "text",
    ["name = ", "=", "name = 1\nname = 2", f"seed = {'9' * 5000}", "x = " + "[" * 5000, "name = 'a\0'"],
)
def test_no_toml(text: str) -> None:
    with pytest.raises(Refused, match="TOML"):
        read_scenario(text, "a.toml")


LINES = 'name = "基准"\npaths = 8\n'
LAX = """
name = "a"
rules = "yes"
paths = "100"
horizon = true
seed = 1.0
by_fund = 1
pacing = { rates = [true, "0.5", 0.3] }
noise = { market = "0.2" }
companies = { exit_rate = true }
plan = { years = "3", meet_gap = 0 }
[[pool]]
code = "P"
reopens = "no"
"""


def test_a_number_is_a_number_and_a_truth_a_truth() -> None:
    """Nothing is guessed from text or from the other kind; whole numbers are rates all the same."""
    with pytest.raises(Refused) as refused:
        read_scenario(LAX)
    assert {str(p.where) for p in refused.value.problems} == {
        *(
            "rules",
            "paths",
            "horizon",
            "seed",
            "by_fund",
            "pacing.rates[1]",
            "pacing.rates[2]",
            "noise.market",
        ),
        *("companies.exit_rate", "plan.years", "plan.meet_gap", "pool[1].reopens"),
    }
    assert read_scenario('name = "a"\npacing = { rates = [1, 0], life = 10 }').pacing.rates == (1.0, 0.0)


def test_amounts_and_ratios_of_a_comparison_stand_in_tables_of_their_own(view, result, monkeypatch) -> None:
    """Numbers are numbers there, so that they are ordered and exported as such."""
    tables: dict[str, Any] = {}
    monkeypatch.setattr(
        widgets, "table", lambda title, rows, columns, key, **_: tables.update({key: (rows, columns)})
    )
    for name in ("section", "empty"):
        monkeypatch.setattr(widgets, name, lambda *_: None)
    other = project_scenario(view, read_scenario(SPEC).model_copy(update={"seed": 2}), LOCAL, NOW)
    scenario_differences.compared([result, other], "x")
    amounts, columns = tables["x_first_amount"]
    assert amounts
    assert all(row["first_amount"] is not None or row["other_amount"] is not None for row in amounts)
    assert "number" not in columns
    assert "scenario " not in columns
    ratios, columns = tables["x_first_number"]
    assert ratios
    assert all(isinstance(row["number_difference"], float) for row in ratios)
    assert "amount" not in columns
    tables.clear()
    scenario_differences.against_no_shock(result, None)
    assert tables == {}


CALM_FILES = {
    "BOM": LINES.encode("utf-8-sig"),
    "CRLF": LINES.replace("\n", "\r\n").encode(),
    "BOM and CRLF": LINES.replace("\n", "\r\n").encode("utf-8-sig"),
    "a long comment": LINES.encode() + b"#" * 900_000,
}
WRONG_FILES = {
    "GBK": (LINES.encode("gbk"), "a TOML file in UTF-8 or a result is expected"),
    "UTF-16": (LINES.encode("utf-16"), "a TOML file in UTF-8 or a result is expected"),
    "empty": (b"", "name: must be given: text of 1 to 80 characters"),
    "a BOM alone": ("".encode("utf-8-sig"), "name: must be given: text of 1 to 80 characters"),
    "5 MB": (LINES.encode() + b"#" * 5_000_000, "a scenario file of at most 1 MB, found '5.0 MB'"),
    "a workbook": (b"PK\x03\x04" + bytes(50), "a TOML file is expected, found "),
}


@pytest.mark.parametrize("kind", CALM_FILES)
def test_a_file_however_an_editor_writes_it(kind: str) -> None:
    assert scenario_file(CALM_FILES[kind], "a.toml") == (read_scenario(LINES), None)


@pytest.mark.parametrize("kind", WRONG_FILES)
def test_a_file_that_is_no_scenario_is_refused_in_one_sentence(kind: str) -> None:
    content, sentence = WRONG_FILES[kind]
    with pytest.raises(Refused) as refused:
        scenario_file(content, "a.toml")
    [problem] = refused.value.problems
    assert problem.text("en").startswith(sentence)
    assert refused.value.text("en").startswith("a.toml: 1 problem\n")


def test_ten_thousand_planned_funds_are_read_in_a_moment() -> None:
    one = '[[planned]]\ncode = "{}"\ncommitment = "1"\nsigned_on = 2027-03-31\n'
    text = LINES + "".join(one.format(n) for n in range(10_000)) + one.format(5)
    before = time.process_time()
    with pytest.raises(Refused) as refused:
        scenario_file(text.encode(), "a.toml")
    assert [str(p.where) for p in refused.value.problems] == ["planned[10001].code"]
    assert time.process_time() - before < 5


def test_the_canonical_text_is_the_specification_however_it_was_written() -> None:
    scenario = read_scenario(SPEC)
    assert stored_scenario(scenario.canonical()) == scenario
    assert scenario.digest() == read_scenario(SPEC.replace("200000000.50", "200000000.5")).digest()
    assert scenario.digest() != read_scenario(SPEC.replace("200000000.50", "200000000.51")).digest()


def test_what_the_book_does_not_have_is_refused_at_once(view) -> None:
    found = problems(
        SPEC
        + """
        [[planned]]
        code = "SF-2024-01"
        commitment = "1"
        signed_on = 2026-09-30
        [pacing_by_fund."SF-2024-1"]
        bow = 2
        [[appropriation]]
        year = 2026
        quarter = 3
        amount = "1"
        [[shock]]
        kind = "manager_haircut"
        manager = "nobody"
        share = 0.1
        [[shock]]
        kind = "mark_down"
        on = 2020-01-01
        share = 0.1
        """,
        view,
    )
    assert set(found) == {
        'pacing_by_fund."SF-2024-1"', "planned[2].code", "planned[2].signed_on", "appropriation[2].year",
        "shock[1].manager", "shock[2].on",
    }  # fmt: off
    assert "near: SF-2024-01" in found['pacing_by_fund."SF-2024-1"']
    assert "'2020-01-01'" in found["shock[2].on"]
    alone = problems("name = 'x'\n[[shock]]\nkind = 'exit_freeze'\nsince = 2026-09-30\n", view)
    assert set(alone) == {"shock[1].since"}
    inputs_of(view, read_scenario("name = 'x'\n[[shock]]\nkind = 'exit_freeze'\nsince = 2026-10-01\n"))


# -- where it starts ----------------------------------------------------------------------------------------------


def test_the_opening_is_the_books_own_position(view) -> None:
    chosen = portfolio(view)
    opening = opening_position(view, chosen)
    total = portfolio_total(view, chosen)
    assert sum(f.unfunded for f in opening.funds) == total.unfunded_callable
    assert sum(f.nav for f in opening.funds) == total.nav.fen
    rows = {row.key: row for row in by_groups(view, chosen).rows}
    for fund in opening.funds:
        own = rows[fund.code]
        assert (fund.paid_in, fund.distributed) == (own.paid_in, own.distributed)
        times, amounts = flow_times(fund, DAY)
        rate = (
            irr([*amounts, fund.nav / 100], [*(times - times[0]), -times[0]]).rate
            if times.size
            else own.irr.value
        )
        assert rate == pytest.approx(own.irr.value, abs=1e-9, nan_ok=True)
    assert opening.left_out == ()
    newest = next(f for f in opening.funds if f.code == "SF-2025-03")
    assert (newest.nav, newest.age(DAY), newest.first_on) == (0, 0.0, None)


def test_a_value_that_is_not_known_is_left_out_and_listed(clerk_on_both) -> None:
    """Paid in and never valued: unknown, not 0."""
    clerk = clerk_on_both
    clerk.party("PF", "parent_fund", portfolio="yes")
    for fund in ("A", "B"):
        clerk.party(fund, "sub_fund")
        clerk.pay(PostingKind.COMMITMENT, "PF", fund, 1_000, "2024-01-02", entry=EntryKind.COMMITMENT)
        clerk.pay(PostingKind.CALL_INVESTMENT, "PF", fund, 400, "2024-02-01", entry=EntryKind.CALL_PAYMENT)
    clerk.mark("PF", "A", 500, "2026-06-30")
    view = clerk.view("2026-09-30")
    opening = opening_position(view, portfolio(view))
    assert [f.code for f in opening.funds] == ["A"]
    assert [(x.code, x.unfunded) for x in opening.left_out] == [("B", 600_00)]
    result = project_scenario(view, read_scenario("name = 'x'\npaths = 2\nhorizon = 2"), LOCAL, NOW)
    assert any("B" in str(note) for note in forecast_document(result).notes)


def test_steps_are_the_quarters_of_the_calendar() -> None:
    days, lengths = step_ends(dt.date(2026, 8, 15), 1, "quarter")
    assert days == (dt.date(2026, 9, 30), dt.date(2026, 12, 31), dt.date(2027, 3, 31), dt.date(2027, 6, 30))
    assert lengths.tolist() == [46 / 92 * 0.25, 0.25, 0.25, 0.25]
    days, lengths = step_ends(DAY, 2, "year")
    assert days == (dt.date(2026, 12, 31), dt.date(2027, 12, 31))
    assert lengths.tolist() == [92 / 365, 1.0]


# -- where each number comes from ---------------------------------------------------------------------------------


def test_every_assumption_says_where_it_came_from(view) -> None:
    text = SPEC + '[pacing_by_strategy.angel]\nbow = 3.5\nsource = "访谈"\n[noise]\nmarket = 0.2\n'
    inputs, fitted = inputs_of(view, read_scenario(text))
    assert fitted is not None
    lines = {(a.scope, a.name): a for a in inputs.assumptions}
    assert lines["SF-2021-01", "bow"].source == "typed"
    assert lines["SF-2021-01", "bow"].detail == "访谈"
    assert lines["SF-2024-01", "life"].source == "book"
    assert (lines["SF-2012-02", "life"].source, lines["SF-2012-02", "life"].detail) == (
        "default",
        "extension",
    )
    # what the file does not say nobody typed, also in a specification read from a result, which has every value
    said = "extension = 3.0\n" + SPEC + '[cash]\nreuse = 0.5\nsource = "章程"\n'
    for scenario in (read_scenario(said), stored_scenario(read_scenario(said).canonical())):
        own = {(a.scope, a.name): (a.source, a.detail) for a in inputs_of(view, scenario)[0].assumptions}
        assert (own["", "reuse"], own["", "floor"]) == (("typed", "章程"), ("default", ""))
        assert own["SF-2012-02", "life"] == ("typed", "extension")
    term = next(t for t in fitted.terms if t.name == "growth")
    assert term.estimate.fund_years > 100
    weight = term.estimate.fund_years / (term.estimate.fund_years + PRIOR_YEARS["growth"])
    assert term.value == pytest.approx(weight * term.estimate.value + (1 - weight) * 0.13)
    growth = lines["vc", "growth"]
    assert growth.source == "fit"
    own = fitted.term("growth", "vc")
    assert own.estimate.fund_years == growth.fund_years < term.estimate.fund_years
    weight = growth.fund_years / (growth.fund_years + PRIOR_YEARS["growth"])
    assert own.value == pytest.approx(weight * own.estimate.value + (1 - weight) * term.value)
    assert lines["", "market"].source == "typed"
    assert lines["", "own"].source == "fit"
    assert lines["", "opening"].source == "book"
    floor, _ = inputs_of(view, read_scenario(SPEC + '[cash]\nfloor = "20000000"\n'))
    assert (inputs.arrays.floor, floor.arrays.floor) == (0.0, 2e7)
    published, none = inputs_of(view, read_scenario('basis = "publication"\n' + SPEC))
    assert none is None
    sources = {(a.name, a.source) for a in published.assumptions}
    assert {("growth", "publication"), ("market", "none"), ("rates", "publication")} <= sources


def test_the_fit_knows_nothing_after_the_day(demo) -> None:
    """Cut at the as-of day: the same fit on the shorter prefix, whatever the journal holds later."""
    journal = ledger.read(demo)
    early = journal.view(dt.date(2022, 12, 31))
    assert (
        fitted_terms(early, portfolio(early)).funds
        < fitted_terms(journal.view(DAY), portfolio(journal.view(DAY))).funds
    )


# -- runs ---------------------------------------------------------------------------------------------------------


def test_all_identities_hold(result) -> None:
    assert [c.name for c in result.checks if not c.holds] == []
    assert len(result.checks) == 7


def test_the_same_bits_for_any_number_of_workers(view, result) -> None:
    inputs, _ = inputs_of(view, result.scenario)
    one, many = run_scenario(inputs, workers=1), run_scenario(inputs, workers=3)
    assert one.summary.at_levels.tobytes() == many.summary.at_levels.tobytes()
    assert one.summary.means.tobytes() == many.summary.means.tobytes()


def test_a_run_goes_on_from_finished_chunks(view, result, tmp_path, monkeypatch) -> None:
    inputs, _ = inputs_of(view, result.scenario)
    asked = []
    with pytest.raises(Cancelled):
        run_scenario(
            inputs,
            workers=1,
            folder=tmp_path,
            progress=lambda *a: asked.append(a),
            cancelled=lambda: bool(asked),
        )
    asked.clear()
    finished = list(tmp_path.rglob("*.npz"))
    assert finished
    finished[0].write_bytes(finished[0].read_bytes()[:100])  # torn by a crash: computed anew
    run = run_scenario(inputs, workers=1, folder=tmp_path, progress=lambda *a: asked.append(a[:2]))
    assert asked == [(512, 600), (600, 600)]
    monkeypatch.setattr(
        scenario_chunks, "simulate_chunk", None
    )  # nothing is left to compute but the quiet path
    monkeypatch.setattr(scenario_runs, "_without_noise", lambda _: (run.expected, 0.0))
    again_run = run_scenario(inputs, workers=1, folder=tmp_path)
    assert again_run.summary.means.tobytes() == run.summary.means.tobytes()


def test_what_nobody_goes_on_with_is_forgotten_after_a_week(tmp_path) -> None:
    for name, days in (("old", 7.5), ("new", 6.5)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "0000000000.npz").write_bytes(b"x")
        then = time.time() - 86_400 * days
        os.utime(tmp_path / name, (then, then))
    scenario_chunks.forget_old(tmp_path)
    assert [own.name for own in tmp_path.iterdir()] == ["new"]
    scenario_chunks.forget_old(tmp_path / "nowhere")


def test_detail_beyond_memory_is_refused_with_the_estimate(view, monkeypatch) -> None:
    inputs, _ = inputs_of(view, read_scenario(SPEC))
    monkeypatch.setattr(scenario_runs, "MOST_CHUNK_BYTES", 2**20)
    needed = f"{inputs.arrays.row_count * 512 * 8 / 2**30:.2f} GiB"
    with pytest.raises(Refused, match=needed):
        run_scenario(inputs)


@pytest.mark.parametrize(("held", "most"), [(512, 2**22), (path_summary.HELD, 2**20)])
def test_the_same_bits_however_little_is_held_at_once(view, monkeypatch, held, most) -> None:
    """All paths of some rows after those of others; the first paths of some rows after others. By one thread and by three."""
    inputs, _ = inputs_of(view, read_scenario(SPEC.replace("600", "1500")))
    monkeypatch.setattr(path_summary, "HELD", held)
    plain = run_scenario(inputs, workers=1)
    assert (plain.summary.rank_error > 0) is (held == 512)
    monkeypatch.setattr(path_summary, "MOST_BYTES", most)
    for workers in (1, 3):
        said: list[int] = []
        run = run_scenario(inputs, workers=workers, progress=lambda done, *_, said=said: said.append(done))
        assert run.summary.at_levels.tobytes() == plain.summary.at_levels.tobytes()
        assert run.summary.means.tobytes() == plain.summary.means.tobytes()
        assert run.summary.known.tobytes() == plain.summary.known.tobytes()
        assert (run.summary.count, run.summary.rank_error) == (1500, plain.summary.rank_error)
        assert [c.holds for c in run.checks] == [c.holds for c in plain.checks]
        # every verdict once, though paths are made several times
        assert run.verdicts is not None
        assert plain.verdicts is not None
        assert (run.verdicts.counts == plain.verdicts.counts).all()
        assert said == sorted(said)
        assert said[-1] == 1500
        assert len(said) > 9


def test_the_values_of_a_summary_take_no_more_than_they_may() -> None:
    """300 rows of 80,000 paths hold 183 MiB at once; in turns they are the same to the bit within some sixteen."""

    def made(turn: path_summary.ChunkTurn) -> Iterator[MadeChunk]:
        for first, count in turn.spans:
            values = np.random.default_rng(first).standard_normal((300, count))
            values[40] = np.round(values[40])
            values[41, values[41] < 1.9] = np.nan
            yield MadeChunk(ChunkRows(values, ()), True)

    spans = spans_of(80_000)
    whole = path_summary.path_summary(300, spans, made, 2**30)
    tracemalloc.start()
    try:
        little = path_summary.path_summary(300, spans, made, 2**24)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert little.at_levels.tobytes() == whole.at_levels.tobytes()
    assert little.known.tobytes() == whole.known.tobytes()
    assert (little.count, 0 < little.rank_error <= 0.001) == (80_000, True)
    assert peak <= 2**24 + 2 * 32 * 66_048 * 8  # and some rows put in order


def test_only_who_may_runs_scenarios(view) -> None:
    with pytest.raises(NotAllowed):
        project_scenario(view, read_scenario(SPEC), Actor("guest", frozenset()), NOW)


# -- shocks -------------------------------------------------------------------------------------------------------


def one_path(inputs: ScenarioInputs) -> ScenarioInputs:
    """The same scenario on its one path without noise."""
    scenario = inputs.scenario.model_copy(update={"paths": 1})
    return replace(inputs, scenario=scenario, arrays=without_noise(inputs.arrays))


def expected(view, more: str = "", spec: str = SPEC):
    """Step series of the path without noise, (series, steps), and the end days."""
    inputs, _ = inputs_of(view, read_scenario(spec.replace("paths = 600", "paths = 1") + more))
    run = run_scenario(one_path(inputs), workers=1)
    assert all(c.holds for c in run.checks)
    return run.expected[: 6 * len(inputs.days)].reshape(6, -1), inputs


FREEZE = "[[shock]]\nkind='exit_freeze'\nsince=2027-01-01\nquarters=4\n"
DOWN = "[[shock]]\nkind='mark_down'\non=2027-02-01\nshare=0.3\n"


def test_shocks_do_what_they_say(view) -> None:
    base, inputs = expected(view)
    calls, paid, nav, _, _, cash = base
    frozen, _ = expected(view, FREEZE)
    assert frozen[1, 1:5].tolist() == [0, 0, 0, 0]
    assert frozen[1, 0] == paid[0]
    assert (frozen[0] == calls).all()
    assert frozen[1].sum() > paid.sum()  # what was not paid grew on
    marked, _ = expected(view, DOWN)
    assert marked[2, 0] == nav[0]
    grown = nav[1] + paid[1] - calls[1]
    assert marked[2, 1] + marked[1, 1] - calls[1] == pytest.approx(0.7 * grown)
    cut, _ = expected(view, "[[shock]]\nkind='appropriation_cut'\nyear=2027\nshare=0.5\ndelay_quarters=2\n")
    at = inputs.days.index(dt.date(2027, 12, 31))
    late = inputs.days.index(dt.date(2028, 6, 30))
    assert cut[5, at] == pytest.approx(cash[at] - 200000000.50)
    assert cut[5, late] == pytest.approx(cash[late] - 100000000.25)
    # a reward that is counted on (IN-01) is income of its own quarter, whatever is cut of appropriations
    reward = "[[income]]\nyear=2027\nquarter=2\namount='1500000.25'\n"
    counted, _ = expected(view, reward)
    earlier = inputs.days.index(dt.date(2027, 6, 30))
    assert (counted[5] - cash).tolist() == pytest.approx(
        [0.0] * earlier + [1500000.25] * (len(cash) - earlier)
    )
    both, _ = expected(view, reward + "[[shock]]\nkind='appropriation_cut'\nyear=2027\nshare=1.0\n")
    assert both[5, at] == pytest.approx(cash[at] - 200000000.50 + 1500000.25)
    manager = next(m for m in inputs.managers if m)
    own = [n for n, m in enumerate(inputs.managers) if m == manager]
    hair, short = expected(view, f"[[shock]]\nkind='manager_haircut'\nmanager='{manager}'\nshare=1.0\n")
    held = inputs.arrays.stocks[0][own].sum()
    assert short.arrays.rates[2][own, 0].tolist() == [0.0] * len(own)
    assert held > 0
    assert hair[2, 0] < nav[0]
    default, _ = expected(view, "[[shock]]\nkind='partner_default'\nsince=2027-01-01\nshare=0.2\n")
    assert default[0, 0] == calls[0]
    assert default[0, 1] > calls[1]
    assert default[0].sum() <= inputs.arrays.stocks[1].sum()


OVERLAYS = {
    "exit_freeze": "since = 2027-01-01\nquarters = 3\nshare = 0.6",
    "mark_down": "on = 2027-06-30\nshare = 0.3\nstrategy = 'vc'",
    "partner_default": "since = 2027-04-01\nshare = 0.2",
    "manager_haircut": "manager = '{manager}'\nshare = 0.25",
    "appropriation_cut": "year = 2027\nshare = 0.5\ndelay_quarters = 2",
}


def by_hand(
    inputs: ScenarioInputs, strategies: list[str | None], manager: str, kinds: set[str]
) -> np.ndarray:
    """Calls, distributions, value and cash by quarter of the path without noise, fund by fund and quarter by quarter, with some of
    the overlays above; inputs without any."""
    arrays, steps = inputs.arrays, inputs.arrays.steps
    totals = np.zeros((3, steps))
    ended = dt.date(2027, 1, 1), dt.date(2027, 9, 30)
    for i, strategy in enumerate(strategies):
        nav, left = arrays.stocks[:, i]
        begin, end = arrays.span[:, i].tolist()
        if "exit_freeze" in kinds:
            end = max(end, min(1 + sum(day <= ended[1] for day in inputs.days), steps))
        for t, day in enumerate(inputs.days):
            if begin <= t < end:
                rate, part, growth = arrays.rates[:, i, t]
                if "exit_freeze" in kinds and ended[0] <= day <= ended[1]:
                    part *= 0.4
                if "mark_down" in kinds and day == dt.date(2027, 6, 30) and strategy == "vc":
                    growth *= 0.7
                if "manager_haircut" in kinds and t == 0 and inputs.managers[i] == manager:
                    growth *= 0.75
                if "partner_default" in kinds and day >= dt.date(2027, 6, 30):
                    rate = min(1.0, rate / 0.8)  # those who remain pay what was called: 1 / (1 − 0.2)
                call, grown = left * rate, nav * growth
                totals[0, t] += call
                totals[1, t] += grown * part
                nav, left = grown - grown * part + call, left - call
            elif t >= end:
                left = 0.0
            totals[2, t] += nav
    inflow = arrays.inflow.copy()
    if "appropriation_cut" in kinds:
        inflow[inputs.days.index(dt.date(2027, 12, 31))] -= 200000000.50
        inflow[inputs.days.index(dt.date(2028, 6, 30))] += 100000000.25
    cash = arrays.opening + np.cumsum(inflow + arrays.reuse * totals[1] - totals[0])
    return np.concatenate([totals, cash[None]])


def test_each_overlay_alone_and_all_together_are_what_a_loop_by_hand_gives(view) -> None:
    _, inputs = expected(view)
    strategies = [
        getattr(view.fact(view.party(c).id, "strategy", None), "value", "vc") for c in inputs.codes[:-1]
    ]
    manager = next(m for m in inputs.managers if m)
    text = {k: f"[[shock]]\nkind = '{k}'\n{v.format(manager=manager)}\n" for k, v in OVERLAYS.items()}
    for kinds in (set(), *({kind} for kind in OVERLAYS), {"exit_freeze", "mark_down"}, set(OVERLAYS)):
        ours, _ = expected(view, "".join(text[kind] for kind in kinds))
        theirs = by_hand(inputs, [*strategies, "vc"], manager, kinds)
        assert ours[[0, 1, 2, 5]] == pytest.approx(theirs, rel=1e-9, abs=0.01), kinds


def test_shocks_compose_in_any_order(view) -> None:
    one, _ = expected(view, FREEZE + DOWN)
    other, _ = expected(view, DOWN + FREEZE)
    assert one.tobytes() == other.tobytes()


def test_a_shock_without_force_changes_nothing(view) -> None:
    base, _ = expected(view)
    none, _ = expected(view, FREEZE + "share=0.0\n" + DOWN.replace("0.3", "0.0"))
    assert none.tobytes() == base.tobytes()


def test_a_planned_fund_counts_from_the_day_it_is_signed(view) -> None:
    series, inputs = expected(view)
    without, _ = expected(view, spec=SPEC.replace('commitment = "300000000"', 'commitment = "0"'))
    added = series[3] - without[3]
    assert added[:2] == pytest.approx([0.0, 3e8])
    assert inputs.groups[-1].key == "N-2027-01"


# -- files --------------------------------------------------------------------------------------------------------


def test_the_file_holds_what_a_rerun_needs(view, result) -> None:
    content = write_result(result)
    back = read_result(content, "a.parquet")
    assert write_result(back) == content
    assert (back.head, back.days, back.groups, back.assumptions[0].name) == (
        result.head, result.days, result.groups, result.assumptions[0].name,
    )  # fmt: off
    assert back.head.known_at == view.known_at
    assert back.head.prefix == view.prefix.digest.hex()
    again_run = project_scenario(view, back.scenario, LOCAL, NOW, workers=2)
    assert [v for v in again_run.values.values() if v == v] == [v for v in back.values.values() if v == v]
    with pytest.raises(Refused, match="parquet"):
        read_result(b"PAR1", "a.parquet")


def test_a_result_is_run_anew_from_its_file(view, result) -> None:
    """The specification inside is the one; a run from elsewhere says so; what is neither is refused."""
    given = scenario_file(write_result(result), "a.parquet")
    assert given.scenario == result.scenario
    assert given.other_than(view, code_version()) is None
    assert str(result.head.as_of) in str(given.other_than(view, "another"))
    assert scenario_file(SPEC.encode("utf-8-sig"), "a.toml") == (read_scenario(SPEC), None)
    for content in (b"\xff\xfe", b"PAR1 of something else"):
        with pytest.raises(Refused):
            scenario_file(content, "a")


def test_scenarios_are_compared_differences_first(view, result) -> None:
    frozen = project_scenario(view, read_scenario(SPEC.replace("基准", "冻结") + FREEZE), LOCAL, NOW)
    rows = compared([result, frozen])
    assert [r.size for r in rows] == sorted((r.size for r in rows), reverse=True)
    at = dt.date(2027, 6, 30)
    [paid] = [
        r
        for r in rows
        if r.name.measure == "distributions" and r.name.day == at and r.name.statistic == "p50"
    ]
    assert (paid.other, paid.first) == (0.0, result.value("forecast", "distributions", "p50", day=at))
    paths = dict(compared_inputs([result, frozen]))
    assert paths["shock[1].kind"] == ["", '"exit_freeze"']
    assert compared([result, result]) == []


def test_the_workbook_has_four_sheets(result) -> None:
    book = openpyxl.load_workbook(io.BytesIO(scenario_workbook(result)))
    assert book.sheetnames == ["输入", "预测", "摘要", "检查"]
    table = [row for row in book["预测"].iter_rows(values_only=True) if row[0] == "出资"]
    assert len(table) == len(result.days)
    assert table[0][3] == pytest.approx(
        result.value("forecast", "calls", "mean", day=result.days[0]), abs=0.01
    )
    assert scenario_workbook(result) == scenario_workbook(result)
    held = [row[1] for row in book["检查"].iter_rows(min_row=6, max_row=11, values_only=True)]
    assert set(held) == {"是"}


def test_no_cash_no_gap(view, result) -> None:
    inputs, _ = inputs_of(view, result.scenario)
    unknown = scenario_inputs(result.scenario, replace(inputs.opening, cash=None), None)
    from fof.scenarios.scenario_results import scenario_result

    answer = forecast_document(scenario_result(run_scenario(unknown), "x", NOW, float("nan")))
    assert not [row for row in answer.rows if row["forecast_series"] == "cash"]
    assert any("cash.opening" in str(note) for note in answer.notes)


def test_commands(demo_file, tmp_path, monkeypatch, capsys, result) -> None:
    monkeypatch.setenv("FOF_DATABASE_URL", f"sqlite:///{demo_file}")
    monkeypatch.delenv("FOF_LANG", raising=False)
    spec, out = tmp_path / "base.toml", tmp_path / "base.parquet"
    spec.write_text(SPEC, encoding="utf-8")
    common = ["--as-of", DAY.isoformat()]
    monkeypatch.setattr(scenario_drivers, "PATHS", 256)
    assert main(["project", str(spec), *common, "--json", "--drivers", "-o", str(out)]) == 0
    document = json.loads(capsys.readouterr().out)
    on_file = json.loads((ROOT / "docs/schemas/projection.json").read_text("utf-8"))
    jsonschema.Draft202012Validator(on_file).validate(document)
    assert document["scenario_digest"] == result.head.digest
    assert {row["measure_name"] for row in document["drivers"]} >= {"need", "nav", "tvpi"}
    assert all(0 <= row["share_market"] <= 1 for row in document["drivers"])
    assert {row["projection_identity"] for row in document["checks"] if row["holds"]} == {
        c.name for c in result.checks
    }
    frozen, other = tmp_path / "frozen.toml", tmp_path / "frozen.parquet"
    frozen.write_text(SPEC + FREEZE, encoding="utf-8")
    assert main(["project", str(frozen), *common, "-o", str(other), "--xlsx", str(tmp_path / "f.xlsx")]) == 0
    assert "现金守恒" in capsys.readouterr().out
    assert main(["project", "compare", str(out), str(other), "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["rows"]
    assert rows
    assert main(["project", "compare", str(out)]) == 2
    assert main(["project", "compare", str(out), str(spec)]) == 2
    assert main(["project", "compare", str(out), str(other), "--statistics", "p51"]) == 2
    spec.write_text("horizon = 99\n", encoding="utf-8")
    capsys.readouterr()
    assert main(["project", str(spec), *common]) == 2
    assert "horizon" in capsys.readouterr().err
    assert main(["project", str(tmp_path / "none.toml")]) == 2


# -- the builder --------------------------------------------------------------------------------------------------


def test_the_first_questions_make_a_scenario_and_its_file(view) -> None:
    chosen = portfolio(view)
    fitted = fitted_terms(view, chosen)
    asked = FirstQuestions(
        horizon=8,
        paths=500,
        growth_points=-3,
        volatility=150,
        freeze_quarters=4,
        mark_down=20,
        programme=3_000_000_000_00,
        programme_years=2,
        reuse=60,
    )
    scenario = simple_scenario(view, chosen, "问", asked)
    assert scenario.pacing.growth == pytest.approx(fitted.value("growth") - 0.03, abs=1e-6)
    assert scenario.noise.own == pytest.approx(1.5 * fitted.value("own"), abs=1e-6)
    assert [f.signed_on.year for f in scenario.planned] == [2027, 2028]
    assert [s.kind for s in scenario.shock] == ["exit_freeze", "mark_down"]
    inputs_of(view, scenario)  # nothing in it is refused
    for made in (
        scenario,
        read_scenario(SPEC + FREEZE),
        simple_scenario(view, chosen, "问", FirstQuestions()),
    ):
        assert read_scenario(scenario_text(made)) == made


# -- forecast against actual --------------------------------------------------------------------------------------


def test_a_forecast_knows_nothing_after_its_origin(clerk) -> None:
    """Everything after the origin moves, and the forecast does not; what it is held against does."""
    clerk.party("PF", "parent_fund", portfolio="yes")
    clerk.party("A", "sub_fund")
    clerk.pay(PostingKind.COMMITMENT, "PF", "A", 1_000, "2024-01-02", entry=EntryKind.COMMITMENT)
    for day, value in (("2024-03-01", 100), ("2024-09-01", 210), ("2025-03-01", 330), ("2025-09-01", 470)):
        clerk.pay(PostingKind.CALL_INVESTMENT, "PF", "A", 100, day, entry=EntryKind.CALL_PAYMENT)
        clerk.mark("PF", "A", value, day)
    clerk.mark("PF", "A", 600, "2026-09-30")
    scenario = read_scenario("name = 'x'\npaths = 64\n[noise]\nown = 0.2\npacing = 0.3\n")

    def record():
        journal = ledger.read(clerk.database)
        return backtest(journal, journal.head, DAY, scenario, 1)

    before = record()
    clerk.pay(PostingKind.CALL_INVESTMENT, "PF", "A", 250, "2025-11-01", entry=EntryKind.CALL_PAYMENT)
    clerk.pay(PostingKind.DISTRIBUTION_GAIN, "A", "PF", 30, "2026-03-01", entry=EntryKind.DISTRIBUTION)
    clerk.mark("PF", "A", 900, "2026-09-30")
    clerk.fact("A", "2026-01-01", "term_end", "2027-01-01")
    after = record()
    assert [c.origin for c in after.cases] == [dt.date(2025, 9, 30)] * 3
    for one, other in zip(before.cases, after.cases, strict=True):
        assert (one.low, one.median, one.high) == (other.low, other.median, other.high)
    assert [c.observed for c in before.cases] == [0.0, 0.0, 600.0]
    assert [c.observed for c in after.cases] == [250.0, 30.0, 900.0]
    assert [c.naive for c in after.cases] == [abs(200.0 - 250.0), 30.0, abs(900.0 - 470.0)]
    for origins in (9, 10):  # no p-value where there are fewer than ten
        cases = tuple(
            replace(c, origin=c.origin + dt.timedelta(n)) for n in range(origins) for c in after.cases
        )
        notes = backtest_document(replace(after, cases=cases), "CNY").notes
        assert ["no p-value" in note.en for note in notes] == [origins < 10] * 3
        assert ["Kupiec p = " in note.en for note in notes] == [origins >= 10] * 3


def test_an_origin_knows_what_the_book_knew_then(clerk, monkeypatch) -> None:
    """A value that was corrected after the origin stood in the forecast as it was recorded; a book entered later knows all."""
    clock = [dt.datetime(2025, 9, 20, tzinfo=dt.UTC)]
    monkeypatch.setattr(booking, "_clock", lambda: clock[0])
    clerk.party("PF", "parent_fund", portfolio="yes")
    clerk.party("A", "sub_fund")
    scenario = read_scenario("name = 'x'\npaths = 8\n")

    def record():
        journal = ledger.read(clerk.database)
        return journal, backtest(journal, journal.head, DAY, scenario, 1)

    clerk.pay(PostingKind.COMMITMENT, "PF", "A", 1_000, "2024-01-02", entry=EntryKind.COMMITMENT)
    clerk.pay(PostingKind.CALL_INVESTMENT, "PF", "A", 100, "2024-03-01", entry=EntryKind.CALL_PAYMENT)
    clerk.mark("PF", "A", 100, "2025-09-01")
    head = ledger.read(clerk.database).head
    clock[0] = dt.datetime(2026, 10, 1, tzinfo=dt.UTC)
    clerk.mark("PF", "A", 500, "2026-09-30")
    _, before = record()
    assert {c.known_at for c in before.cases} == {head}
    clerk.pay(PostingKind.CALL_INVESTMENT, "PF", "A", 50, "2025-08-01", entry=EntryKind.CALL_PAYMENT)
    clerk.mark("PF", "A", 400, "2025-09-10")
    journal, then = record()
    assert {c.known_at for c in then.cases} == {head}
    assert [(c.low, c.median) for c in then.cases] == [(c.low, c.median) for c in before.cases]
    assert known_then(journal, dt.date(2025, 9, 10), 3) == 3  # the book was not in use: what is asked
    clock[0] = dt.datetime(2026, 10, 2, tzinfo=dt.UTC)
    monkeypatch.setattr("fof.scenarios.backtest.known_on", lambda journal, day, now: 0)
    _, now = record()
    assert now.cases[2].median > 1.5 * then.cases[2].median


def test_a_strategy_is_fitted_by_itself_and_drawn_towards_all(view) -> None:
    fitted = fitted_terms(view, portfolio(view))
    assert len(fitted.by_strategy) >= 2
    for strategy, terms in fitted.by_strategy.items():
        for term in terms:
            pooled = fitted.value(term.name)
            assert term.prior == pooled
            assert min(pooled, term.estimate.value) - 1e-12 <= term.value
            assert term.value <= max(pooled, term.estimate.value) + 1e-12
            assert term.estimate.fund_years <= fitted.term(term.name).estimate.fund_years
            assert fitted.term(term.name, strategy) is term
    assert fitted.term("growth", "no strategy") is fitted.term("growth")
    assert fitted.term("market", next(iter(fitted.by_strategy))) is fitted.term("market")


def test_what_a_strategy_says_by_itself_forecasts_a_fund_left_out_better(view) -> None:
    """Calls of each fund and fund year by what the others say: all of them, or those of its strategy drawn towards all. By the
    logarithm of the likelihood, errors alike (of the commitment), the second is better; not drawn at all it is the worst."""
    panel, codes = fit_panel(view, portfolio(view))
    strategies = view.facts_each([view.party(code).id for code in codes], "strategy")
    part = {name: getattr(panel, name) for name in FitPanel.__slots__}
    middle = panel.age - 0.125
    asked = np.isfinite(panel.calls) & (panel.unfunded > 0) & (middle < panel.life[:, None] - 1)
    years = np.clip(np.floor(np.nan_to_num(middle, nan=-1.0)), -1, RATE_YEARS - 1)
    errors: dict[str, list[float]] = {"all": [], "drawn": [], "alone": []}
    for n in range(len(codes)):
        others = np.arange(len(codes)) != n
        alike = others & np.array([own is not None and own is strategies[n] for own in strategies])
        if alike.sum() < FEWEST_FUNDS:
            continue
        fits = [
            fit_pacing(FitPanel(*(values[own] for values in part.values())), RATE_YEARS)
            for own in (others, alike)
        ]
        for year in range(RATE_YEARS):
            own = asked[n] & (years[n] == year)
            if own.any():
                pooled = (
                    fits[0].rates[year].shrunk((*PUBLISHED_RATES, *[0.5] * 4)[year], PRIOR_YEARS["rates"])
                )
                rates = {
                    "all": pooled,
                    "drawn": fits[1].rates[year].shrunk(pooled, PRIOR_YEARS["rates"]),
                    "alone": fits[1].rates[year].shrunk(pooled, 0.0),
                }
                for name, rate in rates.items():
                    called = (panel.unfunded[n, own] * (1 - (1 - min(rate, 0.999)) ** 0.25)).sum()
                    errors[name].append((panel.calls[n, own].sum() - called) / panel.commitment[n])
    size = len(errors["all"])
    likelihood = {name: -size / 2 * np.log(np.mean(np.square(own))) for name, own in errors.items()}
    assert size > 100
    assert likelihood["drawn"] > likelihood["all"] + 1 > likelihood["alone"] + 2, likelihood


def test_the_demo_office_against_what_came(demo_file, monkeypatch, capsys) -> None:
    monkeypatch.setenv("FOF_DATABASE_URL", f"sqlite:///{demo_file}")
    assert main(["project", "backtest", "--as-of", DAY.isoformat(), "--years", "2", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    on_file = json.loads((ROOT / "docs/schemas/projection_backtest.json").read_text("utf-8"))
    jsonschema.Draft202012Validator(on_file).validate(document)
    assert document["origins"] == 2
    assert len(document["rows"]) == 6
    for row in document["rows"]:
        low, observed, high = (float(row[n]) for n in ("forecast_low", "observed", "forecast_high"))
        assert row["inside_interval"] == (low <= observed <= high)
    assert main(["project", "backtest", "--as-of", "2005-09-30", "--years", "1"]) == 2


# -- on screen ----------------------------------------------------------------------------------------------------


def test_a_run_can_be_cancelled_on_the_page_and_gone_on_with(demo_file, tmp_path, monkeypatch) -> None:
    """The first of two chunks is there when it is cancelled; it is not made again, and nothing is left when the run is whole."""
    from screens import drawn, screens_over

    calls, made = [], []

    def slow(view, scenario, person, now, *, progress, cancelled, folder, forget):
        calls.append(scenario)

        def waiting(done: int, paths: int, _left: float) -> None:
            progress(done, paths, 7.0)
            while len(calls) == 1 and not cancelled():
                time.sleep(0.02)

        return project_scenario(
            view,
            scenario,
            person,
            now,
            workers=1,
            progress=waiting,
            cancelled=cancelled,
            folder=folder,
            forget=forget,
        )

    def noted(arrays, seed, first, count):
        made.append(first)
        return simulate_chunk(arrays, seed, first, count)

    monkeypatch.setattr(scenario_chunks, "simulate_chunk", noted)
    monkeypatch.setattr("fof.ui.scenario_view.project_scenario", slow)
    with screens_over(f"sqlite:///{demo_file}", tmp_path):
        page = drawn("scenarios", as_of=DAY.isoformat())
        for _ in range(200):
            if any("512/1000" in note.value for note in page.info):
                break
            time.sleep(0.05)
            page.run()
        page.button("stop_scenario").click().run()
        for _ in range(100):
            if any("推演已取消" in note.value for note in page.info):
                break
            time.sleep(0.05)
            page.run()
        assert len(calls) == 1
        folder = Settings().data_dir / "unfinished"
        assert [own.name for own in folder.rglob("*.npz")] == ["0000000000.npz"]
        made.clear()
        page.button("scenario_on").click().run()
        for _ in range(100):
            if page.metric:
                break
            time.sleep(0.05)
            page.run()
        assert (len(calls), made) == (2, [512])
        assert not list(folder.iterdir())
        assert not page.exception


def test_a_band_is_the_projection_of_its_funds(view) -> None:
    chosen = portfolio(view)
    quiet = read_scenario(SPEC + "[noise]\nmarket = 0\nfund = 0\nown = 0\npacing = 0\n")
    whole = forecast_band(view, chosen, None, quiet)
    inputs, _ = inputs_of(view, quiet)
    parts = [forecast_band(view, chosen, [code], quiet) for code in inputs.codes]
    end = sum(part.net[-1, 2] for part in parts)
    assert whole.net[-1, 2] == pytest.approx(end, rel=1e-9)
    run = run_scenario(one_path(inputs), workers=1)
    net = run.expected[4 * 48 : 5 * 48]
    assert whole.net[:, 0] == pytest.approx(np.cumsum(net) * 100, abs=1.0)
    assert whole.with_value[:, 4] - whole.net[:, 4] == pytest.approx(whole.nav, abs=2.0)
    own = forecast_band(view, chosen, ["SF-2021-01"])
    assert len(own.days) < 48  # up to its end
    assert (np.diff(own.net, axis=1) >= 0).all()
    assert own.nav[-1] == 0.0
    assert forecast_band(view, chosen, ["nobody"]) is None


def test_the_curve_opens_at_today() -> None:
    curve = charts.j_curve(["2026-06-30", "2026-09-30"], [-1.0, -3.0], [1.0, None], "2026-09-30", "亿元")
    edges = {name: [-3.0 + n, -2.0 + n] for n, name in enumerate(("p05", "p25", "p50", "p75", "p95"))}
    spec = fan_charts.with_band(curve, ["2026-12-31", "2027-03-31"], edges)
    assert spec["xAxis"]["data"][1:] == ["2026-09-30", "2026-12-31", "2027-03-31"]
    assert all(len(own["data"]) == 4 for own in spec["series"])
    actual, lowest, middle = spec["series"][0]["data"], spec["series"][3]["data"], spec["series"][-1]["data"]
    assert actual == [-1.0, -3.0, None, None]
    assert lowest == [None, -3.0, -3.0, -2.0]
    assert middle == [None, -3.0, -1.0, 0.0]
    assert [own["data"][1] for own in spec["series"][4:-1]] == [0.0, 0.0, 0.0]
    assert len(curve["series"]) == 3


def test_a_curve_is_shown_with_its_band(view, monkeypatch) -> None:
    drawn, sentences = [], []
    monkeypatch.setattr(charts, "draw", lambda spec, *_: drawn.append(spec))
    monkeypatch.setattr("fof.ui.say.caption", sentences.append)
    chosen, own = portfolio(view), view.party("SF-2021-01").id
    header = SimpleNamespace(unit="万元", as_of=DAY)
    j_curves.show(view, chosen, [own], header, "万元")
    ended = next(view.party(row.key).id for row in by_groups(view, chosen).rows if row.nav.fen == 0)
    j_curves.show(view, chosen, chosen.funds, header, "万元", scenario=read_scenario(SPEC))
    assert [len(spec["series"]) for spec in drawn] == [8, 8]
    assert all("截至日之后" in str(sentence) for sentence in sentences)
    j_curves.show(view, chosen, [ended], header, "万元")
    assert len(drawn[-1]["series"]) in (3, 8)  # without a value it may have something unfunded
    j_curves.show(view, replace(chosen, currencies=("CNY", "USD")), [own], header, "万元")
    assert len(drawn[-1]["series"]) == 3
    assert "多种币种" in str(sentences[-1])
    monkeypatch.setattr("fof.ui.j_curves.forecast_band", _refusing)
    j_curves.show(view, chosen, [own], header, "万元")
    assert len(drawn[-1]["series"]) == 3
    assert "未写入" in str(sentences[-1])


def _refusing(*_: object) -> None:
    raise Refused([], "情景")


def test_numbers_of_assumptions_and_checks_have_six_figures_and_none_is_nan() -> None:
    from fof.ui.scenario_view import _six

    row = {"standard_error": 0.41117465091577615, "fund_years": math.nan, "identity_measured": None, "x": 1}
    assert _six(row, "standard_error", "fund_years", "identity_measured") == {
        "standard_error": "0.411175",
        "fund_years": None,
        "identity_measured": None,
        "x": 1,
    }
