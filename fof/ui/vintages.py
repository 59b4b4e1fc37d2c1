"""The vintages of a portfolio: where they stand, and how they got there year by year of their life."""

from __future__ import annotations

import math

import streamlit as st

from fof.book.portfolios import Portfolio
from fof.figures.performance import performance
from fof.figures.performance.ages import Figure, by_age
from fof.ledger import View
from fof.ui import charts, cited, say, widgets
from fof.words import _
from models.text import Text

HEIGHT = 320
_FIGURES: tuple[Figure, ...] = ("tvpi", "dpi", "irr")


def panel(view: View, portfolio: Portfolio) -> None:
    """Bars of today's multiples, or the matrix of vintage by age; one of them is drawn."""
    widgets.section(
        _("按成立年份", "By vintage"),
        _(
            "柱：DPI 加 RVPI 等于 TVPI，虚线为一倍。矩阵：每一成立年份在各年年末的数，末格为截至日",
            "Bars: DPI plus RVPI is TVPI; the dotted line is 1.0x. Matrix: each vintage at every year end, the last cell on the as-of day",
        ),
    )
    names = {
        "now": _("现状", "Now"),
        "tvpi": _("TVPI × 年龄", "TVPI × age"),
        "dpi": _("DPI × 年龄", "DPI × age"),
        "irr": _("IRR × 年龄", "IRR × age"),
    }
    chosen = st.segmented_control(
        _("成立年份图", "Vintage chart"),
        list(names),
        key=cited.choice("vintages", list(names), "now", what=Text("图", "chart")),
        required=True,
        label_visibility="collapsed",
        format_func=names.__getitem__,
    )
    if chosen in _FIGURES:
        _matrix(view, portfolio, chosen)
    else:
        _bars(view, portfolio)


def _bars(view: View, portfolio: Portfolio) -> None:
    every = [own for r in performance(view, portfolio, "vintage").rows for own in r.each]
    vintages = [r for r in every if not math.isnan(r.tvpi)]
    several = len(portfolio.currencies) > 1
    if not vintages:
        say.caption(_("还没有可比的倍数。", "No multiples to compare yet."))
        return
    charts.draw(
        charts.vintage_bars(
            [f"{r.label} {r.currency}" if several else r.label for r in vintages],
            [r.dpi for r in vintages],
            [r.rvpi for r in vintages],
        ),
        HEIGHT,
        _("按成立年份", "By vintage"),
    )


def _matrix(view: View, portfolio: Portfolio, figure: Figure) -> None:
    ages = by_age(view, portfolio, figure)
    rate = figure == "irr"
    cells = [
        (age, row, 100 * float(value) if rate else float(value))
        for row, values in enumerate(ages.values)
        for age, value in enumerate(values)
        if not math.isnan(value)
    ]
    if not cells:
        say.caption(_("还没有可比的倍数。", "No multiples to compare yet."))
        return
    name = "IRR %" if rate else figure.upper()
    charts.draw(
        charts.heat_map(
            [
                f"{v} {code}" if len(portfolio.currencies) > 1 else str(v)
                for v, code in zip(ages.vintages, ages.currencies, strict=True)
            ],
            [str(a) for a in ages.ages],
            cells,
            name,
            0.0 if rate else 1.0,
        ),
        max(HEIGHT, 60 + 22 * len(ages.vintages)),
        _("{} · 成立年份 × 年龄（{}）", "{} · Vintage × Age ({})").format(name, "100%" if rate else "1.00x"),
    )
