"""Subjects gain the kinds and roles of risk-compensation pools: limits, contributors' parts, what happened to a loan, payments."""

from __future__ import annotations

from fof.migrations.guards import in_force_since
from fof.migrations.lists import widen

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_REGISTERED = (
    "'agreement', 'audit_case', 'ballot', 'business_tie', 'claim', 'coinvest_payment', 'declaration', 'eligibility', "
    "'employment', 'evidence', 'incident', 'kinship', 'loan', 'loan_event', 'meeting', 'nominee', 'plan', 'pool_limit', "
    "'pool_payment', 'pool_share', 'request', 'sample', 'staff_stake', 'user', 'voucher'"
)
_KINDS = f"'office', 'party', 'deal', 'stake', 'notice', 'edge', {_REGISTERED}"
_ROLES = (
    "'holder', 'person', 'employer', 'company', 'deal', 'plan', 'pool', 'agreement', 'borrower', 'lender', 'guarantor', "
    "'insurer', 'loan', 'claim', 'issuer', 'provider', 'institution', 'vehicle', 'relative', 'beneficiary', 'employment', "
    "'staff_stake', 'eligibility', 'declaration', 'meeting', 'nominee', 'coinvest_payment', 'request', 'sample', "
    "'reguarantor', 'national_fund', 'local_government', 'investor_arm', 'contributor', 'claimant', 'payer', 'payee'"
)


def upgrade() -> None:
    widen("subject", "ck_subject_kind_listed", f"kind IN ({_REGISTERED})")
    for table in ("subject_fact", "decision"):
        widen(table, f"ck_{table}_kind_listed", f"kind IN ({_KINDS})")
    widen("subject_link", "ck_subject_link_role_listed", f"role IN ({_ROLES})")
    in_force_since(revision)


def downgrade() -> None:
    """There is no way back from a book: its entries are the user's property."""
    raise RuntimeError("a revision is not taken back; restore a backup instead")
