"""GF-49…53, 56, 58…63, 65, PI-07, PI-08: life, clocks, tolerance, evaluation, reports, idle money."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from fof.calendar import working_days
from fof.rules import catalogue
from fof.rules.calendar_days import add_months, quarter_end_before
from fof.rules.engine import ask, judge
from fof.rules.facts import (
    Evaluation,
    Filing,
    FilingKind,
    FundFacts,
    OfficeFacts,
    OwnerFacts,
    ParentFacts,
)
from fof.rules.facts_deals import DealFacts, FundThen, HoldingFacts
from fof.rules.facts_parties import Flow, InvestorFacts, StakeFacts
from fof.rules.losses import PortfolioResult, portfolio_result
from fof.rules.losses import test_day as day_of_the_test
from fof.rules.numbers_in_force import NumbersInForce, OwnNumber
from fof.rules.registry import Verdict
from models.kinds import FundStatus, GovernmentLevel, Instrument, PartyKind, Stage, Strategy
from models.rule_kinds import DirectionTopic, Grade

AS_OF = dt.date(2026, 7, 31)
PASS, WARN, BREACH, UNKNOWN, NA = (
    Verdict.PASS,
    Verdict.WARN,
    Verdict.BREACH,
    Verdict.UNKNOWN,
    Verdict.NOT_APPLICABLE,
)
START = dt.date(2020, 2, 29)
DAY = dt.timedelta(days=1)
PRIVATE = StakeFacts(InvestorFacts("P", PartyKind.SOCIAL_INVESTOR), 100)
CITY = GovernmentLevel.PREFECTURE


def government(*paid: tuple[dt.date, int]) -> StakeFacts:
    return StakeFacts(
        InvestorFacts("GOV", PartyKind.GOVERNMENT), 100, paid=tuple(Flow(d, f) for d, f in paid)
    )


def fund(**more: object) -> FundFacts:
    more.setdefault("stakes", (government(),))
    return FundFacts("F1", more.pop("as_of", AS_OF), **more)


def given_back(fen: int) -> StakeFacts:
    """Government paid in 150 and got `fen` of it back as an excess call (the cash side is among the uses)."""
    return government((dt.date(2024, 1, 1), 150), (dt.date(2024, 1, 1), -fen))


def living(end: dt.date | None, **more: object) -> FundFacts:
    return fund(established_on=START, term_end=end, **more)


def below(end: dt.date | None, parent_end: dt.date | None, **more: object) -> FundFacts:
    parents = [ParentFacts("PF", PartyKind.PARENT_FUND, parent_end)]
    if "second" in more:
        parents.append(ParentFacts("GF", PartyKind.GUIDANCE_FUND, more.pop("second")))
    return fund(term_end=end, parents=tuple(parents), **more)


def extended(times: int | None, years: int, level: GovernmentLevel | None = CITY) -> FundFacts:
    return fund(extensions=times, extension_years=years, extension_approval_level=level, sponsor_level=CITY)


def days_ago(days: int) -> dt.date:
    return AS_OF - dt.timedelta(days=days)


def deal(stage: Stage | None, fen: int = 100) -> DealFacts:
    then = FundThen("F1", mandate_stages=(Stage.SEED,), government_money=True)
    return DealFacts(f"D{fen}", then, day=AS_OF, fen=fen, stage=stage, instrument=Instrument.EQUITY)


def tool(instrument: Instrument | None, fen: int = 7, day: dt.date = AS_OF) -> DealFacts:
    """A small deal inside the mandate with some instrument."""
    return replace(deal(Stage.SEED, fen), instrument=instrument, day=day)


def one_lost(**more: object) -> FundFacts:
    """One deal, lost as a whole, on the day of the test."""
    gone = HoldingFacts("C1", 500, 0, 0, 500, START, dt.date(2025, 1, 1))
    return fund(strategy=Strategy.ANGEL, holdings=(gone,), tolerance_test_on=AS_OF, **more)


def invested(*deals: DealFacts, **more: object) -> FundFacts:
    return fund(established_on=START, stakes=(government((days_ago(900), 50)),), deals=deals, **more)


def chosen(on: dt.date | None, established: dt.date | None = None) -> FundFacts:
    return fund(selected_on=on, established_on=established)


def lost(amount: int, strategy: Strategy | None = Strategy.ANGEL, **more: object) -> FundFacts:
    """1000 invested in two companies; `amount` lost in all, the gain of one counted against the loss of the other."""
    gone = HoldingFacts("C1", 500, 0, 0, 500, START, dt.date(2025, 1, 1))
    kept = HoldingFacts("C2", 500, 1000 - amount)
    return fund(strategy=strategy, holdings=(gone, kept), **more)


TESTED = {"tolerance_test_on": AS_OF, "due_care": True}


def scored(
    policy: str = "45", compliance: str = "20", results: str | None = "35", bonus: str | None = "10"
) -> FundFacts:
    last = Evaluation(
        dt.date(2026, 5, 1),
        Grade.GOOD,
        Decimal(policy),
        Decimal(compliance),
        None if results is None else Decimal(results),
        None if bonus is None else Decimal(bonus),
    )
    return fund(evaluations=(last,))


def filings(*rows: tuple[FilingKind, dt.date, dt.date], **more: object) -> FundFacts:
    more.setdefault("established_on", START)
    return fund(filings=tuple(Filing(*row) for row in rows), **more)


LAST_YEAR = dt.date(2025, 12, 31)
JUNE_30, JULY_1 = dt.date(2026, 6, 30), dt.date(2026, 7, 1)
UPDATE, TRUTH, AUDIT = FilingKind.REGISTER_UPDATE, FilingKind.TRUTH_COMMITMENT, FilingKind.AUDIT_REPORT
REPORT, CUSTODIAN = FilingKind.ANNUAL_REPORT, FilingKind.CUSTODIAN_REPORT
QUARTERS = [dt.date(2025, 9, 30), LAST_YEAR, dt.date(2026, 3, 31), JUNE_30]


def statements(last_filed: dt.date, evaluated: dt.date = JUNE_30) -> FundFacts:
    rows = [(FilingKind.QUARTERLY_STATEMENT, q, q) for q in QUARTERS[:-1]]
    rows.append((FilingKind.QUARTERLY_STATEMENT, JUNE_30, last_filed))
    return filings(*rows, (FilingKind.ANNUAL_EVALUATION, LAST_YEAR, evaluated))


def yearly(filed: dt.date, registered: dt.date | None = None, closed: dt.date | None = None) -> FundFacts:
    rows = [(kind, LAST_YEAR, filed) for kind in (REPORT, AUDIT, CUSTODIAN)]
    return filings(*rows, final_close_on=closed, ndrc_registered_on=registered)


def idle(paid: int, used: int, use_day: dt.date, **more: object) -> FundFacts:
    more.setdefault("cash_kept", True)
    return fund(capital_in=(Flow(dt.date(2024, 1, 1), paid),), uses=(Flow(use_day, used),), **more)


CASES = [
    ("GF-49", "eight years to the day", (living(dt.date(2028, 2, 29)),), PASS),
    ("GF-49", "shorter", (living(dt.date(2026, 1, 1)),), PASS),
    ("GF-49", "a day longer", (living(dt.date(2028, 3, 1)),), BREACH),
    (
        "GF-49",
        "an approved extension does not count",
        (living(dt.date(2029, 2, 28), extension_years=1),),
        PASS,
    ),
    ("GF-49", "parent twelve years", (living(dt.date(2032, 2, 29), kind=PartyKind.PARENT_FUND),), PASS),
    ("GF-49", "parent a day longer", (living(dt.date(2032, 3, 1), kind=PartyKind.PARENT_FUND),), BREACH),
    ("GF-49", "private fund", (living(dt.date(2099, 1, 1), stakes=(PRIVATE,)),), NA),
    ("GF-49", "a guidance fund", (living(dt.date(2099, 1, 1), kind=PartyKind.GUIDANCE_FUND),), NA),
    ("GF-49", "missing term", (living(None),), UNKNOWN),
    ("GF-50", "ends with its parent", (below(AS_OF, AS_OF),), PASS),
    ("GF-50", "a day before", (below(AS_OF, AS_OF + dt.timedelta(1)),), PASS),
    ("GF-50", "a day later", (below(AS_OF + dt.timedelta(1), AS_OF),), WARN),
    (
        "GF-50",
        "a day later with a plan",
        (below(AS_OF + dt.timedelta(1), AS_OF, liquidity_plan="方案"),),
        PASS,
    ),
    ("GF-50", "missing", (below(AS_OF, None),), UNKNOWN),
    ("GF-50", "own term missing", (below(None, AS_OF),), UNKNOWN),
    ("GF-50", "within one parent, the other's end missing", (below(AS_OF, AS_OF, second=None),), UNKNOWN),
    ("GF-50", "beyond one parent, the other's end missing", (below(AS_OF + DAY, AS_OF, second=None),), WARN),
    ("GF-50", "beyond the second parent only", (below(AS_OF, AS_OF, second=AS_OF - DAY),), WARN),
    (
        "GF-50",
        "only a government above",
        (fund(term_end=AS_OF, parents=(ParentFacts("G", PartyKind.GOVERNMENT),)),),
        NA,
    ),
    ("GF-50", "no vehicle above", (fund(term_end=AS_OF),), NA),
    ("GF-51", "once", (extended(1, 1),), PASS),
    ("GF-51", "twice", (extended(2, 2),), PASS),
    ("GF-51", "three times", (extended(3, 3),), BREACH),
    ("GF-51", "two years at once", (extended(1, 2),), BREACH),
    ("GF-51", "approved lower down", (extended(1, 1, GovernmentLevel.COUNTY),), BREACH),
    ("GF-51", "approval missing", (extended(1, 1, None),), UNKNOWN),
    ("GF-51", "sponsor missing", (replace(extended(1, 1), sponsor_level=None),), UNKNOWN),
    ("GF-51", "number of times missing", (extended(None, 1),), UNKNOWN),
    ("GF-51", "no term, a first term", (fund(first_term_end=AS_OF),), NA),
    ("GF-51", "a term, no first term", (fund(term_end=AS_OF),), NA),
    ("GF-51", "years missing", (extended(1, 0),), UNKNOWN),
    ("GF-51", "years without a number of times", (extended(0, 1),), BREACH),
    ("GF-51", "approved higher up", (extended(1, 1, GovernmentLevel.PROVINCE),), BREACH),
    (
        "GF-51",
        "term moved a day later, no extension on record",
        (fund(first_term_end=AS_OF, term_end=AS_OF + DAY),),
        UNKNOWN,
    ),
    (
        "GF-51",
        "term moved by two years, no extension on record",
        (fund(first_term_end=START, term_end=dt.date(2022, 2, 28)),),
        UNKNOWN,
    ),
    (
        "GF-51",
        "term moved farther than any extensions reach",
        (fund(first_term_end=START, term_end=dt.date(2022, 3, 1)),),
        BREACH,
    ),
    (
        "GF-51",
        "term moved by the year stated",
        (replace(extended(1, 1), first_term_end=START, term_end=dt.date(2021, 2, 28)),),
        PASS,
    ),
    (
        "GF-51",
        "term moved a day more than the year stated",
        (replace(extended(1, 1), first_term_end=START, term_end=dt.date(2021, 3, 1)),),
        BREACH,
    ),
    (
        "GF-51",
        "years missing, term moved too far",
        (replace(extended(1, 0), first_term_end=START, term_end=dt.date(2021, 3, 1)),),
        BREACH,
    ),
    ("GF-51", "term not moved", (fund(first_term_end=AS_OF, term_end=AS_OF),), NA),
    ("GF-51", "term moved earlier", (fund(first_term_end=AS_OF, term_end=AS_OF - DAY),), NA),
    ("GF-51", "private fund", (fund(extensions=9, extension_years=9, stakes=(PRIVATE,)),), NA),
    ("GF-51", "never", (fund(),), NA),
    ("GF-52", "approved 365 days ago", (fund(approved_on=days_ago(365)),), PASS),
    ("GF-52", "approved 366 days ago", (fund(approved_on=days_ago(366)),), BREACH),
    ("GF-52", "nothing known", (fund(),), UNKNOWN),
    ("GF-52", "approved, nobody committed yet", (fund(approved_on=days_ago(366), stakes=()),), BREACH),
    ("GF-52", "private, no approval", (fund(stakes=(PRIVATE,)),), NA),
    ("GF-52", "approved and given up", (fund(approved_on=days_ago(366), status=FundStatus.CLOSED),), NA),
    (
        "GF-52",
        "approved long ago, money in, day of establishment missing",
        (fund(approved_on=days_ago(900), stakes=(government((days_ago(9), 5)),)),),
        UNKNOWN,
    ),
    ("GF-52", "a loan among the deals", (invested(deal(Stage.SEED), tool(Instrument.LOAN)),), BREACH),
    (
        "GF-52",
        "a loan from before the rule",
        (invested(deal(Stage.SEED), tool(Instrument.LOAN, day=dt.date(2015, 11, 11))),),
        PASS,
    ),
    (
        "GF-52",
        "a loan of the rule's first day",
        (invested(deal(Stage.SEED), tool(Instrument.LOAN, day=dt.date(2015, 11, 12))),),
        BREACH,
    ),
    ("GF-52", "an instrument missing", (invested(deal(Stage.SEED), tool(None)),), UNKNOWN),
    (
        "GF-52",
        "off the policy aim, end of the investment period missing",
        (invested(deal(Stage.SEED, 59), deal(Stage.MATURE, 41)),),
        UNKNOWN,
    ),
    (
        "GF-52",
        "off the policy aim on the last day of the investment period",
        (invested(deal(Stage.SEED, 59), deal(Stage.MATURE, 41), investment_period_end=AS_OF),),
        PASS,
    ),
    (
        "GF-52",
        "off the policy aim at the end, an instrument missing",
        (
            invested(
                deal(Stage.SEED, 50), deal(Stage.MATURE, 50), tool(None), investment_period_end=days_ago(1)
            ),
        ),
        BREACH,
    ),
    (
        "GF-52",
        "on the policy aim at the end, an instrument missing",
        (invested(deal(Stage.SEED), tool(None), investment_period_end=days_ago(1)),),
        UNKNOWN,
    ),
    (
        "GF-52",
        "a stage missing at the end",
        (invested(deal(Stage.SEED, 59), deal(None, 41), investment_period_end=days_ago(1)),),
        UNKNOWN,
    ),
    (
        "GF-52",
        "money in for 365 days, no deal",
        (fund(established_on=START, stakes=(government((days_ago(365), 50)),)),),
        PASS,
    ),
    (
        "GF-52",
        "money in for 366 days, no deal",
        (fund(established_on=START, stakes=(government((days_ago(366), 50)),)),),
        BREACH,
    ),
    ("GF-52", "invested", (invested(deal(Stage.SEED)),), PASS),
    (
        "GF-52",
        "off the policy aim at the end",
        (invested(deal(Stage.SEED, 59), deal(Stage.MATURE, 41), investment_period_end=days_ago(1)),),
        BREACH,
    ),
    (
        "GF-52",
        "on the policy aim at the end",
        (invested(deal(Stage.SEED, 60), deal(Stage.MATURE, 40), investment_period_end=days_ago(1)),),
        PASS,
    ),
    ("GF-53", "set up on the last day", (chosen(dt.date(2025, 8, 31), dt.date(2026, 2, 28)),), PASS),
    ("GF-53", "a day late", (chosen(dt.date(2025, 8, 31), dt.date(2026, 3, 1)),), WARN),
    ("GF-53", "not set up for twelve months", (chosen(dt.date(2025, 7, 31)),), WARN),
    ("GF-53", "not set up for a day more", (chosen(dt.date(2025, 7, 30)),), BREACH),
    ("GF-53", "missing", (chosen(None),), UNKNOWN),
    ("GF-53", "not set up, six months to the day", (chosen(dt.date(2026, 1, 31)),), PASS),
    ("GF-53", "not set up, six months and a day", (chosen(dt.date(2026, 1, 30)),), WARN),
    (
        "GF-53",
        "invested, day of establishment missing",
        (fund(selected_on=days_ago(900), deals=(deal(None),)),),
        UNKNOWN,
    ),
    ("GF-53", "private fund, not selected", (fund(stakes=(PRIVATE,)),), NA),
    ("GF-53", "selected, nobody committed yet", (fund(selected_on=days_ago(900), stakes=()),), BREACH),
    ("GF-53", "selected and given up", (fund(selected_on=days_ago(900), status=FundStatus.CLOSED),), NA),
    (
        "GF-53",
        "at work, day of establishment missing",
        (fund(selected_on=days_ago(900), status=FundStatus.INVESTING),),
        UNKNOWN,
    ),
    ("GF-56", "angel on the tolerance", (lost(400, **TESTED),), PASS),
    ("GF-56", "angel just above", (lost(401, **TESTED),), BREACH),
    ("GF-56", "seed on the tolerance", (lost(500, Strategy.SEED, **TESTED),), PASS),
    ("GF-56", "seed just above", (lost(501, Strategy.SEED, **TESTED),), BREACH),
    ("GF-56", "other on the tolerance", (lost(300, Strategy.VC, **TESTED),), PASS),
    ("GF-56", "other just above", (lost(301, Strategy.VC, **TESTED),), BREACH),
    ("GF-56", "not tested yet", (lost(401),), WARN),
    ("GF-56", "due care not known", (lost(400, tolerance_test_on=AS_OF),), UNKNOWN),
    ("GF-56", "no due care", (lost(400, tolerance_test_on=AS_OF, due_care=False),), BREACH),
    ("GF-56", "the day before the test", (lost(401, tolerance_test_on=dt.date(2026, 8, 1)),), WARN),
    ("GF-56", "strategy missing", (lost(301, None, **TESTED),), UNKNOWN),
    ("GF-56", "strategy missing, within every tolerance", (lost(1, None, **TESTED),), PASS),
    ("GF-56", "strategy missing, beyond every tolerance", (lost(501, None, **TESTED),), BREACH),
    ("GF-56", "on the day of the test", (lost(401, tolerance_test_on=AS_OF),), BREACH),
    ("GF-56", "being wound up", (lost(401, status=FundStatus.LIQUIDATING),), BREACH),
    ("GF-56", "no loss, no review needed", (lost(0, tolerance_test_on=AS_OF),), PASS),
    ("GF-56", "a loss of one, review missing", (lost(1, tolerance_test_on=AS_OF),), UNKNOWN),
    ("GF-56", "one deal lost, due care kept (GF-57)", (one_lost(due_care=True),), PASS),
    ("GF-56", "one deal lost, review missing (GF-57)", (one_lost(),), UNKNOWN),
    ("GF-56", "one deal lost without due care", (one_lost(due_care=False),), BREACH),
    ("GF-56", "private fund", (lost(999, **TESTED, stakes=(PRIVATE,)),), NA),
    ("GF-56", "nothing invested", (fund(strategy=Strategy.VC),), NA),
    ("GF-56", "a value missing", (fund(strategy=Strategy.VC, holdings=(HoldingFacts("C", 5),)),), UNKNOWN),
    ("PI-07", "headroom left", (lost(399),), PASS),
    ("PI-07", "none left, none missing", (lost(400),), PASS),
    ("PI-07", "beyond", (lost(401),), WARN),
    ("PI-07", "private fund", (lost(999, stakes=(PRIVATE,)),), NA),
    ("PI-07", "a value missing", (fund(strategy=Strategy.VC, holdings=(HoldingFacts("C", 5),)),), UNKNOWN),
    ("PI-07", "strategy missing", (lost(301, None),), UNKNOWN),
    ("PI-07", "strategy missing, within every tolerance", (lost(300, None),), PASS),
    ("PI-07", "strategy missing, beyond every tolerance", (lost(501, None),), WARN),
    ("GF-58", "full marks", (scored(),), PASS),
    ("GF-58", "policy score above its weight", (scored(policy="45.1"),), BREACH),
    ("GF-58", "bonus above the most", (scored(bonus="10.1"),), BREACH),
    ("GF-58", "no bonus given", (scored(bonus=None),), PASS),
    ("GF-58", "a negative score", (scored(compliance="-1"),), BREACH),
    ("GF-58", "compliance score above its weight", (scored(compliance="20.1"),), BREACH),
    ("GF-58", "results score above its weight", (scored(results="35.1"),), BREACH),
    ("GF-58", "score missing", (scored(results=None),), UNKNOWN),
    ("GF-58", "no evaluation", (fund(),), UNKNOWN),
    ("GF-59", "weights entered", (fund(direction_weights=(Decimal(50), Decimal(30), Decimal(20))),), PASS),
    (
        "GF-59",
        "one short of a hundred",
        (fund(direction_weights=(Decimal(50), Decimal(30), Decimal(19))),),
        BREACH,
    ),
    ("GF-59", "one too many", (fund(direction_weights=(Decimal(50), Decimal(30), Decimal(21))),), BREACH),
    ("GF-59", "two groups only", (fund(direction_weights=(Decimal(60), Decimal(40))),), BREACH),
    ("GF-59", "closed", (fund(status=FundStatus.CLOSED),), NA),
    ("GF-59", "weights missing: never assumed", (fund(),), UNKNOWN),
    ("PI-08", "evidence for all", (fund(direction_evidence=tuple(DirectionTopic)),), PASS),
    ("PI-08", "one topic without", (fund(direction_evidence=tuple(DirectionTopic)[1:]),), WARN),
    ("PI-08", "missing", (fund(),), UNKNOWN),
    ("GF-60", "on 30 June", (filings((UPDATE, LAST_YEAR, JUNE_30), (TRUTH, LAST_YEAR, JUNE_30)),), PASS),
    (
        "GF-60",
        "before",
        (filings((UPDATE, LAST_YEAR, dt.date(2026, 5, 1)), (TRUTH, LAST_YEAR, JUNE_30)),),
        PASS,
    ),
    ("GF-60", "on 1 July", (filings((UPDATE, LAST_YEAR, JULY_1), (TRUTH, LAST_YEAR, JUNE_30)),), BREACH),
    ("GF-60", "not signed", (filings((UPDATE, LAST_YEAR, JUNE_30)),), BREACH),
    ("GF-60", "not due before 1 July of next year", (filings(established_on=dt.date(2026, 1, 1)),), NA),
    ("GF-60", "start missing", (filings(established_on=None),), UNKNOWN),
    ("GF-61", "on the last day", (statements(dt.date(2026, 7, 30)),), PASS),
    ("GF-61", "earlier", (statements(dt.date(2026, 7, 1)),), PASS),
    ("GF-61", "a day late", (statements(dt.date(2026, 7, 31)),), BREACH),
    ("GF-61", "evaluation a day late", (statements(JULY_1, JULY_1),), BREACH),
    ("GF-61", "start missing", (fund(),), UNKNOWN),
    ("GF-62", "on 30 April", (yearly(dt.date(2026, 4, 30)),), PASS),
    ("GF-62", "on 1 May", (yearly(dt.date(2026, 5, 1)),), BREACH),
    (
        "GF-62",
        "registered after 20 days",
        (yearly(dt.date(2026, 4, 1), dt.date(2025, 3, 31), dt.date(2025, 3, 3)),),
        PASS,
    ),
    (
        "GF-62",
        "after 20 days with the spring festival off",
        (yearly(dt.date(2026, 4, 1), dt.date(2025, 2, 14), dt.date(2025, 1, 13)),),
        PASS,
    ),
    (
        "GF-62",
        "registered after 21 days",
        (yearly(dt.date(2026, 4, 1), dt.date(2025, 4, 1), dt.date(2025, 3, 3)),),
        BREACH,
    ),
    (
        "GF-62",
        "closed before the duty, never registered",
        (yearly(dt.date(2026, 4, 1), None, dt.date(2017, 3, 31)),),
        PASS,
    ),
    (
        "GF-62",
        "closed on the first day of the duty, never registered",
        (yearly(dt.date(2026, 4, 1), None, dt.date(2017, 4, 1)),),
        BREACH,
    ),
    (
        "GF-62",
        "closed 20 days ago, not registered",
        (yearly(dt.date(2026, 4, 1), None, dt.date(2026, 7, 3)),),
        PASS,
    ),
    (
        "GF-62",
        "closed 21 days ago, not registered",
        (yearly(dt.date(2026, 4, 1), None, dt.date(2026, 7, 2)),),
        BREACH,
    ),
    ("GF-62", "never registered", (yearly(dt.date(2026, 4, 1), None, dt.date(2025, 3, 3)),), BREACH),
    ("GF-62", "still raising", (replace(yearly(dt.date(2026, 4, 1)), status=FundStatus.RAISING),), PASS),
    *(
        ("GF-62", f"close missing, {word}", (replace(yearly(dt.date(2026, 4, 1)), status=word),), UNKNOWN)
        for word in (FundStatus.INVESTING, FundStatus.HARVESTING, FundStatus.EXTENDED, FundStatus.LIQUIDATING)
    ),
    (
        "GF-62",
        "close missing and a report late",
        (replace(yearly(dt.date(2026, 5, 1)), status=FundStatus.INVESTING),),
        BREACH,
    ),
    ("GF-62", "start missing", (fund(),), UNKNOWN),
    ("GF-63", "on 30 June", (filings((AUDIT, LAST_YEAR, JUNE_30)),), PASS),
    ("GF-63", "on 1 July", (filings((AUDIT, LAST_YEAR, JULY_1)),), BREACH),
    ("GF-63", "not handed in", (filings(),), BREACH),
    ("GF-63", "start missing", (fund(),), UNKNOWN),
    ("GF-65", "30 % idle for years", (idle(100, 70, dt.date(2024, 1, 1)),), PASS),
    ("GF-65", "31 % idle for years", (idle(100, 69, dt.date(2024, 1, 1)),), WARN),
    ("GF-65", "29 %", (idle(100, 71, dt.date(2024, 1, 1)),), PASS),
    ("GF-65", "cash not kept here", (idle(100, 1, dt.date(2024, 1, 1), cash_kept=False),), UNKNOWN),
    ("GF-65", "all of it used", (idle(100, 100, dt.date(2024, 1, 1)),), PASS),
    ("GF-65", "cash negative: flows missing", (idle(100, 101, dt.date(2024, 1, 1)),), UNKNOWN),
    ("GF-65", "nothing paid in", (fund(),), NA),
    (
        "GF-65",
        "30 of 100 left after 50 went back",
        (idle(150, 120, dt.date(2024, 1, 1), stakes=(given_back(50),)),),
        PASS,
    ),
    (
        "GF-65",
        "31 of 100 left after 50 went back",
        (idle(150, 119, dt.date(2024, 1, 1), stakes=(given_back(50),)),),
        WARN,
    ),
    ("GF-65", "private fund", (idle(100, 0, dt.date(2024, 1, 1), stakes=(PRIVATE,)),), NA),
]


@pytest.mark.parametrize(("rule", "case", "args", "verdict"), CASES, ids=[f"{c[0]} {c[1]}" for c in CASES])
def test_boundaries(rule, case, args, verdict):
    outcome = ask(rule, *args, day=AS_OF)
    assert (outcome and outcome.verdict) is verdict
    assert outcome is None or (outcome.text.zh and outcome.text.en)


@pytest.mark.parametrize(
    ("as_of", "verdict"),
    [(dt.date(2025, 1, 1), PASS), (dt.date(2025, 1, 2), WARN), (dt.date(2025, 1, 3), WARN)],
)
def test_gf_65_warns_after_twelve_months_above_the_level(as_of, verdict):
    outcome = ask("GF-65", idle(100, 50, dt.date(2024, 1, 1), as_of=as_of), day=as_of)
    assert outcome.verdict is verdict
    assert outcome.inputs["above_since"] == dt.date(2024, 1, 1)


def test_gf_65_starts_again_after_a_break():
    subject = fund(
        cash_kept=True,
        capital_in=(Flow(dt.date(2023, 1, 1), 100), Flow(dt.date(2026, 1, 1), 100)),
        uses=(Flow(dt.date(2024, 6, 1), 90),),
    )
    assert ask("GF-65", subject, day=AS_OF).inputs["above_since"] == dt.date(2026, 1, 1)


def test_gf_52_names_the_day_the_right_arose_and_the_yuan():
    outcome = ask("GF-52", fund(approved_on=days_ago(400), approved_amount=77), day=AS_OF)
    assert (outcome.money, outcome.since) == (77, days_ago(400 - 366))


def test_gf_56_counts_gains_against_losses_and_moves_no_money():
    """One total loss beside one doubled stake is no loss of the portfolio (GF-57)."""
    subject = lost(0, **TESTED)
    outcome = ask("GF-56", subject, day=AS_OF)
    assert outcome.verdict is PASS
    assert outcome.measured == 0
    assert outcome.inputs["realised"] == 500


def test_periods_end_on_the_last_day_of_a_short_month():
    assert add_months(dt.date(2024, 1, 31), 1) == dt.date(2024, 2, 29)
    assert add_months(dt.date(2023, 1, 31), 1) == dt.date(2023, 2, 28)
    assert add_months(dt.date(2026, 3, 31), -1) == dt.date(2026, 2, 28)
    assert add_months(dt.date(2026, 1, 15), -12) == dt.date(2025, 1, 15)


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        (dt.date(2025, 3, 3), dt.date(2025, 3, 3), 0),
        (dt.date(2025, 3, 3), dt.date(2025, 3, 4), 1),
        (dt.date(2025, 3, 7), dt.date(2025, 3, 10), 1),  # Friday to Monday
        (dt.date(2025, 3, 8), dt.date(2025, 3, 9), 0),  # a weekend
        (dt.date(2025, 3, 3), dt.date(2025, 3, 31), 20),
        (dt.date(2025, 3, 31), dt.date(2025, 3, 3), 0),
    ],
)
def test_working_days(start, end, days):
    assert working_days(start, end) == days


def test_quarter_ends():
    assert quarter_end_before(dt.date(2026, 6, 30)) == dt.date(2026, 6, 30)
    assert quarter_end_before(dt.date(2026, 6, 29)) == dt.date(2026, 3, 31)
    assert quarter_end_before(dt.date(2026, 2, 1)) == dt.date(2025, 12, 31)


def test_gf_52_says_which_deals_are_forbidden():
    outcome = ask(
        "GF-52", invested(deal(Stage.SEED), tool(Instrument.LOAN, 7), tool(Instrument.LOAN, 8)), day=AS_OF
    )
    assert (outcome.money, [item.code for item in outcome.items]) == (15, ["D7", "D8"])


def test_gf_52_a_clock_that_still_runs_puts_no_money_at_stake():
    assert ask("GF-52", fund(approved_on=days_ago(365), approved_amount=77), day=AS_OF).money is None


@pytest.mark.parametrize(
    ("established", "verdict"),
    [(dt.date(2025, 4, 5), NA), (dt.date(2025, 4, 6), BREACH), (dt.date(2025, 4, 7), BREACH)],
)
def test_gf_49_binds_funds_set_up_since_the_notice_of_2025(established, verdict):
    subject = living(dt.date(2040, 1, 1), as_of=AS_OF)
    subject = replace(subject, established_on=established)
    (finding,) = judge(OfficeFacts(AS_OF, (subject,)), AS_OF, only=["GF-49"])
    assert finding.verdict is verdict
    assert finding.beside.verdict is BREACH


def test_gf_56_measures_the_loss_of_the_test_day():
    """400 lost on the test day, 900 today: what was lost afterwards is not held against the people of that day."""
    then = lost(400).holdings
    subject = lost(900, tolerance_test_on=days_ago(30), due_care=True, tested_holdings=then)
    outcome = ask("GF-56", subject, day=AS_OF)
    assert (outcome.verdict, outcome.measured) == (PASS, Decimal("0.4"))
    assert outcome.inputs["tested_on"] == days_ago(30)
    assert ask("PI-07", subject, day=AS_OF).inputs["lost"] == 900


def test_gf_56_puts_the_excess_or_without_due_care_the_loss_at_stake():
    assert ask("GF-56", lost(410, **TESTED), day=AS_OF).money == 10
    assert ask("GF-56", lost(300, tolerance_test_on=AS_OF, due_care=False), day=AS_OF).money == 300
    assert ask("GF-56", lost(300, **TESTED), day=AS_OF).money is None


@pytest.mark.parametrize(
    ("day", "source"),
    [
        (dt.date(2024, 8, 31), None),
        (dt.date(2024, 9, 1), "本系统默认"),
        (dt.date(2025, 2, 27), "本系统默认"),
        (dt.date(2025, 2, 28), "广州开发区"),
    ],
)
def test_loss_tolerances_name_where_they_come_from_on_each_day(day, source):
    dated = catalogue.parameters()["loss_tolerance_seed"].on(day)
    assert dated is None if source is None else dated.source.zh.startswith(source)


def weighted(**weights: str) -> NumbersInForce:
    """The office's own weights of the evaluation."""
    rows = [
        OwnNumber(f"evaluation_weight_{name}", value, dt.date(2026, 1, 1), "办法", "管理员")
        for name, value in weights.items()
    ]
    return NumbersInForce(catalogue.parameters(), rows)


