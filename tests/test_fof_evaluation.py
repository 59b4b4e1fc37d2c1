"""Scorecard, loss tolerance and reinvestment on hand-worked small books, and over the demo office."""

from __future__ import annotations

import datetime as dt
import math
import sys
from decimal import Decimal

import pytest

from fof import ledger
from fof.access import LOCAL
from fof.errors import BookingRefused, Unknown
from fof.evaluation import (
    evaluated_funds,
    losses,
    reinvestments,
    scorecard,
    set_input,
    set_scale,
    set_weights,
    weights_of,
)
from fof.evaluation.indicators import BY_NAME, INDICATORS, Scale, attained
from fof.evaluation.judged import judged
from models.journal import Fact
from models.kinds import EntryKind
from models.posting_kinds import PostingKind

DAY = dt.date(2026, 3, 1)
DOC = "绩效评价方案〔2026〕1号"


def points(policy, compliance, results):
    return {"policy": Decimal(policy), "compliance": Decimal(compliance), "results": Decimal(results)}


def texts(policy, compliance, results):
    """Weights as they are typed."""
    return {"policy": str(policy), "compliance": str(compliance), "results": str(results)}


@pytest.fixture
def office(clerk):
    """A guidance fund holding 60 of a seed fund of 100 yuan, all paid, 80 of it invested in two companies."""
    clerk.party("GOV", "government", province="230000")
    clerk.party("GF", "guidance_fund", portfolio="yes", established_on="2020-01-01")
    clerk.pay(PostingKind.COMMITMENT, "GOV", "GF", 60, "2020-01-02", fund="GF", entry=EntryKind.COMMITMENT)
    clerk.party("LP", ownership="private")
    clerk.party(
        "SF", "sub_fund", strategy="seed", established_on="2020-03-01", cash_kept="yes", term_end="2032-03-01"
    )
    clerk.party("C1", "company")
    clerk.party("C2", "company")
    for investor, yuan in (("GF", 60), ("LP", 40)):
        clerk.pay(PostingKind.COMMITMENT, investor, "SF", yuan, "2020-03-01", entry=EntryKind.COMMITMENT)
        clerk.pay(
            PostingKind.CALL_INVESTMENT, investor, "SF", yuan, "2020-04-01", entry=EntryKind.CALL_PAYMENT
        )
    clerk.deal("SF", "C1", "initial", 50, "2020-06-01", share=0.1, stage="seed", stage_definition="S")
    clerk.deal("SF", "C2", "initial", 30, "2020-07-01", share=0.1, stage="seed", stage_definition="S")
    return clerk


# -- weights ------------------------------------------------------------------------------------------------------


def test_default_weights_are_45_20_35_with_their_source(office):
    found = weights_of(office.view("2026-03-31"), "SF")
    assert dict(found.points) == points(45, 20, 35)
    assert found.bonus_max == 10
    assert found.problems == ()
    assert "45/20/35" in found.sources["policy"].zh


@pytest.mark.parametrize(
    "given",
    [(40, 25, 35), (50, 20, 30), (45, 25, 30), (40, 20, 40)],
)  # each block on an end of its band: policy 40–50, compliance 20–25, results 30–40
def test_weights_on_the_ends_of_their_bands_are_taken(office, given):
    set_weights(office.database, LOCAL, "SF", texts(*given), DAY, DOC)
    found = weights_of(office.view("2026-03-31"), "SF")
    assert dict(found.points) == points(*given)
    assert found.problems == ()
    assert DOC in found.sources["policy"].zh
    assert dict(weights_of(office.view("2026-02-28"), "SF").points) == points(45, 20, 35)


