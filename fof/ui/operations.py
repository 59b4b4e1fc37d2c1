"""Tabs of the operations page that share out or hand over: a distribution, a reorganisation."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from fof import words
from fof.book.currencies import currency_of
from fof.book.funds import cash_balance
from fof.book.portfolios import Portfolio, portfolios
from fof.figures.register import members
from fof.ledger import View
from fof.operations.distributions import issue_distribution, plan_distribution, tier_text
from fof.operations.plans_document import distribution_document, merger_document
from fof.operations.reorganisations import book_reorganisation, plan_reorganisation
from fof.ui import cited, frame, say, table_rows, widgets
from fof.ui import operations_inputs as inputs
from fof.ui.labels import named
from fof.ui.typed_amounts import TypedAmounts
from fof.words import _
from models.kinds import FUND_KINDS, NoticeKind


def distribution(view: View, codes: Sequence[str]) -> None:
    """Put cash through the fund's waterfall, see who gets what, issue it."""
    fund, amounts = inputs.fund_box(view, "out_fund", codes), TypedAmounts()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        number = inputs.number_box("out_number", "FP-2026-01")
        pay_on = inputs.day_box(_("分配日", "Pay day"), frame.choice().as_of, "out_day")
        cash = amounts.box(inputs.exact(named("cash"), view, fund), inputs.fresh("out_cash"))
        recallable = amounts.box(inputs.exact(named("recallable"), view, fund), inputs.fresh("out_again"))
    on_day = view.on(pay_on)
    if on_day.fact(fund, "cash_kept", False):
        held = words.amount(cash_balance(on_day, fund), inputs.EXACT)
        say.caption(f"{_('分配日账面现金', 'Cash on the pay day')} {held} {inputs.main_unit(view, fund)}")
    if amounts.unread or not cash:
        say.caption(
            _(
                "填写金额后按基金条款计算各层级、各类别、各出资人所得。",
                "Type an amount to see what each tier, class and investor gets by the fund's terms.",
            )
        )
        return
    plan = plan_distribution(view, fund, cash, pay_on, recallable or 0)
    inputs.say_problems(plan.problems)
    inputs.say_taken(view, fund, NoticeKind.DISTRIBUTION, number)
    sides = members("investor_sides")
    if plan.lines:
        widgets.headline(
            [
                (inputs.exact(str(sides[s]), view, fund), words.amount(fen, inputs.EXACT), None)
                for s, fen in plan.by_class().items()
            ]
        )

        widgets.table(
            _("分配计划", "Distribution plan"),
            table_rows.listed(distribution_document(view, plan)),
            """
            name=investor side=investor_side total capital=capital_returned gain=gain_paid conceded
            recallable unfunded_before unfunded_after
            """,
            "out_plan",
            unit=inputs.EXACT,
        )
        tiers = [{"tier": tier_text(tier), "side": side, "fen": fen} for tier, side, fen in plan.tiers]
        widgets.table(
            _("按层级", "By tier"),
            tiers,
            "tier=tiers side=investor_side fen=amount",
            "out_tiers",
            unit=inputs.EXACT,
        )
        if plan.past:
            say.info(
                _(
                    "历次分配按条款重算与已登记的金额不一致：",
                    "Earlier distributions differ from what the terms give:",
                )
                + words.clauses(
                    f"{view.name(i)} {words.amount(gap, inputs.EXACT)}" for i, gap in plan.past.items()
                )
            )
    why = inputs.late_reason(view, pay_on, [fund], "out_why")
    inputs.book_button(
        _("分配并入账", "Distribute and book"),
        "out_book",
        lambda why: issue_distribution(frame.database(), frame.actor(), plan, number, why=why),
        why=why,
        ready=not plan.problems and bool(number),
        needs="" if plan.problems else _("须填写通知编号。", "The notice needs a number."),
    )


def merger(view: View, portfolio: Portfolio) -> None:
    """The reorganisation wizard: who of the portfolio goes into whom, the proof, the booking.

    A successor is one of the portfolio's own, another portfolio in a currency of this one, or in nobody's portfolio yet.
    """
    every = portfolios(view)
    own = {*portfolio.funds, *(portfolio.holders or ())}
    others = {f for p in every if p.code != portfolio.code for f in p.funds} - own
    heads = {h for p in every if set(p.currencies) & set(portfolio.currencies) for h in p.holders or ()}
    vehicles = [p for p in view.of_kind(*FUND_KINDS) if view.fact(p.id, "status") != "merged"]
    mine = [p.code for p in vehicles if p.id in own]
    successors = [
        p.code
        for p in vehicles
        if p.id in own | heads or (p.id not in others and currency_of(view, p.id) in portfolio.currencies)
    ]
    former = st.multiselect(
        _("并入的基金", "Predecessors"),
        mine,
        key=cited.in_new_words("merge_from"),
        placeholder=_("可选多个", "One or several"),
        format_func=lambda c: words.beside(view.name(view.party(c).id), c),
    )
    into = inputs.fund_box(view, "merge_into", successors, named("successor"))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        on = inputs.day_box(_("重组日", "Day of the reorganisation"), frame.choice().as_of, "merge_on")
        document = st.text_input(_("重组文件", "Document"), key="merge_document")
    if not former or not document.strip():
        say.caption(
            _(
                "选择并入的基金、承继方并写明文件后，显示重组前后各项合计的证明。",
                "Choose predecessors, successor and document to see the proof that every total stays.",
            )
        )
        return
    plan = plan_reorganisation(view, [view.party(c).id for c in former], into, on, document)
    inputs.say_problems(plan.problems)
    if plan.proofs:
        widgets.table(
            _("重组前后合计", "Totals before and after"),
            table_rows.listed(merger_document(view, plan)),
            "name=fund measure before=before_merger after=after_merger gap",
            "merge_proof",
        )
    why = inputs.late_reason(view, on, [*plan.predecessors, plan.successor], "merge_why")
    inputs.book_button(
        _("重组入账", "Book the reorganisation"),
        "merge_book",
        lambda why: book_reorganisation(frame.database(), frame.actor(), plan, why=why),
        why=why,
        ready=not plan.problems,
    )
