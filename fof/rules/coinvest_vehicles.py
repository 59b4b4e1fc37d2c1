"""Staff co-investment: the vehicle and the institution. CI-16, CI-21, CI-22, CI-30."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction

from fof.rules import cited_documents as docs
from fof.rules.coinvest_terms import missing_unless_denied, share_of, unless_denied
from fof.rules.facts_coinvest import InstitutionFacts, PlanFacts, VehicleFacts
from fof.rules.registry import (
    Confidence,
    Level,
    Limb,
    Outcome,
    Scope,
    Verdict,
    checklist,
    missing,
    not_applicable,
    rule,
)
from fof.rules.truth import all_of, among, any_of, at_least, at_most, not_
from fof.rules.wording import listed, pct
from models.coinvest import Voting
from models.kinds import LegalForm
from models.text import Text, counted

_APPROVALS = ("board_approved_on", "party_committee_approved_on")


@rule(
    "CI-16",
    Level.LAW,
    Scope.VEHICLE,
    Confidence.SEEN,
    text=Text("持股平台形式", "Vehicle"),
    sources=[docs.PARTNERSHIP_LAW.at("第3、61条")],
)
def vehicle_form(vehicle: VehicleFacts, *, vehicle_partners_max: int) -> Outcome:
    """A limited partnership of at most so many staff, whose general partner is no state firm."""
    denied, count = vehicle.denied, len(vehicle.partners)
    form = unless_denied(among(vehicle.legal_form, (LegalForm.LIMITED_PARTNERSHIP,)), denied, "legal_form")
    known = count if vehicle.partners_known or count > vehicle_partners_max else None
    gp = None if vehicle.gp is None else unless_denied(not_(vehicle.gp_is_state_owned), denied, "ownership")
    gp = unless_denied(gp, denied, "gp") if vehicle.gp is None else gp
    staff = not vehicle.outsiders if vehicle.partners_known or vehicle.outsiders else None
    who = listed(vehicle.outsiders)
    return checklist(
        [
            (form, Text("为有限合伙企业", "a limited partnership")),
            Limb(
                unless_denied(at_most(known, vehicle_partners_max), denied, "partners"),
                Text(
                    f"合伙人不超过 {vehicle_partners_max} 人",
                    f"at most {counted(vehicle_partners_max, 'partner')}",
                ),
                count,
                vehicle_partners_max,
                "count",
            ),
            (gp, Text("普通合伙人不是国有企业", "the general partner is no state firm")),
            (
                unless_denied(staff, denied, "partners"),
                Text(
                    "合伙人均为本机构员工" + (f"（{who} 不是，应按 QI-01 检验）" if who else ""),
                    "every partner is staff" + (f" ({who}: not, to be tested under QI-01)" if who else ""),
                ),
            ),
        ],
        money=vehicle.fen or None,
    )


@rule(
    "CI-21",
    Level.CONFIG,
    Scope.VEHICLE,
    Confidence.SEEN,
    text=Text("跟投只享有经济权利", "Economic rights only"),
    sources=[docs.practice("国有企业项目跟投实务")],
)
def economic_rights(vehicle: VehicleFacts) -> Outcome:
    """No votes of its own; a seat on the board is a warning."""
    votes = among(vehicle.vehicle_voting, (Voting.NONE, Voting.PROXY_TO_INSTITUTION))
    votes = unless_denied(votes, vehicle.denied, "vehicle_voting")
    seats = vehicle.vehicle_board_seats
    if seats is None and "vehicle_board_seats" in vehicle.denied:
        seats = 0  # a seat that does not exist is none
    limb = Limb(
        votes, Text("平台不自行表决", "the vehicle does not vote by itself"), money=vehicle.fen or None
    )
    if votes is not False and seats:
        text = Text(f"平台委派董事 {seats} 席", f"the vehicle holds {seats} board seats")
        return Outcome(Verdict.WARN, text, seats, 0, "count", vehicle.fen or None)
    return checklist(
        [limb, (at_most(seats, 0), Text("不委派董事", "no board seat"))], money=vehicle.fen or None
    )


@rule(
    "CI-22",
    Level.MIN,
    Scope.INSTITUTION,
    Confidence.SEEN,
    text=Text("本级员工持股时国有控股", "State stays in control where staff hold the firm itself"),
    sources=[docs.SASAC_133.at("第二、三条")],
)
def state_control(
    institution: InstitutionFacts,
    *,
    firm_state_share_min: Decimal,
    firm_non_public_share_min: Decimal,
    firm_external_min: Decimal,
) -> Outcome:
    """The state is the largest holder above a floor, others hold some, business is mostly outside the group."""
    denied, scheme = institution.denied, institution.firm_level_holding
    if scheme is False or (scheme is None and "firm_level_holding" in denied):
        return not_applicable(Text("未实行本级员工持股", "staff do not hold the firm itself"))
    if scheme is None:
        return missing(Text("是否实行本级员工持股", "whether staff hold the firm itself"))

    def floor(value: Fraction | Decimal | None, least: Decimal, what: Text, name: str) -> Limb:
        exact = share_of(value, 1) if isinstance(value, Fraction) else value
        text = Text(f"{what.zh}不低于 {pct(least)}", f"{what.en} at least {pct(least)}")
        met = unless_denied(at_least(exact, least), denied, name)
        return Limb(met, text, exact, least, "share")

    return checklist(
        [
            floor(
                institution.state_share,
                firm_state_share_min,
                Text("国有股权", "the state's share"),
                "institution_owners",
            ),
            (
                unless_denied(institution.largest_is_state, denied, "institution_owners"),
                Text("国有为第一大股东", "the state is the largest holder"),
            ),
            floor(
                institution.non_public_share,
                firm_non_public_share_min,
                Text("非公有股权", "non-public share"),
                "institution_owners",
            ),
            floor(
                institution.external_revenue_share,
                firm_external_min,
                Text("集团外收入", "revenue from outside"),
                "external_revenue_share",
            ),
            floor(
                institution.external_profit_share,
                firm_external_min,
                Text("集团外利润", "profit from outside"),
                "external_profit_share",
            ),
        ]
    )


def _approved(plan: PlanFacts, first_day: dt.date | None) -> bool | None:
    """Whether board and party committee had approved a plan by the vehicle's first payment: one of them too late is enough to say no."""
    on = (plan.board_approved_on, plan.party_committee_approved_on)
    both = all_of(*(at_most(day, first_day) for day in on))
    return unless_denied(both, plan.denied, *_APPROVALS)


@rule(
    "CI-30",
    Level.MIN,
    Scope.VEHICLE,
    Confidence.SEEN,
    text=Text("企业不得在方案外组织员工投资", "No organising by the firm outside the plan"),
    sources=[docs.SASAC_139.at(None)],
)
def not_organised(vehicle: VehicleFacts) -> Outcome:
    """The firm sponsors a vehicle only under a plan approved by the vehicle's first payment."""
    money = vehicle.fen or None
    if vehicle.vehicle_sponsor is None:
        sponsor = Text("平台发起人", "the vehicle's sponsor")
        return missing_unless_denied(sponsor, vehicle.denied, "vehicle_sponsor", money=money)
    if vehicle.vehicle_sponsor != vehicle.institution:
        text = Text("平台不是本机构发起", "the vehicle was not sponsored by the firm")
        return Outcome(Verdict.PASS, text)
    met = any_of(*(_approved(plan, vehicle.first_day) for plan in vehicle.plans)) if vehicle.plans else False
    return checklist([(met, Text("平台按已批准的方案设立", "sponsored under an approved plan"))], money=money)
