"""Names of the indicators of the performance evaluation (fof.evaluation.indicators says what each is), in Chinese and English.

COMPUTED come from the book and may have a scale of the office's; MARKED are asked for; BONUS stands beside them.
"""

from __future__ import annotations

from models.text import Text

COMPUTED: dict[str, Text] = {
    "paid_in_rate": Text("实缴率", "Paid-in rate"),
    "deployment": Text("投资率（投资额/实缴）", "Deployment"),
    "early_share": Text("投早占比", "Early-stage share"),
    "strategic_share": Text("战略性新兴产业占比", "Strategic-industry share"),
    "leverage_a": Text("放大倍数 A（认缴总额）", "Leverage A (commitments)"),
    "leverage_b": Text("放大倍数 B（非政府）", "Leverage B (non-government)"),
    "leverage_c": Text("放大倍数 C（登记整轮）", "Leverage C (whole rounds)"),
    "direction_evidence": Text("投向评价证据齐备率", "Direction topics with evidence"),
    "idle_ratio": Text("资金闲置率", "Idle ratio"),
    "overdue_calls": Text("逾期未缴占比", "Overdue share of calls"),
    "nav_age": Text("净值报告距今天数", "Age of the NAV statement"),
    "filings": Text("按期报送率", "Reports handed in on time"),
    "rules_kept": Text("规则遵守率", "Rules kept"),
    "rules_judged": Text("规则可判断率（资料齐备）", "Rules with their inputs recorded"),
    "tvpi": Text("TVPI", "TVPI"),
    "dpi": Text("DPI", "DPI"),
    "irr": Text("IRR", "IRR"),
    "principal_recovery": Text("政府本金收回率", "Government principal recovered"),
}
MARKED: dict[str, Text] = {
    "policy_opinion": Text("主管部门政策效果评分", "Department's mark for policy effect"),
    "internal_control": Text("内部控制评分", "Mark for internal control"),
    "social_effect": Text("社会效益评分", "Mark for social effect"),
}
BONUS: dict[str, Text] = {"bonus": Text("评价加分", "Bonus of the evaluation")}
