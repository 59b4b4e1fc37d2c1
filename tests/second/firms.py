"""Random state venture firms with funds that their staff join, and what an auditor must find under QI-03, GF-70 and PI-11.

`Firm(seed)` draws for every investor, realised loss and project one of the cases below and writes down what the rulebook's Check lines
say of it. Nothing here comes from fof.rules: `labels` holds (rule, subject) → verdict wherever that is not a pass, `done` what was drawn,
"near" in the name of what must not be found.
"""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

from second.institutions import AS_OF, START, Row, plus, yuan

from fof.importers.layouts.commitments import CommitmentChange
from models import coinvest as w
from models.kinds import DealKind, LegalForm, Ownership, PartyKind

JOINED = dt.date(2020, 3, 31)
LOSS = 1_000_000
"""Yuan above which a realised loss asks for evidence of diligence."""

_FORMAL: dict[str, Any] = {
    "employed_from": START,
    "staff_contract": w.StaffContract.LABOUR,
    "contract_from": START,
    "insured_from": START,
}
STAFF: dict[str, tuple[str, dict[str, Any], str | None]] = {
    "near: employed, contract and insurance": ("MZ", {}, None),
    "near: employed by the general partner": ("GZ", {}, None),
    "near: insured for a month to the day": ("MZ", {"insured_from": dt.date(2020, 2, 29)}, None),
    "near: the contract ended on the day": ("MZ", {"contract_until": JOINED}, None),
    "near: employed from the day on": ("MZ", {"employed_from": JOINED}, None),
    "near: left on the day": ("MZ", {"employed_until": JOINED}, None),
    "near: a retiree with a contract": (
        "MZ",
        {"staff_contract": w.StaffContract.REHIRED_RETIREE, "insured_from": None},
        None,
    ),
    "insured a day less": ("MZ", {"insured_from": dt.date(2020, 3, 1)}, "breach"),
    "the contract ended the day before": ("MZ", {"contract_until": plus(JOINED, -1)}, "breach"),
    "the contract began the day after": ("MZ", {"contract_from": plus(JOINED, 1)}, "breach"),
    "employed from the day after": ("MZ", {"employed_from": plus(JOINED, 1)}, "breach"),
    "left the day before": ("MZ", {"employed_until": plus(JOINED, -1)}, "breach"),
    "a contract for services": ("MZ", {"staff_contract": w.StaffContract.SERVICE}, "breach"),
    "insurance not recorded": ("MZ", {"insured_from": None}, "unknown"),
    "contract not recorded": ("MZ", {"contract_from": None}, "unknown"),
    "employed by another firm alone": ("OZ", {}, "unknown"),
}
"""Case → employer of the spell, what of it is otherwise, what is said of who joined under it."""
STATED = {
    "the right employer": ("MZ", "unknown"),
    "another employer": ("OZ", "breach"),
    "no employer": (None, "unknown"),
}
"""Case → the employer that is stated without any spell, what is said."""
LOSSES: dict[str, tuple[int, bool, str | None]] = {
    "near: on the threshold": (LOSS, False, None),
    "near: above it, with evidence": (LOSS + 1, True, None),
    "near: a gain": (-LOSS, False, None),
    "a yuan above it": (LOSS + 1, False, "unknown"),
    "half of all": (5_000_000, False, "unknown"),
}
"""Case → yuan lost on 10 million, whether its evidence is recorded, what GF-70 says."""
PAGES = {"near: all recorded": None, "near: shares not recorded": None, "no share, price or day": "unknown"}
"""Case of the one project → what PI-11 says of the year's page."""


