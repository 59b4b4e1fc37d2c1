"""GF-41…48, 54, 55: fees, carry, money coming back."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from fof.rules import exits
from fof.rules.carry import hurdle_shortfall
from fof.rules.engine import ask, judge
from fof.rules.facts import Evaluation, FeePeriod, FeePhase, FundFacts, OfficeFacts, OwnerFacts
from fof.rules.facts_deals import TransferFacts
from fof.rules.facts_parties import Flow, InvestorFacts, StakeFacts
from fof.rules.fee_periods import fee_of
from fof.rules.registry import Verdict
from models.kinds import ExitRoute, FeeBasis, FundStatus, PartyKind
from models.rule_kinds import Grade, PriceBasis, ProceedsUse
from models.subjects import Subject, SubjectKind

AS_OF = dt.date(2026, 6, 30)
PASS, WARN, BREACH, UNKNOWN, NA = (
    Verdict.PASS,
    Verdict.WARN,
    Verdict.BREACH,
    Verdict.UNKNOWN,
    Verdict.NOT_APPLICABLE,
)
YI = 10_000_000_000
PAID = dt.date(2023, 1, 1)
TWO_YEARS = dt.date(2024, 12, 31)  # 730 days later


def stake(paid: int = YI, received: int = 0, day: dt.date = TWO_YEARS) -> StakeFacts:
    return StakeFacts(
        InvestorFacts("GF", PartyKind.GUIDANCE_FUND),
        paid,
        paid=(Flow(PAID, paid),),
        received=(Flow(day, received),) if received else (),
    )


DAY = dt.timedelta(days=1)
PRIVATE = StakeFacts(InvestorFacts("P", PartyKind.SOCIAL_INVESTOR), YI)


def fund(**more: object) -> FundFacts:
    more.setdefault("stakes", (stake(),))
    more.setdefault("status", FundStatus.HARVESTING)
    return FundFacts("F1", AS_OF, **more)


def year(
    booked: int, rate: str = "0.015", phase: FeePhase = FeePhase.INVESTMENT, base: int | None = YI
) -> FeePeriod:
    return FeePeriod(
        dt.date(2025, 1, 1), dt.date(2025, 12, 31), phase, FeeBasis.PAID_IN, base, Decimal(rate), booked
    )


FEE = 150_000_000  # 1.5 % of YI for a year


def charged(*periods: FeePeriod, basis: FeeBasis | None = FeeBasis.PAID_IN, **more: object) -> FundFacts:
    more.setdefault("fee_rate_investment", Decimal("0.015"))
    return fund(fees=periods, fee_basis_investment=basis, established_on=dt.date(2025, 1, 8), **more)


def graded(grade: Grade | None, booked: int, **more: object) -> FundFacts:
    return replace(charged(year(booked), evaluations=(Evaluation(dt.date(2026, 5, 1), grade),)), **more)


def carried(received: int, carry: tuple[Flow, ...] = (Flow(TWO_YEARS, 10),), **more: object) -> FundFacts:
    more.setdefault("carry_rate", Decimal("0.20"))
    return fund(stakes=(stake(received=received),), carry=carry, **more)


def advanced(*balances: tuple[dt.date, int]) -> FundFacts:
    """Carry paid on TWO_YEARS, the balance advanced from principal as it stood on days."""
    return fund(fee_advance=balances[-1][1], fee_advances=balances, carry=(Flow(TWO_YEARS, 5),))


def twice_graded(booked_in_2024: int) -> FundFacts:
    """Poor for 2024 and excellent for 2025."""
    before = FeePeriod(
        dt.date(2024, 1, 1),
        dt.date(2024, 12, 30),
        FeePhase.INVESTMENT,
        FeeBasis.PAID_IN,
        YI,
        Decimal("0.015"),
        booked_in_2024,
    )
    grades = (
        Evaluation(dt.date(2025, 5, 1), Grade.POOR),
        Evaluation(dt.date(2026, 5, 1), Grade.EXCELLENT),
    )
    return charged(before, year(FEE), evaluations=grades)


def later_loss(back: tuple[Flow, ...] = (), **more: object) -> FundFacts:
    """Carry of 10 on the hurdle, then a further call of 100 that brings nothing back."""
    first = stake(received=WITH_HURDLE)
    both = replace(first, paid=(*first.paid, Flow(TWO_YEARS + DAY, 100)))
    return fund(stakes=(both,), carry=(Flow(TWO_YEARS, 10), *back), carry_rate=Decimal("0.20"), **more)


WITH_HURDLE = YI + YI * 12 // 100  # principal and 6 % simple for 730 days
FIFTH = YI * 3 // 100  # of a profit of 12 % and itself


def conceded(amount: int | None, **more: object) -> FundFacts:
    """Government paid YI and got YI + 50 back after giving up `amount`."""
    given = {
        "concession_rate": Decimal("0.5"),
        "concession_conditions_met": True,
        "concession_approval": "批复 7",
    }
    return fund(**{"stakes": (stake(received=YI + 50),), "concession_paid": amount, **given, **more})


def sale(price: int | None, day: dt.date | None = dt.date(2025, 12, 31), **more: object) -> TransferFacts:
    given = {"cost": 1_000_000, "entered_on": PAID}
    return TransferFacts(Subject(SubjectKind.DEAL, "T1"), "F1", "GF", day, price, **{**given, **more})


FOUR_YEARS = dt.date(2026, 6, 1)  # 1247 days after PAID; interest at 3 %
INTEREST = 1_000_000 * 3 * 1247 // (100 * 365)
FIVE_YEARS, SIX_YEARS = dt.date(2028, 1, 1), dt.date(2029, 1, 1)
APPRAISED = PriceBasis.APPRAISAL


def appraised(on: dt.date | None, ref: str | None = "评报 1") -> TransferFacts:
    return sale(1, price_basis=PriceBasis.APPRAISAL, appraisal_ref=ref, appraisal_on=on)


def guidance(**more: object) -> FundFacts:
    """100 came back 31 days ago, 7 came back 30 days ago (not late before tomorrow)."""
    back = (Flow(dt.date(2026, 5, 30), 100), Flow(dt.date(2026, 5, 31), 7))
    return FundFacts("GF", AS_OF, kind=PartyKind.GUIDANCE_FUND, other_in=back, **more)


def state(status: FundStatus | None, **more: object) -> FundFacts:
    return fund(status=status, **more)


def wound_up(owed: int) -> FundFacts:
    """Closed after a liquidation."""
    history = ((PAID, FundStatus.LIQUIDATING), (TWO_YEARS, FundStatus.CLOSED))
    return state(FundStatus.CLOSED, status_history=history, government_receivable=owed)


def closed_after(status: FundStatus) -> FundFacts:
    history = ((PAID, status), (TWO_YEARS, FundStatus.CLOSED))
    return state(FundStatus.CLOSED, status_history=history, government_receivable=0)


def moved(first: FundStatus, second: FundStatus) -> FundFacts:
    return state(second, term_end=AS_OF, status_history=((PAID, first), (TWO_YEARS, second)))


CASES = [
    ("GF-41", "paid-in base, exact fee", (charged(year(FEE)),), PASS),
    ("GF-41", "invested base", (charged(year(FEE), basis=FeeBasis.INVESTED),), PASS),
    ("GF-41", "commitment base", (charged(year(FEE), basis=FeeBasis.COMMITMENT),), BREACH),
    (
        "GF-41",
        "exit period on commitments",
        (charged(year(FEE), fee_basis_exit=FeeBasis.COMMITMENT),),
        BREACH,
    ),
    ("GF-41", "a yuan too much is tolerated", (charged(year(FEE + 100)),), PASS),
    ("GF-41", "more than a yuan too much", (charged(year(FEE + 101)),), BREACH),
    ("GF-41", "base amount missing", (charged(year(FEE, base=None)),), UNKNOWN),
    ("GF-41", "base missing", (charged(basis=None),), UNKNOWN),
    ("GF-41", "net-asset base", (charged(year(FEE), basis=FeeBasis.NAV),), BREACH),
    ("GF-41", "two yuan after the term", (charged(year(200, phase=FeePhase.AFTER_TERM, base=0)),), BREACH),
    ("GF-41", "private fund", (charged(year(FEE), basis=FeeBasis.COMMITMENT, stakes=(PRIVATE,)),), NA),
    ("GF-42", "on the cap", (charged(year(FEE)),), PASS),
    ("GF-42", "rate above the cap", (charged(fee_rate_investment=Decimal("0.0151")),), BREACH),
    ("GF-42", "exit rate on the cap", (charged(fee_rate_exit=Decimal("0.015")),), PASS),
    ("GF-42", "exit rate above", (charged(fee_rate_exit=Decimal("0.0151")),), BREACH),
    ("GF-42", "extension rate above", (charged(fee_rate_extension=Decimal("0.0001")),), BREACH),
    ("GF-42", "no fee after the term", (charged(year(0, phase=FeePhase.AFTER_TERM)),), PASS),
    ("GF-42", "exit has begun, its rate missing", (charged(year(FEE, phase=FeePhase.EXIT)),), UNKNOWN),
    (
        "GF-42",
        "exit fee on the cap",
        (charged(year(FEE, phase=FeePhase.EXIT), fee_rate_exit=Decimal("0.015")),),
        PASS,
    ),
    (
        "GF-42",
        "rate missing, a fee after the term all the same",
        (charged(year(1, phase=FeePhase.AFTER_TERM), fee_rate_investment=None),),
        BREACH,
    ),
    (
        "GF-42",
        "base missing, another period above",
        (charged(year(1, base=None), year(FEE + 1)),),
        BREACH,
    ),
    ("GF-42", "private fund", (charged(year(FEE + 1), stakes=(PRIVATE,)),), NA),
    ("GF-42", "a fee in an extension", (charged(year(1, phase=FeePhase.EXTENSION)),), BREACH),
    ("GF-42", "a fen after the term", (charged(year(1, phase=FeePhase.AFTER_TERM)),), BREACH),
    ("GF-42", "a fen above the cap's fee", (charged(year(FEE + 1)),), BREACH),
    ("GF-42", "rate missing", (charged(fee_rate_investment=None),), UNKNOWN),
    ("GF-42", "base missing", (charged(year(1, base=None)),), UNKNOWN),
    ("GF-43", "excellent: all of it", (graded(Grade.EXCELLENT, FEE),), PASS),
    ("GF-43", "excellent: a fen more", (graded(Grade.EXCELLENT, FEE + 1),), BREACH),
    ("GF-43", "good: all of it", (graded(Grade.GOOD, FEE),), PASS),
    ("GF-43", "good: a fen more", (graded(Grade.GOOD, FEE + 1),), BREACH),
    ("GF-43", "an earlier year's grade still counts", (twice_graded(FEE * 8 // 10 + 1),), BREACH),
    ("GF-43", "both years kept", (twice_graded(FEE * 8 // 10),), PASS),
    ("GF-43", "the year's fee missing", (graded(Grade.POOR, FEE, fees=()),), UNKNOWN),
    ("GF-43", "medium: 90 %", (graded(Grade.MEDIUM, FEE * 9 // 10),), PASS),
    ("GF-43", "medium: a fen more", (graded(Grade.MEDIUM, FEE * 9 // 10 + 1),), BREACH),
    ("GF-43", "poor: 80 %", (graded(Grade.POOR, FEE * 8 // 10),), PASS),
    ("GF-43", "poor: a fen more", (graded(Grade.POOR, FEE * 8 // 10 + 1),), BREACH),
    (
        "GF-43",
        "contract holds 30 %",
        (graded(Grade.POOR, FEE * 7 // 10 + 1, fee_held_share=Decimal("0.3")),),
        BREACH,
    ),
    ("GF-43", "nothing held", (graded(Grade.POOR, FEE, fee_held_share=Decimal(0)),), NA),
    ("GF-43", "no grade", (graded(None, FEE),), UNKNOWN),
    ("GF-44", "nothing advanced", (fund(fee_advance=0, carry=(Flow(AS_OF, 5),)),), PASS),
    ("GF-44", "advanced, no carry yet", (fund(fee_advance=1),), PASS),
    ("GF-44", "advanced, status missing", (fund(fee_advance=1, status=None),), UNKNOWN),
    ("GF-44", "nothing advanced, status missing", (fund(fee_advance=0, status=None),), PASS),
    ("GF-44", "advanced and carry paid", (fund(fee_advance=1, carry=(Flow(AS_OF, 5),)),), BREACH),
    ("GF-44", "advanced and winding up", (fund(fee_advance=1, status=FundStatus.LIQUIDATING),), BREACH),
    ("GF-44", "missing", (fund(),), UNKNOWN),
    ("GF-44", "carry while it was advanced, whole again", (advanced((PAID, 1), (AS_OF, 0)),), WARN),
    ("GF-44", "made whole on the day of the carry", (advanced((PAID, 1), (TWO_YEARS, 0)),), PASS),
    ("GF-44", "advanced only after the carry", (advanced((TWO_YEARS + DAY, 1), (AS_OF, 0)),), PASS),
    ("GF-44", "private fund", (fund(fee_advance=1, stakes=(PRIVATE,), carry=(Flow(AS_OF, 5),)),), NA),
    ("GF-45", "hurdle reached to the fen", (carried(WITH_HURDLE),), PASS),
    ("GF-45", "a fen before the hurdle", (carried(WITH_HURDLE - 1),), BREACH),
    ("GF-45", "more than the hurdle", (carried(WITH_HURDLE + 1),), PASS),
    ("GF-45", "paid early and clawed back", (carried(0, (Flow(TWO_YEARS, 10), Flow(AS_OF, -10))),), PASS),
    ("GF-45", "carry above its cap", (carried(WITH_HURDLE, carry_rate=Decimal("0.21")),), BREACH),
    ("GF-45", "compound needs more", (carried(WITH_HURDLE, hurdle_compound=True),), BREACH),
    ("GF-45", "carry on its cap", (carried(WITH_HURDLE, carry_rate=Decimal("0.20")),), PASS),
    ("GF-45", "a fifth of the profit", (carried(WITH_HURDLE, (Flow(TWO_YEARS, FIFTH),)),), PASS),
    ("GF-45", "two fen more than a fifth", (carried(WITH_HURDLE, (Flow(TWO_YEARS, FIFTH + 2),)),), BREACH),
    (
        "GF-45",
        "more than a fifth, the rest clawed back",
        (carried(WITH_HURDLE, (Flow(TWO_YEARS, FIFTH + 2), Flow(AS_OF, -2))),),
        PASS,
    ),
    ("GF-45", "closed on the hurdle", (carried(WITH_HURDLE, status=FundStatus.CLOSED),), PASS),
    ("GF-45", "a later call lost, still running", (later_loss(),), PASS),
    ("GF-45", "a later call lost, status missing", (later_loss(status=None),), UNKNOWN),
    ("GF-45", "a later call lost, being wound up", (later_loss(status=FundStatus.LIQUIDATING),), WARN),
    ("GF-45", "a later call lost, closed", (later_loss(status=FundStatus.CLOSED),), BREACH),
    (
        "GF-45",
        "closed, all of it clawed back",
        (later_loss((Flow(AS_OF, -10),), status=FundStatus.CLOSED),),
        PASS,
    ),
    ("GF-45", "a parent fund's manager too", (carried(WITH_HURDLE - 1, kind=PartyKind.PARENT_FUND),), BREACH),
    ("GF-45", "a guidance fund", (carried(0, kind=PartyKind.GUIDANCE_FUND),), NA),
    (
        "GF-45",
        "contract with 8 %: more is needed",
        (carried(WITH_HURDLE, hurdle_rate=Decimal("0.08")),),
        BREACH,
    ),
    ("GF-45", "rate missing", (carried(WITH_HURDLE, carry_rate=None),), UNKNOWN),
    ("GF-46", "half of the excess of 100", (conceded(50),), PASS),
    ("GF-46", "a fen more than half", (conceded(51),), BREACH),
    ("GF-46", "too much, approval missing too", (conceded(51, concession_approval=None),), BREACH),
    (
        "GF-46",
        "whether conditions were met missing",
        (conceded(50, concession_conditions_met=None),),
        UNKNOWN,
    ),
    ("GF-46", "conceded without a rate in the contract", (conceded(1, concession_rate=None),), BREACH),
    (
        "GF-46",
        "conceded before the principal was back",
        (conceded(1, stakes=(stake(received=YI - 2),)),),
        BREACH,
    ),
    ("GF-46", "private fund", (conceded(60, stakes=(PRIVATE,)),), NA),
    ("GF-46", "conditions not met", (conceded(50, concession_conditions_met=False),), BREACH),
    ("GF-46", "no approval on file", (conceded(50, concession_approval=None),), UNKNOWN),
    ("GF-46", "amount missing", (conceded(None),), UNKNOWN),
    ("GF-46", "nothing conceded", (conceded(0),), PASS),
    ("GF-46", "no such term", (conceded(None, concession_rate=None),), NA),
    ("GF-47", "at cost on the last day of 3 years", (sale(1_000_000, dt.date(2026, 1, 1)),), PASS),
    ("GF-47", "a fen below cost", (sale(999_999, dt.date(2026, 1, 1)),), BREACH),
    ("GF-47", "at cost a day later", (sale(1_000_000, dt.date(2026, 1, 2)),), BREACH),
    ("GF-47", "cost and interest", (sale(1_000_000 + INTEREST, FOUR_YEARS),), PASS),
    ("GF-47", "a fen below cost and interest", (sale(1_000_000 + INTEREST - 1, FOUR_YEARS),), BREACH),
    (
        "GF-47",
        "five years to the day, at cost",
        (sale(1_000_000, FIVE_YEARS, price_basis=APPRAISED),),
        BREACH,
    ),
    ("GF-47", "five years to the day, with interest", (sale(1_150_082, FIVE_YEARS),), PASS),
    ("GF-47", "a day later, appraised", (sale(1_000_000, FIVE_YEARS + DAY, price_basis=APPRAISED),), PASS),
    ("GF-47", "after five years appraised below cost", (sale(1, SIX_YEARS, price_basis=APPRAISED),), PASS),
    (
        "GF-47",
        "after five years by the contract's formula",
        (sale(1, SIX_YEARS, price_basis=PriceBasis.CONTRACT_FORMULA),),
        PASS,
    ),
    (
        "GF-47",
        "after five years negotiated",
        (sale(2_000_000, SIX_YEARS, price_basis=PriceBasis.NEGOTIATED),),
        BREACH,
    ),
    ("GF-47", "listed below cost", (sale(1, FOUR_YEARS, route=ExitRoute.IPO),), NA),
    ("GF-47", "wound up below cost", (sale(1, FOUR_YEARS, route=ExitRoute.LIQUIDATION),), NA),
    ("GF-47", "taken over below cost", (sale(1, FOUR_YEARS, route=ExitRoute.MERGER),), NA),
    ("GF-47", "bought back below cost", (sale(1, FOUR_YEARS, route=ExitRoute.BUY_BACK),), BREACH),
    ("GF-47", "cost missing", (sale(1_000_000, cost=None),), UNKNOWN),
    ("GF-47", "day of entry missing", (sale(1_000_000, entered_on=None),), UNKNOWN),
    ("GF-47", "after five years, basis missing", (sale(2_000_000, SIX_YEARS),), UNKNOWN),
    ("GF-47", "price missing", (sale(None),), UNKNOWN),
    (
        "GF-48",
        "what is due was remitted",
        (guidance(distribution_use=ProceedsUse.TREASURY, remitted=(Flow(AS_OF - DAY, 100),)),),
        PASS,
    ),
    (
        "GF-48",
        "remitted after 31 days",
        (guidance(distribution_use=ProceedsUse.TREASURY, remitted=(Flow(AS_OF, 100),)),),
        WARN,
    ),
    (
        "GF-48",
        "the last fen after 31 days",
        (guidance(distribution_use=ProceedsUse.TREASURY, remitted=(Flow(AS_OF - DAY, 99), Flow(AS_OF, 1))),),
        WARN,
    ),
    (
        "GF-48",
        "a fen of it was not",
        (guidance(distribution_use=ProceedsUse.TREASURY, remitted=(Flow(AS_OF, 99),)),),
        BREACH,
    ),
    (
        "GF-48",
        "recycled on a clause",
        (guidance(distribution_use=ProceedsUse.RECYCLE, recycle_clause="第12条"),),
        PASS,
    ),
    ("GF-48", "recycled without a clause", (guidance(distribution_use=ProceedsUse.RECYCLE),), BREACH),
    ("GF-48", "use missing", (guidance(),), UNKNOWN),
    ("GF-48", "nothing came back", (FundFacts("GF", AS_OF, kind=PartyKind.GUIDANCE_FUND),), NA),
    ("GF-48", "a sub-fund", (fund(),), NA),
    ("GF-54", "by contract", (sale(1, price_basis=PriceBasis.CONTRACT_FORMULA),), PASS),
    ("GF-54", "negotiated", (sale(1, price_basis=PriceBasis.NEGOTIATED),), BREACH),
    ("GF-54", "appraisal on its last day", (appraised(dt.date(2024, 12, 31)),), PASS),
    ("GF-54", "appraisal a day old too many", (appraised(dt.date(2024, 12, 30)),), BREACH),
    ("GF-54", "appraisal of the next day", (appraised(dt.date(2026, 1, 1)),), BREACH),
    ("GF-54", "no report id", (appraised(dt.date(2025, 6, 1), None),), UNKNOWN),
    ("GF-47", "day missing", (sale(1, None),), UNKNOWN),
    ("GF-54", "day missing", (sale(1, None, price_basis=PriceBasis.CONTRACT_FORMULA),), UNKNOWN),
    ("GF-54", "appraisal of the day of sale", (appraised(dt.date(2025, 12, 31)),), PASS),
    ("GF-54", "no date of the appraisal", (appraised(None),), UNKNOWN),
    ("GF-54", "basis missing", (sale(1),), UNKNOWN),
    ("GF-54", "sold on an exchange", (sale(1, route=ExitRoute.IPO),), NA),
    (
        "GF-54",
        "on an exchange, but said to be negotiated",
        (sale(1, route=ExitRoute.IPO, price_basis=PriceBasis.NEGOTIATED),),
        BREACH,
    ),
    ("GF-55", "last day of the term", (state(FundStatus.HARVESTING, term_end=AS_OF),), PASS),
    (
        "GF-55",
        "the day after, still running",
        (state(FundStatus.HARVESTING, term_end=dt.date(2026, 6, 29)),),
        BREACH,
    ),
    (
        "GF-55",
        "past its term, winding up",
        (state(FundStatus.LIQUIDATING, term_end=dt.date(2026, 1, 1)),),
        PASS,
    ),
    ("GF-55", "closed, nothing owed", (wound_up(0),), PASS),
    ("GF-55", "closed, a fen owed after a liquidation", (wound_up(1),), BREACH),
    ("GF-55", "closed, no liquidation on record", (state(FundStatus.CLOSED, government_receivable=0),), WARN),
    ("GF-55", "closed straight from investing", (closed_after(FundStatus.INVESTING),), WARN),
    ("GF-55", "merged", (state(FundStatus.MERGED),), NA),
    ("GF-55", "private fund", (state(FundStatus.INVESTING, term_end=PAID, stakes=(PRIVATE,)),), NA),
    ("GF-55", "back among the active", (moved(FundStatus.HARVESTING, FundStatus.INVESTING),), PASS),
    ("GF-55", "forward", (moved(FundStatus.INVESTING, FundStatus.EXTENDED),), PASS),
    ("GF-55", "extended, then active again", (moved(FundStatus.EXTENDED, FundStatus.INVESTING),), BREACH),
    ("GF-55", "wound up, then extended", (moved(FundStatus.LIQUIDATING, FundStatus.EXTENDED),), BREACH),
    ("GF-55", "closed, a fen owed", (state(FundStatus.CLOSED, government_receivable=1),), BREACH),
    ("GF-55", "closed, not known", (state(FundStatus.CLOSED),), UNKNOWN),
    ("GF-55", "status missing", (state(None),), UNKNOWN),
    ("GF-55", "term missing", (state(FundStatus.INVESTING),), UNKNOWN),
]


@pytest.mark.parametrize(("rule", "case", "args", "verdict"), CASES, ids=[f"{c[0]} {c[1]}" for c in CASES])
def test_boundaries(rule, case, args, verdict):
    outcome = ask(rule, *args, day=AS_OF)
    assert (outcome and outcome.verdict) is verdict
    assert outcome is None or (outcome.text.zh and outcome.text.en)


@pytest.mark.parametrize(
    ("established", "verdict"),
    [(dt.date(2025, 1, 7), None), (dt.date(2025, 1, 8), BREACH), (dt.date(2025, 1, 9), BREACH)],
)
def test_gf_41_binds_funds_created_after_2025_01_07(established, verdict):
    subject = replace(charged(year(FEE), basis=FeeBasis.COMMITMENT), established_on=established)
    (finding,) = judge(OfficeFacts(AS_OF, (subject,)), AS_OF, only=["GF-41"])
    assert finding.verdict is (verdict or NA)
    assert finding.beside.verdict is BREACH  # today's rule, beside the one of the fund's own day


@pytest.mark.parametrize(
    ("day", "rate"),
    [
        (dt.date(2020, 4, 19), "0.0405"),
        (dt.date(2020, 4, 20), "0.0385"),
        (dt.date(2024, 7, 21), "0.0345"),
        (dt.date(2024, 7, 22), "0.0335"),
        (dt.date(2024, 10, 20), "0.0335"),
        (dt.date(2024, 10, 21), "0.0310"),
        (dt.date(2012, 7, 5), "0.0631"),
        (dt.date(2012, 7, 6), "0.0600"),
        (dt.date(2015, 10, 23), "0.0460"),
        (dt.date(2015, 10, 24), "0.0435"),
        (dt.date(2019, 8, 19), "0.0435"),
        (dt.date(2019, 8, 20), "0.0425"),
        (dt.date(2025, 5, 19), "0.0310"),
        (dt.date(2025, 5, 20), "0.0300"),
        (dt.date(2025, 5, 21), "0.0300"),
    ],
)
def test_gf_47_takes_the_interest_rate_of_the_day_of_sale(day, rate):
    """One-year benchmark rate and LPR, day before, on and after their changes."""
    entered = dt.date(day.year - 4, 6, 1)
    subject = sale(1, day, entered_on=entered)
    (finding,) = judge(OfficeFacts(AS_OF, transfers=(subject,)), AS_OF, only=["GF-47"])
    days = (day - entered).days
    assert finding.threshold == 1_000_000 + int(Decimal(1_000_000) * Decimal(rate) * days / 365)
    assert finding.parameters["buyout_interest_rate"][0] == Decimal(rate)


def test_a_fee_is_base_times_rate_times_days_over_365():
    assert fee_of(year(0)) == FEE
    quarter = FeePeriod(
        dt.date(2025, 1, 1), dt.date(2025, 3, 31), FeePhase.INVESTMENT, None, 36_500, Decimal("0.01")
    )
    assert fee_of(quarter) == 90


@pytest.mark.parametrize("back", [0, YI // 2, YI, YI + 1_000_000])
def test_hurdle_shortfall_simple_interest_stops_on_what_was_paid_back(back):
    """Half-way repayment: interest on YI for 365 days, then on what is left of the principal for 365 more."""
    mid, end = dt.date(2024, 1, 1), dt.date(2024, 12, 31)
    short = hurdle_shortfall([Flow(PAID, YI)], [Flow(mid, back)], end, Decimal("0.06"), compound=False)
    first = YI * 6 // 100
    left = max(YI - back, 0)
    surplus = max(back - YI, 0)
    assert short == left + max(first - surplus, 0) + Decimal(left) * Decimal("0.06") * 365 / 365


def test_gf_48_names_the_day_from_which_money_is_overdue():
    outcome = ask("GF-48", guidance(distribution_use=ProceedsUse.TREASURY), day=AS_OF)
    assert outcome.money == 100
    assert outcome.since == dt.date(2026, 6, 30)


def test_gf_41_shows_the_bases_and_all_fees_on_a_wrong_base():
    outcome = ask("GF-41", charged(year(FEE + 500), basis=FeeBasis.COMMITMENT), day=AS_OF)
    assert outcome.money == FEE + 500
    assert outcome.inputs == {"base_investment": "commitment", "base_exit": None, "booked": FEE + 500}
    assert ask("GF-41", charged(year(FEE + 500)), day=AS_OF).money == 500


def test_gf_43_adds_up_the_years_and_lists_them():
    outcome = ask("GF-43", twice_graded(FEE * 8 // 10 + 7), day=AS_OF)
    assert (outcome.money, [item.code for item in outcome.items]) == (7, ["2024"])
    assert outcome.inputs["years_graded"] == 2


def test_gf_45_names_what_has_to_come_back_and_which_hurdle_was_used():
    """80 fen lacking at the close, 10 of carry paid: no more than the carry comes back."""
    outcome = ask("GF-45", later_loss(status=FundStatus.CLOSED), day=AS_OF)
    assert outcome.money == 10
    assert outcome.notes == (
        ("合同未载门槛收益率，按缺省值", "the contract names no hurdle: the default was used"),
    )
    assert ask("GF-45", later_loss(hurdle_rate=Decimal("0.06")), day=AS_OF).notes == ()


def test_gf_45_counts_what_is_beyond_the_rate_once():
    """Two payments, each a fen further above a fifth of the profit: two fen in all."""
    payments = (Flow(TWO_YEARS, FIFTH + 2), Flow(TWO_YEARS + DAY, 2))
    outcome = ask("GF-45", carried(WITH_HURDLE, payments), day=AS_OF)
    assert [(item.day, item.fen) for item in outcome.items] == [(TWO_YEARS, 1), (TWO_YEARS + DAY, 2)]
    assert outcome.money == 3


def test_gf_45_profit_counts_up_to_the_day_of_the_carry():
    """The same carry is too much before a further distribution comes in and in order on its day."""
    more = replace(stake(received=WITH_HURDLE), received=(Flow(TWO_YEARS, WITH_HURDLE), Flow(AS_OF, YI)))
    too_early = fund(stakes=(more,), carry=(Flow(AS_OF - DAY, FIFTH + 2),), carry_rate=Decimal("0.20"))
    assert ask("GF-45", too_early, day=AS_OF).money == 1
    assert ask("GF-45", replace(too_early, carry=(Flow(AS_OF, FIFTH + 2),)), day=AS_OF).verdict is PASS


def test_gf_45_a_call_after_the_carry_does_not_lower_the_profit_of_its_day():
    called = replace(stake(received=WITH_HURDLE), paid=(Flow(PAID, YI), Flow(AS_OF, YI)))
    subject = fund(stakes=(called,), carry=(Flow(TWO_YEARS, FIFTH),), carry_rate=Decimal("0.20"))
    assert ask("GF-45", subject, day=AS_OF).verdict is PASS


def test_hurdle_shortfall_compounds_on_principal_and_hurdle():
    """6 % over two years of 365 days: 1.06 squared; what is paid back half-way repays principal and the rest grows on."""
    rate, mid, end = Decimal("0.06"), dt.date(2024, 1, 1), TWO_YEARS
    assert hurdle_shortfall([Flow(PAID, YI)], [], end, rate, compound=True) == YI * Decimal("1.1236")
    short = hurdle_shortfall([Flow(PAID, YI)], [Flow(mid, YI // 2)], end, rate, compound=True)
    assert short == (YI // 2 + YI * Decimal("0.06")) * Decimal("1.06")


def test_hurdle_shortfall_ends_at_nothing_and_does_not_store_a_surplus_for_a_later_call():
    rate, later = Decimal("0.06"), TWO_YEARS + DAY
    paid, back = [Flow(PAID, YI), Flow(later, 100)], [Flow(TWO_YEARS, 2 * YI)]
    assert hurdle_shortfall(paid, back, TWO_YEARS, rate, compound=False) == 0
    assert hurdle_shortfall(paid, back, later, rate, compound=False) == 100


def test_gf_47_a_late_sale_below_cost_passes_and_says_so():
    outcome = ask("GF-47", sale(999_000, SIX_YEARS, price_basis=APPRAISED), day=AS_OF)
    assert (outcome.money, outcome.threshold) == (None, None)
    assert outcome.notes == (("低于原始出资额 10元", "RMB 10 below cost"),)


def test_gf_48_lists_what_was_remitted_late():
    subject = guidance(distribution_use=ProceedsUse.TREASURY, remitted=(Flow(AS_OF, 107),))
    outcome = ask("GF-48", subject, day=AS_OF)
    assert [(item.day, item.fen) for item in outcome.items] == [(dt.date(2026, 5, 30), 100)]
    assert "历时 31 天" in outcome.items[0].text.zh


def test_money_at_stake_of_what_comes_back():
    """What was conceded, sold or kept beyond the limit, to the fen."""
    assert ask("GF-46", conceded(60), day=AS_OF).money == 60 - 55  # half of 110
    assert ask("GF-47", sale(999_990, dt.date(2026, 1, 1)), day=AS_OF).money == 10
    assert ask("GF-47", sale(1_000_001, dt.date(2026, 1, 1)), day=AS_OF).money is None
    assert ask("GF-55", wound_up(7), day=AS_OF).money == 7
    assert ask("GF-55", wound_up(0), day=AS_OF).money is None


def test_gf_48_what_was_remitted_settles_the_oldest_receipt_first():
    """100 of the first receipt remitted to the fen; the second, of 7, is not overdue for another day."""
    rows = {"distribution_use": ProceedsUse.TREASURY}
    exact = guidance(**rows, remitted=(Flow(AS_OF - DAY, 100),))
    assert ask("GF-48", exact, day=AS_OF).items == ()
    tomorrow = replace(exact, as_of=AS_OF + DAY)
    outcome = ask("GF-48", tomorrow, day=AS_OF + DAY)
    assert (outcome.verdict, outcome.money, outcome.since) == (BREACH, 7, AS_OF + DAY)


def test_gf_55_tells_since_when_a_term_is_over():
    outcome = ask("GF-55", state(FundStatus.HARVESTING, term_end=AS_OF - DAY), day=AS_OF)
    assert (outcome.since, outcome.money) == (AS_OF, YI)


def test_gf_41_a_wrong_base_decides_though_an_amount_is_missing():
    for subject in (
        charged(year(FEE, base=None), basis=FeeBasis.COMMITMENT),
        charged(year(FEE, base=None), year(FEE + 200)),
    ):
        assert ask("GF-41", subject, day=AS_OF).verdict is BREACH


def test_gf_42_says_how_much_was_paid_too_much_and_how_much_of_it_after_the_term():
    late = year(7, phase=FeePhase.AFTER_TERM)
    outcome = ask("GF-42", charged(year(FEE + 3), late), day=AS_OF)
    assert outcome.money == 10
    assert "多付 0.1元，其中到期后 0.07元" in outcome.text.zh
    kept = ask("GF-42", charged(year(FEE), fee_rate_exit=Decimal("0.005")), day=AS_OF)
    assert (kept.money, kept.measured, kept.threshold) == (None, Decimal("0.015"), Decimal("0.015"))
    high = charged(year(1, base=None), fee_rate_exit=Decimal("0.02"))
    assert ask("GF-42", high, day=AS_OF).verdict is BREACH  # the missing base does not hide the rate


def test_gf_43_shows_the_part_that_may_be_paid():
    outcome = ask("GF-43", graded(Grade.MEDIUM, FEE), day=AS_OF)
    assert "（90%）" in outcome.text.zh
    (item,) = outcome.items
    assert item.fen == outcome.money == FEE // 10


def test_gf_44_a_clawback_is_no_carry_paid_too_early():
    subject = advanced((PAID, 1), (AS_OF, 0))
    assert ask("GF-44", replace(subject, carry=(Flow(TWO_YEARS, -5),)), day=AS_OF).verdict is PASS


def test_gf_46_a_concession_rate_of_nothing_is_a_term_and_no_gap():
    """The contract says that nothing is conceded; the office's own default for contracts that say nothing is another."""
    silent, none = conceded(None, concession_rate=None), conceded(None, concession_rate=Decimal(0))
    numbers = {"concession_rate_default": Decimal("0.2")}
    assert exits.concession(silent, **numbers).verdict is UNKNOWN
    assert exits.concession(none, **numbers).verdict is NA


