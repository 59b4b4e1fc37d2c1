"""What an auditor does with a finding: begins a case, and takes it from step to step. Each step is an entry."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from fof import ledger, users
from fof.access import Actor, folded
from fof.audit.casefile.audit_cases import AuditCase, audit_cases
from fof.audit.casefile.judged_alone import address, judged_alone, rule_of
from fof.audit.casefile.stated_facts import stated_facts
from fof.audit.findings import NEEDS_SOMEBODY
from fof.book.identities import next_code
from fof.db import Database
from fof.errors import Problem, Unknown, Where
from fof.intake.days import none_to_come
from fof.ledger import Booked, Draft, Ids, Plan, Planner, View
from fof.ledger.checks.procedure import wrong_of_losses
from fof.rules.registry import Verdict
from models.audit_work import CaseStep
from models.facts import SUBJECT_FACTS
from models.kinds import EntryKind
from models.rows import Identity, SubjectLink
from models.rows import Row as JournalRow
from models.subjects import LinkRole, Subject, SubjectKind
from models.text import Text

_KIND = SubjectKind.AUDIT_CASE.value


def begin_case(
    database: Database,
    actor: Actor,
    rule: str,
    subject: Subject | str,
    day: dt.date,
    statement: str = "",
    document: str = "",
) -> Booked:
    """Begin a case about what a rule finds of a subject on a day.

    BookingRefused where the rule finds nothing wrong with it on the day, or an open case is about it already; Unknown for no
    such rule or subject, and for one of an institution that the person may not see; NotAllowed without the right.
    """

    def plan(view: View, ids: Ids) -> Plan:
        users.require(view, actor, "review")
        own = rule_of(rule)
        about = address(view, own, subject)
        judged = judged_alone(view.on(day), own, about, actor=actor).findings
        finding = judged[0] if judged else None
        wrong = []
        if finding is None or finding.verdict not in NEEDS_SOMEBODY:
            text = Text(
                f"该规则在 {day} 对此对象没有违反、提示或无法判断的结论",
                f"on {day} the rule finds nothing of it: no breach, warning or unknown",
            )
            wrong.append(
                Problem("no_finding", text, f"{own.id} {about}", Where(field=Text("对象", "Subject")))
            )
        taken = next(
            (c for c in _every(view, actor) if (c.rule, c.subject) == (own.id, about) and not c.over), None
        )
        if taken is not None:
            text = Text(f"已有未了结的审计事项 {taken.code}", f"case {taken.code} about it is open")
            wrong.append(
                Problem("case_open", text, f"{own.id} {about}", Where(field=Text("对象", "Subject")))
            )
        if wrong or finding is None:
            return Plan([], wrong)
        code = next_code(view.subject_ids, _KIND, "SJ")
        number = ids.subject()
        stated: dict[str, Any] = {
            "case_step": CaseStep.DRAFT,
            "case_rule": own.id,
            "case_kind": about.kind,
            **({"case_code": about.code} if about.code else {}),
            **({"case_second": about.second} if about.second else {}),
            **({"case_event_on": about.day} if about.day else {}),
            **({"case_statement": statement.strip()} if statement.strip() else {}),
        }
        rows: list[JournalRow] = [Identity(number, _KIND, code)]
        firm = finding.finding.party if own.family == "CI" else None
        if firm is not None and firm in view.by_code:
            rows.append(SubjectLink(number, LinkRole.INSTITUTION.value, party=view.by_code[firm].id))
        rows += stated_facts(_KIND, number, stated, document)
        return Plan([_draft(code, day, rows, stated, document)], [])

    return ledger.book(database, actor, none_to_come(plan), action="review")


def take_step(
    database: Database,
    actor: Actor,
    case: str,
    step: CaseStep,
    day: dt.date,
    stated: Mapping[str, Any],
    document: str = "",
) -> Booked:
    """Book the next step of a case with what it states (attributes of models.facts_audit, typed).

    BookingRefused for a step out of order, one that lacks what it must state, a review by a maker; for an issue that stands on no
    breach, or on a loss alone. NotAllowed without the right; Unknown for a case that the person may not see.
    """
    plan = step_plan(actor, case, step, day, stated, document)
    return ledger.book(database, actor, none_to_come(plan), action="review")


def would_step(
    database: Database,
    actor: Actor,
    case: str,
    step: CaseStep,
    day: dt.date,
    stated: Mapping[str, Any],
    document: str = "",
) -> list[Problem]:
    """What would be wrong with a step; books nothing."""
    plan, _drafts = ledger.check(database, step_plan(actor, case, step, day, stated, document))
    return plan.problems


def step_plan(
    actor: Actor, case: str, step: CaseStep, day: dt.date, stated: Mapping[str, Any], document: str
) -> Planner:
    """The plan of a step, for booking and for a preview."""
    values = {"case_step": step, **{name: value for name, value in stated.items() if value not in (None, "")}}

    def plan(view: View, _ids: Ids) -> Plan:
        users.require(view, actor, "review")
        own = _one(view, actor, case)
        wrong = [*_strange(values)]
        if step is CaseStep.ISSUED:
            wrong += _issue(view, actor, own, day, values)
        if step is CaseStep.REVIEWED and folded(actor.name) in _makers(own):
            text = Text("复核人不得是经办人", "the review is another auditor's, who made none of the steps")
            wrong.append(Problem("second_person", text, actor.name))
        if wrong:
            return Plan([], wrong)
        number = view.subject_ids[_KIND, own.code]
        return Plan([_draft(own.code, day, stated_facts(_KIND, number, values, document), values, document)])

    return plan


def _makers(case: AuditCase) -> set[str]:
    """Who made the steps since the last review."""
    makers: set[str] = set()
    for taken in case.steps:
        makers = set() if taken.step is CaseStep.REVIEWED else makers | {folded(taken.who)}
    return makers


def _every(view: View, actor: Actor) -> list[AuditCase]:
    return audit_cases(view.on(None), actor)


def _one(view: View, actor: Actor, code: str) -> AuditCase:
    for case in _every(view, actor):
        if case.code == code.strip():
            return case
    raise Unknown(Text("审计事项", "audit case"), code)


def _strange(values: Mapping[str, Any]) -> list[Problem]:
    """Attributes that no case has."""
    return [
        Problem("unknown_fact", Text("审计事项的属性", "an attribute of audit cases"), name)
        for name in values
        if name not in SUBJECT_FACTS or SUBJECT_FACTS[name].subjects != {SubjectKind.AUDIT_CASE}
    ]


def _issue(
    view: View, actor: Actor, case: AuditCase, day: dt.date, values: Mapping[str, Any]
) -> list[Problem]:
    """Why a case cannot be issued: it stands on a breach of the day, a loss alone is none, and its words about the loss must agree."""
    own = rule_of(case.rule)
    judged = judged_alone(view.on(day), own, case.subject, actor=actor).findings
    wrong = []
    if not any(f.verdict is Verdict.BREACH for f in judged):
        verdict = "、".join(f.verdict.zh for f in judged) or "—"
        text = Text(
            f"出具须以违反为依据，{own.id} 当日没有违反的结论",
            f"an issue stands on a breach; on the day {own.id} finds none",
        )
        wrong.append(Problem("no_breach", text, verdict, Where(field=Text("规则", "Rule"))))
    return [*wrong, *wrong_of_losses(own.id, values)]


def _draft(
    code: str, day: dt.date, rows: list[JournalRow], stated: Mapping[str, Any], document: str
) -> Draft:
    digest = ledger.request_digest(
        "audit_case",
        code,
        day,
        *(f"{name}={SUBJECT_FACTS[name].write(value)}" for name, value in sorted(stated.items())),
        document,
    )
    key = f"audit_case/{code}/{stated['case_step']}/{day}/{digest.hex()[:16]}"
    return Draft(EntryKind.AUDIT_CASE, day, key, digest, rows=rows)
