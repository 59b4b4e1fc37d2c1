"""Scores of forecasts against published values, against their definitions, and at their ends."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from valuation.refusals import ValuationError
from valuation.scores import coverage_test, crps_ensemble, interval_score, pit


@pytest.mark.golden
def test_published_scores(golden: Path) -> None:
    cases = json.loads((golden / "scenarios" / "crps_ensemble.json").read_text())
    for case in cases["unweighted"]:
        assert crps_ensemble(case["ensemble"], case["obs"], fair=False) == pytest.approx(case["crps"])
    ten = cases["ten_members"]
    assert crps_ensemble(ten["ensemble"], ten["obs"], fair=False) == pytest.approx(ten["crps"], abs=1e-6)
    assert crps_ensemble(ten["ensemble"], ten["obs"]) == pytest.approx(ten["crps_fair_recomputed"], abs=1e-6)
    intervals = json.loads((golden / "scenarios" / "probability_scores.json").read_text())["interval"]
    for case in intervals:
        wanted = case.get("score", case.get("score_recomputed"))
        assert interval_score(case["lower"], case["upper"], case["obs"], case["alpha"]) == pytest.approx(
            wanted
        )


@pytest.mark.golden
def test_published_coverage(golden: Path) -> None:
    for case in json.loads((golden / "scenarios" / "coverage_tests.json").read_text())["kupiec"]:
        test = coverage_test((case["observations"] - case["failures"], case["observations"]), case["level"])
        assert test.ratio == pytest.approx(case.get("lr", case.get("lr_recomputed")), abs=5e-6)
        if p := case.get("p_value", case.get("p_recomputed")):
            assert test.p_value == pytest.approx(p, abs=5e-6)
    assert coverage_test([True] * 8 + [False] * 2, 0.8) == coverage_test((8, 10), 0.8)
    assert coverage_test((0, 5), 0.5).p_value < 0.01


def test_by_definition_and_many_at_once() -> None:
    g = np.random.default_rng(3)
    members, seen = g.normal(size=(6, 9)), g.normal(size=6)
    for fair, pairs in ((True, 9 * 8), (False, 81)):
        apart = np.abs(members[:, :, None] - members[:, None, :]).sum(axis=(1, 2)) / pairs
        wanted = np.abs(members - seen[:, None]).mean(axis=1) - apart / 2
        assert crps_ensemble(members, seen, fair) == pytest.approx(wanted)
    assert crps_ensemble([3.0, 3.0], 5.0) == 2.0
    assert pit([1.0, 2.0, 2.0, 4.0], 2.0) == 0.5
    assert pit(members, seen) == pytest.approx((members < seen[:, None]).mean(axis=1))


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: crps_ensemble([1.0], 1.0),
        lambda: crps_ensemble([], 1.0),
        lambda: crps_ensemble([1.0, np.nan], 1.0),
        lambda: crps_ensemble([[1.0, 2.0]], 1.0),
        lambda: interval_score(2.0, 1.0, 1.0, 0.1),
        lambda: interval_score(0.0, 1.0, 1.0, 1.0),
        lambda: pit([1.0, 2.0], [1.0]),
        lambda: coverage_test((3, 2), 0.5),
        lambda: coverage_test([], 0.5),
        lambda: coverage_test([True], 1.0),
    ],
)
def test_refusals(wrong) -> None:
    with pytest.raises(ValuationError):
        wrong()
