"""One field changed and its own leaf made to fit again: what must be found, by which check, and what nothing inside can find.

The table was written before the runs. References, counts, keys, order, closed lists, limits and derived identities must be
found; free text, names and amounts within the limits need a witness outside (a root that was kept, a copy). Every column of the
book stands in the table, or the test fails.
"""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from forging import a_row_of_every_kind, unguarded

from fof import ledger
from fof.access import LOCAL
from fof.db import Database
from fof.ledger import Draft, Ids, Plan, View
from fof.ledger.soundness import JOURNAL_TABLES, OWN_TABLES
from fof.ledger.stored import own_leaf, stored_entries
from fof.ledger.verify import Verification, verify
from models import journal as t
from models import metadata
from models.kinds import EntryKind
from models.posting_kinds import PostingKind as K

DAY = dt.date(2020, 1, 1)
CITY, FUND, COMPANY = 1, 2, 3
WITNESS = ""
"""Nothing inside the book can tell: only a root or copy outside."""


def office(_view: View, ids: Ids) -> Plan:
    """Entry 1 brings a row of every kind, with every column; 2 a commitment; 3 a call that takes most of it; 4 a payment."""
    for _ in range(3):
        ids.party()
    deal = ids.deal()
    rows = a_row_of_every_kind(CITY, FUND, COMPANY, deal)
    closed: list[t.Row] = [t.QuarterClose(CITY, "CITY", 1, "ab" * 32, 0, "由")]
    source = ledger.Source("digest", "认缴.xlsx", "表", 3)
    promise = [t.Posting(K.COMMITMENT, CITY, FUND, FUND, None, None, 1000)]
    due = [t.Posting(K.CALL_DUE, CITY, FUND, FUND, None, None, 900)]
    paid = [t.Posting(K.CALL_INVESTMENT, CITY, FUND, FUND, deal, 7, 900)]
    return Plan(
        [
            Draft(EntryKind.PARTIES, DAY, "office", b"1", rows=rows, source=source, note="备注"),
            Draft(EntryKind.COMMITMENT, DAY, "promise", b"2", promise, closed),
            Draft(EntryKind.CAPITAL_CALL, DAY + dt.timedelta(30), "call", b"3", due),
            Draft(EntryKind.CALL_PAYMENT, DAY + dt.timedelta(60), "pay", b"4", paid),
        ]
    )


def wrong(_view: View, _ids: Ids) -> Plan:
    paid = [t.Posting(K.CALL_INVESTMENT, CITY, FUND, FUND, None, None, 50)]
    return Plan([Draft(EntryKind.CALL_PAYMENT, DAY + dt.timedelta(61), "wrong", b"5", paid)])


def filled(book: Database) -> None:
    """Entry 5 a mistake, 6 its reversal, 7 something behind it; three bookings."""
    ledger.book(book, LOCAL, office)
    ledger.book(book, LOCAL, wrong)
    ledger.reverse(book, LOCAL, 5, "有误")
    ledger.book(book, LOCAL, lambda _v, _i: Plan([Draft(EntryKind.SETTING, DAY, "last", b"7")]))


