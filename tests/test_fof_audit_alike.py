"""Stakes that the rows say the same of: an institution of many that differ in one thing or another is judged to the letter as one by one."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from dataclasses import fields, replace
from typing import Any

import pytest

from benchmarks import institution
from benchmarks.institution import Institution, Row
from fof import audit, intake
from fof.access import LOCAL
from fof.audit.coinvestment.register import register
from fof.book.index import book_of
from fof.db import Database
from fof.importers.layouts import LAYOUTS
from fof.importers.template import filled
from fof.ledger import Journal
from fof.rules import alike
from fof.rules.facts_coinvest import StaffStakeFacts
from fof.rules.registry import RULES, Scope
from models import coinvest as w

DAY = dt.date(2026, 9, 30)
ONES_OWN = {"code", "person", "roster", "ballots"}


def as_one(rows: dict[str, list[Row]]) -> None:
    """Everybody of a project pays the same on one day."""
    paid = {row["code"]: row["since"] for row in rows["coinvest_payments"] if "deal" in row}
    for row in [*rows["coinvest_payments"], *rows["evidence"]]:
        if "staff_stake" in row:
            row["since"] = paid["Z" + row["staff_stake"][1:6]] - dt.timedelta(1)
        if "account_holder" in row:
            row |= {
                "amount": institution.yuan(5_000),
                "money_source": w.MoneySource.SALARY,
                "money_proof": "流水",
            }


def varied(rows: dict[str, list[Row]], rng: random.Random) -> None:
    """One row in three of those about people, stakes and their money says something else than its neighbours, or says it not."""
    ways: dict[str, list[tuple[str, list[Any]]]] = {
        "employments": [
            ("role_class", [w.RoleClass.EXECUTIVE, w.RoleClass.OTHER_STAFF, None]),
            ("annual_pay", [institution.yuan(90_000), None]),
            ("appointed_by", [w.AppointedBy.SASAC, None]),
            ("contract_until", [dt.date(2020, 6, 30)]),
            ("insured_from", [dt.date(2021, 1, 1), None]),
            ("employed_until", [dt.date(2022, 3, 31)]),
            ("technical_staff", [True, False]),
        ],
        "staff_stakes": [
            ("no_side_terms", [None]),
            ("no_nominee", [None]),
            ("stake_tax_deduction", [True, None]),
            ("stake_share_class", ["普通股", "优先股"]),
        ],
        "declarations": [
            ("review_outcome", [w.ReviewOutcome.REJECTED, w.ReviewOutcome.MANAGED, None]),
            ("declared_on", [dt.date(2026, 1, 5), None]),
        ],
        "coinvest_payments": [
            ("money_source", [w.MoneySource.SAVINGS, None]),
            ("money_proof", ["存折", None]),
            ("account_holder", ["P0000", None]),
            ("money_lender", ["GP"]),
            ("amount", [institution.yuan(6_000), institution.yuan(7_000)]),
        ],
        "evidence": [("evidence_item", list(w.EvidenceItem)), ("evidence_on", [dt.date(2018, 5, 1)])],
    }
    for layout, fields_of in ways.items():
        chance = 0.1 if layout == "staff_stakes" else 1 / 3
        for row in rows[layout]:
            if row.get("payment_leg") is not w.PaymentLeg.VEHICLE_TO_COMPANY and rng.random() < chance:
                name, values = rng.choice(fields_of)
                value = rng.choice(values)
                row.pop(name, None)
                if value is not None:
                    row[name] = value


def without_codes(stake: StaffStakeFacts) -> dict[str, Any]:
    """What stakes that are alike have in common."""
    own = {f.name: getattr(stake, f.name) for f in fields(stake) if f.name not in ONES_OWN}
    for name in ("spell", "last_spell"):
        own[name] = None if own[name] is None else replace(own[name], code="")
    own["declarations"] = tuple(d._replace(code="") for d in stake.declarations)
    own["payments"] = tuple(
        p._replace(
            code="", payer="", account_holder=str(p.account_holder and p.account_holder == stake.person)
        )
        for p in stake.payments
    )
    return own


@pytest.mark.parametrize("seed", range(2))
def test_stakes_are_alike_where_their_facts_are(
    sqlite_book: Database, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(institution, "PEOPLE", institution.A_VEHICLE)
    (rows,) = Institution(120, seed).files
    as_one(rows)
    varied(rows, random.Random(seed))
    intake.book(sqlite_book, LOCAL, filled([(LAYOUTS[name], own) for name, own in rows.items()]), "机构.xlsx")
    journal = Journal(sqlite_book).refresh()
    each = audit.coinvestment(journal.view(DAY))
    groups: dict[int, list[StaffStakeFacts]] = defaultdict(list)
    stakes = register(book_of(journal.view(DAY)), DAY).stakes
    for stake in stakes:
        if stake.likeness is not None:
            groups[stake.likeness].append(stake)
    assert len(groups) < sum(map(len, groups.values())) < len(stakes)  # some alike, some by themselves
    keys = [key for rule in alike.ALIKE if (key := alike.key_of(rule)) is not None]
    spoken_of = [
        r.concerns for r in RULES.values() if r.scope is Scope.STAFF_STAKE and r.concerns is not None
    ]
    for first, *others in groups.values():
        for other in others:
            assert without_codes(other) == without_codes(first)
            assert [key(other) for key in keys] == [key(first) for key in keys]
            assert [concerns(other) for concerns in spoken_of] == [concerns(first) for concerns in spoken_of]
    monkeypatch.setattr(alike, "FROM", 1)
    assert audit.coinvestment(Journal(sqlite_book).refresh().view(DAY)).findings == each.findings
