"""The guidance audit over hand-made books: facts, states, settings, dry runs, two rule worlds."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from fof import audit, ledger
from fof.access import LOCAL, Actor
from fof.audit.auditor import auditor_of
from fof.book.index import book_of
from fof.db import Database
from fof.errors import BookingRefused, NotAllowed
from fof.ledger import View
from fof.rules.facts import FeePhase, FilingKind, FundFacts
from fof.rules.facts_parties import Due, Flow
from fof.rules.registry import Verdict
from models.journal import Edge, Fact, Mark, Party, Posting, Row
from models.kinds import EntryKind, PartyKind, Role, Strategy
from models.posting_kinds import PostingKind as K

DAY = dt.date.fromisoformat
YUAN = 100


PARTIES: dict[str, tuple[str, dict[str, str]]] = {
    "GOV-P": ("government", {"province": "黑龙江省", "government_level": "province"}),
    "GOV-C": ("government", {"province": "黑龙江省", "government_level": "prefecture"}),
    "ST": ("state_investor", {"province": "黑龙江省"}),
    "SO": ("social_investor", {"province": "北京市"}),
    "GP": ("manager", {"name": "示例合伙人", "ownership": "private"}),
    "MG": ("manager", {"name": "示例管理人", "amac_manager_id": "P1"}),
    "GF": ("guidance_fund", {"status": "investing", "province": "黑龙江省"}),
    "SF": (
        "sub_fund",
        {
            "name": "示例基金",
            "status": "investing",
            "strategy": "vc",
            "fund_kind": "market",
            "manager": "MG",
            "gp": "GP",
            "legal_form": "limited_partnership",
            "established_on": "2016-01-01",
            "first_close_on": "2016-01-01",
            "final_close_on": "2016-03-01",
            "investment_period_end": "2020-12-31",
            "term_end": "2023-12-31",
            "fee_basis_investment": "commitment",
            "fee_rate_investment": "0.02",
            "fee_basis_exit": "paid_in",
            "fee_rate_exit": "0.01",
            "mandate_stages": "seed,startup",
            "mandate_fields": "C39",
        },
    ),
    "CO": ("company", {"industry": "C3962", "founded_on": "2014-05-01", "money_place": "黑龙江省哈尔滨市"}),
}


def office(clerk: Any, state_money: float = 30e6) -> None:
    """One guidance fund in one sub-fund of a hundred million; 30 % of it the fund's, 20 % a city's, the rest others'."""

    def register(_view: View, ids: ledger.Ids) -> tuple[list[Posting], list[Row]]:
        rows: list[Row] = []
        for code, (kind, facts) in PARTIES.items():
            number = ids.party()
            rows += [Party(number, code, kind), *(Fact(number, None, n, v) for n, v in facts.items())]
        return [], rows

    clerk.book(EntryKind.PARTIES, "2015-01-01", register)
    clerk.pay(K.COMMITMENT, "GOV-P", "GF", 500e6, "2015-01-01", entry=EntryKind.COMMITMENT, fund="GF")
    clerk.pay_many(
        "2016-01-01",
        [
            (K.COMMITMENT, "GF", "SF", 30e6),
            (K.COMMITMENT, "GOV-C", "SF", 20e6),
            (K.COMMITMENT, "ST", "SF", state_money),
            (K.COMMITMENT, "SO", "SF", 48e6 - state_money),
            (K.COMMITMENT, "GP", "SF", 2e6),
        ],
        entry=EntryKind.COMMITMENT,
        fund="SF",
    )


def fund(view: View, code: str = "SF") -> FundFacts:
    """A fund's facts as gathered."""
    return next(f for f in auditor_of(view).office(view).funds if f.code == code)


def finding(view: View, rule: str, subject: str, rules_as_of: str | None = None) -> audit.AuditFinding:
    """The finding of a rule about a subject."""
    found = audit.guidance(view, None if rules_as_of is None else DAY(rules_as_of)).findings
    return next(f for f in found if f.rule == rule and str(f.subject) == subject)


# -- facts ------------------------------------------------------------------------------------------------------------


def test_facts_are_gathered_from_the_book_on_both_engines(clerk: Any, database: Database) -> None:
    """Terms, money, dues, deals and positions of a fund as the rows of its book say."""
    book = type(clerk)(database)
    office(book)
    book.pay(
        K.CALL_DUE,
        "SO",
        "SF",
        5e6,
        "2016-04-01",
        entry=EntryKind.CAPITAL_CALL,
        notice=("capital_call", "1", "2016-04-20"),
    )
    book.pay(K.CALL_INVESTMENT, "SO", "SF", 3e6, "2016-04-10", entry=EntryKind.CALL_PAYMENT)
    book.pay(K.MANAGEMENT_FEE, "SF", "MG", 1e6, "2016-07-01")
    book.deal("SF", "CO", "initial", 1.5e6, "2016-05-01", share=0.1, instrument="equity", stage="startup")
    book.mark("SF", "CO", 2e6, "2016-06-30")
    book.fact("SF", "2017-04-20", "filed_annual_report", "2016-12-31")
    book.fact("CO", "2016-12-31", "staff", "40")
    book.fact("CO", "2017-12-31", "staff", "55")
    found = fund(book.view("2018-06-30"))
    assert (found.kind, found.strategy, found.term_end) == (
        PartyKind.SUB_FUND,
        Strategy.VC,
        DAY("2023-12-31"),
    )
    assert found.manager is not None
    assert (found.manager.code, found.manager.amac_manager_id, found.manager.registered_on) == (
        "MG",
        "P1",
        None,
    )
    stake = next(s for s in found.stakes if s.investor.code == "SO")
    assert stake.committed == 18_000_000 * YUAN
    assert stake.dues == (Due(DAY("2016-04-20"), 5_000_000 * YUAN, "1", DAY("2016-04-01")),)
    assert stake.paid == (Flow(DAY("2016-04-10"), 3_000_000 * YUAN),)
    assert found.committed == 100_000_000 * YUAN
    assert [s.is_gp for s in found.stakes if s.investor.code == "GP"] == [True]
    assert found.cash == (3_000_000 - 1_000_000 - 1_500_000) * YUAN
    assert (found.deployed, len(found.uses)) == ((Flow(DAY("2016-05-01"), 1_500_000 * YUAN),), 2)  # no fee
    (deal,) = found.deals
    assert (deal.fen, deal.share, deal.day) == (1_500_000 * YUAN, Decimal("0.1"), DAY("2016-05-01"))
    assert deal.fund.government_money is True
    assert deal.fund.committed == 100_000_000 * YUAN
    (held,) = found.holdings
    assert (held.cost, held.value, held.local, held.staff_now) == (
        1_500_000 * YUAN,
        2_000_000 * YUAN,
        True,
        55,
    )
    assert [(f.kind, f.period_end, f.filed_on) for f in found.filings] == [
        (FilingKind.ANNUAL_REPORT, DAY("2016-12-31"), DAY("2017-04-20"))
    ]


