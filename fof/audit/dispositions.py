"""An officer's decision about a finding, written into the journal: accept on a waiver, rectify by a day, dismiss."""

from __future__ import annotations

import datetime as dt

from fof import ledger
from fof.access import Actor
from fof.book import late
from fof.book.index import VEHICLES
from fof.db import Database
from fof.errors import Problem, Where
from fof.ledger import Booked, Draft, Ids, Plan, View
from fof.rules import catalogue  # noqa: F401 - importing the catalogue fills RULES
from fof.rules.registry import RULES, Rule, Scope
from models.kinds import DispositionAction, EntryKind, PartyKind
from models.rows import Decision
from models.subjects import Bearer, address_of
from models.text import Text

OFFICE = "office"
_OF_FUNDS = frozenset({Scope.FUND, Scope.STAKE, Scope.REORGANISATION})  # a fund stands for all its stakes


def dispose(
    database: Database,
    actor: Actor,
    rule: str,
    subject: str,
    action: str,
    reference: str,
    until: dt.date | None = None,
    reason: str | None = None,
    day: dt.date | None = None,
) -> Booked:
    """Decide about what a rule found of a subject; the finding's state follows from the decision's day on.

    action    : accept, rectify or dismiss
    subject   : as findings name it: code of a fund, company, investor or deal, "fund/investor" for a stake, "office"
    reference : of the waiver, the order or the minutes it rests on
    reason    : of a dismissal; of a decision that is dated into a closed quarter, too (fof.book.late)
    until     : last day of an acceptance, or the day to rectify by; not of a dismissal
    day       : of the decision, today where None
    BookingRefused lists everything wrong: unknown rule, subject or action, no reference, an end that is missing or past, a
    dismissal without reason. NotAllowed without the role. The same decision again on the same day writes nothing.
    """
    on = day or dt.datetime.now(dt.UTC).astimezone().date()
    problems = _problems(rule, action, reference, until, reason, on)
    digest = ledger.request_digest("disposition", rule, subject, action, reference, until, reason, on)

    def plan(view: View, _ids: Ids) -> Plan:
        wrong = list(problems)
        coded = RULES.get(rule)
        named = None if coded is None else _subject(view, coded, subject)
        if coded is not None and named is None:
            wrong.append(
                _wrong(
                    "unknown_subject",
                    Text(f"{coded.scope.zh}的编号", f"code of a {coded.scope.en.lower()}"),
                    subject,
                    "subject",
                )
            )
        if wrong or named is None:
            return Plan([], wrong)
        decided = (action, reference.strip(), until, (reason or "").strip() or None)
        row = Decision(rule, *address_of(named), *decided)
        key = f"disposition/{rule}/{subject}/{on}/{digest.hex()[:16]}"
        return Plan([Draft(EntryKind.DISPOSITION, on, key, digest, rows=[row])])

    return ledger.book(database, actor, late.reasoned(plan, reason), action="dispose")


def _wrong(code: str, text: Text, found: str | None, field: str) -> Problem:
    return Problem(code, text, found, Where(field=field))


def _problems(
    rule: str, action: str, reference: str, until: dt.date | None, reason: str | None, on: dt.date
) -> list[Problem]:
    problems = []
    if rule not in RULES:
        problems.append(_wrong("unknown_rule", Text("规则编号", "id of a coded rule"), rule, "rule"))
    if action not in tuple(DispositionAction):
        problems.append(
            _wrong(
                "unknown_action",
                Text("accept、rectify 或 dismiss", "accept, rectify or dismiss"),
                action,
                "action",
            )
        )
    if not reference.strip():
        problems.append(
            _wrong(
                "reference_missing", Text("必须注明依据文号", "a reference it rests on"), None, "reference"
            )
        )
    if action in ("accept", "rectify"):
        if until is None:
            problems.append(_wrong("until_missing", Text("必须注明截止日", "a last day"), None, "until"))
        elif until < on:
            problems.append(
                _wrong(
                    "until_past", Text(f"不早于 {on} 的日期", f"a day not before {on}"), str(until), "until"
                )
            )
    elif action == "dismiss" and until is not None:
        problems.append(
            _wrong("until_unused", Text("驳回不设截止日", "no day for a dismissal"), str(until), "until")
        )
    if action == "dismiss" and not (reason or "").strip():
        problems.append(
            _wrong("reason_missing", Text("驳回必须写明原因", "a reason for the dismissal"), None, "reason")
        )
    return problems


def _subject(view: View, rule: Rule, subject: str) -> Bearer | None:
    """What a subject's code names under a rule; None where the book has no such subject."""
    codes = view.by_code
    if subject == OFFICE:
        return ("office",) if rule.scope is Scope.OFFICE else None
    if rule.scope in (Scope.DEAL, Scope.TRANSFER):
        deal = next((d.row.id for d in view.deals if d.row.code == subject), None)
        if deal is not None:
            return ("deal", deal)
    if rule.scope in (Scope.STAKE, Scope.TRANSFER):
        parts = subject.split("/")
        if len(parts) >= 2 and parts[0] in codes and parts[1] in codes:
            return ("stake", codes[parts[0]].id, codes[parts[1]].id)
    if (number := view.subject_ids.get((rule.scope.value, subject))) is not None:
        return (rule.scope.value, number)
    party = codes.get(subject)
    if party is None or rule.scope in (Scope.DEAL, Scope.TRANSFER):
        return None
    if rule.scope in _OF_FUNDS and party.kind not in VEHICLES:
        return None
    if rule.scope is Scope.COMPANY and party.kind is not PartyKind.COMPANY:
        return None
    return ("party", party.id)
