"""What audit cases make of their findings: of issued ones, which everybody sees; before that a case changes nothing of a finding.

A case that the review ends without an issue (不予认定) dismisses its finding: two auditors decided that, and it waits for nobody.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from fof.audit.casefile.audit_cases import AuditCase, every_case
from fof.audit.decisions import Decided
from fof.book.index import Book
from models.audit_work import CaseStep
from models.subjects import Subject, SubjectKind

RECTIFY, CLOSED, REFERRED, DISMISS = "rectify", "closed", "referred", "dismiss"
_ENDS = {CaseStep.CLOSED: CLOSED, CaseStep.REFERRED: REFERRED}


def decided_by_cases(book: Book, day: dt.date | None) -> list[Decided]:
    """What the issued cases up to a day (None: whenever) decide of their findings, by the last step of each: to be rectified by a
    day, closed, referred; and those that a review dropped: dismissed."""
    if not len(
        book.view.prefix.subjects.ids_of(SubjectKind.AUDIT_CASE)
    ):  # asked of every audit: no subject is read for it
        return []
    return list(_decided(every_case(book.view.on(day))))


def _decided(cases: Iterable[AuditCase]) -> Iterator[Decided]:
    for case in cases:
        last = case.steps[-1]
        if case.issued is None and not case.over:
            continue
        action = _ENDS.get(last.step, RECTIFY) if case.issued is not None else DISMISS
        due = case.stated("rectify_due") if last.step is CaseStep.ISSUED else None
        yield Decided(case.rule, case.subject, action, case.code, last.day, due, None, last.entry)


def with_cases(
    decided: dict[tuple[str, Subject], Decided], cases: Iterable[Decided]
) -> dict[tuple[str, Subject], Decided]:
    """Decisions of officers with those of cases: of one finding the last made counts."""
    merged = dict(decided)
    for own in cases:
        other = merged.get((own.rule, own.subject))
        if other is None or (other.day, other.entry) < (own.day, own.entry):
            merged[own.rule, own.subject] = own
    return merged
