"""Rows that the database cannot judge, written past the program by the login that books: the next booking is not stopped by them.

Whoever may book may insert. What such an entry says is wrong or unreadable; the office goes on, is told which entry it is, and
takes it back.
"""

from __future__ import annotations

import datetime as dt
import logging
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest

from fof import ledger
from fof.access import LOCAL
from fof.cli import main
from fof.db import Database, announce
from fof.errors import BadEntry, BookingRefused
from fof.ledger.journal import journal_of
from fof.ledger.verify import verify
from fof.schema import alembic_config
from models.posting_kinds import PostingKind as K

HEAD = 11


def furnished(book: Any) -> Any:
    """An investor, a parent fund with two sub-funds, a company that one of them holds, a manager: parties 1 to 6."""
    book.party("CITY", "government", name="某市")
    book.party("PF", "parent_fund", name="母基金", established_on="2019-01-01")
    book.party("F1", "sub_fund", name="子基金一", established_on="2020-01-01")
    book.party("F2", "sub_fund", name="子基金二")
    book.party("C1", "company", name="企业一")
    book.party("M1", "manager", name="管理人")
    book.pay(K.COMMITMENT, "CITY", "PF", 1000, "2020-01-01")
    book.pay(K.COMMITMENT, "PF", "F1", 500, "2020-01-02")
    book.pay(K.CALL_INVESTMENT, "PF", "F1", 200, "2020-03-01")
    book.mark("PF", "F1", 210, "2020-12-31")
    book.deal("F1", "C1", "initial", 100, "2020-06-01", share=0.1)
    assert ledger.read(book.database).head == HEAD
    return book


@pytest.fixture
def office(clerk_on_both: Any, offices: Any) -> Any:
    return offices.furnished(clerk_on_both, furnished)


def inserted(
    database: Database,
    *rows: str,
    kind: str = "terms",
    count: int = 0,
    day: str = "2020-05-05",
    leaf: str = "",
    number: int = HEAD + 1,
) -> None:
    """An entry by hand, behind the last one; `{e}` in its rows is its number."""
    now = dt.datetime.now(dt.UTC).isoformat(timespec="microseconds")
    binary = "BLOB" if database.is_sqlite else "bytea"
    with database.write() as connection:
        if database.is_sqlite:
            announce(connection)
        for row in rows:
            connection.exec_driver_sql(row.format(e=number))
        connection.exec_driver_sql(
            "INSERT INTO entry (id, kind, effective_on, recorded_at, recorded_by, key, request, posting_count, leaf) VALUES "
            f"({number}, '{kind}', '{day}', '{now}', 'hand', 'by hand {number}', CAST('r' AS {binary}), {count}, "
            f"CAST('{leaf or 'x' * 32}' AS {binary}))"
        )


def fact(name: str, value: str, party: int = 3) -> str:
    return f"INSERT INTO fact VALUES ({{e}}, 1, {party}, NULL, '{name}', '{value}', NULL, NULL)"


def money(kind: int, payer: int, payee: int, fund: Any, fen: int) -> str:
    return f"INSERT INTO posting VALUES ({{e}}, 1, {kind}, {payer}, {payee}, {fund}, NULL, NULL, {fen})"


