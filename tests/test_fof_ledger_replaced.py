"""A server keeps running while its book is replaced: by an older copy, a longer one, another book, none at all (both engines).

Run as a program, this file is a number of such lives: `URL ADMIN FOLDER LIVES STEPS` prints one JSON document. Its three
processes are a server, whose database stays open through a life, a clerk who opens the book anew for each booking, and the one
who puts copies in its place and keeps the tally. The tally is a list of amounts for each copy; what the book holds is summed by SQL of its own.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import traceback
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from fof import ledger
from fof.access import LOCAL
from fof.db import Database
from fof.errors import FofError, Refused
from fof.ledger import Draft, Ids, Plan, View
from fof.ledger.balances import movements
from fof.ledger.verify import verify
from models import journal as t
from models.kinds import EntryKind
from models.posting_kinds import PostingKind as K

DAY = dt.date(2024, 1, 1)
CITY, FUND = 1, 2
LIVES = int(os.environ.get("FOF_LIVES", "10"))
"""Random lives on each engine: ten in `make test`, more in `make soak`."""
STEPS = 14


def office(limit: int) -> ledger.Planner:
    """One investor, one fund, one commitment."""

    def plan(_view: View, ids: Ids) -> Plan:
        rows: list[t.Row] = [
            t.Party(ids.party(), "CITY", "government"),
            t.Party(ids.party(), "F1", "sub_fund"),
        ]
        promise = [t.Posting(K.COMMITMENT, CITY, FUND, FUND, None, None, limit)]
        return Plan([Draft(EntryKind.COMMITMENT, DAY, "office", str(limit).encode(), promise, rows)])

    return plan


def call(key: str, fen: int) -> ledger.Planner:
    """A call notice, and a row of a small table that says the same amount."""
    rows: list[t.Row] = [t.Notice(FUND, "capital_call", key, DAY), t.Mark(CITY, FUND, fen, "cost")]
    due = [t.Posting(K.CALL_DUE, CITY, FUND, FUND, None, None, fen)]
    return lambda _v, _i: Plan([Draft(EntryKind.CAPITAL_CALL, DAY, key, f"{key} {fen}".encode(), due, rows)])


# -- the server and the clerk ---------------------------------------------------------------------------------------


def seen(view: View) -> dict[str, int]:
    """What a page would show: from the columns, from the running balances, from a small table."""
    postings = view.postings
    return {
        "head": view.known_at,
        "called": int(postings.fen[postings.kind == K.CALL_DUE].sum()),
        "due": _due(view),
        "marks": sum(m.row.fen for m in view.marks),
    }


def _due(view: View) -> int:
    """By the running balances where the view stands at the journal's head, as figures ask for them (fof.book.stakes): a page
    that is held while the same process books stands before it, and the balances are the head's."""
    journal = view.journal
    if view.known_at == journal.head:
        _, _, due = journal.balances().at("due", 2**30)
        if view.known_at == journal.head:
            return int(due.sum())
    return int(movements(view.postings, "due").fen.sum())


class Server:
    """A process that keeps its database open."""

    def __init__(self, url: str) -> None:
        self.database = Database(url)
        self.held: View | None = None

    def start(self, **_: Any) -> Any:
        """As a process that has read nothing yet."""
        self.database.close()
        self.database = Database(self.database.address)
        return {}

    def look(self, **_: Any) -> Any:
        return seen(ledger.read(self.database).view())

    def hold(self, **_: Any) -> Any:
        """Begin a page, and be slow about it."""
        self.held = ledger.read(self.database).view()
        return {"head": self.held.known_at}

    def go_on(self, **_: Any) -> Any:
        """Go on with that page: rows are read only now."""
        assert self.held is not None
        return seen(self.held)

    def book(self, key: str, fen: int) -> Any:
        return {"entries": ledger.book(self.database, LOCAL, call(key, fen)).entries}


class Clerk(Server):
    """A process that opens the book for each thing it does."""

    def book(self, key: str, fen: int) -> Any:
        self.start()
        return super().book(key, fen)

    def verify(self, **_: Any) -> Any:
        database = Database(self.database.address)
        found = verify(database)
        database.close()
        return {"damage": [c.text.en for c in found.problems if c.name != "durability"]}


