"""The claim desk: what a claim may do next, what that would do to the pool and its limits, and its booking.

A step or a payment is a plan first: the row that a file would bring, with the balances and limits before and after it, read from the
book as it would be (fof.book.laid). Booking goes through the intake's own plan and checks, under the writer's lock.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from enum import StrEnum
from typing import NamedTuple

from fof import ledger
from fof.access import Actor
from fof.book import late
from fof.book.laid import laid
from fof.book.pools import Pools, counted_pools
from fof.book.pools.claims import NEXT, Claim
from fof.book.pools.reading import Offer
from fof.book.pools.recoveries import hand_overs
from fof.db import Database
from fof.errors import Problem, Unknown
from fof.importers.cells import Value
from fof.importers.layouts import LAYOUTS
from fof.importers.tables import Table
from fof.intake.planning import Planning
from fof.intake.pool_checks import check_pools
from fof.intake.pools import plan_pools
from fof.ledger import Booked, Ids, View
from fof.operations import planned_sheets
from models.frozen import frozen
from models.money import DEFAULT_CURRENCY, yuan_text
from models.pools import ClaimDecision, ClaimStep, LimitKind, PoolLeg, RecoveryPart
from models.subjects import SubjectKind
from models.text import Text

PAY, SHARE = "pay", "share"
"""What can be done with a claim beside its steps: pay what was granted, hand on what was recovered."""


class EffectOn(StrEnum):
    """What a claim's next step moves; words in the register of figures (effect_on)."""

    PAID = "paid"
    POOL = "pool"
    CONTRIBUTOR = "contributor"
    LIMIT = "limit"
    UNCOMPENSATED = "uncompensated"
    RECOVERED = "recovered"


class ClaimEffect(NamedTuple):
    """One amount before and after, in fen. `code` of the pool, contributor, limit or claim; `allowed` of a limit, None where it
    cannot be told or where nothing is allowed or forbidden."""

    on: EffectOn
    code: str
    before: int
    after: int
    allowed: int | None = None


@frozen
class ClaimPlan:
    """The next step of a claim, a payment of the pool for it, or the sharing of what was recovered.

    step     : None of a payment and of a sharing
    fen      : paid, decided or handed over; None of other steps
    state    : of a sharing, how far the claim came; None of the others, which say it themselves
    offer    : what the pool may pay after it, and what cuts it (RC-22)
    problems : what stands in its way
    """

    claim: str
    day: dt.date
    step: ClaimStep | None
    fen: int | None
    offer: Offer | None
    effects: tuple[ClaimEffect, ...]
    problems: tuple[Problem, ...]
    table: Table
    state: str | None = None


def steps_ahead(claim: Claim, day: dt.date) -> list[ClaimStep]:
    """What may follow the last step of a claim on a day, in the order of the steps (RC-21)."""
    steps = claim.steps(day)
    following = NEXT[steps[-1][1] if steps else None]
    return [step for step in ClaimStep if step in following]


def payable(pools: Pools, claim: Claim, day: dt.date) -> Offer | None:
    """What the pool may pay for a claim that was granted, or what was cut of it for good; None where nothing was, or nothing is left."""
    if claim.decision(day) not in (ClaimDecision.WHOLLY, ClaimDecision.PARTLY):
        return None
    offer = pools.offer(claim, day)
    return offer if offer.due or offer.uncompensated else None


def possible_steps(view: View) -> dict[str, list[str]]:
    """What can be done on the view's day with each claim on a pool that can still move, by code: PAY what was granted, else SHARE
    what was recovered, else its next steps (values of ClaimStep). A claim whose agreement names no pool, or that names no
    agreement, is on no desk: it stands in no table of pools either."""
    pools, day = counted_pools(view), view.as_of or dt.date.max
    on_pools = (claim for own in pools.claims_of.values() for claim in own)
    known = (claim for claim in on_pools if claim.state(day) is not None)
    possible = {claim.code: _possible(pools, claim, day) for claim in known}
    return {code: steps for code, steps in possible.items() if steps}


def _possible(pools: Pools, claim: Claim, day: dt.date) -> list[str]:
    offer = payable(pools, claim, day)
    if offer is not None and offer.due:
        return [PAY]
    if hand_overs(claim, pools.pool_of(claim.agreement), day):
        return [SHARE]
    return [step.value for step in steps_ahead(claim, day)]


def plan_claim_step(
    view: View,
    code: str,
    day: dt.date,
    step: ClaimStep,
    decision: ClaimDecision | None = None,
    fen: int | None = None,
    reason: str | None = None,
    document: str | None = None,
) -> ClaimPlan:
    """A claim's next step on a day. Unknown for no such claim.

    decision, fen, reason : of a decision; fen None grants the pool's part of the covered loss. What is lacking is a problem
    """
    claim = _claim(view, code)
    problems: list[Problem] = []
    line: dict[str, Value | None] = {"code": code, "since": day, "claim_step": step, "document": document}
    if step is ClaimStep.DECIDED:
        fen = _decided(counted_pools(view).part(claim, day), decision, fen, reason, problems)
        line |= {"claim_decision": decision, "refusal_reason": reason}
        line |= planned_sheets.amounts({"decided_amount": fen or 0}, DEFAULT_CURRENCY)
    else:
        fen = None
    table = planned_sheets.sheet(f"申请 {code} {step.zh}", LAYOUTS["claims"], [line])
    return _planned(view, code, day, step, fen, table, problems)