POISON: dict[str, tuple[str, dict[str, Any]]] = {
    "a leaf that fits nothing": (fact("note", "x"), {}),
    "no such attribute": (fact("nonsense", "x"), {}),
    "a day that is none": (fact("established_on", "someday"), {}),
    "a rate that is none": (fact("hurdle_rate", "eight"), {}),
    "a currency that is none": (fact("currency", "???"), {}),
    "another currency": (fact("currency", "USD"), {}),
    "a flag that is none": (fact("cash_kept", "perhaps"), {}),
    "a fund status that is none": (fact("status", "sleeping"), {}),
    "a successor of nobody": (fact("successor_of", "NOBODY"), {}),
    "a setting that cannot be read": (
        "INSERT INTO setting VALUES ({e}, 1, 3, 'period_close', 'x', NULL, 'd')",
        {"kind": "setting"},
    ),
    "a rule's number that is none": (
        "INSERT INTO setting VALUES ({e}, 1, NULL, 'gf06_share_max', 'many', NULL, 'd')",
        {"kind": "setting"},
    ),
    "a mapping that is none": (
        "INSERT INTO setting VALUES ({e}, 1, NULL, 'mapping:x', '{{{{', NULL, 'd')",
        {"kind": "mapping"},
    ),
    "a fund that owns itself by a detour": (
        "INSERT INTO edge VALUES ({e}, 1, 3, 2, 500000000, 'equity', NULL, NULL)",
        {"kind": "ownership"},
    ),
    "more than all of a company": (
        "INSERT INTO edge VALUES ({e}, 1, 4, 5, 990000000, 'equity', NULL, NULL)",
        {"kind": "ownership"},
    ),
    "more called than was promised": (
        money(K.CALL_DUE, 2, 3, 3, 10**9),
        {"kind": "capital_call", "count": 1},
    ),
    "more paid than was promised": (
        money(K.CALL_INVESTMENT, 2, 3, 3, 10**9),
        {"kind": "call_payment", "count": 1},
    ),
    "a call without a fund": (
        money(K.CALL_INVESTMENT, 2, 3, "NULL", 5),
        {"kind": "call_payment", "count": 1},
    ),
    "a call the wrong way round": (
        money(K.CALL_INVESTMENT, 3, 2, 3, 5),
        {"kind": "call_payment", "count": 1},
    ),
    "a call of a person from a company": (
        money(K.CALL_INVESTMENT, 5, 6, 6, 5),
        {"kind": "call_payment", "count": 1},
    ),
    "an investment without its deal": (money(K.INVESTMENT, 3, 5, 3, 5), {"kind": "deal", "count": 1}),
    "a sale of what was never bought": (
        "INSERT INTO deal VALUES ({e}, 1, 9, 'D9', 4, 5, 'exit', NULL, NULL, NULL, NULL, NULL, NULL, NULL)",
        {"kind": "exit"},
    ),
    "a deal in words nobody knows": (
        "INSERT INTO deal VALUES ({e}, 1, 9, 'D9', 4, 5, 'initial', 'Z', 'magic', NULL, NULL, 'ripe', NULL, 'by sea')",
        {"kind": "deal"},
    ),
    "a value of a person": (
        "INSERT INTO mark VALUES ({e}, 1, 6, 1, 5, 'cost', NULL, NULL)",
        {"kind": "valuation"},
    ),
    "a position that says nonsense": (
        "INSERT INTO position VALUES ({e}, 1, 1, 3, 5, 4, 3, 2, 'fast', 'much', 'disclosed', NULL)",
        {"kind": "position_statement"},
    ),
    "a decision about no rule": (
        "INSERT INTO disposition VALUES ({e}, 1, 'ZZ-99', 3, NULL, 'accept', 'W', NULL, NULL)",
        {"kind": "disposition"},
    ),
    "an attribute of a stake that is no such attribute": (
        "INSERT INTO subject_fact VALUES ({e}, 1, 'stake', 3, 2, NULL, NULL, NULL, 'nonsense', 'x', NULL, NULL, NULL)",
        {},
    ),
    "a mark that is none": (
        "INSERT INTO subject_fact VALUES ({e}, 1, 'party', 3, NULL, NULL, NULL, NULL, 'evaluation.policy_opinion', 'much', "
        "NULL, NULL, 'd')",
        {},
    ),
    "a scale that is none": (
        "INSERT INTO subject_fact VALUES ({e}, 1, 'office', NULL, NULL, NULL, NULL, NULL, 'evaluation.tvpi.scale', '1', "
        "NULL, NULL, 'd')",
        {},
    ),
    "a decision about a stake and no rule": (
        "INSERT INTO decision VALUES ({e}, 1, 'ZZ-99', 'stake', 3, 2, NULL, NULL, NULL, 'accept', 'W', NULL, NULL)",
        {"kind": "disposition"},
    ),
    "a line of a notice that nobody wrote": (
        "INSERT INTO notice_line VALUES ({e}, 1, 3, 'N9', 2, 'investment', 5)",
        {"kind": "capital_call"},
    ),
    "a mapping of today that is none": (
        "INSERT INTO column_mapping VALUES ({e}, 1, 'y', '{{{{', 'd')",
        {"kind": "mapping"},
    ),
    "a close on a leaf that is another": (
        f"INSERT INTO quarter_close VALUES ({{e}}, 1, 2, 'PF', 1, '{'ab' * 32}', 0, NULL)",
        {"kind": "period_close"},
    ),
    "a subject that nothing is known of": (
        "INSERT INTO subject VALUES ({e}, 1, 1, 'loan', 'L')",
        {"kind": "pool"},
    ),
    "money before the fund": (
        money(K.CALL_INVESTMENT, 2, 3, 3, 5),
        {"kind": "call_payment", "count": 1, "day": "1950-01-01"},
    ),
    "a day far ahead": (fact("name", "x"), {"day": "2199-12-31"}),
}

