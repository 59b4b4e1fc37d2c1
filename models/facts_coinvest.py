"""Attributes of staff co-investment: of plans, employments, rosters, declarations, meetings, stakes and payments, and of the
deals, companies, vehicles and institutions beside them. Rulebook CI-01 … CI-32, QI-03."""

from __future__ import annotations

from models import coinvest as words
from models.fact_specs import FactType as T
from models.fact_specs import attributes_of, fact
from models.subjects import SubjectKind as S
from models.text import Text

attributes_of(
    {S.PLAN},
    ("plan_version", T.TEXT, "方案版本", "Plan version"),
    ("plan_mode", T.WORD, "跟投方式", "Mode", words.PlanMode),
    ("eligible_roles", T.WORDS, "可跟投人员类别", "Eligible groups", words.RoleClass),
    ("basis_doc", T.TEXT, "政策依据", "Legal basis"),
    ("board_approved_on", T.DATE, "董事会批准日", "Approved by the board on"),
    ("party_committee_approved_on", T.DATE, "党委会批准日", "Approved by the party committee on"),
    ("plan_filed_on", T.DATE, "国资委备案日", "Filed with SASAC on"),
    ("pilot_exemption_ref", T.TEXT, "试点豁免文件", "Pilot exemption"),
    ("pilot_exemption_until", T.DATE, "试点豁免有效期至", "Pilot exemption valid until"),
    ("leaders_consent_ref", T.TEXT, "国资委同意领导人员跟投的文件", "SASAC consent for appointed leaders"),
    ("total_cap", T.SHARE, "跟投总额上限", "Ceiling on all staff money"),
    ("total_cap_base", T.WORD, "总额上限基数", "Base of that ceiling", words.CapBase),
    ("total_floor", T.SHARE, "跟投总额下限", "Floor on all staff money"),
    ("equity_cap", T.SHARE, "跟投持股上限", "Ceiling on all staff shares"),
    ("person_cap", T.SHARE, "个人持股上限", "Ceiling on one person's shares"),
    ("pay_multiple_cap", T.NUMBER, "个人出资相当于年薪倍数上限", "Ceiling in years of pay"),
    ("deal_team_floor", T.SHARE, "项目组跟投下限", "Floor of the deal team"),
    ("yearly_quota", T.INT, "每年跟投项目数", "Projects to join a year"),
    ("payment_lag", T.INT, "缴款期限", "Time allowed for payment"),
    ("payment_lag_unit", T.WORD, "缴款期限单位", "Unit of the time allowed", words.LagUnit),
    ("late_effect", T.WORD, "逾期缴款的后果", "What lateness does", words.LateEffect),
    ("follow_on_allowed", T.BOOL, "允许后续轮次按比例跟投", "Pro-rata follow-on allowed"),
    ("committee_vote_allowed", T.BOOL, "允许披露后参与表决", "Votes allowed after disclosure"),
    ("publicity_days_min", T.INT, "公示工作日数下限", "Least working days of publication"),
    ("lock_months", T.INT, "锁定月数", "Months of lock-up"),
    ("leaver_months", T.INT, "离职后处置月数", "Months for a leaver's disposal"),
    ("promotion_months", T.INT, "职级变动后处置月数", "Months for disposal after promotion"),
    ("leaver_price", T.WORD, "离职处置价格", "Price of a leaver's disposal", words.LeaverPrice),
    ("exit_tolerance", T.SHARE, "同步退出容差", "Tolerance of exits together"),
    ("exit_tolerance_days", T.INT, "同步退出容许天数", "Days of tolerance of exits"),
)
attributes_of(
    {S.EMPLOYMENT},
    ("employed_from", T.DATE, "入职日", "Employed from"),
    ("employed_until", T.DATE, "离职日", "Employed until"),
    ("leaver_kind", T.WORD, "离职类型", "Why it ended", words.LeaverKind),
    ("staff_contract", T.WORD, "合同类型", "Contract", words.StaffContract),
    ("contract_from", T.DATE, "合同起始日", "Contract from"),
    ("contract_until", T.DATE, "合同终止日", "Contract until"),
    ("insured_from", T.DATE, "社保缴纳起始日", "Social insurance from"),
    ("insured_until", T.DATE, "社保缴纳终止日", "Social insurance until"),
    ("role_class", T.WORD, "人员类别", "Group", words.RoleClass),
    ("post", T.TEXT, "岗位", "Post"),
    ("annual_pay", T.FEN, "年薪", "Annual pay"),
    ("appointed_by", T.WORD, "任命机关", "Appointed by", words.AppointedBy),
    ("technical_staff", T.BOOL, "为科技人员例外", "Technical-staff exception"),
    ("technical_approval_ref", T.TEXT, "科技人员持股批准文件", "Approval of technical staff holding"),
)
attributes_of(
    {S.ELIGIBILITY},
    ("team_role", T.WORD, "在本项目中的角色", "Place on the roster", words.TeamRole),
    ("choice", T.WORD, "选择", "Choice", words.RosterChoice),
    ("chosen_on", T.DATE, "选择日", "Chosen on"),
    ("participation_waiver_ref", T.TEXT, "免予跟投的批准文件", "Waiver of participation"),
)
attributes_of(
    {S.DECLARATION},
    ("declared_on", T.DATE, "申报日", "Declared on"),
    ("conflict_declared", T.BOOL, "申报存在利益冲突", "A conflict is declared"),
    ("reviewed_on", T.DATE, "审查日", "Reviewed on"),
    ("review_outcome", T.WORD, "审查结论", "Outcome of the review", words.ReviewOutcome),
)
attributes_of(
    {S.MEETING},
    ("met_on", T.DATE, "会议日", "Met on"),
    ("minutes_ref", T.TEXT, "会议纪要编号", "Minutes"),
)
attributes_of(
    {S.BALLOT},
    ("attended", T.BOOL, "出席", "Attended"),
    ("interest_disclosed", T.BOOL, "已披露利益", "Interest disclosed"),
    ("recused", T.BOOL, "回避", "Recused"),
    ("voted", T.BOOL, "参与表决", "Voted"),
)
attributes_of(
    {S.NOMINEE},
    ("nominee_from", T.DATE, "代持起始日", "Held for another from"),
    ("nominee_until", T.DATE, "代持清理日", "Cleaned up on"),
)
attributes_of({S.KINSHIP}, ("kinship", T.WORD, "亲属关系类型", "Kinship", words.KinshipKind))
attributes_of(
    {S.BUSINESS_TIE},
    ("tie", T.WORD, "往来类型", "Tie", words.TieKind),
    ("tie_from", T.DATE, "往来起始日", "Tie from"),
    ("tie_until", T.DATE, "往来终止日", "Tie until"),
    ("related_revenue", T.FEN, "年度关联收入", "Related revenue of the year"),
    ("related_profit", T.FEN, "年度关联利润", "Related profit of the year"),
)
attributes_of(
    {S.INCIDENT},
    ("leaked_on", T.DATE, "泄密发生日", "Leaked on"),
    ("incident_cleared_on", T.DATE, "泄密处理完毕日", "Cleared on"),
    ("incident_damages", T.FEN, "赔偿金额", "Damages"),
)
attributes_of(
    {S.STAFF_STAKE},
    ("stake_share_class", T.TEXT, "跟投份额类别", "Class of the staff shares"),
    ("stake_side_terms", T.WORDS, "跟投附加条款", "Side terms of the staff shares", words.SideTerm),
    ("no_side_terms", T.BOOL, "确认无附加条款", "No side terms, confirmed"),
    ("no_nominee", T.BOOL, "确认无代持", "No nominee, confirmed"),
    ("stake_tax_deduction", T.BOOL, "享受天使投资抵扣", "Angel tax deduction claimed"),
)
attributes_of(
    {S.COINVEST_PAYMENT},
    ("payment_leg", T.WORD, "收付方向", "Way of the payment", words.PaymentLeg),
    ("payment_shares", T.NUMBER, "股份数", "Shares"),
    ("payment_fees", T.FEN, "其中费用", "Fees in it"),
    ("payment_share_class", T.TEXT, "股份类别", "Class of shares"),
    ("money_source", T.WORD, "资金来源", "Source of the money", words.MoneySource),
    ("money_proof", T.TEXT, "资金证明", "Proof of the money"),
    ("account_holder", T.PARTY, "付款账户户名", "Holder of the paying account"),
    ("money_lender", T.PARTY, "出借人或担保人", "Lender or guarantor"),
    ("pay_out", T.WORD, "收款事由", "Received for", words.PayOut),
    ("exit_deal", T.TEXT, "对应的机构退出", "The institution's exit it goes with"),
)
attributes_of(
    {S.EVIDENCE},
    ("evidence_item", T.WORD, "证据项", "Item of evidence", words.EvidenceItem),
    ("evidence_kind", T.TEXT, "文件类型", "Kind of document"),
    ("evidence_number", T.TEXT, "文件编号", "Number of the document"),
    ("evidence_on", T.DATE, "文件日期", "Date of the document"),
    ("evidence_issuer", T.TEXT, "出具单位", "Issuer"),
    ("evidence_digest", T.TEXT, "文件摘要值", "Digest of the file"),
    ("evidence_amount", T.FEN, "文件所载金额", "Amount in the document"),
)
attributes_of(
    {S.REQUEST},
    ("request_item", T.TEXT, "所缺资料", "What is missing"),
    ("request_due", T.DATE, "要求提供日", "Due on"),
    ("answer", T.WORD, "答复", "Answer", words.RequestAnswer),
    ("answered_by", T.TEXT, "答复人", "Answered by"),
    ("answered_on", T.DATE, "答复日", "Answered on"),
)

