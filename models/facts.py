"""Dated facts: the closed list of attributes a party, a deal or another subject can have, each with its type.

A fact is one row of the journal: subject, name, from which day, value as text, on what document. What is in
force on a day is the latest row that starts on or before it (of two on one day, the later entry). Adding an
attribute is adding a line here, or in the module of its instrument.
"""

from __future__ import annotations

from models import (
    facts_audit,
    facts_coinvest,
    facts_coverage,
    facts_industries,
    facts_instruments,
    facts_pools,
    facts_scenarios,
    kinds,
    rule_kinds,
)
from models.fact_specs import FACTS, SUBJECT_FACTS, FactSpec, FactType, FactValue, fact, subject_fact
from models.indicators import BONUS, COMPUTED, MARKED
from models.subjects import SubjectKind
from models.text import Text

_INSTRUMENTS = (
    facts_audit,
    facts_coinvest,
    facts_coverage,
    facts_industries,
    facts_instruments,
    facts_pools,
    facts_scenarios,
)  # each declares its attributes when it is imported

__all__ = ["FACTS", "SUBJECT_FACTS", "FactSpec", "FactType", "FactValue"]

_T = FactType

# -- every party
fact("name", _T.TEXT, Text("名称", "Name"))
fact("short_name", _T.TEXT, Text("简称", "Short name"))
fact("uscc", _T.TEXT, Text("统一社会信用代码", "Unified social credit code"))
fact("currency", _T.TEXT, Text("币种", "Currency"))
fact("province", _T.TEXT, Text("省份", "Province"))
fact("city", _T.WORD, Text("所在市（地）", "City"), kinds.City)
fact("registered_place", _T.TEXT, Text("注册地", "Registered place"))
fact("business_place", _T.TEXT, Text("经营地", "Place of business"))
fact("money_place", _T.TEXT, Text("资金使用地", "Place where the money works"))
fact("government_level", _T.WORD, Text("政府层级", "Government level"), kinds.GovernmentLevel)
fact("ownership", _T.WORD, Text("所有制", "Ownership"), kinds.Ownership)
fact("owner_government", _T.PARTY, Text("所属政府", "Owner government"))
fact("successor_of", _T.CODES, Text("承继自", "Successor of"))
fact("portfolio", _T.BOOL, Text("为投资组合", "Is a portfolio of its own"))
fact("cash_kept", _T.BOOL, Text("现金在本账核算", "Cash kept in this book"))

