"""SM-01…06, ST-01, ST-02, SEI-01, TC-01: what kind of company, at which stage."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from fof.rules import catalogue
from fof.rules.companies import points, st_sme_score
from fof.rules.engine import ask, judge
from fof.rules.facts import FundFacts, OfficeFacts
from fof.rules.facts_deals import DealFacts, FundThen
from fof.rules.facts_parties import CompanyFacts, InvestorFacts, StakeFacts, YearFigures
from fof.rules.registry import Verdict
from models.kinds import DealKind, FundStatus, PartyKind, Stage
from models.rule_kinds import SeiGroup

AS_OF = dt.date(2026, 6, 30)
DAY = dt.date(2024, 3, 1)
WAN = 1_000_000
YI = 10_000 * WAN
PASS, WARN, BREACH, UNKNOWN, NA = (
    Verdict.PASS,
    Verdict.WARN,
    Verdict.BREACH,
    Verdict.UNKNOWN,
    Verdict.NOT_APPLICABLE,
)

# staff 20 % -> 12, R&D 3 % of revenue -> 20 (15 % of costs -> 20), two class II -> 12: 44 points
FIGURES = YearFigures(
    2025,
    staff=100,
    rd_staff=20,
    degree_staff=30,
    technical_graduates=30,
    revenue=1000 * WAN,
    costs=200 * WAN,
    rd_expense=30 * WAN,
    net_profit=-1,
    total_assets=2000 * WAN,
    net_assets=1000 * WAN,
    ip_class_one=0,
    ip_class_two=2,
)
NO_ROUTE = {
    "high_tech_until": dt.date(2026, 6, 29),
    "st_award": False,
    "rd_body": False,
    "standard_lead": False,
}
SIZED = {"resident": True, "banned_field": False, "serious_incident": False}


def company(figures: dict[str, object] | None = None, **more: object) -> CompanyFacts:
    """A company of 2015 with the figures above for 2025, changed where `figures` says."""
    given = {"founded_on": dt.date(2015, 1, 1), "years": (FIGURES._replace(**(figures or {})),)}
    return CompanyFacts("C1", AS_OF, **{**given, **SIZED, **NO_ROUTE, **more})


AT_56 = {"rd_staff": 30, "rd_expense": 40 * WAN, "ip_class_two": 1}  # 20 + 30 (4 % / 20 %) + 6
PASSING = {**AT_56, "ip_class_two": 2}  # 20 + 30 + 12 = 62
ON_60 = {"rd_staff": 10, "rd_expense": 60 * WAN, "ip_class_two": 1}  # 4 + 50 + 6 = 60
BELOW_60 = {"rd_staff": 20, "rd_expense": 50 * WAN, "ip_class_two": 1}  # 12 + 40 + 6 = 58
NO_STAFF = {"rd_staff": 9, "rd_expense": 60 * WAN, "ip_class_one": 1}  # 0 + 50 + 30 = 80, staff block 0


def first(then: CompanyFacts | None, day: dt.date = DAY, kind: DealKind = DealKind.INITIAL) -> DealFacts:
    return DealFacts("D1", FundThen("F1"), "C1", kind, day=day, company_then=then, unlisted_two_years=True)


def start_up(figures: dict[str, object] | None = None, **more: object) -> DealFacts:
    """Founded 60 months before the deal, on every limit of the wide (2019) definition; R&D 20 % over 2024 and 2025."""
    before = YearFigures(
        2023,
        staff=300,
        rd_staff=30,
        degree_staff=90,
        technical_graduates=90,
        revenue=5000 * WAN,
        total_assets=5000 * WAN,
        net_assets=2000 * WAN,
        rd_expense=250 * WAN,
    )._replace(**(figures or {}))
    rd = more.pop("rd", (10, 30))
    years = [before] + [YearFigures(2024 + n, costs=100, rd_expense=fen) for n, fen in enumerate(rd)]
    given = {
        "founded_on": dt.date(2019, 3, 1),
        "resident": True,
        "audited_accounts": True,
        "years": tuple(years),
    }
    return first(CompanyFacts("C1", DAY, **{**given, **more}))


def early_2007(figures: dict[str, object] | None = None, **more: object) -> DealFacts:
    """On every limit of the 2007 definition."""
    return start_up({"revenue": 3000 * WAN, "rd_expense": 150 * WAN, **(figures or {})}, **more)


def csrc(figures: dict[str, object] | None = None, **more: object) -> DealFacts:
    """Neither early nor high-tech, and on every limit of "small"."""
    given = {"founded_on": dt.date(2010, 1, 1), "high_tech_until": dt.date(2024, 2, 29)}
    return start_up(
        {"staff": 500, "revenue": 2 * YI, "total_assets": 2 * YI, **(figures or {})}, **{**given, **more}
    )


def staged(
    stage: Stage | None,
    months: int = 24 * 12,
    last: dict[str, object] | None = None,
    before: dict[str, object] | None = None,
    **more: object,
) -> CompanyFacts:
    """A large, old, flat, unprofitable company, changed where the arguments say."""
    big = {
        "staff": 900,
        "degree_staff": 0,
        "technical_graduates": 0,
        "rd_staff": 0,
        "revenue": 2 * YI,
        "net_profit": 0,
        "costs": YI,
        "rd_expense": 0,
        "total_assets": 9 * YI,
        "net_assets": 9 * YI,
    }
    years = (
        YearFigures(2024, **{**big, "revenue": 2 * YI, **(before or {})}),
        YearFigures(2025, **{**big, **(last or {})}),
    )
    founded = dt.date(AS_OF.year - months // 12, AS_OF.month, AS_OF.day)
    given = {"founded_on": founded, "resident": True, "audited_accounts": True}
    return CompanyFacts(
        "C1", AS_OF, stage=stage, stage_definition="fof-2017", years=years, **{**given, **more}
    )


def covering(*funds: tuple[str, FundStatus | None, tuple[Stage, ...] | None]) -> OfficeFacts:
    stake = StakeFacts(InvestorFacts("GF", PartyKind.GUIDANCE_FUND), 100)
    return OfficeFacts(
        AS_OF,
        tuple(
            FundFacts(c, AS_OF, status=status, mandate_stages=stages, stakes=(stake,))
            for c, status, stages in funds
        ),
    )


def old_figures() -> CompanyFacts:
    """Figures of 2022 and 2023 only, on a day in 2026."""
    subject = staged(Stage.GROWTH)
    return replace(subject, years=tuple(y._replace(year=y.year - 2) for y in subject.years))


def result(**more: object) -> CompanyFacts:
    return CompanyFacts("C1", AS_OF, publicly_funded_result=True, **more)


CASES = [
    ("SM-01", "score on the mark", (company(ON_60),), PASS),
    ("SM-01", "score above", (company(PASSING),), PASS),
    ("SM-01", "score below", (company(BELOW_60),), NA),
    ("SM-01", "staff block zero", (company(NO_STAFF),), NA),
    ("SM-01", "direct entry without score", (company(BELOW_60, rd_body=True),), PASS),
    ("SM-01", "500 staff", (company({**ON_60, "staff": 500, "rd_staff": 50}),), PASS),
    ("SM-01", "501 staff", (company({**ON_60, "staff": 501, "rd_staff": 51}),), NA),
    ("SM-01", "revenue on 2亿", (company({**ON_60, "revenue": 2 * YI, "rd_expense": 12 * 100 * WAN}),), PASS),
    (
        "SM-01",
        "revenue a fen above",
        (company({**ON_60, "revenue": 2 * YI + 1, "rd_expense": 13 * 100 * WAN}),),
        NA,
    ),
    ("SM-01", "assets on 2亿", (company({**ON_60, "total_assets": 2 * YI}),), PASS),
    ("SM-01", "assets a fen above", (company({**ON_60, "total_assets": 2 * YI + 1}),), NA),
    ("SM-01", "an incident", (company(ON_60, serious_incident=True),), NA),
    ("SM-01", "a label the figures do not bear out", (company(BELOW_60, claims_st_sme=True),), WARN),
    ("SM-01", "residence missing", (company(ON_60, resident=None),), UNKNOWN),
    ("SM-01", "no figures", (company(years=()),), UNKNOWN),
    ("SM-01", "figures of two years ago", (company({**ON_60, "year": 2024}),), PASS),
    ("SM-01", "figures of three years ago say nothing", (company({**ON_60, "year": 2023}),), UNKNOWN),
    ("SM-01", "in a banned field", (company(ON_60, banned_field=True),), NA),
    ("SM-01", "not resident", (company(ON_60, resident=False),), NA),
    ("SM-01", "incident missing", (company(ON_60, serious_incident=None),), UNKNOWN),
    ("SM-02", "on the mark", (company(ON_60),), PASS),
    ("SM-02", "above", (company(PASSING),), PASS),
    ("SM-02", "below", (company(BELOW_60),), NA),
    ("SM-02", "staff block zero", (company(NO_STAFF),), NA),
    ("SM-02", "missing R&D could decide", (company({**ON_60, "rd_expense": None}),), UNKNOWN),
    (
        "SM-02",
        "missing IP cannot save it",
        (company({**BELOW_60, "rd_expense": 0, "ip_class_two": None}),),
        NA,
    ),
    (
        "SM-02",
        "missing IP cannot spoil it",
        (company({**PASSING, "rd_expense": 60 * WAN, "ip_class_two": None}),),
        PASS,
    ),
    ("SM-02", "no figures", (company(years=()),), UNKNOWN),
    ("SM-03", "certificate ends today", (company(high_tech_until=AS_OF),), PASS),
    ("SM-03", "certificate ended yesterday", (company(),), NA),
    ("SM-03", "award", (company(st_award=True),), PASS),
    ("SM-03", "standard", (company(standard_lead=True),), PASS),
    ("SM-03", "too big", (company({"staff": 501}, st_award=True),), NA),
    ("SM-03", "one route missing", (company(rd_body=None),), UNKNOWN),
    ("SM-04", "on every limit", (start_up(),), PASS),
    ("SM-04", "301 staff", (start_up({"staff": 301, "degree_staff": 91}),), NA),
    ("SM-04", "one degree short", (start_up({"degree_staff": 89}),), NA),
    ("SM-04", "assets a fen above", (start_up({"total_assets": 5000 * WAN + 1}),), NA),
    ("SM-04", "revenue a fen above", (start_up({"revenue": 5000 * WAN + 1}),), NA),
    ("SM-04", "60 months and a day", (start_up(founded_on=dt.date(2019, 2, 28)),), NA),
    ("SM-04", "R&D just short over two years", (start_up(rd=(10, 29)),), NA),
    ("SM-04", "second year not closed: provisional", (start_up(rd=(90,)),), UNKNOWN),
    ("SM-04", "listed within two years", (replace(start_up(), unlisted_two_years=False),), NA),
    (
        "SM-04",
        "two years are not over: provisional",
        (replace(start_up(), unlisted_two_years=None),),
        UNKNOWN,
    ),
    ("SM-04", "not resident", (start_up(resident=False),), NA),
    ("SM-04", "founding day missing", (start_up(founded_on=None),), UNKNOWN),
    ("SM-04", "too big, founding day missing", (start_up({"staff": 301}, founded_on=None),), NA),
    ("SM-04", "audit status missing", (start_up(audited_accounts=None),), UNKNOWN),
    ("SM-04", "a later round", (first(company(), kind=DealKind.FOLLOW_ON),), None),
    ("SM-05", "on every limit", (early_2007(),), PASS),
    ("SM-05", "graduates short", (early_2007({"technical_graduates": 89}),), NA),
    ("SM-05", "R&D staff short", (early_2007({"rd_staff": 29}),), NA),
    ("SM-05", "revenue a fen above", (early_2007({"revenue": 3000 * WAN + 1, "rd_expense": 200 * WAN}),), NA),
    ("SM-05", "net assets a fen above", (early_2007({"net_assets": 2000 * WAN + 1}),), NA),
    ("SM-05", "R&D a fen short", (early_2007({"rd_expense": 150 * WAN - 1}),), NA),
    ("SM-05", "60 months and a day", (early_2007(founded_on=dt.date(2019, 2, 28)),), NA),
    ("SM-05", "301 staff", (early_2007({"staff": 301, "technical_graduates": 95, "rd_staff": 95}),), NA),
    ("SM-05", "listed on the day", (early_2007(listed_on=DAY),), NA),
    ("SM-05", "listed the day after", (early_2007(listed_on=DAY + dt.timedelta(days=1)),), PASS),
    ("SM-05", "R&D staff missing", (early_2007({"rd_staff": None}),), UNKNOWN),
    ("SM-06", "small on every limit", (csrc(),), PASS),
    ("SM-06", "501 staff", (csrc({"staff": 501}),), NA),
    ("SM-06", "big but a day under 60 months", (csrc({"staff": 501}, founded_on=dt.date(2019, 3, 2)),), PASS),
    ("SM-06", "big and 60 months old", (csrc({"staff": 501}, founded_on=dt.date(2019, 3, 1)),), NA),
    ("SM-06", "big with a certificate of the day", (csrc({"staff": 501}, high_tech_until=DAY),), PASS),
    (
        "SM-06",
        "certified a day short of the investment",
        (csrc({"staff": 501}, high_tech_until=DAY - dt.timedelta(days=1)),),
        NA,
    ),
    (
        "SM-06",
        "certified only after the investment",
        (replace(csrc({"staff": 501}), certified_until=dt.date(2027, 1, 1)),),
        PASS,
    ),
    ("SM-06", "revenue a fen above", (csrc({"revenue": 2 * YI + 1}),), NA),
    ("SM-06", "assets a fen above", (csrc({"total_assets": 2 * YI + 1}),), NA),
    ("SM-06", "a later round", (first(company(), kind=DealKind.FOLLOW_ON),), None),
    ("SM-06", "certificate missing", (csrc({"staff": 501}, high_tech_until=None),), UNKNOWN),
    ("ST-01", "24 months old: seed", (staged(Stage.SEED, 24),), PASS),
    (
        "ST-01",
        "24 months and a day: no longer",
        (staged(Stage.GROWTH, 24, founded_on=dt.date(2024, 6, 29)),),
        PASS,
    ),
    ("ST-01", "figures of three years ago say nothing", (old_figures(),), UNKNOWN),
    ("ST-01", "no revenue: seed", (staged(Stage.SEED, last={"revenue": 0}),), PASS),
    ("ST-01", "revenue on 2亿, flat, unprofitable: growth", (staged(Stage.GROWTH),), PASS),
    ("ST-01", "revenue a fen above: mature", (staged(Stage.MATURE, last={"revenue": 2 * YI + 1}),), PASS),
    (
        "ST-01",
        "grew by 20 %: growth though profitable",
        (
            staged(
                Stage.GROWTH, last={"revenue": 120, "net_profit": 1}, before={"revenue": 100, "net_profit": 1}
            ),
        ),
        PASS,
    ),
    (
        "ST-01",
        "grew by 19 %, profitable twice: mature",
        (
            staged(
                Stage.MATURE, last={"revenue": 119, "net_profit": 1}, before={"revenue": 100, "net_profit": 1}
            ),
        ),
        PASS,
    ),
    ("ST-01", "profitable once: growth", (staged(Stage.GROWTH, last={"net_profit": 1}),), PASS),
    ("ST-01", "listed: mature", (staged(Stage.MATURE, listed_on=AS_OF),), PASS),
    ("ST-01", "listed tomorrow: not yet", (staged(Stage.GROWTH, listed_on=dt.date(2026, 7, 1)),), PASS),
    ("ST-01", "preparing to list: mature", (staged(Stage.MATURE, pre_ipo=True),), PASS),
    ("ST-01", "label differs", (staged(Stage.SEED),), WARN),
    ("ST-01", "no label stored", (staged(None),), WARN),
    ("ST-01", "revenue missing", (staged(Stage.GROWTH, last={"revenue": None}),), UNKNOWN),
    (
        "ST-01",
        "profit missing",
        (staged(Stage.GROWTH, last={"net_profit": None}),),
        PASS,
    ),  # none the year before
    (
        "ST-01",
        "profit missing, profitable the year before",
        (staged(Stage.GROWTH, last={"net_profit": None}, before={"net_profit": 1}),),
        UNKNOWN,
    ),
    (
        "ST-01",
        "label that no answer could give",
        (staged(Stage.SEED, last={"net_profit": None}, before={"net_profit": 1}),),
        WARN,
    ),
    ("ST-01", "closed", (staged(Stage.GROWTH, closed_on=AS_OF),), NA),
    ("SEI-01", "in a group", (CompanyFacts("C", AS_OF, sei_known=True, sei_group=SeiGroup.NEW_IT),), PASS),
    ("SEI-01", "in none", (CompanyFacts("C", AS_OF, sei_known=True),), NA),
    ("SEI-01", "missing", (CompanyFacts("C", AS_OF),), UNKNOWN),
    ("TC-01", "a calendar year overdue", (result(conversion_due=dt.date(2025, 6, 30)),), PASS),
    ("TC-01", "a calendar year and a day overdue", (result(conversion_due=dt.date(2025, 6, 29)),), WARN),
    ("TC-01", "not due", (result(conversion_due=dt.date(2027, 1, 1)),), PASS),
    ("TC-01", "converted", (result(conversion_due=dt.date(2020, 1, 1), converted_on=AS_OF),), PASS),
    (
        "TC-01",
        "converted tomorrow: not yet",
        (result(conversion_due=dt.date(2020, 1, 1), converted_on=AS_OF + dt.timedelta(days=1)),),
        WARN,
    ),
    ("TC-01", "day missing", (result(),), UNKNOWN),
    ("TC-01", "not known whether publicly funded", (CompanyFacts("C", AS_OF),), UNKNOWN),
    ("TC-01", "no such result", (CompanyFacts("C", AS_OF, publicly_funded_result=False),), NA),
]

FOUR = tuple(Stage)
INVESTING = FundStatus.INVESTING
CASES_OF_LISTS = [
    ("ST-02", "all four", covering(("A", INVESTING, FOUR)), [PASS] * 4),
    ("ST-02", "one stage without a fund", covering(("A", INVESTING, FOUR[1:])), [BREACH, PASS, PASS, PASS]),
    ("ST-02", "the fund only harvests", covering(("A", FundStatus.HARVESTING, FOUR)), [WARN] * 4),
    (
        "ST-02",
        "one harvests, one invests in two stages",
        covering(("A", FundStatus.HARVESTING, FOUR), ("B", INVESTING, FOUR[:2])),
        [PASS, PASS, WARN, WARN],
    ),
    ("ST-02", "the fund is being wound up", covering(("A", FundStatus.LIQUIDATING, FOUR)), [BREACH] * 4),
    ("ST-02", "approved, not raising yet", covering(("A", FundStatus.APPROVED, FOUR)), [BREACH] * 4),
    ("ST-02", "the fund is closed", covering(("A", FundStatus.CLOSED, FOUR)), [BREACH] * 4),
    (
        "ST-02",
        "mandate missing",
        covering(("A", INVESTING, FOUR[1:]), ("B", INVESTING, None)),
        [UNKNOWN, PASS, PASS, PASS],
    ),
    ("ST-02", "status missing", covering(("A", None, FOUR)), [UNKNOWN] * 4),
]


@pytest.mark.parametrize(("rule", "case", "args", "verdict"), CASES, ids=[f"{c[0]} {c[1]}" for c in CASES])
def test_boundaries(rule, case, args, verdict):
    outcome = ask(rule, *args, day=AS_OF)
    assert (outcome and outcome.verdict) is verdict
    assert outcome is None or (outcome.text.zh and outcome.text.en)


@pytest.mark.parametrize(
    ("rule", "case", "facts", "verdicts"), CASES_OF_LISTS, ids=[f"{c[0]} {c[1]}" for c in CASES_OF_LISTS]
)
def test_boundaries_of_office_rules(rule, case, facts, verdicts):
    assert [outcome.verdict for outcome in ask(rule, facts, day=AS_OF)] == verdicts


def test_st_01_start_up_by_either_definition():
    """Three years old with the 2007 firm's figures: a start-up, whichever of the two definitions it passes."""
    figures = YearFigures(
        2025,
        staff=300,
        rd_staff=30,
        degree_staff=0,
        technical_graduates=90,
        revenue=3000 * WAN,
        total_assets=9 * YI,
        net_assets=2000 * WAN,
        rd_expense=150 * WAN,
        costs=YI,
        net_profit=0,
    )
    subject = CompanyFacts(
        "C1",
        AS_OF,
        founded_on=dt.date(2023, 6, 30),
        resident=True,
        audited_accounts=True,
        stage=Stage.STARTUP,
        stage_definition="mof2007",
        years=(figures,),
    )
    outcome = ask("ST-01", subject, day=AS_OF)
    assert outcome.verdict is PASS
    assert outcome.inputs == {"definition": "fof-2017", "label_definition": "mof2007"}
    bigger = replace(subject, years=(figures._replace(technical_graduates=89),))
    assert (
        ask("ST-01", bigger, day=AS_OF).verdict is WARN
    )  # no start-up any more, whatever the year before was


