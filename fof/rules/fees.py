"""Management fee, carry and hurdle. GF-41…45."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import ROUND_HALF_EVEN, Decimal

from fof.rules import documents as docs
from fof.rules.contract import ENDING
from fof.rules.facts import FeePeriod, FeePhase, FundFacts
from fof.rules.facts_parties import Flow
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
from fof.rules.wording import money_en, money_zh, pct
from models.kinds import FeeBasis, Grade, PartyKind

_BASES = (FeeBasis.PAID_IN, FeeBasis.INVESTED)


def fee_of(period: FeePeriod, rate: Decimal | None = None) -> int | None:
    """base x rate x days / 365 in whole fen, half to even; None where base or rate is missing."""
    rate = period.rate if rate is None else rate
    if period.base_fen is None or rate is None:
        return None
    return int((period.base_fen * rate * period.days / 365).to_integral_value(rounding=ROUND_HALF_EVEN))


def _line(period: FeePeriod, allowed: int) -> Item:
    over = period.booked - allowed
    return Item(
        f"{period.start}/{period.end}",
        f"已付 {money_zh(period.booked)}，按约定 {money_zh(allowed)}",
        f"booked {money_en(period.booked)}, allowed {money_en(allowed)}",
        period.start,
        over,
    )


@rule(
    "GF-41", Level.MIN, Scope.FUND, Confidence.SEEN,
    zh="管理费计提基数", en="Management-fee base",
    sources=[docs.GUOBAN_1.at(None, since=dt.date(2025, 1, 8))],  # funds created after 2025-01-07
    params=["fee_tolerance_fen"], on="established_on",
)  # fmt: skip
def fee_base(fund: FundFacts, *, fee_tolerance_fen: int) -> Outcome:
    """A fund created after 2025-01-07 charges on paid-in or invested money; what was booked is base x rate x days / 365."""
    if not fund.is_public:
        return not_applicable("无政府出资", "no government money")
    if fund.fee_basis_investment is None:
        return missing(("管理费基数", "fee base"))
    bases = [b for b in (fund.fee_basis_investment, fund.fee_basis_exit) if b is not None]
    wrong = [b for b in bases if b not in _BASES]
    allowed = [fee_of(period) for period in fund.fees]
    lines = [
        _line(period, fee)
        for period, fee in zip(fund.fees, allowed, strict=True)
        if fee is not None and period.booked > fee + fee_tolerance_fen
    ]
    over = sum(item.fen or 0 for item in lines)
    if not wrong and not lines and None in allowed:
        return missing(("部分期间的管理费基数金额或费率", "base or rate of some fee periods"))
    base = (wrong or bases)[0]
    return Outcome(
        breach_unless(not wrong and not lines),
        f"管理费基数：{base.zh}（应为实缴或实际投资）" + (f"；多计 {money_zh(over)}" if over else ""),
        f"Fee base: {base.en} (paid-in or invested required)"
        + (f"; {money_en(over)} too much" if over else ""),
        str(base),
        "paid_in / invested",
        "word",
        (over or sum(period.booked for period in fund.fees) or None) if wrong or lines else None,
        items=tuple(lines),
    )


@rule(
    "GF-42", Level.CONFIG, Scope.FUND, Confidence.SEEN_IN_PART,
    zh="管理费率", en="Management-fee rate",
    sources=[docs.practice("合伙协议、遴选公告（样本：南京江北新区 2025-05、粤财预〔2025〕55号）")],
    params=["fee_rate_investment_max", "fee_rate_exit_max", "fee_rate_extension_max"],
)  # fmt: skip
def fee_rate(
    fund: FundFacts,
    *,
    fee_rate_investment_max: Decimal,
    fee_rate_exit_max: Decimal,
    fee_rate_extension_max: Decimal,
) -> Outcome:
    """Rates by phase at most the caps; nothing after the term; what was booked at most the cap's fee."""
    if not fund.is_public:
        return not_applicable("无政府出资", "no government money")
    if fund.fee_rate_investment is None:
        return missing(("管理费率", "fee rate"))
    caps = {
        FeePhase.INVESTMENT: (
            fund.fee_rate_investment,
            fee_rate_investment_max,
            "投资期",
            "investment period",
        ),
        FeePhase.EXIT: (fund.fee_rate_exit, fee_rate_exit_max, "退出期", "exit period"),
        FeePhase.EXTENSION: (fund.fee_rate_extension, fee_rate_extension_max, "延长期", "extension"),
    }
    high = [(zh, en, rate, cap) for rate, cap, zh, en in caps.values() if rate is not None and rate > cap]
    lines: list[Item] = []
    for period in fund.fees:
        cap = caps[period.phase][1] if period.phase in caps else Decimal(0)
        fee = 0 if cap == 0 else fee_of(period, cap)
        if fee is None:
            return missing(("部分期间的管理费基数金额", "base of some fee periods"))
        if period.booked > fee:
            lines.append(_line(period, fee))
    over = sum(item.fen or 0 for item in lines)
    after = sum(period.booked for period in fund.fees if period.phase is FeePhase.AFTER_TERM)
    shown = max((c for c in caps.values() if c[0] is not None), key=lambda c: (c[0] or Decimal(0)) - c[1])
    zh = "；".join(f"{z}费率 {pct(r)} 超过 {pct(c)}" for z, _, r, c in high)
    en = "; ".join(f"{e} {pct(r)} above {pct(c)}" for _, e, r, c in high)
    return Outcome(
        breach_unless(not high and not lines),
        (zh or f"费率不超过上限（{shown[2]} {pct(shown[0] or Decimal(0))}）")
        + (f"；多付 {money_zh(over)}" if over else "")
        + (f"，其中到期后 {money_zh(after)}" if after else ""),
        (en or f"Rates within the caps ({shown[3]} {pct(shown[0] or Decimal(0))})")
        + (f"; {money_en(over)} too much" if over else "")
        + (f", of which after the term {money_en(after)}" if after else ""),
        shown[0],
        shown[1],
        "share",
        over or None,
        items=tuple(lines),
    )


