"""NAV bridge, contributions to TVPI and IRR, losses, concentration."""

from __future__ import annotations

import csv
import json
import re
from math import isnan, nan

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from valuation.attribution import (
    concentration,
    irr_contribution,
    losses,
    nav_bridge,
    tvpi_contribution,
)
from valuation.refusals import ValuationError

fen = st.integers(0, 10**13)

# ---------------------------------------------------------------- NAV bridge


@pytest.mark.golden
def test_published_capital_account(golden):
    """ILPA Reporting Template v2.0, one investor, three spans: every row formula, and the bridge they make."""
    with (golden / "ilpa" / "reporting_template_v2_lines_lp.csv").open(encoding="utf-8", newline="") as lines:
        rows = {int(line["row"]): line for line in csv.DictReader(lines)}
    spans = ("lp5_qtd", "lp5_ytd", "lp5_itd")
    amount = {
        row: np.array([round(float(line[span]) * 100) for span in spans], dtype=np.int64)
        for row, line in rows.items()
        if line[spans[0]]
    }
    formulas = {
        row: line["row_formula"] for row, line in rows.items() if line["row_formula"] and row in amount
    }
    assert len(formulas) == 26
    for row, formula in formulas.items():
        assert np.abs(amount[row] - evaluated(formula, amount)).max() <= 100, row  # 1 currency unit
    bridge = nav_bridge(
        amount[12],
        amount[13],
        -amount[14],
        {
            "placement fees": amount[15] + amount[16] + amount[17],
            "net operating income": amount[91],
            "realised": amount[92],
            "unrealised": amount[93],
        },
        amount[95],
    )
    assert np.abs(bridge.residual).max() <= 100
    unfunded = nav_bridge(amount[109], amount[111] + amount[112] + amount[113], -amount[110], {}, amount[114])
    assert unfunded.residual.tolist() == [0, 0, 0]


def evaluated(formula, amount):
    """SUM(row1:row3,row7) and differences of rows, as the template writes them."""
    total = 0
    for sign, term in re.findall(r"([+-]?)(SUM\([^)]*\)|row\d+)", formula):
        rows = []
        for part in re.findall(r"row\d+(?::row\d+)?", term):
            ends = [int(x) for x in re.findall(r"\d+", part)]
            rows += range(ends[0], ends[-1] + 1)
        part_sum = sum(amount[row] for row in rows if row in amount)
        total = total - part_sum if sign == "-" else total + part_sum
    return total


@pytest.mark.golden
def test_real_funds_over_one_year(golden):
    """ny_common_two_dates: 170 funds, two reports; the published gain closes the bridge."""
    with (golden / "fund_data" / "ny_common_two_dates.csv").open(encoding="utf-8", newline="") as lines:
        table = list(csv.DictReader(lines))
    assert len(table) == 170
    cents = {
        key: np.array([round(float(row[key]) * 10**8) for row in table], dtype=np.int64)
        for key in table[0]
        if key != "fund_name"
    }
    bridge = nav_bridge(
        cents["nav_2024"],
        cents["calls_in_year"],
        cents["distributions_in_year"],
        {"gain": cents["gain_in_year"]},
        cents["nav_2025"],
    )
    assert np.abs(bridge.residual).max() <= 200  # 1e-6 of a million, and its rounding
    assert cents["calls_in_year"].tolist() == pytest.approx(
        (cents["called_2025"] - cents["called_2024"]).tolist(), abs=200
    )


@pytest.mark.golden
def test_published_value_roll_forward(golden):
    """cfa_style_six_years_a as a bridge: called - fee + result - carry - distributions, to one printed decimal."""
    listed = json.loads((golden / "waterfall" / "waterfall_cases.json").read_text(encoding="utf-8"))["cases"]
    (case,) = (c for c in listed if c["id"] == "cfa_style_six_years_a")
    column = {
        key: np.array([round(row[key] * 10) for row in case["table"]], dtype=np.int64)
        for key in case["table"][0]
    }
    opening = np.concatenate([[0], column["nav_after_distributions"][:-1]])
    gains = {key: -column[key] for key in ("management_fee", "carried_interest")}
    gains["result"] = column["operating_result"]
    bridge = nav_bridge(
        opening, column["called"], column["distributions"], gains, column["nav_after_distributions"]
    )
    assert np.abs(bridge.residual).max() <= 1


