"""Closed word lists of staff co-investment (跟投)."""

from __future__ import annotations

from models.kinds import Word


class PlanMode(Word):
    """Whether those named in a plan must join."""

    MANDATORY = "mandatory", "强制跟投", "强制"
    VOLUNTARY = "voluntary", "自愿跟投", "自愿"


class RoleClass(Word):
    """The groups of staff a plan speaks of; the first three are those of the 2017 policy."""

    EXECUTIVE = "executive", "高管", "高级管理人员"
    MID_LEVEL = "mid_level", "中层", "中层干部"
    MANAGEMENT_TEAM = "management_team", "管理团队", "团队成员"
    OTHER_STAFF = "other_staff", "其他员工", "普通员工"


class StaffContract(Word):
    """On what a person works for an institution."""

    LABOUR = "labour", "劳动合同"
    SECONDED_EXECUTIVE = "seconded_executive", "国有股东委派高管", "委派高管"
    REHIRED_RETIREE = "rehired_retiree", "退休返聘"
    FOREIGN = "foreign", "外籍聘用"
    SERVICE = "service", "劳务合同", "劳务派遣"
    NONE = "none", "无合同"


class AppointedBy(Word):
    """Who appointed a leader; the first three bar a person from holding (国资发改革〔2016〕133号)."""

    PARTY_COMMITTEE = "party_committee", "党委任命", "党组织任命"
    GOVERNMENT = "government", "政府任命"
    SASAC = "sasac", "国资委任命", "国资监管机构任命"
    BOARD = "board", "董事会聘任"
    INSTITUTION = "institution", "机构聘任"


class LeaverKind(Word):
    """Why an employment ended."""

    RESIGNED = "resigned", "辞职"
    DISMISSED = "dismissed", "辞退", "解除合同"
    RETIRED = "retired", "退休"
    TRANSFERRED = "transferred", "调离", "组织调动"
    DIED = "died", "死亡"


class CapBase(Word):
    """What a ceiling on all staff money is a share of."""

    TICKET_AND_STAFF = "ticket_and_staff", "机构投资额加跟投额"
    TICKET = "ticket", "机构投资额"
    ROUND = "round", "本轮融资额"


class LagUnit(Word):
    """The unit in which a plan states the time allowed for staff payments."""

    DAYS = "days", "日", "天"
    MONTHS = "months", "个月", "月"


class LateEffect(Word):
    """What a plan makes of a payment after that time."""

    BREACH = "breach", "违规"
    WAIVED = "waived", "视为放弃", "放弃"


class LeaverPrice(Word):
    """The price at which a leaver hands the stake over."""

    COST = "cost", "成本价"
    AUDITED_NET_ASSETS = "audited_net_assets", "经审计每股净资产"
    APPRAISED = "appraised", "评估价"
    LOWER_OF_COST_AND_VALUE = "lower_of_cost_and_value", "成本与净值孰低"


class TeamRole(Word):
    """A person's place on a deal's roster."""

    DEAL_LEAD = "deal_lead", "项目负责人"
    DEAL_TEAM = "deal_team", "项目组成员", "项目团队"
    NAMED = "named", "强制跟投人员"
    MAY_JOIN = "may_join", "可自愿跟投"
    BARRED = "barred", "不得跟投"


class RosterChoice(Word):
    """What a person on the roster chose."""

    JOINED = "joined", "参与", "跟投"
    DECLINED = "declined", "放弃", "不参与"


class ReviewOutcome(Word):
    """What the review of a declared investment came to."""

    CLEARED = "cleared", "无冲突"
    MANAGED = "managed", "已采取回避措施", "回避"
    REJECTED = "rejected", "不予同意"


class MoneySource(Word):
    """Where the money of a staff payment came from; only the first two are the person's own."""

    SALARY = "salary", "工资薪金"
    SAVINGS = "savings", "自有储蓄", "自有资金"
    LOAN_OF_INSTITUTION = "loan_of_institution", "本机构借款"
    LOAN_OF_INVESTEE = "loan_of_investee", "被投企业借款"
    LOAN_OF_VENDOR = "loan_of_vendor", "业务往来单位借款"
    OTHER_LOAN = "other_loan", "其他借款"
    GIFT = "gift", "赠与"
    OTHER = "other", "其他"


