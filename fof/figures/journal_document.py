"""The journal as documents: entries that were searched for, one entry with its rows, what was booked, verified, backed up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fof import words
from fof.book.contents import content_text
from fof.book.currencies import of_row
from fof.book.entries import Detail, PostingRow, SearchResult, document_of
from fof.book.written import document_text, note_text
from fof.figures.answers import Answer
from fof.figures.journal_documents import BACKUP, BOOKING, ENTRY, JOURNAL, VERIFICATION
from models.kinds import EntryKind
from models.posting_kinds import TREATMENTS, PostingKind
from models.rows import PARTY_FIELDS

if TYPE_CHECKING:
    from fof.ledger import Booked, EntryRecord, View
    from fof.ledger.backup import Stored
    from fof.ledger.verify import Verification

Row = dict[str, Any]


def journal_document(view: View, matching: SearchResult) -> Answer:
    """The entries that fit a search, newest first."""
    rows = [entry_row(head) for head in matching.entries]
    return Answer(JOURNAL, rows, None, view.known_at, "CNY", {"count": matching.count})


def entry_row(head: EntryRecord) -> Row:
    """An entry without its rows."""
    kind = EntryKind(head.kind).text
    return {
        "entry": head.id,
        "kind": head.kind,
        "kind_label": kind,
        "effective_on": head.effective_on,
        "recorded_at": head.recorded_at,
        "texts": {
            "recorded_at": words.office_minute(head.recorded_at),
            "kind": kind,
            "note": note_text(head.note, head.source_name),
            "document": document_text(document_of(head)),
        },
        "recorded_by": head.recorded_by,
        "approved_by": head.approved_by,
        "recorded_approved": recorded_approved(head),
        "postings": head.posting_count,
        "reverses": head.reverses,
        "reversed_by": head.reversed_by,
        "note": head.note,
        "document": document_of(head),
        "key": head.key,
        "record": head,
    }


def recorded_approved(head: EntryRecord) -> str:
    """Who recorded an entry, and who approved it."""
    return head.recorded_by + (f" / {head.approved_by}" if head.approved_by else "")


def entry_document(view: View, opened: Detail) -> Answer:
    """One entry with every row it brought."""
    rows = [_posting(view, p) for p in opened.postings]
    rows += [_other(view, table, line, row) for table, line, row in opened.rows]
    return Answer(ENTRY, rows, None, view.known_at, "CNY", entry_row(opened.head))


def _posting(view: View, posting: PostingRow) -> Row:
    return {
        "table": "posting",
        "line": posting.line,
        "kind": TREATMENTS[PostingKind(posting.kind)].text,
        "from": view.name(posting.from_party),
        "to": view.name(posting.to_party),
        "fund": None if posting.fund is None else view.parties[posting.fund].code,
        "amount": posting.fen,
        "currency": posting.currency,
    }


def _other(view: View, table: str, line: int, row: Any) -> Row:
    """A row of a small table: parties by code, the rest as stored."""
    content = []
    for name, value in row._asdict().items():
        if value is not None:
            text = view.parties[value].code if name in PARTY_FIELDS and value in view.parties else value
            content.append(f"{name}={text}")
    return {
        "table": table,
        "line": line,
        "amount": getattr(row, "fen", None),
        "currency": of_row(view, row),
        "content": "；".join(content),
        "texts": {"content": content_text(view, table, row, words.language())},
    }


def booking_document(booked: Booked, known_at: int) -> Answer:
    """The entries a booking wrote, and those it had written before."""
    rows = [{"entry": entry, "state": "booked"} for entry in booked.entries]
    rows += [{"entry": already.entry, "state": "already"} for already in booked.already]
    return Answer(BOOKING, rows, None, known_at, "CNY")


def verification_document(verification: Verification) -> Answer:
    """Every check, then what today's door would refuse."""
    rows: list[Row] = [{"check": c.name, "ok": c.ok, "detail": c.text} for c in verification.checks]
    rows += [
        {"check": "door", "ok": True, "entry": r.entry, "code": r.code, "detail": r.text}
        for r in verification.refusals
        if not r.damage
    ]
    head = {
        "ok": verification.ok,
        "root": verification.root.hex(),
        "entries": verification.entries,
        "postings": verification.postings,
        "first_bad": verification.first_bad,
        "wrong": verification.wrong,
    }
    return Answer(VERIFICATION, rows, None, verification.head, "CNY", head)


def backup_document(stored: Stored) -> Answer:
    """A book that was backed up or put back, and its verification."""
    verification = stored.verification
    row = {
        "file": stored.file.name,
        "identity": stored.identity,
        "entries": verification.entries,
        "postings": verification.postings,
    }
    head = {"ok": verification.ok, "root": verification.root.hex()}
    return Answer(BACKUP, [row], None, verification.head, None, head)