@given(st.lists(st.tuples(fen, fen, fen, st.integers(-(10**13), 10**13), fen), max_size=5))
def test_a_bridge_always_closes(rows):
    columns = [[row[k] for row in rows] for k in range(5)]
    bridge = nav_bridge(columns[0], columns[1], columns[2], {"gain": columns[3]}, columns[4])
    total = sum(amounts for name, amounts in bridge.bars() if name != "closing")
    assert np.array(total).tolist() == columns[4]
    assert [name for name, _ in bridge.bars()] == [
        "opening",
        "calls",
        "distributions",
        "gain",
        "residual",
        "closing",
    ]


def test_what_is_not_explained_is_shown():
    bridge = nav_bridge([100], [50], [30], {"realised": [10], "unrealised": [-5]}, [120])
    assert bridge.residual.tolist() == [-5]


# ---------------------------------------------------------------- TVPI


@given(
    st.lists(st.tuples(fen, fen, fen), min_size=1, max_size=6),
    st.integers(1, 10**14),
    fen,
    st.integers(-(10**9), 10**13),
)
def test_contributions_to_the_multiple_add_up(rows, paid_in, distributed, nav):
    cost, got, value = ([row[k] for row in rows] for k in range(3))
    result = tvpi_contribution(cost, got, value, paid_in=paid_in, distributed=distributed, nav=nav)
    assert result.tvpi == (distributed + nav) / paid_in
    rounding = 1e-12 * (1 + abs(result.tvpi) + float(np.abs(result.holdings).sum()))
    assert 1 + result.holdings.sum() + result.residual == pytest.approx(result.tvpi, abs=rounding)


def test_contributions_to_the_multiple():
    result = tvpi_contribution([60, 30], [0, 90], [20, 30], paid_in=100, distributed=85, nav=50)
    assert result.holdings.tolist() == [-0.4, 0.9]
    assert result.residual == pytest.approx(-0.15)
    nothing = tvpi_contribution([0], [0], [0], paid_in=0, distributed=0, nav=0)
    assert isnan(nothing.tvpi)
    assert isnan(nothing.residual)
    assert isnan(nothing.holdings[0])


# ---------------------------------------------------------------- IRR


def root(flows, days):
    """The single rate of flows that are paid in before they come back, by bisection on the log rate."""
    years = np.asarray(days) / 365
    low, high = -50.0, 50.0
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if float(np.sum(flows * np.exp(-middle * years))) > 0 else (low, middle)
    return float(np.expm1(middle))


@st.composite
def portfolios(draw):
    """Each holding pays in once in the first two years and gets back one to three times after the second year."""
    flows, days, owner = [], [], []
    count = draw(st.integers(1, 5))
    for h in range(count):
        cost = draw(st.integers(10, 1000))
        flows.append(-float(cost))
        days.append(draw(st.integers(0, 700)))
        owner.append(h)
        for _ in range(draw(st.integers(0, 3))):
            flows.append(float(draw(st.integers(1, 3000))))
            days.append(draw(st.integers(731, 4000)))
            owner.append(h)
    assume(any(x > 0 for x in flows))
    return np.array(flows), np.array(days), np.array(owner), count


@given(portfolios())
def test_contributions_to_the_rate_add_up_and_have_the_sign_of_the_gain(portfolio):
    flows, days, owner, count = portfolio
    rate = root(flows, days)
    result = irr_contribution(flows, days, owner, count, rate)
    assert result.reason == ""
    assert result.holdings.sum() + result.rest + result.residual == pytest.approx(rate, abs=1e-12)
    assert abs(result.residual) < 1e-5
    assert result.rest == 0
    gains = np.bincount(owner, flows, count)
    for gain, part in zip(gains, result.holdings, strict=True):
        assert part == pytest.approx(0, abs=1e-12) if gain == 0 else part * gain > 0


