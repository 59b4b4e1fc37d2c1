"""A commitment programme as documents: what is committed when, and its conditions."""

from __future__ import annotations

import math
from typing import Any

from fof.figures.answers import Answer
from fof.figures.projection_documents import PLAN, PLAN_TARGETS
from fof.ledger import View
from fof.scenarios.programme_plan import PlannedTarget, ProgrammePlan
from fof.scenarios.scenario_document import fen
from models.text import Text

AMOUNTS = ("floor", "most_a_year")


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
    none = Text("各项约束下没有可新增的认缴", "the conditions leave no room for a new commitment")
    return Answer(PLAN, rows, view.as_of, view.known_at, currency, head, () if rows else (none,))


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
        return row | {"wanted_amount": fen(own.wanted), "expected_amount": fen(own.expected)}
    return row | {
        "wanted_share": own.wanted,
        "expected_share": None if math.isnan(own.expected) else own.expected,
    }
