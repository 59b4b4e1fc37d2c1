"""Ceilings of a loan: what one borrower may have, what it may cost. RC-06, RC-35."""

from __future__ import annotations

from decimal import Decimal

from fof.rules import cited_documents as docs
from fof.rules.facts_pools import LoanFacts
from fof.rules.pool_terms import (
    GUARANTEED,
    amount_at_most,
    for_loan,
    of_programmes,
    share_at_most,
)
from fof.rules.registry import (
    Confidence,
    Level,
    Outcome,
    Scope,
    checklist,
    missing,
    not_applicable,
    rule,
)
from models.pools import Programme, RateBase
from models.text import Text


@rule(
    "RC-06",
    Level.MIN,
    Scope.LOAN,
    Confidence.SEEN,
    text=Text("单户限额", "Borrower ceilings"),
    sources=[
        docs.GUOBAN_6.at(None),
        docs.MOF_60.at(None),
        docs.MOF_11.at(None),
    ],
    concerns=of_programmes(*GUARANTEED),
)
def borrower_ceiling(
    loan: LoanFacts, *, borrower_cap_general: int, borrower_cap_tech: int, borrower_cap_4321: int
) -> Outcome:
    """What is outstanding of a firm and its group under the programme, against the programme's ceiling or a lower one of the
    agreement. The tickets of double-stability loans, by size and loan, are RC-12's."""
    if (not_this := for_loan(loan, GUARANTEED)) is not None:
        return not_this
    assert loan.agreement is not None
    if not loan.outstanding:
        return not_applicable(Text("已无在保余额", "nothing outstanding"))
    own = {Programme.TECH_PLAN_2024: borrower_cap_tech, Programme.SPLIT_4321: borrower_cap_4321}
    most = own.get(loan.agreement.programme or Programme.OTHER, borrower_cap_general)
    if loan.agreement.borrower_cap is not None:
        most = min(most, loan.agreement.borrower_cap)
    what = Text("借款人及所属集团在保余额", "outstanding of the firm and its group")
    return checklist(
        [amount_at_most(loan.group_outstanding, most, what, max(loan.group_outstanding - most, 0))]
    )


@rule(
    "RC-35",
    Level.CONFIG,
    Scope.LOAN,
    Confidence.SEEN_IN_PART,
    text=Text("贷款利率上限", "Interest-rate caps"),
    sources=[docs.practice("稳企稳岗、光子贷、助保金等办法")],
    on="day",
)
def rate_cap(loan: LoanFacts) -> Outcome:
    """The rate within the agreement's cap: base of the day of the loan × multiple + margin."""
    own = loan.agreement
    if own is None or (own.loan_rate_base is None and own.programme is None):
        return missing(Text("协议的利率上限", "the agreement's cap on the rate"))
    if own.loan_rate_base is None:
        return not_applicable(Text("协议未约定利率上限", "the agreement caps no rate"))
    bases = {
        RateBase.LPR_1Y: loan.lpr_1y,
        RateBase.LPR_5Y: loan.lpr_5y,
        RateBase.BENCHMARK: loan.benchmark_rate,
    }
    base = bases[own.loan_rate_base]
    multiple, margin = own.loan_rate_multiple or Decimal(1), own.loan_rate_margin or Decimal(0)
    highest = None if base is None else base * multiple + margin
    what = Text(f"利率（{own.loan_rate_base.zh}）", f"the rate (over {own.loan_rate_base.en.lower()})")
    return checklist(
        [share_at_most(loan.loan_rate, highest, what, loan.contract_amount)], money=loan.contract_amount
    )
