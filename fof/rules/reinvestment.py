"""Local reinvestment 返投: tracked as a contract term, warned about as policy. GF-37…39."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from decimal import Decimal

from fof.rules import documents as docs
from fof.rules.facts import FundFacts
from fof.rules.facts_deals import ReinvestClaim
from fof.rules.facts_parties import StakeFacts
from fof.rules.registry import (
    Confidence,
    Item,
    Level,
    Outcome,
    Scope,
    Verdict,
    breach_unless,
    missing,
    not_applicable,
    rule,
)
from fof.rules.wording import listed, money_en, money_zh, pct, times
from models.kinds import FeeBasis

_POLICY = docs.practice("合伙协议返投条款")


def owed_to(stake: StakeFacts, fund: FundFacts) -> bool:
    """Whether the contract owes this investor reinvestment: named investors, else every public one."""
    return stake.is_public if fund.reinvest_to is None else stake.investor.code in fund.reinvest_to


def recognised(claim: ReinvestClaim) -> Decimal | None:
    """Amount times factor; None where either is missing."""
    return None if claim.amount is None or claim.factor is None else claim.amount * claim.factor


def _base(stake: StakeFacts, fund: FundFacts) -> int | None:
    if fund.reinvest_base is FeeBasis.PAID_IN:
        return stake.paid_in
    return stake.committed if fund.reinvest_base is FeeBasis.COMMITMENT else None


def _counted(stake: StakeFacts, fund: FundFacts, until: dt.date) -> Decimal | None:
    amounts = [recognised(c) for c in fund.claims if c.investor == stake.investor.code and c.day <= until]
    return None if None in amounts else sum((a for a in amounts if a is not None), Decimal(0))


def _duty(stake: StakeFacts, fund: FundFacts) -> Outcome | Decimal | None:
    """The amount owed, or why it cannot be told; None where nothing is owed to this investor."""
    if fund.reinvest_multiple is None:
        return (
            missing(("返投倍数", "reinvestment multiple")) if owed_to(stake, fund) and fund.claims else None
        )
    if fund.reinvest_multiple == 0 or not owed_to(stake, fund):
        return None
    base = _base(stake, fund)
    if base is None:
        return missing(("返投基数", "reinvestment base"))
    return base * fund.reinvest_multiple


@rule(
    "GF-37", Level.CONFIG, Scope.STAKE, Confidence.SEEN_IN_PART,
    zh="返投倍数", en="Local reinvestment multiple (返投)",
    sources=[_POLICY, docs.GUOBAN_1.at("第17项措施")], params=["reinvest_multiple_new"],
)  # fmt: skip
def reinvestment(stake: StakeFacts, fund: FundFacts, *, reinvest_multiple_new: Decimal) -> Outcome | None:
    """Recognised local investment against the contract's multiple. Short at the end of the investment period is a
    contract breach; a multiple above the policy's in a fund set up since 国办发〔2025〕1号 is a policy warning."""
    duty = _duty(stake, fund)
    if duty is None or isinstance(duty, Outcome):
        return duty
    counted, end = _counted(stake, fund, fund.as_of), fund.investment_period_end or fund.term_end
    if counted is None or end is None:
        return missing(("返投认定金额、系数或期限", "amount or factor of a claim, or the period's end"))
    lacking = duty - counted
    policy = (
        fund.established_on is not None
        and fund.established_on >= docs.GUOBAN_1.since
        and (fund.reinvest_multiple or 0) > reinvest_multiple_new
    )
    if lacking <= 0:
        verdict = Verdict.WARN if policy else Verdict.PASS
    else:
        verdict = Verdict.BREACH if fund.as_of > end else Verdict.WARN
    achieved = counted / duty * (fund.reinvest_multiple or 0) if duty else Decimal(0)
    notes = (("新设基金约定返投，不符合国家导向", "a new fund with a reinvestment duty goes against policy"),)
    owed = max(int(lacking), 0)
    return Outcome(
        verdict,
        f"对 {stake.investor.code} 返投 {times(achieved)} 倍，约定 {times(fund.reinvest_multiple or Decimal(0))} 倍，"
        f"期限 {end}" + (f"，尚差 {money_zh(owed)}" if owed else ""),
        f"Reinvested {times(achieved)}x for {stake.investor.code}, agreed "
        f"{times(fund.reinvest_multiple or Decimal(0))}x by {end}"
        + (f", {money_en(owed)} to go" if owed else ""),
        achieved,
        fund.reinvest_multiple,
        "multiple",
        owed or None,
        {"owed": int(duty), "recognised": int(counted), "by": end},
        notes=notes if policy else (),
        since=end if verdict is Verdict.BREACH else None,
    )


