"""The state venture institutions of the demo office: plans, people and the vehicles they invest through."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from models import coinvest as w
from models.kinds import EdgeBasis, LegalForm, Ownership, PartyKind
from office.attributes import Stated
from office.parties import manager_code
from office.staff_register import StaffRegister, StaffRow

_D = dt.date
ANGEL, MEDICAL, DIGITAL, DIRECT = manager_code(4), manager_code(5), manager_code(10), "SV-01"
"""Institutions: wholly state-owned since 2018, two state-controlled ones, and the
venture firm that has a plan and no project yet."""
GENERAL_PARTNER = "SO-91"
"""Private firm of the teams: it holds most of the managers' general partners, and is the vehicles' own."""
NEWCOMER = 20
"""Came to the first institution in 2022, when its vehicle was four years old."""
OUTSIDER = "RW-01"
"""A person who works for none of them."""
_BECAME_STATE = _D(2018, 1, 1)
_HEADS = {ANGEL: 53, MEDICAL: 17, DIGITAL: 8, DIRECT: 0}
_GROUPS = (w.RoleClass.EXECUTIVE, w.RoleClass.MID_LEVEL, w.RoleClass.MANAGEMENT_TEAM)
VENDORS = {ANGEL: "QY-0003", MEDICAL: "QY-0004", DIGITAL: "QY-0005", DIRECT: "QY-0006"}
"""Companies that each institution buys from and is not in."""


def ownership_of_managers() -> Iterator[Stated]:
    """The three managers came under state control, on paper, at the beginning of 2018."""
    document = "示例省国资委关于管理机构股权划转的批复"
    for code, control in ((ANGEL, "国有独资"), (MEDICAL, "国有控股"), (DIGITAL, "国有控股")):
        yield Stated(_BECAME_STATE, code, "ownership", control, document)
    yield Stated(_BECAME_STATE, ANGEL, "firm_level_holding", False, "章程")


def people_and_vehicles(register: StaffRegister) -> None:
    """Everybody and everything that projects are made with."""
    _owners(register)
    for firm in _HEADS:
        plan(register, plan_of(firm), firm, **_MAIN[firm])
        for change in _LATER.get(firm, ()):
            register.add("coinvest_plans", code=plan_of(firm), institution=firm, **change)
        if _HEADS[firm]:
            vehicle(register, vehicle_of(firm), firm)
        for number in range(1, _HEADS[firm] + 1):
            person(register, firm, number)
    _vendors(register)


def plan_of(firm: str) -> str:
    """Code of an institution's standing plan."""
    return f"GT-{firm}"


def vehicle_of(firm: str) -> str:
    """Code of its standing vehicle."""
    return f"PT-{firm}"


def person_code(firm: str, number: int) -> str:
    """Code of a member of staff; people have no names in the book."""
    return f"RY-{firm}-{number:02d}"


def person(register: StaffRegister, firm: str, number: int, **changes: Any) -> str:
    """A member of staff with an employment that has run since before the plans; number 1 leads the institution."""
    code = person_code(firm, number)
    start = _D(2014 + number % 4, 1 + number % 12, 1 + number % 27)
    if (firm, number) == (ANGEL, NEWCOMER):
        start = _D(2022, 3, 1)
    register.add("parties", code=code, kind=PartyKind.PERSON, name=f"示例机构人员{code[3:]}", since=start)
    group = _GROUPS[0 if number == 1 else 1 if number % 4 == 2 else 2]
    cells = {
        "employed_from": start,
        "staff_contract": w.StaffContract.LABOUR,
        "contract_from": start,
        "insured_from": start,
        "role_class": group,
        "post": {0: "总经理", 1: "投资部负责人", 2: "投资经理"}[_GROUPS.index(group)],
        "annual_pay": (40 + number % 30) * 1_000_000,
        "appointed_by": w.AppointedBy.INSTITUTION,
    }
    register.add(
        "employments",
        code=f"RZ-{code[3:]}",
        person=code,
        employer=firm,
        since=start,
        document="劳动合同与社保记录",
        **(cells | changes),
    )
    return code


def employment(register: StaffRegister, code: str) -> StaffRow:
    """The first row of a person's employment."""
    return register.find("employments", code=f"RZ-{code[3:]}")