@rule(
    "GF-43", Level.CONFIG, Scope.FUND, Confidence.SEEN,
    zh="管理费与绩效挂钩", en="Fee tied to performance evaluation",
    sources=[docs.practice("合伙协议（样本：南京江北新区 2025-05、闽财规〔2025〕14号）")],
    params=["fee_held_share_default", "grade_factor_good", "grade_factor_medium", "grade_factor_poor"],
)  # fmt: skip
def fee_by_grade(
    fund: FundFacts,
    *,
    fee_held_share_default: Decimal,
    grade_factor_good: Decimal,
    grade_factor_medium: Decimal,
    grade_factor_poor: Decimal,
) -> Outcome:
    """Fee booked in the year evaluated last is at most the part not held plus the held part times the grade's factor."""
    held = fee_held_share_default if fund.fee_held_share is None else fund.fee_held_share
    if held == 0 or not fund.is_public:
        return not_applicable("管理费不与绩效挂钩", "no part of the fee is held")
    graded = [e for e in fund.evaluations if e.grade is not None]
    if not graded:
        return missing(("绩效评价等级", "grade of an evaluation"))
    last = graded[-1]
    factors = {
        Grade.EXCELLENT: Decimal(1),
        Grade.GOOD: grade_factor_good,
        Grade.MEDIUM: grade_factor_medium,
        Grade.POOR: grade_factor_poor,
    }
    assert last.grade is not None
    year = last.day.year - 1
    periods = [period for period in fund.fees if period.start.year == year]
    full = [fee_of(period) for period in periods]
    if not periods or None in full:
        return missing((f"{year} 年管理费", f"the fee of {year}"))
    part = 1 - held + held * factors[last.grade]
    allowed = int(sum(fee for fee in full if fee is not None) * part)
    booked = sum(period.booked for period in periods)
    return Outcome(
        breach_unless(booked <= allowed),
        f"{year} 年等级“{last.grade.zh}”，可付管理费 {money_zh(allowed)}（{pct(part)}），已付 {money_zh(booked)}",
        f"{year}: grade {last.grade.en}, payable {money_en(allowed)} ({pct(part)}), booked {money_en(booked)}",
        booked,
        allowed,
        "fen",
        booked - allowed if booked > allowed else None,
        {"grade": str(last.grade), "held": held, "factor": factors[last.grade]},
    )


