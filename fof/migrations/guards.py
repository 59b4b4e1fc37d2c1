"""What keeps a table of the book append-only, written once for both engines: triggers and privileges.

A migration creates its table and calls one of these:

guard_rows        a row table of the journal: never changed, its rows go in before their entry with lines 1 to n and meet its
                  conditions (fof.migrations.conditions), an identity is taken once; the role that books inserts
guard_own         a table that only migrations write: the role that books reads it
judge_new_rows    conditions that every row must meet from this revision on; rows that are there already are not asked

and `in_force_since`, so that the book remembers from which entry on the revision holds. The first revision wrote its own.
"""

from __future__ import annotations

from collections.abc import Sequence

from alembic import op

from models.frozen import frozen

APP_ROLE = "fof_app"
"""The role that books on PostgreSQL; it owns nothing."""


def on_sqlite() -> bool:
    """Whether the book that is upgraded lies in SQLite."""
    return bool(op.get_bind().dialect.name == "sqlite")


def guard_rows(table: str, judged: Sequence[RowCondition] = (), taken: str | None = None) -> None:
    """A row table of the journal with the columns entry and line.

    judged : what every row must meet
    taken  : of a table of identities: what is taken once, as SQL over NEW and the table. SQLite's INSERT OR REPLACE would
             delete the row that has it; PostgreSQL's unique constraints say the same without help
    """
    append_only(table)
    if on_sqlite():
        op.execute(
            f"CREATE TRIGGER {table}_closed BEFORE INSERT ON {table} "
            "WHEN NEW.entry <= (SELECT coalesce(max(id), 0) FROM entry) "
            f"BEGIN SELECT RAISE(ABORT, '{table}: the entry is closed'); END"
        )
    else:
        op.execute(
            f"CREATE TRIGGER {table}_closed AFTER INSERT ON {table} REFERENCING NEW TABLE AS fresh "
            "FOR EACH STATEMENT EXECUTE FUNCTION fof_rows_before_entry()"
        )
    lines_in_order(table)
    if judged:
        judge_new_rows(table, judged)
    if taken is not None:
        near(table)
        if on_sqlite():
            op.execute(
                f"CREATE TRIGGER {table}_once BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE {taken}) "
                f"BEGIN SELECT RAISE(ABORT, '{table}: taken already (UNIQUE)'); END"
            )
    granted(table, "SELECT, INSERT")


def lines_in_order(table: str) -> None:
    """Lines of an entry are 1 to n in every table; on PostgreSQL they are written in one statement."""
    if on_sqlite():
        fits = f"NEW.line = 1 + (SELECT coalesce(max(line), 0) FROM {table} WHERE entry = NEW.entry)"
        judge_new_rows(table, [RowCondition(fits, f"{table}: lines of an entry are 1 to n")], "lines")
        return
    op.execute(
        f"CREATE TRIGGER {table}_lines AFTER INSERT ON {table} REFERENCING NEW TABLE AS fresh "
        "FOR EACH STATEMENT EXECUTE FUNCTION fof_rows_lines()"
    )


ID_STEP = 100_000
"""An id is at most so far above the highest one: a number at the end of the range would leave no room for the next."""


def near(table: str) -> None:
    """Ids of a table of identities follow one another."""
    fits = f"NEW.id BETWEEN 1 AND {ID_STEP} + (SELECT coalesce(max(id), 0) FROM {{0}}{table})"
    judged = RowCondition(fits.format(""), f"{table}: ids follow one another", fits.format("public."))
    judge_new_rows(table, [judged], "near", each_row=True)


def guard_own(table: str, fits: str) -> None:
    """A table that only migrations write; `fits`: what a new row must meet, as SQL over NEW."""
    append_only(table)
    judge_new_rows(table, [RowCondition(fits, f"{table} is written by fof init alone")], "own", each_row=True)
    granted(table, "SELECT")


def append_only(table: str) -> None:
    """No row of the table is changed or deleted."""
    if on_sqlite():
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        return
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION fof_append_only()"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION fof_append_only()"
    )


def granted(table: str, rights: str) -> None:
    """What the role that books may do with the table; nobody else may anything."""
    if not on_sqlite():
        op.execute(f"REVOKE ALL ON {table} FROM PUBLIC")
        op.execute(f"GRANT {rights} ON {table} TO {APP_ROLE}")


@frozen
class RowCondition:
    """A condition on new rows: what must hold as SQL over NEW, and what is said where it does not.

    `fits` is read by both engines, unless `fits_postgres` says it in the other one's words. A condition that is unknown
    (NULL) is not met: a column that may be missing says so.
    """

    fits: str
    sentence: str
    fits_postgres: str | None = None


def judge_new_rows(
    table: str, judged: Sequence[RowCondition], name: str = "judged", *, each_row: bool = False
) -> None:
    """Refuse new rows that do not meet every condition. Rows that are in the table are not asked.

    name     : of the trigger, after the table's
    each_row : PostgreSQL asks before each row and not once for all that a statement brings; for conditions that look at
               the rows before it
    """
    trigger = f"{table}_{name}"
    if on_sqlite():
        met = " OR ".join(f"({one.fits}) IS NOT TRUE" for one in judged)
        sentence = "; ".join(
            f"SELECT RAISE(ABORT, '{_quoted(one.sentence)}') WHERE ({one.fits}) IS NOT TRUE" for one in judged
        )
        op.execute(f"CREATE TRIGGER {trigger} BEFORE INSERT ON {table} WHEN {met} BEGIN {sentence}; END")
        return
    body = ""
    for one in judged:
        fits = one.fits_postgres or one.fits
        wrong = (
            f"({fits}) IS NOT TRUE"
            if each_row
            else f"EXISTS (SELECT 1 FROM fresh WHERE ({fits.replace('NEW.', 'fresh.')}) IS NOT TRUE)"
        )
        sentence = _quoted(one.sentence).replace("%", "%%")
        body += f"IF {wrong} THEN RAISE EXCEPTION '{sentence}' USING ERRCODE = 'check_violation'; END IF; "
    op.execute(
        f"CREATE FUNCTION fof_{trigger}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body}"
        f"RETURN {'NEW' if each_row else 'NULL'}; END $$"
    )
    when = (
        f"BEFORE INSERT ON {table} FOR EACH ROW"
        if each_row
        else f"AFTER INSERT ON {table} REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT"
    )
    op.execute(f"CREATE TRIGGER {trigger} {when} EXECUTE FUNCTION fof_{trigger}()")


def _quoted(text: str) -> str:
    return text.replace("'", "''")


def in_force_since(revision: str) -> None:
    """Write down that the entries after the last one are kept under this revision."""
    last = op.get_bind().exec_driver_sql("SELECT coalesce(max(id), 0) FROM entry").scalar()
    op.execute(f"INSERT INTO book_revision (number, first_entry) VALUES ('{revision}', {int(last or 0) + 1})")
