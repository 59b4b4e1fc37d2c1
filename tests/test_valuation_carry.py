"""Deal-by-deal carry, clawback, escrow, and carry on net asset value."""

from __future__ import annotations

import json
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from valuation.carry import (
    CarriedDeal,
    ClawbackTerms,
    clawback,
    deal_by_deal,
    escrow,
    settle,
    total_return_carry,
)
from valuation.refusals import ValuationError
from valuation.terms import (
    Accrual,
    Hurdle,
    LeftoverFen,
    Partners,
    ProfitSplit,
    ReturnOfCapital,
    Terms,
    standard_terms,
)
from valuation.waterfall import whole_fund

MILLION = 100_000_000  # fen
ONE = Partners(("LP",))


def case(golden, name):
    listed = json.loads((golden / "waterfall" / "waterfall_cases.json").read_text(encoding="utf-8"))["cases"]
    (found,) = (c for c in listed if c["id"] == name)
    return found


def alone(terms, deals, calls, exits, losses_first):
    """Deal by deal with one partner; calls and exits are (day, deal, fen)."""
    return deal_by_deal(
        terms,
        ONE,
        deals,
        [c[0] for c in calls],
        [c[1] for c in calls],
        [[c[2]] for c in calls],
        [e[0] for e in exits],
        [e[1] for e in exits],
        [e[2] for e in exits],
        losses_first=losses_first,
    )


def clawback_of(terms, calls, result, day):
    """The clawback after a deal-by-deal result with one partner."""
    return clawback(
        terms,
        [c[0] for c in calls],
        [c[2] for c in calls],
        [p.day for p in result.payments],
        [int(p.partners.sum()) for p in result.payments],
        [p.manager for p in result.payments],
        day,
    )


# ---------------------------------------------------------------- published cases


@pytest.mark.golden
def test_published_clawback_of_ten_deals(golden):
    """clawback_ten_deals: 500 of profits on five deals, 500 of losses on five others: all carry goes back."""
    found = case(golden, "clawback_ten_deals")
    given_, out = found["inputs"], found["published"]
    gain = given_["deals_profit_total"] * MILLION // 5
    loss = -given_["deals_loss_total"] * MILLION // 5
    deals = [CarriedDeal(f"D{i}", closed_on=2000 + i) for i in range(10)]
    calls = [(i, f"D{i}", loss) for i in range(10)]
    exits = [(2000 + i, f"D{i}", loss + gain if i < 5 else 0) for i in range(10)]
    terms = standard_terms(carry=given_["carry"], hurdle=None)
    result = alone(terms, deals, calls, exits, losses_first=False)
    back = clawback_of(ClawbackTerms(given_["carry"]), calls, result, 3000)
    assert result.to_manager == out["carry_without_clawback"] * MILLION
    assert back.amount == out["clawback"] * MILLION
    assert result.to_manager - back.amount == out["carry_after_clawback"] * MILLION
    assert back.profit == 0
    assert int(result.to_partners.sum()) + back.amount == sum(c[2] for c in calls)


@pytest.mark.golden
def test_published_ledgers_need_no_clawback(golden):
    """peer_ledger_L06, L10, L13: the partners stand at or above one time paid-in, so nothing goes back."""
    for name in ("peer_ledger_L06", "peer_ledger_L10", "peer_ledger_L13"):
        found = case(golden, name)
        config = found["inputs"]["config"]
        calls = [(c["quarter"] * 91, round(c["amount"] * 100)) for c in found["inputs"]["contributions"]]
        exits = [(e["quarter"] * 91, round(e["grossProceeds"] * 100)) for e in found["inputs"]["exits"]]
        terms = standard_terms(carry=config["carryPct"], hurdle=None)
        result = whole_fund(
            terms,
            ONE,
            [c[0] for c in calls],
            [[c[1]] for c in calls],
            [e[0] for e in exits],
            [e[1] for e in exits],
        )
        back = clawback(
            ClawbackTerms(config["carryPct"], floor_multiple=config["clawbackLpHurdleMultiple"]),
            [c[0] for c in calls],
            [c[1] for c in calls],
            [p.day for p in result.payments],
            [int(p.partners.sum()) for p in result.payments],
            [p.manager for p in result.payments],
            exits[-1][0],
        )
        assert found["published"]["totals"]["gpClawback"] is None
        assert back.amount == 0, name
        paid_in = sum(c[1] for c in calls)
        multiple, floor = found["recomputed"]["lp_multiple_vs_floor"]
        assert int(result.to_partners.sum()) / paid_in == pytest.approx(multiple)
        assert multiple >= floor


