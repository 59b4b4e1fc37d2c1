"""Buy-out of a guidance fund's stake at a set price."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from valuation.buy_out import BuyOut, BuyOutStep, Price, Right, buy_out_price, common_buy_out, years_on
from valuation.refusals import ValuationError

COMMON = common_buy_out("0.0435")


def day(text):
    return (dt.date.fromisoformat(text) - dt.date(1970, 1, 1)).days


def test_at_cost_within_three_years_the_anniversary_included():
    start = day("2020-03-15")
    on = buy_out_price(COMMON, start, [start], [1_000_000], day("2023-03-15"), market=1_700_000)
    assert (on.price, on.cost, on.interest, on.conceded, on.step) == (1_000_000, 1_000_000, 0, 700_000, 0)


def test_cost_and_loan_interest_up_to_five_years():
    start = day("2020-03-15")
    late = buy_out_price(COMMON, start, [start], [1_000_000], day("2023-03-16"))
    passed = day("2023-03-16") - start
    exact = Fraction(1_000_000 * 435 * passed, 10_000 * 365)
    assert late.step == 1
    assert late.interest == int(exact) + 1  # rounded up
    assert late.price == 1_000_000 + late.interest
    assert late.market is None
    assert late.conceded is None  # not known, which is not nothing


def test_market_value_after_that():
    start = day("2020-03-15")
    sale = buy_out_price(COMMON, start, [start], [1_000_000], day("2025-03-16"), market=2_500_000)
    assert (sale.price, sale.conceded, sale.step) == (2_500_000, 0, 2)
    with pytest.raises(ValuationError, match="needed") as refused:
        buy_out_price(COMMON, start, [start], [1_000_000], day("2025-03-16"))
    assert refused.value.argument == "market"


def test_a_worthless_stake_concedes_nothing():
    assert buy_out_price(COMMON, 0, [0], [100], 10, market=40).conceded == 0


def test_interest_runs_on_what_is_outstanding():
    terms = BuyOut((BuyOutStep(None, Price.COST_PLUS_INTEREST, "0.0365"),))
    price = buy_out_price(terms, 0, [0, 100, 300], [1_000_000, 1_000_000, -500_000], 400)
    assert price.interest == (1_000_000 * 100 + 2_000_000 * 200 + 1_500_000 * 100) // 10_000
    assert price.cost == 1_500_000


def test_interest_may_run_from_an_anniversary_only():
    terms = BuyOut((BuyOutStep(None, Price.COST_PLUS_INTEREST, "0.0365", interest_after=3),))
    start = day("2020-01-01")
    before = buy_out_price(terms, start, [start], [1_000_000], day("2022-12-31"))
    after = buy_out_price(terms, start, [start], [1_000_000], day("2023-01-11"))
    assert before.interest == 0
    assert after.interest == 1_000


@given(
    st.lists(st.tuples(st.integers(0, 1000), st.integers(1, 10**13)), min_size=1, max_size=4).map(sorted),
    st.integers(1000, 5000),
    st.integers(0, 2000).map(lambda x: Fraction(x, 10_000)),
)
def test_the_price_is_never_below_cost_and_rises_with_time(flows, when, rate):
    terms = BuyOut((BuyOutStep(2, Price.COST), BuyOutStep(None, Price.COST_PLUS_INTEREST, rate)))
    days_, amounts = [d for d, _ in flows], [x for _, x in flows]
    price = buy_out_price(terms, 0, days_, amounts, when)
    assert price.price >= price.cost == sum(amounts)
    later = buy_out_price(terms, 0, days_, amounts, when + 1)
    assert later.price >= price.price


def test_years_end_on_the_corresponding_day():
    assert years_on(day("2020-02-29"), 1) == day("2021-02-28")
    assert years_on(day("2020-02-29"), 4) == day("2024-02-29")
    assert years_on(day("2019-12-31"), 3) == day("2022-12-31")


def test_a_duty_to_buy_others_out_is_refused():
    with pytest.raises(ValuationError, match="GF-30") as refused:
        BuyOut(COMMON.steps, right=Right.PUT)
    assert refused.value.argument == "right"


@pytest.mark.parametrize(
    ("write", "argument"),
    [
        (lambda: BuyOut(()), "steps"),
        (lambda: BuyOut((BuyOutStep(3, Price.COST),)), "steps"),
        (
            lambda: BuyOut((BuyOutStep(3, "cost"), BuyOutStep(3, "cost"), BuyOutStep(None, "market"))),
            "steps",
        ),
        (lambda: BuyOut((BuyOutStep(None, "cost"), BuyOutStep(None, "market"))), "steps"),
        (lambda: BuyOut(COMMON.steps, day_count="30/360"), "day_count"),
        (lambda: BuyOut(COMMON.steps, right="swap"), "right"),
        (lambda: BuyOutStep(0, "cost"), "until_years"),
        (lambda: BuyOutStep(1, "free"), "price"),
        (lambda: BuyOutStep(1, "cost", "0.03"), "rate"),
        (lambda: BuyOutStep(1, "cost_plus_interest", "-0.03"), "rate"),
        (lambda: BuyOutStep(1, "cost_plus_interest", "0.03", -1), "interest_after"),
        (lambda: buy_out_price(COMMON, 10, [10], [1], 9), "day"),
        (lambda: buy_out_price(COMMON, 0, [0, 20], [1, 1], 9), "flow_days"),
        (lambda: buy_out_price(COMMON, 0, [0], [1, 2], 9), "flows"),
        (lambda: buy_out_price(COMMON, 0, [0, 1], [1, -2], 9), "flows"),
        (lambda: buy_out_price(COMMON, 0, [0], [1.5], 9), "flows"),
        (lambda: buy_out_price(COMMON, 0, [0], [1], 9, market=-1), "market"),
        (lambda: buy_out_price(COMMON, 0, [0], [1], 9, market=float("nan")), "market"),
        (lambda: buy_out_price(COMMON, 0, [1, 0], [1, 1], 9), "flow_days"),
    ],
)
def test_wrong_input_is_refused(write, argument):
    with pytest.raises(ValuationError) as refused:
        write()
    assert refused.value.argument == argument


def test_an_empty_stake_costs_nothing():
    assert buy_out_price(COMMON, 0, [], [], 5).price == 0
