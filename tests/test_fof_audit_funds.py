"""Facts of vehicles that rules stand on: the manager when it was selected, what stands behind a fund, what changed hands."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from fof import audit
from fof.audit.auditor import auditor_of
from fof.ledger import View
from fof.rules.facts import FundFacts
from fof.rules.facts_parties import Flow
from fof.rules.registry import Verdict
from models.journal import Edge, Fact
from models.kinds import EntryKind
from models.posting_kinds import PostingKind as K

DAY = dt.date.fromisoformat
YUAN = 100


@pytest.fixture
def office(clerk: Any) -> Any:
    """A guidance fund with 30 of the 100 million promised to a sub-fund; a social investor has the rest."""
    clerk.party("GOV", "government", day="2015-01-01", province="黑龙江省", government_level="province")
    clerk.party("GF", "guidance_fund", day="2015-01-01", province="黑龙江省")
    clerk.party("SO", "social_investor", day="2015-01-01")
    clerk.party("CO", "company", day="2015-01-01", industry="C3962")
    clerk.party("SF", "sub_fund", day="2015-01-01", fund_kind="market", strategy="vc", fund_class="venture")
    clerk.pay(K.COMMITMENT, "GF", "SF", 30e6, "2016-01-01", entry=EntryKind.COMMITMENT, fund="SF")
    clerk.pay(K.COMMITMENT, "SO", "SF", 70e6, "2016-01-01", entry=EntryKind.COMMITMENT, fund="SF")
    return clerk


def fund(view: View, code: str = "SF") -> FundFacts:
    """A fund's facts as gathered."""
    return next(f for f in auditor_of(view).office(view).funds if f.code == code)


def verdict(view: View, rule: str, subject: str) -> Verdict:
    """What a rule says about a subject."""
    return next(
        f.verdict for f in audit.guidance(view).findings if (f.rule, str(f.subject)) == (rule, subject)
    )


def test_a_manager_is_judged_as_it_was_when_it_was_selected(office: Any) -> None:
    """Capital raised after the selection does not count; what was first recorded after it counts and is named."""
    office.party("MG", "manager", day="2015-01-01", paid_in_capital="800000000")
    office.fact("MG", "2016-06-01", "paid_in_capital", "1200000000")
    office.fact("MG", "2016-06-01", "team_with_3_years", "5")
    office.fact("SF", "2016-02-01", "manager", "MG")
    office.fact("SF", "2016-02-01", "selected_on", "2016-01-15")
    found = fund(office.view("2018-06-30"))
    assert found.manager is not None
    assert found.manager_selected is not None
    assert (found.manager.paid_in_capital, found.manager_selected.paid_in_capital) == (
        1_200_000_000,
        800_000_000,
    )
    assert (found.manager_selected.team_with_3_years, found.manager_selected.later) == (
        5,
        ("team_with_3_years",),
    )
    assert fund(office.view("2016-05-31")).manager_selected.team_with_3_years is None  # type: ignore[union-attr]
    assert verdict(office.view("2018-06-30"), "GF-10", "SF") is Verdict.BREACH


def test_a_manager_that_came_later_is_not_the_one_that_was_selected(office: Any) -> None:
    """The manager on the day of selection, else the one first known after it; none without a day of selection."""
    office.party("OLD", "manager", day="2015-01-01")
    office.party("NEW", "manager", day="2015-01-01")
    office.fact("SF", "2016-01-10", "manager", "OLD")
    office.fact("SF", "2017-01-10", "manager", "NEW")
    assert fund(office.view("2018-06-30")).manager_selected is None
    office.fact("SF", "2016-01-15", "selected_on", "2016-01-15")
    found = fund(office.view("2018-06-30"))
    assert found.manager is not None
    assert found.manager_selected is not None
    assert (found.manager.code, found.manager_selected.code) == ("NEW", "OLD")


def test_behind_a_parent_fund_of_unknown_investors_nothing_can_be_told(office: Any) -> None:
    """Neither the guidance fund's share, nor government money, nor the layers: unknown, not nought and no pass."""
    office.party("PF", "parent_fund", day="2015-01-01")
    office.pay(K.COMMITMENT, "PF", "SF", 100e6, "2025-06-01", entry=EntryKind.COMMITMENT, fund="SF")
    view = office.view("2026-06-30")
    found = fund(view)
    stake = next(s for s in found.stakes if s.investor.code == "PF")
    assert (found.guidance_share, found.layers) == (None, None)
    assert (stake.government_part, stake.state_part) == (None, None)
    for rule in ("GF-04", "GF-05", "GF-06", "GF-19"):
        assert verdict(view, rule, "SF") is Verdict.UNKNOWN, rule
    office.pay(K.COMMITMENT, "GF", "PF", 60e6, "2025-06-01", entry=EntryKind.COMMITMENT, fund="PF")
    office.pay(K.COMMITMENT, "SO", "PF", 40e6, "2025-06-01", entry=EntryKind.COMMITMENT, fund="PF")
    told = fund(office.view("2026-06-30"))
    assert (told.guidance_share, told.layers) == (Fraction(30 + 60, 200), 2)
    assert next(s.government_part for s in told.stakes if s.investor.code == "PF") == Fraction(3, 5)
    assert verdict(office.view("2026-06-30"), "GF-04", "SF") is Verdict.BREACH