def test_what_was_never_recorded_stays_missing(clerk: Any) -> None:
    """No nought, no 'no': a missing attribute is None and the rule says that it cannot tell."""
    office(clerk)
    view = clerk.view("2018-06-30")
    found = fund(view)
    missing = (found.custodian, found.fee_advance, found.borrowing, found.side_letters, found.legal_opinion)
    assert missing == (None,) * 5
    assert finding(view, "GF-30", "SF").verdict is Verdict.UNKNOWN


def test_facts_are_those_of_the_day(clerk: Any) -> None:
    """What happens, or is recorded for, a later day is not in an earlier day's facts."""
    office(clerk)
    clerk.fact("SF", "2019-01-01", "status", "harvesting")
    clerk.deal("SF", "CO", "initial", 1e6, "2019-05-01", instrument="equity")
    before, after = fund(clerk.view("2018-12-31")), fund(clerk.view("2019-05-01"))
    assert (before.status, len(before.deals), before.holdings) == ("investing", 0, ())
    assert (after.status, len(after.deals)) == ("harvesting", 1)
    assert [status for _, status in after.status_history] == ["investing", "harvesting"]


def test_shares_are_looked_through_exactly(clerk: Any) -> None:
    """30 of 100 through the guidance fund, 20 of the city; the state company apart; the guidance fund is one layer up."""
    office(clerk)
    found = fund(clerk.view("2018-06-30"))
    assert found.guidance_share == Fraction(3, 10)
    assert {s.investor.code: (s.government_part, s.state_part) for s in found.stakes} == {
        "GF": (1, 0),
        "GOV-C": (1, 0),
        "GP": (0, 0),
        "SO": (0, 0),
        "ST": (0, 1),
    }
    assert (found.layers, [p.code for p in found.parents]) == (1, ["GF"])
    assert fund(clerk.view("2018-06-30"), "GF").held_funds == ("SF",)


def test_a_city_fund_with_three_quarters_public_money_says_which_reading_was_used(clerk: Any) -> None:
    """GF-05, GF-68: 75 % at first close where state companies count as government, 50 % where they do not (cap 60 %)."""
    office(clerk, state_money=25e6)
    audit.set_parameter(
        clerk.database,
        LOCAL,
        "SF",
        "soe_counts_as_government",
        "yes",
        DAY("2016-01-01"),
        None,
        "会议纪要〔2016〕1号",
    )
    wide = finding(clerk.view("2026-06-30"), "GF-05", "SF", "2026-06-30").finding
    assert (wide.verdict, wide.measured) == (Verdict.BREACH, Decimal("0.75"))
    assert [(r.measured, r.used, r.verdict) for r in wide.readings] == [
        (Decimal("0.5"), False, Verdict.PASS),
        (Decimal("0.75"), True, Verdict.BREACH),
    ]
    assert "（口径：国有企业计入政府出资）" in wide.text.zh
    assert wide.money_at_stake == 15_000_000 * YUAN
    assert "会议纪要〔2016〕1号" in wide.parameters["soe_counts_as_government"][1].zh


def test_fees_settle_the_time_they_were_owed_for(clerk: Any) -> None:
    """Paid in arrears in January, a fee counts for the year before; what exceeds all that was owed shows where it was paid."""
    office(clerk)
    clerk.pay(K.MANAGEMENT_FEE, "SF", "MG", 2_005_479.45, "2017-01-05")  # 100m x 2 % x 366/365
    clerk.pay(K.MANAGEMENT_FEE, "SF", "MG", 2e6, "2018-01-05")
    clerk.pay(K.MANAGEMENT_FEE, "SF", "MG", 500e3, "2018-01-06")
    periods = {(p.start, p.phase): p for p in fund(clerk.view("2018-06-30")).fees}
    assert {key: p.booked for key, p in periods.items()} == {
        (DAY("2016-01-01"), FeePhase.INVESTMENT): 200_547_945,
        (DAY("2017-01-01"), FeePhase.INVESTMENT): 200_000_000,
        (DAY("2018-01-01"), FeePhase.INVESTMENT): 50_000_000,
    }
    first = periods[DAY("2016-01-01"), FeePhase.INVESTMENT]
    assert (first.base_fen, first.rate) == (100_000_000 * YUAN, Decimal("0.02"))


def test_a_fee_after_the_term_stands_in_a_period_of_its_own(clerk: Any) -> None:
    """Extension, then after the term: nothing is owed any more."""
    office(clerk)
    clerk.fact("SF", "2023-11-01", "term_end", "2024-12-31")
    clerk.pay(K.MANAGEMENT_FEE, "SF", "MG", 30e6, "2025-02-01")
    phases = [(p.phase, p.start, p.end) for p in fund(clerk.view("2025-06-30")).fees]
    assert phases[-2:] == [
        (FeePhase.EXTENSION, DAY("2024-01-01"), DAY("2024-12-31")),
        (FeePhase.AFTER_TERM, DAY("2025-01-01"), DAY("2025-06-30")),
    ]