def _decided(
    part: int | None,
    decision: ClaimDecision | None,
    fen: int | None,
    reason: str | None,
    problems: list[Problem],
) -> int | None:
    """The amount of a decision; a problem for each thing it lacks. part: the pool's of the claim, in fen."""
    if decision is None:
        text = Text("须写明审定结论", "the conclusion of the decision is needed")
        problems.append(Problem("decision_missing", text))
    if decision in (ClaimDecision.PARTLY, ClaimDecision.REFUSED) and not reason:
        text = Text("须写明不予或部分补偿的理由（RC-21）", "a reason is needed (RC-21)")
        problems.append(Problem("reason_missing", text))
    if decision is ClaimDecision.REFUSED:
        return None
    if fen is None:
        fen = part if decision is ClaimDecision.WHOLLY else None
    if fen is None and decision is not None:
        problems.append(Problem("amount_missing", Text("须填写审定金额", "the amount decided is needed")))
    if fen is not None and fen <= 0 and fen != part:
        problems.append(_not_above_zero(fen))
    if fen is not None and part is not None and fen > part:
        text = Text(
            f"不得超过资金池应担的 {yuan_text(part)} 元", f"at most the pool's part, {yuan_text(part)} yuan"
        )
        problems.append(Problem("above_part", text, yuan_text(fen)))
    return fen


def _not_above_zero(fen: int) -> Problem:
    return Problem("not_positive", Text("金额须大于零", "an amount above zero"), yuan_text(fen))


def plan_claim_payment(
    view: View, code: str, day: dt.date, fen: int | None = None, document: str | None = None
) -> ClaimPlan:
    """A payment of the pool for a claim; fen None: all that may be paid to one payee. The share of the loss goes to the guarantor that
    paid the lender, else to the claimant; after it the insurer gets what it bears beyond its stop loss (RC-15). Unknown for no
    such claim."""
    claim = _claim(view, code)
    pools = counted_pools(view)
    offer, pool = payable(pools, claim, day), pools.pool_of(claim.agreement)
    payee, most = (
        (_payee(claim), 0) if offer is None else _next_payee(claim, offer, pools.to_insurer(claim, day))
    )
    problems: list[Problem] = []
    if offer is None or not offer.due or pool is None:
        text = Text("没有已审定而未付的补偿", "nothing was granted that is not paid")
        problems.append(Problem("nothing_due", text, code))
    amount = most if fen is None else fen
    if offer is not None and offer.due and amount > most:
        text = Text(f"至多可付 {yuan_text(most)} 元（RC-22）", f"at most {yuan_text(most)} yuan (RC-22)")
        problems.append(Problem("above_offer", text, yuan_text(amount)))
    if fen is not None and fen <= 0:
        problems.append(_not_above_zero(fen))
    elif offer is not None and offer.due and not amount:
        text = Text("已无余额或限额可付（RC-22）", "money or limits leave nothing to pay (RC-22)")
        problems.append(Problem("nothing_left", text, code))
    number = 1 + sum(p.leg is PoolLeg.COMPENSATION for p in claim.payments)
    line: dict[str, Value | None] = {
        "code": f"ZF-{code}-{number}",
        "payer": None if pool is None else view.parties[pool].code,
        "payee": None if payee is None else view.parties[payee].code,
        "claim": code,
        "since": day,
        "pool_leg": PoolLeg.COMPENSATION,
        "document": document,
        **planned_sheets.amounts({"amount": amount}, DEFAULT_CURRENCY),
    }
    table = planned_sheets.sheet(f"补偿 {code}", LAYOUTS["pool_payments"], [line])
    return _planned(view, code, day, None, amount, table, problems)


def plan_recovery_sharing(view: View, code: str, day: dt.date, document: str | None = None) -> ClaimPlan:
    """Who hands on how much of the principal that was recovered of a claim, so that everybody has its part by a day (RC-24): by what
    each has borne, or in the order that the agreement names. Interest and penalties stay where they came in. Unknown for no such
    claim."""
    claim = _claim(view, code)
    owed = hand_overs(claim, counted_pools(view).pool_of(claim.agreement), day)
    problems: list[Problem] = []
    if not owed:
        text = Text("没有待分配的追偿本金", "no recovered principal is to be handed on")
        problems.append(Problem("nothing_to_share", text, code))
    number = sum(p.leg is PoolLeg.RECOVERY_SHARED for p in claim.payments)
    lines: list[dict[str, Value | None]] = [
        {
            "code": f"FP-{code}-{number + at}",
            "payer": view.parties[own.payer].code,
            "payee": view.parties[own.payee].code,
            "claim": code,
            "since": day,
            "pool_leg": PoolLeg.RECOVERY_SHARED,
            "recovery_part": RecoveryPart.PRINCIPAL,
            "recovery_received_on": own.received_on,
            "document": document,
            **planned_sheets.amounts({"amount": own.fen}, DEFAULT_CURRENCY),
        }
        for at, own in enumerate(owed, 1)
    ]
    table = planned_sheets.sheet(f"追偿 {code}", LAYOUTS["pool_payments"], lines)
    plan = _planned(view, code, day, None, sum(own.fen for own in owed), table, problems)
    return replace(plan, state=claim.state(day))


