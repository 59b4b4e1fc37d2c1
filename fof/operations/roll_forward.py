"""A quarter rolled forward: what each stake was worth, what was paid in and came out, and what it is worth at the end."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence

from fof.book.flows import Flows, flows_with
from fof.book.portfolios import Portfolio
from fof.book.reading import Reason, as_of_day
from fof.book.succession import current
from fof.book.values import Value, add_values
from fof.figures.performance import Performance, performance
from fof.figures.statements import moved_in
from fof.ledger import View
from fof.rules.calendar_days import quarter_end_before
from models.frozen import frozen
from models.money import known_sum
from models.text import Text


@frozen
class QuarterRoll:
    """The portfolio's stake in one fund over a quarter, in fen.

    opening, closing     : values at both ends; rolled where no statement is of the day itself
    paid_in, distributed : between investor and fund in the quarter, None where a disclosed stake does not say
    transferred          : carrying value of what came from other holders less what went to them, None where not known
    """

    fund: int
    opening: Value
    paid_in: int | None
    distributed: int | None
    transferred: int | None
    closing: Value

    @property
    def result(self) -> int | None:
        """Closing less opening, less paid in, plus distributed, less what came with stakes that changed hands.

        None without a value at both ends, and where the closing value is no statement of the quarter end: what is rolled
        forward holds no result of the quarter.
        """
        ends = (self.opening.fen, self.closing.fen, self.paid_in, self.distributed, self.transferred)
        if None in ends or not self.stated:
            return None
        opening, closing, paid_in, distributed, transferred = (fen or 0 for fen in ends)
        return closing - opening - paid_in + distributed - transferred

    @property
    def stated(self) -> bool:
        """The closing value is a statement of the quarter end itself, or nothing for certain."""
        return self.closing.age_days == 0 or (self.closing.fen == 0 and self.closing.marked_on is None)

    @property
    def note(self) -> Reason | None:
        """Why there is no result, or from which day it counts where that is not the quarter's first."""
        for end in (self.closing, self.opening):
            if end.fen is None:
                return end.note or Reason("no_value", Text("没有净值", "no value"))
        if not self.stated:
            day = self.closing.marked_on
            return Reason(
                "rolled",
                Text(
                    f"无季末报告，自 {day} 滚动，损益未知",
                    f"no statement of the quarter end: rolled from {day}, result not known",
                ),
            )
        if self.opening.age_days:
            day = self.opening.marked_on
            return Reason(
                "since",
                Text(
                    f"期初自 {day} 滚动，损益自该日起计",
                    f"opening rolled from {day}; the result counts from there",
                ),
            )
        return None


def roll_forward(view: View, portfolio: Portfolio, quarter_end: dt.date) -> list[QuarterRoll]:
    """The portfolio's stakes over the quarter that ends on the day, by fund; those with nothing at all are left out."""
    start = quarter_end_before(quarter_end - dt.timedelta(days=1))
    then, now = view.on(start), view.on(quarter_end)
    before: dict[int, list[Performance]] = defaultdict(list)
    for row in performance(then, portfolio).rows:
        before[current(now, row.funds[0])].append(row)  # what was absorbed since belongs to its successor
    rolls = []
    for row in performance(now, portfolio).rows:
        fund = current(now, row.funds[0])
        old = before[fund]
        opening = add_values([r.nav for r in old], [r.label for r in old])
        paid: int | None
        out: int | None
        if row.source == "book":
            paid, out = _money(now, row.pairs, then)
        elif row.nav.age_days or opening.age_days:
            paid = out = None  # disclosed sums of other days: what moved within the quarter is not told
        else:
            paid = _since(row.paid_in, [r.paid_in for r in old])
            out = _since(row.distributed, [r.distributed for r in old])
        moved = moved_in(now, row.pairs, start)
        if opening.fen == row.nav.fen == 0 and not paid and not out and not moved:
            continue
        rolls.append(QuarterRoll(fund, opening, paid, out, moved, row.nav))
    return rolls


def _money(now: View, pairs: Sequence[tuple[int, int]], then: View) -> tuple[int, int]:
    """Paid in and distributed after the day of `then`, between the stakes and their funds: no prices, no history."""
    flows = Flows.joined(
        [flows_with(now, {fund}, None if investor < 0 else {investor}) for fund, investor in pairs]
    )
    inside = flows.day > as_of_day(then)
    return int(flows.paid_in[inside].sum()), int(flows.distributed[inside].sum())


def _since(now: int | None, before: Sequence[int | None]) -> int | None:
    rest = known_sum(before)
    return None if now is None or rest is None else now - rest