# -- funds
fact("fund_class", _T.WORD, Text("基金类别", "Fund class"), kinds.FundClass)
fact("fund_kind", _T.WORD, Text("基金类型", "Fund kind"), kinds.FundKind)
fact("strategy", _T.WORD, Text("策略", "Strategy"), kinds.Strategy)
fact("legal_form", _T.WORD, Text("组织形式", "Legal form"), kinds.LegalForm)
fact("vintage", _T.INT, Text("成立年份", "Vintage"))
fact("investment_mode", _T.WORD, Text("出资方式", "Investment mode"), kinds.InvestmentMode)
fact("support_mode", _T.WORD, Text("支持方式", "Support mode"), kinds.SupportMode)
fact("status", _T.WORD, Text("状态", "Status"), kinds.FundStatus)
fact("municipality", _T.WORD, Text("合作市（地）", "Municipality"), kinds.City)
fact("manager", _T.PARTY, Text("管理人", "Manager"))
fact("gp", _T.PARTY, Text("普通合伙人", "General partner"))
fact("custodian", _T.PARTY, Text("托管人", "Custodian"))
fact("target_size", _T.FEN, Text("目标规模", "Target size"))
fact("mandate_stages", _T.WORDS, Text("投资阶段", "Mandate stages"), kinds.Stage)
fact("mandate_fields", _T.CODES, Text("投资领域（国标行业代码）", "Mandate fields (GB/T 4754 codes)"))
fact("mandate_doc", _T.TEXT, Text("专项委托文件", "Mandate document"))
fact("selected_on", _T.DATE, Text("遴选日", "Manager selected on"))
fact("approved_on", _T.DATE, Text("批复日", "Approved on"))
fact("established_on", _T.DATE, Text("成立日", "Established on"))
fact("first_close_on", _T.DATE, Text("首次交割日", "First close"))
fact("final_close_on", _T.DATE, Text("最终交割日", "Final close"))
fact("investment_period_end", _T.DATE, Text("投资期届满日", "End of investment period"))
fact("term_end", _T.DATE, Text("存续期届满日", "End of term"))
fact("extension_years", _T.INT, Text("已延长年数", "Years of extension"))
fact("extensions", _T.INT, Text("已延长次数", "Number of extensions"))
fact(
    "extension_approval_level",
    _T.WORD,
    Text("延期批准层级", "Level that approved the extension"),
    kinds.GovernmentLevel,
)
fact("sponsor_level", _T.WORD, Text("发起政府层级", "Sponsor level"), kinds.GovernmentLevel)
fact("amac_id", _T.TEXT, Text("基金业协会备案编码", "AMAC filing id"))
fact("amac_filed_on", _T.DATE, Text("基金业协会备案日", "AMAC filed on"))
fact(
    "fee_basis_investment",
    _T.WORD,
    Text("管理费基数（投资期）", "Fee basis, investment period"),
    kinds.FeeBasis,
)
fact("fee_rate_investment", _T.SHARE, Text("管理费率（投资期）", "Fee rate, investment period"))
fact("fee_basis_exit", _T.WORD, Text("管理费基数（退出期）", "Fee basis, exit period"), kinds.FeeBasis)
fact("fee_rate_exit", _T.SHARE, Text("管理费率（退出期）", "Fee rate, exit period"))
fact("fee_rate_extension", _T.SHARE, Text("管理费率（延长期）", "Fee rate, extension"))
fact("fee_day_count", _T.WORD, Text("管理费计日方式", "Day count of the fee"), kinds.FeeDayCount)
fact("manager_free_of_fee", _T.BOOL, Text("管理人自有出资免管理费", "Manager's own commitment bears no fee"))
fact(
    "manager_free_of_carry",
    _T.BOOL,
    Text("管理人自有出资免业绩报酬", "Manager's own commitment bears no carry"),
)
fact("fee_held_share", _T.SHARE, Text("与考核挂钩的管理费比例", "Share of fee held for the grade"))
fact("hurdle_rate", _T.SHARE, Text("门槛收益率", "Hurdle rate"))
fact("hurdle_compound", _T.BOOL, Text("门槛收益复利", "Hurdle compounds"))
fact("carry_rate", _T.SHARE, Text("业绩报酬比例", "Carry rate"))
fact("catch_up_rate", _T.SHARE, Text("追补比例", "Catch-up rate"))
fact("concession_rate", _T.SHARE, Text("让利比例", "Upside concession rate"))
fact("calls_after_investment_period", _T.BOOL, Text("投资期满后可出资", "Calls after the investment period"))
fact("call_over_unfunded", _T.BOOL, Text("允许超未缴额度出资", "Calls above unfunded allowed"))
fact("reinvest_multiple", _T.SHARE, Text("返投倍数", "Reinvestment multiple"))
fact("reinvest_base", _T.WORD, Text("返投基数", "Reinvestment base"), kinds.FeeBasis)
fact("borrowing", _T.FEN, Text("借款余额", "Borrowing"))
# what a manager's report says of the whole fund, net, on the report's day; ours is computed and stands beside it
fact("reported_dpi", _T.NUMBER, Text("管理人报告的 DPI", "DPI as reported"))
fact("reported_tvpi", _T.NUMBER, Text("管理人报告的 TVPI", "TVPI as reported"))
fact("reported_irr", _T.SHARE, Text("管理人报告的净 IRR", "Net IRR as reported"))