def _next_payee(claim: Claim, offer: Offer, to_insurer: int) -> tuple[int | None, int]:
    """(who is paid next, how much at most in fen): the share of the loss first, then what the insurer bears beyond its stop loss."""
    to_insurer = min(to_insurer, offer.due)
    share = offer.due - to_insurer
    if share or claim.loan is None:
        return _payee(claim), min(offer.pay, share)
    return claim.loan.insurer, min(offer.pay, to_insurer)


def _payee(claim: Claim) -> int | None:
    advanced = [p.payer for p in claim.payments if p.leg is PoolLeg.GUARANTOR_PAID]
    guarantor = None if claim.loan is None else claim.loan.guarantor
    lender = None if claim.loan is None else claim.loan.lender
    return guarantor if guarantor in advanced else claim.claimant or lender


def book_claim(database: Database, actor: Actor, plan: ClaimPlan, why: str | None = None) -> Booked:
    """Book a plan: made again from the book as it then stands, with every check of a file. ImportRefused and NotAllowed as there;
    the same step or payment again books nothing.

    why : reason for what is dated into a closed quarter (fof.book.late)
    """
    made = planned_sheets.planner(
        [plan.table], lambda planning: _plan(planning, plan.table), lambda _now: plan.problems
    )
    return ledger.book(database, actor, late.reasoned(made, why), action="book")


def _plan(planning: Planning, table: Table) -> None:
    plan_pools(planning, [table])
    check_pools(planning)


def _claim(view: View, code: str) -> Claim:
    number = view.subject_ids.get((SubjectKind.CLAIM.value, code))
    claim = None if number is None else counted_pools(view).claims.get(number)
    if claim is None:
        raise Unknown(Text("补偿申请", "claim"), code)
    return claim


def _planned(
    view: View,
    code: str,
    day: dt.date,
    step: ClaimStep | None,
    fen: int | None,
    table: Table,
    problems: list[Problem],
) -> ClaimPlan:
    """The plan with its effects, and what the intake's checks say against it."""
    offer: Offer | None = None
    effects: tuple[ClaimEffect, ...] = ()
    if not problems:
        planning = Planning(view, Ids(view), [table])
        _plan(planning, table)
        problems = list(planning.problems)
        if not problems:
            after = counted_pools(laid(view, planning.drafts))
            effects = tuple(_effects(counted_pools(view), after, code, day))
            offer = payable(after, _of(after, code), day)
    return ClaimPlan(code, day, step, fen, offer, effects, tuple(problems), table)


def _of(pools: Pools, code: str) -> Claim:
    return next(claim for claim in pools.claims.values() if claim.code == code)


def _effects(before: Pools, after: Pools, code: str, day: dt.date) -> list[ClaimEffect]:
    was, now = _of(before, code), _of(after, code)
    pool = after.pool_of(now.agreement)
    made = [ClaimEffect(EffectOn.PAID, code, was.compensated(day), now.compensated(day))]
    if pool is None:
        return made
    parties = after.prefix.parties
    back, then_back = was.returned(day), now.returned(day)
    made += [
        ClaimEffect(EffectOn.RECOVERED, parties[p].code, back.get(p, 0), then_back.get(p, 0))
        for p in sorted({*back, *then_back})
        if back.get(p, 0) != then_back.get(p, 0)
    ]
    made.append(ClaimEffect(EffectOn.POOL, parties[pool].code, before.cash(pool, day), after.cash(pool, day)))
    own, then = before.accounts(pool, day).of, after.accounts(pool, day).of
    made += [
        ClaimEffect(EffectOn.CONTRIBUTOR, parties[p].code, own[p].balance if p in own else 0, account.balance)
        for p, account in sorted(then.items())
    ]
    for limit in after.binding(now, pool):
        first = before.limit_state(limit, pool, day)
        last = after.limit_state(limit, pool, day)
        if last is not None and last.kind is not LimitKind.ENROLMENT_STOP:
            used = 0 if first is None else first.used
            made.append(ClaimEffect(EffectOn.LIMIT, limit.code, used, last.used, last.allowed))
    cut = [
        0 if offer is None else offer.uncompensated
        for offer in (payable(before, was, day), payable(after, now, day))
    ]
    made.append(ClaimEffect(EffectOn.UNCOMPENSATED, code, *cut))
    return made
