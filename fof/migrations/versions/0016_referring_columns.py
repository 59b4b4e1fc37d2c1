"""Columns that refer to a party, a deal or a registered subject gain an index on SQLite: registering one no longer looks through
every table."""

from __future__ import annotations

from fof.migrations.guards import in_force_since
from fof.migrations.references import index_references

revision = "0016"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    index_references()
    in_force_since(revision)


def downgrade() -> None:
    """There is no way back from a book: its entries are the user's property."""
    raise RuntimeError("a revision is not taken back; restore a backup instead")
