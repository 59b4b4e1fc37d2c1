"""A call that an investor pays with something other than money: shares of a company, or another thing, at a stated value."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from screens import drawn, screens_over
from second.holdings import holdings as second_holdings
from second.returns import portfolio_stakes, returns
from second.rows import Rows

from fof import ledger
from fof.access import LOCAL
from fof.audit.auditor import auditor_of, guidance
from fof.book.funds import cash_balance
from fof.book.holding_columns import holding_columns
from fof.book.holdings import all_holdings, holding
from fof.book.notices import calls
from fof.book.ownership import graph
from fof.book.portfolios import portfolio, whole_book
from fof.book.stakes import stakes
from fof.cli import main
from fof.errors import BookingRefused, ImportRefused, Refused
from fof.explain import explain
from fof.figures.leverage import to_companies
from fof.figures.money_flows import money_flows
from fof.figures.performance import combined, portfolio_total
from fof.figures.statements import capital_account
from fof.intake.preview import book, preview
from fof.ledger import Draft, Plan, View, checks
from fof.ledger.record import request_digest
from fof.ledger.verify import verify
from fof.operations.payments import mark_paid
from models.journal import Edge, Posting
from models.kinds import EntryKind
from models.posting_kinds import PostingKind as K

M = 1_000_000_00
HEADERS = {
    "出资通知": [
        "基金编号",
        "通知编号",
        "通知日",
        "缴款截止日",
        "出资人编号",
        "投资款（元）",
        "管理费（认缴内）（元）",
    ],
    "缴款到账": [
        "基金编号",
        "通知编号",
        "出资人编号",
        "实缴日",
        "实缴金额（元）",
        "非货币出资（元）",
        "非货币出资交易编号",
        "文件",
    ],
    "投资与退出": [
        "交易编号",
        "基金编号",
        "企业编号",
        "交易日",
        "交易类型",
        "交易金额（元）",
        "出资人以其出资",
        "股权比例",
        "退出方式",
    ],
}
CALLED = [
    ["F1", "1", "2020-03-01", "2020-03-31", who, fen, fee]
    for who, fen, fee in (("GF", 28e6, 2e6), ("SO", 19e6, 1e6))
]
TAKEN = ["D1", "F1", "C1", "2020-03-15", "首次投资", "", "是", "6%", ""]
GIVEN = ["D2", "GF", "C1", "2020-03-15", "部分退出", "", "", "6%", "作价出资"]
SHARES = ["F1", "1", "GF", "2020-03-15", "", 12e6, "D1", "评估报告 2020-7"]
LAND = ["F1", "1", "SO", "2020-03-15", "", 5e6, "", "土地评估报告"]
MONEY = ["F1", "1", "GF", "2020-03-20", 18e6, "", "", ""]


class Office:
    """Books sheets through the command line, on the clerk's book."""

    def __init__(self, clerk: Any, capsys: Any, folder: Path) -> None:
        self.clerk, self._capsys, self._folder = clerk, capsys, folder

    def file(self, sheets: dict[str, list[list[Any]]], name: str = "office.xlsx") -> Path:
        path = self._folder / name
        with xlsxwriter.Workbook(str(path)) as book:
            for title, rows in sheets.items():
                sheet = book.add_worksheet(title)
                for place, row in enumerate([HEADERS[title], *rows]):
                    sheet.write_row(place, 0, row)
        return path

    def book(self, code: int = 0, **sheets: list[list[Any]]) -> str:
        titles = {"calls": "出资通知", "payments": "缴款到账", "deals": "投资与退出"}
        return self.run(
            "import", str(self.file({titles[k]: rows for k, rows in sheets.items()})), "--json", code=code
        )

    def run(self, *words: str, code: int = 0) -> str:
        self._capsys.readouterr()
        got = main([*words])
        assert got == code, self._capsys.readouterr()
        answer = self._capsys.readouterr()
        return str(answer.out + answer.err)

    def view(self, day: str) -> View:
        view: View = self.clerk.view(day)
        return view


