"""Staff co-investment: conflicts of interest. CI-07 … CI-09, CI-11, CI-29, CI-32."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction

from fof.rules import cited_documents as docs
from fof.rules.calendar_days import add_years
from fof.rules.coinvest_terms import (
    employment_of,
    provided,
    required,
    share_of,
    unless_denied,
)
from fof.rules.facts_coinvest import Denied, StaffStakeFacts, TieFacts
from fof.rules.registry import (
    Confidence,
    Level,
    Limb,
    Outcome,
    Scope,
    Test,
    checklist,
    missing,
    not_applicable,
    rule,
)
from fof.rules.truth import among, any_of, at_most, below, not_
from fof.rules.wording import listed, pct, ratio
from models.coinvest import AppointedBy, ReviewOutcome
from models.text import Text

_APPOINTED = (AppointedBy.PARTY_COMMITTEE, AppointedBy.GOVERNMENT, AppointedBy.SASAC)


def _tied(stake: StaffStakeFacts) -> list[TieFacts]:
    """Ties that stood at some time while the stake was held."""
    start = stake.day or stake.as_of
    return [
        t
        for t in stake.ties
        if (t.tie_from or start) <= stake.as_of and (t.tie_until is None or t.tie_until >= start)
    ]


def _dependence(tie: TieFacts, cap: Decimal, denied: Denied) -> list[Limb]:
    """The part of the company's yearly revenue and profit that comes from the institution. At stake is what the person has in the company:
    the trade itself is the company's, the same for all who hold."""
    limbs = []
    for year, related, revenue, related_profit, profit in tie.years:
        for part, whole, zh, en in (
            (related, revenue, "收入", "revenue"),
            (related_profit, profit, "利润", "profit"),
        ):
            if part is None:
                continue
            share = None if whole is None or whole <= 0 else ratio(part, whole)
            met = unless_denied(at_most(share, cap), denied, "company_year", "revenue", "net_profit")
            text = Text(f"{year} 年关联{zh}占比不超过三分之一", f"related {en} of {year} at most a third")
            limbs.append(Limb(met, text, share, cap, "share"))
    return limbs


@rule(
    "CI-07",
    Level.MIN,
    Scope.STAFF_STAKE,
    Confidence.SEEN,
    text=Text("业务往来与同业企业", "Same-business and supplier bans"),
    sources=[docs.SASAC_139.at(None)],
)
def no_ties(stake: StaffStakeFacts, *, related_business_max: Decimal) -> Outcome:
    """The investee neither trades nor competes with the institution while the stake is held, and does not live on it."""
    ties = _tied(stake)
    denied = stake.denied
    none = False if ties else True if stake.ties_known or "business_ties" in denied else None
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
        tests += _dependence(tie, related_business_max, denied)
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
                unless_denied(not_(stake.is_state_representative), stake.denied, "state_representatives"),
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
    spell, employed = employment_of(stake)
    appointed = None if spell is None else among(spell.appointed_by, _APPOINTED)
    if employed is False:
        appointed = False
    consent = stake.plan is not None and bool(stake.plan.leaders_consent_ref)
    kin = [k.relative for k in stake.kin if k.holds_in_plan]
    return checklist(
        [
            (
                unless_denied(any_of(not_(appointed), consent), stake.denied, "appointed_by"),
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
    before = unless_denied(before, stake.denied, "met_on")
    before = unless_denied(before, stake.denied, "declared_on")
    outcomes = [d.review_outcome for d in stake.declarations]
    cleared = any_of(*(among(o, (ReviewOutcome.CLEARED, ReviewOutcome.MANAGED)) for o in outcomes))
    if ReviewOutcome.REJECTED in outcomes:
        cleared = False
    cleared = unless_denied(cleared, stake.denied, "review_outcome")
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
        free = unless_denied(not_(suspended), stake.denied, "leaked_on")
        text = Text(f"{incident.code} 已处理完毕", f"{incident.code} is cleared")
        tests.append(Limb(free, text, incident.incident_cleared_on, day, "date", stake.paid_in))
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
)
def tax_condition(
    stake: StaffStakeFacts, *, tax_related_share_max: Decimal, tax_condition_years: int
) -> Outcome:
    """No founder or employee of the investee nor one's family; institution and related parties under half for two years."""
    claimed = stake.stake_tax_deduction
    if claimed is False or (claimed is None and "stake_tax_deduction" in stake.denied):
        return not_applicable(Text("不享受抵扣", "the deduction is not claimed"))
    if claimed is None:
        return missing(Text("是否享受抵扣", "whether the deduction is claimed"), money=stake.paid_in)
    start: dt.date = stake.day or stake.as_of
    end = add_years(start, tax_condition_years)
    kin = [k for k in stake.kin if k.employed_by_investee or k.founder_of_investee]
    before = [s for d, s in stake.related_share_of_investee if d <= start]
    shares = [*before[-1:], *(s for d, s in stake.related_share_of_investee if start < d <= end)]
    largest: Fraction | None = max(shares, default=None)
    highest, denied = share_of(largest, 1), stake.denied
    return checklist(
        [
            (
                unless_denied(not_(stake.is_founder_of_investee), denied, "founders"),
                Text("不是创始人", "not a founder of the investee"),
            ),
            (not stake.employed_by_investee, Text("不是被投企业员工", "not employed by the investee")),
            (not kin, Text("近亲属不是创始人或员工", "no relative is a founder or employee")),
            Limb(
                unless_denied(below(highest, tax_related_share_max), denied, "investee_owners"),
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
