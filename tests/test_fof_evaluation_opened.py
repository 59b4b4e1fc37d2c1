"""Every computed indicator of the demo office opens to rows that give its value again."""

from __future__ import annotations

import datetime as dt

import pytest

from fof import ledger
from fof.evaluation import opened, scorecard
from fof.evaluation.indicators import INDICATORS
from fof.rules.registry import Verdict

DAY = dt.date(2026, 9, 30)
FUNDS = ("PF-2023", "SF-2016-01", "SF-2020-01", "SF-2024-03")
TOLD_FROM = ("overdue_calls", "nav_age")
"""Not a ratio of the two terms shown: the first figure is one term, and the age of a statement."""


@pytest.fixture(scope="module")
def view(demo):
    return ledger.read(demo).view(DAY)


@pytest.mark.parametrize("fund", FUNDS)
def test_the_terms_give_the_value_again_to_ten_digits(view, fund):
    seen = 0
    for line in scorecard(view, fund).lines:
        found = opened(view, fund, line.indicator.name)
        if found is None:
            assert line.indicator.measure is None
            continue
        assert found.formula.zh != found.formula.en
        if line.value is None:
            continue
        for figure in found.figures:
            for part in figure.parts:
                assert part.fen == sum(r.fen or 0 for r in part.rows) + part.left_out_fen, (
                    line.indicator.name,
                    part.name,
                )
                assert all(row.entry is None or row.document for row in part.rows if row.table == "posting")
        if found.figures and line.indicator.name not in TOLD_FROM:
            assert found.figures[0].value == pytest.approx(float(line.value), abs=1e-10), line.indicator.name
            seen += 1
    assert seen >= 2


def test_overdue_is_told_by_its_two_figures(view):
    line = next(x for x in scorecard(view, "SF-2020-01").lines if x.indicator.name == "overdue_calls")
    overdue, called = opened(view, "SF-2020-01", "overdue_calls").figures
    assert line.value > 0
    assert overdue.value / called.value == pytest.approx(float(line.value), abs=1e-12)


def test_rules_kept_lists_every_judgement_once(view):
    line = next(x for x in scorecard(view, "SF-2020-01").lines if x.indicator.name == "rules_kept")
    broken, unknown, kept = (
        len(listing.items) for listing in opened(view, "SF-2020-01", "rules_kept").listings
    )
    assert broken > 0
    assert float(line.value) == pytest.approx(kept / (broken + kept), abs=1e-12)
    judged = next(x for x in scorecard(view, "SF-2020-01").lines if x.indicator.name == "rules_judged")
    assert float(judged.value) == pytest.approx((broken + kept) / (broken + kept + unknown), abs=1e-12)


def test_reports_are_listed_by_duty(view):
    (listing,) = opened(view, "SF-2020-01", "filings").listings
    assert [item.code for item in listing.items] == ["GF-60", "GF-61", "GF-62", "GF-63"]
    assert listing.items[1].text.zh.startswith(Verdict.BREACH.text.zh)  # a quarter is missing


def test_every_indicator_opens_or_is_asked_for(view):
    for indicator in INDICATORS:
        assert (opened(view, "SF-2016-01", indicator.name) is None) == (indicator.measure is None)