def test_gf_46_government_that_owns_by_declaration_alone_conceded_of_what_nobody_recorded():
    owner = OwnerFacts("GOV", Fraction(3, 10), PartyKind.GOVERNMENT)
    declared = {"stakes": (PRIVATE,), "owners": (owner,)}
    assert ask("GF-46", conceded(50, **declared), day=AS_OF).verdict is UNKNOWN
    outcome = ask("GF-46", conceded(50, concession_conditions_met=False, **declared), day=AS_OF)
    assert (outcome.verdict, outcome.money) == (BREACH, 50)
    assert ask("GF-46", conceded(0, **declared), day=AS_OF).verdict is PASS


def test_gf_55_a_status_that_went_backwards_is_the_reason_where_nothing_is_owed():
    """Wound up, active again, closed with nothing owed: one step back against none, and not 0 against 0 yuan."""
    steps = (
        (PAID, FundStatus.LIQUIDATING),
        (TWO_YEARS, FundStatus.INVESTING),
        (TWO_YEARS + DAY, FundStatus.CLOSED),
    )
    closed = state(FundStatus.CLOSED, status_history=steps, government_receivable=0)
    outcome = ask("GF-55", closed, day=AS_OF)
    assert (outcome.verdict, outcome.measured, outcome.threshold, outcome.unit, outcome.since) == (
        BREACH,
        1,
        0,
        "count",
        TWO_YEARS,
    )
    owed = ask("GF-55", replace(closed, government_receivable=7), day=AS_OF)
    assert (owed.verdict, owed.measured, owed.money) == (BREACH, 7, 7)
    assert "状态倒退 1 次" in owed.text.zh