# -- companies
fact("industry", _T.TEXT, Text("国标行业代码", "Industry (GB/T 4754)"))
fact("sei_group", _T.TEXT, Text("战略性新兴产业", "Strategic emerging industry"))
fact("founded_on", _T.DATE, Text("成立日期", "Founded on"))
fact("listed_on", _T.DATE, Text("上市日期", "Listed on"))
fact("quoted_on", _T.DATE, Text("挂牌日期", "Quoted on"))
fact("merged_on", _T.DATE, Text("并购日期", "Merger or acquisition on"))
fact("refinanced_on", _T.DATE, Text("后续融资日期", "Refinanced on"))
fact("bond_issued_on", _T.DATE, Text("发债日期", "Bond issued on"))
fact("stage", _T.WORD, Text("生命周期阶段", "Lifecycle stage"), kinds.Stage)
fact("staff", _T.INT, Text("职工人数", "Staff"))
fact("rd_staff", _T.INT, Text("研发人员", "R&D staff"))
fact("revenue", _T.FEN, Text("营业收入", "Revenue"))
fact("rd_expense", _T.FEN, Text("研发费用", "R&D expense"))
fact("net_profit", _T.FEN, Text("净利润", "Net profit"))
fact("total_assets", _T.FEN, Text("资产总额", "Total assets"))
fact("net_assets", _T.FEN, Text("净资产", "Net assets"))
fact("high_tech_until", _T.DATE, Text("高新技术企业证书有效期至", "High-tech certificate valid until"))
fact("st_sme", _T.BOOL, Text("科技型中小企业", "S&T-SME"))
fact("closed_on", _T.DATE, Text("注销日期", "Closed on"))

# -- what the rules ask for: vehicles (rulebook ids in fof/rules/facts.py)
fact("public_holidays", _T.CODES, Text("法定节假日（工作日放假的日期）", "Public holidays on weekdays"))
fact("makeup_workdays", _T.CODES, Text("调休上班日", "Weekend days that are worked"))
fact(
    "priority_fields",
    _T.CODES,
    Text("省级重点领域清单（国标行业代码）", "Provincial priority fields (GB/T 4754 codes)"),
)
fact("limited_liability", _T.BOOL, Text("为有限责任公司", "Is a limited liability company"))
fact("business_scope", _T.TEXT, Text("经营范围", "Business scope"))
fact("approval_level", _T.WORD, Text("设立批准层级", "Level that approved the set-up"), kinds.GovernmentLevel)
fact("approved_amount", _T.FEN, Text("批复出资额", "Approved amount"))
fact(
    "approved_by_centre",
    _T.BOOL,
    Text("经党中央、国务院批准", "Approved by the Party centre or State Council"),
)
fact(
    "st_guidance_fund",
    _T.BOOL,
    Text("为省科技创业投资政府引导基金", "Is the provincial S&T venture guidance fund"),
)
fact("vc_enterprise", _T.BOOL, Text("已备案创业投资企业（39号令）", "Filed VC enterprise (Order 39)"))
fact("single_asset", _T.BOOL, Text("单一标的基金", "Single-asset fund"))
fact("ndrc_registered_on", _T.DATE, Text("发改系统登记日", "NDRC registration on"))
fact("liquidity_plan", _T.TEXT, Text("流动性安排文件", "Liquidity plan document"))
fact("legal_opinion", _T.TEXT, Text("普通合伙人资格法律意见", "Legal opinion on the GP"))
fact("budget_years", _T.CODES, Text("已列预算的年度", "Years with a budget line"))
fact("fiscal_precheck", _T.BOOL, Text("财政承受能力审核通过", "Fiscal pre-check passed"))
fact("custody_waiver", _T.TEXT, Text("不托管约定", "Custody waiver"))
fact("safeguard_clause", _T.TEXT, Text("财产安全保障条款", "Safeguard clause"))
fact("side_letters", _T.WORDS, Text("补充协议承诺", "Promises in side letters"), rule_kinds.SideLetter)
fact("loss_free_partners", _T.CODES, Text("约定不承担亏损的合伙人", "Partners that bear no loss by contract"))
fact("loss_ranking_doc", _T.TEXT, Text("亏损承担顺序批准文件", "Approval of a loss ranking"))
fact("cash_products", _T.WORDS, Text("闲置资金存放", "Where idle cash lies"), rule_kinds.CashProduct)
fact("reinvest_to", _T.CODES, Text("返投义务对应出资人", "Investors owed the reinvestment"))
fact(
    "reinvest_milestones", _T.CODES, Text("返投阶段要求（日期:比例）", "Reinvestment milestones (date:share)")
)
fact("fee_advance", _T.FEN, Text("本金垫付管理费余额", "Fee advanced from principal, balance"))
fact("concession_paid", _T.FEN, Text("累计让利金额", "Upside conceded so far"))
fact("concession_approval", _T.TEXT, Text("让利批准文件", "Approval of the concession"))
fact("concession_conditions_met", _T.BOOL, Text("让利条件已满足", "Conditions of the concession met"))
fact(
    "distribution_use",
    _T.WORD,
    Text("政府收回资金用途", "Use of government proceeds"),
    rule_kinds.ProceedsUse,
)
fact("recycle_clause", _T.TEXT, Text("滚动投资条款", "Recycling clause"))
fact("government_receivable", _T.FEN, Text("应收政府资金余额", "Government money still to be received"))
fact("due_care", _T.BOOL, Text("尽职核查完成", "Due-care review complete"))
fact("tolerance_test_on", _T.DATE, Text("容亏考核日", "Day of the loss-tolerance test"))
fact("evaluation_grade", _T.WORD, Text("年度绩效等级", "Grade of the yearly evaluation"), rule_kinds.Grade)
fact("evaluation_policy", _T.SHARE, Text("政策得分", "Policy score"))
fact("evaluation_compliance", _T.SHARE, Text("合规得分", "Compliance score"))
fact("evaluation_results", _T.SHARE, Text("效益得分", "Results score"))
fact("evaluation_bonus", _T.SHARE, Text("加分", "Bonus points"))
fact(
    "direction_weights",
    _T.CODES,
    Text("投向评价权重（政策,布局,执行）", "Direction-evaluation weights (policy, layout, execution)"),
)
fact(
    "direction_evidence",
    _T.WORDS,
    Text("投向评价已备证据的指标", "Direction topics with evidence"),
    rule_kinds.DirectionTopic,
)
# a report: the value is the end of the period it is about, the fact's own day is the day it was handed in
fact("filed_quarterly_statement", _T.DATE, Text("季度报表", "Quarterly statement"))
fact("filed_annual_report", _T.DATE, Text("年度业务报告", "Annual business report"))
fact("filed_audit_report", _T.DATE, Text("年度审计报告", "Annual audit report"))
fact("filed_custodian_report", _T.DATE, Text("托管报告", "Custodian's report"))
fact("filed_annual_evaluation", _T.DATE, Text("年度绩效评价", "Annual evaluation"))
fact("filed_register_update", _T.DATE, Text("信用信息登记更新", "Register update"))
fact("signed_truth_commitment", _T.DATE, Text("真实性承诺书", "Truth commitment signed"))

