"""Closed word lists of the field.

Each member is a stable English identifier (what the journal stores), its Chinese name (what the screen
shows and a workbook may hold) and further names found in documents. A list only grows: members are never
renamed or reused, because old entries are never rewritten.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Self


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
        """The identifier as English words, first letter capital."""
        return self.value.replace("_", " ").capitalize()

    @classmethod
    def read(cls, text: str) -> Self | None:
        """The member a document means by `text` (identifier, Chinese name or alias; case ignored), or None."""
        wanted = text.strip().casefold()
        for member in cls:
            if wanted in (member.value.casefold(), member.zh.casefold(), *(a.casefold() for a in member.aliases)):
                return member
        return None


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


FUND_KINDS = frozenset({PartyKind.GUIDANCE_FUND, PartyKind.PARENT_FUND, PartyKind.SUB_FUND, PartyKind.NATIONAL_FUND})
"""Parties that take commitments."""


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
    LIQUIDATING = "liquidating", "清算中"
    CLOSED = "closed", "已清算"
    MERGED = "merged", "已并入"


class Stage(Word):
    """Lifecycle stage of a company; a label always carries the definition that produced it (ST-01)."""

    SEED = "seed", "种子期"
    STARTUP = "startup", "初创期"
    GROWTH = "growth", "成长期"
    MATURE = "mature", "成熟期"


class DealKind(Word):
    INITIAL = "initial", "首次投资", "首轮"
    FOLLOW_ON = "follow_on", "后续投资", "追加投资"
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


class EdgeBasis(Word):
    """What the share of an ownership edge is a share of."""

    EQUITY = "equity", "股权"
    COMMITMENT = "commitment", "认缴"
    PAID_IN = "paid_in", "实缴"


class NoticeKind(Word):
    CAPITAL_CALL = "capital_call", "出资通知", "缴款通知"
    DISTRIBUTION = "distribution", "分配通知"


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


class Role(Word):
    """Who may do what (the table is fof.access)."""

    VIEWER = "viewer", "查看"
    ANALYST = "analyst", "分析"
    MANAGER = "manager", "经办"
    APPROVER = "approver", "复核"
    AUDITOR = "auditor", "审计"
    ADMIN = "admin", "管理员"
