"""Layouts of risk-compensation pools (政银担、政银保 …): agreements, limits, contributors, loans, claims, payments."""

from __future__ import annotations

from fof.importers.columns import DOCUMENT, SINCE, SOURCE, UNIT, CellType, Column, Layout, amount, fact, link
from fof.importers.layouts.shared_columns import own_code, registering, stating
from models.subjects import LinkRole as R
from models.subjects import SubjectKind as S
from models.text import NO_TEXT, Text

STATED_BY_LENDER = ("stated_balance", "stated_overdue_days")
"""What a lender's file says of a loan, in a sheet of its own."""


def _optional(role: R, example: str, meaning: Text = NO_TEXT) -> Column:
    return link(role, required=False, example=example, meaning=meaning)


GUARANTORS = stating(
    "guarantors",
    Text("担保机构年度资料", "Guarantors by year"),
    200,
    Text("担保机构编号", "guarantor"),
    "DB-01",
    (
        "guarantor_level",
        "government_guarantor",
        "guarantor_rating",
        "on_provincial_list",
        "on_abnormal_list",
        "registered_capital",
        "cash_capital",
        "net_assets",
        "fee_income",
        "unearned_fee_reserve",
        "loss_reserve",
        "loss_provision",
        "mainly_small_or_farm",
        "controlling_holder",
        "actual_controller",
        "related_parties",
    ),
    Text(
        "净资产、准备金、评级、名单与关联方；每次变动或每个年末一行。",
        "Net assets, reserves, rating, lists and related parties; a row for each change or year-end.",
    ),
)
CERTIFICATES = stating(
    "borrower_certificates",
    Text("企业资质与规模", "Certificates and size of firms"),
    201,
    Text("企业编号", "company"),
    "QY-001",
    (
        "small_size",
        "farm_borrower",
        "group_head",
        "high_tech_until",
        "st_sme_until",
        "little_giant_until",
        "specialised_until",
        "state_project_until",
        "innovation_scored_until",
        "innovative_sme_until",
        "paid_in_capital",
    ),
    Text(
        "借款企业的规模、集团与各类资质的有效期。", "Size, group and dated certificates of borrowing firms."
    ),
)
REFERENCE_RATES = stating(
    "reference_rates",
    Text("基准利率", "Reference rates"),
    202,
    Text("发布主体编号", "government"),
    "HLJ",
    ("lpr_1y", "lpr_5y", "benchmark_rate"),
    Text(
        "贷款市场报价利率等，登记在省政府名下，每次公布一行，生效日为公布日。",
        "LPR and benchmark, stated of the provincial government; a row for each publication.",
    ),
)
POOL_STATEMENTS = stating(
    "pool_statements",
    Text("资金池对账单", "Bank statements of pools"),
    203,
    Text("资金池编号", "pool"),
    "ZJC-01",
    ("account_balance",),
    Text(
        "专户每月末余额；与账面差额列在资金池页面。",
        "The account at each month-end; differences from the book stand on the page.",
    ),
)
HOLIDAYS = stating(
    "holiday_notices",
    Text("放假通知", "Holiday notices"),
    199,
    Text("发布主体编号", "government"),
    "HLJ",
    (fact("public_holidays", cell=CellType.DAYS), fact("makeup_workdays", cell=CellType.DAYS)),
    Text(
        "尚未收录的年度放假通知，登记在省政府名下：放假的工作日与调休上班日，依据文件写通知文号。",
        "A year's notice that is not published in the program yet, stated of the provincial government, with its number as the "
        "document.",
    ),
)
AGREEMENTS = registering(
    "agreements",
    Text("合作协议", "Agreements"),
    204,
    S.AGREEMENT,
    "XY-2024-01",
    (
        _optional(R.POOL, "ZJC-01"),
        _optional(
            R.LENDER,
            "BANK-01",
            Text(
                "只与一家银行签订时填写；多家时每笔贷款各自写明。",
                "Where there is one; else loans name theirs.",
            ),
        ),
        _optional(R.GUARANTOR, "DB-01"),
        _optional(R.INSURER, "BX-01"),
        _optional(R.REGUARANTOR, "ZDB-01"),
        _optional(R.NATIONAL_FUND, "GJDB-01"),
        _optional(R.LOCAL_GOVERNMENT, "CITY-01"),
        _optional(R.INVESTOR_ARM, "TZ-01"),
    ),
    Text(
        "每份协议每个版本一行，自生效日起适用；各方分担比例合计须为 1，修改时须全部重填。已有赔付的日期不得再改。",
        "One row for each version; shares add to one and are all stated again where one changes. Days on which claims were "
        "paid under it are not changed afterwards.",
    ),
    required=frozenset({"programme"}),
)
POOL_LIMITS = registering(
    "pool_limits",
    Text("资金池限额", "Limits of pools"),
    205,
    S.POOL_LIMIT,
    "XE-01",
    (link(R.POOL, example="ZJC-01"), _optional(R.LENDER, "BANK-01"), _optional(R.GUARANTOR, "DB-01")),
    Text(
        "三种限额分别登记：暂停新增、超额不担、补偿封顶；按资金池，或其中一家银行、担保机构。恢复新增须另起一行写恢复日与文件。",
        "The three limits one by one, of a pool or of one bank or guarantor in it. Resumption is another row with its day and "
        "document.",
    ),
    required=frozenset({"limit_kind", "limit_period"}),
)
POOL_SHARES = registering(
    "pool_shares",
    Text("资金池出资约定", "Contributors of pools"),
    206,
    S.POOL_SHARE,
    "CZ-01",
    (link(R.POOL, example="ZJC-01"), link(R.CONTRIBUTOR, example="HLJ")),
    Text(
        "每个出资方一行：约定金额、比例或层级（数字小的先承担）。",
        "One row for each contributor: amount, share or layer (the lower bears first).",
    ),
)
LOANS = registering(
    "loans",
    Text("入池贷款", "Enrolled loans"),
    207,
    S.LOAN,
    "DK-0001",
    (
        link(R.AGREEMENT, example="XY-2024-01"),
        link(R.BORROWER, example="QY-001"),
        link(R.LENDER, example="BANK-01"),
        _optional(R.GUARANTOR, "DB-01"),
        _optional(R.INSURER, "BX-01"),
        Column(
            "renews",
            CellType.CODE,
            Text("原贷款编号", "renewed loan"),
            ("原贷款",),
            role=R.LOAN,
            meaning=Text("续贷时填写：同一风险，新的合同。", "The loan that this one renews: the same risk."),
            example="DK-0000",
        ),
    ),
    Text(
        "每笔贷款或债券一行；借款人须为账中企业，生效日为入池日。",
        "One row a loan or bond; the borrower is a company of the book.",
    ),
    required=frozenset({"contract_amount", "enrolled_on"}),
    without=STATED_BY_LENDER,
)
LOAN_EVENTS = registering(
    "loan_events",
    Text("贷款事项", "What happened to loans"),
    208,
    S.LOAN_EVENT,
    "DS-0001",
    (link(R.LOAN, example="DK-0001"),),
    Text(
        "放款、还款、展期、逾期、违约、核销等，每件一行，生效日为发生日。放款与还款写金额；约定还款、逾期、核销写所涉金额。",
        "Drawn, repaid, extended, overdue, defaulted, written off …: a row each. Money that moved stands in the amount; what was "
        "agreed, is overdue or written off in the amount concerned.",
    ),
    amount(
        "amount",
        Text("金额", "amount"),
        meaning=Text("放款、还款、提前还款、续贷结清的本金。", "Principal drawn or repaid."),
        example="2000000",
    ),
    required=frozenset({"loan_step"}),
)
CLAIMS = registering(
    "claims",
    Text("补偿申请", "Claims"),
    209,
    S.CLAIM,
    "SQ-0001",
    (
        _optional(R.LOAN, "DK-0001"),
        _optional(R.CLAIMANT, "BANK-01"),
        _optional(R.AGREEMENT, "XY-TS-01", Text("天使投资风险补偿写协议。", "Of losses on investments.")),
        _optional(R.DEAL, "XM-2024-008", Text("天使投资风险补偿写交易。", "Of losses on investments.")),
    ),
    Text(
        "每一步一行：提交、退回补正、再报、初审、审定、撤回；生效日为该步的日期。",
        "A row for each step: submitted, returned, sent again, reviewed, decided, withdrawn.",
    ),
    required=frozenset({"claim_step"}),
)
POOL_PAYMENTS = registering(
    "pool_payments",
    Text("资金池收付", "Payments of pools"),
    210,
    S.POOL_PAYMENT,
    "ZF-0001",
    (
        link(R.PAYER, example="ZJC-01"),
        link(R.PAYEE, example="BANK-01"),
        _optional(R.CLAIM, "SQ-0001"),
        _optional(R.LOAN, "DK-0001"),
        _optional(R.POOL, "ZJC-01"),
    ),
    Text(
        "注资、退还、利息、支出、风险补偿、代偿、追偿等，每笔一行，生效日为付款日。补偿与代偿写申请编号，追偿写贷款或申请编号。",
        "One row a payment, dated its day. Compensation names the claim, a recovery the loan or the claim.",
    ),
    amount(
        "amount",
        Text("金额", "amount"),
        required=True,
        meaning=Text("收付金额。", "The money."),
        example="500000",
    ),
    required=frozenset({"pool_leg"}),
)
LENDER_FILE = Layout(
    "lender_file",
    Text("银行月报", "Lender's monthly file"),
    211,
    (
        own_code(S.LOAN, "DK-0001"),
        SINCE,
        *(fact(name, required=name == "stated_balance") for name in STATED_BY_LENDER),
        UNIT,
        DOCUMENT,
        SOURCE,
    ),
    meaning=Text(
        "银行按月报送的在贷清单，生效日为月末；入账前与台账核对：多报拒绝，漏报、余额与逾期天数不符逐条列出。",
        "The lender's list of loans at a month-end, compared with the register before it is booked: strangers are refused, "
        "missing loans, other balances and other days overdue are listed.",
    ),
    registers=S.LOAN,
)
