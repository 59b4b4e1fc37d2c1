"""Attributes of the owner's audit: of its cases and samples."""

from __future__ import annotations

from models import audit_work as words
from models.fact_specs import FactType as T
from models.fact_specs import attributes_of
from models.subjects import SubjectKind as S

attributes_of(
    {S.AUDIT_CASE},
    ("case_step", T.WORD, "程序步骤", "Step", words.CaseStep),
    ("case_rule", T.TEXT, "规则编号", "Rule"),
    ("case_kind", T.WORD, "对象类型", "Kind of subject", S),
    ("case_code", T.TEXT, "对象编号", "Subject"),
    ("case_second", T.TEXT, "对象第二编号", "Second code of the subject"),
    ("case_event_on", T.DATE, "事项发生日", "Day of the event"),
    ("case_statement", T.TEXT, "事实陈述", "Statement of fact"),
    ("comment_due", T.DATE, "反馈截止日", "Comments due on"),
    ("case_reply", T.TEXT, "反馈意见内容", "Reply"),
    ("case_review", T.WORD, "复核意见", "Outcome of the case review", words.CaseReview),
    ("case_loss", T.FEN, "损失金额", "Loss"),
    ("responsible_post", T.TEXT, "责任岗位", "Responsible post"),
    ("case_tolerance", T.WORD, "容亏认定", "Tolerance of the loss", words.CaseTolerance),
    ("due_care", T.BOOL, "已尽职", "Acted with due care"),
    ("rectify_due", T.DATE, "整改期限", "Rectify by"),
    ("rectification", T.TEXT, "整改情况", "Rectification"),
    ("case_retest", T.WORD, "复查结论", "Outcome of the test", words.CaseRetest),
    ("referred_to", T.TEXT, "移送机关", "Referred to"),
)
attributes_of(
    {S.SAMPLE},
    ("sample_population", T.WORD, "抽样总体", "Population", words.SamplePopulation),
    ("sample_method", T.WORD, "抽样方法", "Method", words.SampleMethod),
    ("sample_as_of", T.DATE, "总体截至日", "Population as of"),
    ("sample_known_at", T.INT, "总体依据分录至", "Population known at entry"),
    ("sample_confidence", T.NUMBER, "置信度", "Confidence level"),
    ("sample_tolerable", T.NUMBER, "可容忍错误率", "Tolerable rate"),
    ("sample_expected", T.NUMBER, "预计错误率", "Expected rate"),
    ("sample_strata", T.INT, "分层数", "Strata"),
    ("sample_size", T.INT, "样本量", "Sample size"),
    ("sample_seed", T.INT, "随机种子", "Seed"),
    ("sample_results", T.CODES, "审定结果", "Audited values"),
)
