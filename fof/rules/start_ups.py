"""What a company was when it was first invested in, by three definitions of "early". SM-04…06.

PASS means that it met the definition, NOT_APPLICABLE that it did not. The figures are those of the year before the deal;
of a company that had none, those of its first year, which is over only after the deal.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from fof.rules import cited_documents as docs
from fof.rules.calendar_days import add_months
from fof.rules.companies import classified, share_of
from fof.rules.facts_deals import DealFacts
from fof.rules.facts_parties import CompanyFacts, YearFigures
from fof.rules.registry import Confidence, Level, Outcome, Scope, Test, Value, Verdict, checklist, rule
from fof.rules.truth import all_of, any_of, at_most
from fof.rules.wording import money_en, money_zh, pct
from models.kinds import DealKind
from models.text import Text, counted

_NOBODY = YearFigures(0)


class StartUpLimits(NamedTuple):
    """SM-04: the tax definition of a start-up technology firm."""

    staff: int
    degree_share: Decimal
    assets: int
    revenue: int
    months: int
    rd_share: Decimal


class Early2007Limits(NamedTuple):
    """SM-05: the early-stage firm of the 2007 guidance fund."""

    months: int
    staff: int
    graduate_share: Decimal
    rd_staff_share: Decimal
    revenue: int
    net_assets: int
    rd_share: Decimal


def at_least_share(part: int | None, whole: int | None, floor: Decimal) -> bool | None:
    """part / whole >= floor; None where it cannot be told."""
    share = share_of(part, whole)
    return None if share is None else share >= floor


def young(founded_on: dt.date | None, day: dt.date, months: int) -> bool | None:
    """At most so many months old on `day`."""
    return None if founded_on is None else day <= add_months(founded_on, months)


def start_up_tests(
    company: CompanyFacts, day: dt.date, limits: StartUpLimits, figures: YearFigures | None = None
) -> list[Test]:
    """SM-04 on a day without what only later years tell: by these figures; where none are named, by those of the year
    before, else of the year itself."""
    year = figures or company.year(day.year - 1) or company.year(day.year) or _NOBODY
    holds = (
        company.resident,
        company.audited_accounts,
        at_most(year.staff, limits.staff),
        at_least_share(year.degree_staff, year.staff, limits.degree_share),
        at_most(year.total_assets, limits.assets),
        at_most(year.revenue, limits.revenue),
        young(company.founded_on, day, limits.months),
    )
    return list(zip(holds, _start_up_words(limits, *_amounts(limits.assets, limits.revenue)), strict=True))


def _amounts(*fen: int) -> tuple[str, ...]:
    """Amounts in words, in the currency that is spoken of: Chinese and English of each."""
    return tuple([words for own in fen for words in (money_zh(own), money_en(own))])


@lru_cache(64)
def _start_up_words(limits: StartUpLimits, *amounts: str) -> tuple[Text, ...]:
    """The conditions of SM-04 by name, once for all companies that are held against the same numbers."""
    assets_zh, assets_en, revenue_zh, revenue_en = amounts
    return (
        Text("居民企业", "resident"),
        Text("查账征收", "taxed on audited accounts"),
        Text(f"职工不超过 {limits.staff} 人", f"at most {limits.staff} staff"),
        Text(
            f"本科以上不低于 {pct(limits.degree_share)}",
            f"at least {pct(limits.degree_share)} with a bachelor's degree",
        ),
        Text(f"资产不超过 {assets_zh}", f"assets at most {assets_en}"),
        Text(f"收入不超过 {revenue_zh}", f"revenue at most {revenue_en}"),
        Text(f"成立不超过 {limits.months} 个月", f"at most {counted(limits.months, 'month')} old"),
    )


def start_up_rd(years: Sequence[YearFigures], first: int, limits: StartUpLimits) -> bool | None:
    """R&D over costs of two fiscal years together; None while the second is missing."""
    both = [y for y in years if y.year in (first, first + 1)]
    known = [y for y in both if y.rd_expense is not None and y.costs is not None]
    if len(known) < 2:
        return None
    return at_least_share(
        sum(y.rd_expense or 0 for y in known), sum(y.costs or 0 for y in known), limits.rd_share
    )


def early_2007_tests(
    company: CompanyFacts, day: dt.date, limits: Early2007Limits, figures: YearFigures | None = None
) -> list[Test]:
    """SM-05 on a day: an unlisted company, by these figures; where none are named, by those of the year before, else of the
    year itself."""
    year = figures or company.year(day.year - 1) or company.year(day.year) or _NOBODY
    holds = (
        company.listed_on is None or company.listed_on > day,
        young(company.founded_on, day, limits.months),
        at_most(year.staff, limits.staff),
        at_least_share(year.technical_graduates, year.staff, limits.graduate_share),
        at_least_share(year.rd_staff, year.staff, limits.rd_staff_share),
        at_most(year.revenue, limits.revenue),
        at_most(year.net_assets, limits.net_assets),
        at_least_share(year.rd_expense, year.revenue, limits.rd_share),
    )
    return list(
        zip(holds, _early_2007_words(limits, *_amounts(limits.revenue, limits.net_assets)), strict=True)
    )


@lru_cache(64)
def _early_2007_words(limits: Early2007Limits, *amounts: str) -> tuple[Text, ...]:
    """The conditions of SM-05 by name."""
    revenue_zh, revenue_en, net_assets_zh, net_assets_en = amounts
    return (
        Text("未上市", "not listed"),
        Text(f"成立不超过 {limits.months} 个月", f"at most {counted(limits.months, 'month')} old"),
        Text(f"职工不超过 {limits.staff} 人", f"at most {limits.staff} staff"),
        Text(
            f"大专以上科技人员不低于 {pct(limits.graduate_share)}",
            f"graduates in technical posts at least {pct(limits.graduate_share)}",
        ),
        Text(
            f"研发人员不低于 {pct(limits.rd_staff_share)}",
            f"R&D staff at least {pct(limits.rd_staff_share)}",
        ),
        Text(f"收入不超过 {revenue_zh}", f"revenue at most {revenue_en}"),
        Text(f"净资产不超过 {net_assets_zh}", f"net assets at most {net_assets_en}"),
        Text(
            f"研发费用占收入不低于 {pct(limits.rd_share)}",
            f"R&D at least {pct(limits.rd_share)} of revenue",
        ),
    )


def classified_by(tests: list[Test], inputs: dict[str, Value] | None = None) -> Outcome:
    """A definition made of several tests: NOT_APPLICABLE where one fails."""
    return checklist(tests, failed=Verdict.NOT_APPLICABLE, inputs=inputs)


def first_deal(deal: DealFacts) -> CompanyFacts | None:
    """The company of a first investment as it was then; None where there is nothing to classify."""
    return deal.company_then if deal.kind is DealKind.INITIAL and deal.day is not None else None


@rule(
    "SM-04",
    Level.MIN,
    Scope.DEAL,
    Confidence.SEEN_IN_PART,
    text=Text("初创科技型企业", "Start-up tech firm for tax (初创科技型企业)"),
    sources=[
        docs.MOF_TAX_55.at("二", until=dt.date(2018, 12, 31)),
        docs.MOF_TAX_13.at("第5条", until=dt.date(2023, 12, 31)),
        docs.MOF_TAX_17.at(None),
    ],
    on="day",
    later=["unlisted_two_years", "company_then"],
)
def start_up(
    deal: DealFacts,
    *,
    startup_staff_max: int,
    startup_degree_share_min: Decimal,
    startup_assets_max: int,
    startup_revenue_max: int,
    startup_months_max: int,
    startup_rd_share_min: Decimal,
) -> Outcome | None:
    """On the day of the first investment, by the figures of the year before or, of a company in its first year, of that
    year; the R&D test closes with the next fiscal year and two years unlisted with their last day, until then UNKNOWN."""
    company = first_deal(deal)
    if company is None or deal.day is None:
        return None
    limits = StartUpLimits(
        startup_staff_max,
        startup_degree_share_min,
        startup_assets_max,
        startup_revenue_max,
        startup_months_max,
        startup_rd_share_min,
    )
    rd: Test = (
        start_up_rd(company.years, deal.day.year, limits),
        Text(
            f"当年及次年研发费用占成本费用不低于 {pct(limits.rd_share)}（次年结束前为暂定）",
            f"R&D at least {pct(limits.rd_share)} of costs over that year and the next (provisional until then)",
        ),
    )
    unlisted: Test = (
        deal.unlisted_two_years,
        Text("两年内未上市（期满前为暂定）", "unlisted for two years (provisional until then)"),
    )
    tests = [*start_up_tests(company, deal.day, limits), unlisted, rd]
    return classified_by(tests, {"company": company.code})


@rule(
    "SM-05",
    Level.MIN,
    Scope.DEAL,
    Confidence.SEEN,
    text=Text("2007 年引导基金初创期企业", "Early-stage firm in the 2007 guidance fund"),
    sources=[docs.MOF_128.at("第11条")],
    on="day",
    later=["company_then"],
)
def early_2007(
    deal: DealFacts,
    *,
    early2007_months_max: int,
    early2007_staff_max: int,
    early2007_graduate_share_min: Decimal,
    early2007_rd_staff_share_min: Decimal,
    early2007_revenue_max: int,
    early2007_net_assets_max: int,
    early2007_rd_share_min: Decimal,
) -> Outcome | None:
    """On the day of the first investment."""
    company = first_deal(deal)
    if company is None or deal.day is None:
        return None
    limits = Early2007Limits(
        early2007_months_max,
        early2007_staff_max,
        early2007_graduate_share_min,
        early2007_rd_staff_share_min,
        early2007_revenue_max,
        early2007_net_assets_max,
        early2007_rd_share_min,
    )
    return classified_by(early_2007_tests(company, deal.day, limits), {"company": company.code})


@rule(
    "SM-06",
    Level.MIN,
    Scope.DEAL,
    Confidence.RECALLED,
    text=Text("创投减持规则的早期、中小、高新企业", "Early/small test of CSRC's VC sell-down rule"),
    sources=[docs.CSRC_17.at(None)],
    on="day",
    later=["certified_until", "company_then"],
)
def csrc_early(
    deal: DealFacts, *, csrc_months_below: int, sme_staff_max: int, sme_revenue_max: int, sme_assets_max: int
) -> Outcome | None:
    """Young or small when first invested, or certified high-tech since: one of the three is enough.

    The certificate is asked for by the filing of the listing, which the book does not hold: one that was valid on the
    day of the investment or later, as far as is known, counts.
    """
    company = first_deal(deal)
    if company is None or deal.day is None:
        return None
    year = company.year(deal.day.year - 1) or company.year(deal.day.year) or _NOBODY
    founded, until = company.founded_on, deal.certified_until or company.high_tech_until
    early = None if founded is None else deal.day < add_months(founded, csrc_months_below)
    small = all_of(
        at_most(year.staff, sme_staff_max),
        at_most(year.revenue, sme_revenue_max),
        at_most(year.total_assets, sme_assets_max),
    )
    high_tech = None if until is None else until >= deal.day
    return classified(
        any_of(early, small, high_tech),
        Text("投资时的早期、中小或高新技术企业", "early, small or high-tech when first invested"),
        company=company.code,
        early=early,
        small=small,
        high_tech=high_tech,
    )
