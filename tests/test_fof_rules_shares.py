"""GF-04…09, 67, 68: shares of a fund, at, inside and outside each cap."""

import datetime as dt
from dataclasses import replace
from fractions import Fraction

import pytest

from fof.rules.engine import ask, judge
from fof.rules.facts import FundFacts, OfficeFacts
from fof.rules.facts_deals import DealFacts, FundThen
from fof.rules.facts_parties import Flow, InvestorFacts, StakeFacts, leaf_parts
from fof.rules.registry import Verdict
from models.kinds import FundKind, GovernmentLevel, NationalScheme, PartyKind, Stage, Strategy

AS_OF = dt.date(2026, 6, 30)
CLOSE = dt.date(2025, 9, 1)
YI = 10_000_000_000
MILLION = 100_000_000
PASS, WARN, BREACH, UNKNOWN, NA = (
    Verdict.PASS, Verdict.WARN, Verdict.BREACH, Verdict.UNKNOWN, Verdict.NOT_APPLICABLE,
)  # fmt: skip


def stake(code: str, fen: int | None, gov: object = 0, state: object = 0, **more: object) -> StakeFacts:
    kind = more.pop("kind", PartyKind.SOCIAL_INVESTOR)
    scheme = more.pop("scheme", None)
    return StakeFacts(
        InvestorFacts(code, kind, national_scheme=scheme),
        fen,
        CLOSE,
        CLOSE,
        government_part=None if gov is None else Fraction(gov),
        state_part=None if state is None else Fraction(state),
        **more,
    )


def fund(*stakes: StakeFacts, **more: object) -> FundFacts:
    more.setdefault("fund_kind", FundKind.MARKET)
    return FundFacts("F1", AS_OF, stakes=stakes, **more)


def split(public: int, private: int, **more: object) -> FundFacts:
    return fund(stake("GOV", public, 1, kind=PartyKind.GOVERNMENT), stake("P", private), **more)


ONE = stake("P", 100)
NATIONAL = {"kind": PartyKind.NATIONAL_FUND}
SEED_DEALS = tuple(
    DealFacts(f"D{n}", FundThen("F1"), fen=fen, stage=stage)
    for n, (fen, stage) in enumerate([(71, Stage.SEED), (29, Stage.GROWTH)])
)


def emerging(
    fen: int, paid_out: dt.date = CLOSE, deals: tuple[DealFacts, ...] = ()
) -> tuple[StakeFacts, FundFacts]:
    ours = stake("N", fen, scheme=NationalScheme.EMERGING_2011, received=(Flow(CLOSE, 5),), **NATIONAL)
    local = stake("G", 100 - fen, 1, kind=PartyKind.GOVERNMENT, received=(Flow(paid_out, 5),))
    return ours, fund(ours, local, deals=deals)


def sme(fen: int, whole: int) -> tuple[StakeFacts, FundFacts]:
    ours = stake("N", fen, scheme=NationalScheme.SME_FUND, **NATIONAL)
    return ours, fund(ours, stake("P", whole - fen))


