"""What programmes ask of a loan: fees, ceilings, terms, lists, rates. RC-05, 12, 13, 16, 31…33."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal

from fof.rules import cited_documents as docs
from fof.rules.calendar_days import add_years
from fof.rules.facts_pools import LoanFacts
from fof.rules.pool_terms import (
    GUARANTEED,
    amount_at_least,
    amount_at_most,
    for_loan,
    months_at_most,
    of_programmes,
    share_at_most,
)
from fof.rules.registry import (
    Confidence,
    Level,
    Limb,
    Outcome,
    Scope,
    Test,
    checklist,
    rule,
)
from fof.rules.truth import above, among, at_least, not_
from models.pools import Channel, Collateral, Programme, SizeClass
from models.text import Text

_FEE = Text("担保费率", "the guarantee fee")


@rule(
    "RC-05",
    Level.MIN,
    Scope.LOAN,
    Confidence.SEEN,
    text=Text("担保与再担保费率", "Fees"),
    sources=[docs.MOF_60.at(None), docs.HLJ_GUARANTEE_LOSS.at("第四条")],
    on="day",
    concerns=of_programmes(*GUARANTEED),
)
def fees(
    loan: LoanFacts,
    *,
    reguarantee_fee_large: Decimal,
    reguarantee_fee_small: Decimal,
    reguarantee_fee_step: int,
    guarantee_fee_average: Decimal,
    hlj_fee_max: Decimal,
) -> Outcome:
    """The reguarantee fee by amount, the guarantee fee by the agreement's cap (of the province's high-tech product by its own),
    the average on its way below one per cent, and nothing else charged."""
    if (not_this := for_loan(loan, GUARANTEED)) is not None:
        return not_this
    assert loan.agreement is not None
    own, amount = loan.agreement, loan.contract_amount
    large = above(amount, reguarantee_fee_step)
    cap = None if large is None else reguarantee_fee_large if large else reguarantee_fee_small
    tests: list[Test] = [
        share_at_most(own.reguarantee_fee_rate, cap, Text("再担保费率", "the reguarantee fee"), amount)
        if own.share_reguarantor
        else (True, Text("无再担保", "no reguarantee")),
        Limb(
            None if loan.other_fees is None else loan.other_fees == 0,
            Text("不收取其他费用", "nothing else is charged"),
            loan.other_fees,
            0,
            "fen",
            loan.other_fees,
        ),
        share_at_most(
            own.average_fee_rate, guarantee_fee_average, Text("平均担保费率", "the average fee"), amount
        ),
    ]
    most = hlj_fee_max if own.programme is Programme.HLJ_HIGH_TECH else own.fee_cap
    if most is not None:
        tests.append(share_at_most(loan.guarantee_fee_rate, most, _FEE, amount))
    return checklist(tests, money=amount)


@rule(
    "RC-12",
    Level.PROV,
    Scope.LOAN,
    Confidence.SEEN_IN_PART,
    text=Text("稳企稳岗贷款", "Heilongjiang double-stability loans (稳企稳岗)"),
    sources=[docs.HLJ_FINANCE_12.at(None), docs.HLJ_FISCAL_35.at(None)],
    on="day",
    concerns=of_programmes(Programme.DOUBLE_STABILITY),
)
def double_stability(
    loan: LoanFacts,
    *,
    stability_term_max: int,
    stability_rate_margin: Decimal,
    stability_fee: Decimal,
    stability_loan_medium: int,
    stability_loan_small: int,
    stability_loan_micro: int,
) -> Outcome:
    """Term, rate over the one-year LPR, fee, ticket by size, listed borrower, working capital, no pledged counter-guarantee."""
    if (not_this := for_loan(loan, {Programme.DOUBLE_STABILITY})) is not None:
        return not_this
    tickets = {
        SizeClass.MEDIUM: stability_loan_medium,
        SizeClass.SMALL: stability_loan_small,
        SizeClass.MICRO: stability_loan_micro,
        SizeClass.LARGE: 0,
    }
    most = None if loan.size is None else tickets[loan.size]
    highest = None if loan.lpr_1y is None else loan.lpr_1y + stability_rate_margin
    amount = loan.contract_amount
    return checklist(
        [
            months_at_most(loan.term_months, stability_term_max, amount),
            share_at_most(
                loan.loan_rate, highest, Text("利率（一年期LPR加点）", "the rate (LPR and margin)"), amount
            ),
            share_at_most(loan.guarantee_fee_rate, stability_fee, _FEE, amount),
            amount_at_most(amount, most, Text("单笔金额（按规模）", "the loan (by size)")),
            (loan.list_managed, Text("属名单内企业", "the borrower is on the list")),
            (loan.working_capital, Text("用于流动资金", "for working capital")),
            (
                not_(loan.counter_guarantee_pledged),
                Text("反担保不要求抵质押", "no pledged counter-guarantee"),
            ),
        ],
        money=amount,
    )


@rule(
    "RC-13",
    Level.PROV,
    Scope.LOAN,
    Confidence.SEEN,
    text=Text("工业企业助保金贷款", "Heilongjiang industrial 'aid-guarantee' loans (助保金)"),
    sources=[docs.HLJ_AID_GUARANTEE.at("第11至14条")],
    on="day",
    concerns=of_programmes(Programme.AID_GUARANTEE),
)
def aid_guarantee(
    loan: LoanFacts,
    *,
    aid_firm_max: int,
    aid_term_max: int,
    aid_collateral_min: Decimal,
    aid_guarantor_share_max: Decimal,
    aid_rate_multiple: Decimal,
    aid_capital_min: int,
) -> Outcome:
    """Checks before the loan: amount, term, collateral, one guarantee of the guarantor's capital, rate, the firm's capital."""
    if (not_this := for_loan(loan, {Programme.AID_GUARANTEE})) is not None:
        return not_this
    amount = loan.contract_amount
    pledged = None if amount is None else math.ceil(aid_collateral_min * amount)
    highest = None if loan.benchmark_rate is None else loan.benchmark_rate * aid_rate_multiple
    tests: list[Test] = [
        amount_at_most(amount, aid_firm_max, Text("单户贷款", "the loan")),
        months_at_most(loan.term_months, aid_term_max, amount),
        Limb(
            at_least(loan.collateral_value, pledged),
            Text("押品价值不低于贷款的一半", "collateral of at least half the loan"),
            loan.collateral_value,
            pledged,
            "fen",
            amount,
        ),
        share_at_most(
            loan.loan_rate, highest, Text("利率（基准上浮）", "the rate (over the benchmark)"), amount
        ),
        amount_at_least(
            None if loan.borrower is None else loan.borrower.paid_in_capital,
            aid_capital_min,
            Text("企业资本", "the firm's capital"),
        ),
    ]
    if loan.guarantor is not None:
        capital = loan.guarantor_capital
        most = None if capital is None else int(aid_guarantor_share_max * capital)
        tests.append(
            amount_at_most(
                amount, most, Text("单笔担保（占担保机构资本）", "one guarantee, of the guarantor's capital")
            )
        )
    return checklist(tests, money=amount)


@rule(
    "RC-16",
    Level.LOCAL,
    Scope.LOAN,
    Confidence.SEEN,
    text=Text("保证保险贷款限额（北京）", "Loan-size limits in insured loans (Beijing)"),
    sources=[docs.BEIJING_INSURED.at(None)],
    on="day",
    concerns=of_programmes(Programme.SMALL_INSURED_LOAN),
)
def beijing_sizes(
    loan: LoanFacts,
    *,
    beijing_loan_max: int,
    beijing_firm_year_max: int,
    beijing_revenue_max: int,
    beijing_age_min: int,
) -> Outcome:
    """Each loan, the firm's loans of the year, its revenue and age."""
    if (not_this := for_loan(loan, {Programme.SMALL_INSURED_LOAN})) is not None:
        return not_this
    founded = None if loan.borrower is None else loan.borrower.founded_on
    first = None if founded is None or loan.day is None else add_years(founded, beijing_age_min) <= loan.day
    return checklist(
        [
            amount_at_most(loan.contract_amount, beijing_loan_max, Text("单笔", "the loan")),
            amount_at_most(
                loan.firm_in_year, beijing_firm_year_max, Text("企业当年累计", "the firm in the year")
            ),
            amount_at_most(
                loan.borrower_revenue,
                beijing_revenue_max,
                Text("企业营业收入", "the firm's revenue"),
                loan.contract_amount,
            ),
            (first, Text(f"成立满 {beijing_age_min} 年", f"the firm is {beijing_age_min} years old")),
        ],
        money=loan.contract_amount,
    )


