"""Disclosed positions: the stated multiple beside ours, and the roll-forward between two disclosures."""

from __future__ import annotations

import csv
import datetime as dt
import math
from decimal import Decimal

import pytest

from fof.access import LOCAL
from fof.book.portfolios import portfolio
from fof.errors import Refused
from fof.figures.performance import performance
from fof.figures.positions import (
    agreement,
    disclosure_days,
    exceptions,
    positions,
    roll_forward,
    tolerance_of,
)
from fof.ledger import View, read
from fof.seeding import seed_pensions
from models.journal import Position
from models.kinds import EntryKind
from models.money import fen_of


def disclose(clerk, day: str, *rows: tuple) -> None:
    """(fund, called, distributed, remaining, stated multiple) in yuan; None where not disclosed."""

    def make(view: View):
        return [
            Position(
                view.party("LP").id,
                view.party(fund).id,
                1000_00,
                *(None if a is None else round(a * 100) for a in (called, out, left)),
                None,
                stated,
                None if stated is None else "disclosed",
            )
            for fund, called, out, left, stated in rows
        ]

    clerk.rows(EntryKind.POSITION_STATEMENT, day, make)


@pytest.fixture
def office(clerk):
    clerk.party("LP", "institution", portfolio="yes", currency="USD")
    for code in ("A", "B", "C"):
        clerk.party(code, "sub_fund", currency="USD")
    return clerk


@pytest.mark.parametrize(("decimals", "expected"), [(0, "0.5"), (1, "0.05"), (2, "0.01"), (4, "0.0001")])
def test_tolerance_follows_how_finely_a_multiple_is_printed(decimals, expected):
    assert tolerance_of(decimals) == Decimal(expected)


def test_stated_and_ours_stand_side_by_side(office):
    disclose(
        office,
        "2025-06-30",
        ("A", 100, 60, 58, "1.18"),
        ("B", 100, 60, 58, "1.20"),
        ("C", 100, 60, None, "1.2"),
    )
    view = office.view("2025-12-31")
    a, b, c = positions(view)
    assert (a.tvpi, a.stated_multiple, a.agrees) == (1.18, Decimal("1.18"), True)
    assert (b.agrees, b.difference) == (False, Decimal("0.02"))
    assert c.agrees is None
    assert c.note.code == "no_remaining"
    assert math.isnan(c.tvpi)
    assert c.tolerance == Decimal("0.01")  # the statement prints two decimals; 1.2 is 1.20
    [summary] = agreement(view, positions(view))
    assert (summary.positions, summary.compared, summary.agreeing, summary.exceptions) == (3, 2, 1, 1)
    assert [view.parties[p.fund].code for p in exceptions(positions(view))] == ["B"]


def test_a_restated_disclosure_replaces_the_former_and_both_stay_known(office):
    disclose(office, "2025-06-30", ("A", 100, 60, 58, "1.18"))
    known = read(office.database).head
    disclose(office, "2025-06-30", ("A", 100, 60, 40, "1.00"))
    assert positions(office.view("2025-12-31"))[0].tvpi == 1.0
    assert positions(office.view("2025-12-31", known))[0].tvpi == 1.18
    assert len(positions(office.view("2025-12-31"), every_day=True)) == 1


def test_roll_forward_closes_and_names_restatements(office):
    disclose(office, "2024-03-31", ("A", 100, 20, 90, None), ("B", 50, 10, 60, None), ("C", 10, 0, 9, None))
    disclose(office, "2025-03-31", ("A", 110, 45, 95, None), ("B", 48, 12, 55, None))
    view = office.view("2025-12-31")
    lp = view.party("LP").id
    assert disclosure_days(view, lp) == [dt.date(2024, 3, 31), dt.date(2025, 3, 31)]
    found = roll_forward(view, lp, dt.date(2024, 3, 31), dt.date(2025, 3, 31))
    a, b, c = found.rows
    assert (a.calls, a.distributions, a.gain) == (10_00, 25_00, 20_00)
    assert (b.calls, b.restated) == (-2_00, ("calls",))
    assert c.note.code == "only_one_day"
    assert found.restatements == (b,)
    total = found.total
    assert total.opening + total.calls - total.distributions + total.gain == total.closing == 150_00


