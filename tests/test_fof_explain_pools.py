"""Figures of pools opened: the rows behind each figure of the cockpit add up to it; the command and the claim desk's own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from pool_office import booked, claimed, day, office, pay, step, yuan
from typer.testing import CliRunner

from fof import ledger
from fof.cli import app
from fof.db import Database
from fof.errors import Refused, Unknown, WrongArgument
from fof.explain.pool_figures import POOL_FIGURES, explain_pool_figure
from fof.figures.pool_months import pool_document
from fof.figures.register import figure
from fof.ledger import View
from models import pools as w

ON = day("2022-12-31")
SUMS = {
    "pools": """
        pool_contributed pool_compensated pool_recovered_all pool_interest pool_costs pool_returned pool_balance
        pool_outstanding claims_amount
    """,
    "contributors": """
        pool_contributed pool_compensated pool_recovered recovered_beside pool_interest pool_costs
        pool_returned pool_balance
    """,
    "limits": "limit_used",
    "claims": "paid_by_pool recovered_of_claim",
    "loans": "balance",
}
"""Figures that are the sum of their terms, by table."""
_CODES = {
    "pools": ("pool",),
    "contributors": ("pool", "contributor"),
    "limits": ("limit",),
    "claims": ("claim",),
    "loans": ("loan",),
}


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Database:
    """The office of the tests with a claim in hand, recoveries, interest, costs, money returned and a bank statement."""
    made = Database(f"sqlite:///{tmp_path_factory.mktemp('opened') / 'book.sqlite'}")
    made.init()
    leg, rows = w.PoolLeg, office()
    rows["loan_events"].append(
        step("E6", "L3", "2022-03-01", w.LoanStep.OVERDUE, step_amount=yuan(1_000_000))
    )
    rows["claims"].append(claimed("S2", "L3", "2022-12-26", 1_000_000))
    rows["pool_payments"] += [
        pay("Z4", "2022-08-01", leg.RECOVERY, "Q1", "B1", 400_000, loan="L1"),
        pay("Z5", "2022-08-10", leg.RECOVERY_SHARED, "B1", "P", 200_000.01, claim="S1"),
        pay("Z6", "2022-09-01", leg.INTEREST, "B1", "P", 1_000.01),
        pay("Z7", "2022-09-02", leg.COST, "P", "B1", 333.33),
        pay("Z8", "2022-09-03", leg.RETURNED, "P", "CITY", 100_000),
    ]
    rows["pool_statements"] = [{"party": "P", "since": day("2022-08-31"), "account_balance": yuan(4_700_001)}]
    booked(made, rows)
    return made


@pytest.fixture(scope="module")
def view(book: Database) -> View:
    return ledger.read(book).view(ON)


@pytest.mark.parametrize("table", SUMS)
def test_the_rows_add_up_to_the_figure(view: View, table: str) -> None:
    for row in pool_document(view, table).rows:
        codes = [str(row[name]) for name in _CODES[table]]
        for name in SUMS[table].split():
            opened = explain_pool_figure(view, name, *codes)
            assert opened.value == row[name]
            assert sum(part.fen or 0 for part in opened.parts) == row[name], (codes, name)
            assert all(sum(r.fen or 0 for r in part.rows) == part.fen for part in opened.parts)
            assert all(r.entry is not None and r.source for part in opened.parts for r in part.rows)


def test_a_rate_opens_to_its_payments_and_its_loans(view: View) -> None:
    (row,) = pool_document(view, "pools").rows
    for name in ("rate_released", "rate_matured", "rate_outstanding"):
        paid, whole = explain_pool_figure(view, name, "P").parts
        assert paid.fen is not None
        assert whole.fen is not None
        assert paid.fen / whole.fen == row[name]
    empty = explain_pool_figure(view, "rate_enrolled", "P")  # nothing was enrolled in 2022
    assert empty.value is None
    assert empty.reason is not None
    apart = explain_pool_figure(view, "statement_apart", "P")
    assert sum(part.fen or 0 for part in apart.parts) == apart.value == 99
    stop = explain_pool_figure(view, "rate_counted", "STOP")
    assert stop.parts[0].fen == 150_000_000
    assert stop.parts[1].fen == 600_000_000


def test_every_figure_of_the_cockpit_opens(view: View) -> None:
    """All but names, states and days of a stop, which its limit's figures explain."""
    for table, codes in _CODES.items():
        row: Mapping[str, Any] = pool_document(view, table).rows[0]
        numbers = {
            n for n in row if n != "record" and figure(n).kind in ("money", "percent", "multiple", "int")
        }
        beside = {
            "limit_rate",
            "age_days",
            "clock_used",
            "overdue_days",
            "contract",
            "stated_by_lender",
            "lender_apart",
        }
        for name in sorted(numbers - beside):
            assert name in POOL_FIGURES, name
            explain_pool_figure(view, name, *(str(row[code]) for code in codes))