@pytest.mark.parametrize(
    ("given", "codes"),
    [
        (("39.9", "25", "35.1"), {"政策": "weight_outside_band"}),
        (("50.1", "20", "29.9"), {"政策": "weight_outside_band", "效益": "weight_outside_band"}),
        (("45", "19.9", "35.1"), {"合规": "weight_outside_band"}),
        (("40", "25.1", "34.9"), {"合规": "weight_outside_band"}),
        (
            ("39", "20", "40.1"),
            {"政策": "weight_outside_band", "效益": "weight_outside_band", "权重": "weights_not_100"},
        ),
        (("45", "20", "34.9"), {"权重": "weights_not_100"}),
        (("45", "20", "35.1"), {"权重": "weights_not_100"}),
    ],
)
def test_weights_outside_a_band_or_not_adding_to_100_are_refused(office, given, codes):
    head = ledger.read(office.database).head
    with pytest.raises(BookingRefused) as refused:
        set_weights(office.database, LOCAL, None, texts(*given), DAY, DOC)
    assert {p.where.named(): p.code for p in refused.value.problems} == codes
    assert ledger.read(office.database).head == head


def test_a_missing_weight_an_unknown_fund_and_no_document_are_listed_together(office):
    with pytest.raises(BookingRefused) as refused:
        set_weights(office.database, LOCAL, "NOPE", {"policy": "45", "results": "35"}, DAY, " ")
    assert [p.code for p in refused.value.problems] == ["unknown_fund", "document_missing", "weight_missing"]


def test_weights_that_came_in_one_by_one_and_do_not_fit_leave_no_points(office):
    from fof.audit import set_parameter

    set_parameter(office.database, LOCAL, "SF", "evaluation_weight_policy", "50", DAY, None, DOC)
    found = scorecard(office.view("2026-03-31"), "SF")
    assert [p.code for p in found.weights.problems] == ["weights_not_100"]
    assert found.blocks == ()
    assert found.score is None
    assert all(line.points is None for line in found.lines)


def test_before_the_first_weights_were_in_force_there_is_no_score(office):
    found = scorecard(office.view("2025-06-04"), "SF")
    assert {p.code for p in found.weights.problems} == {"weight_missing"}
    assert weights_of(office.view("2025-06-05"), "SF").problems == ()


# -- scorecard ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "zero", "full", "expected"),
    [
        ("0", "0", "1", "0"),
        ("0.5", "0", "1", "0.5"),
        ("1", "0", "1", "1"),
        ("1.2", "0", "1", "1"),
        ("-0.1", "0", "1", "0"),
        ("1.5", "1", "2", "0.5"),
        ("0.25", "1", "0", "0.75"),
        ("180", "180", "180", "1"),
        ("181", "180", "180", "0"),
    ],
)
def test_points_rise_in_a_straight_line_between_the_ends_of_the_scale(value, zero, full, expected):
    assert attained(Decimal(value), Scale(Decimal(zero), Decimal(full))) == Decimal(expected)


def lines_of(card):
    return {line.indicator.name: line for line in card.lines}


def test_what_the_book_shows_is_computed_and_the_rest_is_asked_for(office):
    found = scorecard(office.view("2026-03-31"), "SF")
    lines = lines_of(found)
    assert lines["paid_in_rate"].value == 1  # 100 of 100
    assert lines["deployment"].value == Decimal("0.8")  # 80 of 100
    assert lines["idle_ratio"].value == Decimal("0.2")  # 20 of 100 still in cash
    assert lines["early_share"].value == 1
    assert lines["early_share"].state == "no_scale"
    assert lines["leverage_a"].value == Decimal(100) / Decimal(60)
    assert lines["nav_age"].state == "missing"
    assert lines["tvpi"].state == "missing"
    assert lines["overdue_calls"].state == "missing"  # money came in without a notice
    for name in ("policy_opinion", "internal_control", "social_effect"):
        assert lines[name].state == "missing"
        assert lines[name].value is None
    assert not found.final
    assert found.score is None
    assert {line.indicator.name for line in found.missing} >= {"policy_opinion", "tvpi", "early_share"}


