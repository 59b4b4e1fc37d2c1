"""Days at the door and day counts: pyxirr is the oracle, ISDA 2006 section 4.16 the rule."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import numpy as np
import pytest
import pyxirr
from hypothesis import given
from hypothesis import strategies as st

from valuation import dates, returns
from valuation.refusals import ValuationError

ORACLE = {
    "ACT/365F": pyxirr.DayCount.ACT_365F,
    "ACT/365.25": pyxirr.DayCount.ACT_365_25,
    "ACT/360": pyxirr.DayCount.ACT_360,
    "ACT/ACT": pyxirr.DayCount.ACT_ACT_ISDA,
    "30/360": pyxirr.DayCount.THIRTY_360_ISDA,
    "30U/360": pyxirr.DayCount.THIRTY_U_360,
    "30E/360": pyxirr.DayCount.THIRTY_E_360,
}

some_day = st.dates(dt.date(1990, 1, 1), dt.date(2060, 12, 31))
awkward_day = st.builds(
    lambda year, end: dt.date(year, *end),
    st.integers(1990, 2060),
    st.sampled_from([(1, 30), (1, 31), (2, 28), (3, 1), (3, 31), (4, 30), (12, 31)]),
) | st.sampled_from([dt.date(2000, 2, 29), dt.date(2004, 2, 29), dt.date(2024, 2, 28), dt.date(2024, 2, 29)])


@pytest.mark.parametrize("name", dates.DAY_COUNTS)
@given(one=some_day | awkward_day, other=some_day | awkward_day)
def test_year_fractions_agree_with_the_oracle(name: str, one: dt.date, other: dt.date) -> None:
    first, last = min(one, other), max(one, other)
    ours = float(dates.year_fractions(first, last, name))
    assert ours == pytest.approx(pyxirr.year_fraction(first, last, ORACLE[name]), abs=1e-12)


@pytest.mark.parametrize("name", dates.DAY_COUNTS)
@given(one=some_day | awkward_day, other=some_day | awkward_day)
def test_years_counted_backwards_are_negative(name: str, one: dt.date, other: dt.date) -> None:
    there, back = dates.year_fractions(one, other, name), dates.year_fractions(other, one, name)
    assert float(there) == -float(back)


@given(st.lists(some_day | awkward_day, min_size=3, max_size=3).map(sorted))
def test_act_act_adds_up_over_a_day_between(three: list[dt.date]) -> None:
    a, b, c = three
    whole = float(dates.year_fractions(a, c, "ACT/ACT"))
    parts = float(dates.year_fractions(a, b, "ACT/ACT")) + float(dates.year_fractions(b, c, "ACT/ACT"))
    assert whole == pytest.approx(parts, abs=1e-12)


def test_a_leap_year_is_one_year_under_act_act_and_more_under_act_365() -> None:
    assert float(dates.year_fractions("2024-01-01", "2025-01-01", "ACT/ACT")) == 1.0
    assert float(dates.year_fractions("2024-01-01", "2025-01-01", "ACT/365F")) == 366 / 365


@pytest.mark.parametrize(("name", "days"), [("30/360", 33), ("30U/360", 30), ("30E/360", 32)])
def test_the_end_of_february_counts_as_thirty_only_under_the_us_rule(name: str, days: int) -> None:
    # the 31st of March stays after a 28th in the bond basis, is the 30th in Europe; in the US both are the 30th
    assert float(dates.year_fractions("2023-02-28", "2023-03-31", name)) == pytest.approx(days / 360)


def test_the_same_day_in_every_form() -> None:
    forms: list[object] = [
        np.array([19782], np.int32),
        [19782],
        np.array(["2024-02-29"], "datetime64[D]"),
        np.array(["2024-02-29"], "datetime64[ns]"),
        ["2024-02-29"],
        [dt.date(2024, 2, 29)],
        [dt.datetime(2024, 2, 29)],
        [np.datetime64("2024-02-29")],
    ]
    for form in forms:
        read = dates.days(form)  # type: ignore[arg-type]
        assert read.dtype == np.int32
        assert read.tolist() == [19782]
    assert dates.day(dt.date(1970, 1, 1)) == 0
    assert dates.days([]).tolist() == []


@pytest.mark.parametrize(
    ("value", "index", "problem"),
    [
        (["2024-01-31", "2024-02-30"], 1, "not a day"),
        ([dt.date(2024, 1, 1), None], 1, "not a day"),
        (np.array(["2024-01-01", "NaT"], "datetime64[D]"), 1, "not a day"),
        (np.array(["2024-01-01T12:00"], "datetime64[m]"), 0, "carries a time of day"),
        ([dt.datetime(2024, 1, 1, 9, 30)], 0, "not a day"),
        ([0, 3_000_000], 1, "outside the years 1 to 9999"),
        ([True, "2024-01-01", False], None, None),
        ([1.5, 2.5], None, "must be days"),
        ([0, dt.date(2020, 1, 1)], 1, "must not be mixed"),
        (np.array(["2020-01-01", 3], object), 1, "must not be mixed"),
        (["2020-01-01", 3], 1, "not a day"),
    ],
)
def test_what_is_not_a_day_is_refused(value: object, index: int | None, problem: str | None) -> None:
    with pytest.raises(ValuationError) as caught:
        dates.days(value, "paid_on")  # type: ignore[arg-type]
    assert caught.value.argument == "paid_on"
    if problem is not None:
        assert problem in caught.value.problem
    assert "np." not in str(caught.value), "the names of an array library's types are none of ours"
    if index is not None:
        assert caught.value.index == index


def test_one_day_means_one() -> None:
    with pytest.raises(ValuationError, match="must be one day"):
        dates.day([1, 2])  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["ACT/366", "", "30/365"])
def test_an_unknown_day_count_is_refused(name: str) -> None:
    with pytest.raises(ValuationError, match="day_count"):
        dates.year_fractions(0, 365, name)


def test_quarters_start_where_the_last_one_ended() -> None:
    for end, start in [
        ("2024-03-31", "2024-01-01"),
        ("2023-12-31", "2023-10-01"),
        ("2024-06-30", "2024-04-01"),
    ]:
        assert dates.quarter_start(dates.day(end)) == dates.day(start)
    for wrong in ("2024-02-29", "2024-03-30", "2024-01-31"):
        with pytest.raises(ValuationError, match="not the last day of a quarter"):
            dates.quarter_start(dates.day(wrong))


@pytest.mark.parametrize("name", dates.DAY_COUNTS)
def test_discount_times_are_the_year_fractions(name: str) -> None:
    when = dates.days(["2020-05-31", "2020-01-31", "2024-02-29", "2021-12-31"])
    times, unit = dates.discount_times(when, name)
    years = (np.asarray(times, float) - np.asarray(times, float).min()) / unit
    np.testing.assert_allclose(years, dates.year_fractions(when.min(), when, name), atol=1e-12)


@pytest.mark.golden
def test_golden_day_counts(golden: Path) -> None:
    """MathWorks xirr example: the same flows under two day counts."""
    case = json.loads((golden / "irr/xirr_day_counts.json").read_text("utf-8"))
    for one in case["cases"]:
        found = returns.xirr(case["amounts"], case["dates"], one["day_count"])
        assert found.status == "one"
        assert found.rate == pytest.approx(one["expected"], abs=case["tolerance"])
        value = returns.xnpv(found.rate, case["amounts"], case["dates"], one["day_count"])
        assert value == pytest.approx(0.0, abs=1e-9)
