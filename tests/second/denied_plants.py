"""Planted in the random institutions: what an institution answers about an input that nobody recorded, and a plan that narrows who may join.

*Does not exist* breaks the limb that needs the thing, of whom it was asked for; *not ours*, *provided* without the thing, and an answer that came
later leave it open. Seven limbs need that there is none: there it is the answer. Whose answer counts is worked out when all is planted.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal as D

from second import version_plants
from second.further_plants import _alone, _none_of_a_kind, _projects
from second.institutions import AS_OF, PLANTS, START, Institution, Row, _day_of, plant, plus, yuan

from models import coinvest as w
from models.kinds import DealKind, EdgeBasis

__all__ = ["PLANTS", "consequences"]

_OF_EVIDENCE = frozenset(item.value for item in w.EvidenceItem)
Label = tuple[str, str, str]


def _reached(own: Institution, label: Label, reach: str | frozenset[str]) -> set[str | None]:
    """The stakes whose answer counts for a label; None stands for the institution itself."""
    subject = label[2]
    if not isinstance(reach, str):
        return set(reach)
    if reach == "firm":
        return {None}
    deals = {s["deal"] for s in own.stakes if subject in (s["code"], s["deal"])}
    plans = {s["plan"] for s in own.stakes if s["deal"] in deals} or {s["plan"] for s in own.stakes}
    counts = {
        "stake": lambda s: s["code"] == subject,
        "deal": lambda s: s["deal"] in deals,
        "plan": lambda s: s["plan"] in plans,
        "vehicle": lambda s: s.get("vehicle") == subject,
        "person": lambda s: s["person"] == subject,
    }[reach]
    return {s["code"] for s in own.stakes if counts(s)}


def _ask(own: Institution, stake: str | None, item: str, *, counts: bool = True) -> None:
    """A request that was answered: that it does not exist, or one of the answers that leave it open."""
    ways = [
        (w.RequestAnswer.NOT_OURS, dt.date(2026, 6, 1)),
        (w.RequestAnswer.PROVIDED, dt.date(2026, 6, 1)),
        (w.RequestAnswer.DOES_NOT_EXIST, plus(AS_OF, 1)),
    ]
    answer, day = (w.RequestAnswer.DOES_NOT_EXIST, AS_OF) if counts else own.rng.choice(ways)
    if counts:
        own.denied.add((stake, item))
    own.add(
        "requests",
        code=f"XQ-{stake or 'CT'}-{item}",
        staff_stake=stake,
        institution="CT",
        since=day,
        request_item=item,
        request_due=plus(day, 30),
        answer=answer,
        answered_by="CT",
        answered_on=day,
        document="函件" if answer is w.RequestAnswer.PROVIDED else None,
    )


def _denied(base: str, item: str, breaks: dict[tuple[str, str], str]) -> None:
    """What a plant leaves open for want of an item, of which the institution says something.

    breaks : (rule, limb) of what the plant leaves open → whose answer counts for it ("stake", "deal", …)
    """

    plain = PLANTS[base]

    def noted(own: Institution) -> bool:
        """The plant itself: what it leaves open is broken by an answer that came with another one, too."""
        before = dict(own.labels)
        if not plain(own):
            return False
        left_open = [x for x, verdict in own.labels.items() if before.get(x) != verdict and x[:2] in breaks]
        own.lacks += [(label, item, breaks[label[:2]]) for label in left_open]
        return True

    PLANTS[base] = noted

    @plant(f"{base[:5]} denied: {base.split(': ', 1)[1]} ({item})")
    def how(own: Institution) -> bool:
        count, planting = len(own.lacks), own.planting
        if not PLANTS[base](own):
            return False
        own.planting = planting
        left_open = [x for x, of, _ in own.lacks[count:] if of == item]
        able = sorted({s or "" for x in left_open for s in _reached(own, x, breaks[x[:2]])})
        able = [s for s in able if item not in _OF_EVIDENCE or f"CI-31{s}" not in own.touched]
        able = [s for s in able if not own.all("requests", code=f"XQ-{s or 'CT'}-{item}")]
        for stake in own.rng.sample(able, min(len(able), own.rng.choice([1, 1, 2]))):
            own.touched.add(f"CI-31{stake}")
            _ask(own, stake or None, item, counts=own.rng.random() < 0.75)
        return True


def consequences(own: Institution) -> None:
    """What follows of all that was planted together, answers included."""
    version_plants.consequences(own)
    for stake in own.stakes:
        company = own.find("deals", code=stake["deal"])["company"]
        untold = "state_representatives" not in own.find("companies", code=company)
        if untold and any(e.get("technical_staff") for e in own.all("employments", person=stake["person"])):
            own.say("CI-08", stake["code"], "unknown", "representative")
            own.lacks.append((("CI-08", "representative", stake["code"]), "state_representatives", "deal"))
    for label, item, reach in own.lacks:
        if own.labels.get(label) == "unknown" and any(
            (s, item) in own.denied for s in _reached(own, label, reach)
        ):
            own.say(label[0], label[2], "breach", label[1])


# -- what is left open here -------------------------------------------------------------------------------------------


@plant("CI-07 blurred: what the company earned in all")
def _no_revenue(own: Institution) -> bool:
    deal = own.project("CI-07")
    if deal is None or "no ties" in own.touched:
        return False
    tie = {"code": f"WD-{deal['code']}", "institution": "CT", "company": deal["company"]}
    ended = plus(deal["day"], -1)
    own.add("business_ties", **tie, since=START, tie=w.TieKind.CUSTOMER, tie_from=START, tie_until=ended)
    own.add("business_ties", **tie, since=dt.date(2025, 12, 31), related_revenue=yuan(1_000_000))
    for stake in own.of_project(deal["code"]):
        own.say("CI-07", stake["code"], "unknown", "dependence")
    return True


@plant("CI-08 blurred: who represents the state")
def _no_representatives(own: Institution) -> bool:
    stake = own.stake("represents")
    if stake is None or f"technical{stake['person']}" in own.touched or not own.once(f"CI-08{stake['deal']}"):
        return False
    own.touched.add(f"technical{stake['person']}")
    row = own.find("employments", code=f"E-{stake['person']}")
    row.update(technical_staff=True, technical_approval_ref="批9")
    company = own.find("deals", code=stake["deal"])["company"]
    own.find("companies", code=company).pop("state_representatives")
    own.say("CI-08", stake["code"], "unknown", "representative")
    return True


@plant("CI-12 blurred: days or months")
def _no_unit(own: Institution) -> bool:
    """One day after the institution all were late, a month after none."""
    if "version" in own.touched or not _none_of_a_kind(own, "vehicle payment"):
        return False
    own.touched.add("version")
    row = own.rows["coinvest_plans"][0]
    row.pop("payment_lag_unit")
    row["payment_lag"] = 1
    for stake in own.stakes:
        own.say("CI-12", stake["code"], "unknown", "late")
    return True


@plant("CI-20 blurred: when a person chose")
def _no_choice(own: Institution) -> bool:
    free = [
        r
        for r in own.all("eligibilities", team_role=w.TeamRole.MAY_JOIN, choice=w.RosterChoice.JOINED)
        if not {f"chosen{r['code']}", f"CI-19{r['deal']}", f"CI-11 and papers{r['deal']}"} & own.touched
    ]
    if not free or not _alone(own, "quota"):
        return False
    row = own.rng.choice(free)
    own.touched |= {f"chosen{row['code']}", f"CI-19{row['deal']}", f"CI-11 and papers{row['deal']}", "floor"}
    row.pop("chosen_on")
    own.say("CI-20", row["person"], "unknown", "chosen")
    return True


@plant("CI-23 blurred: whether who sold leads the firm")
def _some_post(own: Institution) -> bool:
    if {"firm", "insider"} & own.touched or any(key.startswith("leaves") for key in own.touched):
        return False
    free = [p for p in own.people if f"role{p}" not in own.touched and own.all("staff_stakes", person=p)]
    if not free:
        return False
    person = own.rng.choice(free)
    own.touched |= {f"role{person}", f"leaves{person}", "firm", "insider", "kin"}
    own.find("employments", code=f"E-{person}").pop("role_class")
    own.add("attributes", subject="CT", attribute="listed_on", since=dt.date(2019, 1, 1), value="2019-01-01")
    sold = {"until": dt.date(2025, 6, 30), "share": D("0.0026"), "basis": EdgeBasis.PAID_IN}
    own.add("edges", owner=person, owned="CT", since=dt.date(2018, 3, 1), **sold)
    own.add(
        "edges",
        owner=person,
        owned="CT",
        since=dt.date(2018, 4, 1),
        share=D("0.0074"),
        basis=EdgeBasis.EQUITY,
    )
    own.say("CI-23", person, "unknown", "release")
    for stake in own.all("staff_stakes", person=person):
        own.say("CI-03", stake["code"], "unknown", "group")
        own.say("CI-10", stake["deal"], "unknown", "posts")
    return True


@plant("CI-24 blurred: how many shares were sold")
def _some_shares(own: Institution) -> bool:
    deal = own.project("exit")
    if deal is None or f"vehicle payment{deal['code']}" in own.touched:
        return False
    code, stakes = deal["code"], own.of_project(deal["code"])
    posts = {f"{key}{s['person']}" for s in stakes for key in ("role", "leaves")}
    if posts & own.touched or "insider" in own.touched:
        return False
    own.touched |= posts | {f"vehicle payment{code}", "insider"}
    terms, row = own.find("coinvest_deals", deal=code), own.find("coinvest_payments", deal=code)
    day, sold = plus(deal["day"], 500), terms["deal_shares"] / 2
    own.add(
        "deals",
        code=f"{code}x",
        fund=deal["fund"],
        company=deal["company"],
        day=day,
        kind=DealKind.PARTIAL_EXIT,
        amount=deal["amount"],
    )
    own.add("coinvest_deals", deal=f"{code}x", since=day, deal_shares=sold, deal_fees=yuan(0))
    own.add(
        "coinvest_payments",
        code=f"X{code}",
        vehicle="PT",
        deal=code,
        payment_leg=w.PaymentLeg.COMPANY_TO_VEHICLE,
        amount=row["amount"],
        since=day,
        payment_fees=yuan(0),
        pay_out=w.PayOut.EXIT,
        exit_deal=f"{code}x",
    )
    for stake in stakes:
        own.say("CI-24", stake["code"], "unknown", "proportion", "price")
        own.add(
            "evidence",
            code=f"{stake['code']}-exits",
            staff_stake=stake["code"],
            since=day,
            evidence_item=w.EvidenceItem.EXITS,
            evidence_on=day,
        )
    return True


@plant("CI-29 blurred: when it leaked")
def _some_day(own: Institution) -> bool:
    stake = own.stake("CI-29")
    if stake is None or not own.once(f"leak{stake['person']}"):
        return False
    own.add("incidents", code=f"XM-{stake['code']}", person=stake["person"], since=START)
    for other in own.all("staff_stakes", person=stake["person"]):
        own.say("CI-29", other["code"], "unknown", "cleared")
    return True


def _claims(own: Institution) -> Row | None:
    """A stake that claims the deduction, of a deal of which no other does."""
    free = [
        s
        for s in own.stakes
        if not any(f"CI-32{other['code']}" in own.touched for other in own.of_project(s["deal"]))
        and not own.all("kinships", person=s["person"])
    ]
    if not free or "kin" in own.touched:
        return None
    stake = own.rng.choice(free)
    own.touched |= {f"CI-32{other['code']}" for other in own.of_project(stake["deal"])} | {"kin"}
    stake["stake_tax_deduction"] = True
    return stake


@plant("CI-32 blurred: who founded the company")
def _no_founders(own: Institution) -> bool:
    stake = _claims(own)
    if stake is None:
        return False
    deal = own.find("deals", code=stake["deal"])
    own.touched.add(f"tax{deal['company']}")
    own.find("companies", code=deal["company"]).pop("founders")
    part = {"since": deal["day"], "share": D("0.1"), "basis": EdgeBasis.EQUITY}
    own.add("edges", owner=deal["fund"], owned=deal["company"], **part)
    own.say("CI-32", stake["code"], "unknown", "founder")
    return True


@plant("CI-32 blurred: who owns the company")
def _no_owners(own: Institution) -> bool:
    stake = _claims(own)
    if stake is None:
        return False
    own.touched.add(f"tax{own.find('deals', code=stake['deal'])['company']}")
    own.say("CI-32", stake["code"], "unknown", "under half")
    return True


# -- answered ---------------------------------------------------------------------------------------------------------

STAKE, DEAL, PLAN, VEHICLE, PERSON, FIRM = "stake", "deal", "plan", "vehicle", "person", "firm"
for _base, _item, _breaks in (
    ("CI-01 breach: no basis", "basis_doc", {}),
    (
        "CI-02 blurred: approval",
        "party_committee_approved_on",
        {("CI-02", "party committee"): PLAN, ("CI-30", "approved"): PLAN},
    ),
    ("CI-02 blurred: which version", "plan_version", {("CI-02", "version"): PLAN}),
    ("CI-03 blurred: group", "role_class", {("CI-03", "group"): STAKE, ("CI-10", "posts"): DEAL}),
    ("CI-05 blurred: contract", "contract_from", {("CI-05", "in force"): STAKE}),
    ("CI-05 blurred: insurance", "insured_from", {("CI-05", "insured"): STAKE}),
    ("CI-06 breach: no exemption", "pilot_exemption_ref", {}),
    ("CI-07 blurred: what the company earned in all", "revenue", {("CI-07", "dependence"): DEAL}),
    ("CI-07 blurred: what the company earned in all", "company_year", {("CI-07", "dependence"): DEAL}),
    ("CI-08 breach: technical staff without approval", "technical_approval_ref", {}),
    ("CI-08 blurred: who represents the state", "state_representatives", {("CI-08", "representative"): DEAL}),
    ("CI-09 blurred: by whom", "appointed_by", {("CI-09", "appointed"): STAKE}),
    ("CI-10 breach: an executive among them, no consent", "deal_consent_ref", {}),
    ("CI-10 blurred: whose firm it is", "ownership", {("CI-10", "owner"): DEAL}),
    ("CI-11 blurred: no declaration", "declaration", {("CI-11", "declaration"): STAKE}),
    ("CI-11 blurred: no review", "review_outcome", {("CI-11", "review"): STAKE}),
    (
        "CI-12 blurred: nothing is recorded as paid into the company",
        "payment_dates",
        {("CI-12", "days"): STAKE},
    ),
    ("CI-12 blurred: days or months", "payment_lag_unit", {("CI-12", "late"): PLAN}),
    ("CI-13 blurred: no class", "payment_share_class", {("CI-13", "class"): STAKE}),
    ("CI-13 blurred: side terms", "no_side_terms", {("CI-13", "side terms"): STAKE}),
    (
        "CI-13 blurred: a put, the institution's terms untold",
        "deal_side_terms",
        {("CI-13", "side terms"): DEAL},
    ),
    (
        "CI-13 blurred: no shares",
        "payment_shares",
        {("CI-13", "price"): STAKE, ("CI-18", "shares"): STAKE, ("CI-17", "equity"): DEAL},
    ),
    ("CI-14 blurred: no proof", "money_proof", {("CI-14", "own money"): STAKE}),
    ("CI-14 blurred: no source", "money_source", {("CI-14", "own money"): STAKE}),
    ("CI-15 blurred: not confirmed", "no_nominee", {("CI-15", "confirmed"): STAKE}),
    ("CI-16 blurred: form", "legal_form", {("CI-16", "form"): VEHICLE}),
    (
        "CI-17 blurred: shares of the company",
        "total_shares_after",
        {("CI-17", "equity"): DEAL, ("CI-18", "shares"): DEAL},
    ),
    ("CI-18 blurred: pay", "annual_pay", {("CI-18", "pay"): STAKE}),
    ("CI-19 blurred: half the team", "team_role", {("CI-19", "team"): DEAL}),
    ("CI-19 blurred: who is on the team", "roster", {("CI-19", "list"): DEAL}),
    ("CI-20 blurred: when a person chose", "chosen_on", {}),
    ("CI-21 blurred: votes", "vehicle_voting", {("CI-21", "votes"): VEHICLE}),
    ("CI-22 blurred: profit", "external_profit_share", {("CI-22", "profit"): FIRM}),
    (
        "CI-23 blurred: whether who sold leads the firm",
        "role_class",
        {("CI-23", "release"): PERSON, ("CI-03", "group"): STAKE, ("CI-10", "posts"): DEAL},
    ),
    (
        "CI-24 blurred: how many shares were sold",
        "payment_shares",
        {("CI-24", "proportion"): STAKE, ("CI-24", "price"): STAKE},
    ),
    ("CI-25 blurred: how many shares were handed over", "payment_shares", {("CI-25", "held"): STAKE}),
    (
        "CI-25 blurred: to the firm, no audited value",
        "audited_net_assets_per_share",
        {("CI-25", "price"): DEAL},
    ),
    ("CI-25 blurred: whose the buyer is", "ownership", {("CI-25", "buyer"): STAKE}),
    ("CI-25 blurred: why the person left", "leaver_kind", {("CI-25", "why"): STAKE}),
    ("CI-26 blurred: how many shares were handed over", "payment_shares", {("CI-26", "held"): STAKE}),
    ("CI-27 blurred: no date", "appraisal_on", {("CI-27", "fresh"): DEAL}),
    ("CI-27 blurred: no filing", "appraisal_filing_ref", {("CI-27", "filed"): DEAL}),
    ("CI-27 blurred: no report", "appraisal_ref", {("CI-27", "report"): DEAL}),
    ("CI-28 blurred: filing", "coinvest_filed_on", {("CI-28", "filed"): DEAL}),
    ("CI-28 blurred: publication", "publicity_from", {("CI-28", "published"): DEAL}),
    ("CI-28 blurred: whether a member disclosed", "interest_disclosed", {("CI-28", "disclosed"): DEAL}),
    ("CI-28 blurred: whether a member voted", "voted", {("CI-28", "vote"): DEAL}),
    ("CI-29 blurred: when it leaked", "leaked_on", {("CI-29", "cleared"): STAKE}),
    ("CI-30 blurred: sponsor", "vehicle_sponsor", {("CI-30", "sponsor"): VEHICLE}),
    ("CI-32 blurred: who founded the company", "founders", {("CI-32", "founder"): DEAL}),
    ("CI-32 blurred: who owns the company", "investee_owners", {("CI-32", "under half"): DEAL}),
):
    _denied(_base, _item, _breaks)


@plant("CI-20 denied: when a person chose")
def _never_chose(own: Institution) -> bool:
    """It was asked for at the person's stake in that project, or at another one, whose answer is about that one."""
    if not PLANTS["CI-20 blurred: when a person chose"](own):
        return False
    row = next(
        r for r in own.rows["eligibilities"] if r["choice"] is w.RosterChoice.JOINED and "chosen_on" not in r
    )
    stake = own.find("staff_stakes", deal=row["deal"], person=row["person"])["code"]
    own.lacks.append((("CI-20", "chosen", row["person"]), "chosen_on", frozenset({stake})))
    asked = own.rng.choice([s["code"] for s in own.all("staff_stakes", person=row["person"])] + [stake] * 2)
    _ask(own, asked, "chosen_on", counts=own.rng.random() < 0.75)
    return True


