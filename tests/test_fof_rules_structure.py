"""GF-01…03, 19, 20, 35, 40, 66, 69: how vehicles stand to each other."""

import datetime as dt
from dataclasses import replace
from fractions import Fraction

import pytest

from fof.rules.engine import ask
from fof.rules.facts import FundFacts, OfficeFacts, ParentFacts, ReorganisationFacts
from fof.rules.facts_parties import InvestorFacts, StakeFacts
from fof.rules.registry import RULES, Confidence, RuleSource, Verdict
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
    Verdict.PASS,
    Verdict.WARN,
    Verdict.BREACH,
    Verdict.UNKNOWN,
    Verdict.NOT_APPLICABLE,
)
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


def special(
    *stakes: StakeFacts, share: object = 1, doc: str | None = "省政府纪要", **more: object
) -> FundFacts:
    """A special fund in which the guidance fund has `share`, seen through."""
    more.setdefault("fund_kind", FundKind.SPECIAL)
    given = None if share is None else Fraction(share)
    return FundFacts(
        "F1",
        AS_OF,
        stakes=stakes or (StakeFacts(GUIDANCE, 100),),
        guidance_share=given,
        mandate_doc=doc,
        **more,
    )


def office_of(level: GovernmentLevel | None) -> InvestorFacts:
    return InvestorFacts("GOV", PartyKind.GOVERNMENT, government_level=level, province="黑龙江")


def held(investor: InvestorFacts, committed: int | None = 100, **more: object) -> FundFacts:
    """A venture sub-fund of one investor, its mode 'direct'."""
    given = {"fund_class": FundClass.VENTURE, "investment_mode": MODE.DIRECT_SUB_FUND, **more}
    return FundFacts("F1", AS_OF, stakes=(StakeFacts(investor, committed),), **given)


CITY_FUND = InvestorFacts("CF", PartyKind.GUIDANCE_FUND, government_level=LEVEL.PREFECTURE)
VIA = {"investment_mode": MODE.VIA_PARENT}

