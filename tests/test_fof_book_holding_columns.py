"""Every holding in columns says what the holdings one by one say, on any day and at any known-at."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest

from fof import ledger
from fof.book.holding_columns import HoldingColumns, holding_columns
from fof.book.holdings import Holding, all_holdings
from fof.db import Database
from models.posting_kinds import PostingKind


def rows(columns: HoldingColumns) -> list[tuple[object, ...]]:
    shares = [None if np.isnan(s) else s for s in columns.share.tolist()]
    values = [v if k else None for v, k in zip(columns.value.tolist(), columns.valued.tolist(), strict=True)]
    plain = (
        c.tolist() for c in (columns.fund, columns.company, columns.invested, columns.cost, columns.gone)
    )
    return list(zip(*plain, shares, values, columns.deals.tolist(), strict=True))


def one_by_one(held: tuple[Holding, ...]) -> list[tuple[object, ...]]:
    return [
        (
            h.fund,
            h.company,
            h.invested,
            h.cost,
            h.state in ("sold", "written_off"),
            h.share,
            h.value.fen,
            bool(h.deals),
        )
        for h in held
    ]


@pytest.mark.parametrize("day", ["2010-01-01", "2014-06-30", "2019-03-31", "2022-12-30", "2026-09-30"])
@pytest.mark.parametrize("part", [1.0, 0.5])
def test_columns_equal_the_holdings_of_the_demo_office(demo: Database, day: str, part: float) -> None:
    journal = ledger.read(demo)
    view = journal.view(dt.date.fromisoformat(day), int(journal.head * part))
    assert rows(holding_columns(view)) == one_by_one(all_holdings(view))


def test_income_from_before_the_first_investment_counts_from_the_day_of_the_investment(clerk: Any) -> None:
    """Booked after the investment, dated before it: on the days between it is no holding yet."""
    clerk.party("F", "sub_fund", cash_kept="no")
    clerk.party("C", "company")
    clerk.deal("F", "C", "initial", 100, "2020-01-10", share=0.1)
    clerk.pay(PostingKind.DIVIDEND, "C", "F", 3, "2019-12-01", fund="F")
    clerk.pay(PostingKind.DIVIDEND, "C", "F", 2, "2020-06-01", fund="F")
    for day in ("2019-12-31", "2020-01-10", "2020-12-31"):
        view = clerk.view(day)
        assert rows(holding_columns(view)) == one_by_one(all_holdings(view))
    assert all_holdings(clerk.view("2019-12-31")) == ()
    [held] = all_holdings(clerk.view("2020-12-31"))
    assert held.dividends == 500
