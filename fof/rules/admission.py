"""Who may manage, invest in and register a fund, and how small it may be. GF-10…13, 15…18."""

from __future__ import annotations

import datetime as dt

from fof.rules import documents as docs
from fof.rules.calendar_days import add_months, add_years, workdays_after
from fof.rules.facts import VENTURE_STRATEGIES, FundFacts
from fof.rules.facts_parties import in_home_province
from fof.rules.registry import (
    Confidence,
    Level,
    Outcome,
    Scope,
    Test,
    Verdict,
    breach_unless,
    checklist,
    missing,
    not_applicable,
    rule,
)
from fof.rules.truth import at_least
from fof.rules.wording import actual, money_en, money_zh
from models.kinds import FundClass, LegalForm, Ownership, PartyKind, Strategy

_NO_GP = frozenset(
    {
        Ownership.GOVERNMENT,
        Ownership.SOE_WHOLLY_OWNED,
        Ownership.SOE,
        Ownership.LISTED,
        Ownership.PUBLIC_BODY,
    }
)
WEEKDAYS_NOTE = (
    "工作日按周一至周五计，未扣除法定节假日（未登记）",
    "working days counted Monday to Friday: no public holidays are entered",
)


def is_venture(fund: FundFacts) -> bool | None:
    """Whether a fund is run as a VC fund, by class or strategy; None where neither is recorded."""
    if fund.fund_class is None and fund.strategy is None:
        return None
    return fund.fund_class is FundClass.VENTURE or fund.strategy in VENTURE_STRATEGIES


def paid_by(fund: FundFacts, day: dt.date) -> int:
    """Paid in on or before `day`."""
    return sum(flow.fen for stake in fund.stakes for flow in stake.paid if flow.day <= day)


@rule(
    "GF-10", Level.CONFIG, Scope.FUND, Confidence.SEEN,
    zh="管理人准入", en="Manager admission tests",
    sources=[docs.ORDER_39.at("第9条（五）"), docs.NDRC_2800.at(None)],
    params=["manager_paid_in_min", "manager_team_min", "angel_managed_paid_in_above"], on="selected_on",
)  # fmt: skip
def manager_admission(
    fund: FundFacts, *, manager_paid_in_min: int, manager_team_min: int, angel_managed_paid_in_above: int
) -> Outcome:
    """Capital, registration, experience, clean record; for the province's angel funds also size and place."""
    manager = fund.manager
    if fund.kind is not PartyKind.SUB_FUND or not fund.is_public:
        return not_applicable("非省级资金参与的子基金", "not a sub-fund with public money")
    if manager is None:
        return missing(("管理人", "manager"))
    capital, size = actual(manager.paid_in_capital, fen=True), manager.managed_paid_in
    shown = actual(size, fen=True)
    team = [at_least(manager.team_with_3_years, manager_team_min)]
    team.append(at_least(manager.executives_with_2_years, manager_team_min))
    tests: list[Test] = [
        (
            at_least(manager.paid_in_capital, manager_paid_in_min),
            f"实缴资本不低于 {money_zh(manager_paid_in_min)}{capital[0]}",
            f"paid-in capital at least {money_en(manager_paid_in_min)}{capital[1]}",
        ),
        (True if manager.amac_manager_id else None, "已登记为管理人", "registered as manager"),
        (
            True if True in team else None if None in team else False,
            f"三年以上经验者或两年以上经验高管不少于 {manager_team_min} 人",
            f"at least {manager_team_min} people with 3 years, or executives with 2 years",
        ),
        (manager.clean_record, "近三年无重大违法违规", "clean record"),
    ]
    if fund.strategy is Strategy.ANGEL:
        floor = angel_managed_paid_in_above
        tests.append(
            (
                None if size is None else size > floor,
                f"在管实缴规模超过 {money_zh(floor)}{shown[0]}",
                f"managed paid-in above {money_en(floor)}{shown[1]}",
            )
        )
        tests.append((in_home_province(manager.province), "在省内注册", "registered in the province"))
    return checklist(tests)


