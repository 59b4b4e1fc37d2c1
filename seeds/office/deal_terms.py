"""What was agreed and checked deal by deal and company by company, beyond the money."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from office.attributes import Stated
from office.companies import Company
from office.days import LAST, after
from office.economy import Office
from office.parties import GUIDANCE_NEW, GUIDANCE_OLD, PARENT
from office.rows import Deal
from office.stream import Stream

_D = dt.date
_RELATED_RULE = _D(2023, 9, 1)
RELATED_APPROVED, RELATED_ALONE = "SF-2023-01", "SF-2024-03"
"""Their first deals are with related parties: with decision and disclosure, and without."""
CONVERTERS = "SF-2016-01"
"""Its companies live from publicly funded results; every sixth has not converted its own."""
_CLAIMS = (
    ("SF-2017-01-X02-1", "GOV-230100", "直接投资本地企业", 100),
    ("SF-2017-01-X03-1", "GOV-230100", "直接投资本地企业", 100),
    ("SF-2017-01-X08-1", "GOV-230100", "总部迁入", 100),
    ("SF-2017-01-X01-1", PARENT, "直接投资本地企业", 100),
    ("SF-2017-01-X05-1", PARENT, "设立本地子公司", 100),
    ("SF-2017-02-X07-1", "GOV-230100", "直接投资本地企业", 250),
    ("SF-2017-02-X05-1", PARENT, "直接投资本地企业", 100),
    ("SF-2017-02-X05-0", PARENT, "直接投资本地企业", 100),
)
"""Deal, investor it is recognised for, kind, factor in per cent. The last two are one company counted twice."""
_PROJECTS = {
    # deal: municipality, project, fixed assets, owner's equity (yuan), planned years
    "GF-2023-X01-1": ("230100", 600_000_000, 250_000_000, 240_000_000, 5),
    "GF-2023-X02-1": ("230300", 420_000_000, 160_000_000, 150_000_000, 5),
    "GF-2023-X03-1": ("230100", 120_000_000, 38_000_000, 40_000_000, 7),
    "GF-2023-X04-1": ("230600", 300_000_000, 110_000_000, 120_000_000, 4),
}


def deal_terms(office: Office) -> Iterator[Stated]:
    """Everything of this module."""
    deals = {deal.code: deal for purse in office.vehicles for deal in purse.book.deals}
    yield from _related(deals)
    yield from _claims(deals)
    yield from _projects(deals)
    yield from _beside_a_venture_fund(deals)
    yield from _prices()
    yield from _rounds(office)
    for company in office.companies:
        yield from _company(company)


def _related(deals: dict[str, Deal]) -> Iterator[Stated]:
    done: set[str] = set()
    for deal in sorted(deals.values(), key=lambda d: (d.day, d.code)):
        if deal.day < _RELATED_RULE:
            continue
        first = deal.fund not in done
        done.add(deal.fund)
        related = first and deal.fund in (RELATED_APPROVED, RELATED_ALONE)
        yield Stated(deal.day, deal.code, "related_party", related, "关联交易核查表")
        if related and deal.fund == RELATED_APPROVED:
            document = f"{deal.fund} 合伙人会议决议"
            yield Stated(deal.day, deal.code, "decision_ref", document, document)
            yield Stated(after(deal.day, 7), deal.code, "disclosed_on", after(deal.day, 7), "关联交易披露函")


def _claims(deals: dict[str, Deal]) -> Iterator[Stated]:
    day = _D(2023, 10, 16)
    for code, investor, kind, factor in _CLAIMS:
        amount = deals[code].amount
        assert amount is not None
        evidence = f"{code} 返投认定表"
        for name, value in (
            ("lp", investor),
            ("kind", kind),
            ("factor", f"{factor}%"),
            ("amount", amount // 100),
            ("evidence", evidence),
        ):
            yield Stated(day, code, f"reinvest_{name}", value, evidence)


def _projects(deals: dict[str, Deal]) -> Iterator[Stated]:
    """Direct projects, each agreed with a municipality; the third takes too much of a small project for too long."""
    for code, (city, project, fixed, equity, years) in _PROJECTS.items():
        day, document = deals[code].day, f"{code} 合作协议"
        yield Stated(after(day, -12), GUIDANCE_NEW, "municipality", city, document)
        for name, value in (
            ("project_investment", project),
            ("project_fixed_assets", fixed),
            ("project_owner_equity", equity),
            ("planned_years", years),
        ):
            yield Stated(day, code, name, value, document)


def _beside_a_venture_fund(deals: dict[str, Deal]) -> Iterator[Stated]:
    """The old guidance fund's own deals follow a venture fund into the same round."""
    for deal in deals.values():
        if deal.fund != GUIDANCE_OLD or deal.kind not in ("首次投资", "initial"):
            continue
        lead = max(
            d.amount or 0
            for d in deals.values()
            if d.company == deal.company and d.day == deal.day and d is not deal
        )
        yield Stated(deal.day, deal.code, "deal_support_mode", "跟进投资", f"{deal.code} 跟进投资协议")
        yield Stated(deal.day, deal.code, "lead_ticket", lead // 100, f"{deal.code} 跟进投资协议")


def _prices() -> Iterator[Stated]:
    """How the old guidance fund's shares were priced: an appraisal, one that had run out, a formula."""
    for code, sold, appraised in (
        ("GF-2011-X02-3", _D(2018, 5, 15), _D(2018, 1, 31)),
        ("GF-2011-X01-3", _D(2021, 2, 5), _D(2019, 11, 30)),
    ):
        report = f"示例评报字〔{appraised.year}〕第{code[-4]}号"
        yield Stated(sold, code, "price_basis", "资产评估", report)
        yield Stated(sold, code, "appraisal_ref", report, report)
        yield Stated(sold, code, "appraisal_on", appraised, report)
    yield Stated(_D(2021, 6, 15), "GF-2011-X03-3", "price_basis", "合同约定", "GF-2011-X03-1 跟进投资协议")


ROUNDS_UNKNOWN = ("SF-2019-02", "SF-2021-02", "SF-2022-02")
"""Funds that do not say what others paid in the same rounds: their leverage C cannot be told."""


def _round(deal: Deal) -> tuple[str, str]:
    """Which round of which company: by its name, as the book tells rounds apart; a deal without one stands alone."""
    return deal.company, deal.round or deal.code


def _rounds(office: Office) -> Iterator[Stated]:
    """The whole round of each purchase. A second part of a ticket is a closing of its own, so the first is without it."""
    bought = [
        d for p in office.vehicles for d in p.book.deals if d.amount and d.kind in ("首次投资", "后续投资")
    ]
    ours: dict[tuple[str, str], int] = {}
    for deal in bought:
        ours[_round(deal)] = ours.get(_round(deal), 0) + (deal.amount or 0)
    for deal in bought:
        if deal.fund in ROUNDS_UNKNOWN:
            continue
        total = ours[_round(deal)]
        joined = deal.round is not None and not deal.code.endswith("-0") and deal.instrument != "受让老股"
        if joined and deal.post_money:
            room = max(deal.post_money * 18 // 100 - total, 0)
            total += room * Stream(f"others in {deal.code}").between(0, 80) // 100 // 1_000_000 * 1_000_000
        yield Stated(deal.day, deal.code, "round_total", total // 100, f"{deal.code} 交易文件")


def _company(company: Company) -> Iterator[Stated]:
    """The checks before a first investment; for young holdings also the staff's degrees and the costs."""
    entry = min(p.entry for p in company.holders)
    code, document = company.code, "尽职调查报告"
    yield Stated(entry, code, "resident", True, document)
    yield Stated(
        entry, code, "banned_field", company.sei_group is None and company.industry[0] in "FHK", document
    )
    yield Stated(entry, code, "serious_incident", False, document)
    yield from _conversion(company, entry)
    yield from _taxes(company, entry)
    if entry.year < 2024:
        return
    yield Stated(entry, code, "audited_accounts", True, document)
    for year in company.years:
        if year.year >= entry.year - 1:
            stream, day, report = (
                Stream(f"staff {code} {year.year}"),
                _D(year.year, 12, 31),
                f"{year.year} 年度财务报表",
            )
            came = max(entry.year, year.year + 1)
            degrees = year.staff * stream.between(32, 70) // 100 + 1
            yield Stated(day, code, "degree_staff", min(degrees, year.staff), report, came)
            yield Stated(day, code, "technical_graduates", min(degrees, year.staff), report, came)
            yield Stated(day, code, "costs", (year.revenue - year.net_profit) // 100, report, came)


TAXES_UNKNOWN = ("SF-2022-02",)


def _taxes(company: Company, entry: dt.date) -> Iterator[Stated]:
    """What a company paid in taxes in the last three years, a little of its revenue and of its profit."""
    if any(p.fund in TAXES_UNKNOWN for p in company.holders):
        return
    for year in company.years[-3:]:
        if year.year >= entry.year - 1 and year.year >= 2022:
            rate = Stream(f"tax {company.code} {year.year}").between(12, 45)
            paid = (year.revenue * rate // 1000 + max(year.net_profit, 0) * 15 // 100) // 100
            yield Stated(
                _D(year.year, 12, 31),
                company.code,
                "tax_paid",
                paid,
                f"{year.year} 年度完税证明",
                max(entry.year, year.year + 1),
            )


def _conversion(company: Company, entry: dt.date) -> Iterator[Stated]:
    funded = company.holders[0].fund == CONVERTERS
    yield Stated(entry, company.code, "publicly_funded_result", funded, "尽职调查报告")
    if not funded:
        return
    due = after(entry, 500)
    yield Stated(entry, company.code, "conversion_due", due, f"{company.code} 成果转化协议")
    if int(company.code[-2:]) % 6 and after(due, -90) <= LAST:
        yield Stated(
            after(due, -90), company.code, "converted_on", after(due, -90), f"{company.code} 转化验收单"
        )
