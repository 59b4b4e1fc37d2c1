"""GF-01…03, 19, 20, 35, 40, 66, 69: how vehicles stand to each other."""

import datetime as dt

import pytest

from fof.rules.engine import ask
from fof.rules.facts import FundFacts, OfficeFacts, ParentFacts, ReorganisationFacts
from fof.rules.facts_parties import InvestorFacts, StakeFacts
from fof.rules.registry import Verdict
from models.kinds import (
    FundClass,
    FundKind,
    FundStatus,
    GovernmentLevel,
    InvestmentMode,
    PartyKind,
    SupportMode,
)

AS_OF = dt.date(2026, 6, 30)
PASS, WARN, BREACH, UNKNOWN, NA = (
    Verdict.PASS, Verdict.WARN, Verdict.BREACH, Verdict.UNKNOWN, Verdict.NOT_APPLICABLE,
)  # fmt: skip
GUIDANCE = InvestorFacts("GF", PartyKind.GUIDANCE_FUND, province="黑龙江")
PARENT = InvestorFacts("PF", PartyKind.PARENT_FUND)
OLD_GUIDANCE = InvestorFacts("OLD", PartyKind.GUIDANCE_FUND, province="黑龙江", st_guidance_fund=True)
PRIVATE = InvestorFacts("P", PartyKind.SOCIAL_INVESTOR)
MODE = InvestmentMode
LEVEL = GovernmentLevel


def fund(investor: InvestorFacts = GUIDANCE, **more: object) -> FundFacts:
    return FundFacts(more.pop("code", "F1"), AS_OF, stakes=(StakeFacts(investor, 100),), **more)


def sponsored(code: str, fields: tuple[str, ...] | None = ("C39",), **more: object) -> FundFacts:
    more.setdefault("sponsor_level", LEVEL.PREFECTURE)
    more.setdefault("owner_government", "CITY")
    return fund(code=code, kind=PartyKind.GUIDANCE_FUND, mandate_fields=fields, **more)


def office(*funds: FundFacts) -> OfficeFacts:
    return OfficeFacts(AS_OF, funds)


def merger(**after: int | None) -> ReorganisationFacts:
    before = {"committed": 500, "paid_in": 300, "nav": 410}
    return ReorganisationFacts("NEW", ("OLD",), dt.date(2019, 1, 1), before, {**before, **after})


CASES = [
    (
        "GF-01",
        "direct sub-fund under the guidance fund",
        (fund(fund_class=FundClass.VENTURE, investment_mode=MODE.DIRECT_SUB_FUND),),
        PASS,
    ),
    (
        "GF-01",
        "via parent",
        (fund(PARENT, fund_class=FundClass.VENTURE, investment_mode=MODE.VIA_PARENT),),
        PASS,
    ),
    (
        "GF-01",
        "mode does not fit",
        (fund(fund_class=FundClass.VENTURE, investment_mode=MODE.VIA_PARENT),),
        BREACH,
    ),
    (
        "GF-01",
        "a fund is no project",
        (fund(fund_class=FundClass.VENTURE, investment_mode=MODE.DIRECT_PROJECT),),
        BREACH,
    ),
    ("GF-01", "missing class", (fund(investment_mode=MODE.DIRECT_SUB_FUND),), UNKNOWN),
    ("GF-01", "private fund", (fund(PRIVATE),), NA),
    ("GF-02", "market", (fund(fund_kind=FundKind.MARKET),), PASS),
    ("GF-02", "special with mandate", (fund(fund_kind=FundKind.SPECIAL, mandate_doc="省政府纪要"),), PASS),
    ("GF-02", "special without mandate", (fund(fund_kind=FundKind.SPECIAL),), BREACH),
    (
        "GF-02",
        "special with a fen of other money",
        (
            FundFacts(
                "F1",
                AS_OF,
                fund_kind=FundKind.SPECIAL,
                mandate_doc="省政府纪要",
                stakes=(StakeFacts(GUIDANCE, 99_999_999), StakeFacts(PRIVATE, 1)),
            ),
        ),
        BREACH,
    ),
    ("GF-02", "missing kind", (fund(),), UNKNOWN),
    ("GF-03", "equal to the fen", (merger(),), PASS),
    ("GF-03", "a fen is lost", (merger(nav=409),), BREACH),
    ("GF-03", "a total is missing", (merger(nav=None),), UNKNOWN),
    ("GF-19", "first layer", (fund(layers=1),), PASS),
    ("GF-19", "second layer", (fund(layers=2),), PASS),
    ("GF-19", "third layer", (fund(layers=3),), BREACH),
    ("GF-19", "sub-fund holding a fund", (fund(layers=2, held_funds=("X",)),), WARN),
    ("GF-19", "missing", (fund(),), UNKNOWN),
    ("GF-19", "guidance fund itself", (fund(kind=PartyKind.GUIDANCE_FUND),), NA),
    ("GF-35", "prefecture", (sponsored("A"),), PASS),
    ("GF-35", "province", (sponsored("A", sponsor_level=LEVEL.PROVINCE),), PASS),
    ("GF-35", "county", (sponsored("A", sponsor_level=LEVEL.COUNTY),), BREACH),
    ("GF-35", "missing", (sponsored("A", sponsor_level=None),), UNKNOWN),
    ("GF-35", "sub-fund", (fund(),), NA),
    ("GF-40", "the catalogue itself", (office(),), PASS),
    ("GF-66", "sub-fund at home", (fund(province="黑龙江省"),), PASS),
    ("GF-66", "sub-fund elsewhere", (fund(province="吉林省"),), WARN),
    ("GF-66", "parent fund elsewhere", (fund(kind=PartyKind.PARENT_FUND, province="吉林省"),), BREACH),
    ("GF-66", "missing", (fund(),), UNKNOWN),
    (
        "GF-69",
        "at home",
        (fund(OLD_GUIDANCE, support_mode=SupportMode.STAGED_EQUITY, province="黑龙江"),),
        PASS,
    ),
    (
        "GF-69",
        "recipient elsewhere",
        (fund(OLD_GUIDANCE, support_mode=SupportMode.FOLLOW_ON, province="辽宁"),),
        BREACH,
    ),
    ("GF-69", "missing mode", (fund(OLD_GUIDANCE, province="黑龙江"),), UNKNOWN),
    ("GF-69", "another guidance fund", (fund(),), NA),
]

