"""Management fees: published yearly tables, days, periods, grades and advances."""

from __future__ import annotations

import calendar
import datetime as dt
import json
from fractions import Fraction
from math import floor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from valuation.fees import (
    ACTUAL,
    FULL_PERIOD,
    Balance,
    FeeMeasure,
    FeeStep,
    FeeTerms,
    Period,
    fee_advances,
    graded_fee,
    management_fees,
)
from valuation.refusals import ValuationError

MILLION = 100_000_000  # fen
BASES = {"committed": FeeMeasure.COMMITMENT, "called": FeeMeasure.PAID_IN}


def flat(amount, basis=FeeMeasure.PAID_IN):
    return {basis: Balance([0], [amount])}


def one_step(rate, basis=FeeMeasure.PAID_IN, ends=100_000, day_count="ACT/365F"):
    return FeeTerms((FeeStep(0, Period.INVESTMENT, basis, rate),), ends, day_count)


# ---------------------------------------------------------------- published cases


@pytest.mark.golden
def test_published_yearly_fees(golden):
    """FEE-001, 003, 005, 007, 009: full years on commitments or called capital, with a step-down."""
    found = json.loads((golden / "lp_metrics" / "peer_management_fees.json").read_text(encoding="utf-8"))[
        "cases"
    ]
    assert len(found) == 5
    for case in found:
        given_, out = case["input"], case["expectedOutput"]
        basis, years = BASES[given_["basis"]], given_["fundTerm"]
        steps = [FeeStep(0, Period.INVESTMENT, basis, f"{given_['feeRate'] / 100:.6f}")]
        if "stepDown" in given_:
            after = given_["stepDown"]
            steps.append(
                FeeStep(365 * after["afterYear"], Period.EXIT, basis, f"{after['newRate'] / 100:.6f}")
            )
        levels = given_.get("calledCapitalSchedule", [given_["fundSize"]])
        balance = Balance([365 * i for i in range(len(levels))], [x * MILLION for x in levels])
        bounds = [365 * i for i in range(years + 1)]
        for day_count in (FULL_PERIOD, "ACT/365F"):
            result = management_fees(FeeTerms(tuple(steps), bounds[-1], day_count), {basis: balance}, bounds)
            assert (result.fees / MILLION).tolist() == pytest.approx(out["yearlyFees"], abs=case["tolerance"])
            assert result.fees.sum() / MILLION == pytest.approx(out["totalFees"], abs=case["tolerance"])
            assert result.fees.mean() / MILLION == pytest.approx(
                out["averageAnnualFee"], abs=case["tolerance"]
            )


@pytest.mark.golden
def test_published_fees_on_paid_in(golden):
    """cfa_style_six_years_a: 2 % of what is paid in at the end of each year."""
    listed = json.loads((golden / "waterfall" / "waterfall_cases.json").read_text(encoding="utf-8"))["cases"]
    (case,) = (c for c in listed if c["id"] == "cfa_style_six_years_a")
    table = case["table"]
    paid_in = Balance.of_flows([365 * i for i in range(6)], [row["called"] * MILLION for row in table])
    terms = one_step(case["inputs"]["management_fee_on_paid_in"], day_count=FULL_PERIOD)
    fees = management_fees(terms, {FeeMeasure.PAID_IN: paid_in}, [365 * i for i in range(7)]).fees
    assert (fees / MILLION).tolist() == [row["management_fee"] for row in table]
    assert paid_in.fen.tolist() == [row["paid_in"] * MILLION for row in table]


# ---------------------------------------------------------------- days and periods


def test_a_balance_counts_from_the_day_it_changes():
    balance = {FeeMeasure.PAID_IN: Balance.of_flows([0, 100, 100], [MILLION, MILLION, MILLION])}
    result = management_fees(one_step("0.015"), balance, [0, 365])
    assert int(result.fees[0]) == 15 * MILLION * (100 + 3 * 265) // 365_000
    assert [(x.from_day, x.to_day, x.balance) for x in result.lines] == [
        (0, 100, MILLION),
        (100, 365, 3 * MILLION),
    ]


