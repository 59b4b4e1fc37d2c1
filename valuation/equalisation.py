"""Later closings: what a later investor pays so that all stand as if they had come in together.

At a closing the earlier calls are shared out again by the commitments after it. Who has paid too little pays
the difference, with interest from the day of each call; who has paid too much gets it back, with that
interest. No fen appears or vanishes: what some pay, others receive. Interest is not capital and does not use
up commitment.

Money is int64 fen, positive where a partner pays in, negative where it receives. Days are whole days since
1970-01-01. Source: the usual clause of partnership agreements.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import floor

import numpy as np
import numpy.typing as npt

from valuation.dates import DateLike
from valuation.exact import Ints, Rate, days, fen, frozen, rate, same_length, year_length
from valuation.exact import day as day_of
from valuation.refusals import ValuationError
from valuation.split import split


@dataclass(frozen=True, slots=True, eq=False)
class Equalisation:
    """What moves on the closing day (fen, > 0 pays, < 0 receives).

    Identity: each row of `capital` adds up to 0, and so does `interest`.

    capital  : (k, n) by earlier call and partner
    interest : (n,)
    calls    : (k, n) what each partner has paid to each call afterwards
    """

    capital: Ints
    interest: Ints
    calls: Ints

    @property
    def net(self) -> Ints:
        """(n,) capital and interest together: the cash of the closing day."""
        total: Ints = self.capital.sum(axis=0) + self.interest
        return total


def equalise(
    before: npt.ArrayLike,
    after: npt.ArrayLike,
    call_days: DateLike,
    calls: npt.ArrayLike,
    closing_day: DateLike,
    interest: Rate,
    *,
    day_count: str = "ACT/365F",
) -> Equalisation:
    """Share out earlier calls again at a later closing.

    before, after : (n,) fen of commitments; 0 before for who is new; nobody's falls
    call_days     : (k,) in order, none after the closing
    calls         : (k, n) fen each partner has paid to each call, earlier equalisations included
    interest      : a year, at most 1, simple
    -> Equalisation

    capital[j] = split(sum of calls[j], after) - calls[j]; the interest of all payers together is rounded
    down, and shared among payers and among receivers by capital x days, by largest remainder. Equal
    remainders: the first partner; keep partners in a lasting order.
    """
    old, new = fen("before", before), fen("after", after)
    called_on, paid = days("call_days", call_days), fen("calls", calls, ndim=2)
    same_length("after", new.size, old.size, "before")
    same_length("calls", paid.shape[0], called_on.size, "call_days")
    if paid.shape[1] != old.size:
        raise ValuationError("calls", f"must have a column an investor ({old.size}), has {paid.shape[1]}")
    if (falls := np.flatnonzero(new < old)).size:
        raise ValuationError(
            "after", "below the commitment before", index=int(falls[0]), found=int(new[falls[0]])
        )
    if (strangers := np.argwhere((old == 0) & (paid > 0))).size:
        index = (int(strangers[0][0]), int(strangers[0][1]))
        raise ValuationError("calls", "paid by a partner without a commitment", index=index)
    day = day_of("closing_day", closing_day)
    if (late := np.flatnonzero(called_on > day)).size:
        raise ValuationError(
            "call_days", "is after the closing", index=int(late[0]), found=int(called_on[late[0]])
        )
    per_day = rate("interest", interest, high=1) / year_length("day_count", day_count)
    target = np.array([split(int(row.sum()), new) for row in paid], dtype=np.int64).reshape(paid.shape)
    capital = target - paid
    moved = _interest(capital, [day - d for d in called_on.tolist()], per_day)
    return Equalisation(frozen(capital), frozen(moved), frozen(target))


def _interest(capital: Ints, passed: list[int], per_day: Fraction) -> Ints:
    """(n,) interest on what changes hands, payers > 0, receivers < 0."""
    pays = [0] * capital.shape[1]
    gets = [0] * capital.shape[1]
    for row, since in zip(capital.tolist(), passed, strict=True):
        for i, amount in enumerate(row):
            if amount > 0:
                pays[i] += amount * since
            else:
                gets[i] -= amount * since
    total = floor(sum(pays) * per_day)
    if not total:
        return np.zeros(capital.shape[1], np.int64)
    return split(total, np.array(pays, dtype=object)) - split(total, np.array(gets, dtype=object))
