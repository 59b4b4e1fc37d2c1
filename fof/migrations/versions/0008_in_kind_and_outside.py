"""Deals gain a kind, the conversion of a convertible; postings two: a distribution in kind,
and the transfer of capital that was paid in outside the commitment. None of them moves cash."""

from __future__ import annotations

from fof.migrations.guards import in_force_since
from fof.migrations.lists import widen

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    widen(
        "deal",
        "ck_deal_kind_listed",
        "kind IN ('initial', 'follow_on', 'conversion', 'partial_exit', 'exit', 'write_off')",
    )
    widen(
        "posting",
        "ck_posting_kind_listed",
        "kind BETWEEN 1 AND 21 OR kind BETWEEN 30 AND 43 OR kind BETWEEN 50 AND 52 "
        "OR kind BETWEEN 60 AND 72 OR kind BETWEEN 80 AND 81 OR kind BETWEEN 90 AND 99",
    )
    in_force_since(revision)


def downgrade() -> None:
    """There is no way back from a book: its entries are the user's property."""
    raise RuntimeError("a revision is not taken back; restore a backup instead")