# -- managers
fact("paid_in_capital", _T.FEN, Text("实缴资本", "Paid-in capital"))
fact("amac_manager_id", _T.TEXT, Text("管理人登记编码", "AMAC manager id"))
fact("manager_registered_on", _T.DATE, Text("管理人登记日", "Manager registered on"))
fact("first_fund_filed_on", _T.DATE, Text("首只基金备案日", "First fund filed on"))
fact("team_with_3_years", _T.INT, Text("三年以上投资经验人数", "People with 3 years of experience"))
fact("executives_with_2_years", _T.INT, Text("两年以上经验高管人数", "Executives with 2 years of experience"))
fact("managed_paid_in", _T.FEN, Text("在管基金实缴规模", "Paid-in size under management"))
fact("clean_record", _T.BOOL, Text("近三年无重大违法违规", "Clean record"))

# -- investors
fact("national_scheme", _T.WORD, Text("国家级资金类别", "National scheme"), rule_kinds.NationalScheme)
fact("deemed_qualified", _T.WORD, Text("视为合格投资者", "Deemed qualified"), rule_kinds.DeemedQualified)
fact("employer", _T.PARTY, Text("任职单位", "Employer"))
fact("financial_assets", _T.FEN, Text("金融资产", "Financial assets"))
fact("average_income", _T.FEN, Text("近三年年均收入", "Average income of 3 years"))
fact("wealth_evidence_on", _T.DATE, Text("资产收入证明日期", "Date of the proof of wealth"))
fact("asset_proof", _T.CODES, Text("资产证明明细（类别:分）", "Assets in the proof (kind:fen)"))
fact("conduit_members", _T.CODES, Text("穿透后的最终投资者", "Members behind a conduit"))