# -- the deal whose round staff join, and what surrounds it
fact("deal_share_class", T.TEXT, Text("机构股份类别", "Class of the institution's shares"), of="deal")
fact("deal_shares", T.NUMBER, Text("机构买卖股份数", "Shares the institution bought or sold"), of="deal")
fact("deal_fees", T.FEN, Text("交易费用", "Fees in the price"), of="deal")
fact("total_shares_after", T.NUMBER, Text("投后总股本", "Shares in all after the round"), of="deal")
fact("round_shares", T.NUMBER, Text("本轮发行股份数", "Shares the round sold"), of="deal")
fact("signed_on", T.DATE, Text("投资协议签署日", "Signed on"), of="deal")
fact("coinvest_eligible", T.BOOL, Text("属应跟投项目", "Open to co-investment"), of="deal")
fact("deal_consent_ref", T.TEXT, Text("国资监管机构同意文件", "Owner agency's consent"), of="deal")
fact("board_resolution_ref", T.TEXT, Text("董事会决议", "Board resolution"), of="deal")
fact("publicity_from", T.DATE, Text("公示起始日", "Published from"), of="deal")
fact("publicity_until", T.DATE, Text("公示截止日", "Published until"), of="deal")
fact("coinvest_filed_on", T.DATE, Text("跟投名单备案日", "Roster filed on"), of="deal")
fact("appraisal_filing_ref", T.TEXT, Text("评估备案编号", "Filing of the appraisal"), of="deal")
fact("appraised_price", T.NUMBER, Text("评估每股价值（元）", "Appraised value a share (yuan)"), of="deal")
fact(
    "deal_side_terms",
    T.WORDS,
    Text("机构附加条款", "Side terms of the institution's shares"),
    words.SideTerm,
    of="deal",
)
fact("state_representatives", T.CODES, Text("国有股东代表", "State shareholders' representatives"))
fact("founders", T.CODES, Text("创始人", "Founders"))
fact(
    "audited_net_assets_per_share",
    T.NUMBER,
    Text("经审计每股净资产（元）", "Audited net assets a share (yuan)"),
)
fact("vehicle_sponsor", T.PARTY, Text("平台发起人", "Sponsor of the vehicle"))
fact("vehicle_voting", T.WORD, Text("平台表决权", "Votes of the vehicle"), words.Voting)
fact("vehicle_board_seats", T.INT, Text("平台委派董事席位", "Board seats of the vehicle"))
fact("firm_level_holding", T.BOOL, Text("实行本级员工持股", "Staff hold the firm itself"))
fact("external_revenue_share", T.SHARE, Text("集团外收入占比", "Revenue from outside the group"))
fact("external_profit_share", T.SHARE, Text("集团外利润占比", "Profit from outside the group"))
