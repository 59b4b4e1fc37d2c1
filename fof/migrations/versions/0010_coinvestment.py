"""Subjects gain the kinds and roles of staff co-investment; an address asks for a registered subject where its kind is none
of those that have another address, so that the next kind is one word in one list."""

from __future__ import annotations

from fof.migrations.guards import in_force_since
from fof.migrations.lists import widen

revision = "0010"
down_revision = "0008"
branch_labels = None
depends_on = None

_REGISTERED = (
    "'agreement', 'audit_case', 'ballot', 'business_tie', 'claim', 'coinvest_payment', 'declaration', 'eligibility', "
    "'employment', 'evidence', 'incident', 'kinship', 'loan', 'meeting', 'nominee', 'plan', 'request', 'sample', "
    "'staff_stake', 'user', 'voucher'"
)
_KINDS = f"'office', 'party', 'deal', 'stake', 'notice', 'edge', {_REGISTERED}"
_ADDRESS = (
    "(party IS NOT NULL) = (kind IN ('party', 'stake', 'notice', 'edge')) "
    "AND (counterparty IS NOT NULL) = (kind IN ('stake', 'edge')) "
    "AND (deal IS NOT NULL) = (kind IN ('deal')) "
    "AND (subject IS NOT NULL) = (kind NOT IN ('office', 'party', 'deal', 'stake', 'notice', 'edge')) "
    "AND (number IS NOT NULL) = (kind IN ('notice'))"
)
_ROLES = (
    "'holder', 'person', 'employer', 'company', 'deal', 'plan', 'pool', 'agreement', 'borrower', 'lender', 'guarantor', "
    "'insurer', 'loan', 'claim', 'issuer', 'provider', 'institution', 'vehicle', 'relative', 'beneficiary', 'employment', "
    "'staff_stake', 'eligibility', 'declaration', 'meeting', 'nominee', 'coinvest_payment', 'request', 'sample'"
)


def upgrade() -> None:
    widen("subject", "ck_subject_kind_listed", f"kind IN ({_REGISTERED})")
    for table in ("subject_fact", "decision"):
        widen(table, f"ck_{table}_kind_listed", f"kind IN ({_KINDS})")
        widen(table, f"ck_{table}_address_whole", _ADDRESS)
    widen("subject_link", "ck_subject_link_role_listed", f"role IN ({_ROLES})")
    in_force_since(revision)


def downgrade() -> None:
    """There is no way back from a book: its entries are the user's property."""
    raise RuntimeError("a revision is not taken back; restore a backup instead")
