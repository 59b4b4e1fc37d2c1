"""Booking: idempotent, all or nothing, refused with every problem, the same on both engines."""

from __future__ import annotations

import datetime as dt

import pytest

from fof import ledger
from fof.access import LOCAL, Actor
from fof.db import Database
from fof.errors import BookingRefused, NotAllowed, Unknown
from fof.ledger import Draft, Ids, Plan, View
from models.journal import Edge, Fact, Party, Posting
from models.kinds import EntryKind, Role
from models.posting_kinds import PostingKind

DAY = dt.date


def small_office(_view: View, ids: Ids) -> Plan:
    """A city, a fund whose cash is kept, and 100.00 yuan committed."""
    city, fund, company = ids.party(), ids.party(), ids.party()
    parties = [
        Party(city, "CITY", "government"),
        Party(fund, "F1", "sub_fund"),
        Party(company, "C1", "company"),
        Fact(fund, None, "name", "示例基金"),
        Fact(fund, None, "established_on", "2020-01-01"),
        Fact(fund, None, "cash_kept", "yes"),
    ]
    digest = ledger.request_digest("office")
    return Plan(
        [
            Draft(EntryKind.PARTIES, DAY(2020, 1, 1), "office", digest, rows=parties),
            Draft(
                EntryKind.COMMITMENT,
                DAY(2020, 1, 1),
                "promise",
                digest,
                [Posting(PostingKind.COMMITMENT, city, fund, fund, None, None, 100_00)],
            ),
        ]
    )


def posting(kind: PostingKind, frm: str, to: str, fen: int, day: dt.date, key: str) -> ledger.Planner:
    """A plan of one entry with one posting in fund F1."""

    def plan(view: View, _ids: Ids) -> Plan:
        fund = view.party("F1").id
        rows = [Posting(kind, view.party(frm).id, view.party(to).id, fund, None, None, fen)]
        return Plan(
            [Draft(EntryKind.CALL_PAYMENT, day, key, ledger.request_digest(kind, frm, to, fen, day), rows)]
        )

    return plan


def pay(fen: int, day: dt.date, key: str) -> ledger.Planner:
    """The city pays in."""
    return posting(PostingKind.CALL_INVESTMENT, "CITY", "F1", fen, day, key)


def balance(database: Database, measure: str, day: dt.date) -> int:
    _, _, fen = ledger.read(database).balances().at(measure, ledger.day_number(day))
    return int(fen.sum())


def codes(refused: pytest.ExceptionInfo[BookingRefused]) -> list[str]:
    return [p.code for p in refused.value.problems]


def test_an_entry_is_read_back_with_its_rows(database: Database) -> None:
    booked = ledger.book(database, LOCAL, small_office)
    assert booked.entries == [1, 2]
    view = ledger.read(database).view()
    fund = view.party("F1")
    assert view.name(fund.id) == "示例基金"
    assert view.fact(fund.id, "established_on") == DAY(2020, 1, 1)
    assert view.postings.fen.tolist() == [100_00]
    assert view.entry(2).kind == "commitment"


def test_the_same_key_again_is_a_no_op_that_says_so(database: Database) -> None:
    ledger.book(database, LOCAL, small_office)
    first = ledger.book(database, LOCAL, pay(40_00, DAY(2020, 3, 1), "n1"))
    again = ledger.book(database, LOCAL, pay(40_00, DAY(2020, 3, 1), "n1"))
    assert again.entries == []
    assert [a.entry for a in again.already] == first.entries
    assert balance(database, "paid_in", DAY(2020, 3, 1)) == 40_00


def test_the_same_key_with_other_content_is_a_conflict(database: Database) -> None:
    ledger.book(database, LOCAL, small_office)
    ledger.book(database, LOCAL, pay(40_00, DAY(2020, 3, 1), "n1"))
    with pytest.raises(BookingRefused) as refused:
        ledger.book(database, LOCAL, pay(41_00, DAY(2020, 3, 1), "n1"))
    assert codes(refused) == ["key_conflict"]


def test_a_call_above_unfunded_is_refused_and_nothing_written(database: Database) -> None:
    ledger.book(database, LOCAL, small_office)
    head = ledger.read(database).head
    with pytest.raises(BookingRefused) as refused:
        ledger.book(database, LOCAL, pay(100_01, DAY(2020, 3, 1), "n1"))
    assert codes(refused) == ["unfunded_below_zero"]
    assert ledger.read(database).head == head