def test_a_stake_that_passed_to_a_successor_is_one_stake(clerk: Any) -> None:
    """A merger of vehicles is no sale: one stake in the successor's name, promised when the predecessor promised."""
    office(clerk)
    clerk.party("PF", "parent_fund", day="2023-01-01", province="黑龙江省")
    clerk.pay(K.CALL_INVESTMENT, "GF", "SF", 10e6, "2016-04-10", entry=EntryKind.CALL_PAYMENT, fund="SF")
    clerk.pay_many(
        "2023-06-30",
        [
            (K.COMMITMENT_TRANSFER, "GF", "PF", 30e6),
            (K.PAID_IN_TRANSFER, "GF", "PF", 10e6),
            (K.SECONDARY_PURCHASE, "PF", "GF", 10e6),
        ],
        entry=EntryKind.COMMITMENT_TRANSFER,
        fund="SF",
    )
    clerk.fact("PF", "2023-06-30", "successor_of", "GF")
    view = clerk.view("2023-12-31")
    stake = next(s for s in fund(view).stakes if s.investor.code == "PF")
    assert (stake.committed, stake.paid_in) == (30_000_000 * YUAN, 10_000_000 * YUAN)
    assert (stake.first_committed_on, stake.last_committed_on) == (DAY("2016-01-01"), DAY("2016-01-01"))
    assert auditor_of(view).office(view).transfers == ()
    (merger,) = auditor_of(view).office(view).reorganisations
    assert (merger.before, merger.after) == (merger.after, merger.before)
    assert merger.after["paid_in"] == 10_000_000 * YUAN
    assert finding(view, "GF-03", "PF").verdict is Verdict.PASS


def test_a_sale_of_a_government_stake_is_gathered_with_its_cost(clerk: Any) -> None:
    """Price from the purchase, cost from the history that went along, entry from the first payment."""
    office(clerk)
    clerk.pay(K.CALL_INVESTMENT, "GF", "SF", 10e6, "2016-04-10", entry=EntryKind.CALL_PAYMENT, fund="SF")
    clerk.pay_many(
        "2018-01-15",
        [
            (K.COMMITMENT_TRANSFER, "GF", "SO", 30e6),
            (K.PAID_IN_TRANSFER, "GF", "SO", 10e6),
            (K.SECONDARY_PURCHASE, "SO", "GF", 9e6),
        ],
        entry=EntryKind.COMMITMENT_TRANSFER,
        fund="SF",
    )
    view = clerk.view("2018-06-30")
    (sale,) = auditor_of(view).office(view).transfers
    assert (sale.fund, sale.seller, str(sale.subject)) == ("SF", "GF", "SF/GF/2018-01-15")
    assert (sale.price, sale.cost, sale.entered_on) == (
        9_000_000 * YUAN,
        10_000_000 * YUAN,
        DAY("2016-04-10"),
    )
    found = finding(view, "GF-47", "SF/GF/2018-01-15")
    assert (found.verdict, found.money_at_stake) == (Verdict.BREACH, 1_000_000 * YUAN)
    audit.dispose(
        clerk.database,
        LOCAL,
        "GF-47",
        "SF/GF/2018-01-15",
        "rectify",
        "整改通知1号",
        DAY("2018-12-31"),
        day=DAY("2018-07-01"),
    )
    assert finding(clerk.view("2018-07-01"), "GF-47", "SF/GF/2018-01-15").state.state == "rectify"


def test_costs_follow_exits_and_write_offs(clerk: Any) -> None:
    """Half the shares sold releases half the cost; the write-off the rest, and then the value is nought."""
    office(clerk)
    clerk.deal("SF", "CO", "initial", 4e6, "2017-01-01", share=0.2, instrument="equity")
    clerk.deal("SF", "CO", "partial_exit", 5e6, "2018-01-01", share=0.1, exit_route="transfer")
    half, gone = fund(clerk.view("2018-06-30")).holdings[0], None
    clerk.deal("SF", "CO", "write_off", 0, "2019-01-01")
    gone = fund(clerk.view("2019-06-30")).holdings[0]
    assert (half.cost, half.exited_cost, half.proceeds, half.value, half.closed_on) == (
        400_000_000,
        200_000_000,
        500_000_000,
        None,
        None,
    )
    assert (gone.exited_cost, gone.value, gone.closed_on) == (400_000_000, 0, DAY("2019-01-01"))


def test_group_cost_counts_the_deal_and_its_group_before_it(clerk: Any) -> None:
    """Two companies of one group: the second ticket is judged with the first, a later one is not."""
    office(clerk)
    clerk.party("CO2", "company", day="2016-01-01", group_head="CO")
    clerk.deal("SF", "CO", "initial", 15e6, "2017-01-01", instrument="equity")
    clerk.deal("SF", "CO2", "initial", 10e6, "2017-02-01", instrument="equity")
    clerk.deal("SF", "CO", "follow_on", 1e6, "2017-03-01", instrument="equity")
    deals = {d.day: d.group_cost for d in fund(clerk.view("2018-06-30")).deals}
    assert list(deals.values()) == [1_500_000_000, 2_500_000_000, 2_600_000_000]


def test_a_related_party_is_found_by_a_declared_share(clerk: Any) -> None:
    """An edge from the fund's manager to the company makes the deal related; no edge and no word leaves it unknown."""
    office(clerk)
    clerk.party("CO2", "company", day="2016-01-01")
    clerk.rows(
        EntryKind.OWNERSHIP,
        "2016-06-01",
        lambda view: [Edge(view.by_code["MG"].id, view.by_code["CO"].id, 100_000_000, "equity")],
    )
    clerk.deal("SF", "CO", "initial", 1e6, "2017-01-01", instrument="equity")
    clerk.deal("SF", "CO2", "initial", 1e6, "2017-02-01", instrument="equity")
    assert [d.related_party for d in fund(clerk.view("2018-06-30")).deals] == [True, None]


