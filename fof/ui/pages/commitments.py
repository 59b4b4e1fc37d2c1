"""Commitments and drawdowns: what is promised, called, paid, overdue and still to come, by fund and by investor."""

import streamlit as st

from fof import words
from fof.book.perspective import whose
from fof.figures.commitments import callable_parts, commitments
from fof.ui import charts, cited, data, explained, frame, money_flows, panels, say, widgets
from fof.ui.labels import named
from fof.words import _

MENU = (20, ("组合", "Portfolio"), ("认缴与缴款", "Commitments and calls"))

chosen = frame.choice()
view = frame.view(chosen)
portfolio = frame.portfolio()

widgets.heading()
if portfolio is None or not portfolio.funds:
    panels.no_funds()

by = st.segmented_control(
    _("列示", "List by"),
    ["fund", "investor", "stake"],
    key=cited.choice("by", ["fund", "investor", "stake"], "fund"),
    required=True,
    format_func={
        "fund": _("按基金", "By fund"),
        "investor": _("按出资人", "By investor"),
        "stake": _("逐笔份额", "Stake by stake"),
    }.__getitem__,
)
side = st.segmented_control(
    named("side"),
    ["portfolio", "fund"],
    key=cited.choice("side", ["portfolio", "fund"], "portfolio"),
    required=True,
    format_func={
        "portfolio": _("本组合的份额", "The portfolio's own stakes"),
        "fund": _("基金的全部出资人", "All investors of the funds"),
    }.__getitem__,
)
figures = commitments(view, portfolio, str(by or "fund"), "fund" if side == "fund" else "portfolio")
for own in widgets.each_currency(figures.total):
    widgets.subtotal(own)
    names = "committed called paid_in overdue unfunded_callable unfunded_lapsed paid_in_rate"
    widgets.headline(data.headline_of(own, names, chosen.unit))

say.caption(
    data.perspective(
        view, whose(portfolio, "portfolio", whole=figures.side == "fund"), None, figures.total.pairs
    )
)
rows = sorted((own for r in figures.rows for own in r.each), key=lambda r: -(r.unfunded_callable or 0))

for currency in portfolio.currencies:
    top = [r for r in rows if r.committed and r.currency == currency][:24]
    if not top:
        continue
    unit = words.unit_name(chosen.unit, currency)
    parts = [callable_parts(view, r) for r in top]
    widgets.section(
        _("按未实缴从大到小", "By unfunded, largest first") + ("" if portfolio.currency else f" · {unit}")
    )
    charts.draw(
        charts.commitment_bars(
            [r.label for r in top],
            [words.in_unit(r.paid_in, chosen.unit) for r in top],
            [words.in_unit(asked, chosen.unit) for asked, _rest in parts],
            [words.in_unit(rest, chosen.unit) for _asked, rest in parts],
            unit,
        ),
        max(220, 90 + 22 * len(top)),
        _("认缴与缴款", "Commitments and calls"),
        unit,
    )

widgets.table(
    _("认缴与缴款", "Commitments and calls"),
    rows,
    """
    key label committed called paid_in paid_in_rate overdue unfunded_callable unfunded_lapsed distributed
    recallable
    """,
    "commitments_table",
    explain=explained.stakes(view, portfolio, str(by)) if by != "stake" else None,
    cite=widgets.Cited("open", lambda r: str(r.key)) if by != "stake" else None,
)
box = cited.box(
    "government",
    _("政府出资占比与放大倍数", "Government share and leverage multiples"),
    ":material/account_balance:",
)
if box.open:
    with box:
        panels.leverage_and_government(view, portfolio)
flows = cited.box("flows", _("年度资金流向", "Money flows of a year"), ":material/account_tree:")
if flows.open:
    with flows:
        money_flows.panel(view, portfolio, chosen)