@given(portfolios(), st.sampled_from([1e-6, 100.0, 1e9]), st.integers(-3000, 3000))
def test_contributions_do_not_depend_on_unit_or_calendar(portfolio, scale, shift):
    flows, days, owner, count = portfolio
    rate = root(flows, days)
    one = irr_contribution(flows, days, owner, count, rate)
    other = irr_contribution(flows * scale, days + shift, owner, count, rate)
    assert other.holdings == pytest.approx(one.holdings, abs=1e-9)


def test_equal_holdings_contribute_equally_and_order_changes_nothing():
    flows, days, owner = np.array([-100.0, 300.0] * 3), np.array([0, 1460] * 3), np.array([0, 0, 1, 1, 2, 2])
    rate = 3 ** (1 / 4) - 1
    result = irr_contribution(flows, days, owner, 3, rate)
    assert result.holdings == pytest.approx([rate / 3] * 3, abs=1e-9)
    back = irr_contribution(flows[::-1], days[::-1], owner[::-1], 3, rate)
    assert back.holdings == pytest.approx(result.holdings, abs=1e-14)


def test_the_one_holding_is_the_whole_rate():
    assert irr_contribution([-100, 121], [0, 730], [0, 0], 1, 0.1).holdings == pytest.approx([0.1], abs=1e-10)


def test_a_total_loss_contributes_below_nothing():
    result = irr_contribution([-100, -100, 300], [0, 0, 730], [0, 1, 1], 2, np.sqrt(1.5) - 1)
    assert result.holdings[0] < 0 < result.holdings[1]
    assert abs(result.residual) < 1e-9


def test_fees_and_idle_cash_stand_apart():
    """The fund calls 110, invests 100 at once and pays 10 of fees: the fees take the rate from 14.5 % to 9.2 %."""
    gross = irr_contribution([-100, 131.1], [0, 730], [0, 0], 1, np.sqrt(1.311) - 1)
    net_rate = np.sqrt(131.1 / 110) - 1
    net = irr_contribution(
        [-100, 131.1], [0, 730], [0, 0], 1, net_rate, fund_amounts=[-110, 131.1], fund_days=[0, 730]
    )
    assert net.rest < 0 < net.holdings[0] < gross.holdings[0]
    assert net.holdings[0] + net.rest + net.residual == pytest.approx(net_rate)
    assert abs(net.residual) < 1e-9


def test_without_a_rate_there_is_no_contribution():
    result = irr_contribution([-100, 121], [0, 730], [0, 0], 1, nan)
    assert isnan(result.holdings[0])
    assert "no single rate" in result.reason


def test_of_several_rates_the_gains_lead_to_one_and_the_others_are_said():
    flows, days, owner = [-1000, 4550, -6675, 3150], [0, 365, 730, 1095], [0] * 4  # 5 %, 50 % and 100 %
    assert irr_contribution(flows, days, owner, 1, 0.05).holdings == pytest.approx([0.05], abs=1e-9)
    for rate in (0.5, 1.0):
        result = irr_contribution(flows, days, owner, 1, rate)
        assert "another rate" in result.reason
        assert isnan(result.holdings[0])


def test_a_rate_that_cannot_be_followed_is_said():
    result = irr_contribution([-100, 230, -132], [0, 365, 730], [0, 0, 0], 1, 0.1)
    assert "cannot be followed" in result.reason
    assert isnan(result.holdings[0])


# ---------------------------------------------------------------- losses and concentration


def test_losses_net_and_gross():
    result = losses([100, 100, 50], [0, 150, 10], [20, 0, 40])
    assert (result.invested, result.net, result.gross, result.at_loss) == (250, 30, 80, 100)
    assert (result.holdings, result.holdings_at_loss) == (3, 1)
    assert (result.net_ratio, result.gross_ratio, result.at_loss_ratio) == (0.12, 0.32, 0.4)
    assert losses([100], [200], [0]).net == 0


def test_losses_of_nothing_do_not_exist():
    nothing = losses([], [], [])
    assert isnan(nothing.net_ratio)
    assert isnan(nothing.gross_ratio)
    assert isnan(nothing.at_loss_ratio)


@given(st.lists(st.tuples(fen, fen, fen), max_size=8))
def test_losses_stay_within_cost(rows):
    result = losses(*([row[k] for row in rows] for k in range(3)))
    assert 0 <= result.net <= result.gross <= result.at_loss <= result.invested


