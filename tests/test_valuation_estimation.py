"""Estimates from samples against published ones, and Student's law against a second computation."""

from __future__ import annotations

import csv
import json
import math
from fractions import Fraction
from pathlib import Path
from typing import Any

import mpmath
import numpy as np
import pytest

from valuation.estimation import difference_estimate, regression_estimate, stratified_rate, student_quantile
from valuation.leading_digits import repeated_values
from valuation.refusals import ValuationError


def table(golden: Path, name: str) -> dict[str, list[float]]:
    with (golden / "audit" / name).open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {name: [float(row[name]) for row in rows] for name in rows[0]}


def document(golden: Path, name: str) -> Any:
    return json.loads((golden / "audit" / name).read_text("utf-8"))


@pytest.mark.golden
def test_classical_variables(golden: Path) -> None:
    sample = table(golden, "classical_variables_sample.csv")
    wanted = document(golden, "classical_variables_expected.json")
    book, audited, items = sample["book_value"], sample["audit_value"], wanted["population_items"]
    found = {
        "difference": difference_estimate(book, audited, items),
        "regression": regression_estimate(book, audited, items, wanted["population_book_value"], "0.05"),
    }
    for case in wanted["cases"]:
        estimate = found[case["method"]]
        assert estimate.estimator == case["method"]
        assert estimate.estimate == pytest.approx(case["estimate"], abs=0.5)
        assert estimate.lower == pytest.approx(case["lower"], abs=0.01)
        assert estimate.upper == pytest.approx(case["upper"], abs=0.01)


@pytest.mark.golden
def test_estimators_of_strata_are_two_and_say_which(golden: Path) -> None:
    branches = table(golden, "stratified_attribute_retailer.csv")
    wanted = document(golden, "stratified_attribute_retailer_expected.json")["recomputed"]
    drawn = [int(n) for n in branches["samples"]]
    plain = stratified_rate(branches["items"], drawn, branches["errors"])
    prior = stratified_rate(branches["items"], drawn, branches["errors"], "uniform-prior")
    assert plain == pytest.approx(wanted["plain_weighted_rate"], abs=1e-6)
    assert prior == pytest.approx(wanted["posterior_mean_uniform_prior"], abs=1e-6)
    branches = table(golden, "stratified_mus_allowances.csv")
    units = [int(n) for n in branches["sample_units"]]
    share = stratified_rate(branches["book_value"], units, branches["sum_of_overstatement_taints"])
    assert share == pytest.approx(0.1472, abs=0.00005)


@pytest.mark.golden
def test_values_that_come_again(golden: Path) -> None:
    case = document(golden, "repeated_values_sanitizer.json")
    amounts, value = [], 0
    for times, distinct in case["frequency_of_frequencies"].items():
        for _ in range(distinct):
            value += 1
            amounts += [value * 100] * int(times)
    assert len(amounts) == case["n"]
    found = repeated_values(amounts)
    assert found.average_frequency == pytest.approx(case["average_frequency_published"], abs=1e-4)
    assert found.entropy == pytest.approx(case["entropy_published"], abs=1e-9)
    assert found.distinct == sum(case["frequency_of_frequencies"].values())


def test_values_are_compared_as_decimals() -> None:
    assert repeated_values([0.1, 0.30, "0.3", "1e-1"])[:2] == (2, 2.0)  # type: ignore[list-item]
    assert math.isnan(repeated_values([]).average_frequency)


@pytest.mark.parametrize("freedom", [1, 2, 3, 4, 9, 30, 99, 1000])
@pytest.mark.parametrize("tail", ["0.5", "0.05", "0.001"])
def test_students_quantiles(freedom: int, tail: str) -> None:
    t = student_quantile(freedom, Fraction(tail))
    beyond = mpmath.betainc(freedom / 2, 0.5, 0, freedom / (freedom + t * t), regularized=True)
    assert float(beyond) == pytest.approx(float(tail), rel=1e-9)


def test_an_exact_line_leaves_no_doubt() -> None:
    book = np.array([100.0, 250.0, 400.0])
    found = regression_estimate(book, 0.9 * book, 10, 3000.0)
    assert found[:3] == pytest.approx((300.0, 300.0, 300.0))
    assert difference_estimate([5, 6], [4, 5], 7)[:3] == (7.0, 7.0, 7.0)
    for wrong in (
        lambda: regression_estimate([1, 1], [1, 2], 5, 5.0),
        lambda: difference_estimate([1], [1], 5),
        lambda: difference_estimate([1, 2, 3], [1, 2, 3], 2),
        lambda: stratified_rate([1], [2], [3]),
        lambda: stratified_rate([1], [2], [1], "bayes"),  # type: ignore[arg-type]
    ):
        with pytest.raises(ValuationError):
            wrong()