def serve(who: Server, commands: int, answers: int) -> None:
    with os.fdopen(commands) as asked, os.fdopen(answers, "w") as told:
        for line in asked:
            what = json.loads(line)
            try:
                answer = getattr(who, what.pop("do"))(**what)
            except FofError as error:
                codes = [p.code for p in error.problems] if isinstance(error, Refused) else [error.code]
                answer = {"refused": codes, "said": str(error)}
            except Exception:
                answer = {"fault": traceback.format_exc()[-1500:]}
            told.write(json.dumps(answer) + "\n")
            told.flush()


class Child:
    """A forked process and the pipes to it."""

    def __init__(self, make: type[Server], url: str, blind: bool = False) -> None:
        (ask_r, ask_w), (say_r, say_w) = os.pipe(), os.pipe()
        if os.fork() == 0:
            os.close(ask_w)
            os.close(say_r)
            from fof.ledger import journal

            journal.COPY_AT_LEAST = 1  # every reading leaves a derived copy for the next
            if blind:  # the fault that the lives must find
                journal.Journal._stand = lambda journal, found, _: setattr(journal, "_standing", found)  # type: ignore[method-assign]
            serve(make(url), ask_r, say_w)
            os._exit(0)
        os.close(ask_r)
        os.close(say_w)
        self.commands, self.answers = os.fdopen(ask_w, "w"), os.fdopen(say_r)

    def __call__(self, do: str, **more: Any) -> dict[str, Any]:
        self.commands.write(json.dumps({"do": do, **more}) + "\n")
        self.commands.flush()
        found: dict[str, Any] = json.loads(self.answers.readline())
        return found


# -- whoever has the file, or the server ------------------------------------------------------------------------------

CALLED = f"SELECT coalesce(sum(fen), 0) FROM posting WHERE kind = {int(K.CALL_DUE)}"


class SqlitePlace:
    """The place where a SQLite book lies."""

    ways = ("rename", "over", "recreate")

    def __init__(self, url: str, _admin: str, folder: Path) -> None:
        self.path = Path(sa.make_url(url).database or "")
        self.folder = folder
        self.count = 0

    def copy(self) -> Path:
        self.count += 1
        made = self.folder / f"copy-{self.count}"
        shutil.copy2(self.path, made)
        return made

    def put(self, copy: Path, way: str) -> None:
        if way == "rename":
            shutil.copy2(copy, self.folder / "coming")
            (self.folder / "coming").replace(self.path)
            return
        if way == "recreate":
            self.path.unlink(missing_ok=True)
        shutil.copy2(copy, self.path)

    def nothing(self, way: str) -> None:
        if way == "over":
            self.path.write_bytes(b"")
        else:
            self.path.unlink(missing_ok=True)

    def called(self) -> int:
        with closing(sqlite3.connect(self.path)) as raw:
            return int(raw.execute(CALLED).fetchone()[0])

    def other(self, limit: int) -> Path:
        """Another book, as a copy."""
        path = self.folder / f"other-{limit}.sqlite"
        book = Database(f"sqlite:///{path}")
        book.init()
        ledger.book(book, LOCAL, office(limit))
        book.close()
        return path


