"""Every input that a rule of pools asks for has a column in a layout, and a line in its template."""

from __future__ import annotations

import pytest
from test_fof_rules_coinvest_inputs import columns, explained
from test_fof_rules_pools import CODED

from fof.importers.columns import Column, Layout
from fof.rules.inputs import declared

PAID, EVENTS, CLAIMS = "pool_payments", "loan_events", "claims"
MADE_OF: dict[str, tuple[str, ...]] = {
    "share_local_government": ("agreements.share_local_government",),
    "day": ("loans.enrolled_on",),
    "first_day": ("agreements.since",),
    "term_months": ("loans.enrolled_on", "loans.loan_due"),
    "size": ("loans.borrower_size", "borrower_certificates.small_size"),
    "insured_loss": (f"{PAID}.amount", f"{PAID}.pool_leg"),
    "insured_cut": (f"{PAID}.amount", "pool_limits.limit_amount"),
    "premiums": (f"{PAID}.amount", f"{PAID}.pool_leg"),
    "guarantor": ("loans.guarantor",),
    "guarantor_capital": ("guarantors.registered_capital",),
    "outstanding": (f"{EVENTS}.amount", f"{EVENTS}.loan_step"),
    "group_outstanding": (f"{EVENTS}.amount", "borrower_certificates.group_head"),
    "firm_in_year": ("loans.contract_amount", "loans.borrower"),
    "founded_on": ("companies.founded_on",),
    "listed_on": ("attributes.attribute",),
    "has_claim": (f"{CLAIMS}.loan",),
    "covered_loss": (f"{CLAIMS}.claim_principal", "agreements.covers_principal"),
    "suffered": (f"{CLAIMS}.claim_principal", f"{PAID}.pool_leg"),
    "public_paid": (f"{PAID}.amount", f"{PAID}.claim"),
    "handed_back": (f"{PAID}.pool_leg", f"{PAID}.recovery_part"),
    "retained": (f"{PAID}.pool_leg", f"{PAID}.recovery_part"),
    "submitted_on": (f"{CLAIMS}.since", f"{CLAIMS}.claim_step"),
    "steps": (f"{CLAIMS}.claim_step",),
    "review_used": (f"{CLAIMS}.since", "holiday_notices.public_holidays", "holiday_notices.makeup_workdays"),
    "decision_used": (f"{CLAIMS}.since", "holiday_notices.public_holidays"),
    "reviewed": (f"{CLAIMS}.claim_step",),
    "decided": (f"{CLAIMS}.claim_step",),
    "principal": (f"{CLAIMS}.claim_principal",),
    "pool_paid": (f"{PAID}.amount", f"{PAID}.claim"),
    "guarantor_paid": (f"{PAID}.amount", f"{PAID}.pool_leg"),
    "recovered": (f"{PAID}.amount", f"{PAID}.loan"),
    "recovered_when_paid": (f"{PAID}.amount", f"{PAID}.loan"),
    "recoveries": (f"{PAID}.payer", f"{PAID}.payee"),
    "borne": (f"{PAID}.amount",),
    "returned": (f"{PAID}.amount",),
    "fair": (f"{PAID}.amount",),
    "days": (f"{PAID}.recovery_received_on",),
    "paid_in_year": (f"{PAID}.payee", f"{PAID}.since"),
    "deal_claims": (f"{CLAIMS}.deal",),
    "all_invested": (f"{CLAIMS}.loss_invested",),
    "all_recovered": (f"{CLAIMS}.loss_recovered",),
    "cash": (f"{PAID}.amount",),
    "contributed": (f"{PAID}.payer", f"{PAID}.pool_leg"),
    "first_size": ("pool_shares.agreed_amount",),
    "below_floor_since": (f"{PAID}.since",),
    "lowest_cash": (f"{PAID}.amount",),
    "compensated": (f"{PAID}.amount", f"{PAID}.pool_leg"),
    "uncompensated": (f"{CLAIMS}.decided_amount",),
    "balances": (f"{PAID}.payer", "agreements.contribution_basis"),
    "statement": ("pool_statements.account_balance",),
    "statement_on": ("pool_statements.since",),
    "statement_cash": (f"{PAID}.amount",),
    "kind": ("pool_limits.limit_kind",),
    "denominator": ("pool_limits.limit_denominator",),
    "rate": (f"{PAID}.amount", "pool_limits.limit_grossness", "pool_limits.limit_period"),
    "highest": ("pool_limits.limit_rate",),
    "used": (f"{PAID}.amount",),
    "allowed": ("pool_limits.limit_amount", "pool_limits.limit_rate"),
    "warned": ("pool_limits.warning_share",),
    "reached": ("pool_limits.limit_rate",),
    "stopped_on": ("pool_limits.resumed_on",),
    "enrolled_since": ("loans.enrolled_on",),
    "liability": (f"{EVENTS}.amount", "agreements.share_lender"),
    "year_end_liability": (f"{EVENTS}.amount", "agreements.share_lender"),
    "weighted": ("loans.issuer_rating", "loans.borrower_size", "borrower_certificates.farm_borrower"),
    "bonds": ("loans.loan_kind",),
    "bonds_weighted": ("loans.issuer_rating",),
    "largest_borrower": ("loans.borrower",),
    "largest_group": ("borrower_certificates.group_head",),
    "largest_borrower_least": ("loans.issuer_rating", "loans.borrower_size"),
    "largest_group_least": ("loans.issuer_rating", "loans.borrower_size"),
    "small_or_farm": ("borrower_certificates.small_size", "borrower_certificates.farm_borrower"),
    "small_tickets": (f"{EVENTS}.amount",),
    "loans_to": ("loans.borrower",),
    "controls": ("guarantors.controlling_holder", "guarantors.actual_controller"),
    "loan": ("loans.code",),
}
"""What is computed → the columns that it is computed of."""


def brought_by(name: str) -> list[tuple[Layout, Column]]:
    """The columns that bring an input."""
    assert all(part in columns() for part in MADE_OF.get(name, ())), name
    made = [pair for part in MADE_OF.get(name, ()) for pair in columns()[part]]
    return made or [pair for pair in columns().get(name, []) if pair[1].fact is not None]


@pytest.mark.parametrize("rule", CODED)
def test_every_input_has_a_column_and_a_line_in_its_template(rule: str) -> None:
    asked = declared()[rule].asks
    assert asked
    for path, own in asked.items():
        brought = brought_by(own.path[-1])
        assert brought, f"{rule} asks for {path}, which no layout brings"
        for layout, column in brought:
            assert column.text.zh in explained(layout.name), (path, layout.name, column.name)


def test_an_input_that_no_layout_brings_fails() -> None:
    assert brought_by("phase_of_the_moon") == []
