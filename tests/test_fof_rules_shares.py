"""GF-04…09, 67, 68: shares of a fund, at, inside and outside each cap."""

import datetime as dt
from dataclasses import replace
from fractions import Fraction

import pytest

from fof.rules.engine import ask, judge
from fof.rules.facts import FundFacts, OfficeFacts, OwnerFacts
from fof.rules.facts_deals import DealFacts, FundThen
from fof.rules.facts_parties import Due, Flow, InvestorFacts, StakeFacts
from fof.rules.registry import Verdict
from models.kinds import FundKind, GovernmentLevel, PartyKind, Stage, Strategy
from models.rule_kinds import NationalScheme

AS_OF = dt.date(2026, 6, 30)
CLOSE = dt.date(2025, 9, 1)
YI = 10_000_000_000
MILLION = 100_000_000
PASS, WARN, BREACH, UNKNOWN, NA = (
    Verdict.PASS,
    Verdict.WARN,
    Verdict.BREACH,
    Verdict.UNKNOWN,
    Verdict.NOT_APPLICABLE,
)


def stake(code: str, fen: int | None, gov: object = 0, state: object = 0, **more: object) -> StakeFacts:
    kind = more.pop("kind", PartyKind.SOCIAL_INVESTOR)
    scheme = more.pop("scheme", None)
    more.setdefault("government_anywhere", None if gov is None else Fraction(gov))
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


def deals_of(early: int, late: int, unlabelled: int = 0) -> tuple[DealFacts, ...]:
    rows = [(early, Stage.STARTUP), (late, Stage.MATURE), (unlabelled, None)]
    return tuple(
        DealFacts(f"D{n}", FundThen("F1"), fen=fen, stage=s) for n, (fen, s) in enumerate(rows) if fen
    )


CALL = CLOSE + dt.timedelta(days=40)


def called(national: dt.date, local: dt.date | None) -> tuple[StakeFacts, FundFacts]:
    """National and local money of the 2011 scheme, each called by a notice of its own due day."""
    ours, whole = emerging(20)
    ours = replace(ours, dues=(Due(national, 1, "1", national),))
    other = next(s for s in whole.stakes if s.investor.code == "G")
    other = replace(other, dues=() if local is None else (Due(local, 1, "1", local),))
    return ours, fund(ours, other)


def committed_on(subject: FundFacts, day: dt.date) -> FundFacts:
    return replace(subject, stakes=tuple(replace(s, last_committed_on=day) for s in subject.stakes))


def sme(fen: int, whole: int) -> tuple[StakeFacts, FundFacts]:
    ours = stake("N", fen, scheme=NationalScheme.SME_FUND, **NATIONAL)
    return ours, fund(ours, stake("P", whole - fen))


EPS = Fraction(1, 10**40)
"""Less than a look-through share can show in 28 digits: products of many commitments have such fractions."""


def at(share: object, **more: object) -> FundFacts:
    """A fund of 100 fen with the guidance fund's look-through share given."""
    return fund(ONE, guidance_share=None if share is None else Fraction(share), **more)


def ranked(guidance: int | None, other: int | None, **more: object) -> FundFacts:
    more.setdefault("strategy", Strategy.VC)
    return fund(stake("G", guidance, kind=PartyKind.GUIDANCE_FUND), stake("P", other), **more)


PARENT = {"kind": PartyKind.PARENT_FUND}
JILIN = stake("JL", 10, 0, kind=PartyKind.GOVERNMENT)
"""Another province's government: none of its money is home money."""