CASES = [
    ("GF-04", "inside", (fund(ONE, guidance_share=Fraction(39, 100)),), PASS),
    ("GF-04", "on the cap", (fund(ONE, guidance_share=Fraction(2, 5)),), PASS),
    ("GF-04", "just outside", (fund(ONE, guidance_share=Fraction(2, 5) + Fraction(1, 10**15)),), BREACH),
    ("GF-04", "missing share", (fund(ONE),), UNKNOWN),
    ("GF-04", "special fund", (fund(ONE, guidance_share=Fraction(1), fund_kind=FundKind.SPECIAL),), NA),
    ("GF-05", "inside", (split(59, 41),), PASS),
    ("GF-05", "on the cap", (split(60, 40),), PASS),
    ("GF-05", "just outside", (split(60 * YI + 1, 40 * YI - 1),), BREACH),
    ("GF-05", "missing part", (fund(stake("X", 60, None), stake("P", 40)),), UNKNOWN),
    ("GF-05", "missing commitment", (fund(stake("X", None, 1), stake("P", 40)),), UNKNOWN),
    (
        "GF-05",
        "look-through half",
        (
            fund(
                stake("PF", 100, Fraction(3, 5)),
            ),
        ),
        PASS,
    ),
    (
        "GF-06",
        "angel on the cap",
        (fund(ONE, strategy=Strategy.ANGEL, guidance_share=Fraction(40, 100)),),
        PASS,
    ),
    ("GF-06", "angel above", (fund(ONE, strategy=Strategy.ANGEL, guidance_share=Fraction(41, 100)),), BREACH),
    ("GF-06", "vc on the cap", (fund(ONE, strategy=Strategy.VC, guidance_share=Fraction(30, 100)),), PASS),
    ("GF-06", "vc above", (fund(ONE, strategy=Strategy.VC, guidance_share=Fraction(31, 100)),), BREACH),
    (
        "GF-06",
        "growth on the cap",
        (fund(ONE, strategy=Strategy.GROWTH, guidance_share=Fraction(1, 4)),),
        PASS,
    ),
    (
        "GF-06",
        "growth above",
        (fund(ONE, strategy=Strategy.GROWTH, guidance_share=Fraction(26, 100)),),
        BREACH,
    ),
    ("GF-06", "no cap", (fund(ONE, strategy=Strategy.MERGER, guidance_share=Fraction(1)),), NA),
    ("GF-06", "missing strategy", (fund(ONE, guidance_share=Fraction(1)),), UNKNOWN),
    ("GF-07", "second", (fund(stake("G", 49, kind=PartyKind.GUIDANCE_FUND), stake("P", 51)),), PASS),
    ("GF-07", "equal first", (fund(stake("G", 50, kind=PartyKind.GUIDANCE_FUND), stake("P", 50)),), WARN),
    ("GF-07", "first", (fund(stake("G", 51, kind=PartyKind.GUIDANCE_FUND), stake("P", 49)),), BREACH),
    ("GF-07", "missing", (fund(stake("G", 51, kind=PartyKind.GUIDANCE_FUND), stake("P", None)),), UNKNOWN),
    (
        "GF-07",
        "angel fund",
        (fund(stake("G", 90, kind=PartyKind.GUIDANCE_FUND), stake("P", 10), strategy=Strategy.ANGEL),),
        NA,
    ),
    ("GF-08", "on the floor", (split(10, 90),), PASS),
    ("GF-08", "below", (split(9, 91),), NA),
    ("GF-08", "centre floor", (split(5, 95, approved_by_centre=True),), PASS),
    ("GF-08", "missing", (fund(stake("X", 60, None)),), UNKNOWN),
    ("GF-09", "on the floor", (fund(stake("GP", 1, is_gp=True), stake("P", 99), gp_code="GP"),), PASS),
    ("GF-09", "above", (fund(stake("GP", 2, is_gp=True), stake("P", 98), gp_code="GP"),), PASS),
    (
        "GF-09",
        "just below",
        (fund(stake("GP", YI - 1, is_gp=True), stake("P", 99 * YI + 1), gp_code="GP"),),
        BREACH,
    ),
    ("GF-09", "missing gp", (fund(ONE),), UNKNOWN),
    ("GF-67", "2011 scheme on the cap", emerging(20), PASS),
    ("GF-67", "2011 scheme above", emerging(21), BREACH),
    ("GF-67", "2011 scheme relaxed by early deals", emerging(21, deals=SEED_DEALS), PASS),
    ("GF-67", "2011 scheme not out together", emerging(20, dt.date(2026, 1, 1)), BREACH),
    ("GF-67", "SME fund on cap and ticket", sme(5 * YI, 5 * YI * 10 // 3 + 1), PASS),
    ("GF-67", "SME fund share above", sme(6 * YI, 19 * YI), BREACH),
    ("GF-67", "SME fund ticket just below", sme(5 * YI - 1, 100 * YI), BREACH),
    (
        "GF-67",
        "missing commitment",
        (stake("N", None, scheme=NationalScheme.SME_FUND), fund(ONE)),
        UNKNOWN,
    ),
    ("GF-67", "not national", (ONE, fund(ONE)), None),
    ("GF-68", "both readings kept", (split(60, 40),), PASS),
    ("GF-68", "reading decides", (fund(stake("S", 61, 0, 1), stake("P", 39)),), WARN),
    ("GF-68", "missing", (fund(stake("X", 60, None)),), UNKNOWN),
]


@pytest.mark.parametrize(("rule", "case", "args", "verdict"), CASES, ids=[f"{c[0]} {c[1]}" for c in CASES])
def test_boundaries(rule, case, args, verdict):
    outcome = ask(rule, *args, day=AS_OF)
    assert (outcome and outcome.verdict) is verdict
    assert outcome is None or (outcome.zh and outcome.en)


def harbin_first_close() -> FundFacts:
    """Harbin's first industry fund, first close of 600m: city 200m, provincial state company 250m, private 150m.

    Source: Heilongjiang Daily, 2018-05-08 (rulebook GF-68).
    """
    day = dt.date(2018, 4, 20)
    city = InvestorFacts(
        "CITY", PartyKind.GOVERNMENT, government_level=GovernmentLevel.PREFECTURE, province="黑龙江省"
    )
    company = InvestorFacts("STATE", PartyKind.STATE_INVESTOR, province="黑龙江省")
    private = InvestorFacts("PRIVATE", PartyKind.SOCIAL_INVESTOR, province="黑龙江省")
    stakes = []
    for investor, fen in ((city, 200 * MILLION), (company, 250 * MILLION), (private, 150 * MILLION)):
        gov, state = leaf_parts(investor)
        stakes.append(StakeFacts(investor, fen, day, day, government_part=gov, state_part=state))
    return FundFacts("HRB1", AS_OF, fund_kind=FundKind.MARKET, stakes=tuple(stakes), established_on=day)


def gf05(settings, rules_as_of=None):
    office = OfficeFacts(AS_OF, (harbin_first_close(),))
    (finding,) = judge(office, AS_OF, rules_as_of, settings, only=["GF-05"])
    return finding


def test_city_fund_with_75_percent_public_money_fails_if_state_companies_count(settings_with):
    """The finding names the reading it used and shows both: 33.3333 % without state companies, 75 % with them."""
    counted = gf05(settings_with(("soe_counts_as_government", "yes")), rules_as_of=AS_OF)
    assert counted.verdict is BREACH
    assert counted.measured == pytest.approx(0.75)
    assert counted.money_at_stake == 90 * MILLION  # 75 % - 60 % of 600m
    assert "国有企业计入政府出资" in counted.zh
    assert "state companies counted as government" in counted.en
    assert [(r.used, r.verdict) for r in counted.readings] == [(False, PASS), (True, BREACH)]

    not_counted = gf05(settings_with(("soe_counts_as_government", "no")), rules_as_of=AS_OF)
    assert not_counted.verdict is PASS
    assert "口径：国有企业不计入政府出资" in not_counted.zh
    assert [r.verdict for r in not_counted.readings] == [PASS, BREACH]


def test_city_fund_of_2018_is_grandfathered_with_todays_result_beside(settings_with):
    """On the day of its commitments there was no cap; today's result stands beside (GF-68)."""
    settings = settings_with(("soe_counts_as_government", "yes"))
    finding = gf05(settings)
    assert finding.verdict is NA
    assert finding.source is None
    assert finding.event_day == dt.date(2018, 4, 20)
    assert finding.beside is not None
    assert finding.beside.verdict is BREACH
    office = OfficeFacts(AS_OF, (harbin_first_close(),))
    (both,) = judge(office, AS_OF, None, settings, only=["GF-68"])
    assert both.verdict is WARN
    assert "2018-04-20" in both.zh


@pytest.fixture
def settings_with():
    from fof.rules import catalogue
    from fof.rules.parameters import Setting, Settings

    def make(*pairs):
        rows = [Setting(name, value, dt.date(2025, 4, 6), "测试文件", "tester") for name, value in pairs]
        return Settings(catalogue.parameters(), rows)

    return make


def test_a_state_company_of_another_province_is_not_home_money():
    other = InvestorFacts("S", PartyKind.STATE_INVESTOR, province="吉林省")
    assert leaf_parts(other) == (0, 0)
    assert leaf_parts(replace(other, province=None)) is None
    assert leaf_parts(InvestorFacts("?", None)) is None


def test_gf_05_measures_both_readings_of_state_companies():
    outcome = ask("GF-05", fund(stake("S", 30, 0, 1), stake("G", 40, 1), stake("P", 30)), day=AS_OF)
    assert [float(r.measured) for r in outcome.readings] == [0.4, 0.7]
