"""What happens without cash: a convertible that becomes shares, and shares that a fund hands to its investors."""

from __future__ import annotations

import csv
import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from fof.audit.auditor import auditor_of
from fof.book.cost_paths import cost_paths
from fof.book.holding_columns import holding_columns
from fof.book.holdings import all_holdings, holding
from fof.book.ownership import graph
from fof.book.portfolios import portfolio, whole_book
from fof.book.stakes import stakes
from fof.cli import main
from fof.explain import explain
from fof.figures.leverage import to_companies
from fof.figures.money_flows import money_flows
from fof.figures.performance import combined
from fof.figures.statements import capital_account
from fof.ledger import View
from models.journal import Edge
from models.kinds import DealKind, EntryKind
from models.posting_kinds import PostingKind as K
from valuation.returns import xirr

M = 1_000_000_00
DEALS = [
    "交易编号",
    "基金编号",
    "企业编号",
    "交易日",
    "交易类型",
    "交易金额（元）",
    "投资工具",
    "股权比例",
    "退出方式",
    "轮次",
]
PAID_OUT = [
    "基金编号",
    "通知编号",
    "分配日",
    "出资人编号",
    "返还本金（元）",
    "实物分配（元）",
    "实物分配交易编号",
]
BOUGHT = (
    ["D0", "F1", "C1", "2020-03-20", "首次投资", "5000000", "股权", "5%", "", "A轮"],
    ["D1", "F1", "C1", "2020-04-01", "后续投资", "10000000", "可转债", "", "", ""],
)
CONVERTED = ["D2", "F1", "C1", "2021-06-30", "转股", "", "股权", "8%", "", ""]
SOLD = ["D3", "F1", "C1", "2022-03-01", "部分退出", "12000000", "", "6.5%", "股权转让", ""]
HANDED = ["D4", "F1", "C1", "2022-09-30", "退出", "", "", "6.5%", "实物分配", ""]
RECEIVED = (
    ["F1", "P1", "2022-09-30", "GF", "", "8400000", "D4"],
    ["F1", "P1", "2022-09-30", "SO", "", "5600000", "D4"],
)


class Files:
    """Books rows of one layout through the command line, on the clerk's book."""

    def __init__(self, capsys: Any, folder: Path) -> None:
        self._capsys, self._folder = capsys, folder

    def __call__(self, layout: str, *rows: list[str], code: int = 0) -> str:
        path = self._folder / f"{layout}.csv"
        with path.open("w", encoding="utf-8-sig", newline="") as target:
            csv.writer(target).writerows([DEALS if layout == "deals" else PAID_OUT, *rows])
        return self.run("import", str(path), "--layout", layout, code=code)

    def run(self, *words: str, code: int = 0) -> str:
        self._capsys.readouterr()
        assert main([*words]) == code, self._capsys.readouterr().err
        answer = self._capsys.readouterr()
        return str(answer.out + answer.err)


@pytest.fixture
def files(clerk_on_both: Any, monkeypatch: Any, capsys: Any, tmp_path: Path) -> Files:
    """60 and 40 million promised, half of it paid in; the fund has 5 % of a company and a convertible of 10 million."""
    clerk = clerk_on_both
    monkeypatch.setenv("FOF_DATABASE_URL", clerk.database.engine.url.render_as_string(hide_password=False))
    clerk.party("GF", "guidance_fund", day="2019-01-01", portfolio="yes")
    clerk.party("SO", "social_investor", day="2019-01-01")
    clerk.party("C1", "company", day="2019-01-01")
    clerk.party("F1", "sub_fund", day="2019-01-01", fund_kind="market", strategy="vc")
    for who, yuan in (("GF", 60e6), ("SO", 40e6)):
        clerk.pay(K.COMMITMENT, who, "F1", yuan, "2020-01-01", entry=EntryKind.COMMITMENT, fund="F1")
        clerk.pay(
            K.CALL_INVESTMENT, who, "F1", yuan / 2, "2020-03-01", entry=EntryKind.CALL_PAYMENT, fund="F1"
        )
    files = Files(capsys, tmp_path)
    files("deals", *BOUGHT)
    return files