PLANTS.pop("CI-20 denied: when a person chose (chosen_on)")


# -- that there is none is the answer ---------------------------------------------------------------------------------


@plant("CI-07 near: there is neither trade nor competition")
def _untied(own: Institution) -> bool:
    if not PLANTS["CI-07 blurred: no ties recorded at all"](own):
        return False
    for stake in own.stakes:
        del own.labels["CI-07", "ties", stake["code"]], own.expected["CI-07", stake["code"]]
    for deal in _projects(own):
        _ask(own, own.rng.choice(own.of_project(deal["code"]))["code"], "business_ties")
    return True


@plant("CI-13 near: there were no fees")
def _free(own: Institution) -> bool:
    deal = own.project("vehicle payment")
    if deal is None:
        return False
    own.find("coinvest_payments", deal=deal["code"]).pop("payment_fees")
    for stake in own.of_project(deal["code"]):
        _ask(own, stake["code"], "payment_fees")
    return True


@plant("CI-21 near: there is no seat")
def _seatless(own: Institution) -> bool:
    deal = own.project("vehicle payment")
    if deal is None or not own.once("votes"):
        return False
    own.find("parties", code="PT").pop("vehicle_board_seats")
    _ask(own, own.rng.choice(own.of_project(deal["code"]))["code"], "vehicle_board_seats")
    return True


