"""Subjects: one address for everything that has a number, and what the journal keeps under it; on both engines."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa

from fof import ledger
from fof.access import LOCAL
from fof.db import Database, announce
from fof.errors import BookingRefused, Unavailable, Unknown
from fof.ledger import Draft, Ids, Plan, View
from fof.ledger.backup import backup, restore
from fof.ledger.verify import verify
from models import journal as t
from models.kinds import EntryKind
from models.posting_kinds import PostingKind as K
from models.subjects import (
    BY_COMPONENTS,
    MONEY_ORDER,
    REGISTERED,
    Subject,
    SubjectKind,
    address_of,
    bearer_of,
    columns_of,
)

DAY = dt.date(2024, 1, 1)
BANK, FIRM, POOL, FUND, CITY = range(1, 6)
LOAN = Subject(SubjectKind.LOAN, "L-1")


def draft(day: str, key: str, rows: list[t.Row], money: list[t.Posting] | None = None) -> Draft:
    return Draft(EntryKind.POOL, dt.date.fromisoformat(day), key, key.encode(), money or [], rows)


def office(_view: View, ids: Ids) -> Plan:
    kinds = ("bank", "company", "pool", "sub_fund", "government")
    parties: list[t.Row] = [t.Party(ids.party(), kind.upper(), kind) for kind in kinds]
    loan, agreement = ids.subject(), ids.subject()
    assert (loan, agreement) == (1, 2)
    rows: list[t.Row] = [
        *parties,
        t.Deal(ids.deal(), "D1", FUND, FIRM, "initial"),
        t.Identity(loan, "loan", "L-1"),
        t.Identity(agreement, "agreement", "L-1"),  # the same code of another kind is another subject
        t.SubjectLink(loan, "lender", BANK, None, None, None, "借款合同"),
        t.SubjectLink(loan, "agreement", None, None, agreement, dt.date(2024, 6, 30)),
        t.SubjectFact("loan", None, None, None, loan, None, "title", "甲"),
        t.SubjectFact("stake", FUND, CITY, None, None, None, "title", "份额"),
        t.SubjectFact("office", None, None, None, None, None, "evaluation.dpi.scale", "0;1"),
    ]
    later: list[t.Row] = [
        t.SubjectFact("loan", None, None, None, loan, None, "title", "乙", dt.date(2024, 3, 31), "b", "文")
    ]
    drawn = [t.Posting(K.LOAN_DISBURSED, BANK, FIRM, None, None, loan, 500)]
    return Plan(
        [
            draft("2024-01-01", "office", rows),
            draft("2024-03-01", "later", later),
            draft("2024-02-01", "drawn", [], drawn),
        ]
    )


@pytest.fixture
def book(database: Database) -> Database:
    ledger.book(database, LOCAL, office)
    return database


def on(book: Database, day: str) -> View:
    return ledger.read(book).view(dt.date.fromisoformat(day))


def test_every_kind_has_an_address_that_comes_back(book: Database) -> None:
    view = on(book, "2024-12-31")
    addresses = [
        Subject(SubjectKind.OFFICE),
        Subject(SubjectKind.PARTY, "BANK"),
        Subject(SubjectKind.DEAL, "D1"),
        Subject(SubjectKind.STAKE, "SUB_FUND", "GOVERNMENT"),
        Subject(SubjectKind.EDGE, "SUB_FUND", "COMPANY"),
        Subject(SubjectKind.NOTICE, "SUB_FUND", "2024/1"),
        LOAN,
        Subject(SubjectKind.AGREEMENT, "L-1"),
    ]
    assert {a.kind for a in addresses} >= {
        SubjectKind.OFFICE,
        SubjectKind.PARTY,
        SubjectKind.DEAL,
        *BY_COMPONENTS,
    }
    for address in addresses:
        bearer = view.bearer(address)
        assert view.subject(bearer) == address
        assert bearer_of(address_of(bearer)) == bearer
    assert len({view.bearer(a) for a in addresses}) == len(addresses)
    for wrong in (
        Subject(SubjectKind.PARTY, "X"),
        Subject(SubjectKind.LOAN, "L-2"),
        Subject(SubjectKind.DEAL, "L-1"),
    ):
        with pytest.raises(Unknown):
            view.bearer(wrong)


def test_kinds_are_registered_or_made_of_components_or_have_tables() -> None:
    for kind in SubjectKind:
        assert (columns_of(kind) == ("subject",)) == (kind in REGISTERED)
    assert set(MONEY_ORDER) <= REGISTERED


def test_attributes_hold_from_their_day_to_their_end(book: Database) -> None:
    for day, name in (
        ("2023-12-31", None),
        ("2024-02-29", "甲"),
        ("2024-03-01", "乙"),
        ("2024-03-31", "乙"),
        ("2024-04-01", "甲"),
    ):
        view = on(book, day)
        assert view.attribute(view.bearer(LOAN), "title") == name, day
    view = on(book, "2024-03-15")
    stated = view.stated(view.bearer(LOAN), "title")
    assert stated is not None
    assert (stated.since, stated.entry, stated.basis, stated.document) == (dt.date(2024, 3, 1), 2, "b", "文")
    assert set(view.attributes(("office",))) == {"evaluation.dpi.scale"}
    assert view.attribute(("stake", FUND, CITY), "title") == "份额"
    assert view.attribute(("stake", CITY, FUND), "title") is None


def test_links_hold_to_their_end_and_name_what_they_mean(book: Database) -> None:
    ends = [(link.row.role, link.row.party or link.row.other) for link in on(book, "2024-06-30").links(1)]
    assert ends == [("lender", BANK), ("agreement", 2)]
    assert [link.row.role for link in on(book, "2024-07-01").links(1)] == ["lender"]
    assert on(book, "2023-01-01").links(1) == []


REFUSED: dict[str, tuple[list[t.Row], list[t.Posting], str]] = {
    "a code twice": ([t.Identity(3, "loan", "L-1")], [], "duplicate_code"),
    "no such subject": (
        [t.SubjectFact("loan", None, None, None, 9, None, "title", "x")],
        [],
        "unknown_subject",
    ),
    "another kind": ([t.SubjectFact("loan", None, None, None, 2, None, "title", "x")], [], "unknown_subject"),
    "a link to nothing": ([t.SubjectLink(1, "claim", None, None, 9)], [], "unknown_subject"),
    "a party that is none": (
        [t.SubjectFact("stake", FUND, 99, None, None, None, "title", "x")],
        [],
        "unknown_reference",
    ),
    "an attribute that is none": (
        [t.SubjectFact("loan", None, None, None, 1, None, "nonsense", "x")],
        [],
        "unknown_fact",
    ),
    "money of no loan": ([], [t.Posting(K.LOAN_REPAID, FIRM, BANK, None, None, 9, 5)], "unknown_subject"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_the_door_refuses(book: Database, what: str) -> None:
    rows, money, code = REFUSED[what]
    with pytest.raises(BookingRefused) as refused:
        ledger.book(book, LOCAL, lambda _v, _i: Plan([draft("2024-05-01", what, rows, money)]))
    assert [p.code for p in refused.value.problems] == [code]


def claimed(view: View, ids: Ids) -> Plan:
    claim, plan = ids.subject(), ids.subject()
    rows: list[t.Row] = [
        t.Identity(claim, "claim", "C-1"),
        t.SubjectLink(claim, "loan", None, None, 1),
        t.Identity(plan, "plan", "P-1"),
    ]
    return Plan([draft("2024-05-01", "claimed", rows)])


def paid(subject: int, about: int | None = None) -> ledger.Draft:
    """Compensation in the name of a subject, by an entry that says something of another."""
    rows: list[t.Row] = []
    if about is not None:
        rows = [t.SubjectFact("claim", None, None, None, about, None, "title", "x")]
    money = [t.Posting(K.POOL_COMPENSATION, POOL, BANK, None, None, subject, 5)]
    return draft("2024-06-01", f"paid {subject} {about}", rows, money)


@pytest.mark.parametrize(
    ("subject", "about", "code"),
    [
        (3, 3, None),  # the claim
        (1, None, None),  # a loan, where nothing says that it is about a claim
        (1, 3, "less_specific"),  # the loan, by an entry about its claim
        (2, 3, "less_specific"),  # the loan's agreement
        (4, None, "no_money_of_it"),  # a plan
    ],
)
def test_money_names_the_most_specific_subject(
    book: Database, subject: int, about: int | None, code: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Refused at the door with the subject it should name; what came in before the check is listed by its entry."""
    ledger.book(book, LOCAL, claimed)

    def planned(_view: View, _ids: Ids) -> Plan:
        return Plan([paid(subject, about)])

    if code is None:
        ledger.book(book, LOCAL, planned)
        return
    with pytest.raises(BookingRefused) as refused:
        ledger.book(book, LOCAL, planned)
    assert [p.code for p in refused.value.problems] == [code]
    if code == "less_specific":
        assert "C-1" in refused.value.problems[0].text("en")
    monkeypatch.setattr("fof.ledger.checks.states", tuple)
    ledger.book(book, LOCAL, planned)
    monkeypatch.undo()
    assert [(r.entry, r.code) for r in verify(book).refusals] == [(5, code)]


