"""A closed list of an old table gains members: its CHECK is written anew, every row and trigger stays as it was.

PostgreSQL drops the condition and adds the new one, which it holds against every row. SQLite cannot change a condition:
the table is made again beside the old one, in the migration's own transaction, its rows are copied and compared, and
its triggers and indexes are made again from their own text. References are switched off meanwhile (fof.db), so that a table
that others refer to is made again as any other. Nothing of a row changes, so no leaf does: fof/migrations/env.py compares
every leaf and every reference before and after.
"""

from __future__ import annotations

from alembic import op

from fof.migrations.guards import on_sqlite


def widen(table: str, constraint: str, condition: str) -> None:
    """Replace the CHECK `constraint` of a table. RuntimeError where anything does not fit."""
    if on_sqlite():
        _rebuilt(table, constraint, condition)
        return
    op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {constraint}")
    op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {constraint} CHECK ({condition})")


def _rebuilt(table: str, constraint: str, condition: str) -> None:
    run = op.get_bind().exec_driver_sql
    if run("PRAGMA foreign_keys").scalar():  # dropping a table would delete what its rows are referred to by
        raise RuntimeError("references are checked at once; a table is not made again")
    text = run("SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?", (table,)).scalar()
    own = run(
        "SELECT sql FROM sqlite_schema WHERE tbl_name = ? AND type IN ('index', 'trigger') AND sql IS NOT NULL ORDER BY rowid",
        (table,),
    ).fetchall()
    if text is None:
        raise RuntimeError(f"no table {table}")
    fresh = f"{table}_made_again"
    new = with_check(str(text), constraint, condition)
    head = new.index("(")
    legacy = run("PRAGMA legacy_alter_table").scalar()
    run(
        "PRAGMA legacy_alter_table=ON"
    )  # triggers of other tables name this one, which is not there for a moment
    run(f"CREATE TABLE {fresh} {new[head:]}")
    run(f"INSERT INTO {fresh} SELECT * FROM {table}")
    for one, other in ((table, fresh), (fresh, table)):
        if run(f"SELECT EXISTS (SELECT * FROM {one} EXCEPT SELECT * FROM {other})").scalar():
            raise RuntimeError(f"{table}: the copy differs")
    if run(f"SELECT count(*) FROM {table}").scalar() != run(f"SELECT count(*) FROM {fresh}").scalar():
        raise RuntimeError(f"{table}: the copy differs")
    run(f"DROP TABLE {table}")
    run(f"ALTER TABLE {fresh} RENAME TO {table}")
    for (sql,) in own:
        run(str(sql))
    run(f"PRAGMA legacy_alter_table={'ON' if legacy else 'OFF'}")
    faults = run(f"PRAGMA integrity_check('{table}')").scalars().all()
    if faults != ["ok"]:
        raise RuntimeError(f"{table}: {'; '.join(map(str, faults))}")


def with_check(create: str, constraint: str, condition: str) -> str:
    """The text of CREATE TABLE with another condition in one of its named CHECKs."""
    start = create.find(f"CONSTRAINT {constraint} CHECK (")
    if start < 0 or create.find(f"CONSTRAINT {constraint} ", start + 1) >= 0:
        raise RuntimeError(f"no one condition {constraint} in: {create}")
    opened = create.index("(", start)
    depth, quoted = 0, False
    for place in range(opened, len(create)):
        letter = create[place]
        quoted = not quoted if letter == "'" else quoted
        depth += 0 if quoted else (letter == "(") - (letter == ")")
        if depth == 0:
            return f"{create[: opened + 1]}{condition}{create[place:]}"
    raise RuntimeError(f"{constraint} has no end in: {create}")
