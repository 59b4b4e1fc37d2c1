"""Return figures on books small enough to work out by hand."""

from __future__ import annotations

import datetime as dt
import math

import pytest

from fof import ledger
from fof.book.portfolios import portfolio, whole_book
from fof.errors import Refused
from fof.explain import explain
from fof.figures.performance import fund_performance, history, market, performance, portfolio_total, rates_on
from fof.figures.performance.market import read_index
from fof.figures.performance.rates_of_return import NEAR_MINUS_ONE, percent
from fof.figures.performance_document import performance_document
from models.journal import Position, Row
from models.kinds import EntryKind
from models.posting_kinds import PostingKind as K


def small_portfolio(clerk) -> None:
    """A parent fund with 100 in F1 (2020) and 60 in F2 (2022); a city has 50 in F1.

    F1: parent pays 40 on 2020-03-01 and 20 on 2021-03-01, gets 30 on 2023-03-01; NAV 45 on 2023-12-31.
    F2: parent pays 10 on 2022-06-01; NAV 12 on 2023-12-31.
    """
    clerk.party("PF", "parent_fund", portfolio="yes", name="示例母基金")
    clerk.party("CITY", "government", government_level="prefecture")
    clerk.party("M", "manager", name="示例管理人")
    clerk.party("F1", "sub_fund", name="示例一号", vintage="2020", strategy="angel", manager="M")
    clerk.party("F2", "sub_fund", name="示例二号", vintage="2022", strategy="vc", manager="M")
    clerk.pay(K.COMMITMENT, "PF", "F1", 100, "2020-01-01")
    clerk.pay(K.COMMITMENT, "CITY", "F1", 50, "2020-01-01")
    clerk.pay(K.COMMITMENT, "PF", "F2", 60, "2022-01-01")
    clerk.pay(K.CALL_INVESTMENT, "PF", "F1", 40, "2020-03-01")
    clerk.pay(K.CALL_INVESTMENT, "CITY", "F1", 20, "2020-03-01")
    clerk.pay(K.CALL_INVESTMENT, "PF", "F1", 20, "2021-03-01")
    clerk.pay(K.DISTRIBUTION_GAIN, "F1", "PF", 30, "2023-03-01")
    clerk.pay(K.CALL_INVESTMENT, "PF", "F2", 10, "2022-06-01")
    clerk.mark("PF", "F1", 45, "2023-12-31")
    clerk.mark("CITY", "F1", 22, "2023-12-31")
    clerk.mark("PF", "F2", 12, "2023-12-31")


def present_value(rate: float, flows: list[tuple[str, float]]) -> float:
    first = dt.date.fromisoformat(flows[0][0])
    return sum(a * (1 + rate) ** (-(dt.date.fromisoformat(d) - first).days / 365) for d, a in flows)


def rows_by_key(clerk, day: str, by: str = "fund", known_at: int | None = None):
    view = clerk.view(day, known_at)
    return {row.key: row for row in performance(view, portfolio(view), by).rows}


def test_the_figures_of_a_fund(clerk):
    small_portfolio(clerk)
    row = rows_by_key(clerk, "2023-12-31")["F1"]
    assert (row.committed, row.paid_in, row.distributed, row.unfunded) == (100_00, 60_00, 30_00, 40_00)
    assert row.nav.fen == 45_00
    assert (row.dpi, row.rvpi, row.tvpi) == (0.5, 0.75, 1.25)
    assert row.paid_in_rate == 0.6
    flows = [("2020-03-01", -40), ("2021-03-01", -20), ("2023-03-01", 30), ("2023-12-31", 45)]
    assert row.irr.status == "one"
    assert abs(present_value(row.irr.value, flows)) < 1e-9


def test_the_whole_is_the_sum_of_its_funds(clerk):
    small_portfolio(clerk)
    view = clerk.view("2023-12-31")
    table = performance(view, portfolio(view))
    for name in ("committed", "paid_in", "distributed", "unfunded"):
        assert getattr(table.total, name) == sum(getattr(row, name) for row in table.rows)
    assert table.total.nav.fen == 57_00
    assert table.total.tvpi == pytest.approx(87 / 70)
    assert table.total.tvpi == pytest.approx(table.total.dpi + table.total.rvpi)


