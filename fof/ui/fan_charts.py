"""Fan charts: the past as a line up to today, then bands of quantiles around the median; quantiles, never paths."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fof.ui.charts import PAID, VALUE, Spec, base_spec, numbers
from fof.ui.labels import named
from fof.words import _

BANDS = (("p05", "p25", 0.16), ("p25", "p75", 0.34), ("p75", "p95", 0.16))
"""Lower edge, upper edge and how strongly the band between them is filled."""


def fan(
    days: Sequence[str], quantiles: Mapping[str, Sequence[float]], expected: Sequence[float], unit: str
) -> Spec:
    """Bands 5–25–75–95 %, the median and the path without noise, of one series over the days."""
    edge = {"type": "line", "stack": "fan", "stackStrategy": "all", "symbol": "none", "silent": True}
    hidden = {"lineStyle": {"opacity": 0}, "tooltip": {"show": False}, "itemStyle": {"color": PAID}}
    series: list[Any] = [{**edge, **hidden, "name": "", "data": numbers(quantiles["p05"])}]
    for low, high, opacity in BANDS:
        widths = [above - below for below, above in zip(quantiles[low], quantiles[high], strict=True)]
        band = {"color": PAID, "opacity": opacity}
        series.append({**edge, **hidden, "name": "", "data": numbers(widths), "areaStyle": band})
    series += [
        _line(named("quantile_middle"), quantiles["p50"], PAID),
        _line(named("projected"), expected, VALUE, dashed=True),
        _line(named("quantile_five"), quantiles["p05"], PAID, thin=True),
        _line(named("quantile_ninety_five"), quantiles["p95"], PAID, thin=True),
    ]
    return base_spec(
        legend={
            "top": 0,
            "type": "scroll",
            "data": [
                named("quantile_middle"),
                named("projected"),
                named("quantile_five"),
                named("quantile_ninety_five"),
            ],
        },
        xAxis={"type": "category", "data": list(days), "axisLabel": {"hideOverlap": True}},
        yAxis={"type": "value", "name": unit},
        series=series,
    )


def _line(
    name: str, values: Sequence[float], color: str, *, dashed: bool = False, thin: bool = False
) -> Spec:
    style = {"type": "dashed" if dashed else "solid", "width": 0.8 if thin else 2}
    return {
        "name": name,
        "type": "line",
        "data": numbers(values),
        "showSymbol": False,
        "lineStyle": style,
        "itemStyle": {"color": color},
    }


def probability(days: Sequence[str], values: Sequence[float]) -> Spec:
    """The probability that cash is below 0 at the end of each step, per cent."""
    return base_spec(
        legend={"show": False},
        xAxis={"type": "category", "data": list(days), "axisLabel": {"hideOverlap": True}},
        yAxis={"type": "value", "name": "%", "max": 100},
        series=[
            {
                "name": _("现金低于 0 的概率", "Probability that cash is below 0"),
                "type": "bar",
                "data": numbers([100 * v for v in values]),
                "itemStyle": {"color": "#e08a1e"},
            }
        ],
    )


def with_band(curve: Spec, days: Sequence[str], edges: Mapping[str, Sequence[float]]) -> Spec:
    """A J-curve with what may come after its last day: bands of the cumulative net cash flow (its own last point in front, so
    that they open there) and their median. days, edges: of the steps to come."""
    past = list(curve["xAxis"]["data"])
    net = curve["series"][0]["data"]
    before: list[float | None] = [None] * (len(past) - 1)

    def ahead(values: Sequence[float], first: float) -> list[float | None]:
        return [*before, first, *values]

    last = float(net[-1])
    edge = {"type": "line", "stack": "fan", "stackStrategy": "all", "symbol": "none", "silent": True}
    hidden = {"lineStyle": {"opacity": 0}, "tooltip": {"show": False}, "itemStyle": {"color": PAID}}
    bands: list[Any] = [{**edge, **hidden, "name": "", "data": numbers(ahead(edges["p05"], last))}]
    for low, high, opacity in BANDS:
        widths = [above - below for below, above in zip(edges[low], edges[high], strict=True)]
        area = {"color": PAID, "opacity": opacity}
        bands.append({**edge, **hidden, "name": "", "data": numbers(ahead(widths, 0.0)), "areaStyle": area})
    middle = _line(_("预测中位", "Forecast, median"), [], PAID, dashed=True)
    middle["data"] = numbers(ahead(edges["p50"], last))
    series = [{**own, "data": [*own["data"], *[None] * len(days)]} for own in curve["series"]]
    names = [own["name"] for own in (*curve["series"], middle)]
    return {
        **curve,
        "legend": {**curve.get("legend", {}), "top": 0, "data": names},
        "xAxis": {**curve["xAxis"], "data": [*past, *days]},
        "series": [*series, *bands, middle],
    }
