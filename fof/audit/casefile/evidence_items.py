"""The fourteen items of evidence to keep for each stake (CI-31): ids, when each applies, and what a document is held against.

Which items apply is the rule's own answer (fof.rules.coinvest_exits.evidence_asked). A document is tested against its stake: the
right person, project and plan, the right amount, a day before or after what it must precede or follow. docs/evidence.md is written
from here: `python -m fof.audit.casefile.evidence_items docs/evidence.md`.
"""

from __future__ import annotations

import datetime as dt
import operator
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from fof import users
from fof.access import Actor
from fof.audit.coinvestment.parties import StaffRegister
from fof.book.coinvestment import Coinvestment
from fof.book.identities import Registered
from fof.book.index import Book, book_of
from fof.errors import Unknown
from fof.ledger import View
from fof.personal.commitments import files_in_store
from fof.rules.coinvest_exits import evidence_asked
from fof.rules.facts_coinvest import StaffStakeFacts
from models.coinvest import EvidenceItem, PaymentLeg
from models.subjects import LinkRole, SubjectKind
from models.text import Text

I = EvidenceItem  # noqa: E741 - the table below is read by its rows
_ALWAYS = Text("每份份额", "every stake")
_PROJECT, _FIRST, _MET, _LEFT = "project", "first_payment", "committee", "left"
_DAYS: dict[str, Text] = {
    _PROJECT: Text("机构首次付款日", "the institution's first payment"),
    _FIRST: Text("本人首次缴款日", "the person's first payment"),
    _MET: Text("投决会日", "the committee meeting"),
    _LEFT: Text("离职日", "the day of leaving"),
}


class EvidenceRule(NamedTuple):
    """An item: its id, when it applies, by which day it must be dated (or from which), whether its amount is that of the payments."""

    id: str
    applies: Text
    not_after: str | None = None
    not_before: str | None = None
    amount: bool = False


EVIDENCE_RULES: dict[EvidenceItem, EvidenceRule] = {
    I.PLAN_VERSION: EvidenceRule("EV-01", _ALWAYS, _PROJECT),
    I.BASIS: EvidenceRule("EV-02", _ALWAYS, _PROJECT),
    I.PERSON: EvidenceRule("EV-03", _ALWAYS),
    I.ROLE: EvidenceRule("EV-04", _ALWAYS),
    I.DECLARATION: EvidenceRule("EV-05", _ALWAYS, _MET),
    I.MONEY_PROOF: EvidenceRule("EV-06", _ALWAYS, None, None, True),
    I.INSTITUTION_TERMS: EvidenceRule("EV-07", _ALWAYS, _PROJECT),
    I.STAFF_TERMS: EvidenceRule("EV-08", _ALWAYS, _FIRST),
    I.COMMITTEE_MINUTES: EvidenceRule("EV-09", _ALWAYS, _PROJECT),
    I.PAYMENT_DATES: EvidenceRule("EV-10", _ALWAYS, None, _FIRST, True),
    I.APPRAISAL: EvidenceRule("EV-11", _ALWAYS, _PROJECT),
    I.EXITS: EvidenceRule("EV-12", Text("有退出或转让", "there was an exit or a transfer"), None, _FIRST),
    I.DISTRIBUTIONS: EvidenceRule("EV-13", Text("收到过款项", "money was received"), None, _FIRST),
    I.LEAVER: EvidenceRule("EV-14", Text("已离职", "the person has left"), None, _LEFT),
}


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
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
    own = StaffRegister(book, day)
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
                _document(book, own.own, document, item, facts, registered, day, document.code in files)
            )
    return [
        ItemEvidence(item, tuple(by_item.get(item, ())), item in facts.evidence_denied)
        for item in sorted(evidence_asked(facts), key=lambda one: EVIDENCE_RULES[one].id)
    ]


def completeness(items: list[ItemEvidence]) -> tuple[int, int, int]:
    """Items with a document, items with one that fits, items that apply."""
    return sum(bool(k.documents) for k in items), sum(k.sound for k in items), len(items)


