"""The closed list of posting kinds, and how each enters every figure.

The ILPA transaction types (Performance Template v1.1, 2025) keep their meaning; the kinds of ours stand in the
same table with the same columns, so that no figure anywhere decides by itself what a posting counts as.
Numbers are stored in the journal: they are never reused and never change their meaning.
"""

from __future__ import annotations

from enum import IntEnum

from models.frozen import frozen
from models.text import Text


class PostingKind(IntEnum):
    """Why money (or a promise of money) passed from one party to another."""

    # promises: memorandum, no cash moves
    COMMITMENT = 1
    COMMITMENT_REDUCTION = 2
    COMMITMENT_TRANSFER = 3
    PAID_IN_TRANSFER = 4
    DISTRIBUTED_TRANSFER = 5
    CALL_DUE = 6
    CALL_DUE_OUTSIDE = 7
    RECALLABLE_TRANSFER = 8
    PAID_IN_TRANSFER_OUTSIDE = 9
    # investor -> fund
    CALL_INVESTMENT = 10
    CALL_FEES_AND_EXPENSES = 11
    CALL_FEE_INSIDE = 12
    CALL_FEE_OUTSIDE = 13
    CALL_EXPENSE = 14
    CALL_PLACEMENT_FEE = 15
    CALL_WORKING_CAPITAL = 16
    CALL_FACILITY_COST = 17
    DEEMED_GP_CONTRIBUTION = 18
    EQUALISATION_PAID = 19
    LATE_INTEREST = 20
    DISTRIBUTION_RETURNED = 21
    CONTRIBUTION_IN_KIND = 22
    # fund -> investor
    DISTRIBUTION_PERMANENT = 30
    DISTRIBUTION_INCOME = 31
    DISTRIBUTION_GAIN = 32
    DISTRIBUTION_RETURN_OF_CAPITAL = 33
    DISTRIBUTION_RETURN_OF_FEES = 34
    DISTRIBUTION_RETURN_OF_EXPENSES = 35
    DISTRIBUTION_RECALLABLE = 36
    DISTRIBUTION_RECALLABLE_CAPITAL = 37
    DISTRIBUTION_RECALLABLE_FEES = 38
    DISTRIBUTION_RECALLABLE_EXPENSES = 39
    EXCESS_CALL_RETURNED = 40
    EXCESS_CALL_RETURNED_FEES = 41
    EQUALISATION_RECEIVED = 42
    DISTRIBUTION_IN_KIND = 43
    # fund <-> subscription facility
    FACILITY_DRAWDOWN = 50
    FACILITY_REPAYMENT = 51
    FACILITY_COST = 52
    # fund <-> company, manager, others
    INVESTMENT = 60
    EXIT_PROCEEDS = 61
    DIVIDEND = 62
    INTEREST_INCOME = 63
    MANAGEMENT_FEE = 64
    FUND_EXPENSE = 65
    CARRY = 66
    CLAWBACK = 67
    TAX = 68
    FEE_REBATE = 69
    # between investors, to the treasury
    SECONDARY_PURCHASE = 70
    TREASURY_REMITTANCE = 71
    FISCAL_APPROPRIATION = 72
    # staff co-investment
    COINVEST_PAY_IN = 80
    COINVEST_PAY_OUT = 81
    # risk-compensation pools, loans, vouchers
    POOL_FUNDING = 90
    LOAN_DISBURSED = 91
    LOAN_REPAID = 92
    GUARANTOR_CLAIM = 93
    POOL_COMPENSATION = 94
    RECOVERY = 95
    GUARANTEE_FEE = 96
    PREMIUM = 97
    SUBSIDY = 98
    VOUCHER = 99


@frozen
class Treatment:
    """How one kind enters the figures of a fund; +1 adds, -1 takes away, 0 leaves alone.

    zh, en         names on screen
    ilpa           the ILPA transaction type of the same meaning, None where ILPA has none
    memo           True: a promise, a restatement or a thing handed over at a stated value: no cash moves
    committed      effect on commitment
    due            effect on called (asked for by notice; what is given back was asked for too much, or is asked of others)
    paid_in        effect on paid-in capital (ILPA: the denominator)
    distributed    effect on distributions (ILPA: the numerator)
    unfunded       effect on unfunded commitment
    irr            True: a dated flow between investor and fund
    from_investor  True: from_party is the investor and to_party the fund; False: the other way;
                   None: not between investor and fund
    """

    text: Text
    ilpa: str | None = None
    memo: bool = False
    committed: int = 0
    due: int = 0
    paid_in: int = 0
    distributed: int = 0
    unfunded: int = 0
    irr: bool = False
    from_investor: bool | None = None

    @property
    def recallable(self) -> int:
        """Effect on distributions that may be called again: what of `distributed` raises unfunded."""
        return self.distributed * self.unfunded if self.distributed > 0 else 0


def _call(text: Text, ilpa: str | None, *, inside: bool = True) -> Treatment:
    return Treatment(text, ilpa, paid_in=1, unfunded=-1 if inside else 0, irr=True, from_investor=True)


