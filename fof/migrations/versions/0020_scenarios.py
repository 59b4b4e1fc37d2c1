"""Subjects gain the kind of saved scenarios, entries the kind under which they are saved: inputs alone, never results."""

from __future__ import annotations

from fof.migrations.guards import in_force_since
from fof.migrations.lists import widen

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_REGISTERED = (
    "'agreement', 'audit_case', 'ballot', 'business_tie', 'claim', 'coinvest_payment', 'declaration', 'deduction', "
    "'eligibility', 'employment', 'evidence', 'incident', 'kinship', 'loan', 'loan_event', 'meeting', 'nominee', 'plan', "
    "'pool_limit', 'pool_payment', 'pool_share', 'request', 'residency', 'result', 'sample', 'scenario', 'service', "
    "'staff_stake', 'subsidy', 'user', 'voucher'"
)
_KINDS = f"'office', 'party', 'deal', 'stake', 'notice', 'edge', {_REGISTERED}"
_ENTRIES = (
    "'parties', 'terms', 'ownership', 'commitment', 'commitment_amendment', 'commitment_transfer', 'capital_call', "
    "'call_payment', 'distribution', 'valuation', 'deal', 'exit', 'fund_cash', 'position_statement', 'reorganisation', "
    "'reversal', 'setting', 'disposition', 'period_close', 'mapping', 'coinvestment', 'pool', 'voucher', 'instrument', "
    "'users', 'audit_case', 'audit_sample', 'audit_request', 'personal', 'unmasking', 'erasure', 'scenario'"
)


def upgrade() -> None:
    widen("subject", "ck_subject_kind_listed", f"kind IN ({_REGISTERED})")
    for table in ("subject_fact", "decision"):
        widen(table, f"ck_{table}_kind_listed", f"kind IN ({_KINDS})")
    widen("entry", "ck_entry_kind_listed", f"kind IN ({_ENTRIES})")
    in_force_since(revision)


def downgrade() -> None:
    """There is no way back from a book: its entries are the user's property."""
    raise RuntimeError("a revision is not taken back; restore a backup instead")