@pytest.mark.golden
def test_published_carry_on_value(golden):
    """cfa_style_six_years_a; its table rounds carry to one decimal before value after distributions."""
    found = case(golden, "cfa_style_six_years_a")
    given_, table, out = found["inputs"], found["table"], found["published"]
    before = [round(row["nav_before_distributions"] * MILLION) for row in table]
    carry = total_return_carry(given_["committed"] * MILLION, given_["carry"], before) / MILLION
    assert carry == pytest.approx(out["carry"], abs=found["tolerance"])
    assert carry == pytest.approx([row["carried_interest"] for row in table], abs=1e-6)
    after = 0.0
    for i, row in enumerate(table):
        rolled = after + row["called"] - row["management_fee"] + row["operating_result"]
        assert rolled == pytest.approx(out["nav_before"][i], abs=found["tolerance"])
        after = rolled - round(carry[i], 1) - row["distributions"]
        assert after == pytest.approx(out["nav_after"][i], abs=found["tolerance"])


@pytest.mark.golden
def test_published_cumulative_carry(golden):
    found = case(golden, "cfa_style_cumulative_carry")
    given_ = found["inputs"]
    before = [round(x * MILLION) for x in given_["nav_before_distributions"]]
    carry = total_return_carry(given_["committed"] * MILLION, given_["carry"], before)
    assert carry.sum() / MILLION == pytest.approx(found["published"]["total_carry"], abs=1e-9)


def test_carry_on_value_is_earned_once_at_each_height():
    carry = total_return_carry(100, "0.2", [90, 150, 120, 150, 160])
    assert carry.tolist() == [0, 10, 0, 0, 2]


# ---------------------------------------------------------------- deal by deal

TERMS = standard_terms(carry="0.2", hurdle=Hurdle("0.08"), catch_up=1)


