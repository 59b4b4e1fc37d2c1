"""Staff co-investment: who may, at which round, how much, and whether all join. CI-03 … CI-06, CI-18, CI-20."""

from __future__ import annotations

from decimal import Decimal

from fof.rules import cited_documents as docs
from fof.rules.calendar_days import add_months
from fof.rules.coinvest_terms import (
    POLICY_GROUPS,
    beyond,
    employment_of,
    own_or,
    required,
    share_of,
    unless_denied,
)
from fof.rules.facts_coinvest import ParticipationFacts, StaffStakeFacts
from fof.rules.registry import (
    Confidence,
    Item,
    Level,
    Limb,
    Outcome,
    Scope,
    Test,
    Verdict,
    checklist,
    rule,
)
from fof.rules.truth import all_of, among, any_of, at_most, below, not_
from fof.rules.wording import pct
from models.coinvest import RoleClass, StaffContract
from models.text import Text, counted

_UNINSURED = frozenset(
    {StaffContract.SECONDED_EXECUTIVE, StaffContract.REHIRED_RETIREE, StaffContract.FOREIGN}
)
_NO_STAFF = frozenset({StaffContract.SERVICE, StaffContract.NONE})


@rule(
    "CI-03",
    Level.PROV,
    Scope.STAFF_STAKE,
    Confidence.SEEN,
    text=Text("可跟投人员范围", "Who may co-invest in Heilongjiang"),
    sources=[docs.POLICY_2017.at("三（四）")],
    on="day",
)
def eligible_group(stake: StaffStakeFacts) -> Outcome:
    """Executives, mid-level cadres and the management team on the day, or whom the plan names."""
    spell, employed = employment_of(stake)
    groups: tuple[RoleClass, ...] = POLICY_GROUPS
    if stake.plan is not None and stake.plan.eligible_roles:
        groups = stake.plan.eligible_roles
    role = None if spell is None else spell.role_class
    names = Text("、".join(g.zh for g in groups), ", ".join(g.en.lower() for g in groups))
    return checklist(
        [
            (employed, Text("当日在本机构任职", "employed by the institution on the day")),
            (
                False
                if employed is False
                else unless_denied(among(role, groups), stake.denied, "role_class"),
                Text(f"当日为{names.zh}", f"of {names.en} on the day"),
            ),
        ],
        money=stake.paid_in,
        inputs={"role_class": None if role is None else role.value},
    )


@rule(
    "CI-04",
    Level.PROV,
    Scope.STAFF_STAKE,
    Confidence.SEEN,
    text=Text("限于初始投资", "When: only at the project's initial investment"),
    sources=[docs.POLICY_2017.at("三（四）")],
    on="day",
)
def initial_round(stake: StaffStakeFacts) -> Outcome:
    """In the round of the first money of the institution or of any vehicle it manages; a later one only if the plan allows."""
    first = None if stake.project is None else stake.project.is_first_round
    allowed = stake.plan is not None and stake.plan.follow_on_allowed is True
    text = Text("机构首次投资该企业的轮次", "the institution's first round in the company")
    outcome = checklist([(any_of(first, True if allowed else first), text)], money=stake.paid_in)
    if first is False and allowed:
        note = Text("后续轮次，方案允许", "a later round, which the plan allows")
        return checklist([(True, note)], money=stake.paid_in)
    return outcome


@rule(
    "CI-05",
    Level.MIN,
    Scope.STAFF_STAKE,
    Confidence.SEEN,
    text=Text("正式员工", "Formal employees only"),
    sources=[docs.practice("劳动合同与社会保险（备案指引第2号之前的同一口径）"), docs.AMAC_FILING_2.at(None)],
    on="day",
)
def formal_employee(stake: StaffStakeFacts, *, insured_months_min: int) -> Outcome:
    """A labour contract and social insurance on the day, or a listed exception with its contract."""
    spell, employed = employment_of(stake)
    day = stake.day or stake.as_of
    if spell is None:
        met = False if employed is False else None
        return checklist(
            [(met, Text("当日在本机构任职", "employed by the institution on the day"))], money=stake.paid_in
        )
    kind = spell.staff_contract
    begun = None if spell.contract_from is None else spell.contract_from <= day
    begun = unless_denied(begun, stake.denied, "contract_from")
    active = all_of(begun, spell.contract_until is None or day <= spell.contract_until)
    months = None if spell.insured_from is None else add_months(spell.insured_from, insured_months_min) <= day
    insured = all_of(months, spell.insured_until is None or day <= spell.insured_until)
    insured = unless_denied(insured, stake.denied, "insured_from")
    exempt = among(kind, _UNINSURED)
    return checklist(
        [
            (
                unless_denied(not_(among(kind, _NO_STAFF)), stake.denied, "staff_contract"),
                Text("劳动合同或所列例外", "a labour contract or a listed exception"),
            ),
            (active, Text("合同当日有效", "the contract was in force")),
            Limb(
                any_of(insured, exempt),
                Text(
                    f"社会保险满 {insured_months_min} 个月",
                    f"insured for {counted(insured_months_min, 'month')}",
                ),
                spell.insured_from,
                add_months(day, -insured_months_min),
                "date",
                stake.paid_in,
            ),
        ],
        money=stake.paid_in,
    )


