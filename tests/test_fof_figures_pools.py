"""Pools in figures: by hand on a small office, the same on command and library, and drawn on their page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pool_office import booked, claimed, day, office, step, yuan
from python_calamine import CalamineWorkbook
from screens import drawn, screens_over
from typer.testing import CliRunner

import fof
from fof import ledger
from fof.cli import app
from fof.db import Database
from fof.errors import Unknown, WrongArgument
from fof.figures.pool_months import TABLES, pool_document
from models import pools as w

ROOT = Path(__file__).resolve().parents[1]
YEAR = day("2022-12-31")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Database:
    """The office of the tests, with a claim in hand, a guarantee fee and a statement of the bank and the lender."""
    book = Database(f"sqlite:///{tmp_path_factory.mktemp('pools') / 'book.sqlite'}")
    book.init()
    rows = office()
    rows["agreements"][0] |= {"review_days": 5}
    rows["loans"][2] |= {"borrower_size": w.SizeClass.SMALL}
    rows["loan_events"].append(
        step("E6", "L3", "2022-03-01", w.LoanStep.OVERDUE, step_amount=yuan(1_000_000))
    )
    rows["claims"].append(claimed("S2", "L3", "2022-12-26", 1_000_000))
    rows["pool_statements"] = [{"party": "P", "since": YEAR, "account_balance": yuan(4_400_000)}]
    booked(book, rows)
    return book


def row(book: Database, table: str, on: str = "2022-12-31", **wanted: Any) -> dict[str, Any]:
    answer = pool_document(ledger.read(book).view(day(on)), table)
    return next(dict(r) for r in answer.rows if all(r[k] == v for k, v in wanted.items()))


def test_the_cockpit_by_hand(desk: Database) -> None:
    own = row(desk, "pools")
    assert (own["pool_balance"], own["pool_outstanding"], own["pool_loans"]) == (450_000_000, 100_000_000, 1)
    assert own["pool_leverage"] == pytest.approx(1 / 4.5)
    # paid 1.5 million in 2022; released 3 million by the claim and 2 by repayment; 6 million matured; 1 outstanding
    assert own["rate_released"] == pytest.approx(1.5 / 5)
    assert own["rate_matured"] == pytest.approx(1.5 / 6)
    assert own["rate_outstanding"] == pytest.approx(1.5)
    assert own["rate_enrolled"] is None
    assert (own["claims_open"], own["claims_amount"]) == (1, 100_000_000)
    assert (own["pool_stopped_on"], own["statement_apart"]) == (day("2022-07-10"), -10_000_000)


def test_contributors_and_limits_by_hand(desk: Database) -> None:
    parts = {
        r["contributor"]: r["pool_balance"]
        for r in pool_document(ledger.read(desk).view(YEAR), "contributors").rows
    }
    assert parts == {"GOV": 300_000_000, "CITY": 150_000_000}
    cap = row(desk, "limits", limit="CAP")
    assert (cap["limit_used"], cap["limit_left"], cap["limit_state"]) == (150_000_000, 50_000_000, "open")
    stop = row(desk, "limits", limit="STOP")
    assert (stop["rate_counted"], stop["points_left"]) == (0.25, pytest.approx(-0.05))
    assert (stop["limit_state"], stop["denominator"]) == ("stopped", "enrolled")
    before = row(desk, "limits", on="2022-07-09", limit="STOP")
    assert (before["limit_state"], before["rate_counted"]) == ("open", 0.0)


def test_the_desk_says_what_may_be_paid_and_by_when(desk: Database) -> None:
    own = row(desk, "claims", claim="S2")
    assert (own["claim_state"], own["clock_used"]) == ("submitted", 4)
    assert own["clock_last"] == "2023-01-03"  # 31 December to 2 January were holidays
    assert (own["pool_part"], own["payable"], own["uncompensated"]) == (50_000_000, 50_000_000, 0)
    cut = row(desk, "claims", on="2022-12-31", claim="S2")
    assert cut["cut_by"] is None
    assert row(desk, "loans", loan="L3")["overdue_days"] == 305


def test_months_add_up_by_size(desk: Database) -> None:
    rows = pool_document(ledger.read(desk).view(YEAR), "months").rows
    march = [r for r in rows if r["month"] == day("2021-03-31")]
    whole = next(r for r in march if r["size_class"] == "all")
    assert (
        sum(r["enrolled_amount"] for r in march if r is not whole) == whole["enrolled_amount"] == 600_000_000
    )
    assert (whole["loans_enrolled"], whole["firms"], whole["average_rate"]) == (3, 3, pytest.approx(0.045))
    july = next(r for r in rows if r["month"] == day("2022-07-31"))
    assert (july["paid_by_pool"], july["pool_balance"]) == (150_000_000, 450_000_000)


@pytest.mark.parametrize("table", TABLES)
def test_command_and_library_are_the_document(desk: Database, table: str) -> None:
    asked = ["pools", "--table", table, "--as-of", "2022-12-31", "--json"]
    run = CliRunner().invoke(app, asked, env={"FOF_DATABASE_URL": str(desk.url), "FOF_LANG": "zh"})
    assert run.exit_code == 0, run.output
    document = json.loads(run.stdout)
    assert document == pool_document(ledger.read(desk).view(YEAR), table).json()
    with fof.open(str(desk.url)) as opened:
        assert len(opened.at(YEAR).pools(table).rows) == len(document["rows"])


def test_the_report_is_the_months(desk: Database, tmp_path: Path) -> None:
    out = tmp_path / "资金池.xlsx"
    asked = ["report", "pools", "--as-of", "2022-12-31", "-o", str(out)]
    run = CliRunner().invoke(app, asked, env={"FOF_DATABASE_URL": str(desk.url), "FOF_LANG": "zh"})
    assert run.exit_code == 0, run.output
    title, provenance, _, header, *lines = CalamineWorkbook.from_path(out).get_sheet_by_index(0).to_python()
    assert title[0] == "资金池月度统计"
    assert "2022-12-31" in str(provenance[0])
    months = pool_document(ledger.read(desk).view(YEAR), "months")
    assert len(lines) == len(months.rows)
    july = next(line for line in lines if str(line[1]).startswith("2022-07-31"))
    cells = dict(zip(header, july, strict=True))
    assert (cells["资金池已付"], cells["资金池余额"], cells["企业规模"]) == (1_500_000.0, 4_500_000.0, "合计")


def test_what_is_not_there_is_refused(desk: Database) -> None:
    view = ledger.read(desk).view(YEAR)
    with pytest.raises(Unknown):
        pool_document(view, "pools", "B1")
    with pytest.raises(WrongArgument):
        pool_document(view, "houses")


def test_the_page_draws_every_table(desk: Database, tmp_path: Path) -> None:
    with screens_over(str(desk.url), tmp_path):
        page = drawn("pools", as_of="2022-12-31", pool="P")
    assert len(page.dataframe) >= len(TABLES)
    titles = {heading.value for heading in [*page.header, *page.subheader]}
    assert any("补偿申请台" in t for t in titles | {m.value for m in page.markdown})
