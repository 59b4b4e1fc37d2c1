"""What the book says about itself, beside its journal.

book           one row: the book's identity, drawn at random when it was made (an older book got one when it was upgraded).
               A copy or a backup of a book has the identity of the book; another book never has
book_revision  from which entry on the book was kept under a schema revision: what an entry had to satisfy follows from it
"""

from __future__ import annotations

import sqlalchemy as sa

from models.base import metadata

book = sa.Table(
    "book",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("identity", sa.String, nullable=False),  # 32 hex digits
    sa.CheckConstraint("id = 1", name="one"),
    sa.CheckConstraint("length(identity) = 32", name="identity_whole"),
    sqlite_strict=True,
)

book_revision = sa.Table(
    "book_revision",
    metadata,
    sa.Column("number", sa.String, primary_key=True),
    sa.Column("first_entry", sa.Integer, nullable=False),
    sa.CheckConstraint("first_entry > 0", name="first_entry_positive"),
    sqlite_strict=True,
)
