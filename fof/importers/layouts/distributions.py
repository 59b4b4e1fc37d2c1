"""Layout: distribution notices."""

from __future__ import annotations

from dataclasses import replace

from fof.importers.columns import DOCUMENT, SOURCE, UNIT, Layout, amount
from fof.importers.layouts.references import INVESTOR, day, fund_code, number
from models.posting_kinds import PostingKind

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
        "通知编号",
        "notice number",
        "分配编号",
        "批次",
        "编号",
        "number",
        required=True,
        example="FP-2024-02",
        zh_help="同一基金内不重复；同一次分配的各出资人写同一编号。",
        en_help="Unique within the fund; all investors of a distribution carry the same number.",
    ),
    day(
        "paid_on",
        "分配日",
        "paid day",
        "付款日",
        "分配日期",
        "paid date",
        "date",
        required=True,
        zh_help="付款日期；同一编号只有一个分配日。",
        en_help="Day of payment; one day for a number.",
    ),
    INVESTOR,
    amount(
        "return_of_capital",
        "返还本金",
        "return of capital",
        "本金",
        help_zh="不可召回。",
        help_en="Not recallable.",
        example="8000000",
    ),
    amount(
        "gain",
        "资本利得",
        "gain",
        "收益（利得）",
        "gains",
        help_zh="退出收益。",
        help_en="Gain on exits.",
        example="3000000",
    ),
    amount(
        "income",
        "股息利息收益",
        "income",
        "收益",
        "股息利息",
        help_zh="股息、利息等收益。",
        help_en="Dividends and interest.",
    ),
    amount(
        "recallable_capital",
        "可召回本金",
        "recallable capital",
        help_zh="可再次出资的本金，恢复未缴额度。",
        help_en="Capital that may be called again; it restores unfunded.",
    ),
    amount(
        "recallable_fees",
        "可召回管理费",
        "recallable fees",
        help_zh="可召回的管理费。",
        help_en="Recallable, fees.",
    ),
    amount(
        "recallable_expenses",
        "可召回费用",
        "recallable expenses",
        help_zh="可召回的合伙费用。",
        help_en="Recallable, expenses.",
    ),
    amount(
        "recallable",
        "可召回（未分项）",
        "recallable",
        "可召回",
        "可召回金额",
        help_zh="通知未分项的可召回部分。",
        help_en="Recallable, not itemised.",
    ),
    amount("return_of_fees", "返还管理费", "return of fees", help_zh="不可召回。", help_en="Not recallable."),
    amount(
        "return_of_expenses",
        "返还费用",
        "return of expenses",
        help_zh="不可召回。",
        help_en="Not recallable.",
    ),
    amount(
        "unspecified",
        "分配（未分项）",
        "unspecified",
        "分配金额",
        help_zh="通知未分项的分配。",
        help_en="Not itemised by the notice.",
    ),
    amount(
        "excess_returned",
        "退回多缴出资",
        "excess returned",
        help_zh="未使用而退回的出资，冲减实缴。",
        help_en="Called but not used; it lowers paid-in.",
    ),
    amount(
        "excess_fees_returned",
        "退回多缴费用",
        "excess fees returned",
        help_zh="未使用而退回的费用，冲减实缴。",
        help_en="Fees called but not used; it lowers paid-in.",
    ),
    amount(
        RETURNED,
        "退回分配",
        "distribution returned",
        "退回已分配",
        "出资人退回",
        help_zh="出资人退回的以前的分配：冲减已分配，不改实缴与未缴额度。负数的分配也按此登记。",
        help_en="Earlier distributions that the investor gives back: they lower what was distributed, not paid-in or unfunded. Negative distributions are booked as this.",
    ),
    amount(
        "notice_total",
        "通知总额",
        "notice total",
        "总额",
        help_zh="本通知全部出资人的合计，用于核对；与各行之和不等则拒绝。可留空。",
        help_en="The whole notice, for checking: refused unless its rows add up to it. May be left blank.",
        example="11000000",
    ),
    amount(
        "equalisation_received",
        "收到的补偿利息",
        "equalisation received",
        "后进补偿利息收入",
        help_zh="后续交割时从后进出资人收到的补偿利息，不计入分配。",
        help_en="Interest received from investors of a later closing; it is no distribution.",
    ),
    UNIT,
    DOCUMENT,
    SOURCE,
)

DISTRIBUTIONS = Layout(
    "distributions",
    "分配通知",
    "Distributions",
    80,
    tuple(replace(c, signed=c.signed or c.name in (*MAY_BE_NEGATIVE, "notice_total")) for c in _COLUMNS),
    aliases=("分配", "分配明细", "收益分配", "distribution notices"),
    one_of=((*DISTRIBUTION_COMPONENTS, RETURNED),),
    help_zh="每次分配、每个出资人一行。",
    help_en="One row for each distribution and investor.",
)