@rule(
    "RC-31",
    Level.CONFIG,
    Scope.LOAN,
    Confidence.SEEN_IN_PART,
    text=Text("知识产权质押资金池", "IP-pledge pools"),
    sources=[docs.ZIYANG_IP.at(None)],
    on="day",
    concerns=of_programmes(Programme.IP_PLEDGE),
)
def ip_pledge(loan: LoanFacts, *, ip_loan_max: int) -> Outcome:
    """The collateral is intellectual property with a registered pledge; the loan within the agreement's or the usual size."""
    if (not_this := for_loan(loan, {Programme.IP_PLEDGE})) is not None:
        return not_this
    assert loan.agreement is not None
    most = loan.agreement.loan_max or ip_loan_max
    return checklist(
        [
            (
                among(loan.collateral, (Collateral.IP,)),
                Text("以知识产权质押", "intellectual property is pledged"),
            ),
            (True if loan.ip_registration else None, Text("有质押登记编号", "the pledge is registered")),
            amount_at_most(loan.contract_amount, most, Text("单笔", "the loan")),
        ],
        money=loan.contract_amount,
    )


@rule(
    "RC-32",
    Level.PROV,
    Scope.LOAN,
    Confidence.SEEN,
    text=Text("知识价值信用贷款（湖南2025）", "Knowledge-value loans (Hunan 2025)"),
    sources=[docs.HUNAN_KNOWLEDGE.at("第二、三条")],
    on="day",
    concerns=of_programmes(Programme.KNOWLEDGE_VALUE),
)
def knowledge_value(loan: LoanFacts, *, knowledge_term_max: int) -> Outcome:
    """A score, a term within the ceiling, one of two channels; without collateral where it is the credit channel."""
    if (not_this := for_loan(loan, {Programme.KNOWLEDGE_VALUE})) is not None:
        return not_this
    unsecured = among(loan.collateral, (Collateral.NONE,)) if loan.loan_channel is Channel.CREDIT else None
    tests: list[Test] = [
        months_at_most(loan.term_months, knowledge_term_max, loan.contract_amount),
        (True if loan.knowledge_score is not None else None, Text("有知识价值评分", "a score is there")),
        (True if loan.loan_channel is not None else None, Text("写明发放渠道", "the channel is named")),
    ]
    if loan.loan_channel is Channel.CREDIT:
        tests.append((unsecured, Text("信用渠道无抵质押", "no collateral in the credit channel")))
    return checklist(tests, money=loan.contract_amount)


