"""The institutions' projects, each with what is wrong in it, one after another."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction

from models import coinvest as w
from models.kinds import LegalForm
from office import staff_plants_people as people
from office import staff_plants_projects as projects
from office import staff_plants_vehicles as vehicles
from office.economy import Office
from office.staff_people import (
    ANGEL,
    DIGITAL,
    GENERAL_PARTNER,
    MEDICAL,
    NEWCOMER,
    people_and_vehicles,
    person_code,
    plan,
    vehicle,
    vehicle_of,
)
from office.staff_register import StaffRegister, day_after
from office.staff_rounds import Rounds

_D = dt.date


def staff_register(office: Office) -> StaffRegister:
    """Everything about co-investment in the demo office, and its key."""
    register = StaffRegister()
    people_and_vehicles(register)
    rounds = Rounds(register, office)
    people_of_the_angel_fund(register, rounds)
    projects_of_the_angel_fund(register, rounds)
    people_of_the_medical_fund(rounds)
    projects_of_the_medical_fund(rounds)
    projects_of_the_digital_fund(register, rounds)
    projects.nearly(rounds.projects)
    vehicles.institutions(register)
    projects.january_to_march(rounds.take(ANGEL, "SF-2021-01-X17", [17, 18], [19]))
    return register


def people_of_the_angel_fund(register: StaffRegister, rounds: Rounds) -> None:
    """The projects of the first institution in which people are the matter."""
    take = rounds.take
    loans = take(ANGEL, "SF-2021-01-X03", [2, 3], [4, 5, 6, 7], [8])
    loans.sells(rounds.sold(loans)[:1], part=Fraction(1001, 1000))
    loans.sells(rounds.sold_later(loans))
    people.money_of_their_own(loans)
    people.declared_in_time(take(ANGEL, "SF-2021-01-X01", [3, 4], [5, 6, 7, 8], [1]))
    people.held_for_another(take(ANGEL, "SF-2017-02-X07", [2, 5], [6, 7, 8, 9]))
    people.side_terms(take(ANGEL, "SF-2017-02-X08", [3, 6], [7, 8, 9]))
    people.leaks(take(ANGEL, "SF-2017-02-X11", [2, 7], [21, 22, 23, 24]))
    both = take(ANGEL, "SF-2017-02-X16", [4, 9], [25, 26, 27, 28, 29, 30, 31, 32])
    people.contracts(both)
    people.groups(both)
    vehicle(register, "PT-MG-04-01", ANGEL)
    people.employed_on_the_day(take(ANGEL, "SF-2017-02-X18", [5, 10], [33, 34, 35], vehicle="PT-MG-04-01"))
    people.appointed(take(ANGEL, "SF-2017-02-X20", [6, 11], [36, 37, 38]))
    consent = plan(
        register, "GT-MG-04-01", ANGEL, since=_D(2021, 1, 4),
        leaders_consent_ref="示例黑国资函〔2020〕18号", pay_multiple_cap=Decimal("0.05"),
    )  # fmt: skip
    people.consent_and_pay(take(ANGEL, "SF-2017-02-X21", [7, 12], [39, 40, 41, 42], plan=consent))
    people.trail(take(ANGEL, "SF-2021-01-X02", [8, 13], [14, 15, 16, 17]))
    people.deductions(take(ANGEL, "SF-2021-01-X04", [9, 14], [15, 16, 17, 18], sells=True), "SF-2021-01")
    take(ANGEL, "SF-2021-01-X08", [10, 15], [16])
    people.half_of_it(take(ANGEL, "SF-2021-01-X10", [11, 12], [16]), "", "unknown")
    people.half_of_it(take(ANGEL, "SF-2021-01-X19", [10, 15], [16]), "0.5", "breach")
    people.half_of_it(take(ANGEL, "SF-2023-02-X03", [11, 12], [16]), "0.4999", "pass")
    people.technical(take(ANGEL, "SF-2021-01-X11", [12, 17], [43, 44, 45]))
    first = take(ANGEL, "SF-2021-01-X13", [13, 18], [46, 47])
    people.representative_untold(first)
    people.couple(first, take(ANGEL, "SF-2021-01-X14", [14, 19], [48, 49]))


def people_of_the_medical_fund(rounds: Rounds) -> None:
    """The projects of the second institution in which people leave or move."""
    take = rounds.take
    people.leavers(take(MEDICAL, "SF-2018-02-X04", [2, 3], [9, 10, 11, 12, 13, 14]))
    people.leaver_to_the_firm(take(MEDICAL, "SF-2018-02-X08", [3, 4], [15]))
    people.moves(take(MEDICAL, "SF-2018-02-X10", [4, 5], [16, 7, 8]))


def projects_of_the_angel_fund(register: StaffRegister, rounds: Rounds) -> None:
    """The projects of the first institution in which terms, days and procedure are the matter."""
    take, made = rounds.take, rounds.projects
    projects.procedure(made)
    late = take(ANGEL, "SF-2021-01-X05", [2, 3], [4, 5])
    late.sells(rounds.sold(late), days=6)
    projects.exits_late(late, 6)
    near = take(ANGEL, "SF-2021-01-X06", [4, 5], [6, 7])
    near.sells(rounds.sold(near), days=5)
    projects.exits_near(near)
    better = take(ANGEL, "SF-2017-02-X19", [6, 7], [8, 9])
    better.sells(rounds.sold(better), better=5_000_00)
    projects.exits_better(better)
    stayed = take(ANGEL, "SF-2017-02-X09", [8, 9], [10, 11])
    projects.exits_never(stayed, rounds.sold(stayed))
    more = take(ANGEL, "SF-2017-02-X10", [10, 11], [12, 13])
    more.sells(rounds.sold(more)[:1], part=Fraction(6, 5))
    projects.exits_more(more, rounds.sold_later(more))
    untold = take(ANGEL, "SF-2017-02-X13", [12, 13], [14, 15])
    untold.sells(rounds.sold(untold))
    projects.exits_untold(untold)
    projects.ceiling(take(ANGEL, "SF-2023-02-X01", [2, 3], [4, 5]), 0)
    projects.ceiling(take(ANGEL, "SF-2023-02-X02", [4, 5], [6, 7]), 1)
    own = plan(register, "GT-MG-04-02", ANGEL, since=_D(2024, 6, 3), total_cap=Decimal("0.2"))
    projects.one_per_cent(take(ANGEL, "SF-2023-02-X04", [6, 7], [8, 9], plan=own))
    fifty = vehicle(register, "PT-MG-04-02", ANGEL)
    projects.partners(
        projects.team_at_floor(take(ANGEL, "SF-2023-02-X05", [8, 9], [10], vehicle=fifty), 5), 49
    )
    many = vehicle(register, "PT-MG-04-03", ANGEL)
    projects.partners(
        projects.team_at_floor(take(ANGEL, "SF-2023-02-X06", [10, 11], [12], vehicle=many), 4), 50
    )
    projects.skipped(take(ANGEL, "SF-2023-02-X07", [12, 13], [14, NEWCOMER], [18, 19]), 18, 19)
    register.near(
        "CI-16", "合伙人均为本机构员工", vehicle_of(ANGEL), "2022 年入职者 2025 年入伙，平台设立于 2018 年"
    )
    state = vehicle(register, "PT-MG-04-04", ANGEL, gp="GP-06")
    register.breach("CI-16", "普通合伙人不是国有企业", state, "普通合伙人由国有独资公司担任")
    projects.roles_untold(take(ANGEL, "SF-2023-02-X08", [14, 15], [16], vehicle=state), 16)
    banned = plan(register, "GT-MG-04-03", ANGEL, since=_D(2025, 6, 2), pilot_exemption_ref=None)
    projects.exemption(take(ANGEL, "SF-2023-02-X10", [2, 4], [6], plan=banned), "breach", "方案没有试点豁免")
    day = rounds.instalments("SF-2023-02-X13")[0].day
    until = plan(
        register,
        "GT-MG-04-04",
        ANGEL,
        since=_D(2026, 1, 5),
        pilot_exemption_until=day,
        board_approved_on=day_after(day, -30),
        party_committee_approved_on=day_after(day, -10),
        plan_filed_on=day,
    )
    by_partners = vehicle(register, "PT-MG-04-05", ANGEL, vehicle_sponsor=GENERAL_PARTNER)
    on_the_day = take(ANGEL, "SF-2023-02-X13", [3, 5], [7], plan=until, vehicle=by_partners)
    projects.exemption(on_the_day, "pass", "豁免至投资当日有效")
    register.near("CI-02", "国资委备案", on_the_day.code, "投资当日完成备案")
    register.near("CI-30", "平台不是本机构发起", by_partners, "平台由合伙人自行发起")
    projects.without_basis(register, rounds)
    projects.filed_later(register, rounds)
    projects.approval_untold(register, rounds)
    projects.later_round(take(ANGEL, "SF-2021-01-X07", [6, 8], [10], number=2), allowed=False)
    follow = plan(register, "GT-MG-04-08", ANGEL, since=_D(2024, 12, 2), follow_on_allowed=True,
                  committee_vote_allowed=True, total_floor=Decimal("0.0145"))  # fmt: skip
    allowed = take(ANGEL, "SF-2021-01-X17", [7, 9], [11], number=2, plan=follow)
    projects.later_round(allowed, allowed=True)
    register.find("ballots", code=f"BJ-{allowed.code}-07").update(recused=False, voted=True)
    register.near("CI-28", "允许其表决", allowed.code, "持份额的委员披露后表决，方案允许")
    register.near("CI-17", "不低于", allowed.code, "恰高于跟投总额下限")
    projects.rescued(rounds)


def projects_of_the_medical_fund(rounds: Rounds) -> None:
    """The projects of the second institution: insiders, prices, customers, and a plan that becomes a duty half-way."""
    take = rounds.take
    projects.chosen_in_time(take(MEDICAL, "SF-2018-02-X01", [2, 3], [1, 4, 5, 6], [17]))
    projects.insider_voted(take(MEDICAL, "SF-2018-02-X03", [3, 4], [1, 5]))
    projects.cheaper(take(MEDICAL, "SF-2018-02-X11", [2, 4], [5]))
    projects.other_class(take(MEDICAL, "SF-2018-02-X13", [3, 5], [6]))
    projects.rounded(take(MEDICAL, "SF-2018-02-X14", [2, 6], [5]), 300, "总价多出不足一股")
    projects.fees_untold(take(MEDICAL, "SF-2018-02-X16", [3, 4], [5]))
    projects.rounded(take(MEDICAL, "SF-2018-02-X17", [2, 5], [6]), 1, "总价多出一分")
    projects.supplier(take(MEDICAL, "SF-2025-01-X01", [3, 6], [5]))
    projects.former_customer(take(MEDICAL, "SF-2025-01-X02", [2, 4], [6]))
    projects.depends(
        rounds.projects["SF-2018-02-X16-1"],
        rounds.revenue("SF-2018-02-X16"),
        "breach",
        "上年近半收入来自机构",
        parts=2,
    )
    projects.depends(
        rounds.projects["SF-2018-02-X17-1"],
        rounds.revenue("SF-2018-02-X17"),
        "pass",
        "上年收入恰三分之一来自机构",
    )
    projects.depends(rounds.projects["SF-2018-02-X14-1"], None, "unknown", "企业该年收入未登记")


def projects_of_the_digital_fund(register: StaffRegister, rounds: Rounds) -> None:
    """The projects of the third institution: a yearly quota, and vehicles of many shapes."""
    take = rounds.take
    for position, team, others in (
        ("X04", [2, 3], [7, 8]),
        ("X07", [4, 5], [7, 8]),
        ("X05", [2, 6], [7, 8]),
        ("X06", [3, 4], [7]),
    ):
        take(DIGITAL, f"SF-2019-01-{position}", team, others, sells=position in ("X05", "X06"))
    seven, eight = person_code(DIGITAL, 7), person_code(DIGITAL, 8)
    register.breach("CI-20", "2020 年不超过 3 个", seven, "一年跟投四个项目，方案限三个")
    register.near("CI-20", "2020 年不超过 3 个", eight, "一年跟投恰三个项目")
    shapes = vehicles.VehiclesOf(register, rounds, DIGITAL)
    shapes.one(
        "SF-2019-01-X02",
        [2, 4],
        [5],
        "CI-21",
        "不自行表决",
        "breach",
        "平台自行表决",
        vehicle_voting=w.Voting.OWN,
    )
    shapes.one(
        "SF-2019-01-X08", [3, 4], [6], "CI-21", "董事", "warn", "平台委派一名董事", vehicle_board_seats=1
    )
    shapes.one(
        "SF-2019-01-X11", [2, 5], [4], "CI-21", "不自行表决", "unknown", "表决安排未登记", vehicle_voting=None
    )
    shapes.one(
        "SF-2019-01-X12", [3, 5], [6], "CI-21", "不自行表决", "pass", "表决权委托机构行使",
        vehicle_voting=w.Voting.PROXY_TO_INSTITUTION,
    )  # fmt: skip
    shapes.one(
        "SF-2019-01-X13", [2, 6], [5], "CI-30", "发起人", "unknown", "平台发起人未登记", vehicle_sponsor=None
    )
    shapes.one(
        "SF-2019-01-X15",
        [3, 6],
        [4],
        "CI-16",
        "有限合伙",
        "breach",
        "平台为公司制",
        legal_form=LegalForm.COMPANY,
    )
    shapes.one(
        "SF-2019-01-X16", [4, 5], [3], "CI-16", "有限合伙", "unknown", "平台形式未登记", legal_form=None
    )
    shapes.before_the_committee("SF-2019-01-X14", [4, 6], [3])
    register.near("CI-16", "合伙人均为本机构员工", vehicle_of(MEDICAL), "合伙人入伙时在职，其后离职")
