"""What of the journal a person does not see: co-investment of institutions that are not theirs, samples and findings not issued.

Users see the institutions that the book states for them; drafts, samples and cases before they are issued are the auditors' alone. A
record of which nobody knows the institution is hidden from whoever does not see all. Nothing of the fund's own money is hidden.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from fof import users
from fof.access import Actor
from fof.audit.casefile.audit_cases import audit_cases
from fof.audit.unmasking import institutions_of
from fof.book.coinvestment import Coinvestment, coinvestment_of
from fof.book.identities import Registered
from fof.book.index import book_of
from fof.ledger import View
from fof.words import today
from models.kinds import PartyKind
from models.subjects import LinkRole as R
from models.subjects import Subject
from models.subjects import SubjectKind as S

_NOTHING: frozenset[int] = frozenset()
_OF_INSTITUTIONS = (
    S.PLAN,
    S.STAFF_STAKE,
    S.EMPLOYMENT,
    S.ELIGIBILITY,
    S.DECLARATION,
    S.MEETING,
    S.BALLOT,
    S.NOMINEE,
    S.KINSHIP,
    S.BUSINESS_TIE,
    S.INCIDENT,
    S.COINVEST_PAYMENT,
    S.EVIDENCE,
    S.REQUEST,
)
_NAMED_BY = {R.STAFF_STAKE: S.STAFF_STAKE, R.MEETING: S.MEETING, R.PLAN: S.PLAN, R.EMPLOYMENT: S.EMPLOYMENT}
"""Roles in which a record names another record, whose institution is its own too."""


class Unseen(NamedTuple):
    """What a person does not see: subjects by address, and the entries that say anything of them."""

    subjects: frozenset[Subject]
    entries: frozenset[int]


def unseen_records(view: View, actor: Actor | None = None) -> Unseen:
    """What a person does not see of the journal as it was known; nothing in a book without users.

    actor : who asks; None: the owner of this process
    """
    newest = view.journal.view()
    who = actor or users.acting(newest, today())
    seen, auditor = users.seen_institutions(newest, who), users.may(newest, who, "read_audit")
    if seen is None and auditor:
        return Unseen(frozenset(), _NOTHING)
    book = book_of(view.on(None))
    cases = frozenset(case.code for case in audit_cases(book.view, who))
    key = (Unseen, seen, auditor, cases)
    known: Unseen | None = book.remembered.get(key)
    if known is None:
        known = book.remembered[key] = _Sight(book.view, seen, cases, auditor=auditor).unseen()
    return known


class _Sight:
    def __init__(
        self, view: View, seen: frozenset[str] | None, cases: frozenset[str], *, auditor: bool
    ) -> None:
        self.view, self.seen, self.cases, self.auditor = view, seen, cases, auditor
        self.own: Coinvestment = coinvestment_of(book_of(view))
        self.people = institutions_of(view)

    def unseen(self) -> Unseen:
        hidden = {n for n, kind, code in self._subjects() if not self._visible(n, kind, code)}
        people = {
            p.id
            for p in self.view.parties.values()
            if p.kind is PartyKind.PERSON
            and self.seen is not None
            and not self.people.get(p.code, frozenset()) & self.seen
        }
        names = self.view.prefix.subjects
        return Unseen(
            frozenset(Subject(S(names[n].kind), names[n].code) for n in hidden),
            frozenset(self._entries(hidden, people)),
        )

    def _subjects(self) -> Iterator[tuple[int, S, str]]:
        for number, identity in self.view.prefix.subjects.items():
            yield number, S(identity.kind), identity.code

    def _visible(self, number: int, kind: S, code: str) -> bool:
        if kind is S.AUDIT_CASE:
            return code in self.cases
        if kind is S.SAMPLE and not self.auditor:
            return False
        if self.seen is None or (kind not in _OF_INSTITUTIONS and kind is not S.SAMPLE):
            return True
        own = self.own.registered.get(kind.value, {}).get(number)
        return own is not None and not self.seen.isdisjoint(self._firms(own))

    def _firms(self, own: Registered) -> Iterator[str]:
        """Codes of the institutions that a record belongs to."""
        for role in (R.INSTITUTION, R.EMPLOYER):
            if (party := own.linked(role)) is not None:
                yield self.view.parties[party].code
        deal = self.own.deals.get(own.linked(R.DEAL) or -1)
        firm = None if deal is None else self.own.institution(deal)
        if firm is not None:
            yield self.view.parties[firm].code
        for role, kind in _NAMED_BY.items():
            other = self.own.registered.get(kind.value, {}).get(own.linked(role) or -1)
            if other is not None:
                yield from self._firms(other)
        for role in (R.PERSON, R.RELATIVE, R.HOLDER, R.BENEFICIARY):
            person = own.linked(role)
            if person is not None and own.kind in (S.KINSHIP.value, S.INCIDENT.value, S.NOMINEE.value):
                yield from self.people.get(self.view.parties[person].code, ())

    def _entries(self, hidden: set[int], people: set[int]) -> Iterator[int]:
        """Entries with a row of a hidden record, or that state something of a person that is not to be seen."""
        journal, last = self.view.journal, self.view.known_at
        for table, place in (("subject", "id"), ("subject_link", "subject"), ("subject_fact", "subject")):
            for record in journal.rows(table):
                if record.entry <= last and getattr(record.row, place) in hidden:
                    yield record.entry
        for record in journal.rows("subject_fact"):
            if record.entry <= last and getattr(record.row, "party", None) in people:
                yield record.entry
        p = self.view.columns.postings
        about = {n for n in hidden if self.view.prefix.subjects[n].kind == S.COINVEST_PAYMENT.value}
        for entry, loan in zip(p.entry.tolist(), p.loan.tolist(), strict=True):
            if loan in about and entry <= last:
                yield entry
