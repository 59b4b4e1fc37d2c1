"""Overview: where the portfolio stands, what is due, what is late, and how its vintages do."""

import streamlit as st

from fof import words
from fof.book.perspective import whose
from fof.figures import overview as summary
from fof.figures.performance import performance
from fof.ui import charts, cited, data, disclosed, explained, frame, panels, rows, say, vintages, widgets
from fof.ui.addresses import page
from fof.ui.widgets import Column
from fof.words import _

GROUPS = ["fund", "vintage", "strategy", "city", "manager", "class"]
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
    cited.finish()

funds = performance(view, portfolio)
total = funds.total
for own in widgets.each_currency(total):
    widgets.subtotal(own)
    widgets.headline(
        [
            (_("认缴"), words.amount(own.committed, chosen.unit), data.reason(own, "committed")),
            (_("已实缴"), words.amount(own.paid_in, chosen.unit), data.reason(own, "paid_in")),
            (
                _("可通知未实缴"),
                words.amount(own.unfunded_callable, chosen.unit),
                data.lapsed_note(own, chosen.unit),
            ),
            (_("已分配"), words.amount(own.distributed, chosen.unit), data.reason(own, "distributed")),
            (_("净值"), words.amount(own.nav.fen, chosen.unit), data.value_note(own.nav)),
            ("DPI", words.multiple(own.dpi), data.reason(own, "dpi")),
            ("TVPI", words.multiple(own.tvpi), data.reason(own, "tvpi")),
            ("IRR", data.rate_text(own.irr), data.rate_note(own.irr)),
        ]
    )
    if own.nav.missing:
        share = f"（{_('占已实缴')} {words.percent(own.known.share)}）" if own.known else ""
        say.caption(
            f"{_('没有净值报告：')}{'、'.join(own.nav.missing[:8])}{'……' if len(own.nav.missing) > 8 else ''}{share}"
        )
    if own.known:
        part = own.known.figures
        say.caption(
            f"{_('仅有净值的部分，不代表合计：')}{_('净值')} {words.amount(part.nav.fen, chosen.unit)} · "
            f"DPI {words.multiple(part.dpi)} · RVPI {words.multiple(part.rvpi)} · TVPI {words.multiple(part.tvpi)} · "
            f"IRR {data.rate_text(part.irr)}"
        )

say.caption(data.perspective(view, whose(portfolio, "portfolio"), "net", total.pairs))
explained.headline(view, portfolio)
attention = frame.attention(chosen)
on_day = data.portfolio(attention, chosen.portfolio, chosen.currency) or portfolio
panels.duties(attention, summary.overview(attention, on_day), chosen)

left, right = st.columns(2, gap="medium")
with left:
    vintages.panel(view, portfolio)
with right:
    widgets.section(_("按策略"), _("面积为净值；每种币种一张图"))
    strategies = performance(view, portfolio, "strategy").rows
    for currency in portfolio.currencies:
        valued = [(r, r.funds) for r in funds.rows if r.funds and r.nav.fen and r.currency == currency]
        tree = []
        for group in strategies:
            inside = set(group.funds)
            boxes = [
                {"name": r.label, "value": round(words.in_unit(r.nav.fen, chosen.unit), 2)}
                for r, members in valued
                if inside.issuperset(members)
            ]
            tree.append({"name": rows.group_name(group), "children": boxes})
        unit = words.unit_name(chosen.unit, currency)
        st.echarts_chart(
            charts.tree_map([t for t in tree if t["children"]], unit),
            height=320 if portfolio.currency else 200,
            alt=charts.described(_("按策略"), unit),
        )

widgets.section(_("各基金"))
by = st.segmented_control(
    _("分组"), GROUPS, required=True,
    key=cited.choice("by", GROUPS, "fund", what=("分组", "grouping")), label_visibility="collapsed",
    format_func={
        "fund": _("基金"), "vintage": _("成立年份"), "strategy": _("策略"), "city": _("市（地）"), "manager": _("管理人"), "class": _("类别"),
    }.__getitem__,
)  # fmt: skip
table = funds if by == "fund" else performance(view, portfolio, str(by))
widgets.table(
    _("各基金"),
    [rows.performance(own) for r in table.rows for own in r.each],
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
    cite=widgets.Cited("open", lambda r: f"{r['record'].by}:{r['record'].key}"),
)
disclosed.links()
