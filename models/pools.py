"""Closed lists of risk-compensation pools, guaranteed and insured loans, and claims (RC-01 … RC-37)."""

from __future__ import annotations

from models.kinds import Word


class Programme(Word):
    """The programme that an agreement belongs to; each has the tests that its own document asks for."""

    TECH_PLAN_2024 = "tech_plan_2024", "支持科技创新专项担保计划", "专项担保计划"
    SPLIT_4321 = "split_4321", "政银担4321", "4321"
    SPLIT_4222 = "split_4222", "政银担4222", "4222"
    HLJ_HIGH_TECH = "hlj_high_tech", "省级高新技术企业担保代偿补偿"
    DOUBLE_STABILITY = "double_stability", "稳企稳岗", "双稳"
    AID_GUARANTEE = "aid_guarantee", "助保金贷款", "助保金"
    PERFORMANCE_INSURANCE = "performance_insurance", "履约保证保险贷款"
    INSURED_LOAN = "insured_loan", "政银保"
    SMALL_INSURED_LOAN = "small_insured_loan", "小额贷款保证保险"
    PROVINCE_CITY_LOAN = "province_city_loan", "省市分担科技贷款", "苏科贷"
    TECH_LOAN_POOL = "tech_loan_pool", "科技贷款风险补偿", "科技贷"
    IP_PLEDGE = "ip_pledge", "知识产权质押融资"
    KNOWLEDGE_VALUE = "knowledge_value", "知识价值信用贷款"
    CONVERSION_LOAN = "conversion_loan", "科技成果转化贷款"
    INVESTMENT_LOAN = "investment_loan", "投贷联动"
    BOND_GUARANTEE = "bond_guarantee", "科技型中小企业债券担保"
    ANGEL_INVESTMENT = "angel_investment", "天使投资风险补偿"
    OTHER = "other", "其他"


class Deducted(Word):
    """What is taken off a loss before it is shared."""

    COLLATERAL = "collateral", "押品处置所得"
    DEPOSIT = "deposit", "保证金"
    INTEREST = "interest", "利息罚息"
    OTHER_COMPENSATION = "other_compensation", "其他财政补偿"


class RateBase(Word):
    """What a cap on the loan rate starts from."""

    LPR_1Y = "lpr_1y", "一年期LPR"
    LPR_5Y = "lpr_5y", "五年期以上LPR"
    BENCHMARK = "benchmark", "贷款基准利率"


class ContributionBasis(Word):
    """How what a pool pays and earns is divided among its contributors."""

    PAID_IN = "paid_in", "按实缴"
    AGREED_SHARE = "agreed_share", "按约定比例"
    LAYER = "layer", "按层级"


class EmptyPart(Word):
    """What happens where a contributor's part of the pool is used up."""

    OTHERS_BEAR = "others_bear", "由其他出资方承担"
    UNCOMPENSATED = "uncompensated", "不再补偿"


class CutPart(Word):
    """What becomes of what limits or the pool's money cut of a payment: no debt, unless the agreement carries it on (RC-22)."""

    LAPSES = "lapses", "截去部分不再补偿"
    CARRIED = "carried", "截去部分结转"


class RecoveryOrder(Word):
    """Who is served first from recovered money."""

    BORNE = "borne", "按实际承担比例"
    LENDER_FIRST = "lender_first", "贷款人优先"
    POOL_FIRST = "pool_first", "资金池优先"
    GUARANTOR_FIRST = "guarantor_first", "担保人优先"


class MoneySourceOfArm(Word):
    """Whose money the bank's investment arm puts in."""

    OWN = "own", "自有资金"
    OTHER = "other", "其他资金"


class LimitKind(Word):
    """Three limits that are three things."""

    ENROLMENT_STOP = "enrolment_stop", "暂停新增"
    EXCESS = "excess", "超额不担"
    PAYMENT_CAP = "payment_cap", "补偿封顶"


class LimitPeriod(Word):
    """Over what a limit is counted."""

    YEAR = "year", "当年"
    ROLLING = "rolling", "滚动12个月"
    CUMULATIVE = "cumulative", "成立以来"