def test_a_national_fund_needs_nobody_behind_it(office: Any) -> None:
    """It is looked at as it is: no home money, no layer of the province's."""
    office.party("NF", "national_fund", day="2015-01-01")
    office.pay(K.COMMITMENT, "NF", "SF", 100e6, "2016-06-01", entry=EntryKind.COMMITMENT, fund="SF")
    found = fund(office.view("2018-06-30"))
    assert (found.guidance_share, found.layers) == (Fraction(30, 200), 1)
    assert next(s.government_part for s in found.stakes if s.investor.code == "NF") == 0


def test_history_goes_along_with_a_stake_that_is_sold(office: Any) -> None:
    """Paid-in and distributed of buyer and seller; a transfer to a successor is no sale and moves nothing."""
    office.pay(K.CALL_INVESTMENT, "GF", "SF", 10e6, "2016-04-10", entry=EntryKind.CALL_PAYMENT, fund="SF")
    office.pay(K.DISTRIBUTION_INCOME, "SF", "GF", 2e6, "2017-04-10", entry=EntryKind.DISTRIBUTION, fund="SF")
    office.pay_many(
        "2018-01-15",
        [
            (K.COMMITMENT_TRANSFER, "GF", "SO", 12e6),
            (K.PAID_IN_TRANSFER, "GF", "SO", 4e6),
            (K.DISTRIBUTED_TRANSFER, "GF", "SO", 1e6),
            (K.SECONDARY_PURCHASE, "SO", "GF", 9e6),
        ],
        entry=EntryKind.COMMITMENT_TRANSFER,
        fund="SF",
    )

    def moved(day: str) -> dict[str, tuple[int, int]]:
        return {
            s.investor.code: (s.paid_in_moved // YUAN, s.distributed_moved // YUAN)
            for s in fund(office.view(day)).stakes
        }

    assert moved("2018-01-14") == {"GF": (0, 0), "SO": (0, 0)}
    assert moved("2018-01-15") == {"GF": (-4_000_000, -1_000_000), "SO": (4_000_000, 1_000_000)}
    office.party("PF", "parent_fund", day="2019-01-01")
    office.pay_many(
        "2019-06-30",
        [(K.COMMITMENT_TRANSFER, "GF", "PF", 18e6), (K.PAID_IN_TRANSFER, "GF", "PF", 6e6)],
        entry=EntryKind.COMMITMENT_TRANSFER,
        fund="SF",
    )
    office.fact("PF", "2019-06-30", "successor_of", "GF")
    assert moved("2019-06-30") == {"PF": (-4_000_000, -1_000_000), "SO": (4_000_000, 1_000_000)}


def test_what_was_called_for_costs_stands_apart(office: Any) -> None:
    """Each kind of call for fees and expenses, not calls to invest; with the notice that a payment names."""
    costs = (
        K.CALL_FEES_AND_EXPENSES,
        K.CALL_FEE_INSIDE,
        K.CALL_FEE_OUTSIDE,
        K.CALL_EXPENSE,
        K.CALL_PLACEMENT_FEE,
        K.CALL_FACILITY_COST,
    )
    office.pay(K.CALL_INVESTMENT, "SO", "SF", 5e6, "2016-04-10", entry=EntryKind.CALL_PAYMENT, fund="SF")
    office.pay(K.CALL_WORKING_CAPITAL, "SO", "SF", 1e6, "2016-04-11", entry=EntryKind.CALL_PAYMENT, fund="SF")
    for number, kind in enumerate(costs, start=1):
        office.pay(
            kind,
            "SO",
            "SF",
            100 * number,
            f"2016-05-0{number}",
            entry=EntryKind.CALL_PAYMENT,
            fund="SF",
            notice=("capital_call", f"N{number}", None),
        )
    found = fund(office.view("2016-05-05")).cost_calls
    assert found == tuple(
        Flow(DAY(f"2016-05-0{n}"), 100 * n * YUAN, f"N{n}") for n in range(1, 6)
    )  # the sixth comes later
    assert len(fund(office.view("2016-05-06")).cost_calls) == 6


def test_cost_held_in_a_company_counts_earlier_tickets_and_not_its_group(office: Any) -> None:
    """GF-34 and GF-36 are about one company; what was sold or written off is no longer held."""
    office.party("CO2", "company", day="2016-01-01", group_head="CO")
    office.deal("SF", "CO", "initial", 4e6, "2017-01-01", share=0.2, instrument="equity")
    office.deal("SF", "CO2", "initial", 2e6, "2017-02-01", instrument="equity")
    office.deal("SF", "CO", "partial_exit", 5e6, "2017-03-01", share=0.1, exit_route="transfer")
    office.deal("SF", "CO", "follow_on", 1e6, "2017-04-01", share=0.05, instrument="equity")
    deals = {d.day: (d.company_cost, d.group_cost) for d in fund(office.view("2018-06-30")).purchases}
    assert deals == {
        DAY("2017-01-01"): (400_000_000, 400_000_000),
        DAY("2017-02-01"): (200_000_000, 600_000_000),
        DAY("2017-04-01"): (300_000_000, 500_000_000),
    }


def test_only_the_provinces_list_of_priority_fields_counts(office: Any) -> None:
    """A city's list is not the province's: neither a version of it nor a change."""
    office.party("CITY", "government", day="2015-01-01", government_level="prefecture", priority_fields="A01")
    office.fact("GOV", "2026-01-12", "priority_fields", "C39")
    lists = auditor_of(office.view("2026-06-30")).office(office.view("2026-06-30")).field_lists
    assert [(one.since, one.codes) for one in lists] == [(DAY("2026-01-12"), ("C39",))]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (
            "2024-12-31:0.4,2020-12-31:1",
            ((DAY("2020-12-31"), Decimal(1)), (DAY("2024-12-31"), Decimal("0.4"))),
        ),
        ("2024-12-31:0.4,soon:1", None),
        ("2024-12-31:0.4,2026-12-31", None),
        ("2024-12-31:half", None),
    ],
)
def test_a_reinvestment_schedule_with_a_stage_that_cannot_be_read_is_missing(
    office: Any, written: str, read: Any
) -> None:
    """A stage left out would be a stage kept."""
    office.fact("SF", "2016-01-01", "reinvest_milestones", written)
    assert fund(office.view("2018-06-30")).reinvest_milestones == read


