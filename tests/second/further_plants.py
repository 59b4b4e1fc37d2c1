"""What else is planted in the random institutions: the limbs that ask for a whole row, a version or a post, and not for one cell.

Registered beside the plants of second.institutions; what may not meet in one institution is named by what it touches.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal as D

from second.institutions import (
    PLANTED,
    PLANTS,
    Institution,
    Row,
    _firm_share,
    _insider,
    _leaves,
    first_payment,
    plant,
    plus,
)

from fof.importers.cells import Amount
from models import coinvest as w
from models.kinds import EdgeBasis, Ownership

__all__ = ["PLANTS"]


def _alone(own: Institution, *keys: str) -> bool:
    """Whether nothing that these name was planted, and from here on nothing else is."""
    if any(key in own.touched for key in keys):
        return False
    own.touched |= set(keys)
    return True


def _none_of_a_kind(own: Institution, kind: str) -> bool:
    """The same of what is planted project by project."""
    if any(key.startswith(kind) for key in own.touched):
        return False
    own.touched |= {f"{kind}{deal['code']}" for deal in own.rows["deals"]}
    return True


def _projects(own: Institution) -> list[Row]:
    return [d for d in own.rows["deals"] if own.of_project(d["code"])]


@plant("CI-02 blurred: which version")
def _no_version(own: Institution) -> bool:
    """The first version has no number; a second one, where there is one, has."""
    if not _alone(own, "version", "basis"):  # a second version comes with what is planted on the basis
        return False
    first, *later = own.all("coinvest_plans", code="FA")
    first.pop("plan_version")
    until = min((row["since"] for row in later), default=dt.date.max)
    for deal in _projects(own):
        if deal["day"] < until:
            own.say("CI-02", deal["code"], "unknown", "version")
    return True


@plant("CI-02 near: a second version on the day of a project")
def _version_of_the_day(own: Institution) -> bool:
    """An approval that only the second version has counts from its day on, for the project of that day too."""
    if not _alone(own, "approval", "version", "sponsor") or len(own.rows["coinvest_plans"]) > 1:
        return False
    day = max(deal["day"] for deal in _projects(own))
    own.add("coinvest_plans", code="FA", institution="CT", since=day, plan_version="2", board_approved_on=day)
    return True


@plant("CI-02 breach: the plan began the day after")
def _later_plan(own: Institution) -> bool:
    """A project under a plan of its own, the same as the other one, that has no version on its day."""
    deal = own.project("vehicle payment")
    guards = ("basis", "exemption", "approval", "filing", "version", "kin", "insider", "pay", "total floor")
    if deal is None or f"CI-17{deal['code']}" in own.touched or "floor" in own.touched:
        return False
    if f"CI-19{deal['code']}" in own.touched or not _alone(own, "quota", "sponsor", "floor", *guards):
        return False
    own.touched |= {f"CI-19{deal['code']}", f"CI-17{deal['code']}"}
    own.add(
        "coinvest_plans", **{**own.rows["coinvest_plans"][0], "code": "FB", "since": plus(deal["day"], 1)}
    )
    for row in (*own.of_project(deal["code"]), *own.all("eligibilities", deal=deal["code"])):
        row["plan"] = "FB"
    own.say("CI-02", deal["code"], "breach", "plan")
    for stake in own.of_project(deal["code"]):
        own.say("CI-06", stake["code"], "breach", "exemption")
    return True


def _came(name: str, days: int) -> None:
    """A person of the first project was employed on its day, or the day after."""

    @plant(name)
    def how(own: Institution) -> bool:
        deal = min(_projects(own), key=lambda d: d["day"])
        keys = ("contract", "appointed", "role", "leaves", "spell", "technical")
        people = [
            s["person"]
            for s in own.of_project(deal["code"])
            if not any(f"{key}{s['person']}" in own.touched for key in keys)
        ]
        if not people or "insider" in own.touched or "pay" in own.touched:
            return False
        person = own.rng.choice(people)
        own.touched |= {f"{key}{person}" for key in keys} | {"kin", "insider", "pay"}
        came = plus(deal["day"], days)
        if came > first_payment(own):
            return False
        own.find("employments", code=f"E-{person}")["employed_from"] = came
        if days > 0:
            stake = next(s for s in own.of_project(deal["code"]) if s["person"] == person)
            own.say("CI-03", stake["code"], "breach", "employed", "group")
            own.say("CI-05", stake["code"], "breach", "employed")
            own.say("CI-10", deal["code"], "unknown", "posts")
        return True


_came("CI-03 breach: employed since the day after", 1)
_came("CI-05 near: employed since the day", 0)


def _controlled(name: str, resolution: bool, verdict: str | None) -> None:
    """An executive takes part in a project of a firm that the state controls and others have a part of."""

    @plant(name)
    def how(own: Institution) -> bool:
        if not _none_of_a_kind(own, "CI-28"):  # who voted would be a breach of recusal too
            return False
        inside = _insider(own)
        if inside is None:
            return False
        own.find("parties", code="CT")["ownership"] = Ownership.SOE_CONTROLLED_MIXED
        for stake in inside[1]:
            if resolution:
                own.find("coinvest_deals", deal=stake["deal"])["board_resolution_ref"] = "董1"
            if verdict is not None:
                own.say("CI-10", stake["deal"], verdict, "resolution")
        return True


_controlled("CI-10 near: a resolution of a controlled firm", True, None)
_controlled("CI-10 breach: no resolution of a controlled firm", False, "breach")


@plant("CI-10 breach: the executive voted")
def _executive_voted(own: Institution) -> bool:
    members = {b["person"]: b for b in own.rows["ballots"] if f"CI-28D{b['code'][1:]}" not in own.touched}
    free = [p for p in sorted(members) if f"role{p}" not in own.touched and own.all("staff_stakes", person=p)]
    if not free or not _alone(own, "kin", "insider"):
        return False
    person = own.rng.choice(free)
    own.touched.add(f"role{person}")
    own.find("employments", code=f"E-{person}")["role_class"] = w.RoleClass.EXECUTIVE
    own.find("parties", code="CT")["ownership"] = Ownership.SOE_CONTROLLED_MIXED
    for stake in own.all("staff_stakes", person=person):
        own.find("coinvest_deals", deal=stake["deal"])["board_resolution_ref"] = "董1"
    ballot = members[person]
    deal = f"D{ballot['code'][1:]}"
    own.touched.add(f"CI-28{deal}")
    ballot.update(recused=False, voted=True)
    own.say("CI-10", deal, "breach", "recused")
    own.say("CI-28", deal, "breach", "vote")
    return True


@plant("CI-12 blurred: nothing is recorded as paid into the company")
def _nothing_in(own: Institution) -> bool:
    deal = own.project("vehicle payment")
    if deal is None or f"CI-17{deal['code']}" in own.touched or not _alone(own, "total floor"):
        return False
    own.touched.add(f"CI-17{deal['code']}")
    own.rows["coinvest_payments"].remove(own.find("coinvest_payments", deal=deal["code"]))
    for stake in own.of_project(deal["code"]):
        own.say("CI-12", stake["code"], "unknown", "days")
        own.say("CI-13", stake["code"], "unknown", "price", "class")
    return True


@plant("CI-14 blurred: no payment of the person is recorded")
def _no_payment(own: Institution) -> bool:
    """Of one who need not have joined: the others' parts of what the vehicle paid are larger by it."""
    free = [
        s
        for s in own.stakes
        if own.find("eligibilities", deal=s["deal"], person=s["person"]).get("team_role")
        is w.TeamRole.MAY_JOIN
        and not {f"vehicle payment{s['deal']}", f"CI-14{s['code']}", f"CI-19{s['deal']}", f"CI-17{s['deal']}"}
        & own.touched
    ]
    papers = {f"CI-31{s['code']}" for s in own.stakes} | {f"CI-11 and papers{s['deal']}" for s in own.stakes}
    if not free or papers & own.touched or not _alone(own, "pay", "total floor", "quota"):
        return False
    stake = own.rng.choice(free)
    own.touched |= papers | {f"vehicle payment{stake['deal']}", f"CI-14{stake['code']}"}
    own.touched |= {f"CI-19{stake['deal']}", f"CI-17{stake['deal']}", f"chosen{stake['code']}"}
    own.rows["coinvest_payments"].remove(own.find("coinvest_payments", staff_stake=stake["code"]))
    own.say("CI-14", stake["code"], "unknown", "payments")
    own.say("CI-12", stake["code"], "unknown", "days")
    own.say("CI-13", stake["code"], "unknown", "price", "class")
    own.say("CI-31", stake["code"], "unknown", "staff_terms", "payment_dates")
    return True