def test_known_at_is_respected(clerk: Any) -> None:
    """An audit of an earlier prefix does not know what was recorded later for an earlier day."""
    office(clerk)
    head = ledger.read(clerk.database).head
    clerk.fact("SF", "2016-01-01", "custodian", "BANK")
    assert fund(clerk.view("2018-06-30", head)).custodian is None
    assert fund(clerk.view("2018-06-30")).custodian == "BANK"


def test_funds_of_another_currency_are_left_out(clerk: Any) -> None:
    """Rules about public money do not speak about disclosed dollar positions."""
    office(clerk)
    clerk.party("USD-1", "sub_fund", day="2010-01-01", currency="USD")
    assert [f.code for f in auditor_of(clerk.view("2018-06-30")).office(clerk.view("2018-06-30")).funds] == [
        "GF",
        "SF",
    ]


# -- findings -----------------------------------------------------------------------------------------------------------


def overdue_book(clerk: Any) -> None:
    """SO owes two million since 2016-04-20."""
    office(clerk)
    clerk.pay(
        K.CALL_DUE,
        "SO",
        "SF",
        5e6,
        "2016-04-01",
        entry=EntryKind.CAPITAL_CALL,
        notice=("capital_call", "1", "2016-04-20"),
    )
    clerk.pay(K.CALL_INVESTMENT, "SO", "SF", 3e6, "2016-04-10", entry=EntryKind.CALL_PAYMENT)


def test_an_investor_is_shown_with_the_proof_of_its_own_stake(clerk: Any) -> None:
    """A proof renewed for a second fund does not stand in for the first one's, nor its figures for those of then."""
    office(clerk)
    clerk.fact("SO", "2015-12-20", "wealth_evidence_on", "2015-12-01")
    clerk.fact("SO", "2015-12-20", "net_assets", str(20_000_000 * YUAN))
    clerk.fact("SO", "2018-03-01", "wealth_evidence_on", "2018-02-01")
    clerk.fact("SO", "2018-03-01", "net_assets", str(90_000_000 * YUAN))
    (stake,) = (s for s in fund(clerk.view("2018-06-30")).stakes if s.investor.code == "SO")
    assert (stake.investor.wealth_evidence_on, stake.investor.net_assets) == (
        DAY("2018-02-01"),
        90_000_000 * YUAN,
    )
    assert (stake.on_entry.wealth_evidence_on, stake.on_entry.net_assets) == (
        DAY("2015-12-01"),
        20_000_000 * YUAN,
    )
    assert stake.first_committed == stake.committed == stake.ticket


@pytest.mark.parametrize(
    ("listed", "seen"),
    [("2018-05-01", [None, False, False]), ("2018-05-02", [None, None, True]), (None, [None, None, True])],
)
def test_a_listing_within_two_years_of_the_deal_is_seen_when_it_is_known(
    clerk: Any, listed: str | None, seen: list[bool | None]
) -> None:
    """SM-04: the deal of 2016-05-01 is provisional until 2018-05-01; a listing by then is told from its day on."""
    office(clerk)
    clerk.deal("SF", "CO", "initial", 1.5e6, "2016-05-01", share=0.1, instrument="equity", stage="startup")
    if listed is not None:
        clerk.fact("CO", listed, "listed_on", listed)
    found = [
        fund(clerk.view(day)).deals[0].unlisted_two_years
        for day in ("2018-04-30", "2018-05-01", "2018-05-02")
    ]
    assert found == seen


def test_what_a_yearly_duty_was_met_with_lapses_after_a_year(clerk: Any) -> None:
    """GF-59, PI-08: weights and evidence of another year are none; topics of one year add up."""
    office(clerk)
    clerk.fact("SF", "2016-03-01", "direction_weights", "60,30,10")
    clerk.fact("SF", "2016-03-01", "direction_evidence", "green")
    clerk.fact("SF", "2016-09-01", "direction_evidence", "patient_capital")
    on = {day: fund(clerk.view(day)) for day in ("2016-12-31", "2017-02-28", "2017-03-01", "2017-09-01")}
    assert [f.direction_weights is None for f in on.values()] == [False, False, True, True]
    assert [len(f.direction_evidence or ()) for f in on.values()] == [2, 2, 1, 0]
    assert on["2017-09-01"].direction_evidence is None


def test_the_first_term_and_the_holdings_of_the_test_day_are_kept(clerk: Any) -> None:
    """GF-51 sees a term that was moved; GF-56 the value of the day tolerance was judged."""
    office(clerk)
    clerk.deal("SF", "CO", "initial", 1.5e6, "2016-05-01", share=0.1, instrument="equity", stage="startup")
    clerk.mark("SF", "CO", 2e6, "2016-06-30")
    clerk.mark("SF", "CO", 1e6, "2017-06-30")
    clerk.fact("SF", "2017-01-01", "tolerance_test_on", "2017-03-31")
    clerk.fact("SF", "2017-06-01", "term_end", "2025-12-31")
    before, after = fund(clerk.view("2017-03-31")), fund(clerk.view("2017-06-30"))
    assert before.tested_holdings is None
    assert after.tested_holdings is not None
    assert [(h.value, t.value) for h, t in zip(after.holdings, after.tested_holdings, strict=True)] == [
        (1_000_000 * YUAN, 2_000_000 * YUAN)
    ]
    assert (after.first_term_end, after.term_end) == (DAY("2023-12-31"), DAY("2025-12-31"))
    assert finding(clerk.view("2017-06-30"), "GF-51", "SF").verdict is Verdict.UNKNOWN


