"""The small instruments of the demo office: vouchers, post-subsidies, results, deductions, services, incubators, firms outside every
instrument, and what an auditor must say of them. One workbook; at most a few dozen rows a sheet."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from models import instruments as w
from models.rule_kinds import SeiGroup
from office.economy import Office
from office.instrument_grants import rewards, subsidies, vouchers
from office.instrument_outside import outside_firms, targets
from office.instrument_register import FIRMS, LAB, TESTER, InstrumentRegister, firm
from office.parties import PROVINCE
from office.positions import WAN

_D = dt.date
INCUBATORS = ("FH-01", "FH-02", "FH-03", "FH-04")
ANGELS = ("TS-01", "TS-02", "TS-03", "TS-04")


def instrument_register(office: Office) -> InstrumentRegister:
    """Everything about the small instruments in the demo office, and its key."""
    register = InstrumentRegister()
    _parties(register)
    _firms(register)
    outside_firms(register)
    targets(register)
    vouchers(register)
    subsidies(register)
    rewards(register)
    _results(register)
    _deductions(register)
    _hosted(register, office)
    _statistics(register, office)
    return register


# -- who there is -----------------------------------------------------------------------------------------------------


def _parties(register: InstrumentRegister) -> None:
    since = _D(2018, 1, 1)
    named = {
        LAB: ("其他", "示例寒地检验检测中心"),
        TESTER: ("其他", "示例松江工业设计公司"),
        "FH-01": ("其他", "示例冰城科技企业孵化器"),
        "FH-02": ("其他", "示例油城众创空间"),
        "FH-03": ("其他", "示例鹤城加速器"),
        "FH-04": ("其他", "示例边城众创空间"),
        **{code: ("个人", f"示例天使投资人{n:02d}号") for n, code in enumerate(ANGELS, start=1)},
    }
    for code, (kind, name) in named.items():
        register.add("parties", code=code, kind=kind, name=name, since=since)
    recognised = {
        "FH-01": (w.IncubatorKind.INCUBATOR, w.IncubatorLevel.NATIONAL, 46),
        "FH-02": (w.IncubatorKind.MAKERSPACE, w.IncubatorLevel.PROVINCE, 18),
        "FH-03": (w.IncubatorKind.ACCELERATOR, w.IncubatorLevel.CITY, 9),
    }
    for code, (kind, level, firms) in recognised.items():
        register.add(
            "incubators",
            party=code,
            since=_D(2023, 12, 31),
            incubator_kind=kind,
            incubator_level=level,
            incubated_firms=firms,
            document="示例孵化载体认定文件",
        )
    register.add(
        "subsidy_terms",
        party=PROVINCE,
        since=_D(2023, 1, 1),
        incubation_cap=200 * WAN,
        incubation_own_share=Decimal("0.30"),
        research_cap=100 * WAN,
        research_own_share=Decimal("0.50"),
        document="示例后补助实施细则第6条",
    )
    for code, assets, on in ((ANGELS[0], 500 * WAN, _D(2026, 3, 1)), (ANGELS[1], 200 * WAN, _D(2026, 3, 1))):
        register.states(code, "金融资产", on, assets)
        register.states(code, "资产收入证明日期", on, on.isoformat())


def _firms(register: InstrumentRegister) -> None:
    """Firms that apply, the seventh young enough for SM-04 and the eighth older."""
    for number in range(1, FIRMS + 1):
        founded = _D(2015, 5, 20) if number == 8 else _D(2019, 4, 10 + number)
        code = register.registered(number, founded, (1, 3), True if number in (7, 8) else None)
        if number <= 6:
            until = _D(2024, 2, 29) if number == 4 else _D(2026, 12, 31)
            register.add("borrower_certificates", party=code, since=_D(2021, 3, 1), st_sme_until=until)
        if number == 8:
            register.add(
                "borrower_certificates", party=code, since=_D(2020, 12, 1), high_tech_until=_D(2023, 11, 30)
            )
        years = range(2020, 2023) if number in (7, 8) else range(2025, 2026)
        for year in years:
            register.figures(
                code,
                year,
                staff=30 + number,
                rd_staff=12,
                degree_staff=20,
                revenue=(300 + 20 * number) * WAN,
                costs=250 * WAN,
                rd_expense=60 * WAN,
                net_profit=20 * WAN,
                total_assets=800 * WAN,
                net_assets=400 * WAN,
            )


# -- results, deductions ------------------------------------------------------------------------------------------------


def _result(register: InstrumentRegister, number: int, due: dt.date | None, **own: Any) -> str:
    """A result of a project of 2019 by the province; no exception unless stated; its code."""
    code = f"CG-{number:04d}"
    register.add(
        "funded_results",
        code=code,
        funder=PROVINCE,
        company=firm(number % FIRMS + 1),
        since=_D(2020, 1, 10),
        result_field=list(SeiGroup)[number % 8],
        fiscal_money=(50 + 10 * number) * WAN,
        result_team=f"示例课题组{number:02d}",
        result_due=due,
        document=f"示例项目任务书{number:02d}",
        **({"result_exception": w.ResultException.NONE} | own),
    )
    return code


def _results(register: InstrumentRegister) -> None:
    r = register
    asked = {
        "licensee": firm(9),
        "priority_offered_on": _D(2024, 6, 30),
        "priority_answer": w.PriorityAnswer.DECLINED,
        "licensed_on": _D(2024, 7, 1),
    }
    due = _D(2023, 6, 30)
    r.near("TC-01B", "尚未转化", _result(r, 1, _D(2025, 9, 30)), "一年的最后一日")
    r.warn("TC-01B", "尚未转化", _result(r, 2, _D(2025, 9, 29)), "满一年的次日，可许可他人")
    r.near("TC-01B", "约定期限满一年后许可", _result(r, 3, due, **asked), "满一年次日许可，前一日已征询团队")
    hasty = asked | {"licensed_on": _D(2024, 6, 30), "priority_offered_on": _D(2024, 6, 3)}
    r.breach("TC-01B", "约定期限满一年后许可", _result(r, 4, due, **hasty), "一年的最后一日许可")
    taken = asked | {"priority_answer": w.PriorityAnswer.TAKEN}
    r.breach("TC-01B", "团队未行使优先权", _result(r, 5, due, **taken), "团队行使了优先权")
    secret = asked | {"result_exception": w.ResultException.DEFENCE}
    r.breach("TC-01B", "不属于例外情形", _result(r, 6, due, **secret), "涉及国防的成果被许可他人")
    unasked = asked | {"priority_offered_on": None, "priority_answer": None}
    r.unknown("TC-01B", "许可前已征询团队优先处置", _result(r, 7, due, **unasked), "没有征询记录")
    r.unknown(
        "TC-01B",
        "是否属于例外情形",
        _result(r, 8, _D(2024, 3, 31), result_exception=None),
        "没有写明例外情形",
    )
    converted = _result(r, 9, _D(2022, 3, 31), result_converted_on=_D(2022, 5, 6))
    r.near("TC-01B", "转化", converted, "逾期一个多月转化")
    _result(r, 10, _D(2022, 3, 31), result_exception=w.ResultException.SECURITY)


def _deduction(
    register: InstrumentRegister,
    number: int,
    holder: str,
    years: tuple[tuple[int, int, int], ...],
    *,
    of: int = 7,
    **own: Any,
) -> str:
    """An investment of a million in March 2021 with what was deducted: (year, taxable income, deducted); its code."""
    code = f"TZDK-{number:03d}"
    ends = {"code": code, "holder": holder, "company": firm(of)}
    on = _D(2021, 3, 1)
    stated = {
        "deduction_form": w.DeductionForm.ANGEL,
        "deduction_invested": 100 * WAN,
        "deduction_invested_on": on,
        "paid_in_money": True,
        "new_shares": True,
        "side_conditions_met": True,
    } | own
    register.add("tax_deductions", **ends, since=stated["deduction_invested_on"], **stated)
    for year, income, fen in years:
        register.add("tax_deductions", **ends, since=_D(year, 12, 31), taxable_income=income, deducted=fen)
    return code


def _deductions(register: InstrumentRegister) -> None:
    r, one, two = register, ANGELS[0], ANGELS[1]
    whole = ((2023, 40 * WAN, 40 * WAN), (2024, 90 * WAN, 30 * WAN))
    r.near("TX-01", "抵扣合计不超过投资额的 70%", _deduction(r, 1, one, whole), "两年恰抵扣七成")
    more = ((2023, 40 * WAN, 40 * WAN), (2024, 90 * WAN, 30 * WAN + 1))
    r.breach("TX-01", "抵扣合计不超过投资额的 70%", _deduction(r, 2, two, more), "比七成多一分")
    sold = _deduction(r, 3, two, ((2023, 40 * WAN, 1 * WAN),), deduction_sold_on=_D(2023, 2, 28))
    r.breach("TX-01", "持有满 24 个月", sold, "满两年前一日转让")
    early = _deduction(r, 4, ANGELS[2], ((2022, 40 * WAN, 1 * WAN),))
    r.breach("TX-01", "2022 年不早于满两年当年", early, "满两年前一年已抵扣")
    rich = _deduction(r, 5, ANGELS[2], ((2023, 1 * WAN, 2 * WAN),))
    r.breach("TX-01", "2023 年不超过应纳税所得额", rich, "抵扣额超过当年所得")
    shares = _deduction(r, 6, ANGELS[3], ((2023, 40 * WAN, 1 * WAN),), new_shares=None)
    r.unknown("TX-01", "取得新增股权", shares, "没有写明是否新增股权")
    old = _deduction(r, 7, ANGELS[3], ((2023, 40 * WAN, 1 * WAN),), of=8)
    r.breach("TX-01", "被投企业符合条件", old, "企业成立已超过六十个月，个人不能按高新技术企业抵扣")
    vc = _deduction(
        r, 8, "SV-01", ((2023, 90 * WAN, 70 * WAN),), of=8, deduction_form=w.DeductionForm.COMPANY_VC
    )
    r.near("TX-01", "被投企业符合条件", vc, "公司制创投投资未上市中小高新技术企业")
    _deduction(r, 9, one, (), deduction_invested_on=_D(2025, 3, 3), of=1)
    ended = _deduction(r, 10, two, ((2025, 40 * WAN, 1 * WAN),), deduction_liquidated_on=_D(2021, 12, 31))
    r.breach("TX-01", "2025 年在清算后 36 个月内", ended, "清算满三十六个月后仍抵扣")


# -- incubators, services, statistics -------------------------------------------------------------------------------------


def _hosted(register: InstrumentRegister, office: Office) -> None:
    """Residents of incubators, one of whom moved out; services of industrial funds for some of what they hold."""
    residents = [
        ("FH-01", firm(1)),
        ("FH-01", firm(7)),
        ("FH-01", ANGELS[0]),
        ("FH-02", firm(2)),
        ("FH-02", ANGELS[1]),
        ("FH-02", "SF-2021-01"),
        ("FH-03", firm(3)),
    ]
    for n, (incubator, tenant) in enumerate(residents, start=1):
        register.add(
            "residencies", code=f"RZF-{n:03d}", incubator=incubator, tenant=tenant, since=_D(2022, 3, n)
        )
    register.add(
        "residencies",
        code="RZF-007",
        incubator="FH-03",
        tenant=firm(3),
        since=_D(2025, 5, 6),
        moved_out_on=_D(2025, 5, 6),
    )
    industrial = [p for p in office.positions if p.fund in ("SF-2023-01", "SF-2019-02")]
    pairs = sorted({(p.fund, p.company) for p in industrial})[::2][:6]
    for n, (fund, company) in enumerate(pairs, start=1):
        register.add(
            "investor_services",
            code=f"TH-{n:04d}",
            holder=fund,
            company=company,
            since=_D(2026, n, 12),
            service_kind=list(w.ServiceKind)[n % 7],
            service_result=f"示例投后服务纪要{n:02d}",
        )


_CLASS = {
    "新一代信息技术产业": "0501",
    "数字创意产业": "0502",
    "高端装备制造产业": "0201",
    "新能源产业": "0301",
    "节能环保产业": "0401",
}
"""Strategic industry → class of the new economy; what is in another stands under services to business."""


def _statistics(register: InstrumentRegister, office: Office) -> None:
    """Every company that got money in 2017 has its class and patents; one of 2018 a class that there is not."""
    companies = {c.code: c for c in office.companies}
    paid = {
        year: sorted(
            {
                deal.company
                for vehicle in office.vehicles
                for deal in vehicle.book.deals
                if deal.day.year == year and deal.amount and deal.kind in ("首次投资", "后续投资")
            }
        )
        for year in (2017, 2018)
    }
    for n, code in enumerate(paid[2017]):
        register.add(
            "company_statistics",
            party=code,
            since=_D(2017, 12, 31),
            new_economy_class=_CLASS.get(companies[code].sei_group or "", "0701"),
            patents_granted=n % 4,
        )
    register.add("company_statistics", party=paid[2018][3], since=_D(2018, 12, 31), new_economy_class="99")
    register.unknown("PI-12", "三新统计分类", "2025", "2025 年获支持企业未归类")
