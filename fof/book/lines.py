"""One line for each stake: money from the book, or the cumulative figures an institution discloses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import repeat
from operator import attrgetter
from typing import Literal, NamedTuple

from fof.book.currencies import currency_of, held_in, of_number
from fof.book.portfolios import Portfolio
from fof.book.reading import Reason, once_per_question, once_per_view, ratio
from fof.book.stakes import stakes
from fof.book.unfunded import lapsed
from fof.book.values import Value, fund_values, stake_values
from fof.ledger import Dated, View
from models.frozen import frozen
from models.money import known_sum
from models.text import Text

NOT_DISCLOSED = Reason("not_disclosed", Text("披露中没有此数", "not in the disclosure"))
NOT_IN_LATEST = Reason(
    "not_in_latest_disclosure",
    Text(
        "机构最近一次披露未列此基金，沿用此前披露",
        "not in the institution's latest disclosure; the one before is shown",
    ),
)
NOT_A_FUND = Reason(
    "not_a_fund", Text("直接投资没有认缴与出资通知", "direct investments have no commitment and no calls")
)
NO_NOTICES = Reason(
    "no_notices", Text("账中没有出资通知，只有到账", "the book holds payments but no call notices")
)


@frozen
class StakeLine:
    """A stake's figures in fen, None where not known.

    investor  : party id; -1 where the line is a fund with all its investors
    source    : "book" (dated flows stand behind it), "statement" (a disclosure, `statement`) or "direct" (companies the
                portfolio holds itself, all in one line; fund and investor -1)
    called    : asked for by notice; paid_in, distributed: ILPA denominator and numerator
    recallable: part of distributed that could be called again
    unfunded_callable, unfunded_lapsed: parts of unfunded; what lapsed can no longer be called (fof.book.unfunded)
    currency  : of the fund, or of what is disclosed
    """

    fund: int
    investor: int
    committed: int | None
    called: int | None
    paid_in: int | None
    distributed: int | None
    unfunded: int | None
    recallable: int | None
    value: Value
    currency: str
    source: Literal["book", "statement", "direct"] = "book"
    statement: Dated | None = None
    unfunded_lapsed: int | None = None

    @property
    def unfunded_callable(self) -> int | None:
        """What can still be called."""
        if self.unfunded is None or self.unfunded_lapsed is None:
            return None
        return self.unfunded - self.unfunded_lapsed


class BookedStake(NamedTuple):
    """A stake, or a fund with all its investors (investor -1), with dated flows in the book: what it was promised, in fen."""

    fund: int
    investor: int
    committed: int
    currency: str


MONEY = (
    "committed",
    "called",
    "paid_in",
    "distributed",
    "unfunded",
    "recallable",
    "unfunded_callable",
    "unfunded_lapsed",
)
"""The amounts of a line."""
_AMOUNTS = attrgetter(*MONEY)


NOTHING_COMMITTED = Reason("nothing_committed", Text("没有认缴", "nothing is committed"))


def summed(lines: Sequence[StakeLine]) -> tuple[dict[str, int | None], dict[str, Reason]]:
    """The sum of each amount over some lines of one currency, None where a line does not know it; and why there is none."""
    money: dict[str, int | None] = {}
    reasons: dict[str, Reason] = {}
    columns: Iterable[tuple[int | None, ...]] = (
        zip(*map(_AMOUNTS, lines), strict=True) if lines else repeat((), len(MONEY))
    )
    for name, parts in zip(MONEY, columns, strict=True):
        money[name] = known_sum(parts)
        if None in parts:
            lacking = {line.source for line, fen in zip(lines, parts, strict=True) if fen is None}
            unasked = "book" in lacking and name == "called"
            reasons[name] = NOT_A_FUND if "direct" in lacking else NO_NOTICES if unasked else NOT_DISCLOSED
    return money, reasons


def paid_in_rate(
    money: Mapping[str, int | None], reasons: Mapping[str, Reason]
) -> tuple[float, Reason | None]:
    """The register's paid in over committed; nan with its reason where it does not exist. As `summed` gives the two."""
    rate = ratio(money["paid_in"], money["committed"])
    if rate == rate:
        return rate, None
    return rate, reasons.get("committed") or reasons.get("paid_in") or NOTHING_COMMITTED


def stake_lines(view: View, holders: Collection[int] | None, funds: Collection[int]) -> list[StakeLine]:
    """Every stake of the holders (None: of everybody) in the funds; disclosed positions where the book has no flows."""
    own = stakes(view).of(holders, funds)
    pairs = list(zip(own.fund.tolist(), own.investor.tolist(), strict=True))
    money = zip(
        own.committed.tolist(),
        own.due.tolist(),
        own.paid_in.tolist(),
        own.distributed.tolist(),
        own.unfunded.tolist(),
        own.recallable.tolist(),
        own.noticed.tolist(),
        own.currency.tolist(),
        strict=True,
    )
    lines = [
        StakeLine(
            fund,
            investor,
            committed,
            _called(due, noticed),
            paid,
            out,
            unfunded,
            recallable,
            value,
            of_number(currency),
            unfunded_lapsed=lapsed(view, fund, investor, unfunded),
        )
        for (fund, investor), (
            committed,
            due,
            paid,
            out,
            unfunded,
            recallable,
            noticed,
            currency,
        ), value in zip(pairs, money, stake_values(view, pairs), strict=True)
    ]
    return lines + _disclosed(view, holders, funds, set(pairs))


