"""Vouchers and post-subsidies: what may be granted, to whom, on which evidence. IV-01, IV-02, IN-01, IN-02."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

from fof.rules import cited_documents as docs
from fof.rules.calendar_days import add_months, add_years
from fof.rules.facts_instruments import GrantFacts
from fof.rules.pool_terms import amount_at_least, amount_at_most
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
from fof.rules.truth import above, all_of, at_most, given, not_
from models.instruments import SubsidyKind, VoucherPeriod
from models.text import Text, counted


def _undecided(grant: GrantFacts) -> Outcome | None:
    """Why an amount is not judged: refused, withdrawn or not decided yet."""
    if grant.refused:
        return not_applicable(Text("未予支持或已撤回", "refused or withdrawn"))
    if grant.grant_decision is None:
        return not_applicable(Text("尚未审定", "not decided yet"))
    return None


_BESIDE: dict[VoucherPeriod, Callable[[GrantFacts], int]] = {
    VoucherPeriod.CALENDAR_YEAR: lambda grant: grant.granted_in_year,
    VoucherPeriod.CONTRACT: lambda grant: grant.granted_in_contract,
    VoucherPeriod.ONCE: lambda grant: grant.granted_ever,
}


def voucher_allowed(cost: int, beside: int, rate: Decimal | Fraction, cap: int) -> int:
    """What may be granted on a cost, in whole fen rounded down: its part, within what the period leaves of the cap.

    >>> voucher_allowed(300_000_00, 0, Decimal("0.5"), 100_000_00)
    10000000
    """
    return min(int(rate * cost), max(cap - beside, 0))


@rule(
    "IV-01",
    Level.PROV,
    Scope.VOUCHER,
    Confidence.SEEN_IN_PART,
    text=Text("创新券兑付额", "Innovation voucher (创新券)"),
    sources=[docs.POLICY_2017.at("三（七）")],
    on="decided_on",
)
def voucher_amount(
    grant: GrantFacts, *, voucher_rate: Decimal, voucher_cap: int, voucher_period: str
) -> Outcome:
    """At most its part of the actual cost, and with the firm's other vouchers of the period at most the cap; no more is paid
    than was granted."""
    if (not_this := _undecided(grant)) is not None:
        return not_this
    period = VoucherPeriod(voucher_period)
    beside, cost, granted = _BESIDE[period](grant), grant.eligible_cost, grant.granted_amount
    part = None if cost is None else int(voucher_rate * cost)
    tests: list[Test] = [
        amount_at_most(
            granted, part, Text("审定金额（按实际费用比例）", "the grant, by its part of the cost"), granted
        ),
        amount_at_most(
            None if granted is None else granted + beside,
            voucher_cap,
            Text(f"{period.zh}内该企业合计", f"the firm's total ({period.en.lower()})"),
            granted,
        ),
        amount_at_most(grant.paid, granted, Text("兑付合计", "what was paid")),
    ]
    return checklist(tests, money=granted)


@rule(
    "IV-02",
    Level.CONFIG,
    Scope.VOUCHER,
    Confidence.SEEN_IN_PART,
    text=Text("创新券使用条件", "Voucher eligibility"),
    sources=[docs.POLICY_2017.at("三（七）")],
    on="contract_on",
)
def voucher_eligibility(grant: GrantFacts, *, voucher_validity_months: int) -> Outcome:
    """An S&T-SME on the contract's day, a provider that is no related party, a cost that is invoiced, paid and covered once, and
    used while the voucher was valid."""
    if grant.refused:
        return not_applicable(Text("未予支持或已撤回", "refused or withdrawn"))
    cost, day = grant.eligible_cost, grant.contract_on
    granted = (
        0 if grant.grant_decision is None else grant.granted_amount
    )  # others alone count until it is decided
    end = grant.voucher_valid_until or (None if day is None else add_months(day, voucher_validity_months))
    together = None if granted is None or grant.other_grants is None else granted + grant.other_grants
    tests: list[Test] = [
        (grant.st_sme_then, Text("签约日为科技型中小企业", "an S&T-SME on the contract's day")),
        (
            False if grant.affiliated else None if grant.provider is None else grant.provider_independent,
            Text("服务机构不是关联方", "the provider is no related party"),
        ),
        *_evidence(grant),
        Limb(
            at_most(together, cost),
            Text("各项补助合计不超过实际费用", "all grants together within the cost"),
            together,
            cost,
            "fen",
            granted,
        ),
        Limb(
            None if grant.service_accepted_on is None or end is None else grant.service_accepted_on <= end,
            Text(f"在有效期内使用（{end or '—'} 前）", f"used while valid (until {end or '—'})"),
            grant.service_accepted_on,
            end,
            "date",
            granted,
        ),
    ]
    return checklist(tests, money=granted)


def _evidence(grant: GrantFacts) -> list[Test]:
    """The cost is invoiced, paid and evidenced."""
    cost = grant.eligible_cost
    if cost is None:
        return [(None, Text("实际发生费用", "the actual cost"))]
    return [
        amount_at_least(grant.cost_invoiced, cost, Text("已开票", "invoiced")),
        amount_at_least(grant.cost_paid, cost, Text("已付款", "paid")),
        (given(grant.cost_evidence), Text("费用凭证", "evidence of the cost")),
    ]


_POST = frozenset({SubsidyKind.INCUBATION, SubsidyKind.RESEARCH})


def _of_kind(grant: GrantFacts, kinds: frozenset[SubsidyKind]) -> Outcome | None:
    if grant.subsidy_kind is None:
        return missing(Text("补助类型", "the kind of subsidy"), money=grant.granted_amount)
    if grant.subsidy_kind not in kinds:
        return not_applicable(
            Text(f"补助类型为{grant.subsidy_kind.zh}", f"the subsidy is for {grant.subsidy_kind.en.lower()}")
        )
    return _undecided(grant)


@rule(
    "IN-01",
    Level.PROV,
    Scope.SUBSIDY,
    Confidence.SEEN,
    text=Text("创业投资奖励（四川例）", "Reward for VC that invests in S&T-SMEs (Sichuan example)"),
    sources=[docs.SICHUAN_REWARD.at(None)],
    on="decided_on",
)
def investor_reward(
    grant: GrantFacts, *, reward_rate: Decimal, reward_cap: int, reward_hold_years: int
) -> Outcome:
    """A part of money actually paid to an S&T-SME and held for over a year, in all at most the cap for one investor."""
    if (not_this := _of_kind(grant, frozenset({SubsidyKind.REWARD}))) is not None:
        return not_this
    invested, granted = grant.invested, grant.granted_amount
    most = None if invested is None else int(reward_rate * invested)
    until = None if grant.invested_on is None else add_years(grant.invested_on, reward_hold_years)
    sold, part = grant.sold_on, grant.part_sold_on
    held = all_of(
        above(grant.decided_on, until),
        None if until is None else sold is None or sold > until,
        None if until is None or (part is not None and part <= until) else True,  # perhaps of other shares
    )
    tests: list[Test] = [
        (grant.st_sme_then, Text("投资时为科技型中小企业", "an S&T-SME when invested in")),
        Limb(
            held,
            Text(
                f"投资满 {reward_hold_years} 年且未退出",
                f"held for more than {counted(reward_hold_years, 'year')}",
            ),
            grant.decided_on,
            until,
            "date",
            granted,
        ),
        amount_at_most(
            granted,
            most,
            Text("奖励（按实缴投资比例）", "the reward, by its part of the money paid"),
            granted,
        ),
        amount_at_most(
            None if granted is None else granted + grant.rewarded_before,
            reward_cap,
            Text("该机构奖励合计", "the investor's rewards in all"),
            granted,
        ),
    ]
    return checklist(tests, money=granted)


@rule(
    "IN-02",
    Level.PROV,
    Scope.SUBSIDY,
    Confidence.SEEN_IN_PART,
    text=Text("孵化载体与研发后补助", "Post-subsidies for incubators and R&D (后补助)"),
    sources=[docs.POLICY_2017.at("二（四）")],
    on="decided_on",
)
def post_subsidy(grant: GrantFacts, *, full_score: Decimal) -> Outcome:
    """Score times cost at most, within the issuer's cap; score and cost in evidence, own funds of the agreed share, and no other
    grant on the same cost. Cap and share are the issuer's own, with their document."""
    if (not_this := _of_kind(grant, _POST)) is not None:
        return not_this
    cost, granted = grant.eligible_cost, grant.granted_amount
    score = grant.service_score
    allowed = None if cost is None or score is None else int(score / full_score * cost)
    least = None if cost is None or grant.own_share_min is None else math.ceil(grant.own_share_min * cost)
    own = None if grant.own_funds is None or least is None else grant.own_funds >= least
    tests: list[Test] = [
        (
            all_of(given(score), given(grant.score_evidence)),
            Text("评价得分及依据", "the score and its evidence"),
        ),
        *_evidence(grant),
        Limb(
            not_(above(grant.other_grants, 0)),
            Text("同一费用没有其他补助", "no other grant on the same cost"),
            grant.other_grants,
            0,
            "fen",
            granted,
        ),
        amount_at_most(
            granted, allowed, Text("补助（得分 × 费用）", "the subsidy, by score and cost"), granted
        ),
        amount_at_most(granted, grant.cap, Text("补助（上限）", "the subsidy, by its cap"), granted),
        Limb(
            own,
            Text("自筹资金达到比例", "own funds of the agreed share"),
            grant.own_funds,
            least,
            "fen",
            granted,
        ),
        amount_at_most(grant.paid, granted, Text("兑付合计", "what was paid")),
    ]
    return checklist(tests, money=granted)
