"""Audit sampling against published tables, exact sums and enumeration; selection against textbook draws."""

from __future__ import annotations

import csv
import itertools
import json
import math
from decimal import ROUND_CEILING, Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from valuation import tail_laws
from valuation.refusals import ValuationError
from valuation.sampling import (
    allocation,
    attribute_sample_size,
    attribute_selection,
    attribute_upper_limit,
    first_digit_test,
    interval_selection,
    monetary_unit_sample_size,
    monetary_unit_selection,
    monetary_unit_upper_bound,
    permutation_test,
)


def table(golden: Path, name: str) -> list[dict[str, str]]:
    with (golden / "audit" / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def document(golden: Path, name: str) -> Any:
    """A document with its decimals as texts."""
    return json.loads((golden / "audit" / name).read_text("utf-8"), parse_float=str)


# -- published tables -------------------------------------------------------------------------------------------------


@pytest.mark.golden
def test_attribute_sizes_are_those_of_the_audit_guide(golden: Path) -> None:
    rows = table(golden, "aicpa_attribute_sample_sizes_risk5.csv")
    assert len(rows) == 194
    for row in rows:
        plan = attribute_sample_size(row["tolerable_rate"], row["expected_rate"], "0.05")
        assert plan == (int(row["sample_size"]), int(row["allowed_deviations"])), row


@pytest.mark.golden
def test_attribute_limits_are_those_of_the_audit_guide(golden: Path) -> None:
    rows = table(golden, "aicpa_attribute_upper_limits_risk5.csv")
    assert len(rows) == 231
    for row in rows:
        limit = 100 * attribute_upper_limit(int(row["sample_size"]), int(row["deviations"]), "0.05")
        assert limit == pytest.approx(float(row["upper_limit_pct_recomputed"]), abs=1e-6)
        printed = Decimal(row["upper_limit_pct_printed"])
        assert Decimal(limit).quantize(Decimal("0.1"), ROUND_CEILING) == printed, row


@pytest.mark.golden
def test_monetary_unit_sizes_are_those_of_the_audit_guide(golden: Path) -> None:
    rows = table(golden, "aicpa_mus_sample_sizes.csv")
    assert len(rows) == 220
    for row in rows:
        tolerable = Fraction(row["tolerable_share_of_population"])
        expected = tolerable * Fraction(row["expected_to_tolerable_ratio"])
        size = monetary_unit_sample_size(tolerable, expected, row["risk_of_incorrect_acceptance"])
        assert size == int(row["sample_size"]), row
        printed = Fraction(
            row["printed_expected_sum_of_taints"]
        )  # of the size before it is made whole, to two decimals
        assert (size - 1) * expected <= printed <= size * expected + Fraction(1, 100), row


@pytest.mark.golden
def test_monetary_unit_sizes_of_dutch_practice(golden: Path) -> None:
    for row in table(golden, "sra_poisson_sample_sizes.csv"):
        size = monetary_unit_sample_size(row["tolerable_share"], 0, 1 - Decimal(row["confidence"]))
        assert size == int(row["recomputed"]), row
    for row in table(golden, "smash21_sample_sizes.csv"):
        size = monetary_unit_sample_size(row["tolerable_share"], row["expected_share"], "0.05")
        assert size == int(row["recomputed"]), row


@pytest.mark.golden
def test_reliability_factors(golden: Path) -> None:
    """A thousand units of one yuan, wholly wrong ones among them: the Poisson bound is the factor itself."""
    for row in table(golden, "mus_confidence_factors.csv"):
        risk, errors = row["risk_of_incorrect_acceptance"], int(row["overstatements"])
        factor = monetary_unit_upper_bound(1000, [1] * errors, 1000, risk, "stringer-poisson")
        assert factor == pytest.approx(float(row["factor_recomputed"]), abs=1e-6), row
        if (risk, errors) != ("0.37", 2):  # printed there: a copy of the column of 35 %
            assert factor == pytest.approx(float(row["factor_printed"]), abs=0.01), row


@pytest.mark.golden
def test_sizes_of_small_populations(golden: Path) -> None:
    for row in table(golden, "hypergeometric_sample_sizes.csv"):
        risk = 1 - Decimal(row["confidence"])
        plan = attribute_sample_size(
            row["tolerable_rate"], row["expected_errors"], risk, int(row["population"])
        )
        assert plan == (int(row["sample_size"]), 0), row


@pytest.mark.golden
def test_plans_limits_and_draws_of_the_textbook(golden: Path) -> None:
    book = document(golden, "touw_hoogduin.json")
    for case in book["hypergeometric_plans"] + book["binomial_plans"]:
        items = case.get("population")
        tolerable = case["tolerable"] if items is None else Fraction(case["tolerable_errors"], items)
        allowed = Fraction(case["allowed_errors"], case["n"])
        plan = attribute_sample_size(tolerable, allowed, 1 - Decimal(case["confidence"]), items)
        assert plan == (case["n"], case["allowed_errors"]), case
    for case in book["hypergeometric_upper_limits"]:
        limit = attribute_upper_limit(
            case["n"], case["errors"], 1 - Decimal(case["confidence"]), case["population"]
        )
        assert limit == pytest.approx(float(case["upper_limit"]), abs=1e-4)
    items, units = book["selection"]
    letters = "ABCDEFGHIJ"
    drawn = interval_selection([1] * len(items["values"]), items["size"], "1.2")
    assert [letters[i] for i in drawn] == items["selected"]
    drawn = interval_selection(units["values"], units["size"], 2)
    assert [letters[i] for i in drawn] == units["selected"]


@pytest.mark.golden
def test_stringer_bounds(golden: Path) -> None:
    methods = {"stringer": "stringer", "poisson": "stringer-poisson"}
    for case in document(golden, "stringer_bounds.json")["cases"]:
        if "taints" not in case:
            for method, name in (("stringer", "binomial"), ("stringer-poisson", "poisson")):
                bound = monetary_unit_upper_bound(1, [1] * case["errors"], case["n"], "0.05", method)  # type: ignore[arg-type]
                assert bound == pytest.approx(float(case[f"upper_bound_recomputed_{name}"]), abs=1e-6)
            continue
        wanted = float(case.get("upper_bound") or case["upper_bound_recomputed"])
        method = methods.get(case["method"], "stringer-lta")
        bound = monetary_unit_upper_bound(1, case["taints"], case["n"], "0.05", method)  # type: ignore[arg-type]
        assert bound == pytest.approx(wanted, abs=1e-6), case["id"]


@pytest.mark.golden
def test_basic_precision_is_the_interval_times_a_factor_that_practice_rounds_up(golden: Path) -> None:
    case = document(golden, "mus_interval_example.json")
    bound = monetary_unit_upper_bound(2_500_000, [], 93, "0.05", "stringer-poisson")
    interval = 2_500_000 / 93
    assert interval == pytest.approx(float(case["recomputed"]["interval"]), abs=0.01)
    factor = Decimal(bound / interval).quantize(Decimal("0.01"), ROUND_CEILING)
    assert float(factor) * round(interval) == pytest.approx(float(case["recomputed"]["basic"]), abs=1)


@pytest.mark.golden
def test_darwins_maize(golden: Path) -> None:
    case = document(golden, "permutation_darwin_maize.json")
    differences = case["differences_eighths_of_inch"]
    found = permutation_test(differences, [0] * len(differences), paired=True)
    assert found.statistic * len(differences) == pytest.approx(case["sum"])
    assert found.p_one_sided == case["as_large_or_larger"] / case["sign_assignments"]
    assert found.p_value == float(case["p_two_sided"])
    assert permutation_test(differences, [0.0] * 15, True)[1:] == found[1:]


@pytest.mark.golden
def test_first_digits_of_a_published_report(golden: Path) -> None:
    case = document(golden, "benford_first_digit.json")
    amounts = [d * 10**e for d, n in enumerate(case["observed_first_digit"], 1) for e in range(n)]
    exponents = [a if i % 2 else -a for i, a in enumerate(amounts)]
    found = first_digit_test(np.array([*exponents, 0], object))
    assert found.counts.tolist() == case["observed_first_digit"]
    assert found.chi_square == pytest.approx(float(case["chi_square"]), abs=1e-9)
    assert found.p_value == pytest.approx(float(case["p_value"]), abs=1e-9)
    assert found.expected / case["n"] == pytest.approx(
        [float(p) for p in case["expected_probabilities"]], abs=1e-9
    )


@pytest.mark.golden
def test_allocations_among_strata(golden: Path) -> None:
    """Whole numbers next to the published ones, which are not rounded, within the bounds and with the whole sum."""
    for case in document(golden, "stratified_allocation.json"):
        bounds = {
            "least": case["m"],
            "most": case["M"] and [case["n"] if m is None else m for m in case["M"]],
        }
        found = allocation(case["n"], case["A"], **bounds)
        assert found.sum() == case["n"]
        assert np.abs(found - np.array(case["x"], float)).max() < 1, case


# -- small figures, typed in ------------------------------------------------------------------------------------------


def test_sizes_are_computed_in_decimals() -> None:
    """400 items at 3.5 % are 14 deviations; in binary floats 0.035 × 400 is more than 14, and the plan another."""
    assert 0.035 * 400 > 14
    tolerable = just_above_the_limit(400, 14)
    assert attribute_sample_size(tolerable, "0.035", "0.05") == (400, 14)
    assert attribute_sample_size(tolerable, Decimal("0.035"), Fraction(1, 20)) == (400, 14)
    assert attribute_sample_size(tolerable, Fraction(0.035), "0.05").size > 400, (
        "the float itself is a little more"
    )


def just_above_the_limit(size: int, deviations: int) -> Decimal:
    """A rate a little above the limit of so many deviations: they are a plan for it, and one item less is not."""
    limit = Decimal(attribute_upper_limit(size, deviations, "0.05"))
    return (limit + Decimal("1e-9")).quantize(Decimal("1e-12"), ROUND_CEILING)


def test_what_is_no_decimal_is_refused() -> None:
    for wrong in (0.05, np.float64(0.05), np.float32(0.5), float("nan"), "nan", "", None, True, "5%"):
        for call in (
            lambda x: attribute_sample_size(x, 0, "0.05"),
            lambda x: attribute_sample_size("0.05", "0.01", x),
            lambda x: monetary_unit_sample_size("0.05", x, "0.05"),
            lambda x: monetary_unit_upper_bound(x, [], 60, "0.05"),
            lambda x: monetary_unit_upper_bound(1, [x], 60, "0.05"),
        ):
            with pytest.raises(ValuationError):
                call(wrong)


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("0.05", "0.05", "0.05"), "expected"),
        (("0.05", "0.0499999", "0.05"), "expected"),
        (("0", "0", "0.05"), "tolerable"),
        (("1.1", "0", "0.05"), "tolerable"),
        (("0.05", "0", "0"), "risk"),
        (("0.05", "0", "1"), "risk"),
        (("0.05", "0.04", "0.05", 20), "expected"),
        (("0.05", "0.01", "0.05", 0), "population"),
        (("0.05", "0.01", "0.05", 100.0), "population"),
    ],
)
def test_plans_that_cannot_be(arguments: tuple[Any, ...], named: str) -> None:
    with pytest.raises(ValuationError) as error:
        attribute_sample_size(*arguments)
    assert error.value.argument == named


