"""How long a fund lives, and the clocks that start with its approval. GF-49…53."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from fof.rules import cited_documents as docs
from fof.rules.calendar_days import add_months, add_years
from fof.rules.contract import PUBLIC_MONEY
from fof.rules.facts import FundFacts
from fof.rules.forbidden_business import fiscal_bans
from fof.rules.mandate import deal_item, purpose_share
from fof.rules.registry import (
    Confidence,
    Level,
    Limb,
    Outcome,
    Scope,
    Verdict,
    breach_unless,
    checklist,
    missing,
    not_applicable,
    rule,
)
from fof.rules.truth import at_most, same
from fof.rules.venture import agreed_end
from fof.rules.wording import listed, money_en, money_zh
from models.kinds import FundStatus, GovernmentLevel, Instrument, PartyKind
from models.text import Text, counted


@rule(
    "GF-49",
    Level.CONFIG,
    Scope.FUND,
    Confidence.SEEN_IN_PART,
    text=Text("存续期上限", "Fund life"),
    sources=[docs.HLJ_NOTICE.at("二")],
    on="established_on",
    later=[
        "established_on",
        "was_public",
        "first_term_end",
        "term_end",
    ],  # money and term come with the first close
)
def fund_life(fund: FundFacts, *, max_term_parent: int, max_term_sub_fund: int) -> Outcome:
    """From establishment to the end of the term first agreed, at most the years of its kind; extensions are GF-51's."""
    most = {PartyKind.PARENT_FUND: max_term_parent, PartyKind.SUB_FUND: max_term_sub_fund}.get(
        fund.kind or PartyKind.OTHER
    )
    if most is None or not fund.now.was_public:
        return not_applicable(Text("不适用于此类主体", "no limit for this kind of vehicle"))
    began, end = fund.now.established_on, agreed_end(fund.now)
    if began is None or end is None:
        return missing(Text("成立日或存续期届满日", "establishment or end of term"))
    latest = add_years(began, most)
    return Outcome(
        breach_unless(end <= latest),
        Text(
            f"存续期 {began} 至 {end}（不含延长），不超过 {most} 年",
            f"Life {began} to {end} (without extensions), at most {counted(most, 'year')}",
        ),
        end,
        latest,
        "date",
    )


@rule(
    "GF-50",
    Level.PRAC,
    Scope.FUND,
    Confidence.RECALLED,
    text=Text("子基金不得长于母基金", "Sub-fund must not outlive its parent"),
    sources=[docs.practice("实务：子基金存续期含延长不超过上层基金")],
)
def not_beyond_parent(fund: FundFacts) -> Outcome:
    """The term ends inside every parent's, or a liquidity plan exists."""
    parents = [parent for parent in fund.parents if parent.kind is not PartyKind.GOVERNMENT]
    if not parents:
        return not_applicable(Text("无上层基金", "no vehicle above it"))
    ends = [parent.term_end for parent in parents if parent.term_end is not None]
    if fund.liquidity_plan:  # it is enough whatever the terms are
        return Outcome(
            Verdict.PASS,
            Text(f"有流动性安排：{fund.liquidity_plan}", f"Liquidity plan: {fund.liquidity_plan}"),
            fund.term_end,
            min(ends, default=None),
            "date",
        )
    if fund.term_end is None or not ends:
        return missing(Text("本基金或上层基金的届满日", "end of term of the fund or its parents"))
    longer = [p.code for p in parents if p.term_end is not None and fund.term_end > p.term_end]
    open_ended = [p.code for p in parents if p.term_end is None]
    if open_ended and not longer:
        codes = listed(open_ended)
        return missing(Text(f"上层基金 {codes} 的届满日", f"end of term of {codes}"))
    met, plan = not longer, "–"
    return Outcome(
        breach_unless(met, Verdict.WARN),
        Text(
            f"届满日 {fund.term_end}，上层基金最早 {min(ends)}"
            + (f"；超出 {listed(longer)}，流动性安排 {plan}" if longer else ""),
            f"Ends {fund.term_end}, first parent {min(ends)}"
            + (f"; beyond {listed(longer)}, liquidity plan {plan}" if longer else ""),
        ),
        fund.term_end,
        min(ends),
        "date",
    )