ASKED = (
    "performance",
    "commitments",
    "commitments --look-through",
    "overview",
    "positions",
    "fund F1",
    "statement F1",
    "journal list",
    f"journal show {HEAD + 1}",
    "audit guidance",
    "operations clocks",
    "operations chase",
    "evaluation score",
    "evaluation losses",
    "lookthrough C1 --owners",
    "explain tvpi",
    "verify",
)


@pytest.mark.parametrize("poison", POISON, ids=lambda name: name.replace(" ", "_"))
def test_what_the_database_cannot_judge_stops_nobody(
    office: Any, poison: str, caplog: pytest.LogCaptureFixture
) -> None:
    row, more = POISON[poison]
    inserted(office.database, row, **more)
    entry = HEAD + 1
    with caplog.at_level(logging.WARNING, "fof"):
        office.party("NEW", "other", name="别的")
        office.pay(K.COMMITMENT, "CITY", "F2", 5, "2021-01-01")
    assert f"分录 {entry} " in caplog.text, "the next booking names it"
    assert entry in journal_of(office.database).doubts.by_entry
    try:
        office.pay(K.CALL_INVESTMENT, "PF", "F1", 1, "2021-01-01")
    except (
        BookingRefused,
        BadEntry,
    ) as refused:  # a limit that the entry passed, or a row of it that cannot be read
        assert not isinstance(refused, BadEntry) or refused.entry == entry  # noqa: PT017
    if "currency" in poison:  # a fund's currency does not change under its money, nor back
        with pytest.raises(BookingRefused):
            ledger.reverse(office.database, LOCAL, entry, "手工写入")
        return
    ledger.reverse(office.database, LOCAL, entry, "手工写入")
    office.pay(K.CALL_INVESTMENT, "PF", "F1", 1, "2021-01-02")
    assert verify(office.database).first_bad == entry


def test_questions_end_in_an_answer_or_in_a_sentence(
    clerk: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With every one of these entries in the book, and again with those alone that the reading gets over."""
    book = furnished(clerk).database
    monkeypatch.setenv("FOF_DATABASE_URL", book.address)
    for number, (row, more) in enumerate(POISON.values(), HEAD + 1):
        inserted(book, row.replace(", 9, 'D9',", f", {number}, 'D{number}',"), number=number, **more)
    for round_ in ("all", "the others"):
        for asked in ASKED:
            day = [] if asked.split()[0] in ("verify", "journal") else ["--as-of", "2021-12-31"]
            code = main([*asked.split(), *day])
            said = capsys.readouterr()
            assert "Traceback" not in said.err, (round_, asked, said.err[-800:])
            assert code in (0, 2, 3), (asked, code)
        for number, name in reversed(list(enumerate(POISON, HEAD + 1))):
            if round_ == "all" and (" none" in name or " nobody" in name or "no such" in name):
                with suppress(BookingRefused):  # where another of them stands in its way
                    ledger.reverse(book, LOCAL, number, "手工写入")


def first_release(path: Path) -> Database:
    """A book of revision 0001."""
    from alembic import command

    path.touch()
    book = Database(f"sqlite:///{path}")
    with book.engine.connect().execution_options(write=True) as connection:
        config = alembic_config()
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    return book


TIMES = ["t", "", "9999-12-31T23:59:59.999999+00:00", "2020-01-01", "2020-13-01T00:00:00+00:00"]
LEAVES = ["", "x", "x" * 32]


@pytest.mark.parametrize("number", range(len(TIMES)), ids=TIMES)
def test_entries_of_an_old_book_that_no_revision_judged(
    clerk: Any, tmp_path: Path, number: int, caplog: pytest.LogCaptureFixture
) -> None:
    """New constraints bind new rows only: old entries stay, are named, and are booked behind. An entry of each leaf, another first
    in each book."""
    book = first_release(tmp_path / "old.sqlite")
    with closing(sqlite3.connect(tmp_path / "old.sqlite")) as raw:
        for place in range(3):
            raw.execute(
                "INSERT INTO entry (id, kind, effective_on, recorded_at, recorded_by, key, request, posting_count, leaf) "
                "VALUES (?, 'terms', '2020-01-01', ?, 'hand', ?, x'00', 0, CAST(? AS BLOB))",
                (place + 1, TIMES[number], f"k{place}", LEAVES[(number + place) % 3]),
            )
        raw.commit()
    book.init()

    clerk = type(clerk)(book)
    with caplog.at_level(logging.WARNING, "fof"):
        assert clerk.party("A", "other") == 4
    assert "分录 1 " in caplog.text
    assert {1, 2, 3} <= journal_of(book).doubts.by_entry.keys()
    assert clerk.party("B", "other") == 5
    found = verify(book)
    assert not found.passed("leaves")
    assert found.first_bad == 1
    book.close()