Case = tuple[str, str, str]
"""SQL of the new value; which row; the check that must not pass, WITNESS where none can tell."""
ONLY, FOURTH = "entry = 1 AND line = 1", "entry = 4"
STAKE, OF_DEAL, OF_LOAN, OF_NOTICE = (
    f"entry = 1 AND kind = '{k}'" for k in ("stake", "deal", "loan", "notice")
)
FORGED: dict[str, list[Case]] = {
    "entry.id": [("99", "id = 4", "entry_ids"), ("0", "id = 1", "entry_ids")],
    "entry.kind": [
        ("'gift'", "id = 4", "constraints"),
        ("'reversal'", "id = 4", "reversals"),
        ("'valuation'", "id = 6", "reversals"),
        ("'distribution'", "id = 4", WITNESS),
    ],
    "entry.effective_on": [
        ("'2018-12-31'", "id = 4", "limits"),
        ("'2019-12-31'", "id = 4", "limits"),
        ("'2020-03-02'", "id = 4", WITNESS),
        ("'1066-10-14'", "id = 7", "limits"),
    ],
    "entry.recorded_at": [
        ("'2001-01-01T00:00:00.000000+00:00'", "id = 6", "times"),
        ("'yesterday'", "id = 7", "times"),
        ("'2999-01-01T00:00:00.000000+00:00'", "id = 4", "times"),
        ("'2999-01-01T00:00:00.000000+00:00'", "id = 7", "times"),
    ],
    "entry.recorded_by": [("'someone'", "id = 4", WITNESS)],
    "entry.approved_by": [("'someone'", "id = 4", WITNESS), ("recorded_by", "id = 4", "constraints")],
    "entry.key": [("'reversal:4'", "id = 6", "identities"), ("'another'", "id = 4", WITNESS)],
    "entry.request": [("{bin:x}", "id = 6", "identities"), ("{bin:x}", "id = 4", WITNESS)],
    "entry.source_digest": [("'other'", "id = 1", WITNESS)],
    "entry.source_name": [("'other'", "id = 1", WITNESS)],
    "entry.source_sheet": [("'other'", "id = 1", WITNESS)],
    "entry.source_row": [("77", "id = 1", WITNESS)],
    "entry.note": [("'other'", "id = 1", WITNESS)],
    "entry.reverses": [
        ("4", "id = 6", "identities"),
        ("7", "id = 6", "reversals"),
        ("NULL", "id = 6", "reversals"),
        ("3", "id = 7", "reversals"),
    ],
    "entry.posting_count": [("2", "id = 4", "postings")],
    "entry.leaf": [("{bin:x}", "id = 4", "leaves")],
    "posting.entry": [("7", FOURTH, "postings"), ("77", FOURTH, "orphans")],
    "posting.line": [("2", FOURTH, "lines"), ("0", FOURTH, "lines")],
    "posting.kind": [
        ("29", FOURTH, "constraints"),
        (f"{int(K.COMMITMENT_REDUCTION)}", FOURTH, "limits"),
        (f"{int(K.DISTRIBUTION_GAIN)}", FOURTH, "limits"),
        (f"{int(K.CALL_EXPENSE)}", FOURTH, WITNESS),
    ],
    "posting.from_party": [
        ("77", FOURTH, "references"),
        (f"{FUND}", FOURTH, "constraints"),
        (f"{COMPANY}", FOURTH, "limits"),
    ],
    "posting.to_party": [("77", FOURTH, "references"), (f"{COMPANY}", FOURTH, "limits")],
    "posting.fund": [
        ("77", FOURTH, "references"),
        ("NULL", FOURTH, "limits"),
        (f"{COMPANY}", FOURTH, "limits"),
    ],
    "posting.deal": [("77", FOURTH, "references"), ("NULL", FOURTH, WITNESS)],
    "posting.loan": [("8", FOURTH, WITNESS), ("77", FOURTH, "references"), ("NULL", FOURTH, WITNESS)],
    "posting.fen": [
        ("1001", "entry = 3", "limits"),
        ("1001", FOURTH, "limits"),
        ("800", FOURTH, WITNESS),
        ("0", FOURTH, "constraints"),
    ],
    "party.entry": [("2", "id = 3", "lines"), ("77", "id = 3", "orphans")],
    "party.line": [("9", "id = 3", "lines")],
    "party.id": [("77", "id = 3", "references"), ("0", "id = 1", "references")],
    "party.code": [("'OTHER'", "id = 3", WITNESS), ("''", "id = 3", "constraints")],
    "party.kind": [("'robot'", "id = 3", "constraints"), ("'bank'", "id = 1", WITNESS)],
    "deal.entry": [("77", "1=1", "orphans"), ("2", "1=1", WITNESS)],
    "deal.line": [("2", "1=1", "lines")],
    "deal.id": [("77", "1=1", "references")],
    "deal.code": [("'other'", "1=1", WITNESS)],
    "deal.investor": [("77", "1=1", "references"), (f"{CITY}", "1=1", WITNESS)],
    "deal.company": [("77", "1=1", "references")],
    "deal.kind": [("'swap'", "1=1", "constraints"), ("'follow_on'", "1=1", WITNESS)],
    "deal.round": [("'B'", "1=1", WITNESS)],
    "deal.instrument": [("'other'", "1=1", WITNESS)],
    "deal.share_nano": [("1000000001", "1=1", "constraints"), ("1", "1=1", WITNESS)],
    "deal.post_money": [("0", "1=1", "constraints"), ("7", "1=1", WITNESS)],
    "deal.stage": [("'other'", "1=1", WITNESS)],
    "deal.stage_definition": [("'other'", "1=1", WITNESS)],
    "deal.exit_route": [("'other'", "1=1", WITNESS)],
    "mark.entry": [("77", ONLY, "orphans"), ("2", ONLY, WITNESS)],
    "mark.line": [("2", ONLY, "lines")],
    "mark.holder": [("77", ONLY, "references"), (f"{COMPANY}", ONLY, WITNESS)],
    "mark.holding": [("77", ONLY, "references")],
    "mark.fen": [("6", ONLY, WITNESS)],
    "mark.method": [("'guess'", ONLY, "constraints"), ("'cost'", ONLY, WITNESS)],
    "mark.stated_by": [("'other'", ONLY, WITNESS)],
    "mark.document": [("'other'", ONLY, WITNESS)],
    "fact.entry": [("77", ONLY, "lines"), ("2", "entry = 1 AND line = 2", "lines")],
    "fact.line": [("9", "entry = 1 AND line = 2", "lines")],
    "fact.party": [("77", ONLY, "references"), ("NULL", ONLY, "constraints"), (f"{COMPANY}", ONLY, WITNESS)],
    "fact.deal": [("1", ONLY, "constraints"), ("77", ONLY, "references")],
    "fact.name": [("'nonsense'", ONLY, "limits"), ("'term_end'", ONLY, WITNESS)],
    "fact.value": [
        ("'someday'", ONLY, "limits"),
        ("'2019-06-01'", ONLY, WITNESS),
        ("'2020-12-31'", ONLY, "limits"),
    ],
    "fact.basis": [("'other'", ONLY, WITNESS)],
    "fact.document": [("'other'", ONLY, WITNESS)],
    "edge.entry": [("77", ONLY, "lines"), ("2", ONLY, "lines")],
    "edge.line": [("9", ONLY, "lines")],
    "edge.owner": [
        ("77", ONLY, "references"),
        (f"{COMPANY}", ONLY, "constraints"),
        (f"{FUND}", ONLY, WITNESS),
    ],
    "edge.owned": [("77", ONLY, "references"), (f"{CITY}", ONLY, "constraints")],
    "edge.share_nano": [
        ("1000000001", ONLY, "constraints"),
        ("600000001", ONLY, "limits"),
        ("1", ONLY, WITNESS),
    ],
    "edge.basis": [("'other'", ONLY, "constraints"), ("'commitment'", ONLY, WITNESS)],
    "edge.until": [("'2031-01-01'", ONLY, WITNESS), ("'someday'", ONLY, "values")],
    "edge.document": [("'other'", ONLY, WITNESS)],
    "notice.entry": [("77", ONLY, "orphans"), ("2", ONLY, WITNESS)],
    "notice.line": [("2", ONLY, "lines")],
    "notice.fund": [("77", ONLY, "references"), (f"{COMPANY}", ONLY, WITNESS)],
    "notice.kind": [("'other'", ONLY, "constraints"), ("'distribution'", ONLY, WITNESS)],
    "notice.number": [("'2'", ONLY, WITNESS)],
    "notice.due_on": [("'2020-02-03'", ONLY, WITNESS)],
    "position.entry": [("77", ONLY, "orphans"), ("2", ONLY, WITNESS)],
    "position.line": [("2", ONLY, "lines")],
    "position.holder": [("77", ONLY, "references")],
    "position.fund": [("77", ONLY, "references")],
    "position.commitment": [("7", ONLY, WITNESS)],
    "position.called": [("7", ONLY, WITNESS)],
    "position.distributed": [("7", ONLY, WITNESS)],
    "position.remaining": [("7", ONLY, WITNESS)],
    "position.stated_irr": [("'0.2'", ONLY, WITNESS)],
    "position.stated_multiple": [("'2.5'", ONLY, WITNESS)],
    "position.multiple_basis": [("'other'", ONLY, "constraints"), ("'reported'", ONLY, WITNESS)],
    "position.document": [("'other'", ONLY, WITNESS)],
    "setting.entry": [("77", ONLY, "orphans"), ("2", ONLY, WITNESS)],
    "setting.line": [("2", ONLY, "lines")],
    "setting.party": [("77", ONLY, "references"), ("NULL", ONLY, WITNESS)],
    "setting.name": [("'b'", ONLY, WITNESS)],
    "setting.value": [("'2'", ONLY, WITNESS)],
    "setting.until": [("'2031-01-01'", ONLY, WITNESS)],
    "setting.document": [("'other'", ONLY, WITNESS)],
    "disposition.entry": [("77", ONLY, "orphans"), ("2", ONLY, WITNESS)],
    "disposition.line": [("2", ONLY, "lines")],
    "disposition.rule": [("'GF-2'", ONLY, WITNESS)],
    "disposition.party": [("77", ONLY, "references"), ("1", ONLY, WITNESS)],
    "disposition.deal": [("77", ONLY, "references"), ("NULL", ONLY, WITNESS)],
    "disposition.action": [("'other'", ONLY, "constraints"), ("'dismiss'", ONLY, WITNESS)],
    "disposition.reference": [("'other'", ONLY, WITNESS)],
    "disposition.until": [("'2031-01-01'", ONLY, WITNESS)],
    "disposition.reason": [("'other'", ONLY, WITNESS)],
    "subject.entry": [("77", "id = 7", "lines"), ("2", "id = 7", "lines")],
    "subject.line": [("9", "id = 8", "lines")],
    "subject.id": [("77", "id = 7", "references")],
    "subject.kind": [
        ("'robot'", "id = 7", "constraints"),
        ("'voucher'", "id = 7", "limits"),
        ("'plan'", "id = 8", WITNESS),
    ],
    "subject.code": [("'OTHER'", "id = 7", WITNESS), ("''", "id = 7", "constraints")],
    "subject_fact.entry": [("77", ONLY, "lines"), ("2", STAKE, "lines")],
    "subject_fact.line": [("9", ONLY, "lines")],
    "subject_fact.kind": [
        ("'robot'", ONLY, "constraints"),
        ("'party'", STAKE, "constraints"),
        ("'edge'", STAKE, WITNESS),
    ],
    "subject_fact.party": [
        ("77", STAKE, "references"),
        ("NULL", STAKE, "constraints"),
        (f"{COMPANY}", STAKE, WITNESS),
    ],
    "subject_fact.counterparty": [("77", STAKE, "references"), (f"{FUND}", STAKE, "constraints")],
    "subject_fact.deal": [("77", OF_DEAL, "references"), ("NULL", OF_DEAL, "constraints")],
    "subject_fact.subject": [("77", OF_LOAN, "references"), ("8", OF_LOAN, "limits")],
    "subject_fact.number": [("'2'", OF_NOTICE, WITNESS), ("NULL", OF_NOTICE, "constraints")],
    "subject_fact.name": [("'nonsense'", STAKE, "limits"), ("'name'", STAKE, "limits")],
    "subject_fact.value": [("'other'", STAKE, WITNESS)],
    "subject_fact.until": [("'2031-01-01'", STAKE, WITNESS), ("'someday'", STAKE, "values")],
    "subject_fact.basis": [("'other'", STAKE, WITNESS)],
    "subject_fact.document": [("'other'", STAKE, WITNESS)],
    "subject_link.entry": [("77", ONLY, "lines")],
    "subject_link.line": [("9", ONLY, "lines")],
    "subject_link.subject": [("77", ONLY, "references"), ("8", ONLY, WITNESS)],
    "subject_link.role": [("'other'", ONLY, "constraints"), ("'lender'", ONLY, WITNESS)],
    "subject_link.party": [
        ("77", ONLY, "references"),
        ("NULL", ONLY, "constraints"),
        (f"{CITY}", ONLY, WITNESS),
    ],
    "subject_link.deal": [("77", "entry = 1 AND line = 2", "references")],
    "subject_link.other": [
        ("77", "entry = 1 AND line = 3", "references"),
        ("7", "entry = 1 AND line = 3", "constraints"),
    ],
    "subject_link.until": [("'2031-01-01'", ONLY, WITNESS), ("'someday'", ONLY, "values")],
    "subject_link.document": [("'other'", ONLY, WITNESS)],
    "decision.entry": [("77", ONLY, "lines")],
    "decision.line": [("9", ONLY, "lines")],
    "decision.rule": [("'GF-2'", STAKE, WITNESS)],
    "decision.kind": [
        ("'robot'", STAKE, "constraints"),
        ("'edge'", STAKE, WITNESS),
        ("'deal'", STAKE, "constraints"),
    ],
    "decision.party": [("77", STAKE, "references"), (f"{COMPANY}", STAKE, WITNESS)],
    "decision.counterparty": [("77", STAKE, "references"), (f"{FUND}", STAKE, "constraints")],
    "decision.deal": [("77", OF_DEAL, "references"), ("NULL", OF_DEAL, "constraints")],
    "decision.subject": [("77", OF_LOAN, "references"), ("8", OF_LOAN, "limits")],
    "decision.number": [("'2'", OF_NOTICE, WITNESS)],
    "decision.action": [("'other'", STAKE, "constraints"), ("'dismiss'", STAKE, WITNESS)],
    "decision.reference": [("'other'", STAKE, WITNESS)],
    "decision.until": [("'2031-01-01'", STAKE, WITNESS)],
    "decision.reason": [("'other'", STAKE, WITNESS)],
    "notice_line.entry": [("77", ONLY, "orphans"), ("2", ONLY, WITNESS)],
    "notice_line.line": [("2", ONLY, "lines")],
    "notice_line.fund": [("77", ONLY, "references"), (f"{COMPANY}", ONLY, WITNESS)],
    "notice_line.number": [("'2'", ONLY, WITNESS)],
    "notice_line.investor": [("77", ONLY, "references")],
    "notice_line.component": [("'tip'", ONLY, "constraints"), ("'expenses'", ONLY, WITNESS)],
    "notice_line.fen": [("0", ONLY, "constraints"), ("6", ONLY, WITNESS)],
    "column_mapping.entry": [("77", ONLY, "orphans"), ("2", ONLY, WITNESS)],
    "column_mapping.line": [("2", ONLY, "lines")],
    "column_mapping.name": [("'other'", ONLY, WITNESS)],
    "column_mapping.content": [("'[]'", ONLY, WITNESS)],
    "column_mapping.source": [("'other'", ONLY, WITNESS)],
    "quarter_close.entry": [("77", "1=1", "orphans"), ("1", "1=1", "constraints"), ("3", "1=1", WITNESS)],
    "quarter_close.line": [("2", "1=1", "lines")],
    "quarter_close.party": [("77", "1=1", "references"), ("NULL", "1=1", WITNESS)],
    "quarter_close.portfolio": [("'other'", "1=1", WITNESS)],
    "quarter_close.known_at": [("2", "1=1", "constraints"), ("0", "1=1", "constraints")],
    "quarter_close.leaf": [("'ab'", "1=1", "constraints"), (f"'{'cd' * 32}'", "1=1", WITNESS)],
    "quarter_close.open_items": [("-1", "1=1", "constraints"), ("3", "1=1", WITNESS)],
    "quarter_close.reason": [("'other'", "1=1", WITNESS)],
    "book.id": [("2", "1=1", "book")],
    "book.identity": [
        ("'no identity'", "1=1", "book"),
        ("'ffffffffffffffffffffffffffffffff'", "1=1", WITNESS),
    ],
    "book_revision.number": [("'0000'", "number = '0001'", "book"), ("'9999'", "number = '0003'", "book")],
    "book_revision.first_entry": [
        ("5", "number = '0001'", "book"),
        ("99", "number = '0003'", "book"),
        ("2", "number = '0003'", "book"),
        ("2", "number = '0006'", "book"),
        ("2", "number = '0007'", "book"),
        ("2", "number = '0008'", "book"),
        ("2", "number = '0010'", "book"),
        ("2", "number = '0011'", "book"),
        ("2", "number = '0012'", "book"),
        ("2", "number = '0016'", "book"),
        ("2", "number = '0020'", WITNESS),
    ],
}