@pytest.mark.parametrize(
    ("by", "keys"),
    [
        ("vintage", ["2020", "2022"]),
        ("strategy", ["angel", "vc"]),
        ("manager", ["M"]),
        ("city", [""]),
        ("investor", ["PF"]),
    ],
)
def test_groups(clerk, by, keys):
    small_portfolio(clerk)
    rows = rows_by_key(clerk, "2023-12-31", by)
    assert list(rows) == keys
    assert sum(row.paid_in for row in rows.values()) == 70_00


def test_a_value_between_statements_is_rolled_and_says_so(clerk):
    small_portfolio(clerk)
    clerk.pay(K.CALL_INVESTMENT, "PF", "F1", 15, "2024-02-01")
    clerk.pay(K.DISTRIBUTION_GAIN, "F1", "PF", 5, "2024-02-29")
    row = rows_by_key(clerk, "2024-03-31")["F1"]
    assert row.nav.fen == 55_00
    assert (row.nav.rolled, row.nav.rolled_fen, row.nav.age_days) == (True, 10_00, 91)
    assert row.nav.marked_on == dt.date(2023, 12, 31)
    assert not rows_by_key(clerk, "2023-12-31")["F1"].nav.rolled


def test_no_statement_means_no_value_and_never_nought(clerk):
    small_portfolio(clerk)
    row = rows_by_key(clerk, "2023-06-30")["F1"]
    assert row.nav.fen is None
    assert math.isnan(row.tvpi)
    assert math.isnan(row.irr.value)
    assert row.dpi == 0.5
    assert row.reasons["tvpi"].code == row.reasons["irr"].code == "no_mark"
    view = clerk.view("2023-06-30")
    total = portfolio_total(view, portfolio(view))
    assert total.nav.fen is None
    assert total.nav.missing == ("示例一号", "示例二号")


def test_before_anything_is_paid_in_multiples_do_not_exist(clerk):
    small_portfolio(clerk)
    row = rows_by_key(clerk, "2020-02-01")["F1"]
    assert row.nav.fen == 0
    assert math.isnan(row.dpi)
    assert row.reasons["dpi"].code == "nothing_paid_in"
    assert row.irr.status == "unknown"


def test_recallable_money_is_shown_and_not_netted(clerk):
    small_portfolio(clerk)
    clerk.pay(K.DISTRIBUTION_RECALLABLE_CAPITAL, "F1", "PF", 10, "2023-12-31")
    row = rows_by_key(clerk, "2023-12-31")["F1"]
    assert (row.distributed, row.recallable, row.unfunded, row.paid_in) == (40_00, 10_00, 50_00, 60_00)


def test_money_called_too_much_and_returned_lowers_paid_in(clerk):
    small_portfolio(clerk)
    clerk.pay(K.EXCESS_CALL_RETURNED, "F1", "PF", 10, "2023-12-31")
    row = rows_by_key(clerk, "2023-12-31")["F1"]
    assert (row.paid_in, row.distributed, row.unfunded) == (50_00, 30_00, 50_00)
    assert row.dpi == 0.6


def test_several_rates_are_said_and_none_is_chosen(clerk):
    clerk.party("PF", "parent_fund", portfolio="yes")
    clerk.party("F1", "sub_fund")
    clerk.pay(K.COMMITMENT, "PF", "F1", 20000, "2020-01-01")
    clerk.pay(K.CALL_INVESTMENT, "PF", "F1", 1600, "2020-01-01")
    clerk.pay(K.DISTRIBUTION_GAIN, "F1", "PF", 10000, "2020-12-31")
    clerk.pay(K.CALL_INVESTMENT, "PF", "F1", 10000, "2021-12-31")
    clerk.mark("PF", "F1", 0, "2021-12-31")
    row = rows_by_key(clerk, "2021-12-31")["F1"]
    assert row.irr.status == "several"
    assert row.irr.roots == pytest.approx((0.25, 4.0))  # -1600 + 10000/x - 10000/x**2 = 0
    assert math.isnan(row.irr.value)
    assert row.reasons["irr"].code == "several_rates"
    held = 1.0 - 2.0 * 10000 / 11600  # years from the mean day of what was paid in to that of what came back
    target = math.log(10000 / 11600) / held
    nearest = min(row.irr.roots, key=lambda r: abs(math.log1p(r) - target))
    assert row.irr.reading == nearest == pytest.approx(0.25)
    assert "25.00%" in row.reasons["irr"].text.zh.split("投资读数")[1]
    opened = explain(clerk.view("2021-12-31"), portfolio(clerk.view("2021-12-31")), "irr", "fund", "F1")
    assert (opened.value, opened.reason) == (None, row.reasons["irr"])


