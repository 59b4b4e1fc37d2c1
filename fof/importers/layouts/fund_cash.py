"""Layout: fees, expenses, interest, dividends and other cash of a fund."""

from __future__ import annotations

from enum import StrEnum

from fof.importers.columns import DOCUMENT, SOURCE, UNIT, CellType, Column, Layout, amount
from fof.importers.layouts.shared_columns import REFERENCE, day, fund_code
from models.kinds import Word
from models.posting_kinds import PostingKind
from models.text import Text


class CashKind(Word):
    """What a row of the fund-cash sheet is."""

    MANAGEMENT_FEE = "management_fee", "管理费"
    FUND_EXPENSE = "fund_expense", "基金费用", "费用", "合伙费用", "expense"
    INTEREST_INCOME = "interest_income", "利息收入", "利息", "interest"
    DIVIDEND = "dividend", "股息", "分红", "股利"
    TAX = "tax", "税费", "税款"
    CARRY = "carry", "业绩报酬"
    CLAWBACK = "clawback", "回拨", "业绩报酬回拨"
    FEE_REBATE = "fee_rebate", "管理费退还"
    FACILITY_DRAWDOWN = "facility_drawdown", "过桥贷款提款"
    FACILITY_REPAYMENT = "facility_repayment", "过桥贷款还款"
    FACILITY_COST = "facility_cost", "过桥贷款费用"
    FISCAL_APPROPRIATION = "fiscal_appropriation", "财政拨款"
    TREASURY_REMITTANCE = "treasury_remittance", "上缴国库"


class Direction(StrEnum):
    """Which way the money of a cash kind runs, seen from the fund."""

    IN = "in"
    OUT = "out"


CASH_KINDS: dict[CashKind, tuple[PostingKind, Direction]] = {
    CashKind.MANAGEMENT_FEE: (PostingKind.MANAGEMENT_FEE, Direction.OUT),
    CashKind.FUND_EXPENSE: (PostingKind.FUND_EXPENSE, Direction.OUT),
    CashKind.INTEREST_INCOME: (PostingKind.INTEREST_INCOME, Direction.IN),
    CashKind.DIVIDEND: (PostingKind.DIVIDEND, Direction.IN),
    CashKind.TAX: (PostingKind.TAX, Direction.OUT),
    CashKind.CARRY: (PostingKind.CARRY, Direction.OUT),
    CashKind.CLAWBACK: (PostingKind.CLAWBACK, Direction.IN),
    CashKind.FEE_REBATE: (PostingKind.FEE_REBATE, Direction.IN),
    CashKind.FACILITY_DRAWDOWN: (PostingKind.FACILITY_DRAWDOWN, Direction.IN),
    CashKind.FACILITY_REPAYMENT: (PostingKind.FACILITY_REPAYMENT, Direction.OUT),
    CashKind.FACILITY_COST: (PostingKind.FACILITY_COST, Direction.OUT),
    CashKind.FISCAL_APPROPRIATION: (PostingKind.FISCAL_APPROPRIATION, Direction.IN),
    CashKind.TREASURY_REMITTANCE: (PostingKind.TREASURY_REMITTANCE, Direction.OUT),
}
"""Posting kind and direction of each cash kind; IN: counterparty pays the fund."""


FUND_CASH = Layout(
    "fund_cash",
    Text("基金收支", "Fund cash"),
    100,
    (
        fund_code(),
        day(
            "day",
            Text("收付日", "day"),
            "日期",
            "date",
            required=True,
            meaning=Text("收款或付款日期。", "Day of payment."),
        ),
        Column(
            "kind",
            CellType.WORD,
            Text("收支类型", "kind"),
            ("类型", "科目", "type"),
            required=True,
            words=CashKind,
            meaning=Text("方向由类型决定。", "The kind decides the direction."),
            example="管理费",
        ),
        Column(
            "counterparty",
            CellType.CODE,
            Text("对方编号", "counterparty"),
            ("对方", "交易对手"),
            required=True,
            meaning=Text("付款给谁或从谁收款的主体编号。", "Code of who is paid or pays."),
            example="HLJ-GL-01",
        ),
        amount(
            "amount",
            Text("金额", "amount"),
            "收付金额",
            required=True,
            meaning=Text("大于零。", "Above zero."),
            example="1250000",
        ),
        REFERENCE,
        UNIT,
        DOCUMENT,
        SOURCE,
    ),
    aliases=("基金流水", "收支", "fund cash flows"),
    meaning=Text(
        "管理费、费用、利息、股息、税费等，每笔一行。",
        "Fees, expenses, interest, dividends, taxes; one row each.",
    ),
)