@pytest.mark.parametrize(
    ("day", "staff", "verdict"),
    [
        (dt.date(2018, 12, 31), 200, PASS),
        (dt.date(2018, 12, 31), 201, NA),
        (dt.date(2019, 1, 1), 201, PASS),
        (dt.date(2019, 1, 2), 300, PASS),
        (dt.date(2019, 1, 2), 301, NA),
    ],
)
def test_sm_04_limits_widened_on_2019_01_01(day, staff, verdict):
    """200 staff and 3000万 under 财税〔2018〕55号, 300 and 5000万 under 财税〔2019〕13号."""
    years = (
        YearFigures(day.year - 1, staff=staff, degree_staff=staff, revenue=1, total_assets=1),
        YearFigures(day.year, costs=100, rd_expense=20),
        YearFigures(day.year + 1, costs=100, rd_expense=20),
    )
    then = CompanyFacts("C1", day, founded_on=day, resident=True, audited_accounts=True, years=years)
    fund = FundFacts("F1", AS_OF, deals=(first(then, day),))
    (finding,) = judge(OfficeFacts(AS_OF, (fund,)), AS_OF, only=["SM-04"])
    assert finding.verdict is verdict
    assert finding.rule_day == finding.event_day == day


@pytest.mark.parametrize(
    ("day", "verdict"),
    [(dt.date(2018, 11, 6), WARN), (dt.date(2018, 11, 7), PASS), (dt.date(2018, 11, 8), PASS)],
)
def test_sei_01_the_ninth_group_came_with_the_statistics_of_2018(day, verdict):
    subject = CompanyFacts("C", day, sei_known=True, sei_group=SeiGroup.RELATED_SERVICES)
    (finding,) = judge(OfficeFacts(day, companies=(subject,)), day, only=["SEI-01"])
    assert finding.verdict is verdict


