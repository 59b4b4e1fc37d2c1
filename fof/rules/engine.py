"""judge(): every rule in force, on every subject that it speaks about, in the order of an audit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence

from fof.rules import alike_judging, catalogue, judged_in_pieces, judging, questions
from fof.rules.facts import Matter, OfficeFacts
from fof.rules.numbers_in_force import NumbersInForce
from fof.rules.office_matters import Matters
from fof.rules.registry import RULES, SEVERITY, Finding, Rule
from models.subjects import Subject


def judge(
    office: OfficeFacts,
    as_of: dt.date,
    rules_as_of: dt.date | None = None,
    settings: NumbersInForce | None = None,
    *,
    memo: judging.Memo | None = None,
    only: Collection[str] | None = None,
    about: Mapping[str, Collection[Subject]] | None = None,
    fund: str | None = None,
) -> list[Finding]:
    """Every finding about the office's facts, worst first, then by money at stake, rule and subject.

    as_of       : the day the facts were gathered for (office.as_of)
    rules_as_of : judge everything by the rules and numbers of this day (two rule worlds); see the module
    settings    : numbers of funds; the rulebook's own where None
    memo        : findings about deals kept from dates judged before (Memo)
    only        : ids of the rules to apply; all where None
    about       : rule -> the subjects that findings are wanted about: these rules and these subjects alone
    fund        : code of the fund that findings are wanted about: itself, its stakes, deals and transfers
    """
    assert office.as_of == as_of, (office.as_of, as_of)
    if fund is None and about is None:
        made = judge_grouped(office, rules_as_of, settings, memo=memo, only=only)
        return in_order([*made.made, *made.others()])
    audit = judging.RulesOfDay(office, rules_as_of, settings or catalogue.default_settings(), memo)
    subjects = Matters(office, None if fund is None else {fund})
    findings: list[Finding] = []
    for rule in _applied(only):
        if fund is not None:
            judged = audit.apply_to_all(rule, subjects.for_rule(rule))
            findings += [f for f in judged if fund in (f.fund, f.subject.code)]
        elif about is not None and rule.id in about:
            wanted = about[rule.id]
            asked = subjects.about(rule, wanted)
            findings += [f for f in audit.apply_to_all(rule, asked) if f.subject in wanted]
    return in_order(findings)


def judge_grouped(
    office: OfficeFacts,
    rules_as_of: dt.date | None = None,
    settings: NumbersInForce | None = None,
    *,
    memo: judging.Memo | None = None,
    only: Collection[str] | None = None,
) -> alike_judging.GroupedFindings:
    """Every finding about the office's facts on its day, those about stakes that are alike made for the first of them alone."""
    audit = judging.RulesOfDay(office, rules_as_of, settings or catalogue.default_settings(), memo)
    return alike_judging.grouped(audit, Matters(office), _applied(only))


def judge_in_pieces(
    office: OfficeFacts,
    pieces: Iterable[Sequence[Matter]],
    rules_as_of: dt.date | None = None,
    settings: NumbersInForce | None = None,
    *,
    only: Collection[str] | None = None,
) -> alike_judging.GroupedFindings:
    """The same about an office with further subjects that come some thousand at a time, of which one piece is held."""
    audit = judging.RulesOfDay(office, rules_as_of, settings or catalogue.default_settings(), None)
    own = alike_judging.grouped(audit, Matters(office), _applied(only))
    of_pieces = judged_in_pieces.judged_in_pieces(audit, pieces, _applied(only))
    return of_pieces._replace(made=[*own.made, *own.others(), *of_pieces.made])


def _applied(only: Collection[str] | None) -> list[Rule]:
    return [rule for rule in RULES.values() if only is None or rule.id in only]


def in_order(findings: list[Finding]) -> list[Finding]:
    """The list itself, worst first, then by money at stake, rule and subject."""
    addresses = {id(f.subject): f.subject for f in findings}  # the findings about a subject share its address
    text = {number: str(subject) for number, subject in addresses.items()}
    findings.sort(key=lambda f: (SEVERITY[f.verdict], -(f.money_at_stake or 0), f.rule, text[id(f.subject)]))
    return findings


def ask(
    rule_id: str, *args: object, day: dt.date, settings: NumbersInForce | None = None, fund: str | None = None
) -> questions.Answer:
    """What one rule says about one subject with the numbers of a day, in force then or not (dry runs, tests).

    args : what the rule's scope calls it with; `fund` whose settings count. KeyError for an unknown rule.
    """
    numbers = (settings or catalogue.default_settings()).of_rule(RULES[rule_id], day, fund)
    return questions.put(RULES[rule_id], args, numbers, day)
