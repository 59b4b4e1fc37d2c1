"""Upgrading a book: a closed list gains members, no entry changes, and what would change one is refused."""

from __future__ import annotations

import datetime as dt
import gzip
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations

from fof import ledger
from fof.access import LOCAL
from fof.db import Database
from fof.ledger.stored import own_leaf, stored_entries
from fof.ledger.verify import verify
from fof.migrations import guards
from fof.migrations.lists import widen
from models import kinds

KEPT = Path(__file__).parent / "kept" / "0001" / "book.sqlite.gz"
LISTS = {
    "deal": ("ck_deal_kind_listed", kinds.DealKind),
    "party": ("ck_party_kind_listed", kinds.PartyKind),
    "entry": ("ck_entry_kind_listed", kinds.EntryKind),
}
"""Tables that others refer to, each with a closed list."""


@contextmanager
def migrating(book: Database) -> Iterator[sa.Connection]:
    """A connection on which a revision's operations run, as `init` hands it over."""
    with book.engine.connect().execution_options(write=True) as connection:
        if book.is_sqlite:
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr]
        with Operations.context(MigrationContext.configure(connection)):
            yield connection
        connection.commit()


@pytest.fixture
def owned(request: pytest.FixtureRequest, filled_book: Database, postgres_server: str) -> Iterator[Database]:
    """The book, as the owner of its tables opens it."""
    if filled_book.is_sqlite:
        yield filled_book
        return
    address = sa.make_url(postgres_server).set(
        drivername="postgresql+psycopg", database=filled_book.url.database
    )
    book = Database(address.render_as_string(hide_password=False))
    yield book
    book.close()


@pytest.fixture
def filled_book(clerk_on_both: Any) -> Database:
    """Three parties, a deal and money in it, a name, one entry reversed."""
    from models.rows import Deal, Fact, Posting

    clerk = clerk_on_both
    city, fund, company = (
        clerk.party("CITY", "government"),
        clerk.party("F", "sub_fund"),
        clerk.party("C", "company"),
    )
    assert (city, fund, company) == (1, 2, 3)

    def deal(_view: ledger.View, ids: ledger.Ids) -> ledger.Plan:
        rows: list[Any] = [
            Deal(ids.deal(), "D1", fund, company, "initial"),
            Fact(None, 1, "round_total", "5"),
        ]
        money = [Posting(60, fund, company, fund, 1, None, 500)]
        day = dt.date(2020, 1, 1)
        return ledger.Plan([ledger.Draft(kinds.EntryKind.DEAL, day, "deal", b"1", money, rows)])

    book: Database = clerk.database
    ledger.book(book, LOCAL, deal)
    return book


def everything(book: Database) -> dict[str, Any]:
    """Leaves as stored and as the rows make them, and on SQLite the guards."""
    with book.read() as connection:
        found: dict[str, Any] = {
            "entries": [
                (head.id, bytes(leaf), own_leaf(head, rows))  # type: ignore[call-overload]
                for head, _, leaf, rows, _ in stored_entries(connection.connection.cursor())
            ]
        }
        if book.is_sqlite:
            found["guards"] = connection.exec_driver_sql(
                "SELECT name, sql FROM sqlite_master WHERE type IN ('trigger', 'index') AND sql IS NOT NULL ORDER BY name"
            ).fetchall()
            found["strict"] = connection.exec_driver_sql(
                "SELECT name FROM pragma_table_list WHERE strict ORDER BY name"
            ).fetchall()
            found["broken"] = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    return found


