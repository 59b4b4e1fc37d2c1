"""Enrolled loans of a large pool: their workbook imported, against bookings of as many postings by the ledger itself; then the
tables of the pool from a journal just read.

Each loan has a row of the register, is drawn and repaid; one in fifty falls overdue, is claimed, decided and paid. All seeded.

import   BENCH_SCALE x 20,000 loans in files of at most 20,000, each booked by a process of its own, through every check to
         committed rows; the yardstick beside it is a booking of 20,000 postings of one notice each by the ledger (budget: at most 4x the processor time per posting, for each posting
         and dated fact of the file; identities and links come along uncounted; the reading of cells stands apart)
tables   cockpit, limits, claim desk and register of the pool from a journal just read, cold and again, by processor time, in a
         process of its own
audit    the findings about the pools of that book, in another

One command measures all of it; 200,000 loans in ten files take some twenty minutes of a quiet core:

    BENCH_SCALE=10 python -m benchmarks.pool_loans

The peak of a process is that of its own memory (VmHWM), and where a file was imported includes making the copy beside the book.
"""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from decimal import Decimal as D
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import harness
from benchmarks.coinvest import TIMES_A_POSTING, YARDSTICK, booked
from benchmarks.institution import yuan
from fof import audit, intake
from fof.access import LOCAL
from fof.db import Database
from fof.figures.pool_months import pool_document
from fof.importers.layouts import LAYOUTS
from fof.importers.reader import read_file
from fof.importers.template import filled
from fof.intake.files import read_tables
from fof.ledger import Journal
from models import pools as w
from models.kinds import PartyKind

Row = dict[str, Any]
LOANS, BANKS, ONE_IN, A_FILE = 20_000, 12, 50, 20_000
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


def in_files(made: dict[str, list[Row]]) -> Iterator[bytes]:
    """Workbooks of at most so many loans each, the parties and the agreement in the first; a loan's rows stand together."""
    of_loans = {"loans": "code", "loan_events": "loan", "claims": "loan"}
    number = {name: [int(row[key][1:]) // A_FILE for row in made[name]] for name, key in of_loans.items()}
    number["pool_payments"] = [int(row["code"][1:]) // A_FILE for row in made["pool_payments"]]
    for part in range(-(-len(made["loans"]) // A_FILE)):
        rows = {
            name: [row for row, of in zip(own, number[name], strict=True) if of == part]
            if name in number
            else own
            for name, own in made.items()
            if name in number or not part
        }
        yield filled([(LAYOUTS[name], own) for name, own in rows.items() if own])


def one_file(url: str, path: str) -> Row:
    """A file booked by a process of its own: processor seconds, those of the reading of cells apart, and the peak."""
    content = Path(path).read_bytes()
    start = time.process_time()
    read_tables(read_file(content, "入池贷款.xlsx"))
    cells = time.process_time() - start
    book = Database(url)
    start, begun = time.process_time(), time.perf_counter()
    entries = len(intake.book(book, LOCAL, content, "入池贷款.xlsx").entries)
    spent, seconds = time.process_time() - start, time.perf_counter() - begun
    Journal(book).refresh()  # the copy beside the book, as the next command makes it
    book.close()
    return {"entries": entries, "seconds": seconds, "spent": spent, "cells": cells, "peak_mib": own_peak()}


def own_peak() -> float:
    """The most memory that this process held, in MiB: what getrusage says counts that of the process which started it."""
    status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def imported(loans: int, folder: Path, url: str) -> Row:
    """The workbooks of so many loans, imported one after another; processor seconds, those of the reading of cells apart."""
    made = office(loans)
    rows = sum(map(len, made.values()))
    book = Database(url)
    book.init()
    book.close()
    parts: list[Row] = []
    for content in in_files(made):
        path = folder / "part.xlsx"
        path.write_bytes(content)
        parts.append(in_process("file", url, str(path)))
    prefix = Journal(Database(url)).refresh().view().prefix
    facts = sum(len(prefix.columns_of(table, "name")[0]) for table in ("fact", "subject_fact"))
    postings = len(prefix.columns.postings)
    start = time.process_time()
    booked(f"sqlite:///{folder / 'bare.sqlite'}", YARDSTICK)
    posting = (time.process_time() - start) / YARDSTICK
    spent, cells, seconds = (sum(part[name] for part in parts) for name in ("spent", "cells", "seconds"))
    return {
        "files": len(parts),
        "rows": rows,
        "postings": postings,
        "facts": facts,
        "seconds": seconds,
        "processor_seconds": spent,
        "cells_processor_seconds": cells,
        "posting_or_fact_over_posting": (spent - cells) / (postings + facts) / posting,
        "with_cells": spent / (postings + facts) / posting,
        "row_over_posting": spent / rows / posting,
        "peak_mib": max(part["peak_mib"] for part in parts),
        "peak_mib_by_file": [round(part["peak_mib"]) for part in parts],
        "last_file_over_first": (parts[-1]["spent"] / parts[-1]["entries"])
        / (parts[0]["spent"] / parts[0]["entries"]),
    }


def in_process(*arguments: str) -> Row:
    """This module in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.pool_loans", *arguments]
    answer: Row = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return answer


def tables(url: str) -> Row:
    """Cockpit, limits and register of a journal just read; each by processor time, the peak of the whole."""
    start = time.process_time()
    view = Journal(Database(url)).refresh().view(AS_OF)
    answer: Row = {"journal_processor_seconds": time.process_time() - start}
    for again in ("", "_again"):
        for table in ("pools", "limits", "claims", "loans"):
            start = time.process_time()
            rows = len(pool_document(view, table).rows)
            answer |= {f"{table}{again}_processor_seconds": time.process_time() - start, table: rows}
    return answer | {"peak_mib": own_peak()}


def audited(url: str) -> Row:
    """The findings about pools from a journal just read; processor time and peak of the whole."""
    view = Journal(Database(url)).refresh().view(AS_OF)
    start = time.process_time()
    findings = len(audit.pools(view).findings)
    return {
        "findings": findings,
        "processor_seconds": time.process_time() - start,
        "peak_mib": own_peak(),
    }


def main() -> None:
    loans = max(ONE_IN, int(LOANS * harness.scale()))
    with tempfile.TemporaryDirectory() as kept:
        url = f"sqlite:///{Path(kept) / 'loans.sqlite'}"
        made = imported(loans, Path(kept), url)
        harness.emit(workload="pool_loans_import", peer=f"{loans} loans", **made, budget=TIMES_A_POSTING)
        harness.emit(workload="pool_loans_tables", peer=f"{loans} loans", **in_process("tables", url))
        harness.emit(workload="pool_loans_audit", peer=f"{loans} loans", **in_process("audit", url))


MEASURED = {"file": one_file, "tables": tables, "audit": audited}
"""What a process of its own is asked for, by name."""

if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(MEASURED[sys.argv[1]](*sys.argv[2:])))
    else:
        main()
