"""What a portfolio invested in companies itself, beside its stakes in funds; and the two together.

Direct investments have no commitment: committed, called and unfunded do not exist for them, nor for the two together.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from fof.holdings import Holding, company_money, holdings
from fof.ledger import View
from fof.lines import Line, portfolio_lines
from fof.performance.figures import Performance, Table, by_groups, figures_of, group_flows
from fof.performance.rates import by_group, rates
from fof.portfolios import Portfolio
from fof.stakes import kept_answers
from fof.values import add_values

LABEL = "直接投资"


def performance(view: View, portfolio: Portfolio, by: str = "fund") -> Table:
    """The portfolio's performance: stakes in funds by group and in total, direct investments, and both together.

    by : one of GROUPINGS. The view must have an as-of day.
    """
    table = by_groups(view, portfolio, by)
    own = direct(view, portfolio)
    return table if own is None else replace(table, direct=own, combined=combined(view, portfolio))


def direct_holdings(view: View, portfolio: Portfolio) -> list[Holding]:
    """The companies the portfolio's holders hold, or held, themselves."""
    return [h for holder in sorted(portfolio.holders or ()) for h in holdings(view, holder) if h.invested]


@kept_answers
def direct(view: View, portfolio: Portfolio) -> Performance | None:
    """Direct investments as one group, None where the portfolio has none."""
    line = _line(view, portfolio)
    return (
        None
        if line is None
        else _figures(view, portfolio, "direct", f"{portfolio.code}/direct", LABEL, [line])
    )


@kept_answers
def combined(view: View, portfolio: Portfolio) -> Performance:
    """Stakes in funds and direct investments as one group."""
    line = _line(view, portfolio)
    lines = [*portfolio_lines(view, portfolio), *([] if line is None else [line])]
    return _figures(
        view, portfolio, "combined", f"{portfolio.code}/all", f"{portfolio.name}（含直投）", lines
    )


def _line(view: View, portfolio: Portfolio) -> Line | None:
    held = direct_holdings(view, portfolio)
    if not held:
        return None
    value = add_values([h.value for h in held], [view.name(h.company) for h in held])
    paid, back = sum(h.invested for h in held), sum(h.proceeds + h.dividends for h in held)
    return Line(-1, -1, None, None, paid, back, None, None, value, "direct")


def _figures(
    view: View, portfolio: Portfolio, by: str, key: str, label: str, lines: list[Line]
) -> Performance:
    assert view.as_of is not None, "performance needs an as-of day"
    names = [LABEL if x.source == "direct" else view.name(x.fund) for x in lines]
    nav = lines[0].value if len(lines) == 1 else add_values([x.value for x in lines], names)
    flows, _ = group_flows(view, [[x for x in lines if x.source == "book"]])
    moves = [
        m for h in direct_holdings(view, portfolio) for m in company_money(view).get((h.fund, h.company), ())
    ]
    day = np.concatenate([flows.day, np.array([m.day for m in moves], np.int32)])
    fen = np.concatenate([flows.fen, np.array([-m.fen for m in moves], np.int64)])
    series = by_group(np.zeros(len(day), np.int64), day.astype(np.int32), fen, 1)
    [rate] = rates(series, [nav.fen], view.as_of)
    return figures_of(by, key, label, portfolio.currency, lines, nav, rate)