@pytest.mark.parametrize("table", LISTS)
def test_a_list_of_a_table_that_others_refer_to_gains_a_member(owned: Database, table: str) -> None:
    constraint, words = LISTS[table]
    before = everything(owned)
    listed = ", ".join(f"'{w.value}'" for w in words)
    with migrating(owned):
        widen(table, constraint, f"kind IN ({listed}, 'newcomer')")
    assert everything(owned) == before
    assert [c.name for c in verify(owned).problems if c.name not in ("guards", "durability")] == []
    row = {
        "deal": "INSERT INTO deal (entry, line, id, code, investor, company, kind) VALUES (6, 1, 2, 'D2', 2, 3, '{}')",
        "party": "INSERT INTO party (entry, line, id, code, kind) VALUES (6, 1, 4, 'D2', '{}')",
        "entry": "INSERT INTO entry (id, kind, effective_on, recorded_at, recorded_by, key, request, posting_count, leaf) "
        "SELECT 5, '{}', effective_on, recorded_at, 'a', 'k', request, 0, leaf FROM entry WHERE id = 4",
    }[table]
    for kind, taken in (("newcomer", True), ("stranger", False)):
        with owned.engine.connect() as connection:
            transaction = connection.begin()
            if taken:
                connection.exec_driver_sql(row.format(kind))
            else:
                with pytest.raises(sa.exc.IntegrityError, match=constraint):
                    connection.exec_driver_sql(row.format(kind))
            transaction.rollback()


def test_a_list_that_does_not_hold_the_rows_is_refused(owned: Database) -> None:
    before = everything(owned)
    with pytest.raises((RuntimeError, sa.exc.IntegrityError)), migrating(owned):
        widen("deal", "ck_deal_kind_listed", "kind IN ('exit')")
    assert everything(owned) == before


def test_a_table_is_not_made_again_while_references_are_checked(clerk: Any) -> None:
    with (
        clerk.database.engine.connect().execution_options(write=True) as connection,
        Operations.context(MigrationContext.configure(connection)),
        pytest.raises(RuntimeError, match="references"),
    ):
        widen("deal", "ck_deal_kind_listed", "1")


def unpacked(folder: Path) -> Path:
    path = folder / "kept.sqlite"
    with gzip.open(KEPT) as source, path.open("wb") as target:
        shutil.copyfileobj(source, target)
    return path


CHANGES: dict[str, str] = {
    "a figure": "UPDATE posting SET fen = fen + 1 WHERE entry = (SELECT min(entry) FROM posting) AND line = 1",
    "a leaf": "UPDATE entry SET leaf = randomblob(32) WHERE id = 3",
    "a row": "DELETE FROM fact WHERE entry = (SELECT min(entry) FROM fact)",
    "a row of no entry": "INSERT INTO notice (entry, line, fund, kind, number) VALUES (99999, 1, 1, 'capital_call', '1')",
    "an end": "DELETE FROM deal WHERE id = 1",
}


@pytest.mark.parametrize("what", CHANGES)
def test_an_upgrade_that_would_change_what_is_booked_changes_nothing(
    what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = unpacked(tmp_path)
    good: Callable[[str], None] = guards.in_force_since

    def wrong(revision: str) -> None:
        good(revision)
        if revision == "0006":
            run = guards.op.get_bind().exec_driver_sql
            for (name,) in run("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                run(f"DROP TRIGGER {name}")
            run(CHANGES[what])

    monkeypatch.setattr(guards, "in_force_since", wrong)
    book = Database(f"sqlite:///{path}")
    with pytest.raises(RuntimeError, match="nothing was upgraded"):
        book.init()
    book.close()
    with Database(f"sqlite:///{path}").engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() == "0001"
    monkeypatch.undo()
    again = Database(f"sqlite:///{path}")
    assert again.init() == "0001"
    assert verify(again).ok
    again.close()


def test_every_column_that_refers_to_a_row_has_an_index_on_sqlite(sqlite_book: Database) -> None:
    """Without one SQLite looks through the whole table for each party, deal and subject that is registered."""
    with sqlite_book.engine.connect() as connection:
        run = connection.exec_driver_sql
        bare = []
        for table in run("SELECT name FROM sqlite_schema WHERE type = 'table'").scalars().all():
            plans = {
                row[3]: run(f"EXPLAIN QUERY PLAN SELECT 1 FROM {table} WHERE {row[3]} = 1").fetchall()
                for row in run(f"PRAGMA foreign_key_list({table})").fetchall()
            }
            bare += [f"{table}.{column}" for column, plan in plans.items() if "SCAN" in plan[0][3]]
    assert bare == []
