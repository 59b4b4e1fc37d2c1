"""A fund's calls and distributions before a payment, as a waterfall takes them: by day, by who holds the stake now."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from fof.book.carry_paid import carry_paid, less_returned
from fof.book.flows import flows
from fof.book.stakes import stakes
from fof.book.transfers import handovers
from fof.errors import Problem
from fof.ledger import View
from fof.ledger.journal_columns import Ints
from models.frozen import frozen
from models.text import Text


@frozen
class PaymentHistory:
    """Calls and distributions of a fund before a payment, investors mapped to who holds the stake now."""

    investors: list[int]
    call_days: list[int]
    calls: list[list[int]]
    cash_days: list[int]
    cash: list[int]
    booked: dict[int, int]

    def matrix(self) -> Ints:
        """(calls, investors) fen paid in."""
        return np.array(self.calls, np.int64).reshape(len(self.call_days), len(self.investors))


def history_of(view: View, fund: int) -> tuple[PaymentHistory, list[Problem]]:
    """The history, and what makes it unusable: nothing paid in, a stake handed over in part."""
    heirs, problems = _heirs(view, fund)
    own = flows(view).of(None, {fund})
    capital: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    paid: dict[int, int] = defaultdict(int)
    booked: dict[int, int] = defaultdict(int)
    returned: dict[int, int] = defaultdict(int)
    columns = (own.day.tolist(), own.investor.tolist(), own.paid_in.tolist(), own.distributed.tolist())
    for day, who, called, out in zip(*columns, strict=True):
        heir = heirs.get(who, who)
        if called:
            capital[day][heir] += called
        if out > 0:
            paid[day] += out
        elif out:
            returned[day] -= out
        booked[heir] += out
    cash = less_returned(paid, returned)
    for day, fen in carry_paid(view, fund)[0].items():
        cash[day] = cash.get(day, 0) + fen
    held = stakes(view).of(None, {fund})
    holders = {heirs.get(int(i), int(i)) for i in held.investor[(held.committed > 0) | (held.paid_in > 0)]}
    everybody = holders | {i for row in capital.values() for i in row}
    investors = sorted(everybody, key=lambda i: view.parties[i].code)
    days, cash_days = sorted(capital), sorted(cash)
    calls = [[capital[d][i] for i in investors] for d in days]
    if not days:
        problems.append(
            Problem("nothing_paid_in", Text("尚无实缴出资，不能分配", "nothing has been paid in"))
        )
    return PaymentHistory(investors, days, calls, cash_days, [cash[d] for d in cash_days], booked), problems


def _heirs(view: View, fund: int) -> tuple[dict[int, int], list[Problem]]:
    """Who holds the stake that a former investor handed over as a whole; a part handed over is a problem."""
    own = stakes(view).of(None, {fund})
    left = dict(zip(own.investor.tolist(), (own.paid_in + own.committed).tolist(), strict=True))
    direct: dict[int, int] = {}
    problems = []
    for moved in (h for h in handovers(view).get(fund, ()) if h.paid_in.moved):
        if left.get(moved.seller, 0) or direct.setdefault(moved.seller, moved.buyer) != moved.buyer:
            name = view.name(moved.seller)
            problems.append(
                Problem(
                    "stake_divided",
                    Text(
                        f"{name} 的份额曾部分转让，账中没有各部分的历史，无法按条款计算",
                        f"{name} handed over part of its stake; the book does not divide its history",
                    ),
                )
            )
    final = {}
    for seller in direct:
        heir, seen = seller, {seller}
        while heir in direct and direct[heir] not in seen:
            heir = direct[heir]
            seen.add(heir)
        final[seller] = heir
    return final, problems
