"""Funds that go up in others, and funds that are closed: values once, successors one, calls none."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from fof import ledger
from fof.book.portfolios import portfolio, whole_book
from fof.cli import main
from fof.db import Database
from fof.errors import Refused
from fof.explain import explain, explain_item
from fof.figures.overview import overview
from fof.figures.performance import performance, portfolio_total
from fof.figures.statements import bridge, capital_account
from fof.ledger.verify import verify
from fof.operations.closes import checklist
from fof.operations.roll_forward import roll_forward
from models.kinds import EntryKind
from models.posting_kinds import PostingKind as K

BOOKS = Path(__file__).resolve().parents[2] / "shared" / "cases" / "books"


@pytest.fixture
def told(database: Database, monkeypatch, capsys):
    """Runs a command on an empty book of either engine; gives what it said."""
    monkeypatch.setenv("FOF_DATABASE_URL", database.engine.url.render_as_string(hide_password=False))

    def run(*words: str, code: int = 0):
        capsys.readouterr()
        assert main([*words]) == code, capsys.readouterr().err
        said = capsys.readouterr()
        return json.loads(said.out) if "--json" in words else said.out + said.err

    return run


@pytest.mark.golden
def test_an_absorbed_fund_counts_once(told):
    for name in (
        "base.xlsx",
        "08-nav-and-flows/base_flows.xlsx",
        "08-nav-and-flows/v_all.csv",
        "15-rename-merge/s2.xlsx",
    ):
        told("import", str(BOOKS / name))
    said = told(
        "operations", "merge", "--from", "S2", "--into", "S1", "--on", "2021-06-30", "--document", "x", code=2
    )
    assert "承继自" in said
    told("import", str(BOOKS / "15-rename-merge" / "successor.csv"))
    said = told(
        "operations", "merge", "--from", "S2", "--into", "S1", "--on", "2021-06-30", "--document", "x", code=2
    )
    assert "已由示例子基金一承继" in said
    between = told("performance", "--as-of", "2021-09-30", "--json")["rows"][-1]
    assert (between["nav"], between["tvpi"]) == ("66000000.00", 1.1)
    told("import", str(BOOKS / "15-rename-merge" / "nav_after_absorption.csv"))
    row = told("performance", "--as-of", "2021-12-31", "--json")["rows"][-1]
    assert (row["nav"], row["tvpi"], round(100 * row["irr"], 2)) == ("66000000.00", 1.1, 4.98)


@pytest.mark.golden
def test_a_statement_of_nought_on_the_day_of_the_merger_is_what_is_left(told):
    files = (
        "base.xlsx",
        "08-nav-and-flows/base_flows.xlsx",
        "08-nav-and-flows/v_all.csv",
        "15-rename-merge/s2.xlsx",
    )
    for name in (*files, "15-rename-merge/successor.csv", "15-rename-merge/s2_nav_zero.csv"):
        told("import", str(BOOKS / name))
    assert told("performance", "--as-of", "2021-09-30", "--json")["rows"][-1]["nav"] == "66000000.00"
    told("import", str(BOOKS / "15-rename-merge" / "nav_after_absorption.csv"))
    assert told("performance", "--as-of", "2021-12-31", "--json")["rows"][-1]["nav"] == "66000000.00"


def two_funds(clerk) -> None:
    """A and B hold S1 (40 and 20 paid in, worth 44 and 22), A and C hold S2 (20 and 10, worth 22 and 11)."""
    for code in ("A", "B", "C"):
        clerk.party(code)
    for code in ("S1", "S2"):
        clerk.party(code, "sub_fund", name=f"示例{code}")
    for who, fund, paid, worth in (
        ("A", "S1", 40, 44),
        ("B", "S1", 20, 22),
        ("A", "S2", 20, 22),
        ("C", "S2", 10, 11),
    ):
        clerk.pay(K.COMMITMENT, who, fund, 100, "2020-01-01", fund=fund)
        clerk.pay(K.CALL_INVESTMENT, who, fund, paid, "2020-02-01", fund=fund)
        clerk.mark(who, fund, worth, "2020-12-31")


def merged(clerk, day: str = "2021-06-30") -> None:
    clerk.fact("S1", day, "successor_of", "S2")
    clerk.fact("S2", day, "status", "merged")


def test_the_value_of_an_absorbed_fund_is_its_successors_until_that_is_stated(clerk):
    two_funds(clerk)
    merged(clerk)

    def navs(day: str):
        view = clerk.view(day)
        by = {r.key: r.nav.fen for r in performance(view, whole_book(view, "CNY"), "investor").rows}
        whole = portfolio_total(view, whole_book(view, "CNY"))
        return by, whole.nav.fen

    assert navs("2021-03-31") == ({"A": 66_00, "B": 22_00, "C": 11_00}, 99_00)
    assert navs("2021-09-30") == ({"A": 66_00, "B": 22_00, "C": 11_00}, 99_00)
    clerk.mark("A", "S1", 70, "2021-12-31")
    clerk.mark("B", "S1", 23, "2021-12-31")
    assert navs("2021-12-31") == ({"A": 70_00, "B": 23_00, "C": 11_00}, 104_00)
    clerk.mark("C", "S1", 12, "2021-12-31")  # who has no stake in the successor is told of there all the same
    assert navs("2021-12-31") == ({"A": 70_00, "B": 23_00, "C": 12_00}, 105_00)
    clerk.mark("S1", "S1", 110, "2022-03-31")
    assert navs("2022-03-31")[1] == 110_00


def test_a_whole_fund_stated_as_such_takes_over_what_it_absorbed(clerk):
    two_funds(clerk)
    clerk.mark("S1", "S1", 60, "2021-03-31")
    clerk.mark("S2", "S2", 30, "2021-03-31")
    merged(clerk)
    clerk.pay(K.DISTRIBUTION_GAIN, "S2", "C", 1, "2021-08-31", fund="S2")
    view = clerk.view("2021-09-30")
    own = whole_book(view, "CNY")
    assert portfolio_total(view, own).nav.fen == 89_00
    shown = explain(view, own, "nav")
    assert shown.value == 89_00 == sum(r.fen for p in shown.parts for r in p.rows)
    clerk.mark("S1", "S1", 95, "2021-12-31")
    view = clerk.view("2021-12-31")
    assert portfolio_total(view, whole_book(view, "CNY")).nav.fen == 95_00


def test_accounts_and_quarters_show_what_came_from_the_absorbed_fund(clerk):
    two_funds(clerk)
    merged(clerk)
    clerk.fact("A", "2020-01-01", "portfolio", "yes")
    clerk.mark("A", "S1", 70, "2021-09-30")
    view = clerk.view("2021-09-30")
    a, s1, s2 = (view.party(c).id for c in ("A", "S1", "S2"))
    start = dt.date(2020, 12, 31)
    for fund, expected in (
        (s1, {"opening": 44_00, "absorbed": 22_00, "result": 4_00, "closing": 70_00}),
        (s2, {"opening": 22_00, "absorbed": -22_00, "result": 0, "closing": 0}),
    ):
        account = capital_account(view, fund, a, start)
        assert {i.name: i.fen for i in account.items} == expected
        for item in account.items:
            if item.name != "result":
                assert sum(r.fen or 0 for r in explain_item(view, account, item).rows) == item.fen
    shown = explain(view, portfolio(view), "nav")
    assert shown.value == 70_00 == sum(r.fen for p in shown.parts for r in p.rows)
    earlier = explain(clerk.view("2021-08-31"), portfolio(view), "nav")
    assert earlier.value == 66_00 == sum(r.fen for p in earlier.parts for r in p.rows)
    [roll] = roll_forward(view, portfolio(view), dt.date(2021, 9, 30))
    assert (roll.fund, roll.opening.fen, roll.transferred, roll.result) == (s1, 66_00, 0, 4_00)
    assert bridge(view, s2, dt.date(2021, 6, 29)) is not None


def test_a_part_without_a_value_is_not_made_of_what_was_absorbed(clerk):
    two_funds(clerk)
    clerk.pay(K.COMMITMENT, "C", "S1", 50, "2020-01-01", fund="S1")
    clerk.pay(K.CALL_INVESTMENT, "C", "S1", 5, "2020-02-01", fund="S1")
    merged(clerk)
    view = clerk.view("2021-09-30")
    rows = {r.key: r for r in performance(view, whole_book(view, "CNY"), "investor").rows}
    assert rows["C"].nav.fen is None
    assert rows["C"].known is None


# -- one successor --------------------------------------------------------------------------------------------------


def refused(call, *args) -> list[str]:
    with pytest.raises(Refused) as found:
        call(*args)
    return [p.code for p in found.value.problems]


def test_a_fund_has_one_successor_at_a_time(clerk_on_both):
    clerk = clerk_on_both
    for code in ("S1", "S2", "S3"):
        clerk.party(code, "sub_fund")
    clerk.fact("S1", "2021-06-30", "successor_of", "S2")
    assert refused(clerk.fact, "S3", "2021-09-30", "successor_of", "S2") == ["two_successors"]
    assert refused(clerk.fact, "S3", "2020-12-31", "successor_of", "S2") == ["two_successors"]
    assert refused(clerk.fact, "S2", "2021-09-30", "successor_of", "S1") == ["succession_cycle"]
    assert refused(clerk.fact, "S1", "2021-09-30", "successor_of", "S1") == ["succession_cycle"]
    clerk.fact("S1", "2022-01-01", "successor_of", "")  # taken back from a day on
    clerk.fact("S3", "2022-01-01", "successor_of", "S2")
    assert verify(clerk.database).passed("succession")


def test_two_successors_in_one_file_are_refused(told, tmp_path):
    file = tmp_path / "funds.csv"
    head = "编号,主体类别,名称,生效日,状态,承继自\n"
    file.write_text(
        head
        + "S2,子基金,二号,2018-01-01,投资期,\nS1,子基金,一号,2021-06-30,投资期,S2\nS3,子基金,三号,2021-06-30,投资期,S2\n",
        encoding="utf-8",
    )
    assert "承继方" in told("import", str(file), code=2)
    file.write_text(
        head + "S2,子基金,二号,2018-01-01,投资期,\nS1,子基金,一号,2021-06-30,投资期,S2\n", encoding="utf-8"
    )
    told("import", str(file))
    file.write_text(head + "S3,子基金,三号,2021-09-30,投资期,S2\n", encoding="utf-8")
    assert "承继方" in told("import", str(file), code=2)


def test_a_merger_into_a_second_successor_is_refused(clerk):
    from fof.access import LOCAL
    from fof.operations.reorganisations import book_reorganisation, plan_reorganisation

    clerk.party("OLD", "guidance_fund")
    for code in ("P1", "P2"):
        clerk.party(code, "parent_fund")
    clerk.party("F", "sub_fund")
    clerk.pay(K.COMMITMENT, "OLD", "F", 100, "2020-01-01")
    clerk.fact("P1", "2021-01-01", "successor_of", "OLD")
    view = ledger.read(clerk.database).view(None)
    plan = plan_reorganisation(
        view, [view.party("OLD").id], view.party("P2").id, dt.date(2021, 6, 30), "批复"
    )
    assert refused(book_reorganisation, clerk.database, LOCAL, plan) == ["two_successors"]


def test_verify_sees_two_successors(clerk_on_both, monkeypatch):
    clerk = clerk_on_both
    for code in ("S1", "S2", "S3"):
        clerk.party(code, "sub_fund")
    first = clerk.fact("S1", "2021-06-30", "successor_of", "S2")
    assert verify(clerk.database).passed("succession")
    with monkeypatch.context() as past:
        past.setattr("fof.ledger.checks.successions", lambda change: iter(()))
        second = clerk.fact("S3", "2021-09-30", "successor_of", "S2")
    found = verify(clerk.database)
    [wrong] = [c for c in found.problems if c.name == "succession"]
    assert f"entry {second}" in wrong.text.en
    assert second > first


# -- closed funds ---------------------------------------------------------------------------------------------------


def closed_fund(clerk) -> None:
    two_funds(clerk)
    clerk.fact("A", "2020-01-01", "portfolio", "yes")
    clerk.fact("S2", "2021-05-01", "status", "liquidating")
    clerk.fact("S2", "2021-06-30", "status", "closed")


def test_a_status_makes_no_value_and_what_is_left_is_named(clerk_on_both):
    clerk = clerk_on_both
    closed_fund(clerk)
    view = clerk.view("2021-09-30")
    own = portfolio(view)
    row = next(r for r in performance(view, own).rows if r.key == "S2")
    assert (row.nav.fen, row.tvpi) == (22_00, 1.1)
    [left] = overview(view, own).closed
    assert (view.parties[left.fund].code, left.value.fen) == ("S2", 22_00)
    assert [m.fen for m in checklist(view, own, dt.date(2021, 9, 30)) if m.code == "closed_with_value"] == [
        22_00
    ]
    clerk.pay(K.DISTRIBUTION_GAIN, "S2", "A", 23, "2021-10-15", fund="S2")  # what still comes back is normal
    clerk.mark("S2", "S2", 0, "2021-10-31")
    view = clerk.view("2021-12-31")
    row = next(r for r in performance(view, own).rows if r.key == "S2")
    assert (row.nav.fen, row.distributed) == (0, 23_00)
    assert overview(view, own).closed == ()


def test_nothing_is_called_for_a_closed_fund_but_a_liability(clerk_on_both):
    clerk = clerk_on_both
    closed_fund(clerk)
    notice = ("capital_call", "N9", "2021-09-30")

    def call(day: str):
        return clerk.pay_many(
            day, [(K.CALL_DUE, "A", "S2", 5)], fund="S2", entry=EntryKind.CAPITAL_CALL, notice=notice
        )

    assert refused(call, "2021-09-01") == ["fund_closed"]
    assert refused(clerk.pay, K.CALL_INVESTMENT, "A", "S2", 5, "2021-09-01") == ["fund_closed"]
    call("2021-06-30")  # the last day itself
    clerk.pay_many(
        "2021-09-15",
        [(K.CALL_INVESTMENT, "A", "S2", 5)],
        fund="S2",
        entry=EntryKind.CALL_PAYMENT,
        notice=("capital_call", "N9", None),
    )
    assert refused(clerk.fact, "S2", "2021-06-01", "status", "closed") == ["called_after_closing"]


def test_a_document_may_name_the_liability(told, tmp_path):
    def book(name: str, text: str, code: int = 0) -> str:
        file = tmp_path / f"{name}.csv"
        file.write_text(text, encoding="utf-8")
        return told("import", str(file), "--layout", name, code=code)

    book("parties", "编号,主体类别,名称,生效日,所有制\nLP,社会资本,示例出资人,2018-01-01,民营\n")
    book("funds", "编号,主体类别,名称,生效日,状态\nS,子基金,示例基金,2018-01-01,投资期\n")
    book("commitments", "基金编号,出资人编号,签署日,变动类型,认缴金额（元）\nS,LP,2018-01-01,认缴,1000\n")
    book("funds", "编号,主体类别,名称,生效日,状态\nS,子基金,,2021-06-30,已清算\n")
    head = "基金编号,通知编号,通知日,缴款截止日,出资人编号,投资款（元）,文件\n"
    said = book("capital_calls", head + "S,N1,2021-09-01,2021-09-30,LP,100,出资通知书\n", code=2)
    assert "已清算" in said
    assert "示例基金" in said
    book("capital_calls", head + "S,N1,2021-09-01,2021-09-30,LP,100,清算后债务分担函\n")
