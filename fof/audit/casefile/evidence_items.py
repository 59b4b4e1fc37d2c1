"""The fourteen items of evidence to keep for each stake (CI-31): ids, when each applies, and what a document is held against.

Which items apply is the rule's own answer (fof.rules.coinvest_exits.evidence_asked). A document is tested against its stake: the
right person, project and plan, the right amount, a day before or after what it must precede or follow. docs/evidence.md is written
from here: `python -m fof.audit.casefile.evidence_items docs/evidence.md`.
"""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

from fof import users
from fof.access import Actor
from fof.audit.coinvestment.evidence_tests import DAYS, EVIDENCE_RULES, StakeTerms, contradicted, undated
from fof.audit.coinvestment.register import staff_register
from fof.book.coinvestment import Coinvestment
from fof.book.identities import Registered
from fof.book.index import book_of
from fof.errors import Unknown
from fof.ledger import View
from fof.personal.commitments import files_in_store
from fof.rules.coinvest_exits import evidence_asked
from fof.rules.facts_coinvest import StaffStakeFacts
from models.coinvest import EvidenceItem
from models.frozen import frozen
from models.subjects import LinkRole, SubjectKind
from models.text import Text


@frozen
class EvidenceDocument:
    """A document of an item. doubts: what does not fit the stake; digest: SHA-256 of the file, None where none was stated;
    stored: whether the file lies in the encrypted store, as the newest state of the book says."""

    code: str
    kind: str | None
    number: str | None
    day: dt.date | None
    issuer: str | None
    digest: str | None
    fen: int | None
    doubts: tuple[Text, ...]
    stored: bool


@frozen
class ItemEvidence:
    """An item of a stake: its documents; whether it was answered that there is none."""

    item: EvidenceItem
    documents: tuple[EvidenceDocument, ...]
    denied: bool

    @property
    def id(self) -> str:
        """EV-01 … EV-14."""
        return EVIDENCE_RULES[self.item].id

    @property
    def sound(self) -> bool:
        """Whether one of its documents fits in everything that it states."""
        return any(not d.doubts for d in self.documents)


def evidence_of(view: View, stake: str, actor: Actor | None = None) -> list[ItemEvidence]:
    """The items that apply to a stake on the view's day, by id; Unknown for no such stake, or one of an institution that the
    person may not see.

    actor : who asks; None: the owner of this process
    """
    seen = users.seen_institutions(view, actor)
    book = book_of(view)
    day = view.as_of or dt.date.max
    own = staff_register(book, day)
    number = view.subject_ids.get((SubjectKind.STAFF_STAKE.value, stake))
    registered = own.own.registered.get(SubjectKind.STAFF_STAKE.value, {}).get(number or -1)
    if registered is None:
        raise Unknown(Text("跟投份额", "staff stake"), stake)
    facts = own.stake(registered)
    if seen is not None and facts.institution not in seen:
        raise Unknown(Text("跟投份额", "staff stake"), stake)
    files = files_in_store(view)
    by_item: dict[EvidenceItem, list[EvidenceDocument]] = {}
    for document in own.own.by(SubjectKind.EVIDENCE, LinkRole.STAFF_STAKE).get(registered.number, ()):
        item = document.on("evidence_item", day)
        if item is not None and document.first_day <= day:
            by_item.setdefault(item, []).append(
                _document(own.own, document, item, facts, registered, day, document.code in files)
            )
    return [
        ItemEvidence(item, tuple(by_item.get(item, ())), item in facts.evidence_denied)
        for item in sorted(evidence_asked(facts), key=lambda one: EVIDENCE_RULES[one].id)
    ]


def _document(
    own: Coinvestment,
    document: Registered,
    item: EvidenceItem,
    facts: StaffStakeFacts,
    stake: Registered,
    day: dt.date,
    stored: bool,
) -> EvidenceDocument:
    on, fen = document.on("evidence_on", day), document.on("evidence_amount", day)
    terms = StakeTerms(facts.project, facts.payments, facts.last_spell, facts.paid_in)
    doubts = [*contradicted(own, stake, document, item, terms, day), *undated(item, on, terms)]
    return EvidenceDocument(
        document.code,
        document.on("evidence_kind", day),
        document.on("evidence_number", day),
        on,
        document.on("evidence_issuer", day),
        document.on("evidence_digest", day),
        fen,
        tuple(doubts),
        stored,
    )


# -- the table in docs/ ---------------------------------------------------------------------------------------------


def evidence_table() -> str:
    """docs/evidence.md."""
    lines = [
        "# Evidence kept for each stake",
        "",
        "The items of CI-31, from `fof/audit/casefile/evidence_items.py` (`python -m fof.audit.casefile.evidence_items docs/evidence.md`).",
        "Completeness is over those that apply. An item is a document: kind, number, date, issuer, digest of the file; it is tested against",
        "the stake: the person, project and plan are the stake's, the amount is that of the payments, the day lies as the table says. One that",
        "says otherwise is in doubt, and a doubtful document is no evidence: CI-31 counts its item as missing. Where a document states no day, or",
        "nobody recorded the day that the table holds it against, its item is neither there nor missing: CI-31 is unknown.",
        "",
        "| id | item | 证据项 | word in the layout | applies to | dated | amount |",
        "|---|---|---|---|---|---|---|",
    ]
    for item, own_rule in EVIDENCE_RULES.items():
        dated = [
            f"{word} {DAYS[name].en}"
            for word, name in (("not after", own_rule.not_after), ("not before", own_rule.not_before))
            if name is not None
        ]
        amount = "of the payments" if own_rule.amount else "–"
        lines.append(
            f"| {own_rule.id} | {item.en} | {item.zh} | `{item.value}` | {own_rule.applies.en} | {'; '.join(dated) or '–'} | {amount} |"
        )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(evidence_table(), "utf-8")
