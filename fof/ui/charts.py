"""Charts: figures in, ECharts specification out. Nothing is drawn and nothing is computed here but a chart's own geometry.

Blue tones carry money, grey what is not called yet, orange what needs attention. Red stays free for a broken rule.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from fof import words
from fof.words import _

Spec = dict[str, Any]

PALETTE = (
    "#1f5fa8",
    "#3d8f86",
    "#7a9cc6",
    "#5b7f95",
    "#c9a227",
    "#9db4a0",
    "#8b7bb0",
    "#4f6d4a",
    "#a68a64",
    "#b8c4d2",
)
PAID, DUE, UNFUNDED, VALUE, OUT, RESIDUAL = "#1f5fa8", "#e08a1e", "#b8c4d2", "#3d8f86", "#7a9cc6", "#c9a227"


def _numbers(values: Sequence[float | None]) -> list[float | None]:
    """JSON knows no nan: a missing number is a gap in the line."""
    return [None if v is None or math.isnan(v) else round(float(v), 4) for v in values]


def _base(**more: Any) -> Spec:
    spec: Spec = {
        "aria": {"enabled": True},
        "animation": False,
        "tooltip": {"trigger": "axis"},
        "legend": {"top": 0, "type": "scroll"},
        "grid": {"left": 8, "right": 40, "top": 44, "bottom": 8, "containLabel": True},
    }
    return spec | more


def commitment_bars(
    names: Sequence[str], paid: Sequence[float], due: Sequence[float], unfunded: Sequence[float], unit: str
) -> Spec:
    """Paid-in, called but unpaid, and not called yet, fund by fund; the caller sorts (by unfunded, largest first)."""

    def bar(name: str, values: Sequence[float], color: str) -> Spec:
        return {
            "name": name,
            "type": "bar",
            "stack": "commitment",
            "data": _numbers(values),
            "itemStyle": {"color": color},
            "barMaxWidth": 18,
        }

    return _base(
        xAxis={"type": "value", "name": unit, "nameLocation": "end"},
        yAxis={
            "type": "category",
            "data": list(names),
            "inverse": True,
            "axisLabel": {"interval": 0, "width": 150, "overflow": "truncate"},
        },
        series=[
            bar(_("已实缴", "Paid in"), paid, PAID),
            bar(_("已通知未缴", "Called, unpaid"), due, DUE),
            bar(_("未通知", "Not called yet"), unfunded, UNFUNDED),
        ],
    )


def j_curve(
    days: Sequence[str], net: Sequence[float], nav: Sequence[float | None], today: str, unit: str
) -> Spec:
    """Cumulative net cash flow as bars of a line, value above it, and a line at the as-of day."""
    total = [None if v is None or math.isnan(v) else n + v for n, v in zip(net, nav, strict=True)]
    return _base(
        xAxis={"type": "category", "data": list(days), "axisLabel": {"hideOverlap": True}},
        yAxis={"type": "value", "name": unit, "scale": False},
        series=[
            {
                "name": _("累计净现金流", "Cumulative net cash flow"),
                "type": "line",
                "data": _numbers(net),
                "areaStyle": {"opacity": 0.12},
                "showSymbol": False,
                "itemStyle": {"color": PAID},
                "markLine": {
                    "symbol": "none",
                    "label": {"formatter": _("截至日", "As of")},
                    "data": [{"xAxis": today}],
                },
            },
            {
                "name": _("净值", "NAV"),
                "type": "line",
                "data": _numbers(nav),
                "showSymbol": False,
                "itemStyle": {"color": VALUE},
                "connectNulls": False,
            },
            {
                "name": _("净现金流加净值", "Net cash flow plus NAV"),
                "type": "line",
                "data": _numbers(total),
                "showSymbol": False,
                "lineStyle": {"type": "dashed"},
                "itemStyle": {"color": RESIDUAL},
                "connectNulls": False,
            },
        ],
    )


def bridge(names: Sequence[str], amounts: Sequence[float], unit: str) -> Spec:
    """A value bridge: the first and last amounts are levels, those between are steps; the caller gives the residual as a step."""
    bases: list[float] = []
    rises: list[float] = []
    falls: list[float] = []
    levels: list[float] = []
    running = 0.0
    for place, amount in enumerate(amounts):
        end = place in (0, len(amounts) - 1)
        start = 0.0 if end else running
        running = amount if end else running + amount
        low = min(start, running)
        bases.append(low if start >= 0 and running >= 0 else 0.0)
        size = abs(running - start)
        levels.append(running if end else 0.0)
        rises.append(size if not end and amount >= 0 else 0.0)
        falls.append(size if not end and amount < 0 else 0.0)

    def bar(name: str, values: Sequence[float], color: str) -> Spec:
        return {
            "name": name,
            "type": "bar",
            "stack": "bridge",
            "data": _numbers(values),
            "itemStyle": {"color": color},
            "barMaxWidth": 46,
        }

    clear = bar("", bases, "transparent") | {
        "tooltip": {"show": False},
        "silent": True,
        "emphasis": {"disabled": True},
    }
    return _base(
        legend={"top": 0, "data": [_("余额", "Balance"), _("增加", "Increase"), _("减少", "Decrease")]},
        xAxis={"type": "category", "data": list(names), "axisLabel": {"interval": 0}},
        yAxis={"type": "value", "name": unit},
        series=[
            clear,
            bar(_("余额", "Balance"), levels, PAID),
            bar(_("增加", "Increase"), rises, VALUE),
            bar(_("减少", "Decrease"), falls, OUT),
        ],
    )


def vintage_bars(vintages: Sequence[str], dpi: Sequence[float], rvpi: Sequence[float]) -> Spec:
    """DPI and RVPI stacked to TVPI, vintage by vintage, with a line at 1."""
    return _base(
        grid={"left": 8, "right": 8, "top": 44, "bottom": 8, "containLabel": True},
        xAxis={"type": "category", "data": list(vintages), "axisLabel": {"interval": 0, "fontSize": 10}},
        yAxis={"type": "value", "name": "x"},
        series=[
            {
                "name": "DPI",
                "type": "bar",
                "stack": "tvpi",
                "data": _numbers(dpi),
                "itemStyle": {"color": PAID},
                "barMaxWidth": 34,
                "markLine": {
                    "symbol": "none",
                    "lineStyle": {"type": "dotted"},
                    "label": {"formatter": "1.0x"},
                    "data": [{"yAxis": 1}],
                },
            },
            {
                "name": "RVPI",
                "type": "bar",
                "stack": "tvpi",
                "data": _numbers(rvpi),
                "itemStyle": {"color": OUT},
                "barMaxWidth": 34,
            },
        ],
    )


def heat_map(
    rows: Sequence[str],
    columns: Sequence[str],
    cells: Sequence[tuple[int, int, float]],
    name: str,
    middle: float,
    decimals: int = 2,
) -> Spec:
    """A matrix of figures, (column, row, value); empty cells stay empty. Two tones around `middle`, no red.

    The tones reach as far as nine tenths of the figures do: a first year's rate does not bleach the rest.
    """
    known = [(c, r, v) for c, r, v in cells if not math.isnan(v)]
    far = sorted(abs(v - middle) for _c, _r, v in known)
    reach = (far[(len(far) - 1) * 9 // 10] if far else 1.0) or 1.0
    return _base(
        legend={"show": False},
        tooltip={"position": "top"},
        grid={"left": 8, "right": 84, "top": 12, "bottom": 24, "containLabel": True},
        xAxis={
            "type": "category",
            "data": list(columns),
            "splitArea": {"show": True},
            "name": _("年", "Year"),
        },
        yAxis={"type": "category", "data": list(rows), "axisLabel": {"interval": 0}, "inverse": True},
        visualMap={
            "min": middle - reach,
            "max": middle + reach,
            "dimension": 3,
            "right": 0,
            "top": "middle",
            "precision": 1,
            "itemHeight": 90,
            "inRange": {"color": ["#e9c46a", "#f4f1e6", "#1f5fa8"]},
            "text": [name, ""],
        },
        series=[
            {
                "name": name,
                "type": "heatmap",
                "encode": {"x": 0, "y": 1, "value": 2, "tooltip": 2},
                "data": [
                    [
                        c,
                        r,
                        round(v, decimals) if decimals else round(v),
                        min(max(v, middle - reach), middle + reach),
                    ]
                    for c, r, v in known
                ],
                "label": {"show": True, "color": "#26303c", "fontSize": 10, "formatter": "{@[2]}"},
            },
        ],
    )


def sankey(nodes: Sequence[str], links: Sequence[tuple[str, str, float]], unit: str) -> Spec:
    """Flows of a period from left to right; node names must differ."""
    return {
        "aria": {"enabled": True},
        "animation": False,
        "color": list(PALETTE),
        "tooltip": {"trigger": "item"},
        "series": [
            {
                "type": "sankey",
                "data": [
                    {"name": n, "itemStyle": {"color": PALETTE[i % len(PALETTE)]}}
                    for i, n in enumerate(nodes)
                ],
                "nodeAlign": "justify",
                "right": 140,
                "left": 8,
                "top": 8,
                "bottom": 8,
                "nodeGap": 16,
                "links": [{"source": a, "target": b, "value": round(v, 2)} for a, b, v in links if v > 0],
                "lineStyle": {"color": "gradient", "opacity": 0.4},
                "label": {"width": 130, "overflow": "truncate"},
                "name": unit,
            }
        ],
    }


def tree_map(tree: Sequence[Spec], unit: str) -> Spec:
    """Stock by group: nested {name, value, children}."""
    return {
        "aria": {"enabled": True},
        "animation": False,
        "color": list(PALETTE),
        "tooltip": {"trigger": "item"},
        "series": [
            {
                "type": "treemap",
                "name": unit,
                "data": list(tree),
                "roam": False,
                "nodeClick": False,
                "breadcrumb": {"show": False},
                "leafDepth": 2,
                "label": {"show": True},
                "upperLabel": {"show": True, "height": 22},
                "top": 4,
                "left": 4,
                "right": 4,
                "bottom": 4,
            }
        ],
    }


def columns_over_time(
    days: Sequence[str], series: Sequence[tuple[str, Sequence[float], str]], unit: str
) -> Spec:
    """Stacked columns by period: (name, values, colour) each."""
    return _base(
        xAxis={"type": "category", "data": list(days)},
        yAxis={"type": "value", "name": unit},
        series=[
            {
                "name": name,
                "type": "bar",
                "stack": "flow",
                "data": _numbers(values),
                "itemStyle": {"color": color},
                "barMaxWidth": 22,
            }
            for name, values, color in series
        ],
    )


def described(title: str, unit: str) -> str:
    """The spoken name of a chart, with the unit its axis shows."""
    return words.beside(title, unit) if unit else title
