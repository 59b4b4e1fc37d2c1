"""What the database refuses by itself, whoever asks: both engines, past the library, with raw SQL."""

from __future__ import annotations

import datetime as dt
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
import sqlalchemy as sa
from conftest import Clones

from fof import ledger
from fof.access import LOCAL
from fof.db import Database, announce
from fof.errors import BookingRefused, Unavailable
from fof.ledger import Draft, Ids, Plan, View
from fof.ledger.soundness import JOURNAL_TABLES, OWN_TABLES, POSTGRES_GUARDS
from models import journal as t
from models.kinds import EntryKind
from models.posting_kinds import PostingKind as K

DAY = dt.date(2020, 1, 1)


def office(_view: View, ids: Ids) -> Plan:
    """One row of every kind: entry 1; a commitment and a call: 2 and 3; a taken-back call: 4."""
    city, fund, company = ids.party(), ids.party(), ids.party()
    deal = ids.deal()
    rows: list[t.Row] = [
        t.Party(city, "CITY", "government"),
        t.Party(fund, "F1", "sub_fund"),
        t.Party(company, "C1", "company"),
        t.Deal(deal, "D1", fund, company, "initial"),
        t.Mark(city, fund, 5, "reported_nav"),
        t.Fact(fund, None, "name", "示例基金"),
        t.Edge(fund, company, 10, "equity"),
        t.Notice(fund, "capital_call", "1"),
        t.Position(city, fund, 1, 1, 1, 1),
        t.Setting(None, "a", "1", None, "文"),
        t.Disposition("GF-1", fund, None, "accept", "W"),
        t.Identity(ids.subject(), "loan", "L1"),
        t.SubjectFact("stake", fund, city, None, None, None, "title", "份额"),
        t.SubjectLink(1, "borrower", company),
        t.Decision("GF-1", "loan", None, None, None, 1, None, "dismiss", "W", None, "由"),
        t.NoticeLine(fund, "1", city, "investment", 5),
        t.ColumnMapping("m", "{}", "文"),
    ]
    closed: list[t.Row] = [t.QuarterClose(None, "ALL-CNY", 1, "ab" * 32, 0)]
    promise = [t.Posting(K.COMMITMENT, city, fund, fund, None, None, 1000)]
    call = [t.Posting(K.CALL_INVESTMENT, city, fund, fund, None, None, n) for n in (10, 20)]
    return Plan(
        [
            Draft(EntryKind.PARTIES, DAY, "office", b"1", rows=rows),
            Draft(EntryKind.COMMITMENT, DAY, "promise", b"2", promise, closed),
            Draft(EntryKind.CALL_PAYMENT, DAY, "call", b"3", call),
            Draft(EntryKind.CALL_PAYMENT, DAY, "wrong", b"4", call),
        ]
    )


@pytest.fixture
def book(database: Database, offices: Any) -> Database:
    return offices.furnished(database, furnished)  # type: ignore[no-any-return]


