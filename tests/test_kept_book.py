"""A book of revision 0001, kept for ever: it opens, upgrades, verifies and reports as when it was made.

What moves on purpose stands in tests/kept/0001/moved with its reason; anything else that moves is a failure.
"""

from __future__ import annotations

import gzip
import hashlib
import importlib.util
import json
import os
import uuid
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import sqlalchemy as sa

from fof import ledger
from fof.access import LOCAL
from fof.cli import main
from fof.db import REVISION, Database
from fof.errors import Unavailable
from fof.intake.components import components_of
from fof.ledger.verify import verify
from fof.rules import catalogue
from models.subjects import bearer_of

KEPT = Path(__file__).parent / "kept"


@cache
def kept() -> ModuleType:
    """The module beside the book that asks and compares."""
    spec = importlib.util.spec_from_file_location("once_per_question", KEPT / "answers.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def book(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """The kept book on one engine, upgraded as its owner does it."""
    if engine == "sqlite":
        url = kept().unpacked(tmp_path)
    else:
        url = request.getfixturevalue("postgres_kept")
    database = Database(url)
    yield database
    database.close()


@pytest.fixture
def postgres_kept(
    postgres_server: str, postgres_template: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """The kept PostgreSQL book, loaded into a server that knows the roles (`postgres_template` made them)."""
    base = sa.make_url(postgres_server).set(drivername="postgresql+psycopg")
    name = f"fof_kept_{uuid.uuid4().hex[:12]}"
    administrator = sa.create_engine(base, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with administrator.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    owner = base.set(database=name)
    loader = sa.create_engine(owner, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    raw = loader.raw_connection()
    raw.cursor().execute(gzip.decompress((KEPT / "0001" / "book.sql.gz").read_bytes()))
    raw.close()
    clerk = owner.set(username="fof_test_login", password="fof").render_as_string(hide_password=False)
    monkeypatch.setenv("FOF_DATABASE_URL", clerk)
    monkeypatch.setenv("FOF_OWNER_URL", owner.render_as_string(hide_password=False))
    assert main(["init"]) == 0
    monkeypatch.delenv("FOF_OWNER_URL")
    yield clerk
    with administrator.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


def leaves(database: Database) -> list[str]:
    with database.read() as connection:
        return [
            bytes(leaf).hex() for (leaf,) in connection.execute(sa.text("SELECT leaf FROM entry ORDER BY id"))
        ]


def root(hashes: list[bytes]) -> bytes:
    """RFC 6962, section 2.1, over leaf hashes."""
    if len(hashes) == 1:
        return hashes[0]
    half = 1 << (len(hashes) - 1).bit_length() - 1
    return hashlib.sha256(b"\x01" + root(hashes[:half]) + root(hashes[half:])).digest()


def broken(database: Database) -> list[str]:
    """Checks of the book that do not pass; how a test server writes to its disk says nothing about a book."""
    return [c.name for c in verify(database).problems if c.name != "durability"]


def test_every_entry_is_the_one_that_was_booked(book: Database, engine: str) -> None:
    with book.read() as connection:
        assert connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar() == REVISION
    was = json.loads((KEPT / "0001" / "leaves.json").read_text())[engine]
    found = leaves(book)[: kept().HEAD]
    assert found == was["leaves"]
    assert root([bytes.fromhex(leaf) for leaf in found]).hex() == was["root"]
    assert broken(book) == []


def test_it_reports_the_same_but_for_what_was_moved_on_purpose(
    book: Database, tmp_path: Path, engine: str
) -> None:
    found = set(kept().differences(kept().recorded(), kept().answers(book.address, tmp_path)))
    if engine == "postgres":  # the line of the quarter close repeats the root of its own engine's book
        found = {d for d in found if d[:2] != ("journal show 188", "rows[setting|1].content")}
    listed = set(kept().permitted())
    unexplained = sorted(found - listed)
    said = "\n".join(" · ".join(d) for d in unexplained[:40])
    assert not unexplained, (
        f"{len(unexplained)} answers of the kept book moved (tests/kept/README.md):\n{said}"
    )
    assert sorted(listed - found) == [], "listed as moved, but it is not so"


def test_it_takes_new_entries_and_still_verifies(book: Database) -> None:
    head = ledger.read(book).head
    ledger.reverse(book, LOCAL, 212, "示例：重复披露")
    assert ledger.read(book).head == head + 1
    assert broken(book) == []


def test_the_database_still_refuses_to_change_an_old_row(book: Database, engine: str) -> None:
    refused = (sa.exc.DatabaseError, Unavailable)
    for statement in ("UPDATE posting SET fen = fen + 1", "DELETE FROM mark", "UPDATE entry SET note = 'x'"):
        with pytest.raises(refused), book.write() as connection:
            connection.execute(sa.text(statement))


def test_the_comparison_sees_what_it_must() -> None:
    """A moved figure, a lost row, a new row, a lost field; not a new field, a reordering, or another wording."""
    then = {
        "q": {
            "unit": "CNY",
            "rows": [{"key": "A", "nav": "1.00", "note": "because"}, {"key": "B", "nav": None}],
        }
    }
    same = {
        "q": {
            "unit": "CNY",
            "more": 1,
            "rows": [{"key": "B", "nav": None, "new": 1}, {"key": "A", "nav": "1.00", "note": "as"}],
        }
    }
    moved: list[Any] = [
        ({"unit": None, "rows": then["q"]["rows"]}, "unit", "CNY", "null"),
        (
            {"unit": "CNY", "rows": [{"key": "A", "nav": "1.01", "note": "x"}, {"key": "B", "nav": None}]},
            "rows[A].nav",
            "1.00",
            "1.01",
        ),
        (
            {"unit": "CNY", "rows": [{"key": "A", "nav": "1.00", "note": None}, {"key": "B", "nav": None}]},
            "rows[A].note",
            "text",
            "null",
        ),
        (
            {"unit": "CNY", "rows": [{"key": "A", "nav": "1.00", "note": "x"}, {"key": "B"}]},
            "rows[B].nav",
            "null",
            "no such field",
        ),
        ({"unit": "CNY", "rows": [{"key": "A", "nav": "1.00", "note": "x"}]}, "rows[B]", "row", "no row"),
        ({"unit": "CNY", "rows": [*then["q"]["rows"], {"key": "C"}]}, "rows[C]", "no row", "row"),
        (
            {"unit": "CNY", "rows": [{"key": "A", "nav": "1.00", "note": "x"}, {"key": "B", "nav": "0.00"}]},
            "rows[B].nav",
            "null",
            "0.00",
        ),
    ]
    assert kept().differences(then, same) == []
    nested = {"q": {"rows": [{"key": "A", "missing": ["x"]}]}}
    longer = {"q": {"rows": [{"key": "A", "missing": ["x", "y"]}]}}
    assert [d.place for d in kept().differences(nested, longer)] == ["rows[A].missing[1]"]
    assert [d.place for d in kept().differences(longer, nested)] == [
        "rows[A].missing[1]",
        "rows[A].missing[1].value",
    ]
    for now, place, before, after in moved:
        assert [tuple(d) for d in kept().differences(then, {"q": now})] == [("q", place, before, after)]
    refused = {"q": {"exit": 2}}
    assert kept().differences(refused, refused) == []
    for a, b in ((then, refused), (refused, then)):
        assert [d.place for d in kept().differences(a, b)] == ["exit"]


def test_the_book_holds_what_it_is_kept_for(
    book: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reversals, a mapping, components, a close, dispositions, part of a stake sold, a reorganisation and the rest."""
    with book.read() as connection:
        kinds = {kind for (kind,) in connection.execute(sa.text("SELECT DISTINCT kind FROM entry"))}
        deals = {kind for (kind,) in connection.execute(sa.text("SELECT DISTINCT kind FROM deal"))}
        settings = {name.split(":")[0] for (name,) in connection.execute(sa.text("SELECT name FROM setting"))}
        prices = connection.execute(sa.text("SELECT count(*) FROM posting WHERE kind = 70")).scalar()
    assert {
        "reversal",
        "mapping",
        "period_close",
        "disposition",
        "commitment_transfer",
        "commitment_amendment",
        "reorganisation",
        "position_statement",
        "ownership",
        "setting",
        "valuation",
        "distribution",
        "call_payment",
        "fund_cash",
    } <= kinds
    assert deals == {"initial", "follow_on", "partial_exit", "exit", "write_off"}
    assert {"call_components", "period_close"} <= settings
    assert prices == 1
    assert os.path.getsize(KEPT / "0001" / "answers.json.gz") < 1_000_000


def test_its_old_forms_are_read_as_the_rows_that_are_written_today(book: Database) -> None:
    """Settings that were notices, mappings, closes and marks; dispositions that were two rows. Counted against the table."""
    view = ledger.read(book).view()
    with book.read() as connection:
        stored = [
            (entry, party, name)
            for entry, party, name in connection.exec_driver_sql(
                "SELECT entry, party, name FROM setting ORDER BY entry"
            )
            if view.prefix.live[entry]
        ]
        disposed = {
            e for (e,) in connection.exec_driver_sql("SELECT entry FROM disposition") if view.prefix.live[e]
        }
        for table in ("notice_line", "column_mapping", "quarter_close", "subject_fact", "decision"):
            assert connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() == 0, (
                "nothing was rewritten"
            )

    def named(prefix: str) -> set[int]:
        return {entry for entry, _, name in stored if name.startswith(prefix)}

    assert {s.row.name for s in view.settings} <= set(catalogue.parameters())
    assert {s.entry for s in view.notice_lines} == named("call_components:") != set()
    assert {s.entry for s in view.column_mappings} == named("mapping:") != set()
    assert {s.entry for s in view.quarter_closes} == named("period_close") != set()
    assert {s.entry for s in view.subject_facts} == named("evaluation.")
    assert {d.entry for d in view.decisions} == disposed != set()
    assert len(view.decisions) == len(disposed)
    for decision in view.decisions:
        assert view.subject(bearer_of(decision.row)).kind == decision.row.kind
    for close in view.quarter_closes:
        assert view.entry(close.row.known_at).leaf.hex() == close.row.leaf
    for line in view.notice_lines:
        dues = view.postings.of_entry(line.entry)
        mine = dues.fen[dues.from_party == line.row.investor].sum()
        parts = components_of(view, line.row.fund, line.row.number)[line.row.investor]
        assert sum(parts.values()) == mine, "the parts are what the notice asks of the investor"
