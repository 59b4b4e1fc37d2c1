"""Who may manage, invest in and register a fund. GF-10…13."""

from __future__ import annotations

import datetime as dt

from fof.rules import cited_documents as docs
from fof.rules.calendar_days import add_months, months_between
from fof.rules.facts import FundFacts
from fof.rules.facts_parties import ManagerFacts, StakeFacts, in_home_province
from fof.rules.registry import (
    Confidence,
    Level,
    Limb,
    Outcome,
    Scope,
    Test,
    Value,
    Verdict,
    breach_unless,
    checklist,
    missing,
    not_applicable,
    rule,
)
from fof.rules.truth import agreed, any_of, at_least, not_
from fof.rules.wording import actual, listed, money_en, money_zh
from fof.rules.worked_days import WorkedDays, worked
from models.facts import FACTS
from models.kinds import LegalForm, Ownership, PartyKind, Strategy
from models.text import Text, counted, joined

_NO_GP = frozenset(
    {
        Ownership.GOVERNMENT,
        Ownership.SOE_WHOLLY_OWNED,
        Ownership.SOE,
        Ownership.LISTED,
        Ownership.PUBLIC_BODY,
    }
)


def partners(fund: FundFacts) -> list[StakeFacts]:
    """Stakes that are still held; one that was sold or given up in whole leaves the fund."""
    return [stake for stake in fund.stakes if stake.committed != 0]


@rule(
    "GF-10",
    Level.CONFIG,
    Scope.FUND,
    Confidence.SEEN,
    text=Text("管理人准入", "Manager admission tests"),
    sources=[docs.ORDER_39.at("第9条（五）"), docs.NDRC_2800.at(None)],
    on="selected_on",
    later=[
        "was_public",
        "manager_selected",
    ],  # the money comes after the manager; what was first recorded later is named
)
def manager_admission(
    fund: FundFacts, *, manager_paid_in_min: int, manager_team_min: int, angel_managed_paid_in_above: int
) -> Outcome:
    """Capital, registration, experience, clean record; for the province's angel funds also size and place. Judged by
    what is known of the manager for the day it was selected."""
    manager = fund.now.manager_selected
    if fund.kind is not PartyKind.SUB_FUND or not fund.now.was_public:
        return not_applicable(Text("非省级资金参与的子基金", "not a sub-fund with public money"))
    if manager is None:
        return missing(Text("管理人", "manager"))
    capital, size = actual(manager.paid_in_capital, fen=True), manager.managed_paid_in
    largest = actual(size, fen=True)
    team = [at_least(manager.team_with_3_years, manager_team_min)]
    team.append(at_least(manager.executives_with_2_years, manager_team_min))
    tests: list[Test] = [
        Limb(
            at_least(manager.paid_in_capital, manager_paid_in_min),
            Text(
                f"实缴资本不低于 {money_zh(manager_paid_in_min)}{capital[0]}",
                f"paid-in capital at least {money_en(manager_paid_in_min)}{capital[1]}",
            ),
            manager.paid_in_capital,
            manager_paid_in_min,
            "fen",
        ),
        (True if manager.amac_manager_id else None, Text("已登记为管理人", "registered as manager")),
        (
            True if True in team else None if None in team else False,
            Text(
                f"三年以上经验者或两年以上经验高管不少于 {manager_team_min} 人",
                f"at least {manager_team_min} people with 3 years, or executives with 2 years",
            ),
        ),
        (manager.clean_record, Text("近三年无重大违法违规", "clean record")),
    ]
    angel = None if fund.strategy is None else fund.strategy is Strategy.ANGEL
    if angel is not False:
        floor = angel_managed_paid_in_above
        tests.append(
            (
                any_of(not_(angel), None if size is None else size > floor),
                Text(
                    f"天使基金：在管实缴规模超过 {money_zh(floor)}{largest[0]}",
                    f"of an angel fund: managed paid-in above {money_en(floor)}{largest[1]}",
                ),
            )
        )
        home = any_of(not_(angel), in_home_province(manager.province))
        tests.append((home, Text("天使基金：在省内注册", "of an angel fund: registered in the province")))
    later = joined(FACTS[name].text for name in manager.later)
    return checklist(
        tests,
        inputs={"manager": manager.code, "selected_on": fund.selected_on},
        notes=(
            Text(
                f"遴选日尚无记载，按其后首次记载：{later.zh}",
                f"not known on the day, first known later: {later.en}",
            ),
        )
        if manager.later
        else (),
    )


