"""Layouts: capital-call notices, and the payments that come after them."""

from __future__ import annotations

from fof.importers.columns import DOCUMENT, SOURCE, UNIT, CellType, Column, Layout, amount
from fof.importers.layouts.shared_columns import INVESTOR, REFERENCE, day, fund_code, number
from models.posting_kinds import PostingKind
from models.text import Text

CALL_COMPONENTS: dict[str, tuple[PostingKind, PostingKind]] = {
    "investment": (PostingKind.CALL_INVESTMENT, PostingKind.CALL_DUE),
    "fee_inside": (PostingKind.CALL_FEE_INSIDE, PostingKind.CALL_DUE),
    "expenses": (PostingKind.CALL_EXPENSE, PostingKind.CALL_DUE),
    "fees_and_expenses": (PostingKind.CALL_FEES_AND_EXPENSES, PostingKind.CALL_DUE),
    "working_capital": (PostingKind.CALL_WORKING_CAPITAL, PostingKind.CALL_DUE),
    "facility_cost": (PostingKind.CALL_FACILITY_COST, PostingKind.CALL_DUE),
    "deemed_gp": (PostingKind.DEEMED_GP_CONTRIBUTION, PostingKind.CALL_DUE),
    "fee_outside": (PostingKind.CALL_FEE_OUTSIDE, PostingKind.CALL_DUE_OUTSIDE),
    "placement_fee": (PostingKind.CALL_PLACEMENT_FEE, PostingKind.CALL_DUE_OUTSIDE),
}
"""Component columns of a call: the posting kind of the payment, and of the notice that asks for it."""

IN_KIND = "in_kind"
"""Column of what a call is paid with that is no money."""
PAID_WITH: dict[str, PostingKind] = {
    **{name: paid for name, (paid, _) in CALL_COMPONENTS.items()},
    IN_KIND: PostingKind.CONTRIBUTION_IN_KIND,
}
"""Columns of a payment that are paid-in capital, and their posting kinds."""

_CALL_AMOUNTS = (
    amount(
        "investment",
        Text("投资款", "investment"),
        "出资额",
        "项目投资款",
        "investments",
        meaning=Text("认缴额度内用于投资的部分。", "For investments, inside the commitment."),
        example="20000000",
    ),
    amount(
        "fee_inside",
        Text("管理费（认缴内）", "fee inside"),
        "认缴内管理费",
        meaning=Text("占用认缴额度的管理费。", "Management fee inside the commitment."),
        example="400000",
    ),
    amount(
        "fee_outside",
        Text("管理费（认缴外）", "fee outside"),
        "认缴外管理费",
        meaning=Text("不占用认缴额度的管理费。", "Management fee outside the commitment."),
    ),
    amount(
        "expenses",
        Text("合伙费用", "expenses"),
        "基金费用",
        "费用",
        meaning=Text("占用认缴额度的合伙费用。", "Partnership expenses, inside the commitment."),
        example="50000",
    ),
    amount(
        "fees_and_expenses",
        Text("费用合计（未分项）", "fees and expenses"),
        "费用（未分项）",
        meaning=Text(
            "通知未区分管理费与合伙费用时填。", "Where the notice does not tell fee and expenses apart."
        ),
    ),
    amount(
        "placement_fee",
        Text("募集费用", "placement fee"),
        meaning=Text("不占用认缴额度。", "Outside the commitment."),
    ),
    amount(
        "working_capital",
        Text("营运资金", "working capital"),
        meaning=Text("占用认缴额度。", "Inside the commitment."),
    ),
    amount(
        "facility_cost",
        Text("过桥贷款成本", "facility cost"),
        meaning=Text("占用认缴额度。", "Inside the commitment."),
    ),
    amount(
        "deemed_gp",
        Text("视同GP出资", "deemed gp contribution"),
        meaning=Text("以减免管理费方式由出资人代 GP 出资的部分。", "Contribution for the GP by fee waiver."),
    ),
)

