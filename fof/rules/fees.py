"""Management fee: base, rate, grade, where it is paid from. GF-41…44; carry is in fof.rules.carry."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from typing import NamedTuple

from fof.rules import cited_documents as docs
from fof.rules.contract import ENDING
from fof.rules.facts import FeePeriod, FeePhase, FundFacts
from fof.rules.facts_parties import Flow
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
from models.rule_kinds import Grade
from models.text import Text

_BASES = (FeeBasis.PAID_IN, FeeBasis.INVESTED)


def fee_of(period: FeePeriod, rate: Decimal | None = None) -> int | None:
    """base x rate x the part of a year, in whole fen, half to even; None where base or rate is missing and the other is
    not nought."""
    rate = period.rate if rate is None else rate
    if period.base_fen == 0 or rate == 0:
        return 0
    if period.base_fen is None or rate is None:
        return None
    up, down = (period.days, 365) if period.part is None else period.part.as_integer_ratio()
    return int((period.base_fen * rate * up / down).to_integral_value(rounding=ROUND_HALF_EVEN))


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
    params=["fee_tolerance_fen"],
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
    params=["fee_rate_investment_max", "fee_rate_exit_max", "fee_rate_extension_max"],
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
    "GF-43",
    Level.CONFIG,
    Scope.FUND,
    Confidence.SEEN,
    text=Text("管理费与绩效挂钩", "Fee tied to performance evaluation"),
    sources=[docs.practice("合伙协议（样本：南京江北新区 2025-05、闽财规〔2025〕14号）")],
    params=["fee_held_share_default", "grade_factor_good", "grade_factor_medium", "grade_factor_poor"],
)
def fee_by_grade(
    fund: FundFacts,
    *,
    fee_held_share_default: Decimal,
    grade_factor_good: Decimal,
    grade_factor_medium: Decimal,
    grade_factor_poor: Decimal,
) -> Outcome:
    """Of each year that was graded, the fee booked is at most the part not held plus the held part times the grade's
    factor; an evaluation grades the year before its own."""
    held = fee_held_share_default if fund.fee_held_share is None else fund.fee_held_share
    if held == 0 or not fund.is_public:
        return not_applicable(Text("管理费不与绩效挂钩", "no part of the fee is held"))
    graded = {e.day.year - 1: e.grade for e in fund.evaluations if e.grade is not None}
    graded_on = {e.day.year - 1: e.day for e in fund.evaluations if e.grade is not None}
    if not graded:
        return missing(Text("绩效评价等级", "grade of an evaluation"))
    factors = {
        Grade.EXCELLENT: Decimal(1),
        Grade.GOOD: grade_factor_good,
        Grade.MEDIUM: grade_factor_medium,
        Grade.POOR: grade_factor_poor,
    }
    parts = {year: 1 - held + held * factors[grade] for year, grade in graded.items()}
    paid = _paid_for_years(fund, parts, graded_on)
    years = [
        _graded_year(fund, year, grade, 1 - held + held * factors[grade], paid)
        for year, grade in sorted(graded.items())
    ]
    over = [y for y in years if y.allowed is not None and y.booked > y.allowed]
    lacking = [y for y in years if y.allowed is None]
    if lacking and not over:
        listed_years = ", ".join(str(y.year) for y in lacking)
        return missing(Text(f"{listed_years} 年管理费", f"the fee of {listed_years}"))
    latest = over[-1] if over else years[-1]
    allowed, part = latest.allowed or 0, latest.part
    return Outcome(
        breach_unless(not over),
        Text(
            f"{latest.year} 年等级“{latest.grade.zh}”，可付管理费 {money_zh(allowed)}（{pct(part)}），已付 {money_zh(latest.booked)}",
            f"{latest.year}: grade {latest.grade.en}, payable {money_en(allowed)} ({pct(part)}), booked {money_en(latest.booked)}",
        ),
        latest.booked,
        allowed,
        "fen",
        sum(y.booked - (y.allowed or 0) for y in over) or None,
        {
            "grade": str(latest.grade),
            "held": held,
            "factor": factors[latest.grade],
            "years_graded": len(years),
        },
        items=tuple(
            Item(
                str(y.year),
                Text(
                    f"{y.year} 年等级“{y.grade.zh}”，可付 {money_zh(y.allowed or 0)}，已付 {money_zh(y.booked)}",
                    f"{y.year}: grade {y.grade.en}, payable {money_en(y.allowed or 0)}, booked {money_en(y.booked)}",
                ),
                y.beyond_on or dt.date(y.year, 12, 31),
                y.booked - (y.allowed or 0),
            )
            for y in over
        ),
        since=min(
            (max(y.beyond_on, graded_on[y.year]) for y in over if y.beyond_on is not None), default=None
        ),
    )


class _GradedYear(NamedTuple):
    """A year's grade, the part of the fee that may be paid, what that is in fen (None where it cannot be told), what was
    paid for the year, and the day on which that went beyond."""

    year: int
    grade: Grade
    part: Decimal
    allowed: int | None
    booked: int
    beyond_on: dt.date | None


def _graded_year(
    fund: FundFacts, year: int, grade: Grade, part: Decimal, paid: dict[int, list[Flow]]
) -> _GradedYear:
    full = [fee_of(period) for period in fund.fees if period.start.year == year]
    allowed = None
    if full and None not in full:
        allowed = int(sum(fee for fee in full if fee is not None) * part)
    own = paid.get(year, [])
    booked, beyond_on = 0, None
    for flow in own:
        booked += flow.fen
        if allowed is not None and booked > allowed:
            beyond_on = beyond_on or flow.day
    return _GradedYear(year, grade, part, allowed, booked, beyond_on)


def _paid_for_years(
    fund: FundFacts, parts: dict[int, Decimal], graded_on: dict[int, dt.date]
) -> dict[int, list[Flow]]:
    """Year -> what was paid for it. A payment settles what is owed for the years already over, oldest first; once a poor
    grade is told less than the whole fee is owed for its year, so that the next year's fee does not fill it up."""
    periods = list(fund.fees)

    def owed(at: int, day: dt.date) -> int | None:
        fee, year = fee_of(periods[at]), periods[at].start.year
        graded = year in parts and graded_on[year] <= day
        return fee if fee is None or not graded else int(fee * parts[year])

    by_year: dict[int, list[Flow]] = {}
    if fund.fee_payments:
        settled = settle_fees(periods, owed, fund.fee_payments)
    else:
        settled = [[Flow(period.end, period.booked)] for period in periods]
    for period, flows in zip(periods, settled, strict=True):
        by_year.setdefault(period.start.year, []).extend(flows)
    return by_year


def settle_fees(
    periods: Sequence[FeePeriod], owed: Callable[[int, dt.date], int | None], payments: Sequence[Flow]
) -> list[list[Flow]]:
    """What is paid for each period: payments settle the fee owed for the periods already over, oldest first; what is left
    belongs to the period of payment. So a fee paid in arrears, late or in parts counts for the time it was owed for."""
    settled: list[list[Flow]] = [[] for _ in periods]
    booked = [0] * len(periods)
    for payment in payments:
        rest = payment.fen
        at = max((i for i, p in enumerate(periods) if p.start <= payment.day), default=0)
        for i in range(at):
            if rest <= 0:
                break
            fee = owed(i, payment.day)
            room = 0 if fee is None else max(fee - booked[i], 0)
            taken = min(room, rest)
            if taken:
                booked[i] += taken
                settled[i].append(Flow(payment.day, taken))
                rest -= taken
        if rest:
            booked[at] += rest
            settled[at].append(Flow(payment.day, rest))
    return settled


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
            + (f"; {len(early)} carry payment(s) while it was not made whole" if early else ""),
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
