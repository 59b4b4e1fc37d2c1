"""Closed word lists of the field.

Each member is a stable English identifier (what the journal stores), its Chinese name (what the screen
shows and a workbook may hold) and further names found in documents. A list only grows: members are never
renamed or reused, because old entries are never rewritten.
"""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from typing import Self

from models.text import Text

ACRONYMS = frozenset({"csrc", "dcf", "gp", "ip", "ipo", "lp", "nav", "sme", "soe", "vc"})
"""Parts of identifiers that English writes in capitals."""


_NARROW = str.maketrans("（），", "(),")


def _folded(text: str) -> str:
    return text.translate(_NARROW).casefold()


class Word(StrEnum):
    """A member of a closed list: `value` is stored, `zh` is shown, `aliases` are understood on the way in."""

    zh: str
    aliases: tuple[str, ...]

    def __new__(cls, value: str, zh: str = "", *aliases: str) -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.zh = zh or value
        member.aliases = aliases
        return member

    @property
    def en(self) -> str:
        """The identifier as English words, first letter capital; acronyms in capitals."""
        return _english(self._value_)

    @property
    def text(self) -> Text:
        """The member as it is said."""
        return _text(self.zh, self.en)

    @classmethod
    def read(cls, text: str) -> Self | None:
        """The member a document means by `text` (identifier, Chinese name or alias), or None; neither case nor the width of a
        bracket counts."""
        return _members_by_name(cls).get(_folded(text.strip()))  # type: ignore[return-value]


@cache
def _english(value: str) -> str:
    words = value.replace("_", " ").capitalize().split()
    return " ".join(w.upper() if w.casefold() in ACRONYMS else w for w in words)


@cache
def _text(zh: str, en: str) -> Text:
    return Text(zh, en)


@cache
def _members_by_name(words: type[Word]) -> dict[str, Word]:
    """The members of a closed list by every name that means them, folded; of two with one name the first."""
    by_name: dict[str, Word] = {}
    for member in words:
        for name in (member.value, member.zh, *member.aliases):
            by_name.setdefault(_folded(name), member)
    return by_name


class Currency(Word):
    """Currencies that a party may state, by their ISO 4217 code. Amounts of each are whole hundredths of its main unit."""

    CNY = "CNY", "人民币", "元", "rmb", "人民币元"
    USD = "USD", "美元", "us$"
    EUR = "EUR", "欧元"
    HKD = "HKD", "港元", "港币"
    GBP = "GBP", "英镑"
    JPY = "JPY", "日元"
    CHF = "CHF", "瑞士法郎"
    SGD = "SGD", "新加坡元", "新元"
    AUD = "AUD", "澳大利亚元", "澳元"
    CAD = "CAD", "加拿大元", "加元"
    NZD = "NZD", "新西兰元"
    SEK = "SEK", "瑞典克朗"
    NOK = "NOK", "挪威克朗"
    DKK = "DKK", "丹麦克朗"
    KRW = "KRW", "韩元"
    TWD = "TWD", "新台币"
    MOP = "MOP", "澳门元"
    INR = "INR", "印度卢比"
    RUB = "RUB", "卢布", "俄罗斯卢布"

    @property
    def en(self) -> str:
        """The code itself."""
        return self.value


class PartyKind(Word):
    """What a party is. Everything that can hold, pay or be paid is one party."""

    GOVERNMENT = "government", "政府", "财政"
    GUIDANCE_FUND = "guidance_fund", "引导基金", "政府引导基金"
    PARENT_FUND = "parent_fund", "母基金", "托管母基金"
    SUB_FUND = "sub_fund", "子基金"
    MANAGER = "manager", "管理机构", "基金管理人", "管理人"
    BANK = "bank", "银行"
    GUARANTOR = "guarantor", "担保机构"
    INSURER = "insurer", "保险机构"
    SOCIAL_INVESTOR = "social_investor", "社会资本", "社会投资人"
    STATE_INVESTOR = "state_investor", "国有企业", "国有投资人"
    NATIONAL_FUND = "national_fund", "国家级基金", "国家基金"
    SOE_VC = "soe_vc", "国有创投机构"
    PERSON = "person", "个人", "自然人"
    HOLDING_VEHICLE = "holding_vehicle", "持股平台", "跟投平台"
    COMPANY = "company", "企业", "被投企业"
    POOL = "pool", "风险补偿资金池", "资金池"
    INSTITUTION = "institution", "机构投资人", "养老金", "institutional investor"
    OTHER = "other", "其他"