CASES = [
    ("GF-04", "inside", (fund(ONE, guidance_share=Fraction(39, 100)),), PASS),
    ("GF-04", "on the cap", (fund(ONE, guidance_share=Fraction(2, 5)),), PASS),
    ("GF-04", "just outside", (fund(ONE, guidance_share=Fraction(2, 5) + Fraction(1, 10**15)),), BREACH),
    ("GF-04", "outside by less than 28 digits show", (at(Fraction(2, 5) + EPS),), BREACH),
    ("GF-04", "inside by less than 28 digits show", (at(Fraction(2, 5) - EPS),), PASS),
    ("GF-04", "missing share", (fund(ONE),), UNKNOWN),
    ("GF-04", "missing kind of fund", (at(1, fund_kind=None),), UNKNOWN),
    ("GF-04", "parent fund", (at(1, **PARENT),), NA),
    (
        "GF-04",
        "missing commitment",
        (fund(stake("X", None), guidance_share=Fraction(1)),),
        UNKNOWN,
    ),
    ("GF-04", "special fund", (fund(ONE, guidance_share=Fraction(1), fund_kind=FundKind.SPECIAL),), NA),
    ("GF-05", "inside", (split(59, 41),), PASS),
    ("GF-05", "on the cap", (split(60, 40),), PASS),
    ("GF-05", "just outside", (split(60 * YI + 1, 40 * YI - 1),), BREACH),
    ("GF-05", "missing part", (fund(stake("X", 61, None), stake("P", 39)),), UNKNOWN),
    (
        "GF-05",
        "a missing part that cannot break the cap",
        (fund(stake("X", 60, None), stake("P", 40)),),
        PASS,
    ),
    ("GF-05", "broken whatever is missing", (fund(stake("X", 61, 1), stake("P", 39, None)),), BREACH),
    ("GF-05", "missing commitment", (fund(stake("X", None, 1), stake("P", 40)),), UNKNOWN),
    ("GF-05", "nothing committed", (fund(stake("P", 0)),), UNKNOWN),
    ("GF-05", "special fund", (split(100, 0, fund_kind=FundKind.SPECIAL),), NA),
    ("GF-05", "parent fund", (split(100, 0, **PARENT),), NA),
    ("GF-05", "missing kind of fund", (split(100, 0, fund_kind=None),), UNKNOWN),
    (
        "GF-05",
        "state company's part missing and not counted",
        (fund(stake("X", 61, 0, None), stake("P", 39)),),
        PASS,
    ),
    ("GF-05", "state companies do not count", (fund(stake("S", 61, 0, 1), stake("P", 39)),), PASS),
    (
        "GF-05",
        "outside by less than 28 digits show",
        (fund(stake("PF", 100, Fraction(3, 5) + EPS)),),
        BREACH,
    ),
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
    ("GF-06", "angel just inside", (at(Fraction(2, 5) - EPS, strategy=Strategy.ANGEL),), PASS),
    ("GF-06", "angel on the cap", (at(Fraction(2, 5), strategy=Strategy.ANGEL),), PASS),
    ("GF-06", "angel just outside", (at(Fraction(2, 5) + EPS, strategy=Strategy.ANGEL),), BREACH),
    ("GF-06", "seed just inside", (at(Fraction(2, 5) - EPS, strategy=Strategy.SEED),), PASS),
    ("GF-06", "seed on the cap", (at(Fraction(2, 5), strategy=Strategy.SEED),), PASS),
    ("GF-06", "seed just outside", (at(Fraction(2, 5) + EPS, strategy=Strategy.SEED),), BREACH),
    ("GF-06", "vc just inside", (at(Fraction(3, 10) - EPS, strategy=Strategy.VC),), PASS),
    ("GF-06", "vc on the cap", (at(Fraction(3, 10), strategy=Strategy.VC),), PASS),
    ("GF-06", "vc just outside", (at(Fraction(3, 10) + EPS, strategy=Strategy.VC),), BREACH),
    ("GF-06", "growth just inside", (at(Fraction(1, 4) - EPS, strategy=Strategy.GROWTH),), PASS),
    ("GF-06", "growth on the cap", (at(Fraction(1, 4), strategy=Strategy.GROWTH),), PASS),
    ("GF-06", "growth just outside", (at(Fraction(1, 4) + EPS, strategy=Strategy.GROWTH),), BREACH),
    ("GF-06", "no cap", (fund(ONE, strategy=Strategy.MERGER, guidance_share=Fraction(1)),), NA),
    ("GF-06", "missing strategy", (at(1),), UNKNOWN),
    (
        "GF-06",
        "missing commitment",
        (fund(stake("P", None), guidance_share=Fraction(1), strategy=Strategy.VC),),
        UNKNOWN,
    ),
    ("GF-06", "missing share", (at(None, strategy=Strategy.VC),), UNKNOWN),
    ("GF-06", "special fund", (at(1, strategy=Strategy.VC, fund_kind=FundKind.SPECIAL),), NA),
    ("GF-07", "second", (ranked(49, 51),), PASS),
    ("GF-07", "equal first", (ranked(50, 50),), WARN),
    ("GF-07", "first", (ranked(51, 49),), BREACH),
    ("GF-07", "missing", (ranked(51, None),), UNKNOWN),
    ("GF-07", "missing strategy", (ranked(51, 49, strategy=None),), UNKNOWN),
    ("GF-07", "angel fund", (ranked(90, 10, strategy=Strategy.ANGEL),), NA),
    ("GF-07", "seed fund", (ranked(90, 10, strategy=Strategy.SEED),), NA),
    ("GF-07", "special fund", (ranked(90, 10, fund_kind=FundKind.SPECIAL),), NA),
    ("GF-07", "sold its stake", (ranked(0, 100),), NA),
    ("GF-07", "only through a parent fund", (fund(stake("PF", 90, **PARENT), strategy=Strategy.VC),), NA),
    (
        "GF-07",
        "behind the larger of two others",
        (
            fund(
                stake("G", 40, kind=PartyKind.GUIDANCE_FUND),
                stake("P", 45),
                stake("Q", 15),
                strategy=Strategy.VC,
            ),
        ),
        PASS,
    ),
    (
        "GF-07",
        "the larger of two guidance funds",
        (
            fund(
                stake("G", 20, kind=PartyKind.GUIDANCE_FUND),
                stake("H", 41, kind=PartyKind.GUIDANCE_FUND),
                stake("P", 39),
                strategy=Strategy.VC,
            ),
        ),
        BREACH,
    ),
    ("GF-08", "on the floor", (split(10, 90),), PASS),
    ("GF-08", "nothing committed", (fund(stake("P", 0)),), UNKNOWN),
    ("GF-08", "missing commitment", (fund(stake("X", None, 1), stake("P", 90)),), UNKNOWN),
    (
        "GF-08",
        "another province's guidance fund",
        (fund(stake("G", 10, 0, kind=PartyKind.GUIDANCE_FUND), stake("P", 90)),),
        PASS,
    ),
    ("GF-08", "above", (split(11, 89),), PASS),
    (
        "GF-08",
        "just below, not approved by the centre",
        (split(10**9 - 1, 9 * 10**9 + 1, approved_by_centre=False),),
        NA,
    ),
    ("GF-08", "just below, approval not known", (split(10**9 - 1, 9 * 10**9 + 1),), UNKNOWN),
    ("GF-08", "below every floor", (split(4, 96),), NA),
    ("GF-08", "on the centre's floor", (split(5, 95, approved_by_centre=True),), PASS),
    ("GF-08", "below the centre's floor", (split(4, 96, approved_by_centre=True),), NA),
    ("GF-08", "another province's government", (fund(JILIN, stake("P", 90)),), PASS),
    (
        "GF-08",
        "a national fund decides",
        (fund(stake("N", 10, **NATIONAL), stake("P", 90), approved_by_centre=False),),
        UNKNOWN,
    ),
    (
        "GF-08",
        "a national fund does not decide",
        (fund(stake("N", 9, **NATIONAL), stake("P", 91), approved_by_centre=False),),
        NA,
    ),
    ("GF-08", "missing", (fund(stake("X", 60, None)),), UNKNOWN),
    ("GF-08", "missing, and enough without", (fund(stake("X", 50, None), stake("G", 50, 1)),), PASS),
    (
        "GF-08",
        "another province's money behind an investor",
        (fund(stake("X", 10, 0, government_anywhere=Fraction(1)), stake("P", 90)),),
        PASS,
    ),
    (
        "GF-08",
        "a government that owns a share by declaration",
        (fund(stake("P", 100), owners=(OwnerFacts("GOV", Fraction(1, 10), PartyKind.GOVERNMENT),)),),
        PASS,
    ),
    (
        "GF-09",
        "the partner owns its share by declaration",
        (fund(stake("P", 100), gp_code="GP", owners=(OwnerFacts("GP", Fraction(1, 100)),)),),
        PASS,
    ),
    (
        "GF-09",
        "kind of fund missing",
        (fund(stake("GP", 0, is_gp=True), stake("P", 99), gp_code="GP", fund_kind=None),),
        UNKNOWN,
    ),
    ("GF-09", "on the floor", (fund(stake("GP", 1, is_gp=True), stake("P", 99), gp_code="GP"),), PASS),
    ("GF-09", "above", (fund(stake("GP", 2, is_gp=True), stake("P", 98), gp_code="GP"),), PASS),
    (
        "GF-09",
        "just below",
        (fund(stake("GP", YI - 1, is_gp=True), stake("P", 99 * YI + 1), gp_code="GP"),),
        BREACH,
    ),
    ("GF-09", "gp without a stake", (fund(ONE, gp_code="GP"),), BREACH),
    ("GF-09", "missing gp", (fund(ONE),), UNKNOWN),
    ("GF-09", "missing commitment", (fund(stake("GP", None, is_gp=True), gp_code="GP"),), UNKNOWN),
    ("GF-09", "special fund", (fund(ONE, gp_code="GP", fund_kind=FundKind.SPECIAL),), NA),
    ("GF-09", "parent fund", (fund(ONE, gp_code="GP", **PARENT),), NA),
    ("GF-67", "2011 scheme on the cap", emerging(20), PASS),
    ("GF-67", "2011 scheme above", emerging(21), BREACH),
    ("GF-67", "2011 scheme relaxed by early deals", emerging(21, deals=SEED_DEALS), PASS),
    ("GF-67", "2011 scheme not out together", emerging(20, dt.date(2026, 1, 1)), BREACH),
    (
        "GF-67",
        "2011 scheme, early deals just on the share that relaxes",
        emerging(21, deals=deals_of(70, 30)),
        BREACH,
    ),
    (
        "GF-67",
        "2011 scheme, an unlabelled deal could relax it",
        emerging(21, deals=deals_of(70, 29, 1)),
        UNKNOWN,
    ),
    ("GF-67", "2011 scheme, an unlabelled deal cannot", emerging(21, deals=deals_of(69, 30, 1)), BREACH),
    (
        "GF-67",
        "2011 scheme, an unlabelled deal does not matter",
        emerging(20, deals=deals_of(1, 1, 98)),
        PASS,
    ),
    ("GF-67", "2011 scheme called together", called(CALL, CALL), PASS),
    ("GF-67", "2011 scheme called on another day", called(CALL, CALL + dt.timedelta(days=1)), BREACH),
    ("GF-67", "2011 scheme called alone", called(CALL, None), BREACH),
    ("GF-67", "called before both were in", called(CLOSE, None), PASS),
    ("GF-67", "no local money to go with", (emerging(20)[0], fund(emerging(20)[0], stake("P", 80))), PASS),
    ("GF-67", "sold out", (stake("N", 0, scheme=NationalScheme.SME_FUND), fund(ONE)), None),
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
    ("GF-68", "before the cap, fails today", (committed_on(split(61, 39), dt.date(2025, 4, 5)),), WARN),
    (
        "GF-68",
        "on the cap's first day, fails: GF-05 judges it",
        (committed_on(split(61, 39), dt.date(2025, 4, 6)),),
        NA,
    ),
    ("GF-68", "after it, fails: GF-05 judges it", (committed_on(split(61, 39), dt.date(2025, 4, 7)),), NA),
    ("GF-68", "before the cap, keeps it", (committed_on(split(60, 40), dt.date(2025, 4, 5)),), PASS),
    ("GF-68", "special fund", (split(61, 39, fund_kind=FundKind.SPECIAL),), NA),
]


