"""A distribution that an investor gives back: a kind of its own, in every figure, file and statement; and its migration."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from fof.cli import main
from fof.db import Database
from fof.figures.statements import capital_account
from fof.migrations.lists import with_check
from fof.operations.distribution_history import history_of
from models.kinds import EntryKind
from models.posting_kinds import PostingKind as K
from valuation.returns import xirr

BOOKS = Path(__file__).resolve().parents[2] / "shared" / "cases" / "books"


@pytest.fixture
def told(database: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Runs a command on an empty book of either engine; its document, or what it says."""
    monkeypatch.setenv("FOF_DATABASE_URL", database.engine.url.render_as_string(hide_password=False))

    def run(*words: str, code: int = 0) -> Any:
        capsys.readouterr()
        assert main([*words]) == code, capsys.readouterr().err
        said = capsys.readouterr()
        return json.loads(said.out) if "--json" in words else said.out + said.err

    return run


def total(told: Any, day: str) -> dict[str, Any]:
    rows = told("performance", "--as-of", day, "--json")["rows"]
    found: dict[str, Any] = next(r for r in rows if r["by"] == "portfolio")
    return found


# -- the case from outside ---------------------------------------------------------------------------------------------


@pytest.mark.golden
def test_what_an_investor_gives_back_lowers_what_was_distributed(told: Any) -> None:
    for name in (
        "base.xlsx",
        "08-nav-and-flows/base_flows.xlsx",
        "08-nav-and-flows/v_all.csv",
        "20-lp-giveback/dist.xlsx",
    ):
        told("import", str(BOOKS / name))
    before = total(told, "2022-12-31")
    told("import", str(BOOKS / "20-lp-giveback" / "negative.xlsx"))
    after = total(told, "2022-12-31")
    assert (before["distributed"], after["distributed"]) == ("45000000.00", "43000000.00")
    assert after["paid_in"] == before["paid_in"] == "40000000.00"
    assert after["unfunded"] == before["unfunded"]
    assert after["dpi"] == pytest.approx(43 / 40)
    flows = [-40e6, 45e6, -2e6, float(after["nav"])]
    wanted = xirr(flows, ["2020-01-15", "2022-03-15", "2022-09-15", "2022-12-31"])
    assert after["irr_status"] == wanted.status
    if wanted.status == "one":
        assert after["irr"] == pytest.approx(wanted.rate, abs=1e-12)
    assert total(told, "2022-09-14") == {**total(told, "2022-09-14"), "distributed": "45000000.00"}


@pytest.mark.golden
def test_a_payment_that_nobody_asked_for_may_be_a_distribution_given_back(told: Any) -> None:
    """Sent as a payment it stays one, for the file says so; but it is pointed out before and when it is booked."""
    for name in ("base.xlsx", "20-lp-giveback/dist.xlsx"):
        told("import", str(BOOKS / name))
    sent = str(BOOKS / "20-lp-giveback" / "as_payment.csv")
    assert "退回分配" in told("import", "--dry-run", sent)
    assert "退回分配" in told("import", sent)


# -- files -------------------------------------------------------------------------------------------------------------

HEADER = [
    "基金编号",
    "通知编号",
    "分配日",
    "出资人编号",
    "返还本金（元）",
    "资本利得（元）",
    "可召回本金（元）",
    "退回分配（元）",
]


def small(told: Any, folder: Path, *rows: list[str], code: int = 0) -> Any:
    path = folder / "distributions.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as target:
        csv.writer(target).writerows([HEADER, *rows])
    return told("import", str(path), "--layout", "distributions", code=code)