@rule(
    "GF-11", Level.LAW, Scope.FUND, Confidence.SEEN,
    zh="募集完毕后 20 个工作日内备案", en="AMAC filing within 20 working days",
    sources=[docs.ORDER_762.at("第14、22条")],
    params=["filing_workdays_max", "holiday_margin_days", "first_fund_months_max"], on="final_close_on",
)  # fmt: skip
def filed_in_time(
    fund: FundFacts, *, filing_workdays_max: int, holiday_margin_days: int, first_fund_months_max: int
) -> Outcome:
    """Working days from the close to the filing (to the as-of day while there is none), and the manager's first
    fund within 12 months. Without a holiday calendar a small excess is a warning: holidays may explain it."""
    if fund.final_close_on is None:
        return missing(("最终交割日", "final close"))
    until = fund.amac_filed_on or fund.as_of
    days = workdays_after(fund.final_close_on, until, fund.holidays or frozenset())
    first = fund.manager.registered_on if fund.manager else None
    late_manager = first is not None and (
        (fund.manager.first_fund_filed_on if fund.manager else None) or fund.as_of
    ) > add_months(first, first_fund_months_max)
    doubtful = fund.holidays is None and days <= filing_workdays_max + holiday_margin_days
    if late_manager or (days > filing_workdays_max and not doubtful):
        verdict = Verdict.BREACH
    elif days > filing_workdays_max:
        verdict = Verdict.WARN
    else:
        verdict = Verdict.PASS if first is not None else Verdict.UNKNOWN
    filed_zh = f"{fund.amac_filed_on} 备案" if fund.amac_filed_on else "尚未备案"
    filed_en = f"filed on {fund.amac_filed_on}" if fund.amac_filed_on else "not filed yet"
    extra_zh = "；管理人首只基金超过期限" if late_manager else "" if first else "；缺少管理人登记日"
    extra_en = (
        "; manager's first fund is late"
        if late_manager
        else ""
        if first
        else "; manager's registration missing"
    )
    return Outcome(
        verdict,
        f"{fund.final_close_on} 募集完毕，{filed_zh}，历时 {days} 个工作日（不超过 {filing_workdays_max}）{extra_zh}",
        f"Closed on {fund.final_close_on}, {filed_en}: {days} working days (at most {filing_workdays_max}){extra_en}",
        days,
        filing_workdays_max,
        "days",
        None if verdict is Verdict.PASS else fund.committed,
        {
            "final_close_on": fund.final_close_on,
            "amac_filed_on": fund.amac_filed_on,
            "manager_registered_on": first,
        },
        notes=(WEEKDAYS_NOTE,) if fund.holidays is None else (),
    )


def head_count(fund: FundFacts) -> tuple[int, bool]:
    """(investors counted through unfiled conduits, whether every conduit's members are known)."""
    heads: set[str] = {fund.gp_code} if fund.gp_code else set()
    known = True
    for stake in fund.stakes:
        investor = stake.investor
        if not investor.is_conduit or investor.members is None:
            heads.add(investor.code)
            known = known and not investor.is_conduit
        else:
            heads.update(member.code for member in investor.members)
    return len(heads), known


@rule(
    "GF-12", Level.LAW, Scope.FUND, Confidence.SEEN,
    zh="投资者人数", en="Investor head-count limits",
    sources=[
        docs.PARTNERSHIP_LAW.at("第61条", until=dt.date(2013, 5, 31)),
        docs.SECURITIES_FUND_LAW.at("第87条（合伙企业法第61条）"),
    ],
    params=["partners_min", "partners_max", "investors_max"],
)  # fmt: skip
def heads(fund: FundFacts, *, partners_min: int, partners_max: int, investors_max: int) -> Outcome:
    """2 to 50 partners, 200 investors otherwise (50 in an LLC); unfiled conduits are replaced by their members."""
    if fund.kind is PartyKind.GUIDANCE_FUND:
        return not_applicable("引导基金", "guidance fund")
    if fund.legal_form is None or not fund.stakes:
        return missing(("组织形式或出资人", "legal form or investors"))
    partnership = fund.legal_form is LegalForm.LIMITED_PARTNERSHIP
    if fund.legal_form is LegalForm.COMPANY and fund.limited_liability is None:
        return missing(("是否为有限责任公司", "whether it is a limited liability company"))
    most = partners_max if partnership or fund.limited_liability else investors_max
    least = partners_min if partnership else 1
    count, known = head_count(fund)
    if count <= most and not known:
        return missing(("未备案合伙企业或契约的投资者名单", "members of unfiled conduits"))
    return Outcome(
        breach_unless(least <= count <= most),
        f"投资者 {count} 人，应为 {least}—{most} 人",
        f"Investors: {count}, allowed {least} to {most}",
        count,
        most,
        "count",
        inputs={"least": least},
    )


