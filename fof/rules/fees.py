"""Management fee: base, rate, where it is paid from. GF-41, 42, 44; by grade in fof.rules.graded_fees, carry in fof.rules.carry."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import NamedTuple

from fof.rules import cited_documents as docs
from fof.rules.contract import ENDING
from fof.rules.facts import FeePeriod, FeePhase, FundFacts
from fof.rules.fee_periods import fee_of
from fof.rules.registry import (
    Confidence,
    Item,
    Level,
    Limb,
    Outcome,
    Scope,
    Value,
    Verdict,
    breach_unless,
    checklist,
    missing,
    not_applicable,
    rule,
)
from fof.rules.truth import all_of, among, any_of, not_
from fof.rules.wording import money_en, money_zh, pct
from models.kinds import FeeBasis
from models.text import Text, counted

_BASES = (FeeBasis.PAID_IN, FeeBasis.INVESTED)


def _line(period: FeePeriod, allowed: int) -> Item:
    over = period.booked - allowed
    return Item(
        f"{period.start}/{period.end}",
        Text(
            f"已付 {money_zh(period.booked)}，按约定 {money_zh(allowed)}",
            f"booked {money_en(period.booked)}, allowed {money_en(allowed)}",
        ),
        period.start,
        over,
    )


@rule(
    "GF-41",
    Level.MIN,
    Scope.FUND,
    Confidence.SEEN,
    text=Text("管理费计提基数", "Management-fee base"),
    sources=[docs.GUOBAN_1.at(None, since=dt.date(2025, 1, 8))],  # funds created after 2025-01-07
    on="established_on",
    facts_on=None,  # binds by the day of set-up what is charged today
)
def fee_base(fund: FundFacts, *, fee_tolerance_fen: int) -> Outcome:
    """A fund created after 2025-01-07 charges on paid-in or invested money; what was booked is base x rate x days / 365."""
    if not fund.is_public:
        return not_applicable(Text("无政府出资", "no government money"))
    bases = [b for b in (fund.fee_basis_investment, fund.fee_basis_exit) if b is not None]
    wrong = [b for b in bases if b not in _BASES]
    allowed = [fee_of(period) for period in fund.fees]
    above = [
        (period, fee)
        for period, fee in zip(fund.fees, allowed, strict=True)
        if fee is not None and period.booked > fee + fee_tolerance_fen
    ]
    unclear = any(
        fee is None and p.booked > fee_tolerance_fen for p, fee in zip(fund.fees, allowed, strict=True)
    )
    lines = [_line(period, fee) for period, fee in above]
    over, booked = sum(item.fen or 0 for item in lines), sum(period.booked for period in fund.fees)
    terms = checklist(
        [
            Limb(
                False if wrong else None if fund.fee_basis_investment is None else True,
                Text("管理费基数", "fee base"),
                str(wrong[0]) if wrong else None,
                "paid_in / invested",
                "word",
                booked if wrong else None,
            ),
            Limb(
                False if lines else True if not unclear else None,
                Text("部分期间的管理费基数金额或费率", "base or rate of some fee periods"),
                sum(p.booked for p, _ in above),
                sum(fee for _, fee in above),
                "fen",
                over,
                above[0][0].start if above else None,
            ),
        ]
    )
    if terms.verdict is Verdict.UNKNOWN:
        return missing(
            *([Text("管理费基数", "fee base")] if fund.fee_basis_investment is None else []),
            *(
                [Text("部分期间的管理费基数金额或费率", "base or rate of some fee periods")]
                if unclear
                else []
            ),
        )
    met = terms.verdict is Verdict.PASS
    base = next(iter(wrong or bases), None)
    name = Text("未登记", "not recorded") if base is None else base.text
    return Outcome(
        terms.verdict,
        Text(
            f"管理费基数：{name[0]}（应为实缴或实际投资）" + (f"；多计 {money_zh(over)}" if over else ""),
            f"Fee base: {name[1]} (paid-in or invested required)"
            + (f"; {money_en(over)} too much" if over else ""),
        ),
        str(base) if met else terms.measured,
        "paid_in / invested" if met else terms.threshold,
        "word" if met else terms.unit,
        terms.money or None,
        {
            "base_investment": None if fund.fee_basis_investment is None else str(fund.fee_basis_investment),
            "base_exit": None if fund.fee_basis_exit is None else str(fund.fee_basis_exit),
            "booked": booked,
        },
        items=tuple(lines),
        since=terms.since,
    )


class _Capped(NamedTuple):
    """A phase's rate, its cap, and the phase's name in Chinese and English."""

    rate: Decimal | None
    cap: Decimal
    text: Text


@rule(
    "GF-42",
    Level.CONFIG,
    Scope.FUND,
    Confidence.SEEN_IN_PART,
    text=Text("管理费率", "Management-fee rate"),
    sources=[docs.practice("合伙协议、遴选公告（样本：南京江北新区 2025-05、粤财预〔2025〕55号）")],
)
def fee_rate(
    fund: FundFacts,
    *,
    fee_rate_investment_max: Decimal,
    fee_rate_exit_max: Decimal,
    fee_rate_extension_max: Decimal,
) -> Outcome:
    """Rates by phase at most the caps; nothing after the term; what was booked at most the cap's fee.

    The cap's fee is reckoned on the contract's own base (GF-41 judges the base). A rate must be known for every phase
    that has begun.
    """
    if not fund.is_public:
        return not_applicable(Text("无政府出资", "no government money"))
    reached = {period.phase for period in fund.fees} | {FeePhase.INVESTMENT}
    caps = {
        FeePhase.INVESTMENT: _Capped(
            fund.fee_rate_investment, fee_rate_investment_max, Text("投资期", "investment period")
        ),
        FeePhase.EXIT: _Capped(fund.fee_rate_exit, fee_rate_exit_max, Text("退出期", "exit period")),
        FeePhase.EXTENSION: _Capped(
            fund.fee_rate_extension, fee_rate_extension_max, Text("延长期", "extension")
        ),
    }
    high = [c for c in caps.values() if c.rate is not None and c.rate > c.cap]
    lacking = [
        Text(f"{c.text.zh}管理费率", f"fee rate of the {c.text.en}")
        for at, c in caps.items()
        if c.rate is None and at in reached
    ]
    lines: list[Item] = []
    beyond: list[tuple[FeePeriod, int]] = []
    for period in fund.fees:
        cap = caps[period.phase].cap if period.phase in caps else Decimal(0)
        fee = 0 if cap == 0 else fee_of(period, cap)
        if fee is None and period.booked > 0:
            lacking.append(
                Text(f"{period.start} 起的管理费基数金额", f"base of the fee period from {period.start}")
            )
        elif fee is not None and period.booked > fee:
            lines.append(_line(period, fee))
            beyond.append((period, fee))
    if lacking and not high and not lines:
        return missing(*lacking)
    over = sum(item.fen or 0 for item in lines)
    after = sum(period.booked for period in fund.fees if period.phase is FeePhase.AFTER_TERM)
    known = [c for c in caps.values() if c.rate is not None]
    nearest = max(known, key=lambda c: (c.rate or Decimal(0)) - c.cap, default=None)
    text = Text(
        "；".join(f"{c.text.zh}费率 {pct(c.rate or Decimal(0))} 超过 {pct(c.cap)}" for c in high),
        "; ".join(f"{c.text.en} {pct(c.rate or Decimal(0))} above {pct(c.cap)}" for c in high),
    )
    within = (
        ("", "")
        if nearest is None
        else (
            f"（{nearest.text.zh} {pct(nearest.rate or Decimal(0))}）",
            f" ({nearest.text.en} {pct(nearest.rate or Decimal(0))})",
        )
    )
    measured: Value = None if nearest is None else nearest.rate
    threshold: Value = None if nearest is None else nearest.cap
    unit = "share"
    if beyond and not high:
        measured, threshold, unit = sum(p.booked for p, _ in beyond), sum(fee for _, fee in beyond), "fen"
    return Outcome(
        breach_unless(not high and not lines),
        Text(
            (text.zh or f"费率不超过上限{within[0]}")
            + (f"；多付 {money_zh(over)}" if over else "")
            + (f"，其中到期后 {money_zh(after)}" if after else ""),
            (text.en or f"Rates within the caps{within[1]}")
            + (f"; {money_en(over)} too much" if over else "")
            + (f", of which after the term {money_en(after)}" if after else ""),
        ),
        measured,
        threshold,
        unit,
        over or None,
        {f"rate_{at}": c.rate for at, c in caps.items()},
        items=tuple(lines),
        since=beyond[0][0].start if beyond and not high else None,
    )


@rule(
    "GF-44",
    Level.CONFIG,
    Scope.FUND,
    Confidence.SEEN,
    text=Text("管理费从收益中列支", "Fee out of income, not principal"),
    sources=[docs.GUANGDONG_55.at(None)],
)
def fee_advance(fund: FundFacts) -> Outcome:
    """Principal that advanced the fee is made whole before any carry, and at the latest in liquidation. Carry paid too
    early stays a warning once the principal is whole again."""
    if not fund.is_public:
        return not_applicable(Text("无政府出资", "no government money"))
    if fund.fee_advance is None:
        return missing(Text("本金垫付管理费余额", "balance of fees advanced from principal"))
    carried = sum(flow.fen for flow in fund.carry)
    ending = among(fund.status, ENDING)
    met = any_of(fund.fee_advance == 0, all_of(carried <= 0, not_(ending)))
    if met is None:
        return missing(Text("基金状态", "status"), money=fund.fee_advance)
    early = [flow for flow in fund.carry if flow.fen > 0 and _advanced_on(fund, flow.day) > 0]
    return Outcome(
        Verdict.BREACH if not met else Verdict.WARN if early else Verdict.PASS,
        Text(
            f"本金垫付管理费余额 {money_zh(fund.fee_advance)}；已付业绩报酬 {money_zh(carried)}"
            + ("；清算中" if ending else "")
            + (f"；垫付未补足时支付业绩报酬 {len(early)} 笔" if early else ""),
            f"Fees advanced from principal {money_en(fund.fee_advance)}; carry paid {money_en(carried)}"
            + ("; being wound up" if ending else "")
            + (f"; {counted(len(early), 'carry payment')} while it was not made whole" if early else ""),
        ),
        fund.fee_advance,
        0,
        "fen",
        None if met else fund.fee_advance,
        {"carry": carried},
        items=tuple(
            Item(
                str(flow.day),
                Text(
                    f"支付业绩报酬时垫付余额 {money_zh(_advanced_on(fund, flow.day))}",
                    f"carry paid while {money_en(_advanced_on(fund, flow.day))} was advanced",
                ),
                flow.day,
                flow.fen,
            )
            for flow in early
        ),
    )


def _advanced_on(fund: FundFacts, day: dt.date) -> int:
    """The balance advanced from principal in force on a day; 0 before the first that was recorded."""
    return next((fen for on, fen in reversed(fund.fee_advances) if on <= day), 0)