def numbers(prefix):
    return [catalogue.parameters()[f"sme_{name}_steps"].on(AS_OF).value for name in prefix]


@pytest.mark.parametrize(
    ("share", "staff", "rd_revenue", "rd_cost"),
    [
        ("0.3001", 20, 50, 50),
        ("0.30", 20, 50, 50),
        ("0.2999", 16, 50, 40),
        ("0.25", 16, 50, 40),
        ("0.20", 12, 50, 30),
        ("0.15", 8, 50, 20),
        ("0.10", 4, 50, 10),
        ("0.0999", 0, 50, 0),
        ("0.06", 0, 50, 0),
        ("0.0599", 0, 40, 0),
        ("0.05", 0, 40, 0),
        ("0.04", 0, 30, 0),
        ("0.03", 0, 20, 0),
        ("0.02", 0, 10, 0),
        ("0.0199", 0, 0, 0),
    ],
)
def test_sm_02_points_at_each_step(share, staff, rd_revenue, rd_cost):
    """The bounds of 国科发政〔2017〕115号 Art. 7 as the rulebook lists them: lower bound closed, upper open."""
    tables = numbers(["staff", "rd_revenue", "rd_cost"])
    got = [points(Decimal(share), table)[0] for table in tables]
    assert got == [staff, rd_revenue, rd_cost]


