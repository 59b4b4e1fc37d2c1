"""A SQLite book that really cannot be had: its disk full, its file or folder not to be written, locked, gone, another schema.

Commands run as processes whose files may not grow beyond a size, or that have laid down the right of root to pass over modes.
"""

from __future__ import annotations

import ctypes
import datetime as dt
import json
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from screens import as_a_new_server, screens_over
from streamlit.testing.v1 import AppTest

import fof
from fof import db, engines, ledger
from fof.access import LOCAL
from fof.db import Database
from fof.errors import Busy, Damaged, FofError, NotReady, Unavailable
from fof.ledger import Draft, Ids, Plan, View
from fof.ledger.verify import verify
from models import journal as t
from models.kinds import EntryKind

ROOT = Path(__file__).resolve().parents[1]
CAPBSET_DROP, DAC_OVERRIDE, DAC_READ_SEARCH = 24, 1, 2
LIBC = ctypes.CDLL(None)
NOT_ON_A_PAGE = r"/\w+/|\w+://|sqlite3|sqlalchemy|Traceback|\[SQL|\.py\b"


PROGRAM = """
import contextlib, io, json, os, resource, sys
from fof import db
from fof.ledger import journal
from fof.cli import main
journal.COPY_AT_LEAST = 0  # every reading of the book makes its derived copy
for step in json.load(sys.stdin):
    for path, mode in step["modes"]:
        os.chmod(path, mode)
    most = step["largest_file"] or resource.RLIM_INFINITY
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))
    for name in step["gone"]:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(name)
    for opened in db._open.values():
        opened.close()
    db._open.clear()
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(step["arguments"])
    print(json.dumps([code, out.getvalue(), err.getvalue()]), flush=True)
"""
"""Commands one after the other, each on a book that it has not read; before each, modes and the limit on files are set."""


class Said(NamedTuple):
    """What became of a command."""

    code: int
    out: str
    err: str


def step(
    *arguments: str, largest_file: int = 0, modes: Sequence[tuple[Path, int]] = (), gone: Sequence[Path] = ()
) -> dict[str, Any]:
    return {
        "arguments": arguments,
        "largest_file": largest_file,
        "modes": [(str(path), mode) for path, mode in modes],
        "gone": [str(path) for path in gone],
    }


def run(book: Path, *steps: dict[str, Any]) -> list[Said]:
    """Commands in a process to which modes of files apply, whoever runs the tests."""

    def laid_down() -> None:
        for right in (DAC_OVERRIDE, DAC_READ_SEARCH):
            assert os.geteuid() != 0 or LIBC.prctl(CAPBSET_DROP, right, 0, 0, 0) == 0

    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        input=json.dumps(steps),
        cwd=ROOT,
        env={
            **os.environ,
            "FOF_DATABASE_URL": f"sqlite:///{book}",
            "FOF_DATA_DIR": str(book.parent),
            "FOF_LANG": "en",
            "PYTHONDONTWRITEBYTECODE": "1",
        },
        capture_output=True,
        text=True,
        timeout=120,
        preexec_fn=laid_down,
    )
    assert done.returncode == 0, done.stderr
    return [Said(*json.loads(line)) for line in done.stdout.splitlines()]


def refused(said: Said, code: int, words: str) -> None:
    assert said.code == code, said.err
    assert words in said.err, said.err
    assert "Traceback" not in said.err
    sentences = [line for line in said.err.splitlines() if not line.startswith("the derived copy")]
    assert len(sentences) <= 3, said.err


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Path]:
    """A book of two entries in a folder of its own; its modes are put back in the end."""
    path = tmp_path / "office" / "book.sqlite"
    with closing(Database(f"sqlite:///{path}")) as database:
        database.init()
        for code in "AB":
            ledger.book(database, LOCAL, party(code))
    yield path
    path.parent.chmod(0o700)
    path.chmod(0o600)


# -- full -------------------------------------------------------------------------------------------------------------