@rule(
    "GF-11",
    Level.LAW,
    Scope.FUND,
    Confidence.SEEN,
    text=Text("募集完毕后 20 个工作日内备案", "AMAC filing within 20 working days"),
    sources=[docs.ORDER_762.at("第14、22条")],
    on="final_close_on",
    later=["as_of", "amac_filed_on", "manager_closed", "calendar"],  # the filing that it makes due
)
def filed_in_time(fund: FundFacts, *, filing_workdays_max: int, first_fund_months_max: int) -> Outcome:
    """Working days from the close to the filing (to the as-of day while there is none), by published notices, and the
    manager's first fund within 12 months. Past the last notice it is unknown while holidays may decide it."""
    if fund.kind is PartyKind.GUIDANCE_FUND and fund.now.amac_filed_on is None:
        return not_applicable(
            Text("引导基金未作为私募基金备案", "a guidance fund that is not filed as a private fund")
        )
    if fund.final_close_on is None:
        return missing(Text("最终交割日", "final close"))
    now = fund.now
    until = now.amac_filed_on or now.as_of
    days = worked(now.calendar, fund.final_close_on, until, filing_workdays_max)
    manager = now.manager_closed or fund.manager
    limbs = [
        _filing(fund, days),
        _first_fund(manager, now, first_fund_months_max, fund.committed),
    ]
    inputs: dict[str, Value] = {
        "final_close_on": fund.final_close_on,
        "amac_filed_on": now.amac_filed_on,
        "working_days": days.least,
        "manager_registered_on": manager.registered_on if manager else None,
        "first_fund_filed_on": manager.first_fund_filed_on if manager else None,
    }
    outcome = checklist(limbs, inputs=inputs, notes=days.notes)
    if outcome.verdict in (Verdict.PASS, Verdict.UNKNOWN):
        first = limbs[0]
        money = None if outcome.verdict is Verdict.PASS else fund.committed
        outcome = outcome._replace(
            measured=first.measured, threshold=first.threshold, unit=first.unit, money=money
        )
    return outcome


def _filing(fund: FundFacts, days: WorkedDays) -> Limb:
    """The filing after the close."""
    filed, close = fund.now.amac_filed_on, fund.final_close_on
    text = days.text
    return Limb(
        days.in_time,
        Text(
            f"{close} 募集完毕，{f'{filed} 备案' if filed else '尚未备案'}，历时 {text.zh}",
            f"closed on {close}, {f'filed on {filed}' if filed else 'not filed yet'}: {text.en}",
        ),
        days.least,
        days.allowed,
        "days",
        fund.committed,
        days.late_since,
    )


def _first_fund(manager: ManagerFacts | None, fund: FundFacts, months: int, committed: int | None) -> Limb:
    """The manager's first fund within so many months of its registration."""
    met = _first_fund_in_time(manager, fund, months)
    registered = None if manager is None else manager.registered_on
    filed = None if manager is None else manager.first_fund_filed_on
    last_day = None if registered is None else add_months(registered, months)
    if last_day is None or met is None:
        text = Text("管理人登记日或首只基金备案日", "manager's registration or first filing")
    else:
        text = Text(
            f"管理人 {registered} 登记，首只基金 {filed or fund.amac_filed_on} 备案（应于 {last_day} 前）",
            f"manager registered on {registered}, first fund filed on {filed or fund.amac_filed_on} (due by {last_day})",
        )
    late = None if filed is None or registered is None else months_between(registered, filed)
    since = None if last_day is None else last_day + dt.timedelta(days=1)
    return Limb(met, text, late, months, "months", committed, since)


def _first_fund_in_time(manager: ManagerFacts | None, fund: FundFacts, months: int) -> bool | None:
    """Whether the manager filed its first fund in time; a first fund filed before the regulation came is in time."""
    if manager is None:
        return None
    filed = [day for day in (manager.first_fund_filed_on, fund.amac_filed_on) if day is not None]
    if filed and min(filed) < docs.ORDER_762.since:
        return True
    if manager.registered_on is None:
        return None
    last_day = add_months(manager.registered_on, months)
    if filed and min(filed) <= last_day:
        return True
    if manager.first_fund_filed_on is not None:
        return False
    return None if fund.as_of > last_day else True


def head_count(fund: FundFacts) -> tuple[int, bool]:
    """(investors counted through unfiled conduits, whether every conduit's members are known). Who owns a share by
    declaration alone is an investor, too; whether it is a conduit is not asked of it, so others than persons, governments
    and companies may be many."""
    declared = [owner for owner in fund.owners if owner.share]
    heads = {owner.code for owner in declared} | ({fund.gp_code} if fund.gp_code else set())
    known = all(owner.kind in _NATURAL or owner.kind is PartyKind.COMPANY for owner in declared)
    waiting = [stake.investor for stake in partners(fund)]
    seen: set[str] = set()
    while waiting:
        investor = waiting.pop()
        if not investor.is_conduit or investor.members is None:
            heads.add(investor.code)
            known = known and not investor.is_conduit
        elif investor.code not in seen:  # a conduit behind a conduit is looked through as well
            seen.add(investor.code)
            waiting.extend(investor.members)
    return len(heads), known


_NATURAL = frozenset({PartyKind.PERSON, PartyKind.GOVERNMENT, PartyKind.GUIDANCE_FUND, PartyKind.PARENT_FUND})