@pytest.mark.parametrize(
    ("one", "two", "results"),
    [(1, 0, 30), (0, 5, 24), (0, 4, 24), (0, 3, 18), (0, 2, 12), (0, 1, 6), (0, 0, 0)],
)
def test_sm_02_results_block(one, two, results):
    tables = numbers(["staff", "rd_revenue", "rd_cost", "ip"])
    year = FIGURES._replace(rd_staff=0, rd_expense=0, ip_class_one=one, ip_class_two=two)
    score = st_sme_score(year, *tables)
    assert (score.low, score.high) == (results, results)


def test_sm_02_takes_the_better_of_the_two_ratios():
    """R&D 2 % of revenue is 10 points, the same money 30 % of costs is 50."""
    tables = numbers(["staff", "rd_revenue", "rd_cost", "ip"])
    year = FIGURES._replace(rd_staff=0, ip_class_two=0, revenue=1000, costs=66, rd_expense=20)
    assert st_sme_score(year, *tables).low == 50


@pytest.mark.parametrize(
    ("day", "document"),
    [
        (dt.date(2017, 12, 31), None),
        (dt.date(2018, 1, 1), "财税〔2018〕55号"),
        (dt.date(2018, 12, 31), "财税〔2018〕55号"),
        (dt.date(2019, 1, 1), "财税〔2019〕13号"),
        (dt.date(2023, 12, 31), "财税〔2019〕13号"),
        (dt.date(2024, 1, 1), "财政部 税务总局公告2023年第17号"),
        (dt.date(2027, 12, 31), "财政部 税务总局公告2023年第17号"),
        (dt.date(2028, 1, 1), None),
    ],
)
def test_sm_04_names_the_document_in_force(day, document):
    source = catalogue.RULES["SM-04"].source_on(day)
    assert (source and source.document) == document


