"""The fee the terms give, beside what was charged: by hand, and never a 0 for what is not known."""

from __future__ import annotations

from typing import Any

import pytest

from fof.audit.auditor import auditor_of
from fof.operations.fees import FeeRun, fee_run
from fof.rules.fee_periods import fee_of
from models.kinds import EntryKind
from models.posting_kinds import PostingKind
from models.posting_kinds import PostingKind as K

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


# -- the rules' periods rest on the same terms ----------------------------------------------------------------------


def allowed(clerk: Any, day: str) -> list[tuple[str, str, int | None]]:
    """First and last day of each of the rules' periods, and the fee that is allowed for it."""
    view = clerk.view(day)
    [fund] = [f for f in auditor_of(view).office(view).funds if f.code == "SF-1"]
    return [(str(p.start), str(p.end), fee_of(p)) for p in fund.fees]


@pytest.mark.parametrize("counted", ["act_365", "act_360", "act_act", "full_period"])
@pytest.mark.parametrize("basis", ["commitment", "paid_in", "invested"])
@pytest.mark.parametrize("free", ["yes", "no"])
def test_the_rules_allow_what_the_fee_run_computes(clerk: Any, counted: str, basis: str, free: str) -> None:
    """Over a book in which each term that the two read apart is stated: day count, the manager's own commitment, a rate that
    changed within the year, an exit, a sale of a stake, a fund closed before its term."""
    for code in ("MG-1", "LP-A", "LP-B"):
        clerk.party(code, "manager" if code == "MG-1" else "social_investor")
    clerk.party("CO-1", "company")
    clerk.party(
        "SF-1",
        "sub_fund",
        first_close_on="2022-03-11",
        investment_period_end="2024-06-30",
        term_end="2030-12-31",
        manager="MG-1",
        manager_free_of_fee=free,
        fee_day_count=counted,
        fee_basis_investment=basis,
        fee_rate_investment="0.02",
        fee_basis_exit=basis,
        fee_rate_exit="0.01",
        cash_kept="no",
    )
    for code, yuan in (("LP-A", 700_000), ("MG-1", 100_000)):
        clerk.pay(K.COMMITMENT, code, "SF-1", yuan, "2022-03-11", entry=EntryKind.COMMITMENT)
        clerk.pay(K.CALL_INVESTMENT, code, "SF-1", yuan / 2, "2022-05-03", entry=EntryKind.CALL_PAYMENT)
    clerk.deal("SF-1", "CO-1", "initial", 300_001, "2022-06-17", share=0.3)
    clerk.fact("SF-1", "2023-08-09", "fee_rate_investment", "0.018")
    clerk.pay_many(
        "2023-10-20",
        [(K.COMMITMENT_TRANSFER, "LP-A", "LP-B", 350_000), (K.PAID_IN_TRANSFER, "LP-A", "LP-B", 175_000)],
        entry=EntryKind.COMMITMENT_TRANSFER,
        fund="SF-1",
    )
    clerk.deal("SF-1", "CO-1", "partial_exit", 50_000, "2024-09-05", share=0.1)
    clerk.pay(K.MANAGEMENT_FEE, "SF-1", "MG-1", 5_000, "2022-12-31")
    clerk.fact("SF-1", "2025-04-10", "status", "closed")
    for day in ("2023-06-30", "2024-12-31", "2025-12-31"):
        found, periods = run(clerk, day), allowed(clerk, day)
        assert found.computed == pytest.approx(sum(fee or 0 for *_, fee in periods), abs=len(periods))
    assert counted == "full_period" or [p[:2] for p in periods] == [
        ("2022-03-11", "2022-12-31"),
        ("2023-01-01", "2023-08-08"),
        ("2023-08-09", "2023-12-31"),
        ("2024-01-01", "2024-06-30"),
        ("2024-07-01", "2024-12-31"),
        ("2025-01-01", "2025-04-10"),
    ]
    assert all(q.computed == 0 for q in found.quarters if q.start.isoformat() > "2025-04-10")
