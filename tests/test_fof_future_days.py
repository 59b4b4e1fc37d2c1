"""What has happened is not dated after today, whatever door it comes through; what is planned may be."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from fof import ledger
from fof.access import LOCAL
from fof.audit import dispose, set_parameter
from fof.book.notices import calls
from fof.book.portfolios import portfolio
from fof.errors import BookingRefused
from fof.intake import days
from fof.operations.calls import issue_call, plan_call
from fof.operations.closes import close_quarter
from fof.operations.payments import mark_paid
from fof.operations.reorganisations import book_reorganisation, plan_reorganisation
from models.kinds import EntryKind
from models.posting_kinds import PostingKind as K

TODAY, TOMORROW = dt.date(2024, 12, 30), dt.date(2024, 12, 31)


@pytest.fixture
def office(clerk: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A fund with an open call, and a calendar that stands still."""
    for code in ("OLD", "NEW"):
        clerk.party(code, "guidance_fund", name=f"示例{code}", established_on="2011-01-01")
    clerk.party("F", "sub_fund", name="示例F", established_on="2020-01-01")
    for code in ("OLD", "NEW"):
        clerk.pay(K.COMMITMENT, code, "F", 1_000, "2020-01-01", entry=EntryKind.COMMITMENT)
    view = clerk.view("2024-06-01")
    plan = plan_call(
        view, view.party("F").id, {"investment": 10_000}, dt.date(2024, 6, 1), dt.date(2025, 6, 30)
    )
    issue_call(clerk.database, LOCAL, plan, "2024-01")
    monkeypatch.setattr(days, "today", lambda: TODAY)
    return clerk


def disposed(clerk: Any, day: dt.date) -> None:
    dispose(clerk.database, LOCAL, "GF-11", "F", "rectify", "文", dt.date(2026, 1, 1), None, day)


def closed(clerk: Any, day: dt.date) -> None:
    view = ledger.read(clerk.database).view(day)
    close_quarter(clerk.database, LOCAL, portfolio(view, "NEW"), day, view.known_at, "示例")


def called(clerk: Any, day: dt.date) -> None:
    view = clerk.view(day.isoformat())
    plan = plan_call(view, view.party("F").id, {"investment": 10_000}, day, dt.date(2025, 6, 30))
    issue_call(clerk.database, LOCAL, plan, "2024-02")


def paid(clerk: Any, day: dt.date) -> None:
    one = calls(clerk.view(day.isoformat()))[0]
    mark_paid(clerk.database, LOCAL, one.fund, one.investor, one.number, day)


def merged(clerk: Any, day: dt.date) -> None:
    view = clerk.view(day.isoformat())
    plan = plan_reorganisation(view, [view.party("OLD").id], view.party("NEW").id, day, "重组方案")
    assert plan.problems == ()
    book_reorganisation(clerk.database, LOCAL, plan)


@pytest.mark.parametrize("booked", [disposed, closed, called, paid, merged])
def test_what_has_happened_is_not_dated_tomorrow(office: Any, booked: Any) -> None:
    head = ledger.read(office.database).head
    with pytest.raises(BookingRefused) as refused:
        booked(office, TOMORROW)
    assert "future_day" in {p.code for p in refused.value.problems}
    assert all(p.expected.zh != p.expected.en for p in refused.value.problems)
    assert ledger.read(office.database).head == head
    if booked is not closed:  # today is no quarter end
        booked(office, TODAY)
        assert ledger.read(office.database).head > head


def test_what_is_agreed_may_begin_tomorrow(office: Any) -> None:
    set_parameter(office.database, LOCAL, None, "tranche_release_ratio", "0.7", TOMORROW, None, "办法第8条")


def test_every_kind_of_entry_has_happened_or_is_planned() -> None:
    """A kind that is added must be decided on: a rule begins on a day, money moved on one."""
    happened = set(EntryKind) - days.PLANNED
    assert happened >= {EntryKind.CAPITAL_CALL, EntryKind.DEAL, EntryKind.VALUATION, EntryKind.DISPOSITION}
    assert {EntryKind.TERMS, EntryKind.SETTING} <= days.PLANNED
