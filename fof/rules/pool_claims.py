"""Claims: clocks, steps, what is paid and comes back, one loss compensated once. RC-11, 20, 21, 24, 36, 37."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

from fof.rules import cited_documents as docs
from fof.rules.angel_terms import AngelTerms
from fof.rules.facts_pools import ClaimFacts, LoanFacts
from fof.rules.pool_terms import amount_at_most, certified, outside, share_at_most
from fof.rules.registry import (
    Confidence,
    Level,
    Limb,
    Outcome,
    Scope,
    Test,
    checklist,
    missing,
    not_applicable,
    rule,
)
from fof.rules.truth import among, at_least, at_most, not_
from fof.rules.wording import listed, pct
from models.pools import ClaimDecision, ClaimStep, GuarantorLevel, Programme, RecoveryOrder, SizeClass
from models.text import Text, counted


@rule(
    "RC-11",
    Level.PROV,
    Scope.CLAIM,
    Confidence.SEEN_IN_PART,
    text=Text("黑龙江高新技术企业担保代偿补偿", "Heilongjiang: high-tech guarantee loss compensation"),
    sources=[docs.HLJ_GUARANTEE_LOSS.at("第二至四条")],
)
def high_tech_refund(claim: ClaimFacts, *, hlj_compensation_rate: Decimal, hlj_fee_max: Decimal) -> Outcome:
    """All conditions hold on the day of the claim, and the refund is the rate of what the guarantor paid, less what was
    recovered by the day of the refund (what comes later is shared, RC-24) and compensated otherwise."""
    if (not_this := outside(claim.agreement, {Programme.HLJ_HIGH_TECH})) is not None:
        return not_this
    own, loan = claim.guarantor, claim.loan
    rating = None if own is None else _rated_a(own.guarantor_rating)
    size = None if loan is None else loan.size
    borrower = None if loan is None else loan.borrower
    fee = None if loan is None else loan.guarantee_fee_rate
    other = claim.other_compensation
    loss = None if other is None else max(claim.guarantor_paid - claim.recovered_when_paid - other, 0)
    most = None if loss is None else int(hlj_compensation_rate * loss)
    return checklist(
        [
            (
                among(None if own is None else own.guarantor_level, (GuarantorLevel.PROVINCE,)),
                Text("省级担保机构", "a provincial guarantor"),
            ),
            (None if own is None else own.on_provincial_list, Text("在省级名单内", "on the provincial list")),
            (rating, Text("评级为 A 级及以上", "rated A or better")),
            (
                None if own is None else not_(own.on_abnormal_list),
                Text("未列入异常或失信名单", "on no abnormal list"),
            ),
            share_at_most(fee, hlj_fee_max, Text("担保费率", "the guarantee fee"), claim.pool_paid),
            (
                certified(borrower, claim.submitted_on, "high_tech_until"),
                Text("高新技术企业证书有效", "a valid high-tech certificate"),
            ),
            (among(size, (SizeClass.SMALL, SizeClass.MICRO)), Text("小微企业", "a small or micro firm")),
            amount_at_most(claim.pool_paid, most, Text("补偿额（扣除追偿与其他补偿）", "the refund (net)")),
        ],
        money=claim.pool_paid or None,
    )


def _rated_a(rating: str | None) -> bool | None:
    """Whether a rating is A or better: A, A+, AA- … AAA. A- is below; what is no rating of letters is not known."""
    if rating is None or not (own := _RATING.fullmatch(rating.strip().upper().removesuffix("级"))):
        return None
    return len(own[1]) > 1 or own[2] != "-" if own[1][0] == "A" else False


_RATING = re.compile("(A{1,3}|B{1,3}|C{1,3}|D)([+-]?)")


@rule(
    "RC-20",
    Level.CONFIG,
    Scope.CLAIM,
    Confidence.SEEN_IN_PART,
    text=Text("补偿申请时限", "Claim timetable"),
    sources=[docs.practice("高新区科技贷办法 第21条")],
)
def timetable(
    claim: ClaimFacts, *, claim_review_days: int, claim_decision_days: int, claim_wait_days_least: int
) -> Outcome:
    """Overdue long enough when submitted; review and decision within their working days, days of correction not counted."""
    own = claim.agreement
    if own is None:
        return missing(Text("合作协议", "the agreement"))
    never = (
        claim.submitted_on is None and not claim.steps
    )  # a step that was taken follows a submission, known or not
    if own.programme is Programme.ANGEL_INVESTMENT or never:
        return not_applicable(Text("不适用逾期申请时限", "no loan that is overdue"))
    review = claim_review_days if own.review_days is None else own.review_days
    decision = claim_decision_days if own.decision_days is None else own.decision_days
    wait = claim_wait_days_least if own.claim_wait_days is None else own.claim_wait_days
    overdue = None
    if claim.submitted_on is not None and claim.overdue_since is not None:
        overdue = (claim.submitted_on - claim.overdue_since).days
    return checklist(
        [
            Limb(
                at_least(overdue, wait),
                Text(f"逾期满 {wait} 天后申请", f"claimed after {counted(wait, 'day')} overdue"),
                overdue,
                wait,
                "days",
            ),
            _in_time(claim.review_used, review, claim.reviewed, Text("初审", "the first review")),
            _in_time(claim.decision_used, decision, claim.decided, Text("审定", "the decision")),
        ],
        money=claim.principal,
    )


def _in_time(used: int | None, most: int, done: bool, what: Text) -> Limb:
    """A clock that has stopped in time, or still runs and has not passed its end."""
    running = Text("", "") if done else Text("（进行中）", " (running)")
    if used is None:
        running = Text(
            "（缺放假通知，尚不能计数）", " (a notice on public holidays is missing: not counted yet)"
        )
    text = Text(
        f"{what.zh}不超过 {most} 个工作日{running.zh}", f"{what.en} within {most} working days{running.en}"
    )
    return Limb(at_most(used, most), text, used, most, "days")


@rule(
    "RC-21",
    Level.PRAC,
    Scope.CLAIM,
    Confidence.SEEN,
    text=Text("业务流程步骤", "Process steps to model"),
    sources=[docs.POOL_STANDARD.at(None)],
)
def steps_in_order(claim: ClaimFacts) -> Outcome:
    """No claim without a confirmed enrolment before the trouble; a decision has its conclusion, a refusal its reason."""
    loan = claim.loan
    tests: list[Test] = []
    if loan is not None:
        before = None if loan.day is None or claim.overdue_since is None else loan.day <= claim.overdue_since
        tests += [
            (
                True if loan.enrolment_confirmation_id else None,
                Text("有入池确认编号", "the enrolment is confirmed"),
            ),
            (before, Text("逾期前入池", "enrolled before it was overdue")),
        ]
    elif claim.agreement is None or claim.agreement.programme is not Programme.ANGEL_INVESTMENT:
        tests.append((None, Text("入池贷款", "an enrolled loan")))
    if claim.steps and claim.steps[-1][1] is ClaimStep.DECIDED:
        tests.append(
            (True if claim.claim_decision else None, Text("写明审定结论", "the conclusion is stated"))
        )
        if claim.claim_decision in (ClaimDecision.REFUSED, ClaimDecision.PARTLY):
            tests.append((bool(claim.refusal_reason), Text("写明不予补偿的理由", "the reason is stated")))
    if not tests:
        return not_applicable(Text("没有贷款步骤", "no steps of a loan"))
    return checklist(tests, money=claim.principal)


@rule(
    "RC-24",
    Level.CONFIG,
    Scope.CLAIM,
    Confidence.RECALLED,
    text=Text("追偿款分配", "Recoveries"),
    sources=[docs.practice("合作协议惯例条款")],
)
def recoveries(claim: ClaimFacts, *, recovery_remit_days: int) -> Outcome:
    """Nobody gets back more than it bore; by what each has borne, or in the order that the agreement names; handed on in time."""
    if not claim.recoveries:
        return not_applicable(Text("没有追偿收回", "nothing was recovered"))
    order = None if claim.agreement is None else claim.agreement.recovery_order
    days = recovery_remit_days
    if claim.agreement is not None and claim.agreement.remit_days is not None:
        days = claim.agreement.remit_days
    above = [r for r in claim.recoveries if r.returned > r.borne]
    tests: list[Test] = [
        Limb(
            not above,
            Text("收回不超过承担", "nobody gets back more than it bore"),
            max(r.returned - r.borne for r in claim.recoveries),
            0,
            "fen",
            sum(r.returned - r.borne for r in above),
        )
    ]
    apart = max((abs(r.returned - r.fair) for r in claim.recoveries if r.fair is not None), default=0)
    by = (order or RecoveryOrder.BORNE).text
    text = Text(f"分配：{by.zh}", f"shared: {by.en.lower()}")
    tests.append(Limb(apart <= 1, text, apart, 1, "fen", apart))
    late = [r.days for r in claim.recoveries if r.days is not None]
    unsaid = any(r.days is None for r in claim.recoveries)
    slowest = max(late, default=None)
    met = False if slowest is not None and slowest > days else None if unsaid else True
    tests.append(
        Limb(met, Text(f"{days} 天内上缴", f"handed on within {counted(days, 'day')}"), slowest, days, "days")
    )
    return checklist(tests, money=claim.recovered or None)


@rule(
    "RC-36",
    Level.CONFIG,
    Scope.LOAN,
    Confidence.RECALLED,
    text=Text("一次损失一次补偿", "One loss, one compensation"),
    sources=[docs.practice("惯例条款")],
    concerns=lambda loan: loan.has_claim,
)
def one_loss_once(loan: LoanFacts) -> Outcome:
    """Compensation from all pools, less what was handed back, with what the lender kept of recoveries, within the covered loss
    and within the agreement's cap on public money."""
    if not loan.has_claim:
        return not_applicable(Text("没有补偿申请", "no claim"))
    if loan.covered_loss is None:
        return missing(Text("补偿范围内的损失", "the covered loss"), money=loan.public_paid or None)
    net = loan.public_paid - loan.handed_back
    cap = None if loan.agreement is None else loan.agreement.public_money_cap
    tests: list[Test] = [
        amount_at_most(
            net + loan.retained,
            loan.covered_loss,
            Text("补偿净额与留存追偿", "compensation and recoveries kept"),
            max(net + loan.retained - loan.covered_loss, 0),
        )
    ]
    if cap is not None:
        most = int(cap * (loan.covered_loss if loan.suffered is None else loan.suffered))
        tests.append(
            amount_at_most(
                net,
                most,
                Text(
                    f"财政补偿不超过所承担损失的 {pct(cap)}，即",
                    f"public money within {pct(cap)} of the loss borne:",
                ),
                max(net - most, 0),
            )
        )
    return checklist(tests)