@plant("CI-22 near: staff hold nothing of the firm")
def _unheld(own: Institution) -> bool:
    if not own.once("firm"):
        return False
    own.find("parties", code="CT").pop("firm_level_holding")
    _ask(own, None, "firm_level_holding")
    return True


@plant("CI-32 near: there is no deduction")
def _untaxed(own: Institution) -> bool:
    stake = own.stake("CI-32")
    if stake is None:
        return False
    stake.pop("stake_tax_deduction")
    _ask(own, stake["code"], "stake_tax_deduction")
    return True


def _there(name: str, item: str, key: str) -> None:
    """What is recorded is there, whatever was answered."""

    @plant(name)
    def how(own: Institution) -> bool:
        if key.startswith("CI-"):
            stake = own.stake(key) if key in ("CI-14", "CI-15") else None
            deal = None if stake is not None else own.project(key)
            if stake is None and deal is None:
                return False
            stake = stake or own.rng.choice(own.of_project(deal["code"] if deal else ""))
        elif own.once(key):
            stake = own.rng.choice(own.stakes)
        else:
            return False
        if own.all("requests", code=f"XQ-{stake['code']}-{item}"):
            return False
        _ask(own, stake["code"], item)
        return True


for _name, _item, _key in (
    ("CI-01 near: a basis that is there", "basis_doc", "basis"),
    ("CI-06 near: an exemption that is there", "pilot_exemption_ref", "exemption"),
    ("CI-14 near: a source that is there", "money_source", "CI-14"),
    ("CI-15 near: a confirmation that is there", "no_nominee", "CI-15"),
    ("CI-16 near: a form that is there", "legal_form", "form"),
    ("CI-27 near: a report that is there", "appraisal_ref", "CI-27"),
    ("CI-28 near: a filing that is there", "coinvest_filed_on", "CI-28"),
    ("CI-30 near: a sponsor that is there", "vehicle_sponsor", "sponsor"),
):
    _there(_name, _item, _key)


