"""Reading: two clocks, snapshots while others book, keys, and what is answered when COMMIT broke."""

from __future__ import annotations

import datetime as dt
import gc
import sys
import threading
import weakref
from typing import Any

import pytest

from fof import ledger
from fof.access import LOCAL
from fof.db import Database
from fof.errors import BookingRefused, Busy, OutcomeUnknown, Unknown
from fof.ledger import Draft, Ids, Plan, View
from fof.ledger import journal as journal_module
from fof.ledger.journal import Journal, journal_of
from models import journal as t
from models.kinds import EntryKind
from models.posting_kinds import PostingKind as K

DAY = dt.date


def office(_view: View, ids: Ids) -> Plan:
    city, fund = ids.party(), ids.party()
    rows: list[t.Row] = [
        t.Party(city, "CITY", "government"),
        t.Party(fund, "F1", "sub_fund"),
        t.Fact(fund, None, "name", "旧名"),
    ]
    promise = [t.Posting(K.COMMITMENT, city, fund, fund, None, None, 10**9)]
    return Plan(
        [
            Draft(EntryKind.PARTIES, DAY(2020, 1, 1), "office", b"1", rows=rows),
            Draft(EntryKind.COMMITMENT, DAY(2020, 1, 1), "promise", b"2", promise),
        ]
    )


def pay(key: str) -> ledger.Planner:
    rows = [t.Posting(K.CALL_INVESTMENT, 1, 2, 2, None, None, 5)]
    return lambda _v, _i: Plan([Draft(EntryKind.CALL_PAYMENT, DAY(2020, 2, 1), key, key.encode(), rows)])


def fact(key: str, day: dt.date, name: str, value: str) -> ledger.Planner:
    rows: list[t.Row] = [t.Fact(2, None, name, value)]
    return lambda _v, _i: Plan([Draft(EntryKind.TERMS, day, key, key.encode(), rows=rows)])


def mark(key: str, day: dt.date, fen: int) -> ledger.Planner:
    rows: list[t.Row] = [t.Mark(1, 2, fen, "reported_nav")]
    return lambda _v, _i: Plan([Draft(EntryKind.VALUATION, day, key, key.encode(), rows=rows)])


@pytest.fixture
def book(database: Database) -> Database:
    ledger.book(database, LOCAL, office)
    return database


def test_as_of_and_known_at_are_two_clocks(book: Database) -> None:
    [told] = ledger.book(book, LOCAL, mark("q1", DAY(2020, 3, 31), 100)).entries
    [late] = ledger.book(book, LOCAL, mark("q0", DAY(2019, 12, 31), 90)).entries
    [taken] = ledger.reverse(book, LOCAL, told, "更正").entries
    [restated] = ledger.book(book, LOCAL, mark("q1b", DAY(2020, 3, 31), 110)).entries
    journal = ledger.read(book)

    def seen(as_of: dt.date | None, known_at: int | None) -> list[tuple[int, int]]:
        return [(m.entry, m.row.fen) for m in journal.view(as_of, known_at).marks]

    assert seen(None, None) == [(late, 90), (restated, 110)]
    assert seen(DAY(2020, 3, 30), None) == [(late, 90)]
    assert seen(None, told) == [(told, 100)]
    assert seen(None, late) == [(late, 90), (told, 100)]
    assert seen(None, taken) == [(late, 90)]
    assert seen(DAY(2019, 12, 30), restated) == []
    for wrong in (-1, restated + 1):
        with pytest.raises(Unknown):
            journal.view(known_at=wrong)


def test_an_attribute_changes_on_its_day(book: Database) -> None:
    ledger.book(book, LOCAL, fact("later", DAY(2022, 1, 1), "name", "新名"))
    ledger.book(book, LOCAL, fact("between", DAY(2021, 1, 1), "name", "中间名"))
    journal = ledger.read(book)
    names = [journal.view(DAY(year, 6, 1)).name(2) for year in (2020, 2021, 2022)]
    assert names == ["旧名", "中间名", "新名"]
    assert [f.value for f in journal.view().history(2, "name")] == names
    found = journal.view().fact_on(2, "name", DAY(2021, 12, 31))
    assert found is not None
    assert (found.value, found.since) == ("中间名", DAY(2021, 1, 1))


