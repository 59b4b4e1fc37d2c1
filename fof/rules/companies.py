"""Whether a company is an S&T-SME, by score or by direct entry. SM-01…03; the start-up definitions are in start_ups.

These rules classify: PASS means that the company meets the definition, NOT_APPLICABLE that it does not. Only a
label that the facts contradict is a warning.
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from fof.rules import cited_documents as docs
from fof.rules.facts_parties import CompanyFacts, YearFigures
from fof.rules.registry import (
    Confidence,
    Level,
    Outcome,
    Scope,
    Value,
    Verdict,
    missing,
    rule,
)
from fof.rules.truth import all_of, any_of, at_most, not_
from fof.rules.wording import ratio
from models.text import Text

_NOBODY = YearFigures(0)


@lru_cache(maxsize=64)
def steps(text: str) -> tuple[tuple[Decimal, int], ...]:
    """A table of points: "0.30:20 0.25:16" gives 20 from 0.30 on, 16 from 0.25 on, 0 below."""
    return tuple((Decimal(s), int(p)) for s, p in (pair.split(":") for pair in text.split()))


def points(value: Decimal | int | None, table: str) -> tuple[int, int]:
    """(points, points); (0, most) where the value is missing."""
    rows = steps(table)
    if value is None:
        return 0, rows[0][1]
    got = next((p for start, p in rows if value >= start), 0)
    return got, got


def share_of(part: int | None, whole: int | None) -> Decimal | None:
    """part / whole; None where one is missing or the whole is not positive. Nothing is nothing of whatever the whole is."""
    if part == 0 and (whole is None or whole == 0):
        return Decimal(0)
    return None if part is None or not whole or whole < 0 else ratio(part, whole)


class Score(NamedTuple):
    """S&T-SME points: lowest and highest possible with what is known, in all and for staff."""

    low: int
    high: int
    staff_low: int
    staff_high: int

    def passes(self, floor: int) -> bool | None:
        """Pass mark reached with a staff score above 0; None where missing figures could decide."""
        if self.low >= floor and self.staff_low > 0:
            return True
        return False if self.high < floor or self.staff_high == 0 else None


def st_sme_score(
    year: YearFigures, staff_steps: str, revenue_steps: str, cost_steps: str, ip_steps: str
) -> Score:
    """Staff 20, R&D 50 (the better of two ratios), results 30."""
    staff = points(share_of(year.rd_staff, year.staff), staff_steps)
    by_revenue = points(share_of(year.rd_expense, year.revenue), revenue_steps)
    if year.revenue == 0:
        by_revenue = (0, 0)
    by_cost = points(share_of(year.rd_expense, year.costs), cost_steps)
    rd = max(by_revenue[0], by_cost[0]), max(by_revenue[1], by_cost[1])
    most = steps(ip_steps)[0][1]
    second = points(None if year.ip_class_two is None else year.ip_class_two, ip_steps)
    if year.ip_class_one is None:
        results = second[0], 30
    else:
        results = (30, 30) if year.ip_class_one >= 1 else (second[0], min(second[1], most))
    return Score(staff[0] + rd[0] + results[0], staff[1] + rd[1] + results[1], staff[0], staff[1])


def within_sme_limits(company: CompanyFacts, staff: int, revenue: int, assets: int) -> bool | None:
    """Resident, inside the size limits, not in a banned field, no serious incident (Art. 6 (1)–(4))."""
    year = company.last_year or _NOBODY
    return all_of(
        company.resident,
        at_most(year.staff, staff),
        at_most(year.revenue, revenue),
        at_most(year.total_assets, assets),
        not_(company.banned_field),
        not_(company.serious_incident),
    )


def direct_entry(company: CompanyFacts) -> bool | None:
    """One of the four routes that need no score."""
    until = company.high_tech_until
    return any_of(
        None if until is None else until >= company.as_of,
        company.st_award,
        company.rd_body,
        company.standard_lead,
    )


def classified(meets: bool | None, text: Text, **inputs: Value) -> Outcome:
    """PASS, NOT_APPLICABLE or UNKNOWN of a definition."""
    verdict = Verdict.UNKNOWN if meets is None else Verdict.PASS if meets else Verdict.NOT_APPLICABLE
    word = Text(
        {None: "无法判断是否属于", True: "属于", False: "不属于"}[meets],
        {None: "Cannot be told whether it is", True: "Is", False: "Is not"}[meets],
    )
    return Outcome(verdict, Text(f"{word.zh}{text.zh}", f"{word.en} {text.en}"), inputs=inputs)


@rule(
    "SM-01",
    Level.MIN,
    Scope.COMPANY,
    Confidence.SEEN,
    text=Text("科技型中小企业", "S&T-SME (科技型中小企业)"),
    sources=[docs.MOST_115.at("第6—7条")],
)
def st_sme(
    company: CompanyFacts,
    *,
    sme_staff_max: int,
    sme_revenue_max: int,
    sme_assets_max: int,
    sme_score_min: int,
    sme_staff_steps: str,
    sme_rd_revenue_steps: str,
    sme_rd_cost_steps: str,
    sme_ip_steps: str,
) -> Outcome:
    """Inside the limits, and the pass mark with a staff score above 0 or one of the direct routes (SM-03)."""
    year = company.last_year or _NOBODY
    score = st_sme_score(year, sme_staff_steps, sme_rd_revenue_steps, sme_rd_cost_steps, sme_ip_steps)
    limits = within_sme_limits(company, sme_staff_max, sme_revenue_max, sme_assets_max)
    direct = direct_entry(company)
    meets = all_of(limits, any_of(score.passes(sme_score_min), direct))
    inputs: dict[str, Value] = {
        "year": year.year or None,
        "staff": year.staff,
        "revenue": year.revenue,
        "assets": year.total_assets,
        "score": score.low,
        "score_at_most": score.high,
        "direct_entry": direct,
    }
    if meets is False and company.claims_st_sme:
        return Outcome(
            Verdict.WARN,
            Text(
                "标注为科技型中小企业，但数据不支持",
                "Labelled an S&T-SME, but the figures do not bear it out",
            ),
            score.high,
            sme_score_min,
            "points",
            inputs=inputs,
        )
    return classified(meets, Text("科技型中小企业", "an S&T-SME"), **inputs)


@rule(
    "SM-02",
    Level.MIN,
    Scope.COMPANY,
    Confidence.RECALLED,
    text=Text("科技型中小企业评分", "S&T-SME scoring table"),
    sources=[docs.MOST_115.at("第7条")],
)
def st_sme_scored(
    company: CompanyFacts,
    *,
    sme_score_min: int,
    sme_staff_steps: str,
    sme_rd_revenue_steps: str,
    sme_rd_cost_steps: str,
    sme_ip_steps: str,
) -> Outcome:
    """The score; UNKNOWN where a missing figure could move it across the pass mark."""
    year = company.last_year
    if year is None:
        return missing(Text("年度数据", "yearly figures"))
    score = st_sme_score(year, sme_staff_steps, sme_rd_revenue_steps, sme_rd_cost_steps, sme_ip_steps)
    meets = score.passes(sme_score_min)
    span = str(score.low) if score.low == score.high else f"{score.low}–{score.high}"
    return Outcome(
        Verdict.UNKNOWN if meets is None else Verdict.PASS if meets else Verdict.NOT_APPLICABLE,
        Text(
            f"{year.year} 年得分 {span}（合格线 {sme_score_min}，科技人员 {score.staff_low} 分）",
            f"Score of {year.year}: {span} (pass mark {sme_score_min}, staff block {score.staff_low})",
        ),
        score.low,
        sme_score_min,
        "points",
        inputs={"year": year.year, "score_at_most": score.high, "staff_points": score.staff_low},
    )


@rule(
    "SM-03",
    Level.MIN,
    Scope.COMPANY,
    Confidence.RECALLED,
    text=Text("直接认定", "Direct entry"),
    sources=[docs.MOST_115.at("第8条")],
)
def st_sme_direct(
    company: CompanyFacts, *, sme_staff_max: int, sme_revenue_max: int, sme_assets_max: int
) -> Outcome:
    """A valid high-tech certificate, a national award, an R&D body or a lead role in a standard, inside the limits."""
    limits = within_sme_limits(company, sme_staff_max, sme_revenue_max, sme_assets_max)
    return classified(
        all_of(limits, direct_entry(company)),
        Text("可直接认定的科技型中小企业", "an S&T-SME by direct entry"),
        high_tech_until=company.high_tech_until,
    )