class Firm:
    """See the module. `rows`: layout → rows."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.rows: dict[str, list[Row]] = {}
        self.labels: dict[tuple[str, str], str] = {}
        self.done: list[tuple[str, str]] = []
        for code, kind in (("MZ", PartyKind.SOE_VC), ("GZ", PartyKind.MANAGER), ("OZ", PartyKind.MANAGER)):
            owned = Ownership.SOE_WHOLLY_OWNED if code == "MZ" else Ownership.PRIVATE
            self.add("parties", code=code, kind=kind, name=code, since=START, ownership=owned)
        self.add("funds", code="FZ", kind=PartyKind.SUB_FUND, name="FZ", since=START, manager="MZ", gp="GZ")
        for number in range(self.rng.randint(2, 5)):
            self._investor(f"P{number}")
        for number in range(self.rng.randint(1, 3)):
            self._loss(f"L{number}")
        self._page()

    def add(self, layout: str, **cells: Any) -> None:
        self.rows.setdefault(layout, []).append({k: v for k, v in cells.items() if v is not None})

    def say(self, rule: str, subject: str, case: str, verdict: str | None) -> None:
        self.done.append((rule, case))
        if verdict is not None:
            self.labels[rule, subject] = verdict

    def _investor(self, code: str) -> None:
        add = self.add
        add("parties", code=code, kind=PartyKind.PERSON, name=code, since=START)
        add(
            "commitments",
            fund="FZ",
            investor=code,
            day=JOINED,
            change=CommitmentChange.NEW,
            amount=yuan(1_000_000),
        )
        facts = {"deemed_qualified": "manager_staff"}
        if self.rng.random() < 0.25:
            case = self.rng.choice(sorted(STATED))
            stated, verdict = STATED[case]
            facts |= {} if stated is None else {"employer": stated}
        else:
            case = self.rng.choice(sorted(STAFF))
            firm, changes, verdict = STAFF[case]
            cells = {**_FORMAL, **changes}
            add("employments", code=f"E-{code}", person=code, employer=firm, since=START, **cells)
            if verdict != "unknown" and self.rng.random() < 0.5:  # what is stated besides changes nothing
                facts["employer"] = self.rng.choice(["MZ", "OZ"])
        for name, value in facts.items():
            add("attributes", subject=code, attribute=name, since=START, value=value)
        self.say("QI-03", f"FZ/{code}", case, verdict)

    def _loss(self, code: str) -> None:
        case = self.rng.choice(sorted(LOSSES))
        lost, evidence, verdict = LOSSES[case]
        day = dt.date(2021, 5, 10)
        self.add("companies", code=code, name=code, since=START)
        cells = {"fund": "FZ", "company": code}
        self.add("deals", code=f"{code}a", day=day, kind=DealKind.INITIAL, amount=yuan(10_000_000), **cells)
        self.add(
            "deals",
            code=f"{code}x",
            day=plus(day, 900),
            kind=DealKind.EXIT,
            amount=yuan(10_000_000 - lost),
            **cells,
        )
        if evidence:
            self.add(
                "attributes", subject=f"{code}a", attribute="due_diligence_doc", since=day, value="尽调底稿"
            )
        self.say("GF-70", "MZ", case, verdict)

    def _page(self) -> None:
        """One project of the firm that one person joined through a vehicle."""
        add, day = self.add, dt.date(2022, 4, 11)
        case = self.rng.choice(sorted(PAGES))
        add("parties", code="PZ", kind=PartyKind.PERSON, name="PZ", since=START)
        add(
            "parties",
            code="VZ",
            kind=PartyKind.HOLDING_VEHICLE,
            name="VZ",
            since=START,
            legal_form=LegalForm.LIMITED_PARTNERSHIP,
        )
        add("companies", code="CZ", name="CZ", since=START)
        add("coinvest_plans", code="AZ", institution="MZ", since=START, plan_version="1")
        add(
            "deals",
            code="DZ",
            fund="FZ",
            company="CZ",
            day=day,
            kind=DealKind.INITIAL,
            amount=yuan(8_000_000),
            round="A轮",
        )
        known = {"deal_shares": 1_000_000, "deal_fees": yuan(0), "total_shares_after": 20_000_000}
        add(
            "coinvest_deals",
            deal="DZ",
            since=day,
            coinvest_eligible=True,
            **(known if case == "near: all recorded" else {}),
        )
        add("staff_stakes", code="SZ", person="PZ", deal="DZ", plan="AZ", vehicle="VZ", since=day)
        paid = {"amount": yuan(40_000), "since": plus(day, 5)}
        add(
            "coinvest_payments",
            code="ZZ1",
            staff_stake="SZ",
            payment_leg=w.PaymentLeg.PERSON_TO_VEHICLE,
            **paid,
        )
        if PAGES[case] is None:
            shares = (
                {"payment_shares": 5_000, "payment_fees": yuan(0)} if case == "near: all recorded" else {}
            )
            leg = w.PaymentLeg.VEHICLE_TO_COMPANY
            add("coinvest_payments", code="ZZ2", vehicle="VZ", deal="DZ", payment_leg=leg, **paid, **shares)
        self.say("PI-11", "MZ", case, PAGES[case])


__all__ = ["AS_OF", "Firm"]
