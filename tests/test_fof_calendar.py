"""Working days by published notices: counts, deadlines, what a missing notice leaves open."""

from __future__ import annotations

import datetime as dt
import itertools
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fof.calendar import Deadline, HolidayNotice, NoticeMissing, WorkingCalendar, published, working_days

D = dt.date
CALENDAR = published()
LAST = max(CALENDAR.notices)
DAYS = st.dates(D(2004, 1, 1), D(LAST, 12, 31))


@pytest.mark.golden
def test_years_months_and_deadlines_of_2017_to_2022_as_published(golden: Path) -> None:
    years = json.loads((golden / "pools_sme" / "cn_working_days.json").read_text("utf-8"))
    assert [y["year"] for y in years] == list(range(2017, 2023))
    for row in years:
        year = row["year"]
        assert working_days(D(year - 1, 12, 31), D(year, 12, 31)) == row["working_days"]
        ends = [D(year, m, 1) - dt.timedelta(days=1) for m in range(1, 13)] + [D(year, 12, 31)]
        assert [working_days(a, b) for a, b in itertools.pairwise(ends)] == row["by_month"]
        for case in row["add"]:
            assert CALENDAR.deadline(D.fromisoformat(case["start"]), case["add_working_days"]) == Deadline(
                D.fromisoformat(case["result"])
            )
        for case in row["between"]:
            start, end = D.fromisoformat(case["start"]), D.fromisoformat(case["end"])
            assert working_days(start, end) == case["working_days_after_start_through_end"]


def test_a_worked_sunday_counts_and_a_weekday_off_does_not() -> None:
    # notice of 2022: 1 to 7 October off, 8 (Saturday) and 9 (Sunday) October worked
    assert working_days(D(2022, 9, 30), D(2022, 10, 7)) == 0
    assert working_days(D(2022, 10, 7), D(2022, 10, 9)) == 2
    assert working_days(D(2022, 9, 30), D(2022, 9, 30)) == working_days(D(2022, 10, 9), D(2022, 9, 30)) == 0


@given(DAYS, DAYS)
def test_the_count_is_that_of_the_days_one_by_one(first: dt.date, last: dt.date) -> None:
    if (last - first).days > 400:
        last = first + dt.timedelta(days=400)
    each = [first + dt.timedelta(days=n) for n in range(1, (last - first).days + 1)]
    assert working_days(first, last) == sum(CALENDAR.is_working_day(d) for d in each)
    assert CALENDAR.working_day_range(first, last) == (working_days(first, last),) * 2


@given(st.dates(D(2004, 1, 1), D(LAST, 6, 30)), st.integers(0, 60))
def test_a_deadline_is_the_first_day_that_reaches_the_number(first: dt.date, number: int) -> None:
    due = CALENDAR.deadline(first, number)
    assert due.missing is None
    assert working_days(first, due.day) == number
    assert number == 0 or working_days(first, due.day - dt.timedelta(days=1)) == number - 1


def test_past_the_last_notice_nothing_is_guessed() -> None:
    eve = D(LAST, 12, 31)
    with pytest.raises(NoticeMissing, match=str(LAST + 1)) as caught:
        working_days(D(LAST, 12, 1), eve + dt.timedelta(days=1))
    assert caught.value.year == LAST + 1
    due = CALENDAR.deadline(eve, 20)
    assert due == Deadline(eve + dt.timedelta(days=20), LAST + 1)
    assert CALENDAR.deadline(D(LAST, 12, 1), 5).missing is None
    with pytest.raises(NoticeMissing):
        CALENDAR.is_working_day(eve + dt.timedelta(days=1))
    with pytest.raises(NoticeMissing, match="2003"):
        working_days(D(2003, 12, 1), D(2004, 1, 31))


@given(st.integers(1, 90), st.integers(0, 90), st.data())
def test_the_range_holds_every_notice_that_may_come(before: int, after: int, data: st.DataObject) -> None:
    eve = D(LAST, 12, 31)
    first, last = eve - dt.timedelta(days=before), eve + dt.timedelta(days=after)
    coming = [eve + dt.timedelta(days=n) for n in range(1, 100)]
    off = data.draw(st.sets(st.sampled_from([d for d in coming if d.weekday() < 5]), max_size=23))
    worked = data.draw(st.sets(st.sampled_from([d for d in coming if d.weekday() > 4]), max_size=12))
    told = CALENDAR.with_notices([HolidayNotice(LAST + 1, frozenset(off), frozenset(worked), "a notice")])
    least, most = CALENDAR.working_day_range(first, last)
    assert least <= told.working_days(first, last) <= most
    due = CALENDAR.deadline(first, 30)
    assert due.day <= told.deadline(first, 30).day


def test_a_notice_that_contradicts_the_week_is_refused_and_a_published_year_stays() -> None:
    with pytest.raises(ValueError, match="2027-01-02"):
        HolidayNotice(2027, frozenset({D(2027, 1, 2)}), frozenset(), "a Saturday")
    with pytest.raises(ValueError, match="2027-01-04"):
        HolidayNotice(2027, frozenset(), frozenset({D(2027, 1, 4)}), "a Monday")
    with pytest.raises(ValueError, match="two notices of 2027"):
        WorkingCalendar(
            [
                HolidayNotice(2027, frozenset(), frozenset(), "one"),
                HolidayNotice(2027, frozenset(), frozenset(), "two"),
            ]
        )
    other = CALENDAR.with_notices([HolidayNotice(LAST, frozenset(), frozenset(), "another")])
    assert other.notices[LAST] == CALENDAR.notices[LAST]
    with pytest.raises(ValueError, match="negative"):
        CALENDAR.deadline(D(2024, 1, 1), -1)