def test_flows_of_one_day_are_netted_before_the_rate_is_taken(clerk):
    """Paid in 75; two days later 67 paid in and 74 returned: what counts is the 7 that came back."""
    clerk.party("PF", "parent_fund", portfolio="yes")
    clerk.party("F1", "sub_fund")
    clerk.pay(K.COMMITMENT, "PF", "F1", 20000, "2020-01-01")
    clerk.pay(K.CALL_INVESTMENT, "PF", "F1", 75, "2020-01-01")
    clerk.pay(K.CALL_INVESTMENT, "PF", "F1", 67, "2020-01-03")
    clerk.pay(K.DISTRIBUTION_GAIN, "F1", "PF", 74, "2020-01-03")
    clerk.mark("PF", "F1", 0, "2020-01-03")
    found = rows_by_key(clerk, "2020-01-03")["F1"].irr
    assert (found.status, found.period) == ("one", pytest.approx(7 / 75 - 1))
    assert found.value == pytest.approx((7 / 75) ** (365 / 2) - 1)


def test_one_change_of_sign_is_one_rate(clerk):
    clerk.party("PF", "parent_fund", portfolio="yes")
    clerk.party("F1", "sub_fund")
    clerk.pay(K.COMMITMENT, "PF", "F1", 20000, "2020-01-01")
    clerk.pay(K.CALL_INVESTMENT, "PF", "F1", 10000, "2020-01-01")
    clerk.pay(K.DISTRIBUTION_GAIN, "F1", "PF", 10500, "2020-01-02")
    clerk.mark("PF", "F1", 1, "2026-01-09")
    found = rows_by_key(clerk, "2026-01-09")["F1"].irr
    assert (found.status, found.period, found.note) == ("one", None, None)
    assert found.value == pytest.approx(54_211_840.6, abs=0.05)


def test_under_a_year_the_return_of_the_period_stands_beside(clerk):
    small_portfolio(clerk)
    clerk.mark("PF", "F1", 44, "2020-06-30")
    young = rows_by_key(clerk, "2020-06-30")["F1"].irr
    assert (young.status, young.period) == ("one", pytest.approx(0.1))
    assert young.value == pytest.approx(1.1 ** (365 / 121) - 1)
    assert young.note.code == "under_a_year"
    assert "10.00%" in young.note.text.zh
    assert "10.00%" in young.note.text.en
    old = rows_by_key(clerk, "2023-12-31")["F1"].irr
    assert (old.period, old.note) == (None, None)


def test_a_reorganisation_keeps_the_figures_since_inception(clerk):
    small_portfolio(clerk)
    before = rows_by_key(clerk, "2023-12-31")
    total_before = performance(clerk.view("2023-12-31"), portfolio(clerk.view("2023-12-31"))).total
    clerk.party("NEW", "parent_fund", "2023-12-31", portfolio="yes", name="示例新母基金", successor_of="PF")
    clerk.fact("PF", "2023-12-31", "status", "merged")
    for fund, committed, paid, out in (("F1", 100, 60, 30), ("F2", 60, 10, 0)):
        rows = [(K.COMMITMENT_TRANSFER, "PF", "NEW", committed), (K.PAID_IN_TRANSFER, "PF", "NEW", paid)]
        rows += [(K.DISTRIBUTED_TRANSFER, "PF", "NEW", out)] if out else []
        clerk.pay_many("2023-12-31", rows, fund=fund, entry=EntryKind.REORGANISATION)
    view = clerk.view("2023-12-31")
    table = performance(view, portfolio(view))
    assert table.portfolio.code == "NEW"
    assert portfolio(view, "PF").code == "NEW"
    after = {row.key: row for row in table.rows}
    for key in ("F1", "F2"):
        for name in ("committed", "paid_in", "distributed", "unfunded", "tvpi"):
            assert getattr(after[key], name) == getattr(before[key], name)
        assert after[key].irr == before[key].irr
        assert after[key].nav.fen == before[key].nav.fen
    assert table.total.irr == total_before.irr
    earlier = clerk.view("2023-06-30")
    assert portfolio(earlier).code == "PF"
    assert portfolio_total(earlier, portfolio(earlier, "NEW")).paid_in == 70_00


