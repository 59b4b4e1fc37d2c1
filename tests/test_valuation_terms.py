"""What an agreement may say, and what is refused when it is written down."""

from __future__ import annotations

from fractions import Fraction

import pytest

from valuation.refusals import ValuationError
from valuation.terms import (
    Accrual,
    CatchUp,
    Hurdle,
    LeftoverFen,
    Partners,
    PreferredReturn,
    ProfitSplit,
    ReturnOfCapital,
    Step,
    Terms,
    standard_terms,
)

CAPITAL, SPLIT = ReturnOfCapital(), ProfitSplit("0.2")


def names(terms):
    return [tier.name for tier in terms.tiers]


def test_standard_terms_are_the_four_tiers():
    terms = standard_terms(carry="0.20", hurdle=Hurdle("0.06"), catch_up=1)
    assert names(terms) == ["return of capital", "preferred return", "catch-up", "profit split"]
    assert terms.tiers[2] == CatchUp(Fraction(1, 5), 1)
    assert terms.tiers[3].until is None


def test_no_hurdle_and_no_catch_up_leave_capital_and_split():
    assert names(standard_terms(carry=0, hurdle=None)) == ["return of capital", "profit split"]


def test_further_levels_of_carry():
    steps = [Step(Hurdle("0.15", Accrual.COMPOUND), "0.25", 1), Step(Hurdle(2, Accrual.FLAT), "0.30")]
    terms = standard_terms(carry="0.2", hurdle=Hurdle("0.08"), catch_up="0.5", steps=steps)
    assert names(terms)[2:] == [
        "catch-up 1",
        "profit split 1",
        "catch-up 2",
        "profit split 2",
        "profit split 3",
    ]
    assert [t.until for t in terms.tiers if isinstance(t, ProfitSplit)] == [
        steps[0].hurdle,
        steps[1].hurdle,
        None,
    ]


def test_priority_of_social_capital_needs_the_approval_that_ranks_losses():
    ranks = (("social",), ("government",))
    terms = standard_terms(carry="0.2", hurdle=Hurdle("0.06"), priority=ranks, loss_ranking="LPA 2025, 8.2")
    assert names(terms) == [
        "return of capital (social)",
        "return of capital (government)",
        "preferred return (social)",
        "preferred return (government)",
        "profit split",
    ]
    with pytest.raises(ValuationError, match="GF-31") as refused:
        standard_terms(carry="0.2", hurdle=Hurdle("0.06"), priority=ranks)
    assert refused.value.argument == "loss_ranking"


@pytest.mark.parametrize(
    "promise",
    [
        lambda: ReturnOfCapital(("social",), guaranteed=True),
        lambda: PreferredReturn(Hurdle("0.08"), ("social",), guaranteed=True),
    ],
)
def test_a_promise_of_principal_or_of_a_return_is_refused(promise):
    with pytest.raises(ValuationError, match="GF-30"):
        promise()


@pytest.mark.parametrize(
    ("write", "argument", "problem"),
    [
        (lambda: Terms(()), "tiers", "no tier"),
        (lambda: Terms((SPLIT,)), "tiers", "never returned"),
        (lambda: Terms((CAPITAL,)), "tiers", "last tier"),
        (lambda: Terms((CAPITAL, ProfitSplit("0.2", Hurdle("0.1")))), "tiers", "last tier"),
        (lambda: Terms((CAPITAL, SPLIT, ProfitSplit("0.3", name="more"))), "tiers", "takes all"),
        (lambda: Terms((SPLIT, CAPITAL, ProfitSplit("0.2", name="more"))), "tiers", "takes all"),
        (
            lambda: Terms((CatchUp("0.2"), CAPITAL, SPLIT)),
            "tiers",
            "after a tier that pays the manager",
        ),
        (
            lambda: Terms((CAPITAL, CatchUp("0.2"), PreferredReturn(Hurdle("0.1")), SPLIT)),
            "tiers",
            "after a tier that pays the manager",
        ),
        (lambda: Terms((CAPITAL, CAPITAL, SPLIT)), "tiers", "same name"),
        (
            lambda: Terms((CAPITAL, ReturnOfCapital(("a",), "b"), SPLIT), loss_ranking="x"),
            "tiers",
            "serves all classes",
        ),
        (
            lambda: Terms((ReturnOfCapital(("a",)), ReturnOfCapital(("a",), "b"), SPLIT), loss_ranking="x"),
            "tiers",
            "served twice",
        ),
        (lambda: CatchUp("0.2", "0.2"), "share", "never catches up"),
        (lambda: CatchUp("0.2", "1.1"), "share", "at most 1"),
        (lambda: CatchUp("1", 1), "carry", "GF-14"),
        (lambda: ProfitSplit(1), "carry", "GF-14"),
        (lambda: ProfitSplit("-0.1"), "carry", "at least 0"),
        (lambda: ProfitSplit(float("nan")), "carry", "not finite"),
        (lambda: Hurdle("-0.01"), "rate", "at least 0"),
        (lambda: Hurdle("0.08", "monthly"), "accrual", "simple, compound, flat"),
        (lambda: Hurdle("0.08", day_count="30/360"), "day_count", "ACT/365F"),
        (lambda: Hurdle("0.0812345678901234567"), "rate", "14 decimals"),
        (lambda: ReturnOfCapital("social"), "classes", "tuple"),
        (lambda: Terms((CAPITAL, SPLIT), leftover_fen="nobody"), "leftover_fen", "partners, manager"),
        (lambda: standard_terms(carry="0.2", hurdle=None, catch_up="0.1"), "share", "never catches up"),
        (lambda: standard_terms(carry="0.2", hurdle=None, catch_up="2"), "catch_up", "at most 1"),
        (lambda: Partners(()), "codes", "no partner"),
        (lambda: Partners(("a", "b", "a")), "codes", "twice"),
        (lambda: Partners(("a", "b"), ("x",)), "classes", "length 2"),
        (lambda: Partners(("a",), ("manager",)), "classes", "manager's name"),
    ],
)
def test_terms_that_contradict_themselves_are_refused(write, argument, problem):
    with pytest.raises(ValuationError, match=problem) as refused:
        write()
    assert refused.value.argument == argument


def test_every_class_must_get_its_capital_and_exist():
    terms = Terms((ReturnOfCapital(("social",)), SPLIT))
    terms.check_classes(["social"])
    with pytest.raises(ValuationError, match="GF-14"):
        terms.check_classes(["government", "social"])
    with pytest.raises(ValuationError, match="no partner belongs to class social"):
        terms.check_classes(["government"])


def test_words_stand_for_their_members():
    assert Hurdle("0.08", "compound").accrual is Accrual.COMPOUND
    assert Terms((CAPITAL, SPLIT), leftover_fen="manager").leftover_fen is LeftoverFen.MANAGER