ENTRY = (
    "INSERT INTO entry (id, kind, effective_on, recorded_at, recorded_by, key, request, posting_count, leaf) "
    "SELECT 4, kind, effective_on, recorded_at, recorded_by, 'raw', request, {}, leaf FROM entry WHERE id = 3"
)
PAST_THE_PROGRAM: dict[str, tuple[str, int]] = {
    "a code twice": ("INSERT INTO subject (entry, line, id, kind, code) VALUES (4, 1, 3, 'loan', 'L-1')", 0),
    "a kind that is none": (
        "INSERT INTO subject (entry, line, id, kind, code) VALUES (4, 1, 3, 'party', 'P')",
        0,
    ),
    "an id far away": (
        "INSERT INTO subject (entry, line, id, kind, code) VALUES (4, 1, 2000000, 'loan', 'L-3')",
        0,
    ),
    "an address of two": (
        "INSERT INTO subject_fact (entry, line, kind, party, subject, name, value) VALUES (4, 1, 'loan', 1, 1, 'name', 'x')",
        0,
    ),
    "half a stake": (
        "INSERT INTO decision (entry, line, rule, kind, party, action, reference) VALUES (4, 1, 'GF-1', 'stake', 4, 'accept', 'w')",
        0,
    ),
    "a subject that is none": (
        "INSERT INTO subject_fact (entry, line, kind, subject, name, value) VALUES (4, 1, 'loan', 9, 'name', 'x')",
        0,
    ),
    "a link with two ends": (
        "INSERT INTO subject_link (entry, line, subject, role, party, other) VALUES (4, 1, 1, 'lender', 1, 2)",
        0,
    ),
    "money of no loan": (
        "INSERT INTO posting (entry, line, kind, from_party, to_party, loan, fen) VALUES (4, 1, 92, 2, 1, 9, 5)",
        1,
    ),
    "lines with a gap": (
        "INSERT INTO column_mapping (entry, line, name, content, source) VALUES (4, 2, 'a', 'b', 'c')",
        0,
    ),
    "a close of its own entry": (
        "INSERT INTO quarter_close (entry, line, portfolio, known_at, leaf, open_items) VALUES (4, 1, 'P', 4, '"
        + "ab" * 32
        + "', 0)",
        0,
    ),
    "an old entry": (
        "INSERT INTO notice_line (entry, line, fund, number, investor, component, fen) VALUES (3, 1, 4, '1', 5, 'investment', 5)",
        0,
    ),
    "nothing asked": (
        "INSERT INTO notice_line (entry, line, fund, number, investor, component, fen) VALUES (4, 1, 4, '1', 5, 'investment', 0)",
        0,
    ),
}