def _mode(name: str, mode: w.PlanMode | None, verdict: str | None) -> None:
    """Nobody is bound by a plan that leaves it to them; by one that says nothing it cannot be told."""

    @plant(name)
    def how(own: Institution) -> bool:
        if "version" in own.touched or "floor" in own.touched:
            return False
        if not _none_of_a_kind(own, "CI-11 and papers") or not _none_of_a_kind(own, "CI-19"):
            return False
        own.touched.add("floor")
        row = own.rows["coinvest_plans"][0]
        row.pop("plan_mode")
        if mode is not None:
            row["plan_mode"] = mode
        for deal in _projects(own):
            if verdict is not None:
                own.say("CI-19", deal["code"], verdict, "mode")
        return True


_mode("CI-19 blurred: whether it is a duty", None, "unknown")
_mode("CI-19 near: nobody has to", w.PlanMode.VOLUNTARY, None)


@plant("CI-19 blurred: who is on the team")
def _no_team(own: Institution) -> bool:
    deal = own.project("CI-19")
    if deal is None or "floor" in own.touched or "quota" in own.touched:
        return False
    if not _none_of_a_kind(own, "CI-11 and papers"):
        return False
    own.touched |= {"floor", "quota"}
    for row in own.all("eligibilities", deal=deal["code"]):
        row["team_role"] = w.TeamRole.MAY_JOIN
    own.say("CI-19", deal["code"], "unknown", "list")
    return True


