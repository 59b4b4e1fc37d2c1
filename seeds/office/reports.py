"""What managers say of their funds' multiples in their year-end reports, beside which the book's own figures stand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from office.attributes import Stated
from office.economy import Office
from office.statements import RESTATED, received_on

FIRST = 2019
"""The first year end whose report states multiples."""

GROSS = "SF-2017-02"
"""States multiples of the money invested, not of the money paid in: too high by its fees."""
FEES_PER_CENT = 8

STALE = ("SF-2018-01", dt.date(2024, 12, 31))
"""Repeats the multiples of the year before."""


def reports(office: Office) -> Iterator[Stated]:
    """DPI and TVPI of every sub-fund at every year end, with two places, on what was known when the report was written."""
    for code, fund in sorted(office.sub_funds.items()):
        for day, (paid, distributed) in sorted(fund.totals.items()):
            if day.month != 12 or day.year < FIRST or not paid:
                continue
            accounts_day = dt.date(day.year - 1, 12, 31) if (code, day) == STALE else day
            if accounts_day != day:
                paid, distributed = fund.totals[accounts_day]
            nav = (
                sum(fund.accounts[accounts_day].values())
                * RESTATED.get((code, accounts_day), (1000, day))[0]
                // 1000
            )
            base = paid * (100 - FEES_PER_CENT) // 100 if code == GROSS else paid
            document = f"{code} {day.year} 年度报告"
            year = received_on(code, day).year
            yield Stated(day, code, "reported_dpi", _multiple(distributed, base), document, year)
            yield Stated(day, code, "reported_tvpi", _multiple(distributed + nav, base), document, year)


def _multiple(amount: int, base: int) -> str:
    """A quotient with two places, half a unit rounded up."""
    hundredths = (200 * amount + base) // (2 * base)
    return f"{hundredths // 100}.{hundredths % 100:02d}"
