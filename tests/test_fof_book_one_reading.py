"""Rules, figures and explanations ask one reading of the book: on books where their earlier readings differed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from fof.audit.auditor import auditor_of
from fof.book.holdings import value_of_holding
from fof.book.stakes import stakes
from fof.explain.government_share import stakes_in
from fof.ledger import View
from fof.rules.facts import FundFacts
from models.journal import Edge
from models.kinds import EntryKind
from models.posting_kinds import PostingKind as K
from models.text import Text

MILLION = 1_000_000_00
DAY = dt.date.fromisoformat


@pytest.fixture
def office(clerk: Any) -> Any:
    """A guidance fund and two private investors in a sub-fund; a company."""
    clerk.party("GF", "guidance_fund", day="2015-01-01", province="黑龙江省")
    for code in ("SO", "S2"):
        clerk.party(code, "social_investor", day="2015-01-01")
    clerk.party("CO", "company", day="2015-01-01")
    clerk.party("SF", "sub_fund", day="2015-01-01", fund_kind="market", strategy="vc")
    clerk.pay(K.COMMITMENT, "GF", "SF", 30e6, "2016-01-01", entry=EntryKind.COMMITMENT, fund="SF")
    clerk.pay(K.COMMITMENT, "SO", "SF", 70e6, "2016-01-01", entry=EntryKind.COMMITMENT, fund="SF")
    for who, fen in (("GF", 12e6), ("SO", 28e6)):
        clerk.pay(K.CALL_INVESTMENT, who, "SF", fen, "2016-03-01", entry=EntryKind.CALL_PAYMENT, fund="SF")
    return clerk


def fund(view: View, code: str = "SF") -> FundFacts:
    """A fund's facts as gathered."""
    return next(f for f in auditor_of(view).office(view).funds if f.code == code)


def test_what_an_investor_gives_back_is_received_no_more(office: Any) -> None:
    """Rules took it for money that the fund received of itself: 5 received where 3 were left."""
    office.pay(K.DISTRIBUTION_INCOME, "SF", "GF", 5e6, "2017-01-01", entry=EntryKind.DISTRIBUTION, fund="SF")
    office.pay(
        K.DISTRIBUTION_RETURNED, "GF", "SF", 2e6, "2017-06-01", entry=EntryKind.DISTRIBUTION, fund="SF"
    )
    view = office.view("2017-12-31")
    received = {s.investor.code: sum(f.fen for f in s.received) for s in fund(view).stakes}
    assert received == {"GF": 3 * MILLION, "SO": 0}
    of_figures = stakes(view)
    assert sum(received.values()) == of_figures.total("distributed")
    before = {s.investor.code: sum(f.fen for f in s.received) for s in fund(office.view("2017-05-31")).stakes}
    assert before == {"GF": 5 * MILLION, "SO": 0}


def test_each_of_two_buyers_takes_its_own_cost(office: Any) -> None:
    """Two sales of one seller in one entry: each had the paid-in capital of both as its cost."""
    office.pay_many(
        "2018-01-15",
        [
            (K.COMMITMENT_TRANSFER, "GF", "SO", 10e6),
            (K.PAID_IN_TRANSFER, "GF", "SO", 4e6),
            (K.SECONDARY_PURCHASE, "SO", "GF", 5e6),
            (K.COMMITMENT_TRANSFER, "GF", "S2", 5e6),
            (K.PAID_IN_TRANSFER, "GF", "S2", 2e6),
            (K.SECONDARY_PURCHASE, "S2", "GF", 1e6),
        ],
        entry=EntryKind.COMMITMENT_TRANSFER,
        fund="SF",
    )
    view = office.view("2018-06-30")
    sales = [(t.price, t.cost) for t in auditor_of(view).office(view).transfers]
    assert sorted(sales) == [(1 * MILLION, 2 * MILLION), (5 * MILLION, 4 * MILLION)]


def test_a_sale_and_a_gift_in_one_entry_are_two(office: Any) -> None:
    """What goes to another without a price has no price, whatever the same seller sells beside it."""
    office.pay_many(
        "2018-01-15",
        [
            (K.COMMITMENT_TRANSFER, "GF", "SO", 10e6),
            (K.PAID_IN_TRANSFER, "GF", "SO", 4e6),
            (K.SECONDARY_PURCHASE, "SO", "GF", 5e6),
            (K.COMMITMENT_TRANSFER, "GF", "S2", 5e6),
            (K.PAID_IN_TRANSFER, "GF", "S2", 2e6),
        ],
        entry=EntryKind.COMMITMENT_TRANSFER,
        fund="SF",
    )
    view = office.view("2018-06-30")
    sales = {(t.price, t.cost) for t in auditor_of(view).office(view).transfers}
    assert sales == {(5 * MILLION, 4 * MILLION), (None, 2 * MILLION)}


def test_a_declared_share_that_was_stated_anew_counts_once(office: Any) -> None:
    """The explanation listed the former share beside the one in force; the figures took the latter alone."""
    for day, share in (("2016-06-01", 0.2), ("2017-06-01", 0.1)):
        office.rows(
            EntryKind.OWNERSHIP,
            day,
            lambda v, share=share: [
                Edge(v.by_code["S2"].id, v.by_code["SF"].id, round(share * 1e9), "commitment", None)
            ],
        )
    view = office.view("2018-06-30")
    listed = stakes_in(view, view.party("SF").id, "committed", Text("认缴", "Committed")).rows
    assert [r.share for r in listed if r.share is not None] == [0.1]


def test_after_a_merger_the_successors_statement_is_the_value(office: Any) -> None:
    """The fund's own last statement said 10; the one it was merged into says 16. Rules and holdings read the latter from
    the merger on, and the former before it; another statement of the merged fund alone changes nothing after it."""
    office.party("NF", "sub_fund", day="2015-01-01", fund_kind="market", strategy="vc")
    office.deal("SF", "CO", "initial", 8e6, "2016-06-01", share=0.2)
    office.mark("SF", "CO", 10e6, "2017-12-31", method="recent_round")
    office.fact("NF", "2018-06-30", "successor_of", "SF")
    office.fact("SF", "2018-06-30", "status", "merged")
    merged = office.view("2018-09-30")
    assert value_of_holding(merged, merged.party("SF").id, merged.party("CO").id).fen == 10 * MILLION
    office.mark("NF", "CO", 16e6, "2018-12-31", method="recent_round")
    for day, worth in (("2018-12-30", 10), ("2018-12-31", 16), ("2019-06-30", 16)):
        view = office.view(day)
        [held] = fund(view).holdings
        booked = value_of_holding(view, view.party("SF").id, view.party("CO").id)
        assert (held.value, booked.fen) == (worth * MILLION, worth * MILLION), day
    office.mark("SF", "CO", 11e6, "2019-03-31", method="recent_round")
    [held] = fund(office.view("2019-06-30")).holdings
    assert held.value == 16 * MILLION
    assert fund(office.view("2019-06-30")).holdings[0].cost == 8 * MILLION
