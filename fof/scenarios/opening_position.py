"""Where a projection starts: every fund of a portfolio as the book has it on the day, and the portfolio's own cash.

A fund whose value is not known is left out and listed: a missing number is never 0. Nothing paid in yet is a value of 0 for
certain.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

import numpy as np

from fof.book.currencies import one
from fof.book.funds import cash
from fof.book.own_flows import own_flows
from fof.book.portfolios import Portfolio
from fof.book.reading import Floats, Reason, yuan
from fof.book.stakes import stakes
from fof.figures.performance import Performance
from fof.figures.performance.returns import by_groups, performance_of_funds
from fof.ledger import View, day_number, to_date
from fof.ledger.journal_columns import Ints
from models.frozen import frozen
from models.kinds import Strategy
from models.text import Text

DAYS = 365.0
NO_VALUE = Reason("no_value", Text("没有净值", "no value is known"))
NO_UNFUNDED = Reason(
    "no_unfunded",
    Text("披露持仓没有未缴额度，不能推演", "a disclosed position states no unfunded and cannot be projected"),
)
OTHER_CURRENCY = Reason("other_currency", Text("币种不同", "in another currency"))


@frozen
class OpeningFund:
    """A fund of the portfolio today; money in fen.

    manager  : code      vintage, strategy : None where not stated
    first_on : day of the first call paid, None before it (the fund is then taken to begin its life on the as-of day)
    term_end : stated end of the term, None where not stated
    days, amounts : the portfolio's own flows to date, day numbers and fen (paid in negative)
    """

    code: str
    name: str
    strategy: Strategy | None
    vintage: int | None
    manager: str | None
    committed: int | None
    paid_in: int
    distributed: int
    unfunded: int
    nav: int
    first_on: dt.date | None
    term_end: dt.date | None
    days: Ints
    amounts: Ints

    def age(self, as_of: dt.date) -> float:
        """Years since the first call, 0 before it."""
        return 0.0 if self.first_on is None else (as_of - self.first_on).days / DAYS


@frozen
class NotProjected:
    """A stake that is not projected, and why; unfunded in fen where it is known."""

    code: str
    name: str
    unfunded: int | None
    why: Reason


@frozen
class OpeningPosition:
    """The portfolio today. cash: fen, None where it is not kept in this book; callable: unfunded of its own investors."""

    portfolio: Portfolio
    as_of: dt.date
    known_at: int
    prefix: str
    currency: str
    funds: tuple[OpeningFund, ...]
    left_out: tuple[NotProjected, ...]
    cash: int | None
    callable: int | None


def opening_position(
    view: View, portfolio: Portfolio, only: Collection[str] | None = None
) -> OpeningPosition:
    """The funds of a portfolio with money still to move, and its cash. CurrenciesDiffer where it has several currencies.

    only : of the funds these alone, by code, each as it stands among all; None: every fund
    """
    assert view.as_of is not None, "a projection starts on a day"
    currency = one(portfolio.currencies)
    if only is None:
        rows = by_groups(view, portfolio, "fund").rows
    else:
        rows = performance_of_funds(view, portfolio, only)
    flows, number = own_flows(view, [row.pairs for row in rows])
    order = np.flatnonzero(flows.fen != 0)
    order = order[np.argsort(number[order], kind="stable")]
    days, amounts = flows.day[order].astype(np.int64), flows.fen[order]
    bounds = np.searchsorted(number[order], np.arange(len(rows) + 1)).tolist()
    funds: list[OpeningFund] = []
    left_out: list[NotProjected] = []
    for n, row in enumerate(rows):
        if row.source != "book":
            left_out.append(NotProjected(row.key, row.label, None, NO_UNFUNDED))
            continue
        own = slice(bounds[n], bounds[n + 1])
        fund = _fund(view, row, days[own], amounts[own])
        if isinstance(fund, NotProjected):
            left_out.append(fund)
        elif fund.nav or fund.unfunded:
            funds.append(fund)
    party = portfolio.party
    own_cash = None if party is None else cash(view, party)
    own_unfunded = None
    if party is not None:
        held = stakes(view).of(None, {party})
        own_unfunded = held.total("unfunded") if len(held) else None
    return OpeningPosition(
        portfolio,
        view.as_of,
        view.known_at,
        view.prefix.digest.hex(),
        currency,
        tuple(sorted(funds, key=lambda f: f.code)),
        tuple(sorted(left_out, key=lambda f: f.code)),
        None if own_cash is None else own_cash.fen,
        own_unfunded,
    )


def _fund(view: View, row: Performance, days: Ints, amounts: Ints) -> OpeningFund | NotProjected:
    party = view.party(row.key).id
    unfunded, nav = row.unfunded_callable, row.nav.fen
    if unfunded is None or row.paid_in is None or row.distributed is None:
        return NotProjected(row.key, row.label, unfunded, NO_UNFUNDED)
    if nav is None and row.paid_in == 0:
        nav = 0
    if nav is None:
        return NotProjected(row.key, row.label, unfunded, row.nav.note or NO_VALUE)
    calls = days[amounts < 0]
    order = np.argsort(days, kind="stable")
    vintage = view.fact(party, "vintage")
    return OpeningFund(
        row.key,
        row.label,
        view.fact(party, "strategy"),
        None if vintage is None else int(vintage),
        view.fact(party, "manager"),
        row.committed,
        row.paid_in,
        row.distributed,
        unfunded,
        nav,
        to_date(int(calls.min())) if calls.size else None,
        view.fact(party, "term_end"),
        days[order],
        amounts[order],
    )


def flow_times(fund: OpeningFund, as_of: dt.date) -> tuple[Floats, Floats]:
    """The flows to date in years before today (<= 0) and yuan."""
    return (fund.days - day_number(as_of)) / DAYS, yuan(fund.amounts)
