"""Charts: figures in, ECharts specification out. Nothing is computed here but a chart's own geometry; `draw` puts one on the page.

Blue tones carry money, grey what is not called yet, orange what needs attention. Red stays free for a broken rule.
"""

from __future__ import annotations

import html
import math
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, Literal

import streamlit as st

from fof import words
from fof.figures.register import figure
from fof.ui.labels import named
from fof.ui.page_bytes import took_chart
from fof.words import _
from models.text import Text

Spec = dict[str, Any]

WIDE, BESIDE, NARROW = 1080, 430, 358
"""Width in pixels of a chart over a whole page, of one beside a larger one, on a screen 1440 wide; of any on a telephone."""
INKS = {"light": "#4a5462", "dark": "#c6ccd6"}
"""Of every text outside a coloured box: seven times as bright or dark as the page; the framework's own grey is 3.8 times."""
DARK_TEXT, LIGHT_TEXT = "#1c2430", "#ffffff"

PALETTE = (
    "#1f5fa8",
    "#35807a",
    "#7a9cc6",
    "#55788d",
    "#c9a227",
    "#9db4a0",
    "#7a69a1",
    "#4f6d4a",
    "#a68a64",
    "#b8c4d2",
)
PAID, DUE, UNFUNDED, VALUE, OUT, RESIDUAL = "#1f5fa8", "#e08a1e", "#b8c4d2", "#35807a", "#7a9cc6", "#c9a227"


def draw(spec: Spec, height: int, title: str, unit: str = "") -> None:
    """A chart on the page, in letters that can be read on its background; its spoken name is title and unit."""
    took_chart(spec)
    st.echarts_chart(_inked(spec, _ink()), height=height, alt=words.beside(title, unit) if unit else title)


def pickable(spec: Spec, height: int, title: str, key: str, pick: Callable[[int], None]) -> None:
    """A chart of one series of which each item can be clicked. pick: called with the item's number before the next run; key: of the
    chart among the choices of the page."""
    ink = _ink()
    marked = {"selectedMode": "single", "select": {"itemStyle": {"borderColor": ink, "borderWidth": 3}}}
    [series] = spec["series"]
    took_chart(spec)

    def clicked() -> None:
        for own in st.session_state[key].selection.selected:
            pick(int(own["data_indices"][0]))

    st.echarts_chart(
        _inked(spec | {"series": [series | marked]}, ink),
        height=height,
        alt=title,
        key=key,
        on_select=clicked,
    )


def _ink() -> str:
    """Of letters on the page's background."""
    return INKS["dark" if st.context.theme.type == "dark" else "light"]


def _inked(spec: Spec, ink: str) -> Spec:
    written = {
        "xAxis": ("axisLabel", "nameTextStyle"),
        "yAxis": ("axisLabel", "nameTextStyle"),
        "legend": ("textStyle",),
        "visualMap": ("textStyle",),
    }
    inked = dict(spec)
    for part, texts in written.items():
        if part in spec:
            inked[part] = spec[part] | {t: {"color": ink} | spec[part].get(t, {}) for t in texts}
    inked["series"] = [_series_inked(one, ink) for one in spec["series"]]
    return inked


def _series_inked(series: Spec, ink: str) -> Spec:
    """A series with the colour of its labels, where it has none of its own; its data inherit it."""
    own = {k: {"color": ink, "textBorderWidth": 0} | series.get(k, {}) for k in ("label", "upperLabel")}
    if line := series.get("markLine"):
        own["markLine"] = line | {"label": {"color": ink} | line.get("label", {})}
    return series | own


@cache
def ink_on(color: str) -> str:
    """The letters that can be read on a colour: the darker or the lighter of two, whichever stands out more."""
    return max((LIGHT_TEXT, DARK_TEXT), key=lambda text: contrast(text, color))


def contrast(one: str, other: str) -> float:
    """How much brighter one colour (#rrggbb) is than the other, 1 to 21, as WCAG 2.2 measures it; 4.5 can be read."""
    bright, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@cache
def _luminance(color: str) -> float:
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def numbers(values: Sequence[float | None]) -> list[float | None]:
    """JSON knows no nan: a missing number is a gap in the line."""
    return [None if v is None or math.isnan(v) else round(float(v), 4) for v in values]