def test_a_full_disk_at_a_booking_a_copy_an_export_and_a_backup(book: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(book)) as pages:
        pages.execute("VACUUM")  # what the revisions left free would be room
    size = book.stat().st_size
    copy = book.with_name("book.sqlite.columns")
    booking, small, again, export, backup, template, later = run(
        book,
        step("reverse", "2", "--why", "x" * 20_000, largest_file=size),
        step("journal", "list", largest_file=100, gone=[copy]),
        step("journal", "list"),
        step("export", "-o", str(tmp_path / "x.xlsx"), largest_file=1000),
        step("backup", str(tmp_path / "b.sqlite"), largest_file=size // 2),
        step("template", "funds", "-o", str(tmp_path / "none" / "x.xlsx")),
        step("reverse", "2", "--why", "now there is room"),
    )
    refused(booking, 4, "nothing was written")
    assert small.code == 0, "the derived copy cannot be written: it spares time and nothing else"
    assert "the derived copy cannot be written" in small.err
    assert small.out == again.out
    assert len(again.out.splitlines()) == 5, "two entries under their head"
    assert again.err == ""
    refused(export, 2, "limit on files")
    refused(backup, 2, "b.sqlite")
    refused(template, 2, "no such folder")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["office"], "nothing half-written is left"
    assert later.code == 0, later.err
    assert copy.exists()
    with closing(Database(f"sqlite:///{book}")) as database:
        assert verify(database).ok
        assert ledger.read(database).head == 3


def test_the_engines_own_word_for_a_full_disk(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLITE_FULL, as at ENOSPC: the file may have no more pages than it has."""
    with closing(Database(sqlite_url)) as database, database.read() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
    monkeypatch.setattr(engines, "_SQLITE_PRAGMAS", (*engines._SQLITE_PRAGMAS, f"max_page_count={pages}"))
    with closing(Database(sqlite_url)) as database:
        with pytest.raises(Unavailable, match=r"磁盘已满.*未写入"):
            ledger.book(database, LOCAL, party("A" * 200, 3000))
        assert ledger.read(database).head == 0


def party(code: str, times: int = 1) -> ledger.Planner:
    def plan(_view: View, ids: Ids) -> Plan:
        rows: list[t.Row] = [t.Party(ids.party(), f"{code}{n}", "bank") for n in range(times)]
        return Plan([Draft(EntryKind.PARTIES, dt.date(2024, 1, 1), code, b"", rows=rows)])

    return plan


# -- modes ------------------------------------------------------------------------------------------------------------


def test_a_book_that_may_only_be_read_is_read_and_not_written(book: Path) -> None:
    folder, reverse = book.parent, ("reverse", "2", "--why", "x")
    book.with_name("book.sqlite-journal").unlink()
    said = run(
        book,
        step(*reverse, modes=[(book, 0o400)]),
        step(*reverse, modes=[(folder, 0o500)]),
        step("verify"),
        step("export", "-o", str(folder / "x.xlsx")),
        step("backup", str(folder / "b.sqlite")),
        step("restore", str(book)),
        step(*reverse, modes=[(book, 0o600)]),  # the folder alone: the engine's journal cannot be made
        step("verify", modes=[(book, 0)]),
        step("verify", modes=[(folder, 0)]),
        step("init"),
    )
    folder.chmod(0o700)
    for place, code, words in (
        (0, 4, "read only"),
        (1, 4, "read only"),
        (3, 2, "no right to write there"),
        (4, 2, "no right to write there"),
        (5, 2, "no right to write there"),
        (6, 4, "check the rights"),
        (7, 4, "cannot be opened"),
        (8, 4, "cannot be opened"),
        (9, 4, "cannot be opened"),
    ):
        refused(said[place], code, words)
    assert said[2].code == 0
    assert {p.name for p in folder.iterdir()} <= {"book.sqlite", "book.sqlite.columns", "book.sqlite-journal"}
    book.chmod(0o600)
    with closing(Database(f"sqlite:///{book}")) as database:
        assert ledger.read(database).head == 2


# -- locked, gone, damaged, of another schema: in the library and on a page ---------------------------------------------


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Another process's exclusive lock."""
    program = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None); c.execute('BEGIN EXCLUSIVE'); "
        "print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        try:
            yield
        finally:
            holder.communicate("")


@contextmanager
def changed(path: Path, statement: str) -> Iterator[None]:
    before = path.read_bytes()
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.execute(statement)
    yield
    path.write_bytes(before)


@contextmanager
def gone(path: Path) -> Iterator[None]:
    aside = path.with_name("aside")
    path.rename(aside)
    yield
    aside.rename(path)


@contextmanager
def overwritten(path: Path) -> Iterator[None]:
    before = path.read_bytes()
    path.write_bytes(b"no book at all, " * 1000)
    yield
    path.write_bytes(before)


FAILURES: list[tuple[Callable[[Path], object], type[FofError], str]] = [
    (held, Busy, "账本正被另一写入占用"),
    (gone, NotReady, "账本文件不在"),
    (overwritten, Damaged, "不是账本，或已损坏"),
    (lambda p: changed(p, "UPDATE alembic_version SET version_num = '9999'"), NotReady, "请更新程序"),
    (lambda p: changed(p, "DELETE FROM alembic_version"), NotReady, "没有版本记录"),
]


@pytest.fixture
def served(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """A small book under the address that screens read; nobody waits longer than a fifth of a second."""
    monkeypatch.setattr(db, "BUSY_SECONDS", 0.2)
    monkeypatch.setattr(engines, "BUSY_SECONDS", 0.2)
    monkeypatch.setattr("fof.ledger.booking.BUSY_SECONDS", 0.2)
    monkeypatch.setattr(engines, "_SQLITE_PRAGMAS", (*engines._SQLITE_PRAGMAS[:-1], "busy_timeout=200"))
    monkeypatch.setattr(db, "_open", {})
    monkeypatch.setenv("FOF_LANG", "zh")
    database = Database(sqlite_url)
    ledger.book(database, LOCAL, party("A"))
    with screens_over(sqlite_url, tmp_path):
        yield database
    database.close()


def test_what_keeps_a_book_away_is_one_sentence_everywhere(served: Database) -> None:
    path = served.path
    assert path is not None
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    assert not page.run().error
    for failure, kind, words in FAILURES:
        with fof.open(served.address) as opened, failure(path):  # type: ignore[attr-defined]
            for ask in (
                lambda: ledger.book(served, LOCAL, party("B")),
                lambda: fof.open(served.address),
                *([] if failure is held else [opened.at]),  # what is in memory needs no lock
            ):
                with pytest.raises(kind) as error:
                    ask()
                assert words in error.value.text("zh"), (words, error.value)
                assert not re.search(NOT_ON_A_PAGE, error.value.text("zh") + error.value.text("en"))
            as_a_new_server()
            db._open.clear()
            page.run()
            assert not page.exception
            [shown] = [e.value for e in page.error]
            assert words in shown
            assert not re.search(NOT_ON_A_PAGE, shown)
        [again] = page.button
        again.click().run()
        assert not page.error, "and the page is there again"
    assert ledger.book(served, LOCAL, party("B")).entries == [2]
