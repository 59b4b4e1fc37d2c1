"""Postings gain a kind: what an investor pays a call with that is no money, at its stated value. No cash moves."""

from __future__ import annotations

from fof.migrations.guards import in_force_since
from fof.migrations.lists import widen

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    widen(
        "posting",
        "ck_posting_kind_listed",
        "kind BETWEEN 1 AND 22 OR kind BETWEEN 30 AND 43 OR kind BETWEEN 50 AND 52 "
        "OR kind BETWEEN 60 AND 72 OR kind BETWEEN 80 AND 81 OR kind BETWEEN 90 AND 99",
    )
    in_force_since(revision)


def downgrade() -> None:
    """There is no way back from a book: its entries are the user's property."""
    raise RuntimeError("a revision is not taken back; restore a backup instead")