# -- a second computation ---------------------------------------------------------------------------------------------


def below(n: int, k: int, p: Fraction) -> Fraction:
    return sum((math.comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(k + 1)), Fraction())


def below_drawn(items: int, bad: int, n: int, k: int) -> Fraction:
    ways = sum(math.comb(bad, i) * math.comb(items - bad, n - i) for i in range(k + 1) if i <= n)
    return Fraction(ways, math.comb(items, n))


@settings(max_examples=25)
@given(st.integers(8, 50), st.integers(0, 30), st.sampled_from(["0.05", "0.1", "0.37", "0.5"]))
def test_plans_are_the_first_that_hold_of_all(tolerable: int, expected: int, risk: str) -> None:
    p, e = Fraction(tolerable, 100), Fraction(expected, 100) * Fraction(tolerable, 100)
    wanted = next(n for n in range(1, 5000) if below(n, math.ceil(n * e), p) <= Fraction(risk))
    assert attribute_sample_size(p, e, risk) == (wanted, math.ceil(wanted * e))


@settings(max_examples=25)
@given(st.integers(1, 60), st.integers(5, 60), st.integers(0, 80), st.sampled_from(["0.05", "0.1", "0.5"]))
def test_plans_for_populations_are_the_first_that_hold(
    items: int, tolerable: int, part: int, risk: str
) -> None:
    p = Fraction(tolerable, 100)
    e = p * Fraction(part, 100)
    bad = math.ceil(items * p)
    if math.ceil(items * e) >= bad:
        with pytest.raises(ValuationError):
            attribute_sample_size(p, e, risk, items)
        return
    sizes = (n for n in range(1, items + 1) if below_drawn(items, bad, n, math.ceil(n * e)) <= Fraction(risk))
    wanted = next(sizes)
    assert attribute_sample_size(p, e, risk, items) == (wanted, math.ceil(wanted * e))


