"""What explain lists adds up to the figure it explains."""

from __future__ import annotations

import datetime as dt

import pytest

from fof.book.government import government_shares
from fof.book.portfolios import portfolio, whole_book
from fof.book.stakes import contributions, stakes
from fof.errors import Unknown
from fof.explain import FIGURES, explain, explain_government, explain_item, explain_leverage
from fof.figures.commitments import commitments
from fof.figures.performance import group, portfolio_total
from fof.figures.statements import bridge, capital_account
from fof.ledger.balances import MEASURES
from models.kinds import EntryKind
from models.posting_kinds import PostingKind as K


@pytest.fixture
def office(clerk, offices):
    """Two funds of a parent fund; calls, a recallable distribution, excess returned, a transfer, a merger."""
    return offices.furnished(clerk, furnished)


def furnished(clerk):
    clerk.party("GOV", "government", government_level="province")
    clerk.party("OLD", "guidance_fund")
    clerk.party("PF", "parent_fund", portfolio="yes", name="示例母基金")
    clerk.party("P")
    for code in ("F1", "F2"):
        clerk.party(code, "sub_fund", vintage="2020" if code == "F1" else "2021")
    clerk.party("C1", "company")
    clerk.pay(K.COMMITMENT, "GOV", "OLD", 500, "2019-01-01", fund="OLD")
    for who, fund, yuan in (("OLD", "F1", 100), ("P", "F1", 100), ("PF", "F2", 50)):
        clerk.pay(K.COMMITMENT, who, fund, yuan, "2020-01-01", fund=fund)
    clerk.pay_many(
        "2020-02-01",
        [(K.CALL_DUE, "OLD", "F1", 40), (K.CALL_DUE, "P", "F1", 40)],
        fund="F1",
        entry=EntryKind.CAPITAL_CALL,
        notice=("capital_call", "1", "2020-03-01"),
    )
    clerk.pay(K.CALL_INVESTMENT, "OLD", "F1", 40, "2020-02-20", fund="F1")
    clerk.pay(K.CALL_INVESTMENT, "P", "F1", 30, "2020-02-20", fund="F1")
    clerk.pay(K.CALL_FEE_OUTSIDE, "OLD", "F1", 2, "2020-03-20", fund="F1")
    clerk.deal("F1", "C1", "initial", 50, "2020-04-01", share=0.2, round="A")
    clerk.pay(K.DISTRIBUTION_RECALLABLE, "F1", "OLD", 5, "2021-01-10", fund="F1")
    clerk.pay(K.EXCESS_CALL_RETURNED, "F1", "OLD", 3, "2021-02-10", fund="F1")
    clerk.mark("F1", "C1", 55, "2021-12-31")
    clerk.mark("OLD", "F1", 37, "2021-12-31")
    clerk.mark("P", "F1", 33, "2021-12-31")
    clerk.pay(K.CALL_INVESTMENT, "OLD", "F1", 10, "2022-03-01", fund="F1")
    moves = [
        (K.COMMITMENT_TRANSFER, "OLD", "PF", 100),
        (K.PAID_IN_TRANSFER, "OLD", "PF", 49),
        (K.DISTRIBUTED_TRANSFER, "OLD", "PF", 5),
        (K.RECALLABLE_TRANSFER, "OLD", "PF", 5),
    ]
    clerk.pay_many("2022-06-30", moves, fund="F1", entry=EntryKind.REORGANISATION)
    clerk.fact("PF", "2022-06-30", "successor_of", "OLD")
    clerk.pay(K.CALL_INVESTMENT, "PF", "F2", 20, "2022-07-01", fund="F2")
    clerk.mark("PF", "F2", 19, "2022-09-30")


@pytest.mark.parametrize(
    "figure", [f for f in FIGURES if f not in ("dpi", "rvpi", "tvpi", "paid_in_rate", "irr")]
)
@pytest.mark.parametrize(
    ("by", "key"), [("portfolio", None), ("fund", "F1"), ("vintage", "2020"), ("fund", "F2")]
)
def test_the_rows_of_an_amount_add_up_to_it(office, figure, by, key):
    view = office.view("2022-12-31")
    own = portfolio(view)
    shown = explain(view, own, figure, by, key)
    row = portfolio_total(view, own) if by == "portfolio" else group(view, own, by, key)
    expected = row.nav.fen if figure == "nav" else getattr(row, figure, shown.value)
    assert shown.value == expected
    listed = sum(r.fen for p in shown.parts for r in p.rows)
    if figure in ("called", "overdue") and shown.value is None:
        assert shown.reason.code == "no_notices"
    else:
        assert listed == shown.value
    assert all(r.entry is not None and r.document for p in shown.parts for r in p.rows)


def test_overdue_lists_the_notices(office):
    view = office.view("2022-12-31")
    shown = explain(view, whole_book(view, "CNY"), "overdue", "fund", "F1")
    [row] = shown.parts[0].rows
    assert (shown.value, row.fen, view.parties[row.from_party].code) == (10_00, 10_00, "P")


