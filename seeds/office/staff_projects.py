"""Projects of the institutions that staff joined: rosters, meetings, stakes, payments, exits, with nothing wrong in them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from models import coinvest as w
from models.kinds import DealKind
from office.rows import Deal
from office.staff_people import partner, person_code, plan_of, vehicle_of
from office.staff_register import StaffRegister, StaffRow, day_after

_ALWAYS = [
    item
    for item in w.EvidenceItem
    if item not in (w.EvidenceItem.EXITS, w.EvidenceItem.DISTRIBUTIONS, w.EvidenceItem.LEAVER)
]
BOUGHT, SOLD = ("首次投资", "后续投资"), ("部分退出", "退出")
TEAM, OTHERS = 6, 3
"""Money of a member of the team and of another, in thousandths of the ticket."""


@dataclass
class StaffProject:
    """A round that staff joined, as rows; `shares` of the vehicle in all, `price` in fen a share."""

    register: StaffRegister
    firm: str
    deals: list[Deal]  # the instalments of the round
    plan: str
    vehicle: str | None
    price: int
    stakes: dict[str, StaffRow] = field(default_factory=dict)
    money: dict[str, int] = field(default_factory=dict)  # fen by person
    into_company: list[StaffRow] = field(default_factory=list)
    terms: StaffRow = field(default_factory=dict)
    exits: list[StaffRow] = field(default_factory=list)
    suffix: str = ""  # tells a vehicle's payments from those of another in the same round

    @property
    def deal(self) -> Deal:
        """The first instalment: stakes name it."""
        return self.deals[0]

    @property
    def code(self) -> str:
        return self.deal.code

    @property
    def day(self) -> dt.date:
        return self.deal.day

    @property
    def met(self) -> dt.date:
        """The day of the committee."""
        return day_after(self.day, -28)

    @property
    def ticket(self) -> int:
        return sum(own.amount or 0 for own in self.deals)

    def stake_code(self, person: str) -> str:
        return f"FE-{self.code}-{person[-2:]}"

    def stake(self, person: str) -> StaffRow:
        return self.stakes[person]

    def add(self, layout: str, **cells: Any) -> StaffRow:
        """A row that needs the project's deal in the book."""
        return self.register.add(layout, self.day.year, **cells)

    def payment(self, person: str) -> StaffRow:
        """What a person paid to the vehicle, or into the company."""
        return self.register.find("coinvest_payments", code=f"SF-{self.stake_code(person)[3:]}")

    def roster(self, person: str) -> StaffRow:
        return self.register.find("eligibilities", code=f"MD-{self.code}-{person[-2:]}")

    def declaration(self, person: str) -> StaffRow:
        return self.register.find("declarations", code=f"SB-{self.code}-{person[-2:]}")

    def evidence(self, person: str, item: w.EvidenceItem) -> StaffRow:
        return self.register.find("evidence", staff_stake=self.stake_code(person), evidence_item=item)

    def more_evidence(self, person: str, item: w.EvidenceItem, day: dt.date) -> None:
        """An item that applies to some stakes only."""
        code = self.stake_code(person)
        self.add(
            "evidence",
            code=f"ZJ-{code[3:]}-{len(self.register.all('evidence', staff_stake=code)) + 1:02d}",
            staff_stake=code,
            since=day,
            evidence_item=item,
            evidence_kind=item.zh,
            evidence_number=f"示例{code[3:]}-{item.value}",
            evidence_on=day,
        )

    def pays_in(self, days: int = 6) -> None:
        """The vehicle pays the money of all into the company so many days after each instalment of the institution."""
        whole, shares = sum(self.money.values()), Decimal(0)
        for n, own in enumerate(self.deals):
            last = n == len(self.deals) - 1
            fen = (
                whole - sum(r["amount"] for r in self.into_company)
                if last
                else whole // 2 // self.price * self.price
            )
            shares = Decimal(fen) / self.price
            self.into_company.append(
                self.add(
                    "coinvest_payments",
                    code=f"SF-{self.code}-P{n + 1}{self.suffix}",
                    vehicle=self.vehicle,
                    deal=self.code,
                    since=day_after(own.day, days),
                    payment_leg=w.PaymentLeg.VEHICLE_TO_COMPANY,
                    amount=fen,
                    payment_shares=shares,
                    payment_fees=0,
                    payment_share_class="普通股",
                    document="银行回单",
                )
            )

    def sells(self, sold: list[Deal], days: int = 0, part: Fraction = Fraction(1), better: int = 0) -> None:
        """The vehicle sells with the institution: its part, its price. part, better: of the plants, what is done otherwise."""
        held = sum((row["payment_shares"] for row in self.into_company), Decimal(0))
        held -= sum((row["payment_shares"] for row in self.exits), Decimal(0))
        first = not self.exits
        for n, exit_ in enumerate(sold, start=len(self.exits) + 1):
            row = self.register.find("coinvest_deals", deal=exit_.code)
            whole, own = self.register.left[exit_.code], row["deal_shares"]
            mine = (
                Decimal(int(held * own * part.numerator / whole / part.denominator)) if own != whole else held
            )
            fen = int(Fraction(exit_.amount or 0) * Fraction(mine) / Fraction(own) + Fraction(1, 2)) + better
            held -= mine
            day = day_after(exit_.day, days)
            self.exits.append(
                self.add(
                    "coinvest_payments",
                    code=f"SF-{self.code}-T{n}",
                    vehicle=self.vehicle,
                    deal=self.code,
                    since=day,
                    payment_leg=w.PaymentLeg.COMPANY_TO_VEHICLE,
                    amount=fen,
                    payment_shares=mine,
                    payment_fees=0,
                    pay_out=w.PayOut.EXIT,
                    exit_deal=exit_.code,
                    document="股权转让协议与银行回单",
                )
            )
            self._shares_out(fen, n, day_after(day, 9))
        for person in self.stakes if first else ():
            self.more_evidence(person, w.EvidenceItem.EXITS, sold[0].day)

    def _shares_out(self, fen: int, number: int, day: dt.date) -> None:
        whole = sum(self.money.values())
        for person, paid in self.money.items():
            code = self.stake_code(person)
            self.add(
                "coinvest_payments",
                code=f"SF-{code[3:]}-F{number}",
                staff_stake=code,
                since=day,
                payment_leg=w.PaymentLeg.VEHICLE_TO_PERSON,
                amount=fen * paid // whole,
                pay_out=w.PayOut.EXIT,
                document="合伙企业分配决议",
            )
            if number == 1:
                self.more_evidence(person, w.EvidenceItem.DISTRIBUTIONS, day)