def test_a_recallable_distribution_can_be_called_again(database: Database) -> None:
    ledger.book(database, LOCAL, small_office)
    ledger.book(database, LOCAL, pay(100_00, DAY(2020, 3, 1), "n1"))
    ledger.book(
        database,
        LOCAL,
        posting(PostingKind.DISTRIBUTION_RECALLABLE_CAPITAL, "F1", "CITY", 30_00, DAY(2020, 5, 1), "d1"),
    )
    assert balance(database, "unfunded", DAY(2020, 5, 1)) == 30_00
    ledger.book(database, LOCAL, pay(30_00, DAY(2020, 6, 1), "n2"))
    with pytest.raises(BookingRefused):
        ledger.book(database, LOCAL, pay(1, DAY(2020, 6, 1), "n3"))


def test_a_back_dated_call_is_judged_on_every_later_day(database: Database) -> None:
    ledger.book(database, LOCAL, small_office)
    ledger.book(database, LOCAL, pay(90_00, DAY(2021, 1, 1), "n1"))
    with pytest.raises(BookingRefused) as refused:
        ledger.book(database, LOCAL, pay(10_01, DAY(2020, 2, 1), "n0"))
    assert "2021-01-01" in str(refused.value)


def test_cash_kept_here_never_falls_below_zero(database: Database) -> None:
    ledger.book(database, LOCAL, small_office)
    ledger.book(database, LOCAL, pay(40_00, DAY(2020, 3, 1), "n1"))
    with pytest.raises(BookingRefused) as refused:
        ledger.book(
            database, LOCAL, posting(PostingKind.FUND_EXPENSE, "F1", "C1", 40_01, DAY(2020, 3, 1), "x")
        )
    assert codes(refused) == ["cash_below_zero"]
    ledger.book(database, LOCAL, posting(PostingKind.FUND_EXPENSE, "F1", "C1", 40_00, DAY(2020, 3, 1), "x"))


def test_cash_before_inception_is_refused(database: Database) -> None:
    ledger.book(database, LOCAL, small_office)
    with pytest.raises(BookingRefused) as refused:
        ledger.book(database, LOCAL, pay(1, DAY(2019, 12, 31), "n1"))
    assert "before_inception" in codes(refused)


def test_currencies_are_never_mixed(database: Database) -> None:
    """Money of a fund is in the fund's currency, whoever pays it, and that does not change under its money; a deal is in one."""
    ledger.book(database, LOCAL, small_office)

    def dollars(view: View, ids: Ids) -> Plan:
        stranger, fund = ids.party(), view.party("F1").id
        rows = [Party(stranger, "USD-LP", "institution"), Fact(stranger, None, "currency", "USD")]
        promise = Posting(PostingKind.COMMITMENT, stranger, fund, fund, None, None, 1)
        return Plan([Draft(EntryKind.COMMITMENT, DAY(2020, 2, 1), "usd", b"", [promise], list(rows))])

    def other_fund(view: View, _ids: Ids) -> Plan:
        rows = [Fact(view.party("F1").id, None, "currency", "USD")]
        return Plan([Draft(EntryKind.TERMS, DAY(2020, 2, 2), "fund", b"", rows=list(rows))])

    def mixed(view: View, _ids: Ids) -> Plan:
        """Dollars of one party, paid to another that keeps its books in yuan; no fund says which it is."""
        stranger, city = view.party("USD-LP").id, view.party("CITY").id
        rows = [Fact(city, None, "currency", "CNY")]
        given = Posting(PostingKind.FISCAL_APPROPRIATION, stranger, city, None, None, None, 1)
        return Plan([Draft(EntryKind.FUND_CASH, DAY(2020, 2, 3), "mixed", b"", [given], list(rows))])

    ledger.book(database, LOCAL, dollars)
    for plan in (other_fund, mixed):
        with pytest.raises(BookingRefused) as refused:
            ledger.book(database, LOCAL, plan)
        assert codes(refused) == ["currency"]


def test_ownership_must_not_run_in_a_circle(database: Database) -> None:
    ledger.book(database, LOCAL, small_office)

    def edges(*pairs: tuple[str, str]) -> ledger.Planner:
        def plan(view: View, _ids: Ids) -> Plan:
            rows = [Edge(view.party(a).id, view.party(b).id, 400_000_000, "equity") for a, b in pairs]
            return Plan([Draft(EntryKind.OWNERSHIP, DAY(2020, 2, 1), f"edges{pairs}", b"", rows=list(rows))])

        return plan

    ledger.book(database, LOCAL, edges(("F1", "C1")))
    with pytest.raises(BookingRefused) as refused:
        ledger.book(database, LOCAL, edges(("C1", "CITY")))
    assert codes(refused) == ["ownership_cycle"]
    assert "CITY → 示例基金 → C1 → CITY" in str(refused.value) or "C1 → CITY → 示例基金 → C1" in str(
        refused.value
    )