FUND_KINDS = frozenset(
    {PartyKind.GUIDANCE_FUND, PartyKind.PARENT_FUND, PartyKind.SUB_FUND, PartyKind.NATIONAL_FUND}
)
"""Parties that take commitments."""
DEAL_INVESTORS = FUND_KINDS | {PartyKind.SOE_VC}
"""Parties whose deals a sheet of deals brings: funds, and state venture institutions with their own money."""


class GovernmentLevel(Word):
    NATIONAL = "national", "国家级", "中央"
    PROVINCE = "province", "省级", "省"
    PREFECTURE = "prefecture", "市级", "地市级", "市"
    COUNTY = "county", "县级", "县"


class Ownership(Word):
    """Who controls a legal person; decides GF-13 and how state money is counted (GF-68)."""

    GOVERNMENT = "government", "政府机关"
    SOE_WHOLLY_OWNED = "soe_wholly_owned", "国有独资"
    SOE = "soe", "国有企业"
    SOE_CONTROLLED_MIXED = "soe_controlled_mixed", "国有控股"
    LISTED = "listed", "上市公司"
    PUBLIC_BODY = "public_body", "公益性事业单位"
    PRIVATE = "private", "民营", "民营企业"
    FOREIGN = "foreign", "外资"


class FundClass(Word):
    INDUSTRIAL = "industrial", "产业投资类", "产业类"
    VENTURE = "venture", "创业投资类", "创投类"


class FundKind(Word):
    SPECIAL = "special", "专项"
    MARKET = "market", "市场化"


class Strategy(Word):
    ANGEL = "angel", "天使"
    SEED = "seed", "种子"
    VC = "vc", "创业投资", "创投", "venture capital"
    GROWTH = "growth", "成长"
    INDUSTRIAL = "industrial", "产业"
    CONVERSION = "conversion", "科技成果转化", "成果转化"
    MERGER = "merger", "并购", "buyout"
    SECONDARY = "secondary", "S基金", "二手份额"
    DIRECT = "direct", "直投"
    FUND_OF_FUNDS = "fund_of_funds", "母基金"
    OTHER = "other", "其他"


class LegalForm(Word):
    LIMITED_PARTNERSHIP = "limited_partnership", "有限合伙"
    COMPANY = "company", "公司制"
    CONTRACT = "contract", "契约型"


class InvestmentMode(Word):
    """How provincial money reaches a vehicle (黑政办发〔2025〕10号 Art. 4; GF-01)."""

    VIA_PARENT = "via_parent", "经母基金"
    DIRECT_SUB_FUND = "direct_sub_fund", "直接设立子基金"
    DIRECT_PROJECT = "direct_project", "直投项目"


class SupportMode(Word):
    """The three ways of the 2017 guidance fund (GF-69)."""

    STAGED_EQUITY = "staged_equity", "阶段参股"
    FOLLOW_ON = "follow_on", "跟进投资"
    FINANCING_GUARANTEE = "financing_guarantee", "融资担保"


class FundStatus(Word):
    APPROVED = "approved", "已批复"
    RAISING = "raising", "募集中"
    INVESTING = "investing", "投资期"
    HARVESTING = "harvesting", "退出期"
    EXTENDED = "extended", "延长期"
    LIQUIDATING = "liquidating", "清算中", "清算期", "解散清算"
    CLOSED = "closed", "已清算", "已注销", "清算完毕", "liquidated", "wound up"
    MERGED = "merged", "已并入"


class Stage(Word):
    """Lifecycle stage of a company; a label always carries the definition that produced it (ST-01)."""

    SEED = "seed", "种子期"
    STARTUP = "startup", "初创期"
    GROWTH = "growth", "成长期"
    MATURE = "mature", "成熟期"


