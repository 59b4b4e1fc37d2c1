"""Kinds of entries of the owner's audit (cases, samples, requests) and of personal data (commitments, unmaskings, erasures)."""

from __future__ import annotations

from fof.migrations.guards import in_force_since
from fof.migrations.lists import widen

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_ENTRIES = (
    "'parties', 'terms', 'ownership', 'commitment', 'commitment_amendment', 'commitment_transfer', 'capital_call', "
    "'call_payment', 'distribution', 'valuation', 'deal', 'exit', 'fund_cash', 'position_statement', 'reorganisation', "
    "'reversal', 'setting', 'disposition', 'period_close', 'mapping', 'coinvestment', 'pool', 'voucher', 'users', "
    "'audit_case', 'audit_sample', 'audit_request', 'personal', 'unmasking', 'erasure'"
)


def upgrade() -> None:
    widen("entry", "ck_entry_kind_listed", f"kind IN ({_ENTRIES})")
    in_force_since(revision)


def downgrade() -> None:
    """There is no way back from a book: its entries are the user's property."""
    raise RuntimeError("a revision is not taken back; restore a backup instead")