def test_every_column_stands_in_the_table() -> None:
    columns = {
        f"{table}.{c.name}"
        for table in (*JOURNAL_TABLES, *OWN_TABLES)
        for c in metadata.tables[table].columns
    }
    assert set(FORGED) == columns
    assert set(metadata.tables) == {*JOURNAL_TABLES, *OWN_TABLES}, "and every table of the book"


def rehashed(database: Database) -> Iterator[tuple[int, bytes]]:
    """Entries whose leaf does not fit what they say, with the one that does: what a forger with the program computes."""
    with database.cursor() as cursor:
        for head, _, leaf, rows, _ in stored_entries(cursor):
            own = own_leaf(head, rows)
            if own != leaf:
                yield head.id, own


class SqliteForger:
    """Whoever has the file: copies it, drops the guards, writes, puts the guards back."""

    def __init__(self, good: Path) -> None:
        self.good, self.path = good, good.with_name("forged.sqlite")

    def forged(self, table: str, column: str, value: str, where: str) -> Verification:
        shutil.copy(self.good, self.path)
        book = Database(f"sqlite:///{self.path}")
        with unguarded(self.path) as raw:
            value = value.replace("{bin:x}", "x'" + "00" * 32 + "'")
            assert raw.execute(f"UPDATE {table} SET {column} = {value} WHERE {where}").rowcount == 1
            if f"{table}.{column}" != "entry.leaf":
                for entry, leaf in list(rehashed(book)):
                    raw.execute("UPDATE entry SET leaf = ? WHERE id = ?", (leaf, entry))
        found = verify(book)
        book.close()
        return found