@pytest.mark.parametrize(
    ("weights", "verdict"),
    [
        (("50", "20", "30"), PASS),
        (("40", "20", "40"), PASS),
        (("45", "25", "30"), PASS),
        (("51", "20", "29"), BREACH),
        (("50.1", "20", "30"), BREACH),  # 100.1 in all, policy above its band
        (("39", "21", "40"), BREACH),  # policy below its band
        (("41", "19", "40"), BREACH),  # compliance below
        (("44", "26", "30"), BREACH),  # compliance above
        (("50", "21", "29"), BREACH),  # results below
        (("40", "19.9", "40.1"), BREACH),  # results above
        (("45", "20", "34"), BREACH),  # 99 in all
    ],
)
def test_gf_58_weights_inside_their_bands_add_to_a_hundred(weights, verdict):
    names = dict(zip(("policy", "compliance", "results"), weights, strict=True))
    subject = scored(policy="1", compliance="1", results="1")
    assert ask("GF-58", subject, day=AS_OF, settings=weighted(**names)).verdict is verdict


DEADLINES = [
    # rule, as of, fund with nothing handed in: the first deadline that the rule asks for, and the day before it does
    ("GF-60", dt.date(2026, 6, 30), NA),  # 2024's update was due before 1753号; 2025's is due today
    ("GF-60", dt.date(2026, 7, 1), BREACH),
    ("GF-63", dt.date(2023, 12, 31), NA),  # the accounts of 2022 were due before 令第762号
    ("GF-63", dt.date(2024, 6, 30), NA),
    ("GF-63", dt.date(2024, 7, 1), BREACH),
    ("GF-62", dt.date(2017, 4, 30), NA),  # the reports of 2015 were due before 2800号
    ("GF-62", dt.date(2017, 5, 1), BREACH),
    ("GF-61", dt.date(2015, 12, 31), NA),  # the third quarter of 2015 was due before 210号
    ("GF-61", dt.date(2016, 1, 30), NA),
    ("GF-61", dt.date(2016, 1, 31), BREACH),
]


