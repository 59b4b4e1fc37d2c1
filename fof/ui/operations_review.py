"""Parts of the operations page that look: fees beside the terms, what a quarter lacks, clocks."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from fof import words
from fof.errors import FofError
from fof.ledger import View
from fof.operations.clocks import clocks as clocks_of
from fof.operations.closes import checklist, close_quarter, closes
from fof.operations.fees import fee_run, phase_text
from fof.portfolios import Portfolio
from fof.stakes import quarter_ends
from fof.ui import data, frame, operations, widgets
from fof.ui.widgets import Column
from fof.words import _


def fees(view: View, codes: Sequence[str]) -> None:
    """The fee by the terms beside what was charged."""
    run = fee_run(view, operations.fund_box(view, "fee_fund", codes))
    unit = frame.choice().unit
    for missing in run.missing:
        st.warning(data.said(missing), icon=":material/block:")
    widgets.headline(
        [
            (_("按条款"), words.amount(run.computed, unit), None),
            (_("已收"), words.amount(run.charged, unit), None),
            (_("多收"), words.amount(run.difference, unit), _("按季后付时差额会跨季，以合计为准")),
        ]
    )
    if run.quarters:
        widgets.table(
            _("管理费核对"),
            [
                {"start": q.start, "end": q.end, "phase": phase_text(q, words.language()), "computed": q.computed, "charged": q.charged,
                 "difference": q.difference, "note": data.said(q.note) or ""}
                for q in reversed(run.quarters)
            ],
            [
                Column("start", _("起"), "day"), Column("end", _("止"), "day"), Column("phase", _("阶段与基数"), width="medium"),
                Column("computed", _("按条款"), "money"), Column("charged", _("已收"), "money"), Column("difference", _("差额"), "money"),
                Column("note", _("说明"), width="medium"),
            ],
            "fee_table",
        )  # fmt: skip


def quarter(view: View, portfolio: Portfolio) -> None:
    """What a quarter lacks; closing it."""
    chosen = frame.choice()
    ends = quarter_ends(chosen.as_of.replace(year=chosen.as_of.year - 2), chosen.as_of)[::-1]
    end = st.selectbox(_("季度末"), ends, key="quarter_end", width=180)
    found = checklist(view, portfolio, end)
    if found:
        chinese = words.language() == "zh"
        widgets.table(
            _("季度检查"),
            [
                {"fund": view.name(m.fund), "note": m.zh if chinese else m.en, "investor": view.name(m.investor) if m.investor else words.DASH, "fen": m.fen}
                for m in found
            ],
            [
                Column("fund", _("基金"), width="medium", pinned=True), Column("note", _("缺失"), width="large"), Column("investor", _("出资人"), width="medium"),
                Column("fen", _("金额"), "money"),
            ],
            "quarter_table",
        )  # fmt: skip
    else:
        st.success(_("本季度没有缺失。"), icon=":material/check_circle:")
    st.caption(
        _("结账不冻结任何内容，只记下本季度报表所依据的分录。") + f" {_('已知至分录')} {chosen.known_at}"
    )
    reason = st.text_input(_("有缺失仍结账的理由"), key="close_reason") if found else ""
    if st.button(_("结账"), key="close_book"):
        try:
            booked = close_quarter(frame.database(), frame.actor(), portfolio, end, chosen.known_at, reason)
            st.success(f"{_('已登记分录')} {booked.entries or [a.entry for a in booked.already]}")
        except FofError as error:
            st.error(str(error), icon=":material/warning:")
    past = [c for c in closes(view) if c.portfolio == portfolio.code]
    if past:
        widgets.table(
            _("已结账"),
            [{"end": c.quarter_end, "known_at": c.known_at, "by": c.closed_by, "open": c.open_items, "reason": c.reason, "entry": c.entry} for c in past],
            [
                Column("end", _("季度末"), "day"), Column("known_at", _("已知至分录"), "int"), Column("by", _("登记 / 复核")), Column("open", _("缺失"), "int"),
                Column("reason", _("原因"), width="medium"), Column("entry", _("分录"), "int"),
            ],
            "closes_table",
        )  # fmt: skip


def clocks(view: View, portfolio: Portfolio) -> None:
    """What must have happened by when."""
    found = clocks_of(view, portfolio)
    if not found:
        st.caption(_("没有运行中的期限。"))
        return
    chinese = words.language() == "zh"
    widgets.table(
        _("期限"),
        [
            {"fund": view.name(c.fund), "clock": c.zh if chinese else c.en, "started": c.started_on or words.DASH, "due": c.due_on, "left": c.days_left,
             "reached": _("已触发") if c.reached else ""}
            for c in found
        ],
        [
            Column("fund", _("基金"), width="medium", pinned=True), Column("clock", _("期限"), width="medium"), Column("started", _("起算日"), "day"),
            Column("due", _("日期"), "day"), Column("left", _("剩余天数"), "int"), Column("reached", _("状态")),
        ],
        "clock_table",
    )  # fmt: skip
