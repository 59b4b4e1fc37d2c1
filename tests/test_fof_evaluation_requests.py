"""Weights, marks, the bonus and scales asked for: every problem at once, the same effect tried as booked, and who may."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from fof import ledger
from fof.access import LOCAL, Actor
from fof.errors import BookingRefused, NotAllowed
from fof.evaluation import scorecard
from fof.evaluation.requests import book, mark_request, scale_request, weights_request
from models.kinds import EntryKind, Role
from models.posting_kinds import PostingKind

DAY = dt.date(2026, 3, 1)
DOC = "绩效评价方案〔2026〕1号"


@pytest.fixture
def office(clerk):
    """A guidance fund with 60 of an angel fund's 100 yuan, half of it called."""
    clerk.party("GOV", "government", province="230000")
    clerk.party("GF", "guidance_fund", portfolio="yes", established_on="2020-01-01")
    clerk.pay(PostingKind.COMMITMENT, "GOV", "GF", 60, "2020-01-02", fund="GF", entry=EntryKind.COMMITMENT)
    clerk.party("SF", "sub_fund", strategy="angel", established_on="2020-03-01")
    clerk.party("CO", "company")
    clerk.pay(PostingKind.COMMITMENT, "GF", "SF", 60, "2020-03-01", entry=EntryKind.COMMITMENT)
    clerk.pay(PostingKind.CALL_INVESTMENT, "GF", "SF", 30, "2020-04-01", entry=EntryKind.CALL_PAYMENT)
    return clerk


def weights(policy, compliance, results):
    return {"policy": policy, "compliance": compliance, "results": results}


def codes(request, view):
    return [(p.where.named(), p.code) for p in request.problems(view)]


# -- everything wrong, at once --------------------------------------------------------------------------------------


def test_every_problem_of_weights_is_listed_once(office):
    asked = weights_request("NOPE", weights("a lot", "26", "35"), DAY, " ")
    assert codes(asked, office.view("2026-03-31")) == [
        ("基金", "unknown_fund"),
        ("依据文件", "document_missing"),
        ("政策", "bad_number"),
        ("合规", "weight_outside_band"),
    ]


def test_a_company_is_no_fund_to_be_marked(office):
    asked = mark_request("CO", "policy_opinion", "0.5", DAY, DOC)
    assert codes(asked, office.view("2026-03-31")) == [("基金", "unknown_fund")]


@pytest.mark.parametrize(
    ("zero", "full", "expected"),
    [
        ("0", "60%", []),
        ("0", "10", []),  # 1000 %: the last that is taken
        ("0", "10.01", [("满分值", "bad_share")]),
        ("-60", "x", [("零分值", "bad_share"), ("满分值", "bad_number")]),
        ("nan", "1", [("零分值", "bad_number")]),
    ],
)
def test_ends_of_a_share_are_shares(office, zero, full, expected):
    assert (
        codes(scale_request("SF", "paid_in_rate", zero, full, DAY, DOC), office.view("2026-03-31"))
        == expected
    )


def test_a_multiple_may_be_more_than_ten(office):
    assert codes(scale_request(None, "leverage_a", "1", "60", DAY, DOC), office.view("2026-03-31")) == []


def test_what_is_refused_is_not_booked(office):
    head = ledger.read(office.database).head
    with pytest.raises(BookingRefused) as refused:
        book(office.database, LOCAL, mark_request("SF", "bonus", "11", DAY, ""))
    assert [p.code for p in refused.value.problems] == ["document_missing", "bad_mark"]
    assert ledger.read(office.database).head == head


def test_only_those_who_may_set_parameters(office):
    asked = mark_request("SF", "policy_opinion", "0.5", DAY, DOC)
    for role in (Role.VIEWER, Role.ANALYST, Role.AUDITOR, Role.ADMIN):
        with pytest.raises(NotAllowed):
            book(office.database, Actor("someone", frozenset({role})), asked)
    assert book(office.database, Actor("manager", frozenset({Role.MANAGER})), asked).entries


# -- tried and booked are the same ----------------------------------------------------------------------------------


def shown(card):
    """Everything of a scorecard that a reader sees, but the entry numbers and sources."""
    lines = [(x.indicator.name, x.state, x.value, x.scale, x.weight, x.points, x.source) for x in card.lines]
    return lines, card.blocks, card.bonus, card.score, card.so_far, card.weight_so_far


@pytest.mark.parametrize(
    "asked",
    [
        mark_request("SF", "policy_opinion", "85%", DAY, DOC),
        mark_request("SF", "bonus", "2.5", DAY, DOC),
        scale_request("SF", "paid_in_rate", "20%", "60%", DAY, DOC),
        scale_request(None, "leverage_a", "0.5", "2", DAY, DOC),
        weights_request("SF", weights("50", "20", "30"), DAY, DOC),
        weights_request(None, weights("40", "25", "35"), DAY, DOC),
    ],
)
def test_what_is_tried_is_what_is_booked(office, asked):
    before = office.view("2026-03-31")
    plain, tried = scorecard(before, "SF"), scorecard(before, "SF", asked.trial)
    assert shown(plain) != shown(tried)
    book(office.database, LOCAL, asked)
    assert shown(scorecard(office.view("2026-03-31"), "SF")) == shown(tried)


def test_half_of_the_way_from_20_to_80_per_cent_is_half_of_the_points(office):
    """Called 30 of 60: 50 %, which lies in the middle."""
    tried = scorecard(
        office.view("2026-03-31"), "SF", scale_request("SF", "paid_in_rate", "20%", "80%", DAY, DOC).trial
    )
    line = next(x for x in tried.lines if x.indicator.name == "paid_in_rate")
    assert line.value == Decimal("0.5")
    assert line.points == line.weight / 2
    assert line.scale_source == (DOC, DOC)


def test_weights_for_everybody_do_not_reach_a_fund_with_its_own(office):
    book(office.database, LOCAL, weights_request("SF", weights("50", "20", "30"), DAY, DOC))
    view = office.view("2026-03-31")
    everybody = weights_request(None, weights("40", "25", "35"), DAY, DOC)
    assert shown(scorecard(view, "SF", everybody.trial)) == shown(scorecard(view, "SF"))
    assert dict(scorecard(view, "GF", everybody.trial).weights.points) == {
        "policy": 40,
        "compliance": 25,
        "results": 35,
    }


def test_a_percentage_is_kept_as_its_number_and_is_the_same_request(office):
    first = book(office.database, LOCAL, mark_request("SF", "policy_opinion", "85%", DAY, DOC))
    again = book(office.database, LOCAL, mark_request("SF", "policy_opinion", "0.85", DAY, DOC))
    assert (len(first.entries), again.entries, again.already[0].entry) == (1, [], first.entries[0])