def _forms_note(fund: FundFacts) -> tuple[Text, ...]:
    """Who was counted as one although its legal form, which decides that, is not recorded."""
    unsure = [
        s.investor.code
        for s in partners(fund)
        if s.investor.legal_form is None
        and s.investor.kind not in _NATURAL
        and s.investor.code != fund.gp_code
    ]
    if not unsure:
        return ()
    return (
        Text(
            f"{len(unsure)} 家出资人组织形式未登记，各按一人计：{listed(unsure)}",
            f"legal form of {counted(len(unsure), 'investor')} not recorded, each counted as one: {listed(unsure)}",
        ),
    )


@rule(
    "GF-12",
    Level.LAW,
    Scope.FUND,
    Confidence.SEEN,
    text=Text("投资者人数", "Investor head-count limits"),
    sources=[
        docs.PARTNERSHIP_LAW.at("第61条", until=dt.date(2013, 5, 31)),
        docs.SECURITIES_FUND_LAW.at("第87条（合伙企业法第61条）"),
    ],
)
def heads(fund: FundFacts, *, partners_min: int, partners_max: int, investors_max: int) -> Outcome:
    """2 to 50 partners, 200 investors otherwise (50 in an LLC); unfiled conduits are replaced by their members."""
    if fund.kind is PartyKind.GUIDANCE_FUND:
        return not_applicable(Text("引导基金", "guidance fund"))
    if fund.stakes and not partners(fund):
        return not_applicable(Text("出资人均已退出", "every investor has left"))
    if not fund.stakes:
        return missing(Text("出资人", "investors"))
    count, known = head_count(fund)
    if fund.legal_form is None:  # it decides which limit applies: nothing passes without it
        most = max(partners_max, investors_max)
        possible = [(1, most)]
        known = known and count > most
    elif fund.legal_form is LegalForm.COMPANY and fund.limited_liability is None:
        company = LegalForm.COMPANY
        possible = [
            _limits(company, limited, partners_min, partners_max, investors_max) for limited in (True, False)
        ]
    else:
        possible = [
            _limits(fund.legal_form, fund.limited_liability, partners_min, partners_max, investors_max)
        ]
    # unknown members behind a conduit only add to the heads
    met = agreed(False if count > most else None if not known else count >= least for least, most in possible)
    if met is None:
        return missing(
            Text("组织形式或未备案合伙企业、契约的投资者名单", "legal form, or members of unfiled conduits"),
            inputs={"counted": count},
        )
    least, most = (
        possible[0] if len(set(possible)) == 1 else (min(p[0] for p in possible), max(p[1] for p in possible))
    )
    return Outcome(
        breach_unless(met),
        Text(f"投资者 {count} 人，应为 {least}—{most} 人", f"Investors: {count}, allowed {least} to {most}"),
        count,
        least if count < least else most,
        "count",
        inputs={"least": least},
        notes=_forms_note(fund),
    )


def _limits(
    form: LegalForm, limited: bool | None, partners_min: int, partners_max: int, investors_max: int
) -> tuple[int, int]:
    """Fewest and most investors of a legal form; a limited liability company has a partnership's most."""
    partnership = form is LegalForm.LIMITED_PARTNERSHIP
    return partners_min if partnership else 1, partners_max if partnership or limited else investors_max


@rule(
    "GF-13",
    Level.LAW,
    Scope.FUND,
    Confidence.SEEN_IN_PART,
    text=Text("国有企业不得为普通合伙人", "State firms cannot be general partner"),
    sources=[docs.PARTNERSHIP_LAW.at("第3条")],
)
def general_partner(fund: FundFacts) -> Outcome:
    """Not a state, listed or public-interest body; a state-controlled mixed company needs a legal opinion."""
    if fund.legal_form is not None and fund.legal_form is not LegalForm.LIMITED_PARTNERSHIP:
        return not_applicable(Text("非合伙型", "not a partnership"))
    if fund.legal_form is None or fund.gp_ownership is None:
        return missing(Text("组织形式或普通合伙人所有制", "legal form or the GP's ownership"))
    owner = fund.gp_ownership
    mixed = owner is Ownership.SOE_CONTROLLED_MIXED
    verdict = (
        Verdict.BREACH
        if owner in _NO_GP
        else Verdict.WARN
        if mixed and not fund.legal_opinion
        else Verdict.PASS
    )
    opinion = Text(
        f"，法律意见：{fund.legal_opinion or '无'}" if mixed else "",
        f", legal opinion: {fund.legal_opinion or 'none'}" if mixed else "",
    )
    return Outcome(
        verdict,
        Text(f"普通合伙人所有制：{owner.zh}{opinion.zh}", f"General partner: {owner.en}{opinion.en}"),
        inputs={"gp": fund.gp_code, "ownership": str(owner)},
    )