@pytest.fixture
def office(clerk_on_both: Any, monkeypatch: Any, capsys: Any, tmp_path: Path) -> Office:
    """60 and 40 million promised, half of it called; the guidance fund has 10 % of a company, bought for 8 million."""
    clerk = clerk_on_both
    monkeypatch.setenv("FOF_DATABASE_URL", clerk.database.engine.url.render_as_string(hide_password=False))
    clerk.party("GF", "guidance_fund", day="2018-01-01", portfolio="yes")
    clerk.party("SO", "social_investor", day="2018-01-01")
    clerk.party("C1", "company", day="2018-01-01")
    clerk.party("F1", "sub_fund", day="2019-01-01", fund_kind="market", strategy="vc")
    clerk.deal("GF", "C1", "initial", 8e6, "2019-01-01", share=0.1)
    for who, yuan in (("GF", 60e6), ("SO", 40e6)):
        clerk.pay(K.COMMITMENT, who, "F1", yuan, "2020-01-01", entry=EntryKind.COMMITMENT, fund="F1")
    office = Office(clerk, capsys, tmp_path)
    office.book(calls=CALLED)
    return office


def everything(office: Office) -> View:
    office.book(payments=[SHARES, MONEY, LAND], deals=[TAKEN, GIVEN])
    return office.view("2020-12-31")


def test_what_is_handed_over_is_paid_in_and_moves_no_cash(office: Office) -> None:
    view = everything(office)
    fund, guidance, company = (view.party(c).id for c in ("F1", "GF", "C1"))
    own = {view.party(c).id: stakes(view).of({view.party(c).id}, {fund}) for c in ("GF", "SO")}
    assert [s.total("paid_in") for s in own.values()] == [30 * M, 5 * M]
    assert [s.total("unfunded") for s in own.values()] == [30 * M, 35 * M]
    assert {c.investor: (c.paid, c.open, c.state) for c in calls(view, {fund})} == {
        guidance: (30 * M, 0, "paid"),
        view.party("SO").id: (5 * M, 15 * M, "overdue"),
    }
    assert cash_balance(view, fund) == 18 * M
    assert not any(to_companies(view, {fund}).values())
    [flows] = money_flows(view, whole_book(view, "CNY"), dt.date(2020, 1, 1), dt.date(2020, 12, 31))
    assert {link.fen for link in flows.paid_in} == {18 * M}
    taken, given = holding(view, fund, company), holding(view, guidance, company)
    assert (taken.invested, taken.cost, taken.share) == (12 * M, 12 * M, 0.06)
    assert (given.cost, given.proceeds, given.realised) == (3.2 * M, 12 * M, 7.2 * M)
    assert given.share == pytest.approx(0.04)
    edges = {e.owner: e.share for e in graph(view).owners_of(company)}
    assert edges == {fund: pytest.approx(0.06), guidance: pytest.approx(0.04)}
    columns = holding_columns(view)
    assert [(columns.cost[n], columns.invested[n]) for n in range(2)] == [
        (h.cost, h.invested) for h in all_holdings(view)
    ]


def test_shares_that_an_investor_pays_in_stay_within_all_it_has(office: Office) -> None:
    """8m in a company and 18m in money; 12m of shares go into the fund. Stake 33m and 4m left: 37 of 26, not 49 of 38."""
    everything(office)
    office.clerk.mark("GF", "F1", 33e6, "2021-12-31")
    office.clerk.mark("GF", "C1", 4e6, "2021-12-31", method="recent_round")
    view = office.view("2021-12-31")
    gf = portfolio(view, "GF")
    row = combined(view, gf)
    assert (row.paid_in, row.distributed, row.nav.fen) == (26 * M, 0, 37 * M)
    assert row.tvpi == pytest.approx(37 / 26)
    for figure in ("paid_in", "distributed"):
        opened = explain(view, gf, figure, "combined")
        assert sum(r.fen or 0 for t in opened.parts for r in t.rows) == opened.value == getattr(row, figure)


