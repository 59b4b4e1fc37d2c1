"""Reports handed in: of the years 2024 and 2025 and of the quarters since 2024-12-31, each with its truth commitment; four
funds are late or silent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from office.attributes import Stated
from office.days import after, years_after
from office.economy import FUNDS
from office.funds import Fund
from office.parties import GUIDANCE_NEW, PARENT

_QUARTERS = (
    dt.date(2024, 12, 31),
    dt.date(2025, 3, 31),
    dt.date(2025, 6, 30),
    dt.date(2025, 9, 30),
    dt.date(2025, 12, 31),
    dt.date(2026, 3, 31),
    dt.date(2026, 6, 30),
)
_YEARLY = (
    ("filed_annual_report", 4, 15),
    ("filed_audit_report", 4, 17),
    ("filed_custodian_report", 4, 18),
    ("filed_annual_evaluation", 6, 11),
    ("filed_register_update", 6, 15),
    ("signed_truth_commitment", 6, 16),
)
"""What is due for a year, and the day of the next year on which it is handed in."""

LATE_REGISTER = "SF-2019-02"
SILENT_QUARTER = "SF-2020-01"
NO_AUDIT = "SF-2022-02"
UNSIGNED = ("SF-2021-02", dt.date(2026, 6, 30))
"""A quarterly statement that came without its truth commitment."""


def filings() -> Iterator[Stated]:
    """Every report, vehicle by vehicle."""
    for code, first in ((PARENT, dt.date(2023, 4, 3)), (GUIDANCE_NEW, dt.date(2023, 2, 20))):
        yield from _of(code, first, dt.date.max)
        yield Stated(after(first, 16), code, "ndrc_registered_on", after(first, 14), "信用信息登记系统回执")
    for fund in FUNDS:
        end = years_after(fund.start, fund.term + fund.extended) if fund.closes else dt.date.max
        yield from _of(fund.code, fund.start, end)
        yield from _registered(fund)


def _of(code: str, first: dt.date, end: dt.date) -> Iterator[Stated]:
    for quarter in _QUARTERS:
        silent = code == SILENT_QUARTER and quarter == dt.date(2026, 3, 31)
        if first <= quarter < end and not silent:
            yield Stated(after(quarter, 18), code, "filed_quarterly_statement", quarter, "季度报表回执")
            if (
                quarter.month != 12 and (code, quarter) != UNSIGNED
            ):  # for the year it is signed with the register update
                yield Stated(after(quarter, 18), code, "signed_truth_commitment", quarter, "真实性承诺书")
    for year in (2024, 2025):
        closed = dt.date(year, 12, 31)
        if end.year == year:  # wound up in the year: its last entry in the register
            for name in ("filed_register_update", "signed_truth_commitment"):
                yield Stated(dt.date(year + 1, 3, 16), code, name, closed, "登记信息注销回执")
        if not first <= closed < end:
            continue
        for name, month, day in _YEARLY:
            on = dt.date(year + 1, month, day)
            if year == 2025 and code == NO_AUDIT and name == "filed_audit_report":
                continue
            if year == 2025 and code == LATE_REGISTER and name == "filed_register_update":
                on = dt.date(2026, 7, 20)
            yield Stated(on, code, name, closed, f"{year} 年度报送回执")


def _registered(fund: Fund) -> Iterator[Stated]:
    """In the credit register a fortnight after the last close; the fund that never filed is not in it either. Funds from
    before the register were entered in June 2017."""
    close = after(fund.start, fund.second_close[0]) if fund.second_close else fund.start
    if close >= dt.date(2017, 4, 1) and fund.filing_workdays is not None:
        day = after(close, 14)
        yield Stated(after(day, 2), fund.code, "ndrc_registered_on", day, "信用信息登记系统回执")
    elif close < dt.date(2017, 4, 1):
        day = dt.date(2017, 6, 20)
        yield Stated(after(day, 2), fund.code, "ndrc_registered_on", day, "信用信息登记系统存量补登回执")
