"""Local reinvestment 返投: tracked as a contract term, warned about as policy. GF-37…39."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from fof.rules import cited_documents as docs
from fof.rules.facts import FundFacts
from fof.rules.facts_deals import ReinvestClaim
from fof.rules.facts_parties import StakeFacts
from fof.rules.registry import (
    Confidence,
    Item,
    Level,
    Outcome,
    Scope,
    Value,
    Verdict,
    breach_unless,
    missing,
    not_applicable,
    rule,
)
from fof.rules.wording import listed, money_en, money_zh, pct, times
from models.kinds import FeeBasis
from models.rule_kinds import ReinvestKind
from models.text import Text

_POLICY = docs.practice("合伙协议返投条款")


def owed_to(stake: StakeFacts, fund: FundFacts) -> bool:
    """Whether the contract owes this investor reinvestment: named investors, else every public one."""
    return stake.is_public if fund.reinvest_to is None else stake.investor.code in fund.reinvest_to


class Counted(NamedTuple):
    """The claims for one investor up to a day, each company counted once (GF-39: twice is a double count).

    once  : the first claim of each company, by day and deal      twice : later claims of a company, not counted
    open  : of `once`, those whose kind, evidence, amount or factor is missing: they may count or not
    fen   : amounts times factors of the others
    most  : what may count at most with the open ones; None: there is no telling
    """

    once: tuple[ReinvestClaim, ...]
    twice: tuple[ReinvestClaim, ...]
    open: tuple[ReinvestClaim, ...]
    fen: Decimal
    most: Decimal | None

    def surely_short(self, due: Decimal) -> bool:
        """Whether less than what is due counts, however the open claims turn out."""
        return self.most is not None and self.most < due


def count(claims: Iterable[ReinvestClaim], investor: str, until: dt.date, factor_max: Decimal) -> Counted:
    """What of the claims counts for an investor; the one counting of GF-37, GF-38, GF-39 and the evaluation.

    A factor outside 0 to `factor_max` counts as the nearer end: what is above the limit is not recognised.
    """
    seen: set[str] = set()
    once: list[ReinvestClaim] = []
    twice: list[ReinvestClaim] = []
    for claim in sorted((c for c in claims if c.investor == investor), key=lambda c: (c.day, c.deal)):
        if claim.day <= until:
            (twice if claim.company in seen else once).append(claim)
            seen.add(claim.company)
    amounts = [_recognised(claim, factor_max) for claim in once]
    sure = sum((fen for fen in amounts if fen is not None), Decimal(0))
    open_ones = tuple(claim for claim, fen in zip(once, amounts, strict=True) if fen is None)
    further = [_at_most(claim, factor_max) for claim in open_ones]
    most = None if None in further else sure + sum((fen for fen in further if fen is not None), Decimal(0))
    return Counted(tuple(once), tuple(twice), open_ones, sure, most)


def _recognised(claim: ReinvestClaim, factor_max: Decimal) -> Decimal | None:
    """Amount times factor; None where anything that a claim rests on is missing."""
    if claim.kind is None or not claim.evidence or claim.amount is None or claim.factor is None:
        return None
    return claim.amount * min(max(claim.factor, Decimal(0)), factor_max)


def _at_most(claim: ReinvestClaim, factor_max: Decimal) -> Decimal | None:
    """What an open claim may count at most; None without an amount, unless its factor is nought."""
    factor = factor_max if claim.factor is None else min(max(claim.factor, Decimal(0)), factor_max)
    if factor == 0:
        return Decimal(0)
    return None if claim.amount is None else claim.amount * factor


def base_on(stake: StakeFacts, fund: FundFacts, day: dt.date) -> int | None:
    """What the multiple is of: paid in up to a day, or committed; None where the contract's base is not known, or the stake
    is known by declaration alone."""
    if stake.declared is not None:
        return None
    if fund.reinvest_base is FeeBasis.PAID_IN:
        return sum(flow.fen for flow in stake.paid if flow.day <= day)
    return fund.stake_on(stake, day).committed if fund.reinvest_base is FeeBasis.COMMITMENT else None


def against_policy(fund: FundFacts, multiple_new: Decimal) -> bool | None:
    """A multiple above the policy's in a fund set up since 国办发〔2025〕1号; None where that day is not known."""
    if fund.reinvest_multiple is None or fund.reinvest_multiple <= multiple_new:
        return False
    return None if fund.established_on is None else fund.established_on >= docs.GUOBAN_1.since


