"""What a manager's report says of a fund's returns beside what the book says, on the report's own day.

Reported figures are dated attributes of the fund (`reported_dpi`, `reported_tvpi`, `reported_irr`), of all its investors
together and net. Ours are computed from postings and marks as they are known now. The two agree when they differ by no
more than one unit of the last place printed, rounded or cut off; a larger difference is an exception and is shown with its
size, whoever is right. A report that cannot be compared is no agreement.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from decimal import Decimal

from fof.book.currencies import currency_of
from fof.book.portfolios import Portfolio
from fof.book.reading import Reason
from fof.figures.performance import Performance, fund_performance
from fof.ledger import FactInForce, View
from models.frozen import frozen

FIGURES = {"reported_dpi": "dpi", "reported_tvpi": "tvpi", "reported_irr": "irr"}
"""Attribute -> the figure of fof.figures.performance.Performance it speaks of."""


@frozen
class Reported:
    """One reported figure.

    day        : of the report                  stated : as printed
    ours       : nan where the book cannot say, with the reason in `note`
    difference : stated - ours; agrees : None where it cannot be compared
    entry      : that booked the report         document : the report
    """

    fund: int
    figure: str
    day: dt.date
    stated: Decimal
    ours: float
    difference: float | None
    tolerance: Decimal
    agrees: bool | None
    entry: int
    document: str | None
    note: Reason | None

    def text_of(self, value: float | None) -> str:
        """A value of this figure in the form of the report: 1.62x, or 12.3 % for a rate; a dash where there is none."""
        if value is None or value != value:
            return "—"
        places = -int(self.tolerance.as_tuple().exponent)
        return (
            f"{100 * value:.{max(1, places - 2)}f}%"
            if self.figure == "irr"
            else f"{value:.{max(2, places)}f}x"
        )


def reported(view: View, funds: Collection[int]) -> list[Reported]:
    """Every reported figure of the funds up to the as-of day, newest report first, by fund code and figure."""
    rows = []
    for fund in sorted(funds, key=lambda f: view.parties[f].code):
        own = [(figure, stated) for name, figure in FIGURES.items() for stated in view.history(fund, name)]
        decimals = {
            figure: max(_decimals(s.value) for f, s in own if f == figure) for figure in {f for f, _ in own}
        }
        days = {day: _ours(view, fund, day) for day in {s.since for _, s in own}}
        rows += [_beside(fund, f, s, days[s.since], decimals[f]) for f, s in _last_word(own)]
    return sorted(rows, key=lambda r: -r.day.toordinal())


def exceptions(rows: Collection[Reported]) -> list[Reported]:
    """What does not agree, the largest difference measured in its tolerance first."""
    wrong = [r for r in rows if r.agrees is False]
    return sorted(wrong, key=lambda r: -abs(r.difference or 0) / float(r.tolerance))


def _last_word(own: Collection[tuple[str, FactInForce]]) -> list[tuple[str, FactInForce]]:
    """A report restated for the same day replaces what it said before."""
    return list({(figure, stated.since): (figure, stated) for figure, stated in own}.values())


def _decimals(value: object) -> int:
    exponent = value.as_tuple().exponent if isinstance(value, Decimal) else 0
    return max(0, -int(exponent))


def _ours(view: View, fund: int, day: dt.date) -> Performance:
    """The whole fund on the day, with what is known now."""
    then = view.on(day)
    code, name = view.parties[fund].code, view.name(fund)
    return fund_performance(
        then, Portfolio(code, name, (currency_of(view, fund),), None, None, (fund,)), fund
    )


def _beside(fund: int, figure: str, stated: FactInForce, ours: Performance, decimals: int) -> Reported:
    figure_stated = stated.value
    assert isinstance(figure_stated, Decimal)
    value = ours.value_of(figure)
    note = ours.irr.note if figure == "irr" else ours.reasons.get(figure)
    tolerance = Decimal(1).scaleb(-decimals)
    difference = None if value is None else float(figure_stated) - value
    return Reported(
        fund,
        figure,
        stated.since,
        figure_stated,
        float("nan") if value is None else value,
        difference,
        tolerance,
        None if difference is None else abs(difference) <= float(tolerance) * (1 + 1e-9),
        stated.entry,
        stated.document,
        note if value is None else None,
    )