def test_weights_of_a_block_are_shared_by_the_indicators_that_apply(office):
    found = scorecard(office.view("2026-03-31"), "SF")
    lines = lines_of(found)
    policy = [i.name for i in INDICATORS if i.block == "policy"]
    apply = [n for n in policy if lines[n].state != "not_applicable"]
    assert {lines[n].weight for n in apply} == {Decimal(45) / len(apply)}
    assert lines["deployment"].points == Decimal(45) / len(apply) * Decimal("0.8")
    assert found.so_far == sum(line.points for line in found.lines if line.points is not None)


def test_a_mark_counts_for_twelve_months_and_names_its_document(office):
    set_input(office.database, LOCAL, "SF", "social_effect", "0.6", DAY, DOC)
    line = lines_of(scorecard(office.view("2027-02-28"), "SF"))["social_effect"]
    assert (line.state, line.value, line.source) == ("stated", Decimal("0.6"), DOC)
    assert line.points == line.weight * Decimal("0.6")
    old = lines_of(scorecard(office.view("2027-03-01"), "SF"))["social_effect"]
    assert (old.state, old.value) == ("missing", None)
    before = lines_of(scorecard(office.view("2026-02-28"), "SF"))["social_effect"]
    assert before.state == "missing"


def test_a_repeated_mark_is_one_entry_and_going_back_to_a_mark_is_a_new_one(office):
    first = set_input(office.database, LOCAL, "SF", "social_effect", "0.6", DAY, DOC)
    again = set_input(office.database, LOCAL, "SF", "social_effect", "0.6", DAY, DOC)
    assert (len(first.entries), again.entries, len(again.already)) == (1, [], 1)
    set_input(office.database, LOCAL, "SF", "social_effect", "0.7", DAY, DOC)
    set_input(office.database, LOCAL, "SF", "social_effect", "0.6", DAY, DOC)
    assert lines_of(scorecard(office.view("2026-03-31"), "SF"))["social_effect"].value == Decimal("0.6")


@pytest.mark.parametrize(
    ("indicator", "value", "document", "codes"),
    [
        ("tvpi", "0.5", DOC, ["not_asked_for"]),
        ("nothing", "0.5", DOC, ["not_asked_for"]),
        ("social_effect", "1.01", DOC, ["bad_mark"]),
        ("social_effect", "-0.01", DOC, ["bad_mark"]),
        ("social_effect", "NaN", "", ["document_missing", "bad_mark"]),
        ("bonus", "10.01", DOC, ["bad_mark"]),
    ],
)
def test_a_mark_that_cannot_count_is_refused(office, indicator, value, document, codes):
    with pytest.raises(BookingRefused) as refused:
        set_input(office.database, LOCAL, "SF", indicator, value, DAY, document)
    assert [p.code for p in refused.value.problems] == codes


def test_a_scale_of_an_asked_for_indicator_or_of_words_is_refused(office):
    with pytest.raises(BookingRefused) as refused:
        set_scale(office.database, LOCAL, None, "social_effect", "x", "1", DAY, DOC)
    assert [p.code for p in refused.value.problems] == ["not_computed", "bad_number"]


def test_a_score_is_final_only_when_the_last_input_is_there(office, monkeypatch):
    """Three indicators stand for their blocks: deployment 0.8, rules kept, and a mark of 0.5."""
    names = ("deployment", "idle_ratio", "social_effect")
    monkeypatch.setattr(
        sys.modules["fof.evaluation.scorecard"], "INDICATORS", tuple(BY_NAME[n] for n in names)
    )
    open_card = scorecard(office.view("2026-03-31"), "SF")
    assert open_card.score is None
    assert [line.indicator.name for line in open_card.missing] == ["social_effect"]
    assert open_card.so_far == Decimal(45) * Decimal("0.8") + Decimal(20) * Decimal("0.8")
    assert open_card.weight_so_far == 65
    set_input(office.database, LOCAL, "SF", "social_effect", "0.5", DAY, DOC)
    final = scorecard(office.view("2026-03-31"), "SF")
    assert final.final
    assert final.score == Decimal("69.50")  # 45 x 0.8 + 20 x (1 - 0.2) + 35 x 0.5
    set_input(office.database, LOCAL, "SF", "bonus", "10", DAY, DOC)
    assert scorecard(office.view("2026-03-31"), "SF").score == Decimal("79.50")
    set_scale(office.database, LOCAL, None, "deployment", "0.6", "1", DAY, DOC)
    assert scorecard(office.view("2026-03-31"), "SF").score == Decimal(
        "66.00"
    )  # 0.8 is now half way: -13.5 +10
    set_scale(office.database, LOCAL, "SF", "deployment", "0", "0.8", DAY, DOC)
    assert scorecard(office.view("2026-03-31"), "SF").score == Decimal(
        "88.50"
    )  # the fund's own scale goes first