# -- companies
fact("resident", _T.BOOL, Text("中国居民企业", "Resident company"))
fact("audited_accounts", _T.BOOL, Text("查账征收", "Taxed on audited accounts"))
fact("costs", _T.FEN, Text("成本费用总额", "Total costs and expenses"))
fact("degree_staff", _T.INT, Text("本科以上职工人数", "Staff with a bachelor's degree"))
fact("technical_graduates", _T.INT, Text("大专以上科技人员", "College graduates in technical posts"))
fact("ip_class_one", _T.INT, Text("Ⅰ类知识产权件数", "Class I intellectual property"))
fact("ip_class_two", _T.INT, Text("Ⅱ类知识产权件数", "Class II intellectual property"))
fact("banned_field", _T.BOOL, Text("属禁止、限制和淘汰类", "In a banned field"))
fact(
    "serious_incident",
    _T.BOOL,
    Text("上年及当年有重大安全质量环保失信事件", "Serious incident this year or last"),
)
fact("st_award", _T.BOOL, Text("近五年国家科技奖励前三名", "National S&T award"))
fact("rd_body", _T.BOOL, Text("有省部级以上研发机构", "Provincial or higher R&D body"))
fact("standard_lead", _T.BOOL, Text("近五年主导制定国家或行业标准", "Lead role in a standard"))
fact("pre_ipo", _T.BOOL, Text("已报送上市申请", "Listing application filed"))
fact("group_head", _T.PARTY, Text("所属集团（关联企业之首）", "Head of its group"))
fact("publicly_funded_result", _T.BOOL, Text("基于财政资金形成的成果", "Built on publicly funded results"))
fact("conversion_due", _T.DATE, Text("成果转化约定期限", "Conversion due on"))
fact("converted_on", _T.DATE, Text("成果转化日", "Converted on"))
fact("tax_paid", _T.FEN, Text("纳税额", "Tax paid"))

# -- deals
fact("round_total", _T.FEN, Text("本轮融资总额", "Whole round"), of="deal")
fact("listed_at_entry", _T.BOOL, Text("投资时已上市", "Listed at entry"), of="deal")
fact("financing_guarantee", _T.BOOL, Text("为融资担保", "Is a financing guarantee"), of="deal")
fact("bond_rating", _T.TEXT, Text("债券评级", "Bond rating"), of="deal")
fact("approved_charity", _T.BOOL, Text("经批准的公益性捐赠", "Approved charity"), of="deal")
fact("own_premises", _T.BOOL, Text("自用房产", "Own premises"), of="deal")
fact("bridge_loan", _T.BOOL, Text("过桥借款", "Bridge loan"), of="deal")
fact("related_party", _T.BOOL, Text("关联交易", "Related-party deal"), of="deal")
fact("decision_ref", _T.TEXT, Text("关联交易决策文件", "Decision on the related-party deal"), of="deal")
fact("disclosed_on", _T.DATE, Text("关联交易披露日", "Disclosed on"), of="deal")
fact("deal_support_mode", _T.WORD, Text("支持方式", "Support mode"), kinds.SupportMode, of="deal")
fact("lead_ticket", _T.FEN, Text("领投创投机构投资额", "Ticket of the leading VC"), of="deal")
fact("priority_company", _T.BOOL, Text("重点支持的高新技术企业", "Priority high-tech company"), of="deal")
fact("project_investment", _T.FEN, Text("项目总投资", "Total project investment"), of="deal")
fact("project_fixed_assets", _T.FEN, Text("项目固定资产投资", "Fixed assets of the project"), of="deal")
fact("project_owner_equity", _T.FEN, Text("项目自有资金", "Owner's equity in the project"), of="deal")
fact("planned_years", _T.INT, Text("计划持有年限", "Planned years of holding"), of="deal")
fact("price_basis", _T.WORD, Text("定价依据", "Price basis"), rule_kinds.PriceBasis, of="deal")
fact("appraisal_ref", _T.TEXT, Text("评估报告编号", "Appraisal report"), of="deal")
fact("appraisal_on", _T.DATE, Text("评估基准日", "Appraisal date"), of="deal")
fact("reinvest_lp", _T.PARTY, Text("返投认定出资人", "Reinvestment recognised for"), of="deal")
fact(
    "reinvest_kind", _T.WORD, Text("返投认定类型", "Kind of reinvestment"), rule_kinds.ReinvestKind, of="deal"
)
fact("reinvest_factor", _T.SHARE, Text("返投认定系数", "Reinvestment factor"), of="deal")
fact("reinvest_amount", _T.FEN, Text("返投认定金额", "Reinvestment amount"), of="deal")
fact("reinvest_evidence", _T.TEXT, Text("返投证明材料", "Reinvestment evidence"), of="deal")
fact("due_diligence_doc", _T.TEXT, Text("尽职材料", "Evidence of diligence"), of="deal")