def test_a_payment_keeps_the_notice_that_it_names(clerk: Any) -> None:
    """Notice 2 is paid in time while notice 1 stays owed: AF-06 tells the days of notice 1."""
    overdue_book(clerk)
    second = ("capital_call", "2", "2016-06-20")
    clerk.pay(K.CALL_DUE, "SO", "SF", 1e6, "2016-06-01", entry=EntryKind.CAPITAL_CALL, notice=second)
    clerk.pay(
        K.CALL_INVESTMENT,
        "SO",
        "SF",
        1e6,
        "2016-06-19",
        entry=EntryKind.CALL_PAYMENT,
        notice=("capital_call", "2", None),
    )
    view = clerk.view("2016-07-20")
    (stake,) = (s for s in fund(view).stakes if s.investor.code == "SO")
    assert [flow.notice for flow in stake.paid] == ["", "2"]
    late = finding(view, "AF-06", "SF/SO").finding
    assert late.inputs["days_late"] == 91
    assert [(item.code, item.fen) for item in late.items] == [("1", 2_000_000 * YUAN)]


def test_findings_come_worst_first_and_by_money(clerk: Any) -> None:
    """Breaches, then unknown, warnings, passes; within a verdict the most money first."""
    overdue_book(clerk)
    found = audit.guidance(clerk.view("2018-06-30"))
    ranks = [list(Verdict).index(f.verdict) for f in found.findings]
    assert ranks == sorted(ranks)
    amounts = [f.money_at_stake or 0 for f in found.breaches]
    assert amounts == sorted(amounts, reverse=True)
    late = next(f for f in found.breaches if f.rule == "AF-06")
    assert (str(late.subject), late.money_at_stake, late.owner) == ("SF/SO", 2_000_000 * YUAN, "示例管理人")
    assert (late.since, late.state.state, late.source) == (
        DAY("2016-04-21"),
        "open",
        "县级审计机关引导基金审计要点",
    )
    assert late.name == "示例基金 · SO"


def test_since_is_the_first_day_of_the_unbroken_run(clerk: Any) -> None:
    """A general partner that is wholly state-owned from 2017-05-01: broken from that day on."""
    office(clerk)
    clerk.fact("GP", "2017-05-01", "ownership", "soe_wholly_owned")
    view = clerk.view("2018-07-15")
    found = audit.guidance(view)
    plain = next(f for f in found.breaches if f.rule == "GF-13")
    assert plain.since is None
    told = next(f for f in audit.with_since(view, found).breaches if f.rule == "GF-13")
    assert told.since == DAY("2017-05-01")


def test_over_time_is_the_audit_of_each_day(clerk: Any) -> None:
    """Many days of one book give what each day asked for alone gives."""
    overdue_book(clerk)
    days = [DAY("2016-03-31"), DAY("2016-06-30"), DAY("2018-06-30")]
    together = list(audit.over_time(ledger.read(clerk.database), days))
    fresh = type(clerk)(Database(str(clerk.database.url)))
    for day, found in zip(days, together, strict=True):
        alone = audit.guidance(fresh.view(str(day)))
        assert found.as_of == day
        assert [(f.rule, str(f.subject), f.verdict, f.money_at_stake) for f in found.findings] == [
            (f.rule, str(f.subject), f.verdict, f.money_at_stake) for f in alone.findings
        ]
    assert [any(f.rule == "AF-06" for f in found.breaches) for found in together] == [False, True, True]


def test_the_matrix_shows_the_worst_verdict_of_a_fund_under_a_rule(clerk: Any) -> None:
    """One stake in arrears makes the fund's cell a breach; rules that do not apply have no cell."""
    overdue_book(clerk)
    cells = audit.matrix(audit.guidance(clerk.view("2018-06-30")))
    assert cells["SF"]["AF-06"] is Verdict.BREACH
    assert cells["SF"]["GF-10"] is Verdict.UNKNOWN
    assert "GF-56" not in cells["SF"]


# -- dispositions -------------------------------------------------------------------------------------------------------


def dispose(
    clerk: Any, rule: str = "AF-06", subject: str = "SF/SO", action: str = "rectify", **more: Any
) -> ledger.Booked:
    """A disposition of the overdue book, on 2018-07-01 unless told otherwise."""
    given = {"reference": "整改通知〔2018〕3号", "until": DAY("2018-12-31"), "day": DAY("2018-07-01"), **more}
    return audit.dispose(clerk.database, LOCAL, rule, subject, action, **given)


def test_a_rectification_is_dated_and_runs_out(clerk: Any) -> None:
    """Open before the decision, being rectified until its day, overdue after it; the verdict stays a breach."""
    overdue_book(clerk)
    dispose(clerk)
    states = {
        day: finding(clerk.view(day), "AF-06", "SF/SO")
        for day in ("2018-06-30", "2018-07-01", "2018-12-31", "2019-01-01")
    }
    assert [f.state.state for f in states.values()] == ["open", "rectify", "rectify", "overdue"]
    assert {f.verdict for f in states.values()} == {Verdict.BREACH}
    decision = states["2018-07-01"].state.decision
    assert decision is not None
    assert (decision.reference, decision.until) == ("整改通知〔2018〕3号", DAY("2018-12-31"))


def test_a_decision_made_after_the_day_stands_beside_the_state_of_the_day(clerk_on_both: Any) -> None:
    """The state stays that of the as-of day; what was decided later is told with its own day, the last one of several; a
    decision that is taken back, or not known yet, is not told."""
    clerk = clerk_on_both
    overdue_book(clerk)
    before = finding(clerk.view("2018-06-30"), "AF-06", "SF/SO")
    assert (before.state.state, before.later) == ("open", None)
    known = ledger.read(clerk.database).head
    dispose(clerk)
    last = dispose(clerk, action="dismiss", until=None, reason="已另行和解", day=DAY("2018-08-01"))
    now = finding(clerk.view("2018-06-30"), "AF-06", "SF/SO")
    assert (now.verdict, now.state.state, now.needs_somebody) == (Verdict.BREACH, "open", True)
    assert now.later is not None
    assert now.later.decision is not None
    assert (now.later.state, now.later.decision.day, now.later.decision.entry) == (
        "dismissed",
        DAY("2018-08-01"),
        last.entries[0],
    )
    between = finding(clerk.view("2018-07-15"), "AF-06", "SF/SO")
    assert (between.state.state, between.later and between.later.state) == ("rectify", "dismissed")
    assert finding(clerk.view("2018-08-01"), "AF-06", "SF/SO").later is None
    assert finding(clerk.view("2018-06-30", known), "AF-06", "SF/SO").later is None
    ledger.reverse(clerk.database, LOCAL, last.entries[0], "误登记")
    again = finding(clerk.view("2018-06-30"), "AF-06", "SF/SO")
    assert again.later is not None
    assert (again.later.state, again.later.until) == ("rectify", DAY("2018-12-31"))