def test_the_rate_steps_down_and_stops_in_the_extension():
    """GF-42: 1.5 % of paid-in, then 1.5 % of unrealised cost, nothing in extension."""
    terms = FeeTerms(
        (
            FeeStep(0, "investment", "paid_in", "0.015"),
            FeeStep(1825, "exit", "invested", "0.015"),
            FeeStep(2920, "extension", "invested", 0),
        ),
        3650,
    )
    balances = {
        FeeMeasure.PAID_IN: Balance([0], [10 * MILLION]),
        FeeMeasure.INVESTED: Balance([0, 2190], [8 * MILLION, 0]),
    }
    bounds = [365 * i for i in range(12)]
    fees = management_fees(terms, balances, bounds).fees.tolist()
    assert fees == [15_000_000] * 5 + [12_000_000] + [0] * 5


def test_nothing_before_the_first_step_and_after_the_end():
    terms = FeeTerms((FeeStep(100, "investment", "paid_in", "0.02"),), 200)
    lines = management_fees(terms, flat(MILLION), [0, 365]).lines
    assert [(x.from_day, x.to_day) for x in lines] == [(100, 200)]


@given(
    st.lists(
        st.tuples(st.integers(0, 4000), st.integers(0, 10**13)),
        min_size=1,
        max_size=5,
        unique_by=lambda x: x[0],
    ),
    st.lists(st.integers(0, 4000), min_size=2, max_size=9, unique=True).map(sorted),
    st.integers(0, 500).map(lambda x: Fraction(x, 10_000)),
)
def test_billing_in_parts_costs_the_same(levels, bounds, rate):
    levels.sort()
    balances = {FeeMeasure.PAID_IN: Balance([d for d, _ in levels], [x for _, x in levels])}
    terms = one_step(rate, ends=3000)
    parts = management_fees(terms, balances, bounds)
    whole = management_fees(terms, balances, [bounds[0], bounds[-1]])
    assert int(parts.fees.sum()) == int(whole.fees[0])
    assert int(parts.fees.min()) >= 0
    exact = sum(line.fee for line in parts.lines)
    assert 0 <= exact - int(parts.fees.sum()) < 1


def test_other_years():
    assert (
        management_fees(one_step("0.02", day_count="ACT/360"), flat(MILLION), [0, 360]).fees[0] == 2_000_000
    )
    full = management_fees(one_step("0.02", day_count=FULL_PERIOD), flat(MILLION), [0, 366, 731])
    assert full.fees.tolist() == [2_000_000, 2_000_000]


def test_a_balance_is_the_running_sum_of_its_flows():
    balance = Balance.of_flows([5, 5, 9], [10, -10, 3])
    assert (balance.on(4), balance.on(5), balance.on(8), balance.on(9)) == (0, 0, 0, 3)
    assert Balance.of_flows([], []).on(0) == 0
    with pytest.raises(ValuationError) as refused:
        Balance.of_flows([5, 6, 6], [10, -20, 5])
    assert (refused.value.argument, refused.value.index) == ("flows", 2)


# ---------------------------------------------------------------- grade and advances


def test_part_of_the_fee_waits_for_the_grade():
    factors = {"excellent": 1, "good": 1, "medium": "0.5", "poor": 0}
    waiting = graded_fee(1_000_003, "0.2", factors, None)
    assert (waiting.base, waiting.held, waiting.payable) == (800_002, 200_001, 800_002)
    assert waiting.released is None
    assert waiting.forfeited is None
    medium = graded_fee(1_000_003, "0.2", factors, "medium")
    assert (medium.released, medium.forfeited, medium.payable) == (100_000, 100_001, 900_002)
    assert graded_fee(1_000_003, "0.2", factors, "good").payable == 1_000_003
    assert graded_fee(1_000_003, "0.2", factors, "poor").payable == 800_002


def test_principal_advances_fees_and_is_made_whole():
    result = fee_advances([100, 100, 100, 0], [30, 150, 0, 500])
    assert result.advanced.tolist() == [70, 0, 100, 0]
    assert result.repaid.tolist() == [0, 50, 0, 120]
    assert result.balance.tolist() == [70, 20, 120, 0]
    assert result.income_left.tolist() == [0, 0, 0, 380]


@given(st.lists(st.tuples(st.integers(0, 10**9), st.integers(0, 10**9)), max_size=8))
def test_advances_are_conserved(rows):
    fees, income = [f for f, _ in rows], [i for _, i in rows]
    result = fee_advances(fees, income)
    used = np.array(income, dtype=np.int64) - result.income_left
    assert (used + result.advanced).tolist() == (np.array(fees, dtype=np.int64) + result.repaid).tolist()
    assert np.cumsum(result.advanced - result.repaid).tolist() == result.balance.tolist()
    assert all(x >= 0 for x in result.balance.tolist())