@pytest.mark.parametrize(("rule", "as_of", "verdict"), DEADLINES)
def test_nothing_is_asked_for_that_was_due_before_the_rule_was_in_force(rule, as_of, verdict):
    subject = fund(as_of=as_of, established_on=dt.date(2012, 1, 1))
    (finding,) = judge(OfficeFacts(as_of, (subject,)), as_of, only=[rule])
    assert finding.verdict is verdict


def test_gf_62_says_since_2026_that_its_force_is_not_established():
    assert ask("GF-62", yearly(dt.date(2026, 4, 30)), day=AS_OF).notes[0][0].startswith("2800号在1752")
    before = replace(yearly(dt.date(2025, 4, 30)), as_of=dt.date(2026, 1, 11))
    assert ask("GF-62", before, day=dt.date(2026, 1, 11)).notes == ()


def test_what_was_approved_is_the_amount_else_the_public_commitments_else_unknown():
    late = {"selected_on": days_ago(900)}
    assert ask("GF-53", fund(**late, approved_amount=7), day=AS_OF).money == 7
    assert ask("GF-53", fund(**late), day=AS_OF).money == 100
    assert ask("GF-53", fund(**late, stakes=()), day=AS_OF).money is None
    unknown = replace(government(), committed=None)
    assert ask("GF-53", fund(**late, stakes=(government(), unknown)), day=AS_OF).money == 100