@pytest.fixture
def fund(clerk: Any, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """100 committed and 60 paid in by PF to F1, valued at 80."""
    monkeypatch.setenv("FOF_DATABASE_URL", sqlite_url)
    clerk.party("PF", "parent_fund", portfolio="yes")
    clerk.party("F1", "sub_fund", established_on="2020-01-01")
    clerk.pay(K.COMMITMENT, "PF", "F1", 100, "2020-01-01", entry=EntryKind.COMMITMENT)
    clerk.pay(K.CALL_INVESTMENT, "PF", "F1", 60, "2020-03-01", entry=EntryKind.CALL_PAYMENT)
    clerk.mark("PF", "F1", 80, "2020-12-31")
    return clerk


def run(capsys: pytest.CaptureFixture[str]) -> Any:
    def told(*words: str, code: int = 0) -> str:
        capsys.readouterr()
        assert main([*words]) == code, capsys.readouterr().err
        said = capsys.readouterr()
        return said.out + said.err

    return told


def test_the_column_and_a_negative_amount_mean_the_same(
    fund: Any, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    told = run(capsys)
    small(told, tmp_path, ["F1", "D1", "2021-03-01", "PF", "30", "10", "", ""])
    small(
        told,
        tmp_path,
        ["F1", "D2", "2021-04-01", "PF", "", "", "", "3"],
        ["F1", "D3", "2021-05-01", "PF", "-1.5", "-0.5", "", ""],
    )
    view = fund.view("2021-12-31")
    found = [
        (K(k).name, fen)
        for k, fen in zip(view.postings.kind.tolist(), view.postings.fen.tolist(), strict=True)
    ]
    assert found[-2:] == [("DISTRIBUTION_RETURNED", 300), ("DISTRIBUTION_RETURNED", 200)]
    account = capital_account(
        view, view.by_code["F1"].id, view.by_code["PF"].id, view.as_of.replace(year=2020)
    )
    assert {i.name: i.fen for i in account.items}["distribution_returned"] == 500
    history, problems = history_of(view, view.by_code["F1"].id)
    assert (history.cash, problems, history.booked) == ([3500], [], {view.by_code["PF"].id: 3500})


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (["F1", "D2", "2021-04-01", "PF", "", "", "", "41"], "40.00"),
        (["F1", "D2", "2021-04-01", "PF", "", "-41", "", ""], "40.00"),
        (["F1", "D2", "2021-04-01", "PF", "5", "-1", "", ""], "不得并存"),
        (["F1", "D2", "2021-04-01", "PF", "", "", "-1", ""], "不得为负"),
        (["F1", "D2", "2021-04-01", "PF", "", "", "", "-1"], "不得为负"),
    ],
)
def test_what_cannot_be_given_back_is_refused(
    fund: Any, capsys: pytest.CaptureFixture[str], tmp_path: Path, row: list[str], said: str
) -> None:
    told = run(capsys)
    small(told, tmp_path, ["F1", "D1", "2021-03-01", "PF", "30", "10", "", ""])
    head = fund.view("2030-01-01").known_at
    assert said in small(told, tmp_path, row, code=2)
    assert fund.view("2030-01-01").known_at == head


def test_it_goes_out_and_comes_back(
    fund: Any, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: Any
) -> None:
    told = run(capsys)
    small(
        told,
        tmp_path,
        ["F1", "D1", "2021-03-01", "PF", "30", "10", "", ""],
        ["F1", "D2", "2021-04-01", "PF", "", "", "", "3"],
    )
    figures = told("performance", "--as-of", "2021-12-31", "--json")
    told("export", "-o", str(tmp_path / "book.xlsx"))
    monkeypatch.setenv("FOF_DATABASE_URL", f"sqlite:///{tmp_path / 'again.sqlite'}")
    told("init")
    told("import", str(tmp_path / "book.xlsx"))
    again = json.loads(told("performance", "--as-of", "2021-12-31", "--json"))
    assert again["rows"] == json.loads(figures)["rows"]
    assert again["rows"][0]["distributed"] == "37.00"


# -- the migration -----------------------------------------------------------------------------------------------------


def test_the_list_gained_one_member_and_nothing_else(clerk_on_both: Any) -> None:
    clerk_on_both.party("PF", "parent_fund", portfolio="yes")
    clerk_on_both.party("F1", "sub_fund")
    clerk_on_both.pay(K.DISTRIBUTION_GAIN, "F1", "PF", 9, "2020-12-31")
    clerk_on_both.pay(K.DISTRIBUTION_RETURNED, "PF", "F1", 2, "2020-12-31")
    statement = sa.text(
        "INSERT INTO posting (entry, line, kind, from_party, to_party, fen) VALUES (99, 1, 22, 1, 2, 1)"
    )
    with pytest.raises(sa.exc.DBAPIError), clerk_on_both.database.engine.begin() as connection:
        connection.execute(statement)
    engine = clerk_on_both.database.engine
    for verb in ("UPDATE posting SET fen = 1", "DELETE FROM posting"):
        with pytest.raises(sa.exc.DBAPIError), engine.begin() as connection:
            connection.execute(sa.text(verb))
    with engine.connect() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM posting")).scalar() == 2


def test_the_text_of_a_table_with_another_condition() -> None:
    text = "CREATE TABLE t (a INTEGER, CONSTRAINT ck_b CHECK (x IN ('(', 'b)')), CONSTRAINT ck_a CHECK ((a > 0) AND a < 5), PRIMARY KEY (a)) STRICT"
    assert with_check(text, "ck_a", "a > 1") == text.replace("(a > 0) AND a < 5", "a > 1")
    assert with_check(text, "ck_b", "1") == text.replace("x IN ('(', 'b)')", "1")
    with pytest.raises(RuntimeError):
        with_check(text, "ck_c", "1")
