"""Every column that refers to a row has an index on SQLite.

The head of an entry is written after its rows, so that no row can be added to an entry that stands; until then each row's
reference to it is open. While any deferred reference is open SQLite looks, for each new row that others may refer to (a
party, a deal, a registered subject), through every table that could hold one of the waiting references: without an index
the whole table, at every booking, however large the book is. PostgreSQL looks from the referring row alone.
"""

from __future__ import annotations

from alembic import op

from fof.migrations.guards import on_sqlite


def index_references() -> None:
    """Make the indexes that are missing; columns that begin an index or the table's key have one already."""
    if not on_sqlite():
        return
    run = op.get_bind().exec_driver_sql
    tables = run("SELECT name FROM sqlite_schema WHERE type = 'table'").scalars().all()
    for table in sorted(map(str, tables)):
        columns = {str(row[3]) for row in run(f"PRAGMA foreign_key_list({table})")}
        optional = {str(row[1]) for row in run(f"PRAGMA table_info({table})") if not row[3]}
        for column in sorted(columns - indexed(table)):
            rows = f" WHERE {column} IS NOT NULL" if column in optional else ""
            run(f"CREATE INDEX ix_{table}_{column} ON {table} ({column}){rows}")


def indexed(table: str) -> set[str]:
    """Columns of a table that some index begins with."""
    run = op.get_bind().exec_driver_sql
    names = [str(row[1]) for row in run(f"PRAGMA index_list({table})")]
    key = {str(row[1]) for row in run(f"PRAGMA table_info({table})") if row[5] == 1}
    first = [run(f"PRAGMA index_info({name})").first() for name in names]
    return key | {str(row[2]) for row in first if row is not None}
