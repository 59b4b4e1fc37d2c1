"""What enters a computation in whole fen."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

import numpy as np
import pytest

from valuation import exact
from valuation.refusals import ValuationError


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (0.08, Fraction(2, 25)),  # the decimal that was written, not the double behind it
        ("0.08", Fraction(2, 25)),
        (Decimal("0.0765"), Fraction(153, 2000)),
        ("1/3", Fraction(1, 3)),
        (1, Fraction(1)),
        (1e-7, Fraction(1, 10**7)),
    ],
)
def test_a_rate_is_read_as_it_was_written(given, expected):
    assert exact.rate("carry", given) == expected


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        (float("nan"), "not finite"),
        (float("inf"), "not finite"),
        (Decimal("nan"), "not a number"),
        (Decimal("Infinity"), "not a number"),
        ("8%", "not a number"),
        ("1/0", "not a number"),
        (True, "must be a number"),
        (None, "must be a number"),
        (-0.01, "at least 0"),
        ("1.01", "at most 1"),
    ],
)
def test_a_rate_that_cannot_be_meant_is_refused(given, problem):
    with pytest.raises(ValuationError, match=problem) as refused:
        exact.rate("carry", given, low=0, high=1)
    assert refused.value.argument == "carry"


def test_a_rate_may_be_negative_where_the_caller_says_so():
    assert exact.rate("growth", "-0.5", low=None) == Fraction(-1, 2)


@pytest.mark.parametrize(
    ("values", "index", "problem"),
    [
        ([1, -2, -3], 1, "at least 0"),
        ([1, 2**62], 1, "below 2"),
        ([2**61, 2**61], None, "together"),
        ([1.0, 2.0], None, "whole numbers"),
        ([True], None, "whole numbers"),
        (["1"], None, "whole numbers"),
        ([2**70], None, "whole numbers"),
        ([[1]], None, "shape"),
    ],
)
def test_amounts_are_counted_fen(values, index, problem):
    with pytest.raises(ValuationError, match=problem) as refused:
        exact.fen("calls", values)
    assert refused.value.argument == "calls"
    assert refused.value.index == index


def test_the_first_wrong_cell_of_a_table_is_named():
    with pytest.raises(ValuationError) as refused:
        exact.fen("calls", [[1, 2], [3, -4]], ndim=2)
    assert refused.value.index == (1, 1)
    assert refused.value.found == -4


def test_amounts_may_be_unsigned_empty_or_negative_where_allowed():
    assert exact.fen("x", np.array([1, 2], np.uint64)).tolist() == [1, 2]
    assert exact.fen("x", []).dtype == np.int64
    assert exact.fen("x", [-5], low=None).tolist() == [-5]


def test_days_may_be_dates_or_numbers():
    assert exact.days("d", np.array(["1970-01-02", "1970-01-02"], "datetime64[D]")).tolist() == [1, 1]
    assert exact.days("d", [1, 5, 5]).tolist() == [1, 5, 5]


@pytest.mark.parametrize(
    ("values", "repeats", "index", "problem"),
    [
        ([1, 5, 4], True, 2, "earlier"),
        ([1, 1], False, 1, "not later"),
        ([1, 10**9], True, 1, "at most"),
        (np.array(["2020-01-01", "NaT"], "datetime64[D]"), True, 1, "not a day"),
        ([1.5], True, None, "whole numbers"),
        ([[1]], True, None, "shape"),
    ],
)
def test_days_out_of_order_are_refused(values, repeats, index, problem):
    with pytest.raises(ValuationError, match=problem) as refused:
        exact.days("call_days", values, repeats=repeats)
    assert refused.value.index == index


@pytest.mark.parametrize("given", [1.0, True, "1", None, 2**62, -(2**62), -1])
def test_a_whole_number_is_just_that(given):
    with pytest.raises(ValuationError):
        exact.whole("cash", given)


def test_whole_numbers_of_numpy_are_read():
    assert exact.whole("cash", np.int32(7)) == 7


def test_the_year_length_is_named():
    assert exact.year_length("day_count", "ACT/365F") == 365
    assert exact.year_length("day_count", "ACT/365.25") == Fraction("365.25")
    with pytest.raises(ValuationError, match=r"ACT/360"):
        exact.year_length("day_count", "30/360")


def test_words_of_a_closed_list():
    assert exact.member(Colour, "colour", "red") is exact.member(Colour, "colour", Colour.RED)
    with pytest.raises(ValuationError, match="red, blue"):
        exact.member(Colour, "colour", "green")


def test_lengths_must_match():
    exact.same_length("calls", 2, 2, "call_days")
    with pytest.raises(ValuationError, match="call_days"):
        exact.same_length("calls", 1, 2, "call_days")
