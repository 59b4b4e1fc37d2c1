"""The evidence of a stake as a document: a row for each document, and for each item without one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fof.access import Actor
from fof.audit.casefile.evidence_items import ItemEvidence, evidence_of
from fof.figures.answers import Answer
from fof.figures.audit_documents import EVIDENCE
from fof.ledger import View
from models.text import Text

Row = dict[str, Any]


def evidence_document(view: View, stake: str, actor: Actor | None = None) -> Answer:
    """The items that apply to a stake, by id. Errors as of evidence_of."""
    rows = [row for item in evidence_of(view, stake, actor) for row in _rows(item)]
    return Answer(EVIDENCE, rows, view.as_of, view.known_at, "CNY", {"stake": stake})


def _rows(item: ItemEvidence) -> Iterator[Row]:
    head: Row = {"id": item.id, "item": item.item.text}
    if not item.documents:
        yield head | {"state": "denied" if item.denied else "missing"}
    for document in item.documents:
        doubts = Text(
            "；".join(doubt.zh for doubt in document.doubts), "; ".join(doubt.en for doubt in document.doubts)
        )
        yield head | {
            "state": "doubtful" if document.doubts else "sound",
            "code": document.code,
            "document": document.kind or document.code,
            "number": document.number,
            "day": document.day,
            "issuer": document.issuer,
            "digest": document.digest,
            "amount": document.fen,
            "file": "stored" if document.stored else "absent",
            "doubts": doubts if document.doubts else None,
        }
