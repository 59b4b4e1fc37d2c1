"""What a manager reports stands beside what the book says; the edge of the printed place; what cannot be compared."""

from __future__ import annotations

import datetime as dt
import json
import math
from decimal import Decimal
from typing import Any

import pytest
from typer.testing import CliRunner

from fof import ledger
from fof.book.portfolios import portfolio
from fof.cli import app
from fof.db import Database
from fof.figures.reported import exceptions, reported
from models.posting_kinds import PostingKind as K

DAY = dt.date(2024, 12, 31)


@pytest.fixture
def fund(clerk: Any) -> Any:
    """100 paid in on 2024-01-01, 30 back and 80 of value a year later: DPI 0.30, TVPI 1.10, IRR 10 %."""
    clerk.party("LP")
    clerk.party("F", "sub_fund")
    clerk.pay(K.COMMITMENT, "LP", "F", 100, "2023-01-01")
    clerk.pay(K.CALL_INVESTMENT, "LP", "F", 100, "2024-01-01")
    clerk.pay(K.DISTRIBUTION_GAIN, "F", "LP", 30, "2024-12-31")
    clerk.mark("F", "F", 80, "2024-12-31")
    return clerk


def found(clerk: Any, day: dt.date = dt.date(2025, 6, 30)) -> dict[str, Any]:
    view = ledger.read(clerk.database).view(day)
    return {r.figure: r for r in reported(view, [view.party("F").id])}


def test_ours_stands_beside_what_is_reported_on_the_day_of_the_report(fund: Any) -> None:
    fund.fact("F", "2024-12-31", "reported_dpi", "0.30", "示例2024年报")
    fund.fact("F", "2024-12-31", "reported_tvpi", "1.25")
    fund.fact("F", "2024-12-31", "reported_irr", "0.1000")
    fund.pay(K.DISTRIBUTION_GAIN, "F", "LP", 50, "2025-03-01")
    lines = found(fund)
    assert lines["dpi"].agrees is True
    assert lines["dpi"].document == "示例2024年报"
    assert lines["dpi"].ours == pytest.approx(0.3)
    assert lines["irr"].ours == pytest.approx(0.10, abs=1e-4)  # 365 of 366 days lie between the two
    assert lines["tvpi"].agrees is False
    assert lines["tvpi"].difference == pytest.approx(0.15)
    assert [r.figure for r in exceptions(lines.values())] == ["tvpi"]


@pytest.mark.parametrize(
    ("stated", "agrees"),
    [("1.09", True), ("1.11", True), ("1.08", False), ("1.12", False), ("1.100", True), ("1.102", False)],
)
def test_one_unit_of_the_last_printed_place_is_agreement(fund: Any, stated: str, agrees: bool) -> None:
    fund.fact("F", "2024-12-31", "reported_tvpi", stated)
    line = found(fund)["tvpi"]
    assert line.stated == Decimal(stated)
    assert line.agrees is agrees


def test_places_are_those_of_the_reports_together(fund: Any) -> None:
    """A workbook drops the zero of 1.10: other reports of the fund show that two places are printed."""
    fund.fact("F", "2024-06-30", "reported_tvpi", "0.99")
    fund.fact("F", "2024-12-31", "reported_tvpi", "1.2")
    view = ledger.read(fund.database).view(DAY)
    newest, before = reported(view, [view.party("F").id])
    assert newest.tolerance == before.tolerance == Decimal("0.01")
    assert newest.agrees is False


def test_what_the_book_cannot_say_is_not_agreement(fund: Any) -> None:
    fund.fact("F", "2023-06-30", "reported_tvpi", "1.00")
    line = found(fund)["tvpi"]
    assert line.agrees is None
    assert math.isnan(line.ours)
    assert line.note is not None
    assert exceptions([line]) == []


def test_a_restated_report_replaces_the_first_and_one_not_yet_due_is_not_shown(fund: Any) -> None:
    fund.fact("F", "2024-12-31", "reported_tvpi", "1.50")
    fund.fact("F", "2024-12-31", "reported_tvpi", "1.10")
    assert found(fund)["tvpi"].agrees is True
    assert found(fund, dt.date(2024, 12, 30)) == {}


def test_the_demo_office_disagrees_where_it_was_meant_to(demo: Database) -> None:
    """Multiples counted by the generator from its own purses agree with the book's but for: values restated since the
    report, a manager who leaves fees out of the base, and one who repeats last year's figure."""
    view = ledger.read(demo).view(dt.date(2026, 9, 30))
    lines = reported(view, portfolio(view).funds)
    assert len(lines) > 200
    assert all(r.agrees is not None for r in lines)
    wrong = {(view.parties[r.fund].code, r.day.year) for r in exceptions(lines)}
    restated = {("SF-2012-02", 2020), ("SF-2016-01", 2021), ("SF-2018-02", 2022), ("SF-2022-01", 2024)}
    gross = {("SF-2017-02", year) for year in range(2019, 2026)}
    assert wrong == restated | gross | {("SF-2018-01", 2024)}


def test_the_command_says_what_differs(demo: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOF_DATABASE_URL", str(demo.engine.url))
    result = CliRunner().invoke(app, ["fund", "SF-2018-01", "--as-of", "2026-09-30", "--json"])
    assert result.exit_code == 0
    told = [r for r in json.loads(result.stdout)["rows"] if r["part"] == "reported"]
    differs = [r for r in told if r["value"] == "不一致"]
    assert [(r["name"], r["day"], r["stated"]) for r in differs] == [("dpi", "2024-12-31", 0.49)]
    assert differs[0]["difference"] == pytest.approx(differs[0]["stated"] - differs[0]["ours"])
    table = CliRunner().invoke(app, ["fund", "SF-2018-01", "--as-of", "2026-09-30"]).stdout
    assert "管理人报告与本账" in table
