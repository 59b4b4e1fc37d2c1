"""Closed lists of the small instruments: vouchers and post-subsidies, incubators, publicly funded results, tax deductions,
services after an investment, and the statistics of the new economy (IV, IN, TC-01, TX-01, PI-12)."""

from __future__ import annotations

from models.kinds import Word


class GrantStep(Word):
    """What happened to an application for money that is paid afterwards."""

    APPLIED = "applied", "申请"
    RETURNED = "returned", "退回补正"
    DECIDED = "decided", "审定"
    PAID = "paid", "兑付"
    WITHDRAWN = "withdrawn", "撤回"


class GrantDecision(Word):
    """What was decided about an application."""

    WHOLLY = "wholly", "全额支持"
    PARTLY = "partly", "部分支持"
    REFUSED = "refused", "不予支持"


class RefusalReason(Word):
    """Why an application was refused or reduced."""

    NOT_ELIGIBLE = "not_eligible", "申请人不属于支持对象"
    RELATED_PROVIDER = "related_provider", "服务机构为关联方"
    NO_EVIDENCE = "no_evidence", "缺少发票或付款凭证"
    OTHER_GRANT = "other_grant", "同一费用已获其他补助"
    ABOVE_CAP = "above_cap", "超过限额"
    EXPIRED = "expired", "超过有效期"
    OUTSIDE_SCOPE = "outside_scope", "不属于支持范围"
    LOW_SCORE = "low_score", "绩效评价未达标"
    OTHER = "other", "其他"


class SubsidyKind(Word):
    """What a post-subsidy is paid for."""

    INCUBATION = "incubation", "孵化载体", "孵化器后补助"
    RESEARCH = "research", "研发", "研发后补助"
    REWARD = "reward", "创投奖励", "创业投资奖励"


class VoucherPeriod(Word):
    """Over what the voucher money of one firm is counted."""

    CALENDAR_YEAR = "calendar_year", "自然年度"
    CONTRACT = "contract", "每份合同"
    ONCE = "once", "累计"


class IncubatorKind(Word):
    """What houses young firms."""

    INCUBATOR = "incubator", "孵化器", "科技企业孵化器"
    MAKERSPACE = "makerspace", "众创空间"
    ACCELERATOR = "accelerator", "加速器"


class IncubatorLevel(Word):
    """The level at which an incubator is recognised."""

    NATIONAL = "national", "国家级"
    PROVINCE = "province", "省级"
    CITY = "city", "市级"


class ResultException(Word):
    """What keeps a publicly funded result from being licensed to others."""

    NONE = "none", "无"
    DEFENCE = "defence", "国防"
    SECURITY = "security", "国家安全"
    NATIONAL_INTEREST = "national_interest", "国家利益"
    PUBLIC_INTEREST = "public_interest", "重大社会公共利益"


class PriorityAnswer(Word):
    """What the team answered when it was offered to dispose of its result first."""

    TAKEN = "taken", "行使"
    DECLINED = "declined", "放弃"
    NO_ANSWER = "no_answer", "逾期未答复"


class DeductionForm(Word):
    """As what an investor deducts."""

    COMPANY_VC = "company_vc", "公司制创业投资企业"
    PARTNER_COMPANY = "partner_company", "合伙创投企业的法人合伙人"
    PARTNER_PERSON = "partner_person", "合伙创投企业的个人合伙人"
    ANGEL = "angel", "天使投资个人"


class ServiceKind(Word):
    """What an investor does for a company besides its money."""

    STRATEGY = "strategy", "战略规划"
    FINANCING = "financing", "融资对接"
    MARKET = "market", "市场与产业链对接"
    TALENT = "talent", "人才引进"
    TECHNOLOGY = "technology", "技术改造"
    GOVERNANCE = "governance", "公司治理"
    POLICY = "policy", "政策申报"
