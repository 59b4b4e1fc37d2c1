"""The money of a year: from investors to companies, and back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import streamlit as st

from fof import words
from fof.book.portfolios import Portfolio
from fof.figures.money_flows import Link, Node, money_flows, years
from fof.ledger import View
from fof.ui import charts, cited, frame, say, stock_charts, widgets
from fof.ui.labels import named
from fof.words import _
from models.text import Text


def panel(view: View, portfolio: Portfolio, chosen: frame.Choice) -> None:
    """A year's two Sankey charts and the table behind them."""
    known = years(view, portfolio)
    if not known:
        say.caption(_("还没有现金流。", "No cash flows yet."))
        return
    years_known = [str(y) for y in known]
    key = cited.choice("year", years_known, years_known[0], what=Text("有现金流的年度", "year with money"))
    year = int(st.selectbox(named("year"), years_known, key=key, width=140))
    end = min(dt.date(year, 12, 31), chosen.as_of)
    every = money_flows(view, portfolio, dt.date(year, 1, 1), end)
    for flows in every:
        unit = words.unit_name(chosen.unit, flows.currency)
        own = "" if len(every) == 1 else f" · {unit}"
        for title, note, links in (
            (
                _("出资去向", "Where paid-in money went"),
                _(
                    "出资人 → 基金（按策略） → 企业（按阶段）与费用",
                    "Investors → funds by strategy → companies by stage, and fees",
                ),
                flows.paid_in,
            ),
            (
                _("回款去向", "Where returned money went"),
                _("退出与收益 → 基金（按策略） → 出资人", "Exits and income → funds by strategy → investors"),
                flows.paid_out,
            ),
        ):
            widgets.section(f"{title} {flows.start} – {flows.end}{own}", note)
            if not links:
                say.caption(_("这一期没有。", "None in this period."))
                continue
            _chart(links, chosen, unit)
            _table(f"{title} {flows.start} – {flows.end}{own}", links, flows.currency, f"flows_{title}{own}")


def _table(title: str, links: Sequence[Link], currency: str, key: str) -> None:
    widgets.table(
        title,
        [
            {
                "source": _node_text(x.source),
                "target": _node_text(x.target),
                "fen": x.fen,
                "currency": currency,
            }
            for x in links
        ],
        "source=from target=to fen=amount",
        key,
    )


def _node_text(node: Node) -> str:
    return str(node.text)


def _chart(links: Sequence[Link], chosen: frame.Choice, unit: str) -> None:
    """Two groups of one name (other investors, other strategies) stay two nodes: the name of the second is padded."""
    names: dict[Node, str] = {}
    for node in dict.fromkeys(n for x in links for n in (x.source, x.target)):
        name = _node_text(node)
        while name in names.values():
            name += "\u200b"
        names[node] = name
    charts.draw(
        stock_charts.sankey(
            list(names.values()),
            [(names[x.source], names[x.target], words.in_unit(x.fen, chosen.unit)) for x in links],
            unit,
        ),
        max(260, 48 * max(len({x.source for x in links}), len({x.target for x in links}))),
        _("资金流向", "Money flows"),
        unit,
    )
