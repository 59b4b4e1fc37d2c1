"""Pools in figures: by hand on a small office, the same on command and library, and drawn on their page."""

from __future__ import annotations

import datetime as dt
import json
import random
from collections.abc import Sequence
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from pool_office import booked, claimed, day, loan, office, step, yuan
from python_calamine import CalamineWorkbook
from screens import drawn, screens_over
from typer.testing import CliRunner

import fof
from fof import audit, ledger
from fof.access import LOCAL
from fof.audit.findings import AuditFinding, FindingsInColumns
from fof.book.pools import reading
from fof.book.pools.rates import DatedSums
from fof.book.pools.tallied import tallied
from fof.cli import app
from fof.db import Database
from fof.errors import Unknown, WrongArgument
from fof.explain.pool_figures import explain_pool_figure
from fof.figures.pool_months import TABLES, pool_document
from fof.figures.pools import LoanRegister
from fof.ledger import Journal
from fof.ui import pool_tables
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


def counted_alike(
    database: Database, known_at: int, days: list[str], monkeypatch: pytest.MonkeyPatch, at_once: int = 2
) -> Sequence[AuditFinding]:
    """Rates, counts, tables, findings and opened loans of a book read with an object for each loan, and some loans at a time with plain
    ones in arrays."""
    whole, arrays = (Journal(database).refresh().view(None, known_at) for _ in range(2))
    on = day(days[-1])
    own = reading.pools_of(whole)
    judged = list(audit.pools(whole.on(on)).findings)
    monkeypatch.setattr(reading, "LOANS_AT_ONCE", at_once)
    counted = reading.counted_pools(arrays)
    findings = audit.pools(arrays.on(on)).findings
    assert list(findings) == judged
    register, rows = LoanRegister(arrays.on(on)), pool_document(whole.on(on), "loans").rows
    for part in (slice(1, 4), slice(-3, None), slice(0, 0)):
        assert register[part] == [{k: v for k, v in row.items() if k != "record"} for row in rows[part]]
    for row in rows[:3]:
        a, b = (explain_pool_figure(view.on(on), "pool_outstanding", row["loan"]) for view in (whole, arrays))
        assert a == b
    assert counted.pools == own.pools
    for pool in own.pools:
        ends = {(None, None)} | {(x.lender, None) for x in own.loans_of.get(pool, ())}
        ends |= {(None, x.guarantor) for x in own.loans_of.get(pool, ())}
        for lender, guarantor in ends:
            rows = own.tallied(pool, lender, guarantor).tally()
            found = reading.plain_loans(arrays).tally(pool, lender, guarantor)
            named = {*reading.plain_loans(arrays).others}
            others = [x for x in own.loans_of.get(pool, ()) if x.subject.number in named]
            others = [x for x in others if lender in (None, x.lender) and guarantor in (None, x.guarantor)]
            beside = tallied((), others, pool, w.PoolLeg.COMPENSATION).tally()
            for name in ("enrolled", "released", "matured", "outstanding"):
                joined = DatedSums([*getattr(found, name).dated(), *getattr(beside, name).dated()])
                assert [*joined.dated()] == [*getattr(rows, name).dated()], (pool, lender, guarantor, name)
        for limit, on in product(own.limits_of(pool), map(day, days)):
            a, b = (pools.limit_state(limit, pool, on) for pools in (counted, own))
            assert (a is None) == (b is None)
            for name in ("used", "allowed", "warned", "reached", "stopped_on", "resumed_on", "points_left"):
                assert getattr(a, name, None) == getattr(b, name, None), (limit.code, name)
        for on in map(day, days):
            assert counted.standing(pool, on) == own.standing(pool, on)
    for on in map(day, days):
        for table in TABLES:
            a, b = (pool_document(view.on(on), table).rows for view in (whole, arrays))
            assert a == b, (table, on)
    if len(own.loans) > 1:
        assert counted is not own
    return findings


