"""Capital accounts, the NAV bridge and the J-curve close to the fen."""

from __future__ import annotations

import datetime as dt

import pytest

from fof.errors import Refused
from fof.figures.j_curve import curve
from fof.figures.statements import bridge, capital_account
from models.kinds import EntryKind
from models.posting_kinds import TREATMENTS
from models.posting_kinds import PostingKind as K


def fund_with_two_investors(clerk) -> None:
    """F1: LP pays 60 (50 + 10 fee), CITY 30 (25 + 5 fee) on 2020-03-01; buys C1 for 40 and C2 for 20;
    fee 15, interest 1; sells half of C1 (10 of 20 %) for 35 on 2022-05-01 and distributes 30 + 15.
    """
    for code, kind in (("LP", "parent_fund"), ("CITY", "government"), ("F1", "sub_fund"), ("M", "manager")):
        clerk.party(code, kind)
    for code in ("C1", "C2"):
        clerk.party(code, "company")
    clerk.party("BANK", "bank")
    for code, yuan in (("LP", 200), ("CITY", 100)):
        clerk.pay(K.COMMITMENT, code, "F1", yuan, "2020-01-01", fund="F1")
    calls = [(K.CALL_INVESTMENT, "LP", "F1", 50), (K.CALL_FEE_INSIDE, "LP", "F1", 10)]
    calls += [(K.CALL_INVESTMENT, "CITY", "F1", 25), (K.CALL_FEE_INSIDE, "CITY", "F1", 5)]
    clerk.pay_many("2020-03-01", calls, fund="F1")
    clerk.deal("F1", "C1", "initial", 40, "2020-04-01", share=0.2)
    clerk.deal("F1", "C2", "initial", 20, "2020-05-01", share=0.1)
    clerk.pay(K.MANAGEMENT_FEE, "F1", "M", 15, "2020-06-30")
    clerk.pay(K.INTEREST_INCOME, "BANK", "F1", 1, "2020-12-20")
    values(clerk, "2020-12-31", c1=44, c2=18, lp=52, city=26)
    clerk.deal("F1", "C1", "partial_exit", 35, "2022-05-01", share=0.1)
    clerk.pay(K.DISTRIBUTION_GAIN, "F1", "LP", 20, "2022-06-01")
    clerk.pay(K.DISTRIBUTION_GAIN, "F1", "CITY", 10, "2022-06-01")
    values(clerk, "2022-12-31", c1=40, c2=9, lp=40, city=20)


def values(clerk, day: str, *, c1: float, c2: float, lp: float, city: float) -> None:
    clerk.mark("F1", "C1", c1, day)
    clerk.mark("F1", "C2", c2, day)
    clerk.mark("F1", "F1", lp + city, day)
    clerk.mark("LP", "F1", lp, day)
    clerk.mark("CITY", "F1", city, day)


def lines(statement) -> dict[str, int]:
    return {item.name: item.fen for item in statement.items}


def party(view, code: str) -> int:
    return view.party(code).id


def test_a_capital_account_closes_to_the_fen(clerk):
    fund_with_two_investors(clerk)
    view = clerk.view("2022-12-31")
    found = capital_account(view, party(view, "F1"), party(view, "LP"), dt.date(2020, 12, 31))
    # two thirds of the fund's realised 15 and unrealised 7; the manager reports 40 where these come to 46.67
    assert lines(found) == {
        "opening": 52_00,
        "distribution_gain": -20_00,
        "realised": 10_00,
        "unrealised": 4_67,
        "residual": -6_67,
        "closing": 40_00,
    }
    assert found.note.code == "shared_by_paid_in"
    first = capital_account(
        clerk.view("2020-12-31"), party(view, "F1"), party(view, "LP"), dt.date(2020, 1, 1)
    )
    assert lines(first) == {
        "opening": 0,
        "call_investment": 50_00,
        "call_fees": 10_00,
        "management_fee": -10_00,
        "interest": 67,
        "unrealised": 1_33,
        "closing": 52_00,
    }
    assert first.residual == 0


def test_periods_join_and_investors_add_up_to_the_fund(clerk):
    fund_with_two_investors(clerk)
    view = clerk.view("2022-12-31")
    fund = party(view, "F1")
    whole = bridge(view, fund, dt.date(2020, 12, 31))
    parts = [capital_account(view, fund, party(view, c), dt.date(2020, 12, 31)) for c in ("LP", "CITY")]
    for name in ("opening", "distribution_gain", "realised", "unrealised", "residual", "closing"):
        assert lines(whole)[name] == sum(lines(p)[name] for p in parts)
    assert whole.gain == sum(p.gain for p in parts)
    first = capital_account(clerk.view("2020-12-31"), fund, party(view, "LP"), dt.date(2020, 1, 1))
    assert first.closing.fen == parts[0].opening.fen


def test_the_bridge_itemises_the_result_and_shows_what_it_cannot_explain(clerk):
    fund_with_two_investors(clerk)
    view = clerk.view("2022-12-31")
    found = bridge(view, party(view, "F1"), dt.date(2020, 12, 31))
    # C1: half the cost of 40 released for 35: realised 15; unrealised of C1 +4 -> +20, of C2 -2 -> -11
    assert lines(found) == {
        "opening": 78_00,
        "distribution_gain": -30_00,
        "realised": 15_00,
        "unrealised": 7_00,
        "residual": -10_00,
        "closing": 60_00,
    }
    assert found.itemised
    assert found.residual == -10_00