CASES = [
    ("GF-01", "the province's own stake", (held(office_of(LEVEL.PROVINCE)),), PASS),
    ("GF-01", "a city's stake alone", (held(office_of(LEVEL.PREFECTURE)),), NA),
    (
        "GF-01",
        "a city's guidance fund alone",
        (held(CITY_FUND, parents=(ParentFacts("CF", CITY_FUND.kind),)),),
        NA,
    ),
    ("GF-01", "a guidance fund that sold its stake", (held(GUIDANCE, 0),), NA),
    ("GF-01", "commitment not known", (held(GUIDANCE, None),), PASS),
    (
        "GF-01",
        "a parent fund by a declared share",
        (held(PRIVATE, parents=(ParentFacts("PF", PARENT.kind),), **VIA),),
        PASS,
    ),
    ("GF-01", "directly, by a parent fund's stake only", (held(PARENT),), BREACH),
    ("GF-01", "missing mode", (held(GUIDANCE, investment_mode=None),), UNKNOWN),
    (
        "GF-01",
        "parent fund with a class",
        (held(GUIDANCE, kind=PartyKind.PARENT_FUND, investment_mode=None),),
        PASS,
    ),
    (
        "GF-01",
        "parent fund without a class",
        (held(GUIDANCE, kind=PartyKind.PARENT_FUND, fund_class=None),),
        UNKNOWN,
    ),
    ("GF-01", "guidance fund", (held(GUIDANCE, kind=PartyKind.GUIDANCE_FUND),), NA),
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
    ("GF-02", "special with mandate", (special(),), PASS),
    ("GF-02", "special without mandate", (special(doc=None),), BREACH),
    ("GF-02", "special, a hair of other money", (special(share=1 - Fraction(1, 10**40)),), BREACH),
    (
        "GF-02",
        "half guidance fund, half the province",
        (special(StakeFacts(GUIDANCE, 50), StakeFacts(office_of(LEVEL.PROVINCE), 50), share=Fraction(1, 2)),),
        PASS,
    ),
    (
        "GF-02",
        "half guidance fund, half a city",
        (
            special(
                StakeFacts(GUIDANCE, 50), StakeFacts(office_of(LEVEL.PREFECTURE), 50), share=Fraction(1, 2)
            ),
        ),
        BREACH,
    ),
    (
        "GF-02",
        "half a government of unknown level",
        (special(StakeFacts(GUIDANCE, 50), StakeFacts(office_of(None), 50), share=Fraction(1, 2)),),
        UNKNOWN,
    ),
    (
        "GF-02",
        "through a parent fund with private money",
        (special(StakeFacts(PARENT, 100), share=Fraction(4, 5)),),
        BREACH,
    ),
    (
        "GF-02",
        "a government of unknown level that left",
        (special(StakeFacts(GUIDANCE, 100), StakeFacts(office_of(None), 0)),),
        PASS,
    ),
    ("GF-02", "look-through missing", (special(share=None),), UNKNOWN),
    ("GF-02", "commitments missing", (special(StakeFacts(GUIDANCE, None)),), UNKNOWN),
    ("GF-02", "parent fund", (special(kind=PartyKind.PARENT_FUND),), NA),
    ("GF-02", "missing kind", (fund(),), UNKNOWN),
    ("GF-03", "equal to the fen", (merger(),), PASS),
    ("GF-03", "a fen is lost", (merger(nav=409),), BREACH),
    ("GF-03", "a fen too many", (merger(nav=411),), BREACH),
    ("GF-03", "a total is missing", (merger(nav=None),), UNKNOWN),
    ("GF-03", "a total that was not there before", (merger(cost=1),), UNKNOWN),
    ("GF-03", "no totals", (ReorganisationFacts("NEW", ("OLD",), dt.date(2019, 1, 1)),), UNKNOWN),
    ("GF-19", "first layer", (fund(layers=1),), PASS),
    ("GF-19", "second layer", (fund(layers=2),), PASS),
    ("GF-19", "third layer", (fund(layers=3),), BREACH),
    ("GF-19", "sub-fund holding a fund", (fund(layers=2, held_funds=("X",)),), WARN),
    ("GF-19", "third layer holding a fund", (fund(layers=3, held_funds=("X",)),), BREACH),
    (
        "GF-19",
        "parent fund holding funds",
        (fund(layers=1, held_funds=("X",), kind=PartyKind.PARENT_FUND),),
        PASS,
    ),
    ("GF-19", "private fund", (fund(PRIVATE, layers=3),), NA),
    ("GF-19", "missing", (fund(),), UNKNOWN),
    ("GF-19", "guidance fund itself", (fund(kind=PartyKind.GUIDANCE_FUND),), NA),
    ("GF-35", "prefecture", (sponsored("A"),), PASS),
    ("GF-35", "province", (sponsored("A", sponsor_level=LEVEL.PROVINCE),), PASS),
    ("GF-35", "national", (sponsored("A", sponsor_level=LEVEL.NATIONAL),), PASS),
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
    (
        "GF-20",
        "county approved above, with a twin",
        office(sponsored("A", sponsor_level=LEVEL.COUNTY, approval_level=LEVEL.PREFECTURE), sponsored("B")),
        [WARN, WARN],
    ),
    (
        "GF-20",
        "county, level of approval missing",
        office(sponsored("A", sponsor_level=LEVEL.COUNTY)),
        [UNKNOWN],
    ),
    ("GF-20", "missing level", office(sponsored("A", sponsor_level=None)), [UNKNOWN]),
    ("GF-20", "missing owner", office(sponsored("A", owner_government=None)), [UNKNOWN]),
    ("GF-20", "missing fields", office(sponsored("A", None)), [UNKNOWN]),
    (
        "GF-20",
        "another fund's fields are missing",
        office(sponsored("A"), sponsored("B", None)),
        [UNKNOWN, UNKNOWN],
    ),
    (
        "GF-20",
        "another fund's owner is missing",
        office(sponsored("A"), sponsored("B", owner_government=None)),
        [UNKNOWN, UNKNOWN],
    ),
    (
        "GF-20",
        "another government's fields are no matter",
        office(sponsored("A"), sponsored("B", None, owner_government="X")),
        [PASS, UNKNOWN],
    ),
    (
        "GF-20",
        "parent funds of one city",
        office(
            *(
                fund(
                    code=c,
                    kind=PartyKind.PARENT_FUND,
                    mandate_fields=("C39",),
                    sponsor_level=LEVEL.PREFECTURE,
                    owner_government="CITY",
                )
                for c in "AB"
            )
        ),
        [WARN, WARN],
    ),
    (
        "GF-20",
        "a twin is told although a third fund is not known",
        office(sponsored("A"), sponsored("B"), sponsored("C", None)),
        [WARN, WARN, UNKNOWN],
    ),
    ("GF-20", "merged twin", office(sponsored("A"), sponsored("B", status=FundStatus.MERGED)), [PASS]),
    (
        "GF-20",
        "a sub-fund is no twin",
        office(sponsored("A"), fund(code="B", mandate_fields=("C39",))),
        [PASS],
    ),
]
CASES_OF_LISTS = OFFICE_CASES


