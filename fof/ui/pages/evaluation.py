"""Evaluation and reporting duties: scorecards, loss tolerance, reinvestment, leverage, the register's export."""

import streamlit as st

from fof import words
from fof.evaluation import (
    evaluated_funds,
    institutions,
    losses,
    register,
    register_json,
    register_workbook,
    reinvestments,
    scorecard,
)
from fof.ui import background, cited, evaluation, evaluation_forms, frame, say, widgets
from fof.ui import scorecard as cards
from fof.ui.labels import named
from fof.words import _
from models.text import Text

MENU = (80, ("合规", "Compliance"), ("评价与报送", "Evaluation and reporting"))

chosen = frame.choice()
view = frame.view(chosen)

widgets.heading()
codes = (
    background.answer("evaluated", (view.prefix.digest, chosen.as_of), lambda: evaluated_funds(view))
    if chosen.head
    else []
)
if not codes:
    widgets.to_import(
        _(
            "这里还没有含政府出资的基金。先导入“主体”“基金”“认缴”三张表。",
            "No fund with public money yet. Import the sheets Parties, Funds and Commitments first.",
        )
    )
    cited.finish()

portfolio = frame.portfolio()
if portfolio is not None:
    own = {view.parties[p].code for p in (*portfolio.funds, *(portfolio.holders or ())) if p in view.parties}
    codes = [c for c in codes if c in own]
    if not codes:
        widgets.empty(
            _(
                "该组合没有须评价的基金：评价只针对账中有政府出资认缴的基金。",
                "This portfolio has no fund to evaluate: only funds with government commitments in the book are.",
            )
        )
        cited.finish()

scores, tolerance, duties, multiples, export = cited.tabs(
    "tab",
    {
        "scores": _("绩效评价", "Performance evaluation"),
        "losses": _("容亏", "Loss tolerance"),
        "duties": _("返投", "Reinvestment"),
        "leverage": _("放大倍数", "Leverage multiple"),
        "register": _("登记信息", "Register"),
    },
).values()
if scores.open:
    with scores:
        names = {code: view.name(view.party(code).id) for code in codes}
        first = portfolio.code if portfolio is not None and portfolio.code in codes else codes[0]
        code = st.selectbox(
            named("fund"),
            codes,
            format_func=lambda c: words.beside(names[c], c),
            key=cited.choice("evaluated", codes, first, what=Text("受评基金", "evaluated fund"), always=True),
            width=420,
        )
        key = (view.prefix.digest, chosen.as_of, code)
        card = background.answer("scorecard", key, lambda: scorecard(view, str(code)))
        cards.scorecard(view, card)
        evaluation_forms.forms(view, card)
        cards.overview(view, codes)
if tolerance.open:
    with tolerance:
        evaluation.losses(losses(view, None if portfolio is None else own))
        evaluation.whole_life(institutions(view, frame.actor()))
if duties.open:
    with duties:
        evaluation.reinvestment(view, [d for d in reinvestments(view) if portfolio is None or d.fund in own])
if multiples.open:
    with multiples:
        if portfolio is not None:
            evaluation.multiples(view, portfolio)
if export.open:
    with export:
        last = chosen.as_of.year - 1
        year = st.number_input(
            named("year"),
            min_value=2000,
            max_value=chosen.as_of.year,
            step=1,
            key=cited.whole("register_year", last, 2000, chosen.as_of.year),
            width=140,
        )
        filed = register(view, int(year))
        evaluation.register(filed)
        with st.container(horizontal=True):
            st.download_button(
                _("导出登记信息 xlsx", "Export the register, xlsx"),
                lambda: register_workbook(filed),
                file_name=f"register-{filed.year}.xlsx",
                key="register_xlsx",
                on_click="ignore",
            )
            st.download_button(
                _("导出登记信息 JSON", "Export the register, JSON"),
                lambda: register_json(filed),
                file_name=f"register-{filed.year}.json",
                key="register_json",
                on_click="ignore",
            )
say.caption(
    _(
        "各项数字与“合规”页的检查结果同源；缺少的输入列为待提供，不以任何数字代替。",
        "Figures come from the same audit as the compliance page; a missing input is asked for and no figure stands in for it.",
    )
)
