"""The claim desk of the pools page: choose a claim, see its clock, plan its next step or payment with what that does, book it."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from fof import words
from fof.ledger import View
from fof.operations import claim_desk
from fof.operations.claim_desk import PAY, SHARE, ClaimPlan, EffectOn
from fof.ui import cited, frame, pool_tables, say, widgets
from fof.ui import operations_inputs as inputs
from fof.ui.labels import named, word
from fof.ui.typed_amounts import TypedAmounts
from fof.words import _
from models.facts import SUBJECT_FACTS
from models.pools import ClaimDecision, ClaimStep
from models.text import Text

_EFFECTS = {
    EffectOn.PAID: "paid_by_pool",
    EffectOn.POOL: "pool_balance",
    EffectOn.CONTRIBUTOR: "contributor",
    EffectOn.LIMIT: "limit_used",
    EffectOn.UNCOMPENSATED: "uncompensated",
    EffectOn.RECOVERED: "recovered_of_claim",
}
"""What a step moves → the figure whose words say it."""


def desk(view: View, pool: str | None) -> None:
    """Claims that can still move, and what is done with the one that is chosen."""
    today = frame.attention(frame.choice())
    claims = pool_tables.desk_claims(today)
    ahead = claims.about(pool)
    codes = list(ahead)
    widgets.section(_("补偿经办", "Moving a claim on"))
    if not codes:
        say.caption(_("没有可以办理的申请。", "No claim can be moved on."))
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        key = cited.choice("claim", codes, codes[0], what=Text("可办理的申请", "claim that can move"))
        code = str(st.selectbox(named("claim"), codes, key=key, width=210))
        steps = ahead[code]
        step = str(
            st.selectbox(
                str(SUBJECT_FACTS["claim_step"].text),
                steps,
                key=cited.choice("claim_next", steps, steps[0], what=Text("可办理的步骤", "possible step")),
                format_func=_step_name,
                width=210,
            )
        )
        on = inputs.day_box(_("办理日", "Day"), frame.choice().as_of, "claim_day")
    row = claims.rows[code]
    say.caption(
        words.clauses(
            f"{named(name)} {text}"
            for name, text in (
                ("claim_state", word("claim_state", row["claim_state"])),
                ("clock_used", words.DASH if row["clock_used"] is None else str(row["clock_used"])),
                ("clock_last", str(row["clock_last"] or words.DASH)),
                ("cut_by", str(row["cut_by"] or words.DASH)),
            )
        )
    )
    plan = _plan(view.journal.view(on, view.known_at), code, on, step)
    if plan is None:
        return
    _preview(view, plan)
    parties = [view.by_code[row["pool"]].id]
    why = inputs.late_reason(view, on, parties, "claim_why")
    inputs.book_button(
        _("登记", "Book"),
        "claim_book",
        lambda why: claim_desk.book_claim(frame.database(), frame.actor(), plan, why),
        ready=not plan.problems,
        why=why,
    )


def _step_name(code: str) -> str:
    if code == PAY:
        return _("支付补偿", "Pay")
    return _("分配追偿款", "Share what was recovered") if code == SHARE else words.word(ClaimStep(code))


def _plan(view: View, code: str, on: dt.date, step: str) -> ClaimPlan | None:
    """The plan by what is typed; None where the amount cannot be read."""
    amounts = TypedAmounts()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        decision = reason = fen = None
        if step == ClaimStep.DECIDED:
            choices = list(ClaimDecision)
            decision = st.selectbox(
                str(SUBJECT_FACTS["claim_decision"].text),
                choices,
                key=cited.in_new_words(inputs.fresh("claim_decision")),
                format_func=words.word,
                width=210,
            )
        if step == PAY or (decision is not None and decision is not ClaimDecision.REFUSED):
            fen = amounts.box(
                str(Text(f"{named('amount')}（元）", f"{named('amount')} (CNY)")), inputs.fresh("claim_fen")
            )
        if decision in (ClaimDecision.PARTLY, ClaimDecision.REFUSED):
            reason = (
                st.text_input(named("reason"), key=inputs.fresh("claim_reason"), width=320).strip() or None
            )
        document = (
            st.text_input(named("document"), key=inputs.fresh("claim_document"), width=210).strip() or None
        )
    if amounts.unread:
        return None
    if step == SHARE:
        return claim_desk.plan_recovery_sharing(view, code, on, document)
    if step == PAY:
        say.caption(_("金额留空为当前可付的全部。", "Leave the amount blank to pay all that may be paid."))
        return claim_desk.plan_claim_payment(view, code, on, fen, document)
    return claim_desk.plan_claim_step(view, code, on, ClaimStep(step), decision, fen, reason, document)


def _preview(view: View, plan: ClaimPlan) -> None:
    """What stands in the way, else what the step would move."""
    inputs.say_problems(plan.problems)
    rows = [_effect(view, *effect) for effect in plan.effects]
    if rows:
        columns = "what=item before=before_amount after=after_amount allowed=limit_allowed"
        widgets.table(_("登记后的变化", "What it changes"), rows, columns, "claim_effects", unit=inputs.EXACT)


def _effect(
    view: View, on: EffectOn, code: str, before: int, after: int, allowed: int | None
) -> dict[str, object]:
    name = view.name(view.by_code[code].id) if code in view.by_code else code
    return {"what": f"{named(_EFFECTS[on])} · {name}", "before": before, "after": after, "allowed": allowed}
