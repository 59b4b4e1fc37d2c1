"""Where the money of a period came from and went: investors, funds by strategy, companies by stage; and the way back.

Both ways conserve money: what a strategy took in and did not pass on within the period stays in its funds, what it
passed on beyond that came out of what they had. Only cash is counted; promises, notices and transfers of stakes are not.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from itertools import chain
from typing import Any, NamedTuple

import numpy as np

from fof.book.currencies import DEFAULT_CURRENCY, by_currency, currency_of
from fof.book.portfolios import Portfolio
from fof.book.reading import is_in, kinds_with
from fof.ledger import View, day_number
from models.frozen import frozen
from models.kinds import Stage, Strategy, Word
from models.posting_kinds import TREATMENTS
from models.posting_kinds import PostingKind as K
from models.text import Text


class Node(NamedTuple):
    """A group that money passes through; `part` sets groups of the same name apart (investor, strategy, use …)."""

    part: str
    key: str
    text: Text


RETAINED = Node("balance", "kept", Text("留在基金", "kept in the funds"))
DRAWN = Node("balance", "drawn", Text("动用结存", "from what the funds had"))
FEES = Node("use", "fees", Text("管理费与费用", "fees and expenses"))
BRIDGE = Node("source", "facility", Text("过桥贷款", "facility drawn"))
REPAID = Node("use", "facility", Text("归还过桥贷款", "facility repaid"))
SOLD = Node("source", "exit", Text("退出", "exits"))
INCOME = Node("source", "income", Text("股息与利息", "dividends and interest"))
REFUND = Node("source", "refund", Text("退还与回拨", "rebates and clawback"))
CARRY = Node("use", "carry", Text("业绩报酬", "carried interest"))
UNSTATED_STAGE = Node("stage", "", Text("阶段未注明", "stage not stated"))
UNSTATED_STRATEGY = Node("strategy", "", Text("策略未注明", "strategy not stated"))

_COSTS = {
    K.MANAGEMENT_FEE: FEES,
    K.FUND_EXPENSE: FEES,
    K.TAX: FEES,
    K.FACILITY_COST: FEES,
    K.FACILITY_REPAYMENT: REPAID,
}
_RECEIPTS = {
    K.EXIT_PROCEEDS: SOLD,
    K.DIVIDEND: INCOME,
    K.INTEREST_INCOME: INCOME,
    K.FEE_REBATE: REFUND,
    K.CLAWBACK: REFUND,
}
_PAID_IN = frozenset(k for k, t in TREATMENTS.items() if t.irr and not t.memo and t.from_investor is True)
_PAID_OUT = frozenset(k for k, t in TREATMENTS.items() if t.irr and not t.memo and t.from_investor is False)
_CASH = kinds_with(
    lambda k: (
        k in _PAID_IN
        or k in _PAID_OUT
        or k in _COSTS
        or k in _RECEIPTS
        or k in (K.INVESTMENT, K.FACILITY_DRAWDOWN, K.CARRY)
    )
)


@frozen
class Link:
    """Money from one group to the next, fen > 0."""

    source: Node
    target: Node
    fen: int


@frozen
class PeriodFlows:
    """Money of the portfolio's funds of one currency from `start` to `end`, both days included.

    paid_in  : investors and facilities -> strategies -> companies by stage, fees
    paid_out : exits and income -> strategies -> investors, carried interest
    """

    start: dt.date
    end: dt.date
    paid_in: tuple[Link, ...]
    paid_out: tuple[Link, ...]
    currency: str = DEFAULT_CURRENCY


def money_flows(view: View, portfolio: Portfolio, start: dt.date, end: dt.date) -> tuple[PeriodFlows, ...]:
    """The money of a period, each of the portfolio's currencies by itself; days after the view's as-of day have none."""
    funds = by_currency(portfolio.funds, lambda fund: currency_of(view, fund))
    return tuple(
        _of_funds(view, portfolio, own, code, start, end)
        for code, own in (funds or {portfolio.currencies[0]: []}).items()
    )


def _of_funds(
    view: View, portfolio: Portfolio, funds: Collection[int], currency: str, start: dt.date, end: dt.date
) -> PeriodFlows:
    p = view.postings
    inside = (p.day >= day_number(start)) & (p.day <= day_number(end)) & _CASH[p.kind]
    rows = np.flatnonzero(inside & is_in(p.fund, funds)) if funds else np.empty(0, np.int64)
    spent: dict[tuple[Node, Node], int] = defaultdict(int)
    returned: dict[tuple[Node, Node], int] = defaultdict(int)
    strategies = {fund: _strategy(view, fund) for fund in funds}
    columns = (p.kind, p.from_party, p.to_party, p.fund, p.deal, p.fen)
    for number, payer, payee, fund, deal, fen in zip(*(c[rows].tolist() for c in columns), strict=True):
        kind, strategy = K(number), strategies[fund]
        if kind in _PAID_IN:
            spent[_investor(view, portfolio, payer), strategy] += fen
        elif kind in _PAID_OUT:
            returned[strategy, _investor(view, portfolio, payee)] += fen
        elif kind == K.INVESTMENT:
            spent[strategy, _stage(view, deal, payee)] += fen
        elif kind == K.FACILITY_DRAWDOWN:
            spent[BRIDGE, strategy] += fen
        elif kind in _COSTS:
            spent[strategy, _COSTS[kind]] += fen
        elif kind == K.CARRY:
            returned[strategy, CARRY] += fen
        else:
            returned[_RECEIPTS[kind], strategy] += fen
    return PeriodFlows(start, end, _closed(spent), _closed(returned), currency)


def years(view: View, portfolio: Portfolio) -> list[int]:
    """The years in which the portfolio's funds moved money, newest first."""
    p = view.postings
    days = p.day[_CASH[p.kind] & is_in(p.fund, portfolio.funds)]
    calendar_years = np.unique(days.astype("datetime64[D]").astype("datetime64[Y]")).astype(np.int64) + 1970
    return [int(y) for y in calendar_years[::-1]]


def _closed(flows: dict[tuple[Node, Node], int]) -> tuple[Link, ...]:
    """The links by source and size, with what each strategy kept or drew so that it passes on what it took in."""
    over: dict[Node, int] = defaultdict(int)
    for (source, target), fen in flows.items():
        over[target] += fen
        over[source] -= fen
    balance = {
        (node, RETAINED) if fen > 0 else (DRAWN, node): abs(fen)
        for node, fen in over.items()
        if node.part == "strategy" and fen
    }
    links = [Link(a, b, fen) for (a, b), fen in chain(flows.items(), balance.items()) if fen]
    return tuple(sorted(links, key=lambda x: (x.target.part != "strategy", x.source, -x.fen, x.target)))


def _node(part: str, member: Word) -> Node:
    return Node(part, member.value, member.text)


def _strategy(view: View, fund: int) -> Node:
    strategy: Any = view.fact(fund, "strategy")
    return _node("strategy", strategy) if isinstance(strategy, Strategy) else UNSTATED_STRATEGY


def _investor(view: View, portfolio: Portfolio, party: int) -> Node:
    if portfolio.holders is not None and party in portfolio.holders:
        return Node("investor", portfolio.code, Text(portfolio.name, portfolio.name))
    return _node("investor", view.parties[party].kind)


def _stage(view: View, deal: int, company: int) -> Node:
    """The stage the company was in when the deal was made, as the deal states it; else as is stated of the company."""
    known = view.deal_by_id.get(deal)
    stage = known.row.stage if known is not None and known.row.stage else view.fact(company, "stage")
    return UNSTATED_STAGE if stage is None else _node("stage", Stage(stage))
