"""Indicators of staff co-investment for SASAC. PI-11: PASS means that the page can be made. A figure that
a missing input leaves open is a dash on it, and what is missing is a finding of the rule that asks for it."""

from __future__ import annotations

from fractions import Fraction

from fof.rules import cited_documents as docs
from fof.rules.facts_coinvest import InstitutionFacts
from fof.rules.registry import Confidence, Level, Outcome, Scope, Verdict, missing, rule
from fof.rules.wording import decimal_of, pct
from models.text import Text, counted


@rule(
    "PI-11",
    Level.PRAC,
    Scope.INSTITUTION,
    Confidence.OWN_DESIGN,
    text=Text("跟投监管指标", "Co-investment indicators for SASAC"),
    sources=[docs.practice("由 CI 类规则归纳，每机构每年一页")],
)
def staff_indicators(institution: InstitutionFacts) -> Outcome | None:
    """Projects open and joined, staff money over the institution's, price and days apart, evidence: of every year."""
    years = institution.years
    if not years:
        return None
    staff, ticket = sum(y.staff for y in years), sum(y.ticket for y in years)
    eligible, joined = sum(y.eligible for y in years), sum(y.joined for y in years)
    joined_years = [y for y in years if y.joined]
    if joined_years and not any(
        figure is not None for y in joined_years for figure in (y.largest, y.price_apart, y.lag)
    ):
        what = Text("股份、价格与付款日", "shares, prices and days of payment")
        return missing(what, money=staff)
    part = decimal_of(Fraction(staff, ticket)) if ticket else None
    text = Text(
        f"开放 {eligible} 个项目，跟投 {joined} 个"
        + (f"，跟投额为机构投资额的 {pct(part)}" if part is not None else ""),
        f"{counted(eligible, 'project')} open, {joined} joined"
        + (f", staff money {pct(part)} of the institution's" if part is not None else ""),
    )
    return Outcome(Verdict.PASS, text, joined, eligible, "count", staff)
