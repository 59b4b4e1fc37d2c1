"""The rows that an entry brings, as plain tuples: one class for each row table of models.journal.

The fields are the table's columns in the same order (without entry and line); a test holds them equal. Nothing here
needs SQLAlchemy, so that a process which only reads figures does not spend half its time on importing it.
"""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple


class Party(NamedTuple):
    id: int
    code: str
    kind: str


class Deal(NamedTuple):
    id: int
    code: str
    investor: int
    company: int
    kind: str
    round: str | None = None
    instrument: str | None = None
    share_nano: int | None = None
    post_money: int | None = None
    stage: str | None = None
    stage_definition: str | None = None
    exit_route: str | None = None


class Posting(NamedTuple):
    kind: int
    from_party: int
    to_party: int
    fund: int | None
    deal: int | None
    loan: int | None
    fen: int


class Mark(NamedTuple):
    holder: int
    holding: int
    fen: int
    method: str
    stated_by: str | None = None
    document: str | None = None


class Fact(NamedTuple):
    party: int | None
    deal: int | None
    name: str
    value: str
    basis: str | None = None
    document: str | None = None


class Edge(NamedTuple):
    owner: int
    owned: int
    share_nano: int
    basis: str
    until: dt.date | None = None
    document: str | None = None


class Notice(NamedTuple):
    fund: int
    kind: str
    number: str
    due_on: dt.date | None = None


class Position(NamedTuple):
    holder: int
    fund: int
    commitment: int | None
    called: int | None
    distributed: int | None
    remaining: int | None
    stated_irr: str | None = None
    stated_multiple: str | None = None
    multiple_basis: str | None = None
    document: str | None = None


class Setting(NamedTuple):
    party: int | None
    name: str
    value: str
    until: dt.date | None
    document: str


class Disposition(NamedTuple):
    rule: str
    party: int | None
    deal: int | None
    action: str
    reference: str
    until: dt.date | None = None
    reason: str | None = None


class Identity(NamedTuple):
    """A subject that is no party and no deal; a row of the table `subject`."""

    id: int
    kind: str
    code: str


class SubjectFact(NamedTuple):
    """An attribute of a subject of any kind; the first six fields are its address (models.subjects.Address)."""

    kind: str
    party: int | None
    counterparty: int | None
    deal: int | None
    subject: int | None
    number: str | None
    name: str
    value: str
    until: dt.date | None = None
    basis: str | None = None
    document: str | None = None


class SubjectLink(NamedTuple):
    """What a registered subject names in a role: a party, a deal or another subject."""

    subject: int
    role: str
    party: int | None = None
    deal: int | None = None
    other: int | None = None
    until: dt.date | None = None
    document: str | None = None


class Decision(NamedTuple):
    """What an officer decided about a finding of a subject; address as in SubjectFact."""

    rule: str
    kind: str
    party: int | None
    counterparty: int | None
    deal: int | None
    subject: int | None
    number: str | None
    action: str
    reference: str
    until: dt.date | None = None
    reason: str | None = None


class NoticeLine(NamedTuple):
    """What a call notice asks of one investor under one component."""

    fund: int
    number: str
    investor: int
    component: str
    fen: int


class ColumnMapping(NamedTuple):
    """How a foreign table is read as one of ours, under a name; content as fof.importers.mapping writes it."""

    name: str
    content: str
    source: str


class QuarterClose(NamedTuple):
    """A quarter's reports of a portfolio are made from the entries 1 … known_at; leaf: of the last of them."""

    party: int | None
    portfolio: str
    known_at: int
    leaf: str
    open_items: int
    reason: str | None = None


Row = (
    Party
    | Deal
    | Mark
    | Fact
    | Edge
    | Notice
    | Position
    | Setting
    | Disposition
    | Identity
    | SubjectFact
    | SubjectLink
    | Decision
    | NoticeLine
    | ColumnMapping
    | QuarterClose
)
"""Every kind of row but postings, which travel in a list of their own (there may be a million)."""

PARTY_FIELDS = (
    "party",
    "counterparty",
    "holder",
    "holding",
    "owner",
    "owned",
    "fund",
    "investor",
    "company",
)
"""Fields of the rows that hold a party's id."""

SUBJECT_FIELDS = ("subject", "other")
"""Fields of the rows that hold the id of a registered subject."""

ROW_CLASSES: dict[str, type[tuple[object, ...]]] = {
    "party": Party,
    "deal": Deal,
    "posting": Posting,
    "mark": Mark,
    "fact": Fact,
    "edge": Edge,
    "notice": Notice,
    "position": Position,
    "setting": Setting,
    "disposition": Disposition,
    "subject": Identity,
    "subject_fact": SubjectFact,
    "subject_link": SubjectLink,
    "decision": Decision,
    "notice_line": NoticeLine,
    "column_mapping": ColumnMapping,
    "quarter_close": QuarterClose,
}
"""Row classes by table name."""
