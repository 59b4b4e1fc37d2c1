"""How each classified cash flow enters net and gross returns, with and without a subscription facility.

The ILPA Performance Template classifies every flow and says of each class whether it belongs to the rate of
return, and whether it stands above or below the line of the multiple. Here that is data: GRANULAR has the 34
transaction types of the granular template, GROSS_UP the 13 of the gross-up template. Amounts keep the sign of
the template: what the investor pays in is negative.

    numerator    amounts are added above the line
    denominator  minus the amounts are added below it; so a credit (working capital given back) takes away
    decrease     the same, for what only ever takes away (excess capital returned, facility repaid)

Gross adds carry and takes out fees and expenses; without facility replaces the calls that repaid the facility
by the drawings themselves. Source: ILPA Performance Template v1.1 (2025), granular and gross-up methodology.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from valuation.arguments import Floats, check_shape, instance, reals, texts, within_float64
from valuation.dates import DateLike
from valuation.refusals import ValuationError
from valuation.returns import Irr, xirr


class Line(StrEnum):
    """Where a flow stands in a multiple."""

    NUMERATOR = "numerator"
    DENOMINATOR = "denominator"
    DECREASE = "decrease denominator"


@dataclass(frozen=True, slots=True)
class FundView:
    """One of the four ways to look at a fund.

    facility : flows between investor and fund as they were (True), or as if the fund had drawn on its
               investors whenever it drew on the facility (False)
    gross    : before fees, expenses and carry (True), or after (False)
    """

    facility: bool
    gross: bool


VIEWS = tuple(FundView(facility, gross) for facility in (True, False) for gross in (False, True))
"""With facility net and gross, without facility net and gross: the order of the tables."""


@dataclass(frozen=True, slots=True)
class TransactionTreatment:
    """What one transaction type does in each view.

    in_rate : view -> whether its flows belong to the rate of return
    line    : view -> its place in the multiple (net TVPI, gross MOIC), None where it has none
    """

    in_rate: Mapping[FundView, bool]
    line: Mapping[FundView, Line | None]


_LINES = {"n": Line.NUMERATOR, "d": Line.DENOMINATOR, "r": Line.DECREASE, "-": None}


def _treatment(code: str) -> TransactionTreatment:
    """From four letters, one a view: the place in the multiple, or - where the flow is left out.

    In both templates a flow belongs to a rate exactly where it has a place in the multiple.
    """
    lines = {view: _LINES[letter] for view, letter in zip(VIEWS, code, strict=True)}
    return TransactionTreatment({view: line is not None for view, line in lines.items()}, lines)


GRANULAR: Mapping[str, TransactionTreatment] = {
    name: _treatment(code)
    for name, code in {
        "Capital Call: Investments": "dddd",
        "Capital Call: Management Fees/Partnership Expenses": "d-d-",
        "Capital Call: Management Fees (Inside Commitment)": "d-d-",
        "Capital Call: Management Fees (Outside Commitment)": "d-d-",
        "Capital Call: Partnership Expenses": "d-d-",
        "Capital Call: Placement Agent Fees": "d-d-",
        "Capital Call: Working Capital": "dddd",
        "Fund-level Subscription Facility Drawdown: Investments": "--dd",
        "Fund-level Subscription Facility Drawdown: Management Fees/Partnership Expenses": "--d-",
        "Fund-level Subscription Facility Drawdown: Working Capital": "--dd",
        "Capital Call: Fund-level Subscription Facility Fees/Interest": "d---",
        "Synthetic Distribution: Fund-level Subscription Facility Repayment: Investments": "--rr",
        "Synthetic Distribution: Fund-level Subscription Facility Repayment:"
        " Management Fees/Partnership Expenses": "--r-",
        "Deemed GP Contribution from LPs": "d-d-",
        "Carry / Clawback": "-n-n",
        "Distribution: Carry - (Should be input as a positive value)": "-n-n",
        "Distribution: Clawback": "-n-n",
        "Distribution: Permanent": "nnnn",
        "Distribution: Permanent - Income/Dividends": "nnnn",
        "Distribution: Permanent - Gain / Loss": "nnnn",
        "Distribution: Permanent - Return of Capital": "nnnn",
        "Distribution: Permanent - Return of Management Fees": "nnnn",
        "Distribution: Permanent - Return of Partnership Expenses": "nnnn",
        "Distribution: Recallable": "nnnn",
        "Distribution: Recallable - Return of Capital": "nnnn",
        "Distribution: Recallable - Return of Management Fees": "nnnn",
        "Distribution: Recallable - Return of Partnership Expenses": "nnnn",
        "Distribution: Return of Excess Capital Called: Investments": "rrrr",
        "Distribution: Return of Excess Capital Called: Management Fees/Partnership Expenses": "r-r-",
        "Quarter-end Adjustment for Carry Allocation": "-n-n",
        "Quarter-end Adjustment for Accrued Management Fees/Partnership Expenses": "-n-n",
        "Quarter-end Adjustment for Accrued Fees/Interest from Fund-level Subscription Facility": "-nnn",
        "Gross Up Outstanding Balance from Fund-level Subscription Facility": "--nn",
        "NAV": "nnnn",
    }.items()
}

GROSS_UP: Mapping[str, TransactionTreatment] = {
    name: _treatment(code)
    for name, code in {
        "Capital Call: Total Amount": "dddd",
        "Fund-level Subscription Facility Drawdown: Total Amount": "--dd",
        "Synthetic Distribution: Fund-level Subscription Facility Repayment": "--rr",
        "Carry/Clawback": "-n-n",
        "Distribution: Permanent": "nnnn",
        "Distribution: Recallable": "nnnn",
        "Distribution: Return of Excess Capital Called": "rrrr",
        "Gross Up Management Fees (Gross Up Methodology Only)": "-n-n",
        "Gross Up Partnership Expenses (Gross Up Methodology Only)": "-n-n",
        "Gross Up Fund-level Subscription Facility Fees/Interest (Gross Up Methodology Only)": "-nnn",
        "Gross Up Unrealized Carried Interest (Gross Up Methodology Only)": "-n-n",
        "Gross Up Outstanding Balance from Fund-level Subscription Facility": "--nn",
        "NAV": "nnnn",
    }.items()
}

ALIASES: Mapping[str, str] = {
    "Quarter-end Adjustment for Accrued Interest from Fund-level Subscription Facility": (
        "Quarter-end Adjustment for Accrued Fees/Interest from Fund-level Subscription Facility"
    ),
}
"""Names that the granular template's own sample uses for a type of its table."""

