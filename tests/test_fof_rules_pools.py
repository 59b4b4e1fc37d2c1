"""Every rule of risk-compensation pools: a case that passes, and each limb inside, on and outside its bound, and missing."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal as D
from fractions import Fraction as F
from typing import Any

import pytest

from fof.rules import catalogue, facts_pools
from fof.rules.engine import ask, judge
from fof.rules.facts import Matter, OfficeFacts
from fof.rules.facts_pools import (
    AgreementFacts,
    BorrowerFacts,
    ClaimFacts,
    GuarantorFacts,
    GuarantorOfClaim,
    LimitFacts,
    LoanFacts,
    PoolFacts,
    RecoveryFacts,
    RelatedLoan,
)
from fof.rules.inputs import declared
from fof.rules.registry import Scope, Verdict
from models import pools as w
from models.kinds import Stage
from models.subjects import Subject, SubjectKind


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


ON, TODAY = day("2025-07-01"), day("2026-09-30")
BREACH, PASS, UNKNOWN, NA, WARN = (
    Verdict.BREACH,
    Verdict.PASS,
    Verdict.UNKNOWN,
    Verdict.NOT_APPLICABLE,
    Verdict.WARN,
)
P = w.Programme
WAN = 1_000_000  # fen of ten thousand yuan


def agreement(programme: P, **own: Any) -> AgreementFacts:
    return AgreementFacts(
        "XY",
        TODAY,
        "P",
        first_day=day("2025-01-01"),
        programme=programme,
        covers_principal=True,
        covers_interest=False,
        **own,
    )


TECH = agreement(
    P.TECH_PLAN_2024,
    share_lender=D("0.2"),
    share_guarantor=D("0.2"),
    share_reguarantor=D("0.2"),
    share_national_fund=D("0.4"),
    reguarantee_fee_rate=D("0.003"),
    average_fee_rate=D("0.01"),
    fee_cap=D("0.01"),
)
SPLIT = agreement(
    P.SPLIT_4321,
    share_guarantor=D("0.4"),
    share_reguarantor=D("0.3"),
    share_lender=D("0.2"),
    share_local_government=D("0.1"),
)
FOUR = replace(TECH, programme=P.SPLIT_4222)
POOL_AND_BANK = agreement(P.TECH_LOAN_POOL, share_pool=D("0.5"), share_lender=D("0.5"))
CITY = agreement(
    P.PROVINCE_CITY_LOAN, share_pool=D("0.7"), share_local_government=D("0.3"), share_lender=D("0")
)
INSURED = agreement(
    P.PERFORMANCE_INSURANCE,
    share_pool=D("0.25"),
    share_insurer=D("0.45"),
    share_lender=D("0.3"),
    premium_rate=D("0.02"),
    premium_refund=D("0.5"),
)
STOPPED = agreement(
    P.INSURED_LOAN,
    share_insurer=D("0.8"),
    share_lender=D("0.2"),
    stop_loss=D("1.2"),
)
LINKED = agreement(
    P.INVESTMENT_LOAN,
    share_lender=D("0.5"),
    share_investor_arm=D("0.5"),
    equity_money_source=w.MoneySourceOfArm.OWN,
    loan_on_balance_sheet=True,
)
FIRM = BorrowerFacts(
    "Q",
    small_size=w.SizeClass.SMALL,
    founded_on=day("2020-01-01"),
    paid_in_capital=100 * WAN,
    high_tech_until=day("2027-01-01"),
    st_sme_until=day("2020-01-01"),
    little_giant_until=day("2027-01-01"),
    specialised_until=day("2020-01-01"),
    state_project_until=day("2020-01-01"),
    innovation_scored_until=day("2020-01-01"),
    innovative_sme_until=day("2020-01-01"),
)


def loan(of: AgreementFacts, **own: Any) -> LoanFacts:
    base: dict[str, Any] = {
        "contract_amount": 500 * WAN,
        "enrolment_confirmation_id": "QR",
        "term_months": 12,
        "loan_rate": D("0.04"),
        "guarantee_fee_rate": D("0.005"),
        "other_fees": 0,
        "collateral": w.Collateral.NONE,
        "collateral_value": 250 * WAN,
        "counter_guarantee_pledged": False,
        "list_managed": True,
        "working_capital": True,
        "borrower_size": w.SizeClass.SMALL,
        "borrower_stage": Stage.STARTUP,
        "borrower_revenue": 100 * WAN,
        "knowledge_score": D(80),
        "loan_channel": w.Channel.CREDIT,
        "conversion_listed": True,
        "lpr_1y": D("0.03"),
        "lpr_5y": D("0.035"),
        "benchmark_rate": D("0.0435"),
        "guarantor_capital": 5_000 * WAN,
        "outstanding": 500 * WAN,
        "group_outstanding": 500 * WAN,
        "firm_in_year": 500 * WAN,
    }
    return LoanFacts("L", TODAY, ON, of, FIRM, "B", **(base | own))


TECH_LOAN = loan(TECH)
STABLE = loan(agreement(P.DOUBLE_STABILITY))
AID = loan(agreement(P.AID_GUARANTEE))
BEIJING = loan(agreement(P.SMALL_INSURED_LOAN))
IP = loan(agreement(P.IP_PLEDGE), collateral=w.Collateral.IP, ip_registration="Z-1")
KNOWLEDGE = loan(agreement(P.KNOWLEDGE_VALUE), term_months=36)
CONVERSION = loan(agreement(P.CONVERSION_LOAN, agreement_until=day("2027-12-31")))
CAPPED = loan(agreement(P.OTHER, loan_rate_base=w.RateBase.LPR_1Y, loan_rate_margin=D("0.01")))
LOST = loan(
    replace(POOL_AND_BANK, public_money_cap=D("0.8")),
    has_claim=True,
    covered_loss=100 * WAN,
    public_paid=50 * WAN,
    handed_back=0,
    retained=50 * WAN,
)


def with_agreement(own: LoanFacts, **terms: Any) -> LoanFacts:
    assert own.agreement is not None
    return replace(own, agreement=replace(own.agreement, **terms))


def with_firm(own: LoanFacts, **known: Any) -> LoanFacts:
    assert own.borrower is not None
    return replace(own, borrower=replace(own.borrower, **known))


CLAIM = ClaimFacts(
    "S",
    TODAY,
    POOL_AND_BANK,
    loan(POOL_AND_BANK),
    "B",
    day("2026-03-01"),
    ((day("2026-03-01"), w.ClaimStep.SUBMITTED), (day("2026-03-20"), w.ClaimStep.DECIDED)),
    review_used=5,
    decision_used=25,
    reviewed=True,
    decided=True,
    overdue_since=day("2025-12-31"),
    claim_decision=w.ClaimDecision.WHOLLY,
    principal=100 * WAN,
    loss=100 * WAN,
    pool_paid=50 * WAN,
)
BACK = replace(
    CLAIM,
    recovered=20 * WAN,
    recoveries=(
        RecoveryFacts("B", 50 * WAN, 10 * WAN, 10 * WAN, 0),
        RecoveryFacts("P", 50 * WAN, 10 * WAN, 10 * WAN, 30),
    ),
)
REFUND = ClaimFacts(
    "S",
    TODAY,
    agreement(P.HLJ_HIGH_TECH),
    loan(agreement(P.HLJ_HIGH_TECH), guarantee_fee_rate=D("0.01")),
    "G",
    day("2026-03-01"),
    pool_paid=24 * WAN,
    guarantor_paid=100 * WAN,
    recovered=10 * WAN,
    recovered_when_paid=10 * WAN,
    other_compensation=10 * WAN,
    guarantor=GuarantorOfClaim(w.GuarantorLevel.PROVINCE, True, "A", False),
)
ANGEL = ClaimFacts(
    "S",
    TODAY,
    agreement(P.ANGEL_INVESTMENT),
    None,
    "VC",
    day("2026-03-01"),
    pool_paid=210 * WAN,
    paid_in_year=600 * WAN,
    loss_invested=400 * WAN,
    loss_recovered=50 * WAN,
    stage_invested=Stage.SEED,
)
TOLERANT = replace(
    ANGEL,
    agreement=replace(
        agreement(P.ANGEL_INVESTMENT),
        compensation_rate=D(0),
        startup_compensation_rate=D(0),
        portfolio_loss_max=D("0.4"),
    ),
    pool_paid=0,
    paid_in_year=0,
    all_invested=500 * WAN,
    all_recovered=300 * WAN,
)
STOP = LimitFacts(
    "STOP",
    w.LimitKind.ENROLMENT_STOP,
    w.Denominator.RELEASED,
    F(39, 1000),
    F(5, 100),
    39,
    50,
    False,
    False,
    None,
)
CAP = LimitFacts("CAP", w.LimitKind.PAYMENT_CAP, None, None, None, 100, 100, True, True, None)
POOL = PoolFacts(
    "P",
    TODAY,
    cash=600 * WAN,
    contributed=600 * WAN,
    first_size=1_000 * WAN,
    outstanding=6_000 * WAN,
    loans=3,
    balances=(("GOV", 400 * WAN), ("CITY", 200 * WAN)),
    limits=(STOP, CAP),
    statement=600 * WAN,
    statement_on=TODAY,
    statement_cash=600 * WAN,
)
GUARANTOR = GuarantorFacts(
    "G",
    TODAY,
    w.GuarantorLevel.PROVINCE,
    True,
    False,
    registered_capital=10_000 * WAN,
    cash_capital=2_000 * WAN,
    net_assets=10_000 * WAN,
    fee_income=100 * WAN,
    unearned_fee_reserve=50 * WAN,
    loss_reserve=1_000 * WAN,
    loss_provision=1_000 * WAN,
    year_end_liability=100_000 * WAN,
    controlling_holder="H",
    actual_controller="H",
    related_parties=(),
    liability=100_000 * WAN,
    weighted=100_000 * WAN,
    bonds=1_000 * WAN,
    bonds_weighted=800 * WAN,
    largest_borrower=1_000 * WAN,
    largest_group=1_500 * WAN,
    small_or_farm=80_000 * WAN,
    small_tickets=40_000 * WAN,
)


def related(**own: Any) -> tuple[RelatedLoan, ...]:
    base = RelatedLoan("L", False, ON, ON + dt.timedelta(days=30), True, 5)
    return (base._replace(**own),)


CASES = [
    ("RC-01", "adds to one", POOL_AND_BANK, PASS),
    ("RC-01", "a billionth less", replace(POOL_AND_BANK, share_pool=D("0.499999999")), PASS),
    ("RC-01", "two billionths less", replace(POOL_AND_BANK, share_pool=D("0.499999998")), BREACH),
    ("RC-01", "none stated", agreement(P.OTHER), UNKNOWN),
    ("RC-01", "what is covered is not said", replace(POOL_AND_BANK, covers_interest=None), UNKNOWN),
    ("RC-01", "angel programme", agreement(P.ANGEL_INVESTMENT), NA),
    ("RC-02", "a fifth", TECH, PASS),
    ("RC-02", "less", replace(TECH, share_lender=D("0.1999"), share_guarantor=D("0.2001")), BREACH),
    ("RC-02", "more", replace(TECH, share_lender=D("0.3"), share_guarantor=D("0.1")), PASS),
    ("RC-02", "shares that do not add up", replace(TECH, share_lender=D("0.3")), UNKNOWN),
    ("RC-02", "no guarantee", POOL_AND_BANK, NA),
    ("RC-02", "no programme", AgreementFacts("X", TODAY), UNKNOWN),
    ("RC-03", "little giant at its cap", TECH_LOAN, PASS),
    ("RC-03", "above", with_agreement(TECH_LOAN, share_national_fund=D("0.4001")), BREACH),
    (
        "RC-03",
        "high-tech alone at its cap",
        with_firm(
            with_agreement(TECH_LOAN, share_national_fund=D("0.35")), little_giant_until=day("2020-01-01")
        ),
        PASS,
    ),
    (
        "RC-03",
        "high-tech alone above its cap",
        with_firm(TECH_LOAN, little_giant_until=day("2020-01-01")),
        BREACH,
    ),
    ("RC-03", "a certificate may exist", with_firm(TECH_LOAN, little_giant_until=None), UNKNOWN),
    ("RC-03", "valid to the day itself", with_firm(TECH_LOAN, little_giant_until=ON), PASS),
    (
        "RC-03",
        "ended the day before",
        with_firm(TECH_LOAN, little_giant_until=ON - dt.timedelta(days=1)),
        BREACH,
    ),
    ("RC-04", "a fifth", TECH, PASS),
    ("RC-04", "less", replace(TECH, share_reguarantor=D("0.19"), share_guarantor=D("0.21")), BREACH),
    ("RC-04", "not stated", agreement(P.TECH_PLAN_2024), UNKNOWN),
    ("RC-05", "small at its cap", TECH_LOAN, PASS),
    ("RC-05", "small above", with_agreement(TECH_LOAN, reguarantee_fee_rate=D("0.0031")), BREACH),
    (
        "RC-05",
        "a fen above 5 million at the higher cap",
        with_agreement(replace(TECH_LOAN, contract_amount=500 * WAN + 1), reguarantee_fee_rate=D("0.005")),
        PASS,
    ),
    ("RC-05", "something else charged", replace(TECH_LOAN, other_fees=1), BREACH),
    ("RC-05", "other charges unknown", replace(TECH_LOAN, other_fees=None), UNKNOWN),
    (
        "RC-05",
        "guarantee fee above the agreement",
        replace(TECH_LOAN, guarantee_fee_rate=D("0.0101")),
        BREACH,
    ),
    (
        "RC-05",
        "high-tech product",
        loan(agreement(P.HLJ_HIGH_TECH, average_fee_rate=D("0.01")), guarantee_fee_rate=D("0.0101")),
        BREACH,
    ),
    ("RC-06", "special plan at 30 million", replace(TECH_LOAN, group_outstanding=3_000 * WAN), PASS),
    ("RC-06", "a fen more", replace(TECH_LOAN, group_outstanding=3_000 * WAN + 1), BREACH),
    ("RC-06", "4321 at 20 million", replace(loan(SPLIT), group_outstanding=2_000 * WAN), PASS),
    ("RC-06", "4321 above", replace(loan(SPLIT), group_outstanding=2_000 * WAN + 1), BREACH),
    ("RC-06", "general above 10 million", replace(loan(FOUR), group_outstanding=1_000 * WAN + 1), BREACH),
    ("RC-06", "a lower cap of the agreement", with_agreement(TECH_LOAN, borrower_cap=499 * WAN), BREACH),
    ("RC-06", "nothing outstanding", replace(TECH_LOAN, outstanding=0), NA),
    ("RC-06", "no programme", replace(TECH_LOAN, agreement=None), UNKNOWN),
    ("RC-07", "at both floors", GUARANTOR, PASS),
    ("RC-07", "small firms below", replace(GUARANTOR, small_or_farm=80_000 * WAN - 1), BREACH),
    ("RC-07", "tickets below", replace(GUARANTOR, small_tickets=40_000 * WAN - 1), BREACH),
    ("RC-07", "sizes unknown", replace(GUARANTOR, small_or_farm=None), UNKNOWN),
    ("RC-07", "not said whether government", replace(GUARANTOR, government_guarantor=None), UNKNOWN),
    ("RC-07", "private", replace(GUARANTOR, government_guarantor=False), NA),
    ("RC-08", "below the warning", POOL, PASS),
    ("RC-08", "at the warning", replace(POOL, limits=(STOP._replace(used=40, warned=True),)), WARN),
    (
        "RC-08",
        "reached",
        replace(POOL, limits=(STOP._replace(used=50, reached=True, stopped_on=ON),)),
        WARN,
    ),
    (
        "RC-08",
        "reached and business went on",
        replace(POOL, limits=(STOP._replace(used=50, stopped_on=ON, enrolled_since=7),)),
        BREACH,
    ),
    ("RC-08", "no limit", replace(POOL, limits=(CAP,)), UNKNOWN),
    (
        "RC-08",
        "nothing to divide by",
        replace(POOL, limits=(STOP._replace(warned=None, rate=None),)),
        UNKNOWN,
    ),
    ("RC-09", "as fixed", SPLIT, PASS),
    ("RC-09", "another split", replace(SPLIT, share_guarantor=D("0.41")), BREACH),
    ("RC-09", "not stated", replace(SPLIT, share_guarantor=None), UNKNOWN),
    ("RC-09", "another programme", TECH, NA),
    ("RC-10", "20/20/40/20", FOUR, PASS),
    (
        "RC-10",
        "40/20/20/20",
        replace(FOUR, share_guarantor=D("0.4"), share_national_fund=D("0.2")),
        PASS,
    ),
    (
        "RC-10",
        "province below its floor",
        replace(FOUR, share_reguarantor=D("0.1999"), share_guarantor=D("0.2001")),
        BREACH,
    ),
    ("RC-10", "40/20/20/20", replace(FOUR, share_guarantor=D("0.4"), share_national_fund=D("0.2")), PASS),
    ("RC-10", "no national fund", replace(FOUR, share_national_fund=None, share_guarantor=D("0.6")), BREACH),
    (
        "RC-10",
        "national fund above its highest tier",
        replace(FOUR, share_national_fund=D("0.41"), share_guarantor=D("0.19")),
        BREACH,
    ),
    ("RC-10", "not stated", agreement(P.SPLIT_4222), UNKNOWN),
    ("RC-11", "thirty per cent of the net loss", REFUND, PASS),
    ("RC-11", "a fen more", replace(REFUND, pool_paid=24 * WAN + 1), BREACH),
    *(
        (
            "RC-11",
            f"rated {own}",
            replace(REFUND, guarantor=REFUND.guarantor._replace(guarantor_rating=own)),
            v,
        )
        for own, v in (
            ("A", PASS),
            ("aa-", PASS),
            ("AAA", PASS),
            ("A-", BREACH),
            ("BBB+", BREACH),
            ("优", UNKNOWN),
        )
    ),
    ("RC-11", "recovered since", replace(REFUND, recovered=80 * WAN), PASS),
    ("RC-11", "other compensation unknown", replace(REFUND, other_compensation=None), UNKNOWN),
    (
        "RC-11",
        "city guarantor",
        replace(REFUND, guarantor=GuarantorOfClaim(w.GuarantorLevel.CITY, True, "A", False)),
        BREACH,
    ),
    (
        "RC-11",
        "rated B",
        replace(REFUND, guarantor=GuarantorOfClaim(w.GuarantorLevel.PROVINCE, True, "B", False)),
        BREACH,
    ),
    (
        "RC-11",
        "list unknown",
        replace(REFUND, guarantor=GuarantorOfClaim(w.GuarantorLevel.PROVINCE, None, "A", False)),
        UNKNOWN,
    ),
    (
        "RC-11",
        "medium firm",
        replace(REFUND, loan=replace(REFUND.loan, borrower_size=w.SizeClass.MEDIUM)),
        BREACH,
    ),  # type: ignore[type-var]
    ("RC-12", "small firm at 5 million", STABLE, PASS),
    ("RC-12", "a fen more", replace(STABLE, contract_amount=500 * WAN + 1), BREACH),
    ("RC-12", "13 months", replace(STABLE, term_months=13), BREACH),
    ("RC-12", "LPR and 101 points", replace(STABLE, loan_rate=D("0.0401")), BREACH),
    ("RC-12", "LPR unknown", replace(STABLE, lpr_1y=None), UNKNOWN),
    ("RC-12", "fee above", replace(STABLE, guarantee_fee_rate=D("0.0051")), BREACH),
    ("RC-12", "pledged", replace(STABLE, counter_guarantee_pledged=True), BREACH),
    ("RC-12", "size unknown", with_firm(replace(STABLE, borrower_size=None), small_size=None), UNKNOWN),
    ("RC-12", "size of the register", replace(STABLE, borrower_size=None), PASS),
    ("RC-13", "within all", AID, PASS),
    ("RC-13", "37 months", replace(AID, term_months=37), BREACH),
    ("RC-13", "collateral a fen short", replace(AID, collateral_value=250 * WAN - 1), BREACH),
    ("RC-13", "rate at 1.2 times", replace(AID, loan_rate=D("0.0522")), PASS),
    ("RC-13", "rate above", replace(AID, loan_rate=D("0.0523")), BREACH),
    ("RC-13", "a guarantee of a tenth of its capital", replace(AID, guarantor="G"), PASS),
    ("RC-13", "a guarantee above", replace(AID, guarantor="G", guarantor_capital=5_000 * WAN - 10), BREACH),
    ("RC-13", "capital unknown", with_firm(AID, paid_in_capital=None), UNKNOWN),
    ("RC-14", "as fixed", INSURED, PASS),
    ("RC-14", "another split", replace(INSURED, share_pool=D("0.3"), share_lender=D("0.25")), BREACH),
    ("RC-14", "premium not stated", replace(INSURED, premium_rate=None), UNKNOWN),
    ("RC-14", "refund not stated", replace(INSURED, premium_refund=None), UNKNOWN),
    ("RC-14", "refund of four tenths", replace(INSURED, premium_refund=D("0.4")), BREACH),
    (
        "RC-14",
        "a loan with its premium",
        replace(
            INSURED, loans=(replace(loan(INSURED), loan_premium=int(500 * WAN * D("1.04") * D("0.02"))),)
        ),
        PASS,
    ),
    (
        "RC-14",
        "a loan too long",
        replace(INSURED, loans=(replace(loan(INSURED), term_months=13, loan_premium=0),)),
        BREACH,
    ),
    ("RC-15", "within", replace(STOPPED, insured_loss=120, premiums=100), PASS),
    ("RC-15", "a fen beyond the stop loss", replace(STOPPED, insured_loss=121, premiums=100), BREACH),
    ("RC-15", "cut by limits", replace(STOPPED, insured_loss=150, insured_cut=30, premiums=100), PASS),
    ("RC-15", "not all cut", replace(STOPPED, insured_loss=150, insured_cut=29, premiums=100), BREACH),
    ("RC-15", "stop loss outside", replace(STOPPED, stop_loss=D("1.6"), insured_loss=0, premiums=1), BREACH),
    ("RC-15", "insurer bears too little", replace(STOPPED, share_insurer=D("0.39")), BREACH),
    ("RC-15", "not stated", replace(STOPPED, share_insurer=None, insured_loss=0, premiums=1), UNKNOWN),
    (
        "RC-16",
        "at all limits",
        replace(BEIJING, firm_in_year=1_000 * WAN, borrower_revenue=10_000 * WAN),
        PASS,
    ),
    ("RC-16", "a fen more", replace(BEIJING, contract_amount=500 * WAN + 1), BREACH),
    ("RC-16", "a fen more in the year", replace(BEIJING, firm_in_year=1_000 * WAN + 1), BREACH),
    ("RC-16", "two years on the day", with_firm(BEIJING, founded_on=day("2023-07-01")), PASS),
    ("RC-16", "a day younger", with_firm(BEIJING, founded_on=day("2023-07-02")), BREACH),
    ("RC-16", "revenue unknown", replace(BEIJING, borrower_revenue=None), UNKNOWN),
    ("RC-17", "principal alone", CITY, PASS),
    ("RC-17", "interest too", replace(CITY, covers_interest=True), BREACH),
    ("RC-17", "not said", replace(CITY, covers_interest=None), UNKNOWN),
    ("RC-18", "ten times", POOL, PASS),
    ("RC-18", "a fen more", replace(POOL, outstanding=6_000 * WAN + 1), BREACH),
    ("RC-18", "agreed lower", replace(POOL, leverage_max=D("9.9")), BREACH),
    ("RC-18", "empty pool", replace(POOL, cash=0), BREACH),
    ("RC-18", "no contribution recorded", replace(POOL, contributed=0), UNKNOWN),
    ("RC-18", "nothing outstanding", replace(POOL, outstanding=0), NA),
    ("RC-19", "half", POOL_AND_BANK, PASS),
    ("RC-19", "at the floor", replace(POOL_AND_BANK, share_pool=D("0.3")), PASS),
    ("RC-19", "below", replace(POOL_AND_BANK, share_pool=D("0.29")), WARN),
    ("RC-19", "above", replace(POOL_AND_BANK, share_pool=D("0.81")), WARN),
    ("RC-19", "not stated", replace(POOL_AND_BANK, share_pool=None), UNKNOWN),
    ("RC-20", "on the last days", CLAIM, PASS),
    ("RC-20", "a day late", replace(CLAIM, review_used=6), BREACH),
    ("RC-20", "decision a day late", replace(CLAIM, decision_used=26), BREACH),
    ("RC-20", "claimed a day early", replace(CLAIM, overdue_since=day("2026-01-01")), BREACH),
    ("RC-20", "submitted on no recorded day", replace(CLAIM, submitted_on=None), UNKNOWN),
    ("RC-20", "the same, a day late", replace(CLAIM, submitted_on=None, review_used=6), BREACH),
    ("RC-20", "not submitted", replace(CLAIM, submitted_on=None, steps=()), NA),
    ("RC-20", "a notice is missing", replace(CLAIM, decision_used=None), UNKNOWN),
    (
        "RC-20",
        "agreed otherwise",
        replace(CLAIM, review_used=6, agreement=replace(POOL_AND_BANK, review_days=6)),
        PASS,
    ),
    ("RC-21", "in order", CLAIM, PASS),
    (
        "RC-21",
        "no confirmation",
        replace(CLAIM, loan=loan(POOL_AND_BANK, enrolment_confirmation_id=None)),
        UNKNOWN,
    ),
    ("RC-21", "overdue on the day of enrolment", replace(CLAIM, overdue_since=ON), PASS),
    ("RC-21", "enrolled after", replace(CLAIM, overdue_since=ON - dt.timedelta(days=1)), BREACH),
    ("RC-21", "refused without a reason", replace(CLAIM, claim_decision=w.ClaimDecision.REFUSED), BREACH),
    ("RC-22", "at the cap", POOL, PASS),
    ("RC-22", "a fen above", replace(POOL, limits=(CAP._replace(used=101),)), BREACH),
    ("RC-22", "below zero", replace(POOL, lowest_cash=-1), BREACH),
    ("RC-22", "a cap that cannot be told", replace(POOL, limits=(CAP._replace(allowed=None),)), UNKNOWN),
    ("RC-23", "above the floor", POOL, PASS),
    ("RC-23", "at the floor", replace(POOL, cash=500 * WAN), PASS),
    (
        "RC-23",
        "below, within the days",
        replace(POOL, cash=499 * WAN, below_floor_since=TODAY - dt.timedelta(days=90)),
        WARN,
    ),
    (
        "RC-23",
        "below, a day late",
        replace(POOL, cash=499 * WAN, below_floor_since=TODAY - dt.timedelta(days=91)),
        BREACH,
    ),
    ("RC-23", "first size unknown", replace(POOL, first_size=None), UNKNOWN),
    ("RC-23", "since when unknown", replace(POOL, cash=499 * WAN), UNKNOWN),
    ("RC-24", "by what each bore", BACK, PASS),
    (
        "RC-24",
        "a day late",
        replace(BACK, recoveries=(BACK.recoveries[0], BACK.recoveries[1]._replace(days=31))),
        BREACH,
    ),
    (
        "RC-24",
        "day unknown",
        replace(BACK, recoveries=(BACK.recoveries[0], BACK.recoveries[1]._replace(days=None))),
        UNKNOWN,
    ),
    (
        "RC-24",
        "two fen from the fair part",
        replace(BACK, recoveries=(BACK.recoveries[0]._replace(returned=10 * WAN + 2), BACK.recoveries[1])),
        BREACH,
    ),
    (
        "RC-24",
        "an order is agreed",
        replace(
            BACK,
            agreement=replace(POOL_AND_BANK, recovery_order=w.RecoveryOrder.LENDER_FIRST),
            recoveries=(
                BACK.recoveries[0]._replace(returned=20 * WAN, fair=20 * WAN),
                BACK.recoveries[1]._replace(returned=0, fair=0),
            ),
        ),
        PASS,
    ),
    (
        "RC-24",
        "an order is agreed and not followed",
        replace(
            BACK,
            agreement=replace(POOL_AND_BANK, recovery_order=w.RecoveryOrder.LENDER_FIRST),
            recoveries=(BACK.recoveries[0]._replace(fair=20 * WAN), BACK.recoveries[1]._replace(fair=0)),
        ),
        BREACH,
    ),
    (
        "RC-24",
        "more than it bore",
        replace(BACK, recoveries=(BACK.recoveries[0]._replace(returned=50 * WAN + 1, fair=None),)),
        BREACH,
    ),
    ("RC-24", "nothing recovered", CLAIM, NA),
    ("RC-25", "ten times", GUARANTOR, PASS),
    ("RC-25", "a fen more", replace(GUARANTOR, weighted=100_000 * WAN + 1), BREACH),
    (
        "RC-25",
        "a fen more, small firms",
        replace(GUARANTOR, weighted=100_000 * WAN + 1, mainly_small_or_farm=True),
        PASS,
    ),
    (
        "RC-25",
        "a fen more, not said",
        replace(GUARANTOR, weighted=100_000 * WAN + 1, mainly_small_or_farm=None),
        UNKNOWN,
    ),
    (
        "RC-25",
        "above fifteen",
        replace(GUARANTOR, weighted=150_000 * WAN + 1, mainly_small_or_farm=True),
        BREACH,
    ),
    ("RC-25", "net assets unknown", replace(GUARANTOR, net_assets=None), UNKNOWN),
    ("RC-26", "at both", GUARANTOR, PASS),
    ("RC-26", "one borrower a fen more", replace(GUARANTOR, largest_borrower=1_000 * WAN + 1), BREACH),
    ("RC-26", "one group a fen more", replace(GUARANTOR, largest_group=1_500 * WAN + 1), BREACH),
    ("RC-26", "a weight unknown, below in any case", replace(GUARANTOR, largest_group_least=750 * WAN), PASS),
    (
        "RC-26",
        "a weight unknown that decides",
        replace(GUARANTOR, largest_borrower=1_000 * WAN + 1, largest_borrower_least=750 * WAN),
        UNKNOWN,
    ),
    (
        "RC-26",
        "a weight unknown, above in any case",
        replace(GUARANTOR, largest_borrower=2_000 * WAN, largest_borrower_least=1_000 * WAN + 1),
        BREACH,
    ),
    ("RC-26", "net assets unknown", replace(GUARANTOR, net_assets=None), UNKNOWN),
    ("RC-27", "none", GUARANTOR, PASS),
    ("RC-27", "reported on day 30", replace(GUARANTOR, related=related()), PASS),
    (
        "RC-27",
        "reported on day 31",
        replace(GUARANTOR, related=related(related_reported_on=ON + dt.timedelta(days=31))),
        BREACH,
    ),
    ("RC-27", "on better terms", replace(GUARANTOR, related=related(no_better_terms=False)), BREACH),
    ("RC-27", "terms unknown", replace(GUARANTOR, related=related(no_better_terms=None)), UNKNOWN),
    ("RC-27", "for its holder", replace(GUARANTOR, related=related(controls=True)), BREACH),
    ("RC-27", "capital a fen short", replace(GUARANTOR, cash_capital=2_000 * WAN - 1), BREACH),
    ("RC-27", "controller unknown", replace(GUARANTOR, actual_controller=None), UNKNOWN),
    ("RC-27", "related parties unknown", replace(GUARANTOR, related_parties=None), UNKNOWN),
    ("RC-28", "counted", GUARANTOR, PASS),
    ("RC-28", "left out", replace(GUARANTOR, liability=999 * WAN), BREACH),
    ("RC-28", "weight unknown", replace(GUARANTOR, weighted=None), UNKNOWN),
    ("RC-28", "no bonds", replace(GUARANTOR, bonds=0), NA),
    ("RC-29", "told", GUARANTOR, PASS),
    ("RC-29", "more than the liability", replace(GUARANTOR, weighted=100_000 * WAN + 1), BREACH),
    ("RC-29", "not told", replace(GUARANTOR, weighted=None), UNKNOWN),
    ("RC-30", "at both", GUARANTOR, PASS),
    ("RC-30", "unearned a fen short", replace(GUARANTOR, unearned_fee_reserve=50 * WAN - 1), BREACH),
    ("RC-30", "set aside a fen short", replace(GUARANTOR, loss_provision=1_000 * WAN - 1), BREACH),
    ("RC-30", "the reserve is full", replace(GUARANTOR, loss_reserve=10_000 * WAN, loss_provision=0), PASS),
    ("RC-30", "a fen less", replace(GUARANTOR, loss_reserve=10_000 * WAN - 1, loss_provision=0), BREACH),
    ("RC-30", "nobody says what was set aside", replace(GUARANTOR, loss_provision=None), UNKNOWN),
    (
        "RC-30",
        "nor is a year's share there",
        replace(GUARANTOR, loss_provision=None, loss_reserve=1_000 * WAN - 1),
        BREACH,
    ),
    ("RC-30", "loss reserve unknown", replace(GUARANTOR, loss_reserve=None), UNKNOWN),
    ("RC-31", "registered pledge", IP, PASS),
    ("RC-31", "other collateral", replace(IP, collateral=w.Collateral.PROPERTY), BREACH),
    ("RC-31", "no registration", replace(IP, ip_registration=None), UNKNOWN),
    ("RC-31", "above the usual size", replace(IP, contract_amount=1_000 * WAN + 1), BREACH),
    ("RC-32", "36 months", KNOWLEDGE, PASS),
    ("RC-32", "37 months", replace(KNOWLEDGE, term_months=37), BREACH),
    ("RC-32", "no score", replace(KNOWLEDGE, knowledge_score=None), UNKNOWN),
    ("RC-32", "credit with a pledge", replace(KNOWLEDGE, collateral=w.Collateral.PROPERTY), BREACH),
    (
        "RC-32",
        "guaranteed with a pledge",
        replace(KNOWLEDGE, loan_channel=w.Channel.GUARANTEED, collateral=w.Collateral.PROPERTY),
        PASS,
    ),
    ("RC-33", "within", CONVERSION, PASS),
    ("RC-33", "revenue at 300 million", replace(CONVERSION, borrower_revenue=30_000 * WAN), PASS),
    ("RC-33", "revenue above", replace(CONVERSION, borrower_revenue=30_000 * WAN + 1), BREACH),
    ("RC-33", "eleven months", replace(CONVERSION, term_months=11), BREACH),
    ("RC-33", "agreement a day short", with_agreement(CONVERSION, agreement_until=day("2027-12-30")), BREACH),
    ("RC-33", "agreement's end unknown", with_agreement(CONVERSION, agreement_until=None), UNKNOWN),
    ("RC-34", "own money, on the balance sheet", LINKED, PASS),
    ("RC-34", "other money", replace(LINKED, equity_money_source=w.MoneySourceOfArm.OTHER), BREACH),
    ("RC-34", "off the balance sheet", replace(LINKED, loan_on_balance_sheet=False), BREACH),
    (
        "RC-34",
        "a mature borrower",
        replace(LINKED, loans=(loan(LINKED, borrower_stage=Stage.MATURE),)),
        BREACH,
    ),
    ("RC-34", "stage unknown", replace(LINKED, loans=(loan(LINKED, borrower_stage=None),)), UNKNOWN),
    ("RC-35", "at the cap", CAPPED, PASS),
    ("RC-35", "a point above", replace(CAPPED, loan_rate=D("0.0401")), BREACH),
    ("RC-35", "LPR unknown", replace(CAPPED, lpr_1y=None), UNKNOWN),
    (
        "RC-35",
        "ten per cent over five-year LPR",
        with_agreement(
            replace(CAPPED, loan_rate=D("0.0385")),
            loan_rate_base=w.RateBase.LPR_5Y,
            loan_rate_margin=None,
            loan_rate_multiple=D("1.1"),
        ),
        PASS,
    ),
    ("RC-35", "no cap agreed", TECH_LOAN, NA),
    ("RC-36", "the whole loss", LOST, PASS),
    ("RC-36", "a fen more", replace(LOST, public_paid=50 * WAN + 1), BREACH),
    ("RC-36", "handed back", replace(LOST, public_paid=60 * WAN, handed_back=10 * WAN), PASS),
    ("RC-36", "above the cap on public money", replace(LOST, public_paid=80 * WAN + 1, retained=0), BREACH),
    ("RC-36", "loss unknown", replace(LOST, covered_loss=None), UNKNOWN),
    ("RC-36", "no claim", replace(LOST, has_claim=False), NA),
    ("RC-37", "seed at its rate", ANGEL, PASS),
    ("RC-37", "a fen more", replace(ANGEL, pool_paid=210 * WAN + 1), BREACH),
    (
        "RC-37",
        "start-up at its rate",
        replace(ANGEL, stage_invested=Stage.STARTUP, pool_paid=105 * WAN),
        PASS,
    ),
    (
        "RC-37",
        "start-up above",
        replace(ANGEL, stage_invested=Stage.STARTUP, pool_paid=105 * WAN + 1),
        BREACH,
    ),
    ("RC-37", "project cap", replace(ANGEL, loss_invested=850 * WAN, pool_paid=300 * WAN + 1), BREACH),
    ("RC-37", "year above", replace(ANGEL, paid_in_year=600 * WAN + 1), BREACH),
    ("RC-37", "claimed twice", replace(ANGEL, deal_claims=("S2",)), BREACH),
    ("RC-37", "loss tolerated over all projects", TOLERANT, PASS),
    ("RC-37", "a fen more was lost", replace(TOLERANT, all_recovered=300 * WAN - 1), BREACH),
    ("RC-37", "one project is not told", replace(TOLERANT, all_recovered=None), UNKNOWN),
    ("RC-37", "gains above losses", replace(TOLERANT, all_recovered=600 * WAN), PASS),
    ("RC-37", "a project compensated all the same", replace(TOLERANT, pool_paid=1), BREACH),
    ("RC-37", "stage unknown", replace(ANGEL, stage_invested=None), UNKNOWN),
    ("PI-10", "agrees", POOL, PASS),
    ("PI-10", "a fen apart", replace(POOL, statement=600 * WAN - 1), WARN),
    ("PI-10", "no statement", replace(POOL, statement=None), UNKNOWN),
]
CODED = sorted({case[0] for case in CASES})


@pytest.mark.parametrize(
    ("rule", "what", "own", "verdict"), CASES, ids=lambda x: x if isinstance(x, str) else ""
)
def test_a_rule_says(rule: str, what: str, own: Any, verdict: Verdict) -> None:
    made = ask(rule, own, day=TODAY)
    assert not isinstance(made, list)
    assert made is not None
    assert made.verdict is verdict, made.text  # type: ignore[union-attr]
    if verdict is BREACH:
        assert made.text.zh  # type: ignore[union-attr]


def test_every_rule_of_the_family_is_here() -> None:
    assert set(CODED) == {r for r in catalogue.RULES if r.startswith("RC-")} | {"PI-10"}
    assert len(CODED) == 38


def test_a_loan_is_judged_by_the_rules_of_its_day_with_todays_beside() -> None:
    """The national fund's tiers came in July 2024: a loan of before is judged by none, and today's verdict says so."""
    old = replace(with_agreement(TECH_LOAN, share_national_fund=D("0.5")), day=day("2024-07-23"))
    matter = Matter(Scope.LOAN, (old,), Subject(SubjectKind.LOAN, "L"))
    (found,) = judge(OfficeFacts(TODAY, further=(matter,)), TODAY, only=["RC-03"])
    assert found.verdict is NA
    assert found.beside is not None
    assert found.beside.verdict is BREACH


UNJUDGED = frozenset(
    {"code", "as_of", "agreement", "borrower", "loan", "loans", "related", "shares", "limits", "recoveries"}
)


@pytest.mark.parametrize("rule", CODED)
def test_a_rule_declares_what_it_asks_for(rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every field that the rule reads in any of its cases, of whatever class of facts."""
    from test_fof_rules_coinvest_inputs import _names, _watch

    told = {(own.owner, own.path[-1]) for own in declared()[rule].asks.values()}
    read: set[tuple[type, str]] = set()
    for kind in list(vars(facts_pools).values()):
        if isinstance(kind, type) and kind.__module__ == facts_pools.__name__ and _names(kind):
            monkeypatch.setattr(kind, "__getattribute__", _watch(kind, read))
    for one, _, own, _ in CASES:
        if one == rule:
            ask(rule, own, day=TODAY)
    monkeypatch.undo()
    assert {f"{k.__name__}.{n}" for k, n in read - told if n not in UNJUDGED} == set()