_STANDING: dict[str, Any] = {
    "plan_mode": w.PlanMode.MANDATORY,
    "eligible_roles": _GROUPS,
    "basis_doc": "国发〔2016〕53号 第12条；龙江双创实施意见（2017）三（四）",
    "board_approved_on": _D(2017, 11, 20),
    "party_committee_approved_on": _D(2017, 11, 28),
    "plan_filed_on": _D(2017, 12, 15),
    "pilot_exemption_ref": "示例黑国资试点〔2017〕4号",
    "payment_lag": 30,
    "payment_lag_unit": w.LagUnit.DAYS,
    "late_effect": w.LateEffect.BREACH,
    "total_cap": Decimal("0.1"),
    "total_cap_base": w.CapBase.TICKET_AND_STAFF,
    "deal_team_floor": Decimal("0.01"),
    "equity_cap": Decimal("0.1"),
    "person_cap": Decimal("0.01"),
    "exit_tolerance": Decimal("0.001"),
    "leaver_months": 12,
    "promotion_months": 6,
    "publicity_days_min": 5,
}
_MAIN: dict[str, dict[str, Any]] = {
    ANGEL: {"leaver_price": w.LeaverPrice.COST},
    MEDICAL: {"plan_mode": w.PlanMode.VOLUNTARY, "deal_team_floor": None},
    DIGITAL: {"plan_mode": w.PlanMode.VOLUNTARY, "deal_team_floor": None, "yearly_quota": 3},
    DIRECT: {},
}
_LATER: dict[str, tuple[dict[str, Any], ...]] = {
    ANGEL: (
        {
            "since": _D(2021, 3, 1),
            "plan_version": "第二版",
            "payment_lag": 1,
            "payment_lag_unit": w.LagUnit.MONTHS,
            "exit_tolerance_days": 5,
            "document": "董事会决议〔2021〕2号",
        },
        {
            "since": _D(2024, 1, 1),
            "plan_version": "第三版",
            "payment_lag": 30,
            "payment_lag_unit": w.LagUnit.DAYS,
            "total_cap": Decimal("0.08"),
            "document": "董事会决议〔2023〕9号",
        },
    ),
    MEDICAL: (
        {
            "since": _D(2022, 1, 1),
            "plan_version": "第二版（改为强制跟投）",
            "plan_mode": w.PlanMode.MANDATORY,
            "deal_team_floor": Decimal("0.01"),
            "document": "董事会决议〔2021〕11号",
        },
    ),
}


def plan(
    register: StaffRegister, code: str, firm: str, since: dt.date = _BECAME_STATE, **changes: Any
) -> str:
    """A plan's first version: the standing terms with changes; None leaves one out."""
    register.add(
        "coinvest_plans",
        code=code,
        institution=firm,
        since=since,
        plan_version="第一版",
        document="跟投管理办法",
        **(_STANDING | changes),
    )
    return code


def vehicle(register: StaffRegister, code: str, firm: str, **changes: Any) -> str:
    """A limited partnership of staff that the firm set up under its plan, without votes."""
    cells: dict[str, Any] = {
        "legal_form": LegalForm.LIMITED_PARTNERSHIP,
        "gp": GENERAL_PARTNER,
        "vehicle_sponsor": firm,
        "vehicle_voting": w.Voting.NONE,
        "vehicle_board_seats": 0,
    }
    register.add(
        "parties",
        code=code,
        kind=PartyKind.HOLDING_VEHICLE,
        name=f"示例跟投平台{code[3:]}",
        since=_D(2018, 1, 2),
        document="合伙协议",
        **(cells | changes),
    )
    return code


def partner(
    register: StaffRegister, code: str, owned: str, since: dt.date, year: int, share: str = "0.01"
) -> None:
    """A partner of a vehicle, once."""
    if not register.all("edges", owner=code, owned=owned):
        register.add(
            "edges", year, owner=code, owned=owned, since=since, share=Decimal(share), basis=EdgeBasis.EQUITY,
            document="合伙人名册",
        )  # fmt: skip


def _owners(register: StaffRegister) -> None:
    register.add(
        "parties",
        code=GENERAL_PARTNER,
        kind=PartyKind.SOCIAL_INVESTOR,
        name="示例松江事务合伙公司",
        since=_BECAME_STATE,
        ownership=Ownership.PRIVATE,
    )
    register.add(
        "parties", code=OUTSIDER, kind=PartyKind.PERSON, name="示例机构外人员01", since=_BECAME_STATE
    )
    for firm, number in ((ANGEL, 4), (MEDICAL, 5), (DIGITAL, 10)):
        for owner, share in ((firm, "0.3"), (GENERAL_PARTNER, "0.7")):
            register.add(
                "edges",
                owner=owner,
                owned=f"GP-{number:02d}",
                since=_BECAME_STATE,
                share=Decimal(share),
                basis=EdgeBasis.EQUITY,
                document="章程修正案",
            )


def _vendors(register: StaffRegister) -> None:
    """Each institution keeps a list of those it trades with: that somebody is not on it means something."""
    for firm, company in VENDORS.items():
        register.add(
            "business_ties",
            code=f"WL-{firm}",
            institution=firm,
            company=company,
            since=_BECAME_STATE,
            tie=w.TieKind.VENDOR,
            tie_from=_BECAME_STATE,
        )