@rule(
    "GF-13", Level.LAW, Scope.FUND, Confidence.SEEN_IN_PART,
    zh="国有企业不得为普通合伙人", en="State firms cannot be general partner",
    sources=[docs.PARTNERSHIP_LAW.at("第3条")],
)  # fmt: skip
def general_partner(fund: FundFacts) -> Outcome:
    """Not a state, listed or public-interest body; a state-controlled mixed company needs a legal opinion."""
    if fund.legal_form is not None and fund.legal_form is not LegalForm.LIMITED_PARTNERSHIP:
        return not_applicable("非合伙型", "not a partnership")
    if fund.legal_form is None or fund.gp_ownership is None:
        return missing(("组织形式或普通合伙人所有制", "legal form or the GP's ownership"))
    owner = fund.gp_ownership
    mixed = owner is Ownership.SOE_CONTROLLED_MIXED
    verdict = (
        Verdict.BREACH
        if owner in _NO_GP
        else Verdict.WARN
        if mixed and not fund.legal_opinion
        else Verdict.PASS
    )
    opinion_zh = f"，法律意见：{fund.legal_opinion or '无'}" if mixed else ""
    opinion_en = f", legal opinion: {fund.legal_opinion or 'none'}" if mixed else ""
    return Outcome(
        verdict,
        f"普通合伙人所有制：{owner.zh}{opinion_zh}",
        f"General partner: {owner.en}{opinion_en}",
        inputs={"gp": fund.gp_code, "ownership": str(owner)},
    )


@rule(
    "GF-15", Level.LAW, Scope.FUND, Confidence.SEEN,
    zh="创业投资基金的条件", en="VC fund definition",
    sources=[docs.ORDER_762.at("第35条")], params=["vc_min_term_years"],
)  # fmt: skip
def vc_definition(fund: FundFacts, *, vc_min_term_years: int) -> Outcome:
    """Unlisted companies only, the words 创业投资 in name or scope, no borrowing, a minimum life."""
    venture = is_venture(fund)
    if venture is False or fund.kind is not PartyKind.SUB_FUND:
        return not_applicable("非创业投资基金", "not a VC fund")
    if venture is None:
        return missing(("基金类别或策略", "class or strategy"))
    listed = [deal.listed_at_entry for deal in fund.purchases]
    texts = [fund.name, fund.business_scope]
    named = True if any("创业投资" in text for text in texts if text) else None if None in texts else False
    life = None
    if fund.established_on and fund.term_end:
        life = fund.term_end >= add_years(fund.established_on, vc_min_term_years)
    borrowing = None if fund.borrowing is None else fund.borrowing == 0
    owed = actual(fund.borrowing, fen=True)
    return checklist(
        [
            (
                False if True in listed else None if None in listed else True,
                "投资于未上市企业",
                "unlisted companies",
            ),
            (named, "名称或经营范围含“创业投资”", "创业投资 in name or scope"),
            (borrowing, f"无借款{owed[0]}", f"no borrowing{owed[1]}"),
            (life, f"存续期不少于 {vc_min_term_years} 年", f"life of at least {vc_min_term_years} years"),
        ],
        money=fund.borrowing or None,
    )


@rule(
    "GF-16", Level.MIN, Scope.FUND, Confidence.SEEN,
    zh="创业投资企业最低规模和单笔出资", en="Minimum size and ticket under the VC-enterprise regime",
    sources=[docs.ORDER_39.at("第9条")],
    params=["vce_paid_in_min", "vce_first_paid_in_min", "vce_completion_years", "vce_ticket_min"],
)  # fmt: skip
def vc_enterprise_size(
    fund: FundFacts,
    *,
    vce_paid_in_min: int,
    vce_first_paid_in_min: int,
    vce_completion_years: int,
    vce_ticket_min: int,
) -> Outcome:
    """Paid in at once, or a first part and the rest within five years; each investor's minimum; cash only."""
    if fund.vc_enterprise is False:
        return not_applicable("未按39号令备案", "not filed under Order 39")
    if fund.vc_enterprise is None:
        return missing(("是否按39号令备案", "whether it is filed under Order 39"))
    first = min((flow.day for stake in fund.stakes for flow in stake.paid), default=None)
    if first is None or any(stake.committed is None for stake in fund.stakes):
        return missing(("实缴或认缴", "paid-in or commitments"))
    full_by = add_years(first, vce_completion_years)
    begun = paid_by(fund, first) >= vce_first_paid_in_min
    full = paid_by(fund, full_by) >= vce_paid_in_min or (begun and fund.as_of <= full_by)
    smallest = min(stake.committed or 0 for stake in fund.stakes)
    return checklist(
        [
            (
                full and (begun or fund.paid_in >= vce_paid_in_min),
                f"实缴 {money_zh(fund.paid_in)}：不低于 {money_zh(vce_paid_in_min)}，或首期不低于 "
                f"{money_zh(vce_first_paid_in_min)} 且 {full_by} 前缴足",
                f"paid in {money_en(fund.paid_in)}: at least {money_en(vce_paid_in_min)}, or "
                f"{money_en(vce_first_paid_in_min)} first and the rest by {full_by}",
            ),
            (
                smallest >= vce_ticket_min,
                f"单个出资人不低于 {money_zh(vce_ticket_min)}（最小 {money_zh(smallest)}）",
                f"each investor at least {money_en(vce_ticket_min)} (smallest {money_en(smallest)})",
            ),
            (not any(stake.in_kind for stake in fund.stakes), "全部以货币出资", "cash only"),
        ]
    )