def held(view: View, fund: str) -> Any:
    return holding(view, view.party(fund).id, view.party("C1").id)


def share_of(view: View, owner: str) -> float | None:
    edges = graph(view).owners_of(view.party("C1").id)
    return next((e.share for e in edges if e.owner == view.party(owner).id), None)


def same_in_columns(view: View) -> None:
    columns = holding_columns(view)
    listed = [
        (h.fund, h.company, h.invested, h.cost, h.share, h.value.fen if h.value.fen is not None else None)
        for h in all_holdings(view)
    ]
    for row, (fund, company, invested, cost, share, fen) in enumerate(listed):
        own = (columns.fund[row], columns.company[row], columns.invested[row], columns.cost[row])
        assert own == (fund, company, invested, cost)
        assert (None if columns.share[row] != columns.share[row] else columns.share[row]) == share
        assert (columns.value[row] if columns.valued[row] else None) == fen


def test_a_convertible_becomes_a_share_at_the_cost_it_had(files: Files, clerk_on_both: Any) -> None:
    before = clerk_on_both.view("2021-06-29")
    assert (held(before, "F1").share, held(before, "F1").cost, share_of(before, "F1")) == (None, 15 * M, None)
    files("deals", CONVERTED)
    view = clerk_on_both.view("2021-06-30")
    own = held(view, "F1")
    assert (own.share, own.cost, own.invested, own.realised, own.state) == (0.13, 15 * M, 15 * M, 0, "held")
    assert share_of(view, "F1") == pytest.approx(0.13)
    assert to_companies(view, {view.party("F1").id}) == {"CNY": 15 * M}
    same_in_columns(view)
    fund = next(f for f in auditor_of(view).office(view).funds if f.code == "F1")
    assert [d.code for d in fund.purchases] == ["D0", "D1"]
    assert next(d.fen for d in fund.deals if d.kind is DealKind.CONVERSION) == 0
    files("deals", SOLD)
    view = clerk_on_both.view("2022-03-01")
    assert (held(view, "F1").cost, held(view, "F1").share) == (7.5 * M, 0.065)
    same_in_columns(view)


def test_a_convertible_that_was_not_converted_leaves_the_share_unknown(
    files: Files, clerk_on_both: Any
) -> None:
    """As it was: what comes back counts against cost first."""
    files("deals", SOLD)
    view = clerk_on_both.view("2022-03-01")
    assert (held(view, "F1").cost, held(view, "F1").share) == (3 * M, None)


def test_shares_in_kind_leave_the_fund_and_are_the_investors(files: Files, clerk_on_both: Any) -> None:
    files("deals", CONVERTED, SOLD, HANDED)
    files("distributions", *RECEIVED)
    before, view = clerk_on_both.view("2022-09-29"), clerk_on_both.view("2022-12-31")
    own = held(view, "F1")
    assert (own.cost, own.proceeds, own.realised, own.value.fen, own.state) == (0, 26 * M, 11 * M, 0, "sold")
    gained = {code: held(view, code) for code in ("GF", "SO")}
    assert {c: (h.cost, h.invested, h.value.fen) for c, h in gained.items()} == {
        "GF": (8.4 * M, 8.4 * M, 8.4 * M),
        "SO": (5.6 * M, 5.6 * M, 5.6 * M),
    }
    assert [h.share for h in gained.values()] == pytest.approx([0.039, 0.026])
    assert share_of(view, "F1") is None
    assert share_of(before, "F1") == pytest.approx(0.065)
    assert share_of(view, "GF") == pytest.approx(0.6 * 0.065)
    assert share_of(view, "SO") == pytest.approx(0.4 * 0.065)
    same_in_columns(view)
    everybody = stakes(view)
    assert (everybody.total("distributed"), everybody.total("paid_in")) == (14 * M, 50 * M)
    assert everybody.total("unfunded") == stakes(before).total("unfunded")


