"""Every number of the rulebook in staff co-investment: an answer just inside it, on it, just outside, and without the fact that it measures."""

from __future__ import annotations

from decimal import Decimal as D
from fractions import Fraction as F
from typing import Any

import pytest
from test_fof_rules_coinvest import (
    EVENT,
    OF,
    OURS,
    ROSTER,
    Change,
    at,
    both,
    day,
    exit_pair,
    facts,
    firm,
    left,
    ours,
    plan,
    project,
    promoted,
    sold,
    spell,
    verdict,
)

from fof.rules import catalogue
from fof.rules.facts_coinvest import TieFacts
from models.coinvest import CapBase


def dependent(*year: Any) -> Change:
    """A company that traded with the institution until 2023, and a later year: related revenue, revenue, related profit, profit."""
    return facts(ties=(TieFacts("W", None, day("2020-01-01"), day("2023-12-31"), ((2024, *year),)),))


def partners(count: int) -> Change:
    return facts(partners=tuple(f"P{n}" for n in range(count)))


def staff(fen: int) -> Change:
    """Staff money beside the rest of twenty million yuan."""
    return facts(staff=fen, ticket=2_000_000_000 - fen)


def bought(shares: int, yuan: int) -> Change:
    """Two million shares at ten yuan are what the institution's money buys: one of them is half a millionth, less than the tolerance."""
    return ours(OURS._replace(shares=F(shares), fen=F(yuan) * 100))


def released(sold_share: F, **more: Any) -> Change:
    """Of a holding in the listed firm of which three hundredths stay, so much is sold on the first day on which both locks are over."""
    return firm("2025-01-01", sold_share, firm_listed_on=day("2022-01-01"), **more)


A_HAIR = F(1, 10**9)
GONE = F(0)
ACCRUED = {"transferee_is_state": False}
NEVER_LACKING = {
    "firm_lock_months": "a holding of the firm itself is an edge, which has its days",
    "coinvest_exit_days": "a sale has its day",
}
Cases = dict[str, tuple[str, Change, str | None]]

