"""Layout: funds and their terms."""

from __future__ import annotations

from fof.importers.columns import DOCUMENT, SINCE, SOURCE, UNIT, CellType, Column, Layout, fact
from fof.importers.layouts.references import (
    CODE,
    CONTROL,
    LEGAL,
    PERCENT_EN,
    PERCENT_ZH,
    name,
    party_kind,
)
from models.kinds import PartyKind


def _rate(name: str, zh: str, en: str) -> Column:
    return fact(name, help_zh=f"{zh}{PERCENT_ZH}", help_en=f"{en} {PERCENT_EN}", example="2%")


def _dated(name: str) -> Column:
    return fact(name, example="2023-06-30")


FUNDS = Layout(
    "funds",
    "基金",
    "Funds",
    20,
    (
        CODE,
        party_kind(
            (PartyKind.SUB_FUND, PartyKind.PARENT_FUND, PartyKind.GUIDANCE_FUND, PartyKind.NATIONAL_FUND)
        ),
        name("基金名称"),
        SINCE,
        fact("short_name", "基金简称", help_zh="屏幕上的简称。", help_en="Short name on screen."),
        fact("fund_class", help_zh="产业投资类或创业投资类。", help_en="Industrial or venture."),
        fact("fund_kind", help_zh="专项或市场化。", help_en="Special or market-based."),
        fact(
            "strategy",
            "投资策略",
            help_zh="天使、创投、成长、并购等。",
            help_en="Angel, venture, growth, buyout …",
        ),
        fact("legal_form", help_zh="有限合伙、公司制或契约型。", help_en="Partnership, company or contract."),
        fact(
            "vintage",
            "vintage year",
            help_zh="首次交割或成立的年份。",
            help_en="Year of first close.",
            example="2023",
            cell=CellType.YEAR,
        ),
        fact("status", "基金状态", help_zh="所处阶段。", help_en="Where it stands in its life."),
        fact("manager", "基金管理人", help_zh="管理人的主体编号。", help_en="Code of the manager."),
        fact(
            "gp", "执行事务合伙人", help_zh="普通合伙人的主体编号。", help_en="Code of the general partner."
        ),
        fact("custodian", "托管银行", help_zh="托管人的主体编号。", help_en="Code of the custodian."),
        fact(
            "investment_mode",
            help_zh="省级资金到达该基金的方式。",
            help_en="How provincial money reaches it.",
        ),
        fact(
            "support_mode",
            help_zh="2017 年引导基金的三种方式之一。",
            help_en="One of the three ways of the 2017 guidance fund.",
        ),
        fact("municipality", help_zh="合作设立的市（地）。", help_en="Municipality it was set up with."),
        fact("sponsor_level", help_zh="发起政府的层级。", help_en="Level of the sponsoring government."),
        fact(
            "target_size", "基金规模", help_zh="目标募集规模。", help_en="Target size.", example="500000000"
        ),
        fact(
            "mandate_stages",
            help_zh="可投阶段，多个用顿号分隔。",
            help_en="Stages it may invest in.",
            example="种子期、初创期",
        ),
        fact(
            "mandate_fields",
            "投资领域",
            cell=CellType.INDUSTRIES,
            help_zh="国标行业代码，多个用顿号分隔。",
            help_en="GB/T 4754 codes.",
            example="C39、I65",
        ),
        fact("mandate_doc", help_zh="专项基金的委托文件。", help_en="Mandate of a special fund."),
        *(
            _dated(n)
            for n in ("selected_on", "approved_on", "established_on", "first_close_on", "final_close_on")
        ),
        *(_dated(n) for n in ("investment_period_end", "term_end")),
        fact("extension_years", help_zh="累计延长年数。", help_en="Years of extension so far."),
        fact("extensions", help_zh="累计延长次数。", help_en="Number of extensions so far."),
        fact(
            "extension_approval_level",
            help_zh="批准延期的政府层级。",
            help_en="Level that approved the extension.",
        ),
        fact("amac_id", "备案编码", help_zh="中国证券投资基金业协会备案编码。", help_en="Filing id at AMAC."),
        fact("amac_filed_on", "备案日", help_zh="备案日期。", help_en="Day of filing.", example="2023-09-15"),
        fact(
            "fee_basis_investment",
            help_zh="投资期管理费的计费基数。",
            help_en="What the fee is a share of, investment period.",
        ),
        _rate("fee_rate_investment", "投资期年费率。", "Yearly rate, investment period."),
        fact(
            "fee_basis_exit",
            help_zh="退出期管理费的计费基数。",
            help_en="What the fee is a share of, exit period.",
        ),
        _rate("fee_rate_exit", "退出期年费率。", "Yearly rate, exit period."),
        _rate("fee_rate_extension", "延长期年费率。", "Yearly rate, extension."),
        fact(
            "fee_day_count",
            help_zh="管理费按实际天数/365、实际天数/实际天数、实际天数/360或整期计；不填为实际天数/365。",
            help_en="How the fee counts time; actual/365 where empty. Full period: each quarter a fourth of the year's fee.",
        ),
        fact(
            "manager_free_of_fee",
            help_zh="是：管理人、普通合伙人自己的出资不承担管理费。",
            help_en="Yes: the manager's and the general partner's own commitments bear no fee.",
        ),
        fact(
            "manager_free_of_carry",
            help_zh="是：管理人、普通合伙人自己的出资不承担业绩报酬。",
            help_en="Yes: the manager's and the general partner's own commitments bear no carry.",
        ),
        _rate(
            "fee_held_share", "与绩效考核挂钩后付的管理费比例。", "Share of the fee that waits for the grade."
        ),
        _rate("hurdle_rate", "门槛年收益率。", "Preferred return a year."),
        fact("hurdle_compound", help_zh="门槛收益是否按复利。", help_en="Whether the hurdle compounds."),
        _rate("carry_rate", "业绩报酬比例。", "Carried interest."),
        _rate("catch_up_rate", "追补比例。", "Catch-up."),
        _rate("concession_rate", "政府出资让利比例。", "Share of its gain the government concedes."),
        fact(
            "call_over_unfunded",
            help_zh="是：协议允许超过未缴额度出资。",
            help_en="Yes: calls above unfunded are allowed by the agreement.",
        ),
        fact(
            "reinvest_multiple",
            cell=CellType.NUMBER,
            help_zh="返投倍数，例如 1.5。",
            help_en="Required reinvestment as a multiple.",
            example="1.5",
        ),
        fact("reinvest_base", help_zh="返投倍数的基数。", help_en="What the multiple is of."),
        fact("borrowing", help_zh="基金层面的借款余额。", help_en="Outstanding borrowing of the fund."),
        *LEGAL,
        *CONTROL,
        UNIT,
        DOCUMENT,
        SOURCE,
    ),
    aliases=("基金登记", "子基金", "基金条款", "fund terms"),
    help_zh="引导基金、母基金、子基金及其条款。条款变更另起一行，写新的生效日。",
    help_en="Guidance, parent and sub-funds and their terms; a change of terms is a new row with its own day.",
)