def test_no_cash_moves_and_no_money_reaches_a_company_again(files: Files, clerk_on_both: Any) -> None:
    files("deals", CONVERTED, HANDED)
    files("distributions", *RECEIVED)
    view = clerk_on_both.view("2022-12-31")
    assert to_companies(view, {view.party("F1").id, view.party("GF").id}) == {"CNY": 15 * M}
    [flows] = money_flows(view, whole_book(view, "CNY"), dt.date(2022, 1, 1), dt.date(2022, 12, 31))
    assert (flows.paid_in, flows.paid_out) == ((), ())
    facts = next(f for f in auditor_of(view).office(view).funds if f.code == "F1")
    assert sum(f.fen for f in facts.other_out) == 0
    received = {s.investor.code: sum(f.fen for f in s.received) for s in facts.stakes}
    assert received == {"GF": 8.4 * M, "SO": 5.6 * M}
    guidance = next(f for f in auditor_of(view).office(view).funds if f.code == "GF")
    [company] = guidance.holdings
    assert (company.cost, company.value) == (8.4 * M, 8.4 * M)
    assert "C1" in {c.code for c in auditor_of(view).office(view).companies}


def test_performance_statement_and_explanation_say_the_same(files: Files, clerk_on_both: Any) -> None:
    files("deals", CONVERTED, HANDED)
    files("distributions", *RECEIVED)
    document = json.loads(
        files.run("performance", "--portfolio", "GF", "--as-of", "2022-12-31", "--json", "--lang", "en")
    )
    rows = {r["by"]: r for r in document["rows"]}
    assert (rows["fund"]["distributed"], rows["fund"]["dpi"]) == ("8400000.00", pytest.approx(8.4 / 30))
    assert (rows["direct"]["paid_in"], rows["direct"]["nav"]) == ("8400000.00", "8400000.00")
    view = clerk_on_both.view("2022-12-31")
    fund, investor = view.party("F1").id, view.party("GF").id
    explained = explain(view, whole_book(view, "CNY"), "distributed", "fund", "F1")
    assert explained.value == 14 * M
    assert sum(r.fen or 0 for t in explained.parts for r in t.rows) == 14 * M
    clerk_on_both.mark("GF", "F1", 30e6, "2021-12-31")
    clerk_on_both.mark("GF", "F1", 22e6, "2022-12-31")
    view = clerk_on_both.view("2022-12-31")
    account = capital_account(view, fund, investor, dt.date(2021, 12, 31))
    lines = {i.name: i.fen for i in account.items}
    assert lines["distribution_in_kind"] == -8.4 * M
    assert sum(i.fen for i in account.items if i.kind != "closing") == account.closing.fen


def test_more_of_a_company_that_an_investor_holds_is_added(files: Files, clerk_on_both: Any) -> None:
    """No new value is stated where the investor has some already: what it had stays valued, what came is added."""
    clerk_on_both.deal("GF", "C1", "initial", 1e6, "2021-01-01", share=0.01)
    clerk_on_both.mark("GF", "C1", 2e6, "2021-12-31", method="recent_round")
    files("deals", CONVERTED, HANDED)
    files("distributions", *RECEIVED)
    own = held(clerk_on_both.view("2022-12-31"), "GF")
    assert (own.cost, own.value.fen) == (9.4 * M, 10.4 * M)
    assert own.share == pytest.approx(0.01 + 0.039)


def test_shares_in_kind_come_on_top_of_what_was_declared_before(files: Files, clerk_on_both: Any) -> None:
    """A declaration of the day or later says what is held in all; an older one knew nothing of what came."""

    def state(day: str, share: float) -> None:
        clerk_on_both.rows(
            EntryKind.OWNERSHIP,
            day,
            lambda v: [Edge(v.by_code["SO"].id, v.by_code["C1"].id, round(share * 1e9), "equity", None)],
        )

    state("2020-01-01", 0.1)
    files("deals", CONVERTED, HANDED)
    files("distributions", *RECEIVED)
    assert share_of(clerk_on_both.view("2022-09-29"), "SO") == pytest.approx(0.1)
    assert share_of(clerk_on_both.view("2022-12-31"), "SO") == pytest.approx(0.126)
    state("2023-01-01", 0.12)
    assert share_of(clerk_on_both.view("2023-01-01"), "SO") == pytest.approx(0.12)