LIMITS: dict[str, Cases] = {
    "insured_months_min": {
        "inside": ("CI-05", spell(insured_from=day("2024-01-31")), "pass"),
        "on": ("CI-05", spell(insured_from=day("2024-02-01")), "pass"),
        "outside": ("CI-05", spell(insured_from=day("2024-02-02")), "breach"),
        "missing": ("CI-05", spell(insured_from=None), "unknown"),
    },
    "related_business_max": {
        "inside": ("CI-07", dependent(33_333_333, 100_000_000, None, None), "pass"),
        "on": ("CI-07", dependent(1, 3, None, None), "pass"),
        "outside": ("CI-07", dependent(33_333_334, 100_000_000, None, None), "breach"),
        "missing": ("CI-07", dependent(34, None, None, None), "unknown"),
        "inside, profit": ("CI-07", dependent(None, None, 33_333_333, 100_000_000), "pass"),
        "on, profit": ("CI-07", dependent(None, None, 1, 3), "pass"),
        "outside, profit": ("CI-07", dependent(None, None, 33_333_334, 100_000_000), "breach"),
        "missing, profit": ("CI-07", dependent(None, None, 34, None), "unknown"),
    },
    "coinvest_lag_days": {
        "inside": ("CI-12", ours(at("2024-03-30")), "pass"),
        "on": ("CI-12", ours(at("2024-03-31")), "pass"),
        "outside": ("CI-12", ours(at("2024-04-01")), "breach"),
        "missing": ("CI-12", ours(), "unknown"),
    },
    "coinvest_price_tolerance": {
        "inside": ("CI-13", bought(2_000_000, 20_000_019), "pass"),
        "on": ("CI-13", bought(2_000_000, 20_000_020), "pass"),
        "outside": ("CI-13", bought(2_000_000, 20_000_021), "breach"),
        "on, cheaper": ("CI-13", bought(2_000_000, 19_999_980), "pass"),
        "outside, cheaper": ("CI-13", bought(2_000_000, 19_999_979), "breach"),
        "missing": ("CI-13", ours(OURS._replace(fees=None)), "unknown"),
        "inside, exit": ("CI-24", exit_pair(price=F(15_000_014, 10_000), sold=10_000_000), "pass"),
        "on, exit": ("CI-24", exit_pair(price=F(15_000_015, 10_000), sold=10_000_000), "pass"),
        "outside, exit": ("CI-24", exit_pair(price=F(15_000_016, 10_000), sold=10_000_000), "breach"),
        "missing, exit": ("CI-24", exit_pair(price=None), "unknown"),
    },
    "vehicle_partners_max": {
        "inside": ("CI-16", partners(49), "pass"),
        "on": ("CI-16", partners(50), "pass"),
        "outside": ("CI-16", partners(51), "breach"),
        "missing": ("CI-16", facts(partners_known=False), "unknown"),
    },
    "coinvest_total_cap": {
        "inside": ("CI-17", staff(199_999_999), "pass"),
        "on": ("CI-17", staff(200_000_000), "pass"),
        "outside": ("CI-17", staff(200_000_001), "breach"),
        "missing": ("CI-17", plan(total_cap_base=CapBase.ROUND), "unknown"),
    },
    "coinvest_equity_cap": {
        "inside": ("CI-17", facts(staff_shares=F(1_999_999)), "pass"),
        "on": ("CI-17", facts(staff_shares=F(2_000_000)), "pass"),
        "outside": ("CI-17", facts(staff_shares=F(2_000_001)), "breach"),
        "missing": ("CI-17", facts(staff_shares=None), "unknown"),
    },
    "coinvest_equity_cap_hard": {
        "inside": ("CI-17", both(plan(equity_cap=D("0.4")), facts(staff_shares=F(5_999_999))), "pass"),
        "on": ("CI-17", both(plan(equity_cap=D("0.4")), facts(staff_shares=F(6_000_000))), "pass"),
        "outside": ("CI-17", both(plan(equity_cap=D("0.4")), facts(staff_shares=F(6_000_001))), "breach"),
        "missing": ("CI-17", both(plan(equity_cap=D("0.4")), facts(total_shares_after=None)), "unknown"),
    },
    "coinvest_person_cap": {
        "inside": ("CI-18", facts(shares=F(199_999)), "pass"),
        "on": ("CI-18", facts(shares=F(200_000)), "pass"),
        "outside": ("CI-18", facts(shares=F(200_001)), "breach"),
        "missing": ("CI-18", facts(shares=None), "unknown"),
    },
    "coinvest_person_cap_hard": {
        "inside": ("CI-18", both(plan(person_cap=D("0.05")), facts(shares=F(599_999))), "pass"),
        "on": ("CI-18", both(plan(person_cap=D("0.05")), facts(shares=F(600_000))), "pass"),
        "outside": ("CI-18", both(plan(person_cap=D("0.05")), facts(shares=F(600_001))), "breach"),
        "missing": ("CI-18", both(plan(person_cap=D("0.05")), project(total_shares_after=None)), "unknown"),
    },
    "coinvest_floor": {
        "inside": ("CI-19", facts(roster=(ROSTER._replace(joined=20_000_001),)), "pass"),
        "on": ("CI-19", facts(roster=(ROSTER._replace(joined=20_000_000),)), "pass"),
        "outside": ("CI-19", facts(roster=(ROSTER._replace(joined=19_999_999),)), "breach"),
        "missing": ("CI-19", facts(roster=()), "unknown"),
    },
    "firm_state_share_min": {
        "inside": ("CI-22", facts(state_share=F(34, 100) + A_HAIR), "pass"),
        "on": ("CI-22", facts(state_share=F(34, 100)), "pass"),
        "outside": ("CI-22", facts(state_share=F(34, 100) - A_HAIR), "breach"),
        "missing": ("CI-22", facts(state_share=None), "unknown"),
    },
    "firm_non_public_share_min": {
        "inside": ("CI-22", facts(non_public_share=F(1, 10) + A_HAIR), "pass"),
        "on": ("CI-22", facts(non_public_share=F(1, 10)), "pass"),
        "outside": ("CI-22", facts(non_public_share=F(1, 10) - A_HAIR), "breach"),
        "missing": ("CI-22", facts(non_public_share=None), "unknown"),
    },
    "firm_external_min": {
        "inside": ("CI-22", facts(external_revenue_share=D("0.900001")), "pass"),
        "on": ("CI-22", facts(external_revenue_share=D("0.9")), "pass"),
        "outside": ("CI-22", facts(external_revenue_share=D("0.899999")), "breach"),
        "missing": ("CI-22", facts(external_revenue_share=None), "unknown"),
        "inside, profit": ("CI-22", facts(external_profit_share=D("0.900001")), "pass"),
        "on, profit": ("CI-22", facts(external_profit_share=D("0.9")), "pass"),
        "outside, profit": ("CI-22", facts(external_profit_share=D("0.899999")), "breach"),
        "missing, profit": ("CI-22", facts(external_profit_share=None), "unknown"),
    },
    "firm_lock_months": {
        "inside": ("CI-23", firm("2022-01-02"), "pass"),
        "on": ("CI-23", firm("2022-01-01"), "pass"),
        "outside": ("CI-23", firm("2021-12-31"), "breach"),
        "inside, of the listing": ("CI-23", firm("2025-01-02", firm_listed_on=day("2022-01-01")), "pass"),
        "on, of the listing": ("CI-23", firm("2025-01-01", firm_listed_on=day("2022-01-01")), "pass"),
        "outside, of the listing": ("CI-23", firm("2024-12-31", firm_listed_on=day("2022-01-01")), "breach"),
        "inside, listed the day after the sale": (
            "CI-23",
            firm("2022-01-01", firm_listed_on=day("2022-01-02")),
            "pass",
        ),
        "outside, listed on the day of the sale": (
            "CI-23",
            firm("2022-01-01", firm_listed_on=day("2022-01-01")),
            "breach",
        ),
    },
    "firm_release_share_max": {
        "inside": ("CI-23", released(F(1, 100) - A_HAIR, leads=True), "pass"),
        "on": ("CI-23", released(F(1, 100), leads=True), "pass"),
        "outside": ("CI-23", released(F(1, 100) + A_HAIR, leads=True), "breach"),
        "missing": ("CI-23", released(F(1, 100) + A_HAIR, leads=None), "unknown"),
        "on, whether a leader is not recorded": ("CI-23", released(F(1, 100), leads=None), "pass"),
        "inside, no leader": ("CI-23", released(F(2, 100), leads=False), "pass"),
        "outside, no rank exists": (
            "CI-23",
            released(F(1, 100) + A_HAIR, leads=None, denied=frozenset({"role_class"})),
            "breach",
        ),
    },
    "coinvest_exit_tolerance": {
        "inside": ("CI-24", exit_pair(share=F(5009, 10000)), "pass"),
        "on": ("CI-24", exit_pair(share=F(501, 1000)), "pass"),
        "outside": ("CI-24", exit_pair(share=F(5011, 10000)), "breach"),
        "on, less": ("CI-24", exit_pair(share=F(499, 1000)), "pass"),
        "outside, less": ("CI-24", exit_pair(share=F(4989, 10000)), "breach"),
        "missing": ("CI-24", exit_pair(share=None), "unknown"),
    },
    "coinvest_exit_days": {
        "inside": ("CI-24", both(plan(exit_tolerance_days=1), exit_pair(on="2025-06-01")), "pass"),
        "on": ("CI-24", exit_pair(on="2025-06-01"), "pass"),
        "outside": ("CI-24", exit_pair(on="2025-06-02"), "breach"),
        "outside, early": ("CI-24", exit_pair(on="2025-05-31"), "breach"),
        "on, the plan's": ("CI-24", both(plan(exit_tolerance_days=1), exit_pair(on="2025-06-02")), "pass"),
        "outside, the plan's": (
            "CI-24",
            both(plan(exit_tolerance_days=1), exit_pair(on="2025-06-03")),
            "breach",
        ),
    },
    "coinvest_leaver_months": {
        "inside": ("CI-25", left("2024-09-30", sold("2025-09-29"), **ACCRUED), "pass"),
        "on": ("CI-25", left("2024-09-30", sold("2025-09-30"), **ACCRUED), "pass"),
        "outside": ("CI-25", left("2024-09-30", sold("2025-10-01"), **ACCRUED), "breach"),
        "missing": ("CI-25", left("2025-01-01", held=None), "unknown"),
    },
    "coinvest_promotion_months": {
        "inside": ("CI-26", promoted("2025-01-01", held=GONE, transfers=(sold("2025-06-30"),)), "pass"),
        "on": ("CI-26", promoted("2025-01-01", held=GONE, transfers=(sold("2025-07-01"),)), "pass"),
        "outside": ("CI-26", promoted("2025-01-01", held=GONE, transfers=(sold("2025-07-02"),)), "breach"),
        "missing": ("CI-26", promoted("2025-01-01", held=None), "unknown"),
    },
    "coinvest_appraisal_months": {
        "inside": ("CI-27", facts(appraisal_on=day("2023-02-21")), "pass"),
        "on": ("CI-27", facts(appraisal_on=day("2023-02-20")), "pass"),
        "outside": ("CI-27", facts(appraisal_on=day("2023-02-19")), "breach"),
        "missing": ("CI-27", facts(appraisal_on=None), "unknown"),
    },
    "publicity_days_default": {
        "inside": ("CI-28", facts(publicity_days=6), "pass"),
        "on": ("CI-28", facts(publicity_days=5), "pass"),
        "outside": ("CI-28", facts(publicity_days=4), "breach"),
        "on, the plan's": ("CI-28", both(plan(publicity_days_min=7), facts(publicity_days=7)), "pass"),
        "outside, the plan's": ("CI-28", both(plan(publicity_days_min=7), facts(publicity_days=6)), "breach"),
        "missing": ("CI-28", facts(publicity_days=None), "unknown"),
    },
    "tax_related_share_max": {
        "inside": ("CI-32", facts(related_share_of_investee=((EVENT, F(1, 2) - A_HAIR),)), "pass"),
        "on": ("CI-32", facts(related_share_of_investee=((EVENT, F(1, 2)),)), "breach"),
        "outside": ("CI-32", facts(related_share_of_investee=((EVENT, F(1, 2) + A_HAIR),)), "breach"),
        "missing": ("CI-32", facts(related_share_of_investee=()), "unknown"),
    },
    "tax_condition_years": {
        "inside": (
            "CI-32",
            facts(related_share_of_investee=((EVENT, F(1, 10)), (day("2026-02-28"), F(1, 2)))),
            "breach",
        ),
        "on": (
            "CI-32",
            facts(related_share_of_investee=((EVENT, F(1, 10)), (day("2026-03-01"), F(1, 2)))),
            "breach",
        ),
        "outside": (
            "CI-32",
            facts(related_share_of_investee=((EVENT, F(1, 10)), (day("2026-03-02"), F(1, 2)))),
            "pass",
        ),
        "missing": ("CI-32", facts(related_share_of_investee=()), "unknown"),
    },
}
CASES = [(name, where, *case) for name, cases in LIMITS.items() for where, case in cases.items()]


@pytest.mark.parametrize(("name", "where", "rule", "change", "expected"), CASES)
def test_each_side_of_a_limit(name: str, where: str, rule: str, change: Change, expected: str | None) -> None:
    assert verdict(rule, change(OF[catalogue.RULES[rule].scope][0])) == expected


def test_every_number_has_its_four_cases() -> None:
    """Of the rules of co-investment, by the rulebook's own list."""
    rules = {p.name: set(p.rules) for p in catalogue.parameters().values() if p.rules[0].startswith("CI-")}
    assert set(LIMITS) == set(rules)
    for name, cases in LIMITS.items():
        asked = {where.partition(",")[0] for where in cases}
        wanted = {"inside", "on", "outside"} | (set() if name in NEVER_LACKING else {"missing"})
        assert asked == wanted, name
        assert {rule for rule, *_ in cases.values()} == rules[name], name