@pytest.mark.parametrize(
    ("days", "money", "since"), [(365, None, None), (366, 50, AS_OF), (367, 50, AS_OF - DAY)]
)
def test_gf_52_the_clock_of_money_without_a_deal(days, money, since):
    subject = fund(established_on=START, stakes=(government((days_ago(days), 50)),))
    outcome = ask("GF-52", subject, day=AS_OF)
    assert (outcome.measured, outcome.money, outcome.since) == (days, money, since)


@pytest.mark.parametrize(("days", "since"), [(365, None), (366, AS_OF), (367, AS_OF - DAY)])
def test_gf_52_the_clock_of_an_approval(days, since):
    assert ask("GF-52", fund(approved_on=days_ago(days)), day=AS_OF).since == since


def test_a_loss_is_cost_less_proceeds_less_value_and_realised_what_was_sold():
    """Sold for 120 of 200, partly sold for 30 of 40 of 100 and worth 50 still, held at 90 of 100: 80 and 10 are realised."""
    sold = HoldingFacts("A", 200, 0, 120, 200, START, AS_OF)
    partly = HoldingFacts("B", 100, 50, 30, 40, START)
    held = HoldingFacts("C", 100, 90)
    assert portfolio_result((sold, partly, held)) == PortfolioResult(400, 150, 140, -90, -20, 110)
    assert portfolio_result((sold, HoldingFacts("D", 1))) == PortfolioResult(201, 120, None, -80, None, None)
    assert portfolio_result((HoldingFacts("E", 100, 300),)) == PortfolioResult(100, 0, 300, 0, 200, 0)
    assert portfolio_result((sold, partly)).realised_loss == 90
    income = HoldingFacts("F", 100, 100, 95)  # a dividend of what is still held counts against the losses
    assert (portfolio_result((sold, income)).realised, portfolio_result((income,)).realised_loss) == (15, 0)