def _quota(name: str, projects: int, verdict: str | None) -> None:
    """So many projects a year may be joined without a choice before the committee; two are of one year."""

    @plant(name)
    def how(own: Institution) -> bool:
        if any(key.startswith("chosen") for key in own.touched) or not _alone(own, "quota"):
            return False
        if not _none_of_a_kind(own, "CI-11 and papers") or not _none_of_a_kind(own, "CI-19"):
            return False
        own.touched |= {f"chosen{row['code']}" for row in own.rows["eligibilities"]}
        own.rows["coinvest_plans"][0]["yearly_quota"] = projects
        for row in own.all("eligibilities", team_role=w.TeamRole.MAY_JOIN, choice=w.RosterChoice.JOINED):
            row["chosen_on"] = plus(own.find("committee_meetings", deal=row["deal"])["since"], 1)
            if verdict is not None:
                own.say("CI-20", row["person"], verdict, "quota")
        return True


_quota("CI-20 breach: none may be joined without a choice before", 0, "breach")
_quota("CI-20 near: one a year may be joined without a choice before", 1, None)


@plant("CI-22 blurred: whether staff hold the firm")
def _scheme(own: Institution) -> bool:
    if not own.once("firm"):
        return False
    own.find("parties", code="CT").pop("firm_level_holding")
    own.say("CI-22", "CT", "unknown", "scheme")
    return True


def _release(name: str, sold: str, held: str, verdict: str | None, *, leads: bool = True) -> None:
    """What one who leads the firm, or not, sold of it in a year after its listing."""

    @plant(name)
    def how(own: Institution) -> bool:
        if "firm" in own.touched:
            return False
        if leads:
            if any(key.startswith("leaves") for key in own.touched):  # who left leads nothing
                return False
            inside = _insider(own)
            if inside is None:
                return False
            person = inside[0]
            own.touched.add(f"leaves{person}")
            for stake in inside[1]:
                own.find("coinvest_deals", deal=stake["deal"])["deal_consent_ref"] = "函1"
        else:
            free = [p for p in own.people if not {f"role{p}", f"leaves{p}"} & own.touched]
            if not free:
                return False
            person = own.rng.choice(free)
            own.touched |= {f"role{person}", f"leaves{person}"}
        own.touched.add("firm")
        own.add(
            "attributes", subject="CT", attribute="listed_on", since=dt.date(2019, 1, 1), value="2019-01-01"
        )
        for since, until, share in (
            (dt.date(2018, 3, 1), dt.date(2025, 6, 30), D(sold)),
            (dt.date(2018, 4, 1), None, D(held)),
        ):
            own.add(
                "edges",
                owner=person,
                owned="CT",
                since=since,
                until=until,
                share=share,
                basis=EdgeBasis.EQUITY if until is None else EdgeBasis.PAID_IN,
            )
        if verdict is not None:
            own.say("CI-23", person, verdict, "release")
        return True


for _name, _until in (
    ("in the first year", dt.date(2020, 12, 1)),
    ("in the second year", dt.date(2021, 12, 31)),
):
    PLANTED[f"CI-23 breach: sold {_name}"] = "locked"
    _firm_share(f"CI-23 breach: sold {_name}", "breach", _until)
_release("CI-23 breach: more than a quarter in a year", "0.0026", "0.0074", "breach")
_release("CI-23 near: a quarter in a year", "0.0025", "0.0075", None)
_release("CI-23 near: all of it by one who does not lead", "0.0099", "0.0001", None, leads=False)