def test_a_payment_in_money_is_split_over_what_the_thing_left_open(office: Office) -> None:
    """28 for investments and 2 for fees are asked: 12 in kind are of the investments, 18 in money pay the rest of both."""
    view = everything(office)
    p = view.postings
    paid = {
        K(int(k)).name: int(f) // M
        for k, f, who in zip(p.kind, p.fen, p.from_party, strict=True)
        if who == view.party("GF").id and k in (K.CALL_INVESTMENT, K.CALL_FEE_INSIDE, K.CONTRIBUTION_IN_KIND)
    }
    assert paid == {"CALL_INVESTMENT": 16, "CALL_FEE_INSIDE": 2, "CONTRIBUTION_IN_KIND": 12}


def test_figures_statement_explanation_and_the_second_computation_say_the_same(office: Office) -> None:
    view = everything(office)
    fund, investor = view.party("F1").id, view.party("GF").id
    office.clerk.mark("GF", "F1", 33e6, "2021-12-31")
    office.clerk.mark("GF", "C1", 4e6, "2021-12-31", method="recent_round")
    view = office.view("2021-12-31")
    row = portfolio_total(view, portfolio(view, "GF"))
    assert (row.paid_in, row.nav.fen) == (30 * M, 33 * M)
    # -12 on 15 March and -18 on 20 March 2020, 33 on 31 December 2021
    rate = row.irr.value
    days = [(dt.date(2020, 3, 15), -12), (dt.date(2020, 3, 20), -18), (dt.date(2021, 12, 31), 33)]
    assert sum(a * (1 + rate) ** (-(d - days[0][0]).days / 365) for d, a in days) == pytest.approx(
        0, abs=1e-9
    )
    explained = explain(view, whole_book(view, "CNY"), "paid_in", "fund", "F1")
    assert explained.value == sum(r.fen or 0 for t in explained.parts for r in t.rows)
    account = capital_account(view, fund, investor, dt.date(2019, 12, 31))
    lines = {i.name: i.fen for i in account.items}
    assert (lines["contribution_in_kind"], lines["call_investment"]) == (12 * M, 16 * M)
    raw = Rows(office.clerk.database.engine.url.render_as_string(hide_password=False)).book(
        dt.date(2021, 12, 31)
    )
    again = returns(list(portfolio_stakes(raw, "GF").values()), dt.date(2021, 12, 31))
    assert (again.paid_in, again.unfunded, again.irr) == (30 * M, 30 * M, [pytest.approx(rate)])
    held = {pair: (h.invested, h.cost, h.share) for pair, h in second_holdings(raw).items()}
    assert held == {("F1", "C1"): (12 * M, 12 * M, 60_000_000), ("GF", "C1"): (8 * M, 3.2 * M, 40_000_000)}


def test_rules_that_ask_for_money_see_it(office: Office) -> None:
    office.clerk.fact("F1", "2020-01-01", "vc_enterprise", "yes")
    view = everything(office)
    [own] = [
        s
        for f in auditor_of(view).office(view).funds
        if f.code == "F1"
        for s in f.stakes
        if s.investor.code == "GF"
    ]
    assert (own.in_kind, sum(f.fen for f in own.paid)) == (True, 30 * M)
    facts = next(f for f in auditor_of(view).office(view).funds if f.code == "F1")
    assert [(d.code, d.fen) for d in facts.purchases] == [("D1", 12 * M)]
    assert sum(f.fen for f in facts.capital_in) == 18 * M
    [found] = [f for f in guidance(view).findings if f.rule == "GF-16" and str(f.subject) == "F1"]
    assert found.verdict.value == "breach"


