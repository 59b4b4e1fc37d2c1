"""Conditions on the columns of new rows, in SQL for both engines: days, codes, amounts, what must be given.

A revision that has been released keeps its triggers to the letter, so nothing here changes; what a later one asks
differently is a condition of its own.
"""

from __future__ import annotations

from fof.migrations.guards import RowCondition

FIRST_DAY, LAST_DAY = "1900-01-01", "2199-12-31"
"""Of what an entry says; fof.ledger.checks.storable tells the same to people."""
CODE_CHARACTERS = 300
FEN_AT_MOST = 10**16
INT32 = 2**31 - 1


def day(name: str) -> RowCondition:
    """A day that may be missing."""
    days = f"NEW.{name} BETWEEN '{FIRST_DAY}' AND '9999-12-31'"
    return RowCondition(
        f"NEW.{name} IS NULL OR (date(NEW.{name}) = NEW.{name} AND {days})",
        f"{name} is a day",
        f"NEW.{name} IS NULL OR {days}",
    )


def code(table: str) -> RowCondition:
    whole = f"length(NEW.code) BETWEEN 1 AND {CODE_CHARACTERS} AND NEW.code = trim(NEW.code)"
    controls = "'*[' || char(1) || '-' || char(31) || char(127) || '-' || char(159) || ']*'"
    return RowCondition(
        f"{whole} AND NEW.code NOT GLOB {controls} AND instr(NEW.code, char(0)) = 0",
        f"{table}: a code has 1 to {CODE_CHARACTERS} characters that can be seen",
        rf"{whole} AND NEW.code !~ '[\u0001-\u001f\u007f-\u009f]'",
    )


def amounts(*names: str) -> RowCondition:
    within = [f"coalesce(NEW.{name}, 0) BETWEEN -{FEN_AT_MOST} AND {FEN_AT_MOST}" for name in names]
    return RowCondition(" AND ".join(within), "an amount beyond reason")


def given(*names: str) -> RowCondition:
    return RowCondition(
        " AND ".join(f"length(NEW.{n}) > 0" for n in names), f"{', '.join(names)} must be given"
    )