_LEFT, _SOLD = dt.date(2024, 3, 31), dt.date(2024, 9, 30)
_leaves("CI-25 blurred: whose the buyer is", "unknown", _LEFT, _SOLD, to="BX", limb="buyer")
_leaves(
    "CI-25 near: whoever the buyer is, below audited value", None, _LEFT, _SOLD, to="BX", book_value=D(12)
)
_leaves("CI-25 blurred: why the person left", "unknown", _LEFT, _SOLD, kind=None, limb="why")
_leaves("CI-25 blurred: how many shares were handed over", "unknown", _LEFT, _SOLD, told=False, limb="held")


@plant("CI-26 blurred: how many shares were handed over")
def _moved_and_sold(own: Institution) -> bool:
    free = [
        s
        for s in own.stakes
        if not {f"role{s['person']}", f"leaves{s['person']}", f"vehicle payment{s['deal']}"} & own.touched
        and len(own.all("staff_stakes", person=s["person"])) == 1
    ]
    if not free or "insider" in own.touched:
        return False
    stake = own.rng.choice(free)
    person, on, sold = stake["person"], dt.date(2026, 3, 29), dt.date(2026, 5, 1)
    own.touched |= {f"role{person}", f"leaves{person}", f"vehicle payment{stake['deal']}"}
    own.add(
        "employments",
        code=f"E-{person}",
        person=person,
        employer="CT",
        since=on,
        role_class=w.RoleClass.OTHER_STAFF,
    )
    own.add(
        "coinvest_payments",
        code=f"T-{stake['code']}",
        staff_stake=stake["code"],
        holder=next(p for p in own.people if p != person),
        payment_leg=w.PaymentLeg.TRANSFER,
        amount=own.find("coinvest_payments", staff_stake=stake["code"])["amount"],
        since=sold,
        payment_fees=Amount(0, "CNY"),
    )
    own.add(
        "evidence",
        code=f"{stake['code']}-exits",
        staff_stake=stake["code"],
        since=sold,
        evidence_item=w.EvidenceItem.EXITS,
        evidence_on=sold,
    )
    own.say("CI-26", stake["code"], "unknown", "held")
    return True


def consequences(own: Institution) -> None:
    """What follows of all that was planted together."""
    _recusals(own)
    _choices(own)


def _recusals(own: Institution) -> None:
    """An executive in a firm that others have a part of stayed out of the votes, or the record does not say so."""
    if own.find("parties", code="CT").get("ownership") is not Ownership.SOE_CONTROLLED_MIXED:
        return
    executives = {e["person"] for e in own.all("employments", role_class=w.RoleClass.EXECUTIVE)}
    for deal in _projects(own):
        inside = executives & {s["person"] for s in own.of_project(deal["code"])}
        ballots = own.all("ballots", meeting=f"TJ{deal['code'][1:]}")
        for ballot in ballots:
            voted = ballot.get("voted")
            if ballot["person"] not in inside or (voted is None and ballot.get("recused")):
                continue
            if voted or (voted is None and ballot.get("attended", True)):
                own.say("CI-10", deal["code"], "breach" if voted else "unknown", "recused")
        if inside and not ballots:
            own.say("CI-10", deal["code"], "unknown", "recused")


def _choices(own: Institution) -> None:
    """Who joined without a choice before the committee, and nobody can say whether he had to."""
    versions = sorted(own.rows["coinvest_plans"], key=lambda row: row["since"])
    of_stakes = {s["deal"]: s["plan"] for s in own.stakes}
    for row in own.rows["eligibilities"]:
        deal, person = own.find("deals", code=row["deal"]), row["person"]
        stakes = own.all("staff_stakes", deal=row["deal"], person=person)
        role, plan = (
            row.get("team_role"),
            [v for v in versions if v["since"] <= deal["day"] and v["code"] == of_stakes.get(row["deal"])],
        )
        mode = next((v["plan_mode"] for v in reversed(plan) if "plan_mode" in v), None)
        paid = any(own.all("coinvest_payments", staff_stake=s["code"]) for s in stakes)
        if not paid or role is w.TeamRole.MAY_JOIN or mode is w.PlanMode.VOLUNTARY:
            continue
        quota = any("yearly_quota" in v for v in plan)
        chosen = row.get("chosen_on")
        met = own.find("committee_meetings", deal=row["deal"]).get("met_on")
        before = chosen is not None and met is not None and chosen < met
        if plan and not quota and not before and (role is None or mode is None):
            own.say("CI-20", person, "unknown", "chosen")