@pytest.mark.parametrize(("rule", "case", "args", "verdict"), CASES, ids=[f"{c[0]} {c[1]}" for c in CASES])
def test_boundaries(rule, case, args, verdict):
    outcome = ask(rule, *args, day=AS_OF)
    assert (outcome and outcome.verdict) is verdict
    assert outcome is None or (outcome.text.zh and outcome.text.en)


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
    for investor, fen, gov, state in (
        (city, 200 * MILLION, 1, 0),
        (company, 250 * MILLION, 0, 1),
        (private, 150 * MILLION, 0, 0),
    ):
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
    assert "（口径：国有企业计入政府出资）" in counted.text.zh
    assert "(reading: state companies counted as government)" in counted.text.en
    assert counted.source.document.startswith("龙江现代产业投资引导基金")
    assert counted.inputs["soe_counts_as_government"] is True
    assert [(r.used, r.verdict) for r in counted.readings] == [(False, PASS), (True, BREACH)]

    not_counted = gf05(settings_with(("soe_counts_as_government", "no")), rules_as_of=AS_OF)
    assert not_counted.verdict is PASS
    assert "（口径：国有企业不计入政府出资）" in not_counted.text.zh
    assert float(not_counted.measured) == pytest.approx(1 / 3)
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
    assert "2018-04-20" in both.text.zh


