"""Commitments on a day: committed, called, paid in, overdue, unfunded, by fund, by investor, or stake by stake."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from typing import Literal

from fof.book.currencies import by_currency
from fof.book.lines import (
    MONEY,
    NO_NOTICES,
    NOT_DISCLOSED,
    StakeLine,
    in_currencies,
    paid_in_rate,
    stake_lines,
    summed,
)
from fof.book.notices import overdue
from fof.book.portfolios import Portfolio
from fof.book.reading import Reason, several
from fof.book.succession import current
from fof.book.unfunded import owed_inside
from fof.grouping import by_key
from fof.ledger import View
from models.frozen import frozen

Side = Literal["portfolio", "fund"]


@frozen
class Commitment:
    """One row, in fen; None where a part is not known (`reasons` says why).

    key, label : code and name of the fund or investor ("fund|investor" for a stake)
    called     : asked for by notice     overdue : asked for, past its due day and not paid
    unfunded_callable, unfunded_lapsed : parts of unfunded; what lapsed can no longer be called (fof.book.unfunded)
    unfunded   : committed less paid in inside the commitment, plus what may be recalled
    paid_in_rate : paid_in / committed, nan where nothing is committed
    currency   : of the amounts; None where the stakes are in several: then no amount is known
    by_currency : of such a row the amounts of each currency, the yuan first
    """

    key: str
    label: str
    pairs: tuple[tuple[int, int], ...]
    committed: int | None
    called: int | None
    paid_in: int | None
    overdue: int | None
    unfunded: int | None
    distributed: int | None
    recallable: int | None
    paid_in_rate: float
    reasons: Mapping[str, Reason] = field(default_factory=dict)
    currency: str | None = None
    unfunded_callable: int | None = None
    unfunded_lapsed: int | None = None
    by_currency: tuple[Commitment, ...] = ()

    @property
    def each(self) -> tuple[Commitment, ...]:
        """Itself, then the subtotals of its currencies where it has several."""
        return (self, *self.by_currency)


@frozen
class Commitments:
    """The rows and their sum. side: "portfolio" (its own stakes) or "fund" (all investors of its funds)."""

    as_of: dt.date | None
    known_at: int
    portfolio: Portfolio
    by: str
    side: Side
    rows: tuple[Commitment, ...]
    total: Commitment


def commitments(view: View, portfolio: Portfolio, by: str = "fund", side: Side | None = None) -> Commitments:
    """The commitments of a portfolio. by: "fund", "investor" or "stake".

    side: None takes "portfolio" by fund, and "fund" by investor and stake. With all funds of a currency the two are one.
    """
    chosen: Side = side or ("portfolio" if by == "fund" else "fund")
    holders = portfolio.holders if chosen == "portfolio" else None
    lines = stake_lines(view, holders, portfolio.funds)
    if holders is None and portfolio.holders is None:
        lines = in_currencies(portfolio, lines)
    groups = by_key(lines, lambda line: _GROUPS[by](view, line))
    rows = [_row(view, key, label, groups[key, label]) for key, label in sorted(groups)]
    total = _row(view, portfolio.code, portfolio.name, lines, portfolio.currency)
    return Commitments(view.as_of, view.known_at, portfolio, by, chosen, tuple(rows), total)


def _party(view: View, party: int) -> tuple[str, str]:
    return view.parties[party].code, view.name(party)


def _fund(view: View, line: StakeLine) -> tuple[str, str]:
    return _party(view, current(view, line.fund))


def _investor(view: View, line: StakeLine) -> tuple[str, str]:
    return _party(view, current(view, line.investor))


def _stake(view: View, line: StakeLine) -> tuple[str, str]:
    (fund, fund_name), (investor, name) = _fund(view, line), _investor(view, line)
    return f"{fund}|{investor}", f"{name} → {fund_name}"


_GROUPS: dict[str, Callable[[View, StakeLine], tuple[str, str]]] = {
    "fund": _fund,
    "investor": _investor,
    "stake": _stake,
}
GROUPINGS = tuple(_GROUPS)
"""What commitments can be listed by."""


def _row(
    view: View, key: str, label: str, lines: Sequence[StakeLine], currency: str | None = None
) -> Commitment:
    """The sums of some lines; cut by currency where they are in several. currency: of no lines at all."""
    parts = by_currency(lines, lambda x: x.currency)
    if len(parts) < 2:
        return _same_currency(view, key, label, lines, next(iter(parts), currency))
    why = several(parts)
    return Commitment(
        key=key,
        label=label,
        pairs=tuple((line.fund, line.investor) for line in lines),
        **dict.fromkeys((*MONEY, "overdue")),
        paid_in_rate=float("nan"),
        reasons=dict.fromkeys((*MONEY, "overdue", "paid_in_rate"), why),
        by_currency=tuple(_same_currency(view, key, label, own, code) for code, own in parts.items()),
    )


def overdue_of(view: View, lines: Sequence[StakeLine]) -> tuple[int | None, Reason | None]:
    """What some stakes owe after the due day, in fen; None with its reason where nobody recorded what they were asked for."""
    if any(line.source == "statement" for line in lines):
        return None, NOT_DISCLOSED
    if any(line.called is None for line in lines):
        return None, NO_NOTICES
    late = overdue(view)
    return sum(late.get(pair, 0) for pair in {(x.fund, current(view, x.investor)) for x in lines}), None


def callable_parts(view: View, row: Commitment) -> tuple[int | None, int | None]:
    """Callable unfunded of a row in two parts, in fen: what notices asked for and nobody paid, and the rest. The first is None
    where no notice is recorded, both where it is not known."""
    if row.unfunded_callable is None or row.called is None:
        return None, row.unfunded_callable
    stakes = {(fund, current(view, investor)) for fund, investor in row.pairs}
    asked = min(sum(owed_inside(view, *stake) for stake in stakes), row.unfunded_callable)
    return asked, row.unfunded_callable - asked


def _same_currency(
    view: View, key: str, label: str, lines: Sequence[StakeLine], currency: str | None
) -> Commitment:
    money, reasons = summed(lines)
    rate, no_rate = paid_in_rate(money, reasons)
    late, no_overdue = overdue_of(view, lines)
    reasons |= {
        name: why for name, why in (("paid_in_rate", no_rate), ("overdue", no_overdue)) if why is not None
    }
    return Commitment(
        key=key,
        label=label,
        pairs=tuple((line.fund, line.investor) for line in lines),
        committed=money["committed"],
        called=money["called"],
        paid_in=money["paid_in"],
        overdue=late,
        unfunded=money["unfunded"],
        distributed=money["distributed"],
        recallable=money["recallable"],
        paid_in_rate=rate,
        reasons=reasons,
        currency=currency,
        unfunded_callable=money["unfunded_callable"],
        unfunded_lapsed=money["unfunded_lapsed"],
    )
