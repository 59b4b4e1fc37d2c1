"""Losses shared and claims paid: exact to the fen, whatever the agreement; and the front door of the pool kernels."""

from __future__ import annotations

import json
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from valuation import pools
from valuation.pools import (
    compensation,
    pay_claims,
    pay_claims_pro_rata,
    share_losses,
    share_recovery,
    stop_loss,
)
from valuation.refusals import ValuationError

fen = st.integers(0, 10**13)


@st.composite
def agreements(draw: st.DrawFn) -> list[Fraction]:
    parts = draw(st.lists(st.integers(0, 1000), min_size=1, max_size=8).filter(any))
    return [Fraction(p, sum(parts)) for p in parts]


@given(st.lists(fen, max_size=30), agreements())
def test_shares_of_a_loss_add_to_the_loss(losses: list[int], shares: list[Fraction]) -> None:
    parts = share_losses(np.array(losses, dtype=np.int64), shares)
    assert parts.shape == (len(losses), len(shares))
    for loss, row in zip(losses, parts.tolist(), strict=True):
        assert sum(row) == loss
        for part, share in zip(row, shares, strict=True):
            assert abs(part - loss * share) < 1


def test_named_agreements() -> None:
    """政银担 4321 and 4222, 政银保 25/45/30 on odd sums, worked by hand."""
    assert share_losses([1_000_007], ["0.4", "0.3", "0.2", "0.1"]).tolist() == [
        [400_003, 300_002, 200_001, 100_001]
    ]
    assert share_losses([11], ["0.4", "0.2", "0.2", "0.2"]).tolist() == [[5, 2, 2, 2]]
    assert share_losses([2], [Decimal("0.25"), Decimal("0.45"), Decimal("0.30")]).tolist() == [[0, 1, 1]]
    assert share_losses([100], ["1/3"] * 3).tolist() == [[34, 33, 33]]
    assert share_losses([100], [0.3333333333, 0.3333333333, 0.3333333334]).tolist() == [[33, 33, 34]]


@pytest.mark.parametrize(
    ("losses", "shares", "argument", "index"),
    [
        ([100], ["0.4", "0.3"], "shares", None),
        ([100], [], "shares", None),
        ([100], ["1.2", "-0.2"], "shares[1]", None),
        ([100], [0.4, float("nan"), 0.6], "shares[1]", None),
        ([100, -1], ["1"], "losses", 1),
        ([1.5], ["1"], "losses", None),
    ],
)
def test_agreements_that_are_none(losses: object, shares: list[object], argument: str, index: object) -> None:
    with pytest.raises(ValuationError) as refused:
        share_losses(losses, shares)  # type: ignore[arg-type]
    assert (refused.value.argument, refused.value.index) == (argument, index)


@given(fen, st.lists(fen, min_size=1, max_size=8))
def test_recoveries_go_back_to_those_who_bore_and_no_further(recovered: int, borne: list[int]) -> None:
    parts, surplus = share_recovery(recovered, borne)
    assert int(parts.sum()) + surplus == recovered
    assert surplus == max(recovered - sum(borne), 0)
    for part, own in zip(parts.tolist(), borne, strict=True):
        assert 0 <= part <= own
        if sum(borne):
            assert abs(part - Fraction(min(recovered, sum(borne)) * own, sum(borne))) < 1


@pytest.mark.golden
def test_the_angel_compensation_of_shanghai(golden: Path) -> None:
    case = json.loads((golden / "credit_pool" / "angel_compensation_rules.json").read_text("utf-8"))
    rule = next(r for r in case["rules"] if r["id"] == "shanghai_2016")
    rate = {"seed": str(rule["rates"]["seed_stage"]), "start_up": str(rule["rates"]["start_up_stage"])}
    cap, year = 100 * rule["cap_per_project"], 100 * rule["cap_per_institution_per_year"]
    checked = 0
    for row in case["worked"]:
        if row["stage"] in rate:
            loss = 100 * max(row["invested"] - row["recovered"], 0)
            assert loss == 100 * row["loss"]
            assert compensation([loss], rate[row["stage"]]).tolist() == [100 * row["uncapped"]]
            assert compensation([loss], rate[row["stage"]], cap).tolist() == [100 * row["compensation"]]
        else:
            claims = [100 * x for x in row["project_compensations"]]
            assert sum(claims) == 100 * row["sum"]
            for paid in (pay_claims(claims, year), pay_claims_pro_rata(claims, year)):
                assert int(paid.paid.sum()) == 100 * row["compensation_in_year"]
                assert int(paid.uncompensated.sum()) == 100 * (row["sum"] - row["compensation_in_year"])
        checked += 1
    assert checked == 4