@rule(
    "CI-06",
    Level.MIN,
    Scope.STAFF_STAKE,
    Confidence.SEEN_IN_PART,
    text=Text("持股禁令与试点豁免", "Baseline prohibition that the pilot overrides"),
    sources=[docs.SASAC_139.at(None)],
    on="day",
)
def exempted(stake: StaffStakeFacts) -> Outcome:
    """An express pilot basis, valid on the day, for holding what the employer invests in."""
    plan, day = stake.plan, stake.day or stake.as_of
    ref = None if plan is None else plan.pilot_exemption_ref
    until = None if plan is None else plan.pilot_exemption_until
    return checklist(
        [
            (required(ref), Text("有试点豁免文件", "a pilot exemption")),
            Limb(
                until is None or day <= until,
                Text("豁免当日有效", "valid on the day"),
                until,
                day,
                "date",
                stake.paid_in,
            ),
        ],
        money=stake.paid_in,
    )


@rule(
    "CI-18",
    Level.CONFIG,
    Scope.STAFF_STAKE,
    Confidence.SEEN_IN_PART,
    text=Text("个人跟投上限", "Ceiling per person"),
    sources=[docs.practice("国资发改革〔2016〕133号（天津）、财资〔2016〕4号 的个人上限")],
    on="day",
)
def person_ceiling(
    stake: StaffStakeFacts, *, coinvest_person_cap: Decimal, coinvest_person_cap_hard: Decimal
) -> Outcome:
    """One person's shares of the company, and the money in years of pay where the plan limits it."""
    whole = None if stake.project is None else stake.project.total_shares_after
    part, plan = share_of(stake.shares, whole), stake.plan
    cap = min(
        own_or(None if plan is None else plan.person_cap, coinvest_person_cap), coinvest_person_cap_hard
    )
    tests: list[Test] = [
        Limb(
            unless_denied(at_most(part, cap), stake.denied, "total_shares_after", "payment_shares"),
            Text(f"个人持股不超过 {pct(cap)}", f"one person at most {pct(cap)}"),
            part,
            cap,
            "share",
            beyond(stake.paid_in, part, cap),
        )
    ]
    if plan is not None and plan.pay_multiple_cap is not None:
        pay = None if stake.spell is None else stake.spell.annual_pay
        limit = None if pay is None else int(plan.pay_multiple_cap * pay)
        tests.append(
            Limb(
                unless_denied(at_most(stake.paid_in, limit), stake.denied, "annual_pay"),
                Text(
                    f"出资不超过年薪的 {plan.pay_multiple_cap} 倍",
                    f"at most {counted(plan.pay_multiple_cap, 'year')} of pay",
                ),
                stake.paid_in,
                limit,
                "fen",
                stake.paid_in if limit is None else stake.paid_in - limit,
            )
        )
    return checklist(tests, money=stake.paid_in)


@rule(
    "CI-20",
    Level.CONFIG,
    Scope.PARTICIPATION,
    Confidence.RECALLED,
    text=Text("不得挑选项目", "No cherry-picking"),
    sources=[docs.practice("全部项目跟投或盲池设计")],
)
def no_cherry_picking(person: ParticipationFacts) -> Outcome | None:
    """Who must join joined every eligible project; who may chose before the committee or within a yearly quota."""
    if not person.projects:
        return None
    tests: list[Test] = []
    skipped: list[Item] = []
    of_year: dict[int, tuple[int, int]] = {}
    quotas: dict[tuple[int, int], Limb] = {}
    for place, (who, day, met_on, must) in enumerate(
        zip(person.projects, person.days, person.met_on, person.mandatory, strict=True)
    ):
        joined, denied, plan = bool(who.joined), person.denied_at(place), person.plan_at(place)
        if must is not False and not joined and not who.participation_waiver_ref:
            skipped.append(Item(who.code, Text("应跟未跟", "did not join"), day))
            bound = unless_denied(False if must else None, denied, "team_role", "plan_mode")
            tests.append((bound, Text(f"{who.code} 已参与", f"joined {who.code}")))
        if must or not joined or (must is None and plan is None):
            continue  # whether it was a duty under a plan that was not in force is no question: CI-02
        quota = None if plan is None else plan.yearly_quota
        least, most = of_year.get(day.year, (0, 0))
        least, most = of_year[day.year] = (least + (must is False), most + 1)
        if quota is None:
            before = any_of(below(who.chosen_on, met_on), must)  # who had to join had nothing to choose
            before = unless_denied(before, denied, "chosen_on", "met_on")
            text = Text(f"{who.code} 投决会前选择", f"{who.code}: chosen before the committee")
            tests.append(Limb(before, text, who.chosen_on, met_on, "date", who.joined))
        else:  # as many so far as the plan of the project's day allows in a year
            within = True if most <= quota else False if least > quota else None
            text = Text(f"{day.year} 年不超过 {quota} 个", f"at most {quota} in {day.year}")
            quotas[day.year, quota] = Limb(within, text, least, quota, "count")
    tests += quotas.values()
    duties = sum(1 for must in person.mandatory if must)
    met = sum(1 for who, must in zip(person.projects, person.mandatory, strict=True) if must and who.joined)
    if not tests:
        tests = [(True, Text("应参与的项目均已参与", "joined every project that had to be joined"))]
    outcome = checklist(tests, inputs={"eligible": len(person.projects), "bound": duties, "joined": met})
    since = skipped[0].day if skipped and outcome.verdict is Verdict.BREACH else None
    return outcome._replace(items=tuple(skipped), since=since)