@rule(
    "GF-17", Level.MIN, Scope.FUND, Confidence.RECALLED,
    zh="备案时最低实缴和存续期", en="AMAC initial paid-in and minimum life",
    sources=[docs.AMAC_5.at("第33、36条")],
    params=["amac_equity_paid_in_min", "amac_vc_paid_in_min", "amac_vc_months", "amac_single_asset_min", "amac_term_years"],
    on="amac_filed_on",
)  # fmt: skip
def amac_minimums(
    fund: FundFacts,
    *,
    amac_equity_paid_in_min: int,
    amac_vc_paid_in_min: int,
    amac_vc_months: int,
    amac_single_asset_min: int,
    amac_term_years: int,
) -> Outcome:
    """Paid in by the filing day; a VC fund may start lower and reach the amount within six months."""
    filed, venture = fund.amac_filed_on, is_venture(fund)
    if filed is None or venture is None:
        return missing(("备案日或基金类别", "filing day or class"))
    paid = paid_by(fund, filed)
    later = paid_by(fund, add_months(filed, amac_vc_months))
    waiting = fund.as_of <= add_months(filed, amac_vc_months)
    if fund.single_asset:
        floor, enough = amac_single_asset_min, paid >= amac_single_asset_min
    elif venture:
        floor = amac_vc_paid_in_min
        enough = paid >= floor and (later >= amac_equity_paid_in_min or waiting)
    else:
        floor, enough = amac_equity_paid_in_min, paid >= amac_equity_paid_in_min
    life = None
    if fund.established_on and fund.term_end:
        life = fund.term_end >= add_years(fund.established_on, amac_term_years)
    return checklist(
        [
            (
                enough,
                f"备案时实缴 {money_zh(paid)}，不低于 {money_zh(floor)}"
                + (f"，{amac_vc_months} 个月内达到 {money_zh(amac_equity_paid_in_min)}" if venture else ""),
                f"paid in at filing {money_en(paid)}, at least {money_en(floor)}"
                + (
                    f", {money_en(amac_equity_paid_in_min)} within {amac_vc_months} months" if venture else ""
                ),
            ),
            (life, f"存续期不少于 {amac_term_years} 年", f"life of at least {amac_term_years} years"),
        ],
        inputs={"paid_at_filing": paid, "paid_after_months": later},
    )


@rule(
    "GF-18", Level.MIN, Scope.FUND, Confidence.RECALLED,
    zh="39号令存续期", en="39号令 minimum life",
    sources=[docs.ORDER_39.at("第17—20条")], params=["vce_min_term_years"],
)  # fmt: skip
def vc_enterprise_life(fund: FundFacts, *, vce_min_term_years: int) -> Outcome:
    """A filed VC enterprise lives at least seven years."""
    if fund.vc_enterprise is False:
        return not_applicable("未按39号令备案", "not filed under Order 39")
    if fund.vc_enterprise is None or fund.established_on is None or fund.term_end is None:
        return missing(("是否备案、成立日或届满日", "filing, establishment or end of term"))
    kept = fund.term_end >= add_years(fund.established_on, vce_min_term_years)
    return Outcome(
        breach_unless(kept),
        f"存续期 {fund.established_on} 至 {fund.term_end}，不少于 {vce_min_term_years} 年",
        f"Life {fund.established_on} to {fund.term_end}, at least {vce_min_term_years} years",
        fund.term_end,
        add_years(fund.established_on, vce_min_term_years),
        "date",
    )