@rule(
    "RC-37",
    Level.LOCAL,
    Scope.CLAIM,
    Confidence.SEEN_IN_PART,
    text=Text("天使投资风险补偿", "Risk compensation for angel investment"),
    sources=[docs.SHANGHAI_ANGEL.at(None), docs.POLICY_2017.at("四（一）、三（五）")],
)
def angel_losses(
    claim: ClaimFacts,
    *,
    angel_rate_seed: Decimal,
    angel_rate_startup: Decimal,
    angel_project_cap: int,
    angel_yearly_cap: int,
) -> Outcome:
    """Of the loss after exit or write-off the rate of the stage on the investment's day, within the project's cap and what is
    left of the institution's year; one loss compensated once. An agreement that tolerates a loss looks at all projects together."""
    if (not_this := outside(claim.agreement, {Programme.ANGEL_INVESTMENT})) is not None:
        return not_this
    own = claim.agreement
    assert own is not None
    if claim.loss_invested is None or claim.loss_recovered is None or claim.stage_invested is None:
        return missing(Text("投资额、收回额与投资时阶段", "what was invested, recovered, and the stage"))
    terms = AngelTerms(
        angel_rate_seed if own.compensation_rate is None else own.compensation_rate,
        angel_rate_startup if own.startup_compensation_rate is None else own.startup_compensation_rate,
        angel_project_cap if own.project_cap is None else own.project_cap,
        angel_yearly_cap if own.yearly_cap is None else own.yearly_cap,
    )
    due = terms.due(max(claim.loss_invested - claim.loss_recovered, 0), claim.stage_invested)
    tolerated = [] if own.portfolio_loss_max is None else [_tolerated(claim, own.portfolio_loss_max)]
    return checklist(
        [
            *tolerated,
            amount_at_most(
                claim.pool_paid,
                due,
                Text("补偿额（损失×比例，单项封顶）", "the compensation (rate of the loss, capped)"),
                max(claim.pool_paid - due, 0),
            ),
            amount_at_most(
                claim.paid_in_year,
                terms.yearly_cap,
                Text("机构当年累计补偿", "the institution's compensation of the year"),
                max(claim.paid_in_year - terms.yearly_cap, 0),
            ),
            (
                not claim.deal_claims,
                Text(
                    "同一项目未重复申请"
                    + (f"（另有 {listed(claim.deal_claims)}）" if claim.deal_claims else ""),
                    "no other claim for the project"
                    + (f" ({listed(claim.deal_claims)})" if claim.deal_claims else ""),
                ),
            ),
        ]
    )


def _tolerated(claim: ClaimFacts, most: Decimal) -> Limb:
    """What was lost on all projects together, gains taken off, as a share of what was invested in them."""
    invested, recovered = claim.all_invested, claim.all_recovered
    lost = None if invested is None or recovered is None else max(invested - recovered, 0)
    share = None if lost is None or not invested else Fraction(lost, invested)
    over = None if lost is None or invested is None else max(lost - int(most * invested), 0)
    what = Text("全部项目合计亏损占投资额", "the loss on all projects together, of what was invested,")
    return share_at_most(share, most, what, over)