@plant("CI-10 near: a consent that is there")
def _consented(own: Institution) -> bool:
    if not own.once("denied deal_consent_ref") or not PLANTS[
        "CI-10 near: an executive among them, with consent"
    ](own):
        return False
    inside = {e["person"] for e in own.all("employments", role_class=w.RoleClass.EXECUTIVE)}
    _ask(own, own.rng.choice([s["code"] for s in own.stakes if s["person"] in inside]), "deal_consent_ref")
    return True


@plant("CI-10 near: an executive since the day after the last project")
def _later_executive(own: Institution) -> bool:
    keys = ("role", "appointed", "leaves")
    free = [
        p
        for p in own.people
        if own.all("staff_stakes", person=p) and not any(f"{key}{p}" in own.touched for key in keys)
    ]
    if not free or not _alone(own, "insider", "kin", "firm", "exemption", "version"):
        return False  # who may not hold without an exemption has to sell on the promotion
    person = own.rng.choice(free)
    own.touched |= {f"{key}{person}" for key in keys}
    since = plus(max(_day_of(own, s) for s in own.all("staff_stakes", person=person)), 1)
    own.add(
        "employments",
        code=f"E-{person}",
        person=person,
        employer="CT",
        since=since,
        role_class=w.RoleClass.EXECUTIVE,
    )
    return True