def test_a_day_without_disclosure_is_refused(office):
    disclose(office, "2024-03-31", ("A", 100, 20, 90, None))
    view = office.view("2025-12-31")
    with pytest.raises(Refused) as refused:
        roll_forward(view, view.party("LP").id, dt.date(2024, 3, 31), dt.date(2024, 3, 30))
    assert [p.code for p in refused.value.problems] == ["no_disclosure", "empty_period"]


# -- the five systems' published positions --------------------------------------------------------------------------


def millions(text: str) -> int | None:
    return None if not text else fen_of(text, "百万元")


@pytest.fixture
def pensions(clerk, golden):
    """The published file, booked by the importer with the mapping that ships with the program."""
    seed_pensions(clerk.database, LOCAL, golden / "fund_data" / "us_public_pension_pe.csv")
    return clerk.view("2025-12-31")


@pytest.mark.golden
def test_real_multiples_agree_and_the_two_exceptions_are_listed(pensions):
    """1,227 positions disclosed by five US public pension systems, collected 2026-02 (nategold080/pension-fund-tracker)."""
    found = positions(pensions, every_day=True)
    assert len(found) == 1227
    counts: dict[str, tuple[int, int]] = {}
    for row in agreement(pensions, found):
        name = pensions.parties[row.holder].code
        agreeing, compared = counts.get(name, (0, 0))
        counts[name] = (agreeing + row.agreeing, compared + row.compared)
    assert counts == {
        "CalPERS": (213, 213),
        "CalSTRS": (181, 181),
        "NY Common": (348, 348),
        "Oregon": (183, 185),
        "WSIB": (112, 112),
    }
    names = [pensions.name(p.fund) for p in exceptions(found)]
    assert names == ["Francisco Partners Agility III", "USV 2019"]


@pytest.mark.golden
def test_the_roll_forward_of_new_york_closes_with_its_restatements(pensions, golden):
    """NY State Common Retirement Fund asset listings of 2024-03-31 and 2025-03-31: 170 funds in both."""
    holder = pensions.party("NY Common").id
    found = roll_forward(pensions, holder, dt.date(2024, 3, 31), dt.date(2025, 3, 31))
    rolled = {pensions.name(r.fund): r for r in found.rows if r.note is None}
    with (golden / "fund_data" / "ny_common_two_dates.csv").open(encoding="utf-8") as source:
        published = {row["fund_name"]: row for row in csv.DictReader(source)}
    assert len(published) == 170
    assert rolled.keys() == published.keys()
    for name, row in published.items():
        expected = [millions(row[c]) for c in ("calls_in_year", "distributions_in_year", "gain_in_year")]
        assert [rolled[name].calls, rolled[name].distributions, rolled[name].gain] == expected
    total = found.total
    assert total.opening + total.calls - total.distributions + total.gain == total.closing
    negative = {
        n
        for n, r in published.items()
        if float(r["calls_in_year"]) < 0 or float(r["distributions_in_year"]) < 0
    }
    assert {pensions.name(r.fund) for r in found.restatements} == negative
    assert negative


@pytest.mark.golden
def test_a_pension_portfolio_has_multiples_and_the_rate_it_was_told(pensions):
    found = performance(pensions, portfolio(pensions, "CalPERS"))
    assert len(found.rows) == 213
    assert round(found.total.paid_in / 1e8, 4) == 57608.7973  # printed total, USD million
    assert found.total.tvpi == pytest.approx((36324.3989 + 49259.6442) / 57608.7973)
    assert sum(row.irr.status == "reported" for row in found.rows) == 143
    assert found.total.irr.note.code == "no_dated_flows"


@pytest.mark.golden
def test_a_fund_missing_from_the_latest_disclosure_says_so(pensions):
    found = performance(pensions, portfolio(pensions, "NY Common"))
    old = [r for r in found.rows if r.nav.note is not None and r.nav.note.code == "not_in_latest_disclosure"]
    assert len(found.rows) == 198
    assert len(old) == 198 - 187
    assert all(r.nav.marked_on == dt.date(2024, 3, 31) for r in old)
    assert found.total.nav.marked_on == dt.date(2024, 3, 31)
