"""Overview: where the portfolio stands, what is due, what is late, and how its vintages do."""

import streamlit as st

from fof import overview as summary
from fof import words
from fof.performance import performance
from fof.ui import charts, data, disclosed, explained, frame, panels, rows, vintages, widgets
from fof.ui.addresses import page
from fof.ui.widgets import Column
from fof.words import _

chosen = frame.choice()
view = frame.view(chosen)
portfolio = frame.portfolio()

widgets.heading(_("总览"))
if portfolio is None or not portfolio.funds:
    widgets.empty(
        _("账中还没有基金。先导入主体、基金与认缴，或运行 fof seed demo 载入示例。"),
        page("intake"),
        _("去导入"),
    )
    st.stop()

funds = performance(view, portfolio)
total = funds.total
widgets.headline(
    [
        (_("认缴"), words.amount(total.committed, chosen.unit), data.reason(total, "committed")),
        (_("已实缴"), words.amount(total.paid_in, chosen.unit), data.reason(total, "paid_in")),
        (_("未实缴"), words.amount(total.unfunded, chosen.unit), data.reason(total, "unfunded")),
        (_("已分配"), words.amount(total.distributed, chosen.unit), data.reason(total, "distributed")),
        (_("净值"), words.amount(total.nav.fen, chosen.unit), data.value_note(total.nav)),
        ("DPI", words.multiple(total.dpi), data.reason(total, "dpi")),
        ("TVPI", words.multiple(total.tvpi), data.reason(total, "tvpi")),
        ("IRR", data.rate_text(total.irr), data.rate_note(total.irr)),
    ]
)
if total.nav.missing:
    share = f"（{_('占已实缴')} {words.percent(total.known.share)}）" if total.known else ""
    st.caption(
        f"{_('没有净值报告：')}{'、'.join(total.nav.missing[:8])}{'……' if len(total.nav.missing) > 8 else ''}{share}"
    )
if total.known:
    part = total.known.figures
    st.caption(
        f"{_('仅有净值的部分，不代表合计：')}{_('净值')} {words.amount(part.nav.fen, chosen.unit)} · "
        f"DPI {words.multiple(part.dpi)} · RVPI {words.multiple(part.rvpi)} · TVPI {words.multiple(part.tvpi)} · "
        f"IRR {data.rate_text(part.irr)}"
    )

explained.headline(view, portfolio)
due = summary.overview(view, portfolio)
panels.duties(view, due, chosen)

left, right = st.columns(2, gap="medium")
with left:
    vintages.panel(view, portfolio)
with right:
    widgets.section(_("按策略"), _("面积为净值"))
    strategies = performance(view, portfolio, "strategy").rows
    valued = [(r, r.funds) for r in funds.rows if r.funds and r.nav.fen]
    tree = []
    for group in strategies:
        inside = set(group.funds)
        boxes = [
            {"name": r.label, "value": round(words.in_unit(r.nav.fen, chosen.unit), 2)}
            for r, own in valued
            if inside.issuperset(own)
        ]
        tree.append({"name": rows.group_name(group), "children": boxes})
    st.echarts_chart(
        charts.tree_map([t for t in tree if t["children"]], words.unit_name(chosen.unit, chosen.currency)),
        height=320,
        alt=charts.described(_("按策略"), chosen.unit),
    )

widgets.section(_("各基金"))
by = st.segmented_control(
    _("分组"), ["fund", "vintage", "strategy", "city", "manager", "class"], default="fund", key="overview_by", bind="query-params",
    required=True, label_visibility="collapsed",
    format_func={
        "fund": _("基金"), "vintage": _("成立年份"), "strategy": _("策略"), "city": _("市（地）"), "manager": _("管理人"), "class": _("类别"),
    }.__getitem__,
)  # fmt: skip
table = funds if by == "fund" else performance(view, portfolio, str(by))
widgets.table(
    _("各基金"),
    [rows.performance(r) for r in table.rows],
    [
        Column("label", _("名称"), width="medium", pinned=True),
        Column("committed", _("认缴"), "money", "committed"),
        Column("paid_in", _("已实缴"), "money", "paid_in"),
        Column("distributed", _("已分配"), "money", "distributed"),
        Column("nav", _("净值"), "money", "nav"),
        Column("age", _("报告日距今（天）"), "int"),
        Column("dpi", "DPI", "multiple", "dpi"),
        Column("rvpi", "RVPI", "multiple", "rvpi"),
        Column("tvpi", "TVPI", "multiple", "tvpi"),
        Column("irr", "IRR", "percent", "irr"),
        Column("note", _("说明"), width="medium"),
    ],
    "overview_table",
    explain=explained.performance(view, portfolio),
)
disclosed.links()
