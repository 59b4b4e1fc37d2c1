"""Layout: funds and their terms."""

from __future__ import annotations

from fof.importers.columns import DOCUMENT, SINCE, SOURCE, UNIT, CellType, Column, Layout, fact
from fof.importers.layouts.shared_columns import (
    CODE,
    CONTROL,
    LEGAL,
    PERCENT_EN,
    PERCENT_ZH,
    name,
    party_kind,
)
from models.kinds import PartyKind
from models.text import Text


def _rate(name: str, text: Text) -> Column:
    return fact(name, meaning=Text(f"{text.zh}{PERCENT_ZH}", f"{text.en} {PERCENT_EN}"), example="2%")


def _dated(name: str) -> Column:
    return fact(name, example="2023-06-30")


FUNDS = Layout(
    "funds",
    Text("基金", "Funds"),
    20,
    (
        CODE,
        party_kind(
            (PartyKind.SUB_FUND, PartyKind.PARENT_FUND, PartyKind.GUIDANCE_FUND, PartyKind.NATIONAL_FUND)
        ),
        name("基金名称"),
        SINCE,
        fact("short_name", "基金简称", meaning=Text("屏幕上的简称。", "Short name on screen.")),
        fact("fund_class", meaning=Text("产业投资类或创业投资类。", "Industrial or venture.")),
        fact("fund_kind", meaning=Text("专项或市场化。", "Special or market-based.")),
        fact(
            "strategy",
            "投资策略",
            meaning=Text("天使、创投、成长、并购等。", "Angel, venture, growth, buyout …"),
        ),
        fact("legal_form", meaning=Text("有限合伙、公司制或契约型。", "Partnership, company or contract.")),
        fact(
            "vintage",
            "vintage year",
            meaning=Text("首次交割或成立的年份。", "Year of first close."),
            example="2023",
            cell=CellType.YEAR,
        ),
        fact("status", "基金状态", meaning=Text("所处阶段。", "Where it stands in its life.")),
        fact("manager", "基金管理人", meaning=Text("管理人的主体编号。", "Code of the manager.")),
        fact("gp", "执行事务合伙人", meaning=Text("普通合伙人的主体编号。", "Code of the general partner.")),
        fact("custodian", "托管银行", meaning=Text("托管人的主体编号。", "Code of the custodian.")),
        fact(
            "investment_mode",
            meaning=Text("省级资金到达该基金的方式。", "How provincial money reaches it."),
        ),
        fact(
            "support_mode",
            meaning=Text(
                "2017 年引导基金的三种方式之一。", "One of the three ways of the 2017 guidance fund."
            ),
        ),
        fact("municipality", meaning=Text("合作设立的市（地）。", "Municipality it was set up with.")),
        fact("sponsor_level", meaning=Text("发起政府的层级。", "Level of the sponsoring government.")),
        fact("target_size", "基金规模", meaning=Text("目标募集规模。", "Target size."), example="500000000"),
        fact(
            "mandate_stages",
            meaning=Text("可投阶段，多个用顿号分隔。", "Stages it may invest in."),
            example="种子期、初创期",
        ),
        fact(
            "mandate_fields",
            "投资领域",
            cell=CellType.INDUSTRIES,
            meaning=Text("国标行业代码，多个用顿号分隔。", "GB/T 4754 codes."),
            example="C39、I65",
        ),
        fact("mandate_doc", meaning=Text("专项基金的委托文件。", "Mandate of a special fund.")),
        *(
            _dated(n)
            for n in ("selected_on", "approved_on", "established_on", "first_close_on", "final_close_on")
        ),
        *(_dated(n) for n in ("investment_period_end", "term_end")),
        fact("extension_years", meaning=Text("累计延长年数。", "Years of extension so far.")),
        fact("extensions", meaning=Text("累计延长次数。", "Number of extensions so far.")),
        fact(
            "extension_approval_level",
            meaning=Text("批准延期的政府层级。", "Level that approved the extension."),
        ),
        fact("amac_id", "备案编码", meaning=Text("中国证券投资基金业协会备案编码。", "Filing id at AMAC.")),
        fact("amac_filed_on", "备案日", meaning=Text("备案日期。", "Day of filing."), example="2023-09-15"),
        fact(
            "fee_basis_investment",
            meaning=Text("投资期管理费的计费基数。", "What the fee is a share of, investment period."),
        ),
        _rate("fee_rate_investment", Text("投资期年费率。", "Yearly rate, investment period.")),
        fact(
            "fee_basis_exit",
            meaning=Text("退出期管理费的计费基数。", "What the fee is a share of, exit period."),
        ),
        _rate("fee_rate_exit", Text("退出期年费率。", "Yearly rate, exit period.")),
        _rate("fee_rate_extension", Text("延长期年费率。", "Yearly rate, extension.")),
        fact(
            "fee_day_count",
            meaning=Text(
                "管理费按实际天数/365、实际天数/实际天数、实际天数/360或整期计；不填为实际天数/365。",
                "How the fee counts time; actual/365 where empty. Full period: each quarter a fourth of the year's fee.",
            ),
        ),
        fact(
            "manager_free_of_fee",
            meaning=Text(
                "是：管理人、普通合伙人自己的出资不承担管理费。",
                "Yes: the manager's and the general partner's own commitments bear no fee.",
            ),
        ),
        fact(
            "manager_free_of_carry",
            meaning=Text(
                "是：管理人、普通合伙人自己的出资不承担业绩报酬。",
                "Yes: the manager's and the general partner's own commitments bear no carry.",
            ),
        ),
        _rate(
            "fee_held_share",
            Text("与绩效考核挂钩后付的管理费比例。", "Share of the fee that waits for the grade."),
        ),
        _rate("hurdle_rate", Text("门槛年收益率。", "Preferred return a year.")),
        fact("hurdle_compound", meaning=Text("门槛收益是否按复利。", "Whether the hurdle compounds.")),
        _rate("carry_rate", Text("业绩报酬比例。", "Carried interest.")),
        _rate("catch_up_rate", Text("追补比例。", "Catch-up.")),
        _rate("concession_rate", Text("政府出资让利比例。", "Share of its gain the government concedes.")),
        fact(
            "call_over_unfunded",
            meaning=Text(
                "是：协议允许超过未缴额度出资。", "Yes: calls above unfunded are allowed by the agreement."
            ),
        ),
        fact(
            "reinvest_multiple",
            cell=CellType.NUMBER,
            meaning=Text("返投倍数，例如 1.5。", "Required reinvestment as a multiple."),
            example="1.5",
        ),
        fact("reinvest_base", meaning=Text("返投倍数的基数。", "What the multiple is of.")),
        fact("borrowing", meaning=Text("基金层面的借款余额。", "Outstanding borrowing of the fund.")),
        *LEGAL,
        *CONTROL,
        UNIT,
        DOCUMENT,
        SOURCE,
    ),
    aliases=("基金登记", "子基金", "基金条款", "fund terms"),
    meaning=Text(
        "引导基金、母基金、子基金及其条款。条款变更另起一行，写新的生效日。",
        "Guidance, parent and sub-funds and their terms; a change of terms is a new row with its own day.",
    ),
)
