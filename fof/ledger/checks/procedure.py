"""The steps of an audit case: in their order, each whole, the review by a person who made none of the steps before it.

Every step is an entry of kind audit_case that states `case_step` and what belongs to it (models.audit_work). The order of
steps is that of their days and, on one day, of the journal.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from fof.access import folded
from fof.errors import Problem, Where
from fof.ledger.checks.change import Change, problem
from fof.ledger.draft import Draft
from models import rows as tables
from models.audit_work import (
    NEXT_STEPS,
    OF_LOSSES,
    RETEST_LEADS_TO,
    REVIEW_LEADS_TO,
    STATED_BY,
    CaseRetest,
    CaseReview,
    CaseStep,
    CaseTolerance,
)
from models.facts import SUBJECT_FACTS
from models.kinds import EntryKind
from models.subjects import SubjectKind
from models.text import Text


@dataclass(slots=True)
class StepEntry:
    """What one entry says of a case. entry: of the journal, None for the draft; draft: where a problem is put."""

    day: dt.date
    entry: int | None
    draft: Draft
    stated: dict[str, Any] = field(default_factory=dict)

    @property
    def step(self) -> CaseStep | None:
        """The step; None where the entry states none."""
        return self.stated.get("case_step")


def procedure(change: Change) -> Iterator[Problem]:
    """Cases that the change touches: steps outside entries of their own, out of order, or not whole."""
    for draft in change.drafts:
        about_cases = [row for row in draft.rows if _of_case(change, row)]
        if (draft.kind == EntryKind.AUDIT_CASE) != bool(about_cases) and draft.reverses is None:
            text = Text(
                "审计事项的步骤须为“审计事项”类分录，且该类分录只登记审计事项",
                "steps of audit cases are entries of that kind, which hold nothing else",
            )
            yield problem(draft, "not_of_cases", text, str(draft.kind))
    for number, entries in _touched(change).items():
        yield from _ordered(change.subjects[number][1], entries)


def wrong_of_losses(rule: str, stated: Mapping[str, Any]) -> Iterator[Problem]:
    """What an issue says of the loss that does not go together, each at its field.

    Of a rule about losses (models.audit_work.OF_LOSSES) it takes that due care failed (GF-57), and what was lost is an investment loss
    by the rule's own definition (GF-56: cost less value and proceeds), so that "no investment loss" contradicts it. A loss of nothing
    contradicts nothing; of other rules any tolerance may be stated (README, decision 37).
    """
    loss = stated.get("case_loss")
    if rule.strip().upper() in OF_LOSSES:
        if stated.get("due_care") is not False:
            text = Text(
                "亏损本身不是审计结论：须写明未尽职（due_care 为否）的认定与依据",
                "a loss alone is no finding: it takes that due care failed",
            )
            yield Problem("loss_alone", text, rule, _at("due_care"))
        tolerance = stated.get("case_tolerance")
        if tolerance is CaseTolerance.NO_LOSS and isinstance(loss, int) and loss > 0:
            text = Text(
                "该规则所指的损失即投资损失，大于 0 时须写明与容亏范围的关系",
                "what this rule speaks of is an investment loss: above 0 it must be said how it stands to the tolerance",
            )
            yield Problem("tolerance_of_loss", text, tolerance.zh, _at("case_tolerance"))
    if isinstance(loss, int) and loss < 0:
        text = Text("损失金额不小于 0", "a loss of at least 0")
        yield Problem("below_zero", text, str(loss), _at("case_loss"))


def _at(name: str) -> Where:
    return Where(field=SUBJECT_FACTS[name].text)


def _of_case(change: Change, row: tables.Row) -> bool:
    if isinstance(row, tables.SubjectLink):
        return change.subjects.get(row.subject, ("", ""))[0] == SubjectKind.AUDIT_CASE
    return isinstance(row, tables.Identity | tables.SubjectFact) and row.kind == SubjectKind.AUDIT_CASE


def _touched(change: Change) -> dict[int, list[StepEntry]]:
    """Case → its entries as the change leaves them, in order; of cases that the change touches."""
    by_case: dict[int, dict[int, StepEntry]] = defaultdict(dict)
    touching = {
        row.subject: draft
        for draft in change.drafts
        for row in draft.rows
        if isinstance(row, tables.SubjectFact)
        and row.kind == SubjectKind.AUDIT_CASE
        and row.subject is not None
    }
    booked = (
        [d for d in change.view.subject_facts if d.row.kind == SubjectKind.AUDIT_CASE]
        if touching or change.targets
        else []
    )
    for dated in booked:
        if dated.entry in change.targets:
            touching.setdefault(dated.row.subject, change.drafts[change.targets[dated.entry]])
    for dated in booked:
        if dated.row.subject in touching and dated.entry not in change.targets:
            own = by_case[dated.row.subject].setdefault(
                dated.entry, StepEntry(dated.day, dated.entry, touching[dated.row.subject])
            )
            _state(own, dated.row)
    for place, draft in enumerate(change.drafts):
        for row in draft.rows:
            if isinstance(row, tables.SubjectFact) and row.subject in touching:
                key = 2**40 + place  # behind every entry of the journal
                own = by_case[row.subject].setdefault(key, StepEntry(draft.effective_on, None, draft))
                _state(own, row)
    return {
        case: [own for _, own in sorted(entries.items(), key=lambda item: (item[1].day, item[0]))]
        for case, entries in by_case.items()
    }


def _state(own: StepEntry, row: Any) -> None:
    spec = SUBJECT_FACTS.get(row.name)
    if spec is not None:
        own.stated[row.name] = spec.parse(row.value)


def _ordered(code: str, entries: list[StepEntry]) -> Iterator[Problem]:
    """The first step of a case that something is wrong with, and what."""
    before: StepEntry | None = None
    due: dt.date | None = None
    rule = ""
    for own in entries:
        step = own.step
        rule = own.stated.get("case_rule", rule)
        if step is None:
            text = Text("每条分录须写明程序步骤", "each entry of a case states its step")
            yield problem(own.draft, "case_incomplete", text, code)
            return
        allowed = _allowed(before)
        if step not in allowed:
            at = Text("尚未立项", "not begun") if before is None or before.step is None else before.step.text
            may_follow = Text(
                "、".join(s.zh for s in allowed) or "无",
                ", ".join(s.en.lower() for s in allowed) or "nothing",
            )
            text = Text(
                f"{code} 现为“{at.zh}”，其后只能是：{may_follow.zh}",
                f"{code} stands at {at.en.lower()}; what may follow: {may_follow.en}",
            )
            yield problem(own.draft, "case_order", text, step.value)
            return
        lacking = [name for name in STATED_BY[step] if name not in own.stated]
        if lacking:
            words = [SUBJECT_FACTS[name].text for name in lacking]
            text = Text(
                f"“{step.zh}”须写明：{'、'.join(w.zh for w in words)}",
                f"{step.en.lower()} must state: {', '.join(w.en.lower() for w in words)}",
            )
            yield problem(own.draft, "case_incomplete", text, code)
            return
        unanswered = step is CaseStep.REVIEWED and before is not None and before.step is CaseStep.SENT
        if unanswered and (due is None or own.day <= due):
            text = Text(
                f"尚未反馈，反馈截止日（{due}）过后方可复核",
                f"no reply yet; reviewed after the day for it ({due})",
            )
            yield problem(own.draft, "case_order", text, str(own.day))
            return
        if step is CaseStep.SENT:
            due = own.stated["comment_due"]
            if due is not None and due < own.day:
                text = Text("反馈截止日不早于送达日", "the day for comments is not before the sending")
                yield problem(own.draft, "case_incomplete", text, str(due))
                return
        if step is CaseStep.ISSUED and own.entry is None:  # what was issued under older checks stays
            place = own.draft.source.where()
            wrong = [
                replace(p, where=replace(place, field=p.where.field))
                for p in wrong_of_losses(rule, own.stated)
            ]
            if wrong:
                yield from wrong
                return
        before = own


def _allowed(before: StepEntry | None) -> tuple[CaseStep, ...]:
    """What may follow, as the review or the test says."""
    if before is None or before.step is None:
        return NEXT_STEPS[None]
    if before.step is CaseStep.REVIEWED:
        return (REVIEW_LEADS_TO[CaseReview(before.stated["case_review"])],)
    if before.step is CaseStep.RETESTED:
        return RETEST_LEADS_TO[CaseRetest(before.stated["case_retest"])]
    return NEXT_STEPS[before.step]


def second_person(change: Change, people: tuple[str, str | None]) -> Iterator[Problem]:
    """Reviews that the change brings by a person who made a step of the case since its last review.

    people : who records the change, and who approves it
    """
    for entries in _touched(change).values():
        makers: set[int] = set()
        fresh = False  # a step of this same booking
        for own in entries:
            if own.step is not CaseStep.REVIEWED:
                fresh = fresh or own.entry is None
                makers |= set() if own.entry is None else {own.entry}
                continue
            if own.entry is None:
                heads = change.view.heads(makers).values()
                names = {
                    folded(name) for head in heads for name in (head.recorded_by, head.approved_by) if name
                }
                mine = {folded(name) for name in people if name}
                if fresh or names & mine:
                    text = Text(
                        "复核人不得是经办人", "the review is another auditor's, who made none of the steps"
                    )
                    yield problem(own.draft, "second_person", text, people[0])
            makers, fresh = set(), False