_METHOD = " (Gross Up Methodology Only)"

AS_PRINTED: Mapping[str, str] = {
    name.removesuffix(_METHOD): name for name in GROSS_UP if name.endswith(_METHOD)
}
"""Names as the gross-up template's own sample prints them: without the method."""


@dataclass(frozen=True, slots=True, eq=False)
class Treated:
    """Flows seen in one view.

    flows       : (n,) what enters the rate of return, 0 where a flow is left out
    numerator   : what the investor has or got; denominator : what it paid, less what came back of it
    """

    flows: Floats
    numerator: float
    denominator: float

    @property
    def multiple(self) -> float:
        """numerator / denominator (net TVPI or gross MOIC); nan where the denominator is not positive."""
        return self.numerator / self.denominator if self.denominator > 0.0 else float("nan")

    def irr(self, days: DateLike, day_count: str = "ACT/365F") -> Irr:
        """The rate of return of the view; days : (n,) of all the flows."""
        return xirr(self.flows, days, day_count)


def treat(
    transaction_types: Sequence[str],
    amounts: ArrayLike,
    view: FundView,
    table: Mapping[str, TransactionTreatment] = GRANULAR,
) -> Treated:
    """Classified flows as one view sees them.

    transaction_types : (n,) keys of `table` (or of ALIASES, AS_PRINTED); amounts : (n,), paid in negative
    Raises ValuationError for a type that the table does not know: an unclassified flow is never left out
    silently.
    """
    money = reals("amounts", amounts, shape=(None,))
    names = texts("transaction_types", transaction_types)
    check_shape("transaction_types", (len(names),), money.shape)
    instance("view", view, FundView)
    in_rate = np.zeros(money.size, np.bool_)
    numerator, denominator = 0.0, 0.0
    for i, name in enumerate(names):
        known = (name, ALIASES.get(name, ""), AS_PRINTED.get(name, ""))
        treatment = next((table[n] for n in known if n in table), None)
        if treatment is None:
            raise ValuationError("transaction_types", "not in the treatment table", index=i, found=name)
        in_rate[i] = treatment.in_rate[view]
        line = treatment.line[view]
        if line is Line.NUMERATOR:
            numerator += float(money[i])
        elif line is not None:
            denominator -= float(money[i])
    within_float64("amounts", np.array([numerator, denominator]))
    return Treated(np.where(in_rate, money, 0.0), numerator, denominator)