def test_a_stake_bought_is_worth_what_the_seller_was_told_and_costs_its_price(clerk):
    small_portfolio(clerk)
    clerk.party("BUYER")
    moves = [
        (K.COMMITMENT_TRANSFER, "CITY", "BUYER", 50),
        (K.PAID_IN_TRANSFER, "CITY", "BUYER", 20),
        (K.SECONDARY_PURCHASE, "BUYER", "CITY", 21),
    ]
    clerk.pay_many("2024-01-31", moves, fund="F1", entry=EntryKind.COMMITMENT_TRANSFER)
    view = clerk.view("2024-06-30")
    whole = whole_book(view, "CNY")
    rows = {row.key: row for row in performance(view, whole, "investor").rows}
    assert rows["CITY"].nav.fen == 0
    assert rows["CITY"].nav.note.code == "handed_over"
    assert rows["BUYER"].nav.fen == 22_00
    assert rows["BUYER"].nav.note.code == "taken_over"
    buyer, seller = rows["BUYER"], rows["CITY"]
    assert (buyer.paid_in, buyer.registered_paid_in) == (21_00, 20_00)
    assert (seller.paid_in, seller.distributed, seller.registered_paid_in) == (20_00, 21_00, 0)
    assert (seller.dpi, seller.tvpi, buyer.tvpi) == (1.05, 1.05, 22 / 21)
    flows = [("2024-01-31", -21), ("2024-06-30", 22)]
    assert abs(present_value(rows["BUYER"].irr.value, flows)) < 1e-9
    flows = [("2020-03-01", -20), ("2024-01-31", 21)]
    assert abs(present_value(rows["CITY"].irr.value, flows)) < 1e-9


def test_part_of_a_stake_takes_its_part_of_the_value_along_until_a_new_statement(clerk):
    small_portfolio(clerk)
    clerk.party("BUYER")
    clerk.pay_many(
        "2024-01-31",
        [(K.COMMITMENT_TRANSFER, "CITY", "BUYER", 25), (K.PAID_IN_TRANSFER, "CITY", "BUYER", 10)],
        fund="F1",
    )
    view = clerk.view("2024-06-30")
    rows = {row.key: row for row in performance(view, whole_book(view, "CNY"), "investor").rows}
    assert rows["CITY"].nav.note.code == rows["BUYER"].nav.note.code == "partly_moved"
    assert rows["CITY"].nav.fen == rows["BUYER"].nav.fen == 11_00
    assert [rows[c].tvpi for c in ("CITY", "BUYER")] == [1.1, 1.1]
    assert rows["CITY"].irr.value == pytest.approx(rows["BUYER"].irr.value)
    clerk.mark("CITY", "F1", 11, "2024-03-31")
    clerk.mark("BUYER", "F1", 11, "2024-03-31")
    view = clerk.view("2024-06-30")
    rows = {row.key: row for row in performance(view, whole_book(view, "CNY"), "investor").rows}
    assert (rows["CITY"].nav.fen, rows["BUYER"].nav.fen) == (11_00, 11_00)


def test_a_fund_with_all_its_investors(clerk):
    small_portfolio(clerk)
    view = clerk.view("2023-12-31")
    whole = whole_book(view, "CNY")
    row = fund_performance(view, whole, view.party("F1").id)
    assert (row.committed, row.paid_in, row.distributed) == (150_00, 80_00, 30_00)
    assert row.nav.fen == 67_00
    assert row.nav.note.code == "sum_of_accounts"
    clerk.mark("F1", "F1", 66, "2023-12-31")
    view = clerk.view("2023-12-31")
    assert fund_performance(view, whole_book(view, "CNY"), view.party("F1").id).nav.fen == 66_00


def test_money_between_funds_is_not_counted_twice(clerk):
    small_portfolio(clerk)
    clerk.pay(K.COMMITMENT, "CITY", "PF", 500, "2019-01-01", fund="PF")
    clerk.pay(K.CALL_INVESTMENT, "CITY", "PF", 200, "2019-06-01", fund="PF")
    clerk.mark("PF", "PF", 210, "2023-12-31")
    view = clerk.view("2023-12-31")
    total = portfolio_total(view, whole_book(view, "CNY"))
    assert total.committed == 550_00
    assert total.paid_in == 220_00
    assert total.nav.fen == (210 + 67 + 12 - 45 - 12) * 100


