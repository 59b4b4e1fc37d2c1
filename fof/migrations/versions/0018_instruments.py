"""Subjects gain the kinds and roles of the small instruments: post-subsidies, publicly funded results, deductions, services and
residence in an incubator; entries gain the kind under which they are booked."""

from __future__ import annotations

from fof.migrations.guards import in_force_since
from fof.migrations.lists import widen

revision = "0018"
down_revision = "0016"
branch_labels = None
depends_on = None

_REGISTERED = (
    "'agreement', 'audit_case', 'ballot', 'business_tie', 'claim', 'coinvest_payment', 'declaration', 'deduction', "
    "'eligibility', 'employment', 'evidence', 'incident', 'kinship', 'loan', 'loan_event', 'meeting', 'nominee', 'plan', "
    "'pool_limit', 'pool_payment', 'pool_share', 'request', 'residency', 'result', 'sample', 'service', 'staff_stake', "
    "'subsidy', 'user', 'voucher'"
)
_KINDS = f"'office', 'party', 'deal', 'stake', 'notice', 'edge', {_REGISTERED}"
_ROLES = (
    "'holder', 'person', 'employer', 'company', 'deal', 'plan', 'pool', 'agreement', 'borrower', 'lender', 'guarantor', "
    "'insurer', 'loan', 'claim', 'issuer', 'provider', 'institution', 'vehicle', 'relative', 'beneficiary', 'employment', "
    "'staff_stake', 'eligibility', 'declaration', 'meeting', 'nominee', 'coinvest_payment', 'request', 'sample', "
    "'reguarantor', 'national_fund', 'local_government', 'investor_arm', 'contributor', 'claimant', 'payer', 'payee', "
    "'funder', 'licensee', 'incubator', 'tenant'"
)
_ENTRIES = (
    "'parties', 'terms', 'ownership', 'commitment', 'commitment_amendment', 'commitment_transfer', 'capital_call', "
    "'call_payment', 'distribution', 'valuation', 'deal', 'exit', 'fund_cash', 'position_statement', 'reorganisation', "
    "'reversal', 'setting', 'disposition', 'period_close', 'mapping', 'coinvestment', 'pool', 'voucher', 'instrument', "
    "'users', 'audit_case', 'audit_sample', 'audit_request', 'personal', 'unmasking', 'erasure'"
)


def upgrade() -> None:
    widen("subject", "ck_subject_kind_listed", f"kind IN ({_REGISTERED})")
    for table in ("subject_fact", "decision"):
        widen(table, f"ck_{table}_kind_listed", f"kind IN ({_KINDS})")
    widen("subject_link", "ck_subject_link_role_listed", f"role IN ({_ROLES})")
    widen("entry", "ck_entry_kind_listed", f"kind IN ({_ENTRIES})")
    in_force_since(revision)


def downgrade() -> None:
    """There is no way back from a book: its entries are the user's property."""
    raise RuntimeError("a revision is not taken back; restore a backup instead")
