"""Where a part of a group has no value: the whole stays unknown, the rest is shown as what it is."""

from __future__ import annotations

import math

import pytest

from fof.book.portfolios import portfolio, whole_book
from fof.explain import explain
from fof.figures.performance import combined, direct, performance, portfolio_total, stake_performance
from models.journal import Position
from models.kinds import EntryKind
from models.posting_kinds import PostingKind as K

DAY = "2023-12-31"


@pytest.fixture
def office(clerk):
    """PF paid 60 into F1 (30 back, worth 45), 10 into F2 (no statement, 4 back) and promised F3 money; CITY is in F1 too."""
    clerk.party("PF", "parent_fund", portfolio="yes", name="示例母基金")
    clerk.party("CITY", "government", government_level="prefecture")
    for code, vintage in (("F1", "2020"), ("F2", "2022"), ("F3", "2022")):
        clerk.party(code, "sub_fund", name=f"示例{code}", vintage=vintage)
        clerk.pay(K.COMMITMENT, "PF", code, 100, f"{vintage}-01-01")
    clerk.pay(K.COMMITMENT, "CITY", "F1", 50, "2020-01-01")
    clerk.pay(K.CALL_INVESTMENT, "PF", "F1", 60, "2020-03-01")
    clerk.pay(K.CALL_INVESTMENT, "CITY", "F1", 20, "2020-03-01")
    clerk.pay(K.DISTRIBUTION_GAIN, "F1", "PF", 30, "2023-03-01")
    clerk.pay(K.CALL_INVESTMENT, "PF", "F2", 10, "2022-06-01")
    clerk.pay(K.DISTRIBUTION_GAIN, "F2", "PF", 4, "2023-06-01")
    clerk.mark("PF", "F1", 45, DAY)
    clerk.mark("CITY", "F1", 15, DAY)
    return clerk


def test_the_whole_stays_unknown_and_the_rest_stands_beside_it(office):
    view = office.view(DAY)
    total = portfolio_total(view, portfolio(view))
    assert total.nav.fen is None
    assert all(math.isnan(x) for x in (total.rvpi, total.tvpi, total.irr.value))
    assert total.dpi == pytest.approx(34 / 70)  # needs no value: of all the money
    known = total.known
    assert known.missing == (("F2", "示例F2"),)  # F3 has nothing in it: certainly worth nothing, not missing
    assert (known.paid_in, known.share) == (10_00, pytest.approx(1 / 7))
    part = known.figures
    assert (part.paid_in, part.distributed, part.nav.fen) == (60_00, 30_00, 45_00)
    assert (part.dpi, part.rvpi, part.tvpi) == (0.5, 0.75, 1.25)
    alone = next(r for r in performance(view, portfolio(view)).rows if r.key == "F1")
    assert part.irr.value == pytest.approx(alone.irr.value, abs=1e-12)


def test_nothing_is_said_of_a_part_where_all_or_nothing_is_known(office):
    before = office.view("2023-06-30")
    assert (
        portfolio_total(before, portfolio(before)).known is None
    )  # F1 has no statement either; F3 alone is no figure
    office.mark("PF", "F2", 7, DAY)
    after = office.view(DAY)
    total = portfolio_total(after, portfolio(after))
    assert (total.nav.fen, total.known) == (52_00, None)


def test_groups_carry_their_own_part(office):
    office.party("F4", "sub_fund", name="示例F4", vintage="2022")
    office.pay(K.COMMITMENT, "PF", "F4", 30, "2022-01-01")
    office.pay(K.CALL_INVESTMENT, "PF", "F4", 30, "2022-07-01")
    office.mark("PF", "F4", 33, DAY)
    view = office.view(DAY)
    rows = {r.key: r for r in performance(view, portfolio(view), "vintage").rows}
    assert (rows["2020"].known, rows["2020"].tvpi) == (None, 1.25)
    known = rows["2022"].known
    assert (known.figures.nav.fen, known.figures.tvpi, known.share) == (33_00, 1.1, 0.25)


def test_all_funds_of_a_currency_count_outside_money_of_the_known_funds(office):
    office.party("FEEDER", "sub_fund", name="示例联接")
    office.pay(K.COMMITMENT, "CITY", "FEEDER", 8, "2020-01-01", fund="FEEDER")
    office.pay(K.CALL_INVESTMENT, "CITY", "FEEDER", 8, "2020-03-01", fund="FEEDER")
    office.pay(K.COMMITMENT, "FEEDER", "F1", 8, "2020-01-01", fund="F1")
    office.pay(K.CALL_INVESTMENT, "FEEDER", "F1", 8, "2020-03-02", fund="F1")
    office.mark("F1", "F1", 66, DAY)
    office.mark("FEEDER", "F1", 6, DAY)
    office.mark("FEEDER", "FEEDER", 6, DAY)
    view = office.view(DAY)
    total = portfolio_total(view, whole_book(view, "CNY"))
    assert (total.paid_in, total.nav.fen) == (98_00, None)
    known = total.known
    assert known.missing == (("F2", "示例F2"),)
    # F1 is worth 66, of which the feeder's 6 are in the feeder's own value: counted once
    assert (known.figures.paid_in, known.figures.nav.fen) == (88_00, 66_00)
    assert (known.paid_in, known.share) == (10_00, pytest.approx(10 / 98))