@rule(
    "GF-44", Level.CONFIG, Scope.FUND, Confidence.SEEN,
    zh="管理费从收益中列支", en="Fee out of income, not principal",
    sources=[docs.GUANGDONG_55.at(None)],
)  # fmt: skip
def fee_advance(fund: FundFacts) -> Outcome:
    """Principal that advanced the fee is made whole before any carry, and at the latest in liquidation."""
    if not fund.is_public:
        return not_applicable("无政府出资", "no government money")
    if fund.fee_advance is None:
        return missing(("本金垫付管理费余额", "balance of fees advanced from principal"))
    carried = sum(flow.fen for flow in fund.carry)
    ending = fund.status in ENDING
    kept = fund.fee_advance == 0 or (carried <= 0 and not ending)
    return Outcome(
        breach_unless(kept),
        f"本金垫付管理费余额 {money_zh(fund.fee_advance)}；已付业绩报酬 {money_zh(carried)}"
        + ("；清算中" if ending else ""),
        f"Fees advanced from principal {money_en(fund.fee_advance)}; carry paid {money_en(carried)}"
        + ("; being wound up" if ending else ""),
        fund.fee_advance,
        0,
        "fen",
        None if kept else fund.fee_advance,
    )


def hurdle_shortfall(
    paid: Iterable[Flow], received: Iterable[Flow], day: dt.date, rate: Decimal, *, compound: bool
) -> Decimal:
    """What contributors still lack of principal and hurdle on `day`, in fen; ACT/365, distributions repay principal first.

    Simple interest runs on principal outstanding, compound interest also on the hurdle accrued so far.
    """
    flows = sorted([(f.day, f.fen) for f in paid] + [(f.day, -f.fen) for f in received])
    principal = preferred = Decimal(0)
    last: dt.date | None = None
    for on, fen in [f for f in flows if f[0] <= day] + [(day, 0)]:
        if last is not None:
            base = principal + preferred if compound else principal
            years = Decimal((on - last).days) / 365
            grown = ((1 + rate) ** years - 1) if compound else rate * years
            preferred += base * grown
        last = on
        principal += fen
        if principal < 0:
            preferred, principal = max(preferred + principal, Decimal(0)), Decimal(0)
    return principal + preferred


@rule(
    "GF-45", Level.CONFIG, Scope.FUND, Confidence.SEEN_IN_PART,
    zh="门槛收益与业绩报酬", en="Hurdle and carry",
    sources=[docs.practice("合伙协议（样本：南京江北新区 2025-05）")],
    params=["carry_rate_max", "hurdle_rate_default"],
)  # fmt: skip
def carry(fund: FundFacts, *, carry_rate_max: Decimal, hurdle_rate_default: Decimal) -> Outcome:
    """Carry at most its cap, and paid only after contributors have principal and hurdle (whole fund)."""
    if not fund.is_public or fund.kind is not PartyKind.SUB_FUND:
        return not_applicable("非政府出资的子基金", "not a sub-fund with government money")
    if fund.carry_rate is None:
        return missing(("业绩报酬比例", "carry rate"))
    rate = hurdle_rate_default if fund.hurdle_rate is None else fund.hurdle_rate
    compound = bool(fund.hurdle_compound)
    paid = [flow for stake in fund.stakes for flow in stake.paid]
    received = [flow for stake in fund.stakes for flow in stake.received]
    early: list[Item] = []
    for flow in fund.carry:
        lacking = hurdle_shortfall(paid, received, flow.day, rate, compound=compound)
        if flow.fen > 0 and lacking >= 1:
            short = int(lacking)
            early.append(
                Item(
                    str(flow.day),
                    f"支付业绩报酬时出资人尚差 {money_zh(short)}",
                    f"carry paid while contributors lacked {money_en(short)}",
                    flow.day,
                    flow.fen,
                )
            )
    back = -sum(flow.fen for flow in fund.carry if flow.fen < 0)
    at_stake = max(sum(item.fen or 0 for item in early) - back, 0)
    high = fund.carry_rate > carry_rate_max
    verdict = Verdict.BREACH if high or (early and at_stake) else Verdict.PASS
    return Outcome(
        verdict,
        f"业绩报酬 {pct(fund.carry_rate)}（上限 {pct(carry_rate_max)}），门槛 {pct(rate)}{'复利' if compound else '单利'}"
        + (f"；门槛前支付 {len(early)} 笔，未回拨 {money_zh(at_stake)}" if early else ""),
        f"Carry {pct(fund.carry_rate)} (cap {pct(carry_rate_max)}), hurdle {pct(rate)} "
        f"{'compound' if compound else 'simple'}"
        + (
            f"; {len(early)} payment(s) before the hurdle, {money_en(at_stake)} not clawed back"
            if early
            else ""
        ),
        fund.carry_rate,
        carry_rate_max,
        "share",
        at_stake or None,
        {"hurdle": rate, "compound": compound},
        items=tuple(early),
    )