@pytest.fixture
def settings_with():
    from fof.rules import catalogue
    from fof.rules.numbers_in_force import NumbersInForce, OwnNumber

    def make(*pairs):
        rows = [OwnNumber(name, value, dt.date(2025, 4, 6), "测试文件", "tester") for name, value in pairs]
        return NumbersInForce(catalogue.parameters(), rows)

    return make


def test_gf_05_measures_both_readings_of_state_companies():
    outcome = ask("GF-05", fund(stake("S", 30, 0, 1), stake("G", 40, 1), stake("P", 30)), day=AS_OF)
    assert [float(r.measured) for r in outcome.readings] == [0.4, 0.7]


@pytest.mark.parametrize(
    ("committed_on", "verdict"),
    [
        (dt.date(2025, 4, 5), NA),  # the day before the notice's measure: no cap, today's result beside
        (dt.date(2025, 4, 6), BREACH),
        (dt.date(2025, 4, 7), BREACH),
    ],
)
@pytest.mark.parametrize("rule", ["GF-04", "GF-05"])
def test_the_provincial_caps_bind_commitments_from_their_first_day(rule, committed_on, verdict):
    one = replace(stake("G", 100, 1, kind=PartyKind.GUIDANCE_FUND), last_committed_on=committed_on)
    subject = fund(one, guidance_share=Fraction(1))
    (finding,) = judge(OfficeFacts(AS_OF, (subject,)), AS_OF, only=[rule])
    assert finding.verdict is verdict
    assert finding.beside.verdict is BREACH


