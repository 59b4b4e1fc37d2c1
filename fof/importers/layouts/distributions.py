"""Layout: distribution notices."""

from __future__ import annotations

from dataclasses import replace

from fof.importers.columns import DOCUMENT, SOURCE, UNIT, CellType, Column, Layout, amount
from fof.importers.layouts.shared_columns import INVESTOR, day, fund_code, number
from models.posting_kinds import PostingKind
from models.text import Text

DISTRIBUTION_COMPONENTS: dict[str, PostingKind] = {
    "return_of_capital": PostingKind.DISTRIBUTION_RETURN_OF_CAPITAL,
    "gain": PostingKind.DISTRIBUTION_GAIN,
    "income": PostingKind.DISTRIBUTION_INCOME,
    "recallable_capital": PostingKind.DISTRIBUTION_RECALLABLE_CAPITAL,
    "recallable_fees": PostingKind.DISTRIBUTION_RECALLABLE_FEES,
    "recallable_expenses": PostingKind.DISTRIBUTION_RECALLABLE_EXPENSES,
    "recallable": PostingKind.DISTRIBUTION_RECALLABLE,
    "return_of_fees": PostingKind.DISTRIBUTION_RETURN_OF_FEES,
    "return_of_expenses": PostingKind.DISTRIBUTION_RETURN_OF_EXPENSES,
    "unspecified": PostingKind.DISTRIBUTION_PERMANENT,
    "excess_returned": PostingKind.EXCESS_CALL_RETURNED,
    "excess_fees_returned": PostingKind.EXCESS_CALL_RETURNED_FEES,
    "equalisation_received": PostingKind.EQUALISATION_RECEIVED,
    "in_kind": PostingKind.DISTRIBUTION_IN_KIND,
}
"""Component columns of a distribution and their posting kinds."""

RETURNED = "returned"
"""Column of what an investor gives back of earlier distributions."""
MAY_BE_NEGATIVE = (
    "return_of_capital",
    "gain",
    "income",
    "return_of_fees",
    "return_of_expenses",
    "unspecified",
)
"""Columns that may be below 0, all of a row together: distributions given back, as managers' files write them."""

_COLUMNS = (
    fund_code(),
    number(
        Text("通知编号", "notice number"),
        "分配编号",
        "批次",
        "编号",
        "number",
        required=True,
        example="FP-2024-02",
        meaning=Text(
            "同一基金内不重复；同一次分配的各出资人写同一编号。",
            "Unique within the fund; all investors of a distribution carry the same number.",
        ),
    ),
    day(
        "paid_on",
        Text("分配日", "paid day"),
        "付款日",
        "分配日期",
        "paid date",
        "date",
        required=True,
        meaning=Text("付款日期；同一编号只有一个分配日。", "Day of payment; one day for a number."),
    ),
    INVESTOR,
    amount(
        "return_of_capital",
        Text("返还本金", "return of capital"),
        "本金",
        meaning=Text("不可召回。", "Not recallable."),
        example="8000000",
    ),
    amount(
        "gain",
        Text("资本利得", "gain"),
        "收益（利得）",
        "gains",
        meaning=Text("退出收益。", "Gain on exits."),
        example="3000000",
    ),
    amount(
        "income",
        Text("股息利息收益", "income"),
        "收益",
        "股息利息",
        meaning=Text("股息、利息等收益。", "Dividends and interest."),
    ),
    amount(
        "recallable_capital",
        Text("可召回本金", "recallable capital"),
        meaning=Text(
            "可再次出资的本金，恢复未缴额度。", "Capital that may be called again; it restores unfunded."
        ),
    ),
    amount(
        "recallable_fees",
        Text("可召回管理费", "recallable fees"),
        meaning=Text("可召回的管理费。", "Recallable, fees."),
    ),
    amount(
        "recallable_expenses",
        Text("可召回费用", "recallable expenses"),
        meaning=Text("可召回的合伙费用。", "Recallable, expenses."),
    ),
    amount(
        "recallable",
        Text("可召回（未分项）", "recallable"),
        "可召回",
        "可召回金额",
        meaning=Text("通知未分项的可召回部分。", "Recallable, not itemised."),
    ),
    amount(
        "return_of_fees", Text("返还管理费", "return of fees"), meaning=Text("不可召回。", "Not recallable.")
    ),
    amount(
        "return_of_expenses",
        Text("返还费用", "return of expenses"),
        meaning=Text("不可召回。", "Not recallable."),
    ),
    amount(
        "unspecified",
        Text("分配（未分项）", "unspecified"),
        "分配金额",
        meaning=Text("通知未分项的分配。", "Not itemised by the notice."),
    ),
    amount(
        "excess_returned",
        Text("退回多缴出资", "excess returned"),
        meaning=Text("未使用而退回的出资，冲减实缴。", "Called but not used; it lowers paid-in."),
    ),
    amount(
        "excess_fees_returned",
        Text("退回多缴费用", "excess fees returned"),
        meaning=Text("未使用而退回的费用，冲减实缴。", "Fees called but not used; it lowers paid-in."),
    ),
    amount(
        RETURNED,
        Text("退回分配", "distribution returned"),
        "退回已分配",
        "出资人退回",
        meaning=Text(
            "出资人退回的以前的分配：冲减已分配，不改实缴与未缴额度。负数的分配也按此登记。",
            "Earlier distributions that the investor gives back: they lower what was distributed, not paid-in or unfunded. Negative distributions are booked as this.",
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
        example="11000000",
    ),
    amount(
        "equalisation_received",
        Text("收到的补偿利息", "equalisation received"),
        "后进补偿利息收入",
        meaning=Text(
            "后续交割时从后进出资人收到的补偿利息，不计入分配。",
            "Interest received from investors of a later closing; it is no distribution.",
        ),
    ),
    amount(
        "in_kind",
        Text("实物分配", "in kind"),
        "非现金分配",
        "股权分配",
        "distribution in kind",
        meaning=Text(
            "以被投企业股权分配的作价：计入已分配，不动用现金；出资人自此直接持有，成本即此数。",
            "Stated value of shares handed over: it counts as distributed, no cash moves; the investor holds them directly from then on, at that cost.",
        ),
    ),
    Column(
        "in_kind_deal",
        CellType.CODE,
        Text("实物分配交易编号", "deal of the distribution in kind"),
        ("实物分配项目编号",),
        meaning=Text(
            "基金退出该股权的交易编号（退出方式为实物分配）；填写实物分配时必填。",
            "Code of the fund's exit with the route in kind; required with an amount in kind.",
        ),
    ),
    UNIT,
    DOCUMENT,
    SOURCE,
)

DISTRIBUTIONS = Layout(
    "distributions",
    Text("分配通知", "Distributions"),
    80,
    tuple(replace(c, signed=c.signed or c.name in (*MAY_BE_NEGATIVE, "notice_total")) for c in _COLUMNS),
    aliases=("分配", "分配明细", "收益分配", "distribution notices"),
    one_of=((*DISTRIBUTION_COMPONENTS, RETURNED),),
    meaning=Text("每次分配、每个出资人一行。", "One row for each distribution and investor."),
)
