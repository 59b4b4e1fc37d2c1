"""Charts of money on its way and of what is held by group: Sankey, tree map."""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Sequence

from fof.ui.charts import BESIDE, NARROW, PALETTE, Spec, amount_text, ink_on


def sankey(nodes: Sequence[str], links: Sequence[tuple[str, str, float]], unit: str) -> Spec:
    """Flows of a period from left to right, each node with what passes through it; node names must differ."""
    through = {
        n: max(sum(v for a, _b, v in links if a == n), sum(v for _a, b, v in links if b == n)) for n in nodes
    }
    return {
        "aria": {"enabled": True},
        "animation": False,
        "color": list(PALETTE),
        "tooltip": {"trigger": "item"},
        "series": [
            {
                "type": "sankey",
                "data": [
                    {
                        "name": n,
                        "itemStyle": {"color": PALETTE[i % len(PALETTE)]},
                        "label": {"formatter": f"{_short(n)}  {amount_text(through[n])}"},
                    }
                    for i, n in enumerate(nodes)
                ],
                "nodeAlign": "justify",
                "right": 210,
                "left": 8,
                "top": 8,
                "bottom": 8,
                "nodeGap": 16,
                "links": [{"source": a, "target": b, "value": round(v, 2)} for a, b, v in links if v > 0],
                "lineStyle": {"color": "gradient", "opacity": 0.4},
                "name": unit,
            }
        ],
    }


def _short(name: str, most: int = 24) -> str:
    """As much of a name as `most` letters take, a Chinese character being as wide as two; no brace, which means something."""
    ends = itertools.accumulate(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in name)
    room = sum(end <= most for end in ends)
    return (name if room == len(name) else f"{name[:room]}…").replace("{", "｛")


LABELLED = 5_000
"""Square pixels of a box of a tree map that has room for some characters of its name."""


def tree_map(tree: Sequence[Spec], unit: str, width: int, height: int) -> Spec:
    """Stock by group: nested {name, value, children}. width, height: of the chart on a wide screen, in pixels; a box too small
    for more than a character of its name has none, on a narrow screen neither has one that is too small there; the pointer
    says it."""
    total = sum(_size(group) for group in tree) or 1.0
    small, least = (LABELLED / (wide * height) * total for wide in (width, min(width, NARROW)))

    def boxed(box: Spec, color: str) -> Spec:
        room = _size(box)
        always = {"show": room >= small} if room < small or room >= least else {}  # else what the series says
        inside = {"children": [boxed(c, color) for c in box["children"]]} if "children" in box else {}
        return (
            box | {"label": {"color": ink_on(color)} | always, "upperLabel": {"height": 22} | always} | inside
        )

    hidden = {"label": {"show": False}, "upperLabel": {"show": False}}
    return {
        "media": [{"query": {"maxWidth": BESIDE - 10}, "option": {"series": [hidden]}}],
        "aria": {"enabled": True},
        "animation": False,
        "color": list(PALETTE),
        "tooltip": {"trigger": "item"},
        "series": [
            {
                "type": "treemap",
                "name": unit,
                "data": [
                    boxed(group, color) | {"itemStyle": {"color": color}}
                    for group, color in zip(tree, itertools.cycle(PALETTE), strict=False)
                ],
                "roam": False,
                "nodeClick": False,
                "breadcrumb": {"show": False},
                "leafDepth": 2,
                "label": {"show": True},
                "upperLabel": {"show": True, "height": 22},
                "levels": [{"upperLabel": {"show": True}}],  # of the whole: the unit, on a narrow screen too
                "top": 4,
                "left": 4,
                "right": 4,
                "bottom": 4,
            }
        ],
    }


def _size(box: Spec) -> float:
    return sum(map(_size, box["children"])) if "children" in box else float(box["value"])
