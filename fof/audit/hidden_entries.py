"""What of the journal a person does not see: co-investment of institutions that are not theirs, samples and findings not issued.

Users see the institutions that the book states for them; drafts, samples and cases before they are issued are the auditors' alone. A
record of which nobody knows the institution is hidden from whoever does not see all. Nothing of the fund's own money is hidden.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple

from fof import users
from fof.access import Actor
from fof.audit.casefile.audit_cases import audit_cases
from fof.audit.unmasking import institutions_of
from fof.book.coinvestment import Coinvestment, coinvestment_of
from fof.book.identities import Registered
from fof.book.index import book_of
from fof.errors import Unknown
from fof.figures.answers import Answer
from fof.ledger import View
from fof.words import today
from models.kinds import PartyKind
from models.subjects import LinkRole as R
from models.subjects import Subject
from models.subjects import SubjectKind as S
from models.text import Text

_NOTHING: frozenset[int] = frozenset()
_LISTS = ("founders", "state_representatives")
"""Attributes of a company that list people by their codes."""
_FAMILIES = frozenset({"CI", "PI"})
"""Families of rules whose findings may be of an institution's staff."""
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
    """What a person does not see: subjects by address, people and staff vehicles among them, and the entries that say anything of
    them; codes of institutions and deals of which decisions under rules of co-investment are not to be seen, and nothing else."""

    subjects: frozenset[Subject]
    entries: frozenset[int]
    judged: frozenset[str] = frozenset()

    def hides(self, party: str) -> bool:
        """Whether a party of this code is not to be seen."""
        return bool(self.subjects) and Subject(S.PARTY, party) in self.subjects


def require_visible(view: View, *parties: str | None) -> None:
    """Unknown, as for a code that the book has not got, for people and staff vehicles whose institution a person may not see."""
    unseen = unseen_records(view)
    for code in parties:
        if code is not None and unseen.hides(code):
            raise Unknown(Text("主体", "party"), code)


def visible_rows(answer: Answer, view: View) -> Answer:
    """A table without the rows of entries that a person does not see."""
    hidden = unseen_records(view).entries
    if not hidden:
        return answer
    return replace(answer, rows=[row for row in answer.rows if row.get("entry") not in hidden])


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


def visible_paths(answer: Answer, view: View) -> Answer:
    """Paths of ownership without those that lead to or through people and staff vehicles that a person may not see."""
    unseen = unseen_records(view)
    if not unseen.subjects:
        return answer
    open_ones = [row for row in answer.rows if not any(map(unseen.hides, str(row["path"]).split(" > ")))]
    return replace(answer, rows=open_ones)


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
        parties = {p for p in people if self.view.parties[p].code in self.people} | self._vehicles()
        names = self.view.prefix.subjects
        return Unseen(
            frozenset(Subject(S(names[n].kind), names[n].code) for n in hidden)
            | {Subject(S.PARTY, self.view.parties[p].code) for p in parties},
            frozenset(
                {
                    *self._entries(hidden, people),
                    *self._of_parties(parties),
                    *self._decisions(hidden, parties, judged := self._judged()),
                }
            ),
            frozenset(judged),
        )

    def _judged(self) -> set[str]:
        """Institutions that are not seen and the deals that are theirs."""
        if self.seen is None:
            return set()
        parties, own = self.view.parties, self.own
        firms = {firm for plan in own.of(S.PLAN) if (firm := plan.linked(R.INSTITUTION)) is not None}
        hidden = {firm for firm in firms if parties[firm].code not in self.seen}
        deals = {str(d.row.code) for d in own.deals.values() if own.institution(d) in hidden}
        return deals | {parties[firm].code for firm in hidden}

    def _decisions(self, hidden: set[int], parties: set[int], judged: set[str]) -> Iterator[int]:
        """Entries by which somebody decided about a finding of what is not to be seen."""
        journal, last = self.view.journal, self.view.known_at
        deals = {d.row.id: str(d.row.code) for d in self.own.deals.values()}
        for table in ("disposition", "decision"):
            for record in journal.rows(table):
                row: Any = record.row
                if record.entry > last or row.rule.partition("-")[0] not in _FAMILIES:
                    continue
                party = None if row.party is None else self.view.parties[row.party].code
                if (
                    getattr(row, "subject", None) in hidden
                    or row.party in parties
                    or party in judged
                    or deals.get(row.deal) in judged
                ):
                    yield record.entry

    def _vehicles(self) -> set[int]:
        """Staff vehicles of institutions that are not seen: by the stakes held through them, else by who sponsored them."""
        if self.seen is None:
            return set()
        facts, hidden = book_of(self.view).facts, set()
        held = self.own.by(S.STAFF_STAKE, R.VEHICLE)
        for party in self.view.parties.values():
            if party.kind is not PartyKind.HOLDING_VEHICLE:
                continue
            firms = {firm for stake in held.get(party.id, ()) for firm in self._firms(stake)}
            sponsor = facts.names(party.id).get("vehicle_sponsor")
            firms |= {code for _, code in sponsor.dated(dt.date.max)} if sponsor is not None else set()
            if firms and not firms & self.seen:
                hidden.add(party.id)
        return hidden

    def _of_parties(self, parties: set[int]) -> Iterator[int]:
        """Entries that register hidden parties alone, or state attributes or owners of one."""
        journal, last = self.view.journal, self.view.known_at
        registered: dict[int, bool] = {}
        for record in journal.rows("party"):
            registered[record.entry] = registered.get(record.entry, True) and record.row[0] in parties
        yield from (entry for entry, alone in registered.items() if alone and entry <= last)
        for table, places in (("fact", ("party",)), ("edge", ("owner", "owned"))):
            for record in journal.rows(table):
                if record.entry <= last and any(getattr(record.row, place) in parties for place in places):
                    yield record.entry
        codes = {self.view.parties[p].code for p in parties}
        for name in _LISTS:
            for record in journal.rows_of_attribute("fact", name):
                listed = self.view.prefix.value(record) if record.entry <= last else ()
                if isinstance(listed, tuple) and not codes.isdisjoint(listed):
                    yield record.entry

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
