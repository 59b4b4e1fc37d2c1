"""The book's identity, and from which entry on each revision holds."""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from alembic import op

from fof.migrations.guards import guard_own, in_force_since, on_sqlite

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "book",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("identity", sa.String(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_book_one")),
        sa.CheckConstraint("length(identity) = 32", name=op.f("ck_book_identity_whole")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_book")),
        sqlite_strict=True,
    )
    op.create_table(
        "book_revision",
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("first_entry", sa.Integer(), nullable=False),
        sa.CheckConstraint("first_entry > 0", name=op.f("ck_book_revision_first_entry_positive")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_book_revision")),
        sqlite_strict=True,
    )
    op.execute(f"INSERT INTO book (id, identity) VALUES (1, '{secrets.token_hex(16)}')")
    op.execute("INSERT INTO book_revision (number, first_entry) VALUES ('0001', 1)")
    schema = "" if on_sqlite() else "public."
    guard_own("book", f"NOT EXISTS (SELECT 1 FROM {schema}book)")
    guard_own(
        "book_revision",
        f"NEW.number > (SELECT max(number) FROM {schema}book_revision) "
        f"AND NEW.first_entry = (SELECT coalesce(max(id), 0) + 1 FROM {schema}entry)",
    )
    in_force_since(revision)


def downgrade() -> None:
    """There is no way back from a book: its entries are the user's property."""
    raise RuntimeError("a revision is not taken back; restore a backup instead")
