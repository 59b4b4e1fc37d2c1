"""PI-01…06, 09: indicators are computed in full or not at all."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from fof.rules import catalogue
from fof.rules.engine import ask
from fof.rules.facts import FundFacts
from fof.rules.facts_deals import DealFacts, FieldList, FundThen, HoldingFacts, ReinvestClaim
from fof.rules.facts_parties import Flow, InvestorFacts, StakeFacts
from fof.rules.numbers_in_force import NumbersInForce, OwnNumber
from fof.rules.registry import Verdict
from models.kinds import DealKind, ExitRoute, PartyKind, Stage
from models.rule_kinds import NationalScheme, ReinvestKind, SeiGroup

AS_OF = dt.date(2026, 6, 30)
START = dt.date(2022, 1, 1)
WAN = 1_000_000
PASS, WARN, BREACH, UNKNOWN, NA = (
    Verdict.PASS,
    Verdict.WARN,
    Verdict.BREACH,
    Verdict.UNKNOWN,
    Verdict.NOT_APPLICABLE,
)
THEN = FundThen("F1", field_lists=(FieldList(START, ("C39",)),))


def stake(
    code: str, fen: int | None, paid: int, received: int = 0, gov: int = 0, state: int = 0, **more: object
) -> StakeFacts:
    kind = more.pop("kind", PartyKind.SOCIAL_INVESTOR)
    anywhere = Fraction(more.pop("anywhere", gov)), Fraction(more.pop("state_anywhere", state))
    return StakeFacts(
        InvestorFacts(code, kind, **more),
        fen,
        START,
        START,
        paid=(Flow(START, paid),),
        received=(Flow(AS_OF, received),) if received else (),
        government_part=Fraction(gov),
        state_part=Fraction(state),
        government_anywhere=anywhere[0],
        state_anywhere=anywhere[1],
    )


GUIDANCE = stake("GF", 100, 80, 40, gov=1, kind=PartyKind.GUIDANCE_FUND)
CITY = stake("CITY", 50, 40, 20, gov=1, kind=PartyKind.GOVERNMENT)
NATIONAL = stake("NF", 100, 40, anywhere=1, kind=PartyKind.NATIONAL_FUND)
STATE = stake("SOE", 50, 40, 20, state=1)
PRIVATE = stake("P", 200, 140, 70)


def deal(code: str, fen: int | None, stage: Stage | None = Stage.SEED, **more: object) -> DealFacts:
    given = {"day": dt.date(2022, 3, 2), "round_total": 300, "industry": "C39", "sei_known": True}
    return DealFacts(code, THEN, f"C{code}", fen=fen, stage=stage, **{**given, **more})


def fund(*deals: DealFacts, **more: object) -> FundFacts:
    more.setdefault("stakes", (GUIDANCE, CITY, STATE, PRIVATE))
    return FundFacts("F1", AS_OF, deals=deals, **more)


def early(seed: int, mature: int, scheme: NationalScheme | None = None) -> FundFacts:
    investor = replace(GUIDANCE.investor, national_scheme=scheme)
    rows = [deal("1", seed), *([deal("2", mature, Stage.MATURE)] if mature else [])]
    return fund(*rows, stakes=(replace(GUIDANCE, investor=investor), PRIVATE))


def holding(**more: object) -> HoldingFacts:
    given = {
        "cost": 100,
        "first_on": dt.date(2022, 3, 1),
        "local": True,
        "staff_at_entry": 10,
        "staff_now": 25,
        "tax_paid": 7,
    }
    return HoldingFacts("C1", **{**given, **more})


def sold(proceeds: int = 250, **more: object) -> HoldingFacts:
    given = {"closed_on": dt.date(2025, 3, 1), "route": ExitRoute.IPO, "proceeds": proceeds}
    return holding(**{**given, **more})


CLAIM = ReinvestClaim("D1", "GF", "C1", START, ReinvestKind.DIRECT, 100, Decimal("1.5"), "证明")
VC = NationalScheme.VC_GUIDANCE

CASES = [
    ("PI-01", "computed", (fund(deal("1", 60)),), PASS),
    ("PI-01", "commitment missing", (fund(stakes=(GUIDANCE, replace(PRIVATE, committed=None))),), UNKNOWN),
    (
        "PI-01",
        "what stands behind missing",
        (fund(stakes=(GUIDANCE, replace(PRIVATE, state_anywhere=None))),),
        UNKNOWN,
    ),
    ("PI-01", "no guidance money", (fund(stakes=(PRIVATE,)),), NA),
    ("PI-01", "a city's money alone is no guidance money", (fund(stakes=(CITY, PRIVATE)),), NA),
    ("PI-01", "the guidance fund itself", (fund(kind=PartyKind.GUIDANCE_FUND),), NA),
    (
        "PI-01",
        "guidance money not committed any more",
        (fund(stakes=(replace(GUIDANCE, committed=0), PRIVATE)),),
        UNKNOWN,
    ),
    ("PI-02", "no floor binds", (early(1, 99),), PASS),
    ("PI-02", "national VC fund on the floor", (early(70, 30, VC),), PASS),
    ("PI-02", "national VC fund above", (early(71, 29, VC),), PASS),
    ("PI-02", "national VC fund below", (early(69, 31, VC),), WARN),
    ("PI-02", "a stage missing", (fund(deal("1", 5, None)),), UNKNOWN),
    ("PI-02", "an amount missing", (fund(deal("1", None)),), UNKNOWN),
    ("PI-02", "nothing invested", (fund(),), NA),
    ("PI-03", "computed", (fund(deal("1", 60)),), PASS),
    ("PI-03", "an amount missing", (fund(deal("1", None)),), UNKNOWN),
    ("PI-03", "commitment missing", (fund(stakes=(replace(PRIVATE, committed=None),)),), UNKNOWN),
    ("PI-04", "computed", (fund(nav=300),), PASS),
    ("PI-04", "value missing", (fund(),), UNKNOWN),
    ("PI-04", "nothing paid in", (fund(stakes=()),), NA),
    ("PI-05", "computed", (fund(holdings=(holding(),), claims=(CLAIM,)),), PASS),
    ("PI-05", "place missing", (fund(holdings=(holding(local=None),)),), UNKNOWN),
    (
        "PI-05",
        "factor missing",
        (fund(holdings=(holding(),), claims=(replace(CLAIM, factor=None),)),),
        UNKNOWN,
    ),
    ("PI-05", "nothing invested", (fund(),), NA),
    ("PI-06", "computed", (fund(holdings=(sold(), holding())),), PASS),
    ("PI-06", "route missing", (fund(holdings=(sold(route=None),)),), UNKNOWN),
    ("PI-06", "no exit yet", (fund(holdings=(holding(),)),), NA),
    ("PI-09", "computed", (fund(deal("1", 60, sei_group=SeiGroup.BIOTECH), deal("2", 40)),), PASS),
    ("PI-09", "a group missing", (fund(deal("1", 60, sei_known=False)),), UNKNOWN),
    ("PI-09", "nothing invested", (fund(),), NA),
]


@pytest.mark.parametrize(("rule", "case", "args", "verdict"), CASES, ids=[f"{c[0]} {c[1]}" for c in CASES])
def test_boundaries(rule, case, args, verdict):
    outcome = ask(rule, *args, day=AS_OF)
    assert (outcome and outcome.verdict) is verdict
    assert outcome is None or (outcome.text.zh and outcome.text.en)


def test_pi_01_gives_all_three_variants_each_under_its_name():
    """A 400 / 100; B without city money (250 / 100), the city's money in no denominator; C rounds of 300 and 500."""
    outcome = ask("PI-01", fund(deal("1", 60), deal("2", 40, round_total=500)), day=AS_OF)
    assert (outcome.inputs["variant_a"], outcome.inputs["variant_b"], outcome.inputs["variant_c"]) == (
        4,
        Decimal("2.5"),
        8,
    )
    for variant in ("A（", "B（", "C（"):
        assert variant in outcome.text.zh