def test_a_declared_share_of_a_parent_fund_is_a_path_too(office: Any) -> None:
    """An edge stands beside commitments; what is left of the vehicle is shared by those who promised."""
    office.party("PF", "parent_fund", day="2015-01-01")
    office.pay(K.COMMITMENT, "GF", "PF", 50e6, "2016-01-01", entry=EntryKind.COMMITMENT, fund="PF")
    office.rows(
        EntryKind.OWNERSHIP,
        "2016-06-01",
        lambda view: [Edge(view.by_code["PF"].id, view.by_code["SF"].id, 200_000_000, "commitment")],
    )
    assert fund(office.view("2018-06-30")).guidance_share == Fraction(1, 5) + Fraction(4, 5) * Fraction(3, 10)
    assert fund(office.view("2016-05-31")).guidance_share == Fraction(3, 10)


def test_a_claim_of_reinvestment_carries_what_it_rests_on(office: Any) -> None:
    """Kind, amount, factor and evidence of the deal, None where nobody recorded them."""
    office.deal("SF", "CO", "initial", 4e6, "2017-01-01", instrument="equity")
    deal = office.view("2018-06-30").deals[0].row.id
    office.rows(EntryKind.TERMS, "2017-02-01", lambda _v: [Fact(None, deal, "reinvest_lp", "GF")])
    (bare,) = fund(office.view("2018-06-30")).claims
    assert (bare.investor, bare.company, bare.kind, bare.amount, bare.factor, bare.evidence) == (
        "GF",
        "CO",
        None,
        None,
        None,
        None,
    )
    assert fund(office.view("2017-01-31")).claims == ()


@pytest.mark.parametrize(
    ("cuts", "day", "seen"),
    [
        ([("SO", 40e6)], "2025-06-01", Verdict.BREACH),  # 30 of 60: the others' withdrawal took it above 40 %
        ([("SO", 7e6), ("GF", 3e6)], None, Verdict.NOT_APPLICABLE),  # a tenth of each: the shares stay
        ([("SO", 0.01), ("GF", 0.01)], None, Verdict.NOT_APPLICABLE),  # a fen of rounding
        ([("SO", 70e6), ("GF", 30e6)], None, Verdict.NOT_APPLICABLE),  # everything given up
    ],
)
def test_a_cut_that_changes_the_shares_is_the_day_they_are_judged_on(
    office: Any, cuts: list[tuple[str, float]], day: str | None, seen: Verdict
) -> None:
    """GF-04 of a fund of 2016 is judged by the cap of 2025 once an investor was let go in 2025."""
    office.pay_many(
        "2025-06-01",
        [(K.COMMITMENT_REDUCTION, "SF", investor, yuan) for investor, yuan in cuts],
        entry=EntryKind.COMMITMENT,
        fund="SF",
    )
    before, after = fund(office.view("2025-05-31")), fund(office.view("2026-06-30"))
    assert before.last_committed_on == DAY("2016-01-01")
    assert after.cut_on == (None if day is None else DAY(day))
    assert after.last_committed_on == DAY(day or "2016-01-01")
    found = [
        f.verdict
        for f in audit.guidance(office.view("2026-06-30")).findings
        if f.rule == "GF-04" and str(f.subject) == "SF"
    ]
    assert found in ([seen], []) if seen is Verdict.NOT_APPLICABLE else found == [seen]