@settings(max_examples=25)
@given(st.data())
def test_limits_of_populations_are_the_largest_not_rejected(data: st.DataObject) -> None:
    items = data.draw(st.integers(1, 60))
    n = data.draw(st.integers(1, items))
    k = data.draw(st.integers(0, n))
    open_ = [b for b in range(k, items - n + k + 1) if below_drawn(items, b, n, k) > Fraction(1, 20)]
    assert attribute_upper_limit(n, k, "0.05", items) == pytest.approx(max(open_) / items)


def test_a_tie_with_the_risk_is_no_more_than_the_risk() -> None:
    """P(X = 0) = 1/9 and 1/3 to the last digit: no number of digits could tell."""
    assert attribute_sample_size("2/3", 0, "1/9") == (2, 0)
    assert attribute_sample_size("2/3", 0, "1/3") == (1, 0)
    assert attribute_sample_size("2/3", 0, Fraction(1, 9) - Fraction(1, 10**30)) == (3, 0)
    assert attribute_sample_size("1/3", 0, "1/3", 3) == (2, 0)


def test_tails_to_forty_digits() -> None:
    with tail_laws.decimals():
        for n in (1, 2, 39, 40, 170):
            assert abs(tail_laws.log_gamma(Decimal(n)) - Decimal(math.factorial(n - 1)).ln()) < Decimal(
                "1e-48"
            )
        p = Decimal("0.07")
        exact = below(300, 30, Fraction("0.07"))
        found = tail_laws.binomial_below(300, 30, p)
        assert abs(found / tail_laws.decimal(exact) - 1) < Decimal("1e-45")
        for k, x in ((0, "0.1"), (3, "2.5"), (40, "20"), (40, "70"), (900, "1000")):
            one = tail_laws.poisson_below(k, Decimal(x))
            other = tail_laws.gamma_above(Decimal(k + 1), Decimal(x))
            assert abs(one - other) < Decimal("1e-45") * max(one, Decimal("1e-5")), (k, x)