def test_a_block_without_any_indicator_that_applies_holds_the_score_open(office, monkeypatch):
    office.party("NEW", "sub_fund", strategy="seed", established_on="2026-01-01")
    office.pay(PostingKind.COMMITMENT, "GF", "NEW", 10, "2026-01-01", fund="NEW", entry=EntryKind.COMMITMENT)
    monkeypatch.setattr(
        sys.modules["fof.evaluation.scorecard"],
        "INDICATORS",
        (BY_NAME["paid_in_rate"], BY_NAME["nav_age"], BY_NAME["dpi"]),
    )
    found = scorecard(office.view("2026-03-31"), "NEW")
    assert lines_of(found)["dpi"].state == "not_applicable"
    assert lines_of(found)["nav_age"].state == "not_applicable"
    assert found.missing == ()
    assert not found.final


def test_an_unknown_fund_is_unknown(office):
    with pytest.raises(Unknown):
        scorecard(office.view("2026-03-31"), "NOPE")


# -- losses -------------------------------------------------------------------------------------------------------


def by_key(rows):
    return {row.key: row for row in rows}


def test_losses_realised_and_unrealised_by_hand(office):
    """80 invested; half of C1 sold for 10 (cost 25); C1's rest marked 20, C2 marked 12."""
    office.deal("SF", "C1", "partial_exit", 10, "2024-06-01", share=0.05, exit_route="transfer")
    office.mark("SF", "C1", 20, "2025-12-31")
    office.mark("SF", "C2", 12, "2025-12-31")
    found = losses(office.view("2026-03-31"))
    fund = by_key(found.funds)["SF"]
    assert (fund.invested, fund.returned, fund.value) == (8000, 1000, 3200)
    assert (fund.realised, fund.unrealised) == (1000 - 2500, 3200 - 5500)
    assert fund.lost == 3800  # 80 - 10 - 32
    assert fund.share == pytest.approx(0.475)
    assert fund.tolerance == 0.5
    assert fund.headroom == pytest.approx(0.025)
    assert fund.headroom_fen == 200
    assert fund.state == "untested"
    seed = by_key(found.classes)["seed"]
    assert (seed.lost, seed.headroom_fen, seed.state) == (3800, 200, None)


@pytest.mark.parametrize(
    ("strategy", "tolerance", "worth", "headroom"),
    [
        ("seed", 0.5, 40, 0),
        ("seed", 0.5, 39.99, -1),
        ("seed", 0.5, 40.01, 1),
        ("angel", 0.4, 48, 0),
        ("angel", 0.4, 47.99, -1),
        ("vc", 0.3, 56, 0),
        ("vc", 0.3, 55.99, -1),
    ],
)
def test_headroom_around_the_tolerance_of_each_class(office, strategy, tolerance, worth, headroom):
    office.fact("SF", "2020-03-02", "strategy", strategy)
    office.mark("SF", "C1", worth, "2025-12-31")
    office.mark("SF", "C2", 0, "2025-12-31")
    fund = losses(office.view("2026-03-31")).funds[0]
    assert fund.tolerance == tolerance
    assert fund.headroom_fen == headroom


