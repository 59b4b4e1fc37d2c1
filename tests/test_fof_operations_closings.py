"""A later closing leaves everybody as if all had come in together."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from fof.access import LOCAL
from fof.errors import Refused
from fof.operations.calls import issue_call, plan_call
from fof.operations.closings import book_closing, plan_closing
from fof.operations.payments import mark_paid
from fof.stakes import flows, stakes
from models.kinds import EntryKind
from models.posting_kinds import PostingKind

CLOSING = dt.date(2021, 6, 30)


@pytest.fixture
def fund(clerk: Any) -> Any:
    """Two investors called once on 2021-01-01, a third joins half a year later."""
    clerk.party("SF-1", "sub_fund", established_on="2020-01-01")
    for code, yuan in (("LP-A", 600), ("LP-B", 400)):
        clerk.party(code)
        clerk.pay(PostingKind.COMMITMENT, code, "SF-1", yuan, "2020-01-01", entry=EntryKind.COMMITMENT)
    view = clerk.view("2021-01-01")
    own = view.by_code["SF-1"].id
    plan = plan_call(view, own, {"investment": 50_000}, dt.date(2020, 12, 1), dt.date(2021, 1, 1))
    issue_call(clerk.database, LOCAL, plan, "2021-01")
    clerk.party("LP-C")
    return clerk


def pay_up(clerk: Any) -> None:
    view = clerk.view("2021-12-31")
    for code in ("LP-A", "LP-B"):
        mark_paid(
            clerk.database,
            LOCAL,
            view.by_code["SF-1"].id,
            view.by_code[code].id,
            "2021-01",
            dt.date(2021, 1, 1),
        )


def join(clerk: Any) -> None:
    clerk.pay(PostingKind.COMMITMENT, "LP-C", "SF-1", 1_000, CLOSING.isoformat(), entry=EntryKind.COMMITMENT)


def test_the_newcomer_pays_its_part_with_interest_and_the_others_get_it_back(fund: Any) -> None:
    pay_up(fund)
    join(fund)
    view = fund.view("2021-12-31")
    own = view.by_code["SF-1"].id
    plan = plan_closing(view, own, CLOSING, Decimal("0.08"))
    assert plan.problems == ()
    moved = {line.name: (line.capital, line.interest) for line in plan.lines}
    # half of all commitments is new: 250.00 of 500.00 moves; 8 % simple on it for 180 days, rounded down
    assert moved["LP-C"] == (25_000, 25_000 * 8 * 180 // 36_500)
    assert sum(c for c, _ in moved.values()) == sum(i for _, i in moved.values()) == 0
    assert (moved["LP-A"][0], moved["LP-B"][0]) == (-15_000, -10_000)
    first = book_closing(fund.database, LOCAL, plan, "HJ-01", CLOSING)
    assert len(first.entries) == 3
    again = book_closing(fund.database, LOCAL, plan, "HJ-01", CLOSING)
    assert again.entries == []
    after = fund.view("2021-06-30")
    now = stakes(after).of(None, {own})
    paid = {after.parties[int(i)].code: int(p) for i, p in zip(now.investor, now.paid_in, strict=True)}
    assert paid == {"LP-A": 15_000, "LP-B": 10_000, "LP-C": 25_000}
    assert (now.committed - now.paid_in == now.unfunded).all()  # interest takes no commitment
    day = flows(after).of(None, {own})
    assert int(day.fen[day.day == day.day.max()].sum()) == 0  # what some pay, others receive


@pytest.mark.parametrize("code", ["nobody_new", "call_open"])
def test_what_stands_in_the_way_is_named(fund: Any, code: str) -> None:
    if code == "nobody_new":
        pay_up(fund)
    else:
        join(fund)
    view = fund.view("2021-12-31")
    plan = plan_closing(view, view.by_code["SF-1"].id, CLOSING, Decimal("0.08"))
    assert code in {p.code for p in plan.problems}
    with pytest.raises(Refused):
        book_closing(fund.database, LOCAL, plan, "HJ-01", CLOSING)


def test_paid_in_money_without_a_notice_is_refused(fund: Any) -> None:
    pay_up(fund)
    join(fund)
    fund.pay(PostingKind.CALL_INVESTMENT, "LP-A", "SF-1", 1, "2020-06-01", entry=EntryKind.CALL_PAYMENT)
    view = fund.view("2021-12-31")
    plan = plan_closing(view, view.by_code["SF-1"].id, CLOSING, Decimal("0.08"))
    assert [p.code for p in plan.problems] == ["paid_without_notice"]
