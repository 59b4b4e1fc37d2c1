"""Dated facts: the closed list of attributes a party or a deal can have, each with its type.

A fact is one row of the journal: subject, name, from which day, value as text, on what document. What is in
force on a day is the latest row that starts on or before it (of two on one day, the later entry). Adding an
attribute is adding a line here.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from models import kinds


class FactType(StrEnum):
    """How the text of a fact is read."""

    TEXT = "text"
    DATE = "date"
    FEN = "fen"  # whole fen as digits
    INT = "int"
    SHARE = "share"  # decimal fraction, 0.2 is 20 %
    BOOL = "bool"  # yes / no
    WORD = "word"  # member of a closed list
    WORDS = "words"  # several members, comma separated
    PARTY = "party"  # code of a party
    CODES = "codes"  # free codes, comma separated


FactValue = str | dt.date | int | Decimal | bool | kinds.Word | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FactSpec:
    """One attribute: its name (stored), type, names on screen, closed list if any, and whose attribute it is."""

    name: str
    type: FactType
    zh: str
    en: str
    words: type[kinds.Word] | None = None
    of: str = "party"

    def parse(self, text: str) -> FactValue:
        """The typed value of a stored text; ValueError says what was expected."""
        match self.type:
            case FactType.TEXT | FactType.PARTY:
                return text
            case FactType.DATE:
                return dt.date.fromisoformat(text)
            case FactType.FEN | FactType.INT:
                return int(text)
            case FactType.SHARE:
                try:
                    return Decimal(text)
                except InvalidOperation:
                    raise ValueError(f"not a decimal: {text!r}") from None
            case FactType.BOOL:
                if text not in ("yes", "no"):
                    raise ValueError(f"yes or no expected, got {text!r}")
                return text == "yes"
            case FactType.WORD:
                assert self.words is not None
                return self.words(text)
            case FactType.WORDS:
                assert self.words is not None
                return tuple(self.words(part) for part in text.split(",") if part)
            case FactType.CODES:
                return tuple(part for part in text.split(",") if part)

    def write(self, value: FactValue) -> str:
        """The stored text of a typed value; parse(write(v)) == v."""
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, dt.date):
            return value.isoformat()
        if isinstance(value, tuple):
            return ",".join(str(part) for part in value)
        if isinstance(value, Decimal):
            return format(value, "f")
        return str(value)


FACTS: dict[str, FactSpec] = {}
"""Every attribute by name."""


def _fact(
    name: str,
    type: FactType,  # noqa: A002 - the field's own word
    zh: str,
    en: str,
    words: type[kinds.Word] | None = None,
    of: str = "party",
) -> None:
    assert name not in FACTS, name
    FACTS[name] = FactSpec(name, type, zh, en, words, of)


_T = FactType

# -- every party
_fact("name", _T.TEXT, "名称", "Name")
_fact("short_name", _T.TEXT, "简称", "Short name")
_fact("uscc", _T.TEXT, "统一社会信用代码", "Unified social credit code")
_fact("currency", _T.TEXT, "币种", "Currency")
_fact("province", _T.TEXT, "省份", "Province")
_fact("city", _T.WORD, "所在市（地）", "City", kinds.City)
_fact("registered_place", _T.TEXT, "注册地", "Registered place")
_fact("business_place", _T.TEXT, "经营地", "Place of business")
_fact("money_place", _T.TEXT, "资金使用地", "Place where the money works")
_fact("government_level", _T.WORD, "政府层级", "Government level", kinds.GovernmentLevel)
_fact("ownership", _T.WORD, "所有制", "Ownership", kinds.Ownership)
_fact("owner_government", _T.PARTY, "所属政府", "Owner government")
_fact("successor_of", _T.CODES, "承继自", "Successor of")
_fact("portfolio", _T.BOOL, "为投资组合", "Is a portfolio of its own")
_fact("cash_kept", _T.BOOL, "现金在本账核算", "Cash kept in this book")

# -- funds
_fact("fund_class", _T.WORD, "基金类别", "Fund class", kinds.FundClass)
_fact("fund_kind", _T.WORD, "基金类型", "Fund kind", kinds.FundKind)
_fact("strategy", _T.WORD, "策略", "Strategy", kinds.Strategy)
_fact("legal_form", _T.WORD, "组织形式", "Legal form", kinds.LegalForm)
_fact("vintage", _T.INT, "成立年份", "Vintage")
_fact("investment_mode", _T.WORD, "出资方式", "Investment mode", kinds.InvestmentMode)
_fact("support_mode", _T.WORD, "支持方式", "Support mode", kinds.SupportMode)
_fact("status", _T.WORD, "状态", "Status", kinds.FundStatus)
_fact("municipality", _T.WORD, "合作市（地）", "Municipality", kinds.City)
_fact("manager", _T.PARTY, "管理人", "Manager")
_fact("gp", _T.PARTY, "普通合伙人", "General partner")
_fact("custodian", _T.PARTY, "托管人", "Custodian")
_fact("target_size", _T.FEN, "目标规模", "Target size")
_fact("mandate_stages", _T.WORDS, "投资阶段", "Mandate stages", kinds.Stage)
_fact("mandate_fields", _T.CODES, "投资领域（国标行业代码）", "Mandate fields (GB/T 4754 codes)")
_fact("mandate_doc", _T.TEXT, "专项委托文件", "Mandate document")
_fact("selected_on", _T.DATE, "遴选日", "Manager selected on")
_fact("approved_on", _T.DATE, "批复日", "Approved on")
_fact("established_on", _T.DATE, "成立日", "Established on")
_fact("first_close_on", _T.DATE, "首次交割日", "First close")
_fact("final_close_on", _T.DATE, "最终交割日", "Final close")
_fact("investment_period_end", _T.DATE, "投资期届满日", "End of investment period")
_fact("term_end", _T.DATE, "存续期届满日", "End of term")
_fact("extension_years", _T.INT, "已延长年数", "Years of extension")
_fact("extensions", _T.INT, "已延长次数", "Number of extensions")
_fact("extension_approval_level", _T.WORD, "延期批准层级", "Level that approved the extension", kinds.GovernmentLevel)
_fact("sponsor_level", _T.WORD, "发起政府层级", "Sponsor level", kinds.GovernmentLevel)
_fact("amac_id", _T.TEXT, "基金业协会备案编码", "AMAC filing id")
_fact("amac_filed_on", _T.DATE, "基金业协会备案日", "AMAC filed on")
_fact("fee_basis_investment", _T.WORD, "管理费基数（投资期）", "Fee basis, investment period", kinds.FeeBasis)
_fact("fee_rate_investment", _T.SHARE, "管理费率（投资期）", "Fee rate, investment period")
_fact("fee_basis_exit", _T.WORD, "管理费基数（退出期）", "Fee basis, exit period", kinds.FeeBasis)
_fact("fee_rate_exit", _T.SHARE, "管理费率（退出期）", "Fee rate, exit period")
_fact("fee_rate_extension", _T.SHARE, "管理费率（延长期）", "Fee rate, extension")
_fact("fee_held_share", _T.SHARE, "与考核挂钩的管理费比例", "Share of fee held for the grade")
_fact("hurdle_rate", _T.SHARE, "门槛收益率", "Hurdle rate")
_fact("hurdle_compound", _T.BOOL, "门槛收益复利", "Hurdle compounds")
_fact("carry_rate", _T.SHARE, "业绩报酬比例", "Carry rate")
_fact("catch_up_rate", _T.SHARE, "追补比例", "Catch-up rate")
_fact("concession_rate", _T.SHARE, "让利比例", "Upside concession rate")
_fact("call_over_unfunded", _T.BOOL, "允许超未缴额度出资", "Calls above unfunded allowed")
_fact("reinvest_multiple", _T.SHARE, "返投倍数", "Reinvestment multiple")
_fact("reinvest_base", _T.WORD, "返投基数", "Reinvestment base", kinds.FeeBasis)
_fact("borrowing", _T.FEN, "借款余额", "Borrowing")

# -- companies
_fact("industry", _T.TEXT, "国标行业代码", "Industry (GB/T 4754)")
_fact("sei_group", _T.TEXT, "战略性新兴产业", "Strategic emerging industry")
_fact("founded_on", _T.DATE, "成立日期", "Founded on")
_fact("listed_on", _T.DATE, "上市日期", "Listed on")
_fact("stage", _T.WORD, "生命周期阶段", "Lifecycle stage", kinds.Stage)
_fact("staff", _T.INT, "职工人数", "Staff")
_fact("rd_staff", _T.INT, "研发人员", "R&D staff")
_fact("revenue", _T.FEN, "营业收入", "Revenue")
_fact("rd_expense", _T.FEN, "研发费用", "R&D expense")
_fact("net_profit", _T.FEN, "净利润", "Net profit")
_fact("total_assets", _T.FEN, "资产总额", "Total assets")
_fact("net_assets", _T.FEN, "净资产", "Net assets")
_fact("high_tech_until", _T.DATE, "高新技术企业证书有效期至", "High-tech certificate valid until")
_fact("st_sme", _T.BOOL, "科技型中小企业", "S&T-SME")
_fact("closed_on", _T.DATE, "注销日期", "Closed on")
