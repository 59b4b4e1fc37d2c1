"""Concession of excess return: only out of what was earned."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from valuation.concession import Concession, ConcessionBasis, Milestone, concede
from valuation.refusals import ValuationError
from valuation.terms import Accrual, Hurdle

TERMS = Concession(
    milestones=(Milestone("reinvested 1.5 times", "0.2"), Milestone("reinvested 2 times", "0.5")),
    beneficiaries=(("manager", 3), ("other partners", 1)),
    approval="committee minute 2025-07",
)
BOTH = {"reinvested 1.5 times": 0, "reinvested 2 times": 900}


def conceded(result):
    return [step.amount for step in result.steps]


def test_nothing_is_conceded_before_the_capital_is_back():
    result = concede(TERMS, [0], [1000], [100, 200, 300], [600, 400, 500], BOTH)
    assert conceded(result) == [0, 0, 100]
    assert [step.excess for step in result.steps] == [0, 0, 500]
    assert result.steps[2].beneficiaries.tolist() == [75, 25]
    assert result.over_conceded == 0


def test_a_later_milestone_counts_on_all_excess_but_pays_from_later_receipts():
    result = concede(TERMS, [0], [1000], [500, 950, 1000], [1500, 100, 1000], BOTH)
    # 20 % of 500; then 50 % of 600 less 100, but only 100 came in; then 50 % of 1600 less 200
    assert conceded(result) == [100, 100, 600]
    assert result.total == 800
    assert [step.rate for step in result.steps] == [Fraction(1, 5), Fraction(1, 2), Fraction(1, 2)]


def test_without_a_milestone_nothing_is_conceded():
    assert conceded(concede(TERMS, [0], [1000], [500], [5000], {})) == [0]
    assert conceded(concede(TERMS, [0], [1000], [500], [5000], {"reinvested 1.5 times": 501})) == [0]


def test_the_fund_keeps_its_hurdle_first():
    terms = Concession((Milestone("done", 1),), (("manager", 1),), "minute", hurdle=Hurdle("0.06"))
    result = concede(terms, [0], [100_000], [365], [110_000], {"done": 0})
    assert result.steps[0].excess == 4_000
    assert conceded(result) == [4_000]


def test_capital_called_again_makes_the_fund_whole_before_more_is_conceded():
    result = concede(
        TERMS, [0, 300], [1000, 2000], [200, 400, 500], [1500, 1800, 700], {"reinvested 1.5 times": 0}
    )
    assert [step.excess for step in result.steps] == [500, 300, 1000]
    assert conceded(result) == [100, 0, 100]
    late = concede(TERMS, [0, 300], [1000, 2000], [200], [1500], {"reinvested 1.5 times": 0})
    assert late.over_conceded == 100


def test_the_odd_fen_stays_with_the_fund():
    result = concede(TERMS, [0], [10], [5], [19], {"reinvested 1.5 times": 0})
    assert conceded(result) == [1]  # 20 % of 9


@given(
    st.lists(st.tuples(st.integers(0, 4000), st.integers(1, 10**12)), min_size=1, max_size=3).map(sorted),
    st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 10**12)), min_size=1, max_size=7).map(sorted),
    st.dictionaries(st.sampled_from([m.name for m in TERMS.milestones]), st.integers(0, 4000)),
    st.none() | st.builds(Hurdle, st.sampled_from(["0.03", "0.08"]), st.sampled_from(Accrual)),
)
def test_the_fund_never_gives_principal_away(calls, receipts, met, hurdle):
    """GF-46: conceded <= max(0, received - paid in) x rate; on each day on which something is conceded the fund
    keeps at least what it has paid in.
    """
    terms = Concession(TERMS.milestones, TERMS.beneficiaries, "minute", hurdle)
    result = concede(
        terms,
        [d for d, _ in calls],
        [x for _, x in calls],
        [d for d, _ in receipts],
        [x for _, x in receipts],
        met,
    )
    received = given_up = 0
    for step in result.steps:
        received += step.received
        given_up += step.amount
        paid_in = sum(x for d, x in calls if d <= step.day)
        assert 0 <= step.amount <= step.received
        assert int(step.beneficiaries.sum()) == step.amount
        assert step.excess <= max(0, received - paid_in)
        if step.amount:
            assert received - given_up >= paid_in
            assert given_up <= step.rate * step.excess
    assert result.over_conceded <= result.total


@pytest.mark.parametrize("basis", [ConcessionBasis.DISTRIBUTIONS, "paid_in", ConcessionBasis.SHORTFALL])
def test_a_concession_of_anything_but_excess_return_is_refused(basis):
    with pytest.raises(ValuationError, match="GF-30") as refused:
        Concession(TERMS.milestones, TERMS.beneficiaries, "minute", basis=basis)
    assert refused.value.argument == "basis"


@pytest.mark.parametrize(
    ("write", "argument", "problem"),
    [
        (lambda: Milestone("x", "1.01"), "rate", "GF-30"),
        (lambda: Milestone("x", "-0.1"), "rate", "at least 0"),
        (lambda: Milestone("x", float("nan")), "rate", "finite"),
        (lambda: Concession(TERMS.milestones, TERMS.beneficiaries, " "), "approval", "GF-46"),
        (lambda: Concession((), TERMS.beneficiaries, "minute"), "milestones", "none"),
        (lambda: Concession((Milestone("x", 0), Milestone("x", 1)), (("a", 1),), "m"), "milestones", "twice"),
        (lambda: Concession(TERMS.milestones, (), "minute"), "beneficiaries", "none"),
        (lambda: Concession(TERMS.milestones, (("a", 1), ("a", 1)), "minute"), "beneficiaries", "twice"),
        (lambda: Concession(TERMS.milestones, (("a", 0),), "minute"), "beneficiaries", "above 0"),
        (lambda: Concession(TERMS.milestones, (("a", 0.5),), "minute"), "beneficiaries", "whole"),
        (
            lambda: Concession(TERMS.milestones, TERMS.beneficiaries, "minute", basis="fees"),
            "basis",
            "must be one of",
        ),
        (lambda: concede(TERMS, [0], [1, 2], [1], [1], {}), "called", "length 1"),
        (lambda: concede(TERMS, [0], [1], [1], [1, 2], {}), "receipts", "length 1"),
        (lambda: concede(TERMS, [0], [-1], [1], [1], {}), "called", "at least 0"),
        (lambda: concede(TERMS, [0], [1], [2, 1], [1, 1], {}), "receipt_days", "earlier"),
        (lambda: concede(TERMS, [0], [1], [1], [1.0], {}), "receipts", "whole"),
        (lambda: concede(TERMS, [0], [1], [1], [1], {"listed": 0}), "met", "no such milestone"),
    ],
)
def test_wrong_input_is_refused(write, argument, problem):
    with pytest.raises(ValuationError, match=problem) as refused:
        write()
    assert refused.value.argument == argument
