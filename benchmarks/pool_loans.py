"""Enrolled loans of a large pool: their workbook imported, against bookings of as many postings by the ledger itself; then the
tables of the pool from a journal just read.

Each loan has a row of the register, is drawn and repaid; one in fifty falls overdue, is claimed, decided and paid. All seeded.

import   BENCH_SCALE x 20,000 loans: one workbook through every check to committed rows; the yardstick beside it is a booking of
         as many postings of one notice each (budget: at most 4x the time per posting, for each row)
tables   cockpit, limits and register of the pool from a journal just read, by processor time
"""

from __future__ import annotations

import datetime as dt
import tempfile
import time
from decimal import Decimal as D
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import harness
from benchmarks.coinvest import TIMES_A_POSTING, YARDSTICK, booked, yuan
from fof import intake
from fof.access import LOCAL
from fof.db import Database
from fof.figures.pool_months import pool_document
from fof.importers.layouts import LAYOUTS
from fof.importers.template import filled
from fof.ledger import Journal
from models import pools as w
from models.kinds import PartyKind

Row = dict[str, Any]
LOANS, BANKS, ONE_IN = 20_000, 12, 50
START, AS_OF = dt.date(2018, 1, 1), dt.date(2026, 9, 30)


def office(loans: int, seed: int = 7004) -> dict[str, list[Row]]:
    """Rows of layouts by layout."""
    dice = np.random.Generator(np.random.PCG64(seed))
    parties: list[Row] = [
        {"code": "GOV", "kind": PartyKind.GOVERNMENT, "name": "示例省", "since": START},
        {"code": "P", "kind": PartyKind.POOL, "name": "示例资金池", "since": START},
    ]
    parties += [
        {"code": f"B{n:02d}", "kind": PartyKind.BANK, "name": f"示例银行{n}", "since": START}
        for n in range(BANKS)
    ]
    firms = max(loans // 3, 1)
    agreement: Row = {
        "code": "XY",
        "pool": "P",
        "since": START,
        "programme": w.Programme.TECH_LOAN_POOL,
        "share_pool": D("0.5"),
        "share_lender": D("0.5"),
        "covers_principal": True,
        "covers_interest": False,
    }
    rows: dict[str, list[Row]] = {
        "parties": parties,
        "companies": [{"code": f"Q{n:06d}", "name": f"示例企业{n}", "since": START} for n in range(firms)],
        "agreements": [agreement],
        "loans": [],
        "loan_events": [],
        "claims": [],
        "pool_payments": [
            {
                "code": "Z0",
                "since": START,
                "pool_leg": w.PoolLeg.FUNDING,
                "payer": "GOV",
                "payee": "P",
                "amount": yuan(50_000_000_000),
            }
        ],
    }
    for n in range(loans):
        _loan(rows, n, int(dice.integers(firms)), START + dt.timedelta(int(dice.integers(2_400))), dice)
    return rows


def _loan(rows: dict[str, list[Row]], n: int, firm: int, on: dt.date, dice: np.random.Generator) -> None:
    code, bank, amount = f"L{n:06d}", f"B{n % BANKS:02d}", int(dice.integers(50, 500)) * 10_000
    due = on + dt.timedelta(365)
    rows["loans"].append(
        {
            "code": code,
            "agreement": "XY",
            "borrower": f"Q{firm:06d}",
            "lender": bank,
            "since": on,
            "enrolled_on": on,
            "enrolment_confirmation_id": code,
            "contract_amount": yuan(amount),
            "loan_due": due,
            "loan_rate": D("0.045"),
        }
    )
    event = {"loan": code, "since": on}
    rows["loan_events"].append(
        event | {"code": f"{code}-1", "loan_step": w.LoanStep.DRAWN, "amount": yuan(amount)}
    )
    if n % ONE_IN:
        rows["loan_events"].append(
            {
                "code": f"{code}-2",
                "loan": code,
                "since": due,
                "loan_step": w.LoanStep.REPAID,
                "amount": yuan(amount),
            }
        )
        return
    rows["loan_events"].append(
        {
            "code": f"{code}-2",
            "loan": code,
            "since": due,
            "loan_step": w.LoanStep.OVERDUE,
            "step_amount": yuan(amount),
        }
    )
    claim = {"code": f"S{n:06d}", "loan": code}
    made, settled = due + dt.timedelta(90), due + dt.timedelta(120)
    rows["claims"] += [
        claim | {"since": made, "claim_step": w.ClaimStep.SUBMITTED, "claim_principal": yuan(amount)},
        claim
        | {
            "since": settled,
            "claim_step": w.ClaimStep.DECIDED,
            "claim_decision": w.ClaimDecision.WHOLLY,
            "decided_amount": yuan(amount // 2),
        },
    ]
    rows["pool_payments"].append(
        {
            "code": f"Z{n:06d}",
            "since": settled,
            "pool_leg": w.PoolLeg.COMPENSATION,
            "payer": "P",
            "payee": bank,
            "claim": f"S{n:06d}",
            "amount": yuan(amount // 2),
        }
    )


def main() -> None:
    loans = max(ONE_IN, int(LOANS * harness.scale()))
    made = office(loans)
    size = sum(map(len, made.values()))
    content = filled([(LAYOUTS[name], own) for name, own in made.items()])
    with tempfile.TemporaryDirectory() as kept:
        url = f"sqlite:///{Path(kept) / 'loans.sqlite'}"
        book = Database(url)
        book.init()
        spent, start = time.process_time(), time.perf_counter()
        intake.book(book, LOCAL, content, "入池贷款.xlsx")
        spent, seconds = time.process_time() - spent, time.perf_counter() - start
        yard = time.process_time()
        booked(f"sqlite:///{Path(kept) / 'bare.sqlite'}", YARDSTICK)
        yard = time.process_time() - yard
        harness.emit(
            workload="pool_loans_import",
            peer=f"{loans} loans",
            rows=size,
            seconds=seconds,
            processor_seconds=spent,
            row_over_posting=(spent / size) / (yard / YARDSTICK),
            budget=TIMES_A_POSTING,
        )
        spent = time.process_time()
        view = Journal(book).refresh().view(AS_OF)
        listed = {table: len(pool_document(view, table).rows) for table in ("pools", "limits", "loans")}
        harness.emit(
            workload="pool_loans_tables",
            peer=f"{loans} loans",
            processor_seconds=time.process_time() - spent,
            **listed,
        )
        book.close()


if __name__ == "__main__":
    main()