class Denominator(Word):
    """What a compensation rate is of."""

    RELEASED = "released", "解除额"
    MATURED = "matured", "到期额"
    OUTSTANDING = "outstanding", "在保余额"
    ENROLLED = "enrolled", "入池额"


class Grossness(Word):
    """Whether recoveries are taken off the numerator."""

    GROSS = "gross", "未扣追偿"
    NET = "net", "扣除追偿"


class LoanKind(Word):
    """What was lent."""

    LOAN = "loan", "贷款"
    BOND = "bond", "债券"
    CREDIT_LINE = "credit_line", "授信"


class Collateral(Word):
    """What stands behind a loan."""

    NONE = "none", "信用"
    IP = "ip", "知识产权质押"
    PROPERTY = "property", "不动产抵押"
    MOVABLES = "movables", "动产抵质押"
    GUARANTEE = "guarantee", "保证"
    EQUITY = "equity", "股权质押"


class SizeClass(Word):
    """Size of an enterprise by the classes of 2017."""

    MICRO = "micro", "微型"
    SMALL = "small", "小型"
    MEDIUM = "medium", "中型"
    LARGE = "large", "大型"


class Channel(Word):
    """How a knowledge-value loan is made."""

    CREDIT = "credit", "信用"
    GUARANTEED = "guaranteed", "担保"


class LoanClass(Word):
    """The five classes of loan quality."""

    NORMAL = "normal", "正常"
    SPECIAL_MENTION = "special_mention", "关注"
    SUBSTANDARD = "substandard", "次级"
    DOUBTFUL = "doubtful", "可疑"
    LOSS = "loss", "损失"


class LoanStep(Word):
    """What happened to a loan."""

    DRAWN = "drawn", "放款"
    SCHEDULED = "scheduled", "约定还款"
    REPAID = "repaid", "还款"
    PREPAID = "prepaid", "提前还款"
    EXTENDED = "extended", "展期"
    RENEWED = "renewed", "续贷结清"
    RECLASSIFIED = "reclassified", "调整分类"
    OVERDUE = "overdue", "逾期"
    DEFAULTED = "defaulted", "违约"
    RESTORED = "restored", "恢复正常"
    WRITTEN_OFF = "written_off", "核销"


class ClaimStep(Word):
    """What happened to a claim; what its state is follows from the last of these and from what was paid."""

    SUBMITTED = "submitted", "提交"
    RETURNED = "returned", "退回补正"
    RESUBMITTED = "resubmitted", "补正后再报"
    REVIEWED = "reviewed", "初审"
    DECIDED = "decided", "审定"
    WITHDRAWN = "withdrawn", "撤回"


class ClaimDecision(Word):
    """What was decided about a claim."""

    WHOLLY = "wholly", "全额同意"
    PARTLY = "partly", "部分同意"
    REFUSED = "refused", "不予补偿"


class PoolLeg(Word):
    """What a payment of or beside a pool is."""

    FUNDING = "funding", "注资"
    RETURNED = "returned", "退还出资"
    INTEREST = "interest", "存款利息"
    COST = "cost", "管理支出"
    COMPENSATION = "compensation", "风险补偿"
    GUARANTOR_PAID = "guarantor_paid", "代偿或赔付"
    RECOVERY = "recovery", "追偿收款"
    RECOVERY_SHARED = "recovery_shared", "追偿分配"
    FEE = "fee", "担保费"
    PREMIUM = "premium", "保险费"
    PREMIUM_REFUNDED = "premium_refunded", "保费返还"
    SUBSIDY = "subsidy", "保费或利息补贴"


class RecoveryPart(Word):
    """What recovered money is: principal is shared, the rest stands apart."""

    PRINCIPAL = "principal", "本金"
    INTEREST = "interest", "利息"
    PENALTY = "penalty", "罚息违约金"


class GuarantorLevel(Word):
    """The level of the government behind a guarantor."""

    NATIONAL = "national", "国家级"
    PROVINCE = "province", "省级"
    CITY = "city", "市级"
    COUNTY = "county", "县级"
