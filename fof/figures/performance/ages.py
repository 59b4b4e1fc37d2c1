"""Vintage by age: how each year's funds stood when they were one, two, three … years old."""

from __future__ import annotations

import datetime as dt
from typing import Literal

import numpy as np

from fof.book.portfolios import Portfolio
from fof.book.reading import Floats
from fof.figures.performance.history import History, history, rates_on
from fof.ledger import View
from models.frozen import frozen

Figure = Literal["tvpi", "dpi", "irr"]


@frozen
class Ages:
    """A figure of every vintage at every age.

    vintages : oldest first, each currency in a row of its own          ages : 0, 1 … years from the vintage year to the year looked at
    days     : the day of each calendar year: its last, the as-of day in the year of the as-of day
    currencies : of the rows
    values   : (vintages, ages), nan where the vintage is not that old yet or the figure does not exist
    """

    figure: Figure
    vintages: tuple[int, ...]
    currencies: tuple[str, ...]
    ages: tuple[int, ...]
    days: tuple[dt.date, ...]
    values: Floats


def by_age(view: View, portfolio: Portfolio, figure: Figure = "tvpi") -> Ages:
    """The figure of every vintage at the end of every year of its life; funds without a stated vintage are left out.

    A view of all days is looked at up to its last stated value.
    """
    last = view.as_of or max((m.day for m in view.marks), default=dt.date.min)
    known = sorted({int(v) for f in portfolio.funds if (v := view.fact(f, "vintage")) is not None})
    vintages = [v for v in known if v <= last.year]
    if not vintages:
        return Ages(figure, (), (), (), (), np.empty((0, 0)))
    years = range(vintages[0], last.year + 1)
    days = [min(dt.date(year, 12, 31), last) for year in years]
    of_vintages = history(view, portfolio, days, "vintage")
    of_year = _figure(of_vintages, figure, len(days))
    rows_of: dict[int, list[int]] = {}
    for n, (key, _label) in enumerate(of_vintages.groups):
        if key:
            rows_of.setdefault(int(key), []).append(n)
    rows = [(vintage, n) for vintage in vintages for n in rows_of.get(vintage, [-1])]
    values = np.full((len(rows), len(days)), np.nan)
    for row, (vintage, n) in enumerate(rows):
        if n >= 0:
            life = of_year[n, vintage - years[0] :]
            values[row, : len(life)] = life
    return Ages(
        figure,
        tuple(vintage for vintage, _ in rows),
        tuple(of_vintages.currencies[n] if n >= 0 else portfolio.currencies[0] for _, n in rows),
        tuple(range(len(days))),
        tuple(days),
        values,
    )


def _figure(of_vintages: History, figure: Figure, days: int) -> Floats:
    """One figure of every group on every day, (groups, days)."""
    if figure == "dpi":
        return of_vintages.dpi
    if figure == "tvpi":
        return of_vintages.tvpi
    return np.array([[r.value for r in rates_on(of_vintages, day)] for day in range(days)]).T