def test_pi_01_leaves_c_out_while_a_round_is_unknown():
    outcome = ask("PI-01", fund(deal("1", 60, round_total=None)), day=AS_OF)
    assert outcome.inputs["variant_c"] is None
    assert "C（登记整轮）无法计算" in outcome.text.zh


def test_pi_01_no_governments_money_is_private_wherever_it_comes_from():
    """B leaves the national fund out too; a state company counts as the reading says."""
    subject = fund(stakes=(GUIDANCE, NATIONAL, STATE, PRIVATE))
    assert ask("PI-01", subject, day=AS_OF).inputs["variant_b"] == Decimal("2.5")
    rows = [OwnNumber("soe_counts_as_government", "yes", START, "办法", "管理员")]
    wide = ask("PI-01", subject, day=AS_OF, settings=NumbersInForce(catalogue.parameters(), rows))
    assert (wide.inputs["variant_b"], wide.inputs["soe_counts_as_government"]) == (2, True)
    assert wide.inputs["variant_a"] == Decimal("4.5")


def test_pi_01_a_round_paid_into_twice_counts_once():
    """600 in round A reached the company once; what the fund paid counts where it is more than the round's total."""
    first = deal("1", 60, round="A", round_total=600)
    again = replace(first, code="2", kind=DealKind.FOLLOW_ON)
    assert ask("PI-01", fund(first, again), day=AS_OF).inputs["variant_c"] == 6
    assert ask("PI-01", fund(first, replace(again, round="B")), day=AS_OF).inputs["variant_c"] == 12
    small = [replace(d, round_total=100) for d in (first, again)]
    assert ask("PI-01", fund(*small), day=AS_OF).inputs["variant_c"] == Decimal("1.2")


