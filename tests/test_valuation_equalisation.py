"""Later closings: all stand as if they had come in together, and no fen appears or vanishes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from valuation.equalisation import equalise
from valuation.refusals import ValuationError
from valuation.split import split
from valuation.terms import Hurdle, Partners, standard_terms
from valuation.waterfall import whole_fund

MILLION = 100_000_000  # fen


def test_a_later_investor_pays_its_share_and_interest_since_each_call():
    result = equalise(
        [60 * MILLION, 40 * MILLION, 0],
        [60 * MILLION, 40 * MILLION, 100 * MILLION],
        [0, 100],
        [[6 * MILLION, 4 * MILLION, 0], [12 * MILLION, 8 * MILLION, 0]],
        365,
        "0.08",
    )
    assert result.capital.tolist() == [
        [-3 * MILLION, -2 * MILLION, 5 * MILLION],
        [-6 * MILLION, -4 * MILLION, 10 * MILLION],
    ]
    interest = 5 * MILLION * 8 // 100 + 10 * MILLION * 8 * 265 // 36_500
    assert result.interest.tolist() == [-(interest * 60 // 100) - 1, -(interest * 40 // 100), interest]
    assert result.net.tolist() == (result.capital.sum(axis=0) + result.interest).tolist()
    assert result.calls.tolist() == [
        [3 * MILLION, 2 * MILLION, 5 * MILLION],
        [6 * MILLION, 4 * MILLION, 10 * MILLION],
    ]


def test_interest_goes_to_those_who_paid_too_much_for_as_long_as_they_did():
    result = equalise([100, 100, 0], [100, 100, 200], [0, 300], [[80_000, 0, 0], [0, 80_000, 0]], 365, "0.10")
    assert result.capital.tolist() == [[-60_000, 20_000, 40_000], [20_000, -60_000, 40_000]]
    paid = (60_000 * 365 + 60_000 * 65) * 10 // 36_500  # all payers together
    received = [paid * 365 // 430, paid * 65 // 430]
    pays = [20_000 * 65 * 10 // 36_500, 20_000 * 365 * 10 // 36_500]
    assert result.interest[:2].tolist() == pytest.approx(
        [p - r for p, r in zip(pays, received, strict=True)], abs=1
    )
    assert int(result.interest[0]) < 0 < int(result.interest[1]) < int(result.interest[2])


def test_an_investor_that_raises_its_commitment_pays_like_a_new_one():
    result = equalise([100, 100], [300, 100], [0], [[50, 50]], 0, "0.08")
    assert result.capital.tolist() == [[25, -25]]
    assert result.interest.tolist() == [0, 0]


def test_the_same_day_costs_no_interest_and_no_calls_move_nothing():
    none = equalise([100, 0], [100, 50], [], np.empty((0, 2), np.int64), 10, "0.08")
    assert none.net.tolist() == [0, 0]


@st.composite
def closings(draw):
    """(before, after, call_days, calls, closing_day)"""
    n, k = draw(st.integers(2, 6)), draw(st.integers(1, 4))
    old = draw(st.integers(1, n))
    before = draw(st.lists(st.integers(1, 10**12), min_size=old, max_size=old)) + [0] * (n - old)
    rise = draw(st.lists(st.integers(0, 10**12), min_size=n, max_size=n))
    days = sorted(draw(st.lists(st.integers(0, 700), min_size=k, max_size=k)))
    calls = [split(draw(st.integers(0, 10**11)), before).tolist() for _ in range(k)]
    return (
        before,
        [a + b for a, b in zip(before, rise, strict=True)],
        days,
        calls,
        draw(st.integers(700, 1000)),
    )


@given(closings(), st.integers(0, 2000).map(lambda x: f"{x}/10000"))
def test_what_some_pay_others_receive(closing, rate):
    before, after, days, calls, _ = closing
    result = equalise(*closing, rate)
    assert result.capital.sum(axis=1).tolist() == [0] * len(days)
    assert int(result.interest.sum()) == 0
    assert (np.array(calls) + result.capital).tolist() == result.calls.tolist()
    for row, paid in zip(result.calls, calls, strict=True):
        assert row.tolist() == split(sum(paid), after).tolist()
    newcomers = [i for i, c in enumerate(before) if c == 0]
    assert all(int(result.interest[i]) >= 0 for i in newcomers)
    assert all(int(result.net[i]) >= 0 for i in newcomers)


@given(closings(), closings())
def test_two_closings_end_where_one_would(first, second):
    before, middle, days, calls, day = first
    rise = (second[1] * len(middle))[: len(middle)]
    after = [a + b for a, b in zip(middle, rise, strict=True)]
    once = equalise(before, after, days, calls, day, 0)
    step = equalise(before, middle, days, calls, day, 0)
    twice = equalise(middle, after, days, step.calls, day + 1, 0)
    assert twice.calls.tolist() == once.calls.tolist()


def test_equalised_capital_goes_through_the_waterfall():
    moved = equalise([100, 0], [100, 100], [0], [[100, 0]], 365, "0.08")
    terms = standard_terms(carry="0.2", hurdle=Hurdle("0.08"))
    calls = [[100, 0], moved.capital.sum(axis=0).tolist()]
    result = whole_fund(terms, Partners(("A", "B")), [0, 365], calls, [365], [100])
    assert result.to_partners.tolist() == [50, 50]


GOOD = {
    "before": [100, 0],
    "after": [100, 50],
    "call_days": [0, 5],
    "calls": [[10, 0], [20, 0]],
    "closing_day": 10,
    "interest": "0.08",
}


@pytest.mark.parametrize(
    ("change", "argument", "index"),
    [
        ({"after": [90, 50]}, "after", 0),
        ({"after": [100]}, "after", None),
        ({"before": [-1, 0]}, "before", 0),
        ({"before": [100.0, 0.0]}, "before", None),
        ({"calls": [[10, 0]]}, "calls", None),
        ({"calls": [[10, 0, 0], [20, 0, 0]]}, "calls", None),
        ({"calls": [[10, 0], [20, 5]]}, "calls", (1, 1)),
        ({"calls": [[10, 0], [-20, 0]]}, "calls", (1, 0)),
        ({"call_days": [0, 11]}, "call_days", 1),
        ({"call_days": [5, 0]}, "call_days", 1),
        ({"closing_day": 10.5}, "closing_day", None),
        ({"interest": "-0.01"}, "interest", None),
        ({"interest": float("nan")}, "interest", None),
        ({"day_count": "30/360"}, "day_count", None),
    ],
)
def test_wrong_input_is_refused(change, argument, index):
    assert equalise(**GOOD).net.any()
    with pytest.raises(ValuationError) as refused:
        equalise(**(GOOD | change))
    assert refused.value.argument == argument
    assert refused.value.index == index
