"""Leverage of the portfolio at the end of each year of a scenario: what one yuan of its commitments gathers, in the three variants of
`fof.figures.leverage`.

A and B follow from commitments alone: those of the book and those of the programme from the day they are signed; no path moves them.
C adds to what reached companies so far the calls of the path without noise, of all investors of each fund, times what has reached
companies of each yuan that the portfolio's funds called so far (co-investors of the book included). What a planned fund does not state
is as in the book's funds of its strategy, of all funds where those have none; where the book has none either, it is unknown.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from fractions import Fraction

import numpy as np

from fof.book.portfolios import Portfolio
from fof.book.reading import Floats, ratio
from fof.book.stakes import stakes
from fof.figures.leverage import Leverage, leverage
from fof.ledger import View
from fof.scenarios.assumptions import Assumption
from fof.scenarios.rules_over_time import year_steps
from fof.scenarios.scenario_spec import PlannedFund, Scenario
from models.frozen import frozen
from models.kinds import Strategy

LEVERAGE_MEASURES = (
    "own_committed",
    "all_committed",
    "non_government",
    "to_companies",
    "leverage_a",
    "leverage_b",
    "leverage_c",
)
LEVERAGE_MULTIPLES = LEVERAGE_MEASURES[4:]


@frozen
class LeverageYear:
    """The portfolio on a day; yuan and multiples in the order of LEVERAGE_MEASURES, nan: not known."""

    day: dt.date
    values: tuple[float, ...]


@frozen
class LeverageAhead:
    """Of each year, and where the numbers are from."""

    years: tuple[LeverageYear, ...] = ()
    assumptions: tuple[Assumption, ...] = ()


def leverage_ahead(
    view: View,
    portfolio: Portfolio,
    scenario: Scenario,
    codes: Sequence[str],
    calls: Floats,
    days: Sequence[dt.date],
) -> LeverageAhead:
    """codes: of the rows, existing funds first; calls: (rows, steps) yuan of the portfolio on the path without noise.

    Nothing of a portfolio without commitments of its own, or of several currencies.
    """
    present = leverage(view, portfolio)
    own = present.total
    if own.guidance is None or own.total is None or (not own.guidance and not scenario.planned):
        return LeverageAhead()
    strategies = {row.key: view.fact(view.party(row.key).id, "strategy") for row in present.rows}
    planned, lines = {}, []
    for fund in scenario.planned:
        planned[fund.code], noted = _planned(fund, present.rows, strategies)
        lines += noted
    reached, line = _reached(view, portfolio, own)
    if codes:
        lines.append(line)
    gathers = {row.key: ratio(row.total, row.guidance) for row in present.rows}
    gathers |= {
        fund.code: planned[fund.code][0] / (fund.commitment / 100)
        for fund in scenario.planned
        if fund.commitment
    }
    called = np.array([gathers.get(code, math.nan) for code in codes])[:, None] * np.cumsum(calls, axis=1)
    # a fund that calls nothing any more gathers nothing any more, known or not
    into = np.where(np.cumsum(calls, axis=1) > 0, called, 0.0).sum(axis=0) * reached
    years = []
    for step in year_steps(days):
        signed = [fund for fund in scenario.planned if fund.signed_on <= days[step]]
        mine = own.guidance / 100 + sum(fund.commitment for fund in signed) / 100
        every = own.total / 100 + sum(planned[fund.code][0] for fund in signed)
        others = _known(own.non_government) + sum(planned[fund.code][1] for fund in signed)
        companies = _known(own.to_companies) + float(into[step])
        amounts = (mine, every, others, companies)
        multiples = tuple(amount / mine if mine > 0 else math.nan for amount in amounts[1:])
        years.append(LeverageYear(days[step], (*amounts, *multiples)))
    return LeverageAhead(tuple(years), tuple(lines))


def _known(fen: int | None) -> float:
    """Yuan; nan where it is not known."""
    return math.nan if fen is None else fen / 100


def _planned(
    fund: PlannedFund, rows: Sequence[Leverage], strategies: Mapping[str, Strategy | None]
) -> tuple[tuple[float, float], list[Assumption]]:
    """Size of a planned fund and the part of it that is no government's, in yuan, each with its source."""
    alike = [row for row in rows if fund.strategy is not None and strategies[row.key] is fund.strategy]
    alike = [row for row in alike if row.guidance] or [row for row in rows if row.guidance]
    where = (
        fund.strategy.value
        if fund.strategy and any(strategies[r.key] is fund.strategy for r in alike)
        else ""
    )
    lines = []
    if fund.size is not None:
        size = fund.size / 100
        lines.append(Assumption(fund.code, "planned_size", f"{size:.2f}", "typed", fund.source))
    else:
        every, own = sum(row.total or 0 for row in alike), sum(row.guidance or 0 for row in alike)
        size = float(fund.commitment * Fraction(every, own)) / 100 if own else math.nan
        text = "—" if math.isnan(size) else f"{size:.2f}"
        lines.append(Assumption(fund.code, "planned_size", text, "book" if own else "none", where))
    if fund.government_share is not None:
        public = fund.government_share
        lines.append(Assumption(fund.code, "planned_government", f"{public:g}", "typed", fund.source))
    else:
        known = [(row.non_government, row.total) for row in alike if row.total]
        whole = sum(total for _, total in known if total)
        lacking = not whole or any(other is None for other, _ in known)
        public = math.nan if lacking else 1 - sum(other or 0 for other, _ in known) / whole
        text = "—" if lacking else f"{public:.6g}"
        lines.append(Assumption(fund.code, "planned_government", text, "none" if lacking else "book", where))
    return (size, size * (1 - public)), lines


def _reached(view: View, portfolio: Portfolio, own: Leverage) -> tuple[float, Assumption]:
    """What has reached companies of each yuan that the funds called of all investors; nan where either is not known."""
    paid = stakes(view).of(None, set(portfolio.funds))
    called = paid.total("paid_in") if len(paid) else 0
    reached = math.nan if own.to_companies is None or called <= 0 else own.to_companies / called
    if math.isnan(reached):
        return reached, Assumption("", "reached_of_called", "—", "none")
    return reached, Assumption("", "reached_of_called", f"{reached:.6g}", "book", str(view.as_of))
