"""The fee the terms give, beside what was charged: by hand, and never a 0 for what is not known."""

from __future__ import annotations

from typing import Any

import pytest

from fof.operations.fees import FeeRun, fee_run
from models.kinds import EntryKind
from models.posting_kinds import PostingKind

TERMS = {
    "first_close_on": "2021-01-01",
    "investment_period_end": "2021-12-31",
    "term_end": "2022-12-31",
    "fee_basis_investment": "commitment",
    "fee_rate_investment": "0.02",
    "fee_basis_exit": "invested",
    "fee_rate_exit": "0.01",
}


def office(clerk: Any, **terms: str) -> Any:
    """1,000,000 committed, 300,000 of it in one company."""
    clerk.party("MG-1", "manager")
    clerk.party("CO-1", "company")
    clerk.party("LP-A")
    clerk.party("SF-1", "sub_fund", established_on="2021-01-01", **terms)
    clerk.pay(PostingKind.COMMITMENT, "LP-A", "SF-1", 1_000_000, "2021-01-01", entry=EntryKind.COMMITMENT)
    clerk.pay(
        PostingKind.CALL_INVESTMENT, "LP-A", "SF-1", 400_000, "2021-01-01", entry=EntryKind.CALL_PAYMENT
    )
    clerk.deal("SF-1", "CO-1", "initial", 300_000, "2021-06-01")
    clerk.pay(PostingKind.MANAGEMENT_FEE, "SF-1", "MG-1", 5_000, "2021-03-31")
    clerk.pay(PostingKind.FEE_REBATE, "MG-1", "SF-1", 100, "2021-03-31")
    return clerk


def run(clerk: Any, day: str) -> FeeRun:
    view = clerk.view(day)
    return fee_run(view, view.by_code["SF-1"].id)


def test_quarters_add_up_to_the_years_fee(clerk: Any) -> None:
    found = run(office(clerk, **TERMS), "2021-12-31")
    assert [q.computed for q in found.quarters] == [493_150, 498_630, 504_110, 504_110]
    assert found.computed == 2_000_000  # 2 % of a million yuan, to the fen
    assert (found.quarters[0].charged, found.quarters[0].difference) == (490_000, -3_150)
    assert found.difference == 490_000 - 2_000_000


def test_rate_and_base_step_down_with_the_period(clerk: Any) -> None:
    found = run(office(clerk, **TERMS), "2023-06-30")
    by_start = {q.start.isoformat(): q for q in found.quarters}
    assert (
        sum(q.computed or 0 for q in found.quarters if q.start.year == 2022) == 300_000
    )  # 1 % of 300,000 yuan of cost
    assert by_start["2022-01-01"].phases == (("exit", "invested", "1.0000%", 30_000_000),)
    assert by_start["2023-01-01"].computed == 0  # after the term nothing is due


@pytest.mark.parametrize(
    "missing", ["fee_rate_investment", "fee_basis_investment", "term_end", "fee_rate_exit"]
)
def test_a_missing_term_gives_no_figure(clerk: Any, missing: str) -> None:
    found = run(office(clerk, **{n: v for n, v in TERMS.items() if n != missing}), "2021-12-31")
    if missing == "fee_rate_exit":
        assert [r.code for r in found.missing] == ["term_missing"]
    assert found.missing
    assert found.computed is None
    assert found.difference is None
    assert {q.computed for q in found.quarters} == {None}
    assert found.charged == 490_000


def test_an_extension_needs_its_own_rate(clerk: Any) -> None:
    office(clerk, **TERMS)
    clerk.fact("SF-1", "2022-12-01", "term_end", "2023-12-31")
    assert [r.text.zh for r in run(clerk, "2023-12-31").missing] == ["须登记“管理费率（延长期）”"]
    clerk.fact("SF-1", "2022-12-01", "fee_rate_extension", "0.005")
    found = run(clerk, "2023-12-31")
    assert sum(q.computed or 0 for q in found.quarters if q.start.year == 2023) == 150_000


def test_a_net_asset_base_without_a_statement_is_not_known(clerk: Any) -> None:
    office(clerk, **(TERMS | {"fee_basis_investment": "nav"}))
    clerk.mark("SF-1", "SF-1", 365_000, "2021-04-01")
    found = run(clerk, "2021-06-30")
    assert found.quarters[0].computed is None
    assert found.quarters[0].note is not None
    assert found.quarters[1].computed == 36_500_000 * 2 * 91 // 36_500
    assert found.computed is None


@pytest.mark.parametrize(
    ("counted", "fees"),
    [
        ("act_365", []),
        ("act_act", []),
        ("full_period", [500_000] * 4),
    ],
)
def test_the_day_count_is_a_term(clerk: Any, counted: str, fees: list[int]) -> None:
    """2 % of a million a year in 2024, a leap year: by the quarter of 91, 91, 92 and 92 days, or a fourth each."""
    clerk.party("LP-A")
    terms = {"fee_basis_investment": "commitment", "fee_rate_investment": "0.02", "term_end": "2030-12-31"}
    clerk.party("SF-1", "sub_fund", established_on="2024-01-01", fee_day_count=counted, **terms)
    clerk.pay(PostingKind.COMMITMENT, "LP-A", "SF-1", 1_000_000, "2024-01-01", entry=EntryKind.COMMITMENT)
    found = run(clerk, "2024-12-31")
    days, year = [91, 91, 92, 92], {"act_365": 365, "act_act": 366}.get(counted)
    if year is not None:
        sums = [2_000_000 * sum(days[: n + 1]) // year for n in range(4)]
        fees = [after - before for before, after in zip([0, *sums], sums, strict=False)]
    assert [q.computed for q in found.quarters] == fees
    young = run(clerk, "2024-02-14")  # 45 days of the first quarter
    part = 2_000_000 * 45 // year if year is not None else 500_000 * 45 // 91
    assert young.computed == part


@pytest.mark.parametrize(
    ("basis", "fee"), [("commitment", 1_800_000), ("paid_in", 720_000), ("invested", 540_000)]
)
def test_the_managers_own_commitment_may_bear_no_fee(clerk: Any, basis: str, fee: int) -> None:
    """The manager has a tenth of everything: a tenth less fee than without the term."""
    clerk.party("MG-1", "manager")
    clerk.party("LP-A")
    clerk.party("CO-1", "company")
    terms = {
        "fee_basis_investment": basis,
        "fee_rate_investment": "0.02",
        "term_end": "2030-12-31",
        "fee_day_count": "full_period",
    }
    clerk.party(
        "SF-1", "sub_fund", established_on="2024-01-01", manager="MG-1", manager_free_of_fee="yes", **terms
    )
    for code, part in (("LP-A", 9), ("MG-1", 1)):
        clerk.pay(
            PostingKind.COMMITMENT, code, "SF-1", 100_000 * part, "2024-01-01", entry=EntryKind.COMMITMENT
        )
        clerk.pay(
            PostingKind.CALL_INVESTMENT,
            code,
            "SF-1",
            40_000 * part,
            "2024-01-01",
            entry=EntryKind.CALL_PAYMENT,
        )
    clerk.deal("SF-1", "CO-1", "initial", 300_000, "2024-01-01")
    assert run(clerk, "2024-12-31").computed == fee