def base_spec(**more: Any) -> Spec:
    spec: Spec = {
        "aria": {"enabled": True},
        "animation": False,
        "tooltip": {"trigger": "axis"},
        "legend": {"top": 0, "type": "scroll"},
        "grid": {
            "left": 8,
            "right": 40,
            "top": 52,
            "bottom": 8,
            "containLabel": True,
        },  # a unit has its line under the legend
    }
    return spec | more


def commitment_bars(
    names: Sequence[str], paid: Sequence[float], due: Sequence[float], unfunded: Sequence[float], unit: str
) -> Spec:
    """Paid-in, called but unpaid, and what else may be called, fund by fund; the caller sorts (by unfunded, largest first)."""

    def bar(name: str, values: Sequence[float], color: str) -> Spec:
        return {
            "name": name,
            "type": "bar",
            "stack": "commitment",
            "data": numbers(values),
            "itemStyle": {"color": color},
            "barMaxWidth": 18,
        }

    return base_spec(
        xAxis={"type": "value", "name": unit, "nameLocation": "end", "nameTextStyle": {"align": "right"}},
        yAxis={
            "type": "category",
            "data": list(names),
            "inverse": True,
            "axisLabel": {"interval": 0, "width": 150, "overflow": "truncate"},
        },
        series=[
            bar(named("paid_in"), paid, PAID),
            bar(_("已通知未缴", "Called, unpaid"), due, DUE),
            bar(_("其余可通知未实缴", "Other callable unfunded"), unfunded, UNFUNDED),
        ],
    )


def j_curve(
    days: Sequence[str], net: Sequence[float], nav: Sequence[float | None], today: str, unit: str
) -> Spec:
    """Cumulative net cash flow as bars of a line, value above it, and a line at the as-of day."""
    total = [None if v is None or math.isnan(v) else n + v for n, v in zip(net, nav, strict=True)]
    return base_spec(
        xAxis={"type": "category", "data": list(days), "axisLabel": {"hideOverlap": True}},
        yAxis={"type": "value", "name": unit, "scale": False},
        series=[
            {
                "name": _("累计净现金流", "Cumulative net cash flow"),
                "type": "line",
                "data": numbers(net),
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
                "name": named("nav"),
                "type": "line",
                "data": numbers(nav),
                "showSymbol": False,
                "itemStyle": {"color": VALUE},
                "connectNulls": False,
            },
            {
                "name": _("净现金流加净值", "Net cash flow plus NAV"),
                "type": "line",
                "data": numbers(total),
                "showSymbol": False,
                "lineStyle": {"type": "dashed"},
                "itemStyle": {"color": RESIDUAL},
                "connectNulls": False,
            },
        ],
    )


Step = Literal["level", "rise", "fall", "residual"]
_STEPS: dict[Step, tuple[Text, str]] = {
    "level": (Text("余额", "Balance"), PAID),
    "rise": (Text("增加", "Increase"), VALUE),
    "fall": (Text("减少", "Decrease"), OUT),
    "residual": (figure("residual").text, RESIDUAL),
}


