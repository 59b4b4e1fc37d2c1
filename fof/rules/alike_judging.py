"""Stakes of staff by the thousand: each rule is asked of the first of those that are alike to it, whatever they paid where it does
not look at the amount, and what it says of the others is made when somebody looks at it.

What is judged, and by which version, is fof.rules.judging's; which stakes are alike to which rule says fof.rules.alike.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import Any, NamedTuple

from fof.rules import alike, watched
from fof.rules.alike import (
    ALIKE,
    CEILINGS,
    HOLDING,
    PARTS_OF,
    WORDED_FOR_EACH,
    Key,
    Parts,
    key_of,
    key_of_parts,
)
from fof.rules.facts import Matter
from fof.rules.judging import RulesOfDay
from fof.rules.likeness import Likeness
from fof.rules.numbers_in_force import Version
from fof.rules.office_matters import Matters
from fof.rules.registry import RULES, Finding, Rule, Scope, Verdict
from fof.rules.whole_money import MARK, MoneyLookedAt, is_marked, marked, names_amounts, with_amount

_ADDRESS, _AFTER = Finding._fields.index("subject"), Finding._fields.index("party") + 1
"""Where a finding names what it is about, and the fields after it."""
_RULE_DAY = Finding._fields.index("rule_day")
"""Where it names the day whose rules judged; the event's day follows."""
_NO_MONEY = frozenset({Verdict.PASS, Verdict.NOT_APPLICABLE})
_EXITS = frozenset(rule for rule, paths in ALIKE.items() if "exits" in paths)
"""Rules that look at sales, of which amounts are told."""

Group = Sequence[Matter]


class AlikeStakes(NamedTuple):
    """Stakes of which a rule says the same: the findings about the first, and the others."""

    findings: list[Finding]
    others: list[Matter]


class GroupedFindings(NamedTuple):
    """Findings in no order: those that were made, and groups of stakes of which only those about the first are.

    anew    : what one of these is about another stake of the group
    by_paid : whether the money at stake is what each of the group paid
    """

    made: list[Finding]
    groups: list[AlikeStakes]
    anew: Callable[[Finding, Matter], Finding]
    by_paid: Callable[[Finding], bool]

    def others(self) -> Iterator[Finding]:
        """Those that were not made yet."""
        for group in self.groups:
            for subject in group.others:
                for finding in group.findings:
                    yield self.anew(finding, subject)


def grouped(day: RulesOfDay, subjects: Matters, rules: Sequence[Rule]) -> GroupedFindings:
    """The findings of some rules; about stakes of staff, where they are many, in groups."""
    judging = _AlikeJudging(day)
    if not watched.watched() and len(subjects.of(Scope.STAFF_STAKE)) >= alike.FROM:
        stakes = _Stakes(subjects.of(Scope.STAFF_STAKE))
        for rule in rules:
            if rule.scope is Scope.STAFF_STAKE:
                judging.apply(rule, stakes)
        rules = [rule for rule in rules if rule.scope is not Scope.STAFF_STAKE]
    for rule in rules:
        judging.made += day.apply_to_all(rule, subjects.for_rule(rule))
    groups = [group for group in judging.groups if group.findings and group.others]
    return GroupedFindings(judging.made, groups, judging.anew, judging.by_paid)


def paid_for(subject: Matter) -> int:
    """Fen that were paid for a stake of staff."""
    facts: Any = subject.args[0]
    paid: int = facts.paid_in
    return paid


class _Stakes:
    """Stakes by what they have in common, of each group who paid most first."""

    def __init__(self, subjects: Sequence[Matter]) -> None:
        self._alone: list[Group] = []
        self._alike: list[tuple[Likeness, Matter]] = []
        for subject in sorted(subjects, key=paid_for, reverse=True):
            likeness = _likeness(subject)
            if likeness is None:
                self._alone.append([subject])
            else:
                self._alike.append((likeness, subject))
        self._by: dict[Parts, list[Group]] = {}

    def of(self, parts: Parts) -> list[Group]:
        """Groups that have some parts in common; of whom the rows say something of their own each by itself."""
        groups = self._by.get(parts)
        if groups is None:
            by: dict[Hashable, list[Matter]] = {}
            for likeness, subject in self._alike:
                by.setdefault(parts(likeness), []).append(subject)
            groups = self._by[parts] = [*by.values(), *self._alone]
        return groups


def _likeness(subject: Matter) -> Likeness | None:
    facts: Any = subject.args[0]
    likeness: Likeness | None = facts.likeness
    return likeness


def _of_equal_rows(group: Group) -> list[list[Matter]]:
    """The stakes of a group by all that is recorded of them."""
    by: dict[Hashable, list[Matter]] = {}
    for subject in group:
        likeness = _likeness(subject)
        by.setdefault(id(subject) if likeness is None else likeness.rows, []).append(subject)
    return list(by.values())