def test_what_is_not_there_is_unknown(view: View) -> None:
    for name, of, owner in (
        ("pool_balance", "L9", None),
        ("pool_balance", "S1", None),
        ("pool_balance", "P", "B1"),
        ("payable", "P", None),
    ):
        with pytest.raises(Unknown):
            explain_pool_figure(view, name, of, owner)
    with pytest.raises(WrongArgument):
        explain_pool_figure(view, "balance", "L1", "GOV")


def _asked(book: Database, *words: str, refused: bool = False) -> Any:
    environment = {"FOF_DATABASE_URL": book.url.render_as_string(hide_password=False), "FOF_LANG": "en"}
    done = CliRunner().invoke(app, list(words), env=environment)
    if refused:
        assert isinstance(done.exception, Refused)
        return [problem.code for problem in done.exception.problems]
    assert done.exit_code == 0, (done.output, done.exception)
    return json.loads(done.stdout)


def test_the_command_opens_a_figure(book: Database) -> None:
    answer = _asked(book, "explain", "payable", "--of", "S2", "--as-of", "2022-12-31", "--json")
    assert {row["part"] for row in answer["rows"]} >= {"Principal claimed · S2"}
    count = _asked(book, "explain", "pool_loans", "--of", "P", "--as-of", "2022-12-31", "--json")
    assert count["value"] == 1


def test_the_desk_by_command_plans_refuses_and_books(book: Database, tmp_path: Path) -> None:
    copy = Database(f"sqlite:///{tmp_path / 'copy.sqlite'}")
    copy.init()
    rows = office()
    rows["claims"].append(claimed("S2", "L3", "2022-12-26", 1_000_000))
    booked(copy, rows)
    desk = ("operations", "claim", "S2", "--json", "--on")
    head = ledger.read(copy).head
    plan = _asked(copy, *desk, "2022-12-29", "--step", "decided", "--decision", "wholly")
    assert (plan["amount"], plan["payable"], plan["entries"]) == ("500000.00", "500000.00", "")
    assert ledger.read(copy).head == head
    refused = _asked(copy, *desk, "2022-12-29", "--step", "decided", "--decision", "partly", refused=True)
    assert refused == ["reason_missing", "amount_missing"]
    granted = _asked(copy, *desk, "2022-12-29", "--step", "decided", "--decision", "wholly", "--book")
    assert granted["entries"]
    paid = _asked(copy, *desk, "2022-12-30", "--step", "pay", "--document", "付字1号", "--book")
    assert (paid["claim_state"], paid["amount"]) == ("paid", "500000.00")
    moved = {(r["effect_on"], r["item"]): (r["before"], r["after"]) for r in paid["rows"]}
    assert moved["pool", "示例P"] == ("4500000.00", "4000000.00")
    assert moved["limit", "CAP"] == ("1500000.00", "2000000.00")