OFFICE_CASES = [
    ("GF-20", "different fields", office(sponsored("A"), sponsored("B", ("I65",))), [PASS, PASS]),
    ("GF-20", "division inside a section", office(sponsored("A"), sponsored("B", ("C",))), [WARN, WARN]),
    (
        "GF-20",
        "another government",
        office(sponsored("A"), sponsored("B", owner_government="X")),
        [PASS, PASS],
    ),
    (
        "GF-20",
        "a parent fund under its own guidance fund",
        office(sponsored("A"), sponsored("B", parents=(ParentFacts("A"),))),
        [PASS, PASS],
    ),
    ("GF-20", "closed twin", office(sponsored("A"), sponsored("B", status=FundStatus.CLOSED)), [PASS]),
    (
        "GF-20",
        "county approved above",
        office(sponsored("A", sponsor_level=LEVEL.COUNTY, approval_level=LEVEL.PREFECTURE)),
        [PASS],
    ),
    (
        "GF-20",
        "county approved by itself",
        office(sponsored("A", sponsor_level=LEVEL.COUNTY, approval_level=LEVEL.COUNTY)),
        [BREACH],
    ),
    ("GF-20", "missing fields", office(sponsored("A", None)), [UNKNOWN]),
]
CASES_OF_LISTS = OFFICE_CASES


@pytest.mark.parametrize(("rule", "case", "args", "verdict"), CASES, ids=[f"{c[0]} {c[1]}" for c in CASES])
def test_boundaries(rule, case, args, verdict):
    outcome = ask(rule, *args, day=AS_OF)
    assert (outcome and outcome.verdict) is verdict
    assert outcome is None or (outcome.zh and outcome.en)


@pytest.mark.parametrize(
    ("rule", "case", "facts", "verdicts"), OFFICE_CASES, ids=[f"{c[0]} {c[1]}" for c in OFFICE_CASES]
)
def test_boundaries_of_office_rules(rule, case, facts, verdicts):
    outcomes = ask(rule, facts, day=AS_OF)
    assert [outcome.verdict for outcome in outcomes] == verdicts


def test_gf_03_says_which_total_moved_and_by_how_much():
    outcome = ask("GF-03", merger(nav=409, paid_in=305), day=AS_OF)
    assert outcome.money == 5
    assert outcome.inputs == {"committed": 0, "paid_in": 5, "nav": -1}