def written(book: Database, *statements: str) -> None:
    """Statements in one writing transaction, announced as the ledger does."""
    with book.write() as connection:
        if book.is_sqlite:
            announce(connection)
        for statement in statements:
            connection.exec_driver_sql(statement)


@pytest.mark.parametrize("what", PAST_THE_PROGRAM)
def test_what_the_database_refuses(book: Database, what: str) -> None:
    statement, postings = PAST_THE_PROGRAM[what]
    refused: Any = (sa.exc.DBAPIError, book.driver.Error)
    with pytest.raises(refused):
        written(book, statement, ENTRY.format(postings))
    assert ledger.read(book).head == 3
    assert [c.name for c in verify(book).problems if c.name != "durability"] == []


def test_rows_are_append_only(book: Database) -> None:
    refused: Any = (sa.exc.DBAPIError, book.driver.Error, Unavailable)
    for statement in (
        "UPDATE subject SET code = 'x'",
        "DELETE FROM subject_fact",
        "UPDATE subject_link SET role = 'holder'",
    ):
        with pytest.raises(refused), book.write() as connection:
            connection.exec_driver_sql(statement)


def test_an_identity_outlives_its_reversal_and_its_attributes_do_not(book: Database) -> None:
    ledger.book(
        book,
        LOCAL,
        lambda _v, ids: Plan(
            [
                draft(
                    "2024-05-01",
                    "more",
                    [
                        t.Identity(ids.subject(), "voucher", "V"),
                        t.SubjectFact("voucher", None, None, None, 3, None, "title", "x"),
                    ],
                )
            ]
        ),
    )
    assert on(book, "2024-06-01").attribute(("voucher", 3), "title") == "x"
    ledger.reverse(book, LOCAL, 4, "有误")
    view = on(book, "2024-06-01")
    assert view.attribute(("voucher", 3), "title") is None
    assert view.subject(("voucher", 3)) == Subject(SubjectKind.VOUCHER, "V")
    assert view.attribute(("voucher", 3), "title") is None
    assert ledger.read(book).view(None, 4).attribute(("voucher", 3), "title") == "x"


def test_a_backup_holds_them_and_gives_them_back(book: Database, tmp_path: Any) -> None:
    stored = backup(book, tmp_path / "backup.sqlite")
    assert stored.verification.entries == 3
    back = Database(f"sqlite:///{tmp_path / 'back.sqlite'}")
    restore(back, tmp_path / "backup.sqlite")
    view = on(back, "2024-03-15")
    assert (view.attribute(view.bearer(LOAN), "title"), len(view.links(1))) == ("乙", 2)
    back.close()
