"""What is planned or booked as documents: a call, a later closing, a distribution, a reorganisation.

entries : numbers of the entries that were booked; empty for a preview
"""

from __future__ import annotations

from typing import Any

from fof import words
from fof.book.currencies import currency_of
from fof.figures.answers import Answer
from fof.figures.operations_documents import CALL, CLAIM_PLAN, CLOSING, DISTRIBUTION, MERGER
from fof.figures.register import figure
from fof.ledger import View
from fof.operations.calls import CallPlan
from fof.operations.claim_desk import ClaimPlan
from fof.operations.closings import ClosingPlan
from fof.operations.distributions import DistributionPlan, tier_text
from fof.operations.operations_document import operations_answer
from fof.operations.reorganisations import ReorganisationPlan

Row = dict[str, Any]


def call_document(view: View, plan: CallPlan, entries: str = "") -> Answer:
    """Who is asked for how much, and what may still be called of each."""
    rows = (
        {
            **CALL.fields(line),
            "investor": view.parties[line.investor].code,
            "due": line.total,
            "pending": line.pending,
            "note": line.reason or None,
        }
        for line in plan.lines
    )
    head = {"fund": view.parties[plan.fund].code, "total": plan.total, "entries": entries}
    return operations_answer(view, CALL, rows, head, currency_of(view, plan.fund))


def claim_document(view: View, plan: ClaimPlan, entries: str = "") -> Answer:
    """What the next step of a claim or its payment moves."""
    rows = (
        {
            "effect_on": effect.on.value,
            "item": view.name(view.by_code[effect.code].id) if effect.code in view.by_code else effect.code,
            "before": effect.before,
            "after": effect.after,
            "allowed": effect.allowed,
            "record": effect,
        }
        for effect in plan.effects
    )
    offer = plan.offer
    head = {
        "claim": plan.claim,
        "day": plan.day,
        "claim_state": plan.state or ("paid" if plan.step is None else plan.step.value),
        "amount": plan.fen,
        "payable": None if offer is None else offer.pay,
        "uncompensated": None if offer is None else offer.uncompensated,
        "cut_by": None if offer is None else ", ".join(offer.cut_by) or None,
        "entries": entries,
    }
    return operations_answer(view, CLAIM_PLAN, rows, head)


def closing_document(view: View, plan: ClosingPlan, entries: str = "") -> Answer:
    """Who pays and who gets back what at a later closing."""
    rows = (
        {
            **CLOSING.fields(line),
            "investor": view.parties[line.investor].code,
            "commitment_before": line.before,
            "commitment_after": line.after,
        }
        for line in plan.lines
    )
    head = {
        "fund": view.parties[plan.fund].code,
        "rate": float(plan.rate),
        "moved": plan.moved,
        "interest": plan.interest,
        "outside": plan.outside,
        "entries": entries,
    }
    return operations_answer(view, CLOSING, rows, head, currency_of(view, plan.fund))


def distribution_document(view: View, plan: DistributionPlan, entries: str = "") -> Answer:
    """Who gets what of a distribution, and how the tiers shared it out."""
    rows = (DISTRIBUTION.fields(line) | {"investor": view.parties[line.investor].code} for line in plan.lines)
    head = {
        "fund": view.parties[plan.fund].code,
        "cash": plan.cash,
        "carry": plan.carry,
        "tiers": words.clauses(
            f"{tier_text(tier)} / {side} {fen / 100:,.2f}" for tier, side, fen in plan.tiers
        ),
        "entries": entries,
    }
    return operations_answer(view, DISTRIBUTION, rows, head, currency_of(view, plan.fund))


def merger_document(view: View, plan: ReorganisationPlan, entries: str = "") -> Answer:
    """Every total before and after a reorganisation."""
    rows = (
        {
            **MERGER.fields(proof),
            "fund": view.parties[proof.fund].code,
            "name": view.name(proof.fund),
            "currency": currency_of(view, proof.fund),
            "texts": {"measure": figure(proof.measure).text},
        }
        for proof in plan.proofs
    )
    head = {"successor": view.parties[plan.successor].code, "entries": entries}
    return operations_answer(view, MERGER, rows, head)