OWN_MONEY = frozenset({MoneySource.SALARY, MoneySource.SAVINGS})
"""Sources that count as the person's own."""


class SideTerm(Word):
    """Protection beside the shares themselves."""

    PUT = "put", "回售权", "回购权"
    GUARANTEE = "guarantee", "担保"
    MINIMUM_RETURN = "minimum_return", "最低收益"
    LIQUIDATION_PREFERENCE = "liquidation_preference", "优先清算权"
    ANTI_DILUTION = "anti_dilution", "反稀释"
    FREE_SHARES = "free_shares", "赠送股份"


class Voting(Word):
    """Who votes the shares of a staff vehicle."""

    NONE = "none", "无表决权"
    PROXY_TO_INSTITUTION = "proxy_to_institution", "委托机构行使"
    OWN = "own", "自行行使"


class KinshipKind(Word):
    """What a relative is to a person."""

    SPOUSE = "spouse", "配偶"
    PARENT = "parent", "父母"
    CHILD = "child", "子女"
    SIBLING = "sibling", "兄弟姐妹"
    PARENT_IN_LAW = "parent_in_law", "配偶的父母"
    OTHER = "other", "其他近亲属"


class TieKind(Word):
    """What a company is to an institution beside being invested in."""

    VENDOR = "vendor", "供应商"
    CONTRACTOR = "contractor", "承包商"
    CUSTOMER = "customer", "客户"
    SALES_AGENT = "sales_agent", "代理商", "经销商"
    COMPETITOR = "competitor", "同业竞争"


class PaymentLeg(Word):
    """Which way a staff payment goes."""

    PERSON_TO_VEHICLE = "person_to_vehicle", "个人缴入平台"
    PERSON_TO_COMPANY = "person_to_company", "个人缴入企业"
    VEHICLE_TO_COMPANY = "vehicle_to_company", "平台缴入企业"
    COMPANY_TO_VEHICLE = "company_to_vehicle", "企业支付平台"
    COMPANY_TO_PERSON = "company_to_person", "企业支付个人"
    VEHICLE_TO_PERSON = "vehicle_to_person", "平台支付个人"
    TRANSFER = "transfer", "份额转让"


class PayOut(Word):
    """What staff received money for."""

    EXIT = "exit", "退出价款"
    DIVIDEND = "dividend", "分红"
    REFUND = "refund", "退款"


class EvidenceItem(Word):
    """The fourteen items kept for each stake (rulebook CI-31)."""

    PLAN_VERSION = "plan_version", "跟投方案（适用版本）"
    BASIS = "basis", "政策依据与试点批复"
    PERSON = "person", "身份与劳动关系"
    ROLE = "role", "当日岗位职级"
    DECLARATION = "declaration", "投资申报与审查"
    MONEY_PROOF = "money_proof", "自有资金证明"
    INSTITUTION_TERMS = "institution_terms", "机构投资协议"
    STAFF_TERMS = "staff_terms", "跟投协议"
    COMMITTEE_MINUTES = "committee_minutes", "投决会纪要与回避记录"
    PAYMENT_DATES = "payment_dates", "缴款凭证"
    APPRAISAL = "appraisal", "资产评估报告与备案"
    EXITS = "exits", "退出文件"
    DISTRIBUTIONS = "distributions", "分配凭证"
    LEAVER = "leaver", "离职处置文件"


class RequestAnswer(Word):
    """How a line of a request list was answered."""

    PROVIDED = "provided", "已提供"
    DOES_NOT_EXIST = "does_not_exist", "不存在"
    NOT_OURS = "not_ours", "非本单位"


class Advantage(Word):
    """In what a stake was unlike the institution."""

    PRICE = "price", "同时不同价"
    EARLY = "early", "早于机构"
    LATE = "late", "晚于机构"
    EXIT = "exit", "退出不同价或不同日"
    STAYED = "stayed", "机构退出而未退出"


class GainGroup(Word):
    """By what gains of stakes over the institution are added up; by finding each is listed."""

    FINDING = "finding", "结论"
    PERSON = "person", "人员"
    PLAN = "plan", "跟投方案"
    INSTITUTION = "institution", "机构"