@settings(max_examples=30)
@given(st.integers(1, 120), st.data())
def test_limits_solve_their_equation_and_are_not_below(n: int, data: st.DataObject) -> None:
    k = data.draw(st.integers(0, n - 1))
    limit = Fraction(attribute_upper_limit(n, k, "0.05"))
    assert below(n, k, limit) <= Fraction(1, 20)
    assert below(n, k, limit * (1 - Fraction(1, 10**14))) > Fraction(1, 20)


def test_bounds_of_taints() -> None:
    limits = [attribute_upper_limit(80, j, "0.1") for j in range(4)]
    taints = ["0.2", 1, "1.7", "-0.4"]  # 1.7 counts whole, the understatement is left out
    share = limits[0] + (limits[1] - limits[0]) + (limits[2] - limits[1]) + (limits[3] - limits[2]) * 0.2
    assert monetary_unit_upper_bound(10**12, taints, 80, "0.1") == pytest.approx(share * 10**12)
    less = monetary_unit_upper_bound(10**12, taints, 80, "0.1", "stringer-lta")
    assert less == pytest.approx((share - 0.4 / 80) * 10**12)
    assert monetary_unit_upper_bound(1, taints, 80, "0.1", "exact") == limits[3]
    assert monetary_unit_upper_bound(5, [1] * 80, 80, "0.1") == 5
    assert monetary_unit_upper_bound(1, ["-1"] * 80, 80, "0.1", "stringer-lta") == 0
    many = [
        "0.07",
        "0.79",
        "0.41",
        "0.7",
        "0.6",
        "0.73",
        "0.4",
        "0.65",
        "0.57",
        "0.79",
    ]  # the eleventh factor is above 20
    poisson = monetary_unit_upper_bound(10**6, many, 20, "0.01", "stringer-poisson")
    assert poisson == pytest.approx(689_407.3571802792)  # factors: quantiles of gamma laws by scipy 1.17
    assert monetary_unit_upper_bound(10**6, [1] * 20, 20, "0.01", "stringer-poisson") == 10**6
    with pytest.raises(ValuationError):
        monetary_unit_upper_bound(1, [1] * 81, 80, "0.1")
    with pytest.raises(ValuationError):
        monetary_unit_upper_bound(1, [], 80, "0.1", "poisson")  # type: ignore[arg-type]


