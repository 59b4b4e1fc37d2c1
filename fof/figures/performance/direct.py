"""What a portfolio invested in companies itself, beside its stakes in funds; and the two together.

What a fund hands its investor in kind stays within the two together: the investor's value changes its place. Direct
investments have no commitment: committed, called and unfunded do not exist for them, nor for the two together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from fof.book.cost_paths import DealMovement
from fof.book.currencies import in_order, one
from fof.book.flows import Flows
from fof.book.holdings import Holding, holdings, money_of
from fof.book.lines import StakeLine, portfolio_lines
from fof.book.own_flows import sums
from fof.book.portfolios import Portfolio
from fof.book.reading import once_per_question
from fof.book.values import add_values
from fof.figures.performance.groupings import DIRECT, WITH_DIRECT
from fof.figures.performance.measured import Performance, PerformanceTable
from fof.figures.performance.rates_of_return import NO_DATED_FLOWS, by_group, rates, unknown
from fof.figures.performance.returns import (
    apart,
    by_groups,
    currency_for,
    figures_of,
    group_flows,
    own_paid_in,
    with_known,
    with_value,
)
from fof.ledger import View
from models.posting_kinds import PostingKind


def performance(view: View, portfolio: Portfolio, by: str = "fund") -> PerformanceTable:
    """The portfolio's performance: stakes in funds by group and in total, direct investments, and both together.

    by : one of GROUPINGS. The view must have an as-of day.
    """
    table = by_groups(view, portfolio, by)
    own = direct(view, portfolio)
    return table if own is None else replace(table, direct=own, combined=combined(view, portfolio))


def direct_holdings(view: View, portfolio: Portfolio) -> list[Holding]:
    """The companies the portfolio's holders hold, or held, themselves."""
    return [h for holder in sorted(portfolio.holders or ()) for h in holdings(view, holder) if h.invested]


@once_per_question
def direct(view: View, portfolio: Portfolio) -> Performance | None:
    """Direct investments as one group, None where the portfolio has none."""
    held = direct_holdings(view, portfolio)
    return (
        _figures(view, portfolio, ("direct", f"{portfolio.code}/direct", DIRECT.zh), (), held)
        if held
        else None
    )


@once_per_question
def combined(view: View, portfolio: Portfolio) -> Performance:
    """Stakes in funds and direct investments as one group."""
    group = ("combined", f"{portfolio.code}/all", f"{portfolio.name}{WITH_DIRECT.zh}")
    return _figures(
        view, portfolio, group, portfolio_lines(view, portfolio), direct_holdings(view, portfolio)
    )


def handed_within(flows: Flows, moves: Sequence[DealMovement]) -> dict[int, int]:
    """What a fund handed its investor in kind, or the investor paid in with shares it held, by place of the posting, in fen.

    Both ends are in a group of stakes and companies held directly together: it is neither paid in nor distributed by the group.
    flows : of the stakes, as fof.book.own_flows has them (history that moved to somebody else is not theirs)
    """
    handed: dict[int, int] = {}
    for move in moves:
        if move.kind in (PostingKind.DISTRIBUTION_IN_KIND, PostingKind.CONTRIBUTION_IN_KIND):
            side = flows.distributed if move.is_received else flows.paid_in
            handed[move.place] = min(abs(move.fen), max(0, int(side[flows.place == move.place].sum())))
    return handed


def _line(view: View, held: Sequence[Holding]) -> StakeLine:
    """Companies held directly as one line."""
    value = add_values([h.value for h in held], [view.name(h.company) for h in held])
    paid, back = sum(h.invested for h in held), sum(h.received for h in held)
    return StakeLine(
        -1, -1, None, None, paid, back, None, None, value, one({h.currency for h in held}), "direct"
    )


def _figures(
    view: View,
    portfolio: Portfolio,
    group: tuple[str, str, str],
    funds: Sequence[StakeLine],
    held: Sequence[Holding],
) -> Performance:
    """Figures of stakes in funds and companies held directly, together; by currency where there are several.

    group: by, key and label
    """
    codes = in_order([*(x.currency for x in funds), *(h.currency for h in held)])
    if len(codes) < 2:
        return _same_currency(view, portfolio, group, funds, held)
    parts = [
        _same_currency(
            view,
            portfolio,
            group,
            [x for x in funds if x.currency == code],
            [h for h in held if h.currency == code],
        )
        for code in codes
    ]
    return apart(*group, parts)


def _same_currency(
    view: View,
    portfolio: Portfolio,
    group: tuple[str, str, str],
    funds: Sequence[StakeLine],
    held: Sequence[Holding],
) -> Performance:
    """The same where everything is in one currency."""
    assert view.as_of is not None, "performance needs an as-of day"
    lines = [*funds, *([_line(view, held)] if held else [])]
    names = [DIRECT.zh if x.source == "direct" else view.name(x.fund) for x in lines]
    nav = lines[0].value if len(lines) == 1 else add_values([x.value for x in lines], names)
    flows, number = group_flows(view, [funds])
    [paid], [out] = sums(flows, number, 1)
    moves = [m for h in held for m in money_of(view, h.fund, h.company)]
    inside = sum(handed_within(flows, moves).values())
    day = np.concatenate([flows.day, np.array([m.day for m in moves], np.int32)])
    fen = np.concatenate([flows.fen, np.array([-m.fen for m in moves], np.int64)])
    series = by_group(np.zeros(len(day), np.int64), day.astype(np.int32), fen, 1)
    [rate] = rates(series, [nav.fen], view.as_of)
    if any(x.source == "statement" for x in funds):
        rate = unknown(NO_DATED_FLOWS)  # the flows of the rest would meet the value of all
    figures = figures_of(
        *group, currency_for(portfolio, lines), lines, nav, rate, (paid - inside, out - inside)
    )
    return figures if nav.fen is not None else _with_known(view, portfolio, group, figures, funds, held)


def _with_known(
    view: View,
    portfolio: Portfolio,
    group: tuple[str, str, str],
    figures: Performance,
    funds: Sequence[StakeLine],
    held: Sequence[Holding],
) -> Performance:
    """The same figures, carrying those of the funds and companies that have a value."""
    valued = with_value(view, funds)
    priced = [h for h in held if h.value.fen is not None]
    if not valued and not priced:
        return figures
    unvalued = [x for x in funds if x not in valued]
    unpriced = [h for h in held if h.value.fen is None]
    missing = dict.fromkeys([x.fund for x in unvalued] + [h.company for h in unpriced])
    paid = own_paid_in(view, unvalued)
    part = _same_currency(view, portfolio, group, valued, priced)
    return with_known(
        figures,
        part,
        [(view.parties[p].code, view.name(p)) for p in missing],
        None if paid is None else paid + sum(h.invested for h in unpriced),
    )
