"""Random state venture institutions with their staff co-investment, as rows of our layouts, and what an auditor must find.

`Institution(seed)` makes people, plans, projects, stakes and payments with nothing wrong; `plant` breaks, blurs or almost
breaks one thing and writes down what must be said of it. Nothing here comes from fof.rules: verdicts are the rulebook's,
worked out from what was planted. `expected` holds (rule, subject) → verdict wherever that is neither a pass nor silence,
`labels` the same limb by limb: (rule, limb, subject), what follows for other limbs and rules included.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from decimal import Decimal as D
from typing import Any

from fof.calendar import working_days
from fof.importers.cells import Amount
from models import coinvest as w
from models.kinds import DealKind, EdgeBasis, LegalForm, Ownership, PartyKind

Row = dict[str, Any]
START = dt.date(2018, 1, 1)
AS_OF = dt.date(2026, 9, 30)
_ITEMS = [
    i
    for i in w.EvidenceItem
    if i not in (w.EvidenceItem.EXITS, w.EvidenceItem.DISTRIBUTIONS, w.EvidenceItem.LEAVER)
]
_BEFORE = (
    w.EvidenceItem.PLAN_VERSION,
    w.EvidenceItem.BASIS,
    w.EvidenceItem.DECLARATION,
    w.EvidenceItem.INSTITUTION_TERMS,
    w.EvidenceItem.STAFF_TERMS,
    w.EvidenceItem.COMMITTEE_MINUTES,
    w.EvidenceItem.APPRAISAL,
)
_DATED = dict.fromkeys(_BEFORE, "before") | {w.EvidenceItem.PAYMENT_DATES: "after"}
"""Items that must be dated before the project, or from the first payment on; the others may bear any day, or none."""


def yuan(amount: int) -> Amount:
    return Amount(amount * 100, "CNY")


def monday(day: dt.date) -> dt.date:
    """The Monday on or after a day."""
    return day + dt.timedelta(days=-day.weekday() % 7)


def open_week(day: dt.date) -> dt.date:
    """The first Monday on or after a day whose week has five working days, by the published notices."""
    first = monday(day)
    while working_days(plus(first, -1), plus(first, 4)) != 5:
        first = plus(first, 7)
    return first


def plus(day: dt.date, days: int) -> dt.date:
    return day + dt.timedelta(days=days)


class Institution:
    """See the module. `rows`: layout → rows; `expected`: (rule, subject) → verdict, `labels`: (rule, limb, subject) → verdict;
    `done`: what was planted; `planting`: what is being planted; `changed`: (rule, layout, row) that a plant added or
    changed, where it is `watched`.
    `lacks`: what is unknown for want of an item, and whose answer about it counts; `denied`: (stake, item) answered not to exist."""

    def __init__(self, seed: int, *, watched: bool = False) -> None:
        self.watched = watched
        self.rng = random.Random(seed)
        self.rows: dict[str, list[Row]] = {}
        self.expected: dict[tuple[str, str], str] = {}
        self.labels: dict[tuple[str, str, str], str] = {}
        self.done: list[tuple[str, str]] = []
        self.planting = ""
        self.touched: set[str] = set()
        self.stakes: list[Row] = []
        self.lacks: list[tuple[tuple[str, str, str], str, str | frozenset[str]]] = []
        self.denied: set[tuple[str | None, str]] = set()
        self.changed: list[tuple[str, str, Row]] = []
        self._office()
        self._people()
        for number in range(self.rng.randint(3, 5)):
            self._project(number)

    def add(self, layout: str, **cells: Any) -> Row:
        row = {k: v for k, v in cells.items() if v is not None}
        self.rows.setdefault(layout, []).append(row)
        return row

    def find(self, layout: str, **cells: Any) -> Row:
        return next(r for r in self.rows[layout] if all(r.get(k) == v for k, v in cells.items()))

    def all(self, layout: str, **cells: Any) -> list[Row]:
        return [r for r in self.rows.get(layout, []) if all(r.get(k) == v for k, v in cells.items())]

    def _office(self) -> None:
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
        add("parties", code="PX", kind=PartyKind.PERSON, name="PX", since=START)
        add(
            "parties",
            code="PT",
            kind=PartyKind.HOLDING_VEHICLE,
            name="示例平台",
            since=START,
            legal_form=LegalForm.LIMITED_PARTNERSHIP,
            gp="GP",
            vehicle_sponsor="CT",
            vehicle_voting=w.Voting.NONE,
            vehicle_board_seats=0,
        )
        for fund in ("F1", "F2"):
            add("funds", code=fund, kind=PartyKind.SUB_FUND, name=fund, since=START, manager="CT")
        add("companies", code="V", name="示例供应商", since=START)
        add(
            "business_ties",
            code="WL",
            institution="CT",
            company="V",
            since=START,
            tie=w.TieKind.VENDOR,
            tie_from=START,
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
            leaders_consent_ref=None,
            payment_lag=30,
            payment_lag_unit=w.LagUnit.DAYS,
            late_effect=w.LateEffect.BREACH,
            total_cap_base=w.CapBase.TICKET_AND_STAFF,
            deal_team_floor=D("0.01"),
        )
        if self.rng.random() < 0.5:  # a later version that asks more of later projects, and that they meet
            add(
                "coinvest_plans",
                code="FA",
                institution="CT",
                since=dt.date(2022, 1, 1),
                plan_version="2",
                total_cap=D("0.08"),
            )

    def _people(self) -> None:
        self.people = [f"P{n}" for n in range(1, self.rng.randint(5, 8))]
        for n, code in enumerate(self.people):
            self.add("parties", code=code, kind=PartyKind.PERSON, name=code, since=START)
            role = w.RoleClass.MID_LEVEL if n % 3 == 0 else w.RoleClass.MANAGEMENT_TEAM
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
                role_class=role,
                annual_pay=yuan(400_000),
                appointed_by=w.AppointedBy.INSTITUTION,
            )
            self.add("edges", owner=code, owned="PT", since=START, share=D("0.05"), basis=EdgeBasis.EQUITY)
        self.add("edges", owner="GP", owned="PT", since=START, share=D("0.01"), basis=EdgeBasis.EQUITY)

    def _project(self, number: int) -> None:
        rng, add = self.rng, self.add
        deal, company = f"D{number}", f"Q{number}"
        day = plus(monday(dt.date(2019 + number, rng.randint(2, 8), 1)), rng.randint(0, 4))
        price, shares = rng.choice([5, 8, 12]), rng.choice([1_000_000, 1_500_000])
        add(
            "companies",
            code=company,
            name=company,
            since=START,
            founders=("PX",),
            state_representatives=("PX",),
        )
        add(
            "deals",
            code=deal,
            fund=rng.choice(["F1", "F2"]),
            company=company,
            day=day,
            kind=DealKind.INITIAL,
            amount=yuan(price * shares),
            round="A轮",
        )
        announced = open_week(plus(day, 7))
        add(
            "coinvest_deals",
            deal=deal,
            since=day,
            coinvest_eligible=True,
            deal_share_class="普通股",
            deal_shares=D(shares),
            deal_fees=yuan(0),
            total_shares_after=D(shares * 20),
            signed_on=plus(day, -5),
            publicity_from=announced,
            publicity_until=plus(announced, 4),
            coinvest_filed_on=plus(announced, 20),
            appraisal_ref=f"评{number}",
            appraisal_on=plus(day, -100),
            appraisal_filing_ref=f"备{number}",
        )
        met = plus(day, -20)
        add("committee_meetings", code=f"TJ{number}", deal=deal, since=met, met_on=met)
        joined = rng.sample(self.people, rng.randint(2, min(4, len(self.people))))
        team, rest = joined[:2], joined[2:]
        for person in self.people:
            role = w.TeamRole.DEAL_TEAM if person in team else w.TeamRole.MAY_JOIN
            choice = w.RosterChoice.JOINED if person in joined else w.RosterChoice.DECLINED
            add(
                "eligibilities",
                code=f"M{number}-{person}",
                deal=deal,
                person=person,
                plan="FA",
                since=plus(met, -10),
                team_role=role,
                choice=choice,
                chosen_on=plus(met, -10),
            )
        member = rng.choice(team)
        add(
            "ballots",
            code=f"B{number}",
            meeting=f"TJ{number}",
            person=member,
            since=met,
            attended=True,
            interest_disclosed=True,
            recused=True,
            voted=False,
        )
        money = dict.fromkeys(team, price * shares // 200) | dict.fromkeys(rest, price * shares // 1000)
        paid_on = plus(day, rng.randint(3, 20))
        for person in joined:
            stake = f"S{number}-{person}"
            self.stakes.append(
                add(
                    "staff_stakes",
                    code=stake,
                    person=person,
                    deal=deal,
                    plan="FA",
                    vehicle="PT",
                    since=day,
                    no_side_terms=True,
                    no_nominee=True,
                    stake_tax_deduction=False,
                )
            )
            add(
                "declarations",
                code=f"SB{number}-{person}",
                person=person,
                deal=deal,
                since=plus(met, -5),
                declared_on=plus(met, -5),
                conflict_declared=False,
                reviewed_on=plus(met, -2),
                review_outcome=w.ReviewOutcome.CLEARED,
            )
            add(
                "coinvest_payments",
                code=f"Z{number}-{person}",
                staff_stake=stake,
                payment_leg=w.PaymentLeg.PERSON_TO_VEHICLE,
                amount=yuan(money[person]),
                since=plus(paid_on, -1),
                money_source=w.MoneySource.SALARY,
                money_proof="工资流水",
                account_holder=person,
            )
            for item in _ITEMS:
                add(
                    "evidence",
                    code=f"{stake}-{item.value}",
                    staff_stake=stake,
                    since=paid_on,
                    evidence_item=item,
                    evidence_on={"before": plus(met, -5), "after": paid_on}.get(_DATED.get(item, "")),
                )
        whole = sum(money.values())
        add(
            "coinvest_payments",
            code=f"Z{number}",
            vehicle="PT",
            deal=deal,
            payment_leg=w.PaymentLeg.VEHICLE_TO_COMPANY,
            amount=yuan(whole),
            since=paid_on,
            payment_shares=D(whole) / price,
            payment_fees=yuan(0),
            payment_share_class="普通股",
        )

    # -- what is found of what is planted ----------------------------------------------------------------------------

    def stake(self, fresh: str) -> Row | None:
        """A stake that nothing else was planted on, for a purpose."""
        free = [s for s in self.stakes if f"{fresh}{s['code']}" not in self.touched]
        if not free:
            return None
        own = self.rng.choice(free)
        self.touched.add(f"{fresh}{own['code']}")
        return own

    def project(self, fresh: str) -> Row | None:
        """A project likewise."""
        free = [
            d
            for d in self.rows["deals"]
            if self.of_project(d["code"]) and f"{fresh}{d['code']}" not in self.touched
        ]
        if not free:
            return None
        own = self.rng.choice(free)
        self.touched.add(f"{fresh}{own['code']}")
        return own

    def of_project(self, deal: str) -> list[Row]:
        return [s for s in self.stakes if s["deal"] == deal]

    def say(self, rule: str, subject: str, verdict: str, *limbs: str) -> None:
        """A finding that must be there, and of which limbs: those that are planted where none are named. A breach outweighs
        what is not known, that a warning."""
        rank = ["breach", "unknown", "warn"]
        before = self.expected.get((rule, subject))
        if before is None or rank.index(verdict) < rank.index(before):
            self.expected[rule, subject] = verdict
        if not limbs:
            assert self.planting.startswith(rule), (self.planting, rule)
        for limb in limbs or (PLANTED[self.planting],):
            before = self.labels.get((rule, limb, subject))
            if before is None or rank.index(verdict) < rank.index(before):
                self.labels[rule, limb, subject] = verdict

    def once(self, key: str) -> bool:
        """Whether something that holds of the whole institution is planted for the first time."""
        new = key not in self.touched
        self.touched.add(key)
        return new


Plant = Callable[[Institution], bool]
PLANTS: dict[str, Plant] = {}
"""Name → what it does; the name begins with the rule, and says whether it is a breach, blurred or a near miss."""

PLANTED = {
    "CI-11 breach: on the day of the meeting": "before",
    "CI-11 blurred: no review": "review",
    "CI-11 breach: rejected": "review",
    "CI-14 breach: a loan of the firm": "own money",
    "CI-14 breach: a lender": "own money",
    "CI-14 breach: another's account": "own money",
    "CI-14 blurred: no proof": "own money",
    "CI-14 blurred: no source": "own money",
    "CI-15 blurred: not confirmed": "confirmed",
    "CI-15 breach: confirmed otherwise": "confirmed",
    "CI-15 breach: a nominee": "nominee",
    "CI-15 warn: a nominee that was cleaned up": "nominee",
    "CI-13 breach: a put": "side terms",
    "CI-13 blurred: side terms": "side terms",
    "CI-13 blurred: a put, the institution's terms untold": "side terms",
    "CI-13 breach: more shares for the money": "price",
    "CI-13 breach: another class": "class",
    "CI-13 blurred: no class": "class",
    "CI-13 blurred: no shares": "price",
    "CI-13 blurred: no fees": "price",
    "CI-32 blurred: deduction": "claimed",
    "CI-32 breach: half": "under half",
    "CI-32 breach: a founder": "founder",
    "CI-32 breach: an employee": "employee",
    "CI-12 breach: before the institution": "early",
    "CI-12 breach: a day late": "late",
    "CI-12 breach: all before the second tranche": "early",
    "CI-12 breach: second tranche late": "late",
    "CI-27 breach: too old": "fresh",
    "CI-27 breach: after signing": "fresh",
    "CI-27 blurred: no filing": "filed",
    "CI-27 blurred: no date": "fresh",
    "CI-28 breach: four days": "published",
    "CI-28 blurred: publication": "published",
    "CI-28 blurred: filing": "filed",
    "CI-28 breach: voted": "vote",
    "CI-05 breach: services": "contract",
    "CI-05 blurred: contract": "in force",
    "CI-05 blurred: insurance": "insured",
    "CI-05 breach: insured since last month": "insured",
    "CI-09 breach: appointed": "appointed",
    "CI-09 blurred: by whom": "appointed",
    "CI-09 breach: husband and wife": "relative",
    "CI-03 breach: other staff": "group",
    "CI-03 blurred: group": "group",
    "CI-07 breach: a supplier": "ties",
    "CI-07 breach: a customer to the day": "ties",
    "CI-07 blurred: no ties recorded at all": "ties",
    "CI-04 breach: the other fund came first": "first round",
    "CI-17 breach: a fen above the ceiling": "total",
    "CI-17 blurred: shares of the company": "equity",
    "CI-29 breach: an open leak": "cleared",
    "CI-29 near: cleared on the day": "cleared",
    "CI-29 near: leaked later": "cleared",
    "CI-31 breach: an item does not exist": "staff_terms",
    "CI-31 warn: declared a day after the committee": "declaration",
    "CI-31 warn: a proof of another person": "money_proof",
    "CI-20 breach: a member of the team did not join": "joined",
    "CI-16 breach: fifty-one partners": "partners",
    "CI-16 breach: an outsider": "staff",
    "CI-16 breach: a company": "form",
    "CI-16 blurred: form": "form",
    "CI-16 breach: a state general partner": "general partner",
    "CI-21 breach: votes": "votes",
    "CI-21 blurred: votes": "votes",
    "CI-21 warn: a seat": "seats",
    "CI-30 blurred: sponsor": "sponsor",
    "CI-30 breach: approved after the first payment": "approved",
    "CI-22 breach: business from inside": "revenue",
    "CI-22 blurred: profit": "profit",
    "CI-01 breach: no basis": "basis",
    "CI-06 breach: the exemption ran out": "valid",
    "CI-06 breach: no exemption": "exemption",
    "CI-24 breach: a day later": "day",
    "CI-24 breach: a larger part": "proportion",
    "CI-24 breach: a better price": "price",
    "CI-24 breach: stayed in": "stayed",
    "CI-25 breach: a day late": "in time",
    "CI-25 breach: still held": "in time",
    "CI-25 blurred: to the firm, no audited value": "price",
    "CI-25 breach: to the firm above audited value": "price",
    "CI-08 breach: technical staff without approval": "approval",
    "CI-08 breach: represents the state": "representative",
    "CI-10 breach: an executive among them, no consent": "consent",
    "CI-10 blurred: whose firm it is": "owner",
    "CI-18 breach: more than half a year's pay": "pay",
    "CI-18 near: half a year's pay to the fen": "pay",
    "CI-18 blurred: pay": "pay",
    "CI-23 breach: sold a day early": "locked",
    "CI-26 breach: still held": "in time",
    "CI-02 breach: filed after the first project": "filed",
    "CI-02 blurred: approval": "party committee",
    "CI-19 breach: half the team": "team",
    "CI-19 blurred: half the team": "team",
}
"""What is planted → the limb of the rule of its name that it breaks or blurs; what follows for others says its plant."""


def plant(name: str) -> Callable[[Plant], Plant]:
    def register(how: Plant) -> Plant:
        def planted(own: Institution) -> bool:
            own.planting = name
            before = {id(row): dict(row) for rows in own.rows.values() for row in rows} if own.watched else {}
            done = how(own)
            for layout, rows in own.rows.items() if done and own.watched else ():
                own.changed += [(name[:5], layout, row) for row in rows if before.get(id(row)) != row]
            return done

        PLANTS[name] = planted
        return how

    return register


def _stake_cell(name: str, rule: str, verdict: str | None, layout: str, key: str, **cells: Any) -> None:
    """A plant that sets cells of the row of a layout that belongs to a stake."""

    def how(own: Institution) -> bool:
        stake = own.stake(rule)
        if stake is None:
            return False
        number, person = stake["code"][1:].split("-")
        code = key.format(n=number, p=person, s=stake["code"])
        row = next(r for r in own.rows[layout] if r["code"] == code)
        for cell, value in cells.items():
            made = value(own, stake) if callable(value) else value
            if made is None:
                row.pop(cell, None)
            else:
                row[cell] = made
        if verdict is not None:
            own.say(rule, stake["code"], verdict)
        return True

    plant(name)(how)


def _day_of(own: Institution, stake: Row) -> dt.date:
    day: dt.date = own.find("deals", code=stake["deal"])["day"]
    return day


def _met(own: Institution, stake: Row) -> dt.date:
    day: dt.date = own.find("committee_meetings", deal=stake["deal"])["met_on"]
    return day


_PAY, _DEC = ("coinvest_payments", "Z{n}-{p}"), ("declarations", "SB{n}-{p}")
_stake_cell("CI-11 breach: on the day of the meeting", "CI-11", "breach", *_DEC, declared_on=_met)
_stake_cell("CI-11 near: the day before", "CI-11", None, *_DEC, declared_on=lambda o, s: plus(_met(o, s), -1))
_stake_cell("CI-11 blurred: no review", "CI-11", "unknown", *_DEC, review_outcome=None)
_stake_cell("CI-11 breach: rejected", "CI-11", "breach", *_DEC, review_outcome=w.ReviewOutcome.REJECTED)
_stake_cell(
    "CI-14 breach: a loan of the firm",
    "CI-14",
    "breach",
    *_PAY,
    money_source=w.MoneySource.LOAN_OF_INSTITUTION,
)
_stake_cell("CI-14 breach: a lender", "CI-14", "breach", *_PAY, money_lender="V")
_stake_cell("CI-14 breach: another's account", "CI-14", "breach", *_PAY, account_holder="PX")
_stake_cell("CI-14 near: savings", "CI-14", None, *_PAY, money_source=w.MoneySource.SAVINGS)
_stake_cell("CI-14 blurred: no proof", "CI-14", "unknown", *_PAY, money_proof=None)
_stake_cell("CI-14 blurred: no source", "CI-14", "unknown", *_PAY, money_source=None)
_STAKE = ("staff_stakes", "{s}")
_stake_cell("CI-15 blurred: not confirmed", "CI-15", "unknown", *_STAKE, no_nominee=None)
_stake_cell("CI-15 breach: confirmed otherwise", "CI-15", "breach", *_STAKE, no_nominee=False)
_stake_cell(
    "CI-13 breach: a put", "CI-13", "breach", *_STAKE, stake_side_terms=(w.SideTerm.PUT,), no_side_terms=False
)
_stake_cell("CI-13 blurred: side terms", "CI-13", "unknown", *_STAKE, no_side_terms=None)
_stake_cell("CI-32 blurred: deduction", "CI-32", "unknown", *_STAKE, stake_tax_deduction=None)


@plant("CI-13 blurred: a put, the institution's terms untold")
def _put_untold(own: Institution) -> bool:
    """Whether the institution has a put as well is not recorded: it may have."""
    stake = own.stake("CI-13")
    if stake is None or any(s.get("stake_side_terms") for s in own.of_project(stake["deal"])):
        return False
    stake.update(stake_side_terms=(w.SideTerm.GUARANTEE,), no_side_terms=False)
    own.say("CI-13", stake["code"], "unknown")
    return True


def _terms(own: Institution, stake: Row) -> None:
    """The institution's own side terms of the deal are recorded, without a put."""
    own.find("coinvest_deals", deal=stake["deal"])["deal_side_terms"] = (w.SideTerm.ANTI_DILUTION,)


