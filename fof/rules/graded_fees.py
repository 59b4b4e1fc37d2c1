"""Management fee held back until the year is graded. GF-43."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import NamedTuple

from fof.rules import cited_documents as docs
from fof.rules.facts import FundFacts
from fof.rules.facts_parties import Flow
from fof.rules.fee_periods import fee_of, settle_fees
from fof.rules.registry import (
    Confidence,
    Item,
    Level,
    Outcome,
    Scope,
    breach_unless,
    missing,
    not_applicable,
    rule,
)
from fof.rules.wording import money_en, money_zh, pct
from models.rule_kinds import Grade
from models.text import Text


@rule(
    "GF-43",
    Level.CONFIG,
    Scope.FUND,
    Confidence.SEEN,
    text=Text("管理费与绩效挂钩", "Fee tied to performance evaluation"),
    sources=[docs.practice("合伙协议（样本：南京江北新区 2025-05、闽财规〔2025〕14号）")],
)
def fee_by_grade(
    fund: FundFacts,
    *,
    fee_held_share_default: Decimal,
    grade_factor_good: Decimal,
    grade_factor_medium: Decimal,
    grade_factor_poor: Decimal,
) -> Outcome:
    """Of each year that was graded, the fee booked is at most the part not held plus the held part times the grade's
    factor; an evaluation grades the year before its own."""
    held = fee_held_share_default if fund.fee_held_share is None else fund.fee_held_share
    if held == 0 or not fund.is_public:
        return not_applicable(Text("管理费不与绩效挂钩", "no part of the fee is held"))
    graded = {e.day.year - 1: e.grade for e in fund.evaluations if e.grade is not None}
    graded_on = {e.day.year - 1: e.day for e in fund.evaluations if e.grade is not None}
    if not graded:
        return missing(Text("绩效评价等级", "grade of an evaluation"))
    factors = {
        Grade.EXCELLENT: Decimal(1),
        Grade.GOOD: grade_factor_good,
        Grade.MEDIUM: grade_factor_medium,
        Grade.POOR: grade_factor_poor,
    }
    parts = {year: 1 - held + held * factors[grade] for year, grade in graded.items()}
    paid = _paid_for_years(fund, parts, graded_on)
    years = [
        _graded_year(fund, year, grade, 1 - held + held * factors[grade], paid)
        for year, grade in sorted(graded.items())
    ]
    over = [y for y in years if y.allowed is not None and y.booked > y.allowed]
    lacking = [y for y in years if y.allowed is None]
    if lacking and not over:
        listed_years = ", ".join(str(y.year) for y in lacking)
        return missing(Text(f"{listed_years} 年管理费", f"the fee of {listed_years}"))
    latest = over[-1] if over else years[-1]
    allowed, part = latest.allowed or 0, latest.part
    return Outcome(
        breach_unless(not over),
        Text(
            f"{latest.year} 年等级“{latest.grade.zh}”，可付管理费 {money_zh(allowed)}（{pct(part)}），已付 {money_zh(latest.booked)}",
            f"{latest.year}: grade {latest.grade.en}, payable {money_en(allowed)} ({pct(part)}), booked {money_en(latest.booked)}",
        ),
        latest.booked,
        allowed,
        "fen",
        sum(y.booked - (y.allowed or 0) for y in over) or None,
        {
            "grade": str(latest.grade),
            "held": held,
            "factor": factors[latest.grade],
            "years_graded": len(years),
        },
        items=tuple(
            Item(
                str(y.year),
                Text(
                    f"{y.year} 年等级“{y.grade.zh}”，可付 {money_zh(y.allowed or 0)}，已付 {money_zh(y.booked)}",
                    f"{y.year}: grade {y.grade.en}, payable {money_en(y.allowed or 0)}, booked {money_en(y.booked)}",
                ),
                y.beyond_on or dt.date(y.year, 12, 31),
                y.booked - (y.allowed or 0),
            )
            for y in over
        ),
        since=min(
            (max(y.beyond_on, graded_on[y.year]) for y in over if y.beyond_on is not None), default=None
        ),
    )


class _GradedYear(NamedTuple):
    """A year's grade, the part of the fee that may be paid, what that is in fen (None where it cannot be told), what was
    paid for the year, and the day on which that went beyond."""

    year: int
    grade: Grade
    part: Decimal
    allowed: int | None
    booked: int
    beyond_on: dt.date | None


def _graded_year(
    fund: FundFacts, year: int, grade: Grade, part: Decimal, paid: dict[int, list[Flow]]
) -> _GradedYear:
    full = [fee_of(period) for period in fund.fees if period.start.year == year]
    allowed = None
    if full and None not in full:
        allowed = int(sum(fee for fee in full if fee is not None) * part)
    own = paid.get(year, [])
    booked, beyond_on = 0, None
    for flow in own:
        booked += flow.fen
        if allowed is not None and booked > allowed:
            beyond_on = beyond_on or flow.day
    return _GradedYear(year, grade, part, allowed, booked, beyond_on)


def _paid_for_years(
    fund: FundFacts, parts: dict[int, Decimal], graded_on: dict[int, dt.date]
) -> dict[int, list[Flow]]:
    """Year -> what was paid for it. A payment settles what is owed for the years already over, oldest first; once a poor
    grade is told less than the whole fee is owed for its year, so that the next year's fee does not fill it up."""
    periods = list(fund.fees)

    def owed(at: int, day: dt.date) -> int | None:
        fee, year = fee_of(periods[at]), periods[at].start.year
        graded = year in parts and graded_on[year] <= day
        return fee if fee is None or not graded else int(fee * parts[year])

    by_year: dict[int, list[Flow]] = {}
    if fund.fee_payments:
        settled = settle_fees(periods, owed, fund.fee_payments)
    else:
        settled = [[Flow(period.end, period.booked)] for period in periods]
    for period, flows in zip(periods, settled, strict=True):
        by_year.setdefault(period.start.year, []).extend(flows)
    return by_year