def test_of_two_values_of_one_day_the_later_entry_holds(book: Database) -> None:
    ledger.book(book, LOCAL, fact("again", DAY(2020, 1, 1), "name", "更名"))
    assert ledger.read(book).view().name(2) == "更名"


def test_one_journal_a_database_and_it_goes_when_the_database_goes(sqlite_url: str) -> None:
    one, other = Database(sqlite_url), Database(sqlite_url)
    assert ledger.read(one) is ledger.read(one)
    assert ledger.read(one) is not ledger.read(other)
    gone = weakref.ref(journal_of(one))
    one.close()
    del one
    gc.collect()
    assert gone() is None, "an id that is used again must not bring back the journal of another book"
    other.close()


def test_views_are_kept_until_the_book_moves_on(book: Database) -> None:
    journal = ledger.read(book)
    before = journal.view(DAY(2020, 5, 1))
    assert ledger.read(book).view(DAY(2020, 5, 1)) is before
    ledger.book(book, LOCAL, pay("a"))
    assert ledger.read(book).view(DAY(2020, 5, 1)) is not before
    assert len(before.postings) == 1


def failing(monkeypatch: pytest.MonkeyPatch, name: str, at: int) -> None:
    """One reading of the journal's fails: the call of that number, and none after it."""
    real, calls = getattr(journal_module, name), iter(range(1, 1000))

    def reads(*args: Any) -> Any:
        if next(calls) == at:
            raise OSError("the connection broke")
        return real(*args)

    monkeypatch.setattr(journal_module, name, reads)


@pytest.mark.parametrize("before", [False, True])
def test_after_a_failed_reading_the_next_has_the_whole_book(
    book: Database, monkeypatch: pytest.MonkeyPatch, *, before: bool
) -> None:
    """The postings were there and the small tables counted as empty: names, terms and marks were missing without a word."""
    journal = Journal(book)
    if before:
        assert len(journal.refresh().rows("fact")) == 1
    ledger.book(book, LOCAL, mark("m", DAY(2020, 6, 30), 77))
    ledger.book(book, LOCAL, fact("f", DAY(2021, 1, 1), "name", "新名"))
    failing(monkeypatch, "newest_entries", 1)
    with pytest.raises(OSError, match="broke"):
        journal.refresh()
    journal.refresh()
    whole = Journal(book).refresh()
    assert journal.head == whole.head
    for table in ("party", "fact", "mark"):
        assert journal.rows(table) == whole.rows(table) != []
    assert journal.view().fact(2, "name") == "新名"
    assert journal.tables_after(0) == whole.tables_after(0)