# ---------------------------------------------------------------- wrong input

STEP = FeeStep(0, "investment", "paid_in", "0.02")


@pytest.mark.parametrize(
    ("call", "argument", "index"),
    [
        (lambda: FeeStep(0.5, "investment", "paid_in", "0.02"), "from_day", None),
        (lambda: FeeStep(0, "holiday", "paid_in", "0.02"), "period", None),
        (lambda: FeeStep(0, "exit", "turnover", "0.02"), "basis", None),
        (lambda: FeeStep(0, "exit", "paid_in", "-0.02"), "rate", None),
        (lambda: FeeStep(0, "exit", "paid_in", 2), "rate", None),
        (lambda: FeeTerms((), 5), "steps", None),
        (lambda: FeeTerms((STEP, STEP), 5), "steps", 1),
        (lambda: FeeTerms((STEP,), 0), "ends", None),
        (lambda: FeeTerms((STEP,), 5, "30/360"), "day_count", None),
        (lambda: Balance([0, 0], [1, 1]), "days", 1),
        (lambda: Balance([0], [-1]), "fen", 0),
        (lambda: Balance([0], [1, 2]), "fen", None),
        (lambda: Balance([0], [1.5]), "fen", None),
        (lambda: Balance.of_flows([0], [1, 2]), "flows", None),
        (lambda: management_fees(one_step("0.02"), {}, [0, 1]), "balances", None),
        (lambda: management_fees(one_step("0.02"), flat(1), [0]), "bounds", None),
        (lambda: management_fees(one_step("0.02"), flat(1), [1, 0]), "bounds", 1),
        (lambda: graded_fee(-1, "0.2", {}, None), "fee", None),
        (lambda: graded_fee(1, "1.2", {}, None), "held", None),
        (lambda: graded_fee(1, "0.2", {"good": 2}, "good"), "factors", None),
        (lambda: graded_fee(1, "0.2", {"good": 1}, "fair"), "grade", None),
        (lambda: fee_advances([1], [1, 2]), "income", None),
        (lambda: fee_advances([-1], [1]), "fees", 0),
        (lambda: fee_advances([1], [float("nan")]), "income", None),
    ],
)
def test_wrong_input_is_refused(call, argument, index):
    with pytest.raises(ValuationError) as refused:
        call()
    assert refused.value.argument == argument
    assert refused.value.index == index


# ---------------------------------------------------------------- day counts


def test_a_day_of_a_leap_year_is_shorter_under_actual_actual():
    """Every day by itself: 1/366 of a year in 2024, 1/365 in 2023 and 2025."""
    first, last = dt.date(2023, 11, 20), dt.date(2025, 2, 10)
    terms = FeeTerms((FeeStep(first, Period.INVESTMENT, FeeMeasure.COMMITMENT, "0.02"),), last, ACTUAL)
    found = management_fees(terms, {FeeMeasure.COMMITMENT: Balance([first], [MILLION])}, [first, last])
    each = (first + dt.timedelta(days=n) for n in range((last - first).days))
    exact = sum(Fraction(2 * MILLION, 100 * (366 if calendar.isleap(d.year) else 365)) for d in each)
    assert found.fees.tolist() == [floor(exact)]
    assert sum(line.fee for line in found.lines) == exact


def test_full_periods_cost_the_same_whatever_their_length():
    quarters = [
        dt.date(2024, 1, 1),
        dt.date(2024, 4, 1),
        dt.date(2024, 7, 1),
        dt.date(2024, 10, 1),
        dt.date(2025, 1, 1),
    ]
    step = FeeStep(quarters[0], Period.INVESTMENT, FeeMeasure.COMMITMENT, "0.02")
    terms = FeeTerms((step,), quarters[-1], FULL_PERIOD, 4)
    found = management_fees(terms, {FeeMeasure.COMMITMENT: Balance([quarters[0]], [MILLION])}, quarters)
    assert found.fees.tolist() == [MILLION // 200] * 4
    half = FeeTerms((step,), dt.date(2024, 2, 15), FULL_PERIOD, 4)  # 45 of the 91 days of the quarter
    found = management_fees(half, {FeeMeasure.COMMITMENT: Balance([quarters[0]], [MILLION])}, quarters)
    assert found.fees.tolist() == [floor(Fraction(MILLION, 200) * 45 / 91), 0, 0, 0]