class _AlikeJudging:
    """What was found so far, and what it takes to make the rest."""

    def __init__(self, day: RulesOfDay) -> None:
        self._day = day
        self.made: list[Finding] = []
        self.groups: list[AlikeStakes] = []
        self._known: dict[Hashable, AlikeStakes] = {}
        """What one rule was asked → what it said."""
        self._marked: dict[int, Finding] = {}
        """Finding → the same with the mark in the place of the amount."""
        self._with_mark: dict[int, Matter] = {}
        """Stake → the same with the mark."""

    def apply(self, rule: Rule, stakes: _Stakes) -> None:
        """Adds what a rule says of stakes: of the first of those that are alike to it, and the others where there are any."""
        key = key_of(rule.id) or WORDED_FOR_EACH.get(rule.id)
        self._known, versions = {}, self._day.of_rule(rule, None)[0]  # stakes of staff are of no fund
        version_on: dict[dt.date, Hashable] = {}
        waived = self._day.waivers.any_of(rule)
        for subjects in stakes.of(PARTS_OF.get(rule.id, HOLDING)):
            group, facts = subjects, subjects[0].args[0]
            if rule.concerns is not None and not rule.concerns(facts):
                continue
            version: Hashable = None
            if rule.on is not None:
                event: dt.date | None = getattr(facts, rule.on)
                if event is None or event > self._day.as_of:
                    self.made += self._day.apply(rule, group)
                    continue
                version = version_on.get(event)
                if version is None:
                    version = version_on[event] = _names_version(versions.on(event), event)
            if waived:  # each is of one stake alone
                covered = {id(s): s for s in group if self._day.waivers.may_cover(rule, s)}
                self.made += self._day.apply(rule, [*covered.values()])
                group = [s for s in group if id(s) not in covered]
            if key is None:
                self.made += self._day.apply(rule, group)
            elif group:
                self._of_alike(rule, group, key, version)

    def _of_alike(self, rule: Rule, group: Group, key: Key, version: Hashable) -> None:
        """Of stakes that are alike to a rule but for the amount: one answer for all, else one for each amount. Of a ceiling the
        largest are asked, down to the first that keeps it."""
        ceiling = rule.id in CEILINGS
        if not ceiling and not _names_payments(rule, group[0].args[0]):
            of_parts = key_of_parts(rule.id) if _likeness(group[0]) is not None else None
            question = version, (of_parts or key)(group[0].args[0])
            if (known := self._known.get(question)) is not None:
                known.others.extend(group)
                return
            if (whole := self._whatever_was_paid(rule, group[0])) is not None:
                self._keep(question, whole, group[1:])
                return
        rows = _of_equal_rows(group)
        for place, equal in enumerate(rows):
            asked = version, key(equal[0].args[0]), paid_for(equal[0])
            if (own := self._known.get(asked)) is None:
                own = self._keep(asked, self._day.apply(rule, equal[:1]), equal[1:])
            else:
                own.others.extend(equal)
            if ceiling and _all_passed(own.findings):
                own.others.extend(subject for less in rows[place + 1 :] for subject in less)
                return

    def _keep(self, question: Hashable, findings: list[Finding], others: Group) -> AlikeStakes:
        own = self._known[question] = AlikeStakes(findings, list(others))
        self.made += findings
        self.groups.append(own)
        return own

    def _whatever_was_paid(self, rule: Rule, subject: Matter) -> list[Finding] | None:
        """What a rule says of a stake where it says the same, but for the amount, of any that paid more or less."""
        own = self._with_mark.get(id(subject))
        if own is None:
            own = self._with_mark[id(subject)] = subject._replace(args=(marked(subject.args[0]),))
        try:
            answers = self._day.apply(rule, [own])
        except (MoneyLookedAt, TypeError):  # a TypeError: by what takes numbers alone, such as Decimal
            return None
        if any(map(names_amounts, answers)):
            return None
        findings = []
        for finding in answers:
            if is_marked(finding):
                put = with_amount(finding, paid_for(subject))
                self._marked[id(put)] = finding
                findings.append(put)
            else:
                findings.append(finding)
        return findings

    def anew(self, first: Finding, subject: Matter) -> Finding:
        """What a finding about the first of some alike stakes is about another of them."""
        rule = RULES[first.rule]
        if first.rule in WORDED_FOR_EACH:
            (own,) = self._day.apply(rule, [subject])
            return own
        says = self._marked.get(id(first), first)
        days = says.rule_day, says.event_day
        if rule.on is not None:
            event = getattr(subject.args[0], rule.on)
            days = (
                event if self._day.rules_as_of is None else says.rule_day,
                event if rule.is_event else None,
            )
        whose = subject.subject, subject.fund, subject.party
        made = tuple.__new__(
            Finding, (*says[:_ADDRESS], *whose, *says[_AFTER:_RULE_DAY], *days, *says[_RULE_DAY + 2 :])
        )
        return made if says is first else with_amount(made, paid_for(subject))

    def by_paid(self, finding: Finding) -> bool:
        """Whether the money at stake of a finding that was made is what each stake of its group paid."""
        says = self._marked.get(id(finding))
        return says is not None and says.money_at_stake is MARK


def _names_payments(rule: Rule, facts: Any) -> bool:
    """Whether the rule has amounts of the stake's own before it that no mark stands for: of sales, of payments that are not kept."""
    if rule.id in WORDED_FOR_EACH:
        return any(fen is not None for _, fen in WORDED_FOR_EACH[rule.id](facts))
    return rule.id in _EXITS and bool(facts.exits)


def _all_passed(findings: Sequence[Finding]) -> bool:
    """Whether findings say that all is kept, under both days' rules, and name no amount."""
    answers = [(f.verdict, f.money_at_stake, f.lacking) for f in findings]
    answers += [(f.beside.verdict, f.beside.money, f.beside.lacking) for f in findings if f.beside]
    return all(verdict in _NO_MONEY and money is None and not lacking for verdict, money, lacking in answers)


def _names_version(version: Version, event: dt.date) -> Hashable:
    """What makes answers about events the same as far as days go: the version, or the event's day where the answer names it."""
    source, numbers = version
    return event if source is None or numbers.lacking else id(version)
