"""Accounts of a hurdle return."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from valuation.hurdle import FACTOR_BITS, factor, open_account
from valuation.refusals import ValuationError
from valuation.terms import Accrual, Hurdle

MILLION = 100_000_000  # fen


def ints(*values):
    return np.array(values, dtype=np.int64)


def accrued(hurdle, capital, *days):
    """What is due on one holder's capital after looking on each of the days."""
    account = open_account(hurdle, 1)
    account.accrue(0, ints(0), 0)
    account.called(ints(capital))
    account.settle()
    for day in days:
        account.accrue(day, ints(capital), capital)
    return int(account.due[0])


@pytest.mark.parametrize(
    ("hurdle", "days", "due"),
    [
        (Hurdle("0.08"), 365, 8_000_000),
        (Hurdle("0.08"), 730, 16_000_000),
        (Hurdle("0.08"), 1, MILLION * 8 // 36500),
        (Hurdle("0.08", day_count="ACT/360"), 360, 8_000_000),
        (Hurdle("0.08", day_count="ACT/365.25"), 1461, 32_000_000),
        (Hurdle("0.08", Accrual.COMPOUND), 365, 8_000_000),  # exactly whole: not one fen below
        (Hurdle("0.08", Accrual.COMPOUND), 730, 16_640_000),
        (Hurdle("0.21", Accrual.COMPOUND, "ACT/360"), 180, 10_000_000),  # sqrt(1.21) = 1.1
        (Hurdle("0.5", Accrual.FLAT), 5, 50_000_000),
        (Hurdle(0), 365, 0),
        (Hurdle(0, Accrual.COMPOUND), 365, 0),
    ],
)
def test_returns_of_a_million(hurdle, days, due):
    assert accrued(hurdle, MILLION, days) == due


@pytest.mark.parametrize("accrual", [Accrual.SIMPLE, Accrual.COMPOUND])
@given(
    rate=st.integers(0, 5000).map(lambda x: Fraction(x, 10_000)),
    capital=st.integers(0, 10**13),
    days=st.lists(st.integers(1, 6000), min_size=1, max_size=6, unique=True).map(sorted),
)
def test_looking_on_the_way_changes_nothing(accrual, rate, capital, days):
    hurdle = Hurdle(rate, accrual)
    assert accrued(hurdle, capital, *days) == accrued(hurdle, capital, days[-1])


@given(
    rate=st.integers(1, 5000).map(lambda x: Fraction(x, 10_000)),
    capital=st.integers(1, 10**13),
    days=st.lists(st.integers(1, 6000), min_size=2, max_size=6, unique=True).map(sorted),
)
def test_flooring_at_each_event_loses_less_than_a_fen_an_event(rate, capital, days):
    exact = accrued(Hurdle(rate), capital, days[-1])
    floored = accrued(Hurdle(rate, floor_each_event=True), capital, *days)
    assert 0 <= exact - floored <= len(days) - 1


def test_compound_return_floored_at_each_event():
    hurdle = Hurdle("0.08", Accrual.COMPOUND, floor_each_event=True)
    first = accrued(hurdle, 1_000, 30)
    again = (1_000 + first) * 1.08 ** (335 / 365) - 1_000
    assert accrued(hurdle, 1_000, 30, 365) == int(again) == 79
    assert accrued(Hurdle("0.08", Accrual.COMPOUND), 1_000, 30, 365) == 80


@pytest.mark.parametrize("accrual", list(Accrual))
def test_paying_what_is_due_leaves_nothing(accrual):
    account = open_account(Hurdle("0.0765", accrual), 3)
    capital = ints(1_000_003, 2_000_005, 7)
    account.accrue(100, ints(0, 0, 0), 0)
    account.called(capital)
    account.settle()
    account.accrue(777, capital, int(capital.sum()))
    assert account.total == int(account.due.sum()) > 0
    account.paid(account.due.copy(), account.total)
    account.settle()
    assert account.due.tolist() == [0, 0, 0]
    account.accrue(777, capital, int(capital.sum()))
    assert account.total == 0


def test_the_kernel_accrues_as_python_does():
    g = np.random.Generator(np.random.PCG64(3))
    capital = np.round(10 ** g.uniform(0, 12, 400)).astype(np.int64)
    many = open_account(Hurdle("0.0765"), 400)
    alone = [open_account(Hurdle("0.0765"), 1) for _ in range(400)]
    for day in (0, 17, 18, 400, 3000):
        many.accrue(day, capital, int(capital.sum()))
        for one, amount in zip(alone, capital, strict=True):
            one.accrue(day, ints(amount), int(amount))
    assert many.due.tolist() == [int(one.due[0]) for one in alone]
    assert many.total == sum(one.total for one in alone)


def test_the_kernel_gives_whole_fen_where_the_return_is_whole():
    """5 % of multiples of 7,300 fen: the float quotient falls a hair short of a third of them."""
    times = np.arange(1, 5001, dtype=np.int64)
    together = int(times.sum()) * 7300
    for passed in (1, 3, 7, 49, 365):
        account = open_account(Hurdle("0.05"), 5000)
        account.accrue(0, times * 7300, together)
        account.accrue(passed, times * 7300, together)
        assert account.due.tolist() == (times * passed).tolist()


def test_beyond_the_kernel_python_ints_accrue():
    capital = np.full(300, 2**52, np.int64)  # quotient beyond 2**50 after some decades
    account = open_account(Hurdle("0.9999"), 300)
    account.accrue(0, capital, 300 * 2**52)
    account.accrue(20_000, capital, 300 * 2**52)
    assert int(account.due[0]) == 2**52 * 9999 * 20_000 // 3_650_000
    assert account.total == 300 * int(account.due[0])


def test_a_return_beyond_all_reason_is_refused():
    account = open_account(Hurdle(1), 1)
    account.accrue(0, ints(2**61), 2**61)
    with pytest.raises(ValuationError, match=r"2\*\*62"):
        account.accrue(3650, ints(2**61), 2**61)
    with pytest.raises(ValuationError, match="beyond reason"):
        factor(Fraction(1000), 36500, "ACT/365F")


def test_growth_factors():
    assert factor(Fraction(8, 100), 0, "ACT/365F") == 1 << FACTOR_BITS
    grown = Fraction(factor(Fraction(8, 100), 730, "ACT/365F"), 1 << FACTOR_BITS)
    assert abs(grown - Fraction(108, 100) ** 2) < Fraction(1, 2**127)


def test_a_common_hurdle_may_be_overpaid_and_then_stands_below_zero():
    account = open_account(Hurdle("0.1", Accrual.COMPOUND), 1)
    account.accrue(0, ints(0), 0)
    account.called(ints(MILLION))
    account.settle()
    account.accrue(365, ints(MILLION), MILLION)
    account.paid(ints(30_000_000), 30_000_000)
    account.settle()
    assert int(account.due[0]) == -20_000_000
    account.accrue(730, ints(MILLION), MILLION)
    assert int(account.due[0]) == -12_000_000  # (100 - 20) x 1.1 - 100, in million fen