@pytest.mark.parametrize(("fund", "value"), [("F1", 0), ("F2", None)])
def test_overdue_is_unknown_where_the_table_says_so(office, fund, value):
    view = office.view("2022-12-31")
    opened = explain(view, portfolio(view), "overdue", "fund", fund)
    listed = next(r for r in commitments(view, portfolio(view)).rows if r.key == fund)
    assert (opened.value, opened.reason) == (listed.overdue, listed.reasons.get("overdue"))
    assert opened.value == value


def test_money_that_reached_companies_through_a_fund_below_is_listed(office):
    office.pay(K.COMMITMENT, "F1", "F2", 10, "2022-08-01", fund="F2")
    office.pay(K.INVESTMENT, "F2", "C1", 7, "2022-09-01", fund="F2")  # under no deal
    view = office.view("2022-12-31")
    shown = explain_leverage(view, portfolio(view), "c", view.party("F1").id)
    assert shown.parts[0].fen == sum(r.fen for r in shown.parts[0].rows) == 57_00


def test_ratios_follow_from_their_terms(office):
    view = office.view("2022-12-31")
    own = portfolio(view)
    for figure in ("dpi", "rvpi", "tvpi", "paid_in_rate"):
        shown = explain(view, own, figure, "fund", "F1")
        *over, under = shown.parts
        assert shown.value == pytest.approx(sum(p.fen for p in over) / under.fen)
        assert all(sum(r.fen for r in p.rows) == p.fen for p in shown.parts)


def test_the_rate_makes_its_flows_worth_nothing(office):
    view = office.view("2022-12-31")
    shown = explain(view, portfolio(view), "irr", "fund", "F1")
    flows = [(r.day, r.fen) for r in shown.parts[0].rows] + [(dt.date(2022, 12, 31), shown.parts[1].fen)]
    worth = sum(fen * (1 + shown.value) ** (-(day - flows[0][0]).days / 365) for day, fen in flows)
    assert worth == pytest.approx(0, abs=1e-6)


def test_a_value_taken_over_shows_the_former_holders_statement(office):
    view = office.view("2022-12-31")
    shown = explain(view, portfolio(view), "nav", "fund", "F1")
    stated, since = shown.parts
    assert shown.value == 47_00
    assert [view.parties[r.from_party].code for r in stated.rows] == ["OLD"]
    assert [r.fen for r in since.rows] == [10_00]


@pytest.mark.parametrize("measure", [*MEASURES, "recallable"])
def test_postings_behind_every_stake_add_up_to_its_balance(office, measure):
    found = stakes(office.view("2022-12-31"))
    for n, pair in enumerate(zip(found.fund.tolist(), found.investor.tolist(), strict=True)):
        _, fen = contributions(office.view("2022-12-31"), measure, [pair])
        assert fen.sum() == getattr(found, measure)[n]


def test_all_funds_of_a_currency_explain_their_value_too(office):
    office.mark("PF", "PF", 300, "2022-09-30")
    view = office.view("2022-12-31")
    own = whole_book(view, "CNY")
    shown = explain(view, own, "nav")
    assert (
        shown.value == sum(r.fen for p in shown.parts for r in p.rows) == portfolio_total(view, own).nav.fen
    )


def test_the_government_share_is_the_sum_of_its_investors(office):
    view = office.view("2022-12-31")
    fund = view.party("F1").id
    [found] = government_shares(view, [fund])
    for reading in ("direct", "looked_through", "with_soe"):
        shown = explain_government(view, fund, reading)
        assert shown.value == getattr(found, reading)
        assert sum(r.share for r in shown.parts[0].rows) == pytest.approx(shown.value)


def test_leverage_opens_to_numerator_and_denominator(office):
    view = office.view("2022-12-31")
    own = portfolio(view)
    for variant in ("a", "b", "c"):
        shown = explain_leverage(view, own, variant)
        above, below, *_ = shown.parts
        assert shown.value == pytest.approx(above.fen / below.fen)
        assert sum(r.fen for r in above.rows) == above.fen
        assert sum(r.fen for r in below.rows) == below.fen == 150_00


def test_every_line_of_a_statement_opens(office):
    view = office.view("2022-12-31")
    fund = view.party("F1").id
    office.mark("F1", "F1", 81, "2022-12-31")
    view = office.view("2022-12-31")
    for statement in (
        bridge(view, fund, dt.date(2021, 12, 31)),
        capital_account(view, fund, view.party("P").id, dt.date(2020, 1, 31)),
    ):
        assert statement.items
        for item in statement.items:
            opened = explain_item(view, statement, item)
            if item.name not in ("result", "residual"):
                assert sum(r.fen for r in opened.rows) == item.fen, item.name


def test_what_cannot_be_opened_is_said(office):
    view = office.view("2022-12-31")
    with pytest.raises(Unknown):
        explain(view, portfolio(view), "alpha")
    with pytest.raises(Unknown):
        explain(view, portfolio(view), "nav", "fund", "F9")
    shown = explain(office.view("2020-12-31"), portfolio(view), "tvpi", "fund", "F1")
    assert shown.value is None
    assert shown.reason.code == "no_mark"


def test_notices_before_a_merger_still_count_as_called(office):
    view = office.view("2022-12-31")
    assert group(view, portfolio(view), "fund", "F1").called == 37_00  # 40 were asked for, 3 given back
