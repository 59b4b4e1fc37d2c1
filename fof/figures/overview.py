"""What needs attention on a day: what is due, what is late, which values are old, which terms are about to end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from fof.book.lines import portfolio_lines
from fof.book.notices import Call, asked, unpaid
from fof.book.portfolios import Portfolio, by_code
from fof.book.reading import Reason
from fof.book.succession import current
from fof.book.values import Value, add_values
from fof.grouping import by_key
from fof.ledger import View
from models.frozen import frozen
from models.kinds import FundStatus
from models.text import Text

HORIZON_DAYS = 90
STALE_AFTER_DAYS = 180
"""Older than two quarters: by then a quarterly statement has been missed for certain."""


CLOSED_WITH_VALUE = Reason(
    "closed_with_value",
    Text(
        "基金已清算而账上仍有净值或净值未知：须有末次分配，或净值为零的报告",
        "closed with a value left, or none known: a last distribution is missing, or a statement of nought",
    ),
)


@frozen
class Stale:
    """A fund whose value is old, rolled too long, or not known; age None where there is no statement at all."""

    fund: int
    value: Value
    age_days: int | None


@frozen
class Ending:
    """A term that ends within the horizon, or has ended and was not renewed. name: of the attribute."""

    fund: int
    name: str
    day: dt.date
    days_left: int


@frozen
class Overview:
    """What needs attention; calls of every investor of the portfolio's funds, the portfolio's own apart (`own`).

    due     : open calls whose due day lies within the horizon, or is not stated, soonest first
    overdue : open calls after their due day, the largest first
    noticed : whether the book holds a call notice of any of the funds; without, what is due or late is not known
    unnoticed : funds in which money is, of which the book holds no notice
    undated : funds that run, of which neither the end of the investment period nor of the term is known
    stale   : funds with money in them whose latest statement is too old or missing, the oldest first
    closed  : funds whose status is closed and which are worth something still, or nobody knows; no longer told as stale
    """

    as_of: dt.date
    known_at: int
    portfolio: Portfolio
    due: tuple[Call, ...]
    overdue: tuple[Call, ...]
    stale: tuple[Stale, ...]
    ending: tuple[Ending, ...]
    closed: tuple[Stale, ...] = ()
    noticed: bool = True
    unnoticed: tuple[int, ...] = ()
    undated: tuple[int, ...] = ()

    def own(self, call: Call) -> bool:
        """Whether the portfolio itself is asked; else another investor of its funds is."""
        return self.portfolio.holders is not None and call.investor in self.portfolio.holders


def overview(view: View, portfolio: Portfolio, horizon_days: int = HORIZON_DAYS) -> Overview:
    """The portfolio on the as-of day, with what comes up in the next `horizon_days`."""
    assert view.as_of is not None, "an overview needs an as-of day"
    until = view.as_of + dt.timedelta(days=horizon_days)
    funds = set(portfolio.funds)
    open_calls = [c for c in unpaid(view) if c.open and c.fund in funds]
    due = [c for c in open_calls if not c.overdue and (c.due_on is None or c.due_on <= until)]
    late = [c for c in open_calls if c.overdue]
    closed, open_funds = _held(view, portfolio)
    known = asked(view) & funds
    paying = {x.fund for x in portfolio_lines(view, portfolio) if x.paid_in or x.paid_in is None}
    return Overview(
        view.as_of,
        view.known_at,
        portfolio,
        tuple(sorted(due, key=lambda c: (c.due_on or dt.date.max, -c.open))),
        tuple(sorted(late, key=lambda c: -c.overdue)),
        tuple(_stale(open_funds)),
        tuple(_ending(view, portfolio, until)),
        tuple(closed),
        bool(known),
        by_code(view, paying - known),
        by_code(view, [fund for fund, _, ends in _running(view, portfolio) if not any(ends)]),
    )


def _held(view: View, portfolio: Portfolio) -> tuple[list[Stale], list[Stale]]:
    """Funds with a value, or without a known one: those that are closed, and the others; by code."""
    lines = by_key(portfolio_lines(view, portfolio), lambda line: current(view, line.fund))
    closed: list[Stale] = []
    others: list[Stale] = []
    for fund in by_code(view, lines):
        nav = add_values([x.value for x in lines[fund]], [view.name(x.fund) for x in lines[fund]])
        if nav.fen is None or nav.fen > 0:
            over = view.fact(fund, "status") == FundStatus.CLOSED
            (closed if over else others).append(Stale(fund, nav, nav.age_days))
    return closed, others


def _stale(held: Sequence[Stale]) -> list[Stale]:
    stale = [s for s in held if s.value.fen is None or s.age_days is None or s.age_days > STALE_AFTER_DAYS]
    return sorted(stale, key=lambda s: -(10**6 if s.age_days is None else s.age_days))


_OVER = ("closed", "merged", "liquidating")
_ENDS = ("investment_period_end", "term_end")


def _running(view: View, portfolio: Portfolio) -> list[tuple[int, Any, tuple[dt.date | None, ...]]]:
    """Funds that run: fund, status, the days of _ENDS."""
    columns = (view.facts_each(portfolio.funds, name) for name in ("status", *_ENDS))
    rows = zip(portfolio.funds, *columns, strict=True)
    return [(fund, status, tuple(ends)) for fund, status, *ends in rows if status not in _OVER]


def _ending(view: View, portfolio: Portfolio, until: dt.date) -> list[Ending]:
    assert view.as_of is not None
    rows = []
    for fund, status, ends in _running(view, portfolio):
        for name, day in zip(_ENDS, ends, strict=True):
            over = name == "investment_period_end" and status != "investing"
            if day is not None and day <= until and not over:
                rows.append(Ending(fund, name, day, (day - view.as_of).days))
    return sorted(rows, key=lambda e: (e.day, e.fund))
