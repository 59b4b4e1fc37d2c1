"""A later closing leaves everybody as if all had come in together."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from fof import intake
from fof.access import LOCAL
from fof.book.flows import flows
from fof.book.portfolios import whole_book
from fof.book.stakes import stakes
from fof.errors import Refused
from fof.explain import explain
from fof.figures.commitments import commitments
from fof.intake.export import export_workbook
from fof.operations.calls import issue_call, plan_call
from fof.operations.closings import ClosingPlan, book_closing, plan_closing
from fof.operations.notices import notices
from fof.operations.payments import mark_paid
from models.kinds import EntryKind, NoticeKind
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


def paid_in(clerk: Any, day: str) -> dict[str, int]:
    view = clerk.view(day)
    now = stakes(view).of(None, {view.by_code["SF-1"].id})
    return {view.parties[int(i)].code: int(p) for i, p in zip(now.investor, now.paid_in, strict=True)}


def closing(clerk: Any, day: dt.date, **joining: int) -> ClosingPlan:
    """A plan with commitments taken on at the closing itself, in fen; LP_C is LP-C."""
    view = clerk.view("2022-12-31")
    asked = {view.by_code[code.replace("_", "-")].id: fen for code, fen in joining.items()}
    return plan_closing(view, view.by_code["SF-1"].id, day, Decimal("0.08"), asked)


def test_commitment_and_equalisation_are_booked_together_once(fund: Any) -> None:
    pay_up(fund)
    plan = closing(fund, CLOSING, LP_C=100_000)
    assert plan.problems == ()
    lines = {x.name: x for x in plan.lines}
    assert (lines["LP-C"].before, lines["LP-C"].after, lines["LP-C"].unfunded_after) == (0, 100_000, 75_000)
    assert (lines["LP-A"].unfunded_before, lines["LP-A"].unfunded_after) == (30_000, 45_000)
    assert (plan.moved, plan.interest) == (25_000, 986)
    head = fund.view("2022-12-31").known_at
    booked = book_closing(fund.database, LOCAL, plan, "HJ-01", CLOSING, "补充协议 1 号")
    assert len(booked.entries) == 4  # commitment, notice, payment, return
    view = fund.view("2022-12-31")
    own = stakes(view).of(None, {view.by_code["SF-1"].id})
    told = {view.parties[int(i)].code: int(u) for i, u in zip(own.investor, own.unfunded, strict=True)}
    assert told == {x.name: x.unfunded_after for x in plan.lines}
    again = closing(
        fund, CLOSING, LP_C=100_000
    )  # planned anew: the commitment is there, nothing is taken twice
    assert (again.fresh, again.lines) == ({}, plan.lines)
    assert book_closing(fund.database, LOCAL, again, "HJ-01", CLOSING, "补充协议 1 号").entries == []
    assert fund.view("2022-12-31").known_at == head + 4


def test_what_is_given_back_and_called_from_the_newcomer_counts_once_as_called(clerk_on_both: Any) -> None:
    clerk = clerk_on_both
    clerk.party("SF-1", "sub_fund", established_on="2020-01-01")
    for code, yuan in (("LP-A", 600), ("LP-B", 400)):
        clerk.party(code)
        clerk.pay(PostingKind.COMMITMENT, code, "SF-1", yuan, "2020-01-01", entry=EntryKind.COMMITMENT)
    clerk.party("LP-C")
    own = clerk.view("2021-01-01").by_code["SF-1"].id

    def call(number: str, day: dt.date) -> None:
        plan = plan_call(clerk.view("2023-01-01"), own, {"investment": 50_000}, day, day)
        issue_call(clerk.database, LOCAL, plan, number)

    def called(day: str) -> dict[str, int]:
        view = clerk.view(day)
        rows = commitments(view, whole_book(view, "CNY"), "investor").rows
        found = {row.key: row.called for row in rows}
        whole = commitments(view, whole_book(view, "CNY")).total.called
        assert whole == sum(fen or 0 for fen in found.values())
        for code, fen in found.items():
            shown = explain(view, whole_book(view, "CNY"), "called", "investor", code)
            assert shown.value == fen == sum(r.fen or 0 for p in shown.parts for r in p.rows)
        return {code: fen or 0 for code, fen in found.items()}

    call("2021-01", dt.date(2021, 1, 1))
    pay_up(clerk)
    assert called("2021-01-31") == {"LP-A": 30_000, "LP-B": 20_000}
    book_closing(clerk.database, LOCAL, closing(clerk, CLOSING, LP_C=100_000), "HJ-01", CLOSING)
    assert called("2021-06-30") == {"LP-A": 15_000, "LP-B": 10_000, "LP-C": 25_000}
    call("2022-01", dt.date(2022, 1, 1))  # what was given back is called again
    assert called("2022-06-30") == {"LP-A": 30_000, "LP-B": 20_000, "LP-C": 50_000}


def test_money_given_back_without_any_notice_says_nothing_of_what_was_called(clerk: Any) -> None:
    clerk.party("SF-1", "sub_fund")
    clerk.party("LP-A")
    clerk.pay(PostingKind.COMMITMENT, "LP-A", "SF-1", 600, "2020-01-01")
    clerk.pay(PostingKind.CALL_INVESTMENT, "LP-A", "SF-1", 60, "2020-02-01")
    for back in (10, 50):
        clerk.pay(PostingKind.EXCESS_CALL_RETURNED, "SF-1", "LP-A", back, "2020-03-01")
        view = clerk.view("2020-12-31")
        row = commitments(view, whole_book(view, "CNY")).total
        assert (row.called, row.reasons["called"].code) == (None, "no_notices")


def test_the_notice_of_a_closing_asks_for_the_interest_too(fund: Any) -> None:
    pay_up(fund)
    book_closing(fund.database, LOCAL, closing(fund, CLOSING, LP_C=100_000), "HJ-01", CLOSING)
    view = fund.view("2022-12-31")
    (asked,) = notices(view, view.by_code["SF-1"].id, NoticeKind.CAPITAL_CALL, "HJ-01")
    assert [(text.zh, fen) for text, fen in asked.components] == [
        ("投资款", 25_000),
        ("后进补偿利息（不计入实缴）", 986),
    ]
    assert asked.total == 25_986
    assert ("未实缴额度", 100_000, 75_000) in [
        (text.zh, *rest) for text, *rest in asked.balances
    ]  # interest takes no commitment
    back = notices(view, view.by_code["SF-1"].id, NoticeKind.DISTRIBUTION, "HJ-01")
    assert [n.total for n in back] == [15_000 + 592, 10_000 + 394]


def test_a_closing_exported_is_known_to_its_own_book(fund: Any) -> None:
    pay_up(fund)
    book_closing(fund.database, LOCAL, closing(fund, CLOSING, LP_C=100_000), "HJ-01", CLOSING)
    again = intake.book(fund.database, LOCAL, export_workbook(fund.view("2022-12-31")), "导出.xlsx")
    kinds = {fund.view("2022-12-31").entry(number).kind for number in again.entries}
    assert kinds == {"terms", "commitment"}  # what the clerk wrote by hand, and nothing of the closing
    assert paid_in(fund, "2022-12-31") == {"LP-A": 15_000, "LP-B": 10_000, "LP-C": 25_000}


@pytest.mark.parametrize("between", [False, True])
def test_after_two_closings_all_stand_as_if_they_had_come_together(fund: Any, between: bool) -> None:
    pay_up(fund)
    book_closing(fund.database, LOCAL, closing(fund, CLOSING, LP_C=100_000), "HJ-01", CLOSING)
    called = 50_000
    if between:  # a call after the first closing, shared by three
        view = fund.view("2021-08-01")
        day = dt.date(2021, 8, 1)
        issue_call(
            fund.database,
            LOCAL,
            plan_call(view, view.by_code["SF-1"].id, {"investment": 10_000}, day, day),
            "2021-02",
        )
        for code in ("LP-A", "LP-B", "LP-C"):
            mark_paid(fund.database, LOCAL, view.by_code["SF-1"].id, view.by_code[code].id, "2021-02", day)
        called += 10_000
    fund.party("LP-D")
    plan = closing(fund, dt.date(2021, 12, 31), LP_D=300_000)
    assert plan.problems == ()
    book_closing(fund.database, LOCAL, plan, "HJ-02", dt.date(2021, 12, 31))
    assert paid_in(fund, "2022-01-01") == {
        "LP-A": called * 600 // 5000,
        "LP-B": called * 400 // 5000,
        "LP-C": called // 5,
        "LP-D": called * 3 // 5,
    }
    [late] = [x for x in plan.lines if x.name == "LP-D"]
    days = (dt.date(2021, 12, 31) - dt.date(2021, 1, 1)).days
    after = (dt.date(2021, 12, 31) - dt.date(2021, 8, 1)).days if between else 0
    assert late.interest == (30_000 * days + 6_000 * after) * 8 // 36_500


def test_who_was_excused_from_a_call_stays_out_of_it(fund: Any) -> None:
    pay_up(fund)
    view = fund.view("2021-03-01")
    own, day = view.by_code["SF-1"].id, dt.date(2021, 3, 1)
    plan = plan_call(view, own, {"investment": 20_000}, day, day, excused={view.by_code["LP-A"].id: "豁免函"})
    issue_call(fund.database, LOCAL, plan, "2021-02")
    mark_paid(fund.database, LOCAL, own, view.by_code["LP-B"].id, "2021-02", day)
    found = {x.name: x.capital for x in closing(fund, CLOSING, LP_C=100_000).lines}
    # of the first call 300 : 200 : 500, of the second 0 : 400 : 1000 by commitment
    shared = (
        14_286  # 20,000 by 400 : 1,000 is 5,714.29 and 14,285.71: the fen left over goes to the larger rest
    )
    assert found == {"LP-A": 15_000 - 30_000, "LP-B": 10_000 - 20_000 - shared, "LP-C": 25_000 + shared}


def test_fees_outside_the_commitment_are_not_shared_out_again(fund: Any) -> None:
    pay_up(fund)
    view = fund.view("2021-03-01")
    own, day = view.by_code["SF-1"].id, dt.date(2021, 3, 1)
    issue_call(fund.database, LOCAL, plan_call(view, own, {"fee_outside": 1_000}, day, day), "2021-02")
    for code in ("LP-A", "LP-B"):
        mark_paid(fund.database, LOCAL, own, view.by_code[code].id, "2021-02", day)
    plan = closing(fund, CLOSING, LP_C=100_000)
    assert (plan.problems, plan.outside, plan.moved) == ((), 1_000, 25_000)


@pytest.mark.parametrize(
    ("facts", "day", "codes"),
    [
        ({}, dt.date(2020, 1, 1), {"before_first_close", "called_since"}),
        ({"first_close_on": "2021-06-30"}, CLOSING, {"before_first_close"}),
        ({"first_close_on": "2021-06-29"}, CLOSING, set()),
        ({"final_close_on": "2021-06-29"}, CLOSING, {"after_final_close"}),
        ({"final_close_on": "2021-06-30"}, CLOSING, set()),
        ({"status": "closed", "final_close_on": "2021-01-01"}, CLOSING, {"after_final_close", "fund_over"}),
    ],
)
def test_a_later_closing_has_its_time(
    fund: Any, facts: dict[str, str], day: dt.date, codes: set[str]
) -> None:
    pay_up(fund)
    for name, value in facts.items():
        fund.fact("SF-1", "2021-02-01" if name == "status" else "2020-01-01", name, value)
    assert {p.code for p in closing(fund, day, LP_C=100_000).problems} == codes


@pytest.mark.parametrize(
    ("day", "codes"), [(dt.date(2021, 3, 1), ["called_since"]), (dt.date(2021, 3, 2), [])]
)
def test_nobody_joins_behind_a_notice_that_is_out(fund: Any, day: dt.date, codes: list[str]) -> None:
    pay_up(fund)
    view, called = fund.view("2021-03-01"), dt.date(2021, 3, 1)
    own = view.by_code["SF-1"].id
    issue_call(fund.database, LOCAL, plan_call(view, own, {"investment": 10_000}, called, called), "2021-02")
    for code in ("LP-A", "LP-B"):
        mark_paid(fund.database, LOCAL, own, view.by_code[code].id, "2021-02", called)
    assert [p.code for p in closing(fund, day, LP_C=100_000).problems] == codes


def test_everything_wrong_is_listed_and_nothing_is_written(fund: Any) -> None:
    pay_up(fund)
    join(fund)
    fund.pay(PostingKind.DISTRIBUTION_GAIN, "SF-1", "LP-A", 1, "2021-05-01", entry=EntryKind.DISTRIBUTION)
    fund.fact("SF-1", "2020-01-01", "first_close_on", "2022-01-01")
    plan = closing(fund, CLOSING, LP_C=1, LP_B=-5)
    head = fund.view("2022-12-31").known_at
    with pytest.raises(Refused) as refused:
        book_closing(fund.database, LOCAL, plan, " ", dt.date(2021, 6, 29))
    assert {p.code for p in refused.value.problems} == {
        "commitment_differs",
        "not_positive",
        "before_first_close",
        "distributed_before",
        "number_missing",
        "before_closing",
    }
    assert fund.view("2022-12-31").known_at == head


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


def test_capital_given_back_and_asked_of_the_newcomer_is_called_once(fund: Any) -> None:
    """500.00 were asked of 1,000.00; half of that moves to the newcomer, and the fund has called 500.00 as before."""
    pay_up(fund)
    join(fund)
    view = fund.view("2021-12-31")
    own = view.by_code["SF-1"].id
    plan = plan_closing(view, own, CLOSING, Decimal("0.08"))
    book_closing(fund.database, LOCAL, plan, "HJ-01", CLOSING)
    for day, called in (
        ("2021-06-29", {"LP-A": 30_000, "LP-B": 20_000}),
        ("2021-06-30", {"LP-A": 15_000, "LP-B": 10_000, "LP-C": 25_000}),
    ):
        after = fund.view(day)
        held = stakes(after).of(None, {own})
        codes = [after.parties[i].code for i in held.investor.tolist()]
        asked = {code: fen for code, fen in zip(codes, held.due.tolist(), strict=True) if fen}
        assert asked == called
        assert held.noticed.all()
        assert held.due.tolist() == held.paid_in.tolist()


def test_capital_given_back_says_nothing_of_calls_where_there_were_no_notices(clerk: Any) -> None:
    clerk.party("SF-1", "sub_fund")
    clerk.party("LP-A")
    clerk.pay(PostingKind.COMMITMENT, "LP-A", "SF-1", 600, "2020-01-01", entry=EntryKind.COMMITMENT)
    clerk.pay(PostingKind.CALL_INVESTMENT, "LP-A", "SF-1", 300, "2020-02-01")
    clerk.pay(PostingKind.EXCESS_CALL_RETURNED, "SF-1", "LP-A", 50, "2020-03-01")
    held = stakes(clerk.view("2020-12-31"))
    assert held.noticed.tolist() == [False]