# -- a plan that narrows ----------------------------------------------------------------------------------------------


def _narrows(name: str, *, breaks: bool) -> None:
    """From the day of a project on, or from the day after the last one, mid-level cadres may not join any more."""

    @plant(name)
    def how(own: Institution) -> bool:
        if any(key.startswith("role") for key in own.touched) or not _alone(own, "version", "insider", "kin"):
            return False
        own.touched |= {f"role{person}" for person in own.people}
        days = sorted(deal["day"] for deal in _projects(own))
        since = own.rng.choice(days) if breaks else plus(days[-1], 1)
        own.add(
            "coinvest_plans",
            code="FA",
            institution="CT",
            since=since,
            eligible_roles=(w.RoleClass.EXECUTIVE, w.RoleClass.MANAGEMENT_TEAM),
        )
        for stake in own.stakes:
            role = own.find("employments", code=f"E-{stake['person']}")["role_class"]
            if _day_of(own, stake) >= since and role is w.RoleClass.MID_LEVEL:
                own.say("CI-03", stake["code"], "breach", "group")
        return True


_narrows("CI-03 breach: a later version without mid-level cadres", breaks=True)
_narrows("CI-03 near: a version without mid-level cadres after the last project", breaks=False)

_SELDOM = ("CI-22 denied", "CI-24 denied", "CI-26 denied", "CI-10 near", "CI-23 near", "CI-25 near")
SELDOM = [name for name in PLANTS if name.startswith(_SELDOM)] * 2
"""What much else keeps out of an institution stands more often in the list that is drawn from."""