class PostgresPlace:
    """A database of a server; a copy is the rows of all its tables."""

    ways = ("database", "rows")
    tables = ("book", "book_revision", "entry", *(r.table.name for r in t.ROW_TABLES))

    def __init__(self, url: str, admin: str, _folder: Path) -> None:
        self.url = sa.make_url(url)
        self.name = str(self.url.database)
        self.admin, _, self.template = admin.partition("|")

    def _server(self, *statements: str) -> None:
        with psycopg.connect(self.admin, autocommit=True) as raw:
            for statement in statements:
                raw.execute(statement)

    def _inside(self, name: str) -> psycopg.Connection[Any]:
        address = sa.make_url(self.admin).set(database=name)
        raw = psycopg.connect(address.render_as_string(hide_password=False))
        raw.execute("SET session_replication_role = replica")
        return raw

    def copy(self, name: str | None = None) -> dict[str, bytes]:
        with self._inside(name or self.name) as raw:
            found = {}
            for table in self.tables:
                with raw.cursor().copy(f"COPY {table} TO STDOUT") as out:
                    found[table] = b"".join(bytes(block) for block in out)
            return found

    def _fresh(self, name: str, template: str) -> None:
        self._server(
            f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", f"CREATE DATABASE {name} TEMPLATE {template}"
        )

    def put(self, copy: dict[str, bytes], way: str) -> None:
        if way == "database" or not self._there():
            self._fresh(self.name, self.template)
        with self._inside(self.name) as raw:
            for table in self.tables:
                raw.execute(f"DELETE FROM {table}")
            for table in self.tables:
                with raw.cursor().copy(f"COPY {table} FROM STDIN") as into:
                    into.write(copy[table])

    def _there(self) -> bool:
        try:
            with self._inside(self.name) as raw:
                return raw.execute("SELECT to_regclass('entry')").fetchone() != (None,)
        except psycopg.OperationalError:
            return False

    def nothing(self, way: str) -> None:
        if way == "database":
            self._server(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")
        else:
            self._fresh(self.name, "template0")

    def called(self) -> int:
        with self._inside(self.name) as raw:
            row = raw.execute(CALLED).fetchone()
            assert row is not None
            return int(row[0])

    def other(self, limit: int) -> dict[str, bytes]:
        name = f"{self.name}_other"
        self._fresh(name, self.template)
        with self._inside(name) as raw:  # the template's identity is that of every book made from it
            raw.execute("UPDATE book SET identity = md5(random()::text)")
        address = sa.make_url(self.admin).set(database=name, drivername="postgresql+psycopg")
        book = Database(address.render_as_string(hide_password=False))
        ledger.book(book, LOCAL, office(limit))
        book.close()
        found = self.copy(name)
        self._server(f"DROP DATABASE {name} WITH (FORCE)")
        return found


@dataclass
class Copy:
    """A state of a book: its commitment, the amounts called, and what it takes to put it in place."""

    limit: int
    calls: list[int] = field(default_factory=list)
    kept: Any = None

    @property
    def called(self) -> int:
        return sum(self.calls)


@dataclass
class Life:
    """One random life; `wrong` gathers what must not be."""

    place: Any
    server: Child
    clerk: Child
    chance: random.Random
    now: Copy | None
    shelf: list[Copy]
    replaced: bool = False  # since the server last looked
    held: tuple[Copy | None, int] | None = None
    stale: bool = False  # the held page's book was replaced
    keys: int = 0
    did: Counter[str] = field(default_factory=Counter)
    wrong: list[Any] = field(default_factory=list)

    def step(self) -> None:
        do = self.chance.choice(
            [
                "look",
                "server_books",
                "server_books",
                "clerk_books",
                "clerk_books",
                "keep",
                "replace",
                "replace",
                "replace",
                "vanish",
                "hold",
                "go_on",
            ]
        )
        self.did[do] += 1
        getattr(self, do)()

    def complain(self, what: str, answer: Any) -> None:
        self.wrong.append([what, answer, self.now and (self.now.limit, self.now.calls), dict(self.did)])

    def refusal(self, what: str, answer: dict[str, Any], *allowed: str) -> None:
        """A refusal has one of the causes that are true, and says it in both languages."""
        if (
            not set(answer.get("refused", ["none"])) <= set(allowed)
            or " / " not in answer.get("said", "") + " / "
        ):
            self.complain(what, answer)
        self.did[f"refused: {answer.get('refused')}"] += 1

    def look(self) -> None:
        answer = self.server("look")
        if self.now is None:
            self.refusal("look at nothing", answer, "not_ready", "unavailable")
            return
        self.replaced = False
        wanted = {
            "head": 1 + len(self.now.calls),
            "called": self.now.called,
            "due": self.now.called,
            "marks": self.now.called,
        }
        if answer != wanted:
            self.complain("look", [answer, wanted])

    def amount(self) -> int:
        """Often just what is left, sometimes one fen more."""
        left = 100 if self.now is None else self.now.limit - self.now.called
        return max(1, self.chance.choice([left, left + 1, left // 2, left // 3, 7, left * 3]))

    def booked(self, child: Child, what: str, may_be_stale: bool) -> None:
        self.keys += 1
        fen = self.amount()
        answer = child("book", key=f"{what}-{self.keys}", fen=fen)
        if self.now is None:
            self.refusal(f"{what} into nothing", answer, "not_ready", "unavailable")
            return
        fits = self.now.called + fen <= self.now.limit
        if "entries" in answer:
            self.now.calls.append(fen)
            if not fits or answer["entries"] != [1 + len(self.now.calls)]:
                self.complain(f"{what}: booked", [answer, fen])
        elif may_be_stale and answer.get("refused") == ["replaced"]:
            self.refusal(what, answer, "replaced")
        else:
            self.refusal(what, answer, *(() if fits else ("call_over_unfunded",)))

    def server_books(self) -> None:
        self.booked(self.server, "server", self.replaced)
        self.replaced = False  # it has looked, if only to refuse

    def clerk_books(self) -> None:
        self.booked(self.clerk, "clerk", False)

    def keep(self) -> None:
        if self.now is not None:
            self.shelf.append(Copy(self.now.limit, list(self.now.calls), self.place.copy()))

    def replace(self) -> None:
        copy = self.chance.choice(self.shelf)
        if self.now is not None and self.chance.random() < 0.5:
            self.keep()
        self.place.put(copy.kept, self.chance.choice(self.place.ways))
        self.now = Copy(copy.limit, list(copy.calls))
        self.replaced = self.stale = True

    def vanish(self) -> None:
        if self.now is not None:
            self.keep()
        self.place.nothing(self.chance.choice(self.place.ways))
        self.now = None
        self.replaced = self.stale = True

    def hold(self) -> None:
        answer = self.server("hold")
        if self.now is None:
            self.refusal("hold nothing", answer, "not_ready", "unavailable")
            return
        self.held, self.replaced, self.stale = (self.now, len(self.now.calls)), False, False

    def go_on(self) -> None:
        """The held page shows what it began with, or says that the book was replaced."""
        if self.held is None:
            return
        copy, calls = self.held
        assert copy is not None
        answer = self.server("go_on")
        wanted = sum(copy.calls[:calls])
        if "refused" in answer:
            self.refusal("go on", answer, *(("replaced", "not_ready", "unavailable") if self.stale else ()))
        elif [answer["called"], answer["due"], answer["marks"]] != [wanted] * 3:
            self.complain("go on", [answer, wanted])
        self.held = None


def lives(url: str, admin: str, folder: Path, count: int, steps: int, blind: bool = False) -> dict[str, Any]:
    """Lives one after another, from an empty, initialised book on; each ends with a look at what is there."""
    server, clerk = Child(Server, url, blind), Child(Clerk, url)
    first = Database(url)
    ledger.book(first, LOCAL, office(1000))
    first.close()
    place = (SqlitePlace if url.startswith("sqlite") else PostgresPlace)(url, admin, folder)
    shelf = [Copy(1000, [], place.copy()), Copy(700, [], place.other(700))]
    did: Counter[str] = Counter()
    for seed in range(count):
        place.put(shelf[0].kept, place.ways[0])
        server("start")
        found = Life(place, server, clerk, random.Random(seed), Copy(1000), list(shelf), did=did)
        for _ in range(steps):
            found.step()
            if found.now is not None and place.called() != found.now.called:
                found.complain("the book and the tally differ", place.called())
        if found.now is None:
            found.replace()
        found.look()
        if damage := found.clerk("verify")["damage"]:
            found.complain("verify", damage)
        if found.wrong:
            return {"seed": seed, "wrong": found.wrong, "did": did}
    return {"wrong": [], "did": did}


def run(database: Database, admin: str, folder: Path, *arguments: object) -> dict[str, Any]:
    """This file as a program of its own."""
    url = database.url.render_as_string(hide_password=False)
    database.close()
    own = {"PYTHONPATH": str(Path(__file__).resolve().parents[1]), "FOF_DATA_DIR": str(folder / "data")}
    done = subprocess.run(
        [sys.executable, __file__, url, admin, str(folder), *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=60 + 60 * LIVES,
        env={**os.environ, **own},
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_a_server_lives_through_its_books(
    database: Database, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """No wrong figure, no limit passed, every refusal said."""
    admin = ""
    if not database.is_sqlite:
        server = sa.make_url(request.getfixturevalue("postgres_server")).render_as_string(hide_password=False)
        admin = f"{server}|{request.getfixturevalue('postgres_template')}"
    found = run(database, admin, tmp_path, LIVES, STEPS)
    assert found["wrong"] == [], found
    for met in ("replace", "vanish", "go_on", "refused: ['replaced']", "refused: ['call_over_unfunded']"):
        assert found["did"][met] > 0, met


def test_the_lives_find_a_server_that_does_not_look(sqlite_book: Database, tmp_path: Path) -> None:
    """Negative control: figures of the old book, or a booking on top of them."""
    assert run(sqlite_book, "", tmp_path, 10, STEPS, "blind")["wrong"] != []


if __name__ == "__main__":
    address, admin_address, where, *numbers = sys.argv[1:]
    print(
        json.dumps(
            lives(address, admin_address, Path(where), int(numbers[0]), int(numbers[1]), "blind" in numbers)
        )
    )
