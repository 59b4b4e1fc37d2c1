"""Charts: the geometry of a bridge, what nodes and boxes say, and that letters can be read on what they stand on; headline figures."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fof.book.reading import Reason
from fof.figures.register import figure
from fof.ui import charts, stock_charts
from fof.ui.data import headline_of
from models.text import Text

amounts = st.integers(-900, 900).map(float)


def piled(spec: charts.Spec, place: int) -> list[tuple[str, float, float, str]]:
    """The coloured pieces over one name as the reader sees them: (series, from, to, colour), piled as ECharts piles bars:
    what is above zero on what is above zero, what is below on what is below."""
    above = below = 0.0
    pieces = []
    for series in spec["series"]:
        datum = series["data"][place]
        value = datum["value"] if isinstance(datum, dict) else datum
        if not value:
            continue
        start = above if value > 0 else below
        if value > 0:
            above += value
        else:
            below += value
        if series["itemStyle"]["color"] != "transparent":
            pieces.append((series["name"], start, start + value, series["itemStyle"]["color"]))
    return pieces


@given(amounts, st.lists(amounts, max_size=6), amounts)
def test_a_bridge_stands_between_its_running_totals_on_either_side_of_zero(
    opening: float, steps: list[float], closing: float
) -> None:
    totals = list(itertools.accumulate([opening, *steps]))
    residual = closing - totals[-1]
    lines = [("opening", opening, "opening"), *((str(n), step, "result") for n, step in enumerate(steps))]
    spec = charts.bridge(
        [*lines, ("residual", residual, "residual"), ("closing", closing, "closing")], "万元"
    )
    spans = [(0.0, opening), *itertools.pairwise([*totals, closing]), (0.0, closing)]
    for place, (start, end) in enumerate(spans):
        pieces = piled(spec, place)
        edges = sorted({edge for _name, a, b, _color in pieces for edge in (a, b)})
        assert sum(abs(b - a) for _name, a, b, _color in pieces) == pytest.approx(abs(end - start))
        if start != end:
            assert (edges[0], edges[-1]) == pytest.approx((min(start, end), max(start, end)))
    assert {color for *_piece, color in piled(spec, len(spans) - 2)} <= {charts.RESIDUAL}


def test_a_step_of_a_bridge_says_its_amount_and_the_residual_is_no_gain() -> None:
    spec = charts.bridge(
        [("期初", 100.0, "opening"), ("差异", 25.5, "residual"), ("期末", 125.5, "closing")], "万元"
    )
    assert spec["legend"]["data"] == ["余额", "差异"]
    labels = [
        datum["label"]["formatter"]
        for place in range(3)
        for series in spec["series"]
        if isinstance(datum := series["data"][place], dict) and datum["label"]["show"]
    ]
    assert labels == ["100.00", "25.50", "125.50"]


def test_names_from_outside_are_text_in_a_bridge() -> None:
    spec = charts.bridge([("<img src=x onerror=1>", 1.0, "opening")], "万元")
    text = str([series["data"] for series in spec["series"]])
    assert "<img" not in text
    assert "&lt;img" in text


def test_a_node_of_a_flow_says_what_passes_through_it() -> None:
    long = "示例龙江创业投资母基金管理公司"
    [series] = stock_charts.sankey(["a", "{b}", long], [("a", "{b}", 30.0), ("{b}", long, 12.5)], "万元")[
        "series"
    ]
    labels = [n["label"]["formatter"] for n in series["data"]]
    assert labels == ["a  30.00", "｛b}  30.00", "示例龙江创业投资母基金管…  12.50"]


def boxes(tree: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [box for group in tree for box in group["children"]]


def test_a_box_has_a_name_where_there_is_room_for_one() -> None:
    tree = [{"name": "产业", "children": [{"name": "大", "value": 98.0}, {"name": "小", "value": 2.0}]}]
    [series] = stock_charts.tree_map(tree, "万元", 400, 300)["series"]
    assert [box["label"]["show"] for box in boxes(series["data"])] == [True, False]
    wide = stock_charts.tree_map(tree, "万元", 1_000, 600)
    labels = [box["label"] for box in boxes(wide["series"][0]["data"])]
    assert labels[0]["show"]
    assert (
        "show" not in labels[1]
    )  # as the series says: on a wide screen there is room, on a narrow one there is none
    assert wide["series"][0]["label"]["show"]
    [narrow] = wide["media"]
    assert not narrow["option"]["series"][0]["label"]["show"]


def test_letters_in_a_box_can_be_read() -> None:
    tree = [
        {"name": str(n), "children": [{"name": "x", "value": 1.0}]} for n in range(len(charts.PALETTE) + 1)
    ]
    [series] = stock_charts.tree_map(tree, "", 400, 300)["series"]
    for group in series["data"]:
        for box in group["children"]:
            assert charts.contrast(box["label"]["color"], group["itemStyle"]["color"]) >= 4.5
    spec = charts.heat_map(["2020"], ["0"], [(0, 0, 1.0)], "TVPI", 1.0)
    for tone in spec["visualMap"]["inRange"]["color"]:
        assert charts.contrast(spec["series"][0]["label"]["color"], tone) >= 4.5


def test_letters_outside_can_be_read_on_either_background() -> None:
    assert charts.contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert charts.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)  # the example of WCAG
    assert charts.contrast(charts.INKS["light"], "#ffffff") >= 4.5
    assert charts.contrast(charts.INKS["dark"], "#12161c") >= 4.5


def test_the_last_line_of_a_statement_is_in_sight() -> None:
    """The framework's own height is ten rows; as tall as its content is one that does not scroll."""
    from fof.ui import widgets

    assert widgets._height("content", 40, whole=True) == {"height": "content"}
    assert widgets._height("content", 12, whole=False) == {"height": "content"}
    assert widgets._height("content", 13, whole=False) == {"height": 458}
    assert widgets._height(230, 5, whole=False) == {"height": 230}


def test_a_headline_has_its_words_unit_and_formula_from_the_register() -> None:
    """And the reason in place of the formula where there is no figure; `field=figure` under the record's own name."""
    why = Reason("no_notices", Text("没有出资通知", "no call notice"))
    record = {"called": None, "dpi": 1.5, "reach": float("nan"), "unknown": 3, "reasons": {"called": why}}
    made = headline_of(record, "called dpi reach unknown=companies_unknown", "万元")
    formulas = [str(figure(n).formula) for n in ("dpi", "reach", "companies_unknown")]
    assert made == [
        ("已通知", "—", "没有出资通知"),
        ("DPI", "1.50x", formulas[0]),
        ("触达率", "—", formulas[1]),
        ("阶段未知", "3", formulas[2]),
    ]