def test_part_of_a_holding_in_kind_releases_its_part_of_the_cost_once(
    files: Files, clerk_on_both: Any
) -> None:
    part = ["D4", "F1", "C1", "2022-09-30", "部分退出", "", "", "5.2%", "实物分配", ""]
    files("deals", CONVERTED, part)
    files("distributions", *RECEIVED)
    own = held(clerk_on_both.view("2022-12-31"), "F1")
    assert (own.cost, own.share, own.state) == (9 * M, pytest.approx(0.078), "part_sold")
    path = cost_paths(clerk_on_both.view("2030-01-01"))[own.fund, own.company]
    assert sum(m.fen for m in path.moves if m.is_proceeds) == -14 * M


@pytest.mark.parametrize(
    ("layout", "row", "code"),
    [
        ("deals", [*CONVERTED[:5], "1", *CONVERTED[6:]], "without_cash"),
        ("deals", [*CONVERTED[:7], "", *CONVERTED[8:]], "required"),
        ("deals", [*CONVERTED[:9], "B轮"], "no_round"),
        ("deals", [*HANDED[:5], "14000000", *HANDED[6:]], "without_cash"),
        ("distributions", ["F1", "P1", "2022-09-30", "GF", "", "1", ""], "required"),
        ("distributions", ["F1", "P1", "2022-09-30", "GF", "1", "", "D0"], "required"),
        ("distributions", ["F1", "P1", "2022-09-30", "GF", "", "1", "D0"], "not_an_exit_in_kind"),
        ("distributions", ["F1", "P1", "2022-09-30", "GF", "", "1", "D9"], "not_an_exit_in_kind"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_booked(
    files: Files, clerk_on_both: Any, layout: str, row: list[str], code: str
) -> None:
    head = clerk_on_both.view("2030-01-01").known_at
    path = files._folder / "one.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as target:
        csv.writer(target).writerows([DEALS if layout == "deals" else PAID_OUT, row])
    assert code in files.run("import", str(path), "--layout", layout, "--json", code=2)
    assert clerk_on_both.view("2030-01-01").known_at == head


def test_it_goes_out_and_comes_back(
    files: Files, clerk_on_both: Any, tmp_path: Path, monkeypatch: Any
) -> None:
    files("deals", CONVERTED, SOLD, HANDED)
    files("distributions", *RECEIVED)
    ask = ("performance", "--portfolio", "GF", "--as-of", "2022-12-31", "--json")
    figures = json.loads(files.run(*ask))
    files.run("export", "-o", str(tmp_path / "book.xlsx"))
    monkeypatch.setenv("FOF_DATABASE_URL", f"sqlite:///{tmp_path / 'again.sqlite'}")
    files.run("init")
    files.run("import", str(tmp_path / "book.xlsx"))
    again = json.loads(files.run(*ask))
    assert again["rows"] == figures["rows"]
    files.run("verify")
    files.run("export", "-o", str(tmp_path / "second.xlsx"))


# -- capital that was paid in outside the commitment -----------------------------------------------------------------------

COMMITTED = [
    "基金编号",
    "出资人编号",
    "日期",
    "变动类型",
    "认缴金额（元）",
    "受让方编号",
    "随转实缴（元）",
    "随转实缴（认缴外）（元）",
]


def test_a_transfer_says_what_lies_outside_the_commitment(files: Files, clerk_on_both: Any) -> None:
    """40 promised, 20 paid in inside and 3 outside: half of it sold leaves 10 unfunded on either side."""
    clerk_on_both.pay(
        K.CALL_FEE_OUTSIDE, "SO", "F1", 3e6, "2020-03-01", entry=EntryKind.CALL_PAYMENT, fund="F1"
    )
    clerk_on_both.party("NEW", "social_investor", day="2019-01-01")
    path = files._folder / "commitments.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as target:
        row = ["F1", "SO", "2021-05-01", "转让", "20000000", "NEW", "10000000", "1500000"]
        csv.writer(target).writerows([COMMITTED, row])
    files.run("import", str(path), "--layout", "commitments")
    every = stakes(clerk_on_both.view("2021-06-30"))
    view = clerk_on_both.view("2021-06-30")
    for code in ("SO", "NEW"):
        own = every.of({view.party(code).id}, None)
        figures = (own.total("committed"), own.total("paid_in"), own.total("unfunded"))
        assert figures == (20 * M, 11.5 * M, 10 * M), code
        assert own.outside.tolist() == [1.5 * M]
    explained = explain(view, whole_book(view, "CNY"), "unfunded", "fund", "F1")
    assert explained.value == 50 * M
    files.run("export", "-o", str(files._folder / "moved.xlsx"))


def test_what_is_left_blank_is_said(files: Files, clerk_on_both: Any) -> None:
    clerk_on_both.pay(
        K.CALL_FEE_OUTSIDE, "SO", "F1", 3e6, "2020-03-01", entry=EntryKind.CALL_PAYMENT, fund="F1"
    )
    clerk_on_both.party("NEW", "social_investor", day="2019-01-01")
    path = files._folder / "commitments.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as target:
        row = ["F1", "SO", "2021-05-01", "转让", "20000000", "NEW", "10000000", ""]
        csv.writer(target).writerows([COMMITTED, row])
    assert "outside_not_stated" in files.run("import", str(path), "--layout", "commitments", "--json")


def test_a_reorganisation_takes_it_along(files: Files, clerk_on_both: Any) -> None:
    """It was refused: unfunded would not have stayed what it was."""
    clerk_on_both.pay(
        K.CALL_FEE_OUTSIDE, "GF", "F1", 3e6, "2020-03-01", entry=EntryKind.CALL_PAYMENT, fund="F1"
    )
    clerk_on_both.party("PF", "parent_fund", day="2019-01-01", portfolio="yes")
    before = stakes(clerk_on_both.view("2021-06-29"))
    files.run(
        *("operations", "merge", "--from", "GF", "--into", "PF", "--on", "2021-06-30"),
        *("--document", "方案", "--book"),
    )
    view = clerk_on_both.view("2021-06-30")
    after, owner = stakes(view), view.party("PF").id
    for measure in ("committed", "paid_in", "unfunded", "distributed"):
        assert after.of({owner}, None).total(measure) == before.of({view.party("GF").id}, None).total(measure)
        assert after.total(measure) == before.total(measure)
    assert after.of({owner}, None).outside.tolist() == [3 * M]


def test_what_is_given_back_is_judged_on_its_day_whatever_the_file_says_elsewhere(
    files: Files, clerk_on_both: Any, tmp_path: Path, monkeypatch: Any
) -> None:
    """What was paid out in shares is planned after other distributions, and a stake passed on takes its history along."""
    clerk = clerk_on_both
    files("deals", CONVERTED, SOLD, HANDED)
    files("distributions", *RECEIVED)
    files("distributions", ["F1", "P2", "2022-12-01", "GF", "-1000000", "", ""])
    clerk.party("PF", "parent_fund", day="2019-01-01")
    moved = ((K.COMMITMENT_TRANSFER, 60e6), (K.PAID_IN_TRANSFER, 30e6), (K.DISTRIBUTED_TRANSFER, 7.4e6))
    clerk.pay_many(
        "2023-01-01",
        [(kind, "GF", "PF", yuan) for kind, yuan in moved],
        entry=EntryKind.COMMITMENT_TRANSFER,
        fund="F1",
    )
    sent = tmp_path / "book.xlsx"
    files.run("export", "-o", str(sent))
    monkeypatch.setenv("FOF_DATABASE_URL", f"sqlite:///{tmp_path / 'again.sqlite'}")
    files.run("init")
    assert "没有认缴" not in files.run("import", str(sent))


def test_what_a_fund_hands_its_investor_stays_within_all_it_has(files: Files, clerk_on_both: Any) -> None:
    """30m paid in, fund's stake worth 22m, 8.4m of shares in kind: 30.4m for 30m is 1.0133; on both sides of the two together it was 1.0104."""
    clerk_on_both.mark("GF", "F1", 30e6, "2021-12-31")
    files("deals", CONVERTED, HANDED)
    files("distributions", *RECEIVED)
    clerk_on_both.mark("GF", "F1", 22e6, "2022-12-31")
    view = clerk_on_both.view("2022-12-31")
    gf = portfolio(view, "GF")
    row = combined(view, gf)
    assert (row.paid_in, row.distributed, row.nav.fen) == (30 * M, 0, 30.4 * M)
    assert row.tvpi == pytest.approx(30.4 / 30)
    clerk_on_both.deal("GF", "C1", "partial_exit", 2e6, "2023-03-01", share=0.01)
    view = clerk_on_both.view("2023-12-31")
    row = combined(view, portfolio(view, "GF"))
    assert (row.paid_in, row.distributed) == (30 * M, 2 * M)
    for figure in ("paid_in", "distributed", "tvpi"):
        opened = explain(view, portfolio(view, "GF"), figure, "combined")
        assert opened.value == row.value_of(figure)
        if figure != "tvpi":
            assert sum(r.fen or 0 for t in opened.parts for r in t.rows) == getattr(row, figure)


def test_of_funds_and_companies_together_the_known_part_says_what_it_paid(
    files: Files, clerk_on_both: Any
) -> None:
    """By hand: 30 million into F1 (value 22) and 10 into F2, of which nobody states a value; 8.4 received in shares of C1,
    worth 9; 5 into C2, worth 6. What F1 handed over within the two stays within, until F1 is the part that is not known."""
    clerk = clerk_on_both
    for layout, rows in (("deals", [CONVERTED, SOLD, HANDED]), ("distributions", RECEIVED)):
        files(layout, *rows)
    clerk.party("F2", "sub_fund", day="2019-01-01")
    clerk.party("C2", "company", day="2019-01-01")
    clerk.pay(K.COMMITMENT, "GF", "F2", 20e6, "2021-01-01", entry=EntryKind.COMMITMENT, fund="F2")
    clerk.pay(K.CALL_INVESTMENT, "GF", "F2", 10e6, "2021-03-01", entry=EntryKind.CALL_PAYMENT, fund="F2")
    clerk.deal("GF", "C2", "initial", 5e6, "2022-11-01")
    clerk.mark("GF", "C1", 9e6, "2022-12-31")
    clerk.mark("GF", "C2", 6e6, "2022-12-31")

    def known() -> tuple[Any, ...]:
        view = clerk.view("2022-12-31")
        whole = combined(view, portfolio(view))
        assert (whole.paid_in, whole.distributed, whole.nav.fen) == (45e8, 0, None)
        part = whole.known.figures
        return part.paid_in, part.distributed, part.nav.fen, part.tvpi, part.irr.value

    def rate(*flows: tuple[float, str]) -> Any:
        return pytest.approx(xirr([fen for fen, _ in flows], [day for _, day in flows]).rate, abs=1e-12)

    own = rate((-8.4, "2022-09-30"), (-5, "2022-11-01"), (15, "2022-12-31"))
    assert known() == (13.4e8, 0, 15e8, pytest.approx(15 / 13.4), own)
    clerk.mark("GF", "F1", 22e6, "2022-12-31")
    own = rate((-30, "2020-03-01"), (-5, "2022-11-01"), (37, "2022-12-31"))
    assert known() == (35e8, 0, 37e8, pytest.approx(37 / 35), own)