@pytest.mark.parametrize(("rule", "case", "args", "verdict"), CASES, ids=[f"{c[0]} {c[1]}" for c in CASES])
def test_boundaries(rule, case, args, verdict):
    outcome = ask(rule, *args, day=AS_OF)
    assert (outcome and outcome.verdict) is verdict
    assert outcome is None or (outcome.text.zh and outcome.text.en)


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
    assert "不一致：paid_in, nav，最大差额 0.05元" in outcome.text.zh
    assert "totals differ: paid_in, nav, by up to RMB 0.05" in outcome.text.en
    kept = ask("GF-03", merger(), day=AS_OF)
    assert ("各项合计前后一致" in kept.text.zh, "all totals equal" in kept.text.en, kept.money) == (
        True,
        True,
        None,
    )


def test_gf_01_puts_the_provinces_commitments_at_stake():
    wrong = FundFacts(
        "F1",
        AS_OF,
        fund_class=FundClass.VENTURE,
        investment_mode=MODE.VIA_PARENT,
        stakes=(
            StakeFacts(GUIDANCE, 30),
            StakeFacts(office_of(LEVEL.PREFECTURE), 50),
            StakeFacts(PRIVATE, 20),
        ),
    )
    assert ask("GF-01", wrong, day=AS_OF).money == 30


def test_gf_19_admits_a_waiver_and_gf_20_says_which_funds_overlap():
    assert RULES["GF-19"].in_principle
    first, second = ask("GF-20", office(sponsored("A"), sponsored("B")), day=AS_OF)
    assert (str(first.subject), first.inputs) == ("A", {"same_field": "B"})
    assert (str(second.subject), second.inputs) == ("B", {"same_field": "A"})


def test_gf_40_finds_a_rule_that_cites_nothing_and_does_not_say_why(monkeypatch):
    """Not one that is flagged recalled, nor one that notes why it has no number."""
    plain = RULES["GF-13"]
    for id_, confidence, note in (
        ("XX-01", Confidence.SEEN, ""),
        ("XX-02", Confidence.RECALLED, ""),
        ("XX-03", Confidence.SEEN, "practice"),
    ):
        source = RuleSource("某网文摘要", "第1条", AS_OF, note=note)
        monkeypatch.setitem(RULES, id_, replace(plain, id=id_, confidence=confidence, sources=(source,)))
    outcome = ask("GF-40", office(), day=AS_OF)
    assert (outcome.verdict, outcome.measured) == (BREACH, 1)
    assert [item.code for item in outcome.items] == ["XX-01"]


@pytest.mark.parametrize(
    ("document", "article", "unsourced"),
    [
        ("财预〔2015〕210号", "第12条", False),
        ("国务院令第762号", "第22条", False),
        ("合伙企业法", "第3条", False),
        ("财预〔2015〕210号", None, True),
        ("某基金管理办法", "第3条", True),
        ("某条例摘要", "第3条", True),
        ("暂行办法（2019）", "第4条", True),
    ],
)
def test_a_source_is_a_numbered_document_or_a_statute_with_an_article(document, article, unsourced):
    """A measure (办法) ends like a statute (法) and is none."""
    assert RuleSource(document, article, AS_OF).unsourced is unsourced
