"""What the library refuses before the database has to, and that what is booked before is judged again where it must be."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest

from fof import ledger
from fof.access import LOCAL
from fof.db import Database
from fof.errors import BookingRefused
from fof.ledger import Draft, Ids, Plan, Source, View
from fof.ledger.checks.references import FEN_AT_MOST
from models import journal as t
from models.kinds import EntryKind
from models.posting_kinds import PostingKind as K

DAY = dt.date
CITY, FUND, COMPANY, BANK = 1, 2, 3, 4
DEAL = 1


def office(_view: View, ids: Ids) -> Plan:
    rows: list[t.Row] = [
        t.Party(ids.party(), "CITY", "government"),
        t.Party(ids.party(), "F1", "sub_fund"),
        t.Party(ids.party(), "C1", "company"),
        t.Party(ids.party(), "BANK", "bank"),
        t.Fact(FUND, None, "established_on", "2020-01-01"),
    ]
    promise = [t.Posting(K.COMMITMENT, CITY, FUND, FUND, None, None, 100)]
    return Plan(
        [
            Draft(EntryKind.PARTIES, DAY(2020, 1, 1), "office", b"1", rows=rows),
            Draft(EntryKind.COMMITMENT, DAY(2020, 1, 1), "promise", b"2", promise),
        ]
    )


@pytest.fixture
def book(sqlite_book: Database) -> Database:
    ledger.book(sqlite_book, LOCAL, office)
    return sqlite_book


FEBRUARY = DAY(2020, 2, 1)
NO_SOURCE = Source()


def plan(
    *postings: t.Posting,
    rows: Sequence[t.Row] = (),
    day: dt.date = FEBRUARY,
    key: str = "k",
    source: Source = NO_SOURCE,
) -> ledger.Planner:
    draft = Draft(EntryKind.FUND_CASH, day, key, b"", list(postings), list(rows), source)
    return lambda _view, _ids: Plan([draft])


def pay(fen: int) -> t.Posting:
    return t.Posting(K.CALL_INVESTMENT, CITY, FUND, FUND, None, None, fen)


def codes(book: Database, planner: ledger.Planner) -> list[str]:
    """The problems of a plan; nothing is written, and a check finds the same."""
    head = ledger.read(book).head
    with pytest.raises(BookingRefused) as refused:
        ledger.book(book, LOCAL, planner)
    assert ledger.read(book).head == head
    checked, _ = ledger.check(book, planner)
    assert checked.problems == list(refused.value.problems)
    return [p.code for p in refused.value.problems]


@pytest.mark.parametrize(
    ("posting", "code"),
    [
        (pay(0), "not_whole"),
        (pay(-5), "not_whole"),
        (pay(5)._replace(fen=5.0), "not_whole"),
        (pay(5)._replace(fen="5"), "not_whole"),
        (pay(5)._replace(fen=None), "not_whole"),
        (pay(5)._replace(fen=2**63), "not_whole"),
        (pay(5)._replace(fund=-1), "not_whole"),
        (pay(5)._replace(loan=0), "not_whole"),
        (pay(5)._replace(from_party=2**31), "not_whole"),
        (pay(FEN_AT_MOST + 1), "amount_too_large"),
        (pay(5)._replace(kind=29), "unknown_kind"),
        (pay(5)._replace(kind=32767), "unknown_kind"),
        (pay(5)._replace(from_party=FUND), "same_party"),
        (pay(5)._replace(from_party=77), "unknown_reference"),
        (pay(5)._replace(deal=77), "unknown_reference"),
        (pay(5)._replace(fund=None), "fund_side"),
        (pay(5)._replace(fund=COMPANY), "fund_side"),
        (t.Posting(K.DISTRIBUTION_INCOME, CITY, FUND, FUND, None, None, 5), "fund_side"),
        (t.Posting(K.COMMITMENT_TRANSFER, CITY, BANK, None, None, None, 5), "fund_side"),
    ],
    ids=str,
)
def test_a_posting_that_cannot_be(book: Database, posting: Any, code: str) -> None:
    found = codes(book, plan(pay(1), posting))
    assert code in found
    assert set(found) <= {code, "fund_side"}


def test_a_problem_stands_at_its_row_of_the_file(book: Database) -> None:
    def two(_view: View, _ids: Ids) -> Plan:
        return Plan(
            [
                Draft(
                    EntryKind.FUND_CASH,
                    DAY(2020, 2, 1),
                    f"k{n}",
                    b"",
                    [pay(fen)],
                    source=Source("d", "a.xlsx", "表", n),
                )
                for n, fen in ((4, 50), (5, 51))
            ]
        )

    with pytest.raises(BookingRefused) as refused:
        ledger.book(book, LOCAL, two)
    [problem] = refused.value.problems
    assert (problem.where.file, problem.where.sheet, problem.where.row) == ("a.xlsx", "表", 5)
    assert (problem.code, problem.found) == ("unfunded_below_zero", "-0.01")


@pytest.mark.parametrize(
    "row",
    [
        t.Fact(FUND, None, "name", "a\x00b"),
        t.Fact(FUND, None, "name", "\ud800"),
        t.Fact(FUND, None, "name", None),  # type: ignore[arg-type]
        t.Fact(FUND, None, "name", 5),  # type: ignore[arg-type]
        t.Mark(CITY, FUND, 5.0, "cost"),  # type: ignore[arg-type]
        t.Mark(CITY, FUND, True, "cost"),
        t.Mark(CITY, FUND, 2**63, "cost"),
        t.Notice(FUND, "capital_call", "1", dt.datetime(2020, 1, 1)),
    ],
    ids=ascii,
)
def test_a_value_that_would_not_come_back_as_it_is(book: Database, row: t.Row) -> None:
    """What is read back must hash to the same leaf, on both engines."""
    assert codes(book, plan(rows=[row])) == ["not_storable"]


def test_text_of_the_entry_itself_must_be_storable(book: Database) -> None:
    assert codes(book, plan(pay(1), key="k\x00")) == ["not_storable"]
    assert codes(book, plan(pay(1), source=Source("d", "\ud800.xlsx"))) == ["not_storable"]


def test_shares_that_are_no_number_are_refused(book: Database) -> None:
    assert codes(book, plan(rows=[t.Fact(FUND, None, "carry_rate", "nan")])) == ["fact_unreadable"]
    assert codes(book, plan(rows=[t.Fact(FUND, None, "no_such_attribute", "1")])) == ["unknown_fact"]


def test_a_promise_that_was_passed_on_cannot_be_called_from_the_seller(book: Database) -> None:
    transfer = t.Posting(K.COMMITMENT_TRANSFER, CITY, BANK, FUND, None, None, 60)
    ledger.book(book, LOCAL, plan(transfer, key="sold"))
    assert codes(book, plan(pay(41))) == ["unfunded_below_zero"]
    ledger.book(book, LOCAL, plan(pay(40), key="rest"))
    assert codes(book, plan(transfer._replace(fen=1), key="more")) == ["unfunded_below_zero"]
    assert codes(book, plan(t.Posting(K.DISTRIBUTED_TRANSFER, CITY, BANK, FUND, None, None, 1))) == [
        "distributed_below_zero"
    ]


def test_ownership_by_promise_taken_over_runs_in_no_circle(book: Database) -> None:
    ledger.book(book, LOCAL, plan(rows=[t.Edge(FUND, BANK, 10, "equity")], key="edge"))
    sale = t.Posting(K.COMMITMENT_TRANSFER, CITY, BANK, FUND, None, None, 60)
    assert codes(book, plan(sale)) == ["ownership_cycle"]


def edge(owner: int, owned: int, share: int, until: dt.date | None = None) -> t.Edge:
    return t.Edge(owner, owned, share * 10**7, "equity", until)


def test_ownership_that_ended_before_runs_in_no_circle(book: Database) -> None:
    ledger.book(book, LOCAL, plan(rows=[edge(CITY, BANK, 30, DAY(2021, 1, 1))], key="a", day=DAY(2020, 1, 1)))
    assert codes(book, plan(rows=[edge(BANK, CITY, 20)], day=DAY(2020, 12, 31))) == ["ownership_cycle"]
    ledger.book(book, LOCAL, plan(rows=[edge(BANK, CITY, 20)], key="b", day=DAY(2021, 1, 1)))
    assert codes(book, plan(rows=[edge(CITY, BANK, 1)], day=DAY(2019, 1, 1))) == ["ownership_cycle"]
    ledger.book(book, LOCAL, plan(rows=[edge(BANK, CITY, 0)], key="sold", day=DAY(2022, 1, 1)))
    ledger.book(book, LOCAL, plan(rows=[edge(CITY, BANK, 5)], key="c", day=DAY(2022, 1, 1)))


def test_a_company_does_not_promise_money_to_the_fund_that_holds_it(book: Database) -> None:
    deal = t.Deal(DEAL, "D1", FUND, COMPANY, "initial")
    ledger.book(book, LOCAL, plan(rows=[deal], key="deal"))
    promise = t.Posting(K.COMMITMENT, COMPANY, FUND, FUND, None, None, 5)
    assert codes(book, plan(promise)) == ["ownership_cycle"]
    left = deal._replace(id=2, code="D2", kind="exit")
    ledger.book(book, LOCAL, plan(rows=[left], key="left", day=DAY(2020, 6, 1)))
    assert codes(book, plan(promise, day=DAY(2020, 5, 31))) == ["ownership_cycle"]
    ledger.book(book, LOCAL, plan(promise, day=DAY(2020, 6, 1)))


def test_shares_stay_within_the_whole_also_when_one_ends(book: Database) -> None:
    """What ends gives way to what was stated before it."""
    for key, day, row in (
        ("a", DAY(2020, 1, 1), edge(CITY, COMPANY, 60)),
        ("b", DAY(2021, 1, 1), edge(CITY, COMPANY, 10, DAY(2022, 1, 1))),
        ("c", DAY(2021, 6, 1), edge(BANK, COMPANY, 40)),
    ):
        ledger.book(book, LOCAL, plan(rows=[row], key=key, day=day))
    assert codes(book, plan(rows=[edge(BANK, COMPANY, 41)], day=DAY(2021, 6, 2))) == ["shares_above_one"]
    ledger.book(
        book, LOCAL, plan(rows=[edge(BANK, COMPANY, 90, DAY(2022, 1, 1))], key="d", day=DAY(2021, 6, 2))
    )


# -- calls ------------------------------------------------------------------------------------------------------------


def call(fen: int) -> t.Posting:
    return t.Posting(K.CALL_DUE, CITY, FUND, FUND, None, None, fen)


def test_a_notice_asks_for_no_more_than_is_unfunded(book: Database) -> None:
    assert codes(book, plan(call(101))) == ["call_over_unfunded"]
    ledger.book(book, LOCAL, plan(call(60), key="first"))
    assert codes(book, plan(call(41))) == ["call_over_unfunded"]
    ledger.book(book, LOCAL, plan(pay(60), key="paid", day=DAY(2020, 3, 1)))
    assert codes(book, plan(call(41), day=DAY(2020, 4, 1))) == ["call_over_unfunded"]
    ledger.book(book, LOCAL, plan(call(40), key="second", day=DAY(2020, 4, 1)))


def test_money_from_before_the_first_notice_leaves_less_to_call(book: Database) -> None:
    ledger.book(book, LOCAL, plan(pay(30), key="old", day=DAY(2020, 1, 15)))
    assert codes(book, plan(call(71))) == ["call_over_unfunded"]
    ledger.book(book, LOCAL, plan(call(70), key="rest"))
    assert codes(book, plan(pay(1), day=DAY(2020, 1, 31))) == ["call_over_unfunded"]


def test_what_was_called_on_is_not_cut(book: Database) -> None:
    ledger.book(book, LOCAL, plan(call(70), key="called"))
    cut = t.Posting(K.COMMITMENT_REDUCTION, FUND, CITY, FUND, None, None, 31)
    assert codes(book, plan(cut, day=DAY(2020, 3, 1))) == ["call_over_unfunded"]
    with pytest.raises(BookingRefused) as refused:
        ledger.reverse(book, LOCAL, 2, "认缴有误")
    assert [p.code for p in refused.value.problems] == ["call_over_unfunded"]
    ledger.book(book, LOCAL, plan(cut._replace(fen=30), day=DAY(2020, 3, 1)))


def test_recallable_money_may_be_called_again_and_not_taken_back_then(book: Database) -> None:
    ledger.book(book, LOCAL, plan(call(100), pay(100), key="all"))
    given = t.Posting(K.DISTRIBUTION_RECALLABLE, FUND, CITY, FUND, None, None, 20)
    [back] = ledger.book(book, LOCAL, plan(given, key="back", day=DAY(2020, 5, 1))).entries
    assert codes(book, plan(call(20), day=DAY(2020, 4, 30))) == ["call_over_unfunded"]
    ledger.book(book, LOCAL, plan(call(20), key="again", day=DAY(2020, 5, 1)))
    with pytest.raises(BookingRefused) as refused:
        ledger.reverse(book, LOCAL, back, "有误")
    assert [p.code for p in refused.value.problems] == ["call_over_unfunded"]


def test_a_promise_that_was_passed_on_leaves_its_open_call_and_no_room(book: Database) -> None:
    """Booked one after another or all at once; what is called later needs a promise of its own."""
    sold = t.Posting(K.COMMITMENT_TRANSFER, CITY, BANK, FUND, None, None, 90)
    march, april = DAY(2020, 3, 1), DAY(2020, 4, 1)

    def all_of_it(_view: View, _ids: Ids) -> Plan:
        return Plan(
            [
                Draft(EntryKind.CAPITAL_CALL, FEBRUARY, "called", b"", [call(60)]),
                Draft(EntryKind.COMMITMENT_TRANSFER, march, "sold", b"", [sold]),
            ]
        )

    together, _ = ledger.check(book, all_of_it)
    assert together.problems == []
    ledger.book(book, LOCAL, plan(call(60), key="called"))
    ledger.book(book, LOCAL, plan(sold, key="sold", day=march))
    assert codes(book, plan(call(1), day=april)) == ["call_over_unfunded"]
    more = t.Posting(K.COMMITMENT, CITY, FUND, FUND, None, None, 5)
    assert codes(book, plan(more, call(6), day=april)) == ["call_over_unfunded"]
    ledger.book(book, LOCAL, plan(more, call(5), key="more", day=april))


def test_the_terms_may_allow_calls_above_unfunded(book: Database) -> None:
    allowed = plan(rows=[t.Fact(FUND, None, "call_over_unfunded", "yes")], key="terms")
    [terms] = ledger.book(book, LOCAL, allowed).entries
    ledger.book(book, LOCAL, plan(call(101), key="called"))
    with pytest.raises(BookingRefused) as refused:
        ledger.reverse(book, LOCAL, terms, "条款有误")
    assert [p.code for p in refused.value.problems] == ["call_over_unfunded"]


def test_a_notice_is_not_taken_back_before_what_was_paid_on_it(book: Database) -> None:
    notice = t.Notice(FUND, "capital_call", "1", DAY(2020, 3, 1))
    [asked] = ledger.book(book, LOCAL, plan(call(5), rows=[notice], key="asked")).entries
    paid_on = plan(pay(5), rows=[notice._replace(due_on=None)], key="paid", day=DAY(2020, 3, 1))
    [paid] = ledger.book(book, LOCAL, paid_on).entries
    with pytest.raises(BookingRefused) as refused:
        ledger.reverse(book, LOCAL, asked, "有误")
    assert [(p.code, p.found) for p in refused.value.problems] == [("notice_in_use", str(paid))]
    ledger.reverse(book, LOCAL, paid, "有误")
    ledger.reverse(book, LOCAL, asked, "有误")


def test_an_investment_is_not_taken_back_before_its_exit(book: Database) -> None:
    deals = [t.Deal(n, f"D{n}", FUND, COMPANY, kind) for n, kind in ((1, "initial"), (2, "write_off"))]
    [first] = ledger.book(book, LOCAL, plan(rows=deals[:1], key="in")).entries
    [last] = ledger.book(book, LOCAL, plan(rows=deals[1:], key="out", day=DAY(2020, 3, 1))).entries
    with pytest.raises(BookingRefused) as refused:
        ledger.reverse(book, LOCAL, first, "有误")
    assert [(p.code, p.found) for p in refused.value.problems] == [("deal_in_use", "D2")]
    ledger.reverse(book, LOCAL, last, "有误")
    ledger.reverse(book, LOCAL, first, "有误")


def test_no_sum_of_a_book_overflows(book: Database) -> None:
    """922 postings of the largest amount are more than an int64 holds."""
    many = [t.Posting(K.INTEREST_INCOME, BANK, FUND, FUND, None, None, FEN_AT_MOST)] * 460
    ledger.book(book, LOCAL, plan(*many, key="much"))
    assert codes(book, plan(*many[:2])) == ["book_too_large"]


# -- what is in the book is judged again where an attribute changes ---------------------------------------------------


def fact(name: str, value: str, party: int = FUND, key: str = "fact") -> ledger.Planner:
    return plan(rows=[t.Fact(party, None, name, value)], key=key)


def test_a_fund_is_not_established_after_its_first_cash(book: Database) -> None:
    ledger.book(book, LOCAL, plan(pay(5), key="paid"))
    assert codes(book, fact("established_on", "2020-02-02")) == ["before_inception"]
    ledger.book(book, LOCAL, fact("established_on", "2020-02-01"))


@pytest.mark.parametrize(
    "row",
    [
        t.Mark(FUND, FUND, 5, "reported_nav"),
        t.Mark(CITY, FUND, 5, "reported_nav"),
        t.Mark(FUND, COMPANY, 5, "cost"),
        t.Position(BANK, FUND, None, 5, None, None, None, None, None),
    ],
)
def test_a_fund_has_no_value_before_it_is_established(book: Database, row: t.Row) -> None:
    assert codes(book, plan(rows=[row], day=DAY(2019, 12, 31))) == ["before_inception"]
    ledger.book(book, LOCAL, plan(rows=[row], day=DAY(2020, 1, 1), key="value"))
    assert codes(book, fact("established_on", "2020-01-02")) == ["before_inception"]


def test_a_currency_does_not_change_under_money(book: Database) -> None:
    assert codes(book, fact("currency", "USD")) == ["currency"]  # there is a commitment in yuan
    ledger.book(book, LOCAL, plan(pay(5), key="paid"))
    assert codes(book, fact("currency", "EUR")) == ["currency"]
    ledger.book(book, LOCAL, fact("currency", "EUR", CITY))
    ledger.book(book, LOCAL, fact("currency", "USD", COMPANY))


def test_cash_that_is_kept_from_now_on_must_be_there(book: Database) -> None:
    ledger.book(book, LOCAL, plan(t.Posting(K.FUND_EXPENSE, FUND, BANK, FUND, None, None, 7), key="fee"))
    assert codes(book, fact("cash_kept", "yes")) == ["cash_below_zero"]
    ledger.book(book, LOCAL, plan(pay(7), day=DAY(2020, 1, 31), key="paid"))
    ledger.book(book, LOCAL, fact("cash_kept", "yes"))
    assert codes(book, plan(t.Posting(K.FUND_EXPENSE, FUND, BANK, FUND, None, None, 1))) == [
        "cash_below_zero"
    ]


def test_calls_above_the_promise_need_the_terms_that_allow_them(book: Database) -> None:
    [terms] = ledger.book(book, LOCAL, fact("call_over_unfunded", "yes")).entries
    ledger.book(book, LOCAL, plan(pay(120), key="paid"))
    assert codes(book, fact("call_over_unfunded", "no", key="stricter")) == ["unfunded_below_zero"]
    with pytest.raises(BookingRefused) as refused:
        ledger.reverse(book, LOCAL, terms, "条款有误")
    assert [p.code for p in refused.value.problems] == ["unfunded_below_zero"]


def test_a_deal_in_use_is_not_taken_back_before_its_money(book: Database) -> None:
    [deal] = ledger.book(
        book, LOCAL, plan(rows=[t.Deal(DEAL, "D1", FUND, COMPANY, "initial")], key="deal")
    ).entries
    ledger.book(book, LOCAL, plan(pay(9), key="paid"))
    bought = t.Posting(K.INVESTMENT, FUND, COMPANY, FUND, DEAL, None, 9)
    [money] = ledger.book(book, LOCAL, plan(bought, key="bought")).entries
    with pytest.raises(BookingRefused) as refused:
        ledger.reverse(book, LOCAL, deal, "有误")
    assert [p.code for p in refused.value.problems] == ["deal_in_use"]
    ledger.reverse(book, LOCAL, money, "有误")
    ledger.reverse(book, LOCAL, deal, "有误")


def test_two_reversals_of_one_entry_in_one_request(book: Database) -> None:
    [paid] = ledger.book(book, LOCAL, plan(pay(5), key="paid")).entries

    def twice(_view: View, _ids: Ids) -> Plan:
        return Plan([Draft(EntryKind.REVERSAL, DAY(2020, 2, 1), f"r{n}", b"", reverses=paid) for n in (1, 2)])

    assert codes(book, twice) == ["reversed_already"]


def test_the_same_code_twice_in_one_request(book: Database) -> None:
    def twice(_view: View, ids: Ids) -> Plan:
        rows: list[t.Row] = [t.Party(ids.party(), "NEW", "bank"), t.Party(ids.party(), "NEW", "bank")]
        return Plan([Draft(EntryKind.PARTIES, DAY(2020, 2, 1), "new", b"", rows=rows)])

    assert codes(book, twice) == ["duplicate_code"]


def test_a_million_wrong_rows_are_not_listed_one_by_one(book: Database) -> None:
    from fof.ledger.checks.change import PROBLEMS_AT_MOST

    assert len(codes(book, plan(*[pay(0)] * 1000))) == PROBLEMS_AT_MOST


# -- what a reversal opens again --------------------------------------------------------------------------------------


def refused_back(book: Database, entry: int) -> list[str]:
    with pytest.raises(BookingRefused) as refused:
        ledger.reverse(book, LOCAL, entry, "x")
    return [p.code for p in refused.value.problems]


def test_the_end_of_a_share_is_not_taken_back_under_who_came_after(book: Database) -> None:
    for key, day, row in (
        ("a", DAY(2020, 1, 1), edge(CITY, COMPANY, 60)),
        ("left", DAY(2021, 1, 1), edge(CITY, COMPANY, 0)),
        ("b", DAY(2021, 1, 1), edge(BANK, COMPANY, 40)),
        ("c", DAY(2022, 1, 1), edge(BANK, COMPANY, 41)),
    ):
        ledger.book(book, LOCAL, plan(rows=[row], key=key, day=day))
    head = ledger.read(book).head
    assert refused_back(book, head - 2) == ["shares_above_one"]
    ledger.reverse(book, LOCAL, head, "x")
    ledger.reverse(book, LOCAL, head - 2, "x")  # 60 and 40: just the whole


def test_what_ended_a_way_is_not_taken_back_where_it_would_run_in_a_circle_again(book: Database) -> None:
    deal = t.Deal(DEAL, "D1", FUND, COMPANY, "initial")
    ledger.book(book, LOCAL, plan(rows=[deal], key="deal"))
    left = deal._replace(id=2, code="D2", kind="exit")
    ledger.book(book, LOCAL, plan(rows=[left], key="left", day=DAY(2020, 6, 1)))
    exit_entry = ledger.read(book).head
    promise = t.Posting(K.COMMITMENT, COMPANY, FUND, FUND, None, None, 5)
    ledger.book(book, LOCAL, plan(promise, key="later", day=DAY(2020, 6, 1)))
    assert refused_back(book, exit_entry) == ["ownership_cycle"]
    ledger.reverse(book, LOCAL, exit_entry + 1, "x")
    ledger.reverse(book, LOCAL, exit_entry, "x")