@rule(
    "GF-51",
    Level.MIN,
    Scope.FUND,
    Confidence.SEEN_IN_PART,
    text=Text("延长须经同级政府批准", "Extension needs the same government's approval"),
    sources=[docs.MOF_210.at("第17条")],
)
def extension(fund: FundFacts, *, max_extensions: int, extension_years_each: int) -> Outcome:
    """Approved at the sponsor's level, at most so many times a year each, by what is stated of the extensions and by how far
    the end of the term has moved."""
    if not fund.is_public:
        return not_applicable(Text("无政府出资", "no government money"))
    if not fund.extensions and not fund.extension_years:
        if fund.term_end is None or fund.first_term_end is None or fund.term_end <= fund.first_term_end:
            return not_applicable(Text("未延长", "not extended"))
        moved = _term_moved(fund, max_extensions * extension_years_each)
        if moved[0] is False:  # farther than any number of extensions reaches
            return checklist([moved], inputs={"first_term_end": fund.first_term_end})
        return missing(
            Text(
                f"届满日由 {fund.first_term_end} 改为 {fund.term_end} 的延长次数和批准",
                f"the extensions and approvals behind the move of the term from {fund.first_term_end} to {fund.term_end}",
            )
        )
    times, years, first = fund.extensions, fund.extension_years, fund.first_term_end
    approval, sponsor = fund.extension_approval_level, fund.sponsor_level
    allowed = None if times is None else times * extension_years_each
    moved = _term_moved(fund, max_extensions * extension_years_each if allowed is None else allowed)
    outcome = checklist(
        [
            Limb(
                at_most(times, max_extensions),
                Text(
                    f"延长 {times or '?'} 次（不超过 {max_extensions} 次）",
                    f"extended {counted(times or '?', 'time')} (at most {max_extensions})",
                ),
                times,
                max_extensions,
                "count",
                since=_extended_since(fund, max_extensions + 1),
            ),
            Limb(
                at_most(years or None, allowed),
                Text(
                    f"共延长 {years or '?'} 年（每次 {extension_years_each} 年，不超过 {allowed or '?'} 年）",
                    f"extended by {counted(years or '?', 'year')} in all (at most {extension_years_each} each time, {allowed or '?'} in all)",
                ),
                years,
                allowed,
                "years",
            ),
            *([moved] if moved[0] is False else []),
            Limb(
                same(approval, sponsor),
                Text(
                    f"{_level(approval)[0]}批准（发起：{_level(sponsor)[0]}）",
                    f"approved at {_level(approval)[1]} (sponsor: {_level(sponsor)[1]})",
                ),
                None if approval is None else str(approval),
                None if sponsor is None else str(sponsor),
                "word",
            ),
        ],
        money=sum(s.paid_in for s in fund.public_stakes) or None,
        inputs={
            "extensions": times,
            "extension_years": years,
            "approval_level": None if approval is None else str(approval),
            "sponsor_level": None if sponsor is None else str(sponsor),
            "first_term_end": first,
        },
    )
    if outcome.unit == "count" and outcome.verdict is not Verdict.BREACH:
        return outcome._replace(measured=times, threshold=max_extensions)
    return outcome


def _term_moved(fund: FundFacts, years: int) -> Limb:
    """The end of the term lies no farther than so many years behind the one first agreed."""
    first, end = fund.first_term_end, fund.term_end
    # a number of times beyond every calendar is a breach of its own
    latest = None if first is None else add_years(first, max(min(years, dt.MAXYEAR - 1 - first.year), 0))
    return Limb(
        at_most(end, latest),
        Text(
            f"届满日由 {first} 改为 {end}（共延长不超过 {years} 年，至 {latest}）",
            f"term moved from {first} to {end} (extended by at most {counted(years, 'year')}, to {latest})",
        ),
        end,
        latest,
        "date",
        sum(s.paid_in for s in fund.public_stakes) or None,
    )


