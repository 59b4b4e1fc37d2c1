"""Overview: where the portfolio stands, what is due, what is late, and how its vintages do."""

import streamlit as st

from fof import words
from fof.book.perspective import whose
from fof.figures import overview as summary
from fof.figures.performance import GROUPINGS, english_label, performance
from fof.ui import (
    charts,
    cited,
    data,
    disclosed,
    duties,
    explained,
    frame,
    say,
    stock_charts,
    table_rows,
    vintages,
    widgets,
)
from fof.ui.labels import named
from fof.words import _
from models.text import Text

MENU = (10, ("组合", "Portfolio"), ("总览", "Overview"))

GROUPS = ["fund", "vintage", "strategy", "city", "manager", "class"]
chosen = frame.choice()
view = frame.view(chosen)
portfolio = frame.portfolio()

widgets.heading()
if portfolio is None or not portfolio.funds:
    widgets.to_import(
        _(
            "账中还没有基金。先导入主体、基金与认缴，或运行 fof seed demo 载入示例。",
            "The book has no funds yet. Import parties, funds and commitments, or load the demo with fof seed demo.",
        )
    )
    cited.finish()

funds = performance(view, portfolio)
total = funds.total
for own in widgets.each_currency(total):
    widgets.subtotal(own)
    widgets.headline(
        [
            *data.headline_of(own, "committed paid_in", chosen.unit),
            (
                named("unfunded_callable"),
                words.amount(own.unfunded_callable, chosen.unit),
                data.lapsed_note(own, chosen.unit),
            ),
            *data.headline_of(own, "distributed", chosen.unit),
            (
                named("nav"),
                words.amount(own.nav.fen, chosen.unit),
                data.value_note(own.nav, several=data.of_several(own)),
            ),
            *data.headline_of(own, "dpi tvpi", chosen.unit),
            data.headline_rate(own.irr),
        ]
    )
    if registered := data.registered_note(own, chosen.unit):
        say.caption(registered)
    if own.nav.missing:
        share = (
            _("（占已实缴 {}）", " (share of paid-in {})").format(words.percent(own.known.share))
            if own.known
            else ""
        )
        say.caption(
            f"{_('没有净值报告：', 'No statement of value: ')}{words.listed(own.nav.missing[:8])}{'……' if len(own.nav.missing) > 8 else ''}{share}"
        )
    if own.known:
        part = own.known.figures
        say.caption(
            f"{_('仅有净值的部分，不代表合计：', 'Only the part that has a value, not the whole: ')}{named('nav')} {words.amount(part.nav.fen, chosen.unit)} · "
            f"DPI {words.multiple(part.dpi)} · RVPI {words.multiple(part.rvpi)} · TVPI {words.multiple(part.tvpi)} · "
            f"IRR {data.rate_text(part.irr)}"
        )

say.caption(data.perspective(view, whose(portfolio, "portfolio"), "net", total.pairs))
explained.headline(view, portfolio)
attention = frame.attention(chosen)
on_day = data.portfolio(attention, chosen.portfolio, chosen.currency) or portfolio
duties.duties(attention, summary.overview(attention, on_day), chosen)

left, right = st.columns([3, 2], gap="medium")
with left:
    vintages.panel(view, portfolio)
with right:
    widgets.section(
        _("按策略", "By strategy"),
        _("面积为净值；每种币种一张图", "Area is net asset value; one chart for each currency"),
    )
    strategy = GROUPINGS["strategy"]
    valued = [(r, {strategy(view, fund, -1) for fund in r.funds}) for r in funds.rows if r.nav.fen]
    if not valued:
        say.caption(_("还没有净值。", "No net asset value yet."))
    height = 320 if portfolio.currency else 200
    for currency in portfolio.currencies:
        own = [(r, groups) for r, groups in valued if r.funds and r.currency == currency]
        if not own:
            continue
        tree = []
        for key, label in sorted(set().union(*(groups for _, groups in own))):
            boxes = [
                {"name": r.label, "value": round(words.in_unit(r.nav.fen, chosen.unit), 2)}
                for r, groups in own
                if groups == {(key, label)}
            ]
            name = str(Text(label, english_label("strategy", key, label)))
            tree.append({"name": name, "children": boxes})
        unit = words.unit_name(chosen.unit, currency)
        charts.draw(
            stock_charts.tree_map([t for t in tree if t["children"]], unit, charts.BESIDE, height),
            height,
            _("按策略", "By strategy"),
            unit,
        )

widgets.section(_("各基金", "Funds"))
by = st.segmented_control(
    named("by"),
    GROUPS,
    required=True,
    key=cited.choice("by", GROUPS, "fund", what=Text("分组", "grouping")),
    label_visibility="collapsed",
    format_func={
        "fund": named("fund"),
        "vintage": named("vintage"),
        "strategy": _("策略", "Strategy"),
        "city": _("市（地）", "City"),
        "manager": _("管理人", "Manager"),
        "class": named("loss_class"),
    }.__getitem__,
)
table = funds if by in ("fund", None) else performance(view, portfolio, str(by))
widgets.table(
    _("各基金", "Funds"),
    [table_rows.returns(view, portfolio, own) for r in table.rows for own in r.each],
    "label committed paid_in distributed nav nav_age_days dpi rvpi tvpi irr note",
    "overview_table",
    explain=explained.performance(view, portfolio),
    cite=widgets.Cited("open", lambda r: f"{r['record'].by}:{r['record'].key}"),
)
disclosed.links()
