"""A commitment programme as documents: what is committed when, and its conditions."""

from __future__ import annotations

import math
from typing import Any

from fof import words
from fof.figures.answers import Answer
from fof.figures.projection_documents import PLAN, PLAN_TARGETS
from fof.ledger import View
from fof.scenarios.programme_parts import CashGap, PlannedTarget, ProgrammePlan, RoundedMiss
from fof.scenarios.result_answers import fen
from models.text import Text

AMOUNTS = ("floor", "most_a_year", "cover", "appropriated")


def plan_document(view: View, plan: ProgrammePlan, portfolio: str, currency: str | None) -> Answer:
    """The programme, a row a commitment."""
    rows = [
        {
            "planned_code": own.code,
            "planned_strategy": own.strategy.value,
            "planned_on": own.signed_on,
            "planned_commitment": own.commitment,
        }
        for own in plan.commitments
    ]
    head = {
        "scenario": plan.scenario.name,
        "scenario_digest": plan.scenario.digest(),
        "scenario_portfolio": portfolio,
        "scenario_paths": plan.paths,
        "share_deviation": plan.deviation,
    }
    notes = [] if plan.gap is None else [_gap(plan.gap, currency)]
    notes += [_missed(own, currency) for own in plan.missed]
    if not rows:
        notes.append(Text("各项约束下没有可新增的认缴", "The conditions leave no room for a new commitment"))
    return Answer(PLAN, rows, view.as_of, view.known_at, currency, head, tuple(notes))


def _gap(gap: CashGap, currency: str | None) -> Text:
    """What cash lacks anyhow, and that the plan assumes it to come."""
    amount = words.readable(round(100 * gap.lacking), currency)
    return Text(
        f"不再新认缴时，{gap.first} 至 {gap.last} 的现金低于最低现金，{gap.lowest} 最多少 {amount.zh}；计划假定按季拨款补足",
        f"Without any new commitment cash is below its floor from {gap.first} to {gap.last}, on {gap.lowest} by {amount.en}; "
        "the plan assumes appropriations that meet this quarter by quarter",
    )


def _missed(own: RoundedMiss, currency: str | None) -> Text:
    """What whole units make a condition miss."""
    amount = words.readable(round(100 * own.yuan), currency)
    on = Text("", "") if own.day is None else Text(f"（{own.day}）", f" ({own.day})")
    return Text(
        f"整万元的认缴守不住 {own.place}，最多差 {amount.zh}{on.zh}",
        f"No commitments in whole units of 10,000 hold {own.place}: it is missed by {amount.en} at most{on.en}",
    )


def plan_targets_document(view: View, plan: ProgrammePlan, currency: str | None) -> Answer:
    """The conditions: those that bind first."""
    listed = sorted(plan.targets, key=lambda t: not t.binds)
    return Answer(PLAN_TARGETS, [_target(own) for own in listed], view.as_of, view.known_at, currency)


def _target(own: PlannedTarget) -> dict[str, Any]:
    row: dict[str, Any] = {
        "plan_target": own.target,
        "planned_strategy": own.scope or None,
        "step_end": own.day,
        "binds": own.binds,
        "shadow_price": float(f"{own.price:.6g}"),
        "missed_probability": None if math.isnan(own.missed) else own.missed,
    }
    if own.target in AMOUNTS:
        wanted = None if math.isnan(own.wanted) else fen(own.wanted)
        return row | {"wanted_amount": wanted, "expected_amount": fen(own.expected)}
    return row | {
        "wanted_share": own.wanted,
        "expected_share": None if math.isnan(own.expected) else own.expected,
    }
