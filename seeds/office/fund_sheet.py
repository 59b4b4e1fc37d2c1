"""Rows of the funds sheet: what was agreed, and what changed on which day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from office.days import LAST, REORGANISED, after, years_after
from office.economy import Office
from office.funds import Fund, Planned
from office.funds_since_2018 import PLANNED
from office.names import CITIES, codes_of, credit_code
from office.parties import (
    COUNTY,
    GUIDANCE_NEW,
    GUIDANCE_OLD,
    NATIONAL,
    OLD_MANAGER,
    PARENT,
    PARENT_MANAGER,
    PROVINCE,
    gp_code,
    manager_code,
)
from office.positions import WAN

Row = dict[str, Any]
Dated = tuple[dt.date, Row]


def fund_rows(office: Office) -> Iterator[Dated]:
    """(day it became known, row) of every vehicle, in the order of the days of each."""
    for code, name in NATIONAL.items():
        since = dt.date(2011, 1, 1)
        row = {"code": code, "kind": "国家级基金", "name": name, "since": since, "government_level": "国家级"}
        yield since, row | {"ownership": "政府机关", "province": "北京市", "document": "公开资料"}
    yield from _uppers()
    for n, sub_fund in enumerate(office.sub_funds.values(), start=1):
        yield from _sub_fund(sub_fund.fund, n)
    for planned in PLANNED:
        yield planned.approved_on, _planned(planned)


def _upper(code: str, kind: str, name: str, first: dt.date, term: int, **more: Any) -> Dated:
    row: Row = {
        "code": code,
        "kind": kind,
        "name": name,
        "since": first - dt.timedelta(days=20),
        "fund_class": "创业投资类",
        "strategy": "母基金",
        "vintage": first.year,
        "status": "投资期",
        "sponsor_level": "省级",
        "approved_on": first - dt.timedelta(days=60),
        "established_on": first - dt.timedelta(days=10),
        "first_close_on": first,
        "final_close_on": first,
        "term_end": years_after(first, term),
        "province": "黑龙江省",
        "city": "230100",
        "registered_place": "黑龙江省哈尔滨市",
        "owner_government": PROVINCE,
        "portfolio": "是",
        "cash_kept": "是",
        "uscc": credit_code(9501 + (GUIDANCE_OLD, GUIDANCE_NEW, PARENT).index(code), "230100"),
    }
    return row["since"], row | more


def _uppers() -> Iterator[Dated]:
    yield _upper(
        GUIDANCE_OLD,
        "引导基金",
        "示例省科技创业投资政府引导基金",
        dt.date(2011, 3, 21),
        20,
        short_name="示例老引导基金",
        manager=OLD_MANAGER,
        custodian="BK-01",
        legal_form="公司制",
        government_level="省级",
        document="示例省科技创业投资政府引导基金管理办法",
    )
    yield _upper(
        GUIDANCE_NEW,
        "引导基金",
        "示例龙江现代产业投资引导基金",
        dt.date(2023, 2, 20),
        20,
        short_name="示例新引导基金",
        manager=OLD_MANAGER,
        custodian="BK-01",
        legal_form="公司制",
        fund_class="产业投资类",
        investment_mode="直投项目",
        government_level="省级",
        document="示例引导基金设立方案",
    )
    yield _upper(
        PARENT,
        "母基金",
        "示例龙江创业投资母基金",
        dt.date(2023, 4, 3),
        12,
        short_name="示例母基金",
        manager=PARENT_MANAGER,
        gp=gp_code(15),
        custodian="BK-02",
        legal_form="有限合伙",
        investment_mode="经母基金",
        fee_basis_investment="实缴",
        fee_rate_investment="0.6%",
        hurdle_rate="6%",
        carry_rate="10%",
        amac_id="DEMO-PF2023",
        amac_filed_on=dt.date(2023, 4, 19),
        document="示例母基金合伙协议",
    )
    merged = {"code": GUIDANCE_OLD, "kind": "引导基金", "since": REORGANISED, "status": "已并入"}
    yield REORGANISED, merged | {"document": "示例重组方案"}
    heir = {"code": PARENT, "kind": "母基金", "since": REORGANISED, "successor_of": GUIDANCE_OLD}
    yield REORGANISED, heir | {"document": "示例重组方案"}


_STRATEGY = {
    "seed": "种子",
    "angel": "天使",
    "vc": "创业投资",
    "conversion": "科技成果转化",
    "growth": "成长",
    "industrial": "产业",
    "merger": "并购",
    "secondary": "S基金",
}
_BASIS = {"commitment": "认缴", "paid_in": "实缴", "invested": "实际投资"}
_STAGES = {"seed": "种子期", "startup": "初创期", "growth": "成长期", "mature": "成熟期"}
_LEVEL = {"province": "省级", "prefecture": "市级", "county": "县级"}
_MODE = {"via_parent": "经母基金", "direct_sub_fund": "直接设立子基金"}


def percent(basis_points: int) -> str:
    whole, part = divmod(basis_points, 100)
    return f"{whole}.{part:02d}".rstrip("0").rstrip(".") + "%"


def _terms(fund: Fund) -> Row:
    (basis, rate), (exit_basis, exit_rate), extension = fund.fees
    multiple, base = fund.reinvest or (None, None)
    return {
        "fee_basis_investment": _BASIS[basis],
        "fee_rate_investment": percent(rate),
        "fee_basis_exit": _BASIS[exit_basis],
        "fee_rate_exit": percent(exit_rate),
        "fee_rate_extension": percent(extension),
        "fee_held_share": fund.extra.get("fee_held_share"),
        "hurdle_rate": percent(fund.hurdle),
        "hurdle_compound": "否",
        "carry_rate": percent(fund.carry),
        "catch_up_rate": "0%",
        "concession_rate": percent(fund.concession) if fund.concession else None,
        "reinvest_multiple": f"{multiple / 100:g}" if multiple else None,
        "reinvest_base": _BASIS[base] if base else None,
    }


def _sponsor(fund: Fund) -> str:
    """The government that sponsors a fund."""
    return {"province": PROVINCE, "prefecture": f"GOV-{fund.city}", "county": COUNTY}[fund.sponsor_level]


def _sub_fund(fund: Fund, number: int) -> Iterator[Dated]:
    approved = fund.start - dt.timedelta(days=fund.approved_days)
    place = "哈尔滨" if fund.province != "黑龙江省" else CITIES[fund.city][0]
    limited = fund.form == "limited_partnership"
    row: Row = {
        "code": fund.code,
        "kind": "子基金",
        "name": fund.name,
        "since": approved,
        "fund_class": {"industrial": "产业投资类", "venture": "创业投资类"}[fund.klass],
        "fund_kind": {"market": "市场化", "special": "专项"}[fund.kind],
        "strategy": _STRATEGY[fund.strategy],
        "legal_form": "有限合伙" if limited else "契约型",
        "status": "已批复",
        "manager": manager_code(fund.manager),
        "gp": gp_code(fund.manager) if limited else None,
        "investment_mode": _MODE[fund.mode] if fund.mode else None,
        "support_mode": "阶段参股"
        if GUIDANCE_OLD in dict(fund.investors + (fund.second_close[1] if fund.second_close else ()))
        else None,
        "municipality": fund.city,
        "owner_government": _sponsor(fund),
        "sponsor_level": _LEVEL[fund.sponsor_level],
        "target_size": fund.size * WAN,
        "mandate_stages": "、".join(_STAGES[s] for s in fund.stages),
        "mandate_fields": "、".join(codes_of(*(fund.mandate or fund.families))),
        "mandate_doc": fund.mandate_doc,
        "selected_on": fund.start - dt.timedelta(days=fund.selected_days),
        "approved_on": approved,
        **_terms(fund),
        "uscc": credit_code(9600 + number, "440300" if fund.province == "广东省" else fund.city),
        "province": fund.province,
        "city": None if fund.province == "广东省" else fund.city,
        "registered_place": "广东省深圳市" if fund.province == "广东省" else f"黑龙江省{place}",
        "borrowing": 0,
        "cash_kept": "是",
        "document": f"{fund.code} 批复文件",
    }
    yield approved, row
    yield from _life(fund)


def _change(fund: Fund, day: dt.date, document: str, **what: Any) -> Dated:
    return day, {"code": fund.code, "kind": "子基金", "since": day, "document": document} | what


def _life(fund: Fund) -> Iterator[Dated]:
    """Set-up, filing, end of the investment period, extensions, wind-up; nothing after the last day."""
    start, agreement = fund.start, f"{fund.code} 合伙协议"
    term = years_after(start, fund.term)
    end = years_after(start, fund.term + fund.extended)
    rows = [
        _change(
            fund,
            start - dt.timedelta(days=10),
            agreement,
            status="募集中",
            established_on=start - dt.timedelta(days=10),
        ),
        _change(
            fund,
            start,
            agreement,
            status="投资期",
            vintage=start.year,
            custodian=fund.custodian,
            first_close_on=start,
            final_close_on=start if not fund.second_close else None,
            investment_period_end=years_after(start, fund.invest),
            term_end=term,
        ),
        _change(fund, years_after(start, fund.invest), agreement, status="退出期"),
    ]
    if fund.second_close:
        day = after(start, fund.second_close[0])
        rows.append(_change(fund, day, agreement, final_close_on=day))
    if fund.filing_workdays is not None:
        day = after(start, fund.filing_workdays * 7 // 5)
        rows.append(_change(fund, day, "备案公示", amac_id=f"DEMO-{fund.code}", amac_filed_on=day))
    step, done = divmod(fund.extended, max(fund.extensions, 1))
    assert done == 0
    for n in range(1, fund.extensions + 1):
        until = years_after(start, fund.term + step * n)
        decided = years_after(start, fund.term + step * (n - 1)) - dt.timedelta(days=40)
        rows.append(
            _change(
                fund,
                decided,
                f"{fund.code} 延期批复第{n}次",
                term_end=until,
                extensions=n,
                extension_years=step * n,
                extension_approval_level=_LEVEL[fund.extension_level],
                status="延长期",
            )
        )
    if fund.borrowing_wan:
        day = years_after(start, 2)
        rows.append(_change(fund, day, f"{fund.code} 借款合同", borrowing=fund.borrowing_wan * WAN))
    if fund.closes:
        rows.append(_change(fund, after(end, -110), f"{fund.code} 清算公告", status="清算中"))
        rows.append(_change(fund, after(end, 0), f"{fund.code} 清算报告", status="已清算"))
    elif end <= LAST:
        rows.append(_change(fund, end, f"{fund.code} 清算公告", status="清算中"))
    yield from sorted((r for r in rows if r[0] <= LAST), key=lambda r: r[0])


def _planned(planned: Planned) -> Row:
    return {
        "code": planned.code,
        "kind": "子基金",
        "name": planned.name,
        "since": planned.approved_on,
        "fund_class": "产业投资类" if planned.strategy == "industrial" else "创业投资类",
        "fund_kind": "市场化",
        "strategy": _STRATEGY[planned.strategy],
        "status": "已批复",
        "manager": manager_code(planned.manager),
        "gp": gp_code(planned.manager),
        "investment_mode": "经母基金",
        "municipality": planned.city,
        "sponsor_level": "省级",
        "target_size": planned.target_wan * WAN,
        "selected_on": planned.selected_on,
        "approved_on": planned.approved_on,
        "province": "黑龙江省",
        "city": planned.city,
        "document": f"{planned.code} 批复文件",
    }