@rule(
    "GF-38", Level.CONFIG, Scope.STAKE, Confidence.SEEN,
    zh="返投阶段考核", en="When reinvestment is tested",
    sources=[docs.practice("合伙协议返投条款（样本：2022 年实务文章）")],
)  # fmt: skip
def reinvestment_milestones(stake: StakeFacts, fund: FundFacts) -> Outcome | None:
    """At each agreed day that has passed, the recognised amount so far reaches that part of the duty."""
    duty = _duty(stake, fund)
    if duty is None or isinstance(duty, Outcome):
        return duty
    if not fund.reinvest_milestones:
        return not_applicable("未约定阶段考核", "no stages agreed")
    missed: list[Item] = []
    shares: list[tuple[Decimal, Decimal]] = []
    for day, part in fund.reinvest_milestones:
        if day > fund.as_of:
            continue
        counted = _counted(stake, fund, day)
        if counted is None:
            return missing(("返投认定金额或系数", "amount or factor of a claim"))
        share = counted / duty if duty else Decimal(1)
        shares.append((share, part))
        if share < part:
            lacking = int(duty * part - counted)
            missed.append(
                Item(
                    str(day),
                    f"应达 {pct(part)}，实际 {pct(share)}",
                    f"{pct(part)} due, {pct(share)} done",
                    day,
                    lacking,
                )
            )
    if not shares:
        return not_applicable("首个考核日未到", "the first stage is not due yet")
    share, part = min(shares, key=lambda pair: pair[0] - pair[1])
    return Outcome(
        breach_unless(not missed),
        f"对 {stake.investor.code} 返投阶段考核 {len(shares)} 次，未达 {len(missed)} 次",
        f"{len(shares)} stage(s) for {stake.investor.code}, {len(missed)} missed",
        share,
        part,
        "share",
        max((item.fen or 0 for item in missed), default=None),
        items=tuple(missed),
        since=missed[0].day if missed else None,
    )


@rule(
    "GF-39", Level.CONFIG, Scope.FUND, Confidence.RECALLED,
    zh="返投认定", en="What counts as reinvestment",
    sources=[docs.practice("返投认定办法（无全国统一规定）")], params=["reinvest_factor_max"],
)  # fmt: skip
def reinvestment_claims(fund: FundFacts, *, reinvest_factor_max: Decimal) -> Outcome:
    """Each claim has kind, evidence, factor and amount; no company counts twice for one investor."""
    if not fund.claims:
        return not_applicable("无返投认定", "no claims")
    seen = Counter((c.investor, c.company) for c in fund.claims)
    twice = [c for c in fund.claims if seen[c.investor, c.company] > 1]
    high = [c for c in fund.claims if c.factor is not None and not 0 <= c.factor <= reinvest_factor_max]
    bare = [c for c in fund.claims if None in (c.kind, c.amount, c.factor, c.evidence)]
    if bare and not twice and not high:
        codes = listed(c.deal for c in bare)
        return missing((f"返投要素（{codes}）", f"kind, amount, factor or evidence of {codes}"))
    items = [
        Item(c.deal, f"{c.company} 重复认定", f"{c.company} counted twice", c.day, c.amount) for c in twice
    ]
    items += [Item(c.deal, f"系数 {c.factor}", f"factor {c.factor}", c.day, c.amount) for c in high]
    return Outcome(
        breach_unless(not items),
        f"返投认定 {len(fund.claims)} 笔，重复 {len(twice)} 笔，系数超限 {len(high)} 笔",
        f"{len(fund.claims)} claims, {len(twice)} counted twice, {len(high)} with a factor above the limit",
        max((c.factor for c in fund.claims if c.factor is not None), default=None),
        reinvest_factor_max,
        "multiple",
        sum(item.fen or 0 for item in items) or None,
        items=tuple(items),
    )