def _duty(stake: StakeFacts, fund: FundFacts, day: dt.date) -> Outcome | Decimal | None:
    """The amount owed by what was paid up to a day, or why it cannot be told; None where nothing is owed to this
    investor."""
    if fund.reinvest_multiple is None:
        return (
            missing(Text("返投倍数", "reinvestment multiple"))
            if owed_to(stake, fund) and fund.claims
            else None
        )
    if fund.reinvest_multiple == 0 or not owed_to(stake, fund):
        return None
    base = base_on(stake, fund, day)
    if base is None:
        return missing(Text("返投基数", "reinvestment base"))
    return base * fund.reinvest_multiple


def _incomplete(counted: Counted) -> Outcome:
    codes = listed(claim.deal for claim in counted.open)
    return missing(
        Text(f"返投认定的类型、证明、金额或系数（{codes}）", f"kind, evidence, amount or factor of {codes}"),
        inputs={"recognised": int(counted.fen)},
    )


@rule(
    "GF-37",
    Level.CONFIG,
    Scope.STAKE,
    Confidence.SEEN_IN_PART,
    text=Text("返投倍数", "Local reinvestment multiple (返投)"),
    sources=[_POLICY, docs.GUOBAN_1.at("第17项措施")],
)
def reinvestment(
    stake: StakeFacts, fund: FundFacts, *, reinvest_multiple_new: Decimal, reinvest_factor_max: Decimal
) -> Outcome | None:
    """Recognised local investment against the contract's multiple. Short at the end of the investment period is a
    contract breach; a multiple above the policy's in a fund set up since 国办发〔2025〕1号 is a policy warning."""
    duty = _duty(stake, fund, fund.as_of)
    if duty is None or isinstance(duty, Outcome):
        return duty
    counted = count(fund.claims, stake.investor.code, fund.as_of, reinvest_factor_max)
    end = fund.investment_period_end or fund.term_end
    lacking, policy = duty - counted.fen, against_policy(fund, reinvest_multiple_new)
    short = None if end is None else Verdict.BREACH if fund.as_of > end else Verdict.WARN
    full = None if policy is None else Verdict.WARN if policy else Verdict.PASS
    verdict = short if lacking > 0 else full
    if lacking > 0 and counted.open and not counted.surely_short(duty) and short is not full:
        return _incomplete(counted)
    if verdict is None and lacking > 0:
        return missing(Text("投资期或存续期届满日", "the period's end"), money=math.ceil(lacking))
    if verdict is None:
        return missing(Text("成立日（是否属新设基金）", "day of establishment (a new fund or not)"))
    multiple = fund.reinvest_multiple or Decimal(0)
    achieved = counted.fen / duty * multiple if duty else Decimal(0)
    notes = [
        Text("新设基金约定返投，不符合国家导向", "a new fund with a reinvestment duty goes against policy")
    ]
    notes = notes if policy else []
    if counted.twice:
        codes = listed(claim.deal for claim in counted.twice)
        notes.append(
            Text(f"同一企业重复认定，未计入：{codes}", f"company claimed before, not counted: {codes}")
        )
    owed = max(math.ceil(lacking), 0)
    return Outcome(
        verdict,
        Text(
            f"对 {stake.investor.code} 返投 {times(achieved)} 倍，约定 {times(multiple)} 倍，"
            f"期限 {end or '未定'}" + (f"，尚差 {money_zh(owed)}" if owed else ""),
            f"Reinvested {times(achieved)}x for {stake.investor.code}, agreed {times(multiple)}x by {end or '?'}"
            + (f", {money_en(owed)} to go" if owed else ""),
        ),
        achieved,
        fund.reinvest_multiple,
        "multiple",
        owed or None,
        {"owed": math.ceil(duty), "recognised": int(counted.fen), "by": end},
        notes=tuple(notes),
        since=end + dt.timedelta(days=1) if end is not None and verdict is Verdict.BREACH else None,
    )


