"""Staff co-investment: who may, on what basis, at which round. CI-03 … CI-09, CI-11, CI-18, CI-20, CI-29, CI-32."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction

from fof.rules import cited_documents as docs
from fof.rules.calendar_days import add_months, add_years
from fof.rules.coinvest_terms import POLICY_GROUPS, own_or, provided, required, share_of
from fof.rules.facts_coinvest import ParticipationFacts, SpellFacts, StaffStakeFacts, TieFacts
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
    missing,
    not_applicable,
    rule,
)
from fof.rules.truth import all_of, among, any_of, at_most, below, not_
from fof.rules.wording import listed, pct, ratio
from models.coinvest import AppointedBy, ReviewOutcome, RoleClass, StaffContract
from models.text import Text

_APPOINTED = (AppointedBy.PARTY_COMMITTEE, AppointedBy.GOVERNMENT, AppointedBy.SASAC)
_UNINSURED = frozenset(
    {StaffContract.SECONDED_EXECUTIVE, StaffContract.REHIRED_RETIREE, StaffContract.FOREIGN}
)
_NO_STAFF = frozenset({StaffContract.SERVICE, StaffContract.NONE})


def _spell(stake: StaffStakeFacts) -> tuple[SpellFacts | None, bool | None]:
    """The employment on the day, and whether there was one (None: no employment is recorded at all)."""
    return stake.spell, True if stake.spell is not None else False if stake.spells_known else None


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
    spell, employed = _spell(stake)
    groups: tuple[RoleClass, ...] = POLICY_GROUPS
    if stake.plan is not None and stake.plan.eligible_roles:
        groups = stake.plan.eligible_roles
    role = None if spell is None else spell.role_class
    names = Text("、".join(g.zh for g in groups), ", ".join(g.en.lower() for g in groups))
    return checklist(
        [
            (employed, Text("当日在本机构任职", "employed by the institution on the day")),
            (
                False if employed is False else among(role, groups),
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
    params=["insured_months_min"],
    on="day",
)
def formal_employee(stake: StaffStakeFacts, *, insured_months_min: int) -> Outcome:
    """A labour contract and social insurance on the day, or a listed exception with its contract."""
    spell, employed = _spell(stake)
    day = stake.day or stake.as_of
    if spell is None:
        met = False if employed is False else None
        return checklist(
            [(met, Text("当日在本机构任职", "employed by the institution on the day"))], money=stake.paid_in
        )
    kind = spell.staff_contract
    begun = None if spell.contract_from is None else spell.contract_from <= day
    active = all_of(begun, spell.contract_until is None or day <= spell.contract_until)
    insured = None
    if spell.insured_from is not None:
        insured = add_months(spell.insured_from, insured_months_min) <= day and (
            spell.insured_until is None or day <= spell.insured_until
        )
    elif "insured_from" in stake.denied:
        insured = False
    exempt = among(kind, _UNINSURED)
    return checklist(
        [
            (
                not_(among(kind, _NO_STAFF)),
                Text("劳动合同或所列例外", "a labour contract or a listed exception"),
            ),
            (active, Text("合同当日有效", "the contract was in force")),
            Limb(
                any_of(insured, exempt),
                Text(f"社会保险满 {insured_months_min} 个月", f"insured for {insured_months_min} months"),
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


def _tied(stake: StaffStakeFacts) -> list[TieFacts]:
    """Ties that stood at some time while the stake was held."""
    start = stake.day or stake.as_of
    return [
        t
        for t in stake.ties
        if (t.tie_from or start) <= stake.as_of and (t.tie_until is None or t.tie_until >= start)
    ]


def _dependence(tie: TieFacts, cap: Decimal) -> list[Limb]:
    """The part of the company's yearly revenue and profit that comes from the institution."""
    limbs = []
    for year, related, revenue, related_profit, profit in tie.years:
        for part, whole, zh, en in (
            (related, revenue, "收入", "revenue"),
            (related_profit, profit, "利润", "profit"),
        ):
            if part is None:
                continue
            share = None if whole is None or whole <= 0 else ratio(part, whole)
            text = Text(f"{year} 年关联{zh}占比不超过三分之一", f"related {en} of {year} at most a third")
            limbs.append(Limb(at_most(share, cap), text, share, cap, "share", part))
    return limbs


