"""Figures on many days equal the figures of each day; a vintage's life year by year; the money of a year conserved."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

import numpy as np
import pytest

from fof import ledger
from fof.book.portfolios import portfolio
from fof.db import Database
from fof.figures.money_flows import money_flows, years
from fof.figures.performance import history, performance
from fof.figures.performance.ages import by_age
from models.posting_kinds import PostingKind as K

LAST = dt.date(2026, 9, 30)
DAYS = [
    dt.date(2015, 3, 31),
    dt.date(2015, 6, 30),
    dt.date(2019, 12, 31),
    dt.date(2023, 6, 29),
    dt.date(2023, 7, 1),
    LAST,
]


@pytest.mark.parametrize("by", ["fund", "vintage", "strategy"])
def test_figures_on_many_days_are_the_figures_of_each_day(demo: Database, by: str) -> None:
    """Stakes were sold in 2015 and 2016 and handed to the successor in 2023: what was paid in goes along."""
    journal = ledger.read(demo)
    view = journal.view(LAST)
    chosen = portfolio(view)
    found = history(view, chosen, DAYS, by)
    compared = 0
    for place, day in enumerate(DAYS):
        then = journal.view(day)
        rows = {r.key: r for r in performance(then, portfolio(then, chosen.code), by).rows}
        for row, (key, _label) in enumerate(found.groups):
            one = rows.get(key)
            if one is None or one.source != "book":
                assert found.paid_in[row, place] == found.distributed[row, place] == 0
                continue
            compared += 1
            assert (found.paid_in[row, place], found.distributed[row, place]) == (
                one.paid_in,
                one.distributed,
            )
            if one.nav.fen is not None:
                assert found.nav_known[row, place]
                assert found.nav[row, place] == one.nav.fen
    assert compared > len(DAYS)


def test_a_vintage_is_followed_through_the_years_of_its_life(demo: Database) -> None:
    journal = ledger.read(demo)
    view = journal.view(LAST)
    chosen = portfolio(view)
    for figure in ("tvpi", "dpi", "irr"):
        found = by_age(view, chosen, figure)
        today = {r.key: r for r in performance(view, chosen, "vintage").rows}
        for vintage, values in zip(found.vintages, found.values, strict=True):
            age = LAST.year - vintage
            row = today[str(vintage)]
            now = row.irr.value if figure == "irr" else getattr(row, figure)
            assert values[age] == pytest.approx(now, abs=1e-9, nan_ok=True)
            assert np.isnan(values[age + 1 :]).all()
        earlier = found.days[found.vintages[2] + 3 - found.vintages[0]]
        then = {r.key: r for r in performance(journal.view(earlier), chosen, "vintage").rows}[
            str(found.vintages[2])
        ]
        was = then.irr.value if figure == "irr" else getattr(then, figure)
        assert found.values[2, 3] == pytest.approx(was, abs=1e-9)
        assert earlier == dt.date(found.vintages[2] + 3, 12, 31)


def test_a_portfolio_without_vintages_has_no_ages(clerk) -> None:  # type: ignore[no-untyped-def]
    clerk.party("F1", "sub_fund", portfolio="yes")
    view = ledger.read(clerk.database).view(LAST)
    assert by_age(view, portfolio(view)).values.size == 0
    assert years(view, portfolio(view)) == []


def test_the_money_of_a_year_is_conserved_and_complete(demo: Database) -> None:
    view = ledger.read(demo).view(LAST)
    chosen = portfolio(view)
    known = years(view, chosen)
    assert known[0] == 2026
    assert known == sorted(known, reverse=True)
    p = view.postings
    for year in known:
        [found] = money_flows(view, chosen, dt.date(year, 1, 1), dt.date(year, 12, 31))
        for links in (found.paid_in, found.paid_out):
            over: dict[object, int] = defaultdict(int)
            for link in links:
                assert link.fen > 0
                over[link.target] += link.fen
                over[link.source] -= link.fen
            assert all(fen == 0 for node, fen in over.items() if node.part == "strategy")  # type: ignore[attr-defined]
        day = p.day.astype("datetime64[D]").astype("datetime64[Y]").astype(int) + 1970
        inside = (day == year) & np.isin(p.fund, chosen.funds)
        invested = int(p.fen[inside & (p.kind == K.INVESTMENT)].sum())
        assert sum(x.fen for x in found.paid_in if x.target.part == "stage") == invested
        sold = int(p.fen[inside & (p.kind == K.EXIT_PROCEEDS)].sum())
        assert sum(x.fen for x in found.paid_out if x.source.key == "exit") == sold


def test_only_the_period_counts(demo: Database) -> None:
    view = ledger.read(demo).view(LAST)
    chosen = portfolio(view)

    def total(start: dt.date, end: dt.date) -> int:
        [found] = money_flows(view, chosen, start, end)
        return sum(x.fen for x in found.paid_in if x.source.part == "investor")

    whole = total(dt.date(2020, 1, 1), dt.date(2020, 12, 31))
    parts = [
        total(dt.date(2020, 1, 1), dt.date(2020, 5, 31)),
        total(dt.date(2020, 6, 1), dt.date(2020, 6, 1)),
        total(dt.date(2020, 6, 2), dt.date(2020, 12, 31)),
    ]
    assert whole == sum(parts) > 0
    [before] = money_flows(view, chosen, dt.date(1999, 1, 1), dt.date(1999, 12, 31))
    assert before.paid_in == ()