def test_a_waiver_turns_a_breach_into_a_pass_until_it_expires(clerk: Any) -> None:
    """GF-05 is a rule in principle: accepted with a reference it passes and says so, and is open again afterwards."""
    office(clerk, state_money=25e6)
    audit.set_parameter(
        clerk.database, LOCAL, "SF", "soe_counts_as_government", "yes", DAY("2016-01-01"), None, "纪要1号"
    )
    dispose(
        clerk,
        "GF-05",
        "SF",
        "accept",
        reference="黑财豁〔2026〕1号",
        until=DAY("2026-12-31"),
        day=DAY("2026-03-01"),
    )
    inside = finding(clerk.view("2026-06-30"), "GF-05", "SF", "2026-06-30")
    after = finding(clerk.view("2027-01-01"), "GF-05", "SF", "2027-01-01")
    before = finding(clerk.view("2026-02-28"), "GF-05", "SF", "2026-02-28")
    assert (inside.verdict, inside.state.state, inside.state.until) == (
        Verdict.PASS,
        "accepted",
        DAY("2026-12-31"),
    )
    assert any("黑财豁〔2026〕1号" in zh for zh, _ in inside.finding.notes)
    assert (after.verdict, after.state.state) == (Verdict.BREACH, "open")
    assert (before.verdict, before.state.state) == (Verdict.BREACH, "open")


def test_acceptance_does_not_waive_a_rule_that_admits_none(clerk: Any) -> None:
    """The finding is marked accepted, and still a breach."""
    overdue_book(clerk)
    dispose(clerk, action="accept")
    found = finding(clerk.view("2018-09-30"), "AF-06", "SF/SO")
    assert (found.verdict, found.state.state) == (Verdict.BREACH, "accepted")


def test_the_last_decision_counts_and_a_reversal_takes_it_back(clerk: Any) -> None:
    """Rectify, then dismissed; with the dismissal reversed it is being rectified again."""
    overdue_book(clerk)
    dispose(clerk)
    booked = dispose(clerk, action="dismiss", until=None, reason="已另行和解", day=DAY("2018-08-01"))
    view = clerk.view("2018-09-30")
    assert finding(view, "AF-06", "SF/SO").state.state == "dismissed"
    assert not finding(view, "AF-06", "SF/SO").needs_somebody
    ledger.reverse(clerk.database, LOCAL, booked.entries[0], "误登记")
    assert finding(clerk.view("2018-09-30"), "AF-06", "SF/SO").state.state == "rectify"


def test_the_same_decision_twice_is_written_once(clerk: Any) -> None:
    """The second says which entry it was."""
    overdue_book(clerk)
    first, second = dispose(clerk), dispose(clerk)
    assert (second.entries, [a.entry for a in second.already]) == ([], first.entries)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"reference": "  "}, "reference_missing"),
        ({"until": DAY("2018-06-30")}, "until_past"),
        ({"until": None}, "until_missing"),
        ({"rule": "GF-99"}, "unknown_rule"),
        ({"rule": "RC-01"}, "unknown_subject"),
        ({"subject": "SF/NOBODY"}, "unknown_subject"),
        ({"subject": "CO"}, "unknown_subject"),
        ({"rule": "GF-24", "subject": "deal-9"}, "unknown_subject"),
        ({"subject": "office"}, "unknown_subject"),
        ({"action": "ignore"}, "unknown_action"),
        ({"action": "dismiss", "until": None}, "reason_missing"),
        ({"action": "dismiss", "reason": "不属实"}, "until_unused"),
    ],
)
def test_a_decision_that_rests_on_nothing_is_refused(clerk: Any, given: dict[str, Any], code: str) -> None:
    """No reference, a day gone by, a rule or subject that is not there: nothing is written."""
    overdue_book(clerk)
    head = ledger.read(clerk.database).head
    with pytest.raises(BookingRefused) as refused:
        dispose(clerk, **given)
    assert [p.code for p in refused.value.problems] == [code]
    assert ledger.read(clerk.database).head == head


def test_on_its_last_day_a_rectification_may_still_be_asked_for(clerk: Any) -> None:
    """The day of the decision itself is not past."""
    overdue_book(clerk)
    assert dispose(clerk, until=DAY("2018-07-01")).entries


def test_only_an_auditor_decides_and_only_office_staff_set_numbers(clerk: Any) -> None:
    """Roles are checked in the use case."""
    overdue_book(clerk)
    manager, auditor = Actor("m", frozenset({Role.MANAGER})), Actor("a", frozenset({Role.AUDITOR}))
    with pytest.raises(NotAllowed):
        audit.dispose(
            clerk.database,
            manager,
            "AF-06",
            "SF/SO",
            "rectify",
            "1号",
            DAY("2018-12-31"),
            day=DAY("2018-07-01"),
        )
    with pytest.raises(NotAllowed):
        audit.set_parameter(
            clerk.database, auditor, "SF", "idle_days_max", "90", DAY("2016-01-01"), None, "1号"
        )


# -- settings -----------------------------------------------------------------------------------------------------------


