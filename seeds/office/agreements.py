"""What was agreed, budgeted, evaluated and checked at the funds: mostly as the rules want it, once or twice not.

Each constant in capitals names the fund where a rule finds something; seeds/README.md lists them by rule.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from office.attributes import Stated
from office.days import REORGANISED, after, years_after
from office.economy import FUNDS
from office.funds import Fund
from office.parties import GUIDANCE_NEW, GUIDANCE_OLD, PARENT

_D = dt.date
_CHECKED, _TABLE, _GRADED = _D(2026, 1, 31), _D(2026, 3, 31), _D(2026, 6, 10)
_TOPICS = (
    "新质生产力",
    "科技创新与成果转化",
    "全国统一大市场",
    "绿色低碳",
    "民营经济",
    "耐心资本",
    "带动社会资本",
    "民生改善",
    "区域战略",
    "重点领域契合",
    "有效产能",
    "资金效能",
    "管理能力",
)

VC_ENTERPRISES = {
    "SF-2011-01": "银行存款、国债",
    "SF-2022-02": "银行存款、非保本理财",
    "SF-2025-02": "银行存款",
}
"""Filed as VC enterprises, and where their idle cash lies."""
PROMISES = {"SF-2018-01": "最惠待遇、最低收益承诺", "SF-2012-02": "政府回购承诺"}
LOSS_FREE = {"SF-2015-01": "SO-16"}
"""A partner whom the agreement keeps free of loss; elsewhere nobody is."""
WITHOUT_BUDGET = {"SF-2020-01": 2021}
FEE_ADVANCED = "SF-2016-02"
STILL_OWED = "SF-2012-01"
SCORE_ABOVE_WEIGHT, POOR = "SF-2022-02", "SF-2020-01"
WEIGHTS_SHORT, EVIDENCE_SHORT = "SF-2021-02", "SF-2024-03"
WRONG_MODE = "SF-2022-01"


def agreements() -> Iterator[Stated]:
    """Everything of this module, fund by fund."""
    for fund in FUNDS:
        yield from _contract(fund)
        yield from _money(fund)
        if not fund.closes:
            yield from _evaluated(fund)
    for code in (PARENT, GUIDANCE_NEW):
        yield from _direction(code)
        yield Stated(_D(2023, 5, 31), code, "side_letters", "信息权", f"{code} 补充协议核查表")
    yield from _named()


def _contract(fund: Fund) -> Iterator[Stated]:
    code, day = fund.code, after(fund.start, 30)
    letters = PROMISES.get(code, "信息权、最惠待遇" if len(fund.investors) > 5 else "信息权")
    yield Stated(day, code, "side_letters", letters, f"{code} 补充协议核查表")
    if fund.form == "limited_partnership":
        yield Stated(
            day, code, "loss_free_partners", LOSS_FREE.get(code, "无"), f"{code} 合伙协议亏损分担条款"
        )
    yield Stated(day, code, "vc_enterprise", code in VC_ENTERPRISES, "创业投资企业备案查询")
    if code in VC_ENTERPRISES:
        yield Stated(day, code, "cash_products", VC_ENTERPRISES[code], f"{code} 闲置资金明细")


def _money(fund: Fund) -> Iterator[Stated]:
    code = fund.code
    if any(investor.startswith("GOV-") for investor, _ in fund.investors):
        years = [y for y in range(fund.start.year, 2027) if y != WITHOUT_BUDGET.get(code)]
        document = "示例财政预算核对表（截至2026年）"
        yield Stated(_CHECKED, code, "budget_years", "、".join(map(str, years)), document)
        yield Stated(_CHECKED, code, "fiscal_precheck", True, document)
    yield Stated(after(fund.start, 365), code, "fee_advance", 0, f"{code} 管理费列支说明")
    if fund.closes:
        end = years_after(fund.start, fund.term + fund.extended)
        owed = 1_350_000 if code == STILL_OWED else 0
        yield Stated(after(end, 20), code, "government_receivable", owed, f"{code} 清算报告")


def _evaluated(fund: Fund) -> Iterator[Stated]:
    """The evaluation of 2025, and the direction evaluation of 2026."""
    code, document = fund.code, f"{fund.code} 2025 年度绩效评价报告"
    grade = "差" if code == POOR else "优" if fund.strategy == "angel" else "良"
    policy = 47 if code == SCORE_ABOVE_WEIGHT else 25 if code == POOR else 40
    results = 12 if code == POOR else 29
    yield Stated(_GRADED, code, "evaluation_grade", grade, document)
    for name, points in (("policy", policy), ("compliance", 18), ("results", results), ("bonus", 2)):
        yield Stated(_GRADED, code, f"evaluation_{name}", f"{points * 100}%", document)
    yield from _direction(code)


def _direction(code: str) -> Iterator[Stated]:
    weights = "40、35、20" if code == WEIGHTS_SHORT else "40、35、25"
    topics = _TOPICS[:-2] if code == EVIDENCE_SHORT else _TOPICS
    document = "2026 年度投向评价指标表"
    yield Stated(_TABLE, code, "direction_weights", weights, document)
    yield Stated(_TABLE, code, "direction_evidence", "、".join(topics), f"{code} 投向评价证据目录")


def _named() -> Iterator[Stated]:
    """What concerns one or two vehicles only."""
    yield Stated(_D(2024, 3, 31), FEE_ADVANCED, "fee_advance", 3_000_000, f"{FEE_ADVANCED} 管理费列支说明")
    waiver = "合伙协议第9.4条：不托管"
    yield Stated(_D(2019, 9, 20), "SF-2019-02", "custody_waiver", waiver, "SF-2019-02 合伙协议")
    for code, day, paid in (
        ("SF-2013-01", _D(2022, 5, 9), 10_000_000),
        ("SF-2015-02", _D(2025, 10, 15), 24_000_000),
    ):
        document = f"{code} 让利批复"
        yield Stated(day, code, "concession_paid", paid, document)
        yield Stated(day, code, "concession_approval", document, document)
        yield Stated(day, code, "concession_conditions_met", True, document)
    for code in ("SF-2021-01", "SF-2023-02"):
        yield Stated(_D(2025, 3, 31), code, "concession_paid", 0, f"{code} 2024 年度报告")
    clause = "示例省科技创业投资政府引导基金管理办法第二十条"
    yield Stated(_D(2015, 8, 10), GUIDANCE_OLD, "distribution_use", "滚动投资", clause)
    yield Stated(_D(2015, 8, 10), GUIDANCE_OLD, "recycle_clause", clause, clause)
    yield Stated(_D(2015, 8, 10), GUIDANCE_OLD, "st_guidance_fund", True, clause)
    yield Stated(_D(2023, 3, 20), GUIDANCE_NEW, "distribution_use", "上缴国库", "示例引导基金设立方案")
    yield Stated(
        _D(2023, 3, 20), GUIDANCE_NEW, "mandate_fields", "C27、C30、C34、C37", "示例引导基金设立方案"
    )
    yield Stated(_D(2023, 5, 31), PARENT, "mandate_fields", "C、I、M", "示例母基金合伙协议")
    yield from _modes()
    licence = "SF-2025-01 营业执照"  # the licence bears a later day than the partners' resolution
    yield Stated(_D(2025, 4, 15), "SF-2025-01", "established_on", _D(2025, 4, 15), licence)
    yield Stated(
        _D(2023, 10, 8),
        "SF-2017-01",
        "reinvest_milestones",
        "2020-12-31:0.5、2022-12-19:1",
        "SF-2017-01 合伙协议",
    )
    yield Stated(
        _D(2023, 10, 8),
        "SF-2017-02",
        "reinvest_milestones",
        "2019-12-31:0.5、2021-05-16:1",
        "SF-2017-02 合伙协议",
    )


def _modes() -> Iterator[Stated]:
    """Since the reorganisation the old sub-funds stand below the parent fund; one still says otherwise."""
    day = after(REORGANISED, 31)
    for fund in FUNDS:
        if (
            fund.mode is None
            and GUIDANCE_OLD in dict(fund.investors)
            and years_after(fund.start, fund.term + fund.extended) > day
        ):
            mode = "直接设立子基金" if fund.code == WRONG_MODE else "经母基金"
            yield Stated(day, fund.code, "investment_mode", mode, "示例重组方案")