def _level(level: GovernmentLevel | None) -> Text:
    return Text("未登记级别", "an unrecorded level") if level is None else level.text


def _extended_since(fund: FundFacts, number: int) -> dt.date | None:
    """The day on which that many extensions were first stated."""
    return next((day for day, value in fund.extension_history if value >= number), None)


_AT_WORK = (FundStatus.INVESTING, FundStatus.HARVESTING, FundStatus.EXTENDED, FundStatus.LIQUIDATING)


def has_begun(fund: FundFacts) -> bool:
    """True where money or status show a fund at work, so that a missing day of establishment is a gap in the book."""
    return fund.paid_in > 0 or bool(fund.purchases) or fund.status in _AT_WORK


def approved_fen(fund: FundFacts) -> int | None:
    """What was approved for a fund: the approved amount, else public commitments; None where there are none."""
    if fund.approved_amount is not None:
        return fund.approved_amount
    return sum(s.committed or 0 for s in fund.public_stakes) or None


@rule(
    "GF-52",
    Level.MIN,
    Scope.FUND,
    Confidence.SEEN,
    text=Text("政府提前退出的情形", "Early-exit rights of government money"),
    sources=[docs.MOF_210.at("第20条")],
)
def early_exit(
    fund: FundFacts,
    *,
    no_setup_days: int,
    no_deal_days: int,
    purpose_share_min: Decimal,
    conversion_purpose_share_min: Decimal,
    conversion_multiple_min: Decimal,
    vc_guidance_early_share_min: Decimal,
    bond_rating_floor: str,
) -> Outcome:
    """Clocks: approved and not set up, money in and no deal for a year; money off the policy aim (GF-25, GF-27).

    A trigger is reported as a breach: government may leave without the others' consent.
    """
    approved = fund.approved_on is not None or fund.approved_amount is not None
    if fund.kind is not PartyKind.SUB_FUND or not (fund.is_public or approved):
        return not_applicable(Text("非政府出资的子基金", "not a sub-fund with government money"))
    if fund.status in (FundStatus.CLOSED, FundStatus.MERGED):
        return not_applicable(Text("已清算或并入，无可退出", "closed or merged: nothing left to leave"))
    if fund.established_on is None:
        if fund.approved_on is None or has_begun(fund):
            return missing(Text("批复日或成立日", "day of approval or of establishment"))
        days = (fund.as_of - fund.approved_on).days
        return Outcome(
            breach_unless(days <= no_setup_days),
            Text(
                f"{fund.approved_on} 批复，{days} 天未设立（不超过 {no_setup_days} 天）",
                f"Approved on {fund.approved_on}, not set up for {counted(days, 'day')} (at most {no_setup_days})",
            ),
            days,
            no_setup_days,
            "days",
            approved_fen(fund) if days > no_setup_days else None,
            since=fund.approved_on + dt.timedelta(days=no_setup_days + 1) if days > no_setup_days else None,
        )
    first = min((flow.day for stake in fund.public_stakes for flow in stake.paid), default=None)
    if first is None and fund.public_money_unrecorded:
        return missing(PUBLIC_MONEY)
    if first is None:
        return not_applicable(Text("政府资金尚未到账", "no government money paid in yet"))
    paid = sum(stake.paid_in for stake in fund.public_stakes)
    days = (fund.as_of - first).days
    if not fund.purchases:
        return Outcome(
            breach_unless(days <= no_deal_days),
            Text(
                f"政府资金 {first} 到账，{days} 天未投资（不超过 {no_deal_days} 天）",
                f"Government money in on {first}, no deal for {counted(days, 'day')} (at most {no_deal_days})",
            ),
            days,
            no_deal_days,
            "days",
            paid if days > no_deal_days else None,
            since=first + dt.timedelta(days=no_deal_days + 1) if days > no_deal_days else None,
        )
    aim = purpose_share(
        fund,
        purpose_share_min=purpose_share_min,
        conversion_purpose_share_min=conversion_purpose_share_min,
        conversion_multiple_min=conversion_multiple_min,
        vc_guidance_early_share_min=vc_guidance_early_share_min,
    )
    assert isinstance(aim, Outcome)
    banned = _forbidden(fund, bond_rating_floor)
    if banned.verdict is Verdict.BREACH:
        return banned
    end = fund.investment_period_end
    if end is None and aim.verdict is not Verdict.PASS:
        return missing(Text("投资期届满日", "end of the investment period"))
    over = end is not None and fund.as_of > end
    if over and aim.verdict is not Verdict.PASS:
        return aim
    if banned.verdict is Verdict.UNKNOWN:
        return banned
    if over:
        return aim
    return Outcome(Verdict.PASS, Text("已设立并开展投资", "Set up and investing"), days, no_deal_days, "days")