def test_concentration_of_known_spreads():
    even = concentration([25, 25, 25, 25])
    assert (even.hhi, even.effective, even.top(1), even.top(3), even.top(9)) == (0.25, 4.0, 0.25, 0.75, 1.0)
    one = concentration([0, 7])
    assert (one.hhi, one.effective, one.top(1)) == (1.0, 1.0, 1.0)
    assert isnan(concentration([]).hhi)
    assert isnan(concentration([]).top(1))
    assert isnan(concentration([0, 0]).hhi)


@given(st.lists(fen, min_size=1, max_size=12).filter(any))
def test_concentration_lies_between_all_alike_and_all_in_one(amounts):
    result = concentration(amounts)
    assert 1 / len(amounts) - 1e-12 <= result.hhi <= 1 + 1e-12
    assert result.top(len(amounts)) == pytest.approx(1)
    assert result.shares.tolist() == concentration(amounts[::-1]).shares.tolist()


# ---------------------------------------------------------------- wrong input

FLOWS = ([-100.0, 121.0], [0, 730], [0, 0], 1, 0.1)


@pytest.mark.parametrize(
    ("call", "argument", "index"),
    [
        (lambda: nav_bridge([1], [1, 2], [1], {}, [1]), "calls", None),
        (lambda: nav_bridge([1], [1], [1.5], {}, [1]), "distributions", None),
        (lambda: nav_bridge([1], [1], [1], {"x": [1, 2]}, [1]), "x", None),
        (lambda: nav_bridge([1], [1], [1], {"calls": [1]}, [1]), "gains", None),
        (lambda: nav_bridge([nan], [1], [1], {}, [1]), "opening", None),
        (lambda: tvpi_contribution([1], [1, 2], [1], paid_in=1, distributed=1, nav=1), "proceeds", None),
        (lambda: tvpi_contribution([1], [1], [-1], paid_in=1, distributed=1, nav=1), "value", 0),
        (lambda: tvpi_contribution([1], [1], [1], paid_in=-1, distributed=1, nav=1), "paid_in", None),
        (lambda: tvpi_contribution([1], [1], [1], paid_in=1, distributed=0.5, nav=1), "distributed", None),
        (lambda: irr_contribution([-1.0, nan], *FLOWS[1:]), "amounts", 1),
        (lambda: irr_contribution([-1.0], *FLOWS[1:]), "flow_days", None),
        (lambda: irr_contribution(FLOWS[0], [0, 1.5], *FLOWS[2:]), "flow_days", None),
        (lambda: irr_contribution(*FLOWS[:2], [0, 1], 1, 0.1), "holding", 1),
        (lambda: irr_contribution(*FLOWS[:2], [0, -1], 1, 0.1), "holding", 1),
        (lambda: irr_contribution(*FLOWS[:2], [0], 1, 0.1), "holding", None),
        (lambda: irr_contribution(*FLOWS[:3], 0, 0.1), "holdings", None),
        (lambda: irr_contribution(*FLOWS[:4], 0.2), "rate", None),
        (lambda: irr_contribution(*FLOWS[:4], -1.0), "rate", None),
        (lambda: irr_contribution([], [], [], 1, 0.1), "amounts", None),
        (lambda: irr_contribution([0.0, 0.0], *FLOWS[1:]), "amounts", None),
        (lambda: irr_contribution(*FLOWS, fund_amounts=[1.0]), "fund_days", None),
        (lambda: irr_contribution(*FLOWS, fund_amounts=[1.0], fund_days=[0, 1]), "fund_days", None),
        (lambda: irr_contribution(*FLOWS, day_count="30/360"), "day_count", None),
        (lambda: losses([1], [1], [1, 2]), "value", None),
        (lambda: losses([-1], [1], [1]), "invested", 0),
        (lambda: concentration([1, -1]), "amounts", 1),
        (lambda: concentration([0.5]), "amounts", None),
        (lambda: concentration([1]).top(0), "n", None),
    ],
)
def test_wrong_input_is_refused(call, argument, index):
    with pytest.raises(ValuationError) as refused:
        call()
    assert refused.value.argument == argument
    assert refused.value.index == index
