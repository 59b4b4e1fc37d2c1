"""Numbers the office set, and what departments filled in for the evaluation of 2025: some funds whole, some not yet."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator
from typing import NamedTuple

from office.economy import FUNDS
from office.parties import PARENT
from office.stream import Stream

_D = dt.date
_PLAN, _MARKED = _D(2026, 3, 2), _D(2026, 6, 10)
_PLAN_NAME = "示例省级政府投资基金绩效评价实施细则〔2026〕3号"

SCALES = {
    "early_share": "0;0.6",
    "strategic_share": "0.2;0.8",
    "leverage_a": "1;4",
    "leverage_b": "0;2.5",
    "leverage_c": "1;4",
    "tvpi": "0.8;1.6",
    "dpi": "0;1.2",
    "irr": "0;0.12",
}
"""Indicator: no points at; full points at. For every fund."""

MARKS = ("policy_opinion", "internal_control", "social_effect")
OUT_OF_DATE = "SF-2015-01"
"""Its marks are of June 2025: too old to count in September 2026."""
PARTLY = {"SF-2019-01": MARKS[:2], "SF-2022-01": MARKS[:1]}
NOT_YET = ("SF-2024-03", "SF-2025-01", "SF-2025-02")
BONUS = {"SF-2016-01": "2", "SF-2021-01": "1.5"}
OWN_WEIGHTS = {"SF-2024-02": "50/20/30"}
OWN_SCALE = {"SF-2021-01": ("tvpi", "0.7;1.3")}

TRANCHES = {"SF-2018-01": _D(2018, 3, 20), "SF-2024-03": _D(2024, 9, 17)}
"""Funds whose agreement asks that 60 % of an instalment be invested before the next; the others call project by project."""


class Set(NamedTuple):
    """One row of settings.csv. fund: empty for the office.

    what : name of a rule's number, or "weights" ("40/20/40"), "scale:<indicator>" ("zero;full"), "mark:<indicator>"
    """

    fund: str
    what: str
    value: str
    since: dt.date
    document: str


def settings() -> Iterator[Set]:
    """Every setting, in the order of its day."""
    by_project = "示例省科技创业投资政府引导基金管理办法第十二条：按项目缴款"
    yield Set("", "tranche_release_ratio", "0", _D(2011, 3, 21), by_project)
    for fund, day in TRANCHES.items():
        yield Set(fund, "tranche_release_ratio", "0.6", day, f"{fund} 合伙协议：分期缴款")
    for mark in MARKS:
        yield Set(OUT_OF_DATE, f"mark:{mark}", "0.7", _D(2025, 6, 5), "2024 年度绩效评价打分表")
    for name, ends in SCALES.items():
        yield Set("", f"scale:{name}", ends, _PLAN, _PLAN_NAME)
    for fund, (name, ends) in OWN_SCALE.items():
        yield Set(fund, f"scale:{name}", ends, _PLAN, f"{_PLAN_NAME}附件二（天使基金）")
    for fund, weights in OWN_WEIGHTS.items():
        yield Set(fund, "weights", weights, _PLAN, f"{_PLAN_NAME}附件三（专项基金）")
    for fund in [PARENT, *(f.code for f in FUNDS if not f.closes)]:
        if fund == OUT_OF_DATE or fund in NOT_YET:
            continue
        for mark in PARTLY.get(fund, MARKS):
            value = Stream(f"mark {fund} {mark}").between(12, 19) * 5
            yield Set(fund, f"mark:{mark}", f"{value / 100:.2f}", _MARKED, f"{fund} 2025 年度绩效评价打分表")
    for fund, points in BONUS.items():
        yield Set(fund, "mark:bonus", points, _MARKED, f"{fund} 2025 年度绩效评价加分认定")


def settings_csv() -> bytes:
    """The file: the same bytes at every run."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(Set._fields)
    writer.writerows(settings())
    return out.getvalue().encode()