@pytest.fixture
def sqlite_forger(sqlite_book: Database) -> SqliteForger:
    filled(sqlite_book)
    assert verify(sqlite_book).ok, [c.text.en for c in verify(sqlite_book).problems]
    sqlite_book.close()
    assert sqlite_book.path is not None
    return SqliteForger(sqlite_book.path)


def failed(found: Verification) -> list[str]:
    return [c.name for c in found.problems if c.name != "durability"]


def judged(found: Verification, column: str, case: Case) -> str | None:
    """What is wrong with the finding; None where it is as the table says."""
    names = failed(found)
    if case[2] == WITNESS:
        return f"{column} {case}: found by {names}, the table says nothing can" if names else None
    return None if case[2] in names else f"{column} {case}: not found by {case[2]}, but by {names}"


def test_what_is_forged_is_found_by_the_check_that_the_table_names(sqlite_forger: SqliteForger) -> None:
    whole = sqlite_forger.forged("entry", "note", "note", "id = 1").root
    wrongs = []
    for column, cases in FORGED.items():
        for case in cases:
            found = sqlite_forger.forged(*column.split("."), *case[:2])
            wrongs.append(judged(found, column, case))
            if case[2] == WITNESS and column.split(".")[0] not in OWN_TABLES and found.root == whole:
                wrongs.append(f"{column} {case}: not even the root outside tells")
    assert not [w for w in wrongs if w], "\n".join(w for w in wrongs if w)


