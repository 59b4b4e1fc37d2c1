"""Staff co-investment: the plan and the project. CI-01, CI-02, CI-10, CI-17, CI-19, CI-27, CI-28."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from fof.rules import cited_documents as docs
from fof.rules.calendar_days import add_months
from fof.rules.coinvest_terms import (
    beyond,
    document,
    missing_unless_denied,
    own_or,
    provided,
    required,
    share_of,
    unless_denied,
)
from fof.rules.facts_coinvest import BallotFacts, PlanFacts, ProjectFacts, RosterFacts
from fof.rules.registry import (
    Confidence,
    Level,
    Limb,
    Outcome,
    Scope,
    Test,
    checklist,
    not_applicable,
    rule,
)
from fof.rules.truth import all_of, any_of, at_least, at_most, not_
from fof.rules.wording import decimal_of, listed, pct
from models.coinvest import CapBase, PlanMode, TeamRole
from models.kinds import Ownership
from models.text import Text, counted

_WHOLLY_OWNED = frozenset({Ownership.SOE_WHOLLY_OWNED, Ownership.GOVERNMENT})
_TEAM = frozenset({TeamRole.DEAL_LEAD, TeamRole.DEAL_TEAM})
_BOUND = frozenset({*_TEAM, TeamRole.NAMED})


@rule(
    "CI-01",
    Level.MIN,
    Scope.PLAN,
    Confidence.SEEN,
    text=Text("跟投的政策依据", "Legal basis for state VC co-investment"),
    sources=[docs.GUOFA_53.at("第12条"), docs.POLICY_2017.at("三（四）"), docs.GUOFA_9.at(None)],
    on="first_day",
)
def legal_basis(plan: PlanFacts) -> Outcome:
    """Every plan names the document that it rests on."""
    return checklist([(required(plan.basis_doc), Text("方案写明政策依据", "the plan names its legal basis"))])


@rule(
    "CI-02",
    Level.NOTE,
    Scope.PROJECT,
    Confidence.SEEN,
    text=Text("项目适用有效的跟投方案", "No national numeric rule: the approved plan is the rule"),
    sources=[docs.practice("国有企业项目跟投实务（经批准并备案的跟投方案即规则）")],
    on="day",
)
def under_valid_plan(project: ProjectFacts) -> Outcome | None:
    """A version is in force on the day of the project, approved by board and party committee and filed with SASAC by then."""
    if not project.has_stakes:
        return None
    plan = project.plan
    if plan is None:
        return checklist(
            [(False, Text("项目当日没有适用的跟投方案", "no plan in force on the day of the project"))],
            money=project.staff,
        )
    tests: list[Test] = [
        document(
            plan.plan_version, "plan_version", plan.denied, Text("写明方案版本", "the version is stated")
        )
    ]
    for name, zh, en in (
        ("board_approved_on", "董事会批准", "approved by the board"),
        ("party_committee_approved_on", "党委会批准", "approved by the party committee"),
        ("plan_filed_on", "国资委备案", "filed with SASAC"),
    ):
        on = getattr(plan, name)
        met = provided(on, name, plan.denied) if on is None else on <= project.day
        text = Text(f"项目日前已{zh}", f"{en} by the day of the project")
        tests.append(Limb(met, text, on, project.day, "date", project.staff, project.day))
    return checklist(tests, money=project.staff)


def _took_part(ballot: BallotFacts) -> bool | None:
    """Whether a member was at the decision: who voted was, in the room or in writing; None where neither is recorded."""
    return True if ballot.voted else ballot.attended


def _stayed_out(ballot: BallotFacts) -> bool | None:
    """Whether a member kept out of the vote: a vote that was cast decides, whatever else the record says of a recusal."""
    if ballot.voted is not None:
        return not ballot.voted
    return any_of(ballot.recused or None, not_(ballot.attended) or None)


@rule(
    "CI-10",
    Level.LAW,
    Scope.PROJECT,
    Confidence.SEEN,
    text=Text("与内部人共同投资的同意", "Consent when a state firm invests together with its insiders"),
    sources=[docs.STATE_ASSETS_LAW.at("第43—46条")],
    on="day",
)
def consent_with_insiders(project: ProjectFacts) -> Outcome | None:
    """With insiders among the participants a wholly owned firm needs its owner agency's consent, a controlled one a resolution
    on which they did not vote."""
    if not project.has_stakes:
        return None
    denied = project.denied
    if not project.insiders:
        if project.insiders_known:
            return not_applicable(Text("参与人员中没有关联人", "no related party takes part"))
        posts = Text("参与人员的岗位", "the participants' posts")
        return missing_unless_denied(posts, denied, "role_class", "employment", money=project.staff)
    consent, resolution = required(project.deal_consent_ref), required(project.board_resolution_ref)
    voted = [b for b in project.ballots if b.person in project.insiders]
    recused = all_of(*map(_stayed_out, voted))
    if not project.ballots:
        recused = provided(None, "ballots", denied)
    recused = unless_denied(recused, denied, "recused", "voted")
    if project.institution_ownership is None:
        resolved = all_of(resolution, recused)
        if consent == resolved:  # whichever of the two the firm needs
            text = Text(
                "国资监管机构同意，或董事会决议与回避",
                "consent of the owner agency, or a resolution of the board",
            )
            return checklist([(consent, text)], money=project.staff)
        met = unless_denied(None, denied, "ownership")
        text = Text("机构的控股情况", "who owns the institution")
        return checklist([(met, text)], money=project.staff)
    if project.institution_ownership in _WHOLLY_OWNED:
        tests: list[Test] = [(consent, Text("国资监管机构同意", "owner agency's consent"))]
    else:
        tests = [
            (resolution, Text("董事会决议", "board resolution")),
            (recused, Text("关联人回避表决", "related parties did not vote")),
        ]
    who = listed(project.insiders)
    note = Text(f"关联人：{who}", f"related parties: {who}")
    return checklist(tests, money=project.staff, notes=(note,))


@rule(
    "CI-17",
    Level.CONFIG,
    Scope.PROJECT,
    Confidence.SEEN_IN_PART,
    text=Text("单个项目跟投总额", "Total ceiling per project"),
    sources=[docs.practice("创投机构跟投制度样本；国资发改革〔2016〕133号、财资〔2016〕4号 的外沿")],
    on="day",
)
def total_ceiling(
    project: ProjectFacts,
    *,
    coinvest_total_cap: Decimal,
    coinvest_equity_cap: Decimal,
    coinvest_equity_cap_hard: Decimal,
) -> Outcome | None:
    """All staff money over its base, not above the plan's ceiling nor below its floor; all staff shares over the company's."""
    if not project.has_stakes:
        return None
    plan = project.plan
    base = CapBase.TICKET_AND_STAFF if plan is None or plan.total_cap_base is None else plan.total_cap_base
    whole = {
        CapBase.TICKET_AND_STAFF: project.ticket + project.staff,
        CapBase.TICKET: project.ticket,
        CapBase.ROUND: project.round_total,
    }[base]
    part = share_of(project.staff, whole)
    cap = own_or(None if plan is None else plan.total_cap, coinvest_total_cap)
    over = None if whole is None else project.staff - int(cap * whole)
    within = unless_denied(at_most(part, cap), project.denied, "round_total")
    tests: list[Test] = [
        Limb(
            within,
            Text(
                f"跟投总额不超过{base.zh}的 {pct(cap)}",
                f"staff money at most {pct(cap)} of {base.en.lower()}",
            ),
            part,
            cap,
            "share",
            over,
        )
    ]
    if plan is not None and plan.total_floor is not None:
        floor = plan.total_floor
        tests.append(
            Limb(
                unless_denied(at_least(part, floor), project.denied, "round_total"),
                Text(f"不低于 {pct(floor)}", f"at least {pct(floor)}"),
                part,
                floor,
                "share",
                None if whole is None else int(floor * whole) - project.staff,
            )
        )
    shares = share_of(project.staff_shares, project.total_shares_after)
    equity = min(
        own_or(None if plan is None else plan.equity_cap, coinvest_equity_cap), coinvest_equity_cap_hard
    )
    tests.append(
        Limb(
            unless_denied(at_most(shares, equity), project.denied, "total_shares_after", "payment_shares"),
            Text(
                f"跟投持股不超过企业股本的 {pct(equity)}",
                f"staff shares at most {pct(equity)} of the company",
            ),
            shares,
            equity,
            "share",
            beyond(project.staff, shares, equity),
        )
    )
    if project.round_shares is not None:
        theirs = [t.shares for t in project.tranches]
        known = None if None in theirs or project.staff_shares is None else project.staff_shares
        bought = None if known is None else known + sum((s for s in theirs if s is not None), Fraction(0))
        tests.append(
            Limb(
                unless_denied(
                    at_most(bought, Fraction(project.round_shares)),
                    project.denied,
                    "payment_shares",
                    "deal_shares",
                ),
                Text(
                    "机构与跟投认购股数不超过本轮发行股数", "shares bought at most those that the round sold"
                ),
                None if bought is None else decimal_of(bought),
                project.round_shares,
                "count",
                None if bought is None else _worth(project, bought - Fraction(project.round_shares)),
            )
        )
    return checklist(tests, money=project.staff, inputs={"staff": project.staff, "ticket": project.ticket})


def _worth(project: ProjectFacts, shares: Fraction) -> int:
    """What so many shares cost staff, at most all that they paid."""
    if not project.staff_shares:
        return project.staff
    return min(project.staff, int(project.staff * shares / project.staff_shares))


def _joined(who: RosterFacts) -> bool:
    return bool(who.joined)


@rule(
    "CI-19",
    Level.CONFIG,
    Scope.PROJECT,
    Confidence.SEEN,
    text=Text("项目组强制跟投下限", "Mandatory floor for the deal team"),
    sources=[docs.practice("国有企业项目跟投实务；行业报道（2025-09）")],
    on="day",
)
def team_floor(project: ProjectFacts, *, coinvest_floor: Decimal) -> Outcome | None:
    """Where the plan makes it a duty: the deal team pays in a part of the ticket, and everybody named pays something."""
    plan = project.plan
    if plan is None:
        return None
    if plan.plan_mode is PlanMode.VOLUNTARY:
        return not_applicable(Text("自愿跟投，无下限", "voluntary: no floor"))
    floor = own_or(plan.deal_team_floor, coinvest_floor)
    owed = int(floor * project.ticket)
    if plan.plan_mode is None:
        mode = Text("跟投方式", "the plan's mode")
        return missing_unless_denied(mode, plan.denied, "plan_mode", money=owed)
    team = [r for r in project.roster if r.team_role in _TEAM]
    named = [r for r in project.roster if r.team_role in _BOUND]
    untold = [r for r in project.roster if r.team_role is None]
    if not named:
        team_list = Text("项目组与强制跟投名单", "deal team and those named")
        return missing_unless_denied(team_list, project.denied, "roster", "team_role", money=owed)
    paid = sum(r.joined or 0 for r in team)
    part = share_of(paid, project.ticket)
    enough = at_least(part, floor)
    if enough is False and untold:
        enough = unless_denied(None, project.denied, "team_role")
    tests: list[Test] = [
        Limb(
            enough,
            Text(
                f"项目组合计不低于机构投资额的 {pct(floor)}",
                f"the team's money at least {pct(floor)} of the ticket",
            ),
            part,
            floor,
            "share",
            max(0, owed - paid),
        )
    ]
    for who in [*named, *untold]:
        if not who.participation_waiver_ref:
            met = _joined(who) or (None if who.team_role is None else False)
            met = unless_denied(met, project.denied, "team_role")
            tests.append((met, Text(f"{who.person} 已跟投", f"{who.person} joined")))
    return checklist(tests)  # what somebody named had to pay is no amount that the plan states


@rule(
    "CI-27",
    Level.MIN,
    Scope.PROJECT,
    Confidence.RECALLED,
    text=Text("资产评估与备案", "Valuation and asset procedure on the state side"),
    sources=[docs.STATE_APPRAISAL.at(None)],
    on="day",
)
def appraised(project: ProjectFacts, *, coinvest_appraisal_months: int) -> Outcome | None:
    """A report not older than so many months at signing, with its filing."""
    if not project.has_stakes:
        return None
    months = coinvest_appraisal_months
    on, signed = project.appraisal_on, project.signed_on
    fresh = None
    if on is not None and signed is not None:
        fresh = on <= signed <= add_months(on, months)
    fresh = unless_denied(fresh, project.denied, "appraisal_on", "signed_on")
    money = project.staff
    return checklist(
        [
            document(
                project.appraisal_ref, "appraisal_ref", project.denied, Text("有评估报告", "a report"), money
            ),
            Limb(
                fresh,
                Text(
                    f"评估基准日在签约前 {months} 个月内",
                    f"dated within {counted(months, 'month')} of signing",
                ),
                on,
                None if signed is None else add_months(signed, -months),
                "date",
                money,
            ),
            document(
                project.appraisal_filing_ref,
                "appraisal_filing_ref",
                project.denied,
                Text("评估已备案", "filed"),
                money,
            ),
        ],
        money=money,
    )


@rule(
    "CI-28",
    Level.CONFIG,
    Scope.PROJECT,
    Confidence.SEEN_IN_PART,
    text=Text("决策、回避与公示", "Decision, recusal, publication"),
    sources=[docs.practice("国资发改革〔2016〕133号 的公开原则；企业国有资产法 第46条")],
    on="day",
)
def decided_openly(project: ProjectFacts, *, publicity_days_default: int) -> Outcome | None:
    """Members with a stake disclosed it, related ones stayed out of the vote; the list was published and filed."""
    if not project.has_stakes:
        return None
    tests: list[Test] = []
    allowed = None if project.plan is None else project.plan.committee_vote_allowed
    denied = project.denied
    if not project.ballots:
        tests.append((provided(None, "ballots", denied), Text("投决表决记录", "record of the vote")))
    for ballot in project.ballots:
        present = _took_part(ballot)
        if not ballot.holds_stake or present is False:
            continue
        line = project.roster_by_person.get(ballot.person)
        own = project.staff if line is None or line.joined is None else line.joined
        disclosed = any_of(ballot.interest_disclosed, not_(present))
        disclosed = unless_denied(disclosed, denied, "interest_disclosed", "attended")
        text = Text(f"{ballot.person} 已披露利益", f"{ballot.person} disclosed the interest")
        tests.append(Limb(disclosed, text, money=own))
        stayed_out = unless_denied(_stayed_out(ballot), denied, "recused", "voted")
        if ballot.person in project.insiders:
            text = Text(f"{ballot.person} 回避表决", f"{ballot.person} did not vote")
            tests.append(Limb(stayed_out, text, money=own))
        else:
            text = Text(
                f"{ballot.person} 回避，或方案允许其表决",
                f"{ballot.person} did not vote, or the plan allows it",
            )
            tests.append(Limb(any_of(stayed_out, bool(allowed)), text, money=own))
    least = publicity_days_default
    if project.plan is not None and project.plan.publicity_days_min is not None:
        least = project.plan.publicity_days_min
    published = at_least(project.publicity_days, least)
    if project.publicity_days is None:
        published = unless_denied(None, denied, "publicity_from", "publicity_until")
    tests += [
        Limb(
            published,
            Text(f"公示不少于 {least} 个工作日", f"published at least {least} working days"),
            project.publicity_days,
            least,
            "days",
            project.staff,
        ),
        document(
            project.coinvest_filed_on,
            "coinvest_filed_on",
            project.denied,
            Text("名单已报国资委备案", "the list is filed with SASAC"),
            project.staff,
        ),
    ]
    return checklist(tests, money=project.staff)
