"""Alembic's entry: runs on the connection that fof.db hands over, in one transaction."""

from __future__ import annotations

from alembic import context

import models

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=models.metadata, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
connection.commit()
