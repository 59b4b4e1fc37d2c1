"""An invented institution of 2,000 people in 40 vehicles of 50 under one plan, as rows of the layouts of co-investment.

A project is a round of the institution that twenty people of one vehicle join. For each stake: the offer, the declaration, the
payment and a piece of evidence; for each project the meeting with a ballot, the publicity, and the vehicle's payment into the
company. Everybody pays an amount of their own, on a day and out of money of their own: few stakes are alike. All seeded, nothing
planted.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal as D
from typing import Any

import numpy as np

from fof.importers.cells import Amount
from models import coinvest as w
from models.kinds import DealKind, EdgeBasis, LegalForm, Ownership, PartyKind

Row = dict[str, Any]
PEOPLE, A_VEHICLE, A_PROJECT = 2_000, 50, 20
A_FILE = 12_500
"""Stakes of a workbook: what a reader may use of memory and time is limited."""
START = dt.date(2018, 1, 1)


def yuan(amount: int) -> Amount:
    return Amount(amount * 100, "CNY")


class Institution:
    """Rows of layouts by layout, of each file; `stakes` is how many people of how many projects make."""

    def __init__(self, stakes: int, seed: int = 7003) -> None:
        self.dice = np.random.Generator(np.random.PCG64(seed))
        self.files: list[dict[str, list[Row]]] = [{}]
        self._firm()
        for n in range(PEOPLE):
            self._person(n)
        for n in range(max(1, stakes // A_PROJECT)):
            if n and not n % (A_FILE // A_PROJECT):
                self.files.append({})
            self._project(n)

    def add(self, layout: str, **cells: Any) -> None:
        self.files[-1].setdefault(layout, []).append({k: v for k, v in cells.items() if v is not None})

    def _firm(self) -> None:
        add = self.add
        add(
            "parties",
            code="CT",
            kind=PartyKind.SOE_VC,
            name="示例创投",
            since=START,
            ownership=Ownership.SOE_WHOLLY_OWNED,
            firm_level_holding=False,
        )
        add(
            "parties",
            code="GP",
            kind=PartyKind.MANAGER,
            name="示例事务公司",
            since=START,
            ownership=Ownership.PRIVATE,
        )
        add("funds", code="F1", kind=PartyKind.SUB_FUND, name="示例基金", since=START, manager="CT")
        for n in range(PEOPLE // A_VEHICLE):
            add(
                "parties",
                code=f"PT{n:02d}",
                kind=PartyKind.HOLDING_VEHICLE,
                name=f"示例平台{n}",
                since=START,
                legal_form=LegalForm.LIMITED_PARTNERSHIP,
                gp="GP",
                vehicle_sponsor="CT",
                vehicle_voting=w.Voting.NONE,
                vehicle_board_seats=0,
            )
        add(
            "coinvest_plans",
            code="FA",
            institution="CT",
            since=START,
            plan_version="1",
            plan_mode=w.PlanMode.MANDATORY,
            eligible_roles=(w.RoleClass.EXECUTIVE, w.RoleClass.MID_LEVEL, w.RoleClass.MANAGEMENT_TEAM),
            basis_doc="国发〔2016〕53号",
            board_approved_on=dt.date(2017, 11, 20),
            party_committee_approved_on=dt.date(2017, 12, 1),
            plan_filed_on=dt.date(2017, 12, 20),
            pilot_exemption_ref="试点〔2017〕1号",
            payment_lag=30,
            payment_lag_unit=w.LagUnit.DAYS,
            late_effect=w.LateEffect.BREACH,
            total_cap_base=w.CapBase.TICKET_AND_STAFF,
            deal_team_floor=D("0.01"),
        )

    def _person(self, n: int) -> None:
        code, vehicle = f"P{n:04d}", f"PT{n // A_VEHICLE:02d}"
        self.add("parties", code=code, kind=PartyKind.PERSON, name=code, since=START)
        self.add(
            "employments",
            code=f"E-{code}",
            person=code,
            employer="CT",
            since=START,
            employed_from=START,
            staff_contract=w.StaffContract.LABOUR,
            contract_from=START,
            insured_from=START,
            role_class=w.RoleClass.MANAGEMENT_TEAM if n % 3 else w.RoleClass.MID_LEVEL,
            annual_pay=yuan(400_000),
            appointed_by=w.AppointedBy.INSTITUTION,
        )
        self.add("edges", owner=code, owned=vehicle, since=START, share=D("0.01"), basis=EdgeBasis.EQUITY)

    def _project(self, n: int) -> None:
        add, dice = self.add, self.dice
        deal, company, vehicle = f"D{n:05d}", f"Q{n:05d}", n % (PEOPLE // A_VEHICLE)
        day = dt.date(2019, 2, 1) + dt.timedelta(int(dice.integers(0, 2_500)))
        met, paid_on = day - dt.timedelta(20), day + dt.timedelta(10)
        price, shares = int(dice.integers(5, 12)), 1_000_000
        add("companies", code=company, name=company, since=START)
        add(
            "deals",
            code=deal,
            fund="F1",
            company=company,
            day=day,
            kind=DealKind.INITIAL,
            amount=yuan(price * shares),
            round="A轮",
        )
        add(
            "coinvest_deals",
            deal=deal,
            since=day,
            coinvest_eligible=True,
            deal_share_class="普通股",
            deal_shares=D(shares),
            deal_fees=yuan(0),
            total_shares_after=D(shares * 20),
            signed_on=day - dt.timedelta(5),
            publicity_from=day + dt.timedelta(7),
            publicity_until=day + dt.timedelta(14),
            coinvest_filed_on=day + dt.timedelta(30),
        )
        add("committee_meetings", code=f"TJ{n:05d}", deal=deal, since=met, met_on=met)
        joined = dice.choice(A_VEHICLE, A_PROJECT, replace=False) + vehicle * A_VEHICLE
        own = [f"P{int(p):04d}" for p in joined]
        add(
            "ballots",
            code=f"B{n:05d}",
            meeting=f"TJ{n:05d}",
            person=own[0],
            since=met,
            attended=True,
            interest_disclosed=True,
            recused=True,
            voted=False,
        )
        tickets = [price * int(units) for units in dice.integers(200, 2_000, A_PROJECT)]
        for place, (person, ticket) in enumerate(zip(own, tickets, strict=True)):
            sent = paid_on - dt.timedelta(int(dice.integers(1, 6)))
            self._stake(n, place, person, f"PT{vehicle:02d}", met, sent, ticket)
        add(
            "coinvest_payments",
            code=f"Z{n:05d}",
            vehicle=f"PT{vehicle:02d}",
            deal=deal,
            payment_leg=w.PaymentLeg.VEHICLE_TO_COMPANY,
            amount=yuan(sum(tickets)),
            since=paid_on,
            payment_shares=D(sum(tickets) // price),
            payment_fees=yuan(0),
            payment_share_class="普通股",
        )

    def _stake(
        self, n: int, place: int, person: str, vehicle: str, met: dt.date, sent: dt.date, ticket: int
    ) -> None:
        add, deal, stake = self.add, f"D{n:05d}", f"S{n:05d}-{place:02d}"
        before = met - dt.timedelta(10)
        add(
            "eligibilities",
            code=f"M{n:05d}-{place:02d}",
            deal=deal,
            person=person,
            plan="FA",
            since=before,
            team_role=w.TeamRole.DEAL_TEAM if place < 2 else w.TeamRole.MAY_JOIN,
            choice=w.RosterChoice.JOINED,
            chosen_on=before,
        )
        add(
            "staff_stakes",
            code=stake,
            person=person,
            deal=deal,
            plan="FA",
            vehicle=vehicle,
            since=met,
            no_side_terms=True,
            no_nominee=True,
            stake_tax_deduction=False,
        )
        add(
            "declarations",
            code=f"SB{n:05d}-{place:02d}",
            person=person,
            deal=deal,
            since=before,
            declared_on=before,
            conflict_declared=False,
            reviewed_on=met,
            review_outcome=w.ReviewOutcome.CLEARED,
        )
        add(
            "coinvest_payments",
            code=f"Z{n:05d}-{place:02d}",
            staff_stake=stake,
            payment_leg=w.PaymentLeg.PERSON_TO_VEHICLE,
            amount=yuan(ticket),
            since=sent,
            money_source=w.MoneySource.SALARY if ticket % 3 else w.MoneySource.SAVINGS,
            money_proof="工资流水" if ticket % 3 else "存款证明",
            account_holder=person,
        )
        add(
            "evidence",
            code=f"{stake}-1",
            staff_stake=stake,
            since=sent,
            evidence_item=next(iter(w.EvidenceItem)),
        )
