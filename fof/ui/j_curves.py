"""J-curves as they are shown everywhere: actual up to the as-of day, a line there, what may come as bands beyond it."""

from __future__ import annotations

from collections.abc import Collection

from fof import words
from fof.book.portfolios import Portfolio
from fof.errors import FofError
from fof.figures.j_curve import curve
from fof.ledger import View
from fof.scenarios.forecast_band import BAND_LEVELS, ForecastBand, forecast_band
from fof.scenarios.scenario_spec import Scenario
from fof.ui import charts, fan_charts, frame, say, widgets
from fof.words import _


def show(
    view: View,
    portfolio: Portfolio,
    funds: Collection[int],
    chosen: frame.Choice,
    unit: str,
    *,
    scenario: Scenario | None = None,
) -> None:
    """The curve of some funds of a portfolio with its forecast; scenario: None, what the book's own funds say, else with the
    funds that it plans."""
    days = curve(view, funds, portfolio.holders)
    if not days.days:
        widgets.empty(_("截至日前还没有收付。", "No money has moved up to the as-of day."))
        return
    title = _("曲线", "J-curve")
    spec = charts.j_curve(
        [d.isoformat() for d in days.days],
        [words.in_unit(int(v), chosen.unit) for v in days.net],
        [words.in_unit(v, chosen.unit) for v in days.nav],
        chosen.as_of.isoformat(),
        unit,
    )
    if portfolio.currency is None:
        charts.draw(spec, 380, title, unit)
        say.caption(_("没有预测：组合有多种币种。", "No forecast: the portfolio has several currencies."))
        return
    codes = None if scenario is not None else {view.parties[fund].code for fund in funds}
    try:
        band = forecast_band(view, portfolio, codes, scenario)
    except FofError as error:
        charts.draw(spec, 380, title, unit)
        say.caption(error)
        return
    if band is not None:
        spec = fan_charts.with_band(
            spec, [d.isoformat() for d in band.days], _edges(band, days.net[-1], chosen)
        )
    charts.draw(spec, 380, title, unit)
    say.caption(_sentence(band, scenario))


def _edges(band: ForecastBand, today: int, chosen: frame.Choice) -> dict[str, list[float]]:
    """The quantiles from today's net cash flow on, in the unit of the page."""
    return {
        f"p{round(100 * level):02d}": [
            words.in_unit(today + round(v), chosen.unit) for v in band.net[:, n].tolist()
        ]
        for n, level in enumerate(BAND_LEVELS)
    }


def _sentence(band: ForecastBand | None, scenario: Scenario | None) -> str:
    if band is None:
        return _(
            "没有预测：已无净值与未缴额度，或净值不明。",
            "No forecast: no value and nothing unfunded is left, or the value is not known.",
        )
    if scenario is not None:
        return _(
            "截至日之后：该情景下累计净现金流的 5%、25%、75%、95% 分位与中位数。",
            "Beyond the as-of day: quantiles (5, 25, 75, 95 %) and median of the cumulative net cash flow in this scenario.",
        )
    return _(
        "截至日之后：累计净现金流的 5%、25%、75%、95% 分位与中位数，参数由账簿自身的基金拟合，见「情景」页。",
        "Beyond the as-of day: quantiles (5, 25, 75, 95 %) and median of the cumulative net cash flow, by what the book's own funds say; see the page Scenarios.",
    )
