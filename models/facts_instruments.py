"""Attributes of the small instruments: of applications for vouchers and post-subsidies, publicly funded results, deductions,
services and who works in an incubator; and of incubators, subsidy terms and companies' statistics beside them."""

from __future__ import annotations

from models import instruments as words
from models.fact_specs import FactType as T
from models.fact_specs import attributes_of, fact
from models.rule_kinds import SeiGroup
from models.subjects import SubjectKind as S
from models.text import Text

# -- what vouchers and post-subsidies have in common
attributes_of(
    {S.VOUCHER, S.SUBSIDY},
    ("grant_step", T.WORD, "进展", "Step", words.GrantStep),
    ("eligible_cost", T.FEN, "实际发生费用", "Actual cost"),
    ("cost_invoiced", T.FEN, "已开票金额", "Invoiced"),
    ("cost_paid", T.FEN, "已付款金额", "Paid by the applicant"),
    ("cost_evidence", T.TEXT, "费用凭证", "Evidence of the cost"),
    ("other_grants", T.FEN, "同一费用的其他补助", "Other grants on the same cost"),
    ("grant_decision", T.WORD, "审定结论", "Decision", words.GrantDecision),
    ("granted_amount", T.FEN, "审定金额", "Amount granted"),
    ("refusal_reasons", T.WORDS, "不予支持或核减理由", "Why refused or reduced", words.RefusalReason),
)
attributes_of(
    {S.VOUCHER},
    ("service_content", T.TEXT, "服务内容", "Service bought"),
    ("service_contract_on", T.DATE, "服务合同签订日", "Service contract signed on"),
    ("service_accepted_on", T.DATE, "服务验收日", "Service accepted on"),
    ("voucher_valid_until", T.DATE, "创新券有效期至", "Voucher valid until"),
    ("provider_independent", T.BOOL, "声明与服务机构无关联", "Declared independent of the provider"),
)
attributes_of(
    {S.SUBSIDY},
    ("subsidy_kind", T.WORD, "补助类型", "Kind of subsidy", words.SubsidyKind),
    ("service_score", T.NUMBER, "绩效评价得分", "Score of the service"),
    ("score_evidence", T.TEXT, "评价依据", "Evidence of the score"),
    ("own_funds", T.FEN, "申请人自筹资金", "Own funds of the applicant"),
    ("reward_invested", T.FEN, "奖励所依据的实缴投资额", "Investment paid, on which the reward rests"),
    ("reward_invested_on", T.DATE, "该投资付款日", "That investment paid on"),
)
attributes_of(
    {S.RESULT},
    ("result_field", T.WORD, "成果所属产业", "Field of the result", SeiGroup),
    ("fiscal_money", T.FEN, "财政资金支持额", "Public money spent on it"),
    ("result_team", T.TEXT, "研发团队或完成人", "Team behind it"),
    ("result_due", T.DATE, "约定转化期限", "Conversion agreed by"),
    ("result_converted_on", T.DATE, "实际转化日", "Result converted on"),
    ("result_exception", T.WORD, "例外情形", "Exception", words.ResultException),
    ("priority_offered_on", T.DATE, "征询团队优先处置日", "Priority offered to the team on"),
    ("priority_answer", T.WORD, "团队答复", "Answer of the team", words.PriorityAnswer),
    ("licensed_on", T.DATE, "许可他人实施日", "Licensed to others on"),
    ("licence_fee", T.FEN, "许可费", "Licence fee"),
)
attributes_of(
    {S.DEDUCTION},
    ("deduction_form", T.WORD, "抵扣主体类型", "Deducts as", words.DeductionForm),
    ("deduction_invested", T.FEN, "投资额", "Investment"),
    ("deduction_invested_on", T.DATE, "投资日", "Invested on"),
    ("paid_in_money", T.BOOL, "以现金支付", "Paid in money"),
    ("new_shares", T.BOOL, "取得新增股权", "New shares"),
    ("side_conditions_met", T.BOOL, "附带条件已核实", "Side conditions checked"),
    ("deduction_sold_on", T.DATE, "股权转让日", "Shares sold on"),
    ("deduction_liquidated_on", T.DATE, "被投企业清算日", "Company liquidated on"),
    ("taxable_income", T.FEN, "当年应纳税所得额", "Taxable income of the year"),
    ("deducted", T.FEN, "当年抵扣额", "Deducted in the year"),
)
attributes_of(
    {S.SERVICE},
    ("service_kind", T.WORD, "服务类型", "Kind of service", words.ServiceKind),
    ("service_result", T.TEXT, "服务成效", "What came of it"),
)
attributes_of({S.RESIDENCY}, ("moved_out_on", T.DATE, "迁出日", "Moved out on"))

# -- incubators, terms of post-subsidies (stated of the government that pays them), companies by year
fact("incubator_kind", T.WORD, Text("孵化载体类型", "Kind of incubator"), words.IncubatorKind)
fact("incubator_level", T.WORD, Text("认定级别", "Level of recognition"), words.IncubatorLevel)
fact("incubator_until", T.DATE, Text("认定有效期至", "Recognised until"))
fact("incubated_firms", T.INT, Text("在孵企业数", "Firms incubated"))
fact("incubation_cap", T.FEN, Text("孵化载体后补助上限", "Cap of an incubator's subsidy"))
fact("incubation_own_share", T.SHARE, Text("孵化载体自筹比例下限", "Least own share of an incubator"))
fact("research_cap", T.FEN, Text("研发后补助上限", "Cap of a research subsidy"))
fact("research_own_share", T.SHARE, Text("研发自筹比例下限", "Least own share in research"))
fact("new_economy_class", T.TEXT, Text("三新统计分类代码", "Class of the new economy"))
fact("patents_granted", T.INT, Text("当年授权专利", "Patents granted in the year"))