@rule(
    "CI-07",
    Level.MIN,
    Scope.STAFF_STAKE,
    Confidence.SEEN,
    text=Text("业务往来与同业企业", "Same-business and supplier bans"),
    sources=[docs.SASAC_139.at(None)],
    params=["related_business_max"],
)
def no_ties(stake: StaffStakeFacts, *, related_business_max: Decimal) -> Outcome:
    """The investee neither trades nor competes with the institution while the stake is held, and does not live on it."""
    ties = _tied(stake)
    none = False if ties else True if stake.ties_known else None
    kinds = Text(
        "、".join(t.tie.zh for t in ties if t.tie), ", ".join(t.tie.en.lower() for t in ties if t.tie)
    )
    tests: list[Test] = [
        Limb(
            none,
            Text(
                "企业与机构没有业务往来或同业竞争" + (f"（{kinds.zh}）" if kinds.zh else ""),
                "no trade or competition with the institution" + (f" ({kinds.en})" if kinds.en else ""),
            ),
            len(ties),
            0,
            "count",
            stake.paid_in,
            min((t.tie_from for t in ties if t.tie_from is not None), default=None),
        )
    ]
    for tie in stake.ties:
        tests += _dependence(tie, related_business_max)
    return checklist(tests, money=stake.paid_in)


@rule(
    "CI-08",
    Level.MIN,
    Scope.STAFF_STAKE,
    Confidence.SEEN,
    text=Text("科技人员例外", "Technical staff exception"),
    sources=[docs.SASAC_139.at(None)],
    on="day",
)
def technical_staff(stake: StaffStakeFacts) -> Outcome | None:
    """Who holds under the exception has SASAC's approval and does not represent the state in the company."""
    if stake.spell is None or not stake.spell.technical_staff:
        return None
    return checklist(
        [
            (required(stake.spell.technical_approval_ref), Text("国资委批准", "SASAC's approval")),
            (
                not_(stake.is_state_representative),
                Text("不担任国有股东代表", "not the state's representative there"),
            ),
        ],
        money=stake.paid_in,
    )


@rule(
    "CI-09",
    Level.MIN,
    Scope.STAFF_STAKE,
    Confidence.RECALLED,
    text=Text("组织任命人员与近亲属", "Appointed leaders excluded from shareholding pilots"),
    sources=[docs.SASAC_133.at("第三条")],
    on="day",
)
def not_appointed(stake: StaffStakeFacts) -> Outcome:
    """A leader appointed by party or government bodies holds only with SASAC's written consent; one of several relatives."""
    spell, employed = _spell(stake)
    appointed = None if spell is None else among(spell.appointed_by, _APPOINTED)
    if employed is False:
        appointed = False
    consent = stake.plan is not None and bool(stake.plan.leaders_consent_ref)
    kin = [k.relative for k in stake.kin if k.holds_in_plan]
    return checklist(
        [
            (
                any_of(not_(appointed), consent),
                Text("非组织任命，或有国资委书面同意", "not appointed, or with SASAC's consent"),
            ),
            (
                not kin,
                Text(
                    "近亲属未在同一方案持有" + (f"（{listed(kin)}）" if kin else ""),
                    "no relative holds in the same plan" + (f" ({listed(kin)})" if kin else ""),
                ),
            ),
        ],
        money=stake.paid_in,
    )


