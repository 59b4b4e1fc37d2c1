"""The journal: entries, and the rows that each entry brings. Append-only; nothing is updated or deleted.

entry      what the office learnt: kind, the day it is true for, when and by whom it was recorded, from which
           document, under which idempotency key, which earlier entry it reverses, and its leaf hash
posting    whole fen from one party to another (models.posting_kinds says why)
mark       a stated value of a holding
fact       a dated attribute of a party or a deal (models.facts lists them)
party      a party's identity (id, code, kind); everything else about it is a fact
deal       a round, follow-on or exit: who, in which company, when, on what terms
edge       a dated ownership share between two parties that no deal or commitment of this book shows
notice     a capital call or distribution notice: number and due day
position   cumulative figures as an institution discloses them, where no dated flows are known
setting    a rule's number for a fund or the office, with the document behind it (in old books also what has rows of its own now)
disposition what an officer decided about a finding, in books of before revision 0006

Since revision 0006, beside them and under tags of their own (a column more would change the leaf of every old entry):

subject        the identity of what is no party and no deal: a plan, a loan, a voucher (models.subjects)
subject_fact   a dated attribute of a subject of any kind, with an end where it has one
subject_link   what a registered subject names in a role: its holder, pool, borrower …
decision       what an officer decided about a finding of a subject of any kind
notice_line    what a call notice asks of an investor, component by component
column_mapping how a foreign table is read, under a name
quarter_close  which prefix a quarter's reports are made from

Each row table has a row class (models.rows) with the same fields in the same order (without entry and line).
A row is live at prefix H when its entry is <= H and no entry <= H reverses it.
"""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from models import kinds
from models.base import metadata
from models.frozen import frozen
from models.posting_kinds import PostingKind
from models.rows import (
    ColumnMapping,
    Deal,
    Decision,
    Disposition,
    Edge,
    Fact,
    Identity,
    Mark,
    Notice,
    NoticeLine,
    Party,
    Position,
    Posting,
    QuarterClose,
    Row,
    Setting,
    SubjectFact,
    SubjectLink,
)
from models.subjects import REGISTERED, LinkRole, SubjectKind, address_condition

__all__ = [
    "ROW_TABLES",
    "ColumnMapping",
    "Deal",
    "Decision",
    "Disposition",
    "Edge",
    "Fact",
    "Identity",
    "Mark",
    "Notice",
    "NoticeLine",
    "Party",
    "Position",
    "Posting",
    "QuarterClose",
    "Row",
    "RowTable",
    "Setting",
    "SubjectFact",
    "SubjectLink",
    "column_mapping",
    "deal",
    "decision",
    "disposition",
    "edge",
    "entry",
    "fact",
    "mark",
    "notice",
    "notice_line",
    "party",
    "position",
    "posting",
    "quarter_close",
    "setting",
    "subject",
    "subject_fact",
    "subject_link",
]


def _runs(numbers: list[int]) -> str:
    """A closed list of numbers as ranges, which SQLite tests four times as fast as a list (3.5 s in a million rows)."""
    starts = [n for n in numbers if n - 1 not in numbers]
    ends = [n for n in numbers if n + 1 not in numbers]
    return " OR ".join(f"kind BETWEEN {a} AND {b}" for a, b in zip(starts, ends, strict=True))


def _one_of(column: str, words: Iterable[kinds.Word]) -> sa.CheckConstraint:
    listed = ", ".join(f"'{w.value}'" for w in words)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=f"{column}_listed")


entry = sa.Table(
    "entry",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("effective_on", sa.Date, nullable=False),
    sa.Column("recorded_at", sa.String, nullable=False),  # UTC, ISO 8601 with microseconds
    sa.Column("recorded_by", sa.String, nullable=False),
    sa.Column("approved_by", sa.String),
    sa.Column("key", sa.String, nullable=False, unique=True),
    sa.Column(
        "request", sa.LargeBinary, nullable=False
    ),  # SHA-256 of what was asked; tells a retry from a conflict
    sa.Column("source_digest", sa.String),
    sa.Column("source_name", sa.String),
    sa.Column("source_sheet", sa.String),
    sa.Column("source_row", sa.Integer),
    sa.Column("note", sa.String),
    sa.Column("reverses", sa.Integer, sa.ForeignKey("entry.id"), unique=True),
    sa.Column("posting_count", sa.Integer, nullable=False),
    sa.Column("leaf", sa.LargeBinary, nullable=False),
    _one_of("kind", kinds.EntryKind),
    sa.CheckConstraint("approved_by IS NULL OR approved_by <> recorded_by", name="four_eyes"),
    sa.CheckConstraint("reverses IS NULL OR reverses < id", name="reverses_earlier"),
    sqlite_strict=True,
)