# -- subjects of any kind: what has an end, or is of no party and no deal

subject_fact(
    "title", _T.TEXT, Text("名称", "Title"), set(SubjectKind) - {SubjectKind.OFFICE, SubjectKind.PARTY}
)

# users of the book: who a login is, and each role from when to when
subject_fact("login", _T.TEXT, Text("系统登录名", "Login at the operating system"), {SubjectKind.USER})
subject_fact(
    "seen_institutions",
    _T.CODES,
    Text("可查看的机构（* 为全部）", "Institutions they may see (* for all)"),
    {SubjectKind.USER},
)
for _role in kinds.Role:
    _text = Text(f"角色：{_role.zh}", f"Role: {_role.en.lower()}")
    subject_fact(f"role.{_role.value}", _T.BOOL, _text, {SubjectKind.USER})

# people: of what is kept outside the book (fof.personal) the journal holds a commitment, who opened it, and that it was erased
COMMITMENT_OF = "personal."
"""What the name of an attribute that holds a commitment begins with; behind it stands the field."""
UNMASKED, ERASED = "personal_unmasked", "personal_erased"
for _field in kinds.PersonalField:
    _text = Text(f"个人信息承诺值：{_field.zh}", f"Commitment to personal data: {_field.en.lower()}")
    subject_fact(f"{COMMITMENT_OF}{_field.value}", _T.TEXT, _text, {SubjectKind.PARTY})
subject_fact(
    UNMASKED,
    _T.WORD,
    Text("查看的个人信息", "Personal data opened"),
    {SubjectKind.PARTY},
    kinds.PersonalField,
)
subject_fact(ERASED, _T.BOOL, Text("个人信息已清除", "Personal data erased"), {SubjectKind.PARTY})
EVIDENCE_FILE = "evidence_file."
"""What the name of an attribute about a file in the encrypted store begins with; its value is the file's digest."""
FILE_STORED, FILE_OPENED, FILE_ERASED = (f"{EVIDENCE_FILE}{what}" for what in ("stored", "opened", "erased"))
for _name, _text in (
    (FILE_STORED, Text("证据文件已存入加密库", "File put into the encrypted store")),
    (FILE_OPENED, Text("证据文件已打开", "File of the encrypted store opened")),
    (FILE_ERASED, Text("证据文件已清除", "File of the encrypted store erased")),
):
    subject_fact(_name, _T.TEXT, _text, {SubjectKind.EVIDENCE})

# evaluation of funds: what was filled in for a fund, and from where to where an indicator scores
for _name, _text in {**MARKED, **BONUS}.items():
    subject_fact(f"evaluation.{_name}", _T.NUMBER, _text, {SubjectKind.PARTY})
for _name, _text in COMPUTED.items():
    subject_fact(
        f"evaluation.{_name}.scale",
        _T.RANGE,
        Text(f"{_text.zh}：零分值；满分值", f"{_text.en}: no points at; full points at"),
        {SubjectKind.PARTY, SubjectKind.OFFICE},
    )

# the office itself: what a report was made from, under the report's name (the basis)
REPORT = "report.known_at"
subject_fact(
    REPORT, _T.INT, Text("报告所依据的最后分录", "Last entry a report is made from"), {SubjectKind.OFFICE}
)