def test_sm_01_shows_the_year_of_the_figures():
    assert ask("SM-01", company(ON_60), day=AS_OF).inputs["year"] == 2025
    assert ask("SM-01", company(years=()), day=AS_OF).inputs["year"] is None


def test_st_02_tells_how_many_can_still_invest():
    """An investment period that ends today still counts, one that ended yesterday does not."""
    office = covering(("A", INVESTING, FOUR))
    (fund,) = office.funds
    for end, left in ((AS_OF, 1), (AS_OF - dt.timedelta(days=1), 0)):
        outcomes = ask("ST-02", OfficeFacts(AS_OF, (replace(fund, investment_period_end=end),)), day=AS_OF)
        assert [o.inputs["still_investing"] for o in outcomes] == [left] * 4
        assert {o.verdict for o in outcomes} == {PASS if left else WARN}


def test_st_02_counts_public_sub_funds_and_their_money():
    """A private fund and a parent fund cover nothing; what was put into other stages is not deployed in this one."""
    office = covering(("A", INVESTING, FOUR))
    (fund,) = office.funds
    private = replace(fund, stakes=(StakeFacts(InvestorFacts("P", PartyKind.SOCIAL_INVESTOR), 9),))
    parent = replace(fund, kind=PartyKind.PARENT_FUND)
    for other in (private, parent):
        assert [o.verdict for o in ask("ST-02", OfficeFacts(AS_OF, (other,)), day=AS_OF)] == [BREACH] * 4
        silent = replace(other, status=None)
        assert [o.verdict for o in ask("ST-02", OfficeFacts(AS_OF, (silent,)), day=AS_OF)] == [BREACH] * 4
    deals = tuple(
        DealFacts(f"D{n}", FundThen("A"), day=DAY, fen=fen, stage=st)
        for n, (fen, st) in enumerate([(5, Stage.SEED), (7, Stage.GROWTH), (None, Stage.SEED)])
    )
    outcomes = ask("ST-02", OfficeFacts(AS_OF, (replace(fund, deals=deals),)), day=AS_OF)
    assert [(o.inputs["committed"], o.inputs["deployed"]) for o in outcomes] == [
        (100, 5),
        (100, 0),
        (100, 7),
        (100, 0),
    ]


