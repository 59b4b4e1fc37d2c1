"""Every rule of staff co-investment: a case that passes, and each limb just inside, on, just outside its bound and missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal as D
from fractions import Fraction as F
from typing import Any

import pytest

from fof.rules import catalogue
from fof.rules.engine import judge
from fof.rules.facts import Matter, OfficeFacts
from fof.rules.facts_coinvest import (
    BallotFacts,
    DeclarationFacts,
    EntryTranche,
    IncidentFacts,
    InstitutionFacts,
    JointExit,
    KinFacts,
    NomineeFacts,
    ParticipationFacts,
    PaymentFacts,
    PlanFacts,
    ProjectFacts,
    RosterFacts,
    SaleFacts,
    SpellFacts,
    StaffStakeFacts,
    StaffYear,
    TieFacts,
    VehicleFacts,
)
from fof.rules.registry import Finding, Scope
from models import coinvest as words
from models.kinds import LegalForm, Ownership, PartyKind
from models.subjects import Subject, SubjectKind


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


EVENT, TODAY = day("2024-03-01"), day("2026-09-30")
PLAN = PlanFacts(
    code="FA",
    institution="CT",
    first_day=day("2020-01-01"),
    plan_version="1",
    plan_mode=words.PlanMode.MANDATORY,
    eligible_roles=(words.RoleClass.EXECUTIVE, words.RoleClass.MID_LEVEL, words.RoleClass.MANAGEMENT_TEAM),
    basis_doc="国发〔2016〕53号",
    board_approved_on=day("2019-11-01"),
    party_committee_approved_on=day("2019-12-01"),
    plan_filed_on=day("2019-12-20"),
    pilot_exemption_ref="黑国资〔2019〕1号",
    payment_lag=30,
    payment_lag_unit=words.LagUnit.DAYS,
    late_effect=words.LateEffect.BREACH,
)
SPELL = SpellFacts(
    code="RZ",
    employer="CT",
    employed_from=day("2018-01-01"),
    staff_contract=words.StaffContract.LABOUR,
    contract_from=day("2018-01-01"),
    insured_from=day("2018-01-01"),
    role_class=words.RoleClass.MANAGEMENT_TEAM,
    annual_pay=40_000_000,
    appointed_by=words.AppointedBy.INSTITUTION,
    roles=((day("2018-01-01"), words.RoleClass.MANAGEMENT_TEAM),),
)
THEIRS = EntryTranche("D", EVENT, F(2_000_000_000), F(0), F(2_000_000), "普通股")
OURS = EntryTranche("Z2", day("2024-03-11"), F(20_000_000), F(0), F(20_000), "普通股")
PAID = PaymentFacts(
    "Z1",
    day("2024-03-05"),
    words.PaymentLeg.PERSON_TO_VEHICLE,
    20_000_000,
    "P1",
    "PT",
    money_source=words.MoneySource.SALARY,
    money_proof="工资流水",
    account_holder="P1",
)
ROSTER = RosterFacts(
    "M1", "P1", words.TeamRole.DEAL_LEAD, words.RosterChoice.JOINED, day("2024-01-10"), joined=20_000_000
)
PROJECT = ProjectFacts(
    deal="D",
    company="Q",
    institution="CT",
    day=EVENT,
    plan=PLAN,
    plan_today=PLAN,
    is_first_round=True,
    tranches=(THEIRS,),
    ticket=2_000_000_000,
    staff=20_000_000,
    total_shares_after=D(20_000_000),
    staff_shares=F(20_000),
    deal_share_class="普通股",
    deal_side_terms=(),
    signed_on=day("2024-02-20"),
    met_on=day("2024-02-10"),
    ballots=(BallotFacts("B1", "P1", True, True, True, True, False),),
    roster=(ROSTER,),
    has_stakes=True,
    insiders=(),
    insiders_known=True,
    institution_ownership=Ownership.SOE_WHOLLY_OWNED,
    publicity_days=5,
    coinvest_filed_on=day("2024-03-15"),
    appraisal_ref="评字1号",
    appraisal_on=day("2023-12-31"),
    appraisal_filing_ref="备1号",
)
STAKE = StaffStakeFacts(
    code="S1",
    person="P1",
    institution="CT",
    project=PROJECT,
    day=EVENT,
    as_of=TODAY,
    vehicle="PT",
    plan=PLAN,
    plan_today=PLAN,
    spell=SPELL,
    spells_known=True,
    last_spell=SPELL,
    payments=(PAID,),
    tranches=(OURS,),
    paid_in=20_000_000,
    shares=F(20_000),
    no_side_terms=True,
    no_nominee=True,
    stake_tax_deduction=True,
    declarations=(
        DeclarationFacts("SB", day("2024-02-01"), False, day("2024-02-05"), words.ReviewOutcome.CLEARED),
    ),
    roster=ROSTER,
    ties_known=True,
    is_state_representative=False,
    is_founder_of_investee=False,
    related_share_of_investee=((EVENT, F(1, 10)),),
    held=F(1),
    evidence=frozenset(words.EvidenceItem),
)
VEHICLE = VehicleFacts(
    code="PT",
    institution="CT",
    kind=PartyKind.HOLDING_VEHICLE,
    legal_form=LegalForm.LIMITED_PARTNERSHIP,
    gp="GP",
    gp_is_state_owned=False,
    vehicle_sponsor="CT",
    vehicle_voting=words.Voting.NONE,
    vehicle_board_seats=0,
    partners=("GP", "P1"),
    partners_known=True,
    plans=(PLAN,),
    first_day=day("2024-03-05"),
    fen=20_000_000,
)
INSTITUTION = InstitutionFacts(
    code="CT",
    ownership=Ownership.SOE_CONTROLLED_MIXED,
    firm_level_holding=True,
    external_revenue_share=D("0.9"),
    external_profit_share=D("0.9"),
    state_share=F(34, 100),
    largest_is_state=True,
    non_public_share=F(66, 100),
)
PERSON = ParticipationFacts(
    person="P1",
    institution="CT",
    as_of=TODAY,
    projects=(ROSTER,),
    plans=(PLAN,),
    days=(EVENT,),
    met_on=(day("2024-02-10"),),
    mandatory=(True,),
    firm_holdings=((day("2019-01-01"), None, F(1, 100)),),
    leads=False,
)
QUOTA = replace(PLAN, yearly_quota=1)
OF = {
    Scope.PLAN: (PLAN, Subject(SubjectKind.PLAN, "FA")),
    Scope.PROJECT: (PROJECT, Subject(SubjectKind.DEAL, "D")),
    Scope.STAFF_STAKE: (STAKE, Subject(SubjectKind.STAFF_STAKE, "S1")),
    Scope.VEHICLE: (VEHICLE, Subject(SubjectKind.PARTY, "PT")),
    Scope.INSTITUTION: (INSTITUTION, Subject(SubjectKind.PARTY, "CT")),
    Scope.PARTICIPATION: (PERSON, Subject(SubjectKind.PARTY, "P1")),
}
CODED = sorted(r for r in catalogue.RULES if r.startswith("CI-"))


def found(rule: str, facts: object) -> Finding | None:
    """What the rule says about these facts; None where it does not speak."""
    scope = catalogue.RULES[rule].scope
    matter = Matter(scope, (facts,), OF[scope][1], None, "CT")
    own = [f for f in judge(OfficeFacts(TODAY, further=(matter,)), TODAY) if f.rule == rule]
    assert len(own) <= 1
    return own[0] if own else None


def verdict(rule: str, facts: object) -> str | None:
    finding = found(rule, facts)
    return None if finding is None else finding.verdict.value


Change = Callable[[Any], Any]


def facts(**changes: Any) -> Change:
    return lambda own: replace(own, **changes)


def plan(**changes: Any) -> Change:
    own = replace(PLAN, **changes)

    def change(facts_: Any) -> Any:
        if isinstance(facts_, VehicleFacts):
            return replace(facts_, plans=(own,))
        return own if isinstance(facts_, PlanFacts) else replace(facts_, plan=own, plan_today=own)

    return change


def spell(**changes: Any) -> Change:
    return lambda own: replace(own, spell=replace(SPELL, **changes), last_spell=replace(SPELL, **changes))


def project(**changes: Any) -> Change:
    return lambda own: replace(own, project=replace(PROJECT, **changes))


def ours(*tranches: EntryTranche) -> Change:
    return facts(tranches=tranches)


def paid(**changes: Any) -> Change:
    return facts(payments=(PAID._replace(**changes),))


def at(on: str, fen: int = 20_000_000, **more: Any) -> EntryTranche:
    return OURS._replace(day=day(on), fen=F(fen), **more)


MONTHS = plan(payment_lag=1, payment_lag_unit=words.LagUnit.MONTHS)
JANUARY = THEIRS._replace(day=day("2024-01-31"))


def both(*changes: Change) -> Change:
    def change(own: Any) -> Any:
        for one in changes:
            own = one(own)
        return own

    return change


def exit_pair(
    share: F | None = F(1, 2), price: F | None = F(1500), on: str = "2025-06-01", sold: int = 10_000
) -> Change:
    theirs = SaleFacts("X", day("2025-06-01"), F(1, 2), F(1500), F(1_500_000_000))
    return facts(exits=(JointExit(theirs, SaleFacts("Y", day(on), share, price, F(15_000_000), F(sold))),))


def left(
    on: str,
    *transfers: PaymentFacts,
    held: F | None = F(0),
    kind: words.LeaverKind | None = words.LeaverKind.RESIGNED,
    **more: Any,
) -> Change:
    return facts(
        last_spell=replace(SPELL, employed_until=day(on), leaver_kind=kind),
        transfers=transfers,
        held=held,
        **more,
    )


def sold(on: str, fen: int = 20_000_000, fees: int | None = 0) -> PaymentFacts:
    return PaymentFacts("T1", day(on), words.PaymentLeg.TRANSFER, fen, "P2", "P1", D(20_000), fees)


def promoted(on: str, **more: Any) -> Change:
    roles = (*SPELL.roles, (day(on), words.RoleClass.MID_LEVEL))
    return both(plan(pilot_exemption_ref=None), facts(last_spell=replace(SPELL, roles=roles), **more))


def firm(until: str | None, share: F = F(1, 100), **more: Any) -> Change:
    ended = None if until is None else day(until)
    return facts(
        firm_holdings=((day("2019-01-01"), ended, share), (day("2019-01-01"), None, F(3, 100))), **more
    )


YEAR = StaffYear(
    2024, 3, 2, ((words.RoleClass.MID_LEVEL, 4, 2),), 20_000_000, 2_000_000_000, F(1, 1000), F(0), 6, F(1)
)
CONTROLLED = facts(
    insiders=("P1",), institution_ownership=Ownership.SOE_CONTROLLED_MIXED, board_resolution_ref="决1"
)
OF_RULE: dict[str, dict[str, tuple[Change, str | None]]] = {
    "PI-11": {
        "computed": (facts(years=(YEAR,)), "pass"),
        "a price not recorded": (facts(years=(YEAR._replace(price_apart=None),)), "pass"),
        "nothing recorded": (
            facts(years=(YEAR._replace(price_apart=None, largest=None, lag=None),)),
            "unknown",
        ),
        "a year that nobody joined": (facts(years=(YEAR, YEAR._replace(joined=0, lag=None))), "pass"),
        "no project": (facts(), None),
    },
    "CI-01": {"no basis": (facts(basis_doc=None), "breach")},
    "CI-02": {
        "no plan": (facts(plan=None), "breach"),
        "approved on the day": (plan(board_approved_on=EVENT), "pass"),
        "approved the day after": (plan(board_approved_on=day("2024-03-02")), "breach"),
        "approval not recorded": (plan(party_committee_approved_on=None), "unknown"),
        "never approved": (plan(board_approved_on=None, denied=frozenset({"board_approved_on"})), "breach"),
        "filed later": (plan(plan_filed_on=day("2024-03-02")), "breach"),
        "nobody joined": (facts(has_stakes=False), None),
    },
    "CI-03": {
        "no group exists": (both(spell(role_class=None), facts(denied=frozenset({"role_class"}))), "breach"),
        "other staff": (spell(role_class=words.RoleClass.OTHER_STAFF), "breach"),
        "widened by the plan": (
            both(
                spell(role_class=words.RoleClass.OTHER_STAFF),
                plan(eligible_roles=(words.RoleClass.OTHER_STAFF,)),
            ),
            "pass",
        ),
        "group not recorded": (spell(role_class=None), "unknown"),
        "not employed on the day": (facts(spell=None), "breach"),
        "no employment recorded": (facts(spell=None, spells_known=False), "unknown"),
    },
    "CI-04": {
        "a later round": (project(is_first_round=False), "breach"),
        "a later round the plan allows": (
            both(project(is_first_round=False), plan(follow_on_allowed=True)),
            "pass",
        ),
        "unknown institution": (project(is_first_round=None), "unknown"),
    },
    "CI-05": {
        "insured for a month to the day": (spell(insured_from=day("2024-02-01")), "pass"),
        "insured a day less": (spell(insured_from=day("2024-02-02")), "breach"),
        "insurance ended on the day": (spell(insured_until=EVENT), "pass"),
        "insurance ended before": (spell(insured_until=day("2024-02-29")), "breach"),
        "insurance not recorded": (spell(insured_from=None), "unknown"),
        "insurance ended before, since when not recorded": (
            spell(insured_from=None, insured_until=day("2024-02-29")),
            "breach",
        ),
        "contract does not exist": (
            both(spell(contract_from=None), facts(denied=frozenset({"contract_from"}))),
            "breach",
        ),
        "insurance does not exist": (
            both(spell(insured_from=None), facts(denied=frozenset({"insured_from"}))),
            "breach",
        ),
        "a retiree with a contract": (
            spell(insured_from=None, staff_contract=words.StaffContract.REHIRED_RETIREE),
            "pass",
        ),
        "a contract for services": (spell(staff_contract=words.StaffContract.SERVICE), "breach"),
        "contract from the day after": (spell(contract_from=day("2024-03-02")), "breach"),
        "contract not recorded": (spell(contract_from=None), "unknown"),
        "contract ended": (spell(contract_until=day("2024-02-29")), "breach"),
    },
    "CI-06": {
        "no exemption": (plan(pilot_exemption_ref=None), "breach"),
        "valid to the day": (plan(pilot_exemption_until=EVENT), "pass"),
        "ended the day before": (plan(pilot_exemption_until=day("2024-02-29")), "breach"),
        "no plan": (facts(plan=None), "breach"),
    },
    "CI-07": {
        "a supplier": (facts(ties=(TieFacts("W", words.TieKind.VENDOR, day("2024-01-01"), None),)), "breach"),
        "a supplier once": (
            facts(ties=(TieFacts("W", words.TieKind.VENDOR, day("2020-01-01"), day("2024-02-29")),)),
            "pass",
        ),
        "a supplier till the day": (
            facts(ties=(TieFacts("W", words.TieKind.VENDOR, day("2020-01-01"), EVENT),)),
            "breach",
        ),
        "no ties recorded of the institution": (facts(ties_known=False), "unknown"),
        "a third of revenue": (
            facts(
                ties=(TieFacts("W", None, day("2020-01-01"), day("2023-12-31"), ((2024, 1, 3, None, None),)),)
            ),
            "pass",
        ),
        "more than a third": (
            facts(
                ties=(
                    TieFacts("W", None, day("2020-01-01"), day("2023-12-31"), ((2024, 34, 100, None, None),)),
                )
            ),
            "breach",
        ),
        "revenue not recorded": (
            facts(
                ties=(
                    TieFacts(
                        "W", None, day("2020-01-01"), day("2023-12-31"), ((2024, 34, None, None, None),)
                    ),
                )
            ),
            "unknown",
        ),
    },
    "CI-08": {
        "not claimed": (spell(technical_staff=None), None),
        "approved": (spell(technical_staff=True, technical_approval_ref="批1"), "pass"),
        "not approved": (spell(technical_staff=True), "breach"),
        "represents the state": (
            both(
                spell(technical_staff=True, technical_approval_ref="批1"), facts(is_state_representative=True)
            ),
            "breach",
        ),
        "not recorded": (
            both(
                spell(technical_staff=True, technical_approval_ref="批1"), facts(is_state_representative=None)
            ),
            "unknown",
        ),
    },
    "CI-09": {
        "appointed": (spell(appointed_by=words.AppointedBy.SASAC), "breach"),
        "appointed, with consent": (
            both(spell(appointed_by=words.AppointedBy.SASAC), plan(leaders_consent_ref="函1")),
            "pass",
        ),
        "not recorded": (spell(appointed_by=None), "unknown"),
        "a relative holds": (
            facts(kin=(KinFacts("K", "P2", words.KinshipKind.SPOUSE, holds_in_plan=True),)),
            "breach",
        ),
        "a relative does not": (facts(kin=(KinFacts("K", "P2", words.KinshipKind.SPOUSE),)), "pass"),
    },
    "CI-10": {
        "no insiders": (facts(), "not_applicable"),
        "not known": (facts(insiders_known=None), "unknown"),
        "insiders with consent": (facts(insiders=("P1",), deal_consent_ref="函2"), "pass"),
        "insiders without": (facts(insiders=("P1",)), "breach"),
        "controlled, resolved, recused": (
            facts(
                insiders=("P1",),
                institution_ownership=Ownership.SOE_CONTROLLED_MIXED,
                board_resolution_ref="决1",
            ),
            "pass",
        ),
        "controlled, voted": (
            facts(
                insiders=("P1",),
                institution_ownership=Ownership.SOE_CONTROLLED_MIXED,
                board_resolution_ref="决1",
                ballots=(BallotFacts("B1", "P1", True, True, True, False, True),),
            ),
            "breach",
        ),
        "ownership not recorded": (
            facts(insiders=("P1",), institution_ownership=None, deal_consent_ref="函2"),
            "unknown",
        ),
        "ownership not recorded, neither consent nor resolution": (
            facts(insiders=("P1",), institution_ownership=None),
            "breach",
        ),
        "ownership not recorded, both": (
            both(CONTROLLED, facts(institution_ownership=None, deal_consent_ref="函2")),
            "pass",
        ),
        "controlled, stayed away": (
            both(CONTROLLED, facts(ballots=(BallotFacts("B1", "P1", True, False, True),))),
            "pass",
        ),
        "controlled, recused in the record and voted all the same": (
            both(CONTROLLED, facts(ballots=(BallotFacts("B1", "P1", True, True, True, True, True),))),
            "breach",
        ),
    },
    "CI-11": {
        "on the day of the meeting": (
            facts(declarations=(STAKE.declarations[0]._replace(declared_on=day("2024-02-10")),)),
            "breach",
        ),
        "the day before": (
            facts(declarations=(STAKE.declarations[0]._replace(declared_on=day("2024-02-09")),)),
            "pass",
        ),
        "none recorded": (facts(declarations=()), "unknown"),
        "none exists": (facts(declarations=(), denied=frozenset({"declaration"})), "breach"),
        "never reviewed": (
            facts(
                declarations=(STAKE.declarations[0]._replace(review_outcome=None),),
                denied=frozenset({"review_outcome"}),
            ),
            "breach",
        ),
        "rejected": (
            facts(
                declarations=(STAKE.declarations[0]._replace(review_outcome=words.ReviewOutcome.REJECTED),)
            ),
            "breach",
        ),
        "not reviewed": (
            facts(declarations=(STAKE.declarations[0]._replace(review_outcome=None),)),
            "unknown",
        ),
        "meeting not recorded": (project(met_on=None), "unknown"),
    },
    "CI-12": {
        "the institution's day": (ours(at("2024-03-01")), "pass"),
        "the day before": (ours(at("2024-02-29")), "breach"),
        "thirty days after": (ours(at("2024-03-31")), "pass"),
        "a day later": (ours(at("2024-04-01")), "breach"),
        "31 January to 2 March by days: late in a leap year by one": (
            both(project(tranches=(JANUARY,)), ours(at("2024-03-02"))),
            "breach",
        ),
        "31 January to 1 March by days": (both(project(tranches=(JANUARY,)), ours(at("2024-03-01"))), "pass"),
        "31 January to 29 February by months": (
            both(MONTHS, project(tranches=(JANUARY,)), ours(at("2024-02-29"))),
            "pass",
        ),
        "31 January to 1 March by months": (
            both(MONTHS, project(tranches=(JANUARY,)), ours(at("2024-03-01"))),
            "breach",
        ),
        "late, unit not recorded, both readings late": (
            both(plan(payment_lag=1, payment_lag_unit=None), ours(at("2024-05-01"))),
            "breach",
        ),
        "unit not recorded, readings differ": (
            both(plan(payment_lag=1, payment_lag_unit=None), ours(at("2024-03-20"))),
            "unknown",
        ),
        "late where lateness gives up the right": (
            both(plan(late_effect=words.LateEffect.WAIVED), ours(at("2024-04-01"))),
            "warn",
        ),
        "tranches in proportion": (
            both(
                project(
                    tranches=(
                        THEIRS._replace(fen=F(10**9)),
                        THEIRS._replace(day=day("2024-09-01"), fen=F(10**9)),
                    )
                ),
                ours(at("2024-03-11", 10**7), at("2024-09-11", 10**7)),
            ),
            "pass",
        ),
        "all with the first tranche": (
            both(
                project(
                    tranches=(
                        THEIRS._replace(fen=F(10**9)),
                        THEIRS._replace(day=day("2024-09-01"), fen=F(10**9)),
                    )
                ),
                ours(at("2024-03-11")),
            ),
            "breach",
        ),
        "the second tranche late": (
            both(
                project(
                    tranches=(
                        THEIRS._replace(fen=F(10**9)),
                        THEIRS._replace(day=day("2024-09-01"), fen=F(10**9)),
                    )
                ),
                ours(at("2024-03-11", 10**7), at("2024-10-02", 10**7)),
            ),
            "breach",
        ),
        "nothing went in": (ours(), "unknown"),
    },
    "CI-13": {
        "a fen less a share": (ours(OURS._replace(fen=F(19_980_000))), "breach"),
        "a fen in all": (ours(OURS._replace(fen=F(19_999_999))), "pass"),
        "a share's rounding": (ours(OURS._replace(fen=F(20_001_000))), "pass"),
        "two shares": (ours(OURS._replace(fen=F(20_002_001))), "breach"),
        "fees taken off": (ours(OURS._replace(fen=F(20_100_000), fees=F(100_000))), "pass"),
        "fees not recorded": (ours(OURS._replace(fees=None)), "unknown"),
        "cheaper whatever the fees": (ours(OURS._replace(fen=F(10_000_000), fees=None)), "breach"),
        "shares not recorded": (ours(OURS._replace(shares=None)), "unknown"),
        "another class": (ours(OURS._replace(share_class="优先股")), "breach"),
        "class not recorded": (ours(OURS._replace(share_class=None)), "unknown"),
        "a put of its own": (facts(stake_side_terms=(words.SideTerm.PUT,)), "breach"),
        "the institution's put": (
            both(
                facts(stake_side_terms=(words.SideTerm.PUT,)), project(deal_side_terms=(words.SideTerm.PUT,))
            ),
            "pass",
        ),
        "terms not recorded": (facts(no_side_terms=None), "unknown"),
        "no confirmation exists": (
            facts(no_side_terms=None, denied=frozenset({"no_side_terms"})),
            "breach",
        ),
    },
    "CI-14": {
        "a loan of the firm": (paid(money_source=words.MoneySource.LOAN_OF_INSTITUTION), "breach"),
        "savings": (paid(money_source=words.MoneySource.SAVINGS), "pass"),
        "source not recorded": (paid(money_source=None), "unknown"),
        "source does not exist": (paid(money_source=None, denied=frozenset({"money_source"})), "breach"),
        "no proof yet": (paid(money_proof=None), "unknown"),
        "proof does not exist": (paid(money_proof=None, denied=frozenset({"money_proof"})), "breach"),
        "another's account": (paid(account_holder="P2"), "breach"),
        "account not recorded": (paid(account_holder=None), "unknown"),
        "a lender beside savings": (paid(money_lender="V"), "breach"),
        "no payment": (facts(payments=()), "unknown"),
    },
    "CI-15": {
        "for another": (facts(nominees=(NomineeFacts("N", "P1", "P2", EVENT, None),)), "breach"),
        "for another till tomorrow": (
            facts(nominees=(NomineeFacts("N", "P1", "P2", EVENT, day("2026-10-01")),)),
            "breach",
        ),
        "cleaned up": (facts(nominees=(NomineeFacts("N", "P1", "P2", EVENT, TODAY),)), "warn"),
        "not confirmed": (facts(no_nominee=None), "unknown"),
        "no confirmation exists": (facts(no_nominee=None, denied=frozenset({"no_nominee"})), "breach"),
        "another paper does not exist": (
            facts(no_nominee=None, denied=frozenset({"money_proof"})),
            "unknown",
        ),
        "confirmed otherwise": (facts(no_nominee=False), "breach"),
    },
    "CI-16": {
        "fifty partners": (facts(partners=tuple(f"P{n}" for n in range(50))), "pass"),
        "fifty-one": (facts(partners=tuple(f"P{n}" for n in range(51))), "breach"),
        "fifty-one that are known of": (
            facts(partners=tuple(f"P{n}" for n in range(51)), partners_known=False),
            "breach",
        ),
        "partners not recorded": (facts(partners_known=False), "unknown"),
        "a company": (facts(legal_form=LegalForm.COMPANY), "breach"),
        "form not recorded": (facts(legal_form=None), "unknown"),
        "a state general partner": (facts(gp_is_state_owned=True), "breach"),
        "general partner not recorded": (facts(gp=None, gp_is_state_owned=None), "unknown"),
        "an outsider": (facts(outsiders=("X",)), "breach"),
    },
    "CI-17": {
        "no number of shares exists": (
            facts(total_shares_after=None, denied=frozenset({"total_shares_after"})),
            "breach",
        ),
        "all that the round sold": (facts(round_shares=D(2_020_000)), "pass"),
        "a share above what the round sold": (facts(round_shares=D(2_019_999)), "breach"),
        "the institution's shares not recorded": (
            facts(round_shares=D(2_020_000), tranches=(THEIRS._replace(shares=None),)),
            "unknown",
        ),
        "a tenth of all": (facts(staff=200_000_000, ticket=1_800_000_000), "pass"),
        "a fen more": (facts(staff=200_000_001, ticket=1_800_000_000), "breach"),
        "of the ticket alone": (
            both(plan(total_cap_base=words.CapBase.TICKET), facts(staff=200_000_000, ticket=1_999_999_999)),
            "breach",
        ),
        "of the round": (
            both(plan(total_cap_base=words.CapBase.ROUND), facts(round_total=200_000_000)),
            "pass",
        ),
        "the round not recorded": (plan(total_cap_base=words.CapBase.ROUND), "unknown"),
        "under the plan's floor": (plan(total_floor=D("0.03")), "breach"),
        "the plan's own ceiling": (plan(total_cap=D("0.005")), "breach"),
        "a tenth of the company": (facts(staff_shares=F(2_000_000)), "pass"),
        "a share more": (facts(staff_shares=F(2_000_001)), "breach"),
        "the plan's wider ceiling": (
            both(plan(equity_cap=D("0.2")), facts(staff_shares=F(4_000_000))),
            "pass",
        ),
        "never above thirty": (both(plan(equity_cap=D("0.4")), facts(staff_shares=F(6_000_001))), "breach"),
        "shares not recorded": (facts(total_shares_after=None), "unknown"),
    },
    "CI-18": {
        "no number of shares exists": (
            both(project(total_shares_after=None), facts(denied=frozenset({"total_shares_after"}))),
            "breach",
        ),
        "no pay exists": (
            both(
                plan(pay_multiple_cap=D("2")),
                spell(annual_pay=None),
                facts(denied=frozenset({"annual_pay"})),
            ),
            "breach",
        ),
        "one per cent": (facts(shares=F(200_000)), "pass"),
        "a share more": (facts(shares=F(200_001)), "breach"),
        "the plan's wider ceiling": (both(plan(person_cap=D("0.02")), facts(shares=F(400_000))), "pass"),
        "never above three": (both(plan(person_cap=D("0.05")), facts(shares=F(600_001))), "breach"),
        "half a year's pay": (plan(pay_multiple_cap=D("0.5")), "pass"),
        "a fen more": (both(plan(pay_multiple_cap=D("0.5")), facts(paid_in=20_000_001)), "breach"),
        "pay not recorded": (both(spell(annual_pay=None), plan(pay_multiple_cap=D(2))), "unknown"),
        "shares not recorded": (facts(shares=None), "unknown"),
    },
    "CI-19": {
        "one per cent to the fen": (facts(), "pass"),
        "a fen less": (facts(roster=(ROSTER._replace(joined=19_999_999),)), "breach"),
        "who may have been named did not": (
            facts(roster=(ROSTER, RosterFacts("M2", "P2"))),
            "unknown",
        ),
        "who may have been named was excused": (
            facts(roster=(ROSTER, RosterFacts("M2", "P2", participation_waiver_ref="批2"))),
            "pass",
        ),
        "somebody named did not": (
            facts(roster=(ROSTER, RosterFacts("M2", "P2", words.TeamRole.NAMED))),
            "breach",
        ),
        "excused": (
            facts(
                roster=(ROSTER, RosterFacts("M2", "P2", words.TeamRole.NAMED, participation_waiver_ref="批2"))
            ),
            "pass",
        ),
        "voluntary": (plan(plan_mode=words.PlanMode.VOLUNTARY), "not_applicable"),
        "mode not recorded": (plan(plan_mode=None), "unknown"),
        "no roster": (facts(roster=()), "unknown"),
    },
    "CI-20": {
        "did not join": (facts(projects=(ROSTER._replace(joined=None),)), "breach"),
        "excused": (facts(projects=(ROSTER._replace(joined=None, participation_waiver_ref="批3"),)), "pass"),
        "duty not known": (facts(projects=(ROSTER._replace(joined=None),), mandatory=(None,)), "unknown"),
        "chose the day before": (
            facts(mandatory=(False,), projects=(ROSTER._replace(chosen_on=day("2024-02-09")),)),
            "pass",
        ),
        "chose on the day": (
            facts(mandatory=(False,), projects=(ROSTER._replace(chosen_on=day("2024-02-10")),)),
            "breach",
        ),
        "choice not recorded": (
            facts(mandatory=(False,), projects=(ROSTER._replace(chosen_on=None),)),
            "unknown",
        ),
        "within the quota": (facts(mandatory=(False,), plans=(QUOTA,)), "pass"),
        "a quota that came later counts for later projects alone": (
            both(
                facts(
                    mandatory=(False, False), projects=(ROSTER._replace(chosen_on=day("2024-02-10")), ROSTER)
                ),
                facts(days=(EVENT, day("2024-05-01")), met_on=(day("2024-02-10"),) * 2, plans=(PLAN, QUOTA)),
            ),
            "breach",
        ),
        "not said whether bound, chosen before": (facts(mandatory=(None,)), "pass"),
        "not said whether bound, chosen after": (
            facts(mandatory=(None,), projects=(ROSTER._replace(chosen_on=day("2024-02-11")),)),
            "unknown",
        ),
        "not said whether bound, above the quota if not": (
            facts(
                mandatory=(False, None),
                projects=(ROSTER, ROSTER),
                days=(EVENT, EVENT),
                met_on=(None, None),
                plans=(QUOTA, QUOTA),
            ),
            "unknown",
        ),
        "above the quota": (
            facts(
                mandatory=(False, False),
                projects=(ROSTER, ROSTER),
                days=(EVENT, EVENT),
                met_on=(None, None),
                plans=(QUOTA, QUOTA),
            ),
            "breach",
        ),
        "no day of choice exists, asked at the stake in it": (
            facts(
                mandatory=(False,),
                projects=(ROSTER._replace(chosen_on=None),),
                denied_of=(frozenset({"chosen_on"}),),
            ),
            "breach",
        ),
        "no day of choice exists, asked at another project's stake": (
            facts(
                mandatory=(False,),
                projects=(ROSTER._replace(chosen_on=None),),
                denied_of=(frozenset(),),
                denied=frozenset({"chosen_on"}),
            ),
            "unknown",
        ),
        "voluntary, stayed out": (
            facts(mandatory=(False,), projects=(ROSTER._replace(joined=None),)),
            "pass",
        ),
    },
    "CI-21": {
        "votes itself": (facts(vehicle_voting=words.Voting.OWN), "breach"),
        "by proxy": (facts(vehicle_voting=words.Voting.PROXY_TO_INSTITUTION), "pass"),
        "not recorded": (facts(vehicle_voting=None), "unknown"),
        "a seat": (facts(vehicle_board_seats=1), "warn"),
        "seats not recorded": (facts(vehicle_board_seats=None), "unknown"),
    },
    "CI-22": {
        "a hair below": (facts(state_share=F(339_999, 1_000_000)), "breach"),
        "not the largest": (facts(largest_is_state=False), "breach"),
        "too few others": (facts(non_public_share=F(99, 1000)), "breach"),
        "others at the floor": (facts(non_public_share=F(1, 10)), "pass"),
        "revenue from inside": (facts(external_revenue_share=D("0.8999")), "breach"),
        "profit not recorded": (facts(external_profit_share=None), "unknown"),
        "no such scheme": (facts(firm_level_holding=False), "not_applicable"),
        "scheme not recorded": (facts(firm_level_holding=None), "unknown"),
    },
    "CI-23": {
        "sold on the last day": (firm("2022-01-01"), "pass"),
        "sold a day early": (firm("2021-12-31"), "breach"),
        "locked again by the listing": (firm("2024-12-31", firm_listed_on=day("2022-01-01")), "breach"),
        "after both": (firm("2025-01-01", firm_listed_on=day("2022-01-01")), "pass"),
        "a quarter a year": (firm("2025-01-01", firm_listed_on=day("2022-01-01"), leads=True), "pass"),
        "more than a quarter": (
            firm("2025-01-01", F(2, 100), firm_listed_on=day("2022-01-01"), leads=True),
            "breach",
        ),
        "whether a leader is not recorded": (
            firm("2025-01-01", F(2, 100), firm_listed_on=day("2022-01-01"), leads=None),
            "unknown",
        ),
        "no such holding": (facts(firm_holdings=()), None),
    },
    "CI-24": {
        "together": (exit_pair(), "pass"),
        "within the tolerance": (exit_pair(share=F(501, 1000)), "pass"),
        "beyond it": (exit_pair(share=F(5011, 10000)), "breach"),
        "a day early": (exit_pair(on="2025-05-31"), "breach"),
        "the plan's days": (both(plan(exit_tolerance_days=1), exit_pair(on="2025-05-31")), "pass"),
        "a better price": (exit_pair(price=F(1501)), "breach"),
        "a share's rounding of the price": (exit_pair(price=F(1501), sold=1500), "pass"),
        "more than a share's rounding of the price": (exit_pair(price=F(1501), sold=1501), "breach"),
        "a share's rounding of the part": (exit_pair(share=F(51, 101), sold=51), "pass"),
        "two shares": (exit_pair(share=F(52, 101), sold=52), "breach"),
        "price not recorded": (exit_pair(price=None), "unknown"),
        "part not recorded": (exit_pair(share=None), "unknown"),
        "not sold with the institution": (
            facts(exits=(JointExit(SaleFacts("X", day("2025-06-01"), F(1, 2), F(1)), None),)),
            "breach",
        ),
        "sold alone": (
            facts(exits=(JointExit(None, SaleFacts("Y", day("2025-06-01"), F(1, 2), F(1))),)),
            "breach",
        ),
        "no exit": (facts(), None),
    },
    "CI-25": {
        "still there": (facts(), None),
        "handed over on the last day": (
            left("2024-09-30", sold("2025-09-30"), transferee_is_state=False),
            "pass",
        ),
        "a day late": (left("2024-09-30", sold("2025-10-01")), "breach"),
        "still held in time": (left("2025-09-30", held=F(1)), "pass"),
        "still held after": (left("2025-09-29", held=F(1)), "breach"),
        "to the state at book value": (
            left(
                "2025-01-01", sold("2025-06-01"), transferee_is_state=True, audited_net_assets_per_share=D(10)
            ),
            "pass",
        ),
        "to the state above it": (
            left(
                "2025-01-01",
                sold("2025-06-01"),
                transferee_is_state=True,
                audited_net_assets_per_share=D("9.99"),
            ),
            "breach",
        ),
        "book value not recorded": (
            left("2025-01-01", sold("2025-06-01"), transferee_is_state=True),
            "unknown",
        ),
        "dismissed, above the lower of both": (
            left(
                "2025-01-01",
                sold("2025-06-01"),
                kind=words.LeaverKind.DISMISSED,
                transferee_is_state=False,
                audited_net_assets_per_share=D(9),
            ),
            "breach",
        ),
        "holding not known, time left": (left("2026-01-01", held=None), "pass"),
        "holding not known": (left("2025-01-01", held=None), "unknown"),
        "holding not known, handed over late": (
            left("2024-09-30", sold("2025-10-01"), held=None, transferee_is_state=False),
            "breach",
        ),
        "sold with the institution in time": (both(exit_pair(F(1)), left("2024-06-01", held=F(1))), "pass"),
        "sold with the institution a day late": (
            both(exit_pair(F(1)), left("2024-05-31", held=F(1))),
            "breach",
        ),
        "sold with the institution, how much not recorded": (
            both(exit_pair(None), left("2025-01-01", held=F(1))),
            "unknown",
        ),
    },
    "CI-26": {
        "no move": (facts(), None),
        "with an exemption": (both(promoted("2025-01-01"), plan()), None),
        "sold in time": (promoted("2025-01-01", held=F(0), transfers=(sold("2025-07-01"),)), "pass"),
        "a day late": (promoted("2025-01-01", held=F(0), transfers=(sold("2025-07-02"),)), "breach"),
        "still held in time": (promoted("2026-03-30"), "pass"),
        "still held after": (promoted("2026-03-29"), "breach"),
        "holding not known": (promoted("2025-01-01", held=None), "unknown"),
        "holding not known, handed over late": (
            promoted("2025-01-01", held=None, transfers=(sold("2025-07-02"),)),
            "breach",
        ),
        "sold with the institution too late": (
            both(exit_pair(F(1)), promoted("2024-11-30", held=F(1))),
            "breach",
        ),
    },
    "CI-27": {
        "twelve months to the day": (facts(appraisal_on=day("2023-02-20")), "pass"),
        "a day older": (facts(appraisal_on=day("2023-02-19")), "breach"),
        "after signing": (facts(appraisal_on=day("2024-02-21")), "breach"),
        "no date": (facts(appraisal_on=None), "unknown"),
        "no report exists": (facts(appraisal_ref=None, denied=frozenset({"appraisal_ref"})), "breach"),
        "filing not recorded": (facts(appraisal_filing_ref=None), "unknown"),
        "signing not recorded": (facts(signed_on=None), "unknown"),
    },
    "CI-28": {
        "four days": (facts(publicity_days=4), "breach"),
        "the plan's seven": (plan(publicity_days_min=7), "breach"),
        "not published": (facts(publicity_days=None, denied=frozenset({"publicity_from"})), "breach"),
        "publication not recorded": (facts(publicity_days=None), "unknown"),
        "filing not recorded": (facts(coinvest_filed_on=None), "unknown"),
        "not disclosed": (
            facts(ballots=(BallotFacts("B1", "P1", True, True, False, True, False),)),
            "breach",
        ),
        "voted": (facts(ballots=(BallotFacts("B1", "P1", True, True, True, False, True),)), "breach"),
        "voted as the plan allows": (
            both(
                plan(committee_vote_allowed=True),
                facts(ballots=(BallotFacts("B1", "P1", True, True, True, False, True),)),
            ),
            "pass",
        ),
        "an insider voted all the same": (
            both(
                plan(committee_vote_allowed=True),
                facts(insiders=("P1",), ballots=(BallotFacts("B1", "P1", True, True, True, False, True),)),
            ),
            "breach",
        ),
        "whether he voted is not recorded": (
            facts(ballots=(BallotFacts("B1", "P1", True, True, True),)),
            "unknown",
        ),
        "no record": (facts(ballots=()), "unknown"),
        "stayed away": (facts(ballots=(BallotFacts("B1", "P1", True, False, False, False),)), "pass"),
        "stayed away and voted in writing": (
            facts(ballots=(BallotFacts("B1", "P1", True, False, True, False, True),)),
            "breach",
        ),
        "not said whether there, disclosed": (
            facts(ballots=(BallotFacts("B1", "P1", True, None, True, True, False),)),
            "pass",
        ),
        "not said whether there, not disclosed": (
            facts(ballots=(BallotFacts("B1", "P1", True, None, False, True, False),)),
            "unknown",
        ),
        "not said whether there, but voted, not disclosed": (
            both(
                plan(committee_vote_allowed=True),
                facts(ballots=(BallotFacts("B1", "P1", True, None, False, False, True),)),
            ),
            "breach",
        ),
    },
    "CI-29": {
        "an open leak": (facts(incidents=(IncidentFacts("I", day("2024-01-01"), None),)), "breach"),
        "cleared on the day": (facts(incidents=(IncidentFacts("I", day("2024-01-01"), EVENT),)), "pass"),
        "cleared the day after": (
            facts(incidents=(IncidentFacts("I", day("2024-01-01"), day("2024-03-02")),)),
            "breach",
        ),
        "a later leak": (facts(incidents=(IncidentFacts("I", day("2024-03-02"), None),)), "pass"),
        "day not recorded": (facts(incidents=(IncidentFacts("I", None, None),)), "unknown"),
    },
    "CI-30": {
        "the plan was never approved": (
            plan(board_approved_on=None, denied=frozenset({"board_approved_on"})),
            "breach",
        ),
        "not by the firm": (facts(vehicle_sponsor="P1"), "pass"),
        "sponsor not recorded": (facts(vehicle_sponsor=None), "unknown"),
        "no plan": (facts(plans=()), "breach"),
        "approved later": (plan(board_approved_on=day("2024-03-06")), "breach"),
        "approval not recorded": (plan(board_approved_on=None), "unknown"),
        "one approval later, the other not recorded": (
            plan(board_approved_on=day("2024-03-06"), party_committee_approved_on=None),
            "breach",
        ),
    },
    "CI-31": {
        "one missing": (
            facts(evidence=frozenset(words.EvidenceItem) - {words.EvidenceItem.APPRAISAL}),
            "warn",
        ),
        "one that does not exist": (
            facts(
                evidence=frozenset(words.EvidenceItem) - {words.EvidenceItem.APPRAISAL},
                evidence_denied=frozenset({words.EvidenceItem.APPRAISAL}),
            ),
            "breach",
        ),
        "one without a day": (
            facts(
                evidence=frozenset(words.EvidenceItem) - {words.EvidenceItem.APPRAISAL},
                evidence_untold=frozenset({words.EvidenceItem.APPRAISAL}),
            ),
            "unknown",
        ),
        "what does not apply": (
            facts(evidence=frozenset(words.EvidenceItem) - {words.EvidenceItem.EXITS}),
            "pass",
        ),
    },
    "CI-32": {
        "a founder": (facts(is_founder_of_investee=True), "breach"),
        "founders not recorded": (facts(is_founder_of_investee=None), "unknown"),
        "an employee": (facts(employed_by_investee=True), "breach"),
        "a relative of one": (
            facts(kin=(KinFacts("K", "P2", words.KinshipKind.CHILD, employed_by_investee=True),)),
            "breach",
        ),
        "half": (facts(related_share_of_investee=((EVENT, F(1, 2)),)), "breach"),
        "half on the last day": (
            facts(related_share_of_investee=((EVENT, F(1, 10)), (day("2026-03-01"), F(1, 2)))),
            "breach",
        ),
        "half a day later": (
            facts(related_share_of_investee=((EVENT, F(1, 10)), (day("2026-03-02"), F(1, 2)))),
            "pass",
        ),
        "share not recorded": (facts(related_share_of_investee=()), "unknown"),
        "not claimed": (facts(stake_tax_deduction=False), "not_applicable"),
        "not recorded": (facts(stake_tax_deduction=None), "unknown"),
    },
}
AS_THEY_ARE = {"CI-08": None, "CI-10": "not_applicable", "CI-24": None, "CI-25": None, "CI-26": None}
"""What the facts above give where that is not a pass."""


CASES = [(rule, name, *case) for rule, cases in OF_RULE.items() for name, case in cases.items()] + [
    (rule, "as they are", facts(), AS_THEY_ARE.get(rule, "pass")) for rule in CODED
]
"""(rule, name, change of the facts above, verdict), as tests/test_fof_rules_catalogue.py reads them."""


@pytest.mark.parametrize(("rule", "name", "change", "expected"), CASES, ids=[f"{c[0]} {c[1]}" for c in CASES])
def test_each_limb_at_its_bound(rule: str, name: str, change: Change, expected: str | None) -> None:
    assert verdict(rule, change(OF[catalogue.RULES[rule].scope][0])) == expected, name


def test_the_plan_of_the_events_day_judges_and_todays_stands_beside() -> None:
    stricter = replace(PLAN, total_cap=D("0.001"))
    finding = found("CI-17", replace(PROJECT, plan_today=stricter))
    assert finding is not None
    assert finding.beside is not None
    assert (finding.verdict.value, finding.beside.verdict.value) == ("pass", "breach")


def test_measured_and_money_are_those_of_the_limb_that_failed() -> None:
    finding = found("CI-12", ours(at("2024-04-01"))(STAKE))
    assert finding is not None
    assert (finding.measured, finding.threshold, finding.unit) == (
        day("2024-04-01"),
        day("2024-03-31"),
        "date",
    )
    assert (finding.since, finding.money_at_stake) == (day("2024-04-01"), 20_000_000)


def test_what_the_person_has_in_a_company_is_at_stake_not_its_trade() -> None:
    tie = TieFacts("W", None, day("2020-01-01"), day("2023-12-31"), ((2024, 554_000_000, 10**9, 34, 100),))
    finding = found("CI-07", replace(STAKE, ties=(tie,)))
    assert finding is not None
    assert (finding.verdict.value, finding.money_at_stake) == ("breach", STAKE.paid_in)


@pytest.mark.parametrize(
    ("paid_late", "verdict_", "money"),
    [
        (1_000, "pass", None),  # what rounding one share explains: not late, nothing at stake
        (1_001, "breach", 1_001),  # a fen more: late, with all of it
        (20_000_000, "breach", 20_000_000),
    ],
)
@pytest.mark.parametrize("waived", [False, True])
def test_what_rounding_explains_decides_and_is_not_taken_off(
    paid_late: int, verdict_: str, money: int | None, waived: bool
) -> None:
    in_time = 20_000_000 - paid_late
    parts = [(at("2024-03-11", in_time), in_time), (at("2024-04-01", paid_late), paid_late)]
    bought = [part._replace(shares=OURS.shares * fen / 20_000_000) for part, fen in parts if fen]
    waiver = plan(late_effect=words.LateEffect.WAIVED) if waived else facts()
    finding = found("CI-12", both(waiver, ours(*bought))(STAKE))
    assert finding is not None
    assert finding.verdict.value == ("warn" if waived and verdict_ == "breach" else verdict_)
    if money is not None:
        assert finding.money_at_stake == money
