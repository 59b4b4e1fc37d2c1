"""An officer's decision about a finding, written into the journal: accept on a waiver, rectify by a day, dismiss."""

from __future__ import annotations

import datetime as dt

from fof import ledger, users
from fof.access import Actor
from fof.audit.auditor import coinvestment
from fof.audit.field_problems import field_problem
from fof.book import late
from fof.book.index import VEHICLES
from fof.db import Database
from fof.errors import Problem, Unknown
from fof.intake.days import none_to_come
from fof.ledger import Booked, Draft, Ids, Plan, View
from fof.rules import catalogue  # noqa: F401 - importing the catalogue fills RULES
from fof.rules.registry import OF_DEALS, RULES, Rule, Scope, names_its_subject
from fof.words import today
from models.kinds import DispositionAction, EntryKind, PartyKind
from models.rows import Decision
from models.subjects import OFFICE, Bearer, Subject, SubjectKind, address_of
from models.text import Text

_OF_FUNDS = frozenset({Scope.FUND, Scope.STAKE, Scope.REORGANISATION})  # a fund stands for all its stakes


def dispose(
    database: Database,
    actor: Actor,
    rule: str,
    subject: Subject | str,
    action: str,
    reference: str,
    until: dt.date | None = None,
    reason: str | None = None,
    day: dt.date | None = None,
) -> Booked:
    """Decide about what a rule found of a subject; the finding's state follows from the decision's day on.

    action    : accept, rectify or dismiss
    subject   : the address of what was found of; or text as findings name it, which the rule's scope tells how to read: code
                of a fund, company, investor or deal, "fund/investor" for a stake, "office"
    reference : of the waiver, the order or the minutes it rests on
    reason    : of a dismissal; of a decision that is dated into a closed quarter, too (fof.book.late)
    until     : last day of an acceptance, or the day to rectify by; not of a dismissal
    day       : of the decision, today where None
    BookingRefused lists everything wrong: unknown rule, subject or action, no reference, an end that is missing or past, a
    dismissal without reason. NotAllowed without the role. The same decision again on the same day writes nothing.
    """
    on = day or today()
    problems = _problems(rule, action, reference, until, reason, on)
    digest = ledger.request_digest("disposition", rule, str(subject), action, reference, until, reason, on)

    def plan(view: View, _ids: Ids) -> Plan:
        wrong = list(problems)
        coded = RULES.get(rule)
        named = None if coded is None else _bearer(view, coded, subject)
        if coded is not None and named is None:
            wrong.append(
                field_problem(
                    "unknown_subject",
                    Text(f"{coded.scope.zh}的编号", f"code of a {coded.scope.en.lower()}"),
                    str(subject),
                    "subject",
                )
            )
        if wrong or named is None:
            return Plan([], wrong)
        _seen(view, actor, rule, named, on)
        decided = (action, reference.strip(), until, (reason or "").strip() or None)
        row = Decision(rule, *address_of(named), *decided)
        key = f"disposition/{rule}/{subject}/{on}/{digest.hex()[:16]}"
        return Plan([Draft(EntryKind.DISPOSITION, on, key, digest, rows=[row])])

    return ledger.book(database, actor, late.reasoned(none_to_come(plan), reason), action="dispose")


def _seen(view: View, actor: Actor, rule: str, named: Bearer, day: dt.date) -> None:
    """Unknown where a finding about co-investment is of an institution that the person may not see."""
    if RULES[rule].family != "CI" or users.seen_institutions(view, actor) is None:
        return
    about = view.subject(named)
    if about not in coinvestment(view.on(day), None, None, actor).subjects():
        raise users.unseen_subject(about)


def _problems(
    rule: str, action: str, reference: str, until: dt.date | None, reason: str | None, on: dt.date
) -> list[Problem]:
    problems = []
    if rule not in RULES:
        problems.append(field_problem("unknown_rule", Text("规则编号", "id of a coded rule"), rule, "rule"))
    if action not in tuple(DispositionAction):
        problems.append(
            field_problem(
                "unknown_action",
                Text("accept、rectify 或 dismiss", "accept, rectify or dismiss"),
                action,
                "action",
            )
        )
    if not reference.strip():
        problems.append(
            field_problem(
                "reference_missing", Text("必须注明依据文号", "a reference it rests on"), None, "reference"
            )
        )
    if action in ("accept", "rectify"):
        if until is None:
            problems.append(
                field_problem("until_missing", Text("必须注明截止日", "a last day"), None, "until")
            )
        elif until < on:
            problems.append(
                field_problem(
                    "until_past", Text(f"不早于 {on} 的日期", f"a day not before {on}"), str(until), "until"
                )
            )
    elif action == "dismiss" and until is not None:
        problems.append(
            field_problem(
                "until_unused", Text("驳回不设截止日", "no day for a dismissal"), str(until), "until"
            )
        )
    if action == "dismiss" and not (reason or "").strip():
        problems.append(
            field_problem(
                "reason_missing", Text("驳回必须写明原因", "a reason for the dismissal"), None, "reason"
            )
        )
    return problems


def _bearer(view: View, rule: Rule, subject: Subject | str) -> Bearer | None:
    """What a decision under a rule is about; None where the book has no such subject or the rule judges none of its kind."""
    about = subject if isinstance(subject, Subject) else subject_named(view, rule, subject)
    if not names_its_subject(rule.scope, about):
        return None
    try:
        bearer = view.bearer(about._replace(day=None))
    except Unknown:
        return None
    if about.kind is SubjectKind.NOTICE:
        return bearer if any((n.row.fund, n.row.number) == bearer[1:] for n in view.notices) else None
    if about.kind is not SubjectKind.PARTY:
        return bearer
    kind = view.by_code[about.code].kind
    if about.second or (rule.scope in _OF_FUNDS and kind not in VEHICLES):
        return None
    return None if rule.scope is Scope.COMPANY and kind is not PartyKind.COMPANY else bearer


def subject_named(view: View, rule: Rule, text: str) -> Subject:
    """What a person's text names under a rule: what the scope judges, or a fund for all its stakes."""
    code, _, second = text.partition("/")
    if rule.scope is Scope.OFFICE and text == str(OFFICE):
        return OFFICE
    if rule.scope in OF_DEALS and text in view.deal_codes:
        return Subject(SubjectKind.DEAL, text)
    if second and rule.scope in (Scope.STAKE, Scope.TRANSFER, Scope.OFFICE):
        return Subject(SubjectKind.STAKE, code, second.partition("/")[0])  # a sale names its day behind them
    if (rule.scope.value, text) in view.subject_ids:
        return Subject(SubjectKind(rule.scope.value), text)
    return Subject(SubjectKind.PARTY, text)
