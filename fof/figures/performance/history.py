"""The figures of every group on many days, in one pass: for charts and for the quarter-by-quarter table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

import numpy as np

from fof.book.currencies import DEFAULT_CURRENCY
from fof.book.flows import Flows
from fof.book.lines import booked_stakes
from fof.book.own_flows import Pair, own_flows, sums_on
from fof.book.portfolios import Portfolio
from fof.book.reading import Bools, Floats
from fof.book.value_accounts import stake_grid
from fof.book.value_funds import fund_grid
from fof.figures.performance.groupings import GROUPINGS, Group
from fof.figures.performance.rates_of_return import Rate, by_group, rates
from fof.ledger import View, day_number
from fof.ledger.journal_columns import Ints
from models.frozen import frozen


@frozen
class History:
    """Arrays of shape (groups, days); fen as int64, multiples as float64 with nan where they do not exist.

    groups    : (key, label) of each row          days : as asked, ascending
    currencies : of each row: a group over several has a row for each
    flows, group_of : the dated flows, and the row each belongs to
    paid_in, distributed : the group's own, see fof.book.own_flows             nav : 0 where not nav_known
    Disclosed positions have no history of flows and are left out.
    """

    groups: tuple[Group, ...]
    currencies: tuple[str, ...]
    days: tuple[dt.date, ...]
    paid_in: Ints
    distributed: Ints
    nav: Ints
    nav_known: Bools
    flows: Flows
    group_of: Ints

    @property
    def dpi(self) -> Floats:
        """distributed / paid_in."""
        return _over(self.distributed, self.paid_in)

    @property
    def rvpi(self) -> Floats:
        """nav / paid_in."""
        return np.where(self.nav_known, _over(self.nav, self.paid_in), np.nan)

    @property
    def tvpi(self) -> Floats:
        """(distributed + nav) / paid_in."""
        return np.where(self.nav_known, _over(self.distributed + self.nav, self.paid_in), np.nan)


def _over(part: Ints, whole: Ints) -> Floats:
    answer = np.full(part.shape, np.nan)
    np.divide(part, whole, out=answer, where=whole > 0)
    return answer


def history(view: View, portfolio: Portfolio, days: Sequence[dt.date], by: str = "fund") -> History:
    """The figures of each group on each day; days ascending, none after the view's as-of day.

    Grouped by the attributes in force on the view's as-of day.
    """
    members_of: dict[tuple[Group, str], list[Pair]] = {}
    for line in booked_stakes(view, portfolio, by_investor=by == "investor"):
        group = GROUPINGS[by](view, line.fund, line.investor)
        members_of.setdefault((group, line.currency), []).append((line.fund, line.investor))
    rows = sorted(members_of, key=lambda key: (key[0], key[1] != DEFAULT_CURRENCY, key[1]))
    members = [members_of[key] for key in rows]
    ends = np.array([day_number(d) for d in days], np.int64)
    flows, number = own_flows(view, members)
    nav, known = values_on(view, members, ends.tolist())
    return History(
        tuple(group for group, _ in rows),
        tuple(currency for _, currency in rows),
        tuple(days),
        sums_on(flows.paid_in, flows, number, len(members), ends),
        sums_on(flows.distributed, flows, number, len(members), ends),
        nav,
        known,
        flows,
        number,
    )


def values_on(
    view: View, groups: Sequence[Iterable[tuple[int, int]]], days: Sequence[int]
) -> tuple[Ints, Bools]:
    """What groups of stakes are worth on each day number, and whether all of each is known; (groups, days).

    groups : (fund, investor) stakes; investor -1: a fund with all its investors
    """
    fen = np.zeros((len(groups), len(days)), np.int64)
    unknown = np.zeros((len(groups), len(days)), np.int64)
    pairs = [(fund, investor, n) for n, own in enumerate(groups) for fund, investor in own]
    stake_rows = [p for p in pairs if p[1] >= 0]
    fund_rows = [p for p in pairs if p[1] < 0]
    for rows, grid in (
        (stake_rows, stake_grid(view, [(f, i) for f, i, _ in stake_rows], days)),
        (fund_rows, fund_grid(view, [f for f, _, _ in fund_rows], days)),
    ):
        if rows:
            at = np.array([n for _, _, n in rows])
            np.add.at(fen, at, grid.fen)
            np.add.at(unknown, at, (~grid.known).astype(np.int64))
    return fen, unknown == 0


def rates_on(of_groups: History, day: int) -> list[Rate]:
    """The rate of every group on one of the days (its place in `days`)."""
    last = day_number(of_groups.days[day])
    inside = of_groups.flows.since <= last
    part = by_group(
        of_groups.group_of[inside],
        of_groups.flows.day[inside],
        of_groups.flows.fen[inside],
        len(of_groups.groups),
    )
    values = [
        int(v) if k else None
        for v, k in zip(of_groups.nav[:, day].tolist(), of_groups.nav_known[:, day].tolist(), strict=True)
    ]
    return rates(part, values, of_groups.days[day])
