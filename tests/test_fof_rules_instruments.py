"""Rules of the small instruments: each limb inside, on and outside its bound, and missing; and that each input has a column."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from decimal import Decimal as D
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from test_fof_rules_coinvest_inputs import columns, explained

from fof.rules import catalogue, facts_instruments
from fof.rules.conversion import open_to_others_from
from fof.rules.engine import ask, judge
from fof.rules.facts import Matter, OfficeFacts
from fof.rules.facts_instruments import (
    DeductionFacts,
    GrantFacts,
    ResultFacts,
    StatisticsFacts,
    YearDeducted,
)
from fof.rules.facts_parties import CompanyFacts, YearFigures
from fof.rules.grants import voucher_allowed
from fof.rules.inputs import declared
from fof.rules.registry import OF_INSTRUMENTS, RULES, Scope, Verdict
from models import instruments as w
from models.subjects import Subject, SubjectKind


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


TODAY = day("2026-09-30")
BREACH, PASS, UNKNOWN, NA, WARN = (
    Verdict.BREACH,
    Verdict.PASS,
    Verdict.UNKNOWN,
    Verdict.NOT_APPLICABLE,
    Verdict.WARN,
)
WAN = 1_000_000  # fen of ten thousand yuan
VOUCHER = GrantFacts(
    "V",
    TODAY,
    "Q",
    w.GrantStep.PAID,
    day("2024-10-20"),
    w.GrantDecision.WHOLLY,
    10 * WAN,
    paid=10 * WAN,
    eligible_cost=20 * WAN,
    cost_invoiced=20 * WAN,
    cost_paid=20 * WAN,
    cost_evidence="发票",
    other_grants=10 * WAN,
    contract_on=day("2024-03-01"),
    service_accepted_on=day("2025-03-01"),
    provider="SP",
    provider_independent=True,
    st_sme_then=True,
)
SUBSIDY = GrantFacts(
    "B",
    TODAY,
    "F",
    w.GrantStep.PAID,
    day("2024-10-20"),
    w.GrantDecision.WHOLLY,
    32 * WAN,
    paid=32 * WAN,
    eligible_cost=40 * WAN,
    cost_invoiced=40 * WAN,
    cost_paid=40 * WAN,
    cost_evidence="发票",
    other_grants=0,
    subsidy_kind=w.SubsidyKind.INCUBATION,
    service_score=D(80),
    score_evidence="评价",
    own_funds=12 * WAN,
    cap=32 * WAN,
    own_share_min=D("0.3"),
)
REWARD = GrantFacts(
    "R",
    TODAY,
    "CT",
    w.GrantStep.DECIDED,
    day("2025-06-02"),
    w.GrantDecision.WHOLLY,
    100 * WAN,
    subsidy_kind=w.SubsidyKind.REWARD,
    st_sme_then=True,
    invested=10_000 * WAN,
    invested_on=day("2024-06-01"),
    rewarded_before=100 * WAN,
)
START_UP = CompanyFacts(
    "Q",
    day("2022-03-01"),
    founded_on=day("2017-03-01"),
    resident=True,
    audited_accounts=True,
    high_tech_until=day("2022-03-01"),
    years=(
        YearFigures(2021, staff=300, degree_staff=90, revenue=5000 * WAN, total_assets=5000 * WAN),
        YearFigures(2022, rd_expense=20, costs=100),
        YearFigures(2023, rd_expense=20, costs=100),
    ),
)
DEDUCTION = DeductionFacts(
    "D",
    TODAY,
    day("2022-03-01"),
    "T",
    START_UP,
    w.DeductionForm.ANGEL,
    100 * WAN,
    paid_in_money=True,
    new_shares=True,
    side_conditions_met=True,
    unlisted_two_years=True,
    years=(YearDeducted(2024, 40 * WAN, 40 * WAN), YearDeducted(2025, 50 * WAN, 30 * WAN)),
)
LATE = replace(START_UP, founded_on=day("2016-01-01"))  # no start-up any more, but small and high-tech
LICENSED = ResultFacts(
    "C",
    TODAY,
    "Q",
    "GOV",
    "Q2",
    result_due=day("2023-06-30"),
    result_exception=w.ResultException.NONE,
    priority_offered_on=day("2024-06-30"),
    priority_answer=w.PriorityAnswer.DECLINED,
    licensed_on=day("2024-07-01"),
)
OPEN = ResultFacts("C", TODAY, "Q", result_due=day("2025-09-30"), result_exception=w.ResultException.NONE)
YEAR = StatisticsFacts("2025", TODAY, 3)


CASES = [
    ("IV-01", "half of the cost and the whole cap", VOUCHER, PASS),
    ("IV-01", "a fen above half", replace(VOUCHER, eligible_cost=20 * WAN - 2), BREACH),
    ("IV-01", "above the cap", replace(VOUCHER, eligible_cost=99 * WAN, granted_amount=10 * WAN + 1), BREACH),
    ("IV-01", "a fen granted before in the year", replace(VOUCHER, granted_in_year=1), BREACH),
    ("IV-01", "granted in another year", replace(VOUCHER, granted_ever=10 * WAN), PASS),
    ("IV-01", "cost unknown", replace(VOUCHER, eligible_cost=None), UNKNOWN),
    ("IV-01", "paid above the grant", replace(VOUCHER, paid=10 * WAN + 1), BREACH),
    ("IV-01", "refused", replace(VOUCHER, grant_decision=w.GrantDecision.REFUSED), NA),
    ("IV-01", "withdrawn", replace(VOUCHER, grant_step=w.GrantStep.WITHDRAWN), NA),
    ("IV-01", "not decided", replace(VOUCHER, grant_decision=None), NA),
    ("IV-02", "everything in evidence, all grants as much as the cost", VOUCHER, PASS),
    ("IV-02", "no S&T-SME", replace(VOUCHER, st_sme_then=False), BREACH),
    ("IV-02", "not known whether one", replace(VOUCHER, st_sme_then=None), UNKNOWN),
    ("IV-02", "declared related", replace(VOUCHER, provider_independent=False), BREACH),
    ("IV-02", "related by ownership", replace(VOUCHER, affiliated=True), BREACH),
    ("IV-02", "nothing declared", replace(VOUCHER, provider_independent=None), UNKNOWN),
    ("IV-02", "no provider", replace(VOUCHER, provider=None), UNKNOWN),
    ("IV-02", "a fen not invoiced", replace(VOUCHER, cost_invoiced=20 * WAN - 1), BREACH),
    ("IV-02", "a fen not paid", replace(VOUCHER, cost_paid=20 * WAN - 1), BREACH),
    ("IV-02", "payment unknown", replace(VOUCHER, cost_paid=None), UNKNOWN),
    ("IV-02", "no evidence", replace(VOUCHER, cost_evidence=None), UNKNOWN),
    ("IV-02", "a fen above the cost together", replace(VOUCHER, other_grants=10 * WAN + 1), BREACH),
    ("IV-02", "other grants unknown", replace(VOUCHER, other_grants=None), UNKNOWN),
    ("IV-02", "a day after a year", replace(VOUCHER, service_accepted_on=day("2025-03-02")), BREACH),
    (
        "IV-02",
        "valid longer",
        replace(VOUCHER, service_accepted_on=day("2025-03-02"), voucher_valid_until=TODAY),
        PASS,
    ),
    ("IV-02", "not decided yet", replace(VOUCHER, grant_decision=None, granted_amount=None), PASS),
    ("IV-02", "not accepted yet", replace(VOUCHER, service_accepted_on=None), UNKNOWN),
    ("IV-02", "refused", replace(VOUCHER, grant_decision=w.GrantDecision.REFUSED), NA),
    ("IN-01", "1 % a day after a year, the whole cap", REWARD, PASS),
    ("IN-01", "on the day of the year", replace(REWARD, decided_on=day("2025-06-01")), BREACH),
    ("IN-01", "a fen above 1 %", replace(REWARD, invested=10_000 * WAN - 100), BREACH),
    ("IN-01", "a fen above the cap", replace(REWARD, rewarded_before=100 * WAN + 1), BREACH),
    ("IN-01", "sold within the year", replace(REWARD, sold_on=day("2025-06-01")), BREACH),
    ("IN-01", "a part sold within the year", replace(REWARD, part_sold_on=day("2025-06-01")), UNKNOWN),
    ("IN-01", "a part sold a day later", replace(REWARD, part_sold_on=day("2025-06-02")), PASS),
    ("IN-01", "no S&T-SME", replace(REWARD, st_sme_then=False), BREACH),
    ("IN-01", "investment unknown", replace(REWARD, invested=None), UNKNOWN),
    ("IN-01", "day unknown", replace(REWARD, invested_on=None), UNKNOWN),
    ("IN-01", "another kind", replace(REWARD, subsidy_kind=w.SubsidyKind.RESEARCH), NA),
    ("IN-01", "kind unknown", replace(REWARD, subsidy_kind=None), UNKNOWN),
    ("IN-01", "refused", replace(REWARD, grant_decision=w.GrantDecision.REFUSED), NA),
    ("IN-02", "score times cost, cap and own share met", SUBSIDY, PASS),
    ("IN-02", "score a hundredth lower", replace(SUBSIDY, service_score=D("79.99")), BREACH),
    ("IN-02", "a fen above the cap", replace(SUBSIDY, cap=32 * WAN - 1), BREACH),
    ("IN-02", "cap not stated", replace(SUBSIDY, cap=None), UNKNOWN),
    ("IN-02", "a fen of own funds short", replace(SUBSIDY, own_funds=12 * WAN - 1), BREACH),
    ("IN-02", "own funds unknown", replace(SUBSIDY, own_funds=None), UNKNOWN),
    ("IN-02", "share not stated", replace(SUBSIDY, own_share_min=None), UNKNOWN),
    ("IN-02", "score without evidence", replace(SUBSIDY, score_evidence=None), UNKNOWN),
    ("IN-02", "another grant of a fen", replace(SUBSIDY, other_grants=1), BREACH),
    ("IN-02", "others unknown", replace(SUBSIDY, other_grants=None), UNKNOWN),
    ("IN-02", "not invoiced", replace(SUBSIDY, cost_invoiced=0), BREACH),
    ("IN-02", "paid above the grant", replace(SUBSIDY, paid=32 * WAN + 1), BREACH),
    ("IN-02", "research likewise", replace(SUBSIDY, subsidy_kind=w.SubsidyKind.RESEARCH), PASS),
    ("IN-02", "a reward", replace(SUBSIDY, subsidy_kind=w.SubsidyKind.REWARD), NA),
    ("IN-02", "kind unknown", replace(SUBSIDY, subsidy_kind=None), UNKNOWN),
    ("IN-02", "not decided", replace(SUBSIDY, grant_decision=None), NA),
    ("TX-01", "70 % in two years", DEDUCTION, PASS),
    ("TX-01", "a fen more", replace(DEDUCTION, invested=100 * WAN - 1), BREACH),
    ("TX-01", "above taxable income", replace(DEDUCTION, years=(YearDeducted(2024, 1, 2),)), BREACH),
    ("TX-01", "income unknown", replace(DEDUCTION, years=(YearDeducted(2024, None, 2),)), UNKNOWN),
    ("TX-01", "the year before month 24", replace(DEDUCTION, years=(YearDeducted(2023, 2, 2),)), BREACH),
    ("TX-01", "sold in month 23", replace(DEDUCTION, deduction_sold_on=day("2024-02-29")), BREACH),
    ("TX-01", "sold in month 24", replace(DEDUCTION, deduction_sold_on=day("2024-03-01")), PASS),
    ("TX-01", "all sold by the book in month 23", replace(DEDUCTION, left_on=day("2024-02-29")), BREACH),
    ("TX-01", "all sold by the book in month 24", replace(DEDUCTION, left_on=day("2024-03-01")), PASS),
    (
        "TX-01",
        "a part sold by the book in month 23",
        replace(DEDUCTION, part_left_on=day("2024-02-29")),
        UNKNOWN,
    ),
    (
        "TX-01",
        "another part, these later",
        replace(DEDUCTION, part_left_on=day("2024-02-29"), deduction_sold_on=day("2024-03-01")),
        PASS,
    ),
    ("TX-01", "a part sold in month 24", replace(DEDUCTION, part_left_on=day("2024-03-01")), PASS),
    (
        "TX-01",
        "a part sold, and above taxable income",
        replace(DEDUCTION, part_left_on=day("2024-02-29"), years=(YearDeducted(2024, 1, 2),)),
        BREACH,
    ),
    ("TX-01", "paid in kind", replace(DEDUCTION, paid_in_money=False), BREACH),
    ("TX-01", "old shares", replace(DEDUCTION, new_shares=False), BREACH),
    ("TX-01", "shares unknown", replace(DEDUCTION, new_shares=None), UNKNOWN),
    ("TX-01", "side conditions unknown", replace(DEDUCTION, side_conditions_met=None), UNKNOWN),
    ("TX-01", "company too old", replace(DEDUCTION, company=LATE), BREACH),
    (
        "TX-01",
        "of a company VC high-tech",
        replace(DEDUCTION, company=LATE, deduction_form=w.DeductionForm.COMPANY_VC),
        PASS,
    ),
    ("TX-01", "of whom unknown", replace(DEDUCTION, deduction_form=None), UNKNOWN),
    ("TX-01", "company unknown", replace(DEDUCTION, company=None), UNKNOWN),
    ("TX-01", "listed within two years", replace(DEDUCTION, unlisted_two_years=False), BREACH),
    (
        "TX-01",
        "within 36 months of liquidation",
        replace(DEDUCTION, deduction_liquidated_on=day("2022-12-31")),
        PASS,
    ),
    ("TX-01", "after them", replace(DEDUCTION, deduction_liquidated_on=day("2021-12-31")), BREACH),
    ("TX-01", "eligible, nothing deducted yet", replace(DEDUCTION, years=()), PASS),
    ("TX-01", "not yet two years", replace(DEDUCTION, years=(), as_of=day("2024-02-29")), NA),
    ("TX-01", "not eligible, nothing deducted", replace(DEDUCTION, years=(), new_shares=False), NA),
    ("TX-01", "not to be told, nothing deducted", replace(DEDUCTION, years=(), new_shares=None), UNKNOWN),
    ("TX-01", "day unknown", replace(DEDUCTION, day=None), UNKNOWN),
    ("TC-01B", "licensed the day after the year, asked before", LICENSED, PASS),
    (
        "TC-01B",
        "licensed on the last day",
        replace(LICENSED, licensed_on=day("2024-06-30"), priority_offered_on=day("2024-06-01")),
        BREACH,
    ),
    ("TC-01B", "asked on the same day", replace(LICENSED, priority_offered_on=day("2024-07-01")), BREACH),
    ("TC-01B", "not asked as far as known", replace(LICENSED, priority_offered_on=None), UNKNOWN),
    ("TC-01B", "the team took it", replace(LICENSED, priority_answer=w.PriorityAnswer.TAKEN), BREACH),
    ("TC-01B", "answer unknown", replace(LICENSED, priority_answer=None), UNKNOWN),
    ("TC-01B", "a matter of defence", replace(LICENSED, result_exception=w.ResultException.DEFENCE), BREACH),
    ("TC-01B", "exception unknown", replace(LICENSED, result_exception=None), UNKNOWN),
    ("TC-01B", "converted before", replace(LICENSED, result_converted_on=day("2024-06-30")), BREACH),
    ("TC-01B", "due day unknown", replace(LICENSED, result_due=None), UNKNOWN),
    ("TC-01B", "the last day of the year", OPEN, PASS),
    ("TC-01B", "a day more", replace(OPEN, result_due=day("2025-09-29")), WARN),
    (
        "TC-01B",
        "a day more, exception unknown",
        replace(OPEN, result_due=day("2025-09-29"), result_exception=None),
        UNKNOWN,
    ),
    ("TC-01B", "an exception", replace(OPEN, result_exception=w.ResultException.SECURITY), NA),
    ("TC-01B", "converted", replace(OPEN, result_due=day("2020-01-01"), result_converted_on=TODAY), PASS),
    ("TC-01B", "no due day", replace(OPEN, result_due=None), UNKNOWN),
    ("PI-12", "complete", YEAR, PASS),
    ("PI-12", "one without a class", replace(YEAR, without_class=("Q1",)), UNKNOWN),
    ("PI-12", "one without a city", replace(YEAR, without_city=("Q1",)), UNKNOWN),
    ("PI-12", "one without staff", replace(YEAR, without_staff=("Q1",)), UNKNOWN),
    ("PI-12", "one without patents", replace(YEAR, without_patents=("Q1",)), UNKNOWN),
    ("PI-12", "a class that there is not", replace(YEAR, foreign_class=("Q1",)), BREACH),
    ("PI-12", "nobody supported", replace(YEAR, supported=0), NA),
]
CODED = sorted({case[0] for case in CASES})


@pytest.mark.parametrize(
    ("rule", "what", "own", "verdict"), CASES, ids=lambda x: x if isinstance(x, str) else ""
)
def test_a_rule_says(rule: str, what: str, own: Any, verdict: Verdict) -> None:
    made = ask(rule, own, day=TODAY)
    assert made is not None
    assert made.verdict is verdict, made.text  # type: ignore[union-attr]


def test_every_rule_of_the_instruments_is_here() -> None:
    assert set(CODED) == {r.id for r in RULES.values() if r.scope in OF_INSTRUMENTS}


@pytest.mark.parametrize(
    ("period", "beside", "verdict"),
    [
        ("calendar_year", {"granted_in_year": 1}, BREACH),
        ("calendar_year", {"granted_ever": 1, "granted_in_contract": 1}, PASS),
        ("contract", {"granted_in_contract": 1}, BREACH),
        ("contract", {"granted_in_year": 1}, PASS),
        ("once", {"granted_ever": 1}, BREACH),
        ("once", {"granted_in_year": 1}, PASS),
    ],
)
def test_the_period_of_the_cap_is_a_parameter(period: str, beside: dict[str, int], verdict: Verdict) -> None:
    made = RULES["IV-01"].judge(
        replace(VOUCHER, **beside), voucher_rate=D("0.5"), voucher_cap=10 * WAN, voucher_period=period
    )
    assert made.verdict is verdict  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("cost", "beside", "allowed"), [(0, 0, 0), (3, 0, 1), (20, 0, 10), (22, 0, 10), (22, 4, 6), (22, 11, 0)]
)
def test_what_a_voucher_may_pay(cost: int, beside: int, allowed: int) -> None:
    assert voucher_allowed(cost, beside, D("0.5"), 10) == allowed


@pytest.mark.golden
def test_published_voucher_schemes_reproduce(golden: Path) -> None:
    """Two Dutch schemes: the invoice less the firm's own share, up to what is paid at most."""
    schemes = json.loads((golden / "pools_sme" / "innovation_vouchers.json").read_text("utf-8"))
    assert len(schemes) >= 2
    for scheme in schemes:
        part, most = 1 - Fraction(str(scheme["own_share"])), scheme.get("max_paid", scheme["max_value"])
        for case in scheme["derived"]:
            paid = voucher_allowed(case["invoice"] * 100, 0, part, most * 100)
            assert paid == case["paid"] * 100, (scheme["id"], case)


