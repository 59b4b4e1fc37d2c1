"""Users: a kind of subject and a kind of entry of their own."""

from __future__ import annotations

from fof.migrations.guards import in_force_since
from fof.migrations.lists import widen

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_ENTRIES = (
    "'parties', 'terms', 'ownership', 'commitment', 'commitment_amendment', 'commitment_transfer', 'capital_call', "
    "'call_payment', 'distribution', 'valuation', 'deal', 'exit', 'fund_cash', 'position_statement', 'reorganisation', "
    "'reversal', 'setting', 'disposition', 'period_close', 'mapping', 'coinvestment', 'pool', 'voucher', 'users'"
)
_REGISTERED = "'agreement', 'claim', 'employment', 'loan', 'plan', 'staff_stake', 'user', 'voucher'"
_KINDS = (
    "'office', 'party', 'deal', 'stake', 'notice', 'edge', 'plan', 'staff_stake', 'employment', 'agreement', "
    "'loan', 'claim', 'voucher', 'user'"
)
_ADDRESS = (
    "(party IS NOT NULL) = (kind IN ('party', 'stake', 'notice', 'edge')) "
    "AND (counterparty IS NOT NULL) = (kind IN ('stake', 'edge')) "
    "AND (deal IS NOT NULL) = (kind IN ('deal')) "
    "AND (subject IS NOT NULL) = (kind IN ('plan', 'staff_stake', 'employment', 'agreement', 'loan', 'claim', "
    "'voucher', 'user')) "
    "AND (number IS NOT NULL) = (kind IN ('notice'))"
)


def upgrade() -> None:
    widen("entry", "ck_entry_kind_listed", f"kind IN ({_ENTRIES})")
    widen("subject", "ck_subject_kind_listed", f"kind IN ({_REGISTERED})")
    for table in ("subject_fact", "decision"):
        widen(table, f"ck_{table}_kind_listed", f"kind IN ({_KINDS})")
        widen(table, f"ck_{table}_address_whole", _ADDRESS)
    in_force_since(revision)


def downgrade() -> None:
    """There is no way back from a book: its entries are the user's property."""
    raise RuntimeError("a revision is not taken back; restore a backup instead")