@pytest.mark.parametrize(("rule", "money"), [("GF-04", 21), ("GF-05", 1), ("GF-06", 31)])
def test_the_excess_over_a_cap_is_rounded_up_to_a_whole_fen(rule, money):
    """61 of 101 fen: 60.3960 %; 40 % of 101 is 40.4, 60 % is 60.6, 30 % is 30.3."""
    subject = fund(
        stake("G", 61, 1, kind=PartyKind.GUIDANCE_FUND),
        stake("P", 40),
        guidance_share=Fraction(61, 101),
        strategy=Strategy.VC,
    )
    assert ask(rule, subject, day=AS_OF).money == money


def test_an_angel_funds_own_terms_may_forbid_the_first_place():
    from fof.rules import catalogue
    from fof.rules.numbers_in_force import NumbersInForce, OwnNumber

    own = OwnNumber("forbid_largest_lp_angel", "yes", dt.date(2025, 1, 1), "合伙协议 3.4", "tester", "F1")
    settings = NumbersInForce(catalogue.parameters(), [own])
    angel, vc = ranked(90, 10, strategy=Strategy.ANGEL), ranked(90, 10)
    assert ask("GF-07", angel, day=AS_OF, settings=settings, fund="F1").verdict is BREACH
    off = OwnNumber("forbid_largest_lp", "no", dt.date(2025, 1, 1), "合伙协议 3.4", "tester", "F1")
    settings = NumbersInForce(catalogue.parameters(), [off])
    assert ask("GF-07", vc, day=AS_OF, settings=settings, fund="F1").verdict is NA
    assert ask("GF-07", ranked(90, 10, strategy=None), day=AS_OF, settings=settings, fund="F1").verdict is NA
    assert ask("GF-07", vc, day=AS_OF).money == 80
    assert ask("GF-07", ranked(50, 50), day=AS_OF).money is None


def test_gf_09_says_what_is_lacking_to_the_minimum():
    """One per cent of 250 fen is 2.5: three are needed, one is there."""
    outcome = ask("GF-09", fund(stake("GP", 1, is_gp=True), stake("P", 249), gp_code="GP"), day=AS_OF)
    assert (outcome.verdict, outcome.money) == (BREACH, 2)


def test_gf_67_says_which_call_the_sme_fund_terms_come_from_and_what_is_at_stake():
    outcome = ask("GF-67", *sme(5 * YI - 1, 100 * YI), day=AS_OF)
    assert outcome.money == 5 * YI - 1
    assert outcome.notes[0][0] == "依据：国家中小企业发展基金第三批公告"