def test_shares_of_one_thing_never_exceed_one(database: Database) -> None:
    ledger.book(database, LOCAL, small_office)

    def plan(view: View, _ids: Ids) -> Plan:
        company = view.party("C1").id
        rows = [
            Edge(view.party(p).id, company, nano, "equity")
            for p, nano in (("CITY", 600_000_000), ("F1", 400_000_001))
        ]
        return Plan([Draft(EntryKind.OWNERSHIP, DAY(2020, 2, 1), "edges", b"", rows=list(rows))])

    with pytest.raises(BookingRefused) as refused:
        ledger.book(database, LOCAL, plan)
    assert set(codes(refused)) == {"shares_above_one"}


def test_every_problem_is_listed_and_unknown_parties_are_named(database: Database) -> None:
    ledger.book(database, LOCAL, small_office)

    def plan(view: View, _ids: Ids) -> Plan:
        fund = view.party("F1").id
        rows = [
            Posting(PostingKind.CALL_INVESTMENT, 77, fund, fund, None, None, 5),
            Posting(PostingKind.CALL_INVESTMENT, 78, fund, fund, 9, None, 5),
        ]
        return Plan([Draft(EntryKind.CALL_PAYMENT, DAY(2020, 2, 1), "x", b"", rows)])

    with pytest.raises(BookingRefused) as refused:
        ledger.book(database, LOCAL, plan)
    assert codes(refused) == ["unknown_reference"] * 3


def test_a_reversal_takes_the_rows_back_but_not_the_history(database: Database) -> None:
    ledger.book(database, LOCAL, small_office)
    [entry] = ledger.book(database, LOCAL, pay(40_00, DAY(2020, 3, 1), "n1")).entries
    ledger.reverse(database, LOCAL, entry, "金额有误")
    journal = ledger.read(database)
    assert balance(database, "paid_in", DAY(2021, 1, 1)) == 0
    assert len(journal.view().postings) == 1
    assert len(journal.view(known_at=entry).postings) == 2
    assert journal.view().entry(entry).reversed_by == entry + 1
    again = ledger.reverse(database, LOCAL, entry, "金额有误")
    assert again.entries == []


def test_what_may_not_be_reversed(database: Database) -> None:
    ledger.book(database, LOCAL, small_office)
    [paid] = ledger.book(database, LOCAL, pay(40_00, DAY(2020, 3, 1), "n1")).entries
    with pytest.raises(BookingRefused) as refused:
        ledger.reverse(database, LOCAL, 2, "认缴撤回")
    assert "unfunded_below_zero" in codes(refused)
    with pytest.raises(BookingRefused):
        ledger.reverse(database, LOCAL, paid, " ")
    with pytest.raises(Unknown):
        ledger.reverse(database, LOCAL, 99, "无")
    [reversal] = ledger.reverse(database, LOCAL, paid, "有误").entries
    with pytest.raises(BookingRefused) as refused:
        ledger.reverse(database, LOCAL, reversal, "无")
    assert codes(refused) == ["reversal_of_reversal"]


def test_roles_are_checked_and_two_persons_are_two(database: Database) -> None:
    viewer = Actor("viewer", frozenset({Role.VIEWER}))
    with pytest.raises(NotAllowed):
        ledger.book(database, viewer, small_office)
    approver = Actor("approver", frozenset({Role.APPROVER}))
    [first, _] = ledger.book(database, approver, small_office, prepared_by="maker").entries
    entry = ledger.read(database).view().entry(first)
    assert (entry.recorded_by, entry.approved_by) == ("maker", "approver")
    with pytest.raises(BookingRefused) as refused:
        ledger.book(database, approver, pay(1, DAY(2020, 3, 1), "n1"), prepared_by="approver")
    assert codes(refused) == ["four_eyes"]


def test_a_check_writes_nothing_and_finds_the_same(database: Database) -> None:
    plan, drafts = ledger.check(database, small_office)
    assert len(drafts) == 2
    assert plan.problems == []
    assert ledger.read(database).head == 0