def test_after_a_failed_reading_of_rows_none_stands_twice(
    book: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(4):
        ledger.book(book, LOCAL, fact(f"f{n}", DAY(2021, 1, 1 + n), "name", f"名{n}"))
    monkeypatch.setattr(journal_module, "ENTRIES_AT_ONCE", 2)
    monkeypatch.setattr(journal_module, "ROWS_AT_MOST", 1)
    failing(monkeypatch, "read_rows", 3)
    journal = Journal(book).refresh()
    with pytest.raises(OSError, match="broke"):
        journal.columns_of("fact", ["value"])
    _entries, [values] = journal.columns_of("fact", ["value"])
    assert values == ["旧名", "名0", "名1", "名2", "名3"]


def test_rows_stop_at_the_head_while_another_books(book: Database) -> None:
    """The journal has read up to its head; a booking of somebody else must not leak into its rows."""
    journal = ledger.read(book)
    other = Database(book.url.render_as_string(hide_password=False))
    ledger.book(other, LOCAL, mark("m", DAY(2020, 3, 31), 1))
    assert journal.rows("mark") == []
    assert [r.row[2] for r in ledger.read(book).rows("mark")] == [1]
    assert journal.booked("m") is not None
    other.close()


def test_readers_in_threads_see_whole_prefixes(sqlite_book: Database) -> None:
    """Two writers, four readers, threads switched as often as the interpreter can."""
    ledger.book(sqlite_book, LOCAL, office)
    wrong: list[str] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            journal = ledger.read(sqlite_book)
            view, balances = journal.view(), journal.balances()
            known = view.known_at
            postings = view.postings
            if len(postings) and int(postings.entry.max()) > known:
                wrong.append("postings beyond the prefix")
            paid = int(postings.fen[postings.kind == K.CALL_INVESTMENT].sum())
            if paid != sum(m.row.fen for m in view.marks):
                wrong.append("marks and postings of one entry come together")
            if any(r.entry > journal.head for r in journal.rows("mark")):
                wrong.append("rows beyond the head")
            if balances.head == known and int(balances.at("paid_in", 2**30)[2].sum()) != paid:
                wrong.append("balances of another head")

    def write(name: str) -> None:
        for n in range(12):
            rows = [t.Posting(K.CALL_INVESTMENT, 1, 2, 2, None, None, n + 1)]
            valued: list[t.Row] = [t.Mark(1, 2, n + 1, "cost")]
            draft = Draft(EntryKind.CALL_PAYMENT, DAY(2020, 2, 1), f"{name}{n}", b"", rows, valued)
            ledger.book(sqlite_book, LOCAL, lambda _v, _i, draft=draft: Plan([draft]))

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        readers = [threading.Thread(target=read) for _ in range(4)]
        writers = [threading.Thread(target=write, args=(name,)) for name in "ab"]
        for thread in (*readers, *writers):
            thread.start()
        for thread in writers:
            thread.join()
        done.set()
        for thread in readers:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    assert wrong == []
    assert ledger.read(sqlite_book).head == 2 + 24


# -- an unknown outcome ---------------------------------------------------------------------------------------------


@pytest.fixture
def broken(book: Database, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The writer's COMMIT fails once: after it was carried out (`carried`), or before; what readers end is let through."""
    told: dict[str, Any] = {"carried": True, "fails": True, "writing": False}
    real, real_end = type(book.engine.dialect).do_commit, Database._commit

    def end(database: Database, connection: Any, transaction: Any) -> None:
        told["writing"] = True
        try:
            real_end(database, connection, transaction)
        finally:
            told["writing"] = False

    def commit(dialect: Any, connection: Any) -> None:
        if not (told["fails"] and told["writing"]):
            return real(dialect, connection)
        told["fails"] = False
        if told["carried"]:
            real(dialect, connection)
        raise book.driver.OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(Database, "_commit", end)
    monkeypatch.setattr(type(book.engine.dialect), "do_commit", commit)
    return told


def test_a_booking_that_was_kept_is_answered_as_booked(book: Database, broken: dict[str, Any]) -> None:
    booked = ledger.book(book, LOCAL, pay("a"))
    assert (booked.entries, booked.already) == ([3], [])
    assert len(ledger.read(book).view().postings) == 2


def test_a_booking_that_was_lost_is_sent_again(book: Database, broken: dict[str, Any]) -> None:
    broken["carried"] = False
    booked = ledger.book(book, LOCAL, pay("a"))
    assert booked.entries == [3]
    assert len(ledger.read(book).view().postings) == 2


def test_where_the_book_cannot_be_asked_the_outcome_stays_unknown(
    book: Database, broken: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_args: object) -> None:
        raise Busy("away")

    monkeypatch.setattr("fof.ledger.booking.read", away)
    with pytest.raises(OutcomeUnknown):
        ledger.book(book, LOCAL, pay("a"))
    assert [a.entry for a in ledger.book(book, LOCAL, pay("a")).already] == [3]


def test_a_busy_book_is_asked_again(book: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    real, calls = Journal.refresh, []

    def sometimes(journal: Journal, connection: Any = None) -> Journal:
        calls.append(connection is not None)
        if connection is not None and calls.count(True) < 3:
            raise Busy("busy")
        return real(journal, connection)

    monkeypatch.setattr(Journal, "refresh", sometimes)
    assert ledger.book(book, LOCAL, pay("a")).entries == [3]
    assert calls.count(True) == 3
    monkeypatch.setattr("fof.ledger.booking.BUSY_SECONDS", -1)
    calls.clear()
    with pytest.raises(Busy):
        ledger.book(book, LOCAL, pay("b"))


def test_entries_follow_the_clock_never_backwards(book: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    behind = dt.timedelta(minutes=2)
    monkeypatch.setattr("fof.ledger.booking._clock", lambda: dt.datetime.now(dt.UTC) - behind)
    ledger.book(book, LOCAL, pay("slow"))
    times = [e.recorded_at for e in ledger.read(book).entries(1, 9)]
    assert times == sorted(times)
    behind = dt.timedelta(minutes=10)
    with pytest.raises(BookingRefused) as refused:
        ledger.book(book, LOCAL, pay("wrong"))
    assert [p.code for p in refused.value.problems] == ["clock_behind"]
