"""Compliance: the exception queue, fund by rule, the rulebook, decisions, dry runs, two rule worlds."""

import streamlit as st

from fof import audit, words
from fof.ui import background, cited, compliance, compliance_trials, frame, rulebook, say, widgets
from fof.ui.labels import named
from fof.words import _

MENU = (70, ("合规", "Compliance"), ("合规", "Compliance"))

chosen = frame.choice()
view = frame.view(chosen)

widgets.heading()
if chosen.head == 0:
    widgets.to_import(_("账中还没有分录。", "The book has no entries yet."))
    cited.finish()

with st.container(horizontal=True, vertical_alignment="bottom"):
    rules_day = st.date_input(
        named("rules_as_of"),
        key=cited.day("rules_as_of", None),
        format="YYYY-MM-DD",
        width=170,
        help=_(
            "空白：状态类规则按截至日、事项类规则按事项日的规定判断；填写后全部按这一天的规定判断",
            "Blank: states by the rules of the as-of day, events by those of their own day. A day here: everything by the rules of that day",
        ),
    )
judged_by = compliance.one_day(rules_day)
judged = background.answer(
    "audit", (view.prefix.digest, chosen.as_of, judged_by), lambda: audit.guidance(view, judged_by)
)
portfolio = frame.portfolio()
if portfolio is not None:
    judged = audit.of_portfolio(view, judged, portfolio)
if not judged.findings:
    widgets.empty(
        _(
            "该组合没有可检查的基金：规则只检查账中有认缴的引导基金、母基金和子基金。",
            "This portfolio has no fund to judge: the rules look at guidance, parent and sub-funds with commitments in the book.",
        )
    )
    cited.finish()
compliance.headline(judged, chosen)
for problem in judged.unread:
    say.warning(problem)

queue, grid, book, dry, worlds = cited.tabs(
    "tab",
    {
        "queue": _("例外清单", "Exceptions"),
        "grid": _("基金 × 规则", "Fund × rule"),
        "rules": _("规则库", "Rulebook"),
        "trial": _("试算", "Dry run"),
        "worlds": _("两个时期的规定", "Two rule worlds"),
    },
).values()
if queue.open:
    with queue:
        verdicts, only_open = compliance.listed(["breach", "warn"])
        compliance.queue(view, judged, verdicts, only_open, chosen)
if grid.open:
    with grid:
        compliance.grid(view, judged)
if book.open:
    with book:
        rulebook.rulebook(view, chosen)
if dry.open:
    with dry:
        compliance_trials.dry_run(view, portfolio, chosen)
if worlds.open:
    with worlds:
        compliance_trials.worlds(view, portfolio, chosen)
say.caption(words.labelled(named("confidence"), words.listed(words.word(c) for c in compliance.MARKS)))