def test_pi_01_a_parent_fund_whose_funds_invest_has_no_c_of_its_own():
    outcome = ask("PI-01", fund(deal("1", 60), kind=PartyKind.PARENT_FUND, held_funds=("SF",)), day=AS_OF)
    assert (outcome.inputs["variant_a"], outcome.inputs["variant_c"]) == (4, None)
    assert "C（登记整轮）无法计算（经下层基金" in outcome.text.zh
    assert "分母：引导基金、母基金认缴 0元" not in outcome.text.zh


def test_pi_02_small_is_not_told_while_a_valuation_could_decide_it():
    assert ask("PI-02", fund(deal("1", 5000 * WAN)), day=AS_OF).inputs["small"] == 1
    above = fund(deal("1", 5000 * WAN + 1))
    assert ask("PI-02", above, day=AS_OF).inputs["small"] is None
    assert "投小 –" in ask("PI-02", above, day=AS_OF).text.zh


@pytest.mark.parametrize(
    ("end", "long"), [(dt.date(2031, 12, 31), False), (dt.date(2032, 1, 1), True), (None, None)]
)
def test_pi_02_ten_years_are_long(end, long):
    subject = fund(deal("1", 1), established_on=START, term_end=end)
    assert ask("PI-02", subject, day=AS_OF).inputs["long_term"] is long


def test_pi_03_negative_cash_is_no_idle_ratio():
    subject = fund(deal("1", 150), uses=(Flow(START, 150),), cash_kept=True)
    assert ask("PI-03", subject, day=AS_OF).inputs["idle"] is None


def test_pi_05_jobs_are_a_dash_where_nobody_counted_them():
    outcome = ask("PI-05", fund(holdings=(holding(staff_at_entry=None),)), day=AS_OF)
    assert outcome.inputs["jobs"] is None
    assert "新增就业 – 人" in outcome.text.zh