@plant("CI-13 breach: a put")
def _put(own: Institution) -> bool:
    stake = own.stake("CI-13")
    if stake is None or any(s.get("stake_side_terms") for s in own.of_project(stake["deal"])):
        return False
    _terms(own, stake)
    stake.update(stake_side_terms=(w.SideTerm.PUT,), no_side_terms=False)
    own.say("CI-13", stake["code"], "breach")
    return True


@plant("CI-13 near: the institution's own term")
def _same_term(own: Institution) -> bool:
    stake = own.stake("CI-13")
    if stake is None or any(s.get("stake_side_terms") for s in own.of_project(stake["deal"])):
        return False
    _terms(own, stake)
    stake.update(stake_side_terms=(w.SideTerm.ANTI_DILUTION,), no_side_terms=False)
    return True


def _price(name: str, verdict: str | None, **cells: Any) -> None:
    @plant(name)
    def how(own: Institution) -> bool:
        deal = own.project("vehicle payment")
        if deal is None:
            return False
        row = own.find("coinvest_payments", deal=deal["code"])
        for cell, value in cells.items():
            made = value(row) if callable(value) else value
            if made is None:
                row.pop(cell)
            else:
                row[cell] = made
        for stake in own.of_project(deal["code"]):
            if verdict is not None:
                own.say("CI-13", stake["code"], verdict)
            if row.get("payment_shares") is None:
                own.say("CI-18", stake["code"], "unknown", "shares")
        if row.get("payment_shares") is None:
            own.say("CI-17", deal["code"], "unknown", "equity")
        return True