def test_without_a_value_or_a_strategy_a_loss_is_unknown_and_never_nought(office):
    office.mark("SF", "C1", 20, "2025-12-31")
    fund = losses(office.view("2026-03-31")).funds[0]
    assert fund.lost is None
    assert math.isnan(fund.share)
    assert fund.headroom_fen is None
    assert fund.reason.code == "no_value"
    office.party("SF2", "sub_fund", established_on="2020-03-01")
    office.deal("SF2", "C1", "initial", 10, "2021-01-01", share=0.1)
    office.mark("SF2", "C1", 5, "2025-12-31")
    found = losses(office.view("2026-03-31"))
    assert by_key(found.classes)["unstated"].reason.code == "no_class"
    assert by_key(found.funds)["SF2"].lost == 500
    assert by_key(found.funds)["SF2"].headroom_fen is None


def test_before_any_tolerance_was_in_force_there_is_no_headroom(office):
    office.mark("SF", "C1", 20, "2023-12-31")
    office.mark("SF", "C2", 20, "2023-12-31")
    fund = losses(office.view("2024-08-31")).funds[0]
    assert fund.lost == 4000
    assert fund.reason.code == "no_tolerance"
    assert losses(office.view("2024-09-01")).funds[0].reason is None


def test_a_deal_lost_as_a_whole_never_leads_to_a_review_by_itself(office):
    office.deal("SF", "C2", "write_off", 0, "2024-06-01")
    office.mark("SF", "C1", 60, "2025-12-31")
    office.fact("SF", "2025-12-31", "tolerance_test_on", "2025-12-31")
    office.fact("SF", "2025-12-31", "due_care", "yes")
    found = losses(office.view("2026-03-31"))
    deal = by_key(found.deals)["SF/C2"]
    assert (deal.lost, deal.share, deal.tolerance, deal.headroom_fen, deal.state) == (3000, 1.0, 1.0, 0, None)
    assert all(row.state is None for row in (*found.deals, *found.classes))
    assert found.funds[0].state == "exempt"  # 20 of 80 lost, with due care


@pytest.mark.parametrize(
    ("worth", "care", "state"),
    [
        (80, None, "within"),
        (60, "yes", "exempt"),
        (60, "no", "review"),
        (60, None, "unknown"),
        (39, "yes", "review"),
    ],
)
def test_what_a_loss_means_at_the_test_day(office, worth, care, state):
    office.mark("SF", "C1", worth, "2025-12-31")
    office.mark("SF", "C2", 0, "2025-12-31")
    office.fact("SF", "2025-12-31", "tolerance_test_on", "2026-01-31")
    if care:
        office.fact("SF", "2025-12-31", "due_care", care)
    assert losses(office.view("2026-01-30")).funds[0].state == "untested"
    assert losses(office.view("2026-01-31")).funds[0].state == state


# -- reinvestment -------------------------------------------------------------------------------------------------


def claim(office, number, day, company="C1", amount="1000", factor="1"):
    facts = {
        "reinvest_lp": "GF",
        "reinvest_kind": "direct",
        "reinvest_amount": amount,
        "reinvest_factor": factor,
        "reinvest_evidence": "返投认定表",
    }
    deal = next(
        d.row.id
        for d in office.view("2030-01-01").deals
        if d.row.company == office.view("2030-01-01").party(company).id
    )
    office.rows(EntryKind.TERMS, day, lambda _v: [Fact(None, deal, n, v) for n, v in facts.items()])


@pytest.fixture
def bound(office):
    """The contract: 1.5 times the paid-in 60 yuan of the guidance fund by the end of 2025."""
    for name, value in (
        ("reinvest_multiple", "1.5"),
        ("reinvest_base", "paid_in"),
        ("reinvest_to", "GF"),
        ("investment_period_end", "2025-12-31"),
    ):
        office.fact("SF", "2020-03-01", name, value)
    return office


