"""The office's files: one workbook a year with what arrived in it, sheet by sheet in this product's own layouts."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from office.agreements import agreements
from office.attributes import rows_of
from office.companies import STAGE_RULE, Company, stage_of
from office.days import LAST
from office.deal_terms import deal_terms
from office.economy import FUNDS, Office
from office.filings import filings
from office.fund_sheet import fund_rows
from office.funds_since_2018 import PLANNED
from office.parties import all_parties, gp_code, manager_code
from office.people import people
from office.positions import WAN
from office.purse import Purse
from office.reports import reports
from office.rows import Call, Valuation
from office.staff_office import staff_register
from office.staff_people import ownership_of_managers

Row = dict[str, Any]
"""Cells by column name of the layout; amounts are whole fen, shares are texts with a percent sign."""

Workbooks = dict[str, dict[str, list[Row]]]
"""File name -> layout name -> rows, in the order of receipt."""

_STAGE = {"seed": "种子期", "startup": "初创期", "growth": "成长期", "mature": "成熟期"}


def workbooks(office: Office) -> Workbooks:
    """Every row of every file."""
    sorted_in: dict[int, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for year, layout, row in _everything(office):
        sorted_in[year][layout].append(row)
    return {f"{year}.xlsx": dict(sorted_in[year]) for year in sorted(sorted_in)}


def _everything(office: Office) -> Iterator[tuple[int, str, Row]]:
    for party in all_parties():
        year = 2025 if party.code.startswith("PE-") else 2011
        row = {"code": party.code, "kind": party.kind, "name": party.name, "since": dt.date(year, 1, 1)}
        yield year, "parties", row | party.facts
    for day, row in fund_rows(office):
        yield day.year, "funds", row
    for company in office.companies:
        yield from _company(company)
    yield from _edges()
    for planned in PLANNED:
        for n, (investor, wan) in enumerate(planned.investors, start=1):
            day = planned.approved_on + dt.timedelta(days=30)
            promise = {
                "fund": planned.code,
                "investor": investor,
                "day": day,
                "change": "认缴",
                "amount": wan * WAN,
            }
            yield (
                day.year,
                "commitments",
                promise | {"number": f"{planned.code}-XY{n:02d}", "document": "合伙协议"},
            )
    for purse in office.vehicles:
        yield from _purse(purse)
    yield from staff_register(office).sheets()
    for stated in (
        agreements(),
        filings(),
        people(office),
        deal_terms(office),
        reports(office),
        ownership_of_managers(),
    ):
        for year, row in rows_of(stated):
            yield year, "attributes", row


def _company(company: Company) -> Iterator[tuple[int, str, Row]]:
    first = min(p.entry for p in company.holders).year
    row: Row = {
        "code": company.code,
        "name": company.name,
        "since": company.founded_on,
        "uscc": company.uscc,
        "province": "黑龙江省",
        "city": company.city,
        "industry": company.industry,
        "sei_group": company.sei_stated,
        "founded_on": company.founded_on,
        "money_place": "黑龙江省" if company.works_in != "out" else "广东省",
        "high_tech_until": company.high_tech_until,
        "st_sme": "是" if company.st_sme else None,
        "ownership": "民营",
        "document": "尽职调查报告",
    }
    yield first, "companies", row
    for name, day in (("listed_on", company.listed_on), ("closed_on", company.closed_on)):
        if day and day <= LAST:
            more = {"code": company.code, "since": day, name: day, "document": "公开公告"}
            yield day.year, "companies", more
    for n, year in enumerate(company.years):
        closed = dt.date(year.year + 1, 1, 1)
        stage = stage_of(company.founded_on, company.listed_on, company.years[: n + 1], closed)
        figures: Row = {
            "company": company.code,
            "year": year.year,
            "staff": year.staff,
            "rd_staff": year.rd_staff,
            "revenue": year.revenue,
            "rd_expense": year.rd_expense,
            "net_profit": year.net_profit,
            "total_assets": year.total_assets,
            "net_assets": year.net_assets,
            "stage": _STAGE[stage],
            "stage_definition": STAGE_RULE,
            "document": f"{year.year} 年度财务报表",
        }
        yield max(first, year.year + 1), "company_years", figures


def _edges() -> Iterator[tuple[int, str, Row]]:
    """Managers own most of their general partners; two state firms stand behind two managers."""
    since = dt.date(2011, 1, 1)
    pairs = [(manager_code(n), gp_code(n), "80%") for n in range(16)]
    pairs += [
        ("SV-01", manager_code(0), "100%"),
        ("SV-01", manager_code(15), "60%"),
        ("SO-05", "SO-10", "35%"),
    ]
    for owner, owned, share in pairs:
        yield (
            2011,
            "edges",
            {
                "owner": owner,
                "owned": owned,
                "since": since,
                "share": share,
                "basis": "股权",
                "document": "章程",
            },
        )


def _purse(purse: Purse) -> Iterator[tuple[int, str, Row]]:
    book = purse.book
    for c in book.commitments:
        yield (
            c.day.year,
            "commitments",
            {
                "fund": c.fund,
                "investor": c.investor,
                "day": c.day,
                "change": c.change,
                "amount": c.amount,
                "buyer": c.buyer,
                "paid_in_moved": c.paid_moved or None,
                "distributed_moved": c.distributed_moved or None,
                "recallable_moved": c.recallable_moved or None,
                "price": c.price or None,
                "number": c.number,
                "document": c.document,
            },
        )
    for call in book.calls:
        yield from _call(call)
    for d in book.distributions:
        for investor, parts in d.lines:
            row: Row = {"fund": d.fund, "number": d.number, "paid_on": d.day, "investor": investor}
            yield d.day.year, "distributions", row | parts | {"document": d.document}
    for deal in book.deals:
        share = None if deal.share_nano is None else f"{deal.share_nano / 1e7:.7f}%"
        yield (
            deal.day.year,
            "deals",
            {
                "code": deal.code,
                "fund": deal.fund,
                "company": deal.company,
                "day": deal.day,
                "kind": deal.kind,
                "amount": deal.amount,
                "round": deal.round,
                "instrument": deal.instrument,
                "share": share,
                "post_money": deal.post_money,
                "stage": _STAGE[deal.stage] if deal.stage else None,
                "stage_definition": STAGE_RULE if deal.stage else None,
                "exit_route": deal.route,
                "buyer": deal.buyer,
                "document": f"{deal.code} 交易文件",
            },
        )
    for cash in book.cash:
        yield (
            cash.day.year,
            "fund_cash",
            {
                "fund": cash.fund,
                "day": cash.day,
                "kind": cash.kind,
                "counterparty": cash.counterparty,
                "amount": cash.amount,
                "reference": cash.reference,
                "document": "银行流水",
            },
        )
    for v in book.valuations:
        yield v.received.year, "valuations", _valuation(v)


def _call(call: Call) -> Iterator[tuple[int, str, Row]]:
    """A line paid in full within the file's year carries its paid day; anything else is told by the payments sheet."""
    for line in call.lines:
        row: Row = {
            "fund": call.fund,
            "number": call.number,
            "notice_on": call.notice_on,
            "due_on": call.due_on,
            "investor": line.investor,
        }
        plain = (
            len(line.payments) == 1
            and line.payments[0].parts == line.parts
            and not (line.payments[0].late_interest or line.payments[0].equalisation)
            and line.payments[0].day.year == call.notice_on.year
        )
        row |= line.parts | {"document": call.document}
        if plain:
            row["paid_on"] = line.payments[0].day
        yield call.notice_on.year, "capital_calls", row
        if plain:
            continue
        for n, payment in enumerate(line.payments, start=1):
            yield (
                payment.day.year,
                "payments",
                {
                    "fund": call.fund,
                    "number": call.number,
                    "investor": line.investor,
                    "paid_on": payment.day,
                    **payment.parts,
                    "late_interest": payment.late_interest or None,
                    "equalisation": payment.equalisation or None,
                    "reference": f"{call.fund}-{call.number}-{line.investor}-{n}",
                    "document": "银行流水",
                },
            )


def _valuation(v: Valuation) -> Row:
    return {
        "fund": v.fund,
        "day": v.day,
        "investor": v.investor,
        "company": v.company,
        "amount": v.amount,
        "method": v.method,
        "stated_by": "示例基金管理人",
        "received_on": v.received,
        "restated": "是" if v.restated else None,
        "document": v.document,
    }


assert len(FUNDS) == 28