class SupportKind(Word):
    """By what public or accompanying money reaches a company: a column of the coverage surface."""

    ANGEL_FUND = "angel_fund", "天使基金"
    VC_FUND = "vc_fund", "创投基金"
    INDUSTRIAL_FUND = "industrial_fund", "产业基金"
    OTHER_FUND = "other_fund", "其他基金"
    DIRECT = "direct", "直接投资"
    STAFF = "staff", "员工跟投"
    POOL_LOAN = "pool_loan", "风险补偿贷款"
    BOND_GUARANTEE = "bond_guarantee", "债券担保"
    IP_LOAN = "ip_loan", "知识产权质押贷款"
    VOUCHER = "voucher", "创新券"
    SUBSIDY = "subsidy", "后补助"


class DealKind(Word):
    INITIAL = "initial", "首次投资", "首轮"
    FOLLOW_ON = "follow_on", "后续投资", "追加投资"
    CONVERSION = "conversion", "转股", "可转债转股", "债转股"
    PARTIAL_EXIT = "partial_exit", "部分退出"
    EXIT = "exit", "退出", "全部退出"
    WRITE_OFF = "write_off", "核销", "损失核销"


class ExitRoute(Word):
    IPO = "ipo", "上市", "首次公开发行"
    MERGER = "merger", "并购"
    TRANSFER = "transfer", "股权转让", "老股转让"
    BUY_BACK = "buy_back", "回购", "股权回购"
    SECONDARY_FUND = "secondary_fund", "S基金"
    LIQUIDATION = "liquidation", "清算"
    IN_KIND = "in_kind", "实物分配", "非现金分配"
    CONTRIBUTED = "contributed", "作价出资", "以股权出资"


class Instrument(Word):
    EQUITY = "equity", "股权", "增资"
    PREFERRED = "preferred", "优先股权", "优先权股权"
    SECONDARY_SHARES = "secondary_shares", "受让老股"
    CONVERTIBLE = "convertible", "可转债"
    LOAN = "loan", "借款"
    ENTRUSTED_LOAN = "entrusted_loan", "委托贷款"
    GUARANTEE = "guarantee", "担保"
    FUND_STAKE = "fund_stake", "基金份额"
    LISTED_SHARES = "listed_shares", "二级市场股票"
    BOND = "bond", "债券"
    DERIVATIVE = "derivative", "衍生品"
    PROPERTY = "property", "不动产"
    DONATION = "donation", "捐赠"


class MarkMethod(Word):
    """IPEV valuation techniques, and what a statement may say instead."""

    REPORTED_NAV = "reported_nav", "报告净值", "nav"
    RECENT_ROUND = "recent_round", "最近融资价格", "近期交易"
    MULTIPLES = "multiples", "市场乘数"
    DCF = "dcf", "现金流折现"
    NET_ASSETS = "net_assets", "净资产"
    MARKET_PRICE = "market_price", "市场报价"
    MILESTONE = "milestone", "里程碑法"
    COST = "cost", "成本"
    APPRAISAL = "appraisal", "资产评估"
    WRITTEN_OFF = "written_off", "已核销"


class FeeBasis(Word):
    COMMITMENT = "commitment", "认缴"
    PAID_IN = "paid_in", "实缴"
    INVESTED = "invested", "实际投资", "未退出投资成本"
    NAV = "nav", "净值"


class FeeDayCount(Word):
    """How a management fee counts time."""

    ACT_365 = "act_365", "实际天数/365", "ACT/365", "ACT/365F"
    ACT_ACT = "act_act", "实际天数/实际天数", "ACT/ACT", "actual/actual"
    ACT_360 = "act_360", "实际天数/360", "ACT/360"
    FULL_PERIOD = "full_period", "整期", "整季", "full period"  # each quarter a fourth of the year's fee


class EdgeBasis(Word):
    """What the share of an ownership edge is a share of."""

    EQUITY = "equity", "股权"
    COMMITMENT = "commitment", "认缴"
    PAID_IN = "paid_in", "实缴"


class NoticeKind(Word):
    CAPITAL_CALL = "capital_call", "出资通知", "缴款通知"
    DISTRIBUTION = "distribution", "分配通知"


class CallComponent(Word):
    """What a call notice asks money for."""

    INVESTMENT = "investment", "投资款"
    FEE_INSIDE = "fee_inside", "管理费（认缴内）"
    EXPENSES = "expenses", "合伙费用"
    FEES_AND_EXPENSES = "fees_and_expenses", "费用合计（未分项）"
    WORKING_CAPITAL = "working_capital", "营运资金"
    FACILITY_COST = "facility_cost", "过桥贷款成本"
    DEEMED_GP = "deemed_gp", "视同GP出资"
    FEE_OUTSIDE = "fee_outside", "管理费（认缴外）"
    PLACEMENT_FEE = "placement_fee", "募集费用"


