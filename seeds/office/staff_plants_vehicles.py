"""What is wrong with vehicles and with shares of the institutions themselves in the demo office: CI-16, 21 … 23, 30."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from models import coinvest as w
from models.kinds import EdgeBasis
from office.staff_people import (
    DIGITAL,
    DIRECT,
    GENERAL_PARTNER,
    MEDICAL,
    employment,
    person_code,
    plan,
    vehicle,
)
from office.staff_plants_projects import about_each, say
from office.staff_register import StaffRegister, day_after
from office.staff_rounds import Rounds

_D = dt.date


class VehiclesOf:
    """Projects of an institution, each through a vehicle of its own."""

    def __init__(self, register: StaffRegister, rounds: Rounds, firm: str) -> None:
        self.register, self.rounds, self.firm = register, rounds, firm
        self._count = 0

    def _place(self, **cells: Any) -> str:
        self._count += 1
        return vehicle(self.register, f"PT-{self.firm}-{self._count:02d}", self.firm, **cells)

    def one(
        self,
        position: str,
        team: list[int],
        others: list[int],
        rule: str,
        limb: str,
        verdict: str,
        why: str,
        **cells: Any,
    ) -> None:
        """A vehicle with changed attributes, and what must be said of it."""
        place = self._place(**cells)
        self.rounds.take(self.firm, position, team, others, vehicle=place)
        say(self.register, verdict, rule, limb, place, why)

    def before_the_committee(self, position: str, team: list[int], others: list[int]) -> None:
        """People pay the vehicle six weeks ahead: no fault of theirs, but its plan was approved after that."""
        day = self.rounds.instalments(position)[0].day
        code = plan(
            self.register, f"GT-{self.firm}-01", self.firm, since=day_after(day, -60), plan_mode=w.PlanMode.VOLUNTARY,
            deal_team_floor=None, yearly_quota=3, board_approved_on=day_after(day, -20),
        )  # fmt: skip
        place = self._place()
        own = self.rounds.take(self.firm, position, team, others, vehicle=place, plan=code)
        for person in own.stakes:
            own.payment(person)["since"] = day_after(own.met, -14)
            own.evidence(person, w.EvidenceItem.STAFF_TERMS)["evidence_on"] = day_after(own.met, -14)
            edge = self.register.find("edges", owner=person, owned=place)
            edge["since"] = day_after(own.met, -14)
        about_each(own, "CI-12", "不早于机构付款", "pass", "投决会前缴入平台，平台在机构之后付给企业")
        self.register.breach("CI-30", "已批准的方案", place, "首笔缴款后方案才获批准")
        self.register.near("CI-02", "董事会批准", own.code, "董事会在投资日前二十日批准")


def institutions(register: StaffRegister) -> None:
    """CI-22 and CI-23: staff hold shares of two institutions themselves; of the venture firm nobody recorded it."""
    since = _D(2019, 1, 1)
    for firm, inside in ((MEDICAL, "0.89"), (DIGITAL, "0.9")):
        register.add(
            "attributes",
            2019,
            subject=firm,
            attribute="实行本级员工持股",
            since=since,
            value="是",
            document="章程",
        )
        for name, value in (("集团外收入占比", inside), ("集团外利润占比", "0.9")):
            register.add(
                "attributes", 2026, subject=firm, attribute=name, since=_D(2026, 4, 30),
                value=f"{Decimal(value) * 100:f}%", document="2025 年度审计报告",
            )  # fmt: skip
        for owner, share in (("ST-01", "0.6"), (GENERAL_PARTNER, "0.35")):
            _owns(register, owner, firm, since, None, share)
    register.breach("CI-22", "集团外收入", MEDICAL, "集团外收入占比 89%")
    register.near("CI-22", "集团外收入", DIGITAL, "集团外收入与利润恰 90%")
    register.unknown("CI-22", "是否实行本级员工持股", DIRECT, "是否本级员工持股未登记")
    for number, until, share in ((2, _D(2021, 12, 31), "0.01"), (3, _D(2022, 1, 1), "0.01")):
        _owns(register, person_code(DIGITAL, number), DIGITAL, since, until, share)
    register.breach("CI-23", "锁定至", person_code(DIGITAL, 2), "锁定期届满前一日转让")
    register.near("CI-23", "锁定至", person_code(DIGITAL, 3), "锁定期届满当日转让")
    _listed_firm(register)


def _listed_firm(register: StaffRegister) -> None:
    """CI-23: after listing a leader may sell a quarter a year; whether one was a leader nobody recorded."""
    register.add(
        "attributes", 2020, subject=MEDICAL, attribute="上市日期", since=_D(2020, 3, 2), value="2020-03-02",
        document="挂牌公告",
    )  # fmt: skip
    untold = person_code(MEDICAL, 17)
    _owns(register, untold, MEDICAL, _D(2019, 1, 1), _D(2023, 3, 2), "0.01")
    employment(register, untold).pop("role_class", None)
    register.unknown("CI-23", "减持", untold, "是否领导人员未登记，一年转让全部")


def _owns(
    register: StaffRegister, owner: str, owned: str, since: dt.date, until: dt.date | None, share: str
) -> None:
    register.add(
        "edges", since.year if until is None else until.year, owner=owner, owned=owned, since=since, until=until,
        share=Decimal(share), basis=EdgeBasis.EQUITY, document="股东名册",
    )  # fmt: skip