def test_pi_02_counts_small_long_and_priority_shares():
    subject = fund(
        deal("1", 6000 * WAN, post_money=49_999 * WAN),  # over the ticket, small by valuation
        deal("2", 4000 * WAN, Stage.MATURE, industry="K70"),  # small by ticket
        deal("3", 10_000 * WAN, Stage.MATURE, post_money=50_000 * WAN),
        established_on=START,
        term_end=dt.date(2032, 1, 1),
    )
    outcome = ask("PI-02", subject, day=AS_OF)
    assert outcome.inputs == {
        "early": Decimal("0.3"),
        "small": Decimal("0.5"),
        "long_term": True,
        "priority_fields": Decimal("0.8"),
    }
    assert "stage definitions" in outcome.notes[0][1]


def test_pi_03_rates_and_days():
    subject = fund(
        deal("1", 150), capital_in=(Flow(START, 300),), uses=(Flow(dt.date(2022, 3, 2), 150),), cash_kept=True
    )
    outcome = ask("PI-03", subject, day=AS_OF)
    assert outcome.inputs == {
        "called": Decimal("0.75"),
        "invested": Decimal("0.5"),
        "idle": Decimal("0.5"),
        "days_to_first_deal": 60,
    }
    assert ask("PI-03", replace(subject, cash_kept=False), day=AS_OF).inputs["idle"] is None


@pytest.mark.parametrize("nav", [0, 1, 150, 299])
def test_pi_04_tvpi_is_dpi_plus_rvpi(nav):
    """Up to the 28th digit: the three ratios are each rounded once."""
    figures = ask("PI-04", fund(nav=nav), day=AS_OF).inputs
    assert abs(figures["tvpi"] - figures["dpi"] - figures["rvpi"]) < Decimal("1e-26")
    assert figures["principal_recovery"] == Decimal("0.5")  # 40 of the 80 that the guidance fund paid in


def test_pi_04_shows_the_irr_it_was_given_and_nothing_where_there_is_none():
    assert "IRR 12.34%" in ask("PI-04", fund(nav=1, nav_irr=0.1234), day=AS_OF).text.en
    assert "IRR –" in ask("PI-04", fund(nav=1), day=AS_OF).text.en


def test_pi_05_counts_claims_companies_jobs_and_taxes():
    subject = fund(
        holdings=(holding(), holding(local=False, relocated=True, staff_now=None, tax_paid=None)),
        claims=(CLAIM,),
    )
    assert ask("PI-05", subject, day=AS_OF).inputs == {
        "reinvested": 150,
        "local_companies": 1,
        "relocated": 1,
        "jobs": 15,
        "tax_paid": 7,
    }


def test_pi_06_proceeds_over_cost_routes_and_median_years():
    subject = fund(
        holdings=(sold(), sold(0, route=ExitRoute.LIQUIDATION, closed_on=dt.date(2024, 2, 29)), holding())
    )
    outcome = ask("PI-06", subject, day=AS_OF)
    assert outcome.inputs == {
        "count": 2,
        "cost": 200,
        "proceeds": 250,
        "median_years": Decimal("2.5"),
        "ipo": 1,
        "liquidation": 1,
    }
    assert outcome.measured == Decimal("1.25")


def test_pi_09_splits_by_group_and_leaves_exits_out():
    subject = fund(
        deal("1", 60, sei_group=SeiGroup.BIOTECH),
        deal("2", 15, sei_group=SeiGroup.NEW_IT),
        deal("3", 25),
        deal("4", 999, kind=DealKind.EXIT, sei_group=SeiGroup.NEW_IT),
    )
    outcome = ask("PI-09", subject, day=AS_OF)
    assert outcome.measured == Decimal("0.75")
    assert [(item.code, item.fen) for item in outcome.items] == [("new_it", 15), ("biotech", 60)]


def test_pi_04_measures_a_successor_with_what_it_succeeds():
    outcome = ask("PI-04", fund(nav=100, nav_paid_in=400, nav_distributed=300), day=AS_OF).inputs
    assert (outcome["dpi"], outcome["rvpi"], outcome["tvpi"]) == (
        Decimal("0.75"),
        Decimal("0.25"),
        Decimal(1),
    )