@pytest.mark.parametrize(
    ("due", "opened"),
    [
        ("2023-06-30", "2024-07-01"),
        ("2024-02-29", "2025-03-01"),
        ("2023-02-28", "2024-02-29"),
        ("2023-12-31", "2025-01-01"),
    ],
)
def test_one_year_is_the_calendar_year(due: str, opened: str) -> None:
    assert open_to_others_from(day(due), 1) == day(opened)


def test_a_voucher_is_judged_by_the_rules_of_its_decision() -> None:
    """The policy came in October 2017: what was decided before is judged by none, and today's verdict stands beside."""
    old = replace(VOUCHER, decided_on=day("2017-10-25"), granted_amount=11 * WAN)
    matter = Matter(Scope.VOUCHER, (old,), Subject(SubjectKind.VOUCHER, "V"))
    (found,) = judge(OfficeFacts(TODAY, further=(matter,)), TODAY, only=["IV-01"])
    assert found.verdict is NA
    assert found.beside is not None
    assert found.beside.verdict is BREACH


@pytest.mark.parametrize("rule", CODED)
def test_a_rule_declares_what_it_asks_for(rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every field that the rule reads in any of its cases."""
    from test_fof_rules_coinvest_inputs import _names, _watch

    told = {own.path[-1] for own in declared()[rule].asks.values()}
    read: set[tuple[type, str]] = set()
    for kind in list(vars(facts_instruments).values()):
        if isinstance(kind, type) and kind.__module__ == facts_instruments.__name__ and _names(kind):
            monkeypatch.setattr(kind, "__getattribute__", _watch(kind, read))
    for one, _, own, _ in CASES:
        if one == rule:
            ask(rule, own, day=TODAY)
    monkeypatch.undo()
    of_year = {"year", "taxable_income", "deducted"}
    assert {n for _, n in read} - told - {"code", "as_of", "company", *of_year} == set()


GRANTS = ("voucher_claims", "subsidy_claims")
MADE_OF: dict[str, tuple[str, ...]] = {
    "paid": tuple(f"{g}.amount" for g in GRANTS),
    "decided_on": tuple(f"{g}.since" for g in GRANTS),
    "contract_on": ("voucher_claims.service_contract_on",),
    "provider": ("voucher_claims.provider",),
    "affiliated": ("edges.share", "borrower_certificates.group_head"),
    "st_sme_then": ("borrower_certificates.st_sme_until", "companies.st_sme"),
    "granted_in_year": ("voucher_claims.granted_amount", "voucher_claims.since"),
    "granted_in_contract": ("voucher_claims.granted_amount", "voucher_claims.provider"),
    "granted_ever": ("voucher_claims.granted_amount",),
    "cap": ("subsidy_terms.incubation_cap", "subsidy_terms.research_cap"),
    "own_share_min": ("subsidy_terms.incubation_own_share", "subsidy_terms.research_own_share"),
    "invested": ("subsidy_claims.reward_invested", "tax_deductions.deduction_invested", "deals.amount"),
    "invested_on": ("subsidy_claims.reward_invested_on", "deals.day"),
    "sold_on": ("deals.kind",),
    "part_sold_on": ("deals.kind", "deals.day"),
    "left_on": ("deals.kind", "deals.day"),
    "part_left_on": ("deals.kind", "deals.day"),
    "rewarded_before": ("subsidy_claims.granted_amount", "subsidy_claims.subsidy_kind"),
    "day": ("tax_deductions.deduction_invested_on",),
    "years": ("tax_deductions.deducted", "tax_deductions.taxable_income", "company_years.staff"),
    "unlisted_two_years": ("attributes.attribute",),
    "resident": ("attributes.attribute",),
    "audited_accounts": ("attributes.attribute",),
    "founded_on": ("companies.founded_on",),
    "high_tech_until": ("borrower_certificates.high_tech_until",),
    "supported": (f"{GRANTS[0]}.amount", "deals.amount"),
    "without_city": ("companies.city",),
    "without_class": ("company_statistics.new_economy_class",),
    "foreign_class": ("company_statistics.new_economy_class",),
    "without_staff": ("company_years.staff",),
    "without_patents": ("company_statistics.patents_granted",),
}
"""What is computed → the columns that it is computed of."""


@pytest.mark.parametrize("rule", CODED)
def test_every_input_has_a_column_and_a_line_in_its_template(rule: str) -> None:
    for path, own in declared()[rule].asks.items():
        name = own.path[-1]
        made = [pair for part in MADE_OF.get(name, ()) for pair in columns().get(part, [])]
        assert len(made) >= len(MADE_OF.get(name, ())), (name, MADE_OF.get(name))
        brought = made or [pair for pair in columns().get(name, []) if pair[1].fact is not None]
        assert brought, f"{rule} asks for {path}, which no layout brings"
        for layout, column in brought:
            assert column.text.zh in explained(layout.name), (path, layout.name, column.name)


def test_no_family_is_later() -> None:
    assert catalogue.stats().later == []