def test_companies_held_directly_are_told_apart_too(office):
    for code in ("C1", "C2"):
        office.party(code, "company", name=f"示例企业{code}")
        office.deal("PF", code, "initial", 5, "2021-01-01", share=0.1)
    office.mark("PF", "C1", 9, DAY)
    view = office.view(DAY)
    own = direct(view, portfolio(view))
    assert (own.nav.fen, own.paid_in) == (None, 10_00)
    assert (own.known.figures.nav.fen, own.known.figures.tvpi, own.known.share) == (9_00, 1.8, 0.5)
    assert own.known.missing == (("C2", "示例企业C2"),)
    both = combined(view, portfolio(view)).known
    assert both.missing == (("F2", "示例F2"), ("C2", "示例企业C2"))
    assert (both.figures.paid_in, both.figures.nav.fen, both.paid_in) == (65_00, 54_00, 15_00)


def test_disclosed_positions_are_never_mixed_with_the_dated_flows_of_the_rest(office):
    office.party("C1", "company")
    office.deal("PF", "C1", "initial", 5, "2021-01-01", share=0.1)
    office.mark("PF", "C1", 9, DAY)
    office.mark("PF", "F2", 7, DAY)
    office.party("X", "sub_fund")
    office.rows(
        EntryKind.POSITION_STATEMENT,
        DAY,
        lambda v: [
            Position(v.party("PF").id, v.party("X").id, 100_00, 80_00, 60_00, 40_00, None, None, None)
        ],
    )
    view = office.view(DAY)
    both = combined(view, portfolio(view))
    assert both.nav.fen == 101_00
    assert (both.irr.status, both.irr.note.code) == ("unknown", "no_dated_flows")


def test_a_figure_that_is_not_known_opens_to_the_part_that_is(office):
    view = office.view(DAY)
    for figure, known in (("nav", 45_00), ("tvpi", 1.25), ("rvpi", 0.75)):
        shown = explain(view, portfolio(view), figure)
        assert shown.value is None
        assert shown.reason.code == "parts_missing"
        assert (shown.known, shown.missing) == (known, ("F2",))
    shown = explain(view, portfolio(view), "nav")
    assert sum(r.fen for p in shown.parts for r in p.rows) == shown.known
    assert explain(view, portfolio(view), "dpi").missing == ()


def test_an_investor_that_was_merged_stands_under_its_successor(clerk):
    """The paid-in capital goes over, the dated flows stay where they were booked: only together they make a rate."""
    clerk.party("OLD", "guidance_fund", day="2010-01-01")
    clerk.party("PF", "parent_fund", portfolio="yes", successor_of="OLD", name="示例母基金")
    clerk.party("F1", "sub_fund")
    clerk.pay(K.COMMITMENT, "OLD", "F1", 100, "2020-01-01", fund="F1")
    clerk.pay(K.CALL_INVESTMENT, "OLD", "F1", 60, "2020-02-01", fund="F1")
    moved = [(K.COMMITMENT_TRANSFER, "OLD", "PF", 100), (K.PAID_IN_TRANSFER, "OLD", "PF", 60)]
    clerk.pay_many("2022-06-30", moved, fund="F1", entry=EntryKind.REORGANISATION)
    clerk.mark("PF", "F1", 66, "2022-12-31")
    view = clerk.view("2022-12-31")
    [row] = performance(view, portfolio(view), "investor").rows
    total = portfolio_total(view, portfolio(view))
    assert (row.key, row.paid_in, row.tvpi) == ("PF", 60_00, 1.1)
    assert row.irr.value == pytest.approx(total.irr.value, abs=1e-12)


def test_any_investor_of_the_funds_can_be_opened(office):
    view = office.view(DAY)
    own = portfolio(view)
    row = stake_performance(view, own, "CITY")
    assert (row.by, row.paid_in, row.nav.fen) == ("investor", 20_00, 15_00)
    assert explain(view, own, "paid_in", "investor", "CITY").value == 20_00
    shown = explain(view, own, "paid_in", "stake", "F1|PF")
    assert (shown.value, sum(r.fen for r in shown.parts[0].rows)) == (60_00, 60_00)
    assert stake_performance(view, own, "NOBODY") is None
