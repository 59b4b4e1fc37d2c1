"""How many statements a use case sends to the database, brackets and looks at the book included: few, and the same in a book
of any size."""

from __future__ import annotations

import datetime as dt
import sqlite3
import sqlite3.dbapi2
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest

from fof import ledger
from fof.access import LOCAL
from fof.audit import guidance
from fof.book.notices import calls
from fof.book.portfolios import portfolios
from fof.db import Database
from fof.evaluation import register
from fof.figures.commitments_document import commitments_document
from fof.figures.overview import overview
from fof.figures.performance_document import performance_document
from fof.figures.statements import bridge
from fof.operations.clocks import clocks
from fof.operations.payments import mark_paid, open_calls

DAY, START = dt.date(2026, 9, 30), dt.date(2025, 12, 31)
Counting = Callable[[], AbstractContextManager["Counter[str]"]]


@pytest.fixture
def counting(monkeypatch: pytest.MonkeyPatch) -> Counting:
    """Counts the statements of every SQLite connection made from here on.

    A trigger's program is heard as its statement once more, right after it: that is not counted, and neither are the
    pragmas that a new connection is set up with.
    """
    listening: list[Counter[str]] = []
    last = [""]

    def heard(statement: str) -> None:
        if statement != last[0] and not statement.startswith("PRAGMA"):
            for counter in listening:
                counter[statement[:90]] += 1
        last[0] = statement

    for module in (sqlite3, sqlite3.dbapi2):
        connect = module.connect

        def traced(*args: Any, connect: Any = connect, **more: Any) -> Any:
            connection = connect(*args, **more)
            connection.set_trace_callback(heard)
            return connection

        monkeypatch.setattr(module, "connect", traced)

    @contextmanager
    def count() -> Iterator[Counter[str]]:
        found: Counter[str] = Counter()
        listening.append(found)
        yield found
        listening.remove(found)

    return count


@pytest.fixture
def counted(counting: Counting, demo_copy: Database) -> Database:
    """The demo office, every connection of it counted."""
    assert demo_copy.path is not None
    return Database(f"sqlite:///{Path(demo_copy.path)}")


def open_call(book: Database) -> tuple[int, int, str, dt.date]:
    view = ledger.read(book).view(DAY)
    call = next(c for c in calls(view) if c.open and c.number and not c.paid)
    return call.fund, call.investor, call.number, call.notice_on


def test_marking_a_notice_paid(counted: Database, counting: Counting) -> None:
    fund, investor, number, notice_on = open_call(counted)
    with counting() as found:
        booked = mark_paid(counted, LOCAL, fund, investor, number, max(notice_on, DAY))
    assert len(booked.entries) == 1
    assert found.total() <= 30, found.most_common(8)
    with counting() as found:
        again = mark_paid(counted, LOCAL, fund, investor, number, max(notice_on, DAY))
    assert [a.entry for a in again.already] == booked.entries
    assert found.total() <= 30, found.most_common(8)


READS: dict[str, Callable[[ledger.View], object]] = {
    "audit": guidance,
    "clocks": lambda view: clocks(view, portfolios(view)[0]),
    "commitments": lambda view: commitments_document(view, portfolios(view)[0], "stake"),
    "performance": lambda view: performance_document(view, portfolios(view)[0]),
    "overview": lambda view: overview(view, portfolios(view)[0]),
    "statements": lambda view: [bridge(view, fund, START) for fund in portfolios(view)[0].funds],
    "notices": lambda view: (calls(view), open_calls(view)),
}


@pytest.mark.parametrize("name", READS)
def test_reading(name: str, counted: Database, counting: Counting) -> None:
    """From a cold book: columns, small tables and the heads of what is shown, each read in one piece."""
    with counting() as found:
        READS[name](ledger.read(counted).view(DAY))
    assert found.total() <= 50, found.most_common(8)  # the small tables in one piece for the derived copy
    with (
        counting() as found
    ):  # once more on the day before: the prefix is read, only whether it is still the same is asked
        READS[name](ledger.read(counted).view(DAY - dt.timedelta(days=1)))
    assert found.total() <= 12, found.most_common(8)


def test_the_national_register(counted: Database, counting: Counting) -> None:
    """The documents behind the identity of all funds in one statement, whatever the number of funds and facts."""
    view = ledger.read(counted).view(DAY)
    guidance(view)
    with counting() as found:
        funds = register(view, 2025).funds
    assert len(funds) > 20
    assert found.total() <= 60, found.most_common(8)
