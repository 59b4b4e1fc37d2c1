"""The J-curve since the first flow: cumulative money of the holders and what their stakes are worth."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

import numpy as np

from fof.book.currencies import currency_of, one
from fof.book.own_flows import own_flows, sums_on
from fof.book.stakes import stakes
from fof.figures.performance.history import values_on
from fof.ledger import View, day_number, to_date
from fof.rules.calendar_days import quarter_ends
from models.frozen import frozen


@frozen
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
    of_one = np.zeros(len(own), np.int64)
    [paid], [out] = (sums_on(fen, own, of_one, 1, ends).tolist() for fen in (own.paid_in, own.distributed))
    [fen], [known] = (column.tolist() for column in values_on(view, [pairs], ends.tolist()))
    navs = tuple(v if k else None for v, k in zip(fen, known, strict=True))
    return Curve(tuple(days), tuple(paid), tuple(out), navs)