def test_it_goes_out_and_comes_back(office: Office, tmp_path: Path, monkeypatch: Any) -> None:
    everything(office)
    ask = ("performance", "--portfolio", "GF", "--as-of", "2020-12-31", "--json")
    figures = json.loads(office.run(*ask))["rows"]
    office.run("export", "-o", str(tmp_path / "book.xlsx"))
    monkeypatch.setenv("FOF_DATABASE_URL", f"sqlite:///{tmp_path / 'again.sqlite'}")
    office.run("init")
    told = office.run("import", str(tmp_path / "book.xlsx"), "--dry-run", "--lang", "en")
    assert "Other entries" not in told
    office.run("import", str(tmp_path / "book.xlsx"))
    assert json.loads(office.run(*ask))["rows"] == figures
    office.run("verify")


def test_the_same_file_again_books_nothing(office: Office) -> None:
    everything(office)
    head = office.view("2030-01-01").known_at
    office.book(payments=[SHARES, MONEY, LAND], deals=[TAKEN, GIVEN])
    assert office.view("2030-01-01").known_at == head


REFUSED = (
    ([*SHARES[:5], "", *SHARES[6:]], [TAKEN, GIVEN], "unvalued"),
    ([*SHARES[:5], 0, *SHARES[6:]], [TAKEN, GIVEN], "unvalued"),
    ([*SHARES[:7], ""], [TAKEN, GIVEN], "unvalued"),
    ([*SHARES[:4], 1e6, *SHARES[5:]], [TAKEN, GIVEN], "not_alone"),
    ([*SHARES[:5], 30_000_000.01, *SHARES[6:]], [TAKEN, GIVEN], "paid_over_due"),
    ([*SHARES[:6], "D9", SHARES[7]], [TAKEN, GIVEN], "not_contributed"),
    ([*SHARES[:3], "2020-03-16", *SHARES[4:]], [TAKEN, GIVEN], "not_contributed"),
    (SHARES, [TAKEN], "not_contributed"),
    (SHARES, [[*TAKEN[:5], 12e6, "", *TAKEN[7:]], GIVEN], "not_contributed"),
    (SHARES, [[*TAKEN[:5], 12e6, *TAKEN[6:]], GIVEN], "without_cash"),
    (SHARES, [[*TAKEN[:7], "", ""], GIVEN], "required"),
    (SHARES, [TAKEN, [*GIVEN[:6], "是", *GIVEN[7:]]], "investment_only"),
    (LAND, [TAKEN], "unvalued"),
)


def test_what_does_not_fit_is_refused_and_nothing_is_booked(office: Office) -> None:
    head = office.view("2030-01-01").known_at
    for payment, deals, code in REFUSED:
        path = office.file({"缴款到账": [payment], "投资与退出": deals})
        answer = preview(office.clerk.database, path)
        assert code in {p.code for p in answer.problems}, (payment, deals, answer.problems)
        with pytest.raises(ImportRefused):
            book(office.clerk.database, LOCAL, path)
    assert office.view("2030-01-01").known_at == head


def test_all_that_a_notice_asks_may_be_paid_in_kind_and_not_a_fen_more(office: Office) -> None:
    office.book(payments=[[*LAND[:5], 20e6, *LAND[6:]]])
    [own] = [
        c for c in calls(office.view("2020-12-31")) if c.investor == office.view("2020-12-31").party("SO").id
    ]
    assert (own.open, own.state) == (0, "paid")