def test_st_01_growth_from_nothing_is_no_growth_rate():
    flat = {"revenue": 0}
    subject = staged(Stage.MATURE, last={"revenue": 5, "net_profit": 1}, before={**flat, "net_profit": 1})
    assert ask("ST-01", subject, day=AS_OF).verdict is PASS  # profitable twice decides, not the rise from 0


def test_tc_01_says_since_when_others_may_be_licensed():
    due = dt.date(2025, 6, 29)
    assert ask("TC-01", result(conversion_due=due), day=AS_OF).since == AS_OF
    leap = dt.date(2023, 6, 30)  # 2024 has 366 days: the year ends on the same day of June
    overdue = result(conversion_due=leap)
    assert ask("TC-01", replace(overdue, as_of=dt.date(2024, 6, 30)), day=AS_OF).verdict is PASS
    assert ask("TC-01", replace(overdue, as_of=dt.date(2024, 7, 1)), day=AS_OF).verdict is WARN
    assert ask("TC-01", result(conversion_due=due + dt.timedelta(days=1)), day=AS_OF).since is None


@pytest.mark.parametrize(("rule", "make"), [("SM-04", start_up), ("SM-05", early_2007), ("SM-06", csrc)])
def test_figures_of_the_year_of_the_deal_stand_in_for_those_of_the_year_before(rule, make):
    """Without a year before, the year itself; without either, nothing is known."""
    deal = make()
    then = deal.company_then
    before, *later = then.years
    own = before._replace(year=2024, costs=later[0].costs, rd_expense=before.rd_expense)
    same = [own, *later[1:]]
    if rule == "SM-04":
        same = [own._replace(costs=100, rd_expense=10), *later[1:]]
    stands_in = replace(deal, company_then=replace(then, years=tuple(same)))
    assert ask(rule, stands_in, day=AS_OF).verdict is PASS
    nothing = replace(deal, company_then=replace(then, years=()))
    assert ask(rule, nothing, day=AS_OF).verdict is UNKNOWN


def test_sm_04_costs_or_rd_of_a_year_missing_leave_it_open():
    deal = start_up()
    for lack in ({"costs": None}, {"rd_expense": None}):
        years = (*deal.company_then.years[:2], deal.company_then.years[2]._replace(**lack))
        assert (
            ask(
                "SM-04", replace(deal, company_then=replace(deal.company_then, years=years)), day=AS_OF
            ).verdict
            is UNKNOWN
        )