def test_known_at_replays_a_restated_value(clerk):
    small_portfolio(clerk)
    known = ledger.read(clerk.database).head
    clerk.mark("PF", "F1", 40, "2023-12-31")
    assert rows_by_key(clerk, "2023-12-31")["F1"].nav.fen == 40_00
    assert rows_by_key(clerk, "2023-12-31", known_at=known)["F1"].nav.fen == 45_00


def test_a_reversed_payment_is_gone_from_now_on_only(clerk):
    from fof.access import LOCAL

    small_portfolio(clerk)
    entry = clerk.pay(K.CALL_INVESTMENT, "PF", "F1", 5, "2023-05-01")
    ledger.reverse(clerk.database, LOCAL, entry, "重复")
    assert rows_by_key(clerk, "2023-12-31")["F1"].paid_in == 60_00
    assert rows_by_key(clerk, "2023-12-31", known_at=entry)["F1"].paid_in == 65_00


def test_a_disclosed_position_keeps_the_rate_it_was_told(clerk):
    clerk.party("LP", "institution", portfolio="yes", currency="USD")
    clerk.party("X", "sub_fund", currency="USD")
    clerk.party("Y", "sub_fund", currency="USD")

    def rows(view) -> list[Row]:
        lp, x, y = (view.party(c).id for c in ("LP", "X", "Y"))
        return [
            Position(lp, x, 100_00, 80_00, 60_00, 40_00, "0.123", "1.25", "disclosed"),
            Position(lp, y, 50_00, 20_00, 5_00, None),
        ]

    clerk.rows(EntryKind.POSITION_STATEMENT, "2025-06-30", rows)
    found = rows_by_key(clerk, "2025-09-30")
    x, y = found["X"], found["Y"]
    assert (x.dpi, x.rvpi, x.tvpi) == (0.75, 0.5, 1.25)
    assert (x.irr.value, x.irr.status, x.source) == (0.123, "reported", "statement")
    assert x.nav.age_days == 92
    assert y.nav.fen is None
    assert (y.dpi, math.isnan(y.tvpi)) == (0.25, True)
    assert x.unfunded is None
    total = portfolio_total(clerk.view("2025-09-30"), portfolio(clerk.view("2025-09-30")))
    assert total.irr.note.code == "no_dated_flows"
    assert total.paid_in == 100_00


def test_a_fund_of_a_later_day_is_not_listed(clerk):
    small_portfolio(clerk)
    assert list(rows_by_key(clerk, "2021-12-31")) == ["F1"]


def test_companies_held_without_a_fund_stand_beside_the_funds(clerk):
    small_portfolio(clerk)
    clerk.party("C1", "company")
    clerk.party("C2", "company")
    clerk.deal("PF", "C1", "initial", 20, "2021-01-01", share=0.2)
    clerk.deal("PF", "C2", "initial", 10, "2021-01-01", share=0.1)
    clerk.deal("PF", "C2", "exit", 25, "2022-01-01", share=0.1)
    clerk.mark("PF", "C1", 30, "2023-12-31")
    view = clerk.view("2023-12-31")
    table = performance(view, portfolio(view))
    assert (table.direct.paid_in, table.direct.distributed, table.direct.nav.fen) == (30_00, 25_00, 30_00)
    assert table.direct.tvpi == pytest.approx(55 / 30)
    assert table.direct.committed is None
    assert table.direct.reasons["committed"].code == "not_a_fund"
    assert table.combined.paid_in == table.total.paid_in + 30_00
    assert table.combined.nav.fen == table.total.nav.fen + 30_00
    flows = [("2021-01-01", -30), ("2022-01-01", 25), ("2023-12-31", 30)]
    assert abs(present_value(table.direct.irr.value, flows)) < 1e-9
    for figure in ("paid_in", "distributed", "nav"):
        for by in ("direct", "combined"):
            shown = explain(view, portfolio(view), figure, by)
            assert shown.value == sum(r.fen for p in shown.parts for r in p.rows)


def test_without_direct_investments_there_is_no_such_row(clerk):
    small_portfolio(clerk)
    view = clerk.view("2023-12-31")
    assert performance(view, portfolio(view)).direct is None