def _out(text: Text, ilpa: str | None, *, recallable: bool = False) -> Treatment:
    return Treatment(
        text, ilpa, distributed=1, unfunded=1 if recallable else 0, irr=True, from_investor=False
    )


def _excess(text: Text, ilpa: str) -> Treatment:
    return Treatment(text, ilpa, due=-1, paid_in=-1, unfunded=1, irr=True, from_investor=False)


_K = PostingKind
TREATMENTS: dict[PostingKind, Treatment] = {
    _K.COMMITMENT: Treatment(
        Text("认缴", "Commitment"), memo=True, committed=1, unfunded=1, from_investor=True
    ),
    _K.COMMITMENT_REDUCTION: Treatment(
        Text("减少认缴", "Commitment reduction"), memo=True, committed=-1, unfunded=-1, from_investor=False
    ),
    _K.COMMITMENT_TRANSFER: Treatment(Text("认缴转移", "Commitment transfer"), memo=True),
    _K.PAID_IN_TRANSFER: Treatment(Text("实缴转移", "Paid-in transfer"), memo=True),
    _K.DISTRIBUTED_TRANSFER: Treatment(Text("已分配转移", "Distributed transfer"), memo=True),
    _K.RECALLABLE_TRANSFER: Treatment(Text("可召回额度转移", "Recallable transfer"), memo=True),
    _K.PAID_IN_TRANSFER_OUTSIDE: Treatment(
        Text("实缴转移（认缴外）", "Paid-in transfer, outside commitment"), memo=True
    ),
    _K.CALL_DUE: Treatment(Text("通知应缴", "Called by notice"), memo=True, due=1, from_investor=True),
    _K.CALL_DUE_OUTSIDE: Treatment(
        Text("通知应缴（认缴外）", "Called by notice, outside commitment"),
        memo=True,
        due=1,
        from_investor=True,
    ),
    _K.CALL_INVESTMENT: _call(Text("出资：投资款", "Call: investments"), "Capital Call: Investments"),
    _K.CALL_FEES_AND_EXPENSES: _call(
        Text("出资：费用", "Call: fees and expenses"), "Capital Call: Management Fees/Partnership Expenses"
    ),
    _K.CALL_FEE_INSIDE: _call(
        Text("出资：管理费（认缴内）", "Call: fee inside commitment"),
        "Capital Call: Management Fees (Inside Commitment)",
    ),
    _K.CALL_FEE_OUTSIDE: _call(
        Text("出资：管理费（认缴外）", "Call: fee outside commitment"),
        "Capital Call: Management Fees (Outside Commitment)",
        inside=False,
    ),
    _K.CALL_EXPENSE: _call(
        Text("出资：合伙费用", "Call: partnership expenses"), "Capital Call: Partnership Expenses"
    ),
    _K.CALL_PLACEMENT_FEE: _call(
        Text("出资：募集费用", "Call: placement fees"), "Capital Call: Placement Agent Fees", inside=False
    ),
    _K.CALL_WORKING_CAPITAL: _call(
        Text("出资：营运资金", "Call: working capital"), "Capital Call: Working Capital"
    ),
    _K.CALL_FACILITY_COST: _call(
        Text("出资：过桥贷款成本", "Call: facility cost"),
        "Capital Call: Fund-level Subscription Facility Fees/Interest",
    ),
    _K.DEEMED_GP_CONTRIBUTION: _call(
        Text("视同GP出资", "Deemed GP contribution"), "Deemed GP Contribution from LPs"
    ),
    _K.EQUALISATION_PAID: Treatment(
        Text("后进补偿利息（付）", "Equalisation interest paid"), irr=True, from_investor=True
    ),
    _K.LATE_INTEREST: Treatment(Text("逾期利息", "Late interest"), irr=True, from_investor=True),
    _K.DISTRIBUTION_RETURNED: Treatment(
        Text("退回分配", "Distribution returned"),
        "Distribution: Permanent",  # ILPA has no type of its own: a distribution below 0
        distributed=-1,
        irr=True,
        from_investor=True,
    ),
    _K.CONTRIBUTION_IN_KIND: Treatment(
        Text("非货币出资", "Contribution in kind"),
        "Capital Call: Investments",  # ILPA counts what is handed over as it counts cash, at the stated value
        memo=True,
        paid_in=1,
        unfunded=-1,
        irr=True,
        from_investor=True,
    ),
    _K.DISTRIBUTION_PERMANENT: _out(Text("分配", "Distribution"), "Distribution: Permanent"),
    _K.DISTRIBUTION_INCOME: _out(
        Text("分配：收益", "Distribution: income"), "Distribution: Permanent - Income/Dividends"
    ),
    _K.DISTRIBUTION_GAIN: _out(
        Text("分配：资本利得", "Distribution: gain"), "Distribution: Permanent - Gain / Loss"
    ),
    _K.DISTRIBUTION_RETURN_OF_CAPITAL: _out(
        Text("分配：本金", "Distribution: return of capital"), "Distribution: Permanent - Return of Capital"
    ),
    _K.DISTRIBUTION_RETURN_OF_FEES: _out(
        Text("分配：返还管理费", "Distribution: return of fees"),
        "Distribution: Permanent - Return of Management Fees",
    ),
    _K.DISTRIBUTION_RETURN_OF_EXPENSES: _out(
        Text("分配：返还费用", "Distribution: return of expenses"),
        "Distribution: Permanent - Return of Partnership Expenses",
    ),
    _K.DISTRIBUTION_RECALLABLE: _out(
        Text("分配：可召回", "Distribution: recallable"), "Distribution: Recallable", recallable=True
    ),
    _K.DISTRIBUTION_RECALLABLE_CAPITAL: _out(
        Text("分配：可召回本金", "Distribution: recallable capital"),
        "Distribution: Recallable - Return of Capital",
        recallable=True,
    ),
    _K.DISTRIBUTION_RECALLABLE_FEES: _out(
        Text("分配：可召回管理费", "Distribution: recallable fees"),
        "Distribution: Recallable - Return of Management Fees",
        recallable=True,
    ),
    _K.DISTRIBUTION_RECALLABLE_EXPENSES: _out(
        Text("分配：可召回费用", "Distribution: recallable expenses"),
        "Distribution: Recallable - Return of Partnership Expenses",
        recallable=True,
    ),
    _K.EXCESS_CALL_RETURNED: _excess(
        Text("退回多缴出资", "Excess call returned"),
        "Distribution: Return of Excess Capital Called: Investments",
    ),
    _K.EXCESS_CALL_RETURNED_FEES: _excess(
        Text("退回多缴费用", "Excess call returned: fees"),
        "Distribution: Return of Excess Capital Called: Management Fees/Partnership Expenses",
    ),
    _K.EQUALISATION_RECEIVED: Treatment(
        Text("后进补偿利息（收）", "Equalisation interest received"), irr=True, from_investor=False
    ),
    _K.DISTRIBUTION_IN_KIND: Treatment(
        Text("实物分配", "Distribution in kind"),
        "Distribution: Permanent",  # ILPA counts what is handed over as it counts cash, at the stated value
        memo=True,
        distributed=1,
        irr=True,
        from_investor=False,
    ),
    _K.FACILITY_DRAWDOWN: Treatment(
        Text("过桥贷款提款", "Facility drawdown"), "Fund-level Subscription Facility Drawdown: Investments"
    ),
    _K.FACILITY_REPAYMENT: Treatment(
        Text("过桥贷款还款", "Facility repayment"),
        "Synthetic Distribution: Fund-level Subscription Facility Repayment: Investments",
    ),
    _K.FACILITY_COST: Treatment(Text("过桥贷款费用", "Facility cost")),
    _K.INVESTMENT: Treatment(Text("投资支付", "Investment")),
    _K.EXIT_PROCEEDS: Treatment(Text("退出收款", "Exit proceeds")),
    _K.DIVIDEND: Treatment(Text("股息", "Dividend")),
    _K.INTEREST_INCOME: Treatment(Text("利息收入", "Interest income")),
    _K.MANAGEMENT_FEE: Treatment(Text("管理费支付", "Management fee")),
    _K.FUND_EXPENSE: Treatment(Text("基金费用", "Fund expense")),
    _K.CARRY: Treatment(
        Text("业绩报酬", "Carry"), "Distribution: Carry - (Should be input as a positive value)"
    ),
    _K.CLAWBACK: Treatment(Text("回拨", "Clawback"), "Distribution: Clawback"),
    _K.TAX: Treatment(Text("税费", "Tax")),
    _K.FEE_REBATE: Treatment(Text("管理费退还", "Fee rebate")),
    _K.SECONDARY_PURCHASE: Treatment(Text("份额转让价款", "Secondary purchase price")),
    _K.TREASURY_REMITTANCE: Treatment(Text("上缴国库", "Remittance to treasury")),
    _K.FISCAL_APPROPRIATION: Treatment(Text("财政拨款", "Fiscal appropriation")),
    _K.COINVEST_PAY_IN: Treatment(Text("跟投出资", "Co-investment pay-in")),
    _K.COINVEST_PAY_OUT: Treatment(Text("跟投收回", "Co-investment pay-out")),
    _K.POOL_FUNDING: Treatment(Text("资金池注资", "Pool funding")),
    _K.LOAN_DISBURSED: Treatment(Text("贷款发放", "Loan disbursed")),
    _K.LOAN_REPAID: Treatment(Text("贷款归还", "Loan repaid")),
    _K.GUARANTOR_CLAIM: Treatment(Text("代偿", "Guarantor claim payment")),
    _K.POOL_COMPENSATION: Treatment(Text("风险补偿支付", "Pool compensation")),
    _K.RECOVERY: Treatment(Text("追偿回收", "Recovery")),
    _K.GUARANTEE_FEE: Treatment(Text("担保费", "Guarantee fee")),
    _K.PREMIUM: Treatment(Text("保险费", "Premium")),
    _K.SUBSIDY: Treatment(Text("补贴", "Subsidy")),
    _K.VOUCHER: Treatment(Text("创新券兑付", "Voucher redemption")),
}
"""One row per kind; a test holds the two lists equal."""
