"""Documents by the subject they speak of: every kind of address, every table that can name it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from fof import ledger
from fof.access import LOCAL
from fof.audit.casefile.case_file import case_file
from fof.book.entries import SMALL_TABLES
from fof.book.filed_documents import RowDocument, filed_documents, files_of, mentions, row_documents
from fof.book.portfolios import portfolio
from fof.errors import Unknown
from fof.explain import explain
from models.journal import (
    Decision,
    Edge,
    Fact,
    Identity,
    NoticeLine,
    QuarterClose,
    Setting,
    SubjectFact,
    SubjectLink,
)
from models.kinds import EntryKind
from models.posting_kinds import PostingKind as K
from models.subjects import OFFICE, Bearer, Subject, SubjectKind, address_of

S = SubjectKind
FUND, STAKE = Subject(S.PARTY, "F1"), Subject(S.STAKE, "F1", "PF")
NOTICE, EDGE = Subject(S.NOTICE, "F1", "1"), Subject(S.EDGE, "PF", "C1")
DEAL, PLAN, EVIDENCE = Subject(S.DEAL, "deal-1"), Subject(S.PLAN, "P-1"), Subject(S.EVIDENCE, "E-1")


def decision(bearer: Bearer, reference: str) -> Decision:
    return Decision("GF-01", *address_of(bearer), "accept", reference)


def of(clerk: Any, subject: Subject, day: str = "2021-12-31") -> list[tuple[str, int]]:
    """(table, entry) of the rows that speak of a subject."""
    return [(m.table, m.entry) for m in mentions(clerk.view(day), subject)]


@pytest.fixture
def office(clerk_on_both: Any) -> Any:
    """Entries 1–3 parties, 4 a promise, 5 a call with its lines, 6 a value, 7 a deal, 8 its approval, 9 an edge, 10 a plan of
    the deal with its evidence, 11–15 decisions about each address, 16 settings and a quarter close."""
    clerk = clerk_on_both
    clerk.party("PF", "parent_fund", portfolio="yes")
    clerk.party("F1", "sub_fund", name="一号")
    clerk.party("C1", "company")
    clerk.pay(K.COMMITMENT, "PF", "F1", 100, "2020-01-01", fund="F1")
    view = clerk.view("2021-01-01")
    pf, f1, c1 = (view.by_code[code].id for code in ("PF", "F1", "C1"))
    clerk.pay_many(
        "2020-02-01",
        [(K.CALL_DUE, "PF", "F1", 40)],
        fund="F1",
        entry=EntryKind.CAPITAL_CALL,
        notice=("capital_call", "1", "2020-03-01"),
    )
    clerk.mark("PF", "F1", 50, "2020-12-31")
    clerk.deal("F1", "C1", "initial", 30, "2020-06-01")
    deal = clerk.view("2021-01-01").deals[0].row.id
    clerk.rows(
        EntryKind.TERMS,
        "2020-06-02",
        lambda _: [Fact(None, deal, "decision_ref", "决议 7 号", None, "会议纪要 7")],
    )
    clerk.rows(EntryKind.OWNERSHIP, "2020-07-01", lambda _: [Edge(pf, c1, 10**8, "equity", None, "章程")])

    def registered(_: Any, ids: Any) -> Any:
        plan, evidence = ids.subject(), ids.subject()
        rows = [
            Identity(plan, "plan", "P-1"),
            Identity(evidence, "evidence", "E-1"),
            SubjectLink(plan, "deal", deal=deal, document="方案"),
            SubjectLink(evidence, "plan", other=plan),
            SubjectFact("evidence", None, None, None, evidence, None, "evidence_number", "ZJ-9"),
        ]
        return [], rows

    clerk.book(EntryKind.COINVESTMENT, "2020-08-01", registered)
    view = clerk.view("2021-01-01")
    for n, subject in enumerate((STAKE, NOTICE, EDGE, PLAN, OFFICE)):
        bearer = view.bearer(subject)
        clerk.rows(EntryKind.DISPOSITION, "2021-01-05", lambda _, b=bearer, n=n: [decision(b, f"批 {n}")])
    leaf = ledger.read(clerk.database).view(None, 15).entry(15).leaf.hex()
    clerk.rows(
        EntryKind.SETTING,
        "2021-02-01",
        lambda _: [
            Setting(None, "GF-01.limit", "1", None, "通知"),
            Setting(f1, "GF-01.limit", "2", None, "协议"),
            NoticeLine(f1, "1", pf, "investment", 4000),
            QuarterClose(None, "ALL", 15, leaf, 0),
        ],
    )
    return clerk


def test_every_address_has_the_rows_that_speak_of_it(office: Any) -> None:
    assert of(office, STAKE) == [
        ("posting", 4),
        ("posting", 5),
        ("mark", 6),
        ("decision", 11),
        ("notice_line", 16),
    ]
    assert of(office, NOTICE) == [("notice", 5), ("decision", 12), ("notice_line", 16)]
    assert of(office, EDGE) == [("edge", 9), ("decision", 13)]
    assert of(office, DEAL) == [("deal", 7), ("posting", 7), ("fact", 8), ("subject_link", 10)]
    assert of(office, PLAN) == [("subject", 10), ("subject_link", 10), ("subject_link", 10), ("decision", 14)]
    assert of(office, EVIDENCE) == [("subject", 10), ("subject_fact", 10), ("subject_link", 10)]
    assert of(office, OFFICE) == [("decision", 15), ("quarter_close", 16), ("setting", 16)]
    tables = {table for table, _ in of(office, FUND)}
    assert tables == {
        "party",
        "fact",
        "posting",
        "notice",
        "mark",
        "deal",
        "setting",
        "notice_line",
        "decision",
    }


def test_what_a_row_cites_stands_beside_the_file_it_was_read_from(office: Any) -> None:
    [_, _, fact, link] = mentions(office.view("2021-12-31"), DEAL)
    assert (fact.cites, fact.source, fact.day) == (
        ("会议纪要 7", "决议 7 号"),
        "doc-8 · sheet · #8",
        dt.date(2020, 6, 2),
    )
    assert link.cites == ("方案",)
    assert [m.cites for m in mentions(office.view("2021-12-31"), EVIDENCE)] == [(), ("ZJ-9",), ()]
    assert [d.name for d in filed_documents(office.view("2021-12-31"), DEAL)] == ["doc-10", "doc-8", "doc-7"]


def test_rows_one_by_one_rest_on_what_their_subject_says_of_them(office: Any) -> None:
    """One way for whoever opens a figure and whoever lists a subject: a row cites, and was read from, the same."""
    view = office.view("2021-12-31")
    for subject in (FUND, STAKE, NOTICE, EDGE, DEAL, PLAN, EVIDENCE, OFFICE):
        own = mentions(view, subject)
        found = row_documents(view, {(m.table, m.entry, m.line) for m in own})
        assert {
            (m.table, m.entry, m.line): RowDocument(m.cites, m.source, m.digest)
            for m in own
            if m.table != "posting"
        } == {key: one for key, one in found.items() if key[0] != "posting"}
        assert files_of(view, {m.entry for m in own}) == filed_documents(view, subject)
    opened = {row.document for part in explain(view, portfolio(view, "PF"), "nav").parts for row in part.rows}
    assert opened == {m.cites[0] if m.cites else m.source for m in mentions(view, STAKE) if m.table == "mark"}
    assert case_file(view, "GF-24", Subject(S.PARTY, "F1"), history=False).documents == filed_documents(
        view, FUND
    )
    assert row_documents(office.view("2021-12-31", 3), {("mark", 6, 1)}) == {}


def test_a_day_and_a_reversal_take_rows_away(office: Any) -> None:
    assert of(office, STAKE, "2020-06-30") == [("posting", 4), ("posting", 5)]
    ledger.reverse(office.database, LOCAL, 6, "有误")
    assert ("mark", 6) not in of(office, STAKE)
    assert ("mark", 6) in [(m.table, m.entry) for m in mentions(office.view("2021-12-31", 16), STAKE)]


def test_an_address_that_the_book_has_not_is_refused(office: Any) -> None:
    with pytest.raises(Unknown):
        mentions(office.view("2021-12-31"), Subject(S.LOAN, "L-1"))


def test_no_column_that_names_a_subject_is_overlooked() -> None:
    """A table with a new column of parties, deals or subjects is read by it, or this fails."""
    silent = {"column_mapping"}  # how foreign tables are read: about no subject of the book
    from fof.book import filed_documents as module

    for table in SMALL_TABLES:
        names = {kind: module._columns(table, kind) for kind in ("party", "deal", "plan")}
        assert any(names.values()) or table in silent | {"party", "subject"}, table
