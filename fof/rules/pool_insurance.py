"""Insured loans (政银保): the splits, premiums and the stop loss. RC-14, RC-15."""

from __future__ import annotations

import math
from decimal import Decimal

from fof.rules import cited_documents as docs
from fof.rules.facts_pools import AgreementFacts, LoanFacts
from fof.rules.pool_terms import (
    outside,
    share_at_least,
    share_is,
)
from fof.rules.registry import (
    Confidence,
    Item,
    Level,
    Limb,
    Outcome,
    Scope,
    Test,
    checklist,
    rule,
)
from fof.rules.truth import all_of, at_least, at_most
from fof.rules.wording import listed, money_en, money_zh
from models.pools import Programme
from models.text import Text

_BANK = Text("银行分担", "the bank's share")
_POOL = Text("资金池分担", "the pool's share")
_INSURER = Text("保险人分担", "the insurer's share")


@rule(
    "RC-14",
    Level.PROV,
    Scope.AGREEMENT,
    Confidence.SEEN_IN_PART,
    text=Text("政银保：上海履约保证保险贷款", "政银保: Shanghai performance-guarantee-insurance loan"),
    sources=[docs.SHANGHAI_INSURED.at(None)],
)
def performance_insurance(
    agreement: AgreementFacts,
    *,
    insured_split_pool: Decimal,
    insured_split_insurer: Decimal,
    insured_split_bank: Decimal,
    insured_loan_min: int,
    insured_loan_max: int,
    insured_term_max: int,
    insured_premium: Decimal,
    insured_premium_refund: Decimal,
    insured_loan_usual: int,
) -> Outcome:
    """The fixed split, the premium and what of it is refunded on repayment; each loan's size, term and premium (of principal and
    interest over its term) beside it. Loans above the usual size and within the largest are told. How lines stand to the pool is
    RC-18's multiple: the source leaves open whether a pool stands behind one bank or all."""
    if (not_this := outside(agreement, {Programme.PERFORMANCE_INSURANCE})) is not None:
        return not_this
    tests: list[Test] = [
        share_is(agreement.share_pool, insured_split_pool, _POOL),
        share_is(agreement.share_insurer, insured_split_insurer, _INSURER),
        share_is(agreement.share_lender, insured_split_bank, _BANK),
        share_is(agreement.premium_rate, insured_premium, Text("保险费率", "the premium rate")),
        share_is(
            agreement.premium_refund,
            insured_premium_refund,
            Text("还清后退还的保费", "the premium refunded on repayment"),
        ),
    ]
    items: list[Item] = []
    for loan in agreement.loans:
        size = all_of(
            at_least(loan.contract_amount, insured_loan_min), at_most(loan.contract_amount, insured_loan_max)
        )
        fits = all_of(
            size, at_most(loan.term_months, insured_term_max), _premium_right(loan, insured_premium)
        )
        if fits is not True:
            items.append(_item(loan))
        tests.append(
            (
                fits,
                Text(f"贷款 {loan.code} 的额度、期限与保费", f"size, term and premium of loan {loan.code}"),
            )
        )
    large = [
        loan.code
        for loan in agreement.loans
        if loan.contract_amount is not None and insured_loan_usual < loan.contract_amount <= insured_loan_max
    ]
    note = Text(
        f"超过一般上限 {money_zh(insured_loan_usual)}、在最高限额内的贷款：{listed(large)}",
        f"loans above the usual {money_en(insured_loan_usual)} and within the largest: {listed(large)}",
    )
    made = checklist(tests, money=sum(i.fen or 0 for i in items) or None, notes=(note,) if large else ())
    return made._replace(items=tuple(items))


def _premium_right(loan: LoanFacts, rate: Decimal) -> bool | None:
    """Whether a loan's premium is the rate of principal and interest over its term, to the yuan."""
    amount, months, interest = loan.contract_amount, loan.term_months, loan.loan_rate
    if amount is None or months is None or interest is None or loan.loan_premium is None:
        return None
    whole = amount * (1 + interest * months / 12)
    return abs(loan.loan_premium - rate * whole) <= 100


def _item(loan: LoanFacts) -> Item:
    amount = loan.contract_amount
    text = (
        Text("合同金额不详", "amount unknown") if amount is None else Text(money_zh(amount), money_en(amount))
    )
    return Item(loan.code, text, loan.day, amount)


@rule(
    "RC-15",
    Level.CONFIG,
    Scope.AGREEMENT,
    Confidence.RECALLED,
    text=Text("政银保：其他分担", "政银保: other splits"),
    sources=[docs.practice("宁波、浙江、广东等地做法")],
)
def insured_split(
    agreement: AgreementFacts,
    *,
    stop_loss_least: Decimal,
    stop_loss_most: Decimal,
    insurer_share_min: Decimal,
    lender_share_min_insured: Decimal,
) -> Outcome:
    """The insurer bears its floor and the bank its own; where the pool stands behind the insurer a stop loss in premiums says
    from where on, and what the insurer paid beyond it passes to the pool."""
    if (not_this := outside(agreement, {Programme.INSURED_LOAN})) is not None:
        return not_this
    tests: list[Test] = [
        share_at_least(agreement.share_insurer, insurer_share_min, _INSURER),
        share_at_least(agreement.share_lender, lender_share_min_insured, _BANK),
    ]
    if agreement.stop_loss is not None:
        within = stop_loss_least <= agreement.stop_loss <= stop_loss_most
        text = Text(
            f"止损倍数在 {stop_loss_least} 至 {stop_loss_most} 之间",
            f"the stop loss is between {stop_loss_least} and {stop_loss_most} premiums",
        )
        tests.append(Limb(within, text, agreement.stop_loss, stop_loss_most, "multiple"))
        tests.append(_beyond_stop_loss(agreement, agreement.stop_loss))
    return checklist(tests)


def _beyond_stop_loss(agreement: AgreementFacts, multiple: Decimal) -> Limb:
    loss, premiums = agreement.insured_loss, agreement.premiums
    most = None if premiums is None else math.ceil(multiple * premiums)
    owed = None if loss is None else loss - agreement.insured_cut
    beyond = None if owed is None or most is None else max(owed - most, 0)
    text = Text("保险人承担未超过止损线", "the insurer bore no more than the stop loss")
    if agreement.insured_cut:  # limited compensation is no breach of the insurer's agreement
        zh, en = money_zh(agreement.insured_cut), money_en(agreement.insured_cut)
        text = Text(
            f"{text.zh}（资金池余额或限额截去的 {zh} 除外，RC-22）",
            f"{text.en}, apart from {en} that the pool's money or limits cut (RC-22)",
        )
    return Limb(at_most(owed, most), text, owed, most, "fen", beyond)
