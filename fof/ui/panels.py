"""Parts of pages that stand for one result: a statement, a list of duties, terms, documents."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

from fof import words
from fof.ledger import View
from fof.stakes import stakes
from fof.statements import Item, Statement
from fof.ui import charts, data, frame, widgets
from fof.ui.widgets import Column
from fof.words import _


def investors(view: View, fund: int) -> list[int]:
    """Who has, or had, a stake in a fund, largest commitment first."""
    own = stakes(view).of(None, {fund})
    return [int(i) for i in own.investor[np.argsort(-own.committed, kind="stable")]]


def _name(item: Item) -> str:
    return item.zh if words.language() == "zh" else item.en


def statement(found: Statement, chosen: frame.Choice, *, chart: bool, key: str, view: View) -> None:
    """A capital account or value bridge: the lines, how they close, and the chart."""
    note = data.said(found.note)
    if not found.items:
        st.info(note or _("期初或期末没有净值，报表无法编制。"), icon="📄")
        st.caption(
            f"{_('期初')} {data.value_note(found.opening)}　{_('期末')} {data.value_note(found.closing)}"
        )
        return
    if chart:
        st.echarts_chart(
            charts.bridge(
                [_name(i) for i in found.items],
                [words.in_unit(i.fen, chosen.unit) for i in found.items],
                words.unit_name(chosen.unit, chosen.currency),
            ),
            height=360,
            alt=charts.described(_("净值桥"), chosen.unit),
        )
    lines = [{"line": _name(i), "fen": i.fen, "count": len(i.places) or None, "item": i} for i in found.items]
    widgets.table(
        f"{view.name(found.fund)} · {found.start} – {found.end}",
        lines,
        [
            Column("line", _("项目"), width="large", pinned=True),
            Column("fen", _("金额"), "money"),
            Column("count", _("笔数"), "int"),
        ],
        key,
    )
    closes = (
        _("期初加各项等于期末，分毫不差") if not found.residual else _("报告期末值与逐项合计的差额单列为差异")
    )
    st.caption("；".join(p for p in (closes, note, f"{_('期末')} {data.value_note(found.closing)}") if p))


def entry_link(entry: int) -> None:
    """A link to an entry of the journal."""
    st.page_link("fof/ui/pages/journal.py", label=f"{_('分录')} {entry}", query_params={"entry": str(entry)})


def record_table(
    title: str, found: list[dict[str, Any]], columns: list[Column], key: str, nothing: str
) -> None:
    """A table, or one line that says there is nothing."""
    widgets.section(title)
    if found:
        widgets.table(title, found, columns, key)
    else:
        st.caption(nothing)
