"""Closed word lists of the owner's audit: the steps of a case, and what they say."""

from __future__ import annotations

from models.kinds import Word


class CaseStep(Word):
    """A step of an audit case (审计事项)."""

    DRAFT = "draft", "立项", "草稿"
    EVIDENCE_SHEET = "evidence_sheet", "取证单"
    SENT = "sent", "征求意见", "送达"
    REPLIED = "replied", "反馈意见", "被审计单位反馈"
    REVIEWED = "reviewed", "复核"
    ISSUED = "issued", "出具", "审计结论"
    RECTIFIED = "rectified", "整改", "已整改"
    RETESTED = "retested", "复查", "整改复查"
    CLOSED = "closed", "结案", "销号"
    REFERRED = "referred", "移送", "移交"


NEXT_STEPS: dict[CaseStep | None, tuple[CaseStep, ...]] = {
    None: (CaseStep.DRAFT,),
    CaseStep.DRAFT: (CaseStep.EVIDENCE_SHEET,),
    CaseStep.EVIDENCE_SHEET: (CaseStep.SENT,),
    CaseStep.SENT: (CaseStep.REPLIED, CaseStep.REVIEWED),  # reviewed without a reply: once its day has passed
    CaseStep.REPLIED: (CaseStep.REVIEWED,),
    CaseStep.REVIEWED: (CaseStep.ISSUED, CaseStep.EVIDENCE_SHEET, CaseStep.CLOSED),  # as the review says
    CaseStep.ISSUED: (CaseStep.RECTIFIED, CaseStep.REFERRED),
    CaseStep.RECTIFIED: (CaseStep.RETESTED,),
    CaseStep.RETESTED: (CaseStep.CLOSED, CaseStep.RECTIFIED, CaseStep.REFERRED),  # as the test says
    CaseStep.CLOSED: (),
    CaseStep.REFERRED: (),
}
"""Step → the steps that may follow."""

STATED_BY: dict[CaseStep, tuple[str, ...]] = {
    CaseStep.DRAFT: ("case_rule", "case_kind"),
    CaseStep.EVIDENCE_SHEET: ("case_statement",),
    CaseStep.SENT: ("comment_due",),
    CaseStep.REPLIED: ("case_reply",),
    CaseStep.REVIEWED: ("case_review",),
    CaseStep.ISSUED: ("case_loss", "responsible_post", "case_tolerance", "rectify_due"),
    CaseStep.RECTIFIED: ("rectification",),
    CaseStep.RETESTED: ("case_retest",),
    CaseStep.CLOSED: (),
    CaseStep.REFERRED: ("referred_to",),
}
"""Step → the attributes that its entry must state."""


class CaseReview(Word):
    """What the second auditor says."""

    APPROVED = "approved", "同意出具"
    RETURNED = "returned", "退回补证"
    DROPPED = "dropped", "不予认定"


class CaseTolerance(Word):
    """How the loss stands to the tolerance (容亏): it shields people, and moves no money."""

    NO_LOSS = "no_loss", "不涉及投资损失"
    WITHIN = "within", "在容亏范围内"
    ABOVE = "above", "超出容亏范围"
    NOT_TESTED = "not_tested", "未到考核时点"


OF_LOSSES = frozenset({"GF-56", "GF-70", "PI-07"})
"""Rules whose subject is an investment loss itself: a loss alone is never a finding (GF-57), and whatever is lost is one that tolerance
is asked of."""


class CaseRetest(Word):
    """What testing again showed."""

    PUT_RIGHT = "put_right", "已整改到位"
    STILL_BROKEN = "still_broken", "未整改到位"


REVIEW_LEADS_TO: dict[CaseReview, CaseStep] = {
    CaseReview.APPROVED: CaseStep.ISSUED,
    CaseReview.RETURNED: CaseStep.EVIDENCE_SHEET,
    CaseReview.DROPPED: CaseStep.CLOSED,
}
RETEST_LEADS_TO: dict[CaseRetest, tuple[CaseStep, ...]] = {
    CaseRetest.PUT_RIGHT: (CaseStep.CLOSED,),
    CaseRetest.STILL_BROKEN: (CaseStep.RECTIFIED, CaseStep.REFERRED),
}


class SamplePopulation(Word):
    """What a sample is drawn from."""

    PAYMENTS = "payments", "跟投缴款"
    STAKES = "stakes", "跟投份额"


class SampleMethod(Word):
    """How a sample is drawn and judged."""

    MONETARY_UNIT = "monetary_unit", "货币单元抽样"
    ATTRIBUTE = "attribute", "属性抽样"