def test_tolerance_is_judged_on_the_recorded_day_else_when_the_fund_is_wound_up():
    history = (
        (START, FundStatus.INVESTING),
        (days_ago(9), FundStatus.LIQUIDATING),
        (AS_OF, FundStatus.CLOSED),
    )
    assert day_of_the_test(fund(status_history=history)) == days_ago(9)
    assert day_of_the_test(fund(status_history=history, tolerance_test_on=AS_OF)) == AS_OF
    assert day_of_the_test(fund(status_history=history[:1])) is None


@pytest.mark.parametrize(
    ("established", "ended", "verdict"),
    [
        (dt.date(2025, 12, 31), None, BREACH),  # there at the end of the year
        (dt.date(2026, 1, 1), None, NA),
        (START, dt.date(2025, 12, 31), NA),  # gone on its last day
        (START, dt.date(2026, 1, 1), BREACH),
    ],
)
def test_reports_are_asked_of_who_was_there_at_the_end_of_the_year(established, ended, verdict):
    history = ((established, FundStatus.INVESTING),)
    if ended is not None:
        history += ((ended, FundStatus.CLOSED),)
    assert (
        ask("GF-63", fund(established_on=established, status_history=history), day=AS_OF).verdict is verdict
    )


def test_until_this_years_day_has_passed_last_years_report_counts():
    """On 30 June 2026 the audit of 2025 may still come; that of 2024 was due a year ago."""
    day = JUNE_30
    before = filings((AUDIT, dt.date(2024, 12, 31), dt.date(2025, 6, 30)), as_of=day)
    assert ask("GF-63", before, day=day).verdict is PASS
    assert ask("GF-63", filings(as_of=day), day=day).verdict is BREACH
    assert "2024-12-31" in ask("GF-63", filings(as_of=day), day=day).text.zh


