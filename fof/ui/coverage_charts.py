"""Charts of lifecycle coverage: the matrix whose empty cells are the message, the cities as tiles, the curve of the wait.

The cities stand as a tile grid, one tile each about where they lie: no outline is drawn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fof.figures.register import members
from fof.ui.charts import DARK_TEXT, LIGHT_TEXT, PAID, Spec, base_spec, contrast, numbers
from fof.words import _
from models.kinds import City

EMPTY = "#f2c48d"
"""Of a cell in which nothing is: it asks for attention, and breaks no rule."""
_TONES = ("#e3edf7", "#b9d1ea", "#86aed8", "#4f86c0", PAID)
TILES: Mapping[City, tuple[int, int]] = {
    City.DAXINGANLING: (1, 0),
    City.HEIHE: (2, 1),
    City.QIQIHAR: (0, 2),
    City.YICHUN: (2, 2),
    City.HEGANG: (3, 2),
    City.JIAMUSI: (4, 2),
    City.DAQING: (0, 3),
    City.SUIHUA: (1, 3),
    City.HARBIN: (2, 3),
    City.QITAIHE: (3, 3),
    City.SHUANGYASHAN: (4, 3),
    City.MUDANJIANG: (3, 4),
    City.JIXI: (4, 4),
}
"""City -> column and row of its tile."""


def matrix(
    rows: Sequence[str],
    columns: Sequence[str],
    values: Mapping[tuple[int, int], float],
    texts: Mapping[tuple[int, int], str],
) -> Spec:
    """A matrix of every (column, row); what has no value is drawn as empty."""
    cells = [(c, r) for r in range(len(rows)) for c in range(len(columns))]
    return _tiles(cells, values, texts, list(columns), list(rows), axes_drawn=True)


def city_tiles(values: Mapping[City, float], texts: Mapping[City, str]) -> Spec:
    """The cities as tiles; those without a value are drawn as empty."""
    return _tiles(
        list(TILES.values()),
        {TILES[city]: value for city, value in values.items()},
        {TILES[city]: f"{members('cities')[city.value]}\n{texts.get(city, '0')}" for city in City},
        [str(n) for n in range(5)],
        [str(n) for n in range(5)],
        axes_drawn=False,
    )


def _tiles(
    cells: Sequence[tuple[int, int]],
    values: Mapping[tuple[int, int], float],
    texts: Mapping[tuple[int, int], str],
    columns: list[str],
    rows: list[str],
    *,
    axes_drawn: bool,
) -> Spec:
    most = max(values.values(), default=0.0) or 1.0
    data: list[dict[str, Any]] = []
    for cell in cells:
        value = values.get(cell, 0.0)
        tone = EMPTY if not value else _TONES[min(len(_TONES) - 1, int(value / most * len(_TONES)))]
        ink = DARK_TEXT if contrast(DARK_TEXT, tone) >= contrast(LIGHT_TEXT, tone) else LIGHT_TEXT
        data.append(
            {
                "value": [*cell, round(value, 4)],
                "itemStyle": {"color": tone},
                "label": {"formatter": texts.get(cell, "0"), "color": ink},
            }
        )
    axis: dict[str, Any] = {"type": "category", "show": axes_drawn, "axisTick": {"show": False}}
    return {
        "animation": False,
        "tooltip": {"show": False},
        "grid": {"left": 8, "right": 8, "top": 8, "bottom": 8, "containLabel": True},
        "xAxis": {
            **axis,
            "data": columns,
            "axisLabel": {"interval": 0, "overflow": "break", "width": 56},
            "position": "top",
        },
        "yAxis": {**axis, "data": rows, "axisLabel": {"interval": 0}, "inverse": True},
        "series": [
            {
                "type": "heatmap",
                "data": data,
                "itemStyle": {"borderColor": "#8a93a0", "borderWidth": 1},
                "label": {"show": True, "fontSize": 12, "lineHeight": 16},
                "emphasis": {"disabled": True},
            }
        ],
    }


STEPS_DRAWN = 200
"""Of a curve of steps: some five pixels each on a wide screen. More would not be seen, and each takes forty bytes."""


def waiting_curve(
    days: Sequence[float], left: Sequence[float], lower: Sequence[float], upper: Sequence[float]
) -> Spec:
    """The share that still waits for new money, by months after the move, with its band; of several steps closer than can be
    drawn the last."""
    most = max(days, default=0.0) or 1.0

    def line(name: str, values: Sequence[float], **more: Any) -> dict[str, Any]:
        reached = {int(d * STEPS_DRAWN / most): (d, v) for d, v in zip(days, values, strict=True)}
        points = [[0, 100.0], *([round(d / 30.4375, 2), _percent(v)] for d, v in reached.values())]
        return {"name": name, "type": "line", "step": "end", "showSymbol": False, "data": points, **more}

    thin = {"lineStyle": {"width": 1, "type": "dashed"}, "itemStyle": {"color": "#7a9cc6"}}
    return {
        "animation": False,
        "tooltip": {"trigger": "axis"},
        "legend": {"top": 0},
        "grid": {"left": 8, "right": 24, "top": 36, "bottom": 40, "containLabel": True},
        "xAxis": {
            "type": "value",
            "name": _("月", "months"),
            "nameLocation": "middle",
            "nameGap": 26,
            "min": 0,
        },
        "yAxis": {"type": "value", "name": "%", "min": 0, "max": 100},
        "series": [
            line(_("仍在等待", "Still waiting"), left, itemStyle={"color": PAID}),
            line(_("95% 下限", "95 % lower"), lower, **thin),
            line(_("95% 上限", "95 % upper"), upper, **thin),
        ],
    }


def money_line(days: Sequence[str], lines: Mapping[str, Sequence[float]]) -> Spec:
    """Amounts by day, a line each; a missing amount is a gap."""
    colors = (PAID, "#c98a2b")
    return base_spec(
        xAxis={"type": "category", "data": list(days)},
        yAxis={"type": "value", "min": 0},
        series=[
            {
                "name": name,
                "type": "line",
                "data": numbers(values),
                "itemStyle": {"color": color},
            }
            for (name, values), color in zip(lines.items(), colors, strict=False)
        ],
    )


def _percent(value: float) -> float | None:
    return None if value != value else round(100 * value, 2)
