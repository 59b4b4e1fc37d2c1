"""The files of evidence: put into the encrypted store, opened by an auditor with an entry that says so, erased.

A file belongs to a document of evidence that the book has. The journal holds its digest; where the document states one, the file
must be that file. Whoever may see an institution meets the files of its stakes.
"""

from __future__ import annotations

from typing import NamedTuple

from fof import ledger, users
from fof.access import Actor
from fof.audit.unmasking import reason_for
from fof.book.coinvestment import coinvestment_of
from fof.book.identities import Registered
from fof.book.index import book_of
from fof.db import Database
from fof.errors import Problem, Refused, Unknown, Where
from fof.importers.file_limits import MEGABYTE
from fof.ledger import Booked, Draft, Ids, Plan, View
from fof.personal.commitments import files_in_store, stored_files
from fof.personal.evidence_store import digest_of_file, evidence_store_of, opened_file, sealed_file
from fof.personal.keyring import required_keyring
from fof.words import today
from models.facts import FILE_ERASED, FILE_OPENED, FILE_STORED
from models.kinds import EntryKind
from models.rows import SubjectFact
from models.subjects import LinkRole, SubjectKind, address_of
from models.text import Text

FILE_BYTES = 64 * MEGABYTE
_FILE = Text("证据文件", "evidence file")
_ENDING = 8


class OpenedFile(NamedTuple):
    """A file that was opened: its name (the document's code with the ending it came with), and the entry that says so."""

    name: str
    content: bytes
    entry: int


def store_file(database: Database, actor: Actor, document: str, content: bytes, name: str) -> Booked:
    """Put the file of a document of evidence into the store; its digest stands in the journal. The same again is no second entry.

    name : of the file; its ending alone is kept, inside the store
    Unknown for a document that is not there or not to be seen; Refused for an empty or too large file, for one that is not the
    file whose digest the document states, and without the key; NotAllowed without the right.
    """
    view = ledger.read(database).view()
    users.require(view, actor, "book")
    own = evidence_subject(view, actor, document)
    ring, store = required_keyring(), evidence_store_of(database)
    if not content or len(content) > FILE_BYTES:
        limit = FILE_BYTES // MEGABYTE
        text = Text(f"文件应有内容且不超过 {limit} MB", f"a file that is not empty, of at most {limit} MB")
        raise _wrong("file_size", text, f"{len(content):,}")
    digest = digest_of_file(content)
    stated = next((value for _day, value in reversed(own.ever("evidence_digest", today()))), None)
    if stated is not None and stated.strip().lower().removeprefix("sha256:") != digest:
        text = Text(
            f"文件与登记的摘要值不符（SHA-256 应为 {stated}）",
            f"not the file whose digest is recorded (SHA-256 {stated} expected)",
        )
        raise _wrong("other_file", text, digest)
    if not store.exists and any(f.standing for f in stored_files(view)):
        raise store.missing()
    store.make()
    ending = "." + name.rpartition(".")[2][:_ENDING] if "." in name else ""
    store.put(sealed_file(ring, store.book, content, ending))
    before = files_in_store(view).get(document)
    if before is not None and before.digest == digest:
        return Booked([], [])

    def plan(now: View, _ids: Ids) -> Plan:
        return Plan([_draft(now, own, EntryKind.PERSONAL, FILE_STORED, digest, None)])

    return ledger.book(database, actor, plan, action="book")


def open_file(database: Database, actor: Actor, document: str, reason: str) -> OpenedFile:
    """Open the file of a document. The entry that says who opened it and why is written first.

    NotAllowed without the right; Unknown for a document that is not there or not to be seen, and for one without a file; Refused
    without a reason, without the key, and where the store cannot give the file.
    """
    view = ledger.read(database).view()
    users.require(view, actor, "unmask")
    own = evidence_subject(view, actor, document)
    ring, store = required_keyring(), evidence_store_of(database)
    known = files_in_store(view).get(document)
    if known is None:
        raise Unknown(_FILE, document)
    file = store.file(known.digest)
    if file is None:
        raise store.missing()
    content, ending = opened_file(ring, store.book, file)
    why = reason_for(reason)

    def plan(now: View, _ids: Ids) -> Plan:
        return Plan([_draft(now, own, EntryKind.UNMASKING, FILE_OPENED, known.digest, why)])

    [entry] = ledger.book(database, actor, plan, action="unmask").entries
    return OpenedFile(f"{document}{ending}", content, entry)


def erase_file(database: Database, actor: Actor, document: str, reason: str) -> Booked:
    """Delete the file of a document for good: an entry says that and why, then it goes, unless another document has the same one.

    Once more after an interruption it deletes what was left, without another entry. Errors as of open_file.
    """
    view = ledger.read(database).view()
    users.require(view, actor, "erase")
    own = evidence_subject(view, actor, document)
    why, store = reason_for(reason), evidence_store_of(database)
    every = [f for f in stored_files(view) if f.document == document]
    if not every:
        raise Unknown(_FILE, document)
    due = sorted({f.digest for f in every if f.erased_by is None})
    booked = Booked([], [])
    if due:

        def plan(now: View, _ids: Ids) -> Plan:
            drafts = [_draft(now, own, EntryKind.ERASURE, FILE_ERASED, digest, why) for digest in due]
            return Plan(drafts)

        booked = ledger.book(database, actor, plan, action="erase")
    if store.exists:
        wanted = {f.digest for f in stored_files(ledger.read(database).view()) if f.erased_by is None}
        store.remove({f.digest for f in every} - wanted)
    return booked


def evidence_subject(view: View, actor: Actor | None, document: str) -> Registered:
    """A document of evidence; Unknown where there is none of the code, or its institution is not to be seen."""
    every = coinvestment_of(book_of(view)).registered.get(SubjectKind.EVIDENCE.value, {})
    own = every.get(view.subject_ids.get((SubjectKind.EVIDENCE.value, document)) or -1)
    if own is None or not _seen(view, actor, own):
        raise Unknown(Text("证据文件", "document of evidence"), document)
    return own


def _seen(view: View, actor: Actor | None, document: Registered) -> bool:
    seen = users.seen_institutions(view, actor)
    if seen is None:
        return True
    own = coinvestment_of(book_of(view))
    stake = own.registered.get(SubjectKind.STAFF_STAKE.value, {}).get(
        document.linked(LinkRole.STAFF_STAKE) or -1
    )
    deal = None if stake is None else own.deals.get(stake.linked(LinkRole.DEAL) or -1)
    firm = None if deal is None else own.institution(deal)
    return firm is not None and view.parties[firm].code in seen


def _draft(now: View, own: Registered, kind: EntryKind, name: str, digest: str, why: str | None) -> Draft:
    """An entry about a file; each is one of its own, as each opening is."""
    number = now.known_at + 1
    key = f"{name}/{own.code}/{digest[:16]}/{number}"
    row = SubjectFact(*address_of((SubjectKind.EVIDENCE.value, own.number)), name, digest, None, "file")
    asked = ledger.request_digest(name, own.code, digest, number)
    return Draft(kind, today(), key, asked, rows=[row], note=why)


def _wrong(code: str, text: Text, given: str) -> Refused:
    return Refused([Problem(code, text, given, Where(field=Text("文件", "file")))], _FILE)
