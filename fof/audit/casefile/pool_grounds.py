"""What findings about pools rest on: whose attributes their facts are, under which names, and the payments behind a loan or claim."""

from __future__ import annotations

from collections.abc import Mapping

from fof.book.pools import counted_pools
from fof.ledger import View
from fof.rules import facts_pools as own
from models.subjects import SubjectKind

KINDS: Mapping[type, SubjectKind] = {
    own.AgreementFacts: SubjectKind.AGREEMENT,
    own.LimitFacts: SubjectKind.POOL_LIMIT,
    own.LoanFacts: SubjectKind.LOAN,
    own.ClaimFacts: SubjectKind.CLAIM,
}
"""Facts of registered subjects; pools, guarantors and borrowers are parties."""
NAMES: Mapping[type, Mapping[str, tuple[str, ...]]] = {
    own.LimitFacts: {
        "kind": ("limit_kind",),
        "denominator": ("limit_denominator",),
        "highest": ("limit_rate",),
        "allowed": ("limit_amount", "limit_rate"),
        "warned": ("warning_share",),
        "stopped_on": ("resumed_on",),
    },
    own.LoanFacts: {
        "day": ("enrolled_on",),
        "term_months": ("loan_due",),
        "size": ("borrower_size",),
    },
    own.ClaimFacts: {
        "principal": ("claim_principal",),
        "loss": ("claim_principal", "claim_interest", "claim_deducted"),
        "steps": ("claim_step",),
        "all_invested": ("loss_invested",),
        "all_recovered": ("loss_recovered",),
    },
    own.PoolFacts: {"statement": ("account_balance",)},
}
"""Field of the facts → the attributes that it is read from, where they have other names."""
MONEY: Mapping[type, frozenset[str]] = {
    own.PoolFacts: frozenset({"cash", "lowest_cash", "compensated", "contributed", "balances"}),
    own.LoanFacts: frozenset({"outstanding", "public_paid", "handed_back", "retained", "covered_loss"}),
    own.ClaimFacts: frozenset({"pool_paid", "guarantor_paid", "recovered", "recoveries", "paid_in_year"}),
}
"""Fields that are made of payments."""


def kind_of(facts: object) -> SubjectKind | None:
    """The kind of the registered subject that facts are of; facts that are gathered on demand are of a class below theirs."""
    return next((KINDS[cls] for cls in type(facts).__mro__ if cls in KINDS), None)


def names_of(facts: object, field: str) -> tuple[str, ...] | None:
    """The attributes that a field is read from, where they have other names."""
    return next((NAMES[cls].get(field) for cls in type(facts).__mro__ if cls in NAMES), None)


def is_money(facts: object, field: str) -> bool:
    """Whether a field is made of payments."""
    return any(field in MONEY[cls] for cls in type(facts).__mro__ if cls in MONEY)


def entries_of(view: View, kind: SubjectKind, number: int) -> list[int]:
    """The entries of the payments and steps of a loan, or of the payments for a claim, up to the day; none of other subjects."""
    pools = counted_pools(view)
    if kind is SubjectKind.CLAIM and number in pools.claims:
        return [payment.entry for payment in pools.claims[number].payments]
    if kind is SubjectKind.LOAN:
        steps = [step.entry for loan in pools.some_loans([number]) for step in loan.steps]
        return steps + [p.entry for p in pools.payments if pools.loan_of(p) == number]
    return []
