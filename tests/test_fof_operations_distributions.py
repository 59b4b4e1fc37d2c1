"""Distributions by the fund's own terms: small cases by hand, every fen named, nothing assumed."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from fof.access import LOCAL
from fof.book.stakes import stakes
from fof.errors import Refused
from fof.operations.distributions import DistributionPlan, issue_distribution, plan_distribution, tier_text
from fof.operations.notices import notices
from fof.operations.terms import NEEDED
from models.kinds import EntryKind, NoticeKind
from models.posting_kinds import PostingKind
from valuation.waterfall import Accrual, Hurdle, standard_terms

TERMS = {"hurdle_rate": "0.08", "hurdle_compound": "no", "carry_rate": "0.2", "catch_up_rate": "0"}
PAY = dt.date(2022, 1, 1)


def office(clerk: Any, **terms: str) -> Any:
    """A guidance fund with 600 and a social investor with 400, both paid in on 2021-01-01."""
    clerk.party("MG-1", "manager")
    clerk.party("SF-1", "sub_fund", established_on="2020-01-01", manager="MG-1", **terms)
    for code, kind, yuan in (("GF", "guidance_fund", 600), ("SO", "social_investor", 400)):
        clerk.party(code, kind)
        clerk.pay(
            PostingKind.COMMITMENT, code, "SF-1", yuan, "2020-01-01", fund="SF-1", entry=EntryKind.COMMITMENT
        )
        clerk.pay(
            PostingKind.CALL_INVESTMENT,
            code,
            "SF-1",
            yuan,
            "2021-01-01",
            fund="SF-1",
            entry=EntryKind.CALL_PAYMENT,
        )
    return clerk


def planned(clerk: Any, fen: int = 130_000, day: dt.date = PAY) -> DistributionPlan:
    view = clerk.view("2030-01-01")
    return plan_distribution(view, view.by_code["SF-1"].id, fen, day)


def by_name(plan: DistributionPlan) -> dict[str, tuple[int, int, int]]:
    return {line.name: (line.capital, line.gain, line.conceded) for line in plan.lines}


def test_capital_then_hurdle_then_carry(clerk: Any) -> None:
    plan = planned(office(clerk, **TERMS))
    assert plan.problems == ()
    # 1,000.00 back, 80.00 preferred return for a year, then 220.00: a fifth to the manager
    assert by_name(plan) == {"GF": (60_000, 4_800 + 10_560, 0), "SO": (40_000, 3_200 + 7_040, 0)}
    assert plan.carry == 4_400
    assert plan.by_class() == {"government": 75_360, "social": 50_240, "manager": 4_400}
    assert sum(fen for _, _, fen in plan.tiers) == 130_000
    assert [tier for tier, side, _ in plan.tiers if side == "manager"] == ["profit split"]


@pytest.mark.parametrize(("fen", "carry"), [(107_999, 0), (108_000, 0), (108_005, 1)])
def test_no_carry_before_the_hurdle(clerk: Any, fen: int, carry: int) -> None:
    assert planned(office(clerk, **TERMS), fen).carry == carry


def test_the_second_distribution_remembers_the_first(clerk: Any) -> None:
    office(clerk, **TERMS)
    issue_distribution(clerk.database, LOCAL, planned(clerk, 100_000), "FP-1")
    plan = planned(clerk, 30_000)
    assert plan.past == {}
    assert plan.carry == 4_400
    assert sum(line.capital for line in plan.lines) == 0


def test_what_was_booked_otherwise_is_shown(clerk: Any) -> None:
    office(clerk, **TERMS)
    clerk.pay(
        PostingKind.DISTRIBUTION_GAIN,
        "SF-1",
        "SO",
        100,
        "2021-06-30",
        fund="SF-1",
        entry=EntryKind.DISTRIBUTION,
    )
    plan = planned(clerk, 10_000)
    assert {clerk.view("2030-01-01").name(i): gap for i, gap in plan.past.items()} == {
        "GF": 6_000,
        "SO": -6_000,
    }


@pytest.mark.parametrize("missing", NEEDED)
def test_a_missing_term_is_named_and_nothing_is_computed(clerk: Any, missing: str) -> None:
    plan = planned(office(clerk, **{n: v for n, v in TERMS.items() if n != missing}))
    assert [p.code for p in plan.problems] == ["term_missing"]
    assert plan.lines == ()
    with pytest.raises(Refused):
        issue_distribution(clerk.database, LOCAL, plan, "FP-1")


def test_a_concession_waits_for_its_approval_and_conditions(clerk: Any) -> None:
    plan = planned(office(clerk, **TERMS, concession_rate="0.3"))
    assert [p.code for p in plan.problems] == ["term_missing"] * 2


@pytest.mark.parametrize(("met", "conceded"), [("yes", 3_168), ("no", 0)])
def test_a_concession_comes_out_of_the_guidance_funds_excess(clerk: Any, met: str, conceded: int) -> None:
    more = {
        "concession_rate": "0.3",
        "concession_approval": "让利批复 1 号",
        "concession_conditions_met": met,
    }
    plan = planned(office(clerk, **TERMS, **more))
    # above its 600.00 and the return on it the guidance fund receives 105.60; 30 % of that
    assert [line.conceded for line in plan.lines] == [-conceded, conceded]
    assert sum(line.total for line in plan.lines) + plan.carry == 130_000


def test_booked_once_with_carry_and_notice(clerk: Any) -> None:
    office(clerk, **TERMS)
    plan = planned(clerk)
    first = issue_distribution(clerk.database, LOCAL, plan, "FP-1")
    again = issue_distribution(clerk.database, LOCAL, plan, "FP-1")
    assert (len(first.entries), again.entries, len(again.already)) == (2, [], 2)
    view = clerk.view("2022-01-01")
    own = view.by_code["SF-1"].id
    assert int(stakes(view).of(None, {own}).distributed.sum()) == 125_600
    carried = view.postings.kind == PostingKind.CARRY
    assert view.postings.fen[carried].tolist() == [4_400]
    assert view.postings.to_party[carried].tolist() == [view.by_code["MG-1"].id]
    told = notices(view, own, NoticeKind.DISTRIBUTION, "FP-1")
    assert [n.total for n in told] == [75_360, 50_240]


def test_a_stake_handed_over_as_a_whole_keeps_its_history(clerk: Any) -> None:
    office(clerk, **TERMS)
    clerk.party("NEW")
    handed = [
        (PostingKind.COMMITMENT_TRANSFER, "SO", "NEW", 400),
        (PostingKind.PAID_IN_TRANSFER, "SO", "NEW", 400),
    ]
    clerk.pay_many("2021-07-01", handed, fund="SF-1", entry=EntryKind.COMMITMENT_TRANSFER)
    assert by_name(planned(clerk)) == {"GF": (60_000, 15_360, 0), "NEW": (40_000, 10_240, 0)}


def test_a_stake_divided_is_refused_by_name(clerk: Any) -> None:
    office(clerk, **TERMS)
    clerk.party("NEW")
    handed = [
        (PostingKind.COMMITMENT_TRANSFER, "SO", "NEW", 200),
        (PostingKind.PAID_IN_TRANSFER, "SO", "NEW", 200),
    ]
    clerk.pay_many("2021-07-01", handed, fund="SF-1", entry=EntryKind.COMMITMENT_TRANSFER)
    (problem,) = planned(clerk).problems
    assert problem.code == "stake_divided"
    assert "SO" in problem.expected.zh


def test_every_tier_is_named_in_chinese() -> None:
    terms = standard_terms(
        carry=Decimal("0.2"), hurdle=Hurdle(Decimal("0.08"), Accrual.SIMPLE), catch_up=Decimal(1)
    )
    names = [str(tier_text(tier.name)) for tier in terms.tiers]
    assert len(names) == 4
    assert not any(c.isascii() and c.isalpha() for name in names for c in name)
    assert tier_text("preferred return").en == "preferred return"


def test_recallable_capital_raises_what_can_be_called_again(clerk: Any) -> None:
    fund = office(clerk, **TERMS)
    view = fund.view("2022-12-31")
    own = view.by_code["SF-1"].id
    refused = plan_distribution(view, own, 10_000, PAY, 5_001)
    assert [p.code for p in refused.problems] == ["term_missing"]  # no clause, nothing to call again
    fund.fact("SF-1", "2021-01-01", "recycle_clause", "合伙协议 5.3")
    view = fund.view("2022-12-31")
    assert [p.code for p in plan_distribution(view, own, 10_000, PAY, 10_001).problems] == ["above_capital"]
    assert [p.code for p in plan_distribution(view, own, 10_000, PAY, -1).problems] == ["not_positive"]
    plan = plan_distribution(view, own, 10_000, PAY, 5_001)
    assert plan.problems == ()
    assert [(x.capital, x.recallable) for x in plan.lines] == [(6_000, 3_001), (4_000, 2_000)]
    before = {x.investor: x.unfunded_before for x in plan.lines}
    issue_distribution(fund.database, LOCAL, plan, "FP-1")
    after = fund.view("2022-12-31")
    held = stakes(after).of(None, {own})
    told = dict(zip(held.investor.tolist(), held.unfunded.tolist(), strict=True))
    assert told == {x.investor: x.unfunded_after for x in plan.lines}
    assert sum(told.values()) - sum(before.values()) == 5_001
    assert int(held.distributed.sum()) == 10_000


def test_the_managers_own_commitment_may_bear_no_carry(clerk: Any) -> None:
    """LP 900 and the manager 100, 1,300 after a year: 1,170 through the waterfall, 130 to the manager as it is."""
    clerk.party("MG-1", "manager")
    clerk.party("LP", "social_investor")
    terms = {**TERMS, "catch_up_rate": "1", "manager_free_of_carry": "yes"}
    clerk.party("SF-1", "sub_fund", established_on="2020-01-01", manager="MG-1", **terms)
    for code, yuan in (("LP", 900), ("MG-1", 100)):
        clerk.pay(PostingKind.COMMITMENT, code, "SF-1", yuan, "2020-01-01", entry=EntryKind.COMMITMENT)
        clerk.pay(PostingKind.CALL_INVESTMENT, code, "SF-1", yuan, "2021-01-01", entry=EntryKind.CALL_PAYMENT)
    plan = planned(clerk)
    assert plan.problems == ()
    assert by_name(plan) == {"LP": (90_000, 7_200 + 14_400, 0), "MG-1": (10_000, 3_000, 0)}
    assert plan.carry == 1_800 + 3_600
    assert sum(fen for _, _, fen in plan.tiers) == 130_000
    assert tier_text("free of carry").zh == "免业绩报酬出资的收益"
    issue_distribution(clerk.database, LOCAL, plan, "D1")
    again = planned(clerk, 100_000, dt.date(2023, 1, 1))
    assert again.past == {}
    assert (by_name(again)["MG-1"], again.carry) == ((0, 10_000, 0), 18_000)