def _called(due: int, noticed: bool) -> int | None:
    return due if noticed else None


def fund_lines(view: View, funds: Collection[int]) -> list[StakeLine]:
    """One line for each fund with all its investors."""
    listed = sorted(funds)
    values = dict(zip(listed, fund_values(view, listed), strict=True))
    lines = []
    every = stakes(view)
    for fund in listed:
        own = every.of(None, {fund})
        if not len(own):
            continue
        lines.append(
            StakeLine(
                fund,
                -1,
                own.total("committed"),
                _called(own.total("due"), bool(own.noticed.all())),
                own.total("paid_in"),
                own.total("distributed"),
                own.total("unfunded"),
                own.total("recallable"),
                values[fund],
                currency_of(view, fund),
                unfunded_lapsed=lapsed(view, fund, -1, own.total("unfunded")),
            )
        )
    return lines + _disclosed(view, None, funds, {(line.fund, -1) for line in lines})


@once_per_question
def portfolio_lines(view: View, portfolio: Portfolio, *, by_investor: bool = False) -> tuple[StakeLine, ...]:
    """The lines of a portfolio: its stakes; for all funds of a currency the funds, or every stake in them."""
    if portfolio.holders is None and not by_investor:
        lines = fund_lines(view, portfolio.funds)
    else:
        lines = stake_lines(view, portfolio.holders, portfolio.funds)
    return tuple(lines if portfolio.holders is not None else in_currencies(portfolio, lines))


def in_currencies(portfolio: Portfolio, lines: Collection[StakeLine]) -> list[StakeLine]:
    """The lines in the portfolio's currencies: a fund may be disclosed in another one than its own."""
    return [x for x in lines if x.currency in portfolio.currencies]


def booked_stakes(view: View, portfolio: Portfolio, *, by_investor: bool = False) -> list[BookedStake]:
    """The lines of a portfolio that stand in the book and are not disclosed alone, in their order, without their values."""
    booked = _booked(view, portfolio, by_investor=by_investor)
    if portfolio.holders is not None:
        return booked
    return [x for x in booked if x.currency in portfolio.currencies]


def _booked(view: View, portfolio: Portfolio, *, by_investor: bool) -> list[BookedStake]:
    if portfolio.holders is None and not by_investor:
        every = stakes(view)
        return [
            BookedStake(fund, -1, own.total("committed"), currency_of(view, fund))
            for fund in sorted(portfolio.funds)
            if len(own := every.of(None, {fund}))
        ]
    own = stakes(view).of(portfolio.holders, portfolio.funds)
    columns = (own.fund, own.investor, own.committed, own.currency)
    return [
        BookedStake(fund, investor, committed, of_number(currency))
        for fund, investor, committed, currency in zip(*(c.tolist() for c in columns), strict=True)
    ]


def promised(view: View, portfolio: Portfolio) -> dict[int, int | None]:
    """Fund -> what it was promised, None where a disclosure does not say; of several lines of a fund the last one's."""
    booked = _booked(view, portfolio, by_investor=False)
    pairs = {(x.fund, x.investor) for x in booked}
    lines: list[BookedStake | StakeLine] = [
        *booked,
        *_disclosed(view, portfolio.holders, portfolio.funds, pairs),
    ]
    own = portfolio.holders is not None
    return {x.fund: x.committed for x in lines if own or x.currency in portfolio.currencies}


@once_per_view
def latest_positions(view: View) -> dict[tuple[int, int], Dated]:
    """(fund, holder) -> the latest disclosure on or before the as-of day."""
    return {(p.row.fund, p.row.holder): p for p in view.positions}


def _disclosed(
    view: View, holders: Collection[int] | None, funds: Collection[int], booked: set[tuple[int, int]]
) -> list[StakeLine]:
    wanted = set(funds)
    lines = []
    newest: dict[int, dt.date] = {}
    for (_, holder), position in latest_positions(view).items():
        newest[holder] = max(position.day, newest.get(holder, position.day))
    for (fund, holder), position in latest_positions(view).items():
        if fund not in wanted or (holders is not None and holder not in holders):
            continue
        if (fund, holder) in booked or (fund, -1) in booked:
            continue
        row = position.row
        currency = held_in(view, fund, holder)
        lines.append(
            StakeLine(
                fund,
                holder,
                row.commitment,
                row.called,
                row.called,
                row.distributed,
                None,
                None,
                _remaining(position, newest[holder], view.as_of, currency),
                currency,
                "statement",
                position,
            )
        )
    return lines


def _remaining(position: Dated, newest: dt.date, as_of: dt.date | None, currency: str) -> Value:
    """The disclosed value; said to be old where the institution has disclosed others since and not this one."""
    age = None if as_of is None else (as_of - position.day).days
    note = NOT_DISCLOSED if position.row.remaining is None else None
    if note is None and position.day < newest:
        note = NOT_IN_LATEST
    return Value(position.row.remaining, position.day, age, note=note, currency=currency)
