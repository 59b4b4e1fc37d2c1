"""One sub-fund: its terms, capital accounts, J-curve, value bridge, holdings, notices and documents."""

import datetime as dt

import streamlit as st

from fof import words
from fof.book.funds import fund_detail
from fof.book.holdings import holdings
from fof.book.notices import calls
from fof.book.perspective import whose
from fof.figures.documents import FUND
from fof.figures.fund_document import holding_row, notice_row
from fof.figures.performance import fund_performance
from fof.figures.statements import bridge, capital_account
from fof.ui import cited, data, frame, j_curves, panels, reported, say, table_rows, widgets
from fof.ui.labels import named
from fof.words import _
from models.text import Text

MENU = (30, ("组合", "Portfolio"), ("子基金", "Sub-fund"))

chosen = frame.choice()
view = frame.view(chosen)
portfolio = frame.portfolio()

widgets.heading()
if portfolio is None or not portfolio.funds:
    panels.no_funds()

codes = {view.parties[f].code: f for f in portfolio.funds if f in view.parties}
code = st.selectbox(
    named("fund"),
    list(codes),
    format_func=lambda c: words.beside(view.name(codes[c]), c),
    key=cited.choice(
        "fund",
        list(codes),
        next(iter(codes)),
        what=Text("基金（本组合之内）", "fund of this portfolio"),
        always=True,
    ),
    width=420,
)
fund = codes[str(code)]
own = fund_performance(view, portfolio, fund)
unit = words.unit_name(chosen.unit, own.currency)
widgets.subtotal(own)
widgets.headline(
    [
        *data.headline_of(own, "committed=own_committed paid_in distributed", chosen.unit),
        (named("nav"), words.amount(own.nav.fen, chosen.unit), data.value_note(own.nav)),
        *data.headline_of(own, "dpi tvpi", chosen.unit),
        data.headline_rate(own.irr),
    ]
)

if registered := data.registered_note(own, chosen.unit):
    say.caption(registered)
say.caption(data.perspective(view, whose(portfolio, "fund"), "net", own.pairs))

tabs = list(
    cited.tabs(
        "tab",
        {
            "curve": _("曲线", "J-curve"),
            "bridge": _("净值桥", "NAV bridge"),
            "account": _("资本账户", "Capital account"),
            "holdings": _("持有项目", "Holdings"),
            "calls": _("出资通知", "Call notices"),
            "terms": _("条款", "Terms"),
            "documents": _("文件", "Documents"),
            "reported": _("报告核对", "Reported figures"),
        },
    ).values()
)
if tabs[0].open:
    with tabs[0]:
        j_curves.show(view, portfolio, [fund], chosen, unit)
if tabs[1].open or tabs[2].open:
    before = chosen.as_of - dt.timedelta(days=1)
    with tabs[1] if tabs[1].open else tabs[2]:
        start = st.date_input(
            named("opening"),
            min_value=cited.FIRST_DAY,
            max_value=before,
            format="YYYY-MM-DD",
            width=150,
            key=cited.day("start", dt.date(chosen.as_of.year - 1, 12, 31), last=before),
        )
    period = start if isinstance(start, dt.date) else dt.date(chosen.as_of.year - 1, 12, 31)
    if tabs[1].open:
        with tabs[1]:
            say.caption(data.perspective(view, "whole_fund", "net"))
            panels.statement(bridge(view, fund, period), chosen, chart=True, key="bridge", view=view)
    else:
        with tabs[2]:
            own_holders = portfolio.holders or ()
            investors = {view.parties[i].code: i for i in panels.investors(view, fund)}
            who = st.selectbox(
                named("investor"),
                list(investors),
                width=420,
                format_func=lambda c: view.name(investors[c]),
                key=cited.choice(
                    "investor",
                    list(investors),
                    next((c for c, i in investors.items() if i in own_holders), next(iter(investors), None)),
                    what=Text("出资人", "investor"),
                    always=True,
                ),
            )
            if who is not None:
                say.caption(data.perspective(view, "investor", "net"))
                account = capital_account(view, fund, investors[who], period)
                panels.statement(account, chosen, chart=False, key="account", view=view)
if tabs[3].open:
    with tabs[3]:
        say.caption(data.perspective(view, "whole_fund", "gross"))
        widgets.table(
            f"{view.name(fund)} · {_('持有项目', 'Holdings')}",
            [
                table_rows.row_of(FUND, holding_row(view, h), data.value_note(h.value))
                for h in holdings(view, fund)
            ],
            """
            label=company stage day=first_on share=holding_share invested cost proceeds amount=value multiple
            value=content note
            """,
            "fund_holdings",
        )
if tabs[4].open:
    with tabs[4]:
        widgets.table(
            f"{view.name(fund)} · {_('出资通知', 'Call notices')}",
            [
                notice_row(view, c)
                for c in sorted(calls(view, {fund}), key=lambda c: (c.notice_on, c.investor), reverse=True)
            ],
            """
            name=number label=investor notice_on day=due_on due paid paid_on days_late value=content
            entry
            """,
            "fund_calls",
        )
if tabs[5].open or tabs[6].open:
    detail = fund_detail(view, fund)
    with tabs[5] if tabs[5].open else tabs[6]:
        panels.terms(view, detail) if tabs[5].open else panels.documents(view, detail)
if tabs[7].open:
    with tabs[7]:
        reported.panel(view, fund)