def test_a_shortfall_is_running_to_the_last_day_and_a_breach_after_it(bound):
    claim(bound, 1, "2021-01-01", amount="4000")
    (duty,) = reinvestments(bound.view("2025-12-31"))
    assert (duty.investor, duty.owed, duty.recognised, duty.shortfall) == ("GF", 9000, 4000, 5000)
    assert duty.state == "running"
    assert duty.achieved == pytest.approx(4000 / 6000)
    (duty,) = reinvestments(bound.view("2026-01-01"))
    assert duty.state == "breach"
    assert duty.against_policy is False  # set up in 2020


@pytest.mark.parametrize(("amount", "state"), [("8999", "breach"), ("9000", "met"), ("9001", "met")])
def test_just_short_of_on_and_above_what_is_owed(bound, amount, state):
    claim(bound, 1, "2021-01-01", amount=amount)
    assert reinvestments(bound.view("2026-01-01"))[0].state == state


@pytest.mark.parametrize(
    ("set_up", "against"), [("2025-01-06", False), ("2025-01-07", True), ("2025-01-08", True)]
)
def test_a_multiple_in_a_fund_set_up_since_the_policy_is_warned_about(office, set_up, against):
    office.party(
        "NEW",
        "sub_fund",
        day=set_up,
        established_on=set_up,
        reinvest_multiple="1",
        reinvest_base="commitment",
        reinvest_to="GF",
        term_end="2035-01-01",
    )
    office.pay(PostingKind.COMMITMENT, "GF", "NEW", 10, "2025-02-01", fund="NEW", entry=EntryKind.COMMITMENT)
    (duty,) = reinvestments(office.view("2026-01-01"))
    assert (duty.fund, duty.owed, duty.shortfall, duty.state) == ("NEW", 1000, 1000, "running")
    assert duty.against_policy is against


def test_a_company_counts_once_for_an_investor(bound):
    bound.deal("SF", "C1", "follow_on", 5, "2021-03-01", share=0.01)
    view = bound.view("2030-01-01")
    deals = [d.row.id for d in view.deals if d.row.company == view.party("C1").id]
    for deal, amount in zip(deals, ("4000", "5000"), strict=True):
        facts = {
            "reinvest_lp": "GF",
            "reinvest_kind": "direct",
            "reinvest_amount": amount,
            "reinvest_factor": "1",
            "reinvest_evidence": "返投认定表",
        }
        bound.rows(
            EntryKind.TERMS,
            "2021-04-01",
            lambda _v, d=deal, f=facts: [Fact(None, d, n, v) for n, v in f.items()],
        )
    (duty,) = reinvestments(bound.view("2026-01-01"))
    assert duty.recognised == 4000
    assert [c.amount for c in duty.twice] == [5000]
    assert len(duty.claims) == 2
    assert agrees(bound.view("2026-01-01"), duty)


def agrees(view, duty):
    """GF-37 of the audit tells the same figures and the same verdict as the evaluation."""
    finding = judged(view).finding("GF-37", duty.fund, duty.investor)
    assert finding is not None
    verdict = {"met": ("pass", "warn"), "running": ("warn",), "breach": ("breach",), "unknown": ("unknown",)}
    assert finding.verdict.value in verdict[duty.state], (finding.verdict, duty.state)
    if duty.state != "unknown":
        assert finding.inputs["recognised"] == duty.recognised
        assert finding.inputs["owed"] == duty.owed
        assert (finding.money_at_stake or 0) == duty.shortfall
    return True


@pytest.mark.parametrize(
    ("amounts", "state"),
    [(("4500", "4500"), "breach"), (("9000", "1"), "met"), (("8999", "9000"), "breach")],
)
def test_the_audit_and_the_evaluation_count_a_company_claimed_twice_alike(bound, amounts, state):
    """Summing both claims would meet the duty of 9000 in the first and the last case."""
    bound.deal("SF", "C1", "follow_on", 5, "2021-03-01", share=0.01)
    view = bound.view("2030-01-01")
    deals = [d.row.id for d in view.deals if d.row.company == view.party("C1").id]
    for deal, amount in zip(deals, amounts, strict=True):
        values = {"lp": "GF", "kind": "direct", "amount": amount, "factor": "1", "evidence": "返投认定表"}
        facts = [Fact(None, deal, f"reinvest_{name}", value) for name, value in values.items()]
        bound.rows(EntryKind.TERMS, "2021-04-01", lambda _v, f=facts: f)
    (duty,) = reinvestments(bound.view("2026-01-01"))
    assert duty.state == state
    assert agrees(bound.view("2026-01-01"), duty)