_price(
    "CI-13 breach: more shares for the money",
    "breach",
    payment_shares=lambda r: (r["payment_shares"] * D("1.1")).to_integral_value(),
)
_price(
    "CI-13 near: fees in the price",
    None,
    payment_fees=lambda r: yuan(100),
    amount=lambda r: Amount(r["amount"].fen, "CNY"),
)
_price("CI-13 breach: another class", "breach", payment_share_class="优先股")
_price("CI-13 blurred: no class", "unknown", payment_share_class=None)
_price("CI-13 blurred: no shares", "unknown", payment_shares=None)
_price("CI-13 blurred: no fees", "unknown", payment_fees=None)
PLANTS.pop("CI-13 near: fees in the price")


def _when(name: str, verdict: str | None, day: Callable[[dt.date], dt.date]) -> None:
    @plant(name)
    def how(own: Institution) -> bool:
        deal = own.project("vehicle payment")
        if deal is None:
            return False
        row = own.find("coinvest_payments", deal=deal["code"])
        row["since"] = day(deal["day"])
        for stake in own.of_project(deal["code"]):
            if verdict is not None:
                own.say("CI-12", stake["code"], verdict)
        return True


_when("CI-12 breach: before the institution", "breach", lambda d: plus(d, -1))
_when("CI-12 near: on the institution's day", None, lambda d: d)
_when("CI-12 near: on the last day", None, lambda d: plus(d, 30))
_when("CI-12 breach: a day late", "breach", lambda d: plus(d, 31))


@plant("CI-12 near: tranches in proportion")
def _tranches(own: Institution) -> bool:
    return _tranche(own, 200, 210, None)


@plant("CI-12 breach: all before the second tranche")
def _all_at_once(own: Institution) -> bool:
    return _tranche(own, 200, None, "breach")


@plant("CI-12 breach: second tranche late")
def _late_tranche(own: Institution) -> bool:
    return _tranche(own, 200, 231, "breach")