def test_a_filing_finding_lists_what_is_late_and_nothing_else():
    outcome = ask("GF-60", filings((UPDATE, LAST_YEAR, JULY_1), (TRUTH, LAST_YEAR, JUNE_30)), day=AS_OF)
    (item,) = outcome.items
    assert "信用信息登记更新" in item.text.zh
    assert (outcome.measured, outcome.threshold) == (1, 2)


def test_gf_56_on_the_tolerance_nothing_is_beyond_it_and_other_vehicles_are_not_judged():
    assert ask("GF-56", lost(400, **TESTED), day=AS_OF).money is None
    for rule in ("GF-56", "PI-07"):
        assert ask(rule, lost(999, kind=PartyKind.PARENT_FUND, **TESTED), day=AS_OF).verdict is NA
        nothing = fund(strategy=Strategy.VC, holdings=(HoldingFacts("C", 0, 0),))
        assert ask(rule, nothing, day=AS_OF).verdict is UNKNOWN


def test_gf_51_the_term_that_moved_farther_than_the_extensions_on_record_is_the_limb_that_failed():
    """One extension of a year is stated, the term moved by five."""
    first, end = dt.date(2024, 1, 31), dt.date(2029, 1, 31)
    for subject, latest in (
        (replace(extended(1, 1), first_term_end=first, term_end=end), dt.date(2025, 1, 31)),
        (fund(first_term_end=first, term_end=end), dt.date(2026, 1, 31)),
    ):
        outcome = ask("GF-51", subject, day=AS_OF)
        assert (outcome.verdict, outcome.measured, outcome.threshold, outcome.unit) == (
            BREACH,
            end,
            latest,
            "date",
        )
        assert "届满日由 2024-01-31 改为 2029-01-31" in outcome.text.zh


def test_gf_52_government_that_owns_by_declaration_alone_has_not_paid_nothing():
    """What it paid in nobody recorded: whether the clock runs cannot be told."""
    owner = OwnerFacts("GOV", Fraction(3, 10), PartyKind.GOVERNMENT)
    outcome = ask("GF-52", fund(established_on=START, stakes=(PRIVATE,), owners=(owner,)), day=AS_OF)
    assert outcome.verdict is UNKNOWN
    sold = owner._replace(share=Fraction(0))
    assert (
        ask("GF-52", fund(established_on=START, stakes=(PRIVATE,), owners=(sold,)), day=AS_OF).verdict is NA
    )