# -- permutations -----------------------------------------------------------------------------------------------------


@settings(max_examples=20)
@given(
    st.lists(st.integers(-3, 3), min_size=1, max_size=4),
    st.lists(st.integers(-3, 3), min_size=1, max_size=4),
    st.data(),
)
def test_all_arrangements_are_counted_once(a: list[int], b: list[int], data: st.DataObject) -> None:
    size = len(a) + len(b)
    groups = data.draw(st.none() | st.lists(st.integers(0, 2), min_size=size, max_size=size))
    values, labels = [*a, *b], groups or [0] * size
    seen, above, under, number = sum(a), 0, 0, 0
    need = sorted(labels[: len(a)])
    for chosen in itertools.combinations(range(size), len(a)):
        if sorted(labels[i] for i in chosen) == need:
            total = sum(values[i] for i in chosen)
            number, above, under = number + 1, above + (total >= seen), under + (total <= seen)
    found = permutation_test(a, b, groups=groups)
    assert found.p_one_sided == pytest.approx(above / number)
    assert found.p_value == pytest.approx(min(1, 2 * min(above, under) / number))
    assert found.statistic == pytest.approx(np.mean(a) - np.mean(b))


def test_values_that_are_equal_as_decimals_are_ties() -> None:
    """0.1 + 0.2 against 0.3: as floats the two arrangements would differ."""
    assert permutation_test([0.1, 0.2], [0.3, 0.0]).p_one_sided == pytest.approx(4 / 6)
    assert permutation_test([0.1, 0.2], [0.3, 0.0]) == permutation_test(["0.1", "0.2"], ["0.3", "0"])


def test_random_arrangements_agree_with_all_and_repeat() -> None:
    values = np.random.default_rng(5).normal(size=40).round(3)
    a, b = values[:9] + 0.5, values[9:]  # 273 million arrangements
    found = permutation_test(a, b, draws=20_000)
    assert found == permutation_test(a, b, draws=20_000, seed=0)
    other = permutation_test(a, b, draws=20_000, seed=1)
    assert found != other
    assert found.p_one_sided == pytest.approx(
        other.p_one_sided, abs=5 * math.sqrt(found.p_one_sided / 20_000)
    )
    assert (found.p_one_sided * 20_001) == pytest.approx(round(found.p_one_sided * 20_001))
    far = permutation_test(np.arange(30) + 1000, np.arange(30), draws=999)
    assert far.p_one_sided == 1 / 1000
    assert far.p_value == 2 / 1000
    pairs = permutation_test(np.arange(25) + 1, np.zeros(25, int), paired=True, draws=999)
    assert pairs.p_one_sided == 1 / 1000
    grouped = permutation_test(np.arange(30), np.arange(30), groups=np.arange(60) % 30, draws=999)
    assert grouped.p_value == 1.0