@rule(
    "CI-11",
    Level.LAW,
    Scope.STAFF_STAKE,
    Confidence.SEEN,
    text=Text("投资申报与审查", "Declare, register, review personal investments"),
    sources=[docs.practice("员工投资申报制度（条例施行前）"), docs.ORDER_762.at("第26、30条")],
    on="day",
)
def declared(stake: StaffStakeFacts) -> Outcome:
    """Declared before the committee met, and the review came to an end that allows it."""
    met_on = None if stake.project is None else stake.project.met_on
    if not stake.declarations:
        there = provided(None, "declaration", stake.denied)
        return checklist([(there, Text("有投资申报", "a declaration"))], money=stake.paid_in)
    days = [d.declared_on for d in stake.declarations]
    first = min((d for d in days if d is not None), default=None)
    before = below(first, met_on)
    if before is False and None in days:
        before = None
    outcomes = [d.review_outcome for d in stake.declarations]
    cleared = any_of(*(among(o, (ReviewOutcome.CLEARED, ReviewOutcome.MANAGED)) for o in outcomes))
    if ReviewOutcome.REJECTED in outcomes:
        cleared = False
    return checklist(
        [
            Limb(
                before,
                Text("投决会前申报", "declared before the committee"),
                first,
                met_on,
                "date",
                stake.paid_in,
            ),
            (cleared, Text("审查结论允许", "the review allows it")),
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
    params=["coinvest_person_cap", "coinvest_person_cap_hard"],
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
            at_most(part, cap),
            Text(f"个人持股不超过 {pct(cap)}", f"one person at most {pct(cap)}"),
            part,
            cap,
            "share",
            stake.paid_in,
        )
    ]
    if plan is not None and plan.pay_multiple_cap is not None:
        pay = None if stake.spell is None else stake.spell.annual_pay
        limit = None if pay is None else int(plan.pay_multiple_cap * pay)
        tests.append(
            Limb(
                at_most(stake.paid_in, limit),
                Text(
                    f"出资不超过年薪的 {plan.pay_multiple_cap} 倍",
                    f"at most {plan.pay_multiple_cap} years of pay",
                ),
                stake.paid_in,
                limit,
                "fen",
                stake.paid_in,
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
    of_year: dict[int, int] = {}
    for who, day, met_on, must in zip(
        person.projects, person.days, person.met_on, person.mandatory, strict=True
    ):
        joined = bool(who.joined)
        if must is not False and not joined and not who.participation_waiver_ref:
            skipped.append(Item(who.code, Text("应跟未跟", "did not join"), day))
            tests.append((False if must else None, Text(f"{who.code} 已参与", f"joined {who.code}")))
        if must is False and joined:
            of_year[day.year] = of_year.get(day.year, 0) + 1
            if person.yearly_quota is None:
                before = below(who.chosen_on, met_on)
                text = Text(f"{who.code} 投决会前选择", f"{who.code}: chosen before the committee")
                tests.append(Limb(before, text, who.chosen_on, met_on, "date", who.joined))
    if person.yearly_quota is not None:
        for year, count in sorted(of_year.items()):
            text = Text(
                f"{year} 年不超过 {person.yearly_quota} 个", f"at most {person.yearly_quota} in {year}"
            )
            tests.append(Limb(count <= person.yearly_quota, text, count, person.yearly_quota, "count"))
    bound = sum(1 for must in person.mandatory if must)
    met = sum(1 for who, must in zip(person.projects, person.mandatory, strict=True) if must and who.joined)
    if not tests:
        tests = [(True, Text("应参与的项目均已参与", "joined every project that had to be joined"))]
    outcome = checklist(tests, inputs={"eligible": len(person.projects), "bound": bound, "joined": met})
    return Outcome(
        outcome.verdict,
        outcome.text,
        outcome.measured,
        outcome.threshold,
        outcome.unit,
        outcome.money,
        outcome.inputs,
        items=tuple(skipped),
        since=skipped[0].day if skipped and outcome.verdict is Verdict.BREACH else None,
    )


@rule(
    "CI-29",
    Level.CONFIG,
    Scope.STAFF_STAKE,
    Confidence.SEEN,
    text=Text("保密", "Secrecy"),
    sources=[docs.practice("创投机构跟投制度样本")],
    on="day",
)
def secrecy(stake: StaffStakeFacts) -> Outcome:
    """Who leaked project information may not join until the matter is cleared."""
    day = stake.day or stake.as_of
    tests: list[Test] = []
    for incident in stake.incidents:
        if incident.incident_cleared_on is not None and incident.incident_cleared_on <= day:
            continue
        suspended = None if incident.leaked_on is None else incident.leaked_on <= day
        text = Text(f"{incident.code} 已处理完毕", f"{incident.code} is cleared")
        tests.append(Limb(not_(suspended), text, incident.incident_cleared_on, day, "date", stake.paid_in))
    if not tests:
        tests = [(True, Text("当日没有未处理的泄密事件", "no leak was open on the day"))]
    return checklist(tests, money=stake.paid_in)


@rule(
    "CI-32",
    Level.MIN,
    Scope.STAFF_STAKE,
    Confidence.SEEN_IN_PART,
    text=Text("税收抵扣的附带条件", "Tax-incentive side condition"),
    sources=[docs.MOF_TAX_55.at("第二条")],
    params=["tax_related_share_max", "tax_condition_years"],
)
def tax_condition(
    stake: StaffStakeFacts, *, tax_related_share_max: Decimal, tax_condition_years: int
) -> Outcome:
    """No founder or employee of the investee nor one's family; institution and related parties under half for two years."""
    if stake.stake_tax_deduction is False:
        return not_applicable(Text("不享受抵扣", "the deduction is not claimed"))
    if stake.stake_tax_deduction is None:
        return missing(Text("是否享受抵扣", "whether the deduction is claimed"), money=stake.paid_in)
    start: dt.date = stake.day or stake.as_of
    end = add_years(start, tax_condition_years)
    kin = [k for k in stake.kin if k.employed_by_investee or k.founder_of_investee]
    before = [s for d, s in stake.related_share_of_investee if d <= start]
    shares = [*before[-1:], *(s for d, s in stake.related_share_of_investee if start < d <= end)]
    largest: Fraction | None = max(shares, default=None)
    highest = share_of(largest, 1)
    return checklist(
        [
            (not_(stake.is_founder_of_investee), Text("不是创始人", "not a founder of the investee")),
            (not stake.employed_by_investee, Text("不是被投企业员工", "not employed by the investee")),
            (not kin, Text("近亲属不是创始人或员工", "no relative is a founder or employee")),
            Limb(
                below(highest, tax_related_share_max),
                Text(
                    f"两年内机构及关联方合计低于 {pct(tax_related_share_max)}",
                    f"institution and related parties under {pct(tax_related_share_max)} for two years",
                ),
                highest,
                tax_related_share_max,
                "share",
                stake.paid_in,
            ),
        ],
        money=stake.paid_in,
    )