class MultipleBasis(Word):
    """Where a stated multiple comes from."""

    DISCLOSED = "disclosed", "机构披露", "disclosed_by_institution"
    COLLECTOR = "computed_by_collector", "整理者计算"
    REPORTED = "reported", "管理人报告"


class City(Word):
    """The 13 prefecture-level units of Heilongjiang, GB/T 2260 codes."""

    HARBIN = "230100", "哈尔滨", "哈尔滨市"
    QIQIHAR = "230200", "齐齐哈尔", "齐齐哈尔市"
    JIXI = "230300", "鸡西", "鸡西市"
    HEGANG = "230400", "鹤岗", "鹤岗市"
    SHUANGYASHAN = "230500", "双鸭山", "双鸭山市"
    DAQING = "230600", "大庆", "大庆市"
    YICHUN = "230700", "伊春", "伊春市"
    JIAMUSI = "230800", "佳木斯", "佳木斯市"
    QITAIHE = "230900", "七台河", "七台河市"
    MUDANJIANG = "231000", "牡丹江", "牡丹江市"
    HEIHE = "231100", "黑河", "黑河市"
    SUIHUA = "231200", "绥化", "绥化市"
    DAXINGANLING = "232700", "大兴安岭", "大兴安岭地区"

    @property
    def en(self) -> str:
        return "Daxing'anling" if self is City.DAXINGANLING else self.name.capitalize()


class EntryKind(Word):
    """Why an entry was written."""

    PARTIES = "parties", "主体登记"
    TERMS = "terms", "条款与属性"
    OWNERSHIP = "ownership", "权属关系"
    COMMITMENT = "commitment", "认缴"
    COMMITMENT_AMENDMENT = "commitment_amendment", "认缴变更"
    COMMITMENT_TRANSFER = "commitment_transfer", "份额转让"
    CAPITAL_CALL = "capital_call", "出资通知"
    CALL_PAYMENT = "call_payment", "缴款"
    DISTRIBUTION = "distribution", "分配"
    VALUATION = "valuation", "估值"
    DEAL = "deal", "投资"
    EXIT = "exit", "退出"
    FUND_CASH = "fund_cash", "基金收支"
    POSITION_STATEMENT = "position_statement", "持仓披露"
    REORGANISATION = "reorganisation", "重组并入"
    REVERSAL = "reversal", "冲销"
    SETTING = "setting", "参数设定"
    DISPOSITION = "disposition", "处置"
    PERIOD_CLOSE = "period_close", "季度结账"
    MAPPING = "mapping", "列映射"
    COINVESTMENT = "coinvestment", "跟投"
    POOL = "pool", "风险补偿"
    VOUCHER = "voucher", "创新券"
    INSTRUMENT = "instrument", "专项工具"
    USERS = "users", "用户与权限"
    AUDIT_CASE = "audit_case", "审计事项"
    AUDIT_SAMPLE = "audit_sample", "审计抽样"
    AUDIT_REQUEST = "audit_request", "资料需求"
    PERSONAL = "personal", "个人信息"
    UNMASKING = "unmasking", "查看个人信息"
    ERASURE = "erasure", "清除个人信息"
    SCENARIO = "scenario", "保存情景"


class Role(Word):
    """Who may do what (the table is fof.access)."""

    VIEWER = "viewer", "查看"
    ANALYST = "analyst", "分析"
    MANAGER = "manager", "经办"
    APPROVER = "approver", "复核"
    AUDITOR = "auditor", "审计"
    ADMIN = "admin", "管理员"


class PersonalField(Word):
    """What is kept about a person outside the book, encrypted (fof.personal)."""

    NAME = "name", "姓名"
    IDENTITY_NUMBER = "identity_number", "公民身份号码"
    BANK_NUMBER = "bank_number", "银行账号"
    RELATIVES = "relatives", "亲属情况"


class DispositionAction(Word):
    """What an officer decides about a finding."""

    ACCEPT = "accept", "接受（豁免）", "接受"
    RECTIFY = "rectify", "限期整改", "整改"
    DISMISS = "dismiss", "驳回"