def price_of(deals: list[Deal]) -> int:
    """Fen a share at which money and value of the company are whole numbers of shares."""
    own = deals[0]
    for yuan in (8, 5, 4, 2, 1):
        if not any((d.amount or 0) % (yuan * 100) for d in deals) and not (own.post_money or 0) % (
            yuan * 100
        ):
            return yuan * 100
    raise AssertionError(own.code)


def project(
    register: StaffRegister,
    firm: str,
    deals: list[Deal],
    team: list[int],
    others: list[int],
    stayed_out: list[int] = [],  # noqa: B006 - read only
    *,
    plan: str | None = None,
    vehicle: str | None = None,
    paid_after: int = 6,
) -> StaffProject:
    """A project with its roster, committee, stakes and payments. team, others, stayed_out: numbers of people."""
    own = StaffProject(
        register, firm, deals, plan or plan_of(firm), vehicle or vehicle_of(firm), price_of(deals)
    )
    _terms(own)
    _committee(own, team[0])
    for number in (*team, *others):
        joins(own, person_code(firm, number), team=number in team)
    for number in stayed_out:
        _listed(own, person_code(firm, number), w.TeamRole.MAY_JOIN, w.RosterChoice.DECLINED)
    own.pays_in(paid_after)
    return own


def _terms(own: StaffProject) -> None:
    total = Decimal((own.deal.post_money or 0) // own.price)
    for n, instalment in enumerate(own.deals):
        cells: dict[str, Any] = {
            "deal": instalment.code,
            "since": instalment.day,
            "deal_share_class": "普通股",
            "deal_shares": Decimal(instalment.amount or 0) / own.price,
            "deal_fees": 0,
            "document": "投资协议与评估备案表",
        }
        if n == 0:
            cells |= {
                "coinvest_eligible": True,
                "total_shares_after": total,
                "round_shares": Decimal(own.ticket) / own.price * 2,
                "signed_on": day_after(own.day, -5),
                "publicity_from": day_after(own.day, -26),
                "publicity_until": day_after(own.day, -12),
                "coinvest_filed_on": day_after(own.day, 12),
                "appraisal_ref": f"示例评报字 {own.code}",
                "appraisal_on": day_after(own.day, -130),
                "appraisal_filing_ref": f"示例备 {own.code}",
            }
        row = own.add("coinvest_deals", **cells)
        if n == 0:
            own.terms = row


def _committee(own: StaffProject, member: int) -> None:
    meeting = f"TJ-{own.code}"
    own.add(
        "committee_meetings",
        code=meeting,
        deal=own.code,
        since=own.met,
        met_on=own.met,
        minutes_ref=f"示例投决〔{own.met.year}〕{own.code}",
    )
    for number in dict.fromkeys((1, 2, member)):
        person = person_code(own.firm, number)
        holds = number == member
        own.add(
            "ballots",
            code=f"BJ-{own.code}-{number:02d}",
            meeting=meeting,
            person=person,
            since=own.met,
            attended=True,
            interest_disclosed=holds,
            recused=holds,
            voted=not holds,
        )


def _listed(own: StaffProject, person: str, role: w.TeamRole, choice: w.RosterChoice) -> None:
    on = day_after(own.met, -9)
    own.add(
        "eligibilities",
        code=f"MD-{own.code}-{person[-2:]}",
        deal=own.code,
        person=person,
        plan=own.plan,
        since=on,
        team_role=role,
        choice=choice,
        chosen_on=on,
    )


def joins(own: StaffProject, person: str, *, team: bool, thousandths: int | None = None) -> None:
    """A stake of a person with all that belongs to it; its money is a whole number of shares in each instalment."""
    part = thousandths or (TEAM if team else OTHERS)
    step = own.price * 2
    fen = -(-own.ticket * part // 1000 // step) * step
    code = own.stake_code(person)
    own.money[person] = fen
    _listed(own, person, w.TeamRole.DEAL_TEAM if team else w.TeamRole.MAY_JOIN, w.RosterChoice.JOINED)
    own.stakes[person] = own.add(
        "staff_stakes",
        code=code,
        person=person,
        deal=own.code,
        plan=own.plan,
        vehicle=own.vehicle,
        since=own.day,
        stake_share_class="普通股",
        no_side_terms=True,
        no_nominee=True,
        stake_tax_deduction=False,
    )
    own.add(
        "declarations",
        code=f"SB-{own.code}-{person[-2:]}",
        person=person,
        deal=own.code,
        since=day_after(own.met, -6),
        declared_on=day_after(own.met, -6),
        conflict_declared=False,
        reviewed_on=day_after(own.met, -2),
        review_outcome=w.ReviewOutcome.CLEARED,
    )
    paid = day_after(own.day, -1)
    own.add(
        "coinvest_payments",
        code=f"SF-{code[3:]}",
        staff_stake=code,
        since=paid,
        payment_leg=w.PaymentLeg.PERSON_TO_VEHICLE,
        amount=fen,
        money_source=w.MoneySource.SALARY,
        money_proof="工资卡流水",
        account_holder=person,
        document="银行回单",
    )
    if own.vehicle is not None:
        partner(own.register, person, own.vehicle, paid, own.day.year)
    dated = {
        w.EvidenceItem.COMMITTEE_MINUTES: own.met,
        w.EvidenceItem.DECLARATION: day_after(own.met, -6),
    }
    for n, item in enumerate(_ALWAYS, start=1):
        own.add(
            "evidence",
            code=f"ZJ-{code[3:]}-{n:02d}",
            staff_stake=code,
            since=own.day,
            evidence_item=item,
            evidence_kind=item.zh,
            evidence_number=f"示例{code[3:]}-{n:02d}",
            evidence_on=dated.get(item, paid),
            evidence_amount=fen if item is w.EvidenceItem.MONEY_PROOF else None,
        )


def sold_by_the_institution(register: StaffRegister, deals: list[Deal]) -> list[Deal]:
    """Terms of every other deal of an institution in a company: the shares it bought, and those that each exit sold.

    deals : all of them, by day
    """
    sold = [d for d in deals if d.kind in SOLD]
    known = {r["deal"]: r for r in register.all("coinvest_deals")}
    price, held = 500, Decimal(0)
    for own in (d for d in deals if d.kind in BOUGHT):
        row = known.get(own.code)
        if row is None:
            row = register.add(
                "coinvest_deals",
                own.day.year,
                deal=own.code,
                since=own.day,
                deal_share_class="普通股",
                deal_shares=Decimal(own.amount or 0) / price,
                deal_fees=0,
                document="增资协议",
            )
        held += row["deal_shares"]
    parts = sum(d.share_nano or 0 for d in sold)
    whole = held
    for n, own in enumerate(sold, start=1):
        shares = (
            held
            if n == len(sold) and own.kind == "退出"
            else Decimal(int(whole * (own.share_nano or 0) / parts))
        )
        register.add(
            "coinvest_deals",
            own.day.year,
            deal=own.code,
            since=own.day,
            deal_shares=shares,
            deal_fees=0,
            document="股权转让协议",
        )
        register.left[own.code] = held
        held -= shares
    return sold


assert DealKind.INITIAL.zh == BOUGHT[0]
assert DealKind.EXIT.zh == SOLD[1]
