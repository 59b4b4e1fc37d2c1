"""Verify tells a book that was damaged from one that today's checks would not let in: limits, by entry, with their revision."""

from __future__ import annotations

import ast
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from fof.access import LOCAL
from fof.cli import main
from fof.db import Database, announce
from fof.ledger import Draft, Plan, View, book, checks
from fof.ledger.doubts import time_of
from fof.ledger.record import request_digest
from fof.ledger.stored import own_leaf, stored_entries
from fof.ledger.verify import Verification, verify
from models.journal import Edge
from models.kinds import EntryKind
from models.posting_kinds import PostingKind as K

CHECKS = Path(checks.__file__).parent


@pytest.fixture
def office(clerk_on_both: Any) -> Any:
    """A commitment of 1,000; two of 300 called: entries 1 to 5."""
    book = clerk_on_both
    book.party("CITY", "government")
    book.party("F1", "sub_fund", established_on="2020-01-01")
    book.pay(K.COMMITMENT, "CITY", "F1", 1000, "2020-01-01")
    book.pay(K.CALL_DUE, "CITY", "F1", 300, "2020-02-01")
    book.pay(K.CALL_DUE, "CITY", "F1", 300, "2020-06-01")
    return book


def past_the_door(
    database: Database, number: int, *rows: str, day: str = "2020-03-01", postings: int = 1
) -> None:
    """An entry with the right leaf, written by whoever may insert: nothing but its content is wrong."""
    binary = "X'00'" if database.is_sqlite else "'\\x00'::bytea"
    whole = "zeroblob(32)" if database.is_sqlite else "decode(repeat('00', 32), 'hex')"
    from datetime import UTC, datetime

    entry = (
        "INSERT INTO entry (id, kind, effective_on, recorded_at, recorded_by, key, request, posting_count, leaf) VALUES "
        f"({number}, 'capital_call', '{day}', '{{now}}', 'hand', 'hand {number}', {binary}, {postings}, {{leaf}})"
    )
    now = datetime.now(UTC).isoformat(timespec="microseconds")

    def written(leaf: str, keep: bool) -> bytes:
        own = b""
        try:
            with database.write() as connection:
                if database.is_sqlite:
                    announce(connection)
                for row in rows:
                    connection.exec_driver_sql(row)
                connection.exec_driver_sql(entry.format(now=now, leaf=leaf))
                [(head, _, _, found, _)] = stored_entries(connection.connection.cursor(), number - 1, number)
                own = own_leaf(head, found)
                if not keep:
                    raise ZeroDivisionError
        except ZeroDivisionError:
            pass
        return own

    own = written(whole, keep=False).hex()
    written(f"X'{own}'" if database.is_sqlite else f"decode('{own}', 'hex')", keep=True)


def called(number: int, fen: int, line: int = 1) -> str:
    return f"INSERT INTO posting VALUES ({number}, {line}, {int(K.CALL_DUE)}, 1, 2, 2, NULL, NULL, {fen})"


def limits(found: Verification) -> list[tuple[int, str, bool]]:
    return [(r.entry, r.code, r.damage) for r in found.refusals]


def test_a_limit_that_was_passed_is_damage_and_its_entry_is_named(office: Any) -> None:
    """Not the latest of the calls by day, but the one that was booked when the room was gone."""
    past_the_door(office.database, 6, called(6, 40_001))
    found = verify(office.database)
    assert [c.name for c in found.problems if c.name != "durability"] == ["limits"]
    assert limits(found) == [(6, "call_over_unfunded", True)]
    assert "entry 6" in next(c.text.en for c in found.problems if c.name == "limits")
    assert found.first_bad is None, "every entry fits its leaf"


def test_a_call_that_just_fits_is_none(office: Any) -> None:
    past_the_door(office.database, 6, called(6, 40_000))
    assert limits(verify(office.database)) == []


@pytest.mark.parametrize(
    ("row", "day", "code"),
    [
        (called(6, 5), "2019-12-31", "call_over_unfunded"),
        (
            f"INSERT INTO posting VALUES (6, 1, {int(K.COMMITMENT_REDUCTION)}, 2, 1, 2, NULL, NULL, 100001)",
            "2020-03-01",
            "committed_below_zero",
        ),
        (
            f"INSERT INTO posting VALUES (6, 1, {int(K.CALL_INVESTMENT)}, 1, 2, NULL, NULL, NULL, 5)",
            "2020-03-01",
            "fund_side",
        ),
        (
            f"INSERT INTO posting VALUES (6, 1, {int(K.DISTRIBUTION_RECALLABLE_CAPITAL)}, 2, 1, 2, NULL, NULL, 5)",
            "1950-03-01",
            "before_inception",
        ),
    ],
)
def test_other_invariants(office: Any, row: str, day: str, code: str) -> None:
    past_the_door(office.database, 6, row, day=day)
    found = verify(office.database)
    assert (6, code, True) in limits(found)
    assert not found.passed("limits")