def bridge(lines: Sequence[tuple[str, float, str]], unit: str) -> Spec:
    """A value bridge of (name, amount, kind of statement line): opening and closing are levels, the others steps from one to
    the next, the residual in a colour of its own; a step across zero stands on both sides of it. Each says its amount."""
    stepped, running = [], 0.0
    for name, amount, kind in lines:
        level = kind in ("opening", "closing")
        start, running = (0.0, amount) if level else (running, running + amount)
        step: Step = (
            "level" if level else "residual" if kind == "residual" else "rise" if amount >= 0 else "fall"
        )
        stepped.append((name, amount, step, min(start, running), max(start, running)))

    def bar(name: str, color: str, values: Sequence[Any], **more: Any) -> Spec:
        style = {"color": color}
        return {
            "name": name,
            "type": "bar",
            "stack": "bridge",
            "data": list(values),
            "itemStyle": style,
            "barMaxWidth": 46,
            "labelLayout": {"hideOverlap": True},  # on a narrow screen; the table beneath has every amount
        } | more

    def piece(name: str, amount: float, low: float, high: float, above: bool) -> Spec:
        value = max(high, 0.0) - max(low, 0.0) if above else min(low, 0.0) - min(high, 0.0)
        labelled = above if high > 0 or low == 0 else not above
        return {
            "value": round(value, 4),
            "label": {
                "show": labelled,
                "position": "top" if above else "bottom",
                "formatter": amount_text(amount),
            },
            "tooltip": {"formatter": f"{html.escape(name)}<br>{amount_text(amount)} {html.escape(unit)}"},
        }

    unseen = {"tooltip": {"show": False}, "silent": True, "emphasis": {"disabled": True}}
    series = [
        bar("", "transparent", [round(max(low, 0.0), 4) for *_step, low, _high in stepped], **unseen),
        bar("", "transparent", [round(min(high, 0.0), 4) for *_step, high in stepped], **unseen),
    ]
    used = [step for step in _STEPS if any(s == step for _n, _a, s, _l, _h in stepped)]
    for step in used:
        text, color = _STEPS[step]
        for above in (True, False):
            pieces = [piece(n, a, low, high, above) if s == step else None for n, a, s, low, high in stepped]
            series.append(bar(str(text), color, pieces))
    return base_spec(
        tooltip={"trigger": "item"},
        grid={"left": 8, "right": 40, "top": 52, "bottom": 30, "containLabel": True},  # four lines of a name
        legend={"top": 0, "data": [str(_STEPS[step][0]) for step in used]},
        xAxis={
            "type": "category",
            "data": [name for name, *_step in stepped],
            "axisLabel": {
                "interval": 0,
                "hideOverlap": True,
                "width": (WIDE - 300) // max(len(stepped), 8),
                "overflow": "break",
                "fontSize": 10,
            },
        },
        yAxis={"type": "value", "name": unit},
        series=series,
    )


def amount_text(value: float) -> str:
    return f"{value:z,.2f}"


def vintage_bars(vintages: Sequence[str], dpi: Sequence[float], rvpi: Sequence[float]) -> Spec:
    """DPI and RVPI stacked to TVPI, vintage by vintage, with a line at 1."""
    return base_spec(
        grid={"left": 8, "right": 8, "top": 44, "bottom": 8, "containLabel": True},
        xAxis={
            "type": "category",
            "data": list(vintages),
            "axisLabel": {"hideOverlap": True, "fontSize": 10},
        },
        yAxis={"type": "value", "name": "x"},
        series=[
            {
                "name": named("dpi"),
                "type": "bar",
                "stack": "tvpi",
                "data": numbers(dpi),
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
                "name": named("rvpi"),
                "type": "bar",
                "stack": "tvpi",
                "data": numbers(rvpi),
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
) -> Spec:
    """A matrix of figures, (column, row, value); empty cells stay empty. Two tones around `middle`, no red.

    The tones reach as far as nine tenths of the figures do: a first year's rate does not bleach the rest.
    """
    known = [(c, r, v) for c, r, v in cells if not math.isnan(v)]
    far = sorted(abs(v - middle) for _c, _r, v in known)
    reach = (far[(len(far) - 1) * 9 // 10] if far else 1.0) or 1.0
    return base_spec(
        legend={"show": False},
        tooltip={"position": "top"},
        grid={"left": 8, "right": 28, "top": 40, "bottom": 8, "containLabel": True},
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
            "orient": "horizontal",
            "left": "center",
            "top": 0,
            "precision": 1,
            "itemHeight": 90,
            "itemWidth": 12,
            "inRange": {"color": ["#e9c46a", "#f4f1e6", "#8fb4dd"]},
            "text": [name, ""],
        },
        series=[
            {
                "name": name,
                "type": "heatmap",
                "encode": {"x": 0, "y": 1, "value": 2, "tooltip": 2},
                "data": [
                    {
                        "value": [c, r, round(v, 2), min(max(v, middle - reach), middle + reach)],
                        "label": {"formatter": f"{v:z.2f}"},
                    }
                    for c, r, v in known
                ],
                "label": {"show": True, "color": DARK_TEXT, "fontSize": 9},
            },
        ],
    )
