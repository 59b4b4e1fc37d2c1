"""The J-curve since the first flow: cumulative money of the holders and what their stakes are worth."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from fof.book.currencies import currency_of, one
from fof.book.own_flows import own_flows
from fof.book.reading import Bools, quarter_ends
from fof.book.stakes import stakes
from fof.book.value_accounts import stake_grid
from fof.book.value_funds import fund_grid
from fof.ledger import View, day_number, to_date
from fof.ledger.journal_columns import Ints


@dataclass(frozen=True, slots=True)
class Curve:
    """Cumulative money and value at the quarter ends since the first flow, and on the as-of day; fen.

    net : distributed less paid in, cumulative     nav : None where no value is known
    """

    days: tuple[dt.date, ...]
    paid_in: tuple[int, ...]
    distributed: tuple[int, ...]
    nav: tuple[int | None, ...]

    @property
    def net(self) -> tuple[int, ...]:
        """Cumulative net cash flow of the investor."""
        return tuple(d - p for d, p in zip(self.distributed, self.paid_in, strict=True))


def curve(view: View, funds: Collection[int], holders: Collection[int] | None) -> Curve:
    """The J-curve of some funds from the holders' side (None: all investors), as their own: prices of stakes included.

    Empty where nothing ever moved. CurrenciesDiffer for funds of several currencies: each has a curve of its own.
    """
    assert view.as_of is not None, "a curve needs an as-of day"
    one(currency_of(view, fund) for fund in funds)
    pairs = [(fund, -1) for fund in funds]
    if holders is not None:
        held = stakes(view).of(holders, funds)
        pairs = list(zip(held.fund.tolist(), held.investor.tolist(), strict=True))
    own, _ = own_flows(view, [pairs])
    own = own.where((own.paid_in != 0) | (own.distributed != 0))
    if not len(own):
        return Curve((), (), (), ())
    first = to_date(int(own.since.min()))
    days = quarter_ends(first, view.as_of)
    if not days or days[-1] != view.as_of:
        days.append(view.as_of)
    ends = np.array([day_number(d) for d in days])
    bucket = np.searchsorted(ends, own.since)
    paid, out = np.zeros(len(days), np.int64), np.zeros(len(days), np.int64)
    np.add.at(paid, bucket, own.paid_in)
    np.add.at(out, bucket, own.distributed)
    fen, known = values_on(view, funds, holders, ends.tolist())
    navs = tuple(int(v) if k else None for v, k in zip(fen.tolist(), known.tolist(), strict=True))
    return Curve(tuple(days), tuple(np.cumsum(paid).tolist()), tuple(np.cumsum(out).tolist()), navs)


def values_on(
    view: View, funds: Collection[int], holders: Collection[int] | None, days: Sequence[int]
) -> tuple[Ints, Bools]:
    """What the holders' stakes in the funds (None: the funds as a whole) are worth on each day number; and where known."""
    if holders is None:
        grid = fund_grid(view, sorted(funds), days)
    else:
        own = stakes(view).of(holders, funds)
        grid = stake_grid(view, list(zip(own.fund.tolist(), own.investor.tolist(), strict=True)), days)
    return grid.fen.sum(axis=0), np.all(grid.known, axis=0)