CAPITAL_CALLS = Layout(
    "capital_calls",
    Text("出资通知", "Capital calls"),
    60,
    (
        fund_code(),
        number(
            Text("通知编号", "notice number"),
            "通知书编号",
            "批次",
            "编号",
            "number",
            required=True,
            example="2024-01",
            meaning=Text(
                "同一基金内不重复；同一通知的各出资人写同一编号。",
                "Unique within the fund; all investors of a notice carry the same number.",
            ),
        ),
        day(
            "notice_on",
            Text("通知日", "notice day"),
            "通知日期",
            "notice date",
            required=True,
            meaning=Text("发出通知的日期。", "Day of the notice."),
        ),
        day(
            "due_on",
            Text("缴款截止日", "due day"),
            "应缴日",
            "到期日",
            "缴款日期",
            "due date",
            required=True,
            meaning=Text("最迟缴款日。", "Last day to pay."),
        ),
        INVESTOR,
        *_CALL_AMOUNTS,
        day(
            "paid_on",
            Text("实缴日", "paid day"),
            "到账日",
            "实缴日期",
            "paid date",
            required=False,
            meaning=Text("到账日期；留空为未缴。", "Day the money arrived; blank: not paid."),
        ),
        amount(
            "paid_amount",
            Text("实缴金额", "paid amount"),
            "到账金额",
            meaning=Text(
                "与应缴不同时填写；少缴按应缴各项比例拆分，需分项请用“缴款”表。",
                "Only if it differs from the amount due; a part payment is split in proportion to the components. To split it otherwise use the payments sheet.",
            ),
        ),
        amount(
            "notice_total",
            Text("通知总额", "notice total"),
            "总额",
            meaning=Text(
                "本通知全部出资人的合计，用于核对；与各行之和不等则拒绝。可留空。",
                "The whole notice, for checking: refused unless its rows add up to it. May be left blank.",
            ),
            example="20450000",
        ),
        UNIT,
        DOCUMENT,
        SOURCE,
    ),
    aliases=("缴款通知", "出资通知书", "缴款", "capital call notices"),
    one_of=(tuple(CALL_COMPONENTS),),
    meaning=Text("每份通知、每个出资人一行。", "One row for each notice and investor."),
)

PAYMENTS = Layout(
    "payments",
    Text("缴款到账", "Payments"),
    70,
    (
        fund_code(),
        number(
            Text("通知编号", "notice number"),
            "通知书编号",
            "批次",
            "number",
            required=False,
            example="2024-01",
            meaning=Text(
                "所缴的出资通知；没有通知的历史出资留空，并分项填写。",
                "The notice it pays; blank for old payments without one, which must be given by component.",
            ),
        ),
        INVESTOR,
        day(
            "paid_on",
            Text("实缴日", "paid day"),
            "到账日",
            "实缴日期",
            "paid date",
            required=True,
            meaning=Text("到账日期。", "Day the money arrived."),
        ),
        amount(
            "amount",
            Text("实缴金额", "amount"),
            "到账金额",
            "金额",
            "paid amount",
            meaning=Text(
                "总额；按通知尚未缴清的各项比例拆分。已分项的留空。",
                "The total, split in proportion to what the notice still asks; blank if given by component.",
            ),
            example="10000000",
        ),
        *_CALL_AMOUNTS,
        amount(
            "late_interest",
            Text("逾期利息", "late interest"),
            "滞纳金",
            meaning=Text("逾期缴款的利息，不计入实缴。", "Interest for paying late, not paid-in capital."),
        ),
        amount(
            "equalisation",
            Text("后进补偿利息", "equalisation interest"),
            "补偿利息",
            meaning=Text(
                "后续交割加入的出资人支付，不计入实缴。",
                "Paid by an investor who joined at a later close, not paid-in capital.",
            ),
        ),
        amount(
            IN_KIND,
            Text("非货币出资", "contribution in kind"),
            "作价出资",
            "实物出资",
            "以股权出资",
            meaning=Text(
                "以货币以外的财产出资的作价：计入实缴、冲减未缴额度，不动用现金。须单独一行，并在文件栏写明评估或作价文件。",
                "Stated value of what is handed over instead of money: it counts as paid in and lowers unfunded, no cash moves. In a row of its own, "
                "with the document of its valuation.",
            ),
        ),
        Column(
            "in_kind_deal",
            CellType.CODE,
            Text("非货币出资交易编号", "deal of the contribution in kind"),
            meaning=Text(
                "所交为企业股权的：基金取得该股权的交易编号（“投资与退出”表，出资人以其出资填“是”，同日）。其他财产留空。",
                "Where shares of a company are handed over: code of the deal by which the fund has them (sheet of deals, paid in kind, same day). "
                "Blank for other things.",
            ),
        ),
        REFERENCE,
        UNIT,
        DOCUMENT,
        SOURCE,
    ),
    aliases=("缴款到账明细", "实缴明细", "call payments"),
    one_of=(("amount", *PAID_WITH, "late_interest", "equalisation"),),
    meaning=Text(
        "通知之后的到账：逾期、分次或不足额缴款，每笔一行。",
        "Money that came after the notice: late, in parts or short. One row each.",
    ),
)