def test_each_deal_alone_pays_carry_in_spite_of_losses_elsewhere():
    deals = [CarriedDeal("good"), CarriedDeal("bad", closed_on=300)]
    calls = [(0, "good", MILLION), (0, "bad", MILLION)]
    exits = [(365, "good", 2 * MILLION)]
    result = alone(TERMS, deals, calls, exits, losses_first=False)
    assert result.to_manager == MILLION // 5
    assert result.carry_by_deal() == {"good": MILLION // 5, "bad": 0}
    assert result.unreturned.tolist() == [[0], [MILLION]]


def test_losses_of_closed_deals_come_first_with_the_return_on_them():
    deals = [CarriedDeal("good"), CarriedDeal("bad", closed_on=300)]
    calls = [(0, "good", MILLION), (0, "bad", MILLION)]
    exits = [(365, "good", 3 * MILLION)]
    result = alone(TERMS, deals, calls, exits, losses_first=True)
    (payment,) = result.payments
    got = [(p.deal, p.tier, int(p.partners.sum()), p.manager) for p in payment.tiers]
    assert got == [
        ("bad", "return of capital", MILLION, 0),
        ("bad", "preferred return", 8_000_000, 0),
        ("good", "return of capital", MILLION, 0),
        ("good", "preferred return", 8_000_000, 0),
        ("good", "catch-up", 0, 4_000_000),
        ("good", "profit split", 64_000_000, 16_000_000),
    ]
    assert result.to_manager == MILLION // 5  # a fifth of the whole profit of 1 million


def test_a_deal_closed_on_the_day_is_made_good_from_the_next_day():
    deals = [CarriedDeal("good"), CarriedDeal("bad", closed_on=365)]
    calls = [(0, "good", MILLION), (0, "bad", MILLION)]
    terms = standard_terms(carry="0.2", hurdle=None)
    exits = [(365, "good", 2 * MILLION), (366, "good", 2 * MILLION)]
    result = alone(terms, deals, calls, exits, losses_first=True)
    assert [p.manager for p in result.payments] == [MILLION // 5, MILLION // 5]
    assert [p.tiers[0].deal for p in result.payments] == ["good", "bad"]


def test_fees_are_a_deal_that_was_never_open():
    deals = [CarriedDeal("A"), CarriedDeal("fees", closed_on=-1)]
    calls = [(0, "A", MILLION), (0, "fees", MILLION // 10), (365, "fees", MILLION // 10)]
    terms = standard_terms(carry="0.2", hurdle=None)
    result = alone(terms, deals, calls, [(365, "A", 2 * MILLION)], losses_first=True)
    assert result.to_manager == (2 * MILLION - MILLION - MILLION // 5) // 5


def test_calls_after_the_last_distribution_are_booked():
    result = alone(
        TERMS, [CarriedDeal("A")], [(0, "A", 100), (500, "A", 50)], [(400, "A", 100)], losses_first=True
    )
    assert result.unreturned.tolist() == [[50]]


@st.composite
def books(draw):
    """(terms, partners, deals, call_days, call_deals, calls, cash_days, cash_deals, cash)"""
    hurdle = draw(st.none() | st.builds(Hurdle, st.sampled_from(["0.06", "0.08"]), st.sampled_from(Accrual)))
    terms = standard_terms(
        carry="0.2",
        hurdle=hurdle,
        catch_up=draw(st.sampled_from([0, "0.5", 1])),
        leftover_fen=draw(st.sampled_from(LeftoverFen)),
    )
    n = draw(st.integers(1, 4))
    days = st.integers(0, 4000)
    codes = ["A", "B", "C"]
    deals = [CarriedDeal(code, draw(st.none() | days)) for code in codes]
    money = st.lists(st.integers(1, 10**11), min_size=n, max_size=n)
    calls = sorted(
        draw(st.lists(st.tuples(days, st.sampled_from(codes), money), max_size=4)), key=lambda c: c[0]
    )
    calls = [(0, code, draw(money)) for code in codes] + calls
    exits = draw(st.lists(st.tuples(days, st.sampled_from(codes), st.integers(0, 10**11)), max_size=6))
    exits.sort(key=lambda e: e[0])
    partners = Partners(tuple(f"P{i}" for i in range(n)))
    columns = [[row[k] for row in rows] for rows in (calls, exits) for k in range(3)]
    return (terms, partners, deals, *columns)


@given(books(), st.booleans())
def test_what_is_paid_out_is_what_came_in(book, losses_first):
    result = deal_by_deal(*book, losses_first=losses_first)
    for payment, deal, amount in zip(result.payments, book[7], book[8], strict=True):
        assert payment.deal == deal
        assert int(payment.partners.sum()) + payment.manager == amount
        for paid in payment.tiers:
            assert int(paid.partners.min()) >= 0
            assert paid.manager >= 0
    assert int(result.to_partners.sum()) + result.to_manager == sum(book[8])
    returned = np.zeros_like(result.unreturned)
    for payment in result.payments:
        for paid in payment.tiers:
            if paid.tier == "return of capital":
                returned["ABC".index(paid.deal)] += paid.partners
    called = np.zeros_like(returned)
    for code, row in zip(book[4], book[5], strict=True):
        called["ABC".index(code)] += row
    assert (returned + result.unreturned).tolist() == called.tolist()


@given(books())
def test_after_the_clawback_the_manager_holds_no_more_than_its_share(book):
    """And where it gives back less than partners lack, it has given back all it may."""
    result = deal_by_deal(*book, losses_first=False)
    terms = ClawbackTerms("0.2", Hurdle("0.06"), floor_multiple="1", retained_for_tax="0.25")
    back = clawback(
        terms,
        book[3],
        [sum(row) for row in book[5]],
        book[6],
        [int(p.partners.sum()) for p in result.payments],
        [p.manager for p in result.payments],
        4000,
    )
    assert 0 <= back.amount <= back.most <= back.carry_paid == result.to_manager
    assert back.profit == sum(book[8]) - sum(map(sum, book[5]))
    if back.amount < back.most:
        assert back.not_recoverable == 0
        assert back.carry_paid - back.amount <= max(0, Fraction(1, 5) * back.profit)
        assert int(result.to_partners.sum()) + back.amount >= sum(map(sum, book[5]))


@given(books())
def test_one_deal_is_a_whole_fund(book):
    terms, partners, _, call_days, _, calls, cash_days, _, cash = book
    fund = whole_fund(terms, partners, call_days, calls, cash_days, cash)
    for losses_first in (True, False):
        deal = deal_by_deal(
            terms,
            partners,
            [CarriedDeal("A")],
            call_days,
            ["A"] * len(call_days),
            calls,
            cash_days,
            ["A"] * len(cash_days),
            cash,
            losses_first=losses_first,
        )
        assert deal.to_partners.tolist() == fund.to_partners.tolist()
        assert deal.to_manager == fund.to_manager


# ---------------------------------------------------------------- clawback and escrow


def simple_clawback(terms, day=730, received=MILLION, carry=MILLION // 10):
    return clawback(terms, [0, 400], [MILLION, MILLION // 2], [365], [received], [carry], day)


def test_the_figures_behind_a_clawback():
    back = simple_clawback(ClawbackTerms("0.2", Hurdle("0.10")))
    assert back.profit == MILLION + MILLION // 10 - 3 * MILLION // 2
    assert (back.carry_paid, back.carry_due, back.excess) == (MILLION // 10, 0, MILLION // 10)
    # 10 % of 1 million for a year, and of half a million for 330 days
    assert back.shortfall == MILLION // 2 + 10_000_000 + 50_000_000 * 330 // 3650
    assert back.amount == back.most == MILLION // 10
    assert back.not_recoverable == back.shortfall - back.amount


def test_what_is_kept_for_tax_bounds_the_clawback():
    back = simple_clawback(ClawbackTerms("0.2", retained_for_tax="0.45"))
    assert back.amount == back.most == 5_500_000


def test_only_flows_up_to_the_day_count():
    early = simple_clawback(ClawbackTerms("0.2"), day=365)
    assert early.profit == MILLION // 10
    assert early.excess == early.amount == 8_000_000
    assert early.shortfall == 0
    assert simple_clawback(ClawbackTerms("0.2"), day=364).carry_paid == 0


def test_a_floor_on_the_multiple():
    terms = ClawbackTerms("0.5", floor_multiple="1.1")
    back = clawback(terms, [0], [1001], [10], [1050], [20], 10)
    assert back.below_floor == 1102 - 1050  # 1101.1 rounded up: the partners must reach it
    assert back.amount == 20


def test_what_partners_got_above_the_hurdle_counts_against_later_calls():
    terms = ClawbackTerms("0.2", Hurdle("0.1", Accrual.COMPOUND))
    back = clawback(terms, [0, 365], [MILLION, MILLION], [365, 730], [3 * MILLION, 0], [MILLION // 5, 0], 730)
    assert back.shortfall == 0
    back = clawback(terms, [0, 400], [MILLION, 2 * MILLION], [365, 800], [MILLION, 0], [MILLION // 5, 0], 800)
    assert back.shortfall > 2 * MILLION


def test_the_clawback_goes_back_to_partners_to_the_fen():
    back = simple_clawback(ClawbackTerms("0.2"))
    assert back.to_partners([1, 1, 1]).tolist() == [3_333_334, 3_333_333, 3_333_333]


def test_an_escrow_pays_first_and_releases_the_rest():
    carry = [3_333_333, 6_666_667]
    account = escrow(carry, "0.3")
    assert account.held.tolist() == [1_000_000, 2_000_001]
    assert (account.held + account.paid).tolist() == carry
    small = simple_clawback(ClawbackTerms("0.2"), day=365)  # 8,000,000 of 10,000,000
    met = settle(account, small)
    assert (met.from_escrow, met.from_manager, met.released) == (3_000_001, 4_999_999, 0)
    none = simple_clawback(ClawbackTerms("1"), day=365)
    met = settle(account, none)
    assert (met.from_escrow, met.from_manager, met.released) == (0, 0, 3_000_001)


def test_an_escrow_meets_the_clawback_of_its_own_carry():
    with pytest.raises(ValuationError, match="owed"):
        settle(escrow([5], "0.5"), simple_clawback(ClawbackTerms("0.2")))


# ---------------------------------------------------------------- wrong input

GOOD = {
    "terms": TERMS,
    "partners": ONE,
    "deals": [CarriedDeal("A"), CarriedDeal("B")],
    "call_days": [0, 1],
    "call_deals": ["A", "B"],
    "calls": [[100], [100]],
    "cash_days": [2],
    "cash_deals": ["A"],
    "cash": [150],
    "losses_first": True,
}


@pytest.mark.parametrize(
    ("change", "argument", "index"),
    [
        ({"deals": [CarriedDeal("A"), CarriedDeal("B"), CarriedDeal("A")]}, "deals", 2),
        ({"call_deals": ["A", "X"]}, "call_deals", 1),
        ({"call_deals": ["A"]}, "call_deals", None),
        ({"cash_deals": ["X"]}, "cash_deals", 0),
        ({"calls": [[100]]}, "calls", None),
        ({"calls": [[100, 1], [100, 1]]}, "calls", None),
        ({"calls": [[100], [-100]]}, "calls", (1, 0)),
        ({"calls": [[100.0], [100.0]]}, "calls", None),
        ({"call_days": [1, 0]}, "call_days", 1),
        ({"cash": [150, 1]}, "cash", None),
        ({"cash": [-150]}, "cash", 0),
        ({"call_deals": ["B", "B"]}, "cash", None),
        ({"terms": Terms((ReturnOfCapital(("x",)), ProfitSplit("0.2")))}, "tiers", None),
    ],
)
def test_wrong_deals_are_refused(change, argument, index):
    assert deal_by_deal(**GOOD).to_manager > 0
    with pytest.raises(ValuationError) as refused:
        deal_by_deal(**(GOOD | change))
    assert refused.value.argument == argument
    assert refused.value.index == index


@pytest.mark.parametrize(
    ("call", "argument"),
    [
        (lambda: clawback(ClawbackTerms("0.2"), [0], [1, 2], [1], [1], [1], 5), "called"),
        (lambda: clawback(ClawbackTerms("0.2"), [0], [1], [1], [1, 2], [1], 5), "to_partners"),
        (lambda: clawback(ClawbackTerms("0.2"), [0], [1], [1], [1], [], 5), "to_manager"),
        (lambda: clawback(ClawbackTerms("0.2"), [0], [-1], [1], [1], [1], 5), "called"),
        (lambda: clawback(ClawbackTerms("0.2"), [0], [1], [1], [1], [1], 5.5), "day"),
        (lambda: clawback(ClawbackTerms("0.2"), [0], [float("nan")], [1], [1], [1], 5), "called"),
        (lambda: ClawbackTerms("1.2"), "carry"),
        (lambda: ClawbackTerms("0.2", retained_for_tax="1.2"), "retained_for_tax"),
        (lambda: ClawbackTerms("0.2", floor_multiple="-1"), "floor_multiple"),
        (lambda: escrow([1, -1], "0.5"), "carry"),
        (lambda: escrow([1], "1.5"), "share"),
        (lambda: total_return_carry(-1, "0.2", [1]), "committed"),
        (lambda: total_return_carry(1, "2", [1]), "carry"),
        (lambda: total_return_carry(1, "0.2", [1.5]), "nav_before"),
    ],
)
def test_wrong_clawbacks_are_refused(call, argument):
    with pytest.raises(ValuationError) as refused:
        call()
    assert refused.value.argument == argument