def _document(
    book: Book,
    own: Coinvestment,
    document: Registered,
    item: EvidenceItem,
    facts: StaffStakeFacts,
    stake: Registered,
    day: dt.date,
    stored: bool,
) -> EvidenceDocument:
    on, fen = document.on("evidence_on", day), document.on("evidence_amount", day)
    doubts = [
        *_of_others(book, own, document, stake),
        *_dated(item, on, facts),
        *_amounts(item, fen, facts, own, document),
    ]
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


def _of_others(book: Book, own: Coinvestment, document: Registered, stake: Registered) -> Iterator[Text]:
    """Whom or what the document names otherwise than the stake does."""
    for role in (LinkRole.PERSON, LinkRole.DEAL, LinkRole.PLAN):
        named, right = document.linked(role), stake.linked(role)
        if named is not None and named != right:
            yield Text(f"{role.zh}不是本份额的{role.zh}", f"another {role.en.lower()} than the stake's")
    paid = document.linked(LinkRole.COINVEST_PAYMENT)
    if paid is not None:
        payment = own.registered.get(SubjectKind.COINVEST_PAYMENT.value, {}).get(paid)
        if payment is not None and payment.linked(LinkRole.STAFF_STAKE) not in (None, stake.number):
            yield Text("所附缴款不是本份额的缴款", "a payment of another stake")


def _dated(item: EvidenceItem, on: dt.date | None, facts: StaffStakeFacts) -> Iterator[Text]:
    """A day after what the document must precede, or before what it must follow. A document without a day is in doubt where
    its item is held against one."""
    own_rule = EVIDENCE_RULES[item]
    days = _days(facts)
    for name, wrong in ((own_rule.not_after, operator.gt), (own_rule.not_before, operator.lt)):
        if name is None:
            continue
        limit = days[name]
        if on is None:
            yield Text("文件未写明日期", "the document states no day")
        elif limit is not None and wrong(on, limit):
            before = name == own_rule.not_after
            yield Text(
                f"文件日期 {on} {'晚' if before else '早'}于{_DAYS[name].zh} {limit}",
                f"dated {on}, {'after' if before else 'before'} {_DAYS[name].en} {limit}",
            )


def _days(facts: StaffStakeFacts) -> dict[str, dt.date | None]:
    own = [
        p.day for p in facts.payments if p.leg in (PaymentLeg.PERSON_TO_VEHICLE, PaymentLeg.PERSON_TO_COMPANY)
    ]
    project = facts.project
    return {
        _PROJECT: None if project is None else project.day,
        _FIRST: min(own, default=None),
        _MET: None if project is None else project.met_on or project.day,
        _LEFT: None if facts.last_spell is None else facts.last_spell.employed_until,
    }


def _amounts(
    item: EvidenceItem, fen: int | None, facts: StaffStakeFacts, own: Coinvestment, document: Registered
) -> Iterator[Text]:
    """An amount that is not that of the payment it goes with, or of all of them."""
    if not EVIDENCE_RULES[item].amount or fen is None:
        return
    paid = document.linked(LinkRole.COINVEST_PAYMENT)
    right = facts.paid_in
    if paid is not None:
        right = sum(p.fen for p in own.payments if p.subject.number == paid)
    if item is EvidenceItem.MONEY_PROOF and fen < right:
        yield Text("证明的资金少于缴款", "proves less money than was paid")
    elif item is EvidenceItem.PAYMENT_DATES and fen != right:
        yield Text("凭证金额与缴款不符", "not the amount that was paid")


# -- the table in docs/ ---------------------------------------------------------------------------------------------


def evidence_table() -> str:
    """docs/evidence.md."""
    lines = [
        "# Evidence kept for each stake",
        "",
        "The items of CI-31, from `fof/audit/casefile/evidence_items.py` (`python -m fof.audit.casefile.evidence_items docs/evidence.md`).",
        "Completeness is over those that apply. An item is a document: kind, number, date, issuer, digest of the file; it is tested against",
        "the stake: the person, project and plan are the stake's, the amount is that of the payments, the day lies as the table says.",
        "",
        "| id | item | 证据项 | word in the layout | applies to | dated | amount |",
        "|---|---|---|---|---|---|---|",
    ]
    for item, own_rule in EVIDENCE_RULES.items():
        dated = [
            f"{word} {_DAYS[name].en}"
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