@rule(
    "GF-38",
    Level.CONFIG,
    Scope.STAKE,
    Confidence.SEEN,
    text=Text("返投阶段考核", "When reinvestment is tested"),
    sources=[docs.practice("合伙协议返投条款（样本：2022 年实务文章）")],
)
def reinvestment_milestones(
    stake: StakeFacts, fund: FundFacts, *, reinvest_factor_max: Decimal
) -> Outcome | None:
    """At each agreed day that has passed, the recognised amount so far reaches that part of the duty of that day."""
    if isinstance(duty := _duty(stake, fund, fund.as_of), Outcome | None):
        return duty
    if fund.reinvest_milestones is None:
        return missing(
            Text("可读的返投阶段要求（日期:比例）", "readable reinvestment milestones (date:share)")
        )
    if not fund.reinvest_milestones:
        return not_applicable(Text("未约定阶段考核", "no stages agreed"))
    missed: list[Item] = []
    shares: list[tuple[Decimal, Decimal]] = []
    unclear: list[Counted] = []
    for day, part in fund.reinvest_milestones:
        owed = _duty(stake, fund, day)
        if day > fund.as_of or not isinstance(owed, Decimal):
            continue
        counted = count(fund.claims, stake.investor.code, day, reinvest_factor_max)
        share = counted.fen / owed if owed else Decimal(1)
        shares.append((share, part))
        if counted.fen >= owed * part:
            continue
        if counted.open and not counted.surely_short(owed * part):
            unclear.append(counted)
            continue
        lacking = math.ceil(owed * part - counted.fen)
        missed.append(
            Item(
                str(day),
                Text(f"应达 {pct(part)}，实际 {pct(share)}", f"{pct(part)} due, {pct(share)} done"),
                day,
                lacking,
            )
        )
    if unclear and not missed:
        return _incomplete(unclear[0])
    if not shares:
        return not_applicable(Text("首个考核日未到", "the first stage is not due yet"))
    share, part = min(shares, key=lambda pair: pair[0] - pair[1])
    return Outcome(
        breach_unless(not missed),
        Text(
            f"对 {stake.investor.code} 返投阶段考核 {len(shares)} 次，未达 {len(missed)} 次",
            f"{len(shares)} stage(s) for {stake.investor.code}, {len(missed)} missed",
        ),
        share,
        part,
        "share",
        max((item.fen or 0 for item in missed), default=None),
        items=tuple(missed),
        since=missed[0].day if missed else None,
    )


@rule(
    "GF-39",
    Level.CONFIG,
    Scope.FUND,
    Confidence.RECALLED,
    text=Text("返投认定", "What counts as reinvestment"),
    sources=[docs.practice("返投认定办法（无全国统一规定）")],
)
def reinvestment_claims(fund: FundFacts, *, reinvest_factor_max: Decimal) -> Outcome:
    """Each claim has kind, evidence, factor and amount; no company counts twice for one investor, and no more is
    claimed of a deal than the fund paid (but for money that a sister fund put in)."""
    if not fund.claims:
        return not_applicable(Text("无返投认定", "no claims"))
    paid = {deal.code: deal.fen for deal in fund.deals}
    investors = sorted({c.investor for c in fund.claims})
    faults: list[tuple[ReinvestClaim, Text]] = []
    for investor in investors:
        twice = count(fund.claims, investor, fund.as_of, reinvest_factor_max).twice
        faults += [(c, Text(f"{c.company} 重复认定", f"{c.company} counted twice")) for c in twice]
    bare: list[ReinvestClaim] = []
    for c in fund.claims:
        if c.kind is None or not c.evidence or c.amount is None or c.factor is None:
            bare.append(c)
        if c.factor is not None and not 0 <= c.factor <= reinvest_factor_max:
            faults.append((c, Text(f"系数 {c.factor}", f"factor {c.factor}")))
        if c.amount is None or c.kind in (None, ReinvestKind.SISTER_FUND):
            continue
        invested = paid.get(c.deal)
        if invested is None and c.amount > 0:
            bare.append(c)
        elif invested is not None and c.amount > invested:
            amount = money_zh(invested), money_en(invested)
            faults.append((c, Text(f"认定额超过投资额 {amount[0]}", f"more than the {amount[1]} invested")))
    if bare and not faults:
        codes = listed(dict.fromkeys(c.deal for c in bare))
        return missing(
            Text(f"返投要素（{codes}）", f"kind, amount, factor, evidence or amount invested of {codes}")
        )
    wrong = {c.deal: c.amount or 0 for c, _ in faults}
    highest = max((c.factor for c in fund.claims if c.factor is not None), default=None)
    by_factor = not faults or (highest is not None and highest > reinvest_factor_max)
    measured: Value = highest if by_factor else len(wrong)
    threshold: Value = reinvest_factor_max if by_factor else 0
    return Outcome(
        breach_unless(not faults),
        Text(
            f"返投认定 {len(fund.claims)} 笔，不符合要求 {len(wrong)} 笔",
            f"Claims: {len(fund.claims)}; not as they must be: {len(wrong)}",
        ),
        measured,
        threshold,
        "multiple" if by_factor else "count",
        sum(wrong.values()) or None,
        items=tuple(Item(c.deal, text, c.day, c.amount) for c, text in faults),
        since=min((c.day for c, _ in faults), default=None),
    )