def test_what_was_not_asked_then_is_listed_and_no_damage(
    office: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A check that came with a later revision: exit 0, the entry named; the same entry under that revision: exit 3."""
    past_the_door(office.database, 6, called(6, 40_001))
    monkeypatch.setenv("FOF_DATABASE_URL", office.database.url.render_as_string(hide_password=False))
    monkeypatch.setitem(checks.SINCE, "call_over_unfunded", "0099")
    found = verify(office.database)
    assert found.passed("limits")
    assert limits(found) == [(6, "call_over_unfunded", False)]
    if office.database.is_sqlite:  # how a test server writes to its disk says nothing about a book
        assert main(["verify", "--lang", "en"]) == 0
        said = capsys.readouterr().out
        assert "today's door" in said
        assert " 6 " in said
        monkeypatch.setitem(checks.SINCE, "call_over_unfunded", "0001")
        assert main(["verify"]) == 3


def test_an_entry_that_was_reversed_breaks_nothing(office: Any) -> None:
    from fof import ledger
    from fof.access import LOCAL

    past_the_door(office.database, 6, called(6, 40_001))
    ledger.reverse(office.database, LOCAL, 6, "手工写入")
    assert limits(verify(office.database)) == []


def test_every_problem_of_the_door_says_since_when(tmp_path: Path) -> None:
    """Codes as they stand in the sources of the checks."""
    codes: set[str] = set()
    for path in CHECKS.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "problem":
                code = node.args[1]
                if isinstance(code, ast.Constant):
                    codes.add(str(code.value))
                else:  # f"{measure}_below_zero"
                    codes |= {f"{m}_below_zero" for m in ("committed", "unfunded", "paid_in", "distributed")}
    assert len(codes) > 20
    assert codes - set(checks.SINCE) == set()


def test_an_old_book_says_under_which_revision_its_entries_came(tmp_path: Path) -> None:
    """Booked under 0001, upgraded: entries before the upgrade are judged by what was in force then."""
    from alembic import command

    from fof.schema import REVISIONS, alembic_config

    path = tmp_path / "old.sqlite"
    path.touch()
    book = Database(f"sqlite:///{path}")
    with book.engine.connect().execution_options(write=True) as connection:
        config = alembic_config()
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    with closing(sqlite3.connect(path)) as raw:
        raw.execute(
            "INSERT INTO entry (id, kind, effective_on, recorded_at, recorded_by, key, request, posting_count, leaf) "
            "VALUES (1, 'terms', '1850-01-01', '2020-01-01T00:00:00.000000+00:00', 'a', 'k', x'00', 0, x'00')"
        )
        raw.commit()
        [(head, _, _, rows, _)] = stored_entries(raw.cursor(), tables=())
        for name in ("entry_no_update",):
            raw.execute(f"DROP TRIGGER {name}")
        raw.execute("UPDATE entry SET leaf = ?", (own_leaf(head, rows),))
        raw.execute(
            "CREATE TRIGGER entry_no_update BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT, 'entry is append-only'); END"
        )
        raw.commit()
    book.init()
    with book.read() as connection:
        found = dict(connection.exec_driver_sql("SELECT number, first_entry FROM book_revision").fetchall())
    assert found == {"0001": 1, **dict.fromkeys(REVISIONS[1:], 2)}
    verified = verify(book)
    assert verified.ok, [c.text.en for c in verified.problems]
    assert [(r.entry, r.code, r.damage) for r in verified.refusals] == [(1, "day_out_of_range", False)]
    book.close()


def test_times_that_are_none() -> None:
    assert [time_of(x) for x in ("t", "", "2020-01-01", None)] == [None] * 4
    assert time_of("2020-01-01T00:00:00+00:00") is not None


def before_the_check(office: Any, monkeypatch: pytest.MonkeyPatch, name: str, book: Any) -> int:
    """Book something without one of the checks, as a program did that had it not yet; its entry."""
    rest = tuple(check for check in checks.states() if check.__name__ != name)
    with monkeypatch.context() as older:
        older.setattr(checks, "states", lambda: rest)
        if name == "references":
            older.setattr(checks, "references", lambda _change: ())
        entry: int = book()
    return entry


def older_than(database: Database, revision: str) -> None:
    """All entries of the book so far were there when it came to a revision."""
    with closing(sqlite3.connect(str(database.url.database))) as raw:
        found = raw.execute("SELECT sql FROM sqlite_master WHERE name = 'book_revision_no_update'").fetchone()
        raw.execute("DROP TRIGGER book_revision_no_update")
        last = raw.execute("SELECT max(id) FROM entry").fetchone()[0]
        raw.execute("UPDATE book_revision SET first_entry = ? WHERE number >= ?", (last + 1, revision))
        raw.execute(found[0])
        raw.commit()


@pytest.mark.parametrize(
    ("check", "code"),
    [
        ("ended_funds", "fund_absorbed"),
        ("ended_funds", "promised_after_closing"),
        ("references", "not_contributed"),
        ("ownership", "shares_above_one"),
    ],
)
def test_an_entry_older_than_the_check_is_listed_and_no_damage(
    clerk: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], check: str, code: str
) -> None:
    """Ends of funds, payments in kind, and a reversal that left shares above the whole."""
    for party, kind in (("CITY", "government"), ("F1", "sub_fund"), ("F2", "sub_fund"), ("C1", "company")):
        clerk.party(party, kind)
    clerk.pay(K.COMMITMENT, "CITY", "F1", 1000, "2020-01-01")
    company = clerk.view("2020-01-01").party("C1").id
    before = getattr(_Older(clerk, company), code)()
    entry = before_the_check(clerk, monkeypatch, check, before)
    for revision, damage in (("0001", True), ("9999", False)):
        monkeypatch.setitem(checks.SINCE, code, revision)
        monkeypatch.setitem(checks.SINCE_TAKEN_BACK, code, revision)
        assert limits(verify(clerk.database)) == [(entry, code, damage)]
    monkeypatch.undo()
    older_than(clerk.database, "0019")
    found = verify(clerk.database)
    assert found.ok, [c.text.en for c in found.problems]
    assert limits(found) == [(entry, code, False)]
    monkeypatch.setenv("FOF_DATABASE_URL", clerk.database.url.render_as_string(hide_password=False))
    assert main(["verify", "--lang", "en"]) == 0
    assert f" {entry} " in capsys.readouterr().out


class _Older:
    """What comes before an entry that today's door would refuse; each gives the booking of that entry."""

    def __init__(self, clerk: Any, company: int) -> None:
        self._clerk, self._company = clerk, company

    def fund_absorbed(self) -> Any:
        self._clerk.fact("F2", "2021-01-01", "successor_of", "F1")
        return lambda: self._clerk.pay(K.CALL_DUE, "CITY", "F1", 100, "2021-06-01")

    def promised_after_closing(self) -> Any:
        self._clerk.fact("F1", "2021-01-01", "status", "closed")
        return lambda: self._clerk.pay(
            K.COMMITMENT, "CITY", "F1", 100, "2021-06-01", entry=EntryKind.COMMITMENT
        )

    def not_contributed(self) -> Any:
        """Shares paid in by a deal of another fund."""
        self._clerk.deal("F2", "C1", "initial", 5, "2020-01-01")
        deal = self._clerk.view("2020-12-31").deals[0].row.id
        return lambda: self._clerk.pay(K.CONTRIBUTION_IN_KIND, "CITY", "F1", 100, "2020-03-01", deal=deal)

    def shares_above_one(self) -> Any:
        """60 % until 2021 and another's 60 % from then on; the end taken back."""
        ends = 0
        for owner, day, nano in (
            ("CITY", "2020-01-01", 6),
            ("CITY", "2021-01-01", 0),
            ("F2", "2021-01-01", 6),
        ):
            number = self._clerk.view("2020-01-01").by_code[owner].id
            row = Edge(number, self._company, nano * 10**8, "equity")
            entry = self._clerk.book(EntryKind.OWNERSHIP, day, lambda _v, _i, row=row: ([], [row]))
            ends = ends or (entry if nano == 0 else 0)
        return lambda: self._taken_back(ends)

    def _taken_back(self, entry: int) -> int:
        digest = request_digest("reversal", entry)

        def plan(view: View, _ids: Any) -> Plan:
            day = view.entry(entry).effective_on
            return Plan(
                [Draft(EntryKind.REVERSAL, day, f"reversal:{entry}", digest, note="x", reverses=entry)]
            )

        return book(self._clerk.database, LOCAL, plan).entries[0]
