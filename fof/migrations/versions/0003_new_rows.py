"""What the database itself can judge of a new entry and its rows, whoever writes them; rows that are there are not asked."""

from __future__ import annotations

from alembic import op

from fof.migrations.conditions import FEN_AT_MOST, FIRST_DAY, INT32, LAST_DAY, amounts, code, day, given
from fof.migrations.guards import (
    RowCondition,
    in_force_since,
    judge_new_rows,
    lines_in_order,
    near,
    on_sqlite,
)

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


_GLOB = "[0-9]" * 4 + "-[0-9][0-9]" * 2 + "T" + ":".join(["[0-9][0-9]"] * 3) + "." + "[0-9]" * 6 + "+00:00"
_PATTERN = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[.][0-9]{6}[+]00:00$"
_SOON = "strftime('%Y-%m-%dT%H:%M:%f', 'now', '+5 minutes')"
_FORM = "'YYYY-MM-DD\"T\"HH24:MI:SS.US'"
_SOON_POSTGRES = f"to_char(clock_timestamp() AT TIME ZONE 'UTC' + interval '5 minutes', {_FORM})"


def upgrade() -> None:
    if not on_sqlite():
        op.execute(
            "CREATE FUNCTION fof_rows_lines() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "IF EXISTS (SELECT 1 FROM fresh GROUP BY entry HAVING count(*) <> max(line) OR min(line) < 1) THEN "
            "RAISE EXCEPTION '%: lines of an entry are 1 to n, written together', TG_TABLE_NAME "
            "USING ERRCODE = 'restrict_violation'; END IF; RETURN NULL; END $$"
        )
    judge_new_rows("entry", _entry())
    for table, judged in _ROWS.items():
        judge_new_rows(table, judged)
        lines_in_order(table)
    judge_new_rows("posting", [_POSTING])
    for table in ("party", "deal"):
        near(table)
    in_force_since(revision)


def downgrade() -> None:
    """There is no way back from a book: its entries are the user's property."""
    raise RuntimeError("a revision is not taken back; restore a backup instead")


def _entry() -> list[RowCondition]:
    """Times have one form, so that their text compares as they do. A last entry of an old book that has no real time is
    passed over, so that the next one can be written."""
    before = "coalesce((SELECT p.recorded_at FROM {0}entry p WHERE p.id = NEW.id - 1 AND p.recorded_at {1} AND p.recorded_at < {2}), '')"
    here = before.format("", f"GLOB '{_GLOB}'", _SOON)
    there = before.format("public.", f"~ '{_PATTERN}'", _SOON_POSTGRES)
    follows = f"NEW.recorded_at < {_SOON} AND NEW.recorded_at >= {here}"
    follows_postgres = f"NEW.recorded_at < {_SOON_POSTGRES} AND NEW.recorded_at >= {there}"
    second = "substr(NEW.recorded_at, 1, 19)"
    moment = "left(NEW.recorded_at, 26)"
    reversal = (
        "(NEW.kind = 'reversal') = (NEW.reverses IS NOT NULL) AND (NEW.reverses IS NULL OR (NEW.posting_count = 0 "
        "AND EXISTS (SELECT 1 FROM {0}entry p WHERE p.id = NEW.reverses AND p.reverses IS NULL)))"
    )
    days = f"NEW.effective_on BETWEEN '{FIRST_DAY}' AND '{LAST_DAY}'"
    return [
        RowCondition("length(NEW.leaf) = 32", "entry: a leaf has 32 octets"),
        RowCondition(
            f"NEW.recorded_at GLOB '{_GLOB}' AND strftime('%Y-%m-%dT%H:%M:%S', {second}) = {second}",
            "entry: recorded_at is a time in UTC with microseconds",
            f"NEW.recorded_at ~ '{_PATTERN}' AND to_char({moment}::timestamp, {_FORM}) = {moment}",
        ),
        RowCondition(
            follows,
            "entry: recorded_at is neither before the last entry nor in the future; check the clocks",
            follows_postgres,
        ),
        RowCondition(
            f"date(NEW.effective_on) = NEW.effective_on AND {days}",
            f"entry: effective_on is a day from {FIRST_DAY} to {LAST_DAY}",
            days,
        ),
        RowCondition(
            "length(NEW.key) > 0 AND length(trim(NEW.recorded_by)) > 0 "
            "AND (NEW.approved_by IS NULL OR length(trim(NEW.approved_by)) > 0)",
            "entry: key and persons must be given",
        ),
        RowCondition(
            reversal.format(""),
            "entry: a reversal takes back one entry that is no reversal, and moves no money",
            reversal.format("public."),
        ),
        RowCondition(
            f"coalesce(NEW.source_row, 1) BETWEEN 1 AND {INT32}", "entry: source_row is a row of a sheet"
        ),
    ]


_POSTING = RowCondition(
    f"NEW.fen <= {FEN_AT_MOST} AND coalesce(NEW.loan, 1) BETWEEN 1 AND {INT32} AND coalesce(NEW.fund, 1) > 0",
    "posting: an amount or a number beyond reason",
)
_ROWS = {
    "party": [code("party")],
    "deal": [code("deal"), amounts("post_money")],
    "mark": [amounts("fen")],
    "fact": [given("name")],
    "edge": [day("until")],
    "notice": [given("number"), day("due_on")],
    "position": [amounts("commitment", "called", "distributed", "remaining")],
    "setting": [given("name"), day("until")],
    "disposition": [given("rule", "reference"), day("until")],
}