def test_plain_loans_in_arrays_are_the_loans(
    demo: Database, desk: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The office of many programmes through its bad years, and one with steps of every kind."""
    head = Journal(demo).refresh().head
    found = counted_alike(demo, head, ["2024-06-30"], monkeypatch, 700)
    assert isinstance(found, FindingsInColumns)
    assert found.made() < len(found), "of loans of which a rule says the same one finding is held"
    counted_alike(desk, Journal(desk).refresh().head, ["2021-12-31", "2022-12-31"], monkeypatch)


def happened(
    rows: Any, code: str, on: dt.date, name: str, at: int, what: w.LoanStep, fen: int = 0, **more: Any
) -> None:
    """A step of a loan, so many days after it was enrolled."""
    rows["loan_events"].append(step(f"{code}-{name}", code, str(on + dt.timedelta(at)), what, fen, **more))


def test_random_loans_in_arrays_are_the_loans(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Steps of every kind in any order that a loan allows, terms stated anew, a loan that was taken back."""
    dice = random.Random(11)
    rows = office()
    for n in range(40):
        code, on = f"R{n}", dt.date(2021, 1, 4) + dt.timedelta(dice.randrange(300))
        amount = dice.randrange(10, 99) * 10_000
        rows["loans"].append(loan(code, "Q1", amount, str(on), **({} if n % 5 else {"loan_due": None})))

        happened(rows, code, on, "1", 0, w.LoanStep.DRAWN, amount)
        kind = dice.randrange(6)
        if kind == 1:
            happened(
                rows,
                code,
                on,
                "2",
                9,
                w.LoanStep.SCHEDULED,
                step_amount=yuan(amount // 2),
                step_due=on + dt.timedelta(200),
            )
        if kind == 2:
            happened(rows, code, on, "2", 9, w.LoanStep.EXTENDED, step_due=on + dt.timedelta(900))
        if kind == 3:
            happened(rows, code, on, "2", 40, w.LoanStep.OVERDUE, step_amount=yuan(amount))
            happened(rows, code, on, "3", 90, w.LoanStep.WRITTEN_OFF, step_amount=yuan(amount // 3))
        if kind >= 4:
            happened(rows, code, on, "2", 50, w.LoanStep.PREPAID, amount // 4)
            happened(rows, code, on, "3", 60, w.LoanStep.REPAID, amount - amount // 4)
    book = Database(f"sqlite:///{tmp_path / 'random.sqlite'}")
    book.init()
    booked(book, rows)
    journal = Journal(book).refresh()
    at = journal.view().subject_ids["loan_event", "R3-1"]
    entry = journal.view().prefix.of_subject("subject_fact", at)[0].entry
    ledger.reverse(book, LOCAL, entry, "误登")
    counted_alike(book, Journal(book).refresh().head, ["2021-06-30", "2022-07-10", "2024-12-31"], monkeypatch)


def loan_codes(tables: pool_tables.PoolTables) -> list[str]:
    """Of the first loans of a pool."""
    return [row["loan"] for row in tables.loans[:3]]


def test_a_pool_of_all_is_what_it_is_by_itself(demo: Database) -> None:
    """Tables, register and findings: the page makes those of all pools and chooses a pool's from them."""
    view = ledger.read(demo).view(day("2026-09-30"))
    everything, listed = audit.pools(view), pool_tables.tables_of(view, None)
    pools = [row["pool"] for row in listed.documents["pools"].rows]
    assert len(pools) == 3
    for pool in pools:
        one = listed.about(pool)
        for table, answer in one.documents.items():
            assert list(answer.rows) == list(pool_document(view, table, pool).rows), table
        alone = LoanRegister(view, pool)
        assert (len(one.loans), one.loans[:20]) == (len(alone), alone[:20])
        assert len(alone) > 0
        assert one is listed.about(pool)
        rows = list(alone.every_row())
        assert [one.loans.of(row["loan"]) for row in rows[::7]] == rows[::7]
        others = [code for other in pools if other != pool for code in loan_codes(listed.about(other))]
        assert {one.loans.of(code) for code in others[:3]} == {None}
        pages = [slice(n, n + 3) for n in (0, 3, 6, 9, 12, 15, 0, 3)]  # more than are held
        assert [one.loans[page] for page in pages] == [rows[page] for page in pages]
        assert tuple(everything.about(pool).findings) == tuple(audit.pools(view, pool).findings)
    assert listed.loans.of("nothing") is None
    assert everything.about("nobody").findings == ()
    desk = pool_tables.desk_claims(view)
    of_each = [code for pool in pools for code in desk.about(pool)]
    assert sorted(of_each) == list(desk.about(None)) != []