def _forbidden(fund: FundFacts, bond_rating_floor: str) -> Outcome:
    """Deals of the forbidden kinds (GF-27) since the rule has been in force; shares of what is not listed are on no list."""
    deals = [
        deal
        for deal in fund.purchases
        if (deal.instrument is not Instrument.EQUITY or deal.listed_then)
        and deal.day is not None
        and deal.day >= docs.MOF_210.since
    ]
    judged = [
        (deal, outcome.verdict)
        for deal in deals
        if isinstance(outcome := fiscal_bans(deal, bond_rating_floor=bond_rating_floor), Outcome)
    ]
    banned = [deal for deal, verdict in judged if verdict is Verdict.BREACH]
    unclear = [deal.code for deal, verdict in judged if verdict is Verdict.UNKNOWN]
    if unclear and not banned:
        return missing(
            Text(f"{listed(unclear)} 是否属于禁止业务", f"whether {listed(unclear)} are forbidden")
        )
    total = sum(deal.fen or 0 for deal in banned)
    return Outcome(
        breach_unless(not banned),
        Text(
            f"禁止业务 {len(banned)} 笔，{money_zh(total)}",
            f"Forbidden: {counted(len(banned), 'deal')}, {money_en(total)}",
        ),
        len(banned),
        0,
        "count",
        total or None,
        items=tuple(deal_item(deal) for deal in banned),
        since=min((deal.day for deal in banned if deal.day), default=None),
    )


@rule(
    "GF-53",
    Level.CONFIG,
    Scope.FUND,
    Confidence.SEEN_IN_PART,
    text=Text("遴选后设立期限", "Formation deadline after selection"),
    sources=[docs.practice("遴选公告（样本：南京江北新区 2025-05）")],
)
def formation(fund: FundFacts, *, formation_months: int, formation_months_hard: int) -> Outcome:
    """Set up within the months of the call (a warning after them, a breach after twelve)."""
    if fund.kind is not PartyKind.SUB_FUND or not (fund.is_public or fund.selected_on is not None):
        return not_applicable(Text("非政府出资的子基金", "not a sub-fund with government money"))
    if fund.established_on is None and fund.status in (FundStatus.CLOSED, FundStatus.MERGED):
        return not_applicable(Text("已终止", "ended"))
    if fund.selected_on is None:
        return missing(Text("遴选日", "day of selection"))
    if fund.established_on is None and has_begun(fund):
        return missing(Text("成立日", "day of establishment"))
    until = fund.established_on or fund.as_of
    soft, hard = (
        add_months(fund.selected_on, formation_months),
        add_months(fund.selected_on, formation_months_hard),
    )
    verdict = Verdict.PASS if until <= soft else Verdict.WARN if until <= hard else Verdict.BREACH
    state = Text(
        f"{until} 成立" if fund.established_on else f"至 {until} 未成立",
        f"set up on {until}" if fund.established_on else f"not set up by {until}",
    )
    return Outcome(
        verdict,
        Text(
            f"{fund.selected_on} 遴选，{state.zh}；期限 {soft}（最长 {hard}）",
            f"Selected on {fund.selected_on}, {state.en}; due {soft} (at the latest {hard})",
        ),
        until,
        hard if verdict is Verdict.BREACH else soft,
        "date",
        None if verdict is Verdict.PASS else approved_fen(fund),
        since=None
        if verdict is Verdict.PASS
        else (hard if verdict is Verdict.BREACH else soft) + dt.timedelta(days=1),
    )