@rule(
    "RC-33",
    Level.MIN,
    Scope.LOAN,
    Confidence.SEEN,
    text=Text("国家科技成果转化贷款补偿", "National conversion-loan compensation"),
    sources=[docs.MOST_417.at("第3、7条")],
    on="day",
    concerns=of_programmes(Programme.CONVERSION_LOAN),
)
def conversion_loan(
    loan: LoanFacts, *, conversion_revenue_max: int, conversion_term_min: int, conversion_agreement_years: int
) -> Outcome:
    """The firm's revenue, the term, a listed result, and an agreement of the years asked for."""
    if (not_this := for_loan(loan, {Programme.CONVERSION_LOAN})) is not None:
        return not_this
    assert loan.agreement is not None
    first, until = loan.agreement.first_day, loan.agreement.agreement_until
    years = None if first is None or until is None else add_years(first, conversion_agreement_years)
    return checklist(
        [
            amount_at_most(
                loan.borrower_revenue,
                conversion_revenue_max,
                Text("企业营业收入", "the firm's revenue"),
                loan.contract_amount,
            ),
            Limb(
                at_least(loan.term_months, conversion_term_min),
                Text(
                    f"期限不少于 {conversion_term_min} 个月",
                    f"a term of at least {conversion_term_min} months",
                ),
                loan.term_months,
                conversion_term_min,
                "months",
            ),
            (loan.conversion_listed, Text("转化成果已入库", "the result is on the list")),
            (
                None if years is None or until is None else until >= years - dt.timedelta(days=1),
                Text(
                    f"银行协议期满 {conversion_agreement_years} 年",
                    f"the agreement is of {conversion_agreement_years} years",
                ),
            ),
        ],
        money=loan.contract_amount,
    )