def test_a_payment_is_marked_as_one_in_kind(office: Office) -> None:
    view = office.view("2020-12-31")
    ask = (
        "operations",
        "pay",
        "--fund",
        "F1",
        "--number",
        "1",
        "--investor",
        "SO",
        "--paid-on",
        "2020-03-15",
        "--in-kind",
    )
    assert "作价" in office.run(*ask, "--document", "报告", code=2)
    assert "评估" in office.run(*ask, "--amount", "5000000", code=2)
    office.run(*ask, "--amount", "5000000", "--document", "评估报告")
    with pytest.raises(Refused):
        mark_paid(
            office.clerk.database,
            LOCAL,
            view.party("F1").id,
            view.party("SO").id,
            "1",
            dt.date(2020, 3, 16),
            15_000_000_01,
            in_kind=True,
            document="评估报告",
        )
    office.run(
        "operations", "pay", "--fund", "F1", "--number", "1", "--investor", "SO", "--paid-on", "2020-03-31"
    )
    view = office.view("2020-12-31")
    p = view.postings
    mine = p.from_party == view.party("SO").id
    sums = {K(k).name: int(p.fen[mine & (p.kind == k)].sum()) // M for k in set(p.kind[mine].tolist())}
    assert sums["CONTRIBUTION_IN_KIND"] == 5
    assert (sums["CALL_INVESTMENT"], sums["CALL_FEE_INSIDE"]) == (14, 1)


def test_the_journal_itself_refuses_the_deal_of_another(office: Office) -> None:
    """Whatever door it comes by: the deal that is named must be a purchase of the fund."""

    def paid(view: View, _: Any) -> tuple[list[Posting], list[Edge]]:
        other = view.deals[0].row.id
        who, fund = view.by_code["GF"].id, view.by_code["F1"].id
        return [Posting(int(K.CONTRIBUTION_IN_KIND), who, fund, fund, other, None, 1 * M)], []

    with pytest.raises(BookingRefused, match="自己取得"):
        office.clerk.book(EntryKind.CALL_PAYMENT, "2020-03-15", paid)


def entries_of(office: Office) -> dict[str, int]:
    """Entries of the two deals and of the payment that hands the shares over, by what they brought."""
    view = office.view("2030-01-01")
    p = view.postings
    shares = p.entry[(p.kind == K.CONTRIBUTION_IN_KIND) & (p.deal >= 0)]
    return {d.row.code: d.entry for d in view.deals} | {"payment": int(shares[0])}


def test_shares_that_were_paid_in_go_with_the_payment(office: Office) -> None:
    """Neither a holding of 6 % at no cost is left with the fund, nor an exit that brought the investor nothing."""
    everything(office)
    before = entries_of(office)
    told = office.run("reverse", str(before["payment"]), "--why", "作价有误", "--lang", "en")
    assert [f"entry {before[k]} is reversed" in told for k in ("payment", "D1", "D2")] == [True] * 3
    view = office.view("2020-12-31")
    fund, guidance, company = (view.party(c).id for c in ("F1", "GF", "C1"))
    kept = holding(view, guidance, company)
    assert (kept.cost, kept.share, kept.realised, kept.proceeds) == (8 * M, 0.1, 0, 0)
    assert {e.owner for e in graph(view).owners_of(company)} == {guidance}
    assert (fund, company) not in {(h.fund, h.company) for h in all_holdings(view)}
    office.run("verify")
    office.book(payments=[[*SHARES[:5], 11e6, *SHARES[6:]]], deals=[TAKEN, GIVEN])
    view = office.view("2020-12-31")
    assert holding(view, fund, company).cost == 11 * M
    assert holding(view, guidance, company).proceeds == 11 * M


def test_a_deal_that_was_paid_for_with_shares_is_not_taken_back_before_the_payment(office: Office) -> None:
    everything(office)
    before = entries_of(office)
    for deal, words in (("D1", "other entries use this deal"), ("D2", "reverse the entry of that payment")):
        assert words in office.run("reverse", str(before[deal]), "--why", "x", "--lang", "en", code=2)


def test_the_journal_itself_leaves_no_deal_without_its_value(office: Office) -> None:
    """Whatever door a reversal comes by: the deals go with the payment or it stays."""
    everything(office)
    with pytest.raises(BookingRefused) as refused:
        ledger.book(office.clerk.database, LOCAL, bare_reversal(entries_of(office)["payment"]))
    assert [(p.code, p.found) for p in refused.value.problems] == [
        ("deal_unvalued", "D1"),
        ("deal_unvalued", "D2"),
    ]


def bare_reversal(payment: int) -> Any:
    """A reversal that takes nothing along, as any door could ask for one."""

    def plan(view: View, _ids: Any) -> Plan:
        day, digest = view.entry(payment).effective_on, request_digest("reversal", payment)
        draft = Draft(EntryKind.REVERSAL, day, f"reversal:{payment}", digest, note="x", reverses=payment)
        return Plan([draft])

    return plan


PARTS = [[*SHARES[:5], fen, "D1", paper] for fen, paper in ((7e6, "评估报告甲"), (5e6, "评估报告乙"))]


def test_two_payments_for_one_deal_go_together(office: Office, tmp_path: Path) -> None:
    """6 % came for 7 and 5 million: what share was for the 7 nobody stated, so that neither part stays by itself."""
    office.book(payments=PARTS, deals=[TAKEN, GIVEN])
    view = office.view("2020-12-31")
    fund, guidance, company = (view.party(c).id for c in ("F1", "GF", "C1"))
    assert holding(view, fund, company).cost == 12 * M
    p = view.postings
    first, second = p.entry[(p.kind == K.CONTRIBUTION_IN_KIND) & (p.deal >= 0)].tolist()
    deals = {d.row.code: d.entry for d in view.deals}
    assert ledger.taken_along(view, first) == sorted([second, deals["D1"], deals["D2"]])
    if office.clerk.database.is_sqlite:  # a page is drawn once
        with screens_over(str(office.clerk.database.engine.url), tmp_path):
            page = drawn("journal", lang="zh", as_of="2020-12-31")
            page.query_params["entry"] = str(first)
            page.run()
        [said] = [str(w.value) for w in page.warning if "一并冲销" in str(w.value)]
        assert all(f"分录 {n}" in said for n in (second, deals["D1"], deals["D2"]))
    with pytest.raises(BookingRefused) as refused:
        ledger.book(office.clerk.database, LOCAL, bare_reversal(first))
    assert {p.code for p in refused.value.problems} == {"deal_unvalued"}
    told = office.run("reverse", str(first), "--why", "作价有误", "--lang", "en")
    assert all(f"entry {n} is reversed" in told for n in (first, second, deals["D1"], deals["D2"]))
    view = office.view("2020-12-31")
    assert (fund, company) not in {(h.fund, h.company) for h in all_holdings(view)}
    assert holding(view, guidance, company).share == pytest.approx(0.1)
    office.book(payments=PARTS, deals=[TAKEN, GIVEN])
    assert holding(office.view("2020-12-31"), fund, company).cost == 12 * M


def test_deals_that_an_older_program_left_without_value_are_listed(office: Office, monkeypatch: Any) -> None:
    """What the journal before let stand is no damage; once it is booked anew nothing is left to list."""
    office.book(payments=PARTS, deals=[TAKEN, GIVEN])
    p = office.view("2020-12-31").postings
    first, second = p.entry[(p.kind == K.CONTRIBUTION_IN_KIND) & (p.deal >= 0)].tolist()
    with monkeypatch.context() as older:
        rest = [c for c in checks.states() if c.__name__ != "contributions"]
        older.setattr(checks, "states", lambda: rest)
        back = ledger.book(office.clerk.database, LOCAL, bare_reversal(first)).entries[0]
    found = verify(office.clerk.database)
    assert found.ok
    assert {(r.entry, r.code, r.damage) for r in found.refusals} == {(back, "deal_unvalued", False)}
    assert {w for r in found.refusals for w in ("D1", "D2") if w in r.text.en} == {"D1", "D2"}
    assert ledger.taken_along(office.view("2020-12-31"), second)
    office.run("reverse", str(second), "--why", "一并重登")
    assert not verify(office.clerk.database).refusals


def test_shares_that_the_fund_has_sold_since_are_not_taken_back(office: Office) -> None:
    everything(office)
    sold = ["D3", "F1", "C1", "2020-09-01", "退出", 15e6, "", "", "股权转让"]
    office.book(deals=[sold])
    told = office.run("reverse", str(entries_of(office)["payment"]), "--why", "x", "--lang", "en", code=2)
    assert "reverse them first" in told
