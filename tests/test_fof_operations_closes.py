"""What a quarter lacks, the close that names its prefix, and the clocks of funds."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from fof.access import Actor
from fof.audit import set_parameter
from fof.book.portfolios import portfolio
from fof.errors import NotAllowed, Refused
from fof.ledger import read
from fof.operations.clocks import Clock, clocks
from fof.operations.closes import checklist, close_quarter, closes
from models.kinds import EntryKind, Role
from models.posting_kinds import PostingKind

END = dt.date(2024, 6, 30)
CHIEF = Actor("chief", frozenset({Role.APPROVER}))


@pytest.fixture
def office(clerk: Any) -> Any:
    """A parent fund with one sub-fund, everything there for the second quarter of 2024."""
    clerk.party("PF", "parent_fund", portfolio="yes", established_on="2023-01-01", status="investing")
    clerk.party("SF-1", "sub_fund", established_on="2023-06-01", status="investing")
    clerk.pay(
        PostingKind.COMMITMENT, "PF", "SF-1", 100, "2023-06-01", fund="SF-1", entry=EntryKind.COMMITMENT
    )
    clerk.pay(
        PostingKind.CALL_INVESTMENT, "PF", "SF-1", 40, "2023-07-01", fund="SF-1", entry=EntryKind.CALL_PAYMENT
    )
    clerk.mark("PF", "SF-1", 50, "2024-06-30")
    for name in ("filed_quarterly_statement", "signed_truth_commitment"):
        clerk.fact("SF-1", "2024-07-10", name, "2024-06-30")
    return clerk


def codes(clerk: Any, end: dt.date = END) -> list[str]:
    view = clerk.view("2024-12-31")
    return [m.code for m in checklist(view, portfolio(view, "PF"), end)]


def test_nothing_is_missing(office: Any) -> None:
    assert codes(office) == []


def test_the_next_quarter_lacks_everything(office: Any) -> None:
    assert codes(office, dt.date(2024, 9, 30)) == [
        "nav_missing",
        "filed_quarterly_statement",
        "signed_truth_commitment",
    ]
    assert codes(office, dt.date(2024, 12, 31))[0] == "nav_stale"


@pytest.mark.parametrize(("due", "missing"), [("2024-06-30", []), ("2024-06-29", ["call_open"])])
def test_a_notice_not_paid_by_its_due_day(office: Any, due: str, missing: list[str]) -> None:
    office.pay_many(
        "2024-06-01",
        [(PostingKind.CALL_DUE, "PF", "SF-1", 10)],
        fund="SF-1",
        entry=EntryKind.CAPITAL_CALL,
        notice=("capital_call", "2024-01", due),
    )
    assert codes(office) == missing


def test_only_a_quarter_end_is_closed(office: Any) -> None:
    with pytest.raises(Refused):
        codes(office, dt.date(2024, 6, 29))


def test_a_close_names_the_prefix_and_freezes_nothing(office: Any) -> None:
    own = portfolio(office.view("2024-12-31"), "PF")
    head = read(office.database).head
    entry = close_quarter(office.database, CHIEF, own, END, head).entries[0]
    assert close_quarter(office.database, CHIEF, own, END, head).entries == []
    (found,) = closes(office.view("2024-12-31"))
    assert (found.quarter_end, found.portfolio, found.known_at, found.entry, found.open_items) == (
        END,
        "PF",
        head,
        entry,
        0,
    )
    assert found.leaf == read(office.database).view().entry(head).leaf.hex()
    later = office.mark("PF", "SF-1", 49, "2024-06-30")  # what becomes known later is booked as ever
    close_quarter(office.database, CHIEF, own, END, later)
    assert [c.known_at for c in closes(office.view("2024-12-31"))] == [head, later]


def test_a_close_with_items_missing_needs_a_reason(office: Any) -> None:
    own, end = portfolio(office.view("2024-12-31"), "PF"), dt.date(2024, 9, 30)
    head = read(office.database).head
    with pytest.raises(Refused, match="3 项缺失"):
        close_quarter(office.database, CHIEF, own, end, head)
    close_quarter(office.database, CHIEF, own, end, head, "管理人停业：报表另补")
    (found,) = closes(office.view("2024-12-31"))
    assert (found.open_items, found.reason) == (3, "管理人停业：报表另补")


def test_a_prefix_beyond_the_book_is_refused(office: Any) -> None:
    own = portfolio(office.view("2024-12-31"), "PF")
    with pytest.raises(Refused):
        close_quarter(office.database, CHIEF, own, END, read(office.database).head + 1)


def test_closing_is_for_approvers(office: Any) -> None:
    clerk = Actor("clerk", frozenset({Role.MANAGER}))
    with pytest.raises(NotAllowed):
        close_quarter(office.database, clerk, portfolio(office.view("2024-12-31"), "PF"), END, 1)


# -- clocks -------------------------------------------------------------------------------------------------------


def clock(clerk: Any, day: str, code: str, name: str) -> Clock | None:
    view = clerk.view(day)
    own = view.by_code[code].id
    return next((c for c in clocks(view, portfolio(view, "PF")) if (c.fund, c.name) == (own, name)), None)


@pytest.mark.parametrize(
    ("day", "left", "reached"), [("2024-06-29", 1, False), ("2024-06-30", 0, False), ("2024-07-01", -1, True)]
)
def test_no_deal_within_a_year_of_money_in(office: Any, day: str, left: int, reached: bool) -> None:
    found = clock(office, day, "SF-1", "first_deal")  # paid on 2023-07-01; 2024 has 366 days
    assert found is not None
    assert (found.days_left, found.reached) == (left, reached)


def test_the_first_deal_stops_the_clock(office: Any) -> None:
    office.party("CO-1", "company")
    office.deal("SF-1", "CO-1", "initial", 5, "2024-01-15")
    assert clock(office, "2024-01-14", "SF-1", "first_deal") is not None
    assert clock(office, "2024-01-15", "SF-1", "first_deal") is None


def test_a_parent_funds_money_in_a_sub_fund_is_its_first_deal(office: Any) -> None:
    office.party("GOV", "government")
    office.pay(PostingKind.COMMITMENT, "GOV", "PF", 90, "2023-01-15", fund="PF", entry=EntryKind.COMMITMENT)
    office.pay(
        PostingKind.CALL_INVESTMENT, "GOV", "PF", 60, "2023-02-01", fund="PF", entry=EntryKind.CALL_PAYMENT
    )
    assert clock(office, "2023-06-30", "PF", "first_deal") is not None
    assert clock(office, "2023-07-01", "PF", "first_deal") is None


def test_set_up_after_approval(office: Any) -> None:
    office.party("SF-9", "sub_fund", day="2024-01-10", approved_on="2024-01-10")
    found = clock(office, "2025-01-10", "SF-9", "set_up")
    assert found is not None
    assert (found.due_on, found.reached) == (dt.date(2025, 1, 9), True)
    office.fact("SF-9", "2024-11-01", "established_on", "2024-11-01")
    assert clock(office, "2025-01-10", "SF-9", "set_up") is None


def test_an_extension_has_its_own_name(office: Any) -> None:
    office.fact("SF-1", "2023-06-01", "term_end", "2030-06-01")
    assert clock(office, "2024-06-30", "SF-1", "extension_end") is None
    assert clock(office, "2024-06-30", "SF-1", "term_end") is not None
    office.fact("SF-1", "2024-06-01", "term_end", "2031-06-01")
    found = clock(office, "2024-06-30", "SF-1", "extension_end")
    assert found is not None
    assert found.due_on == dt.date(2031, 6, 1)


@pytest.mark.parametrize("status", ["closed", "merged"])
def test_a_fund_that_is_over_has_no_clock(office: Any, status: str) -> None:
    office.fact("SF-1", "2024-01-01", "status", status)
    view = office.view("2024-06-30")
    assert all(c.fund != view.by_code["SF-1"].id for c in clocks(view, portfolio(view, "PF")))


def test_a_liquidation_is_shown_until_the_fund_is_closed(office: Any) -> None:
    office.fact("SF-1", "2023-06-01", "term_end", "2024-01-01")
    office.fact("SF-1", "2024-02-01", "status", "liquidating")
    found = clock(office, "2024-06-30", "SF-1", "liquidation")
    assert found is not None
    assert (found.started_on, found.due_on, found.reached) == (dt.date(2024, 2, 1), None, False)
    assert clock(office, "2024-06-30", "SF-1", "term_end") is None
    assert "GF-55" in found.basis


@pytest.mark.parametrize(
    ("used", "code"), [("0", "extend_or_wind_up"), ("1", "extend_or_wind_up"), ("2", "wind_up")]
)
def test_what_follows_the_term_depends_on_the_extensions_left(office: Any, used: str, code: str) -> None:
    office.fact("SF-1", "2023-06-01", "term_end", "2024-06-01", "合伙协议 3.2")
    office.fact("SF-1", "2023-06-01", "extensions", used)
    name = "term_end" if used == "0" else "extension_end"
    found = clock(office, "2024-06-30", "SF-1", name)
    assert found is not None
    assert (found.follows.code, found.basis, found.reached) == (code, "合伙协议 3.2", True)


def test_a_clock_runs_by_the_funds_own_period(office: Any) -> None:
    set_parameter(
        office.database,
        CHIEF,
        "SF-1",
        "no_deal_days",
        "180",
        dt.date(2023, 1, 1),
        None,
        "遴选公告 2023-1",
    )
    found = clock(office, "2024-06-30", "SF-1", "first_deal")
    assert found is not None
    assert found.due_on == dt.date(2023, 7, 1) + dt.timedelta(days=180)
    assert "遴选公告 2023-1" in found.basis


def test_government_money_starts_the_first_deal_clock(office: Any) -> None:
    office.party("LP-S")
    office.pay(PostingKind.COMMITMENT, "LP-S", "SF-1", 10, "2023-06-01", entry=EntryKind.COMMITMENT)
    office.pay(PostingKind.CALL_INVESTMENT, "LP-S", "SF-1", 5, "2023-06-15", entry=EntryKind.CALL_PAYMENT)
    found = clock(office, "2024-06-30", "SF-1", "first_deal")
    assert found is not None
    assert found.started_on == dt.date(2023, 7, 1)  # the parent fund's, not the social investor's before it


@pytest.mark.parametrize(("day", "reached"), [("2024-08-29", False), ("2024-08-30", True)])
def test_formation_is_counted_in_months_from_the_selection(office: Any, day: str, reached: bool) -> None:
    office.party("SF-9", "sub_fund", day="2024-02-29", selected_on="2024-02-29")
    found = clock(office, day, "SF-9", "formation")
    assert found is not None
    assert (found.due_on, found.reached) == (dt.date(2024, 8, 29), reached)
