"""Tabs of the operations page that ask for money: a capital call, a later closing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

import streamlit as st

from fof import words
from fof.book.portfolios import portfolios
from fof.importers.layouts.capital_calls import CALL_COMPONENTS, CAPITAL_CALLS
from fof.ledger import View
from fof.operations.calls import CallPlan, issue_call, plan_call
from fof.operations.closings import ClosingPlan, book_closing, plan_closing
from fof.operations.plans_document import call_document, closing_document
from fof.ui import cited, frame, say, widgets
from fof.ui import operations_inputs as inputs
from fof.ui.labels import named
from fof.ui.typed_amounts import TypedAmounts
from fof.words import _
from models.kinds import NoticeKind, PartyKind

_MAY_JOIN = frozenset(PartyKind) - {PartyKind.COMPANY, PartyKind.POOL}


def call(view: View, codes: Sequence[str]) -> None:
    """Plan a capital call, see its effect, issue it."""
    day = frame.choice().as_of
    fund = inputs.fund_box(view, "call_fund", codes)
    labels = {c.name: (str(c.text)) for c in CAPITAL_CALLS.columns}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        number = inputs.number_box("call_number", "JK-2026-01")
        notice_on = inputs.day_box(named("notice_on"), day, "call_notice_on")
        due_on = inputs.day_box(_("缴款截止日", "Due day"), day + dt.timedelta(days=15), "call_due_on")
    components = st.multiselect(
        _("分项", "Component"),
        list(CALL_COMPONENTS),
        default=["investment"],
        format_func=labels.__getitem__,
        key=cited.in_new_words("call_parts"),
        placeholder=_("可选多个", "One or several"),
    )
    amounts = TypedAmounts()
    with st.container(horizontal=True):
        parts = {
            name: amounts.box(inputs.exact(labels[name], view, fund), inputs.fresh(f"call_{name}")) or 0
            for name in components
        }
    everybody = plan_call(view, fund, {"investment": 1}, notice_on, due_on).lines
    if not everybody:
        say.caption(
            _(
                "账中没有该基金的认缴，无人可以通知出资。",
                "The book knows no commitment to this fund: there is nobody to call.",
            )
        )
        return
    names = {line.investor: line.name for line in everybody}
    excused = inputs.chosen_with_reason(
        _("豁免出资人", "Excused investors"), _("豁免原因", "Why excused"), names, f"excused_{fund}"
    )
    defaulting = inputs.chosen_with_reason(
        _("违约出资人", "Defaulting investors"), _("违约原因", "Why in default"), names, f"defaulting_{fund}"
    )
    if amounts.unread or not any(parts.values()):
        say.caption(
            _(
                "填写金额后显示各出资人应缴与对未缴额度的影响。",
                "Type an amount to see what each investor is asked for and what stays uncalled.",
            )
        )
        return
    plan = plan_call(view, fund, parts, notice_on, due_on, excused=excused, defaulting=defaulting)
    inputs.say_problems(plan.problems)
    inputs.say_taken(view, fund, NoticeKind.CAPITAL_CALL, number)
    _call_table(view, plan)
    why = inputs.late_reason(view, notice_on, [fund], "call_why")
    inputs.book_button(
        _("发出通知并入账", "Issue and book"),
        "call_book",
        lambda why: issue_call(frame.database(), frame.actor(), plan, number, why=why),
        why=why,
        ready=not plan.problems and bool(number),
        needs="" if plan.problems else _("须填写通知编号。", "The notice needs a number."),
    )


def _call_table(view: View, plan: CallPlan) -> None:
    widgets.table(
        _("出资计划", "Capital call plan"),
        call_document(view, plan).rows,
        """
        name=investor state=call_state due commitment=committed pending unfunded_before=callable_before
        unfunded_after=callable_after note=reason
        """,
        "call_plan",
        unit=inputs.EXACT,
    )
    say.caption(
        _(
            "可通知额度 = 未实缴额度 − 此前通知尚未缴清的部分。",
            "Not called yet = unfunded − what earlier notices still ask.",
        )
    )


def closing(view: View, codes: Sequence[str]) -> None:
    """A later closing: who joins, who pays and who gets back what, the booking."""
    fund = inputs.fund_box(view, "closing_fund", codes)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        number = inputs.number_box("closing_number", "HJ-2026-01", _("交割编号", "Number of the closing"))
        on = inputs.day_box(_("交割日", "Day of the closing"), frame.choice().as_of, "closing_on")
        paid_on = inputs.day_box(_("收付日", "Day of payment"), on, f"closing_paid_{on}")
        percent = st.number_input(
            _("补偿利率（单利，年）%", "Interest, simple, % a year"),
            0.0,
            99.99,
            8.0,
            0.5,
            format="%.2f",
            key="closing_rate",
            width=190,
        )
    every = portfolios(view)
    others = {f for p in every for f in p.funds if view.parties[f].code not in codes}
    others -= {h for p in every for h in p.holders or ()}
    parties = {
        p.id: words.beside(view.name(p.id), p.code)
        for p in view.of_kind(*_MAY_JOIN)
        if p.id != fund and p.id not in others
    }
    joining = st.multiselect(
        _("新增认缴的出资人", "Investors who join or increase"),
        list(parties),
        format_func=parties.__getitem__,
        key=cited.in_new_words(inputs.fresh("closing_join")),
        placeholder=_(
            "可选多个；交割日的认缴已经导入的不必再选",
            "One or several; not those whose commitment of that day is imported already",
        ),
    )
    amounts = TypedAmounts()
    with st.container(horizontal=True):
        asked = {
            who: amounts.box(
                inputs.exact(f"{view.name(who)} {_('新增认缴', 'takes on')}", view, fund),
                inputs.fresh(f"closing_join_{who}"),
            )
            or 0
            for who in joining
        }
    document = (
        st.text_input(
            _("认缴文件", "Document of the commitments"), key=inputs.fresh("closing_document"), width=420
        )
        if joining
        else ""
    )
    rate = Decimal(str(percent)) / 100
    plan = plan_closing(view, fund, on, rate, {who: fen for who, fen in asked.items() if fen})
    if amounts.unread or (not any(asked.values()) and "nobody_new" in {p.code for p in plan.problems}):
        inputs.say_problems([p for p in plan.problems if p.code != "nobody_new"])
        say.caption(
            _(
                "选择出资人并填写新增认缴后，显示谁补缴、谁退回，以及对未实缴额度的影响。",
                "Choose investors and their new commitments to see who pays, who gets back what, and the effect on unfunded.",
            )
        )
        return
    inputs.say_problems(plan.problems)
    inputs.say_taken(view, fund, NoticeKind.CAPITAL_CALL, number)
    if not plan.problems:
        _closing_table(view, plan)
    why = inputs.late_reason(view, on, [fund], "closing_why")
    inputs.book_button(
        _("交割入账", "Book the closing"),
        "closing_book",
        why=why,
        act=lambda why: book_closing(frame.database(), frame.actor(), plan, number, paid_on, document, why),
        ready=not plan.problems and bool(number),
        needs="" if plan.problems else _("须填写交割编号。", "The closing needs a number."),
    )


def _closing_table(view: View, plan: ClosingPlan) -> None:
    widgets.headline(
        [
            (
                inputs.exact(named("moved"), view, plan.fund),
                words.amount(plan.moved, inputs.EXACT),
                None,
            ),
            (
                inputs.exact(named("interest_in_all"), view, plan.fund),
                words.amount(plan.interest, inputs.EXACT),
                None,
            ),
        ]
    )
    widgets.table(
        _("后续交割", "Later closing"),
        sorted(closing_document(view, plan).rows, key=lambda row: (row["net"] <= 0, -abs(row["net"]))),
        """
        name=investor capital=catch_up interest=equalisation_interest net unfunded_before unfunded_after
        commitment_before commitment_after paid_before
        """,
        "closing_plan",
        unit=inputs.EXACT,
    )
    say.caption(
        _(
            "正数由出资人缴付，负数退给出资人；两列合计都为零。补偿利息自各次通知的截止日起按单利计算（实际天数/365），不计入实缴，不占用认缴。",
            "Positive amounts are paid by the investor, negative ones go back; both columns add up to zero. Simple interest from the due day of each notice (actual days/365); it is not paid-in capital and uses no commitment.",
        )
    )
    if plan.outside:
        say.info(
            f"{_('此前认缴外的款项不参与重新分摊，由新出资人另行缴付：', 'Asked outside the commitment before; not shared out again, new investors pay theirs by a notice of its own: ')}{words.amount(plan.outside, inputs.EXACT)}"
        )