def index(tmp_path, text: str):
    file = tmp_path / "index.csv"
    file.write_text(text, encoding="utf-8")
    return read_index(file)


def test_a_public_market_equivalent_against_a_stated_index(clerk, tmp_path):
    clerk.party("PF", "parent_fund", portfolio="yes")
    clerk.party("F1", "sub_fund")
    clerk.pay(K.COMMITMENT, "PF", "F1", 200, "2020-01-01")
    clerk.pay(K.CALL_INVESTMENT, "PF", "F1", 100, "2020-01-01")
    clerk.pay(K.DISTRIBUTION_GAIN, "F1", "PF", 60, "2021-01-01")
    clerk.mark("PF", "F1", 80, "2022-01-01")
    view = clerk.view("2022-01-01")
    row = portfolio_total(view, portfolio(view))
    flat = market(view, row, index(tmp_path, "day,level\n2019-12-31,5\n2021-01-01,5\n2021-12-31,5\n"))
    assert flat.ks_pme == pytest.approx(row.tvpi)
    doubled = market(view, row, index(tmp_path, "2020-01-01,1\n2021-01-01,1\n2022-01-01,2\n"))
    assert doubled.ks_pme == pytest.approx((60 * 2 + 80) / (100 * 2))
    late = market(view, row, index(tmp_path, "2020-06-01,1\n2022-01-01,2\n"))
    assert (math.isnan(late.ks_pme), late.note.code) == (True, "index_starts_later")
    gap = market(view, row, index(tmp_path, "2020-01-01,1\n2022-01-01,2\n"))
    assert gap.note.code == "index_gap"
    with pytest.raises(Refused) as refused:
        index(tmp_path, "2020-01-01,0\nyesterday,1\n2020-01-01\n")
    assert [p.where.row for p in refused.value.problems] == [1, 2, 3]


def test_the_figures_of_many_days_are_those_of_each_day(clerk):
    small_portfolio(clerk)
    clerk.mark("PF", "F1", 50, "2022-06-30")
    days = [dt.date(2020, 6, 30), dt.date(2021, 12, 31), dt.date(2022, 6, 30), dt.date(2023, 12, 31)]
    view = clerk.view("2023-12-31")
    found = history(view, portfolio(view), days)
    for n, day in enumerate(days):
        then = rows_by_key(clerk, day.isoformat())
        for (key, _), rate, row in zip(
            found.groups, rates_on(found, n), range(len(found.groups)), strict=True
        ):
            if key not in then:
                assert found.paid_in[row, n] == 0
                continue
            one = then[key]
            assert (found.paid_in[row, n], found.distributed[row, n]) == (one.paid_in, one.distributed)
            assert (found.nav[row, n] if found.nav_known[row, n] else None) == one.nav.fen
            assert found.tvpi[row, n] == one.tvpi or math.isnan(one.tvpi)
            assert rate.value == one.irr.value or math.isnan(one.irr.value)


def test_a_rate_that_prints_as_minus_one_hundred_says_that_it_is_above(clerk):
    """-75 and -67 + 74 = 7 within two days, netted by day: 1 + r = (7 / 75) ** 365, far below what stands between -1 and 0."""
    clerk.party("PF", "parent_fund", portfolio="yes")
    clerk.party("F1", "sub_fund")
    clerk.pay(K.COMMITMENT, "PF", "F1", 1000, "2020-01-01", fund="F1")
    for day, yuan in (("2020-01-01", 75), ("2020-01-02", 67)):
        clerk.pay(K.CALL_INVESTMENT, "PF", "F1", yuan, day, fund="F1")
    clerk.pay(K.DISTRIBUTION_GAIN, "F1", "PF", 74, "2020-01-02")
    clerk.mark("PF", "F1", 0, "2020-12-31")
    view = clerk.view("2020-12-31")
    rate = portfolio_total(view, portfolio(view)).irr
    assert (rate.status, rate.note.code, rate.period) == ("one", NEAR_MINUS_ONE, pytest.approx(-68 / 75))
    assert "1 + rate is below 1.11e-16" in rate.note.text.en
    told = performance_document(view, portfolio(view)).notes
    assert sum("just above -100 %" in text.en for text in told) == 2
    assert [percent(r) for r in (-0.9999, -0.99995, -1 + 1e-9)] == ["-99.99%", "-99.995%", "-99.9999999%"]