def test_a_funds_own_number_overrides_with_its_document_and_days(clerk: Any) -> None:
    """20 % in one company: a breach under a fund's own cap of 10 %, a pass where the setting has ended."""
    office(clerk)
    clerk.deal("SF", "CO", "initial", 15e6, "2017-01-01", instrument="equity")
    code = fund(clerk.view("2018-06-30")).deals[0].code
    assert finding(clerk.view("2018-06-30"), "GF-24", code).verdict is Verdict.PASS
    audit.set_parameter(
        clerk.database,
        LOCAL,
        "SF",
        "single_company_cap",
        "0.10",
        DAY("2016-01-01"),
        DAY("2018-12-31"),
        "合伙协议第9条",
    )
    found = finding(clerk.view("2018-06-30"), "GF-24", code).finding
    assert (found.verdict, found.threshold, found.money_at_stake) == (
        Verdict.BREACH,
        Decimal("0.10"),
        5_000_000 * YUAN,
    )
    value, source = found.parameters["single_company_cap"]
    assert value == Decimal("0.10")
    assert "合伙协议第9条" in source.zh
    assert "local" in source.en
    later = finding(clerk.view("2019-06-30"), "GF-24", code).finding
    assert later.verdict is Verdict.BREACH  # the event's day counts
    assert later.beside is not None
    assert later.beside.verdict is Verdict.PASS  # today's numbers beside it


def test_a_number_can_be_set_anew_on_the_same_day(clerk: Any) -> None:
    """The later value counts; the same value again writes nothing."""
    office(clerk)
    day = DAY("2016-01-01")
    audit.set_parameter(clerk.database, LOCAL, None, "idle_days_max", "90", day, None, "通知1号")
    again = audit.set_parameter(clerk.database, LOCAL, None, "idle_days_max", "90", day, None, "通知1号")
    other = audit.set_parameter(clerk.database, LOCAL, None, "idle_days_max", "60", day, None, "通知2号")
    assert (again.entries, len(other.entries)) == ([], 1)
    settings = auditor_of(clerk.view("2018-06-30")).settings
    found = settings.on("idle_days_max", DAY("2018-06-30"), "SF")
    assert found is not None
    assert found.value == 60


def test_a_refused_number_says_in_chinese_what_it_must_be(clerk: Any) -> None:
    """By unit: a share is not a percentage, an amount has a unit, a base is one of three."""
    office(clerk)
    for name, value, expected in (
        ("single_company_cap", "20", "0 至 1 之间的比例（0.4 即 40%）"),
        ("follow_on_amount_max", "3百", "带单位的金额（如 3000万元），不小于 0"),
        ("soe_counts_as_government", "是", "yes 或 no"),
        ("no_deal_days", "-1", "不小于 0 的整数"),
        ("reinvest_multiple_new", "-1", "不小于 0 的数"),
        ("concentration_base", "nav", "commitments、paid_in、total_assets 之一"),
    ):
        with pytest.raises(BookingRefused) as refused:
            audit.set_parameter(clerk.database, LOCAL, "SF", name, value, DAY("2016-01-01"), None, "1号")
        (problem,) = refused.value.problems
        assert expected in str(problem), str(problem)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"document": " "}, "document_missing"),
        ({"name": "no_such_number"}, "unknown_parameter"),
        ({"value": "much"}, "bad_value"),
        ({"value": "1.5"}, "bad_value"),
        ({"name": "single_company_cap", "value": "20"}, "bad_value"),
        ({"name": "concentration_base", "value": "nav"}, "bad_value"),
        ({"fund": "CO"}, "unknown_fund"),
        ({"fund": "NOBODY"}, "unknown_fund"),
        ({"until": DAY("2015-12-31")}, "ends_before_start"),
    ],
)
def test_a_number_without_ground_is_refused(clerk: Any, given: dict[str, Any], code: str) -> None:
    """No document, no such parameter, a value of another kind: nothing is written."""
    office(clerk)
    head = ledger.read(clerk.database).head
    asked = {
        "fund": "SF",
        "name": "idle_days_max",
        "value": "90",
        "day": DAY("2016-01-01"),
        "until": None,
        "document": "1号",
        **given,
    }
    with pytest.raises(BookingRefused) as refused:
        audit.set_parameter(clerk.database, LOCAL, **asked)
    assert [p.code for p in refused.value.problems] == [code]
    assert ledger.read(clerk.database).head == head


# -- dry run ------------------------------------------------------------------------------------------------------------


def test_a_proposed_deal_shows_what_it_would_break_and_writes_nothing(clerk: Any) -> None:
    """30 of 100 million in one company breaks the cap of 20 % by ten million; the journal stays as it is."""
    office(clerk)
    head = ledger.read(clerk.database).head
    view = clerk.view("2018-06-30")
    proposed = audit.ProposedDeal("SF", "CO", 30_000_000 * YUAN, instrument="loan", stage="mature")
    changes = audit.would(view, deal=proposed)
    broken = {
        c.after.rule: c.after
        for c in changes
        if c.after is not None and c.after.verdict is Verdict.BREACH and c.worse
    }
    assert {"GF-24", "GF-27", "AF-05"} <= set(broken)
    assert broken["GF-24"].money_at_stake == 10_000_000 * YUAN
    assert ledger.read(clerk.database).head == head
    assert fund(view).deals == ()
    assert len(book_of(view).view.deals) == 0


def test_a_deal_inside_every_limit_breaks_nothing(clerk: Any) -> None:
    """An equity ticket of five million inside the mandate."""
    office(clerk)
    proposed = audit.ProposedDeal("SF", "CO", 5_000_000 * YUAN, stage="startup", stage_definition="ST-01")
    changes = audit.would(clerk.view("2018-06-30"), deal=proposed)
    assert [
        c.after.rule for c in changes if c.worse and c.after is not None and c.after.verdict is Verdict.BREACH
    ] == []
    passes = {c.after.rule for c in changes if c.after is not None and c.after.verdict is Verdict.PASS}
    assert {"GF-24", "GF-27"} <= passes


