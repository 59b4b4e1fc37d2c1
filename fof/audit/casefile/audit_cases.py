"""Audit cases in the book: what each is about, its steps, what is due, who may see it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from fof import users
from fof.access import Actor
from fof.book.coinvestment import coinvestment_of
from fof.book.identities import Registered
from fof.book.index import book_of
from fof.errors import Unknown
from fof.ledger import View
from fof.words import today
from models.audit_work import CaseStep
from models.facts import SUBJECT_FACTS
from models.frozen import frozen
from models.subjects import LinkRole, Subject, SubjectKind
from models.text import Text

READ = "read_audit"
_HEAD = frozenset({"case_step", "case_rule", "case_kind", "case_code", "case_second", "case_event_on"})


@frozen
class StepTaken:
    """A step of a case: its day, entry and maker; what it states, by attribute; the document it rests on."""

    step: CaseStep
    day: dt.date
    entry: int
    who: str
    stated: Mapping[str, Any]
    document: str | None


@frozen
class AuditCase:
    """A finding under procedure. institution: code, None where the finding is of none."""

    code: str
    rule: str
    subject: Subject
    institution: str | None
    steps: tuple[StepTaken, ...]

    @property
    def step(self) -> CaseStep:
        """Where it stands."""
        return self.steps[-1].step

    @property
    def issued(self) -> StepTaken | None:
        """The step by which it was issued."""
        return next((s for s in reversed(self.steps) if s.step is CaseStep.ISSUED), None)

    @property
    def over(self) -> bool:
        """Whether it is closed or referred."""
        return self.step in (CaseStep.CLOSED, CaseStep.REFERRED)

    def stated(self, name: str) -> Any:
        """An attribute as its last step states it; None where none does."""
        return next((s.stated[name] for s in reversed(self.steps) if name in s.stated), None)

    @property
    def due(self) -> dt.date | None:
        """The day by which the next step is due: of a comment, of a rectification."""
        name = {CaseStep.SENT: "comment_due", CaseStep.ISSUED: "rectify_due"}.get(self.step)
        day: dt.date | None = None if name is None else self.stated(name)
        return day

    def overdue(self, day: dt.date) -> bool:
        """Whether that day has passed."""
        return self.due is not None and self.due < day


def audit_cases(view: View, actor: Actor | None = None) -> list[AuditCase]:
    """The cases up to the view's day, by code; of institutions that the person may see, before they are issued for auditors alone.

    actor : who asks; None: the owner of this process
    """
    who = actor or users.acting(view.journal.view(), today())
    seen = users.seen_institutions(view, who)
    auditor = users.may(view, who, READ)
    return [
        case
        for case in every_case(view)
        if (case.institution is None or seen is None or case.institution in seen)
        and (auditor or case.issued is not None)
    ]


def every_case(view: View) -> list[AuditCase]:
    """All cases up to the view's day, by code, whoever may see them."""
    every = [_case(view, own) for own in coinvestment_of(book_of(view)).of(SubjectKind.AUDIT_CASE)]
    return [case for case in every if case is not None]


def audit_case(view: View, code: str, actor: Actor | None = None) -> AuditCase:
    """One case; Unknown where there is none of the code, or the person may not see it."""
    for case in audit_cases(view, actor):
        if case.code == code:
            return case
    raise Unknown(Text("审计事项", "audit case"), code)


def _case(view: View, own: Registered) -> AuditCase | None:
    """A case from its dated attributes; None where its first step is still to come."""
    bearer = (SubjectKind.AUDIT_CASE.value, own.number)
    by_entry: dict[int, dict[str, Any]] = defaultdict(dict)
    days: dict[int, dt.date] = {}
    documents: dict[int, str | None] = {}
    for spec in SUBJECT_FACTS.values():
        if spec.subjects != {SubjectKind.AUDIT_CASE}:
            continue
        for fact in view.statements(bearer, spec.name):
            by_entry[fact.entry][spec.name] = fact.value
            days[fact.entry] = fact.since
            documents[fact.entry] = documents.get(fact.entry) or fact.document
    heads = view.heads(by_entry)
    steps = [
        StepTaken(
            stated["case_step"],
            days[entry],
            entry,
            heads[entry].recorded_by,
            {name: value for name, value in stated.items() if name not in _HEAD},
            documents[entry],
        )
        for entry, stated in by_entry.items()
        if "case_step" in stated
    ]
    if not steps:
        return None
    steps.sort(key=lambda s: (s.day, s.entry))
    first = by_entry[steps[0].entry]
    about = Subject(
        first.get("case_kind", SubjectKind.PARTY),
        first.get("case_code", ""),
        first.get("case_second", ""),
        first.get("case_event_on"),
    )
    firm = own.linked(LinkRole.INSTITUTION)
    code = None if firm is None else view.parties[firm].code
    return AuditCase(own.code, first.get("case_rule", ""), about, code, tuple(steps))
