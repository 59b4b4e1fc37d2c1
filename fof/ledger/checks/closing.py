"""Nothing is called for a fund that is closed, unless the document names a liability; what still comes back is normal."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from fof.errors import Problem
from fof.ledger.checks.change import Change, problem
from fof.ledger.draft import Draft
from fof.ledger.journal_columns import day_number, to_date
from models import journal as tables
from models.kinds import FundStatus, NoticeKind
from models.posting_kinds import TREATMENTS, PostingKind
from models.text import Text

_ASKED = frozenset({int(PostingKind.CALL_DUE), int(PostingKind.CALL_DUE_OUTSIDE)})
_PAID = frozenset(int(k) for k, t in TREATMENTS.items() if t.from_investor and t.paid_in == 1)
LIABILITIES = ("负债", "债务", "赔偿", "责任", "liabilit", "indemn", "obligation", "debt")
"""A document that says one of these names a liability."""


def names_a_liability(text: str | None) -> bool:
    """Whether a document speaks of a liability."""
    return text is not None and any(word in text.casefold() for word in LIABILITIES)


def closed_funds(change: Change) -> Iterator[Problem]:
    """Calls, and payments that answer no notice, of the drafts; and calls of the book after a closing that the drafts state."""
    calls = np.isin(change.added.kind, [*_ASKED, *_PAID])
    for fund in np.unique(change.added.fund[calls]).tolist():
        if all(status != FundStatus.CLOSED.value for _, status in _statuses(change, fund)):
            continue
        for number in np.unique(change.added.entry[calls & (change.added.fund == fund)]).tolist():
            draft = change.drafts[number]
            closed = _closed_since(change, fund, day_number(draft.effective_on))
            if closed is None or names_a_liability(draft.note) or not _asks(draft, fund):
                continue
            day = to_date(closed)
            text = Text(
                f"{change.name(fund)} 自 {day} 已清算，不再通知或收取出资；确为偿付债务的，请在文件栏写明",
                f"{change.name(fund)} is closed since {day}: nothing is called or paid in; where a liability is paid, the document must name it",
            )
            yield problem(draft, "fund_closed", text, draft.effective_on.isoformat())
    yield from _called_already(change)


def _asks(draft: Draft, fund: int) -> bool:
    """A call, or a payment that names no notice."""
    if any(p.kind in _ASKED and p.fund == fund for p in draft.postings):
        return True
    return not any(
        isinstance(row, tables.Notice) and row.kind == NoticeKind.CAPITAL_CALL and row.fund == fund
        for row in draft.rows
    )


def _statuses(change: Change, fund: int) -> list[tuple[int, str]]:
    """(day, status) after the change, by day; of one day the later statement last."""
    known = change.view.fact_records(fund, "status") if fund in change.view.parties else []
    statuses = [(r.day, r.row[3]) for r in known if r.entry not in change.targets]
    statuses += [(day, value) for day, value, _ in change.facts.get((fund, "status"), [])]
    return sorted(statuses, key=lambda s: s[0])


def _closed_since(change: Change, fund: int, day: int) -> int | None:
    """The day from which the fund's status is closed on a later day; None where it is not. The day itself is still open."""
    earlier = [s for s in _statuses(change, fund) if s[0] < day]
    if not earlier or earlier[-1][1] != FundStatus.CLOSED.value:
        return None
    return earlier[-1][0]


def _called_already(change: Change) -> Iterator[Problem]:
    """Calls that are in the book, after the day on which a draft closes the fund."""
    for (fund, name), values in change.facts.items():
        if name != "status" or not any(value == FundStatus.CLOSED.value for _, value, _ in values):
            continue
        booked = change.booked()
        places = np.flatnonzero((booked.fund == fund) & np.isin(booked.kind, list(_ASKED)))
        late: dict[int, int] = {}
        for place in places.tolist():
            since = _closed_since(change, fund, int(booked.day[place]))
            if since is not None and since in {
                day for day, value, _ in values if value == FundStatus.CLOSED.value
            }:
                late.setdefault(int(booked.entry[place]), int(booked.day[place]))
        wrong = [e for e in late if not names_a_liability(change.view.entry(e).note)]
        if wrong:
            draft = change.drafts[values[-1][2]]
            entries = ", ".join(str(e) for e in wrong[:5])
            day = min(to_date(late[e]) for e in wrong)
            text = Text(
                f"{change.name(fund)} 在此日之后仍有出资通知（分录 {entries}，最早 {day}），须先冲销或更正",
                f"{change.name(fund)} has calls after that day (entry {entries}, the first on {day}): reverse or correct them first",
            )
            yield problem(draft, "called_after_closing", text, draft.effective_on.isoformat())