def test_the_first_year_of_the_bridge_has_no_residual(clerk):
    fund_with_two_investors(clerk)
    view = clerk.view("2020-12-31")
    found = bridge(view, party(view, "F1"), dt.date(2019, 12, 31))
    # 90 in, fee 15, interest 1, C1 +4, C2 -2 = 78
    assert lines(found) == {
        "opening": 0,
        "call_investment": 75_00,
        "call_fees": 15_00,
        "management_fee": -15_00,
        "interest": 1_00,
        "unrealised": 2_00,
        "closing": 78_00,
    }
    assert found.residual == 0


def test_without_holdings_the_result_is_one_line_worked_out_backwards(clerk):
    clerk.party("LP", "parent_fund")
    clerk.party("F1", "sub_fund")
    clerk.pay(K.COMMITMENT, "LP", "F1", 100, "2020-01-01")
    clerk.pay(K.CALL_INVESTMENT, "LP", "F1", 60, "2020-02-01")
    clerk.mark("LP", "F1", 66, "2020-12-31")
    view = clerk.view("2020-12-31")
    found = bridge(view, party(view, "F1"), dt.date(2020, 1, 1))
    assert lines(found) == {"opening": 0, "call_investment": 60_00, "result": 6_00, "closing": 66_00}
    assert not found.itemised


def test_without_a_value_there_is_no_statement_but_a_reason(clerk):
    clerk.party("LP", "parent_fund")
    clerk.party("F1", "sub_fund")
    clerk.pay(K.COMMITMENT, "LP", "F1", 100, "2020-01-01")
    clerk.pay(K.CALL_INVESTMENT, "LP", "F1", 60, "2020-02-01")
    view = clerk.view("2020-12-31")
    found = capital_account(view, party(view, "F1"), party(view, "LP"), dt.date(2020, 1, 1))
    assert found.items == ()
    assert found.residual is None
    assert found.note.code == "no_mark"


def test_a_stake_that_came_over_stands_in_a_line_of_its_own(clerk):
    fund_with_two_investors(clerk)
    clerk.party("NEW", "parent_fund", successor_of="LP")
    moves = [
        (K.COMMITMENT_TRANSFER, "LP", "NEW", 200),
        (K.PAID_IN_TRANSFER, "LP", "NEW", 60),
        (K.DISTRIBUTED_TRANSFER, "LP", "NEW", 20),
    ]
    clerk.pay_many("2023-03-31", moves, fund="F1", entry=EntryKind.REORGANISATION)
    clerk.mark("NEW", "F1", 41, "2023-06-30")
    view = clerk.view("2023-06-30")
    fund = party(view, "F1")
    new = capital_account(view, fund, party(view, "NEW"), dt.date(2022, 12, 31))
    assert lines(new) == {"opening": 0, "transfer": 40_00, "result": 1_00, "closing": 41_00}
    old = capital_account(view, fund, party(view, "LP"), dt.date(2022, 12, 31))
    assert lines(old) == {"opening": 40_00, "transfer": -40_00, "result": 0, "closing": 0}


def test_an_empty_period_is_refused(clerk):
    fund_with_two_investors(clerk)
    view = clerk.view("2022-12-31")
    with pytest.raises(Refused):
        bridge(view, party(view, "F1"), dt.date(2022, 12, 31))


def test_the_j_curve(clerk):
    fund_with_two_investors(clerk)
    view = clerk.view("2022-12-31")
    found = curve(view, [party(view, "F1")], {party(view, "LP")})
    assert found.days[0] == dt.date(2020, 3, 31)
    assert found.net[0] == -60_00
    assert found.nav[0] is None
    assert found.nav[found.days.index(dt.date(2020, 12, 31))] == 52_00
    assert found.nav[found.days.index(dt.date(2022, 6, 30))] == 32_00  # 52 rolled by the 20 paid out
    assert (found.net[-1], found.nav[-1]) == (-40_00, 40_00)


def test_every_kind_of_flow_has_one_line():
    from fof.figures.statements import _GROUPS

    listed = [k for *_, kinds in _GROUPS for k in kinds]
    assert len(listed) == len(set(listed))
    assert set(listed) == {k for k, t in TREATMENTS.items() if t.irr and (t.paid_in or t.distributed)}


def test_a_fund_of_which_some_accounts_are_stated_says_which_are_not(clerk):
    """Only then: with none of them stated there is no statement yet, with all of them their sum is the fund's value."""
    clerk.party("F1", "sub_fund")
    for number in range(8):
        clerk.party(f"LP{number}", name=f"出资人{number}")
        clerk.pay(K.COMMITMENT, f"LP{number}", "F1", 100, "2020-01-01")
    for number in range(7):  # the eighth has paid nothing: worth nothing for certain
        clerk.pay(K.CALL_INVESTMENT, f"LP{number}", "F1", 60, "2020-02-01")

    def note():
        view = clerk.view("2020-12-31")
        return bridge(view, party(view, "F1"), dt.date(2020, 1, 1)).note

    assert note().code == "no_mark"
    clerk.mark("LP0", "F1", 66, "2020-12-31")
    assert note().code == "some_accounts"
    assert (
        "8 个出资账户中 2 个有净值，尚缺 出资人1、出资人2、出资人3、出资人4、出资人5等 6 户" in note().text.zh
    )
    assert "of 8 accounts 2 with a value, none yet of 出资人1" in note().text.en
    assert note().text.en.endswith("出资人5 and 1 more")
    for number in range(1, 7):
        clerk.mark(f"LP{number}", "F1", 66, "2020-12-31")
    assert note() is None