@given(st.lists(fen, max_size=20), st.integers(0, 10_000).map(lambda n: Fraction(n, 10_000)), st.none() | fen)
def test_compensation_never_exceeds_the_rate_or_the_cap(
    losses: list[int], rate: Fraction, cap: int | None
) -> None:
    owed = compensation(np.array(losses, dtype=np.int64), rate, cap).tolist()
    for loss, part in zip(losses, owed, strict=True):
        exact = min(loss * rate, Fraction(cap)) if cap is not None else loss * rate
        assert 0 <= exact - part < 1


small = st.integers(0, 60)


@given(
    st.lists(st.tuples(small, st.integers(0, 2)), max_size=25),
    st.integers(0, 400),
    st.tuples(small, small, small),
)
def test_claims_are_paid_in_order_while_the_money_lasts(
    claims: list[tuple[int, int]], available: int, quota: tuple[int, ...]
) -> None:
    owed = np.array([c for c, _ in claims], dtype=np.int64)
    group = np.array([g for _, g in claims], dtype=np.int64)
    out = pay_claims(owed, available, group=group, quota=quota)
    left, quota_left = available, list(quota)
    for (claim, bank), paid, unpaid in zip(
        claims, out.paid.tolist(), out.uncompensated.tolist(), strict=True
    ):
        assert paid == min(claim, left, quota_left[bank])
        assert paid + unpaid == claim
        left -= paid
        quota_left[bank] -= paid
    assert out.left == left
    without = pay_claims(owed, available)
    assert int(without.paid.sum()) == min(available, int(owed.sum()))


@given(st.lists(fen, max_size=20), fen)
def test_claims_paid_alike(claims: list[int], available: int) -> None:
    out = pay_claims_pro_rata(np.array(claims, dtype=np.int64), available)
    assert int(out.paid.sum()) + out.left == available
    assert int(out.paid.sum()) == min(available, sum(claims))
    assert (out.uncompensated >= 0).all()
    for claim, paid in zip(claims, out.paid.tolist(), strict=True):
        if sum(claims):
            assert abs(paid - Fraction(min(available, sum(claims)) * claim, sum(claims))) < 1


@given(fen, fen, st.integers(0, 300).map(lambda n: Fraction(n, 100)), fen)
def test_a_stop_loss_splits_the_insurer_s_loss(
    loss: int, premium: int, multiple: Fraction, pool: int
) -> None:
    borne, paid = stop_loss(loss, premium, multiple, pool)
    assert borne + paid == loss
    assert 0 <= paid <= pool
    assert paid == 0 or borne >= multiple * premium
    assert paid == pool or borne <= -(-multiple * premium // 1)


def test_wrong_claims_are_named() -> None:
    with pytest.raises(ValuationError, match=r"claims\[1\]"):
        pay_claims([1, -1], 5)
    with pytest.raises(ValuationError, match="available"):
        pay_claims([1], -1)
    with pytest.raises(ValuationError, match="quota"):
        pay_claims([1], 5, group=[0])
    with pytest.raises(ValuationError, match=r"group\[0\]"):
        pay_claims([1], 5, group=[1], quota=[3])
    with pytest.raises(ValuationError, match="rate"):
        compensation([1], "1.5")
    with pytest.raises(ValuationError, match="cap"):
        compensation([1], "0.5", -1)


def test_the_promised_names_are_here() -> None:
    losses = pools.creditrisk_plus([1.0, 2.0], [0.1, 0.2], [0.05, 0.1], [[1.0], [1.0]], 1.0)
    assert isinstance(losses, pools.LossDistribution)
    assert losses.mean == pytest.approx(0.5)
    assert losses.quantile(0.99) > losses.mean
    assert losses.unit == 1.0
    assert pools.vasicek_quantile(0.01, 0.2, 0.999) == pytest.approx(0.145525, abs=1e-6)
    assert set(pools.__all__) <= set(dir(pools))


def test_importing_the_kernels_does_not_wake_numba() -> None:
    code = (
        "import sys, valuation.pools, valuation.pacing, valuation.calibration, valuation.lookthrough;"
        "sys.exit('numba' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
