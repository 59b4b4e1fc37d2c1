"""Product-limit curves and the concentration index against published cases and a second computation."""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from valuation.attribution import concentration
from valuation.concentration import hhi
from valuation.refusals import ValuationError
from valuation.survival import kaplan_meier


def remission(golden: Path, arm: str) -> tuple[list[int], list[int]]:
    with (golden / "pools_sme" / "km_6mp_remission.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["arm"] == arm]
    return [int(row["weeks"]) for row in rows], [int(row["relapsed"]) for row in rows]


@pytest.mark.golden
def test_remission_trial_of_1963(golden: Path) -> None:
    document = json.loads((golden / "pools_sme" / "km_6mp_expected.json").read_text("utf-8"))
    for arm, rows in ((document["arm"], document["table"]), ("placebo", document["placebo"])):
        curve = kaplan_meier(*remission(golden, arm))
        at = {float(t): i for i, t in enumerate(curve.times)}
        for row in rows:
            i = at[row["weeks"]]
            assert curve.survival[i] == pytest.approx(row["survival"], abs=1e-7)
            if "se_greenwood" in row:
                s, width = row["survival"], 1.959963984540054 * row["se_greenwood"]
                width /= -s * math.log(s)
                assert curve.lower[i] == pytest.approx(s ** math.exp(width), abs=1e-6)
                assert curve.upper[i] == pytest.approx(s ** math.exp(-width), abs=1e-6)


@pytest.mark.golden
def test_textbook_curves(golden: Path) -> None:
    document = json.loads((golden / "pools_sme" / "km_textbook_cases.json").read_text("utf-8"))
    for case in document["curves"]:
        curve = kaplan_meier(case["times"], case["event"])
        assert curve.times.tolist() == case["unique_times"]
        assert curve.survival == pytest.approx(case["survival_printed"], abs=0.001)


@pytest.mark.golden
def test_concentration_of_the_competition_authorities(golden: Path) -> None:
    for case in json.loads((golden / "pools_sme" / "hhi.json").read_text("utf-8"))["cases"]:
        if "shares" in case:
            assert hhi(case["shares"]) == case["hhi"]
            assert 10_000 * concentration(case["shares"]).hhi == pytest.approx(case["hhi"])
        else:
            a, b = case["merge"]
            assert hhi([a + b, 100 - a - b]) - hhi([a, b, 100 - a - b]) == pytest.approx(case["increase"])


def test_concentration_at_the_edges() -> None:
    assert math.isnan(hhi([]))
    assert math.isnan(hhi([0, 0]))
    assert hhi([1e308, 1e308, 0]) == 5000
    assert hhi([5e-324]) == 10_000
    with pytest.raises(ValuationError):
        hhi([1, -1])


PEOPLE = st.lists(st.tuples(st.integers(0, 4), st.integers(1, 5), st.booleans()), max_size=12)


@given(PEOPLE)
def test_the_curve_follows_whoever_is_at_risk(people: list[tuple[int, int, bool]]) -> None:
    begins = [b for b, _, _ in people]
    ends = [b + d for b, d, _ in people]
    seen = [o for _, _, o in people]
    curve = kaplan_meier(ends, seen, begins)
    left, spread, wanted = 1.0, 0.0, []
    for t in sorted(set(ends)):
        risk = sum(b < t <= e for b, e in zip(begins, ends, strict=True))
        died = sum(e == t and o for e, o in zip(ends, seen, strict=True))
        left *= 1 - died / risk
        spread += math.inf if died == risk else died / (risk * (risk - died))
        wanted.append((t, left, spread))
    assert curve.times.tolist() == [t for t, _, _ in wanted]
    assert curve.survival == pytest.approx([s for _, s, _ in wanted])
    for i, (_, s, v) in enumerate(wanted):
        if s == 0:
            assert math.isnan(curve.lower[i])
            assert math.isnan(curve.upper[i])
        elif s == 1:
            assert curve.lower[i] == curve.upper[i] == 1
        else:
            assert math.log(-math.log(curve.lower[i])) - math.log(-math.log(s)) == pytest.approx(
                1.959963984540054 * math.sqrt(v) / -math.log(s)
            )
            assert curve.lower[i] < s < curve.upper[i]


def test_what_is_no_duration_is_refused() -> None:
    for arguments in (
        ([1, 2], [1]),
        ([1, -2], [1, 0]),
        ([1, 2], [1, 2]),
        ([1, 2], [1.0, 0.0]),
        ([1, math.nan], [1, 0]),
        ([1, 2], [1, 0], [1, 0]),
    ):
        with pytest.raises(ValuationError):
            kaplan_meier(*arguments)  # type: ignore[arg-type]
    assert np.size(kaplan_meier([], []).times) == 0