def _tranche(own: Institution, theirs: int, ours: int | None, verdict: str | None) -> bool:
    """The institution pays half of the round later; the vehicle with it, or not."""
    deal = own.project("vehicle payment")
    if deal is None:
        return False
    code, half = deal["code"], Amount(deal["amount"].fen // 2, "CNY")
    terms = own.find("coinvest_deals", deal=code)
    later = plus(deal["day"], theirs)
    own.add("deals", **{**deal, "code": f"{code}b", "day": later, "kind": DealKind.FOLLOW_ON, "amount": half})
    own.add(
        "coinvest_deals",
        deal=f"{code}b",
        since=later,
        deal_share_class="普通股",
        deal_shares=terms["deal_shares"] / 2,
        deal_fees=yuan(0),
    )
    deal["amount"], terms["deal_shares"] = half, terms["deal_shares"] / 2
    row = own.find("coinvest_payments", deal=code)
    if ours is not None:
        part = Amount(row["amount"].fen // 2, "CNY")
        own.add(
            "coinvest_payments",
            **{
                **row,
                "code": f"{row['code']}b",
                "since": plus(deal["day"], ours),
                "amount": part,
                "payment_shares": row["payment_shares"] / 2,
            },
        )
        row.update(amount=part, payment_shares=row["payment_shares"] / 2)
    for stake in own.of_project(code):
        if verdict is not None:
            own.say("CI-12", stake["code"], verdict)
    return True


@plant("CI-15 breach: a nominee")
def _nominee(own: Institution) -> bool:
    stake = own.stake("CI-15")
    if stake is None:
        return False
    own.add(
        "nominees",
        code=f"N-{stake['code']}",
        staff_stake=stake["code"],
        holder=stake["person"],
        beneficiary="PX",
        since=_day_of(own, stake),
        nominee_from=_day_of(own, stake),
    )
    own.say("CI-15", stake["code"], "breach")
    return True


@plant("CI-15 near: a nominee that nobody knew of on the day")
def _later_nominee(own: Institution) -> bool:
    stake = own.stake("CI-15")
    if stake is None:
        return False
    own.add(
        "nominees",
        code=f"N-{stake['code']}",
        staff_stake=stake["code"],
        holder=stake["person"],
        beneficiary="PX",
        since=plus(AS_OF, 1),
        nominee_from=plus(AS_OF, 1),
    )
    return True


@plant("CI-15 warn: a nominee that was cleaned up")
def _former_nominee(own: Institution) -> bool:
    stake = own.stake("CI-15")
    if stake is None:
        return False
    day = _day_of(own, stake)
    own.add(
        "nominees",
        code=f"N-{stake['code']}",
        staff_stake=stake["code"],
        holder=stake["person"],
        beneficiary="PX",
        since=day,
        nominee_from=day,
        nominee_until=plus(day, 100),
    )
    own.say("CI-15", stake["code"], "warn")
    return True


def _project_cell(name: str, rule: str, verdict: str | None, **cells: Any) -> None:
    @plant(name)
    def how(own: Institution) -> bool:
        deal = own.project(rule)
        if deal is None:
            return False
        row = own.find("coinvest_deals", deal=deal["code"])
        for cell, value in cells.items():
            made = value(deal) if callable(value) else value
            if made is None:
                row.pop(cell, None)
            else:
                row[cell] = made
        if verdict is not None:
            own.say(rule, deal["code"], verdict)
        return True


_project_cell("CI-27 breach: too old", "CI-27", "breach", appraisal_on=lambda d: plus(d["day"], -5 - 367))
_project_cell("CI-27 near: eleven months", "CI-27", None, appraisal_on=lambda d: plus(d["day"], -330))
_project_cell("CI-27 breach: after signing", "CI-27", "breach", appraisal_on=lambda d: plus(d["day"], -4))
_project_cell("CI-27 blurred: no filing", "CI-27", "unknown", appraisal_filing_ref=None)
_project_cell("CI-27 blurred: no date", "CI-27", "unknown", appraisal_on=None)
_project_cell(
    "CI-28 breach: four days",
    "CI-28",
    "breach",
    publicity_until=lambda d: plus(open_week(plus(d["day"], 7)), 3),
)
_project_cell(
    "CI-28 near: over a weekend",
    "CI-28",
    None,
    publicity_until=lambda d: plus(open_week(plus(d["day"], 7)), 6),
)
_project_cell("CI-28 blurred: publication", "CI-28", "unknown", publicity_from=None)
_project_cell("CI-28 blurred: filing", "CI-28", "unknown", coinvest_filed_on=None)


@plant("CI-28 breach: voted")
def _voted(own: Institution) -> bool:
    deal = own.project("CI-28")
    if deal is None:
        return False
    own.find("ballots", code=f"B{deal['code'][1:]}").update(recused=False, voted=True)
    own.say("CI-28", deal["code"], "breach")
    return True


@plant("CI-28 near: neither recused nor voting")
def _abstained(own: Institution) -> bool:
    deal = own.project("CI-28")
    if deal is None:
        return False
    own.find("ballots", code=f"B{deal['code'][1:]}").update(recused=False, voted=False)
    return True


@plant("CI-28 near: stayed away")
def _absent(own: Institution) -> bool:
    deal = own.project("CI-28")
    if deal is None:
        return False
    own.find("ballots", code=f"B{deal['code'][1:]}").update(
        attended=False, interest_disclosed=False, recused=False
    )
    return True


def _spell(name: str, key: str, says: dict[str, str], **cells: Any) -> None:
    """A plant on a person's employment: what must be said of every stake of the person."""

    @plant(name)
    def how(own: Institution) -> bool:
        free = [p for p in own.people if f"{key}{p}" not in own.touched]
        untold = "role_class" in cells and cells["role_class"] is None
        if not free or (untold and "insider" in own.touched):
            return False
        if untold:
            own.touched.add("kin")  # no insiders beside people whose group is not known
        person = own.rng.choice(free)
        own.touched.add(f"{key}{person}")
        row = own.find("employments", code=f"E-{person}")
        for cell, value in cells.items():
            if value is None:
                row.pop(cell, None)
            else:
                row[cell] = value
        for stake in own.all("staff_stakes", person=person):
            for rule, verdict in says.items():
                own.say(rule, stake["code"], verdict)
            if untold:
                own.say("CI-10", stake["deal"], "unknown", "posts")
        return True


_spell("CI-05 breach: services", "contract", {"CI-05": "breach"}, staff_contract=w.StaffContract.SERVICE)
_spell(
    "CI-05 near: a retiree", "contract", {}, staff_contract=w.StaffContract.REHIRED_RETIREE, insured_from=None
)
_spell("CI-05 blurred: contract", "contract", {"CI-05": "unknown"}, contract_from=None)
_spell("CI-05 blurred: insurance", "contract", {"CI-05": "unknown"}, insured_from=None)
_spell(
    "CI-05 breach: insured since last month",
    "contract",
    {"CI-05": "breach"},
    insured_from=dt.date(2026, 8, 1),
)
_spell("CI-09 breach: appointed", "appointed", {"CI-09": "breach"}, appointed_by=w.AppointedBy.GOVERNMENT)
_spell("CI-09 near: by the board", "appointed", {}, appointed_by=w.AppointedBy.BOARD)
_spell("CI-09 blurred: by whom", "appointed", {"CI-09": "unknown"}, appointed_by=None)
_spell("CI-03 breach: other staff", "role", {"CI-03": "breach"}, role_class=w.RoleClass.OTHER_STAFF)
_spell("CI-03 blurred: group", "role", {"CI-03": "unknown"}, role_class=None)


@plant("CI-09 breach: husband and wife")
def _couple(own: Institution) -> bool:
    holders = sorted({s["person"] for s in own.stakes})
    free = [p for p in holders if f"kin{p}" not in own.touched]
    if len(free) < 2 or "insider" in own.touched:
        return False
    own.touched.add("kin")
    one, other = own.rng.sample(free, 2)
    own.touched |= {f"kin{one}", f"kin{other}"}
    own.add(
        "kinships", code=f"QS-{one}", person=one, relative=other, since=START, kinship=w.KinshipKind.SPOUSE
    )
    for stake in own.stakes:
        if stake["person"] in (one, other):
            own.say("CI-09", stake["code"], "breach")
    return True


@plant("CI-09 near: a relative who holds nothing")
def _kin(own: Institution) -> bool:
    stake = own.stake("kin of")
    if stake is None:
        return False
    own.add(
        "kinships",
        code=f"QX-{stake['code']}",
        person=stake["person"],
        relative="PX",
        since=START,
        kinship=w.KinshipKind.SIBLING,
    )
    return True


PLANTS.pop(
    "CI-09 near: a relative who holds nothing"
)  # PX founded the investee: CI-32 speaks where the deduction is claimed


@plant("CI-07 breach: a supplier")
def _supplier(own: Institution) -> bool:
    return _tie(own, w.TieKind.VENDOR, None, "breach")


@plant("CI-07 near: a supplier long ago")
def _former_supplier(own: Institution) -> bool:
    return _tie(own, w.TieKind.CUSTOMER, -1, None)


@plant("CI-07 breach: a customer to the day")
def _customer(own: Institution) -> bool:
    return _tie(own, w.TieKind.CUSTOMER, 0, "breach")


def _tie(own: Institution, kind: w.TieKind, ended: int | None, verdict: str | None) -> bool:
    deal = own.project("CI-07")
    if deal is None:
        return False
    until = None if ended is None else plus(deal["day"], ended)
    own.add(
        "business_ties",
        code=f"WL-{deal['code']}",
        institution="CT",
        company=deal["company"],
        since=START,
        tie=kind,
        tie_from=START,
        tie_until=until,
    )
    for stake in own.of_project(deal["code"]):
        if verdict is not None:
            own.say("CI-07", stake["code"], verdict)
    return True


@plant("CI-07 blurred: no ties recorded at all")
def _no_ties(own: Institution) -> bool:
    if len(own.rows["business_ties"]) > 1 or not own.once("no ties"):
        return False
    own.rows["business_ties"].clear()
    for stake in own.stakes:
        own.say("CI-07", stake["code"], "unknown")
    for deal in own.all("deals", kind=DealKind.INITIAL):
        own.touched.add(f"CI-07{deal['code']}")
    return True


@plant("CI-04 breach: the other fund came first")
def _later_round(own: Institution) -> bool:
    deal = own.project("CI-04")
    if deal is None or not own.once(
        f"exit{deal['code']}"
    ):  # of what the first fund holds no shares are recorded
        return False
    fund = "F2" if deal["fund"] == "F1" else "F1"
    own.add(
        "deals",
        code=f"{deal['code']}0",
        fund=fund,
        company=deal["company"],
        day=max(START, plus(deal["day"], -400)),
        kind=DealKind.INITIAL,
        amount=yuan(100),
        round="种子轮",
    )
    for stake in own.of_project(deal["code"]):
        own.say("CI-04", stake["code"], "breach")
    return True


@plant("CI-17 breach: a fen above the ceiling")
def _too_much(own: Institution) -> bool:
    return _total(own, 1, "breach")


@plant("CI-17 near: at the ceiling")
def _just_enough(own: Institution) -> bool:
    return _total(own, 0, None)


def _total(own: Institution, more: int, verdict: str | None) -> bool:
    """All staff money is brought to the plan's ceiling of that day, or above; what that makes of each person follows."""
    deal = own.project("CI-17")
    if deal is None or f"vehicle payment{deal['code']}" in own.touched:
        return False
    own.touched.add(f"vehicle payment{deal['code']}")
    row, terms = (
        own.find("coinvest_payments", deal=deal["code"]),
        own.find("coinvest_deals", deal=deal["code"]),
    )
    stricter = own.all("coinvest_plans", plan_version="2") and deal["day"] >= dt.date(2022, 1, 1)
    cap = D("0.08") if stricter else D("0.1")
    wanted = int(cap * deal["amount"].fen / (1 - cap)) + more
    row["amount"] = Amount(wanted, "CNY")
    row["payment_shares"] = (D(wanted) * terms["deal_shares"] / D(deal["amount"].fen)).to_integral_value()
    if verdict is not None:
        own.say("CI-17", deal["code"], verdict)
    limit = terms["total_shares_after"] / 100
    stakes = own.of_project(deal["code"])
    paid = {s["code"]: own.find("coinvest_payments", staff_stake=s["code"])["amount"].fen for s in stakes}
    for stake in stakes:
        if row["payment_shares"] * paid[stake["code"]] / sum(paid.values()) > limit:
            own.say("CI-18", stake["code"], "breach", "shares")
    return True


@plant("CI-17 blurred: shares of the company")
def _no_total(own: Institution) -> bool:
    deal = own.project("CI-17")
    if deal is None or f"vehicle payment{deal['code']}" in own.touched:
        return False
    own.touched.add(f"vehicle payment{deal['code']}")
    own.find("coinvest_deals", deal=deal["code"]).pop("total_shares_after")
    own.say("CI-17", deal["code"], "unknown")
    for stake in own.of_project(deal["code"]):
        own.say("CI-18", stake["code"], "unknown", "shares")
    return True


@plant("CI-29 breach: an open leak")
def _leak(own: Institution) -> bool:
    return _incident(own, -30, None, "breach")


@plant("CI-29 near: cleared on the day")
def _cleared(own: Institution) -> bool:
    return _incident(own, -30, 0, None)


@plant("CI-29 near: leaked later")
def _leak_later(own: Institution) -> bool:
    return _incident(own, 1, 2, None)


def _incident(own: Institution, leaked: int, cleared: int | None, verdict: str | None) -> bool:
    """A leak some days from the day of a stake; what it means for the person's other stakes follows from its days."""
    stake = own.stake("CI-29")
    if stake is None or not own.once(f"leak{stake['person']}"):
        return False
    day = _day_of(own, stake)
    since, until = plus(day, leaked), None if cleared is None else plus(day, cleared)
    own.add(
        "incidents",
        code=f"XM-{stake['code']}",
        person=stake["person"],
        since=since,
        leaked_on=since,
        incident_cleared_on=until,
    )
    for other in own.all("staff_stakes", person=stake["person"]):
        on = _day_of(own, other)
        if since <= on and (until is None or until > on):
            own.say("CI-29", other["code"], "breach")
    return True


@plant("CI-31 warn: an item is missing")
def _no_item(own: Institution) -> bool:
    stake = own.stake("CI-31")
    if stake is None:
        return False
    row = own.rng.choice(own.all("evidence", staff_stake=stake["code"]))
    own.rows["evidence"].remove(row)
    own.say("CI-31", stake["code"], "warn", row["evidence_item"].value)
    return True


@plant("CI-31 near: an item that came on the day")
def _item_today(own: Institution) -> bool:
    return _item_on(own, AS_OF, None)


@plant("CI-31 warn: an item that came later")
def _item_later(own: Institution) -> bool:
    return _item_on(own, plus(AS_OF, 1), "warn")


def _item_on(own: Institution, day: dt.date, verdict: str | None) -> bool:
    stake = own.stake("CI-31")
    if stake is None:
        return False
    row = own.rng.choice(own.all("evidence", staff_stake=stake["code"]))
    row["since"] = day
    if verdict is not None:
        own.say("CI-31", stake["code"], verdict, row["evidence_item"].value)
    return True


@plant("CI-31 breach: an item does not exist")
def _never(own: Institution) -> bool:
    stake = own.stake("CI-31")
    if stake is None:
        return False
    row = own.find("evidence", staff_stake=stake["code"], evidence_item=w.EvidenceItem.STAFF_TERMS)
    own.rows["evidence"].remove(row)
    day = dt.date(2026, 6, 1)
    own.add(
        "requests",
        code=f"XQ-{stake['code']}",
        staff_stake=stake["code"],
        institution="CT",
        since=day,
        request_item="staff_terms",
        request_due=dt.date(2026, 7, 1),
        answer=w.RequestAnswer.DOES_NOT_EXIST,
        answered_by="CT",
        answered_on=day,
    )
    own.say("CI-31", stake["code"], "breach")
    return True


@plant("CI-20 breach: a member of the team did not join")
def _skipped(own: Institution) -> bool:
    deal = own.project("CI-19")
    if deal is None:
        return False
    joined = {s["person"] for s in own.of_project(deal["code"])}
    free = [p for p in own.people if p not in joined]
    if not free:
        return False
    person = own.rng.choice(free)
    own.find("eligibilities", deal=deal["code"], person=person).update(team_role=w.TeamRole.NAMED)
    own.say("CI-20", person, "breach")
    own.say("CI-19", deal["code"], "breach", "named")
    return True


@plant("CI-20 near: excused")
def _excused(own: Institution) -> bool:
    deal = own.project("CI-19")
    if deal is None:
        return False
    joined = {s["person"] for s in own.of_project(deal["code"])}
    free = [p for p in own.people if p not in joined]
    if not free:
        return False
    row = own.find("eligibilities", deal=deal["code"], person=own.rng.choice(free))
    row.update(team_role=w.TeamRole.NAMED, participation_waiver_ref="批1")
    return True


def _partners(name: str, count: int, verdict: str | None) -> None:
    @plant(name)
    def how(own: Institution) -> bool:
        if not own.once("partners"):
            return False
        for number in range(count - 1 - len(own.people)):
            code = f"N{number}"
            own.add("parties", code=code, kind=PartyKind.PERSON, name=code, since=START)
            own.add(
                "employments", code=f"E-{code}", person=code, employer="CT", since=START, employed_from=START
            )
            own.add("edges", owner=code, owned="PT", since=START, share=D("0.001"), basis=EdgeBasis.EQUITY)
        if verdict is not None:
            own.say("CI-16", "PT", verdict)
        return True


_partners("CI-16 near: fifty partners", 50, None)
_partners("CI-16 breach: fifty-one partners", 51, "breach")


@plant("CI-16 breach: an outsider")
def _outsider(own: Institution) -> bool:
    if not own.once("partners"):
        return False
    own.add("edges", owner="PX", owned="PT", since=START, share=D("0.001"), basis=EdgeBasis.EQUITY)
    own.say("CI-16", "PT", "breach")
    return True


def _vehicle(name: str, key: str, rule: str, verdict: str | None, **cells: Any) -> None:
    @plant(name)
    def how(own: Institution) -> bool:
        if not own.once(key):
            return False
        row = own.find("parties", code="PT")
        for cell, value in cells.items():
            if value is None:
                row.pop(cell)
            else:
                row[cell] = value
        if verdict is not None:
            own.say(rule, "PT", verdict)
        return True


_vehicle("CI-16 breach: a company", "form", "CI-16", "breach", legal_form=LegalForm.COMPANY)
_vehicle("CI-16 blurred: form", "form", "CI-16", "unknown", legal_form=None)


@plant("CI-16 breach: a state general partner")
def _state_partner(own: Institution) -> bool:
    """The firm of the team, which was the general partner, is then a partner that is no member of staff."""
    if not own.once("gp"):
        return False
    own.find("parties", code="PT")["gp"] = "CT"
    own.say("CI-16", "PT", "breach")
    own.say("CI-16", "PT", "breach", "staff")
    return True


_vehicle("CI-21 breach: votes", "votes", "CI-21", "breach", vehicle_voting=w.Voting.OWN)
_vehicle("CI-21 near: by proxy", "votes", "CI-21", None, vehicle_voting=w.Voting.PROXY_TO_INSTITUTION)
_vehicle("CI-21 blurred: votes", "votes", "CI-21", "unknown", vehicle_voting=None)
_vehicle("CI-21 warn: a seat", "votes", "CI-21", "warn", vehicle_board_seats=1)
_vehicle("CI-30 near: by its partners", "sponsor", "CI-30", None, vehicle_sponsor="GP")
_vehicle("CI-30 blurred: sponsor", "sponsor", "CI-30", "unknown", vehicle_sponsor=None)


def _firm(name: str, verdict: str | None, **cells: Any) -> None:
    @plant(name)
    def how(own: Institution) -> bool:
        if not own.once("firm"):
            return False
        own.find("parties", code="CT").update(firm_level_holding=True, **cells)
        own.add("edges", owner="GOV", owned="CT", since=START, share=D("0.6"), basis=EdgeBasis.EQUITY)
        own.add("edges", owner="GP", owned="CT", since=START, share=D("0.4"), basis=EdgeBasis.EQUITY)
        own.add("parties", code="GOV", kind=PartyKind.GOVERNMENT, name="示例财政", since=START)
        if verdict is not None:
            own.say("CI-22", "CT", verdict)
        return True


_firm("CI-22 near: at the floor", None, external_revenue_share=D("0.9"), external_profit_share=D("0.9"))
_firm(
    "CI-22 breach: business from inside",
    "breach",
    external_revenue_share=D("0.89"),
    external_profit_share=D("0.9"),
)
_firm("CI-22 blurred: profit", "unknown", external_revenue_share=D("0.9"))


@plant("CI-01 breach: no basis")
def _no_basis(own: Institution) -> bool:
    if not own.once("basis"):
        return False
    own.rows["coinvest_plans"][0].pop("basis_doc")
    own.say("CI-01", "FA", "breach")
    return True


@plant("CI-02 breach: approved after the first projects")
def _late_approval(own: Institution) -> bool:
    if not own.once("approval"):
        return False
    first = min(
        d["day"]
        for d in own.all("deals", kind=DealKind.INITIAL)
        if d["code"][1:].isdigit() and len(d["code"]) == 2
    )
    approved = plus(first, 1)
    own.rows["coinvest_plans"][0]["board_approved_on"] = approved
    for deal in own.rows["deals"]:
        if own.of_project(deal["code"]) and deal["day"] < approved:
            own.say("CI-02", deal["code"], "breach")
    if first_payment(own) < approved and own.find("parties", code="PT").get("vehicle_sponsor") == "CT":
        own.say("CI-30", "PT", "breach")
    return True


def first_payment(own: Institution) -> dt.date:
    """The first day on which somebody paid into the vehicle."""
    return min(p["since"] for p in own.rows["coinvest_payments"] if "staff_stake" in p)


PLANTS.pop(
    "CI-02 breach: approved after the first projects"
)  # with a sponsor planted later the label would be another


@plant("CI-06 breach: the exemption ran out")
def _exemption(own: Institution) -> bool:
    if not own.once("exemption"):
        return False
    ends = dt.date(2021, 1, 1)
    own.rows["coinvest_plans"][0]["pilot_exemption_until"] = ends
    for stake in own.stakes:
        if _day_of(own, stake) > ends:
            own.say("CI-06", stake["code"], "breach")
    return True


@plant("CI-06 breach: no exemption")
def _no_exemption(own: Institution) -> bool:
    if not own.once("exemption"):
        return False
    own.rows["coinvest_plans"][0].pop("pilot_exemption_ref")
    for stake in own.stakes:
        own.say("CI-06", stake["code"], "breach")
    return True


def _exit(
    name: str, verdict: str | None, *, part: str = "0.5", price: int = 2, later: int = 0, joined: bool = True
) -> None:
    @plant(name)
    def how(own: Institution) -> bool:
        deal = own.project("exit")
        if deal is None or f"vehicle payment{deal['code']}" in own.touched:
            return False
        code = deal["code"]
        own.touched.add(f"vehicle payment{code}")
        terms, row = own.find("coinvest_deals", deal=code), own.find("coinvest_payments", deal=code)
        day = plus(deal["day"], 500)
        each = deal["amount"].fen // 100 // int(terms["deal_shares"]) * price
        sold = terms["deal_shares"] / 2
        own.add(
            "deals",
            code=f"{code}x",
            fund=deal["fund"],
            company=deal["company"],
            day=day,
            kind=DealKind.PARTIAL_EXIT,
            amount=yuan(int(sold) * each),
        )
        own.add("coinvest_deals", deal=f"{code}x", since=day, deal_shares=sold, deal_fees=yuan(0))
        for stake in own.of_project(code):
            if joined:
                own.add(
                    "evidence",
                    code=f"{stake['code']}-exits",
                    staff_stake=stake["code"],
                    since=day,
                    evidence_item=w.EvidenceItem.EXITS,
                    evidence_on=day,
                )
            else:
                own.add(
                    "evidence",
                    code=f"{stake['code']}-exits",
                    staff_stake=stake["code"],
                    since=day,
                    evidence_item=w.EvidenceItem.EXITS,
                    evidence_on=day,
                )
            if verdict is not None:
                own.say("CI-24", stake["code"], verdict)
        if joined:
            ours = row["payment_shares"] * D(part)
            money = yuan(int(ours * each)) if name.find("better") < 0 else yuan(int(ours * each * 2))
            own.add(
                "coinvest_payments",
                code=f"X{code}",
                vehicle="PT",
                deal=code,
                payment_leg=w.PaymentLeg.COMPANY_TO_VEHICLE,
                amount=money,
                since=plus(day, later),
                payment_shares=ours,
                payment_fees=yuan(0),
                pay_out=w.PayOut.EXIT,
                exit_deal=f"{code}x",
            )
        return True


_exit("CI-24 near: together", None)
_exit("CI-24 breach: a day later", "breach", later=1)
_exit("CI-24 breach: a larger part", "breach", part="0.6")
_exit("CI-24 breach: a better price", "breach")
_exit("CI-24 breach: stayed in", "breach", joined=False)


def _leaves(
    name: str,
    verdict: str | None,
    left: dt.date,
    sold: dt.date | None,
    *,
    to: str | None = None,
    book_value: D | None = None,
    kind: w.LeaverKind | None = w.LeaverKind.RESIGNED,
    told: bool = True,
    limb: str = "",
) -> None:
    """`to`: whom the stake is handed over to, a stranger "BX" of whom nothing is recorded among them; `told`: how many shares."""

    @plant(name)
    def how(own: Institution) -> bool:
        free = [
            p
            for p in own.people
            if len(own.all("staff_stakes", person=p)) == 1 and f"leaves{p}" not in own.touched
        ]
        if not free:
            return False
        person = own.rng.choice(free)
        stake = own.find("staff_stakes", person=person)
        if (
            _day_of(own, stake) > left
            or f"vehicle payment{stake['deal']}" in own.touched
            or not own.once(f"leaves{person}")
        ):
            return False
        own.touched.add(f"vehicle payment{stake['deal']}")
        row = own.find("employments", code=f"E-{person}")
        row.update(employed_until=left, **({} if kind is None else {"leaver_kind": kind}))
        own.add(
            "evidence",
            code=f"{stake['code']}-leaver",
            staff_stake=stake["code"],
            since=left,
            evidence_item=w.EvidenceItem.LEAVER,
            evidence_on=left,
        )
        if sold is not None:
            buyer = to or next(p for p in own.people if p != person)
            if buyer == "BX" and own.once("BX"):
                own.add("parties", code="BX", kind=PartyKind.SOCIAL_INVESTOR, name="示例受让方", since=START)
            if book_value is not None:
                company = own.find("deals", code=stake["deal"])["company"]
                own.find("companies", code=company)["audited_net_assets_per_share"] = book_value
            whole = own.find("coinvest_payments", deal=stake["deal"])
            paid = [
                own.find("coinvest_payments", staff_stake=s["code"])["amount"].fen
                for s in own.of_project(stake["deal"])
            ]
            mine = own.find("coinvest_payments", staff_stake=stake["code"])["amount"].fen
            shares = whole["payment_shares"] * mine / sum(paid)
            own.add(
                "coinvest_payments",
                code=f"T-{stake['code']}",
                staff_stake=stake["code"],
                holder=buyer,
                payment_leg=w.PaymentLeg.TRANSFER,
                amount=Amount(mine, "CNY"),
                since=sold,
                payment_shares=shares if told else None,
                payment_fees=yuan(0),
            )
            own.add(
                "evidence",
                code=f"{stake['code']}-exits",
                staff_stake=stake["code"],
                since=sold,
                evidence_item=w.EvidenceItem.EXITS,
                evidence_on=sold,
            )
        if verdict is not None:
            own.say("CI-25", stake["code"], verdict, *([limb] if limb else []))
        return True


_leaves("CI-25 near: handed over on the last day", None, dt.date(2024, 3, 31), dt.date(2025, 3, 31))
_leaves("CI-25 breach: a day late", "breach", dt.date(2024, 3, 31), dt.date(2025, 4, 1))
_leaves("CI-25 breach: still held", "breach", dt.date(2024, 3, 31), None)
_LEFT, _SOLD = dt.date(2024, 3, 31), dt.date(2024, 9, 30)
_leaves("CI-25 blurred: to the firm, no audited value", "unknown", _LEFT, _SOLD, to="CT")
_leaves("CI-25 near: to the firm below audited value", None, _LEFT, _SOLD, to="CT", book_value=D(12))
_leaves(
    "CI-25 breach: to the firm above audited value", "breach", _LEFT, _SOLD, to="CT", book_value=D("4.99")
)
_leaves("CI-25 near: time is left", None, dt.date(2025, 10, 1), None)


@plant("CI-08 breach: technical staff without approval")
def _technical(own: Institution) -> bool:
    return _exception(own, None, "breach")


@plant("CI-08 near: technical staff with approval")
def _technical_approved(own: Institution) -> bool:
    return _exception(own, "批9", None)


def _exception(own: Institution, approval: str | None, verdict: str | None) -> bool:
    free = [p for p in own.people if f"technical{p}" not in own.touched]
    if not free:
        return False
    person = own.rng.choice(free)
    own.touched.add(f"technical{person}")
    row = own.find("employments", code=f"E-{person}")
    row["technical_staff"] = True
    if approval is not None:
        row["technical_approval_ref"] = approval
    for stake in own.all("staff_stakes", person=person):
        if verdict is not None:
            own.say("CI-08", stake["code"], verdict)
    return True


@plant("CI-08 breach: represents the state")
def _representative(own: Institution) -> bool:
    stake = own.stake("represents")
    if stake is None or f"technical{stake['person']}" in own.touched or not own.once(f"CI-08{stake['deal']}"):
        return False
    own.touched.add(f"technical{stake['person']}")
    row = own.find("employments", code=f"E-{stake['person']}")
    row.update(technical_staff=True, technical_approval_ref="批9")
    company = own.find("deals", code=stake["deal"])["company"]
    own.find("companies", code=company)["state_representatives"] = ("PX", stake["person"])
    own.say("CI-08", stake["code"], "breach")
    return True


def _insider(own: Institution) -> tuple[str, list[Row]] | None:
    """A person who becomes an executive on all days, and his or her stakes."""
    free = [p for p in own.people if f"role{p}" not in own.touched and own.all("staff_stakes", person=p)]
    if (
        not free or "kin" in own.touched or not own.once("insider")
    ):  # a relative of an executive is an insider too
        return None
    person = own.rng.choice(free)
    own.touched.add(f"role{person}")
    own.find("employments", code=f"E-{person}")["role_class"] = w.RoleClass.EXECUTIVE
    return person, own.all("staff_stakes", person=person)


@plant("CI-10 breach: an executive among them, no consent")
def _no_consent(own: Institution) -> bool:
    inside = _insider(own)
    if inside is None:
        return False
    for stake in inside[1]:
        own.say("CI-10", stake["deal"], "breach")
    return True


@plant("CI-10 near: an executive among them, with consent")
def _consent(own: Institution) -> bool:
    inside = _insider(own)
    if inside is None:
        return False
    for stake in inside[1]:
        own.find("coinvest_deals", deal=stake["deal"])["deal_consent_ref"] = "函1"
    return True


@plant("CI-10 blurred: whose firm it is")
def _whose(own: Institution) -> bool:
    inside = _insider(own)
    if inside is None:
        return False
    own.find("parties", code="CT").pop("ownership")
    for stake in inside[1]:
        own.find("coinvest_deals", deal=stake["deal"])["deal_consent_ref"] = "函1"
        own.say("CI-10", stake["deal"], "unknown")
    return True


@plant("CI-18 breach: more than half a year's pay")
def _pay(own: Institution) -> bool:
    return _years_of_pay(own, "breach")


@plant("CI-18 blurred: pay")
def _no_pay(own: Institution) -> bool:
    return _years_of_pay(own, "unknown")


@plant("CI-18 near: half a year's pay to the fen")
def _enough_pay(own: Institution) -> bool:
    return _years_of_pay(own, None)


def _years_of_pay(own: Institution, verdict: str | None) -> bool:
    """The plan limits the money to a part of a year's pay that the largest payment passes, or to a pay that nobody recorded."""
    if not own.once("pay"):
        return False
    largest = max(
        p["amount"].fen
        for p in own.rows["coinvest_payments"]
        if p["payment_leg"] is w.PaymentLeg.PERSON_TO_VEHICLE
    )
    person = own.rng.choice(own.people)
    limit = {"breach": D(largest - 100) / D(40_000_000), None: D(largest) / D(40_000_000)}.get(
        verdict, D(1000)
    )
    own.rows["coinvest_plans"][0]["pay_multiple_cap"] = limit
    if verdict == "unknown":
        own.find("employments", code=f"E-{person}").pop("annual_pay")
    for stake in own.stakes:
        paid = own.find("coinvest_payments", staff_stake=stake["code"])["amount"].fen
        untold = verdict == "unknown" and stake["person"] == person
        if untold or paid > int(limit * 40_000_000):
            own.say("CI-18", stake["code"], "unknown" if untold else "breach")
    return True


@plant("CI-19 breach: the team below its floor")
def _floor(own: Institution) -> bool:
    return _team(own, D("0.0101"), "breach")


@plant("CI-19 near: the team at its floor")
def _at_floor(own: Institution) -> bool:
    return _team(own, D("0.01"), None)


def _team(own: Institution, floor: D, verdict: str | None) -> bool:
    if not own.once("floor"):
        return False
    own.rows["coinvest_plans"][0]["deal_team_floor"] = floor
    for deal in own.rows["deals"]:
        if verdict is not None and own.of_project(deal["code"]):
            own.say("CI-19", deal["code"], verdict)
    return True


PLANTS.pop(
    "CI-19 breach: the team below its floor"
)  # the ticket is halved where a tranche comes later: planted by hand below


def _firm_share(name: str, verdict: str | None, until: dt.date | None) -> None:
    @plant(name)
    def how(own: Institution) -> bool:
        listed = {r["person"] for r in own.rows["eligibilities"]}
        if not own.once(
            "firm"
        ):  # with another holder the parts of the firm would not be those planted for CI-22
            return False
        person = own.rng.choice(sorted(listed))
        own.add(
            "edges",
            owner=person,
            owned="CT",
            since=dt.date(2020, 1, 1),
            until=until,
            share=D("0.01"),
            basis=EdgeBasis.EQUITY,
        )
        if verdict is not None:
            own.say("CI-23", person, verdict)
        return True


_firm_share("CI-23 near: sold on the last day", None, dt.date(2023, 1, 1))
_firm_share("CI-23 breach: sold a day early", "breach", dt.date(2022, 12, 31))


def _moves(name: str, verdict: str | None, on: dt.date) -> None:
    @plant(name)
    def how(own: Institution) -> bool:
        free = [
            p
            for p in own.people
            if own.all("staff_stakes", person=p)
            and f"role{p}" not in own.touched
            and f"leaves{p}" not in own.touched
        ]
        if not free:
            return False
        person = own.rng.choice(free)
        own.touched |= {f"role{person}", f"leaves{person}"}
        own.add(
            "employments",
            code=f"E-{person}",
            person=person,
            employer="CT",
            since=on,
            role_class=w.RoleClass.OTHER_STAFF,
        )
        for stake in own.all("staff_stakes", person=person):
            if verdict is not None and _day_of(own, stake) < on:
                own.say("CI-26", stake["code"], verdict)
        return True


_moves("CI-26 breach: still held", "breach", dt.date(2026, 3, 29))
_moves("CI-26 near: time is left", None, dt.date(2026, 3, 30))


def _tax(name: str, verdict: str | None, share: str, **person: Any) -> None:
    @plant(name)
    def how(own: Institution) -> bool:
        stake = own.stake("CI-32")
        if stake is None:
            return False
        deal = own.find("deals", code=stake["deal"])
        if not own.once(f"tax{deal['company']}"):
            return False
        stake["stake_tax_deduction"] = True
        own.add(
            "edges",
            owner=deal["fund"],
            owned=deal["company"],
            since=deal["day"],
            share=D(share),
            basis=EdgeBasis.EQUITY,
        )
        if person.get("founder"):
            own.find("companies", code=deal["company"])["founders"] = ("PX", stake["person"])
        if person.get("works"):
            own.add(
                "employments",
                code=f"EQ-{stake['code']}",
                person=stake["person"],
                employer=deal["company"],
                since=START,
                employed_from=START,
            )
        if verdict is not None:
            own.say("CI-32", stake["code"], verdict)
        return True


_tax("CI-32 near: under half", None, "0.499")
_tax("CI-32 breach: half", "breach", "0.5")
_tax("CI-32 breach: a founder", "breach", "0.1", founder=True)
_tax("CI-32 breach: an employee", "breach", "0.1", works=True)


@plant("CI-02 breach: filed after the first project")
def _late_filing(own: Institution) -> bool:
    if not own.once("filing"):
        return False
    days = {d["code"]: d["day"] for d in own.rows["deals"] if own.of_project(d["code"])}
    filed = plus(min(days.values()), 1)
    own.rows["coinvest_plans"][0]["plan_filed_on"] = filed
    for code, day in days.items():
        if day < filed:
            own.say("CI-02", code, "breach")
    return True


@plant("CI-02 blurred: approval")
def _approval_untold(own: Institution) -> bool:
    if not own.once("approval"):
        return False
    own.rows["coinvest_plans"][0].pop("party_committee_approved_on")
    for deal in own.rows["deals"]:
        if own.of_project(deal["code"]):
            own.say("CI-02", deal["code"], "unknown")
    if own.find("parties", code="PT").get("vehicle_sponsor") == "CT":
        own.say("CI-30", "PT", "unknown", "approved")
    own.touched.add("sponsor")
    return True


@plant("CI-30 breach: approved after the first payment")
def _sponsored(own: Institution) -> bool:
    if not own.once("approval"):
        return False
    own.touched.add("sponsor")
    approved = plus(first_payment(own), 1)
    own.rows["coinvest_plans"][0]["board_approved_on"] = approved
    for deal in own.rows["deals"]:
        if own.of_project(deal["code"]) and deal["day"] < approved:
            own.say("CI-02", deal["code"], "breach", "board")
    if own.find("parties", code="PT").get("vehicle_sponsor") == "CT":
        own.say("CI-30", "PT", "breach")
    return True


FEWER = frozenset(PLANTS)
"""What other tests draw from: theirs stay the same institutions whatever is added below."""


@plant("CI-01 near: the second version does not repeat the basis")
def _basis_once(own: Institution) -> bool:
    if not own.once("basis") or own.all("coinvest_plans", plan_version="2"):
        return False
    own.add("coinvest_plans", code="FA", institution="CT", since=dt.date(2023, 1, 1), plan_version="3")
    return True


@plant("CI-02 near: filed on the day of the first project")
def _filed_on_the_day(own: Institution) -> bool:
    if not own.once("filing"):
        return False
    first = min(d["day"] for d in own.rows["deals"] if own.of_project(d["code"]))
    own.rows["coinvest_plans"][0]["plan_filed_on"] = first
    return True


@plant("CI-03 near: of the group since the day")
def _since_the_day(own: Institution) -> bool:
    """Other staff before the first project of his, of the management team from its day on."""
    free = [p for p in own.people if f"role{p}" not in own.touched and own.all("staff_stakes", person=p)]
    if not free:
        return False
    person = own.rng.choice(free)
    own.touched.add(f"role{person}")
    day = min(_day_of(own, s) for s in own.all("staff_stakes", person=person))
    own.find("employments", code=f"E-{person}")["role_class"] = w.RoleClass.OTHER_STAFF
    own.add(
        "employments",
        code=f"E-{person}",
        person=person,
        employer="CT",
        since=day,
        role_class=w.RoleClass.MANAGEMENT_TEAM,
    )
    return True


@plant("CI-04 near: the other fund came the day after")
def _other_fund_later(own: Institution) -> bool:
    deal = own.project("CI-04")
    if deal is None or not own.once(f"exit{deal['code']}"):
        return False
    fund = "F2" if deal["fund"] == "F1" else "F1"
    own.add(
        "deals",
        code=f"{deal['code']}n",
        fund=fund,
        company=deal["company"],
        day=plus(deal["day"], 1),
        kind=DealKind.INITIAL,
        amount=yuan(100),
        round="B轮",
    )
    return True


@plant("CI-06 near: the exemption ends on the day of the last project")
def _exemption_to_the_day(own: Institution) -> bool:
    if not own.once("exemption"):
        return False
    last = max(_day_of(own, s) for s in own.stakes)
    own.rows["coinvest_plans"][0]["pilot_exemption_until"] = last
    return True


def _team_short(name: str, verdict: str, role: w.TeamRole | None) -> None:
    """One of the two who make up the floor is not on the team, or nobody recorded whether."""

    @plant(name)
    def how(own: Institution) -> bool:
        deal = own.project("CI-19")
        if deal is None or "floor" in own.touched:
            return False
        own.touched.add("floor")  # the plan's floor stays what it was
        team = own.all("eligibilities", deal=deal["code"], team_role=w.TeamRole.DEAL_TEAM)
        row = own.rng.choice(team)
        if role is None:
            row.pop("team_role")
        else:
            row["team_role"] = role
        own.say("CI-19", deal["code"], verdict)
        return True


_team_short("CI-19 breach: half the team", "breach", w.TeamRole.MAY_JOIN)
_team_short("CI-19 blurred: half the team", "unknown", None)


@plant("CI-17 near: the floor on all staff money is met")
def _staff_floor(own: Institution) -> bool:
    if not own.once("total floor"):
        return False
    own.rows["coinvest_plans"][0]["total_floor"] = D("0.005")
    return True


_exit("CI-24 near: all of it together", None, part="0.5", price=3)
_exit("CI-24 near: apart by less than a thousandth", None, part="0.5005")


def _dated_item(own: Institution, days: int, verdict: str | None) -> bool:
    """The declaration, dated so many days after the committee."""
    stake = own.stake("CI-31")
    if stake is None:
        return False
    met = own.find("committee_meetings", deal=stake["deal"])["met_on"]
    row = own.find("evidence", staff_stake=stake["code"], evidence_item=w.EvidenceItem.DECLARATION)
    row["evidence_on"] = plus(met, days)
    if verdict is not None:
        own.say("CI-31", stake["code"], verdict)
    return True


@plant("CI-31 near: declared on the committee's day")
def _declared_in_time(own: Institution) -> bool:
    return _dated_item(own, 0, None)


@plant("CI-31 warn: declared a day after the committee")
def _declared_late(own: Institution) -> bool:
    return _dated_item(own, 1, "warn")


@plant("CI-31 blurred: a declaration without a day")
def _declared_some_day(own: Institution) -> bool:
    stake = own.stake("CI-31")
    if stake is None:
        return False
    own.find("evidence", staff_stake=stake["code"], evidence_item=w.EvidenceItem.DECLARATION).pop(
        "evidence_on"
    )
    own.say("CI-31", stake["code"], "unknown", "declaration")
    return True


@plant("CI-31 blurred: when the committee met")
def _met_some_day(own: Institution) -> bool:
    """A meeting whose day nobody recorded: whether the declarations and their papers came before it cannot be told."""
    deal = own.project("CI-11 and papers")
    if deal is None or any(
        f"{rule}{s['code']}" in own.touched
        for s in own.of_project(deal["code"])
        for rule in ("CI-11", "CI-31")
    ):
        return False
    own.find("committee_meetings", deal=deal["code"]).pop("met_on")
    for stake in own.of_project(deal["code"]):
        own.touched |= {f"CI-11{stake['code']}", f"CI-31{stake['code']}"}
        own.say("CI-11", stake["code"], "unknown", "before")
        own.say("CI-31", stake["code"], "unknown", "declaration")
    own.touched.add(f"CI-19{deal['code']}")  # no roles of its roster change later
    joined = own.all("eligibilities", deal=deal["code"], team_role=w.TeamRole.MAY_JOIN)
    for row in joined:
        if row["choice"] is w.RosterChoice.JOINED:
            own.say("CI-20", row["person"], "unknown", "chosen")
    return True


@plant("CI-31 warn: a proof of another person")
def _proof_of_another(own: Institution) -> bool:
    stake = own.stake("CI-31")
    if stake is None:
        return False
    row = own.find("evidence", staff_stake=stake["code"], evidence_item=w.EvidenceItem.MONEY_PROOF)
    row["person"] = next(p["person"] for p in own.rows["staff_stakes"] if p["person"] != stake["person"])
    own.say("CI-31", stake["code"], "warn")
    return True


@plant("CI-28 breach: a member did not disclose")
def _undisclosed(own: Institution) -> bool:
    return _ballot(own, "breach", "disclosed", interest_disclosed=False)


@plant("CI-28 blurred: whether a member disclosed")
def _disclosed_or_not(own: Institution) -> bool:
    return _ballot(own, "unknown", "disclosed", interest_disclosed=None)


@plant("CI-28 blurred: whether a member voted")
def _voted_or_not(own: Institution) -> bool:
    return _ballot(own, "unknown", "vote", recused=None, voted=None)


def _ballot(own: Institution, verdict: str, limb: str, **cells: Any) -> bool:
    deal = own.project("CI-28")
    if deal is None or "insider" in own.touched:  # of insiders more is asked
        return False
    own.touched.add("insider")
    row = own.find("ballots", code=f"B{deal['code'][1:]}")
    for cell, value in cells.items():
        row.pop(cell) if value is None else row.update({cell: value})
    own.say("CI-28", deal["code"], verdict, limb)
    return True


@plant("CI-28 blurred: no record of the vote")
def _no_ballot(own: Institution) -> bool:
    deal = own.project("CI-28")
    if deal is None:
        return False
    own.rows["ballots"].remove(own.find("ballots", code=f"B{deal['code'][1:]}"))
    own.say("CI-28", deal["code"], "unknown", "record")
    return True


@plant("CI-27 blurred: no report")
def _no_report(own: Institution) -> bool:
    deal = own.project("CI-27")
    if deal is None:
        return False
    own.find("coinvest_deals", deal=deal["code"]).pop("appraisal_ref")
    own.say("CI-27", deal["code"], "unknown", "report")
    return True


def _equity(name: str, verdict: str | None, less: int) -> None:
    """Staff have a tenth of the company, or a share more than that; what each of them has follows."""

    @plant(name)
    def how(own: Institution) -> bool:
        deal = own.project("CI-17")
        if deal is None or f"vehicle payment{deal['code']}" in own.touched:
            return False
        own.touched.add(f"vehicle payment{deal['code']}")
        shares = own.find("coinvest_payments", deal=deal["code"])["payment_shares"]
        whole = shares * 10 - less
        own.find("coinvest_deals", deal=deal["code"])["total_shares_after"] = whole
        if verdict is not None:
            own.say("CI-17", deal["code"], verdict, "equity")
        stakes = own.of_project(deal["code"])
        paid = {s["code"]: own.find("coinvest_payments", staff_stake=s["code"])["amount"].fen for s in stakes}
        for stake in stakes:
            if shares * paid[stake["code"]] * 100 > whole * sum(paid.values()):
                own.say("CI-18", stake["code"], "breach", "shares")
        return True


_equity("CI-17 breach: more than a tenth of the company", "breach", 1)
_equity("CI-17 near: a tenth of the company", None, 0)


def _round(name: str, verdict: str | None, less: int) -> None:
    """The round sold what the institution and its staff bought, or a share less."""

    @plant(name)
    def how(own: Institution) -> bool:
        deal = own.project("CI-17")
        if deal is None or f"vehicle payment{deal['code']}" in own.touched:
            return False
        own.touched.add(f"vehicle payment{deal['code']}")
        terms = own.find("coinvest_deals", deal=deal["code"])
        ours = own.find("coinvest_payments", deal=deal["code"])["payment_shares"]
        terms["round_shares"] = terms["deal_shares"] + ours - less
        if verdict is not None:
            own.say("CI-17", deal["code"], verdict, "round")
        return True


_round("CI-17 breach: more shares than the round sold", "breach", 1)
_round("CI-17 near: all shares that the round sold", None, 0)


def _chosen(name: str, verdict: str | None, days: int) -> None:
    """One who need not join chose on the committee's day, or the day before."""

    @plant(name)
    def how(own: Institution) -> bool:
        free = [
            r
            for r in own.all("eligibilities", team_role=w.TeamRole.MAY_JOIN, choice=w.RosterChoice.JOINED)
            if f"chosen{r['code']}" not in own.touched
        ]
        deals = {r["code"]: own.find("deals", code=r["deal"]) for r in free}
        free = [r for r in free if f"CI-19{deals[r['code']]['code']}" not in own.touched]
        if not free:
            return False
        row = own.rng.choice(free)
        own.touched |= {f"chosen{row['code']}", f"CI-19{row['deal']}", f"CI-11 and papers{row['deal']}"}
        row["chosen_on"] = plus(own.find("committee_meetings", deal=row["deal"])["since"], days)
        if verdict is not None:
            own.say("CI-20", row["person"], verdict, "chosen")
        return True


_chosen("CI-20 breach: chose on the committee's day", "breach", 0)
_chosen("CI-20 near: chose the day before the committee", None, -1)


def _state_part(name: str, verdict: str | None, part: str, *limbs: str) -> None:
    """How much of the institution the state has, where staff hold the firm itself."""

    @plant(name)
    def how(own: Institution) -> bool:
        if not own.once("firm"):
            return False
        own.find("parties", code="CT").update(
            firm_level_holding=True, external_revenue_share=D("0.9"), external_profit_share=D("0.9")
        )
        own.add("parties", code="GOV", kind=PartyKind.GOVERNMENT, name="示例财政", since=START)
        own.add(
            "parties",
            code="PV",
            kind=PartyKind.SOCIAL_INVESTOR,
            name="示例民企",
            since=START,
            ownership=Ownership.PRIVATE,
        )
        for owner, share in (("GOV", D(part)), ("PV", (1 - D(part)) / 2), ("GP", (1 - D(part)) / 2)):
            own.add("edges", owner=owner, owned="CT", since=START, share=share, basis=EdgeBasis.EQUITY)
        if verdict is not None:
            own.say("CI-22", "CT", verdict, *limbs)
        return True


_state_part("CI-22 near: the state just above a third", None, "0.34")
_state_part("CI-22 breach: the state below its floor", "breach", "0.336", "state share")
_state_part("CI-22 breach: not the largest", "breach", "0.3", "state share", "largest")
_state_part("CI-22 breach: hardly anybody else", "breach", "0.91", "non-public")


@plant("CI-32 breach: a relative founded the company")
def _family(own: Institution) -> bool:
    """PX founded every company here: who claims the deduction and is a relative of PX may not."""
    free = [
        p
        for p in own.people
        if own.all("staff_stakes", person=p)
        and not any(f"CI-32{s['code']}" in own.touched for s in own.all("staff_stakes", person=p))
    ]
    if not free:
        return False
    person = own.rng.choice(free)
    stakes = own.all("staff_stakes", person=person)
    own.touched |= {f"CI-32{s['code']}" for s in stakes}
    own.add(
        "kinships",
        code=f"QP-{person}",
        person=person,
        relative="PX",
        since=START,
        kinship=w.KinshipKind.PARENT,
    )
    stake = own.rng.choice(stakes)
    stake["stake_tax_deduction"] = True
    deal = own.find("deals", code=stake["deal"])
    own.say("CI-32", stake["code"], "breach", "family")
    if own.once(f"tax{deal['company']}"):
        own.add(
            "edges",
            owner=deal["fund"],
            owned=deal["company"],
            since=deal["day"],
            share=D("0.1"),
            basis=EdgeBasis.EQUITY,
        )
    elif own.find("edges", owned=deal["company"])["share"] >= D("0.5"):
        own.say("CI-32", stake["code"], "breach", "under half")
    return True


def _dependence(name: str, verdict: str | None, revenue: int) -> None:
    """Trade that ended before the project, and what the company had of its revenue from it in a later year."""

    @plant(name)
    def how(own: Institution) -> bool:
        deal = own.project("CI-07")
        if deal is None or "no ties" in own.touched:
            return False
        year = dt.date(2025, 12, 31)
        own.add(
            "business_ties",
            code=f"WD-{deal['code']}",
            institution="CT",
            company=deal["company"],
            since=START,
            tie=w.TieKind.CUSTOMER,
            tie_from=START,
            tie_until=plus(deal["day"], -1),
        )
        own.add(
            "business_ties",
            code=f"WD-{deal['code']}",
            institution="CT",
            company=deal["company"],
            since=year,
            related_revenue=yuan(1_000_000),
        )
        own.add("company_years", company=deal["company"], year=2025, revenue=yuan(revenue))
        for stake in own.of_project(deal["code"]):
            if verdict is not None:
                own.say("CI-07", stake["code"], verdict, "dependence")
        return True


_dependence("CI-07 breach: more than a third of its revenue", "breach", 2_999_999)
_dependence("CI-07 near: a third of its revenue", None, 3_000_000)


@plant("CI-11 blurred: no declaration")
def _undeclared(own: Institution) -> bool:
    stake = own.stake("CI-11")
    if stake is None:
        return False
    number, person = stake["code"][1:].split("-")
    own.rows["declarations"].remove(own.find("declarations", code=f"SB{number}-{person}"))
    own.say("CI-11", stake["code"], "unknown", "declaration")
    return True


@plant("CI-17 breach: below the floor on all staff money")
def _below_staff_floor(own: Institution) -> bool:
    if not own.once("total floor"):
        return False
    own.rows["coinvest_plans"][0]["total_floor"] = D("0.3")
    for deal in {s["deal"] for s in own.stakes}:
        own.say("CI-17", deal, "breach", "floor")
    return True


@plant("CI-24 breach: sold without the institution")
def _alone(own: Institution) -> bool:
    deal = own.project("exit")
    if deal is None or f"vehicle payment{deal['code']}" in own.touched:
        return False
    code, day = deal["code"], plus(deal["day"], 500)
    own.touched.add(f"vehicle payment{code}")
    row = own.find("coinvest_payments", deal=code)
    own.add(
        "coinvest_payments",
        code=f"X{code}",
        vehicle="PT",
        deal=code,
        payment_leg=w.PaymentLeg.COMPANY_TO_VEHICLE,
        amount=row["amount"],
        since=day,
        payment_shares=row["payment_shares"] / 2,
        payment_fees=yuan(0),
        pay_out=w.PayOut.EXIT,
    )
    for stake in own.of_project(code):
        own.add(
            "evidence",
            code=f"{stake['code']}-exits",
            staff_stake=stake["code"],
            since=day,
            evidence_item=w.EvidenceItem.EXITS,
            evidence_on=day,
        )
        own.say("CI-24", stake["code"], "breach", "alone")
    return True