def test_random_arrangements_are_even() -> None:
    """The law of the number of a's own values that stay with a is hypergeometric."""
    a, b = [1] * 20, [0] * 20
    found = permutation_test(a[:14] + b[:6], a[:6] + b[:14], draws=50_000, seed=3)
    exact = 1 - float(below_drawn(40, 20, 20, 13))
    assert found.p_one_sided == pytest.approx(exact, abs=5 * math.sqrt(exact / 50_000))


# -- digits, selection ------------------------------------------------------------------------------------------------


def test_first_digits_of_any_number() -> None:
    amounts: list[Any] = ["0.00123", "9.99e5", 7, "1/8", -34, "0.999", 0, Decimal("80"), Fraction(5, 6), 0.3]
    found = first_digit_test(amounts)  # type: ignore[arg-type]
    assert found.counts.tolist() == [2, 0, 2, 0, 0, 0, 1, 2, 2]
    assert found.expected.sum() == pytest.approx(9)
    assert math.isnan(first_digit_test([0, 0]).p_value)
    assert first_digit_test(np.array([10**18, 2 * 10**17])).counts.tolist() == [1, 1, 0, 0, 0, 0, 0, 0, 0]
    with pytest.raises(ValuationError):
        first_digit_test([1.0, math.nan])


@settings(max_examples=30)
@given(
    st.lists(st.integers(0, 10**12), min_size=1, max_size=30), st.integers(1, 40), st.integers(0, 2**63 - 1)
)
def test_each_interval_gives_one_unit(values: list[int], size: int, seed: int) -> None:
    if sum(values) == 0:
        with pytest.raises(ValuationError):
            monetary_unit_selection(values, size, seed)
        return
    drawn = monetary_unit_selection(values, size, seed)
    assert drawn.tolist() == sorted(drawn.tolist())
    assert len(drawn) == size
    for item, value in enumerate(values):
        hits, exact = int((drawn == item).sum()), Fraction(value * size, sum(values))
        assert math.floor(exact) <= hits <= math.ceil(exact)
    assert drawn.tolist() == monetary_unit_selection(np.array(values), size, seed).tolist()


def test_the_chance_of_an_item_is_its_share() -> None:
    hits = np.zeros(4)
    for seed in range(2000):
        np.add.at(hits, monetary_unit_selection([10, 20, 30, 40], 1, seed), 1)
    assert np.abs(hits / 2000 - [0.1, 0.2, 0.3, 0.4]).max() < 0.05


def test_items_are_drawn_evenly_without_repetition_within_strata() -> None:
    strata = [0] * 5 + [1] * 3 + [0] * 5
    hits = np.zeros(13)
    for seed in range(1500):
        drawn = attribute_selection(strata, [4, 1], seed)
        assert len(set(drawn.tolist())) == 5
        assert sum(strata[i] for i in drawn) == 1
        hits[drawn] += 1
    assert np.abs(hits / 1500 - np.where(strata, 1 / 3, 0.4)).max() < 0.07
    assert attribute_selection([0] * 9, [9], 1).tolist() == list(range(9))
    early = set(attribute_selection([0] * 9, [3], 8).tolist())
    assert set(attribute_selection([0] * 10, [3], 8).tolist()) - {9} <= early, (
        "an item at the end moves no other in"
    )
    with pytest.raises(ValuationError):
        attribute_selection(strata, [4, 4], 1)


def test_draws_are_the_same_on_every_machine() -> None:
    """Written down once: what a report cites must come again."""
    assert attribute_selection([0] * 100, [6], 20261130).tolist() == [15, 29, 58, 67, 85, 95]
    assert monetary_unit_selection(list(range(1, 101)), 6, 20261130).tolist() == [18, 44, 60, 73, 83, 93]
