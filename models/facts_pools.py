"""Attributes of risk-compensation pools: of agreements, limits, contributors' parts, loans and what happened to them, claims
and payments, and of the guarantors, borrowers and pools beside them. Rulebook RC-01 … RC-37, PI-10."""

from __future__ import annotations

from models import pools as words
from models.fact_specs import FactType as T
from models.fact_specs import attributes_of, fact
from models.kinds import Stage
from models.subjects import SubjectKind as S
from models.text import Text

attributes_of(
    {S.AGREEMENT},
    ("programme", T.WORD, "所属方案", "Programme", words.Programme),
    ("scheme", T.TEXT, "方案名称", "Scheme"),
    ("agreement_until", T.DATE, "协议有效期至", "Agreement valid until"),
    ("share_pool", T.SHARE, "资金池分担比例", "Share of the pool"),
    ("share_lender", T.SHARE, "贷款人分担比例", "Share of the lender"),
    ("share_guarantor", T.SHARE, "担保人分担比例", "Share of the guarantor"),
    ("share_insurer", T.SHARE, "保险人分担比例", "Share of the insurer"),
    ("share_reguarantor", T.SHARE, "再担保人分担比例", "Share of the reguarantor"),
    ("share_national_fund", T.SHARE, "国家融资担保基金分担比例", "Share of the national fund"),
    ("share_local_government", T.SHARE, "地方财政分担比例", "Share of the local government"),
    ("share_investor_arm", T.SHARE, "投资子公司分担比例", "Share of the investment arm"),
    ("covers_principal", T.BOOL, "补偿本金", "Principal is covered"),
    ("covers_interest", T.BOOL, "补偿利息", "Interest is covered"),
    ("coverage", T.SHARE, "补偿范围占损失比例", "Part of the loss that is covered"),
    ("deducted_first", T.WORDS, "先行扣除项", "Deducted first", words.Deducted),
    ("leverage_max", T.NUMBER, "放大倍数上限", "Highest leverage multiple"),
    ("borrower_cap", T.FEN, "单户限额", "Limit of one borrower"),
    ("bank_cap", T.FEN, "单家银行限额", "Limit of one bank"),
    ("loan_min", T.FEN, "单笔下限", "Smallest loan"),
    ("loan_max", T.FEN, "单笔上限", "Largest loan"),
    ("term_months_max", T.INT, "期限上限（月）", "Longest term (months)"),
    ("term_months_min", T.INT, "期限下限（月）", "Shortest term (months)"),
    ("loan_rate_base", T.WORD, "利率上限基准", "Base of the cap on the loan rate", words.RateBase),
    ("loan_rate_margin", T.SHARE, "利率上限加点", "Margin over the base"),
    ("loan_rate_multiple", T.NUMBER, "利率上限倍数", "Multiple of the base"),
    ("fee_cap", T.SHARE, "担保费率上限", "Cap on the guarantee fee"),
    ("average_fee_rate", T.SHARE, "平均担保费率", "Average guarantee fee"),
    ("reguarantee_fee_rate", T.SHARE, "再担保费率", "Reguarantee fee"),
    ("premium_rate", T.SHARE, "保险费率", "Premium rate"),
    ("premium_refund", T.SHARE, "结清返还保费比例", "Part of the premium refunded on repayment"),
    ("stop_loss", T.NUMBER, "止损倍数（保费）", "Stop loss in premiums"),
    ("claim_wait_days", T.INT, "逾期可申请天数", "Days overdue before a claim"),
    ("review_days", T.INT, "初审工作日数", "Working days of the first review"),
    ("decision_days", T.INT, "审定工作日数", "Working days of the decision"),
    ("remit_days", T.INT, "追偿款上缴天数", "Days to hand recoveries on"),
    ("topup_floor", T.SHARE, "补足线占初始规模比例", "Floor of the pool, of its first size"),
    ("topup_days", T.INT, "补足期限天数", "Days to refill the pool"),
    (
        "contribution_basis",
        T.WORD,
        "收支在出资方间的分摊",
        "Division among contributors",
        words.ContributionBasis,
    ),
    ("empty_part", T.WORD, "某出资方份额用尽时", "Where a contributor's part is empty", words.EmptyPart),
    ("cut_part", T.WORD, "限额截去部分", "What limits cut", words.CutPart),
    ("recovery_order", T.WORD, "追偿分配顺序", "Order of recoveries", words.RecoveryOrder),
    ("public_money_cap", T.SHARE, "财政补偿占实际承担损失上限", "Cap on public money, of the loss borne"),
    ("compensation_rate", T.SHARE, "补偿比例", "Rate of compensation"),
    ("startup_compensation_rate", T.SHARE, "初创期补偿比例", "Rate of compensation, start-up stage"),
    ("project_cap", T.FEN, "单个项目补偿上限", "Cap on one project"),
    ("yearly_cap", T.FEN, "单家机构年度补偿上限", "Cap on one institution a year"),
    (
        "portfolio_loss_max",
        T.SHARE,
        "整体亏损容忍占投资额比例",
        "Loss tolerated over all projects, of what was invested",
    ),
    (
        "equity_money_source",
        T.WORD,
        "投资子公司资金来源",
        "Money of the investment arm",
        words.MoneySourceOfArm,
    ),
    ("loan_on_balance_sheet", T.BOOL, "贷款为表内资产", "Loans are on the balance sheet"),
)
attributes_of(
    {S.POOL_LIMIT},
    ("limit_kind", T.WORD, "限额类型", "Kind of limit", words.LimitKind),
    ("limit_period", T.WORD, "计算期间", "Period", words.LimitPeriod),
    ("limit_denominator", T.WORD, "分母", "Denominator", words.Denominator),
    ("limit_grossness", T.WORD, "分子口径", "Numerator", words.Grossness),
    ("limit_rate", T.SHARE, "比率上限", "Highest rate"),
    ("limit_amount", T.FEN, "金额上限", "Highest amount"),
    ("warning_share", T.SHARE, "预警占上限比例", "Warning, of the limit"),
    ("resumed_on", T.DATE, "恢复日", "Resumed on"),
)
attributes_of(
    {S.POOL_SHARE},
    ("agreed_amount", T.FEN, "约定出资额", "Agreed amount"),
    ("agreed_share", T.SHARE, "约定比例", "Agreed share"),
    ("layer", T.INT, "层级", "Layer"),
)
attributes_of(
    {S.LOAN},
    ("loan_kind", T.WORD, "业务品种", "Kind of credit", words.LoanKind),
    ("contract_number", T.TEXT, "合同编号", "Contract"),
    ("contract_amount", T.FEN, "合同金额", "Amount of the contract"),
    ("enrolled_on", T.DATE, "入池日", "Enrolled on"),
    ("enrolment_confirmation_id", T.TEXT, "入池确认编号", "Confirmation of enrolment"),
    ("loan_due", T.DATE, "到期日", "Due on"),
    ("loan_rate", T.SHARE, "贷款利率", "Loan rate"),
    ("guarantee_fee_rate", T.SHARE, "担保费率", "Guarantee fee"),
    ("loan_premium", T.FEN, "保险费", "Premium of the loan"),
    ("other_fees", T.FEN, "其他收费", "Other charges"),
    ("collateral", T.WORD, "担保方式", "Collateral", words.Collateral),
    ("collateral_value", T.FEN, "押品价值", "Value of the collateral"),
    ("ip_registration", T.TEXT, "质押登记编号", "Registration of the pledge"),
    ("counter_guarantee_pledged", T.BOOL, "反担保要求抵质押", "Counter-guarantee asks for collateral"),
    ("list_managed", T.BOOL, "属名单内企业", "Borrower is on the list"),
    ("working_capital", T.BOOL, "用于流动资金", "For working capital"),
    ("first_loan", T.BOOL, "为首贷", "First loan of the firm"),
    ("borrower_size", T.WORD, "企业规模", "Size of the borrower", words.SizeClass),
    ("borrower_stage", T.WORD, "借款人生命周期阶段", "Stage of the borrower", Stage),
    ("borrower_revenue", T.FEN, "借款人上年营业收入", "Revenue of the borrower's last year"),
    ("knowledge_score", T.NUMBER, "知识价值评分", "Knowledge-value score"),
    ("loan_channel", T.WORD, "发放渠道", "Channel", words.Channel),
    ("conversion_listed", T.BOOL, "转化成果已入库", "Result is on the list"),
    ("warrant_terms", T.TEXT, "认股权条款", "Warrant"),
    ("guaranteed_on", T.DATE, "担保生效日", "Guaranteed from"),
    ("related_reported_on", T.DATE, "关联担保报告日", "Related guarantee reported on"),
    ("no_better_terms", T.BOOL, "条件不优于非关联方", "On no better terms than others"),
    ("issuer_rating", T.TEXT, "发行人评级", "Rating of the issuer"),
    # what the lender's monthly file says, dated its day
    ("stated_balance", T.FEN, "银行报送余额", "Balance by the lender's file"),
    ("stated_overdue_days", T.INT, "银行报送逾期天数", "Days overdue by the lender's file"),
)
attributes_of(
    {S.LOAN_EVENT},
    ("loan_step", T.WORD, "贷款事项", "What happened", words.LoanStep),
    ("step_amount", T.FEN, "所涉金额", "Amount concerned"),
    ("step_due", T.DATE, "约定日或新到期日", "Day agreed, or new due day"),
    ("loan_class", T.WORD, "五级分类", "Class of the loan", words.LoanClass),
)
attributes_of(
    {S.CLAIM},
    ("claim_step", T.WORD, "申请进展", "Step of the claim", words.ClaimStep),
    ("claim_principal", T.FEN, "申请本金", "Principal claimed"),
    ("claim_interest", T.FEN, "申请利息", "Interest claimed"),
    ("claim_deducted", T.FEN, "先行扣除金额", "Deducted first, amount"),
    ("overdue_since", T.DATE, "逾期起始日", "Overdue since"),
    ("claim_decision", T.WORD, "审定结论", "Decision", words.ClaimDecision),
    ("decided_amount", T.FEN, "审定补偿金额", "Amount decided"),
    ("refusal_reason", T.TEXT, "不予补偿或部分补偿的理由", "Why refused or reduced"),
    ("other_compensation", T.FEN, "其他补偿金额", "Other compensation"),
    ("loss_invested", T.FEN, "累计投资额", "Invested in all"),
    ("loss_recovered", T.FEN, "退出收回额", "Recovered at exit"),
    ("stage_invested", T.WORD, "投资时阶段", "Stage when invested", Stage),
)
attributes_of(
    {S.POOL_PAYMENT},
    ("pool_leg", T.WORD, "收付事由", "What for", words.PoolLeg),
    ("recovery_part", T.WORD, "追偿款性质", "Part of the recovery", words.RecoveryPart),
    ("recovery_received_on", T.DATE, "追偿款到账日", "Recovered on"),
)