def _rows(name: str, *columns: sa.Column[object] | sa.Constraint, entry_key: bool = True) -> sa.Table:
    """A row table: (entry, line) is its key; the rows of an entry stand together on disk."""
    foreign = [sa.ForeignKey("entry.id", deferrable=True, initially="DEFERRED")] if entry_key else []
    return sa.Table(
        name,
        metadata,
        sa.Column("entry", sa.Integer, *foreign, primary_key=True, autoincrement=False),
        sa.Column("line", sa.Integer, primary_key=True, autoincrement=False),
        *columns,
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def _party(name: str, *, required: bool = True) -> sa.Column[object]:
    return sa.Column(
        name,
        sa.Integer,
        sa.ForeignKey("party.id", deferrable=True, initially="DEFERRED"),
        nullable=not required,
    )


def _deal(name: str = "deal") -> sa.Column[object]:
    return sa.Column(name, sa.Integer, sa.ForeignKey("deal.id", deferrable=True, initially="DEFERRED"))


party = _rows(
    "party",
    sa.Column("id", sa.Integer, nullable=False, unique=True),
    sa.Column("code", sa.String, nullable=False, unique=True),
    sa.Column("kind", sa.String, nullable=False),
    _one_of("kind", kinds.PartyKind),
    sa.CheckConstraint("length(code) > 0", name="code_given"),
)

deal = _rows(
    "deal",
    sa.Column("id", sa.Integer, nullable=False, unique=True),
    sa.Column("code", sa.String, nullable=False, index=True),
    _party("investor"),
    _party("company"),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("round", sa.String),
    sa.Column("instrument", sa.String),
    sa.Column("share_nano", sa.BigInteger),  # share of the company bought or sold, 1e-9
    sa.Column("post_money", sa.BigInteger),  # fen
    sa.Column("stage", sa.String),
    sa.Column("stage_definition", sa.String),
    sa.Column("exit_route", sa.String),
    _one_of("kind", kinds.DealKind),
    sa.CheckConstraint("share_nano IS NULL OR share_nano BETWEEN 0 AND 1000000000", name="share_within_one"),
    sa.CheckConstraint("post_money IS NULL OR post_money > 0", name="post_money_positive"),
)

# Bulk money: on PostgreSQL set-based triggers check what foreign keys would check row by row (migration 0001).
posting = sa.Table(
    "posting",
    metadata,
    sa.Column("entry", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("line", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.SmallInteger, nullable=False),
    sa.Column("from_party", sa.Integer, nullable=False),
    sa.Column("to_party", sa.Integer, nullable=False),
    sa.Column("fund", sa.Integer),
    sa.Column("deal", sa.Integer),
    sa.Column("loan", sa.Integer),
    sa.Column("fen", sa.BigInteger, nullable=False),
    sa.CheckConstraint("fen > 0", name="fen_positive"),
    sa.CheckConstraint("from_party <> to_party", name="two_parties"),
    sa.CheckConstraint("line > 0", name="line_positive"),
    sa.CheckConstraint(_runs(sorted(int(k) for k in PostingKind)), name="kind_listed"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

mark = _rows(
    "mark",
    _party("holder"),
    _party("holding"),
    sa.Column("fen", sa.BigInteger, nullable=False),
    sa.Column("method", sa.String, nullable=False),
    sa.Column("stated_by", sa.String),
    sa.Column("document", sa.String),
    _one_of("method", kinds.MarkMethod),
)

fact = _rows(
    "fact",
    _party("party", required=False),
    _deal(),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("value", sa.String, nullable=False),
    sa.Column("basis", sa.String),  # definition behind a label, unit of a figure
    sa.Column("document", sa.String),
    sa.CheckConstraint("(party IS NULL) <> (deal IS NULL)", name="one_subject"),
)

edge = _rows(
    "edge",
    _party("owner"),
    _party("owned"),
    sa.Column("share_nano", sa.BigInteger, nullable=False),
    sa.Column("basis", sa.String, nullable=False),
    sa.Column("until", sa.Date),
    sa.Column("document", sa.String),
    _one_of("basis", kinds.EdgeBasis),
    sa.CheckConstraint("share_nano BETWEEN 0 AND 1000000000", name="share_within_one"),
    sa.CheckConstraint("owner <> owned", name="two_parties"),
)

notice = _rows(
    "notice",
    _party("fund"),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("number", sa.String, nullable=False),
    sa.Column("due_on", sa.Date),
    _one_of("kind", kinds.NoticeKind),
)

position = _rows(
    "position",
    _party("holder"),
    _party("fund"),
    sa.Column("commitment", sa.BigInteger),
    sa.Column("called", sa.BigInteger),
    sa.Column("distributed", sa.BigInteger),
    sa.Column("remaining", sa.BigInteger),
    sa.Column("stated_irr", sa.String),
    sa.Column("stated_multiple", sa.String),
    sa.Column("multiple_basis", sa.String),
    sa.Column("document", sa.String),
    _one_of("multiple_basis", kinds.MultipleBasis),
)

setting = _rows(
    "setting",
    _party("party", required=False),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("value", sa.String, nullable=False),
    sa.Column("until", sa.Date),
    sa.Column("document", sa.String, nullable=False),
)

disposition = _rows(
    "disposition",
    sa.Column("rule", sa.String, nullable=False),
    _party("party", required=False),
    _deal(),
    sa.Column("action", sa.String, nullable=False),
    sa.Column("reference", sa.String, nullable=False),
    sa.Column("until", sa.Date),
    sa.Column("reason", sa.String),
    sa.CheckConstraint("action IN ('accept', 'rectify', 'dismiss')", name="action_listed"),
)


def _subject(name: str, *, required: bool = True) -> sa.Column[object]:
    return sa.Column(
        name,
        sa.Integer,
        sa.ForeignKey("subject.id", deferrable=True, initially="DEFERRED"),
        nullable=not required,
    )


def _address() -> tuple[sa.Column[object] | sa.Constraint, ...]:
    """The columns by which a row names a subject of any kind (models.subjects.Address)."""
    return (
        sa.Column("kind", sa.String, nullable=False),
        _party("party", required=False),
        _party("counterparty", required=False),
        _deal(),
        _subject("subject", required=False),
        sa.Column("number", sa.String),
        _one_of("kind", SubjectKind),
        sa.CheckConstraint(address_condition(), name="address_whole"),
        sa.CheckConstraint("party <> counterparty", name="two_parties"),
    )


subject = _rows(
    "subject",
    sa.Column("id", sa.Integer, nullable=False, unique=True),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("code", sa.String, nullable=False),
    sa.UniqueConstraint("kind", "code", name="uq_subject_kind_code"),
    _one_of("kind", sorted(REGISTERED)),
    sa.CheckConstraint("length(code) > 0", name="code_given"),
)

subject_fact = _rows(
    "subject_fact",
    *_address(),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("value", sa.String, nullable=False),
    sa.Column("until", sa.Date),  # last day on which it holds
    sa.Column("basis", sa.String),
    sa.Column("document", sa.String),
)

subject_link = _rows(
    "subject_link",
    _subject("subject"),
    sa.Column("role", sa.String, nullable=False),
    _party("party", required=False),
    _deal(),
    _subject("other", required=False),
    sa.Column("until", sa.Date),
    sa.Column("document", sa.String),
    _one_of("role", LinkRole),
    sa.CheckConstraint(
        "(party IS NOT NULL AND deal IS NULL AND other IS NULL) OR (party IS NULL AND deal IS NOT NULL "
        "AND other IS NULL) OR (party IS NULL AND deal IS NULL AND other IS NOT NULL)",
        name="one_end",
    ),
    sa.CheckConstraint("other <> subject", name="two_subjects"),
)

decision = _rows(
    "decision",
    sa.Column("rule", sa.String, nullable=False),
    *_address(),
    sa.Column("action", sa.String, nullable=False),
    sa.Column("reference", sa.String, nullable=False),
    sa.Column("until", sa.Date),
    sa.Column("reason", sa.String),
    _one_of("action", kinds.DispositionAction),
)

notice_line = _rows(
    "notice_line",
    _party("fund"),
    sa.Column("number", sa.String, nullable=False),
    _party("investor"),
    sa.Column("component", sa.String, nullable=False),
    sa.Column("fen", sa.BigInteger, nullable=False),
    _one_of("component", kinds.CallComponent),
    sa.CheckConstraint("fen > 0", name="fen_positive"),
)

column_mapping = _rows(
    "column_mapping",
    sa.Column("name", sa.String, nullable=False),
    sa.Column("content", sa.String, nullable=False),
    sa.Column("source", sa.String, nullable=False),
)

quarter_close = _rows(
    "quarter_close",
    _party("party", required=False),
    sa.Column("portfolio", sa.String, nullable=False),
    sa.Column("known_at", sa.Integer, nullable=False),
    sa.Column("leaf", sa.String, nullable=False),  # 64 hex digits
    sa.Column("open_items", sa.Integer, nullable=False),
    sa.Column("reason", sa.String),
    sa.CheckConstraint("known_at > 0 AND known_at < entry", name="known_before"),
    sa.CheckConstraint("open_items >= 0", name="open_items_counted"),
    sa.CheckConstraint("length(leaf) = 64", name="leaf_whole"),
)


@frozen
class RowTable:
    """A row table, its row class, and its tag in the canonical record."""

    table: sa.Table
    row: type[tuple[object, ...]]
    tag: bytes


ROW_TABLES: tuple[RowTable, ...] = (
    RowTable(party, Party, b"A"),
    RowTable(deal, Deal, b"D"),
    RowTable(posting, Posting, b"P"),
    RowTable(mark, Mark, b"M"),
    RowTable(fact, Fact, b"F"),
    RowTable(edge, Edge, b"O"),
    RowTable(notice, Notice, b"N"),
    RowTable(position, Position, b"S"),
    RowTable(setting, Setting, b"T"),
    RowTable(disposition, Disposition, b"X"),
    RowTable(subject, Identity, b"I"),
    RowTable(subject_fact, SubjectFact, b"G"),
    RowTable(subject_link, SubjectLink, b"L"),
    RowTable(decision, Decision, b"V"),
    RowTable(notice_line, NoticeLine, b"C"),
    RowTable(column_mapping, ColumnMapping, b"B"),
    RowTable(quarter_close, QuarterClose, b"Q"),
)
"""In the order in which an entry's rows enter its canonical record."""