def test_a_factor_above_the_limit_counts_at_the_limit(bound):
    claim(bound, 1, "2021-01-01", amount="3000", factor="3")
    (duty,) = reinvestments(bound.view("2026-01-01"))
    assert (duty.recognised, duty.state) == (6000, "breach")
    assert agrees(bound.view("2026-01-01"), duty)


def test_a_claim_without_factor_or_a_contract_without_base_cannot_be_judged(bound):
    view = bound.view("2030-01-01")
    deal = view.deals[0].row.id
    bound.rows(
        EntryKind.TERMS,
        "2021-01-01",
        lambda _v: [Fact(None, deal, "reinvest_lp", "GF"), Fact(None, deal, "reinvest_amount", "9000")],
    )
    (duty,) = reinvestments(bound.view("2026-01-01"))
    assert (duty.state, duty.recognised, duty.reason.code) == ("unknown", None, "no_amount")


def test_no_duty_without_a_multiple(office):
    assert reinvestments(office.view("2026-01-01")) == []
    office.fact("SF", "2020-03-01", "reinvest_multiple", "0")
    assert reinvestments(office.view("2026-01-01")) == []


# -- the demo office ----------------------------------------------------------------------------------------------


def test_the_demo_office_is_evaluated_without_inventing_anything(demo):
    """Some funds have all their evidence and a score; SF-2015-01's marks are too old, three have none yet, three do not
    say what others paid in the same rounds, two lack marks."""
    view = ledger.read(demo).view(dt.date(2026, 9, 30))
    codes = evaluated_funds(view)
    assert len(codes) > 10
    missing = {}
    for code in codes:
        found = scorecard(view, code)
        assert found.final == (not found.missing)
        missing[code] = {line.indicator.name for line in found.missing}
        for line in found.lines:
            assert (line.value is None) == (line.state in ("missing", "not_applicable"))
            assert (line.points is not None) == (line.state in ("computed", "stated"))
        weights = [
            sum(x.weight or 0 for x in found.lines if x.indicator.block == b.name) for b in found.blocks
        ]
        assert [round(w, 9) for w in weights] == ([50, 20, 30] if code == "SF-2024-02" else [45, 20, 35])
    marks = {"policy_opinion", "internal_control", "social_effect"}
    assert missing["SF-2015-01"] == missing["SF-2025-01"] == marks
    assert missing["SF-2019-01"] == {"social_effect"}
    assert missing["SF-2022-02"] == {"leverage_c"}
    assert sum(not names for names in missing.values()) == 15
    assert scorecard(view, "SF-2016-01").bonus == 2


def test_losses_of_the_demo_office_agree_with_the_audit(demo):
    view = ledger.read(demo).view(dt.date(2026, 6, 30))
    found = losses(view)
    compared = 0
    for fund in found.funds:
        finding = judged(view).finding("PI-07", fund.key)
        assert finding is not None
        if "lost" in finding.inputs:
            assert (fund.invested, fund.lost) == (finding.inputs["cost"], finding.inputs["lost"])
            compared += 1
        else:
            assert fund.reason is not None
    assert compared > 5
    for one in found.classes:
        members = [f for f in found.funds if f.loss_class == one.key]
        assert one.invested == sum(f.invested for f in members)
        assert one.realised == sum(f.realised for f in members)
        assert (one.lost is None) == any(f.value is None for f in members)


def test_duties_of_the_demo_office_agree_with_the_audit(demo):
    view = ledger.read(demo).view(dt.date(2026, 6, 30))
    duties = [d for d in reinvestments(view) if d.multiple is not None]
    assert duties
    for duty in duties:
        assert agrees(view, duty)