def furnished(database: Database) -> None:
    ledger.book(database, LOCAL, office)
    ledger.reverse(database, LOCAL, 4, "有误")


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def untouched(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """That book for tests which leave it as it is: `refused` compares every row before and after."""
    if request.param == "postgres":
        yield request.getfixturevalue("postgres_untouched")
        return
    path = tmp_path_factory.mktemp("untouched") / "book.sqlite"
    shutil.copy(request.getfixturevalue("sqlite_template"), path)
    book = Database(f"sqlite:///{path}")
    furnished(book)
    yield book
    book.close()


@pytest.fixture(scope="module")
def postgres_untouched(postgres_clones: Clones) -> Iterator[Database]:
    """The same on PostgreSQL, as the role that books."""
    name = postgres_clones.take()
    book = Database(postgres_clones.address(name))
    furnished(book)
    yield book
    book.close()
    postgres_clones.drop(name)


HEAD = 5  # of that book


def dump(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    with database.read() as connection:
        return {
            name: [tuple(r) for r in connection.exec_driver_sql(f"SELECT * FROM {name} ORDER BY 1, 2")]
            for name in JOURNAL_TABLES
        }


def refused(database: Database, *statements: str) -> str:
    """Run statements in one writing transaction, announced as the ledger does; they must fail and leave no trace."""
    before = dump(database)
    with pytest.raises((sa.exc.DBAPIError, database.driver.Error, Unavailable)) as error:
        written(database, *statements)
    assert dump(database) == before
    return str(error.value.__cause__ if isinstance(error.value, Unavailable) else error.value)


def written(database: Database, *statements: str) -> None:
    """Statements in one writing transaction, announced as the ledger does."""
    with database.write() as connection:
        if database.is_sqlite:
            announce(connection)
        for statement in statements:
            connection.exec_driver_sql(statement)


def entry(id_: int = HEAD + 1, *, count: int = 1, **fields: Any) -> str:
    """An INSERT of an entry that fits, but for `fields`."""
    now = dt.datetime.now(dt.UTC).isoformat(timespec="microseconds")
    values: dict[str, Any] = {
        "id": id_,
        "kind": "call_payment",
        "effective_on": "2020-02-01",
        "recorded_at": now,
        "recorded_by": "a",
        "key": f"k{id_}",
        "posting_count": count,
        **fields,
    }
    leaf, request = values.pop("leaf", "x" * 32), values.pop("request", "x")
    names = ", ".join(values)
    shown = ", ".join(
        "NULL" if v is None else str(v) if isinstance(v, int) else f"'{v}'" for v in values.values()
    )
    binaries = ", ".join(f"CAST('{v}' AS {{}})" for v in (request, leaf))
    return f"INSERT INTO entry ({names}, request, leaf) VALUES ({shown}, {binaries})"


def posting(
    entry_id: int = HEAD + 1,
    line: int = 1,
    kind: int = 10,
    frm: int = 1,
    to: int = 2,
    fund: Any = 2,
    deal: Any = "NULL",
    fen: int = 7,
) -> str:
    return (
        f"INSERT INTO posting VALUES ({entry_id}, {line}, {kind}, {frm}, {to}, {fund}, {deal}, NULL, {fen})"
    )


def later(**by: float) -> str:
    return (dt.datetime.now(dt.UTC) + dt.timedelta(**by)).isoformat(timespec="microseconds")


def fit(database: Database, *statements: str) -> tuple[str, ...]:
    binary = "BLOB" if database.is_sqlite else "bytea"
    line_break = "char(10)" if database.is_sqlite else "chr(10)"
    return tuple(s.format(binary, binary, br=line_break) for s in statements)


def test_the_control_is_taken(book: Database) -> None:
    """The statements of the tests below fail for their fault and not for their form."""
    written(book, *fit(book, posting(), entry()))
    written(book, *fit(book, entry(HEAD + 2, count=0, kind="reversal", reverses=HEAD + 1)))
    rows = (
        "INSERT INTO party VALUES (8, 1, 9, 'F9', 'bank')",
        "INSERT INTO fact VALUES (8, 1, 2, NULL, 'name', 'x', NULL, NULL), (8, 2, 9, NULL, 'name', 'y', NULL, NULL)",
        "INSERT INTO edge VALUES (8, 1, 1, 3, 5, 'equity', '2021-02-28', NULL)",
        "INSERT INTO mark VALUES (8, 1, 1, 2, -5, 'cost', NULL, NULL)",
        "INSERT INTO notice VALUES (8, 1, 2, 'capital_call', '7', NULL)",
        "INSERT INTO disposition VALUES (8, 1, 'GF-1', 2, NULL, 'accept', 'W', NULL, NULL)",
    )
    written(book, *fit(book, *rows, entry(HEAD + 3, count=0, recorded_at=later(minutes=2))))
    assert len(dump(book)["entry"]) == HEAD + 3


@pytest.mark.parametrize("table", JOURNAL_TABLES)
def test_no_row_is_changed_or_deleted(untouched: Database, table: str) -> None:
    column = "recorded_by" if table == "entry" else "line"
    refused(untouched, f"UPDATE {table} SET {column} = {column}")
    refused(untouched, f"DELETE FROM {table}")
    if not untouched.is_sqlite:
        refused(untouched, f"TRUNCATE {table} CASCADE")


@pytest.mark.parametrize(
    ("fault", "statements"),
    [
        ("a gap", (posting(7), entry(7))),
        ("an id from the past", (entry(3, count=0, key="new"),)),
        ("the same id again", (posting(), entry(), entry(count=0, key="new"))),
        ("a posting for a closed entry", (posting(3, 3),)),
        ("a posting in the place of another", (posting(3, 1),)),
        ("an entry that is too short", (posting(), entry(count=2))),
        ("an entry that is too long", (posting(), posting(line=2), entry(count=1))),
        ("lines with a gap", (posting(), posting(line=3), entry(count=2))),
        ("a line below one", (posting(line=0), entry())),
        ("postings without their entry", (posting(HEAD + 1),)),
        ("postings beyond their entry", (posting(), posting(HEAD + 2), entry())),
        ("an unknown payer", (posting(frm=77), entry())),
        ("an unknown payee", (posting(to=77), entry())),
        ("an unknown fund", (posting(fund=77), entry())),
        ("an unknown deal", (posting(deal=77), entry())),
        ("nothing moved", (posting(fen=0), entry())),
        ("a negative amount", (posting(fen=-1), entry())),
        ("payer and payee the same", (posting(frm=2), entry())),
        ("an unlisted kind of posting", (posting(kind=9), entry())),
        ("a kind beyond the list", (posting(kind=100), entry())),
        ("an unlisted kind of entry", (posting(), entry(kind="gift"))),
        ("a key that is used", (posting(), entry(key="call"))),
        ("no key", (posting(), entry(key=None))),
        ("maker and approver the same", (posting(), entry(approved_by="a"))),
        ("a second reversal", (entry(count=0, kind="reversal", reverses=4),)),
        ("a reversal of itself", (entry(count=0, kind="reversal", reverses=HEAD + 1),)),
        ("a reversal of what is to come", (entry(count=0, kind="reversal", reverses=HEAD + 9),)),
        ("a code that is used", ("INSERT INTO party VALUES (6, 1, 9, 'F1', 'bank')", entry(count=0))),
        ("a party id that is used", ("INSERT INTO party VALUES (6, 1, 2, 'F9', 'bank')", entry(count=0))),
        ("an unlisted kind of party", ("INSERT INTO party VALUES (6, 1, 9, 'F9', 'robot')", entry(count=0))),
        ("an empty code", ("INSERT INTO party VALUES (6, 1, 9, '', 'bank')", entry(count=0))),
        (
            "a deal id that is used",
            (
                "INSERT INTO deal (entry, line, id, code, investor, company, kind) "
                "VALUES (6, 1, 1, 'D9', 2, 3, 'exit')",
                entry(count=0),
            ),
        ),
        ("a fact for a closed entry", ("INSERT INTO fact VALUES (1, 9, 2, NULL, 'name', 'x', NULL, NULL)",)),
        ("a fact without its entry", ("INSERT INTO fact VALUES (6, 1, 2, NULL, 'name', 'x', NULL, NULL)",)),
        (
            "a fact of an unknown party",
            ("INSERT INTO fact VALUES (6, 1, 77, NULL, 'name', 'x', NULL, NULL)", entry(count=0)),
        ),
        (
            "a fact of two subjects",
            ("INSERT INTO fact VALUES (6, 1, 2, 1, 'name', 'x', NULL, NULL)", entry(count=0)),
        ),
        (
            "a fact of no subject",
            ("INSERT INTO fact VALUES (6, 1, NULL, NULL, 'name', 'x', NULL, NULL)", entry(count=0)),
        ),
        (
            "a share above one",
            ("INSERT INTO edge VALUES (6, 1, 1, 3, 1000000001, 'equity', NULL, NULL)", entry(count=0)),
        ),
        ("an empty leaf", (posting(), entry(leaf=""))),
        ("a leaf that is too short", (posting(), entry(leaf="x" * 31))),
        ("a leaf that is too long", (posting(), entry(leaf="x" * 33))),
        ("a time that is none", (posting(), entry(recorded_at="t"))),
        ("a time without microseconds", (posting(), entry(recorded_at="2020-02-01T00:00:00+00:00"))),
        (
            "a time in another zone",
            (posting(), entry(recorded_at=later(minutes=-1).replace("+00:00", "+08:00"))),
        ),
        ("a day that does not exist", (posting(), entry(recorded_at="2026-02-30T00:00:00.000000+00:00"))),
        ("an hour that does not exist", (posting(), entry(recorded_at="2026-02-03T24:00:00.000000+00:00"))),
        ("a time in the future", (posting(), entry(recorded_at=later(minutes=24 * 60)))),
        ("a time far in the future", (posting(), entry(recorded_at="9999-12-31T23:59:59.999999+00:00"))),
        (
            "a time before the last entry's",
            (posting(), entry(recorded_at="2020-02-01T00:00:00.000000+00:00")),
        ),
        ("an effective day before all of them", (posting(), entry(effective_on="1899-12-31"))),
        ("an effective day beyond all of them", (posting(), entry(effective_on="2200-01-01"))),
        ("an effective day that is none", (posting(), entry(effective_on="someday"))),
        ("an effective day that does not exist", (posting(), entry(effective_on="2021-02-29"))),
        ("an empty key", (posting(), entry(key=""))),
        ("nobody", (posting(), entry(recorded_by="  "))),
        ("a reversal of nothing", (entry(count=0, kind="reversal"),)),
        ("another kind that reverses", (posting(), entry(reverses=3))),
        ("a reversal that moves money", (posting(), entry(kind="reversal", reverses=3))),
        ("a reversal of a reversal", (entry(count=0, kind="reversal", reverses=5),)),
        ("an amount beyond reason", (posting(fen=10**16 + 1), entry())),
        ("a loan's number beyond 32 bits", (posting().replace("NULL, 7)", "2147483648, 7)"), entry())),
        (
            "a party id at the end of the range",
            ("INSERT INTO party VALUES (6, 1, 2147483647, 'F9', 'bank')", entry(count=0)),
        ),
        ("a party id below one", ("INSERT INTO party VALUES (6, 1, 0, 'F9', 'bank')", entry(count=0))),
        (
            "a code with a line break",
            ("INSERT INTO party VALUES (6, 1, 9, 'F' || {br} || '9', 'bank')", entry(count=0)),
        ),
        (
            "a code with a blank behind it",
            ("INSERT INTO party VALUES (6, 1, 9, 'F9 ', 'bank')", entry(count=0)),
        ),
        (
            "a code of 301 characters",
            (f"INSERT INTO party VALUES (6, 1, 9, '{'F' * 301}', 'bank')", entry(count=0)),
        ),
        (
            "lines of facts with a gap",
            ("INSERT INTO fact VALUES (6, 2, 2, NULL, 'name', 'x', NULL, NULL)", entry(count=0)),
        ),
        (
            "a fact without a name",
            ("INSERT INTO fact VALUES (6, 1, 2, NULL, '', 'x', NULL, NULL)", entry(count=0)),
        ),
        (
            "an end that does not exist",
            ("INSERT INTO edge VALUES (6, 1, 1, 3, 5, 'equity', '2021-02-29', NULL)", entry(count=0)),
        ),
        (
            "a value beyond reason",
            (f"INSERT INTO mark VALUES (6, 1, 1, 2, {10**16 + 1}, 'cost', NULL, NULL)", entry(count=0)),
        ),
        (
            "a notice without a number",
            ("INSERT INTO notice VALUES (6, 1, 2, 'capital_call', '', NULL)", entry(count=0)),
        ),
        (
            "a decision without a reference",
            (
                "INSERT INTO disposition VALUES (6, 1, 'GF-1', 2, NULL, 'accept', '', NULL, NULL)",
                entry(count=0),
            ),
        ),
        (
            "a mark by no method",
            ("INSERT INTO mark VALUES (6, 1, 1, 2, 5, 'guess', NULL, NULL)", entry(count=0)),
        ),
    ],
    ids=lambda x: x.replace(" ", "_") if isinstance(x, str) else "",
)
def test_rows_that_do_not_fit(untouched: Database, fault: str, statements: tuple[str, ...]) -> None:
    assert refused(untouched, *fit(untouched, *statements)), fault


def test_text_is_no_number(book: Database) -> None:
    """STRICT tables: a column of SQLite otherwise takes any type."""
    refused(book, *fit(book, posting(fund="'two'"), entry()))
    refused(book, *fit(book, posting(fund="2.5" if book.is_sqlite else "'2.5'"), entry()))


def test_the_refusal_reaches_the_caller_as_a_problem(book: Database) -> None:
    """A value that only the database knows to be wrong."""

    def plan(_view: View, ids: Ids) -> Plan:
        return Plan([Draft(EntryKind.PARTIES, DAY, "x", b"", rows=[t.Party(ids.party(), "R", "robot")])])

    head = ledger.read(book).head
    with pytest.raises(BookingRefused) as error:
        ledger.book(book, LOCAL, plan)
    assert [p.code for p in error.value.problems] == ["refused_by_database"]
    assert ledger.read(book).head == head


# -- SQLite: a raw connection with its own defaults -----------------------------------------------------------------

REPLACEMENTS = [
    ("entry, same id", entry(3, key="new", count=2)),
    ("entry, next id and a used key", entry(key="call", count=0)),
    ("entry, next id and a second reversal", entry(count=0, kind="reversal", reverses=4)),
    ("party, used code", "INSERT INTO party VALUES (6, 1, 9, 'F1', 'bank')"),
    ("party, used id", "INSERT INTO party VALUES (6, 1, 2, 'F9', 'bank')"),
    (
        "deal, used id",
        "INSERT INTO deal (entry, line, id, code, investor, company, kind) VALUES (6, 1, 1, 'D9', 2, 3, 'exit')",
    ),
    ("party, same place", "INSERT INTO party VALUES (1, 2, 2, 'F1', 'bank')"),
    ("posting, same place", posting(3, 1)),
    ("posting, a new place", posting(3, 9)),
    ("posting of an entry to come", posting(6, 1)),
    ("fact, same place", "INSERT INTO fact VALUES (1, 1, 2, NULL, 'name', '别的', NULL, NULL)"),
    ("mark, same place", "INSERT INTO mark VALUES (1, 1, 1, 2, 6, 'cost', NULL, NULL)"),
    ("setting, same place", "INSERT INTO setting VALUES (1, 1, NULL, 'a', '2', NULL, '文')"),
]


@pytest.fixture
def raw(sqlite_book: Database, offices: Any) -> Iterator[sqlite3.Connection]:
    offices.furnished(sqlite_book, furnished)
    with closing(sqlite3.connect(str(sqlite_book.url.database), isolation_level=None)) as connection:
        yield connection


@pytest.mark.parametrize("recursive", ["ON", "OFF"])
@pytest.mark.parametrize("verb", ["INSERT OR REPLACE", "REPLACE", "INSERT OR IGNORE", "INSERT OR ROLLBACK"])
@pytest.mark.parametrize(
    ("what", "statement"), REPLACEMENTS, ids=[r[0].replace(" ", "_") for r in REPLACEMENTS]
)
def test_nothing_is_replaced(
    raw: sqlite3.Connection, what: str, statement: str, verb: str, recursive: str
) -> None:
    """INSERT OR REPLACE fires no delete trigger unless recursive_triggers is on, and a raw connection has it off."""
    raw.execute(f"PRAGMA recursive_triggers = {recursive}")
    before = list(raw.iterdump())
    with pytest.raises(sqlite3.Error):
        raw.execute(statement.format("BLOB", "BLOB").replace("INSERT", verb, 1))
    assert list(raw.iterdump()) == before, what


def test_an_announcement_of_the_past_opens_nothing(raw: sqlite3.Connection) -> None:
    """Postings are written by the ledger, which announces the last entry; an older announcement shows."""
    raw.execute("CREATE TEMP TABLE announced (id INTEGER PRIMARY KEY)")
    raw.execute("INSERT INTO announced SELECT 1099511627776 + max(id) FROM entry")
    with pytest.raises(sqlite3.IntegrityError, match="closed"):
        raw.execute(posting(5, 1))
    raw.execute("BEGIN")
    raw.execute(posting(6, 1))
    raw.execute(entry().format("BLOB", "BLOB"))
    raw.execute("COMMIT")
    with pytest.raises(sqlite3.IntegrityError, match="announced"):
        raw.execute(posting(7, 1))


def test_an_upsert_changes_nothing(raw: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        raw.execute(
            "INSERT INTO fact VALUES (1, 1, 2, NULL, 'name', 'x', NULL, NULL) ON CONFLICT (entry, line) DO UPDATE SET value = 'x'"
        )


# -- PostgreSQL: the role that books owns nothing ---------------------------------------------------------------------


DENIED = [
    "ALTER TABLE entry DISABLE TRIGGER ALL",
    "ALTER TABLE posting DROP CONSTRAINT ck_posting_fen_positive",
    "ALTER TABLE entry ADD COLUMN x integer",
    "ALTER FUNCTION fof_append_only() RENAME TO x",
    "CREATE OR REPLACE FUNCTION fof_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
    "DROP TRIGGER entry_append_only ON entry",
    "DROP TABLE disposition",
    "DROP INDEX ix_deal_code",
    "SET session_replication_role = replica",
    "CREATE TABLE public.x (a integer)",
    "CREATE FUNCTION public.x() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
    "CREATE RULE x AS ON INSERT TO entry DO INSTEAD NOTHING",
    "CREATE TRIGGER x BEFORE INSERT ON entry FOR EACH ROW EXECUTE FUNCTION fof_append_only()",
    "SET ROLE postgres",
    "ALTER ROLE fof_test_login SUPERUSER",
    "UPDATE alembic_version SET version_num = 'x'",
    "SELECT pg_read_file('postgresql.conf')",
    "COPY (SELECT 1) TO PROGRAM 'true'",
]


@pytest.mark.postgres
@pytest.mark.parametrize("statement", DENIED, ids=[re.sub(r"\W+", "_", s)[:50] for s in DENIED])
def test_the_booking_role_cannot_open_the_journal(postgres_untouched: Database, statement: str) -> None:
    assert (
        "permission denied" in (found := refused(postgres_untouched, statement)) or "must be owner" in found
    )


@pytest.mark.postgres
def test_a_temporary_table_does_not_stand_in_for_a_real_one(postgres_untouched: Database) -> None:
    """Trigger functions name the schema: pg_temp comes first in every search path."""
    refused(
        postgres_untouched,
        "CREATE TEMP TABLE entry (id integer, reverses integer)",
        "CREATE TEMP TABLE posting (entry integer, line integer)",
        posting(3, 3).replace("posting", "public.posting"),
    )


@pytest.mark.postgres
@pytest.mark.parametrize("table", [*JOURNAL_TABLES, *OWN_TABLES])
def test_not_even_the_owner_changes_a_row(
    postgres_untouched: Database, postgres_server: str, table: str
) -> None:
    base = sa.make_url(postgres_server).set(database=postgres_untouched.url.database)
    owner = Database(base.render_as_string(hide_password=False))
    column = {"entry": "recorded_by", "book": "identity", "book_revision": "first_entry"}.get(table, "line")
    for statement in (
        f"UPDATE {table} SET {column} = {column}",
        f"DELETE FROM {table}",
        f"TRUNCATE {table} CASCADE",
    ):
        assert "is append-only" in refused(owner, statement)
    with owner.read() as connection:
        found = set(
            connection.exec_driver_sql("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal").scalars()
        )
    assert found == POSTGRES_GUARDS, "verify asks for every trigger that the migration makes"
    owner.close()
