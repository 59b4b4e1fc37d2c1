"""What provincial auditors really reported about guidance funds: yuan, days, lists. AF-01…05; AF-06 is in fof.rules.payments."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal

from fof.rules import cited_documents as docs
from fof.rules.array_forms import tranches_form
from fof.rules.calendar_days import add_months
from fof.rules.facts import FundFacts
from fof.rules.idle import Tranche, tranches
from fof.rules.mandate import early_definitions, inside_mandate, share_at_least
from fof.rules.off_mandate import not_named, why_outside
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
from fof.rules.short_years import is_early, short_in, short_since, years_short
from fof.rules.terms import approved_fen, has_begun
from fof.rules.wording import listed, money_en, money_zh, pct
from fof.rules.worked_days import WorkedDays, worked
from models.kinds import FundStatus, PartyKind, Strategy
from models.text import Text, counted, joined

_PRESS = [docs.practice("2024 年省级审计结果（公开报道）")]
OVER = (FundStatus.CLOSED, FundStatus.MERGED)
FILING_SINCE = docs.CSRC_105.since
"""Since when a private fund is filed within 20 working days of its close (证监会令第105号, 第8条; recalled)."""


def _sub_fund_with_public_money(fund: FundFacts) -> bool:
    return fund.kind is PartyKind.SUB_FUND and fund.is_public


@rule(
    "AF-01",
    Level.PRAC,
    Scope.FUND,
    Confidence.SEEN_IN_PART,
    text=Text("天使子基金早期投资比例", "Early-stage quota of angel sub-funds"),
    sources=_PRESS,
)
def angel_quota(fund: FundFacts, *, angel_early_share_min: Decimal) -> Outcome:
    """Seed and start-up cost over all cost, cumulatively (a breach where short) and by year (a warning).

    A label counts only with the definition stored beside it; deals without make it UNKNOWN where they decide.
    """
    if fund.strategy is None and fund.kind is PartyKind.SUB_FUND:
        return missing(Text("策略", "strategy"))
    if fund.strategy is not Strategy.ANGEL or fund.kind is not PartyKind.SUB_FUND:
        return not_applicable(Text("非天使子基金", "not an angel fund"))
    deals, floor = fund.purchases, angel_early_share_min
    outcome = share_at_least(
        deals,
        [is_early(d) for d in deals],
        floor,
        Text("种子期、初创期投资累计", "Seed and start-up investment so far"),
        Verdict.BREACH,
    )
    if outcome.verdict is Verdict.NOT_APPLICABLE:
        return outcome
    short_years, unclear = years_short(deals, floor)
    text = joined(Text(f"{year} 年 {pct(share)}", f"{year} {pct(share)}") for year, share in short_years)
    notes: tuple[Text, ...] = (early_definitions(deals),)
    if short_years:
        notes += (Text(f"当年低于要求：{text.zh}", f"short in single years: {text.en}"),)
    outcome = outcome._replace(notes=notes)
    if outcome.verdict is Verdict.BREACH:
        return outcome._replace(since=short_since(deals, floor))
    if outcome.verdict is not Verdict.PASS:
        return outcome
    if short_years:
        year, share = min(short_years, key=lambda pair: pair[1])
        own = [d for d in deals if d.day is not None and d.day.year == year]
        total = sum(d.fen or 0 for d in own)
        early = sum(d.fen or 0 for d in own if is_early(d) is not False)
        return outcome._replace(
            verdict=Verdict.WARN,
            text=Text(
                f"{outcome.text.zh}；当年低于要求：{text.zh}",
                f"{outcome.text.en}; short in single years: {text.en}",
            ),
            measured=share,
            money=math.ceil(floor * total) - early,
            since=short_in(own, floor),
        )
    if unclear:
        years = "、".join(map(str, unclear)), ", ".join(map(str, unclear))
        return missing(
            Text(f"{years[0]} 年部分项目的阶段", f"stage of some deals of {years[1]}"),
            inputs=outcome.inputs,
        )._replace(
            notes=notes,
        )
    return outcome


@rule(
    "AF-02",
    Level.PRAC,
    Scope.FUND,
    Confidence.SEEN_IN_PART,
    text=Text("资金沉淀", "Idle appropriations"),
    sources=_PRESS,
)
def idle_tranches(fund: FundFacts, *, idle_days_max: int) -> Outcome:
    """Money of each tranche of which nothing went into a deal or a lower fund for so many days, in yuan, by tranche.

    Tranches are used first in, first out; fees lower what is left and do not stop the clock (fof.rules.idle). Where
    the vehicle's cash is kept in this book, no more than its cash can be idle.
    """
    if not fund.is_public or fund.status in OVER:
        return not_applicable(Text("无政府出资或已结束", "no government money, or closed"))
    came = tranches(fund)
    if not came:
        return not_applicable(Text("尚无到账资金", "no money came in yet"))
    idle = [t for t in came if t.left and t.idle_days(fund.as_of) > idle_days_max]
    total, lying = sum(t.left for t in idle), [t for t in came if t.left]
    verdict = tranches_form(True, deals_dated(fund), total, bool(fund.cash_kept), fund.cash).of_one()
    if verdict is Verdict.UNKNOWN:
        return missing(Text("部分投资的金额或日期", "amount or day of some deals"))
    if fund.cash_kept:
        total = min(total, max(fund.cash, 0))
        lying = lying if fund.cash > 0 else []
    met = verdict is Verdict.PASS
    days = max((t.idle_days(fund.as_of) for t in lying), default=0)
    notes = (
        ()
        if fund.cash_kept
        else (Text("现金未在本账核算，按已入账支出推算", "cash is not kept here: reckoned from booked uses"),)
    )
    return Outcome(
        verdict,
        Text(
            f"沉淀资金 {money_zh(total)}，最长 {days} 天未投出（不超过 {idle_days_max} 天）",
            f"Idle money {money_en(total)}, not invested for up to {counted(days, 'day')} (at most {idle_days_max})",
        ),
        days,
        idle_days_max,
        "days",
        None if met else total,
        {"idle": total, "tranches": len(came)},
        items=() if met else tuple(_idle_line(t, fund.as_of) for t in idle),
        notes=notes,
        since=None
        if met
        else min((t.last_used or t.day) for t in idle) + dt.timedelta(days=idle_days_max + 1),
    )


def deals_dated(fund: FundFacts) -> bool:
    """Whether amount and day of every deal are known: else nobody can say what a tranche was used for."""
    return all(deal.fen is not None and deal.day is not None for deal in fund.purchases)


def _idle_line(tranche: Tranche, as_of: dt.date) -> Item:
    used = Text(
        f"最后投出 {tranche.last_used}" if tranche.last_used else "从未投出",
        f"last invested {tranche.last_used}" if tranche.last_used else "never invested",
    )
    days = tranche.idle_days(as_of)
    return Item(
        str(tranche.day),
        Text(
            f"{tranche.day} 到账 {money_zh(tranche.fen)}，{used.zh}，闲置 {days} 天",
            f"{money_en(tranche.fen)} of {tranche.day}, {used.en}, idle for {counted(days, 'day')}",
        ),
        tranche.day,
        tranche.left,
    )


@rule(
    "AF-03",
    Level.PRAC,
    Scope.FUND,
    Confidence.SEEN_IN_PART,
    text=Text("未约定存续期或未备案", "Missing term or filing"),
    sources=_PRESS,
)
def term_and_filing(fund: FundFacts, *, filing_workdays_max: int) -> Outcome:
    """A fund that was set up has a term, and an AMAC filing within the limit after its close.

    Where the close is not known, a fund that invests without a filing is unfiled all the same. Before 2014-08-21
    nothing had to be filed: such a close starts the clock on that day, and a late filing is not held against it.
    """
    if not _sub_fund_with_public_money(fund):
        return not_applicable(Text("非政府出资的子基金", "not a sub-fund with government money"))
    if fund.established_on is None:
        if not has_begun(fund):
            return not_applicable(Text("尚未设立", "not set up yet"))
        return missing(Text("成立日", "day of establishment"), money=fund.committed)
    closed = fund.final_close_on or fund.first_close_on
    filed = fund.amac_id is not None or fund.amac_filed_on is not None
    faults: list[Text] = []
    lacking: list[Text] = []
    days: WorkedDays | None = None
    if fund.term_end is None:
        faults.append(Text("未约定存续期", "no term agreed"))
    if filed and fund.amac_id is None:
        lacking.append(Text("备案编号", "the filing number"))
    if closed is None:
        if not filed and fund.purchases:
            faults.append(Text("已对外投资而未备案", "invests without a filing"))
        lacking.append(Text("募集完毕日", "the close"))
    elif filed and fund.amac_filed_on is None:
        lacking.append(Text("备案日", "the filing day"))
    else:
        start = max(closed, FILING_SINCE)
        if not (filed and closed < FILING_SINCE):
            days = worked(fund.calendar, start, fund.amac_filed_on or fund.as_of, filing_workdays_max)
            if days.in_time is False:
                text = days.text
                faults.append(
                    Text(f"备案迟至 {text.zh}", f"filed only after {text.en}")
                    if filed
                    else Text(f"募集完毕后 {text.zh} 未备案", f"not filed {text.en} after the close")
                )
            elif days.in_time is None:
                lacking.append(
                    Text(
                        f"{days.last.missing} 年放假通知（历时 {days.text.zh}）",
                        f"the notice on public holidays of {days.last.missing} ({days.text.en})",
                    )
                )
    if not faults and lacking:
        return missing(*lacking, money=fund.committed)
    verdict = Verdict.BREACH if faults else Verdict.PASS
    late = days is not None and days.in_time is False
    by_days = late and fund.term_end is not None
    measured: Value = days.least if days is not None and by_days else len(faults)
    threshold: Value = filing_workdays_max if by_days else 0
    return Outcome(
        verdict,
        Text(
            "；".join(fault.zh for fault in faults)
            or f"存续期至 {fund.term_end}，备案：{fund.amac_id or '期限内'}",
            "; ".join(fault.en for fault in faults).capitalize()
            or f"Term to {fund.term_end}, filing: {fund.amac_id or 'within its time'}",
        ),
        measured,
        threshold,
        "days" if by_days else "count",
        fund.committed if faults else None,
        {
            "term_end": fund.term_end,
            "amac_id": fund.amac_id,
            "amac_filed_on": fund.amac_filed_on,
            "closed_on": closed,
        },
        since=days.late_since if days is not None and by_days else None,
    )


@rule(
    "AF-04",
    Level.PRAC,
    Scope.FUND,
    Confidence.SEEN_IN_PART,
    text=Text("子基金未按期设立", "Sub-fund not set up in time"),
    sources=_PRESS,
)
def not_formed(fund: FundFacts, *, formation_months: int, no_setup_days: int) -> Outcome:
    """Approved and not formed: a warning after the formation months, a breach after the year of GF-52; in yuan."""
    if fund.kind is not PartyKind.SUB_FUND:
        return not_applicable(Text("非子基金", "not a sub-fund"))
    if fund.established_on is not None:
        return Outcome(
            Verdict.PASS,
            Text(f"{fund.established_on} 已设立", f"Set up on {fund.established_on}"),
            inputs={"approved_on": fund.approved_on, "established_on": fund.established_on},
        )
    if fund.status in OVER:
        return not_applicable(Text("已终止", "ended"))
    if has_begun(fund):
        return missing(Text("成立日", "day of establishment"), money=approved_fen(fund))
    if fund.approved_on is None:
        return missing(Text("批复日", "day of approval"), money=approved_fen(fund))
    days = (fund.as_of - fund.approved_on).days
    soft = add_months(fund.approved_on, formation_months)
    verdict = Verdict.BREACH if days > no_setup_days else Verdict.WARN if fund.as_of > soft else Verdict.PASS
    amount = approved_fen(fund)
    return Outcome(
        verdict,
        Text(
            f"{fund.approved_on} 批复{'' if amount is None else ' ' + money_zh(amount)}，{days} 天未设立"
            f"（应于 {soft} 前设立，最迟 {no_setup_days} 天）",
            f"Approved on {fund.approved_on}{'' if amount is None else ' with ' + money_en(amount)}, not set up for {counted(days, 'day')} "
            f"(due by {soft}, at the latest after {counted(no_setup_days, 'day')})",
        ),
        days,
        no_setup_days if verdict is not Verdict.WARN else (soft - fund.approved_on).days,
        "days",
        None if verdict is Verdict.PASS else amount,
        {"approved_on": fund.approved_on, "due": soft},
        since={
            Verdict.WARN: soft + dt.timedelta(days=1),
            Verdict.BREACH: fund.approved_on + dt.timedelta(days=no_setup_days + 1),
        }.get(verdict),
    )


@rule(
    "AF-05",
    Level.PRAC,
    Scope.FUND,
    Confidence.SEEN_IN_PART,
    text=Text("偏离约定投向（金额）", "Off-mandate investment in yuan"),
    sources=_PRESS,
)
def off_mandate(fund: FundFacts) -> Outcome:
    """Cost of deals whose stage or industry lies outside the mandate in force on the deal's day, with the list."""
    if not fund.is_public:
        return not_applicable(Text("无政府出资", "no government money"))
    deals = fund.purchases
    if not deals:
        return not_applicable(Text("尚无投资", "nothing invested yet"))
    fits = [inside_mandate(deal) for deal in deals]
    off = [deal for deal, fit in zip(deals, fits, strict=True) if fit is False]
    unknown = [deal for deal, fit in zip(deals, fits, strict=True) if fit is None]
    unknown_fen = sum(deal.fen or 0 for deal in unknown)
    unpriced = [deal for deal in off if deal.fen is None]
    if unknown and not off:
        codes = listed(deal.code for deal in unknown)
        return missing(
            Text(f"约定投向或 {codes} 的阶段、行业", f"the mandate, or stage and industry of {codes}"),
            money=unknown_fen,
        )
    total = sum(deal.fen or 0 for deal in off)
    notes = not_named(deals)
    if unknown:
        notes += (
            Text(
                f"另有 {len(unknown)} 笔 {money_zh(unknown_fen)} 无法判断",
                f"{len(unknown)} more, {money_en(unknown_fen)}, cannot be judged",
            ),
        )
    if unpriced:
        notes += (Text(f"{len(unpriced)} 笔无金额", f"{len(unpriced)} without an amount"),)
    items = []
    for deal in off:
        text = why_outside(deal)
        items.append(
            Item(
                deal.code,
                Text(f"{deal.company}：{text.zh}", f"{deal.company}: {text.en}"),
                deal.day,
                deal.fen,
            )
        )
    return Outcome(
        breach_unless(not off),
        Text(
            f"偏离约定投向 {len(off)} 笔，{money_zh(total)}" if off else f"{len(deals)} 笔投资均在约定投向内",
            f"Outside the mandate: {counted(len(off), 'deal')}, {money_en(total)}"
            if off
            else f"All deals ({len(deals)}) inside the mandate",
        ),
        total,
        0,
        "fen",
        total if off else None,
        {"deals": len(deals), "off": len(off), "unknown": len(unknown)},
        items=tuple(items),
        notes=notes,
        since=min((deal.day for deal in off if deal.day), default=None),
    )