# -- pools, guarantors and borrowers; series of rates are stated of the provincial government, as its lists are
fact("account_balance", T.FEN, Text("专户银行对账单余额", "Balance by the bank statement"))
fact("lpr_1y", T.SHARE, Text("一年期贷款市场报价利率", "One-year LPR"))
fact("lpr_5y", T.SHARE, Text("五年期以上贷款市场报价利率", "LPR over five years"))
fact("benchmark_rate", T.SHARE, Text("贷款基准利率", "Benchmark loan rate"))
fact("guarantor_level", T.WORD, Text("担保机构级别", "Level of the guarantor"), words.GuarantorLevel)
fact("government_guarantor", T.BOOL, Text("政府性融资担保机构", "Government guarantor"))
fact("guarantor_rating", T.TEXT, Text("担保机构评级", "Rating of the guarantor"))
fact("on_provincial_list", T.BOOL, Text("在省级担保机构名单内", "On the provincial list"))
fact("on_abnormal_list", T.BOOL, Text("列入异常或失信名单", "On a list of the abnormal or dishonest"))
fact("registered_capital", T.FEN, Text("注册资本", "Registered capital"))
fact("cash_capital", T.FEN, Text("货币出资额", "Capital paid in money"))
fact("controlling_holder", T.PARTY, Text("控股股东", "Controlling holder"))
fact("actual_controller", T.PARTY, Text("实际控制人", "Actual controller"))
fact("related_parties", T.CODES, Text("关联方", "Related parties"))
fact("fee_income", T.FEN, Text("当年担保费收入", "Guarantee-fee income of the year"))
fact("unearned_fee_reserve", T.FEN, Text("未到期责任准备金", "Unearned-fee reserve"))
fact("loss_reserve", T.FEN, Text("担保赔偿准备金", "Loss reserve"))
fact("loss_provision", T.FEN, Text("当年提取担保赔偿准备金", "Loss reserve set aside in the year"))
fact("mainly_small_or_farm", T.BOOL, Text("主要为小微企业和三农服务", "Mainly serves small firms and farms"))
fact("small_size", T.WORD, Text("中小企业划型", "Size class"), words.SizeClass)
fact("farm_borrower", T.BOOL, Text("为三农主体", "Is a farm borrower"))
fact("little_giant_until", T.DATE, Text("专精特新小巨人有效期至", "Little giant until"))
fact("specialised_until", T.DATE, Text("专精特新中小企业有效期至", "Specialised-new SME until"))
fact("state_project_until", T.DATE, Text("承担国家科技项目至", "In a national S&T project until"))
fact("innovation_scored_until", T.DATE, Text("创新积分制企业有效期至", "Innovation-score firm until"))
fact("innovative_sme_until", T.DATE, Text("创新型中小企业有效期至", "Innovative SME until"))
fact("st_sme_until", T.DATE, Text("科技型中小企业入库有效期至", "Registered S&T-SME until"))