@pytest.mark.postgres
def test_the_same_by_a_superuser_on_postgresql(postgres_url: str, postgres_server: str) -> None:
    """One case of each column; constraints and references that PostgreSQL keeps for itself cannot be broken by an UPDATE."""
    writer, book = Database(postgres_url), Database(postgres_url)  # one that keeps nothing in memory is asked
    filled(writer)
    writer.close()
    assert failed(verify(book)) == []
    address = (
        sa.make_url(postgres_server).set(database=book.url.database).render_as_string(hide_password=False)
    )
    wrongs = []
    with psycopg.connect(address, autocommit=True) as raw:
        raw.execute("SET session_replication_role = replica")
        for column, cases in FORGED.items():
            table, name = column.split(".")
            case = next((c for c in cases if c[2] not in (WITNESS, "constraints")), cases[0])
            value = case[0].replace("{bin:x}", "decode(repeat('00', 32), 'hex')")
            before = raw.execute(f"SELECT * FROM {table}").fetchall()
            leaves = raw.execute("SELECT leaf, id FROM entry ORDER BY id").fetchall()
            try:
                raw.execute(f"UPDATE {table} SET {name} = {value} WHERE {case[1]}")
            except psycopg.Error as error:
                if not isinstance(error, psycopg.errors.IntegrityError | psycopg.errors.DataError):
                    raise
                continue
            if column != "entry.leaf":
                for entry, leaf in list(rehashed(book)):
                    raw.execute("UPDATE entry SET leaf = %s WHERE id = %s", (leaf, entry))
            wrongs.append(judged(verify(book), column, case))
            raw.execute(f"DELETE FROM {table}")
            marks = ", ".join(["%s"] * len(before[0]))
            with raw.cursor() as cursor:
                cursor.executemany(f"INSERT INTO {table} VALUES ({marks})", before)
            for leaf, entry in leaves:
                raw.execute("UPDATE entry SET leaf = %s WHERE id = %s", (leaf, entry))
    assert not [w for w in wrongs if w], "\n".join(w for w in wrongs if w)
    assert failed(verify(book)) == [], "everything was put back"
    book.close()
