"""A small office with one pool of two contributors, a bank, a guarantor and three loans; rows by layout, for tests."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from fof import intake, ledger
from fof.access import LOCAL
from fof.db import Database
from fof.importers.cells import Amount
from fof.importers.layouts import LAYOUTS
from fof.importers.template import filled
from fof.ledger import View
from models import pools as w
from models.kinds import PartyKind

Rows = dict[str, list[dict[str, Any]]]
START = dt.date(2020, 1, 1)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def yuan(amount: float) -> Amount:
    return Amount(round(amount * 100), "CNY")


def party(code: str, kind: PartyKind, **more: Any) -> dict[str, Any]:
    return {"code": code, "kind": kind, "name": f"示例{code}", "since": START, **more}


def step(code: str, loan: str, on: str, what: w.LoanStep, amount: float = 0, **more: Any) -> dict[str, Any]:
    moved = {"amount": yuan(amount)} if amount else {}
    return {"code": code, "loan": loan, "since": day(on), "loan_step": what, **moved, **more}


def pay(
    code: str, on: str, leg: w.PoolLeg, payer: str, payee: str, amount: float, **more: Any
) -> dict[str, Any]:
    return {
        "code": code,
        "since": day(on),
        "pool_leg": leg,
        "payer": payer,
        "payee": payee,
        "amount": yuan(amount),
        **more,
    }


def loan(code: str, borrower: str, amount: float, on: str = "2021-03-01", **more: Any) -> dict[str, Any]:
    return {
        "code": code,
        "agreement": "XY",
        "borrower": borrower,
        "lender": "B1",
        "since": day(on),
        "enrolled_on": day(on),
        "enrolment_confirmation_id": f"QR-{code}",
        "contract_amount": yuan(amount),
        "loan_due": day(on).replace(year=day(on).year + 1),
        "loan_rate": Decimal("0.045"),
        **more,
    }


def claimed(code: str, of: str, on: str, principal: float) -> dict[str, Any]:
    return {
        "code": code,
        "loan": of,
        "claimant": "B1",
        "since": day(on),
        "claim_step": w.ClaimStep.SUBMITTED,
        "claim_principal": yuan(principal),
        "overdue_since": day("2022-03-01"),
    }


def decided(code: str, of: str, on: str, amount: float) -> dict[str, Any]:
    return {
        "code": code,
        "loan": of,
        "since": day(on),
        "claim_step": w.ClaimStep.DECIDED,
        "claim_decision": w.ClaimDecision.WHOLLY,
        "decided_amount": yuan(amount),
    }


def office() -> Rows:
    """Pool of 6 million by two governments (4 and 2); bank 50, pool 50; loans of 3, 2 and 1 million, the first in default."""
    drawn, repaid = w.LoanStep.DRAWN, w.LoanStep.REPAID
    return {
        "parties": [
            party("GOV", PartyKind.GOVERNMENT),
            party("CITY", PartyKind.GOVERNMENT),
            party("P", PartyKind.POOL),
            party("B1", PartyKind.BANK),
            party("B2", PartyKind.BANK),
            party("G", PartyKind.GUARANTOR),
        ],
        "companies": [{"code": code, "name": f"示例{code}", "since": START} for code in ("Q1", "Q2", "Q3")],
        "agreements": [
            {
                "code": "XY",
                "pool": "P",
                "since": START,
                "programme": w.Programme.TECH_LOAN_POOL,
                "share_pool": Decimal("0.5"),
                "share_lender": Decimal("0.5"),
                "covers_principal": True,
                "covers_interest": False,
                "leverage_max": Decimal(10),
                "contribution_basis": w.ContributionBasis.PAID_IN,
            }
        ],
        "pool_shares": [
            {
                "code": "CZ1",
                "pool": "P",
                "contributor": "GOV",
                "since": START,
                "agreed_share": Decimal("0.5"),
            },
            {
                "code": "CZ2",
                "pool": "P",
                "contributor": "CITY",
                "since": START,
                "agreed_share": Decimal("0.5"),
            },
        ],
        "pool_limits": [
            {
                "code": "CAP",
                "pool": "P",
                "since": START,
                "limit_kind": w.LimitKind.PAYMENT_CAP,
                "limit_period": w.LimitPeriod.YEAR,
                "limit_amount": yuan(2_000_000),
            },
            {
                "code": "STOP",
                "pool": "P",
                "since": START,
                "limit_kind": w.LimitKind.ENROLMENT_STOP,
                "limit_period": w.LimitPeriod.CUMULATIVE,
                "limit_denominator": w.Denominator.ENROLLED,
                "limit_rate": Decimal("0.2"),
            },
        ],
        "loans": [loan("L1", "Q1", 3_000_000), loan("L2", "Q2", 2_000_000), loan("L3", "Q3", 1_000_000)],
        "loan_events": [
            step("E1", "L1", "2021-03-01", drawn, 3_000_000),
            step("E2", "L2", "2021-03-01", drawn, 2_000_000),
            step("E3", "L3", "2021-03-01", drawn, 1_000_000),
            step("E4", "L2", "2022-03-01", repaid, 2_000_000),
            step("E5", "L1", "2022-03-01", w.LoanStep.OVERDUE, step_amount=yuan(3_000_000)),
        ],
        "claims": [
            claimed("S1", "L1", "2022-06-01", 3_000_000),
            decided("S1", "L1", "2022-07-01", 1_500_000),
        ],
        "pool_payments": [
            pay("Z1", "2020-02-01", w.PoolLeg.FUNDING, "GOV", "P", 4_000_000),
            pay("Z2", "2020-02-01", w.PoolLeg.FUNDING, "CITY", "P", 2_000_000),
            pay("Z3", "2022-07-10", w.PoolLeg.COMPENSATION, "P", "B1", 1_500_000, claim="S1"),
        ],
    }


def workbook(rows: Rows) -> bytes:
    return filled([(LAYOUTS[name], lines) for name, lines in rows.items() if lines])


def booked(database: Database, rows: Rows) -> View:
    intake.book(database, LOCAL, workbook(rows), "资金池.xlsx")
    return ledger.read(database).view()