def test_a_new_city_investor_would_lift_public_money_over_the_cap(clerk: Any) -> None:
    """50 of 100 public; 40 more of a city make 90 of 140, above 60 %: GF-05 in the world of 2026."""
    office(clerk)
    view = clerk.view("2026-06-30")
    changes = audit.would(view, commitment=audit.ProposedCommitment("SF", "GOV-C", 40_000_000 * YUAN))
    found = {c.after.rule: c for c in changes if c.after is not None and str(c.after.subject) == "SF"}
    assert found["GF-05"].after is not None
    assert found["GF-05"].after.finding.measured == Decimal(90) / Decimal(140)
    assert found["GF-05"].worse
    assert fund(view).committed == 100_000_000 * YUAN


def test_a_proposal_may_name_somebody_new(clerk: Any) -> None:
    """A person who would promise half a million: too small a ticket, whoever it is."""
    office(clerk)
    changes = audit.would(
        clerk.view("2018-06-30"),
        commitment=audit.ProposedCommitment("SF", "NEW", 500_000 * YUAN, PartyKind.PERSON),
    )
    new = {c.after.rule: c.after for c in changes if c.after is not None and str(c.after.subject) == "SF/NEW"}
    assert new["QI-01"].verdict is Verdict.BREACH


@pytest.mark.parametrize(
    ("proposed", "code"),
    [
        (audit.ProposedDeal("NOBODY", "CO", 1), "unknown_fund"),
        (audit.ProposedDeal("SF", "CO", 0), "no_amount"),
        (audit.ProposedDeal("SF", "CO", 1, attributes={"colour": "red"}), "bad_attribute"),
        (audit.ProposedDeal("SF", "CO", 1, attributes={"planned_years": "many"}), "bad_attribute"),
    ],
)
def test_an_impossible_proposal_is_refused(clerk: Any, proposed: audit.ProposedDeal, code: str) -> None:
    """It lists what is wrong."""
    office(clerk)
    with pytest.raises(BookingRefused) as refused:
        audit.would(clerk.view("2018-06-30"), deal=proposed)
    assert [p.code for p in refused.value.problems] == [code]


# -- two rule worlds ------------------------------------------------------------------------------------------------------


def test_two_rule_worlds_judge_one_book_differently(clerk: Any) -> None:
    """70 % public money: no province-wide cap in the rules of 2018, a breach under those of 2026."""
    office(clerk)
    clerk.pay(K.COMMITMENT, "GOV-C", "SF", 100e6, "2016-02-01", entry=EntryKind.COMMITMENT, fund="SF")
    worlds = audit.compare_worlds(clerk.view("2026-06-30"), DAY("2018-06-30"), DAY("2026-06-30"))
    changed = {(d.rule, str(d.subject)): d for d in worlds.differences}
    difference = changed["GF-05", "SF"]
    assert difference.before is None
    assert difference.after is not None
    assert difference.after.verdict is Verdict.BREACH
    assert difference.finding is difference.after
    ((zh, en),) = difference.why
    assert "2018-06-30 尚无此规定" in zh
    assert "not yet in force on 2018-06-30" in en
    assert "GF-05" in {c.rule.id for c in worlds.rules}
    assert (worlds.before.rules_as_of, worlds.after.rules_as_of) == (DAY("2018-06-30"), DAY("2026-06-30"))
    same = audit.compare_worlds(clerk.view("2026-06-30"), DAY("2026-06-30"), DAY("2026-06-30"))
    assert (same.differences, same.rules) == ((), ())


def test_a_number_that_moved_is_why_two_worlds_differ(clerk: Any) -> None:
    """A fund's own level of idle money from 2021 on: each world names its number, with the value of the other."""
    office(clerk)
    audit.set_parameter(
        clerk.database, LOCAL, "SF", "idle_warn", "0.99", DAY("2021-01-01"), None, "示例政发〔2018〕1号"
    )
    clerk.pay(K.CALL_INVESTMENT, "SO", "SF", 3e6, "2016-04-10", entry=EntryKind.CALL_PAYMENT)
    clerk.fact("SF", "2016-01-01", "cash_kept", "yes")
    worlds = audit.compare_worlds(clerk.view("2026-06-30"), DAY("2020-12-31"), DAY("2026-06-30"))
    found = next(d for d in worlds.differences if (d.rule, str(d.subject)) == ("GF-65", "SF"))
    assert found.before is not None
    assert found.after is not None
    assert any("→ 0.99" in en for _, en in found.why)
    assert all(d.why for d in worlds.differences)


def test_a_setting_of_the_book_that_cannot_be_read_is_told_and_left_out(clerk: Any) -> None:
    """A row that reached the journal by another door does not stop the audit."""
    from models.journal import Setting

    office(clerk)
    clerk.rows(
        EntryKind.SETTING, "2016-01-01", lambda _view: [Setting(None, "idle_days_max", "soon", None, "1号")]
    )
    found = audit.guidance(clerk.view("2018-06-30"))
    assert len(found.unread) == 1
    assert "idle_days_max" in found.unread[0]


def test_a_view_of_all_days_is_audited_on_the_last_day_money_moved(clerk: Any) -> None:
    """So that the answer is a function of the book alone."""
    office(clerk)
    assert audit.guidance(ledger.read(clerk.database).view()).as_of == DAY("2016-01-01")


def test_facts_about_deals_are_the_same_object_on_later_days(clerk: Any) -> None:
    """What does not change is not gathered again, so that answers about deals are kept; new figures make it new."""
    office(clerk)
    clerk.deal("SF", "CO", "initial", 1e6, "2017-01-01", instrument="equity")
    clerk.rows(EntryKind.TERMS, "2017-12-31", lambda v: [Fact(v.by_code["CO"].id, None, "staff", "3")])
    clerk.rows(
        EntryKind.VALUATION, "2018-12-31", lambda v: [Mark(v.by_code["SF"].id, v.by_code["CO"].id, 5, "cost")]
    )
    first, same, later = (fund(clerk.view(d)).deals[0] for d in ("2017-06-30", "2017-09-30", "2018-06-30"))
    assert first is same
    assert later is not first
    assert later.company_then is not None
    assert [y.staff for y in later.company_then.years] == [3]
