"""Alembic's entry: runs on the connection that fof.db hands over, in one transaction.

A revision changes no entry: every row, leaf and record is the same afterwards, or nothing is upgraded.
"""

from __future__ import annotations

import hashlib

import sqlalchemy as sa
from alembic import context

import models
from fof.ledger.stored import own_leaf, stored_entries
from fof.schema import REVISION


def entries_digest(connection: sa.Connection, tables: set[str]) -> bytes:
    """Stands for everything the journal holds in the tables: what is stored of each entry, the leaf its rows make, and (on
    SQLite, where they are switched off while a table is made again) the references that are not kept."""
    stored = hashlib.sha256()
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(1000)
        stored.update(repr(sorted(map(tuple, broken), key=repr)).encode())
    for table in sorted(tables - {"entry"}):
        count = connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar()
        stored.update(f"{table} {count};".encode())
    for head, count, leaf, rows, whole in stored_entries(connection.connection.cursor(), tables=tables):
        stored.update(repr((head.id, count, leaf, own_leaf(head, rows), whole)).encode())
    return stored.digest()


connection = context.config.attributes["connection"]
there = set(sa.inspect(connection).get_table_names())
before = {t.table.name for t in models.ROW_TABLES} & there
if (
    "alembic_version" in there
    and REVISION in connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalars()
):
    before = set()  # nothing to do, so nothing to compare
digest = entries_digest(connection, before) if before else b""
context.configure(connection=connection, target_metadata=models.metadata, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
    if before and entries_digest(connection, before) != digest:
        raise RuntimeError("the upgrade would have changed what is booked; nothing was upgraded")
connection.commit()
