"""Every input of every rule of staff co-investment when nobody provided it, when it was answered that it does not exist, and when it was answered
that it is not the institution's: what the rulebook's Check line makes of each.

*Not provided* and *not ours* leave the limb open. *Does not exist* breaks the limb that needs it. Where the Check line forbids a thing (a tie, fees
in the price, a seat, a deduction, a holding of the firm itself), that there is none is an answer and breaks nothing. A basis, consent or exemption
is missing from the start.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal as D
from fractions import Fraction as F
from typing import Any, NamedTuple

import pytest
from test_fof_rules_coinvest import (
    CODED,
    CONTROLLED,
    OF,
    OURS,
    ROSTER,
    STAKE,
    THEIRS,
    Change,
    at,
    both,
    day,
    exit_pair,
    facts,
    firm,
    left,
    ours,
    paid,
    plan,
    project,
    promoted,
    sold,
    spell,
    verdict,
)

from fof.rules import catalogue
from fof.rules.facts_coinvest import (
    BallotFacts,
    IncidentFacts,
    PlanFacts,
    ProjectFacts,
    SaleFacts,
    StaffStakeFacts,
    TieFacts,
    VehicleFacts,
)
from fof.rules.inputs import declared
from models import coinvest as words
from models.request_items import item_text


class Lacks(NamedTuple):
    """An input that is missing: how the facts come to lack it, under which name it is asked for, and what the rule says of it when
    nobody provided it and when it does not exist."""

    rule: str
    path: str
    change: Change
    item: str
    missing: str | None
    absent: str | None


OPEN, BROKEN = "unknown", "breach"
VOTER = BallotFacts("B1", "P1", True, True, True)
TECHNICAL = spell(technical_staff=True, technical_approval_ref="批1")
TIE = TieFacts("W", None, day("2020-01-01"), day("2023-12-31"), ((2024, 34, None, None, None),))
NO_CHOICE = both(facts(mandatory=(False,)), facts(projects=(ROSTER._replace(chosen_on=None),)))
TO_STATE = {"transferee_is_state": True, "audited_net_assets_per_share": D(10)}
X = SaleFacts("X", day("2025-06-01"), None, F(1500), F(1_500_000_000))


def declaration(**changes: Any) -> Change:
    return facts(declarations=(STAKE.declarations[0]._replace(**changes),))


def theirs(**changes: Any) -> Change:
    return project(tranches=(THEIRS._replace(**changes),))


def their_exit(**changes: Any) -> Change:
    def change(own: Any) -> Any:
        (pair,) = exit_pair()(own).exits
        return replace(own, exits=(pair._replace(institution=pair.institution._replace(**changes)),))

    return change


TABLE = [
    Lacks("CI-01", "basis_doc", facts(basis_doc=None), "basis_doc", BROKEN, BROKEN),
    Lacks("CI-02", "plan.plan_version", plan(plan_version=None), "plan_version", OPEN, BROKEN),
    Lacks("CI-02", "plan.board_approved_on", plan(board_approved_on=None), "board_approved_on", OPEN, BROKEN),
    Lacks(
        "CI-02",
        "plan.party_committee_approved_on",
        plan(party_committee_approved_on=None),
        "party_committee_approved_on",
        OPEN,
        BROKEN,
    ),
    Lacks("CI-02", "plan.plan_filed_on", plan(plan_filed_on=None), "plan_filed_on", OPEN, BROKEN),
    Lacks("CI-03", "spell.role_class", spell(role_class=None), "role_class", OPEN, BROKEN),
    Lacks("CI-03", "spells_known", facts(spell=None, spells_known=False), "employment", OPEN, BROKEN),
    Lacks("CI-05", "spell.contract_from", spell(contract_from=None), "contract_from", OPEN, BROKEN),
    Lacks("CI-05", "spell.insured_from", spell(insured_from=None), "insured_from", OPEN, BROKEN),
    Lacks("CI-05", "spell.staff_contract", spell(staff_contract=None), "staff_contract", OPEN, BROKEN),
    Lacks("CI-05", "spells_known", facts(spell=None, spells_known=False), "employment", OPEN, BROKEN),
    Lacks(
        "CI-06",
        "plan.pilot_exemption_ref",
        plan(pilot_exemption_ref=None),
        "pilot_exemption_ref",
        BROKEN,
        BROKEN,
    ),
    Lacks("CI-07", "ties_known", facts(ties_known=False), "business_ties", OPEN, "pass"),
    Lacks("CI-07", "ties.years", facts(ties=(TIE,)), "revenue", OPEN, BROKEN),
    Lacks("CI-07", "ties.years", facts(ties=(TIE,)), "company_year", OPEN, BROKEN),
    Lacks(
        "CI-08",
        "is_state_representative",
        both(TECHNICAL, facts(is_state_representative=None)),
        "state_representatives",
        OPEN,
        BROKEN,
    ),
    Lacks(
        "CI-08",
        "spell.technical_approval_ref",
        spell(technical_staff=True),
        "technical_approval_ref",
        BROKEN,
        BROKEN,
    ),
    Lacks("CI-09", "spell.appointed_by", spell(appointed_by=None), "appointed_by", OPEN, BROKEN),
    Lacks(
        "CI-09",
        "plan.leaders_consent_ref",
        spell(appointed_by=words.AppointedBy.SASAC),
        "leaders_consent_ref",
        BROKEN,
        BROKEN,
    ),
    Lacks("CI-10", "insiders_known", facts(insiders_known=None), "role_class", OPEN, BROKEN),
    Lacks("CI-10", "insiders", facts(insiders_known=None), "employment", OPEN, BROKEN),
    Lacks(
        "CI-10",
        "institution_ownership",
        facts(insiders=("P1",), institution_ownership=None, deal_consent_ref="函2"),
        "ownership",
        OPEN,
        BROKEN,
    ),
    Lacks("CI-10", "deal_consent_ref", facts(insiders=("P1",)), "deal_consent_ref", BROKEN, BROKEN),
    Lacks(
        "CI-10",
        "board_resolution_ref",
        both(CONTROLLED, facts(board_resolution_ref=None)),
        "board_resolution_ref",
        BROKEN,
        BROKEN,
    ),
    Lacks("CI-10", "ballots.recused", both(CONTROLLED, facts(ballots=(VOTER,))), "recused", OPEN, BROKEN),
    Lacks(  # a record of the recusal or of the vote can still say so
        "CI-10",
        "ballots.attended",
        both(CONTROLLED, facts(ballots=(BallotFacts("B1", "P1", True, None, True),))),
        "attended",
        OPEN,
        OPEN,
    ),
    Lacks("CI-10", "ballots.voted", both(CONTROLLED, facts(ballots=(VOTER,))), "voted", OPEN, BROKEN),
    Lacks("CI-10", "ballots.person", both(CONTROLLED, facts(ballots=())), "ballots", OPEN, BROKEN),
    Lacks("CI-11", "declarations.declared_on", declaration(declared_on=None), "declared_on", OPEN, BROKEN),
    Lacks("CI-11", "declarations.declared_on", facts(declarations=()), "declaration", OPEN, BROKEN),
    Lacks(
        "CI-11",
        "declarations.review_outcome",
        declaration(review_outcome=None),
        "review_outcome",
        OPEN,
        BROKEN,
    ),
    Lacks("CI-11", "project.met_on", project(met_on=None), "met_on", OPEN, BROKEN),
    Lacks("CI-12", "tranches.day", ours(), "payment_dates", OPEN, BROKEN),
    Lacks("CI-12", "project.tranches.day", project(tranches=()), "payment_dates", OPEN, BROKEN),
    Lacks(
        "CI-12",
        "plan.payment_lag_unit",
        both(plan(payment_lag=1, payment_lag_unit=None), ours(at("2024-03-20"))),
        "payment_lag_unit",
        OPEN,
        BROKEN,
    ),
    Lacks("CI-13", "tranches.shares", ours(OURS._replace(shares=None)), "payment_shares", OPEN, BROKEN),
    Lacks("CI-13", "project.tranches.shares", theirs(shares=None), "deal_shares", OPEN, BROKEN),
    Lacks("CI-13", "tranches.fees", ours(OURS._replace(fees=None)), "payment_fees", OPEN, "pass"),
    Lacks("CI-13", "project.tranches.fees", theirs(fees=None), "deal_fees", OPEN, "pass"),
    Lacks(
        "CI-13",
        "tranches.share_class",
        ours(OURS._replace(share_class=None)),
        "payment_share_class",
        OPEN,
        BROKEN,
    ),
    Lacks(
        "CI-13", "stake_share_class", ours(OURS._replace(share_class=None)), "stake_share_class", OPEN, BROKEN
    ),
    Lacks(
        "CI-13", "project.tranches.share_class", theirs(share_class=None), "deal_share_class", OPEN, BROKEN
    ),
    Lacks("CI-13", "no_side_terms", facts(no_side_terms=None), "no_side_terms", OPEN, BROKEN),
    Lacks(
        "CI-13",
        "project.deal_side_terms",
        both(facts(stake_side_terms=(words.SideTerm.PUT,)), project(deal_side_terms=None)),
        "deal_side_terms",
        OPEN,
        BROKEN,
    ),
    Lacks("CI-14", "payments.money_source", paid(money_source=None), "money_source", OPEN, BROKEN),
    Lacks("CI-14", "payments.money_proof", paid(money_proof=None), "money_proof", OPEN, BROKEN),
    Lacks("CI-14", "payments.account_holder", paid(account_holder=None), "account_holder", OPEN, BROKEN),
    Lacks("CI-14", "payments.leg", facts(payments=()), "payment_dates", OPEN, BROKEN),
    Lacks("CI-15", "no_nominee", facts(no_nominee=None), "no_nominee", OPEN, BROKEN),
    Lacks("CI-16", "legal_form", facts(legal_form=None), "legal_form", OPEN, BROKEN),
    Lacks("CI-16", "gp", facts(gp=None, gp_is_state_owned=None), "gp", OPEN, BROKEN),
    Lacks("CI-16", "gp_is_state_owned", facts(gp_is_state_owned=None), "ownership", OPEN, BROKEN),
    Lacks("CI-16", "partners_known", facts(partners_known=False), "partners", OPEN, BROKEN),
    Lacks("CI-17", "total_shares_after", facts(total_shares_after=None), "total_shares_after", OPEN, BROKEN),
    Lacks("CI-17", "staff_shares", facts(staff_shares=None), "payment_shares", OPEN, BROKEN),
    Lacks("CI-17", "round_total", plan(total_cap_base=words.CapBase.ROUND), "round_total", OPEN, BROKEN),
    Lacks(
        "CI-17",
        "tranches.shares",
        facts(round_shares=D(2_020_000), tranches=(THEIRS._replace(shares=None),)),
        "deal_shares",
        OPEN,
        BROKEN,
    ),
    Lacks(
        "CI-18",
        "project.total_shares_after",
        project(total_shares_after=None),
        "total_shares_after",
        OPEN,
        BROKEN,
    ),
    Lacks("CI-18", "shares", facts(shares=None), "payment_shares", OPEN, BROKEN),
    Lacks(
        "CI-18",
        "spell.annual_pay",
        both(plan(pay_multiple_cap=D(2)), spell(annual_pay=None)),
        "annual_pay",
        OPEN,
        BROKEN,
    ),
    Lacks("CI-19", "plan.plan_mode", plan(plan_mode=None), "plan_mode", OPEN, BROKEN),
    Lacks("CI-19", "roster.person", facts(roster=()), "roster", OPEN, BROKEN),
    Lacks(
        "CI-19",
        "roster.team_role",
        facts(roster=(ROSTER._replace(joined=1), ROSTER._replace(code="M2", team_role=None))),
        "team_role",
        OPEN,
        BROKEN,
    ),
    Lacks(
        "CI-20",
        "mandatory",
        facts(projects=(ROSTER._replace(joined=None),), mandatory=(None,)),
        "team_role",
        OPEN,
        BROKEN,
    ),
    Lacks(
        "CI-20",
        "mandatory",
        facts(projects=(ROSTER._replace(joined=None),), mandatory=(None,)),
        "plan_mode",
        OPEN,
        BROKEN,
    ),
    Lacks("CI-20", "projects.chosen_on", NO_CHOICE, "chosen_on", OPEN, BROKEN),
    Lacks("CI-20", "met_on", facts(mandatory=(False,), met_on=(None,)), "met_on", OPEN, BROKEN),
    Lacks("CI-21", "vehicle_voting", facts(vehicle_voting=None), "vehicle_voting", OPEN, BROKEN),
    Lacks(
        "CI-21", "vehicle_board_seats", facts(vehicle_board_seats=None), "vehicle_board_seats", OPEN, "pass"
    ),
    Lacks(
        "CI-22",
        "firm_level_holding",
        facts(firm_level_holding=None),
        "firm_level_holding",
        OPEN,
        "not_applicable",
    ),
    Lacks(
        "CI-22",
        "external_revenue_share",
        facts(external_revenue_share=None),
        "external_revenue_share",
        OPEN,
        BROKEN,
    ),
    Lacks(
        "CI-22",
        "external_profit_share",
        facts(external_profit_share=None),
        "external_profit_share",
        OPEN,
        BROKEN,
    ),
    Lacks("CI-22", "state_share", facts(state_share=None), "institution_owners", OPEN, BROKEN),
    Lacks("CI-22", "largest_is_state", facts(largest_is_state=None), "institution_owners", OPEN, BROKEN),
    Lacks("CI-22", "non_public_share", facts(non_public_share=None), "institution_owners", OPEN, BROKEN),
    Lacks(
        "CI-23",
        "leads",
        firm("2025-01-01", F(2, 100), firm_listed_on=day("2022-01-01"), leads=None),
        "role_class",
        OPEN,
        BROKEN,
    ),
    Lacks("CI-24", "exits.staff.share", exit_pair(share=None), "payment_shares", OPEN, BROKEN),
    Lacks("CI-24", "exits.staff.price", exit_pair(price=None), "payment_shares", OPEN, BROKEN),
    Lacks("CI-24", "exits.institution.share", their_exit(share=None), "deal_shares", OPEN, BROKEN),
    Lacks("CI-24", "exits.institution.price", their_exit(price=None), "deal_shares", OPEN, BROKEN),
    Lacks("CI-25", "held", left("2025-01-01", held=None), "payment_shares", OPEN, BROKEN),
    Lacks(
        "CI-25",
        "audited_net_assets_per_share",
        left("2025-01-01", sold("2025-06-01"), transferee_is_state=True),
        "audited_net_assets_per_share",
        OPEN,
        BROKEN,
    ),
    Lacks(
        "CI-25",
        "transferee_is_state",
        left("2025-01-01", sold("2025-06-01"), transferee_is_state=None),
        "ownership",
        OPEN,
        BROKEN,
    ),
    Lacks(
        "CI-25",
        "last_spell.leaver_kind",
        left("2025-01-01", sold("2025-06-01"), kind=None, transferee_is_state=False),
        "leaver_kind",
        OPEN,
        BROKEN,
    ),
    Lacks(
        "CI-25",
        "transfers.payment_shares",
        left("2025-01-01", sold("2025-06-01")._replace(payment_shares=None), **TO_STATE),
        "payment_shares",
        OPEN,
        BROKEN,
    ),
    Lacks(
        "CI-25",
        "transfers.payment_fees",
        left("2025-01-01", sold("2025-06-01", fees=None), **TO_STATE),
        "payment_fees",
        OPEN,
        "pass",
    ),
    Lacks(
        "CI-25",
        "shares",
        both(plan(leaver_price=words.LeaverPrice.COST), left("2025-01-01", sold("2025-06-01"), shares=None)),
        "payment_shares",
        OPEN,
        BROKEN,
    ),
    Lacks(
        "CI-25",
        "exits.staff.share",
        both(exit_pair(share=None), left("2025-01-01", held=F(1))),
        "payment_shares",
        OPEN,
        BROKEN,
    ),
    Lacks(
        "CI-26",
        "exits.staff.share",
        both(exit_pair(share=None), promoted("2025-01-01", held=F(1))),
        "payment_shares",
        OPEN,
        BROKEN,
    ),
    Lacks("CI-26", "held", promoted("2025-01-01", held=None), "payment_shares", OPEN, BROKEN),
    Lacks(
        "CI-26",
        "plan_today.pilot_exemption_ref",
        promoted("2025-01-01"),
        "pilot_exemption_ref",
        BROKEN,
        BROKEN,
    ),
    Lacks("CI-27", "appraisal_ref", facts(appraisal_ref=None), "appraisal_ref", OPEN, BROKEN),
    Lacks("CI-27", "appraisal_on", facts(appraisal_on=None), "appraisal_on", OPEN, BROKEN),
    Lacks(
        "CI-27",
        "appraisal_filing_ref",
        facts(appraisal_filing_ref=None),
        "appraisal_filing_ref",
        OPEN,
        BROKEN,
    ),
    Lacks("CI-27", "signed_on", facts(signed_on=None), "signed_on", OPEN, BROKEN),
    Lacks("CI-28", "publicity_days", facts(publicity_days=None), "publicity_from", OPEN, BROKEN),
    Lacks("CI-28", "publicity_days", facts(publicity_days=None), "publicity_until", OPEN, BROKEN),
    Lacks("CI-28", "coinvest_filed_on", facts(coinvest_filed_on=None), "coinvest_filed_on", OPEN, BROKEN),
    Lacks("CI-28", "ballots.person", facts(ballots=()), "ballots", OPEN, BROKEN),
    Lacks(
        "CI-28",
        "ballots.interest_disclosed",
        facts(ballots=(VOTER._replace(interest_disclosed=None, recused=True),)),
        "interest_disclosed",
        OPEN,
        BROKEN,
    ),
    Lacks("CI-28", "ballots.recused", facts(ballots=(VOTER,)), "recused", OPEN, BROKEN),
    Lacks(
        "CI-28",
        "ballots.attended",
        facts(ballots=(BallotFacts("B1", "P1", True, None, False, True, False),)),
        "attended",
        OPEN,
        BROKEN,
    ),
    Lacks("CI-28", "ballots.voted", facts(ballots=(VOTER,)), "voted", OPEN, BROKEN),
    Lacks(
        "CI-29",
        "incidents.leaked_on",
        facts(incidents=(IncidentFacts("I", None, None),)),
        "leaked_on",
        OPEN,
        BROKEN,
    ),
    Lacks("CI-30", "vehicle_sponsor", facts(vehicle_sponsor=None), "vehicle_sponsor", OPEN, BROKEN),
    Lacks(
        "CI-30", "plans.board_approved_on", plan(board_approved_on=None), "board_approved_on", OPEN, BROKEN
    ),
    Lacks(
        "CI-30",
        "plans.party_committee_approved_on",
        plan(party_committee_approved_on=None),
        "party_committee_approved_on",
        OPEN,
        BROKEN,
    ),
    Lacks(
        "CI-32",
        "stake_tax_deduction",
        facts(stake_tax_deduction=None),
        "stake_tax_deduction",
        OPEN,
        "not_applicable",
    ),
    Lacks("CI-32", "is_founder_of_investee", facts(is_founder_of_investee=None), "founders", OPEN, BROKEN),
    Lacks(
        "CI-32",
        "related_share_of_investee",
        facts(related_share_of_investee=()),
        "investee_owners",
        OPEN,
        BROKEN,
    ),
]
SAY_SO_BY_SILENCE = frozenset(
    {
        "exits",
        "firm_holdings",
        "firm_listed_on",
        "incidents.incident_cleared_on",
        "kin.employed_by_investee",
        "kin.founder_of_investee",
        "kin.holds_in_plan",
        "kin.relative",
        "last_spell.employed_until",
        "last_spell.roles",
        "nominees.nominee_from",
        "nominees.nominee_until",
        "outsiders",
        "payments.money_lender",
        "plan.pilot_exemption_until",
        "plan_today.pilot_exemption_until",
        "projects.participation_waiver_ref",
        "roster.participation_waiver_ref",
        "round_shares",
        "spell.contract_until",
        "spell.insured_until",
        "spell.technical_staff",
        "stake_side_terms",
        "ties.tie",
        "ties.tie_from",
        "ties.tie_until",
        "transfers",
        "employed_by_investee",
        "plans",
    }
)
"""That nobody recorded it is a statement: no end, no lender, no relative, no exit."""
BY_THE_RULEBOOK = frozenset(
    {
        "committee_vote_allowed",
        "deal_team_floor",
        "eligible_roles",
        "equity_cap",
        "exit_tolerance",
        "exit_tolerance_days",
        "follow_on_allowed",
        "late_effect",
        "leaver_months",
        "leaver_price",
        "pay_multiple_cap",
        "payment_lag",
        "person_cap",
        "promotion_months",
        "publicity_days_min",
        "total_cap",
        "total_cap_base",
        "total_floor",
        "yearly_quota",
    }
)
"""Terms that a plan may leave to the rulebook, or to nobody."""
WORKED_OUT = frozenset(
    {
        "day",
        "days",
        "evidence",
        "evidence_denied",
        "evidence_untold",
        "exits.institution.day",
        "exits.staff.day",
        "exits.staff.fen",
        "exits.staff.sold",
        "fen",
        "first_day",
        "paid_in",
        "partners",
        "payments.day",
        "payments.fen",
        "person",
        "project.is_first_round",
        "project.tranches.fen",
        "project.tranches.price",
        "projects.joined",
        "roster.joined",
        "staff",
        "ticket",
        "tranches.fen",
        "tranches.price",
        "tranches.unit",
        "transfers.day",
        "transfers.fen",
        "ballots.holds_stake",
    }
    | {"insiders", "tranches.shares"}  # of CI-28 as CI-10 finds them; of CI-12 for rounding alone
    | {"shares", "transfers.payment_shares", "roster.person"}  # of CI-26 and CI-28 for the money alone
)
"""Money, days and codes that every deal, payment and stake in the book has, and what follows from what the table names."""


@pytest.mark.parametrize("case", TABLE, ids=[f"{c.rule} {c.path} {c.item}" for c in TABLE])
def test_what_is_said_of_each_answer(case: Lacks) -> None:
    lacking = case.change(OF[catalogue.RULES[case.rule].scope][0])
    assert verdict(case.rule, lacking) == case.missing  # not ours: tests/test_fof_audit_requests.py
    assert verdict(case.rule, _answered(lacking, "another_paper")) == case.missing
    assert verdict(case.rule, _answered(lacking, case.item)) == case.absent


def test_the_table_has_every_input_of_every_rule() -> None:
    told = {(case.rule, case.path) for case in TABLE}
    left_out = {
        (rule, path)
        for rule in CODED
        if rule != "CI-31"  # its inputs are the items of evidence: tests/test_fof_audit_evidence.py
        for path in declared()[rule].asks
        if (rule, path) not in told
        and path not in SAY_SO_BY_SILENCE | WORKED_OUT
        and path.rsplit(".", 1)[-1] not in BY_THE_RULEBOOK
    }
    assert left_out == set()


def test_what_is_asked_for_has_words() -> None:
    assert [case.item for case in TABLE if item_text(case.item).zh == case.item] == []


def _answered(own: Any, item: str) -> Any:
    """The facts where something was answered not to exist."""
    told = frozenset({item})
    changes: dict[str, Any] = {"denied": told}
    if isinstance(own, PlanFacts):
        return replace(own, **changes)
    if isinstance(own, VehicleFacts):
        changes["plans"] = tuple(replace(p, denied=told) for p in own.plans)
    if isinstance(own, ProjectFacts | StaffStakeFacts):
        changes |= {
            name: replace(p, denied=told)
            for name in ("plan", "plan_today")
            if (p := getattr(own, name)) is not None
        }
    if isinstance(own, StaffStakeFacts):
        changes["payments"] = tuple(p._replace(denied=told) for p in own.payments)
        changes["transfers"] = tuple(p._replace(denied=told) for p in own.transfers)
    return replace(own, **changes)
